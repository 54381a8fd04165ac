import Wire

/// A consumer's place in the feed.
struct FeedCursor {
    /// The last position given out, or known to concern this consumer not.
    var position: Int64
    let filter: FeedFilter?
    /// How many more `deliver` messages it takes.
    var credit: Int
    /// The position of the last `end`: said once each time it has caught up.
    var ended: Int64 = -1

    init(position: Int64, filter: FeedFilter?, credit: Int) {
        self.position = position
        self.filter = filter
        self.credit = credit
    }
}
