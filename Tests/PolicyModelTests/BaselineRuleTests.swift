import PolicyModel
import Testing

/// Which baseline a target counts from: one rule for judgements, views and reports.
struct BaselineRuleTests {
    private static let source = Source(document: "p.txt", lines: [])

    private static func baseline(
        _ number: Int?, _ year: Int? = nil, unit: MeasureUnit? = nil, measures: String? = nil, due: Int? = nil
    ) -> Baseline {
        let date = year.flatMap { PartialDate("\($0)") }
        return Baseline(
            value: number.map { .number(DecimalText($0)) } ?? .missing, unit: unit,
            period: date.map { Period(from: $0, until: $0) }, measures: measures.map { LocalizedText(da: $0) },
            due: due.flatMap { PartialDate("\($0)") }, printed: "x", source: source)
    }

    private static func indicator(_ baselines: [Baseline]) -> Indicator {
        Indicator(
            id: "p/i", goal: "p/g", title: LocalizedText(da: "i"), titleBasis: .derived, unit: .persons,
            population: LocalizedText(da: "alle"), direction: .up, directionBasis: .derived, bodies: [],
            reporters: ["BIF"], reportersBasis: .derived, baselines: baselines, target: Target(kind: .noneStated),
            source: source)
    }

    private static func reading(_ number: Int?, _ year: Int, unit: MeasureUnit = .persons) -> Reading {
        let date = PartialDate("\(year)")
        return Reading(
            about: "p/i", unit: unit, period: Period(from: date, until: date),
            value: number.map { .number(DecimalText($0)) } ?? .suppressed)
    }

    @Test(
        "a target counts from a printed number that measures the indicator, of its base year where one is named",
        arguments: [
            ([baseline(10, 2017)], nil, 10, "a lone one"), ([baseline(10, 2017)], 2017, 10, "of the base year"),
            ([baseline(10, 2016)], 2017, nil, "of another year"),
            ([baseline(10)], 2017, 10, "a lone one without a year"),
            ([baseline(10, 2016), baseline(11, 2017)], 2017, 11, "of two, the one of the base year"),
            ([baseline(10, 2016), baseline(11, 2017)], nil, nil, "of two, none where nothing tells them apart"),
            ([baseline(10), baseline(11)], 2017, nil, "nor where no year is printed"),
            ([baseline(10, 2017, unit: .percent)], 2017, nil, "of another unit"),
            ([baseline(10, 2017, unit: .persons)], 2017, 10, "of the indicator's unit, said again"),
            ([baseline(10, 2017, measures: "andet")], 2017, nil, "that measures something else"),
            ([baseline(nil, due: 2019)], nil, nil, "still to be measured"),
        ] as [([Baseline], Int?, Int?, Comment)])
    func printed(baselines: [Baseline], base: Int?, number: Int?, why: Comment) {
        let target = Target(kind: .relativeChange, value: DecimalText(10), baseYear: base)
        let indicator = Self.indicator(baselines)
        #expect(indicator.reckonedFrom(target)?.value.number == number.map { DecimalText($0) }, why)
        #expect((indicator.end(of: target) == nil) == (number == nil), why)
    }

    @Test(
        "where none is printed, the reading of the base year or of the year it was to be measured in stands in for it",
        arguments: [
            ([baseline(nil, due: 2019)], nil, 2019, 20), ([baseline(nil, due: 2019)], 2018, 2018, 10),
            ([baseline(10, 2016)], 2018, 2018, 10), ([baseline(nil)], nil, nil, nil),
            ([baseline(10, 2017)], 2017, nil, nil),
            ([baseline(10, 2017)], nil, nil, nil), ([baseline(nil, due: 2021)], nil, 2021, nil),
            ([baseline(nil, due: 2022)], nil, 2022, nil),
        ] as [([Baseline], Int?, Int?, Int?)])
    func measured(baselines: [Baseline], base: Int?, year: Int?, number: Int?) {
        let readings = [
            Self.reading(10, 2018), Self.reading(20, 2019), Self.reading(nil, 2021),
            Self.reading(5, 2022, unit: .percent),
        ]
        let target = Target(kind: .directionOnly, baseYear: base)
        let indicator = Self.indicator(baselines)
        #expect(indicator.yearOfMeasuredBaseline(target) == year)
        let found = indicator.measuredBaseline(target, among: readings) { $0 }
        #expect(found?.value.number == number.map { DecimalText($0) })
    }
}
