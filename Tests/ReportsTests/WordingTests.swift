import Coordinator
import PolicyModel
import Testing

@testable import Reports

@Suite("How things are said")
struct WordingTests {
    @Test(
        "numbers are grouped and pointed as each language does",
        arguments: [
            ("600000", "600.000", "600,000"), ("15.3", "15,3", "15.3"), ("0", "0", "0"), ("999", "999", "999"),
            ("-1234.50", "−1.234,50", "−1,234.50"), ("1000", "1.000", "1,000"),
            ("12345678901234567890", "12.345.678.901.234.567.890", "12,345,678,901,234,567,890"),
        ])
    func numbers(text: String, danish: String, english: String) throws {
        let value = try #require(DecimalText(text))
        #expect(Wording(language: .danish, city: nil).number(value) == danish)
        #expect(Wording(language: .english, city: nil).number(value) == english)
    }

    @Test(
        "dates are as exact as their source",
        arguments: [
            ("2019-12-31", "31. december 2019", "31 December 2019"), ("2019-05", "maj 2019", "May 2019"),
            ("2019", "2019", "2019"),
        ])
    func dates(text: String, danish: String, english: String) throws {
        let date = try #require(PartialDate(text))
        #expect(Wording(language: .danish, city: nil).date(date) == danish)
        #expect(Wording(language: .english, city: nil).date(date) == english)
    }

    @Test("a place is said in words: document and lines")
    func sources() {
        let lines = [LineRange(first: 5, last: 7)!, LineRange(first: 9, last: 9)!]
        let source = Source(document: "kilde.txt", lines: lines)
        #expect(Wording(language: .danish, city: Sample.city).source(source) == "Prøve-politikken, linje 5-7 og 9")
        #expect(Wording(language: .english, city: Sample.city).source(source) == "Sample policy, lines 5-7 and 9")
        let other = Source(document: "andet.txt", lines: [lines[1]])
        #expect(Wording(language: .english, city: Sample.city).source(other) == "andet.txt, line 9")
    }

    @Test("what is filled into a sentence is not itself filled")
    func filling() {
        let say = Wording(language: .danish, city: nil)
        #expect(say(Bilingual("{1} og {2}", ""), "{2}", "b") == "{2} og b")
    }

    @Test("every word of an enumeration is given in both languages and told apart")
    func complete() {
        func check(_ words: [Bilingual]) {
            #expect(words.allSatisfy { !$0.da.isEmpty && !$0.en.isEmpty })
            #expect(Set(words.map(\.da)).count == words.count && Set(words.map(\.en)).count == words.count)
        }
        check(StatusReport.Delivery.allCases.map(Words.name))
        check(StatusReport.Delivery.allCases.map(Words.meaning))
        check(Funding.State.allCases.map(Words.name))
        check(Funding.State.allCases.map(Words.shortName))
        check(Funding.State.allCases.map(Words.meaning))
        check(Initiative.Kind.allCases.map(Words.name))
        check(Goal.Kind.allCases.map(Words.name))
        check(FollowUp.Kind.allCases.map(Words.name))
        check(Basis.allCases.map(Words.name))
        check(MatrixView.State.allCases.map(Words.name))
        check(Light.allCases.map(Words.name))
        check(LedgerStanding.allCases.map(Words.name))
        check(DanglingView.Problem.allCases.map(Words.sentence))
        #expect(Words.months.count == 12)
    }

    @Test("columns are as wide as what is shown in them, and are cut where the terminal ends")
    func tables() {
        var table = TextTable(columns: [.init(title: "a", mayShrink: true), .init(title: "n", isNumber: true)])
        table.rows = [["日本", "1"], ["e\u{301}t", "12"], ["ganske langt", "3"]]
        #expect(table.text().split(separator: "\n").map { displayWidth(String($0)) } == [16, 16, 16, 16, 16])
        #expect(table.text(width: 11).contains("ganske…   3"))
        #expect(plain("a\u{1B}[2Jb\nc") == "a\u{FFFD}[2Jb c")
    }

    @Test("a view says that its data is made up", arguments: Language.allCases)
    func banners(language: Language) throws {
        let state = try sampleLedger()
        #expect(state.matrix(on: day("2020-01-10")).text(language).hasPrefix("*** \(Words.synthetic[language])"))
        #expect(state.fundingView(on: day("2020-01-10")).text(language).hasPrefix("*** \(Words.synthetic[language])"))
        #expect(state.matrix(on: day("2020-01-10")).json().contains("\"synthetic\" : true"))
    }

    @Test("a view as CSV has as many cells in each line as names in the first, and says that its data is made up")
    func viewCSV() throws {
        let state = try sampleLedger()
        let on = day("2020-01-10")
        for csv in [state.matrix(on: on).csv(), state.fundingView(on: on).csv()] {
            let lines = csv.split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            #expect(lines.count > 1 && lines.allSatisfy { $0.count == lines[0].count })
            #expect(lines[0].last == "synthetic" && lines.dropFirst().allSatisfy { $0.last == "true" })
        }
    }
}
