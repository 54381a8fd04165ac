import Coordinator
import PolicyModel

/// A made-up policy whose indicators have been read: each state of a value, a revised target, a breakdown, a baseline that was
/// measured, years of an effort; judged by the rules that hold for all policies.
enum Read {
    static func year(_ year: Int) -> Period { Period(from: PartialDate("\(year)"), until: PartialDate("\(year)")) }

    static func reading(
        _ about: String, _ year: Int, _ value: Value, unit: MeasureUnit = .percent, breakdown: Breakdown? = nil,
        reference: Value? = nil
    ) -> Reading {
        Reading(
            about: "p/\(about)", unit: unit, period: Self.year(year), breakdown: breakdown, value: value,
            reference: reference,
            dataSource: breakdown == nil && year == 2020 ? "Registeret" : nil,
            dataDate: breakdown == nil && year == 2020 ? PartialDate("2021-01-04") : nil,
            comment: value.number == nil ? LocalizedText(da: "Derfor.", en: "That is why.") : nil)
    }

    static func share(_ number: String, _ numerator: Int, _ denominator: Int) -> Value {
        .number(DecimalText(number)!, numerator: DecimalText(numerator), denominator: DecimalText(denominator))
    }

    static var policy: Policy {
        var policy = Measured.policy
        policy.indicators = policy.indicators.filter {
            ["p/andel", "p/niveau", "p/mindst", "p/alle", "p/lige"].contains($0.id)
        }
        policy.indicators.append(
            Measured.indicator(
                "foerste", unit: .persons, direction: .down, [Measured.baseline(.missing, "måles", due: "2019")],
                Measured.target(.relativeChange, "-20", year: 2021)))
        policy.annualTargets = [policy.annualTargets[0]]
        return policy
    }

    static let readings: [Reading] = [
        reading("andel", 2018, share("54", 54, 100)), reading("andel", 2019, share("55", 55, 100)),
        reading("andel", 2020, share("57", 57, 100)),
        reading("andel", 2020, share("51", 25, 49), breakdown: Breakdown(dimension: "koen", category: "kvinder")),
        reading("andel", 2020, .suppressed, breakdown: Breakdown(dimension: "koen", category: "andre")),
        reading("niveau", 2020, .suppressed), reading("mindst", 2020, .missing), reading("alle", 2020, .notApplicable),
        reading("lige", 2020, share("13", 13, 100), reference: share("13.5", 27, 200)),
        reading("foerste", 2019, .number(DecimalText(1000)), unit: .persons),
        reading("foerste", 2020, .number(DecimalText(1100)), unit: .persons),
        reading("bif/kursus/fuldfoert", 2019, share("60", 6, 10)),
        reading("bif/kursus/fuldfoert", 2020, share("80", 8, 10)),
    ]

    static let revised = TargetVersion(
        about: "p/andel", version: 2, target: Measured.target(.percentagePoints, "8", base: 2017, year: 2022),
        reason: LocalizedText(da: "Det gik hurtigere end ventet.", en: "It went faster than expected."),
        decision: "BIU 3. marts 2020, punkt 4")

    /// - Parameter judged: whether the policy's plugin has judged what was read.
    static func ledger(judged: Bool = true) throws -> LedgerState {
        var maker = LedgerMaker()
        maker.received = "2021-02-01T08:00:00.000Z"
        var city = Sample.city
        city.dimensions = [Dimension(id: "koen", name: LocalizedText(da: "Køn", en: "Gender"))]
        try maker.add("coordinator", city)
        try maker.add("p", policy)
        for target in policy.statedTargets { try maker.add("p", target) }
        try maker.add("p", revised)
        try maker.add("BIF", Sample.initiative("p/bif/kursus", title: "Kursus", goals: ["p/job"]))
        var assessor = Assessor(
            policy: policy,
            targets: [
                "p/andel": policy.statedTargets.filter { $0.about == "p/andel" } + [revised]
            ], goals: ["p/bif/kursus": ["p/job"]])
        for reading in readings {
            let name = try maker.add("BIF", reading)
            assessor.add(NamedReading(name: name, position: maker.state.position, reading: reading))
        }
        // Nobody asked ØKF: what it says of the indicator stands beside, and is not shown as the reading.
        try maker.add("ØKF", reading("andel", 2020, share("99", 99, 100)))
        let last = maker.state.position
        guard judged else { return maker.state }
        for assessment in assessor.assessments() { try maker.add("p", assessment) }
        try maker.add("p", Assessed(policy: "p", upTo: last))
        return maker.state
    }
}
