internal import PolicyModel

extension CombinedReport {
    /// The report as Markdown (CommonMark with tables).
    public func markdown() -> String {
        var report = MarkdownCombined(model: self)
        report.render()
        return report.out
    }

    /// The report as JSON.
    public func json() -> String { jsonText(self) }
}

/// Lays the report over all policies out as Markdown, in the same order as the HTML.
struct MarkdownCombined: MarkdownParts {
    let model: CombinedReport
    let say: Wording
    var out = ""

    init(model: CombinedReport) {
        self.model = model
        say = Wording(language: model.language, city: nil)
    }

    mutating func render() {
        heading(1, model.title)
        if model.synthetic { line("> **\(say(Words.synthetic))**") }
        line(md(model.city.text))
        bullets([
            "\(say(Words.policiesIn)): \(md(say.list(model.policies.map(\.name))))",
            "\(say(Words.asOf)): \(model.asOf.referenceDateText) · "
                + say(Words.asOfLedger, say.number(Int(model.asOf.position)), model.asOf.receivedText),
        ])
        front()
        changes()
        proposal(model.proposal)
        problem()
        solution()
        economy()
        process()
        annexes()
    }

    // MARK: The first page

    private mutating func front() {
        let front = model.front
        heading(2, say(Words.front))
        bullets(front.counts.map(md))
        table(
            [Words.policy, Words.delivery, Words.attainment].map { say($0) },
            model.policies.map { policy in
                let start =
                    "\(md(policy.name)). \(md(policy.period)). \(say.count(policy.initiatives, Words.initiative))"
                return [
                    "\(start). \(md(policy.followUpTitle.text))", light(policy.delivery, policy.statuses),
                    light(policy.attainment, policy.judgements),
                ]
            })
        heading(3, say(Words.matrixHeading))
        line(md(say(Words.matrixCaption, model.asOf.referenceDateText)))
        let due = front.matrix.columns.map { md(say.deadline($0)) }
        table(
            [say(Words.owner)] + front.matrix.columns.map { md($0.name) },
            [[say(Words.followUp)] + due]
                + front.matrix.rows.map { row in
                    [md(short(row.owner))]
                        + row.cells.map { cell in
                            ([cell.state.text] + [cell.days, cell.statuses].compactMap(\.self)).joined(separator: "; ")
                        }
                })
        line(md(say(Words.matrixNote)))
        highlights(Words.results, front.results, front.resultsRule, Words.noResults)
        highlights(Words.deviations, front.deviations, front.deviationsRule, Words.noDeviations)
        heading(3, say(Words.asked))
        line(md(front.asked))
        heading(3, say(Words.money))
        line(md(front.money))
        heading(3, say(Words.missingHeading))
        bullets((front.silence + front.unassessed.map(\.text)).map(md))
    }

    private func light(_ part: ReportModel.LightPart, _ counts: [ReportModel.Count]) -> String {
        "\(Words.sign(part.light)) **\(part.text)**. \(md(counts.isEmpty ? part.reason : say.inline(counts)))"
    }

    // MARK: Problemstilling, Løsning

    private mutating func problem() {
        heading(2, say(Words.problem))
        heading(3, say(Words.progressHeading))
        for part in model.progress {
            heading(4, part.name)
            line(md(part.text))
            goals(part.problem, level: 4, heading: say(Words.measuresOf, part.name), isWhole: false)
            guard !part.efforts.isEmpty else { continue }
            heading(4, "\(part.name): \(say(Words.effortsHeading))")
            for effort in part.efforts {
                heading(5, "\(effort.initiative.title.text) (\(short(effort.initiative.owner)))")
                bullets(effort.targets.map(annualTarget))
            }
        }
    }

    private mutating func solution() {
        let solution = model.solution
        heading(2, say(Words.solution))
        line(md(solution.text))
        heading(3, say(Words.statusByPolicy))
        bullets(solution.statuses.map { "\(md($0.name)): \(md(say.inline($0.counts)))" })
        chart(solution.chart)
        line(md(solution.chartNote))
        heading(3, say(Words.linksHeading))
        if solution.links.items.isEmpty { line(say(Words.linksEmpty)) } else { links(solution.links) }
        heading(3, say(Words.overlapsHeading))
        line(md(solution.overlapsText))
        if !solution.overlaps.items.isEmpty { links(solution.overlaps) }
        line(md(solution.overlapsRule))
        heading(3, say(Words.contradictionsHeading))
        line(md(solution.contradictionsText))
        if !solution.contradictions.items.isEmpty { bullets(solution.contradictions.items.map(contradiction)) }
        note(solution.contradictions.note)
        line(md(solution.agreements))
        heading(3, say(Words.partnersHeading))
        line(md(solution.partnersText))
        table(
            [
                Words.nameColumn, Words.kind, Words.policiesColumn, Words.withColumn, Words.initiativesAndHearings,
            ].map { say($0) },
            solution.partners.items.map { item in
                [
                    md(item.name.text), item.kind.text, md(item.policies.joined(separator: ", ")),
                    md(item.owners.map(short).joined(separator: ", ")),
                    "\(say.number(item.initiatives)) / \(say.number(item.hearings))",
                ].map { $0.isEmpty ? "–" : $0 }
            })
        note(solution.partners.note)
    }

    private mutating func links(_ list: CombinedReport.Listing<CombinedReport.LinkPart>) {
        table(
            [Words.linkFrom, Words.linkKind, Words.linkTo, Words.evidence, Words.places].map { say($0) },
            list.items.map { link in
                [
                    end(link.from), "\(link.kind.text) (\(link.state.text))", end(link.to),
                    md(link.evidence.text + (link.reason.map { " – \($0.text)" } ?? "")),
                    link.sources.isEmpty ? "–" : md(link.sources.map(\.text).joined(separator: "; ")),
                ]
            })
        note(list.note)
    }

    func end(_ end: CombinedReport.EndPart) -> String {
        md(end.title.text + (end.policy.map { " (\($0))" } ?? ""))
    }

    private func contradiction(_ item: CombinedReport.ContradictionPart) -> String {
        let head = "**\(item.kind.text)** (\(say(Words.severityColumn).lowercased()): \(item.severity.text)). "
        return
            ([head + md(item.text.text)]
            + item.sides.map { side in
                let place = [side.source.map { md($0.text) }, side.record.map { "`\($0)`" }].compactMap(\.self)
                return "\(md(side.what.text)): \(md(side.says.text)) [\(place.joined(separator: ", "))]"
            }).joined(separator: "\n  - ")
    }

    // MARK: Økonomi, Videre proces

    private mutating func economy() {
        let economy = model.economy
        heading(2, say(Words.economy))
        line(md(economy.text))
        line(md(model.front.money))
        if let grid = economy.budgets {
            heading(3, say(Words.budgetGrid))
            table(
                [Words.policy, Words.owner, Words.what].map { say($0) } + grid.years.map(String.init)
                    + [say(Words.total)],
                grid.rows.map { row in
                    [md(row.policy), row.owner.map { md(short($0)) } ?? "**\(say(Words.total))**", row.what]
                        + row.amounts.map { $0 ?? "–" } + [row.sum]
                })
        } else {
            line(md(say(Words.noBudgets)))
        }
        for (title, list) in [
            (Words.requiring, economy.requiring), (Words.expired, economy.expired), (Words.expiring, economy.expiring),
        ] {
            heading(3, "\(say(title)) (\(say.number(list.items.count + list.leftOut)))")
            bullets(list.items.map(reference))
            note(list.note)
        }
    }

    private mutating func process() {
        let process = model.process
        heading(2, say(Words.process))
        line(md(process.text))
        heading(3, say(Words.coming))
        if process.coming.items.isEmpty { line(say(Words.comingNone)) }
        calendar(process.coming)
        for (title, list) in [(Words.lateHeading, process.late), (Words.undatedHeading, process.undated)]
        where !list.items.isEmpty {
            heading(3, say(title))
            calendar(list)
        }
        line(md(process.rest))
        line(md(process.calendarFile))
        missing(process.missing)
        if process.missing.isEmpty { line(say(Words.nothingMissing)) }
    }

    private mutating func calendar(_ list: CombinedReport.Listing<CombinedReport.CalendarPart>) {
        guard !list.items.isEmpty else { return }
        table(
            [
                Words.dateColumn, Words.kind, Words.whatColumn, Words.policy, Words.whoColumn, Words.toColumn,
                Words.standing,
            ].map { say($0) },
            list.items.map { item in
                [
                    (item.date ?? say(Words.noDate)) + (item.basis.map { " (\($0))" } ?? ""), item.kind.text,
                    md(item.what.text), md(item.policy),
                    item.owedBy.isEmpty ? say(Words.nobody) : md(item.owedBy.map(short).joined(separator: ", ")),
                    item.goesTo.isEmpty ? "–" : md(item.goesTo.map(short).joined(separator: ", ")), item.standing,
                ]
            })
        note(list.note)
    }

    mutating func note(_ text: String?) { if let text { line(md(text)) } }

    // MARK: Bilag

    private mutating func annexes() {
        heading(2, say(Words.annexes))
        var number = 0
        func title(_ text: String) -> String {
            number += 1
            return say(Words.annex, say.number(number), text)
        }
        for owner in model.owners {
            heading(
                3, title(owner.isForvaltning ? "\(owner.owner.id) – \(owner.owner.name.text)" : owner.owner.name.text))
            line(md(owner.summary))
            guard !owner.initiatives.isEmpty else { continue }
            table(
                [Words.initiativeColumn, Words.policy, Words.status, Words.money].map { say($0) },
                owner.initiatives.map { [md($0.title.text), md($0.policy), md($0.status), md($0.moneyText)] })
        }
        heading(3, title(say(Words.unheard)))
        unheard(model.unheard, model.process.missing)
        heading(3, title(say(Words.method)))
        method(model.method)
        heading(3, title(say(Words.decisionsHeading)))
        decisions(model.decisions)
        heading(3, title(say(Words.sources)))
        sources(model.sources, model.asOf)
        if model.synthetic { line("> **\(say(Words.synthetic))**") }
    }
}
