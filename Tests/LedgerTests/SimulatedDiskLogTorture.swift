import Foundation
import PolicyModel
import SimulatedDisk
import Testing
import TortureKit
import Wire

@testable import Ledger

extension SimulatedDiskTorture {
    @Test("each line that the log has said is saved is there; place in the feed, copy and answers agree")
    func log() throws {
        let started = ContinuousClock.now
        let seeds = Torture.seeds(quick: 150, torture: 20_000, long: 1_000_000)
        let delivered = try SmallLedger().store.read(after: 0, filter: nil).lines
        var (failures, lines) = (0, 0)
        for seed in seeds where failures < 5 {
            do { lines += try logged(seed, delivered) } catch {
                failures += 1
                Issue.record("seed \(seed): \(error) (PEJLING_SEED=\(seed) runs it again)")
            }
        }
        Torture.report(
            "simulated disk, publisher's log with its copy of the feed",
            "\(seeds.count) seeds, \(lines) lines saved, \(failures) seeds with a loss", since: started)
    }

    /// What a log has said, and what is therefore to be there.
    struct Said {
        var log: String?
        var lines: [Line] = []
        var acked: Int64 = 0
        var position: Int64 = 0
    }

    private func logged(_ seed: UInt64, _ delivered: [DeliveredLine]) throws -> Int {
        let disk = SimulatedDisk(folder.path)
        var fate = Fate(disk: disk, numbers: SeededNumbers(seed: seed))
        var said = Said()
        for round in 1...Int(fate.number(1...4)) {
            disk.cutPower(at: fate.happens(90) ? fate.number(1...(fate.happens(50) ? 60 : 300)) : 0)
            do { try run(&fate, &said, delivered) } catch is StoreError {}
            fate.end()
            try check(&said, delivered, "round \(round)")
            if fate.happens(30) { fate.end() }
        }
        return said.lines.count
    }

    /// Appends until the power goes or there is enough. Each delivered line is answered by one line with its position as id.
    func run(_ fate: inout Fate, _ said: inout Said, _ delivered: [DeliveredLine]) throws {
        let log = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: true)
        said.log = log.log
        let replica = try Replica(in: log)
        try fate.tune(log.database)
        for _ in 0..<fate.number(1...12) {
            switch fate.number(0...9) {
            case 0...4:
                let drafts = (0..<fate.number(1...3)).map { _ in
                    PublisherLogTests.draft(
                        "note", text: String(repeating: "x", count: Int(fate.number(0...6000))))
                }
                said.lines += try log.append(at: morning) { _ in drafts }
            case 5...7:
                let from = Int(said.position)
                let next = Array(delivered[from..<min(from + Int(fate.number(1...3)), delivered.count)])
                guard let last = next.last?.position else { continue }
                let answers = next.map { PublisherLogTests.draft("answer \($0.position)") }
                said.lines += try log.append(at: morning, keeping: next, upTo: last, in: replica) { _ in answers }
                said.position = last
            case 8:
                let seq = fate.number(0...Int64(said.lines.count))
                try log.acknowledge(seq, refused: [])
                said.acked = max(said.acked, seq)
            default: try log.scrub()
            }
        }
    }

    /// All that was said is there, and what else is there is whole: it was on its way when the program ended.
    func check(_ said: inout Said, _ delivered: [DeliveredLine], _ place: String) throws {
        let log = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: true)
        guard said.log == nil || said.log == log.log else { throw Loss("\(place): the log is another") }
        let there = try log.look { try $0.lines(after: 0) }
        guard there.starts(with: said.lines) else {
            throw Loss("\(place): \(said.lines.count) lines were said to be saved; \(there.count) are there, or others")
        }
        var head = ChainHead.empty
        for line in there {
            try head.accepts(line, publisher: "BIF", log: log.log)
            head.advance(over: line)
        }
        let acked = try log.acked()
        guard try log.head() == head, acked >= said.acked, acked <= there.count else {
            throw Loss("\(place): head \(try log.head().seq) of \(head.seq), acked \(acked) of \(said.acked)")
        }
        let replica = try Replica(in: log)
        let position = try replica.position()
        var copy: [DeliveredLine] = []
        try replica.forEach { copy.append($0) }
        guard position >= said.position, copy == Array(delivered.prefix(Int(position))) else {
            throw Loss("\(place): position \(position) of \(said.position), \(copy.count) lines in the copy")
        }
        let answers = there.map(\.envelope.id).filter { $0.hasPrefix("answer ") }
        guard answers == copy.map({ "answer \($0.position)" }) else {
            throw Loss("\(place): position \(position) in the feed, and \(answers.count) answers: \(answers)")
        }
        said = Said(log: log.log, lines: there, acked: acked, position: position)
    }

    @Test("a copy of the feed in a file of its own has every line up to its place, and none after")
    func replica() throws {
        let started = ContinuousClock.now
        let seeds = Torture.seeds(quick: 150, torture: 20_000, long: 1_000_000)
        let delivered = try SmallLedger().store.read(after: 0, filter: nil).lines
        var failures = 0
        for seed in seeds where failures < 5 {
            do { try copied(seed, delivered) } catch {
                failures += 1
                Issue.record("seed \(seed): \(error) (PEJLING_SEED=\(seed) runs it again)")
            }
        }
        Torture.report(
            "simulated disk, copy of the feed", "\(seeds.count) seeds, \(failures) seeds with a loss", since: started)
    }

    private func copied(_ seed: UInt64, _ delivered: [DeliveredLine]) throws {
        let disk = SimulatedDisk(folder.path)
        var fate = Fate(disk: disk, numbers: SeededNumbers(seed: seed))
        var kept: Int64 = 0
        for round in 1...Int(fate.number(1...4)) {
            disk.cutPower(at: fate.happens(90) ? fate.number(1...(fate.happens(50) ? 40 : 150)) : 0)
            do {
                let replica = try Replica(folder: folder.path, create: true)
                try fate.tune(replica.database)
                while kept < Int64(delivered.count) {
                    let next = Array(delivered[Int(kept)..<min(Int(kept) + Int(fate.number(1...3)), delivered.count)])
                    try replica.store(next, upTo: kept + Int64(next.count))
                    kept += Int64(next.count)
                }
            } catch is StoreError {}
            fate.end()
            let replica = try Replica(folder: folder.path, create: true)
            var copy: [DeliveredLine] = []
            try replica.forEach { copy.append($0) }
            let position = try replica.position()
            guard position >= kept, copy == Array(delivered.prefix(Int(position))) else {
                throw Loss("round \(round): \(kept) lines were kept, the place is \(position), \(copy.count) are there")
            }
            kept = position
        }
    }
}
