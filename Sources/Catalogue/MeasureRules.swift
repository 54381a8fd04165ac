internal import Foundation
internal import PolicyModel

/// What goes with what in an indicator, a baseline and an annual target: kinds, units, bounds.
extension DecimalText {
    /// The same number, to reckon with.
    var exact: Decimal { Decimal(string: description) ?? 0 }
    var isWhole: Bool { !description.contains(".") }
    /// How many decimals are written.
    var decimals: Int { description.split(separator: ".").dropFirst().first?.count ?? 0 }
}

extension Item {
    /// Reports that `value` cannot be counted in `unit`: a share is from 0 to 100, a count is whole and not below zero.
    func checkValue(_ value: DecimalText, in unit: MeasureUnit) {
        let isNegative = value.exact < 0
        switch unit {
        case .percent where isNegative || value.exact > 100:
            report("“\(value)” is no share: a percentage is from 0 to 100", fix: "correct the figure, or the unit")
        case .persons where isNegative || !value.isWhole, .count where isNegative || !value.isWhole:
            report(
                "“\(value)” is no number of \(unit == .persons ? "persons" : "things")",
                fix: "write a whole number from 0 on, or correct the unit")
        case .dkk where isNegative:
            report("“\(value)” is no amount of money to reach", fix: "correct the figure, or the unit")
        case .percentagePoints where value.exact < -100 || value.exact > 100:
            report("“\(value)” percentage points is more than a whole", fix: "correct the figure, or the unit")
        default: break
        }
    }
}

/// A target as it is written, and the indicator it is to fit.
struct TargetRules {
    let fields: Fields
    let kind: Target.Kind
    let unit: MeasureUnit
    /// Nil where it is missing or no word for one, which is reported by itself.
    let direction: Indicator.Direction?

    /// The kinds that say how much.
    static let withValue: Set<Target.Kind> = [.relativeChange, .percentagePoints, .level, .atLeast, .atLeastKOfN]

    func check() {
        if Self.withValue.contains(kind) {
            _ = fields.required("value")
        } else {
            fields["value"]?.report("“\(kind.rawValue)” has no value", fix: "remove it, or choose another kind")
        }
        if kind == .atLeastKOfN { _ = fields.required("of") }
        if kind != .atLeastKOfN {
            fields["of"]?.report("goes with `at_least_k_of_n` only", fix: "remove it, or choose another kind")
        }
        if kind == .parity { _ = fields.required("parity_with") }
        if kind != .parity {
            fields["parity_with"]?.report("goes with `parity` only", fix: "remove it, or choose another kind")
        }
        checkUnit()
        checkValue()
        checkYears()
    }

    private func checkUnit() {
        switch kind {
        case .percentagePoints where unit != .percent:
            fields.item.report(
                "percentage points do not fit the unit “\(unit.rawValue)”",
                fix: "a share has the unit percent; a change of a count is relative_change")
        case .all where unit != .percent:
            fields.item.report(
                "“all” does not fit the unit “\(unit.rawValue)”",
                fix: "all of whom is a share: give the indicator the unit percent")
        case .atLeastKOfN where unit != .count:
            fields.item.report(
                "“at_least_k_of_n” does not fit the unit “\(unit.rawValue)”",
                fix: "criteria are counted: give the indicator the unit count")
        default: break
        }
    }

    private func checkValue() {
        // A figure that is none has been reported as such.
        guard let item = fields["value"], let value = number(item) else { return }
        switch kind {
        case .level, .atLeast: item.checkValue(value, in: unit)
        case .percentagePoints:
            item.checkValue(value, in: .percentagePoints)
            checkSign(value, item)
        case .relativeChange:
            if value.exact < -100 {
                item.report("“\(value)” per cent leaves less than nothing", fix: "correct the figure")
            }
            checkSign(value, item)
        case .atLeastKOfN: checkCriteria(value, item)
        case .all, .parity, .directionOnly, .noneStated: break
        }
    }

    private func checkSign(_ value: DecimalText, _ item: Item) {
        let wrong =
            switch direction {
            case .up: value.exact <= 0
            case .down: value.exact >= 0
            case .parity: value.exact == 0
            case nil: false
            }
        if wrong {
            item.report(
                "a change of “\(value)” does not go with the direction “\(direction?.rawValue ?? "")”",
                fix: "write a fall with a minus and a rise without; or correct `direction`")
        }
    }

    private func checkCriteria(_ k: DecimalText, _ item: Item) {
        guard let outer = fields["of"], let n = number(outer) else { return }
        guard k.isWhole, k.exact >= 1 else {
            item.report("“\(k)” is no number of criteria", fix: "write a whole number from 1 to `of`")
            return
        }
        guard n.isWhole, n.exact >= 1 else {
            outer.report("“\(n)” is no number of criteria", fix: "write how many criteria there are")
            return
        }
        if k.exact > n.exact {
            item.report("at least \(k) of \(n) criteria can never be met", fix: "write a number from 1 to \(n)")
        }
    }

    private func checkYears() {
        guard let base = fields["base_year"]?.node.scalar.flatMap({ Int($0.string) }),
            let year = fields["year"]?.node.scalar.flatMap({ Int($0.string) }), base >= year
        else { return }
        fields["base_year"]?.report(
            "“\(base)” is not before the target's own year, \(year)", fix: "write the year it is counted from")
    }

    private func number(_ item: Item) -> DecimalText? { item.node.scalar.flatMap { DecimalText($0.string.trimmed) } }
}

extension Item {
    /// A baseline's value fits its unit (its own, else the indicator's), and the parts of a share make the share. What
    /// is misspelt is reported where the baseline is read.
    func checkBaseline(_ indicatorUnit: MeasureUnit) {
        func field(_ key: String) -> Item? {
            node.mapping?[key].map { Item(node: $0, name: name, path: "\(path).\(key)", file: file, log: log) }
        }
        let unit = peek("unit").map { MeasureUnit(rawValue: $0) } ?? indicatorUnit
        guard let unit else { return }
        func number(_ key: String) -> DecimalText? {
            field(key)?.node.scalar.flatMap { DecimalText($0.string.trimmed) }
        }
        guard let value = number("value") else { return }
        field("value")?.checkValue(value, in: unit)
        guard let share = field("numerator") ?? field("denominator") else { return }
        guard field("numerator") != nil, field("denominator") != nil else {
            share.report("stands alone", fix: "write `numerator` and `denominator`, or neither")
            return
        }
        guard let part = number("numerator"), let whole = number("denominator") else { return }
        guard unit == .percent else {
            share.report("goes with a share, and the unit is “\(unit.rawValue)”", fix: "remove it, or correct the unit")
            return
        }
        guard whole.exact > 0, part.exact >= 0, part.exact <= whole.exact else {
            share.report(
                "\(part) of \(whole) is no share", fix: "write the part as numerator, the whole as denominator")
            return
        }
        let exact = part.exact / whole.exact * 100
        // Half a unit of the last decimal written: 82 stands for 81.5 to 82.5.
        let tolerance = Decimal(sign: .plus, exponent: -value.decimals, significand: 1) / 2
        if exact < value.exact - tolerance || exact > value.exact + tolerance {
            share.report(
                "\(part) of \(whole) is not \(value) per cent", fix: "correct the share, or what it is reckoned from")
        }
    }
}
