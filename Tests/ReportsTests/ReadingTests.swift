import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Readings and judgements in the report")
struct ReadingTests {
    func report(
        _ language: Language = .danish, _ state: LedgerState? = nil, followUp: String? = nil,
        on text: String = "2021-02-01"
    ) throws -> ReportModel {
        try ReportModel(
            try state ?? Read.ledger(), policy: "p", followUp: followUp, on: day(text), language: language,
            program: "pejling 0")
    }

    func indicators(_ report: ReportModel) -> [String: ReportModel.IndicatorPart] {
        let all = report.problem.goals.compactMap(\.indicators).flatMap(\.self)
        return Dictionary(all.map { (String($0.id.dropFirst(2)), $0) }) { first, _ in first }
    }

    @Test("the Markdown of goals, readings and judgements reads as expected")
    func markdown() throws {
        let text = try report().markdown()
        let front = text.components(separatedBy: "## Indstilling")[0]
        let goals = text.components(separatedBy: "### Hvad politikken vil")[1].components(separatedBy: "## Løsning")[0]
        #expect(front + goals == expectedReadings, "\(front + goals)")
    }

    @Test(
        "the four states of a value, and what nobody has reported, stay apart in every form",
        arguments: Language.allCases)
    func states(language: Language) throws {
        var state = try Read.ledger()
        let report = try report(language, state)
        let parts = indicators(report)
        let statuses = ["andel", "niveau", "mindst", "alle"].map { parts[$0]?.latest?.status.code }
        #expect(statuses == ["number", "suppressed", "missing", "not_applicable"])
        let words = ["andel", "niveau", "mindst", "alle"].compactMap { parts[$0]?.latest?.text }
        let silent = Words.notReportedReading[language]
        #expect(Set(words + [silent]).count == 5)
        for text in words {
            #expect(report.html().contains("<strong>\(text)</strong>, 2020") && report.markdown().contains(md(text)))
        }
        #expect(
            report.front.measures.map { "\($0.count) \($0.code)" } == [
                "4 number", "1 suppressed", "1 missing", "1 not_applicable",
            ])
        state = try Measured.ledger()
        let unread = try self.report(language, state)
        #expect(unread.front.measures.map(\.code) == ["not_reported"] && unread.html().contains("<td>\(silent)</td>"))
    }

    @Test("a suppressed figure shows neither numerator nor denominator")
    func suppressed() throws {
        let parts = indicators(try report())
        let hidden = try #require(parts["andel"]?.breakdowns.first { $0.reading.status.code == "suppressed" }?.reading)
        #expect(hidden.value == nil && hidden.numerator == nil && hidden.denominator == nil)
        let share = try #require(parts["andel"]?.latest)
        #expect(share.numerator == "57" && share.denominator == "100" && share.text == "57 pct. (57 af 100)")
    }

    @Test("only the forvaltning that reports an indicator is shown, with its earlier readings, newest first")
    func history() throws {
        let part = try #require(indicators(try report())["andel"])
        #expect(part.latest?.value == "57" && part.latest?.reporter.id == "BIF")
        #expect(part.earlier.map(\.value) == ["55", "54"] && part.older == 0)
        #expect(part.breakdowns.map(\.category.text) == ["andre", "kvinder"])
        #expect(part.breakdowns.map(\.dimension.text) == ["Køn", "Køn"])
    }

    @Test("a reading is placed on the way, also outside it; without a number or an end it has no place")
    func places() throws {
        let parts = indicators(try report())
        // 53 + 8 = 61: 57 is half of the way. 1,000 measured, 800 to reach, 1,100 read: half the way backwards.
        #expect(parts["andel"]?.chart.latest == 500 && parts["foerste"]?.chart.latest == -500)
        #expect(parts["foerste"]?.chart.fromText == "1.000 personer, 2019" && parts["foerste"]?.chart.from == .known)
        #expect(parts["foerste"]?.measuredBaseline?.value == "1000")
        for name in ["niveau", "mindst", "alle", "lige"] {
            #expect(parts[name]?.chart.latest == nil && parts[name]?.chart.latestText != nil, "\(name)")
        }
        #expect(parts["lige"]?.chart.latestText == "13 pct. over for 13,5 pct., 2020")
    }

    @Test(
        "where only the direction is a target, a reading stands on its side of the baseline",
        arguments: [
            (Indicator.Direction.down, 45, ReportModel.ChartPart.Side.worse), (.down, 39, .same), (.down, 33, .better),
            (.up, 33, .worse), (.up, 45, .better),
        ])
    func sides(direction: Indicator.Direction, value: Int, side: ReportModel.ChartPart.Side) throws {
        var policy = Sample.policy()
        policy.goals = [
            Goal(
                id: "p/job", kind: .goal, title: LocalizedText(da: "Job"), forvaltningerBasis: .notNamedInSource,
                source: Sample.source)
        ]
        policy.indicators = [
            Indicator(
                id: "p/x", goal: "p/job", title: LocalizedText(da: "X"), titleBasis: .derived, unit: .percent,
                population: LocalizedText(da: "alle"), direction: direction, directionBasis: .derived, bodies: [],
                reporters: ["BIF"], reportersBasis: .derived,
                baselines: [Baseline(value: .number(DecimalText(39)), printed: "39", source: Sample.source)],
                target: Target(kind: .directionOnly, printed: "færre", source: Sample.source), source: Sample.source)
        ]
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", policy)
        let year = PartialDate("2019")
        try maker.add(
            "BIF",
            Reading(
                about: "p/x", unit: .percent, period: Period(from: year, until: year),
                value: .number(DecimalText(value), denominator: DecimalText(900))))
        let chart = try #require(indicators(report(.danish, maker.state))["x"]?.chart)
        #expect(chart.latest == nil)
        #expect(chart.latestSide == side)
    }

    @Test("a revised target shows the old value, the new one, why, and who decided", arguments: Language.allCases)
    func revision(language: Language) throws {
        let report = try report(language)
        let revision = try #require(indicators(report)["andel"]?.target.revisions.first)
        #expect(revision.before.contains("5") && revision.after.contains("8") && revision.version == 2)
        #expect(revision.reason?.text == Read.revised.reason?[language] && revision.decision == Read.revised.decision)
        for text in [revision.before, revision.after, revision.reason?.text ?? "", revision.decision ?? ""] {
            #expect(report.html().contains(text) && report.markdown().contains(md(text)), "\(text)")
        }
    }

    @Test("each year of an annual target has its own reading and the judgement it had")
    func years() throws {
        let target = try #require(try report().owners.flatMap(\.initiatives).first?.annualTargets?.first)
        #expect(target.results.map(\.year) == [2019, 2020, 2021])
        #expect(target.results.map(\.reading?.value) == ["60", "80", nil])
        #expect(target.results.map(\.judgement?.judgement.code) == ["behind", "reached", nil])
    }

    @Test("at a follow-up only what ends by its deadline is shown, judged as it then stood")
    func followUp() throws {
        let report = try report(followUp: "p/2019")
        let part = try #require(indicators(report)["andel"])
        #expect(part.latest?.value == "55" && part.earlier.map(\.value) == ["54"])
        #expect(part.judgement?.arithmetic.text.contains("55") == true && part.judgement?.note == nil)
    }

    @Test("a judgement of another reading than the one shown says which")
    func other() throws {
        let part = try #require(indicators(try report(on: "2019-12-31"))["andel"])
        #expect(part.latest?.value == "55" && part.judgement?.note == "vurderet på målingen for 2020")
    }

    @Test("goals carry the plugin's judgement, and the light follows from them by its rule")
    func goals() throws {
        let report = try report()
        let goals = Dictionary(uniqueKeysWithValues: report.problem.goals.map { ($0.id, $0.judgement?.judgement.code) })
        #expect(goals["p/job"] == "behind" && goals["p/bolig"] == "on_course" && goals["p/sammen"] == .some(nil))
        #expect(report.front.judgements.map { "\($0.count) \($0.code)" } == ["1 on_course", "1 behind"])
        #expect(report.front.attainment.light == .yellow && report.front.unassessed.isEmpty)
    }

    @Test("without the plugin's judgements nothing is judged, and the report says how far it is assessed")
    func unassessed() throws {
        let report = try report(.danish, try Read.ledger(judged: false))
        #expect(report.front.attainment.light == .grey && report.front.judgements.isEmpty)
        #expect(indicators(report)["andel"]?.judgement == nil)
        let text = "p er ikke vurderet endnu; den sidste post om politikken er position 25."
        #expect(report.front.unassessed.map(\.text) == [text])
        #expect(report.html().components(separatedBy: text).count == 3, "on the first page and in the method")
        #expect(report.markdown().components(separatedBy: text).count == 3)
    }

    @Test(
        "attainment is put together by its rule",
        arguments: [
            ([Attainment.Judgement](), Light.grey), ([.noData, .cannotBeJudged], .grey),
            ([.reached, .noData, .noData], .grey),
            ([.reached, .ahead, .onCourse, .onCourse, .behind], .green), ([.reached, .behind, .noData], .yellow),
            ([.behind, .behind, .onCourse], .red),
        ])
    func light(judgements: [Attainment.Judgement], light: Light) {
        #expect(ReportRules.attainment(judgements) == light)
    }

    @Test("the page with readings is well-formed, its tables named and scoped", arguments: Language.allCases)
    func html(language: Language) throws {
        let parser = XMLParser(data: Data(try report(language).html().utf8))
        let page = PageCounter()
        parser.delegate = page
        #expect(parser.parse(), "\(String(describing: parser.parserError)) at line \(parser.lineNumber)")
        page.check()
    }
}
