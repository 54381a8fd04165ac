import Broker
import Foundation
import GRDB
import Glibc
import Ledger
import PolicyModel
import Synchronization
import Testing
import TortureKit
import Wire
import ZeroMQ

/// A data folder whose broker has admitted publishers of the test, and the real broker's process on it: no node, no coordinator, so that
/// what is tried is the broker alone.
final class LoadStand {
    static let codes = ["BIF", "BUF", "KFF", "SOF", "SUF", "TMF", "ØKF"]
    /// A consumer that follows the feed.
    static let follower = "lgbti"

    let town: Town
    let data: DataFolder
    let publishers: [LoadPublisher]
    let followerKeys: CurveKeyPair
    let brokerKey: CurvePublicKey
    private let signing: VerifyingKey
    private(set) var broker: Running?
    /// A disk of its own for the broker's data folder; nil without one.
    let disk: TinyDisk?

    /// - Parameters:
    ///   - others: publishers besides, that run by themselves.
    ///   - mebibytes: of a disk of its own for the broker's data folder; nil: none.
    init(admitting others: [Enrolment] = [], diskOf mebibytes: Int? = nil) throws {
        let town = try Town()
        self.town = town
        disk = try mebibytes.flatMap { try TinyDisk(town.folder + "/var", mebibytes: $0) }
        data = try DataFolder(creating: town.folder + "/var", synthetic: true)
        try FileManager.default.createDirectory(atPath: data.broker, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: town.folder + "/None", withIntermediateDirectories: true)
        let keys = try BrokerKeys(folder: data.broker)
        (brokerKey, signing) = (keys.curve.publicKey, keys.signing.publicKey)
        let endpoint = "ipc://\(data.broker)/socket"
        publishers = try Self.codes.map { try LoadPublisher($0, endpoint: endpoint, server: keys.curve.publicKey) }
        followerKeys = try CurveKeyPair.generate()
        let ledger = try LedgerStore(folder: data.broker, synthetic: true, key: keys.signing)
        try ledger.commit(at: Date()) { transaction in
            for publisher in publishers where !others.contains(where: { $0.publisher == publisher.code }) {
                try transaction.own(publisher.enrolment)
            }
            for other in others { try transaction.own(other) }
            try transaction.own(
                Enrolment(
                    publisher: Self.follower, role: .policy, curveKey: followerKeys.publicKey.z85,
                    signKey: SigningKey().publicKey.hex, admittedBy: "test"))
        }
    }

    var endpoint: String { "ipc://\(data.broker)/socket" }

    /// - Parameter wrapper: a program that runs the broker, with its first arguments.
    func startBroker(_ wrapper: [String] = []) throws {
        let command =
            wrapper + [
                town.executables + "/pejling", "broker", "--config", town.folder + "/Config", "--plugins",
                town.folder + "/None", "--data", data.path, "--remote", "coordinator",
            ]
        broker = try town.start(command[0], Array(command.dropFirst()))
    }

    /// Waits until the broker listens, and lets the publishers greet it: what tries before that waits longer from time to time.
    func greet() throws {
        try eventually("the broker listens", 20) {
            guard let broker, broker.isRunning else { return true }
            let pid = try town.state().pid
            return pid == broker.pid || isAlive(pid) && parent(of: pid) == broker.pid
        }
        try #require(broker?.isRunning == true, "the broker ended: \(broker?.errors ?? "")")
        for publisher in publishers { publisher.greetAnew() }
    }

    private func parent(of pid: Int32) -> Int32? {
        let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        return stat?.split(separator: ")").last?.split(separator: " ").dropFirst().first.flatMap { Int32($0) }
    }

    /// Reads the ledger's lines of a publisher, or of all, in their order.
    func ledgerLines(of publisher: String? = nil) throws -> [(seq: Int64, line: [UInt8])] {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: data.broker + "/ledger.sqlite", configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { db in
            try Row.fetchAll(
                db, sql: "SELECT seq, line FROM record WHERE publisher = ifnull(?, publisher) ORDER BY position",
                arguments: [publisher]
            ).map { ($0["seq"], [UInt8]($0["line"] as Data)) }
        }
    }

    /// Ends it as the kernel would: no handler, no last word.
    func killBroker() throws {
        guard let broker else { return }
        broker.kill()
        _ = try broker.wait(10)
        self.broker = nil
    }

    struct Compared {
        var records = 0
        var faults: [String] = []
    }

    /// Compares what lies in the ledger with what the publishers made, byte for byte.
    ///
    /// - Parameter acked: by publisher, what it had an ack for before the ledger was looked at.
    func compare(acked: [Int64]) throws -> Compared {
        var result = Compared()
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: data.broker + "/ledger.sqlite", configuration: configuration)
        defer { try? queue.close() }
        try queue.read { db in
            for (publisher, acked) in zip(publishers, acked) {
                let made = publisher.lines
                var seq: Int64 = 0
                let rows = try Row.fetchCursor(
                    db, sql: "SELECT seq, line FROM record WHERE publisher = ? ORDER BY position",
                    arguments: [publisher.code])
                while let row = try rows.next() {
                    seq += 1
                    result.records += 1
                    let (found, line): (Int64, Data) = (row["seq"], row["line"])
                    if found != seq {
                        result.faults.append("\(publisher.code): \(found) stands where \(seq) is expected")
                        break
                    }
                    if seq > made.count || [UInt8](line) != made[Int(seq) - 1].bytes {
                        result.faults.append("\(publisher.code)/\(seq) is not what was sent")
                        break
                    }
                }
                if seq < acked {
                    result.faults.append("\(publisher.code): \(acked) acknowledged, \(seq) in the ledger")
                }
            }
        }
        return result
    }

    func verify() throws -> Verification { try LedgerVerifier.verify(folder: data.broker, brokerKey: signing) }

    func stop() {
        for publisher in publishers { publisher.stop() }
        // A tracer that is ended lets go of what it traced, which then runs on: the broker itself is ended.
        if let broker, let pid = try? town.state().pid, parent(of: pid) == broker.pid { kill(pid, SIGTERM) }
        broker?.terminate()
        _ = try? broker?.wait(10)
        broker = nil
    }
}

/// One publisher with a chain of its own, on a thread of its own: sends batches as long as it may, and remembers what was acknowledged.
/// It knows the protocol from Docs/protocol.md and shares no decisions with PluginKit.
final class LoadPublisher: Sendable {
    struct Pace: Sendable {
        /// Batches on the way at most.
        var window = 4
        /// Lines of a batch, at most; how many is drawn.
        var lines = 4
        /// From one batch to the next, in seconds; 0: as fast as the window lets it.
        var pause = 0.0
        /// It ends by itself with this many lines acknowledged.
        var end = Int64.max
        /// How many acknowledged lines it keeps to be compared; for runs that make more than fits in memory.
        var keep = Int.max
    }

    private struct State {
        /// Behind the first `dropped` of the chain.
        var lines: [Line] = []
        var dropped: Int64 = 0
        var acked: Int64 = 0
        var greetings = 0
        var faults: [String] = []
        /// Of each batch from sending to its ack, in seconds.
        var waits: [Double] = []
        var pace = Pace()
        var isWanted = true
        var isResting = false

        var made: Int64 { dropped + Int64(lines.count) }

        func hash(of seq: Int64) -> Hash? {
            seq == 0 ? .zero : seq > dropped && seq <= made ? lines[Int(seq - dropped) - 1].hash : nil
        }
    }

    let code: String
    let log: String
    private let endpoint: String
    private let server: CurvePublicKey
    private let curve: CurveKeyPair
    private let signing = SigningKey()
    private let state = Mutex(State())
    private let round = Atomic<Int>(0)
    private let thread = Mutex<SocketThread?>(nil)

    init(_ code: String, endpoint: String, server: CurvePublicKey) throws {
        (self.code, self.endpoint, self.server) = (code, endpoint, server)
        curve = try CurveKeyPair.generate()
        var generator = SystemRandomNumberGenerator()
        log = hexText((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    var enrolment: Enrolment {
        Enrolment(
            publisher: code, role: .node, curveKey: curve.publicKey.z85, signKey: signing.publicKey.hex,
            admittedBy: "test")
    }

    var lines: [Line] { state.withLock { $0.lines } }
    var acked: Int64 { state.withLock { $0.acked } }
    /// How many lines it has made.
    var made: Int64 { state.withLock { $0.made } }
    /// Sessions that the broker has welcomed.
    var greetings: Int { state.withLock { $0.greetings } }
    /// What the protocol does not allow; empty when all went as it should.
    var faults: [String] { state.withLock { $0.faults } }
    var waits: [Double] { state.withLock { $0.waits } }

    /// The broker was started anew: a fresh socket, and hello.
    func greetAnew() { round.add(1, ordering: .sequentiallyConsistent) }

    func start(_ pace: Pace = Pace(), seed: UInt64) {
        state.withLock {
            $0.pace = pace
            $0.isWanted = true
        }
        thread.withLock { thread in
            thread = SocketThread { [self] in
                do {
                    let context = try Context()
                    defer { context.terminate() }
                    var dice = SeededNumbers(seed: seed)
                    while isWanted { try session(context, &dice) }
                } catch { fault("\(error)") }
            }
        }
    }

    /// Makes nothing new, and waits for its acks.
    func rest() { state.withLock { $0.isResting = true } }

    func stop() {
        state.withLock { $0.isWanted = false }
        thread.withLock { $0 }?.join()
    }

    private var isWanted: Bool { state.withLock { $0.isWanted && $0.acked < $0.pace.end } }

    private func fault(_ text: String) {
        state.withLock {
            if $0.faults.count < 20 { $0.faults.append("\(code): \(text)") }
            $0.isWanted = false
        }
    }

    /// One socket's life: until the broker is started anew, falls silent or the work is done.
    private func session(_ context: Context, _ dice: inout SeededNumbers) throws {
        let own = round.load(ordering: .sequentiallyConsistent)
        let socket = try Socket(context, kind: .dealer)
        try socket.setLimits(maxMessageBytes: 8 << 20, local: true)
        try socket.useCurve(curve, server: server)
        try socket.connect(endpoint)
        var poller = Poller()
        _ = poller.watch(socket)
        let (pace, last) = state.withLock { ($0.pace, $0.lines.last) }
        var head = last.map { ChainHead(seq: $0.envelope.seq, hash: $0.hash) } ?? .empty
        var hello = Header(.hello)
        hello.versions = [1, 1]
        hello.publisher = code
        (hello.log, hello.seq, hello.hash) = (log, head.seq, head.hash)
        guard try socket.send([try hello.encoded(), []]) == .sent else { return }
        var token: String?
        var sent: Int64 = 0
        var flying: [(last: Int64, at: ContinuousClock.Instant)] = []
        var lastHeard = ContinuousClock.now
        var next = ContinuousClock.now
        while isWanted, round.load(ordering: .sequentiallyConsistent) == own {
            _ = try poller.wait(milliseconds: token == nil || flying.count >= pace.window ? 20 : pace.pause > 0 ? 1 : 0)
            let now = ContinuousClock.now
            guard now - lastHeard < .seconds(token == nil ? 3 : 5) else { return }
            while let message = try socket.receive() {
                lastHeard = now
                let header = try Header.parse(message.frames[0])
                switch header.type {
                case .welcome:
                    token = header.token
                    sent = header.seq ?? -1
                    greeted(sent, header.hash)
                case .ack:
                    let seq = header.seq ?? 0
                    let waited = flying.filter { $0.last <= seq }.map { (now - $0.at) / .seconds(1) }
                    flying.removeAll { $0.last <= seq }
                    state.withLock {
                        if $0.hash(of: seq) == nil || header.hash != $0.hash(of: seq) {
                            $0.faults.append("\(code): an ack for \(seq), which is not the chain's")
                        }
                        $0.acked = max($0.acked, seq)
                        $0.waits += waited
                        let spare = Int($0.acked - $0.dropped) - $0.pace.keep
                        if spare > 1_000 {
                            $0.lines.removeFirst(spare)
                            $0.dropped += Int64(spare)
                        }
                    }
                // A socket of libzmq comes back by itself, and a session does not: hello again.
                case .reject where header.final != true: return
                case .nack, .reject: return fault("\(header.text ?? "?") [\(header.rule ?? "")]")
                default: break
                }
            }
            // Without a ping the broker's silence would mean nothing when all is acknowledged.
            guard let token, flying.count < pace.window, now >= next else { continue }
            if sent == head.seq {
                if state.withLock({ $0.isResting }) {
                    poll(nil, 0, 5)
                    continue
                }
                let fresh = try make(Int.random(in: 1...pace.lines, using: &dice), after: &head)
                state.withLock { $0.lines += fresh }
            }
            let batch = state.withLock {
                let from = Int(sent - $0.dropped)
                return Array($0.lines[from..<min(from + pace.lines, $0.lines.count)])
            }
            guard let last = batch.last else { continue }
            if try publish(batch, token, socket) {
                sent = last.envelope.seq
                flying.append((sent, now))
                if pace.pause > 0 { next = max(next + .seconds(pace.pause), now - .milliseconds(50)) }
            }
        }
    }

    /// What the broker says it has must be of this chain, and hold all that it acknowledged.
    private func greeted(_ seq: Int64, _ hash: Hash?) {
        state.withLock {
            $0.greetings += 1
            if $0.hash(of: seq) == nil || $0.hash(of: seq) != hash {
                $0.faults.append("\(code): welcomed at \(seq), which is not the chain's")
            }
            if seq < $0.acked { $0.faults.append("\(code): \($0.acked) were acknowledged, the broker is at \(seq)") }
        }
    }

    private func make(_ count: Int, after head: inout ChainHead) throws -> [Line] {
        try (0..<count).map { _ in
            let text = String(repeating: "Der er holdt to møder med beboerne. ", count: 7)
            let line = try head.next(
                publisher: code, log: log, at: "2026-11-26T08:00:00Z", by: Author(role: "node"),
                kind: RecordKind("x-load"), id: "load/\(head.seq + 1)", policy: nil,
                body: Array(#"{"text":"\#(text)"}"#.utf8),
                synthetic: true)
            head.advance(over: line)
            return line
        }
    }

    private func publish(_ lines: [Line], _ token: String, _ socket: borrowing Socket) throws -> Bool {
        guard let first = lines.first, let last = lines.last else { return false }
        var header = Header(.publish, token: token)
        header.log = log
        (header.firstSeq, header.count) = (first.envelope.seq, lines.count)
        (header.seq, header.hash) = (last.envelope.seq, last.hash)
        header.signature = try signing.sign(
            BatchStatement(publisher: code, log: log, seq: last.envelope.seq, hash: last.hash))
        header.keyID = String(signing.publicKey.hex.prefix(16))
        return try socket.send([try header.encoded(), Batch.body(of: lines)]) == .sent
    }
}
