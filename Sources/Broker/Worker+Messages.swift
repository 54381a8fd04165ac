import LogLines
import Foundation
import Ledger
import Wire
import ZeroMQ

// What the loop does about messages. They are read on other threads, as far as they can be read by themselves, and judged here in
// the order they came in.

extension Worker {
    struct Incoming {
        let peer: Ingest.Peer
        let userID: String?
        let descriptor: CInt
        let reading: ReadAhead
    }

    /// Takes in what has arrived, until a turn's share waits to be judged. True when more may be there.
    private func receiveAhead(_ sockets: Sockets) throws -> Bool {
        for _ in ahead.count..<Self.messagesPerTurn {
            guard let message = try sockets.router.receive() else { return false }
            count(message)
            guard message.frames.count == 3, !message.isTruncated else { continue }
            let peer = message.frames[0]
            let reading = ReadAhead(
                header: message.frames[1], body: message.frames[2], from: ingest.sessions[peer]?.sender,
                city: ingest.city)
            ahead.append(
                Incoming(peer: peer, userID: message.userID, descriptor: message.descriptor, reading: reading))
        }
        return true
    }

    /// Judges what has arrived, up to one turn's share, and commits it. True when more may be waiting.
    func takeMessages(_ sockets: Sockets, _ takeCommands: () -> [BrokerLoop.Command]) throws -> Bool {
        var isMore = try receiveAhead(sockets)
        // What was ordered before any of these was sent: which life of a plugin to expect.
        for command in takeCommands() { try carryOut(command) }
        var appends: [Ingest.Append] = []
        var fetches: [Ingest.Peer: Int64] = [:]
        for message in takeAhead() {
            let facts = Ingest.LedgerFacts(
                position: ledger.head.position, isSynthetic: ledger.isSynthetic, id: ledger.id,
                durable: ledger.publishers, hash: chains.hash, root: chains.root)
            let orders = ingest.receive(
                peer: message.peer, userID: message.userID, now: now(), ledger: facts, read: message.reading.wait)
            // A ledger that cannot be read ends the process: it is verified at the next start.
            try chains.check()
            for order in orders {
                switch order {
                case .append(let append): appends.append(append)
                case .fetch(let peer, let after): fetches[peer] = after
                case .mend(let peer, let lines): try mend(peer, lines, sockets)
                case .keep(let audit):
                    note(audit)
                    evidence.append(audit)
                case .send(let peer, let header):
                    noteJunk(header, message.descriptor)
                    if header.type == .nack, header.rule != "chain.gap" { noteNack(header, to: peer) }
                    try send(header, to: peer, sockets)
                }
            }
        }
        // What came meanwhile is read by other threads while this is committed.
        if !appends.isEmpty { isMore = try receiveAhead(sockets) || isMore }
        if !appends.isEmpty { try commit(appends, sockets) }
        try serveFetches(fetches, sockets)
        try keepEvidence()
        return isMore || !ahead.isEmpty
    }

    /// Says in the log what of a publisher was turned away, and why.
    private func noteNack(_ header: Header, to peer: Ingest.Peer) {
        let (who, rule) = (ingest.sessions[peer]?.publisher ?? "?", header.rule ?? "")
        guard let unsaid = seldomSaid.next("\(who) \(rule)", now: now()) else { return }
        log.error(
            "refused a batch of \(who): \(header.text ?? "") [\(rule)]\(SeldomSaid.times(unsaid))",
            metadata: .about(publisher: who, seq: header.seq, rule: rule))
    }

    private func takeAhead() -> [Incoming] {
        defer { ahead = [] }
        return ahead
    }
}
