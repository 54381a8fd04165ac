import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

/// What must be nowhere in the end: no file holds it by chance.
let secret = "Jens-Hansen-Vej-7-Nakskov"

extension Publisher {
    /// The next line: an order on `line`.
    mutating func order(
        on line: Line, role: Role = .node, _ change: (inout Redaction) -> Void = { _ in }
    ) throws -> Line {
        var order = Redaction(
            record: line.name, redacted: line.kind, id: line.envelope.id, policy: line.envelope.policy,
            bodyHash: line.envelope.bodyHash.hex, reason: LocalizedText(da: "Et navn stod der"), decision: "DPO 7")
        change(&order)
        let next = try head.next(
            publisher: name, log: log, at: "2026-11-23T08:15:00Z", by: Author(role: role.rawValue), kind: .redaction,
            id: order.identity, policy: order.policy, body: try encodeBody(order), synthetic: false)
        head.advance(over: next)
        return next
    }
}

extension PublisherLog.Draft {
    /// An order on a line of the log itself.
    static func order(on line: Line) throws -> PublisherLog.Draft {
        try PublisherLog.Draft(
            Redaction(
                record: line.name, redacted: line.kind, id: line.envelope.id, policy: line.envelope.policy,
                bodyHash: line.envelope.bodyHash.hex, reason: LocalizedText(da: "Et navn stod der"), decision: "DPO 7"),
            by: Author(role: "node"))
    }
}

/// The files below `folder` whose bytes hold `text`.
func files(in folder: String, holding text: String = secret) throws -> [String] {
    let names = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
    return names.filter { name in
        FileManager.default.contents(atPath: "\(folder)/\(name)")?.range(of: Data(text.utf8)) != nil
    }.sorted()
}

/// Copies of a SQLite file as a `kill -9` would leave it: one before each statement that its connection runs.
final class Killer: @unchecked Sendable {
    let folder: TemporaryFolder
    private let path: String
    private(set) var copies: [String] = []

    /// - Parameter path: The file; beside it lies its write-ahead log. Its connection calls back on the test's own thread.
    init(_ path: String) throws {
        folder = try TemporaryFolder()
        self.path = path
    }

    func copy() {
        let name = "\(folder.path)/\(copies.count)"
        try? FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
        for suffix in ["", "-wal"] {
            let file = (path as NSString).lastPathComponent + suffix
            try? FileManager.default.copyItem(atPath: path + suffix, toPath: "\(name)/\(file)")
        }
        copies.append(name)
    }

    /// Runs `body`, killed before each of its statements and after the last.
    func run(_ database: Ledger.Database, _ body: () throws -> Void) throws {
        try database.read { db in db.trace(options: .statement) { _ in self.copy() } }
        try body()
        try database.read { db in db.trace(options: .statement, nil) }
        copy()
    }
}
