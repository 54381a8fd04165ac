public import Coordinator
public import PolicyModel

/// Money by year, administration and policy: the part of the funding view with amounts.
extension FundingView {
    /// A line for each policy and owner with its years, then what each sum is made of.
    public func budgetText(_ language: Language = .danish, width: Int? = nil) -> String {
        let say = Wording(language: language, city: nil)
        let heading = Day(on).map { say.date($0) } ?? on
        return banner(synthetic, say) + say(Words.budgetsTitle, heading) + "\n\n"
            + (budgetRows.isEmpty ? say(Words.noBudgets) + "\n" : budgetTables(say, width: width))
    }

    /// Without its heading; empty where no amounts are known.
    func budgetTables(_ say: Wording, width: Int?) -> String {
        let years = Set(budgetRows.map(\.year)).sorted()
        guard !years.isEmpty else { return "" }
        var table = TextTable(columns: [
            .init(title: say(Words.policy), mayShrink: true), .init(title: say(Words.owner)), .init(title: ""),
        ])
        table.columns += years.map { .init(title: String($0), isNumber: true) }
        func add(_ policy: String, _ owner: String, _ word: Bilingual, _ amounts: [Int: DecimalText]) {
            guard !amounts.isEmpty else { return }
            let cells = years.map { year in amounts[year].map { say.number($0) } ?? "–" }
            table.rows.append([plain(policy), plain(owner), say(word)] + cells)
        }
        for policy in Set(budgetRows.map(\.policy)).sorted() {
            let own = budgetRows.filter { $0.policy == policy }
            var owners: [String] = []
            for row in own where !owners.contains(row.owner) { owners.append(row.owner) }
            for owner in owners {
                let rows = own.filter { $0.owner == owner }
                add(policy, owner, Words.planned, amounts(rows.map { ($0.year, $0.planned) }))
                add(policy, owner, Words.used, amounts(rows.map { ($0.year, $0.used) }))
            }
            let totals = budgetTotals.filter { $0.policy == policy }
            add(policy, say(Words.total), Words.planned, amounts(totals.map { ($0.year, $0.planned) }))
            add(policy, say(Words.total), Words.used, amounts(totals.map { ($0.year, $0.used) }))
        }
        var text = table.text(width: width)
        for total in budgetTotals {
            text += "\n" + sums(total, say)
        }
        return text
    }

    private func amounts(_ pairs: [(Int, DecimalText?)]) -> [Int: DecimalText] {
        Dictionary(pairs.compactMap { year, amount in amount.map { (year, $0) } }) { first, _ in first }
    }

    /// A sum and its terms, one to a line.
    private func sums(_ total: BudgetTotal, _ say: Wording) -> String {
        func lines(_ heading: Bilingual, _ sum: DecimalText?, _ amount: (BudgetTerm) -> DecimalText?) -> String {
            guard let sum else { return "" }
            var table = TextTable(columns: [.init(title: "", isNumber: true), .init(title: "")])
            for term in total.terms {
                guard let amount = amount(term) else { continue }
                table.rows.append([say.number(amount), plain(term.title[say.language])])
            }
            return say(heading, total.policy, String(total.year), say.number(sum)) + "\n" + table.body(indent: 2)
        }
        return lines(Words.budgetSum, total.planned, \.planned) + lines(Words.budgetUsed, total.used, \.used)
    }

    /// One line for each year, policy and owner; `terms` are the initiatives and what they add: `id=amount`, joined by `;`.
    public func budgetCSV() -> String {
        let head = [
            "policy", "owner", "year", "planned_dkk", "used_dkk", "planned_terms", "used_terms", "source", "synthetic",
        ]
        func terms(_ row: BudgetRow, _ amount: (BudgetTerm) -> DecimalText?) -> String {
            row.terms.compactMap { term in amount(term).map { "\(term.initiative)=\($0)" } }.joined(separator: ";")
        }
        return csvText(
            [head]
                + budgetRows.map { row in
                    [
                        row.policy, row.owner, String(row.year), row.planned?.description ?? "",
                        row.used?.description ?? "", terms(row, \.planned), terms(row, \.used),
                        unique(row.terms.flatMap(\.sources).map(\.reference)).joined(separator: ";"),
                        String(synthetic),
                    ]
                })
    }

    public func budgetJSON() -> String {
        struct Part: Encodable {
            let on: String
            let position: Int64
            let synthetic: Bool
            let rows: [BudgetRow]
            let totals: [BudgetTotal]
        }
        return jsonText(
            Part(on: on, position: position, synthetic: synthetic, rows: budgetRows, totals: budgetTotals))
    }

    private func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}
