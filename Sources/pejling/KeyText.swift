import Foundation
import Ledger
import PluginKit
import Wire
import ZeroMQ

/// A publisher's two public keys, as people hand them on: `<CURVE key>.<signing key>`, each 64 hexadecimal digits, so that no shell
/// and no mail program changes them.
struct KeyText: Hashable, CustomStringConvertible {
    let curve: CurvePublicKey
    /// 64 hexadecimal digits, lower case.
    let sign: String

    init(_ keys: PluginKeys) {
        curve = keys.curve.publicKey
        sign = keys.signing.publicKey.hex
    }

    /// Nil when it is no such text.
    init?(_ text: String) {
        let parts = text.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let curve = CurvePublicKey(hex: String(parts[0])),
            VerifyingKey(hex: String(parts[1])) != nil
        else { return nil }
        self.curve = curve
        sign = String(parts[1])
    }

    var description: String { "\(curve.hex).\(sign)" }
    var fingerprint: KeyFingerprint { KeyFingerprint(curveKey: curve.z85, signKey: sign) }
}

extension CurvePublicKey {
    /// As it is typed or pasted: Z85 or 64 hexadecimal digits.
    init?(typed text: String) {
        guard let key = CurvePublicKey(hex: text.lowercased()) ?? CurvePublicKey(z85: text) else { return nil }
        self = key
    }
}
