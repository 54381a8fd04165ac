import Foundation
import Testing

@testable import EntrySheets
@testable import PluginKit
@testable import PolicyModel
@testable import Spreadsheets

/// What BIF is asked for in the tests: an open follow-up with states and figures, and one that is locked.
enum Sample {
    static let bif = Forvaltning(code: "BIF", key: "BIF", name: LocalizedText(da: "Beskæftigelse"), committee: "BIU")

    static func list(_ change: (inout AskedList) -> Void = { _ in }) -> AskedList {
        var list = AskedList(
            city: "Byen", forvaltning: bif, isSynthetic: false, day: Day("2019-11-23")!, position: 449,
            followUps: [open, locked])
        change(&list)
        return list
    }

    static func item(
        _ kind: Obligation.Kind, _ about: String, _ state: DueList.State = .missing, year: Int? = nil
    ) -> DueList.Item {
        DueList.Item(
            kind: kind, about: about, title: LocalizedText(da: "Om \(about)", en: "On \(about)"), year: year,
            state: state, daysLate: state == .missing ? 12 : nil, changedSinceApproval: false,
            hasDraft: state == .draft)
    }

    static func entry(_ id: String, _ phase: DueList.Phase, locked: String? = nil) -> DueList.Entry {
        var entry = DueList.Entry(
            followUp: id, policy: "lgbti", title: LocalizedText(da: "Opfølgning \(id)"), forvaltning: "BIF",
            phase: phase, items: [])
        entry.locked = locked.flatMap { PartialDate($0) }
        entry.lastDay = "2019-12-31"
        return entry
    }

    static func status(_ about: String, _ followUp: String, _ delivery: StatusReport.Delivery) -> StatusReport {
        StatusReport(about: about, followUp: followUp, delivery: delivery, done: LocalizedText(da: "Sidste år"))
    }

    static let open: AskedFollowUp = {
        let id = "lgbti/2019"
        var drafted = StatusReport(
            about: "lgbti/bif/kladde", followUp: id, delivery: .delayed,
            done: LocalizedText(da: "=1+1\nto linjer", en: "two lines"), reason: LocalizedText(da: "- renovering"))
        drafted.decisionNeeded = LocalizedText(da: "'hvem betaler'")
        let year = PartialDate("2019")
        let whole = Period(from: year, until: year)
        return AskedFollowUp(
            entry: entry(id, .open),
            things: [
                AskedThing(
                    followUp: id, item: item(.status, "lgbti/bif/tryg"),
                    lastStatus: status("lgbti/bif/tryg", "lgbti/opening", .onTrack)),
                AskedThing(followUp: id, item: item(.status, "lgbti/bif/kladde", .draft), status: drafted),
                AskedThing(followUp: id, item: item(.status, "lgbti/hvor-langt")),
                AskedThing(followUp: id, item: item(.reading, "lgbti/personer", year: 2019), unit: .persons),
                AskedThing(
                    followUp: id, item: item(.reading, "lgbti/andel", .handedIn, year: 2019), unit: .percent,
                    reading: EnteredReading(
                        about: "lgbti/andel", period: whole,
                        value: .number(DecimalText("57.125")!, denominator: DecimalText("41000")!),
                        dataSource: "Registeret", dataDate: PartialDate("2019-12-31"))),
                AskedThing(
                    followUp: id, item: item(.reading, "lgbti/skjult", .handedIn, year: 2019), unit: .persons,
                    reading: EnteredReading(about: "lgbti/skjult", period: whole, value: .suppressed)),
                AskedThing(
                    followUp: id, item: item(.reading, "lgbti/lige", year: 2019), unit: .percent, isParity: true),
            ])
    }()

    static let locked = AskedFollowUp(
        entry: entry("lgbti/2018", .locked, locked: "2019-03"),
        things: [AskedThing(followUp: "lgbti/2018", item: item(.status, "lgbti/bif/tryg"))])
}

/// A template as it comes back, cells by what the row is about and the column's title.
struct Filled {
    var book: ReadWorkbook

    /// As a workbook or CSV would be read, without a file.
    init(_ list: AskedList = Sample.list(), _ language: Language = .danish, csv: Bool = false) {
        let template = Template(list, language)
        let made = template.workbook(created: 0)
        let tables = csv ? [template.table()] : made.tables
        book = ReadWorkbook(
            sheets: tables.map { table in
                let header = ReadRow(number: table.heading.count + 1, cells: table.columns.map { .text($0.title) })
                let top = csv ? [] : table.heading.enumerated().map { ReadRow(number: $0 + 1, cells: [.text($1)]) }
                let rows = table.rows.enumerated().map { ReadRow(number: header.number + 1 + $0, cells: $1) }
                return ReadSheet(name: csv ? nil : table.name, rows: top + [header] + rows)
            }, details: csv ? [:] : made.details, isDayFirst: csv)
        guard csv else { return }
        for row in book.sheets[0].rows.indices {
            book.sheets[0].rows[row].cells = book.sheets[0].rows[row].cells.map { cell in
                if case .number(let number, _) = cell { return .text(number.replacing(".", with: ",")) }
                if case .date(let date) = cell { return .text(date) }
                return cell
            }
        }
    }

    /// Where the row of `about` for `followUp` is, and the column called `title`.
    private func find(_ about: String, _ title: String, _ followUp: String) -> (sheet: Int, row: Int, column: Int) {
        for (number, sheet) in book.sheets.enumerated() {
            guard let header = sheet.rows.first(where: { $0.cells.contains(.text("Id")) }),
                let column = header.cells.firstIndex(of: .text(title)),
                let row = sheet.rows.firstIndex(where: {
                    $0.cells.contains(.text(about)) && $0.cells.contains(.text(followUp))
                })
            else { continue }
            return (number, row, column)
        }
        fatalError("the template has no \(about) with \(title)")
    }

    subscript(about: String, title: String, followUp: String = "lgbti/2019") -> Cell {
        get {
            let at = find(about, title, followUp)
            return book.sheets[at.sheet].rows[at.row][at.column]
        }
        set {
            let at = find(about, title, followUp)
            book.sheets[at.sheet].rows[at.row].cells[at.column] = newValue
        }
    }

    /// Changes the titles of a sheet.
    mutating func rename(_ title: String, to other: String) {
        for sheet in book.sheets.indices {
            for row in book.sheets[sheet].rows.indices where book.sheets[sheet].rows[row].cells.contains(.text("Id")) {
                book.sheets[sheet].rows[row].cells = book.sheets[sheet].rows[row].cells.map {
                    $0 == .text(title) ? .text(other) : $0
                }
            }
        }
    }

    /// Puts the columns of each sheet in another order.
    mutating func reorder(_ change: ([Cell]) -> [Cell]) {
        for sheet in book.sheets.indices {
            let width = book.sheets[sheet].rows.map(\.cells.count).max() ?? 0
            for row in book.sheets[sheet].rows.indices where book.sheets[sheet].rows[row].cells.count > 1 {
                let cells = book.sheets[sheet].rows[row].cells
                book.sheets[sheet].rows[row].cells = change(
                    cells + Array(repeating: .empty, count: width - cells.count))
            }
        }
    }

    func imported(into list: AskedList = Sample.list(), asDraft: Bool = true) -> SheetImport {
        SheetImport(book, into: list, person: "p17", asDraft: asDraft)
    }
}
