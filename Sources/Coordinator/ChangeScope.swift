public import PolicyModel

/// Since when changes are asked for.
public enum ChangesSince: Hashable, Sendable {
    /// What came after this position; 0 for all.
    case position(Int64)
    /// What the broker received from the start of this day on, in UTC.
    case day(Day)
    /// A follow-up's answers against those to the newest follow-up after it; all else since its deadline.
    case followUp(String)
    /// For each policy, since the follow-up that was answered before the one that is reported on the reference date.
    case last

    /// From `lgbti/2019`, `1234`, `2020-01-31` or `last`; nil for anything else. Digits alone are a position, never a year.
    public init?(_ text: String) {
        if text == "last" {
            self = .last
        } else if text.contains("/") {
            self = .followUp(text)
        } else if text.utf8.allSatisfy({ (48...57).contains($0) }), let position = Int64(text) {
            self = .position(position)
        } else if text.utf8.count == 10, let day = Day(text) {
            self = .day(day)
        } else {
            return nil
        }
    }
}

/// Why there is nothing to compare with, with the way out.
public struct ChangesRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String
        /// No policy in the ledger has such a follow-up.
        public static let unknownFollowUp = Code(name: "changes.follow_up")
        /// The follow-up is of a policy that was not chosen.
        public static let otherPolicy = Code(name: "changes.policy")
        /// It has no deadline, and nobody has answered it: there is no time to count from.
        public static let noTime = Code(name: "changes.no_time")
        /// The ledger has not come so far.
        public static let beyond = Code(name: "changes.beyond")
    }
    public let code: Code
    public let description: String
}

/// What was before and what came later, for one policy.
struct ChangeScope {
    enum Cut: Hashable {
        /// Positions up to it were before.
        case position(Int64)
        /// What was received earlier than this day was before.
        case before(String)
        /// What was received by the end of this day was before.
        case through(String)
        /// Only what documents say was before.
        case opening
    }

    let policy: Policy
    let cut: Cut
    /// Answers to it are compared with those to the newest of `later`.
    let from: FollowUp?
    /// The follow-ups that somebody has answered after `from`, in the order of time; the last is the newest.
    let later: [FollowUp]
    /// The day from which money that ends by itself is a change; nil where none is known.
    let fromDay: Day?
    /// The place in time of each follow-up with a deadline; the opening is first.
    let order: [String: Int]

    var to: FollowUp? { later.last }

    func isBefore(_ position: Int64, _ received: String) -> Bool {
        switch cut {
        case .position(let last): position <= last
        case .before(let day): received < day
        case .through(let day): received.prefix(10) <= day
        case .opening: false
        }
    }

    func isBefore<Body>(_ version: LedgerVersion<Body>) -> Bool { isBefore(version.position, version.received) }

    /// The follow-ups of a policy with a deadline, in the order of time, behind the opening.
    static func dated(_ policy: Policy) -> [FollowUp] {
        let opening = policy.followUps.filter { $0.id == policy.openingID }
        let dated = policy.followUps.enumerated().compactMap { place, followUp in
            followUp.due.map { (day: $0.date.lastDay, place: place, followUp: followUp) }
        }.filter { $0.followUp.id != policy.openingID }
        return opening + dated.sorted { ($0.day, $0.place) < ($1.day, $1.place) }.map(\.followUp)
    }
}

extension LedgerState {
    /// The follow-up that a report shows a policy at: the one that matters on the day where anybody has answered it for an
    /// initiative; else the last before it, in the policy's order, that was answered; else the opening. Nil where it has none.
    public func reportedFollowUp(of policy: Policy, on day: Day) -> FollowUp? {
        let opening = policy.followUps.first { $0.id == policy.openingID }
        guard let current = currentFollowUp(of: policy, on: day) else { return opening ?? policy.followUps.first }
        // Who spoke of which follow-up, in one walk; whether it counts is asked of those only.
        var speakers: [String: [String]] = [:]
        for id in initiativeIDs(ofPolicy: policy.id) {
            for history in statuses(of: id) { speakers[history.current.body.followUp, default: []].append(id) }
        }
        let place = policy.followUps.firstIndex { $0.id == current.id } ?? 0
        return policy.followUps[...place].last { followUp in
            followUp.id != policy.openingID
                && (speakers[followUp.id] ?? []).contains { status(ofInitiative: $0, followUp: followUp.id) != nil }
        } ?? opening ?? current
    }

    /// What is compared, for each policy asked for.
    func changeScopes(
        since: ChangesSince, on day: Day, policies chosen: [String]?
    ) throws(ChangesRefusal) -> [ChangeScope] {
        var wanted = (chosen ?? policies.identities).compactMap { policy($0)?.body }
        if case .followUp(let id) = since {
            let name = id.split(separator: "/").first.map(String.init) ?? ""
            guard let policy = policy(name)?.body, policy.followUps.contains(where: { $0.id == id }) else {
                let known = policies.identities.compactMap { self.policy($0)?.body }.flatMap(\.followUps).map(\.id)
                let near = nearestIDs(to: id, among: known)
                throw ChangesRefusal(
                    code: .unknownFollowUp,
                    description:
                        "no follow-up “\(id)”; \(near.isEmpty ? "there are" : "like it:") \((near.isEmpty ? known : near).joined(separator: ", "))"
                )
            }
            guard wanted.contains(where: { $0.id == name }) else {
                throw ChangesRefusal(
                    code: .otherPolicy,
                    description:
                        "\(id) is a follow-up of \(name), which --policy leaves out: a follow-up is of one policy"
                )
            }
            wanted = [policy]
        }
        if case .position(let last) = since, last > position {
            throw ChangesRefusal(
                code: .beyond, description: "position \(last) is beyond the ledger: its last is \(position) here")
        }
        switch since {
        case .last: return scopesSinceLast(of: wanted, on: day)
        case .position(let last):
            let from = lastDay(upTo: last)
            return wanted.map { scope($0, .position(last), from: nil, later: [], fromDay: from) }
        case .day(let day):
            return wanted.map { scope($0, .before(day.description), from: nil, later: [], fromDay: day) }
        case .followUp(let id):
            let answered = answeredFollowUps
            var scopes: [ChangeScope] = []
            for policy in wanted {
                guard let from = policy.followUps.first(where: { $0.id == id }) else { continue }
                guard let found = scope(policy, since: from, answered, on: day) else {
                    let first = policies[policy.id].first?.versions.first.flatMap { Day($0.received) }
                    throw ChangesRefusal(
                        code: .noTime,
                        description:
                            "\(id) has no deadline, and nobody has answered it: give a position or a day, such as --since \(first ?? day)"
                    )
                }
                scopes.append(found)
            }
            return scopes
        }
    }

    /// For each policy, since the follow-up that was answered before the one reported on the day, or else since the opening.
    func scopesSinceLast(of policies: [Policy], on day: Day) -> [ChangeScope] {
        let answered = answeredFollowUps
        return policies.map { policy in
            let chain = ChangeScope.dated(policy)
            let last = reportedFollowUp(of: policy, on: day)
            let place = last.flatMap { last in chain.firstIndex { $0.id == last.id } } ?? 0
            let from = chain.prefix(place).last { answered.contains($0.id) } ?? chain.first
            return from.flatMap { scope(policy, since: $0, answered, until: last, on: day) }
                // Not even an opening: there is nothing to hold against.
                ?? scope(policy, .position(position), from: nil, later: [], fromDay: day)
        }
    }

    private func scope(
        _ policy: Policy, _ cut: ChangeScope.Cut, from: FollowUp?, later: [FollowUp], fromDay: Day?
    ) -> ChangeScope {
        let order = Dictionary(
            ChangeScope.dated(policy).enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        return ChangeScope(policy: policy, cut: cut, from: from, later: later, fromDay: fromDay, order: order)
    }

    /// Since a follow-up; nil where it has no time to count from.
    private func scope(
        _ policy: Policy, since from: FollowUp, _ answered: Set<String>, until last: FollowUp? = nil, on day: Day
    ) -> ChangeScope? {
        let chain = ChangeScope.dated(policy)
        let order = Dictionary(chain.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        let first = policies[policy.id].first?.versions.first.flatMap { Day($0.received) }
        if from.id == policy.openingID {
            let later = later(chain.dropFirst(), answered, last, order, on: day)
            return scope(policy, .opening, from: from, later: later, fromDay: first)
        }
        guard let deadline = from.due?.date.lastDay ?? lastFirstAnswer(to: from.id) else { return nil }
        let rest = chain.filter { item in
            guard item.id != policy.openingID, item.id != from.id, let due = item.due?.date.lastDay else {
                return false
            }
            return order[from.id].map { $0 < order[item.id] ?? 0 } ?? (due >= deadline)
        }
        return scope(
            policy, .through(deadline.description), from: from,
            later: later(rest[...], answered, last, order, on: day),
            fromDay: [first, deadline].compactMap(\.self).max())
    }

    /// Of `chain` what somebody has answered and has opened by the day; up to `last` where that is given.
    private func later(
        _ chain: ArraySlice<FollowUp>, _ answered: Set<String>, _ last: FollowUp?, _ order: [String: Int], on day: Day
    ) -> [FollowUp] {
        chain.filter { followUp in
            if let last, let end = order[last.id], let place = order[followUp.id], place > end { return false }
            return answered.contains(followUp.id) && (followUp.opens.map { $0.date.firstDay <= day } ?? true)
        }
    }

    /// The follow-ups that any status counts for.
    private var answeredFollowUps: Set<String> {
        var answered: Set<String> = []
        for history in statuses.histories where !answered.contains(history.current.body.followUp) {
            if history.versions.contains(where: { standing(of: $0) != .notHandedIn }) {
                answered.insert(history.current.body.followUp)
            }
        }
        return answered
    }

    /// The day on which the last forvaltning first answered a follow-up; nil where none has.
    private func lastFirstAnswer(to followUp: String) -> Day? {
        let answers = (city?.forvaltninger ?? []).compactMap {
            collecting.answer(to: followUp, of: $0.code).firstHandIn?.received
        }
        return answers.max().flatMap { Day($0) }
    }

    /// The day of the last receipt up to a position; nil where that is before the first.
    private func lastDay(upTo position: Int64) -> Day? {
        var last = ""
        func look<Body>(_ table: LedgerTable<Body>) {
            for version in table.all.lazy.flatMap(\.versions)
            where version.position <= position && version.received > last { last = version.received }
        }
        look(configurations)
        look(policies)
        look(initiatives)
        look(funding)
        look(statuses)
        look(handIns)
        look(readings)
        return Day(last)
    }
}
