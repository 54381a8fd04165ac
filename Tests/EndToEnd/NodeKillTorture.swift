import Foundation
import Ledger
import Testing
import TortureKit
import Wire

@Suite("A node, killed again and again while it sends", .serialized, .oneAtATime)
struct NodeKillTorture {
    @Test(
        "killed at any moment: it goes on behind the last durable record, nothing of its log is lost, nothing stands twice"
    )
    func killed() throws {
        let started = ContinuousClock.now
        let cycles = Torture.count(quick: 15, torture: 500, long: 5_000)
        var dice = SeededNumbers(seed: 7)
        let lone = try LoneNode()
        defer { lone.stand.stop() }
        let log = lone.log
        var entered: Int64 = 0
        for cycle in 0..<cycles {
            let node = try lone.start()
            let before = try log.acked()
            // What another process enters meanwhile, as `pejling enter` does.
            for _ in 0..<Int.random(in: 1...8, using: &dice) {
                entered += try lone.enter(Int.random(in: 1...40, using: &dice))
            }
            // One in four before it has sent anything.
            if Int.random(in: 0..<4, using: &dice) > 0 {
                try eventually("the node sends (cycle \(cycle))", 20) { try log.acked() > before || !node.isRunning }
                try #require(node.isRunning, "\(node.errors)")
            }
            poll(nil, 0, Int32.random(in: 0...40, using: &dice))
            node.kill()
            _ = try node.wait(10)
            let acked = try log.acked()
            let ledger = try lone.stand.ledgerLines(of: "BIF")
            try #require(Int64(ledger.count) >= acked, "cycle \(cycle): \(acked) acknowledged")
            try #require(ledger.enumerated().allSatisfy { $1.seq == Int64($0) + 1 }, "cycle \(cycle): once, in order")
        }
        entered += try lone.enter(1)
        let last = try lone.start()
        try eventually("all of the log is acknowledged", 30) { try log.acked() == log.head().seq }
        last.interrupt()
        let code = try last.wait(10)
        try #require(code == 0, "\(last.errors)")
        var made: [[UInt8]] = []
        while true {
            let lines = try log.lines(after: Int64(made.count))
            if lines.isEmpty { break }
            made += lines.map(\.bytes)
        }
        let ledger = try lone.stand.ledgerLines(of: "BIF")
        try #require(ledger.map(\.line) == made, "what the ledger has is the log, byte for byte, once")
        try #require(Int64(made.count) >= entered)
        lone.stand.stop()
        try #require(try lone.stand.verify().fault == nil)
        Torture.report(
            "node killed while it sends, and while another process enters",
            "\(cycles) cycles, \(made.count) records: 0 lost, 0 twice, the chain holds", since: started)
    }

    @Test("what is entered while the node writes down an ack is sent at once, not with the next entry")
    func entries() throws {
        let started = ContinuousClock.now
        let rounds = Torture.count(quick: 60, torture: 1_000, long: 10_000)
        var dice = SeededNumbers(seed: 9)
        let lone = try LoneNode()
        defer { lone.stand.stop() }
        let log = lone.log
        let node = try lone.start()
        for round in 0..<rounds {
            _ = try lone.enter(1)
            // Not a wait for anything: the second entry falls somewhere beside the mark of the first, which is written 100 ms after its
            // ack; one of ten falls on it.
            usleep(UInt32.random(in: 92_000...125_000, using: &dice))
            _ = try lone.enter(1)
            try eventually("both are acknowledged (round \(round))", 20) {
                try log.acked() == log.head().seq || !node.isRunning
            }
            try #require(node.isRunning, "\(node.errors)")
        }
        Torture.report(
            "entered while an ack is written down", "\(rounds) times two entries, each acknowledged without a third",
            since: started)
    }
}
