import Foundation

/// A reading with the record that says it.
public struct NamedReading: Hashable, Sendable {
    public var name: RecordName
    /// Its place in the ledger: of two about the same period, the later counts.
    public var position: Int64
    public var reading: Reading

    public init(name: RecordName, position: Int64, reading: Reading) {
        self.name = name
        self.position = position
        self.reading = reading
    }
}

/// What one indicator or annual target is judged by; a policy's own rules get it too.
public struct MeasureFacts: Sendable {
    public enum Measure: Sendable {
        case indicator(Indicator)
        case annualTarget(AnnualTarget)
    }
    /// With the target that holds: its newest version.
    public var measure: Measure
    /// The reading to be judged: the newest of the whole; nil where there is none.
    public var actual: NamedReading?
    /// What the rules that hold for all policies say.
    public var general: Attainment
    /// The newest reading of each measure, period and breakdown of the policy that counts for the follow-up.
    let readings: [String: [NamedReading]]

    /// The indicator's or annual target's id.
    public var id: String {
        switch measure {
        case .indicator(let indicator): indicator.id
        case .annualTarget(let target): target.id
        }
    }

    /// What was read of another measure, or of a part of this one, for the period of the reading that is judged.
    public func companion(_ about: String, breakdown: Breakdown? = nil) -> Reading? {
        guard let actual else { return nil }
        return readings[about]?.last {
            $0.reading.period == actual.reading.period && $0.reading.breakdown == breakdown
        }?.reading
    }
}

/// Judges the goals of one policy from its definition, its targets and the readings of those who report. Pure: no clock; a
/// measurement is held against the time that had passed when its period ended.
public struct Assessor: Sendable {
    public var policy: Policy
    /// By measure, oldest version first. What is not here has the target of the policy, as version 1.
    public var targets: [String: [TargetVersion]]
    /// The goals of each initiative, by id: an effort's annual targets count for them.
    public var goals: [String: [String]]
    private var readings: [String: [NamedReading]] = [:]

    public init(policy: Policy, targets: [String: [TargetVersion]] = [:], goals: [String: [String]] = [:]) {
        self.policy = policy
        self.targets = targets
        self.goals = goals
    }

    /// Takes in a reading, which supersedes an earlier one of the same period and breakdown. Only those of forvaltninger
    /// that report the measure are to be given.
    public mutating func add(_ reading: NamedReading) {
        var known = readings[reading.reading.about] ?? []
        known.removeAll { $0.reading.identity == reading.reading.identity }
        known.append(reading)
        known.sort { $0.reading.isEarlier(than: $1.reading, $0.position < $1.position) }
        readings[reading.reading.about] = known
    }

    /// Forgets a reading: its record was redacted. The one it superseded does not count again.
    public mutating func remove(_ record: RecordName) {
        for (about, known) in readings { readings[about] = known.filter { $0.name != record } }
    }

    /// Forgets what was read under an identity (`Reading.identity`).
    public mutating func remove(identity: String) {
        for (about, known) in readings { readings[about] = known.filter { $0.reading.identity != identity } }
    }

    /// One for each goal that can have one, for the opening and for each follow-up that evaluates the policy and has a reading
    /// to go by. In the order of the policy.
    ///
    /// - Parameter rule: a policy's own say on a measure; `facts.general` where it has none.
    public func assessments(_ rule: (MeasureFacts) -> Attainment = { $0.general }) -> [Assessment] {
        let evaluating: Set<FollowUp.Kind> = [.annual, .midTerm, .final]
        var assessments: [Assessment] = []
        for followUp in policy.followUps {
            let isOpening = followUp.id == policy.openingID
            guard isOpening || evaluating.contains(followUp.kind) else { continue }
            let deadline = followUp.due?.date.lastDay
            guard isOpening || deadline != nil else { continue }
            let counting = readings.mapValues { all in
                deadline.map { deadline in all.filter { $0.reading.endsOn <= deadline } } ?? all
            }
            for goal in assessedGoals {
                let measures = measures(of: goal)
                guard isOpening || measures.contains(where: { !(counting[$0.id] ?? []).isEmpty }) else { continue }
                let judged = measures.map { judge($0, counting, deadline: isOpening ? nil : deadline, rule) }
                let whole = Attainment(combining: judged)
                assessments.append(
                    Assessment(
                        goal: goal.id, followUp: followUp.id, judgement: whole.judgement, arithmetic: whole.arithmetic,
                        measures: judged))
            }
        }
        return assessments
    }

    /// Goals with a measure of their own, and those at the ends of the tree; a vision and a principle are not attained.
    private var assessedGoals: [Goal] {
        let parents = Set(policy.goals.compactMap(\.parent))
        return policy.goals.filter { goal in
            goal.kind != .vision && goal.kind != .principle
                && (!parents.contains(goal.id) || !measures(of: goal).isEmpty)
        }
    }

    private enum Measured {
        case indicator(Indicator)
        case annualTarget(AnnualTarget)
        var id: String {
            switch self {
            case .indicator(let indicator): indicator.id
            case .annualTarget(let target): target.id
            }
        }
    }

    private func measures(of goal: Goal) -> [Measured] {
        policy.indicators.filter { $0.goal == goal.id }.map(Measured.indicator)
            + policy.annualTargets.filter { goals[$0.initiative]?.contains(goal.id) ?? false }
            .map(Measured.annualTarget)
    }

    private func judge(
        _ measured: Measured, _ counting: [String: [NamedReading]], deadline: Day?,
        _ rule: (MeasureFacts) -> Attainment
    ) -> Assessment.Measure {
        let whole = (counting[measured.id] ?? []).filter { $0.reading.breakdown == nil }
        // A target decided on after a deadline says nothing of what was due by it.
        let newest = targets[measured.id]?.last { version in
            guard let deadline, let decided = version.decided else { return true }
            return decided.firstDay <= deadline
        }
        let facts: MeasureFacts
        switch measured {
        case .indicator(var indicator):
            indicator.target = newest?.target ?? indicator.target
            facts = MeasureFacts(
                measure: .indicator(indicator), actual: whole.last, general: attainment(indicator, whole),
                readings: counting)
        case .annualTarget(let first):
            let target = newest?.annualTarget ?? first
            let actual = target.latest(among: whole, reading: \.reading)
            facts = MeasureFacts(
                measure: .annualTarget(target), actual: actual,
                general: Attainment(target, period: actual?.reading.period, actual: actual?.reading.value ?? .missing),
                readings: counting)
        }
        let attainment = rule(facts)
        return Assessment.Measure(
            about: measured.id, judgement: attainment.judgement, arithmetic: attainment.arithmetic,
            reading: facts.actual?.name, period: facts.actual?.reading.period, value: facts.actual?.reading.value,
            targetVersion: newest?.version ?? 1)
    }

    private func attainment(_ indicator: Indicator, _ whole: [NamedReading]) -> Attainment {
        guard let actual = whole.last else {
            return Attainment(.noData, LocalizedText(da: "Ikke målt endnu.", en: "Not measured yet."))
        }
        guard actual.reading.unit == indicator.unit else {
            return Attainment(
                .cannotBeJudged,
                LocalizedText(
                    da: "Målingen er i \(actual.reading.unit.rawValue), indikatoren i \(indicator.unit.rawValue).",
                    en:
                        "The reading is in \(actual.reading.unit.rawValue), the indicator in \(indicator.unit.rawValue)."
                ))
        }
        let (baseline, reading) = baseline(of: indicator, whole)
        if let reading, reading.name == actual.name {
            return Attainment(
                .noData,
                LocalizedText(
                    da: "Udgangspunktet er målt (\(reading.reading.period)); der er ingen senere måling.",
                    en: "The baseline is measured (\(reading.reading.period)); there is no later reading."))
        }
        var attainment = Attainment(
            AttainmentFacts(
                direction: indicator.direction, target: indicator.target, baseline: baseline,
                actual: actual.reading.value, reference: actual.reading.reference,
                elapsed: elapsed(indicator, reading, at: actual.reading.endsOn)))
        if let reading {
            attainment.arithmetic.da += " Udgangspunktet er målingen for \(reading.reading.period)."
            attainment.arithmetic.en? += " The baseline is the reading of \(reading.reading.period)."
        }
        return attainment
    }

    /// What a judgement reckons from: the baseline the target counts from, or the reading that stands in for it.
    private func baseline(of indicator: Indicator, _ whole: [NamedReading]) -> (Value, NamedReading?) {
        if let printed = indicator.reckonedFrom(indicator.target) { return (printed.value, nil) }
        let reading = indicator.measuredBaseline(indicator.target, among: whole, reading: \.reading)
        return (reading?.reading.value ?? .missing, reading)
    }

    /// The share of the way in time that had passed on `day`, 0 to 1; nil where an end of it is not known.
    private func elapsed(_ indicator: Indicator, _ reading: NamedReading?, at day: Day) -> Decimal? {
        let target = indicator.target
        let start =
            target.baseYear.flatMap { PartialDate("\($0)")?.lastDay } ?? reading?.reading.endsOn
            ?? indicator.reckonedFrom(target)?.period?.until?.lastDay ?? policy.period.from?.firstDay
        let end = target.year.flatMap { PartialDate("\($0)")?.lastDay } ?? policy.period.until?.lastDay
        guard let start, let end, start < end else { return nil }
        return min(1, max(0, (day.inYears - start.inYears) / (end.inYears - start.inYears)))
    }
}

extension Day {
    /// When it ends, in years: 2018-12-31 is 2019, and two years later 2021, leap day or not.
    var inYears: Decimal {
        let first = Day(year: year, month: 1, day: 1)
        let length = Day(year: year, month: 12, day: 31).days(since: first) + 1
        return Decimal(year) + Decimal(days(since: first) + 1) / Decimal(length)
    }
}

extension AnnualTarget {
    /// Whether it is set for the year that `period` lies in.
    public func covers(_ period: Period) -> Bool {
        guard let until = period.until?.year, (period.from?.year ?? until) == until else { return false }
        return covers(year: until)
    }

    /// Whether it is set for this year.
    public func covers(year: Int) -> Bool { (fromYear ?? year) <= year && year <= (toYear ?? year) }
}

extension AnnualTarget {
    /// Of readings of the whole, oldest first, the one that counts: the newest that runs from its year's first day, since a month
    /// or quarter by itself is only ever a part of the year; where there is none, the newest part. Nil where none is of the
    /// target's years (or of `year`).
    public func latest<Item>(among readings: [Item], in year: Int? = nil, reading: (Item) -> Reading) -> Item? {
        let covered = readings.filter { item in
            let item = reading(item)
            return covers(item.period) && (year ?? item.endsOn.year) == item.endsOn.year
        }
        return covered.last { reading($0).period.beginsWithYear } ?? covered.last
    }
}

extension Attainment {
    /// Judges a year of an effort. A year that has not run out is held against as much of a number of persons or things as of the
    /// year had passed; a share against the whole target.
    init(_ target: AnnualTarget, period: Period?, actual: Value) {
        func cannot(_ da: String, _ en: String) -> Attainment {
            Attainment(.cannotBeJudged, LocalizedText(da: da, en: en))
        }
        let goal = target.comparator == .all ? DecimalText(100) : target.value
        guard let goal, let wanted = Decimal(string: goal.description) else {
            self = cannot("Målet er ord, ikke et tal.", "The target is words, not a number.")
            return
        }
        guard case .number(let text, let numerator, let denominator) = actual,
            let number = Decimal(string: text.description), let period, let last = period.until?.lastDay
        else {
            switch actual {
            case .suppressed:
                self = cannot("Tallet er for lille til at blive vist.", "The figure is too small to be shown.")
            case .notApplicable: self = cannot("Ikke relevant.", "Not applicable.")
            default: self = Attainment(.noData, LocalizedText(da: "Ikke målt endnu.", en: "Not measured yet."))
            }
            return
        }
        guard period.beginsWithYear else {
            self = cannot(
                "Kun en del af året er opgivet (\(period)); målet gælder hele året.",
                "Only a part of the year is reported (\(period)); the target is for all of it.")
            return
        }
        func counted(_ of: String, _ language: Language) -> String {
            guard let numerator, let denominator else { return "" }
            return "\(numerator.text(in: language)) \(of) \(denominator.text(in: language)) = "
        }
        let comparator =
            switch target.comparator {
            case .atLeast: ("mindst \(goal.text(in: .danish))", "at least \(goal.text(in: .english))")
            case .all: ("alle (100)", "all (100)")
            case .stated: (goal.text(in: .danish), goal.text(in: .english))
            }
        var words = LocalizedText(
            da: "\(period): \(counted("af", .danish))\(text.text(in: .danish)) mod \(comparator.0)",
            en: "\(period): \(counted("of", .english))\(text.text(in: .english)) against \(comparator.1)")
        if number >= wanted {
            self = Attainment(.reached, LocalizedText(da: words.da + ": nået.", en: (words.en ?? "") + ": reached."))
            return
        }
        let year = (first: PartialDate("\(last.year)")?.firstDay, last: PartialDate("\(last.year)")?.lastDay)
        guard let yearEnd = year.last, let yearStart = year.first, last < yearEnd, target.unit != .percent else {
            self = Attainment(
                .behind, LocalizedText(da: words.da + ": ikke nået.", en: (words.en ?? "") + ": not reached."))
            return
        }
        let passed = Decimal(last.days(since: yearStart) + 1) / Decimal(yearEnd.days(since: yearStart) + 1)
        words.da +=
            "; året er ikke omme, og så langt inde i det svarer målet til \(spoken(rounded(wanted * passed), .danish))."
        words.en? +=
            "; the year is not over, and so far into it the target comes to \(spoken(rounded(wanted * passed), .english))."
        self = Attainment(number >= wanted * passed ? .onCourse : .behind, words)
    }

    /// A goal's judgement from those of its measures: the worst that could be judged; reached or ahead only when every measure
    /// was judged.
    init(combining measures: [Assessment.Measure]) {
        guard !measures.isEmpty else {
            self = Attainment(
                .cannotBeJudged,
                LocalizedText(
                    da: "Målet har ingen indikator og intet årligt måltal.",
                    en: "The goal has no indicator and no annual target."))
            return
        }
        let order: [Judgement] = [.behind, .onCourse, .ahead, .reached]
        let judged = measures.compactMap { order.firstIndex(of: $0.judgement) }
        let words = LocalizedText(
            da: "\(judged.count) af \(measures.count) kan bedømmes",
            en: "\(judged.count) of \(measures.count) can be judged")
        guard let worst = judged.min() else {
            let isUnmeasured = measures.contains { $0.judgement == .noData }
            self = Attainment(
                isUnmeasured ? .noData : .cannotBeJudged,
                LocalizedText(da: words.da + ".", en: (words.en ?? "") + "."))
            return
        }
        let deciding = measures.filter { order.firstIndex(of: $0.judgement) == worst }.map(\.about)
            .joined(separator: ", ")
        let isWhole = judged.count == measures.count
        let judgement = isWhole ? order[worst] : order[min(worst, 1)]
        let cap = isWhole || worst < 2
        self = Attainment(
            judgement,
            LocalizedText(
                da: words.da + "; ringest: \(deciding)."
                    + (cap ? "" : " Nået er målet først, når alle er bedømt."),
                en: (words.en ?? "") + "; the lowest: \(deciding)."
                    + (cap ? "" : " The goal is reached only when all are judged.")))
    }
}

private func rounded(_ value: Decimal) -> Decimal {
    var value = value
    var result = Decimal()
    NSDecimalRound(&result, &value, 0, .plain)
    return result
}
