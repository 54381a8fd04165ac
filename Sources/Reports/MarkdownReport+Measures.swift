internal import PolicyModel

/// Goals as a tree, indicators, annual targets and money by year, as Markdown.
extension MarkdownReport {
    mutating func goals() {
        let problem = model.problem
        tree(problem.tree)
        if !problem.principles.isEmpty {
            heading(4, say(Words.principles))
            tree(problem.principles)
        }
        guard !problem.measured.isEmpty else { return }
        heading(3, say(Words.indicators))
        for goal in problem.measured {
            heading(4, "\(goal.kind.text): \(goal.title.text)")
            for item in goal.indicators ?? [] { indicator(item) }
        }
    }

    private mutating func tree(_ goals: [(goal: ReportModel.GoalPart, depth: Int)]) {
        let lines = goals.map { goal, depth in
            var text = "- \(goal.kind.text): \(md(goal.title.text)) – \(md(goal.owners)) [\(md(goal.source.text))]"
            if let indicators = goal.indicators { text += " – \(say.count(indicators.count, Words.indicator))" }
            return String(repeating: "  ", count: depth) + text
        }
        line(lines.joined(separator: "\n"))
    }

    private mutating func indicator(_ item: ReportModel.IndicatorPart) {
        heading(5, item.title.text)
        var rows = item.baselines.map { baseline in
            row(
                Words.baseline, baseline.text, baseline.qualifier, baseline.period,
                baseline.measures.map { "\(say(Words.reallyMeasures)): \(md($0.text))" }, baseline.printed,
                baseline.source)
        }
        if let forecast = item.forecast {
            rows.append(
                row(
                    Words.forecast, forecast.text, nil, forecast.period, say(Words.forecastNote), forecast.printed,
                    forecast.source))
        }
        let target = item.target
        rows.append(
            row(
                Words.target, target.text + (target.parityWith.map { " \($0.text)" } ?? ""), nil, nil,
                target.reckoning.map(md), target.printed, target.source))
        rows.append(
            row(
                Words.latest, item.latest?.text ?? say(Words.notMeasured), nil, item.latest?.period, nil, nil,
                item.latest?.source))
        table([Words.figure, Words.value, Words.asPrinted, Words.source].map { say($0) }, rows)
        bullets(facts(item))
    }

    private func row(
        _ name: Bilingual, _ value: String, _ qualifier: Phrase?, _ period: String?, _ note: String?,
        _ printed: Phrase?, _ source: ReportModel.SourcePart?
    ) -> [String] {
        let qualified = md(value) + (qualifier.map { " (\(md($0.text)))" } ?? "") + (period.map { ", \($0)" } ?? "")
        return [
            say(name), qualified + (note.map { ". \($0)" } ?? ""), printed.map { md(say.quoted($0.text)) } ?? "–",
            source.map { md($0.text) } ?? "–",
        ]
    }

    private func facts(_ item: ReportModel.IndicatorPart) -> [String] {
        var facts = [
            "\(say(Words.population)): \(md(item.population.text))", "\(say(Words.unit)): \(item.unit.text)",
            "\(say(Words.direction)): \(item.direction.text) (\(item.directionBasis.text))",
        ]
        if !item.bodies.isEmpty {
            facts.append("\(say(Words.bodiesOf)): \(md(say.list(item.bodies.map(\.name.text))))")
        }
        let reporters = md(say.list(item.reporters.map(\.name.text)))
        let basis = item.reportersBasis.text
        facts.append("\(say(Words.reporters)): \(item.reporters.isEmpty ? basis : "\(reporters) (\(basis))")")
        if let scope = item.scope { facts.append("\(say(Words.scope)): \(md(scope.text))") }
        facts += item.breaks.map { "\(say(Words.breaks)): \(md($0.what.text)) [\(md($0.source.text))]" }
        facts += item.notes.map { "\(say(Words.notes)): \(md($0.text))" }
        let title = item.titleBasis.code == Basis.printed.rawValue ? "" : " (\(say(Words.derivedTitle)))"
        facts.append("\(say(Words.source)): \(md(item.source.text))\(title)")
        return facts
    }

    func annualTarget(_ target: ReportModel.AnnualTargetPart) -> String {
        var said: [String] = []
        if let words = target.words { said.append("**\(md(words))**") }
        if let base = target.base {
            let base = "\(say(Words.ofWhom)): \(md(base.text))"
            said = said.isEmpty ? [base] : ["\(said[0]) \(base)"]
        }
        if let exclusions = target.exclusions { said.append("\(say(Words.exclusions)): \(md(exclusions.text))") }
        said.append(target.years)
        let text = target.text.map { " \(md($0.text))" } ?? ""
        let what = "\(say(Words.annualTargets)): \(md(target.what.text))"
        return "\(what): \(said.joined(separator: "; ")).\(text)\(evidence(target.printed, target.source))"
    }

    mutating func budgets(_ budgets: ReportModel.BudgetTable) {
        heading(3, say(Words.budgetTable))
        table(
            [say(Words.initiativeColumn)] + budgets.years.map(String.init) + [say(Words.total)],
            budgets.rows.map { row in
                ["\(md(row.initiative.title.text)) (\(md(short(row.initiative.owner))))"]
                    + row.amounts.map { $0 ?? "–" } + [row.sum]
            } + [["**\(say(Words.total))**"] + budgets.sums.map { "**\($0)**" }])
    }
}
