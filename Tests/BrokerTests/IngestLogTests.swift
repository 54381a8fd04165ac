import PolicyModel
import Testing
import Wire

@testable import Broker
@testable import Ledger

@Suite("Ingest: logs that are behind, other, or forked")
struct IngestLogTests {
    var rig = IngestRig()
    var bif = Sender()
    /// BIF/1 … BIF/5, all durable.
    let lines: [Line]

    init() throws {
        rig.ingest.enrol(bif.enrolment)
        let token = try rig.greet(bif)
        lines = try bif.lines(5)
        try rig.commit(try rig.take(bif, try bif.publish(lines, token: token), Batch.body(of: lines)).appends)
        _ = rig.acks()
    }

    /// BIF as it was after its first `seq` records.
    func restored(to seq: Int) -> Sender {
        var old = bif
        old.head = seq == 0 ? .empty : ChainHead(seq: Int64(seq), hash: lines[seq - 1].hash)
        return old
    }

    @Test(
        "a log that is behind is welcome wherever its head is in the history, and told how far the ledger is",
        arguments: 0...4)
    mutating func behind(seq: Int) throws {
        let old = restored(to: seq)
        let welcome = try #require(try rig.take(old, old.hello(), peer: [2]).only)
        #expect(welcome.type == .welcome, "\(welcome.text ?? "")")
        #expect((welcome.seq, welcome.hash) == (5, bif.head.hash))
        var fetch = Header(.fetch, token: welcome.token)
        fetch.seq = Int64(seq)
        #expect(try rig.take(old, fetch, peer: [2]).fetch == Int64(seq))
        #expect(rig.ingest.quarantines.isEmpty)
    }

    @Test(
        "a fork at hello is kept with both hashes, and the key is quarantined until an operator's word",
        arguments: 1...5)
    mutating func forkAtHello(seq: Int) throws {
        var fork = restored(to: seq - 1)
        let other = try fork.line(kind: .milestone, id: "lgbti/bif/x/y", body: "{}")
        let answer = try rig.take(fork, fork.hello { $0.incarnation = "i" }, peer: [2])
        #expect(answer.headers.map(\.rule) == ["log.diverged"])
        #expect(answer.headers.first?.final == true)
        let audit = try #require(answer.kept.first)
        #expect((audit.event, audit.publisher) == (.fork, "BIF"))
        #expect(audit.log == Audit.End(log: bif.log, seq: Int64(seq), hash: other.hash.hex))
        #expect(audit.held == lines[seq - 1].hash.hex)
        #expect(audit.curveKey == bif.curveKey)
        #expect(rig.ingest.sessions.isEmpty, "the session before has the same key")
        // Right or wrong, that key waits now; and says so each time without filling the ledger.
        for hello in [bif.hello(), fork.hello()] {
            let held = try rig.take(bif, hello, peer: [3])
            #expect((held.only?.rule, held.only?.final) == ("key.quarantined", false))
            #expect(held.only?.text?.contains("pejling ledger admit-log BIF") == true)
            #expect(held.kept.isEmpty)
        }
        rig.ingest.admitted(try #require(rig.durable["BIF"]), of: "BIF")
        #expect(try rig.take(bif, bif.hello(), peer: [3]).only?.type == .welcome)
    }

    @Test(
        "a fork in a batch that was acknowledged before is kept with its signature; a good duplicate is only acknowledged"
    )
    mutating func forkInBatch() throws {
        let token = try rig.greet(bif)
        #expect(try rig.take(bif, try bif.publish([lines[1]], token: token), lines[1].bytes).headers.isEmpty)
        #expect(rig.acks().map(\.seq) == [5])
        var fork = restored(to: 2)
        let other = try fork.line(kind: .milestone, id: "lgbti/bif/x/y", body: "{}")
        let publish = try fork.publish([other], token: token)
        let answer = try rig.take(fork, publish, other.bytes)
        #expect(answer.headers.map(\.rule) == ["chain.fork"])
        let audit = try #require(answer.kept.first)
        #expect((audit.held, audit.log.hash) == (lines[2].hash.hex, other.hash.hex))
        #expect((audit.signature, audit.keyID) == (publish.signature, publish.keyID))
        #expect(rig.ingest.sessions.isEmpty)
        #expect(rig.stored == lines)
        #expect(try rig.take(bif, bif.hello()).rule == "key.quarantined")
    }

    @Test(
        "a batch that begins before what is acknowledged and tells that otherwise is a fork: kept, quarantined, counted"
    )
    mutating func forkInOverlap() throws {
        var token = try rig.greet(bif)
        // What overlaps and says the same is taken.
        #expect(
            try rig.take(bif, try bif.publish(Array(lines[3...]), token: token), Batch.body(of: Array(lines[3...])))
                .headers.isEmpty)
        var fork = restored(to: lines.count - 1)
        let others = try [fork.line(kind: .milestone, id: "lgbti/bif/x/y", body: "{}"), fork.line()]
        let answer = try rig.take(fork, try fork.publish(others, token: token), Batch.body(of: others))
        #expect(answer.headers.map(\.rule) == ["chain.fork"])
        let audit = try #require(answer.kept.first)
        #expect((audit.held, audit.log.hash) == (lines.last?.hash.hex, others[0].hash.hex))
        #expect(audit.log.seq == Int64(lines.count))
        #expect(answer.appends.isEmpty && rig.stored == lines)
        #expect(rig.ingest.traffic["BIF"]?.nacks == 1)
        #expect(try rig.take(bif, bif.hello()).rule == "key.quarantined")
        // Another's record in that place is no evidence of anything: it is refused for what it is.
        rig.ingest.admitted(try #require(rig.durable["BIF"]), of: "BIF")
        token = try rig.greet(bif)
        fork = restored(to: lines.count - 1)
        let foreign = try [fork.line(publisher: "BUF"), fork.line()]
        let refused = try rig.take(fork, try fork.publish(foreign, token: token), Batch.body(of: foreign))
        #expect(refused.kept.isEmpty && refused.headers.first?.type == .nack)
    }

    @Test("a signature that is not good is not kept as proof")
    mutating func badProof() throws {
        let token = try rig.greet(bif)
        var fork = restored(to: 2)
        let other = try fork.line(kind: .milestone, id: "lgbti/bif/x/y", body: "{}")
        let publish = try fork.publish([other], token: token) { $0.signature = String(repeating: "0", count: 128) }
        let audit = try #require(try rig.take(fork, publish, other.bytes).kept.first)
        #expect(audit.signature == nil && audit.keyID == nil)
    }

    @Test(
        "another log waits, is listed, and is heard from its start after an operator's word; the first one after another"
    )
    mutating func otherLog() throws {
        let rebuilt = Sender("BIF", log: String(repeating: "c", count: 32))
        func hello(_ sender: Sender) throws -> IngestRig.Answer {
            try rig.take(bif, sender.hello { $0.seq = 3 }, peer: [2])
        }
        let reject = try #require(try hello(rebuilt).only)
        #expect((reject.rule, reject.final) == ("log.pending", false))
        #expect(reject.text?.contains("pejling ledger admit-log BIF \(rebuilt.log)") == true)
        #expect(rig.ingest.pendingLogs["BIF"]?.log == rebuilt.log)
        #expect(rig.ingest.pendingLogs["BIF"]?.seq == 3)
        let before = try #require(rig.durable["BIF"])
        let empty = LedgerStore.PublisherHead(log: rebuilt.log, head: .empty)
        rig.durable["BIF"] = empty
        rig.ingest.admitted(empty, of: "BIF")
        #expect(rig.ingest.pendingLogs.isEmpty)
        #expect(try hello(rebuilt).only?.seq == 0)
        #expect(try rig.take(bif, bif.hello(), peer: [3]).rule == "log.pending")
        rig.durable["BIF"] = before
        rig.ingest.admitted(before, of: "BIF")
        #expect(try rig.take(bif, bif.hello(), peer: [3]).only?.seq == 5)
    }

    @Test("another key of the publisher is not held to a quarantine")
    mutating func otherKey() throws {
        var fork = restored(to: 2)
        _ = try fork.line(kind: .milestone, id: "lgbti/bif/x/y", body: "{}")
        #expect(try rig.take(fork, fork.hello()).rule == "log.diverged")
        let renewed = Enrolment(
            publisher: "BIF", role: .node, curveKey: "another", signKey: bif.signing.publicKey.hex, admittedBy: "test")
        rig.ingest.enrol(renewed)
        #expect(try rig.take(bif, bif.hello(), key: "another").only?.type == .welcome)
    }

    @Test("a quarantine that stands in the ledger holds after a restart of the broker")
    mutating func restarted() throws {
        rig.ingest.quarantine(
            Audit(
                .fork, of: "BIF", log: Audit.End(log: bif.log, seq: 3, hash: Hash.zero.hex),
                held: lines[2].hash.hex, curveKey: bif.curveKey))
        #expect(try rig.take(bif, bif.hello()).rule == "key.quarantined")
    }

    @Test("a ledger that cannot say what a record was refuses, and quarantines nobody")
    mutating func unknownHistory() throws {
        let old = restored(to: 2)
        let hello = old.hello { $0.log = bif.log }
        rig.durable["BIF"] = .init(log: String(repeating: "f", count: 32), head: bif.head)
        let reject = try #require(try rig.take(old, hello, peer: [2]).only)
        #expect((reject.rule, reject.final) == ("log.behind", true))
        #expect(rig.ingest.quarantines.isEmpty)
    }
}
