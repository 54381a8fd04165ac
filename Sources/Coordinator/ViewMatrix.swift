public import PolicyModel

/// Who owes what, and who has answered: every forvaltning of the city against every policy.
public struct MatrixView: Hashable, Sendable, Codable {
    /// How one forvaltning stands with one policy's follow-up.
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
        case onTime = "on_time"
        case late
        /// Nothing handed in, and the deadline is passed.
        case missing
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
        /// Days left (`not_due`, `due`), or days past the deadline (`late`: until receipt; `missing`, `not_heard`: until the
        /// reference date). Nil where there is no deadline, or where `not_heard` and nothing is overdue.
        public var days: Int?
        /// When the first hand-in was received: ISO 8601, UTC.
        public var received: String?
        /// How many of its initiatives belong to the policy.
        public var initiatives: Int
        /// How many of its statuses count for the follow-up.
        public var statuses: Int

        enum CodingKeys: String, CodingKey {
            case forvaltning, policy, state, due, days, received, initiatives, statuses
            case followUp = "follow_up"
            case dueBasis = "due_basis"
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

    public func cell(_ forvaltning: String, _ policy: String) -> Cell? {
        cells.first { $0.forvaltning == forvaltning && $0.policy == policy }
    }
}

extension LedgerState {
    /// The matrix on `day`.
    ///
    /// - Parameters:
    ///   - policies: which columns; nil for all that the city expects and all that were published.
    ///   - followUps: a follow-up's id by its policy's; where none is given, `currentFollowUp`.
    public func matrix(on day: Day, policies chosen: [String]? = nil, followUps: [String: String] = [:]) -> MatrixView {
        let expected = city?.policies ?? []
        let columns = chosen ?? expected + policies.identities.filter { !expected.contains($0) }
        let rows = city?.forvaltninger ?? []
        var owned: [String: Int] = [:]
        var answered: [String: Int] = [:]
        var followUpOf: [String: FollowUp] = [:]
        for id in columns {
            guard let policy = policy(id)?.body else { continue }
            let followUp =
                followUps[id].map { wanted in policy.followUps.first { $0.id == wanted } }
                ?? currentFollowUp(of: policy, on: day)
            followUpOf[id] = followUp
            for initiative in initiatives(ofPolicy: id) {
                owned["\(id)|\(initiative.body.owner)", default: 0] += 1
                if let followUp, status(ofInitiative: initiative.body.id, followUp: followUp.id) != nil {
                    answered["\(id)|\(initiative.body.owner)", default: 0] += 1
                }
            }
        }
        var cells: [MatrixView.Cell] = []
        for row in rows {
            for column in columns {
                var cell = cell(row.code, column, followUpOf[column], on: day)
                cell.initiatives = owned["\(column)|\(row.code)"] ?? 0
                cell.statuses = answered["\(column)|\(row.code)"] ?? 0
                cells.append(cell)
            }
        }
        return MatrixView(
            on: day.description, position: position, synthetic: isSynthetic, policies: columns,
            forvaltninger: rows.map(\.code), cells: cells)
    }

    /// The follow-up that matters on `day`: of those that somebody owes input to and that do happen, the one with the latest
    /// deadline passed; before the first deadline, the next one; the opening where no follow-up has a deadline.
    public func currentFollowUp(of policy: Policy, on day: Day) -> FollowUp? {
        func deadline(_ followUp: FollowUp) -> Day? { followUp.due?.date.lastDay }
        let owed = policy.followUps.filter { !$0.owedBy.isEmpty && deadline($0) != nil }
        let certain = owed.filter { $0.condition == nil || $0.condition == .met }
        let candidates = (certain.isEmpty ? owed : certain)
            .sorted { (deadline($0) ?? day, $0.id) < (deadline($1) ?? day, $1.id) }
        return candidates.last { (deadline($0) ?? day) <= day } ?? candidates.first
            ?? policy.followUps.first { !$0.owedBy.isEmpty } ?? policy.followUps.first { $0.id == policy.openingID }
    }

    /// How a forvaltning stands with one follow-up, without its counts.
    public func cell(_ forvaltning: String, _ policy: String, _ followUp: FollowUp?, on day: Day) -> MatrixView.Cell {
        var cell = MatrixView.Cell(
            forvaltning: forvaltning, policy: policy, followUp: followUp?.id, state: .policyNotHeard,
            due: followUp?.due?.date, dueBasis: followUp?.due?.basis, initiatives: 0, statuses: 0)
        let deadline = followUp?.due?.date.lastDay
        let isOwed = followUp?.owedBy.contains(forvaltning) ?? false
        let happens = followUp?.condition == nil || followUp?.condition == .met
        guard publishers[forvaltning] != nil else {
            cell.state = .notHeard
            if isOwed, happens, let deadline, deadline < day { cell.days = day.days(since: deadline) }
            return cell
        }
        guard self.policy(policy) != nil, let followUp else { return cell }
        guard isOwed, followUp.condition != .notMet else {
            cell.state = .owesNothing
            return cell
        }
        let handIn = handIns["\(followUp.id)|\(forvaltning)"].first { $0.publisher == forvaltning }?.versions.first
        if let handIn {
            cell.received = handIn.received
            let late = deadline.flatMap { deadline in Day(handIn.received).map { $0.days(since: deadline) } } ?? 0
            // What depended on something open when it came can never have been late.
            cell.state = late > 0 && followUp.condition != .open ? .late : .onTime
            cell.days = cell.state == .late ? late : nil
            return cell
        }
        if followUp.condition == .open {
            cell.state = .conditionOpen
            return cell
        }
        guard let deadline else {
            cell.state = .due
            return cell
        }
        cell.days = abs(deadline.days(since: day))
        if deadline < day {
            cell.state = .missing
        } else if let opens = followUp.opens?.date.firstDay, day < opens {
            cell.state = .notDue
        } else {
            cell.state = .due
        }
        return cell
    }
}
