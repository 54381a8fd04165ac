internal import Foundation
internal import PolicyModel

/// One year's point on the straight line from a baseline to a target: reckoned, stated by nobody.
struct Interpolation {
    var value: DecimalText
    var from: DecimalText
    var fromYear: Int
    var to: DecimalText
    var toYear: Int

    /// Nil where direction or numbers allow no line: parity, counts of criteria, an end on the wrong side of the baseline, a
    /// baseline or target without year, a year that is not after the baseline's. From the target's year on the line is level.
    init?(
        _ indicator: Indicator, _ target: Target, from: DecimalText?, fromYear: Int?, lastYear: Int?, in year: Int
    ) {
        guard target.kind != .atLeastKOfN, let from, let fromYear, let toYear = target.year ?? lastYear,
            let to = indicator.end(of: target, from: from), let first = decimal(from), let last = decimal(to),
            fromYear < toYear, fromYear < year
        else { return nil }
        switch indicator.direction {
        case .up where last > first: break
        case .down where last < first: break
        case .up, .down, .parity: return nil
        }
        let passed = Decimal(min(year, toYear) - fromYear)
        let point = first + (last - first) * passed / Decimal(toYear - fromYear)
        guard let value = DecimalText(rounded(point, indicator.unit).description) else { return nil }
        (self.value, self.from, self.fromYear, self.to, self.toYear) = (value, from, fromYear, to, toYear)
    }
}

/// Whole persons, things and kroner; otherwise one decimal.
private func rounded(_ value: Decimal, _ unit: MeasureUnit) -> Decimal {
    let digits =
        switch unit {
        case .persons, .count, .dkk: 0
        case .percent, .percentagePoints, .index: 1
        }
    var exact = value
    var result = Decimal()
    NSDecimalRound(&result, &exact, digits, .plain)
    return result
}

/// Exact decimal arithmetic on our texts: up to 38 digits.
func decimal(_ text: DecimalText?) -> Decimal? { text.flatMap { Decimal(string: $0.description) } }
