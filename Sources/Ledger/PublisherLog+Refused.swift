import GRDB
import PolicyModel
import Wire

/// A record that the broker refused for its content, as its publisher keeps it: a dead letter.
public struct DeadLetter: Sendable, Hashable {
    public var name: RecordName
    /// What it was to say, of what; nil where the line itself went with the disk it lay on.
    public var kind: String?
    public var id: String?
    public var rule: String
    /// The broker's words; empty where the record was redacted: they may have quoted what went.
    public var text: String
}

extension PublisherLog {
    /// Which of the dead letters somebody has looked at. Rows are only added, as dead letters are.
    static let lookSchema = "CREATE TABLE IF NOT EXISTS looked_at (seq INTEGER PRIMARY KEY);"

    /// Records the broker refused: they stay in the chain, and count nowhere. Of one that was redacted the text is empty: it may
    /// have quoted what went.
    public func deadLetters() throws -> [RefusedLine] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM dead_letter ORDER BY seq").map {
                RefusedLine(seq: $0["seq"], rule: $0["rule"], text: $0["text"])
            }
        }
    }

    /// Which of `lines`, as the ledger has them of this log, are refusals that are not kept here yet. Costs what `lines` hold, however
    /// many dead letters there are.
    public func newlyRefused(among lines: [Line]) throws -> [RefusedLine] {
        let places = lines.compactMap(\.refusedPlace)
        guard let first = places.map(\.name.seq).min(), let last = places.map(\.name.seq).max() else { return [] }
        let known = try database.read { db in
            try Int64.fetchSet(
                db, sql: "SELECT seq FROM dead_letter WHERE seq BETWEEN ? AND ?", arguments: [first, last])
        }
        return places.filter { !known.contains($0.name.seq) }.map {
            RefusedLine(seq: $0.name.seq, rule: $0.rule, text: $0.message)
        }
    }

    /// The dead letters that nobody has looked at, or all of them, in the order of the log.
    public func deadLetters(lookedAtToo: Bool) throws -> [DeadLetter] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT dead_letter.seq AS seq, kind, id, rule, text FROM dead_letter LEFT JOIN line USING (seq)
                    WHERE ? OR dead_letter.seq NOT IN (SELECT seq FROM looked_at) ORDER BY dead_letter.seq
                    """, arguments: [lookedAtToo]
            ).map {
                DeadLetter(
                    name: RecordName(publisher: publisher, log: log, seq: $0["seq"]), kind: $0["kind"], id: $0["id"],
                    rule: $0["rule"], text: $0["text"])
            }
        }
    }

    /// Somebody has looked at these.
    public func lookedAt(_ letters: [DeadLetter]) throws {
        guard !letters.isEmpty else { return }
        try database.write { db in
            for letter in letters {
                try db.execute(sql: "INSERT OR IGNORE INTO looked_at VALUES (?)", arguments: [letter.name.seq])
            }
        }
    }
}
