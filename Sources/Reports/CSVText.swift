/// Comma-separated values after RFC 4180: a field with a comma, a quotation mark or a line end stands in quotation marks, a
/// mark inside is doubled, lines end in CR LF.
///
/// A cell is data and stays as it is, also where it begins with `=`, `+`, `-` or `@`, which some spreadsheet programs take
/// for a formula when they open a CSV file without asking.
func csvText(_ rows: [[String]]) -> String {
    var text = ""
    for row in rows {
        text += row.map(csvField).joined(separator: ",") + "\r\n"
    }
    return text
}

private func csvField(_ field: String) -> String {
    guard field.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return field }
    return "\"\(field.replacing("\"", with: "\"\""))\""
}
