import Foundation
import PolicyModel
import Testing

@Suite("Attainment")
struct AttainmentTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let direction: Indicator.Direction
        let target: Target
        let baseline: Value
        let actual: Value
        var reference: Value?
        var elapsed: Decimal?
        let expected: Attainment.Judgement
        let arithmetic: String
        var testDescription: String { name }
    }

    static func n(_ text: String) -> Value { .number(DecimalText(text) ?? DecimalText(0)) }
    static func d(_ text: String) -> DecimalText { DecimalText(text) ?? DecimalText(0) }
    static let half = Decimal(sign: .plus, exponent: -1, significand: 5)

    static let cases: [Case] = [
        Case(
            name: "percentage points, reached", direction: .up, target: Target(kind: .percentagePoints, value: d("5")),
            baseline: n("53"), actual: n("58"), expected: .reached, arithmetic: "53 + 5 = 58"),
        Case(
            name: "percentage points, behind the clock", direction: .up,
            target: Target(kind: .percentagePoints, value: d("10")), baseline: n("50"), actual: n("52"), elapsed: half,
            expected: .behind, arithmetic: "20 pct. af vejen"),
        Case(
            name: "percentage points, ahead of the clock", direction: .up,
            target: Target(kind: .percentagePoints, value: d("10")), baseline: n("50"), actual: n("57"), elapsed: half,
            expected: .ahead, arithmetic: "70 pct. af vejen"),
        Case(
            name: "exactly with the clock is on course", direction: .up,
            target: Target(kind: .percentagePoints, value: d("10")), baseline: n("50"), actual: n("55"), elapsed: half,
            expected: .onCourse, arithmetic: "50 pct. af vejen"),
        Case(
            name: "fewer persons: lower is better", direction: .down,
            target: Target(kind: .relativeChange, value: d("-10")), baseline: n("1500"), actual: n("1340"),
            expected: .reached, arithmetic: "1.500 × 90 / 100 = 1.350"),
        Case(
            name: "fewer persons: on the way down is not behind", direction: .down,
            target: Target(kind: .relativeChange, value: d("-10")), baseline: n("1500"), actual: n("1400"),
            elapsed: half,
            expected: .ahead, arithmetic: "67 pct. af vejen"),
        Case(
            name: "more where fewer was wanted", direction: .down,
            target: Target(kind: .relativeChange, value: d("-10")),
            baseline: n("1500"), actual: n("1600"), elapsed: half, expected: .behind,
            arithmetic: "1.600 er gået den forkerte vej"),
        Case(
            name: "a level from above", direction: .down, target: Target(kind: .level, value: d("8")),
            baseline: n("12"),
            actual: n("8"), expected: .reached, arithmetic: "Mål 8"),
        Case(
            name: "all", direction: .up, target: Target(kind: .all), baseline: .missing, actual: n("100"),
            expected: .reached, arithmetic: "alle"),
        Case(
            name: "not all, and no baseline", direction: .up, target: Target(kind: .all), baseline: .missing,
            actual: n("99"), expected: .cannotBeJudged, arithmetic: "intet udgangspunkt"),
        Case(
            name: "four of five criteria", direction: .up,
            target: Target(kind: .atLeastKOfN, value: d("4"), of: d("5")),
            baseline: .missing, actual: n("4"), expected: .reached, arithmetic: "4 af 5 opfyldt; mindst 4"),
        Case(
            name: "parity from below", direction: .up, target: Target(kind: .parity), baseline: n("40"),
            actual: n("45"),
            reference: n("50"), expected: .onCourse, arithmetic: "45 mod 50: 5 fra hinanden"),
        Case(
            name: "parity without the other figure", direction: .up, target: Target(kind: .parity), baseline: n("40"),
            actual: n("45"), expected: .cannotBeJudged, arithmetic: "mangler"),
        Case(
            name: "only the direction, down", direction: .down, target: Target(kind: .directionOnly), baseline: n("20"),
            actual: n("19.5"), expected: .onCourse, arithmetic: "Fra 20 til 19,5"),
        Case(
            name: "no target stated", direction: .up, target: Target(kind: .noneStated), baseline: n("1"),
            actual: n("2"),
            expected: .cannotBeJudged, arithmetic: "intet mål"),
        Case(
            name: "suppressed is not judged", direction: .up, target: Target(kind: .all), baseline: n("1"),
            actual: .suppressed, expected: .cannotBeJudged, arithmetic: "for lille"),
        Case(
            name: "missing is no data", direction: .up, target: Target(kind: .all), baseline: n("1"), actual: .missing,
            expected: .noData, arithmetic: "Ikke målt"),
        Case(
            name: "a baseline to be measured gives no step", direction: .up,
            target: Target(kind: .percentagePoints, value: d("5")), baseline: .missing, actual: n("50"),
            expected: .cannotBeJudged, arithmetic: "intet udgangspunkt"),
    ]

    @Test("is judged by direction, kind of target and time, and says how", arguments: cases)
    func judged(_ one: Case) {
        let facts = AttainmentFacts(
            direction: one.direction, target: one.target, baseline: one.baseline, actual: one.actual,
            reference: one.reference, elapsed: one.elapsed)
        let result = Attainment(facts)
        #expect(result.judgement == one.expected)
        #expect(result.arithmetic.da.contains(one.arithmetic), "\(result.arithmetic.da)")
        #expect(result.arithmetic.en?.isEmpty == false)
    }

    @Test(
        "the four kinds of value survive a round trip apart",
        arguments: [
            .number(DecimalText(0)), .number(DecimalText(12), numerator: DecimalText(3), denominator: DecimalText(25)),
            .suppressed, .missing, .notApplicable,
        ] as [Value])
    func roundTrip(value: Value) throws {
        #expect(try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value)) == value)
    }
}

/// The same reckoning as Danes and English readers write numbers.
struct AttainmentWordsTests {
    @Test("decimals and thousands stand as each language writes them")
    func numbers() {
        let attainment = Attainment(
            AttainmentFacts(
                direction: .down,
                target: Target(kind: .relativeChange, value: DecimalText("-12.5"), baseYear: 2018, year: 2022),
                baseline: .number(DecimalText(20_000)), actual: .number(DecimalText(17_400))))
        #expect(attainment.arithmetic.da == "20.000 × 87,5 / 100 = 17.500; 17.400 opfylder det.")
        #expect(attainment.arithmetic.en == "20,000 × 87.5 / 100 = 17,500; 17,400 meets it.")
    }
}
