internal import Coordinator
internal import PolicyModel

/// The annexes: initiatives, who was not heard, changes, method, sources.
extension ReportBuilder {
    var owners: [ReportModel.OwnerPart] {
        let byOwner = Dictionary(grouping: cases, by: \.initiative.owner)
        let codes = (state.city?.forvaltninger ?? []).map(\.code)
        let others = byOwner.keys.filter { !codes.contains($0) }.sorted()
        let groups = Dictionary(
            uniqueKeysWithValues: (state.city?.targetGroups ?? []).map { ($0.id, say.phrase($0.name)) })
        let goals = Dictionary(
            policy.goals.map { ($0.id, say.phrase($0.title)) }, uniquingKeysWith: { first, _ in first })
        return (codes + others).map { owner in
            let own = byOwner[owner] ?? []
            let isForvaltning = codes.contains(owner)
            let heard = !isForvaltning || state.publishers[owner] != nil
            let summary =
                own.isEmpty
                ? say(heard ? Words.noInitiatives : Words.ownerNotHeard)
                : say(
                    Words.ownerSummary, say.count(own.count, Words.initiative),
                    say.number(own.filter { $0.initiative.kind == .marked }.count),
                    say.number(own.filter { $0.delivery != nil }.count),
                    say.number(own.filter(\.funding.requiresSeparateFunding).count))
            return ReportModel.OwnerPart(
                owner: party(owner), anchor: "o-" + (state.city?.slug(of: owner) ?? anchor(owner)),
                isForvaltning: isForvaltning, heard: heard, summary: summary,
                initiatives: own.map { part($0, groups: groups, goals: goals) })
        }
    }

    private func part(
        _ item: ReportRules.Case, groups: [String: Phrase], goals: [String: Phrase]
    ) -> ReportModel.InitiativePart {
        let initiative = item.initiative
        let hasPeriod = initiative.period.from != nil || initiative.period.until != nil
        return ReportModel.InitiativePart(
            id: initiative.id, anchor: anchor(initiative.id), title: say.phrase(initiative.title),
            titleBasis: initiative.titleBasis.rawValue,
            kind: ReportModel.Term(code: initiative.kind.rawValue, text: say(Words.name(initiative.kind))),
            mandate: mandate(initiative), proposal: initiative.proposal.map(say.phrase),
            section: say.danish(initiative.section), purpose: say.phrase(initiative.purpose),
            goals: initiative.goals.map { goals[$0] ?? Phrase(text: $0, lang: say.language) },
            targetGroups: initiative.targetGroups.map { groups[$0] ?? Phrase(text: $0, lang: say.language) },
            partners: initiative.partners.map(say.danish), involved: initiative.involved.map(party),
            period: hasPeriod ? say.period(initiative.period) : nil, figures: initiative.figures.map(figure),
            annualTargets: annualTargets(of: initiative.id), funding: funding(item.funding), status: status(item),
            source: source(initiative.source),
            record: state.initiative(initiative.id)?.name.description ?? "")
    }

    private func funding(_ row: FundingView.Row) -> ReportModel.FundingPart {
        ReportModel.FundingPart(
            main: ReportModel.Term(code: row.mainState.rawValue, text: say(Words.name(row.mainState))),
            requiresSeparateFunding: row.requiresSeparateFunding, expired: row.expired,
            until: row.fundedUntil.map { say.date($0) },
            lines: row.entries.filter { $0.effective != .noRemark }.map { entry in
                var text = say.money(entry)
                let counts = entry.standing != .notHandedIn
                if !counts { text += " (\(say(Words.notCounting)))" }
                return ReportModel.FundingPart.Line(
                    text: text, printed: entry.printed.map(say.danish), source: entry.source.map(source), counts: counts
                )
            })
    }

    func status(_ item: ReportRules.Case) -> ReportModel.StatusPart {
        guard let status = item.status else { return silentStatus(item) }
        return part(status)
    }

    private func part(_ status: LedgerStatus) -> ReportModel.StatusPart {
        let body = status.version.body
        var named: [(Bilingual, LocalizedText?)] = [
            (Words.done, body.done), (Words.deviation, body.deviation), (Words.action, body.action),
            (Words.proposals, body.proposals), (Words.decisionNeeded, body.decisionNeeded), (Words.reason, body.reason),
        ]
        let mark = state.collecting.mark(of: status.version.name)
        if status.stage == .returned { named.append((Words.name(DueList.State.returned), mark?.note)) }
        var standing =
            status.standing == .handedIn
            ? say(Words.handedIn, say.time(status.version.received)) : say(Words.name(status.standing))
        let on = (mark?.by.received ?? mark?.by.at).flatMap { Day($0) }.map { say.date($0) } ?? ""
        switch status.stage {
        case .approved: standing += "; " + say(Words.approvedOn, on)
        case .accepted: standing += "; " + say(Words.acceptedOn, on)
        case .returned: standing += "; " + say(Words.returnedOn, on)
        case .handedIn, nil: break
        }
        if status.changedSinceApproval { standing += "; " + say(Words.changedSinceApproval) }
        return ReportModel.StatusPart(
            delivery: ReportModel.Term(code: body.delivery.rawValue, text: say(Words.name(body.delivery))),
            text: say(Words.name(body.delivery)), basis: body.deliveryBasis.map { say(Words.name($0)) },
            standing: standing + (status.changedSince ? ". \(say(Words.changedSince))" : ""),
            stage: status.stage.map { ReportModel.Term(code: $0.rawValue, text: say(Words.name($0))) },
            changedSinceApproval: status.changedSinceApproval,
            details: named.compactMap { name, text in
                text.map { ReportModel.StatusPart.Detail(name: say(name), text: say.phrase($0)) }
            },
            printed: body.printed.map(say.danish), source: body.source.map(source),
            received: status.standing == .handedIn ? status.version.received : nil)
    }

    /// What stands where no status counts: never blank.
    func silentStatus(_ item: ReportRules.Case) -> ReportModel.StatusPart {
        if let redacted = state.redactedStatus(ofInitiative: item.initiative.id, followUp: followUp.id) {
            return part(redacted: redacted.name)
        }
        guard !isOpening else {
            return ReportModel.StatusPart(delivery: nil, text: say(Words.statusUnknownOpening), details: [])
        }
        let item = (initiative: item, asked: asked[item.initiative.id])
        var part = silence(item.asked)
        if item.asked == nil, !asked.isEmpty { part.text = say(Words.notReportedNotAsked) }
        if let last = previous(item.initiative) {
            part.details = [
                ReportModel.StatusPart.Detail(
                    name: say(Words.lastKnown),
                    text: Phrase(
                        text: "\(say(Words.name(last.delivery))) (\(title(ofFollowUp: last.followUp)))",
                        lang: say.language))
            ]
        }
        return part
    }

    /// `Ikke indberettet, 15 dage over fristen`.
    private func silence(_ asked: DueList.Item?) -> ReportModel.StatusPart {
        if asked?.state == .redacted, let record = asked?.record { return part(redacted: record) }
        let text = asked?.daysLate.map { say(Words.notReportedDays, say.count($0, Words.day)) }
        return ReportModel.StatusPart(delivery: nil, text: text ?? say(Words.notReportedYet), details: [])
    }

    /// What was said went by order: by whose, and why.
    private func part(redacted record: RecordName) -> ReportModel.StatusPart {
        ReportModel.StatusPart(
            delivery: nil, text: say(Words.redactedText),
            details: [
                ReportModel.StatusPart.Detail(
                    name: say(Words.orderedBy),
                    text: Phrase(text: say.order(state.order(for: record)), lang: say.language))
            ])
    }

    /// What was answered on goals, questions and the follow-up itself, and what was not: by subject in the order of the policy, then
    /// in the city's of forvaltninger.
    var answers: [ReportModel.AnswerPart]? {
        guard !isOpening else { return nil }
        let codes = (state.city?.forvaltninger ?? []).map(\.code)
        let titles =
            policy.goals.map { ($0.id, $0.title) } + (followUp.questions ?? []).map { ($0.id, $0.text) }
            + [(followUp.id, followUp.title)]
        var owed: [String: [String: DueList.Item]] = [:]
        for entry in due.entries where entry.followUp == followUp.id {
            for item in entry.items where item.kind == .status {
                owed[item.about, default: [:]][entry.forvaltning] = item
            }
        }
        let parts = titles.flatMap { id, title in
            let said = state.statuses(of: id, followUp: followUp.id).filter(\.counts)
            return codes.compactMap { code -> ReportModel.AnswerPart? in
                let own = said.first { $0.version.name.publisher == code }
                let owed = owed[id]?[code]
                guard own != nil || owed != nil else { return nil }
                return ReportModel.AnswerPart(
                    about: id, title: say.phrase(title), owner: party(code), status: own.map(part) ?? silence(owed))
            }
        }
        return parts.isEmpty ? nil : parts
    }

    private func title(ofFollowUp id: String) -> String {
        policy.followUps.first { $0.id == id }.map { say.phrase($0.title).text } ?? id
    }

    /// What was last stated before this follow-up: follow-ups stand in the policy in the order of time, the opening first.
    private func previous(_ item: ReportRules.Case) -> StatusReport? {
        for earlier in policy.followUps.prefix(while: { $0.id != followUp.id }).reversed() {
            if let status = state.status(ofInitiative: item.initiative.id, followUp: earlier.id) {
                return status.version.body
            }
        }
        return nil
    }

    // MARK: Who, what, how

    /// - Parameter ofAll: whether what does not fit together is shown of all policies, and not of this one only.
    func unheard(ofAll: Bool = false) -> ReportModel.UnheardPart {
        let view = state.unheard
        let missing = view.forvaltninger.map(party)
        let names = missing.map { "\($0.name.text) (\($0.id))" } + view.policies
        let prefix = "\(policy.id)/"
        return ReportModel.UnheardPart(
            parties: missing, policies: view.policies,
            text: names.isEmpty ? say(Words.everyoneHeard) : say(Words.unheardText, say.list(names)),
            refusals: state.refusals.histories.map(\.current.body).map {
                ReportModel.Notice(record: $0.record.description, text: "\($0.message) [\($0.rule)]")
            },
            dangling: state.dangling.entries.filter {
                ofAll || $0.id.hasPrefix(prefix) || $0.names.hasPrefix(prefix)
            }.map {
                ReportModel.Notice(
                    record: $0.record.description, text: say(Words.sentence($0.problem), $0.id, $0.names))
            },
            unreadable: state.unreadable.map { ReportModel.Notice(record: $0.name.description, text: $0.message) })
    }

    var changes: ReportModel.Changes {
        guard !isOpening else { return ReportModel.Changes(text: say(Words.changesOpening), items: []) }
        let items: [ReportModel.InitiativeReference] = cases.compactMap { item in
            guard let now = item.delivery, let before = previous(item), before.delivery != now else { return nil }
            let text = say(Words.changeFromTo, say(Words.name(before.delivery)), say(Words.name(now)))
            return reference(item, note: Phrase(text: text, lang: say.language))
        }
        return ReportModel.Changes(
            text: items.isEmpty
                ? say(Words.changesNone) : say(Words.changesSome, say.count(items.count, Words.initiative)),
            items: items)
    }

    /// The documents that the report cites, in the order of the configuration.
    var documents: [ReportModel.DocumentPart] {
        let cited = Set(
            ([policy.source] + cases.map(\.initiative.source)).flatMap { source in
                source.lines.map { (source.document, $0) }
            }
            .compactMap { file, lines in
                state.city?.documents.first { $0.file == file && $0.lines.contains(lines) }?.id
            })
        return (state.city?.documents ?? []).filter { cited.contains($0.id) }.map { document in
            ReportModel.DocumentPart(
                title: say.phrase(document.title), file: document.file, lines: document.lines.description,
                sha256: document.sha256)
        }
    }
}
