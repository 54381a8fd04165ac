import Foundation
import GRDB

/// Opens one of our SQLite files: WAL, `synchronous=FULL` set and read back, its kind and version checked.
struct Database {
    /// `PRAGMA application_id`: says that a file is ours, and which.
    enum Kind: Int32 {
        case ledger = 0x504A_4C31  // "PJL1"
        case log = 0x504A_4C32
        case replica = 0x504A_4C33
        case privateStore = 0x504A_4C34

        /// Bytes of a page of a new file. The ledger takes thousands of records in one commit: larger pages are fewer writes, each
        /// of two system calls (Docs/decisions/0014-measuring.md). The others take a few, and each writes whole pages.
        var pageSize: Int { self == .ledger ? 16_384 : 4_096 }
    }

    /// The newest schema this program knows; kept in `PRAGMA user_version`. Since 2 a line may have lost its body.
    static let version = 2
    /// How long somebody else's lock is waited for.
    static let patience = 5

    let path: String
    let queue: DatabaseQueue
    /// Whether an older program made the file, and it was brought to this version now.
    let wasUpgraded: Bool

    /// - Parameters:
    ///   - create: whether a missing file is made, with `schema`.
    ///   - upgrade: what makes of a file of version 1 one of this version.
    ///   - readOnly: for looking at what another process writes.
    init(path: String, kind: Kind, schema: String, upgrade: String = "", create: Bool, readOnly: Bool = false) throws {
        self.path = path
        guard create || FileManager.default.fileExists(atPath: path) else {
            throw StoreError(
                .missing,
                "\(path) is not there. Run `pejling up`, which makes it; on a node's own machine `pejling node run`")
        }
        var configuration = Configuration()
        configuration.journalMode = readOnly ? .default : .wal
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(Double(Self.patience))
        configuration.prepareDatabase { db in
            // What is deleted is overwritten with zeros: a body that goes by order is gone from the file.
            try db.execute(sql: "PRAGMA page_size=\(kind.pageSize); PRAGMA cache_size=-2000; PRAGMA secure_delete=ON")
        }
        if create, !readOnly { Self.reserve(path) }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            // Of an older release they may be open to others.
            if !readOnly { for end in ["", "-wal", "-shm"] { chmod(path + end, 0o600) } }
            wasUpgraded = try Self.told(queue, path) { db in
                try Self.check(db, path: path, kind: kind, schema: schema, upgrade: upgrade, readOnly: readOnly)
            }
        } catch let error as DatabaseError {
            throw StoreError.of(error, path: path)
        }
    }

    /// Makes the file before SQLite does, its owner's alone from the first byte; the files beside it get the same mode.
    private static func reserve(_ path: String) {
        // Only a new one: to close a file that is open elsewhere in this process would give up SQLite's locks on it (fcntl(2)).
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Brings to the disk what is read now. A process that was killed between the write of a commit and its sync leaves a commit
    /// that we see and that a power loss takes: told to others, it would be a record that was there and is gone. A checkpoint
    /// syncs the write-ahead log before anything else.
    private static func makeDurable(_ db: GRDB.Database) throws {
        // On a full disk the log is synced, and stays where it is.
        do { try db.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)") } catch let error as DatabaseError
            where StoreError.isFull(error)
        {}
    }

    /// True when the file was brought to this version.
    private static func check(
        _ db: GRDB.Database, path: String, kind: Kind, schema: String, upgrade: String, readOnly: Bool
    ) throws -> Bool {
        if !readOnly {
            // GRDB sets NORMAL when it turns WAL on, after all preparation: an ack would then leave before its record is
            // on the disk. The queue has this one connection, so setting it here, once, is enough.
            try db.execute(sql: "PRAGMA synchronous=FULL")
            var mode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
            // Making the file on a full disk ends without WAL and without an error: the second try says why.
            if mode != "wal" { mode = try String.fetchOne(db, sql: "PRAGMA journal_mode=WAL") }
            let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
            guard mode == "wal", synchronous == 2 else {
                throw StoreError(
                    .failed,
                    "\(path): SQLite keeps journal_mode=\(mode ?? "?"), synchronous=\(synchronous ?? -1); wal and 2 are needed"
                )
            }
        }
        if !readOnly { try makeDurable(db) }
        let id = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        if id == 0, version == 0, tables == 0, !readOnly {
            try db.inTransaction(.immediate) {
                try db.execute(sql: schema)
                try db.execute(sql: "PRAGMA application_id=\(kind.rawValue); PRAGMA user_version=\(Self.version)")
                return .commit
            }
            return false
        }
        guard id == kind.rawValue else {
            throw StoreError(.foreign, "\(path) is no \(kind) of Pejling. Move it away or name another --data folder")
        }
        guard version <= Self.version else {
            throw StoreError(
                .newerVersion,
                "\(path) has format \(version), this program knows \(Self.version). Install the newer Pejling that wrote it\(kind == .ledger ? "; if none did, its first page is damaged, and `pejling ledger salvage --help` says what helps" : "")"
            )
        }
        guard version < Self.version, !readOnly else { return false }
        try db.inTransaction(.immediate) {
            // Another process may have done it meanwhile.
            if try Int.fetchOne(db, sql: "PRAGMA user_version") != Self.version {
                try db.execute(sql: upgrade + "; PRAGMA user_version=\(Self.version)")
            }
            return .commit
        }
        return true
    }

    /// Runs `body`, and says SQLite's errors as ours, where `errno` is still that of what failed.
    private static func told<T>(_ queue: DatabaseQueue, _ path: String, _ body: (GRDB.Database) throws -> T) throws -> T
    {
        try queue.inDatabase { db in
            do { return try body(db) } catch let error as DatabaseError { throw StoreError.of(error, path: path) }
        }
    }

    /// Runs `body` in one transaction: all of it is on the disk when this returns, or none of it.
    func write<T>(_ body: (GRDB.Database) throws -> T) throws -> T {
        try Self.told(queue, path) { db in
            var result: T?
            try db.inTransaction(.immediate) {
                result = try body(db)
                return .commit
            }
            guard let result else { throw StoreError(.failed, "\(path): the transaction gave no result") }
            return result
        }
    }

    /// Moves what is in the write-ahead log into the file and empties it: what was overwritten is then nowhere on the disk.
    ///
    /// - Parameter patience: seconds to wait for others; the broker's loop waits for nobody.
    /// - Returns: false while another process still reads what was there before, or the disk is full: call again.
    func scrub(patience: Int) throws -> Bool {
        try Self.told(queue, path) { db in
            try db.execute(sql: "PRAGMA busy_timeout=\(patience * 1000)")
            defer { try? db.execute(sql: "PRAGMA busy_timeout=\(Self.patience * 1000)") }
            do { return try Int.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0 } catch let error
                as DatabaseError
                where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) || StoreError.isFull(error)
            { return false }
        }
    }

    /// Runs `body` on the file as it is at one moment, however long it takes; others go on writing.
    func snapshot<T>(_ body: (GRDB.Database) throws -> T) throws -> T {
        try read { db in
            var result: T?
            try db.inTransaction(.deferred) {
                result = try body(db)
                return .commit
            }
            guard let result else { throw StoreError(.failed, "\(path): the reading gave no result") }
            return result
        }
    }

    func read<T>(_ body: (GRDB.Database) throws -> T) throws -> T {
        try Self.told(queue, path, body)
    }
}

extension GRDB.Database {
    /// Asked of SQLite itself: GRDB's `tableExists` reads all names, and ends the process at one that is no text.
    func has(table: String) throws -> Bool {
        try Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT * FROM sqlite_schema WHERE type = 'table' AND name = ?)",
            arguments: [table])
            ?? false
    }
}

/// Values as they ought to be. A damaged file may hold another type in any column, or a column of another name, and GRDB ends the
/// process at a conversion that fails: what is read here is compared or parsed, and so found to be wrong.
extension Row {
    func data(_ column: String) -> Data { Data.fromDatabaseValue(value(column)) ?? Data() }
    func text(_ column: String) -> String { String.fromDatabaseValue(value(column)) ?? "" }
    func int(_ column: String) -> Int64 { Int64.fromDatabaseValue(value(column)) ?? -1 }

    func value(_ column: String) -> DatabaseValue { hasColumn(column) ? self[column] : .null }
}
