/// What is owed, by whom, and how far it has come: a list of follow-ups, each with the things asked for.
public struct DueList: Hashable, Sendable, Codable {
    /// Where a follow-up stands in time.
    public enum Phase: String, Codable, Sendable, CaseIterable {
        /// It depends on something undecided: it is never late.
        case conditionOpen = "condition_open"
        /// Not open for answers yet.
        case notOpen = "not_open"
        /// Open for answers; the deadline is not passed, or there is none.
        case open
        /// The deadline is passed, and answers are still taken.
        case overdue
        /// Answers are not taken any more, except by an exception.
        case locked
    }

    /// How far one thing has come.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Nobody has answered: shown as not reported, never blank.
        case missing
        /// Entered at the node and not handed in. Only the node sees it.
        case draft
        case handedIn = "handed_in"
        case returned, approved, accepted
        /// It was answered, and the answer was redacted: what may be said is to be said anew.
        case redacted
    }

    /// One thing asked for.
    public struct Item: Hashable, Sendable, Codable {
        public var kind: Obligation.Kind
        public var about: String
        public var title: LocalizedText
        /// Of a figure: its year.
        public var year: Int?
        public var state: State
        /// Days past the deadline: until receipt, or until the reference date where it is missing. Nil where it is not late.
        public var daysLate: Int?
        /// The newest record that answers it.
        public var record: RecordName?
        /// First receipt of an answer, and the first entry by the node's clock: lateness counts from receipt.
        public var received: String?
        public var entered: String?
        /// Of a return: what is to be looked at.
        public var note: LocalizedText?
        /// Whether an earlier answer was approved, and the newest is not.
        public var changedSinceApproval: Bool
        /// Whether a draft waits at the node besides what was handed in. Only the node sees it.
        public var hasDraft: Bool

        /// Whether the forvaltning is to say it, or to say it anew.
        public var isToBeSaid: Bool { [.missing, .draft, .returned, .redacted].contains(state) }

        enum CodingKeys: String, CodingKey {
            case kind, about, title, year, state, record, received, entered, note
            case daysLate = "days_late"
            case changedSinceApproval = "changed_since_approval"
            case hasDraft = "has_draft"
        }
    }

    /// One follow-up of one forvaltning.
    public struct Entry: Hashable, Sendable, Codable {
        public var followUp: String
        public var policy: String
        public var title: LocalizedText
        /// A code.
        public var forvaltning: String
        public var phase: Phase
        public var opens: PartialDate?
        public var due: PartialDate?
        public var dueBasis: Basis?
        public var locked: PartialDate?
        /// More time, where it was given, and why.
        public var exceptionUntil: PartialDate?
        public var exceptionReason: LocalizedText?
        /// The last day an answer is in time (`2019-12-31`): the deadline or the exception's end. Nil where there is none.
        public var lastDay: String?
        /// Days from the reference date to that day; negative when it is passed. Nil where there is none.
        public var daysLeft: Int?
        /// When the broker had the first and the newest hand-in; nil where there is none, or it has not been sent yet.
        public var handedIn: String?
        public var lastHandedIn: String?
        /// When and by which record it was last approved and accepted.
        public var approved: String?
        public var accepted: String?
        public var items: [Item]

        enum CodingKeys: String, CodingKey {
            case policy, title, forvaltning, phase, opens, due, locked, approved, accepted, items
            case followUp = "follow_up"
            case dueBasis = "due_basis"
            case exceptionUntil = "exception_until"
            case exceptionReason = "exception_reason"
            case lastDay = "last_day"
            case daysLeft = "days_left"
            case handedIn = "handed_in"
            case lastHandedIn = "last_handed_in"
        }

        public func count(_ state: State) -> Int { items.count { $0.state == state } }
        /// How many were answered, whatever came of it; what was redacted says nothing.
        public var answered: Int { items.count - count(.missing) - count(.draft) - count(.redacted) }
        /// How many were changed since they were approved.
        public var changedSinceApproval: Int { items.count(where: \.changedSinceApproval) }
        /// Whether nothing more is asked of the forvaltning: all is approved or accepted.
        public var isDone: Bool { items.allSatisfy { $0.state == .approved || $0.state == .accepted } }
        /// The most days that anything of it is late; nil where nothing is.
        public var daysLate: Int? { items.compactMap(\.daysLate).max() }
        /// Whether answers are taken on the reference date.
        public var takesAnswers: Bool { phase == .open || phase == .overdue || phase == .conditionOpen }
    }

    /// The reference date: `2026-11-23`.
    public var on: String
    public var synthetic: Bool
    /// By deadline, then follow-up, then forvaltning in the order of the city; without a deadline last.
    public var entries: [Entry]

    public init(on day: Day, synthetic: Bool, entries: [Entry]) {
        on = day.description
        self.synthetic = synthetic
        self.entries = entries
    }
}

/// Reckons what is owed from what was said: the same at a node, from its log and its copy, as at the coordinator.
public struct DueReckoning {
    /// What answers one thing.
    public struct Answer {
        /// Its records, oldest first; never empty.
        public var records: [Collecting.Moment]
        /// Whether the newest was redacted.
        public var isRedacted: Bool

        public init(records: [Collecting.Moment], isRedacted: Bool = false) {
            self.records = records
            self.isRedacted = isRedacted
        }
    }

    public var city: City
    /// The reference date.
    public var day: Day
    public var collecting: Collecting
    /// The records of a forvaltning (code) that answer an obligation of a follow-up; nil where none does.
    public var answer: (Obligation, FollowUp, String) -> Answer?
    /// Whether a draft waits; nil at the coordinator, which never sees one.
    public var hasDraft: ((Obligation, FollowUp) -> Bool)?

    public init(
        city: City, day: Day, collecting: Collecting, answer: @escaping (Obligation, FollowUp, String) -> Answer?,
        hasDraft: ((Obligation, FollowUp) -> Bool)? = nil
    ) {
        self.city = city
        self.day = day
        self.collecting = collecting
        self.answer = answer
        self.hasDraft = hasDraft
    }

    /// What a forvaltning owes for a follow-up; nil when it owes nothing, or the follow-up does not happen.
    ///
    /// - Parameters: as of `Policy.obligations(of:for:initiatives:city:target:)`.
    public func entry(
        _ policy: Policy, _ followUp: FollowUp, of forvaltning: String, initiatives: [Initiative],
        target: (AnnualTarget) -> AnnualTarget = { $0 }
    ) -> DueList.Entry? {
        guard followUp.condition != .notMet else { return nil }
        let owed = policy.obligations(
            of: forvaltning, for: followUp, initiatives: initiatives, city: city, target: target)
        guard !owed.isEmpty else { return nil }
        let given = collecting.answer(to: followUp.id, of: forvaltning)
        let until = given.exception?.until.lastDay
        let deadline = [followUp.due?.date.lastDay, until].compactMap(\.self).max()
        var entry = DueList.Entry(
            followUp: followUp.id, policy: policy.id, title: followUp.title, forvaltning: forvaltning,
            phase: phase(of: followUp, exceptionUntil: until, deadline: deadline), opens: followUp.opens?.date,
            due: followUp.due?.date, dueBasis: followUp.due?.basis, locked: followUp.locked?.date, items: [])
        entry.exceptionUntil = given.exception?.until
        entry.exceptionReason = given.exception?.reason
        entry.lastDay = deadline?.description
        entry.daysLeft = deadline?.days(since: day)
        entry.handedIn = given.firstHandIn?.received
        entry.lastHandedIn = given.lastHandIn?.received
        entry.approved = given.approval.map { $0.received ?? $0.at }
        entry.accepted = given.acceptance.map { $0.received ?? $0.at }
        // What depends on something undecided is never late.
        let lateFrom = followUp.condition == .open ? nil : deadline
        entry.items = owed.map { item($0, followUp, forvaltning, lateFrom) }
        return entry
    }

    private func phase(of followUp: FollowUp, exceptionUntil: Day?, deadline: Day?) -> DueList.Phase {
        if followUp.condition == .open { return .conditionOpen }
        if let opens = followUp.opens?.date.firstDay, day < opens { return .notOpen }
        if let locked = followUp.locked?.date.lastDay, locked < day, exceptionUntil.map({ $0 < day }) ?? true {
            return .locked
        }
        if let deadline, deadline < day { return .overdue }
        return .open
    }

    private func item(
        _ obligation: Obligation, _ followUp: FollowUp, _ forvaltning: String, _ deadline: Day?
    ) -> DueList.Item {
        let isDrafted = hasDraft?(obligation, followUp) ?? false
        var item = DueList.Item(
            kind: obligation.kind, about: obligation.about, title: obligation.title, year: obligation.year,
            state: isDrafted ? .draft : .missing, changedSinceApproval: false, hasDraft: isDrafted)
        func daysLate(at day: Day?) -> Int? {
            guard let deadline, let day, day > deadline else { return nil }
            return day.days(since: deadline)
        }
        let answer = answer(obligation, followUp, forvaltning)
        guard let records = answer?.records, let first = records.first, let newest = records.last else {
            item.daysLate = daysLate(at: day)
            return item
        }
        let mark = collecting.mark(of: newest.record)
        item.record = newest.record
        item.received = first.received
        item.entered = first.at
        // Not received yet is not late yet by receipt: it is reckoned as if it came on the reference date.
        item.daysLate = daysLate(at: first.received.flatMap { Day($0) } ?? day)
        guard answer?.isRedacted != true else {
            item.state = isDrafted ? .draft : .redacted
            return item
        }
        item.note = mark?.note
        switch mark?.stage {
        case .returned: item.state = isDrafted ? .draft : .returned
        case .approved: item.state = .approved
        case .accepted: item.state = .accepted
        case .handedIn, nil: item.state = .handedIn
        }
        if item.state != .approved, item.state != .accepted {
            item.changedSinceApproval = records.dropLast().contains {
                collecting.wasApproved($0.record, for: followUp.id, of: forvaltning)
            }
        }
        return item
    }
}
