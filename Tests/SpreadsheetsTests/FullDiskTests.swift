import Foundation
import Testing
import TortureKit

@testable import Spreadsheets

@Suite("A full disk")
struct FullDiskTests {
    @Test(
        "no workbook is made that lacks its end, and nothing is left behind",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func workbook() throws {
        let folder = try Folder()
        let disk = try #require(try TinyDisk(folder.path, mebibytes: 1))
        let small = try sampleWorkbook().xlsx(temporary: disk.path)
        #expect(try sampleWorkbook().xlsx() == small)
        let rows = (0..<20_000).map { row in (0..<6).map { _ in Cell.text("række \(row)") } }
        let error = #expect(throws: SpreadsheetError.self) {
            try sampleWorkbook([sampleTable(rows)]).xlsx(temporary: disk.path)
        }
        #expect(error?.code == .full)
        #expect(error?.message.contains("no space left on the disk") == true)
        try disk.fill()
        #expect(throws: SpreadsheetError.self) { try sampleWorkbook().xlsx(temporary: disk.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["ballast"])
    }
}
