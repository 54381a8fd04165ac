import Foundation
import GRDB
import PolicyModel
import SimulatedDisk
import Testing
import TortureKit
import Wire

@testable import Ledger

/// What happens to a program and its disk, in an order that a seed decides.
struct Fate {
    let disk: SimulatedDisk
    var numbers: SeededNumbers

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &numbers) }
    mutating func happens(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &numbers) < percent }

    /// The program ends: the power is cut, or it alone is killed. What was open is dead.
    mutating func end() {
        if happens(75) { disk.restart(seed: numbers.next()) } else { disk.endProcess() }
    }

    /// A write-ahead log that is brought into the file after few pages, so that few commits see each step of it.
    mutating func tune(_ database: Ledger.Database) throws {
        let pages = number(1...60)
        try database.read { try $0.execute(sql: "PRAGMA wal_autocheckpoint=\(pages)") }
    }
}

@Suite("A disk that loses power")
struct SimulatedDiskTorture {
    /// A publisher's lines and the signature over each, made once for all seeds.
    private struct Feed: Sendable {
        let enrolment: Enrolment
        let lines: [Line]
        let signatures: [String]
        let keyID: String

        init(_ name: String, seed: UInt8) throws {
            var publisher = try Publisher(name, seed: seed)
            var made: [Line] = []
            for index in 0..<80 {
                // Of a few bytes, of a page, and of several.
                let length = [10, 300, 30, 4000, 900, 12_000][(index + Int(seed)) % 6]
                made += try publisher.lines(1, text: String(repeating: "x", count: length))
            }
            (enrolment, lines) = (publisher.enrolment, made)
            signatures = try made.map {
                try publisher.key.sign(
                    BatchStatement(
                        publisher: name, log: publisher.log, seq: $0.envelope.seq, hash: $0.hash))
            }
            keyID = String(publisher.key.publicKey.hex.prefix(16))
        }

        /// Appends `count` lines after the head that the ledger has; the last signed.
        func append(_ count: Int, to transaction: LedgerStore.Transaction) throws {
            let first = Int(transaction.publishers[enrolment.publisher]?.head.seq ?? 0)
            let next = lines[first..<min(first + count, lines.count)]
            guard let last = next.last else { return }
            for line in next { try transaction.append(line) }
            try transaction.keep(
                signature: signatures[Int(last.envelope.seq) - 1], keyID: keyID,
                for: BatchStatement(
                    publisher: enrolment.publisher, log: last.envelope.log, seq: last.envelope.seq, hash: last.hash))
        }
    }

    let folder: TemporaryFolder
    let key: SigningKey
    private let feeds: [Feed]

    init() throws {
        folder = try TemporaryFolder()
        key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
        feeds = [try Feed("BIF", seed: 2), try Feed("BUF", seed: 3)]
    }

    func content(_ store: LedgerStore) throws -> [DeliveredLine] {
        var all: [DeliveredLine] = []
        while true {
            let (lines, upTo) = try store.read(after: Int64(all.count), filter: nil)
            all += lines
            if upTo == store.head.position || lines.isEmpty { return all }
        }
    }

    @Test("each record that the ledger has said is stored is there byte for byte, and the chain verifies")
    func ledger() throws {
        let started = ContinuousClock.now
        let seeds = Torture.seeds(quick: 200, torture: 20_000, long: 1_000_000)
        var (failures, records) = (0, 0)
        for seed in seeds where failures < 5 {
            do { records += try stored(seed) } catch {
                failures += 1
                Issue.record("seed \(seed): \(error) (PEJLING_SEED=\(seed) runs it again)")
            }
        }
        Torture.report(
            "simulated disk, ledger", "\(seeds.count) seeds, \(records) records stored, \(failures) seeds with a loss",
            since: started)
    }

    struct Loss: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    private func stored(_ seed: UInt64) throws -> Int {
        let disk = SimulatedDisk(folder.path)
        var fate = Fate(disk: disk, numbers: SeededNumbers(seed: seed))
        var said: [DeliveredLine] = []
        for round in 1...Int(fate.number(1...4)) {
            // The first opening makes the file in some fifty operations; a commit takes five to forty.
            disk.cutPower(at: fate.happens(90) ? fate.number(1...(fate.happens(50) ? 60 : 400)) : 0)
            do { try run(&fate, &said) } catch is StoreError {}
            fate.end()
            try checkLedger(&said, "round \(round)")
            if fate.happens(30) { fate.end() }
        }
        return said.count
    }

    /// All that was said to be stored is there, the chain verifies, and what else is there is now said too: a publisher's welcome
    /// names it, consumers get it.
    func checkLedger(_ said: inout [DeliveredLine], _ place: String) throws {
        let store: LedgerStore
        do { store = try LedgerStore(folder: folder.path, synthetic: false, key: key) } catch {
            throw Loss("\(place): the ledger does not open: \(error)")
        }
        let there = try content(store)
        guard there.starts(with: said) else {
            throw Loss("\(place): \(said.count) records were said to be stored; \(there.count) are there, or others")
        }
        let verification = try store.verify(brokerKey: key.publicKey)
        if let fault = verification.fault { throw Loss("\(place): \(fault)") }
        guard verification.records == there.count else {
            throw Loss("\(place): \(verification.records) verified, \(there.count) read")
        }
        said = there
    }

    /// Commits until the power goes or there is enough. `said` is what was said to be stored.
    func run(_ fate: inout Fate, _ said: inout [DeliveredLine]) throws {
        var store = try LedgerStore(folder: folder.path, synthetic: false, key: key)
        try fate.tune(store.database)
        for _ in 0..<fate.number(1...12) {
            let before = store.head
            let counts = feeds.map { _ in Int(fate.number(0...3)) }
            do {
                switch fate.number(0...11) {
                case 0: try store.checkpoint(at: morning)
                case 1: _ = try store.database.scrub(patience: 0)
                case 2:
                    store = try LedgerStore(folder: folder.path, synthetic: false, key: key)
                    try fate.tune(store.database)
                default:
                    try store.commit(at: morning + Double(before.position)) { transaction in
                        for (feed, count) in zip(feeds, counts) {
                            if transaction.publishers[feed.enrolment.publisher] == nil, count > 0 {
                                try transaction.own(feed.enrolment)
                            }
                            try feed.append(count, to: transaction)
                        }
                    }
                }
            } catch {
                guard store.head == before else { throw Loss("the head moved in a commit that failed") }
                throw error
            }
            said += try store.read(after: Int64(said.count), filter: nil).lines
            guard said.last?.position ?? 0 == store.head.position, said.last?.root ?? .zero == store.head.root else {
                throw Loss("the ledger says position \(store.head.position), and gives \(said.count) records")
            }
        }
    }
}
