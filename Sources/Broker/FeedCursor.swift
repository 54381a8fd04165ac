import Wire

/// A consumer's place in the feed.
struct FeedCursor {
    /// The last position given out, or known to concern this consumer not.
    var position: Int64
    let filter: FeedFilter?
    /// How many more `deliver` messages it takes.
    var credit: Int
    /// The position of the last `end`: said once each time it has caught up, and ten times a second at most.
    private var ended: (position: Int64, at: Duration)?
    /// The last position the consumer was told: what the next message follows on.
    private var told: Int64

    init(position: Int64, filter: FeedFilter?, credit: Int) {
        self.position = position
        self.filter = filter
        self.credit = credit
        told = position
    }

    /// At 1,000 records a second each of a dozen consumers would be told of each commit that it has caught up, though few of them have
    /// anything new, and each would answer.
    static let endPause: Duration = .milliseconds(100)

    /// Whether there is nothing to do before it gives credit or the ledger grows.
    func isDone(at head: Int64) -> Bool { position < head ? credit == 0 : ended?.position == head }

    /// When its `end` is due; nil while it has not caught up, or has been told.
    func endDue(at head: Int64) -> Duration? {
        guard position == head, ended?.position != head else { return nil }
        return ended.map { $0.at + Self.endPause } ?? .zero
    }

    /// Gives the consumer what is next: one `deliver`, and `end` when it has caught up with `head` and that is due.
    ///
    /// - Parameters:
    ///   - now: monotonic.
    ///   - read: the lines after a position that pass a filter, and the last position looked at.
    ///   - root: the ledger's root after a position.
    ///   - send: false when the consumer's queue is full.
    /// - Returns: false when a `deliver` was not taken: nothing has changed.
    mutating func advance(
        to head: Int64, now: Duration, token: String,
        read: (Int64, FeedFilter?) throws -> (lines: [DeliveredLine], upTo: Int64),
        root: (Int64) throws -> Hash?, send: (Header, [UInt8]) throws -> Bool
    ) rethrows -> Bool {
        if position < head, credit > 0 {
            let (lines, upTo) = try read(position, filter)
            if !lines.isEmpty {
                var header = Header(.deliver, token: token)
                header.after = told
                header.position = upTo
                header.hash = try root(upTo)
                header.count = lines.count
                let body = Array(lines.map(\.bytes).joined(separator: [UInt8(ascii: "\n")]))
                guard try send(header, body) else { return false }
                credit -= 1
                told = upTo
            }
            position = upTo
        }
        if let due = endDue(at: head), due <= now {
            var end = Header(.end, token: token)
            end.after = told
            end.position = head
            end.hash = try root(head)
            if try send(end, []) {
                ended = (head, now)
                told = head
            }
        }
        return true
    }
}
