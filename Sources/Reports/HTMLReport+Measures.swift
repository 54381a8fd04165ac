internal import PolicyModel

/// Goals as a tree, their indicators with a small picture each, annual targets, money by year.
extension HTMLReport {
    func goals(_ out: inout HTMLWriter) {
        let problem = model.problem
        tree(problem.tree[...], &out)
        if !problem.principles.isEmpty {
            out.element("h4", say(Words.principles))
            tree(problem.principles[...], &out)
        }
        guard !problem.measured.isEmpty else { return }
        out.element("h3", ["id": "indicators"], say(Words.indicators))
        out.element("p", ["class": "rule"], say(Words.indicatorsText))
        for goal in problem.measured {
            out.element("section", ["id": group(goal), "aria-labelledby": "\(group(goal))-t"]) { out in
                out.element("h4", ["id": "\(group(goal))-t"]) { out in
                    out.write("\(goal.kind.text): ")
                    phrase(goal.title, &out)
                }
                for item in goal.indicators ?? [] { indicator(item, &out) }
            }
        }
    }

    /// Where the indicators of a goal stand.
    private func group(_ goal: ReportModel.GoalPart) -> String { "gm-" + anchor(goal.id).dropFirst(2) }

    private func tree(_ goals: ArraySlice<(goal: ReportModel.GoalPart, depth: Int)>, _ out: inout HTMLWriter) {
        guard let depth = goals.first?.depth else { return }
        out.element("ul", ["class": "tree"]) { out in
            var rest = goals
            while let first = rest.popFirst() {
                let under = rest.prefix { $0.depth > depth }
                rest = rest.dropFirst(under.count)
                out.element("li", ["id": "g-" + anchor(first.goal.id).dropFirst(2)]) { out in
                    out.element("span", ["class": "chip kind"], first.goal.kind.text)
                    out.write(" ")
                    out.element("strong") { phrase(first.goal.title, &$0) }
                    out.element("span", ["class": "small"]) { out in
                        out.write(first.goal.owners + " ")
                        source(first.goal.source, &out)
                        if let indicators = first.goal.indicators {
                            out.write(" · ")
                            out.element(
                                "a", ["href": "#\(group(first.goal))"], say.count(indicators.count, Words.indicator))
                        }
                    }
                    tree(under, &out)
                }
            }
        }
    }

    // MARK: Indicators

    private func indicator(_ item: ReportModel.IndicatorPart, _ out: inout HTMLWriter) {
        out.element("article", ["id": item.anchor, "class": "measure", "aria-labelledby": "\(item.anchor)-t"]) { out in
            out.element("h5", ["id": "\(item.anchor)-t", "class": "initiative"]) { phrase(item.title, &$0) }
            out.element("p", ["class": "chips"]) { out in
                let direction = Indicator.Direction(rawValue: item.direction.code) ?? .up
                out.element("span", ["class": "chip"]) { out in
                    out.element("span", ["aria-hidden": "true", "class": "glyph"], Words.sign(direction))
                    out.write(" \(item.direction.text)")
                }
                out.write(" ")
                out.element("span", ["class": "chip kind"], item.unit.text)
            }
            out.element("div", ["class": "measured"]) { out in
                out.element("figure") { picture(item.chart, &$0) }
                values(item, &out)
            }
            out.element("dl", ["class": "facts"]) { facts(item, &$0) }
        }
    }

    private func values(_ item: ReportModel.IndicatorPart, _ out: inout HTMLWriter) {
        table(item.title.text, [Words.figure, Words.value], &out) { out in
            for baseline in item.baselines {
                row(Words.baseline, &out) { out in
                    value(baseline.text, baseline.qualifier, baseline.period, &out)
                    if let measures = baseline.measures {
                        small(&out) { out in
                            out.write("\(say(Words.reallyMeasures)): ")
                            phrase(measures, &out)
                        }
                    }
                    small(baseline.printed, baseline.source, &out)
                }
            }
            if let forecast = item.forecast {
                row(Words.forecast, &out) { out in
                    value(forecast.text, nil, forecast.period, &out)
                    small(&out) { $0.write(say(Words.forecastNote)) }
                    small(forecast.printed, forecast.source, &out)
                }
            }
            row(Words.target, &out) { out in
                out.element("strong", item.target.text)
                if let other = item.target.parityWith {
                    out.write(" ")
                    phrase(other, &out)
                }
                if let reckoning = item.target.reckoning { small(&out) { $0.write(reckoning) } }
                small(item.target.printed, item.target.source, &out)
            }
            row(Words.latest, &out) { out in
                if let latest = item.latest {
                    value(latest.text, nil, latest.period, &out)
                    small(nil, latest.source, &out)
                } else {
                    out.write(say(Words.notMeasured))
                }
            }
        }
    }

    private func row(_ name: Bilingual, _ out: inout HTMLWriter, _ content: (inout HTMLWriter) -> Void) {
        out.element("tr") { out in
            out.element("th", ["scope": "row"], say(name))
            out.element("td", [:], content)
        }
    }

    /// The words as printed, and where they stand.
    private func small(_ printed: Phrase?, _ place: ReportModel.SourcePart?, _ out: inout HTMLWriter) {
        guard printed != nil || place != nil else { return }
        small(&out) { out in
            if let printed { quote(printed, &out) }
            if printed != nil, place != nil { out.write(" ") }
            if let place { source(place, &out) }
        }
    }

    private func value(_ text: String, _ qualifier: Phrase?, _ period: String?, _ out: inout HTMLWriter) {
        out.element("strong", text)
        if let qualifier {
            out.write(" (")
            phrase(qualifier, &out)
            out.write(")")
        }
        if let period { out.write(", \(period)") }
    }

    private func small(_ out: inout HTMLWriter, _ content: (inout HTMLWriter) -> Void) {
        out.element("span", ["class": "small"], content)
    }

    private func facts(_ item: ReportModel.IndicatorPart, _ out: inout HTMLWriter) {
        term(Words.population, &out) { phrase(item.population, &$0) }
        term(Words.unit, &out) { $0.write(item.unit.text) }
        term(Words.direction, &out) { $0.write("\(item.direction.text) (\(item.directionBasis.text))") }
        if !item.bodies.isEmpty { term(Words.bodiesOf, &out) { list(item.bodies.map(\.name), &$0) } }
        term(Words.reporters, &out) { out in
            guard !item.reporters.isEmpty else { return out.write(item.reportersBasis.text) }
            list(item.reporters.map(\.name), &out)
            out.write(" (\(item.reportersBasis.text))")
        }
        if let scope = item.scope { term(Words.scope, &out) { phrase(scope, &$0) } }
        if !item.breaks.isEmpty {
            term(Words.breaks, &out) { out in
                for part in item.breaks {
                    out.element("p") { out in
                        phrase(part.what, &out)
                        out.write(" ")
                        source(part.source, &out)
                    }
                }
            }
        }
        if !item.notes.isEmpty {
            term(Words.notes, &out) { out in for note in item.notes { out.element("p") { phrase(note, &$0) } } }
        }
        term(Words.source, &out) { out in
            source(item.source, &out)
            if item.titleBasis.code != Basis.printed.rawValue { out.write(" (\(say(Words.derivedTitle)))") }
        }
    }

    // MARK: Annual targets and money

    func annualTargets(_ targets: [ReportModel.AnnualTargetPart], _ out: inout HTMLWriter) {
        for target in targets {
            out.element("p") { out in
                phrase(target.what, &out)
                out.write(": ")
                if let words = target.words { out.element("strong", words) }
                if let base = target.base {
                    out.write(" \(say(Words.ofWhom)): ")
                    phrase(base, &out)
                }
                if let exclusions = target.exclusions {
                    out.write("; \(say(Words.exclusions)): ")
                    phrase(exclusions, &out)
                }
                let isFirst = target.words == nil && target.base == nil && target.exclusions == nil
                out.write("\(isFirst ? "" : "; ")\(target.years). ")
                if let text = target.text {
                    phrase(text, &out)
                    out.write(" ")
                }
                quote(target.printed, &out)
                out.write(" ")
                source(target.source, &out)
            }
        }
    }

    func budgets(_ budgets: ReportModel.BudgetTable, _ out: inout HTMLWriter) {
        let years = budgets.years.map { Bilingual(String($0), String($0)) }
        table(
            say(Words.budgetTable), [Words.initiativeColumn] + years + [Words.total],
            numeric: Set(1...(years.count + 1)), &out
        ) { out in
            for row in budgets.rows {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { out in
                        out.element("a", ["href": "#\(row.initiative.anchor)"]) { phrase(row.initiative.title, &$0) }
                        out.write(" ")
                        out.element(
                            "span", ["class": "owner", "title": row.initiative.owner.name.text],
                            short(row.initiative.owner))
                    }
                    for amount in row.amounts + [row.sum] { out.element("td", ["class": "number"], amount ?? "–") }
                }
            }
            out.element("tr", ["class": "sum"]) { out in
                out.element("th", ["scope": "row"], say(Words.total))
                for sum in budgets.sums { out.element("td", ["class": "number"], sum) }
            }
        }
    }
}
