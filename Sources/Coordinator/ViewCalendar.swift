public import PolicyModel

/// What falls when: every dated or recurring obligation of the policies, and what ends.
public struct CalendarView: Hashable, Sendable, Codable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// A follow-up opens for answers, is due, is locked.
        case opens, due, locked
        /// Money ends.
        case fundingEnds = "funding_ends"
        /// A baseline is to be measured.
        case baselineDue = "baseline_due"
        /// The year of an effort's annual targets.
        case annualTargets = "annual_targets"
        /// The year of an indicator's target.
        case targetDue = "target_due"
        case policyEnds = "policy_ends"
        /// Something an initiative is to have done.
        case milestone
        /// The end of more time that one forvaltning was given.
        case exception
        /// A decision that is not followed up yet; on the day it was taken.
        case decision
    }

    /// How it stands on the reference date.
    public enum State: String, Codable, Sendable, CaseIterable {
        case upcoming
        /// The date is behind; nobody owes anything for it.
        case passed
        /// What was owed has come.
        case answered
        /// The date is behind, and `missing` have not answered.
        case late
        /// It depends on something undecided: never late.
        case conditionOpen = "condition_open"
        case willNotHappen = "will_not_happen"
        /// No date is known.
        case undated
        /// A decision that somebody is to follow up.
        case awaiting
    }

    public struct Entry: Hashable, Sendable, Codable {
        /// The same for the same obligation at every ledger position, also when its date moves: `due:lgbti/2019`.
        public var id: String
        public var policy: String
        public var kind: Kind
        /// What the source calls the follow-up; nil for other kinds.
        public var followUpKind: FollowUp.Kind?
        /// Id of the follow-up, initiative, indicator or policy.
        public var about: String
        public var title: LocalizedText
        /// As exact as its source; nil where none is known.
        public var date: PartialDate?
        /// Nil without a date.
        public var precision: PartialDate.Precision?
        /// What the date rests on; nil where that is not said.
        public var basis: Basis?
        /// The day it is held against and sorted by, `2019-12-31`: the last day the date may mean; of an opening the first.
        public var day: String?
        /// Days from the reference date to `day`; below zero when it is behind.
        public var days: Int?
        public var state: State
        /// In words, where it recurs.
        public var recurrence: LocalizedText?
        /// Codes of the forvaltninger that owe something for it; or the owner, a forvaltning's code or a body's id.
        public var owedBy: [String]
        public var owedByBasis: Basis?
        /// Those of them that have not answered, where the date is behind.
        public var missing: [String]
        /// Ids of the bodies it is put before.
        public var goesTo: [String]
        /// Who is consulted, as named in the source.
        public var consulted: [LocalizedText]
        /// With `annual_targets`: the targets' ids; with `milestone` and `decision` its own id.
        public var items: [String]
        public var note: LocalizedText?
        public var sources: [Source]
    }

    /// The reference date.
    public var on: String
    public var position: Int64
    /// When the broker had the last record; nil in an empty ledger.
    public var received: String?
    public var synthetic: Bool
    /// The city's name; nil before it is configured.
    public var city: LocalizedText?
    /// By date; what has none stands last.
    public var entries: [Entry]
}

extension LedgerState {
    /// The calendar of `policies` (nil: all that are published, and initiatives of others) on `day`.
    ///
    /// - Parameter known: what is owed on the day, by policy, where the caller has reckoned it.
    public func calendar(
        on day: Day, policies chosen: [String]? = nil, known: [String: PolicyDue] = [:]
    ) -> CalendarView {
        let ids = chosen ?? Set(policies.identities + initiatives.histories.map(\.current.body.policy)).sorted()
        var entries: [CalendarView.Entry] = []
        let promised = Dictionary(grouping: milestones.histories.map(\.current.body), by: { $0.policyID ?? "" })
        let decided = Dictionary(grouping: decisions.histories.map(\.current.body), by: \.policy)
        for id in ids {
            entries += fundingEnds(ofPolicy: id, on: day)
            entries += (promised[id] ?? []).map { entry(of: $0, on: day) }
            guard let policy = policy(id)?.body else { continue }
            let due = known[id] ?? due(of: policy, on: day)
            for followUp in policy.followUps where followUp.id != policy.openingID {
                entries += dates(of: followUp, of: policy, due, on: day)
            }
            entries += exceptions(of: policy, due, on: day)
            entries += (decided[id] ?? []).filter(\.isOpen).map { entry(of: $0, policy, on: day) }
            for indicator in policy.indicators { entries += dates(of: indicator, of: policy, on: day) }
            entries += annualTargets(of: policy, on: day)
            if let until = policy.period.until {
                var entry = CalendarView.Entry(.policyEnds, id, id, policy.title, until, policy.source)
                (entry.owedBy, entry.owedByBasis) = ([policy.coordinator], policy.coordinatorBasis)
                entry.goesTo = policy.bodies
                entry.stand(on: day)
                entries.append(entry)
            }
        }
        // Places by their keys, not the entries themselves: they are large, and there can be thousands.
        let order = entries.map(\.order)
        return CalendarView(
            on: day.description, position: position, received: received, synthetic: isSynthetic, city: city?.name,
            entries: entries.indices.sorted { order[$0] < order[$1] }.map { entries[$0] })
    }

    private func dates(
        of followUp: FollowUp, of policy: Policy, _ due: PolicyDue, on day: Day
    ) -> [CalendarView.Entry] {
        let facts: [(CalendarView.Kind, DatedFact)] =
            [(.opens, followUp.opens), (.due, followUp.due), (.locked, followUp.locked)].compactMap { kind, fact in
                fact.map { (kind, $0) }
            }
        func entry(_ kind: CalendarView.Kind, _ fact: DatedFact?) -> CalendarView.Entry {
            var entry = CalendarView.Entry(kind, policy.id, followUp.id, followUp.title, fact?.date, followUp.source)
            entry.basis = fact?.basis
            entry.followUpKind = followUp.kind
            entry.recurrence = followUp.recurrence
            (entry.owedBy, entry.owedByBasis) = (followUp.owedBy, followUp.owedByBasis)
            entry.goesTo = followUp.goesTo
            entry.consulted = followUp.consulted
            entry.note = followUp.note
            entry.stand(on: day)
            switch followUp.condition {
            case .open: entry.state = .conditionOpen
            case .notMet: entry.state = .willNotHappen
            case .met, nil: if kind == .due { answer(&entry, followUp, due) }
            }
            return entry
        }
        // What has no date at all is still owed.
        return facts.isEmpty ? [entry(.due, nil)] : facts.map(entry)
    }

    /// Who has answered a follow-up by the reference date, and who is late.
    private func answer(_ entry: inout CalendarView.Entry, _ followUp: FollowUp, _ due: PolicyDue) {
        guard entry.date != nil, !followUp.owedBy.isEmpty else { return }
        let owed = followUp.owedBy.compactMap { due[followUp.id, $0] }
        if !owed.isEmpty, owed.allSatisfy({ $0.answered == $0.items.count }) {
            entry.state = .answered
        } else if entry.state == .passed {
            // Who was given more time is not late yet.
            entry.missing = owed.filter(\.lacksLate).map(\.forvaltning)
            if !entry.missing.isEmpty { entry.state = .late }
        }
    }

    private func dates(of indicator: Indicator, of policy: Policy, on day: Day) -> [CalendarView.Entry] {
        let counted = counted(indicator.id)
        func entry(_ kind: CalendarView.Kind, _ date: PartialDate, _ source: Source) -> CalendarView.Entry {
            var entry = CalendarView.Entry(kind, policy.id, indicator.id, indicator.title, date, source)
            (entry.owedBy, entry.owedByBasis) = (indicator.reporters, indicator.reportersBasis)
            entry.goesTo = indicator.bodies
            entry.basis = .printed
            entry.stand(on: day)
            return entry
        }
        var entries: [CalendarView.Entry] = []
        for (number, baseline) in indicator.baselines.enumerated() where baseline.value.status == .missing {
            guard let due = baseline.due else { continue }
            var entry = entry(.baselineDue, due, baseline.source)
            if number > 0 { entry.id += ":\(number + 1)" }
            entry.settle(answered: counted.contains { $0.body.value.isKnown })
            entries.append(entry)
        }
        let target = currentTarget(of: indicator)
        if target.kind != .noneStated, let year = target.year, let date = PartialDate("\(year)") {
            var entry = entry(.targetDue, date, target.source ?? indicator.source)
            entry.settle(answered: counted.contains { $0.body.endsOn.year == year && $0.body.value.isKnown })
            entries.append(entry)
        }
        return entries
    }

    /// One entry for each effort and year; one without a date for targets whose years are not stated.
    private func annualTargets(of policy: Policy, on day: Day) -> [CalendarView.Entry] {
        var order: [String] = []
        var byPlace: [String: CalendarView.Entry] = [:]
        for stated in policy.annualTargets {
            let target = currentTarget(of: stated)
            let initiative = initiative(target.initiative)?.body
            let last = target.toYear ?? policy.period.until?.year
            var years: [Int?] = [nil]
            if let from = target.fromYear ?? policy.period.from?.year, let last, from <= last {
                years = Array(from...min(last, from + 100))
            }
            if target.fromYear == nil, target.toYear == nil { years = [nil] }
            for year in years {
                let place = "\(target.initiative):\(year.map(String.init) ?? "")"
                var entry =
                    byPlace[place]
                    ?? CalendarView.Entry(
                        .annualTargets, policy.id, target.initiative, initiative?.title ?? target.what,
                        year.flatMap { PartialDate("\($0)") }, target.source)
                if byPlace[place] == nil {
                    order.append(place)
                    entry.id += year.map { ":\($0)" } ?? ""
                    entry.owedBy = policy.reporters(of: target.id, city: city) ?? []
                    entry.stand(on: day)
                }
                entry.items.append(target.id)
                if !entry.sources.contains(target.source) { entry.sources.append(target.source) }
                byPlace[place] = entry
            }
        }
        return order.compactMap { byPlace[$0] }.map { entry in
            var entry = entry
            guard let year = entry.date?.year else { return entry }
            entry.settle(
                answered: entry.items.allSatisfy { item in
                    counted(item).contains { $0.body.endsOn.year == year && $0.body.value.isKnown }
                })
            return entry
        }
    }

    private func fundingEnds(ofPolicy policy: String, on day: Day) -> [CalendarView.Entry] {
        initiatives(ofPolicy: policy).map(\.body).flatMap { initiative in
            fundingFacts(of: initiative.id).compactMap { fact -> CalendarView.Entry? in
                let body = fact.version.body
                let isMoney = [.funded, .withinBudget, .expired].contains(body.state)
                guard isMoney, let until = body.until, fact.standing != .notHandedIn else { return nil }
                var entry = CalendarView.Entry(
                    .fundingEnds, policy, initiative.id, initiative.title, until, body.source ?? initiative.source)
                entry.id += ":\(body.state.rawValue)" + (body.from.map { ":\($0)" } ?? "")
                entry.basis = body.source == nil ? nil : .printed
                entry.owedBy = [initiative.owner]
                entry.stand(on: day)
                return entry
            }
        }
    }
}

extension CalendarView.Entry {
    init(
        _ kind: CalendarView.Kind, _ policy: String, _ about: String, _ title: LocalizedText, _ date: PartialDate?,
        _ source: Source?
    ) {
        self.init(
            id: "\(kind.rawValue):\(about)", policy: policy, kind: kind, about: about, title: title, date: date,
            precision: date?.precision, state: .undated, owedBy: [], missing: [], goesTo: [], consulted: [], items: [],
            sources: [source].compactMap(\.self))
    }

    /// Where the date stands, with nothing known of answers.
    mutating func stand(on reference: Day) {
        guard let date else { return }
        let held = kind == .opens ? date.firstDay : date.lastDay
        day = held.description
        days = held.days(since: reference)
        state = held < reference ? .passed : .upcoming
    }

    /// Says that what was owed has come, or that it is late.
    mutating func settle(answered: Bool) {
        if answered {
            state = .answered
        } else if state == .passed, !owedBy.isEmpty {
            state = .late
            missing = owedBy
        }
    }

    /// By day, the more exact date first; without one last.
    fileprivate var order: (String, Int, String, Int, String) {
        let exactness =
            switch precision {
            case .day: 0
            case .month: 1
            case .year: 2
            case nil: 3
            }
        return (
            day ?? "9999", exactness, policy, CalendarView.Kind.allCases.firstIndex(of: kind) ?? 0, id
        )
    }
}

extension Value {
    /// Whether somebody has measured it: a number, or one too small to be told.
    var isKnown: Bool { status == .number || status == .suppressed }
}
