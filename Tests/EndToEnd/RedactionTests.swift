import Foundation
import Ledger
import PolicyModel
import Testing
import Wire

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
        let town = try Town.made()
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
        let town = try Town.made()
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

    /// The record that a command said it saved: the last word of the line that has `words`.
    private func saved(_ words: String, _ result: Town.Result) throws -> String {
        try #require(result.code == 0, "\(result.errors)")
        let line = try #require(result.output.split(separator: "\n").first { $0.contains(words) }, "\(result.output)")
        return String(try #require(line.split(separator: " ").last))
    }

    @Test("versions that carried the words over are named and go in the same command; what quotes them is named")
    func versions() throws {
        let town = try Town.made()
        let milestone = ["milestone", Self.about + "/aftale", "--node", "BIF"]
        let first = try saved(
            "saved milestone", town.pejling(milestone + ["--what", "Aftale med \(Self.secret)", "--due", "2020-06"]))
        let second = try saved("saved milestone", town.pejling(milestone + ["--done", "2020-05"]))
        let status = try slip(town)
        let arguments = ["--reason", "En borgers navn", "--decision", "DPO, sag 7"]
        let dry = try town.pejling(["redact", first, "--node", "BIF", "--dry-run"] + arguments)
        #expect(dry.code == 0, "\(dry.errors)")
        for words in [
            "another version also holds these words: milestone \(Self.about)/aftale, record \(second)",
            "another record also holds these words: status \(Self.about)|lgbti/2019, record \(status)",
            "“Aftale med \(Self.secret)”",
        ] {
            #expect(dry.output.contains(words), "\(dry.output)")
        }
        let done = try town.pejling(["redact", first, "--node", "BIF", "--all-versions", "--yes"] + arguments)
        #expect(done.code == 0 && done.output.contains("BIF redacted \(second) with it"), "\(done.errors)")
        #expect(done.output.contains("note: another record also holds these words: status"), "\(done.output)")
        #expect(!done.output.contains(Self.secret))
        #expect(try town.pejling(["redact", second, "--node", "BIF", "--yes"] + arguments).code == 1, "it is gone")
        try #require(try town.pejling("up", "--once").code == 0)
        // The coordinator quotes the status, and finds what it quotes.
        let back = try town.pejling(
            "return", "lgbti/2019", "BIF", "--as", "OKF", "--about", Self.about, "--note",
            "Der står: Aftale med \(Self.secret). Hvem er det?")
        let quote = try saved("as record", back)
        try #require(try town.pejling("up", "--once").code == 0)
        let named = try town.pejling(["redact", status, "--as", "OKF", "--yes"] + arguments)
        #expect(named.code == 0, "\(named.errors)")
        #expect(named.output.contains("note: another record also holds these words: return"), "\(named.output)")
        #expect(named.output.contains(quote) && !named.output.contains(Self.secret))
        #expect(try town.pejling(["redact", quote, "--as", "OKF", "--yes"] + arguments).code == 0)
        try #require(try town.pejling("up", "--once").code == 0)
        #expect(try holding(town) == [])
        #expect(try town.verify().records > 0)
    }

    /// How BIF stands with the follow-up, at the node and at the coordinator, without words.
    private func standing(_ town: Town) throws -> [DueList.Entry] {
        try [["--node", "BIF"], ["--all", "--forvaltning", "BIF"]].map { whose in
            let due = try town.pejling(
                ["due", "--follow-up", "lgbti/2019", "--on", "2020-01-15", "--format", "json"] + whose)
            try #require(due.code == 0, "\(due.errors)")
            let list = try JSONDecoder().decode(DueList.self, from: Data(due.output.utf8))
            var entry = try #require(list.entries.first { $0.forvaltning == "BIF" })
            for index in entry.items.indices { entry.items[index].note = nil }
            return entry
        }
    }

    @Test("the text of a return and of an approval goes at once; what is returned and approved stays, and since when")
    func remains() throws {
        let town = try Town.made()
        let up = try town.up()
        func stands(_ state: DueList.State) throws {
            try eventually("both see \(state)") {
                try standing(town).allSatisfy { $0.items.first { $0.about == Self.about }?.state == state }
            }
        }
        let about = ["--node", "BIF", "--follow-up", "lgbti/2019", "--delivery", "on_track", "--reason", "Begyndt"]
        let status = ["status", Self.about, "--hand-in"] + about
        #expect(try town.pejling(status + ["--done", "Et"]).code == 0)
        try stands(.handedIn)
        let approval = try saved(
            "saved approval",
            town.pejling("approve", "lgbti/2019", "--node", "BIF", "--comment", "Set af \(Self.secret)"))
        try stands(.approved)
        let back = try saved(
            "as record",
            town.pejling(
                "return", "lgbti/2019", "BIF", "--as", "OKF", "--about", Self.about, "--note", "Spørg \(Self.secret)"))
        try stands(.returned)
        let before = try standing(town)
        #expect(before.allSatisfy { $0.approved != nil })

        let why = ["--reason", "En borgers navn", "--decision", "DPO, sag 7", "--yes"]
        let first = try town.pejling(["redact", back, "--as", "OKF"] + why)
        #expect(first.code == 0 && first.output.contains("only its text goes"), "\(first.errors)")
        #expect(try standing(town)[1] == before[1], "before the order is in the ledger")
        let second = try town.pejling(["redact", approval, "--node", "BIF"] + why)
        #expect(second.code == 0 && second.output.contains("only its text goes"), "\(second.errors)")
        try eventually("the name is in no file") { try holding(town).isEmpty }
        #expect(try standing(town) == before)
        try eventually("the orders are in the ledger") {
            try town.pejling("ledger", "verify").output.contains("2 of them without a body")
        }
        #expect(try standing(town) == before)
        let due = try town.pejling("due", "--node", "BIF", "--follow-up", "lgbti/2019")
        #expect(due.output.contains("[fjernet efter ordre]"), "\(due.output)")
        // Answered again, all goes on as ever.
        #expect(try town.pejling(status + ["--done", "To"]).code == 0)
        try stands(.handedIn)
        #expect(try town.pejling("approve", "lgbti/2019", "--node", "BIF").code == 0)
        try stands(.approved)
        #expect(try town.pejling("accept", "lgbti/2019", "BIF", "--as", "OKF").code == 0)
        try stands(.accepted)
        up.interrupt()
        #expect(try up.wait(10) == 0)
        #expect(try holding(town) == [])
        _ = try town.verify()
    }

    @Test("what a policy's plugin published goes by the coordinator's order, from the plugin's own log too, for good")
    func policyPlugin() throws {
        let town = try Town.made()
        let folder = town.folder + "/var/policies/lgbti"
        func log() throws -> PublisherLog {
            try PublisherLog(folder: folder, publisher: "lgbti", synthetic: false, create: false)
        }
        let facts = try log().look { try $0.lines(of: [.funding, .status, .milestone]) }
        let fact = try #require(facts.first)
        #expect(
            try town.pejling(
                "redact", fact.name.description, "--node", "BIF", "--reason", "x", "--decision", "y", "--yes"
            ).code == 1)
        let arguments = ["--reason", "Et navn", "--decision", "DPO, sag 7", "--yes"]
        let done = try town.pejling(["redact", fact.name.description, "--as", "OKF"] + arguments)
        #expect(done.code == 0, "\(done.errors)")
        let count = try log().head().seq
        for _ in 0..<2 {
            try #require(try town.pejling("up", "--once").code == 0)
            #expect(try log().look { try $0.line(fact.envelope.seq) } == fact.redacted, "and it is not published anew")
        }
        let again = try log().look { try $0.lines(of: [fact.kind]) }.filter { $0.envelope.id == fact.envelope.id }
        #expect(again == [fact.redacted] && count >= facts.count)
        let shown = try town.pejling("show", fact.name.description)
        #expect(shown.output.contains("Et navn (besluttet: DPO, sag 7)"), "\(shown.output)")
        _ = try town.verify()
        // What nothing stands without stays: a target's words are the configuration's to mend.
        let target = try #require(try log().look { try $0.lines(of: [.target, .policy]) }.first)
        let never = try town.pejling(["redact", target.name.description, "--as", "OKF"] + arguments)
        #expect(never.code == 1 && never.errors.contains("it stands in the configuration: correct it there"))
    }
}
