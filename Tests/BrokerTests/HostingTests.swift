import Foundation
import LogLines
import PolicyModel
import Testing

@testable import Broker

@Suite("Restarts, manifests and output")
struct HostingTests {
    /// The pauses of a plugin that ends at once each time.
    static func pauses(_ count: Int, jitter: Double = 0, every gap: Duration) -> [RestartPolicy.Decision] {
        var policy = RestartPolicy()
        return (0..<count).map { round in
            policy.ended(exitCode: 1, healthy: nil, now: gap * round, jitter: jitter)
        }
    }

    @Test("the pause doubles from 0.5 s to 60 s, with up to a quarter of jitter")
    func backOff() {
        let seconds = [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
        #expect(Self.pauses(9, every: .seconds(200)) == seconds.map { .after(.seconds($0)) })
        #expect(Self.pauses(9, jitter: 1, every: .seconds(200)) == seconds.map { .after(.seconds($0 * 1.25)) })
    }

    @Test("60 healthy seconds begin anew, 59 do not")
    func healthy() {
        for (healthy, pause) in [(59.9, 4.0), (60, 0.5)] {
            var policy = RestartPolicy()
            for round in 0..<3 { _ = policy.ended(exitCode: 1, healthy: nil, now: .seconds(round * 200), jitter: 0) }
            let next = policy.ended(exitCode: 1, healthy: .seconds(healthy), now: .seconds(900), jitter: 0)
            #expect(next == .after(.seconds(pause)))
        }
    }

    @Test("more than 5 ends in 5 minutes: one attempt each 15 minutes, until it has run healthily")
    func quarantine() {
        var policy = RestartPolicy()
        func end(_ seconds: Int, healthy: Duration? = nil) -> RestartPolicy.Decision {
            policy.ended(exitCode: nil, healthy: healthy, now: .seconds(seconds), jitter: 0)
        }
        for second in 0..<5 {
            if case .after = end(second) { continue }
            Issue.record("quarantined after \(second + 1) ends")
        }
        #expect(end(5) == .quarantine(.seconds(900)))
        #expect(end(906) == .quarantine(.seconds(900)))
        #expect(end(1807, healthy: .seconds(30)) == .quarantine(.seconds(900)))
        #expect(end(2800, healthy: .seconds(61)) == .after(.milliseconds(500)))
        #expect(Self.pauses(12, every: .seconds(75)).allSatisfy { if case .after = $0 { true } else { false } })
    }

    @Test("exit code 78 is never restarted, however healthy it was")
    func configuration() {
        var policy = RestartPolicy()
        #expect(policy.ended(exitCode: 78, healthy: .seconds(1000), now: .zero, jitter: 0) == .never)
        #expect(policy.ended(exitCode: 0, healthy: nil, now: .zero, jitter: 0) == .after(.milliseconds(500)))
    }

    @Test(
        "exit code 75, a disk that is full, is tried again at least once a minute for ever, and no end like any other")
    func storage() {
        var policy = RestartPolicy()
        let pauses = (0..<50).map { policy.ended(exitCode: 75, healthy: nil, now: .seconds($0), jitter: 0) }
        #expect(pauses.prefix(3) == [.after(.milliseconds(500)), .after(.seconds(1)), .after(.seconds(2))])
        #expect(pauses.suffix(40).allSatisfy { $0 == .after(.seconds(60)) })
        for second in 0..<5 {
            if case .after = policy.ended(exitCode: 1, healthy: nil, now: .seconds(60 + second), jitter: 0) { continue }
            Issue.record("the ends for want of space count after all")
        }
    }

    @Test("a plugin may print much at once, and a little for good; short lines count more than their bytes")
    func outputBudget() {
        func may(_ uses: [(bytes: Int, lines: Int, second: Int)]) -> [Bool] {
            var budget = OutputBudget()
            return uses.map { budget.takes($0.bytes, lines: $0.lines, now: .seconds($0.second)) }
        }
        #expect(may([(OutputBudget.burst, 1, 0), (1, 0, 0)]) == [true, false])
        let steady = (1...1000).map { (OutputBudget.perSecond, 4096, $0) }
        #expect(may(steady).allSatisfy { $0 })
        #expect(may(steady + [(OutputBudget.burst, 1, 1000)]).last == false)
        #expect(may([(65536, 65536, 0), (1, 1, 0)]) == [true, false])
    }

    // MARK: Manifests

    static let good: [String: String] = [
        "name": #""bif""#, "role": #""node""#, "publisher": #""BIF""#, "argv": #"["./plugin"]"#, "protocol": "[1,1]",
        "kinds": #"["status","x-own"]"#,
    ]

    static func manifest(_ changes: [String: String?]) -> String {
        let fields = good.merging(changes.compactMapValues(\.self)) { $1 }.filter { changes[$0.key] != .some(nil) }
        return "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0)\": \($1)" }.joined(separator: ",\n ") + "}\n"
    }

    static func write(_ text: String, to path: String, mode: Int = 0o644) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test("a manifest is found with its executable, beside it or beside pejling")
    func found() throws {
        let folder = try TemporaryFolder()
        try Self.write("#!/bin/sh\n", to: folder.path + "/p/one/plugin", mode: 0o755)
        try Self.write("#!/bin/sh\n", to: folder.path + "/bin/node-two", mode: 0o755)
        try Self.write(Self.manifest(["start_timeout_s": "0.5"]), to: folder.path + "/p/one/plugin.json")
        let two = ["name": #""a2""#, "publisher": #""BUF""#, "argv": #"["node-two","x"]"#]
        try Self.write(Self.manifest(two), to: folder.path + "/p/deep/two/plugin.json")
        let (found, broken) = PluginFinder.find(in: folder.path + "/p", executables: folder.path + "/bin")
        #expect(broken.map(\.description) == [])
        #expect(found.map(\.manifest.name) == ["a2", "bif"])
        #expect(found.map(\.executable) == [folder.path + "/bin/node-two", folder.path + "/p/one/./plugin"])
        #expect(found[1].manifest.startTimeout == 0.5)
    }

    @Test(
        "a bad manifest gives one message that names file and fault, and stops no other",
        arguments: [
            ("{", "is no JSON"), ("[]", "is no JSON"), ("", "is no JSON"),
            (manifest(["name": nil]), "lacks “name”"), (manifest(["argv": nil]), "lacks “argv”"),
            (manifest(["protocol": nil]), "lacks “protocol”"), (manifest(["name": "5"]), "name:"),
            (manifest(["nome": "5"]), "unknown key “nome”"), (manifest(["name": #""BIF""#]), "name “BIF” is not"),
            (manifest(["name": #""../x""#]), "is not a-z"), (manifest(["role": #""clerk""#]), "role:"),
            (manifest(["role": #""broker""#]), "role “broker” cannot be a plugin's"),
            (manifest(["role": #""coordinator""#]), "role “coordinator” cannot be a plugin's"),
            (manifest(["protocol": "[2,3]"]), "speaks protocol [2, 3], this broker 1 to 1: rebuild it"),
            (manifest(["protocol": "[2,1]"]), "speaks protocol [2, 1]"),
            (manifest(["protocol": "[1]"]), "protocol [1]"),
            (manifest(["kinds": #"["policy"]"#]), "kind “policy” is not a node's"),
            (manifest(["argv": "[]"]), "argv is empty"), (manifest(["argv": #"[""]"#]), "argv is empty"),
            (manifest(["argv": #"["none"]"#]), "its executable “none” is not there (looked for "),
            (manifest(["argv": #"["/nowhere/none"]"#]), "(looked for /nowhere/none). Build it: swift build"),
            (manifest(["argv": #"["./plugin.json"]"#]), "its executable “./plugin.json” is not there"),
            (manifest(["publisher": #""""#]), "publisher “” is no"),
            (manifest(["publisher": #""../../x""#]), "publisher “../../x” is no"),
            (manifest(["start_timeout_s": "1e300"]), "start_timeout_s 1e+300 is not from 0.1 to 3600"),
            (manifest(["start_timeout_s": "-1"]), "start_timeout_s -1.0 is not"),
            (manifest(["start_timeout_s": "0"]), "start_timeout_s 0.0 is not"),
            (manifest(["max_memory_mib": "15"]), "max_memory_mib 15 is not from 16"),
            (manifest(["max_descriptors": "0"]), "max_descriptors 0 is not from 16"),
            (manifest(["publisher": #""BIF","publisher":"BUF""#]), "key “publisher” stands twice"),
            (manifest(["kinds": "[" + String(repeating: "\"x-a\",", count: 12_000) + "\"x\"]"]), "larger than 64 KiB"),
        ])
    func bad(text: String, fault: String) throws {
        let folder = try TemporaryFolder()
        try Self.write("#!/bin/sh\n", to: folder.path + "/good/plugin", mode: 0o755)
        try Self.write(Self.manifest([:]), to: folder.path + "/good/plugin.json")
        try Self.write("#!/bin/sh\n", to: folder.path + "/bad/plugin", mode: 0o755)
        try Self.write(text, to: folder.path + "/bad/plugin.json")
        let (found, broken) = PluginFinder.find(in: folder.path, executables: folder.path)
        #expect(found.map(\.manifest.name) == ["bif"])
        try #require(broken.count == 1)
        #expect(broken[0].description.hasPrefix("\(folder.path)/bad/plugin.json: "))
        #expect(broken[0].description.contains(fault), "\(broken[0].description)")
        #expect(broken[0].description.utf8.count < 400)
    }

    @Test("two manifests of one publisher or one name: the first stays, the other is said")
    func twice() throws {
        for (changes, fault) in [
            (["name": #""other""#], "BIF is spoken for by"), (["publisher": #""BUF""#], "the name bif is taken by"),
        ] {
            let folder = try TemporaryFolder()
            for (place, text) in [("a", Self.manifest([:])), ("b", Self.manifest(changes))] {
                try Self.write("#!/bin/sh\n", to: "\(folder.path)/\(place)/plugin", mode: 0o755)
                try Self.write(text, to: "\(folder.path)/\(place)/plugin.json")
            }
            let (found, broken) = PluginFinder.find(in: folder.path, executables: folder.path)
            #expect(found.map(\.place) == ["\(folder.path)/a/plugin.json"])
            #expect(broken.count == 1)
            #expect(broken.first?.description.hasPrefix("\(folder.path)/b/plugin.json: \(fault)") == true)
        }
    }

    @Test("no folder, and a folder without manifests, say to name another")
    func empty() throws {
        let folder = try TemporaryFolder()
        for (path, text) in [(folder.path, "holds no plugin.json"), (folder.path + "/none", "is no folder")] {
            let (found, broken) = PluginFinder.find(in: path, executables: folder.path)
            #expect(found.isEmpty)
            #expect(broken.map(\.description) == ["\(path) \(text): name the plugins' folder with --plugins"])
        }
    }

    @Test("a link to a folder of manifests is that folder")
    func link() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/real/a", withIntermediateDirectories: true)
        try "{".write(toFile: folder.path + "/real/a/plugin.json", atomically: true, encoding: .utf8)
        let link = folder.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real")
        let (_, broken) = PluginFinder.find(in: link, executables: folder.path)
        #expect(broken.map(\.description).first?.hasPrefix("\(link)/a/plugin.json: ") == true, "\(broken)")
    }

    // MARK: Output

    @Test("output is kept line by line, however it is cut, and the last errors are remembered")
    func lines() throws {
        let folder = try TemporaryFolder()
        let output = PluginOutput("a", path: folder.path + "/a.log") { Date(timeIntervalSince1970: 1_000_000_000) }
        #expect(output.lines(Array("one\ntw".utf8), from: .output) == ["one"])
        #expect(output.lines(Array("error\n".utf8), from: .error) == ["error"])
        #expect(output.lines(Array("o\n\nrest".utf8), from: .output) == ["two", ""])
        #expect(output.lastErrors.contains("error"))
        #expect(!output.lastErrors.contains("one"))
        output.note("it ended\nbadly")
        let lines = [
            #"level=info process=plugin msg="one""#, #"level=warning process=plugin msg="error""#,
            #"level=info process=plugin msg="two""#, #"level=info process=plugin msg="""#,
            #"level=notice process=broker msg="it ended\nbadly""#,
        ]
        #expect(
            try String(contentsOfFile: folder.path + "/a.log", encoding: .utf8).split(separator: "\n")
                == lines.map { "time=2001-09-09T01:46:40.000Z \($0) plugin=a" })
    }

    @Test("a line of a plugin's own log is kept as it is, with its time only; the broker's name it cannot take")
    func ownLines() throws {
        let folder = try TemporaryFolder()
        let output = PluginOutput("bif", path: folder.path + "/a.log") { Date(timeIntervalSince1970: 1_000_000_000) }
        let time = "2026-11-26T17:00:00.123Z"
        let calm = LogLine(
            time: time, level: .info, process: "node", message: "connected", fields: ["publisher": "BIF"])
        let grave = LogLine(
            time: time, level: .critical, process: "node", message: "Config/a.yaml:3: “x” is \"no\" owner")
        let forged = LogLine(time: time, level: .notice, process: "broker", message: "ended, as the broker stops")
        for line in [calm, grave, forged] { _ = output.lines(Array("\(line.text)\n".utf8), from: .error) }
        let kept = try String(contentsOfFile: folder.path + "/a.log", encoding: .utf8).split(separator: "\n")
        #expect(kept.prefix(2) == [calm.text, grave.text].map { $0[...] }[...])
        let wrapped = try #require(kept.last.flatMap { LogLine(parsing: $0) })
        #expect(wrapped.process == "plugin" && wrapped.fields == ["plugin": "bif"] && wrapped.message == forged.text)
        // What is shown as the cause are words, without time and name, and only what is wrong.
        #expect(output.lastErrors == ": \(grave.message)\n\(forged.text)")
    }

    @Test("a line of a plugin's own log costs the broker no more than any other: it may print 4,096 a second for good")
    func cost() throws {
        let folder = try TemporaryFolder()
        let head = "time=2026-11-26T17:00:00.123Z level=warning process=node msg="
        /// Time on a core, as others compute beside this test.
        func cost(_ line: String) -> Duration {
            let output = PluginOutput("a", path: folder.path + "/a.log")
            let block = Array(String(repeating: line + "\n", count: 100).utf8)
            func used() -> Duration {
                var time = timespec()
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
                return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
            }
            // The least of a few: what the first one finds for all is not counted.
            return (0..<5).map { _ in
                let before = used()
                _ = output.lines(block, from: .error)
                return used() - before
            }.min() ?? .zero
        }
        let other = cost(String(repeating: "x", count: 254))
        let fields = (0..<36).map { "f\($0)=1" }.joined(separator: " ")
        for own in ["\(head)\"\(String(repeating: "x", count: 190))\"", "\(head)\"\" \(fields)"] {
            let took = cost(own)
            #expect(took < other * 2, "\(took / 100) a line; \(other / 100) for one without the form")
        }
    }

    @Test("last words without a line break are a line when the plugin ends, once")
    func lastWords() throws {
        let folder = try TemporaryFolder()
        let output = PluginOutput("a", path: folder.path + "/a.log") { Date(timeIntervalSince1970: 1_000_000_000) }
        _ = output.lines(Array("whole\nabort".utf8), from: .error)
        _ = output.lines(Array("out".utf8), from: .output)
        for _ in 0..<2 { output.ended() }
        let kept = try String(contentsOfFile: folder.path + "/a.log", encoding: .utf8).split(separator: "\n")
        #expect(kept.compactMap { LogLine(parsing: $0)?.message } == ["whole", "out", "abort"])
        #expect(output.lastErrors == ": whole\nabort")
        // Nothing but control characters says nothing.
        _ = output.lines([UInt8](repeating: 0, count: 100), from: .error)
        output.ended()
        #expect(output.lastErrors == ": whole\nabort")
    }

    @Test("a line is cut at 4 KiB, and a log at 1 MiB with the one before kept beside it")
    func caps() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.log"
        let output = PluginOutput("a", path: path)
        let flood = [UInt8](repeating: 0x78, count: 1 << 16)
        for _ in 0..<64 { #expect(output.lines(flood, from: .output).isEmpty) }
        #expect(output.lines([10], from: .output).map(\.utf8.count) == [PluginOutput.longestLine])
        let line = [UInt8](repeating: 0x79, count: 1000) + [10]
        for _ in 0..<4000 { _ = output.lines(line, from: .error) }
        func size(_ path: String) throws -> Int {
            try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        }
        #expect(try size(path) <= PluginOutput.largestFile)
        #expect(try size(path + ".1") <= PluginOutput.largestFile)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.log", "a.log.1"])
        // Opened again, it goes on where the file is.
        let again = PluginOutput("a", path: path)
        for _ in 0..<1100 { _ = again.lines(line, from: .error) }
        #expect(try size(path) <= PluginOutput.largestFile)
        // Short lines grow as they are kept: what comes at once may be more than a file.
        _ = again.lines([UInt8](repeating: 10, count: 1 << 16), from: .output)
        for name in [path, path + ".1"] { #expect(try size(name) <= PluginOutput.largestFile) }
    }

    @Test("a log that cannot be written ends nothing")
    func unwritable() throws {
        let output = PluginOutput("a", path: "/nowhere/a.log")
        #expect(output.lines(Array("one\n".utf8), from: .error) == ["one"])
        #expect(output.lastErrors.contains("one"))
    }

    @Test("text from outside is cut to what fits, without control characters")
    func saidTexts() {
        #expect(said("a\nb\u{7F}c", bytes: 20) == "a b c")
        #expect(said(String(repeating: "x", count: 100), bytes: 10) == "xxxxxxx…")
        #expect(said("\"\"\"\"", bytes: 8) == "\"\"…")
        #expect(said("😀😀", bytes: 10) == "😀…")
        #expect(said("", bytes: 10) == "")
    }
}

/// A folder that goes with the test; its path is short enough for a socket.
final class TemporaryFolder: Sendable {
    let path = "/tmp/pejling-broker-\(UInt32.random(in: 0 ... .max))"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
