/// What two people read to each other to be sure that both look at the same keys: 80 bits of a SHA-256 over a publisher's two
/// public keys, as four groups of four letters and digits, such as `K7QF-2MXD-9PTR-4HWB`.
///
/// The text hashed is three lines, each with a newline at its end: `pejling/1 keys`, the CURVE key in Z85, the Ed25519 key in
/// lower-case hex. The alphabet is Crockford's base 32, which has no I, L, O and U; in what is typed they are read as 1, 1, 0
/// and refused. Docs/protocol.md, “Keys”.
public struct KeyFingerprint: Hashable, Sendable, CustomStringConvertible {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    /// 16 characters of the alphabet.
    private let letters: String

    /// - Parameters:
    ///   - curveKey: Z85.
    ///   - signKey: 64 hexadecimal digits.
    public init(curveKey: String, signKey: String) {
        let hash = Hash(of: Array("pejling/1 keys\n\(curveKey)\n\(signKey.lowercased())\n".utf8))
        var letters = ""
        var bits: UInt32 = 0
        var count = 0
        for byte in hash.bytes.prefix(10) {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                letters.append(Self.alphabet[Int(bits >> UInt32(count) & 31)])
            }
        }
        self.letters = letters
    }

    /// As somebody typed it: in any case, with or without hyphens and blanks. Nil when it is none.
    public init?(_ typed: String) {
        var letters = ""
        for character in typed.uppercased() where character != "-" && character != " " {
            let meant: Character =
                switch character {
                case "O": "0"
                case "I", "L": "1"
                default: character
                }
            guard Self.alphabet.contains(meant) else { return nil }
            letters.append(meant)
        }
        guard letters.count == 16 else { return nil }
        self.letters = letters
    }

    public var description: String {
        stride(from: 0, to: 16, by: 4).map { String(letters.dropFirst($0).prefix(4)) }.joined(separator: "-")
    }
}
