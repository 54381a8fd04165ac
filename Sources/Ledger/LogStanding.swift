import Foundation
import GRDB
import PolicyModel
import Wire

/// How a publisher's log stands: read beside the process that holds it, and when there is none.
public struct LogStanding: Sendable, Hashable {
    public var publisher: String
    /// The log's own id.
    public var log: String
    public var isSynthetic: Bool
    /// Seq of its last record.
    public var seq: Int64
    /// The seq up to which the broker has said "durable".
    public var durable: Int64
    /// Records that wait for the broker, and their bytes.
    public var unsent: Int64
    public var unsentBytes: Int64
    /// Records whose content the broker refused.
    public var deadLetters: Int64
    /// Those of them that nobody has looked at (`PublisherLog.lookedAt`).
    public var newDeadLetters: Int64

    /// - Throws: `StoreError` where there is no log, or it cannot be read.
    public init(folder: String) throws {
        let path = folder + "/log.sqlite"
        let database = try Database(path: path, kind: .log, schema: "", create: false, readOnly: true)
        self = try database.read { db in
            guard let meta = try Row.fetchOne(db, sql: "SELECT publisher, log, synthetic, acked FROM meta"),
                let counts = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT (SELECT coalesce(max(seq), 0) FROM line) AS seq, (SELECT count(*) FROM dead_letter) AS dead,
                          count(*) AS waiting, coalesce(sum(length(line)), 0) AS bytes
                        FROM line WHERE seq > (SELECT acked FROM meta)
                        """)
            else { throw StoreError(.damaged, "\(path) says nothing of itself. Keep the file and restore a copy") }
            // A program of before has made no such table.
            let isLookedAt = try db.has(table: "looked_at")
            let new = try Int64.fetchOne(
                db,
                sql: "SELECT count(*) FROM dead_letter"
                    + (isLookedAt ? " WHERE seq NOT IN (SELECT seq FROM looked_at)" : ""))
            return Self(
                publisher: meta.text("publisher"), log: meta.text("log"), isSynthetic: meta.int("synthetic") == 1,
                seq: counts.int("seq"), durable: meta.int("acked"), unsent: counts.int("waiting"),
                unsentBytes: counts.int("bytes"), deadLetters: counts.int("dead"), newDeadLetters: new ?? 0)
        }
    }

    /// So many of the newest records are looked at by `fault`: it is asked again and again. A backup verifies all.
    public static let looked = 10_000

    /// What of the log in `folder` does not hold, with the way out; nil where all that is looked at does.
    ///
    /// - Throws: `StoreError` where it cannot be read at all.
    public static func fault(folder: String) throws -> String? {
        let path = folder + "/log.sqlite"
        let database = try Database(path: path, kind: .log, schema: "", create: false, readOnly: true)
        return try database.read { db in
            let meta = try Row.fetchOne(db, sql: "SELECT publisher, log FROM meta")
            let name = meta?.text("publisher") ?? ""
            // From the newest back: each names the hash of the one before it.
            var after: Line?
            let rows = try Row.fetchCursor(
                db, sql: "SELECT seq, hash, line FROM line ORDER BY seq DESC LIMIT ?", arguments: [looked])
            while let row = try rows.next() {
                let seq = row.int("seq")
                let line = try? Line(parsing: [UInt8](row.data("line")))
                let isWhole =
                    line.map {
                        $0.name == RecordName(publisher: name, log: meta?.text("log") ?? "", seq: seq)
                            && Hash(bytes: row.data("hash")) == $0.hash
                    } ?? false
                // What was refused and lost with a disk is a hole.
                let follows = after.map { $0.envelope.seq != seq + 1 || $0.envelope.prev == line?.hash } ?? true
                guard isWhole, follows else {
                    return
                        "\(path): record \(name)/\(seq) is damaged. What was entered may be refused for it. Copy the folder elsewhere as it is, stop the node, and restore it from the last whole copy (`pejling ledger restore --node \(name)`): what it said since comes back from the ledger. Look at the disk"
                }
                after = line
            }
            return nil
        }
    }

    private init(
        publisher: String, log: String, isSynthetic: Bool, seq: Int64, durable: Int64, unsent: Int64,
        unsentBytes: Int64, deadLetters: Int64, newDeadLetters: Int64
    ) {
        self.publisher = publisher
        self.log = log
        self.isSynthetic = isSynthetic
        self.seq = seq
        self.durable = durable
        self.unsent = unsent
        self.unsentBytes = unsentBytes
        self.deadLetters = deadLetters
        self.newDeadLetters = newDeadLetters
    }
}
