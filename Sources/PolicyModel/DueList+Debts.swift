extension DueList {
    /// What is still to be done about the answers of one forvaltning, over all follow-ups of the list.
    public struct Debt: Hashable, Sendable, Codable {
        /// A code.
        public var forvaltning: String
        /// Things that are not handed in; those that wait as drafts at the node are among them.
        public var missing = 0
        /// Those of them whose deadline is passed.
        public var late = 0
        /// Sent back, and not handed in again.
        public var returned = 0
        /// Answered, and the answer redacted: what may be said is to be said anew.
        public var redacted = 0
        /// Handed in, and not approved by the forvaltning.
        public var toApprove = 0
        /// Approved, and not accepted by the policy's coordinating forvaltning.
        public var toAccept = 0
        public var accepted = 0
        /// The earliest deadline (`2019-12-31`) that something missing has passed; nil where nothing is late.
        public var since: String?
        /// Days from there to the reference date.
        public var days: Int?

        enum CodingKeys: String, CodingKey {
            case forvaltning, missing, late, returned, redacted, accepted, since, days
            case toApprove = "to_approve"
            case toAccept = "to_accept"
        }

        /// Whether somebody must still act: the forvaltning, or who accepts.
        public var isOpen: Bool { missing + returned + redacted + toApprove + toAccept > 0 }
    }

    /// What each forvaltning of the list owes, in the order in which they stand first. O(items).
    public var debts: [Debt] {
        var debts: [Debt] = []
        var places: [String: Int] = [:]
        for entry in entries {
            let place = places[entry.forvaltning] ?? debts.count
            if place == debts.count {
                places[entry.forvaltning] = place
                debts.append(Debt(forvaltning: entry.forvaltning))
            }
            for item in entry.items { debts[place].count(item, of: entry) }
        }
        return debts
    }

    /// What somebody must still act on: without the follow-ups that are not open yet, that depend on something undecided, or of
    /// which all is accepted. Of a deadline given as a year or month, and without an opening, nobody is asked before that time.
    public var pending: DueList {
        var list = self
        let today = Day(on)
        list.entries = entries.filter { entry in
            guard entry.phase != .notOpen, entry.phase != .conditionOpen else { return false }
            if entry.opens == nil, let due = entry.due, due.precision != .day, let today, due.firstDay > today,
                entry.answered == 0
            {
                return false
            }
            return entry.items.contains { $0.state != .accepted }
        }
        return list
    }
}

extension DueList.Debt {
    fileprivate mutating func count(_ item: DueList.Item, of entry: DueList.Entry) {
        switch item.state {
        case .missing, .draft:
            missing += 1
            guard let overdue = item.daysLate else { return }
            late += 1
            if overdue > days ?? 0 { (since, days) = (entry.lastDay, overdue) }
        case .returned: returned += 1
        case .redacted: redacted += 1
        case .handedIn: toApprove += 1
        case .approved: toAccept += 1
        case .accepted: accepted += 1
        }
    }
}
