public import Coordinator
public import PolicyModel

/// The open data: a Frictionless Data Package (v1) with one CSV for each kind of thing, as the design lists them.
///
/// Files that the ledger cannot fill have their header row only, so that readers always find all of them.
public struct DataPackage: Sendable {
    /// The bytes of each file by its name: `datapackage.json` and the CSV files. The same ledger gives the same bytes.
    public let files: [String: [UInt8]]
    /// Cells that some spreadsheet programs would take for formulas, since they begin with `=`, `+`, `-` or `@`: file, line
    /// (the header is 1) and column. They stay as they are: they are data. Numbers below zero are not among them.
    public let formulaLike: [(file: String, line: Int, column: String)]
    /// How many facts are not in it, since nobody has approved them, by the file they would be in.
    public let leftOut: [(table: String, count: Int)]
    /// The facts that are not in it, since their newest version was redacted, by the file they would be in.
    public let redacted: [(table: String, records: [LedgerRedacted])]

    /// - Parameters:
    ///   - day: what the states of money are held against.
    ///   - all: also what is neither from a document nor approved.
    ///   - program: name and version of the program.
    public init(_ state: LedgerState, on day: Day, all: Bool = false, program: String) {
        let source = DataTables(state: state, day: day, all: all)
        var tables = source.tables
        if state.isSynthetic { for index in tables.indices { tables[index].markAsExample() } }
        leftOut = source.selection.leftOut
        redacted = source.selection.redacted
        var files: [String: [UInt8]] = [:]
        var formulaLike: [(file: String, line: Int, column: String)] = []
        for table in tables {
            files[table.file] = Array(csvText([table.fields.map(\.name)] + table.rows).utf8)
            for (row, cells) in table.rows.enumerated() {
                for (column, cell) in cells.enumerated() where Self.looksLikeFormula(cell) {
                    formulaLike.append((table.file, row + 2, table.fields[column].name))
                }
            }
        }
        let descriptor = DataDescriptor(state: state, day: day, tables: tables, program: program)
        files["datapackage.json"] = Array(descriptor.json.utf8)
        self.files = files
        self.formulaLike = formulaLike
    }

    private static func looksLikeFormula(_ cell: String) -> Bool {
        guard let first = cell.first, "=+-@".contains(first) else { return false }
        return DecimalText(cell) == nil
    }
}

/// One CSV of the package.
struct DataTable {
    let name: String
    let title: String
    var fields: [DataField]
    var primaryKey: [String] = []
    var foreignKeys: [(field: String, table: String, key: String)] = []
    var rows: [[String]] = []

    var file: String { "\(name).csv" }

    /// Adds a last column that says of each row that it is example data: a file is passed on without the one that describes it.
    mutating func markAsExample() {
        fields.append(DataField("synthetic", .boolean))
        for row in rows.indices { rows[row].append("true") }
    }

    func column(_ field: String) -> [String] {
        guard let index = fields.firstIndex(where: { $0.name == field }) else { return [] }
        return rows.map { $0[index] }
    }
}

/// One column: its name, its type in Table Schema, and what is more to say.
struct DataField {
    enum Kind { case string, integer, number, boolean, year, date, list, words([String]) }
    let name: String
    let kind: Kind

    init(_ name: String, _ kind: Kind = .string) {
        self.name = name
        self.kind = kind
    }

    static func words<Word: CaseIterable & RawRepresentable>(_ name: String, _ type: Word.Type) -> DataField
    where Word.RawValue == String {
        DataField(name, .words(Word.allCases.map(\.rawValue)))
    }
}
