import Foundation
import Subprocess
import Testing

@testable import Spreadsheets

/// A folder of the test, removed with it.
final class Folder {
    let path: String

    init() throws {
        path = "/tmp/pejling-sheets-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    /// Runs a Python script of the test in the folder, with openpyxl as `openpyxl`; returns the path of `name`, which it makes.
    func make(_ name: String, _ script: String) async throws -> String {
        let result = try await run(
            .path("/usr/bin/python3"), arguments: ["-I", "-c", "import openpyxl, zipfile\n" + script],
            workingDirectory: .init(path), output: .discarded, error: .string(limit: 1 << 20))
        try #require(result.terminationStatus == .exited(0), "\(result.standardError)")
        return "\(path)/\(name)"
    }
}

/// A table with each kind of column.
func sampleTable(_ rows: [[Cell]]? = nil) -> Table {
    Table(
        name: "Status", heading: ["BIF · LGBTI+ 2019", "Frist 1. juni 2019"],
        columns: [
            TableColumn("Id", .identifier, width: 20),
            TableColumn("Titel", .shown, note: "Det, der følges op på.", width: 30),
            TableColumn(
                "Stade", .input, .choice(["I gang", "Forsinket"]), note: "Vælg fra listen.\nTom: intet svar.", width: 14
            ),
            TableColumn("Gjort", .input, note: "Hvad er gjort?", width: 40),
            TableColumn("Tal", .input, .number, width: 10),
            TableColumn("Mærke", .hidden, width: 10),
        ], frozenColumns: 2,
        rows: rows ?? [
            [
                .text("lgbti/bif/a"), .text("Æbler; \"pærer\""), .text("I gang"), .text("=1+1"), .number("57.3"),
                .text("m1"),
            ],
            [.text("lgbti/bif/b"), .text("- bindestreg"), .empty, .text("to\nlinjer"), .number("-1000"), .text("m2")],
            [.text("lgbti/bif/c"), .text("2019-09"), .empty, .empty, .empty, .text("m3")],
        ])
}

func sampleWorkbook(_ tables: [Table] = [sampleTable()]) -> Workbook {
    Workbook(
        title: "Skabelon", remark: "Eksempeldata", tables: tables,
        guidance: Guidance(name: "Vejledning", title: "Sådan", sections: [.init("Udfyld", ["Kun de gule felter."])]),
        details: ["node": "BIF", "position": "449"], created: 1_575_000_000)
}
