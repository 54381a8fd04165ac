import Foundation
import GRDB
import Wire

/// A file that may hold lines of a ledger as they were: a ledger of a backup, a consumer's copy of the feed, the log of a policy, which
/// has such a copy in it. It is only read, whoever writes it meanwhile.
public struct LedgerCopy: Sendable, Hashable {
    public let path: String

    public init(_ path: String) { self.path = path }

    /// The kinds of files that hold records by position, and where in them.
    static let tables: [(kind: Database.Kind, name: String)] = [
        (.ledger, "record"), (.replica, "line"), (.log, "feed_line"),
    ]

    /// Those in a data folder, the coordinator's first: it leaves nothing out.
    public static func ofFeed(in data: DataFolder) -> [LedgerCopy] {
        var paths = [data.coordinator + "/replica.sqlite"]
        for (group, file) in [("policies", "log.sqlite"), ("nodes", "replica.sqlite")] {
            let folder = "\(data.path)/\(group)"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            paths += names.filter { !$0.hasPrefix(".") }.sorted().map { "\(folder)/\($0)/\(file)" }
        }
        return paths.filter { FileManager.default.fileExists(atPath: $0) }.map(LedgerCopy.init)
    }

    /// Those in a data folder, and the damaged ledgers that were kept there, the newest first: each may have what the others lack.
    public static func here(_ data: DataFolder) -> [LedgerCopy] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: data.broker)) ?? []
        let kept = names.filter { $0.hasPrefix(LedgerStore.evidencePrefix) }.sorted(by: >).map {
            "\(data.broker)/\($0)/ledger.sqlite"
        }
        return ofFeed(in: data) + kept.filter { FileManager.default.fileExists(atPath: $0) }.map(LedgerCopy.init)
    }

    /// What an operator names: one such file, the folder that holds it, or a data folder (a backup).
    ///
    /// - Parameter passedOver: called with why, for each file that cannot be read beside one that can.
    /// - Throws: `StoreError.missing` when there is none, `.foreign` when a file is none; of several, when none can be read.
    public static func named(_ path: String, passedOver: (StoreError) -> Void = { _ in }) throws -> [LedgerCopy] {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        var copies: [LedgerCopy] = []
        if isThere, !isFolder.boolValue {
            copies = [LedgerCopy(path)]
        } else if isThere {
            copies = ["broker/ledger.sqlite", "ledger.sqlite", "replica.sqlite"].map { "\(path)/\($0)" }.filter {
                FileManager.default.fileExists(atPath: $0)
            }.map(LedgerCopy.init)
            if let data = try? DataFolder(existing: path) { copies += ofFeed(in: data) }
        }
        guard !copies.isEmpty else {
            throw StoreError(
                .missing,
                "\(path) is no copy of a ledger: name a backup's folder, its broker/ledger.sqlite, or a replica.sqlite")
        }
        // A file that is none is said before anything is done. It does not hide what the others have.
        var errors: [StoreError] = []
        let readable = try copies.filter { copy in
            do {
                _ = try copy.lines(of: [])
                return true
            } catch let error as StoreError {
                errors.append(error)
                return false
            }
        }
        if readable.isEmpty, let first = errors.first { throw first }
        errors.forEach(passedOver)
        return readable
    }

    /// Runs `body` on what is in it, with the table of its records; nil where it cannot be read, and what `body` throws is such a case.
    private func look<T>(_ body: (GRDB.Database, String) throws -> T?) -> T? {
        for (kind, table) in Self.tables {
            let database = try? Database(path: path, kind: kind, schema: "", create: false, readOnly: true)
            if let database { return (try? database.read { try body($0, table) }) ?? nil }
        }
        return nil
    }

    /// The last position of this copy, where it goes on from `head` of a ledger: it has the record there, with that root, and the next.
    /// 0: it does not, has no such record, or cannot be read.
    public func end(beyond head: LedgerStore.Head) -> Int64 {
        look { db, table in
            try Int64.fetchOne(
                db,
                sql: """
                    SELECT max(position) FROM \(table) WHERE EXISTS (SELECT * FROM \(table) WHERE position = ?1 AND root = ?2)
                    AND EXISTS (SELECT * FROM \(table) WHERE position = ?1 + 1)
                    """, arguments: [head.position, Data(head.root.bytes)])
        } ?? 0
    }

    /// What a copy has behind the end of a ledger.
    public struct Beyond {
        /// Records in one piece, up to the first that it lacks.
        public var count: Int64 = 0
        /// The last position that it has; 0: none.
        public var last: Int64 = 0
        /// The broker's own among the records that are counted, in order.
        public var own: [Line] = []
    }

    /// What it has behind `head`; nothing where it cannot be read. Whether it goes on from there is asked of `end(beyond:)`.
    public func records(beyond head: LedgerStore.Head) -> Beyond {
        look { db, table in
            var found = Beyond()
            let rows = try Row.fetchCursor(
                db, sql: "SELECT position, line FROM \(table) WHERE position > ? ORDER BY position",
                arguments: [head.position])
            while let row = try rows.next(), row.int("position") == head.position + found.count + 1 {
                found.count += 1
                let line = try? Line(parsing: [UInt8](row.data("line")))
                if let line, line.envelope.publisher == LedgerStore.ownName { found.own.append(line) }
            }
            found.last = try Int64.fetchOne(db, sql: "SELECT max(position) FROM \(table)") ?? 0
            return found
        } ?? Beyond()
    }

    /// The last position with a root that both this copy and a ledger have, where they differ there: one of them is of another history.
    /// Nil: they do not, or it cannot be told.
    public func parting(from ledger: LedgerStore) -> Int64? {
        let last = look { db, table in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT position, root FROM \(table) WHERE position <= ? AND root IS NOT NULL
                    ORDER BY position DESC LIMIT 1
                    """, arguments: [ledger.head.position]
            ).map { (position: $0.int("position"), root: Hash(bytes: $0.data("root"))) }
        }
        guard let last, let held = try? ledger.root(at: last.position) else { return nil }
        return held == last.root ? nil : last.position
    }

    /// What stands in the places of these records, whatever it is.
    ///
    /// - Parameter meanwhile: called after each record that was looked for.
    func lines(of records: [DamagedRecord], meanwhile: () -> Void = {}) throws -> [Line] {
        guard FileHeader.isDatabase(path) else {
            throw StoreError(
                .foreign,
                "\(path) is no copy of a ledger: name a backup or a replica.sqlite. A file of lines is taken by `pejling ledger import`"
            )
        }
        for (kind, table) in Self.tables {
            let database: Database
            do {
                database = try Database(path: path, kind: kind, schema: "", create: false, readOnly: true)
            } catch let error as StoreError where error.code == .foreign { continue }
            return try database.read { db in
                guard try db.has(table: table) else { return [] }
                return records.compactMap { record in
                    defer { meanwhile() }
                    // A page of it that cannot be read does not hide the others.
                    let row = try? Row.fetchOne(
                        db, sql: "SELECT line FROM \(table) WHERE position = ?", arguments: [record.position])
                    return row.flatMap { try? Line(parsing: [UInt8]($0.data("line"))) }
                }
            }
        }
        throw StoreError(
            .foreign, "\(path) is no copy of a ledger: name a ledger.sqlite, a replica.sqlite or a policy's log.sqlite")
    }
}

/// The line of a damaged record, as a copy has it.
public struct FoundLine: Sendable, Hashable {
    public let record: DamagedRecord
    public let line: Line
    /// The copy.
    public let path: String
}

extension LedgerStore {
    /// Looks for the damaged records in copies, of which the first that has one counts; nothing is written. A copy that cannot be read
    /// is passed over.
    ///
    /// - Parameter meanwhile: called again and again while it comes on.
    /// - Returns: the lines that have the hash which the ledger holds for them, by position.
    public func findDamaged(in copies: [LedgerCopy], meanwhile: () -> Void = {}) -> [FoundLine] {
        var found: [Int64: FoundLine] = [:]
        for copy in copies {
            // One whose body is away here may be whole in the next.
            let missing = damaged.filter { found[$0.position]?.line.isRedacted ?? true }
            guard !missing.isEmpty else { break }
            for line in (try? copy.lines(of: missing, meanwhile: meanwhile)) ?? [] {
                guard let record = damagedRecord(of: line) else { continue }
                if found[record.position] == nil || !line.isRedacted {
                    found[record.position] = FoundLine(record: record, line: line, path: copy.path)
                }
            }
        }
        return found.values.sorted { $0.record.position < $1.record.position }
    }
}
