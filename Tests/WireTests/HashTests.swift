import TortureKit
import Testing
import Wire

@Suite("Hashes")
struct HashTests {
    @Test("digits, bytes and roots are what the plain way makes of them")
    func plain() throws {
        var numbers = SeededNumbers(seed: 4)
        for round in 0..<2_000 {
            let bytes = (0..<32).map { place in
                round < 256
                    ? UInt8(truncatingIfNeeded: round &+ place &* 17) : UInt8.random(in: 0...255, using: &numbers)
            }
            let hash = try #require(Hash(bytes: bytes))
            let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            #expect(hash.hex == digits && hash.bytes == bytes && Hash(hex: digits) == hash)
            #expect(hash.withBytes { Array($0) } == bytes)
            let time = "2026-11-23T08:15:00.\(100 + round % 900)Z"
            let record = Hash(of: bytes)
            let text = "\(digits)\n\(round)\n\(time)\n\(record.hex)\n"
            #expect(hash.root(position: Int64(round), received: time, record: record) == Hash(of: Array(text.utf8)))
        }
    }

    @Test("no other text is a hash")
    func others() throws {
        let good = String(repeating: "0123456789abcdef", count: 4)
        #expect(Hash(hex: good) != nil)
        for place in [0, 15, 16, 63] {
            for byte in UInt8.min..<0x80 where !"0123456789abcdef".utf8.contains(byte) {
                var wrong = Array(good.utf8)
                wrong[place] = byte
                #expect(Hash(hex: String(decoding: wrong, as: UTF8.self)) == nil, "\(byte) at \(place)")
            }
        }
        for wrong in ["", String(good.dropLast()), good + "0"] { #expect(Hash(hex: wrong) == nil) }
        for count in [0, 31, 33] { #expect(Hash(bytes: [UInt8](repeating: 1, count: count)) == nil) }
    }
}
