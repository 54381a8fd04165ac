import Logging

/// What a plugin that no host watches says of its connection, in its log: each news once. Pure.
struct LinkNews {
    let endpoint: String
    let silenceLimit: Duration

    private enum Said { case nothing, live, held, lost, unanswered, refused }
    private var said = Said.nothing
    private var turnedAway: String?

    init(endpoint: String, silenceLimit: Duration) {
        self.endpoint = endpoint
        self.silenceLimit = silenceLimit
    }

    /// What was said last, in a word.
    var connection: LinkState.Connection {
        switch said {
        case .nothing: .connecting
        case .live: .connected
        case .held: .held
        case .lost: .lost
        case .unanswered: .unanswered
        case .refused: .refused
        }
    }

    /// A sentence, and how grave it is.
    typealias News = (level: Logger.Level, text: String)

    /// What is new; nil when nothing is.
    ///
    /// - Parameters:
    ///   - attempts: sockets opened so far.
    ///   - turnedAway: why the broker does not take records, or does not hear us.
    mutating func now(isLive: Bool, attempts: Int, isRefused: Bool, turnedAway: String? = nil) -> News? {
        let limit = silenceLimit.components.seconds
        defer { self.turnedAway = turnedAway }
        switch said {
        case _ where isLive && said != .live:
            said = .live
            return (.info, "connected to \(endpoint)")
        case .live where isLive && turnedAway != nil && self.turnedAway == nil:
            return (
                .warning,
                "\(endpoint) turns records away: \(turnedAway ?? ""). They are kept, and sent again each second"
            )
        case .live where isLive && turnedAway == nil && self.turnedAway != nil:
            return (.info, "\(endpoint) takes records again")
        case _ where isRefused && said != .refused:
            said = .refused
            return (
                .error,
                "\(endpoint) refuses this key: it was revoked, or another was enrolled. Ask its operator (`pejling keys list`). What is said here is kept, and sent once the key is enrolled again; no restart is needed"
            )
        case _ where turnedAway != nil && !isLive && said != .held:
            said = .held
            return (
                .warning,
                "\(endpoint) does not hear us yet: \(turnedAway ?? ""). What is said here is kept; no restart is needed"
            )
        case .live where !isLive, .held where turnedAway == nil && !isLive && !isRefused:
            said = .lost
            return (
                .warning,
                "no word from \(endpoint): what is said here is kept, and sent when it answers again. It is asked again within 3 s"
            )
        case .nothing where attempts > 1:
            said = .unanswered
            return (
                .warning,
                "no answer from \(endpoint) within \(limit) s: is it reachable from here, is that its key (--broker-key), and is this one's enrolled there? What is said here is kept; it is asked again and again"
            )
        default: return nil
        }
    }
}
