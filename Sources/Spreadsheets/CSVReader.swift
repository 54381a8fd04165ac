/// Reads what Excel, LibreOffice or Google Sheets save as CSV: semicolon, comma or tab; UTF-8, UTF-16 or Windows-1252.
struct CSVReader {
    let name: String
    let limits: ReadLimits

    func read(_ bytes: [UInt8]) throws(SpreadsheetError) -> ReadWorkbook {
        var notes: [String] = []
        var text = try utf8(bytes, &notes)
        var separator: UInt8?
        if let (stated, rest) = Self.statedSeparator(text) { (separator, text) = (stated, rest) }
        guard text.contains(where: { !Self.isBlank($0) && $0 != 0x3B && $0 != 0x2C }) else {
            throw SpreadsheetError(.empty, "\(name) is empty")
        }
        if separator == nil { separator = try detected(text) }
        let parsed = try parse(text, separator ?? 0x3B)
        if let fault = parsed.fault { throw fault }
        let rows = parsed.records.enumerated().map { index, cells in ReadRow(number: index + 1, cells: cells) }
        return ReadWorkbook(
            sheets: [ReadSheet(name: nil, rows: rows.filter { !$0.cells.allSatisfy(\.isEmpty) })], notes: notes,
            isDayFirst: separator == 0x3B)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    /// `sep=;` in a first line of its own, which Excel understands and does not count as a row.
    private static func statedSeparator(_ text: [UInt8]) -> (UInt8, [UInt8])? {
        guard text.count >= 6, Array(text[..<4]) == Array("sep=".utf8), [0x3B, 0x2C, 0x09].contains(text[4]) else {
            return nil
        }
        let end = text[5...].prefix { $0 == 0x0D || $0 == 0x0A }
        return end.isEmpty ? nil : (text[4], Array(text[end.endIndex...]))
    }

    // MARK: - Letters

    /// The text as UTF-8, without a byte order mark.
    private func utf8(_ bytes: [UInt8], _ notes: inout [String]) throws(SpreadsheetError) -> [UInt8] {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            let little = bytes[0] == 0xFF
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index in
                little
                    ? UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
                    : UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
            }
            guard bytes.count.isMultiple(of: 2), let text = String(validating: units, as: UTF16.self) else {
                throw SpreadsheetError(.broken, "\(name) is UTF-16 and ends in the middle of a letter: save it again")
            }
            return Array(text.utf8)
        }
        guard !bytes.contains(0) else {
            throw SpreadsheetError(
                .kind, "\(name) is no CSV file: it holds bytes that no text has. Save it as .xlsx or as CSV")
        }
        let rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
        if String(validating: rest, as: UTF8.self) != nil { return rest }
        guard rest.count == bytes.count else {
            throw SpreadsheetError(
                .encoding, "\(name) says that it is UTF-8, and holds letters that are not: save it again as “CSV UTF-8”"
            )
        }
        var scalars = String.UnicodeScalarView()
        for byte in bytes {
            guard let scalar = Self.windows1252(byte) else {
                throw SpreadsheetError(
                    .encoding,
                    "\(name) is written in letters that are neither UTF-8 nor Windows-1252: save it as “CSV UTF-8”")
            }
            scalars.append(scalar)
        }
        notes.append("\(name) is not UTF-8; it was read as Windows-1252, as Excel saves it")
        return Array(String(scalars).utf8)
    }

    /// The letter of a byte in Windows-1252; nil for the five that it leaves open.
    private static func windows1252(_ byte: UInt8) -> UnicodeScalar? {
        guard (0x80...0x9F).contains(byte) else { return UnicodeScalar(byte) }
        let upper: [UInt32] = [
            0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
            0x017D, 0,
            0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,
            0x017E,
            0x0178,
        ]
        let value = upper[Int(byte) - 0x80]
        return value == 0 ? nil : UnicodeScalar(value)
    }

    // MARK: - Columns

    /// The separator under which most rows of the beginning have the same number of columns; with as many, the more columns.
    private func detected(_ text: [UInt8]) throws(SpreadsheetError) -> UInt8 {
        let beginning = Array(text.prefix(256 << 10))
        var scores: [(separator: UInt8, rows: Int, width: Int)] = []
        for separator in [0x3B, 0x09, 0x2C] as [UInt8] {
            let widths = try parse(beginning, separator).records.map(\.count).filter { $0 > 1 }
            var counts: [Int: Int] = [:]
            for width in widths { counts[width, default: 0] += 1 }
            if let best = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
                scores.append((separator, best.value, best.key))
            }
        }
        scores.sort { ($0.rows, $0.width) > ($1.rows, $1.width) }
        guard let best = scores.first else {
            throw SpreadsheetError(
                .separator, "\(name) has one column only: save it as CSV with semicolons between the columns")
        }
        if scores.count > 1, scores[1].rows == best.rows, scores[1].width == best.width {
            throw SpreadsheetError(
                .separator,
                "\(name): it cannot be told what stands between its columns; save it as CSV with semicolons")
        }
        return best.separator
    }

    /// Records of `text`, and what is wrong with it, if anything.
    ///
    /// A field in quotation marks may hold separators and line ends; a mark in it is doubled (RFC 4180).
    private func parse(
        _ text: [UInt8], _ separator: UInt8
    ) throws(SpreadsheetError) -> (records: [[Cell]], fault: SpreadsheetError?) {
        var (records, record, field): ([[Cell]], [Cell], [UInt8]) = ([], [], [])
        var (index, cells) = (0, 0)
        var fault: SpreadsheetError?
        func endField() {
            // Validated above, so nothing is repaired here. A line end inside a text is one letter, whoever saved it.
            let text = String(decoding: field, as: UTF8.self).replacing("\r\n", with: "\n")
            record.append(field.isEmpty ? .empty : .text(CellGuard.unguarded(text)))
            cells += field.isEmpty ? 0 : 1
            field.removeAll(keepingCapacity: true)
        }
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case 0x22 where field.isEmpty:
                var isClosed = false
                while index < text.count {
                    let inner = text[index]
                    index += 1
                    guard inner == 0x22 else {
                        field.append(inner)
                        continue
                    }
                    guard index < text.count, text[index] == 0x22 else {
                        isClosed = true
                        break
                    }
                    field.append(0x22)
                    index += 1
                }
                if !isClosed {
                    fault = SpreadsheetError(
                        .broken,
                        "\(name) ends inside a quotation mark that opens in row \(records.count + 1): half a file? Save it again"
                    )
                } else if index < text.count, ![separator, 0x0A, 0x0D].contains(text[index]) {
                    fault =
                        fault
                        ?? SpreadsheetError(
                            .separator,
                            "\(name), row \(records.count + 1): text goes on after a closing quotation mark; inside a text a mark is doubled"
                        )
                }
            case separator: endField()
            case 0x0A, 0x0D:
                if byte == 0x0D, index < text.count, text[index] == 0x0A { index += 1 }
                endField()
                records.append(record)
                record = []
            default: field.append(byte)
            }
            guard cells <= limits.cells else {
                throw SpreadsheetError(
                    .tooLarge, "\(name) has more than \(limits.cells) filled cells: divide it")
            }
        }
        if !record.isEmpty || !field.isEmpty {
            endField()
            records.append(record)
            // Google Sheets leaves the last line end out; a file cut short lacks columns too.
            if record.count < records.map(\.count).max() ?? 0 {
                fault =
                    fault
                    ?? SpreadsheetError(
                        .broken, "\(name) ends in the middle of row \(records.count): half a file? Save it again")
            }
        }
        return (records, fault)
    }
}
