internal import PolicyModel

extension ReportModel {
    /// The report as Markdown (CommonMark with tables).
    public func markdown() -> String {
        var report = MarkdownReport(model: self)
        report.render()
        return report.out
    }
}

/// Lays a report out as Markdown, in the same order as the HTML.
struct MarkdownReport: MarkdownParts {
    let model: ReportModel
    let say: Wording
    var out = ""

    init(model: ReportModel) {
        self.model = model
        say = Wording(language: model.language, city: nil)
    }

    mutating func render() {
        heading(1, model.title)
        if model.synthetic { line("> **\(say(Words.synthetic))**") }
        line("\(md(model.policy.city.text)) · \(md(model.policy.title.text))")
        bullets([
            "\(say(Words.followUp)): \(md(model.followUp.title.text))",
            "\(say(Words.period)): \(md(model.policy.period))",
            "\(say(Words.coordinatedBy)): \(md(model.policy.coordinator.name.text)) (\(model.policy.coordinatorBasis))",
            "\(say(Words.forBodies)): \(md(say.list(model.policy.bodies.map(\.name.text))))",
            "\(say(Words.asOf)): \(model.asOf.referenceDateText) · "
                + say(Words.asOfLedger, say.number(Int(model.asOf.position)), model.asOf.receivedText),
        ])
        front()
        proposal(model.proposal)
        problem()
        solution()
        economy()
        process()
        annexes()
    }

    // MARK: Sections
    private mutating func front() {
        let front = model.front
        heading(2, say(Words.front))
        bullets([
            "**\(say(Words.delivery)): \(front.delivery.text).** \(md(front.delivery.reason))",
            "**\(say(Words.attainment)): \(front.attainment.text).** \(md(front.attainment.reason))",
        ])
        heading(3, say(Words.inNumbers))
        bullets(front.counts.map(md))
        highlights(Words.results, front.results, front.resultsRule, Words.noResults)
        highlights(Words.deviations, front.deviations, front.deviationsRule, Words.noDeviations)
        heading(3, say(Words.asked))
        line(md(front.asked))
        heading(3, say(Words.money))
        line(md(front.money))
        heading(3, say(Words.silence))
        bullets((front.silence + front.unassessed.map(\.text)).map(md))
    }

    private mutating func problem() {
        heading(2, say(Words.problem))
        for text in model.problem.paragraphs { line(md(text)) }
        heading(3, say(Words.goals))
        goals(model.problem)
        if !model.problem.figures.isEmpty {
            heading(3, say(Words.policyFigures))
            table(
                [Words.figure, Words.value, Words.asPrinted, Words.source].map { say($0) },
                model.problem.figures.map {
                    [md($0.what.text), $0.valueText, md(say.quoted($0.printed.text)), md($0.source.text)]
                })
        }
    }

    private mutating func solution() {
        heading(2, say(Words.solution))
        for text in model.solution.paragraphs { line(md(text)) }
        chart(model.solution.chart)
        line(md(model.solution.chartNote))
        heading(3, say(Words.statusTable))
        table([say(Words.status), say(Words.number)], model.solution.statuses.map { [$0.text, say.number($0.count)] })
        heading(3, say(Words.kindTable))
        table([say(Words.kind), say(Words.number)], model.solution.kinds.map { [$0.text, say.number($0.count)] })
        guard let answers = model.answers else { return }
        heading(3, say(Words.answersHeading))
        table(
            [Words.answerAbout, Words.owner, Words.status].map { say($0) },
            answers.map { [md($0.title.text), md(short($0.owner)), md(statusText($0.status))] })
    }

    private mutating func economy() {
        heading(2, say(Words.economy))
        for text in model.economy.paragraphs { line(md(text)) }
        for (title, items) in [
            (Words.requiring, model.economy.requiring), (Words.expired, model.economy.expired),
            (Words.expiring, model.economy.expiring),
        ] {
            heading(3, "\(say(title)) (\(say.number(items.count)))")
            bullets(items.map(reference))
        }
        if let table = model.economy.budgetTable { budgets(table) }
        if model.economy.showsBudgets {
            heading(3, say(Words.budgets))
            table(
                [Words.year, Words.planned, Words.used].map { say($0) },
                model.economy.budgets.map { [String($0.year), $0.planned ?? "–", $0.used ?? "–"] })
        }
    }

    private mutating func process() {
        heading(2, say(Words.process))
        for text in model.process.paragraphs { line(md(text)) }
        heading(3, say(Words.calendar))
        table(
            [Words.followUp, Words.deadline, Words.basis, Words.standing, Words.owedBy, Words.goesTo, Words.source].map
            { say($0) },
            model.process.calendar.map { item in
                let consulted =
                    item.consulted.isEmpty ? "" : " " + say(Words.consulted, say.list(item.consulted.map(\.text)))
                let title = item.title.text + (item.note.map { ". \($0.text)" } ?? "") + consulted
                let bodies = say.list(item.goesTo.map(\.name.text)) + (item.isPublic ? " (\(say(Words.publicly)))" : "")
                return [
                    md(title), item.due ?? say(Words.noDeadline), item.basis ?? "–", item.standing,
                    md(item.owedBy.isEmpty ? say(Words.nobody) : say.list(item.owedBy.map(short))), md(bodies),
                    md(item.source.text),
                ]
            })
        missing(model.process.missing)
    }
}
