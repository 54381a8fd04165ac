import Foundation
import PolicyModel

/// Who said it: a forvaltning (or none), a role, and a pseudonym; the names behind stay at the node.
public struct Author: Hashable, Sendable, Codable {
    public var forvaltning: String?
    /// `officer`, `approver`, `node`, `policy`, `coordinator`, `broker`.
    public var role: String
    public var person: String?

    /// Who enters, in a forvaltning.
    public static let officer = "officer"
    /// Who approves for it.
    public static let approver = "approver"

    public init(forvaltning: String? = nil, role: String, person: String? = nil) {
        self.forvaltning = forvaltning
        self.role = role
        self.person = person
    }
}

/// The first part of a line: what, who, when, and how it hangs in its publisher's chain.
public struct Envelope: Hashable, Sendable, Codable {
    public var publisher: String
    /// 32 hexadecimal digits, made at random with the log's file.
    public var log: String
    /// From 1, without holes.
    public var seq: Int64
    /// Hash of the publisher's previous envelope; `Hash.zero` in the first.
    public var prev: Hash
    /// When it was made, by the publisher's clock: ISO 8601, UTC.
    public var at: String
    public var kind: String
    public var policy: String?
    public var id: String
    public var by: Author
    public var bodyHash: Hash
    /// Example data, never real.
    public var synthetic: Bool

    enum CodingKeys: String, CodingKey {
        case publisher, log, seq, prev, at, kind, policy, id, by, synthetic
        case bodyHash = "body_sha256"
    }

    public init(
        publisher: String, log: String, seq: Int64, prev: Hash, at: String, kind: String, policy: String?, id: String,
        by: Author, bodyHash: Hash, synthetic: Bool
    ) {
        self.publisher = publisher
        self.log = log
        self.seq = seq
        self.prev = prev
        self.at = at
        self.kind = kind
        self.policy = policy
        self.id = id
        self.by = by
        self.bodyHash = bodyHash
        self.synthetic = synthetic
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(publisher, forKey: .publisher)
        try container.encode(log, forKey: .log)
        try container.encode(seq, forKey: .seq)
        try container.encode(prev, forKey: .prev)
        try container.encode(at, forKey: .at)
        try container.encode(kind, forKey: .kind)
        try container.encodeIfPresent(policy, forKey: .policy)
        try container.encode(id, forKey: .id)
        try container.encode(by, forKey: .by)
        try container.encode(bodyHash, forKey: .bodyHash)
        if synthetic { try container.encode(true, forKey: .synthetic) }
    }
}

extension Hash: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let hash = Hash(hex: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no SHA-256 in hex"))
        }
        self = hash
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}

extension Envelope {
    /// Reads the envelope that fills `range`, in one pass.
    ///
    /// - Throws: a `Fault` whose rule begins with `json.` or `envelope.`. Unknown fields are refused: they would be
    ///   signed, kept for ever and read by nobody.
    public init(parsing bytes: [UInt8], in range: Range<Int>) throws(Fault) {
        self = try JSONScanner.scan(bytes, in: range) { (scanner) throws(Fault) in try Envelope(&scanner) }
    }

    private init(_ scanner: inout JSONScanner) throws(Fault) {
        var publisher: String?, log: String?, seq: Int64?, prev: Hash?, at: String?, kind: String?, policy: String?
        var id: String?, by: Author?, bodyHash: Hash?, synthetic: Bool?
        func once<T>(_ old: T?, _ key: String, _ new: T) throws(Fault) -> T {
            if old != nil {
                throw Fault(rule: "json.duplicate_key", message: "key “\(key)” stands twice in the envelope")
            }
            return new
        }
        var next = try scanner.firstKey()
        while let key = next {
            if scanner.isKey(key, "publisher") {
                publisher = try once(publisher, "publisher", scanner.name("publisher"))
            } else if scanner.isKey(key, "log") {
                log = try once(log, "log", scanner.name("log"))
            } else if scanner.isKey(key, "seq") {
                seq = try once(seq, "seq", scanner.integer("seq"))
            } else if scanner.isKey(key, "prev") {
                prev = try once(prev, "prev", scanner.hash("prev"))
            } else if scanner.isKey(key, "at") {
                at = try once(at, "at", scanner.name("at"))
            } else if scanner.isKey(key, "kind") {
                kind = try once(kind, "kind", scanner.name("kind"))
            } else if scanner.isKey(key, "policy") {
                policy = try once(policy, "policy", scanner.name("policy"))
            } else if scanner.isKey(key, "id") {
                id = try once(id, "id", scanner.name("id"))
            } else if scanner.isKey(key, "by") {
                by = try once(by, "by", scanner.author())
            } else if scanner.isKey(key, "body_sha256") {
                bodyHash = try once(bodyHash, "body_sha256", scanner.hash("body_sha256"))
            } else if scanner.isKey(key, "synthetic") {
                synthetic = try once(synthetic, "synthetic", scanner.bool("synthetic"))
            } else {
                throw Fault(
                    rule: "envelope.field", message: "unknown field “\(scanner.text(key).prefix(64))” in the envelope")
            }
            next = try scanner.nextKey()
        }
        guard scanner.isAtEnd else {
            throw Fault(rule: "json.trailing", message: "something follows the envelope")
        }
        func present<T>(_ value: T?, _ key: String) throws(Fault) -> T {
            guard let value else { throw Fault(rule: "envelope.field", message: "the envelope lacks “\(key)”") }
            return value
        }
        self.init(
            publisher: try present(publisher, "publisher"), log: try present(log, "log"), seq: try present(seq, "seq"),
            prev: try present(prev, "prev"), at: try present(at, "at"), kind: try present(kind, "kind"), policy: policy,
            id: try present(id, "id"), by: try present(by, "by"), bodyHash: try present(bodyHash, "body_sha256"),
            synthetic: synthetic ?? false)
        guard isLogID(self.log) else {
            throw Fault(rule: "envelope.log", message: "the log id “\(self.log)” is not 32 hexadecimal digits")
        }
        guard isTimestamp(self.at) else {
            throw Fault(rule: "envelope.at", message: "“\(self.at)” is no UTC time such as 2026-11-23T08:15:00Z")
        }
    }
}

/// Whether `text` is 32 hexadecimal digits.
private func isLogID(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { digits in digits.count == 32 && digits.allSatisfy { hexValue($0) != nil } }
}

/// Whether `text` is a time of the form `2026-11-23T08:15:00Z` or `2026-11-23T08:15:00.123Z`, on a day that exists.
///
/// Once a record in the broker's loop, so it allocates nothing.
func isTimestamp(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
        guard bytes.count == 20 || bytes.count == 24, bytes[bytes.count - 1] == UInt8(ascii: "Z") else { return false }
        let form: StaticString = "0000-00-00T00:00:00.000Z"
        for index in 0..<(bytes.count - 1) {
            let wanted = form.utf8Start[index]
            guard wanted == UInt8(ascii: "0") ? (48...57).contains(bytes[index]) : bytes[index] == wanted else {
                return false
            }
        }
        func two(_ index: Int) -> Int { Int(bytes[index] - 48) * 10 + Int(bytes[index + 1] - 48) }
        let year = two(0) * 100 + two(2)
        guard (1900...2199).contains(year), (1...12).contains(two(5)) else { return false }
        let days = Day.length(ofMonth: two(5), year: year)
        // 60 is a leap second.
        return (1...days).contains(two(8)) && two(11) <= 23 && two(14) <= 59 && two(17) <= 60
    }
}

extension JSONScanner {
    fileprivate mutating func string(_ key: String) throws(Fault) -> JSONText {
        guard peek() == UInt8(ascii: "\"") else {
            throw Fault(rule: "envelope.type", message: "“\(key)” in the envelope is not a text")
        }
        return try skipString()
    }

    fileprivate mutating func name(_ key: String) throws(Fault) -> String {
        let string = try string(key)
        guard !string.range.isEmpty, string.range.count <= Limits.name else {
            throw Fault(
                rule: "envelope.name",
                message: "“\(key)” in the envelope is \(string.range.count) bytes: 1 to \(Limits.name) are allowed")
        }
        return text(string)
    }

    fileprivate mutating func hash(_ key: String) throws(Fault) -> Hash {
        guard let hash = hash(try string(key).range) else {
            throw Fault(rule: "envelope.hash", message: "“\(key)” in the envelope is no SHA-256 in lower-case hex")
        }
        return hash
    }

    fileprivate mutating func integer(_ key: String) throws(Fault) -> Int64 {
        let start = index
        try skipNumber()
        guard let value = Int64(written(start..<index)), value >= 1 else {
            throw Fault(rule: "envelope.type", message: "“\(key)” in the envelope is no whole number from 1 on")
        }
        return value
    }

    fileprivate mutating func bool(_ key: String) throws(Fault) -> Bool {
        guard peek() == UInt8(ascii: "t") || peek() == UInt8(ascii: "f") else {
            throw Fault(rule: "envelope.type", message: "“\(key)” in the envelope is neither true nor false")
        }
        let value = peek() == UInt8(ascii: "t")
        try skipValue(depth: 2)
        return value
    }

    fileprivate mutating func author() throws(Fault) -> Author {
        var forvaltning: String?, role: String?, person: String?
        guard peek() == UInt8(ascii: "{") else {
            throw Fault(rule: "envelope.type", message: "“by” in the envelope is not an object")
        }
        func once(_ old: String?, _ key: String) throws(Fault) {
            if old != nil { throw Fault(rule: "json.duplicate_key", message: "key “\(key)” stands twice in “by”") }
        }
        var next = try firstKey()
        while let key = next {
            if isKey(key, "forvaltning") {
                try once(forvaltning, "forvaltning")
                forvaltning = try name("forvaltning")
            } else if isKey(key, "role") {
                try once(role, "role")
                role = try name("role")
            } else if isKey(key, "person") {
                try once(person, "person")
                person = try name("person")
            } else {
                throw Fault(
                    rule: "envelope.field", message: "unknown field “\(text(key).prefix(64))” in “by”")
            }
            next = try nextKey()
        }
        guard let role else { throw Fault(rule: "envelope.field", message: "“by” lacks “role”") }
        return Author(forvaltning: forvaltning, role: role, person: person)
    }
}
