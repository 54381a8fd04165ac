import GRDB
import PolicyModel
import Wire

/// A log whose last records no signature covers: the ledger was made anew, and no copy of the feed has signatures. What it holds is proved
/// by where the broker had said that it stood, or by what it had given out; its publisher signs it when it sends these records again.
public struct UnsignedEnd: Sendable, Hashable {
    /// The last record of the log when the ledger was made anew.
    public let name: RecordName
    /// The last before it that is signed; 0: none.
    public let signed: Int64
    /// The first 16 digits of the key that may sign what follows: the one in force there. Nil: none is.
    public let keyID: String?
}

extension LedgerStore {
    static let unsignedSchema = """
        CREATE TABLE IF NOT EXISTS unsigned_end (publisher TEXT NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL,
            PRIMARY KEY (publisher, log)) WITHOUT ROWID;

        """

    static func keep(unsigned name: RecordName, _ db: GRDB.Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO unsigned_end VALUES (?, ?, ?)",
            arguments: [name.publisher, name.log, name.seq])
    }

    /// In order of publisher and log.
    static func readUnsigned(_ db: GRDB.Database) throws -> [UnsignedEnd] {
        guard try db.has(table: "unsigned_end") else { return [] }
        return try Row.fetchAll(
            db,
            sql: """
                SELECT *, (SELECT coalesce(max(seq), 0) FROM signature
                  WHERE signature.publisher = unsigned_end.publisher AND signature.log = unsigned_end.log) AS signed
                FROM unsigned_end ORDER BY publisher, log
                """
        ).map { row in
            let name = RecordName(publisher: row.text("publisher"), log: row.text("log"), seq: row.int("seq"))
            let signed = row.int("signed")
            let first = try Int64.fetchOne(
                db, sql: "SELECT min(position) FROM record WHERE publisher = ? AND log = ? AND seq > ?",
                arguments: [name.publisher, name.log, signed])
            return UnsignedEnd(
                name: name, signed: signed, keyID: try key(of: name.publisher, before: first ?? 0, db))
        }
    }

    /// The first 16 digits of the signing key that is in force for a publisher in front of a position; nil: none is.
    private static func key(of publisher: String, before position: Int64, _ db: GRDB.Database) throws -> String? {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT line FROM record WHERE publisher = ? AND position < ? AND instr(line, CAST(? AS BLOB)) > 0
                ORDER BY position DESC
                """, arguments: [ownName, position, "\"kind\":\"\(RecordKind.enrolment)\""])
        while let row = try rows.next() {
            guard let line = try? Line(parsing: [UInt8](row.data("line"))), line.kind == .enrolment,
                let word = try? line.decode(Enrolment.self), word.publisher == publisher
            else { continue }
            return word.revoked == nil ? String(word.signKey.prefix(16)) : nil
        }
        return nil
    }
}

extension LedgerStore.Transaction {
    /// What `statement` signs is unsigned no more.
    func signed(_ statement: BatchStatement) throws {
        guard
            store.unsigned.contains(where: { $0.name.publisher == statement.publisher && $0.name.log == statement.log })
        else { return }
        try db.execute(
            sql: "DELETE FROM unsigned_end WHERE publisher = ? AND log = ? AND seq <= ?",
            arguments: [statement.publisher, statement.log, statement.seq])
        unsigned = try LedgerStore.readUnsigned(db)
    }
}
