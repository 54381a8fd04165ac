import Foundation
import Testing
import TortureKit

@Suite("The broker, killed again and again under load", .serialized, .oneAtATime)
struct BrokerKillTorture {
    /// Cycles on one ledger: later ones find a longer one to verify at the start, which in a debug build took nearly half of the time.
    private static let cyclesPerLedger = Torture.count(quick: 10, torture: 25, long: 25)

    @Test("killed at any moment: what was acknowledged is there once, byte for byte, and the chains hold")
    func killed() throws {
        let started = ContinuousClock.now
        let cycles = Torture.count(quick: 100, torture: 500, long: 10_000)
        var dice = SeededNumbers(seed: 5)
        var records = 0
        var slowest = 0.0
        var duringStart = 0
        for first in stride(from: 0, to: cycles, by: Self.cyclesPerLedger) {
            let stand = try LoadStand()
            defer { stand.stop() }
            for (place, publisher) in stand.publishers.enumerated() {
                publisher.start(.init(pause: 0.004), seed: UInt64(first * 10 + place))
            }
            for cycle in first..<min(first + Self.cyclesPerLedger, cycles) {
                let greetings = stand.publishers.map(\.greetings)
                let start = ContinuousClock.now
                try stand.startBroker()
                // One in ten while it starts and verifies; the others when all send.
                if Int.random(in: 0..<10, using: &dice) == 0 {
                    poll(nil, 0, Int32.random(in: 0...150, using: &dice))
                    duringStart += 1
                } else {
                    try stand.greet()
                    try eventually("all are welcomed (cycle \(cycle))", 10) {
                        zip(stand.publishers, greetings).allSatisfy { $0.greetings > $1 || !$0.faults.isEmpty }
                    }
                    slowest = max(slowest, (ContinuousClock.now - start) / .seconds(1))
                    poll(nil, 0, Int32.random(in: 0...120, using: &dice))
                }
                try stand.killBroker()
                let acked = stand.publishers.map(\.acked)
                // The kernel has the ack of a publisher in its queue still: at least these.
                let compared = try stand.compare(acked: acked)
                try #require(compared.faults.isEmpty, "cycle \(cycle): \(compared.faults)")
                let faults = stand.publishers.flatMap(\.faults)
                try #require(faults.isEmpty, "cycle \(cycle): \(faults)")
            }
            try stand.startBroker()
            try stand.greet()
            let sent = stand.publishers.map { $0.lines.count }
            try eventually("all that was made is acknowledged", 20) {
                zip(stand.publishers, sent).allSatisfy { $0.acked >= $1 }
            }
            let acked = stand.publishers.map(\.acked)
            stand.stop()
            let compared = try stand.compare(acked: acked)
            try #require(compared.faults.isEmpty)
            try #require(stand.publishers.flatMap(\.faults).isEmpty)
            let check = try stand.verify()
            try #require(check.fault == nil)
            records += compared.records
        }
        try #require(records > cycles * 7, "the load was one")
        try #require(slowest < 5, "the broker is back within 5 s")
        Torture.report(
            "broker killed under load from 7 CURVE publishers",
            "\(cycles) cycles (\(duringStart) while it started), \(records) records: 0 acknowledged lost, 0 twice, every chain holds; back in \(String(format: "%.2f", slowest)) s at most",
            since: started)
    }
}
