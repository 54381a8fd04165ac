import Foundation
import GRDB
import GRDBSQLite
import PolicyModel
import Testing
import Wire

@testable import Ledger

/// A folder that goes with the test.
final class TemporaryFolder {
    let path = "/tmp/pejling-ledger-\(UInt32.random(in: 0 ... .max))"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs a program to its end: what it wrote, both streams together.
@discardableResult
func shell(_ command: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return said
}

/// Changes a file as no program of ours would, through SQLite's own command.
func alter(_ path: String, _ sql: String) throws {
    let said = try shell("sqlite3 '\(path)' \"\(sql)\"")
    try #require(said.isEmpty, "\(said)")
}

/// A publisher with its key, that makes chained, signed lines.
struct Publisher {
    let name: String
    let log: String
    let key: SigningKey
    var head = ChainHead.empty

    init(_ name: String, seed: UInt8, log: String? = nil) throws {
        self.name = name
        self.log = log ?? String(repeating: String(format: "%02x", seed), count: 16)
        key = try #require(SigningKey(seed: [UInt8](repeating: seed, count: 32)))
    }

    var enrolment: Enrolment {
        Enrolment(
            publisher: name, role: .node, curveKey: "curve \(name)", signKey: key.publicKey.hex, admittedBy: "test")
    }

    /// The next lines of the chain: notes of a kind of our own.
    mutating func lines(_ count: Int, text: String = "", policy: String? = nil) throws -> [Line] {
        try (0..<count).map { _ in
            let line = try head.next(
                publisher: name, log: log, at: "2026-11-23T08:15:00Z", by: Author(role: "node"),
                kind: RecordKind("x-note"), id: "n\(head.seq + 1)", policy: policy,
                body: Array("{\"text\":\"\(text)\"}".utf8), synthetic: false)
            head.advance(over: line)
            return line
        }
    }

    /// Appends `lines` in `transaction`, with the signature over the last.
    func append(_ lines: [Line], to transaction: LedgerStore.Transaction) throws {
        for line in lines { try transaction.append(line) }
        try sign(try #require(lines.last), in: transaction)
    }

    func sign(_ line: Line, in transaction: LedgerStore.Transaction) throws {
        let statement = BatchStatement(publisher: name, log: log, seq: line.envelope.seq, hash: line.hash)
        try transaction.keep(
            signature: try key.sign(statement), keyID: String(key.publicKey.hex.prefix(16)), for: statement)
    }
}

/// 2026-11-23T08:15:00Z.
let morning = Date(timeIntervalSince1970: 1_795_421_700)

/// A ledger of BIF and BUF: positions 1-2 their enrolments, 3-7 BIF/1-5, 8-9 BUF/1-2.
final class SmallLedger {
    let folder: TemporaryFolder
    let key: SigningKey
    let store: LedgerStore
    var bif: Publisher
    var buf: Publisher
    var path: String { folder.path + "/ledger.sqlite" }

    init() throws {
        folder = try TemporaryFolder()
        key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
        store = try LedgerStore(folder: folder.path, synthetic: false, key: key)
        bif = try Publisher("BIF", seed: 2)
        buf = try Publisher("BUF", seed: 3)
        try store.commit(at: morning) { transaction in
            try transaction.own(bif.enrolment)
            try transaction.own(buf.enrolment)
        }
        let first = try bif.lines(3, policy: "lgbti")
        let second = try bif.lines(2)
        try store.commit(at: morning + 1) { try bif.append(first, to: $0) }
        try store.commit(at: morning + 2) { try bif.append(second, to: $0) }
        let third = try buf.lines(2)
        try store.commit(at: morning + 3) { try buf.append(third, to: $0) }
    }

    func reopened() throws -> LedgerStore { try LedgerStore(folder: folder.path, synthetic: false, key: key) }

    func verify() throws -> Verification {
        try LedgerVerifier.verify(folder: folder.path, brokerKey: key.publicKey)
    }
}

/// How much SQLite did for `body`, in thousands of its steps.
func steps(_ database: Ledger.Database, _ body: () throws -> Void) throws -> Int {
    final class Count { var value = 0 }
    let count = Count()
    try database.read { db in
        sqlite3_progress_handler(
            db.sqliteConnection, 1_000,
            { count in
                if let count { Unmanaged<Count>.fromOpaque(count).takeUnretainedValue().value += 1 }
                return 0
            }, Unmanaged.passUnretained(count).toOpaque())
    }
    try body()
    try database.read { db in sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
    return withExtendedLifetime(count) { count.value }
}
