internal import Coordinator
internal import Foundation
internal import PolicyModel

/// Indicators under their goals, annual targets with their initiatives, money by year.
extension ReportBuilder {
    /// The indicators of a goal in the order of the policy; nil where it has none.
    func indicators(ofGoal goal: String) -> [ReportModel.IndicatorPart]? {
        indicatorsOf[goal].map { $0.map(part) }
    }

    private func part(_ stated: Indicator) -> ReportModel.IndicatorPart {
        var indicator = stated
        indicator.target = state.currentTarget(of: stated)
        let read = readings(of: indicator.id, reporters: indicator.reporters)
        let baselines = indicator.baselines.map { part($0, indicator.unit) }
        let measured = indicator.measuredBaseline(indicator.target, among: read, reading: \.body)
        let target = part(indicator.target, of: indicator, measured, first: stated.target)
        let (earlier, older) = earlier(read)
        let version = state.targetVersions(of: indicator.id).last?.body.version ?? 1
        return ReportModel.IndicatorPart(
            id: indicator.id, anchor: "m-" + anchor(indicator.id).dropFirst(2), title: say.phrase(indicator.title),
            titleBasis: basis(indicator.titleBasis),
            unit: ReportModel.Term(code: indicator.unit.rawValue, text: say(Words.name(indicator.unit))),
            population: say.phrase(indicator.population),
            direction: ReportModel.Term(
                code: indicator.direction.rawValue, text: say(Words.name(indicator.direction))),
            directionBasis: basis(indicator.directionBasis), bodies: indicator.bodies.map(party),
            reporters: indicator.reporters.map(party), reportersBasis: basis(indicator.reportersBasis),
            baselines: baselines, measuredBaseline: measured.map(part),
            forecast: indicator.forecast.map { forecast in
                ReportModel.ForecastPart(
                    value: forecast.value.description,
                    text: [forecast.qualifier, say.amount(forecast.value, indicator.unit)].compactMap(\.self).joined(
                        separator: " "),
                    period: forecast.period.map(say.period), printed: say.danish(forecast.printed),
                    source: source(forecast.source))
            },
            target: target, latest: read.last.map(part),
            redacted: redacted(of: indicator.id).last { gone in
                read.last.map { $0.body.endsOn < gone.period.endsOn } ?? true
            }?.part, earlier: earlier, older: older,
            breakdowns: breakdowns(of: indicator),
            judgement: judgement(ofMeasure: indicator.id, latest: read.last, version: version),
            chart: chart(
                indicator, target, measured?.body, latest: read.last?.body,
                isRedacted: read.isEmpty && !redacted(of: indicator.id).isEmpty),
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

    private func part(
        _ target: Target, of indicator: Indicator, _ measured: LedgerVersion<Reading>?, first: Target
    ) -> ReportModel.TargetPart {
        ReportModel.TargetPart(
            kind: ReportModel.Term(code: target.kind.rawValue, text: say(Words.name(target.kind))),
            value: target.value?.description, of: target.of?.description, baseYear: target.baseYear, year: target.year,
            text: say.target(target, indicator.unit, indicator.direction),
            parityWith: target.kind == .parity ? target.parityWith.map(say.phrase) : nil,
            reckoning: reckoning(indicator, measured?.body), printed: target.printed.map(say.danish),
            source: target.source.map(source),
            revisions: revisions(
                of: indicator.id, first: TargetVersion(about: indicator.id, version: 1, target: first),
                words: { $0.target.map { say.target($0, indicator.unit, indicator.direction) } ?? "" }))
    }

    // MARK: From baseline to target

    /// The number a target counts from: printed, or measured in its stead.
    private func start(_ indicator: Indicator, _ measured: Reading?) -> DecimalText? {
        indicator.reckonedFrom(indicator.target)?.value.number ?? measured?.value.number
    }

    private func end(_ indicator: Indicator, _ measured: Reading?) -> Decimal? {
        decimal(indicator.end(of: indicator.target, from: start(indicator, measured)))
    }

    /// `53 + 5 = 58 pct.`, `850 − 10 pct. = 765 personer`; with ≈ where it is rounded, or the baseline is "about".
    private func reckoning(_ indicator: Indicator, _ measured: Reading?) -> String? {
        let target = indicator.target
        guard target.kind == .percentagePoints || target.kind == .relativeChange, let step = target.value,
            let from = start(indicator, measured),
            let end = end(indicator, measured).flatMap({ endText($0, indicator.unit) })
        else { return nil }
        let qualifier = indicator.reckonedFrom(target)?.qualifier
        let isLess = step.description.hasPrefix("-")
        let size = DecimalText(step.description.drop { $0 == "-" }) ?? step
        let by = target.kind == .relativeChange ? say.amount(size, .percent) : say.number(size)
        let equals = qualifier == nil && end.isExact ? "=" : "≈"
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

    private func chart(
        _ indicator: Indicator, _ target: ReportModel.TargetPart, _ measured: Reading?, latest: Reading?,
        isRedacted: Bool
    ) -> ReportModel.ChartPart {
        let own = indicator.reckonedFrom(indicator.target)
        // Without one to reckon from: a number that measures the indicator, then any number, then the word for its
        // lack.
        let shown =
            own ?? indicator.baselines.first { $0.value.number != nil && $0.measures == nil }
            ?? indicator.baselines.first { $0.value.number != nil } ?? indicator.baselines.first
        let end = end(indicator, measured)
        let from = decimal(start(indicator, measured))
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
        let fromText =
            measured.map { "\(say.value($0.value, $0.unit)), \(say.period($0.period))" }
            ?? shown.map { label($0, indicator.unit) } ?? say(Words.missingValue, say(Words.dueSometime))
        let isChange = indicator.target.kind == .relativeChange || indicator.target.kind == .percentagePoints
        var toText = say.shortTarget(indicator.target, indicator.unit, indicator.direction)
        if isChange, let end = end.flatMap({ endText($0, indicator.unit) }) {
            toText += " (\(own?.qualifier == nil && end.isExact ? "" : "≈ ")\(say.amount(end.text, indicator.unit)))"
        }
        if let year = indicator.target.year { toText = say(Words.inYear, toText, String(year)) }
        let targetText = target.text + (target.parityWith.map { " \($0.text)" } ?? "")
        let latestText = latest.map(shortLatest)
        let isKnown = measured != nil || (shown?.value.number != nil && shown?.measures == nil)
        return ReportModel.ChartPart(
            slope: slope, from: isKnown ? .known : .open, fromText: fromText,
            to: indicator.target.kind == .noneStated ? .absent : end == nil ? .open : .known, toText: toText,
            latest: latest.flatMap { place(of: $0, indicator.unit, from: from, to: end) },
            latestSide: end == nil ? latest.flatMap { side(of: $0, indicator, from: from) } : nil,
            latestText: latestText,
            text: sentence(
                fromText, targetText + (target.reckoning.map { " (\($0))" } ?? ""),
                say(Words.name(indicator.direction)), latestText ?? (isRedacted ? say(Words.redactedShort) : nil)))
    }

    /// `55,5 pct., 2019`; with parity what it is held against.
    private func shortLatest(_ reading: Reading) -> String {
        let text: String
        switch reading.value {
        case .number(let number, _, _): text = say.amount(number, reading.unit)
        case .suppressed: text = say(Words.suppressedShort)
        case .missing, .notApplicable: text = say(Words.name(reading.value.status))
        }
        let reference = reading.reference?.number.map {
            " \(say(Words.againstReference, say.amount($0, reading.unit)))"
        }
        return "\(text)\(reference ?? ""), \(say.period(reading.period))"
    }

    /// Better or worse than the baseline by the indicator's direction; nil where there is no such thing.
    private func side(of reading: Reading, _ indicator: Indicator, from: Decimal?) -> ReportModel.ChartPart.Side? {
        guard let number = decimal(reading.value.number), reading.unit == indicator.unit, let from,
            indicator.direction != .parity
        else { return nil }
        if number == from { return .same }
        return (number > from) == (indicator.direction == .up) ? .better : .worse
    }

    /// Thousandths of the way; nil where there is no number, or no way to put it on.
    private func place(of reading: Reading, _ unit: MeasureUnit, from: Decimal?, to: Decimal?) -> Int? {
        guard let number = decimal(reading.value.number), reading.unit == unit, let from, let to, from != to else {
            return nil
        }
        var exact = (number - from) / (to - from) * 1000
        var rounded = Decimal()
        NSDecimalRound(&rounded, &exact, 0, .plain)
        // Far beyond either end the place says no more than that.
        return NSDecimalNumber(decimal: min(100_000, max(-100_000, rounded))).intValue
    }

    /// The picture in words. Abbreviations end with a point of their own, so none stands twice.
    private func sentence(_ from: String, _ to: String, _ direction: String, _ latest: String?) -> String {
        say(
            Words.chartSentence, from, to, direction.prefix(1).uppercased() + direction.dropFirst(),
            latest ?? say(Words.notReportedReading)
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

    /// Why nothing can be judged: how many indicators have a baseline, how many are still to be measured.
    var unreadReason: String {
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

    // MARK: Money

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
