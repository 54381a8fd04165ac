import Foundation
import Ledger
import LogLines
import Logging
import PolicyModel
import Synchronization
import Wire
import ZeroMQ

/// The broker's one thread: it alone touches sockets and ledger. One turn: answer who may connect, take what has arrived,
/// commit it with one sync, ack, give the feed what is new.
final class BrokerLoop: Sendable {
    /// What others may ask of the loop, from any thread.
    enum Command: Sendable {
        case enrol(Enrolment)
        case expect(publisher: String, incarnation: String, kinds: [String])
        case stop
    }

    /// What others may see of it.
    struct Snapshot: Sendable {
        struct Session: Sendable {
            var incarnation: String?
            var state: String
            var unsent: Int64?
            var trouble: String?
            var stored: Int64?
            /// Since when it has stored nothing though there is more (`uptime`); nil while it comes on.
            var stalledSince: Int64?
            var silence: Duration
        }
        /// By publisher: when it was last heard, counted from the loop's start.
        var heard: [String: Duration] = [:]
        var sessions: [String: Session] = [:]
        var position: Int64 = 0
        var root = ""
        /// By CURVE key.
        var pending: [String: BrokerState.PendingKey] = [:]
        /// By publisher: the last word on its keys.
        var keys: [String: Enrolment] = [:]
        /// By publisher: what waits for an operator's word on its log.
        var waiting: [String: WaitingLog] = [:]
        /// By publisher, of all that the ledger has or that have sent something since the start.
        var traffic: [String: Traffic] = [:]
        /// Messages dropped since the start that were no messages of the protocol, and those of sessions that are no more.
        var dropped = 0
        var strays = 0
        var offences: [BrokerState.Offence] = []
        /// When the last record was received; since when the clock is behind that (`uptime`).
        var received = ""
        var clockBehindSince: Int64?
        /// Records of the ledger that are damaged, in words, and where the damaged file was copied to.
        var damage: [String] = []
        var damageKept: String?
        /// Records put back since the start, and at it.
        var mended = 0
        /// How the ledger was made anew at the start, in words; nil: it was not.
        var remade: String?
        /// Where the last checkpoint stands.
        var checkpointed = LedgerStore.CheckpointPlace()
        /// Whether it has not been read again, from its start to its end, since the last of them.
        var isMendedUnread = false
        /// When the whole ledger was last read again.
        var readAgain: String?
        /// When a message was last dropped.
        var droppedLast: Lately?
        /// Brokers that were started on this folder meanwhile.
        var refusedStarts: BrokerState.RefusedStarts?
        /// When the loop last came round (`uptime`).
        var turned = uptime()
        /// Why the loop ended by itself; nil while it runs or when it was asked to stop.
        var failure: String?
    }

    /// A publisher that asks, and is not heard before an operator's word.
    struct WaitingLog: Sendable {
        var log: String
        var seq: Int64
        /// Its key sent a fork, or was misused (`rule`); otherwise its log is another than the ledger's.
        var isQuarantined: Bool
        var rule: String?
        var incarnation: String?
        var silence: Duration
    }

    private let commands = Mutex<[Command]>([])
    private let shared: Mutex<Snapshot>
    /// Plugins that are to be tried again by an operator's word, until the host has heard it.
    private let retries = Mutex<Set<String>>([])
    private let doorbell: Doorbell
    private let thread: Mutex<SocketThread?> = Mutex(nil)

    init() throws {
        doorbell = try Doorbell()
        shared = Mutex(Snapshot())
    }

    func post(_ command: Command) {
        commands.withLock { $0.append(command) }
        doorbell.ring()
    }

    var snapshot: Snapshot { shared.withLock { $0 } }

    /// Whether an operator said that this plugin is to be tried again; then it is done with.
    func takeRetry(_ plugin: String) -> Bool { retries.withLock { $0.remove(plugin) != nil } }

    /// Starts the thread; returns when it is bound, or throws what kept it from that.
    ///
    /// - Returns: the endpoints bound, with ports chosen.
    func start(
        _ open: @escaping @Sendable () throws -> LedgerStore, endpoints: [String], keys: CurveKeyPair, city: City,
        data: DataFolder, verifyInterval: Duration, pulse: @escaping @Sendable () -> Void, log: Logger
    ) async throws -> [String] {
        try await withCheckedThrowingContinuation { continuation in
            let thread = SocketThread { [self] in
                do {
                    let worker = try Worker(
                        ledger: open(), endpoints: endpoints, keys: keys, city: city, data: data,
                        verifyInterval: verifyInterval, pulse: pulse, log: log, doorbell: doorbell
                    ) { plugin in self.retries.withLock { _ = $0.insert(plugin) } }
                    let bound = worker.endpoints
                    worker.publishSnapshot(to: shared, now: worker.now())
                    continuation.resume(returning: bound)
                    do {
                        try worker.run(
                            takeCommands: {
                                self.commands.withLock { list in
                                    defer { list = [] }; return list
                                }
                            }, shared)
                    } catch {
                        log.critical("the broker stops: \(error)")
                        shared.withLock { $0.failure = "\(error)" }
                    }
                    worker.close()
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            self.thread.withLock { $0 = thread }
        }
    }

    /// Asks the loop to end and waits until its sockets are closed.
    func stop() async {
        post(.stop)
        let thread = thread.withLock { $0 }
        // The wait is bounded: a turn of the loop. It runs on a thread of its own, not on the cooperative pool.
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            _ = SocketThread {
                thread?.join()
                continuation.resume()
            }
        }
    }
}

/// Lives on the loop's thread only.
final class Worker {
    /// Messages taken in one turn, and so at most in one commit: half of what all windows of eight nodes hold, so that the other
    /// half is read while it is committed.
    static let messagesPerTurn = 32
    /// The longest a turn waits: whatever there is to do wakes it, so this only bounds how old the snapshot gets.
    static let pollMilliseconds = 500
    /// A consumer says each second what it has stored: one that has not come on for this long stands.
    static let standstill: Duration = .seconds(3)
    /// How often others are shown how it stands while turn follows turn: it takes a look at every session.
    static let snapshotMilliseconds = 100

    let endpoints: [String]
    private let context: Context
    private(set) var sockets: Sockets?
    let ledger: LedgerStore
    var ingest: Ingest
    /// What `received` goes by; everything else is monotonic.
    let clock: RecordClock
    let log: Logger
    private let doorbell: Doorbell
    private let start = ContinuousClock.now
    /// `uptime` then.
    let origin = uptime()
    var refusedStarts = RefusedStarts()
    var seldomSaid = SeldomSaid()
    /// Records of the ledger that were mended when it was last looked, and how many readings must end before that is old news.
    var mended: (count: Int, until: Int) = (0, 0)
    let data: DataFolder
    let orders: OperatorOrders
    let ownKey: String
    /// Tells the host that a plugin, by its name or its publisher's, is to be started again now, whatever it waits for.
    let retry: (String) -> Void
    /// Tells whoever watches over this process that the loop turns.
    private let pulse: () -> Void
    private var nextPulse: Duration = .zero
    /// When the loop last came round.
    private var cameRound: Duration?
    var pending = PendingKeys()
    /// Revoked keys that have tried; at most as many as were ever enrolled.
    var refusedKeys: Set<String> = []
    /// Admitted by an operator or the host, and not yet in the ledger; at most one a publisher.
    private var enrolling: [Enrolment] = []
    /// When to try again; nil while nothing waits.
    private var enrollingRetry: Duration?
    /// Not in the ledger yet.
    var evidence: [Audit] = []
    var evidenceRetry: Duration = .zero
    var nextOrders: Duration = .zero
    /// Since when a record waits for a checkpoint; nil while none does.
    var checkpointWait: Duration?
    /// The reading again of the ledger.
    var watch: LedgerWatch
    /// When what consumers told of a lost end may be written down next.
    var lostEndDue: Duration = .zero
    /// Since when the clock is behind the ledger's last record (`uptime`), and when it was looked at.
    var clockBehind: (since: Int64?, looked: Duration) = (nil, .seconds(-1))
    /// A file that is being taken in: one batch a turn, so that nobody waits for it.
    var handOver: (id: String, file: HandOver, said: Duration)?
    /// Those that come after it.
    var waitingFiles: [(id: String, file: String)] = []
    /// Where the ledger was when the feed looked last.
    var pumped: Int64 = -1
    /// When others were last shown how it stands; nil before the first time.
    private var published: Duration?
    /// What `Ingest` asks of the durable ledger.
    let chains: ChainLookup
    private var stopping = false
    /// Who is connected, and when it was last looked at what they hold.
    var connections = Connections()
    var nextLook: Duration = .zero
    /// Somebody was cut off at the last look: what it held is given back to the system when it is free.
    var mustTrim = false
    /// Somebody holds much: looked at more often.
    var isWatchful = false
    var offences = Offences()
    /// What came and was not judged yet, in the order it came; at most `messagesPerTurn`.
    var ahead: [Incoming] = []
    /// Bytes of memory beyond which somebody has to go: twice what it has at its start, and at least 1 GiB more.
    let mostMemory: Int

    /// All are ~Copyable: they live in one box and go together, the router first.
    final class Sockets {
        let router: Socket
        let monitor: Socket
        let authenticator: Authenticator
        init(router: consuming Socket, monitor: consuming Socket, authenticator: consuming Authenticator) {
            self.router = router
            self.monitor = monitor
            self.authenticator = authenticator
        }
    }

    init(
        ledger: LedgerStore, endpoints: [String], keys: CurveKeyPair, city: City, data: DataFolder,
        verifyInterval: Duration, pulse: @escaping () -> Void, log: Logger, doorbell: Doorbell,
        retry: @escaping (String) -> Void
    ) throws {
        watch = LedgerWatch(interval: verifyInterval)
        self.ledger = ledger
        self.data = data
        orders = OperatorOrders(data)
        ownKey = keys.publicKey.z85
        clock = data.clock
        self.retry = retry
        self.pulse = pulse
        chains = ChainLookup(ledger)
        self.log = log
        self.doorbell = doorbell
        context = try Context()
        // The handler is bound before anything listens: CURVE without one admits every key.
        let authenticator = try Authenticator(context, domain: "pejling")
        let router = try Socket(context, kind: .router)
        try router.setLimits(
            maxMessageBytes: Int64(Limits.batchBytes + Limits.header),
            local: endpoints.allSatisfy { $0.hasPrefix("ipc:") })
        try router.set(ZMQ_ROUTER_MANDATORY_OPTION, 1 as CInt, "ZMQ_ROUTER_MANDATORY")
        try router.serveCurve(keys, domain: "pejling")
        let monitor = try router.monitorConnections(context, name: "connections")
        var bound: [String] = []
        for endpoint in endpoints {
            try router.bind(endpoint)
            bound.append(try router.lastEndpoint())
        }
        guard try router.isCurve() else { throw BrokerError("the listener does not speak CURVE: it stays closed") }
        self.endpoints = bound
        sockets = Sockets(router: router, monitor: monitor, authenticator: authenticator)
        let resident = ProcessTree.residentBytes([getpid()])
        mostMemory = resident + max(resident, 1 << 30)
        ingest = Ingest(city: city, heads: ledger.publishers) {
            var generator = SystemRandomNumberGenerator()
            return hexText((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        for word in try ledger.keyHistory() { ingest.enrol(word.enrolment) }
        for fork in try ledger.openForks().values { ingest.quarantine(fork) }
        ingest.damaged(ledger.damaged)
        ingest.unsigned = ledger.unsigned
    }

    func now() -> Duration { ContinuousClock.now - start }

    func close() {
        sockets?.router.endMonitor()
        sockets = nil
        context.terminate()
    }

    func run(takeCommands: () -> [BrokerLoop.Command], _ shared: borrowing Mutex<BrokerLoop.Snapshot>) throws {
        guard let sockets else { return }
        var poller = Poller()
        let routerIndex = poller.watch(sockets.router)
        let zapIndex = sockets.authenticator.watch(in: &poller)
        let bellIndex = poller.watch(doorbell)
        _ = poller.watch(sockets.monitor)
        var backlog = false
        var isShown = true
        var mayWait = Self.pollMilliseconds
        var feedDue: Duration?
        while !stopping {
            let feedWait = feedDue.map { Int((max($0 - now(), .zero) / .milliseconds(1)).rounded(.up)) }
            let patience = min(
                mayWait, isShown ? Self.pollMilliseconds : Self.snapshotMilliseconds, feedWait ?? mayWait)
            let ready = try poller.wait(milliseconds: backlog ? 0 : patience)
            forgivePause()
            backlog = false
            if ready.contains(bellIndex) {
                doorbell.clear()
            }
            for command in takeCommands() { try carryOut(command) }
            try ledger.scrub()
            try keepEvidence()
            try carryOutOrders()
            if try takeHandedOver() { backlog = true }
            if let enrollingRetry, now() >= enrollingRetry { try enrolWaiting() }
            mayWait = try watchConnections(sockets)
            if ready.contains(zapIndex) { try authenticate(sockets) }
            if ready.contains(routerIndex) || !ahead.isEmpty, try takeMessages(sockets, takeCommands) { backlog = true }
            try watchLedger(sockets)
            try checkpointWhenDue()
            try sendAcks(sockets)
            feedDue = try pumpFeed(sockets)
            isShown = showWhenDue(shared)
            sayAlive()
        }
        publishSnapshot(to: shared, now: now())
    }

    /// A loop that did not come round (a machine that was stopped, a disk that took long) has heard nobody: what was said meanwhile lies
    /// unread, and is no silence of those who said it.
    private func forgivePause() {
        let now = now()
        if let cameRound, now - cameRound > .seconds(1) { ingest.paused(for: now - cameRound) }
        cameRound = now
    }

    /// At most once a second.
    func sayAlive() {
        let now = now()
        guard now >= nextPulse else { return }
        nextPulse = now + .seconds(1)
        pulse()
    }

    /// False while there is something that others were not shown.
    private func showWhenDue(_ shared: borrowing Mutex<BrokerLoop.Snapshot>) -> Bool {
        let now = now()
        if let published, now - published < .milliseconds(Self.snapshotMilliseconds) { return false }
        publishSnapshot(to: shared, now: now)
        published = now
        return true
    }

    func carryOut(_ command: BrokerLoop.Command) throws {
        switch command {
        case .enrol(let enrolment):
            enrolling.removeAll { $0.publisher == enrolment.publisher }
            enrolling.append(enrolment)
            try enrolWaiting()
        case .expect(let publisher, let incarnation, let kinds):
            ingest.expect(incarnation, of: publisher, kinds: kinds)
        case .stop: stopping = true
        }
    }

    /// Keeps what is to be enrolled in the ledger, and only then admits it. On a full disk it waits, and is tried again.
    private func enrolWaiting() throws {
        do {
            while let enrolment = enrolling.first {
                if let objection = ingest.keys.objection(to: enrolment, brokerKey: ownKey) {
                    log.error("\(enrolment.publisher) is not enrolled: \(objection)")
                } else {
                    try keep(enrolment)
                }
                enrolling.removeFirst()
            }
        } catch let error as StoreError where error.code == .full {
            if enrollingRetry == nil { log.error("\(error)") }
            enrollingRetry = now() + .seconds(1)
            return
        }
        enrollingRetry = nil
    }

    /// Puts an enrolment or a revocation into the ledger, and only then goes by it.
    func keep(_ word: Enrolment) throws {
        if !ingest.keys.holds(word) {
            try ledger.commit(at: clock.now()) { transaction in try transaction.own(word) }
            log.info(
                "\(word.revoked == nil ? "enrolled" : "revoked the key of") \(word.publisher)",
                metadata: .about(publisher: word.publisher, key: word.curveKey))
            ingest.enrol(word)
        }
        pending.forget(word.curveKey)
    }

    func commit(_ given: [Ingest.Append], _ sockets: Sockets) throws {
        do {
            let time = try clock.now()
            let appends = try ledger.commit(given, at: time)
            ingest.committed(appends, at: time, now: now())
            if !ingest.unsigned.isEmpty { ingest.unsigned = ledger.unsigned }
            try ledger.scrub()
            for append in appends {
                // Without the message: it may quote what must go one day, and nobody redacts a log file.
                guard let (index, violation) = append.refused.min(by: { $0.key < $1.key }) else { continue }
                let name = append.lines[index].name
                let more = append.refused.count - 1
                log.warning(
                    "refused: \(name) [\(violation.rule)]\(more > 0 ? ", and \(more) more of its batch" : "")",
                    metadata: .about(record: name, rule: violation.rule))
            }
        } catch let error as StoreError where error.code == .full {
            // No ack, nothing stored; reading goes on, and it resumes by itself when there is space.
            if let unsaid = seldomSaid.next("full", now: now()) { log.error("\(error)\(SeldomSaid.times(unsaid))") }
            for case .send(let peer, let header) in ingest.failed(given, durable: ledger.publishers, error, now: now())
            {
                try send(header, to: peer, sockets)
            }
        }
        // Any other failure of a commit ends the process: what is on the disk is verified at the next start.
    }

    private func sendAcks(_ sockets: Sockets) throws {
        for (peer, header) in ingest.dueAcks(durable: ledger.publishers) where try send(header, to: peer, sockets) {
            ingest.ackSent(peer)
        }
    }

    /// False when the peer's queue is full: the caller tries again. A peer that is gone is forgotten.
    @discardableResult
    func send(_ header: Header, _ body: [UInt8] = [], to peer: [UInt8], _ sockets: Sockets) throws -> Bool {
        switch try sockets.router.send([peer, try header.encoded(), body]) {
        case .sent: return true
        case .wouldBlock: return false
        case .unreachable:
            ingest.gone(peer)
            return false
        }
    }
}

/// The broker cannot start or go on; the text says why and what helps.
public struct BrokerError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
