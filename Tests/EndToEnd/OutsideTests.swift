import Foundation
import Testing

/// The Python environment that `.ci/install test` makes.
private let python = Town.root + "/.venv/bin/python"
private let hasPython = FileManager.default.isExecutableFile(atPath: python)

@Suite("Seen from outside: another language, an independent validator", .serialized, .oneAtATime)
struct OutsideTests {
    @Test(
        "a node in Python, written from Docs/protocol.md, takes ØKF's place and is heard",
        .enabled(if: hasPython, "skipped: .venv is not there; `make test` makes it"))
    func pythonNode() throws {
        let town = try Town()
        let place = town.folder + "/Plugins/Forvaltninger/OKF"
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let manifest: [String: Any] = [
            "name": "okf-py", "role": "node", "publisher": "ØKF", "protocol": [1, 1],
            "kinds": ["initiative", "funding"],
            "argv": [
                try absolute(python), "-B", try absolute(Town.root + "/Tests/EndToEnd/Fixtures/plugin.py"), "ØKF",
                "OKF",
            ],
        ]
        try JSONSerialization.data(withJSONObject: manifest).write(to: URL(fileURLWithPath: place + "/plugin.json"))
        let result = try town.pejling("up", "--once")
        #expect(result.code == 0, "\(result.errors)")
        let line = result.output.split(separator: "\n").first { $0.hasPrefix("ØKF") }
        #expect(line?.split(separator: " ").last == "2", "\(result.output)")
        _ = try town.verify()
        #expect(try town.read("var/broker/log/okf-py.log").contains("acked through 2"))
    }

    @Test(
        "the export is a valid Data Package, says frictionless",
        .enabled(if: hasPython, "skipped: .venv is not there; `make test` makes it"))
    func dataPackage() throws {
        let town = try Town.made()
        try collect(in: town)
        for arguments in [["--out", "open-data"], ["--all", "--out", "all-data"]] {
            let export = try town.pejling(["export"] + arguments)
            #expect(export.code == 0, "\(export.errors)")
        }
        for file in [
            "readings", "milestones", "approvals", "decisions", "returns", "exceptions", "contributions", "withdrawals",
        ] {
            let lines = try town.read("all-data/\(file).csv").components(separatedBy: "\r\n").dropLast()
            #expect(lines.count == 2, "\(file): \(lines)")
        }
        let check = """
            import sys
            from frictionless import validate
            reports = [validate(f"{folder}/datapackage.json") for folder in ("open-data", "all-data")]
            for report in reports:
                for task in report.tasks:
                    for error in task.errors: print(task.name, error.message)
                print("valid" if report.valid else "invalid", len(report.tasks), "resources")
            sys.exit(0 if all(report.valid for report in reports) else 1)
            """
        try check.write(toFile: town.folder + "/check.py", atomically: true, encoding: .utf8)
        let result = try town.run(try absolute(python), ["check.py"], bound: 120)
        #expect(result.code == 0, "\(result.output) \(result.errors)")
        #expect(result.output == "valid 22 resources\nvalid 22 resources\n")
        let initiatives = try town.read("open-data/initiatives.csv")
        #expect(initiatives.components(separatedBy: ",marked,").count - 1 == 50)
    }

    /// One of each thing that collecting knows, with texts that are hard on CSV.
    private func collect(in town: Town) throws {
        func say(_ arguments: String...) throws {
            let said = try town.pejling(arguments)
            try #require(said.code == 0, "\(arguments): \(said.errors)")
        }
        let effort = "lgbti/bif/tryg-indkvartering"
        try say(
            "status", effort, "--node", "BIF", "--follow-up", "lgbti/2019", "--delivery", "delayed", "--done",
            "Fem \"boliger\", flere\npå vej", "--reason", "=1+1", "--hand-in")
        try say(
            "reading", "integration/beskaeftigelsesfrekvens", "--node", "BIF", "--period", "2019", "--value", "57",
            "--denominator", "41000")
        try say("milestone", "\(effort)/fem-boliger", "--node", "BIF", "--what", "Fem boliger", "--due", "2020-06")
        try say("approve", "lgbti/2019", "--node", "BIF", "--yes")
        try #require(try town.pejling("up", "--once").code == 0)
        for arguments in [
            ["accept", "lgbti/2019", "BIF"],
            ["return", "lgbti/2019", "BIF", "--about", effort, "--note", "Hvor mange?"],
            ["exempt", "lgbti/2019", "BUF", "--until", "2020-02", "--reason", "Flytning"],
            ["decide", "lgbti", "--body", "OU", "--date", "2020-03-10", "--text", "Flere boliger"],
            ["contribute", "lgbti/2019", "--organisation", "En forening", "--text", "Godt"],
            ["contribute", "lgbti/2019", "--organisation", "En anden", "--text", "Skidt"],
            ["withdraw", "lgbti/2019|2", "--reason", "Forkert"],
        ] {
            let said = try town.pejling(arguments + ["--as", "OKF"])
            try #require(said.code == 0, "\(arguments): \(said.errors)")
        }
        try #require(try town.pejling("up", "--once").code == 0)
    }

    @Test(
        "the calendar file is read by another program: its events, their days and their Danish letters",
        .enabled(if: hasPython, "skipped: .venv is not there; `make test` makes it"))
    func calendar() throws {
        let town = try Town.made()
        let file = try town.pejling("view", "calendar", "--format", "ics", "--on", "2020-06-01")
        #expect(file.code == 0, "\(file.errors)")
        #expect(try town.pejling("view", "calendar", "--format", "ics", "--on", "2020-06-01").output == file.output)
        try file.output.write(toFile: town.folder + "/pejling.ics", atomically: true, encoding: .utf8)
        let check = """
            from icalendar import Calendar
            calendar = Calendar.from_ical(open("pejling.ics", "rb").read())
            events, todos = calendar.walk("VEVENT"), calendar.walk("VTODO")
            print("broken", [error for part in calendar.walk() for error in part.errors])
            print("events", len(events), "todos", len(todos), "ids", len({str(e["UID"]) for e in events + todos}))
            for event in sorted(events, key=lambda event: str(event["UID"])):
                if str(event["UID"]).startswith("due:handicap/midtvejs-2020@"):
                    print(event["SUMMARY"], event.decoded("DTSTART"), event.decoded("DTEND"), event["STATUS"])
                if str(event["UID"]).startswith("due:integration/temadroeftelse@"): print(event["STATUS"])
            """
        try check.write(toFile: town.folder + "/check.py", atomically: true, encoding: .utf8)
        let result = try town.run(try absolute(python), ["check.py"])
        #expect(result.code == 0, "\(result.errors)")
        let json = try town.pejling("view", "calendar", "--format", "json", "--on", "2020-06-01")
        struct Listed: Decodable {
            struct Entry: Decodable { let day: String? }
            let entries: [Entry]
        }
        let entries = try JSONDecoder().decode(Listed.self, from: Data(json.output.utf8)).entries
        let dated = entries.count { $0.day != nil }
        #expect(dated > 60 && entries.count > dated)
        #expect(
            result.output == """
                broken []
                events \(dated) todos \(entries.count - dated) ids \(entries.count)
                Frist: Midtvejsstatus 2020: målsætningerne og erfaringerne med at arbejde på tværs (i løbet af 2020) 2020-12-31 2021-01-01 CONFIRMED
                TENTATIVE

                """)
    }

    @Test("each budget year of the action plan sums to 11 million kroner, and says of what")
    func budgetYears() throws {
        let town = try Town.made()
        let view = try town.pejling("view", "budgets", "--policy", "integrationshandleplan", "--format", "json")
        struct Budgets: Decodable {
            struct Total: Decodable {
                struct Term: Decodable { let planned: String? }
                let year: Int
                let planned: String?
                let terms: [Term]
            }
            let totals: [Total]
        }
        let totals = try JSONDecoder().decode(Budgets.self, from: Data(view.output.utf8)).totals
        #expect(totals.map(\.year) == [2019, 2020, 2021, 2022])
        #expect(totals.map(\.planned) == Array(repeating: "11000000", count: 4))
        #expect(
            totals.map { $0.terms.compactMap(\.planned).compactMap(Int.init).reduce(0, +) }
                == Array(repeating: 11_000_000, count: 4))
    }

    @Test(
        "the same position, day and language give the same bytes; English is complete; an earlier day sees no lateness")
    func reproducible() throws {
        let town = try Town.made()
        let position = try town.verify().records
        for out in ["a", "b"] {
            let result = try town.pejling(
                "report", "lgbti", "--at", String(position), "--on", "2019-06-01", "--lang", "en", "--out", out)
            #expect(result.code == 0, "\(result.errors)")
        }
        for name in ["lgbti-opening.en.html", "lgbti-opening.en.md", "lgbti-opening.en.json"] {
            #expect(try town.read("a/\(name)") == town.read("b/\(name)"))
        }
        let english = try town.read("a/lgbti-opening.en.html")
        #expect(english.contains("<html lang=\"en\"") && english.contains("Requires separate funding"))
        let matrix = try town.pejling("view", "matrix", "--on", "2019-06-01", "--format", "csv").output
        let lines = matrix.components(separatedBy: "\r\n").map { $0.components(separatedBy: ",") }
        let state = try #require(lines[0].firstIndex(of: "state"))
        let states = Set(lines.dropFirst().compactMap { $0.count > state ? $0[state] : nil })
        #expect(!states.isEmpty && states.isDisjoint(with: ["late", "missing", "partly"]), "\(states)")
    }

    /// Links resolved in the folder, not in the last part: a Python environment is found by where its link stands.
    private func absolute(_ path: String) throws -> String {
        let folder = URL(fileURLWithPath: (path as NSString).deletingLastPathComponent).resolvingSymlinksInPath().path
        return folder + "/" + (path as NSString).lastPathComponent
    }
}
