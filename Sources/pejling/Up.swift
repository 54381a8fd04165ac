import ArgumentParser
import Broker
import Catalogue
import Coordinator
import Foundation
import Ledger
import LogLines
import PolicyModel
import Subprocess
import Synchronization
import ZeroMQ

/// What `up` says: whether anybody reads it or not, what it watches must go on.
private let errors = LogOutput.ofStandardError { "pejling: \($0) lines were dropped here: nobody read standard error" }

private func say(_ text: String) { errors.write(text + "\n") }

struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Starts everything on this machine, writes the report, and goes on until Ctrl-C.",
        discussion: """
            Broker, a node for each forvaltning, the policy plugins and the coordinator. It alone makes the data folder and \
            keys, and says so.

              pejling up                 goes on until Ctrl-C
              pejling up --once          ends when the report is written; exit code 3 when somebody was not heard in 30 s

            A broker that ends, or gives no sign of life for a minute (--hung-after; five at its start), is started again.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @Option(help: "Where reports are written.") var out = "reports"
    @Option(help: "Listen on this address too (tcp://ADDRESS:PORT). May be repeated.") var listen: [String] = []
    @Option(help: "The node of this forvaltning runs on another machine: it is not started here. May be repeated.")
    var remote: [String] = []
    @OptionGroup var reading: ReadingAgain
    @Flag(help: "End when the report is written.") var once = false
    @Flag(help: "On a ledger of example data, made so.") var synthetic = false
    @Option(help: "With --synthetic: sets the clock of the example data first (2019-01-02, or a time in UTC).")
    var clock: String?
    @Option(help: "Language of the report: da or en.") var lang: Lang = .da
    @Option(help: "Seconds to wait until all are heard.") var patience = 30.0
    @Option(help: "Seconds without a sign of life after which a broker that hangs is ended and started again.")
    var hungAfter = 60.0
    @Flag(help: "Say more on standard error.") var verbose = false

    func validate() throws {
        guard hungAfter >= 3, hungAfter <= 86_400 else {
            throw ValidationError("--hung-after \(hungAfter): seconds, at least 3: it gives a sign of life each second")
        }
        if let clock, !synthetic {
            throw ValidationError(
                "--clock \(clock) is for example data: real data goes by the system's clock. Add --synthetic")
        }
        if remote.contains(CoordinatorProcess.publisher) {
            throw ValidationError("`up` writes reports with its own coordinator: `pejling broker` goes without one")
        }
    }

    func run() async throws {
        // `up | head` is about what one reads, not about what runs.
        surviveFailedWrites()
        let stop = try Stop()
        try await orFail {
            let started = ContinuousClock.now
            // What is wrong there is said before anything starts.
            _ = try ConfigurationFolder(folders.config).city()
            let isNew = !FileManager.default.fileExists(atPath: folders.data + "/pejling.json")
            let data = try folders.madeData(synthetic: synthetic)
            if isNew {
                say(
                    "made \(data.path): the ledger, the nodes' logs and their keys lie there (keep it; it is not in git)"
                )
            }
            _ = try remotePublishers(remote, folders.config)
            if let holder = FolderLock.holder(of: data.broker) {
                Broker.noteRefusedStart(on: data)
                throw Failure(
                    description:
                        "a broker runs on \(data.path) already (process \(holder)). Stop it first, or name another --data folder"
                )
            }
            try OutputFolder.open(out, synthetic: data.isSynthetic)
            if let clock { try data.setClock(to: parsedTime(clock, "--clock")) }
            let (_, broken) = PluginFinder.find(in: plugins.plugins, executables: executableFolder())
            for error in broken { say("pejling: \(error)") }
            let supervisor = Supervisor(arguments: brokerArguments(data), hungAfter: .seconds(hungAfter))
            let supervising = Task { await supervisor.run() }
            let waiting = Waiting(data: data, supervisor: supervisor, patience: .seconds(patience))
            let outcome = await withTaskGroup(of: Waiting.Outcome?.self) { group in
                group.addTask { await waiting.untilAllHeard() }
                group.addTask {
                    await stop.wait()
                    return nil
                }
                let first = await group.next() ?? nil
                group.cancelAll()
                return first
            }
            var problem: (any Error)?
            var complete = false
            if let outcome {
                complete = outcome.missing.isEmpty && broken.isEmpty
                do { try await write(data, outcome, started) } catch { problem = error }
                if !once {
                    // A disk that is full, a coordinator that must be mended: the others need not end for it.
                    if let text = problem.map({ "\($0)" }) {
                        say("pejling: \(text). All else goes on; `pejling report all` writes them later")
                        problem = nil
                    }
                    if let state = BrokerState.read(data)?.state { sayWhereToConnect(state) }
                    say("running; Ctrl-C ends it")
                    await stop.wait()
                }
            }
            if !once || outcome == nil { say("stopping …") }
            await supervisor.stop()
            await supervising.value
            if let problem { throw problem }
            if let text = await supervisor.fatal { throw Failure(description: text) }
            if once, outcome != nil, !complete { throw ExitCode(3) }
        }
    }

    private func brokerArguments(_ data: DataFolder) -> [String] {
        ["broker", "--lifeline", "--config", folders.config, "--data", data.path, "--plugins", plugins.plugins]
            + ["--verify-every", String(reading.verifyEvery)]
            + listen.flatMap { ["--listen", $0] } + remote.flatMap { ["--remote", $0] } + (verbose ? ["--verbose"] : [])
    }

    private func write(
        _ data: DataFolder, _ outcome: Waiting.Outcome, _ started: ContinuousClock.Instant
    ) async throws {
        for (name, cause) in outcome.missing {
            let what = outcome.behind != nil && name == CoordinatorProcess.publisher ? "behind" : "not heard"
            say("\(what): \(name)\(cause.map { ": \($0)" } ?? "")")
        }
        // On a full disk the broker cannot even write down what ails its plugins: so it is looked up here.
        if !outcome.missing.isEmpty, let free = freeBytes(data.path), free < 512 * 1024 {
            say(
                "no space left on the disk of \(data.path) (\(free / 1024) KiB free): nothing was acknowledged that is not stored. Free some\(once ? ", and start again" : ": it goes on by itself")"
            )
        }
        if let behind = outcome.behind {
            throw Failure(
                description:
                    "no report: the coordinator has \(behind.has) of the ledger's \(behind.of) records, and its copy is what reports are made from",
                code: 3)
        }
        guard !outcome.missing.contains(where: { $0.name == CoordinatorProcess.publisher }),
            FileManager.default.fileExists(atPath: data.coordinator + "/replica.sqlite")
        else {
            throw Failure(
                description: "no report: the coordinator was not heard, and it is what reports are made from", code: 3)
        }
        try await StartReport.run(config: folders.config, data: data, out: out, lang: lang)
        let took = ContinuousClock.now - started
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        try writeOutput("ready after \(decimal(seconds)) s\n")
    }

    private func decimal(_ seconds: Double) -> String { String(format: "%.2f", seconds) }
}

/// Bytes that are free on the disk of `path`; nil when the system does not say.
private func freeBytes(_ path: String) -> UInt64? {
    var info = statvfs()
    guard statvfs(path, &info) == 0 else { return nil }
    return UInt64(info.f_bavail) * UInt64(info.f_frsize)
}

/// Keeps the broker's process alive: starts it again when it dies, ends it when it hangs, and at the end by closing its lifeline.
actor Supervisor {
    private let arguments: [String]
    private let hungAfter: Duration
    private var stopping = false
    private let lifeline = Lifeline()
    /// Why it gave up; nil while it does not.
    private(set) var fatal: String?

    init(arguments: [String], hungAfter: Duration = .seconds(60)) {
        self.arguments = arguments
        self.hungAfter = hungAfter
    }

    private final class Lifeline: Sendable {
        private let state = Mutex<(isCut: Bool, wake: (@Sendable () -> Void)?)>((false, nil))

        func end() {
            let wake = state.withLock { state in
                state.isCut = true
                return state.wake
            }
            wake?()
        }

        /// Calls `wake` when it ends, or now when it has ended already; takes the place of what was to be called before.
        func onEnd(_ wake: @escaping @Sendable () -> Void) {
            let isCut = state.withLock { state in
                state.wake = wake
                return state.isCut
            }
            if isCut { wake() }
        }
    }

    /// Returns when the broker has ended for good.
    func run() async {
        var pause = Duration.milliseconds(500)
        while !stopping {
            let begun = ContinuousClock.now
            let ending = await Self.once(arguments, lifeline, hungAfter)
            if stopping { return }
            let lived = ContinuousClock.now - begun
            if case .refused(let text) = ending {
                // It never came up, said why on standard error, and would say it again.
                fatal = text
                return
            }
            say(
                "pejling: the broker ended (\(ending)); starting it again in \(pause.components.seconds > 0 ? "\(pause.components.seconds) s" : "0.5 s")"
            )
            let end = ContinuousClock.now + pause
            while !stopping, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(50)) }
            pause = lived > .seconds(60) ? .milliseconds(500) : min(pause * 2, .seconds(30))
        }
    }

    func stop() {
        stopping = true
        lifeline.end()
    }

    private enum Ending: CustomStringConvertible {
        case refused(String), died(String)
        var description: String {
            switch self {
            case .refused(let text), .died(let text): text
            }
        }
    }

    private nonisolated static func once(
        _ arguments: [String], _ lifeline: Lifeline, _ hungAfter: Duration
    ) async -> Ending {
        var options = PlatformOptions()
        // A group of its own: Ctrl-C in the terminal reaches `up` only, which then stops all in order.
        options.processGroupID = 0
        do {
            let board = try NoticeBoard()
            let cameUp = Mutex(false)
            let result = try await Subprocess.run(
                .path(.init(executableFolder() + "/pejling")), arguments: Arguments(arguments),
                environment: .inherit.updating([.init(stringLiteral: Notices.variable): board.place]),
                platformOptions: options,
                input: .inputWriter, output: .discarded, error: .currentStandardError
            ) { execution in
                // Woken by either, and by nothing else.
                let (over, continuation) = AsyncStream<Void>.makeStream()
                lifeline.onEnd { continuation.finish() }
                let pid = execution.processIdentifier.value
                _ = SocketThread {
                    waitForEnd(pid)
                    continuation.finish()
                }
                _ = SocketThread {
                    let silence = hangs(pid, board, after: hungAfter) { cameUp.withLock { $0 = true } }
                    guard let silence else { return }
                    try? execution.send(signal: .kill)
                    say(
                        "pejling: the broker (process \(pid)) has said nothing for \(silence.components.seconds) s: it hangs, and is killed"
                    )
                }
                for await _ in over {}
                try? await execution.standardInputWriter.finish()
                let end = ContinuousClock.now + stopBound
                while !hasEnded(pid), ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(20)) }
                guard !hasEnded(pid) else { return }
                say(
                    "pejling: the broker (process \(pid)) has not ended \(stopBound.components.seconds) s after it was asked to: it is killed (nothing acknowledged is lost)"
                )
                try? execution.send(signal: .kill)
            }
            switch result.terminationStatus {
            case .exited(let code):
                return code == 0 || cameUp.withLock(\.self)
                    ? .died("exit code \(code)") : .refused("the broker ended with exit code \(code)")
            case .signaled(let signal): return .died("signal \(signal)")
            }
        } catch {
            return .refused("the broker cannot be started: \(error)")
        }
    }
}

/// How long a broker has to end in order, its plugins first.
private let stopBound = Duration.seconds(15)

/// Hears a child until it has ended (nil), or has been silent for too long: for how long.
///
/// - Parameter atWork: called when it says that it is at work, each time.
private func hangs(_ pid: pid_t, _ board: NoticeBoard, after bound: Duration, atWork: () -> Void) -> Duration? {
    var watch = HangWatch(bound: bound)
    var before = ContinuousClock.now
    while !hasEnded(pid) {
        let word = board.hear(pid, milliseconds: 1000)
        let now = ContinuousClock.now
        if let word {
            if word == .atWork { atWork() }
            watch.heard(isStarting: word == .starting)
        } else if watch.waited(now - before) {
            return watch.patience
        }
        before = now
    }
    return nil
}

private func hasEnded(_ pid: pid_t) -> Bool {
    var info = siginfo_t()
    // Nothing is filled in while it runs.
    return waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT | WNOHANG) != 0 || info.si_signo != 0
}

/// Blocks until a child has ended. It is left to be reaped by whoever started it.
private func waitForEnd(_ pid: pid_t) {
    var info = siginfo_t()
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
}

/// Waits until every plugin is heard and the coordinator has all of the ledger.
struct Waiting {
    struct Outcome: Sendable {
        /// Who was not heard, and why if that is known.
        var missing: [(name: String, cause: String?)]
        /// How many records the coordinator has of how many, where it is heard and has not all of them.
        var behind: (has: Int64, of: Int64)?
    }
    let data: DataFolder
    let supervisor: Supervisor
    let patience: Duration

    func untilAllHeard() async -> Outcome? {
        let end = ContinuousClock.now + patience
        var shown = ""
        while !Task.isCancelled {
            if await supervisor.fatal != nil { return nil }
            let current = BrokerState.read(data).flatMap { $0.isRunning ? $0.state : nil }
            let missing = current.map(missing) ?? [("the broker", nil)]
            if missing.isEmpty { return Outcome(missing: []) }
            let hopeless =
                current.map { state in
                    state.plugins.allSatisfy { $0.heard || $0.condition.needsPerson }
                        && state.plugins.contains(where: \.condition.needsPerson)
                } ?? false
            if ContinuousClock.now > end || (hopeless && missing.allSatisfy { $0.cause != nil }) {
                return Outcome(missing: missing, behind: current.flatMap(behind))
            }
            let line = "waiting for \(missing.map(\.name).joined(separator: ", "))"
            if isWatched, line != shown {
                say(line)
                shown = line
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    private func missing(_ state: BrokerState) -> [(name: String, cause: String?)] {
        var missing = state.plugins.filter { !$0.heard }.map { ($0.publisher, $0.cause) }
        if behind(state) != nil, let coordinator = coordinator(state) {
            missing.append((coordinator.publisher, coordinator.cause))
        }
        if state.plugins.isEmpty { missing.append(("any plugin", nil)) }
        return missing
    }

    private func coordinator(_ state: BrokerState) -> BrokerState.Plugin? {
        state.plugins.first { $0.publisher == CoordinatorProcess.publisher }
    }

    private func behind(_ state: BrokerState) -> (has: Int64, of: Int64)? {
        guard let coordinator = coordinator(state), coordinator.heard, coordinator.position ?? 0 < state.position else {
            return nil
        }
        return (coordinator.position ?? 0, state.position)
    }
}
