internal import PolicyModel

/// Goals as a tree, indicators, annual targets and money by year, as Markdown.
extension MarkdownParts {
    /// As in `HTMLParts.goals`.
    mutating func goals(
        _ problem: ReportModel.Problem, level: Int = 3, heading title: String? = nil, isWhole: Bool = true
    ) {
        guard problem.isTree else { return plainGoals(problem) }
        tree(problem.tree)
        if !problem.principles.isEmpty {
            heading(level + 1, say(Words.principles))
            tree(problem.principles)
        }
        guard !problem.measured.isEmpty else { return }
        heading(level, title ?? say(Words.indicators))
        for goal in problem.measured {
            heading(level + 1, "\(goal.kind.text): \(goal.title.text)")
            for item in goal.indicators ?? [] { indicator(item, level: level + 2, isWhole: isWhole) }
        }
    }

    private mutating func tree(_ goals: [(goal: ReportModel.GoalPart, depth: Int)]) {
        let lines = goals.map { goal, depth in
            var text = "- \(goal.kind.text): \(md(goal.title.text)) – \(md(goal.owners)) [\(md(goal.source.text))]"
            text += judged(goal.judgement)
            if let indicators = goal.indicators { text += " – \(say.count(indicators.count, Words.indicator))" }
            return String(repeating: "  ", count: depth) + text
        }
        line(lines.joined(separator: "\n"))
    }

    private mutating func indicator(_ item: ReportModel.IndicatorPart, level: Int, isWhole: Bool) {
        heading(level, item.title.text)
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
        if let measured = item.measuredBaseline {
            rows.append(row(Words.measuredBaseline, measured, say(Words.measuredBaselineNote)))
        }
        let target = item.target
        let changes = ([target.reckoning.map(md)] + target.revisions.map(revision)).compactMap(\.self)
        rows.append(
            row(
                Words.target, target.text + (target.parityWith.map { " \($0.text)" } ?? ""), nil, nil,
                changes.isEmpty ? nil : sentences(changes), target.printed, target.source))
        rows.append(
            item.latest.map { row(Words.latest, $0, nil) }
                ?? row(
                    Words.latest, item.redacted?.text ?? say(Words.notReportedReading), nil, nil, nil, nil, nil))
        if item.latest != nil, let redacted = item.redacted {
            rows.append(row(Words.redacted, redacted.text, nil, nil, nil, nil, nil))
        }
        let words = item.judgement.map { judgement($0) } ?? say(Words.notAssessed)
        rows.append([say(Words.judgement), words, "–", "–"])
        table([Words.figure, Words.value, Words.asPrinted, Words.source].map { say($0) }, rows)
        if !item.breakdowns.isEmpty {
            line("**\(say(Words.brokenDown))**")
            table(
                [Words.brokenDown, Words.part, Words.value, Words.period, Words.reporterColumn].map { say($0) },
                item.breakdowns.map { [md($0.dimension.text), md($0.category.text)] + cells($0.reading) })
        }
        if !item.earlier.isEmpty {
            line("**\(say(Words.earlierReadings))**")
            table(
                [Words.value, Words.period, Words.reporterColumn].map { say($0) }, item.earlier.map(cells))
            if item.older > 0 { line(say(Words.olderLeftOut, say.number(item.older))) }
        }
        if isWhole { bullets(facts(item)) }
    }

    /// ` – bagud: 53 + 5 = 58; …`, or nothing.
    func judged(_ part: ReportModel.JudgementPart?) -> String { part.map { " – \(judgement($0))" } ?? "" }

    /// `▼ **bagud**: 53 + 5 = 58; …`.
    func judgement(_ part: ReportModel.JudgementPart) -> String {
        let sign = Attainment.Judgement(rawValue: part.judgement.code).map(Words.sign) ?? ""
        let note = part.note.map { " (\($0))" } ?? ""
        return "\(sign) **\(part.judgement.text)**: \(md(part.arithmetic.text + note))"
    }

    private func revision(_ part: ReportModel.RevisionPart) -> String {
        let reason = part.reason.map { "\(say(Words.becauseOf)) \($0.text)" }
        let decision = part.decision.map { say(Words.decidedBy, $0) }
        let text = sentences([say(Words.revisedTarget, part.before, part.after), reason, decision].compactMap(\.self))
        return md(text)
    }

    /// Value, period, and who reported it when.
    private func cells(_ reading: ReportModel.ReadingPart) -> [String] {
        [
            md(sentences([reading.text] + origin(reading))), reading.period,
            "\(md(short(reading.reporter))), \(say(Words.receivedOn, reading.receivedText))",
        ]
    }

    private func origin(_ reading: ReportModel.ReadingPart) -> [String] {
        [
            reading.dataSource.map { say(Words.dataSource, $0) },
            reading.comment.map { "\(say(Words.comment)): \($0.text)" },
        ]
        .compactMap(\.self)
    }

    private func row(_ name: Bilingual, _ reading: ReportModel.ReadingPart, _ note: String?) -> [String] {
        let reporter = "\(reading.reporter.name.text), \(say(Words.receivedOn, reading.receivedText))"
        let notes = [reporter] + origin(reading) + [note].compactMap(\.self)
        return row(name, reading.text, nil, reading.period, md(sentences(notes)), nil, nil)
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
        var line = "\(what): \(said.joined(separator: "; ")).\(text)\(evidence(target.printed, target.source))"
        for part in target.revisions { line += " " + sentences([revision(part)], isEnded: true) }
        if target.results.isEmpty { return line + " \(say(Words.readings)): \(say(Words.notReportedReading))." }
        for year in target.results {
            let reading =
                year.reading.map { cells($0).joined(separator: ", ") }
                ?? year.redacted.map { md($0.text) } ?? say(Words.notReportedReading)
            let judged = year.judgement.map { judgement($0) } ?? (year.reading == nil ? "" : say(Words.notAssessed))
            line += "\n  - \(year.year): \(md(year.target)) → \(reading)" + (judged.isEmpty ? "" : " → \(judged)")
        }
        return line
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
