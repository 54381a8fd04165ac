import Foundation
import Glibc
import Testing

@Suite("Bad input: one clear message, nothing lost", .serialized, .oneAtATime)
struct BadInputTests {
    @Test("six nodes with six broken files: each is named with file, line and remedy; the seventh is served")
    func brokenNodes() throws {
        let town = try Town.made()
        let before = try town.verify()
        func edit(_ key: String, _ old: String, _ new: String) throws -> Int {
            let file = "Config/forvaltninger/\(key)/lgbti.yaml"
            try town.edit(file) { text in
                guard let range = text.range(of: old) else { return text }
                return text.replacingCharacters(in: range, with: new)
            }
            let lines = try town.read(file).split(separator: "\n", omittingEmptySubsequences: false)
            return try #require(lines.firstIndex { $0.contains(new.split(separator: "\n").last ?? "") }) + 1
        }
        let expected = [
            ("BIF", try edit("BIF", "    kind: marked", "    kind: [marked"), ""),
            ("BUF", try edit("BUF", "    mandate: decided", "    mandat: decided"), "mandat"),
            ("KFF", try edit("KFF", "    mandate: decided", "    mandate: maybe"), "maybe"),
            ("SOF", try edit("SOF", "value: \"2000\"", "value: to tusind"), "to tusind"),
            ("SUF", try edit("SUF", "involved: [SOF]", "involved: [XYZ]"), "XYZ"),
        ]
        try FileManager.default.moveItem(
            atPath: town.folder + "/Config/forvaltninger/TMF", toPath: town.folder + "/Config/forvaltninger/TMX")
        let result = try town.pejling("up", "--once")
        #expect(result.code == 3, "\(result.errors)")
        for (key, line, word) in expected {
            let said = result.errors.split(separator: "\n").filter { $0.contains("forvaltninger/\(key)/lgbti.yaml:") }
            #expect(!said.isEmpty, "nothing said of \(key): \(result.errors)")
            if !word.isEmpty {
                #expect(
                    said.contains { $0.contains("lgbti.yaml:\(line)") && $0.contains(word) }, "\(key):\(line) \(said)")
            }
            #expect(said.contains { $0.contains("To fix") }, "\(said)")
        }
        #expect(result.errors.contains("forvaltninger/TMF"))
        #expect(!result.errors.contains("not heard: ØKF"))
        #expect(try town.verify() == before, "nothing lost, nothing half-written")
    }

    @Test("a duplicate id names both places")
    func duplicate() throws {
        let town = try Town()
        try town.edit("Config/forvaltninger/SOF/lgbti.yaml") { text in
            let ids = text.split(separator: "\n").filter { $0.hasPrefix("  - id: ") }
            return text.replacingOccurrences(of: String(ids[1]) + "\n", with: String(ids[0]) + "\n")
        }
        let result = try town.pejling("up", "--once")
        #expect(result.code == 3)
        let places = result.errors.components(separatedBy: "SOF/lgbti.yaml:").count - 1
        #expect(places >= 2, "\(result.errors)")
    }

    @Test(
        "broken common files end the start with file and line",
        arguments: [
            ("bodies.yaml", "\n- {id: [", "bodies.yaml:"),
            (
                "forvaltninger.yaml", "\n- {code: BIF, key: BIF, committee: BIU, name: {da: To gange, en: Twice}}\n",
                "BIF"
            ),
            ("pejling.yaml", "\ncolour: green\n", "colour"),
            ("documents.yaml", "\n- {id: x, file: f, lines: 9-3, sha256: 00, title: {da: a, en: b}}\n", "9-3"),
        ])
    func brokenCommon(file: String, added: String, expected: String) throws {
        let town = try Town()
        try town.edit("Config/\(file)") { $0 + added }
        let result = try town.pejling("up", "--once")
        #expect(result.code == 1)
        #expect(result.errors.contains("Config/\(file):") && result.errors.contains(expected), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: town.folder + "/var/broker"), "nothing was begun")
    }

    @Test(
        "commands refuse a folder without data, and one of a newer version",
        arguments: [
            ["report", "lgbti"], ["view", "matrix"], ["show", "lgbti"], ["export", "--out", "x"], ["ledger", "verify"],
            ["plugin", "list"],
            [
                "status", "lgbti/bif/x", "--node", "BIF", "--follow-up", "lgbti/2019", "--delivery", "on_track",
                "--hand-in",
            ],
        ])
    func noData(arguments: [String]) throws {
        let town = try Town()
        let missing = try town.pejling(arguments)
        #expect(
            missing.code == 1 && missing.errors.contains("pejling up") && missing.errors.contains("var"),
            "\(missing.errors)")
        #expect(!FileManager.default.fileExists(atPath: town.folder + "/var"), "only up makes data")
        try FileManager.default.createDirectory(atPath: town.folder + "/var", withIntermediateDirectories: true)
        try #"{"format":99,"synthetic":false}"#.write(
            toFile: town.folder + "/var/pejling.json", atomically: true, encoding: .utf8)
        for command in [arguments, ["up", "--once"]] {
            let newer = try town.pejling(command)
            #expect(
                newer.code == 1 && newer.errors.contains("format 99") && newer.errors.contains("nstall"),
                "\(newer.errors)")
        }
    }

    @Test("a manifest of a missing executable is named, the others run, and the exit code says so")
    func missingExecutable() throws {
        let town = try Town()
        try town.edit("Plugins/Forvaltninger/KFF/plugin.json") {
            $0.replacingOccurrences(of: "pejling-node-kff", with: "pejling-node-gone")
        }
        let result = try town.pejling("up", "--once")
        #expect(result.code == 3)
        #expect(
            result.errors.contains("KFF/plugin.json") && result.errors.contains("pejling-node-gone"), "\(result.errors)"
        )
        #expect(result.output.contains("reports/lgbti-opening.html"))
        #expect(try town.read("reports/lgbti-opening.md").contains("KFF"), "who was not heard stands in the report")
    }

    @Test("a plugin that says nothing, and one that says nonsense, are ended and named")
    func strangePlugins() throws {
        let town = try Town()
        for (name, publisher, script) in [
            ("stum", "KFF", "exec sleep 60"), ("sludder", "TMF", "echo bla bla; exec sleep 60"),
        ] {
            try FileManager.default.removeItem(atPath: town.folder + "/Plugins/Forvaltninger/\(publisher)")
            let place = town.folder + "/Plugins/\(name)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try "#!/bin/sh\n\(script)\n".write(toFile: place + "/run.sh", atomically: true, encoding: .utf8)
            chmod(place + "/run.sh", 0o755)
            let manifest = """
                {"name":"\(name)","role":"node","publisher":"\(publisher)","argv":["./run.sh"],"protocol":[1,1],
                "kinds":["initiative"],"start_timeout_s":1}
                """
            try manifest.write(toFile: place + "/plugin.json", atomically: true, encoding: .utf8)
        }
        let result = try town.pejling("up", "--once", "--patience", "6")
        #expect(result.code == 3)
        #expect(result.errors.contains("not heard: KFF: no hello within 1"), "\(result.errors)")
        #expect(result.errors.contains("not heard: TMF") && result.errors.contains("bla bla"), "\(result.errors)")
    }

    @Test("a data path too long for a socket, one in the way, a port in use, a second broker")
    func addresses() throws {
        let town = try Town()
        let long = town.folder + "/" + String(repeating: "langt", count: 20)
        let tooLong = try town.pejling("up", "--once", "--data", long)
        #expect(tooLong.code == 1 && tooLong.errors.contains("107"), "\(tooLong.errors)")

        let up = try town.up("--listen", "tcp://127.0.0.1:*")
        let port = try #require(try town.state().endpoints.first { $0.hasPrefix("tcp:") })
        let taken = try town.pejling("up", "--once", "--data", "var2", "--listen", port)
        #expect(taken.code == 1 && taken.errors.contains(port) && taken.errors.contains("in use"), "\(taken.errors)")
        let second = try town.pejling("up", "--once")
        #expect(second.code == 1 && second.errors.contains("runs on var already"), "\(second.errors)")
        let broker = try town.pejling("broker")
        let holder = try town.state().pid
        #expect(broker.code == 1 && broker.errors.contains("process \(holder)"), "\(broker.errors)")
        up.interrupt()
        #expect(try up.wait(10) == 0)

        try FileManager.default.removeItem(atPath: town.folder + "/var/broker/socket")
        try "nothing".write(toFile: town.folder + "/var/broker/socket", atomically: true, encoding: .utf8)
        let inTheWay = try town.pejling("up", "--once")
        #expect(inTheWay.code == 1 && inTheWay.errors.contains("in the way"), "\(inTheWay.errors)")
        #expect(try town.read("var/broker/socket") == "nothing", "a file of somebody's is not removed")
    }

    @Test(
        "a full disk: said, nothing half-written; with space again it goes on where it was",
        .enabled(if: getuid() == 0, "skipped: only root may mount a small disk"))
    func fullDisk() throws {
        let town = try Town()
        let disk = town.folder + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        let mounted = try town.run("/bin/mount", ["-t", "tmpfs", "-o", "size=900k", "tmpfs", disk])
        try #require(mounted.code == 0, "\(mounted.errors)")
        defer { _ = try? town.run("/bin/umount", ["-l", disk]) }
        let full = try town.pejling("up", "--once", "--data", "disk/var", "--patience", "6")
        #expect(full.code != 0)
        #expect(full.errors.contains("no space left"), "\(full.errors)")
        let grown = try town.run("/bin/mount", ["-o", "remount,size=64m", disk])
        try #require(grown.code == 0, "\(grown.errors)")
        let again = try town.pejling("up", "--once", "--data", "disk/var")
        #expect(again.code == 0, "\(again.errors)")
        let verified = try town.pejling("ledger", "verify", "--data", "disk/var")
        #expect(verified.code == 0, "\(verified.errors)")
    }

    @Test("reports and views name what they do not know")
    func unknownThings() throws {
        let town = try Town.made()
        for (arguments, expected) in [
            (["report", "lgtbi"], "lgbti"), (["report", "lgbti", "--follow-up", "lgbti/1999"], "lgbti/2019"),
            (["show", "lgbti/bif/tryg-indkvarterin"], "lgbti/bif/tryg-indkvartering"),
            (["report", "lgbti", "--at", "99999"], "99999"), (["view", "matrix", "--on", "soon"], "soon"),
            (
                [
                    "status", "lgbti/bif/x", "--node", "ABC", "--follow-up", "lgbti/2019", "--delivery", "on_track",
                    "--hand-in",
                ], "BIF"
            ),
        ] {
            let result = try town.pejling(arguments)
            #expect(result.code != 0 && result.errors.contains(expected), "\(arguments): \(result.errors)")
        }
    }

    @Test("money that can be read in two ways, is given twice, is negative or was used in a year to come is refused")
    func money() throws {
        let town = try Town.made()
        let records = try town.verify().records
        for (options, words) in [
            (["--planned", "2020=250.000"], "can be read in two ways: write 2020=250000, or 2020=250"),
            (["--planned", "2020=1", "--planned", "2020=6"], "--planned is given twice for 2020"),
            (["--planned=2021=-7"], "planned for 2021 is -7 DKK: money is not negative"),
            (["--used", "2099=5"], "money used in 2099? That year has not come"),
        ] {
            let refused = try town.pejling(
                ["fund", "lgbti/bif/tryg-indkvartering", "--node", "BIF", "--state", "funded", "--from", "2020"]
                    + options)
            #expect(refused.code == 1 && refused.errors.contains(words), "\(refused.errors)")
        }
        #expect(try town.pejling("up", "--once").code == 0)
        #expect(try town.verify().records == records)
    }

    @Test("what cannot be written to standard output ends a command with a sentence; `up` goes on without a reader")
    func standardOutput() throws {
        let town = try Town.made()
        func shell(_ script: String) throws -> Town.Result {
            try town.run("/bin/sh", ["-c", "trap - PIPE; \(script)", town.executables + "/pejling"])
        }
        for command in ["report all", "report all --format json", "stat", "stat --format prometheus"] {
            let result = try shell("\"$0\" \(command) >/dev/full")
            #expect(
                result.code == 74
                    && result.errors == "pejling: standard output cannot be written: No space left on device\n",
                "\(command): \(result.code) \(result.errors)")
            // The same to a reader that has enough: no word.
            let enough = try shell("{ \"$0\" \(command); echo $? >code; } | true; cat code")
            #expect(enough.output == "141\n" && enough.errors.isEmpty, "\(command): \(enough)")
        }
        try FileManager.default.removeItem(atPath: town.folder + "/reports")
        let up = try shell("{ \"$0\" up --once 2>&1; echo $? >code; } | true; cat code")
        #expect(up.output == "0\n", "\(up)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: town.folder + "/reports").count > 10)
    }

    @Test("the help of each command says its exit codes")
    func exitCodes() throws {
        struct Command: Decodable {
            let commandName: String
            let subcommands: [Command]?

            var paths: [[String]] {
                let below = (subcommands ?? []).filter { $0.commandName != "help" }.flatMap(\.paths)
                return below.isEmpty ? [[commandName]] : below.map { [commandName] + $0 }
            }
        }
        struct Dump: Decodable { let command: Command }
        let town = try Town()
        let dump = try town.pejling("--experimental-dump-help")
        let paths = try JSONDecoder().decode(Dump.self, from: Data(dump.output.utf8)).command.paths
        #expect(paths.count > 50)
        for path in paths {
            let help = try town.pejling(path.dropFirst() + ["--help"])
            #expect(help.code == 0 && help.output.contains("xit code"), "\(path): \(help)")
        }
    }
}
