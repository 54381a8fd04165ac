import Foundation
import Glibc
import Ledger
import Testing
import Wire
import ZeroMQ

@Suite("Everything, as a user starts it", .serialized, .oneAtATime)
struct LifeTests {
    @Test("up --once makes all, writes the report and ends with 0; a second start publishes nothing")
    func once() throws {
        let town = try Town()
        let first = try town.pejling("up", "--once")
        #expect(first.code == 0, "\(first.errors)")
        #expect(first.errors.contains("made var"))
        for publisher in [
            "BIF", "BUF", "KFF", "SOF", "SUF", "TMF", "ØKF", "lgbti", "handicap", "integration",
            "integrationshandleplan", "coordinator",
        ] {
            #expect(first.output.contains(publisher))
        }
        for file in ["lgbti-opening.html", "lgbti-opening.md", "lgbti-opening.json"] {
            #expect(try town.read("reports/\(file)").contains("LGBTI+"))
        }
        let before = try town.verify()
        let second = try town.pejling("up", "--once")
        #expect(second.code == 0, "\(second.errors)")
        #expect(!second.errors.contains("made var"))
        let after = try town.verify()
        #expect(after == before)
    }

    @Test("a killed node comes back; a killed broker comes back with all; Ctrl-C leaves no process and exit code 0")
    func kills() throws {
        let town = try Town()
        let up = try town.up()
        let before = try town.state()
        let root = try town.verify().root
        let node = try #require(before.plugins.first { $0.publisher == "SOF" }?.pid)
        kill(node, SIGKILL)
        try eventually("SOF is heard again, as another process") {
            let plugin = try town.state().plugins.first { $0.publisher == "SOF" }
            return plugin?.heard == true && plugin?.pid != node && plugin?.restarts == 1
        }
        let middle = try town.state()
        kill(middle.pid, SIGKILL)
        try eventually("all are heard again by another broker", 20) {
            let state = try town.state()
            return state.pid != middle.pid && isAlive(state.pid) && state.plugins.count == 12
                && state.plugins.allSatisfy(\.heard)
        }
        for plugin in middle.plugins { #expect(!isAlive(try #require(plugin.pid)), "an orphan of \(plugin.publisher)") }
        let after = try town.state()
        #expect(try town.verify().root == root, "nothing lost, nothing twice")
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        for pid in [after.pid] + after.plugins.compactMap(\.pid) { #expect(!isAlive(pid), "process \(pid) is left") }
    }

    @Test("an edited initiative shows in the report as one new version, and history keeps the old")
    func edited() throws {
        let town = try Town.made()
        let before = try town.verify()
        try town.edit("Config/forvaltninger/BIF/lgbti.yaml") {
            $0.replacingOccurrences(of: "da: Tryg indkvartering\n", with: "da: Tryggere indkvartering\n")
        }
        let again = try town.pejling("up", "--once")
        #expect(again.code == 0, "\(again.errors)")
        // The new version, and the policy's word that it has looked at it.
        #expect(try town.verify().records == before.records + 2)
        #expect(try town.read("reports/lgbti-opening.md").contains("Tryggere indkvartering"))
        let shown = try town.pejling("show", "lgbti/bif/tryg-indkvartering")
        #expect(shown.output.contains("Tryggere indkvartering") && shown.output.contains("Tryg indkvartering"))
        // The report as it was is still to be had, byte for byte.
        _ = try town.pejling("report", "lgbti", "--at", String(before.records), "--out", "old")
        #expect(try !town.read("old/lgbti-opening.md").contains("Tryggere"))
    }

    @Test("an edited opening fact is an error that names the place and the command; what was published stands")
    func editedFact() throws {
        let town = try Town.made()
        let before = try town.verify()
        try town.edit("Config/forvaltninger/TMF/lgbti.yaml") {
            $0.replacingOccurrences(of: "state: requires_separate_funding", with: "state: within_budget")
        }
        let again = try town.pejling("up", "--once")
        #expect(again.code == 3)
        #expect(again.errors.contains("not heard: TMF"))
        #expect(
            again.errors.contains("Config/forvaltninger/TMF/lgbti.yaml:")
                && again.errors.contains("pejling fund lgbti/tmf/"))
        #expect(try town.verify() == before)
        #expect(again.output.contains("reports/lgbti-opening.html"), "the others' report is written all the same")
    }

    @Test("a status is handed in with nothing running, and with all running; a change without a reason is refused")
    func handIn() throws {
        let town = try Town.made()
        let before = try town.verify()
        let id = "lgbti/okf/mangfoldige-stillingsopslag"
        func say(_ delivery: String, _ more: String...) throws -> Town.Result {
            try town.pejling(
                ["status", id, "--node", "okf", "--follow-up", "lgbti/2019", "--delivery", delivery, "--done", "Gjort"]
                    + more)
        }
        let draft = try say("on_track", "--reason", "Nyt år")
        #expect(draft.code == 0 && draft.output.contains("as a draft") && draft.output.contains("pejling hand-in"))
        #expect(try town.pejling("hand-in", "lgbti/2019", "--node", "ØKF").code == 0)
        let refused = try say("delayed", "--hand-in")
        #expect(refused.code == 1 && refused.errors.contains("--reason"))
        let up = try town.up()
        // Each time the status, the hand-in, and the policy's word that it has looked at them.
        #expect(try town.state().position == before.records + 3, "what was said offline is there")
        let online = try say("delayed", "--reason", "Sygdom", "--hand-in")
        #expect(online.code == 0, "\(online.errors)")
        try eventually("it is durable", 5) { try town.state().position == before.records + 6 }
        let matrix = try town.pejling("view", "matrix", "--on", "2020-02-01", "--format", "json")
        #expect(matrix.code == 0 && matrix.output.contains("late"), "\(matrix.errors)")
        up.interrupt()
        #expect(try up.wait(10) == 0)
    }

    @Test("what pejling fund says counts, and the view shows it")
    func fund() throws {
        let town = try Town.made()
        let id = "lgbti/tmf/bemandede-legepladser"
        let said = try town.pejling(
            "fund", id, "--node", "TMF", "--state", "funded", "--from", "2020", "--until", "2030-12-31", "--decision",
            "Budget 2020")
        #expect(said.code == 0, "\(said.errors)")
        try #require(try town.pejling("up", "--once").code == 0)
        let view = try town.pejling("view", "funding", "--on", "2021-01-01", "--format", "csv")
        let row = view.output.split(separator: "\n").first { $0.contains(id) }
        #expect(row?.contains(",funded,2030-12-31,") == true, "\(row ?? "")")
    }

    @Test("a ledger that is gone is not made anew in silence, and a copy of it is not continued from another")
    func lostLedger() throws {
        let town = try Town.made()
        for file in try FileManager.default.contentsOfDirectory(atPath: town.folder + "/var/broker")
        where file.hasPrefix("ledger.sqlite") {
            try FileManager.default.removeItem(atPath: town.folder + "/var/broker/" + file)
        }
        let lost = try town.pejling("up", "--once")
        #expect(lost.code == 1 && lost.errors.contains("ledger.sqlite is gone"), "\(lost.errors)")
        // Somebody who hides the trace too still gets no report with a root that no ledger has.
        try FileManager.default.removeItem(atPath: town.folder + "/var/broker/state.json")
        let other = try town.pejling("up", "--once", "--patience", "10")
        #expect(other.code == 3 && other.errors.contains("copy of another ledger"), "\(other.errors)")
        #expect(!other.output.contains("reports/"))
    }

    @Test("an unknown key gets no answer, stores nothing, and is listed")
    func unknownKey() throws {
        let town = try Town.made()
        let up = try town.up()
        let state = try town.state()
        let endpoint = try #require(state.endpoints.first)
        let server = try #require(CurvePublicKey(z85: state.key))
        let stranger = try CurveKeyPair.generate()
        let answers = try answersTo(endpoint, curve: (stranger, server))
        #expect(answers == 0)
        #expect(try answersTo(endpoint, curve: nil) == 0, "no CURVE, no talk")
        try eventually("the key is listed") { try town.state().pending_keys[stranger.publicKey.z85] ?? 0 > 0 }
        #expect(try town.pejling("plugin", "list").output.contains(stranger.publicKey.z85))
        try eventually("who ran `up` reads it too") {
            up.errors.contains("key \(stranger.publicKey.z85) is not enrolled")
        }
        #expect(try town.state().position == state.position)
        up.interrupt()
        #expect(try up.wait(10) == 0)
    }

    /// How many messages come back within two seconds on a hello of BIF.
    private func answersTo(_ endpoint: String, curve: (CurveKeyPair, CurvePublicKey)?) throws -> Int {
        let context = try Context()
        defer { context.terminate() }
        return try hello(context, endpoint, curve)
    }

    private func hello(_ context: Context, _ endpoint: String, _ curve: (CurveKeyPair, CurvePublicKey)?) throws -> Int {
        let socket = try Socket(context, kind: .dealer)
        if let (own, server) = curve { try socket.useCurve(own, server: server) }
        try socket.connect(endpoint)
        var hello = Header(.hello)
        hello.versions = [1, 1]
        hello.publisher = "BIF"
        hello.log = String(repeating: "a", count: 32)
        hello.seq = 0
        hello.hash = .zero
        _ = try socket.send([try hello.encoded(), []])
        var poller = Poller()
        _ = poller.watch(socket)
        return try poller.wait(milliseconds: 2000).count
    }
}
