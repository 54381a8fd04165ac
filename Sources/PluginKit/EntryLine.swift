import PolicyModel

/// One thing an officer says, as a JSON line on the standard input of `<node> enter`.
public struct EntryLine: Codable, Sendable {
    /// A status, for the follow-up it names.
    public var status: StatusReport?
    /// A change of money.
    public var funding: Funding?
    /// A figure.
    public var reading: EnteredReading?
    public var milestone: Milestone?
    /// Something said before that is taken back.
    public var withdraw: EnteredWithdrawal?
    /// Hand in what has been said for this follow-up: drafts, and the lines before.
    public var handIn: String?
    /// The forvaltning's word that it stands by what was handed in.
    public var approve: EnteredApproval?
    /// Status or reading is kept at the node, and not handed in.
    public var draft: Bool?
    /// With a reading that is a draft: the follow-up it will be handed in with.
    public var followUp: String?
    /// Drafts that are not wanted any more.
    public var discard: EnteredDiscard?
    /// The officer's pseudonym.
    public var person: String?

    enum CodingKeys: String, CodingKey {
        case status, funding, reading, milestone, withdraw, approve, draft, discard, person
        case handIn = "hand_in"
        case followUp = "follow_up"
    }

    public init(
        status: StatusReport? = nil, funding: Funding? = nil, reading: EnteredReading? = nil,
        milestone: Milestone? = nil, withdraw: EnteredWithdrawal? = nil, handIn: String? = nil,
        approve: EnteredApproval? = nil, draft: Bool? = nil, followUp: String? = nil, discard: EnteredDiscard? = nil,
        person: String? = nil
    ) {
        self.status = status
        self.funding = funding
        self.reading = reading
        self.milestone = milestone
        self.withdraw = withdraw
        self.handIn = handIn
        self.approve = approve
        self.draft = draft
        self.followUp = followUp
        self.discard = discard
        self.person = person
    }

    var isEmpty: Bool {
        status == nil && funding == nil && reading == nil && milestone == nil && withdraw == nil && handIn == nil
            && approve == nil && discard == nil
    }
}

/// What is to be taken back: a record by its name, or the newest of a kind and identity.
public struct EnteredWithdrawal: Codable, Hashable, Sendable {
    public var record: RecordName?
    /// With `id`: `status`, `reading`, `funding`, `milestone`, `initiative`.
    public var kind: String?
    /// The identity: `lgbti/bif/x|lgbti/2019`.
    public var id: String?
    public var reason: LocalizedText

    public init(record: RecordName? = nil, kind: RecordKind? = nil, id: String? = nil, reason: LocalizedText) {
        self.record = record
        self.kind = kind?.rawValue
        self.id = id
        self.reason = reason
    }
}

/// What is approved: all that stands handed in for a follow-up.
public struct EnteredApproval: Codable, Hashable, Sendable {
    public var followUp: String
    /// What the approver saw. Where that is not what stands handed in now, nothing is approved. Nil: whatever stands.
    public var records: [RecordName]? { runs?.wrappedValue }
    public var comment: LocalizedText?
    private var runs: RecordRuns?

    enum CodingKeys: String, CodingKey {
        case comment
        case runs = "records"
        case followUp = "follow_up"
    }

    public init(followUp: String, records: [RecordName]? = nil, comment: LocalizedText? = nil) {
        self.followUp = followUp
        runs = records.map { RecordRuns(wrappedValue: $0) }
        self.comment = comment
    }
}

/// Drafts to drop: one thing's, or all of a follow-up.
public struct EnteredDiscard: Codable, Hashable, Sendable {
    public var followUp: String
    /// An initiative, goal, question, indicator or annual target; nil for all.
    public var about: String?

    enum CodingKeys: String, CodingKey {
        case about
        case followUp = "follow_up"
    }

    public init(followUp: String, about: String? = nil) {
        self.followUp = followUp
        self.about = about
    }
}

/// What came of an entry: one JSON line on standard output each.
public struct EntryResult: Codable, Sendable {
    /// `BIF/9f2c…/43`; nil when it was only checked, or is a draft.
    public var record: String?
    public var kind: String
    public var id: String
    /// What the officer must know of it: that a figure was suppressed, and why.
    public var note: String?
    /// Kept at the node and not handed in.
    public var isDraft: Bool?
    /// Of a hand-in or approval: how many records it names.
    public var count: Int?

    enum CodingKeys: String, CodingKey {
        case record, kind, id, note, count
        case isDraft = "draft"
    }

    init(
        record: String? = nil, kind: String, id: String, note: String? = nil, isDraft: Bool? = nil, count: Int? = nil
    ) {
        self.record = record
        self.kind = kind
        self.id = id
        self.note = note
        self.isDraft = isDraft
        self.count = count
    }
}

/// Why a line is refused: one JSON line on standard output each, where nothing is taken. The same in words is on standard error.
public struct EntryRefusal: Codable, Hashable, Sendable, CustomStringConvertible {
    /// From 1; nil where it is about a draft that a hand-in would take along.
    public var line: Int?
    /// What is wrong, and the way out.
    public var refused: String

    public init(line: Int? = nil, refused: String) {
        self.line = line
        self.refused = refused
    }

    public var description: String { line.map { "line \($0): \(refused)" } ?? refused }
}
