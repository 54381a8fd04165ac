/// What stands in a cell. The types stay apart: a date is not a text, and a number is not a text that looks like one.
public enum Cell: Hashable, Sendable {
    case empty
    case text(String)
    /// Decimal text with a point, such as `-57.3`; at most 15 digits that count, as a spreadsheet program shows it.
    /// `isPercent`: the cell is formatted as a percentage, so the program shows `0.57` as 57 %.
    case number(String, isPercent: Bool = false)
    /// `2019-12-31`, or `2019-12-31T08:15:00` where the cell has a time of day.
    case date(String)
    case bool(Bool)
    /// The formula, with its `=`. What it comes to is not told: a value that can change by itself is nobody's word.
    case formula(String)
    /// What a formula came to when it failed: `#N/A`, `#DIV/0!`.
    case error(String)

    public var isEmpty: Bool { self == .empty }
}

/// Where a cell is, as people say it: sheet, row from 1, column from A.
public struct CellPlace: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Nil in a CSV file, which has one table.
    public var sheet: String?
    /// From 1, as spreadsheet programs count; in a CSV file a row of its text, a header being row 1.
    public var row: Int
    /// From 1; nil when the whole row is meant.
    public var column: Int?

    public init(sheet: String?, row: Int, column: Int? = nil) {
        self.sheet = sheet
        self.row = row
        self.column = column
    }

    /// `Status!C14` or `C14`; `Status, row 14` or `row 14`.
    public var description: String {
        guard let column else { return sheet.map { "\($0), row \(row)" } ?? "row \(row)" }
        return (sheet.map { "\($0)!" } ?? "") + "\(columnLetters(column))\(row)"
    }

    public static func < (left: CellPlace, right: CellPlace) -> Bool {
        (left.sheet ?? "", left.row, left.column ?? 0) < (right.sheet ?? "", right.row, right.column ?? 0)
    }
}

/// The letters of a column: 1 is `A`, 27 is `AA`.
///
/// - Parameter number: From 1.
public func columnLetters(_ number: Int) -> String {
    precondition(number >= 1, "columns are counted from 1")
    var (rest, letters) = (number, "")
    while rest > 0 {
        letters = String(UnicodeScalar(UInt8(65 + (rest - 1) % 26))) + letters
        rest = (rest - 1) / 26
    }
    return letters
}
