public import Coordinator
public import PolicyModel

extension FundingView {
    /// Totals for each owner, then the initiatives that need a look: all but those without a remark.
    public func text(_ language: Language = .danish, width: Int? = nil) -> String {
        let say = Wording(language: language, city: nil)
        var sums = TextTable(columns: [
            .init(title: say(Words.owner)), .init(title: say(Words.initiatives), isNumber: true),
        ])
        let states = Funding.State.allCases
        sums.columns += states.map { .init(title: plain(say(Words.shortName($0))), isNumber: true) }
        for total in totals + [total] {
            // All that require separate funding, those whose money has expired among them.
            let numbers =
                [total.initiatives] + states.map { $0 == .requiresSeparateFunding ? total.requiringInAll : total[$0] }
            sums.rows.append([plain(total.owner ?? say(Words.total))] + numbers.map { say.number($0) })
        }
        var table = TextTable(columns: [
            .init(title: say(Words.owner)), .init(title: say(Words.initiativeColumn), mayShrink: true),
            .init(title: say(Words.state)), .init(title: say(Words.untilColumn)),
            .init(title: say(Words.requiresColumn)),
        ])
        for row in rows where row.mainState != .noRemark || row.requiresSeparateFunding {
            let state = say(Words.name(row.mainState)) + (row.expiresWithinYear ? " (\(say(Words.soon)))" : "")
            table.rows.append(
                [
                    row.owner, row.title[language], state, row.fundedUntil?.description ?? "–",
                    say(row.requiresSeparateFunding ? Words.yes : Words.no),
                ].map(plain))
        }
        let heading = Day(on).map { say.date($0) } ?? on
        return banner(synthetic, say) + say(Words.fundingTitle, heading) + "\n\n" + sums.text(width: width)
            + say(Words.countTwice) + "\n\n" + table.text(width: width)
            + (budgetRows.isEmpty ? "" : "\n\(say(Words.budgets))\n\n" + budgetTables(say, width: width))
    }

    public func json() -> String { jsonText(self) }

    /// One line for each initiative.
    public func csv() -> String {
        let head = [
            "policy", "initiative", "owner", "title", "kind", "main_state", "funded_until", "requires_separate_funding",
            "expired", "expires_within_year", "synthetic",
        ]
        return csvText(
            [head]
                + rows.map { row in
                    [
                        row.policy, row.initiative, row.owner, row.title.da, row.kind.rawValue, row.mainState.rawValue,
                        row.fundedUntil?.description ?? "", String(row.requiresSeparateFunding), String(row.expired),
                        String(row.expiresWithinYear), String(synthetic),
                    ]
                })
    }
}

/// A line in front of everything made from example data.
func banner(_ synthetic: Bool, _ say: Wording) -> String { synthetic ? "*** \(say(Words.synthetic)) ***\n\n" : "" }
