internal import Foundation
internal import PolicyModel

/// Sums money per year exactly, in decimal: up to 38 digits, far beyond any city's budget.
struct BudgetSums {
    private var planned: [Int: Decimal] = [:]
    private var used: [Int: Decimal] = [:]

    mutating func add(_ budgets: [Budget]) {
        for budget in budgets {
            if let amount = budget.plannedDKK.flatMap(decimal) { planned[budget.year, default: 0] += amount }
            if let amount = budget.usedDKK.flatMap(decimal) { used[budget.year, default: 0] += amount }
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

    private func decimal(_ text: DecimalText) -> Decimal? { Decimal(string: text.description) }
}
