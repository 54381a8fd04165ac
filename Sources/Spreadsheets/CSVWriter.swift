/// A table as a CSV file that Danish Excel opens by a double click: UTF-8 with a byte order mark, semicolons, decimal comma,
/// lines that end in CR LF. The headings of the table are left out; hidden columns are written.
///
/// - Parameter above: Lines that stand above the titles all the same.
public func danishCSV(_ table: Table, above: [String] = []) -> [UInt8] {
    var text = "\u{FEFF}"
    for line in above { text += field(CellGuard.guardedInCSV(line)) + "\r\n" }
    text += table.columns.map { field($0.title) }.joined(separator: ";") + "\r\n"
    for row in table.rows {
        text += row.map { field(csvText($0)) }.joined(separator: ";") + "\r\n"
    }
    return Array(text.utf8)
}

private func csvText(_ cell: Cell) -> String {
    switch cell {
    case .empty: ""
    case .text(let text): CellGuard.guardedInCSV(text)
    case .number(let number, let isPercent): danish(number) + (isPercent ? "%" : "")
    case .date(let date): date
    case .bool(let bool): bool ? "SAND" : "FALSK"
    // A formula is never written as one.
    case .formula(let formula), .error(let formula): CellGuard.guardedInCSV(formula)
    }
}

/// After RFC 4180, with a semicolon for its comma.
private func field(_ text: String) -> String {
    let special = text.utf8.contains { [0x22, 0x3B, 0x09, 0x0A, 0x0D].contains($0) }
    let edge = text.first == " " || text.last == " "
    return special || edge ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
}

/// `57,125` could be read as a thousand and more: a fourth decimal makes it one number.
private func danish(_ number: String) -> String {
    let text = number.replacing(".", with: ",")
    if case .several = numberReading(text).reading { return text + "0" }
    return text
}
