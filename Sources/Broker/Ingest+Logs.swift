import Ledger
import PolicyModel
import Wire

// Which log a publisher comes with, and where it stands: behind (a backup was restored: it gets its lines back), another one (it
// waits for an operator's word), or a fork (evidence is kept, and the key is quarantined until an operator's word).

extension Ingest {
    /// A log that the ledger does not go on with, and that asked to be heard.
    struct PendingLog: Hashable, Sendable {
        let log: String
        /// How many records it has.
        var seq: Int64
        var incarnation: String?
        var lastAsked: Duration
    }

    /// A publisher that waits for an operator's word on its log.
    struct Quarantine: Hashable, Sendable {
        /// The key that sent the fork; another key of the same publisher is not held to it.
        let curveKey: String?
        let log: String
        let seq: Int64
        /// The rule that it broke again and again; nil: a fork.
        var rule: String?
        var incarnation: String?
        var lastAsked: Duration
    }

    /// What a hello's log and head come to.
    enum Standing {
        /// It is welcome; the ledger has its log up to here.
        case welcome(ChainHead)
        case refused([Order])
    }

    /// By publisher, the log with which it waits for an operator's word.
    var waitingLogs: [String: String] {
        pendingLogs.mapValues(\.log).merging(quarantines.mapValues(\.log)) { $1 }
    }

    mutating func standing(
        of came: ChainHead, in log: String, _ peer: Peer, _ header: Header, _ enrolment: Enrolment, _ now: Duration,
        _ ledger: LedgerFacts
    ) -> Standing {
        let publisher = enrolment.publisher
        if quarantines[publisher]?.curveKey == enrolment.curveKey {
            quarantines[publisher]?.lastAsked = now
            quarantines[publisher]?.incarnation = header.incarnation
            return .refused([rejectQuarantined(peer, publisher)])
        }
        quarantines[publisher] = nil
        if let known = heads[publisher], known.log != log {
            pendingLogs[publisher] = PendingLog(
                log: log, seq: came.seq, incarnation: header.incarnation, lastAsked: now)
            return .refused([
                reject(
                    peer, "log.pending",
                    "\(publisher) comes with log \(log), the ledger has \(known.log) of it. Restore the data folder with that log, or let an operator admit this one: pejling ledger admit-log \(publisher) \(log)",
                    final: false)
            ])
        }
        pendingLogs[publisher] = nil
        let head = ledger.durable[publisher]?.head ?? .empty
        if came.seq > head.seq { return .welcome(head) }
        guard let held = came.seq == head.seq ? head.hash : ledger.hash(publisher, log, came.seq) else {
            return .refused([
                reject(
                    peer, "log.behind",
                    "\(publisher) is at record \(came.seq) of its log, the ledger at \(head.seq), and the ledger cannot say what \(came.seq) was: run `pejling ledger verify`. Nothing was changed on either side",
                    final: true)
            ])
        }
        // Behind, it fetches what it lacks; the welcome says up to where.
        if held == came.hash {
            if came.seq < head.seq {
                traffic[publisher, default: Traffic()].behind = (traffic[publisher]?.behind ?? 0) + 1
                happened(.behind, to: publisher, at: now)
            }
            return .welcome(head)
        }
        let evidence = fork(
            Audit.End(log: log, seq: came.seq, hash: came.hash.hex), held: held, enrolment, now, header.incarnation)
        return .refused([
            .keep(evidence),
            reject(
                peer, "log.diverged",
                "\(publisher) and the ledger have different records \(came.seq) of log \(log). Nothing was overwritten on either side. Restore the newest copy of its data folder, or let an operator admit a new log (Docs/operator-guide.md, “A log that diverged”)",
                final: true),
        ])
    }

    func rejectQuarantined(_ peer: Peer, _ publisher: String) -> Order {
        let (log, seq) = (quarantines[publisher]?.log ?? "", quarantines[publisher]?.seq ?? 0)
        if let rule = quarantines[publisher]?.rule {
            return reject(
                peer, "key.quarantined",
                "the key of \(publisher) is quarantined: it was used again and again for what it may not do [\(rule)]. Find out who used it, give it new keys (`pejling keys revoke`, then `keys enrol`), or: pejling ledger admit-log \(publisher) \(log)",
                final: false)
        }
        return reject(
            peer, "key.quarantined",
            "the key of \(publisher) is quarantined: record \(seq) of log \(log) came with two contents. Restore the right copy of its data folder, then: pejling ledger admit-log \(publisher) LOG, with the log it is to go on with",
            final: false)
    }

    /// Quarantines the key, ends its session, and gives what is to be kept as evidence.
    private mutating func fork(
        _ came: Audit.End, held: Hash, _ enrolment: Enrolment, _ now: Duration, _ incarnation: String?,
        signature: String? = nil, keyID: String? = nil
    ) -> Audit {
        let publisher = enrolment.publisher
        quarantines[publisher] = Quarantine(
            curveKey: enrolment.curveKey, log: came.log, seq: came.seq, incarnation: incarnation, lastAsked: now)
        for (peer, session) in sessions where session.publisher == publisher { gone(peer) }
        return Audit(
            .fork, of: publisher, log: came, held: held.hex, curveKey: enrolment.curveKey, signature: signature,
            keyID: keyID)
    }

    /// The same seq came with another hash in a batch: kept with its signature where that is good, which proves it.
    mutating func forked(
        _ session: Session, seq: Int64, hash: Hash, held: Hash, signature: (text: String, keyID: String)?,
        _ enrolment: Enrolment
    ) -> Order {
        let statement = BatchStatement(publisher: session.publisher, log: session.log, seq: seq, hash: hash)
        let proof = signature.flatMap { session.signKey.isValid($0.text, for: statement) ? $0 : nil }
        return .keep(
            fork(
                Audit.End(log: session.log, seq: seq, hash: hash.hex), held: held, enrolment, session.lastHeard,
                session.incarnation, signature: proof?.text, keyID: proof?.keyID))
    }

    func forkFault(_ publisher: String, _ seq: Int64) -> Fault {
        Fault(
            rule: "chain.fork",
            message:
                "\(publisher)/\(seq) has another hash than the one acknowledged before. Nothing was overwritten; it is kept as evidence"
        )
    }

    /// A batch that begins before `head` and tells the record there otherwise. Its signature is over a later record, so the
    /// evidence is kept without one.
    mutating func overlapFork(_ lines: [Line], _ head: ChainHead, _ session: Session, _ enrolment: Enrolment) -> Order?
    {
        guard
            let other = lines.first(where: {
                $0.envelope.seq == head.seq && $0.envelope.publisher == session.publisher
                    && $0.envelope.log == session.log && $0.hash != head.hash
            })
        else { return nil }
        return forked(session, seq: head.seq, hash: other.hash, held: head.hash, signature: nil, enrolment)
    }

    /// At the broker's start: a fork that no operator has spoken on.
    mutating func quarantine(_ audit: Audit) {
        quarantines[audit.publisher] = Quarantine(
            curveKey: audit.curveKey, log: audit.log.log, seq: audit.log.seq,
            rule: audit.event == .fork ? nil : audit.rule, lastAsked: .zero)
    }

    /// An operator admitted a log, and the ledger says so: `head` is where it has it.
    mutating func admitted(_ head: LedgerStore.PublisherHead, of publisher: String) {
        if heads[publisher] != head {
            for (peer, session) in sessions where session.publisher == publisher { gone(peer) }
        }
        heads[publisher] = head
        quarantines[publisher] = nil
        pendingLogs[publisher] = nil
    }
}
