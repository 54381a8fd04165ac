internal import Coordinator
internal import PolicyModel

/// The annexes as Markdown.
extension MarkdownReport {
    mutating func annexes() {
        heading(2, say(Words.annexes))
        var number = 0
        func title(_ text: String) -> String {
            number += 1
            return say(Words.annex, say.number(number), text)
        }
        for owner in model.owners where owner.isForvaltning {
            heading(3, title("\(owner.owner.id) – \(owner.owner.name.text)"))
            line(md(owner.summary))
            for item in owner.initiatives { initiative(item, level: 4) }
        }
        let others = model.owners.filter { !$0.isForvaltning }
        if !others.isEmpty {
            heading(3, title(say(Words.others)))
            for owner in others {
                heading(4, owner.owner.name.text)
                line(md(owner.summary))
                for item in owner.initiatives { initiative(item, level: 5) }
            }
        }
        heading(3, title(say(Words.unheard)))
        unheard(model.unheard, model.process.missing)
        heading(3, title(say(Words.changes)))
        line(md(model.changes.text))
        if !model.changes.items.isEmpty { bullets(model.changes.items.map(reference)) }
        heading(3, title(say(Words.method)))
        method(model.method)
        if let contributions = model.contributions {
            heading(3, title(say(Words.contributionsHeading)))
            self.contributions(contributions)
        }
        heading(3, title(say(Words.decisionsHeading)))
        decisions(model.decisions)
        heading(3, title(say(Words.sources)))
        sources(model.sources, model.asOf)
        if model.synthetic { line("> **\(say(Words.synthetic))**") }
    }

    private mutating func initiative(_ item: ReportModel.InitiativePart, level: Int) {
        heading(level, item.title.text)
        var tags = [item.kind.text, item.funding.main.text]
        if item.funding.requiresSeparateFunding,
            item.funding.main.code != Funding.State.requiresSeparateFunding.rawValue
        {
            tags.append(say(Words.name(Funding.State.requiresSeparateFunding)))
        }
        if let delivery = item.status.delivery { tags.append(delivery.text) }
        if let stage = item.status.stage { tags.append(stage.text) }
        if item.status.changedSinceApproval { tags.append(say(Words.name(MatrixView.State.changed))) }
        line("**\(tags.joined(separator: " · "))**")
        line(md(item.purpose.text))
        var facts = [statusLine(item.status)]
        facts += item.status.details.map { "\($0.name): \(md($0.text.text))" }
        facts += item.funding.lines.map { "\(say(Words.money)): \(md($0.text))\(evidence($0.printed, $0.source))" }
        facts.append("\(say(Words.mandate)): \(md(item.mandate.text + (item.proposal.map { ": \($0.text)" } ?? "")))")
        facts.append("\(say(Words.section)): \(md(item.section.text))")
        if let period = item.period { facts.append("\(say(Words.period)): \(period)") }
        for (name, texts) in [
            (Words.targetGroups, item.targetGroups.map(\.text)), (Words.partners, item.partners.map(\.text)),
            (Words.involved, item.involved.map(short)),
        ] where !texts.isEmpty {
            facts.append("\(say(name)): \(md(say.list(texts)))")
        }
        facts += item.figures.map { figure in
            let qualifier = figure.qualifier.map { " (\(md($0.text)))" } ?? ""
            return
                "\(say(Words.figures)): \(md(figure.what.text)): **\(figure.valueText)**\(qualifier)\(evidence(figure.printed, figure.source))"
        }
        facts += (item.annualTargets ?? []).map(annualTarget)
        let basis = item.titleBasis == Basis.printed.rawValue ? "" : " (\(say(Words.derivedTitle)))"
        facts.append("\(say(Words.source)): \(md(item.source.text))\(basis)")
        bullets(facts)
    }

    /// For a cell: the status with how far it has come, then what was said.
    func statusText(_ status: ReportModel.StatusPart) -> String {
        let notes = [status.standing, status.basis].compactMap(\.self)
        let head = status.text + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
        return ([head] + status.details.map { "\($0.name): \($0.text.text)" }).joined(separator: ". ")
    }

    private func statusLine(_ status: ReportModel.StatusPart) -> String {
        let notes = [status.standing, status.basis].compactMap(\.self)
        let note = notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
        return "\(say(Words.status)): \(md(status.text + note))\(evidence(status.printed, status.source))"
    }
}
