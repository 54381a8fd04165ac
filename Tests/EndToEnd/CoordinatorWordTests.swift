import Foundation
import Testing

/// The coordinating forvaltning's side of collecting, from the command line, with and without a broker.
@Suite("The coordinator's word on answers", .serialized, .oneAtATime)
struct CoordinatorWordTests {
    private static let a = "lgbti/bif/tryg-indkvartering"
    private static let b = "lgbti/bif/oplysningskampagne"

    /// BIF hands in two statuses for `lgbti/2019`; all of it is in the ledger.
    private func town() throws -> Town {
        let town = try Town.made()
        for id in [Self.a, Self.b] {
            let said = try town.pejling(
                "status", id, "--node", "BIF", "--follow-up", "lgbti/2019", "--delivery", "on_track", "--done", "Godt",
                "--reason", "Begyndt", "--hand-in")
            try #require(said.code == 0, "\(said.errors)")
        }
        try #require(try town.pejling("up", "--once").code == 0)
        return town
    }

    private func state(_ town: Town, _ about: String) throws -> String {
        let csv = try town.pejling("due", "--all", "--follow-up", "lgbti/2019", "--format", "csv").output
        let lines = csv.components(separatedBy: "\r\n").map { $0.components(separatedBy: ",") }
        let column = try #require(lines[0].firstIndex(of: "about")),
            state = try #require(lines[0].firstIndex(of: "state"))
        return try #require(lines.first { $0.count > state && $0[column] == about })[state]
    }

    @Test("returned, approved and accepted while nothing runs: each word is sent at the next up, and shows in due")
    func course() throws {
        let town = try town()
        #expect(try state(town, Self.a) == "handed_in")
        let early = try town.pejling("accept", "lgbti/2019", "BIF", "--as", "OKF")
        #expect(early.code == 1 && early.errors.contains("approved none"), "\(early.errors)")
        let returning = ["return", "lgbti/2019", "BIF", "--as", "OKF", "--about", Self.a, "--note", "Hvor mange?"]
        let dry = try town.pejling(returning + ["--dry-run"])
        #expect(dry.code == 0 && dry.output.contains("nothing saved"), "\(dry.errors)")
        let back = try town.pejling(returning + ["--person", "p7"])
        #expect(back.code == 0 && back.output.contains("ØKF returns 1 answer of BIF"), "\(back.errors)")
        #expect(back.output.contains("at the next `pejling up`"))
        let again = try town.pejling(returning)
        #expect(again.code == 1 && again.errors.contains("returned already"), "seen though the broker is away")
        try #require(try town.pejling("up", "--once").code == 0)
        #expect(try state(town, Self.a) == "returned")
        #expect(try town.pejling("due", "--on", "2020-01-15").output.contains("at se på: »Hvor mange?«"))

        let better = try town.pejling(
            "status", Self.a, "--node", "BIF", "--follow-up", "lgbti/2019", "--delivery", "on_track", "--done",
            "Fem boliger", "--hand-in")
        #expect(better.code == 0, "\(better.errors)")
        let approved = try town.pejling("approve", "lgbti/2019", "--node", "BIF", "--yes")
        #expect(approved.code == 0, "\(approved.errors)")
        try #require(try town.pejling("up", "--once").code == 0)
        #expect(try state(town, Self.a) == "approved")
        let foreign = try town.pejling("accept", "lgbti/2019", "BIF", "--as", "BIF")
        #expect(foreign.code == 1 && foreign.errors.contains("only ØKF"), "\(foreign.errors)")
        let accepted = try town.pejling("accept", "lgbti/2019", "BIF", "--as", "OKF")
        #expect(accepted.output.contains("ØKF accepts 2 answers that BIF approved"), "\(accepted.errors)")
        try #require(try town.pejling("up", "--once").code == 0)
        #expect(try state(town, Self.a) == "accepted" && state(town, Self.b) == "accepted")
        let shown = try town.pejling("show", "lgbti/2019").output
        #expect(shown.contains("Accepteret: det, BIF godkendte for lgbti/2019"))
        #expect(shown.contains("acceptance lgbti/2019|BIF|1") && shown.contains("»Hvor mange?«"))
    }

    @Test("more time, decisions, contributions and taking back, while all runs: in the ledger at once")
    func running() throws {
        let town = try Town.made()
        let up = try town.up()
        for (arguments, words) in [
            (
                ["exempt", "lgbti/2019", "BUF", "--until", "2020-02-15", "--reason", "Flytning"],
                "gives BUF until 2020-02-15"
            ),
            (
                ["decide", "lgbti", "--body", "OU", "--date", "2020-03-10", "--about", "lgbti/2019", "--text", "Set"],
                "records decision lgbti|2020-03-10|1 of ØU"
            ),
            (
                ["decide", "--followed-up", "lgbti|2020-03-10|1", "--date", "2020-06", "--text", "Gjort"],
                "followed up decision lgbti|2020-03-10|1"
            ),
            (
                ["contribute", "lgbti/slut-2023", "--organisation", "En forening", "--text", "Godt"],
                "records contribution lgbti/slut-2023|1"
            ),
            (["withdraw", "lgbti/slut-2023|1", "--reason", "Forkert"], "withdraws contribution lgbti/slut-2023|1"),
        ] {
            let said = try town.pejling(arguments + ["--as", "ØKF"])
            #expect(said.code == 0 && said.output.contains(words), "\(said.output)\(said.errors)")
            #expect(said.output.contains("it runs: now"))
        }
        try eventually("the exception is in the ledger") {
            try town.pejling("due", "--forvaltning", "BUF", "--on", "2020-01-15").output.contains(
                "udsat til 15. februar 2020: Flytning")
        }
        let late = try town.pejling("due", "--forvaltning", "BUF", "--on", "2020-02-16", "--format", "csv").output
        let row = try #require(late.components(separatedBy: "\r\n").first { $0.hasPrefix("lgbti/2019,") })
        #expect(row.contains(",missing,1,"), "one day late, from the exception's end: \(row)")
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
    }

    @Test("what cannot be said is refused with the way out, and nothing is saved")
    func refused() throws {
        let town = try Town()
        let without = try town.pejling("accept", "lgbti/2019", "BIF", "--as", "OKF")
        #expect(without.code == 1 && without.errors.contains("pejling up"), "\(without.errors)")
        try #require(try town.pejling("up", "--once").code == 0)
        let before = try town.verify().records
        for (arguments, words) in [
            (["return", "lgbti/2019", "BIF", "--note", "x"], "has handed in nothing"),
            (["exempt", "lgbti/2019", "BIF", "--until", "snart", "--reason", "x"], "--until “snart” is no date"),
            (["decide", "lgbti", "--body", "OU", "--date", "2020", "--text", " "], "--text is empty"),
            (["decide", "lgbti", "--date", "2020", "--text", "x"], "say who decided"),
            (["decide", "--followed-up", "x", "--item", "7", "--date", "2020", "--text", "x"], "leave them out"),
            (["withdraw", "lgbti/2019|BIF|1", "--node", "BIF", "--reason", "x"], "say whose word it is"),
        ] {
            let result = try town.pejling(arguments + ["--as", "OKF"])
            #expect(result.code != 0 && result.errors.contains(words), "\(arguments): \(result.output)\(result.errors)")
        }
        let unknown = try town.pejling("due", "--follow-up", "lgbti/2018")
        #expect(unknown.code == 1 && unknown.errors.contains("did you mean lgbti/2019?"), "\(unknown.errors)")
        let nobody = try town.pejling("due", "--forvaltning", "XX")
        #expect(nobody.code == 1 && nobody.errors.contains("is none of BIF"), "\(nobody.errors)")
        try #require(try town.pejling("up", "--once").code == 0)
        #expect(try town.verify().records == before)
    }
}
