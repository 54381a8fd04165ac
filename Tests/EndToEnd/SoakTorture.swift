import Foundation
import Testing
import TortureKit

@Suite("The broker over a long time", .serialized, .oneAtATime)
struct SoakTorture {
    private static let recordsPerSecond = 1_000.0

    @Test("7 nodes with 1,000 records/s in all: no gap, acks in time, memory and descriptors flat")
    func soak() throws {
        let started = ContinuousClock.now
        let seconds = Torture.count(quick: 8, torture: 600, long: 28_800)
        let stand = try LoadStand()
        defer { stand.stop() }
        try stand.startBroker()
        try stand.greet()
        let pace = LoadPublisher.Pace(
            window: 64, lines: 3, pause: 2 * Double(stand.publishers.count) / Self.recordsPerSecond, keep: 20_000)
        for (place, publisher) in stand.publishers.enumerated() { publisher.start(pace, seed: UInt64(place)) }
        try eventually("all are welcomed", 20) { stand.publishers.allSatisfy { $0.greetings > 0 } }
        let broker = try #require(stand.broker)
        var memory: [Int] = []
        var descriptors: [Int] = []
        let looks = Torture.count(quick: 4, torture: 60, long: 480)
        for look in 1...looks {
            let due = started + .seconds(Double(seconds) * Double(look) / Double(looks))
            while ContinuousClock.now < due, stand.publishers.allSatisfy({ $0.faults.isEmpty }), broker.isRunning {
                poll(nil, 0, 50)
            }
            memory.append(try Self.residentKiB(broker.pid))
            descriptors.append(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(broker.pid)/fd").count)
        }
        let elapsed = (ContinuousClock.now - started) / .seconds(1)
        for publisher in stand.publishers { publisher.rest() }
        try eventually("all is acknowledged", 20) { stand.publishers.allSatisfy { $0.acked == $0.made } }
        for publisher in stand.publishers { publisher.stop() }
        try #require(stand.publishers.flatMap(\.faults).isEmpty)
        try #require(stand.publishers.allSatisfy { $0.greetings == 1 }, "no session was lost")
        let acked = stand.publishers.map(\.acked).reduce(0, +)
        let waits = stand.publishers.flatMap(\.waits).sorted()
        let p99 = waits[waits.count * 99 / 100] * 1000
        stand.stop()
        let check = try stand.verify()
        try #require(check.fault == nil && check.records >= acked)
        // The first look comes when the caches are still filling.
        let settled = memory[looks / 4]
        try #require(memory.last.map { $0 <= settled + settled / 10 + 8_192 } == true, "memory in KiB: \(memory)")
        // Flat: at its end it has what it had; between, a file of its own may be open while it is looked at.
        let had = descriptors[1...].min() ?? 0
        try #require(descriptors[(looks * 3 / 4)...].min() == had, "descriptors: \(descriptors)")
        try #require(descriptors[1...].allSatisfy { $0 <= had + 2 }, "descriptors: \(descriptors)")
        // 50 ms is asked of a machine that does nothing else; `make test` may share its own.
        try #require(p99 < (Torture.amount == .quick ? 500 : 50), "p99 of the acks in ms")
        Torture.report(
            "soak: 7 nodes, \(Int(Self.recordsPerSecond)) records/s",
            """
            \(seconds) s, \(acked) records (\(Int(Double(acked) / elapsed))/s), 0 gaps, p99 ack \(String(format: "%.1f", p99)) ms, \
            memory \(settled / 1024) to \(memory[looks - 1] / 1024) MiB, descriptors \(descriptors[1]) to \(descriptors[looks - 1])
            """, since: started)
    }

    static func residentKiB(_ pid: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }
}
