import CXlsxWriter

/// The looks of cells. Owned by the workbook they were made for.
struct Formats {
    typealias Format = UnsafeMutablePointer<lxw_format>

    let title: Format?
    let subtitle: Format?
    let heading: Format?
    let paragraph: Format?
    private let headers: [TableColumn.Role: Format]
    /// Of rows, and of rows that begin a group.
    private let rows: Rows
    private let groupStarts: Rows

    private struct Rows {
        var protected: [TableColumn.Role: Format] = [:]
        var textInput: Format?
        var numberInput: Format?
    }

    init(_ workbook: UnsafeMutablePointer<lxw_workbook>) {
        func make(_ change: (Format) -> Void) -> Format? {
            guard let format = workbook_add_format(workbook) else { return nil }
            change(format)
            return format
        }
        func border(_ format: Format, _ colour: lxw_color_t) {
            format_set_border(format, UInt8(LXW_BORDER_THIN.rawValue))
            format_set_border_color(format, colour)
        }
        func body(_ format: Format, _ size: Double = 10) {
            format_set_font_size(format, size)
            format_set_text_wrap(format)
            format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
        }
        title = make {
            format_set_bold($0)
            format_set_font_size($0, 15)
            format_set_font_color($0, 0x1F3A5F)
        }
        subtitle = make {
            format_set_font_size($0, 10)
            format_set_font_color($0, 0x5A6470)
        }
        heading = make {
            format_set_bold($0)
            format_set_font_size($0, 12)
            format_set_font_color($0, 0x1F3A5F)
        }
        paragraph = make { body($0, 11) }
        func header(_ background: lxw_color_t, _ letters: lxw_color_t) -> Format? {
            make {
                body($0)
                format_set_bold($0)
                format_set_bg_color($0, background)
                format_set_font_color($0, letters)
                format_set_align($0, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
                border($0, 0xFFFFFF)
            }
        }
        let (grey, blue) = (header(0xE3E7EC, 0x3A444F), header(0x1F3A5F, 0xFFFFFF))
        headers = [.identifier: grey, .shown: grey, .hidden: grey, .input: blue].compactMapValues(\.self)
        func rows(isGroupStart: Bool) -> Rows {
            func cell(_ colour: lxw_color_t, _ change: (Format) -> Void) -> Format? {
                make {
                    border($0, colour)
                    if isGroupStart {
                        format_set_top($0, UInt8(LXW_BORDER_MEDIUM.rawValue))
                        format_set_top_color($0, 0x1F3A5F)
                    }
                    change($0)
                }
            }
            let small = cell(0xE3E7EC) {
                body($0, 8)
                format_set_font_color($0, 0x7A8490)
            }
            func input(_ numberFormat: String) -> Format? {
                cell(0xD9CFA3) {
                    body($0)
                    format_set_bg_color($0, 0xFFFBE6)
                    format_set_unlocked($0)
                    format_set_num_format($0, numberFormat)
                }
            }
            let shown = cell(0xE3E7EC) { body($0) }
            return Rows(
                protected: [.identifier: small, .hidden: small, .shown: shown].compactMapValues(\.self),
                textInput: input("@"), numberInput: input("General"))
        }
        self.rows = rows(isGroupStart: false)
        groupStarts = rows(isGroupStart: true)
    }

    func header(_ role: TableColumn.Role) -> Format? { headers[role] }

    func cell(_ column: TableColumn, isGroupStart: Bool) -> Format? {
        let rows = isGroupStart ? groupStarts : rows
        guard column.role == .input else { return rows.protected[column.role] }
        if case .number = column.kind { return rows.numberInput }
        return rows.textInput
    }
}
