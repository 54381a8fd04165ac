/// Texts that a spreadsheet program would make something else of get an apostrophe in front; reading takes it off again.
///
/// A text that begins with `=`, `+`, `-`, `@`, a tab or a line end may be run as a formula when somebody opens a CSV file, or
/// goes into a cell and out again: `=HYPERLINK(…)` in an answer must not run at the reader's. In CSV, which has no types,
/// a program also makes a date of `2019-09` and a number of `007`: those are guarded there too.
///
/// Worked example: `=1+1` is written `'=1+1`; the text `'=1+1` itself is written `''=1+1`; `'hello` needs nothing. So
/// `unguarded(guarded(text)) == text` for each text.
public enum CellGuard {
    /// `text` as it may stand in a cell of a workbook.
    public static func guarded(_ text: String) -> String {
        startsFormula(text) || startsGuarded(text) ? "'" + text : text
    }

    /// `text` as it may stand in a CSV file.
    public static func guardedInCSV(_ text: String) -> String { needsGuard(text) ? "'" + text : text }

    /// The text as it was before ``guarded(_:)`` or ``guardedInCSV(_:)``, whichever it went through.
    public static func unguarded(_ text: String) -> String { startsGuarded(text) ? rest(text) : text }

    private static func startsGuarded(_ text: String) -> Bool {
        text.unicodeScalars.first == "'" && needsGuard(rest(text))
    }

    /// Without its first scalar: an apostrophe may stand together with a sign above it, as one character.
    private static func rest(_ text: String) -> String { String(text.unicodeScalars.dropFirst()) }

    private static func needsGuard(_ text: String) -> Bool {
        startsFormula(text) || looksLikeAnother(text) || startsGuarded(text)
    }

    private static func startsFormula(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        // The wide forms are taken for the plain ones by programs set to Chinese or Japanese.
        return "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first)
    }

    /// Whether a program may take the text for a number, a date, a time or a truth value: it has a digit, and beside digits,
    /// signs and blanks only the name of a month, an exponent or a currency; or it is a word for true or false.
    private static func looksLikeAnother(_ text: String) -> Bool {
        guard text.utf8.count <= 40 else { return false }
        let lower = text.lowercased()
        if ["sand", "falsk", "true", "false"].contains(lower) { return true }
        guard lower.unicodeScalars.contains(where: { ("0"..."9").contains($0) }) else { return false }
        // A plain whole number comes back as it went.
        if text.first != "0", text.utf8.count <= 15, text.utf8.allSatisfy({ (48...57).contains($0) }) { return false }
        let words = lower.split { !$0.isLetter }
        return words.allSatisfy { word in
            ["e", "kr", "dkk", "am", "pm", "t", "z"].contains(word)
                || (word.count >= 3 && months.contains { $0.hasPrefix(word) || word == $0 })
        }
    }

    private static let months = [
        "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
        "december", "january", "february", "march", "may", "june", "july", "october",
    ]
}
