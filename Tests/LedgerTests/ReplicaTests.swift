import Foundation
import Testing
import Wire

@testable import Ledger

@Suite("A consumer's copy")
struct ReplicaTests {
    let ledger: SmallLedger
    let folder: TemporaryFolder
    let lines: [DeliveredLine]

    init() throws {
        ledger = try SmallLedger()
        folder = try TemporaryFolder()
        lines = try ledger.store.read(after: 0, filter: nil).lines
    }

    func open(readOnly: Bool = false) throws -> Replica {
        try Replica(folder: folder.path, create: !readOnly, readOnly: readOnly)
    }

    func content(_ replica: Replica, upTo limit: Int64? = nil) throws -> [DeliveredLine] {
        var lines: [DeliveredLine] = []
        try replica.forEach(upTo: limit) { lines.append($0) }
        return lines
    }

    @Test("lines and place are kept together, and there after opening again")
    func kept() throws {
        let replica = try open()
        #expect(try replica.position() == 0)
        try replica.store(Array(lines[..<4]), upTo: 4)
        try replica.store(Array(lines[4...]), upTo: 9)
        #expect(try open().position() == 9)
        #expect(try content(open()) == lines)
        #expect(try content(open(readOnly: true), upTo: 3) == Array(lines[..<3]))
    }

    @Test("a copy that is to hold example data takes no real line, and one that has them is refused")
    func worlds() throws {
        let fresh = try open()
        try fresh.hold(synthetic: true)
        let refused = #expect(throws: StoreError.self) { try fresh.store(Array(lines[..<2]), upTo: 2) }
        #expect(refused?.code == .foreign)
        #expect(try fresh.position() == 0)
        #expect(try content(fresh).isEmpty)

        let real = try open()
        try real.hold(synthetic: false)
        try real.store(lines, upTo: 9)
        let reopened = try open(readOnly: true)
        try reopened.hold(synthetic: false)
        let error = #expect(throws: StoreError.self) { try reopened.hold(synthetic: true) }
        #expect(error?.code == .foreign)
        #expect(
            error?.message.contains("replica.sqlite holds real data (\(lines[0].line.name)) in a folder of example")
                == true)
    }

    @Test("what comes twice is kept once")
    func twice() throws {
        let replica = try open()
        try replica.store(Array(lines[..<5]), upTo: 5)
        try replica.store(Array(lines[2..<7]), upTo: 7)
        try replica.store([], upTo: 3)
        #expect(try content(replica) == Array(lines[..<7]))
        #expect(try replica.position() == 7)
    }

    @Test(
        "lines whose root does not follow are refused, and nothing of them is kept",
        arguments: [
            "gap", "swapped", "other received", "other root", "other record",
        ])
    func mismatch(what: String) throws {
        let replica = try open()
        try replica.store(Array(lines[..<3]), upTo: 3)
        var next = Array(lines[3..<6])
        let old = next[1]
        switch what {
        case "gap": next.remove(at: 1)
        case "swapped": next.swapAt(1, 2)
        case "other received":
            next[1] = DeliveredLine(
                position: old.position, received: "2026-11-23T09:00:00.000Z", root: old.root, line: old.line)
        case "other root":
            next[1] = DeliveredLine(position: old.position, received: old.received, root: .zero, line: old.line)
        default:
            next[1] = DeliveredLine(position: old.position, received: old.received, root: old.root, line: lines[0].line)
        }
        let error = #expect(throws: StoreError.self) { try replica.store(next, upTo: 6) }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("does not follow") == true)
        #expect(try replica.position() == 3)
        #expect(try content(replica) == Array(lines[..<3]))
        // The right ones are taken afterwards.
        try replica.store(Array(lines[3...]), upTo: 9)
        #expect(try content(replica) == lines)
    }

    @Test("a filtered feed has no roots, and its place moves past what concerns it not")
    func filtered() throws {
        let filter = FeedFilter(policies: ["lgbti"])
        let (some, upTo) = try ledger.store.read(after: 0, filter: filter)
        let replica = try open()
        try replica.store(some, upTo: upTo)
        #expect(try replica.position() == 9)
        #expect(try content(replica) == some)
        #expect(try content(replica).allSatisfy { $0.root == nil })
        try replica.store([], upTo: 12)
        #expect(try replica.position() == 12)
    }

    @Test("the root at its place is kept: as computed where the feed carries roots, as told where it is filtered")
    func roots() throws {
        let replica = try open()
        #expect(try replica.root() == nil)
        try replica.store(Array(lines[..<4]), upTo: 4)
        #expect(try replica.root() == lines[3].root)
        let error = #expect(throws: StoreError.self) { try replica.store(lines, upTo: 9, root: lines[0].root) }
        #expect(error?.code == .damaged)
        try replica.store(lines, upTo: 9, root: ledger.store.head.root)
        #expect(try open().root() == ledger.store.head.root)

        let other = try Replica(folder: folder.path + "/filtered", create: true)
        let filter = FeedFilter(policies: ["lgbti"])
        let (some, upTo) = try ledger.store.read(after: 0, filter: filter)
        try other.store(some, upTo: upTo, root: ledger.store.root(at: upTo))
        #expect(try other.root() == ledger.store.head.root)
        // What does not say it leaves it unknown; of an older message it is not the root here.
        try other.store([], upTo: 10)
        #expect(try other.root() == nil)
        try other.store([], upTo: 3, root: lines[2].root)
        #expect(try other.root() == nil)
        try other.store([], upTo: 11, root: lines[0].root)
        #expect(try other.root() == lines[0].root)
    }

    @Test("the ledger has a root after each position, and none beyond its end")
    func ledgerRoots() throws {
        #expect(try (0...10).map { try ledger.store.root(at: Int64($0)) } == [.zero] + lines.map(\.root) + [nil])
    }

    @Test("what is set aside stays readable under another name, and the copy begins anew; of a copy in a log too")
    func aside() throws {
        let log = try PublisherLog(
            folder: folder.path + "/log", publisher: "lgbti", synthetic: false, create: true)
        for replica in [try open(), try Replica(in: log)] {
            try replica.bind(to: "one ledger")
            try replica.store(lines, upTo: 9)
            let first = try replica.setAside(at: morning)
            #expect(try replica.position() == 0 && replica.root() == nil && content(replica) == [])
            #expect(throws: StoreError.self) { try replica.bind(to: "another") }
            try replica.store(Array(lines[..<3]), upTo: 3)
            let second = try replica.setAside(at: morning)
            #expect(first != second)
            try replica.store(lines, upTo: 9)
            #expect(try content(replica) == lines)
            for (table, count) in [(first, 9), (second, 3)] {
                let said = try shell(
                    "sqlite3 -readonly '\(replica.path)' 'SELECT count(*), max(position) FROM \(table)'")
                #expect(said == "\(count)|\(count)\n")
            }
        }
        #expect(try content(open(readOnly: true)) == lines)
    }

    @Test("the position at a time is the last received at or before it")
    func asOf() throws {
        let replica = try open()
        try replica.store(lines, upTo: 9)
        for (time, position) in [
            ("2026-11-23T08:14:59.999Z", 0), ("2026-11-23T08:15:00.000Z", 2), ("2026-11-23T08:15:00.999Z", 2),
            ("2026-11-23T08:15:01.000Z", 5), ("2026-11-23T08:15:02.500Z", 7), ("2027-01-01T00:00:00.000Z", 9),
        ] as [(String, Int64)] { #expect(try replica.position(asOf: time) == position, "\(time)") }
    }

    @Test("a copy damaged on disk says to delete it")
    func damaged() throws {
        let replica = try open()
        try replica.store(lines, upTo: 9)
        try alter(folder.path + "/replica.sqlite", "UPDATE line SET line = 5 WHERE position = 4")
        let error = #expect(throws: StoreError.self) { try content(replica) }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("position 4") == true)
        #expect(error?.message.contains("Delete this copy: it is fetched again") == true)
    }

    @Test("a copy that is not there is missing")
    func missing() throws {
        let error = #expect(throws: StoreError.self) { try Replica(folder: folder.path, create: false) }
        #expect(error?.code == .missing)
    }
}
