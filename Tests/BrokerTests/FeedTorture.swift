import Foundation
import PolicyModel
import Testing
import TortureKit
import Wire
import ZeroMQ

@testable import Broker
@testable import Ledger

/// Consumers that are slow, stand still, or come back, on real sockets.
@Suite("Slow and stalled consumers", .serialized)
struct FeedTorture {
    private static func enrol(_ broker: Broker, _ sender: Sender) throws -> CurveKeyPair {
        let keys = try CurveKeyPair.generate()
        broker.enrol(sender, keys: keys)
        return keys
    }

    private static func follow(from position: Int64, credit: Int) -> Header {
        var follow = Header(.follow)
        (follow.position, follow.credit) = (position, credit)
        return follow
    }

    /// Takes what comes until `position`, giving credit back each time; checks roots, and that nothing comes twice or is left out.
    private static func drain(
        _ client: TinyClient, from start: Int64, root: Hash, to position: Int64
    ) throws -> (at: Int64, root: Hash) {
        var (at, root) = (start, root)
        while at < position {
            let (header, body) = try client.expect(nil)
            if header.type == .end || header.type == .ack || header.type == .pong { continue }
            try #require(header.type == .deliver && header.after == at, "\(header)")
            for part in body.split(separator: 10) {
                let line = try DeliveredLine(parsing: part)
                try #require(line.position == at + 1)
                root = root.root(position: line.position, received: line.received, record: line.line.hash)
                try #require(line.root == root)
                at = line.position
            }
            var credit = Header(.credit)
            credit.credit = 1
            try client.send(credit)
        }
        return (at, root)
    }

    @Test(
        "a consumer that stands still gets no more than its credit, nobody else notices, and it then gets every record once"
    )
    func stalled() async throws {
        let started = ContinuousClock.now
        let batches = Torture.count(quick: 60, torture: 1000, long: 20_000)
        let rig = try BrokerRig()
        try await rig.run { broker in
            let state = await broker.state()
            let (endpoint, key) = (try #require(state.endpoints.first), state.key)
            let sender = Sender("BIF")
            let stalledOne = Sender("coordinator", role: .coordinator, log: String(repeating: "c", count: 32))
            let quickOne = Sender("lgbti", role: .policy, log: String(repeating: "d", count: 32))
            let keys = try [sender, stalledOne, quickOne].map { try Self.enrol(broker, $0) }
            let figure = try await onThread { () throws -> String in
                var sender = sender
                let publisher = try TinyClient(endpoint, keys: keys[0], server: key)
                let stalled = try TinyClient(endpoint, keys: keys[1], server: key)
                let quick = try TinyClient(endpoint, keys: keys[2], server: key)
                for (client, who) in [(publisher, sender), (stalled, stalledOne), (quick, quickOne)] {
                    try client.send(who.hello())
                    #expect(try client.expect(.welcome).header.position == 3)
                }
                try stalled.send(Self.follow(from: 0, credit: 2))
                try quick.send(Self.follow(from: 0, credit: Limits.window))
                var (at, root) = (Int64(0), Hash.zero)
                let before = Fuzz.residentBytes()
                var slowest = Duration.zero
                for _ in 0..<batches {
                    let lines = try sender.lines(20)
                    let sent = ContinuousClock.now
                    try publisher.send(try sender.publish(lines, token: ""), Batch.body(of: lines))
                    #expect(try publisher.expect(.ack).header.seq == sender.head.seq)
                    slowest = max(slowest, ContinuousClock.now - sent)
                    // Three enrolments; a checkpoint of the broker's may stand between.
                    (at, root) = try Self.drain(quick, from: at, root: root, to: sender.head.seq + 3)
                }
                // Whoever keeps up waits for nobody: an ack stays far below the bound of a flood (1 s at the 99th percentile).
                #expect(slowest < .seconds(5), "\(slowest)")
                let grown = max(0, Fuzz.residentBytes() - before) >> 20
                // Two deliveries for two credits, and nothing besides.
                var (last, delivered, got) = (Int64(0), Hash.zero, 0)
                while let (header, body) = try stalled.receive(0.5) {
                    guard header.type == .deliver else { continue }
                    got += 1
                    for part in body.split(separator: 10) {
                        let line = try DeliveredLine(parsing: part)
                        try #require(line.position == last + 1)
                        (last, delivered) = (line.position, try #require(line.root))
                    }
                }
                #expect(got <= 2 && last < at)
                var more = Header(.credit)
                more.credit = Limits.window
                try stalled.send(more)
                let caughtUp = try Self.drain(stalled, from: last, root: delivered, to: at)
                #expect(caughtUp.at == at && caughtUp.root == root)
                return
                    "\(at) records; slowest ack \(slowest / .milliseconds(1)) ms; the stalled one held \(last), then had all; memory +\(grown) MiB"
            }
            Torture.report("stalled consumer, beside one that keeps up", figure, since: started)
        }
    }

    @Test("a consumer that is cut off at random comes back with its place, and has each record once")
    func cursors() async throws {
        let started = ContinuousClock.now
        let returns = Torture.count(quick: 15, torture: 300, long: 5000)
        let rig = try BrokerRig()
        try await rig.run { broker in
            let state = await broker.state()
            let (endpoint, key) = (try #require(state.endpoints.first), state.key)
            let sender = Sender("BIF")
            let consumer = Sender("coordinator", role: .coordinator, log: String(repeating: "c", count: 32))
            let keys = try [sender, consumer].map { try Self.enrol(broker, $0) }
            let folder = rig.folder.path + "/copy"
            let end = try await onThread { () throws -> Int64 in
                var sender = sender
                var numbers = SeededNumbers(seed: 5)
                let publisher = try TinyClient(endpoint, keys: keys[0], server: key)
                try publisher.send(sender.hello())
                _ = try publisher.expect(.welcome)
                for round in 0...returns {
                    let lines = try sender.lines(Int.random(in: 1...30, using: &numbers))
                    try publisher.send(try sender.publish(lines, token: ""), Batch.body(of: lines))
                    _ = try publisher.expect(.ack)
                    // A process of its own each time: only what is on the disk is left of the one before.
                    let copy = try Replica(folder: folder, create: true)
                    let client = try TinyClient(endpoint, keys: keys[1], server: key)
                    try client.send(consumer.hello())
                    _ = try client.expect(.welcome)
                    try client.send(Self.follow(from: try copy.position(), credit: 1))
                    let (header, body) = try client.expect(.deliver)
                    // Ended between delivery and disk every third time: it comes again.
                    if round < returns, Int.random(in: 0..<3, using: &numbers) == 0 { continue }
                    try copy.store(
                        try body.split(separator: 10).map { try DeliveredLine(parsing: $0) },
                        upTo: try #require(header.position))
                }
                return sender.head.seq + 2
            }
            let copy = try Replica(folder: folder, create: false)
            var (last, names) = (Int64(0), Set<RecordName>())
            try copy.forEach { line in
                #expect(line.position == last + 1)
                last = line.position
                #expect(names.insert(line.line.name).inserted)
            }
            #expect(last >= end, "checkpoints of the broker's stand between")
            Torture.report("durable cursor", "\(returns) returns, \(last) records, each once", since: started)
        }
    }
}
