internal import Foundation
public import PolicyModel

extension Indicator {
    /// The printed baseline a target counts from: a number that measures the indicator itself, in its unit, and not of another
    /// year than the target's base; of several, the one of that year, and none where that does not tell them apart.
    public func reckonedFrom(_ target: Target) -> Baseline? {
        let own = baselines.filter { $0.value.number != nil && $0.measures == nil && ($0.unit ?? unit) == unit }
        guard let year = target.baseYear else { return own.count < 2 ? own.first : nil }
        let ofYear = own.filter { $0.lastYear == year }
        if ofYear.count == 1 { return ofYear.first }
        return own.count == 1 && own.first?.lastYear == nil ? own.first : nil
    }

    /// What a target comes to from a printed baseline, in the indicator's unit and not rounded; nil where there is no number
    /// to come to.
    public func end(of target: Target) -> DecimalText? { end(of: target, from: reckonedFrom(target)?.value.number) }

    /// The same from a baseline that is given.
    func end(of target: Target, from baseline: DecimalText?) -> DecimalText? {
        switch target.kind {
        case .level, .atLeast, .atLeastKOfN: return target.value
        case .all: return unit == .percent ? DecimalText(100) : nil
        case .percentagePoints, .relativeChange:
            guard let from = decimal(baseline), let step = decimal(target.value) else { return nil }
            let end = target.kind == .percentagePoints ? from + step : from * (100 + step) / 100
            return DecimalText(end.description)
        case .parity, .directionOnly, .noneStated: return nil
        }
    }

    /// The year whose reading stands in for a baseline that is not printed: the target's base year, or the one in which the
    /// baseline was to be measured. Nil where a baseline is printed, or no year is named.
    func yearOfMeasuredBaseline(_ target: Target) -> Int? {
        guard reckonedFrom(target) == nil else { return nil }
        return target.baseYear ?? baselines.lazy.filter { $0.value == .missing }.compactMap(\.due?.year).first
    }
}

extension Baseline {
    /// The year its period ends in; nil where none is printed.
    var lastYear: Int? { (period?.until ?? period?.from)?.year }
}

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
