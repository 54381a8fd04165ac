internal import Coordinator
internal import Foundation
internal import PolicyModel

/// Indicators under their goals, annual targets with their initiatives, money by year.
extension ReportBuilder {
    /// The indicators of a goal in the order of the policy; nil where it has none.
    func indicators(ofGoal goal: String) -> [ReportModel.IndicatorPart]? {
        let own = policy.indicators.filter { $0.goal == goal }
        return own.isEmpty ? nil : own.map(part)
    }

    private func part(_ indicator: Indicator) -> ReportModel.IndicatorPart {
        let baselines = indicator.baselines.map { part($0, indicator.unit) }
        let target = part(indicator.target, of: indicator)
        return ReportModel.IndicatorPart(
            id: indicator.id, anchor: "m-" + anchor(indicator.id).dropFirst(2), title: say.phrase(indicator.title),
            titleBasis: basis(indicator.titleBasis),
            unit: ReportModel.Term(code: indicator.unit.rawValue, text: say(Words.name(indicator.unit))),
            population: say.phrase(indicator.population),
            direction: ReportModel.Term(
                code: indicator.direction.rawValue, text: say(Words.name(indicator.direction))),
            directionBasis: basis(indicator.directionBasis), bodies: indicator.bodies.map(party),
            reporters: indicator.reporters.map(party), reportersBasis: basis(indicator.reportersBasis),
            baselines: baselines,
            forecast: indicator.forecast.map { forecast in
                ReportModel.ForecastPart(
                    value: forecast.value.description,
                    text: [forecast.qualifier, say.amount(forecast.value, indicator.unit)].compactMap(\.self).joined(
                        separator: " "),
                    period: forecast.period.map(say.period), printed: say.danish(forecast.printed),
                    source: source(forecast.source))
            },
            target: target, chart: chart(indicator, target),
            scope: indicator.scope.map(say.phrase),
            breaks: indicator.breaks.map {
                ReportModel.BreakPart(what: say.phrase($0.what), source: source($0.source))
            }, notes: indicator.notes.map(say.phrase), source: source(indicator.source))
    }

    private func basis(_ basis: Basis) -> ReportModel.Term {
        ReportModel.Term(code: basis.rawValue, text: say(Words.name(basis)))
    }

    private func part(_ baseline: Baseline, _ unit: MeasureUnit) -> ReportModel.BaselinePart {
        var shares: (DecimalText?, DecimalText?) = (nil, nil)
        if case .number(_, let numerator, let denominator) = baseline.value { shares = (numerator, denominator) }
        let status = baseline.value.status
        return ReportModel.BaselinePart(
            status: ReportModel.Term(code: status.rawValue, text: say(Words.name(status))),
            value: baseline.value.number?.description, numerator: shares.0?.description,
            denominator: shares.1?.description,
            text: say.value(baseline.value, ownUnit(baseline, unit), due: baseline.due),
            qualifier: baseline.qualifier.map(say.danish), period: baseline.period.map(say.period),
            measures: baseline.measures.map(say.phrase), printed: say.danish(baseline.printed),
            source: source(baseline.source))
    }

    /// The unit that may stand beside a baseline's number. Where it measures something else, it may have another unit
    /// than the indicator (15.3 per cent under an indicator in persons): its own where the policy names it, none otherwise.
    private func ownUnit(_ baseline: Baseline, _ unit: MeasureUnit) -> MeasureUnit? {
        baseline.measures == nil ? unit : baseline.unit
    }

    private func part(_ target: Target, of indicator: Indicator) -> ReportModel.TargetPart {
        ReportModel.TargetPart(
            kind: ReportModel.Term(code: target.kind.rawValue, text: say(Words.name(target.kind))),
            value: target.value?.description, of: target.of?.description, baseYear: target.baseYear, year: target.year,
            text: say.target(target, indicator.unit, indicator.direction),
            parityWith: target.kind == .parity ? target.parityWith.map(say.phrase) : nil,
            reckoning: reckoning(indicator), printed: target.printed.map(say.danish), source: target.source.map(source))
    }

    // MARK: From baseline to target

    private func reckonedFrom(_ indicator: Indicator) -> Baseline? { indicator.reckonedFrom(indicator.target) }

    private func end(_ indicator: Indicator) -> Decimal? { decimal(indicator.end(of: indicator.target)) }

    /// `53 + 5 = 58 pct.`, `850 − 10 pct. = 765 personer`; with ≈ where it is rounded, or the baseline is "about".
    private func reckoning(_ indicator: Indicator) -> String? {
        let target = indicator.target
        guard target.kind == .percentagePoints || target.kind == .relativeChange, let step = target.value,
            let baseline = reckonedFrom(indicator), let from = baseline.value.number,
            let end = end(indicator).flatMap({ endText($0, indicator.unit) })
        else { return nil }
        let isLess = step.description.hasPrefix("-")
        let size = DecimalText(step.description.drop { $0 == "-" }) ?? step
        let by = target.kind == .relativeChange ? say.amount(size, .percent) : say.number(size)
        let equals = baseline.qualifier == nil && end.isExact ? "=" : "≈"
        let sum = "\(say.number(from)) \(isLess ? "−" : "+") \(by) \(equals) \(say.amount(end.text, indicator.unit))"
        return say(Words.reckoned, sum)
    }

    /// A reckoned end as people read it: whole persons and things, otherwise one decimal; and whether that is all of
    /// it.
    private func endText(_ end: Decimal, _ unit: MeasureUnit) -> (text: DecimalText, isExact: Bool)? {
        let digits =
            switch unit {
            case .persons, .count, .dkk: 0
            case .percent, .percentagePoints, .index: 1
            }
        var exact = end
        var rounded = Decimal()
        NSDecimalRound(&rounded, &exact, digits, .plain)
        return DecimalText(rounded.description).map { ($0, rounded == end) }
    }

    private func chart(_ indicator: Indicator, _ target: ReportModel.TargetPart) -> ReportModel.ChartPart {
        let own = reckonedFrom(indicator)
        // Without one to reckon from: a number that measures the indicator, then any number, then the word for its
        // lack.
        let shown =
            own ?? indicator.baselines.first { $0.value.number != nil && $0.measures == nil }
            ?? indicator.baselines.first { $0.value.number != nil } ?? indicator.baselines.first
        let end = end(indicator)
        let from = decimal(own?.value.number)
        let slope: ReportModel.ChartPart.Slope
        if let from, let end {
            slope = end > from ? .up : end < from ? .down : .level
        } else {
            switch indicator.direction {
            case .up: slope = .up
            case .down: slope = .down
            case .parity: slope = .level
            }
        }
        let fromText = shown.map { label($0, indicator.unit) } ?? say(Words.missingValue, say(Words.dueSometime))
        let isChange = indicator.target.kind == .relativeChange || indicator.target.kind == .percentagePoints
        var toText = say.shortTarget(indicator.target, indicator.unit, indicator.direction)
        if isChange, let end = end.flatMap({ endText($0, indicator.unit) }) {
            toText += " (\(own?.qualifier == nil && end.isExact ? "" : "≈ ")\(say.amount(end.text, indicator.unit)))"
        }
        if let year = indicator.target.year { toText = say(Words.inYear, toText, String(year)) }
        let targetText = target.text + (target.parityWith.map { " \($0.text)" } ?? "")
        return ReportModel.ChartPart(
            slope: slope,
            from: shown?.value.number != nil && shown?.measures == nil ? .known : .open, fromText: fromText,
            to: indicator.target.kind == .noneStated ? .absent : end == nil ? .open : .known, toText: toText,
            text: sentence(
                fromText, targetText + (target.reckoning.map { " (\($0))" } ?? ""),
                say(Words.name(indicator.direction))))
    }

    /// The picture in words. Abbreviations end with a point of their own, so none stands twice.
    private func sentence(_ from: String, _ to: String, _ direction: String) -> String {
        say(
            Words.chartSentence, from, to, direction.prefix(1).uppercased() + direction.dropFirst(),
            say(Words.notMeasured)
        ).replacing("..", with: ".")
    }

    private func label(_ baseline: Baseline, _ unit: MeasureUnit) -> String {
        var text =
            baseline.value.number.map { say.amount($0, ownUnit(baseline, unit)) }
            ?? say.value(baseline.value, unit, due: baseline.due)
        if let qualifier = baseline.qualifier { text += " (\(qualifier))" }
        // The picture has room for one of the two.
        guard baseline.measures == nil else { return say(Words.measuresOther, text) }
        return text + (baseline.period.map { ", \(say.period($0))" } ?? "")
    }

    // MARK: The first page

    /// Why attainment cannot be judged: how many indicators have a baseline, how many are still to be measured.
    var attainmentReason: String {
        let indicators = policy.indicators
        guard !indicators.isEmpty else { return say(isOpening ? Words.noReadingsOpening : Words.noReadings) }
        let numbered = indicators.filter { $0.baselines.contains { $0.value.number != nil } }
        let lacking = indicators.filter { indicator in
            !indicator.baselines.contains { $0.value.number != nil }
                && (indicator.baselines.isEmpty || indicator.baselines.contains { $0.value.status == .missing })
        }
        let hidden = indicators.count - numbered.count - lacking.count
        let other = numbered.filter { indicator in
            !indicator.baselines.contains { $0.value.number != nil && $0.measures == nil }
        }
        var sentences = [
            say(
                Words.noReadingsIndicators, say.count(indicators.count, Words.indicator), say.number(numbered.count),
                say.number(lacking.count))
        ]
        if hidden > 0 { sentences.append(say(Words.indicatorsHidden, say.number(hidden))) }
        if !other.isEmpty { sentences.append(say(Words.indicatorsOther, say.number(other.count))) }
        return sentences.joined(separator: " ")
    }

    // MARK: Annual targets and money

    /// What an initiative is to reach each year; nil where nothing is said.
    func annualTargets(of initiative: String) -> [ReportModel.AnnualTargetPart]? {
        let own = policy.annualTargets.filter { $0.initiative == initiative }
        guard !own.isEmpty else { return nil }
        return own.map { target in
            ReportModel.AnnualTargetPart(
                id: target.id, what: say.phrase(target.what),
                comparator: ReportModel.Term(
                    code: target.comparator.rawValue, text: say(Words.name(target.comparator))),
                value: target.value?.description,
                unit: target.unit.map { ReportModel.Term(code: $0.rawValue, text: say(Words.name($0))) },
                words: say.annual(target), base: target.base.map(say.phrase),
                exclusions: target.exclusions.map(say.phrase), fromYear: target.fromYear, toYear: target.toYear,
                years: say.years(from: target.fromYear, until: target.toYear), text: target.text.map(say.phrase),
                printed: say.danish(target.printed), source: source(target.source))
        }
    }

    /// Planned money, initiative by year; nil where no amount is printed. Counts what `FundingView.budgets` counts.
    var budgetTable: ReportModel.BudgetTable? {
        let planned = cases.map { item in
            var amounts: [Int: Decimal] = [:]
            for entry in item.funding.entries where entry.standing != .notHandedIn {
                for budget in entry.budgets {
                    if let amount = decimal(budget.plannedDKK) { amounts[budget.year, default: 0] += amount }
                }
            }
            return (item: item, amounts: amounts)
        }.filter { !$0.amounts.isEmpty }
        let years = Set(planned.flatMap(\.amounts.keys)).sorted()
        guard !years.isEmpty else { return nil }
        func text(_ amount: Decimal) -> String { DecimalText(amount.description).map { say.number($0) } ?? "\(amount)" }
        let byYear = years.map { year in planned.reduce(Decimal(0)) { $0 + ($1.amounts[year] ?? 0) } }
        return ReportModel.BudgetTable(
            years: years,
            rows: planned.map { item, amounts in
                ReportModel.BudgetTable.Row(
                    initiative: reference(item), amounts: years.map { amounts[$0].map(text) },
                    sum: text(amounts.values.reduce(0, +)))
            }, sums: (byYear + [byYear.reduce(0, +)]).map(text))
    }
}
