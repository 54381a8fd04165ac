import Foundation
import GRDB
import PolicyModel
import Wire

// How a body leaves a consumer's copy: in the transaction that keeps the order. The copy has no index by name: the line is found
// by the hash of its body, which stands in its envelope as in the order.

extension Replica {
    /// Takes the bodies that `lines` order away, which did not come with this feed: a node's own, of which it follows its
    /// answers back.
    public func carryOut(ordersIn lines: [Line]) throws {
        guard !lines.isEmpty else { return }
        try database.write { db in try carryOut(ordersIn: lines, db) }
    }

    func carryOut(ordersIn lines: [Line], _ db: GRDB.Database) throws {
        for line in lines {
            guard let order = line.redaction else { continue }
            try dropBodies(withHash: order.bodyHash, db, leaving: { _ in order.remains }) {
                order.takes($0, by: line.envelope)
            }
        }
    }

    /// Takes the body of one record from this copy before its order comes with the feed: of an order given on this machine while
    /// the broker is away, so that what is made from the copy meanwhile does not hold it. What remains of it by such an order
    /// stays.
    public func dropBody(of record: Envelope) throws {
        try database.write { db in
            try dropBodies(withHash: record.bodyHash.hex, db, leaving: Redaction.Remains.init(of:)) { $0 == record }
        }
    }

    /// O(bytes of the copy): orders are rare. What was set aside loses its bodies too.
    private func dropBodies(
        withHash hash: String, _ db: GRDB.Database, leaving remains: (Line) -> Redaction.Remains?,
        where isMeant: (Envelope) -> Bool
    ) throws {
        let aside = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ?",
            arguments: ["\(asidePrefix)*"])
        for table in [lineTable] + aside { try dropBodies(in: table, withHash: hash, db, remains, isMeant) }
    }

    private func dropBodies(
        in table: String, withHash hash: String, _ db: GRDB.Database, _ remains: (Line) -> Redaction.Remains?,
        _ isMeant: (Envelope) -> Bool
    ) throws {
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT position, received, root, line FROM \(table) WHERE instr(line, CAST(? AS BLOB)) > 0",
            arguments: [hash])
        for row in rows {
            let held = try Self.line(row, path: database.path)
            guard isMeant(held.line.envelope) else { continue }
            if table == lineTable, let left = remains(held.line)?.bytes {
                try db.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS \(remainsTable) (position INTEGER PRIMARY KEY, body BLOB NOT NULL)
                        """)
                try db.execute(
                    sql: "INSERT OR IGNORE INTO \(remainsTable) VALUES (?, ?)",
                    arguments: [held.position, Data(left)])
            }
            guard !held.line.isRedacted else { continue }
            try db.execute(
                sql: "UPDATE \(table) SET line = ? WHERE position = ?",
                arguments: [Data(held.line.redacted.bytes), held.position])
            owesScrub = true
        }
    }

    var remainsTable: String { lineTable + "_remains" }

    /// What remains of redacted lines, by position.
    func remains(_ db: GRDB.Database) throws -> [Int64: [UInt8]] {
        guard try db.has(table: remainsTable) else { return [:] }
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM \(remainsTable)")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.int("position"), [UInt8]($0.data("body"))) })
    }

    /// Once in a file of an older version: carries out the orders that stand in it.
    func completeRedactions() throws {
        try database.write { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM \(lineTable) WHERE instr(line, CAST('redaction' AS BLOB)) > 0")
            try carryOut(ordersIn: try rows.map { try Self.line($0, path: database.path).line }, db)
        }
    }

    /// The orders in this copy, in ledger order, for whoever keeps lines in another file. O(bytes of the copy).
    public func orders() throws -> [Line] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT * FROM \(lineTable) WHERE instr(line, CAST('redaction' AS BLOB)) > 0 ORDER BY position"
            ).map { try Self.line($0, path: database.path).line }.filter { $0.kind == .redaction }
        }
    }

    /// As `PublisherLog.scrub(patience:)`.
    @discardableResult
    public func scrub(patience: Int = 0) throws -> Bool {
        guard owesScrub else { return true }
        owesScrub = try !database.scrub(patience: patience)
        return !owesScrub
    }
}
