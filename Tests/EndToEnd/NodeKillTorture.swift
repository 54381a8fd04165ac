import Foundation
import Ledger
import PluginKit
import PolicyModel
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
        // The node makes no keys of its own when they are there.
        let keysFolder = "/tmp/pejling-keys-\(UInt32.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: keysFolder) }
        let keys = try PluginKeys(folder: keysFolder)
        let stand = try LoadStand(admitting: [
            Enrolment(
                publisher: "BIF", role: .node, curveKey: keys.curve.publicKey.z85, signKey: keys.signing.publicKey.hex,
                admittedBy: "test")
        ])
        defer { stand.stop() }
        let data = try DataFolder(creating: stand.town.folder + "/at-bif", synthetic: true)
        let folder = data.plugin("BIF", isNode: true)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: keysFolder + "/keys", toPath: folder + "/keys")
        try stand.startBroker()
        try stand.greet()
        let log = try PublisherLog(folder: folder, publisher: "BIF", synthetic: true, create: true)
        var entered: Int64 = 0
        for cycle in 0..<cycles {
            let node = try stand.town.start(
                stand.town.executables + "/pejling",
                [
                    "node", "run", "BIF", "--broker", stand.endpoint, "--broker-key", stand.brokerKey.hex, "--data",
                    data.path, "--config", stand.town.folder + "/Config", "--plugins", stand.town.folder + "/Plugins",
                    "--synthetic",
                ])
            let before = try log.acked()
            // What another process enters meanwhile, as `pejling enter` does.
            for _ in 0..<Int.random(in: 1...8, using: &dice) {
                entered += try enter(Int.random(in: 1...40, using: &dice), in: log)
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
            let ledger = try stand.ledgerLines(of: "BIF")
            try #require(Int64(ledger.count) >= acked, "cycle \(cycle): \(acked) acknowledged")
            try #require(ledger.enumerated().allSatisfy { $1.seq == Int64($0) + 1 }, "cycle \(cycle): once, in order")
        }
        entered += try enter(1, in: log)
        let last = try stand.town.start(
            stand.town.executables + "/pejling",
            [
                "node", "run", "BIF", "--broker", stand.endpoint, "--broker-key", stand.brokerKey.hex, "--data",
                data.path, "--config", stand.town.folder + "/Config", "--plugins", stand.town.folder + "/Plugins",
                "--synthetic",
            ])
        try eventually("all of the log is acknowledged", 30) { try log.acked() == log.head().seq }
        last.interrupt()
        let code = try last.wait(10)
        #expect(code == 0, "\(last.errors)")
        var made: [[UInt8]] = []
        while true {
            let lines = try log.lines(after: Int64(made.count))
            if lines.isEmpty { break }
            made += lines.map(\.bytes)
        }
        let ledger = try stand.ledgerLines(of: "BIF")
        #expect(ledger.map(\.line) == made, "what the ledger has is the log, byte for byte, once")
        #expect(Int64(made.count) >= entered)
        stand.stop()
        #expect(try stand.verify().fault == nil)
        Torture.report(
            "node killed while it sends, and while another process enters",
            "\(cycles) cycles, \(made.count) records: 0 lost, 0 twice, the chain holds", since: started)
    }

    @Test("what is entered while the node writes down an ack is sent at once, not with the next entry")
    func entries() throws {
        let started = ContinuousClock.now
        let rounds = Torture.count(quick: 40, torture: 5_000, long: 50_000)
        var dice = SeededNumbers(seed: 9)
        // The node makes no keys of its own when they are there.
        let keysFolder = "/tmp/pejling-keys-\(UInt32.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: keysFolder) }
        let keys = try PluginKeys(folder: keysFolder)
        let stand = try LoadStand(admitting: [
            Enrolment(
                publisher: "BIF", role: .node, curveKey: keys.curve.publicKey.z85, signKey: keys.signing.publicKey.hex,
                admittedBy: "test")
        ])
        defer { stand.stop() }
        let data = try DataFolder(creating: stand.town.folder + "/at-bif", synthetic: true)
        let folder = data.plugin("BIF", isNode: true)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: keysFolder + "/keys", toPath: folder + "/keys")
        try stand.startBroker()
        try stand.greet()
        let log = try PublisherLog(folder: folder, publisher: "BIF", synthetic: true, create: true)
        let node = try stand.town.start(
            stand.town.executables + "/pejling",
            [
                "node", "run", "BIF", "--broker", stand.endpoint, "--broker-key", stand.brokerKey.hex, "--data",
                data.path, "--config", stand.town.folder + "/Config", "--plugins", stand.town.folder + "/Plugins",
                "--synthetic",
            ])
        for round in 0..<rounds {
            _ = try enter(1, in: log)
            usleep(UInt32.random(in: 0...6_000, using: &dice))
            _ = try enter(1, in: log)
            try eventually("both are acknowledged (round \(round))", 20) {
                try log.acked() == log.head().seq || !node.isRunning
            }
            try #require(node.isRunning, "\(node.errors)")
        }
        Torture.report(
            "entered while an ack is written down", "\(rounds) times two entries, each acknowledged without a third",
            since: started)
    }

    private func enter(_ count: Int, in log: PublisherLog) throws -> Int64 {
        let lines = try log.append(at: Date()) { _ in
            (0..<count).map { number in
                PublisherLog.Draft(
                    kind: RecordKind("x-load"), id: "load/\(number)", policy: nil, by: Author(role: "node"),
                    body: Array(#"{"text":"Der er holdt et møde"}"#.utf8))
            }
        }
        return Int64(lines.count)
    }
}
