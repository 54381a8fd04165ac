internal import Coordinator
internal import PolicyModel

/// What changed since last time, in the same order as the HTML.
extension MarkdownCombined {
    mutating func changes() {
        let changes = model.changes
        heading(2, say(Words.changes))
        bullets(changes.compared.map(md))
        for text in changes.summary { line(md(text)) }
        if !changes.list.items.isEmpty {
            line(md(changes.rule))
            table(
                [Words.whatColumn, Words.changeColumn, Words.saidColumn, Words.whyColumn].map { say($0) },
                changes.list.items.map { item in
                    let owner = item.owner.map { " (\(md(short($0))))" } ?? ""
                    let sign = ChangesView.Weight(rawValue: item.weight.code).map(Words.sign) ?? ""
                    return [
                        end(item.subject) + owner,
                        "\(md(sign)) \(item.weight.text). **\(md(item.what))**: \(md(item.change))", md(item.said),
                        item.notes.isEmpty
                            ? "–" : md(sentences(item.notes.map { "\($0.name): \($0.text.text)" })),
                    ]
                })
        }
        note(changes.list.note)
    }
}

extension MarkdownParts {
    /// What was decided before, and how it was followed up.
    mutating func decisions(_ decisions: [ReportModel.DecisionPart]) {
        guard !decisions.isEmpty else { return line(say(Words.decisionsNone)) }
        line(md(say.decisionsSummary(decisions)))
        table(
            [Words.decisionColumn, Words.decidedByColumn, Words.policy, Words.followedUpColumn].map { say($0) },
            decisions.map { item in
                let about = item.about.isEmpty ? "" : " (\(say.list(item.about.map(\.text))))"
                return [
                    md(item.text.text + about),
                    md([item.body.name.text, item.date, item.item].compactMap(\.self).joined(separator: ", ")),
                    md(item.policy), "**\(md(item.standing))**" + (item.followedUp.map { ": \(md($0.text))" } ?? ""),
                ]
            })
    }

    /// What outside organisations said, each by its own name.
    mutating func contributions(_ parts: [ReportModel.ContributionPart]) {
        table(
            [Words.organisationColumn, Words.contributionColumn, Words.followUp].map { say($0) },
            parts.map { item in
                [
                    md(item.organisation), md(item.text.text + (item.about.map { " (\($0.text))" } ?? "")),
                    md([item.followUp, item.date].compactMap(\.self).joined(separator: ", ")),
                ]
            })
    }
}
