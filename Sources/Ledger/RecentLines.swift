import Wire

/// The end of the ledger in memory, as it was committed: who follows the feed live is served from here, and not by a reading of the
/// file and a parsing of its lines for each consumer.
struct RecentLines {
    static let mostLines = 1_000
    static let mostBytes = 1 << 20

    /// Without a hole; the last one is the ledger's.
    private var lines: [DeliveredLine] = []
    private var bytes = 0

    /// Adds the lines of one commit. Where they are too many, half of what may stay stays: so lines are seldom moved.
    mutating func append(_ more: [DeliveredLine]) {
        let added = more.reduce(0) { $0 + $1.line.bytes.count }
        guard lines.count + more.count > Self.mostLines || bytes + added > Self.mostBytes else {
            lines += more
            bytes += added
            return
        }
        // From the end on: of a large commit nothing is taken that would not stay.
        let rest = more.count + lines.count
        var kept: [DeliveredLine] = []
        bytes = 0
        while kept.count < min(rest, Self.mostLines / 2) {
            let next = kept.count < more.count ? more[more.count - 1 - kept.count] : lines[rest - 1 - kept.count]
            bytes += next.line.bytes.count
            guard bytes <= Self.mostBytes / 2 else {
                bytes -= next.line.bytes.count
                break
            }
            kept.append(next)
        }
        lines = kept.reversed()
    }

    /// What follows on `position`; nil where that is not known here.
    func lines(after position: Int64) -> ArraySlice<DeliveredLine>? {
        guard let first = lines.first?.position, position >= first - 1 else { return nil }
        return lines.dropFirst(Int(position - first + 1))
    }
}

/// What fits one `deliver`.
struct FeedMessage {
    let filter: FeedFilter?
    private(set) var lines: [DeliveredLine] = []
    /// The last position looked at.
    private(set) var last: Int64
    private var bytes = 0

    init(filter: FeedFilter?, after position: Int64) {
        self.filter = filter
        last = position
    }

    /// False when it has no room, and nothing was taken.
    mutating func take(_ delivered: DeliveredLine) -> Bool {
        if filter?.admits(delivered.line.envelope) ?? true {
            bytes += delivered.line.bytes.count + 110  // position, received and root in front
            if lines.count == Limits.batchLines || (bytes > Limits.givenBytes && !lines.isEmpty) { return false }
            let isOpen = filter?.isOpen ?? true
            lines.append(
                isOpen
                    ? delivered
                    : DeliveredLine(
                        position: delivered.position, received: delivered.received, root: nil, line: delivered.line))
        }
        last = delivered.position
        return true
    }
}
