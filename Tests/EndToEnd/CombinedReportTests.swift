import Foundation
import Testing

/// The report over all policies, as a user gets it.
@Suite("The combined report, as a user gets it", .serialized, .oneAtATime)
struct CombinedReportTests {
    @Test(
        "up --once writes it over all four policies, its links lead to files, and a figure entered is in the next one")
    func written() throws {
        let town = try Town()
        let up = try town.pejling("up", "--once")
        #expect(up.code == 0, "\(up.errors)")
        let paths = up.output.components(separatedBy: "\n").filter { $0.hasPrefix("report: ") }.map { $0.dropFirst(8) }
        let combined = try #require(paths.first)
        #expect(combined.hasPrefix("reports/all-") && combined.hasSuffix(".html"))
        let html = try town.read(String(combined))
        for policy in ["lgbti", "handicap", "integration", "integrationshandleplan"] {
            #expect(html.contains("id=\"p-\(policy)\"") && html.contains("href=\"\(policy)-opening.html"))
            #expect(paths.contains { $0 == "reports/\(policy)-opening.html" }, "a link of the report leads there")
        }
        let json = try town.read(combined.dropLast(5) + ".json")
        for id in ["lgbti/bif/tryg-indkvartering", "integration/beskaeftigelsesfrekvens"] {
            #expect(json.contains("\"\(id)\""))
        }
        #expect(!json.contains("57 pct. (") && json.contains("\"overlaps\"") && json.contains("\"contradictions\""))

        let said = try town.pejling(
            "reading", "integration/beskaeftigelsesfrekvens", "--node", "BIF", "--period", "2019", "--numerator",
            "23370",
            "--denominator", "41000")
        #expect(said.code == 0, "\(said.errors)")
        _ = try town.pejling("up", "--once")
        let again = try town.pejling(
            "report", "all", "--format", "md", "--lang", "en", "--on", "2021-02-01", "--out", "later")
        #expect(again.code == 0 && again.errors.isEmpty, "\(again.errors)")
        #expect(again.output.hasPrefix("later/all-2021-02-01.en.md\n"))
        let markdown = try town.read("later/all-2021-02-01.en.md")
        #expect(markdown.contains("57 per cent (23,370 of 41,000), 2019"))
        #expect(markdown.contains("● **on course**: From 56 to 57"))
    }

    @Test("a follow-up belongs to one policy: with all it is refused, with the way out")
    func followUp() throws {
        let town = try Town()
        let refused = try town.pejling("report", "all", "--follow-up", "lgbti/2019")
        #expect(refused.code == 64 && refused.errors.contains("belongs to one policy: name it instead of all"))
    }
}
