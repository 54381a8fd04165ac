import Foundation
import Ledger

extension Presence {
    /// What is the matter with the broker, and the way out; nil while nothing is.
    public var brokerMark: String? {
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

extension BrokerState {
    /// Why there is no state to read: what a command says then.
    public static func unseen(in data: DataFolder) -> BrokerError {
        guard let (process, _) = FolderLock.held(data.broker) else {
            return BrokerError("no broker has run on \(data.path) yet. Run `pejling up`")
        }
        let seen = obstacle(in: data, to: process).map { ": \($0)" } ?? ""
        return BrokerError(
            "a broker runs on \(data.path) (process \(process)) and has not said how it stands yet: it is starting, or cannot write broker/state.json\(seen)"
        )
    }

    /// The state last written, as it may be shown: of a broker that says nothing, nobody knows how its plugins are. Nil: none has run.
    ///
    /// - Parameter now: as `uptime`.
    /// - Returns: `holder` is the process of the broker that runs.
    public static func look(_ data: DataFolder, now: Int64 = uptime()) -> (
        state: BrokerState, presence: Presence, holder: pid_t?
    )? {
        guard let (state, _, holder) = read(data) else { return nil }
        let presence = Presence(holder: holder, writer: state.pid, lastTurn: state.lastTurn, now: now)
        return (state.shown(presence), presence, holder)
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
