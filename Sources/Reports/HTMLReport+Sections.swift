internal import PolicyModel

/// The committee's own headings, from Indstilling to Videre proces.
extension HTMLReport {
    func sections(_ out: inout HTMLWriter) {
        section("proposal", Words.proposal, &out, proposal)
        section("problem", Words.problem, &out, problem)
        section("solution", Words.solution, &out, solution)
        section("economy", Words.economy, &out, economy)
        section("process", Words.process, &out, process)
    }

    private func proposal(_ out: inout HTMLWriter) {
        out.element("p", model.proposal.introduction)
        out.element("ol") { out in for point in model.proposal.points { out.element("li", point) } }
        if !model.proposal.decisionsNeeded.isEmpty {
            out.element("h3", say(Words.decisionsNeeded))
            references(model.proposal.decisionsNeeded, &out)
        }
        if !model.proposal.pending.isEmpty {
            out.element("h3", say(Words.pending))
            references(model.proposal.pending, &out)
        }
    }

    private func problem(_ out: inout HTMLWriter) {
        paragraphs(model.problem.paragraphs, &out)
        out.element("h3", say(Words.goals))
        if model.problem.isTree {
            goals(model.problem, &out)
        } else {
            out.element("dl", ["class": "goals"]) { out in
                for goal in model.problem.goals {
                    out.element("dt", ["id": "g-" + anchor(goal.id).dropFirst(2)], goal.kind.text)
                    out.element("dd") { out in
                        phrase(goal.title, &out)
                        out.write(" – \(goal.owners) ")
                        source(goal.source, &out)
                        if let judgement = goal.judgement { self.judgement(judgement, &out) }
                    }
                }
            }
        }
        if !model.problem.figures.isEmpty {
            figures(say(Words.policyFigures), model.problem.figures, &out)
        }
    }

    private func solution(_ out: inout HTMLWriter) {
        paragraphs(model.solution.paragraphs, &out)
        out.element("h3", say(Words.chart))
        out.element("div", ["class": "chart"]) { out in
            chart(&out)
            chartTable(&out)
        }
        out.element("p", ["class": "rule"], model.solution.chartNote)
        out.element("div", ["class": "pair"]) { out in
            counts(Words.statusTable, Words.status, model.solution.statuses, &out)
            counts(Words.kindTable, Words.kind, model.solution.kinds, &out)
        }
    }

    private func chartTable(_ out: inout HTMLWriter) {
        let used = model.solution.usedStates
        let states = used.map { Words.shortName(Funding.State.allCases[$0]) }
        table(
            say(Words.chart), [Words.owner, Words.total] + states + [Words.withStatus],
            numeric: Set(1...(states.count + 2)), &out
        ) { out in
            for row in model.solution.chart {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { out in
                        out.element("abbr", ["title": row.owner.name.text], short(row.owner))
                    }
                    out.element("td", ["class": "number"], say.number(row.initiatives))
                    for index in used { out.element("td", ["class": "number"], say.number(row.states[index].count)) }
                    out.element("td", ["class": "number"], say.number(row.withStatus))
                }
            }
            out.element("tr", ["class": "sum"]) { out in
                let rows = model.solution.chart
                out.element("th", ["scope": "row"], say(Words.total))
                out.element("td", ["class": "number"], say.number(rows.reduce(0) { $0 + $1.initiatives }))
                for index in used {
                    out.element("td", ["class": "number"], say.number(rows.reduce(0) { $0 + $1.states[index].count }))
                }
                out.element("td", ["class": "number"], say.number(rows.reduce(0) { $0 + $1.withStatus }))
            }
        }
    }

    private func economy(_ out: inout HTMLWriter) {
        let economy = model.economy
        paragraphs(economy.paragraphs, &out)
        for (title, items) in [
            (Words.requiring, economy.requiring), (Words.expired, economy.expired), (Words.expiring, economy.expiring),
        ] {
            out.element("h3", "\(say(title)) (\(say.number(items.count)))")
            references(items, &out)
        }
        if let table = economy.budgetTable { budgets(table, &out) }
        if economy.showsBudgets {
            table(say(Words.budgets), [Words.year, Words.planned, Words.used], numeric: [1, 2], &out) { out in
                for budget in economy.budgets {
                    out.element("tr") { out in
                        out.element("th", ["scope": "row"], String(budget.year))
                        out.element("td", ["class": "number"], budget.planned ?? "–")
                        out.element("td", ["class": "number"], budget.used ?? "–")
                    }
                }
            }
        }
    }

    private func process(_ out: inout HTMLWriter) {
        paragraphs(model.process.paragraphs, &out)
        let columns = [
            Words.followUp, Words.deadline, Words.basis, Words.standing, Words.owedBy, Words.goesTo, Words.source,
        ]
        table(say(Words.calendar), columns, &out) { out in
            for item in model.process.calendar { calendarRow(item, &out) }
        }
        if !model.process.missing.isEmpty {
            out.element("h3", ["id": "missing"], say(Words.missing))
            table(
                say(Words.missingTable, model.asOf.referenceDateText),
                [Words.followUp, Words.deadline, Words.owner, Words.standing], &out
            ) { out in
                for group in model.process.missingGroups {
                    out.element("tr") { out in
                        out.element("th", ["scope": "row"]) { phrase(group[0].followUpTitle, &$0) }
                        out.element("td", group[0].due)
                        out.element("td") { list(group.map(\.owner.name), &$0) }
                        out.element("td", group[0].text)
                    }
                }
            }
        }
    }

    /// Who owes input: in a word where it is everyone.
    private func owers(_ item: ReportModel.FollowUpPart) -> String {
        let forvaltninger = model.owners.filter(\.isForvaltning).count
        if item.owedBy.isEmpty { return say(Words.nobody) }
        return item.owedBy.count == forvaltninger && forvaltninger > 1
            ? say(Words.all, say.count(forvaltninger, Words.forvaltning)) : say.list(item.owedBy.map(short))
    }

    private func calendarRow(_ item: ReportModel.FollowUpPart, _ out: inout HTMLWriter) {
        let hasNote = item.note != nil || !item.consulted.isEmpty
        out.element("tr", ["class": hasNote ? "noted" : "plain"]) { out in
            out.element("th", ["scope": "row"]) { phrase(item.title, &$0) }
            out.element("td", item.due ?? say(Words.noDeadline))
            out.element("td", item.basis ?? "–")
            out.element("td", item.standing)
            out.element("td", owers(item))
            out.element("td") { out in
                list(item.goesTo.map(\.name), &out)
                if item.isPublic { out.element("span", ["class": "small"], say(Words.publicly)) }
            }
            out.element("td") { source(item.source, &$0) }
        }
        guard hasNote else { return }
        out.element("tr") { out in
            out.element("td", ["colspan": "7"]) { out in
                if let note = item.note {
                    out.element("span", ["class": "small"]) { phrase(note, &$0) }
                }
                if !item.consulted.isEmpty {
                    out.element("span", ["class": "small"], say(Words.consulted, say.list(item.consulted.map(\.text))))
                }
            }
        }
    }
}
