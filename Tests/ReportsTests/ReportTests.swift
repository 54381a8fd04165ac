import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A synthetic ledger with one of each: two initiatives of BIF, one of a committee; ØKF was never heard.
func sampleLedger(title: String = "Kampagne", synthetic: Bool = true) throws -> LedgerState {
    var maker = LedgerMaker()
    maker.synthetic = synthetic
    try maker.add("coordinator", Sample.city)
    try maker.add("p", Sample.policy())
    let figure = Figure(
        what: LocalizedText(da: "Medarbejdere", en: "Employees"), value: DecimalText("45000")!, qualifier: "cirka",
        printed: "cirka 45.000 medarbejdere", source: Sample.source)
    try maker.add("BIF", Sample.initiative("p/bif/kampagne", title: title, figures: [figure]))
    try maker.add("BIF", Sample.status("p/bif/kampagne"))
    try maker.add("BIF", Sample.initiative("p/bif/kursus", title: "Kursus", kind: .commitment, line: 20))
    try maker.add(
        "BIF",
        Funding(
            initiative: "p/bif/kursus", state: .expired, until: PartialDate("2018-12-31"), printed: "er udløbet",
            source: Sample.source))
    try maker.add(
        "BIF",
        Funding(
            initiative: "p/bif/kursus", state: .requiresSeparateFunding, printed: "forudsætter særskilt finansiering",
            source: Sample.source))
    try maker.add(
        "p", Sample.initiative("p/biu/tilskud", owner: "BIU", title: "Tilskud", kind: .runningEffort, line: 30))
    return maker.state
}

func sampleReport(
    _ state: LedgerState? = nil, _ language: Language = .danish, followUp: String? = nil, on text: String = "2020-01-10"
) throws -> ReportModel {
    try ReportModel(
        try state ?? sampleLedger(), policy: "p", followUp: followUp, on: day(text), language: language,
        program: "pejling 0")
}

@Suite("The report")
struct ReportTests {
    @Test("the whole Markdown of a small ledger reads as expected")
    func markdown() throws {
        let text = try sampleReport().markdown()
        #expect(text == expectedMarkdown, "\(text)")
    }

    @Test("the HTML is well-formed XML in both languages", arguments: Language.allCases)
    func wellFormed(language: Language) throws {
        let html = try sampleReport(nil, language).html()
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"\(language.rawValue)\""))
        let parser = XMLParser(data: Data(html.utf8))
        let counter = PageCounter()
        parser.delegate = counter
        #expect(parser.parse(), "\(String(describing: parser.parserError)) at line \(parser.lineNumber)")
        counter.check()
    }

    @Test("a title with markup in it is text, in HTML and in Markdown")
    func escaping() throws {
        let report = try sampleReport(try sampleLedger(title: "<script>alert(\"1\")</script> & *mere* \u{1}"))
        let html = report.html()
        #expect(!html.contains("<script"))
        #expect(html.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; *mere* \u{FFFD}"))
        #expect(XMLParser(data: Data(html.utf8)).parse())
        #expect(report.markdown().contains("&lt;script&gt;alert(\"1\")&lt;/script&gt; &amp; \\*mere\\*"))
    }

    @Test("the same ledger, date and language give the same bytes")
    func deterministic() throws {
        let state = try sampleLedger()
        for language in Language.allCases {
            let first = try sampleReport(state, language)
            // A second fold has dictionaries of its own, in another order.
            let second = try sampleReport(try sampleLedger(), language)
            #expect(first == second)
            #expect(
                first.html() == second.html() && first.markdown() == second.markdown() && first.json() == second.json())
        }
    }

    @Test("records on other things change nothing but position, root and receipt")
    func unrelated() throws {
        var maker = LedgerMaker()
        for index in (0..<40).shuffled() {
            try maker.add("andre\(index)", Sample.status("q/x/\(index)", "q/opening"))
        }
        #expect(maker.state.statuses.histories.count == 40)
        #expect(throws: ReportError.unknownPolicy("p", known: [])) { try sampleReport(maker.state) }
    }

    @Test("JSON reads back as the same report and says that the data is made up")
    func json() throws {
        let report = try sampleReport()
        #expect(report.json().contains("\"synthetic\" : true"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        #expect(try decoder.decode(ReportModel.self, from: Data(report.json().utf8)) == report)
    }

    @Test("what is made from example data says so, and real data does not", arguments: Language.allCases)
    func synthetic(language: Language) throws {
        let report = try sampleReport(nil, language)
        let words = Words.synthetic[language]
        #expect(report.html().contains(">\(words)</aside>") && report.markdown().contains("> **\(words)**"))
        var real = LedgerMaker()
        try real.add("p", Sample.policy())
        #expect(try !sampleReport(real.state, language).html().contains(words))
    }

    @Test("English has no Danish interface words; Danish content is marked as Danish")
    func english() throws {
        let html = try sampleReport(nil, .english).html()
        for danish in ["Indstilling", "Økonomi<", "Bilag", "Ikke indberettet", "initiativer", "linje ", "Frist"] {
            #expect(!html.contains(danish), "\(danish)")
        }
        #expect(html.contains("<span lang=\"da\">Kampagne</span>"))
        #expect(html.contains("the purpose") || html.contains("The purpose."))
        #expect(html.contains("45,000") && html.contains("31 December 2019"))
    }

    @Test("an unknown policy or follow-up is answered with those there are; an empty ledger with the way out")
    func errors() throws {
        let state = try sampleLedger()
        #expect(throws: ReportError.unknownPolicy("q", known: ["p"])) {
            try ReportModel(state, policy: "q", program: "pejling 0")
        }
        #expect(throws: ReportError.unknownFollowUp("p/1999", policy: "p", known: ["p/opening", "p/2019"])) {
            try sampleReport(state, followUp: "p/1999")
        }
        #expect(throws: ReportError.emptyLedger) { try sampleReport(LedgerState()) }
        #expect("\(ReportError.emptyLedger)".contains("pejling up"))
    }

    @Test("a follow-up that nobody answered says so for each initiative, with days, and shows what was last known")
    func missing() throws {
        let report = try sampleReport(followUp: "p/2019")
        let initiative = try #require(report.owners.first?.initiatives.first)
        #expect(initiative.status.text == "Ikke indberettet, 10 dage over fristen")
        #expect(initiative.status.details.map(\.text.text) == ["Gennemført (Status p/opening)"])
        #expect(report.process.missing.map(\.owner.id) == ["BIF", "ØKF"])
        #expect(report.process.missing.map(\.neverHeard) == [false, true])
        #expect(report.proposal.points.contains { $0.contains("BIF og ØKF ikke har indberettet") })
    }

    @Test(
        "delivery is judged by its rule",
        arguments: [
            ([StatusReport.Delivery.completed], 3, Light.grey), ([], 0, .grey), ([.completed, .onTrack], 4, .green),
            ([.completed, .delayed], 2, .yellow), ([.delayed, .paused, .completed], 3, .red),
            ([.completed, .completed, .completed, .completed, .stopped], 5, .yellow),
        ])
    func light(deliveries: [StatusReport.Delivery], initiatives: Int, light: Light) {
        #expect(ReportRules.delivery(deliveries, of: initiatives) == light)
    }
}
