import Broker
import Foundation
import Ledger
import Logging
import PolicyModel
import Synchronization
import Wire
import ZeroMQ

// Acked records per second: seven nodes over CURVE, 600-byte records of an opaque kind in signed batches of 100, window 8,
// one commit with fsync before each ack, chain and body hash checked. Beside it, in the same run and in turn, the same lines
// put into the same ledger with no network: the ratio is what the way through the broker costs.

let nodes = 7
let batchesPerNode = 100
let linesPerBatch = 100
let rounds = 5

struct Batch600 {
    let header: Header
    let body: [UInt8]
    let lines: [Line]
    let signature: String
}

struct Client {
    let publisher: String
    let curve: CurveKeyPair
    let signing: SigningKey
    let log: String
    let batches: [Batch600]

    init(_ number: Int) throws {
        publisher = "N\(number)"
        curve = try CurveKeyPair.generate()
        signing = SigningKey()
        log = String(repeating: "0", count: 31) + String(number)
        var head = ChainHead.empty
        var batches: [Batch600] = []
        let filler = String(repeating: "x", count: 266)
        for _ in 0..<batchesPerNode {
            let first = head.seq + 1
            var lines: [Line] = []
            for _ in 0..<linesPerBatch {
                let line = try head.next(
                    publisher: publisher, log: log, at: "2026-11-23T08:15:00Z", by: Author(role: "node"),
                    kind: RecordKind("x-bench"), id: "bench/\(head.seq)", policy: nil,
                    body: Array("{\"filler\":\"\(filler)\"}".utf8), synthetic: true)
                lines.append(line)
                head.advance(over: line)
            }
            var header = Header(.publish)
            header.log = log
            header.firstSeq = first
            header.count = lines.count
            header.seq = head.seq
            header.hash = head.hash
            header.keyID = String(signing.publicKey.hex.prefix(16))
            let signature = try signing.sign(
                BatchStatement(publisher: publisher, log: log, seq: head.seq, hash: head.hash))
            header.signature = signature
            batches.append(Batch600(header: header, body: Batch.body(of: lines), lines: lines, signature: signature))
        }
        self.batches = batches
    }

    /// Says hello, sends all batches with at most eight unacked, and returns when the last is durable.
    func run(_ endpoint: String, _ server: CurvePublicKey) throws {
        let context = try Context()
        defer { context.terminate() }
        try talk(context, endpoint, server)
    }

    private func talk(_ context: Context, _ endpoint: String, _ server: CurvePublicKey) throws {
        let socket = try Socket(context, kind: .dealer)
        try socket.setLimits(maxMessageBytes: 8 << 20, local: true)
        try socket.useCurve(curve, server: server)
        try socket.connect(endpoint)
        var poller = Poller()
        _ = poller.watch(socket)
        var hello = Header(.hello)
        hello.versions = [1, 1]
        hello.publisher = publisher
        hello.log = log
        hello.seq = 0
        hello.hash = .zero
        _ = try socket.send([try hello.encoded(), []])
        var token: String?
        var next = 0
        var acked: Int64 = 0
        let last = Int64(batchesPerNode * linesPerBatch)
        while acked < last {
            while let token, next < batches.count, Int64(next * linesPerBatch) - acked < Int64(8 * linesPerBatch) {
                var header = batches[next].header
                header.token = token
                guard try socket.send([try header.encoded(), batches[next].body]) == .sent else { break }
                next += 1
            }
            guard !(try poller.wait(milliseconds: 10_000)).isEmpty else { throw BrokerError("no answer within 10 s") }
            while let message = try socket.receive() {
                let header = try Header.parse(message.frames[0])
                switch header.type {
                case .welcome: token = header.token
                case .ack: acked = header.seq ?? acked
                case .nack, .reject: throw BrokerError("\(header.text ?? "?") [\(header.rule ?? "")]")
                default: break
                }
            }
        }
    }
}

/// Seconds for all clients through a broker of their own, on `listen` or the local socket.
func throughBroker(_ clients: [Client], _ config: String, tcp: Bool) async throws -> Double {
    let folder = NSTemporaryDirectory() + "pejling-bench-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = try DataFolder(creating: folder, synthetic: true)
    var log = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
    log.logLevel = .warning
    let broker = try await Broker.start(
        Broker.Options(data: data, config: config, listen: tcp ? ["tcp://127.0.0.1:*"] : []), log: log)
    for client in clients {
        broker.enrol(
            Enrolment(
                publisher: client.publisher, role: .node, curveKey: client.curve.publicKey.z85,
                signKey: client.signing.publicKey.hex, admittedBy: "bench"))
    }
    let state = await broker.state()
    guard let endpoint = state.endpoints.last, let key = CurvePublicKey(z85: state.key) else {
        throw BrokerError("the broker has no endpoint")
    }
    let failures = Mutex<[String]>([])
    let start = ContinuousClock.now
    let threads = clients.map { client in
        SocketThread {
            do { try client.run(endpoint, key) } catch { failures.withLock { $0.append("\(error)") } }
        }
    }
    for thread in threads { thread.join() }
    let took = ContinuousClock.now - start
    await broker.stop()
    if let failure = failures.withLock({ $0.first }) { throw BrokerError(failure) }
    return Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
}

/// Seconds for the same lines straight into a ledger, eight batches a commit.
func straight(_ clients: [Client]) throws -> Double {
    let folder = NSTemporaryDirectory() + "pejling-bench-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let ledger = try LedgerStore(folder: folder, synthetic: true, key: SigningKey())
    let start = ContinuousClock.now
    for first in stride(from: 0, to: batchesPerNode, by: 8) {
        for client in clients {
            try ledger.commit(at: Date()) { transaction in
                for batch in client.batches[first..<min(first + 8, batchesPerNode)] {
                    for line in batch.lines { try transaction.append(line) }
                }
            }
        }
    }
    let took = ContinuousClock.now - start
    return Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
}

@main
struct Bench {
    static func main() async throws {
        let config = CommandLine.arguments.dropFirst().first ?? "Config"
        let clients = try (1...nodes).map { try Client($0) }
        let records = Double(nodes * batchesPerNode * linesPerBatch)
        let size = clients[0].batches[0].lines[0].bytes.count
        print(
            "\(Int(records)) records of \(size) bytes from \(nodes) nodes, \(rounds) rounds in turn; records/s: median (least, most)"
        )
        var rates: [String: [Double]] = [:]
        for _ in 0..<rounds {
            rates["acked over ipc, CURVE, fsync", default: []].append(
                records / (try await throughBroker(clients, config, tcp: false)))
            rates["acked over tcp, CURVE, fsync", default: []].append(
                records / (try await throughBroker(clients, config, tcp: true)))
            rates["ledger alone, no network", default: []].append(records / (try straight(clients)))
        }
        let alone = median(rates["ledger alone, no network"] ?? [])
        print("| way | records/s | least | most | of the ledger alone |\n|---|--:|--:|--:|--:|")
        for (way, values) in rates.sorted(by: { $0.key < $1.key }) {
            print(
                "| \(way) | \(Int(median(values))) | \(Int(values.min() ?? 0)) | \(Int(values.max() ?? 0)) | \(Int(100 * median(values) / alone)) % |"
            )
        }
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}
