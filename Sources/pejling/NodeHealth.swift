import Broker
import Catalogue
import Foundation
import Glibc
import Ledger
import PluginKit
import PolicyModel

/// What `stat`, `doctor` and `plugin list` say of a data folder.
protocol Standing: Encodable {
    /// Whether something is marked.
    var needsPerson: Bool { get }
    func text() -> String
    func metrics() -> String
}

extension Standing {
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension Health: Standing {
    var needsPerson: Bool { !marks.isEmpty }
}

/// How it stands on a machine without a broker: the nodes that run here by themselves, or the coordinator, as their folders tell.
struct NodeHealth: Standing {
    struct Publisher: Encodable {
        enum State: String, Encodable {
            case running, starting, silent, stopped
            /// Its disk is full or fails: it tries again within a minute.
            case waiting
        }
        var publisher: String
        var state: State
        /// Of the process that runs.
        var pid: Int32?
        /// For how many seconds its loop has not turned, as far as it says; nil while it does not run.
        var silentSeconds: Int64?
        /// For how many seconds it has had its folder and not said how it stands; nil: it has, or does not run.
        var startingSeconds: Int64?
        /// Why it cannot say so, as far as that is seen.
        var obstacle: String?
        /// connecting, connected, held, lost, unanswered, refused; nil while it does not run, or does not say.
        var connection: String?
        /// Where the broker is, as it was told last.
        var endpoint: String?
        /// Why the broker turns its records away, or does not hear it, while it does: the broker's words.
        var turnedAway: String?
        /// How long ago the broker was last heard; nil: not since its start.
        var heardSecondsAgo: Int64?
        /// The log's own id; the seq of its last record, and the last that the broker has. Nil, as the next, where it cannot be read.
        var log: String?
        var seq: Int64?
        var durable: Int64?
        /// What waits for the broker, and how much may (`max_unsent_mib`); nil where the configuration cannot be read.
        var unsent: Int64?
        var unsentBytes: Int64?
        var maxUnsentBytes: Int64?
        /// Records whose content the broker refused, since ever.
        var deadLetters: Int64?
        /// Those of them that nobody has looked at.
        var newDeadLetters: Int64?
        /// Why the log cannot be read.
        var logFault: String?
        /// What of its records does not hold.
        var logDamage: String?
        /// Why it waits, ended last, or cannot keep what comes; nil when it was asked to end, and when all is well.
        var cause: String?
    }

    var synthetic: Bool
    var publishers: [Publisher]
    var diskFreeBytes: Int64
    var diskBytes: Int64
    var marks: [String]
    var needsPerson: Bool { !marks.isEmpty }

    /// From this share of `max_unsent_mib` on it is said that room runs out.
    private static let mostFilled = 0.8
    /// A start that says nothing for longer, in seconds, needs a person; the coordinator's reads all that it follows.
    private static let longestStart: Int64 = 300

    /// Nil where a broker has its ledger or has said how it stands here, or nobody has a log.
    init?(_ data: DataFolder, config: String, now: Int64 = uptime()) {
        let files = FileManager.default
        guard !["ledger.sqlite", "state.json"].contains(where: { files.fileExists(atPath: "\(data.broker)/\($0)") })
        else { return nil }
        let nodes = (try? files.contentsOfDirectory(atPath: data.path + "/nodes")) ?? []
        let folders = (nodes.sorted().map { data.plugin($0, isNode: true) } + [data.coordinator]).filter {
            files.fileExists(atPath: $0 + "/log.sqlite")
        }
        guard !folders.isEmpty else { return nil }
        let city = try? ConfigurationFolder(config).city()
        let most = city.map { Int64($0.maxUnsentMiB ?? City.defaultMaxUnsentMiB) << 20 }
        synthetic = data.isSynthetic
        publishers = folders.map { folder in
            let key = (folder as NSString).lastPathComponent
            return Self.publisher(folder, city?.forvaltning(key)?.code ?? key, maxUnsentBytes: most, now: now)
        }
        let disk = Disk(of: data.path)
        (diskFreeBytes, diskBytes) = (disk.free, disk.size)
        marks = publishers.flatMap(Self.marks) + (disk.mark.map { [$0] } ?? [])
    }

    private static func publisher(_ folder: String, _ name: String, maxUnsentBytes: Int64?, now: Int64) -> Publisher {
        let held = FolderLock.held(folder)
        let holder = held?.process
        let said = LinkState.read(folder)
        let presence = Presence(holder: holder, writer: said?.pid, lastTurn: said?.lastTurn, now: now)
        var publisher = Publisher(
            publisher: name, state: .stopped, endpoint: said?.endpoint, maxUnsentBytes: maxUnsentBytes,
            cause: said?.cause)
        do {
            let log = try LogStanding(folder: folder)
            (publisher.publisher, publisher.log) = (log.publisher, log.log)
            (publisher.seq, publisher.durable) = (log.seq, log.durable)
            (publisher.unsent, publisher.unsentBytes) = (log.unsent, log.unsentBytes)
            (publisher.deadLetters, publisher.newDeadLetters) = (log.deadLetters, log.newDeadLetters)
            publisher.logDamage = try LogStanding.fault(folder: folder)
        } catch { publisher.logFault = "\(error)" }
        if presence != .gone { publisher.pid = holder }
        switch presence {
        case .gone:
            // One that waits for its disk has let go of its folder.
            guard let said, said.connection == .waiting, said.lastTurn <= now, kill(said.pid, 0) == 0 || errno == EPERM
            else { break }
            (publisher.state, publisher.pid) = (.waiting, said.pid)
        case .starting:
            publisher.state = .starting
            publisher.startingSeconds = held?.since.map { max(0, now - $0) }
        case .silent: publisher.state = .silent
        case .heard: publisher.state = .running
        }
        if presence.isUnknown, let holder { publisher.obstacle = LinkState.obstacle(in: folder, to: holder) }
        if publisher.state == .running || publisher.state == .silent, let said {
            publisher.silentSeconds = now - said.lastTurn
            publisher.connection = said.connection.rawValue
            publisher.turnedAway = said.turnedAway
            publisher.heardSecondsAgo = said.heard.map { max(0, now - $0) }
        }
        return publisher
    }

    private static func marks(_ it: Publisher) -> [String] {
        var marks: [String] = []
        let (name, place) = (it.publisher, it.endpoint ?? "the broker")
        let waiting =
            switch it.unsent {
            case nil: "its log cannot be read"
            case 0: "nothing waits in its log"
            case let count?: "\(count) records wait in its log"
            }
        let cause = it.cause.map { " (it ended: \($0.replacing("\n", with: " / ")))" } ?? ""
        let obstacle = it.obstacle.map { ": \($0)" } ?? ""
        switch it.state {
        case .stopped:
            let start = name == Role.coordinator.rawValue ? "pejling coordinator" : "pejling node run"
            marks.append(
                "\(name) does not run here: \(waiting). Start its service, or `\(start) …`\(cause)")
        case .waiting: marks.append("\(name) waits, and tries again within a minute: \(it.cause ?? "")")
        case .silent:
            marks.append(
                "\(name) has said nothing for \(it.silentSeconds ?? 0) s: it hangs, or cannot write its state.json\(obstacle). Is the disk well? Kill process \(it.pid ?? 0) (kill -9): its service starts it again. Nothing that was saved is lost"
            )
        case .starting:
            guard let seconds = it.startingSeconds, seconds > longestStart else { break }
            let wayOut =
                it.obstacle == nil
                ? "The journal of its service says more. One that hangs: kill process \(it.pid ?? 0) (kill -9), its service starts it again"
                : "Mend that, and it says so by itself"
            marks.append(
                "\(name) has run for \(seconds / 60) min and has not said how it stands: it hangs at its start, or cannot write its state.json\(obstacle). \(wayOut). Nothing that was saved is lost"
            )
        case .running: break
        }
        if let damage = it.logDamage { marks.append(damage) }
        if let fault = it.logFault, it.state != .waiting { marks.append("the log of \(name) cannot be read: \(fault)") }
        if let mark = refusedMark(name, it.newDeadLetters ?? 0) { marks.append(mark) }
        guard it.state == .running else { return marks }
        if let full = it.cause {
            marks.append("\(name) cannot keep what comes from \(place), and goes on by itself when it can: \(full)")
        }
        let since = it.heardSecondsAgo.map { "for \($0) s" } ?? "since its start"
        let why = (it.turnedAway ?? "").replacing("\n", with: " / ")
        switch it.connection {
        case LinkState.Connection.connected.rawValue where it.turnedAway != nil:
            marks.append(
                "\(place) turns the records of \(name) away: \(why). \(waiting), and goes out by itself when they are taken"
            )
        case LinkState.Connection.held.rawValue:
            marks.append("\(place) does not hear \(name) before a word of its operator: \(why). \(waiting)")
        case LinkState.Connection.refused.rawValue:
            marks.append(
                "\(place) refuses the key of \(name): ask its operator (`pejling keys list` there). \(waiting)")
        case LinkState.Connection.unanswered.rawValue:
            marks.append(
                "\(place) has never answered \(name) since its start: is it reachable from here, is that its key, and is this one's enrolled there? \(waiting)"
            )
        case LinkState.Connection.lost.rawValue:
            marks.append(
                "\(name) has no word from \(place) \(since): \(waiting), until it answers again. Is it reachable from here?"
            )
        default: break
        }
        if let most = it.maxUnsentBytes, let bytes = it.unsentBytes, Double(bytes) > mostFilled * Double(most) {
            marks.append(
                "the log of \(name) holds \(mebibytes(bytes)) MiB that the broker does not have, and at most \(most >> 20) MiB may wait: then nothing new is taken. Let it reach the broker, or raise max_unsent_mib"
            )
        }
        return marks
    }
}

/// While there are dead letters that nobody has looked at.
private func refusedMark(_ name: String, _ count: Int64) -> String? {
    count == 0
        ? nil
        : "\(count) records of \(name) were refused for their content, and nobody has looked at them: `pejling refused` says which, and why. They count nowhere: say them anew, corrected"
}

extension Folders {
    /// How the data folder stands: with a broker, or as a node's own machine.
    func standing(_ data: DataFolder) throws -> any Standing {
        if let nodes = NodeHealth(data, config: config) { return nodes }
        return try health(data)
    }

    /// How the folder of a broker stands, and the logs in it.
    func health(_ data: DataFolder) throws -> Health {
        var health = try Health(data)
        // The broker says it for an hour; whose log is here has it until somebody looks.
        for folder in data.logFolders {
            do {
                let log = try LogStanding(folder: folder)
                if let mark = refusedMark(log.publisher, log.newDeadLetters) {
                    health.marks.append(Mark(.deadLetters, mark))
                }
                if let fault = try LogStanding.fault(folder: folder) { health.marks.append(Mark(.log, fault)) }
            } catch let error as StoreError where error.code == .damaged {
                health.marks.append(Mark(.log, "a log cannot be read: \(error)"))
            } catch is StoreError {
                // Locked for a moment, or another user's.
            }
        }
        return health
    }
}

extension DataFolder {
    /// The folders of publishers that have a log here: nodes, policies, the coordinator.
    var logFolders: [String] {
        let groups = ["nodes", "policies"].flatMap { group in
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(group)")) ?? []).sorted().map {
                "\(path)/\(group)/\($0)"
            }
        }
        return (groups + [coordinator]).filter { FileManager.default.fileExists(atPath: $0 + "/log.sqlite") }
    }
}
