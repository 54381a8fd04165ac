import Ledger
import Wire

// What the loop does about the feed: a consumer with credit gets what is new, in messages as large as the protocol allows.

extension Worker {
    /// Gives each consumer with credit what is new. True when some consumer has more to get.
    func pumpFeed(_ sockets: Sockets) throws -> Bool {
        let head = ledger.head.position
        var more = false
        for session in ingest.dueFeeds(hasMoved: head != pumped) {
            guard var feed = session.feed else { continue }
            guard
                try feed.advance(
                    to: head, token: session.token, read: ledger.read, root: ledger.root,
                    send: { try send($0, $1, to: session.peer, sockets) })
            else { continue }
            // In front of what is damaged it waits until that is mended.
            let isStuck = feed.position < head && ledger.suspect == feed.position + 1 || isDamaged(feed.position + 1)
            if feed.position < head, feed.credit > 0, !isStuck { more = true }
            ingest.moved(session.peer, feed, isDone: feed.isDone(at: head) || isStuck)
        }
        pumped = head
        return more
    }

    private func isDamaged(_ position: Int64) -> Bool { ledger.damaged.contains { $0.position == position } }
}
