import Foundation
import GRDB
import PolicyModel
import Wire

// How a body leaves a publisher's log: in the transaction that appends its own order, or when an order of the coordinator comes
// with what it follows. What lies beside it in the private store goes first, so that a crash in between leaves nothing behind.

extension PublisherLog {
    static let redactionSchema = "CREATE TABLE redacted (seq INTEGER PRIMARY KEY)"

    /// Takes the bodies that `lines`, as they were delivered, order away. What is done already is left alone, so that lines
    /// may come again.
    public func carryOut(ordersIn lines: [Line]) throws {
        // Most deliveries hold no order: they cost no transaction.
        guard lines.contains(where: { $0.kind == .redaction }) else { return }
        try database.write { db in try carryOut(ordersIn: lines, db) }
    }

    func carryOut(ordersIn lines: [Line], _ db: GRDB.Database) throws {
        for line in lines {
            guard let order = line.redaction, order.record.publisher == publisher, order.record.log == log,
                let data = try Data.fetchOne(
                    db, sql: "SELECT line FROM line WHERE seq = ?", arguments: [order.record.seq])
            else { continue }
            let held = try self.line(data)
            guard order.takes(held.envelope, by: line.envelope) else { continue }
            let seq = held.envelope.seq
            // Also of a line that came back from the ledger without its body.
            if let left = order.remains?.bytes, try remains(seq, db) == nil {
                try db.execute(
                    sql: "CREATE TABLE IF NOT EXISTS remains (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)")
                try db.execute(sql: "INSERT OR IGNORE INTO remains VALUES (?, ?)", arguments: [seq, Data(left)])
            }
            guard !held.isRedacted else { continue }
            try PrivateStore.forget(held, in: folder)
            try db.execute(
                sql: "UPDATE line SET line = ? WHERE seq = ?", arguments: [Data(held.redacted.bytes), seq])
            // The broker's words on a refused line may quote it.
            try db.execute(sql: "UPDATE dead_letter SET text = '' WHERE seq = ?", arguments: [seq])
            try db.execute(sql: "INSERT OR IGNORE INTO redacted VALUES (?)", arguments: [seq])
            owesScrub = true
        }
    }

    /// Once in a file of an older version: carries out the orders of its own that stand in it.
    func completeRedactions() throws {
        let orders = try orders()
        try database.write { db in try carryOut(ordersIn: orders, db) }
    }

    /// The orders that this publisher gave, oldest first.
    public func orders() throws -> [Line] { try look { try $0.lines(of: [.redaction]) } }

    /// Empties the write-ahead log of what went, if any did; and that of the private store.
    ///
    /// - Parameter patience: seconds to wait for other processes that read.
    /// - Returns: false while bytes may still lie there: call again.
    @discardableResult
    public func scrub(patience: Int = 0) throws -> Bool {
        guard owesScrub else { return true }
        let isDone = try database.scrub(patience: patience)
        owesScrub = try !(PrivateStore.scrub(in: folder, patience: patience) && isDone)
        return !owesScrub
    }

    /// What remains of a redacted line of this log.
    func remains(_ seq: Int64, _ db: GRDB.Database) throws -> [UInt8]? {
        guard try db.has(table: "remains") else { return nil }
        return try Data.fetchOne(db, sql: "SELECT body FROM remains WHERE seq = ?", arguments: [seq]).map(Array.init)
    }

    func isRedacted(_ seq: Int64, _ db: GRDB.Database) throws -> Bool {
        try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT * FROM redacted WHERE seq = ?)", arguments: [seq]) ?? false
    }
}

extension PublisherLog.Snapshot {
    /// Where the line with this envelope's hash stands; nil when the log has none.
    public func line(withHash hash: Hash) throws -> Line? {
        try Int64.fetchOne(db, sql: "SELECT seq FROM line WHERE hash = ?", arguments: [Data(hash.bytes)]).flatMap {
            try line($0)
        }
    }
}

extension PrivateStore {
    /// Forgets what lies here of a record that loses its body: the true value that it hid, and the draft it was, where a crash
    /// left that. A draft entered since stays: it is not handed in, and the officer's own.
    static func forget(_ line: Line, in folder: String) throws {
        guard let store = try existing(in: folder) else { return }
        let envelope = line.envelope
        try store.database.write { db in
            try db.execute(
                sql: "DELETE FROM true_value WHERE log = ? AND seq = ?", arguments: [envelope.log, envelope.seq])
            try db.execute(
                sql: """
                    DELETE FROM draft WHERE kind = ? AND id = ? AND number <=
                        (SELECT max(number) FROM draft WHERE kind = ? AND id = ? AND log = ? AND seq = ?)
                    """,
                arguments: [envelope.kind, envelope.id, envelope.kind, envelope.id, envelope.log, envelope.seq])
        }
    }

    static func scrub(in folder: String, patience: Int) throws -> Bool {
        try existing(in: folder)?.database.scrub(patience: patience) ?? true
    }

    private static func existing(in folder: String) throws -> PrivateStore? {
        guard FileManager.default.fileExists(atPath: folder + "/private.sqlite") else { return nil }
        return try PrivateStore(folder: folder)
    }
}
