import Foundation
import PolicyModel
import Testing

/// An officer's slip is carried away by order, through the real processes.
@Suite("Redaction, as a user does it", .serialized, .oneAtATime)
struct RedactionTests {
    static let secret = "Jens-Hansen-fra-Nakskov"
    static let about = "lgbti/bif/tryg-indkvartering"

    /// The files below `var` that hold the name.
    private func holding(_ town: Town) throws -> [String] {
        let root = town.folder + "/var"
        let files = try #require(FileManager.default.enumerator(atPath: root)).compactMap { $0 as? String }
        #expect(files.count > 20)
        return files.filter {
            FileManager.default.contents(atPath: "\(root)/\($0)")?.range(of: Data(Self.secret.utf8)) != nil
        }.sorted()
    }

    /// BIF hands in a status with a name in it; the record.
    private func slip(_ town: Town) throws -> String {
        let said = try town.pejling(
            "status", Self.about, "--node", "BIF", "--follow-up", "lgbti/2019", "--delivery", "on_track", "--done",
            "Aftale med \(Self.secret)", "--reason", "Begyndt", "--hand-in")
        try #require(said.code == 0, "\(said.errors)")
        let line = try #require(said.output.split(separator: "\n").first { $0.contains("saved status") })
        return String(try #require(line.split(separator: " ").last))
    }

    /// What a report on the follow-up says, in each format; at a position where given.
    private func report(_ town: Town, _ more: String...) throws -> String {
        let folder = "out-\(UInt32.random(in: 0 ... .max))"
        let made = try town.pejling(["report", "lgbti", "--follow-up", "lgbti/2019", "--out", folder] + more)
        try #require(made.code == 0, "\(made.errors)")
        let path = town.folder + "/" + folder
        return try FileManager.default.contentsOfDirectory(atPath: path).map {
            try String(contentsOfFile: path + "/" + $0, encoding: .utf8)
        }.joined()
    }

    @Test("a node redacts its own while all runs: ledger, copies, reports at any position and exports do not hold it")
    func byNode() throws {
        let town = try Town()
        let up = try town.up()
        let record = try slip(town)
        try eventually("the coordinator has it") { try report(town).contains(Self.secret) }
        let position = try town.state().position
        #expect(try holding(town).count >= 3)

        let arguments = [
            "redact", record, "--node", "BIF", "--reason", "En borgers navn stod i teksten", "--decision", "DPO, sag 7",
        ]
        let asked = try town.pejling(arguments)
        #expect(asked.code == 1 && asked.errors.contains("Say --yes"), "\(asked.errors)")
        #expect(!asked.output.contains(Self.secret))
        let dry = try town.pejling(arguments + ["--dry-run"])
        #expect(dry.code == 0 && dry.output.contains("done.da: Aftale med \(Self.secret)"), "\(dry.errors)")
        let repeating = try town.pejling(
            "redact", record, "--node", "BIF", "--reason", "\(Self.secret) stod der", "--decision", "DPO", "--yes")
        #expect(repeating.code == 1 && repeating.errors.contains("say it in other words"), "\(repeating.errors)")
        let done = try town.pejling(arguments + ["--yes"])
        #expect(done.code == 0 && done.output.contains("cannot be called back"), "\(done.errors)")
        #expect(!done.output.contains(Self.secret))
        try eventually("the name is in no file") { try holding(town).isEmpty }

        let again = try town.pejling(arguments + ["--yes"])
        #expect(again.code == 1 && again.errors.contains("redacted already"), "\(again.errors)")
        try eventually("the order is in the ledger") { try report(town).contains("DPO, sag 7") }
        for text in [try report(town), try report(town, "--at", String(position))] {
            #expect(!text.contains(Self.secret))
            #expect(text.contains("Redigeret: teksten er fjernet efter ordre"))
            #expect(text.contains("En borgers navn stod i teksten"))
        }
        let shown = try town.pejling("show", Self.about)
        #expect(shown.output.contains("En borgers navn stod i teksten (besluttet: DPO, sag 7)"), "\(shown.output)")
        #expect(!shown.output.contains(Self.secret))
        #expect(try town.pejling("export", "--all", "--out", "open-data").code == 0)
        let csv = try town.read("open-data/statuses.csv")
        #expect(csv.contains("about,follow_up") && !csv.contains(Self.secret))
        let due = try town.pejling("due", "--all", "--follow-up", "lgbti/2019", "--format", "csv").output
        #expect(due.contains(",redacted,"))
        let verified = try town.pejling("ledger", "verify")
        #expect(verified.code == 0 && verified.output.contains("1 of them without a body"), "\(verified.errors)")
        up.interrupt()
        #expect(try up.wait(10) == 0)
        #expect(try holding(town) == [])
        // Said anew, without the name: it holds.
        let anew = try town.pejling(
            "status", Self.about, "--node", "BIF", "--follow-up", "lgbti/2019", "--delivery", "on_track", "--done",
            "Aftale med en udlejer", "--reason", "Begyndt", "--hand-in")
        #expect(anew.code == 0, "\(anew.errors)")
        try #require(try town.pejling("up", "--once").code == 0)
        #expect(try report(town).contains("Aftale med en udlejer"))
        #expect(try town.verify().records > 0)
    }

    @Test(
        "the coordinator redacts while nothing runs: its exports at once, ledger and the node's own log at the next start"
    )
    func byCoordinator() throws {
        let town = try Town()
        try #require(try town.pejling("up", "--once").code == 0)
        let record = try slip(town)
        try #require(try town.pejling("up", "--once").code == 0)
        #expect(try report(town).contains(Self.secret))
        let arguments = ["--reason", "En borgers navn", "--decision", "DPO, sag 7", "--yes"]
        let foreign = try town.pejling(["redact", record, "--as", "BIF"] + arguments)
        #expect(foreign.code == 1 && foreign.errors.contains("only ØKF"), "\(foreign.errors)")
        let short = record.split(separator: "/")
        let abbreviated = "\(short[0])/\(short[1].prefix(4))…/\(short[2])"
        let done = try town.pejling(["redact", abbreviated, "--as", "OKF"] + arguments)
        #expect(done.code == 0 && done.output.contains("at the next `pejling up`"), "\(done.errors)")
        #expect(try !report(town).contains(Self.secret), "before the order is in the ledger")
        #expect(try holding(town).contains("nodes/BIF/log.sqlite"), "BIF has not heard of it")

        // The node stays away at first: its log still holds the name, and nobody else's file does.
        let manifest = town.folder + "/Plugins/Forvaltninger/BIF/plugin.json"
        try FileManager.default.moveItem(atPath: manifest, toPath: manifest + ".away")
        _ = try town.pejling("up", "--once")
        #expect(try holding(town).allSatisfy { $0.hasPrefix("nodes/BIF/") })
        #expect(try !holding(town).isEmpty)
        try FileManager.default.moveItem(atPath: manifest + ".away", toPath: manifest)
        let up = try town.up()
        try eventually("the node has dropped it") { try holding(town).isEmpty }
        #expect(try report(town).contains("DPO, sag 7"))
        #expect(try town.verify().records > 0)
        let never = try town.pejling(["redact", "coordinator/\(Self.about)/1", "--as", "OKF"] + arguments)
        #expect(never.code == 1 && never.errors.contains("has no record"), "\(never.errors)")
        up.interrupt()
        #expect(try up.wait(10) == 0)
        #expect(try holding(town) == [])
    }
}
