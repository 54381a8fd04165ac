import CXlsxWriter
import Foundation
import Glibc

/// As `StoreError.Code(ofWrite:)`: no room on the disk, in its user's quota, or in the largest file there may be.
private func isNoRoom(_ code: CInt) -> Bool { [ENOSPC, EDQUOT, EFBIG].contains(code) }

extension Workbook {
    /// The workbook as the bytes of an .xlsx file. The same content makes the same bytes.
    ///
    /// Only cells of ``TableColumn/Role/input`` can be written in: the sheets are protected, without a password, against slips
    /// and not against intent. Texts go through ``CellGuard``.
    ///
    /// - Parameter temporary: A folder for the parts of the file while they are put together; they are removed again. Default: the
    ///   system's.
    /// - Throws: ``SpreadsheetError``: a text longer than a cell may be, a full disk.
    public func xlsx(temporary: String = NSTemporaryDirectory()) throws(SpreadsheetError) -> [UInt8] {
        try check()
        var template = Array("\(temporary)/pejling-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SpreadsheetError(
                isNoRoom(errno) ? .full : .unwritable,
                "no folder can be made in \(temporary): \(String(cString: strerror(errno)))")
        }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try checkRoom(in: folder)
        let path = folder + "/workbook.xlsx"
        let writer = try XLSXWriter(path: path, folder: folder)
        try writer.write(self)
        try writer.finish()
        guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else {
            throw SpreadsheetError(.unwritable, "the workbook cannot be read back from \(folder)")
        }
        return Array(data)
    }

    /// libxlsxwriter writes its parts without looking whether they reach the disk, so on a full one it would make a broken
    /// workbook in silence: hence the look before. An empty cell takes 40 bytes of XML at most, a letter that must be escaped 6.
    private func checkRoom(in folder: String) throws(SpreadsheetError) {
        var room = statvfs()
        guard statvfs(folder, &room) == 0 else { return }
        var needed = 256 << 10
        for table in tables {
            for row in table.rows {
                for cell in row { if case .text(let text) = cell { needed += 6 * text.utf8.count } }
                needed += 120 * row.count
            }
        }
        let free = Int(room.f_bavail) * Int(room.f_frsize)
        guard free > needed else {
            throw SpreadsheetError(
                .full, "no space left on the disk of \(folder): the workbook may need \(needed >> 10) KiB there")
        }
    }

    private func check() throws(SpreadsheetError) {
        for table in tables {
            guard !table.rows.isEmpty || !table.columns.isEmpty, table.rows.count < 1_000_000 else {
                throw SpreadsheetError(.unwritable, "sheet \(table.name) has more rows than a workbook holds")
            }
            for (index, row) in table.rows.enumerated() {
                precondition(row.count == table.columns.count, "a cell for each column")
                for (column, cell) in zip(table.columns, row) {
                    // As a spreadsheet program counts letters.
                    guard case .text(let text) = cell, text.utf16.count > 32_766 else { continue }
                    throw SpreadsheetError(
                        .unwritable,
                        "sheet \(table.name), row \(index + 1) of the table, “\(column.title)”: the text has \(text.utf16.count) letters, and a cell holds 32,767"
                    )
                }
            }
        }
    }
}

/// One workbook of libxlsxwriter, which is not thread safe and stays in the function that made it.
private struct XLSXWriter: ~Copyable {
    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private let formats: Formats

    init(path: String, folder: String) throws(SpreadsheetError) {
        workbook = folder.withCString { folder in
            // Copied by the library.
            var options = lxw_workbook_options(
                constant_memory: 0, tmpdir: UnsafeMutablePointer(mutating: folder), use_zip64: 0)
            return workbook_new_opt(path, &options)
        }
        guard let workbook else { throw SpreadsheetError(.unwritable, "libxlsxwriter makes no workbook: no memory?") }
        formats = Formats(workbook)
    }

    /// Puts the file together. The library frees the workbook, whatever comes of it.
    consuming func finish() throws(SpreadsheetError) {
        let code = workbook_close(workbook)
        guard code == LXW_NO_ERROR else {
            throw SpreadsheetError(
                isNoRoom(errno) ? .full : .unwritable,
                "the workbook cannot be written: \(String(cString: lxw_strerror(code)))")
        }
    }

    func write(_ content: Workbook) throws(SpreadsheetError) {
        properties(content)
        // Before any row is written, so that a drop-down's list is known when its table is.
        var lists: [[String]] = []
        for table in content.tables {
            for column in table.columns {
                if case .choice(let choices) = column.kind, !lists.contains(choices) { lists.append(choices) }
            }
        }
        for table in content.tables { try write(table, content, lists) }
        if let guidance = content.guidance { try write(guidance) }
        if !lists.isEmpty {
            let sheet = try addSheet(Workbook.listsSheet)
            for (column, list) in lists.enumerated() {
                for (row, choice) in list.enumerated() { text(sheet, row, column, choice, nil) }
            }
            hide(sheet)
        }
        let sheet = try addSheet(Workbook.detailsSheet)
        for (row, detail) in content.details.sorted(by: { $0.key < $1.key }).enumerated() {
            text(sheet, row, 0, detail.key, nil)
            text(sheet, row, 1, detail.value, nil)
        }
        hide(sheet)
    }

    private func hide(_ sheet: UnsafeMutablePointer<lxw_worksheet>) {
        worksheet_protect(sheet, nil, nil)
        worksheet_hide(sheet)
    }

    private func properties(_ content: Workbook) {
        content.title.withCString { title in
            content.remark.withCString { remark in
                var properties = lxw_doc_properties()
                properties.title = UnsafeMutablePointer(mutating: title)
                properties.comments = UnsafeMutablePointer(mutating: remark)
                properties.created = time_t(content.created)
                // Copied by the library.
                workbook_set_properties(workbook, &properties)
            }
        }
    }

    private func addSheet(_ name: String) throws(SpreadsheetError) -> UnsafeMutablePointer<lxw_worksheet> {
        guard workbook_validate_sheet_name(workbook, name) == LXW_NO_ERROR,
            let sheet = workbook_add_worksheet(workbook, name)
        else {
            throw SpreadsheetError(
                .unwritable,
                "a workbook cannot have a sheet “\(name)”: at most 31 letters, none of []:*?/\\, and no name twice")
        }
        return sheet
    }

    // MARK: - Tables

    private func write(_ table: Table, _ content: Workbook, _ lists: [[String]]) throws(SpreadsheetError) {
        let sheet = try addSheet(table.name)
        let header = table.heading.count
        for (row, line) in table.heading.enumerated() {
            text(sheet, row, 0, line, row == 0 ? formats.title : formats.subtitle)
            worksheet_set_row(sheet, lxw_row_t(row), row == 0 ? 24 : 16, nil)
        }
        worksheet_set_row(sheet, lxw_row_t(header), 32, nil)
        for (index, column) in table.columns.enumerated() {
            var options = lxw_row_col_options(hidden: column.role == .hidden ? 1 : 0, level: 0, collapsed: 0)
            worksheet_set_column_opt(sheet, lxw_col_t(index), lxw_col_t(index), column.width, nil, &options)
            text(sheet, header, index, column.title, formats.header(column.role))
            if let note = column.note { comment(sheet, header, index, note) }
            validate(sheet, column, index, rows: (header + 1)...(header + max(1, table.rows.count)), content, lists)
        }
        for (row, cells) in table.rows.enumerated() {
            worksheet_set_row(sheet, lxw_row_t(header + 1 + row), height(of: cells, table), nil)
            for (index, cell) in cells.enumerated() {
                let format = formats.cell(table.columns[index], isGroupStart: table.groupStarts.contains(row))
                write(cell, sheet, header + 1 + row, index, format)
            }
        }
        worksheet_freeze_panes(sheet, lxw_row_t(header + 1), lxw_col_t(table.frozenColumns))
        if !table.rows.isEmpty, let last = table.columns.lastIndex(where: { $0.role != .hidden }) {
            worksheet_autofilter(
                sheet, lxw_row_t(header), 0, lxw_row_t(header + table.rows.count), lxw_col_t(last))
        }
        protect(sheet)
        worksheet_set_landscape(sheet)
        worksheet_set_paper(sheet, 8)  // A3
        worksheet_set_margins(sheet, 0.4, 0.4, 0.5, 0.5)
        worksheet_fit_to_pages(sheet, 1, 0)
        worksheet_repeat_rows(sheet, lxw_row_t(header), lxw_row_t(header))
        worksheet_gridlines(sheet, UInt8(LXW_HIDE_ALL_GRIDLINES.rawValue))
    }

    /// Room for what stands in a row, twelve lines at most, in points. Given, since not every program looks for
    /// itself how much a row needs (LibreOffice does not).
    private func height(of cells: [Cell], _ table: Table) -> Double {
        var most = table.leastLines
        for (cell, column) in zip(cells, table.columns) where column.role != .hidden {
            guard case .text(let text) = cell else { continue }
            // Small letters in identifiers; a line is rarely filled to its end.
            let perLine = max(4, column.width * (column.role == .identifier ? 1.25 : 1))
            most = max(most, lines(of: text, perLine))
        }
        return Double(min(most, 12)) * 13.5 + 3
    }

    private func lines(of text: String, _ perLine: Double) -> Int {
        text.split(separator: "\n", omittingEmptySubsequences: false).reduce(0) {
            $0 + max(1, Int((Double($1.count) / perLine).rounded(.up)))
        }
    }

    /// Against slips: what is not to be filled in cannot be written in. Columns may be made wider, and rows filtered.
    private func protect(_ sheet: UnsafeMutablePointer<lxw_worksheet>) {
        var options = lxw_protection()
        options.format_columns = 1
        options.format_rows = 1
        options.autofilter = 1
        worksheet_protect(sheet, nil, &options)
    }

    private func write(
        _ cell: Cell, _ sheet: UnsafeMutablePointer<lxw_worksheet>, _ row: Int, _ column: Int,
        _ format: UnsafeMutablePointer<lxw_format>?
    ) {
        switch cell {
        case .empty: worksheet_write_blank(sheet, lxw_row_t(row), lxw_col_t(column), format)
        case .text(let content): text(sheet, row, column, CellGuard.guarded(content), format)
        case .number(let number, let isPercent):
            // What does not fit 15 digits stays as it is, as a text.
            if let double = Double(number), !isPercent, number.filter(\.isNumber).count <= 15 {
                worksheet_write_number(sheet, lxw_row_t(row), lxw_col_t(column), double, format)
            } else {
                text(sheet, row, column, CellGuard.guarded(number + (isPercent ? " %" : "")), format)
            }
        case .date(let date): text(sheet, row, column, date, format)
        case .bool(let bool): worksheet_write_boolean(sheet, lxw_row_t(row), lxw_col_t(column), bool ? 1 : 0, format)
        case .formula(let formula), .error(let formula):
            text(sheet, row, column, CellGuard.guarded(formula), format)
        }
    }

    /// A text, whatever it looks like. A CR is a line end, as XML has it. The library takes a C string: a NUL, which no text
    /// should have, is shown as one.
    private func text(
        _ sheet: UnsafeMutablePointer<lxw_worksheet>, _ row: Int, _ column: Int, _ content: String,
        _ format: UnsafeMutablePointer<lxw_format>?
    ) {
        worksheet_write_string(
            sheet, lxw_row_t(row), lxw_col_t(column), content.replacing("\0", with: "\u{2400}"), format)
    }

    private func comment(
        _ sheet: UnsafeMutablePointer<lxw_worksheet>, _ row: Int, _ column: Int, _ content: String
    ) {
        var options = lxw_comment_options()
        options.visible = UInt8(LXW_COMMENT_DISPLAY_HIDDEN.rawValue)
        options.width = 280
        // Some 40 letters in a line of 20 pixels.
        options.height = UInt16(30 + 20 * (content.count / 40 + content.filter { $0 == "\n" }.count + 1))
        options.color = lxw_color_t(0xFFFBE6)
        worksheet_write_comment_opt(sheet, lxw_row_t(row), lxw_col_t(column), content, &options)
    }

    private func validate(
        _ sheet: UnsafeMutablePointer<lxw_worksheet>, _ column: TableColumn, _ index: Int, rows: ClosedRange<Int>,
        _ content: Workbook, _ lists: [[String]]
    ) {
        guard column.role == .input else { return }
        var rule = lxw_data_validation()
        rule.ignore_blank = UInt8(LXW_VALIDATION_ON.rawValue)
        rule.show_error = UInt8(LXW_VALIDATION_ON.rawValue)
        rule.error_type = UInt8(LXW_VALIDATION_ERROR_TYPE_STOP.rawValue)
        func apply(_ rule: inout lxw_data_validation, _ sentence: String) {
            column.title.prefix(31).description.withCString { title in
                sentence.prefix(250).description.withCString { sentence in
                    rule.error_title = UnsafeMutablePointer(mutating: title)
                    rule.error_message = UnsafeMutablePointer(mutating: sentence)
                    // Copied by the library.
                    worksheet_data_validation_range(
                        sheet, lxw_row_t(rows.lowerBound), lxw_col_t(index), lxw_row_t(rows.upperBound),
                        lxw_col_t(index),
                        &rule)
                }
            }
        }
        switch column.kind {
        case .text: return
        case .number:
            rule.validate = UInt8(LXW_VALIDATION_TYPE_DECIMAL.rawValue)
            rule.criteria = UInt8(LXW_VALIDATION_CRITERIA_BETWEEN.rawValue)
            rule.minimum_number = -1e15
            rule.maximum_number = 1e15
            apply(&rule, content.numberHint)
        case .choice(let choices):
            guard let list = lists.firstIndex(of: choices), !choices.isEmpty else { return }
            let letters = columnLetters(list + 1)
            rule.validate = UInt8(LXW_VALIDATION_TYPE_LIST_FORMULA.rawValue)
            "='\(Workbook.listsSheet)'!$\(letters)$1:$\(letters)$\(choices.count)".withCString { formula in
                rule.value_formula = UnsafeMutablePointer(mutating: formula)
                apply(&rule, content.choiceHint)
            }
        }
    }

    // MARK: - Texts

    private func write(_ guidance: Guidance) throws(SpreadsheetError) {
        let sheet = try addSheet(guidance.name)
        worksheet_set_column(sheet, 0, 0, 96, nil)
        text(sheet, 0, 0, guidance.title, formats.title)
        worksheet_set_row(sheet, 0, 28, nil)
        var row = 1
        for section in guidance.sections {
            row += 1
            text(sheet, row, 0, section.heading, formats.heading)
            for paragraph in section.paragraphs {
                row += 1
                text(sheet, row, 0, CellGuard.guarded(paragraph), formats.paragraph)
                worksheet_set_row(sheet, lxw_row_t(row), Double(lines(of: paragraph, 95)) * 15 + 2, nil)
            }
            row += 1
        }
        worksheet_protect(sheet, nil, nil)
        worksheet_gridlines(sheet, UInt8(LXW_HIDE_ALL_GRIDLINES.rawValue))
        worksheet_set_paper(sheet, 9)
        worksheet_fit_to_pages(sheet, 1, 0)
    }
}
