import Foundation
import PolicyModel

/// A record: one line, made once by its publisher and never serialised again. The envelope, a tab, the body.
///
/// A *redacted* line has nothing behind the tab: its body went by order. Hash, chain, signature and root are over envelopes, so
/// they stand as before; the line itself says nothing any more.
///
/// A class, since the broker hands each on from hand to hand: a copy is one reference, not a dozen.
public final class Line: Sendable {
    /// Without the newline.
    public let bytes: [UInt8]
    public let envelope: Envelope
    /// SHA-256 of the envelope's bytes: what names this record in chains, signatures and roots.
    public let hash: Hash
    private let tab: Int
    /// What a redacted record still says, as its order has it; nil where that is nothing, and while nobody looked it up.
    private let remains: [UInt8]?

    /// Reads and checks one line on its own: size, envelope, body JSON, body hash. Of a redacted line there is no body to check.
    public init(parsing bytes: [UInt8]) throws(Fault) {
        guard bytes.count <= Limits.line else {
            throw Fault(
                rule: "line.size", message: "a line of \(bytes.count) bytes: at most \(Limits.line) are allowed")
        }
        guard let tab = firstIndex(of: UInt8(ascii: "\t"), in: bytes) else {
            throw Fault(rule: "line.tab", message: "a line without the tab between envelope and body")
        }
        envelope = try Envelope(parsing: bytes, in: 0..<tab)
        if tab + 1 < bytes.count {
            try StrictJSON.checkObject(bytes, in: (tab + 1)..<bytes.count)
            let body = Hash(of: bytes[(tab + 1)...])
            guard body == envelope.bodyHash else {
                throw Fault(
                    rule: "body.hash",
                    message:
                        "record \(envelope.publisher)/\(envelope.seq): the body is not what the envelope's hash says")
            }
        }
        hash = Hash(of: bytes[..<tab])
        self.bytes = bytes
        self.tab = tab
        remains = nil
    }

    /// Makes the line of a new record.
    init(envelope: Envelope, body: [UInt8]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let head = [UInt8](try encoder.encode(envelope))
        bytes = head + [UInt8(ascii: "\t")] + body
        self.envelope = envelope
        hash = Hash(of: head)
        tab = head.count
        remains = nil
    }

    /// The record of `line`, of which `bytes` and `remains` are kept.
    private init(_ line: Line, bytes: [UInt8], remains: [UInt8]?) {
        self.bytes = bytes
        self.remains = remains
        envelope = line.envelope
        hash = line.hash
        tab = line.tab
    }

    /// Empty in a redacted line.
    public var body: ArraySlice<UInt8> { bytes[(tab + 1)...] }

    /// Whether its body was redacted.
    public var isRedacted: Bool { tab + 1 == bytes.count }

    /// Whether there is nothing to decode: it was redacted, and nothing remains of it.
    public var saysNothing: Bool { isRedacted && remains == nil }

    /// A redacted line with what remains of it by its order: `decode` then reads that. Any other line is left as it is.
    public func leaving(_ remains: [UInt8]?) -> Line {
        isRedacted && remains != self.remains ? Line(self, bytes: bytes, remains: remains) : self
    }

    /// The same record without its body.
    public var redacted: Line { Line(self, bytes: Array(bytes[...tab]), remains: nil) }

    public var name: RecordName { RecordName(publisher: envelope.publisher, log: envelope.log, seq: envelope.seq) }

    public var kind: RecordKind { RecordKind(envelope.kind) }

    /// The body as `type`.
    ///
    /// - Throws: a `Violation` of rule `body.schema` that names the field; of rule `body.redacted` where there is no body, and
    ///   nothing remains of it.
    public func decode<Body: RecordBody>(_ type: Body.Type) throws(Violation) -> Body {
        guard let body = isRedacted ? remains : Array(body) else {
            throw Violation(rule: "body.redacted", message: "\(envelope.kind) \(envelope.id): its body was redacted")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch let error as DecodingError {
            throw Violation(rule: "body.schema", message: "\(envelope.kind) \(envelope.id): \(error.inWords)")
        } catch {
            throw Violation(rule: "body.schema", message: "\(envelope.kind) \(envelope.id): \(error)")
        }
    }
}

extension Line: Hashable {
    public static func == (one: Line, other: Line) -> Bool {
        one === other || (one.bytes == other.bytes && one.remains == other.remains)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

/// The end of a publisher's chain in one log.
public struct ChainHead: Hashable, Sendable {
    /// 0 before the first record.
    public var seq: Int64
    public var hash: Hash

    public init(seq: Int64, hash: Hash) {
        self.seq = seq
        self.hash = hash
    }

    public static let empty = ChainHead(seq: 0, hash: .zero)

    /// Whether `line` is the next of this chain.
    public func accepts(_ line: Line, publisher: String, log: String) throws(Fault) {
        let envelope = line.envelope
        guard envelope.publisher == publisher else {
            throw Fault(rule: "envelope.publisher", message: "a record of “\(envelope.publisher)” sent by \(publisher)")
        }
        guard envelope.log == log else {
            throw Fault(
                rule: "envelope.log",
                message: "record \(publisher)/\(envelope.seq) is of log \(envelope.log), not \(log)")
        }
        guard envelope.seq == seq + 1 else {
            throw Fault(rule: "chain.seq", message: "\(publisher): seq \(envelope.seq) where \(seq + 1) is expected")
        }
        guard envelope.prev == hash else {
            throw Fault(
                rule: "chain.prev", message: "\(publisher)/\(envelope.seq): `prev` is not the hash of record \(seq)")
        }
    }

    /// The next line of this chain. `by`, `at` and the body are the record's own.
    public func next(
        publisher: String, log: String, at: String, by: Author, kind: RecordKind, id: String, policy: String?,
        body: [UInt8], synthetic: Bool
    ) throws -> Line {
        let envelope = Envelope(
            publisher: publisher, log: log, seq: seq + 1, prev: hash, at: at, kind: kind.rawValue, policy: policy,
            id: id,
            by: by, bodyHash: Hash(of: body), synthetic: synthetic)
        return try Line(envelope: envelope, body: body)
    }

    public mutating func advance(over line: Line) {
        seq = line.envelope.seq
        hash = line.hash
    }
}

/// The JSON of a body, keys sorted.
public func encodeBody(_ body: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(body))
}
