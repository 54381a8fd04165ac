import PolicyModel
import Testing
import Wire

@testable import Coordinator

@Suite("Progress")
struct ProgressTests {
    private func row(
        _ sample: MeasureSample = MeasureSample(), on text: String = "2020-06-01", of id: String = "p/andel",
        _ more: (inout LedgerMaker) throws -> Void = { _ in }
    ) throws -> ProgressView.Row {
        try #require(sample.ledger(more).progress(on: day(text)).rows.first { $0.id == id })
    }

    struct Line: CustomTestStringConvertible, Sendable {
        var why: String
        var on = "2020-06-01"
        var direction = Indicator.Direction.up
        var baseline = MeasureSample.baseline(MeasureSample.number("50"), year: "2018")
        var target = Target(kind: .level, value: DecimalText("60"), year: 2022)
        var value: String?
        var basis: ProgressView.DueNow.Basis?
        var testDescription: String { why }
    }

    @Test(
        "the target this year lies on the line from baseline to target, where direction and numbers allow one",
        arguments: [
            Line(why: "half of the way", value: "55", basis: .interpolated),
            Line(why: "a fraction is rounded to one decimal", on: "2019-02-01", value: "52.5", basis: .interpolated),
            Line(why: "the target's own year", on: "2022-02-01", value: "60", basis: .final),
            Line(why: "after the target's year", on: "2025-02-01", value: "60", basis: .final),
            Line(why: "the baseline's year", on: "2018-12-31"),
            Line(
                why: "lower is better", direction: .down,
                target: Target(kind: .relativeChange, value: DecimalText("-20"), year: 2022), value: "45",
                basis: .interpolated),
            Line(why: "a target on the wrong side of the baseline", direction: .down),
            Line(why: "parity has no line", direction: .parity),
            Line(
                why: "the policy's last year stands in for the target's",
                target: Target(kind: .percentagePoints, value: DecimalText("10")), value: "55", basis: .interpolated),
            Line(why: "a baseline without a year", baseline: MeasureSample.baseline(MeasureSample.number("50"))),
            Line(
                why: "a baseline of something else",
                baseline: MeasureSample.baseline(MeasureSample.number("50"), year: "2018", measures: "Noget andet")),
            Line(
                why: "a baseline in another unit",
                baseline: MeasureSample.baseline(MeasureSample.number("50"), unit: .persons, year: "2018")),
            Line(why: "a baseline to be measured", baseline: MeasureSample.baseline(.missing, due: "2019")),
            Line(why: "a target without a number", target: Target(kind: .directionOnly, year: 2022)),
        ])
    func line(_ item: Line) throws {
        var sample = MeasureSample()
        sample.indicator.direction = item.direction
        sample.indicator.baselines = [item.baseline]
        sample.indicator.target = item.target
        let row = try row(sample, on: item.on)
        #expect(row.dueNow?.value?.description == item.value)
        #expect(row.dueNow?.basis == item.basis)
    }

    @Test("a reading of the year in which the baseline was to be measured stands in for it, and of the base year")
    func measuredBaseline() throws {
        for (base, due) in [(nil, "2019"), (2019, nil)] as [(Int?, String?)] {
            var sample = MeasureSample()
            sample.indicator.unit = .persons
            sample.indicator.direction = .down
            sample.indicator.baselines = [
                due.map { MeasureSample.baseline(.missing, due: $0) }
                    ?? MeasureSample.baseline(MeasureSample.number("15.3"), unit: .percent, measures: "En andel")
            ]
            sample.indicator.target = Target(
                kind: .relativeChange, value: DecimalText("-30"), baseYear: base, year: 2022)
            #expect(try row(sample).dueNow == nil)
            let row = try row(sample) {
                try $0.add("BIF", MeasureSample.reading(MeasureSample.number("1000"), "2019", unit: .persons))
            }
            #expect(row.measuredBaseline?.value == MeasureSample.number("1000"))
            #expect(row.target.end?.description == "700" && row.dueNow?.value?.description == "900")
        }
    }

    @Test("a printed baseline of another year than the target's base is not reckoned from")
    func otherYear() throws {
        var sample = MeasureSample()
        sample.indicator.target = Target(kind: .percentagePoints, value: DecimalText("5"), baseYear: 2017, year: 2022)
        let row = try row(sample)
        #expect(row.reckonedFrom == nil && row.target.end == nil && row.dueNow == nil)
    }

    @Test("a line says from where to where, and whether the year of its end is printed")
    func lineEnds() throws {
        let due = try #require(try row().dueNow)
        #expect([due.from, due.to].map { $0?.description } == ["50", "60"])
        #expect([due.fromYear, due.toYear] == [2018, 2022] && due.toYearBasis == .printed)
        var sample = MeasureSample()
        sample.indicator.target = Target(kind: .level, value: DecimalText("60"))
        #expect(try row(sample).dueNow?.toYearBasis == .derived)
    }

    @Test(
        "an annual target holds in its years and no others",
        arguments: [("2018-12-31", nil), ("2019-01-01", "30"), ("2020-12-31", "30"), ("2021-01-01", nil)])
    func annual(on: String, value: String?) throws {
        let row = try row(on: on, of: "p/bif/kursus/deltagere")
        #expect(row.dueNow?.value?.description == value)
        #expect(row.goal == "p/maal" && row.reporters == ["BIF"] && row.direction == .up)
    }

    @Test("of an annual target the year so far is shown, and no part of it by itself, nor a year it does not cover")
    func yearSoFar() throws {
        let about = "p/bif/kursus/deltagere"
        func reading(_ from: String, _ until: String, _ value: String) -> Reading {
            Reading(
                about: about, unit: .persons, period: Period(from: PartialDate(from), until: PartialDate(until)),
                value: MeasureSample.number(value))
        }
        let row = try row(on: "2022-01-01", of: about) { maker in
            try maker.add("BIF", reading("2020-01", "2020-06", "18"))
            try maker.add("BIF", reading("2020-07", "2020-09", "9"))
            try maker.add("BIF", reading("2021", "2021", "77"))
        }
        #expect(row.latest?.value == MeasureSample.number("18"))
    }

    @Test("the latest reading is the rightful one of the latest period that has ended by the reference date")
    func latest() throws {
        let row = try row { maker in
            try maker.add("BIF", MeasureSample.reading(MeasureSample.number("52"), "2019"))
            try maker.add("BIF", MeasureSample.reading(MeasureSample.number("51"), "2018"))
            try maker.add("BIF", MeasureSample.reading(MeasureSample.number("99"), "2020"))
            try maker.add("ØKF", MeasureSample.reading(MeasureSample.number("98"), "2020-03"))
        }
        #expect(row.latest?.value == MeasureSample.number("52"))
        #expect(row.before?.value == MeasureSample.number("51"))
        #expect(row.trend == .better && row.state == .measured)
    }

    struct Pair: CustomTestStringConvertible, Sendable {
        var why: String
        var direction = Indicator.Direction.up
        var values = ["50", "52"]
        var references: [String?] = [nil, nil]
        var trend: ProgressView.Trend?
        var testDescription: String { why }
    }

    @Test(
        "the trend says better or worse as the direction does",
        arguments: [
            Pair(why: "up and higher", trend: .better), Pair(why: "up and lower", values: ["52", "50"], trend: .worse),
            Pair(why: "down and lower", direction: .down, values: ["52", "50"], trend: .better),
            Pair(why: "down and higher", direction: .down, trend: .worse),
            Pair(why: "the same", values: ["50", "50.0"], trend: .same),
            Pair(why: "parity comes nearer", direction: .parity, references: ["60", "58"], trend: .better),
            Pair(
                why: "parity moves apart on the other side", direction: .parity, values: ["61", "62"],
                references: ["60", "58"], trend: .worse),
            Pair(why: "parity without what to compare with", direction: .parity),
        ])
    func trend(_ item: Pair) throws {
        var sample = MeasureSample()
        sample.indicator.direction = item.direction
        let row = try row(sample) { maker in
            for (index, value) in item.values.enumerated() {
                try maker.add(
                    "BIF",
                    MeasureSample.reading(
                        MeasureSample.number(value), "\(2018 + index)", reference: item.references[index]))
            }
        }
        #expect(row.trend == item.trend)
    }

    @Test(
        "suppressed, missing and not applicable are three states, and no trend comes of them",
        arguments: [
            (Value.suppressed, ProgressView.State.suppressed), (.missing, .toBeMeasured),
            (.notApplicable, .notApplicable),
        ])
    func states(value: Value, state: ProgressView.State) throws {
        let row = try row { maker in
            try maker.add("BIF", MeasureSample.reading(MeasureSample.number("51"), "2018"))
            try maker.add("BIF", MeasureSample.reading(value, "2019"))
        }
        #expect(row.state == state && row.latest?.value == value && row.trend == nil)
    }

    @Test("the newest version of a target holds, and the old value stays beside it")
    func revised() throws {
        let revision = TargetVersion(
            about: "p/andel", version: 2, target: Target(kind: .level, value: DecimalText("58"), year: 2022),
            reason: LocalizedText(da: "For højt"), decision: "BIU")
        let row = try row { try $0.add("p", revision) }
        #expect(row.isRevised && row.targets.map { $0.end?.description } == ["60", "58"])
        #expect(row.target.reason?.da == "For højt" && row.dueNow?.value?.description == "54")
    }

    @Test("a target that somebody else publishes changes nothing")
    func foreignTarget() throws {
        let revision = TargetVersion(
            about: "p/andel", version: 2, target: Target(kind: .level, value: DecimalText("58")),
            reason: LocalizedText(da: "Nej"), decision: "BIU")
        #expect(try !row { try $0.add("BIF", revision) }.isRevised)
    }

    @Test(
        "of several judgements the one of the reading shown stands there, also where another follow-up is the current one"
    )
    func judgementOfLatest() throws {
        var sample = MeasureSample()
        sample.followUps.append(Sample.followUp("p/2020", due: "2020-12-31"))
        let row = try row(sample) { maker in
            let first = try maker.add("BIF", MeasureSample.reading(MeasureSample.number("51"), "2019"))
            let last = try maker.add("BIF", MeasureSample.reading(MeasureSample.number("53"), "2020-03"))
            try maker.add("p", MeasureSample.assessment(.behind, "p/2019", reading: first))
            try maker.add("p", MeasureSample.assessment(.ahead, "p/2020", reading: last))
            try maker.add("p", MeasureSample.assessment(.onCourse, "p/opening", reading: last))
        }
        #expect(row.assessment?.judgement == .ahead && row.assessment?.isOfLatest == true)
    }

    @Test("the judgement is the plugin's, of the current follow-up before the opening; without one there is none")
    func judgement() throws {
        #expect(try row().assessment == nil)
        let opening = try row { try $0.add("p", MeasureSample.assessment(.behind, "p/opening")) }
        #expect(opening.assessment?.judgement == .behind && opening.assessment?.followUp == "p/opening")
        let both = try row { maker in
            try maker.add("p", MeasureSample.assessment(.behind, "p/opening"))
            try maker.add("p", MeasureSample.assessment(.ahead, "p/2019"))
        }
        #expect(both.assessment?.judgement == .ahead && both.assessment?.arithmetic.da == "Sådan.")
        let foreign = try row { try $0.add("BIF", MeasureSample.assessment(.reached, "p/2019")) }
        #expect(foreign.assessment == nil)
    }

    @Test("a judgement says whether it is of the reading shown beside it")
    func judgedReading() throws {
        for isLatest in [true, false] {
            let row = try row { maker in
                let first = try maker.add("BIF", MeasureSample.reading(MeasureSample.number("51"), "2018"))
                let last = try maker.add("BIF", MeasureSample.reading(MeasureSample.number("52"), "2019"))
                let judged = isLatest ? last : first
                try maker.add("p", MeasureSample.assessment(.behind, "p/2019", reading: judged))
            }
            #expect(row.assessment?.isOfLatest == isLatest)
        }
    }

    @Test("counts add up: what is measured, and what is judged")
    func counts() throws {
        let state = try MeasureSample().ledger { maker in
            try maker.add("BIF", MeasureSample.reading(.suppressed, "2019"))
            try maker.add("p", MeasureSample.assessment(.cannotBeJudged, "p/2019"))
        }
        let part = try #require(state.progress(on: day("2020-06-01")).policies.first)
        #expect(part.counts.measures == 2 && part.counts.suppressed == 1 && part.counts.toBeMeasured == 1)
        #expect(part.counts.notJudgeable == 1 && part.counts.notAssessed == 1 && part.counts.judged == 0)
    }

    @Test("a policy whose plugin is behind says so until it has caught up")
    func unassessed() throws {
        let behind = try MeasureSample().ledger().progress(on: day("2020-06-01"))
        #expect(behind.policies.first?.unassessed == LedgerUnassessed(policy: "p", assessedUpTo: 0, lastRecord: 3))
        let done = try MeasureSample().ledger { try $0.add("p", Assessed(policy: "p", upTo: 3)) }
        #expect(done.progress(on: day("2020-06-01")).policies.first?.unassessed == nil)
    }

    @Test("each named criterion has its latest reading, and none is made up for the whole")
    func criteria() throws {
        var sample = MeasureSample()
        sample.indicator.unit = .count
        sample.indicator.target = Target(kind: .atLeastKOfN, value: DecimalText("1"), of: DecimalText("2"))
        sample.indicator.criteria = ["ledighed", "bolig"].map {
            Indicator.Criterion(id: $0, title: LocalizedText(da: $0), basis: .configured)
        }
        let row = try row(sample) { maker in
            var reading = MeasureSample.reading(MeasureSample.number("1"), "2019", unit: .count)
            reading.breakdown = Breakdown(dimension: Breakdown.criterion, category: "ledighed")
            try maker.add("BIF", reading)
        }
        #expect(row.criteria.map(\.latest?.value) == [MeasureSample.number("1"), nil])
        #expect(row.latest == nil && row.state == .toBeMeasured)
    }

    @Test("rows stand by goal, and a measure whose goal is not known stands last, not left out")
    func order() throws {
        var maker = LedgerMaker()
        try maker.add("p", MeasureSample().policy)
        let view = maker.state.progress(on: day("2020-06-01"))
        #expect(view.rows.map(\.id) == ["p/andel", "p/bif/kursus/deltagere"])
        #expect(view.rows.map(\.goal) == ["p/maal", nil])
        #expect(view.goals.map(\.id) == ["p/maal"])
    }
}
