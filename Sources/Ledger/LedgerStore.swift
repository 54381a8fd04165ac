import Foundation
import GRDB
import PolicyModel
import Wire

/// The broker's append-only ledger. Not `Sendable`: the broker's one thread owns it.
///
/// All that changes memory (position, root, heads) changes only after the commit that put it on the disk.
public final class LedgerStore {
    /// Where the ledger stands.
    public struct Head: Hashable, Sendable {
        /// The running number of the last record; 0 when empty.
        public var position: Int64 = 0
        public var root: Hash = .zero
        /// When the last record was received; empty when there is none.
        public var received = ""
    }

    /// What the ledger has of one publisher.
    public struct PublisherHead: Hashable, Sendable {
        public var log: String
        public var head: ChainHead

        public init(log: String, head: ChainHead) {
            self.log = log
            self.head = head
        }
    }

    public let isSynthetic: Bool
    public private(set) var head = Head()
    /// By publisher: the log that goes on.
    public private(set) var publishers: [String: PublisherHead] = [:]
    /// By publisher and log: where the ledger has the logs that went before it.
    public private(set) var earlier: [String: [String: ChainHead]] = [:]
    let database: Database
    private let key: SigningKey
    /// The publisher name of the broker's own records.
    public static let ownName = "broker"
    private let ownLog: String
    /// Records that an order names and the ledger does not hold: not sent yet, or refused.
    var awaited: Set<RecordName> = []
    /// The last checkpoint.
    public private(set) var checkpointed = CheckpointPlace()
    /// Whether bytes of a body that went may still lie in the write-ahead log: `scrub` until it does not.
    public internal(set) var owesScrub = false
    /// Records whose line does not hold, by position: their publishers can give them back, or a copy can.
    public internal(set) var damaged: [DamagedRecord] = []
    /// How many were put back since the ledger was opened, by whatever way their lines came.
    public internal(set) var mendedCount = 0
    /// How it was made anew when it was opened; nil: it was not.
    public internal(set) var remaking: Remaking?
    /// Logs whose ends their publishers have yet to sign.
    public private(set) var unsigned: [UnsignedEnd] = []
    /// Where the damaged file was copied to; nil when nothing is damaged, or it is not copied yet.
    public internal(set) var evidence: String?
    /// Bytes of a damaged file that are copied, and synced, at once: a second's work of a slow disk, well below what is taken for a hang.
    var evidencePiece = 32 << 20
    /// A position whose line could not be read for the feed: `examine` it.
    public var suspect: Int64?
    private var recent = RecentLines()
    /// Made at random with the file; names this ledger.
    public var id: String { ownLog }
    /// Said of damage: nothing of a ledger is ever deleted.
    public static let remedy =
        "Keep the file as it is. A start of Pejling mends what a copy or a publisher has, or says what helps (`pejling ledger mend --help`)"

    static let schema = """
        CREATE TABLE meta (synthetic INTEGER NOT NULL, log TEXT NOT NULL);
        CREATE TABLE record (position INTEGER PRIMARY KEY, received TEXT NOT NULL, publisher TEXT NOT NULL, log TEXT NOT NULL,
            seq INTEGER NOT NULL, hash BLOB NOT NULL, root BLOB NOT NULL, line BLOB NOT NULL);
        CREATE UNIQUE INDEX record_by_name ON record (publisher, log, seq);
        CREATE TABLE head (publisher TEXT PRIMARY KEY, log TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE signature (publisher TEXT NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL, key_id TEXT NOT NULL,
            signature TEXT NOT NULL, PRIMARY KEY (publisher, log, seq)) WITHOUT ROWID;

        """ + redactionSchema

    /// That the first page of the ledger in `folder` is damaged, which SQLite would take for something else; nil: it is not, or there is
    /// none. Ask before this process opens it.
    public static func headerFault(in folder: String) -> StoreError? {
        FileHeader.fault(of: folder + "/ledger.sqlite").map { StoreError(.damaged, $0, remedy: remedy) }
    }

    /// Of the tables that grow with the ledger: the types of their columns, as `schema` has them.
    static let columnTypes = [
        ("record", ["INTEGER", "TEXT", "TEXT", "TEXT", "INTEGER", "BLOB", "BLOB", "BLOB"]),
        ("signature", ["TEXT", "TEXT", "INTEGER", "TEXT", "TEXT"]),
    ]

    /// Opens or makes the ledger in `folder`. Nothing is verified yet: call `verify`.
    public init(folder: String, synthetic: Bool, key: SigningKey) throws {
        try makeFolder(folder)
        try Restore.refuseUnfinished(folder)
        let path = folder + "/ledger.sqlite"
        database = try Database(
            path: path, kind: .ledger, schema: Self.schema, upgrade: Self.redactionSchema, create: true)
        self.key = key
        let row = try database.write { db -> Row? in
            try Self.makeLogTables(db)
            if let row = try Row.fetchOne(db, sql: "SELECT * FROM meta") { return row }
            var generator = SystemRandomNumberGenerator()
            let id = hexText((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
            try db.execute(sql: "INSERT INTO meta VALUES (?, ?)", arguments: [synthetic, id])
            return try Row.fetchOne(db, sql: "SELECT * FROM meta")
        }
        guard let row else { throw StoreError(.damaged, "\(path) has no meta row") }
        isSynthetic = row.int("synthetic") != 0
        ownLog = row.text("log")
        guard isSynthetic == synthetic else {
            // Its records say what it is.
            if try database.read(Self.holdsExamples) == synthetic {
                throw StoreError(
                    .damaged,
                    "\(path) says that it holds \(isSynthetic ? "example (synthetic)" : "real") data, and its records are \(synthetic ? "example (synthetic)" : "real") data",
                    remedy: Self.remedy)
            }
            throw StoreError(
                .foreign, "\(path): real and example (synthetic) data never meet. Name another --data folder")
        }
        try database.read { db in
            if let last = try Row.fetchOne(
                db, sql: "SELECT position, received, root FROM record ORDER BY position DESC LIMIT 1")
            {
                guard let root = Hash(bytes: last.data("root")) else {
                    throw StoreError(.damaged, "\(path), position \(last.int("position")): no root")
                }
                head = Head(position: last.int("position"), root: root, received: last.text("received"))
            }
            for row in try Row.fetchAll(db, sql: "SELECT * FROM head") {
                guard let hash = Hash(bytes: row.data("hash")) else {
                    throw StoreError(.damaged, "\(path): a head without hash")
                }
                publishers[row.text("publisher")] = PublisherHead(
                    log: row.text("log"), head: ChainHead(seq: row.int("seq"), hash: hash))
            }
            if let own = publishers[Self.ownName], own.log != ownLog {
                throw StoreError(
                    .damaged,
                    "\(path) says it is ledger \(ownLog), and its own records are of \(own.log). Keep the file as it is, and restore a backup"
                )
            }
            earlier = try Self.readEarlier(db, path: path)
            unsigned = try Self.readUnsigned(db)
            checkpointed = try Self.lastCheckpoint(db, ownLog: row.text("log"))
        }
        try completeRedactions()
    }

    /// Whether the first record that can be read is example data; nil: none can.
    private static func holdsExamples(_ db: GRDB.Database) throws -> Bool? {
        let rows = try Row.fetchCursor(db, sql: "SELECT line FROM record ORDER BY position LIMIT 100")
        while let row = try rows.next() {
            if let line = try? Line(parsing: [UInt8](row.data("line"))) { return line.envelope.synthetic }
        }
        return nil
    }

    /// Looks again: the last one may have been damaged when the ledger was opened.
    func findCheckpoint() throws {
        checkpointed = try database.read { db in try Self.lastCheckpoint(db, ownLog: ownLog) }
    }

    /// Keeps a signature over a publisher's head: among all of that log, and as its newest.
    static func keep(_ signature: String, _ keyID: String, for statement: BatchStatement, _ db: GRDB.Database) throws {
        let row: StatementArguments = [statement.publisher, statement.log, statement.seq, keyID, signature]
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO signature VALUES (?, ?, ?, ?, ?)").execute(arguments: row)
        try db.cachedStatement(
            sql: """
                INSERT INTO last_signature VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
                SET seq = excluded.seq, key_id = excluded.key_id, signature = excluded.signature WHERE excluded.seq > seq
                """
        ).execute(arguments: row)
    }

    /// Writes inside one commit.
    public final class Transaction {
        let db: GRDB.Database
        let store: LedgerStore
        fileprivate(set) var head: Head
        var publishers: [String: PublisherHead]
        var earlier: [String: [String: ChainHead]]
        let received: String
        private let insertion: PlainStatement
        /// What `insertion` has for publisher and log: mostly that of the next line too.
        private var inserted = (publisher: "", log: "")
        fileprivate var ownAppended = false
        var awaited: Set<RecordName>
        var hasRedacted = false
        fileprivate var appended: [DeliveredLine] = []
        var checkpointed: CheckpointPlace
        var unsigned: [UnsignedEnd]

        fileprivate init(db: GRDB.Database, store: LedgerStore, now: Date) throws {
            self.db = db
            insertion = try PlainStatement(db, sql: "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            self.store = store
            head = store.head
            publishers = store.publishers
            earlier = store.earlier
            awaited = store.awaited
            checkpointed = store.checkpointed
            unsigned = store.unsigned
            // `received` never runs backwards, whatever the clock does.
            received = max(Timestamp.milliseconds(now), store.head.received)
            try insertion.set(2, received)
        }

        /// Stores a line that its chain accepts, and moves its publisher's head. A body that an order takes is not stored; a
        /// line that gives such an order takes the body that the ledger holds.
        public func append(_ line: Line) throws {
            try insert(try ordered(line))
            move(line.envelope, line.hash)
            if let order = line.redaction { try carryOut(order, in: line.envelope) }
        }

        /// Puts a refusal in the place of a line whose content is refused, and moves its publisher's head past it.
        public func refuse(_ line: Line, _ violation: Violation) throws {
            // The message may quote what an order has taken already.
            let message = try order(for: line) == nil ? violation.message : "refused; what it said was redacted"
            try own(Refusal(record: line.name, hash: line.hash.hex, rule: violation.rule, message: message))
            move(line.envelope, line.hash)
        }

        /// Appends a record of the broker's own.
        public func own(_ body: some RecordBody) throws {
            let chain = publishers[LedgerStore.ownName]?.head ?? .empty
            let line = try chain.next(
                publisher: LedgerStore.ownName, log: store.ownLog, at: String(received.prefix(19)) + "Z",
                by: Author(role: "broker"), kind: type(of: body).kind, id: body.identity, policy: body.policyID,
                body: try encodeBody(body), synthetic: store.isSynthetic)
            try append(line)
            ownAppended = true
        }

        /// Keeps the signature over a publisher's head.
        public func keep(signature: String, keyID: String, for statement: BatchStatement) throws {
            try LedgerStore.keep(signature, keyID, for: statement, db)
            try signed(statement)
        }

        private func insert(_ line: Line) throws {
            head.position += 1
            head.received = received
            head.root = head.root.root(position: head.position, received: received, record: line.hash)
            let envelope = line.envelope
            try insertion.set(1, head.position)
            if inserted != (envelope.publisher, envelope.log) {
                try insertion.set(3, envelope.publisher)
                try insertion.set(4, envelope.log)
                inserted = (envelope.publisher, envelope.log)
            }
            try insertion.set(5, envelope.seq)
            try insertion.set(6, line.hash)
            try insertion.set(7, head.root)
            try insertion.run(8, line.bytes)
            appended.append(
                DeliveredLine(position: head.position, received: received, root: head.root, line: line))
        }

        fileprivate func finish() throws {
            if ownAppended, let own = publishers[LedgerStore.ownName] {
                let statement = BatchStatement(
                    publisher: LedgerStore.ownName, log: own.log, seq: own.head.seq, hash: own.head.hash)
                try keep(
                    signature: try store.key.sign(statement), keyID: String(store.key.publicKey.hex.prefix(16)),
                    for: statement)
            }
            for (publisher, new) in publishers where store.publishers[publisher] != new {
                try db.cachedStatement(sql: "INSERT OR REPLACE INTO head VALUES (?, ?, ?, ?)").execute(arguments: [
                    publisher, new.log, new.head.seq, Data(new.head.hash.bytes),
                ])
            }
            try keepEarlier()
        }
    }

    /// One commit with one sync. When this returns, all of it is durable; when it throws, none of it is there.
    public func commit<T>(at now: Date, _ body: (Transaction) throws -> T) throws -> T {
        let (result, transaction) = try database.write { db in
            let transaction = try Transaction(db: db, store: self, now: now)
            let result = try body(transaction)
            try transaction.finish()
            return (result, transaction)
        }
        head = transaction.head
        publishers = transaction.publishers
        earlier = transaction.earlier
        checkpointed = transaction.checkpointed
        awaited = transaction.awaited
        unsigned = transaction.unsigned
        if transaction.hasRedacted {
            owesScrub = true
            recent = RecentLines()
        } else {
            recent.append(transaction.appended)
        }
        return result
    }

    /// The records after `position` that pass `filter`, at most as many as fit one `deliver`, and the last position looked at. What
    /// was committed a moment ago comes from memory, all else from the file.
    public func feed(after position: Int64, filter: FeedFilter?) throws -> (lines: [DeliveredLine], upTo: Int64) {
        guard let live = recent.lines(after: position) else { return try read(after: position, filter: filter) }
        var message = FeedMessage(filter: filter, after: position)
        for delivered in live where !message.take(delivered) { break }
        return (message.lines, message.last)
    }

    /// `feed`, from the file.
    public func read(after position: Int64, filter: FeedFilter?) throws -> (lines: [DeliveredLine], upTo: Int64) {
        try database.read { db in
            var message = FeedMessage(filter: filter, after: position)
            // Prepared once: each consumer may ask with each commit.
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql:
                        "SELECT position, received, root, line FROM record WHERE position > ? ORDER BY position LIMIT 5000"
                ), arguments: [position])
            while let row = try rows.next() {
                guard let delivered = try? Replica.line(row, path: database.path, remedy: Self.remedy) else {
                    // The feed has no holes: it waits in front of what is damaged.
                    suspect = row.int("position")
                    break
                }
                guard message.take(delivered) else { break }
            }
            return (message.lines, message.last)
        }
    }

    /// The root after a position; nil where the ledger does not reach so far.
    public func root(at position: Int64) throws -> Hash? {
        if position == head.position { return head.root }
        if position == 0 { return .zero }
        return try database.read { db in
            try Data.fetchOne(db, sql: "SELECT root FROM record WHERE position = ?", arguments: [position])
                .flatMap { Hash(bytes: $0) }
        }
    }

    /// The hash the ledger holds for a record's name; nil when it has no such record.
    public func hash(publisher: String, log: String, seq: Int64) throws -> Hash? {
        try database.read { db in
            try Data.fetchOne(
                db, sql: "SELECT hash FROM record WHERE publisher = ? AND log = ? AND seq = ?",
                arguments: [publisher, log, seq]
            ).flatMap { Hash(bytes: $0) }
        }
    }

    /// The enrolments in force: the newest of each publisher.
    public func enrolments() throws -> [Enrolment] {
        var newest: [String: Enrolment] = [:]
        try database.read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT position, received, root, line FROM record WHERE publisher = ? ORDER BY position",
                arguments: [Self.ownName])
            while let row = try rows.next() {
                let line = try Replica.line(row, path: database.path, remedy: Self.remedy).line
                guard line.kind == .enrolment else { continue }
                let enrolment = try line.decode(Enrolment.self)
                newest[enrolment.publisher] = enrolment
            }
        }
        return newest.values.sorted { $0.publisher < $1.publisher }
    }
}
