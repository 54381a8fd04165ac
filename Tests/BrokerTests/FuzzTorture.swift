import Foundation
import PolicyModel
import Testing
import TortureKit
import Wire

@testable import Broker
@testable import Ledger

@Suite("What reaches the broker, damaged")
struct FuzzTorture {
    @Test(
        "no message ends the broker, none is stored but as it was signed, and a good publisher is served after each thousand"
    )
    func messages() throws {
        let started = ContinuousClock.now
        var rig = IngestRig()
        var (bad, good) = (Sender("BIF"), Sender("BUF", log: String(repeating: "b", count: 32)))
        rig.ingest.enrol(bad.enrolment)
        rig.ingest.enrol(good.enrolment)
        let badToken = try rig.greet(bad, peer: [1])
        let goodToken = try rig.greet(good, peer: [2])
        let lines = try bad.lines(3)
        let publish = try bad.publish(lines, token: badToken)
        var follow = Header(.follow, token: badToken)
        (follow.position, follow.credit, follow.filter) = (0, 3, FeedFilter(kinds: ["policy"]))
        var fetch = Header(.fetch, token: badToken)
        fetch.seq = 0
        var ping = Header(.ping, token: badToken)
        (ping.state, ping.unsent, ping.position) = ("ready", 1, 0)
        let body = Batch.body(of: lines)
        // Header and body are one input with a zero byte between: a change may hit either.
        let samples = try [
            publish.encoded() + [0] + body, bad.hello().encoded() + [0], follow.encoded() + [0], fetch.encoded() + [0],
            ping.encoded() + [0], Header(.bye, token: badToken).encoded() + [0],
        ]
        var whole = rig
        let result = try Fuzz.run(samples, seeds: Torture.seeds(quick: 4, torture: 2000, long: 50_000)) { bytes in
            let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map { Array($0) }
            let peer: [UInt8] = [1]
            let answer = try rig.take(bytes: parts[0], parts.count > 1 ? parts[1] : [], peer: peer, key: bad.curveKey)
            for append in answer.appends {
                // A line whose body is not there is one that was redacted: the envelope is what is signed.
                let isSigned = append.lines.allSatisfy { line in
                    lines.contains { $0.bytes == line.bytes || $0.hash == line.hash && line.body.isEmpty }
                }
                guard isSigned else {
                    let texts = append.lines.map { String(decoding: $0.bytes, as: UTF8.self) }
                    throw Wrong("a line that nobody signed is to be stored: \(texts)")
                }
            }
            // Nothing is committed; the next input finds the session and the same heads.
            if !answer.appends.isEmpty || rig.ingest.sessions[peer]?.token != badToken { rig = whole }
            return !answer.headers.contains { $0.type == .reject || $0.type == .nack }
        } good: {
            let batch = try good.lines(1)
            let answer = try rig.take(good, try good.publish(batch, token: goodToken), batch[0].bytes, peer: [2])
            guard answer.appends.count == 1, answer.headers.isEmpty else {
                throw Wrong("a good publisher is not served")
            }
            try rig.commit(answer.appends)
            guard rig.acks().contains(where: { $0.token == goodToken && $0.seq == good.head.seq }) else {
                throw Wrong("a good publisher gets no ack")
            }
            guard rig.ingest.sessions.count == 2, rig.ingest.sessions[[1]]?.token == badToken else {
                throw Wrong("the sessions are \(rig.ingest.sessions.keys)")
            }
            whole = rig
        }
        #expect(result.understood > 10 && result.isBounded, "\(result.figure)")
        #expect(rig.stored.allSatisfy { $0.envelope.publisher == "BUF" })
        Torture.report("fuzz: messages to the broker", result.figure, since: started)
    }

    @Test("no manifest ends the search for plugins; it is found, or said to be broken with its place")
    func manifests() throws {
        let started = ContinuousClock.now
        let folder = try MemoryFolder()
        let path = folder.path + "/plugin.json"
        let text =
            #"{"name":"bif","role":"node","publisher":"BIF","argv":["/bin/true"],"kinds":["funding","status"],"protocol":[1,1],"start_timeout_s":5}"#
        let good = Array(text.utf8)
        func find(_ bytes: [UInt8]) throws -> Bool {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            do { _ = try PluginFinder.read(path, executables: folder.path) } catch {
                guard error.description.contains(path) else { throw Wrong("broken, and nobody knows where: \(error)") }
                return false
            }
            return true
        }
        let result = try Fuzz.run([good], seeds: Torture.seeds(quick: 8, torture: 8000, long: 200_000), perSeed: 250) {
            try find($0)
        } good: {
            guard try find(good) else { throw Wrong("a good manifest is not found") }
        }
        #expect(result.understood > 0 && result.isBounded, "\(result.figure)")
        Torture.report("fuzz: manifest", result.figure, since: started)
    }

    @Test("no order file ends the broker, and a good one beside it is carried out")
    func orders() throws {
        let started = ContinuousClock.now
        let folder = try MemoryFolder()
        let data = try DataFolder(creating: folder.path + "/var", synthetic: false)
        let orders = OperatorOrders(data)
        try orders.tidy()
        let good = try [
            .keys(Sender("BIF").enrolment), .admit(.init(publisher: "BIF", log: String(repeating: "a", count: 32))),
            .handOver(file: "bif.lines"), .retry(plugin: "bif"),
        ].map { (order: OperatorOrder) in [UInt8](try JSONEncoder().encode(order)) }
        func give(_ bytes: [UInt8]) throws -> Bool {
            try writeFile(orders.folder + "/a.order", bytes, mode: 0o600)
            let taken = orders.take()
            guard taken.count == 1 else { throw Wrong("\(taken.count) orders of one") }
            orders.answer(taken[0].id, OperatorAnswer(.done, ""))
            guard orders.take().isEmpty else { throw Wrong("an order stays for ever") }
            return taken[0].order != nil
        }
        guard try !give([UInt8](repeating: UInt8(ascii: " "), count: 16 * 1024) + good[0]) else {
            throw Wrong("an order of any size is read")
        }
        let result = try Fuzz.run(good, seeds: Torture.seeds(quick: 8, torture: 4000, long: 100_000), perSeed: 250) {
            try give($0)
        } good: {
            for order in good where try !give(order) { throw Wrong("a good order is not read") }
        }
        #expect(result.understood > 10 && result.isBounded, "\(result.figure)")
        Torture.report("fuzz: operators' orders", result.figure, since: started)
    }
}

/// A folder in memory where there is one: thousands of files a second are no work for a disk.
final class MemoryFolder {
    let path: String

    init() throws {
        let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        path = "\(base)/pejling-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
