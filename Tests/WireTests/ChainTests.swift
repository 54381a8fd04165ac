import Foundation
import PolicyModel
import Testing

@testable import Wire

@Suite("Chain, batches and signatures")
struct ChainTests {
    @Test("a hash is SHA-256, in lower-case hex and as bytes (literals: sha256sum)")
    func hashes() throws {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(Hash(of: Array("abc".utf8)).hex == abc)
        #expect(Hash(of: [UInt8]()).hex == empty)
        #expect(Hash(of: Array("xabcx".utf8)[1..<4]).hex == abc)
        let hash = try #require(Hash(hex: abc))
        #expect(hash == Hash(of: Array("abc".utf8)))
        #expect(hash.bytes.prefix(4) == [0xBA, 0x78, 0x16, 0xBF])
        #expect(hash.bytes.last == 0xAD)
        #expect(Hash(bytes: hash.bytes) == hash)
        #expect(Hash.zero.hex == String(repeating: "0", count: 64))
        #expect(hash.description == abc)
        for bad in ["", "ba", abc + "0", abc.uppercased(), String(abc.dropLast()) + "g", String(abc.dropLast()) + "ø"] {
            #expect(Hash(hex: bad) == nil, "\(bad)")
        }
        #expect(Hash(bytes: [UInt8](repeating: 0, count: 31)) == nil)
        #expect(Hash(bytes: [UInt8](repeating: 0, count: 33)) == nil)
        #expect(hexText([0, 1, 0xAB, 0xFF]) == "0001abff")
        #expect(hexBytes("0001abFF") == [0, 1, 0xAB, 0xFF])
        #expect(hexBytes("0") == nil)
        #expect(hexBytes("0g") == nil)
    }

    @Test("the ledger's root follows from the one before, position, time and record (literals: printf | sha256sum)")
    func roots() {
        let first = Hash.zero.root(
            position: 1, received: "2026-11-23T08:15:00.123Z", record: Hash(of: Array("abc".utf8)))
        #expect(first.hex == "646d6f6e6f9cab634d2ecdc919a5fe2711d771f4e7cf778aa2e6dea46f468569")
        let second = first.root(position: 2, received: "2026-11-23T08:15:00.124Z", record: Hash(of: [UInt8]()))
        #expect(second.hex == "4ed5eb16b5ef84a07b5ecbf30bb8963a06259ec40f4a6c6270784fdec6895273")
    }

    @Test("a chain takes the next line of its publisher and log, and no other")
    func chain() throws {
        let lines = try makeLines(3)
        let other = try makeLines(2, text: "andet")
        func rule(_ head: ChainHead, _ line: Line, publisher: String = "BIF", log: String = bifLog) -> String? {
            do {
                try head.accepts(line, publisher: publisher, log: log)
                return nil
            } catch { return error.rule }
        }
        var head = ChainHead.empty
        #expect(rule(head, lines[0]) == nil)
        #expect(rule(head, lines[1]) == "chain.seq")
        head.advance(over: lines[0])
        #expect(head == ChainHead(seq: 1, hash: lines[0].hash))
        #expect(rule(head, lines[0]) == "chain.seq")
        #expect(rule(head, lines[2]) == "chain.seq")
        #expect(rule(head, other[1]) == "chain.prev")
        #expect(rule(head, lines[1], publisher: "BUF") == "envelope.publisher")
        #expect(rule(head, lines[1], log: String(repeating: "0", count: 32)) == "envelope.log")
        #expect(rule(head, lines[1]) == nil)
    }

    @Test("a batch is split into its lines, and put together to the same bytes")
    func batches() throws {
        let lines = try makeLines(3)
        let body = Batch.body(of: lines)
        #expect(body.last != UInt8(ascii: "\n"))
        #expect(try Batch.lines(of: body, count: 3) == lines)
        func fault(_ body: [UInt8], _ count: Int) -> Fault? {
            do {
                _ = try Batch.lines(of: body, count: count)
                return nil
            } catch { return error }
        }
        #expect(fault(body, 2)?.rule == "batch.count")
        #expect(fault(body, 4)?.rule == "batch.count")
        #expect(fault(body + [10], 3)?.rule == "batch.count")
        #expect(fault([], 0)?.rule == "batch.count")
        #expect(fault([], 1)?.rule == "line.tab")
        #expect(fault(body, Limits.batchLines + 1)?.rule == "batch.size")
        #expect(fault([UInt8](repeating: 10, count: Limits.batchBytes + 1), 1)?.rule == "batch.size")
        var broken = body
        broken[lines[0].bytes.count + 1 + lines[1].bytes.count - 3] ^= 1
        #expect(fault(broken, 3)?.rule == "body.hash")
        #expect(fault(broken, 3)?.line == 1)
        #expect(fault(broken, 3)?.description.contains("(line 2)") == true)
    }

    @Test("as many lines as are allowed are taken, one more is not")
    func fullBatch() throws {
        let line = try makeLines(1)[0]
        let most = [Line](repeating: line, count: Limits.batchLines)
        #expect(try Batch.lines(of: Batch.body(of: most), count: most.count).count == 1000)
        let error = #expect(throws: Fault.self) { try Batch.lines(of: Batch.body(of: most + [line]), count: 1001) }
        #expect(error?.rule == "batch.size")
    }

    @Test("a delivered line carries its place, with and without root")
    func delivered() throws {
        let line = try makeLines(1)[0]
        for root in [line.hash, nil] {
            let delivered = DeliveredLine(position: 7, received: "2026-11-23T08:15:00.123Z", root: root, line: line)
            #expect(try DeliveredLine(parsing: delivered.bytes[...]) == delivered)
            let text = String(decoding: delivered.bytes, as: UTF8.self)
            #expect(text.hasPrefix("7\t2026-11-23T08:15:00.123Z\t\(root?.hex ?? "-")\t{"))
        }
        let tail = "\t" + String(decoding: line.bytes, as: UTF8.self)
        for bad in ["", "1", "1\tt", "x\tt\t-" + tail, "1\tt\tabc" + tail, "1\tt\t-\t{}", "1\tt\t" + tail] {
            #expect(throws: Fault.self, "\(bad.prefix(20))") { try DeliveredLine(parsing: Array(bad.utf8)[...]) }
        }
    }

    @Test("a signature holds for its statement and key, and for nothing else")
    func signatures() throws {
        let key = try #require(SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        let statement = BatchStatement(publisher: "BIF", log: bifLog, seq: 42, hash: .zero)
        let zeros = String(repeating: "0", count: 64)
        #expect(statement.text == "pejling/1 batch\nBIF\n\(bifLog)\n42\n\(zeros)\n")
        let signature = try key.sign(statement)
        #expect(signature.utf8.count == 128)
        #expect(key.publicKey.isValid(signature, for: statement))
        #expect(!SigningKey().publicKey.isValid(signature, for: statement))
        for other in [
            BatchStatement(publisher: "BUF", log: bifLog, seq: 42, hash: .zero),
            BatchStatement(publisher: "BIF", log: String(bifLog.reversed()), seq: 42, hash: .zero),
            BatchStatement(publisher: "BIF", log: bifLog, seq: 43, hash: .zero),
            BatchStatement(publisher: "BIF", log: bifLog, seq: 42, hash: Hash(of: [1])),
        ] { #expect(!key.publicKey.isValid(signature, for: other), "\(other.text)") }
        for bad in ["", "00", signature + "00", String(repeating: "0", count: 128), "zz" + signature.dropFirst(2)] {
            #expect(!key.publicKey.isValid(bad, for: statement))
        }
        #expect(VerifyingKey(hex: key.publicKey.hex) == key.publicKey)
        #expect(VerifyingKey(hex: "00") == nil)
        #expect(VerifyingKey(hex: String(repeating: "x", count: 64)) == nil)
        #expect(SigningKey(seed: [1, 2]) == nil)
        #expect(try #require(SigningKey(seed: key.seed)).publicKey == key.publicKey)
    }

    @Test("Ed25519 gives what RFC 8032 prints for its first key")
    func rfc8032() throws {
        let seed = try #require(hexBytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        let key = try #require(SigningKey(seed: seed))
        #expect(key.publicKey.hex == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    }
}
