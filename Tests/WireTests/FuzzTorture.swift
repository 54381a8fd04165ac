import Testing
import TortureKit

@testable import Wire

@Suite("Headers and lines, damaged")
struct FuzzTorture {
    private struct Wrong: Error { let text: String }

    @Test("no header ends its reader, and what was understood can be said again")
    func headers() throws {
        let started = ContinuousClock.now
        var publish = Header(.publish, token: "t")
        (publish.log, publish.firstSeq, publish.seq, publish.count, publish.hash) = (bifLog, 3, 4, 2, .zero)
        var hello = Header(.hello)
        (hello.versions, hello.publisher, hello.filter) = ([1, 1], "BIF", FeedFilter(kinds: ["policy"]))
        var ack = Header(.ack, token: "t")
        ack.refusals = [RefusedLine(seq: 3, rule: "owner", text: "nej")]
        let samples = [try publish.encoded(), try hello.encoded(), try ack.encoded()]
        let result = try Fuzz.run(samples, seeds: Torture.seeds(quick: 15, torture: 2000, long: 50_000)) { bytes in
            guard let header = try? Header.parse(bytes) else { return false }
            guard try Header.parse(encodeBody(header)) == header else { throw Wrong(text: "said again, it is another") }
            return true
        } good: {
            guard try Header.parse(samples[0]) == publish else { throw Wrong(text: "a good header is another") }
        }
        #expect(result.understood > 100 && result.isBounded, "\(result.figure)")
        Torture.report("fuzz: header", result.figure, since: started)
    }

    @Test("no line ends its reader, and what is read hangs on exactly its bytes")
    func lines() throws {
        let started = ContinuousClock.now
        let good = [try Line(parsing: Array(foreignLine.utf8))] + (try makeLines(2))
        let result = try Fuzz.run(
            good.map(\.bytes), seeds: Torture.seeds(quick: 15, torture: 2000, long: 50_000)
        ) { bytes in
            guard let line = try? Line(parsing: bytes) else { return false }
            guard let tab = bytes.firstIndex(of: 9), line.hash == Hash(of: Array(bytes[..<tab])), line.bytes == bytes,
                line.isRedacted || line.envelope.bodyHash == Hash(of: Array(bytes[(tab + 1)...])),
                line.isRedacted == (tab + 1 == bytes.count), !bytes.contains(10)
            else { throw Wrong(text: "it hangs on other bytes than its own") }
            return true
        } good: {
            for line in good where try Line(parsing: line.bytes).hash != line.hash { throw Wrong(text: "another hash") }
        }
        #expect(result.understood > 100 && result.isBounded, "\(result.figure)")
        Torture.report("fuzz: line", result.figure, since: started)
    }

    @Test("no batch and no delivery ends its reader")
    func batches() throws {
        let started = ContinuousClock.now
        let lines = try makeLines(3)
        let delivered = DeliveredLine(position: 1, received: "t", root: .zero, line: lines[0])
        let samples = [Batch.body(of: lines), delivered.bytes]
        let result = try Fuzz.run(samples, seeds: Torture.seeds(quick: 5, torture: 2000, long: 50_000)) { bytes in
            let batch = try? Batch.lines(of: bytes, count: 3)
            let place = try? DeliveredLine(parsing: bytes[...])
            if let batch, Batch.body(of: batch) != bytes { throw Wrong(text: "a batch of other bytes") }
            return batch != nil || place != nil
        } good: {
            guard try Batch.lines(of: samples[0], count: 3) == lines,
                try DeliveredLine(parsing: samples[1][...]) == delivered
            else { throw Wrong(text: "a good one is read otherwise") }
        }
        #expect(result.understood > 20 && result.isBounded, "\(result.figure)")
        Torture.report("fuzz: batch and delivered line", result.figure, since: started)
    }
}
