import Foundation
import Glibc
import Ledger

/// What the broker knows of itself and its plugins: kept in `var/broker/state.json` for `pejling plugin list` and `up`.
public struct BrokerState: Codable, Sendable, Hashable {
    public struct Plugin: Codable, Sendable, Hashable {
        public enum Condition: String, Codable, Sendable, CaseIterable {
            /// Started, no hello yet.
            case starting
            case running
            /// No sign of life for longer than 5 s, of one on another machine 15 s.
            case stale
            /// On another machine, and not heard since the broker's start.
            case away
            /// Ended; started again after a pause.
            case waiting
            case quarantined
            /// It runs and asks, and is not heard before an operator's word on its log (`waitingLogs`).
            case pending
            /// Ended, and not started again until a person has mended `cause`.
            case failed
            case stopped
            /// The broker does not say: only in what is shown (`BrokerState.look`), never in the file.
            case unknown

            /// Whether nothing will come of waiting.
            public var needsPerson: Bool { self == .failed || self == .pending }
        }
        public var name: String
        public var publisher: String
        public var role: String
        public var condition: Condition
        public var pid: Int32?
        public var restarts: Int
        /// Why it is not running, in words, the end of its last run; or, while it runs, why it cannot keep what comes.
        public var cause: String?
        /// When its last run ended, and why; kept while it runs again. Nil: it has not ended since the broker's start.
        public var lastEnd: String?
        /// The same moment (`uptime`).
        public var endedAt: Int64?
        /// It has said hello, and all it had to publish is durable.
        public var heard: Bool
        public var unsent: Int64?
        /// The last position of the feed it has stored.
        public var position: Int64?
        /// Since when it has stored nothing though the ledger has more (`uptime`); nil while it comes on.
        public var stalledSince: Int64?

        enum CodingKeys: String, CodingKey {
            case name, publisher, role, condition, pid, restarts, cause, heard, unsent, position
            case lastEnd = "last_end"
            case endedAt = "ended_at"
            case stalledSince = "stalled_since"
        }

        public init(
            name: String, publisher: String, role: String, condition: Condition, pid: Int32? = nil, restarts: Int = 0,
            cause: String? = nil, heard: Bool = false, unsent: Int64? = nil, position: Int64? = nil
        ) {
            self.name = name
            self.publisher = publisher
            self.role = role
            self.condition = condition
            self.pid = pid
            self.restarts = restarts
            self.cause = cause
            self.heard = heard
            self.unsent = unsent
            self.position = position
        }
    }
    /// A publisher that is not heard before an operator's word on its log.
    public struct WaitingLog: Codable, Sendable, Hashable {
        public var publisher: String
        /// With which it asks; of a quarantined key, the one that forked.
        public var log: String
        /// How many records it has; of a quarantined key, the one that came with two contents.
        public var seq: Int64
        public var isQuarantined: Bool
        /// Of a key that was misused: the rule it broke; nil with a fork, and in a file of an older program.
        public var rule: String?

        enum CodingKeys: String, CodingKey {
            case publisher, log, seq, rule
            case isQuarantined = "quarantined"
        }

        public init(publisher: String, log: String, seq: Int64, isQuarantined: Bool, rule: String? = nil) {
            self.publisher = publisher
            self.log = log
            self.seq = seq
            self.isQuarantined = isQuarantined
            self.rule = rule
        }

        /// What it is, and the way out.
        public var text: String {
            if let rule {
                return
                    "the key of \(publisher) is quarantined: it was used again and again for what it may not do [\(rule)]. Find out who used it, give it new keys (`pejling keys revoke`, then `keys enrol`), or let it go on: pejling ledger admit-log \(publisher) \(log)"
            }
            return isQuarantined
                ? "record \(seq) of log \(log) of \(publisher) came with two contents: its key is quarantined. Restore the right copy of its data folder, then: pejling ledger admit-log \(publisher) LOG, with the log it goes on with"
                : "\(publisher) comes with another log than the ledger goes on with, \(log) (\(seq) records). Restore its data folder, or: pejling ledger admit-log \(publisher) \(log)"
        }
    }

    public var pid: Int32
    public var started: String
    public var endpoints: [String]
    /// CURVE public key of the broker.
    public var key: String
    /// Ed25519 public key of the broker.
    public var signKey: String
    public var synthetic: Bool
    public var position: Int64
    public var root: String
    /// When the last record was received (ISO 8601, UTC); nil: there is none, or an older program wrote this.
    public var received: String?
    /// Since when the broker sees its clock behind that (`uptime`); nil: it is not.
    public var clockBehindSince: Int64?
    public var plugins: [Plugin]
    /// Manifests that cannot be used, in words.
    public var broken: [String]
    /// Keys that asked to connect and are not enrolled, with how often.
    public var pendingKeys: [String: Int]
    /// The same with since when and from where; absent in a state that an older program wrote.
    public var pending: [PendingKey]?

    /// Those enrolled that this broker does not start: they run on other machines. `cause` says when one that is away was last heard.
    public var remote: [Plugin]?

    /// By publisher, what was counted since the start; absent in a state that an older program wrote.
    public var traffic: [String: Traffic]?
    /// Messages dropped since the start that were no messages of the protocol.
    public var dropped: Int?
    /// When the last was.
    public var droppedLast: Lately?
    /// Messages dropped since the start that were of sessions that are no more: some of everybody after each restart.
    public var strays: Int?
    /// Records of the ledger that are damaged, in words; where the damaged file was copied to; how many were mended since the start.
    public var damage: [String]?
    public var damageKept: String?
    public var mended: Int?
    /// How the ledger was made anew at that start, in words; nil: it was not.
    public var remade: String?
    /// Whether the ledger has not been read again in whole since; nil in a file of an older program.
    public var mendedUnread: Bool?
    /// Position of the last signed checkpoint.
    public var checkpointed: Int64?
    /// When it was stored (ISO 8601, UTC).
    public var checkpointedAt: String?
    /// By publisher, when it was last heard since the broker's start (ISO 8601, UTC): within `lastHeardSeconds` before the moment.
    public var lastHeard: [String: String]?
    /// In such steps: the file is not written for each sign of life.
    public static let lastHeardSeconds: Int64 = 10
    /// When the whole ledger was last read again beside the work (ISO 8601, UTC); nil: not since the start, which verified it.
    public var readAgain: String?
    /// Why the broker stopped by itself.
    public var failure: String?
    /// Why one that was started since did not come up.
    public var startFailure: String?
    /// That the one before this one stopped by itself; nil: it did not, or that is long ago.
    public var failureBefore: FailureBefore?

    /// Whether this broker has ended as it was asked to; nil in a file of an older program.
    public var hasEnded: Bool?
    /// When one was started after another that ended without a word (`uptime`); nil: it did not, or that is long ago.
    public var startedAgain: Int64?

    public struct FailureBefore: Codable, Sendable, Hashable {
        /// Why, as `failure`.
        public var text: String
        /// When the next one was started (`uptime`).
        public var restarted: Int64
    }

    /// When its loop last turned (`uptime`); written at least each `Presence.beatSeconds`. Nil in a file of an older program.
    public var lastTurn: Int64?

    /// Brokers that were started on this folder while this one ran, and refused; nil: none.
    public var refusedStarts: RefusedStarts?

    public struct RefusedStarts: Codable, Sendable, Hashable {
        public var count: Int
        /// Of the last.
        public var pid: Int32
        public var lately: Lately
    }

    /// A key that asked to connect and is not enrolled.
    public struct PendingKey: Codable, Sendable, Hashable {
        /// CURVE public key, Z85.
        public var key: String
        public var count: Int
        /// When it was first heard, UTC, by the system's clock.
        public var since: String
        /// Where it came from last: an address, or empty for this machine.
        public var address: String
        /// When it was last heard (`uptime`); nil in a file of an older program.
        public var last: Int64?
    }
    /// Publishers that wait for an operator's word on their log; nil in a file of an older program.
    public var waitingLogs: [WaitingLog]?

    /// Who was cut off for taking more than its share, or sent what it may not; nil in a file of an older program.
    public var offences: [Offence]?

    /// What somebody did that the broker had to stop.
    public struct Offence: Codable, Sendable, Hashable {
        /// A publisher, with its address, or an address alone.
        public var who: String
        public var what: String
        public var count: Int
        /// When last, UTC, by the system's clock.
        public var last: String
        /// The same, as `uptime`; nil in a file of an older program.
        public var lastSeconds: Int64?
    }

    enum CodingKeys: String, CodingKey {
        case pid, started, offences, endpoints, key, synthetic, position, root, received, plugins, broken, pending,
            remote,
            traffic, dropped, strays, failure, damage, mended, remade, checkpointed
        case startFailure = "start_failure"
        case failureBefore = "failure_before"
        case hasEnded = "has_ended"
        case clockBehindSince = "clock_behind_since"
        case startedAgain = "started_again"
        case damageKept = "damage_kept"
        case mendedUnread = "mended_unread"
        case droppedLast = "dropped_last"
        case refusedStarts = "refused_starts"
        case checkpointedAt = "checkpointed_at"
        case lastHeard = "last_heard"
        case lastTurn = "last_turn"
        case readAgain = "read_again"
        case signKey = "sign_key"
        case pendingKeys = "pending_keys"
        case waitingLogs = "waiting_logs"
    }

    static func path(in data: DataFolder) -> String { data.broker + "/state.json" }

    /// Why the broker's process cannot write it, as far as one sees from outside.
    static func obstacle(in data: DataFolder, to pid: pid_t) -> String? {
        ReservedFile(path(in: data)).obstacle(to: pid)
    }

    /// The state last written; nil when there is none.
    ///
    /// - Returns: `isRunning` says whether the broker that wrote it is there now; `holder` is the process of the broker that is, which may
    ///   be another that has not written yet (`silence`).
    public static func read(_ data: DataFolder) -> (state: BrokerState, isRunning: Bool, holder: pid_t?)? {
        guard let bytes = FileManager.default.contents(atPath: path(in: data)),
            let state = try? JSONDecoder().decode(BrokerState.self, from: bytes)
        else { return nil }
        let holder = FolderLock.holder(of: data.broker)
        return (state, holder == state.pid, holder)
    }

    /// Whether there is a state and nobody can tell what it says; of a newer program it says at least that.
    static func isUnreadable(in data: DataFolder) -> Bool {
        var status = stat()
        return lstat(path(in: data), &status) == 0 && read(data) == nil
    }

    /// Where a state that says nothing any more is kept.
    static func unreadable(in data: DataFolder, at time: String) -> String {
        "\(data.broker)/\(unreadablePrefix)\(time).json"
    }

    private static let unreadablePrefix = "state-unreadable-"

    static func keptUnreadable(in data: DataFolder) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: data.broker)) ?? []
        return names.filter { $0.hasPrefix(unreadablePrefix) }.sorted().map { "\(data.broker)/\($0)" }
    }

    func write(_ data: DataFolder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try ReservedFile(Self.path(in: data)).write([UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")])
    }
}
