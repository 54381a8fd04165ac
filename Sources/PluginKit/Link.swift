import Foundation
import Ledger
import LogLines
import Logging
import Wire
import ZeroMQ

/// A plugin's connection: carries out what `LinkStateMachine` orders. Lives on one thread, which owns socket, log and copy.
final class Link {
    /// Ended by something a person must mend.
    struct Failure: Error, CustomStringConvertible { let description: String }
    /// Ended because what it had of the feed was set aside: all begins anew, in the same process.
    struct BeginAgain: Error {}

    private let context: Context
    private let order: StartOrder
    private let keys: PluginKeys
    private let serverKey: CurvePublicKey
    private let program: String
    /// What is said of it while it runs.
    private let said: Logger
    private let log: PublisherLog
    private let replica: Replica?
    private let digest: (any FeedDigest)?
    /// Appends what the plugin has to say at its start; nil once that is done.
    private var opening: (() throws -> Void)?
    /// How long the opening waits for a broker that may have more of this log than we do: a log restored from a backup is completed
    /// before anything is appended. Without a broker the plugin goes on by itself.
    private static let openingPatience: Duration = .seconds(3)
    private var hasAnswered = false
    private var machine: LinkStateMachine
    private var connection: Connection?
    /// What records go by; everything else of a connection is monotonic.
    private let recordClock: RecordClock
    private let clock = ContinuousClock()
    /// A whole second of the machine's clock: pings of all that run here go by it.
    private let origin: ContinuousClock.Instant
    /// When this began, by `now`.
    private let started: Duration
    private var dataVersion = 0
    /// Whether what is delivered is kept at once: people see it in the views.
    private let keepsAtOnce: Bool
    private var looks = LookSchedule()
    private var lastLook: Duration = .zero
    /// What is not yet written down, and when it is: how far the ledger has this log, what was delivered and the place in the feed
    /// behind it. A process that is killed before hears both again.
    private var pending = Pending()
    /// Either may come for each record of the ledger: a commit and a sync for each would hold up who enters the next.
    private static let markPatience: Duration = .milliseconds(100)
    /// More than this does not wait, while there is room on the disk.
    private static let mostPending = 100
    /// Without room all of it waits, and is tried again each second: the feed's credit bounds it.
    private static let fullPause: Duration = .seconds(1)
    /// The last message without a body: pings say the same again and again.
    private var lastSaid: (header: Header, bytes: [UInt8])?
    /// Sockets opened so far.
    private var attempts = 0
    /// Whether the broker turned our key down since it was last connected.
    private var isRefused = false

    private struct Pending {
        var ack: Int64?
        var refused: [RefusedLine] = []
        var lines: [DeliveredLine] = []
        var place: (position: Int64, root: Hash?)?
        var due: Duration?
    }

    /// Lines that the digest answers, until both are on the disk.
    private struct Answering {
        let lines: [DeliveredLine]
        let position: Int64
        let root: Hash?
        /// What it says to them; nil: it has not taken them in.
        var drafts: [PublisherLog.Draft]?
    }
    private var answering: Answering?

    /// Both are ~Copyable: they live in one box and go together.
    private final class Connection {
        let socket: Socket
        /// Says when the broker turns our key down.
        let monitor: Socket

        init(_ socket: consuming Socket, _ context: Context, to endpoint: String, name: String) throws {
            monitor = try socket.monitorRefusals(context, name: name)
            try socket.connect(endpoint)
            self.socket = socket
        }

        deinit { socket.endMonitor() }
    }

    /// - Parameters:
    ///   - digest: with one, `replica` is in the file of `log`.
    ///   - keepsAtOnce: what is delivered; else it waits up to 100 ms for more.
    ///   - opening: appends what there is to say at the start; called once, when the log is known to be complete.
    init(
        context: Context, order: StartOrder, keys: PluginKeys, program: String, said: Logger, log: PublisherLog,
        replica: Replica?,
        follows: FeedFilter?, digest: (any FeedDigest)?, keepsAtOnce: Bool, opening: (() throws -> Void)?
    ) throws {
        guard let serverKey = CurvePublicKey(z85: order.brokerKey) else {
            throw Failure(
                description: "“\(order.brokerKey)” is no CURVE public key: take the one that `pejling keys` shows")
        }
        self.context = context
        self.order = order
        self.keys = keys
        self.serverKey = serverKey
        self.program = program
        self.said = said
        self.log = log
        self.replica = replica
        self.digest = digest
        self.keepsAtOnce = keepsAtOnce
        self.opening = opening
        recordClock = RecordClock(path: order.clock)
        var sinceBoot = timespec()
        clock_gettime(CLOCK_BOOTTIME, &sinceBoot)
        started = .nanoseconds(sinceBoot.tv_nsec)
        origin = .now - started
        dataVersion = try log.dataVersion()
        let isLocal = order.endpoint.hasPrefix("ipc:")
        machine = LinkStateMachine(
            silenceLimit: .seconds(isLocal ? 5 : 15), follows: replica == nil ? nil : follows,
            isSynthetic: order.synthetic, head: try log.head().seq, acked: try log.acked(),
            feedPosition: try replica?.position() ?? 0, feedRoot: try replica?.root(), pingsInStep: isLocal)
        machine.isReady = opening == nil
    }

    /// Runs until `stop` is readable or the lifeline ends; then says `bye`.
    ///
    /// - Parameters:
    ///   - lifeline: a descriptor whose end of file means that the broker is gone; nil for a remote plugin.
    ///   - shown: where to say how it stands; nil: it is the host's to show.
    func run(stop: StopSignal, lifeline: CInt?, shown: LinkStateFile?) throws {
        // Whatever ends this: the socket goes first, or ending the context would wait for it for ever.
        defer { connection = nil }
        // A start takes more than the waiting after it.
        trimMemory()
        let watch = LogWatch(folder: order.data)
        var news = lifeline == nil ? LinkNews(endpoint: order.endpoint, silenceLimit: machine.silenceLimit) : nil
        while true {
            if machine.isLive { isRefused = false }
            let heard = news?.now(
                isLive: machine.isLive, attempts: attempts, isRefused: isRefused, turnedAway: machine.turnedAway)
            if let heard { said.log(level: heard.level, "\(heard.text)", metadata: .about(attempt: attempts)) }
            if let news, let shown {
                shown.turned(
                    news.connection, turnedAway: machine.turnedAway, full: machine.isFull?.why,
                    silence: machine.silence(now: now))
            }
            try carryOut(machine.tick(now: now, jitter: .random(in: 0...1)))
            var poller = Poller()
            let stopIndex = poller.watch(stop)
            let lifelineIndex = lifeline.map { poller.watch(descriptor: $0) }
            let watchIndex = watch.map { poller.watch(descriptor: $0.descriptor) }
            let socketIndex = connection.map { poller.watch($0.socket) }
            let monitorIndex = connection.map { poller.watch($0.monitor) }
            let ready = try poller.wait(milliseconds: patience(isWatching: watch != nil))
            if ready.contains(stopIndex) { break }
            if let lifelineIndex, ready.contains(lifelineIndex), Self.hasEnded(lifeline ?? 0) { break }
            if let socketIndex, ready.contains(socketIndex) { try takeMessages() }
            if let monitorIndex, ready.contains(monitorIndex) { try heedRefusal() }
            try openWhenComplete()
            let isWritten = watchIndex.map(ready.contains) ?? false
            if isWritten {
                watch?.drain()
                looks.written()
            }
            // Of an idle house, what wakes it are pings and pongs: nobody has written.
            if watch == nil || looks.pause != nil || now - lastLook >= .milliseconds(900) {
                if !isWritten { looks.looked() }
                lastLook = now
                try lookForNewLines()
            }
            if let due = pending.due, due <= now { try keepMarks() }
            try log.scrub()
            try replica?.scrub()
        }
        try keepMarks()
        if machine.isLive { try carryOut([.send(Header(.bye, token: machine.token))]) }
    }

    /// In milliseconds, rounded up. What others append is looked for four times a second where nothing tells of it.
    private func patience(isWatching: Bool) -> Int {
        let longest: Duration = isWatching && opening == nil ? .seconds(1) : .milliseconds(250)
        let patience = min(
            machine.patience(now: now), looks.pause ?? longest, pending.due.map { max($0 - now, .zero) } ?? longest,
            longest)
        return Int((patience / .milliseconds(1)).rounded(.up))
    }

    private var now: Duration { clock.now - origin }

    private func openWhenComplete() throws {
        guard let opening, machine.isLive || (now - started > Self.openingPatience && !machine.isFetching) else {
            return
        }
        do { try opening() } catch let error as StoreError where error.code == .held && !machine.isLive {
            // The log is known to be incomplete, and its ledger is not there.
            return
        }
        self.opening = nil
        // Our own appending does not change SQLite's data version.
        try carryOut(machine.grew(to: try log.head().seq, now: now) + machine.becameReady(now: now))
        trimMemory()
    }

    /// Nothing is ever sent on the lifeline after the first line; what comes is read and dropped.
    private static func hasEnded(_ descriptor: CInt) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)
    }

    /// Another process (`enter`) may have appended.
    private func lookForNewLines() throws {
        let version = try log.dataVersion()
        guard version != dataVersion else { return }
        dataVersion = version
        try carryOut(machine.grew(to: try log.head().seq, now: now))
    }

    /// The broker's word at the handshake: status 400 is for a key that was revoked; an unknown one hears nothing. It ends the
    /// connection and not the process: until CURVE is up, anybody on the way can say it.
    private func heedRefusal() throws {
        guard try connection?.monitor.refusal() == 400 else { return }
        isRefused = true
        try carryOut(machine.turnedDown(now: now, jitter: .random(in: 0...1)))
    }

    private func takeMessages() throws {
        for _ in 0..<64 {
            guard let connection, let message = try connection.socket.receive() else { return }
            guard message.frames.count == 2, let header = try? Header.parse(message.frames[0]) else { continue }
            try carryOut(machine.receive(header, message.frames[1], now: now, jitter: .random(in: 0...1)))
            // Before what is delivered is answered.
            try openWhenComplete()
        }
    }

    private func carryOut(_ orders: [LinkStateMachine.Order]) throws {
        var orders = orders[...]
        while let next = orders.popFirst() {
            switch next {
            case .reopen: try reopen()
            case .send(let header): try send(header)
            case .publish(let seq): orders += try publish(after: seq)
            case .compare(let seq, let hash, let ledger):
                if let ledger { try replica?.bind(to: ledger) }
                // Of the session before, where there was no room for it: this broker may have less.
                pending.ack = nil
                let isSame = try log.hash(of: seq) == hash
                if isSame {
                    try log.isComplete()
                    // Back only: forward it goes when it is known what was refused.
                    if try log.acked() > seq { try log.ledgerEnds(at: seq) }
                }
                orders += machine.confirmed(seq, isSame: isSame, now: now)
            case .lag(let goal, let ledger):
                if let ledger { try replica?.bind(to: ledger) }
                try log.isBehind(goal)
                let end = try log.head().seq
                said.warning(
                    "this log ends at record \(end) and the ledger has \(goal.seq) of it (a restored backup?): fetching what is missing",
                    metadata: .about(seq: end))
            case .restore(let body, let count):
                let end = try log.restore(try Batch.lines(of: body, count: count))
                orders += machine.restored(to: end, now: now)
            case .learn(let body, let count):
                let lines = try Batch.lines(of: body, count: count)
                let refused = try log.newlyRefused(among: lines)
                let end = lines.last.map { $0.refusedPlace?.name.seq ?? $0.envelope.seq } ?? 0
                orders += machine.learned(to: end, refused: refused, now: now)
            case .prove(let seq):
                if try !prove(seq) { orders.append(.fail(LinkStateMachine.diverged(seq))) }
            case .acknowledge(let seq, let refused):
                pending.ack = max(pending.ack ?? 0, seq)
                pending.refused += refused
                guard !refused.isEmpty else {
                    pending.due = pending.due ?? now + Self.markPatience
                    continue
                }
                for line in refused.prefix(Limits.refusals) {
                    // Without the broker's words: they may quote what must go one day, and nobody redacts a log file.
                    said.warning(
                        "the broker refused record \(log.publisher)/\(log.log)/\(line.seq) [\(line.rule)]: `pejling refused` says why",
                        metadata: .about(seq: line.seq, rule: line.rule))
                }
                // A few: who says very much is taken for one that floods its output.
                if refused.count > Limits.refusals {
                    said.warning("… and \(refused.count - Limits.refusals) more: `pejling stat` counts them")
                }
                if machine.isFull == nil { try keepMarks() }
            case .store(let body, let count, let upTo, let root): try store(body, count, upTo, root)
            case .beginAgain(let why):
                guard let replica else { throw Failure(description: why) }
                let position = try replica.position()
                let kept = try replica.setAside(at: recordClock.now())
                said.warning(
                    "\(why). What was followed up to position \(position) is kept in the table \(kept) of \(replica.path); it is read again from the start",
                    metadata: .about(position: position, file: replica.path))
                throw BeginAgain()
            case .fail(let text): throw Failure(description: text)
            }
        }
    }

    /// Writes down what is pending, in a commit of the log and one of the copy. What the disk has no room for stays pending, and the
    /// plugin goes on: it answers, and sends what its log has.
    private func keepMarks() throws {
        pending.due = nil
        do {
            if let seq = pending.ack {
                try log.acknowledge(seq, refused: pending.refused)
                (pending.ack, pending.refused) = (nil, [])
            }
            try keepDelivered()
        } catch let error as StoreError where error.code == .full { return try waitForRoom(error) }
        guard machine.isFull != nil else { return }
        said.info("there is room on the disk again: all that came meanwhile is kept")
        try carryOut(machine.hasRoom(now: now))
    }

    private func waitForRoom(_ error: StoreError) throws {
        pending.due = now + Self.fullPause
        guard machine.isFull == nil else { return }
        said.warning("\(error). What comes from the broker waits in memory until there is room")
        try carryOut(machine.becameFull(error.message, kept: replica?.position() ?? 0, now: now))
    }

    private func reopen() throws {
        connection = nil
        // The next broker may have less of this log: what it says at the welcome is written last.
        try keepMarks()
        let socket = try Socket(context, kind: .dealer)
        try socket.setLimits(
            maxMessageBytes: Int64(Limits.batchBytes + Limits.batchLines * 128 + Limits.header),
            local: order.endpoint.hasPrefix("ipc:"))
        try socket.useCurve(keys.curve, server: serverKey)
        attempts += 1
        connection = try Connection(socket, context, to: order.endpoint, name: "link-\(attempts)")
        let head = try log.head()
        var hello = Header(.hello)
        hello.versions = [Limits.versions.lowerBound, Limits.versions.upperBound]
        hello.publisher = log.publisher
        hello.program = program
        hello.signKey = keys.signing.publicKey.hex
        hello.incarnation = order.incarnation.isEmpty ? nil : order.incarnation
        hello.log = log.log
        hello.seq = head.seq
        hello.hash = head.hash
        try send(hello)
        _ = machine.grew(to: head.seq, now: now)
    }

    private func send(_ header: Header) throws {
        // What the socket cannot take now is said again: pings each second, credit and follow after a reconnect.
        if lastSaid?.header != header { lastSaid = (header, try header.encoded()) }
        if let bytes = lastSaid?.bytes { _ = try connection?.socket.send([bytes, []]) }
    }

    private func publish(after seq: Int64) throws -> [LinkStateMachine.Order] {
        let lines = try log.lines(after: seq, most: machine.batchBytes)
        guard let first = lines.first, let last = lines.last, let connection else { return [] }
        let body = Batch.body(of: lines)
        let header = try publishHeader(first, last, count: lines.count)
        let sent = try connection.socket.send([try header.encoded(), body]) == .sent
        return machine.published(last: last.envelope.seq, bytes: sent ? body.count : nil, now: now)
    }

    private func publishHeader(_ first: Line, _ last: Line, count: Int) throws -> Header {
        let statement = BatchStatement(
            publisher: log.publisher, log: log.log, seq: last.envelope.seq, hash: last.hash)
        var header = Header(.publish, token: machine.token)
        header.log = log.log
        header.firstSeq = first.envelope.seq
        header.count = count
        header.seq = last.envelope.seq
        header.hash = last.hash
        header.signature = try keys.signing.sign(statement)
        header.keyID = keys.keyID
        return header
    }

    /// Sends one line by itself; false when it is not here or the socket takes nothing.
    private func prove(_ seq: Int64) throws -> Bool {
        guard let connection, let line = try log.look({ try $0.line(seq) }) else { return false }
        return try connection.socket.send([try publishHeader(line, line, count: 1).encoded(), line.bytes]) == .sent
    }

    private func store(_ body: [UInt8], _ count: Int, _ upTo: Int64, _ root: Hash?) throws {
        guard replica != nil else { return }
        if count > 0 {
            let lines = try body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
                try DeliveredLine(parsing: $0)
            }
            guard lines.count == count else {
                throw Failure(description: "the broker sent \(lines.count) lines and said \(count)")
            }
            pending.lines += lines
        }
        pending.place = (upTo, root)
        let isFirst = digest != nil && !hasAnswered
        let isUrgent = isFirst || pending.lines.count >= Self.mostPending || (keepsAtOnce && !pending.lines.isEmpty)
        if isUrgent, machine.isFull == nil {
            try keepMarks()
        } else {
            pending.due = pending.due ?? now + Self.markPatience
        }
    }

    private func keepDelivered() throws {
        if let digest, let replica { try keepAnswer(digest, replica) }
        guard let replica, let (upTo, root) = pending.place else { return }
        let lines = pending.lines
        guard let digest, !lines.isEmpty || !hasAnswered else {
            // The log first: ended between the two, the process gets the lines again, and what is done is left alone.
            try log.carryOut(ordersIn: lines.map(\.line))
            try replica.store(lines, upTo: upTo, root: root)
            (pending.lines, pending.place) = ([], nil)
            return
        }
        (pending.lines, pending.place) = ([], nil)
        answering = Answering(lines: lines, position: upTo, root: root)
        try keepAnswer(digest, replica)
    }

    /// Keeps the lines that are being answered and appends the answer. A digest takes a line once: where the disk has no room, its answer
    /// waits too.
    private func keepAnswer(_ digest: any FeedDigest, _ replica: Replica) throws {
        guard let waiting = answering else { return }
        let answers = try log.append(
            at: recordClock.now(), keeping: waiting.lines, upTo: waiting.position, root: waiting.root, in: replica
        ) { snapshot in
            if let drafts = answering?.drafts { return drafts }
            for line in waiting.lines { try digest.take(line) }
            let drafts = try digest.drafts(snapshot)
            answering?.drafts = drafts
            return drafts
        }
        (answering, hasAnswered) = (nil, true)
        // Our own appending does not change SQLite's data version: the machine is told here.
        if !answers.isEmpty { try carryOut(machine.grew(to: try log.head().seq, now: now)) }
    }
}

/// The answer of a command, on standard error. What a plugin says while it runs goes into its log (`PluginProcess.serviceLog`).
func complain(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }
