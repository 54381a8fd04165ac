import PolicyModel
import Reports
import Spreadsheets

/// What a cell says where a field's answer belongs.
enum CellMeaning: Equatable {
    /// In the form of ``Answers``; nil for an empty cell.
    case answer(String?)
    case wrong(rule: String, String)
}

extension Field {
    /// - Parameters:
    ///   - unit: Of a figure: a cell that is formatted as a percentage means 57 where it holds 0.57.
    ///   - isDayFirst: ``ReadWorkbook/isDayFirst``.
    func meaning(of cell: Cell, unit: MeasureUnit?, isDayFirst: Bool) -> CellMeaning {
        switch cell {
        case .empty: return .answer(nil)
        case .formula(let formula):
            return .wrong(
                rule: "cell.formula",
                "\(formula.prefix(40)) is a formula, which may come to something else tomorrow: copy it and paste the value"
            )
        case .error(let error):
            return .wrong(rule: "cell.error", "\(error) is what a formula came to that failed: write the value")
        case .bool: return .wrong(rule: "cell.type", "a truth value stands where an answer belongs: write it in words")
        case .text(let text) where text.allSatisfy(\.isWhitespace): return .answer(nil)
        default: break
        }
        if isNumber { return number(cell, unit) }
        switch self {
        case .dataDate: return date(cell, isDayFirst)
        case .period: return period(cell)
        default: break
        }
        let text: String
        switch cell {
        case .text(let given): text = given
        case .number(let number, let isPercent): text = isPercent ? "\(number) %" : number
        case .date(let date): text = date
        default: return .answer(nil)
        }
        switch self {
        case .delivery:
            return choice(text, StatusReport.Delivery.allCases.map { ($0.rawValue, $0.name(in:)) })
        case .noFigure: return choice(text, NoFigure.allCases.map { ($0.rawValue, $0.name) })
        default: return .answer(text.replacing("\r\n", with: "\n").replacing("\r", with: "\n"))
        }
    }

    /// Whether a cell still holds what the template put there (a part of ``RowMark``). What can be read in two ways is taken as
    /// the program writes it.
    func isUntouched(_ cell: Cell, _ mark: String, isDayFirst: Bool) -> Bool {
        if isNumber, case .text(let text) = cell, case .several(let readings) = numberReading(text).reading {
            return RowMark.cell(self, readings.first) == mark
        }
        guard case .answer(let answer) = meaning(of: cell, unit: nil, isDayFirst: isDayFirst) else { return false }
        return RowMark.cell(self, answer) == mark
    }

    private func choice(_ text: String, _ choices: [(raw: String, name: (Language) -> String)]) -> CellMeaning {
        let wanted = Field.folded(text)
        for choice in choices {
            let names = [choice.raw] + Language.allCases.map(choice.name)
            if names.contains(where: { Field.folded($0) == wanted }) { return .answer(choice.raw) }
        }
        let names = choices.filter { $0.raw != NoFigure.suppressed.rawValue }.map { $0.name(.danish) }
        return .wrong(
            rule: "cell.choice", "“\(text.prefix(60))” is none of \(names.map { "“\($0)”" }.joined(separator: ", "))")
    }

    private func number(_ cell: Cell, _ unit: MeasureUnit?) -> CellMeaning {
        let (reading, isPercent): (TextReading, Bool)
        let shown: String
        switch cell {
        case .number(let number, let percent):
            // The program shows 0.57 as 57 %.
            (reading, isPercent, shown) = (.one(percent ? hundredfold(number) : number), percent, number)
        case .text(let text): (reading, isPercent) = numberReading(text); shown = text
        case .date(let date):
            return .wrong(
                rule: "cell.type",
                "the cell holds the date \(date): the program took what was typed for one. Format the cell as a number, and write the number"
            )
        default: return .wrong(rule: "cell.type", "no number")
        }
        switch reading {
        case .one(let number):
            guard !isPercent || (unit == .percent && (self == .value || self == .reference)) else {
                return .wrong(
                    rule: "cell.number", "“\(shown)” is a percentage, and a count belongs here: write the count")
            }
            guard DecimalText(number) != nil else {
                return .wrong(rule: "cell.number", "“\(shown.prefix(40))” has too many digits")
            }
            return .answer(number)
        case .several(let readings):
            return .wrong(
                rule: "cell.number_two",
                "“\(shown)” can be \(readings.joined(separator: " or ")): write \(readings.map { $0.contains(".") ? "\($0)0" : $0 }.joined(separator: " or "))"
            )
        case .none:
            return .wrong(rule: "cell.number", "“\(shown.prefix(40))” is no number such as 1500 or 57,3")
        }
    }

    private func hundredfold(_ number: String) -> String {
        let isNegative = number.first == "-"
        let parts = number.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let decimals = (parts.count > 1 ? parts[1] : "").padded(to: 2)
        let whole = String((parts[0] + decimals.prefix(2)).drop { $0 == "0" })
        let rest = String(decimals.dropFirst(2))
        let plain = (whole.isEmpty ? "0" : whole) + (rest.isEmpty ? "" : "." + rest)
        return isNegative && plain != "0" ? "-" + plain : plain
    }

    private func date(_ cell: Cell, _ isDayFirst: Bool) -> CellMeaning {
        let text: String
        switch cell {
        case .date(let date): text = String(date.prefix(10))
        case .number(let number, _): text = number
        case .text(let given): text = given
        default: return .answer(nil)
        }
        switch dateReading(text, isDayFirst: isDayFirst) {
        case .one(let date) where PartialDate(date) != nil: return .answer(date)
        case .several(let dates):
            return .wrong(
                rule: "cell.date_two", "“\(text)” is a text that can be \(dates.joined(separator: " or ")): write it so"
            )
        default:
            return .wrong(rule: "cell.date", "“\(text.prefix(40))” is no date such as 2019, 2019-12 or 2019-12-31")
        }
    }

    private func period(_ cell: Cell) -> CellMeaning {
        let text: String
        switch cell {
        case .date(let date):
            return .wrong(
                rule: "cell.date",
                "the cell holds the day \(date.prefix(10)): did the program make it of a month? Write \(date.prefix(7)), with an apostrophe before it"
            )
        case .number(let number, _): text = number
        case .text(let given): text = given
        default: return .answer(nil)
        }
        guard let period = Period(typed: text) else {
            return .wrong(
                rule: "cell.period", "“\(text.prefix(40))” is no period such as 2019, 2019-09 or 2018-08/2019-06")
        }
        return .answer(period.description)
    }
}

extension Period {
    /// `2019`, `2019-09` or `2018-08/2019-06`.
    init?(typed text: String) {
        let ends = text.split(separator: "/", omittingEmptySubsequences: false).map { $0.filter { !$0.isWhitespace } }
        guard (1...2).contains(ends.count), let from = PartialDate(ends[0]),
            let until = PartialDate(ends[ends.count - 1])
        else { return nil }
        self.init(from: from, until: until)
    }
}

extension String {
    fileprivate func padded(to count: Int) -> String {
        self + String(repeating: "0", count: max(0, count - self.count))
    }
}
