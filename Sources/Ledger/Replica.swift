import Foundation
import GRDB
import Wire

/// A consumer's durable copy of what it follows, with its place in the feed: both move in one transaction, so nothing is
/// missed and nothing counted twice.
///
/// Other processes may read it while its owner writes. Not `Sendable`: one thread at a time.
public final class Replica {
    let database: Database
    private let cursorTable: String
    let lineTable: String
    /// As of a publisher's log.
    var owesScrub = true
    /// Nil until `hold`.
    private var isSynthetic: Bool?

    private static func schema(cursor: String, line: String) -> String {
        """
        CREATE TABLE \(cursor) (position INTEGER NOT NULL, root BLOB NOT NULL, ledger TEXT);
        INSERT INTO \(cursor) VALUES (0, zeroblob(32), NULL);
        """ + lineSchema(line)
    }

    private static func lineSchema(_ line: String) -> String {
        "CREATE TABLE \(line) (position INTEGER PRIMARY KEY, received TEXT NOT NULL, root BLOB, line BLOB NOT NULL);"
    }

    /// A file of its own.
    public init(folder: String, create: Bool, readOnly: Bool = false) throws {
        if create { try makeFolder(folder) }
        (cursorTable, lineTable) = ("cursor", "line")
        database = try Database(
            path: folder + "/replica.sqlite", kind: .replica,
            schema: Self.schema(cursor: cursorTable, line: lineTable), create: create, readOnly: readOnly)
        if database.wasUpgraded { try completeRedactions() }
    }

    /// In the file of a publisher's log, so that what it says to what it follows can be appended in the transaction that
    /// moves its place in the feed (`PublisherLog.append(at:keeping:upTo:in:_:)`).
    public init(in log: PublisherLog) throws {
        (cursorTable, lineTable) = ("feed_cursor", "feed_line")
        database = log.database
        try database.write { db in
            if try !db.has(table: cursorTable) {
                try db.execute(sql: Self.schema(cursor: cursorTable, line: lineTable))
            }
        }
        if database.wasUpgraded { try completeRedactions() }
    }

    /// The file.
    public var path: String { database.path }

    func isIn(_ log: PublisherLog) -> Bool { database.queue === log.database.queue }

    /// The last position of the feed that this copy has or knows to be none of its concern.
    public func position() throws -> Int64 {
        try database.read { db in
            try Int64.fetchOne(db.cachedStatement(sql: "SELECT position FROM \(cursorTable)")) ?? 0
        }
    }

    /// The ledger's root at `position()`; nil where none came with it.
    public func root() throws -> Hash? {
        try database.read { db in
            let root = try Data.fetchOne(db, sql: "SELECT root FROM \(cursorTable)").flatMap { Hash(bytes: $0) }
            return root == .zero ? nil : root
        }
    }

    /// Binds the copy to the ledger it follows, at its first welcome.
    ///
    /// - Throws: `StoreError.foreign` when it followed another.
    public func bind(to ledger: String) throws {
        try database.write { db in
            let known = try String.fetchOne(db, sql: "SELECT ledger FROM \(cursorTable)")
            guard known == nil || known == ledger else {
                throw StoreError(
                    .foreign,
                    "\(database.path) is a copy of another ledger (\(known ?? "")) than the broker's (\(ledger)): was the ledger replaced? Restore the ledger, or move this copy away: it is then fetched again"
                )
            }
            try db.execute(sql: "UPDATE \(cursorTable) SET ledger = ?", arguments: [ledger])
        }
    }

    /// From now on only example data is kept here, or only real data. Checks what is here already by its first line, and each line
    /// that comes.
    ///
    /// - Throws: `StoreError.foreign` when the copy holds the other: it was brought here from another folder.
    public func hold(synthetic: Bool) throws {
        let first = try database.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM \(lineTable) ORDER BY position LIMIT 1")
        }
        if let first { try check(try Self.line(first, path: database.path), synthetic) }
        isSynthetic = synthetic
    }

    private func check(_ delivered: DeliveredLine, _ synthetic: Bool) throws {
        guard delivered.line.envelope.synthetic != synthetic else { return }
        throw StoreError(
            .foreign,
            "\(database.path) holds \(synthetic ? "real" : "example (synthetic)") data (\(delivered.line.name)) in a folder of \(synthetic ? "example (synthetic)" : "real") data, and they never meet. Move that file away: the copy is fetched again"
        )
    }

    /// Keeps `lines` and moves to `position`. Where the feed carries roots, each is computed again from the one before.
    ///
    /// - Parameter root: the ledger's root after `position`, where it came: what a filtered feed says for all that it leaves out.
    /// - Throws: `StoreError.damaged` when a root does not follow, and nothing is kept.
    public func store(_ lines: [DeliveredLine], upTo position: Int64, root: Hash? = nil) throws {
        try database.write { db in try keep(lines, upTo: position, root: root, db) }
    }

    /// `store`, inside a transaction of this file.
    func keep(_ lines: [DeliveredLine], upTo position: Int64, root claimed: Hash?, _ db: GRDB.Database) throws {
        guard let row = try Row.fetchOne(db, sql: "SELECT position, root FROM \(cursorTable)"),
            var root = Hash(bytes: row.data("root"))
        else { throw StoreError(.damaged, "\(database.path): no cursor") }
        var last = row.int("position")
        // Where `root` is the ledger's.
        var known = root == .zero && last > 0 ? nil : last
        for line in lines where line.position > last {
            if let isSynthetic { try check(line, isSynthetic) }
            if let next = line.root {
                let computed = root.root(position: line.position, received: line.received, record: line.line.hash)
                guard line.position == last + 1, next == computed else { throw otherRoot(line.position, last) }
                root = next
                known = line.position
            }
            try db.cachedStatement(sql: "INSERT INTO \(lineTable) VALUES (?, ?, ?, ?)").execute(arguments: [
                line.position, line.received, line.root.map { Data($0.bytes) }, Data(line.line.bytes),
            ])
            last = line.position
        }
        try carryOut(ordersIn: lines.map(\.line), db)
        let end = max(last, position)
        let said = position == end ? claimed : nil
        if known == end {
            guard said == nil || said == root else { throw otherRoot(end, end) }
        } else {
            root = said ?? .zero
        }
        try db.execute(
            sql: "UPDATE \(cursorTable) SET position = ?, root = ?", arguments: [end, Data(root.bytes)])
    }

    private func otherRoot(_ position: Int64, _ last: Int64) -> StoreError {
        StoreError(
            .damaged,
            "the broker's root at position \(position) does not follow from what \(database.path) holds up to \(last). Was the ledger replaced? Compare with `pejling ledger verify`"
        )
    }

    /// Keeps all that is here under another name in the same file, and begins anew: the ledger that it is a copy of was restored
    /// from an older one, and gives other records at these positions. One transaction, whatever the size; who reads meanwhile reads
    /// what was there. Orders to redact reach what is kept.
    ///
    /// - Parameter now: goes into the name.
    /// - Returns: the table that holds the lines now.
    public func setAside(at now: Date) throws -> String {
        let time = Timestamp.milliseconds(now).filter { $0.isNumber || $0 == "T" }
        return try database.write { db in
            var kept = "\(asidePrefix)\(time)"
            while try db.has(table: kept) { kept += "_" }
            try db.execute(sql: "ALTER TABLE \(lineTable) RENAME TO \(kept)")
            if try db.has(table: remainsTable) {
                try db.execute(sql: "ALTER TABLE \(remainsTable) RENAME TO remains_\(kept)")
            }
            try db.execute(sql: Self.lineSchema(lineTable))
            try db.execute(
                sql: "UPDATE \(cursorTable) SET position = 0, root = ?", arguments: [Data(Hash.zero.bytes)])
            return kept
        }
    }

    /// How the tables begin that hold what was set aside.
    var asidePrefix: String { "aside_\(lineTable)_" }

    /// Calls `body` with each line after `first` and up to `limit` (nil: all), in order; a redacted one with what remains of it,
    /// whatever the limit.
    public func forEach(after first: Int64 = 0, upTo limit: Int64? = nil, _ body: (DeliveredLine) throws -> Void) throws
    {
        try database.read { db in
            let remains = try remains(db)
            let rows = try Row.fetchCursor(
                db, sql: "SELECT * FROM \(lineTable) WHERE position > ? AND position <= ? ORDER BY position",
                arguments: [first, limit ?? .max])
            while let row = try rows.next() {
                let delivered = try Self.line(row, path: database.path)
                try body(remains.isEmpty ? delivered : delivered.leaving(remains[delivered.position]))
            }
        }
    }

    /// The last position received at or before `time` (ISO 8601, UTC); 0 when there is none.
    public func position(asOf time: String) throws -> Int64 {
        try database.read { db in
            try Int64.fetchOne(db, sql: "SELECT max(position) FROM \(lineTable) WHERE received <= ?", arguments: [time])
                ?? 0
        }
    }

    static func line(
        _ row: Row, path: String, remedy: String = "Delete this copy: it is fetched again"
    ) throws -> DeliveredLine {
        do {
            let line = try Line(parsing: [UInt8](row.data("line")))
            return DeliveredLine(
                position: row.int("position"), received: row.text("received"),
                root: Hash(bytes: row.data("root")),
                line: line)
        } catch {
            throw StoreError(.damaged, "\(path), position \(row.int("position")): \(error). \(remedy)")
        }
    }
}
