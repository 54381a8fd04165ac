import Foundation
import Testing

@testable import Spreadsheets

@Suite("A workbook")
struct WorkbookTests {
    @Test("is read as it was written, with types, sheet names and rows")
    func roundTrip() async throws {
        let folder = try Folder()
        let path = try folder.write("a.xlsx", try sampleWorkbook().xlsx())
        let book = try await SpreadsheetReader().read(path)
        #expect(book.details == ["node": "BIF", "position": "449"])
        #expect(book.sheets.map(\.name) == ["Status", "Vejledning"])
        #expect(book.sheets.map(\.isHidden) == [false, false])
        let sheet = book.sheets[0]
        #expect(sheet.rows.map(\.number) == [1, 2, 3, 4, 5, 6])
        #expect(sheet.rows[2].cells.map { cell in cell } == sampleTable().columns.map { .text($0.title) })
        for (read, written) in zip(sheet.rows[3...], sampleTable().rows) {
            #expect(written.indices.map { read[$0] } == written)
        }
        #expect(sheet.merged.isEmpty)
    }

    @Test("is the same bytes for the same content")
    func deterministic() throws { #expect(try sampleWorkbook().xlsx() == sampleWorkbook().xlsx()) }

    @Test(
        "is protected but for what is to be filled in, with drop-downs from a hidden sheet, notes and a frozen header")
    func look() async throws {
        let folder = try Folder()
        try folder.write("a.xlsx", try sampleWorkbook().xlsx())
        let path = try await folder.make(
            "look.txt",
            """
            book = openpyxl.load_workbook("a.xlsx")
            sheet = book["Status"]
            out = open("look.txt", "w")
            print([(w.title, w.sheet_state, w.protection.sheet) for w in book.worksheets], file=out)
            print([cell.coordinate for row in sheet["A1:F6"] for cell in row if not cell.protection.locked], file=out)
            print([(str(v.sqref), v.type, v.formula1) for v in sheet.data_validations.dataValidation], file=out)
            print([(c.coordinate, c.comment.text) for c in sheet[3] if c.comment], file=out)
            print(sheet.freeze_panes, sheet.column_dimensions["F"].hidden, sheet["C4"].number_format, file=out)
            print([c.value for c in book["lister"]["A"]], book.properties.title, book.properties.description, file=out)
            """)
        #expect(
            try String(contentsOfFile: path, encoding: .utf8) == """
                [('Status', 'visible', True), ('Vejledning', 'visible', True), ('lister', 'hidden', True), ('pejling', 'hidden', True)]
                ['C4', 'D4', 'E4', 'C5', 'D5', 'E5', 'C6', 'D6', 'E6']
                [('C4:C6', 'list', "'lister'!$A$1:$A$2"), ('E4:E6', 'decimal', '-1000000000000000')]
                [('B3', 'Det, der følges op på.'), ('C3', 'Vælg fra listen.\\nTom: intet svar.'), ('D3', 'Hvad er gjort?')]
                C4 True @
                ['I gang', 'Forsinket'] Skabelon Eksempeldata

                """)
    }

    @Test("keeps texts as they are: guarded ones, with letters of each kind, with blanks at the ends, very long")
    func texts() async throws {
        let others = ["  blanke  ", "_x000D_", "<&>\"'", "\u{1F600}", "a\nb\tc", String(repeating: "æ", count: 32_000)]
        // A workbook is XML, in which a CR is a line end like another.
        let texts = (GuardTests.texts + others).filter { !$0.isEmpty && !$0.unicodeScalars.contains("\r") }
        let folder = try Folder()
        let table = Table(
            name: "T", columns: [TableColumn("Tekst", .input, width: 9)], rows: texts.map { [.text($0)] })
        let path = try folder.write("a.xlsx", try sampleWorkbook([table]).xlsx())
        let read = try await SpreadsheetReader().read(path).sheets[0].rows.dropFirst(1).map { $0[0] }
        #expect(read.count == texts.count)
        for (text, cell) in zip(texts, read) where cell != .text(text) {
            Issue.record("“\(text.prefix(20))” came back as \("\(cell)".prefix(40))")
        }
    }

    @Test("that cannot hold a text says which")
    func tooLong() {
        let table = sampleTable([
            [.text("a"), .text("b"), .empty, .text(String(repeating: "x", count: 40_000)), .empty, .text("m")]
        ])
        let error = #expect(throws: SpreadsheetError.self) { try sampleWorkbook([table]).xlsx() }
        #expect(error?.code == .unwritable)
        #expect(error?.message.contains("sheet Status, row 1 of the table, “Gjort”") == true)
    }

    @Test("tells a date, a percentage, a formula, an error and a truth value from texts and numbers")
    func types() async throws {
        let folder = try Folder()
        let path = try await folder.make(
            "a.xlsx",
            """
            import datetime
            book = openpyxl.Workbook()
            sheet = book.active
            sheet.append(["57", 57, 57.25, datetime.date(2019, 12, 31), datetime.datetime(2019, 12, 31, 8, 15),
                          True, "=A1+1", "#N/A", 0.1 + 0.2, 1e20])
            sheet["K1"] = 0.57
            sheet["K1"].number_format = "0%"
            sheet["XFD1048576"] = "langt ude"
            sheet["A3"] = "flettet"
            sheet.merge_cells("A3:C4")
            hidden = book.create_sheet("Skjult")
            hidden.sheet_state = "hidden"
            hidden["B2"] = -3
            book.save("a.xlsx")
            """)
        let book = try await SpreadsheetReader().read(path)
        let sheet = book.sheets[0]
        #expect(
            sheet.rows[0].cells == [
                .text("57"), .number("57"), .number("57.25"), .date("2019-12-31"), .date("2019-12-31T08:15:00"),
                .bool(true), .formula("=A1+1"), .error("#N/A"), .number("0.3"), .number("100000000000000000000"),
                .number("0.57", isPercent: true),
            ])
        #expect(sheet.merged == [CellRange(rows: 3...4, columns: 1...3)])
        #expect("\(sheet.merged[0])" == "A3:C4")
        #expect(sheet.rows.last?.number == 1_048_576)
        #expect(sheet.rows.last?.cells.last == .text("langt ude"))
        #expect(book.sheets[1].isHidden)
        #expect(book.sheets[1].rows == [ReadRow(number: 2, cells: [.empty, .number("-3")])])
    }
}

extension ReadRow: Equatable {
    public static func == (left: ReadRow, right: ReadRow) -> Bool {
        left.number == right.number && left.cells == right.cells
    }
}
