import Wire

/// What a plugin's connection to the broker does next. Pure: no socket, no disk, no clock of its own; `Link` carries the
/// orders out. The exchange stands in Docs/protocol.md.
struct LinkStateMachine {
    /// Silence of the broker after which the connection counts as lost: 5 s on this machine, 15 s over a network.
    let silenceLimit: Duration
    /// What the plugin wants to follow; nil: nothing.
    let follows: FeedFilter?
    let isSynthetic: Bool

    enum Order: Equatable {
        /// Drop the socket, open a fresh one, and `hello`: an old socket would hand its queue to the new session.
        case reopen
        case send(Header)
        /// Read lines after this seq, sign and send them; then call `published`.
        case publish(after: Int64)
        /// The broker's own log of us ends here: is that what our log says of this seq? Then call `confirmed`.
        case compare(seq: Int64, hash: Hash, ledger: String?)
        /// The broker has our log further than we do, up to here: note it, before anything is appended.
        case lag(behind: ChainHead, ledger: String?)
        /// Append these lines, which the ledger has of ours and our log lacks; then call `restored`.
        case restore(body: [UInt8], count: Int)
        /// Sign and send the line with this seq alone: the broker has another one, and keeps ours as evidence.
        case prove(Int64)
        /// Keep the dead letters among these lines, which the ledger has of ours; then call `learned`.
        case learn(body: [UInt8], count: Int)
        /// Keep the mark and the dead letters.
        case acknowledge(seq: Int64, refused: [RefusedLine])
        /// Keep what was delivered and the place in the feed with its root, then send `credit`.
        case store(body: [UInt8], count: Int, upTo: Int64, root: Hash?)
        /// The ledger gives other records at positions that the copy has: keep the copy aside, and begin anew.
        case beginAgain(String)
        /// End the process: it cannot go on until a person has mended something.
        case fail(String)
    }

    private enum State {
        case closed(retryAt: Duration)
        case greeting(since: Duration)
        /// The welcome is there; the driver compares logs.
        case comparing
        /// The ledger has our log up to here: it was restored from a backup, and gets its missing lines back.
        case fetching(ChainHead, asked: Duration)
        /// The logs differ at this seq: the broker is told, and whatever it says, this ends.
        case diverging(Int64, since: Duration)
        case live
    }

    private var state: State
    /// What this session's messages carry; nil outside a session.
    private(set) var token: String?
    private var lastHeard: Duration = .zero
    private var wasHeard = false
    private var lastPing: Duration = .zero
    /// Whether pings go out at whole seconds of the driver's clock.
    private let pingsInStep: Bool
    /// What the last ping said has changed since.
    private var isUnsaid = false
    /// Between pings that say what has changed, which may be with each record.
    static let newsPause: Duration = .milliseconds(100)
    private var backOff: Duration = .milliseconds(100)
    /// Seq of the last record in our log.
    private(set) var head: Int64
    /// Seq of the last record sent in this session.
    private var sent: Int64 = 0
    private(set) var acked: Int64
    /// Up to here it is known which records were refused. An ack that was lost, or had no room for all, says nothing of the rest: that is
    /// asked for, and the mark in the log waits for it.
    private var known: Int64
    /// What is asked for: up to here, since when.
    private var asked: (upTo: Int64, at: Duration)?
    /// Ends of the batches in flight with their sizes.
    private var inFlight: [(last: Int64, bytes: Int)] = []
    /// Bytes of lines that go out in one message. Halved where nothing of what went out arrived before the connection was lost: a slow
    /// line. Doubled with each ack. Between `leastBatchBytes` and `Limits.batchBytes`.
    private(set) var batchBytes = Limits.batchBytes
    static let leastBatchBytes = 64 * 1024
    /// Whether the session had anything acknowledged.
    private var hasArrived = false
    /// When the broker last took something, or was first given something after all had been taken.
    private var moved: Duration = .zero
    /// No publishing before this time: the broker's disk was full.
    private var pausedUntil: Duration?
    /// Why the broker does not take our records, or not hear us, though it answers: in its words, with the rule. It may change by itself,
    /// and is asked again and again. Nil when it takes them, and when it is not heard.
    private(set) var turnedAway: String?
    /// While the driver cannot keep what comes: why, and the last position of the feed it has kept.
    private(set) var isFull: (why: String, kept: Int64)?
    private var feedPosition: Int64
    /// The ledger's root there, where it came with it.
    private var feedRoot: Hash?
    /// When the feed last said something, or last had no more to say.
    private var fed: Duration = .zero
    /// How long the feed may say nothing though the ledger is further: a filter may pass over a great many records.
    private var feedPatience = Self.feedPatience
    static let feedPatience: Duration = .seconds(60)
    /// Whether all the plugin had to say at its start is in its log.
    var isReady = false

    init(
        silenceLimit: Duration, follows: FeedFilter?, isSynthetic: Bool, head: Int64, acked: Int64, feedPosition: Int64,
        feedRoot: Hash? = nil, pingsInStep: Bool = false
    ) {
        self.silenceLimit = silenceLimit
        self.follows = follows
        self.isSynthetic = isSynthetic
        self.head = head
        self.acked = acked
        known = acked
        self.feedPosition = feedPosition
        self.feedRoot = feedRoot
        self.pingsInStep = pingsInStep
        state = .closed(retryAt: .zero)
    }

    var isLive: Bool { if case .live = state { true } else { false } }

    // MARK: Time

    /// - Parameter jitter: 0 to 1: spreads reconnections of many plugins.
    mutating func tick(now: Duration, jitter: Double) -> [Order] {
        switch state {
        case .closed(let retryAt):
            guard now >= retryAt else { return [] }
            state = .greeting(since: now)
            return [.reopen]
        case .greeting(let since):
            guard now - since > silenceLimit else { return [] }
            return lose(now, jitter)
        case .comparing: return []
        case .fetching(let goal, let asked):
            if now - lastHeard > silenceLimit { return lose(now, jitter) }
            var orders: [Order] = []
            if now - asked >= .seconds(2) { orders.append(fetch(upTo: goal, now)) }
            if now - lastPing >= .seconds(1) { orders.append(ping(now)) }
            return orders
        case .diverging(let seq, let since):
            return now - since > silenceLimit ? [.fail(Self.diverged(seq))] : []
        case .live:
            // What went out and is not answered while pings are, was lost on the way: a new session says how far it came.
            if now - lastHeard > silenceLimit || (!inFlight.isEmpty && now - moved > silenceLimit) {
                return lose(now, jitter)
            }
            var orders: [Order] = []
            if now - fed > feedPatience, isFull == nil, let again = follow() {
                fed = now
                feedPatience = feedPatience * 2
                orders.append(again)
            }
            if now >= nextPing { orders.append(ping(now)) }
            if let asked, now - asked.at >= .seconds(2) { orders.append(ask(upTo: asked.upTo, now)) }
            return orders + nextPublish(now)
        }
    }

    /// How long the broker has said nothing; nil before its first word.
    func silence(now: Duration) -> Duration? { wasHeard ? now - lastHeard : nil }

    /// The longest that may pass before the next `tick`. With nothing to send it is until the next ping is due: all else wakes the
    /// driver, and what wakes without need adds up over a machine's plugins.
    func patience(now: Duration) -> Duration {
        guard isLive else { return .milliseconds(50) }
        guard sent == head, inFlight.isEmpty, pausedUntil == nil else { return .milliseconds(250) }
        let next = min(nextPing, lastHeard + silenceLimit + .milliseconds(1))
        return max(next - now, .milliseconds(1))
    }

    /// The listener refused our key before there was a session: a fresh socket after a pause, since this one is of no use any more.
    mutating func turnedDown(now: Duration, jitter: Double) -> [Order] {
        guard case .greeting = state else { return [] }
        return lose(now, jitter)
    }

    private mutating func lose(_ now: Duration, _ jitter: Double) -> [Order] {
        token = nil
        turnedAway = nil
        if !inFlight.isEmpty, !hasArrived { batchBytes = max(Self.leastBatchBytes, batchBytes / 2) }
        hasArrived = false
        inFlight = []
        asked = nil
        state = .closed(retryAt: now + backOff * (0.5 + jitter))
        // At most 3 s with jitter: a key enrolled meanwhile is let in within 5 s (protocol, “Lost connections”).
        backOff = min(backOff * 2, .seconds(2))
        return []
    }

    /// On the broker's machine all ping at the same moments, so that the broker wakes for all of them once. From elsewhere each at its own.
    private var nextPing: Duration {
        guard !isUnsaid else { return lastPing + Self.newsPause }
        return (pingsInStep ? .seconds(lastPing.components.seconds) : lastPing) + .seconds(1)
    }

    /// A ping, unless there was one a moment ago: then it comes when that is past.
    private mutating func pingSoon(_ now: Duration) -> [Order] {
        isUnsaid = true
        return now >= nextPing ? [ping(now)] : []
    }

    private mutating func ping(_ now: Duration) -> Order {
        lastPing = now
        isUnsaid = false
        var ping = Header(.ping, token: token)
        ping.state = isReady ? "ready" : "starting"
        ping.unsent = head - acked
        ping.position = isFull?.kept ?? feedPosition
        ping.text = isFull?.why
        return .send(ping)
    }

    /// The disk has no room for what comes: the broker is told, and nothing more of the feed is asked for. What the log has goes out.
    ///
    /// - Parameter kept: the last position of the feed that is on the disk.
    mutating func becameFull(_ why: String, kept: Int64, now: Duration) -> [Order] {
        guard isFull == nil else { return [] }
        isFull = (why, kept)
        return isLive ? pingSoon(now) : []
    }

    /// All that came is kept: the feed goes on behind it.
    mutating func hasRoom(now: Duration) -> [Order] {
        guard isFull != nil else { return [] }
        isFull = nil
        guard isLive else { return [] }
        heardFeed(now)
        return (follow().map { [$0] } ?? []) + pingSoon(now)
    }

    /// All the plugin had to say at its start is in its log: said at once.
    mutating func becameReady(now: Duration) -> [Order] {
        guard !isReady else { return [] }
        isReady = true
        return isLive ? [ping(now)] : []
    }

    // MARK: The log

    mutating func grew(to head: Int64, now: Duration) -> [Order] {
        self.head = max(self.head, head)
        return isLive ? nextPublish(now) : []
    }

    private mutating func nextPublish(_ now: Duration) -> [Order] {
        if let pausedUntil, now < pausedUntil { return [] }
        pausedUntil = nil
        let bytes = inFlight.reduce(0) { $0 + $1.bytes }
        guard sent < head, inFlight.count < Limits.window, bytes < Limits.windowBytes else { return [] }
        return [.publish(after: sent)]
    }

    /// A batch ending in `last` went out; with `bytes: nil` the socket took nothing, and the next tick tries again.
    mutating func published(last: Int64, bytes: Int?, now: Duration) -> [Order] {
        guard isLive, let bytes else { return [] }
        // What another process appended since we last looked went out with the rest.
        head = max(head, last)
        sent = last
        if inFlight.isEmpty { moved = now }
        inFlight.append((last, bytes))
        return nextPublish(now)
    }

    // MARK: Messages

    mutating func receive(_ header: Header, _ body: [UInt8], now: Duration, jitter: Double) -> [Order] {
        if header.type == .reject { return rejected(header, now, jitter) }
        if header.type == .welcome { return welcomed(header, now) }
        guard let token, header.token == token else { return [] }
        lastHeard = now
        wasHeard = true
        switch (state, header.type) {
        case (.fetching, .fetched):
            // Asked twice, since an answer may take long, both are answered: what the log has by now is no news.
            guard let count = header.count, count > 0, header.firstSeq ?? head + 1 == head + 1 else { return [] }
            return [.restore(body: body, count: count)]
        case (.live, .fetched):
            // One that does not begin where what is known ends answers an older question: it says nothing of what lies between.
            guard asked != nil, let count = header.count, count > 0, let first = header.firstSeq, first <= known + 1
            else { return [] }
            return [.learn(body: body, count: count)]
        case (.diverging(let seq, _), .nack): return [.fail(Self.diverged(seq))]
        default: break
        }
        guard isLive else { return [] }
        switch header.type {
        case .ack:
            guard let seq = header.seq else { return [] }
            // It got more of this log by another way, a file, while this is restored from a backup: the next welcome says how far.
            guard seq <= head else { return lose(now, jitter) }
            if seq > acked {
                (moved, turnedAway, hasArrived) = (now, nil, true)
                batchBytes = min(Limits.batchBytes, batchBytes * 2)
            }
            let before = acked
            acked = max(acked, seq)
            inFlight.removeAll { $0.last <= seq }
            var orders = heard(header, after: before, now)
            if acked == head { orders += pingSoon(now) }
            return orders + nextPublish(now)
        case .nack: return nacked(header, now)
        case .deliver:
            guard let upTo = header.position, let count = header.count else { return [] }
            if header.isBeyond(feedPosition) { return lose(now, jitter) }
            heardFeed(now)
            moveFeed(to: upTo, header.hash)
            let store = Order.store(body: body, count: count, upTo: upTo, root: header.hash)
            guard isFull == nil else { return [store] }
            var credit = Header(.credit, token: token)
            credit.credit = 1
            return [store, .send(credit)]
        case .end:
            guard let upTo = header.position else { return [] }
            if header.isBeyond(feedPosition) { return lose(now, jitter) }
            heardFeed(now)
            let isFurther = upTo > feedPosition
            moveFeed(to: upTo, header.hash)
            return (isFurther ? [.store(body: [], count: 0, upTo: upTo, root: header.hash)] : [])
                + pingSoon(now)
        case .pong:
            if header.position ?? 0 <= feedPosition { fed = now }
            return []
        default: return []
        }
    }

    private mutating func moveFeed(to position: Int64, _ root: Hash?) {
        guard position > feedPosition else { return }
        (feedPosition, feedRoot) = (position, root)
    }

    private mutating func heardFeed(_ now: Duration) {
        fed = now
        feedPatience = Self.feedPatience
    }

    /// Starts the feed behind what we have; nil for who follows nothing.
    private func follow() -> Order? {
        guard let follows else { return nil }
        var follow = Header(.follow, token: token)
        follow.position = feedPosition
        follow.hash = feedRoot
        follow.filter = follows.isOpen ? nil : follows
        follow.credit = Limits.window
        return .send(follow)
    }

    private mutating func welcomed(_ header: Header, _ now: Duration) -> [Order] {
        guard case .greeting = state, let seq = header.seq, let hash = header.hash, let token = header.token else {
            return []
        }
        guard header.synthetic == isSynthetic else {
            return [
                .fail(
                    "the broker's ledger is \(header.synthetic == true ? "" : "not ")synthetic, this plugin's data is \(isSynthetic ? "" : "not "): real and example data never meet"
                )
            ]
        }
        self.token = token
        lastHeard = now
        wasHeard = true
        backOff = .milliseconds(100)
        if seq > head {
            let goal = ChainHead(seq: seq, hash: hash)
            return [.lag(behind: goal, ledger: header.ledger), fetch(upTo: goal, now), ping(now)]
        }
        state = .comparing
        return [.compare(seq: seq, hash: hash, ledger: header.ledger)]
    }

    // MARK: What was refused

    /// An ack: all through `acked` is durable, and of what it is about the refused are listed.
    private mutating func heard(_ ack: Header, after before: Int64, _ now: Duration) -> [Order] {
        let refused = ack.refusals ?? []
        // Of what lies between the last one that came and this one it says nothing; a full list leaves some out.
        let leavesOut = refused.count >= Limits.refusals || (ack.firstSeq ?? 0) > before + 1
        guard asked != nil || leavesOut else {
            known = acked
            return [.acknowledge(seq: acked, refused: refused)]
        }
        var orders: [Order] = refused.isEmpty ? [] : [.acknowledge(seq: known, refused: refused)]
        if leavesOut, known < acked { orders.append(ask(upTo: acked, now)) }
        return orders
    }

    private mutating func ask(upTo goal: Int64, _ now: Duration) -> Order {
        asked = (goal, now)
        var fetch = Header(.fetch, token: token)
        fetch.seq = known
        return .send(fetch)
    }

    /// The driver's answer to `.learn`.
    ///
    /// - Parameter end: the seq of the last of the lines.
    mutating func learned(to end: Int64, refused: [RefusedLine], now: Duration) -> [Order] {
        guard isLive, let goal = asked?.upTo, end > known else { return [] }
        known = min(end, goal)
        guard known < goal else {
            asked = nil
            known = acked
            return [.acknowledge(seq: acked, refused: refused)]
        }
        return [.acknowledge(seq: known, refused: refused), ask(upTo: goal, now)]
    }

    // MARK: Behind the ledger

    /// Whether lines are being fetched back: nothing may be appended meanwhile.
    var isFetching: Bool { if case .fetching = state { true } else { false } }

    private mutating func fetch(upTo goal: ChainHead, _ now: Duration) -> Order {
        state = .fetching(goal, asked: now)
        var fetch = Header(.fetch, token: token)
        fetch.seq = head
        return .send(fetch)
    }

    /// The driver's answer to `.restore`: where the log ends now.
    mutating func restored(to end: ChainHead, now: Duration) -> [Order] {
        guard case .fetching(let goal, _) = state, end.seq > head else { return [] }
        if known >= head { known = end.seq }
        head = end.seq
        guard end.seq >= goal.seq else { return [fetch(upTo: goal, now)] }
        return confirmed(goal.seq, isSame: end == goal, now: now)
    }

    static func diverged(_ seq: Int64) -> String {
        "diverged: the ledger and this log have different records \(seq). Nothing was overwritten. Keep this data folder, and restore the newest copy of it; or let an operator admit a new log (Docs/operator-guide.md, “A log that diverged”)"
    }

    /// The driver's answer to `.compare`.
    mutating func confirmed(_ seq: Int64, isSame: Bool, now: Duration) -> [Order] {
        guard isSame else {
            state = .diverging(seq, since: now)
            return [.prove(seq)]
        }
        state = .live
        turnedAway = nil
        sent = seq
        // Less than it once was, where the ledger was restored from an older copy.
        acked = seq
        known = min(known, seq)
        inFlight = []
        var orders = known < seq ? [ask(upTo: seq, now)] : [.acknowledge(seq: acked, refused: [])]
        heardFeed(now)
        if isFull == nil, let follow = follow() { orders.append(follow) }
        orders.append(ping(now))
        return orders + nextPublish(now)
    }

    private mutating func rejected(_ header: Header, _ now: Duration, _ jitter: Double) -> [Order] {
        if header.rule == "follow.position", feedPosition > 0 { return [.beginAgain(header.text ?? "")] }
        if header.final == true { return [.fail("\(header.text ?? "refused") [\(header.rule ?? "")]")] }
        let orders = lose(now, jitter)
        if Self.waitsForWord.contains(header.rule ?? "") {
            (lastHeard, wasHeard, turnedAway) = (now, true, Self.words(of: header))
        }
        return orders
    }

    /// Rejects that stand until somebody at the broker has spoken; of others the next hello hears no more.
    private static let waitsForWord: Set<String> = ["log.pending", "key.quarantined"]

    private static func words(of header: Header) -> String { "\(header.text ?? "") [\(header.rule ?? "")]" }

    private mutating func nacked(_ header: Header, _ now: Duration) -> [Order] {
        let rule = header.rule ?? ""
        guard rule == "chain.gap" || rule.hasPrefix("storage."), let expected = header.seq, expected >= 1 else {
            return [
                .fail(
                    "the broker refuses this log: \(header.text ?? "")\(header.line.map { " (line \($0) of the batch)" } ?? "") [\(rule)]"
                )
            ]
        }
        sent = expected - 1
        inFlight = []
        if rule.hasPrefix("storage.") { (pausedUntil, turnedAway) = (now + .seconds(1), Self.words(of: header)) }
        return nextPublish(now)
    }
}

extension Header {
    /// Whether a message of the feed follows on one that did not come: going on would leave records out and say nothing.
    fileprivate func isBeyond(_ position: Int64) -> Bool { (after ?? 0) > position }
}
