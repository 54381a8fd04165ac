import Foundation
import Glibc
import Testing

@testable import Spreadsheets

/// A file system of 1 MiB in memory, unmounted with the test.
private final class TinyDisk {
    let folder: Folder

    /// Nil when this process may not mount.
    init?() throws {
        folder = try Folder()
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=1m") == 0 else { return nil }
    }

    deinit { umount2(folder.path, CInt(MNT_DETACH)) }
}

@Suite("A full disk")
struct FullDiskTests {
    static let cannotMount: Bool = {
        do { return try TinyDisk() == nil } catch { return true }
    }()

    @Test(
        "no workbook is made that lacks its end, and nothing is left behind",
        .disabled(if: cannotMount, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func workbook() throws {
        let disk = try #require(try TinyDisk())
        let small = try sampleWorkbook().xlsx(temporary: disk.folder.path)
        #expect(try sampleWorkbook().xlsx() == small)
        let rows = (0..<20_000).map { row in (0..<6).map { _ in Cell.text("række \(row)") } }
        let error = #expect(throws: SpreadsheetError.self) {
            try sampleWorkbook([sampleTable(rows)]).xlsx(temporary: disk.folder.path)
        }
        #expect(error?.code == .full)
        #expect(error?.message.contains("no space left on the disk") == true)
        try disk.folder.write("ballast", [UInt8](repeating: 0, count: 1_000_000))
        #expect(throws: SpreadsheetError.self) { try sampleWorkbook().xlsx(temporary: disk.folder.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.folder.path) == ["ballast"])
    }
}
