import Ledger
import PolicyModel
import Wire

/// What comes in on the broker's socket, and what is to be done about it: who is it, may it, is it well-formed. Pure: no
/// socket, no disk, no clock of its own. The loop carries out the orders (Docs/protocol.md has the exchange).
struct Ingest {
    /// A connection, named by its routing id.
    typealias Peer = [UInt8]

    struct Session {
        let peer: Peer
        let publisher: String
        let role: Role
        let signKey: VerifyingKey
        let token: String
        let log: String
        let incarnation: String?
        var lastHeard: Duration
        var state = "starting"
        var unsent: Int64?
        /// Why it cannot keep what comes, in its words; nil while it can.
        var trouble: String?
        /// What the consumer says it has stored.
        var stored: Int64?
        /// When it last said that it had stored more, or all there is.
        var storedAt: Duration = .zero
        /// What it last asked for of its own log, and when.
        var fetched: (after: Int64, at: Duration)?
        /// After a nack for a gap: silent until this seq comes.
        var silentUntil: Int64?
        var feed: FeedCursor?
        /// An ack is owed: it could not be sent yet, or covers what has just been committed.
        var owesAck = false
        var refusals: [RefusedLine] = []
        /// Up to here an ack was sent, or the welcome said it; and what the next ack says, once it is sent.
        var told: Int64 = 0
        /// When it was last asked for a signature that the ledger lacks.
        var askedToSign: Duration?
        var telling: Int64 = 0

        var sender: Sender { Sender(publisher: publisher, role: role, signKey: signKey) }
    }

    /// Lines to be committed, with the ack they earn.
    struct Append {
        let peer: Peer
        let lines: [Line]
        /// By index in `lines`.
        var refused: [Int: Violation]
        let statement: BatchStatement
        let signature: String
        let keyID: String
    }

    enum Order {
        case send(Peer, Header)
        case append(Append)
        /// Read the publisher's own lines after this seq, and send them.
        case fetch(Peer, after: Int64)
        /// These lines stand in the ledger and are damaged there: put them back, then call `mended`.
        case mend(Peer, [Line])
        /// Keep it in the ledger.
        case keep(Audit)
    }

    /// Facts of the ledger that decisions hang on.
    struct LedgerFacts {
        var position: Int64
        var isSynthetic: Bool
        /// The ledger's own id.
        var id: String
        /// What is on the disk: a `welcome` never promises what the commit under way has yet to make durable.
        var durable: [String: LedgerStore.PublisherHead]
        /// The hash of a durable record by publisher, log and seq; nil where there is none.
        var hash: (String, String, Int64) -> Hash?
        /// The root after a position; nil where there is none.
        var root: (Int64) -> Hash?
    }

    let city: City
    var sessions: [Peer: Session] = [:]
    /// By publisher: the last that was welcomed; it may have ended since. Each has at most one session.
    private var newest: [String: Peer] = [:]
    // What a turn has to look at, so that it need not look at a thousand sessions; who has left may still stand in either.
    /// Those that may be owed an ack.
    var owed: Set<Peer> = []
    /// Those for whom the feed may have something to do.
    var feedDue: Set<Peer> = []
    /// Those that follow the feed.
    var followers: Set<Peer> = []
    /// Ends of logs that their publishers have yet to sign.
    var unsigned: [UnsignedEnd] = []
    private(set) var keys = KeyRing()
    /// By publisher: the process that the host started last. A hello of another is refused.
    private var expected: [String: String] = [:]
    /// By publisher: the kinds its manifest names, where it has one: never more than its role's.
    private var kinds: [String: Set<String>] = [:]
    /// Durable heads, and beyond them what the commit under way will make durable.
    var heads: [String: LedgerStore.PublisherHead]
    /// Of logs that do not go on any more: only a file of lines hands over what was never sent of them.
    var earlier: [String: [String: ChainHead]] = [:]
    /// By publisher: at most one each, the log that asked last.
    var pendingLogs: [String: PendingLog] = [:]
    /// By publisher.
    var quarantines: [String: Quarantine] = [:]
    /// By CURVE key; at most one each of those ever enrolled.
    var misused: [String: Misuse] = [:]
    /// By publisher: what of it is damaged in the ledger.
    var damage: [String: Damage] = [:]
    private let makeToken: () -> String
    /// By publisher: when it was last heard since the broker's start.
    private(set) var heard: [String: Duration] = [:]
    /// By publisher: what was counted since the broker's start.
    var traffic: [String: Traffic] = [:]
    /// By publisher: when what of it last happened.
    var happenings: [String: [Happening: Tally]] = [:]
    /// By publisher: the time in its last record since the start, to the second.
    var lastTimes: [String: Substring] = [:]
    /// Messages dropped because they were no messages of this protocol.
    private(set) var dropped = 0
    private(set) var droppedLast = Tally()
    /// What consumers were given of the ledger and it does not hold: heard, and not written down yet.
    var lostEnd = LostEnd()
    /// Messages of sessions that are no more: after each restart some of everybody, on the way since before it.
    private(set) var strays = 0

    init(city: City, heads: [String: LedgerStore.PublisherHead], makeToken: @escaping () -> String) {
        self.city = city
        self.heads = heads
        self.makeToken = makeToken
    }

    // MARK: Who is who

    /// Takes an enrolment or a revocation.
    mutating func enrol(_ enrolment: Enrolment) {
        keys.take(enrolment)
        // The key that spoke for it before is not its key any more.
        for (peer, session) in sessions
        where session.publisher == enrolment.publisher
            && (session.signKey.hex != enrolment.signKey || enrolment.revoked != nil)
        {
            sessions[peer] = nil
        }
    }

    func enrolment(of publisher: String) -> Enrolment? { keys.enrolment(of: publisher) }

    mutating func expect(_ incarnation: String, of publisher: String, kinds: [String]) {
        expected[publisher] = incarnation
        self.kinds[publisher] = Set(kinds)
    }

    // MARK: Messages

    /// Takes a message that was not read yet.
    mutating func receive(
        peer: Peer, userID: String?, header: [UInt8], body: [UInt8], now: Duration, ledger: LedgerFacts
    ) -> [Order] {
        let sender = sessions[peer]?.sender
        return receive(peer: peer, userID: userID, now: now, ledger: ledger) { [city] in
            ReadMessage(header: header, body: body, from: sender, city: city)
        }
    }

    /// - Parameters:
    ///   - userID: the `User-Id` of the message's last frame: the key that CURVE proved.
    ///   - now: monotonic time.
    ///   - read: what the message says by itself; not asked for where its key is not enrolled.
    mutating func receive(
        peer: Peer, userID: String?, now: Duration, ledger: LedgerFacts, read: () -> ReadMessage
    ) -> [Order] {
        // Asked anew for each message: a key that is revoked while connected is refused at its next one.
        let enrolment: Enrolment
        switch userID.map(keys.standing) ?? .unknown {
        case .enrolled(let known): enrolment = known
        case .revoked(let text):
            sessions[peer] = nil
            return [reject(peer, "key.revoked", text, final: true)]
        case .unknown:
            sessions[peer] = nil
            return [reject(peer, "key.unknown", "this key is not enrolled with the broker", final: false)]
        }
        heard[enrolment.publisher] = now
        let message = read()
        let header: Header
        switch message.header {
        case .success(let known): header = known
        case .failure(let error):
            drop(now)
            return [reject(peer, error.rule, error.message, final: true)]
        }
        guard Limits.versions.contains(header.v) else {
            return [
                reject(
                    peer, "header.version",
                    "this is protocol \(Limits.versions.lowerBound) to \(Limits.versions.upperBound), the header says \(header.v)",
                    final: true)
            ]
        }
        if header.type == .hello {
            return judge(
                hello(peer, header, enrolment, now, ledger), peer: peer, enrolment, log: header.log,
                incarnation: header.incarnation, now: now)
        }
        guard var session = sessions[peer], header.token == session.token else {
            strays += 1
            return [
                reject(peer, "session.unknown", "say hello first: the broker does not know this session", final: false)
            ]
        }
        guard session.publisher == enrolment.publisher, session.signKey.hex == enrolment.signKey else {
            sessions[peer] = nil
            return [
                reject(
                    peer, "key.changed", "the key of \(session.publisher) was changed: say hello again", final: false)
            ]
        }
        session.lastHeard = now
        sessions[peer] = session
        switch header.type {
        case .publish:
            if let orders = heldUp(header, message, session, now: now) { return orders }
            let orders = publish(peer, header, message, session, enrolment, ledger)
            count(orders, of: session.publisher, now: now)
            return judge(
                orders, peer: peer, enrolment, log: session.log, incarnation: session.incarnation, now: now)
        case .fetch:
            let after = max(0, header.seq ?? 0)
            // The answer is up to 512 KiB, and under no credit: who asks for the same again waits a second.
            if let last = session.fetched, after <= last.after, now - last.at < .seconds(1) { return [] }
            sessions[peer]?.fetched = (after, now)
            return [.fetch(peer, after: after)]
        case .ping:
            sessions[peer]?.state = header.state ?? "ready"
            sessions[peer]?.unsent = header.unsent
            sessions[peer]?.trouble = header.text.map { withoutControls($0, most: 400) }
            let stored = header.position.map { max(0, $0) }
            if stored != session.stored || stored ?? 0 >= ledger.position {
                sessions[peer]?.stored = stored
                sessions[peer]?.storedAt = now
            }
            var pong = Header(.pong, token: session.token)
            pong.position = ledger.position
            return [.send(peer, pong)]
        case .follow: return follow(peer, header, ledger)
        case .credit:
            let more = max(0, min(header.credit ?? 0, Limits.window))
            if var feed = sessions[peer]?.feed {
                feed.credit = min(feed.credit + more, Limits.window)
                sessions[peer]?.feed = feed
                feedDue.insert(peer)
            }
            return []
        case .bye:
            sessions[peer] = nil
            return []
        default:
            drop(now)
            return [reject(peer, "header.type", "“\(header.type.rawValue)” is not for the broker", final: true)]
        }
    }

    private mutating func drop(_ now: Duration) {
        dropped += 1
        droppedLast.note(at: now, often: 1)
    }

    func reject(_ peer: Peer, _ rule: String, _ text: String, final: Bool) -> Order {
        var header = Header(.reject)
        header.rule = rule
        header.text = said(text, bytes: 1000)
        header.final = final
        return .send(peer, header)
    }

    private mutating func hello(
        _ peer: Peer, _ header: Header, _ enrolment: Enrolment, _ now: Duration, _ ledger: LedgerFacts
    ) -> [Order] {
        let versions = header.versions ?? []
        guard versions.count == 2, versions[0] <= versions[1], Limits.versions.overlaps(versions[0]...versions[1])
        else {
            return [
                reject(
                    peer, "hello.version",
                    "\(enrolment.publisher) speaks protocol \(versions), this broker \(Limits.versions.lowerBound) to \(Limits.versions.upperBound): install the same release on both sides",
                    final: true)
            ]
        }
        guard header.publisher == enrolment.publisher else {
            return [
                reject(
                    peer, "hello.publisher",
                    "this key is \(enrolment.publisher)'s, and speaks for nobody else (hello said “\(header.publisher ?? "")”)",
                    final: true)
            ]
        }
        let publisher = enrolment.publisher
        if let wanted = expected[publisher], header.incarnation != wanted {
            return [
                reject(
                    peer, "hello.superseded", "a newer process of \(publisher) is running: this one must end",
                    final: true)
            ]
        }
        guard let log = header.log, let seq = header.seq, let hash = header.hash, seq >= 0,
            log.utf8.count == 32, hexBytes(log) != nil, let signKey = VerifyingKey(hex: enrolment.signKey)
        else {
            return [
                reject(
                    peer, "hello.fields", "hello lacks log (32 hexadecimal digits), seq (from 0) or hash", final: true)
            ]
        }
        let came = ChainHead(seq: seq, hash: hash)
        let head: ChainHead
        switch standing(of: came, in: log, peer, header, enrolment, now, ledger) {
        case .refused(let orders): return orders
        case .welcome(let known): head = known
        }
        if let other = newest.updateValue(peer, forKey: publisher), sessions[other]?.publisher == publisher {
            sessions[other] = nil
        }
        var session = Session(
            peer: peer, publisher: publisher, role: enrolment.role, signKey: signKey, token: makeToken(), log: log,
            incarnation: header.incarnation, lastHeard: now)
        session.storedAt = now
        session.told = head.seq
        sessions[peer] = session
        var welcome = Header(.welcome, token: session.token)
        welcome.seq = head.seq
        welcome.hash = head.hash
        welcome.log = log
        welcome.position = ledger.position
        welcome.synthetic = ledger.isSynthetic
        welcome.ledger = ledger.id
        return [.send(peer, welcome)]
    }

    private mutating func follow(_ peer: Peer, _ header: Header, _ ledger: LedgerFacts) -> [Order] {
        let after = header.position ?? 0
        guard after >= 0, after <= ledger.position else {
            beginsAgain(peer, after)
            return [
                reject(
                    peer, "follow.position",
                    "position \(after) is beyond the ledger's \(ledger.position): it was restored from an older copy",
                    final: true)
            ]
        }
        // Positions are given anew after a ledger was restored from a copy: what the consumer has up to here may be of the one before.
        if let hash = header.hash, let held = ledger.root(after), held != hash {
            beginsAgain(peer, after)
            return [
                reject(
                    peer, "follow.position",
                    "the ledger has another record at or before position \(after) than was given out once: it was restored from an older copy",
                    final: true)
            ]
        }
        sessions[peer]?.feed = FeedCursor(
            position: after, filter: header.filter, credit: max(0, min(header.credit ?? 0, Limits.window)))
        followers.insert(peer)
        feedDue.insert(peer)
        return []
    }

    // MARK: Publishing

    mutating func publish(
        _ peer: Peer, _ header: Header, _ message: ReadMessage, _ session: Session, _ enrolment: Enrolment,
        _ ledger: LedgerFacts
    ) -> [Order] {
        let publisher = session.publisher
        let isEarlier = heads[publisher].map { $0.log != session.log } ?? false
        let head = (isEarlier ? earlier[publisher]?[session.log] : heads[publisher]?.head) ?? .empty
        func nack(_ fault: Fault) -> [Order] {
            var nack = Header(.nack, token: session.token)
            nack.log = session.log
            nack.rule = fault.rule
            nack.text = said(fault.message, bytes: 1000)
            nack.line = fault.line.map { $0 + 1 }
            nack.seq = head.seq + 1
            return [.send(peer, nack)]
        }
        guard header.log == session.log, let first = header.firstSeq, let count = header.count, let last = header.seq,
            let hash = header.hash, let signature = header.signature, let keyID = header.keyID, count >= 1,
            first >= 1, last >= first, last - first == Int64(count - 1)  // an order of tests in which nothing overflows
        else {
            return nack(Fault(rule: "publish.fields", message: "publish lacks a field, or its numbers do not agree"))
        }
        if last <= head.seq {
            // All of it is durable already: say so again. What the commit under way holds is not asked for.
            if let held = last == head.seq ? head.hash : ledger.hash(publisher, session.log, last), held != hash {
                let nack = nack(forkFault(publisher, last))
                return [
                    forked(
                        session, seq: last, hash: hash, held: held, signature: (signature, keyID), enrolment)
                ] + nack
            }
            let statement = BatchStatement(publisher: publisher, log: session.log, seq: last, hash: hash)
            if signs(statement, keyID) {
                if let fault = signatureFault(statement, signature, keyID, message, session) { return nack(fault) }
                return [
                    .append(
                        Append(
                            peer: peer, lines: [], refused: [:], statement: statement, signature: signature,
                            keyID: keyID))
                ]
            }
            oweAck(peer)
            traffic[publisher, default: Traffic()].duplicates += 1
            // Of a file that is handed over much may be known, and nobody is odd.
            if sessions[peer] != nil { happened(.duplicate, to: publisher, at: session.lastHeard) }
            return []
        }
        if first > head.seq + 1 {
            guard session.silentUntil != head.seq + 1 else { return [] }
            sessions[peer]?.silentUntil = head.seq + 1
            return nack(
                Fault(rule: "chain.gap", message: "\(publisher): seq \(first) where \(head.seq + 1) is expected"))
        }
        sessions[peer]?.silentUntil = nil
        do throws(Fault) {
            let lines = try message.batch.lines.get()
            if let evidence = overlapFork(lines, head, session, enrolment) {
                return [evidence] + nack(forkFault(publisher, head.seq))
            }
            let fresh = Array(lines.drop { $0.envelope.seq <= head.seq })
            var moved = head
            for (offset, line) in fresh.enumerated() {
                let index = lines.count - fresh.count + offset
                do throws(Fault) {
                    try moved.accepts(line, publisher: publisher, log: session.log)
                    try authorise(line, session, ledger)
                } catch { throw Fault(rule: error.rule, message: error.message, line: index) }
                moved.advance(over: line)
            }
            guard !fresh.isEmpty, moved.seq == last, moved.hash == hash else {
                throw Fault(rule: "publish.fields", message: "the lines do not end in the seq and hash of the header")
            }
            let statement = BatchStatement(publisher: publisher, log: session.log, seq: last, hash: hash)
            if let fault = signatureFault(statement, signature, keyID, message, session) { throw fault }
            var refused: [Int: Violation] = [:]
            let violations = message.batch.violations(
                from: lines.count - fresh.count, by: session.sender, city: city)
            for (index, violation) in violations {
                // Bounded: the message may quote the body, and the refusal that carries it must fit a line itself.
                refused[index] = Violation(rule: violation.rule, message: said(violation.message, bytes: 1000))
            }
            if isEarlier {
                earlier[publisher]?[session.log] = moved
            } else {
                heads[publisher] = LedgerStore.PublisherHead(log: session.log, head: moved)
            }
            return [
                .append(
                    Append(
                        peer: peer, lines: fresh, refused: refused, statement: statement, signature: signature,
                        keyID: keyID))
            ]
        } catch {
            return nack(error)
        }
    }

    private func signatureFault(
        _ statement: BatchStatement, _ signature: String, _ keyID: String, _ message: ReadMessage, _ session: Session
    ) -> Fault? {
        if keyID == session.signKey.hex.prefix(16), message.batch.isSigned(statement, signature, by: session.signKey) {
            return nil
        }
        return Fault(
            rule: "signature",
            message: "the batch up to \(statement.publisher)/\(statement.seq) is not signed by its enrolled key")
    }

    /// A publisher appends only its kinds, and example data only to an example ledger.
    private func authorise(_ line: Line, _ session: Session, _ ledger: LedgerFacts) throws(Fault) {
        guard session.role.mayPublish(line.kind), kinds[session.publisher]?.contains(line.envelope.kind) ?? true else {
            throw Fault(
                rule: "kind.foreign",
                message:
                    "\(session.publisher)/\(line.envelope.seq): a \(session.role.rawValue) does not publish “\(line.envelope.kind)”"
            )
        }
        guard line.envelope.synthetic == ledger.isSynthetic else {
            throw Fault(
                rule: "synthetic",
                message:
                    "\(session.publisher)/\(line.envelope.seq): \(ledger.isSynthetic ? "real data sent to an example ledger" : "example data sent to a real ledger")"
            )
        }
    }
}
