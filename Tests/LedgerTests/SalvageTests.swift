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

    /// 300 records of BIF and BUF, a refusal, a redaction; a log of BIF that was admitted by a slip, and the right one again; one of BUF that
    /// has said nothing yet; and the coordinator's copy of it.
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
        let bifs = try #require(store.publishers["BIF"]).log
        try store.admit(String(repeating: "5", count: 32), of: "BIF", at: morning + 33)
        try store.admit(bifs, of: "BIF", at: morning + 33)
        try store.admit(String(repeating: "6", count: 32), of: "BUF", at: morning + 33)
        try store.checkpoint(at: morning + 33)
        // The last page has records of the broker's own alone, each signed by itself: what is left without them verifies.
        for minute in 0..<60 {
            try store.commit(at: morning + 34 + Double(minute)) { try $0.own(ledger.buf.enrolment) }
        }
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

    private var standing: LedgerStanding { LedgerStanding(position: records, root: root.hex) }

    private func salvage(_ copies: [LedgerCopy], _ name: String, from standing: LedgerStanding? = nil) throws
        -> Salvage.Outcome
    {
        let target = "\(folder.path)/\(name)"
        try makeFolder(target)
        return try Salvage.make(
            from: data, in: target, key: ledger.key, copies: [], here: copies, standing: standing ?? self.standing)
    }

    /// What is not the end of the file any more holds zeros, as after a lost block.
    private func losePage(_ page: Int, of whole: Data) throws {
        var bytes = whole
        bytes.replaceSubrange(page * size..<(page + 1) * size, with: Data(count: size))
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    private let size = 16_384

    private func rows(_ path: String, _ table: String) throws -> String {
        try shell("sqlite3 -readonly '\(path)' \"SELECT * FROM \(table) ORDER BY 1, 2, 3\" | sha256sum")
    }

    @Test("whichever page of the file is lost, the first included, all of it is there again with the copy of the feed")
    func eachPage() throws {
        let whole = try #require(FileManager.default.contents(atPath: path))
        #expect(whole.count / size > 20)
        for page in 0..<(whole.count / size) {
            try losePage(page, of: whole)
            let bytes = FileManager.default.contents(atPath: path)
            let name = "page-\(page)"
            do {
                let outcome = try salvage(LedgerCopy.ofFeed(in: data), name)
                #expect(outcome.ledger.fault == nil && outcome.ledger.root == root && outcome.ledger.records == records)
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(name)") == ["ledger.sqlite"])
                let made = "\(folder.path)/\(name)/ledger.sqlite"
                for table in ["record", "head", "earlier_head", "meta", "last_signature"] {
                    #expect(try rows(made, table) == rows(ledger.path, table), "page \(page), \(table)")
                }
                #expect(try files(in: "\(folder.path)/\(name)") == [], "page \(page): what was redacted is there")
            } catch { Issue.record("page \(page): \(error)") }
            #expect(FileManager.default.contents(atPath: path) == bytes, "the damaged file is only read")
        }
    }

    @Test(
        "whichever page is lost, and no copy is there: all of it is there, or none, also where the broker last said less, or nothing"
    )
    func neverFewer() throws {
        let whole = try #require(FileManager.default.contents(atPath: path))
        let less = LedgerStanding(
            position: records - 80, root: try #require(try ledger.store.root(at: records - 80)).hex)
        var made = 0
        for page in 0..<(whole.count / size) {
            try losePage(page, of: whole)
            for (name, standing) in [("less-\(page)", less), ("none-\(page)", nil)] as [(String, LedgerStanding?)] {
                try makeFolder("\(folder.path)/\(name)")
                do {
                    let outcome = try Salvage.make(
                        from: data, in: "\(folder.path)/\(name)", key: ledger.key, copies: [], here: [],
                        standing: standing)
                    #expect(outcome.ledger.records == records, "\(name)")
                    made += 1
                } catch let error as StoreError { #expect(error.code == .damaged, "\(name): \(error)") }
            }
        }
        #expect(made > 4, "pages that hold no record")
    }

    @Test(
        "a name or a signature that is damaged in one place stands in the way of nothing",
        arguments: [
            "UPDATE head SET publisher = 'BIG' WHERE publisher = 'BIF'",
            "UPDATE head SET log = 'x' WHERE publisher = 'BUF'",
            "UPDATE signature SET publisher = 'BIG' WHERE publisher = 'BIF' AND seq = 20",
            "UPDATE signature SET signature = '00'", "UPDATE signature SET key_id = '00' WHERE publisher = 'BUF'",
            "UPDATE last_signature SET publisher = 'BIG' WHERE publisher = 'BIF'",
            "UPDATE last_signature SET signature = '00'",
            "UPDATE head SET seq = seq + 1000 WHERE seq > 0", "UPDATE last_signature SET seq = seq + 1000",
        ])
    func oneBit(change: String) throws {
        try alter(path, change)
        let check = try LedgerVerifier.verify(folder: data.broker, brokerKey: ledger.key.publicKey, from: standing)
        #expect(check.fault != nil)
        let made = try salvage(LedgerCopy.ofFeed(in: data), "made")
        #expect(made.ledger.fault == nil && made.ledger.root == root)
        #expect(try rows("\(folder.path)/made/ledger.sqlite", "head") == rows(ledger.path, "head"))
    }

    @Test(
        "a copy of the feed that has carried out an order which never came to the ledger: the order is awaited, or the body taken from another copy"
    )
    func orderedElsewhere() throws {
        let copy = data.coordinator + "/replica.sqlite"
        try alter(path, "DELETE FROM record WHERE position = 20")
        try makeFolder(folder.path + "/other")
        _ = try shell("sqlite3 '\(copy)' '.backup \(folder.path)/other/replica.sqlite'")
        let tab = "substr(line, 1, instr(line, x'09'))"
        try alter(copy, "UPDATE line SET line = \(tab) WHERE position = 20")
        let made = try salvage(LedgerCopy.ofFeed(in: data), "made")
        #expect(made.ledger.fault == nil && made.ledger.root == root)
        #expect(made.ledger.awaitingOrder.count == 1 && made.ledger.redacted == 1)
        // Filtered as a node's, it proves nothing by itself.
        let other = folder.path + "/other/replica.sqlite"
        try alter(other, "UPDATE line SET root = NULL")
        let both = try salvage(LedgerCopy.ofFeed(in: data) + [LedgerCopy(other)], "both")
        #expect(both.ledger.fault == nil && both.ledger.root == root && both.ledger.awaitingOrder.isEmpty)
        #expect(try rows("\(folder.path)/both/ledger.sqlite", "record") == rows(ledger.path, "record"))
    }

    @Test("the first page of a ledger that came from a backup leads elsewhere, and is found too")
    func vacuumed() throws {
        try alter(path, "VACUUM INTO '\(folder.path)/vacuumed.sqlite'")
        let whole = try #require(FileManager.default.contents(atPath: folder.path + "/vacuumed.sqlite"))
        try losePage(0, of: whole)
        #expect(try salvage(LedgerCopy.ofFeed(in: data), "made").ledger.root == root)
    }

    /// Has an index hold other entries than the rows that `whole` makes.
    private func mislead(_ name: String, _ whole: String, _ condition: String = "", as other: String? = nil) throws {
        func schema(_ text: String) -> String {
            "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = '\(text)' WHERE name = '\(name)'; PRAGMA writable_schema=RESET"
        }
        try alter(path, "\(schema(other ?? "\(whole) WHERE \(condition)")); REINDEX \(name); \(schema(whole))")
    }

    @Test("an index that leads elsewhere, and a signature over a record that is gone, are found")
    func besideRecords() throws {
        // As a write of a commit that was lost: the records and heads of before, the signatures of after.
        try alter(
            path,
            "DELETE FROM record WHERE position = \(records); UPDATE head SET seq = seq - 1, hash = (SELECT hash FROM record WHERE position = \(records - 1)) WHERE publisher = 'broker'"
        )
        let check = try LedgerVerifier.verify(folder: data.broker, brokerKey: ledger.key.publicKey)
        #expect(check.fault?.contains("was signed, and is not there") == true, "\(check)")
        let again = try #require(FileManager.default.contents(atPath: ledger.path))
        try again.write(to: URL(fileURLWithPath: path))
        // What is read again while the broker runs.
        var read = Examination(upTo: 0)
        // Of an index alone: the table has the rows. SQLite's own check is not needed for it.
        func indexFault() throws -> String? {
            let store = try LedgerStore(folder: data.broker, synthetic: false, key: ledger.key)
            read = try store.examine(after: 0, count: 1_000)
            return try store.verify(brokerKey: ledger.key.publicKey, from: standing).fault
        }
        #expect(try indexFault() == nil)
        #expect(read.isAtEnd && read.fault == nil && read.damaged.isEmpty)
        try mislead(
            "record_by_name", "CREATE UNIQUE INDEX record_by_name ON record (publisher, log, seq)",
            "position IS NOT 9")
        #expect(try indexFault()?.contains("record_by_name") == true)
        #expect(read.upTo == 9 && read.fault?.contains("record_by_name does not lead to") == true, "\(read)")
        try again.write(to: URL(fileURLWithPath: path))
        // As many entries as rows, each of a record that is there, and two lead to each other's.
        try mislead(
            "record_by_name", "CREATE UNIQUE INDEX record_by_name ON record (publisher, log, seq)",
            as:
                "CREATE UNIQUE INDEX record_by_name ON record (publisher, log, (CASE position WHEN 20 THEN 1000 ELSE seq END))"
        )
        #expect(try indexFault()?.contains("record_by_name") == true)
        try again.write(to: URL(fileURLWithPath: path))
        try mislead(
            "redaction_by_name", "CREATE INDEX redaction_by_name ON redaction (publisher, log, seq)", "seq < 0")
        #expect(try indexFault()?.contains("redaction_by_name") == true)
        try again.write(to: URL(fileURLWithPath: path))
        try mislead(
            "record_by_name", "CREATE UNIQUE INDEX record_by_name ON record (publisher, log, seq)", "position > 9")
        let indexed = try LedgerVerifier.verify(folder: data.broker, brokerKey: ledger.key.publicKey, from: standing)
        #expect(indexed.fault?.contains("record_by_name") == true, "\(indexed)")
        #expect(try salvage([], "made").ledger.root == root)
    }

    @Test("the broker's own word over its last records is given again where the root proves them, and nowhere else")
    func ownSignature() throws {
        try alter(
            path,
            "DELETE FROM signature WHERE publisher = 'broker' AND seq > 1; DELETE FROM last_signature WHERE publisher = 'broker'"
        )
        let made = try salvage([], "proved")
        #expect(made.ledger.fault == nil && made.ledger.root == root)
        let before = LedgerStanding(
            position: records - 1, root: try #require(try ledger.store.root(at: records - 1)).hex)
        let error = #expect(throws: StoreError.self) { try salvage([], "not", from: before) }
        #expect(error?.message.contains("the last record of broker") == true, "\(error as Any)")
        #expect(try salvage(LedgerCopy.ofFeed(in: data), "given", from: before).ledger.fault == nil, "it was given out")
    }

    @Test("a publisher's records that nobody signed are kept as such where the root proves them, and nowhere else")
    func unsigned() throws {
        try alter(
            path,
            "DELETE FROM signature WHERE publisher = 'BUF'; DELETE FROM last_signature WHERE publisher = 'BUF'"
        )
        let made = try salvage([], "proved")
        #expect(made.ledger.fault == nil && made.ledger.awaitingSignature.map(\.publisher) == ["BUF"], "\(made)")
        // Its last record came just before the operator's words.
        let end = try #require(
            Int64(
                try shell(
                    "sqlite3 -readonly '\(path)' \"SELECT min(position) FROM record WHERE publisher = 'broker' AND instr(line, 'log.admitted')\""
                ).trimmingCharacters(in: .whitespacesAndNewlines)))
        let before = LedgerStanding(position: end - 3, root: try #require(try ledger.store.root(at: end - 3)).hex)
        let error = #expect(throws: StoreError.self) { try salvage([], "not", from: before) }
        #expect(error?.message.contains("the last record of BUF") == true, "\(error as Any)")
        let given = try salvage(LedgerCopy.ofFeed(in: data), "given", from: before)
        #expect(given.ledger.awaitingSignature.map(\.publisher) == ["BUF"], "\(given)")
    }

    @Test("what stands behind a hole is missed, also where the broker last said less")
    func beyondStanding() throws {
        try alter(path, "DELETE FROM record WHERE position = \(records - 4)")
        let before = LedgerStanding(
            position: records - 10, root: try #require(try ledger.store.root(at: records - 10)).hex)
        let error = #expect(throws: StoreError.self) { try salvage([], "hole", from: before) }
        #expect(error?.message.contains("position \(records - 4) of \(records)") == true, "\(error as Any)")
        #expect(try salvage(LedgerCopy.ofFeed(in: data), "whole", from: before).ledger.records == records)
    }

    @Test(
        "in its place: ended before any step, the next time makes it whole; the damaged file is kept, and whatever cannot be proved leaves all as it was"
    )
    func inPlace() throws {
        let whole = try #require(FileManager.default.contents(atPath: path))
        let pages = whole.count / size
        struct Stop: Error {}
        func remake(_ standing: LedgerStanding, steps: Int = .max) throws -> Remaking {
            var done = 0
            return try Salvage.inPlace(
                data, fault: "a page is lost", key: ledger.key, copies: [], standing: standing, at: morning,
                progress: { _ in }
            ) {
                done += 1
                if done > steps { throw Stop() }
            }
        }
        func here() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: data.broker).sorted()
        }
        for page in [0, 1, pages / 2, pages - 1] {
            for steps in 0...4 {
                for name in try here() where name != "sign.key" {
                    try FileManager.default.removeItem(atPath: "\(data.broker)/\(name)")
                }
                try losePage(page, of: whole)
                // A write-ahead log that belongs to it, and must not be read as the new one's.
                try writeFile(path + "-wal", Array("of the old one".utf8), mode: 0o600)
                let lost = FileManager.default.contents(atPath: path)
                let isEnded = (try? remake(standing, steps: steps)) == nil
                #expect(isEnded == (steps < 4), "page \(page), \(steps) steps")
                // What is in place is the old one, or the new one and no log of the old one.
                if FileManager.default.contents(atPath: path) != lost {
                    #expect(!isEnded && !FileManager.default.fileExists(atPath: path + "-wal"))
                }
                let made = try remake(standing)
                let store = try LedgerStore(folder: data.broker, synthetic: false, key: ledger.key)
                let check = try store.verify(brokerKey: ledger.key.publicKey, from: standing)
                #expect(check.fault == nil && check.records == records && check.root == root)
                let kept = try here().filter { $0.hasPrefix("damaged-") }
                #expect(
                    kept.contains { FileManager.default.contents(atPath: "\(data.broker)/\($0)/ledger.sqlite") == lost }
                )
                #expect(made.evidence.hasPrefix(data.broker + "/damaged-"))
                #expect(try !here().contains(".remaking"))
            }
        }
        // Another root than was said, or more than there is.
        try losePage(pages / 2, of: whole)
        let lost = FileManager.default.contents(atPath: path)
        for other in [
            LedgerStanding(position: records, root: String(root.hex.reversed())),
            LedgerStanding(position: records + 1, root: root.hex),
        ] {
            let error = #expect(throws: StoreError.self) { try remake(other) }
            #expect(error?.code == .damaged, "\(error as Any)")
            #expect(FileManager.default.contents(atPath: path) == lost)
            #expect(try !here().contains(".remaking"))
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
