import Foundation
import Ledger
import Testing
import Wire

/// Peers of another version of the protocol: a sentence on both sides, and nobody starts anything over and over.
@Suite("Versions that differ", .serialized, .oneAtATime)
struct VersionTests {
    private static let python = Town.root + "/.venv/bin/python"
    private static let hasPython = FileManager.default.isExecutableFile(atPath: python)

    /// The plugin of the fixture in ØKF's place, with one line of it changed.
    private func install(_ old: String, _ new: String, in town: Town) throws {
        let place = town.folder + "/Plugins/Forvaltninger/OKF"
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let source = try String(contentsOfFile: Town.root + "/Tests/EndToEnd/Fixtures/plugin.py", encoding: .utf8)
        try #require(source.contains(old))
        try source.replacing(old, with: new).write(
            toFile: place + "/plugin.py", atomically: true, encoding: .utf8)
        let folder = URL(fileURLWithPath: (Self.python as NSString).deletingLastPathComponent)
            .resolvingSymlinksInPath().path
        let manifest: [String: Any] = [
            "name": "okf-py", "role": "node", "publisher": "ØKF", "protocol": [1, 1],
            "kinds": ["initiative", "funding"],
            "argv": [folder + "/python", "-B", place + "/plugin.py", "ØKF", "OKF"],
        ]
        try JSONSerialization.data(withJSONObject: manifest).write(to: URL(fileURLWithPath: place + "/plugin.json"))
    }

    private func startBroker(_ town: Town) throws -> Running {
        _ = try DataFolder(creating: town.folder + "/var", synthetic: false)
        return try town.start(town.executables + "/pejling", ["broker"])
    }

    @Test(
        "a plugin that speaks only a later version is told so, says so, and is not started again; the others go on",
        .enabled(if: hasPython, "skipped: .venv is not there; `make test` makes it"))
    func laterPlugin() throws {
        let town = try Town()
        try install("versions=[1, 1]", "versions=[2, 3]", in: town)
        let broker = try startBroker(town)
        func okf() throws -> Town.State.Plugin {
            try #require(try town.state().plugins.first { $0.publisher == "ØKF" })
        }
        try eventually("it has failed, and the others are heard", 40) {
            try okf().condition == "failed" && town.state().plugins.filter(\.heard).count == 11
        }
        let words = "ØKF speaks protocol [2, 3], this broker 1 to 1: install the same release on both sides"
        let plugin = try okf()
        #expect(plugin.restarts == 0 && plugin.pid == nil)
        #expect(plugin.cause?.contains("it must be mended by a person: \(words)") == true, "\(plugin.cause ?? "")")
        #expect(try town.pejling("plugin", "list").output.contains(words))
        let stat = try town.pejling("stat").output
        #expect(stat.contains("! okf-py is failed: ") || stat.contains("! ØKF is failed: "), "\(stat)")
        #expect(try town.read("var/broker/log/okf-py.log").contains(words), "the plugin's own word")
        broker.terminate()
        #expect(try broker.wait(10) == 0, "\(broker.errors)")
    }

    @Test(
        "one that speaks later versions too is spoken to in the newest that both know",
        .enabled(if: hasPython, "skipped: .venv is not there; `make test` makes it"))
    func bothVersions() throws {
        let town = try Town()
        try install("versions=[1, 1]", "versions=[1, 4]", in: town)
        let broker = try startBroker(town)
        try eventually("it is heard", 40) { try town.state().plugins.first { $0.publisher == "ØKF" }?.heard == true }
        #expect(try town.read("var/broker/log/okf-py.log").contains("acked through 2"))
        broker.terminate()
        #expect(try broker.wait(10) == 0, "\(broker.errors)")
    }

    @Test("a plugin whose manifest names another version is not started, and the list says why")
    func manifest() throws {
        let town = try Town()
        try town.edit("Plugins/Forvaltninger/OKF/plugin.json") {
            $0.replacing(/"protocol":\s*\[\s*1,\s*1\s*\]/, with: #""protocol": [2, 3]"#)
        }
        let broker = try startBroker(town)
        try eventually("the others are heard", 40) { try town.state().plugins.filter(\.heard).count == 11 }
        let list = try town.pejling("plugin", "list").output
        #expect(list.contains("OKF/plugin.json") && list.contains("protocol"), "\(list)")
        #expect(try town.state().plugins.allSatisfy { $0.publisher != "ØKF" })
        broker.terminate()
        #expect(try broker.wait(10) == 0, "\(broker.errors)")
    }

    @Test("a node whose broker speaks only a later version ends with 78 and the broker's words, and tries once")
    func laterBroker() throws {
        let town = try Town()
        let words = "BIF speaks protocol [1, 1], this broker 2 to 3: install the same release on both sides"
        let tap = try WireTap(
            .answers { header in
                guard header.type == .hello else { return nil }
                var reject = Header(.reject)
                (reject.rule, reject.text, reject.final) = ("hello.version", words, true)
                return reject
            })
        defer { tap.stop() }
        let node = try town.start(
            town.executables + "/pejling",
            ["node", "run", "BIF", "--broker", tap.endpoint, "--broker-key", tap.key.hex, "--data", "at-bif"])
        #expect(try node.wait(20) == 78)
        #expect(node.errors.contains("\(words) [hello.version]"), "\(node.errors)")
        #expect(tap.failure == nil)
        #expect(tap.messages.filter { $0.from == "plugin" }.count == 1)
    }
}
