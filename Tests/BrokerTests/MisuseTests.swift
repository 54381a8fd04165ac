import Foundation
import PolicyModel
import Testing
import Wire

@testable import Broker
@testable import Ledger

@Suite("A key that is used for what it may not do")
struct MisuseTests {
    var rig = IngestRig()
    var bif = Sender()
    var token = ""

    init() throws {
        rig.ingest.enrol(bif.enrolment)
        rig.ingest.enrol(Sender("BUF").enrolment)
        token = try rig.greet(bif)
    }

    /// What BIF's key tries, and the rule that refuses it.
    enum Attempt: String, CaseIterable {
        case badSignature = "signature"
        case foreignKind = "kind.foreign"
        case forgedSender = "envelope.publisher"
        case foreignHello = "hello.publisher"
    }

    mutating func attempt(_ what: Attempt) throws -> IngestRig.Answer {
        if what == .foreignHello {
            return try rig.take(bif, bif.hello { $0.publisher = "BUF" }, peer: [2])
        }
        let before = bif.head
        defer { bif.head = before }
        let line =
            switch what {
            case .foreignKind: try bif.line(kind: .assessment)
            case .forgedSender: try bif.line(publisher: "BUF")
            default: try bif.line()
            }
        let header = try bif.publish([line], token: token) {
            if what == .badSignature { $0.signature = String(repeating: "0", count: 128) }
        }
        return try rig.take(bif, header, line.bytes)
    }

    @Test(
        "it is refused, and the first time kept in the ledger with the key; the fifth time the key is quarantined",
        arguments: Attempt.allCases)
    mutating func repeated(what: Attempt) throws {
        var kept: [Audit] = []
        for round in 1...5 {
            let answer = try attempt(what)
            #expect(answer.headers.first?.rule == what.rawValue && answer.appends.isEmpty)
            #expect(answer.headers.contains { $0.rule == "key.quarantined" } == (round == 5))
            kept += answer.kept
        }
        #expect(kept.map(\.event) == [.misuse, .quarantined])
        #expect(kept.allSatisfy { $0.curveKey == bif.curveKey && $0.rule == what.rawValue && $0.publisher == "BIF" })
        // Its session is over, and it is not let in again; the one whose name it took is.
        #expect(try rig.take(bif, Header(.ping, token: token)).rule == "session.unknown")
        let hello = try rig.take(bif, bif.hello())
        #expect(hello.rule == "key.quarantined" && hello.headers[0].text?.contains(what.rawValue) == true)
        _ = try rig.greet(Sender("BUF"), peer: [3])
        #expect(rig.stored.isEmpty)
        // An operator's word ends it; so do new keys.
        var admitted = rig
        admitted.ingest.admitted(.init(log: bif.log, head: .empty), of: "BIF")
        _ = try admitted.greet(bif)
        let new = Sender("BIF")
        var renewed = new.enrolment
        renewed.curveKey = "another key"
        rig.ingest.enrol(renewed)
        let welcome = try rig.take(new, new.hello(), key: "another key")
        #expect(welcome.headers.map(\.type) == [.welcome])
    }

    @Test(
        "what is no misuse is not held against a key: gaps, duplicates, an unknown session, a version that nobody speaks"
    )
    mutating func honest() throws {
        for _ in 0..<10 {
            #expect(try rig.take(bif, Header(.ping, token: "old"), peer: [7]).kept.isEmpty)
            #expect(try rig.take(bif, bif.hello { $0.versions = [9, 9] }, peer: [8]).kept.isEmpty)
        }
        #expect(try rig.take(bif, bif.hello()).rule == nil)
    }

    @Test("in the ledger it stands with the key, and the next broker goes by it")
    func kept() async throws {
        let rig = try BrokerRig()
        let client = try KeyOrderTests.Client()
        try await KeyOrders.give(client.word, in: rig.data)
        try await rig.run { broker in
            let state = await broker.state()
            try await onThread {
                var sender = client.sender
                let tiny = try TinyClient(try #require(state.endpoints.first), keys: client.curve, server: state.key)
                try tiny.send(sender.hello())
                _ = try tiny.expect(.welcome)
                let lines = try sender.lines(2)
                for _ in 0..<5 {
                    let header = try sender.publish(lines, token: "") {
                        $0.signature = String(repeating: "0", count: 128)
                    }
                    try tiny.send(header, Batch.body(of: lines))
                    #expect(try tiny.expect(.nack).header.rule == "signature")
                }
                #expect(try tiny.expect(.reject).header.rule == "key.quarantined")
            }
            #expect(await eventually { await broker.state().waitingLogs?.first?.rule == "signature" })
            let offence = try #require(await broker.state().offences?.first)
            #expect(offence.who == "BIF" && offence.what.contains("[signature]"))
            #expect(await broker.state().position == 3, "the enrolment and two audit records, none of BIF's")
        }
        let keys = try BrokerKeys(folder: rig.data.broker)
        #expect(try LedgerVerifier.verify(folder: rig.data.broker, brokerKey: keys.signing.publicKey).fault == nil)
        try await rig.run { broker in
            let waiting = try #require(await broker.state().waitingLogs?.first)
            #expect(
                waiting.isQuarantined && waiting.rule == "signature" && waiting.text.contains("pejling keys revoke"))
        }
    }
}
