import CZeroMQ

/// A CURVE public key: 32 bytes, written as 40 characters of Z85 (zeromq.org RFC 32).
public struct CurvePublicKey: Hashable, Sendable, CustomStringConvertible {
    public let z85: String

    /// Nil unless `z85` is 40 characters of the Z85 alphabet.
    public init?(z85: String) {
        guard z85.utf8.count == 40 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 32)
        guard zmq_z85_decode(&bytes, z85) != nil else { return nil }
        self.z85 = z85
    }

    /// From 64 hexadecimal digits, which unlike Z85 pass through any shell and mail as they are.
    public init?(hex: String) {
        guard hex.utf8.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var rest = hex[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16), rest.first != "+" else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        guard bytes.count == 32, let key = bytes.withUnsafeBytes({ CurvePublicKey(bytes: $0) }) else { return nil }
        self = key
    }

    /// 64 hexadecimal digits, lower case.
    public var hex: String {
        var bytes = [UInt8](repeating: 0, count: 32)
        zmq_z85_decode(&bytes, z85)
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 32, let base = bytes.baseAddress else { return nil }
        var text = [CChar](repeating: 0, count: 41)
        guard zmq_z85_encode(&text, base.assumingMemoryBound(to: UInt8.self), 32) != nil else { return nil }
        z85 = String(decoding: text.prefix(40).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    public var description: String { z85 }
}

/// A CURVE key pair. The secret never leaves the process but to a file of mode 0600.
public struct CurveKeyPair: Sendable {
    public let publicKey: CurvePublicKey
    /// 40 characters of Z85.
    public let secret: String

    /// Makes a new pair.
    public static func generate() throws(ZeroMQError) -> CurveKeyPair {
        var publicText = [CChar](repeating: 0, count: 41)
        var secretText = [CChar](repeating: 0, count: 41)
        guard zmq_curve_keypair(&publicText, &secretText) == 0 else { throw .last("zmq_curve_keypair") }
        let secret = String(decoding: secretText.prefix(40).map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard let pair = CurveKeyPair(secret: secret) else { throw .last("zmq_curve_public") }
        return pair
    }

    /// From a stored secret; the public key follows from it. Nil when it is no such key.
    public init?(secret: String) {
        guard secret.utf8.count == 40 else { return nil }
        var publicText = [CChar](repeating: 0, count: 41)
        guard zmq_curve_public(&publicText, secret) == 0,
            let key = CurvePublicKey(
                z85: String(decoding: publicText.prefix(40).map(UInt8.init(bitPattern:)), as: UTF8.self))
        else { return nil }
        publicKey = key
        self.secret = secret
    }
}
