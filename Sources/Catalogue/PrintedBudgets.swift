internal import Foundation
internal import PolicyModel

/// The row of numbers that the words of a table end in, in 1,000 DKK: a point stands between thousands, `-` is zero.
struct PrintedRow {
    /// In DKK, in the order printed.
    private(set) var amounts: [Decimal] = []

    init(_ text: String) {
        for word in text.split(whereSeparator: \.isWhitespace).reversed() {
            guard let amount = Self.amount(word) else { break }
            amounts.insert(amount * 1000, at: 0)
        }
    }

    private static func amount(_ word: Substring) -> Decimal? {
        if ["-", "–"].contains(word) { return 0 }
        let groups = word.split(separator: ".", omittingEmptySubsequences: false)
        guard groups.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            groups.dropFirst().allSatisfy({ $0.count == 3 })
        else { return nil }
        return Decimal(string: groups.joined())
    }
}

/// A year of money as it is written in the configuration.
struct WrittenBudget {
    let year: Int
    let amount: DecimalText
    let item: Item
}

extension Scope {
    /// Each year's money is the number that `words` print for it, in the order of the years; and the years themselves
    /// stand in the lines, one after the other: the head of the table.
    func budgets(_ budgets: [WrittenBudget], printed words: String, at item: Item, in source: Source, _ basis: String)
        -> [Citation]
    {
        let budgets = budgets.sorted { $0.year < $1.year }
        let row = PrintedRow(words).amounts
        let escape = "or write `\(basis): derived` where they are reckoned from the words"
        guard row.count == budgets.count else {
            item.report(
                "\(budgets.count) years of money, and the printed words “\(words.trimmed)” end in \(row.count) numbers",
                fix: "write one year for each number, in 1,000 DKK; \(escape)")
            return []
        }
        for (budget, amount) in zip(budgets, row) where budget.amount.exact != amount {
            budget.item.report(
                "“\(budget.amount)” is not what the printed words “\(words.trimmed)” have for \(budget.year), "
                    + "\(amount) DKK",
                fix: "correct the money, or the words; \(escape)")
        }
        return citation(.budget, item, budgets.map { String($0.year) }.joined(separator: " "), source)
    }

    /// The money of a funding and its ends. Where the words print no year, and are a row of money, the ends are the
    /// first and the last year with money.
    func money(_ fields: Fields, _ written: [WrittenBudget], _ source: Source) -> [Citation] {
        let words = fields["printed"]?.node.scalar?.string.trimmed ?? ""
        guard let item = fields["budgets"], !written.isEmpty, !words.isEmpty, !fields.isDerived("budgets") else {
            return dates(fields, "from", "until", in: source)
        }
        let citations = budgets(written, printed: words, at: item, in: source, "budgets_basis")
        let years = written.filter { $0.amount.exact != 0 }.map(\.year)
        guard PrintedDates(words).years.isEmpty, let first = years.min(), let last = years.max() else {
            return citations + dates(fields, "from", "until", in: source)
        }
        for (key, year) in [("from", first), ("until", last)] where !fields.isDerived(key) {
            guard let end = fields[key], let text = end.node.scalar?.string.trimmed, text != String(year) else {
                continue
            }
            end.report(
                "“\(text)” is not the \(key == "from" ? "first" : "last") year with money, \(year)",
                fix: "write \(year); or `\(key)_basis: derived` where neither the words nor the money say it")
        }
        return citations
    }
}
