import PluginKit
import PolicyModel
import Reports
import Wire

/// What people filled in of one thing, field by field, in one form whatever the language and the file: `delayed`, `57.3`,
/// `2019-12-31`, a text. What is empty is not there.
typealias Answers = [Field: String]

extension AskedThing {
    /// What stands for this follow-up: what a template is filled in with.
    var standing: Answers {
        var answers: Answers = [:]
        switch item.kind {
        case .status:
            guard let status else { return [:] }
            answers[.delivery] = status.delivery.rawValue
            answers[.done] = status.done?.da
            answers[.reason] = status.reason?.da
            answers[.deviation] = status.deviation?.da
            answers[.action] = status.action?.da
            answers[.proposals] = status.proposals?.da
            answers[.decisionNeeded] = status.decisionNeeded?.da
        case .reading:
            answers[.period] = reading?.period.description ?? item.year.map(String.init)
            guard let reading else { break }
            switch reading.value {
            case .number(let number, let numerator, let denominator):
                answers[.value] = plain(number)
                answers[.numerator] = (reading.numerator ?? numerator).map(plain)
                answers[.denominator] = (reading.denominator ?? denominator).map(plain)
            case .suppressed: answers[.noFigure] = NoFigure.suppressed.rawValue
            case .missing: answers[.noFigure] = NoFigure.missing.rawValue
            case .notApplicable: answers[.noFigure] = NoFigure.notApplicable.rawValue
            case nil:
                answers[.numerator] = reading.numerator.map(plain)
                answers[.denominator] = reading.denominator.map(plain)
            }
            if case .number(let number, _, let denominator) = reading.reference {
                answers[.reference] = plain(number)
                answers[.referenceDenominator] = denominator.map(plain)
            }
            answers[.comment] = reading.comment?.da
            answers[.dataSource] = reading.dataSource
            answers[.dataDate] = reading.dataDate?.description
        }
        return answers.filter { !$0.value.isEmpty }
    }

    /// `57.0` and `57` are one number, and a cell knows only the second.
    private func plain(_ number: DecimalText) -> String {
        let text = number.description
        guard text.contains(".") else { return text == "-0" ? "0" : text }
        var digits = Substring(text)
        while digits.last == "0" { digits.removeLast() }
        if digits.last == "." { digits.removeLast() }
        return digits == "-0" ? "0" : String(digits)
    }
}

/// What a template says of a row to the program that reads it back: which thing it is, and what stood in each cell.
///
/// So a cell that nobody touched is known, whatever was said elsewhere meanwhile: it changes nothing, and an old template does
/// not bring back what a colleague corrected. A part is 8 hexadecimal digits of a SHA-256, or `0` for an empty cell:
/// `p1f2e3d4c.9a8b7c6d.0.0.…`, of the thing first, then of each field (``Field/inputs(_:)``).
struct RowMark: Equatable {
    let thing: String
    let cells: [String]

    init(_ thing: AskedThing, _ answers: Answers, in list: AskedList) {
        self.thing = Self.thing(thing, in: list)
        cells = Field.inputs(thing.item.kind).map { Self.cell($0, answers[$0]) }
    }

    /// Nil for anything else.
    init?(_ text: String) {
        guard text.first == "p" else { return nil }
        let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, parts.allSatisfy({ $0 == "0" || ($0.count == 8 && $0.allSatisfy(\.isHexDigit)) }) else {
            return nil
        }
        thing = parts[0]
        cells = Array(parts.dropFirst())
    }

    var text: String { "p" + ([thing] + cells).joined(separator: ".") }

    static func thing(_ thing: AskedThing, in list: AskedList) -> String {
        short([
            list.city, list.forvaltning.code, list.isSynthetic ? "synthetic" : "real", thing.followUp,
            thing.item.kind.rawValue, thing.item.about,
        ])
    }

    static func cell(_ field: Field, _ answer: String?) -> String {
        guard let answer, !answer.isEmpty else { return "0" }
        return short([field.rawValue, answer])
    }

    private static func short(_ parts: [String]) -> String {
        String(Hash(of: Array(parts.joined(separator: "\u{1F}").utf8)).hex.prefix(8))
    }
}
