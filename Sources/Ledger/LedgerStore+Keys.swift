import Foundation
import GRDB
import PolicyModel
import Wire

extension LedgerStore {
    /// A word on a publisher's keys, and when it was said.
    public struct KeyWord: Sendable, Hashable {
        public var enrolment: Enrolment
        public var received: String
    }

    /// Every enrolment and revocation, in ledger order.
    public func keyHistory() throws -> [KeyWord] { try Self.keyHistory(database) }

    /// The same from the ledger in `folder`, which a broker may be writing; empty where there is no ledger yet.
    public static func keyHistory(folder: String) throws -> [KeyWord] {
        let path = folder + "/ledger.sqlite"
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try keyHistory(Database(path: path, kind: .ledger, schema: "", create: false, readOnly: true))
    }

    /// The last position of the ledger in `folder`, which a broker may be writing.
    public static func lastPosition(folder: String) throws -> Int64 {
        let database = try Database(
            path: folder + "/ledger.sqlite", kind: .ledger, schema: "", create: false, readOnly: true)
        return try database.read { try Int64.fetchOne($0, sql: "SELECT max(position) FROM record") } ?? 0
    }

    private static func keyHistory(_ database: Database) throws -> [KeyWord] {
        try database.read { db in
            var words: [KeyWord] = []
            let rows = try Row.fetchCursor(
                db, sql: "SELECT position, received, root, line FROM record WHERE publisher = ? ORDER BY position",
                arguments: [ownName])
            while let row = try rows.next() {
                let delivered = try Replica.line(row, path: database.path, remedy: remedy)
                guard delivered.line.kind == .enrolment else { continue }
                words.append(
                    KeyWord(enrolment: try delivered.line.decode(Enrolment.self), received: delivered.received))
            }
            return words
        }
    }
}
