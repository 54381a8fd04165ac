import Foundation
import PolicyModel
import Testing
import Wire
import ZeroMQ

@testable import Broker
@testable import Ledger

@Suite("Handing over by file")
struct HandOverTests {
    let folder: TemporaryFolder
    let store: LedgerStore
    let brokerKey = SigningKey()
    var bif = Sender()
    let now = Date(timeIntervalSince1970: 1_795_421_700)
    var path: String { folder.path + "/bif.lines" }

    init() throws {
        folder = try TemporaryFolder()
        store = try LedgerStore(folder: folder.path + "/broker", synthetic: false, key: brokerKey)
        let enrolment = bif.enrolment
        try store.commit(at: now) { try $0.own(enrolment) }
    }

    /// Writes `lines`, signed by BIF every `batch` lines.
    func write(_ lines: [Line], batch: Int = 2, signed: Bool = true, more: [UInt8] = []) throws {
        var text: [UInt8] = []
        for (index, line) in lines.enumerated() {
            let ends = signed && ((index + 1).isMultiple(of: batch) || index + 1 == lines.count)
            let statement = BatchStatement(
                publisher: bif.publisher, log: bif.log, seq: line.envelope.seq, hash: line.hash)
            let signature = HandedLine.Signature(
                keyID: String(bif.signing.publicKey.hex.prefix(16)), text: try bif.signing.sign(statement))
            text += HandedLine(line, signature: ends ? signature : nil).bytes + [UInt8(ascii: "\n")]
        }
        try Data(text + more).write(to: URL(fileURLWithPath: path))
    }

    func take() throws -> String {
        try store.takeOver(file: path, city: testCity, clock: .system) { _ in }
    }

    func verify() throws -> Verification {
        try LedgerVerifier.verify(folder: folder.path + "/broker", brokerKey: brokerKey.publicKey)
    }

    @Test("what is handed over is in the ledger as it was made, and by whatever way it comes it counts once")
    mutating func once() throws {
        let lines = try bif.lines(5)
        try write(lines)
        #expect(try take() == "5 records stored, 0 were there already")
        #expect(try store.lines(of: "BIF", log: bif.log, after: 0) == lines)
        #expect(try take() == "0 records stored, 5 were there already")
        let more = try bif.lines(2)
        try write(Array(lines[3...]) + more, batch: 3)
        #expect(try take() == "2 records stored, 2 were there already")
        #expect(store.head.position == 8)
        #expect(try verify().fault == nil)
    }

    @Test("a line is read again as it was written: its signature, a redacted one, further columns")
    mutating func form() throws {
        let line = try bif.line()
        let signature = HandedLine.Signature(
            keyID: String(repeating: "a", count: 16), text: String(repeating: "b", count: 128))
        for handed in [
            HandedLine(line, signature: nil), HandedLine(line, signature: signature),
            HandedLine(line.redacted, signature: signature), HandedLine(line.redacted, signature: nil),
            HandedLine(line, signature: nil, more: ["1", "2026-11-23T08:15:01.250Z", "-"]),
        ] {
            #expect(try HandedLine(parsing: handed.bytes) == handed)
        }
        for bad in ["\tx", "\t\(signature.keyID)", "\t"] {
            #expect(throws: Fault.self) { try HandedLine(parsing: line.bytes + Array(bad.utf8)) }
        }
    }

    @Test("what the rules refuse is refused with its place in the file, and what came before it stays")
    mutating func refused() throws {
        let lines = try bif.lines(6)
        func refuses(_ place: String, _ words: String, stored: Int64) throws {
            let error = #expect(throws: (any Error).self) { try take() }
            let text = error.map { "\($0)" } ?? ""
            #expect(text.hasPrefix("\(path):\(place): "), "\(text)")
            #expect(text.contains(words) && !text.contains(HandOver.readingOnly), "\(text)")
            #expect(store.publishers["BIF"]?.head.seq ?? 0 == stored, "\(words)")
        }
        try write(Array(lines[2...]))
        try refuses("1", "chain.gap", stored: 0)
        try write([lines[0], lines[1], lines[2], lines[2]])
        try refuses("4", "chain.seq", stored: 2)
        try write([lines[0], lines[1], lines[2]], signed: false)
        try refuses("1", "covered by no signature", stored: 2)
        var stranger = Sender("BIF")
        stranger.head = .empty
        let own = bif
        bif = stranger
        try write(lines)
        // What is there already is not asked for its signature again: nothing of it is stored.
        try refuses("3", "is not signed by its enrolled key", stored: 2)
        bif = own
        try write(Array(lines[..<4]), more: Array("{}\n".utf8))
        try refuses("5", "line.tab", stored: 4)
        try write(lines, more: Array("{\"a\":1".utf8))
        try refuses("7", "cut off", stored: 6)
        var buf = Sender("BUF", log: String(repeating: "b", count: 32))
        try write([try buf.line()])
        try refuses("1", "BUF is not enrolled", stored: 6)
        var rebuilt = Sender("BIF", log: String(repeating: "c", count: 32))
        try write([try rebuilt.line()])
        try refuses("1", "pejling ledger admit-log BIF \(rebuilt.log) --yes", stored: 6)
        #expect(try verify().fault == nil)
    }

    @Test("a line that is damaged in the ledger is put back, counts as mended, and the damaged file is kept")
    mutating func mended() throws {
        let lines = try bif.lines(4)
        try write(lines)
        _ = try take()
        try store.commit(at: now) { transaction in
            try transaction.db.execute(sql: "UPDATE record SET line = x'00' WHERE position = 3")
        }
        #expect(try store.assess() == nil)
        #expect(try take() == "0 records stored, 4 were there already, 1 damaged ones mended")
        #expect(store.mendedCount == 1 && store.damaged.isEmpty)
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/broker")
        #expect(kept.count { $0.hasPrefix("damaged-") } == 1)
        #expect(try verify().fault == nil)
    }

    @Test(
        "what waits for its publisher is kept once, however often the broker starts; what is damaged besides is kept anew"
    )
    func keptOnce() async throws {
        let rig = try BrokerRig()
        func kept() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: rig.data.broker).count { $0.hasPrefix("damaged-") }
        }
        func damage(_ position: Int) throws {
            let store = try LedgerStore(folder: rig.data.broker, synthetic: false, key: SigningKey())
            try store.commit(at: Date()) { transaction in
                try transaction.db.execute(
                    sql: "UPDATE record SET line = x'00' WHERE position = ?", arguments: [position])
            }
        }
        try await rig.run { broker in
            let state = await broker.state()
            let (endpoint, key) = (try #require(state.endpoints.first), state.key)
            let sender = Sender("BIF")
            let keys = try CurveKeyPair.generate()
            broker.enrol(sender, keys: keys)
            try await onThread {
                var sender = sender
                let client = try TinyClient(endpoint, keys: keys, server: key)
                try client.send(sender.hello())
                _ = try client.expect(.welcome)
                let lines = try sender.lines(4)
                try client.send(try sender.publish(lines, token: ""), Batch.body(of: lines))
                _ = try client.expect(.ack)
            }
        }
        try damage(3)
        func start(expecting count: Int) async throws {
            try await rig.run { broker in
                #expect(await eventually { await broker.state().damageKept != nil })
                #expect(await broker.state().damage?.count == count)
            }
        }
        for _ in 0..<3 {
            try await start(expecting: 1)
            #expect(try kept() == 1)
        }
        try damage(4)
        try await start(expecting: 2)
        #expect(try kept() == 2)
    }

    @Test("a file of 2,000 lines without a signature is refused before it fills memory, and no file says so")
    mutating func bounds() throws {
        try write(try bif.lines(1_100), signed: false)
        let error = #expect(throws: HandOver.Refused.self) { try take() }
        #expect(error?.description.contains(":1001: more than 1000 lines") == true)
        #expect(throws: StoreError.self) {
            try store.takeOver(file: folder.path, city: testCity, clock: .system) { _ in }
        }
        #expect(throws: StoreError.self) {
            try store.takeOver(file: folder.path + "/none", city: testCity, clock: .system) { _ in }
        }
    }

    @Test("content that is refused is stored as a refusal in its place, and the chain goes on")
    mutating func content() throws {
        let good = try bif.line()
        let foreign = try bif.line(
            id: "lgbti/buf/x|no_remark|",
            body: "{\"initiative\":\"lgbti/buf/x\",\"state\":\"no_remark\",\"budgets\":[]}")
        try write([good, foreign, try bif.line()])
        #expect(try take().contains("1 of the stored refused for their content"))
        #expect(store.publishers["BIF"]?.head == bif.head)
        #expect(try verify().fault == nil)
    }

    @Test("a fork in a file is kept as evidence, and nothing is overwritten")
    mutating func fork() throws {
        let before = bif
        try write(try bif.lines(3), batch: 3)
        _ = try take()
        let head = bif.head
        var other = before
        _ = try other.line()
        let forked = try other.line(kind: .milestone, id: "lgbti/bif/x/y", body: "{}")
        let lines = try store.lines(of: "BIF", log: bif.log, after: 0)
        try write([lines[0], forked])
        let error = #expect(throws: HandOver.Refused.self) { try take() }
        #expect(error?.description.contains("chain.fork") == true)
        #expect(try store.openForks()["BIF"]?.log.hash == forked.hash.hex)
        #expect(store.publishers["BIF"]?.head == head)
        #expect(try verify().fault == nil)
    }

    @Test("a seq that cannot be is a fault of the file")
    mutating func overflow() throws {
        bif.head = ChainHead(seq: .max - 1, hash: Hash(of: [1]))
        let last = try bif.line()
        try write([last, last])
        let text = "\(#expect(throws: (any Error).self) { try take() }.map { "\($0)" } ?? "")"
        #expect(text.contains("[chain.seq]"), "\(text)")
        try write([last])
        #expect(throws: (any Error).self) { try take() }
        #expect(store.head.position == 1)
    }

    @Test(
        "a file brings a first log while its publisher is connected with another: that one waits for an operator's word"
    )
    mutating func otherLogConnected() throws {
        var ingest = Ingest(city: testCity, heads: [:]) { "token" }
        ingest.enrol(bif.enrolment)
        func facts() -> Ingest.LedgerFacts {
            let chains = ChainLookup(store)
            return Ingest.LedgerFacts(
                position: store.head.position, isSynthetic: false, id: store.id, durable: store.publishers,
                hash: chains.hash, root: chains.root)
        }
        func say(_ sender: Sender, _ header: Header, _ body: [UInt8] = []) throws -> [Ingest.Order] {
            ingest.receive(
                peer: [1], userID: sender.curveKey, header: try header.encoded(), body: body, now: .seconds(1),
                ledger: facts())
        }
        func answer(_ orders: [Ingest.Order]) -> Header? {
            for case .send(_, let header) in orders { return header }
            return nil
        }
        // The same keys, a log made anew.
        var fresh = Sender(like: bif, log: String(repeating: "d", count: 32))
        let token = try #require(answer(try say(fresh, fresh.hello()))?.token)
        let underWay = try fresh.lines(1)
        try write(try bif.lines(3))
        let file = try HandOver(path)
        while try file.next(&ingest, store, now: now, turn: .seconds(1)) {}
        #expect(store.publishers["BIF"]?.log == bif.log)
        #expect(ingest.dueAcks(durable: store.publishers).isEmpty, "an ack of another log is none")
        let orders = try say(fresh, try fresh.publish(underWay, token: token), Batch.body(of: underWay))
        #expect(answer(orders)?.type == .reject && orders.count == 1)
        #expect(answer(try say(fresh, fresh.hello()))?.rule == "log.pending")
        #expect(ingest.waitingLogs["BIF"] == fresh.log)
        #expect(try verify().fault == nil)
    }

    @Test("lines of a log before the admitted one can still be handed over")
    mutating func earlierLog() throws {
        let lines = try bif.lines(4)
        try write(Array(lines[..<2]))
        _ = try take()
        let rebuilt = Sender("BIF", log: String(repeating: "c", count: 32))
        try store.admit(rebuilt.log, of: "BIF", at: now)
        try write(lines)
        #expect(try take() == "2 records stored, 2 were there already")
        #expect(store.chainHead(of: "BIF", log: bif.log) == bif.head)
        #expect(store.publishers["BIF"] == .init(log: rebuilt.log, head: .empty))
        #expect(try verify().fault == nil)
    }

    @Test(
        "an export of a ledger holds every record with place, root and signature, and verifies with cut and sha256sum")
    mutating func export() throws {
        try write(try bif.lines(3))
        _ = try take()
        let out = folder.path + "/ledger.lines"
        let writer = try LineWriter(out)
        #expect(try LedgerExport.write(folder: folder.path + "/broker", to: writer) == 4)
        #expect(!FileManager.default.fileExists(atPath: out), "nothing half written is there")
        try writer.finish()
        #expect(#expect(throws: StoreError.self) { try LineWriter(out) }?.message.contains("is there already") == true)
        let mode = try FileManager.default.attributesOfItem(atPath: out)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let reader = try LineReader(out)
        var root = Hash.zero
        var signatures = 0
        while let bytes = try reader.next() {
            let handed = try HandedLine(parsing: bytes)
            let position = try #require(Int64(handed.more[0]))
            root = root.root(position: position, received: handed.more[1], record: handed.line.hash)
            #expect(handed.more[2] == root.hex)
            signatures += handed.signature == nil ? 0 : 1
            let number = reader.number
            let sum = try shell("sed -n \(number)p '\(out)' | cut -f1 | tr -d '\\n' | sha256sum")
            #expect(sum.hasPrefix(handed.line.hash.hex))
        }
        #expect(root == store.head.root)
        #expect(signatures == 3)
        // What a ledger exported is taken in elsewhere but for the broker's own.
        let other = try LedgerStore(folder: folder.path + "/other", synthetic: false, key: SigningKey())
        let enrolment = bif.enrolment
        try other.commit(at: now) { try $0.own(enrolment) }
        #expect(
            try other.takeOver(file: out, city: testCity, clock: .system) { _ in }
                == "3 records stored, 0 were there already, 1 of a broker left out (they are that ledger's own)")
        // Where its publishers are not known none of it is taken, and it is said what it is for.
        let empty = try LedgerStore(folder: folder.path + "/empty", synthetic: false, key: SigningKey())
        let error = #expect(throws: HandOver.Refused.self) {
            try empty.takeOver(file: out, city: testCity, clock: .system) { _ in }
        }
        #expect(error?.description.contains(HandOver.readingOnly) == true, "\(error?.description ?? "")")
    }

    private func shell(_ command: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardOutput = output
        try process.run()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return said
    }
}
