/// A file of tables as it was read: what stands where, with its type.
public struct ReadWorkbook: Sendable {
    public var sheets: [ReadSheet]
    /// What the file says of itself (``Workbook/details``); empty where it says nothing.
    public var details: [String: String]
    /// What a person should know of how it was read: letters that were not UTF-8.
    public var notes: [String]
    /// Whether the program that wrote it writes the day before the month: it put semicolons between columns, which is what
    /// programs do that are set to a decimal comma. A workbook has dates of its own, and its texts are nobody's format.
    public var isDayFirst: Bool

    public init(
        sheets: [ReadSheet], details: [String: String] = [:], notes: [String] = [], isDayFirst: Bool = false
    ) {
        self.sheets = sheets
        self.details = details
        self.notes = notes
        self.isDayFirst = isDayFirst
    }
}

public struct ReadSheet: Sendable {
    /// Nil for a CSV file.
    public var name: String?
    public var isHidden: Bool
    /// Those that hold something, from the top.
    public var rows: [ReadRow]
    /// Cells that were merged into one. Only the first of them can hold something.
    public var merged: [CellRange]

    public init(name: String?, isHidden: Bool = false, rows: [ReadRow], merged: [CellRange] = []) {
        self.name = name
        self.isHidden = isHidden
        self.rows = rows
        self.merged = merged
    }
}

public struct ReadRow: Sendable {
    /// From 1, as the spreadsheet program shows it.
    public var number: Int
    /// From column A; what is right of the last one is empty. Texts are unguarded (``CellGuard``).
    public var cells: [Cell]

    public init(number: Int, cells: [Cell]) {
        self.number = number
        self.cells = cells
    }

    /// The cell in a column counted from 0.
    public subscript(column: Int) -> Cell { column < cells.count ? cells[column] : .empty }
}

/// Rows and columns from 1, both ends included.
public struct CellRange: Hashable, Sendable, CustomStringConvertible {
    public var rows: ClosedRange<Int>
    public var columns: ClosedRange<Int>

    public init(rows: ClosedRange<Int>, columns: ClosedRange<Int>) {
        self.rows = rows
        self.columns = columns
    }

    /// `B3:C4`.
    public var description: String {
        "\(columnLetters(columns.lowerBound))\(rows.lowerBound):\(columnLetters(columns.upperBound))\(rows.upperBound)"
    }
}

/// How much a file may ask for. What is more is refused before it costs more.
public struct ReadLimits: Sendable {
    /// Of the file. Default 20 MiB: a filled-in template of 10,000 rows has 2.
    public var fileBytes = 20 << 20
    /// Of what a workbook unpacks to, by its own table of contents. Default 400 MiB.
    public var unpackedBytes = 400 << 20
    /// Cells that hold something. Default 2,000,000.
    public var cells = 2_000_000
    /// What the reader of workbooks may say. Default 256 MiB.
    public var outputBytes = 256 << 20
    /// Address space of the reader of workbooks. Default 2 GiB.
    public var memoryBytes = 2 << 30
    /// How much of a processor's time the reader may take. Default two minutes.
    public var time = Duration.seconds(120)
    /// How long it is waited for beyond that. Default 30 s, for a busy machine.
    public var patience = Duration.seconds(30)

    public init() {}
}
