import Foundation
import PluginKit
import PolicyModel

/// What is measured of an indicator or annual target, year by year: drawn from the seed, from its baseline towards its target, or
/// away from it.
struct FigureCourse {
    let seed: UInt64
    let city: City
    /// The first year played.
    let from: Int

    /// How a measure fares, in hundredths of the way it should have come.
    private func pace(_ id: String, _ temperament: Temperament) -> Int {
        var dice = Dice(seed, "pace", id)
        return dice.weighted([
            (dice.whole(110...190), 22), (dice.whole(80...105), 25 + temperament.luck / 4),
            (dice.whole(20...65), 30), (-dice.whole(20...70), 15),
        ])
    }

    // MARK: Indicators

    /// The readings of a year: the whole, and now and then by the city's first dimension.
    ///
    /// - Parameter retold: Which telling it is: 0 the first; a correction is a little off it.
    func readings(_ indicator: Indicator, year: Int, _ temperament: Temperament, retold: Int = 0) -> [EnteredReading] {
        guard let period = PartialDate("\(year)").map({ Period(from: $0, until: $0) }) else { return [] }
        var dice = Dice(seed, "reading", indicator.id, "\(year)")
        var whole = EnteredReading(about: indicator.id, period: period, dataSource: Phrases.source)
        let comment = Phrases.pick(Phrases.missing, &dice)
        if dice.chance(6), retold == 0 {
            whole.value = .missing
            whole.comment = comment
            return [whole]
        }
        let level = level(indicator, year: year, temperament, &dice) * correction(indicator.id, year, retold)
        if indicator.target.kind == .parity { whole.reference = reference(indicator, year) }
        switch indicator.unit {
        case .percent:
            // A small population now and then, so that a share of very few must be kept back.
            let isSmall = indicator.disclosure != .notPersonal && dice.chance(7)
            let population = isSmall ? dice.whole(20...45) : self.population(indicator.id, year)
            let part = isSmall ? dice.whole(1...4) : count(min(max(level, 0), 100), of: population)
            whole.numerator = DecimalText(part)
            whole.denominator = DecimalText(population)
            if indicator.target.kind == .parity {
                whole.reference = whole.reference?.number.map { .number($0, denominator: DecimalText(population * 9)) }
            }
            guard !isSmall, indicator.target.kind != .parity, dice.chance(40) else { return [whole] }
            return [whole] + parts(whole, part, of: population, &dice)
        case .persons, .count:
            let limit =
                indicator.target.kind == .atLeastKOfN ? indicator.target.of.flatMap { Int($0.description) } : nil
            let number = min(max(0, rounded(level)), limit ?? .max)
            whole.value = .number(DecimalText(number))
            guard indicator.unit == .persons, number > 60, dice.chance(35) else { return [whole] }
            return [whole] + parts(whole, number, of: nil, &dice)
        case .percentagePoints, .dkk, .index:
            whole.value = DecimalText("\(rounded(level))").map { .number($0) }
            return [whole]
        }
    }

    /// What a correction does to a figure: up to 3 per cent, either way. Parts leave room for it (`parts`).
    private func correction(_ id: String, _ year: Int, _ retold: Int) -> Decimal {
        guard retold > 0 else { return 1 }
        var dice = Dice(seed, "retold", id, "\(year)", "\(retold)")
        return 1 + Decimal(dice.pick([-3, -2, -1, 1, 2, 3])) / 100
    }

    /// Where the measure stands in a year.
    private func level(
        _ indicator: Indicator, year: Int, _ temperament: Temperament, _ dice: inout Dice
    ) -> Decimal {
        let start = start(indicator)
        let pace = Decimal(pace(indicator.id, temperament)) / 100
        let begins =
            indicator.reckonedFrom(indicator.target)?.lastYear ?? indicator.yearOfMeasuredBaseline(indicator.target)
            ?? from - 1
        let ends = max(indicator.target.year ?? from + 3, begins + 1)
        let passed = Decimal(max(0, min(year, ends) - begins)) / Decimal(ends - begins)
        let sign: Decimal = indicator.direction == .down ? -1 : 1
        let end: Decimal
        if let stated = indicator.end(of: indicator.target, from: text(start)).flatMap({
            Decimal(string: $0.description)
        }) {
            end = stated
        } else if indicator.target.kind == .parity,
            let reference = reference(indicator, year)?.number.flatMap({ Decimal(string: $0.description) })
        {
            end = reference
        } else {
            var step = Dice(seed, "step", indicator.id)
            end = start * (1 + sign * Decimal(step.whole(6...18)) / 100)
        }
        // A little of chance, so that no line is straight: up to 3 per cent of the way.
        let noise = (end - start) * Decimal(dice.whole(-3...3)) / 100
        // The year of the baseline is the baseline: nothing has happened yet.
        return passed == 0 ? start : start + (end - start) * passed * pace + noise
    }

    /// The baseline; one drawn from the seed where none is printed.
    private func start(_ indicator: Indicator) -> Decimal {
        if let printed = indicator.reckonedFrom(indicator.target)?.value.number {
            return Decimal(string: printed.description) ?? 0
        }
        var dice = Dice(seed, "start", indicator.id)
        if indicator.target.kind == .atLeastKOfN { return 0 }
        return switch indicator.unit {
        case .percent: Decimal(dice.whole(180...620)) / 10
        case .persons: Decimal(dice.whole(120...900))
        case .count: Decimal(dice.whole(8...60))
        case .percentagePoints, .dkk, .index: Decimal(dice.whole(90...110))
        }
    }

    /// What parity is held against.
    private func reference(_ indicator: Indicator, _ year: Int) -> Value? {
        var dice = Dice(seed, "reference", indicator.id)
        let start = start(indicator)
        let level = start * (1 + Decimal(dice.whole(8...20)) / 100) + Decimal(year - from) / 5
        return .number(tenths(level))
    }

    private func population(_ id: String, _ year: Int) -> Int {
        var dice = Dice(seed, "population", id)
        return dice.whole(6...420) * 100 + (year - from) * dice.whole(5...90)
    }

    /// The same figure for the first two categories of the city's first closed dimension that has two. Together they are 90 per
    /// cent of the whole: some are in neither, and parts never add up to more than the whole, though it be corrected.
    private func parts(_ whole: EnteredReading, _ number: Int, of population: Int?, _ dice: inout Dice)
        -> [EnteredReading]
    {
        guard let dimension = city.dimensions.first(where: { $0.categories?.count ?? 0 > 1 }),
            let categories = dimension.categories?.prefix(2)
        else { return [] }
        let share = dice.whole(40...50)
        let people = population.map { $0 * dice.whole(46...54) / 100 }
        return zip(categories, [number * share / 100, number * (90 - share) / 100]).enumerated().map { index, part in
            var reading = whole
            reading.breakdown = Breakdown(dimension: dimension.id, category: part.0.id)
            let of = people.flatMap { people in population.map { index == 0 ? people : $0 - people } }
            if let of {
                reading.numerator = DecimalText(min(part.1, of))
                reading.denominator = DecimalText(of)
            } else {
                reading.value = .number(DecimalText(part.1))
            }
            return reading
        }
    }

    // MARK: Annual targets

    /// The readings of an effort's annual targets in a year, in the order of the policy. What a share is of is the count before
    /// it: of those who take part, or, where the base is another than that of the share before, of those it counted.
    func readings(
        of targets: [AnnualTarget], year: Int, _ temperament: Temperament, retold: Int = 0
    ) -> [EnteredReading] {
        guard let period = PartialDate("\(year)").map({ Period(from: $0, until: $0) }) else { return [] }
        var taking = 0
        var before: (base: String?, part: Int)?
        return targets.compactMap { target in
            guard let unit = target.unit, target.covers(year: year) else { return nil }
            var dice = Dice(seed, "annual", target.id, "\(year)")
            let wanted = target.value.flatMap { Decimal(string: $0.description) }
            let reached =
                Decimal(dice.whole(78...104) + temperament.luck / 8) / 100 * correction(target.id, year, retold)
            var reading = EnteredReading(about: target.id, period: period, dataSource: Phrases.source)
            switch unit {
            case .percent:
                let isOfPart = before != nil && before?.base != target.base?.da
                let population = max(1, isOfPart ? before?.part ?? 0 : taking > 0 ? taking : dice.whole(60...300))
                let share = min(100, (wanted ?? (target.comparator == .all ? 100 : 50)) * reached)
                let part = count(share, of: population)
                reading.numerator = DecimalText(part)
                reading.denominator = DecimalText(population)
                before = (target.base?.da, part)
            default:
                let number = max(0, rounded((wanted ?? Decimal(dice.whole(3...40))) * reached))
                if unit == .persons, taking == 0 { taking = number }
                reading.value = .number(DecimalText(number))
            }
            return reading
        }
    }

    // MARK: Numbers

    private func count(_ percent: Decimal, of population: Int) -> Int {
        min(population, max(0, rounded(percent * Decimal(population) / 100)))
    }

    private func rounded(_ value: Decimal) -> Int {
        var (value, result) = (value, Decimal())
        NSDecimalRound(&result, &value, 0, .plain)
        return Int(truncating: result as NSDecimalNumber)
    }

    private func tenths(_ value: Decimal) -> DecimalText {
        var (value, result) = (value, Decimal())
        NSDecimalRound(&result, &value, 1, .plain)
        return DecimalText(result.description) ?? DecimalText(0)
    }

    private func text(_ value: Decimal) -> DecimalText? { DecimalText(value.description) }
}
