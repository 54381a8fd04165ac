import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("A publisher's log")
struct PublisherLogTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ publisher: String = "BIF", synthetic: Bool = false, create: Bool = true) throws -> PublisherLog {
        try PublisherLog(folder: folder.path, publisher: publisher, synthetic: synthetic, create: create)
    }

    static func draft(_ id: String, text: String = "") -> PublisherLog.Draft {
        PublisherLog.Draft(
            kind: RecordKind("x-note"), id: id, policy: nil, by: Author(role: "node"),
            body: Array("{\"text\":\"\(text)\"}".utf8))
    }

    @Test("what was appended is chained, and there after opening again")
    func durable() throws {
        let log = try open()
        #expect(try log.head() == .empty)
        #expect(log.log.utf8.count == 32)
        let lines = try log.append(at: morning) { _ in [Self.draft("a"), Self.draft("b")] }
        let more = try log.append(at: morning) { _ in [Self.draft("a", text: "ny")] }
        var head = ChainHead.empty
        for line in lines + more {
            try head.accepts(line, publisher: "BIF", log: log.log)
            head.advance(over: line)
        }
        let again = try open()
        #expect(again.log == log.log)
        #expect(try again.head() == head)
        #expect(try again.lines(after: 0) == lines + more)
        #expect(try again.lines(after: 2) == more)
        #expect(try again.hash(of: 2) == lines[1].hash)
        #expect(try again.hash(of: 0) == .zero)
        #expect(try again.hash(of: 4) == nil)
        #expect(try again.look { try $0.latest(RecordKind("x-note"), "a") } == more[0])
        #expect(try again.look { try $0.first(RecordKind("x-note"), "a") } == lines[0])
        #expect(try again.look { try $0.all(RecordKind("x-note")) } == [lines[1], more[0]])
        #expect(try again.look { try $0.latest(.status, "a") } == nil)
    }

    struct Stop: Error {}

    @Test("an append is all or nothing: broken off, too long, or no JSON")
    func allOrNothing() throws {
        let log = try open()
        _ = try log.append(at: morning) { _ in [Self.draft("a")] }
        let head = try log.head()
        #expect(throws: Stop.self) { try log.append(at: morning) { _ in throw Stop() } }
        let long = Self.draft("long", text: String(repeating: "x", count: Limits.line))
        let tooLong = #expect(throws: Fault.self) { try log.append(at: morning) { _ in [Self.draft("b"), long] } }
        #expect(tooLong?.rule == "line.size")
        #expect(tooLong?.message.contains("Shorten its texts") == true)
        for body in ["", "{", "[]", "{\"a\":1,\"a\":2}", "{}\n"] {
            var bad = Self.draft("c")
            bad.body = Array(body.utf8)
            #expect(throws: Fault.self, "\(body)") { try log.append(at: morning) { _ in [Self.draft("b"), bad] } }
        }
        var named = Self.draft(String(repeating: "n", count: 201))
        #expect(throws: Fault.self) { try log.append(at: morning) { _ in [named] } }
        named.id = ""
        #expect(throws: Fault.self) { try log.append(at: morning) { _ in [named] } }
        #expect(try log.head() == head)
        #expect(try open().lines(after: 0).count == 1)
    }

    @Test("two hold the same log and append by turns, without collision, and see each other")
    func alternating() throws {
        let (one, two) = (try open(), try open(create: false))
        var version = try one.dataVersion()
        for round in 0..<20 {
            _ = try (round.isMultiple(of: 2) ? one : two).append(at: morning) { snapshot in
                let seq = try snapshot.head().seq
                #expect(seq == Int64(round))
                return [Self.draft("\(round)")]
            }
            guard !round.isMultiple(of: 2) else { continue }
            #expect(try one.dataVersion() != version)
            version = try one.dataVersion()
        }
        #expect(try one.lines(after: 0).map(\.envelope.seq) == Array(1...20))
        #expect(try two.head() == one.head())
        // What one appends itself does not look like another's doing.
        _ = try one.append(at: morning) { _ in [Self.draft("own")] }
        #expect(try one.dataVersion() == version)
    }

    @Test("two threads append at once: every record is there once")
    func atOnce() async throws {
        _ = try open()
        let path = folder.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let log = try PublisherLog(folder: path, publisher: "BIF", synthetic: false, create: false)
                    for round in 0..<25 {
                        _ = try log.append(at: morning) { _ in [Self.draft("\(writer)-\(round)")] }
                    }
                }
            }
            try await group.waitForAll()
        }
        let lines = try open().lines(after: 0)
        #expect(lines.map(\.envelope.seq) == Array(1...100))
        #expect(Set(lines.map(\.envelope.id)).count == 100)
        for (before, line) in zip(lines, lines.dropFirst()) { #expect(line.envelope.prev == before.hash) }
    }

    @Test("the acked mark only moves forward, and dead letters are kept once")
    func acknowledged() throws {
        let log = try open()
        _ = try log.append(at: morning) { _ in [Self.draft("a"), Self.draft("b"), Self.draft("c")] }
        #expect(try log.acked() == 0)
        let refused = RefusedLine(seq: 2, rule: "owner", text: "ikke din")
        try log.acknowledge(2, refused: [refused])
        try log.acknowledge(1, refused: [refused])
        #expect(try log.acked() == 2)
        #expect(try log.deadLetters() == [refused])
        let again = try open()
        #expect(try again.acked() == 2)
        #expect(try again.deadLetters() == [refused])
        #expect(try again.lines(after: 0).count == 3)
    }

    @Test("the acked mark goes back where the ledger says that it has less; dead letters stay")
    func goesBack() throws {
        let log = try open()
        _ = try log.append(at: morning) { _ in [Self.draft("a"), Self.draft("b"), Self.draft("c")] }
        try log.acknowledge(3, refused: [RefusedLine(seq: 2, rule: "owner", text: "ikke din")])
        try log.ledgerEnds(at: 1)
        #expect(try open().acked() == 1 && open().deadLetters().count == 1)
        try log.acknowledge(2, refused: [])
        #expect(try log.acked() == 2)
    }

    @Test("one reading gives what fits one message")
    func limits() throws {
        let log = try open()
        _ = try log.append(at: morning) { _ in (0..<1100).map { Self.draft("n\($0)") } }
        let first = try log.lines(after: 0)
        #expect(first.map(\.envelope.seq) == Array(1...1000))
        #expect(try log.lines(after: 1000).count == 100)
        #expect(try log.lines(after: 1100).isEmpty)
        _ = try log.append(at: morning) { _ in
            (0..<40).map { Self.draft("long\($0)", text: String(repeating: "x", count: 200_000)) }
        }
        let long = try log.lines(after: 1100)
        #expect(long.count == 20)
        #expect(Batch.body(of: long).count <= Limits.batchBytes)
        #expect(try Batch.lines(of: Batch.body(of: long), count: 20) == long)
    }

    @Test("another publisher's log, an example log and a missing one are refused")
    func refused() throws {
        let missing = #expect(throws: StoreError.self) { try open(create: false) }
        #expect(missing?.code == .missing)
        _ = try open()
        let foreign = #expect(throws: StoreError.self) { try open("BUF") }
        #expect(foreign?.code == .foreign)
        #expect(foreign?.message.contains("is the log of BIF, not of BUF") == true)
        #expect(#expect(throws: StoreError.self) { try open(synthetic: true) }?.code == .foreign)
    }

    @Test("a line changed on disk is damaged, and says to keep the file")
    func damaged() throws {
        let log = try open()
        _ = try log.append(at: morning) { _ in [Self.draft("a")] }
        try alter(folder.path + "/log.sqlite", "UPDATE line SET line = x'00'")
        let error = #expect(throws: StoreError.self) { try log.lines(after: 0) }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("Keep the file and restore a copy") == true)
    }
}
