import Foundation
import PolicyModel
import Testing
import Wire
import ZeroMQ

@testable import Broker
@testable import Ledger

@Suite("What a publisher asks for of its own log", .serialized)
struct FetchTests {
    /// Gives `body` a client of BIF that has said hello and has five records in the ledger.
    private func run(_ body: @escaping @Sendable (TinyClient, DataFolder) throws -> Void) async throws {
        let rig = try BrokerRig()
        try await rig.run { broker in
            let state = await broker.state()
            let endpoint = try #require(state.endpoints.first)
            let (keys, sender) = (try CurveKeyPair.generate(), Sender("BIF"))
            broker.enrol(sender, keys: keys)
            try await onThread { () throws in
                var sender = sender
                let client = try TinyClient(endpoint, keys: keys, server: state.key)
                try client.send(sender.hello())
                _ = try client.expect(.welcome)
                let lines = try sender.lines(5)
                try client.send(try sender.publish(lines, token: ""), Batch.body(of: lines))
                #expect(try client.expect(.ack).header.seq == 5)
                try body(client, rig.data)
            }
        }
    }

    private static func fetch(_ seq: Int64) -> Header {
        var fetch = Header(.fetch)
        fetch.seq = seq
        return fetch
    }

    @Test("behind its end there is nothing, however far; a position that cannot be ends neither broker nor `stat`")
    func beyond() async throws {
        try await run { client, data in
            for seq in [5, 6, Int64.max - 1, Int64.max] {
                try client.send(Self.fetch(seq))
                let fetched = try client.expect(.fetched)
                #expect((fetched.header.firstSeq, fetched.header.count, fetched.header.seq) == (6, 0, 5), "\(seq)")
                #expect(fetched.body.isEmpty)
            }
            var ping = Header(.ping)
            ping.position = .min
            try client.send(ping)
            _ = try client.expect(.pong)
            let end = ContinuousClock.now + .seconds(10)
            while try Health(data).publishers.first(where: { $0.publisher == "BIF" })?.lag == nil {
                try #require(ContinuousClock.now < end, "its lag is not shown")
                poll(nil, 0, 20)
            }
        }
    }

    @Test("who asks for the same again and again gets it once a second; who comes on, at once")
    func again() async throws {
        try await run { client, _ in
            let begun = ContinuousClock.now
            for _ in 0..<20 { try client.send(Self.fetch(0)) }
            #expect(try client.expect(.fetched).header.count == 5)
            try client.send(Self.fetch(3))
            #expect(try client.expect(.fetched).header.count == 2)
            // Asked on and on, until it is answered again.
            var answer: Header?
            while answer == nil, ContinuousClock.now - begun < .seconds(10) {
                try client.send(Self.fetch(0))
                answer = try client.receive(0.05)?.header
            }
            #expect(answer?.count == 5 && ContinuousClock.now - begun >= .seconds(1))
        }
    }

    @Test("one answer has at most 512 KiB of lines, but for one that is longer")
    mutating func size() throws {
        let folder = try TemporaryFolder()
        let store = try LedgerStore(folder: folder.path + "/broker", synthetic: false, key: SigningKey())
        var bif = Sender()
        let long = #"{"initiative":"lgbti/bif/x","text":"\#(String(repeating: "x", count: 200_000))"}"#
        let lines = try (0..<6).map { _ in try bif.line(body: long) }
        let (enrolment, all) = (bif.enrolment, lines)
        try store.commit(at: Date(timeIntervalSince1970: 1_795_421_700)) { transaction in
            try transaction.own(enrolment)
            for line in all { try transaction.append(line) }
        }
        #expect(try store.lines(of: "BIF", log: bif.log, after: 0).count == 2)
        #expect(try store.lines(of: "BIF", log: bif.log, after: 4).count == 2)
        #expect(try store.read(after: 1, filter: nil).lines.count == 2)
    }
}
