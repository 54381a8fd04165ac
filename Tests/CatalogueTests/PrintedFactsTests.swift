import Foundation
import PolicyModel
import Testing

@testable import Catalogue

private let plan = "policies/plan.yaml"
private let bif = "forvaltninger/BIF/plan.yaml"
private let okf = "forvaltninger/OKF/plan.yaml"
private let lgbti = "policies/lgbti.yaml"

/// Money, dates, comparators, qualifiers and committees: as printed, or said to be derived.
struct PrintedFactsTests {
    static let money = [
        Breakage(
            okf, "\"500000\"", "\"400000\"",
            "“400000” is not what the printed words “Bidrag 500” have for 2019, 500000 DKK",
            fix: "`budgets_basis: derived`"),
        Breakage(
            okf, "printed: Bidrag 500", "printed: Bidrag 500 -", at: "[{year: 2019",
            "1 years of money, and the printed words “Bidrag 500 -” end in 2 numbers", fix: "in 1,000 DKK"),
        Breakage(
            plan, "\"3000000\", printed: I alt 3.000", "\"3000000\", printed: I alt 3.100", at: "\"3000000\"",
            "“3000000” is not what the printed words “I alt 3.100” have for 2019, 3100000 DKK"),
        Breakage(
            okf, "- state: funded", "- state: funded\n        from: 2019\n        until: 2020", at: "2020",
            "“2020” is not the last year with money, 2019", fix: "write 2019"),
        Breakage(
            "forvaltninger/BIF/lgbti.yaml", "printed: forudsætter særskilt finansiering",
            "printed: forudsætter særskilt finansiering med udgangen af 2018", at: "2019\n        until: 2019-12",
            "`funding[1].from`: “2019” does not stand in the printed words", fix: "`from_basis: derived`", count: 2),
    ]

    static let dates = [
        Breakage(
            plan, "printed: faldet med 3 procentpoint", "printed: faldet med 3 procentpoint i 2022 fra 2017",
            at: "2018\n      year", "`target.base_year`: “2018” does not stand in the printed words “faldet med 3",
            fix: "`base_year_basis: derived`"),
        Breakage(
            plan, "printed: faldet med 3 procentpoint", "printed: faldet med 3 procentpoint i 2021 fra 2018",
            at: "2022\n      printed", "`target.year`: “2022” does not stand in the printed words"),
        Breakage(
            plan, "printed: 82 pct. (46 af 56)", "period: 2015\n        printed: 82 pct. (46 af 56) i 2016",
            at: "2015", "`baselines[1].period`: “2015” does not stand in the printed words “82 pct. (46"),
        Breakage(
            plan, "due: 2019, printed", "due: 2020, printed", at: "2020, printed",
            "`baselines[1].due`: “2020” does not stand in the printed words “måles i 2019”"),
        Breakage(
            plan, "{date: 2020, basis: printed}", "{date: 2021, basis: printed, printed: I 2020}", at: "2021",
            "follow-up `plan/2020`, `due.date`: “2021” does not stand in the printed words “I 2020”",
            fix: "`basis: derived`"),
        Breakage(
            plan, "printed: mindst 350 ledige", "printed: mindst 350 ledige fra 2020 til 2022",
            at: "from_year: 2019", "`from_year`: “2019” does not stand in the printed words"),
        Breakage(
            plan, "period: {from: 2019,", "period: {from: 2018,",
            "`period.from`: “2018” does not stand in the printed "
                + "words “Planen 2019-22”", fix: "`from_basis: derived`"),
        Breakage(
            lgbti, "until: 2023-12-31, printed: udløber ved udgangen af 2023, lines: 1141", "until: 2023-12-31",
            at: "{until", "`period`: `printed` is missing", count: 2),
    ]

    static let words = [
        Breakage(
            plan, "of: \"5\"", "of: \"6\"", at: "\"6\"",
            "`target.of`: “6” does not stand in the printed words “mindst tre af de fem”", fix: "`of_basis: derived`"),
        Breakage(
            plan, "comparator: at_least", "comparator: stated",
            "“stated”, and the printed words have a word for “at least” (Minimum, Min., mindst)",
            fix: "`comparator_basis: derived`"),
        Breakage(
            plan, "comparator: stated\n    value: \"40\"", "comparator: at_least\n    value: \"40\"",
            "“at_least”, and the printed words have no word for “at least”"),
        Breakage(
            plan, "comparator: stated\n    value: \"40\"\n    unit",
            "comparator: all\n    text: {da: Dem}\n    unit", "“all”, and the printed words have no “alle”: “40 pct.”"),
        Breakage(
            plan, "value: \"82\"", "qualifier: ca. 2 ud af 4\n        value: \"82\"",
            "`baselines[1].qualifier`: “ca. 2 ud af 4” does not stand in the printed words",
            fix: "`qualifier_basis: derived`"),
        Breakage(
            lgbti, "value: \"45000\"", "value: \"45000\"\n    qualifier: til",
            at: "til\n", "`figures[1].qualifier`: “til” does not stand in the printed words “45.000 ansatte”"),
    ]

    static let committees = [
        Breakage(
            plan, "reporters: [BIF]", "bodies: [ØU]\n    reporters: [BIF]", at: "reporters: [BIF]",
            "`reporters[1]`: “BIF” is derived, and its committee, “BIU”, is not among `bodies` (ØU)",
            fix: "correct `bodies`"),
        Breakage(
            plan, "forvaltninger: [BIF]", "forvaltninger: [ØKF]",
            "`forvaltninger[1]`: “ØKF” is derived, and its committee, “ØU”, is not among `bodies` (BIU)",
            fix: "`forvaltninger_basis: configured`"),
    ]

    @Test(
        "what the printed words do not say is refused with file, line and the way out",
        arguments: money + dates + words + committees)
    func refused(_ breakage: Breakage) throws { try breakage.expect(in: PlanSample.files) }

    @Test("what says that it is derived is let be")
    func derived() throws {
        let text = PlanSample.okf.replacing("\"500000\"", with: "\"500001\"")
            .replacing("- state: funded", with: "- state: funded\n        budgets_basis: derived")
        let policy = PlanSample.plan.replacing("due: 2019, printed", with: "due: 2020, due_basis: derived, printed")
            .replacing("of: \"5\"", with: "of: \"6\", of_basis: derived")
            .replacing("comparator: at_least", with: "comparator: stated\n    comparator_basis: derived")
            .replacing(
                "- {year: 2019, planned_dkk: \"3000000\"",
                with: "- {year: 2019, planned_dkk: \"3000001\", planned_dkk_basis: derived")
        let files = PlanSample.files.merging([okf: text, plan: policy], uniquingKeysWith: { $1 })
        #expect(try TemporaryConfiguration(files).problems() == [])
    }

    @Test(
        "a date is meant by years, spans of years, months, quarters and ends of years",
        arguments: [
            ("2018", "I 2018 er", true), ("2022", "2019-22", true), ("2022", "2019–22", true),
            ("2017", "2016/17", true),
            ("2019-12-31", "udgangen af 2019", true), ("2019-06-30", "udgangen af 2019", false),
            ("2018-10", "4. kvartal 2018", true), ("2018-09", "4. kvartal 2018", false),
            ("2016-07", "juli 2016-november 2018", true), ("2018-05-01", "1. maj 2018", true),
            ("2018-05-02", "1. maj 2018", false), ("2019", "2.019 børn", false), ("2019", "12019", false),
            ("2000", "kl. 20", false), ("2020", "2019-2", false),
        ])
    func meant(date: String, text: String, isMeant: Bool) throws {
        #expect(PrintedDates(text).contains(try #require(PartialDate(date))) == isMeant)
    }

    @Test("a date without printed words, and the years of a row of money, are looked up in the lines")
    func lookedUp() throws {
        let whole = try TemporaryConfiguration(PlanSample.files).whole()
        func cited(_ kind: Citation.Kind, _ file: String) -> [String] {
            whole.citations.filter { $0.kind == kind && $0.place.file.hasSuffix(file) }.map(\.words)
        }
        #expect(
            cited(.date, plan) == ["Planen 2019-22", "2018", "2022", "2019", "2022", "2020"])
        #expect(cited(.budget, plan).sorted() == ["2019", "2019", "2020"])
        #expect(cited(.budget, bif) == ["2019 2020"])
    }
}
