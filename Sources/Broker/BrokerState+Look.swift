import Foundation
import Ledger

extension BrokerState {
    /// How often a broker that has no news says that its loop turns, in seconds.
    public static let beatSeconds: Int64 = 10
    /// After so many seconds without a word it is called silent: three beats.
    public static let silenceLimit: Int64 = 3 * beatSeconds

    /// What the broker of a folder is to somebody who looks at its files.
    public enum Presence: Sendable, Hashable {
        /// None runs: the state says how the last one ended.
        case gone
        /// One runs and has not said yet how it stands: the state is of the one before.
        case starting
        /// One runs, and for this many seconds its loop has not turned, or it cannot say that it does.
        case silent(seconds: Int64)
        case heard

        /// Whether one runs and what is known of it does not count.
        public var isUnknown: Bool { self != .gone && self != .heard }

        /// What is the matter, and the way out; nil while nothing is.
        public var mark: String? {
            switch self {
            case .heard: nil
            case .gone: "the broker does not run: nothing is received. Start it with `pejling up`"
            case .starting:
                "the broker runs and has not said how it stands: it is starting, or cannot write broker/state.json (is the disk full?). What stands here is of the one before"
            case .silent(let seconds):
                "the broker has said nothing for \(seconds) s: it hangs, or cannot write broker/state.json. Is the disk well? `pejling up` and the unit end a broker that hangs and start it again; by hand: kill -9 its process. What stands here is what it said last"
            }
        }
    }

    /// The state last written, as it may be shown: of a broker that says nothing, nobody knows how its plugins are. Nil: none has run.
    ///
    /// - Parameter now: as `uptime`.
    /// - Returns: `holder` is the process of the broker that runs.
    public static func look(_ data: DataFolder, now: Int64 = uptime()) -> (
        state: BrokerState, presence: Presence, holder: pid_t?
    )? {
        guard let (state, isRunning, holder) = read(data) else { return nil }
        let presence = presence(of: state, isRunning: isRunning, holder: holder, now: now)
        return (state.shown(presence), presence, holder)
    }

    private static func presence(of state: BrokerState, isRunning: Bool, holder: pid_t?, now: Int64) -> Presence {
        guard holder != nil else { return .gone }
        guard isRunning else { return .starting }
        guard let last = state.lastTurn else { return .heard }
        // Written before the machine was started anew, by a process that happened to have the same number.
        if last > now { return .starting }
        return now - last > silenceLimit ? .silent(seconds: now - last) : .heard
    }

    private func shown(_ presence: Presence) -> BrokerState {
        guard presence != .heard else { return self }
        var shown = self
        for index in shown.plugins.indices {
            shown.plugins[index].condition = presence == .gone ? .stopped : .unknown
            shown.plugins[index].heard = false
        }
        for index in (shown.remote ?? []).indices {
            shown.remote?[index].condition = .unknown
            shown.remote?[index].heard = false
        }
        return shown
    }
}
