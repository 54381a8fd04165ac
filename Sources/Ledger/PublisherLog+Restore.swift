import Foundation
import GRDB
import PolicyModel
import Wire

// A log restored from an old backup: the ledger has lines of it that it lacks. They are taken back as they are, before anything
// new is appended: what would be appended to an old head is a fork. A line that the ledger refused is nowhere any more; its place
// in the chain (`refused_place`) is kept with its hash.

extension PublisherLog {
    static let restoreSchema = """
        CREATE TABLE IF NOT EXISTS refused_place (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS behind (seq INTEGER NOT NULL, hash BLOB NOT NULL);
        """

    /// The ledger has this log up to `goal`: nothing is appended here until it is complete again.
    public func isBehind(_ goal: ChainHead) throws {
        try database.write { db in
            try db.execute(sql: "DELETE FROM behind")
            try db.execute(sql: "INSERT INTO behind VALUES (?, ?)", arguments: [goal.seq, Data(goal.hash.bytes)])
        }
    }

    /// The ledger has nothing of this log that is not here.
    public func isComplete() throws {
        guard try database.read({ db in try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT * FROM behind)") }) == true
        else { return }
        try database.write { db in try db.execute(sql: "DELETE FROM behind") }
    }

    func refuseWhileBehind(_ head: ChainHead, _ db: GRDB.Database) throws {
        guard let goal = try Int64.fetchOne(db, sql: "SELECT seq FROM behind"), goal > head.seq else { return }
        throw StoreError(
            .held,
            "\(database.path) holds \(head.seq) records and the ledger \(goal): it was restored from a backup, and the missing ones are being fetched. Nothing was saved; try again when \(publisher) is connected to the broker"
        )
    }

    /// Takes back lines that the ledger has and this log lacks, all or nothing; each must follow from the one before.
    ///
    /// - Parameter lines: as the ledger gives them: our own, and records of the broker that hold the place of a refused one.
    /// - Returns: where the log ends now.
    /// - Throws: `StoreError.foreign` when a line does not follow: this log was written to since, and nothing of it was changed.
    public func restore(_ lines: [Line]) throws -> ChainHead {
        try database.write { db in
            var head = try Snapshot(log: self, db: db).head()
            func check(_ holds: Bool, _ seq: Int64) throws {
                guard holds else { throw diverged(seq) }
            }
            for line in lines {
                if line.envelope.publisher == publisher {
                    do { try head.accepts(line, publisher: publisher, log: log) } catch {
                        throw diverged(line.envelope.seq)
                    }
                    try db.execute(
                        sql: "INSERT INTO line VALUES (?, ?, ?, ?, ?)",
                        arguments: [
                            line.envelope.seq, Data(line.hash.bytes), line.envelope.kind, line.envelope.id,
                            Data(line.bytes),
                        ])
                    if line.isRedacted {
                        try db.execute(sql: "INSERT OR IGNORE INTO redacted VALUES (?)", arguments: [line.envelope.seq])
                    }
                    head.advance(over: line)
                } else if let place = line.refusedPlace {
                    try check(
                        place.name == RecordName(publisher: publisher, log: log, seq: head.seq + 1), place.name.seq)
                    head = ChainHead(seq: place.name.seq, hash: place.hash)
                    try db.execute(
                        sql: "INSERT INTO refused_place VALUES (?, ?)",
                        arguments: [head.seq, Data(head.hash.bytes)])
                    try db.execute(
                        sql: "INSERT OR IGNORE INTO dead_letter VALUES (?, ?, ?)",
                        arguments: [head.seq, place.rule, place.message])
                } else {
                    throw diverged(head.seq + 1)
                }
            }
            // What they order away may lie in what was here before.
            try carryOut(ordersIn: lines.filter { $0.envelope.publisher == publisher }, db)
            if let goal = try Row.fetchOne(db, sql: "SELECT * FROM behind"), head.seq >= goal.int("seq") {
                try check(head.seq > goal.int("seq") || head.hash == Hash(bytes: goal.data("hash")), head.seq)
                try db.execute(sql: "DELETE FROM behind")
            }
            return head
        }
    }

    private func diverged(_ seq: Int64) -> StoreError {
        StoreError(
            .foreign,
            "diverged: record \(seq) that the ledger has does not follow from what \(database.path) holds. Nothing was overwritten on either side. Keep this folder, and restore the newest copy of it; or let an operator admit a new log (Docs/operator-guide.md, “A log that diverged”)"
        )
    }

    /// A line that is to be sent, and was refused once and lost with the disk it lay on.
    func lost(_ seq: Int64) -> StoreError {
        StoreError(
            .damaged,
            "record \(seq) of \(database.path) was refused by the ledger once, and this log, restored from a backup, does not hold it: it cannot be sent again. Was the ledger replaced by an older one? Restore its newest copy"
        )
    }

    /// Checks a copy of a log from its first record: each line by itself, and that each follows from the one before.
    ///
    /// - Parameters:
    ///   - folder: where the copy lies; nothing else has it open.
    ///   - source: how it is called in messages.
    /// - Returns: how many records it holds.
    /// - Throws: `StoreError.damaged`, with the first record that does not hold.
    static func verified(_ folder: String, of source: String) throws -> Int64 {
        func broken(_ text: String) -> StoreError {
            StoreError(.damaged, "\(source)/log.sqlite: \(text)")
        }
        let database: Database
        do {
            database = try Database(
                path: folder + "/log.sqlite", kind: .log, schema: "", create: false, readOnly: true)
            return try database.snapshot { db in
                guard let meta = try Row.fetchOne(db, sql: "SELECT * FROM meta") else {
                    throw broken("it has no meta row")
                }
                let places =
                    try db.has(table: "refused_place")
                    ? " UNION ALL SELECT seq, hash, NULL FROM refused_place" : ""
                var head = ChainHead.empty
                let rows = try Row.fetchCursor(db, sql: "SELECT seq, hash, line FROM line\(places) ORDER BY seq")
                while let row = try rows.next() {
                    let seq = row.int("seq")
                    guard seq == head.seq + 1, let hash = Hash(bytes: row.data("hash")) else {
                        throw broken("record \(head.seq + 1) is missing, or has no hash")
                    }
                    if row.value("line").isNull {
                        head = ChainHead(seq: seq, hash: hash)
                        continue
                    }
                    do throws(Fault) {
                        let line = try Line(parsing: [UInt8](row.data("line")))
                        try head.accepts(line, publisher: meta.text("publisher"), log: meta.text("log"))
                        guard line.hash == hash else {
                            throw Fault(rule: "damaged", message: "the line has another hash than its row says")
                        }
                        head.advance(over: line)
                    } catch { throw broken("record \(seq): \(error)") }
                }
                return head.seq
            }
        } catch let error as StoreError {
            throw StoreError(error.code, error.message.replacingOccurrences(of: folder, with: source))
        }
    }
}
