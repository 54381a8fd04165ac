import Foundation
import Glibc
import PolicyModel
import Testing
import Wire

@testable import Broker
@testable import Ledger

@Suite("A damaged ledger whose lines lie in several copies")
struct LedgerDoorTests {
    let folder: TemporaryFolder
    let data: DataFolder
    let keys: BrokerKeys
    let whole: [DeliveredLine]
    let now = Date(timeIntervalSince1970: 1_795_421_700)

    /// Positions 1 to 4 are the broker's own, 5 to 8 BIF's.
    init() throws {
        folder = try TemporaryFolder()
        data = try DataFolder(creating: folder.path + "/var", synthetic: false)
        try makeFolder(data.broker)
        keys = try BrokerKeys(folder: data.broker)
        var bif = Sender()
        let store = try LedgerStore(folder: data.broker, synthetic: false, key: keys.signing)
        for publisher in ["SOF", "KFF", "TMF"] {
            try store.commit(at: now) { try $0.own(Sender(publisher).enrolment) }
        }
        let (enrolment, lines) = (bif.enrolment, try bif.lines(4))
        try store.commit(at: now) { transaction in
            try transaction.own(enrolment)
            for line in lines { try transaction.append(line) }
            let statement = BatchStatement(publisher: "BIF", log: bif.log, seq: 4, hash: lines[3].hash)
            try transaction.keep(
                signature: try bif.signing.sign(statement), keyID: String(bif.signing.publicKey.hex.prefix(16)),
                for: statement)
        }
        whole = try store.read(after: 0, filter: nil).lines
        var state = BrokerState(
            pid: 1, started: "2026-11-26T00:00:00Z", endpoints: [], key: "", signKey: "", synthetic: false,
            position: store.head.position, root: store.head.root.hex, plugins: [], broken: [], pendingKeys: [:])
        state.damage = []
        try state.write(data)
    }

    /// What a consumer holds that has these positions as they were, and others' lines in the places of the rest.
    private func copy(with positions: [Int64], in name: String) throws -> LedgerCopy {
        let replica = try Replica(folder: name, create: true)
        try replica.store(
            whole.map { line in
                let other = whole[Int(line.position) % whole.count].line
                return DeliveredLine(
                    position: line.position, received: line.received, root: nil,
                    line: positions.contains(line.position) ? line.line : other)
            }, upTo: Int64(whole.count))
        return LedgerCopy(replica.path)
    }

    @Test("after a broker that stopped by itself, damage of which no record says anything is looked for, and found")
    func ordered() throws {
        // The signatures lie in another order than whoever looks one up goes by: all are there, and none is found.
        let database = try Database(
            path: data.broker + "/ledger.sqlite", kind: .ledger, schema: "", create: false)
        try database.queue.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    CREATE TABLE other (publisher TEXT NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL, key_id TEXT NOT NULL,
                        signature TEXT NOT NULL, PRIMARY KEY (publisher DESC, log, seq)) WITHOUT ROWID;
                    INSERT INTO other SELECT * FROM signature;
                    DROP TABLE signature;
                    ALTER TABLE other RENAME TO signature;
                    PRAGMA writable_schema=ON;
                    UPDATE sqlite_schema SET sql = replace(sql, 'publisher DESC', 'publisher') WHERE name = 'signature';
                    PRAGMA writable_schema=RESET;
                    """)
        }
        let check = try LedgerVerifier.verify(folder: data.broker, brokerKey: keys.signing.publicKey)
        #expect(check.fault?.contains("signature") == true, "\(check)")
        #expect(try LedgerDoor.open(data, key: keys.signing).remaking == nil, "nobody has asked")
        var state = try #require(BrokerState.read(data)?.state)
        state.failure = "database disk image is malformed"
        try state.write(data)
        let made = try #require(try LedgerDoor.open(data, key: keys.signing).remaking)
        #expect(made.fault.contains("signature"), "\(made)")
        #expect(try LedgerVerifier.verify(folder: data.broker, brokerKey: keys.signing.publicKey).fault == nil)
    }

    @Test(
        "a signing key that is gone is not made anew in silence; a new one is an operator's deed, and signs what the broker had said"
    )
    func keyGone() throws {
        let path = data.broker + "/sign.key"
        unlink(path)
        let before = FileManager.default.contents(atPath: data.broker + "/ledger.sqlite")
        let error = #expect(throws: StoreError.self) { try LedgerDoor.write(data) { _, _ in } }
        #expect(error?.code == .missing && error?.message.contains("sign.key is gone") == true, "\(error as Any)")
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(FileManager.default.contents(atPath: data.broker + "/ledger.sqlite") == before)
        let new = SigningKey()
        try writeFile(path, new.seed, mode: 0o600)
        try LedgerDoor.write(data) { ledger, _ in #expect(ledger.head.position == 8) }
        let check = try LedgerVerifier.verify(folder: data.broker, brokerKey: new.publicKey)
        #expect(check.fault == nil && check.records == 8, "\(check)")
    }

    private func damage(_ positions: [Int64], with bytes: [UInt8] = [0]) throws {
        let database = try Database(
            path: data.broker + "/ledger.sqlite", kind: .ledger, schema: "", create: false)
        try database.write { db in
            for position in positions {
                try db.execute(
                    sql: "UPDATE record SET line = ? WHERE position = ?", arguments: [Data(bytes), position])
            }
        }
    }

    /// The bytes in a line's place.
    private func bytes(_ position: Int64, in folder: String) throws -> [UInt8]? {
        let database = try Database(
            path: folder + "/ledger.sqlite", kind: .ledger, schema: "", create: false, readOnly: true)
        return try database.read { db in
            try Data.fetchOne(db, sql: "SELECT line FROM record WHERE position = ?", arguments: [position])
        }.map { [UInt8]($0) }
    }

    private func evidence() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: data.broker).filter { $0.hasPrefix("damaged-") }.sorted()
            .map { "\(data.broker)/\($0)" }
    }

    /// How many were put back.
    private func mend(_ copies: [LedgerCopy]) throws -> Int {
        try LedgerDoor.write(data, copies: copies) { ledger, _ in ledger.mendedCount }
    }

    @Test("each copy gives what it has; what is left is said with its positions, and nothing is kept twice")
    func inTurn() throws {
        let first = try copy(with: [2], in: folder.path + "/first")
        let second = try copy(with: [1, 3], in: folder.path + "/second")
        try damage([1, 2, 3])
        let error = #expect(throws: StoreError.self) { try mend([first]) }
        let said = error?.message ?? ""
        #expect(said.contains("position 1: ") && said.contains("nor those at position 3"), "\(said)")
        #expect(said.contains("1 records were mended") && !said.contains("position 2"), "\(said)")
        #expect(try bytes(2, in: data.broker) == whole[1].line.bytes)
        let kept = try #require(try evidence().first)
        for position: Int64 in 1...3 { #expect(try bytes(position, in: kept) == [0]) }
        #expect(said.contains(kept), "\(said)")
        let state = try #require(BrokerState.read(data)?.state)
        #expect(state.damage?.count == 2 && state.mended == 1 && state.damageKept == kept)
        #expect(state.position == Int64(whole.count))
        #expect(throws: StoreError.self, "it has none of the rest") { try mend([first]) }
        #expect(try mend([second]) == 2)
        #expect(try LedgerVerifier.verify(folder: data.broker, brokerKey: keys.signing.publicKey).fault == nil)
        #expect(try evidence() == [kept])
    }

    @Test("copies that hold a part each are one: those that are named, and those of the feed at a start")
    func together() throws {
        let copies = [
            try copy(with: [2], in: folder.path + "/first"), try copy(with: [3, 6], in: folder.path + "/second"),
        ]
        try damage([2, 3, 6])
        #expect(try mend(copies) == 3)
        _ = try copy(with: [2], in: data.coordinator)
        _ = try copy(with: [3, 6], in: data.plugin("BIF", isNode: true))
        try damage([2, 3, 6])
        let ledger = try LedgerDoor.open(data, key: keys.signing)
        #expect(ledger.mendedCount == 3 && ledger.damaged.isEmpty)
        #expect(try ledger.verify(brokerKey: keys.signing.publicKey).fault == nil)
    }

    @Test("a ledger that is another than the broker had said is not written to, whatever a copy has")
    func another() throws {
        let copy = try copy(with: [2], in: folder.path + "/first")
        try damage([2, 3])
        var state = try #require(BrokerState.read(data)?.state)
        state.root = String(repeating: "0", count: 64)
        try state.write(data)
        let error = #expect(throws: StoreError.self) { try mend([copy]) }
        #expect(error?.message.contains("Nothing was changed") == true, "\(error?.message ?? "")")
        #expect(try bytes(2, in: data.broker) == [0])
        #expect(try evidence().isEmpty)
    }

    @Test("bytes that changed since the damaged file was kept are kept before they are overwritten")
    func changedSince() throws {
        try damage([2, 6])
        #expect(try mend([try copy(with: [2], in: folder.path + "/first")]) == 1)
        #expect(try evidence().count == 1)
        // As long as before, and as unreadable: what is said of it is the same.
        try damage([6], with: [1])
        #expect(try mend([try copy(with: [6], in: folder.path + "/second")]) == 1)
        #expect(try evidence().count == 2)
        #expect(try evidence().map { try bytes(6, in: $0) } == [[0], [1]])
    }

    @Test(
        "a state that nobody can read is kept and said, at a start and by a command; a ledger that is gone besides is not made anew"
    )
    func unreadableState() throws {
        let path = BrokerState.path(in: data)
        func spoil() throws { try Data("{\"position\":8,\"ro".utf8).write(to: URL(fileURLWithPath: path)) }
        func kept() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: data.broker).filter {
                $0.hasPrefix("state-unreadable-")
            }
        }
        try spoil()
        let keeper = LogKeeper()
        #expect(try LedgerDoor.write(data, log: keeper.log) { ledger, _ in ledger.head.position } == 8)
        let name = try #require(try kept().first)
        #expect(
            FileManager.default.contents(atPath: "\(data.broker)/\(name)") == Data("{\"position\":8,\"ro".utf8))
        let said = keeper.lines.withLock { $0.map(\.message) }
        #expect(
            said.contains { $0.contains("\(path) cannot be read, and is kept as \(data.broker)/\(name)") }, "\(said)")
        // Where there is none nothing is said of it.
        let quiet = LogKeeper()
        _ = try LedgerDoor.open(data, key: keys.signing, log: quiet.log)
        #expect(quiet.lines.withLock { $0.allSatisfy { !$0.message.contains("cannot be read") } })
        try spoil()
        for end in ["", "-wal", "-shm"] { unlink(data.broker + "/ledger.sqlite" + end) }
        let error = #expect(throws: StoreError.self) { try LedgerDoor.write(data) { _, _ in } }
        #expect(error?.code == .missing && error?.message.contains("cannot be read") == true, "\(error?.message ?? "")")
        #expect(access(data.broker + "/ledger.sqlite", F_OK) != 0)
    }

    @Test(
        "root does not write the ledger of another user's folder: nothing is made where a link in it leads",
        .enabled(if: geteuid() == 0, "skipped: only root is led by another user's links"))
    func root() throws {
        let elsewhere = folder.path + "/elsewhere"
        try makeFolder(elsewhere)
        try #require(rename(data.broker, folder.path + "/broker") == 0)
        try FileManager.default.createSymbolicLink(atPath: data.broker, withDestinationPath: elsewhere)
        for path in [data.broker, data.path] { try #require(lchown(path, 65534, 65534) == 0) }
        let error = #expect(throws: StoreError.self) { try LedgerDoor.write(data) { _, _ in } }
        #expect(error?.message.contains("runuser -u nobody -- pejling") == true, "\(error?.message ?? "")")
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere).isEmpty)
    }

    @Test("a start says that it comes on while it looks for lines, keeps the damaged file and puts lines back")
    func beats() throws {
        _ = try copy(with: Array(1...8), in: data.coordinator)
        try damage([2, 3, 6])
        func kept(_ end: String) -> Bool {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: data.broker)) ?? []
            return names.contains { $0.hasPrefix("damaged-") && $0.hasSuffix(".new") == (end == ".new") }
        }
        var (before, copying, after) = (0, 0, 0)
        _ = try LedgerDoor.open(data, key: keys.signing) {
            if kept(".new") { copying += 1 } else if kept("") { after += 1 } else { before += 1 }
        }
        // Each record that is looked for, beside the steps before; each file that is copied; each record that is put back.
        #expect(before >= 5, "\(before)")
        #expect(copying >= 1, "\(copying)")
        #expect(after >= 3, "\(after)")
    }
}
