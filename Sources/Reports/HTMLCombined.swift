internal import PolicyModel

extension CombinedReport {
    /// The report as one HTML file: no scripts, nothing fetched, readable, printable, well-formed as XML.
    public func html() -> String {
        HTMLCombined(model: self).render()
    }
}

/// Lays the report over all policies out as HTML.
struct HTMLCombined: HTMLParts {
    let model: CombinedReport
    let say: Wording

    init(model: CombinedReport) {
        self.model = model
        say = Wording(language: model.language, city: nil)
    }

    func render() -> String {
        let frame = HTMLFrame(
            title: model.title, program: model.asOf.program, synthetic: model.synthetic, stamp: stamp(model.asOf),
            hasMeasures: true, hasViews: true)
        return page(frame, header: header, navigation: navigation) { out in
            front(&out)
            section("changes", Words.changes, &out, changes)
            section("proposal", Words.proposal, &out) { proposal(model.proposal, &$0) }
            section("problem", Words.problem, &out, progress)
            section("solution", Words.solution, &out, solution)
            section("economy", Words.economy, &out, economy)
            section("process", Words.process, &out, process)
            annexes(&out)
        }
    }

    private func header(_ out: inout HTMLWriter) {
        out.element("p", ["class": "city"]) { phrase(model.city, &$0) }
        out.element("h1", model.title)
        out.element("ul", ["class": "meta"]) { out in
            particular(Words.policiesIn, &out) { $0.write(say.list(model.policies.map(\.name))) }
            particular(Words.asOf, &out) { out in
                out.write("\(model.asOf.referenceDateText) · ")
                out.write(say(Words.asOfLedger, say.number(Int(model.asOf.position)), model.asOf.receivedText))
            }
        }
    }

    private var navigation: [HTMLLink] {
        let solution = [
            ("links", Words.linksHeading), ("overlaps", Words.overlapsHeading),
            ("contradictions", Words.contradictionsHeading), ("partners", Words.partnersHeading),
        ]
        let last = [
            ("unheard", Words.unheard), ("method", Words.method), ("decisions", Words.decisionsHeading),
            ("sources", Words.sources),
        ]
        func link(_ anchor: String, _ words: Bilingual, _ kind: String = "part") -> HTMLLink {
            HTMLLink(anchor: anchor, text: say(words), kind: kind)
        }
        var links = [
            link("front", Words.front), link("changes", Words.changes), link("proposal", Words.proposal),
            link("problem", Words.problem),
        ]
        links += model.progress.map { HTMLLink(anchor: policyAnchor($0.policy), text: $0.name, kind: "annex") }
        links.append(link("solution", Words.solution))
        links += solution.map { link($0.0, $0.1, "annex") }
        links += [
            link("economy", Words.economy), link("process", Words.process), link("annexes", Words.annexes),
        ]
        links += model.owners.map { owner in
            HTMLLink(
                anchor: owner.anchor, text: owner.isForvaltning ? owner.owner.id : owner.owner.name.text, kind: "annex")
        }
        return links + last.map { link($0.0, $0.1, "annex") }
    }

    // MARK: The first page

    private func front(_ out: inout HTMLWriter) {
        let front = model.front
        out.element("section", ["id": "front", "aria-labelledby": "front-title"]) { out in
            out.element("h2", ["id": "front-title"], say(Words.front))
            policies(&out)
            matrix(front.matrix, &out)
            out.element("div", ["class": "pair"]) { out in
                highlights(Words.results, front.results, front.resultsRule, Words.noResults, "good", &out)
                highlights(Words.deviations, front.deviations, front.deviationsRule, Words.noDeviations, "bad", &out)
            }
            out.element("div", ["class": "trio"]) { out in
                for (title, texts) in [
                    (Words.asked, [front.asked]), (Words.money, [front.money]),
                    (Words.missingHeading, front.silence + front.unassessed.map(\.text)),
                ] {
                    out.element("div", ["class": "block"]) { out in
                        out.element("h3", say(title))
                        paragraphs(texts, &out)
                    }
                }
            }
        }
    }

    /// Both lights of each policy.
    private func policies(_ out: inout HTMLWriter) {
        out.element("ul", ["class": "plain"]) { out in for line in model.front.counts { out.element("li", line) } }
        table(say(Words.policiesTable), [Words.policy, Words.delivery, Words.attainment], kind: "lights-table", &out) {
            out in
            for policy in model.policies {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { out in
                        out.element("a", ["href": "#\(policyAnchor(policy.id))"]) { $0.write(policy.name) }
                        out.element("span", ["class": "small"]) { out in
                            out.write("\(policy.period). \(say.count(policy.initiatives, Words.initiative)). ")
                            phrase(policy.followUpTitle, &out)
                        }
                    }
                    light(policy.delivery, policy.statuses, &out)
                    light(policy.attainment, policy.judgements, &out)
                }
            }
        }
    }

    private func light(
        _ part: ReportModel.LightPart, _ counts: [ReportModel.Count], _ out: inout HTMLWriter
    ) {
        out.element("td") { out in
            chip("judged \(part.light.rawValue)", Words.sign(part.light), part.text, &out)
            out.element("span", ["class": "small"], counts.isEmpty ? part.reason : say.inline(counts))
        }
    }

    private func matrix(_ matrix: CombinedReport.Matrix, _ out: inout HTMLWriter) {
        out.element("h3", ["id": "matrix"], say(Words.matrixHeading))
        let columns = [Words.owner] + matrix.columns.map { Bilingual($0.name, $0.name) }
        table(say(Words.matrixCaption, model.asOf.referenceDateText), columns, kind: "matrix titled", &out) { out in
            out.element("tr", ["class": "due"]) { out in
                out.element("th", ["scope": "row"], say(Words.followUp))
                for column in matrix.columns {
                    out.element("td", ["title": column.followUp?.text ?? "–"], say.deadline(column))
                }
            }
            for row in matrix.rows {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) {
                        $0.element("abbr", ["title": row.owner.name.text], short(row.owner))
                    }
                    for cell in row.cells { self.cell(cell, &out) }
                }
            }
        }
        out.element("p", ["class": "rule"], say(Words.matrixNote))
    }

    private func cell(_ cell: CombinedReport.Matrix.Cell, _ out: inout HTMLWriter) {
        out.element("td", ["class": "state \(cell.state.code)"]) { out in
            out.element("strong") { out in
                if !cell.sign.isEmpty {
                    out.element("span", ["aria-hidden": "true"], cell.sign)
                    out.write(" ")
                }
                out.write(cell.state.text)
            }
            let small = [cell.days, cell.statuses].compactMap(\.self)
            if !small.isEmpty { out.element("span", ["class": "small"], small.joined(separator: "; ")) }
        }
    }

    // MARK: Problemstilling

    private func progress(_ out: inout HTMLWriter) {
        out.element("h3", say(Words.progressHeading))
        out.element("p", ["class": "rule"], say(Words.indicatorsText))
        for part in model.progress {
            let id = policyAnchor(part.policy)
            out.element("section", ["id": id, "class": "policy", "aria-labelledby": "\(id)-t"]) { out in
                out.element("h4", ["id": "\(id)-t", "class": "policy-title"], part.name)
                out.element("p") { out in
                    out.write(part.text + " ")
                    if let policy = model.policies.first(where: { $0.id == part.policy }) {
                        out.element("a", ["href": "\(policy.report).html"]) {
                            $0.write(say(Words.reportOf, policy.name))
                        }
                    }
                }
                goals(
                    part.problem, level: 4, heading: say(Words.measuresOf, part.name), isWhole: false, &out)
                efforts(part, &out)
            }
        }
    }

    private func efforts(_ part: CombinedReport.ProgressPart, _ out: inout HTMLWriter) {
        guard !part.efforts.isEmpty else { return }
        out.element("h4", "\(part.name): \(say(Words.effortsHeading))")
        for effort in part.efforts {
            out.element("article") { out in
                out.element("h5", ["class": "initiative"]) { out in
                    out.element("a", ["href": "#\(effort.initiative.anchor)"]) {
                        phrase(effort.initiative.title, &$0)
                    }
                    out.write(" ")
                    out.element(
                        "span", ["class": "owner", "title": effort.initiative.owner.name.text],
                        short(effort.initiative.owner))
                }
                annualTargets(effort.targets, &out)
            }
        }
    }

    // MARK: Økonomi

    private func economy(_ out: inout HTMLWriter) {
        let economy = model.economy
        out.element("p", economy.text)
        out.element("p", model.front.money)
        if let grid = economy.budgets { budgets(grid, &out) } else { out.element("p", say(Words.noBudgets)) }
        for (title, list) in [
            (Words.requiring, economy.requiring), (Words.expired, economy.expired), (Words.expiring, economy.expiring),
        ] {
            out.element("h3", "\(say(title)) (\(say.number(list.items.count + list.leftOut)))")
            references(list.items, &out)
            note(list.note, &out)
        }
    }

    private func budgets(_ grid: CombinedReport.BudgetGrid, _ out: inout HTMLWriter) {
        let years = grid.years.map { Bilingual(String($0), String($0)) }
        let columns = [Words.policy, Words.owner, Words.what] + years + [Words.total]
        table(say(Words.budgetGrid), columns, numeric: Set(3...(years.count + 3)), &out) { out in
            for row in grid.rows {
                out.element("tr", ["class": row.owner == nil ? "sum" : "plain"]) { out in
                    out.element("th", ["scope": "row"], row.policy)
                    out.element("td") { out in
                        guard let owner = row.owner else { return out.write(say(Words.total)) }
                        out.element("abbr", ["title": owner.name.text], short(owner))
                    }
                    out.element("td", row.what)
                    for amount in row.amounts + [row.sum] { out.element("td", ["class": "number"], amount ?? "–") }
                }
            }
        }
    }

    /// What a list leaves out.
    func note(_ text: String?, _ out: inout HTMLWriter) {
        if let text { out.element("p", ["class": "rule"], text) }
    }
}
