internal import Coordinator
internal import PolicyModel

/// What changed since last time.
extension HTMLCombined {
    func changes(_ out: inout HTMLWriter) {
        let changes = model.changes
        out.element("ul", ["class": "plain"]) { out in for line in changes.compared { out.element("li", line) } }
        paragraphs(changes.summary, &out)
        if !changes.list.items.isEmpty {
            out.element("p", ["class": "rule"], changes.rule)
            let columns = [Words.whatColumn, Words.changeColumn, Words.saidColumn, Words.whyColumn]
            table(say(Words.changes), columns, kind: "changes titled", &out) { out in
                for item in changes.list.items { out.element("tr") { change(item, &$0) } }
            }
        }
        note(changes.list.note, &out)
    }

    private func change(_ item: CombinedReport.ChangePart, _ out: inout HTMLWriter) {
        out.element("th", ["scope": "row"]) { out in
            end(item.subject, &out)
            if let owner = item.owner {
                out.write(" ")
                out.element("span", ["class": "owner", "title": owner.name.text], short(owner))
            }
        }
        out.element("td", ["class": "change \(item.weight.code)"]) { out in
            let weight = ChangesView.Weight(rawValue: item.weight.code)
            out.element("span", ["class": "small"]) { out in
                if let weight {
                    out.element("span", ["aria-hidden": "true"], Words.sign(weight))
                    out.write(" ")
                }
                out.write(item.weight.text)
            }
            out.element("strong", item.what)
            out.write(": \(item.change)")
        }
        out.element("td", item.said)
        out.element("td") { out in
            if item.notes.isEmpty { out.write("–") }
            for note in item.notes {
                out.element("p") { out in
                    out.write("\(note.name): ")
                    phrase(note.text, &out)
                }
            }
        }
    }
}

extension HTMLParts {
    /// What was decided before, and how it was followed up.
    func decisions(_ decisions: [ReportModel.DecisionPart], _ out: inout HTMLWriter) {
        guard !decisions.isEmpty else { return out.element("p", say(Words.decisionsNone)) }
        out.element("p", say.decisionsSummary(decisions))
        let columns = [Words.decisionColumn, Words.decidedByColumn, Words.policy, Words.followedUpColumn]
        table(say(Words.decisionsHeading), columns, kind: "decisions titled", &out) { out in
            for item in decisions {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { out in
                        phrase(item.text, &out)
                        if !item.about.isEmpty {
                            out.element("span", ["class": "small"]) { list(item.about, &$0) }
                        }
                    }
                    out.element("td") { out in
                        phrase(item.body.name, &out)
                        out.element(
                            "span", ["class": "small"],
                            [item.date, item.item].compactMap(\.self).joined(separator: ", "))
                    }
                    out.element("td", item.policy)
                    out.element("td", ["class": item.isOpen ? "open" : "done"]) { out in
                        out.element("strong", item.standing)
                        if let done = item.followedUp {
                            out.write(": ")
                            phrase(done, &out)
                        }
                    }
                }
            }
        }
    }
}

extension HTMLParts {
    /// What outside organisations said, each by its own name.
    func contributions(_ parts: [ReportModel.ContributionPart], _ out: inout HTMLWriter) {
        let columns = [Words.organisationColumn, Words.contributionColumn, Words.followUp]
        table(say(Words.contributionsHeading), columns, kind: "decisions titled", &out) { out in
            for item in parts {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"], item.organisation)
                    out.element("td") { out in
                        phrase(item.text, &out)
                        if let about = item.about { out.element("span", ["class": "small"]) { phrase(about, &$0) } }
                    }
                    out.element("td") { out in
                        out.write(item.followUp)
                        if let date = item.date { out.element("span", ["class": "small"], date) }
                    }
                }
            }
        }
    }
}

extension Wording {
    /// `3 beslutninger: 1 er ikke fulgt op. …`
    func decisionsSummary(_ decisions: [ReportModel.DecisionPart]) -> String {
        self(
            Words.decisionsCounts, count(decisions.count, Words.decisionNoun),
            number(decisions.count(where: \.isOpen)))
    }
}
