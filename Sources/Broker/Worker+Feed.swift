import Ledger
import Wire

// What the loop does about the feed: a consumer with credit gets what is new, in messages as large as the protocol allows.

extension Worker {
    /// Gives each consumer with credit what is new. True when some consumer has more to get.
    func pumpFeed(_ sockets: Sockets) throws -> Bool {
        let head = ledger.head.position
        var more = false
        for session in ingest.dueFeeds(hasMoved: head != pumped) {
            guard var feed = session.feed, feed.credit > 0 || feed.position == head else {
                if let feed = session.feed { ingest.moved(session.peer, feed, isDone: true) }
                continue
            }
            if feed.position < head {
                let (lines, upTo) = try ledger.read(after: feed.position, filter: feed.filter)
                if !lines.isEmpty {
                    var header = Header(.deliver, token: session.token)
                    header.position = upTo
                    header.count = lines.count
                    let body = Array(lines.map(\.bytes).joined(separator: [UInt8(ascii: "\n")]))
                    guard try send(header, body, to: session.peer, sockets) else { continue }
                    feed.credit -= 1
                }
                feed.position = upTo
            }
            if feed.position == head, feed.ended != head {
                var end = Header(.end, token: session.token)
                end.position = head
                if try send(end, to: session.peer, sockets) { feed.ended = head }
            }
            // In front of what is damaged it waits until that is mended.
            let isStuck = feed.position < head && ledger.suspect == feed.position + 1 || isDamaged(feed.position + 1)
            if feed.position < head, feed.credit > 0, !isStuck { more = true }
            let isDone = feed.position < head ? feed.credit == 0 || isStuck : feed.ended == head
            ingest.moved(session.peer, feed, isDone: isDone)
        }
        pumped = head
        return more
    }

    private func isDamaged(_ position: Int64) -> Bool { ledger.damaged.contains { $0.position == position } }
}
