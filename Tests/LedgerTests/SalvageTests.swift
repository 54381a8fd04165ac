import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("A ledger made anew of what can be read")
struct SalvageTests {
    let folder: TemporaryFolder
    let ledger: SmallLedger
    let data: DataFolder
    let root: Hash
    let records: Int64
    var path: String { data.broker + "/ledger.sqlite" }

    /// 300 records of BIF and BUF, a refusal, a redaction, a log that an operator admitted; and the coordinator's copy of it.
    init() throws {
        folder = try TemporaryFolder()
        let ledger = try SmallLedger()
        self.ledger = ledger
        data = try DataFolder(creating: folder.path + "/var", synthetic: false)
        let store = ledger.store
        for round in 0..<10 {
            let bif = try ledger.bif.lines(15, text: String(repeating: "b", count: 600), policy: "lgbti")
            let buf = try ledger.buf.lines(15, text: String(repeating: "f", count: 900))
            try store.commit(at: morning + Double(10 + round)) { transaction in
                try ledger.bif.append(bif, to: transaction)
                try ledger.buf.append(buf, to: transaction)
                try transaction.checkpointWhenDue()
            }
        }
        let slip = try ledger.bif.lines(1, text: secret, policy: "lgbti")
        try store.commit(at: morning + 30) { try ledger.bif.append(slip, to: $0) }
        let order = try ledger.bif.order(on: slip[0])
        try store.commit(at: morning + 31) { try ledger.bif.append([order], to: $0) }
        let refused = try ledger.buf.lines(1)
        try store.commit(at: morning + 32) { transaction in
            try transaction.refuse(refused[0], Violation(rule: "owner", message: "nej"))
            try ledger.buf.sign(refused[0], in: transaction)
        }
        try store.checkpoint(at: morning + 33)
        try store.scrub()
        (root, records) = (store.head.root, store.head.position)
        let copy = try Replica(folder: data.coordinator, create: true)
        var position: Int64 = 0
        while position < records {
            let read = try store.read(after: position, filter: nil)
            try copy.store(read.lines, upTo: read.upTo)
            position = read.upTo
        }
        try makeFolder(data.broker)
        _ = try shell(
            "sqlite3 '\(ledger.path)' 'PRAGMA wal_checkpoint(TRUNCATE)'; cp '\(ledger.path)' '\(data.broker)/'")
        try writeFile(data.broker + "/sign.key", [UInt8](repeating: 1, count: 32), mode: 0o600)
    }

    private func salvage(_ copies: [LedgerCopy], _ name: String, to position: Int64? = nil) throws -> Salvage.Outcome {
        let target = try DataFolder(creating: "\(folder.path)/\(name)", synthetic: false)
        try makeFolder(target.broker)
        try writeFile(target.broker + "/sign.key", [UInt8](repeating: 1, count: 32), mode: 0o600)
        let standing = LedgerStanding(position: records, root: root.hex)
        return try Salvage.make(from: data, to: target, copies: copies, standing: standing)
    }

    private func rows(_ path: String, _ table: String) throws -> String {
        try shell("sqlite3 -readonly '\(path)' \"SELECT * FROM \(table) ORDER BY 1, 2, 3\" | sha256sum")
    }

    @Test(
        "whichever page of the file is lost, all of it is there again with the copy of the feed, but for pages of signatures"
    )
    func eachPage() throws {
        let whole = try #require(FileManager.default.contents(atPath: path))
        let size = 16_384
        #expect(whole.count / size > 20)
        var lost: [String] = []
        for page in 0..<(whole.count / size) {
            var bytes = whole
            bytes.replaceSubrange(page * size..<(page + 1) * size, with: Data(count: size))
            try bytes.write(to: URL(fileURLWithPath: path))
            let name = "page-\(page)"
            do {
                let outcome = try salvage(LedgerCopy.ofFeed(in: data), name)
                #expect(outcome.ledger.fault == nil && outcome.ledger.root == root && outcome.ledger.records == records)
                let made = "\(folder.path)/\(name)/broker/ledger.sqlite"
                for table in ["record", "head", "meta"] {
                    #expect(try rows(made, table) == rows(ledger.path, table), "page \(page), \(table)")
                }
                #expect(try files(in: "\(folder.path)/\(name)") == [], "page \(page): what was redacted is there")
            } catch let error as StoreError {
                // Nobody else has them: a backup is restored.
                #expect(error.code == .damaged && error.message.contains("no signature"), "page \(page): \(error)")
                lost.append(name)
            }
            #expect(FileManager.default.contents(atPath: path) == bytes, "the damaged file is only read")
        }
        // The first page leads to all others.
        #expect(lost.first == "page-0" && lost.count <= 4, "\(lost)")
        // With a copy of the ledger, of any age for what it has, none is lost.
        try whole.write(to: URL(fileURLWithPath: folder.path + "/backup.sqlite"))
        for name in lost {
            var bytes = whole
            let page = try #require(Int(name.dropFirst(5)))
            bytes.replaceSubrange(page * size..<(page + 1) * size, with: Data(count: size))
            try bytes.write(to: URL(fileURLWithPath: path))
            let outcome = try salvage([LedgerCopy(folder.path + "/backup.sqlite")], "again-" + name)
            #expect(outcome.ledger.fault == nil && outcome.ledger.root == root)
        }
    }

    @Test("what no copy has is named, and a copy of another history, or with another line, is none")
    func missing() throws {
        try alter(path, "DELETE FROM record WHERE position IN (20, 21)")
        let none = #expect(throws: StoreError.self) { try salvage([], "none") }
        #expect(none?.message.contains("position 20 of \(records) is neither to be read") == true, "\(none as Any)")
        let copy = data.coordinator + "/replica.sqlite"
        try alter(
            copy, "UPDATE line SET line = CAST(replace(CAST(line AS TEXT), 'bbbb', 'bbbc') AS BLOB) WHERE position = 21"
        )
        let other = #expect(throws: StoreError.self) { try salvage(LedgerCopy.ofFeed(in: data), "other") }
        #expect(other?.message.contains("position 21 of \(records)") == true, "\(other as Any)")
        try alter(
            copy, "UPDATE line SET line = CAST(replace(CAST(line AS TEXT), 'bbbc', 'bbbb') AS BLOB) WHERE position = 21"
        )
        #expect(try salvage(LedgerCopy.ofFeed(in: data), "whole").fromCopies == 2)
    }

    @Test("a file that lost its end is no whole ledger, though what is left verifies")
    func short() throws {
        for missing in 1...4 {
            try alter(path, "DELETE FROM record WHERE position = \(records + 1 - Int64(missing))")
            let error = #expect(throws: StoreError.self) { try salvage([], "short-\(missing)") }
            #expect(
                error?.message.contains("position \(records + 1 - Int64(missing)) of \(records)") == true,
                "\(error as Any)")
        }
        #expect(try salvage(LedgerCopy.ofFeed(in: data), "whole").ledger.records == records)
    }
}
