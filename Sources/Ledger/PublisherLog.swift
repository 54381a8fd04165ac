import Foundation
import GRDB
import PolicyModel
import Wire

/// Everything a publisher ever said, kept for good: outbox, memory while offline, and source of repair.
///
/// Several processes may hold the same log (a running node, and `enter`): each append reads the head and writes in one
/// transaction, so two at once never collide. Not `Sendable`: one thread at a time.
public final class PublisherLog {
    public let publisher: String
    /// 32 hexadecimal digits, made at random with the file.
    public let log: String
    public let isSynthetic: Bool
    let folder: String
    let database: Database
    /// Whether bytes of a body that went may still lie in the write-ahead log: `scrub` until it does not. True at first, for a
    /// run before this one may have ended in between.
    var owesScrub = true

    private static let schema = """
        CREATE TABLE meta (publisher TEXT NOT NULL, log TEXT NOT NULL, synthetic INTEGER NOT NULL, acked INTEGER NOT NULL);
        CREATE TABLE line (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, line BLOB NOT NULL);
        CREATE INDEX line_by_id ON line (kind, id, seq);
        CREATE TABLE dead_letter (seq INTEGER PRIMARY KEY, rule TEXT NOT NULL, text TEXT NOT NULL);

        """ + redactionSchema

    /// Opens the log in `folder`; makes it, with a random id, when `create`.
    ///
    /// - Throws: `StoreError`; `.foreign` when the log is another publisher's or not as synthetic as wanted.
    public init(folder: String, publisher: String, synthetic: Bool, create: Bool) throws {
        if create { try makeFolder(folder) }
        try Restore.refuseUnfinished(folder)
        let path = folder + "/log.sqlite"
        let database = try Database(
            path: path, kind: .log, schema: Self.schema, upgrade: Self.redactionSchema, create: create)
        let row = try database.write { db in
            try db.execute(sql: Self.restoreSchema + Self.lookSchema)
            if let row = try Row.fetchOne(db, sql: "SELECT * FROM meta") { return row }
            var generator = SystemRandomNumberGenerator()
            let id = hexText((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
            try db.execute(sql: "INSERT INTO meta VALUES (?, ?, ?, 0)", arguments: [publisher, id, synthetic])
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM meta") else {
                throw StoreError(.failed, "\(path) forgot its own id")
            }
            return row
        }
        guard row.text("publisher") == publisher else {
            throw StoreError(
                .foreign, "\(path) is the log of \(row.text("publisher")), not of \(publisher). Check --data")
        }
        guard row.int("synthetic") == (synthetic ? 1 : 0) else {
            throw StoreError(
                .foreign, "\(path) and this run differ on whether the data is synthetic. Name another --data folder")
        }
        self.publisher = publisher
        log = row.text("log")
        isSynthetic = synthetic
        self.folder = folder
        self.database = database
        if database.wasUpgraded { try completeRedactions() }
    }

    /// A record to be: everything but its place in the chain.
    public struct Draft: Sendable {
        public var kind: RecordKind
        public var id: String
        public var policy: String?
        public var by: Author
        public var body: [UInt8]

        public init(kind: RecordKind, id: String, policy: String?, by: Author, body: [UInt8]) {
            self.kind = kind
            self.id = id
            self.policy = policy
            self.by = by
            self.body = body
        }

        public init(_ body: some RecordBody, by: Author) throws {
            self.init(
                kind: type(of: body).kind, id: body.identity, policy: body.policyID, by: by, body: try encodeBody(body))
        }
    }

    /// Appends what `make` gives, all or nothing: it sees the log as it is under the lock. On return it is on the disk.
    ///
    /// - Parameter at: the time that goes into the envelopes.
    public func append(at: Date, _ make: (Snapshot) throws -> [Draft]) throws -> [Line] {
        try database.write { db in try append(at: at, db, make) }
    }

    /// Keeps what was delivered and appends what is said to it, in one transaction: after a crash either both are there or
    /// neither, and nothing is said twice.
    ///
    /// - Parameter replica: the copy in this log's file (`Replica(in:)`).
    public func append(
        at: Date, keeping lines: [DeliveredLine], upTo position: Int64, root: Hash? = nil, in replica: Replica,
        _ make: (Snapshot) throws -> [Draft]
    ) throws -> [Line] {
        precondition(
            replica.isIn(self), "the copy is in another file than the log: two files are never one transaction")
        return try database.write { db in
            try replica.keep(lines, upTo: position, root: root, db)
            try carryOut(ordersIn: lines.map(\.line), db)
            return try append(at: at, db, make)
        }
    }

    private func append(at: Date, _ db: GRDB.Database, _ make: (Snapshot) throws -> [Draft]) throws -> [Line] {
        let snapshot = Snapshot(log: self, db: db)
        var head = try snapshot.head()
        try refuseWhileBehind(head, db)
        var lines: [Line] = []
        for draft in try make(snapshot) {
            let line = try head.next(
                publisher: publisher, log: log, at: Timestamp.seconds(at), by: draft.by, kind: draft.kind, id: draft.id,
                policy: draft.policy, body: draft.body, synthetic: isSynthetic)
            guard line.bytes.count <= Limits.line else {
                throw Fault(
                    rule: "line.size",
                    message:
                        "\(draft.kind) \(draft.id) makes a line of \(line.bytes.count) bytes: at most \(Limits.line). Shorten its texts"
                )
            }
            // What we write, any reader must accept: the same check as at the broker.
            guard try !Line(parsing: line.bytes).isRedacted else {
                throw Fault(rule: "json.object", message: "\(draft.kind) \(draft.id) has no body")
            }
            try db.cachedStatement(sql: "INSERT INTO line VALUES (?, ?, ?, ?, ?)").execute(arguments: [
                line.envelope.seq, Data(line.hash.bytes), draft.kind.rawValue, draft.id, Data(line.bytes),
            ])
            head.advance(over: line)
            lines.append(line)
        }
        try carryOut(ordersIn: lines, db)
        return lines
    }

    /// The log inside one transaction; its redacted lines with what remains of them.
    public struct Snapshot {
        let log: PublisherLog
        let db: GRDB.Database

        public var publisher: String { log.publisher }
        /// The log's own id.
        public var logID: String { log.log }

        private func read(_ data: Data) throws -> Line {
            let line = try log.line(data)
            return line.isRedacted ? line.leaving(try log.remains(line.envelope.seq, db)) : line
        }

        public func head() throws -> ChainHead {
            let row = try Row.fetchOne(
                db,
                sql:
                    "SELECT seq, hash FROM line UNION ALL SELECT seq, hash FROM refused_place ORDER BY seq DESC LIMIT 1"
            )
            guard let row else { return .empty }
            return ChainHead(seq: row.int("seq"), hash: try log.hash(row.data("hash")))
        }

        /// The newest line of this kind and identity; nil when there is none.
        public func latest(_ kind: RecordKind, _ id: String) throws -> Line? {
            let data = try Data.fetchOne(
                db, sql: "SELECT line FROM line WHERE kind = ? AND id = ? ORDER BY seq DESC LIMIT 1",
                arguments: [kind.rawValue, id])
            return try data.map { try read($0) }
        }

        /// The first line of this kind and identity.
        public func first(_ kind: RecordKind, _ id: String) throws -> Line? {
            let data = try Data.fetchOne(
                db, sql: "SELECT line FROM line WHERE kind = ? AND id = ? ORDER BY seq LIMIT 1",
                arguments: [kind.rawValue, id])
            return try data.map { try read($0) }
        }

        /// All lines after `seq`.
        public func lines(after seq: Int64) throws -> [Line] {
            try Data.fetchAll(db, sql: "SELECT line FROM line WHERE seq > ? ORDER BY seq", arguments: [seq]).map {
                try read($0)
            }
        }

        /// Seqs of the lines the broker refused: they stay in the chain, and count nowhere.
        public func deadSeqs() throws -> Set<Int64> { try Int64.fetchSet(db, sql: "SELECT seq FROM dead_letter") }

        /// Every line of these kinds, oldest first; those that were refused too.
        public func lines(of kinds: Set<RecordKind>) throws -> [Line] {
            let names = kinds.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            return try Data.fetchAll(db, sql: "SELECT line FROM line WHERE kind IN (\(names)) ORDER BY seq").map {
                try read($0)
            }
        }

        /// The line with this seq; nil when the log has none.
        public func line(_ seq: Int64) throws -> Line? {
            try Data.fetchOne(db, sql: "SELECT line FROM line WHERE seq = ?", arguments: [seq]).map {
                try read($0)
            }
        }

        /// The seq up to which the broker has said "durable".
        public func acked() throws -> Int64 { try Int64.fetchOne(db, sql: "SELECT acked FROM meta") ?? 0 }

        /// The newest line of each identity of this kind.
        public func all(_ kind: RecordKind) throws -> [Line] {
            try Data.fetchAll(
                db,
                sql:
                    "SELECT line FROM line WHERE seq IN (SELECT max(seq) FROM line WHERE kind = ? GROUP BY id) ORDER BY seq",
                arguments: [kind.rawValue]
            ).map { try read($0) }
        }
    }

    public func look<T>(_ body: (Snapshot) throws -> T) throws -> T {
        try database.read { db in try body(Snapshot(log: self, db: db)) }
    }

    public func head() throws -> ChainHead { try look { try $0.head() } }

    /// The hash of the record with this seq; nil when the log does not have it.
    public func hash(of seq: Int64) throws -> Hash? {
        if seq == 0 { return .zero }
        return try database.read { db in
            let sql = "SELECT hash FROM line WHERE seq = ? UNION ALL SELECT hash FROM refused_place WHERE seq = ?"
            return try Data.fetchOne(db, sql: sql, arguments: [seq, seq]).map { try hash($0) }
        }
    }

    /// The lines after `seq`, at most as many as fit one message; of `most` bytes, but for one that is longer.
    public func lines(after seq: Int64, most: Int = Limits.batchBytes) throws -> [Line] {
        try database.read { db in
            var lines: [Line] = []
            var bytes = 0
            let cursor = try Data.fetchCursor(
                db, sql: "SELECT line FROM line WHERE seq > ? ORDER BY seq LIMIT ?",
                arguments: [seq, Limits.batchLines])
            while let data = try cursor.next() {
                bytes += data.count + 1
                if bytes > most, !lines.isEmpty { break }
                let next = try line(data)
                // A place without a line: batches have no holes.
                guard next.envelope.seq == seq + Int64(lines.count) + 1 else {
                    if lines.isEmpty { throw lost(seq + 1) }
                    break
                }
                lines.append(next)
            }
            return lines
        }
    }

    /// The seq up to which the broker has said "durable".
    public func acked() throws -> Int64 {
        try database.read { db in try Int64.fetchOne(db, sql: "SELECT acked FROM meta") ?? 0 }
    }

    /// Moves the mark forward, and keeps what was refused as dead letters, in one transaction.
    public func acknowledge(_ seq: Int64, refused: [RefusedLine]) throws {
        try database.write { db in
            for line in refused {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO dead_letter VALUES (?, ?, ?)",
                    arguments: [line.seq, line.rule, try isRedacted(line.seq, db) ? "" : line.text])
            }
            try db.execute(sql: "UPDATE meta SET acked = max(acked, ?)", arguments: [seq])
        }
    }

    /// Where the ledger has this log at a welcome: the mark goes back where the ledger was restored from an older copy.
    public func ledgerEnds(at seq: Int64) throws {
        guard try acked() != seq else { return }
        try database.write { db in try db.execute(sql: "UPDATE meta SET acked = ?", arguments: [seq]) }
    }

    /// A number that changes when another process has appended (SQLite, `PRAGMA data_version`).
    public func dataVersion() throws -> Int {
        // Often asked: kept compiled.
        try database.read { db in try Int.fetchOne(try db.cachedStatement(sql: "PRAGMA data_version")) ?? 0 }
    }

    fileprivate func hash(_ data: Data) throws -> Hash {
        guard let hash = Hash(bytes: data) else {
            throw StoreError(.damaged, "\(database.path): a hash of \(data.count) bytes")
        }
        return hash
    }

    func line(_ data: Data) throws -> Line {
        do { return try Line(parsing: [UInt8](data)) } catch {
            throw StoreError(.damaged, "\(database.path) is damaged: \(error). Keep the file and restore a copy")
        }
    }
}
