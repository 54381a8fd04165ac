import Glibc

/// What a process that holds a folder, and says there how it is, is to somebody who looks at its files.
public enum Presence: Sendable, Hashable {
    /// None runs: what stands there is how the last one ended.
    case gone
    /// One runs and has not said yet how it is: what stands there is of the one before.
    case starting
    /// One runs, and for this many seconds its loop has not turned, or it cannot say that it does.
    case silent(seconds: Int64)
    case heard

    /// How often one that has no news says that its loop turns, in seconds.
    public static let beatSeconds: Int64 = 10
    /// After so many seconds without a word it is called silent: three beats.
    public static let silenceLimit: Int64 = 3 * beatSeconds

    /// - Parameters:
    ///   - holder: the process that holds the folder; nil when none does.
    ///   - writer: the one that wrote how it is.
    ///   - lastTurn: when its loop last turned, as it wrote; nil when it does not write that.
    ///   - now: as `uptime`.
    public init(holder: pid_t?, writer: pid_t?, lastTurn: Int64?, now: Int64) {
        // A later turn than now: written before the machine was started anew, by a process that happened to have the same number.
        if holder == nil {
            self = .gone
        } else if holder != writer || lastTurn ?? now > now {
            self = .starting
        } else if let lastTurn, now - lastTurn > Self.silenceLimit {
            self = .silent(seconds: now - lastTurn)
        } else {
            self = .heard
        }
    }

    /// Whether one runs and what is known of it does not count.
    public var isUnknown: Bool { self != .gone && self != .heard }
}
