import Foundation
import Glibc
import Testing

@Suite("Nodes on machines of their own", .serialized, .oneAtATime)
struct RemoteNodeTests {
    static let sof = "lgbti/sof/kaerlighed-og-seksualitet"
    static let suf = "lgbti/suf/fordomsfri-sundhed-og-pleje"
    static let port = 7415

    /// A broker with two nodes elsewhere, each enrolled or not.
    final class Country {
        let town: Town
        let network: Network
        let up: Running
        let key: String

        init() throws {
            town = try Town()
            network = try Network(machines: 2)
            let listen = network.machines.flatMap { ["--listen", "tcp://\($0.brokerAddress):\(port)"] }
            up = try town.up(listen + ["--remote", "sof", "--remote", "SUF"])
            struct Shown: Decodable { let keys: String, endpoints: [String] }
            let shown = try town.pejling("keys", "show", "--format", "json")
            let broker = try JSONDecoder().decode(Shown.self, from: Data(shown.output.utf8))
            key = String(broker.keys.prefix(64))
            #expect(broker.endpoints.count == 3)
            // What to hand out is said at the start.
            let (errors, first) = (up.errors, network.machines[0].brokerAddress)
            #expect(errors.contains("--broker tcp://\(first):\(port) --broker-key \(key)"), "\(errors)")
        }

        func start(_ code: String, on machine: Network.Machine) throws -> Running {
            let (executable, arguments) = Network.on(
                machine, town.executables + "/pejling",
                [
                    "node", "run", code, "--broker", "tcp://\(machine.brokerAddress):\(port)", "--broker-key", key,
                    "--data", "at-\(code)",
                ])
            let node = try town.start(executable, arguments)
            try eventually("\(code) says how it is enrolled") {
                node.errors.contains("pejling keys enrol \(code) ") || !node.isRunning
            }
            try #require(node.isRunning, "\(node.errors)")
            return node
        }

        /// What the node printed: its fingerprint, and what to paste.
        func keys(_ code: String, _ node: Running) throws -> (fingerprint: String, text: String) {
            let errors = node.errors
            let fingerprint = try #require(errors.firstMatch(of: /fingerprint (\S+)/)).1
            let text = try #require(errors.firstMatch(of: /pejling keys enrol \S+ (\S+)/)).1
            return (String(fingerprint), String(text))
        }

        /// What the broker shows of a node elsewhere.
        func remote(_ publisher: String) throws -> Town.State.Plugin? {
            try town.state().remote?.first { $0.publisher == publisher }
        }

        func say(
            _ id: String, _ code: String, _ delivery: String, _ done: String
        ) throws -> Town.Result {
            try town.pejling(
                "status", id, "--node", code, "--data", "at-\(code)", "--follow-up", "lgbti/2019", "--delivery",
                delivery, "--done", done, "--reason", "Som aftalt", "--hand-in")
        }

        /// How many records the ledger holds, and all of it verifies; but for checkpoints, which come by the clock.
        func records() throws -> Int64 {
            struct Verified: Decodable { let records: Int64, checkpoints: Int64, fault: String? }
            let result = try town.pejling("ledger", "verify", "--format", "json")
            let verified = try JSONDecoder().decode(Verified.self, from: Data(result.output.utf8))
            #expect(verified.fault == nil, "\(result.errors)")
            return verified.records - verified.checkpoints
        }
    }

    @Test(
        "enrolled by fingerprint and connected within 5 s; with the cable cut, one way or both, the officer goes on, and all arrives once",
        .enabled(if: Network.isPermitted, "skipped: needs root, the command ip, and network namespaces"),
        .timeLimit(.minutes(6)))
    func cables() throws {
        let country = try Country()
        let (town, network) = (country.town, country.network)
        let machine = network.machines[0]
        let sof = try country.start("SOF", on: machine)
        let suf = try country.start("SUF", on: network.machines[1])

        // Pending, and listed with the address it comes from.
        try eventually("both ask to connect") { try town.state().pending_keys.count == 2 }
        let listed = try town.pejling("keys", "list").output
        #expect(listed.contains("NOT ENROLLED") && listed.contains(machine.address), "\(listed)")
        let (fingerprint, text) = try country.keys("SOF", sof)
        #expect(listed.contains("\(text.prefix(16))…"), "which of them is the line that SOF has")
        #expect(try town.pejling("keys", "show", "--node", "SOF", "--data", "at-SOF").output.contains(fingerprint))
        let other = try country.keys("SUF", suf)
        let wrong = try town.pejling("keys", "enrol", "SOF", text, "--fingerprint", other.fingerprint)
        #expect(wrong.code == 1 && wrong.errors.contains("Nothing is enrolled"), "\(wrong.errors)")
        #expect(try town.pejling("keys", "enrol", "SOF", text).code == 1, "nobody is there to be asked")
        let before = try town.state().position
        // Two at once; each is there within 5 s, and what it has to say follows.
        for (code, text, fingerprint) in [("SOF", text, fingerprint), ("SUF", other.text, other.fingerprint)] {
            let asked = ContinuousClock.now
            let enrolled = try town.pejling("keys", "enrol", code, text, "--fingerprint", fingerprint)
            #expect(enrolled.code == 0, "\(enrolled.errors)")
            let node = code == "SOF" ? sof : suf
            try eventually("\(code) is connected within 5 s", 5) { node.errors.contains("connected to") }
            #expect(ContinuousClock.now - asked < .seconds(5))
        }
        try eventually("both are heard") {
            try country.remote("SOF")?.heard == true && country.remote("SUF")?.heard == true
        }
        #expect(try town.state().pending_keys.isEmpty)
        #expect(try town.state().position > before + 20, "their opening catalogues")

        // The officers' commands work with the node's data folder alone.
        try eventually("the policies have come to SOF") {
            try town.pejling("due", "--node", "SOF", "--data", "at-SOF").code == 0
        }
        try eventually("the policies have come to SUF") {
            try town.pejling("due", "--node", "SUF", "--data", "at-SUF").code == 0
        }

        // Cut, whole: SOF goes on collecting, and SUF does not notice.
        try settled(town)
        var records = try country.records()
        try network.cut(machine)
        let offline = try country.say(Self.sof, "SOF", "on_track", "Sagt uden net")
        #expect(
            offline.code == 0 && offline.output.contains("it counts from when the broker has it"), "\(offline.errors)")
        let online = try country.say(Self.suf, "SUF", "on_track", "Sagt med net")
        #expect(online.code == 0, "\(online.errors)")
        // The status, the hand-in, and the policy's word that it has looked at them.
        try eventually("SUF's is there") { try country.records() == records + 3 }
        try eventually("SOF shows as stale after 15 s", 25) { try country.remote("SOF")?.condition == "stale" }
        try eventually("SOF says so itself", 25) { sof.errors.contains("no word from") }
        #expect(try country.remote("SUF")?.condition == "running")
        try network.join(machine)
        try eventually("what was said without a network is there", 30) { try country.records() == records + 6 }

        // One way, both ways round: the record arrives and its ack does not; or nothing arrives.
        let cuts: [(String, (Network.Machine) throws -> Void, (Network.Machine) throws -> Void)] = [
            ("to the node", network.cutToMachine, network.joinToMachine),
            ("to the broker", network.cutToBroker, network.joinToBroker),
        ]
        for (index, (way, cut, join)) in cuts.enumerated() {
            try settled(town)
            records = try country.records()
            let news = sof.errors.components(separatedBy: "no word from").count
            try cut(machine)
            let said = try country.say(Self.sof, "SOF", index == 0 ? "delayed" : "on_track", "Sagt \(way)")
            #expect(said.code == 0, "\(said.errors)")
            try eventually("SOF notices that nothing gets through \(way)", 40) {
                sof.errors.components(separatedBy: "no word from").count > news
            }
            try join(machine)
            try eventually("it heals \(way)", 30) { try country.records() == records + 3 }
        }
        try eventually("SOF is heard again") { try country.remote("SOF")?.heard == true }

        // Asked to end, it ends.
        sof.terminate()
        #expect(try sof.wait(10) == 0, "\(sof.errors)")
        suf.terminate()
        #expect(try suf.wait(10) == 0, "\(suf.errors)")
        country.up.interrupt()
        #expect(try country.up.wait(10) == 0)
        _ = try town.verify()
    }

    @Test(
        "a key of a node on this machine that was revoked by mistake and is enrolled again: its node is heard without another word"
    )
    func enrolledAgain() throws {
        let town = try Town.made()
        func suf() throws -> Town.State.Plugin {
            try #require(try town.state().plugins.first { $0.publisher == "SUF" })
        }
        func fingerprint() throws -> String {
            let row = try town.pejling("keys", "list").output.split(separator: "\n").first { $0.hasPrefix("SUF") }
            return String(try #require(row?.firstMatch(of: /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/)).0)
        }
        for isStartedAnew in [false, true] {
            var up = try town.up()
            try #require(try town.pejling("keys", "revoke", "SUF", "--reason", "En fejl").code == 0)
            try eventually("it has ended") {
                try suf().condition == "failed" && suf().cause?.contains("En fejl") == true
            }
            if isStartedAnew {
                up.interrupt()
                _ = try up.wait(20)
                up = try town.start(town.executables + "/pejling", ["up"])
                try eventually("it is not let in") {
                    try town.state().pid > 0 && suf().condition == "failed" && suf().cause?.contains("En fejl") == true
                }
            }
            let said = try town.pejling("keys", "enrol", "SUF", fingerprint(), "--yes")
            #expect(said.code == 0, "\(said.errors)")
            try eventually("it is heard", 5) { try suf().heard }
            up.interrupt()
            #expect(try up.wait(20) == 0, "\(up.errors)")
        }
    }

    @Test(
        "a revoked node ends and says why, is not let in again; without the broker it collects up to its bound; enrolled again, all goes out"
    )
    func revoked() throws {
        let town = try Town()
        try town.edit("Config/pejling.yaml") { $0 + "max_unsent_mib: 1\n" }
        let up = try town.up("--listen", "tcp://127.0.0.1:*", "--remote", "SOF")
        let endpoint = try #require(try town.state().endpoints.first { $0.hasPrefix("tcp:") })
        let key = try town.state().key
        func node() throws -> Running {
            try town.start(
                town.executables + "/pejling",
                ["node", "run", "sof", "--broker", endpoint, "--broker-key", key, "--data", "at-SOF"])
        }
        let first = try node()
        try eventually("it says how it is enrolled") { first.errors.contains("pejling keys enrol SOF ") }
        let text = try #require(first.errors.firstMatch(of: /pejling keys enrol SOF (\S+)/)).1
        let fingerprint = try #require(first.errors.firstMatch(of: /fingerprint (\S+)/)).1
        #expect(try town.pejling("keys", "enrol", "SOF", String(fingerprint)).errors.contains("does not hold them"))
        let hosted = try town.pejling("keys", "enrol", "BIF", String(text), "--yes")
        #expect(hosted.code == 1 && hosted.errors.contains("--remote BIF"), "\(hosted.errors)")
        try eventually("its key is known to ask") { try !town.state().pending_keys.isEmpty }
        let enrolled = try town.pejling("keys", "enrol", "SOF", String(text), "--yes", "--person", "p3")
        #expect(enrolled.code == 0 && enrolled.errors.contains("times to connect, since"), "\(enrolled.errors)")
        try eventually("it is connected", 5) { first.errors.contains("connected to") }
        try eventually("it is heard") { try town.state().remote?.first?.heard == true }
        let again = try town.pejling("keys", "enrol", "BIF", String(text), "--yes")
        #expect(again.code == 1)

        let revoked = try town.pejling("keys", "revoke", "SOF", "--reason", "Maskinen er stjålet")
        #expect(revoked.code == 0, "\(revoked.errors)")
        #expect(try first.wait(5) == 78)
        #expect(first.errors.contains("was revoked (Maskinen er stjålet)"), "\(first.errors)")
        let row = try town.pejling("keys", "list").output.split(separator: "\n").first { $0.hasPrefix("SOF") }
        #expect(row?.contains("revoked") == true && row?.contains("Maskinen er stjålet") == true, "\(row ?? "")")
        let second = try node()
        try eventually("it says that it is not let in") { second.errors.contains("refuses this key") }
        #expect(try town.state().pending_keys.isEmpty)

        // Days without a broker, in short: long answers, until 1 MiB waits. Nothing more is taken then, and nothing is lost.
        try eventually("the policies have come to SOF") {
            try town.pejling("due", "--node", "SOF", "--data", "at-SOF").code == 0
        }
        func say(_ number: Int, _ more: String..., words: Int = 100_000) throws -> Town.Result {
            try town.pejling(
                [
                    "status", Self.sof, "--node", "SOF", "--data", "at-SOF", "--follow-up", "lgbti/2019", "--delivery",
                    number % 2 == 0 ? "on_track" : "delayed", "--reason", "Nr. \(number)", "--done",
                    String(repeating: "x", count: words),
                ] + more)
        }
        var taken = 0
        var refused: Town.Result?
        while refused == nil, taken < 20 {
            let said = try say(taken, "--hand-in")
            if said.code == 0 { taken += 1 } else { refused = said }
        }
        #expect(taken == 10, "10 times 100,000 bytes and their hand-ins are less than 1 MiB, 11 are more")
        #expect(refused?.code == 1)
        #expect(refused?.errors.contains("SOF saved nothing") == true, "\(refused?.errors ?? "")")
        #expect(refused?.errors.contains("max_unsent_mib") == true)
        #expect(try say(taken).output.contains("as a draft"))
        let before = try town.state().position

        // What was taken back does not come in by the way.
        let silent = try town.pejling("keys", "enrol", "SOF", String(text), "--fingerprint", String(fingerprint))
        #expect(
            silent.code == 1 && silent.errors.contains(/were revoked 20.+Z by operator: Maskinen er stjålet/),
            "\(silent.errors)")
        #expect(try town.state().position == before)
        let clear = try town.pejling("keys", "enrol", "SOF", String(fingerprint).lowercased(), "--yes")
        #expect(clear.code == 0 && clear.errors.contains("they are admitted again"), "\(clear.errors)")
        let list = try town.pejling("keys", "list", "--format", "json").output
        #expect(list.contains("\"revoked_before\"") && list.contains("Maskinen er stjålet"), "\(list)")
        try eventually("it is connected again, without a restart", 5) { second.errors.contains("connected to") }
        try eventually("it is heard again, with all that it collected") {
            let said = Int64(taken * 2)
            return try town.state().remote?.first?.heard == true && town.state().position > before + said
        }
        #expect(try say(taken, "--hand-in", words: 10).code == 0, "there is room again")

        // Killed, it comes back behind the last record that was stored; what was said meanwhile goes out once.
        second.kill()
        _ = try? second.wait(5)
        let position = try settled(town)
        #expect(try say(taken + 1, "--hand-in", words: 10).code == 0)
        let third = try node()
        try eventually("what was said while it was dead is there") { try town.state().position == position + 3 }
        try eventually("it is heard once more") { try town.state().remote?.first?.heard == true }
        #expect(try town.pejling("plugin", "list").output.contains("on other machines:"))
        third.terminate()
        #expect(try third.wait(10) == 0)
        up.interrupt()
        #expect(try up.wait(10) == 0)
        _ = try town.verify()
        // With nothing running it works as well.
        #expect(try town.pejling("keys", "revoke", "SOF").code == 0)
        #expect(try town.pejling("keys", "revoke", "SOF").code == 1)
        _ = try town.verify()
    }

    @Test("the coordinator as a service of its own: beside the broker, over its socket, with the keys it had")
    func coordinator() throws {
        let town = try Town.made()
        let before = try town.verify()
        let pejling = town.executables + "/pejling"
        let broker = try town.start(pejling, ["broker", "--remote", "coordinator"])
        try eventually("the broker runs without it") {
            let state = try town.state()
            return isAlive(state.pid) && state.pid == broker.pid && state.plugins.count == 11
                && state.plugins.allSatisfy(\.heard)
        }
        #expect(try town.state().remote?.first?.condition == "away")
        let coordinator = try town.start(
            pejling,
            [
                "coordinator", "--broker", "ipc://\(town.folder)/var/broker/socket", "--broker-key", town.state().key,
                "--data", "var",
            ])
        try eventually("it is heard") { try town.state().remote?.first?.heard == true }
        #expect(coordinator.errors.contains("connected to ipc://"))
        // What it says itself gets to the ledger.
        let said = try town.pejling(
            "exempt", "lgbti/2019", "BUF", "--until", "2020-02", "--reason", "Flytning", "--as", "OKF")
        #expect(said.code == 0, "\(said.errors)")
        // Its word, and the policy's that it has looked at it.
        try eventually("its word is in the ledger") { try town.state().position == before.records + 2 }
        coordinator.terminate()
        #expect(try coordinator.wait(10) == 0, "\(coordinator.errors)")
        broker.terminate()
        #expect(try broker.wait(10) == 0, "\(broker.errors)")
        _ = try town.verify()
    }

    /// The position when nothing has come for a second.
    @discardableResult
    private func settled(_ town: Town) throws -> Int64 {
        var (position, since) = (try town.state().position, ContinuousClock.now)
        try eventually("nothing more comes") {
            let now = try town.state().position
            if now != position { (position, since) = (now, .now) }
            return ContinuousClock.now - since > .seconds(1)
        }
        return position
    }
}
