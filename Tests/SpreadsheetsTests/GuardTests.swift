import Testing

@testable import Spreadsheets

@Suite("Cells that look like something else")
struct GuardTests {
    static let texts = [
        "=1+1", "+45 33 66", "-", "- aftale med fem boliger", "@navn", "\tindrykket", "\rny linje", "\nny linje", "＝1",
        "'=1+1", "''=1+1", "'", "''", "'hello", "hello", "", " =1", "2019-09", "007", "1.000", "1. maj", "12 kr.",
        "SAND",
        "'SAND", "true", "3/4", "5E3", "10 boliger", "lgbti/2019", "'2019-09", "\"citat\"", "æøå; 1,5", "a\u{301}",
        "'\u{301}=",
        "=HYPERLINK(\"http://x\";\"klik\")", "maj", "1 2 3", "31-12-2019",
    ]

    @Test("a text is the same after guarding and unguarding, in a workbook and in CSV", arguments: texts)
    func roundTrip(text: String) {
        #expect(CellGuard.unguarded(CellGuard.guarded(text)) == text)
        #expect(CellGuard.unguarded(CellGuard.guardedInCSV(text)) == text)
    }

    @Test(
        "what a program could run as a formula gets an apostrophe",
        arguments: ["=1+1", "+45", "-", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "－1"])
    func formulas(text: String) {
        #expect(CellGuard.guarded(text) == "'" + text)
        #expect(CellGuard.guardedInCSV(text) == "'" + text)
    }

    @Test(
        "what a program would take for a number, a date or a truth value gets one in CSV only",
        arguments: ["2019-09", "007", "1.000", "1. maj 2019", "SAND", "3/4", "12:30", "5E3", "57 %"])
    func otherTypes(text: String) {
        #expect(CellGuard.guarded(text) == text)
        #expect(CellGuard.guardedInCSV(text) == "'" + text)
    }

    @Test("a plain text stays as it is", arguments: ["10 boliger", "2019", "lgbti/2019", "'hello", "Maj", "æøå", ""])
    func plain(text: String) {
        #expect(CellGuard.guarded(text) == text)
        #expect(CellGuard.guardedInCSV(text) == text)
    }
}
