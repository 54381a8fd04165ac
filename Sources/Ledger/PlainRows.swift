import Foundation
import GRDB
import GRDBSQLite
import Wire

/// The rows of a query one after the other, columns by their place and without a box around each: for what goes over a whole file.
///
/// Values as they ought to be: of another type than wanted they are empty, or -1, and found to be wrong by whoever compares them. A
/// text is not taken for a blob of the same bytes, nor the other way: one bit of the file makes the difference, and whoever reads the
/// row later takes them apart.
struct PlainRows {
    private let db: GRDB.Database
    private let statement: Statement

    init(_ db: GRDB.Database, sql: String, arguments: StatementArguments = []) throws {
        self.db = db
        statement = try db.makeStatement(sql: sql)
        try statement.setArguments(arguments)
    }

    /// To the next row; false when there is none.
    func next() throws -> Bool {
        switch sqlite3_step(statement.sqliteStatement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage, sql: statement.sql)
        }
    }

    func int(_ column: Int32) -> Int64 {
        sqlite3_column_type(statement.sqliteStatement, column) == SQLITE_INTEGER
            ? sqlite3_column_int64(statement.sqliteStatement, column) : -1
    }

    /// Calls `body` with the bytes of a value of this type; with none of any other.
    private func withBytes<T>(_ column: Int32, _ type: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
        let handle = statement.sqliteStatement
        guard sqlite3_column_type(handle, column) == type, let start = sqlite3_column_blob(handle, column) else {
            return body(UnsafeBufferPointer(start: nil, count: 0))
        }
        let count = Int(sqlite3_column_bytes(handle, column))
        return start.withMemoryRebound(to: UInt8.self, capacity: count) {
            body(UnsafeBufferPointer(start: $0, count: count))
        }
    }

    func bytes(_ column: Int32) -> [UInt8] { withBytes(column, SQLITE_BLOB) { Array($0) } }

    func hash(_ column: Int32) -> Hash? { withBytes(column, SQLITE_BLOB) { Hash(bytes: $0) } }

    /// - Parameter last: the text of this column in the row before: mostly the same, and then not made anew.
    func text(_ column: Int32, last: String = "") -> String {
        withBytes(column, SQLITE_TEXT) { bytes in
            last.utf8.elementsEqual(bytes) ? last : String(validating: bytes, as: UTF8.self) ?? ""
        }
    }
}

/// A statement that is run again and again with other values, without a box around each. Values are numbered from 1.
struct PlainStatement {
    private let db: GRDB.Database
    private let statement: Statement

    init(_ db: GRDB.Database, sql: String) throws {
        self.db = db
        statement = try db.cachedStatement(sql: sql)
    }

    func set(_ place: Int32, _ value: Int64) throws {
        try check(sqlite3_bind_int64(statement.sqliteStatement, place, value))
    }

    func set(_ place: Int32, _ value: String) throws {
        var value = value
        try check(
            value.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text(
                        statement.sqliteStatement, place, $0.baseAddress, Int32($0.count), Self.isCopied)
                }
            })
    }

    func set(_ place: Int32, _ value: Hash) throws {
        try check(
            value.withBytes {
                sqlite3_bind_blob(statement.sqliteStatement, place, $0.baseAddress, Int32($0.count), Self.isCopied)
            })
    }

    /// Runs it with `bytes` as the value at `place`.
    func run(_ place: Int32, _ bytes: [UInt8]) throws {
        let handle = statement.sqliteStatement
        let failure = bytes.withUnsafeBytes { bytes -> DatabaseError? in
            let bound = sqlite3_bind_blob(handle, place, bytes.baseAddress, Int32(bytes.count), nil)
            let code = bound == SQLITE_OK ? sqlite3_step(handle) : bound
            let failure = code == SQLITE_DONE ? nil : self.failure(code)
            // The bytes are not SQLite's to keep.
            sqlite3_reset(handle)
            sqlite3_bind_null(handle, place)
            return failure
        }
        if let failure { throw failure }
    }

    private func check(_ code: Int32) throws { if code != SQLITE_OK { throw failure(code) } }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage, sql: statement.sql)
    }

    /// `SQLITE_TRANSIENT`: the value is SQLite's own copy.
    private static let isCopied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
