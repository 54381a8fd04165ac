import Foundation
import Testing

/// What changed since last time, asked of a whole Pejling: two years' answers, a decision, a return, an approval.
@Suite("Changes, as a user asks for them", .serialized, .oneAtATime)
struct ChangesRunTests {
    private static let a = "lgbti/bif/tryg-indkvartering"
    private static let b = "lgbti/bif/oplysningskampagne"

    private func say(_ town: Town, _ arguments: String...) throws {
        let said = try town.pejling(arguments)
        try #require(said.code == 0, "\(arguments): \(said.errors)")
    }

    /// BIF answers 2019 and 2020, has 2019 approved, and one of 2020 is returned.
    private func town() throws -> (town: Town, start: Int64) {
        let town = try Town.made()
        let start = try town.verify().records
        for (id, followUp, delivery) in [
            (Self.a, "lgbti/2019", "on_track"), (Self.b, "lgbti/2019", "on_track"), (Self.a, "lgbti/2020", "delayed"),
            (Self.b, "lgbti/2020", "on_track"),
        ] {
            try say(
                town, "status", id, "--node", "BIF", "--follow-up", followUp, "--delivery", delivery, "--done", "Godt",
                "--reason", "Fordi \(followUp)", "--person", "p17", "--hand-in")
        }
        try say(
            town, "fund", Self.a, "--node", "BIF", "--state", "funded", "--until", "2030", "--decision", "Budget 2020")
        try say(town, "approve", "lgbti/2019", "--node", "BIF", "--yes")
        try #require(try town.pejling("up", "--once").code == 0)
        try say(
            town, "return", "lgbti/2020", "BIF", "--as", "OKF", "--about", Self.b, "--note", "Hvor mange?", "--person",
            "p7")
        try say(
            town, "decide", "lgbti", "--as", "OKF", "--body", "OU", "--date", "2020-03-10", "--text", "Flere boliger")
        try #require(try town.pejling("up", "--once").code == 0)
        return (town, start)
    }

    @Test("since a follow-up, since a position, as table, CSV and JSON; the report over all policies has it too")
    func course() throws {
        let (town, start) = try town()
        let since = try town.pejling("view", "changes", "--since", "lgbti/2019", "--on", "2021-01-15")
        #expect(since.code == 0, "\(since.errors)")
        for part in [
            "lgbti: svarene på »Årlig status 2019« mod svarene på »Årlig status 2020«; ",
            "BIF · Tryg indkvartering [\(Self.a)]\n  ! Status: I gang efter planen (lgbti/2019) → Forsinket (lgbti/2020)\n",
            "BIF, sagsbehandler p17, ", "Hvorfor: Fordi lgbti/2020", "+ Penge: intet → Finansieret til 2030",
            "! Svar fra BIF: 1 post → sendt tilbage (lgbti/2020)", "ØKF, koordinator p7, ", "Hvorfor: Hvor mange?",
            "# Beslutning (lgbti|2020-03-10|1): intet → »Flere boliger«",
            "Svar fra BIF: 3 poster → godkendt (lgbti/2019)",
        ] {
            #expect(since.output.contains(part), "\(part) is not in \(since.output)")
        }
        #expect(
            try town.pejling("view", "changes", "--on", "2021-01-15", "--policy", "lgbti").output == since.output,
            "without --since: since the follow-up answered before")
        let json = try town.pejling(
            "view", "changes", "--since", String(start), "--on", "2021-01-15", "--format", "json")
        struct View: Decodable {
            struct Row: Decodable {
                struct Fact: Decodable { let fact: String, code: String? }
                let kind: String, subject: String, to: Fact
                let changed_since_approval: Bool
                let stage: String?
            }
            let rows: [Row]
        }
        let rows = try JSONDecoder().decode(View.self, from: Data(json.output.utf8)).rows
        #expect(rows.count { $0.kind == "status" } == 4)
        #expect(Set(rows.filter { $0.kind == "status" }.compactMap(\.stage)) == ["approved", "handed_in", "returned"])
        let csv = try town.pejling("view", "changes", "--since", "lgbti/2019", "--on", "2021-01-15", "--format", "csv")
        #expect(csv.output.hasPrefix("weight,kind,policy,subject,"))
        #expect(csv.output.components(separatedBy: "\r\n").dropLast().count > 4)

        #expect(try town.pejling("report", "all", "--on", "2021-01-15", "--format", "md").code == 0)
        let report = try town.read("reports/all-2021-01-15.md")
        #expect(report.contains("## Hvad er ændret siden sidst"))
        #expect(report.contains("I gang efter planen (lgbti/2019) → Forsinket (lgbti/2020)"))
        #expect(
            report.contains(
                "| Flere boliger | Økonomiudvalget, 10. marts 2020 | LGBTI+-politikken | **Åben i 311 dage** |"))

        // What is approved, and then said otherwise, is changed since.
        try say(
            town, "status", Self.a, "--node", "BIF", "--follow-up", "lgbti/2019", "--delivery", "paused", "--done",
            "Godt",
            "--reason", "Rettelse", "--hand-in")
        try #require(try town.pejling("up", "--once").code == 0)
        let changed = try town.pejling("view", "changes", "--since", String(try town.verify().records - 2))
        #expect(changed.output.contains("ændret efter godkendelse"), "\(changed.output)")
        let open = try town.pejling("export", "--out", "open")
        #expect(
            open.code == 0
                && open.errors.contains("note: left out, since nobody has approved them: 2 statuses")
                && !open.errors.contains("funding"), "money is approved with the follow-up: \(open.errors)")
        let statuses = try town.read("open/statuses.csv")
        #expect(statuses.contains("\(Self.a),lgbti/2019,BIF,on_track,") && statuses.contains(",approved,true\r\n"))
        #expect(!statuses.contains("lgbti/2020,BIF") && !statuses.contains(",paused,"))
        try #require(try town.pejling("export", "--all", "--out", "all").code == 0)
        #expect(try town.read("all/statuses.csv").contains("\(Self.a),lgbti/2019,BIF,paused,"))
        #expect(try town.read("all/returns.csv").contains("Hvor mange?"))
    }

    @Test("what cannot be compared is refused with the way out")
    func refused() throws {
        let town = try Town.made()
        for (since, words) in [
            ("lgbti/2091", "no follow-up “lgbti/2091”; like it: lgbti/2019"), ("i fjor", "is no follow-up such as"),
            ("999999", "beyond the ledger"), ("2019-12", "no day such as"),
        ] {
            let result = try town.pejling("view", "changes", "--since", since)
            #expect(result.code == 1 && result.errors.contains(words), "\(since): \(result.errors)")
        }
        let other = try town.pejling("view", "changes", "--since", "lgbti/2019", "--policy", "handicap")
        #expect(other.code == 1 && other.errors.contains("which --policy leaves out"), "\(other.errors)")
    }
}
