import Testing

@testable import EntrySheets
@testable import PluginKit
@testable import PolicyModel
@testable import Spreadsheets

@Suite("What is wrong with a filled-in template")
struct BadSheetTests {
    /// What one edit leads to: all problems in words.
    private func problems(
        _ language: Language = .danish, csv: Bool = false, into list: AskedList = Sample.list(),
        _ edit: (inout Filled) -> Void
    ) -> [String] {
        var filled = Filled(Sample.list(), language, csv: csv)
        edit(&filled)
        let plan = filled.imported(into: list)
        return plan.problems.map(\.description)
    }

    private func expect(_ problems: [String], _ start: String, _ parts: String..., rule: String) {
        #expect(problems.count == 1, "\(problems)")
        let problem = problems.first ?? ""
        #expect(problem.hasPrefix(start), "\(problem)")
        for part in parts { #expect(problem.contains(part), "\(problem)") }
        #expect(problem.hasSuffix("[\(rule)]"), "\(problem)")
    }

    @Test("another workbook: no sheet is the template's")
    func wrongSheet() {
        let book = ReadWorkbook(sheets: [
            ReadSheet(name: "Budget", rows: [ReadRow(number: 1, cells: [.text("Konto"), .text("Beløb")])]),
            ReadSheet(name: "Ark2", rows: []),
        ])
        let problems = SheetImport(book, into: Sample.list()).problems.map(\.description)
        expect(problems, "no sheet has the template's columns", "there is “Budget”, “Ark2”", rule: "sheet.none")
    }

    @Test("a hidden sheet is not read, and it is said")
    func hidden() {
        var filled = Filled()
        filled.book.sheets[1].isHidden = true
        let plan = filled.imported()
        #expect(plan.problems == [])
        #expect(plan.notes.contains("sheet Tal is hidden and was not read: show it where it is to count"))
    }

    @Test("a renamed column: the sheet is not read, and the likely one is named")
    func renamed() {
        let found = problems {
            $0["lgbti/bif/tryg", "Stade"] = .text("Forsinket")
            $0.rename("Hvad er gjort", to: "Hvad er der gjort")
        }
        expect(
            found, "Status, row 3: the column “Hvad er gjort” (“What was done”) is missing",
            "I is called “Hvad er der gjort”: if that is it, give it its name back", rule: "column.missing")
        var filled = Filled()
        filled["lgbti/bif/tryg", "Stade"] = .text("Forsinket")
        filled.rename("Hvad er gjort", to: "Hvad er der gjort")
        #expect(filled.imported().changes.isEmpty)
    }

    @Test("a column that names the row is renamed")
    func renamedName() {
        expect(
            problems { $0.rename("Opfølgning", to: "Hvornår") }.filter { $0.hasPrefix("Status") },
            "Status, row 3: the column “Opfølgning” (“Follow-up”) is missing", rule: "column.missing")
    }

    @Test("a column that stands twice")
    func columnTwice() {
        expect(
            problems { $0.rename("Hvorfor nyt stade", to: "Stade") }.filter { $0.contains("column.twice") },
            "Status!J3 “Stade”: the column stands twice, in H too", rule: "column.twice")
    }

    @Test("a column of somebody's own is left alone, and it is said")
    func ownColumn() {
        var filled = Filled()
        filled.reorder { cells in cells + [cells.contains(.text("Id")) ? .text("Min note") : .text("husk")] }
        let plan = filled.imported()
        #expect(plan.problems == [])
        #expect(plan.changes.isEmpty)
        #expect(
            plan.notes.contains { $0.contains("“Min note” of sheet Status is not the template's and was not read") })
    }

    @Test("something right of the last column: a separator in a text moved the cells")
    func shifted() {
        expect(
            problems(csv: true) { $0.book.sheets[0].rows[1].cells.append(.text("rest")) }, "AC2:",
            "right of the last title",
            rule: "row.columns")
    }

    @Test("merged cells")
    func merged() {
        expect(
            problems { $0.book.sheets[0].merged = [CellRange(rows: 4...5, columns: 9...9)] }, "Status!I4:",
            "I4:I5 are merged into one", rule: "cell.merged")
        // In the heading they do no harm.
        #expect(problems { $0.book.sheets[0].merged = [CellRange(rows: 1...1, columns: 1...9)] } == [])
    }

    @Test(
        "a number that is none, or two, or a percentage where a count belongs",
        arguments: [
            (Cell.text("1.000"), "“1.000” can be 1 or 1000: write 1 or 1000", "cell.number_two"),
            (.text("1,000"), "“1,000” can be 1 or 1000", "cell.number_two"),
            (.text("12.345"), "can be 12.345 or 12345: write 12.3450 or 12345", "cell.number_two"),
            (.text("ca. 50"), "“ca. 50” is no number such as 1500 or 57,3", "cell.number"),
            (.number("0.5", isPercent: true), "is a percentage, and a count belongs here", "cell.number"),
            (.text("50 %"), "is a percentage, and a count belongs here", "cell.number"),
            (.date("2019-03-02"), "the cell holds the date 2019-03-02", "cell.type"),
            (.formula("=SUM(A1:A3)"), "=SUM(A1:A3) is a formula", "cell.formula"),
            (.error("#N/A"), "#N/A is what a formula came to that failed", "cell.error"),
            (.bool(true), "a truth value", "cell.type"),
        ])
    func numbers(cell: Cell, words: String, rule: String) {
        expect(problems { $0["lgbti/personer", "Tal"] = cell }, "Tal!I4 “Tal”: ", words, rule: rule)
    }

    @Test(
        "a date as text that can be two, or none",
        arguments: [
            (Cell.text("03-04-2019"), "can be 2019-04-03 or 2019-03-04: write it so", "cell.date_two"),
            (.text("i foråret"), "is no date such as 2019, 2019-12 or 2019-12-31", "cell.date"),
            (.number("43800"), "is no date", "cell.date"), (.text("2019-02-30"), "is no date", "cell.date"),
        ])
    func dates(cell: Cell, words: String, rule: String) {
        expect(problems { $0["lgbti/andel", "Data trukket"] = cell }, "Tal!Q5 “Data trukket”: ", words, rule: rule)
    }

    @Test(
        "a period of another year, none, or a day that a program made of a month",
        arguments: [
            (Cell.text("2018"), "2018 does not end in 2019, which lgbti/2019 asks for", "answer.period"),
            (.text("2019-08/2020-06"), "does not end in 2019", "answer.period"),
            (.empty, "the time that the figure holds for is missing", "answer.period"),
            (.text("sidste år"), "is no period", "cell.period"),
            (.date("2019-09-01"), "Write 2019-09, with an apostrophe before it", "cell.date"),
        ])
    func periods(cell: Cell, words: String, rule: String) {
        let found = problems {
            $0["lgbti/personer", "Tal"] = .number("5")
            $0["lgbti/personer", "Periode"] = cell
        }
        expect(found, "Tal!H4 “Periode”: ", words, rule: rule)
    }

    @Test("a state that is none of them, in either language")
    func choice() {
        expect(
            problems { $0["lgbti/bif/tryg", "Stade"] = .text("måske") }, "Status!H4 “Stade”: “måske” is none of",
            "“I gang efter planen”", rule: "cell.choice")
        expect(
            problems(.english) { $0["lgbti/bif/tryg", "State"] = .text("perhaps") }, "Status!H4 “State”: ",
            rule: "cell.choice")
    }

    @Test("a formula, an error or a truth value where a text belongs")
    func formula() {
        for (cell, rule) in [
            (Cell.formula("=A1"), "cell.formula"), (.error("#REF!"), "cell.error"), (.bool(false), "cell.type"),
        ] {
            let found = problems {
                $0["lgbti/bif/tryg", "Stade"] = .text("Forsinket")
                $0["lgbti/bif/tryg", "Hvad er gjort"] = cell
            }
            expect(found, "Status!I4 “Hvad er gjort”: ", rule: rule)
        }
        expect(problems { $0["lgbti/bif/tryg", "Id"] = .formula("=B5") }, "Status!B4 “Id”: ", rule: "row.name")
    }

    @Test("the same row twice: the first is named")
    func twice() {
        expect(
            problems {
                let row = $0.book.sheets[0].rows[3]
                $0.book.sheets[0].rows.append(ReadRow(number: 9, cells: row.cells))
            }, "Status!B9 “Id”: lgbti/bif/tryg for lgbti/2019 stands in Status, row 4 already", rule: "row.twice")
    }

    @Test("a locked follow-up takes nothing; a row of it that was not touched does no harm")
    func locked() {
        expect(
            problems { $0["lgbti/bif/tryg", "Stade", "lgbti/2018"] = .text("Forsinket") },
            "Status!A7 “Opfølgning”: lgbti/2018 has been locked since 2019-03", rule: "row.locked")
    }

    @Test("an initiative nobody knows, another's, a follow-up that is not asked")
    func unknown() {
        expect(
            problems { $0["lgbti/bif/tryg", "Id"] = .text("lgbti/bif/trygg") }, "Status!B4 “Id”: ",
            "does not ask BIF for “lgbti/bif/trygg”; did you mean lgbti/bif/tryg?", rule: "row.unknown")
        expect(
            problems { $0["lgbti/bif/tryg", "Id"] = .text("lgbti/kff/fritid") }, "Status!B4 “Id”: ",
            "lgbti/kff/fritid is not BIF's", rule: "row.foreign")
        expect(
            problems { $0["lgbti/hvor-langt", "Opfølgning"] = .text("lgbti/2091") }, "Status!A6 “Opfølgning”: ",
            "BIF owes nothing for “lgbti/2091”; did you mean lgbti/2019?", rule: "row.follow_up")
        expect(
            problems { $0["lgbti/bif/tryg", "Id"] = .empty }, "Status!B4 “Id”: the row does not say what it is about",
            rule: "row.name")
    }

    @Test("a protected name that was edited into another thing's: the mark tells")
    func edited() {
        expect(
            problems {
                $0.book.sheets[0].rows.remove(at: 4)
                $0["lgbti/bif/tryg", "Id"] = .text("lgbti/bif/kladde")
            }, "Status!B4 “Id”: the row's hidden mark was made for something else", rule: "row.mark")
        expect(
            problems(csv: true) { $0["lgbti/bif/tryg", "Mærke"] = .text("p1234") }, "C2 “Id”: the row's hidden mark",
            rule: "row.mark")
    }

    @Test(
        "a template of another forvaltning, city, kind of data or version: one word on the file, and nothing of its rows"
    )
    func foreign() {
        for (key, value, words) in [
            ("node", "KFF", "the template is KFF's, not BIF's: import it with --node KFF"),
            ("city", "Odense", "is of Odense"),
            ("synthetic", "true", "is of example data, and the data folder real"), ("template", "2", "is of version 2"),
        ] {
            let found = problems {
                $0.book.details[key] = value
                $0["lgbti/bif/tryg", "Stade"] = .text("nonsens")
            }
            expect(found, "the template", words, rule: "file.foreign")
        }
    }

    @Test("CSV of example data does not come into a real ledger: no mark fits")
    func foreignCSV() {
        let synthetic = Sample.list { $0.isSynthetic = true }
        let plan = Filled(synthetic, csv: true).imported()
        #expect(plan.problems.count == 8)
        #expect(plan.problems.allSatisfy { $0.rule == "row.mark" })
    }

    @Test("an answer that was emptied, words without a state, a figure and its absence, a hidden figure chosen")
    func answers() {
        expect(
            problems {
                for title in ["Stade", "Hvad er gjort", "Hvorfor nyt stade", "Nødvendig beslutning"] {
                    $0["lgbti/bif/kladde", title] = .empty
                }
            }, "Status!H5 “Stade”: the answer was emptied; an import takes nothing back", rule: "answer.emptied")
        expect(
            problems { $0["lgbti/bif/tryg", "Hvad er gjort"] = .text("Noget") },
            "Status!H4 “Stade”: there are words and no state",
            rule: "answer.state")
        expect(
            problems { $0["lgbti/andel", "Intet tal"] = .text("Ikke målt") },
            "Tal!I5 “Tal”: a number, and “Ikke målt” too",
            rule: "answer.value")
        expect(
            problems { $0["lgbti/personer", "Intet tal"] = .text("Skjult (lille antal)") }, "Tal!N4 “Intet tal”: ",
            "write the true figure", rule: "answer.value")
        expect(
            problems { $0["lgbti/personer", "Bemærkning"] = .text("Kommer") }, "Tal!I4 “Tal”: there is no figure",
            rule: "answer.value")
        expect(
            problems {
                $0["lgbti/andel", "Tal"] = .empty
                $0["lgbti/andel", "Nævner"] = .empty
            }, "Tal!I5 “Tal”: the answer was emptied", rule: "answer.emptied")
    }

    @Test("in CSV: a figure where a state is asked for, and a state where a figure is")
    func otherKind() {
        expect(
            problems(csv: true) { $0["lgbti/bif/tryg", "Tal"] = .text("5") }, "S2 “Tal”: ", "not for a figure",
            rule: "answer.kind")
        expect(
            problems(csv: true) { $0["lgbti/personer", "Stade"] = .text("Forsinket") }, "K5 “Stade”: ",
            "not for a state",
            rule: "answer.kind")
    }

    @Test("all that is wrong is listed, in the order of the file")
    func all() {
        let found = problems {
            $0["lgbti/personer", "Tal"] = .text("1.000")
            $0["lgbti/bif/tryg", "Stade"] = .text("måske")
            $0["lgbti/hvor-langt", "Id"] = .text("lgbti/hvor")
        }
        #expect(found.map { String($0.prefix(9)) } == ["Status!H4", "Status!B6", "Tal!I4 “T"])
    }
}
