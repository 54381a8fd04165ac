import Testing
import Wire

@Suite("Fingerprints of keys")
struct FingerprintTests {
    static let curve = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
    static let sign = "4721b5b632272e65a68dda7ac25b4185f8b01916db185c14287db92e2b770fae"
    let fingerprint = KeyFingerprint(curveKey: curve, signKey: sign)

    @Test("it is of both keys, 80 bits, in four groups of four")
    func form() {
        // Reckoned by hashlib in Python from the three lines that Docs/protocol.md prints.
        #expect("\(fingerprint)" == "SERM-D3FV-QZC0-Y4JC")
        #expect(KeyFingerprint(curveKey: Self.curve, signKey: Self.sign.uppercased()) == fingerprint)
        #expect(KeyFingerprint(curveKey: String(Self.curve.reversed()), signKey: Self.sign) != fingerprint)
        #expect(KeyFingerprint(curveKey: Self.curve, signKey: String(Self.sign.reversed())) != fingerprint)
    }

    @Test("it is understood however it is typed, and what is none is not")
    func typed() {
        let text = "\(fingerprint)"
        for said in [text.lowercased(), text.replacing("-", with: ""), text.replacing("-", with: " ")] {
            #expect(KeyFingerprint(said) == fingerprint, "\(said)")
        }
        #expect(KeyFingerprint("OIL0-1111-0000-ZZZZ") == KeyFingerprint("0110-1111-0000-ZZZZ"))
        for wrong in ["", "K7QF", text + "0", "UUUU-0000-0000-0000", text.replacing("-", with: "_")] {
            #expect(KeyFingerprint(wrong) == nil, "\(wrong)")
        }
    }
}
