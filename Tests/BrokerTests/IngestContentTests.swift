import Foundation
import PolicyModel
import Testing
import Wire

@testable import Broker
@testable import Ledger

@Suite("Ingest: what a batch may hold, and the feed")
struct IngestContentTests {
    var rig = IngestRig()
    var bif = Sender()
    let token: String

    init() throws {
        rig.ingest.enrol(bif.enrolment)
        token = try rig.greet(bif)
    }

    mutating func send(_ lines: [Line], _ change: (inout Header) -> Void = { _ in }) throws -> IngestRig.Answer {
        try rig.take(bif, try bif.publish(lines, token: token, change), Batch.body(of: lines))
    }

    /// `answer` is one nack of `rule`, and the next good batch of the old chain is taken all the same.
    mutating func expectNack(
        _ answer: IngestRig.Answer, _ rule: String, line: Int?, before: ChainHead,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let nack = try #require(answer.only, sourceLocation: location)
        #expect(nack.type == .nack, sourceLocation: location)
        #expect(nack.rule == rule, sourceLocation: location)
        #expect(nack.line == line, sourceLocation: location)
        #expect(nack.seq == before.seq + 1, sourceLocation: location)
        bif.head = before
        let good = try bif.lines(1)
        let taken = try send(good)
        try #require(taken.appends.count == 1, sourceLocation: location)
        try rig.commit(taken.appends)
        #expect(rig.acks().first?.seq == before.seq + 1, sourceLocation: location)
    }

    @Test("a line of another publisher condemns the batch, and nothing is stored under another's name")
    mutating func forged() throws {
        let before = bif.head
        let lines = [try bif.line(), try bif.line(publisher: "BUF")]
        try expectNack(try send(lines), "envelope.publisher", line: 2, before: before)
        #expect(rig.stored.allSatisfy { $0.envelope.publisher == "BIF" })
    }

    @Test("a kind that is not its role's, or not its manifest's, condemns the batch")
    mutating func foreignKind() throws {
        let before = bif.head
        let lines = [try bif.line(), try bif.line(), try bif.line(kind: .policy)]
        try expectNack(try send(lines), "kind.foreign", line: 3, before: before)
        rig.ingest.expect("x", of: "BIF", kinds: ["funding"])
        let again = bif.head
        let status = [try bif.line(kind: .status)]
        try expectNack(try send(status), "kind.foreign", line: 1, before: again)
    }

    @Test("example data for a real ledger condemns the batch, and real for an example one")
    mutating func synthetic() throws {
        let before = bif.head
        bif.isSynthetic = true
        let lines = [try bif.line()]
        bif.isSynthetic = false
        try expectNack(try send(lines), "synthetic", line: 1, before: before)
        rig.isSynthetic = true
        let nack = try send([try bif.line()])
        #expect(nack.rule == "synthetic")
        #expect(nack.only?.text?.contains("real data sent to an example ledger") == true)
    }

    @Test("a line without its body is taken; one of a kind that nothing stands without is refused")
    mutating func bare() throws {
        let lines = [try bif.line().redacted, try bif.line(kind: .handin).redacted, try bif.line()]
        let answer = try send(lines)
        let append = try #require(answer.appends.first)
        #expect(append.lines == lines)
        #expect(append.refused.mapValues(\.rule) == [1: "redaction.kind"])
        try rig.commit(answer.appends)
        #expect(rig.acks().first?.refusals?.map(\.seq) == [2])
    }

    @Test("an order is its publisher's own to give, or the coordinator's, and on what may go")
    mutating func orders() throws {
        func order(_ record: Line, _ kind: RecordKind) throws -> Redaction {
            Redaction(
                record: record.name, redacted: kind, id: record.envelope.id, policy: "lgbti",
                bodyHash: record.envelope.bodyHash.hex, reason: LocalizedText(da: "Et navn"), decision: "DPO")
        }
        func line(_ sender: inout Sender, _ order: Redaction) throws -> Line {
            try sender.line(
                kind: .redaction, id: order.identity, body: String(decoding: encodeBody(order), as: UTF8.self),
                by: Author(role: sender.role.rawValue))
        }
        var (buf, coordinator) = (Sender("BUF"), Sender("coordinator", role: .coordinator))
        let (own, foreign) = (try bif.line(), try buf.line())
        let lines = [
            own, try line(&bif, order(own, .funding)), try line(&bif, order(foreign, .funding)),
            try line(&bif, order(own, .handin)),
        ]
        let append = try #require(try send(lines).appends.first)
        #expect(append.refused.mapValues(\.rule) == [2: "redaction.owner", 3: "redaction.kind"])
        rig.ingest.enrol(coordinator.enrolment)
        let token = try rig.greet(coordinator, peer: [2])
        let batch = [try line(&coordinator, order(own, .funding)), try line(&coordinator, order(foreign, .funding))]
        let answer = try rig.take(
            coordinator, try coordinator.publish(batch, token: token), Batch.body(of: batch), peer: [2])
        #expect(answer.appends.first?.refused.isEmpty == true)
    }

    @Test(
        "a header that does not fit its lines condemns the batch",
        arguments: [
            ("signature", "signature"), ("other key", "signature"), ("count", "publish.fields"),
            ("count and last", "batch.count"), ("hash", "publish.fields"), ("first", "publish.fields"),
            ("log", "publish.fields"), ("no hash", "publish.fields"), ("keyID", "signature"),
        ])
    mutating func headers(what: String, rule: String) throws {
        let before = bif.head
        let lines = try bif.lines(3)
        let stranger = SigningKey()
        let statement = BatchStatement(publisher: "BIF", log: bif.log, seq: 3, hash: bif.head.hash)
        let foreign = try stranger.sign(statement)
        let answer = try send(lines) { header in
            switch what {
            case "signature": header.signature = String(repeating: "0", count: 128)
            case "other key": header.signature = foreign
            case "count": header.count = 2
            case "count and last": (header.count, header.seq) = (4, 4)
            case "hash": header.hash = .zero
            case "first": header.firstSeq = 2
            case "log": header.log = String(repeating: "b", count: 32)
            case "no hash": header.hash = nil
            default: header.keyID = String(stranger.publicKey.hex.prefix(16))
            }
        }
        try expectNack(answer, rule, line: nil, before: before)
    }

    @Test("a broken chain or line inside the batch is named by its number")
    mutating func brokenLine() throws {
        let before = bif.head
        let lines = try bif.lines(3)
        var body = Batch.body(of: lines)
        body[lines[0].bytes.count + lines[1].bytes.count] ^= 1
        try expectNack(
            try rig.take(bif, try bif.publish(lines, token: token), body), "json.syntax", line: 2, before: before)
        let again = bif.head
        let some = try bif.lines(3)
        let hole = [some[0], some[2], some[2]]
        try expectNack(try send(hole) { $0.seq = $0.firstSeq.map { $0 + 2 } }, "chain.seq", line: 2, before: again)
    }

    @Test("the same seq with another hash is a fork: nacked, nothing stored")
    mutating func fork() throws {
        let before = bif.head
        let lines = try bif.lines(1)
        try rig.commit(try send(lines).appends)
        var other = bif
        other.head = before
        let forged = [try other.line(kind: RecordKind("x-other"))]
        let nack = try #require(try rig.take(bif, try other.publish(forged, token: token), forged[0].bytes).only)
        #expect(nack.rule == "chain.fork")
        #expect(rig.stored == lines)
    }

    @Test("content that is refused takes its place, is listed in the ack once, and the chain advances")
    mutating func refused() throws {
        let lines = [
            try bif.line(),
            try bif.line(
                id: "lgbti/buf/x|no_remark|", body: #"{"initiative":"lgbti/buf/x","state":"no_remark","budgets":[]}"#),
            try bif.line(body: #"{"initiative":"lgbti/bif/x"}"#),
            try bif.line(id: "another id"),
            try bif.line(by: Author(forvaltning: "BUF", role: "officer")),
            try bif.line(kind: .status, id: "lgbti|x", body: #"{"about":"lgbti","follow_up":"x","delivery":"paused"}"#),
            try bif.line(kind: RecordKind("x-own"), body: #"{"anything":[1,2]}"#),
        ]
        let answer = try send(lines)
        #expect(answer.headers.isEmpty)
        try rig.commit(answer.appends)
        #expect(rig.stored == [lines[0], lines[6]])
        let rules: [Int64: String] = [
            2: "owner", 3: "body.schema", 4: "envelope.identity", 5: "by.forvaltning", 6: "status.about",
        ]
        // The status' policy stands in its envelope; only its subject is wrong.
        #expect(rig.refused == rules)
        let ack = try #require(rig.acks().first)
        #expect(ack.seq == 7)
        #expect(ack.refusals?.map(\.seq) == [2, 3, 4, 5, 6])
        #expect(ack.refusals?.map(\.rule) == rules.sorted { $0.key < $1.key }.map(\.value))
        _ = try send(lines)
        #expect(rig.acks().first?.refusals == nil)
    }

    @Test("a ping is answered, and what it says is kept for the state")
    mutating func ping() throws {
        rig.position = 5
        var ping = Header(.ping, token: token)
        (ping.state, ping.unsent, ping.position) = ("ready", 2, 4)
        let pong = try #require(try rig.take(bif, ping).only)
        #expect((pong.type, pong.position) == (.pong, 5))
        let session = try #require(rig.ingest.sessions[[1]])
        #expect((session.state, session.unsent, session.stored) == ("ready", 2, 4))
    }

    @Test("follow sets place and credit within the window; a place beyond the ledger is rejected")
    mutating func follow() throws {
        rig.position = 5
        func follow(_ position: Int64?, _ credit: Int?) throws -> IngestRig.Answer {
            var header = Header(.follow, token: token)
            (header.position, header.credit) = (position, credit)
            return try rig.take(bif, header)
        }
        for (credit, given) in [(3, 3), (nil, 0), (-4, 0), (1000, 8), (Int.max, 8)] as [(Int?, Int)] {
            #expect(try follow(5, credit).headers.isEmpty)
            #expect(rig.ingest.sessions[[1]]?.feed?.credit == given)
        }
        for (credit, given) in [(2, 2), (-1, 2), (Int.max, 8), (nil, 8)] as [(Int?, Int)] {
            if credit == 2 { _ = try follow(0, 0) }
            var header = Header(.credit, token: token)
            header.credit = credit
            #expect(try rig.take(bif, header).headers.isEmpty)
            #expect(rig.ingest.sessions[[1]]?.feed?.credit == given)
        }
        for position in [6, -1, Int64.max, .min] { #expect(try follow(position, 1).rule == "follow.position") }
    }

    @Test("who follows on another root than the ledger's is told so: what it has is of a ledger that was replaced")
    mutating func followRoot() throws {
        rig.position = 5
        rig.roots = [3: Hash(of: [3]), 5: Hash(of: [5])]
        func follow(_ position: Int64, _ root: Hash?) throws -> IngestRig.Answer {
            var header = Header(.follow, token: token)
            (header.position, header.credit, header.hash) = (position, 1, root)
            return try rig.take(bif, header)
        }
        let refused = try follow(3, Hash(of: [4]))
        let reject = try #require(refused.headers.first)
        #expect(reject.rule == "follow.position" && reject.final == true)
        #expect(reject.text?.contains("restored from an older copy") == true)
        #expect(rig.ingest.sessions[[1]]?.feed == nil)
        // The same, one that says nothing, and a place of which the ledger cannot tell.
        for (position, root) in [(3, Hash(of: [3])), (5, nil), (4, Hash(of: [4]))] as [(Int64, Hash?)] {
            #expect(try follow(position, root).headers.isEmpty)
            #expect(rig.ingest.sessions[[1]]?.feed?.position == position)
        }
    }

    @Test("what was refused of a session that ended in the same turn is not passed over by the ack of the next one")
    mutating func refusedBetweenSessions() throws {
        let lines = [try bif.line(), try bif.line(id: "lgbti/buf/1|no_remark|"), try bif.line()]
        let batch = try bif.publish(lines, token: token)
        let appends = try rig.take(bif, batch, Batch.body(of: lines)).appends
        #expect(appends.first?.refused.keys.sorted() == [1])
        // Read together with the batch: welcomed with what was durable before it.
        let next = try rig.take(bif, Sender("BIF").hello(), peer: [2]).only
        #expect(next?.type == .welcome && next?.seq == 0)
        try rig.commit(appends)
        _ = try rig.take(
            bif, try bif.publish(lines, token: try #require(next?.token)), Batch.body(of: lines), peer: [2])
        let ack = try #require(rig.acks().first)
        #expect(ack.seq == 3 && ack.refusals == nil)
        #expect(ack.firstSeq == 4, "it speaks of nothing of the three: the publisher asks")
    }

    @Test(
        "the feed looks at who follows when the ledger grows, else at who has something due; and at nobody who has left"
    )
    mutating func feedDue() throws {
        func due(hasMoved: Bool = false) -> [Ingest.Peer] { rig.ingest.dueFeeds(hasMoved: hasMoved).map(\.peer) }
        #expect(due(hasMoved: true).isEmpty)
        var follow = Header(.follow, token: token)
        (follow.position, follow.credit) = (0, 1)
        _ = try rig.take(bif, follow)
        #expect(due() == [[1]])
        let feed = try #require(rig.ingest.sessions[[1]]?.feed)
        rig.ingest.moved([1], feed)
        #expect(due() == [[1]], "its queue was full: it is tried again")
        rig.ingest.moved([1], feed, isDone: true)
        #expect(due().isEmpty)
        var credit = Header(.credit, token: token)
        credit.credit = 1
        _ = try rig.take(bif, credit)
        #expect(due() == [[1]])
        rig.ingest.moved([1], feed, isDone: true)
        #expect(due(hasMoved: true) == [[1]])
        _ = try rig.take(bif, Header(.bye, token: token))
        #expect(due().isEmpty && due(hasMoved: true).isEmpty)
    }
}
