import Foundation
import PolicyModel
import SimulatedDisk
import Synchronization
import Testing
import TortureKit
import Wire
import ZeroMQ

@testable import Broker
@testable import Ledger

/// What really fails, up to what `pejling stat` says of it: the same `Health`, read from the folder of a broker that runs.
@Suite("A failure and its mark", .serialized)
struct MarkTests {
    let rig: BrokerRig
    let keys: CurveKeyPair
    let sender = Sender("BIF")

    init() throws {
        rig = try BrokerRig()
        keys = try CurveKeyPair.generate()
    }

    /// Runs a broker that knows BIF, and `body` as its client, on a thread of its own, greeted.
    private func run(_ body: @escaping @Sendable (TinyClient, inout Sender) throws -> Void) async throws {
        try await rig.run { broker in
            let state = await broker.state()
            let endpoint = try #require(state.endpoints.first)
            broker.enrol(sender, keys: keys)
            let (keys, key, given) = (keys, state.key, sender)
            try await onThread {
                var sender = given
                let client = try TinyClient(endpoint, keys: keys, server: key)
                try client.send(sender.hello())
                _ = try client.expect(.welcome)
                try body(client, &sender)
            }
        }
    }

    private struct Unmarked: Error { let description: String }

    /// Waits until the folder is marked so, and what else is known of it holds.
    private static func isMarked(_ data: DataFolder, _ text: String, _ look: (Health) -> Bool = { _ in true }) throws {
        let end = ContinuousClock.now + .seconds(10)
        var marks: [String] = []
        while ContinuousClock.now < end {
            if let health = try? Health(data) {
                marks = health.marks
                if marks.contains(where: { $0.contains(text) }), look(health) { return }
            }
            poll(nil, 0, 20)
        }
        throw Unmarked(description: "no “\(text)” in \(marks)")
    }

    private static func traffic(_ health: Health) -> Traffic {
        health.publishers.first { $0.publisher == "BIF" }?.traffic ?? Traffic()
    }

    @Test(
        "8: while the disk is full it says so, and how often somebody was turned away, on that very disk",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func full() async throws {
        let disk = Mutex(try #require(try TinyDisk(rig.data.path, mebibytes: 2)))
        let data = try DataFolder(creating: rig.data.path, synthetic: false)
        try await run { client, sender in
            let before = try client.acked(try sender.lines(1), &sender)
            try disk.withLock { try $0.fill() }
            let lines = try sender.lines(1000)
            for count in 1...Int64(3) {
                try client.send(try sender.publish(lines, token: ""), Batch.body(of: lines))
                #expect(try client.expect(.nack).header.rule == "storage.full")
                try Self.isMarked(data, "BIF: \(count) batches were turned away since the disk was full") {
                    Self.traffic($0).durable == before && $0.diskFreeBytes == 0 && !$0.isSilent
                }
            }
            try Self.isMarked(data, "the disk of the data folder has 0 MB left")
            disk.withLock { $0.free() }
            #expect(try client.acked(lines, &sender) == 1001)
            try Self.isMarked(data, "turned away") { Self.traffic($0).durable == 1001 }
            let later = try Health(data, at: Date() + Health.recent + 60)
            #expect(Self.traffic(later).storage == 3 && !later.marks.contains { $0.contains("turned away") })
        }
    }

    @Test("10: a sync that fails ends the broker, and why stands there when it is gone")
    func failed() async throws {
        let disk = SimulatedDisk(rig.data.broker)
        try makeFolder(rig.data.broker)
        try #require(FileManager.default.createFile(atPath: rig.data.broker + "/ledger.sqlite", contents: nil))
        let data = rig.data
        try await run { client, sender in
            let lines = try sender.lines(1)
            disk.fail(.syncs, at: 1, .inputOutput)
            try client.send(try sender.publish(lines, token: ""), Batch.body(of: lines))
            try Self.isMarked(data, "the broker stopped by itself: ") { $0.hasFailed && $0.ledger.position == 1 }
        }
        let health = try Health(data)
        #expect(!health.isRunning && health.hasFailed)
        #expect(health.marks.contains { $0.contains("the broker stopped by itself: ") && $0.contains("ledger.sqlite") })
    }

    @Test(
        "6, 7, 12, 13, 23: what is odd, refused, sent again, too early or forged is counted, and marked where it matters"
    )
    func judged() async throws {
        let data = rig.data
        try await run { client, sender in
            let future = [try sender.line(at: "2099-01-01T00:00:00Z")]
            #expect(try client.acked(future, &sender) == 1)
            try Self.isMarked(data, "BIF: 1 records have a time ahead of the broker's")
            let refused = [try sender.line(body: #"{"initiative":"lgbti/bif/x"}"#)]
            #expect(try client.acked(refused, &sender) == 2)
            try Self.isMarked(data, "BIF: the content of 1 records was refused")
            try client.send(try sender.publish(refused, token: ""), Batch.body(of: refused))
            _ = try client.expect(.ack)
            var ahead = sender
            _ = try ahead.lines(1)
            let early = try ahead.lines(1)
            try client.send(try ahead.publish(early, token: ""), Batch.body(of: early))
            _ = try client.expect(.nack)
            let lines = try sender.lines(1)
            let forged = try sender.publish(lines, token: "") { $0.signature = String(repeating: "0", count: 128) }
            try client.send(forged, Batch.body(of: lines))
            _ = try client.expect(.nack)
            try Self.isMarked(data, "BIF: 1 batches were refused whole") {
                let traffic = Self.traffic($0)
                return traffic.gaps == 1 && traffic.duplicates == 1 && traffic.durable == 2
            }
        }
    }

    @Test("15: who takes more connections than one needs, or sends what is no message, is named with what was done")
    func offences() async throws {
        let (data, keys) = (rig.data, keys)
        try await run { client, sender in
            let state = try #require(BrokerState.read(data)?.state)
            #expect(try client.socket.send([Array("nothing of the protocol".utf8), []]) == .sent)
            try Self.isMarked(data, "sent what is no message of the protocol, 1 times") { $0.offenders == 1 }
            var others: [TinyClient] = []
            for _ in 0...Connections.mostOfOneKey {
                let other = try TinyClient(try #require(state.endpoints.first), keys: keys, server: state.key)
                try other.send(sender.hello())
                _ = try other.expect(.welcome)
                others.append(other)
            }
            try Self.isMarked(data, "BIF at process \(getpid()) of this machine: ") { $0.offenders == 2 }
        }
    }

    @Test("16: a key that nobody enrolled is said to have asked")
    func unknownKey() async throws {
        let data = rig.data
        try await run { _, sender in
            let state = try #require(BrokerState.read(data)?.state)
            let stranger = try TinyClient(
                try #require(state.endpoints.first), keys: try CurveKeyPair.generate(), server: state.key)
            try stranger.send(sender.hello())
            try Self.isMarked(data, "1 keys asked to connect and are not enrolled") { $0.pendingKeys == 1 }
        }
    }

    @Test(
        "a broker whose loop hangs says nothing, and after three beats everybody is told; nobody is called running then"
    )
    func hang() async throws {
        let isHeld = Mutex(false)
        let isReached = Mutex(false)
        let broker = try await rig.start(
            pulse: {
                while isHeld.withLock({ $0 }) {
                    isReached.withLock { $0 = true }
                    poll(nil, 0, 10)
                }
            })
        broker.enrol(sender.enrolment)
        try #require(
            await eventually { (try? Health(rig.data))?.publishers.contains { $0.publisher == "BIF" } == true })
        isHeld.withLock { $0 = true }
        defer { isHeld.withLock { $0 = false } }
        try #require(await eventually { isReached.withLock { $0 } })
        // Its other threads go on, and know nothing new.
        let last = try #require(await broker.state().lastTurn)
        try #require(await eventually { uptime() > last + 2 })
        #expect(await broker.state().lastTurn == last)
        let said = try #require(BrokerState.read(rig.data)?.state.lastTurn)
        let calm = try Health(rig.data, now: said + Presence.silenceLimit)
        #expect(!calm.isSilent && calm.silentSeconds == 30 && !calm.marks.contains { $0.contains("has said nothing") })
        #expect(calm.publishers.first { $0.publisher == "BIF" }?.state == "away")
        let silent = try Health(rig.data, now: said + Presence.silenceLimit + 1)
        #expect(silent.isRunning && silent.isSilent && silent.silentSeconds == 31)
        #expect(silent.marks.contains { $0.contains("the broker has said nothing for 31 s") })
        #expect(silent.publishers.first { $0.publisher == "BIF" }?.state == "unknown")
        // Of another start of the machine, by a process with the same number.
        #expect(BrokerState.look(rig.data, now: said - 1)?.presence == .starting)
        isHeld.withLock { $0 = false }
        await broker.stop()
        #expect(try Health(rig.data).silentSeconds == nil)
        #expect(BrokerState.look(rig.data, now: said + 1000)?.presence == .gone)
    }
}

extension TinyClient {
    /// Publishes lines; the seq that is durable when they are.
    fileprivate func acked(_ lines: [Line], _ sender: inout Sender) throws -> Int64 {
        try send(try sender.publish(lines, token: ""), Batch.body(of: lines))
        return try #require(try expect(.ack).header.seq)
    }
}
