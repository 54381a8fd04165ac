import GRDB
import Glibc

/// What can go wrong with what lies on disk.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// There is no data here, and this command makes none.
        case missing
        /// Written by a newer program.
        case newerVersion
        /// A file of another kind, or of another publisher.
        case foreign
        /// The bytes are not what hashes and chain say.
        case damaged
        /// No space left: nothing was saved.
        case full
        /// Another process holds it.
        case held
        /// A secret that others than its owner may read.
        case exposed
        /// Anything else the file system or SQLite says: it may be better later.
        case failed

        /// What `errno` says of a write: full is the disk, its user's quota, or the largest file there may be.
        public init(ofWrite code: CInt) { self = [ENOSPC, EDQUOT, EFBIG].contains(code) ? .full : .failed }
    }
    public let code: Code
    /// Names the path.
    public let fault: String
    /// The way out, where it is told apart.
    public let remedy: String?
    /// Names the path and the way out.
    public var message: String { remedy.map { "\(fault). \($0)" } ?? fault }

    public init(_ code: Code, _ fault: String, remedy: String? = nil) {
        self.code = code
        self.fault = fault
        self.remedy = remedy
    }

    public var description: String { message }

    /// Whether a write of SQLite's found no room; asked as `of` is.
    static func isFull(_ error: DatabaseError) -> Bool {
        error.resultCode == .SQLITE_FULL || room(error, errno) != nil
    }

    /// What the system said of the room where SQLite has no code of its own for it, as for ENOSPC: a quota; nil: nothing.
    private static func room(_ error: DatabaseError, _ code: CInt) -> CInt? {
        // `sqlite3_system_errno` knows it of a statement, and not of a commit.
        error.extendedResultCode == .SQLITE_IOERR_WRITE && Code(ofWrite: code) == .full ? code : nil
    }

    /// SQLite's error in words, with the file. Asked on the thread that met it, before anything else is: `errno` is still the write's,
    /// as calls that succeed leave it alone.
    static func of(_ error: DatabaseError, path: String) -> StoreError {
        if let code = room(error, errno) {
            return StoreError(
                .full,
                "\(path): no space left on the disk (\(String(cString: strerror(code)))), nothing was saved. Free some space and try again"
            )
        }
        // The file that processes share beside a database could not be made larger.
        if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE {
            return StoreError(
                .full, "\(path)-shm: no space left on the disk, nothing was saved. Free some space and try again")
        }
        switch error.resultCode {
        case .SQLITE_FULL:
            return StoreError(
                .full, "\(path): no space left on the disk, nothing was saved. Free some space and try again")
        // The last: a table or a column is not there, or is there and should not be. Its first page says so, and it is damaged.
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR:
            let file = path.split(separator: "/").last
            return StoreError(
                .damaged, "\(path) is damaged (\(error.message ?? "SQLite says so"))",
                remedy: file == "ledger.sqlite"
                    ? LedgerStore.remedy
                    : file == "replica.sqlite"
                        ? "It is a copy of the feed: move it away, and it is fetched again"
                        : "Keep the file and restore a copy")
        case .SQLITE_CANTOPEN:
            return StoreError(
                .missing, "\(path) cannot be opened (\(error.message ?? "")): is the folder there and yours?")
        case .SQLITE_BUSY:
            return StoreError(.held, "\(path) is in use by another process for more than 5 s. Try again")
        default:
            return StoreError(
                .failed, "\(path): SQLite says “\(error.message ?? "error")” (\(error.extendedResultCode.rawValue))")
        }
    }
}
