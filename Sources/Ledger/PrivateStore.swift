import Foundation
import GRDB
import Wire

/// What a node keeps to itself (0600): drafts, and the true values of figures that left as *suppressed*. Never in its log, never
/// followed by anybody, in the node's own backup only.
///
/// Several processes may hold it, as the log. Not `Sendable`: one thread at a time.
public final class PrivateStore {
    let database: Database
    public var path: String { database.path }

    private static let schema = """
        CREATE TABLE draft (number INTEGER PRIMARY KEY AUTOINCREMENT, follow_up TEXT NOT NULL, kind TEXT NOT NULL,
            id TEXT NOT NULL, at TEXT NOT NULL, entry BLOB NOT NULL, log TEXT, seq INTEGER,
            with_log TEXT, with_seq INTEGER, with_kind TEXT, with_id TEXT);
        CREATE INDEX draft_by_follow_up ON draft (follow_up, kind, id);
        CREATE TABLE true_value (log TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, value BLOB NOT NULL,
            PRIMARY KEY (log, seq)) WITHOUT ROWID;
        CREATE INDEX true_value_by_id ON true_value (id, seq);
        """

    /// Opens the store in `folder`; makes it when it is not there.
    public init(folder: String) throws {
        try makeFolder(folder)
        database = try Database(
            path: folder + "/private.sqlite", kind: .privateStore, schema: Self.schema, create: true)
    }

    /// Something entered and not handed in.
    public struct Draft: Hashable, Sendable {
        /// In the order of entry.
        public var number: Int64
        public var followUp: String
        /// Kind and identity of the record it will be.
        public var kind: String
        public var id: String
        /// When it was entered: ISO 8601, UTC.
        public var at: String
        /// The entry as it came: one JSON object.
        public var entry: [UInt8]

        public init(number: Int64 = 0, followUp: String, kind: String, id: String, at: String, entry: [UInt8]) {
            self.number = number
            self.followUp = followUp
            self.kind = kind
            self.id = id
            self.at = at
            self.entry = entry
        }
    }

    /// The newest draft of each thing, in the order of entry.
    ///
    /// - Throws: `StoreError.foreign` when the store is one of example data and the log is not, or the reverse.
    /// - Parameter log: The node's log. A draft that was being handed in when a crash came is there no more once its record is in
    ///   the log, and waits as before where it is not.
    public func drafts(_ log: PublisherLog) throws -> [Draft] {
        try hold(synthetic: log.isSynthetic)
        let rows = try database.read { db in try Row.fetchAll(db, sql: "SELECT * FROM draft ORDER BY number") }
        return try log.look { snapshot in
            var companions: [Int64: Line?] = [:]
            var newest: [String: Row] = [:]
            for row in rows {
                // What was kept together with records counts once they are in the log.
                let with = row.text("with_log")
                if !with.isEmpty {
                    let seq = row.int("with_seq")
                    let line = try companions[seq] ?? snapshot.line(seq)
                    companions[seq] = line
                    guard with == log.log, line?.envelope.kind == row.text("with_kind"),
                        line?.envelope.id == row.text("with_id")
                    else { continue }
                }
                newest["\(row.text("follow_up")) \(row.text("kind")) \(row.text("id"))"] = row
            }
            return try newest.values.sorted { $0.int("number") < $1.int("number") }.compactMap { row in
                let draft = Draft(
                    number: row.int("number"), followUp: row.text("follow_up"), kind: row.text("kind"),
                    id: row.text("id"), at: row.text("at"), entry: [UInt8](row.data("entry")))
                guard row.text("log") == log.log, let line = try snapshot.line(row.int("seq")) else { return draft }
                return line.envelope.kind == draft.kind && line.envelope.id == draft.id ? nil : draft
            }
        }
    }

    /// The store is of example data or of real data from its first use on.
    private func hold(synthetic: Bool) throws {
        let said = try database.read { db in
            try db.has(table: "world") ? Bool.fetchOne(db, sql: "SELECT synthetic FROM world") : nil
        }
        let known =
            try said
            ?? database.write { db in
                try db.execute(sql: "CREATE TABLE IF NOT EXISTS world (synthetic INTEGER NOT NULL)")
                if let known = try Bool.fetchOne(db, sql: "SELECT synthetic FROM world") { return known }
                try db.execute(sql: "INSERT INTO world VALUES (?)", arguments: [synthetic])
                return synthetic
            }
        guard known == synthetic else {
            throw StoreError(
                .foreign,
                "\(database.path) holds drafts and figures of \(known ? "example (synthetic)" : "real") data in a folder of \(known ? "real" : "example (synthetic)") data, and they never meet. Move that file away"
            )
        }
    }

    /// A figure as it is, of which the record with this seq says only that it is suppressed.
    public struct TrueValue: Hashable, Sendable {
        public var seq: Int64
        /// The reading's identity.
        public var id: String
        /// JSON.
        public var value: [UInt8]

        public init(seq: Int64, id: String, value: [UInt8]) {
            self.seq = seq
            self.id = id
            self.value = value
        }
    }

    /// The newest true value of a reading, by its identity; nil when none of it was suppressed.
    ///
    /// - Parameter log: The log's id; `upTo` its last seq: what a crash left beyond it was never said.
    public func trueValue(of id: String, log: String, upTo head: Int64) throws -> TrueValue? {
        try database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM true_value WHERE id = ? AND log = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
                arguments: [id, log, head]
            ).map { TrueValue(seq: $0.int("seq"), id: $0.text("id"), value: [UInt8]($0.data("value"))) }
        }
    }

    /// Keeps drafts, and removes others (`remove`): both or neither. An earlier draft of the same thing stays under a newer one until that
    /// is handed in or discarded.
    public func keep(_ drafts: [Draft], removing leaving: [Leaving] = []) throws {
        guard !drafts.isEmpty || !leaving.isEmpty else { return }
        try database.write { db in
            try insert(drafts, with: nil, db)
            try remove(leaving, db)
        }
    }

    private func insert(_ drafts: [Draft], with companion: Companion?, _ db: GRDB.Database) throws {
        for draft in drafts {
            try db.cachedStatement(
                sql: """
                    INSERT INTO draft (follow_up, kind, id, at, entry, with_log, with_seq, with_kind, with_id)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                draft.followUp, draft.kind, draft.id, draft.at, Data(draft.entry), companion?.log, companion?.seq,
                companion?.kind, companion?.id,
            ])
        }
    }

    /// The record that drafts are kept together with: they count when it is in the log, and not before.
    public struct Companion: Hashable, Sendable {
        public var log: String
        public var seq: Int64
        /// Of the record: another one may get the seq.
        public var kind: String
        public var id: String

        public init(log: String, seq: Int64, kind: String, id: String) {
            self.log = log
            self.seq = seq
            self.kind = kind
            self.id = id
        }
    }

    /// A draft whose record gets this seq.
    public struct Leaving: Hashable, Sendable {
        public var draft: Draft
        /// Nil where it is dropped without a record.
        public var seq: Int64?

        public init(draft: Draft, seq: Int64?) {
            self.draft = draft
            self.seq = seq
        }
    }

    /// Before records are appended, with the log's lock held: keeps the true values that they hide, notes which drafts they are, and
    /// keeps the drafts that are entered together with them. Where a crash or a full disk comes in between, what stays is answered to
    /// by no record, and counts for nothing; it is written over or removed when its seqs are used.
    ///
    /// - Parameter companion: The last of the records.
    public func prepare(
        _ values: [TrueValue], _ leaving: [Leaving], arriving: [Draft] = [], with companion: Companion? = nil,
        log: String
    ) throws {
        guard !values.isEmpty || !leaving.isEmpty || !arriving.isEmpty else { return }
        try database.write { db in
            for value in values {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO true_value VALUES (?, ?, ?, ?)",
                    arguments: [log, value.seq, value.id, Data(value.value)])
            }
            for item in leaving {
                try db.execute(
                    sql: "UPDATE draft SET log = ?, seq = ? WHERE number = ?",
                    arguments: [log, item.seq, item.draft.number])
            }
            if let companion {
                try db.execute(
                    sql: "DELETE FROM draft WHERE with_log = ? AND with_seq >= ?", arguments: [log, companion.seq])
            }
            try insert(arriving, with: companion, db)
        }
    }

    /// After the record is in the log: what was kept together with it waits for nothing any more.
    public func settle(with companion: Companion) throws {
        try database.write { db in
            try db.execute(
                sql: "UPDATE draft SET with_log = NULL WHERE with_log = ? AND with_seq = ?",
                arguments: [companion.log, companion.seq])
        }
    }

    /// Removes these drafts and the earlier ones of the same things: they were handed in, or are not wanted any more.
    public func remove(_ leaving: [Leaving]) throws {
        guard !leaving.isEmpty else { return }
        try database.write { db in try remove(leaving, db) }
    }

    private func remove(_ leaving: [Leaving], _ db: GRDB.Database) throws {
        for draft in leaving.map(\.draft) {
            try db.execute(
                sql: "DELETE FROM draft WHERE follow_up = ? AND kind = ? AND id = ? AND number <= ?",
                arguments: [draft.followUp, draft.kind, draft.id, draft.number])
        }
    }
}
