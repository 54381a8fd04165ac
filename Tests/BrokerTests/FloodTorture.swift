import CZeroMQ
import Foundation
import Glibc
import Ledger
import Synchronization
import Testing
import TortureKit
import Wire

@testable import Broker
@testable import ZeroMQ

/// Whoever can reach the broker's port sends what fills memory and descriptors, and one that is enrolled does too.
@Suite("Flood", .serialized)
struct FloodTorture {
    /// How many descriptors this process and the broker may have: raised to what the system lets us.
    private static func raiseLimit() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, 65536)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    @Test(
        "unfinished messages, thousands of connections, junk: memory stays bounded, who did it is named, others are served"
    )
    func flood() async throws {
        let begun = ContinuousClock.now
        Self.raiseLimit()
        let rig = try BrokerRig()
        let (good, evil) = (try KeyOrderTests.Client("BIF"), try KeyOrderTests.Client("BUF"))
        for client in [good, evil] { try await KeyOrders.give(client.word, in: rig.data) }
        try FileManager.default.createDirectory(atPath: rig.folder.path + "/plugins", withIntermediateDirectories: true)
        let broker = try BrokerProcess(rig, ["--listen", "tcp://127.0.0.1:*"])
        defer { broker.kill() }
        try #require(
            await eventually { BrokerState.read(rig.data).map { $0.isRunning && $0.state.pid == broker.pid } ?? false })
        let state = try #require(BrokerState.read(rig.data)?.state)
        let endpoint = try #require(state.endpoints.first { $0.hasPrefix("tcp") })
        let port = try #require(UInt16(endpoint.split(separator: ":").last ?? ""))
        let (rested, descriptors) = (broker.mebibytes, broker.descriptors)

        let isOver = Mutex(false)
        async let service: [Duration] = onThread {
            var client = good
            let tiny = try TinyClient(endpoint, keys: client.curve, server: state.key)
            try tiny.send(client.sender.hello())
            _ = try tiny.expect(.welcome)
            var waits: [Duration] = []
            while !isOver.withLock({ $0 }) {
                let lines = try client.sender.lines(10)
                let header = try client.sender.publish(lines, token: "")
                let sent = ContinuousClock.now
                try tiny.send(header, Batch.body(of: lines))
                #expect(try tiny.expect(.ack).header.seq == client.sender.head.seq)
                waits.append(ContinuousClock.now - sent)
                poll(nil, 0, 5)
            }
            return waits
        }
        let rounds = Torture.count(quick: 3, torture: 20, long: 200)
        let connections = Torture.count(quick: 2_500, torture: 5_000, long: 5_000)
        for _ in 0..<rounds {
            try await onThread { try Self.endless(endpoint, evil.curve, state.key, mebibytes: 400) }
        }
        let handshakes = 600
        let afterMessages = broker.peakMebibytes
        try await onThread { try Self.halfOpen(port, count: connections, bytes: Self.junk) }
        try await onThread { try Self.halfOpen(port, count: connections, bytes: []) }
        // The start of a handshake that never ends: 3 MiB each, before anybody knows whose it is.
        try await onThread { try Self.halfOpen(port, count: handshakes, bytes: Self.endlessHandshake) }
        try await onThread { try Self.chatter(endpoint, evil, state.key) }
        #expect(
            await eventually(20) { broker.descriptors <= descriptors + 16 },
            "\(descriptors), then \(broker.descriptors)")
        isOver.withLock { $0 = true }
        let waits = try await service.sorted()
        let p99 = waits[waits.count * 99 / 100]
        let marks = [
            "BUF at 127.0.0.1: unfinished messages beyond their bound",
            "127.0.0.1: too many connections that say nothing", "127.0.0.1: unfinished messages beyond their bound",
            "BUF at 127.0.0.1: too many connections with one key",
            "BUF at 127.0.0.1: sent what is no message of the protocol",
        ]
        var stat = ""
        let isNamed = try await eventually(5) {
            stat = try broker.pejling("stat")
            return marks.allSatisfy { stat.contains("! " + $0) }
        }
        #expect(isNamed, "\(marks.filter { !stat.contains("! " + $0) }) lack in\n\(stat)")
        #expect(!stat.contains("BIF at"), "the good one was cut off")
        let peak = broker.peakMebibytes
        #expect(peak < rested + 1024, "\(rested) MiB before, \(peak) MiB at most (\(afterMessages) after the messages)")
        #expect(p99 < .seconds(1), "p99 \(p99) of \(waits.count)")
        #expect(try broker.stop() == 0)
        Torture.report(
            "flood: \(rounds) × 400 MiB in one message, \(connections * 2) connections, \(handshakes) endless handshakes of 3 MiB, 1 key 40 times, junk",
            "memory \(rested) MiB, at most \(peak); all named; the other's \(waits.count) acks p99 "
                + String(
                    format: "%.0f ms, slowest %.0f ms", p99 / .milliseconds(1), (waits.last ?? .zero) / .milliseconds(1)
                ),
            since: begun)
    }

    // MARK: What they send

    static let junk = Array("GET / HTTP/1.1\r\nHost: pejling\r\n\r\n".utf8)

    /// ZMTP 3.0's greeting with CURVE, and the head of a command of 4 MiB with most of its body.
    static let endlessHandshake: [UInt8] = {
        var bytes: [UInt8] = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0]
        bytes += Array("CURVE".utf8) + [UInt8](repeating: 0, count: 15) + [0] + [UInt8](repeating: 0, count: 31)
        bytes += [0x06, 0, 0, 0, 0, 0, 0x40, 0, 0]
        return bytes + [UInt8](repeating: 0x58, count: 3 << 20)
    }()

    /// One message of many frames of 1 MiB, with the end of it last: libzmq keeps all that has come until then.
    static func endless(_ endpoint: String, _ keys: CurveKeyPair, _ server: String, mebibytes: Int) throws {
        let client = try TinyClient(endpoint, keys: keys, server: server)
        var hello = Header(.hello)
        (hello.versions, hello.publisher, hello.log) = ([1, 1], "BUF", String(repeating: "a", count: 32))
        (hello.seq, hello.hash) = (0, .zero)
        try client.send(hello)
        _ = try client.expect(.welcome)
        let frame = [UInt8](repeating: 0x58, count: 1 << 20)
        for index in 0..<mebibytes {
            let flags = ZMQ_DONTWAIT | (index < mebibytes - 1 ? ZMQ_SNDMORE : 0)
            try #require(zmq_send(client.socket.handle, frame, frame.count, flags) >= 0)
        }
        // It is cut off: what it asks next gets no answer on the old session's connection.
        let end = ContinuousClock.now + .seconds(10)
        var isCut = false
        while !isCut, ContinuousClock.now < end {
            try client.send(Header(.ping))
            isCut = try client.receive(0.2)?.header.type != .pong
        }
    }

    /// Connects again and again, sends `bytes` as far as they are taken, and leaves it at that.
    static func halfOpen(_ port: UInt16, count: Int, bytes: [UInt8]) throws {
        var open: [CInt] = []
        defer { for one in open { close(one) } }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        for _ in 0..<count {
            let one = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            try #require(one >= 0, "no descriptor left for the test")
            open.append(one)
            let isConnected = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(one, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard isConnected else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
            var patience = timeval(tv_sec: 0, tv_usec: 200_000)
            setsockopt(one, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            if !bytes.isEmpty {
                _ = bytes.withUnsafeBytes { Glibc.send(one, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            }
        }
    }

    /// One key on forty connections; and junk in its name.
    static func chatter(_ endpoint: String, _ client: KeyOrderTests.Client, _ server: String) throws {
        var all: [TinyClient] = []
        for _ in 0..<40 {
            let tiny = try TinyClient(endpoint, keys: client.curve, server: server)
            try tiny.send(client.sender.hello())
            _ = try tiny.expect(.welcome)
            all.append(tiny)
        }
        let last = try #require(all.last)
        for _ in 0..<500 { while try last.socket.send([junk, junk]) == .wouldBlock { poll(nil, 0, 5) } }
        #expect(try last.expect(.reject).header.rule?.hasPrefix("json.") == true)
    }
}
