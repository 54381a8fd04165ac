import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What changed since last time, and what was decided before, in the report over all policies.
@Suite("Changes and decisions in the combined report")
struct CombinedChangesTests {
    private func sample() throws -> ChangesSample {
        var sample = try ChangesTextTests.sample()
        func decide(_ number: Int, _ date: String, _ text: String, done: String? = nil) throws {
            try sample.maker.add(
                "coordinator",
                Decision(
                    id: "p|\(date)|\(number)", policy: "p", body: "ØU", date: PartialDate(date)!,
                    item: "Punkt \(number)",
                    text: LocalizedText(da: text), about: ["p/bif/a"],
                    followedUp: done.map { .init(date: PartialDate("2020-11")!, text: LocalizedText(da: $0)) }))
        }
        try decide(1, "2020-05-01", "Flere <pladser> & penge")
        try decide(1, "2020-03-01", "Ny aftale", done: "Aftalen er indgået")
        try decide(2, "2020-03-01", "Undersøg behovet")
        try decide(1, "2021-05-01", "Kommer først")
        return sample
    }

    private func report(_ state: LedgerState, _ language: Language = .danish) throws -> CombinedReport {
        try CombinedReport(state, on: day("2021-02-01"), language: language, program: "pejling 0")
    }

    @Test("the section is the view since last time, the least left out, after the first page and before the rest")
    func section() throws {
        let state = try sample().maker.state
        let report = try report(state)
        let view = state.changesSinceLast(on: day("2021-02-01"))
        #expect(report.changes.list.items.count == view.rows.count { $0.weight != .minor })
        #expect(report.changes.list.leftOut == view.rows.count { $0.weight == .minor })
        #expect(
            report.changes.compared.first?.contains("svarene på »Status p/2019« mod svarene på »Status p/2020«") == true
        )
        let first = try #require(report.changes.list.items.first { $0.what == "Status" })
        #expect(first.change == "I gang efter planen (p/2019) → Forsinket (p/2020)")
        #expect(first.subject.anchor == "i-p-bif-a" && first.owner?.id == "BIF")
        #expect(first.notes.map(\.name) == ["Hvorfor"])
        let text = report.markdown()
        let places = try ["## På én side", "## Hvad er ændret siden sidst", "## Indstilling"].map {
            try #require(text.range(of: "\n\($0)\n")).lowerBound
        }
        #expect(places == places.sorted())
        #expect(text.contains("I gang efter planen (p/2019) → Forsinket (p/2020)"))
    }

    @Test(
        "decisions: the open ones first, the oldest at the top, then how the others were followed up; none before its day"
    )
    func decisions() throws {
        let report = try report(try sample().maker.state)
        #expect(report.decisions.map(\.text.text) == ["Undersøg behovet", "Flere <pladser> & penge", "Ny aftale"])
        #expect(report.decisions.map(\.isOpen) == [true, true, false])
        #expect(
            report.decisions.map(\.standing) == ["Åben i 337 dage", "Åben i 276 dage", "Fulgt op november 2020"])
        #expect(report.decisions[2].followedUp?.text == "Aftalen er indgået")
        #expect(report.decisions[0].about.map(\.text) == ["Titel p/bif/a"])
        #expect(report.markdown().contains("3 beslutninger: 2 er ikke fulgt op."))
        #expect(report.markdown().contains("| **Fulgt op november 2020**: Aftalen er indgået |"))
    }

    @Test("the HTML is well-formed with both, in both languages; JSON reads back", arguments: Language.allCases)
    func html(language: Language) throws {
        let report = try report(try sample().maker.state, language)
        let html = report.html()
        let parser = XMLParser(data: Data(html.utf8))
        let page = PageCounter()
        parser.delegate = page
        #expect(parser.parse(), "\(String(describing: parser.parserError)) at line \(parser.lineNumber)")
        page.check()
        #expect(page.ids.contains("changes") && page.ids.contains("decisions"))
        #expect(html.contains("Flere &lt;pladser&gt; &amp; penge"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        #expect(try decoder.decode(CombinedReport.self, from: Data(report.json().utf8)) == report)
        if language == .english {
            for danish in [
                "Hvad er ændret", "kræver opmærksomhed", "sagsbehandler", "Beslutning<", "svarene", "ændringer",
            ] {
                #expect(!html.contains(danish), "\(danish)")
            }
        }
    }

    @Test("at most so many stand there; the rest is counted, with the command that shows it")
    func bounded() throws {
        var sample = try ChangesSample()
        for number in 1...30 {
            try sample.maker.add("BIF", Sample.initiative("p/bif/nr-\(number)", line: number * 4))
        }
        for number in 1...30 {
            try sample.answer("p/bif/nr-\(number)", "p/2019", .delayed, on: "2019-12-20")
        }
        let report = try report(sample.maker.state)
        #expect(report.changes.list.items.count == 12 && report.changes.list.leftOut == 18)
        let note = try #require(report.changes.list.note)
        #expect(note.hasPrefix("18 flere") && note.contains("pejling view changes"))
        #expect(report.html().contains(note) && report.markdown().contains(note))
        #expect(report.changes.summary.first == "30 ændringer: 30 svar.")
    }
}
