internal import Coordinator
internal import PolicyModel

/// An indicator or an annual target: definition, baselines, targets, readings, judgements.
extension ShowText {
    mutating func facts(_ indicator: Indicator) {
        line(Words.goal, indicator.goal)
        line(Words.unit, say(Words.name(indicator.unit)))
        line(Words.population, say.phrase(indicator.population).text)
        line(
            Words.direction,
            "\(say(Words.name(indicator.direction))) (\(say(Words.name(indicator.directionBasis))))")
        line(Words.bodiesOf, say.list(indicator.bodies))
        line(Words.scope, indicator.scope.map { say.phrase($0).text })
        for item in indicator.breaks { line(Words.breaks, say.phrase(item.what).text) }
        for note in indicator.notes { line(Words.notes, say.phrase(note).text) }
        for criterion in indicator.criteria ?? [] {
            line(Words.criterion, "\(criterion.id): \(say.phrase(criterion.title).text)")
        }
    }

    mutating func measure(_ row: ProgressView.Row) {
        if !row.baselines.isEmpty {
            heading(Words.baseline)
            for (index, baseline) in row.baselines.enumerated() {
                write(baseline, of: row, isReckonedFrom: index == row.reckonedFrom)
            }
        }
        if let forecast = row.forecast {
            heading(Words.forecast)
            out +=
                "  \(plain(say.amount(forecast.value, row.unit))) (\(say(Words.forecastNote))) \(plain(say.quoted(forecast.printed)))\n"
        }
        heading(Words.target)
        for fact in row.targets {
            var text = "\(say(Words.targetVersion, String(fact.version))): \(say.target(fact, of: row))"
            if let reason = fact.reason { text += "; \(say.phrase(reason).text)" }
            if let decision = fact.decision { text += "; \(say(Words.decision, decision))" }
            if let printed = fact.target?.printed { text += " \(say.quoted(printed))" }
            out += "  \(plain(text))\n"
        }
    }

    private mutating func write(_ baseline: Baseline, of row: ProgressView.Row, isReckonedFrom: Bool) {
        let unit = baseline.unit ?? (baseline.measures == nil ? row.unit : nil)
        var text = [baseline.qualifier, say.value(baseline.value, unit, due: baseline.due)].compactMap(\.self).joined(
            separator: " ")
        if let period = baseline.period { text += ", \(say.period(period))" }
        if isReckonedFrom { text += " (\(say(Words.reckonsFrom)))" }
        if let measures = baseline.measures {
            text += "; \(say(Words.reallyMeasures)): \(say.phrase(measures).text)"
        }
        out += "  \(plain(text)) \(plain(say.quoted(baseline.printed)))\n"
    }

    mutating func readings(_ thing: ShownThing) {
        guard !thing.readings.isEmpty else { return }
        heading(Words.readings)
        for shown in thing.readings {
            let reading = shown.reading
            // A reading that is missing says so; “to be measured” is a baseline's word.
            let value =
                reading.value == .missing
                ? say(Words.name(Value.Status.missing)) : say.value(reading.value, reading.unit)
            var text = "\(reading.period): \(value)"
            if let reference = reading.reference {
                text += " \(say(Words.againstReference, say.value(reference, reading.unit)))"
            }
            if let breakdown = reading.breakdown { text += ", \(say(Words.breakdown, breakdown.description))" }
            if let source = reading.dataSource { text += ", \(say(Words.dataFrom, source))" }
            var notes = [shown.counts ? shown.record.publisher : say(Words.countsNot, shown.record.publisher)]
            if shown.versions > 1 { notes.append(say(Words.versionsOf, say.number(shown.versions))) }
            if thing.kind == .record { notes.append(reading.about) }
            out += "  \(plain(text)) (\(plain(notes.joined(separator: "; "))))\n"
            if let comment = reading.comment { out += "    \(plain(say.phrase(comment).text))\n" }
        }
    }

    mutating func assessments(_ thing: ShownThing) {
        guard !thing.assessments.isEmpty else { return }
        heading(Words.assessments)
        for shown in thing.assessments {
            let body = shown.assessment
            // Of a measure its own part; of a goal or a record the whole.
            let own = body.measures.filter { $0.about == thing.id }
            let isMeasure = thing.kind == .indicator || thing.kind == .annualTarget
            if !isMeasure {
                out +=
                    "  \(plain(body.goal)) · \(plain(body.followUp)): \(say(Words.shortName(body.judgement))). \(plain(say.phrase(body.arithmetic).text))\n"
            }
            for measure in isMeasure ? own : body.measures {
                let subject = isMeasure ? body.followUp : "  \(measure.about)"
                let version = say(Words.targetVersion, String(measure.targetVersion)).lowercased()
                out +=
                    "  \(plain(subject)): \(say(Words.shortName(measure.judgement))) (\(version)). \(plain(say.phrase(measure.arithmetic).text))\n"
            }
        }
    }
}
