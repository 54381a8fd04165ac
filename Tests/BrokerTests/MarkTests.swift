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
                marks = health.marks.map(\.text)
                if marks.contains(where: { $0.contains(text) }), look(health) { return }
            }
            poll(nil, 0, 20)
        }
        throw Unmarked(description: "no “\(text)” in \(marks)")
    }

    /// An hour after what is over nothing is marked or noted of it, and `--check` is content; what is counted stays.
    ///
    /// - Parameter standing: what is not over, and stays marked.
    private static func isOver(
        _ data: DataFolder, but standing: [Mark.Kind] = [], _ location: SourceLocation = #_sourceLocation
    ) throws {
        let later = try Health(data, now: uptime() + Health.recent + 60)
        // It is asked from far ahead, and whether this machine's disk is full is none of its business.
        let marks = later.marks.filter { $0.kind != .silence && $0.kind != .disk }
        #expect(
            marks.map(\.kind) == standing && later.notes.isEmpty, "\(marks) \(later.notes)", sourceLocation: location)
    }

    /// As `isMarked`, of what needs nobody: no mark comes with it.
    private static func isNoted(_ data: DataFolder, _ text: String) throws {
        let end = ContinuousClock.now + .seconds(10)
        var said: Health?
        while ContinuousClock.now < end {
            said = try? Health(data)
            if let said, said.notes.contains(where: { $0.contains(text) }) {
                return #expect(!said.marks.contains { $0.text.contains(text) })
            }
            poll(nil, 0, 20)
        }
        throw Unmarked(description: "no “\(text)” in \(said?.notes ?? [])")
    }

    private static func state(_ data: DataFolder) throws -> BrokerState {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            if let state = BrokerState.read(data)?.state { return state }
            poll(nil, 0, 10)
        }
        throw Unmarked(description: "no state of the broker")
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
            // Its first state needs room; later ones have it.
            _ = try Self.state(data)
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
            try Self.isOver(data)
            #expect(try Self.traffic(Health(data)).storage == 3)
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
        #expect(health.marks.contains { $0.kind == .failure && $0.text.contains("ledger.sqlite") })
        // `up` starts it again at once: that it failed is still said, for an hour, and by the one after that too.
        for _ in 0..<2 {
            try await rig.run { _ in
                try Self.isMarked(data, "the broker stopped by itself, and was started again ") { !$0.hasFailed }
            }
        }
        #expect(try Health(data).marks.contains { $0.text.contains("and was started again") })
        try Self.isOver(data)
    }

    @Test("a state that could not be read at a start is marked as long as it is kept")
    func unreadableState() async throws {
        let data = rig.data
        try await rig.run { _ in }
        try Data([0xff, 0, 1]).write(to: URL(fileURLWithPath: data.broker + "/state.json"))
        try await rig.run { _ in
            try Self.isMarked(data, "could not be read at a start")
            let kept = try #require(
                try FileManager.default.contentsOfDirectory(atPath: data.broker).first { $0.contains("unreadable") })
            #expect(try Health(data).marks.contains { $0.text.hasPrefix("\(data.broker)/\(kept) could not") })
            try FileManager.default.removeItem(atPath: "\(data.broker)/\(kept)")
            #expect(try Health(data).marks.isEmpty)
        }
    }

    @Test("11: a broker that does not start says why to who looks, until one does")
    func startFailure() async throws {
        let data = rig.data
        try await run { client, sender in
            let lines = try sender.lines(1)
            #expect(try client.acked(lines, &sender) == 1)
        }
        let path = data.broker + "/ledger.sqlite"
        let whole = try #require(FileManager.default.contents(atPath: path))
        // Records and all: nothing here has them.
        try Data(whole.prefix(16_384) + Data(count: whole.count - 16_384)).write(to: URL(fileURLWithPath: path))
        let error = await #expect(throws: (any Error).self) { try await rig.start() }
        let health = try Health(data)
        let mark = try #require(health.marks.first { $0.text.hasPrefix("the broker does not start: ") })
        #expect(mark.text.hasSuffix(error.map { "\($0)" } ?? "?") && mark.text.contains(path), "\(mark.text)")
        #expect(health.hasFailed && health.ledger.position == 2, "what the last one said stays")
        try whole.write(to: URL(fileURLWithPath: path))
        try await rig.run { _ in }
        #expect(try Health(data).marks.allSatisfy { $0.kind != .failure })
    }

    @Test(
        "6, 7, 12, 13, 23: what is odd, refused, sent again, too early or forged is counted, marked or noted, and old news after an hour"
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
            try Self.isNoted(data, "BIF: 1 batches came that were durable already")
            try Self.isNoted(data, "BIF: 1 batches came before the one that is expected")
            try Self.isOver(data)
        }
    }

    @Test("6, 7: so many batches again, or too early, as no reconnect makes are marked")
    func often() async throws {
        let data = rig.data
        try await run { client, sender in
            for count in 1...100 {
                let lines = try sender.lines(1)
                #expect(try client.acked(lines, &sender) == Int64(count))
                #expect(try client.acked(lines, &sender) == Int64(count))
                var ahead = sender
                _ = try ahead.lines(1)
                let early = try ahead.lines(1)
                try client.send(try ahead.publish(early, token: ""), Batch.body(of: early))
                _ = try client.expect(.nack)
                if count == 99 {
                    try Self.isNoted(data, "BIF: 99 batches came that were durable already")
                    try Self.isNoted(data, "BIF: 99 batches came before the one that is expected")
                }
            }
            try Self.isMarked(data, "BIF: 100 batches came that were durable already")
            try Self.isMarked(data, "BIF: 100 batches came before the one that is expected")
            try Self.isOver(data)
        }
    }

    @Test(
        "19: a consumer that answers and stores nothing is marked, though it is few records behind; not one that comes on"
    )
    func standing() async throws {
        let data = rig.data
        try await run { client, sender in
            var follow = Header(.follow)
            (follow.position, follow.credit) = (0, 8)
            try client.send(follow)
            var first = try client.expect(nil).header
            while first.type != .end { first = try client.expect(nil).header }
            let stored = try #require(first.position)
            let lines = try sender.lines(2)
            try client.send(try sender.publish(lines, token: ""), Batch.body(of: lines))
            func say(_ position: Int64) throws {
                var ping = Header(.ping)
                (ping.state, ping.unsent, ping.position) = ("ready", 0, position)
                try client.send(ping)
                while try client.expect(nil).header.type != .pong {}
            }
            let mark = "BIF is 2 records behind the ledger and has stored none for "
            let end = ContinuousClock.now + .seconds(20)
            while try !Health(data, patience: 3).marks.contains(where: { $0.text.contains(mark) }),
                ContinuousClock.now < end
            {
                try say(stored)
            }
            let stuck = try Health(data, patience: 3)
            #expect(stuck.marks.contains { $0.text.contains(mark) }, "\(stuck.marks)")
            #expect(stuck.publishers.first { $0.publisher == "BIF" }?.stalledSeconds ?? 0 >= 3)
            let patient = try Health(data)
            #expect(!patient.marks.contains { $0.text.contains("has stored none") }, "it is waited for longer")
            // One of the two: it comes on.
            try say(stored + 1)
            let back = ContinuousClock.now + .seconds(5)
            while try Health(data, patience: 3).marks.contains(where: { $0.text.contains("has stored none") }),
                ContinuousClock.now < back
            { try say(stored + 1) }
            #expect(try !Health(data, patience: 3).marks.contains { $0.text.contains("has stored none") })
        }
    }

    @Test("9: a publisher that cannot keep what comes is marked with what it says, and no more when it says nothing")
    func trouble() async throws {
        let data = rig.data
        try await run { client, _ in
            func say(_ text: String?) throws {
                var ping = Header(.ping)
                (ping.state, ping.unsent, ping.position, ping.text) = ("ready", 0, 0, text)
                try client.send(ping)
                while try client.expect(nil).header.type != .pong {}
            }
            try say("/srv/log.sqlite: no space\u{1B}[2J\nleft on the disk")
            try Self.isMarked(
                data,
                "BIF cannot keep what comes, and goes on by itself when it can: /srv/log.sqlite: no space [2J left on the disk"
            ) { $0.publishers.first { $0.publisher == "BIF" }?.state == "running" }
            try say(nil)
            let end = ContinuousClock.now + .seconds(10)
            while try Health(data).marks.contains(where: { $0.text.contains("cannot keep") }), ContinuousClock.now < end
            {
                poll(nil, 0, 20)
            }
            #expect(try !Health(data).marks.contains { $0.text.contains("cannot keep") })
        }
    }

    @Test("24: a second broker on the folder is noted by the first; one that is started again and again is marked")
    func second() async throws {
        try await rig.run { _ in
            func refused() async throws {
                let said = try await BrokerTests.refusal(rig)
                #expect(said.contains("is held by another broker"))
            }
            try await refused()
            try await onThread { [rig] in
                try Self.isNoted(
                    rig.data, "a second broker was started on this folder 1 times, last as process \(getpid()), ")
            }
            try await refused()
            try await onThread { [rig] in
                try Self.isNoted(rig.data, "a second broker was started on this folder 2 times")
            }
            try await refused()
            try await onThread { [rig] in
                try Self.isMarked(rig.data, "brokers are started on this folder again and again, 3 times") {
                    $0.refusedStarts == 3 && $0.notes.isEmpty
                }
                try Self.isOver(rig.data)
            }
        }
        // The next broker knows of none.
        try await rig.run { broker in
            let state = await broker.state()
            #expect(state.refusedStarts == nil)
        }
    }

    @Test(
        "25: a publisher that comes back behind the ledger, and one with another history of it, are noted; often: marked"
    )
    func behind() async throws {
        let data = rig.data
        try await run { client, sender in
            #expect(try client.acked(try sender.lines(1), &sender) == 1)
            let backup = sender
            #expect(try client.acked(try sender.lines(2), &sender) == 3)
            for count in 1...Int64(3) {
                try client.send(backup.hello())
                #expect(try client.expect(.welcome).header.seq == 3)
                if count < 3 { try Self.isNoted(data, "BIF came back behind the ledger") }
            }
            try Self.isMarked(data, "BIF came back behind the ledger 3 times") { Self.traffic($0).behind == 3 }
            var follow = Header(.follow)
            (follow.position, follow.credit) = (1000, 1)
            try client.send(follow)
            #expect(try client.expect(.reject).header.rule == "follow.position")
            try Self.isNoted(data, "BIF came with a copy of another history of the ledger")
            try Self.isMarked(
                data, "BIF had records of the ledger up to position 1000 that it does not hold: its end was lost")
            // At its end it is where it should be, and that is no news.
            try client.send(sender.hello())
            _ = try client.expect(.welcome)
            #expect(try client.acked(try sender.lines(1), &sender) == 4)
            try Self.isMarked(data, "BIF came back behind the ledger 3 times") { Self.traffic($0).durable == 4 }
            try Self.isOver(data, but: [.lostEnd])
        }
        // Nobody says it again to the next broker: it stands until somebody has looked.
        try await run { client, sender in
            try client.send(sender.hello())
            _ = try client.expect(.welcome)
            try Self.isOver(data, but: [.lostEnd])
            #expect(try !Health(data).notes.contains { $0.contains("without a word") }, "it was stopped")
            unlink(LostEnd.path(in: data))
            try Self.isOver(data)
        }
    }

    @Test(
        "12: a broker's clock that was ahead is said until the time is over that its records have",
        arguments: [50.0, 3600])
    func clockAhead(by seconds: Double) async throws {
        let signing = try {
            try makeFolder(rig.data.broker)
            return try BrokerKeys(folder: rig.data.broker).signing
        }()
        let store = try LedgerStore(folder: rig.data.broker, synthetic: false, key: signing)
        try store.commit(at: Date() + seconds) { try $0.own(Sender("BUF").enrolment) }
        let data = rig.data
        try await run { client, sender in
            #expect(try client.acked(try sender.lines(1), &sender) == 1)
            let end = ContinuousClock.now + .seconds(10)
            while try Health(data).ledger.position < 3, ContinuousClock.now < end { poll(nil, 0, 20) }
            let isAhead = seconds > 60
            if isAhead { try Self.isMarked(data, "ahead of the broker's clock") }
            #expect(try Health(data).marks.filter { $0.kind == .clock }.count == (isAhead ? 1 : 0))
            // Then it is known, and nothing helps but the time.
            let later = try Health(data, now: uptime() + Health.recent + 60)
            #expect(!later.marks.contains { $0.kind == .clock })
            #expect(later.notes.contains { $0.contains("ahead of the broker's clock") } == isAhead)
        }
    }

    @Test("often is so many within an hour: neither those of the hour before, nor what was often long ago")
    func hours() throws {
        var tally = Tally()
        #expect(tally.shown(from: 1000) == nil)
        tally.note(at: .seconds(10), often: 3)
        tally.note(at: .seconds(3609), often: 3)
        #expect(tally.shown(from: 1000) == Lately(last: 4609, often: nil))
        tally.note(at: .seconds(3610), often: 3)
        tally.note(at: .seconds(3611), often: 3)
        #expect(tally.shown(from: 1000) == Lately(last: 4611, often: nil), "an hour that began anew")
        tally.note(at: .seconds(3612), often: 3)
        #expect(tally.shown(from: 1000) == Lately(last: 4612, often: 4612))
        tally.note(at: .seconds(9000), often: 3)
        #expect(tally.shown(from: 1000) == Lately(last: 10000, often: 4612))
        tally.note(at: .seconds(9001), times: 2, often: 3)
        #expect(tally.shown(from: 1000) == Lately(last: 10001, often: 10001))
    }

    @Test("15: who takes more connections than one needs, or sends what is no message, is named with what was done")
    func offences() async throws {
        let (data, keys) = (rig.data, keys)
        try await run { client, sender in
            let state = try Self.state(data)
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
            try Self.isOver(data)
        }
    }

    @Test("16: a key that nobody enrolled is said to have asked")
    func unknownKey() async throws {
        let data = rig.data
        try await run { _, sender in
            let state = try Self.state(data)
            let stranger = try TinyClient(
                try #require(state.endpoints.first), keys: try CurveKeyPair.generate(), server: state.key)
            try stranger.send(sender.hello())
            try Self.isMarked(data, "1 keys asked to connect and are not enrolled") { $0.pendingKeys == 1 }
            // One that asks no more may be listed for ever; who waits to be enrolled asks each few seconds.
            try Self.isOver(data)
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
        broker.enrol(sender, keys: try CurveKeyPair.generate())
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
        #expect(
            !calm.isSilent && calm.silentSeconds == 30 && !calm.marks.contains { $0.text.contains("has said nothing") })
        #expect(calm.publishers.first { $0.publisher == "BIF" }?.state == "away")
        let silent = try Health(rig.data, now: said + Presence.silenceLimit + 1)
        #expect(silent.isRunning && silent.isSilent && silent.silentSeconds == 31)
        #expect(silent.marks.contains { $0.text.contains("the broker has said nothing for 31 s") })
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
