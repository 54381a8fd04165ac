import Wire

/// The end of the ledger in memory, as it was committed: who follows the feed live is served from here, and not by a reading of the
/// file and a parsing of its lines for each consumer.
struct RecentLines {
    static let mostLines = 1_000
    static let mostBytes = 1 << 20

    /// Without a hole; the last one is the ledger's.
    private var lines: ArraySlice<DeliveredLine> = []
    private var bytes = 0

    mutating func append(_ line: DeliveredLine) {
        // Of a large commit only the end came here: what was in front of it does not meet it.
        if let last = lines.last, last.position + 1 != line.position { self = RecentLines() }
        lines.append(line)
        bytes += line.line.bytes.count
        while lines.count > Self.mostLines || bytes > Self.mostBytes, let first = lines.popFirst() {
            bytes -= first.line.bytes.count
        }
    }

    mutating func append(_ more: RecentLines) { for line in more.lines { append(line) } }

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
            if lines.count == Limits.batchLines || (bytes > Limits.batchBytes && !lines.isEmpty) { return false }
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
