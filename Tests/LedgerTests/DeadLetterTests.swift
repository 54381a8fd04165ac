import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("Dead letters")
struct DeadLetterTests {
    private let folder: TemporaryFolder
    private let log: PublisherLog

    init() throws {
        folder = try TemporaryFolder()
        log = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: true)
    }

    private func refuse(_ seqs: ClosedRange<Int64>) throws {
        try log.acknowledge(seqs.upperBound, refused: seqs.map { RefusedLine(seq: $0, rule: "owner", text: "nej") })
    }

    @Test("which somebody has looked at is kept; a later one is new, though it stands before them in the log")
    func looked() throws {
        _ = try log.append(at: morning) { _ in ["a", "b", "c"].map { PublisherLogTests.draft($0) } }
        func new() throws -> Int64 { try LogStanding(folder: folder.path).newDeadLetters }
        #expect(try new() == 0 && log.deadLetters(lookedAtToo: true).isEmpty)
        try refuse(2...3)
        #expect(try new() == 2)
        let letters = try log.deadLetters(lookedAtToo: false)
        let name = RecordName(publisher: "BIF", log: log.log, seq: 2)
        #expect(letters.map(\.name.seq) == [2, 3])
        #expect(letters.first == DeadLetter(name: name, kind: "x-note", id: "b", rule: "owner", text: "nej"))
        try log.lookedAt(letters)
        #expect(try new() == 0 && log.deadLetters(lookedAtToo: false).isEmpty)
        try refuse(1...2)
        #expect(try new() == 1 && LogStanding(folder: folder.path).deadLetters == 3)
        let again = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: false)
        #expect(try again.deadLetters(lookedAtToo: false).map(\.id) == ["a"])
        #expect(try again.deadLetters(lookedAtToo: true).map(\.id) == ["a", "b", "c"])
    }

    @Test("of a log that an older program keeps all are new; one whose line went with its disk is listed without it")
    func older() throws {
        try refuse(1...1)
        try alter(folder.path + "/log.sqlite", "DROP TABLE looked_at")
        #expect(try LogStanding(folder: folder.path).newDeadLetters == 1)
        let again = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: false)
        let letter = try #require(try again.deadLetters(lookedAtToo: false).first)
        #expect(letter.kind == nil && letter.id == nil && letter.text == "nej")
    }

    @Test("an answer of the ledger is held against those it is about, not against all that there are")
    func cost() throws {
        let ledger = try SmallLedger()
        let lines = try ledger.bif.lines(20)
        try ledger.store.commit(at: morning + 60) { transaction in
            for line in lines { try transaction.refuse(line, Violation(rule: "owner", message: "nej")) }
            try ledger.bif.sign(lines[19], in: transaction)
        }
        let answer = try ledger.store.lines(of: "BIF", log: ledger.bif.log, after: 0)
        let first = lines[0].envelope.seq
        try refuse(first + 4...first + 7)
        let seqs = lines.map(\.envelope.seq).filter { !(first + 4...first + 7).contains($0) }
        #expect(seqs.count == 16)
        #expect(try log.newlyRefused(among: answer).map(\.seq) == seqs)
        #expect(try log.newlyRefused(among: []).isEmpty)
        try refuse(1_000...21_000)
        var (count, found) = (0, [] as [Int64])
        let all = try steps(log.database) { count = try log.deadLetters().count }
        let some = try steps(log.database) { found = try log.newlyRefused(among: answer).map(\.seq) }
        #expect(count == 20_005 && found == seqs)
        #expect(some * 10 < all, "\(some) thousand steps, and \(all) for going over all")
    }
}
