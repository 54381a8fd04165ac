import Foundation
import Wire

/// What the broker has counted of one publisher since its start, and how far it is durable.
public struct Traffic: Codable, Hashable, Sendable {
    /// The log that the ledger has of it, and the last seq of it that is durable; 0 before the first.
    public var log = ""
    public var durable: Int64 = 0
    /// Lines stored since the start, and among them those in whose place a refusal was stored.
    public var records: Int64 = 0
    public var refused: Int64 = 0
    /// Batches that were durable already and acknowledged again.
    public var duplicates: Int64 = 0
    /// Batches that came before the one that is expected.
    public var gaps: Int64 = 0
    /// Batches refused whole: chain, signature, kind, form.
    public var nacks: Int64 = 0
    /// Batches turned away since the disk was full.
    public var storage: Int64 = 0
    /// Records with a time that cannot be: over five minutes ahead of the broker's clock, or before that of the record in front.
    /// They count like all others; absent in a state that an older program wrote.
    public var oddTimes: Int64?
    /// How often it came with less of its log than the ledger has, and with a copy of another history of the ledger; nil: never.
    public var behind: Int64?
    public var begunAgain: Int64?
    /// When what was last, by `Happening`; what never was is not there.
    public var lately: [String: Lately]?

    public init() { oddTimes = 0 }
}

extension Ingest {
    /// How far ahead of the broker's clock a record's time may be before it is counted.
    static let clockTolerance: Double = 5 * 60

    /// Counts records whose publisher's clock is wrong, as far as that can be seen: one that is behind looks like one that had no
    /// network.
    ///
    /// - Parameters:
    ///   - date: by the broker's own clock for records.
    ///   - now: monotonic.
    mutating func countTimes(_ lines: [Line], of publisher: String, at date: Date, now: Duration) {
        // To the second: `at` may have milliseconds or not.
        let latest = Timestamp.seconds(date + Self.clockTolerance).prefix(19)
        var last = lastTimes[publisher] ?? ""
        var odd: Int64 = 0
        for line in lines {
            // A time is ASCII: its bytes are its characters.
            let at = Substring(line.envelope.at.utf8.prefix(19))
            if at > latest || at < last { odd += 1 }
            last = at
        }
        lastTimes[publisher] = last
        guard odd > 0 else { return }
        traffic[publisher, default: Traffic()].oddTimes? += odd
        happened(.oddTime, to: publisher, at: now, times: Int(odd))
    }

    /// Counts what is sent back to a publisher.
    mutating func count(_ orders: [Order], of publisher: String, now: Duration) {
        for case .send(_, let header) in orders where header.type == .nack {
            let rule = header.rule ?? ""
            if rule == "chain.gap" {
                traffic[publisher, default: Traffic()].gaps += 1
                happened(.gap, to: publisher, at: now)
            } else if rule.hasPrefix("storage.") {
                traffic[publisher, default: Traffic()].storage += 1
                happened(.storage, to: publisher, at: now)
            } else {
                traffic[publisher, default: Traffic()].nacks += 1
                happened(.refusedWhole, to: publisher, at: now)
            }
        }
    }
}
