internal import PolicyModel

/// The committee's own headings, from Indstilling to Videre proces.
extension HTMLReport {
    func sections(_ out: inout HTMLWriter) {
        section("proposal", Words.proposal, &out) { proposal(model.proposal, &$0) }
        section("problem", Words.problem, &out, problem)
        section("solution", Words.solution, &out, solution)
        section("economy", Words.economy, &out, economy)
        section("process", Words.process, &out, process)
    }

    private func problem(_ out: inout HTMLWriter) {
        paragraphs(model.problem.paragraphs, &out)
        out.element("h3", say(Words.goals))
        goals(model.problem, &out)
        if !model.problem.figures.isEmpty {
            figures(say(Words.policyFigures), model.problem.figures, &out)
        }
    }

    private func solution(_ out: inout HTMLWriter) {
        paragraphs(model.solution.paragraphs, &out)
        out.element("h3", say(Words.chart))
        out.element("div", ["class": "chart"]) { out in
            chart(model.solution.chart, &out)
            chartTable(model.solution.chart, &out)
        }
        out.element("p", ["class": "rule"], model.solution.chartNote)
        out.element("div", ["class": "pair"]) { out in
            counts(Words.statusTable, Words.status, model.solution.statuses, &out)
            counts(Words.kindTable, Words.kind, model.solution.kinds, &out)
        }
        if let answers = model.answers { self.answers(answers, &out) }
    }

    private func answers(_ answers: [ReportModel.AnswerPart], _ out: inout HTMLWriter) {
        out.element("h3", ["id": "answers"], say(Words.answersHeading))
        table(say(Words.answersCaption), [Words.answerAbout, Words.owner, Words.status], &out) { out in
            for (index, answer) in answers.enumerated() {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { out in
                        if index == 0 || answers[index - 1].about != answer.about {
                            phrase(answer.title, &out)
                        } else {
                            // The same as above: said for those who hear the table.
                            out.element("span", ["class": "again"]) { phrase(answer.title, &$0) }
                        }
                    }
                    out.element("td") { $0.element("abbr", ["title": answer.owner.name.text], short(answer.owner)) }
                    out.element("td") { out in
                        stageChips(answer.status, &out)
                        status(answer.status, &out)
                    }
                }
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
        missing(model.process.missing, on: model.asOf, &out)
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
