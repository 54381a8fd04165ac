public import Coordinator
public import PolicyModel

extension ShowResult {
    /// For a terminal. `id` is what was asked for, `synthetic` whether the ledger holds example data.
    public func text(id: String, city: City?, synthetic: Bool, language: Language = .danish) -> String {
        let say = Wording(language: language, city: city)
        switch self {
        case .unknown(let nearest):
            let hint = nearest.isEmpty ? "" : " " + say(Words.didYouMean, say.list(nearest.map { "`\($0)`" }))
            return say(Words.unknownThing, plain(id)) + hint + "\n"
        case .found(let thing):
            var text = ShowText(say: say)
            text.write(thing)
            return banner(synthetic, say) + text.out
        }
    }

    /// `{"found": {…}}` or `{"nearest": […]}`, and `synthetic` beside it.
    public func json(synthetic: Bool) -> String {
        struct Envelope: Encodable {
            let synthetic: Bool
            var found: ShownThing?
            var nearest: [String]?
        }
        switch self {
        case .found(let thing): return jsonText(Envelope(synthetic: synthetic, found: thing))
        case .unknown(let nearest): return jsonText(Envelope(synthetic: synthetic, nearest: nearest))
        }
    }
}

/// Writes one thing as lines of `name: value`.
struct ShowText {
    let say: Wording
    var out = ""

    mutating func line(_ name: Bilingual, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        out += "  \(say(name)): \(plain(value))\n"
    }

    mutating func heading(_ name: Bilingual) { out += "\n\(say(name))\n" }

    mutating func write(_ thing: ShownThing) {
        out += "\(say(Words.name(thing.kind))) \(plain(thing.id))\n\(plain(say.phrase(thing.title).text))\n\n"
        facts(thing)
        if let funding = thing.funding { money(funding) }
        if let row = thing.progress { measure(row) }
        readings(thing)
        assessments(thing)
        if !thing.statuses.isEmpty {
            heading(Words.status)
            for status in thing.statuses {
                let report = status.report
                out += "  \(plain(report.about)) · \(plain(report.followUp)): \(say(Words.name(report.delivery)))"
                var notes = [
                    plain(status.publisher),
                    say(status.stage.map(Words.name) ?? Words.name(status.standing)).lowercased(),
                ]
                if status.changedSinceApproval { notes.append(say(Words.changedSinceApproval)) }
                out += " (\(notes.joined(separator: ", ")))\n"
                if let done = report.done { out += "    \(plain(say.phrase(done).text))\n" }
                if let printed = report.printed { out += "    \(plain(say.quoted(printed)))\n" }
            }
        }
        if let lacking = thing.lacking {
            heading(Words.missing)
            for item in lacking {
                let late = item.daysLate.map { ", " + say(Words.daysOver, say.count($0, Words.day)) } ?? ""
                let year = item.year.map { " \($0)" } ?? ""
                out += "  \(plain(item.followUp)) · \(item.forvaltning):\(year) "
                out += "\(Words.sign(item.state)) \(say(Words.name(item.state)))\(late)\n"
            }
        }
        if let words = thing.collecting {
            heading(Words.collecting)
            for word in words { out += "  \(plain(say.sentence(word)))\n" }
        }
        if let redacted = thing.redacted {
            heading(Words.redacted)
            for record in redacted {
                out +=
                    "  \(say.number(Int(record.position)))  \(plain(record.received))  \(plain(record.kind)) \(plain(record.id))\n"
                out += "      \(plain(record.record.description))  \(plain(record.by))\n      \(record.hash)\n"
                out += "      \(plain(say.order(record.order)))\n"
            }
        }
        if !thing.cells.isEmpty {
            heading(Words.standing)
            for cell in thing.cells {
                out += "  \(cell.forvaltning) · \(plain(cell.followUp ?? cell.policy)): \(cell.words(say))\n"
            }
        }
        if !thing.initiatives.isEmpty {
            heading(Words.initiatives)
            for id in thing.initiatives { out += "  \(plain(id))\n" }
        }
        if !thing.sources.isEmpty {
            heading(Words.source)
            for source in thing.sources { out += "  \(plain(say.source(source))) (\(plain(source.reference)))\n" }
        }
        if !thing.versions.isEmpty {
            heading(Words.versions)
            for version in thing.versions { write(version) }
        }
    }

    private mutating func facts(_ thing: ShownThing) {
        if let policy = thing.policy {
            line(Words.period, say.period(policy.period))
            line(Words.coordinatedBy, say.name(policy.coordinator).text)
            line(Words.forBodies, say.list(policy.bodies.map { say.name($0).text }))
        }
        if let goal = thing.goal {
            line(Words.kind, say(Words.name(goal.kind)))
            line(Words.parent, goal.parent)
            line(Words.owner, say.list(goal.bodies + goal.forvaltninger))
        }
        if let followUp = thing.followUp {
            line(Words.kind, say(Words.name(followUp.kind)))
            line(Words.opens, followUp.opens.map { "\(say.date($0.date)) (\(say(Words.name($0.basis))))" })
            line(
                Words.deadline,
                followUp.due.map { "\(say.date($0.date)) (\(say(Words.name($0.basis))))" } ?? say(Words.noDeadline))
            line(Words.owedBy, followUp.owedBy.isEmpty ? say(Words.nobody) : say.list(followUp.owedBy))
            for question in followUp.questions ?? [] {
                line(Words.questions, "\(say.phrase(question.text).text) [\(question.id)]")
            }
            if followUp.effortsWhereBehind == true { line(Words.duty, say(Words.effortsWhereBehind)) }
            line(Words.goesTo, say.list(followUp.goesTo.map { say.name($0).text }))
        }
        if let initiative = thing.initiative {
            line(Words.owner, say.name(initiative.owner).text)
            line(Words.kind, say(Words.name(initiative.kind)))
            line(Words.purpose, say.phrase(initiative.purpose).text)
            line(Words.section, initiative.section)
            line(Words.partners, say.list(initiative.partners))
            line(Words.involved, say.list(initiative.involved))
            for figure in initiative.figures {
                line(
                    Words.figures,
                    "\(say.phrase(figure.what).text): \(say.number(figure.value)) \(say.quoted(figure.printed))")
            }
        }
        if let indicator = thing.indicator { facts(indicator) }
        if let target = thing.annualTarget {
            line(Words.initiativeColumn, target.initiative)
            line(Words.unit, target.unit.map { say(Words.name($0)) })
            line(Words.population, target.base.map { say.phrase($0).text })
            line(Words.exclusions, target.exclusions.map { say.phrase($0).text })
            line(Words.asPrinted, say.quoted(target.printed))
        }
        if let row = thing.progress { line(Words.reporters, say.list(row.reporters)) }
        if let link = thing.linkDecision {
            line(Words.from, link.from)
            line(Words.toColumn, link.to)
            line(Words.reason, link.reason.map { say.phrase($0).text })
        }
        if let forvaltning = thing.forvaltning { line(Words.committee, say.name(forvaltning.committee).text) }
    }

    private mutating func money(_ row: FundingView.Row) {
        heading(Words.money)
        for entry in row.entries {
            var text = "  \(say.money(entry)) (\(say(Words.name(entry.standing))))"
            if let printed = entry.printed { text += " \(plain(say.quoted(printed)))" }
            out += text + "\n"
        }
    }

    private mutating func write(_ version: ShownThing.Version) {
        var notes: [String] = []
        if version.superseded { notes.append(say(Words.superseded)) }
        if let reason = version.withdrawn { notes.append(say(Words.takenBack, say.phrase(reason).text)) }
        let changed = version.changed ?? []
        if !changed.isEmpty { notes.append(say(Words.changedFields, changed.map(\.field).joined(separator: ", "))) }
        out +=
            "  \(say.number(Int(version.position)))  \(plain(version.received))  \(plain(version.kind)) \(plain(version.id))"
        out += notes.isEmpty ? "\n" : "  (\(notes.joined(separator: "; ")))\n"
        out += "      \(plain(version.record.description))  \(plain(version.by))\n      \(version.hash)\n"
        for change in changed {
            out += "      \(plain(change.field)): \(plain(change.from ?? "–")) → \(plain(change.to ?? "–"))\n"
        }
    }
}
