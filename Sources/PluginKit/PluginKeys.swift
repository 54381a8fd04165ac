import Ledger
import Wire
import ZeroMQ

/// A plugin's own keys, made at its first start and kept in its data folder (0600).
public struct PluginKeys: Sendable {
    public let curve: CurveKeyPair
    public let signing: SigningKey

    public init(folder: String) throws {
        let keys = folder + "/keys"
        try makeFolder(keys)
        let secret = try secretFile(keys + "/curve.key") { Array(try CurveKeyPair.generate().secret.utf8) }
        guard let curve = CurveKeyPair(secret: String(decoding: secret, as: UTF8.self)) else {
            throw StoreError(.damaged, "\(keys)/curve.key is no CURVE key. Restore it from a backup")
        }
        guard let signing = SigningKey(seed: try secretFile(keys + "/sign.key") { SigningKey().seed }) else {
            throw StoreError(.damaged, "\(keys)/sign.key is no Ed25519 key. Restore it from a backup")
        }
        self.curve = curve
        self.signing = signing
    }

    /// The first 16 digits of the public signing key: how a signature names its key.
    public var keyID: String { String(signing.publicKey.hex.prefix(16)) }
}
