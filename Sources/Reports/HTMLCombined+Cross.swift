internal import PolicyModel

/// What only shows across policies, the calendar, and the annexes.
extension HTMLCombined {
    func solution(_ out: inout HTMLWriter) {
        let solution = model.solution
        out.element("p", solution.text)
        statuses(solution.statuses, &out)
        out.element("h3", say(Words.chart))
        out.element("div", ["class": "chart"]) { out in
            chart(solution.chart, definesPatterns: true, &out)
            chartTable(solution.chart, &out)
        }
        out.element("p", ["class": "rule"], solution.chartNote)
        out.element("h3", ["id": "links"], say(Words.linksHeading))
        if solution.links.items.isEmpty {
            out.element("p", say(Words.linksEmpty))
        } else {
            links(say(Words.linksHeading), solution.links, &out)
        }
        out.element("h3", ["id": "overlaps"], say(Words.overlapsHeading))
        out.element("p", solution.overlapsText)
        if !solution.overlaps.items.isEmpty { links(say(Words.overlapsHeading), solution.overlaps, &out) }
        out.element("p", ["class": "rule"], solution.overlapsRule)
        contradictions(&out)
        partners(&out)
    }

    private func statuses(_ rows: [CombinedReport.StatusRow], _ out: inout HTMLWriter) {
        // Every status that any policy has, in the order of the model; what is not stated last.
        let codes = StatusReport.Delivery.allCases.map(\.rawValue) + ["not_stated"]
        let used = codes.filter { code in rows.contains { $0.counts.contains { $0.code == code } } }
        let names = used.map { code in
            StatusReport.Delivery(rawValue: code).map(Words.name) ?? Words.notStated
        }
        table(
            say(Words.statusByPolicy), [Words.policy] + names + [Words.total], numeric: Set(1...(names.count + 1)), &out
        ) { out in
            for row in rows {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"], row.name)
                    for code in used {
                        let count = row.counts.first { $0.code == code }?.count ?? 0
                        out.element("td", ["class": "number"], say.number(count))
                    }
                    out.element("td", ["class": "number"], say.number(row.counts.reduce(0) { $0 + $1.count }))
                }
            }
        }
    }

    // MARK: Links

    private func links(
        _ caption: String, _ list: CombinedReport.Listing<CombinedReport.LinkPart>, _ out: inout HTMLWriter
    ) {
        let columns = [Words.linkFrom, Words.linkKind, Words.linkTo, Words.evidence]
        table(caption, columns, kind: "links titled", &out) { out in
            for link in list.items {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { end(link.from, &$0) }
                    out.element("td") { out in
                        out.write(link.kind.text)
                        out.element("span", ["class": "small"], link.state.text)
                    }
                    out.element("td") { end(link.to, &$0) }
                    out.element("td") { out in
                        phrase(link.evidence, &out)
                        if let reason = link.reason {
                            out.write(" – ")
                            phrase(reason, &out)
                        }
                        out.element("span", ["class": "small"]) { out in
                            for (index, place) in link.sources.enumerated() {
                                if index > 0 { out.write(" ") }
                                source(place, &out)
                            }
                        }
                    }
                }
            }
        }
        note(list.note, &out)
    }

    func end(_ end: CombinedReport.EndPart, _ out: inout HTMLWriter) {
        if let anchor = end.anchor {
            out.element("a", ["href": "#\(anchor)"]) { phrase(end.title, &$0) }
        } else {
            phrase(end.title, &out)
        }
        if let policy = end.policy { out.element("span", ["class": "small"], policy) }
    }

    private func contradictions(_ out: inout HTMLWriter) {
        let list = model.solution.contradictions
        out.element("h3", ["id": "contradictions"], say(Words.contradictionsHeading))
        out.element("p", model.solution.contradictionsText)
        if !list.items.isEmpty {
            out.element("ol", ["class": "contradictions"]) { out in
                for item in list.items {
                    out.element("li") { out in
                        out.element("strong", item.kind.text)
                        out.write(" (\(say(Words.severityColumn).lowercased()): \(item.severity.text)). ")
                        phrase(item.text, &out)
                        out.element("ul") { out in for side in item.sides { out.element("li") { self.side(side, &$0) } }
                        }
                    }
                }
            }
        }
        note(list.note, &out)
        out.element("p", ["class": "rule"], model.solution.agreements)
    }

    private func side(_ side: CombinedReport.ContradictionPart.Side, _ out: inout HTMLWriter) {
        phrase(side.what, &out)
        out.write(": ")
        phrase(side.says, &out)
        if let place = side.source {
            out.write(" ")
            source(place, &out)
        }
        if let record = side.record {
            out.write(" ")
            out.element("code", record)
        }
    }

    private func partners(_ out: inout HTMLWriter) {
        let list = model.solution.partners
        out.element("h3", ["id": "partners"], say(Words.partnersHeading))
        out.element("p", model.solution.partnersText)
        let columns = [
            Words.nameColumn, Words.kind, Words.policiesColumn, Words.withColumn, Words.initiativesAndHearings,
        ]
        table(say(Words.partnersHeading), columns, numeric: [4], kind: "partners titled", &out) { out in
            for item in list.items {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { phrase(item.name, &$0) }
                    out.element("td", item.kind.text)
                    out.element("td", item.policies.isEmpty ? "–" : item.policies.joined(separator: ", "))
                    out.element("td", item.owners.isEmpty ? "–" : item.owners.map(short).joined(separator: ", "))
                    out.element(
                        "td", ["class": "number"], "\(say.number(item.initiatives)) / \(say.number(item.hearings))")
                }
            }
        }
        note(list.note, &out)
    }

    // MARK: Videre proces

    func process(_ out: inout HTMLWriter) {
        let process = model.process
        out.element("p", process.text)
        out.element("h3", ["id": "coming"], say(Words.coming))
        if process.coming.items.isEmpty { out.element("p", say(Words.comingNone)) }
        calendar(Words.coming, process.coming, &out)
        for (title, list) in [(Words.lateHeading, process.late), (Words.undatedHeading, process.undated)]
        where !list.items.isEmpty {
            out.element("h3", say(title))
            calendar(title, list, &out)
        }
        out.element("p", ["class": "rule"], process.rest)
        out.element("p", process.calendarFile)
        missing(process.missing, on: model.asOf, &out)
        if process.missing.isEmpty { out.element("p", say(Words.nothingMissing)) }
    }

    private func calendar(
        _ title: Bilingual, _ list: CombinedReport.Listing<CombinedReport.CalendarPart>, _ out: inout HTMLWriter
    ) {
        guard !list.items.isEmpty else { return }
        let columns = [
            Words.dateColumn, Words.kind, Words.whatColumn, Words.policy, Words.whoColumn, Words.toColumn,
            Words.standing,
        ]
        table(say(title), columns, kind: "calendar titled", &out) { out in
            for item in list.items {
                out.element("tr") { out in
                    out.element("td") { out in
                        out.write(item.date ?? say(Words.noDate))
                        if let basis = item.basis { out.element("span", ["class": "small"], basis) }
                    }
                    out.element("td", item.kind.text)
                    out.element("th", ["scope": "row"]) { phrase(item.what, &$0) }
                    out.element("td", item.policy)
                    out.element(
                        "td", item.owedBy.isEmpty ? say(Words.nobody) : item.owedBy.map(short).joined(separator: ", "))
                    out.element("td", item.goesTo.isEmpty ? "–" : item.goesTo.map(short).joined(separator: ", "))
                    out.element("td", item.standing)
                }
            }
        }
        note(list.note, &out)
    }

    // MARK: Annexes

    func annexes(_ out: inout HTMLWriter) {
        out.element("section", ["id": "annexes", "aria-labelledby": "annexes-title"]) { out in
            out.element("h2", ["id": "annexes-title"], say(Words.annexes))
            var number = 0
            func annex(_ anchor: String, _ title: String, _ kind: String, _ content: (inout HTMLWriter) -> Void) {
                number += 1
                let heading = say(Words.annex, say.number(number), title)
                out.element("section", ["id": anchor, "class": kind, "aria-labelledby": "\(anchor)-title"]) { out in
                    out.element("h3", ["id": "\(anchor)-title"], heading)
                    content(&out)
                }
            }
            for owner in model.owners {
                let name = owner.isForvaltning ? "\(owner.owner.id) – \(owner.owner.name.text)" : owner.owner.name.text
                annex(owner.anchor, name, "across") { initiatives(of: owner, &$0) }
            }
            annex("unheard", say(Words.unheard), "closing") { unheard(model.unheard, model.process.missing, &$0) }
            annex("method", say(Words.method), "closing") { method(model.method, &$0) }
            annex("decisions", say(Words.decisionsHeading), "closing") { decisions(model.decisions, &$0) }
            annex("sources", say(Words.sources), "closing") { sources(model.sources, model.asOf, &$0) }
        }
    }

    private func initiatives(of owner: CombinedReport.OwnerPart, _ out: inout HTMLWriter) {
        out.element("p", ["class": "summary"], owner.summary)
        guard !owner.initiatives.isEmpty else { return }
        let caption = say(Words.annexCaption, short(owner.owner))
        let columns = [Words.initiativeColumn, Words.policy, Words.status, Words.money]
        table(caption, columns, kind: "initiatives", &out) { out in
            for item in owner.initiatives {
                out.element("tr", ["id": item.anchor]) { out in
                    out.element("th", ["scope": "row"]) { out in
                        out.element("a", ["href": item.report]) { phrase(item.title, &$0) }
                    }
                    out.element("td", item.policy)
                    out.element("td", item.status)
                    out.element("td", item.moneyText)
                }
            }
        }
    }
}

extension HTMLStyle {
    /// What the sheet needs beside itself and `measures` in the report over all policies.
    static let views: StaticString = """

        .chip.yellow { color: var(--amber); border-color: var(--amber); }
        .policy-title { font-size: 1.3rem; color: var(--blue); margin-top: 2rem; }
        .goal { font-size: 1.05rem; }
        .matrix td, .matrix th, .lights-table td, .lights-table th { padding-right: .9rem; }
        .matrix strong { font-weight: 600; }
        .state.missing strong, .state.not_heard strong, .state.returned strong { color: var(--red); }
        .state.late strong, .state.partly strong, .state.changed strong { color: var(--amber); }
        .state.on_time strong, .state.approved strong, .state.accepted strong { color: var(--green); }
        .state.owes_nothing strong, .state.policy_not_heard strong { font-weight: 400; color: var(--soft); }
        .due td, .due th { font-size: .84rem; color: var(--soft); font-weight: 400; }
        .links table { min-width: 46rem; } .calendar table { min-width: 50rem; }
        .changes table { min-width: 50rem; } .changes th, .changes td { width: 22%; } .changes td:nth-child(2) { width: 32%; }
        .changes td p { margin: 0 0 .25rem; } .change.attention .small, .open strong { color: var(--red); }
        .change.better .small, .done strong { color: var(--green); } .decisions table { min-width: 44rem; }
        .links th, .links td { width: 22%; } .links th:nth-child(2), .links td:nth-child(2) { width: 12%; }
        .links th:last-child, .links td:last-child { width: 44%; }
        .contradictions > li { margin-bottom: .9rem; } .contradictions ul { margin: .2rem 0 0; }
        tr:target { background: var(--tint); outline: 2px solid var(--blue); }
        @media (max-width: 41.99rem) { .initiatives table { min-width: 30rem; } .lights-table table { min-width: 32rem; } }
        .titled caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        @media print {
          .links table, .calendar table, .changes table, .decisions table { min-width: 0; } .policy-title { font-size: 12pt; margin-top: 10pt; }
          h6 { font-size: 9.5pt; break-after: avoid; } .meta { grid-template-columns: 3fr 2fr; } .owner { font-size: 7pt; }
          #front, #front table, #front thead th, #front .due td, #front .due th { font-size: 8pt; line-height: 1.28; }
          #front h2 { margin: 4pt 0 2pt; } #front h3 { margin: 3pt 0 1pt; } #front .block h3 { font-size: 9.5pt; }
          #front .scroll { margin: 1pt 0 3pt; } #front th, #front td { padding: 1pt 4pt 1pt 0; }
          #front .small, #front .chip, #front .rule { font-size: 7pt; } #front .rule, #front p { margin-bottom: 1.5pt; }
          h1 { font-size: 17pt; } #front .pair, #front .trio { gap: 4pt 12pt; margin-bottom: 2pt; } #front .trio, #front .trio p:last-child { margin-bottom: 0; } #front .pair > .block, #front .trio > .block { padding-top: 2pt; }
          #front ol, #front ul { margin-bottom: 2pt; } header { padding-bottom: 3pt; } #front li { margin-bottom: 1pt; }
          .matrix strong { white-space: nowrap; } .matrix .small { display: inline; margin-left: 3pt; }
        }

        """
}
