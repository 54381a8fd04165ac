import Foundation
import Ledger
import PolicyModel
import Wire

/// A figure as an officer gives it: true, and not yet looked at for what may leave.
public struct EnteredReading: Codable, Sendable {
    public var about: String
    public var period: Period
    public var breakdown: Breakdown?
    /// A percentage may come as numerator and denominator alone: `value` is then reckoned, to one decimal.
    public var value: Value?
    public var numerator: DecimalText?
    public var denominator: DecimalText?
    public var reference: Value?
    public var dataSource: String?
    public var dataDate: PartialDate?
    public var comment: LocalizedText?

    enum CodingKeys: String, CodingKey {
        case about, period, breakdown, value, numerator, denominator, reference, comment
        case dataSource = "data_source"
        case dataDate = "data_date"
    }

    public init(
        about: String, period: Period, breakdown: Breakdown? = nil, value: Value? = nil,
        numerator: DecimalText? = nil, denominator: DecimalText? = nil, reference: Value? = nil,
        dataSource: String? = nil, dataDate: PartialDate? = nil, comment: LocalizedText? = nil
    ) {
        self.about = about
        self.period = period
        self.breakdown = breakdown
        self.value = value
        self.numerator = numerator
        self.denominator = denominator
        self.reference = reference
        self.dataSource = dataSource
        self.dataDate = dataDate
        self.comment = comment
    }
}

extension Entry {
    /// A figure as it may leave, and as it is.
    struct CheckedReading {
        var reading: Reading
        var asGiven: Reading
        /// What the officer must know: what is suppressed and why, and what a correction changes.
        var note: String?
    }

    /// Checks a figure against its definition and the rules of this forvaltning, and takes out what is too small to be told:
    /// what comes back may leave.
    func checked(_ entered: EnteredReading, _ pass: Pass) throws -> CheckedReading {
        let about = entered.about
        let policyID = about.split(separator: "/").first.map(String.init) ?? ""
        let policy = try policy(policyID, pass)
        let definition = try definition(of: about, in: policy, pass)
        guard let reporters = policy.reporters(of: about, city: city), reporters.contains(forvaltning.code) else {
            let who = policy.reporters(of: about, city: city) ?? []
            throw pass.refused(
                "\(about) is reported by \(who.isEmpty ? "nobody with a node" : who.joined(separator: ", ")), not by \(forvaltning.code)"
            )
        }
        let reading = Reading(
            about: about, unit: definition.unit, period: entered.period, breakdown: entered.breakdown,
            value: try value(entered, definition.unit, pass), reference: entered.reference,
            dataSource: entered.dataSource, dataDate: entered.dataDate, comment: entered.comment)
        if let violation = reading.violation
            ?? reading.ownerViolation(publisher: forvaltning.code, role: .node, city: city)
        {
            throw pass.refused(violation.description)
        }
        try checkText([entered.comment?.da, entered.comment?.en, entered.dataSource].compactMap(\.self), pass)
        try checkPeriod(reading, definition, pass)
        if let drawn = reading.dataDate, let today, drawn.firstDay > today {
            throw pass.refused("\(about): data drawn on \(drawn)? That day has not come")
        }
        try checkBreakdown(reading, definition, pass)
        if let most = definition.most.flatMap({ Int($0.description) }),
            let given = reading.value.number.flatMap({ Int($0.description) }), given > most
        {
            throw pass.refused("\(about) counts how many of \(most) are met: \(given) is more")
        }
        if definition.isParity, reading.value.number != nil, reading.reference == nil {
            throw pass.refused(
                "\(about) is held against another figure: give it too, with reference (\(definition.parityWith))")
        }
        if !definition.isParity, reading.reference != nil {
            throw pass.refused("\(about) is held against no other figure: leave reference out")
        }
        if let violation = rules.violation(of: reading) { throw pass.refused(violation.description) }
        let suppression = Suppression(threshold: city.suppressionThreshold)
        let result = suppression.applied(to: reading, disclosure: definition.disclosure)
        let words = [entered.comment?.da, entered.comment?.en, entered.dataSource].compactMap(\.self)
        if result.why != nil, words.contains(where: suppression.tells) {
            throw pass.refused(
                "the figure of \(about) is too small to leave \(forvaltning.code), and the comment or data source tells a small number: write it without"
            )
        }
        try checkParts(reading, pass)
        var notes = [result.why].compactMap(\.self)
        if let before = try figure(reading.identity, pass), before != reading.value {
            notes.append(correction(from: before, to: reading, result.reading))
        }
        return CheckedReading(
            reading: result.reading, asGiven: reading, note: notes.isEmpty ? nil : notes.joined(separator: "; "))
    }

    /// The figure as it is that was last given under an identity: the true value where it left as suppressed.
    private func figure(_ identity: String, _ pass: Pass) throws -> Value? {
        if let given = pass.figures[identity] { return given.value }
        guard let newest = pass.desk.versions(.reading, identity).last,
            let said = try? newest.decode(Reading.self)
        else { return nil }
        guard said.value == .suppressed || said.reference == .suppressed else { return said.value }
        guard let hidden = try pass.shelf.trueValue(identity, pass.head), hidden.seq == newest.envelope.seq else {
            return nil
        }
        return try JSONDecoder().decode(Reading.self, from: Data(hidden.value)).value
    }

    private func correction(from before: Value, to given: Reading, _ leaving: Reading) -> String {
        func said(_ value: Value) -> String {
            guard case .number(let number, let over, let under) = value else { return value.status.rawValue }
            return number.description + (over.map { o in " (\(o)\(under.map { " of \($0)" } ?? ""))" } ?? "")
        }
        return
            "a correction: it was \(said(before)), now it is \(said(given.value))\(leaving.value == .suppressed ? "; others see “suppressed”" : "")"
    }

    /// The parts of a whole that is counted in persons or things never add up to more than it, those included that are too small
    /// to be told.
    private func checkParts(_ reading: Reading, _ pass: Pass) throws {
        guard [.persons, .count, .percent].contains(reading.unit), let given = count(reading.value, reading.unit) else {
            return
        }
        let dimensions = city.dimensions.filter { $0.categories != nil }
        func identity(_ breakdown: Breakdown?) -> String {
            var other = reading
            other.breakdown = breakdown
            return other.identity
        }
        func value(_ breakdown: Breakdown?) throws -> Decimal? {
            breakdown == reading.breakdown
                ? given : try figure(identity(breakdown), pass).flatMap { count($0, reading.unit) }
        }
        guard let whole = try value(nil) else { return }
        for dimension in dimensions
        where reading.breakdown == nil || reading.breakdown?.dimension == dimension.id {
            let parts = try (dimension.categories ?? []).compactMap {
                try value(Breakdown(dimension: dimension.id, category: $0.id))
            }
            let sum = parts.reduce(0, +)
            guard sum <= whole else {
                throw pass.refused(
                    "\(reading.about), \(reading.period): the parts of \(dimension.id) add up to \(sum), the whole is \(whole). Correct one of them first"
                )
            }
        }
    }

    /// How many are counted: of a share its numerator; nil where that is not said.
    private func count(_ value: Value, _ unit: MeasureUnit) -> Decimal? {
        guard case .number(let number, let numerator, _) = value else { return nil }
        return (unit == .percent ? numerator : number).flatMap { Decimal(string: $0.description) }
    }

    /// What a measure's definition says that a figure of it must fit.
    private struct Definition {
        var unit: MeasureUnit
        var disclosure: Disclosure?
        var isParity = false
        var parityWith = ""
        var criteria: [String]?
        /// n of "at least k of n".
        var most: DecimalText?
        var annualTarget: AnnualTarget?
    }

    private func definition(of about: String, in policy: Policy, _ pass: Pass) throws -> Definition {
        if let indicator = policy.indicators.first(where: { $0.id == about }) {
            return Definition(
                unit: indicator.unit, disclosure: indicator.disclosure, isParity: indicator.target.kind == .parity,
                parityWith: indicator.target.parityWith?.da ?? "",
                criteria: indicator.target.kind == .atLeastKOfN ? indicator.criteria?.map(\.id) ?? [] : nil,
                most: indicator.target.kind == .atLeastKOfN ? indicator.target.of : nil)
        }
        if let target = policy.annualTargets.first(where: { $0.id == about }) {
            guard let unit = target.unit else {
                throw pass.refused("\(about) is a target in words: say how it goes with a status instead")
            }
            return Definition(
                unit: unit, disclosure: target.disclosure, annualTarget: copy.targets[about]?.annualTarget ?? target)
        }
        let nearest = nearestIDs(to: about, among: policy.measureIDs, count: 1).first
        throw pass.refused(
            "\(policy.id) has no indicator or annual target “\(about)”; \(nearest.map { "did you mean \($0)?" } ?? "`pejling view progress --policy \(policy.id)` lists them")"
        )
    }

    private func value(_ entered: EnteredReading, _ unit: MeasureUnit, _ pass: Pass) throws -> Value {
        if let value = entered.value, value.status != .number {
            guard entered.numerator == nil, entered.denominator == nil else {
                throw pass.refused("\(entered.about): \(value.status.rawValue), and yet a number: give one of them")
            }
            guard value != .suppressed else {
                throw pass.refused("give the true figure of \(entered.about): the node suppresses it where it must")
            }
            return value
        }
        var (given, over, under) = (entered.value?.number, entered.numerator, entered.denominator)
        if case .number(_, let numerator, let denominator) = entered.value {
            (over, under) = (over ?? numerator, under ?? denominator)
        }
        if given == nil, unit == .percent, let numerator = over, let denominator = under {
            guard let part = Decimal(string: numerator.description),
                let whole = Decimal(string: denominator.description),
                whole > 0
            else { throw pass.refused("\(entered.about): a share of \(denominator)") }
            var (share, result) = (part * 100 / whole, Decimal())
            NSDecimalRound(&result, &share, 1, .plain)
            given = DecimalText(result.description)
        }
        guard let given else {
            throw pass.refused("\(entered.about): no value; say missing or not_applicable where there is none")
        }
        return .number(given, numerator: over, denominator: under)
    }

    private func checkPeriod(_ reading: Reading, _ definition: Definition, _ pass: Pass) throws {
        if let target = definition.annualTarget, !target.covers(reading.period) {
            let years = [target.fromYear, target.toYear].map { $0.map(String.init) ?? ".." }.joined(separator: "-")
            throw pass.refused(
                "\(reading.about) is a target for each of the years \(years): a figure for \(reading.period) is none of them"
            )
        }
        if let begins = (reading.period.from ?? reading.period.until)?.firstDay, let today, begins > today {
            throw pass.refused("\(reading.about): \(reading.period) has not begun; nothing can be measured yet")
        }
    }

    private func checkBreakdown(_ reading: Reading, _ definition: Definition, _ pass: Pass) throws {
        guard let breakdown = reading.breakdown, breakdown.dimension == Breakdown.criterion else { return }
        guard let criteria = definition.criteria else {
            throw pass.refused("\(reading.about) has no criteria: leave the breakdown out")
        }
        guard criteria.contains(breakdown.category) else {
            throw pass.refused(
                criteria.isEmpty
                    ? "the criteria of \(reading.about) are named nowhere: the city must configure them (`criteria` in its definition), or give how many are met, without a breakdown"
                    : "\(reading.about) has no criterion “\(breakdown.category)”; it has \(criteria.joined(separator: ", "))"
            )
        }
        guard ["0", "1"].contains(reading.value.number?.description ?? "0") else {
            throw pass.refused("a criterion is met (1) or not (0)")
        }
    }
}
