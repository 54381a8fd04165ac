import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Indicators in the report")
struct MeasureTests {
    func report(_ language: Language = .danish) throws -> ReportModel {
        try ReportModel(
            try Measured.ledger(), policy: "p", on: day("2020-01-10"), language: language, program: "pejling 0")
    }

    @Test("the whole Markdown of a policy with each kind of target reads as expected")
    func markdown() throws {
        let text = try report().markdown()
        #expect(text == expectedMeasures, "\(text)")
    }

    @Test("the HTML is well-formed XML with one named picture for each indicator", arguments: Language.allCases)
    func html(language: Language) throws {
        let html = try report(language).html()
        let page = PageReader()
        let parser = XMLParser(data: Data(html.utf8))
        parser.delegate = page
        #expect(parser.parse(), "\(String(describing: parser.parserError)) at line \(parser.lineNumber)")
        #expect(page.pictures.count == Measured.indicators.count && !page.pictures.contains(""))
        #expect(Set(page.ids).count == page.ids.count && page.targets.allSatisfy(page.ids.contains))
        for (before, after) in zip(page.levels, page.levels.dropFirst()) { #expect(after <= before + 1) }
        let budget = language == .danish ? "2.400.000" : "2,400,000"
        #expect(html.contains("<td class=\"number\">\(budget)</td>"))
        #expect(html.contains("<a href=\"#i-p-bif-kursus\">"))
    }

    @Test("English says it in English, with Danish content marked as Danish")
    func english() throws {
        let report = try report(.english)
        let indicators = report.problem.goals.compactMap(\.indicators).flatMap(\.self)
        #expect(
            Set(indicators.map(\.target.text)) == [
                "5 percentage points higher in 2022 than in 2017", "10 per cent fewer in 2022 than in 2017",
                "12.5 per cent", "at least 90 per cent in 2022", "all (100 per cent)", "at least 3 of 5 met",
                "in 2022 the same level as:", "higher in 2022 than in 2017; the source does not say by how much",
                "the source states no target",
            ])
        #expect(report.front.attainment.reason.hasPrefix("9 indicators: 5 have a baseline, 2 are still"))
        let html = report.html()
        for danish in ["Udgangspunkt", "ikke målt", "procent<", "bedre", "Indberettes", "hvert år"] {
            #expect(!html.contains(danish), "\(danish)")
        }
        #expect(html.contains("<span lang=\"da\">Kursisterne</span>"))
    }

    @Test(
        "a picture goes the way that is better, and shows what has no number as open",
        arguments: [
            ("andel", .up, .known, .known), ("faerre", .down, .known, .known), ("niveau", .down, .open, .known),
            ("mindst", .up, .known, .known), ("alle", .up, .open, .known), ("kriterier", .down, .open, .known),
            ("lige", .level, .known, .open), ("lejr", .up, .open, .open), ("uden", .up, .open, .absent),
        ] as [(String, ReportModel.ChartPart.Slope, ReportModel.ChartPart.Mark, ReportModel.ChartPart.Mark)])
    func pictures(
        name: String, slope: ReportModel.ChartPart.Slope, from: ReportModel.ChartPart.Mark,
        to: ReportModel.ChartPart.Mark
    ) throws {
        let parts = try report().problem.goals.compactMap(\.indicators).flatMap(\.self)
        let chart = try #require(parts.first { $0.id == "p/\(name)" }).chart
        #expect(chart.slope == slope && chart.from == from && chart.to == to, "\(chart)")
    }

    @Test("a number that measures something else never takes the indicator's unit, and nothing is reckoned from it")
    func otherMeasure() throws {
        let parts = try report().problem.goals.compactMap(\.indicators).flatMap(\.self)
        let camp = try #require(parts.first { $0.id == "p/lejr" })
        #expect(camp.baselines.map(\.text) == ["57.000", "15,3"] && camp.target.reckoning == nil)
        #expect(camp.chart.fromText == "57.000, måler noget andet")
    }

    @Test("of two baselines a target counts from the one of its base year, and from none where that is not said")
    func twoBaselines() throws {
        var policy = Measured.policy
        let baselines = [("50", "2016"), ("53", "2017")].map {
            Measured.baseline(Measured.number($0.0), $0.0, period: $0.1)
        }
        policy.indicators = [
            Measured.indicator("a", baselines, Measured.target(.percentagePoints, "5", base: 2017)),
            Measured.indicator("b", baselines, Measured.target(.percentagePoints, "5")),
        ]
        var maker = LedgerMaker()
        try maker.add("p", policy)
        let report = try ReportModel(maker.state, policy: "p", program: "pejling 0")
        let parts = report.problem.goals.compactMap(\.indicators).flatMap(\.self)
        #expect(parts.map(\.target.reckoning) == ["Regnet fra udgangspunktet: 53 + 5 = 58 pct.", nil])
        #expect(parts.map(\.baselines.count) == [2, 2])
    }

    @Test("JSON carries it and reads back; a policy without any of it has none of its fields")
    func json() throws {
        let report = try report()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        #expect(try decoder.decode(ReportModel.self, from: Data(report.json().utf8)) == report)
        let plain = try sampleReport()
        for field in ["indicators", "annual_targets", "budget_table"] {
            #expect(report.json().contains("\"\(field)\"") && !plain.json().contains("\"\(field)\""), "\(field)")
        }
        #expect(!plain.html().contains(".measured"))
    }

    @Test("goals whose parents form a ring are each shown once")
    func ring() throws {
        var policy = Measured.policy
        policy.goals[1].parent = "p/pejl"
        policy.goals[2].parent = "p/job"
        var maker = LedgerMaker()
        try maker.add("p", policy)
        let report = try ReportModel(maker.state, policy: "p", program: "pejling 0")
        #expect(Set(report.problem.tree.map(\.goal.id)) == ["p/job", "p/pejl", "p/bolig"])
        #expect(report.problem.tree.count == 3)
    }

    @Test("every word is given in both languages and told apart")
    func words() {
        func check(_ words: [Bilingual]) {
            #expect(words.allSatisfy { !$0.da.isEmpty && !$0.en.isEmpty })
            #expect(Set(words.map(\.da)).count == words.count && Set(words.map(\.en)).count == words.count)
        }
        check(MeasureUnit.allCases.map(Words.name))
        check(Indicator.Direction.allCases.map(Words.name))
        check(Value.Status.allCases.map(Words.name))
        check(Target.Kind.allCases.map(Words.name))
        check(AnnualTarget.Comparator.allCases.map(Words.name))
    }
}

/// What a page with pictures must hold to.
private final class PageReader: NSObject, XMLParserDelegate {
    /// The names of the pictures of indicators.
    var pictures: [String] = []
    var ids: [String] = []
    var targets: [String] = []
    var levels: [Int] = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        if let id = attributes["id"] { ids.append(id) }
        if name == "a", let target = attributes["href"]?.dropFirst() { targets.append(String(target)) }
        if name == "svg", attributes["class"] == "way" { pictures.append(attributes["aria-label"] ?? "") }
        if name.count == 2, name.hasPrefix("h"), let level = Int(name.dropFirst()) { levels.append(level) }
    }
}
