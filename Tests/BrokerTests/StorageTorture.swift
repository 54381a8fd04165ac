import Foundation
import PolicyModel
import SimulatedDisk
import Testing
import TortureKit
import Wire
import ZeroMQ

@testable import Broker
@testable import Ledger

/// A broker with a socket, its ledger on a disk that fails when told.
@Suite("A broker whose disk misbehaves", .serialized)
struct StorageTorture {
    let rig: BrokerRig
    let disk: SimulatedDisk
    let keys: CurveKeyPair
    let sender = Sender("BIF")

    init() throws {
        rig = try BrokerRig()
        keys = try CurveKeyPair.generate()
        disk = SimulatedDisk(rig.data.broker)
        // The ledger's bytes are on the simulated disk; the broker looks for the file on the real one too.
        try makeFolder(rig.data.broker)
        try #require(FileManager.default.createFile(atPath: rig.data.broker + "/ledger.sqlite", contents: nil))
    }

    /// Runs a broker that knows BIF, and `body` as its client on a thread of its own.
    private func run<T: Sendable>(_ body: @escaping @Sendable (TinyClient) throws -> T) async throws -> (T, String?) {
        try await rig.run { broker in
            let state = await broker.state()
            let endpoint = try #require(state.endpoints.first)
            broker.enrol(sender, keys: keys)
            let (keys, key) = (keys, state.key)
            let result = try await onThread { try body(TinyClient(endpoint, keys: keys, server: key)) }
            // It ends by itself soon after what failed.
            _ = await eventually(10) { broker.failure != nil || disk.failed == 0 }
            return (result, broker.failure)
        }
    }

    /// The lines the ledger holds after the power went and came back; it verifies.
    private func stored(seed: UInt64) throws -> [Line] {
        disk.restart(seed: seed)
        let key = try BrokerKeys(folder: rig.data.broker).signing
        let store = try LedgerStore(folder: rig.data.broker, synthetic: false, key: key)
        #expect(try store.verify(brokerKey: key.publicKey).fault == nil)
        return try store.lines(of: "BIF", log: sender.log, after: 0)
    }

    @Test(
        "where a commit finds no space the batch is refused as storage.full, none of it is acked, and it goes on by itself",
        arguments: [SimulatedDisk.Failure.noSpace, .shortWrite, .quota])
    func full(failure: SimulatedDisk.Failure) async throws {
        let started = ContinuousClock.now
        let (disk, given) = (disk, sender)
        let (sent, stopped) = try await run { client -> [Line] in
            var sender = given
            var sent: [Line] = []
            try client.send(sender.hello())
            _ = try client.expect(.welcome)
            for n in 1...Int64(200) {
                let before = sender.head.seq
                let lines = try sender.lines(2)
                let message = try sender.publish(lines, token: "")
                disk.fail(.writes, at: n, failure)
                try client.send(message, Batch.body(of: lines))
                let answer = try #require(try client.receive()).header
                guard disk.failed > 0 else {
                    #expect(answer.type == .ack)
                    disk.heal()
                    return sent + lines
                }
                #expect(answer.type == .nack && answer.rule == "storage.full", "write \(n): \(answer)")
                #expect(answer.seq == before + 1)
                #expect(answer.text?.contains("nothing was saved") == true)
                disk.heal()
                try client.send(message, Batch.body(of: lines))
                let ack = try client.expect(.ack).header
                #expect(ack.seq == sender.head.seq && ack.hash == sender.head.hash)
                sent += lines
            }
            Issue.record("the commit did not complete")
            return sent
        }
        #expect(stopped == nil)
        #expect(sent.count > 6, "\(sent.count)")
        #expect(try stored(seed: 4) == sent)
        Torture.report(
            "broker, no space (\(failure.rawValue)), counted off",
            "\(sent.count / 2 - 1) writes, each refused and taken the next time",
            since: started)
    }

    @Test(
        "where a commit fails otherwise no ack leaves, the broker ends and says why, and the next one is whole",
        arguments: [SimulatedDisk.Operations.writes, .syncs])
    func failed(operations: SimulatedDisk.Operations) async throws {
        let started = ContinuousClock.now
        var acked: [Line] = []
        var (n, tried) = (Int64(1), 0)
        while n < 200 {
            let (disk, given, known, at) = (disk, sender, acked, n)
            let ((lines, isAcked, hasFailed), failure) = try await run { client -> ([Line], Bool, Bool) in
                var sender = given
                _ = try sender.lines(known.count)
                try client.send(sender.hello())
                #expect(try client.expect(.welcome).header.seq == Int64(known.count))
                let batch = try sender.lines(2)
                disk.fail(operations, at: at, .inputOutput)
                try client.send(try sender.publish(batch, token: ""), Batch.body(of: batch))
                // What proves that no ack comes later is that the broker has ended, below.
                let answer = try client.receive(1)
                #expect(answer == nil || answer?.header.type == .ack, "\(String(describing: answer))")
                // What fails when the broker is stopped is another matter.
                let failed = disk.failed > 0
                if !failed { disk.heal() }
                return (batch, answer != nil, failed)
            }
            if !hasFailed {
                #expect(isAcked && failure == nil)
                #expect(try stored(seed: 4) == acked + lines)
                break
            }
            #expect(!isAcked, "\(n): acked, and the commit failed")
            #expect(failure?.contains("ledger.sqlite") == true, "\(n): \(failure ?? "it goes on")")
            let after = try stored(seed: UInt64(n))
            #expect(after == acked || after == acked + lines, "\(n): \(after.count) lines, \(acked.count) acked")
            acked = after
            tried += 1
            n += Int64(Torture.count(quick: operations == .syncs ? 1 : 5, torture: 1, long: 1))
        }
        #expect(tried > 0)
        Torture.report(
            "broker, failing \(operations == .syncs ? "sync" : "write"), counted off",
            "\(tried) failed, no ack left and the broker ended each time", since: started)
    }

    @Test("a ledger whose write-ahead log was cut or taken away is refused: it verifies, and is shorter than it was")
    func cutLog() async throws {
        let started = ContinuousClock.now
        let (disk, given) = (disk, sender)
        let (files, _) = try await run { client -> (ledger: [UInt8]?, log: [UInt8]?) in
            var sender = given
            try client.send(sender.hello())
            _ = try client.expect(.welcome)
            for _ in 0..<5 {
                let lines = try sender.lines(1)
                try client.send(try sender.publish(lines, token: ""), Batch.body(of: lines))
                #expect(try client.expect(.ack).header.seq == sender.head.seq)
            }
            return (disk["ledger.sqlite"], disk["ledger.sqlite-wal"])
        }
        let log = try #require(files.log)
        let sizes = stride(from: 0, to: log.count, by: Torture.count(quick: 4099, torture: 97, long: 1))
        for size in sizes {
            disk["ledger.sqlite"] = files.ledger
            disk["ledger.sqlite-wal"] = size == 0 ? nil : Array(log[..<size])
            let said = try await BrokerTests.refusal(rig)
            #expect(said.contains("its end is lost") && said.contains("it held 6 records"), "cut at \(size): \(said)")
        }
        disk["ledger.sqlite"] = files.ledger
        disk["ledger.sqlite-wal"] = log
        #expect(try stored(seed: 1).count == 5)
        Torture.report(
            "broker, write-ahead log cut", "\(Array(sizes).count) places, each refused at the start", since: started)
    }
}
