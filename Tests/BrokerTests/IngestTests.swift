import Foundation
import PolicyModel
import Testing
import Wire

@testable import Broker
@testable import Ledger

@Suite("Ingest: hello and publish")
struct IngestTests {
    var rig = IngestRig()
    var bif = Sender()

    init() { rig.ingest.enrol(bif.enrolment) }

    struct HelloFault: Sendable, CustomTestStringConvertible {
        let rule: String
        let final: Bool
        let change: @Sendable (inout Header) -> Void
        var testDescription: String { rule }
    }

    @Test(
        "a hello that cannot stand is rejected by rule, in words, and says whether to try again",
        arguments: [
            HelloFault(rule: "hello.version", final: true) { $0.versions = [2, 3] },
            HelloFault(rule: "hello.version", final: true) { $0.versions = [0, 0] },
            HelloFault(rule: "hello.version", final: true) { $0.versions = [2, 1] },
            HelloFault(rule: "hello.version", final: true) { $0.versions = [1] },
            HelloFault(rule: "hello.version", final: true) { $0.versions = nil },
            HelloFault(rule: "hello.publisher", final: true) { $0.publisher = "BUF" },
            HelloFault(rule: "hello.publisher", final: true) { $0.publisher = nil },
            HelloFault(rule: "hello.superseded", final: true) { $0.incarnation = "the one before" },
            HelloFault(rule: "hello.superseded", final: true) { $0.incarnation = nil },
            HelloFault(rule: "hello.fields", final: true) { $0.log = nil },
            HelloFault(rule: "hello.fields", final: true) { $0.log = "abc" },
            HelloFault(rule: "hello.fields", final: true) { $0.seq = -1 },
            HelloFault(rule: "hello.fields", final: true) { $0.hash = nil },
            HelloFault(rule: "log.pending", final: false) { $0.log = String(repeating: "b", count: 32) },
        ])
    mutating func hellos(fault: HelloFault) throws {
        let token = try rig.greet(bif)
        let lines = try bif.lines(3)
        try rig.commit(try rig.take(bif, try bif.publish(lines, token: token), Batch.body(of: lines)).appends)
        rig.ingest.expect("this one", of: "BIF", kinds: ["funding"])
        let good = bif.hello { $0.incarnation = "this one" }
        var bad = good
        fault.change(&bad)
        let reject = try #require(try rig.take(bif, bad, peer: [2]).only)
        #expect(reject.type == .reject)
        #expect(reject.rule == fault.rule)
        #expect(reject.final == fault.final)
        #expect(reject.text?.isEmpty == false)
        #expect(rig.ingest.sessions[[2]] == nil)
        #expect(try rig.take(bif, good, peer: [2]).only?.type == .welcome)
    }

    @Test("an unknown key is told to try again, whatever it says")
    mutating func unknownKey() throws {
        for key in [nil, "", "another key"] as [String?] {
            let reject = try #require(try rig.take(bytes: bif.hello().encoded(), key: key).only)
            #expect(reject.rule == "key.unknown")
            #expect(reject.final == false)
        }
        #expect(rig.ingest.sessions.isEmpty)
    }

    @Test("the welcome says where the ledger stands and whether it is synthetic")
    mutating func welcome() throws {
        rig.position = 17
        let welcome = try #require(try rig.take(bif, bif.hello()).only)
        #expect(welcome.type == .welcome)
        #expect(welcome.position == 17)
        #expect((welcome.seq, welcome.hash, welcome.synthetic) == (0, .zero, false))
        #expect(welcome.log == bif.log)
        // A log that is ahead of the ledger is welcome at the ledger's head.
        let lines = try bif.lines(2)
        try rig.commit(
            try rig.take(bif, try bif.publish(lines, token: "token 1"), Batch.body(of: lines)).appends)
        _ = try bif.lines(3)
        #expect(try rig.take(bif, bif.hello()).only?.seq == 2)
    }

    @Test("a newer hello takes the session: the token before is dropped")
    mutating func oldToken() throws {
        let old = try rig.greet(bif, peer: [1])
        let new = try rig.greet(bif, peer: [2])
        #expect(old != new)
        let lines = try bif.lines(1)
        let publish = try bif.publish(lines, token: old)
        for peer in [[1], [2]] as [[UInt8]] {
            let reject = try #require(try rig.take(bif, publish, Batch.body(of: lines), peer: peer).only)
            #expect(reject.rule == "session.unknown")
            #expect(reject.final == false)
        }
        #expect(rig.ingest.sessions.count == 1)
        #expect((rig.ingest.strays, rig.ingest.dropped) == (2, 0))
        #expect(try rig.take(bif, Header(.ping, token: new), peer: [2]).only?.type == .pong)
    }

    @Test("what nobody read is nobody's silence")
    mutating func paused() throws {
        _ = try rig.greet(bif)
        rig.ingest.paused(for: .seconds(6))
        #expect(rig.ingest.sessions[[1]]?.lastHeard == .seconds(6))
    }

    @Test("a key changed while connected ends the session; another's key cannot use its token")
    mutating func changedKey() throws {
        let buf = Sender("BUF", log: String(repeating: "b", count: 32))
        rig.ingest.enrol(buf.enrolment)
        let token = try rig.greet(bif)
        let foreign = try #require(try rig.take(buf, Header(.ping, token: token)).only)
        #expect(foreign.rule == "key.changed")
        #expect(rig.ingest.sessions.isEmpty)
        _ = try rig.greet(bif)
        rig.ingest.enrol(Sender("BIF").enrolment)
        #expect(rig.ingest.sessions.isEmpty)
    }

    @Test("a key revoked while connected: its next message is refused for good, whatever it is, and nothing is stored")
    mutating func revokedKey() throws {
        let token = try rig.greet(bif)
        var word = bif.enrolment
        word.revoked = .init(by: "operator", reason: "stjålet")
        rig.ingest.enrol(word)
        #expect(rig.ingest.sessions.isEmpty)
        let lines = try bif.lines(2)
        let publish = try bif.publish(lines, token: token)
        for (header, body) in [(publish, Batch.body(of: lines)), (Header(.ping, token: token), []), (bif.hello(), [])] {
            let reject = try #require(try rig.take(bif, header, body).only)
            #expect(reject.type == .reject && reject.rule == "key.revoked" && reject.final == true)
            #expect(reject.text?.contains("stjålet") == true)
        }
        rig.ingest.enrol(bif.enrolment)
        bif.head = .empty
        _ = try rig.greet(bif)
    }

    @Test("messages that are none, or not for the broker, are rejected and counted")
    mutating func noMessages() throws {
        let token = try rig.greet(bif)
        for bytes in ["", "{}", "{\"v\":1,\"type\":\"dance\"}", String(repeating: "x", count: 5000)] {
            let answer = try rig.take(bytes: Array(bytes.utf8), key: bif.curveKey)
            #expect(answer.only?.type == .reject)
            #expect(answer.only?.final == true)
        }
        for kind in [Header.Kind.welcome, .ack, .nack, .pong, .deliver, .end, .reject, .drain] {
            #expect(try rig.take(bif, Header(kind, token: token)).rule == "header.type", "\(kind)")
        }
        #expect(rig.ingest.dropped == 12)
        #expect(try rig.take(bif, Header(.bye, token: token)).headers.isEmpty)
        #expect(rig.ingest.sessions.isEmpty)
    }

    @Test("a good batch is committed, acknowledged once, and again when it comes again")
    mutating func duplicates() throws {
        let token = try rig.greet(bif)
        let lines = try bif.lines(3)
        let publish = try bif.publish(lines, token: token)
        let first = try rig.take(bif, publish, Batch.body(of: lines))
        #expect(first.headers.isEmpty)
        #expect(rig.acks().isEmpty, "nothing is durable yet")
        try rig.commit(first.appends)
        let ack = try #require(rig.acks().first)
        #expect((ack.type, ack.seq, ack.hash, ack.log) == (.ack, 3, bif.head.hash, bif.log))
        #expect(ack.refusals == nil)
        #expect(rig.acks().isEmpty)
        let again = try rig.take(bif, publish, Batch.body(of: lines))
        #expect(again.appends.isEmpty && again.headers.isEmpty)
        #expect(rig.acks().first?.seq == 3)
        // A part of it that came before is acknowledged up to all that is durable.
        _ = try rig.take(bif, try bif.publish([lines[0]], token: token), lines[0].bytes)
        #expect(rig.acks().first?.seq == 3)
        #expect(rig.stored.count == 3)
    }

    @Test("an overlap stores only what is new")
    mutating func overlap() throws {
        let token = try rig.greet(bif)
        let lines = try bif.lines(4)
        let start = Array(lines[..<2])
        try rig.commit(try rig.take(bif, try bif.publish(start, token: token), Batch.body(of: start)).appends)
        let answer = try rig.take(bif, try bif.publish(lines, token: token), Batch.body(of: lines))
        #expect(answer.appends.first?.lines == Array(lines[2...]))
        try rig.commit(answer.appends)
        #expect(rig.stored == lines)
        #expect(rig.acks().first?.seq == 4)
    }

    @Test("two batches in one turn are both taken, and one ack covers both")
    mutating func twoInOneTurn() throws {
        let token = try rig.greet(bif)
        let (one, two) = (try bif.lines(2), try bif.lines(2))
        let first = try rig.take(bif, try bif.publish(one, token: token), Batch.body(of: one))
        let second = try rig.take(bif, try bif.publish(two, token: token), Batch.body(of: two))
        // The same again in that turn stores nothing and says nothing before its time.
        let again = try rig.take(bif, try bif.publish(one, token: token), Batch.body(of: one))
        #expect(again.appends.isEmpty && again.headers.isEmpty)
        try rig.commit(first.appends + second.appends)
        #expect(rig.stored == one + two)
        #expect(rig.acks().map(\.seq) == [4])
    }

    @Test("a gap is nacked once with the expected seq, then nothing is said until that comes")
    mutating func gap() throws {
        let token = try rig.greet(bif)
        let lines = try bif.lines(5)
        func send(_ line: Line) throws -> IngestRig.Answer {
            try rig.take(bif, try bif.publish([line], token: token), line.bytes)
        }
        try rig.commit(try send(lines[0]).appends)
        let nack = try #require(try send(lines[2]).only)
        #expect((nack.type, nack.rule, nack.seq, nack.log) == (.nack, "chain.gap", 2, bif.log))
        for line in lines[3...] {
            let silence = try send(line)
            #expect(silence.headers.isEmpty && silence.appends.isEmpty)
        }
        for line in lines[1...] { try rig.commit(try send(line).appends) }
        #expect(rig.stored == lines)
        let later = try bif.lines(3)
        #expect(try send(later[1]).rule == "chain.gap", "a new gap is said again")
        #expect(try send(later[2]).headers.isEmpty)
    }

    @Test("a commit that failed goes back to what is durable, tells each sender, and the same batch is taken again")
    mutating func failedCommit() throws {
        let token = try rig.greet(bif)
        var buf = Sender("BUF", log: String(repeating: "b", count: 32))
        rig.ingest.enrol(buf.enrolment)
        let bufToken = try rig.greet(buf, peer: [9])
        let durable = try bif.lines(1)
        try rig.commit(try rig.take(bif, try bif.publish(durable, token: token), durable[0].bytes).appends)
        _ = rig.acks()
        let (one, two, three) = (try bif.lines(2), try bif.lines(2), try buf.lines(1))
        let appends =
            try rig.take(bif, try bif.publish(one, token: token), Batch.body(of: one)).appends
            + rig.take(bif, try bif.publish(two, token: token), Batch.body(of: two)).appends
            + rig.take(buf, try buf.publish(three, token: bufToken), three[0].bytes, peer: [9]).appends
        #expect(appends.count == 3)
        let orders = rig.ingest.failed(appends, durable: rig.durable, StoreError(.full, "no space left"), now: .zero)
        var nacks: [String: Int64] = [:]
        for case .send(_, let header) in orders {
            #expect(header.type == .nack)
            #expect(header.rule == "storage.full")
            #expect(header.text == "no space left")
            nacks[header.token ?? ""] = header.seq
        }
        #expect(nacks == [token: 2, bufToken: 1])
        #expect(orders.count == 2, "one for each sender")
        #expect(rig.acks().isEmpty)
        let all = one + two
        try rig.commit(try rig.take(bif, try bif.publish(all, token: token), Batch.body(of: all)).appends)
        #expect(rig.stored == durable + all)
    }

    @Test("a publisher's wrong clock is counted, and changes nothing else: order, duplicates and acks go by seq")
    mutating func oddTimes() throws {
        let token = try rig.greet(bif)
        let times = [
            "2026-11-23T09:00:00Z", "2026-11-23T08:00:00.500Z", "2026-11-23T08:00:00Z", "2026-11-23T09:20:00Z",
            "2026-11-23T09:21:00.001Z", "2026-11-23T10:15:00Z",
        ]
        let lines = try times.map { try bif.line(at: $0) }
        // By the broker it is 9:15; what is over five minutes ahead of that, or behind what was said before, cannot be.
        for line in lines {
            try rig.commit(try rig.take(bif, try bif.publish([line], token: token), line.bytes).appends)
        }
        #expect(rig.ingest.traffic["BIF"]?.oddTimes == 3)
        #expect(rig.stored == lines)
        #expect(rig.acks().map(\.seq) == [6])
        _ = try rig.take(bif, try bif.publish([lines[5]], token: token), lines[5].bytes)
        #expect(rig.acks().map(\.seq) == [6])
        #expect((rig.ingest.traffic["BIF"]?.duplicates, rig.ingest.traffic["BIF"]?.oddTimes) == (1, 3))
    }

    @Test("what was stored, refused, sent again, out of order, refused whole or turned away is counted, each once")
    mutating func counted() throws {
        let token = try rig.greet(bif)
        let lines = try bif.lines(3)
        func counts() -> [Int64] {
            let traffic = rig.ingest.traffic["BIF"] ?? Traffic()
            return [
                traffic.records, traffic.refused, traffic.duplicates, traffic.gaps, traffic.nacks, traffic.storage,
            ]
        }
        func send(_ lines: [Line]) throws -> IngestRig.Answer {
            try rig.take(bif, try bif.publish(lines, token: token), Batch.body(of: lines))
        }
        try rig.commit(try send(Array(lines[..<2])).appends)
        #expect(counts() == [2, 0, 0, 0, 0, 0])
        _ = try send([lines[0]])
        #expect(counts() == [2, 0, 1, 0, 0, 0])
        let later = try bif.lines(1)
        _ = try send(later)
        _ = try send(later)
        #expect(counts() == [2, 0, 1, 1, 0, 0], "one nack for each gap")
        let appends = try send([lines[2]]).appends
        _ = rig.ingest.failed(appends, durable: rig.durable, StoreError(.full, "no space left"), now: .zero)
        #expect(counts() == [2, 0, 1, 1, 0, 1])
        let forged = try rig.take(
            bif, try bif.publish([lines[2]], token: token) { $0.signature = String(repeating: "0", count: 128) },
            Batch.body(of: [lines[2]]))
        #expect(forged.rule == "signature")
        #expect(counts() == [2, 0, 1, 1, 1, 1])
    }
}
