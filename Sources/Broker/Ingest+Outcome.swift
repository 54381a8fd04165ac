import Foundation
import Ledger
import PolicyModel
import Wire

// What the loop reports back of the orders it carried out, and the acks that come of it.

extension Ingest {
    /// The commit with these appends is durable.
    ///
    /// - Parameters:
    ///   - date: by the broker's own clock for records.
    ///   - now: monotonic.
    mutating func committed(_ appends: [Append], at date: Date, now: Duration) {
        for append in appends {
            let publisher = append.statement.publisher
            countTimes(append.lines, of: publisher, at: date, now: now)
            traffic[publisher, default: Traffic()].records += Int64(append.lines.count)
            traffic[publisher, default: Traffic()].refused += Int64(append.refused.count)
            if !append.refused.isEmpty {
                happened(.refused, to: publisher, at: now, times: append.refused.count)
            }
            guard sessions[append.peer] != nil else {
                // It came by a file, or its session ended meanwhile: the ack of the one that is there lists nothing of what was refused,
                // so it says that it speaks of nothing before, and the publisher asks.
                if !append.refused.isEmpty { untold(append.statement) }
                continue
            }
            oweAck(append.peer)
            for (index, violation) in append.refused.sorted(by: { $0.key < $1.key }) {
                // A header is 4 KiB at most: what does not fit is in the ledger all the same.
                guard sessions[append.peer]?.refusals.count ?? 0 < Limits.refusals else { break }
                sessions[append.peer]?.refusals.append(
                    RefusedLine(
                        seq: append.lines[index].envelope.seq, rule: violation.rule,
                        text: said(violation.message, bytes: 200)))
            }
        }
    }

    /// Nothing of the commit is there: back to the durable heads; each sender is told and goes back.
    ///
    /// - Parameter now: monotonic.
    mutating func failed(
        _ appends: [Append], durable: [String: LedgerStore.PublisherHead], _ error: StoreError, now: Duration
    ) -> [Order] {
        heads = durable
        var orders: [Order] = []
        for peer in Set(appends.map(\.peer)) {
            guard let session = sessions[peer] else { continue }
            var nack = Header(.nack, token: session.token)
            nack.log = session.log
            nack.rule = "storage.\(error.code.rawValue)"
            nack.text = said(error.message, bytes: 1000)
            nack.seq = (durable[session.publisher]?.head.seq ?? 0) + 1
            count([.send(peer, nack)], of: session.publisher, now: now)
            orders.append(.send(peer, nack))
        }
        return orders
    }

    /// The next ack of this log begins behind `statement`: what was refused up to there, it does not list.
    private mutating func untold(_ statement: BatchStatement) {
        for (peer, session) in sessions where session.publisher == statement.publisher && session.log == statement.log {
            sessions[peer]?.told = max(session.told, statement.seq)
        }
    }

    mutating func oweAck(_ peer: Peer) {
        sessions[peer]?.owesAck = true
        owed.insert(peer)
    }

    /// The acks that are owed, up to the durable heads.
    mutating func dueAcks(durable: [String: LedgerStore.PublisherHead]) -> [(Peer, Header)] {
        if owed.isEmpty { return [] }
        owed = owed.filter { sessions[$0]?.owesAck ?? false }
        return owed.compactMap { sessions[$0] }.map { session in
            var ack = Header(.ack, token: session.token)
            let head = durable[session.publisher]?.head ?? .empty
            ack.log = session.log
            ack.seq = head.seq
            ack.hash = head.hash
            // So an ack that is lost in between is noticed, and with it what it said was refused.
            ack.firstSeq = session.told + 1
            sessions[session.peer]?.telling = head.seq
            if !session.refusals.isEmpty { ack.refusals = session.refusals }
            return (session.peer, ack)
        }
    }

    mutating func ackSent(_ peer: Peer) {
        sessions[peer]?.owesAck = false
        sessions[peer]?.refusals = []
        if let session = sessions[peer] { sessions[peer]?.told = session.telling }
    }

    /// Those the feed has to look at; `hasMoved` when the ledger has grown since the last time, which concerns all that follow.
    mutating func dueFeeds(hasMoved: Bool) -> [Session] {
        if hasMoved {
            followers = followers.filter { sessions[$0]?.feed != nil }
            feedDue = followers
        } else if !feedDue.isEmpty {
            feedDue = feedDue.filter { sessions[$0]?.feed != nil }
        }
        return feedDue.compactMap { sessions[$0] }
    }

    /// - Parameter isDone: whether nothing is left to do for it before it gives credit or the ledger grows.
    mutating func moved(_ peer: Peer, _ feed: FeedCursor, isDone: Bool = false) {
        sessions[peer]?.feed = feed
        if isDone { feedDue.remove(peer) }
    }

    /// Nothing was read for so long: nobody's silence.
    mutating func paused(for time: Duration) { for peer in sessions.keys { sessions[peer]?.lastHeard += time } }

    mutating func gone(_ peer: Peer) {
        sessions[peer] = nil
        feedDue.remove(peer)
    }
}

/// `text` cut to what takes at most `bytes` as a JSON string, without control characters: a message that quotes what came
/// from outside must still fit a header.
func said(_ text: String, bytes: Int) -> String {
    var kept = String.UnicodeScalarView()
    var size = 0
    for scalar in text.unicodeScalars {
        let plain = scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar
        size += plain == "\"" || plain == "\\" ? 2 : UTF8.width(plain)
        guard size <= bytes - 3 else { return String(kept) + "…" }
        kept.append(plain)
    }
    return String(kept)
}

/// What somebody else says, fit for a terminal and one line of it: a blank for each control character.
///
/// - Parameter most: Unicode scalars of it that are kept.
func withoutControls(_ text: String, most: Int = .max) -> String {
    let kept = text.unicodeScalars.prefix(most).lazy.map { $0.properties.generalCategory == .control ? " " : $0 }
    return String(String.UnicodeScalarView(kept))
}
