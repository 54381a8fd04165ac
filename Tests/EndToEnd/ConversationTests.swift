import Foundation
import Ledger
import PluginKit
import Testing
import Wire

private let python = Town.root + "/.venv/bin/python"

/// An officer at a real terminal, through a pseudo-terminal.
@Suite(
    "Asked at a terminal", .serialized, .oneAtATime,
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: python), "skipped: .venv is not there; `make test` makes it"))
struct ConversationTests {
    struct Session: Decodable {
        let code: Int32
        /// Each key once, Enter included.
        let keys: Int
        let screen: String
    }

    private func sit(_ scenario: String, _ town: Town, _ arguments: String...) throws -> Session {
        try sit(scenario, town, arguments)
    }

    private func sit(_ scenario: String, _ town: Town, _ arguments: [String]) throws -> Session {
        let result = try town.run(
            (python as NSString).standardizingPath,
            ["-B", Town.root + "/Tests/EndToEnd/Fixtures/officer.py", scenario, town.executables + "/pejling"]
                + arguments,
            bound: 120)
        #expect(result.code == 0, "\(result.errors)")
        return try JSONDecoder().decode(Session.self, from: Data(result.output.utf8))
    }

    @Test("twelve statuses by keys: a sentence each the first year, Enter keeps them the next; all of it handed in")
    func years() throws {
        let town = try Town.made()
        let first = try sit(
            "first_year", town, "status", "--node", "SUF", "--follow-up", "lgbti/2019", "--person", "p7")
        #expect(first.code == 0, "\(first.screen)")
        #expect(first.screen.contains("SUF har indleveret 12 svar til lgbti/2019"), "\(first.screen)")
        let next = try sit("as_last", town, "status", "--node", "suf", "--follow-up", "lgbti/2020", "--person", "p7")
        #expect(next.screen.contains("SUF har indleveret 12 svar til lgbti/2020"), "\(next.screen)")
        #expect(next.screen.contains("Kurset er holdt to gange"), "last time's answer is shown")
        // Ten statuses in five minutes: at 40 words a minute (200 keys) that is 1,000 keys.
        #expect(first.keys * 10 / 12 < 1000)
        #expect(next.keys == 13, "one key for each, and one to hand in")
        for line in first.screen.split(separator: "\r\n") where !line.contains("hvad er gjort") {
            #expect(line.count <= 80, "\(line)")
        }
        let log = try PublisherLog(
            folder: town.folder + "/var/nodes/SUF", publisher: "SUF", synthetic: false, create: false)
        let said = try log.look { try $0.lines(of: [.status]) }.filter { $0.envelope.id.hasSuffix("|lgbti/2020") }
        #expect(said.count == 12 && said.allSatisfy { $0.envelope.by.person == "p7" })
    }

    @Test("back, skip and stop lose nothing, and a change of state gives no peace until it says why")
    func stops() throws {
        let town = try Town.made()
        let session = try sit("stops", town, "status", "--node", "BIF", "--follow-up", "lgbti/2019")
        #expect(
            session.code == 0
                && session.screen.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(
                    "er forsinket (før: gennemført), fordi: Sygdom hos to")
        )
        let log = try PublisherLog(
            folder: town.folder + "/var/nodes/BIF", publisher: "BIF", synthetic: false, create: false)
        let drafts = try PrivateStore(folder: town.folder + "/var/nodes/BIF").drafts(log)
        #expect(drafts.count == 1)
        let status = try #require(try JSONDecoder().decode(EntryLine.self, from: Data(drafts[0].entry)).status)
        #expect(status.done?.da == "Æblet faldt – “langt” fra stammen")
        #expect(status.deviation?.da == "Sygdom" && status.action == nil)
        #expect(try log.look { try $0.lines(of: [.status]) }.allSatisfy { !$0.envelope.id.hasSuffix("|lgbti/2019") })
    }

    @Test("figures are asked for as people write them, and what can be read in two ways is asked about")
    func figures() throws {
        let town = try Town.made()
        let session = try sit("figure", town, "reading", "--node", "BIF")
        #expect(session.code == 0 && session.screen.contains("Ikke indleveret"), "\(session.screen)")
        let log = try PublisherLog(
            folder: town.folder + "/var/nodes/BIF", publisher: "BIF", synthetic: false, create: false)
        let drafts = try PrivateStore(folder: town.folder + "/var/nodes/BIF").drafts(log)
        #expect(drafts.map(\.kind) == ["reading"] && drafts[0].followUp == "integration/2019")
        let reading = try #require(try JSONDecoder().decode(EntryLine.self, from: Data(drafts[0].entry)).reading)
        #expect(reading.value?.number?.description == "56.5" && reading.denominator?.description == "41000")
    }

    @Test("asked whether a record's body is to go, a person sees its words; no changes nothing, yes removes it")
    func redacts() throws {
        let town = try Town.made()
        let id = "lgbti/bif/tryg-indkvartering/aftale"
        for more in [["--what", "Aftale med Jens Hansen"], ["--done", "2020-05"]] {
            #expect(try town.pejling(["milestone", id, "--node", "BIF"] + more).code == 0)
        }
        let log = try PublisherLog(
            folder: town.folder + "/var/nodes/BIF", publisher: "BIF", synthetic: false, create: false)
        func versions() throws -> [Line] {
            try log.look { try $0.lines(of: [.milestone]) }.filter { $0.envelope.id == id }
        }
        let (before, head) = (try versions(), try log.head())
        #expect(before.count == 2)
        func sit(_ scenario: String, _ more: String...) throws -> Session {
            try self.sit(
                scenario, town,
                ["redact", before[0].name.description, "--node", "BIF", "--reason", "Et navn", "--decision", "DPO 7"]
                    + more)
        }
        for scenario in ["keeps", "presses_enter"] {
            let session = try sit(scenario)
            #expect(session.code == 1 && session.screen.contains("nothing was changed"), "\(session.screen)")
            #expect(session.screen.contains("what.da: Aftale med Jens Hansen"), "\(session.screen)")
            #expect(session.screen.contains("another version also holds these words"), "\(session.screen)")
            #expect(try versions() == before && log.head() == head)
        }
        let session = try sit("removes", "--all-versions")
        #expect(session.code == 0, "\(session.screen)")
        #expect(session.screen.contains("Remove the bodies of these 2 records for good?"), "\(session.screen)")
        #expect(try versions() == before.map(\.redacted))
        #expect(try log.head().seq == head.seq + 2, "an order for each")
    }

    @Test("with nobody at a terminal nobody is asked: what lacks is named")
    func nobody() throws {
        let town = try Town.made()
        for (arguments, words) in [
            (["status", "--node", "BIF"], "an id, --follow-up, --delivery missing"),
            (["reading", "--node", "BIF"], "the measure's id is missing"),
            (["fund", "--node", "BIF"], "the initiative's id is missing"),
            (["hand-in", "--node", "BIF"], "the follow-up's id is missing"),
            (["approve", "--node", "BIF"], "the follow-up's id is missing"),
            (["milestone", "lgbti/bif/x/y", "--node", "BIF"], "--what"),
            (["withdraw", "lgbti/bif/x", "--follow-up", "lgbti/2019", "--node", "BIF"], "--reason is missing"),
        ] {
            let result = try town.pejling(arguments)
            #expect(result.code == 1 && result.errors.contains(words), "\(arguments): \(result.errors)")
        }
    }
}
