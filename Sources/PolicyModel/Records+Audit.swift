/// What the broker keeps of a publisher's log that did not go as it should, and an operator's word on it: body of an `audit` record
/// of the broker.
public struct Audit: RecordBody, Hashable {
    public static let kind = RecordKind.audit

    /// Evidence, or a word on it.
    public enum Event: String, Codable, Sendable, CaseIterable {
        /// The same seq came with another hash: the publisher's key is quarantined until an operator's word.
        case fork = "chain.fork"
        /// A key was used for what it may not do: `rule` says what.
        case misuse = "key.misuse"
        /// It was used so again and again: quarantined until an operator's word.
        case quarantined = "key.quarantined"
        /// An operator's word: the publisher goes on with this log. Ends a quarantine.
        case admitted = "log.admitted"
    }

    /// Where a log ends.
    public struct End: Codable, Hashable, Sendable {
        public var log: String
        public var seq: Int64
        /// Of the record `seq`; 64 zeros with 0.
        public var hash: String

        public init(log: String, seq: Int64, hash: String) {
            self.log = log
            self.seq = seq
            self.hash = hash
        }
    }

    public var event: Event
    public var publisher: String
    /// A fork: what came. A misuse: with which log, and where the ledger has it. An admission: where the ledger has the log that goes on from now.
    public var log: End
    /// A fork: the hash that the ledger holds of that seq.
    public var held: String?
    /// A fork, a misuse: the CURVE key that proved who sent it, Z85.
    public var curveKey: String?
    /// A fork: the signature over what came, and whose; absent where it came with a `hello`.
    public var signature: String?
    public var keyID: String?
    /// An admission: where the ledger has the log that was the publisher's before.
    public var before: End?
    /// A misuse: the rule of the protocol that was broken.
    public var rule: String?

    enum CodingKeys: String, CodingKey {
        case event, publisher, log, held, signature, before, rule
        case curveKey = "curve_key"
        case keyID = "key_id"
    }

    public init(
        _ event: Event, of publisher: String, log: End, held: String? = nil, curveKey: String? = nil,
        signature: String? = nil, keyID: String? = nil, before: End? = nil, rule: String? = nil
    ) {
        self.event = event
        self.publisher = publisher
        self.log = log
        self.held = held
        self.curveKey = curveKey
        self.signature = signature
        self.keyID = keyID
        self.before = before
        self.rule = rule
    }

    public var identity: String {
        "\(event.rawValue)|\(publisher)|\(log.log)|\(log.seq)\(event == .fork ? "|\(log.hash.prefix(16))" : "")\(rule.map { "|\($0)" } ?? "")"
    }
    public var policyID: String? { nil }
    public var violation: Violation? { nil }
}
