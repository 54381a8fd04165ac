internal import Coordinator
internal import PolicyModel

/// Løsning: delivery by policy, and what only shows across policies.
extension CombinedBuilder {
    func solution(_ contradictions: ContradictionsView) -> CombinedReport.Solution {
        let overlaps = overlaps.get()
        let accepted = overlaps.rows.filter { $0.state == .accepted && !$0.printed }
        let suggested = overlaps.rows.filter { $0.state == .suggested }
        let links = state.statedLinks().filter { $0.state != .rejected }
        let partners = state.partners(on: day).rows
        // Those that say something across policies or forvaltninger stand first.
        func rank(_ item: (offset: Int, element: PartnersView.Row)) -> (Int, Int, Int, Int) {
            let row = item.element
            return (-row.policies.count, -row.owners.count, -row.initiatives.count, item.offset)
        }
        let ranked = partners.enumerated().sorted { rank($0) < rank($1) }.map(\.element)
        return CombinedReport.Solution(
            text: say(
                Words.combinedSolution, say.count(builders.reduce(0) { $0 + $1.cases.count }, Words.initiative),
                say.count(builders.count, Words.policyNoun)),
            statuses: builders.map { builder in
                CombinedReport.StatusRow(
                    policy: builder.policy.id, name: name(builder.policy.id), counts: builder.statuses)
            }, chart: chart,
            chartNote: say(
                Words.chartNote,
                say.count(builders.reduce(0) { $0 + $1.totals.total.requiringInAll }, Words.initiative)),
            links: listing(links.map(part), limit: Limit.links, Words.linksLeftOut),
            overlaps: listing(
                (accepted + suggested).map(part), limit: accepted.count + Limit.overlaps, more: overlaps.leftOut,
                Words.overlapsMore),
            overlapsText: say(
                Words.overlapsText, say.number(suggested.count + overlaps.leftOut), say.number(accepted.count),
                say.number(overlaps.rejected)),
            overlapsRule: say(Words.overlapRule, say.number(overlaps.threshold)),
            contradictions: listing(
                contradictions.rows.map(part), limit: Limit.contradictions, Words.contradictionsLeftOut),
            contradictionsText: contradictions.rows.isEmpty
                ? say(Words.noContradictions) : say(Words.contradictionsText, say.number(contradictions.rows.count)),
            agreements: contradictions.agreements.isEmpty
                ? say(Words.noAgreements)
                : say(
                    Words.agreements, say.number(contradictions.agreements.count),
                    contradictions.agreements.map { say.phrase($0.name).text }.joined(separator: "; ")),
            partners: listing(ranked.map(part), limit: Limit.partners, Words.partnersLeftOut),
            partnersText: say(
                Words.partnersCounts, say.number(partners.count { $0.kind == .partner }),
                say.number(partners.count { $0.kind == .partner && $0.owners.count > 1 }),
                say.number(partners.count { $0.kind == .partner && $0.policies.count > 1 })))
    }

    /// The owners' rows of the reports on each policy, added up.
    private var chart: [ReportModel.OwnerRow] {
        var rows: [ReportModel.OwnerRow] = []
        var places: [String: Int] = [:]
        for row in builders.flatMap(\.ownerRows) {
            guard let place = places[row.owner.id] else {
                places[row.owner.id] = rows.count
                rows.append(row)
                continue
            }
            rows[place].initiatives += row.initiatives
            rows[place].withStatus += row.withStatus
            for index in rows[place].states.indices { rows[place].states[index].count += row.states[index].count }
        }
        let codes = (state.city?.forvaltninger ?? []).map(\.code)
        let order = Dictionary(codes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        func rank(_ row: ReportModel.OwnerRow) -> (Int, String) { (order[row.owner.id] ?? codes.count, row.owner.id) }
        return rows.sorted { rank($0) < rank($1) }
    }

    // MARK: Links

    func end(_ id: String, _ title: LocalizedText?) -> CombinedReport.EndPart {
        let policy = String(id.prefix { $0 != "/" })
        let place: String?
        if state.initiatives.contains(id) {
            place = anchor(id)
        } else if id == policy {
            place = nameOf[id] == nil ? nil : policyAnchor(id)
        } else {
            place = goalIDs.contains(id) ? "g-" + anchor(id).dropFirst(2) : nil
        }
        return CombinedReport.EndPart(
            id: id, title: title.map(say.phrase) ?? Phrase(text: id, lang: say.language),
            policy: id == policy ? nil : nameOf[policy], anchor: place)
    }

    private func part(_ row: OverlapsView.Row) -> CombinedReport.LinkPart {
        part(
            end(row.from.id, row.from.title), row.kind, end(row.to.id, row.to.title), row.state, row.printed,
            row.evidenceText, row.strength, row.decision, row.sources)
    }

    private func part(_ row: LinksView.Row) -> CombinedReport.LinkPart {
        part(
            end(row.from, row.fromTitle), row.kind, end(row.to, row.toTitle), row.state, row.printed, row.evidence,
            row.strength, row.decision, row.sources)
    }

    private func part(
        _ from: CombinedReport.EndPart, _ kind: Link.Kind, _ to: CombinedReport.EndPart, _ state: Link.State,
        _ printed: Bool, _ evidence: LocalizedText, _ strength: Int?, _ decision: OverlapsView.Decision?,
        _ sources: [Source]
    ) -> CombinedReport.LinkPart {
        CombinedReport.LinkPart(
            from: from, to: to, kind: ReportModel.Term(code: kind.rawValue, text: say(Words.name(kind))),
            state: ReportModel.Term(code: state.rawValue, text: say(Words.name(state))), printed: printed,
            evidence: say.phrase(evidence), strength: strength, reason: decision?.reason.map(say.phrase),
            sources: sources.map(source))
    }

    private func part(_ row: ContradictionsView.Row) -> CombinedReport.ContradictionPart {
        CombinedReport.ContradictionPart(
            kind: ReportModel.Term(code: row.kind.rawValue, text: say(Words.name(row.kind))),
            severity: ReportModel.Term(code: row.severity.rawValue, text: say(Words.name(row.severity))),
            text: say.phrase(row.words),
            sides: row.sides.map { side in
                var says = say.phrase(side.says)
                if let delivery = side.delivery { says.text = "\(say(Words.name(delivery))): \(says.text)" }
                return CombinedReport.ContradictionPart.Side(
                    id: side.id, what: say.phrase(side.what), says: says, source: side.source.map(source),
                    record: side.record?.description)
            })
    }

    private func part(_ row: PartnersView.Row) -> CombinedReport.PartnerPart {
        CombinedReport.PartnerPart(
            name: say.phrase(row.name),
            kind: ReportModel.Term(code: row.kind.rawValue, text: say(Words.name(row.kind))),
            policies: row.policies.map(name), owners: row.owners.map(party), initiatives: row.initiatives.count,
            hearings: row.followUps.count)
    }
}

/// Økonomi, Videre proces, and the annexes.
extension CombinedBuilder {
    var economy: CombinedReport.Economy {
        let parts = builders.map(\.economy)
        func all(
            _ items: KeyPath<ReportModel.Economy, [ReportModel.InitiativeReference]>
        ) -> CombinedReport.Listing<ReportModel.InitiativeReference> {
            listing(
                zip(builders, parts).flatMap { builder, part in
                    part[keyPath: items].map { item in
                        var item = item
                        item.policy = name(builder.policy.id)
                        return item
                    }
                }, limit: Limit.references, Words.referencesLeftOut)
        }
        return CombinedReport.Economy(
            text: say(Words.economyText, say.date(day)), requiring: all(\.requiring), expired: all(\.expired),
            expiring: all(\.expiring), budgets: budgets)
    }

    private var budgets: CombinedReport.BudgetGrid? {
        let rows = builders.flatMap(\.totals.budgetRows)
        let years = Set(rows.map(\.year)).sorted()
        guard !years.isEmpty else { return nil }
        func row(
            _ policy: String, _ owner: String?, _ what: Bilingual, _ amounts: [(year: Int, amount: DecimalText?)]
        ) -> CombinedReport.BudgetGrid.Row? {
            let said = Dictionary(
                amounts.compactMap { item in item.amount.map { (item.year, $0) } },
                uniquingKeysWith: { first, _ in first })
            guard !said.isEmpty else { return nil }
            return CombinedReport.BudgetGrid.Row(
                policy: name(policy), owner: owner.map(party), what: say(what),
                amounts: years.map { said[$0].map(say.number) }, sum: say.sum(Array(said.values)))
        }
        let grid = builders.flatMap { builder -> [CombinedReport.BudgetGrid.Row] in
            let id = builder.policy.id
            var owners: [String] = []
            for row in builder.totals.budgetRows where !owners.contains(row.owner) { owners.append(row.owner) }
            let own = owners.flatMap { owner in
                let rows = builder.totals.budgetRows.filter { $0.owner == owner }
                return [
                    row(id, owner, Words.planned, rows.map { ($0.year, $0.planned) }),
                    row(id, owner, Words.used, rows.map { ($0.year, $0.used) }),
                ]
            }
            let totals = builder.totals.budgetTotals
            let sums = [
                row(id, nil, Words.planned, totals.map { ($0.year, $0.planned) }),
                row(id, nil, Words.used, totals.map { ($0.year, $0.used) }),
            ]
            return (own + sums).compactMap(\.self)
        }
        return CombinedReport.BudgetGrid(years: years, rows: grid)
    }

    func process(_ missing: [ReportModel.Missing]) -> CombinedReport.Process {
        let entries = state.calendar(on: day, known: due).entries
        let coming = entries.filter {
            $0.day != nil && ($0.days ?? -1) >= 0 && $0.state != .willNotHappen && $0.state != .awaiting
        }
        // Answers that are late stand in the table of who has not reported.
        let late = entries.filter { $0.state == .late && $0.kind != .due && $0.kind != .exception }
        // Open decisions stand in an annex of their own.
        let decided = entries.filter { $0.state == .awaiting }
        let undated = entries.filter { $0.day == nil && $0.state != .willNotHappen }
        let rest = entries.count - coming.count - late.count - undated.count - decided.count
        return CombinedReport.Process(
            text: say(Words.calendarText, say.date(day)),
            coming: listing(coming.map(part), limit: Limit.calendar, Words.calendarLeftOut),
            late: listing(late.map(part), limit: Limit.calendar, Words.calendarLeftOut),
            undated: listing(undated.map(part), limit: Limit.calendar, Words.calendarLeftOut),
            rest: say(Words.calendarRest, say.number(rest)), calendarFile: say(Words.calendarFile), missing: missing)
    }

    private func part(_ entry: CalendarView.Entry) -> CombinedReport.CalendarPart {
        CombinedReport.CalendarPart(
            id: entry.id, date: entry.date.map { say.date($0) }, basis: entry.basis.map { say(Words.name($0)) },
            kind: ReportModel.Term(code: entry.kind.rawValue, text: entry.kindWords(say)),
            what: Phrase(text: entry.words(say), lang: entry.title.text(in: say.language).language),
            policy: name(entry.policy), owedBy: entry.owedBy.map(party), goesTo: entry.goesTo.map(party),
            standing: entry.standing(say))
    }

    // MARK: Annexes

    var owners: [CombinedReport.OwnerPart] {
        let codes = (state.city?.forvaltninger ?? []).map(\.code)
        let known = Set(codes)
        var rowsOf: [String: [CombinedReport.InitiativeRow]] = [:]
        var statedOf: [String: Int] = [:]
        var requiringOf: [String: Int] = [:]
        for builder in builders {
            let report = report(on: builder)
            for item in builder.cases {
                let owner = item.initiative.owner
                rowsOf[owner, default: []].append(row(item, builder, report: report))
                if item.delivery != nil { statedOf[owner, default: 0] += 1 }
                if item.funding.requiresSeparateFunding { requiringOf[owner, default: 0] += 1 }
            }
        }
        return (codes + rowsOf.keys.filter { !known.contains($0) }.sorted()).map { owner in
            let own = rowsOf[owner] ?? []
            let heard = !known.contains(owner) || state.publishers[owner] != nil
            let summary =
                own.isEmpty
                ? say(heard ? Words.noInitiatives : Words.ownerNotHeard)
                : say(
                    Words.combinedOwnerSummary, say.count(own.count, Words.initiative),
                    say.count(Set(own.map(\.policy)).count, Words.policyNoun), say.number(statedOf[owner] ?? 0),
                    say.number(requiringOf[owner] ?? 0))
            return CombinedReport.OwnerPart(
                owner: party(owner), anchor: "o-" + (state.city?.slug(of: owner) ?? anchor(owner)),
                isForvaltning: known.contains(owner), summary: summary, initiatives: own)
        }
    }

    private func row(
        _ item: ReportRules.Case, _ builder: ReportBuilder, report: String
    ) -> CombinedReport.InitiativeRow {
        let delivery = item.delivery.map { ReportModel.Term(code: $0.rawValue, text: say(Words.name($0))) }
        let silent = delivery == nil ? builder.silentStatus(item) : nil
        let stage = item.status?.stage
        let stages = [
            stage.flatMap { $0 == .handedIn ? nil : say(Words.name($0)) },
            item.status?.changedSinceApproval == true ? say(Words.changedSinceApproval) : nil,
        ].compactMap(\.self)
        let last = silent?.details.first.map { " (\($0.name): \($0.text.text))" } ?? ""
        let funding = item.funding
        var money = say(Words.name(funding.mainState))
        if let until = funding.fundedUntil {
            money += " \(funding.mainState == .expired ? "" : say(Words.until) + " ")\(say.date(until))"
        }
        if funding.requiresSeparateFunding, funding.mainState != .requiresSeparateFunding {
            money += "; \(say(Words.name(Funding.State.requiresSeparateFunding)))"
        }
        let place = anchor(item.initiative.id)
        return CombinedReport.InitiativeRow(
            id: item.initiative.id, anchor: place, title: say.phrase(item.initiative.title),
            policy: name(builder.policy.id), report: "\(report).html#\(place)", delivery: delivery,
            stage: stage.map { ReportModel.Term(code: $0.rawValue, text: say(Words.name($0))) },
            status: (delivery?.text ?? silent?.text ?? "") + last
                + (stages.isEmpty ? "" : " (\(stages.joined(separator: ", ").lowercased()))"),
            money: ReportModel.Term(code: funding.mainState.rawValue, text: say(Words.name(funding.mainState))),
            moneyText: money)
    }

    var unheard: ReportModel.UnheardPart {
        builders.first?.unheard(ofAll: true)
            ?? ReportModel.UnheardPart(parties: [], policies: [], text: "", refusals: [], dangling: [], unreadable: [])
    }

    /// What the page leaves out of long lists.
    var limits: ReportModel.DefinitionGroup {
        ReportModel.DefinitionGroup(
            title: say(Words.groupCombined),
            entries: [
                .init(term: say(Words.followUpTerm), meaning: say(Words.followUpRule)),
                .init(
                    term: say(Words.listsTerm),
                    meaning: say(
                        Words.listsRule, say.number(Limit.changes), say.number(Limit.references),
                        say.number(Limit.overlaps),
                        say.number(Limit.calendar))),
            ])
    }

    var documents: [ReportModel.DocumentPart] {
        var seen: Set<ReportModel.DocumentPart> = []
        return builders.flatMap(\.documents).filter { seen.insert($0).inserted }
    }
}

/// Where a policy's goals begin on the page.
func policyAnchor(_ id: String) -> String { "p-" + anchor(id).dropFirst(2) }
