import Foundation
import Glibc
import LogLines
import Testing
import PolicyModel
import Synchronization
import Wire
import ZeroMQ

@testable import Broker
@testable import Ledger

@Suite("The plugin host, with plugins made of shell scripts")
struct PluginHostTests {
    /// Whether a process is there (a zombie counts as there).
    static func isThere(_ pid: pid_t) -> Bool { kill(pid, 0) == 0 }

    /// The one plugin of `broker`.
    static func plugin(_ broker: Broker) async throws -> BrokerState.Plugin {
        try #require(await broker.state().plugins.first)
    }

    /// Waits until the plugin has ended once; how it stands then.
    static func firstEnd(_ broker: Broker) async throws -> BrokerState.Plugin {
        try #require(await eventually { try await plugin(broker).cause != nil })
        return try await plugin(broker)
    }

    @Test(
        "a plugin that says nothing is killed, with all it started, when its time is over",
        arguments: [
            "sleep 1000", "sleep 1000 & sleep 1000", "trap '' TERM; while :; do sleep 1000; done",
            "exec >&-; sleep 1000", "exec 2>&-; sleep 1000",
            "echo \"$first\"; exec sleep 1000",
        ])
    func silent(text: String) async throws {
        let rig = try BrokerRig()
        let installation = try rig.script("mute", "echo $$ > '\(rig.folder.path)/pid'; \(text)", startTimeout: 0.5)
        try await rig.run([installation]) { broker in
            let ended = try await Self.firstEnd(broker)
            #expect(ended.cause?.hasPrefix("no hello within 0.5 s") == true, "\(ended.cause ?? "")")
            #expect(ended.heard == false)
            let text = try String(contentsOfFile: rig.folder.path + "/pid", encoding: .utf8)
            let pid = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(await eventually { Self.group(pid).isEmpty })
        }
    }

    @Test(
        "a plugin that takes more than its manifest says is killed, and the cause is said",
        arguments: [
            ("head -c 200000000 /dev/zero | tail -c 150000000 | sleep 1000", "may have 64 (max_memory_mib"),
            (
                "for n in 3 4 5 6 7 8 9; do eval \"exec $n</dev/null\"; done; exec sleep 1000",
                "may have 8 (max_descriptors"
            ),
        ])
    func excess(text: String, cause: String) async throws {
        let rig = try BrokerRig()
        let plugin = try rig.script("greedy", text, maxMemory: 64, maxDescriptors: 8)
        try await rig.run([plugin]) { broker in
            let ended = try await Self.firstEnd(broker)
            #expect(ended.cause?.contains(cause) == true, "\(ended.cause ?? "")")
        }
    }

    @Test("a plugin that closes its output and goes on is ended, and the cause is said")
    func closedOutput() async throws {
        let rig = try BrokerRig()
        try await rig.run([try rig.script("closed", "exec >&- 2>&-; sleep 1000")]) { broker in
            let ended = try await Self.firstEnd(broker)
            #expect(ended.cause == "it closed its output and did not end")
        }
    }

    @Test("what a person must mend is not started again by itself, and is at an operator's word; its count begins anew")
    func retried() async throws {
        let rig = try BrokerRig()
        let runs = rig.folder.path + "/runs"
        try await rig.run([try rig.script("odd", "echo run >> '\(runs)'; exit 78")]) { broker in
            func started() -> Int {
                ((try? String(contentsOfFile: runs, encoding: .utf8)) ?? "").split(separator: "\n").count
            }
            let ended = try await Self.firstEnd(broker)
            #expect(ended.condition == .failed && started() == 1)
            try await OperatorOrders(rig.data).give(.retry(plugin: "odd"))
            try #require(await eventually { started() == 2 })
            try #require(await eventually { try await Self.plugin(broker).condition == .failed })
            #expect(try await Self.plugin(broker).restarts == 1)
            // Each word holds once.
            try await OperatorOrders(rig.data).give(.retry(plugin: "odd"))
            try #require(
                await eventually {
                    let plugin = try await Self.plugin(broker)
                    return plugin.restarts == 2 && plugin.condition == .failed
                })
            #expect(started() == 3)
        }
    }

    /// The processes of a group, read from /proc.
    static func group(_ group: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { getpgid($0) == group }
    }

    @Test(
        "a plugin whose first line is no announcement, or another's, is killed and the line shown",
        arguments: [
            (
                "echo hello there; sleep 1000",
                "its first line on standard output is no key announcement (“hello there”)"
            ),
            ("echo; sleep 1000", "no key announcement (“”)"),
            ("echo '{\"v\":1}'; sleep 1000", "no key announcement"),
            ("echo \"$first\" | sed s/BIF/BUF/; sleep 1000", "it announces keys of BUF, its manifest says BIF"),
            ("head -c 300000 /dev/zero | tr '\\0' x; echo; sleep 1000", "no key announcement (“xxxx"),
        ])
    func nonsense(text: String, cause: String) async throws {
        let rig = try BrokerRig()
        try await rig.run([try rig.script("odd", text)]) { broker in
            let ended = try await Self.firstEnd(broker)
            #expect(ended.cause?.contains(cause) == true, "\(ended.cause ?? "")")
            #expect(ended.cause?.utf8.count ?? 0 < 1000)
        }
    }

    @Test(
        "what a plugin printed last stands behind the cause, also without a line break, and does nothing to a terminal")
    func lastWords() async throws {
        let rig = try BrokerRig()
        let own = LogLine(
            time: "2026-11-26T17:00:00.123Z", level: .error, process: "node", message: "one\u{1B}[31m\nok two\u{9B}2J")
        try Data("\(own.text)\n".utf8).write(to: URL(fileURLWithPath: rig.folder.path + "/own"))
        let text = #"cat '\#(rig.folder.path)/own' >&2; printf 'raw \033]0;title\007\nlast words' >&2; exit 78"#
        try await rig.run([try rig.script("loud", text)]) { broker in
            try #require(await eventually { try await Self.plugin(broker).condition == .failed })
            #expect(
                try await Self.plugin(broker).cause
                    == "it must be mended by a person: one [31m ok two 2J\nraw  ]0;title\nlast words")
        }
        let log = try String(contentsOfFile: rig.data.broker + "/log/loud.log", encoding: .utf8)
        let lines = log.split(separator: "\n").compactMap { LogLine(parsing: $0) }
        #expect(lines.filter { $0.process == "plugin" }.map(\.message) == ["raw \u{1B}]0;title\u{7}", "last words"])
        #expect(lines.contains(own))
    }

    @Test("what a plugin announces is shown without what it could do to a terminal")
    func announced() async throws {
        let rig = try BrokerRig()
        for (text, cause) in [
            (#"printf '\033[2Jhello\n'"#, "no key announcement (“ [2Jhello”)"),
            (#"echo "$first" | sed 's/BIF/B\\u001b[2J/'"#, "it announces keys of B [2J, its manifest says BIF"),
        ] {
            try await rig.run([try rig.script("odd", text + "; sleep 1000")]) { broker in
                let ended = try await Self.firstEnd(broker)
                #expect(ended.cause?.contains(cause) == true, "\(ended.cause ?? "")")
            }
        }
    }

    @Test("exit code 78 is not restarted, and its last words are shown")
    func configuration() async throws {
        let rig = try BrokerRig()
        let mark = rig.folder.path + "/starts"
        let text = "echo x >> '\(mark)'; echo 'Config/a.yaml:3: no such owner' >&2; exit 78"
        try await rig.run([try rig.script("broken", text)]) { broker in
            try #require(await eventually { try await Self.plugin(broker).condition == .failed })
            let plugin = try await Self.plugin(broker)
            #expect(plugin.cause?.contains("it must be mended by a person") == true)
            #expect(plugin.cause?.contains("Config/a.yaml:3: no such owner") == true)
            #expect(plugin.restarts == 0)
        }
        #expect(try String(contentsOfFile: mark, encoding: .utf8) == "x\n")
        let log = try String(contentsOfFile: rig.data.broker + "/log/broken.log", encoding: .utf8)
        #expect(log.contains("no such owner"))
    }

    @Test("an executable that cannot be started is not tried again")
    func noExecutable() async throws {
        let rig = try BrokerRig()
        var installation = try rig.script("gone", "exit 0")
        installation.executable = "/nowhere/plugin"
        try await rig.run([installation]) { broker in
            try #require(await eventually { try await Self.plugin(broker).condition == .failed })
            #expect(try await Self.plugin(broker).cause?.hasPrefix("/nowhere/plugin cannot be started") == true)
        }
    }

    @Test("any other end is started again with growing pauses, and counted", arguments: ["exit 1", "kill -SEGV $$"])
    func restarted(end: String) async throws {
        let rig = try BrokerRig()
        let mark = rig.folder.path + "/starts"
        let text = "date +%s.%N >> '\(mark)'; echo \"$first\"; \(end)"
        try await rig.run([try rig.script("brittle", text)]) { broker in
            let first = try await Self.firstEnd(broker)
            let cause = end == "exit 1" ? "it ended with exit code 1" : "it was ended by signal 11"
            #expect(first.cause?.contains(cause) == true, "\(first.cause ?? "")")
            try #require(await eventually { try await Self.plugin(broker).restarts >= 2 })
        }
        let starts = try String(contentsOfFile: mark, encoding: .utf8).split(separator: "\n").compactMap { Double($0) }
        try #require(starts.count >= 3)
        #expect(starts[1] - starts[0] >= 0.5)
        #expect(starts[2] - starts[1] >= 1.0)
    }

    @Test(
        "when the broker stops, nothing of a plugin is left, whatever it does",
        arguments: [
            "echo \"$first\"; cat > /dev/null",
            "echo \"$first\"; trap '' TERM INT; sleep 1000 & while :; do wait; done",
            "exec >&-; exec < /dev/null; while :; do sleep 1000; done", "(trap '' HUP; sleep 1000) & sleep 1000",
            "echo \"$first\"; exec < /dev/null > /dev/null 2> /dev/null; sleep 1000",
        ])
    func stopped(text: String) async throws {
        let rig = try BrokerRig()
        let installation = try rig.script("tough", "echo $$ > '\(rig.folder.path)/pid'; \(text)")
        let pid = try await rig.run([installation]) { broker in
            try #require(await eventually { FileManager.default.fileExists(atPath: rig.folder.path + "/pid") })
            try #require(await eventually { try await Self.plugin(broker).pid != nil })
            let pid = try #require(try await Self.plugin(broker).pid)
            #expect(Self.isThere(pid))
            return pid
        }
        // `run` has stopped the broker.
        #expect(!Self.isThere(pid))
        #expect(await eventually(5) { Self.group(pid).isEmpty })
        #expect(BrokerState.read(rig.data)?.state.plugins.first?.condition == .stopped)
    }

    @Test("one that is started again is let in however slow the host is to read what it prints; that it ended is noted")
    func again() async throws {
        let rig = try BrokerRig()
        let keys = try CurveKeyPair.generate()
        // Its second life says hello before its first line has reached the host: what it prints waits.
        let plugin = try rig.script(
            "again",
            #"echo "$PEJLING_INCARNATION" >> "$0.lives"; [ $(wc -l < "$0.lives") = 1 ] || while [ ! -e "$0.go" ]; do sleep 0.1; done; echo "$first"; read -r order; while :; do sleep 0.1; [ $(wc -l < "$0.lives") = 1 ] && [ -e "$0.end" ] && exit 3; done"#,
            keys: keys)
        let path = rig.folder.path + "/again"
        func lives() -> [String] {
            ((try? String(contentsOfFile: path + ".lives", encoding: .utf8)) ?? "").split(separator: "\n").map(
                String.init)
        }
        try await rig.run([plugin]) { broker in
            let state = await broker.state()
            func greet(_ life: Int) async throws -> Header {
                let (endpoint, incarnation) = (try #require(state.endpoints.first), lives()[life])
                return try await onThread { () throws in
                    let tiny = try TinyClient(endpoint, keys: keys, server: state.key)
                    try tiny.send(Sender("BIF").hello { $0.incarnation = incarnation })
                    return try tiny.expect(nil).header
                }
            }
            try #require(await eventually { await broker.state().position == 1 }, "it is not enrolled")
            #expect(try await greet(0).type == .welcome)
            try #require(await eventually { try await Self.plugin(broker).condition == .running })
            _ = FileManager.default.createFile(atPath: path + ".end", contents: nil)
            try #require(await eventually { lives().count == 2 })
            let answer = try await greet(1)
            #expect(answer.type == .welcome, "\(answer.text ?? "")")
            #expect(try await greet(0).rule == "hello.superseded")
            _ = try await greet(1)
            _ = FileManager.default.createFile(atPath: path + ".go", contents: nil)
            try #require(await eventually { try await Self.plugin(broker).condition == .running })
            #expect(
                await eventually {
                    (try? Health(rig.data))?.notes.contains {
                        $0.hasPrefix("BIF was started again once since the broker's start, the last time ")
                            && $0.contains("exit code 3")
                    } ?? false
                })
        }
    }

    @Test(
        "one that is connected once and then says nothing any more is found, whether the broker dropped it or it left")
    func mute() async throws {
        let rig = try BrokerRig()
        let keys = try CurveKeyPair.generate()
        let plugin = try rig.script("mute", PluginTableTorture.greets, keys: keys, startTimeout: 1)
        try await rig.run([plugin]) { broker in
            let state = await broker.state()
            let endpoint = try #require(state.endpoints.first)
            let order = rig.folder.path + "/mute.order"
            try #require(await eventually { FileManager.default.fileExists(atPath: order) })
            let given = try JSONDecoder().decode(StartOrder.self, from: Data(contentsOf: URL(fileURLWithPath: order)))
            let isSeen = Mutex(false)
            async let talk: Void = onThread { () throws in
                let tiny = try TinyClient(endpoint, keys: keys, server: state.key)
                try tiny.send(Sender("BIF").hello { $0.incarnation = given.incarnation })
                _ = try tiny.expect(.welcome)
                for _ in 0..<2_000 where !isSeen.withLock({ $0 }) { poll(nil, 0, 10) }
                try tiny.send(Header(.bye))
            }
            try #require(await eventually { try await Self.plugin(broker).condition == .running })
            isSeen.withLock { $0 = true }
            try await talk
            let ended = try await Self.firstEnd(broker)
            #expect(ended.cause?.hasPrefix("no hello for 1 s after it was connected: it hangs") == true, "\(ended)")
        }
    }

    @Test("a plugin whose keys changed is not let in under the old name")
    func otherKeys() async throws {
        let rig = try BrokerRig()
        let first = try rig.script("one", "echo \"$first\"; cat > /dev/null")
        try await rig.run([first]) { broker in
            try #require(await eventually { await broker.state().position == 1 })
        }
        try #require(await eventually { BrokerState.read(rig.data)?.isRunning == false })
        let second = try rig.script("two", "echo \"$first\"; cat > /dev/null")
        try await rig.run([second]) { broker in
            let ended = try await Self.firstEnd(broker)
            #expect(ended.cause?.contains("its keys are not the ones enrolled for BIF") == true)
            #expect(await broker.state().position == 1)
        }
    }

    @Test("starting a plugin is no operator's word: what was revoked is not enrolled again")
    func revokedKeys() async throws {
        let rig = try BrokerRig()
        let plugin = try rig.script("one", "echo \"$first\"; cat > /dev/null")
        try await rig.run([plugin]) { broker in
            try #require(await eventually { await broker.state().position == 1 })
        }
        try #require(await eventually { FolderLock.holder(of: rig.data.broker) == nil })
        var word = try #require(try LedgerStore.keyHistory(folder: rig.data.broker).last).enrolment
        word.revoked = .init(by: "operator")
        try await KeyOrders.give(word, in: rig.data)
        try await rig.run([plugin]) { broker in
            let ended = try await Self.firstEnd(broker)
            #expect(ended.cause?.contains("the key of BIF was revoked") == true, "\(ended.cause ?? "")")
            #expect(await broker.state().position == 2)
        }
    }

    @Test("a plugin that ends before it has read its start order does not end the broker by SIGPIPE")
    func brokenPipe() async throws {
        let rig = try BrokerRig()
        try await rig.run([try rig.script("deaf", "exec <&-; exit 1")]) { broker in
            _ = try await Self.firstEnd(broker)
            var action = sigaction()
            try #require(sigaction(SIGPIPE, nil, &action) == 0)
            #expect(action.__sigaction_handler.sa_handler != nil, "the default ends the process")
        }
    }
}
