import Foundation
import PolicyModel
import Testing

/// Goals judged from readings: what the general rules say, on worked examples.
struct AssessorTests {
    private static let source = Source(document: "p.txt", lines: [])

    private static func number(_ text: String, of denominator: String? = nil, _ numerator: String? = nil) -> Value {
        .number(
            DecimalText(text) ?? DecimalText(0), numerator: numerator.flatMap { DecimalText($0) },
            denominator: denominator.flatMap { DecimalText($0) })
    }

    private static func year(_ year: Int) -> Period {
        Period(from: PartialDate("\(year)"), until: PartialDate("\(year)"))
    }

    private static func baseline(
        _ value: Value, _ at: Int? = nil, unit: MeasureUnit? = nil, measures: String? = nil, due: Int? = nil
    ) -> Baseline {
        Baseline(
            value: value, unit: unit, period: at.map(year), measures: measures.map { LocalizedText(da: $0) },
            due: due.flatMap { PartialDate("\($0)") }, printed: "x", source: source)
    }

    private static func indicator(
        _ baselines: [Baseline], _ target: Target, id: String = "p/i", unit: MeasureUnit = .percent,
        direction: Indicator.Direction = .up
    ) -> Indicator {
        Indicator(
            id: id, goal: "p/maal", title: LocalizedText(da: id), titleBasis: .derived, unit: unit,
            population: LocalizedText(da: "alle"), direction: direction, directionBasis: .derived, bodies: [],
            reporters: ["BIF"], reportersBasis: .derived, baselines: baselines, target: target, source: source)
    }

    private static func policy(
        _ indicators: [Indicator], _ annualTargets: [AnnualTarget] = [],
        followUps: [(String, FollowUp.Kind, String?)] = []
    ) -> Policy {
        func goal(_ id: String, _ kind: Goal.Kind, _ parent: String? = nil) -> Goal {
            Goal(
                id: id, kind: kind, parent: parent, title: LocalizedText(da: id), forvaltningerBasis: .notNamedInSource,
                source: source)
        }
        func followUp(_ id: String, _ kind: FollowUp.Kind, _ due: String?) -> FollowUp {
            FollowUp(
                id: id, kind: kind, title: LocalizedText(da: id),
                due: due.flatMap { PartialDate($0) }.map { DatedFact(date: $0, basis: .printed) },
                owedByBasis: .derived,
                source: source)
        }
        return Policy(
            id: "p", title: LocalizedText(da: "P"),
            period: Period(from: PartialDate("2019"), until: PartialDate("2022")),
            coordinator: "BIF", coordinatorBasis: .printed, bodies: [],
            goals: [
                goal("p/vision", .vision), goal("p/tema", .theme), goal("p/maal", .goal, "p/tema"),
                goal("p/princip", .principle),
            ], indicators: indicators, annualTargets: annualTargets,
            followUps: [followUp("p/opening", .opening, nil)] + followUps.map { followUp($0.0, $0.1, $0.2) },
            source: source)
    }

    private static func reading(
        _ value: Value, _ at: Int, about: String = "p/i", unit: MeasureUnit = .percent, position: Int64 = 1,
        period: Period? = nil
    ) -> NamedReading {
        NamedReading(
            name: RecordName(publisher: "BIF", log: "a", seq: position), position: position,
            reading: Reading(about: about, unit: unit, period: period ?? year(at), value: value))
    }

    private func assess(_ policy: Policy, _ readings: [NamedReading]) -> [Assessment] {
        var assessor = Assessor(policy: policy, goals: ["p/bif/x": ["p/maal"]])
        for reading in readings { assessor.add(reading) }
        return assessor.assessments()
    }

    private func opening(_ indicator: Indicator, _ readings: NamedReading...) throws -> Assessment.Measure {
        let assessment = try #require(assess(Self.policy([indicator]), readings).first)
        #expect(assessment.followUp == "p/opening")
        return try #require(assessment.measures.first)
    }

    @Test("a goal at an end of the tree is judged; visions, principles and goals of goals are not")
    func which() {
        let assessments = assess(Self.policy([]), [])
        #expect(assessments.map(\.goal) == ["p/maal"])
        #expect(assessments[0].judgement == .cannotBeJudged)
        #expect(assessments[0].arithmetic.da.contains("ingen indikator"))
    }

    @Test("without a reading there is no data, whatever the baseline")
    func unread() throws {
        let measure = try opening(
            Self.indicator([Self.baseline(Self.number("53"), 2018)], Target(kind: .directionOnly)))
        #expect(measure.judgement == .noData)
        #expect(measure.reading == nil)
    }

    @Test("the newest period is judged, the later of two records about it, and the record is named")
    func newest() throws {
        let indicator = Self.indicator([Self.baseline(Self.number("53"), 2018)], Target(kind: .directionOnly))
        let measure = try opening(
            indicator, Self.reading(Self.number("60", of: "9"), 2020, position: 1),
            Self.reading(Self.number("40", of: "9"), 2020, position: 2),
            Self.reading(Self.number("70", of: "9"), 2019, position: 3))
        #expect(measure.judgement == .behind)
        #expect(measure.reading?.seq == 2)
        #expect(measure.value?.number == DecimalText(40))
    }

    @Test(
        "suppressed and missing are never judged, and are not the same",
        arguments: [
            (Value.suppressed, Attainment.Judgement.cannotBeJudged), (.missing, .noData),
            (.notApplicable, .cannotBeJudged),
        ])
    func unjudged(value: Value, judgement: Attainment.Judgement) throws {
        let indicator = Self.indicator([Self.baseline(Self.number("53"), 2018)], Target(kind: .directionOnly))
        #expect(try opening(indicator, Self.reading(value, 2020)).judgement == judgement)
    }

    @Test("less of something bad is on course, more of it behind")
    func direction() throws {
        let indicator = Self.indicator(
            [Self.baseline(Self.number("39"), 2017)], Target(kind: .directionOnly), direction: .down)
        #expect(try opening(indicator, Self.reading(Self.number("35", of: "9"), 2020)).judgement == .onCourse)
        #expect(try opening(indicator, Self.reading(Self.number("41", of: "9"), 2020)).judgement == .behind)
    }

    @Test("20 per cent fewer of 1,000 by 2022 is 800; half the time gone, 870 is ahead, 890 on course, 950 behind")
    func relative() throws {
        let target = Target(kind: .relativeChange, value: DecimalText("-20"), baseYear: 2018, year: 2022)
        let indicator = Self.indicator(
            [Self.baseline(Self.number("1000"), 2018)], target, unit: .persons, direction: .down)
        func judged(_ value: String) throws -> Assessment.Measure {
            try opening(indicator, Self.reading(Self.number(value), 2020, unit: .persons))
        }
        #expect(try judged("870").judgement == .ahead)
        #expect(try judged("890").judgement == .onCourse)
        #expect(try judged("950").judgement == .behind)
        #expect(try judged("800").judgement == .reached)
        #expect(try judged("950").arithmetic.da.contains("1.000 × 80 / 100 = 800"))
        #expect(try judged("950").arithmetic.da.contains("50 pct. af tiden"))
    }

    @Test("a baseline of another unit, or that measures something else, is never reckoned from")
    func foreignBaselines() throws {
        let target = Target(kind: .relativeChange, value: DecimalText("-20"), baseYear: 2018, year: 2022)
        for baseline in [
            Self.baseline(Self.number("15.3"), 2018, unit: .percent),
            Self.baseline(Self.number("1000"), 2018, measures: "noget andet"),
            Self.baseline(Self.number("1000"), 2016),
        ] {
            let indicator = Self.indicator([baseline], target, unit: .persons, direction: .down)
            let measure = try opening(indicator, Self.reading(Self.number("900"), 2020, unit: .persons))
            #expect(measure.judgement == .cannotBeJudged, "\(measure.arithmetic.da)")
        }
    }

    @Test("a reading of the base year is the baseline where none is printed, and says so")
    func readBaseline() throws {
        let target = Target(kind: .relativeChange, value: DecimalText("-20"), baseYear: 2018, year: 2022)
        let indicator = Self.indicator([Self.baseline(.missing, due: 2019)], target, unit: .persons, direction: .down)
        let base = Self.reading(Self.number("1000"), 2018, unit: .persons, position: 1)
        #expect(try opening(indicator, base).judgement == .noData)
        let measure = try opening(indicator, base, Self.reading(Self.number("790"), 2020, unit: .persons, position: 2))
        #expect(measure.judgement == .reached)
        #expect(measure.arithmetic.da.contains("Udgangspunktet er målingen for 2018"))
    }

    @Test("what was to be measured in 2019 is reckoned from the reading of 2019")
    func measuredBaseline() throws {
        let indicator = Self.indicator([Self.baseline(.missing, due: 2019)], Target(kind: .directionOnly))
        let first = Self.reading(Self.number("20", of: "99"), 2019, position: 1)
        #expect(try opening(indicator, first).judgement == .noData)
        #expect(
            try opening(indicator, first, Self.reading(Self.number("25", of: "99"), 2020, position: 2)).judgement
                == .onCourse)
    }

    @Test("the newest version of a target holds, and is named")
    func revised() throws {
        let indicator = Self.indicator(
            [Self.baseline(Self.number("50"), 2018)], Target(kind: .level, value: DecimalText(60), year: 2022))
        var assessor = Assessor(
            policy: Self.policy([indicator]),
            targets: [
                "p/i": [
                    TargetVersion(about: "p/i", version: 1, target: indicator.target),
                    TargetVersion(
                        about: "p/i", version: 2, target: Target(kind: .level, value: DecimalText(55), year: 2022)),
                ]
            ])
        assessor.add(Self.reading(Self.number("56", of: "9"), 2021))
        let measure = try #require(assessor.assessments().first?.measures.first)
        #expect(measure.judgement == .reached)
        #expect(measure.targetVersion == 2)
    }

    @Test("a target decided on after a deadline does not reach back to it")
    func notBackwards() throws {
        let indicator = Self.indicator(
            [Self.baseline(Self.number("50"), 2018)], Target(kind: .level, value: DecimalText(60), year: 2022))
        let policy = Self.policy([indicator], followUps: [("p/2019", .annual, "2019"), ("p/2022", .annual, "2022")])
        let lowered = TargetVersion(
            about: "p/i", version: 2, target: Target(kind: .level, value: DecimalText(55), year: 2022),
            reason: LocalizedText(da: "x"), decision: "BIU", decided: PartialDate("2021-12-01"))
        var assessor = Assessor(
            policy: policy,
            targets: ["p/i": [TargetVersion(about: "p/i", version: 1, target: indicator.target), lowered]])
        assessor.add(Self.reading(Self.number("56", of: "9"), 2019))
        let assessments = assessor.assessments()
        #expect(assessments.map(\.followUp) == ["p/opening", "p/2019", "p/2022"])
        #expect(assessments.map { $0.measures[0].targetVersion } == [2, 1, 2])
        #expect(assessments.map(\.judgement) == [.reached, .ahead, .reached])
    }

    @Test("for a follow-up only what was measured by its deadline counts; without a reading it is not judged")
    func followUps() throws {
        let indicator = Self.indicator([Self.baseline(Self.number("53"), 2018)], Target(kind: .directionOnly))
        let policy = Self.policy(
            [indicator],
            followUps: [
                ("p/2019", .annual, "2019"), ("p/2020", .annual, "2020"), ("p/2018", .annual, "2018"),
                ("p/pulje", .decision, "2020"),
            ])
        let assessments = assess(
            policy,
            [
                Self.reading(Self.number("50", of: "9"), 2019, position: 1),
                Self.reading(Self.number("60", of: "9"), 2020, position: 2),
            ])
        #expect(assessments.map(\.followUp) == ["p/opening", "p/2019", "p/2020"])
        #expect(assessments.map(\.judgement) == [.onCourse, .behind, .onCourse])
    }

    @Test("a breakdown is no reading of the whole")
    func breakdown() throws {
        let indicator = Self.indicator([Self.baseline(Self.number("53"), 2018)], Target(kind: .directionOnly))
        var part = Self.reading(Self.number("60", of: "9"), 2020)
        part.reading.breakdown = Breakdown(dimension: "koen", category: "kvinder")
        #expect(try opening(indicator, part).judgement == .noData)
    }

    // MARK: Annual targets

    private static func annual(
        _ comparator: AnnualTarget.Comparator, _ value: String?, _ unit: MeasureUnit, from: Int? = 2019, to: Int? = 2020
    ) -> AnnualTarget {
        AnnualTarget(
            id: "p/bif/x/y", initiative: "p/bif/x", what: LocalizedText(da: "Deltagere"), comparator: comparator,
            value: value.flatMap { DecimalText($0) }, unit: unit, base: LocalizedText(da: "alle"), fromYear: from,
            toYear: to, printed: "x", source: source)
    }

    @Test(
        "a year of an effort is reached or behind",
        arguments: [
            (annual(.atLeast, "350", .persons), number("350"), Attainment.Judgement.reached),
            (annual(.atLeast, "350", .persons), number("349"), .behind),
            (annual(.stated, "40", .percent), number("40", of: "210", "84"), .reached),
            (annual(.all, nil, .percent), number("99", of: "100", "99"), .behind),
            (annual(.all, nil, .percent), number("100", of: "100", "100"), .reached),
            (annual(.stated, nil, .persons), number("100"), .cannotBeJudged),
            (annual(.atLeast, "350", .persons), .suppressed, .cannotBeJudged),
            (annual(.atLeast, "350", .persons), .missing, .noData),
        ])
    func years(target: AnnualTarget, value: Value, judgement: Attainment.Judgement) throws {
        let reading = Self.reading(value, 2019, about: "p/bif/x/y", unit: target.unit ?? .count)
        let assessment = try #require(assess(Self.policy([], [target]), [reading]).first)
        #expect(assessment.goal == "p/maal")
        #expect(assessment.measures.first?.judgement == judgement, "\(assessment.measures.first?.arithmetic.da ?? "")")
    }

    @Test("the numerator and denominator stand in the arithmetic")
    func counted() throws {
        let reading = Self.reading(Self.number("40", of: "210", "84"), 2019, about: "p/bif/x/y")
        let measure = try #require(
            assess(Self.policy([], [Self.annual(.stated, "40", .percent)]), [reading]).first?.measures.first)
        #expect(measure.arithmetic.da == "2019: 84 af 210 = 40 mod 40: nået.")
    }

    @Test("half a year is held against half a number of persons, and against a whole share")
    func halfYear() throws {
        let half = Period(from: PartialDate("2019-01"), until: PartialDate("2019-06"))
        func judged(_ target: AnnualTarget, _ value: Value) -> Attainment.Judgement? {
            let reading = Self.reading(value, 2019, about: "p/bif/x/y", unit: target.unit ?? .count, period: half)
            return assess(Self.policy([], [target]), [reading]).first?.measures.first?.judgement
        }
        #expect(judged(Self.annual(.atLeast, "350", .persons), Self.number("180")) == .onCourse)
        #expect(judged(Self.annual(.atLeast, "350", .persons), Self.number("170")) == .behind)
        #expect(judged(Self.annual(.atLeast, "80", .percent), Self.number("79", of: "100")) == .behind)
    }

    @Test(
        "a part of a year that does not begin with it is never held against the year, and never pushes the year aside")
    func partOfYear() throws {
        let target = Self.annual(.atLeast, "100", .persons)
        func reading(_ from: String, _ until: String, _ value: String, _ position: Int64) -> NamedReading {
            Self.reading(
                Self.number(value), 2019, about: "p/bif/x/y", unit: .persons, position: position,
                period: Period(from: PartialDate(from), until: PartialDate(until)))
        }
        func judged(_ readings: NamedReading...) -> Attainment.Judgement? {
            assess(Self.policy([], [target]), readings).first?.measures.first?.judgement
        }
        #expect(judged(reading("2019-07", "2019-09", "90", 1)) == .cannotBeJudged)
        #expect(judged(reading("2019-07", "2019-12", "90", 1)) == .cannotBeJudged)
        #expect(judged(reading("2019", "2019", "140", 1), reading("2019-12", "2019-12", "11", 2)) == .reached)
        #expect(judged(reading("2019-12", "2019-12", "11", 1), reading("2019-01", "2019-12", "140", 2)) == .reached)
    }

    @Test("half the way in half the time is on course, leap day or not")
    func half() throws {
        let target = Target(kind: .relativeChange, value: DecimalText("-20"), baseYear: 2018, year: 2022)
        let indicator = Self.indicator(
            [Self.baseline(Self.number("10000"), 2018)], target, unit: .persons, direction: .down)
        let measure = try opening(indicator, Self.reading(Self.number("9000"), 2020, unit: .persons))
        #expect(measure.judgement == .onCourse, "\(measure.arithmetic.da)")
    }

    @Test("where only the direction is a target, it is reached when its year is over and it is better")
    func directionReached() throws {
        let target = Target(kind: .directionOnly, baseYear: 2018, year: 2022)
        let indicator = Self.indicator([Self.baseline(Self.number("7"), 2018)], target, unit: .count, direction: .down)
        #expect(try opening(indicator, Self.reading(Self.number("3"), 2022, unit: .count)).judgement == .reached)
        #expect(try opening(indicator, Self.reading(Self.number("3"), 2021, unit: .count)).judgement == .onCourse)
        #expect(try opening(indicator, Self.reading(Self.number("8"), 2022, unit: .count)).judgement == .behind)
    }

    @Test("a baseline that measures something else says of which year the indicator's own is")
    func yearOfOther() throws {
        let indicator = Self.indicator(
            [Self.baseline(Self.number("900"), 2017, measures: "noget andet")],
            Target(kind: .relativeChange, value: DecimalText("-10"), year: 2022), unit: .persons, direction: .down)
        let base = Self.reading(Self.number("1000"), 2017, unit: .persons, position: 1)
        #expect(
            try opening(indicator, base, Self.reading(Self.number("890"), 2022, unit: .persons, position: 2)).judgement
                == .reached)
    }

    @Test("a figure for a year the target does not cover is not judged by it")
    func otherYear() throws {
        let reading = Self.reading(Self.number("500"), 2021, about: "p/bif/x/y", unit: .persons)
        let assessment = assess(Self.policy([], [Self.annual(.atLeast, "350", .persons)]), [reading]).first
        #expect(assessment?.measures.first?.judgement == .noData)
    }

    // MARK: The goal

    @Test("the worst measure decides, and a goal is reached only when all its measures are judged")
    func combined() {
        func measure(_ judgement: Attainment.Judgement) -> Assessment.Measure {
            Assessment.Measure(
                about: "p/\(judgement.rawValue)", judgement: judgement, arithmetic: LocalizedText(da: "x"))
        }
        func combined(_ judgements: Attainment.Judgement...) -> Attainment.Judgement {
            let indicators = judgements.enumerated().map { index, judgement in
                Self.indicator(
                    [Self.baseline(Self.number("50"), 2018)],
                    Target(kind: .level, value: DecimalText(60), year: 2022), id: "p/i\(index)")
            }
            let readings = judgements.enumerated().compactMap { index, judgement -> NamedReading? in
                let values: [Attainment.Judgement: Value] = [
                    .behind: Self.number("50.5", of: "9"), .onCourse: Self.number("55.1", of: "9"),
                    .ahead: Self.number("59", of: "9"), .reached: Self.number("60", of: "9"),
                    .cannotBeJudged: .suppressed,
                ]
                return values[judgement].map { Self.reading($0, 2020, about: "p/i\(index)", position: Int64(index)) }
            }
            let assessment = assess(Self.policy(indicators), readings).first
            #expect(assessment?.measures.map(\.judgement) == judgements)
            return assessment?.judgement ?? .noData
        }
        #expect(combined(.reached, .reached) == .reached)
        #expect(combined(.reached, .behind) == .behind)
        #expect(combined(.reached, .ahead) == .ahead)
        #expect(combined(.reached, .noData) == .onCourse)
        #expect(combined(.noData, .behind) == .behind)
        #expect(combined(.noData, .noData) == .noData)
        #expect(combined(.cannotBeJudged, .noData) == .noData)
        #expect(combined(.cannotBeJudged, .cannotBeJudged) == .cannotBeJudged)
    }
}
