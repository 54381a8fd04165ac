import Foundation
import PolicyModel
import Testing
import Wire

@testable import Broker
@testable import Ledger

extension Sender {
    fileprivate func others(_ count: Int) throws -> [Line] {
        var sender = self
        return try sender.lines(count)
    }
}

@Suite("The end of a log that nobody has signed")
struct UnsignedEndTests {
    let folder: TemporaryFolder
    let data: DataFolder
    let key = SigningKey()
    var bif = Sender()
    let lines: [Line]
    let now = Date(timeIntervalSince1970: 1_795_421_700)

    /// A ledger with five lines of BIF in two batches, whose file lost the second and all that signs it; the coordinator was given all.
    init() throws {
        folder = try TemporaryFolder()
        data = try DataFolder(creating: folder.path + "/var", synthetic: false)
        var bif = Sender()
        let (first, second) = (try bif.lines(2), try bif.lines(3))
        lines = first + second
        let enrolment = bif.enrolment
        let store = try LedgerStore(folder: data.broker, synthetic: false, key: key)
        try store.commit(at: now) { try $0.own(enrolment) }
        for batch in [first, second] {
            let header = try bif.publish(batch, token: "")
            let statement = BatchStatement(
                publisher: "BIF", log: bif.log, seq: try #require(header.seq), hash: try #require(header.hash))
            let append = Ingest.Append(
                peer: [], lines: batch, refused: [:], statement: statement, signature: try #require(header.signature),
                keyID: try #require(header.keyID))
            _ = try store.commit([append], at: now)
        }
        self.bif = bif
        let copy = try Replica(folder: data.coordinator, create: true)
        try copy.store(try store.read(after: 0, filter: nil).lines, upTo: store.head.position)
        try store.database.write { db in
            try db.execute(
                sql: """
                    DELETE FROM record WHERE position > 3; DELETE FROM signature WHERE publisher = 'BIF' AND seq > 2;
                    UPDATE last_signature SET seq = 2, signature = (SELECT signature FROM signature WHERE publisher = 'BIF')
                    WHERE publisher = 'BIF';
                    """)
            try db.execute(
                sql: "UPDATE head SET seq = 2, hash = ? WHERE publisher = 'BIF'", arguments: [Data(first[1].hash.bytes)]
            )
        }
        try writeFile(data.broker + "/sign.key", [UInt8](repeating: 1, count: 32), mode: 0o600)
    }

    /// As a start does.
    private func opened() throws -> LedgerStore { try LedgerDoor.open(data, key: key) }

    private func verify() throws -> Verification {
        try LedgerVerifier.verify(folder: data.broker, brokerKey: key.publicKey)
    }

    private var end: RecordName { lines[4].name }

    @Test(
        "what a copy here was given beyond the end of the ledger is put back, and kept as not signed by its publisher")
    func putBack() throws {
        #expect(try verify().fault == nil, "of itself it does not look short")
        let store = try opened()
        #expect(store.head.position == 6)
        #expect(store.remaking?.fault.contains("was given 6 records of it: its end is lost") == true)
        let id = String(bif.signing.publicKey.hex.prefix(16))
        #expect(store.unsigned == [UnsignedEnd(name: end, signed: 2, keyID: id)])
        let check = try verify()
        #expect(check.fault == nil && check.records == 6 && check.awaitingSignature == [end], "\(check)")
        // Another start does nothing more.
        #expect(try opened().remaking == nil)
        // Nobody says so of the broker's own, or of less than was there.
        for change in [
            "UPDATE unsigned_end SET seq = 4", "UPDATE unsigned_end SET publisher = 'BUF'",
            "UPDATE unsigned_end SET seq = 6", "DELETE FROM unsigned_end",
            "INSERT INTO unsigned_end SELECT publisher, log, seq FROM head WHERE publisher = 'broker'; DELETE FROM signature WHERE publisher = 'broker'; DELETE FROM last_signature",
        ] {
            let target = try DataFolder(creating: folder.path + "/copy", synthetic: false)
            try FileManager.default.copyItem(atPath: data.broker, toPath: target.broker)
            let copy = try Database(
                path: target.broker + "/ledger.sqlite", kind: .ledger, schema: "", create: false)
            try copy.write { try $0.execute(sql: change) }
            #expect(
                try LedgerVerifier.verify(folder: target.broker, brokerKey: key.publicKey).fault != nil, "\(change)")
            try FileManager.default.removeItem(atPath: target.path)
        }
    }

    @Test(
        "a copy that was elsewhere puts the end back by an operator's word; one of another history is known by its root"
    )
    func named() throws {
        let elsewhere = folder.path + "/elsewhere"
        try FileManager.default.moveItem(atPath: data.coordinator, toPath: elsewhere)
        let copies = try LedgerCopy.named(elsewhere)
        do {
            let store = try opened()
            #expect(store.head.position == 3 && copies[0].parting(from: store) == nil)
        }
        // Nothing here proves it: it is said first.
        let unproved = #expect(throws: StoreError.self) { try LedgerDoor.open(data, key: key, copies: copies) }
        #expect(unproved?.message.contains("has 3 records behind it, none of the broker's own words") == true)
        #expect(unproved?.message.contains("--yes") == true)
        #expect(try opened().head.position == 3)
        let other = folder.path + "/other"
        try FileManager.default.copyItem(atPath: elsewhere, toPath: other)
        let copy = try Database(path: other + "/replica.sqlite", kind: .replica, schema: "", create: false)
        try copy.write { try $0.execute(sql: "UPDATE line SET root = zeroblob(32) WHERE position = 3") }
        do {
            let store = try LedgerDoor.open(data, key: key, copies: try LedgerCopy.named(other))
            #expect(store.head.position == 3)
            #expect(try LedgerCopy.named(other)[0].parting(from: store) == 3)
        }
        // What is missing in the middle is not passed over, nor tried at each start.
        let hole = folder.path + "/hole"
        try FileManager.default.copyItem(atPath: elsewhere, toPath: hole)
        let holed = try Database(path: hole + "/replica.sqlite", kind: .replica, schema: "", create: false)
        try holed.write { try $0.execute(sql: "DELETE FROM line WHERE position = 4") }
        do {
            let store = try LedgerDoor.open(data, key: key, copies: try LedgerCopy.named(hole), trusts: true)
            #expect(store.head.position == 3 && store.remaking == nil)
            #expect(try LedgerCopy.named(hole)[0].records(beyond: store.head).last == 6)
        }
        #expect(try LedgerDoor.open(data, key: key, copies: copies, trusts: true).head.position == 6)
        let check = try verify()
        #expect(check.fault == nil && check.records == 6 && check.awaitingSignature == [end], "\(check)")
    }

    @Test("a copy of another history, or with a hole where this ledger ends, says nothing of its end")
    func otherCopy() throws {
        for change in ["UPDATE line SET root = zeroblob(32) WHERE position = 3", "DELETE FROM line WHERE position = 3"]
        {
            let copy = try Database(
                path: data.coordinator + "/replica.sqlite", kind: .replica, schema: "", create: false)
            try copy.write { try $0.execute(sql: change) }
            #expect(try opened().head.position == 3, "\(change)")
        }
    }

    @Test(
        "a copy without roots, longer than the others and of another history, takes no place", arguments: [true, false])
    func filtered(isSaid: Bool) throws {
        let wrong = try Sender(like: bif, log: bif.log).others(9)
        let copy = try Replica(folder: data.path + "/nodes/BIF", create: true)
        try copy.store(
            (4...9).map {
                DeliveredLine(position: $0, received: "2026-11-23T08:15:00.000Z", root: nil, line: wrong[Int($0) - 1])
            }, upTo: 9)
        if isSaid {
            let root = try Replica(folder: data.coordinator, create: false, readOnly: true).root()
            try BrokerState(
                pid: 1, started: "2026-11-26T00:00:00Z", endpoints: [], key: "", signKey: "", synthetic: false,
                position: 6, root: try #require(root).hex, plugins: [], broken: [], pendingKeys: [:]
            ).write(data)
        }
        #expect(try opened().head.position == 6)
        #expect(try verify().fault == nil)
    }

    @Test(
        "its publisher is asked for it once in a while, and what it sends again is signed; a signature that is not good is refused"
    )
    func asked() throws {
        let store = try opened()
        var ingest = Ingest(city: testCity, heads: store.publishers) { "token" }
        ingest.enrol(bif.enrolment)
        ingest.unsigned = store.unsigned
        let chains = ChainLookup(store)
        func say(_ header: Header, _ body: [UInt8] = [], at time: Duration) throws -> [Ingest.Order] {
            let facts = Ingest.LedgerFacts(
                position: store.head.position, isSynthetic: false, id: store.id, durable: store.publishers,
                hash: chains.hash, root: chains.root)
            return ingest.receive(
                peer: [1], userID: bif.curveKey, header: try header.encoded(), body: body, now: time, ledger: facts)
        }
        func nack(_ orders: [Ingest.Order]) -> Header? {
            for case .send(_, let header) in orders where header.type == .nack { return header }
            return nil
        }
        #expect(ingest.askForSignatures(now: .seconds(1)).isEmpty, "nobody is there")
        _ = try say(bif.hello(), at: .seconds(1))
        let asked = try #require(nack(ingest.askForSignatures(now: .seconds(2))))
        #expect(asked.rule == "chain.gap" && asked.seq == 3 && asked.text?.contains("no signature covers") == true)
        #expect(ingest.askForSignatures(now: .seconds(31)).isEmpty)
        #expect(nack(ingest.askForSignatures(now: .seconds(32)))?.seq == 3)

        let again = Array(lines[2...])
        let body = Batch.body(of: again)
        let wrong = try bif.publish(again, token: "token") { $0.signature = String(repeating: "0", count: 128) }
        #expect(nack(try say(wrong, body, at: .seconds(33)))?.rule == "signature")
        // In two: the first says nothing of the rest.
        for part in [Array(again[..<1]), Array(again[1...])] {
            let orders = try say(try bif.publish(part, token: "token"), Batch.body(of: part), at: .seconds(34))
            guard case .append(let append)? = orders.first else {
                Issue.record("\(orders)")
                return
            }
            #expect(append.lines.isEmpty)
            _ = try store.commit([append], at: now)
            ingest.committed([append], at: now, now: .seconds(34))
            ingest.unsigned = store.unsigned
            #expect(store.unsigned.map(\.signed) == (part.count == 1 ? [3] : []))
        }
        #expect(ingest.askForSignatures(now: .seconds(90)).isEmpty)
        #expect(ingest.dueAcks(durable: store.publishers).first?.1.seq == 5)
        let check = try verify()
        #expect(check.fault == nil && check.awaitingSignature.isEmpty && check.records == 6, "\(check)")
        #expect(try say(try bif.publish(again, token: "token"), body, at: .seconds(91)).isEmpty, "known, and signed")
    }

    @Test("a key that was enrolled later signs nothing of what came before: the next record is signed, and covers it")
    mutating func otherKey() throws {
        let store = try opened()
        var later = Sender("BIF")
        later.head = bif.head
        let enrolment = later.enrolment
        try store.commit(at: now) { try $0.own(enrolment) }
        var ingest = Ingest(city: testCity, heads: store.publishers) { "token" }
        ingest.enrol(enrolment)
        ingest.unsigned = store.unsigned
        let chains = ChainLookup(store)
        func say(_ header: Header, _ body: [UInt8] = []) throws -> [Ingest.Order] {
            let facts = Ingest.LedgerFacts(
                position: store.head.position, isSynthetic: false, id: store.id, durable: store.publishers,
                hash: chains.hash, root: chains.root)
            return ingest.receive(
                peer: [1], userID: later.curveKey, header: try header.encoded(), body: body, now: .seconds(1),
                ledger: facts)
        }
        _ = try say(later.hello())
        #expect(ingest.askForSignatures(now: .seconds(2)).isEmpty)
        let again = Array(lines[2...])
        #expect(try say(try later.publish(again, token: "token"), Batch.body(of: again)).isEmpty)
        let next = try later.lines(1)
        guard case .append(let append)? = try say(try later.publish(next, token: "token"), Batch.body(of: next)).first
        else {
            Issue.record("it is not taken")
            return
        }
        _ = try store.commit([append], at: now)
        #expect(store.unsigned.isEmpty)
        let check = try verify()
        #expect(check.fault == nil && check.awaitingSignature.isEmpty, "\(check)")
    }

    @Test("a file of its lines signs it too")
    func byFile() throws {
        let store = try opened()
        let path = folder.path + "/bif.lines"
        let statement = BatchStatement(publisher: "BIF", log: bif.log, seq: 5, hash: lines[4].hash)
        let signature = HandedLine.Signature(
            keyID: String(bif.signing.publicKey.hex.prefix(16)), text: try bif.signing.sign(statement))
        let text = lines.flatMap { HandedLine($0, signature: $0 == lines[4] ? signature : nil).bytes + [10] }
        try Data(text).write(to: URL(fileURLWithPath: path))
        let taken = try store.takeOver(file: path, city: testCity, clock: .system) { _ in }
        #expect(taken == "0 records stored, 5 were there already")
        #expect(try store.unsigned.isEmpty && verify().awaitingSignature.isEmpty)
    }
}
