import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("The end of the ledger in memory")
struct RecentLinesTests {
    /// Whether the feed gives at each position (or the last ones) what the file holds.
    private func expectSame(_ store: LedgerStore, last: Int64 = .max) throws {
        let filters = [
            nil, FeedFilter(), FeedFilter(kinds: ["x-note"]), FeedFilter(without: ["BIF"]), FeedFilter(policies: ["p"]),
        ]
        for filter in filters {
            for position in max(0, store.head.position - last)...store.head.position {
                let (feed, file) = (
                    try store.feed(after: position, filter: filter), try store.read(after: position, filter: filter)
                )
                #expect(
                    feed.lines == file.lines && feed.upTo == file.upTo,
                    "\(feed.lines.map(\.position)), not \(file.lines.map(\.position)), after \(position), \(String(describing: filter))"
                )
            }
        }
    }

    /// What is in memory is told by what the file does not hold any more.
    private func inMemory(_ store: LedgerStore, _ path: String, among positions: [Int64]? = nil) throws -> [Int64] {
        let kept = try shell("sqlite3 '\(path)' 'SELECT max(position) FROM record'")
        #expect(Int64(kept.trimmingCharacters(in: .whitespacesAndNewlines)) == store.head.position)
        try alter(path, "ALTER TABLE record RENAME TO away")
        defer { _ = try? shell("sqlite3 '\(path)' 'ALTER TABLE away RENAME TO record'") }
        return (positions ?? Array(0..<store.head.position)).filter { (try? store.feed(after: $0, filter: nil)) != nil }
    }

    @Test(
        "the feed gives what the file holds, from each position and with each filter; after a start it comes from the file"
    )
    func same() throws {
        let ledger = try SmallLedger()
        var bif = ledger.bif
        for count in [1, 3, 2] {
            let lines = try bif.lines(count, policy: count == 3 ? "p" : nil)
            try ledger.store.commit(at: morning + 60) { try bif.append(lines, to: $0) }
        }
        try expectSame(ledger.store)
        #expect(try inMemory(ledger.store, ledger.path) == Array(0..<15))
        let again = try ledger.reopened()
        try expectSame(again)
        #expect(try inMemory(again, ledger.path).isEmpty)
        let lines = try bif.lines(2)
        try again.commit(at: morning + 120) { try bif.append(lines, to: $0) }
        try expectSame(again)
        #expect(try inMemory(again, ledger.path) == [15, 16])
    }

    struct Stop: Error {}

    @Test("what a commit that broke off would have held is not told")
    func brokenOff() throws {
        let ledger = try SmallLedger()
        var bif = ledger.bif
        let lines = try bif.lines(3)
        #expect(throws: Stop.self) {
            try ledger.store.commit(at: morning + 60) { transaction in
                try bif.append(lines, to: transaction)
                throw Stop()
            }
        }
        try expectSame(ledger.store)
        #expect(try ledger.store.feed(after: 9, filter: nil).lines.isEmpty)
    }

    @Test("a body that goes by order is not told from memory either")
    func redacted() throws {
        let ledger = try SmallLedger()
        let line = try ledger.bif.lines(1, text: secret)[0]
        try ledger.store.commit(at: morning + 60) { try ledger.bif.append([line], to: $0) }
        #expect(try ledger.store.feed(after: 9, filter: nil).lines.map(\.line.isRedacted) == [false])
        let order = try ledger.bif.order(on: line)
        try ledger.store.commit(at: morning + 61) { try ledger.bif.append([order], to: $0) }
        #expect(try ledger.store.feed(after: 9, filter: nil).lines.map(\.line.isRedacted) == [true, false])
        let next = try ledger.bif.lines(2)
        try ledger.store.commit(at: morning + 62) { try ledger.bif.append(next, to: $0) }
        try expectSame(ledger.store)
        #expect(try inMemory(ledger.store, ledger.path) == [11, 12])
    }

    @Test("it holds no more than its bound, in lines and in bytes")
    func bounded() throws {
        let ledger = try SmallLedger()
        var bif = ledger.bif
        let many = try bif.lines(RecentLines.mostLines + 200)
        try ledger.store.commit(at: morning + 60) { try bif.append(many, to: $0) }
        let position = ledger.store.head.position
        let first = position - Int64(RecentLines.mostLines / 2)
        #expect(
            try inMemory(ledger.store, ledger.path, among: [0, first - 1, first, position - 1]) == [
                first, position - 1,
            ]
        )
        // Of one commit more than there is room for: nothing in front of its end may be told as if it met it.
        let long = try bif.lines(70, text: String(repeating: "x", count: RecentLines.mostBytes / 60))
        try ledger.store.commit(at: morning + 60) { try bif.append(long, to: $0) }
        let kept = try inMemory(ledger.store, ledger.path, among: Array(position - 5...position + 69))
        #expect((25...30).contains(kept.count) && kept == Array((position + 70 - Int64(kept.count))..<(position + 70)))
        try expectSame(ledger.store, last: 75)
    }
}
