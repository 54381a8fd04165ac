import PolicyModel
import Testing

@testable import Catalogue

private let plan = "policies/plan.yaml"
private let bif = "forvaltninger/BIF/plan.yaml"

/// What does not fit: targets and units, shares and their bases, values and the words they are taken from.
struct MeasureRulesTests {
    @Test("the sample of these tests has no problem")
    func sample() throws {
        let whole = try TemporaryConfiguration(PlanSample.files).whole()
        #expect(whole.problems == [])
        #expect(whole.policies.map(\.policy.id) == ["lgbti", "plan"])
        #expect(whole.leadingOut == ["kommuneplan"])
    }

    static let indicators = [
        Breakage(
            plan, "    direction: down\n", "", at: "id: plan/andel", "indicator `plan/andel`: `direction` is missing",
            fix: "add `direction"),
        Breakage(
            plan, "    population: {da: Alle børn}\n", "", at: "id: plan/andel", "a percentage without `population`",
            fix: "of whom it is a share"),
        Breakage(
            plan, "unit: percent\n    population: {da: Alle børn}", "unit: persons\n    population: {da: Alle børn}",
            at: "kind: percentage_points", "percentage points do not fit the unit “persons”",
            fix: "relative_change", count: 2),
        Breakage(
            plan, "value: \"82\"", "value: \"182\"", "“182” is no share: a percentage is from 0 to 100",
            fix: "or the unit", count: 3),
        Breakage(
            plan, "numerator: \"46\"", "numerator: \"64\"", "64 of 56 is no share", fix: "the whole as",
            count: 2),
        Breakage(plan, "numerator: \"46\"", "numerator: \"45\"", "45 of 56 is not 82 per cent", count: 2),
        Breakage(plan, "        denominator: \"56\"\n", "", at: "\"46\"", "`baselines[1].numerator`: stands alone"),
        Breakage(
            plan, "value: \"82\"\n", "value: \"82\"\n        unit: persons\n", at: "\"46\"",
            "goes with a share, and the unit is “persons”"),
    ]

    static let targets = [
        Breakage(
            plan, "kind: percentage_points\n      value: \"-3\"",
            "kind: level\n      value_basis: derived\n      value: \"103\"", at: "\"103\"",
            "`target.value`: “103” is no share", fix: "or the unit"),
        Breakage(
            plan, "kind: percentage_points\n      value: \"-3\"", "kind: at_least\n      value: \"-3\"", at: "\"-3\"",
            "“-3” is no share"),
        Breakage(
            plan, "value: \"-3\"", "value: \"3\"", "a change of “3” does not go with the direction “down”",
            fix: "with a minus"),
        Breakage(
            plan, "kind: percentage_points\n      value: \"-3\"",
            "kind: relative_change\n      value_basis: derived\n      value: \"-103\"", at: "\"-103\"",
            "“-103” per cent leaves less than nothing"),
        Breakage(plan, "      value: \"-3\"\n", "", at: "kind: percentage_points", "`value` is missing"),
        Breakage(plan, "base_year: 2018", "base_year: 2022", "“2022” is not before the target's own year, 2022"),
        Breakage(
            plan, "value: \"3\", of: \"5\"", "value: \"5\", of: \"3\"", at: "{kind: at_least_k",
            "at least 5 of 3 criteria can never be met", fix: "from 1 to 3"),
        Breakage(
            plan, "value: \"3\", of: \"5\"", "value: \"2.5\", value_basis: derived, of: \"5\"", at: "{kind: at_least_k",
            "“2.5” is no number of criteria"),
        Breakage(plan, "value: \"3\", of: \"5\"", "value: \"3\"", at: "{kind: at_least_k", "`of` is missing"),
        Breakage(
            plan, "unit: count", "unit: persons", at: "{kind: at_least_k",
            "“at_least_k_of_n” does not fit the unit “persons”", fix: "unit count"),
        Breakage(
            plan, "{kind: at_least_k_of_n, value: \"3\", of: \"5\"", "{kind: all",
            "“all” does not fit the unit “count”", fix: "unit percent"),
        Breakage(
            plan, "{kind: at_least_k_of_n, value: \"3\"", "{kind: level, value: \"3\"",
            "`target.of`: goes with `at_least_k_of_n` only"),
        Breakage(plan, "year: 2022\n", "year: 2022\n      parity_with: {da: x}\n", at: "parity_with", "`parity` only"),
    ]

    static let annualTargets = [
        Breakage(
            plan, "unit: persons\n", "unit: persons\n    disclosure: not_personal\n", at: "disclosure",
            "“not_personal”, and the unit is persons", fix: "remove it"),
        Breakage(
            plan, "    base: {da: Deltagerne}\n", "", at: "id: i-job",
            "annual target `i-job`: a percentage without `base`",
            fix: "of whom"),
        Breakage(plan, "value: \"40\"", "value: \"140\"", "“140” is no share", count: 2),
        Breakage(
            plan, "value: \"350\"", "value: \"350.5\"\n    value_basis: derived", "“350.5” is no number of persons",
            fix: "a whole number"),
        Breakage(
            plan, "    value: \"350\"\n", "    text: {da: Mange}\n", at: "comparator: at_least",
            "“at_least” without `value`"),
        Breakage(
            plan, "comparator: at_least", "comparator: all", at: "value: \"350\"", "“all” has no value",
            count: 2),
        Breakage(
            plan, "initiative: plan/bif/indsats\n    what: {da: Ledige",
            "initiative: plan/bif/insats\n    what: {da: Ledige",
            "“plan/bif/insats” leads to nothing", fix: "write `plan/bif/indsats`"),
    ]

    static let revisions = [
        Breakage(plan, "from_year: 2021", "from_year: 2031", "“2031” lies after the policy's period", fix: "the year"),
        Breakage(plan, "value: \"300\"", "value: \"300.5\"", "“300.5” is no number of persons"),
        Breakage(
            plan, "value: \"-2\", printed: falder", "value: \"2\", printed: falder", at: "{kind: percentage_points",
            "a change of “2” does not go with the direction “down”"),
    ]

    static let printed = [
        Breakage(
            plan, "printed: 82 pct. (46 af 56)", "printed: 28 pct. (46 af 56)", at: "value: \"82\"",
            "“82” does not stand in the printed words “28 pct. (46 af 56)”", fix: "value_basis: derived"),
        Breakage(
            plan, "printed: mindst 350 ledige", "printed: mindst 3.500 ledige", at: "value: \"350\"", "“350” does"),
        Breakage(
            "policies/lgbti.yaml", "value: \"45000\"", "value: \"45\"", "`figures[1].value`: “45” does not stand in"),
    ]

    @Test(
        "what does not fit is refused with file, line and the way out",
        arguments: indicators + targets + annualTargets + printed)
    func refused(_ breakage: Breakage) throws { try breakage.expect(in: PlanSample.files) }

    @Test("a target as it is revised fits too", arguments: revisions)
    func revised(_ breakage: Breakage) throws {
        #expect(try TemporaryConfiguration(PlanSample.revised).problems() == [])
        try breakage.expect(in: PlanSample.revised)
    }

    @Test(
        "a value is found in the words that print it",
        arguments: [
            ("1500", "1.500 borgere"), ("15.3", "15,3 pct. af"), ("8", "8 pct.5"), ("30000", "30-40.000 unge"),
            ("40000", "30-40.000 unge"), ("7", "i syv udsatte byområder"), ("6", "for sjette år i træk"),
            ("4", "har fireårige politikker"), ("0.33", "hver tredje ung"), ("0.33", "op mod en tredjedel"),
            ("0.4", "4 ud af 10 unge"), ("0.4", "to ud af fem"), ("0.75", "ca. 3 ud af 4 elever"),
            ("0.5", "næsten halvdelen"), ("50", "minimum halvdelen"), ("2", "dobbelt så mange"),
            ("-20", "20 pct. færre"),
            ("3.1", "3,1% af de unge"), ("3", "I 2013 var det 3."),
        ])
    func found(value: String, words: String) throws {
        #expect(PrintedNumbers(words).contains(try #require(DecimalText(value))))
    }

    @Test(
        "a value is not found in words that print another",
        arguments: [
            ("1.5", "1.500 borgere"), ("15", "15,3 pct. af"), ("500", "1.500 borgere"), ("3", "hver fjerde ung"),
            ("0.4", "4 ud af 11 unge"), ("85", "84 pct."), ("31", "3,1% af de unge"), ("3", "tretten"),
        ])
    func notFound(value: String, words: String) throws {
        #expect(!PrintedNumbers(words).contains(try #require(DecimalText(value))))
    }
}
