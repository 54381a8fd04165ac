import Ledger
import Wire

// What the loop does about the feed: a consumer with credit gets what is new, in messages as large as the protocol allows.

extension Worker {
    /// Gives each consumer with credit what is new.
    ///
    /// - Returns: when it is to be called again, if nothing happens before: zero when some consumer has more to get.
    func pumpFeed(_ sockets: Sockets) throws -> Duration? {
        let head = ledger.head.position
        let now = now()
        var next: Duration?
        for session in ingest.dueFeeds(hasMoved: head != pumped) {
            guard var feed = session.feed else { continue }
            guard
                try feed.advance(
                    to: head, now: now, token: session.token, read: ledger.feed, root: ledger.root,
                    send: { try send($0, $1, to: session.peer, sockets) })
            else { continue }
            // In front of what is damaged it waits until that is mended.
            let isStuck = feed.position < head && ledger.suspect == feed.position + 1 || isDamaged(feed.position + 1)
            if feed.position < head, feed.credit > 0, !isStuck { next = .zero }
            if let due = feed.endDue(at: head), due > now { next = min(next ?? due, due) }
            ingest.moved(session.peer, feed, isDone: feed.isDone(at: head) || isStuck)
        }
        pumped = head
        return next
    }

    private func isDamaged(_ position: Int64) -> Bool { ledger.damaged.contains { $0.position == position } }
}
