import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The matrix in a terminal, and how far answers have come in the reports: never blank, never colour alone.
@Suite("Answers in views and reports")
struct MatrixTextTests {
    /// BIF has two concrete initiatives for `p/2019` and a question to answer; ØKF was never heard.
    private static func ledger(_ more: (inout LedgerMaker) throws -> Void = { _ in }) throws -> LedgerState {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        var followUp = Sample.followUp("p/2019", opens: "2019-12", due: "2019-12-31")
        followUp.questions = [
            FollowUp.Question(
                id: "p/erfaringer", text: LocalizedText(da: "Hvilke erfaringer?", en: "What experience?"),
                source: Sample.source)
        ]
        try maker.add("p", Sample.policy([Sample.followUp("p/opening", owedBy: [], kind: .opening), followUp]))
        try maker.add("BIF", Sample.initiative("p/bif/a", title: "Kursus"))
        try maker.add("BIF", Sample.initiative("p/bif/b", title: "Kampagne", line: 20))
        try maker.add("BIF", Sample.initiative("p/bif/c", title: "Uden mærke", kind: .commitment, line: 30))
        try more(&maker)
        return maker.state
    }

    private static func course(_ maker: inout LedgerMaker) throws {
        maker.on("2020-01-03")
        let a = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .delayed, printed: false))
        let b = try maker.add("BIF", Sample.status("p/bif/b", "p/2019", .onTrack, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [a, b]))
        try maker.add("BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: [a, b]))
        maker.on("2020-01-09")
        try maker.add(
            "coordinator",
            Return(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", about: "p/bif/a", records: [a],
                note: LocalizedText(da: "Hvor mange deltagere?")))
        let again = try maker.add("BIF", Sample.status("p/bif/b", "p/2019", .completed, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [again]))
    }

    @Test("the whole matrix in 60 columns: states with sign, word and count; below it who lacks what since when")
    func table() throws {
        let text = try Self.ledger(Self.course).matrix(on: day("2020-01-15")).text(width: 60)
        #expect(
            text == """
                Hvem har indberettet, pr. 15. januar 2020

                     p
                     2019
                     frist 2019-12-31
                ---  -----------------
                BIF  ↩ tilbage 1/3
                     15 dage over
                ØKF  ✕ ikke hørt 0/1
                     15 dage over

                3/8: 3 af de 8 svar, der bedes om, er indberettet (ved
                  »tilbage« og »ændret«: er sendt tilbage, er ændret). Et
                  tal alene: dem alle.

                Hvem mangler hvad, og siden hvornår
                  p/2019  Status p/2019, frist 31. december 2019
                    BIF mangler 1 af 3, 15 dage over fristen: Hvilke
                      erfaringer?
                    BIF har 1 sendt tilbage: Kursus (at se på: »Hvor mange
                      deltagere?«)
                    BIF har 1 ændret siden godkendelsen: Kampagne
                    ØKF mangler alle 1, 15 dage over fristen (aldrig hørt):
                      Hvilke erfaringer?

                """, "\(text)")
    }

    @Test("colour stands beside sign and word, takes no column, and is there only where it is asked for")
    func colour() throws {
        let view = try Self.ledger(Self.course).matrix(on: day("2020-01-15"))
        let plain = view.text(.english, width: 80)
        let coloured = view.text(.english, width: 80, isColoured: true)
        #expect(!plain.contains("\u{1B}") && coloured.contains("\u{1B}[31m↩ sent back 1/3"))
        var stripped = coloured
        for code in ["31", "32", "33", "0"] { stripped = stripped.replacing("\u{1B}[\(code)m", with: "") }
        func trimmed(_ text: String) -> [Substring] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line[..<(line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex)]
            }
        }
        #expect(trimmed(stripped) == trimmed(plain))
        #expect(plain.contains("Who lacks what, and since when"))
    }

    @Test("more policies than fit stand in blocks below each other, and no line is wider than the terminal")
    func blocks() throws {
        var state = LedgerMaker()
        var city = Sample.city
        city.policies = (1...6).map { "politik-med-langt-navn-\($0)" }
        try state.add("coordinator", city)
        let text = state.state.matrix(on: day("2020-01-15")).text(width: 80)
        #expect(text.components(separatedBy: "\n").allSatisfy { $0.count <= 80 })
        #expect(text.components(separatedBy: "\n").count { $0.hasPrefix("---  ") } == 2, "four columns, then two")
        #expect(text.contains("ikke hørt"))
    }

    @Test("csv and json hold the counts and what is open, with the fields they had")
    func machine() throws {
        let view = try Self.ledger(Self.course).matrix(on: day("2020-01-15"))
        let lines = view.csv().components(separatedBy: "\r\n").map { $0.components(separatedBy: ",") }
        let row = Dictionary(uniqueKeysWithValues: zip(lines[0], lines[1]))
        for (name, value) in [
            ("state", "returned"), ("initiatives", "3"), ("statuses", "2"), ("owed", "3"), ("answered", "2"),
            ("approved", "0"), ("returned", "1"), ("changed", "1"), ("late", "2"), ("missing", "p/erfaringer"),
        ] { #expect(row[name] == value, "\(name)") }
        #expect(try JSONDecoder().decode(MatrixView.self, from: Data(view.json().utf8)) == view)
    }

    // MARK: The reports

    private func report(_ language: Language, _ state: LedgerState) throws -> ReportModel {
        try ReportModel(
            state, policy: "p", followUp: "p/2019", on: day("2020-01-15"), language: language, program: "pejling 0")
    }

    @Test(
        "each initiative says how far its answer has come; what is not handed in is named, also what is not asked for")
    func stages() throws {
        let report = try report(.danish, try Self.ledger(Self.course))
        let parts = Dictionary(uniqueKeysWithValues: report.owners[0].initiatives.map { ($0.id, $0.status) })
        #expect(parts["p/bif/a"]?.stage?.code == "returned")
        #expect(parts["p/bif/a"]?.standing?.hasSuffix("; sendt tilbage 9. januar 2020") == true)
        #expect(parts["p/bif/a"]?.details.last?.text.text == "Hvor mange deltagere?")
        #expect(parts["p/bif/b"]?.stage?.code == "handed_in" && parts["p/bif/b"]?.changedSinceApproval == true)
        #expect(parts["p/bif/c"]?.text == "Ikke indberettet; opfølgningen beder ikke om det")
        let answers = try #require(report.answers)
        #expect(
            answers.map { "\($0.about) \($0.owner.id) \($0.status.text)" } == [
                "p/erfaringer BIF Ikke indberettet, 15 dage over fristen",
                "p/erfaringer ØKF Ikke indberettet, 15 dage over fristen",
            ])
        let missing = try #require(report.process.missing.first)
        #expect(missing.label == "BIF (1 af 3)" && missing.names.map(\.text) == ["Hvilke erfaringer?"])
        #expect(report.front.silence.contains { $0.contains("BIF (1 af 3) og ØKF") })
    }

    @Test(
        "html and Markdown show the same, in both languages, and the page holds together", arguments: Language.allCases)
    func rendered(language: Language) throws {
        let report = try report(language, try Self.ledger(Self.course))
        let (html, markdown) = (report.html(), report.markdown())
        let parser = XMLParser(data: Data(html.utf8))
        let page = PageCounter()
        parser.delegate = page
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        page.check()
        for words in [
            Words.name(DueList.State.returned), Words.name(DueList.State.handedIn),
            Words.name(MatrixView.State.changed), Words.answersHeading, Words.missing,
        ] {
            #expect(html.contains(words[language]) && markdown.contains(words[language]), "\(words[language])")
        }
        #expect(html.contains("chip stage returned") && html.contains("↩"))
        #expect(html.contains("Hvor mange deltagere?") && markdown.contains("Hvor mange deltagere?"))
    }

    @Test("approved and accepted show with their day; the report over all says it beside the status")
    func accepted() throws {
        let state = try Self.ledger { maker in
            maker.on("2019-12-20")
            let records = try maker.answerAll("p/2019", of: "BIF")
            let approval = try maker.add(
                "BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: records))
            maker.on("2020-01-10")
            try maker.add(
                "coordinator",
                Acceptance(id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", approval: approval))
        }
        let report = try report(.english, state)
        let status = try #require(report.owners[0].initiatives.first?.status)
        #expect(status.stage?.code == "accepted" && status.standing?.hasSuffix("; accepted 10 January 2020") == true)
        #expect(report.answers?.map(\.status.stage?.code) == ["accepted", nil])
        let combined = try CombinedReport(state, on: day("2020-01-15"), program: "pejling 0")
        let row = try #require(combined.owners[0].initiatives.first { $0.id == "p/bif/a" })
        #expect(row.stage?.code == "accepted" && row.status == "I gang efter planen (accepteret)")
        #expect(combined.front.matrix.rows[0].cells[0].state.code == "accepted")
        #expect(combined.front.matrix.rows[0].cells[0].statuses == "3/3")
    }

    @Test("no status is blank, whatever the follow-up and however little was said", arguments: ["p/opening", "p/2019"])
    func neverBlank(followUp: String) throws {
        for more in [{ _ in }, Self.course] as [(inout LedgerMaker) throws -> Void] {
            let state = try Self.ledger(more)
            let report = try ReportModel(
                state, policy: "p", followUp: followUp, on: day("2020-01-15"), program: "pejling 0")
            #expect(report.owners.flatMap(\.initiatives).allSatisfy { !$0.status.text.isEmpty })
            #expect((report.answers ?? []).allSatisfy { !$0.status.text.isEmpty })
            let combined = try CombinedReport(state, on: day("2020-01-15"), program: "pejling 0")
            #expect(combined.owners.flatMap(\.initiatives).allSatisfy { !$0.status.isEmpty })
            #expect(combined.front.matrix.rows.flatMap(\.cells).allSatisfy { !$0.state.text.isEmpty })
        }
    }
}
