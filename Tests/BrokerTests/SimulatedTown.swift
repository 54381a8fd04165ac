import Foundation
import PolicyModel
import Synchronization
import TortureKit
import Wire

@testable import Broker
@testable import Ledger
@testable import PluginKit

/// What a seed has shown to be wrong; the simulation ends with it.
struct Wrong: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// What two publishers will ever say, made once: chained, every seventh refused for its content, so that a log is a prefix.
struct Script: Sendable {
    static let all: [Script] = ["BIF", "BUF"].map { Script($0) }
    static let coordinator = Sender("coordinator", role: .coordinator, log: String(repeating: "c", count: 32))
    /// Of the broker's ledger: the same in all simulations of a process.
    static let ledgerKey = SigningKey()

    let sender: Sender
    let lines: [Line]
    private let signatures: [String]

    private init(_ publisher: String) {
        var sender = Sender(publisher, log: String(repeating: publisher == "BIF" ? "a" : "b", count: 32))
        do {
            lines = try (1...Script.length).map { seq in
                try sender.line(by: Author(role: seq % 7 == 0 ? "policy" : "node"))
            }
            signatures = try lines.map {
                try sender.signing.sign(
                    BatchStatement(publisher: publisher, log: sender.log, seq: $0.envelope.seq, hash: $0.hash))
            }
        } catch { fatalError("the script of \(publisher): \(error)") }
        self.sender = sender
    }

    static let length = 40

    /// What the broker reads in a batch is the same in every world: it is read once.
    private static let read = Mutex<[String: ReadBatch]>([:])

    static func batch(_ header: Header, _ body: [UInt8], from sender: Ingest.Sender?) -> ReadBatch {
        guard header.type == .publish, let sender, let first = header.firstSeq, let last = header.seq else {
            return .none
        }
        let place = "\(sender.publisher) \(first) \(last)"
        if let known = read.withLock({ $0[place] }) { return known }
        let batch = ReadBatch(body, header, from: sender, city: testCity)
        read.withLock { $0[place] = batch }
        return batch
    }

    func head(_ seq: Int) -> ChainHead { seq == 0 ? .empty : ChainHead(seq: Int64(seq), hash: lines[seq - 1].hash) }

    func publish(_ range: Range<Int>, token: String?) -> Header {
        let last = lines[range.upperBound - 1]
        var header = Header(.publish, token: token)
        (header.log, header.firstSeq, header.count) = (sender.log, Int64(range.lowerBound + 1), range.count)
        (header.seq, header.hash) = (last.envelope.seq, last.hash)
        header.signature = signatures[range.upperBound - 1]
        header.keyID = String(sender.signing.publicKey.hex.prefix(16))
        return header
    }
}

/// The broker without sockets: `Ingest`, `FeedCursor` and a `LedgerStore` on a file, carried out as its loop does.
final class SimulatedBroker {
    private(set) var store: LedgerStore
    private(set) var ingest: Ingest
    private var tokens: Int
    /// Where the ledger was when the feed looked last, as in the loop.
    private var pumped: Int64 = -1

    /// - Parameter life: how often it was started, so that no token comes twice.
    init(folder: String, life: Int, at wall: Date) throws {
        store = try LedgerStore(folder: folder, synthetic: false, key: Script.ledgerKey)
        tokens = 0
        var count = life * 1_000_000
        ingest = Ingest(city: testCity, heads: store.publishers) {
            count += 1
            return "token \(count)"
        }
        if store.head.position == 0 {
            try store.commit(at: wall) { transaction in
                for sender in Script.all.map(\.sender) + [Script.coordinator] { try transaction.own(sender.enrolment) }
            }
        }
        for word in try store.keyHistory() { ingest.enrol(word.enrolment) }
    }

    /// One turn: takes what has come, commits, acks, feeds. Throws `Crash` where `crashes` says so.
    ///
    /// - Parameters:
    ///   - isFull: the disk takes nothing.
    ///   - crashes: asked before the commit, and after it, before anything of it is said.
    ///   - send: false when the peer's queue is full.
    func turn(
        _ messages: [(peer: [UInt8], key: String, header: Header, body: [UInt8])], now: Duration, wall: Date,
        isFull: Bool, crashes: () -> Bool, send: ([UInt8], Header, [UInt8]) throws -> Bool
    ) throws {
        // Where the loop would go on waiting.
        if messages.isEmpty, ingest.owed.isEmpty, ingest.feedDue.isEmpty, store.head.position == pumped { return }
        var appends: [Ingest.Append] = []
        let store = store
        for message in messages {
            let batch = Script.batch(message.header, message.body, from: ingest.sessions[message.peer]?.sender)
            let orders = ingest.receive(
                peer: message.peer, userID: message.key, now: now,
                ledger: .init(
                    position: store.head.position, isSynthetic: false, id: store.id, durable: store.publishers,
                    hash: { try? store.chainHash(publisher: $0, log: $1, seq: $2) },
                    root: { try? store.root(at: $0) })
            ) { ReadMessage(message.header, batch) }
            for order in orders {
                switch order {
                case .append(let append): appends.append(append)
                case .send(let peer, let header): _ = try send(peer, header, [])
                case .keep(let audit): throw Wrong("a fork was seen that nobody made: \(audit)")
                case .mend: preconditionFailure("nothing is damaged here")
                case .fetch(let peer, let after):
                    guard let session = ingest.sessions[peer] else { continue }
                    let lines = try store.lines(of: session.publisher, log: session.log, after: after)
                    var header = Header(.fetched, token: session.token)
                    (header.firstSeq, header.count) = (after + 1, lines.count)
                    _ = try send(peer, header, Batch.body(of: lines))
                }
            }
        }
        if crashes() { throw Crash() }
        if !appends.isEmpty {
            if isFull {
                let full = StoreError(.full, "no room")
                for case .send(let peer, let header) in ingest.failed(
                    appends, durable: store.publishers, full, now: .zero)
                {
                    _ = try send(peer, header, [])
                }
            } else {
                ingest.committed(try store.commit(appends, at: wall), at: wall, now: .zero)
            }
        }
        if crashes() { throw Crash() }
        for (peer, ack) in ingest.dueAcks(durable: store.publishers) where try send(peer, ack, []) {
            ingest.ackSent(peer)
        }
        let head = store.head.position
        let hasMoved = head != pumped
        pumped = head
        for session in ingest.dueFeeds(hasMoved: hasMoved) {
            guard var feed = session.feed else { continue }
            let wasTaken = try feed.advance(
                to: head, now: now, token: session.token, read: store.feed, root: store.root
            ) {
                try send(session.peer, $0, $1)
            }
            if wasTaken { ingest.moved(session.peer, feed, isDone: feed.isDone(at: head)) }
        }
    }

    struct Crash: Error {}
}

/// A plugin without a socket: the real `LinkStateMachine`, its log (what of the script it has said) and, for who follows, a
/// `Replica` on a file. What a crash leaves is `said`, `acked`, `dead` and the replica.
struct SimulatedPlugin {
    let sender: Sender
    let script: Script?
    let folder: String?
    var machine: LinkStateMachine
    var replica: Replica?
    var said = 0
    var acked: Int64 = 0
    var dead: Set<Int64> = []
    /// An old copy was put in place: nothing is said before the ledger has told what is missing.
    var mayBeBehind = false
    /// The connection; a new one for each socket.
    var peer: [UInt8]
    /// Milliseconds; until then it is not running.
    var downUntil = 0
    var isRunning = true
    var wakeAt = 0

    init(_ sender: Sender, _ script: Script?, replica folder: String?, number: UInt8) throws {
        self.sender = sender
        self.script = script
        self.folder = folder
        peer = [number, 0, 0]
        replica = try folder.map { try Replica(folder: $0, create: true) }
        machine = LinkStateMachine(
            silenceLimit: .seconds(5), follows: folder == nil ? nil : FeedFilter(), isSynthetic: false, head: 0,
            acked: 0, feedPosition: 0)
        machine.isReady = true
    }

    var head: ChainHead { script?.head(said) ?? .empty }

    /// The process starts anew from what is durable.
    mutating func start() throws {
        replica = nil
        replica = try folder.map { try Replica(folder: $0, create: false) }
        machine = LinkStateMachine(
            silenceLimit: .seconds(5), follows: folder == nil ? nil : FeedFilter(), isSynthetic: false,
            head: Int64(said), acked: acked, feedPosition: try replica?.position() ?? 0,
            feedRoot: try replica?.root())
        machine.isReady = true
        isRunning = true
    }

    /// Carries out what the machine orders, as `Link` does.
    mutating func carryOut(
        _ orders: [LinkStateMachine.Order], now: Duration, batch: Int,
        send: (SimulatedPlugin, Header, [UInt8]) throws -> Void
    ) throws {
        var orders = orders[...]
        while let next = orders.popFirst() {
            switch next {
            case .reopen:
                if peer[1] == 255 { peer[2] += 1 }
                peer[1] &+= 1
                try send(self, sender.hello { ($0.seq, $0.hash) = (head.seq, head.hash) }, [])
            case .send(let header): try send(self, header, [])
            case .publish(let after):
                guard let script, Int(after) < said else { continue }
                let range = Int(after)..<min(said, Int(after) + batch)
                let body = Batch.body(of: Array(script.lines[range]))
                try send(self, script.publish(range, token: machine.token), body)
                orders += machine.published(last: Int64(range.upperBound), bytes: body.count, now: now)
            case .compare(let seq, let hash, let ledger):
                if let ledger { try replica?.bind(to: ledger) }
                guard seq <= said else { throw Wrong("\(sender.publisher) compares \(seq) of \(said)") }
                mayBeBehind = false
                orders += machine.confirmed(seq, isSame: (script?.head(Int(seq)) ?? .empty).hash == hash, now: now)
            case .lag: mayBeBehind = true
            case .restore(let body, let count):
                for line in try Batch.lines(of: body, count: count) {
                    let seq = line.refusedPlace?.name.seq ?? line.envelope.seq
                    let hash = line.refusedPlace?.hash ?? line.hash
                    guard let script, Int(seq) == said + 1, script.lines[said].hash == hash else {
                        throw Wrong("\(sender.publisher) got back \(seq) after \(said), or another than it said")
                    }
                    if line.refusedPlace != nil { dead.insert(seq) }
                    said += 1
                }
                orders += machine.restored(to: head, now: now)
                if machine.isLive { mayBeBehind = false }
            case .learn(let body, let count):
                let lines = try Batch.lines(of: body, count: count)
                let refused = lines.compactMap(\.refusedPlace).map {
                    RefusedLine(seq: $0.name.seq, rule: $0.rule, text: $0.message)
                }
                let end = lines.last.map { $0.refusedPlace?.name.seq ?? $0.envelope.seq } ?? 0
                orders += machine.learned(to: end, refused: refused, now: now)
            case .acknowledge(let seq, let refused):
                guard seq <= said else { throw Wrong("\(sender.publisher): \(seq) acked of \(said) said") }
                acked = max(acked, seq)
                for line in refused { dead.insert(line.seq) }
            case .store(let body, let count, let upTo, let root):
                let lines =
                    try count == 0
                    ? [] : body.split(separator: UInt8(ascii: "\n")).map { try DeliveredLine(parsing: $0) }
                guard lines.count == count else { throw Wrong("\(lines.count) lines delivered for \(count)") }
                try replica?.store(lines, upTo: upTo, root: root)
            case .beginAgain(let why): throw Wrong("\(sender.publisher) is to begin again: \(why)")
            case .prove(let seq): throw Wrong("\(sender.publisher) diverged at \(seq)")
            case .fail(let text): throw Wrong("\(sender.publisher) fails: \(text)")
            }
        }
    }
}
