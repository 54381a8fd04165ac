import ArgumentParser
import Broker
import Foundation
import Ledger
import LogLines
import Logging
import PolicyModel
import Wire
import Catalogue
import Coordinator
import ZeroMQ

struct BrokerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "Runs the broker: ledger, ingest, feed, and the plugins it hosts.",
        discussion: """
            `pejling up` starts it for you. By itself, for systemd:
              pejling broker --listen tcp://127.0.0.1:7415

            Where the environment names a NOTIFY_SOCKET it says there when it is ready, and each second that its loop turns \
            (sd_notify: Type=notify, WatchdogSec=): who hears nothing may end it and start it again.

            Exit codes: 0 it was asked to end; 1 it did not start, or stopped by itself, and said why; 64 the command line is wrong.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder

    @Option(help: "Listen on this address too, for nodes on other machines (tcp://ADDRESS:PORT). May be repeated.")
    var listen: [String] = []

    @Option(
        help:
            "The node of this forvaltning (or: coordinator) runs by itself, on another machine: it is not started here. May be repeated."
    )
    var remote: [String] = []

    @OptionGroup var reading: ReadingAgain

    @Flag(help: "End when standard input ends: whoever started it is gone.")
    var lifeline = false

    @Flag(help: "Say more on standard error.")
    var verbose = false

    func run() async throws {
        let stop = try Stop(lifeline: lifeline)
        let log = Logger.ofService(Role.broker.rawValue, level: verbose ? .debug : .notice)
        try await orFail(log) {
            for address in listen where !address.hasPrefix("tcp://") {
                throw Failure(description: "--listen \(address): give tcp://ADDRESS:PORT")
            }
            let data = try folders.ownData(log)
            var (found, broken) = PluginFinder.find(in: plugins.plugins, executables: executableFolder())
            let away = try remotePublishers(remote, folders.config)
            found.append(Self.coordinator)
            found.removeAll { away.contains($0.manifest.publisher) }
            // Under `up` it is said once, by `up`.
            if !lifeline { for error in broken { log.error("\(error)") } }
            let notices = Notices()
            let options = Broker.Options(
                data: data, config: folders.config, listen: listen, installations: found,
                broken: broken, verifyInterval: .seconds(reading.verifyEvery * 3600),
                pulse: { notices?.say(Notices.alive) }, starting: { notices?.say(Notices.starting) })
            let broker = try await Broker.start(options, log: log)
            notices?.say(Notices.ready)
            if !lifeline { sayWhereToConnect(await broker.state(), log) }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await stop.wait() }
                group.addTask { await broker.waitForFailure() }
                await group.next()
                group.cancelAll()
            }
            let failure = broker.failure
            notices?.say(Notices.stopping)
            await broker.stop()
            if let failure { throw Failure(description: "the broker stopped by itself: \(failure)") }
        }
    }

    /// The coordinator is hosted like a plugin: same keys, same lifeline, same restarts.
    static let coordinator = Installation(
        manifest: Manifest(
            name: "coordinator", role: .coordinator, publisher: CoordinatorProcess.publisher,
            argv: ["pejling", "coordinator"],
            kinds: Role.coordinator.kinds.map(\.rawValue).sorted(), maxMemory: 4096),
        place: "pejling itself", executable: executableFolder() + "/pejling")
}

/// How often the broker reads its ledger again.
struct ReadingAgain: ParsableArguments {
    @Option(
        help: "Hours from one reading of the whole ledger beside the work to the next. Each start verifies it besides.")
    var verifyEvery = 24.0

    func validate() throws {
        guard verifyEvery > 0, verifyEvery <= 10_000 else {
            throw ValidationError("--verify-every \(verifyEvery): hours, more than 0 and at most 10,000")
        }
    }
}

struct CoordinatorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Runs the coordinator: follows the whole feed. The broker starts it, or a service manager does.",
        discussion: """
            Without --broker it takes its start order from standard input, as every plugin does (Docs/plugin-guide.md).
            By itself, for systemd, beside `pejling broker --remote coordinator`; on the broker's machine or another:
              pejling coordinator --broker ipc:///var/lib/pejling/broker/socket --broker-key 5f1c… --data /var/lib/pejling

            Exit codes: 0 ended as asked; 1 passing trouble, start it again; 64 the command line is wrong; 78 a person must \
            mend something.
            """)

    @OptionGroup var folders: Folders
    @Option(help: "Where the broker listens: ipc://PATH on its own machine, or tcp://HOST:PORT.") var broker: String?
    @Option(help: "The broker's CURVE public key, as `pejling keys show` prints it.") var brokerKey: String?
    @Flag(help: "For a ledger of example data.") var synthetic = false

    func validate() throws {
        guard (broker == nil) == (brokerKey == nil) else {
            throw ValidationError("--broker and --broker-key go together")
        }
        if let broker, let brokerKey { _ = try Elsewhere(broker, brokerKey) }
    }

    func run() throws {
        guard let broker, let brokerKey else { throw ExitCode(CoordinatorProcess.process().runHosted()) }
        let log = Logger.ofService(CoordinatorProcess.publisher)
        let code = try orFail(log) {
            let stop = try StopSignal()
            let elsewhere = try Elsewhere(broker, brokerKey)
            let data = try folders.madeData(synthetic: synthetic)
            let publisher = CoordinatorProcess.publisher
            try elsewhere.sayHowToEnrol(publisher, typed: publisher, folder: data.coordinator, log)
            let order = StartOrder(
                endpoint: elsewhere.endpoint, brokerKey: elsewhere.key.z85, data: data.coordinator,
                config: folders.config, incarnation: "", synthetic: data.isSynthetic, clock: data.clock.path)
            return CoordinatorProcess.process().run(order, stop: stop, lifeline: nil)
        }
        throw ExitCode(code)
    }
}

struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "What the broker knows of its plugins.", subcommands: [List.self, Retry.self],
        defaultSubcommand: List.self)

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Starts a plugin now that waits, is quarantined or has failed.",
            discussion: """
                pejling plugin retry bif

                A plugin that ended is started again by itself: after 0.5 s, doubling to a minute; after more than 5 ends in 5 minutes \
                each quarter of an hour; and not at all when it says that a person must mend something (exit code 78). When that is \
                mended, this starts it, and its count begins anew. Exit code 1: it is not there, runs already, or ended again at once.
                """)

        @OptionGroup var folders: Folders
        @Argument(help: "The plugin's name, as `pejling plugin list` shows it.") var name: String

        func run() async throws {
            try await orFail {
                let data = try folders.existingData()
                func plugin() throws -> BrokerState.Plugin {
                    guard let (state, isRunning, _) = BrokerState.read(data) else { throw BrokerState.unseen(in: data) }
                    guard isRunning else {
                        throw Failure(
                            description: "no broker runs on \(data.path): plugins are started with it (`pejling up`)")
                    }
                    guard let plugin = state.plugins.first(where: { $0.name == name }) else {
                        throw Failure(
                            description:
                                "there is no plugin “\(name)”; there are \(state.plugins.map(\.name).joined(separator: ", "))"
                        )
                    }
                    return plugin
                }
                let before = try plugin()
                guard [.waiting, .quarantined, .failed].contains(before.condition) else {
                    throw Failure(description: "\(name) is \(before.condition.rawValue): there is nothing to retry")
                }
                try await OperatorOrders(data).give(.retry(plugin: name))
                let end = ContinuousClock.now + .seconds(40)
                while ContinuousClock.now < end {
                    try await Task.sleep(for: .milliseconds(50))
                    let now = try plugin()
                    if now.condition == .running { return standardOutput("\(name) runs") }
                    if now.restarts > before.restarts, now.condition != .starting {
                        throw Failure(description: "\(name) was started and ended again: \(now.cause ?? "")")
                    }
                }
                throw Failure(
                    description: "\(name) was started and has not said hello yet: look with `pejling plugin list`")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the plugins: running or not, why not, how often restarted.",
            discussion: "Example:  pejling plugin list --format json")

        @OptionGroup var folders: Folders
        @Option(help: "table or json.") var format: Format = .table

        enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

        func run() throws {
            try orFail {
                let data = try folders.existingData()
                if let nodes = NodeHealth(data, config: folders.config) {
                    return standardOutput(try format == .json ? nodes.json() : nodes.text())
                }
                guard let (state, presence, holder) = BrokerState.look(data) else {
                    throw BrokerState.unseen(in: data)
                }
                if presence.isUnknown, let mark = presence.brokerMark { standardError(mark) }
                if format == .json {
                    let encoder = JSONEncoder()
                    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
                    standardOutput(String(decoding: try encoder.encode(state), as: UTF8.self))
                    return
                }
                if state.synthetic { standardOutput(exampleBanner) }
                let how =
                    switch presence {
                    case .heard:
                        "running as process \(state.pid) since \(state.started), ledger at position \(state.position)"
                    case .gone: "not running; this is how it ended"
                    case .starting: "process \(holder ?? 0); it has not said how it stands"
                    case .silent(let seconds): "process \(state.pid); it has said nothing for \(seconds) s"
                    }
                standardOutput("broker: \(how)")
                let rows = state.plugins.map { plugin in
                    [
                        plugin.name, plugin.publisher, plugin.condition.rawValue,
                        presence.isUnknown ? "-" : plugin.heard ? "yes" : "no",
                        plugin.unsent.map(String.init) ?? "-", String(plugin.restarts),
                        plugin.pid.map { String($0) } ?? "-",
                        (plugin.cause ?? plugin.lastEnd.map { "ended " + $0 } ?? "").replacing("\n", with: " / "),
                    ]
                }
                standardOutput(
                    textTable(["PLUGIN", "PUBLISHER", "STATE", "HEARD", "UNSENT", "RESTARTS", "PID", "CAUSE"], rows))
                let remote = state.remote ?? []
                if !remote.isEmpty {
                    standardOutput("\non other machines:")
                    standardOutput(
                        textTable(
                            ["PUBLISHER", "STATE", "HEARD", "UNSENT", "LAST HEARD"],
                            remote.map { plugin in
                                [
                                    plugin.publisher, plugin.condition.rawValue,
                                    presence.isUnknown ? "-" : plugin.heard ? "yes" : "no",
                                    plugin.unsent.map(String.init) ?? "-",
                                    plugin.cause ?? "",
                                ]
                            }))
                }
                for waiting in state.waitingLogs ?? [] { standardOutput("pending: \(waiting.text)") }
                for text in state.broken { standardOutput("not started: \(text)") }
                for (key, count) in state.pendingKeys.sorted(by: { $0.key < $1.key }) {
                    standardOutput(
                        "key \(key) asked \(count) times to connect and is not enrolled (`pejling keys list`)")
                }
            }
        }
    }
}

/// Who is not started by this broker: forvaltninger whose nodes run elsewhere, and the coordinator where it is a service of its own.
func remotePublishers(_ codes: [String], _ config: String) throws -> Set<String> {
    guard !codes.isEmpty else { return [] }
    let city = try ConfigurationFolder(config).city()
    return Set(
        try codes.map { code in
            code == CoordinatorProcess.publisher ? code : try forvaltning(code, in: city, "--remote").code
        })
}

/// Says what to hand out to nodes on other machines, where the broker listens for them.
///
/// - Parameter log: of a service: there it goes where no person watches standard error.
func sayWhereToConnect(_ state: BrokerState, _ log: Logger? = nil) {
    guard let endpoint = state.endpoints.first(where: { $0.hasPrefix("tcp:") }),
        let key = CurvePublicKey(z85: state.key)
    else { return }
    guard let log, !isWatched else { return standardError("listening on \(endpoint); " + handOut(key, endpoint)) }
    log.notice(
        "listening on \(endpoint); on a node's machine: pejling node run CODE --broker \(endpoint) --broker-key \(key.hex) (`pejling keys show` says it again)",
        metadata: .about(broker: endpoint))
}

/// Columns side by side, two spaces apart.
func textTable(_ head: [String], _ rows: [[String]]) -> String {
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    return ([head] + rows).map { row in
        var line = ""
        for (column, cell) in row.enumerated() {
            line +=
                cell + (column < row.count - 1 ? String(repeating: " ", count: widths[column] - cell.count + 2) : "")
        }
        return line.trimmingTrailingSpaces()
    }.joined(separator: "\n")
}

extension String {
    fileprivate func trimmingTrailingSpaces() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
