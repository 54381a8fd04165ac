import Foundation
import Testing

@testable import EntrySheets
@testable import PluginKit
@testable import PolicyModel
@testable import Spreadsheets

@Suite("A template")
struct TemplateTests {
    @Test("has a sheet for states, one for figures, one that explains, and says what it is")
    func sheets() {
        let book = Template(Sample.list(), .danish).workbook(created: 0)
        #expect(book.tables.map(\.name) == ["Status", "Tal"])
        #expect(book.tables.map(\.rows.count) == [4, 4])
        #expect(book.guidance?.name == "Vejledning")
        #expect(
            book.details == [
                "template": "1", "city": "Byen", "node": "BIF", "day": "2019-11-23", "position": "449",
                "synthetic": "false", "rows": "8", "follow_ups": "lgbti/2019 lgbti/2018",
            ])
        #expect(book.tables[0].heading[0] == "BIF · Det, der mangler svar")
        #expect(book.remark == "Skabelon for BIF, Byen, dannet 2019-11-23 ved position 449.")
    }

    @Test("of example data says so at the top of each sheet and in the file")
    func synthetic() {
        let list = Sample.list { $0.isSynthetic = true }
        for (language, words) in [(Language.danish, "EKSEMPELDATA"), (.english, "EXAMPLE DATA")] {
            let book = Template(list, language).workbook(created: 0)
            #expect(book.tables.allSatisfy { $0.heading[0].hasPrefix(words) })
            #expect(book.remark.contains(words))
            #expect(book.details["synthetic"] == "true")
        }
    }

    @Test("shows last time's answer, and is filled in with what is said already")
    func content() {
        let filled = Filled()
        #expect(filled["lgbti/bif/tryg", "Sidst: stade"] == .text("I gang efter planen"))
        #expect(filled["lgbti/bif/tryg", "Sidst: gjort"] == .text("Sidste år"))
        #expect(filled["lgbti/bif/tryg", "Stade"] == .empty)
        #expect(filled["lgbti/bif/tryg", "Frist"] == .date("2019-12-31"))
        #expect(filled["lgbti/bif/kladde", "Stade"] == .text("Forsinket"))
        #expect(filled["lgbti/bif/kladde", "Hvad er gjort"] == .text("=1+1\nto linjer"))
        #expect(filled["lgbti/bif/kladde", "Svar"] == .text("Kladde, ikke indberettet"))
        #expect(filled["lgbti/personer", "Periode"] == .text("2019"))
        #expect(filled["lgbti/andel", "Tal"] == .number("57.125"))
        #expect(filled["lgbti/andel", "Nævner"] == .number("41000"))
        #expect(filled["lgbti/andel", "Data trukket"] == .text("2019-12-31"))
        #expect(filled["lgbti/skjult", "Intet tal"] == .text("Skjult (lille antal)"))
        #expect(
            filled["lgbti/bif/tryg", "Svar", "lgbti/2018"] == .text("Ikke indberettet (12 dage over fristen) (lukket)"))
        let english = Filled(Sample.list(), .english)
        #expect(english["lgbti/bif/kladde", "State"] == .text("Delayed"))
        #expect(english["lgbti/bif/kladde", "Title"] == .text("On lgbti/bif/kladde"))
        // What is entered is the city's own language, whatever the interface.
        #expect(english["lgbti/bif/kladde", "What was done"] == .text("=1+1\nto linjer"))
    }

    @Test("protects all but what is filled in, with drop-downs of the words people use")
    func columns() throws {
        let table = Template(Sample.list(), .danish).workbook(created: 0).tables[0]
        let inputs = table.columns.filter { $0.role == .input }
        #expect(
            inputs.map(\.title) == [
                "Stade", "Hvad er gjort", "Hvorfor nyt stade", "Afvigelse og årsag", "Hvad gøres ved den",
                "Forslag til nye indsatser", "Nødvendig beslutning",
            ])
        guard case .choice(let choices) = inputs[0].kind else {
            Issue.record("no drop-down")
            return
        }
        #expect(choices.count == StatusReport.Delivery.allCases.count)
        #expect(choices.contains("I gang efter planen"))
        #expect(table.columns.last?.role == .hidden)
        #expect(table.groupStarts == [3])
    }

    @Test("has the columns for parity only where something is held against another figure")
    func parity() {
        #expect(
            Template(Sample.list(), .danish).workbook(created: 0).tables[1].columns.contains {
                $0.title == "Holdes op imod"
            })
        let without = Sample.list { $0.followUps[0].things.removeLast() }
        #expect(
            !Template(without, .danish).workbook(created: 0).tables[1].columns.contains { $0.title == "Holdes op imod" }
        )
        #expect(Filled(without).imported(into: without).problems.isEmpty)
    }

    @Test("no two columns of a language share a title, and each title finds its column")
    func titles() {
        for language in Language.allCases {
            let titles = Field.allCases.map { $0.title(language) }
            #expect(Set(titles).count == titles.count)
            #expect(Field.allCases.allSatisfy { Field.named($0.title(language).uppercased() + " ") == $0 })
            // A separator in a title would move the columns of a CSV file.
            #expect(!titles.contains { $0.contains { ";,\t".contains($0) } })
        }
    }

    @Test(
        "read back without edits changes nothing, as workbook and CSV, in both languages",
        arguments: [(Language.danish, false), (.danish, true), (.english, false), (.english, true)])
    func noEdits(language: Language, csv: Bool) {
        let plan = Filled(Sample.list(), language, csv: csv).imported()
        #expect(plan.problems == [])
        #expect(plan.changes.isEmpty)
        #expect(plan.notes == [])
        #expect(plan.rows == 8)
        #expect(plan.unchanged == 8)
    }

    @Test("written to a file and read back changes nothing", arguments: ["xlsx", "csv"])
    func files(kind: String) async throws {
        let template = Template(Sample.list(), .danish)
        let path = "/tmp/pejling-template-\(UInt32.random(in: 0 ... .max)).\(kind)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bytes = kind == "csv" ? danishCSV(template.table()) : try template.workbook(created: 0).xlsx()
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let plan = SheetImport(try await SpreadsheetReader().read(path), into: Sample.list())
        #expect(plan.problems == [])
        #expect(plan.changes.isEmpty)
        #expect(plan.unchanged == 8)
    }
}
