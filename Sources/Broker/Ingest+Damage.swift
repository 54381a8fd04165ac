import Ledger
import Wire

// A damaged record stops its publisher, and no other: what it says anew is not taken before its own log has given back what the
// ledger held. It is asked for by a nack of `chain.gap` with the damaged seq, which every publisher goes back to.

extension Ingest {
    /// How long after asking a publisher for its damaged record it is asked again.
    static let damagePatience: Duration = .seconds(30)

    /// What a publisher lacks in the ledger, and when it was asked for it.
    struct Damage: Sendable {
        /// By position, the first first.
        var records: [DamagedRecord]
        var asked: Duration?
    }

    /// The ledger knows of this damage now.
    mutating func damaged(_ records: [DamagedRecord]) {
        let byPublisher = Dictionary(grouping: records, by: \.name.publisher)
        damage = byPublisher.reduce(into: [:]) { all, entry in
            all[entry.key] = Damage(records: entry.value, asked: damage[entry.key]?.asked)
        }
    }

    /// Asks whoever is connected, and was not asked for a while, for its damaged records.
    mutating func askForDamaged(now: Duration) -> [Order] {
        guard !damage.isEmpty else { return [] }
        return sessions.values.flatMap { session in
            guard damage[session.publisher]?.asked.map({ now - $0 >= Self.damagePatience }) ?? true else {
                return [Order]()
            }
            return askForDamaged(session, now)
        }
    }

    private mutating func askForDamaged(_ session: Session, _ now: Duration) -> [Order] {
        guard let record = damage[session.publisher]?.records.first(where: { $0.name.log == session.log }) else {
            return []
        }
        damage[session.publisher]?.asked = now
        return [
            goBack(session, to: record.name.seq, "record \(record.name) is damaged in the ledger: send it again")
        ]
    }

    func goBack(_ session: Session, to seq: Int64, _ text: String, rule: String = "chain.gap") -> Order {
        var nack = Header(.nack, token: session.token)
        nack.log = session.log
        nack.rule = rule
        nack.text = said(text, bytes: 1000)
        nack.seq = seq
        return .send(session.peer, nack)
    }

    /// What is done with a batch of a publisher whose records are damaged; nil: what is always done.
    mutating func heldUp(_ header: Header, _ message: ReadMessage, _ session: Session, now: Duration) -> [Order]? {
        guard let damage = damage[session.publisher] else { return nil }
        let head = heads[session.publisher]?.head.seq ?? 0
        if header.log == session.log, let lines = try? message.batch.lines.get() {
            let wanted = Set(damage.records.map(\.hash))
            let found = lines.filter { wanted.contains($0.hash) }
            if !found.isEmpty { return [.mend(session.peer, found)] }
        }
        // Said again what is durable: acknowledged again.
        guard let last = header.seq, last > head else { return nil }
        if damage.asked.map({ now - $0 >= Self.damagePatience }) ?? true {
            let asked = askForDamaged(session, now)
            if !asked.isEmpty { return asked }
        }
        return [
            goBack(
                session, to: head + 1,
                "record \(damage.records[0].name) is damaged in the ledger: nothing new of \(session.publisher) is stored before it is mended",
                rule: "storage.damaged")
        ]
    }

    /// What a publisher whose lines were put back, or were not the ones, is told: to go back to what is missing next.
    mutating func mended(_ peer: Peer, now: Duration) -> [Order] {
        guard let session = sessions[peer] else { return [] }
        let again = askForDamaged(session, now)
        guard again.isEmpty else { return again }
        let head = heads[session.publisher]?.head.seq ?? 0
        return [goBack(session, to: head + 1, "the ledger is mended: go on")]
    }

    /// A consumer that is told to begin again: what it had up to `position` the ledger does not hold.
    mutating func beginsAgain(_ peer: Peer, _ position: Int64) {
        guard let session = sessions[peer] else { return }
        if position > 0 { lostEnd.add(session.publisher, upTo: position) }
        traffic[session.publisher, default: Traffic()].begunAgain = (traffic[session.publisher]?.begunAgain ?? 0) + 1
        happened(.begunAgain, to: session.publisher, at: session.lastHeard)
    }
}
