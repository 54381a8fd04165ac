public import Coordinator
public import PolicyModel

extension MatrixView {
    /// A table for a terminal, with a heading; nil `width` for as wide as it is.
    public func text(_ language: Language = .danish, width: Int? = nil) -> String {
        let say = Wording(language: language, city: nil)
        var table = TextTable(columns: [
            .init(title: say(Words.policy)), .init(title: say(Words.owner)),
            .init(title: say(Words.followUp), mayShrink: true),
            .init(title: say(Words.deadline)), .init(title: say(Words.standing), mayShrink: true),
            .init(title: say(Words.initiatives), isNumber: true), .init(title: say(Words.statuses), isNumber: true),
        ])
        for policy in policies {
            for code in forvaltninger {
                guard let cell = cell(code, policy) else { continue }
                table.rows.append(
                    [
                        policy, code, cell.followUp ?? "–", cell.due?.description ?? "–", cell.words(say),
                        say.number(cell.initiatives),
                        say.number(cell.statuses),
                    ].map(plain))
            }
        }
        let heading = Day(on).map { say.date($0) } ?? on
        return banner(synthetic, say) + say(Words.matrixTitle, heading) + "\n\n" + table.text(width: width)
    }

    public func json() -> String { jsonText(self) }

    public func csv() -> String {
        let head = [
            "policy", "forvaltning", "follow_up", "state", "due", "due_basis", "days", "received", "initiatives",
            "statuses", "synthetic",
        ]
        return csvText(
            [head]
                + cells.map { cell in
                    [
                        cell.policy, cell.forvaltning, cell.followUp ?? "", cell.state.rawValue,
                        cell.due?.description ?? "",
                        cell.dueBasis?.rawValue ?? "", cell.days.map(String.init) ?? "", cell.received ?? "",
                        String(cell.initiatives), String(cell.statuses), String(synthetic),
                    ]
                })
    }
}

extension MatrixView.Cell {
    /// `Ikke indberettet, 1.058 dage over fristen`.
    func words(_ say: Wording) -> String {
        let word = say(Words.name(state))
        guard let days else { return word }
        let number = say.count(days, Words.day)
        switch state {
        case .due, .notDue: return "\(word), \(say(Words.daysLeft, number))"
        case .notHeard: return "\(word), \(say(Words.daysOver, number))"
        // "For sent, 3 dage", "Ikke indberettet, 1.058 dage": the word says what the days count.
        default: return "\(word), \(number)"
        }
    }
}

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
