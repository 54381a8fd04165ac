import Foundation
import GRDB
import PolicyModel
import Wire

// How a body leaves the ledger. The order is a record (`redaction`); the line it names loses its body in the transaction that
// stores the order. Envelope, hash, chain, signature and root stay as they are, so whoever verifies needs nothing new.
//
// The table `redaction` says what to look for where: a row for each order, with the order's position; and a row without one for
// each line that came without its body, until its order comes (a node may have redacted what it had not sent yet).

extension LedgerStore {
    static let redactionSchema = """
        CREATE TABLE redaction (publisher TEXT NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL, position INTEGER);
        CREATE INDEX redaction_by_name ON redaction (publisher, log, seq);
        """

    /// At the start: reads what is awaited; in a file of an older version, finds the orders; carries out what was ordered and
    /// not done.
    func completeRedactions() throws {
        let isAny = try database.write { db in
            if database.wasUpgraded { try Self.findOrders(db, path: database.path) }
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM redaction WHERE position IS NOT NULL ORDER BY position")
            for row in rows {
                let name = RecordName(publisher: row.text("publisher"), log: row.text("log"), seq: row.int("seq"))
                do {
                    guard let held = try Self.line(name, db, path: database.path) else {
                        awaited.insert(name)
                        continue
                    }
                    guard !held.line.isRedacted, try Self.order(for: held.line, db, path: database.path) != nil else {
                        continue
                    }
                    try Self.dropBody(of: held, db)
                } catch let error as StoreError where error.code == .damaged {
                    // Record or order: the check that follows says so, and what mends it leaves the body out.
                    continue
                }
            }
            return !rows.isEmpty
        }
        // What was dropped in a run that ended before it could scrub lies in the write-ahead log.
        owesScrub = isAny
        try scrub()
    }

    /// Empties the write-ahead log of what went, if any did. Waits for nobody: `owesScrub` says whether to call again.
    public func scrub() throws {
        guard owesScrub else { return }
        owesScrub = try !database.scrub(patience: 0)
    }

    static func findOrders(_ db: GRDB.Database, path: String) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT * FROM record WHERE instr(line, CAST('redaction' AS BLOB)) > 0 ORDER BY position")
        while let row = try rows.next() {
            let line = try Replica.line(row, path: path, remedy: remedy).line
            if let order = line.redaction { try note(order.record, orderedAt: row.int("position"), db) }
        }
    }

    struct Held {
        let position: Int64
        let line: Line
    }

    /// A record by its name; nil when the ledger does not hold it.
    static func line(_ name: RecordName, _ db: GRDB.Database, path: String) throws -> Held? {
        let row = try Row.fetchOne(
            db,
            sql:
                "SELECT position, received, root, line FROM record WHERE publisher = ? AND log = ? AND seq = ?",
            arguments: [name.publisher, name.log, name.seq])
        return try row.map {
            Held(position: $0.int("position"), line: try Replica.line($0, path: path, remedy: remedy).line)
        }
    }

    /// The first order that takes the body of `line`; nil when none does.
    static func order(for line: Line, _ db: GRDB.Database, path: String) throws -> Line? {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT record.position, received, root, line FROM redaction JOIN record USING (position)
                WHERE redaction.publisher = ? AND redaction.log = ? AND redaction.seq = ? ORDER BY record.position
                """,
            arguments: [line.name.publisher, line.name.log, line.name.seq])
        return try rows.map { try Replica.line($0, path: path, remedy: remedy).line }.first {
            $0.redaction?.takes(line.envelope, by: $0.envelope) ?? false
        }
    }

    static func note(_ name: RecordName, orderedAt position: Int64?, _ db: GRDB.Database) throws {
        try db.execute(
            sql: "INSERT INTO redaction VALUES (?, ?, ?, ?)",
            arguments: [name.publisher, name.log, name.seq, position])
    }

    /// Whether a line is known to have come without its body, before its order.
    static func cameBodyless(_ name: RecordName, _ db: GRDB.Database) throws -> Bool {
        // A file of version 1, looked at only, has no such table: nothing could be redacted then.
        guard try db.has(table: "redaction") else { return false }
        return try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT * FROM redaction WHERE publisher = ? AND log = ? AND seq = ? AND position IS NULL)
                """, arguments: [name.publisher, name.log, name.seq]) ?? false
    }

    static func dropBody(of held: Held, _ db: GRDB.Database) throws {
        try db.execute(
            sql: "UPDATE record SET line = ? WHERE position = ?",
            arguments: [Data(held.line.redacted.bytes), held.position])
    }
}

extension LedgerStore.Transaction {
    /// The record that an order names. One that is damaged is not held: what mends it leaves the body out.
    private func sound(_ name: RecordName) throws -> LedgerStore.Held? {
        do { return try LedgerStore.line(name, db, path: store.database.path) } catch let error as StoreError
            where error.code == .damaged
        { return nil }
    }

    /// Why an order cannot be taken: the record it names is not the one it describes. Nil for all else, and where the ledger
    /// does not hold the record.
    public func violation(of line: Line) throws -> Violation? {
        guard let order = line.redaction,
            let held = try sound(order.record)
        else { return nil }
        return order.violation(of: held.line, by: line.envelope)
    }

    /// `line` as it is to be kept: without its body where an order that came before takes it.
    func ordered(_ line: Line) throws -> Line {
        let isOrdered = try order(for: line) != nil
        if !awaited.isEmpty { awaited.remove(line.name) }
        if line.isRedacted, !isOrdered { try LedgerStore.note(line.name, orderedAt: nil, db) }
        return isOrdered ? line.redacted : line
    }

    /// The order for a line that comes now; nil when there is none.
    func order(for line: Line) throws -> Line? {
        // Nearly always none is: a name is three texts to hash.
        guard !awaited.isEmpty, awaited.contains(line.name) else { return nil }
        return try LedgerStore.order(for: line, db, path: store.database.path)
    }

    /// The order is stored at the head: takes the body it names, from its record or from the broker's refusal of that record.
    func carryOut(_ order: Redaction, in envelope: Envelope) throws {
        let name = order.record
        try LedgerStore.note(name, orderedAt: head.position, db)
        if let held = try sound(name) {
            guard order.takes(held.line.envelope, by: envelope) else { return }
            if !held.line.isRedacted {
                try LedgerStore.dropBody(of: held, db)
                hasRedacted = true
            }
            try db.execute(
                sql: "DELETE FROM redaction WHERE publisher = ? AND log = ? AND seq = ? AND position IS NULL",
                arguments: [name.publisher, name.log, name.seq])
        } else {
            awaited.insert(name)
            try redactRefusal(of: name, order)
        }
    }

    /// A record that is there and that the index does not lead to would keep its body, and nobody would know. O(records): an order whose
    /// record is not found, and is no longer to come, is one on a refusal, or meets damage.
    private func refuseMisled(by name: RecordName) throws {
        func isThere(_ way: String) throws -> Bool {
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT * FROM record \(way) WHERE publisher = ? AND log = ? AND seq = ?)",
                arguments: [name.publisher, name.log, name.seq]) ?? false
        }
        guard try isThere("NOT INDEXED") != isThere("INDEXED BY record_by_name") else { return }
        throw StoreError(
            .damaged, "\(store.database.path): its index record_by_name does not lead to \(name), which is there",
            remedy: LedgerStore.remedy)
    }

    /// A refusal says in words what was wrong, and may quote it: it goes with what it refused. The hash of the refused line,
    /// which the chain needs, goes into the broker's own order.
    private func redactRefusal(of name: RecordName, _ order: Redaction) throws {
        guard let head = chainHead(of: name.publisher, log: name.log), head.seq >= name.seq else { return }
        try refuseMisled(by: name)
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT position, received, root, line FROM record
                WHERE publisher = ? AND instr(line, CAST(? AS BLOB)) > 0
                """,
            arguments: [LedgerStore.ownName, name.description])
        for row in rows {
            let line = try Replica.line(row, path: store.database.path, remedy: LedgerStore.remedy).line
            guard line.kind == .refusal, line.envelope.id == name.description, !line.isRedacted else { continue }
            let refusal = try line.decode(Refusal.self)
            try own(
                Redaction(
                    record: line.name, redacted: .refusal, id: line.envelope.id, policy: nil,
                    bodyHash: line.envelope.bodyHash.hex, reason: order.reason, decision: order.decision,
                    refused: refusal.hash))
        }
    }
}
