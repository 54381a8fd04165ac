public import PolicyModel

/// Who owes what, and who has answered: every forvaltning of the city against every policy.
public struct MatrixView: Hashable, Sendable, Codable {
    /// How one forvaltning stands with one policy's follow-up. Of several that hold, the one that asks most of somebody: what was
    /// sent back before what was changed, that before what lacks.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Its node has published nothing at all.
        case notHeard = "not_heard"
        /// The policy itself has not been published.
        case policyNotHeard = "policy_not_heard"
        /// Nothing is owed by it for this follow-up.
        case owesNothing = "owes_nothing"
        /// The follow-up depends on something undecided: what is open is never late.
        case conditionOpen = "condition_open"
        /// Not open for answers yet.
        case notDue = "not_due"
        /// Open for answers; the deadline is not passed, or none is known.
        case due
        /// All is handed in, nothing of it late, and not all approved yet.
        case onTime = "on_time"
        /// All is handed in, something of it late, and not all approved yet.
        case late
        /// Nothing handed in, and the deadline is passed.
        case missing
        /// Something is handed in, and something is not.
        case partly
        /// Something was sent back and not handed in again.
        case returned
        /// Something was changed since it was approved.
        case changed
        /// All is approved by the forvaltning, and not all accepted yet.
        case approved
        /// All is accepted by the policy's coordinating forvaltning.
        case accepted
    }

    public struct Cell: Hashable, Sendable, Codable {
        /// The forvaltning's code.
        public var forvaltning: String
        public var policy: String
        /// The follow-up looked at; nil where the policy has none, or is not heard.
        public var followUp: String?
        public var state: State
        public var due: PartialDate?
        public var dueBasis: Basis?
        /// More time, where it was given.
        public var exceptionUntil: PartialDate?
        /// Days left (`not_due`, `due`), or days past the deadline (`late`: until receipt; `missing`, and what is missing where
        /// `partly`, `returned`, `changed` or `not_heard`: until the reference date). Nil without a deadline, and where nothing is
        /// overdue.
        public var days: Int?
        /// When the first hand-in was received: ISO 8601, UTC.
        public var received: String?
        /// How many of its initiatives belong to the policy.
        public var initiatives: Int
        /// How many of its statuses count for the follow-up.
        public var statuses: Int
        /// How many things the follow-up asks of it, and how many of them are handed in, whatever came of them (what was redacted
        /// is to be said anew).
        public var owed = 0
        public var answered = 0
        /// How many are approved by the forvaltning, those accepted among them.
        public var approved = 0
        public var accepted = 0
        public var returned = 0
        /// How many were changed since they were approved.
        public var changed = 0
        /// How many were handed in after the deadline.
        public var late = 0
        /// What is not handed in, was sent back, redacted, or changed since it was approved: in the order of the policy.
        public var open: [Thing] = []

        enum CodingKeys: String, CodingKey {
            case forvaltning, policy, state, due, days, received, initiatives, statuses, owed, answered, approved
            case accepted, returned, changed, late, open
            case followUp = "follow_up"
            case dueBasis = "due_basis"
            case exceptionUntil = "exception_until"
        }
    }

    /// One thing that somebody must act on.
    public struct Thing: Hashable, Sendable, Codable {
        public var kind: Obligation.Kind
        /// An initiative, goal, question or follow-up; an indicator or annual target.
        public var about: String
        public var title: LocalizedText
        /// Of a figure: its year.
        public var year: Int?
        public var state: DueList.State
        /// Of something missing: days past the deadline; nil where it is not late.
        public var daysLate: Int?
        /// Of something sent back: what is to be looked at.
        public var note: LocalizedText?
        public var changedSinceApproval: Bool

        enum CodingKeys: String, CodingKey {
            case kind, about, title, year, state, note
            case daysLate = "days_late"
            case changedSinceApproval = "changed_since_approval"
        }
    }

    /// The reference date: `2026-11-23`.
    public var on: String
    public var position: Int64
    public var synthetic: Bool
    /// The columns: policies the city expects, then others that were published.
    public var policies: [String]
    /// The rows' codes.
    public var forvaltninger: [String]
    /// Row by row.
    public var cells: [Cell]
    /// What the follow-ups looked at are called, by their ids.
    public var titles: [String: LocalizedText]

    public func cell(_ forvaltning: String, _ policy: String) -> Cell? {
        cells.first { $0.forvaltning == forvaltning && $0.policy == policy }
    }
}

extension LedgerState {
    /// The matrix on `day`.
    ///
    /// - Parameters:
    ///   - policies: which columns; nil for all that the city expects and all that were published.
    ///   - followUps: a follow-up's id by its policy's.
    ///   - year: where none is given there, each policy's follow-up of that year (`followUp(of:in:)`), or none; nil for
    ///     `currentFollowUp`.
    ///   - known: what is owed on the day, by policy, where the caller has reckoned it.
    public func matrix(
        on day: Day, policies chosen: [String]? = nil, followUps: [String: String] = [:], year: Int? = nil,
        known: [String: PolicyDue] = [:]
    ) -> MatrixView {
        let expected = city?.policies ?? []
        let columns = chosen ?? expected + policies.identities.filter { !expected.contains($0) }
        let rows = city?.forvaltninger ?? []
        var owned: [String: Int] = [:]
        var stated: [String: Int] = [:]
        var followUpOf: [String: FollowUp] = [:]
        var dueOf: [String: PolicyDue] = [:]
        for id in columns {
            guard let policy = policy(id)?.body else { continue }
            let followUp: FollowUp?
            if let wanted = followUps[id] {
                followUp = policy.followUps.first { $0.id == wanted }
            } else if let year {
                followUp = self.followUp(of: policy, in: year)
            } else {
                followUp = currentFollowUp(of: policy, on: day)
            }
            followUpOf[id] = followUp
            dueOf[id] = known[id] ?? followUp.map { due(of: policy, on: day, followUps: [$0.id]) }
            for initiative in initiatives(ofPolicy: id) {
                owned["\(id)|\(initiative.body.owner)", default: 0] += 1
                if let followUp, status(ofInitiative: initiative.body.id, followUp: followUp.id) != nil {
                    stated["\(id)|\(initiative.body.owner)", default: 0] += 1
                }
            }
        }
        var cells: [MatrixView.Cell] = []
        for row in rows {
            for column in columns {
                let followUp = followUpOf[column]
                var cell = cell(
                    row.code, column, followUp, followUp.flatMap { dueOf[column]?[$0.id, row.code] }, on: day)
                cell.initiatives = owned["\(column)|\(row.code)"] ?? 0
                cell.statuses = stated["\(column)|\(row.code)"] ?? 0
                cells.append(cell)
            }
        }
        return MatrixView(
            on: day.description, position: position, synthetic: isSynthetic, policies: columns,
            forvaltninger: rows.map(\.code), cells: cells,
            titles: Dictionary(
                followUpOf.values.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first }))
    }

    /// The follow-up that matters on `day`: of those that somebody owes input to and that do happen, the one with the latest
    /// deadline passed; before the first deadline, the next one; the opening where no follow-up has a deadline. Of several with one
    /// deadline, as of those of one year (`followUp(of:in:)`).
    public func currentFollowUp(of policy: Policy, on day: Day) -> FollowUp? {
        func deadline(_ followUp: FollowUp) -> Day? { followUp.due?.date.lastDay }
        let owed = policy.followUps.filter { !$0.owedBy.isEmpty && deadline($0) != nil }
        let certain = owed.filter { $0.condition == nil || $0.condition == .met }
        let candidates = (certain.isEmpty ? owed : certain).sorted {
            (deadline($0) ?? day, weight($0), $0.id) < (deadline($1) ?? day, weight($1), $1.id)
        }
        let passed = candidates.last { (deadline($0) ?? day) <= day }.flatMap(deadline)
        return candidates.first { passed == nil || deadline($0) == passed }
            ?? policy.followUps.first { !$0.owedBy.isEmpty } ?? policy.followUps.first { $0.id == policy.openingID }
    }

    /// A policy's follow-up of a year: of those due in it that somebody owes input to, the annual one, else the mid-term one, the
    /// final one, a survey, and so on. Nil where there is none.
    public func followUp(of policy: Policy, in year: Int) -> FollowUp? {
        let candidates = policy.followUps.filter {
            !$0.owedBy.isEmpty && $0.due?.date.year == year && $0.condition != .notMet
        }
        return candidates.min { (weight($0), $0.id) < (weight($1), $1.id) }
    }

    /// The kind that says most of how a policy goes first.
    private func weight(_ followUp: FollowUp) -> Int {
        switch followUp.kind {
        case .annual: 0
        case .midTerm: 1
        case .final: 2
        case .survey: 3
        case .baselineReading: 4
        case .targetAdjustment: 5
        case .meeting: 6
        case .decision: 7
        case .opening: 8
        }
    }

    /// How a forvaltning stands with one follow-up, without the counts of its initiatives.
    ///
    /// - Parameter entry: What it owes for the follow-up; nil for nothing.
    public func cell(
        _ forvaltning: String, _ policy: String, _ followUp: FollowUp?, _ entry: DueList.Entry?, on day: Day
    ) -> MatrixView.Cell {
        var cell = MatrixView.Cell(
            forvaltning: forvaltning, policy: policy, followUp: followUp?.id, state: .policyNotHeard,
            due: followUp?.due?.date, dueBasis: followUp?.due?.basis, initiatives: 0, statuses: 0)
        let isHeard = publishers[forvaltning] != nil
        if let entry { cell.count(entry) }
        if !isHeard {
            cell.state = .notHeard
            cell.days = entry?.daysLate
        } else if self.policy(policy) != nil {
            cell.state = .owesNothing
            if let entry { cell.stand(entry) }
        }
        return cell
    }
}

extension MatrixView.Cell {
    fileprivate mutating func count(_ entry: DueList.Entry) {
        exceptionUntil = entry.exceptionUntil
        received = entry.handedIn
        owed = entry.items.count
        answered = entry.answered
        accepted = entry.count(.accepted)
        approved = entry.count(.approved) + accepted
        returned = entry.count(.returned)
        changed = entry.changedSinceApproval
        for item in entry.items {
            let isMissing = item.state == .missing || item.state == .draft
            if !isMissing, item.daysLate != nil { late += 1 }
            guard item.isToBeSaid || item.changedSinceApproval else { continue }
            open.append(
                MatrixView.Thing(
                    kind: item.kind, about: item.about, title: item.title, year: item.year, state: item.state,
                    daysLate: isMissing ? item.daysLate : nil, note: item.state == .returned ? item.note : nil,
                    changedSinceApproval: item.changedSinceApproval))
        }
    }

    fileprivate mutating func stand(_ entry: DueList.Entry) {
        let overdue = open.compactMap(\.daysLate).max()
        guard answered > 0 else {
            switch entry.phase {
            case .conditionOpen: state = .conditionOpen
            case .notOpen: (state, days) = (.notDue, entry.daysLeft.map(abs))
            case .open, .overdue, .locked:
                (state, days) = overdue == nil ? (.due, entry.daysLeft) : (.missing, overdue)
            }
            return
        }
        if returned > 0 {
            // With how long the rest is overdue, where anything is.
            (state, days) = (.returned, overdue)
        } else if changed > 0 {
            (state, days) = (.changed, overdue)
        } else if answered < owed {
            (state, days) = (.partly, overdue)
        } else if accepted == owed {
            state = .accepted
        } else if approved == owed {
            state = .approved
        } else {
            let latest = entry.daysLate
            (state, days) = latest == nil ? (.onTime, nil) : (.late, latest)
        }
    }
}
