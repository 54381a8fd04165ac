import Foundation
import Ledger
import PolicyModel
import Wire

/// Takes in a file of lines, batch by batch, by the rules that hold for a batch that comes over the network: the same record by both
/// ways counts once. A batch is taken whole or not at all; the first that does not hold ends it, with its place in the file.
final class HandOver {
    /// What has come of it so far.
    struct Tally: Sendable, Hashable {
        var stored = 0
        /// Were there already.
        var known = 0
        /// Whose content is refused: the ledger keeps a refusal in their place.
        var refused = 0
        /// The records of a broker, of whatever ledger: they are that ledger's own.
        var foreign = 0
        /// Damaged in the ledger, and put back.
        var mended = 0

        var text: String {
            var parts = ["\(stored) records stored", "\(known) were there already"]
            if refused > 0 {
                parts.append("\(refused) of the stored refused for their content: `pejling show` says why")
            }
            if mended > 0 { parts.append("\(mended) damaged ones mended") }
            if foreign > 0 { parts.append("\(foreign) of a broker left out (they are that ledger's own)") }
            return parts.joined(separator: ", ")
        }
    }

    /// Why no more is taken; what was taken before stays.
    struct Refused: Error, CustomStringConvertible { let description: String }

    private let reader: LineReader
    private(set) var tally = Tally()
    /// It has the columns of a ledger's export: position, received, root.
    private var isOfLedger = false
    /// By publisher and log: lines that no signature has covered yet, with the number of the first in the file.
    private var open: [String: (first: Int, lines: [Line], bytes: Int)] = [:]

    /// - Parameter name: how the file is called in what is said; nil: as its path.
    init(_ path: String, called name: String? = nil) throws { reader = try LineReader(path, called: name) }

    var percent: Int { reader.size == 0 ? 100 : Int(reader.bytesRead * 100 / reader.size) }

    /// Takes the next batch in. False at the end of the file.
    ///
    /// - Parameters:
    ///   - now: by the broker's own clock for records.
    ///   - turn: monotonic.
    ///   - meanwhile: called again and again while damage is mended with it.
    /// - Throws: `Refused`; a `StoreError` of the ledger.
    func next(
        _ ingest: inout Ingest, _ ledger: LedgerStore, now: Date, turn: Duration, meanwhile: () -> Void = {}
    ) throws -> Bool {
        while let bytes = try reader.next() {
            let handed: HandedLine
            do { handed = try HandedLine(parsing: bytes) } catch { throw refused(reader.number, error) }
            if !handed.more.isEmpty { isOfLedger = true }
            let envelope = handed.line.envelope
            guard envelope.publisher != LedgerStore.ownName else {
                tally.foreign += 1
                continue
            }
            let key = "\(envelope.publisher)\t\(envelope.log)"
            open[key, default: (reader.number, [], 0)].lines.append(handed.line)
            open[key]?.bytes += handed.line.bytes.count + 1
            guard let batch = open[key], batch.lines.count <= Limits.batchLines, batch.bytes <= Limits.batchBytes + 1
            else {
                throw Refused(
                    description:
                        "\(reader.path):\(reader.number): more than \(Limits.batchLines) lines or \(Limits.batchBytes) bytes without a signature"
                )
            }
            guard let signature = handed.signature else { continue }
            open[key] = nil
            try take(batch.lines, from: batch.first, signature, &ingest, ledger, now, turn, meanwhile)
            return true
        }
        if let batch = open.values.min(by: { $0.first < $1.first }) {
            throw Refused(
                description:
                    "\(reader.path):\(batch.first): \(batch.lines.count) lines from here on are covered by no signature: was the file cut off? Export it again"
            )
        }
        return false
    }

    private func refused(_ line: Int, _ error: any Error) -> Refused {
        Refused(description: "\(reader.path):\(line): \(error)")
    }

    private func take(
        _ lines: [Line], from first: Int, _ signature: HandedLine.Signature, _ ingest: inout Ingest,
        _ ledger: LedgerStore, _ now: Date, _ turn: Duration, _ meanwhile: () -> Void
    ) throws {
        guard let start = lines.first?.envelope, let end = lines.last else { return }
        let publisher = start.publisher
        // Nobody has looked yet whether a seq is one that can be.
        if let place = lines.indices.first(where: { lines[$0].envelope.seq != start.seq &+ Int64($0) }) {
            throw refused(
                first + place,
                "\(publisher): seq \(lines[place].envelope.seq) where \(start.seq &+ Int64(place)) is expected [chain.seq]. Nothing of this batch was stored"
            )
        }
        guard let enrolment = ingest.enrolment(of: publisher), let signKey = VerifyingKey(hex: enrolment.signKey) else {
            throw refused(first, "\(publisher) is not enrolled with this ledger: its key must be enrolled first")
        }
        if ledger.publishers[publisher] != nil, ledger.chainHead(of: publisher, log: start.log) == nil {
            throw refused(
                first,
                "the ledger has no log \(start.log) of \(publisher). If it is right: pejling ledger admit-log \(publisher) \(start.log) --yes"
            )
        }
        let session = Ingest.Session(
            peer: [], publisher: publisher, role: enrolment.role, signKey: signKey, token: "", log: start.log,
            incarnation: nil, lastHeard: .zero)
        var header = Header(.publish, token: "")
        (header.log, header.firstSeq, header.count) = (start.log, start.seq, lines.count)
        (header.seq, header.hash) = (end.envelope.seq, end.hash)
        (header.signature, header.keyID) = (signature.text, signature.keyID)
        tally.mended += try ledger.mend(with: lines, at: now, meanwhile: meanwhile).count
        ingest.damaged(ledger.damaged)
        ingest.earlier = ledger.earlier
        ingest.unsigned = ledger.unsigned
        let chains = ChainLookup(ledger)
        let facts = Ingest.LedgerFacts(
            position: ledger.head.position, isSynthetic: ledger.isSynthetic, id: ledger.id, durable: ledger.publishers,
            hash: chains.hash, root: chains.root)
        let batch = ReadBatch(Batch.body(of: lines), header, from: session.sender, city: ingest.city)
        let orders = ingest.publish([], header, ReadMessage(header, batch), session, enrolment, facts)
        try chains.check()
        guard !orders.isEmpty else {
            tally.known += lines.count
            return
        }
        for order in orders {
            switch order {
            case .append(let append):
                do {
                    let done = try ledger.commit([append], at: now)
                    ingest.committed(done, at: now, now: turn)
                    ingest.unsigned = ledger.unsigned
                    // Whoever is connected hears that its records are here.
                    for (peer, session) in ingest.sessions where session.publisher == publisher {
                        // With another log (it was not the first, after all): it says hello again, and hears that an operator must judge. What
                        // it has sent meanwhile is of a session that is no more.
                        if session.log == start.log { ingest.oweAck(peer) } else { ingest.sessions[peer] = nil }
                    }
                    tally.stored += append.lines.count
                    tally.refused += done[0].refused.count
                    tally.known += lines.count - append.lines.count
                } catch {
                    _ = ingest.failed([append], durable: ledger.publishers, StoreError(.failed, ""), now: turn)
                    throw error
                }
            case .keep(let audit): try ledger.commit(at: now) { try $0.own(audit) }
            case .send(_, let nack):
                throw refused(
                    first + max(0, (nack.line ?? 1) - 1),
                    "\(nack.text ?? "") [\(nack.rule ?? "")]. Nothing of this batch was stored")
            case .fetch, .mend: break
            }
        }
    }

    private func refused(_ line: Int, _ text: String) -> Refused {
        let hint = isOfLedger ? ". \(Self.readingOnly)" : ""
        return Refused(description: "\(reader.path):\(line): \(text). So far: \(tally.text)\(hint)")
    }

    /// What comes of a ledger's export as a whole, and what to do instead.
    static let readingOnly =
        "This file is the export of a whole ledger, which is for reading and checking: no ledger is made from it. `pejling ledger restore` puts a backup in place, `pejling ledger mend` damaged records; a node's records come by `pejling ledger export --node`"
}

extension LedgerStore {
    /// Stores batches in one commit: what is refused for its content as a refusal in its place.
    ///
    /// - Returns: the same, with what was refused here besides.
    func commit(_ given: [Ingest.Append], at now: Date) throws -> [Ingest.Append] {
        var appends = given
        try commit(at: now) { transaction in
            for place in appends.indices {
                let append = appends[place]
                for (index, line) in append.lines.enumerated() {
                    // Whether an order describes its record is known only here: they may come in one message.
                    if let violation = try append.refused[index] ?? transaction.violation(of: line) {
                        appends[place].refused[index] = violation
                        try transaction.refuse(line, violation)
                    } else {
                        try transaction.append(line)
                    }
                }
                try transaction.keep(signature: append.signature, keyID: append.keyID, for: append.statement)
            }
            try transaction.checkpointWhenDue()
        }
        return appends
    }

    /// Takes in a file of lines that a node handed over, while no broker runs.
    ///
    /// - Parameter progress: called with the percentage after each batch.
    /// - Returns: what came of it, in words.
    /// - Throws: with the place in the file, where a batch does not hold; those before it stay.
    public func takeOver(file: String, city: City, clock: RecordClock, progress: (Int) -> Void) throws -> String {
        var ingest = Ingest(city: city, heads: publishers) { "" }
        for word in try keyHistory() { ingest.enrol(word.enrolment) }
        let handOver = try HandOver(file)
        while try handOver.next(&ingest, self, now: try clock.now(), turn: .zero) { progress(handOver.percent) }
        try scrub()
        return handOver.tally.text
    }
}
