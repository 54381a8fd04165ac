/// A table of columns padded to their displayed width, for a terminal.
///
/// Columns keep the width of their widest cell; where that is too much, the columns that may be cut are shortened, the
/// widest first, and what is cut ends in `…`.
struct TextTable {
    struct Column {
        var title: String
        var isNumber = false
        /// Whether it may be cut where the line is too long.
        var mayShrink = false
    }

    var columns: [Column]
    /// A row of one cell, in a table of more, is a heading: it stands across all columns.
    var rows: [[String]] = []

    /// At most `width` columns of the terminal wide; nil for as wide as it is. At least 6 are left of each column.
    func text(width: Int? = nil) -> String {
        let cells = rows.filter { $0.count == columns.count }
        var widths = columns.indices.map { index in
            max(displayWidth(columns[index].title), cells.map { displayWidth($0[index]) }.max() ?? 0)
        }
        if let width {
            while widths.reduce(0, +) + 2 * (widths.count - 1) > width {
                let candidates = widths.indices.filter { columns[$0].mayShrink && widths[$0] > 6 }
                guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
                widths[widest] -= 1
            }
        }
        let rule = widths.map { String(repeating: "-", count: $0) }
        return ([columns.map(\.title), rule] + rows).map { line($0, widths, width) + "\n" }.joined()
    }

    /// The rows without titles, each behind `indent` blanks.
    func body(indent: Int) -> String {
        text().split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2).filter { !$0.isEmpty }
            .map { String(repeating: " ", count: indent) + $0 + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int], _ width: Int?) -> String {
        if cells.count < columns.count { return wrapped(cells[0], to: width) }
        let padded = cells.indices.map { index in
            let cell = shortened(cells[index], to: widths[index])
            let blanks = String(repeating: " ", count: max(0, widths[index] - displayWidth(cell)))
            return columns[index].isNumber ? blanks + cell : cell + blanks
        }
        let text = padded.joined(separator: "  ")
        return String(text.reversed().drop { $0 == " " }.reversed())
    }

}

/// `text` in lines of at most `width` where its words allow; those after the first stand two blanks further in than it. Nil for
/// as wide as it is.
func wrapped(_ text: String, to width: Int?) -> String {
    guard let width else { return text }
    let indent = String(text.prefix { $0 == " " })
    var lines = [indent]
    for word in text.dropFirst(indent.count).split(separator: " ", omittingEmptySubsequences: false) {
        let last = lines[lines.count - 1]
        if last.allSatisfy({ $0 == " " }) {
            lines[lines.count - 1] += word
        } else if displayWidth(last) + 1 + displayWidth(String(word)) <= width {
            lines[lines.count - 1] += " " + word
        } else {
            lines.append(indent + "  " + word)
        }
    }
    return lines.joined(separator: "\n")
}

/// `text` in at most `width` columns of a terminal; what is cut ends in `…`.
func shortened(_ text: String, to width: Int) -> String {
    guard displayWidth(text) > width else { return text }
    var kept = ""
    for character in text {
        if displayWidth(kept) + displayWidth(String(character)) > width - 1 { break }
        kept.append(character)
    }
    return kept + "…"
}

/// How many columns of a terminal `text` takes: two for East Asian wide characters and emoji (Unicode Standard Annex 11),
/// none for control characters and for marks that stand on the letter before.
func displayWidth(_ text: String) -> Int {
    text.reduce(0) { sum, character in
        guard let scalar = character.unicodeScalars.first else { return sum }
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x200B...0x200F, 0x300...0x36F: return sum
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return sum + 2
        default: return sum + 1
        }
    }
}

/// `text` for one line of a terminal: control characters, which could move the cursor, become `�`, line ends blanks.
func plain(_ text: String) -> String {
    guard
        text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) || $0.value == 0xAD })
    else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 9, 10, 13: result += " "
        case 0xAD: break
        case 0..<0x20, 0x7F..<0xA0: result += "\u{FFFD}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
