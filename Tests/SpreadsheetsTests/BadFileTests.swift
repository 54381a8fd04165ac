import Foundation
import Glibc
import Testing

@testable import Spreadsheets

@Suite("A file that is not read")
struct BadFileTests {
    /// The error of reading `path`.
    private func error(_ path: String, _ limits: ReadLimits = ReadLimits()) async throws -> SpreadsheetError {
        try #require(
            await #expect(throws: SpreadsheetError.self) { _ = try await SpreadsheetReader(limits: limits).read(path) })
    }

    @Test("half a workbook", arguments: [0.1, 0.5, 0.9, 0.999])
    func half(part: Double) async throws {
        let folder = try Folder()
        let whole = try sampleWorkbook().xlsx()
        let path = try folder.write("a.xlsx", Array(whole.prefix(Int(Double(whole.count) * part))))
        let error = try await error(path)
        #expect(error.code == .broken)
        #expect(error.message.contains("half a file"), "\(error)")
    }

    @Test("a workbook with a byte that went wrong in its table")
    func flipped() async throws {
        let folder = try Folder()
        let path = try await folder.make(
            "b.xlsx",
            """
            book = openpyxl.Workbook()
            for i in range(2000): book.active.append([i, "tekst %d" % (i * 7919)])
            book.save("a.xlsx")
            data = bytearray(open("a.xlsx", "rb").read())
            info = zipfile.ZipFile("a.xlsx").getinfo("xl/worksheets/sheet1.xml")
            data[info.header_offset + 60 + info.compress_size // 2] ^= 0x55
            open("b.xlsx", "wb").write(data)
            """)
        #expect(try await error(path).code == .broken)
    }

    @Test("50 MB are refused by their size, before they are read")
    func large() async throws {
        let folder = try Folder()
        let path = try folder.write("a.xlsx", [])
        #expect(truncate(path, 50_000_000) == 0)
        let error = try await error(path)
        #expect(error.code == .tooLarge)
        #expect(error.message.contains("a.xlsx has 47 MiB, and 20 MiB are read at most"), "\(error)")
        #expect(try await self.error("/dev/zero").code == .kind)
    }

    @Test("a zip bomb is refused by its table of contents, before it is unpacked")
    func bomb() async throws {
        let folder = try Folder()
        let path = try await folder.make(
            "bomb.xlsx",
            """
            with zipfile.ZipFile("bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as z:
                z.writestr("[Content_Types].xml", "<Types/>")
                with z.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as f:
                    for _ in range(500): f.write(b" " * (1 << 20))
            """)
        let before = ContinuousClock.now
        let error = try await error(path)
        #expect(error.code == .tooLarge)
        #expect(error.message.contains("unpacks to 500 MiB, and 400 MiB are read at most"), "\(error)")
        #expect(ContinuousClock.now - before < .seconds(10))
    }

    @Test("a bomb that lies about its size is cut there and refused")
    func lyingBomb() async throws {
        let folder = try Folder()
        let path = try await folder.make(
            "bomb.xlsx",
            """
            book = openpyxl.Workbook()
            for i in range(1000): book.active.append(["x" * 100, i])
            book.save("a.xlsx")
            data = bytearray(open("a.xlsx", "rb").read())
            name = b"xl/worksheets/sheet1.xml"
            at = data.rfind(b"PK\\x01\\x02", 0, data.rfind(name))
            data[at + 24:at + 28] = (100).to_bytes(4, "little")
            open("bomb.xlsx", "wb").write(data)
            """)
        #expect(try await error(path).code == .broken)
    }

    @Test("entities that grow are refused")
    func entities() async throws {
        let folder = try Folder()
        let path = try await folder.make(
            "b.xlsx",
            """
            openpyxl.Workbook().save("a.xlsx")
            source = zipfile.ZipFile("a.xlsx")
            with zipfile.ZipFile("b.xlsx", "w") as z:
                for part in source.infolist():
                    text = source.read(part)
                    if part.filename.endswith("sheet1.xml"):
                        text = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + text.split(b"?>", 1)[-1]
                    z.writestr(part.filename, text)
            """)
        let error = try await error(path)
        #expect(error.code == .broken)
        #expect(error.message.contains("declares a document type"), "\(error)")
    }

    @Test("a workbook with macros, whatever its name", arguments: ["part", "type"])
    func macros(how: String) async throws {
        let folder = try Folder()
        let path = try await folder.make(
            "b.xlsx",
            """
            how = "\(how)"
            openpyxl.Workbook().save("a.xlsx")
            source = zipfile.ZipFile("a.xlsx")
            with zipfile.ZipFile("b.xlsx", "w") as z:
                for part in source.infolist():
                    text = source.read(part)
                    if how == "type" and part.filename == "[Content_Types].xml":
                        text = text.replace(b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                                            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
                    z.writestr(part.filename, text)
                if how == "part": z.writestr("xl/vbaProject.bin", b"macro")
            """)
        let error = try await error(path)
        #expect(error.code == .macros)
        #expect(error.message.contains("save it as .xlsx, without macros"))
    }

    @Test(
        "another kind of file is named, with the way out",
        arguments: [
            ("a.xlsx", [0xD0, 0xCF, 0x11, 0xE0, 0xA1], "old .xls, or has a password", "file.kind"),
            ("a.xlsx", Array("<html>".utf8), "is no workbook, whatever its name says", "file.broken"),
            ("a.csv", [], "is empty", "file.empty"), ("a.xlsx", [], "is empty", "file.empty"),
            ("a.csv", Array("\n;;\n".utf8), "is empty", "file.empty"),
            ("a.csv", [0x41, 0x3B, 0x00, 0x42], "no CSV file", "file.kind"),
        ] as [(String, [UInt8], String, String)])
    func kinds(name: String, bytes: [UInt8], sentence: String, code: String) async throws {
        let folder = try Folder()
        let error = try await error(try folder.write(name, bytes))
        #expect(error.code.name == code)
        #expect(error.message.contains(sentence), "\(error)")
    }

    @Test("an OpenDocument file, a plain zip, a folder, no file")
    func others() async throws {
        let folder = try Folder()
        let ods = try await folder.make(
            "a.ods",
            """
            with zipfile.ZipFile("a.ods", "w") as z:
                z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            """)
        #expect(try await error(ods).message.contains("OpenDocument"))
        let zip = try await folder.make("a.zip", "zipfile.ZipFile('a.zip', 'w').writestr('x', 'y')")
        #expect(try await error(zip).message.contains("no workbook"))
        #expect(try await error(folder.path).message.contains("is no file"))
        #expect(try await error(folder.path + "/b.xlsx").message.contains("is there such a file?"))
    }

    @Test("a reader that is not installed is named, with the command that installs it")
    func missing() async throws {
        let folder = try Folder()
        let path = try folder.write("a.xlsx", try sampleWorkbook().xlsx())
        // A Python that finds no openpyxl, and a program that is not there.
        let bare = folder.path + "/python"
        try folder.write("python", Array("#!/bin/sh\nexec /usr/bin/python3 -S \"$@\"\n".utf8))
        chmod(bare, 0o755)
        var reader = SpreadsheetReader()
        reader.pythons = ["/nowhere/python3", bare]
        let error = await #expect(throws: SpreadsheetError.self) { _ = try await reader.read(path) }
        #expect(error?.code == .readerMissing)
        #expect(error?.message.contains("sudo apt-get install python3-openpyxl") == true)
        reader.pythons.append("/usr/bin/python3")
        #expect(try await reader.read(path).sheets.count == 2)
    }

    @Test("what has too many cells, says too much, unpacks to too much or needs too much memory is refused")
    func bounds() async throws {
        let folder = try Folder()
        let rows = (0..<3000).map { [Cell.text("række \($0)"), .text(String(repeating: "x", count: 200))] }
        let table = Table(
            name: "T", columns: [TableColumn("A", .input, width: 9), TableColumn("B", .input, width: 9)], rows: rows)
        let path = try folder.write("a.xlsx", try sampleWorkbook([table]).xlsx())
        var limits = ReadLimits()
        limits.cells = 5000
        #expect(try await error(path, limits).message.contains("more than 5000 filled cells"))
        limits = ReadLimits()
        limits.outputBytes = 100_000
        #expect(try await error(path, limits).code == .tooLarge)
        limits = ReadLimits()
        limits.unpackedBytes = 100_000
        #expect(try await error(path, limits).code == .tooLarge)
        // 100 MB of text, in 128 MiB.
        let large = try await folder.make(
            "large.xlsx",
            """
            book = openpyxl.Workbook()
            for i in range(4000): book.active.append([("tekst %04d " % i) * 2500])
            book.save("large.xlsx")
            """)
        limits = ReadLimits()
        limits.memoryBytes = 128 << 20
        #expect(try await error(large, limits).message.contains("needs more than 128 MiB"))
    }

    @Test("a reader that hangs is ended, and the file called too slow")
    func hangs() async throws {
        let folder = try Folder()
        let path = try folder.write("a.xlsx", try sampleWorkbook().xlsx())
        try folder.write("python", Array("#!/bin/sh\nexec sleep 600\n".utf8))
        chmod(folder.path + "/python", 0o755)
        var limits = ReadLimits()
        limits.time = .zero
        limits.patience = .milliseconds(200)
        var reader = SpreadsheetReader(limits: limits)
        reader.pythons = [folder.path + "/python"]
        let before = ContinuousClock.now
        let error = await #expect(throws: SpreadsheetError.self) { _ = try await reader.read(path) }
        #expect(error?.code == .tooLarge)
        // Not waited for: it sleeps for 600 s, and a busy machine may let this test wait for its turn.
        #expect(ContinuousClock.now - before < .seconds(300))
    }
}
