import Foundation
import Glibc
import Ledger
import Synchronization
import Testing
import TortureKit
import Wire
import ZeroMQ

@testable import Broker

/// Every way in which a plugin goes wrong, all at once under one broker that is a process of its own.
@Suite("The plugin table", .serialized)
struct PluginTableTorture {
    struct Row: Sendable {
        let name: String
        let text: String
        /// What must stand in the cause.
        let cause: String
        var end = End.quarantined
        var startTimeout: Double?
        var maxMemory: Int?
        var maxDescriptors: Int?

        enum End: Sendable {
            case quarantined, failed
            /// Says hello, then is stopped or spins: ended within 5 s of its last word, and quarantined like any other (which takes
            /// six lives of 5 s each: not in the quick amount).
            case hangs(stopped: Bool)
        }
    }

    static let rows = [
        Row(name: "exit-0", text: "exit 0", cause: "exit code 0"),
        Row(name: "exit-1", text: #"echo "$first"; exit 1"#, cause: "exit code 1"),
        Row(name: "exit-78", text: "echo 'mend me' >&2; exit 78", cause: "mended by a person: mend me", end: .failed),
        Row(name: "sigsegv", text: #"echo "$first"; kill -SEGV $$"#, cause: "signal 11"),
        Row(name: "no-hello", text: #"echo "$first"; sleep 1000"#, cause: "no hello within 0.5 s", startTimeout: 0.5),
        Row(name: "mute-busy", text: "while :; do :; done", cause: "no hello within 0.5 s", startTimeout: 0.5),
        // One in its group, one that left it, one that left its parent too; all hold its output open.
        Row(
            name: "children",
            text: "sleep 1000 & setsid sleep 1001 & (setsid sh -c 'sleep 1002 & sleep 1003' &) ; exit 3",
            cause: "exit code 3"),
        Row(
            name: "stdout-1gb", text: #"echo "$first"; yes spam | head -c 1073741824; sleep 1000"#,
            cause: "floods its output"),
        Row(name: "stderr-1gb", text: "head -c 1073741824 /dev/zero >&2; sleep 1000", cause: "floods its output"),
        Row(
            name: "memory", text: "head -c 200000000 /dev/zero | tail -c 150000000 | sleep 1000",
            cause: "may have 64 (max_memory_mib", maxMemory: 64),
        Row(
            name: "descriptors",
            text: "exec bash -c 'for i in $(seq 100); do exec {fd}</dev/null; done; while :; do sleep 1; done'",
            cause: "may have 64 (max_descriptors", maxDescriptors: 64),
        Row(
            name: "sigstop", text: Self.greets.replacing("while :; do :; done", with: "exec sleep 1000"),
            cause: "no sign of life for 5 s: it hangs", end: .hangs(stopped: true)),
        Row(name: "busy", text: Self.greets, cause: "no sign of life for 5 s: it hangs", end: .hangs(stopped: false)),
    ]

    /// Announces its keys, leaves its start order for whoever says hello with them, and spins.
    static let greets =
        #"echo "$first"; read -r order; echo "$order" > "$0.tmp"; mv "$0.tmp" "$0.order"; while :; do :; done"#

    /// All rows under one broker, until each has come to its end; then what is left of them is counted.
    @Test(
        "each is found, killed with all it started, said why, and quarantined; a good one beside them is not disturbed")
    func table() async throws {
        let begun = ContinuousClock.now
        let rig = try BrokerRig()
        var keys: [String: CurveKeyPair] = [:]
        let good = Row(name: "good", text: Self.greets.replacing("while :; do :; done", with: "cat"), cause: "")
        for row in Self.rows + [good] {
            let pair = try CurveKeyPair.generate()
            keys[row.name] = pair
            let installation = try rig.script(
                row.name, "echo $$ >> \"$0.pids\"\n" + row.text, publisher: row.name, keys: pair,
                startTimeout: row.startTimeout, maxMemory: row.maxMemory, maxDescriptors: row.maxDescriptors)
            let folder = rig.folder.path + "/plugins/" + row.name
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try encodeManifest(installation.manifest).write(to: URL(fileURLWithPath: folder + "/plugin.json"))
        }
        let broker = try BrokerProcess(rig)
        defer { broker.kill() }
        try #require(await eventually { broker.plugin("good") != nil }, "the broker did not start")
        let state = try #require(BrokerState.read(rig.data)?.state)

        let isOver = Mutex(false)
        let goodKeys = try #require(keys["good"])
        async let talk: Duration = Self.talk(
            rig, "good", goodKeys, state, until: { isOver.withLock { $0 } })
        let isLong = Torture.amount != .quick
        async let hanging = Self.hangEach(rig, keys, state, broker, times: isLong ? 6 : 1)
        for row in Self.rows {
            let settled = await eventually(60) {
                let plugin = broker.plugin(row.name)
                return switch row.end {
                case .quarantined: plugin?.condition == .quarantined
                case .failed: plugin?.condition == .failed
                case .hangs: plugin?.cause != nil || (plugin?.restarts ?? 0) > 0
                }
            }
            let plugin = try #require(broker.plugin(row.name))
            #expect(
                settled, "\(row.name) is \(plugin.condition) after \(plugin.restarts) restarts: \(plugin.cause ?? "")")
            if case .hangs = row.end { continue }
            #expect(plugin.cause?.contains(row.cause) == true, "\(row.name): \(plugin.cause ?? "no cause")")
            #expect(plugin.restarts == (row.name == "exit-78" ? 0 : 5), "\(row.name): \(plugin.restarts) restarts")
            #expect(plugin.pid == nil)
        }
        // What it costs to keep them in quarantine, and to watch the others; at length, beside two that go on hanging.
        let (before, start) = (broker.cpu, ContinuousClock.now)
        try await Task.sleep(for: .seconds(isLong ? 30 : 3))
        let share = (broker.cpu - before) / (ContinuousClock.now - start)
        var slowestFound: [String: Duration] = [:]
        for (name, took) in try await hanging { slowestFound[name] = max(took, slowestFound[name] ?? .zero) }
        for (name, took) in slowestFound { #expect(took < .seconds(6.5), "\(name) was found after \(took)") }
        for row in Self.rows where isLong {
            guard case .hangs = row.end else { continue }
            #expect(await eventually { broker.plugin(row.name)?.condition == .quarantined }, "\(row.name)")
            #expect(broker.plugin(row.name)?.restarts == 5 && broker.plugin(row.name)?.cause == row.cause)
        }
        #if DEBUG
            let mostShare = 0.03
        #else
            let mostShare = 0.01
        #endif
        #expect(share < mostShare, "the broker takes \(share * 100) % of a core")
        // The list says it, and so do the marks.
        let list = try broker.pejling("plugin", "list")
        for row in Self.rows where !row.cause.isEmpty {
            if case .hangs = row.end, !isLong { continue }
            let line = list.split(separator: "\n").first { $0.hasPrefix(row.name + " ") }
            #expect(line?.contains(row.cause) == true, "\(row.name): \(line ?? list[...])")
        }
        let stat = try broker.pejling("stat")
        for row in Self.rows {
            let word: String
            switch row.end {
            case .quarantined: word = "quarantined"
            case .failed: word = "failed"
            case .hangs where isLong: word = "quarantined"
            case .hangs: continue
            }
            #expect(stat.contains("! \(row.name) is \(word): "), "\(row.name) has no mark in\n\(stat)")
        }
        let goodPlugin = try #require(broker.plugin("good"))
        #expect(goodPlugin.condition == .running && goodPlugin.restarts == 0, "\(goodPlugin)")
        #expect(broker.zombies.isEmpty, "zombies: \(broker.zombies)")
        #expect(broker.peakMebibytes < 256, "the broker had \(broker.peakMebibytes) MiB")
        let logs = try FileManager.default.contentsOfDirectory(atPath: rig.data.broker + "/log")
        for name in logs {
            let size = try FileManager.default.attributesOfItem(atPath: "\(rig.data.broker)/log/\(name)")[.size]
            #expect((size as? Int ?? 0) <= PluginOutput.largestFile + 65536, "\(name)")
        }
        isOver.withLock { $0 = true }
        let slowest = try await talk
        #expect(slowest < .seconds(1), "the good one waited \(slowest) for an answer")
        // Hung ones that are not quarantined yet are started anew and hang again: they end with the broker, as all does.
        let peak = broker.peakMebibytes
        let figures = slowestFound.map { "\($0) \(Self.seconds($1))" }.sorted().joined(separator: ", ")
        #expect(try broker.stop() == 0)
        #expect(await eventually(5) { Self.left(rig).isEmpty }, "left: \(Self.left(rig))")
        Torture.report(
            "plugin table: \(Self.rows.count) ways to go wrong at once",
            "all found (\(figures)), killed, quarantined, said why; broker \(Self.percent(share)) % CPU, "
                + "\(peak) MiB at most, 0 zombies, 0 processes left; good one's slowest answer \(Self.seconds(slowest))",
            since: begun)
    }

    @Test(
        "descriptors do not leak over many lives; a broker that is killed leaves no plugin, and the next starts them once"
    )
    func killedBroker() async throws {
        let begun = ContinuousClock.now
        let rig = try BrokerRig()
        // Ignores its lifeline and has left its group; only the next broker can end it.
        let deaf =
            "setsid sh -c 'trap \"\" HUP TERM; while :; do sleep 1; done' & echo \"$first\"; while :; do sleep 1; done"
        for (name, text) in [("deaf", deaf), ("loop", "exit 1"), ("lifeline", "echo \"$first\"; cat > /dev/null")] {
            let installation = try rig.script(name, "echo $$ >> \"$0.pids\"\n" + text, publisher: name)
            let folder = rig.folder.path + "/plugins/" + name
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try encodeManifest(installation.manifest).write(to: URL(fileURLWithPath: folder + "/plugin.json"))
        }
        var broker = try BrokerProcess(rig)
        defer { broker.kill() }
        func pids(_ name: String) -> [pid_t] {
            ((try? String(contentsOfFile: "\(rig.folder.path)/\(name).pids", encoding: .utf8)) ?? "").split(
                separator: "\n"
            )
            .compactMap { pid_t($0) }
        }
        try #require(await eventually { pids("loop").count >= 2 && broker.plugin("deaf")?.pid != nil })
        let first = broker.descriptors
        try #require(await eventually { pids("loop").count >= 4 })
        try #require(await eventually(5) { broker.descriptors <= first }, "\(first), then \(broker.descriptors)")
        let before = Self.left(rig)
        #expect(before.count >= 4)
        broker.kill()
        let killed = ContinuousClock.now
        try #require(await eventually(2) { !PluginHostTests.isThere(pids("lifeline")[0]) }, "it saw its lifeline end")
        broker = try BrokerProcess(rig)
        try #require(await eventually(10) { pids("deaf").count == 2 && pids("lifeline").count == 2 })
        let back = ContinuousClock.now - killed
        #expect(back < .seconds(10))
        #expect(await eventually(5) { Self.left(rig).filter(before.contains).isEmpty }, "of the life before")
        #expect(try broker.stop() == 0)
        #expect(await eventually(5) { Self.left(rig).isEmpty })
        Torture.report(
            "broker killed with plugins that ignore it",
            "all back after \(Self.seconds(back)), none of the life before left",
            since: begun)
    }

    // MARK: Parts

    private func encodeManifest(_ manifest: Manifest) throws -> Data { try JSONEncoder().encode(manifest) }

    static func seconds(_ duration: Duration) -> String { String(format: "%.2f s", duration / .seconds(1)) }
    static func percent(_ share: Double) -> String { String(format: "%.2f", share * 100) }

    /// What still runs of what the brokers of this rig have started, zombies left out.
    static func left(_ rig: BrokerRig) -> [pid_t] {
        let mark = Array("\(ProcessTree.brokerMark)=\(rig.data.broker)".utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { pid in
            FileManager.default.contents(atPath: "/proc/\(pid)/environ")?.split(separator: 0).contains {
                $0.elementsEqual(mark)
            } ?? false
        }
    }

    /// Says hello for a row's process, with its keys and its incarnation.
    static func greet(_ rig: BrokerRig, _ name: String, _ keys: CurveKeyPair, _ state: BrokerState) throws -> TinyClient
    {
        let path = "\(rig.folder.path)/\(name).order"
        let end = ContinuousClock.now + .seconds(40)
        while !FileManager.default.fileExists(atPath: path), ContinuousClock.now < end { poll(nil, 0, 10) }
        let order = try JSONDecoder().decode(StartOrder.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        // Its next life writes one of its own.
        try FileManager.default.removeItem(atPath: path)
        let client = try TinyClient(try #require(state.endpoints.first), keys: keys, server: state.key)
        var hello = Header(.hello)
        (hello.versions, hello.publisher, hello.log) = ([1, 1], name, String(repeating: "a", count: 32))
        (hello.seq, hello.hash, hello.incarnation) = (0, .zero, order.incarnation)
        try client.send(hello)
        _ = try client.expect(.welcome)
        return client
    }

    /// Asks over and over, as a plugin does that is well; the slowest answer.
    static func talk(
        _ rig: BrokerRig, _ name: String, _ keys: CurveKeyPair, _ state: BrokerState,
        until isOver: @escaping @Sendable () -> Bool
    ) async throws -> Duration {
        try await onThread {
            let client = try greet(rig, name, keys, state)
            var slowest = Duration.zero
            while !isOver() {
                let asked = ContinuousClock.now
                try client.send(Header(.ping))
                _ = try client.expect(.pong)
                slowest = max(slowest, ContinuousClock.now - asked)
                poll(nil, 0, 250)
            }
            return slowest
        }
    }

    /// Lets each row that hangs do so, one life after the other; which took how long to be found.
    static func hangEach(
        _ rig: BrokerRig, _ keys: [String: CurveKeyPair], _ state: BrokerState, _ broker: BrokerProcess, times: Int = 1
    ) async throws -> [(String, Duration)] {
        try await withThrowingTaskGroup(of: [(String, Duration)].self) { group in
            for row in rows {
                guard case .hangs(let stopped) = row.end, let pair = keys[row.name] else { continue }
                group.addTask {
                    var found: [(String, Duration)] = []
                    for _ in 0..<times {
                        found.append((row.name, try await hang(rig, row, pair, state, broker, stopped: stopped)))
                    }
                    return found
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Says hello, hangs, and waits until the host has ended the process; how long that took since the last word.
    static func hang(
        _ rig: BrokerRig, _ row: Row, _ keys: CurveKeyPair, _ state: BrokerState, _ broker: BrokerProcess, stopped: Bool
    ) async throws -> Duration {
        // Kept open: that the connection stands must not pass for life.
        let client = Mutex<ContinuousClock.Instant?>(nil)
        let isOver = Mutex(false)
        async let connection: Void = onThread {
            let tiny = try greet(rig, row.name, keys, state)
            client.withLock { $0 = .now }
            while !isOver.withLock({ $0 }) { poll(nil, 0, 20) }
            _ = tiny.socket
        }
        try #require(await eventually(40) { client.withLock { $0 } != nil }, "\(row.name) did not come up")
        // The state file may still name the process before.
        let pids = try String(contentsOfFile: "\(rig.folder.path)/\(row.name).pids", encoding: .utf8)
        let pid = try #require(pids.split(separator: "\n").last.flatMap { pid_t($0) })
        if stopped { kill(pid, SIGSTOP) }
        let since = try #require(client.withLock { $0 })
        let ended = await eventually(15) { !PluginHostTests.isThere(pid) }
        let took = ContinuousClock.now - since
        #expect(ended, "\(row.name) still runs")
        #expect(
            await eventually(5) { broker.plugin(row.name)?.cause == row.cause },
            "\(broker.plugin(row.name)?.cause ?? "")")
        isOver.withLock { $0 = true }
        try await connection
        return took
    }
}

/// `pejling broker` on a rig's folder, seen from outside.
final class BrokerProcess: Sendable {
    private let process: Process
    private let data: DataFolder
    private static let executables: String? = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return [(own as NSString).deletingLastPathComponent, repository + "/.build/debug"].first {
            FileManager.default.isExecutableFile(atPath: $0 + "/pejling")
        }
    }()
    private let pejling: String
    private let lifeline = Pipe()

    init(_ rig: BrokerRig, _ arguments: [String] = []) throws {
        data = rig.data
        pejling =
            try #require(Self.executables, "the executables are not built: swift build --build-tests") + "/pejling"
        process = Process()
        process.executableURL = URL(fileURLWithPath: pejling)
        process.arguments =
            [
                "broker", "--lifeline", "--data", rig.data.path, "--config", repository + "/Config", "--plugins",
                rig.folder.path + "/plugins", "--remote", "coordinator",
            ] + arguments
        // It ends with this process, however that ends.
        process.standardInput = lifeline
        process.standardError = FileHandle(forWritingAtPath: "/dev/null")
        try process.run()
    }

    var pid: pid_t { process.processIdentifier }

    /// How the plugin stands, as the state file says.
    func plugin(_ name: String) -> BrokerState.Plugin? {
        guard let (state, isRunning, _) = BrokerState.read(data), isRunning, state.pid == pid else { return nil }
        return state.plugins.first { $0.name == name }
    }

    /// Time on a core so far.
    var cpu: Duration {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 13, let user = Int(fields[11]), let system = Int(fields[12]) else { return .zero }
        return .seconds(Double(user + system) / Double(sysconf(CInt(_SC_CLK_TCK))))
    }

    var descriptors: Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count) ?? 0 }

    /// The most memory it ever had resident.
    var peakMebibytes: Int { number("VmHWM:") / 1024 }
    var mebibytes: Int { number("VmRSS:") / 1024 }

    private func number(_ name: String) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }

    /// Its children that have ended and were not reaped.
    var zombies: [pid_t] {
        ProcessTree.family(of: pid).filter { child in
            let text = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ""
            return text.split(separator: ")").last?.hasPrefix(" Z") ?? false
        }
    }

    /// What `pejling` prints, on this folder.
    func pejling(_ arguments: String...) throws -> String {
        let command = Process()
        let output = Pipe()
        command.executableURL = URL(fileURLWithPath: pejling)
        command.arguments = arguments + ["--data", data.path]
        command.standardOutput = output
        try command.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        command.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Asks it to end; its exit code.
    func stop() throws -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    func kill() {
        guard process.isRunning else { return }
        Glibc.kill(pid, SIGKILL)
        process.waitUntilExit()
    }
}
