import Foundation
import Glibc
import Ledger
import LogLines
import Logging
import PolicyModel
import Subprocess
import Wire

/// Starts the plugins, watches them, starts them again. Each runs in a process group of its own, with a clean environment.
actor PluginHost {
    /// A plugin that has not said a word of protocol for this long is hung: it is killed and started again.
    static let silenceLimit: Duration = .seconds(5)
    /// The same of one on another machine: it is shown as stale.
    static let remoteSilenceLimit: Duration = .seconds(15)
    static let defaultStartTimeout: Duration = .seconds(30)
    /// MiB of memory and open descriptors of a plugin whose manifest says nothing of it.
    static let defaultMaxMemory = 1024
    static let defaultMaxDescriptors = 1024
    /// How often its memory and descriptors are looked at: at each fourth beat. A look reads a dozen files of /proc, and is most of what
    /// a broker at rest would do; who takes too much is to be found within 5 s.
    static let lookInterval: Duration = .milliseconds(1_900)
    /// A plugin that waits for an operator's word asks at least this often: 5 s of back-off at most, times 1.5.
    static let askingLimit: Duration = .seconds(15)

    private let installations: [Installation]
    private let order: @Sendable (Installation, String) -> StartOrder
    private let loop: BrokerLoop
    private let log: Logger
    private let logFolder: String
    /// The broker's folder: in the environment of all that is started here (`ProcessTree.brokerMark`).
    private let brokerFolder: String
    private var states: [String: BrokerState.Plugin] = [:]
    private var tasks: [Task<Void, Never>] = []
    private var stopping = false

    init(
        _ installations: [Installation], loop: BrokerLoop, logFolder: String, brokerFolder: String,
        log: Logger,
        order: @escaping @Sendable (Installation, String) -> StartOrder
    ) {
        self.installations = installations
        self.loop = loop
        self.log = log
        self.logFolder = logFolder
        self.brokerFolder = brokerFolder
        self.order = order
    }

    func start() {
        let left = ProcessTree.killMarked(ProcessTree.brokerMark, brokerFolder)
        if left > 0 { log.warning("killed \(left) processes that a broker before this one had started and not ended") }
        for installation in installations {
            let manifest = installation.manifest
            states[manifest.name] = BrokerState.Plugin(
                name: manifest.name, publisher: manifest.publisher, role: manifest.role.rawValue, condition: .starting)
            tasks.append(Task { await self.supervise(installation) })
        }
    }

    /// Ends all plugins: their lifeline closes, 2 s later they are killed. Returns when none is left.
    func stop() async {
        stopping = true
        for task in tasks { await task.value }
        for name in states.keys {
            states[name]?.condition = .stopped
            states[name]?.pid = nil
        }
    }

    /// States by name, with what the loop knows of their sessions.
    func plugins(_ snapshot: BrokerLoop.Snapshot) -> [BrokerState.Plugin] {
        states.values.map { state in
            var state = state
            if let session = snapshot.sessions[state.publisher], state.condition == .running {
                state.heard = session.state == "ready" && session.unsent == 0
                state.unsent = session.unsent
                state.cause = session.trouble
                state.position = session.stored
                state.stalledSince = session.stalledSince
                if session.silence > Self.silenceLimit { state.condition = .stale }
            }
            if let waiting = snapshot.waiting[state.publisher],
                state.condition == .starting || state.condition == .running
            {
                state.condition = .pending
                state.cause =
                    BrokerState.WaitingLog(
                        publisher: state.publisher, log: waiting.log, seq: waiting.seq,
                        isQuarantined: waiting.isQuarantined, rule: waiting.rule
                    ).text
            }
            return state
        }.sorted { $0.name < $1.name }
    }

    private func supervise(_ installation: Installation) async {
        let name = installation.manifest.name
        let clock = ContinuousClock()
        let origin = clock.now
        var policy = RestartPolicy()
        while !stopping {
            if let refusal = revocation(of: installation.manifest.publisher) {
                // It would end with that word each time.
                states[name]?.condition = .failed
                states[name]?.cause = refusal
                log.warning(
                    "\(name): not started: \(refusal)",
                    metadata: .about(publisher: installation.manifest.publisher, plugin: name))
                _ = await wait(nil, for: installation.manifest)
                policy = RestartPolicy()
                continue
            }
            let outcome = await runOnce(installation)
            let output = PluginOutput(name, path: logPath(name))
            output.note(stopping ? "ended, as the broker stops" : outcome.cause)
            if stopping { return }
            states[name]?.pid = nil
            states[name]?.heard = false
            states[name]?.cause = outcome.cause
            states[name]?.lastEnd = "\(Timestamp.seconds(Date())): \(outcome.cause)"
            states[name]?.endedAt = uptime()
            log.warning(
                "\(name): \(outcome.cause)",
                metadata: .about(publisher: installation.manifest.publisher, plugin: name))
            let decision = policy.ended(
                exitCode: outcome.exitCode, healthy: outcome.healthy, now: clock.now - origin,
                jitter: Double.random(in: 0...1))
            let wasRetried: Bool
            switch decision {
            case .never:
                states[name]?.condition = .failed
                wasRetried = await wait(nil, for: installation.manifest)
            case .after(let pause):
                states[name]?.condition = .waiting
                wasRetried = await wait(pause, for: installation.manifest)
            case .quarantine(let pause):
                states[name]?.condition = .quarantined
                wasRetried = await wait(pause, for: installation.manifest)
            }
            if stopping { return }
            if wasRetried { policy = RestartPolicy() }
            states[name]?.restarts += 1
        }
    }

    /// A pause (nil: without end) that ends early when the host stops, or when an operator says so, of the plugin or of its key: then true.
    private func wait(_ pause: Duration?, for manifest: Manifest) async -> Bool {
        let name = manifest.name
        let end = pause.map { ContinuousClock.now + $0 }
        while !stopping, end.map({ ContinuousClock.now < $0 }) ?? true {
            if loop.takeRetry(name) || loop.takeRetry(manifest.publisher) {
                log.info("\(name): tried again by an operator's word", metadata: .about(plugin: name))
                return true
            }
            // What waits long looks less often: it costs next to nothing.
            let step: Duration = pause.map { $0 < .seconds(5) } ?? false ? .milliseconds(100) : .milliseconds(500)
            try? await Task.sleep(for: end.map { min($0 - .now, step) } ?? step)
        }
        return false
    }

    private func logPath(_ name: String) -> String { "\(logFolder)/\(name).log" }

    private struct Outcome: Sendable {
        var exitCode: Int32?
        var healthy: Duration?
        var cause: String
    }

    /// One life of a plugin, from start to end.
    private func runOnce(_ installation: Installation) async -> Outcome {
        let manifest = installation.manifest
        var generator = SystemRandomNumberGenerator()
        let incarnation = hexText((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
        states[manifest.name]?.condition = .starting
        // What was said of its key while it ran is heeded by running.
        _ = loop.takeRetry(manifest.publisher)
        let output = PluginOutput(manifest.name, path: logPath(manifest.name))
        output.note("started as incarnation \(incarnation)")
        let line: [UInt8]
        do {
            line = try encodeBody(order(installation, incarnation)) + [UInt8(ascii: "\n")]
        } catch {
            return Outcome(exitCode: ExitCode.configuration, cause: "\(error)")
        }
        do {
            let life = Life()
            // Before it can say hello: measured against the life before, it would be told to end for good.
            loop.post(.expect(publisher: manifest.publisher, incarnation: incarnation, kinds: manifest.kinds))
            let status = try await Self.live(
                installation, line, incarnation, brokerFolder, life, output, host: self)
            let healthy = life.hello.map { ContinuousClock.now - $0 }
            output.ended()
            let tail = output.lastErrors
            if let cause = life.verdict { return Outcome(exitCode: nil, healthy: healthy, cause: cause + tail) }
            switch status {
            case .exited(let code):
                let text =
                    code == ExitCode.configuration ? "it must be mended by a person" : "it ended with exit code \(code)"
                return Outcome(exitCode: code, healthy: healthy, cause: text + tail)
            case .signaled(let signal):
                return Outcome(exitCode: nil, healthy: healthy, cause: "it was ended by signal \(signal)" + tail)
            }
        } catch {
            return Outcome(
                exitCode: ExitCode.configuration, cause: "\(installation.executable) cannot be started: \(error)")
        }
    }

    /// Runs the process to its end. Outside the actor: it only reports to it.
    private nonisolated static func live(
        _ installation: Installation, _ line: [UInt8], _ incarnation: String, _ brokerFolder: String, _ life: Life,
        _ output: PluginOutput, host: PluginHost
    ) async throws -> TerminationStatus {
        let manifest = installation.manifest
        var options = PlatformOptions()
        options.processGroupID = 0
        let environment: [Environment.Key: String] = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LANG": "C.UTF-8",
            .init(stringLiteral: ProcessTree.lifeMark): incarnation,
            .init(stringLiteral: ProcessTree.brokerMark): brokerFolder,
        ]
        let result = try await run(
            .path(.init(installation.executable)), arguments: Arguments(Array(manifest.argv.dropFirst())),
            environment: .custom(environment), platformOptions: options, input: .inputWriter, output: .sequence,
            error: .sequence
        ) { execution in
            let pid = execution.processIdentifier.value
            // The group, and what has left it: nothing that it started outlives it.
            let end: @Sendable () -> Void = {
                try? execution.send(signal: .kill, toProcessGroup: true)
                ProcessTree.killMarked(ProcessTree.lifeMark, incarnation)
            }
            await host.note(manifest.name, pid: pid)
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Its first line announces its keys; everything after is log.
                    do {
                        var isAnnounced = false
                        for try await buffer in execution.standardOutput where life.verdict == nil {
                            let lines = output.lines(Array(buffer: buffer), from: .output)
                            if !isAnnounced, let first = lines.first {
                                isAnnounced = true
                                if let cause = await host.firstLine(first, manifest, incarnation) {
                                    life.condemn(cause)
                                    end()
                                }
                            }
                            if !life.mayPrint(buffer.count, lines: lines.count) {
                                life.condemn(OutputBudget.cause)
                                end()
                            }
                        }
                    } catch {
                        // The pipe broke: the process is going, and its end says why.
                    }
                    life.streamEnded()
                }
                group.addTask {
                    do {
                        for try await buffer in execution.standardError where life.verdict == nil {
                            let lines = output.lines(Array(buffer: buffer), from: .error)
                            if !life.mayPrint(buffer.count, lines: lines.count) {
                                life.condemn(OutputBudget.cause)
                                end()
                            }
                        }
                    } catch {
                        // As above.
                    }
                    life.streamEnded()
                }
                group.addTask {
                    _ = try? await execution.standardInputWriter.write(line)
                    if let cause = await host.watch(manifest, incarnation, life, pid) {
                        life.condemn(cause)
                        return end()
                    }
                    // Asked to stop, or it ended by itself: close the lifeline, and after 2 s be firm.
                    try? await execution.standardInputWriter.finish()
                    if await !life.ended.wait(.seconds(2)) { end() }
                }
                await group.waitForAll()
            }
            // Its output is at its end, so it is ending; it has 2 s for it, and may not go on unseen.
            if await !hasExited(pid, within: .seconds(2)) {
                life.condemn("it closed its output and did not end")
            }
            end()
        }
        return result.terminationStatus
    }

    /// Whether the process has exited, waiting up to `bound`. It is left to be reaped by whoever started it.
    private nonisolated static func hasExited(_ pid: pid_t, within bound: Duration) async -> Bool {
        let deadline = ContinuousClock.now + bound
        while true {
            var info = siginfo_t()
            // No signal number with success: it still runs. An error: it was reaped already.
            if waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_signo != 0 { return true }
            if ContinuousClock.now >= deadline { return false }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// What of this machine it takes beyond its share, in words; nil when nothing.
    private nonisolated static func excess(_ manifest: Manifest, _ pid: pid_t) -> String? {
        let memory = manifest.maxMemory ?? defaultMaxMemory
        let resident = ProcessTree.residentBytes(ProcessTree.family(of: pid)) >> 20
        if resident > memory {
            return "it has \(resident) MiB of memory, and may have \(memory) (max_memory_mib of its plugin.json)"
        }
        let most = manifest.maxDescriptors ?? defaultMaxDescriptors
        let open = ProcessTree.descriptors(pid)
        if open > most {
            return "it has \(open) descriptors open, and may have \(most) (max_descriptors of its plugin.json)"
        }
        return nil
    }

    private func note(_ name: String, pid: pid_t) { states[name]?.pid = pid }

    /// That the key of a publisher is revoked, in words; nil: it is not.
    private func revocation(of publisher: String) -> String? {
        guard let revocation = loop.snapshot.keys[publisher]?.revoked else { return nil }
        let reason = revocation.reason.map { " (\(withoutControls($0, most: 200)))" } ?? ""
        return
            "the key of \(publisher) was revoked\(reason): `pejling keys enrol` admits one again, or start without it (--remote \(publisher))"
    }

    /// Handles the first line of standard output; a cause to kill it when that is not the announcement of its keys.
    private func firstLine(_ text: String, _ manifest: Manifest, _ incarnation: String) -> String? {
        guard let announcement = try? JSONDecoder().decode(KeyAnnouncement.self, from: Data(text.utf8)) else {
            return
                "its first line on standard output is no key announcement (“\(withoutControls(String(text.prefix(120))))”); Docs/plugin-guide.md, “Start”"
        }
        guard announcement.publisher == manifest.publisher else {
            return
                "it announces keys of \(withoutControls(announcement.publisher, most: 40)), its manifest says \(manifest.publisher)"
        }
        let enrolment = Enrolment(
            publisher: manifest.publisher, role: manifest.role, curveKey: announcement.curveKey,
            signKey: announcement.signKey, admittedBy: "up")
        if let known = loop.snapshot.keys[manifest.publisher] {
            // Starting a plugin is not an operator's word: what was taken back stays so.
            if let refusal = revocation(of: manifest.publisher) { return refusal }
            guard known.curveKey == enrolment.curveKey, known.signKey == enrolment.signKey else {
                return
                    "its keys are not the ones enrolled for \(manifest.publisher): were they replaced? Restore the key files of its data folder from a backup. Or does its node run on another machine? Then start with --remote \(manifest.publisher)"
            }
        }
        let others = loop.snapshot.keys.values.first {
            $0.publisher != manifest.publisher && $0.revoked == nil
                && ($0.curveKey == enrolment.curveKey || $0.signKey == enrolment.signKey)
        }
        if let others {
            return
                "its keys are those of \(others.publisher): was that data folder copied? Each publisher has its own: move this one's folder away, and it makes them"
        }
        loop.post(.enrol(enrolment))
        return nil
    }

    /// Waits until the process must be killed (returns why), has ended, or is to be stopped (nil).
    private func watch(_ manifest: Manifest, _ incarnation: String, _ life: Life, _ pid: pid_t) async -> String? {
        let ended = life.ended
        var started = ContinuousClock.now
        var (looked, heard) = (started, started)
        let patience = manifest.startTimeout.map { Duration.milliseconds(Int($0 * 1000)) } ?? Self.defaultStartTimeout
        while !stopping, !ended.isSet {
            let session = loop.snapshot.sessions[manifest.publisher]
            if let session, session.incarnation == incarnation {
                heard = .now
                if states[manifest.name]?.condition == .starting {
                    states[manifest.name]?.condition = .running
                    states[manifest.name]?.cause = nil
                    life.greeted()
                }
                if session.silence > Self.silenceLimit {
                    return "no sign of life for \(session.silence.components.seconds) s: it hangs"
                }
            } else if let waiting = loop.snapshot.waiting[manifest.publisher], waiting.incarnation == incarnation,
                waiting.silence < Self.askingLimit
            {
                // It says hello again and again, until an operator has spoken on its log.
                (started, heard) = (.now, .now)
            } else if states[manifest.name]?.condition == .starting, ContinuousClock.now - started > patience {
                return "no hello within \(manifest.startTimeout.map { "\($0)" } ?? "30") s"
            } else if states[manifest.name]?.condition == .running, ContinuousClock.now - heard > patience {
                return "no hello for \(patience.components.seconds) s after it was connected: it hangs"
            }
            // What it started may hold its output open; that ends with it.
            if await Self.hasExited(pid, within: .zero) { return nil }
            if ContinuousClock.now - looked >= Self.lookInterval {
                looked = .now
                if let cause = Self.excess(manifest, pid) { return cause }
            }
            // Quick while something is expected soon; then twice a second.
            if states[manifest.name]?.condition == .starting, ContinuousClock.now - started < .seconds(2) {
                _ = await ended.wait(.milliseconds(20), step: .milliseconds(20))
            } else {
                await Beat.halfSecond.next()
            }
        }
        return nil
    }
}

extension Array where Element == UInt8 {
    fileprivate init(buffer: SubprocessOutputSequence.Buffer) {
        self = buffer.withUnsafeBytes { Array($0) }
    }
}
