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
        /// Reported, and the reading redacted: no other is there.
        case redacted
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
        /// How far it has come, and whether an earlier version of it was approved while this one is not.
        public var stage: Collecting.Stage?
        public var changedSinceApproval: Bool?
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
        /// The follow-up it is for.
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
        /// The reading that stands in for a baseline that is not printed: of the target's base year, or of the year in which the
        /// baseline was to be measured.
        public var measuredBaseline: Measured?
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
        /// The period of a newer reading, or of the only one, that was redacted; nil, and absent in JSON, where none was.
        public var redacted: Period?
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

    /// Counts of measures. The states add up to `measures`, and so do the three of judging.
    public struct Counts: Hashable, Sendable, Codable {
        public var measures = 0
        public var measured = 0
        public var suppressed = 0
        public var toBeMeasured = 0
        public var notApplicable = 0
        public var redacted = 0
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
            case .redacted: redacted += 1
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
                let shown = assessmentToShow(goal.id, of: policy, followUp: followUp, rows, on: day)
                guard !own.isEmpty || shown != nil else { continue }
                let judged = shown.map { version in
                    ProgressView.Judged(
                        followUp: version.body.followUp, judgement: version.body.judgement,
                        arithmetic: version.body.arithmetic, record: version.name)
                }
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
        return measureRows(of: policy, followUp: currentFollowUp(of: policy, on: day)?.id, on: day)
            .first { $0.id == about }
    }

    /// Every measure of a policy with its readings, then with the judgement of its goal.
    private func measureRows(of policy: Policy, followUp: String?, on day: Day) -> [ProgressView.Row] {
        let indicators = policy.indicators.map { (row($0, of: policy, on: day), [$0.goal]) }
        let efforts = policy.annualTargets.map { target in
            let goals = initiative(target.initiative)?.body.goals ?? []
            return (row(target, goal: goals.first, of: policy, on: day), goals)
        }
        let rows = indicators + efforts
        var shown: [String: LedgerVersion<Assessment>] = [:]
        for goal in Set(rows.flatMap(\.1)) {
            shown[goal] = assessmentToShow(goal, of: policy, followUp: followUp, rows.map(\.0), on: day)
        }
        return rows.map { row, goals in
            var row = row
            for version in goals.compactMap({ shown[$0] }) {
                guard let measure = version.body.measures.first(where: { $0.about == row.id }) else { continue }
                row.assessment = ProgressView.Judged(
                    followUp: version.body.followUp, judgement: measure.judgement, arithmetic: measure.arithmetic,
                    targetVersion: measure.targetVersion, period: measure.period, value: measure.value,
                    isOfLatest: measure.reading == row.latest?.record, record: version.name)
                break
            }
            return row
        }
    }

    /// Of the assessments of a goal, for each follow-up and the opening, the one that judged most of the readings shown; among
    /// equals that for the current follow-up, then the nearest deadline to come, then the last one passed, then the opening.
    private func assessmentToShow(
        _ goal: String, of policy: Policy, followUp: String?, _ rows: [ProgressView.Row], on day: Day
    ) -> LedgerVersion<Assessment>? {
        let dated = policy.followUps.compactMap { item in item.due.map { (item.id, $0.date.lastDay) } }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        let order =
            [followUp].compactMap(\.self) + dated.filter { $0.1 >= day }.map(\.0)
            + dated.filter { $0.1 < day }.reversed().map(\.0) + [policy.openingID]
        let latest = Dictionary(rows.map { ($0.id, $0.latest?.record) }) { first, _ in first }
        var best: (version: LedgerVersion<Assessment>, agreeing: Int)?
        for id in order {
            guard let version = assessment(of: goal, followUp: id) else { continue }
            let agreeing = version.body.measures.count { latest[$0.about] == .some($0.reading) }
            if agreeing > best?.agreeing ?? -1 { best = (version, agreeing) }
        }
        return best?.version
    }

    private func row(_ indicator: Indicator, of policy: Policy, on day: Day) -> ProgressView.Row {
        let read = counted(indicator.id).filter { $0.body.endsOn <= day }
        /// What stands in for the printed baseline of a target.
        func measuredBaseline(_ target: Target) -> LedgerVersion<Reading>? {
            indicator.measuredBaseline(target, among: read, reading: \.body)
        }
        let targets = targetFacts(
            indicator.id, first: ProgressView.TargetFact(version: 1, target: indicator.target)
        ).map { fact in
            var fact = fact
            fact.end = fact.target.flatMap { target in
                indicator.end(
                    of: target,
                    from: indicator.reckonedFrom(target)?.value.number ?? measuredBaseline(target)?.body.value.number)
            }
            return fact
        }
        let target = targets.last?.target ?? indicator.target
        let from = indicator.reckonedFrom(target)
        let instead = measuredBaseline(target)
        var row = ProgressView.Row(
            kind: .indicator, policy: policy.id, goal: indicator.goal, id: indicator.id, title: indicator.title,
            unit: indicator.unit, population: indicator.population, direction: indicator.direction,
            reporters: indicator.reporters, baselines: indicator.baselines,
            reckonedFrom: from.flatMap { indicator.baselines.firstIndex(of: $0) },
            measuredBaseline: instead.map(measured), forecast: indicator.forecast,
            scope: indicator.scope, breaks: indicator.breaks, criteria: criteria(of: indicator, on: day),
            state: .toBeMeasured, targets: targets, source: indicator.source)
        let line = Interpolation(
            indicator, target, from: from?.value.number ?? instead?.body.value.number,
            fromYear: from.map { $0.lastYear ?? target.baseYear } ?? instead?.body.endsOn.year,
            lastYear: policy.period.until?.year, in: day.year)
        if let line {
            row.dueNow = ProgressView.DueNow(
                year: day.year, basis: day.year >= line.toYear ? .final : .interpolated, value: line.value,
                from: line.from, fromYear: line.fromYear, to: line.to, toYear: line.toYear,
                toYearBasis: target.year == nil ? .derived : .printed)
        } else if let end = targets.last?.end, let year = target.year, year <= day.year {
            row.dueNow = ProgressView.DueNow(year: day.year, basis: .final, value: end)
        }
        fill(&row, read, latest: read.last, on: day)
        return row
    }

    private func row(
        _ annual: AnnualTarget, goal: String?, of policy: Policy, on day: Day
    ) -> ProgressView.Row {
        let targets = targetFacts(annual.id, first: ProgressView.TargetFact(version: 1, annualTarget: annual))
        let target = targets.last?.annualTarget ?? annual
        var row = ProgressView.Row(
            kind: .annualTarget, policy: policy.id, goal: goal, id: annual.id, title: target.what,
            unit: target.unit, population: target.base, direction: target.comparator == .stated ? nil : .up,
            initiative: annual.initiative, reporters: policy.reporters(of: annual.id, city: city) ?? [],
            baselines: [], breaks: [], criteria: [], state: .toBeMeasured, targets: targets, source: target.source)
        if (target.fromYear ?? .min)...(max(target.toYear ?? .max, target.fromYear ?? .min)) ~= day.year {
            let all = target.comparator == .all && target.unit == .percent ? DecimalText(100) : nil
            row.dueNow = ProgressView.DueNow(year: day.year, basis: .annual, value: target.value ?? all)
        }
        let read = counted(annual.id).filter { $0.body.endsOn <= day }
        fill(&row, read, latest: target.latest(among: read, reading: \.body), on: day)
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

    /// Latest reading, the one before, trend and state.
    private func fill(
        _ row: inout ProgressView.Row, _ read: [LedgerVersion<Reading>], latest: LedgerVersion<Reading>?, on day: Day
    ) {
        row.redacted =
            redactedWholes(of: row.id, upTo: day).last { gone in
                latest.map { $0.body.endsOn < gone.period.endsOn } ?? true
            }?.period
        row.latest = latest.map(measured)
        if let end = latest?.body.endsOn { row.before = read.last { $0.body.endsOn < end }.map(measured) }
        row.trend = trend(row)
        row.state =
            switch row.latest?.value {
            case .number: .measured
            case .suppressed: .suppressed
            case .notApplicable: .notApplicable
            case nil where row.redacted != nil: .redacted
            case .missing, nil: .toBeMeasured
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
            reference: version.body.reference, unit: version.body.unit, comment: version.body.comment,
            stage: stage(of: version.name, .handedIn),
            changedSinceApproval: readings.everSaid(version.body.identity)
                .first { $0.publisher == version.name.publisher }
                .map { isChangedSinceApproval(version, in: $0) } ?? false)
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
