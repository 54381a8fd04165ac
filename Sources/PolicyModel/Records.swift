/// What a record is about: the `kind` of its envelope.
public struct RecordKind: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ rawValue: String) { self.rawValue = rawValue }

    public static let policy = RecordKind("policy")
    public static let initiative = RecordKind("initiative")
    public static let funding = RecordKind("funding")
    public static let status = RecordKind("status")
    public static let handin = RecordKind("handin")
    public static let configuration = RecordKind("configuration")
    public static let enrolment = RecordKind("enrolment")
    public static let refusal = RecordKind("refusal")
    public static let audit = RecordKind("audit")
    public static let checkpoint = RecordKind("checkpoint")
    public static let target = RecordKind("target")
    public static let reading = RecordKind("reading")
    public static let assessment = RecordKind("assessment")
    public static let assessed = RecordKind("assessed")
    public static let link = RecordKind("link")

    public var description: String { rawValue }

    /// A plugin's own kind (`x-…`): carried and kept, its body not looked into.
    public var isOpaque: Bool { rawValue.hasPrefix("x-") }
}

/// What a publisher is, which decides what it may publish.
public enum Role: String, Codable, Sendable, CaseIterable {
    /// The plugin of a forvaltning.
    case node
    /// The plugin of a policy.
    case policy
    case coordinator
    case broker

    /// The kinds a publisher of this role may append (design: "Records, log, wire, ledger"); opaque kinds besides.
    public var kinds: Set<RecordKind> {
        switch self {
        case .node: Self.nodeKinds
        case .policy: Self.policyKinds
        case .coordinator: Self.coordinatorKinds
        case .broker: Self.brokerKinds
        }
    }

    // Made once: the broker asks for each record.
    private static let nodeKinds: Set<RecordKind> = [
        .initiative, .funding, .milestone, .status, .reading, .handin, .approval, .withdrawal, .redaction,
    ]
    private static let policyKinds: Set<RecordKind> = [
        .policy, .target, .initiative, .funding, .milestone, .status, .assessment, .assessed, .withdrawal, .redaction,
    ]
    private static let coordinatorKinds: Set<RecordKind> = [
        .configuration, .link, .return, .acceptance, .exception, .decision, .contribution, .withdrawal, .redaction,
    ]
    private static let brokerKinds: Set<RecordKind> = [.enrolment, .refusal, .redaction, .audit, .checkpoint]

    public func mayPublish(_ kind: RecordKind) -> Bool {
        kinds.contains(kind) || (kind.isOpaque && (self == .node || self == .policy))
    }
}

/// One rule that a record's content breaks.
public struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule's name, for programs: `initiative.owner`.
    public let rule: String
    /// What is wrong and where, for people.
    public let message: String

    public init(rule: String, message: String) {
        self.rule = rule
        self.message = message
    }

    public var description: String { "\(message) [\(rule)]" }
}

/// The body of a record whose kind the system knows.
public protocol RecordBody: Codable, Sendable {
    static var kind: RecordKind { get }
    /// The envelope's `id`: a later record of the same publisher, kind and identity supersedes this one.
    var identity: String { get }
    /// The policy it belongs to: the envelope's `policy`.
    var policyID: String? { get }
    /// The first rule it breaks by itself; nil when none.
    var violation: Violation? { get }
    /// The owner rule: may a publisher of this role and name say this? `city` tells who is who.
    func ownerViolation(publisher: String, role: Role, city: City) -> Violation?
}

extension RecordBody {
    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? { nil }
}

/// The parts of an id such as `lgbti/bif/tryg-indkvartering`; nil when it is not of that form.
public func initiativeParts(_ id: String) -> (policy: Substring, owner: Substring, name: Substring)? {
    guard slugCount(id) == 3 else { return nil }
    // Slugs are ASCII: their bytes are their characters.
    let text = id.utf8
    guard let first = text.firstIndex(of: slash), let last = text.lastIndex(of: slash) else { return nil }
    return (id[..<first], id[text.index(after: first)..<last], id[text.index(after: last)...])
}

/// Whether `text` is lower-case letters, digits and single hyphens, at most 200 bytes: a part of an id.
public func isSlug(_ text: some StringProtocol) -> Bool { slugCount(text) == 1 }

/// Of how many slugs `id` is made, with “/” between; nil when some part of it is none.
///
/// Several times a record in the broker's loop, so it goes over bytes and allocates nothing.
func slugCount(_ id: some StringProtocol) -> Int? {
    var count = 1
    var length = 0
    // What stands at a slug's beginning and end is no hyphen, and no hyphen follows one.
    var mayBeHyphen = false
    for byte in id.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): mayBeHyphen = true
        case UInt8(ascii: "-"):
            guard mayBeHyphen else { return nil }
            mayBeHyphen = false
        case slash:
            guard mayBeHyphen, length <= 200 else { return nil }
            count += 1
            (length, mayBeHyphen) = (-1, false)
        default: return nil
        }
        length += 1
    }
    return mayBeHyphen && length <= 200 ? count : nil
}

private let slash = UInt8(ascii: "/")

/// The first part of an id whose parts have “/” between: what `split(separator: "/").first` gives.
func firstPart(_ id: String) -> String? {
    let text = id.utf8
    guard text.allSatisfy({ $0 < 0x80 }) else { return id.split(separator: "/").first.map(String.init) }
    // Of ASCII, bytes are characters.
    guard let start = text.firstIndex(where: { $0 != slash }) else { return nil }
    return String(id[start..<(text[start...].firstIndex(of: slash) ?? text.endIndex)])
}

extension Policy: RecordBody {
    public static let kind = RecordKind.policy
    public var identity: String { id }
    public var policyID: String? { id }

    public var violation: Violation? {
        guard isSlug(id) else {
            return Violation(rule: "policy.id", message: "policy id “\(id)” is not a-z, 0-9 and hyphen")
        }
        let ids = goals.map(\.id)
        if let twice = firstRepeated(ids) {
            return Violation(rule: "goal.duplicate", message: "goal \(twice) stands twice")
        }
        for goal in goals where goal.parent.map({ !ids.contains($0) }) ?? false {
            return Violation(
                rule: "goal.parent", message: "goal \(goal.id): parent \(goal.parent ?? "") is no goal of \(id)")
        }
        if let twice = firstRepeated(followUps.map(\.id)) {
            return Violation(rule: "follow_up.duplicate", message: "follow-up \(twice) stands twice")
        }
        guard followUps.contains(where: { $0.id == openingID }) else {
            return Violation(rule: "follow_up.opening", message: "policy \(id) lacks its follow-up \(openingID)")
        }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? {
        publisher == id
            ? nil : Violation(rule: "policy.owner", message: "policy \(id) is not \(publisher)'s to publish")
    }
}

extension Initiative: RecordBody {
    public static let kind = RecordKind.initiative
    public var identity: String { id }
    public var policyID: String? { policy }

    public var violation: Violation? {
        guard let parts = initiativeParts(id), parts.policy == policy else {
            return Violation(rule: "initiative.id", message: "initiative id “\(id)” is not \(policy)/<owner>/<name>")
        }
        if (mandate == .proposed) != (proposedTo != nil) {
            return Violation(
                rule: "initiative.mandate", message: "initiative \(id): `proposed` and `proposed_to` go together")
        }
        if title.da.isEmpty { return Violation(rule: "initiative.title", message: "initiative \(id) has no title") }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? {
        guard let slug = city.slug(of: owner), initiativeParts(id)?.owner == slug[...] else {
            return Violation(
                rule: "initiative.id",
                message: city.slug(of: owner) == nil
                    ? "initiative \(id) belongs to \(owner), whom the configuration does not know"
                    : "initiative \(id) belongs to \(owner): its id says otherwise")
        }
        return ownership(of: id, publisher: publisher, role: role, city: city)
    }
}

extension Funding: RecordBody {
    public static let kind = RecordKind.funding
    public var identity: String { "\(initiative)|\(state.rawValue)|\(from?.description ?? "")" }
    public var policyID: String? { initiativeParts(initiative).map { String($0.policy) } }

    public var violation: Violation? {
        guard initiativeParts(initiative) != nil else {
            return Violation(rule: "funding.initiative", message: "“\(initiative)” is no initiative's id")
        }
        if let from, let until, from.firstDay > until.lastDay {
            return Violation(
                rule: "funding.period", message: "funding of \(initiative) ends (\(until)) before it begins (\(from))")
        }
        for budget in budgets {
            for (name, amount) in [("planned", budget.plannedDKK), ("used", budget.usedDKK)] {
                guard let amount, amount.description.hasPrefix("-") else { continue }
                return Violation(
                    rule: "funding.amount",
                    message: "\(name) for \(budget.year) is \(amount) DKK: money is not negative")
            }
        }
        guard Set(budgets.map(\.year)).count == budgets.count else {
            return Violation(rule: "funding.year", message: "money of \(initiative) is given twice for one year")
        }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? {
        ownership(of: initiative, publisher: publisher, role: role, city: city)
    }
}

extension StatusReport: RecordBody {
    public static let kind = RecordKind.status
    public var identity: String { about + "|" + followUp }
    public var policyID: String? { firstPart(about) }

    public var violation: Violation? {
        guard let policyID, let parts = slugCount(about), (2...3).contains(parts) else {
            return Violation(rule: "status.about", message: "“\(about)” is no initiative's, goal's or question's id")
        }
        guard followUp.utf8.count > policyID.utf8.count + 1, followUp.hasPrefix(policyID + "/") else {
            return Violation(
                rule: "status.follow_up", message: "status of \(about): “\(followUp)” is no follow-up of \(policyID)")
        }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? {
        // A goal's or a question's status comes from whoever owes input; only an initiative has one owner.
        guard initiativeParts(about) != nil else {
            return role == .policy && policyID != publisher
                ? Violation(rule: "owner", message: "\(about) is not of policy \(publisher)") : nil
        }
        return ownership(of: about, publisher: publisher, role: role, city: city)
    }
}

extension HandIn: RecordBody {
    public static let kind = RecordKind.handin
    public var identity: String { followUp + "|" + forvaltning }
    public var policyID: String? { firstPart(followUp) }

    public var violation: Violation? {
        guard followUp.split(separator: "/").count == 2 else {
            return Violation(rule: "handin.follow_up", message: "“\(followUp)” is no follow-up's id")
        }
        if records.isEmpty {
            return Violation(rule: "handin.empty", message: "hand-in for \(followUp) names no record")
        }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? {
        forvaltning == publisher
            ? nil : Violation(rule: "handin.owner", message: "\(publisher) cannot hand in for \(forvaltning)")
    }
}

extension City: RecordBody {
    public static let kind = RecordKind.configuration
    public var identity: String { "configuration" }
    public var policyID: String? { nil }
    public var violation: Violation? { nil }
}

/// Which key speaks for a publisher: body of an `enrolment` record of the broker.
public struct Enrolment: RecordBody, Hashable {
    public static let kind = RecordKind.enrolment
    public var publisher: String
    public var role: Role
    /// CURVE public key, Z85.
    public var curveKey: String
    /// Ed25519 public key, lower-case hex.
    public var signKey: String
    /// Who admitted it: `up` for a plugin the broker started itself, `operator` for `pejling keys enrol`, with a pseudonym behind it
    /// where one was given.
    public var admittedBy: String
    /// Present when these keys speak for the publisher no more; nobody does until others, or the same, are enrolled.
    public var revoked: Revocation?

    /// That an operator took keys back.
    public struct Revocation: Codable, Sendable, Hashable {
        /// `operator`, with a pseudonym behind it where one was given.
        public var by: String
        public var reason: String?

        public init(by: String, reason: String? = nil) {
            self.by = by
            self.reason = reason
        }
    }

    enum CodingKeys: String, CodingKey {
        case publisher, role, revoked
        case curveKey = "curve_key"
        case signKey = "sign_key"
        case admittedBy = "admitted_by"
    }

    public init(
        publisher: String, role: Role, curveKey: String, signKey: String, admittedBy: String,
        revoked: Revocation? = nil
    ) {
        self.publisher = publisher
        self.role = role
        self.curveKey = curveKey
        self.signKey = signKey
        self.admittedBy = admittedBy
        self.revoked = revoked
    }

    /// Whether both are of the same keys in the same role, whoever admitted them.
    public func hasKeys(of other: Enrolment) -> Bool {
        publisher == other.publisher && role == other.role && curveKey == other.curveKey && signKey == other.signKey
    }

    public var identity: String { publisher }
    public var policyID: String? { nil }
    public var violation: Violation? { nil }
}

/// A line whose content the broker refused: body of a `refusal` record, in the line's place.
public struct Refusal: RecordBody, Hashable {
    public static let kind = RecordKind.refusal
    public var record: RecordName
    /// The hash of the line's envelope.
    public var hash: String
    public var rule: String
    public var message: String

    public init(record: RecordName, hash: String, rule: String, message: String) {
        self.record = record
        self.hash = hash
        self.rule = rule
        self.message = message
    }

    public var identity: String { record.description }
    public var policyID: String? { nil }
    public var violation: Violation? { nil }
}

/// Is the initiative `id` this publisher's? A node's, when the id carries its slug; a policy plugin's, when the policy is
/// its own and the owner has no node.
func ownership(of id: String, publisher: String, role: Role, city: City) -> Violation? {
    guard let parts = initiativeParts(id) else {
        return Violation(rule: "owner", message: "“\(id)” is no initiative's id")
    }
    let nodeOfOwner = city.forvaltninger.first { $0.slug == parts.owner }
    switch role {
    case .node where nodeOfOwner?.code == publisher: return nil
    case .policy where nodeOfOwner == nil && parts.policy == publisher: return nil
    default:
        return Violation(
            rule: "owner",
            message: "\(id) is \(nodeOfOwner?.code ?? "policy \(parts.policy)")'s to say, not \(publisher)'s")
    }
}

private func firstRepeated(_ ids: [String]) -> String? {
    var seen: Set<String> = []
    return ids.first { !seen.insert($0).inserted }
}
