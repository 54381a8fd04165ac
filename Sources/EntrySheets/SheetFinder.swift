import PolicyModel
import Spreadsheets

/// A row of the template, as it was read: each cell by what its column's title says.
struct FilledRow {
    var sheet: String?
    var number: Int
    var cells: [Field: Cell]
    let header: Header

    subscript(field: Field) -> Cell { cells[field] ?? .empty }

    func place(_ field: Field? = nil) -> CellPlace {
        CellPlace(sheet: sheet, row: number, column: field.flatMap { header.columns[$0] }.map { $0.number })
    }

    func title(_ field: Field) -> String? { header.columns[field]?.title }

    /// A problem at a field's cell, or at the row.
    func problem(_ rule: String, _ field: Field? = nil, _ message: String) -> SheetProblem {
        SheetProblem(rule, place(field), title: field.flatMap(title), message)
    }
}

/// A row of titles: which column holds what.
struct Header {
    var row: Int
    /// From 1, with the title as it stands there.
    var columns: [Field: (number: Int, title: String)]
    /// The last column of the header, somebody else's included.
    var last: Int
}

/// Finds the tables of the template in a file, wherever they stand, by the titles of their columns.
struct SheetFinder {
    private(set) var rows: [FilledRow] = []
    private(set) var problems: [SheetProblem] = []
    private(set) var notes: [String] = []

    init(_ book: ReadWorkbook) {
        notes = book.notes
        var found = false
        for sheet in book.sheets {
            guard let header = Self.headerRow(of: sheet) else { continue }
            guard !sheet.isHidden else {
                notes.append("sheet \(sheet.name ?? "") is hidden and was not read: show it where it is to count")
                continue
            }
            found = true
            take(sheet, header)
        }
        guard !found else { return }
        let (about, followUp) = (Field.about, Field.followUp)
        let names = book.sheets.compactMap(\.name)
        problems.append(
            SheetProblem(
                "sheet.none", nil,
                "no sheet has the template's columns (“\(followUp.title(.danish))” or “\(followUp.title(.english))”, “\(about.title(.danish))” …)\(names.isEmpty ? "" : "; there is \(names.map { "“\($0)”" }.joined(separator: ", "))"): which file did you mean? `pejling template` makes one"
            ))
    }

    /// The row of titles: among the first 30 rows the one with most of them, two at least of which one names the row.
    private static func headerRow(of sheet: ReadSheet) -> ReadRow? {
        func score(_ row: ReadRow) -> Int {
            let fields = row.cells.compactMap { cell in
                if case .text(let text) = cell { Field.named(text) } else { nil }
            }
            return fields.contains(.about) || fields.contains(.followUp) || fields.count >= 5 ? fields.count : 0
        }
        let best = sheet.rows.prefix(30).max { score($0) < score($1) }
        return best.flatMap { score($0) >= 2 ? $0 : nil }
    }

    private mutating func take(_ sheet: ReadSheet, _ titles: ReadRow) {
        guard let header = header(sheet, titles) else { return }
        let merged = sheet.merged.filter { $0.rows.upperBound >= titles.number }
        for range in merged {
            problems.append(
                SheetProblem(
                    "cell.merged",
                    CellPlace(sheet: sheet.name, row: range.rows.lowerBound, column: range.columns.lowerBound),
                    "the cells \(range) are merged into one, so it cannot be told which they answer for: split them"))
        }
        for row in sheet.rows where row.number > titles.number {
            var filled = FilledRow(sheet: sheet.name, number: row.number, cells: [:], header: header)
            for (field, column) in header.columns {
                let cell = row[column.number - 1]
                if !cell.isEmpty { filled.cells[field] = cell }
            }
            if row.cells.count > header.last {
                problems.append(
                    SheetProblem(
                        "row.columns", CellPlace(sheet: sheet.name, row: row.number, column: header.last + 1),
                        "something stands right of the last title: did a text with a separator in it move the cells? Move it back"
                    ))
            }
            // A row without a name and without an answer is nobody's.
            let counts = filled.cells.keys.contains { field in
                [.about, .followUp].contains(field)
                    || Obligation.Kind.allCases.contains { Field.inputs($0).contains(field) }
            }
            if counts { rows.append(filled) }
        }
    }

    /// Which column holds what; nil, with the problems noted, where that cannot be told.
    private mutating func header(_ sheet: ReadSheet, _ titles: ReadRow) -> Header? {
        var header = Header(row: titles.number, columns: [:], last: 0)
        var others: [(number: Int, title: String)] = []
        let before = problems.count
        for (index, cell) in titles.cells.enumerated() {
            guard case .text(let title) = cell else { continue }
            header.last = index + 1
            guard let field = Field.named(title) else {
                others.append((index + 1, title))
                continue
            }
            if let first = header.columns[field] {
                problems.append(
                    SheetProblem(
                        "column.twice", CellPlace(sheet: sheet.name, row: titles.number, column: index + 1),
                        title: title,
                        "the column stands twice, in \(columnLetters(first.number)) too: take one out"))
            }
            header.columns[field] = (index + 1, title)
        }
        let present = Set(header.columns.keys)
        let kinds = Obligation.Kind.allCases.filter { kind in
            !present.isDisjoint(with: Set(Field.inputs(kind)).subtracting(Field.optional))
        }
        let needed = ([.followUp, .about] + kinds.flatMap(Field.inputs)).filter { !Field.optional.contains($0) }
        for field in needed where !present.contains(field) {
            problems.append(missing(field, others, sheet, titles))
        }
        if kinds.isEmpty {
            problems.append(
                SheetProblem(
                    "column.missing", CellPlace(sheet: sheet.name, row: titles.number),
                    "there is no column for answers (“\(Field.delivery.title(.danish))”, “\(Field.value.title(.danish))” …): take a new template"
                ))
        }
        guard problems.count == before else { return nil }
        for other in others {
            notes.append(
                "column \(columnLetters(other.number)) “\(other.title)”\(sheet.name.map { " of sheet \($0)" } ?? "") is not the template's and was not read"
            )
        }
        return header
    }

    private func missing(
        _ field: Field, _ others: [(number: Int, title: String)], _ sheet: ReadSheet, _ titles: ReadRow
    ) -> SheetProblem {
        let (da, en) = (field.title(.danish), field.title(.english))
        let name = da == en ? "“\(da)”" : "“\(da)” (“\(en)”)"
        let nearest = nearestIDs(to: da, among: others.map(\.title), count: 1).first
        let hint = nearest.flatMap { title in others.first { $0.title == title } }.map { other in
            "; \(columnLetters(other.number)) is called “\(other.title)”: if that is it, give it its name back"
        }
        return SheetProblem(
            "column.missing", CellPlace(sheet: sheet.name, row: titles.number),
            "the column \(name) is missing\(hint ?? ": take a new template, or put it back")")
    }
}
