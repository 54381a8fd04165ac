/// What a plugin that no host watches says of its connection, on standard error: each news once. Pure.
struct LinkNews {
    let endpoint: String
    let silenceLimit: Duration

    private enum Said { case nothing, live, lost, unanswered, refused }
    private var said = Said.nothing

    init(endpoint: String, silenceLimit: Duration) {
        self.endpoint = endpoint
        self.silenceLimit = silenceLimit
    }

    /// What was said last, in a word.
    var connection: LinkState.Connection {
        switch said {
        case .nothing: .connecting
        case .live: .connected
        case .lost: .lost
        case .unanswered: .unanswered
        case .refused: .refused
        }
    }

    /// What is new; nil when nothing is.
    ///
    /// - Parameter attempts: sockets opened so far.
    mutating func now(isLive: Bool, attempts: Int, isRefused: Bool) -> String? {
        let limit = silenceLimit.components.seconds
        switch said {
        case _ where isLive && said != .live:
            said = .live
            return "connected to \(endpoint)"
        case _ where isRefused && said != .refused:
            said = .refused
            return
                "\(endpoint) refuses this key: it was revoked, or another was enrolled. Ask its operator (`pejling keys list`). What is said here is kept, and sent once the key is enrolled again; no restart is needed"
        case .live where !isLive:
            said = .lost
            return
                "no word from \(endpoint): what is said here is kept, and sent when it answers again. It is asked again within 3 s"
        case .nothing where attempts > 1:
            said = .unanswered
            return
                "no answer from \(endpoint) within \(limit) s: is it reachable from here, is that its key (--broker-key), and is this one's enrolled there? What is said here is kept; it is asked again and again"
        default: return nil
        }
    }
}
