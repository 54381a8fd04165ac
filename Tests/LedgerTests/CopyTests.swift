import Foundation
import Glibc
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("A damaged record and copies of the ledger")
struct CopyTests {
    /// Position 2 is a record of the broker's own, 5 is BIF/3.
    private static func damage(_ position: Int) -> String {
        "UPDATE record SET line = CAST(replace(CAST(line AS TEXT), '{', '[') AS BLOB) WHERE position = \(position)"
    }

    /// A consumer's copy of what a ledger holds.
    private func replica(of store: LedgerStore, in folder: String, changing: (Int64) -> Line? = { _ in nil }) throws
        -> LedgerCopy
    {
        let replica = try Replica(folder: folder, create: true)
        let lines = try store.read(after: 0, filter: nil).lines.map { line in
            DeliveredLine(
                position: line.position, received: line.received, root: nil,
                line: changing(line.position) ?? line.line)
        }
        try replica.store(lines, upTo: store.head.position)
        return LedgerCopy(replica.path)
    }

    private func evidence(_ ledger: SmallLedger) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: ledger.folder.path).filter { $0.hasPrefix("damaged-") }
    }

    @Test("the broker's own is put back from a consumer's copy: the damaged file is kept, and all verifies")
    func own() throws {
        let ledger = try SmallLedger()
        let copy = try replica(of: ledger.store, in: ledger.folder.path + "/coordinator")
        try alter(ledger.path, Self.damage(2))
        let store = try ledger.reopened()
        #expect(try store.assess() == nil)
        #expect(store.damaged.map(\.position) == [2] && store.damaged[0].isOwn)
        let found = store.findDamaged(in: [copy])
        #expect(found.map(\.record) == store.damaged && found.map(\.path) == [copy.path])
        // It is known to hold before anything is written: with the hash alone, BUF's signature is by no key.
        let key = ledger.key.publicKey
        #expect(try store.verify(brokerKey: key, excusing: store.damaged, with: found).fault == nil)
        #expect(try store.verify(brokerKey: key, excusing: store.damaged).fault?.contains("BUF/2") == true)
        #expect(try evidence(ledger).isEmpty)
        #expect(try store.mend(with: found.map(\.line), at: morning + 10).map(\.position) == [2])
        #expect(store.mendedCount == 1 && store.damaged.isEmpty && store.evidence == nil)
        #expect(try ledger.verify().fault == nil)
        let kept = try #require(try evidence(ledger).first)
        #expect(
            try shell(
                "sqlite3 '\(ledger.folder.path)/\(kept)/ledger.sqlite' 'SELECT hex(line) FROM record WHERE position = 2'"
            ).contains("5B"))
    }

    @Test(
        "another line in the same place of a copy, of the same name too, is not taken, and the next copy is looked at")
    func otherLine() throws {
        let ledger = try SmallLedger()
        let right = try ledger.store.read(after: 4, filter: nil).lines[0].line
        let other = try ChainHead(seq: right.envelope.seq - 1, hash: right.envelope.prev).next(
            publisher: "BIF", log: right.envelope.log, at: right.envelope.at, by: right.envelope.by, kind: right.kind,
            id: right.envelope.id, policy: right.envelope.policy, body: Array("{\"a\":1}".utf8), synthetic: false)
        #expect(other.name == right.name && other.hash != right.hash)
        let folder = ledger.folder.path
        let wrong = try replica(of: ledger.store, in: folder + "/wrong") { $0 == 5 ? other : nil }
        let good = try replica(of: ledger.store, in: folder + "/good")
        try Data("no copy of anything".utf8).write(to: URL(fileURLWithPath: folder + "/junk"))
        try alter(ledger.path, Self.damage(5))
        let store = try ledger.reopened()
        #expect(try store.assess() == nil)
        let useless = [LedgerCopy(folder + "/junk"), LedgerCopy(folder + "/gone"), wrong]
        #expect(store.findDamaged(in: useless).isEmpty)
        #expect(try store.mend(with: wrong.lines(of: store.damaged), at: morning + 10).isEmpty)
        #expect(try evidence(ledger).isEmpty, "nothing was to be written")
        #expect(store.findDamaged(in: useless + [good]).map(\.line) == [right])
    }

    @Test("a copy whose body is away is only second to one that has it")
    func bodyless() throws {
        let ledger = try SmallLedger()
        let right = try ledger.store.read(after: 4, filter: nil).lines[0].line
        let folder = ledger.folder.path
        let poor = try replica(of: ledger.store, in: folder + "/poor") { $0 == 5 ? right.redacted : nil }
        let good = try replica(of: ledger.store, in: folder + "/good")
        try alter(ledger.path, Self.damage(5))
        let store = try ledger.reopened()
        #expect(try store.assess() == nil)
        #expect(try store.mend(with: store.findDamaged(in: [poor]).map(\.line), at: morning + 10).isEmpty)
        for copies in [[poor, good], [good, poor]] { #expect(store.findDamaged(in: copies).map(\.line) == [right]) }
    }

    @Test("the damaged file is kept piece by piece, byte for byte, with a sign of life after each")
    func pieces() throws {
        let ledger = try SmallLedger()
        try alter(ledger.path, Self.damage(5))
        let store = try ledger.reopened()
        #expect(try store.assess() == nil)
        // So that the last piece is a part of one.
        store.evidencePiece = 5_000
        var sizes: [Int] = []
        let kept = try #require(
            try store.keepEvidence(at: morning + 10) {
                let folder = (try? evidence(ledger).first).map { "\(ledger.folder.path)/\($0)" } ?? ""
                var status = stat()
                if stat(folder + "/ledger.sqlite", &status) == 0 { sizes.append(Int(status.st_size)) }
            })
        let (source, copy) = try (
            Data(contentsOf: URL(fileURLWithPath: ledger.path)),
            Data(contentsOf: URL(fileURLWithPath: kept + "/ledger.sqlite"))
        )
        #expect(source == copy && source.count > 20_000)
        let whole = source.count / 5_000
        #expect(Array(sizes.prefix(whole + 1)) == (1...whole).map { $0 * 5_000 } + [source.count])
    }

    @Test("a checkpoint that was damaged when the ledger was opened counts again once it is put back")
    func checkpoint() throws {
        let ledger = try SmallLedger()
        try ledger.store.checkpoint(at: morning + 5)
        let copy = try replica(of: ledger.store, in: ledger.folder.path + "/coordinator")
        try alter(ledger.path, "UPDATE record SET line = x'00' WHERE position = 10")
        let store = try ledger.reopened()
        #expect(store.checkpointed.position == 0)
        #expect(try store.assess() == nil)
        #expect(try store.mend(with: store.findDamaged(in: [copy]).map(\.line), at: morning + 10).count == 1)
        #expect(store.checkpointed.position == 10)
    }

    @Test("an order and the record that it takes, both damaged, are put back whatever comes first")
    func order() throws {
        let ledger = try SmallLedger()
        let whole = try ledger.store.read(after: 4, filter: nil).lines[0].line
        let order = try ledger.bif.order(on: whole)
        try ledger.store.commit(at: morning + 5) { try ledger.bif.append([order], to: $0) }
        for position in [5, 10] { try alter(ledger.path, Self.damage(position)) }
        let store = try ledger.reopened()
        #expect(try store.assess() == nil)
        #expect(try store.mend(with: [whole, order], at: morning + 10).map(\.position) == [10, 5])
        #expect(try store.read(after: 4, filter: nil).lines[0].line.isRedacted)
        #expect(try ledger.verify().fault == nil)
    }

    @Test("what an operator names as a copy: a data folder, a folder with a file, a file; what is none is said")
    func named() throws {
        let folder = try TemporaryFolder()
        let data = try DataFolder(creating: folder.path + "/var", synthetic: false)
        let ledger = try SmallLedger()
        _ = try LedgerStore(folder: data.broker, synthetic: false, key: ledger.key)
        _ = try replica(of: ledger.store, in: data.coordinator)
        _ = try replica(of: ledger.store, in: data.plugin("BIF", isNode: true))
        let log = try PublisherLog(
            folder: data.plugin("lgbti", isNode: false), publisher: "lgbti", synthetic: false, create: true)
        _ = try Replica(in: log)
        func names(_ path: String) throws -> [String] {
            try LedgerCopy.named(path).map { String($0.path.dropFirst(data.path.utf8.count + 1)) }
        }
        let feed = ["coordinator/replica.sqlite", "policies/lgbti/log.sqlite", "nodes/BIF/replica.sqlite"]
        #expect(LedgerCopy.ofFeed(in: data).map(\.path) == feed.map { "\(data.path)/\($0)" })
        #expect(try names(data.path) == ["broker/ledger.sqlite"] + feed)
        #expect(try names(data.broker) == ["broker/ledger.sqlite"])
        #expect(try names(data.coordinator) == [feed[0]])
        #expect(try names("\(data.path)/\(feed[1])") == [feed[1]])
        for (path, code) in [
            ("\(data.path)/pejling.json", StoreError.Code.foreign), (data.path + "/nodes", .missing),
            (data.path + "/gone", .missing),
        ] {
            let error = #expect(throws: StoreError.self) { try LedgerCopy.named(path) }
            #expect(error?.message.contains(path) == true, "\(error?.message ?? "")")
            #expect(error?.code == code || error?.code == .damaged, "\(error?.message ?? "")")
        }
        // One bad file does not hide what the others have; where none is good, that is said.
        for end in ["", "-wal", "-shm"] { unlink("\(data.path)/\(feed[1])\(end)") }
        try Data("no copy of anything".utf8).write(to: URL(fileURLWithPath: "\(data.path)/\(feed[1])"))
        var passed: [String] = []
        let rest = try LedgerCopy.named(data.path) { passed.append($0.message) }
        #expect(rest.map(\.path) == ["broker/ledger.sqlite", feed[0], feed[2]].map { "\(data.path)/\($0)" })
        #expect(passed.count == 1 && passed[0].contains("\(data.path)/\(feed[1])"), "\(passed)")
        #expect(throws: StoreError.self) { try LedgerCopy.named("\(data.path)/\(feed[1])") }
        // A ledger gives what stands in the place, and so does a copy in a policy's log.
        let enrolled = try ledger.store.read(after: 0, filter: nil).lines[0].line
        try alter(ledger.path, Self.damage(2))
        let store = try ledger.reopened()
        #expect(try store.assess() == nil)
        #expect(store.findDamaged(in: [LedgerCopy(ledger.path)]).isEmpty, "it is damaged there")
        #expect(enrolled.name.seq == 1)
    }
}
