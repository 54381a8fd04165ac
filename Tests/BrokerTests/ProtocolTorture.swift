import Foundation
import PolicyModel
import Synchronization
import Testing
import TortureKit
import Wire

@testable import Broker
@testable import Ledger
@testable import PluginKit

/// Both sides of the protocol, joined by a network that a seed makes bad: it drops, doubles, reorders, delays and cuts, one way
/// too; broker and plugins crash and return, a log is restored from an old copy, the disk fills up, the clock jumps.
@Suite("The protocol when everything fails")
struct ProtocolTorture {
    @Test("when the faults end, all is stored once, in order, and the consumer has exactly what was said")
    func seeds() throws {
        let started = ContinuousClock.now
        let seeds = Torture.seeds(quick: 250, torture: 50_000, long: 2_000_000)
        // A seed is a world of its own: one for each core, except in `make test`, where other tests have the others.
        let workers = Torture.amount == .quick ? 1 : ProcessInfo.processInfo.activeProcessorCount
        let shared = Mutex((counts: Simulation.Counts(), failures: [String]()))
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            for seed in seeds where seed % UInt64(workers) == worker {
                guard shared.withLock({ $0.failures.isEmpty }) else { return }
                do {
                    let simulation = try Simulation(seed: seed)
                    do {
                        let counts = try simulation.run()
                        shared.withLock { $0.counts.add(counts) }
                    } catch { throw Wrong("at \(simulation.now) ms: \(error)") }
                } catch { shared.withLock { $0.failures.append("PEJLING_SEED=\(seed): \(error)") } }
            }
        }
        let (all, failures) = shared.withLock { ($0.counts, $0.failures) }
        for failure in failures { Issue.record("\(failure)") }
        guard failures.isEmpty else { return }
        guard seeds.count > 50 else { return }
        // The faults came, and the counters that `pejling stat` shows saw them.
        #expect(all.lost > 0 && all.doubled > 0 && all.brokerCrashes > 0 && all.pluginCrashes > 0 && all.restored > 0)
        #expect(all.duplicates > 0 && all.gaps > 0 && all.storage > 0 && all.refused > 0)
        Torture.report(
            "protocol under drop, duplicate, reorder, delay, cut and crash",
            "\(seeds.count) seeds, \(all.records) records, \(all.lost) messages lost, \(all.doubled) doubled, \(all.brokerCrashes) + \(all.pluginCrashes) crashes, \(all.restored) old copies: consumer = publishers; healed after at most \(all.slowest / 1000) s",
            since: started)
    }
}

/// One seed's world. Time is in milliseconds and passes only here.
final class Simulation {
    struct Counts {
        var records: Int64 = 0
        var refused: Int64 = 0
        var duplicates: Int64 = 0
        var gaps: Int64 = 0
        var storage: Int64 = 0
        var lost = 0
        var doubled = 0
        var brokerCrashes = 0
        var pluginCrashes = 0
        var restored = 0
        /// From the end of the faults until all was there, in milliseconds.
        var slowest = 0

        mutating func add(_ other: Counts) {
            (records, refused) = (records + other.records, refused + other.refused)
            (duplicates, gaps, storage) = (duplicates + other.duplicates, gaps + other.gaps, storage + other.storage)
            (lost, doubled, restored) = (lost + other.lost, doubled + other.doubled, restored + other.restored)
            brokerCrashes += other.brokerCrashes
            pluginCrashes += other.pluginCrashes
            slowest = max(slowest, other.slowest)
        }
    }

    /// When the faults end.
    static let calm = 20_000
    /// The longest that all may take to come right after that: a feed that lost its last word says `follow` again after 60 s.
    static let healing = 90_000

    private struct Message {
        let due: Int
        let plugin: Int
        let peer: [UInt8]
        let isUp: Bool
        let header: Header
        let body: [UInt8]
    }

    private(set) var now = 0
    private var random: SeededNumbers
    private let memory: MemoryFolder
    private var folder: String { memory.path }
    private var broker: SimulatedBroker?
    private var lives = 1
    private var brokerBackAt = 0
    private var brokerWakes = 0
    private var plugins: [SimulatedPlugin]
    private var network: [Message] = []
    /// By plugin and direction: cut until.
    private var cut: [Int: Int] = [:]
    private var fullUntil = 0
    /// What the wall clock says beside the time that passed.
    private var clockOffset = 0
    private var counts = Counts()
    private let targets: [Int]
    private let lossPercent: Int
    private let slowPercent: Int

    init(seed: UInt64) throws {
        var random = SeededNumbers(seed: seed)
        let memory = try MemoryFolder()
        self.memory = memory
        plugins = try Script.all.enumerated().map { number, script in
            try SimulatedPlugin(script.sender, script, replica: nil, number: UInt8(number))
        }
        plugins.append(
            try SimulatedPlugin(
                Script.coordinator, nil, replica: memory.path + "/consumer", number: UInt8(Script.all.count)))
        targets = Script.all.map { _ in Int.random(in: 5...Script.length, using: &random) }
        lossPercent = Int.random(in: 0...12, using: &random)
        slowPercent = Int.random(in: 0...10, using: &random)
        self.random = random
        broker = try SimulatedBroker(folder: memory.path + "/broker", life: lives, at: Self.wall(0))
    }

    private static func wall(_ milliseconds: Int) -> Date {
        Date(timeIntervalSince1970: 1_795_421_700 + Double(milliseconds) / 1000)
    }

    private var time: Duration { .milliseconds(now) }
    private var isBad: Bool { now < Self.calm }

    private func chance(_ percent: Int) -> Bool { isBad && Int.random(in: 0..<100, using: &random) < percent }

    func run() throws -> Counts {
        while try !isWhole() {
            guard now < Self.calm + Self.healing else {
                throw Wrong("not whole \(Self.healing / 1000) s after the faults")
            }
            if isBad { try misbehave() }
            try restart()
            for number in plugins.indices { try wake(number) }
            try deliver()
            now = next()
        }
        counts.slowest = now - Self.calm
        try check()
        return counts
    }

    /// The time of what happens next.
    private func next() -> Int {
        var next = now + 250
        for plugin in plugins { next = min(next, plugin.isRunning ? plugin.wakeAt : plugin.downUntil) }
        for message in network { next = min(next, message.due) }
        if let broker {
            if !broker.ingest.owed.isEmpty || !broker.ingest.feedDue.isEmpty { next = min(next, now + 20) }
        } else {
            next = min(next, brokerBackAt)
        }
        return max(next, now + 1)
    }

    private func misbehave() throws {
        for number in plugins.indices {
            // What is to be said comes bit by bit.
            if number < targets.count, plugins[number].isRunning, !plugins[number].mayBeBehind, chance(15) {
                plugins[number].said = min(
                    targets[number], plugins[number].said + Int.random(in: 1...4, using: &random))
            }
            if plugins[number].isRunning, Int.random(in: 0..<1000, using: &random) < 4 {
                counts.pluginCrashes += 1
                plugins[number].isRunning = false
                plugins[number].downUntil = now + Int.random(in: 50...4000, using: &random)
                if number < targets.count, chance(25) {
                    counts.restored += 1
                    plugins[number].said = Int.random(in: 0...plugins[number].said, using: &random)
                    plugins[number].acked = min(plugins[number].acked, Int64(plugins[number].said))
                    plugins[number].dead = plugins[number].dead.filter { $0 <= plugins[number].said }
                    plugins[number].mayBeBehind = true
                }
            }
            for direction in 0...1 where Int.random(in: 0..<1000, using: &random) < 3 {
                cut[number * 2 + direction] = now + Int.random(in: 100...8000, using: &random)
            }
        }
        if broker != nil, Int.random(in: 0..<1000, using: &random) < 2 { crashBroker() }
        if Int.random(in: 0..<1000, using: &random) < 3 { fullUntil = now + Int.random(in: 50...3000, using: &random) }
        if Int.random(in: 0..<1000, using: &random) < 5 {
            clockOffset = Int.random(in: -3_600_000...3_600_000, using: &random)
        }
    }

    private func crashBroker() {
        counts.brokerCrashes += 1
        takeCounts()
        broker = nil
        brokerBackAt = now + Int.random(in: 20...6000, using: &random)
    }

    private func takeCounts() {
        for traffic in broker?.ingest.traffic.values ?? [:].values {
            (counts.records, counts.refused) = (counts.records + traffic.records, counts.refused + traffic.refused)
            counts.duplicates += traffic.duplicates
            counts.gaps += traffic.gaps
            counts.storage += traffic.storage
        }
    }

    private func restart() throws {
        if broker == nil, now >= brokerBackAt || !isBad {
            lives += 1
            broker = try SimulatedBroker(folder: folder + "/broker", life: lives, at: Self.wall(now + clockOffset))
        }
        for number in plugins.indices where !plugins[number].isRunning && (now >= plugins[number].downUntil || !isBad) {
            try plugins[number].start()
            plugins[number].wakeAt = now
        }
        guard !isBad else { return }
        for number in targets.indices where !plugins[number].mayBeBehind { plugins[number].said = targets[number] }
    }

    private func wake(_ number: Int) throws {
        guard plugins[number].isRunning, plugins[number].wakeAt <= now else { return }
        let jitter = Double.random(in: 0...1, using: &random)
        var orders = plugins[number].machine.tick(now: time, jitter: jitter)
        orders += plugins[number].machine.grew(to: Int64(plugins[number].said), now: time)
        try carryOut(orders, number)
    }

    private func carryOut(_ orders: [LinkStateMachine.Order], _ number: Int) throws {
        let batch = Int.random(in: 1...6, using: &random)
        try plugins[number].carryOut(orders, now: time, batch: batch) { plugin, header, body in
            send(header, body, number, plugin.peer, isUp: true)
        }
        let patience = Int(plugins[number].machine.patience(now: time) / .milliseconds(1))
        plugins[number].wakeAt = now + max(1, min(250, patience))
    }

    private func send(_ header: Header, _ body: [UInt8], _ plugin: Int, _ peer: [UInt8], isUp: Bool) {
        if chance(lossPercent) || (cut[plugin * 2 + (isUp ? 0 : 1)] ?? 0) > now && isBad {
            counts.lost += 1
            return
        }
        for copy in 0...(chance(5) ? 1 : 0) {
            counts.doubled += copy
            let wait =
                chance(slowPercent)
                ? Int.random(in: 100...4000, using: &random) : Int.random(in: 1...30, using: &random)
            network.append(
                Message(due: now + wait, plugin: plugin, peer: peer, isUp: isUp, header: header, body: body))
        }
    }

    private func deliver() throws {
        var due: [Message] = []
        network.removeAll { message in
            guard message.due <= now else { return false }
            due.append(message)
            return true
        }
        due.sort { $0.due < $1.due }
        for message in due where !message.isUp {
            let number = message.plugin
            guard plugins[number].isRunning, plugins[number].peer == message.peer else { continue }
            // Between what is stored and what is answered lies a crash too.
            if chance(1) {
                counts.pluginCrashes += 1
                plugins[number].isRunning = false
                plugins[number].downUntil = now + Int.random(in: 50...2000, using: &random)
            }
            let jitter = Double.random(in: 0...1, using: &random)
            try carryOut(
                plugins[number].machine.receive(message.header, message.body, now: time, jitter: jitter), number)
        }
        guard let broker else { return }
        let messages = due.filter(\.isUp).map {
            (peer: $0.peer, key: plugins[$0.plugin].sender.curveKey, header: $0.header, body: $0.body)
        }
        do {
            try broker.turn(
                messages, now: time, wall: Self.wall(now + clockOffset), isFull: isBad && fullUntil > now,
                crashes: { messages.isEmpty ? false : Int.random(in: 0..<400, using: &random) == 0 && isBad }
            ) { peer, header, body in
                if chance(2) { return false }
                send(header, body, Int(peer[0]), peer, isUp: false)
                return true
            }
        } catch is SimulatedBroker.Crash { crashBroker() }
    }

    // MARK: What must hold

    private func isWhole() throws -> Bool {
        guard !isBad, let broker, plugins.allSatisfy(\.isRunning) else { return false }
        for (number, target) in targets.enumerated()
        where plugins[number].said != target || plugins[number].acked != Int64(target) { return false }
        guard try plugins[targets.count].replica?.position() == broker.store.head.position else { return false }
        return true
    }

    private func check() throws {
        takeCounts()
        guard let broker, let replica = plugins[targets.count].replica else { throw Wrong("nobody is there") }
        var chains: [String: ChainHead] = [:]
        var last = DeliveredLine(position: 0, received: "", root: .zero, line: Script.all[0].lines[0])
        var names: Set<RecordName> = []
        try replica.forEach { delivered in
            guard delivered.position == last.position + 1, delivered.received >= last.received else {
                throw Wrong("position \(delivered.position) after \(last.position), or received before it")
            }
            last = delivered
            let line = delivered.line
            guard names.insert(line.name).inserted else { throw Wrong("\(line.name) came twice") }
            if let place = line.refusedPlace {
                guard place.name.seq == (chains[place.name.publisher]?.seq ?? 0) + 1 else {
                    throw Wrong("the refusal of \(place.name) is not in its place")
                }
                chains[place.name.publisher] = ChainHead(seq: place.name.seq, hash: place.hash)
            } else {
                let publisher = line.envelope.publisher
                var chain = chains[publisher] ?? .empty
                try chain.accepts(line, publisher: publisher, log: line.envelope.log)
                if let script = Script.all.first(where: { $0.sender.publisher == publisher }) {
                    guard line.bytes == script.lines[Int(chain.seq)].bytes else {
                        throw Wrong("\(line.name) is not what was said")
                    }
                }
                chain.advance(over: line)
                chains[publisher] = chain
            }
        }
        guard last.root == broker.store.head.root else { throw Wrong("the consumer's root is not the ledger's") }
        for (script, target) in zip(Script.all, targets) {
            guard chains[script.sender.publisher] == script.head(target) else {
                throw Wrong("the consumer's hash of \(script.sender.publisher) is not the publisher's")
            }
        }
        guard Set(chains.keys) == Set(Script.all.map(\.sender.publisher) + [LedgerStore.ownName]) else {
            throw Wrong("records of \(chains.keys.sorted())")
        }
        for (number, target) in targets.enumerated() {
            let due = Set((1...Int64(target)).filter { $0 % 7 == 0 })
            guard plugins[number].dead == due else {
                throw Wrong("dead letters \(plugins[number].dead.sorted()) where \(due.sorted()) were refused")
            }
        }
    }
}
