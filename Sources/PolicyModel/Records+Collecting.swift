// The records of collecting: how an answer goes from a forvaltning through its approval to the policy's coordinating forvaltning
// and, by way of a committee, back (design: "Collecting").

/// Something an initiative is to have done by a time. Body of a `milestone` record.
public struct Milestone: RecordBody, Hashable {
    public static let kind = RecordKind.milestone
    /// `<initiative>/<name>`.
    public var id: String
    public var initiative: String
    public var what: LocalizedText
    public var due: PartialDate?
    /// When it was done; nil while it is not.
    public var done: PartialDate?

    public init(id: String, initiative: String, what: LocalizedText, due: PartialDate? = nil, done: PartialDate? = nil)
    {
        self.id = id
        self.initiative = initiative
        self.what = what
        self.due = due
        self.done = done
    }

    public var identity: String { id }
    public var policyID: String? { firstPart(id) }

    public var violation: Violation? {
        let name = id.hasPrefix("\(initiative)/") ? id.dropFirst(initiative.count + 1) : ""
        guard initiativeParts(initiative) != nil, isSlug(name) else {
            return Violation(rule: "milestone.id", message: "milestone id “\(id)” is not <initiative>/<name>")
        }
        if what.da.isEmpty { return Violation(rule: "milestone.what", message: "milestone \(id) does not say what") }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? {
        ownership(of: initiative, publisher: publisher, role: role, city: city)
    }
}

/// "We, the forvaltning, stand by these": body of an `approval` record. It names the records it covers; what comes later is
/// changed since approval.
public struct Approval: RecordBody, Hashable {
    public static let kind = RecordKind.approval
    public var followUp: String
    /// The forvaltning's code.
    public var forvaltning: String
    @RecordRuns public var records: [RecordName]
    public var comment: LocalizedText?

    enum CodingKeys: String, CodingKey {
        case forvaltning, records, comment
        case followUp = "follow_up"
    }

    public init(followUp: String, forvaltning: String, records: [RecordName], comment: LocalizedText? = nil) {
        self.followUp = followUp
        self.forvaltning = forvaltning
        self.records = records
        self.comment = comment
    }

    public var identity: String { "\(followUp)|\(forvaltning)" }
    public var policyID: String? { firstPart(followUp) }

    public var violation: Violation? {
        namesRecords(records, followUp: followUp, of: forvaltning)
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? {
        forvaltning == publisher
            ? nil : Violation(rule: "approval.owner", message: "\(publisher) cannot approve for \(forvaltning)")
    }
}

/// "Look at these again": body of a `return` record of the coordinator. It reopens only what it names.
public struct Return: RecordBody, Hashable {
    public static let kind = RecordKind.return
    /// `<follow-up>|<forvaltning>|<number>`.
    public var id: String
    public var followUp: String
    /// Whose answer it is; a code.
    public var forvaltning: String
    /// What the answer is about, where only that is returned; nil when the whole is.
    public var about: String?
    @RecordRuns public var records: [RecordName]
    /// What is to be looked at.
    public var note: LocalizedText

    enum CodingKeys: String, CodingKey {
        case id, forvaltning, about, records, note
        case followUp = "follow_up"
    }

    public init(
        id: String, followUp: String, forvaltning: String, about: String? = nil, records: [RecordName],
        note: LocalizedText
    ) {
        self.id = id
        self.followUp = followUp
        self.forvaltning = forvaltning
        self.about = about
        self.records = records
        self.note = note
    }

    public var identity: String { id }
    public var policyID: String? { firstPart(followUp) }

    public var violation: Violation? {
        if note.da.isEmpty {
            return Violation(rule: "return.note", message: "return \(id) does not say what is to be looked at")
        }
        return numbered(id, followUp: followUp, forvaltning: forvaltning)
            ?? namesRecords(records, followUp: followUp, of: forvaltning)
    }
}

/// "We take this answer": body of an `acceptance` record of the coordinator, for the policy's coordinating forvaltning.
public struct Acceptance: RecordBody, Hashable {
    public static let kind = RecordKind.acceptance
    /// `<follow-up>|<forvaltning>|<number>`.
    public var id: String
    public var followUp: String
    /// Whose answer it is; a code.
    public var forvaltning: String
    /// The approval that is accepted, with what it covers.
    public var approval: RecordName
    public var comment: LocalizedText?

    enum CodingKeys: String, CodingKey {
        case id, forvaltning, approval, comment
        case followUp = "follow_up"
    }

    public init(id: String, followUp: String, forvaltning: String, approval: RecordName, comment: LocalizedText? = nil)
    {
        self.id = id
        self.followUp = followUp
        self.forvaltning = forvaltning
        self.approval = approval
        self.comment = comment
    }

    public var identity: String { id }
    public var policyID: String? { firstPart(followUp) }

    public var violation: Violation? {
        if approval.publisher != forvaltning {
            return Violation(
                rule: "acceptance.approval",
                message: "acceptance \(id): \(approval) is no approval of \(forvaltning)")
        }
        return numbered(id, followUp: followUp, forvaltning: forvaltning)
    }
}

/// More time for one forvaltning: body of an `exception` record of the coordinator. Until that day its answer is neither late
/// nor locked. The newest for a follow-up and forvaltning holds.
public struct Exception: RecordBody, Hashable {
    public static let kind = RecordKind.exception
    /// `<follow-up>|<forvaltning>|<number>`.
    public var id: String
    public var followUp: String
    public var forvaltning: String
    /// The last day.
    public var until: PartialDate
    public var reason: LocalizedText

    enum CodingKeys: String, CodingKey {
        case id, forvaltning, until, reason
        case followUp = "follow_up"
    }

    public init(id: String, followUp: String, forvaltning: String, until: PartialDate, reason: LocalizedText) {
        self.id = id
        self.followUp = followUp
        self.forvaltning = forvaltning
        self.until = until
        self.reason = reason
    }

    public var identity: String { id }
    public var policyID: String? { firstPart(followUp) }

    public var violation: Violation? {
        if reason.da.isEmpty { return Violation(rule: "exception.reason", message: "exception \(id) does not say why") }
        return numbered(id, followUp: followUp, forvaltning: forvaltning)
    }
}

/// What a body decided: body of a `decision` record of the coordinator. Open until a later version says how it was followed up.
public struct Decision: RecordBody, Hashable {
    public static let kind = RecordKind.decision
    /// `<policy>|<date>|<number>`.
    public var id: String
    public var policy: String
    /// A `Body.id`: `ØU`, `BR`.
    public var body: String
    public var date: PartialDate
    /// The item of the agenda.
    public var item: String?
    public var text: LocalizedText
    /// What it is about: follow-ups, goals, initiatives of the policy; empty for the policy as a whole.
    public var about: [String]
    public var followedUp: FollowedUp?

    /// How a decision was followed up.
    public struct FollowedUp: Codable, Hashable, Sendable {
        public var date: PartialDate
        public var text: LocalizedText

        public init(date: PartialDate, text: LocalizedText) {
            self.date = date
            self.text = text
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, policy, body, date, item, text, about
        case followedUp = "followed_up"
    }

    public init(
        id: String, policy: String, body: String, date: PartialDate, item: String? = nil, text: LocalizedText,
        about: [String] = [], followedUp: FollowedUp? = nil
    ) {
        self.id = id
        self.policy = policy
        self.body = body
        self.date = date
        self.item = item
        self.text = text
        self.about = about
        self.followedUp = followedUp
    }

    public var identity: String { id }
    public var policyID: String? { policy }
    public var isOpen: Bool { followedUp == nil }

    public var violation: Violation? {
        if text.da.isEmpty {
            return Violation(rule: "decision.text", message: "decision \(id) does not say what was decided")
        }
        guard isSlug(policy), isNumbered(id, after: "\(policy)|\(date)|") else {
            return Violation(rule: "decision.id", message: "decision id “\(id)” is not <policy>|<date>|<number>")
        }
        if let other = about.first(where: { firstPart($0) != policy }) {
            return Violation(rule: "decision.about", message: "decision \(id): \(other) is not of policy \(policy)")
        }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? {
        city.body(body) == nil
            ? Violation(rule: "decision.body", message: "decision \(id): the city knows no body “\(body)”") : nil
    }
}

/// What an outside organisation says in an evaluation: body of a `contribution` record of the coordinator.
public struct Contribution: RecordBody, Hashable {
    public static let kind = RecordKind.contribution
    /// `<follow-up>|<number>`.
    public var id: String
    public var followUp: String
    /// By its own name.
    public var organisation: String
    public var text: LocalizedText
    /// A goal, question or initiative; nil for the follow-up as a whole.
    public var about: String?
    public var date: PartialDate?

    enum CodingKeys: String, CodingKey {
        case id, organisation, text, about, date
        case followUp = "follow_up"
    }

    public init(
        id: String, followUp: String, organisation: String, text: LocalizedText, about: String? = nil,
        date: PartialDate? = nil
    ) {
        self.id = id
        self.followUp = followUp
        self.organisation = organisation
        self.text = text
        self.about = about
        self.date = date
    }

    public var identity: String { id }
    public var policyID: String? { firstPart(followUp) }

    public var violation: Violation? {
        guard isNumbered(id, after: "\(followUp)|"), isFollowUp(followUp) else {
            return Violation(rule: "contribution.id", message: "contribution id “\(id)” is not <follow-up>|<number>")
        }
        if organisation.isEmpty || text.da.isEmpty {
            return Violation(rule: "contribution.text", message: "contribution \(id) lacks organisation or text")
        }
        return nil
    }
}

/// "We take this back": body of a `withdrawal` record, by the publisher of what it withdraws. The fact is then as if never
/// said, until a later record says it anew; history keeps all.
public struct Withdrawal: RecordBody, Hashable {
    public static let kind = RecordKind.withdrawal
    public var record: RecordName
    /// Kind and identity of the record, so that a reader need not have it.
    public var withdrawn: String
    public var id: String
    public var policy: String?
    public var reason: LocalizedText

    public init(record: RecordName, withdrawn: RecordKind, id: String, policy: String?, reason: LocalizedText) {
        self.record = record
        self.withdrawn = withdrawn.rawValue
        self.id = id
        self.policy = policy
        self.reason = reason
    }

    public var identity: String { record.description }
    public var policyID: String? { policy }

    /// What can be withdrawn: facts, never what others build on (targets, hand-ins, approvals, returns).
    public static let kinds: Set<RecordKind> = [
        .initiative, .funding, .status, .milestone, .reading, .exception, .decision, .contribution,
    ]

    public var violation: Violation? {
        if reason.da.isEmpty {
            return Violation(rule: "withdrawal.reason", message: "withdrawal of \(record) does not say why")
        }
        guard Self.kinds.contains(RecordKind(withdrawn)) else {
            return Violation(
                rule: "withdrawal.kind",
                message:
                    "\(record): a \(withdrawn) is not withdrawn; what can be is \(Self.kinds.map(\.rawValue).sorted().joined(separator: ", "))"
            )
        }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? {
        record.publisher == publisher
            ? nil
            : Violation(
                rule: "withdrawal.owner", message: "\(record) is \(record.publisher)'s to withdraw, not \(publisher)'s")
    }
}

extension RecordKind {
    public static let milestone = RecordKind("milestone")
    public static let approval = RecordKind("approval")
    public static let `return` = RecordKind("return")
    public static let acceptance = RecordKind("acceptance")
    public static let exception = RecordKind("exception")
    public static let decision = RecordKind("decision")
    public static let contribution = RecordKind("contribution")
    public static let withdrawal = RecordKind("withdrawal")
    public static let redaction = RecordKind("redaction")

    /// Kinds whose identity names a forvaltning as its second part, `<follow-up>|<forvaltning>…`: whom such a record concerns.
    public static let concerningOne: Set<RecordKind> = [.handin, .approval, .return, .acceptance, .exception]
    /// What a forvaltning says of its own.
    public static let answers: Set<RecordKind> = [.status, .reading, .funding, .milestone]
}

private func isFollowUp(_ id: String) -> Bool { slugCount(id) == 2 }

private func isNumbered(_ id: String, after prefix: String) -> Bool {
    id.hasPrefix(prefix) && Int(id.dropFirst(prefix.count)).map { $0 >= 1 } ?? false
}

extension RecordBody {
    fileprivate func numbered(_ id: String, followUp: String, forvaltning: String) -> Violation? {
        guard isFollowUp(followUp), isNumbered(id, after: "\(followUp)|\(forvaltning)|") else {
            return Violation(
                rule: "collecting.id", message: "\(Self.kind) id “\(id)” is not <follow-up>|<forvaltning>|<number>")
        }
        return nil
    }

    fileprivate func namesRecords(_ records: [RecordName], followUp: String, of forvaltning: String) -> Violation? {
        guard isFollowUp(followUp) else {
            return Violation(rule: "collecting.follow_up", message: "“\(followUp)” is no follow-up's id")
        }
        if records.isEmpty {
            return Violation(rule: "collecting.empty", message: "\(Self.kind) for \(followUp) names no record")
        }
        return records.first { $0.publisher != forvaltning }.map {
            Violation(
                rule: "collecting.records",
                message: "\(Self.kind) for \(followUp) is of \(forvaltning), and names \($0)")
        }
    }
}
