/// What befalls a publisher and is over when it has: counted for as long as the broker runs (`Traffic`), said while it is recent.
enum Happening: String, Sendable, CaseIterable {
    /// A batch came that was durable already.
    case duplicate
    /// A batch came before the one that is expected.
    case gap
    case refusedWhole = "refused_whole"
    /// The content of a record was refused.
    case refused
    case oddTime = "odd_time"
    /// A batch was turned away since the disk was full.
    case storage
    /// It came with less of its log than the ledger has: restored from a backup, or its disk lost something.
    case behind
    /// Its copy of the feed is of another history of the ledger.
    case begunAgain = "begun_again"

    /// So many within an hour are more than what is healthy makes: a reconnect gives at most a window of batches twice and one gap,
    /// a backup is put back once.
    var often: Int {
        switch self {
        case .duplicate, .gap: 100
        case .behind, .begunAgain: 3
        case .refusedWhole, .refused, .oddTime, .storage: 1
        }
    }
}

/// When something last happened, and when last so often that somebody should look. `uptime`, in seconds.
public struct Lately: Codable, Hashable, Sendable {
    public var last: Int64
    public var often: Int64?
}

/// Keeps when something last happened, and how often within an hour. Pure.
struct Tally: Hashable, Sendable {
    static let period: Duration = .seconds(3600)

    private var last: Duration?
    /// When the hour began that is being counted: with the first that came when the one before was over.
    private var began: Duration = .zero
    private var count = 0
    private var often: Duration?

    /// - Parameters:
    ///   - now: monotonic time.
    ///   - level: so many within an hour are often.
    mutating func note(at now: Duration, times: Int = 1, often level: Int) {
        if last == nil || now - began >= Self.period { (began, count) = (now, 0) }
        last = now
        count += times
        if count >= level { often = now }
    }

    /// - Parameter origin: the `uptime` at which monotonic time was zero.
    func shown(from origin: Int64) -> Lately? {
        last.map {
            Lately(last: origin + $0.components.seconds, often: often.map { origin + $0.components.seconds })
        }
    }
}

extension Ingest {
    mutating func happened(_ what: Happening, to publisher: String, at now: Duration, times: Int = 1) {
        happenings[publisher, default: [:]][what, default: Tally()].note(at: now, times: times, often: what.often)
    }
}
