import Crypto
import Foundation

/// A publisher's Ed25519 key (RFC 8032), which signs the head of each batch.
public struct SigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    public init() { key = Curve25519.Signing.PrivateKey() }

    /// From 32 bytes stored before; nil when they are no key.
    public init?(seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
        self.key = key
    }

    /// 32 bytes, to be kept in a file of mode 0600.
    public var seed: [UInt8] { Array(key.rawRepresentation) }

    public var publicKey: VerifyingKey { VerifyingKey(key: key.publicKey) }

    /// 128 hexadecimal digits.
    public func sign(_ statement: BatchStatement) throws -> String {
        hexText(try key.signature(for: Data(statement.text.utf8)))
    }
}

/// The public half, which says whether a batch is its publisher's.
public struct VerifyingKey: Sendable, Hashable {
    private let key: Curve25519.Signing.PublicKey

    fileprivate init(key: Curve25519.Signing.PublicKey) { self.key = key }

    /// From 64 hexadecimal digits; nil when they are no key.
    public init?(hex: String) {
        guard let bytes = hexBytes(hex), bytes.count == 32,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        else { return nil }
        self.key = key
    }

    public var hex: String { hexText(key.rawRepresentation) }

    public func isValid(_ signature: String, for statement: BatchStatement) -> Bool {
        guard let bytes = hexBytes(signature), bytes.count == 64 else { return false }
        return key.isValidSignature(Data(bytes), for: Data(statement.text.utf8))
    }

    public static func == (a: VerifyingKey, b: VerifyingKey) -> Bool { a.hex == b.hex }
    public func hash(into hasher: inout Hasher) { hasher.combine(hex) }
}

/// What a batch's signature covers: the chain's head after it, and so, through `prev`, every record before.
public struct BatchStatement: Hashable, Sendable {
    public let publisher: String
    public let log: String
    public let seq: Int64
    public let hash: Hash

    public init(publisher: String, log: String, seq: Int64, hash: Hash) {
        self.publisher = publisher
        self.log = log
        self.seq = seq
        self.hash = hash
    }

    /// The bytes signed: a domain, so that no signature serves for anything else, and four lines.
    public var text: String { "pejling/1 batch\n\(publisher)\n\(log)\n\(seq)\n\(hash.hex)\n" }
}
