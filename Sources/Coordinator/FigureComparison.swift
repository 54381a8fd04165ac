internal import Foundation
internal import PolicyModel

/// Holds figures against each other: those of one measure for the same time, those of the text against the budget, and, as a
/// question only, those described in nearly the same words.
struct FigureComparison {
    private(set) var rows: [ContradictionsView.Row] = []
    private(set) var agreements: [ContradictionsView.Agreement] = []

    /// A figure or baseline with where it stands.
    private struct Printed {
        let subject: String
        let policy: String
        let what: LocalizedText
        let value: DecimalText
        let qualifier: String?
        let measure: String?
        let period: Period?
        let printed: String
        let source: Source

        var side: ContradictionsView.Side { side(withTime: true) }

        /// Money of each year has no year of its own: then `withTime` is false.
        func side(withTime: Bool) -> ContradictionsView.Side {
            let time = withTime ? period.map { (" (\($0))", " (\($0))") } ?? (" (uden årstal)", " (no year)") : ("", "")
            return ContradictionsView.Side(
                id: subject, what: what,
                says: LocalizedText(
                    da: "\(danish(value))\(time.0): “\(printed)”",
                    en: "\(value)\(time.1): “\(printed)”"),
                value: value, period: period, source: source)
        }
    }

    init(_ state: LedgerState) {
        let figures = Self.printed(state)
        let measures = state.city?.measures ?? []
        let byMeasure = Dictionary(grouping: figures) { $0.measure ?? "" }
        for measure in measures where measure.budgetUnitDKK == nil {
            compare(byMeasure[measure.id] ?? [], measure)
        }
        for measure in measures {
            guard let unit = measure.budgetUnitDKK.flatMap({ Decimal(string: $0.description) }) else { continue }
            for figure in byMeasure[measure.id] ?? [] { holdAgainstBudget(figure, unit, state) }
        }
        askAboutLookAlikes(byMeasure[""] ?? [])
    }

    private static func printed(_ state: LedgerState) -> [Printed] {
        func figures(_ subject: String, _ policy: String, _ figures: [Figure]) -> [Printed] {
            figures.map {
                Printed(
                    subject: subject, policy: policy, what: $0.what, value: $0.value, qualifier: $0.qualifier,
                    measure: $0.measure, period: $0.period, printed: $0.printed, source: $0.source)
            }
        }
        let policies = state.policies.identities.compactMap { state.policy($0)?.body }
        let ofPolicies = policies.flatMap { figures($0.id, $0.id, $0.figures) }
        let ofIndicators = policies.flatMap { policy in
            policy.indicators.flatMap { indicator in
                indicator.baselines.compactMap { baseline -> Printed? in
                    guard baseline.measure != nil, let value = baseline.value.number else { return nil }
                    return Printed(
                        subject: indicator.id, policy: policy.id, what: baseline.measures ?? indicator.title,
                        value: value, qualifier: baseline.qualifier, measure: baseline.measure,
                        period: baseline.period, printed: baseline.printed, source: baseline.source)
                }
            }
        }
        let ofInitiatives = state.initiatives.identities.compactMap { state.initiative($0)?.body }.flatMap {
            figures($0.id, $0.policy, $0.figures)
        }
        return ofPolicies + ofIndicators + ofInitiatives
    }

    // MARK: One measure

    /// Figures of the same printed time are held against each other; those without a time against the latest that has one, and
    /// against each other: a text that names no year speaks of its own present.
    private mutating func compare(_ figures: [Printed], _ measure: SharedMeasure) {
        let dated = Dictionary(grouping: figures.filter { $0.period != nil }) { $0.period?.description ?? "" }
        func end(_ figures: [Printed]) -> Int { figures.first?.period?.until?.lastDay.ordinal ?? 0 }
        var groups = dated.values.sorted { (end($0), $0[0].subject) < (end($1), $1[0].subject) }
        let undated = figures.filter { $0.period == nil }
        if groups.isEmpty { groups = [undated] } else { groups[groups.count - 1] += undated }
        for group in groups where group.count > 1 {
            let sides = group.map(\.side)
            guard let (a, b) = firstDifference(group) else {
                if Set(group.map(\.policy)).count > 1 {
                    agreements.append(.init(measure: measure.id, name: measure.name, sides: sides))
                }
                continue
            }
            let isSure = a.period != nil && b.period != nil
            let caveat = measure.note.map { (" \($0.da)", " \($0.en ?? $0.da)") } ?? ("", "")
            let time =
                isSure
                ? ("for samme tid", "for the same time")
                : ("hvor den ene ikke nævner et årstal", "one of which names no year")
            rows.append(
                .init(
                    kind: .figuresDiffer, severity: isSure ? .high : .medium,
                    words: LocalizedText(
                        da: "\(measure.name.da): \(danish(a.value)) og \(danish(b.value)), \(time.0).\(caveat.0)",
                        en: "\(measure.name[.english]): \(a.value) and \(b.value), \(time.1).\(caveat.1)"),
                    sides: sides))
        }
    }

    private func firstDifference(_ group: [Printed]) -> (Printed, Printed)? {
        for (index, a) in group.enumerated() {
            for b in group[(index + 1)...] where !agree(a, b) { return (a, b) }
        }
        return nil
    }

    /// Whether two figures say the same: rounded to the fewer decimals; and within a tenth where a word such as "ca." stands
    /// with one.
    private func agree(_ a: Printed, _ b: Printed) -> Bool {
        guard let x = Decimal(string: a.value.description), let y = Decimal(string: b.value.description) else {
            return false
        }
        let decimals = min(decimals(a.value), decimals(b.value))
        if rounded(x, decimals) == rounded(y, decimals) { return true }
        guard a.qualifier != nil || b.qualifier != nil else { return false }
        return abs(x - y) * 10 <= max(abs(x), abs(y))
    }

    private func decimals(_ text: DecimalText) -> Int {
        text.description.split(separator: ".").dropFirst().first?.utf8.count ?? 0
    }

    private func rounded(_ value: Decimal, _ decimals: Int) -> Decimal {
        var value = value
        var result = Decimal()
        NSDecimalRound(&result, &value, decimals, .plain)
        return result
    }

    // MARK: Text and budget

    /// The figure is the money of each year that it stands for: those of its own period, or of the initiative's, that have a
    /// budget.
    private mutating func holdAgainstBudget(_ figure: Printed, _ unit: Decimal, _ state: LedgerState) {
        guard let said = Decimal(string: figure.value.description).map({ $0 * unit }) else { return }
        let initiative = state.initiative(figure.subject)?.body
        let facts =
            initiative.map { state.fundingFacts(of: $0.id) }
            ?? state.initiatives(ofPolicy: figure.subject).flatMap { state.fundingFacts(of: $0.body.id) }
        var sums = BudgetSums()
        for fact in facts where fact.standing != .notHandedIn { sums.add(fact.version.body.budgets) }
        let period = figure.period ?? initiative?.period ?? Period()
        let wrong = sums.budgets.filter { budget in
            (period.from?.year ?? .min)...(period.until?.year ?? .max) ~= budget.year
                && budget.plannedDKK.flatMap { Decimal(string: $0.description) } != said
        }
        guard !wrong.isEmpty else { return }
        func years(_ separator: String) -> String {
            wrong.map { budget in
                let amount = budget.plannedDKK.flatMap { Decimal(string: $0.description) }
                return "\(budget.year): \(amount.map { grouped($0, separator) } ?? "–")"
            }.joined(separator: ", ")
        }
        let budgetSource = facts.lazy.compactMap { $0.version.body.budgets.isEmpty ? nil : $0.version.body.source }
            .first
        rows.append(
            .init(
                kind: .textAndBudget, severity: .medium,
                words: LocalizedText(
                    da: "Teksten siger \(grouped(said, ".")) kr. om året; budgettet siger \(years(".")) kr.",
                    en: "The text says \(grouped(said, ",")) DKK a year; the budget says \(years(",")) DKK."),
                sides: [
                    figure.side(withTime: figure.period != nil),
                    .init(
                        id: figure.subject, what: LocalizedText(da: "Budget", en: "Budget"),
                        says: LocalizedText(da: "\(years(".")) kr.", en: "\(years(",")) DKK"), source: budgetSource),
                ]))
    }

    /// Whole DKK in groups of three digits.
    private func grouped(_ amount: Decimal, _ separator: String) -> String {
        let digits = Array("\(rounded(amount, 0))")
        return digits.indices.map { index in
            let isFirst = index == 0 || (digits.count - index) % 3 != 0 || digits[index - 1] == "-"
            return (isFirst ? "" : separator) + String(digits[index])
        }.joined()
    }

    // MARK: Look-alikes

    /// Figures of different policies without a measure, described in nearly the same words: a question, at the lowest severity.
    private mutating func askAboutLookAlikes(_ figures: [Printed]) {
        let words = figures.map { TitleWords($0.what.da) }
        var holders: [String: [Int]] = [:]
        for (number, words) in words.enumerated() {
            for word in Set(words.words) { holders[word, default: []].append(number) }
        }
        var seen: Set<[Int]> = []
        for numbers in holders.values where (2...OverlapFinder.commonFrom).contains(numbers.count) {
            for (index, a) in numbers.enumerated() {
                for b in numbers[(index + 1)...] where figures[a].policy != figures[b].policy {
                    guard words[a].words.count > 2, words[a].isSame(as: words[b]), seen.insert([a, b]).inserted,
                        !agree(figures[a], figures[b])
                    else { continue }
                    rows.append(
                        .init(
                            kind: .figuresMayDiffer, severity: .low,
                            words: LocalizedText(
                                da:
                                    "Næsten samme ord, forskellige tal: \(danish(figures[a].value)) og \(danish(figures[b].value)). Er det den samme ting?",
                                en:
                                    "Nearly the same words, different figures: \(figures[a].value) and \(figures[b].value). Is it the same thing?"
                            ),
                            sides: [figures[a].side, figures[b].side]))
                }
            }
        }
    }
}

/// With a decimal comma.
private func danish(_ value: DecimalText) -> String { value.description.replacing(".", with: ",") }
