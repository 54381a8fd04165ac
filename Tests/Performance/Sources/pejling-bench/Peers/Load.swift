import Foundation
import Synchronization
import Wire
import ZeroMQ

/// What came of sending all batches of some publishers at once.
struct LoadResult {
    let records: Int
    let seconds: Double
    /// Of each batch from sending to the ack that covers it, in nanoseconds.
    let waits: [Int64]
    /// Microseconds of the server's process for each record, all its threads; nil where it was not looked at.
    var cpu: Double?

    var rate: Double { Double(records) / seconds }
}

/// Lets all start at the same moment, when each is ready.
final class Gate: Sendable {
    private let waiting = Atomic<Int>(0)
    private let started = Atomic<Bool>(false)

    func pass() {
        waiting.add(1, ordering: .sequentiallyConsistent)
        while !started.load(ordering: .acquiring) { usleep(200) }
    }

    /// Opens when `count` wait; returns the time.
    func open(for count: Int) throws -> Int64 {
        try eventually("all clients are ready", 60) { waiting.load(ordering: .sequentiallyConsistent) >= count }
        defer { started.store(true, ordering: .releasing) }
        return monotonic()
    }

    /// When something failed: nobody waits for ever.
    func give() { waiting.add(1, ordering: .sequentiallyConsistent) }
}

/// Sends to a `Server`, a thread and a context for each publisher, as if each were a process of its own.
enum Load {
    static func run(
        _ supplies: [Supply], batches: [[PreparedBatch]], window: Int, to server: Server, _ transport: Transport
    ) throws -> LoadResult {
        let endpoint = try server.endpoint(transport)
        let key = server.key
        return try together(supplies.count, lines: batches.joined().reduce(0) { $0 + $1.lines.count }) { place, gate in
            try Client(supply: supplies[place], batches: batches[place], window: window).run(endpoint, key, gate)
        }
    }

    /// Runs `body` on `count` threads; each passes the gate when it is ready, and gives its waits.
    static func together(
        _ count: Int, lines: Int, _ body: @escaping @Sendable (Int, Gate) throws -> [Int64]
    ) throws -> LoadResult {
        let gate = Gate()
        let outcome = Mutex<(waits: [Int64], failure: (any Error)?, end: Int64)>(([], nil, 0))
        let shared = Shared(outcome)
        let threads = (0..<count).map { place in
            SocketThread {
                do {
                    let waits = try body(place, gate)
                    let end = monotonic()
                    shared.value.withLock {
                        $0.waits += waits
                        $0.end = max($0.end, end)
                    }
                } catch {
                    shared.value.withLock { $0.failure = $0.failure ?? error }
                    gate.give()
                }
            }
        }
        let start = try gate.open(for: count)
        for thread in threads { thread.join() }
        let result = shared.value.withLock { $0 }
        if let failure = result.failure { throw failure }
        return LoadResult(records: lines, seconds: Double(result.end - start) / 1e9, waits: result.waits)
    }

    private final class Shared: Sendable {
        let value: Mutex<(waits: [Int64], failure: (any Error)?, end: Int64)>
        init(_ value: consuming Mutex<(waits: [Int64], failure: (any Error)?, end: Int64)>) { self.value = value }
    }
}

/// One publisher: hello, then all its batches with at most `window` in flight.
struct Client: Sendable {
    let supply: Supply
    let batches: [PreparedBatch]
    let window: Int

    /// Returns each batch's wait when the last is durable.
    func run(_ endpoint: String, _ server: CurvePublicKey, _ gate: Gate) throws -> [Int64] {
        let context = try Context()
        // The socket is closed when `talk` returns; only then may the context end.
        defer { context.terminate() }
        return try talk(context, endpoint, server, gate)
    }

    private func talk(
        _ context: Context, _ endpoint: String, _ server: CurvePublicKey, _ gate: Gate
    ) throws -> [Int64] {
        let socket = try Socket(context, kind: .dealer)
        try socket.setLimits(maxMessageBytes: 8 << 20, local: endpoint.hasPrefix("ipc:"))
        try socket.useCurve(supply.curve, server: server)
        try socket.connect(endpoint)
        var poller = Poller()
        _ = poller.watch(socket)
        let token = try greet(socket, &poller)
        // Before the gate: what is measured is the broker, and both peers get the same.
        let headers = try batches.map { batch in
            var header = batch.header
            header.token = token
            return try header.encoded()
        }
        gate.pass()
        var sentAt: [Int64] = []
        sentAt.reserveCapacity(batches.count)
        var waits: [Int64] = []
        waits.reserveCapacity(batches.count)
        while waits.count < batches.count {
            while sentAt.count < batches.count, sentAt.count - waits.count < window {
                let now = monotonic()
                guard try socket.send([headers[sentAt.count], batches[sentAt.count].body]) == .sent else { break }
                sentAt.append(now)
            }
            guard !(try poller.wait(milliseconds: 20_000)).isEmpty else { throw Failure("no answer within 20 s") }
            while let message = try socket.receive() {
                let now = monotonic()
                let header = try Header.parse(message.frames[0])
                switch header.type {
                case .ack:
                    while waits.count < sentAt.count, batches[waits.count].last <= header.seq ?? 0 {
                        waits.append(now - sentAt[waits.count])
                    }
                case .nack, .reject: throw Failure("\(header.text ?? "?") [\(header.rule ?? "")]")
                default: break
                }
            }
        }
        return waits
    }

    private func greet(_ socket: borrowing Socket, _ poller: inout Poller) throws -> String {
        var hello = Header(.hello)
        hello.versions = [1, 1]
        hello.publisher = supply.forvaltning.code
        hello.log = supply.log
        hello.seq = batches.last?.last
        hello.hash = batches.last?.header.hash
        _ = try socket.send([try hello.encoded(), []])
        guard !(try poller.wait(milliseconds: 20_000)).isEmpty, let message = try socket.receive() else {
            throw Failure("no welcome within 20 s")
        }
        let welcome = try Header.parse(message.frames[0])
        guard welcome.type == .welcome, let token = welcome.token else {
            throw Failure("no welcome: \(welcome.text ?? "?") [\(welcome.rule ?? "")]")
        }
        return token
    }
}
