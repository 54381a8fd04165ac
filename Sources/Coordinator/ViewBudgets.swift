internal import Foundation
public import PolicyModel

extension FundingView {
    /// What one initiative adds to a sum.
    public struct BudgetTerm: Hashable, Sendable, Codable {
        public var initiative: String
        public var title: LocalizedText
        /// DKK; nil where nothing is said, which is not zero.
        public var planned: DecimalText?
        public var used: DecimalText?
        public var sources: [Source]
    }

    /// The money of one year of one owner's initiatives in one policy.
    public struct BudgetRow: Hashable, Sendable, Codable {
        public var year: Int
        public var policy: String
        /// A forvaltning's code, or the id of a body that has no node.
        public var owner: String
        /// DKK, the sum of the terms that say something; nil where none does.
        public var planned: DecimalText?
        public var used: DecimalText?
        /// In the order of the source.
        public var terms: [BudgetTerm]
    }

    /// The money of one year of one policy.
    public struct BudgetTotal: Hashable, Sendable, Codable {
        public var year: Int
        public var policy: String
        public var planned: DecimalText?
        public var used: DecimalText?
        /// In the order of the source; those of nothing are among them, since the source prints them.
        public var terms: [BudgetTerm]
    }
}

extension LedgerState {
    /// By policy, year, then `owners` in their order.
    func budgetRows(_ rows: [FundingView.Row], owners: [String]) -> [FundingView.BudgetRow] {
        let order = Dictionary(owners.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let places = Dictionary(grouping: rows) { [$0.policy, $0.owner] }
        return places.flatMap { place, rows in
            terms(rows).map { year, terms in
                FundingView.BudgetRow(
                    year: year, policy: place[0], owner: place[1], planned: sum(terms.map(\.planned)),
                    used: sum(terms.map(\.used)), terms: terms)
            }
        }.sorted { ($0.policy, $0.year, order[$0.owner] ?? 0) < ($1.policy, $1.year, order[$1.owner] ?? 0) }
    }

    /// By policy, then year.
    func budgetTotals(_ rows: [FundingView.Row]) -> [FundingView.BudgetTotal] {
        Dictionary(grouping: rows, by: \.policy).flatMap { policy, rows in
            terms(rows).map { year, terms in
                FundingView.BudgetTotal(
                    year: year, policy: policy, planned: sum(terms.map(\.planned)), used: sum(terms.map(\.used)),
                    terms: terms)
            }
        }.sorted { ($0.policy, $0.year) < ($1.policy, $1.year) }
    }

    /// By year, one term for each initiative that says something of it. What is not counted adds nothing.
    private func terms(_ rows: [FundingView.Row]) -> [Int: [FundingView.BudgetTerm]] {
        var byYear: [Int: [FundingView.BudgetTerm]] = [:]
        for row in rows {
            let counted = row.entries.filter { $0.standing != .notHandedIn }
            for year in Set(counted.flatMap(\.budgets).map(\.year)) {
                let of = counted.filter { $0.budgets.contains { $0.year == year } }
                let budgets = of.flatMap(\.budgets).filter { $0.year == year }
                byYear[year, default: []].append(
                    FundingView.BudgetTerm(
                        initiative: row.initiative, title: row.title, planned: sum(budgets.map(\.plannedDKK)),
                        used: sum(budgets.map(\.usedDKK)), sources: of.compactMap(\.source)))
            }
        }
        return byYear
    }
}

/// Nothing said stays nothing said: it is not zero.
private func sum(_ amounts: [DecimalText?]) -> DecimalText? {
    let said = amounts.compactMap(decimal)
    return said.isEmpty ? nil : DecimalText(said.reduce(0, +).description)
}

/// Sums money per year exactly, in decimal: up to 38 digits, far beyond any city's budget.
struct BudgetSums {
    private var planned: [Int: Decimal] = [:]
    private var used: [Int: Decimal] = [:]

    mutating func add(_ budgets: [Budget]) {
        for budget in budgets {
            if let amount = decimal(budget.plannedDKK) { planned[budget.year, default: 0] += amount }
            if let amount = decimal(budget.usedDKK) { used[budget.year, default: 0] += amount }
        }
    }

    /// By year. A year with plans and no spending keeps `usedDKK` absent: nothing said is not zero.
    var budgets: [Budget] {
        Set(planned.keys).union(used.keys).sorted().map { year in
            Budget(
                year: year, plannedDKK: planned[year].flatMap { DecimalText($0.description) },
                usedDKK: used[year].flatMap { DecimalText($0.description) })
        }
    }
}
