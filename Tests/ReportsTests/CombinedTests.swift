import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("The report over all policies")
struct CombinedTests {
    func report(
        _ language: Language = .danish, _ state: LedgerState? = nil, on text: String = "2021-02-01"
    ) throws -> CombinedReport {
        try CombinedReport(
            try state ?? Across.ledger(), on: day(text), language: language, program: "pejling 0")
    }

    @Test("the whole Markdown of two policies reads as expected")
    func markdown() throws {
        let text = try report().markdown()
        #expect(text == expectedCombined, "\(text)")
    }

    @Test(
        "the HTML is well-formed, its headings in order, its tables named, its links leading somewhere",
        arguments: Language.allCases)
    func html(language: Language) throws {
        let html = try report(language).html()
        let parser = XMLParser(data: Data(html.utf8))
        let page = PageCounter()
        parser.delegate = page
        #expect(parser.parse(), "\(String(describing: parser.parserError)) at line \(parser.lineNumber)")
        page.check()
        #expect(html.contains("Tilskud &amp; &lt;støtte&gt;") && !html.contains("<script"))
        #expect(page.ids.contains("i-p-bif-kursus") && page.ids.contains("matrix"))
    }

    @Test(
        "each initiative leads to the report on its policy, by the name that report's files have",
        arguments: Language.allCases)
    func links(language: Language) throws {
        let state = try Across.ledger()
        let report = try report(language, state)
        for policy in report.policies {
            let single = try ReportModel(
                state, policy: policy.id, followUp: policy.followUp, on: day("2021-02-01"), language: language,
                program: "pejling 0")
            #expect(single.fileName == policy.report)
            let html = single.html()
            for row in report.owners.flatMap(\.initiatives) where row.id.hasPrefix(policy.id + "/") {
                #expect(row.report == "\(policy.report).html#\(row.anchor)" && html.contains("id=\"\(row.anchor)\""))
            }
        }
        #expect(report.fileName == (language == .danish ? "all-2021-02-01" : "all-2021-02-01.en"))
    }

    @Test("each policy has its own lights and counts; the first page has what is asked, lacking and not assessed")
    func front() throws {
        let report = try report()
        #expect(report.policies.map(\.id) == ["p", "q"])
        #expect(
            report.policies.map(\.delivery.light) == [.grey, .grey], "a deadline has passed, and nobody has answered")
        #expect(report.policies[0].judgements.map { "\($0.count) \($0.code)" } == ["1 on_course", "1 no_data"])
        #expect(report.policies[1].judgements.isEmpty)
        #expect(report.front.unassessed.map(\.policy) == ["q"])
        #expect(
            report.front.matrix.rows.map { $0.cells.map(\.state.code) } == [
                ["partly", "due"], ["not_heard", "not_heard"],
            ])
        #expect(report.front.results.map(\.policy) == ["Prøve-politikken"])
        #expect(report.front.deviations.map(\.initiative) == ["p/bif/kursus"])
        #expect(report.front.money.hasSuffix("Udløber inden for et år: 1."))
    }

    @Test("what the documents link, what is found, and what cannot agree stand with the lines of both sides")
    func cross() throws {
        let solution = try report().solution
        let link = try #require(solution.links.items.first)
        #expect(link.kind.code == "implements" && link.to.id == "p/job" && link.to.anchor == "g-p-job" && link.printed)
        #expect(link.sources.map(\.reference) == ["kilde.txt:71-71", "kilde.txt:31-31"])
        let overlap = try #require(solution.overlaps.items.first)
        #expect(Set([overlap.from.id, overlap.to.id]) == ["p/bif/kursus", "q/bif/kursus"])
        #expect(overlap.state.code == "suggested" && overlap.sources.count == 2)
        #expect(solution.partners.items.first?.policies == ["Prøve-politikken", "Anden planen"])
    }

    @Test(
        "a status handed in for the current follow-up moves delivery to it; without one it stays at what was last answered"
    )
    func followUp() throws {
        #expect(try report().policies.map(\.followUp) == ["p/opening", "q/opening"])
        var maker = LedgerMaker()
        maker.received = "2021-02-01T08:00:00.000Z"
        try maker.add("coordinator", Sample.city)
        try maker.add("p", Read.policy)
        try maker.add("BIF", Sample.initiative("p/bif/kursus", title: "Kursus", goals: ["p/job"]))
        let status = try maker.add("BIF", Sample.status("p/bif/kursus", "p/2019", .delayed, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [status]))
        let report = try report(.danish, maker.state)
        #expect(report.policies.map(\.followUp) == ["p/2019"] && report.policies[0].report == "p-2019")
        #expect(report.policies[0].statuses.map(\.code) == ["delayed"])
    }

    @Test("a list that is cut says how many are left out and where; the annexes have every initiative")
    func limits() throws {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", Sample.policy())
        for number in 1...100 {
            let id = "p/bif/nr-\(number)"
            try maker.add("BIF", Sample.initiative(id, line: number * 4))
            try maker.add(
                "BIF", Funding(initiative: id, state: .requiresSeparateFunding, printed: "x", source: Sample.source))
        }
        let report = try report(.danish, maker.state)
        #expect(report.economy.requiring.items.count == 60 && report.economy.requiring.leftOut == 40)
        let note = try #require(report.economy.requiring.note)
        #expect(note.hasPrefix("40 flere") && report.html().contains(note) && report.markdown().contains(note))
        #expect(report.html().contains("Kræver særskilt finansiering (100)"))
        #expect(report.owners.flatMap(\.initiatives).count == 100)
    }

    @Test("the same ledger, date and language give the same bytes")
    func deterministic() throws {
        for language in Language.allCases {
            // A second fold has dictionaries of its own, in another order.
            let (first, second) = (try report(language), try report(language, try Across.ledger()))
            #expect(first == second && first.html() == second.html())
            #expect(first.markdown() == second.markdown() && first.json() == second.json())
        }
    }

    @Test("JSON reads back as the same report; made-up data says so everywhere")
    func json() throws {
        let state = try Across.ledger(synthetic: true)
        let report = try report(.english, state)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        #expect(try decoder.decode(CombinedReport.self, from: Data(report.json().utf8)) == report)
        let words = Words.synthetic[.english]
        #expect(report.json().contains("\"synthetic\" : true") && report.markdown().contains("> **\(words)**"))
        #expect(report.html().contains(">\(words)</aside>"))
    }

    @Test("English has no Danish interface words")
    func english() throws {
        let html = try report(.english).html()
        for danish in [
            "Indstilling", "Økonomi<", "Bilag", "Ikke indberettet", "initiativer", "linje ", "Frist", "Målopfyldelse",
            "Politik<", "ikke indberettet", "modtaget",
        ] {
            #expect(!html.contains(danish), "\(danish)")
        }
    }

    @Test("without a policy there is no report, and the error names the way out")
    func errors() throws {
        #expect(throws: ReportError.emptyLedger) { try report(.danish, LedgerState()) }
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        #expect(throws: ReportError.unknownPolicy("all", known: [])) { try report(.danish, maker.state) }
    }
}
