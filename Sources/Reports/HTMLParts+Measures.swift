internal import PolicyModel

/// Goals as a tree, their indicators with a small picture each, annual targets, money by year.
extension HTMLParts {
    /// The tree, then each indicator, under headings from `level` on; without `isWhole` leaving out what does not change from
    /// report to report.
    func goals(
        _ problem: ReportModel.Problem, level: Int = 3, heading: String? = nil, isWhole: Bool = true,
        _ out: inout HTMLWriter
    ) {
        guard problem.isTree else { return plainGoals(problem, &out) }
        tree(problem.tree[...], isWhole: isWhole, &out)
        if !problem.principles.isEmpty {
            out.element("h\(level + 1)", say(Words.principles))
            tree(problem.principles[...], isWhole: isWhole, &out)
        }
        guard !problem.measured.isEmpty else { return }
        out.element("h\(level)", heading ?? say(Words.indicators))
        if isWhole { out.element("p", ["class": "rule"], say(Words.indicatorsText)) }
        for goal in problem.measured {
            out.element("section", ["id": group(goal), "aria-labelledby": "\(group(goal))-t"]) { out in
                out.element("h\(level + 1)", ["id": "\(group(goal))-t", "class": "goal"]) { out in
                    out.write("\(goal.kind.text): ")
                    phrase(goal.title, &out)
                }
                for item in goal.indicators ?? [] { indicator(item, level: level + 2, isWhole: isWhole, &out) }
            }
        }
    }

    /// Where the indicators of a goal stand.
    private func group(_ goal: ReportModel.GoalPart) -> String { "gm-" + anchor(goal.id).dropFirst(2) }

    private func tree(
        _ goals: ArraySlice<(goal: ReportModel.GoalPart, depth: Int)>, isWhole: Bool, _ out: inout HTMLWriter
    ) {
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
                    if let judgement = first.goal.judgement {
                        out.write(" ")
                        chip(judgement, &out)
                    }
                    out.element("span", ["class": "small"]) { out in
                        out.write(first.goal.owners + " ")
                        source(first.goal.source, &out)
                        // What is to be said of a goal without measures, its chip says.
                        if let judgement = first.goal.judgement, isWhole || first.goal.indicators != nil {
                            out.write(" ")
                            words(of: judgement, &out)
                        }
                        if let indicators = first.goal.indicators {
                            out.write(" · ")
                            out.element(
                                "a", ["href": "#\(group(first.goal))"], say.count(indicators.count, Words.indicator))
                        }
                    }
                    tree(under, isWhole: isWhole, &out)
                }
            }
        }
    }

    // MARK: Indicators

    private func indicator(
        _ item: ReportModel.IndicatorPart, level: Int, isWhole: Bool, _ out: inout HTMLWriter
    ) {
        out.element("article", ["id": item.anchor, "class": "measure", "aria-labelledby": "\(item.anchor)-t"]) { out in
            out.element("h\(level)", ["id": "\(item.anchor)-t", "class": "initiative"]) { phrase(item.title, &$0) }
            out.element("p", ["class": "chips"]) { out in
                let direction = Indicator.Direction(rawValue: item.direction.code) ?? .up
                out.element("span", ["class": "chip"]) { out in
                    out.element("span", ["aria-hidden": "true", "class": "glyph"], Words.sign(direction))
                    out.write(" \(item.direction.text)")
                }
                out.write(" ")
                out.element("span", ["class": "chip kind"], item.unit.text)
                if let judgement = item.judgement {
                    out.write(" ")
                    chip(judgement, &out)
                }
            }
            out.element("div", ["class": "measured"]) { out in
                out.element("figure") { picture(item.chart, &$0) }
                values(item, &out)
            }
            breakdowns(item, &out)
            earlier(item, &out)
            if isWhole { out.element("dl", ["class": "facts"]) { facts(item, &$0) } }
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
            if let measured = item.measuredBaseline {
                row(Words.measuredBaseline, &out) { out in
                    reading(measured, &out)
                    small(&out) { $0.write(say(Words.measuredBaselineNote)) }
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
                revisions(item.target.revisions, &out)
            }
            row(Words.latest, &out) { out in
                if let latest = item.latest { reading(latest, &out) }
                if let redacted = item.redacted {
                    if item.latest == nil { out.write(redacted.text) } else { small(&out) { $0.write(redacted.text) } }
                } else if item.latest == nil {
                    out.write(say(Words.notReportedReading))
                }
            }
            row(Words.judgement, &out) { out in
                if let judgement = item.judgement {
                    self.judgement(judgement, &out)
                } else {
                    out.write(say(Words.notAssessed))
                }
            }
        }
    }

    /// A figure, who reported it, and where it comes from.
    private func reading(_ reading: ReportModel.ReadingPart, _ out: inout HTMLWriter) {
        value(reading.text, nil, reading.period, &out)
        small(&out) { out in
            phrase(reading.reporter.name, &out)
            out.write(", \(say(Words.receivedOn, reading.receivedText))")
        }
        origin(reading, &out)
    }

    private func origin(_ reading: ReportModel.ReadingPart, _ out: inout HTMLWriter) {
        if let origin = reading.dataSource { small(&out) { $0.write(say(Words.dataSource, origin)) } }
        guard let comment = reading.comment else { return }
        small(&out) { out in
            out.write("\(say(Words.comment)): ")
            phrase(comment, &out)
        }
    }

    private func breakdowns(_ item: ReportModel.IndicatorPart, _ out: inout HTMLWriter) {
        guard !item.breakdowns.isEmpty else { return }
        let columns = [Words.brokenDown, Words.part, Words.value, Words.period, Words.reporterColumn]
        table(say(Words.breakdownsOf, item.title.text), columns, &out) { out in
            for part in item.breakdowns {
                out.element("tr") { out in
                    out.element("td") { phrase(part.dimension, &$0) }
                    out.element("th", ["scope": "row"]) { phrase(part.category, &$0) }
                    figureCells(part.reading, &out)
                }
            }
        }
    }

    private func earlier(_ item: ReportModel.IndicatorPart, _ out: inout HTMLWriter) {
        guard !item.earlier.isEmpty else { return }
        let columns = [Words.period, Words.value, Words.reporterColumn]
        table(say(Words.earlierOf, item.title.text), columns, &out) { out in
            for reading in item.earlier {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"], reading.period)
                    out.element("td") { out in
                        out.write(reading.text)
                        origin(reading, &out)
                    }
                    reporter(reading, &out)
                }
            }
        }
        if item.older > 0 { out.element("p", ["class": "rule"], say(Words.olderLeftOut, say.number(item.older))) }
    }

    private func figureCells(_ reading: ReportModel.ReadingPart, _ out: inout HTMLWriter) {
        out.element("td") { out in
            out.write(reading.text)
            origin(reading, &out)
        }
        out.element("td", reading.period)
        reporter(reading, &out)
    }

    private func reporter(_ reading: ReportModel.ReadingPart, _ out: inout HTMLWriter) {
        out.element("td") { out in
            out.element("abbr", ["title": reading.reporter.name.text], short(reading.reporter))
            out.write(", \(say(Words.receivedOn, reading.receivedText))")
        }
    }

    // MARK: Judgements

    /// Colour, sign and word.
    func chip(_ judgement: ReportModel.JudgementPart, _ out: inout HTMLWriter) {
        let sign = Attainment.Judgement(rawValue: judgement.judgement.code).map(Words.sign) ?? ""
        chip("judged \(judgement.light.rawValue)", sign, judgement.judgement.text, &out)
    }

    /// The same with how it follows.
    func judgement(_ judgement: ReportModel.JudgementPart, _ out: inout HTMLWriter) {
        chip(judgement, &out)
        out.write(" ")
        words(of: judgement, &out)
    }

    private func words(of judgement: ReportModel.JudgementPart, _ out: inout HTMLWriter) {
        phrase(judgement.arithmetic, &out)
        if let note = judgement.note { out.write(" (\(note))") }
    }

    private func revisions(_ revisions: [ReportModel.RevisionPart], _ out: inout HTMLWriter) {
        for revision in revisions {
            small(&out) { out in
                out.write(
                    sentences([say(Words.revisedTarget, revision.before, revision.after)], isEnded: true))
                if let reason = revision.reason {
                    out.write(" \(say(Words.becauseOf)) ")
                    phrase(reason, &out)
                }
                if let decision = revision.decision { out.write(" \(say(Words.decidedBy, decision))") }
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
                if target.results.isEmpty { out.write(" \(say(Words.readings)): \(say(Words.notReportedReading)).") }
                revisions(target.revisions, &out)
            }
            if !target.results.isEmpty { results(target, &out) }
        }
    }

    private func results(_ target: ReportModel.AnnualTargetPart, _ out: inout HTMLWriter) {
        let columns = [Words.year, Words.target, Words.reading, Words.judgement]
        table(target.what.text, columns, &out) { out in
            for year in target.results {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"], String(year.year))
                    out.element("td", year.target)
                    out.element("td") { out in
                        if let reading = year.reading {
                            self.reading(reading, &out)
                        } else {
                            out.write(year.redacted?.text ?? say(Words.notReportedReading))
                        }
                    }
                    out.element("td") { out in
                        if let judgement = year.judgement {
                            self.judgement(judgement, &out)
                        } else {
                            out.write(year.reading == nil ? "–" : say(Words.notAssessed))
                        }
                    }
                }
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
