import Foundation
import Glibc
import Logging
import PolicyModel
import Synchronization
import Testing
import Wire

@testable import Broker
@testable import Ledger
@testable import ZeroMQ

@Suite("Who is connected, and what it holds")
struct ConnectionTests {
    var connections = Connections()
    static let one = FarEnd.remote(address: "10.0.0.1", port: 1)

    static func mebibytes(_ count: Int) -> Int64 { Int64(count) << 20 }

    @Test("what has come and not come out is held against a connection, and what came out is not")
    mutating func held() {
        #expect(connections.accepted(5, Self.one, now: .zero).isEmpty)
        #expect(connections.heard(5, from: "BIF", bytes: 40 << 20, frames: 2).isEmpty)
        #expect(connections.look(now: .seconds(1)) { _, _ in Self.mebibytes(70) }.isEmpty)
        let closed = connections.look(now: .seconds(2)) { _, _ in Self.mebibytes(73) }
        #expect(closed.map(\.descriptor) == [5] && closed.first?.connection.who == "BIF at 10.0.0.1")
        #expect(connections.open.isEmpty)
    }

    @Test("years of small messages and heartbeats add up to nothing")
    mutating func drift() {
        _ = connections.accepted(5, Self.one, now: .zero)
        var total: Int64 = 0
        for hour in 1...20_000 {
            // An hour of pings: 200 bytes in two frames, 84 more on the wire, and heartbeats.
            _ = connections.heard(5, from: "BIF", bytes: 200 * 3600, frames: 2 * 3600)
            total += 284 * 3600 + 100 * 3600
            #expect(connections.look(now: .seconds(3600 * hour)) { _, _ in total }.isEmpty)
        }
        #expect(connections.open[5]?.held == 0)
    }

    @Test("of all together no more than the sum is held: the largest go first; a local process is no suspect by itself")
    mutating func sum() {
        for descriptor in 1...20 { _ = connections.accepted(CInt(descriptor), Self.one, now: .zero) }
        _ = connections.accepted(99, .local(pid: 1), now: .zero)
        for descriptor in [1...20, 99...99].joined() {
            _ = connections.heard(CInt(descriptor), from: "P\(descriptor)", bytes: 0, frames: 0)
        }
        _ = connections.look(now: .zero) { _, _ in 0 }
        let closed = connections.look(now: .zero) { descriptor, _ in
            Self.mebibytes(descriptor == 99 ? 500 : Int(descriptor) + 10)
        }
        #expect(closed.map(\.descriptor) == [20, 19, 18, 17, 16, 15])
        let short = connections.look(now: .zero, isShort: true) { descriptor, _ in
            Self.mebibytes(descriptor == 99 ? 500 : Int(descriptor) + 10)
        }
        #expect(short.map(\.descriptor) == [99], "when memory is short, it is")
    }

    @Test("who says nothing goes: after a while, and the oldest of one address when there are too many")
    mutating func silent() {
        for descriptor in 0..<Connections.mostSilentOfOne {
            #expect(connections.accepted(CInt(descriptor), Self.one, now: .milliseconds(descriptor)).isEmpty)
        }
        #expect(connections.accepted(5000, .remote(address: "10.0.0.2", port: 1), now: .seconds(2)).isEmpty)
        let closed = connections.accepted(6000, .remote(address: "10.0.0.1", port: 9), now: .seconds(2))
        #expect(closed.map(\.descriptor) == [0])
        #expect(connections.heard(1, from: "BIF", bytes: 1, frames: 1).isEmpty)
        #expect(connections.accepted(6001, Self.one, now: .seconds(2)).isEmpty, "one of them spoke")
        let late = connections.look(now: .seconds(11.5)) { _, _ in nil }
        #expect(
            late.count == Connections.mostSilentOfOne - 2 && !late.contains { [1, 5000, 6000].contains($0.descriptor) })
    }

    @Test("one key on many connections: the oldest goes")
    mutating func oneKey() {
        var closed: [CInt] = []
        for descriptor in 1...10 {
            _ = connections.accepted(CInt(descriptor), Self.one, now: .seconds(descriptor))
            closed += connections.heard(CInt(descriptor), from: "BIF", bytes: 1, frames: 1).map(\.descriptor)
        }
        #expect(closed == [1, 2])
    }

    @Test("offences are bounded, counted, and said once")
    func bounded() {
        var offences = Offences()
        let now = Date(timeIntervalSince1970: 1_764_000_000)
        let isNews = [offences.note("BIF", "x", at: now), offences.note("BIF", "x", at: now + 60)]
        #expect(isNews == [true, false])
        #expect(offences.all.first?.count == 2 && offences.all.first?.last.hasSuffix("Z") == true)
        for number in 0..<200 { _ = offences.note("\(number)", "x", at: now + 120) }
        #expect(offences.all.count == Offences.most)
    }
}

@Suite("Authentication that fails", .serialized)
struct AuthenticationTests {
    @Test("when the authentication handler fails, the listener closes and the loop ends")
    func handler() async throws {
        let rig = try BrokerRig()
        let data = rig.data
        let keys = try CurveKeyPair.generate()
        let endpoint = Mutex<String?>(nil)
        let failure = Mutex<String?>(nil)
        async let loop: Void = onThread {
            try makeFolder(data.broker)
            let ledger = try LedgerStore(folder: data.broker, synthetic: false, key: SigningKey())
            var log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            log.logLevel = .critical
            let worker = try Worker(
                ledger: ledger, endpoints: ["tcp://127.0.0.1:*"], keys: keys, city: testCity,
                data: data, verifyInterval: .seconds(3600), pulse: {}, log: log, doorbell: try Doorbell()
            ) { _ in }
            endpoint.withLock { $0 = worker.endpoints[0] }
            // It takes a question and never answers: from then on its socket refuses to go on, as one does that is broken.
            let shared = Mutex(BrokerLoop.Snapshot())
            let end = ContinuousClock.now + .seconds(20)
            do {
                try worker.run(
                    takeCommands: {
                        _ = try? worker.sockets?.authenticator.socket.receive()
                        return ContinuousClock.now > end ? [.stop] : []
                    }, shared)
            } catch { failure.withLock { $0 = "\(error)" } }
            worker.close()
        }
        try #require(await eventually { endpoint.withLock { $0 } != nil })
        let place = try #require(endpoint.withLock { $0 })
        let isOver = Mutex(false)
        async let client: Void = onThread {
            let tiny = try TinyClient(place, keys: try CurveKeyPair.generate(), server: keys.publicKey.z85)
            while !isOver.withLock({ $0 }) { poll(nil, 0, 10) }
            _ = tiny.socket
        }
        try await loop
        isOver.withLock { $0 = true }
        try await client
        #expect(failure.withLock { $0 } != nil, "the loop went on without its handler")
        let port = try #require(UInt16(place.split(separator: ":").last ?? ""))
        #expect(throws: POSIXError.self, "the listener is still there") {
            try FloodTorture.halfOpen(port, count: 1, bytes: [])
        }
    }
}
