import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("Redaction in logs and copies")
struct LogRedactionTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ path: String? = nil) throws -> PublisherLog {
        try PublisherLog(folder: path ?? folder.path, publisher: "BIF", synthetic: false, create: true)
    }

    /// A log with three notes, the second of which says too much.
    func slip() throws -> (log: PublisherLog, lines: [Line]) {
        let log = try open()
        let drafts = [
            PublisherLogTests.draft("a"), PublisherLogTests.draft("b", text: secret), PublisherLogTests.draft("c"),
        ]
        return (log, try log.append(at: morning) { _ in drafts })
    }

    @Test("a publisher's own order takes the body in the transaction that appends it; the line is sent without")
    func own() throws {
        let (log, lines) = try slip()
        let order = try log.append(at: morning) { _ in [try .order(on: lines[1])] }
        #expect(try log.scrub())
        #expect(try files(in: folder.path) == [])
        #expect(try log.lines(after: 0) == [lines[0], lines[1].redacted, lines[2]] + order)
        #expect(try open().look { try $0.latest(RecordKind("x-note"), "b") } == lines[1].redacted)
        #expect(try log.look { try $0.line(withHash: lines[1].hash)?.name } == lines[1].name)
        #expect(try log.head().seq == 4)
    }

    @Test("the coordinator's order takes the body when it comes; what comes twice, or is another's, changes nothing")
    func foreign() throws {
        let (log, lines) = try slip()
        var (coordinator, buf) = (try Publisher("coordinator", seed: 4), try Publisher("BUF", seed: 3))
        let other = try buf.order(on: lines[1])
        let order = try coordinator.order(on: lines[1], role: .coordinator)
        let absent = try coordinator.order(on: lines[1], role: .coordinator) { $0.record.seq = 99 }
        try log.carryOut(ordersIn: [other, absent])
        #expect(try log.lines(after: 0) == lines)
        for _ in 0..<2 {
            try log.carryOut(ordersIn: [order])
            #expect(try log.scrub())
            #expect(try log.lines(after: 0)[1] == lines[1].redacted)
        }
        #expect(try files(in: folder.path) == [])
    }

    @Test("the broker's words on a refused record go with it, whichever comes first", arguments: [false, true])
    func deadLetter(isLater: Bool) throws {
        let (log, lines) = try slip()
        let refused = RefusedLine(seq: 2, rule: "status.about", text: "“\(secret)” is no id")
        if !isLater { try log.acknowledge(2, refused: [refused]) }
        _ = try log.append(at: morning) { _ in [try .order(on: lines[1])] }
        if isLater { try log.acknowledge(2, refused: [refused]) }
        #expect(try log.scrub())
        #expect(try files(in: folder.path) == [])
        #expect(try log.deadLetters() == [RefusedLine(seq: 2, rule: "status.about", text: "")])
    }

    @Test("the private store forgets the true value and the draft that the record was; a later draft stays")
    func hidden() throws {
        let (log, lines) = try slip()
        let store = try PrivateStore(folder: folder.path)
        func draft(_ text: String) -> PrivateStore.Draft {
            PrivateStore.Draft(
                followUp: "lgbti/2019", kind: "x-note", id: "b", at: "2026-11-23T08:15:00Z",
                entry: Array("{\"text\":\"\(text)\"}".utf8))
        }
        try store.keep([draft(secret + " før"), draft(secret)])
        let kept = try #require(try store.drafts(log).last)
        // Ended before what was handed in was removed.
        try store.prepare(
            [
                .init(seq: 2, id: "b", value: Array("{\"value\":\"\(secret)\"}".utf8)),
                .init(seq: 3, id: "c", value: [1]),
            ],
            [.init(draft: kept, seq: 2)], log: log.log)
        try store.keep([draft("rettet")])
        _ = try log.append(at: morning) { _ in [try .order(on: lines[1])] }
        #expect(try log.scrub())
        #expect(try files(in: folder.path) == [])
        #expect(try store.trueValue(of: "b", log: log.log, upTo: 9) == nil)
        #expect(try store.trueValue(of: "c", log: log.log, upTo: 9)?.value == [1])
        #expect(try store.drafts(log).map { String(decoding: $0.entry, as: UTF8.self) } == [#"{"text":"rettet"}"#])
    }

    @Test("killed before each statement: a log holds the order and no body, or the body and no order")
    func killed() throws {
        let (log, lines) = try slip()
        let killer = try Killer(folder.path + "/log.sqlite")
        try killer.run(log.database) {
            _ = try log.append(at: morning) { _ in [try .order(on: lines[1])] }
            try log.scrub()
        }
        #expect(killer.copies.count > 8)
        var ordered = 0
        for copy in killer.copies {
            let log = try open(copy)
            let isOrdered = try log.head().seq == 4
            ordered += isOrdered ? 1 : 0
            #expect(try log.lines(after: 0)[1].isRedacted == isOrdered)
            #expect(try log.scrub())
            #expect(try files(in: copy).isEmpty == isOrdered, "\(copy)")
        }
        #expect(ordered > 0 && ordered < killer.copies.count)
    }

    @Test("a log of the version before carries out what it ordered")
    func upgraded() throws {
        let (log, lines) = try slip()
        _ = try log.append(at: morning) { _ in [try .order(on: lines[1])] }
        try alter(
            folder.path + "/log.sqlite",
            "UPDATE line SET line = x'\(hexText(lines[1].bytes))' WHERE seq = 2; DROP TABLE redacted; PRAGMA user_version=1"
        )
        let again = try open()
        #expect(try again.lines(after: 0)[1] == lines[1].redacted)
        #expect(try again.scrub())
        #expect(try files(in: folder.path) == [])
    }

    @Test("a record cannot be made without a body")
    func empty() throws {
        let log = try open()
        let draft = PublisherLog.Draft(
            kind: RecordKind("x-note"), id: "a", policy: nil, by: Author(role: "node"), body: [])
        #expect(throws: Fault.self) { try log.append(at: morning) { _ in [draft] } }
        #expect(try log.head() == .empty)
    }

    // MARK: Copies

    /// Positions 10 and 11: BIF says too much, the coordinator gives the order.
    func ledger() throws -> (ledger: SmallLedger, before: [DeliveredLine], order: DeliveredLine) {
        let ledger = try SmallLedger()
        var coordinator = try Publisher("coordinator", seed: 4)
        let line = try ledger.bif.lines(1, text: secret, policy: "lgbti")
        try ledger.store.commit(at: morning + 4) { try ledger.bif.append(line, to: $0) }
        let before = try ledger.store.read(after: 0, filter: nil).lines
        let order = try coordinator.order(on: line[0], role: .coordinator)
        try ledger.store.commit(at: morning + 5) { try coordinator.append([order], to: $0) }
        return (ledger, before, try #require(try ledger.store.read(after: 10, filter: nil).lines.first))
    }

    @Test("a copy in a file of its own drops the body in the transaction that keeps the order; roots go on")
    func replica() throws {
        let (_, before, order) = try ledger()
        let replica = try Replica(folder: folder.path, create: true)
        try replica.store(before, upTo: 10)
        #expect(try files(in: folder.path) != [])
        let killer = try Killer(folder.path + "/replica.sqlite")
        try killer.run(replica.database) {
            try replica.store([order], upTo: 11)
            try replica.scrub()
        }
        #expect(try files(in: folder.path) == [])
        #expect(try replica.orders() == [order.line])
        var lines: [DeliveredLine] = []
        try replica.forEach { lines.append($0) }
        #expect(lines[9].line == before[9].line.redacted && lines[9].root == before[9].root)
        for copy in killer.copies {
            let replica = try Replica(folder: copy, create: false)
            let isOrdered = try replica.position() == 11
            #expect(try replica.scrub())
            #expect(try files(in: copy).isEmpty == isOrdered, "\(copy)")
        }
    }

    @Test("a late joiner gets the line without its body, and its roots follow")
    func lateJoiner() throws {
        let (ledger, _, _) = try ledger()
        let replica = try Replica(folder: folder.path, create: true)
        try replica.store(try ledger.store.read(after: 0, filter: nil).lines, upTo: 11)
        #expect(try replica.position() == 11)
        #expect(try files(in: folder.path) == [])
    }

    @Test("a copy in a log's file drops the body, and so does the log where the record is its own")
    func inLog() throws {
        let (log, lines) = try slip()
        let replica = try Replica(in: log)
        let (_, before, order) = try ledger()
        var coordinator = try Publisher("coordinator", seed: 5)
        let onOwn = DeliveredLine(
            position: 12, received: "t", root: nil, line: try coordinator.order(on: lines[1], role: .coordinator))
        let filtered = (before + [order]).map {
            DeliveredLine(position: $0.position, received: $0.received, root: nil, line: $0.line)
        }
        _ = try log.append(at: morning, keeping: filtered, upTo: 11, in: replica) { _ in [] }
        #expect(try replica.scrub() && log.scrub())
        #expect(try files(in: folder.path) == ["log.sqlite"], "its own record is still there")
        _ = try log.append(at: morning, keeping: [onOwn], upTo: 12, in: replica) { _ in [] }
        #expect(try replica.scrub() && log.scrub())
        #expect(try files(in: folder.path) == [])
        #expect(try log.lines(after: 0)[1].isRedacted)
    }

    @Test("what was ordered on this machine while the broker is away goes from a copy at once, and stays gone")
    func ahead() throws {
        let (_, before, order) = try ledger()
        let replica = try Replica(folder: folder.path, create: true)
        try replica.store(before, upTo: 10)
        try replica.dropBody(of: before[9].line.envelope)
        #expect(try replica.scrub())
        #expect(try files(in: folder.path) == [])
        try replica.store([order], upTo: 11)
        #expect(try replica.position() == 11)
        // The other way: orders of a node's own log, on its answers that it follows back.
        let path = folder.path + "/other"
        let other = try Replica(folder: path, create: true)
        try other.store(before, upTo: 10)
        try other.carryOut(ordersIn: [order.line])
        #expect(try other.scrub())
        #expect(try files(in: path) == [])
    }

    @Test("an order that comes when a copy was set aside takes the body from that too")
    func fromAside() throws {
        let (_, before, order) = try ledger()
        let replica = try Replica(folder: folder.path, create: true)
        try replica.store(before, upTo: 10)
        _ = try replica.setAside(at: morning)
        #expect(try files(in: folder.path) != [])
        try replica.store(before + [order], upTo: 11)
        #expect(try replica.scrub())
        #expect(try files(in: folder.path) == [])
    }

    @Test("a copy of the version before carries out the orders that stand in it")
    func upgradedCopy() throws {
        let (_, before, order) = try ledger()
        let replica = try Replica(folder: folder.path, create: true)
        try replica.store(before + [order], upTo: 11)
        try alter(
            folder.path + "/replica.sqlite",
            "UPDATE line SET line = x'\(hexText(before[9].line.bytes))' WHERE position = 10; PRAGMA user_version=1")
        let again = try Replica(folder: folder.path, create: false)
        #expect(try again.scrub())
        #expect(try files(in: folder.path) == [])
    }

    // MARK: What remains

    /// An approval whose comment says too much, and the order on it.
    private func approval() throws -> (log: PublisherLog, line: Line, order: Line, remains: Approval) {
        let log = try open()
        let body = Approval(
            followUp: "lgbti/2019", forvaltning: "BIF",
            records: [RecordName(publisher: "BIF", log: log.log, seq: 1)], comment: LocalizedText(da: secret))
        let line = try log.append(at: morning) { _ in [try .init(body, by: Author(role: "officer"))] }[0]
        var coordinator = try Publisher("coordinator", seed: 4)
        let order = try coordinator.order(on: line, role: .coordinator) { $0.remains = Redaction.Remains(of: line) }
        var remains = body
        remains.comment = nil
        return (log, line, order, remains)
    }

    @Test("what remains of a record is read in its place: in a log, in a copy, ordered at once or when the order comes")
    func remains() throws {
        let (log, line, order, remains) = try approval()
        func delivered(_ position: Int64, _ line: Line) -> DeliveredLine {
            DeliveredLine(position: position, received: "t", root: nil, line: line)
        }
        func approvals(_ replica: Replica, upTo limit: Int64? = nil) throws -> [Approval] {
            var found: [Approval] = []
            try replica.forEach(upTo: limit) {
                if $0.line.kind == .approval { found.append(try $0.line.decode(Approval.self)) }
            }
            return found
        }
        let copies = try ["ahead", "bare", "both"].map { try Replica(folder: folder.path + "/" + $0, create: true) }
        // Ordered on this machine before the order comes; come without its body; and dropped when the order comes.
        try copies[0].store([delivered(1, line)], upTo: 1)
        try copies[0].dropBody(of: line.envelope)
        #expect(try approvals(copies[0]) == [remains])
        try copies[0].store([delivered(2, order)], upTo: 2)
        try copies[1].store([delivered(1, line.redacted)], upTo: 1)
        #expect(throws: Violation.self) { try approvals(copies[1]) }
        try copies[1].store([delivered(2, order)], upTo: 2)
        try copies[2].store([delivered(1, line), delivered(2, order)], upTo: 2)
        for copy in copies {
            #expect(try approvals(copy) == [remains] && approvals(copy, upTo: 1) == [remains])
            #expect(try copy.scrub())
        }
        let inLog = try Replica(in: log)
        _ = try log.append(at: morning, keeping: [delivered(1, line), delivered(2, order)], upTo: 2, in: inLog) { _ in
            []
        }
        #expect(try approvals(inLog) == [remains])
        for log in [log, try open()] {
            let lines = try log.look { [try $0.line(1), try $0.latest(.approval, line.envelope.id)] }
            #expect(try lines.compactMap { try $0?.decode(Approval.self) } == [remains, remains])
            #expect(try log.lines(after: 0) == [line.redacted], "what is sent is the line without its body")
            #expect(try log.scrub() && inLog.scrub())
        }
        #expect(try files(in: folder.path) == [])
    }

    @Test("an order that says of a record in the ledger what it does not say is refused")
    func untrue() throws {
        let ledger = try SmallLedger()
        var coordinator = try Publisher("coordinator", seed: 4)
        let body = Approval(
            followUp: "lgbti/2019", forvaltning: "BIF",
            records: [RecordName(publisher: "BIF", log: ledger.bif.log, seq: 1)], comment: LocalizedText(da: secret))
        let line = try ledger.bif.head.next(
            publisher: "BIF", log: ledger.bif.log, at: "2026-11-23T08:15:00Z", by: Author(role: "officer"),
            kind: .approval, id: body.identity, policy: body.policyID, body: try encodeBody(body), synthetic: false)
        ledger.bif.head.advance(over: line)
        try ledger.store.commit(at: morning + 4) { try ledger.bif.append([line], to: $0) }
        let order = try coordinator.order(on: line, role: .coordinator) { $0.remains = Redaction.Remains(of: line) }
        let lie = try coordinator.order(on: line, role: .coordinator) {
            $0.remains = .approval(
                Approval(
                    followUp: "lgbti/2019", forvaltning: "BIF",
                    records: [RecordName(publisher: "BIF", log: ledger.bif.log, seq: 2)]))
        }
        try ledger.store.commit(at: morning + 5) { transaction in
            #expect(try transaction.violation(of: order) == nil)
            #expect(try transaction.violation(of: lie)?.rule == "redaction.remains")
            try coordinator.append([order], to: transaction)
        }
    }
}
