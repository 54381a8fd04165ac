import Foundation
import Testing

@Suite("A person's word on links", .serialized, .oneAtATime)
struct LinkTests {
    static let natteliv = "lgbti/bif/et-trygt-natteliv"
    static let plan = "integrationshandleplan/bif/trygt-natteliv-uden-diskrimination"
    static let slottet = "lgbti/suf/slottet"
    static let home = "integrationshandleplan/suf/plejehjem-med-mangfoldighedsprofil"

    @Test(
        "accept and reject while nothing runs: sent at the next up, remembered, and in the export with both sides' lines"
    )
    func offline() throws {
        let town = try Town.made()
        let before = try town.verify().records
        let suggested = try town.pejling("view", "overlaps", "--format", "csv")
        #expect(suggested.output.contains("\(Self.plan),"))
        let dry = try town.pejling(
            "link", "accept", Self.natteliv, Self.plan, "--as", "BIF", "--reason", "Det samme", "--dry-run")
        #expect(dry.code == 0 && dry.output.contains("nothing saved"), "\(dry.errors)")
        let accepted = try town.pejling(
            "link", "accept", Self.natteliv, Self.plan, "--as", "BIF", "--reason", "Samme indsats", "--person", "p7")
        #expect(accepted.code == 0, "\(accepted.errors)")
        #expect(accepted.output.contains("BIF accepted that \(Self.plan) same_as \(Self.natteliv)"))
        #expect(accepted.output.contains("at the next `pejling up`"))
        let rejected = try town.pejling(
            "link", "reject", Self.slottet, Self.home, "--as", "OKF", "--reason", "To forskellige plejehjem")
        #expect(rejected.code == 0, "\(rejected.errors)")
        let again = try town.pejling("link", "accept", Self.plan, Self.natteliv, "--as", "BIF", "--reason", "Igen")
        #expect(again.code == 1 && again.errors.contains("already"), "\(again.errors)")
        #expect(try town.verify().records == before, "nothing is in the ledger yet")

        let up = try town.pejling("up", "--once")
        #expect(up.code == 0, "\(up.errors)")
        #expect(try town.verify().records == before + 2)
        let view = try town.pejling("view", "overlaps", "--format", "csv").output.components(separatedBy: "\r\n")
        #expect(view.contains { $0.contains(Self.natteliv) && $0.contains("accepted") && $0.contains("Samme indsats") })
        #expect(!view.contains { $0.contains(Self.slottet) && $0.contains(Self.home) })
        let all = try town.pejling("view", "overlaps", "--rejected", "--format", "csv").output
        #expect(all.components(separatedBy: "\r\n").contains { $0.contains(Self.home) && $0.contains("rejected") })
        _ = try town.pejling("export", "--out", "data")
        let links = try town.read("data/links.csv").components(separatedBy: "\r\n")
        let row = try #require(links.first { $0.hasPrefix("\(Self.plan),\(Self.natteliv),same_as,accepted,") })
        #expect(row.contains(".txt:4581-4592") && row.contains(".txt:236-241"))
        #expect(links.contains { $0.contains("rejected") && $0.contains(Self.home) })
    }

    @Test("a word given while all runs is in the ledger at once, and a changed mind is a second record")
    func running() throws {
        let town = try Town.made()
        let up = try town.up()
        for (word, reason) in [("accept", "Det samme"), ("reject", "Ved nærmere eftersyn to ting")] {
            let said = try town.pejling(
                "link", word, Self.natteliv, Self.plan, "--kind", "same_as", "--as", "ØKF", "--reason", reason)
            #expect(said.code == 0 && said.output.contains("it runs: now"), "\(said.errors)")
            try eventually("\(word) is in the ledger") {
                try town.pejling("view", "overlaps", "--rejected", "--format", "json").output.contains(reason)
            }
        }
        let links = try town.pejling("view", "links", "--format", "csv").output
        #expect(links.contains("same_as,rejected"))
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        #expect(try town.verify().records > 0)
    }

    @Test(
        "what cannot be decided is refused with the way out; the views say what the documents hold, in both languages")
    func refusedAndShown() throws {
        let town = try Town.made()
        for (arguments, words) in [
            (["accept", Self.natteliv + "x", Self.plan, "--as", "BIF"], "did you mean \(Self.natteliv)?"),
            (["accept", Self.natteliv, "handicap/vision", "--as", "ØKF"], "nothing links"),
            (
                ["reject", Self.natteliv, Self.plan, "--as", "TMF"],
                "BIF (integrationshandleplan) or ØKF (lgbti) decides"
            ),
            (["reject", Self.natteliv, Self.plan, "--as", "BIF", "--kind", "same"], "is none of same_as"),
        ] {
            let result = try town.pejling(["link"] + arguments + ["--reason", "Derfor"])
            #expect(result.code == 1)
            #expect(result.errors.contains(words), "\(result.errors)")
        }
        let table = try town.pejling("view", "overlaps").output.components(separatedBy: "\n")
        #expect(table.first { $0.contains("Foreslået") }?.contains(Self.natteliv) == true)
        let danish = try town.pejling("view", "contradictions", "--on", "2019-06-01").output
        #expect(danish.contains("To tal for det samme") && danish.contains("[1898-1901]"))
        #expect(danish.contains("[3398-3399,3455]"))
        let english = try town.pejling("view", "contradictions", "--on", "2019-06-01", "--lang", "en").output
        #expect(english.contains("Two figures for one thing"))
        let csv = try town.pejling("view", "contradictions", "--format", "csv").output
        #expect(csv.components(separatedBy: "\r\n").count == 9, "a head, 3 + 2 + 2 sides, and the end of the last line")
    }

    @Test("without data the command says what to do first")
    func withoutData() throws {
        let town = try Town()
        let result = try town.pejling("link", "accept", Self.natteliv, Self.plan, "--as", "BIF", "--reason", "Derfor")
        #expect(result.code == 1)
        #expect(result.errors.contains("pejling up"))
    }
}
