import PolicyModel
import Wire

@testable import Coordinator

/// A policy `p` of 2018 to 2022 with one indicator and one effort with an annual target, which a test changes as it needs.
struct MeasureSample {
    var indicator = Indicator(
        id: "p/andel", goal: "p/maal", title: LocalizedText(da: "Andelen"), titleBasis: .printed, unit: .percent,
        population: LocalizedText(da: "Borgere"), direction: .up, directionBasis: .printed, bodies: ["BIU"],
        reporters: ["BIF"], reportersBasis: .derived, baselines: [baseline(number("50"), year: "2018")],
        target: Target(kind: .level, value: DecimalText("60"), year: 2022), source: Sample.source)
    var annual = AnnualTarget(
        id: "p/bif/kursus/deltagere", initiative: "p/bif/kursus", what: LocalizedText(da: "Deltagere"),
        comparator: .atLeast, value: DecimalText("30"), unit: .persons, fromYear: 2019, toYear: 2020, printed: "30",
        source: Sample.source)
    var followUps = [
        Sample.followUp("p/opening", owedBy: [], kind: .opening),
        Sample.followUp("p/2019", opens: "2019-12", due: "2019-12-31"),
    ]

    var policy: Policy {
        var policy = Sample.policy(followUps)
        policy.period = Period(from: PartialDate("2018"), until: PartialDate("2022"))
        policy.indicators = [indicator]
        policy.annualTargets = [annual]
        return policy
    }

    /// City, policy and effort; then what `more` adds.
    func ledger(_ more: (inout LedgerMaker) throws -> Void = { _ in }) throws -> LedgerState {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", policy)
        try maker.add("BIF", Sample.initiative("p/bif/kursus"))
        try more(&maker)
        return maker.state
    }

    static func number(_ text: String) -> Value { .number(DecimalText(text)!) }

    static func baseline(
        _ value: Value, unit: MeasureUnit? = nil, year: String? = nil, measures: String? = nil, due: String? = nil
    ) -> Baseline {
        let date = year.flatMap { PartialDate($0) }
        return Baseline(
            value: value, unit: unit, period: date.map { Period(from: $0, until: $0) },
            measures: measures.map { LocalizedText(da: $0) }, due: due.flatMap { PartialDate($0) }, printed: "ordene",
            source: Sample.source)
    }

    static func reading(
        _ value: Value, _ period: String, about: String = "p/andel", reference: String? = nil,
        unit: MeasureUnit = .percent
    ) -> Reading {
        let date = PartialDate(period)!
        return Reading(
            about: about, unit: unit, period: Period(from: date, until: date), value: value,
            reference: reference.map(number),
            comment: value.number == nil ? LocalizedText(da: "Derfor.") : nil)
    }

    static func assessment(
        _ judgement: Attainment.Judgement, _ followUp: String, reading: RecordName? = nil, about: String = "p/andel"
    ) -> Assessment {
        let words = LocalizedText(da: "Sådan.")
        return Assessment(
            goal: "p/maal", followUp: followUp, judgement: judgement, arithmetic: words,
            measures: [.init(about: about, judgement: judgement, arithmetic: words, reading: reading)])
    }
}
