import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("How a log stands")
struct LogStandingTests {
    private let folder: TemporaryFolder
    private let log: PublisherLog

    init() throws {
        folder = try TemporaryFolder()
        log = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: true)
        _ = try log.append(at: morning) { _ in (1...20).map { PublisherLogTests.draft("\($0)") } }
        try log.acknowledge(20, refused: [])
    }

    private func fault() throws -> String? { try LogStanding.fault(folder: folder.path) }

    @Test("a whole log, one with a redacted record, and one that lost what was refused have no fault")
    func whole() throws {
        #expect(try fault() == nil)
        let line = try #require(try log.lines(after: 6).first)
        _ = try log.append(at: morning + 1) { _ in [try PublisherLog.Draft.order(on: line)] }
        #expect(try log.lines(after: 6).first?.isRedacted == true)
        #expect(try fault() == nil)
        try alter(folder.path + "/log.sqlite", "DELETE FROM line WHERE seq = 12")
        #expect(try fault() == nil)
    }

    @Test(
        "a record that is damaged is named, acknowledged or not",
        arguments: [
            ("line = CAST(replace(CAST(line AS TEXT), 'x-note', 'x-nota') AS BLOB)", 9), ("hash = zeroblob(32)", 20),
            ("line = (SELECT line FROM line WHERE seq = 3)", 4), ("line = x'00'", 1),
        ])
    func damaged(change: String, seq: Int) throws {
        try alter(folder.path + "/log.sqlite", "UPDATE line SET \(change) WHERE seq = \(seq)")
        let said = try #require(try fault())
        #expect(said.contains("log.sqlite: record BIF/\(seq) is damaged") && said.contains("--node BIF"), "\(said)")
    }
}
