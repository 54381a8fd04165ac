import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("The ledger")
struct LedgerStoreTests {
    @Test("what was committed is there after opening again, byte for byte")
    func durable() throws {
        let ledger = try SmallLedger()
        let before = try ledger.store.read(after: 0, filter: nil)
        #expect(ledger.store.head.position == 9)
        let again = try ledger.reopened()
        #expect(again.head == ledger.store.head)
        #expect(again.publishers == ledger.store.publishers)
        #expect(try again.read(after: 0, filter: nil).lines == before.lines)
        #expect(again.publishers["BIF"]?.head == ledger.bif.head)
        #expect(again.publishers["BUF"]?.head == ledger.buf.head)
        #expect(try again.enrolments() == [ledger.bif.enrolment, ledger.buf.enrolment])
        #expect(try ledger.verify().fault == nil)
    }

    @Test("the root is what the records give, counted by hand")
    func root() throws {
        let ledger = try SmallLedger()
        var root = String(repeating: "0", count: 64)
        for line in try ledger.store.read(after: 0, filter: nil).lines {
            let text = "\(root)\\n\(line.position)\\n\(line.received)\\n\(line.line.hash.hex)\\n"
            root = String(try shell("printf '\(text)' | sha256sum").prefix(64))
            #expect(line.root?.hex == root, "position \(line.position)")
        }
        #expect(ledger.store.head.root.hex == root)
    }

    struct Stop: Error {}

    @Test("a commit that breaks off at its n-th step leaves memory and disk as they were", arguments: 1...7)
    func brokenOff(step: Int) throws {
        let ledger = try SmallLedger()
        let head = ledger.store.head
        let publishers = ledger.store.publishers
        let content = try shell("sqlite3 '\(ledger.path)' .dump")
        var done = 0
        func count() throws {
            done += 1
            if done == step { throw Stop() }
        }
        var bif = ledger.bif
        let lines = try bif.lines(5)
        #expect(throws: Stop.self) {
            try ledger.store.commit(at: morning + 60) { transaction in
                for (index, line) in lines.enumerated() {
                    if index == 2 {
                        try transaction.refuse(line, Violation(rule: "owner", message: "nej"))
                    } else {
                        try transaction.append(line)
                    }
                    try count()
                }
                try bif.sign(lines[4], in: transaction)
                try count()
                try transaction.own(ledger.buf.enrolment)
                try count()
            }
        }
        #expect(done == step)
        #expect(ledger.store.head == head)
        #expect(ledger.store.publishers == publishers)
        #expect(try shell("sqlite3 '\(ledger.path)' .dump") == content)
        // The same goes well afterwards.
        try ledger.store.commit(at: morning + 60) { try bif.append(lines, to: $0) }
        #expect(ledger.store.head.position == head.position + 5)
        #expect(try ledger.verify().fault == nil)
    }

    @Test("a record that is there already is refused by the file itself, and nothing of its commit stays")
    func twice() throws {
        let ledger = try SmallLedger()
        let head = ledger.store.head
        let old = try ledger.store.read(after: 2, filter: nil).lines[0].line
        var bif = ledger.bif
        let fresh = try bif.lines(1)
        #expect(throws: StoreError.self) {
            try ledger.store.commit(at: morning) { transaction in
                try transaction.append(fresh[0])
                try transaction.append(old)
            }
        }
        #expect(ledger.store.head == head)
        #expect(try ledger.reopened().head == head)
    }

    @Test("a refused line is stored as a refusal in its place, its chain goes on, and all verifies")
    func refusal() throws {
        let ledger = try SmallLedger()
        var bif = ledger.bif
        let lines = try bif.lines(3)
        try ledger.store.commit(at: morning + 9) { transaction in
            try transaction.append(lines[0])
            try transaction.refuse(lines[1], Violation(rule: "owner", message: "ikke din"))
            try transaction.append(lines[2])
            try bif.sign(lines[2], in: transaction)
        }
        #expect(ledger.store.publishers["BIF"]?.head == bif.head)
        let stored = try ledger.store.read(after: 9, filter: nil).lines.map(\.line)
        #expect(stored.map(\.kind) == [RecordKind("x-note"), .refusal, RecordKind("x-note")])
        let refusal = try stored[1].decode(Refusal.self)
        #expect(refusal.record == lines[1].name)
        #expect(refusal.hash == lines[1].hash.hex)
        #expect(refusal.rule == "owner")
        #expect(try ledger.store.hash(publisher: "BIF", log: bif.log, seq: lines[1].envelope.seq) == nil)
        #expect(try ledger.store.hash(publisher: "BIF", log: bif.log, seq: lines[2].envelope.seq) == lines[2].hash)
        #expect(try ledger.verify().fault == nil)
    }

    @Test("a refused line at the end of a batch carries the batch's signature")
    func refusedLast() throws {
        let ledger = try SmallLedger()
        var bif = ledger.bif
        let lines = try bif.lines(2)
        try ledger.store.commit(at: morning + 9) { transaction in
            for line in lines { try transaction.refuse(line, Violation(rule: "owner", message: "ikke din")) }
            try bif.sign(lines[1], in: transaction)
        }
        let check = try ledger.verify()
        #expect(check.fault == nil)
        #expect(ledger.store.publishers["BIF"]?.head == bif.head)
        #expect(try ledger.reopened().publishers["BIF"]?.head == bif.head)
    }

    @Test("received never runs backwards, whatever the clock does")
    func clock() throws {
        let ledger = try SmallLedger()
        var bif = ledger.bif
        for shift in [-3600, 10, -86_400, 20] {
            let lines = try bif.lines(1)
            try ledger.store.commit(at: morning + Double(shift)) { try bif.append(lines, to: $0) }
        }
        let times = try ledger.store.read(after: 0, filter: nil).lines.map(\.received)
        #expect(times == times.sorted())
        #expect(times.last == "2026-11-23T08:15:20.000Z")
        #expect(times[9] == "2026-11-23T08:15:03.000Z")
        #expect(try ledger.verify().fault == nil)
    }

    @Test("reading goes on behind a position, through a filter, and says how far it looked")
    func reading() throws {
        let ledger = try SmallLedger()
        func read(_ after: Int64, _ filter: FeedFilter?) throws -> ([Int64], Int64, Bool) {
            let (lines, upTo) = try ledger.store.read(after: after, filter: filter)
            return (lines.map(\.position), upTo, lines.allSatisfy { $0.root != nil })
        }
        #expect(try read(0, nil) == (Array(1...9), 9, true))
        #expect(try read(0, FeedFilter()) == (Array(1...9), 9, true))
        #expect(try read(7, nil) == ([8, 9], 9, true))
        #expect(try read(9, nil) == ([], 9, true))
        #expect(try read(0, FeedFilter(policies: ["lgbti"])) == ([3, 4, 5], 9, false))
        #expect(try read(0, FeedFilter(without: ["BIF", "broker"])) == ([8, 9], 9, false))
        #expect(try read(0, FeedFilter(kinds: ["enrolment"])) == ([1, 2], 9, false))
        #expect(try read(3, FeedFilter(kinds: ["policy"])) == ([], 9, true))
    }

    @Test("one reading gives at most 1,000 lines, 512 KiB, and looks at most at 5,000")
    func readLimits() throws {
        let ledger = try SmallLedger()
        var (bif, buf) = (ledger.bif, ledger.buf)
        let many = try bif.lines(5_100)
        try ledger.store.commit(at: morning + 9) { try bif.append(many, to: $0) }
        let long = try buf.lines(40, text: String(repeating: "x", count: 200_000))
        try ledger.store.commit(at: morning + 9) { try buf.append(long, to: $0) }
        let first = try ledger.store.read(after: 9, filter: nil)
        #expect(first.lines.count == 1000)
        #expect(first.upTo == 1009)
        let none = try ledger.store.read(after: 9, filter: FeedFilter(kinds: ["policy"]))
        #expect(none.lines.isEmpty)
        #expect(none.upTo == 5009)
        let end = try ledger.store.read(after: 5109, filter: nil)
        let bytes = end.lines.reduce(0) { $0 + $1.bytes.count + 1 }
        #expect(end.lines.count == 2)
        #expect(bytes <= Limits.givenBytes)
        // Whoever goes on from `upTo` gets every record once.
        var position: Int64 = 0
        var seen: [Int64] = []
        while position < ledger.store.head.position {
            let (lines, upTo) = try ledger.store.read(after: position, filter: nil)
            try #require(upTo > position)
            seen += lines.map(\.position)
            position = upTo
        }
        #expect(seen == Array(1...ledger.store.head.position))
    }

    @Test("real and example data never meet")
    func synthetic() throws {
        let ledger = try SmallLedger()
        let error = #expect(throws: StoreError.self) {
            try LedgerStore(folder: ledger.folder.path, synthetic: true, key: ledger.key)
        }
        #expect(error?.code == .foreign)
        #expect(error?.message.contains("real and example (synthetic) data never meet") == true)
    }

    @Test("a newer enrolment of a publisher takes the place of the older")
    func enrolments() throws {
        let ledger = try SmallLedger()
        let renewed = try Publisher("BIF", seed: 9).enrolment
        try ledger.store.commit(at: morning + 9) { try $0.own(renewed) }
        #expect(try ledger.store.enrolments() == [renewed, ledger.buf.enrolment])
    }

    @Test("a damaged record is said with its place, and never to be deleted")
    func damaged() throws {
        let ledger = try SmallLedger()
        try alter(ledger.path, "UPDATE record SET line = 5 WHERE position = 4")
        // The feed waits in front of it, and says where; what must have it names the place and the way out.
        #expect(try ledger.store.read(after: 0, filter: nil).upTo == 3)
        #expect(ledger.store.suspect == 4)
        let envelope = try #require(try ledger.bif.lines(1).first).envelope
        let error = #expect(throws: StoreError.self) {
            try ledger.store.lines(of: envelope.publisher, log: envelope.log, after: 0)
        }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("position 4") == true)
        #expect(error?.message.contains("Keep the file as it is") == true)
        #expect(try ledger.store.read(after: 4, filter: nil).lines.count == 5)
    }

    @Test(
        "a ledger whose last root or head is gone does not open",
        arguments: [
            "UPDATE record SET root = 5 WHERE position = 9", "UPDATE head SET hash = 'x' WHERE publisher = 'BIF'",
        ])
    func unopened(sql: String) throws {
        let ledger = try SmallLedger()
        try alter(ledger.path, sql)
        #expect(#expect(throws: StoreError.self) { try ledger.reopened() }?.code == .damaged)
    }
}
