import Foundation
import Testing

/// The Python environment that `.ci/install test` makes.
private let python = Town.root + "/.venv/bin/python"
private let hasPython = FileManager.default.isExecutableFile(atPath: python)

@Suite("Seen from outside: another language, an independent validator", .serialized)
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
        let town = try Town()
        try #require(try town.pejling("up", "--once").code == 0)
        let export = try town.pejling("export", "--out", "open-data")
        #expect(export.code == 0, "\(export.errors)")
        let check = """
            import sys
            from frictionless import validate
            report = validate("open-data/datapackage.json")
            for task in report.tasks:
                for error in task.errors: print(task.name, error.message)
            print("valid" if report.valid else "invalid", len(report.tasks), "resources")
            sys.exit(0 if report.valid else 1)
            """
        try check.write(toFile: town.folder + "/check.py", atomically: true, encoding: .utf8)
        let result = try town.run(try absolute(python), ["check.py"], bound: 120)
        #expect(result.code == 0, "\(result.output) \(result.errors)")
        #expect(result.output.contains("valid 17 resources"))
        let initiatives = try town.read("open-data/initiatives.csv")
        #expect(initiatives.components(separatedBy: ",marked,").count - 1 == 50)
    }

    @Test(
        "the same position, day and language give the same bytes; English is complete; an earlier day sees no lateness")
    func reproducible() throws {
        let town = try Town()
        try #require(try town.pejling("up", "--once").code == 0)
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
        let matrix = try town.pejling("view", "matrix", "--on", "2019-06-01", "--format", "json")
        #expect(!matrix.output.contains("\"late\"") && !matrix.output.contains("\"missing\""))
    }

    /// Links resolved in the folder, not in the last part: a Python environment is found by where its link stands.
    private func absolute(_ path: String) throws -> String {
        let folder = URL(fileURLWithPath: (path as NSString).deletingLastPathComponent).resolvingSymlinksInPath().path
        return folder + "/" + (path as NSString).lastPathComponent
    }
}
