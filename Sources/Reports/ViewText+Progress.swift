public import Coordinator
public import PolicyModel

extension ProgressView {
    /// For each policy its counts, then each goal with its measures: two lines each, so that it fits 80 columns.
    public func text(_ language: Language = .danish, width: Int? = nil) -> String {
        let say = Wording(language: language, city: nil)
        let heading = Day(on).map { say.date($0) } ?? on
        var text = banner(synthetic, say) + say(Words.progressTitle, heading) + "\n"
        for part in policies {
            text += "\n\(plain(part.policy)) · \(plain(part.title[language]))\n"
            let counts = part.counts
            guard counts.measures > 0 else {
                text += say(Words.progressNone) + "\n"
                continue
            }
            text +=
                say(
                    Words.progressCounts, say.count(counts.measures, Words.measure), say.number(counts.measured),
                    say.number(counts.toBeMeasured), say.number(counts.suppressed), say.number(counts.notApplicable))
                + (counts.redacted == 0 ? "" : " " + say(Words.progressRedacted, say.number(counts.redacted)))
                + "\n"
                + say(
                    Words.judgedCounts, say.number(counts.judged), say.number(counts.notJudgeable),
                    say.number(counts.notAssessed)) + "\n"
            if let behind = part.unassessed {
                text +=
                    say(
                        Words.progressBehind, say.number(Int(behind.assessedUpTo)), say.number(Int(behind.lastRecord)))
                    + "\n"
            }
            text += "\n" + table(of: part.policy, say).text(width: width)
        }
        return rows.isEmpty ? text : text + "\n" + say(Words.progressNotes) + "\n"
    }

    private func table(of policy: String, _ say: Wording) -> TextTable {
        let year = String(on.prefix(4))
        var table = TextTable(columns: [
            .init(title: "  " + say(Words.baseline), mayShrink: true),
            .init(title: say(Words.inThisYear, year), mayShrink: true),
            .init(title: say(Words.latestShort), mayShrink: true), .init(title: say(Words.trend)),
            .init(title: say(Words.finalTarget), mayShrink: true),
            .init(title: say(Words.judgement), mayShrink: true),
        ])
        let own = rows.filter { $0.policy == policy }
        let known = goals.filter { $0.policy == policy }
        for goal in known {
            let judged = goal.assessment.map { ": " + say(Words.shortName($0.judgement)) } ?? ""
            table.rows.append(["# " + plain(goal.title[say.language]) + judged])
            for row in own where row.goal == goal.id { add(row, to: &table, say) }
        }
        let rest = own.filter { row in !known.contains { $0.id == row.goal } }
        if !rest.isEmpty { table.rows.append(["# " + say(Words.noGoalKnown)]) }
        for row in rest { add(row, to: &table, say) }
        return table
    }

    private func add(_ row: Row, to table: inout TextTable, _ say: Wording) {
        let direction = row.direction.map { Words.sign($0) + " " } ?? ""
        table.rows.append(["  \(direction)\(plain(row.title[say.language])) [\(plain(row.id))]"])
        table.rows.append(
            [
                "  " + say.baselines(of: row), say.dueNow(row), say.latest(of: row),
                row.trend.map { say(Words.name($0)) } ?? "–", say.finalTarget(row), say.judgement(row),
            ].map(plain))
        if row.isRevised, let before = row.targets.dropLast().last {
            table.rows.append([
                "    "
                    + plain(
                        say(
                            Words.revisionLine, say.number(row.target.version), say.target(before, of: row),
                            say.target(row.target, of: row)))
            ])
        }
        if let period = row.redacted {
            table.rows.append(["    " + plain("\(say.period(period)): \(say(Words.redactedReading))")])
        }
        if let comment = row.latest?.comment, row.latest?.value.number == nil {
            table.rows.append(["    " + plain(comment[say.language])])
        }
        for criterion in row.criteria {
            let latest = criterion.latest.map(say.latest) ?? say(Words.noReadingYet)
            table.rows.append(["    " + plain("\(say(Words.criterion)): \(criterion.title[say.language]): \(latest)")])
        }
        if let forecast = row.forecast {
            let amount = [forecast.qualifier, say.amount(forecast.value, row.unit)].compactMap(\.self).joined(
                separator: " ")
            let period = forecast.period.map { " (\(say.period($0)))" } ?? ""
            table.rows.append(["    " + plain(say(Words.forecastLine, amount + period))])
        }
    }

    public func json() -> String { jsonText(self) }

    /// One line for each measure. Values stand with their status beside them, so that suppressed is never taken for missing.
    public func csv() -> String {
        let head = [
            "policy", "goal", "kind", "id", "title", "unit", "direction", "reporters", "baseline", "baseline_status",
            "baseline_period", "baseline_due", "baseline_measures", "reckoned_from_baseline", "measured_baseline",
            "forecast", "due_year",
            "due_value", "due_basis", "latest", "latest_status", "latest_numerator", "latest_denominator",
            "latest_period", "reference", "trend", "target_kind", "target_value", "target_end", "target_year",
            "target_version", "target_before", "attainment", "attainment_follow_up", "arithmetic", "source",
            "synthetic",
        ]
        return csvText([head] + rows.map(fields))
    }

    private func fields(_ row: Row) -> [String] {
        let baseline = row.reckonedFrom.flatMap { row.baselines[safely: $0] } ?? row.baselines.first
        var parts: (DecimalText?, DecimalText?) = (nil, nil)
        if case .number(_, let over, let under) = row.latest?.value { parts = (over, under) }
        let target = row.target
        let before = row.targets.dropLast().last
        func value(_ fact: TargetFact?) -> String {
            (fact?.target?.value ?? fact?.annualTarget?.value)?.description ?? ""
        }
        let year = target.target?.year ?? target.annualTarget?.toYear
        return [
            row.policy, row.goal ?? "", row.kind.rawValue, row.id, row.title.da, row.unit?.rawValue ?? "",
            row.direction?.rawValue ?? "", row.reporters.joined(separator: ";"),
            baseline?.value.number?.description ?? "", baseline?.value.status.rawValue ?? "",
            baseline?.period?.description ?? "", baseline?.due?.description ?? "", baseline?.measures?.da ?? "",
            String(row.reckonedFrom != nil), row.measuredBaseline?.value.number?.description ?? "",
            row.forecast?.value.description ?? "",
            row.dueNow.map { String($0.year) } ?? "", row.dueNow?.value?.description ?? "",
            row.dueNow?.basis.rawValue ?? "", row.latest?.value.number?.description ?? "",
            row.latest?.value.status.rawValue ?? (row.state == .redacted ? row.state.rawValue : ""),
            parts.0?.description ?? "", parts.1?.description ?? "",
            row.latest?.period.description ?? "", row.latest?.reference?.number?.description ?? "",
            row.trend?.rawValue ?? "",
            target.target?.kind.rawValue ?? target.annualTarget?.comparator.rawValue ?? "", value(target),
            target.end?.description ?? "", year.map(String.init) ?? "", String(target.version), value(before),
            row.assessment?.judgement.rawValue ?? "", row.assessment?.followUp ?? "",
            row.assessment?.arithmetic.da ?? "", row.source.reference, String(synthetic),
        ]
    }
}

extension Wording {
    /// The baseline counted from, or the first with a number: `53 pct. 2016`, `15,3 pct.*`, `skal måles i 2019`.
    fileprivate func baselines(of row: ProgressView.Row) -> String {
        let shown =
            row.reckonedFrom.flatMap { row.baselines[safely: $0] }
            ?? row.baselines.first { $0.value.number != nil } ?? row.baselines.first
        if let measured = row.measuredBaseline { return "\(short(measured.value, measured.unit)) \(measured.period)" }
        guard let shown else { return "–" }
        let others = row.baselines.count > 1 ? " (+\(row.baselines.count - 1))" : ""
        let isOther = shown.measures != nil || (shown.unit ?? row.unit) != row.unit
        return short(shown.value, shown.unit ?? (isOther ? nil : row.unit), due: shown.due) + (isOther ? "*" : "")
            + others
    }

    fileprivate func dueNow(_ row: ProgressView.Row) -> String {
        guard let due = row.dueNow else { return "–" }
        guard let value = due.value else { return self(Words.inWords) }
        let amount = amount(value, row.unit)
        let isAtLeast = row.target.annualTarget?.comparator == .atLeast
        return (due.basis == .interpolated ? "~ " : "") + (isAtLeast ? self(Words.atLeast, amount) : amount)
    }

    /// `55,5 pct. 2019`, with what parity holds it against. A reading that is missing is not one still to be made.
    fileprivate func latest(_ latest: ProgressView.Measured) -> String {
        if latest.value == .missing { return "\(self(Words.name(Value.Status.missing))) \(latest.period)" }
        let against = latest.reference.map { " " + self(Words.againstReference, short($0, latest.unit)) } ?? ""
        return "\(short(latest.value, latest.unit))\(against) \(latest.period)"
    }

    fileprivate func latest(of row: ProgressView.Row) -> String {
        row.latest.map(latest) ?? self(row.redacted == nil ? Words.noReadingYet : Words.redactedShort)
    }

    fileprivate func finalTarget(_ row: ProgressView.Row) -> String { target(row.target, of: row) }

    /// A target's version in few words: `20 pct. færre i 2022`, `mindst 90 pct. hvert år 2019–2022`.
    func target(_ fact: ProgressView.TargetFact, of row: ProgressView.Row) -> String {
        if let target = fact.target, let unit = row.unit {
            let text =
                target.kind == .directionOnly
                ? self(Words.name(target.kind)) : shortTarget(target, unit, row.direction ?? .up)
            return target.year.map { self(Words.inYear, text, String($0)) } ?? text
        }
        guard let target = fact.annualTarget else { return "–" }
        return "\(annual(target) ?? self(Words.inWords)) \(years(from: target.fromYear, until: target.toYear))"
    }

    fileprivate func judgement(_ row: ProgressView.Row) -> String {
        guard let judged = row.assessment else { return self(Words.notAssessed) }
        let word = self(Words.shortName(judged.judgement))
        guard judged.isOfLatest == false, let period = judged.period else { return word }
        return self(Words.onOther, word, period.description)
    }

    /// A value without its numerator and denominator; the four kinds stay apart.
    private func short(_ value: Value, _ unit: MeasureUnit?, due: PartialDate? = nil) -> String {
        switch value {
        case .number(let number, _, _): amount(number, unit)
        case .suppressed: self(Words.suppressedShort)
        case .missing: due.map { self(Words.measuredIn, date($0)) } ?? self(Words.dueSometime)
        case .notApplicable: self(Words.name(Value.Status.notApplicable))
        }
    }
}
