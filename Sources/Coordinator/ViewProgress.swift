internal import Foundation
public import PolicyModel

/// How far each goal has come, by its indicators and annual targets: baseline, target this year, latest reading, final target.
///
/// The view reckons and never judges: judgements are those the policy's own plugin published.
public struct ProgressView: Hashable, Sendable, Codable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case indicator
        case annualTarget = "annual_target"
    }

    /// What is known of a measure on the reference date. Suppressed is measured and not shown; it is never missing.
    public enum State: String, Codable, Sendable, CaseIterable {
        case measured, suppressed
        /// No reading, or one that says there is no value yet.
        case toBeMeasured = "to_be_measured"
        case notApplicable = "not_applicable"
    }

    /// How the last reading stands against the one before, as the measure's direction says.
    public enum Trend: String, Codable, Sendable, CaseIterable { case better, worse, same }

    /// One reading that counts.
    public struct Measured: Hashable, Sendable, Codable {
        public var record: RecordName
        public var position: Int64
        public var period: Period
        public var value: Value
        /// With parity: the figure it is held against.
        public var reference: Value?
        public var unit: MeasureUnit
        public var comment: LocalizedText?
    }

    /// One version of a target.
    public struct TargetFact: Hashable, Sendable, Codable {
        /// From 1.
        public var version: Int
        /// Of an indicator.
        public var target: Target?
        /// Of an effort.
        public var annualTarget: AnnualTarget?
        /// What an indicator's target comes to, in its unit and not rounded; nil where there is no number to come to.
        public var end: DecimalText?
        public var reason: LocalizedText?
        public var decision: String?
        /// The record that says it; nil where only the policy does.
        public var record: RecordName?
    }

    /// Where a measure is to be in the year of the reference date.
    public struct DueNow: Hashable, Sendable, Codable {
        public enum Basis: String, Codable, Sendable, CaseIterable {
            /// On the straight line between baseline and target: reckoned, stated by nobody.
            case interpolated
            /// The target's own year is here or past.
            case final
            /// The annual target of the year.
            case annual
        }
        public var year: Int
        public var basis: Basis
        /// Nil where an annual target is words only.
        public var value: DecimalText?
        /// With `interpolated`: the two ends of the line, and whether the year of its end is printed or the policy's last.
        public var from: DecimalText?
        public var fromYear: Int?
        public var to: DecimalText?
        public var toYear: Int?
        public var toYearBasis: PolicyModel.Basis?
    }

    /// One of the n of "at least k of n", with its latest reading.
    public struct CriterionFact: Hashable, Sendable, Codable {
        public var id: String
        public var title: LocalizedText
        /// Nil: no reading.
        public var latest: Measured?
    }

    /// What the policy's plugin judged.
    public struct Judged: Hashable, Sendable, Codable {
        /// The follow-up it is for: the current one, or the opening where there is none for that.
        public var followUp: String
        public var judgement: Attainment.Judgement
        public var arithmetic: LocalizedText
        /// With a measure: the version of the target, the reading judged, and whether that is the latest shown here.
        public var targetVersion: Int?
        public var period: Period?
        public var value: Value?
        public var isOfLatest: Bool?
        public var record: RecordName
    }

    /// One indicator or annual target.
    public struct Row: Hashable, Sendable, Codable {
        public var kind: Kind
        public var policy: String
        /// For an annual target the first goal of its initiative; nil where that is not known.
        public var goal: String?
        public var id: String
        public var title: LocalizedText
        public var unit: MeasureUnit?
        /// Of whom or of what.
        public var population: LocalizedText?
        /// Which way is better; nil where an annual target does not say.
        public var direction: Indicator.Direction?
        /// The effort of an annual target.
        public var initiative: String?
        /// Codes of the forvaltninger that report it.
        public var reporters: [String]
        /// As printed, all of them.
        public var baselines: [Baseline]
        /// Which of `baselines` the target counts from; nil where none does.
        public var reckonedFrom: Int?
        /// Neither target nor reading.
        public var forecast: Forecast?
        public var scope: LocalizedText?
        public var breaks: [Indicator.Break]
        /// Where the city has named them; each is read by itself, and the whole may have no reading of its own.
        public var criteria: [CriterionFact]
        public var dueNow: DueNow?
        public var state: State
        /// The newest reading of the whole that ends by the reference date, from a forvaltning that reports it.
        public var latest: Measured?
        /// The one before it, of an earlier end.
        public var before: Measured?
        public var trend: Trend?
        /// Every version, oldest first; never empty. The last holds.
        public var targets: [TargetFact]
        /// Nil: not assessed.
        public var assessment: Judged?
        public var source: Source

        /// The target that holds.
        public var target: TargetFact { targets[targets.count - 1] }
        public var isRevised: Bool { targets.count > 1 }
    }

    /// A goal with measures, or that was judged.
    public struct GoalPart: Hashable, Sendable, Codable {
        public var policy: String
        public var id: String
        public var kind: Goal.Kind
        public var title: LocalizedText
        public var bodies: [String]
        public var forvaltninger: [String]
        public var assessment: Judged?
    }

    /// Counts of measures. The four states add up to `measures`, and so do the three of judging.
    public struct Counts: Hashable, Sendable, Codable {
        public var measures = 0
        public var measured = 0
        public var suppressed = 0
        public var toBeMeasured = 0
        public var notApplicable = 0
        /// Ahead, on course, behind or reached.
        public var judged = 0
        /// Looked at by the plugin, which had no data or could not judge.
        public var notJudgeable = 0
        /// The plugin has said nothing.
        public var notAssessed = 0

        mutating func add(_ row: Row) {
            measures += 1
            switch row.state {
            case .measured: measured += 1
            case .suppressed: suppressed += 1
            case .toBeMeasured: toBeMeasured += 1
            case .notApplicable: notApplicable += 1
            }
            switch row.assessment?.judgement {
            case .ahead, .onCourse, .behind, .reached: judged += 1
            case .noData, .cannotBeJudged: notJudgeable += 1
            case nil: notAssessed += 1
            }
        }
    }

    public struct PolicyPart: Hashable, Sendable, Codable {
        public var policy: String
        public var title: LocalizedText
        /// The follow-up whose assessments are looked for first.
        public var followUp: String?
        /// What its plugin has not looked at yet; nil when it is up to date.
        public var unassessed: LedgerUnassessed?
        public var counts: Counts
    }

    /// The reference date.
    public var on: String
    public var position: Int64
    public var synthetic: Bool
    public var policies: [PolicyPart]
    /// By policy, in its own order.
    public var goals: [GoalPart]
    /// By policy and goal, indicators before annual targets; those without a known goal last.
    public var rows: [Row]
}

extension LedgerState {
    /// The progress of `policies` (nil: all that are published) on `day`.
    public func progress(on day: Day, policies chosen: [String]? = nil) -> ProgressView {
        var view = ProgressView(
            on: day.description, position: position, synthetic: isSynthetic, policies: [], goals: [], rows: [])
        for policy in (chosen ?? policies.identities).compactMap({ self.policy($0)?.body }) {
            let followUp = currentFollowUp(of: policy, on: day)?.id
            let rows = measureRows(of: policy, followUp: followUp, on: day)
            var counts = ProgressView.Counts()
            for row in rows { counts.add(row) }
            view.policies.append(
                ProgressView.PolicyPart(
                    policy: policy.id, title: policy.title, followUp: followUp,
                    unassessed: unassessed([policy.id]).first, counts: counts))
            for goal in policy.goals {
                let own = rows.filter { $0.goal == goal.id }
                let judged = judged(goal.id, of: policy, followUp: followUp)
                guard !own.isEmpty || judged != nil else { continue }
                view.goals.append(
                    ProgressView.GoalPart(
                        policy: policy.id, id: goal.id, kind: goal.kind, title: goal.title, bodies: goal.bodies,
                        forvaltninger: goal.forvaltninger, assessment: judged))
                view.rows += own
            }
            let known = Set(policy.goals.map(\.id))
            view.rows += rows.filter { row in row.goal.map { !known.contains($0) } ?? true }
        }
        return view
    }

    /// One indicator or annual target by its id; nil where no published policy has it.
    public func progressRow(of about: String, on day: Day) -> ProgressView.Row? {
        guard let policy = about.split(separator: "/").first.flatMap({ self.policy(String($0)) })?.body,
            policy.measureIDs.contains(about)
        else { return nil }
        return measureRows(of: policy, only: about, followUp: currentFollowUp(of: policy, on: day)?.id, on: day).first
    }

    private func measureRows(
        of policy: Policy, only about: String? = nil, followUp: String?, on day: Day
    ) -> [ProgressView.Row] {
        let indicators = policy.indicators.filter { about == nil || $0.id == about }
        let annual = policy.annualTargets.filter { about == nil || $0.id == about }
        return indicators.map { row($0, of: policy, followUp: followUp, on: day) }
            + annual.map { row($0, of: policy, followUp: followUp, on: day) }
    }

    private func row(
        _ indicator: Indicator, of policy: Policy, followUp: String?, on day: Day
    ) -> ProgressView.Row {
        let targets = targetFacts(
            indicator.id, first: ProgressView.TargetFact(version: 1, target: indicator.target)
        ).map { fact in
            var fact = fact
            fact.end = fact.target.flatMap(indicator.end)
            return fact
        }
        let target = targets.last?.target ?? indicator.target
        let from = indicator.reckonedFrom(target)
        var row = ProgressView.Row(
            kind: .indicator, policy: policy.id, goal: indicator.goal, id: indicator.id, title: indicator.title,
            unit: indicator.unit, population: indicator.population, direction: indicator.direction,
            reporters: indicator.reporters, baselines: indicator.baselines,
            reckonedFrom: from.flatMap { indicator.baselines.firstIndex(of: $0) }, forecast: indicator.forecast,
            scope: indicator.scope, breaks: indicator.breaks, criteria: criteria(of: indicator, on: day),
            state: .toBeMeasured, targets: targets, source: indicator.source)
        let lastYear = policy.period.until?.year
        if let line = Interpolation(indicator, target, lastYear: lastYear, in: day.year) {
            row.dueNow = ProgressView.DueNow(
                year: day.year, basis: day.year >= line.toYear ? .final : .interpolated, value: line.value,
                from: line.from, fromYear: line.fromYear, to: line.to, toYear: line.toYear,
                toYearBasis: target.year == nil ? .derived : .printed)
        } else if let end = targets.last?.end, let year = target.year, year <= day.year {
            row.dueNow = ProgressView.DueNow(year: day.year, basis: .final, value: end)
        }
        fill(&row, goals: [indicator.goal], of: policy, followUp: followUp, on: day)
        return row
    }

    private func row(
        _ annual: AnnualTarget, of policy: Policy, followUp: String?, on day: Day
    ) -> ProgressView.Row {
        let targets = targetFacts(annual.id, first: ProgressView.TargetFact(version: 1, annualTarget: annual))
        let target = targets.last?.annualTarget ?? annual
        let goals = initiative(annual.initiative)?.body.goals ?? []
        var row = ProgressView.Row(
            kind: .annualTarget, policy: policy.id, goal: goals.first, id: annual.id, title: target.what,
            unit: target.unit, population: target.base, direction: target.comparator == .stated ? nil : .up,
            initiative: annual.initiative, reporters: policy.reporters(of: annual.id, city: city) ?? [],
            baselines: [], breaks: [], criteria: [], state: .toBeMeasured, targets: targets, source: target.source)
        if (target.fromYear ?? .min)...(max(target.toYear ?? .max, target.fromYear ?? .min)) ~= day.year {
            let all = target.comparator == .all && target.unit == .percent ? DecimalText(100) : nil
            row.dueNow = ProgressView.DueNow(year: day.year, basis: .annual, value: target.value ?? all)
        }
        fill(&row, goals: goals, of: policy, followUp: followUp, on: day)
        return row
    }

    private func criteria(of indicator: Indicator, on day: Day) -> [ProgressView.CriterionFact] {
        (indicator.criteria ?? []).map { criterion in
            let part = Breakdown(dimension: Breakdown.criterion, category: criterion.id)
            return ProgressView.CriterionFact(
                id: criterion.id, title: criterion.title,
                latest: counted(indicator.id, breakdown: part).last { $0.body.endsOn <= day }.map(measured))
        }
    }

    /// Readings, trend and judgement.
    private func fill(
        _ row: inout ProgressView.Row, goals: [String], of policy: Policy, followUp: String?, on day: Day
    ) {
        let counted = counted(row.id).filter { $0.body.endsOn <= day }
        row.latest = counted.last.map(measured)
        if let end = counted.last?.body.endsOn {
            row.before = counted.last { $0.body.endsOn < end }.map(measured)
        }
        row.trend = trend(row)
        row.state =
            switch row.latest?.value {
            case .number: .measured
            case .suppressed: .suppressed
            case .notApplicable: .notApplicable
            case .missing, nil: .toBeMeasured
            }
        for goal in goals {
            guard let version = assessmentToShow(goal, of: policy, followUp: followUp),
                let measure = version.body.measures.first(where: { $0.about == row.id })
            else { continue }
            row.assessment = ProgressView.Judged(
                followUp: version.body.followUp, judgement: measure.judgement, arithmetic: measure.arithmetic,
                targetVersion: measure.targetVersion, period: measure.period, value: measure.value,
                isOfLatest: measure.reading == row.latest?.record, record: version.name)
            return
        }
    }

    private func assessmentToShow(_ goal: String, of policy: Policy, followUp: String?) -> LedgerVersion<Assessment>? {
        followUp.flatMap { assessment(of: goal, followUp: $0) } ?? assessment(of: goal, followUp: policy.openingID)
    }

    private func judged(_ goal: String, of policy: Policy, followUp: String?) -> ProgressView.Judged? {
        assessmentToShow(goal, of: policy, followUp: followUp).map {
            ProgressView.Judged(
                followUp: $0.body.followUp, judgement: $0.body.judgement, arithmetic: $0.body.arithmetic,
                record: $0.name)
        }
    }

    /// The published versions; what the policy states stands first where no version 1 was published.
    private func targetFacts(_ about: String, first: ProgressView.TargetFact) -> [ProgressView.TargetFact] {
        let published = targetVersions(of: about).map { version in
            ProgressView.TargetFact(
                version: version.body.version, target: version.body.target, annualTarget: version.body.annualTarget,
                reason: version.body.reason, decision: version.body.decision, record: version.name)
        }
        return published.first?.version == 1 ? published : [first] + published
    }

    private func measured(_ version: LedgerVersion<Reading>) -> ProgressView.Measured {
        ProgressView.Measured(
            record: version.name, position: version.position, period: version.body.period, value: version.body.value,
            reference: version.body.reference, unit: version.body.unit, comment: version.body.comment)
    }

    /// Two numbers in one unit, and a direction to hold them against; nil where one of them lacks.
    private func trend(_ row: ProgressView.Row) -> ProgressView.Trend? {
        guard let direction = row.direction, let latest = row.latest, let before = row.before,
            latest.unit == before.unit, let now = decimal(latest.value.number), let then = decimal(before.value.number)
        else { return nil }
        let gain: (now: Decimal, then: Decimal)
        switch direction {
        case .up: gain = (now, then)
        case .down: gain = (-now, -then)
        case .parity:
            guard let other = decimal(latest.reference?.number), let otherThen = decimal(before.reference?.number)
            else {
                return nil
            }
            gain = (-abs(other - now), -abs(otherThen - then))
        }
        return gain.now == gain.then ? .same : gain.now > gain.then ? .better : .worse
    }
}
