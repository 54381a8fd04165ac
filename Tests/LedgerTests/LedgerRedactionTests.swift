import Foundation
import GRDB
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("Redaction in the ledger")
struct LedgerRedactionTests {
    let ledger: SmallLedger
    let coordinator: Publisher

    init() throws {
        ledger = try SmallLedger()
        coordinator = try Publisher("coordinator", seed: 4)
    }

    /// BIF's next record, which says too much; committed.
    func slip(_ text: String = secret) throws -> Line {
        let line = try ledger.bif.lines(1, text: text, policy: "lgbti")[0]
        try ledger.store.commit(at: morning + 4) { try ledger.bif.append([line], to: $0) }
        return line
    }

    func line(_ position: Int64) throws -> Line {
        try #require(try ledger.store.read(after: position - 1, filter: nil).lines.first).line
    }

    @Test("the body goes in the commit of the order: from every file, and nothing else changes")
    func taken() throws {
        let line = try slip()
        let more = try ledger.buf.lines(2)
        try ledger.store.commit(at: morning + 5) { try ledger.buf.append(more, to: $0) }
        let before = try ledger.store.read(after: 0, filter: nil).lines
        #expect(try files(in: ledger.folder.path) != [])
        let order = try ledger.bif.order(on: line)
        try ledger.store.commit(at: morning + 6) { try ledger.bif.append([order], to: $0) }
        try ledger.store.scrub()
        #expect(!ledger.store.owesScrub)
        #expect(try files(in: ledger.folder.path) == [])

        let after = try ledger.store.read(after: 0, filter: nil).lines
        #expect(after.count == before.count + 1)
        for (old, new) in zip(before, after) {
            #expect(new.line.isRedacted == (old.line == line))
            #expect(new.line.hash == old.line.hash && new.root == old.root && new.received == old.received)
        }
        let check = try ledger.verify()
        #expect(check.fault == nil && check.redacted == 1 && check.awaitingOrder == [])
        #expect(try ledger.reopened().verify(brokerKey: ledger.key.publicKey).root == ledger.store.head.root)
    }

    @Test(
        "an order on a record that its index does not lead to is not taken: the body would stay, and nobody would know"
    )
    func misled() throws {
        let line = try slip()
        let name = line.name
        _ = try shell(
            """
            sqlite3 '\(ledger.path)' "PRAGMA writable_schema=ON; \
            UPDATE sqlite_schema SET sql = sql || ' WHERE seq <> \(name.seq)' WHERE name = 'record_by_name'; \
            PRAGMA writable_schema=RESET; REINDEX record_by_name; PRAGMA writable_schema=ON; \
            UPDATE sqlite_schema SET sql = replace(sql, ' WHERE seq <> \(name.seq)', '') WHERE name = 'record_by_name'"
            """)
        let store = try ledger.reopened()
        let order = try ledger.bif.order(on: line)
        let error = #expect(throws: StoreError.self) {
            try store.commit(at: morning + 6) { try ledger.bif.append([order], to: $0) }
        }
        #expect(error?.code == .damaged && error?.fault.contains("record_by_name") == true, "\(error as Any)")
        #expect(try store.verify(brokerKey: ledger.key.publicKey).fault?.contains("record_by_name") == true)
    }

    @Test(
        "the coordinator's order takes anybody's; that of another publisher takes nothing, and is damage where a body lacks"
    )
    func whose() throws {
        var (coordinator, line) = (coordinator, try slip())
        try ledger.store.commit(at: morning + 5) { try $0.own(coordinator.enrolment) }
        let foreign = try ledger.buf.order(on: line)
        try ledger.store.commit(at: morning + 6) { transaction in
            #expect(try transaction.violation(of: foreign)?.rule == "redaction.record")
            // What the broker would refuse at once changes nothing here either.
            try ledger.buf.append([foreign], to: transaction)
        }
        #expect(try line == self.line(10))
        #expect(try ledger.verify().fault == nil)
        let order = try coordinator.order(on: line, role: .coordinator)
        try ledger.store.commit(at: morning + 7) { transaction in
            #expect(try transaction.violation(of: order) == nil)
            try coordinator.append([order], to: transaction)
        }
        #expect(try self.line(10).isRedacted)
        #expect(try ledger.verify().redacted == 1)
    }

    @Test("an order that does not describe its record is refused, in one message with it too")
    func mismatch() throws {
        let line = try ledger.bif.lines(1, text: "godt", policy: "lgbti")[0]
        let order = try ledger.bif.order(on: line) { $0.id = "et andet" }
        try ledger.store.commit(at: morning + 4) { transaction in
            try transaction.append(line)
            let violation = try transaction.violation(of: order)
            #expect(violation?.rule == "redaction.record")
            #expect(violation?.message.contains(line.name.description) == true)
            try transaction.refuse(order, try #require(violation))
            try ledger.bif.sign(order, in: transaction)
        }
        #expect(try !self.line(10).isRedacted)
        #expect(try ledger.verify().fault == nil)
    }

    @Test("an order that comes before its record takes the body when that comes, also after a restart")
    func early() throws {
        var coordinator = coordinator
        let line = try ledger.bif.lines(1, text: secret, policy: "lgbti")[0]
        let wrong = try coordinator.order(on: line, role: .coordinator) { $0.policy = nil }
        let order = try coordinator.order(on: line, role: .coordinator)
        try ledger.store.commit(at: morning + 4) { transaction in
            try transaction.own(coordinator.enrolment)
            try coordinator.append([wrong, order], to: transaction)
        }
        let store = try ledger.reopened()
        #expect(store.awaited == [line.name])
        try store.commit(at: morning + 5) { try ledger.bif.append([line], to: $0) }
        #expect(store.awaited == [])
        #expect(try files(in: ledger.folder.path) == [])
        #expect(try store.read(after: 12, filter: nil).lines.map(\.line.isRedacted) == [true])
        #expect(try ledger.verify().redacted == 1)
    }

    @Test("a line that comes without its body is taken, and said to wait for its order until that comes")
    func bare() throws {
        let line = try ledger.bif.lines(1, text: secret, policy: "lgbti")[0]
        let order = try ledger.bif.order(on: line)
        try ledger.store.commit(at: morning + 4) { try ledger.bif.append([line.redacted], to: $0) }
        var check = try ledger.verify()
        #expect(check.fault == nil && check.redacted == 0 && check.awaitingOrder == [line.name])
        // A restart in between: the broker verifies, and goes on.
        let store = try ledger.reopened()
        #expect(try store.verify(brokerKey: ledger.key.publicKey).fault == nil)
        try store.commit(at: morning + 5) { try ledger.bif.append([order], to: $0) }
        check = try ledger.verify()
        #expect(check.fault == nil && check.redacted == 1 && check.awaitingOrder == [])
    }

    @Test("what the broker's refusal quotes goes with the record it refused; the chain goes on over it")
    func refusal() throws {
        let line = try ledger.bif.lines(1, text: secret, policy: "lgbti")[0]
        try ledger.store.commit(at: morning + 4) { transaction in
            try transaction.refuse(line, Violation(rule: "status.about", message: "“\(secret)” is no id"))
            try ledger.bif.sign(line, in: transaction)
        }
        let next = try ledger.bif.lines(1)
        try ledger.store.commit(at: morning + 5) { try ledger.bif.append(next, to: $0) }
        #expect(try files(in: ledger.folder.path) != [])
        let order = try ledger.bif.order(on: line)
        try ledger.store.commit(at: morning + 6) { try ledger.bif.append([order], to: $0) }
        try ledger.store.scrub()
        #expect(try files(in: ledger.folder.path) == [])
        let own = try #require(try ledger.store.read(after: 12, filter: nil).lines.first).line
        let redaction = try own.decode(Redaction.self)
        #expect(own.envelope.publisher == "broker" && redaction.refused == line.hash.hex)
        #expect(redaction.decision == "DPO 7")
        #expect(try self.line(10).isRedacted)
        let check = try ledger.verify()
        #expect(check.fault == nil && check.redacted == 1, "\(check.fault ?? "")")
        // A second order on the same changes nothing more.
        let again = try ledger.bif.order(on: line)
        try ledger.store.commit(at: morning + 7) { try ledger.bif.append([again], to: $0) }
        #expect(ledger.store.head.position == 14)
        #expect(try ledger.reopened().verify(brokerKey: ledger.key.publicKey).fault == nil)
    }

    @Test("a record refused after its order came is refused without its words")
    func refusedLater() throws {
        var coordinator = coordinator
        let line = try ledger.bif.lines(1, text: secret, policy: "lgbti")[0]
        let order = try coordinator.order(on: line, role: .coordinator)
        try ledger.store.commit(at: morning + 4) { transaction in
            try transaction.own(coordinator.enrolment)
            try coordinator.append([order], to: transaction)
            try transaction.refuse(line, Violation(rule: "status.about", message: "“\(secret)” is no id"))
            try ledger.bif.sign(line, in: transaction)
        }
        #expect(try files(in: ledger.folder.path) == [])
        #expect(try ledger.verify().fault == nil)
    }

    @Test(
        "a body that lacks without an order, and one that is there against it, are damage, and the place is said",
        arguments: [false, true])
    func damage(isOrdered: Bool) throws {
        let line = try slip()
        let path = ledger.path
        if isOrdered {
            let order = try ledger.bif.order(on: line)
            try ledger.store.commit(at: morning + 5) { try ledger.bif.append([order], to: $0) }
            try alter(path, "UPDATE record SET line = x'\(hexText(line.bytes))' WHERE position = 10")
        } else {
            try alter(path, "UPDATE record SET line = x'\(hexText(line.redacted.bytes))' WHERE position = 10")
        }
        let fault = try #require(try ledger.verify().fault)
        #expect(fault.contains("position 10"))
        #expect(
            fault.contains(
                isOrdered
                    ? "BIF/7 takes the body of \(line.name), and it is still there"
                    : "the body of \(line.name) is missing, and no redaction takes it"), "\(fault)")
        guard isOrdered else { return }
        // The order stands: the next start carries it out.
        #expect(try ledger.reopened().verify(brokerKey: ledger.key.publicKey).fault == nil)
        #expect(try files(in: ledger.folder.path) == [])
    }

    @Test("an order on a record that is damaged is kept, and what mends the record leaves the body out")
    func damagedRecord() throws {
        let line = try slip()
        try alter(
            ledger.path,
            "UPDATE record SET line = CAST(replace(CAST(line AS TEXT), '{', '[') AS BLOB) WHERE position = 10")
        let store = try ledger.reopened()
        #expect(try store.assess() == nil && store.damaged.map(\.position) == [10])
        let order = try ledger.bif.order(on: line)
        try store.commit(at: morning + 5) { transaction in
            #expect(try transaction.violation(of: order) == nil)
            try ledger.bif.append([order], to: transaction)
        }
        #expect(try store.mend(with: [line], at: morning + 6).map(\.position) == [10])
        #expect(try store.read(after: 9, filter: nil).lines.first?.line.isRedacted == true)
        try store.scrub()
        #expect(!store.owesScrub)
        // But for the damaged file that is kept: its bytes are what there is to look at, and a person's to delete.
        let holding = try files(in: ledger.folder.path).filter { !$0.hasPrefix("damaged-") }
        #expect(holding == [])
        let fault = try ledger.verify().fault
        #expect(fault == nil, "\(fault ?? "")")
    }

    @Test("a ledger of the version before, with an order that nobody carried out, is brought up to date")
    func upgraded() throws {
        let line = try slip()
        let order = try ledger.bif.order(on: line)
        try ledger.store.commit(at: morning + 5) { try ledger.bif.append([order], to: $0) }
        try alter(
            ledger.path,
            "UPDATE record SET line = x'\(hexText(line.bytes))' WHERE position = 10; DROP TABLE redaction; PRAGMA user_version=1"
        )
        let store = try ledger.reopened()
        #expect(try store.verify(brokerKey: ledger.key.publicKey).redacted == 1)
        #expect(try files(in: ledger.folder.path) == [])
        #expect(try ledger.reopened().head == store.head)
    }

    @Test("while somebody reads what was there before, the scrub waits for nobody, and is done when they are through")
    func reader() throws {
        let line = try slip()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: ledger.path, configuration: configuration)
        try other.inDatabase { db in
            try db.execute(sql: "BEGIN")
            _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM record")
        }
        let order = try ledger.bif.order(on: line)
        try ledger.store.commit(at: morning + 5) { try ledger.bif.append([order], to: $0) }
        let start = ContinuousClock.now
        try ledger.store.scrub()
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(ledger.store.owesScrub)
        #expect(try files(in: ledger.folder.path) != [])
        try other.inDatabase { db in try db.execute(sql: "COMMIT") }
        try ledger.store.scrub()
        #expect(!ledger.store.owesScrub)
        #expect(try files(in: ledger.folder.path) == [])
    }

    @Test("killed before each statement: order and body are there together never, and the next start leaves no byte")
    func killed() throws {
        let line = try slip()
        let order = try ledger.bif.order(on: line)
        let killer = try Killer(ledger.path)
        try killer.run(ledger.store.database) {
            try ledger.store.commit(at: morning + 5) { try ledger.bif.append([order], to: $0) }
            try ledger.store.scrub()
        }
        #expect(killer.copies.count > 8)
        var ordered = 0
        for copy in killer.copies {
            let store = try LedgerStore(folder: copy, synthetic: false, key: ledger.key)
            let check = try store.verify(brokerKey: ledger.key.publicKey)
            #expect(check.fault == nil, "\(copy): \(check.fault ?? "")")
            let isOrdered = store.head.position == 11
            ordered += isOrdered ? 1 : 0
            #expect(try files(in: copy).isEmpty == isOrdered, "\(copy)")
            #expect(check.redacted == (isOrdered ? 1 : 0))
        }
        #expect(ordered > 0 && ordered < killer.copies.count)
    }

    @Test("of many records of many sizes, some redacted in any order, no byte stays in any page")
    func many() throws {
        var generator = SystemRandomNumberGenerator()
        var lines: [Line] = []
        for _ in 0..<60 {
            let text = secret + String(repeating: "x", count: Int.random(in: 0...9000, using: &generator)) + secret
            lines += try ledger.bif.lines(1, text: text, policy: "lgbti")
        }
        let plain = try ledger.bif.lines(60, text: "plain")
        try ledger.store.commit(at: morning + 4) { transaction in
            try ledger.bif.append(lines + plain, to: transaction)
        }
        for line in lines.shuffled(using: &generator) {
            let order = try ledger.bif.order(on: line)
            try ledger.store.commit(at: morning + 5) { try ledger.bif.append([order], to: $0) }
        }
        try ledger.store.scrub()
        #expect(try files(in: ledger.folder.path) == [])
        #expect(try ledger.verify().redacted == 60)
    }
}
