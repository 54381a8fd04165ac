import Broker
import Foundation
import Glibc
import Ledger
import Wire

/// How a data folder stands, as far as files and the system tell: looked at from outside, so it is there when the broker is not.
struct Health: Encodable {
    struct Publisher: Encodable {
        var publisher: String
        /// running, stale, away, waiting, quarantined, failed, stopped …; nil for one that speaks here and is no plugin (the broker).
        var state: String?
        /// Records in its own log that are not durable yet; nil when it has not said.
        var unsent: Int64?
        /// How many records of the ledger it has not stored yet; nil when it has not said.
        var lag: Int64?
        var restarts: Int
        /// Within the 10 s before this moment (ISO 8601, UTC); nil: not since the broker's start.
        var lastHeard: String?
        var traffic: Traffic
        /// Why it does not run; of one on another machine when it was last heard.
        var cause: String?
    }

    struct Ledger: Encodable {
        var position: Int64
        var root: String
        /// Position of the last signed checkpoint.
        var checkpoint: Int64
        /// When it was stored.
        var checkpointed: String?
        /// When all of it was last read again; nil: not since the start, which verified it.
        var readAgain: String?
        var damaged: Int
        var mended: Int
        /// The file and what is not yet moved into it.
        var bytes: Int64
    }

    /// Open files of the broker's process, its limit, and its memory.
    struct Process: Encodable {
        var descriptors: Int
        var maxDescriptors: Int
        var residentBytes: Int64
    }

    var synthetic: Bool
    var isRunning: Bool
    /// It runs, and what stands here is of the process before it: it starts, or cannot write down how it stands.
    var isSilent: Bool
    var pid: Int32
    /// Of the process that runs, or ran last; nil while it is silent.
    var started: String?
    var ledger: Ledger
    var publishers: [Publisher]
    var pendingKeys: Int
    var dropped: Int
    /// Messages of sessions that are no more: nothing is wrong, they come after each restart.
    var strays: Int
    /// Publishers whose log waits for an operator's word, or whose key is quarantined.
    var waitingLogs: Int
    /// Cut off since the start for taking more than a share, or for what they may not send.
    var offenders: Int
    /// Plugins that cannot be used.
    var brokenPlugins: Int
    /// Whether the broker stopped by itself.
    var hasFailed: Bool
    var diskFreeBytes: Int64
    var diskBytes: Int64
    var process: Process?
    /// What needs a person, in words; empty when nothing does.
    var marks: [String]

    /// Below this share of the disk, or below a gigabyte, it is said that space runs out.
    static let leastFreeShare = 0.05
    static let leastFreeBytes: Int64 = 1_000_000_000
    /// Above this share of its descriptors later peers are near to hanging silently.
    static let mostDescriptors = 0.8
    /// A copy of the ledger that is further behind is not merely a moment late.
    static let mostLag: Int64 = 10_000

    init(_ data: DataFolder) throws {
        guard let (state, isRunning, holder) = BrokerState.read(data) else {
            throw Failure(description: "no broker has run on \(data.path) yet. Run `pejling up`")
        }
        let isSilent = holder != nil && !isRunning
        (self.isRunning, self.isSilent) = (holder != nil, isSilent)
        (synthetic, pid, started) = (state.synthetic, holder ?? state.pid, isSilent ? nil : state.started)
        let file = data.broker + "/ledger.sqlite"
        ledger = Ledger(
            position: state.position, root: state.root, checkpoint: state.checkpointed ?? 0,
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
                state: isSilent ? "unknown" : isRunning ? plugin.condition.rawValue : "stopped",
                unsent: plugin.unsent, lag: plugin.position.map { max(0, state.position - $0) },
                restarts: plugin.restarts, lastHeard: state.lastHeard?[plugin.publisher],
                traffic: traffic[plugin.publisher] ?? Traffic(), cause: plugin.cause)
        }
        let known = Set(plugins.map(\.publisher))
        publishers += traffic.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }.map {
            Publisher(publisher: $0.key, restarts: 0, lastHeard: state.lastHeard?[$0.key], traffic: $0.value)
        }
        pendingKeys = state.pendingKeys.count
        dropped = state.dropped ?? 0
        strays = state.strays ?? 0
        waitingLogs = state.waitingLogs?.count ?? 0
        offenders = state.offences?.count ?? 0
        brokenPlugins = state.broken.count
        hasFailed = state.failure != nil
        let disk = try? FileManager.default.attributesOfFileSystem(forPath: data.path)
        diskFreeBytes = (disk?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
        diskBytes = (disk?[.systemSize] as? NSNumber)?.int64Value ?? 0
        process = isRunning ? Self.process(pid) : nil
        marks = []
        marks = findMarks(state)
    }

    private func findMarks(_ state: BrokerState) -> [String] {
        var marks: [String] = []
        if let failure = state.failure { marks.append("the broker stopped by itself: \(failure)") }
        if isSilent { marks.append(BrokerState.silence) }
        if !isRunning { marks.append("the broker does not run: nothing is received. Start it with `pejling up`") }
        for text in state.damage ?? [] {
            let kept = state.damageKept.map { "; the damaged file is kept in \($0)" } ?? ""
            marks.append(
                "the ledger is damaged: \(text). Its publisher is asked for it when it connects, and stopped until then\(kept)"
            )
        }
        if let mended = state.mended, mended > 0 {
            marks.append(
                "\(mended) damaged records of the ledger were mended from their publishers' logs or from copies: look at the disk"
            )
        }
        marks += (state.waitingLogs ?? []).map(\.text)
        marks += (state.offences ?? []).map { "\($0.who): \($0.what), \($0.count) times, last \($0.last)" }
        marks += state.broken.map { "a plugin cannot be used: \($0)" }
        for publisher in publishers {
            let (name, traffic) = (publisher.publisher, publisher.traffic)
            switch publisher.state {
            case "stale", "away", "waiting", "quarantined", "failed":
                let cause = publisher.cause.map { ": \($0.replacing("\n", with: " / "))" } ?? ""
                marks.append("\(name) is \(publisher.state ?? "")\(cause)")
            default: break
            }
            if let lag = publisher.lag, lag > Self.mostLag {
                marks.append(
                    "\(name) is \(lag) records behind the ledger: does it keep up? Nothing is lost, it reads on from there"
                )
            }
            if traffic.nacks > 0 {
                marks.append("\(name): \(traffic.nacks) batches were refused whole (the broker's log says why)")
            }
            if traffic.refused > 0 {
                marks.append(
                    "\(name): the content of \(traffic.refused) records was refused; each has a refusal in the ledger")
            }
            if let odd = traffic.oddTimes, odd > 0 {
                marks.append(
                    "\(name): \(odd) records have a time ahead of the broker's, or before the record in front: is its clock right? They count like all others"
                )
            }
            if traffic.storage > 0 {
                marks.append("\(name): \(traffic.storage) batches were turned away since the disk was full")
            }
        }
        if pendingKeys > 0 {
            marks.append("\(pendingKeys) keys asked to connect and are not enrolled: `pejling keys list`")
        }
        if dropped > 0 {
            marks.append("\(dropped) messages were dropped that are none of the protocol: the broker's log says whose")
        }
        if diskBytes > 0,
            diskFreeBytes < Self.leastFreeBytes || Double(diskFreeBytes) < Self.leastFreeShare * Double(diskBytes)
        {
            marks.append("the disk of the data folder has \(diskFreeBytes / 1_000_000) MB left: make room")
        }
        if let process, Double(process.descriptors) > Self.mostDescriptors * Double(process.maxDescriptors) {
            marks.append(
                "the broker has \(process.descriptors) of \(process.maxDescriptors) descriptors open: raise the limit (LimitNOFILE)"
            )
        }
        return marks
    }

    /// Seconds since 1970, of a time with or without milliseconds.
    private static func seconds(_ time: String) -> Int64? {
        Timestamp.date(time.prefix(19) + "Z").map { Int64($0.timeIntervalSince1970) }
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

extension Health {
    func text() -> String {
        var out: [String] = synthetic ? [exampleBanner] : []
        out.append(
            isRunning
                ? "broker: process \(pid)\(started.map { " since \($0)" } ?? "; it has not said how it stands")"
                : "broker: not running; this is how it ended")
        var held = "ledger: position \(ledger.position), root \(ledger.root.prefix(16))…, \(megabytes(ledger.bytes))"
        if ledger.checkpoint > 0 {
            held += ", checkpoint at \(ledger.checkpoint)" + (ledger.checkpointed.map { " of \($0)" } ?? "")
        }
        if let again = ledger.readAgain { held += ", read again \(again)" }
        out.append(held)
        var system = "disk: \(megabytes(diskFreeBytes)) free"
        if let process {
            system +=
                "; broker: \(megabytes(process.residentBytes)) of memory, \(process.descriptors) of \(process.maxDescriptors) descriptors"
        }
        out.append(system)
        out.append(
            textTable(
                [
                    "PUBLISHER", "STATE", "HEARD", "DURABLE", "UNSENT", "LAG", "STORED", "REFUSED", "AGAIN", "GAPS",
                    "NACKS",
                    "RESTARTS",
                ],
                publishers.map {
                    [
                        $0.publisher, $0.state ?? "-", heard($0), String($0.traffic.durable),
                        $0.unsent.map(String.init) ?? "-",
                        $0.lag.map(String.init) ?? "-", String($0.traffic.records), String($0.traffic.refused),
                        String($0.traffic.duplicates), String($0.traffic.gaps), String($0.traffic.nacks),
                        String($0.restarts),
                    ]
                }))
        out += marks.map { "! \($0)" }
        if marks.isEmpty { out.append("nothing needs attention") }
        return out.joined(separator: "\n")
    }

    /// How long ago: `now` within twice the step in which it is written down.
    private func heard(_ publisher: Publisher) -> String {
        guard let date = publisher.lastHeard.flatMap(Timestamp.date) else { return "-" }
        let seconds = Int64(max(0, Date().timeIntervalSince(date)))
        return switch seconds {
        case ...(2 * BrokerState.lastHeardSeconds): "now"
        case ..<120: "\(seconds) s ago"
        case ..<7200: "\(seconds / 60) min ago"
        case ..<172_800: "\(seconds / 3600) h ago"
        default: "\(seconds / 86400) days ago"
        }
    }

    private func megabytes(_ bytes: Int64) -> String { "\((bytes + 500_000) / 1_000_000) MB" }

    /// The same in the text format of Prometheus (version 0.0.4).
    func metrics() -> String {
        var out = ""
        func family(_ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: Int64)]) {
            guard !values.isEmpty else { return }
            out += "# HELP pejling_\(name) \(help)\n# TYPE pejling_\(name) \(type)\n"
            for value in values { out += "pejling_\(name)\(value.labels) \(value.value)\n" }
        }
        func one(_ name: String, _ help: String, _ value: Int64) { family(name, "gauge", help, [("", value)]) }
        func each(_ name: String, _ type: String, _ help: String, _ value: (Publisher) -> Int64?) {
            family(
                name, type, help,
                publishers.compactMap { item in
                    value(item).map { ("{publisher=\"\(item.publisher)\"}", $0) }
                })
        }
        one("broker_up", "1 while the broker runs.", isRunning ? 1 : 0)
        one("ledger_position", "Records in the ledger.", ledger.position)
        one("ledger_checkpoint_position", "Position of the last signed checkpoint.", ledger.checkpoint)
        if let date = ledger.checkpointed.flatMap(Self.seconds) {
            one("ledger_checkpoint_timestamp_seconds", "When the last checkpoint was stored.", date)
        }
        one("ledger_damaged_records", "Records of the ledger that are damaged.", Int64(ledger.damaged))
        one("ledger_mended_records", "Damaged records put back since the start.", Int64(ledger.mended))
        one("ledger_bytes", "Size of the ledger's files.", ledger.bytes)
        one("marks", "How many things need a person (pejling stat says them).", Int64(marks.count))
        one("broker_failed", "1 when the broker stopped by itself.", hasFailed ? 1 : 0)
        one("waiting_logs", "Logs that wait for an operator's word, and quarantined keys.", Int64(waitingLogs))
        one("offenders", "Who was cut off since the broker's start.", Int64(offenders))
        one("broken_plugins", "Plugins that cannot be used.", Int64(brokenPlugins))
        one("pending_keys", "Keys that asked to connect and are not enrolled.", Int64(pendingKeys))
        family(
            "dropped_messages_total", "counter", "Messages dropped since the broker's start.", [("", Int64(dropped))])
        family(
            "stray_messages_total", "counter", "Messages of sessions that are no more, since the broker's start.",
            [("", Int64(strays))])
        one("disk_free_bytes", "Free space where the data folder is.", diskFreeBytes)
        if let process {
            one("open_descriptors", "Descriptors the broker has open.", Int64(process.descriptors))
            one("max_descriptors", "Descriptors the broker may open.", Int64(process.maxDescriptors))
            one("resident_bytes", "Memory of the broker's process.", process.residentBytes)
        }
        each("publisher_up", "gauge", "1 while it runs and is heard.") { $0.state.map { $0 == "running" ? 1 : 0 } }
        each("last_heard_timestamp_seconds", "gauge", "When it was last heard, to 10 s.") {
            $0.lastHeard.flatMap(Self.seconds)
        }
        each("durable_seq", "counter", "Last seq of its log that is durable.") { $0.traffic.durable }
        each("unsent_records", "gauge", "Records in its log that are not durable yet.") { $0.unsent }
        each("feed_lag_records", "gauge", "Records of the ledger it has not stored yet.") { $0.lag }
        each("restarts_total", "counter", "Restarts since the broker's start.") {
            $0.state == nil ? nil : Int64($0.restarts)
        }
        each("stored_records_total", "counter", "Lines stored since the broker's start.") { $0.traffic.records }
        each("refused_records_total", "counter", "Lines whose content was refused.") { $0.traffic.refused }
        each("duplicate_batches_total", "counter", "Batches acknowledged again.") { $0.traffic.duplicates }
        each("gap_batches_total", "counter", "Batches that came before the one expected.") { $0.traffic.gaps }
        each("odd_times_records_total", "counter", "Records whose time cannot be: the publisher's clock is wrong.") {
            $0.traffic.oddTimes
        }
        each("refused_batches_total", "counter", "Batches refused whole.") { $0.traffic.nacks }
        each("storage_full_batches_total", "counter", "Batches turned away since the disk was full.") {
            $0.traffic.storage
        }
        return out
    }
}
