import Foundation
import GRDB
import PolicyModel
import Wire

// The places of lines that were refused, in the broker's own chain. One publisher may have very many, and asks for them again and again:
// what that costs the others is a few rows, not all that the broker ever said.

extension LedgerStore {
    /// The broker's refusals of lines of a log, by seq: those with a seq in `wanted`. One that was redacted holds its place no more
    /// (`redactedRefusals`).
    ///
    /// They follow each other in the broker's chain as the lines do in theirs, so that the first is found by halving.
    func refusals(
        of publisher: String, log: String, in wanted: ClosedRange<Int64>, _ db: GRDB.Database
    ) throws -> [Int64: Line] {
        var first: Int64 = 1
        var end = (publishers[Self.ownName]?.head.seq ?? 0) + 1
        while first < end {
            let middle = (first + end) / 2
            let next = try refusals(of: publisher, log: log, from: middle, before: end, db) { _, _ in false }
            if let next, next.seq < wanted.lowerBound { first = next.own + 1 } else { end = middle }
        }
        var places: [Int64: Line] = [:]
        _ = try refusals(of: publisher, log: log, from: first, before: .max, db) { seq, line in
            guard seq <= wanted.upperBound else { return false }
            if line.refusedPlace != nil { places[seq] = line }
            return true
        }
        return places
    }

    /// Calls `body` with each refusal of a log and its line's seq, in the part of the broker's chain from `first` and before `end`, until it
    /// says false.
    ///
    /// - Returns: where it said so, in the log and in the broker's chain; nil when it never did.
    private func refusals(
        of publisher: String, log: String, from first: Int64, before end: Int64, _ db: GRDB.Database,
        _ body: (Int64, Line) throws -> Bool
    ) throws -> (seq: Int64, own: Int64)? {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT position, received, root, line FROM record
                    WHERE publisher = ? AND log = ? AND seq >= ? AND seq < ? AND instr(line, ?) > 0 ORDER BY seq
                    """),
            arguments: [Self.ownName, id, first, end, Self.said(of: publisher, log)])
        while let row = try rows.next() {
            let line = try Replica.line(row, path: database.path, remedy: Self.remedy).line
            // Its body may be gone; its name is not.
            guard line.kind == .refusal, let name = RecordName(line.envelope.id), name.publisher == publisher,
                name.log == log
            else { continue }
            if try !body(name.seq, line) { return (name.seq, line.envelope.seq) }
        }
        return nil
    }

    /// The broker's orders on refusals of a log, by the seq of the refused line: each holds the place of one that lost its body. They stand
    /// anywhere behind it. O(records of the broker): a refusal is seldom redacted.
    func redactedRefusals(of publisher: String, log: String, _ db: GRDB.Database) throws -> [Int64: Line] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT position, received, root, line FROM record
                WHERE publisher = ? AND log = ? AND instr(line, ?) > 0 AND instr(line, ?) > 0
                """,
            arguments: [
                Self.ownName, id, Self.said(of: publisher, log), Data("\"kind\":\"\(RecordKind.redaction)\"".utf8),
            ])
        var places: [Int64: Line] = [:]
        while let row = try rows.next() {
            let line = try Replica.line(row, path: database.path, remedy: Self.remedy).line
            guard let place = line.refusedPlace, place.name.publisher == publisher, place.name.log == log else {
                continue
            }
            places[place.name.seq] = line
        }
        return places
    }

    /// What the line of each record of the broker holds that is about a line of this log.
    private static func said(of publisher: String, _ log: String) -> Data { Data("\"id\":\"\(publisher)/\(log)/".utf8) }
}
