/// "The body of this record must go by law": body of a `redaction` record, by whoever published it or the coordinator. Envelope
/// and hash stay, so the chain still verifies.
public struct Redaction: RecordBody, Hashable {
    public static let kind = RecordKind.redaction
    public var record: RecordName
    /// Kind and identity of the record, so that a reader need not have it.
    public var redacted: String
    public var id: String
    public var policy: String?
    /// SHA-256 of the body that goes, as the record's envelope has it; 64 hexadecimal digits.
    public var bodyHash: String
    /// Why, without what is redacted.
    public var reason: LocalizedText
    /// Who decided, and where.
    public var decision: String
    /// Of a refusal, which only the broker redacts: the hash of the refused line, which the chain needs.
    public var refused: String?
    /// Of a kind from which others are reckoned: what the record still says (`Rule.remaining`).
    public var remains: Remains?

    enum CodingKeys: String, CodingKey {
        case record, redacted, id, policy, reason, decision, refused, remains
        case bodyHash = "body_sha256"
    }

    public init(
        record: RecordName, redacted: RecordKind, id: String, policy: String?, bodyHash: String, reason: LocalizedText,
        decision: String, refused: String? = nil, remains: Remains? = nil
    ) {
        self.record = record
        self.redacted = redacted.rawValue
        self.id = id
        self.policy = policy
        self.bodyHash = bodyHash
        self.reason = reason
        self.decision = decision
        self.refused = refused
        self.remains = remains
    }

    public var identity: String { record.description }
    public var policyID: String? { policy }

    /// When a record may lose its body.
    public enum Rule: Sendable, Hashable {
        /// At any time: nothing else is reckoned from it.
        case always
        /// At any time, and the order says what remains of it: others are reckoned from that.
        case remaining
        /// Once a later record of the same publisher says the same anew: others are reckoned from it.
        case replaced
        /// Nothing stands without it.
        case never
    }

    /// A plugin's own kinds may always go: what they mean is the plugin's to mend.
    public static func rule(for kind: RecordKind) -> Rule {
        switch kind {
        case .status, .reading, .funding, .milestone, .decision, .contribution, .link: .always
        // Which records it is about; how much more time there is.
        case .approval, .return, .acceptance, .exception, .withdrawal: .remaining
        // What an initiative is; figures in an assessment.
        case .initiative, .assessment: .replaced
        default: kind.isOpaque ? .always : .never
        }
    }

    /// Why a record of this kind never loses its body; nil where it may.
    public static func reasonToKeep(_ kind: RecordKind) -> String? {
        guard rule(for: kind) == .never else { return nil }
        return switch kind {
        case .policy, .target, .configuration:
            "all that is reported hangs on a \(kind), and it stands in the configuration: correct it there"
        case .handin, .assessed: "a \(kind) holds no words, only ids"
        case .redaction: "it is what says that a body is missing by right"
        case .enrolment: "signatures are checked with the keys in it"
        case .refusal: "it goes with the record it refused: redact that one"
        case .checkpoint: "it holds no words, only position and root"
        case .audit: "it is evidence, and holds no words of a person"
        default: "this program does not know a \(kind)"
        }
    }

    public var violation: Violation? {
        if reason.da.isEmpty || decision.isEmpty {
            return Violation(
                rule: "redaction.decision", message: "redaction of \(record) does not say why, or who decided")
        }
        if let why = Self.reasonToKeep(RecordKind(redacted)) {
            return Violation(rule: "redaction.kind", message: "\(record): a \(redacted) is not redacted: \(why)")
        }
        if let remains {
            guard remains.kind.rawValue == redacted, remains.body.identity == id, remains.wordless == remains else {
                return Violation(
                    rule: "redaction.remains",
                    message: "what remains of \(record) is not \(redacted) \(id) without its texts")
            }
            return remains.body.violation
        }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? {
        role == .coordinator || record.publisher == publisher
            ? nil
            : Violation(
                rule: "redaction.owner",
                message: "\(record) is \(record.publisher)'s or the coordinator's to redact, not \(publisher)'s")
    }
}
