import Foundation
import GRDB
import PolicyModel
import Wire

// Several logs of one publisher, and a publisher's lines by their place in its chain. The first log is taken by itself; a later one
// by an operator's word, which is a record (`audit`, `log.admitted`) and says where each of the two ended. The table `head` holds
// the log that goes on, `earlier_head` the others. The newest signature of each log is kept twice, on another page than with the others
// (`last_signature`): it is over all before it, and nobody but its publisher could make it again.

extension LedgerStore {
    static let logSchema = """
        CREATE TABLE IF NOT EXISTS earlier_head (publisher TEXT NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL,
            hash BLOB NOT NULL, PRIMARY KEY (publisher, log)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS last_signature (publisher TEXT NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL,
            key_id TEXT NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (publisher, log)) WITHOUT ROWID;

        """

    /// Makes the tables that a ledger of an older program does not have.
    static func makeLogTables(_ db: GRDB.Database) throws {
        let isNew = try !db.has(table: "last_signature")
        try db.execute(sql: logSchema + unsignedSchema)
        if isNew { try keepLastSignatures(db) }
    }

    /// Those over the ends of the logs.
    static func keepLastSignatures(_ db: GRDB.Database) throws {
        for table in ["head", "earlier_head"] {
            try db.execute(
                sql:
                    "INSERT OR REPLACE INTO last_signature SELECT publisher, log, seq, key_id, signature FROM signature JOIN \(table) USING (publisher, log, seq)"
            )
        }
    }

    static func readEarlier(_ db: GRDB.Database, path: String) throws -> [String: [String: ChainHead]] {
        var earlier: [String: [String: ChainHead]] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT * FROM earlier_head") {
            guard let hash = Hash(bytes: row.data("hash")) else {
                throw StoreError(.damaged, "\(path): a head without hash")
            }
            earlier[row.text("publisher"), default: [:]][row.text("log")] = ChainHead(seq: row.int("seq"), hash: hash)
        }
        return earlier
    }

    /// Where the ledger has this log of a publisher; nil when it does not know the log.
    public func chainHead(of publisher: String, log: String) -> ChainHead? {
        if let current = publishers[publisher], current.log == log { return current.head }
        return earlier[publisher]?[log]
    }

    /// The hash of a record in a publisher's chain, also of one that was refused; nil where the chain is not that long.
    public func chainHash(publisher: String, log: String, seq: Int64) throws -> Hash? {
        if seq == 0 { return .zero }
        guard seq > 0, let head = chainHead(of: publisher, log: log), seq <= head.seq else { return nil }
        if seq == head.seq { return head.hash }
        if let hash = try hash(publisher: publisher, log: log, seq: seq) { return hash }
        return try database.read { db in
            // It was refused: the line behind it names it, unless that was refused too.
            let next = RecordName(publisher: publisher, log: log, seq: seq + 1)
            if let next = try Self.line(next, db, path: database.path) { return next.line.envelope.prev }
            let held =
                try refusals(of: publisher, log: log, in: seq...seq, db)[seq]
                ?? redactedRefusals(of: publisher, log: log, db)[seq]
            return held?.refusedPlace?.hash
        }
    }

    /// A publisher's own lines after `seq`, as many as fit one message: each as it was published, or without its body where that was
    /// redacted. In the place of a refused line stands the broker's record that holds it (`Line.refusedPlace`).
    public func lines(of publisher: String, log: String, after seq: Int64) throws -> [Line] {
        guard let head = chainHead(of: publisher, log: log) else { return [] }
        return try database.read { db in
            var lines: [Line] = []
            var bytes = 0
            var refusals: [Int64: Line]?
            var redacted: [Int64: Line]?
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT position, received, root, line FROM record WHERE publisher = ? AND log = ? AND seq > ?
                    ORDER BY seq LIMIT ?
                    """, arguments: [publisher, log, seq, Limits.batchLines])
            var next = try rows.next().map { try Replica.line($0, path: database.path, remedy: Self.remedy).line }
            var wanted = seq + 1
            while wanted <= head.seq, lines.count < Limits.batchLines {
                let line: Line
                if let own = next, own.envelope.seq == wanted {
                    line = own
                    next = try rows.next().map { try Replica.line($0, path: database.path, remedy: Self.remedy).line }
                } else {
                    if refusals == nil {
                        let last = seq + Int64(Limits.batchLines)
                        refusals = try self.refusals(of: publisher, log: log, in: wanted...last, db)
                    }
                    if refusals?[wanted] == nil, redacted == nil {
                        redacted = try redactedRefusals(of: publisher, log: log, db)
                    }
                    guard let held = refusals?[wanted] ?? redacted?[wanted] else {
                        throw StoreError(
                            .damaged,
                            "\(database.path) holds neither record \(wanted) of log \(log) of \(publisher) nor its refusal. \(Self.remedy)"
                        )
                    }
                    line = held
                }
                bytes += line.bytes.count + 1
                if bytes > Limits.givenBytes, !lines.isEmpty { break }
                lines.append(line)
                wanted += 1
            }
            return lines
        }
    }

    /// Forks and misused keys that no operator has spoken on yet, by publisher: the newest quarantine of each.
    public func openForks() throws -> [String: Audit] {
        var open: [String: Audit] = [:]
        try database.read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT position, received, root, line FROM record WHERE publisher = ? AND instr(line, CAST(? AS BLOB)) > 0
                    ORDER BY position
                    """, arguments: [Self.ownName, "\"kind\":\"\(RecordKind.audit)\""])
            while let row = try rows.next() {
                let line = try Replica.line(row, path: database.path, remedy: Self.remedy).line
                guard line.kind == .audit else { continue }
                let audit = try line.decode(Audit.self)
                switch audit.event {
                case .misuse: break
                case .fork, .quarantined: open[audit.publisher] = audit
                case .admitted: open[audit.publisher] = nil
                }
            }
        }
        return open
    }

    /// An operator's word: from now on `publisher` goes on with this log. What the ledger has of the one before stays, and that one
    /// can be admitted again.
    ///
    /// - Throws: `StoreError.foreign` where the ledger has nothing of the publisher: its first log is taken by itself.
    public func admit(_ log: String, of publisher: String, at now: Date) throws {
        guard publishers[publisher] != nil else {
            throw StoreError(
                .foreign,
                "the ledger has no log of \(publisher): its first one is taken by itself. Known: \(publishers.keys.filter { $0 != Self.ownName }.sorted().joined(separator: ", "))"
            )
        }
        try commit(at: now) { try $0.admit(log, of: publisher) }
    }
}

extension LedgerStore.Transaction {
    /// Where this transaction has a log of a publisher; nil when it does not know the log.
    func chainHead(of publisher: String, log: String) -> ChainHead? {
        if let current = publishers[publisher], current.log == log { return current.head }
        return earlier[publisher]?[log]
    }

    /// Moves the head of a line's log over it.
    func move(_ envelope: Envelope, _ hash: Hash) {
        let head = ChainHead(seq: envelope.seq, hash: hash)
        // Once a record: nearly always it is the next of the log that is there.
        if let place = publishers.index(forKey: envelope.publisher) {
            if publishers.values[place].log == envelope.log {
                publishers.values[place].head = head
                return
            }
            if earlier[envelope.publisher]?[envelope.log] != nil {
                earlier[envelope.publisher]?[envelope.log] = head
                return
            }
        }
        publishers[envelope.publisher] = LedgerStore.PublisherHead(log: envelope.log, head: head)
    }

    func admit(_ log: String, of publisher: String) throws {
        guard let before = publishers[publisher] else { return }
        let head = chainHead(of: publisher, log: log) ?? .empty
        try own(
            Audit(
                .admitted, of: publisher, log: Audit.End(log: log, seq: head.seq, hash: head.hash.hex),
                before: Audit.End(log: before.log, seq: before.head.seq, hash: before.head.hash.hex)))
        guard before.log != log else { return }
        earlier[publisher, default: [:]][before.log] = before.head
        earlier[publisher]?[log] = nil
        publishers[publisher] = LedgerStore.PublisherHead(log: log, head: head)
    }

    func keepEarlier() throws {
        for (publisher, logs) in earlier where store.earlier[publisher] != logs {
            try db.execute(sql: "DELETE FROM earlier_head WHERE publisher = ?", arguments: [publisher])
            for (log, head) in logs {
                try db.execute(
                    sql: "INSERT INTO earlier_head VALUES (?, ?, ?, ?)",
                    arguments: [publisher, log, head.seq, Data(head.hash.bytes)])
            }
        }
    }
}
