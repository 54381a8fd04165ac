internal import Coordinator
internal import PolicyModel

/// The first page, and what is asked.
extension ReportBuilder {
    func front(_ missing: [ReportModel.Missing]) -> ReportModel.Front {
        ReportModel.Front(
            delivery: delivery,
            attainment: attainment, judgements: judgementCounts, measures: measureCounts, counts: counts,
            results: ReportRules.results(cases).map(result), resultsRule: say(Words.rule, say(Words.resultsRule)),
            deviations: ReportRules.deviations(cases).map(deviation),
            deviationsRule: say(Words.rule, say(Words.deviationsRule)),
            asked: say(isOpening ? Words.askedOpening : Words.askedFollowUp, askedBodies), money: moneyGap,
            silence: silence(missing), unassessed: unassessed)
    }

    var delivery: ReportModel.LightPart {
        let stated = stated
        let missing = missing
        if isOpening, !missing.isEmpty {
            // What a document said of its own time is no answer to a follow-up whose deadline has passed.
            let answers = say.count(missing.count, Words.answer)
            return ReportModel.LightPart(
                light: .grey, text: say(Words.name(Light.grey)),
                reason: stated.isEmpty
                    ? say(Words.silentOpening, answers)
                    : say(Words.staleOpening, answers, say.inline(statusCounts)))
        }
        let light = ReportRules.delivery(stated, of: cases.count)
        let good = stated.filter(ReportRules.isGood).count
        let reason: String
        if light == .grey {
            reason = say(
                isOpening ? Words.greyOpening : Words.greyFollowUp, say.number(stated.count),
                say.count(cases.count, Words.initiative))
        } else {
            reason = say(
                Words.judged, say.number(good), say.number(stated.count), say.count(cases.count, Words.initiative))
        }
        return ReportModel.LightPart(light: light, text: say(Words.name(light)), reason: reason)
    }

    private var counts: [String] {
        let marked = cases.filter { $0.initiative.kind == .marked }.count
        let codes = Set((state.city?.forvaltninger ?? []).map(\.code))
        let inside = cases.filter { codes.contains($0.initiative.owner) }
        let owners = Set(inside.map(\.initiative.owner)).count
        var lines = [
            say(
                Words.countInitiatives, say.count(cases.count, Words.initiative), say.number(marked),
                say.count(owners, Words.forvaltning), say.number(inside.count), say.number(cases.count - inside.count))
        ]
        if stated.isEmpty {
            lines.append(say(Words.countNoStatuses, say.number(cases.count)))
        } else {
            lines.append(
                say(
                    Words.countStatuses, say.number(stated.count), say.inline(statusCounts),
                    say.number(cases.count - stated.count)))
        }
        let measures = measureCounts
        if !measures.isEmpty {
            let all = measures.reduce(0) { $0 + $1.count }
            lines.append(say(Words.countMeasures, say.count(all, Words.measure), say.inline(measures)))
        }
        lines.append(money)
        return lines
    }

    /// Each state with all initiatives it holds for, so that the number requiring money is the same wherever it stands.
    private var money: String {
        var counts = stateCounts(totals.total)
        for index in counts.indices {
            if counts[index].code == Funding.State.requiresSeparateFunding.rawValue {
                counts[index].count = totals.total.requiringInAll
            }
            if counts[index].code == Funding.State.expired.rawValue {
                counts[index].count = cases.filter(\.funding.expired).count
            }
        }
        let twice = counts.reduce(0) { $0 + $1.count } > cases.count
        return say(Words.countMoney, say.inline(counts.filter { $0.count > 0 }))
            + (twice ? " \(say(Words.countTwice))" : "")
    }

    func result(_ item: ReportRules.Case) -> ReportModel.Highlight {
        highlight(item, word: item.delivery.map { say(Words.name($0)) } ?? "")
    }

    func deviation(_ item: ReportRules.Case) -> ReportModel.Highlight {
        let word: Bilingual =
            if let delivery = item.delivery, !ReportRules.isGood(delivery) {
                Words.name(delivery)
            } else if item.funding.expired {
                Words.name(Funding.State.expired)
            } else {
                Words.name(Funding.State.requiresSeparateFunding)
            }
        return highlight(item, word: say(word))
    }

    private func highlight(_ item: ReportRules.Case, word: String) -> ReportModel.Highlight {
        let body = item.status?.version.body
        let text = body?.deviation ?? body?.done ?? item.initiative.purpose
        return ReportModel.Highlight(
            initiative: item.initiative.id, anchor: anchor(item.initiative.id),
            title: say.phrase(item.initiative.title),
            owner: party(item.initiative.owner), word: word, text: say.phrase(text))
    }

    private var moneyGap: String {
        let total = totals.total
        let expired = cases.filter(\.funding.expired).count
        return say(
            Words.moneyGap, say.count(total.requiringInAll, Words.initiative), say.number(total.requiringMarked),
            say.count(expired, Words.initiative))
    }

    private func silence(_ missing: [ReportModel.Missing]) -> [String] {
        let unheard = state.unheard
        let names = unheard.forvaltninger + unheard.policies
        var lines: [String] = []
        if !names.isEmpty { lines.append(say(Words.notHeard, say.list(names))) }
        // The follow-up the report is on; at the opening the newest deadline. All of them stand under "Videre proces".
        if let newest = missing.last(where: { $0.followUp == followUp.id }) ?? missing.last {
            let same = missing.filter { $0.followUp == newest.followUp }
            lines.append(
                say(
                    Words.notReported, newest.followUpTitle.text, say.list(same.map(\.label)), newest.due,
                    say.count(newest.days, Words.day)))
        }
        if lines.isEmpty {
            lines.append(say(Words.allHeard, say.count(state.city?.forvaltninger.count ?? 0, Words.forvaltning)))
        }
        return lines
    }

    func proposal(_ missing: [ReportModel.Missing]) -> ReportModel.Proposal {
        let title = say.quoted(say.phrase(policy.title).text)
        var points = [
            isOpening ? say(Words.noteOpening, title) : say(Words.noteFollowUp, title, say.phrase(followUp.title).text)
        ]
        let expired = cases.filter(\.funding.expired).count
        if totals.total.requiringInAll + expired > 0 {
            points.append(
                say(
                    Words.noteMoney, say.count(totals.total.requiringInAll, Words.initiative),
                    say.count(expired, Words.initiative)))
        }
        let late = missing.filter { $0.followUp == followUp.id }
        if !late.isEmpty {
            points.append(say(Words.noteMissing, say.list(late.map(\.label)), say.phrase(followUp.title).text))
        }
        let pending = cases.filter { $0.initiative.mandate == .proposed }
        let needed = cases.compactMap { item in item.status?.version.body.decisionNeeded.map { (item, $0) } }
        return ReportModel.Proposal(
            introduction: say(Words.proposes, say.name(policy.coordinator).text, askedBodies), points: points,
            pending: pending.map { reference($0, note: mandateNote($0.initiative), at: $0.initiative.source) },
            decisionsNeeded: needed.map { reference($0.0, note: say.phrase($0.1)) })
    }

    /// To whom it is proposed, and which part.
    private func mandateNote(_ initiative: Initiative) -> Phrase {
        let to = mandate(initiative).text
        guard let proposal = initiative.proposal.map(say.phrase) else { return Phrase(text: to, lang: say.language) }
        return Phrase(text: "\(to): \(proposal.text)", lang: proposal.lang)
    }

    func mandate(_ initiative: Initiative) -> ReportModel.Term {
        let text: String
        switch initiative.mandate {
        case .decided: text = say(Words.decided)
        case .proposed:
            let body = say.name(initiative.proposedTo ?? "").text
            text = say(initiative.proposal == nil ? Words.proposedWhole : Words.proposedPart, body)
        }
        return ReportModel.Term(code: initiative.mandate.rawValue, text: text)
    }
}
