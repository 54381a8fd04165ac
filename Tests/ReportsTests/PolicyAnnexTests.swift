import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What outside organisations said and what bodies decided, in the report on one policy.
@Suite("Contributions and decisions in the report on one policy")
struct PolicyAnnexTests {
    private func sample() throws -> ChangesSample {
        var sample = try ChangesSample()
        func say(_ followUp: String, _ number: Int, _ text: String, about: String? = nil, date: String? = nil) throws
            -> Contribution
        {
            let body = Contribution(
                id: "\(followUp)|\(number)", followUp: followUp, organisation: "Forening \(number)",
                text: LocalizedText(da: text), about: about, date: date.flatMap { PartialDate($0) })
            try sample.maker.add("coordinator", body)
            return body
        }
        _ = try say("p/2020", 1, "Året efter")
        _ = try say("p/2019", 2, "Godt <gået> & set", about: "p/bif/a", date: "2019-11-01")
        _ = try say("p/2019", 3, "Kommer først", date: "2022-01-01")
        let gone = try say("p/2019", 4, "Taget tilbage")
        let record = try #require(sample.maker.lines.last?.name)
        try sample.maker.add(
            "coordinator",
            Withdrawal(
                record: record, withdrawn: .contribution, id: gone.id, policy: "p", reason: LocalizedText(da: "Fejl")))
        for (policy, text) in [("p", "Flere pladser"), ("q", "Om en anden politik")] {
            try sample.maker.add(
                "coordinator",
                Decision(
                    id: "\(policy)|2019-06-02|1", policy: policy, body: "ØU", date: PartialDate("2019-06-02")!,
                    text: LocalizedText(da: text)))
        }
        return sample
    }

    private func report(_ state: LedgerState, _ language: Language = .danish) throws -> ReportModel {
        try ReportModel(state, policy: "p", on: day("2021-02-01"), language: language, program: "pejling 0")
    }

    @Test(
        "contributions in the order of the follow-ups, without what was taken back or came later; the policy's decisions"
    )
    func annexes() throws {
        let report = try report(try sample().maker.state)
        let contributions = try #require(report.contributions)
        #expect(contributions.map(\.text.text) == ["Godt <gået> & set", "Året efter"])
        #expect(contributions.map { $0.about?.text } == ["Titel p/bif/a", nil])
        #expect(report.decisions.map(\.text.text) == ["Flere pladser"])
        let text = report.markdown()
        let places = try ["Metode og definitioner", "Bidrag udefra", "Tidligere beslutninger", "Kilder og sporbarhed"]
            .map { title in try #require(text.range(of: ": \(title)\n")).lowerBound }
        #expect(places == places.sorted())
        #expect(text.contains("| Forening 1 | Året efter | p/2020 |"))
        #expect(text.contains("1 beslutning: 1 er ikke fulgt op."))
    }

    @Test("the HTML is well-formed with both, and leads to them; the JSON reads back", arguments: Language.allCases)
    func html(language: Language) throws {
        let report = try report(try sample().maker.state, language)
        let html = report.html()
        let parser = XMLParser(data: Data(html.utf8))
        let page = PageCounter()
        parser.delegate = page
        #expect(parser.parse(), "\(String(describing: parser.parserError)) at line \(parser.lineNumber)")
        page.check()
        #expect(page.targets.contains("contributions") && page.targets.contains("decisions"))
        #expect(html.contains("Godt &lt;gået&gt; &amp; set"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        #expect(try decoder.decode(ReportModel.self, from: Data(report.json().utf8)) == report)
    }

    @Test("where nobody contributed there is no such annex")
    func none() throws {
        let report = try report(try ChangesSample().maker.state)
        #expect(report.contributions == nil && !report.html().contains("contributions"))
    }
}
