import Foundation
import Testing

@testable import Spreadsheets

@Suite("CSV")
struct CSVTests {
    private func read(_ bytes: [UInt8], _ name: String = "a.csv") async throws -> ReadWorkbook {
        let folder = try Folder()
        return try await SpreadsheetReader().read(try folder.write(name, bytes))
    }

    private func rows(_ text: String) async throws -> [[Cell]] {
        try await read(Array(text.utf8)).sheets[0].rows.map(\.cells)
    }

    @Test("is what Danish Excel opens: byte order mark, semicolons, decimal comma, CR LF, guarded texts")
    func written() {
        #expect(
            String(decoding: danishCSV(sampleTable()), as: UTF8.self) == """
                \u{FEFF}Id;Titel;Stade;Gjort;Tal;Mærke\r
                lgbti/bif/a;"Æbler; ""pærer""\";I gang;'=1+1;57,3;m1\r
                lgbti/bif/b;'- bindestreg;;"to
                linjer";-1000;m2\r
                lgbti/bif/c;'2019-09;;;;m3\r

                """)
    }

    @Test("is read as it was written, all cells as texts")
    func roundTrip() async throws {
        let book = try await read(danishCSV(sampleTable()))
        #expect(book.isDayFirst)
        #expect(book.notes.isEmpty)
        let expected: [[Cell]] = sampleTable().rows.map { row in
            row.map { cell in
                if case .number(let number, _) = cell { return .text(number.replacing(".", with: ",")) }
                return cell
            }
        }
        #expect(book.sheets[0].rows.dropFirst().map(\.cells) == expected)
        #expect(book.sheets[0].rows.map(\.number) == [1, 2, 3, 4])
    }

    @Test(
        "the separator is seen",
        arguments: [
            ("a;b;c\r\n1;2,5;3\r\n", false), ("a,b,c\n1,\"2,5\",3\n", true), ("a\tb\tc\n1\t2,5\t3\n", true),
            ("sep=;\r\na;b;c\r\n1;2,5;3\r\n", false), ("a;b;c\r1;2,5;3\r", false), ("a;b;c\n1;2,5;3", false),
        ])
    func separator(text: String, other: Bool) async throws {
        let book = try await read(Array(text.utf8))
        #expect(
            book.sheets[0].rows.map(\.cells) == [
                [.text("a"), .text("b"), .text("c")], [.text("1"), .text("2,5"), .text("3")],
            ])
        #expect(book.isDayFirst == !other)
    }

    @Test("a number with three decimals is written so that it can be read in one way")
    func thousandth() async throws {
        let table = Table(
            name: "T", columns: [TableColumn("A", .input, .number, width: 9), TableColumn("B", .input, width: 9)],
            rows: [[.number("57.125"), .text("2019")], [.number("1000"), .text("a\nb")]])
        #expect(
            String(decoding: danishCSV(table), as: UTF8.self)
                == "\u{FEFF}A;B\r\n57,1250;2019\r\n1000;\"a\nb\"\r\n")
        #expect(numberReading("57,1250").reading == .one("57.125"))
    }

    @Test("trailing cells may be missing, and blank rows are left out without moving the others")
    func ragged() async throws {
        let sheet = try await read(Array("a;b;c\n\n1\n;;\n1;2;3\n".utf8)).sheets[0]
        #expect(sheet.rows.map(\.number) == [1, 3, 5])
        #expect(sheet.rows[1].cells == [.text("1")])
    }

    @Test(
        "letters of Excel's other ways to save are read",
        arguments: [
            ([0x41, 0x3B, 0xC6, 0x62, 0x6C, 0x65, 0x0A], "Windows-1252"),
            ([0xFF, 0xFE, 0x41, 0, 0x09, 0, 0xC6, 0, 0x62, 0, 0x6C, 0, 0x65, 0, 0x0A, 0], "UTF-16"),
            ([0xFE, 0xFF, 0, 0x41, 0, 0x09, 0, 0xC6, 0, 0x62, 0, 0x6C, 0, 0x65, 0, 0x0A], "UTF-16"),
            (Array("A;Æble\n".utf8), "UTF-8"),
        ] as [([UInt8], String)])
    func encodings(bytes: [UInt8], name: String) async throws {
        let book = try await read(bytes)
        #expect(book.sheets[0].rows[0].cells == [.text("A"), .text("Æble")])
        #expect(book.notes.isEmpty == (name != "Windows-1252"))
    }

    @Test(
        "what cannot be read says where and what to do",
        arguments: [
            (Array("a;b\n1;\"2\n3;4\n".utf8), "opens in row 2: half a file", "file.broken"),
            (Array("a;b;c\n1;2;3\n1;2".utf8), "ends in the middle of row 3", "file.broken"),
            (Array("a;b\n1;\"2\"x\n".utf8), "row 2: text goes on after a closing quotation mark", "file.separator"),
            (Array("kun en kolonne\nog en til\n".utf8), "one column only", "file.separator"),
            (Array("a;b,c\n".utf8), "cannot be told", "file.separator"),
            ([0x41, 0x3B, 0x81, 0x0A], "neither UTF-8 nor Windows-1252", "file.encoding"),
            ([0xEF, 0xBB, 0xBF, 0x41, 0x3B, 0xC6, 0x0A], "says that it is UTF-8", "file.encoding"),
            ([0xFF, 0xFE, 0x41], "ends in the middle of a letter", "file.broken"),
        ] as [([UInt8], String, String)])
    func faults(bytes: [UInt8], sentence: String, code: String) async throws {
        let error = await #expect(throws: SpreadsheetError.self) { _ = try await read(bytes) }
        #expect(error?.code.name == code)
        #expect(error?.message.contains(sentence) == true, "\(error?.message ?? "")")
    }
}
