import Foundation
import PolicyModel

/// The first of a message's two frames: a JSON object of at most 4 KiB. Which fields a type has stands in Docs/protocol.md.
public struct Header: Hashable, Sendable, Codable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case hello, welcome, reject
        case publish, ack, nack
        case ping, pong
        case follow, deliver, credit, end
        case fetch, fetched
        case drain, bye
    }

    /// Protocol version.
    public var v: Int
    public var type: Kind
    /// Names the session: given in `welcome`, repeated in all that follows. A message with another is dropped.
    public var token: String?

    // hello
    public var versions: [Int]?
    public var publisher: String?
    public var program: String?
    public var signKey: String?
    /// What the host gave the process it started; fences off an older process of the same publisher.
    public var incarnation: String?

    // hello, welcome, publish, ack, nack, fetched; fetch has `seq` only
    public var log: String?
    public var seq: Int64?
    /// Of the record `seq`. deliver, end, follow: the ledger's root after `position`.
    public var hash: Hash?

    // publish, deliver, fetched
    public var firstSeq: Int64?
    public var count: Int?
    public var signature: String?
    public var keyID: String?

    // ack
    public var refusals: [RefusedLine]?

    // reject, nack
    public var rule: String?
    public var text: String?
    /// The line at fault in the batch, from 1.
    public var line: Int?
    /// reject: whether trying again is of no use.
    public var final: Bool?

    // welcome, pong, deliver, end: a position in the ledger. follow: the last one the consumer has.
    public var position: Int64?
    /// deliver, end: the position this follows on, the one of the message before or of `follow`.
    public var after: Int64?
    /// welcome: whether the ledger holds example data.
    public var synthetic: Bool?
    /// welcome: the ledger's own id, made at random with its file: a copy of one ledger is never continued from another.
    public var ledger: String?

    // ping
    /// `starting` or `ready` (all it had to publish at its start is in its log).
    public var state: String?
    /// Records not yet acked.
    public var unsent: Int64?

    // follow
    public var filter: FeedFilter?
    // follow, credit: how many more `deliver` messages the consumer takes.
    public var credit: Int?

    enum CodingKeys: String, CodingKey {
        case v, type, token, versions, publisher, program, incarnation, log, seq, hash, count, signature, refusals, rule
        case text, line, final, position, after, synthetic, ledger, state, unsent, filter, credit
        case signKey = "sign_key"
        case firstSeq = "first_seq"
        case keyID = "key_id"
    }

    public init(_ type: Kind, token: String? = nil) {
        v = Limits.versions.upperBound
        self.type = type
        self.token = token
    }
}

/// A line whose content was refused, as listed in an `ack`.
public struct RefusedLine: Hashable, Sendable, Codable {
    public var seq: Int64
    public var rule: String
    public var text: String

    public init(seq: Int64, rule: String, text: String) {
        self.seq = seq
        self.rule = rule
        self.text = text
    }
}

/// Which records a consumer wants; what is absent is not filtered.
public struct FeedFilter: Hashable, Sendable, Codable {
    public var policies: [String]?
    /// Which kinds; `redaction` comes besides.
    public var kinds: [String]?
    /// Publishers whose records are left out: a plugin never follows its own.
    public var without: [String]?
    /// Of kinds that concern one forvaltning (`RecordKind.concerningOne`) only what concerns this one, a code; of its answers
    /// (`RecordKind.answers`) only its own.
    public var concerning: String?

    public init(
        policies: [String]? = nil, kinds: [String]? = nil, without: [String]? = nil, concerning: String? = nil
    ) {
        self.policies = policies
        self.kinds = kinds
        self.without = without
        self.concerning = concerning
    }

    public func admits(_ envelope: Envelope) -> Bool {
        if let policies, !policies.contains(envelope.policy ?? "") { return false }
        // Whoever holds a line hears that its body is to go.
        if let kinds, !kinds.contains(envelope.kind), envelope.kind != RecordKind.redaction.rawValue { return false }
        if let without, without.contains(envelope.publisher) { return false }
        guard let concerning else { return true }
        let kind = RecordKind(envelope.kind)
        if RecordKind.answers.contains(kind) { return envelope.publisher == concerning }
        guard RecordKind.concerningOne.contains(kind) else { return true }
        let parts = envelope.id.split(separator: "|", maxSplits: 2)
        return parts.count > 1 && parts[1] == concerning
    }

    public var isOpen: Bool { policies == nil && kinds == nil && without == nil && concerning == nil }
}
