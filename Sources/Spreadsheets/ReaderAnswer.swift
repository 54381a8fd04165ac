import Foundation

/// What the reader of workbooks said, line by line (``readerScript``).
struct ReaderAnswer {
    let name: String
    let limits: ReadLimits
    private(set) var isReaderMissing = false
    private var sheets: [ReadSheet] = []
    private var isWhole = false

    init(name: String, limits: ReadLimits) {
        self.name = name
        self.limits = limits
    }

    private struct Said: Decodable {
        var refused: String?
        var what: String?
        var sheet: String?
        var hidden: Bool?
        var merged: [[Int]]?
        var end: Int?
    }

    mutating func take(_ line: some Collection<UInt8>) throws {
        if line.first == UInt8(ascii: "[") {
            guard !sheets.isEmpty,
                let parts = try JSONSerialization.jsonObject(with: Data(line)) as? [Any], let row = parts.first as? Int
            else { throw unexpected }
            sheets[sheets.count - 1].rows.append(ReadRow(number: row, cells: try cells(parts.dropFirst())))
            return
        }
        let said = try JSONDecoder().decode(Said.self, from: Data(line))
        if let refused = said.refused {
            if refused == "missing" { isReaderMissing = true } else { throw refusal(refused, said.what ?? "") }
        } else if let sheet = said.sheet {
            sheets.append(
                ReadSheet(
                    name: sheet, isHidden: said.hidden ?? false, rows: [],
                    merged: (said.merged ?? []).compactMap { range in
                        guard range.count == 4, range[0] <= range[1], range[2] <= range[3] else { return nil }
                        return CellRange(rows: range[0]...range[1], columns: range[2]...range[3])
                    }))
        } else if said.end != nil {
            isWhole = true
        } else {
            throw unexpected
        }
    }

    /// The sheets, without the two that are the program's own.
    func workbook() throws -> ReadWorkbook {
        guard isWhole else { throw unexpected }
        var details: [String: String] = [:]
        for row in sheets.first(where: { $0.name == Workbook.detailsSheet })?.rows ?? [] {
            if case .text(let key) = row[0], case .text(let value) = row[1] { details[key] = value }
        }
        let own = [Workbook.detailsSheet, Workbook.listsSheet]
        return ReadWorkbook(sheets: sheets.filter { !own.contains($0.name ?? "") }, details: details)
    }

    private var unexpected: SpreadsheetError {
        SpreadsheetError(
            .readerFailed, "the reader of workbooks did not tell all of \(name): try again, or save it as CSV")
    }

    private func cells(_ parts: ArraySlice<Any>) throws -> [Cell] {
        var cells: [Cell] = []
        for part in parts {
            guard let part = part as? [Any], part.count == 3, let column = part[0] as? Int, column > cells.count,
                column <= 16_384, let type = part[1] as? String
            else { throw unexpected }
            cells.append(contentsOf: repeatElement(.empty, count: column - cells.count))
            if type == "b", let bool = part[2] as? Bool {
                cells[column - 1] = .bool(bool)
                continue
            }
            guard let text = part[2] as? String else { throw unexpected }
            cells[column - 1] =
                switch type {
                case "s": .text(CellGuard.unguarded(text))
                case "n": .number(text)
                case "p": .number(text, isPercent: true)
                case "d": .date(text)
                case "f": .formula(text)
                case "e": .error(text)
                default: throw unexpected
                }
        }
        return cells
    }

    static func tooMuchMemory(_ name: String, _ limits: ReadLimits) -> SpreadsheetError {
        SpreadsheetError(
            .tooLarge,
            "\(name) needs more than \(limits.memoryBytes >> 20) MiB to read: take out other sheets, divide it, or save it as CSV"
        )
    }

    private func refusal(_ code: String, _ what: String) -> SpreadsheetError {
        switch code {
        case "macros":
            SpreadsheetError(.macros, "\(name) holds macros, which are not taken in: save it as .xlsx, without macros")
        case "bomb":
            SpreadsheetError(
                .tooLarge,
                "\(name) unpacks to \((Int(what) ?? 0) >> 20) MiB, and \(limits.unpackedBytes >> 20) MiB are read at most: is it the template?"
            )
        case "cells":
            SpreadsheetError(.tooLarge, "\(name) has more than \(limits.cells) filled cells: divide it")
        case "memory": Self.tooMuchMemory(name, limits)
        case "password": SpreadsheetError(.kind, "\(name) has a password: save it without")
        case "kind" where what == "opendocument":
            SpreadsheetError(.kind, "\(name) is an OpenDocument file: save it as .xlsx")
        case "kind": SpreadsheetError(.kind, "\(name) is a zip file, and no workbook: which file did you mean?")
        default:
            SpreadsheetError(
                .broken, "\(name) is no whole workbook (\(what)): half a file? Save it again as .xlsx")
        }
    }
}
