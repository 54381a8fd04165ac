import Foundation
import Glibc
import Ledger
import Wire

/// How a data folder stands, as far as files and the system tell: looked at from outside, so it is there when the broker is not.
public struct Health: Encodable, Sendable {
    public struct Publisher: Encodable, Sendable {
        public var publisher: String
        /// running, stale, away, waiting, quarantined, failed, stopped …; nil for one that speaks here and is no plugin (the broker).
        public var state: String?
        /// Records in its own log that are not durable yet; nil when it has not said.
        public var unsent: Int64?
        /// How many records of the ledger it has not stored yet; nil when it has not said.
        public var lag: Int64?
        /// For how many seconds it has stored none of them; nil while it comes on.
        public var stalledSeconds: Int64?
        public var restarts: Int
        /// Within the 10 s before this moment (ISO 8601, UTC); nil: not since the broker's start.
        public var lastHeard: String?
        public var traffic: Traffic
        /// Why it does not run; of one on another machine when it was last heard.
        public var cause: String?
    }

    public struct Ledger: Encodable, Sendable {
        public var position: Int64
        public var root: String
        /// When the last record was received (ISO 8601, UTC); nil: there is none.
        public var received: String?
        /// Position of the last signed checkpoint.
        public var checkpoint: Int64
        /// When it was stored.
        public var checkpointed: String?
        /// When all of it was last read again; nil: not since the start, which verified it.
        public var readAgain: String?
        public var damaged: Int
        public var mended: Int
        /// The file and what is not yet moved into it.
        public var bytes: Int64
    }

    /// Open files of the broker's process, its limit, and its memory.
    public struct Process: Encodable, Sendable {
        public var descriptors: Int
        public var maxDescriptors: Int
        public var residentBytes: Int64
    }

    public var synthetic: Bool
    public var isRunning: Bool
    /// It runs, and does not say how it stands: it starts, hangs, or cannot write it down. What stands here is what was said before.
    public var isSilent: Bool
    /// For how many seconds its loop has not turned, as far as it says; nil while it does not run, or starts.
    public var silentSeconds: Int64?
    public var pid: Int32
    /// Of the process that runs, or ran last; nil while it is silent.
    public var started: String?
    public var ledger: Ledger
    public var publishers: [Publisher]
    public var pendingKeys: Int
    public var dropped: Int
    /// Brokers that were started on this folder since this one was, and refused.
    public var refusedStarts: Int
    /// Messages of sessions that are no more: nothing is wrong, they come after each restart.
    public var strays: Int
    /// Publishers whose log waits for an operator's word, or whose key is quarantined.
    public var waitingLogs: Int
    /// Cut off since the start for taking more than a share, or for what they may not send.
    public var offenders: Int
    /// Plugins that cannot be used.
    public var brokenPlugins: Int
    /// Whether the broker stopped by itself.
    public var hasFailed: Bool
    public var diskFreeBytes: Int64
    public var diskBytes: Int64
    public var process: Process?
    /// What needs a person; empty when nothing does.
    public var marks: [Mark]
    /// What was amiss within the last hour and mended itself; nobody has to do anything.
    public var notes: [String]

    /// Above this share of its descriptors later peers are near to hanging silently.
    static let mostDescriptors = 0.8
    /// A copy of the ledger that is further behind is not merely a moment late.
    static let mostLag: Int64 = 10_000
    /// A consumer that has stored nothing for so many seconds, though there is more, stands still. A filter may pass over many records.
    public static let patience: Int64 = 120
    /// By so many seconds the clock may be behind the ledger's last record without a mark.
    static let clockTolerance: Double = 60
    /// For so many seconds it is said of what is over that it was: whoever is turned away comes again within one.
    public static let recent: Int64 = 3600

    /// - Parameters:
    ///   - now: as `uptime`.
    ///   - patience: how long a consumer may store nothing.
    /// - Throws: `BrokerError` where no broker has run.
    public init(_ data: DataFolder, now: Int64 = uptime(), patience: Int64 = Self.patience) throws {
        guard let (state, presence, holder) = BrokerState.look(data, now: now) else {
            throw BrokerState.unseen(in: data)
        }
        (isRunning, isSilent) = (presence != .gone, presence.isUnknown)
        if presence != .gone, presence != .starting { silentSeconds = state.lastTurn.map { now - $0 } }
        (synthetic, pid, started) = (
            state.synthetic, holder ?? state.pid, presence == .starting ? nil : state.started
        )
        let file = data.broker + "/ledger.sqlite"
        ledger = Ledger(
            position: state.position, root: state.root, received: state.received, checkpoint: state.checkpointed ?? 0,
            checkpointed: state.checkpointedAt, readAgain: state.readAgain,
            damaged: state.damage?.count ?? 0, mended: state.mended ?? 0,
            bytes: ["", "-wal"].reduce(0) { sum, end in
                let size = (try? FileManager.default.attributesOfItem(atPath: file + end))?[.size] as? NSNumber
                return sum + (size?.int64Value ?? 0)
            })
        let traffic = state.traffic ?? [:]
        let plugins = state.plugins + (state.remote ?? [])
        publishers = plugins.map { plugin in
            Publisher(
                publisher: plugin.publisher,
                state: plugin.condition.rawValue,
                unsent: plugin.unsent, lag: plugin.position.map { max(0, state.position - $0) },
                stalledSeconds: plugin.stalledSince.map { max(0, now - $0) },
                restarts: plugin.restarts, lastHeard: state.lastHeard?[plugin.publisher],
                traffic: traffic[plugin.publisher] ?? Traffic(), cause: plugin.cause)
        }
        let known = Set(plugins.map(\.publisher))
        publishers += traffic.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }.map {
            Publisher(publisher: $0.key, restarts: 0, lastHeard: state.lastHeard?[$0.key], traffic: $0.value)
        }
        pendingKeys = state.pendingKeys.count
        dropped = state.dropped ?? 0
        refusedStarts = state.refusedStarts?.count ?? 0
        strays = state.strays ?? 0
        waitingLogs = state.waitingLogs?.count ?? 0
        offenders = state.offences?.count ?? 0
        brokenPlugins = state.broken.count
        hasFailed = state.failure != nil || state.startFailure != nil
        let disk = Disk(of: data.path)
        (diskFreeBytes, diskBytes) = (disk.free, disk.size)
        process = isRunning ? Self.process(pid) : nil
        (marks, notes) = ([], [])
        let seen = presence.isUnknown ? holder.flatMap { BrokerState.obstacle(in: data, to: $0) } : nil
        (marks, notes) = findMarks(state, presence, obstacle: seen, now: now, patience: patience)
        // As long as the file lies there.
        if let lost = LostEnd.kept(in: data) { marks.append(Mark(.lostEnd, lost.text(in: data))) }
        marks += BrokerState.keptUnreadable(in: data).map {
            Mark(
                .damage,
                "\($0) could not be read at a start: whether the ledger is all that the broker had said of it could not be checked. Hold its last position against the coordinator's, look at the disk, and then delete that file"
            )
        }
    }

    private static func process(_ pid: Int32) -> Process? {
        guard let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd"),
            let limits = try? String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8),
            let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        else { return nil }
        func number(_ text: String, _ line: String) -> Int {
            let line = text.split(separator: "\n").first { $0.hasPrefix(line) } ?? ""
            return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
        }
        return Process(
            descriptors: open.count, maxDescriptors: number(limits, "Max open files"),
            residentBytes: Int64(number(status, "VmRSS:")) * 1024)
    }
}

/// Room on the disk of a data folder, in bytes.
public struct Disk: Sendable {
    public var free: Int64
    public var size: Int64

    /// Below this share of the disk, or below a gigabyte, it is said that space runs out.
    private static let leastFreeShare = 0.05
    private static let leastFreeBytes: Int64 = 1_000_000_000

    public init(of path: String) {
        let disk = try? FileManager.default.attributesOfFileSystem(forPath: path)
        self.init(
            free: (disk?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0,
            size: (disk?[.systemSize] as? NSNumber)?.int64Value ?? 0)
    }

    init(free: Int64, size: Int64) {
        self.free = free
        self.size = size
    }

    /// Nil while there is room, or nothing is known.
    public var mark: String? {
        guard size > 0, free < Self.leastFreeBytes || Double(free) < Self.leastFreeShare * Double(size) else {
            return nil
        }
        return "the disk of the data folder has \(free / 1_000_000) MB left: make room"
    }
}
