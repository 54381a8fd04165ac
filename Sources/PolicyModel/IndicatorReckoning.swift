import Foundation

extension Indicator {
    /// The printed baseline a target counts from; the one rule, for judgements, views and reports alike.
    ///
    /// A number that measures the indicator itself, in its unit. With a base year named, the one of that year, or a lone one of
    /// which no year is printed. Without, a lone one: of several, none, since nothing tells them apart. Where it is nil, the
    /// reading of `yearOfMeasuredBaseline` stands in for it.
    public func reckonedFrom(_ target: Target) -> Baseline? {
        let own = baselines.filter { $0.value.number != nil && $0.measures == nil && ($0.unit ?? unit) == unit }
        guard let year = target.baseYear else { return own.count < 2 ? own.first : nil }
        let ofYear = own.filter { $0.lastYear == year }
        if ofYear.count == 1 { return ofYear.first }
        return own.count == 1 && own.first?.lastYear == nil ? own.first : nil
    }

    /// The year whose reading stands in for a baseline that is not printed: the target's base year, or the one in which the
    /// baseline was to be measured, or the one year of printed baselines that measure something else. Nil where a baseline is
    /// printed, or no year is named.
    public func yearOfMeasuredBaseline(_ target: Target) -> Int? {
        guard reckonedFrom(target) == nil else { return nil }
        let due = baselines.lazy.filter { $0.value == .missing }.compactMap(\.due?.year).first
        // A baseline that measures something else still says of which year the indicator's own is.
        let printed = Set(baselines.compactMap(\.lastYear))
        return target.baseYear ?? due ?? (printed.count == 1 ? printed.first : nil)
    }

    /// The reading that stands in for a baseline that is not printed: the first of that year with a number in the indicator's
    /// unit. `readings` are of the whole, oldest period first.
    public func measuredBaseline<Item>(
        _ target: Target, among readings: [Item], reading: (Item) -> Reading
    ) -> Item? {
        guard let year = yearOfMeasuredBaseline(target) else { return nil }
        return readings.first { item in
            let item = reading(item)
            return item.endsOn.year == year && item.value.number != nil && item.unit == unit
        }
    }

    /// What a target comes to from a printed baseline, in the indicator's unit and not rounded; nil where there is no number
    /// to come to.
    public func end(of target: Target) -> DecimalText? { end(of: target, from: reckonedFrom(target)?.value.number) }

    /// The same from a baseline that is given.
    public func end(of target: Target, from baseline: DecimalText?) -> DecimalText? {
        switch target.kind {
        case .level, .atLeast, .atLeastKOfN: return target.value
        case .all: return unit == .percent ? DecimalText(100) : nil
        case .percentagePoints, .relativeChange:
            guard let baseline, let value = target.value, let from = Decimal(string: baseline.description),
                let step = Decimal(string: value.description)
            else { return nil }
            let end = target.kind == .percentagePoints ? from + step : from * (100 + step) / 100
            return DecimalText(end.description)
        case .parity, .directionOnly, .noneStated: return nil
        }
    }
}

extension Baseline {
    /// The year its period ends in; nil where none is printed.
    public var lastYear: Int? { (period?.until ?? period?.from)?.year }
}
