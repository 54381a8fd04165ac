import Foundation
import GRDB
import Glibc
import Testing
import TortureKit
import Wire

@testable import Ledger

@Suite("Our SQLite files")
struct FileTests {
    /// Opens each of the three files in `folder`, making it.
    static let files: [(name: String, open: @Sendable (String) throws -> Void)] = [
        ("ledger.sqlite", { _ = try LedgerStore(folder: $0, synthetic: false, key: SigningKey()) }),
        ("log.sqlite", { _ = try PublisherLog(folder: $0, publisher: "BIF", synthetic: false, create: true) }),
        ("replica.sqlite", { _ = try Replica(folder: $0, create: true) }),
    ]

    @Test("each file is in WAL mode with full sync, checked on the connection that writes")
    func pragmas() throws {
        let folder = try TemporaryFolder()
        let database = try Ledger.Database(
            path: folder.path + "/a.sqlite", kind: .log, schema: "CREATE TABLE t (a)", create: true)
        func pragma(_ name: String) throws -> String? {
            try database.read { db in try String.fetchOne(db, sql: "PRAGMA \(name)") }
        }
        #expect(try pragma("synchronous") == "2")
        #expect(try pragma("journal_mode") == "wal")
        #expect(try pragma("user_version") == "2")
        #expect(try pragma("application_id") == "\(Ledger.Database.Kind.log.rawValue)")
    }

    @Test("each file, and what SQLite keeps beside it, is its owner's alone")
    func modes() throws {
        let folder = try TemporaryFolder()
        for kind in [Ledger.Database.Kind.ledger, .log, .replica, .privateStore] {
            let path = "\(folder.path)/\(kind).sqlite"
            for isNew in [true, false] {
                if !isNew { for end in ["", "-wal", "-shm"] { chmod(path + end, 0o644) } }
                let database = try Ledger.Database(path: path, kind: kind, schema: "CREATE TABLE t (a)", create: true)
                try database.write { db in try db.execute(sql: "INSERT INTO t VALUES (1)") }
                let modes = try shell("stat -c %a '\(path)' '\(path)-wal' '\(path)-shm'")
                #expect(modes == "600\n600\n600\n", "\(kind)")
            }
        }
    }

    @Test(
        "a file that a full disk let nobody write is its owner's alone too",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func reserved() throws {
        let folder = try TemporaryFolder()
        let disk = try #require(try TinyDisk(folder.path + "/disk", mebibytes: 1))
        try disk.fill()
        let path = disk.path + "/a.sqlite"
        #expect(throws: StoreError.self) {
            try Ledger.Database(path: path, kind: .privateStore, schema: "CREATE TABLE t (a)", create: true)
        }
        #expect(try shell("stat -c %a '\(path)'") == "600\n")
    }

    @Test("what is deleted is overwritten, on each connection that writes")
    func secureDelete() throws {
        let folder = try TemporaryFolder()
        let database = try Ledger.Database(
            path: folder.path + "/a.sqlite", kind: .log, schema: "CREATE TABLE t (a)", create: true)
        #expect(try database.read { db in try Int.fetchOne(db, sql: "PRAGMA secure_delete") } == 1)
    }

    @Test("a file of a newer version is refused, and says what to do", arguments: 0..<3)
    func newer(index: Int) throws {
        let folder = try TemporaryFolder()
        let (name, open) = Self.files[index]
        try open(folder.path)
        try alter(folder.path + "/" + name, "PRAGMA user_version=3")
        let error = #expect(throws: StoreError.self) { try open(folder.path) }
        #expect(error?.code == .newerVersion)
        let said = "\(folder.path)/\(name) has format 3, this program knows 2. Install the newer Pejling"
        #expect(error?.message.hasPrefix(said) == true, "\(error?.message ?? "")")
    }

    @Test("a file of another kind is refused and left as it is", arguments: 0..<3)
    func foreign(index: Int) throws {
        let folder = try TemporaryFolder()
        let (name, open) = Self.files[index]
        let path = folder.path + "/" + name
        try alter(path, "PRAGMA application_id=42; CREATE TABLE other (a); INSERT INTO other VALUES (1)")
        let error = #expect(throws: StoreError.self) { try open(folder.path) }
        #expect(error?.code == .foreign)
        #expect(error?.message.contains("Move it away or name another --data folder") == true)
        #expect(try shell("sqlite3 '\(path)' 'SELECT * FROM other'") == "1\n")
        #expect(try shell("sqlite3 '\(path)' .tables").split(whereSeparator: \.isWhitespace) == ["other"])
    }

    @Test("our own file under another's name is refused too")
    func exchanged() throws {
        let folder = try TemporaryFolder()
        try Self.files[1].open(folder.path)
        try FileManager.default.moveItem(
            atPath: folder.path + "/log.sqlite", toPath: folder.path + "/replica.sqlite")
        #expect(throws: StoreError.self) { try Self.files[2].open(folder.path) }
    }

    @Test("a file that is no database is damaged, kept as it is, and what helps is said of each", arguments: 0..<3)
    func noDatabase(index: Int) throws {
        let folder = try TemporaryFolder()
        let (name, open) = Self.files[index]
        let text = String(repeating: "no database at all\n", count: 100)
        try text.write(toFile: folder.path + "/" + name, atomically: true, encoding: .utf8)
        let error = #expect(throws: StoreError.self) { try open(folder.path) }
        #expect(error?.code == .damaged)
        let help = ["A start of Pejling mends", "Keep the file and restore a copy", "it is fetched again"]
        #expect(error?.message.contains(help[index]) == true, "\(error as Any)")
        #expect(try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8) == text)
    }

    @Test("a file is its owner's alone", arguments: 0..<3)
    func mode(index: Int) throws {
        let folder = try TemporaryFolder()
        let (name, open) = Self.files[index]
        try open(folder.path)
        #expect(try shell("stat -c %a '\(folder.path)/\(name)'") == "600\n")
    }
}
