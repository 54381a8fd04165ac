internal import Foundation
internal import PolicyModel

/// How values, targets and years are said.
extension Wording {
    /// A number with its unit: `53 pct.`, `1 person`, `600.000 kr.`; a bare number where the unit is a count.
    func amount(_ value: DecimalText, _ unit: MeasureUnit?) -> String {
        let number = number(value)
        let isOne = value.description == "1"
        switch unit {
        case .percent: return self(Words.percentOf, number)
        case .percentagePoints: return self(isOne ? Words.pointOf : Words.pointsOf, number)
        case .persons: return self(isOne ? Words.personOf : Words.personsOf, number)
        case .dkk: return self(Words.moneyOf, number)
        case .index: return self(Words.indexOf, number)
        case .count, nil: return number
        }
    }

    /// A value in words; the four kinds stay apart. `due` is when what is missing is to be measured.
    func value(_ value: Value, _ unit: MeasureUnit?, due: PartialDate? = nil) -> String {
        switch value {
        case .number(let number, let numerator?, let denominator?):
            "\(amount(number, unit)) (\(self(Words.shareOf, self.number(numerator), self.number(denominator))))"
        case .number(let number, _, _): amount(number, unit)
        case .suppressed: self(Words.suppressedValue)
        case .missing: self(Words.missingValue, self.due(due))
        case .notApplicable: self(Words.name(Value.Status.notApplicable))
        }
    }

    private func due(_ date: PartialDate?) -> String {
        guard let date else { return self(Words.dueSometime) }
        return self(date.day == nil ? Words.dueInYear : Words.dueOnDay, self.date(date))
    }

    /// A target in words, by its kind, with its years: `10 pct. færre i 2022 end i 2017`.
    func target(_ target: Target, _ unit: MeasureUnit, _ direction: Indicator.Direction) -> String {
        switch target.kind {
        case .noneStated: return self(Words.noTarget)
        case .parity:
            // What parity is held against follows these words, so its year stands before them.
            let text = self(Words.parityWith)
            return target.year.map { self(Words.inYearParity, text, String($0)) } ?? text
        case .directionOnly:
            let word =
                switch direction {
                case .up: Words.higherOnly
                case .down: Words.lowerOnly
                case .parity: Words.nearerOnly
                }
            return self(Words.byNoAmount, withYears(self(word), target))
        case .relativeChange, .percentagePoints, .level, .atLeast, .all, .atLeastKOfN:
            return withYears(shortTarget(target, unit, direction), target)
        }
    }

    /// The years of a target after its words; the same for all kinds.
    private func withYears(_ words: String, _ target: Target) -> String {
        var text = words
        if let year = target.year { text = self(Words.inYear, text, String(year)) }
        guard let base = target.baseYear else { return text }
        let isChange = [.relativeChange, .percentagePoints, .directionOnly].contains(target.kind)
        return self(isChange ? Words.thanIn : Words.countedFrom, text, String(base))
    }

    /// The target without its years, for the picture.
    func shortTarget(_ target: Target, _ unit: MeasureUnit, _ direction: Indicator.Direction) -> String {
        switch target.kind {
        case .relativeChange: return change(target.value, .percent, isCounted: unit == .persons || unit == .count)
        case .percentagePoints: return change(target.value, .percentagePoints, isCounted: false)
        case .level: return target.value.map { amount($0, unit) } ?? ""
        case .atLeast: return self(Words.atLeast, target.value.map { amount($0, unit) } ?? "")
        case .all: return self(unit == .percent ? Words.allPercent : Words.allOf)
        case .atLeastKOfN:
            return self(Words.kOfN, target.value.map { number($0) } ?? "", target.of.map { number($0) } ?? "")
        case .parity: return self(Words.sameLevel)
        case .directionOnly: return self(Words.name(direction))
        case .noneStated: return self(Words.name(Target.Kind.noneStated))
        }
    }

    /// `10 pct. færre` of what is counted, `10 pct. lavere` of what is measured.
    private func change(_ value: DecimalText?, _ unit: MeasureUnit, isCounted: Bool) -> String {
        guard let value else { return "" }
        let isLess = value.description.hasPrefix("-")
        let size = DecimalText(value.description.drop { $0 == "-" }) ?? value
        let words: Bilingual
        if isCounted { words = isLess ? Words.fewer : Words.more } else { words = isLess ? Words.lower : Words.higher }
        return self(words, amount(size, unit))
    }

    /// `hvert år 2019–2022`, `2019`, `hvert år`.
    func years(from: Int?, until: Int?) -> String {
        switch (from, until) {
        case (nil, nil): self(Words.everyYear)
        case (let from?, nil): self(Words.yearsFrom, String(from))
        case (nil, let until?): self(Words.yearsUntil, String(until))
        case (let from?, let until?) where from == until: String(from)
        case (let from?, let until?): self(Words.yearsFromTo, String(from), String(until))
        }
    }

    /// What an effort is to reach, without whom it is of: `mindst 90 pct.`; nil where there are only words.
    func annual(_ target: AnnualTarget) -> String? {
        let amount = target.value.map { self.amount($0, target.unit) }
        switch target.comparator {
        case .all: return amount.map { "\(self(Words.allOf)) (\($0))" } ?? self(Words.allOf)
        case .atLeast: return amount.map { self(Words.atLeast, $0) }
        case .stated: return amount
        }
    }
}

/// Exact decimal arithmetic on our texts: up to 38 digits.
func decimal(_ text: DecimalText?) -> Decimal? { text.flatMap { Decimal(string: $0.description) } }
