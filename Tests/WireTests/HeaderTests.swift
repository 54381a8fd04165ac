import Foundation
import Testing

@testable import Wire

/// A small generator with a seed (SplitMix64): a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// `bytes` with one to four changes: a byte replaced, put in, taken out, a piece doubled, or the end cut.
    mutating func mutated(_ bytes: [UInt8], from other: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<7, using: &self) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &self)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &self), at: place)
            case 3: bytes.remove(at: place)
            case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 12)], at: place)
            case 5: bytes.removeLast(bytes.count - place)
            default:
                let from = Int.random(in: 0..<other.count, using: &self)
                bytes.insert(contentsOf: other[from..<min(other.count, from + 20)], at: place)
            }
        }
        return bytes
    }
}

@Suite("Headers and fuzz")
struct HeaderTests {
    @Test("a header is read back as it was written")
    func roundTrip() throws {
        var header = Header(.publish, token: "t")
        (header.log, header.firstSeq, header.seq, header.count, header.hash) = (bifLog, 3, 4, 2, .zero)
        (header.signature, header.keyID) = ("ab", "cd")
        header.filter = FeedFilter(policies: ["lgbti"], kinds: nil, without: ["BIF"])
        header.refusals = [RefusedLine(seq: 1, rule: "owner", text: "nej")]
        #expect(try Header.parse(header.encoded()) == header)
    }

    @Test(
        "what is no header is refused by rule",
        arguments: [
            ("", "json.object"), ("{}", "header.schema"), (#"{"v":1}"#, "header.schema"),
            (#"{"v":1,"type":"shout"}"#, "header.schema"), (#"{"v":"1","type":"ping"}"#, "header.schema"),
            (#"{"v":1,"type":"ping","seq":"x"}"#, "header.schema"),
            (#"{"v":1,"type":"ping","hash":"x"}"#, "header.schema"),
            (#"{"v":1,"type":"ping","type":"bye"}"#, "json.duplicate_key"),
            (#"{"v":1,"type":"ping","x":"\#(String(repeating: "x", count: 4096))"}"#, "header.size"),
            (#"{"v":1,"type":"ping","seq":92233720368547758080}"#, "header.schema"),
        ])
    func bad(text: String, rule: String) {
        #expect(throws: Fault.self) { try Header.parse(Array(text.utf8)) }
        do { _ = try Header.parse(Array(text.utf8)) } catch { #expect(error.rule == rule) }
    }

    @Test("a filter admits what it names")
    func filters() throws {
        let envelope = try Line(parsing: Array(foreignLine.utf8)).envelope
        #expect(FeedFilter().admits(envelope))
        #expect(FeedFilter().isOpen)
        #expect(FeedFilter(policies: ["lgbti"], kinds: ["x-note"], without: ["BUF"]).admits(envelope))
        #expect(!FeedFilter(policies: ["handicap"]).admits(envelope))
        #expect(!FeedFilter(kinds: ["status"]).admits(envelope))
        #expect(!FeedFilter(without: ["BIF"]).admits(envelope))
        #expect(!FeedFilter(policies: []).admits(envelope))
        #expect(!FeedFilter(policies: []).isOpen)
    }

    @Test("times are of fixed width, in UTC")
    func times() {
        let date = Date(timeIntervalSince1970: 1_795_421_700.5)
        #expect(Timestamp.seconds(date) == "2026-11-23T08:15:00Z")
        #expect(Timestamp.milliseconds(date) == "2026-11-23T08:15:00.500Z")
        #expect(Timestamp.milliseconds(Date(timeIntervalSince1970: 1_795_421_700)) == "2026-11-23T08:15:00.000Z")
    }

    @Test("20,000 changed lines end no reader, and what is read hangs on exactly its bytes")
    func fuzzLines() throws {
        var generator = SeededGenerator(state: 20_261_123)
        let samples = [Array(foreignLine.utf8)] + (try makeLines(2)).map(\.bytes)
        var read = 0
        for round in 0..<20_000 {
            let sample = samples[round % samples.count]
            let bytes = generator.mutated(sample, from: samples[(round + 1) % samples.count])
            guard let line = try? Line(parsing: bytes) else { continue }
            read += 1
            let tab = try #require(bytes.firstIndex(of: 9))
            guard line.hash == Hash(of: Array(bytes[..<tab])), line.bytes == bytes,
                line.isRedacted || line.envelope.bodyHash == Hash(of: Array(bytes[(tab + 1)...])),
                line.isRedacted == (tab + 1 == bytes.count), !bytes.contains(10)
            else {
                Issue.record("round \(round): \(String(decoding: bytes, as: UTF8.self))")
                return
            }
        }
        // The changes are small, so some lines stay readable: otherwise this would test nothing.
        #expect(read > 200)
    }

    @Test("20,000 changed headers and delivered lines end no reader")
    func fuzzHeaders() throws {
        var generator = SeededGenerator(state: 42)
        var publish = Header(.publish, token: "t")
        (publish.log, publish.firstSeq, publish.seq, publish.count, publish.hash) = (bifLog, 3, 4, 2, .zero)
        var hello = Header(.hello)
        (hello.versions, hello.publisher, hello.filter) = ([1, 1], "BIF", FeedFilter(kinds: ["policy"]))
        let headers = [try publish.encoded(), try hello.encoded()]
        let delivered = DeliveredLine(position: 1, received: "t", root: .zero, line: try makeLines(1)[0]).bytes
        var read = 0
        for round in 0..<20_000 {
            if let header = try? Header.parse(generator.mutated(headers[round % 2], from: headers[(round + 1) % 2])) {
                read += 1
                // What was understood can be said again.
                #expect(try Header.parse(encodeBody(header)) == header)
            }
            let place = try? DeliveredLine(parsing: generator.mutated(delivered, from: headers[0])[...])
            if let place { read += place.position > 0 ? 1 : 0 }
        }
        #expect(read > 200)
    }
}
