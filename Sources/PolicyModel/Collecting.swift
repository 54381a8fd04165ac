/// What became of answers: folded from hand-ins, returns, approvals, acceptances and exceptions in ledger order.
///
/// The newest word on a record holds. A return reopens only what it names; an approval covers what it names; an acceptance takes
/// what its approval covers and what still stands approved. Pure, and O(records named) for each word.
public struct Collecting: Sendable {
    /// How far a record that answers a follow-up has come.
    public enum Stage: String, Codable, Sendable, CaseIterable {
        case handedIn = "handed_in"
        case returned, approved, accepted
    }

    /// One word on a record or an answer: which record says it, and when.
    public struct Moment: Hashable, Sendable {
        public var record: RecordName
        /// Running number in the ledger; nil while the broker has not got it.
        public var position: Int64?
        /// Receipt by the broker, ISO 8601 in UTC; nil as `position`. Lateness counts from here.
        public var received: String?
        /// By the clock of whoever said it.
        public var at: String
        /// Pseudonym.
        public var person: String?

        public init(
            record: RecordName, position: Int64? = nil, received: String? = nil, at: String, person: String? = nil
        ) {
            self.record = record
            self.position = position
            self.received = received
            self.at = at
            self.person = person
        }
    }

    /// Where a record stands, and by whose word.
    public struct Mark: Hashable, Sendable {
        public var stage: Stage
        public var by: Moment
        /// Of a return: what is to be looked at.
        public var note: LocalizedText?
    }

    /// What one forvaltning has answered to one follow-up.
    public struct Answer: Hashable, Sendable {
        /// The first and the newest hand-in; nil before there is one.
        public var firstHandIn: Moment?
        public var lastHandIn: Moment?
        /// The newest approval with what it covers.
        public var approval: Moment?
        public var approved: [RecordName] = []
        public var acceptance: Moment?
        public var lastReturn: Moment?
        /// More time, where it was given.
        public var exception: Exception?
        /// All that was ever approved here: what came later to the same things is changed since approval.
        var everApproved: Set<RecordName> = []

        public init() {}
    }

    private struct Key: Hashable { let followUp: String, forvaltning: String }

    private var answers: [Key: Answer] = [:]
    private var marks: [RecordName: Mark] = [:]
    /// What each approval covers, for the acceptance that names it.
    private var approvals: [RecordName: [RecordName]] = [:]
    private var everApproved: Set<RecordName> = []

    public init() {}

    /// Where a record stands; nil when no hand-in and no later word names it.
    public func mark(of record: RecordName) -> Mark? { marks[record] }

    /// What a forvaltning (code) has answered to a follow-up; empty where it has not.
    public func answer(to followUp: String, of forvaltning: String) -> Answer {
        answers[Key(followUp: followUp, forvaltning: forvaltning)] ?? Answer()
    }

    /// Whether a record was approved once, whatever came later.
    public func wasApproved(_ record: RecordName, for followUp: String, of forvaltning: String) -> Bool {
        answers[Key(followUp: followUp, forvaltning: forvaltning)]?.everApproved.contains(record) ?? false
    }

    /// Whether a record was approved once, for any follow-up: for what belongs to none, such as money.
    public func wasApproved(_ record: RecordName) -> Bool { everApproved.contains(record) }

    /// A hand-in names what it hands in. What is approved or returned stays so when it is named again: it may be that whoever handed
    /// in had not heard of it, and a return is answered by saying it anew.
    public mutating func take(_ handIn: HandIn, _ moment: Moment) {
        let key = Key(followUp: handIn.followUp, forvaltning: handIn.forvaltning)
        if answers[key]?.firstHandIn == nil { answers[key, default: Answer()].firstHandIn = moment }
        answers[key, default: Answer()].lastHandIn = moment
        for record in handIn.records where record.publisher == moment.record.publisher {
            let stage = marks[record]?.stage
            guard stage == nil || stage == .handedIn else { continue }
            marks[record] = Mark(stage: .handedIn, by: moment)
        }
    }

    public mutating func take(_ approval: Approval, _ moment: Moment) {
        let key = Key(followUp: approval.followUp, forvaltning: approval.forvaltning)
        let records = approval.records.filter { $0.publisher == moment.record.publisher }
        answers[key, default: Answer()].approval = moment
        answers[key]?.approved = records
        answers[key]?.everApproved.formUnion(records)
        everApproved.formUnion(records)
        approvals[moment.record] = records
        for record in records where marks[record]?.stage != .accepted {
            marks[record] = Mark(stage: .approved, by: moment)
        }
    }

    public mutating func take(_ order: Return, _ moment: Moment) {
        answers[Key(followUp: order.followUp, forvaltning: order.forvaltning), default: Answer()].lastReturn = moment
        for record in order.records { marks[record] = Mark(stage: .returned, by: moment, note: order.note) }
    }

    public mutating func take(_ acceptance: Acceptance, _ moment: Moment) {
        answers[Key(followUp: acceptance.followUp, forvaltning: acceptance.forvaltning), default: Answer()].acceptance =
            moment
        for record in approvals[acceptance.approval] ?? [] where marks[record]?.stage == .approved {
            marks[record] = Mark(stage: .accepted, by: moment)
        }
    }

    /// More time; the newest holds.
    public mutating func take(_ exception: Exception) {
        answers[Key(followUp: exception.followUp, forvaltning: exception.forvaltning), default: Answer()].exception =
            exception
    }

    /// What remains of a word that was taken with its texts. O(records that were spoken of): orders are rare.
    public mutating func reword(_ remains: Redaction.Remains, of record: RecordName) {
        switch remains {
        case .return(let body):
            for (name, mark) in marks where mark.by.record == record { marks[name]?.note = body.note }
        case .exception(let body):
            let key = Key(followUp: body.followUp, forvaltning: body.forvaltning)
            if answers[key]?.exception?.id == body.id { answers[key]?.exception = body }
        case .approval, .acceptance, .withdrawal: break
        }
    }

    /// Takes an exception back.
    public mutating func withdraw(_ exception: Exception) {
        let key = Key(followUp: exception.followUp, forvaltning: exception.forvaltning)
        if answers[key]?.exception?.id == exception.id { answers[key]?.exception = nil }
    }
}
