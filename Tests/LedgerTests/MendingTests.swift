import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("A damaged record")
struct MendingTests {
    private func damaged(_ sql: String) throws -> (SmallLedger, LedgerStore) {
        let ledger = try SmallLedger()
        try alter(ledger.path, sql)
        return (ledger, try ledger.reopened())
    }

    private let change =
        "UPDATE record SET line = CAST(replace(CAST(line AS TEXT), '{', '[') AS BLOB) WHERE position = 5"

    @Test("is named with its position, and only the line that stood there mends it")
    func mended() throws {
        let whole = try SmallLedger()
        let right = try whole.store.read(after: 4, filter: nil).lines[0].line
        try alter(whole.path, change)
        let store = try whole.reopened()
        #expect(try store.assess() == nil)
        #expect(store.damaged.map(\.position) == [5])
        #expect(store.damaged[0].name == right.name && store.damaged[0].hash == right.hash)
        #expect(store.damaged[0].text.contains("position 5"))
        // The same name with another content, and a neighbour, are not it.
        let head = ChainHead(seq: right.envelope.seq - 1, hash: right.envelope.prev)
        let other = try head.next(
            publisher: right.envelope.publisher, log: right.envelope.log, at: right.envelope.at, by: right.envelope.by,
            kind: right.kind, id: right.envelope.id, policy: right.envelope.policy, body: Array("{\"a\":1}".utf8),
            synthetic: false)
        #expect(try store.mend(with: [other], at: morning + 10).isEmpty)
        #expect(try whole.verify().fault != nil)
        #expect(try store.mend(with: [other, right], at: morning + 10).map(\.position) == [5])
        #expect(store.damaged.isEmpty)
        #expect(try whole.verify().fault == nil)
    }

    @Test("stops the feed in front of it, and nothing before it")
    func feed() throws {
        let (_, store) = try damaged(change)
        #expect(try store.read(after: 0, filter: nil).upTo == 4)
        let stuck = try store.read(after: 4, filter: nil)
        #expect(stuck.lines.isEmpty && stuck.upTo == 4)
        #expect(store.suspect == 5)
    }

    @Test(
        "beside its line is nobody's to give back",
        arguments: [
            "UPDATE record SET root = zeroblob(32) WHERE position = 6",
            "UPDATE record SET hash = x'01' WHERE position = 6",
            "UPDATE record SET received = 'x' WHERE position = 6", "UPDATE record SET seq = 99 WHERE position = 6",
            "DELETE FROM record WHERE position = 6",
        ])
    func notMendable(sql: String) throws {
        let (_, store) = try damaged(sql)
        #expect(try store.assess() != nil)
    }

    @Test("is looked for in slices that meet without a hole")
    func slices() throws {
        let (_, store) = try damaged(change)
        var position: Int64 = 0
        var found: [Int64] = []
        for _ in 0..<20 {
            let stretch = try store.examine(after: position, count: 2)
            #expect(stretch.fault == nil)
            found += stretch.damaged.map(\.position)
            position = stretch.upTo
            if stretch.isAtEnd { break }
        }
        #expect(found == [5] && position == store.head.position)
    }

    @Test("a body that an order took does not come back with the line that mends, and one that none took must come")
    func redacted() throws {
        let ledger = try SmallLedger()
        let whole = try ledger.store.read(after: 4, filter: nil).lines[0].line
        let next = try ledger.store.read(after: 5, filter: nil).lines[0].line
        let order = try ledger.bif.order(on: whole)
        try ledger.store.commit(at: morning + 5) { try ledger.bif.append([order], to: $0) }
        #expect(try ledger.store.read(after: 4, filter: nil).lines[0].line.isRedacted)
        try alter(ledger.path, change)
        try alter(ledger.path, change.replacing("= 5", with: "= 6"))
        let store = try ledger.reopened()
        #expect(try store.assess() == nil)
        #expect(store.damaged.map(\.position) == [5, 6])
        // An old copy of the log has the body still; and somebody left another's out.
        #expect(try store.mend(with: [whole, next.redacted], at: morning + 10).map(\.position) == [5])
        #expect(try store.read(after: 4, filter: nil).lines[0].line.isRedacted)
        #expect(try store.mend(with: [next], at: morning + 10).map(\.position) == [6])
        #expect(try ledger.verify().fault == nil)
    }

    @Test(
        "does not hide what else does not hold: chains and signatures behind it are checked past it",
        arguments: [
            ("", nil), ("UPDATE signature SET signature = '00' WHERE publisher = 'BUF'", "the signature of BUF/2"),
            ("UPDATE signature SET signature = '00' WHERE seq = 3", "the signature of BIF/3"),
            ("UPDATE head SET seq = 4 WHERE publisher = 'BIF'", "the head kept for BIF"),
        ] as [(String, String?)])
    func beyond(sql: String, fault: String?) throws {
        let (ledger, store) = try damaged(change + "; " + sql)
        #expect(try store.assess() == nil)
        let check = try store.verify(brokerKey: ledger.key.publicKey, excusing: store.damaged)
        if let fault {
            #expect(check.fault?.contains(fault) == true, "\(check.fault ?? "nothing was found")")
        } else {
            #expect(check.fault == nil && check.records == 9 && check.root == store.head.root)
            #expect(try store.verify(brokerKey: ledger.key.publicKey).fault?.contains("position 5") == true)
        }
    }
}
