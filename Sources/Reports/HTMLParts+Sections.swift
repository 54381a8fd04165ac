internal import PolicyModel

/// Sections that reports on one policy and on all have alike.
extension HTMLParts {
    func proposal(_ proposal: ReportModel.Proposal, _ out: inout HTMLWriter) {
        out.element("p", proposal.introduction)
        out.element("ol") { out in for point in proposal.points { out.element("li", point) } }
        if !proposal.decisionsNeeded.isEmpty {
            out.element("h3", say(Words.decisionsNeeded))
            references(proposal.decisionsNeeded, &out)
        }
        if !proposal.pending.isEmpty {
            out.element("h3", say(Words.pending))
            references(proposal.pending, &out)
        }
    }

    /// Goals that are no tree: a vision with its goals.
    func plainGoals(_ problem: ReportModel.Problem, _ out: inout HTMLWriter) {
        out.element("dl", ["class": "goals"]) { out in
            for goal in problem.goals {
                out.element("dt", ["id": "g-" + anchor(goal.id).dropFirst(2)], goal.kind.text)
                out.element("dd") { out in
                    phrase(goal.title, &out)
                    out.write(" – \(goal.owners) ")
                    source(goal.source, &out)
                    if let judgement = goal.judgement { self.judgement(judgement, &out) }
                }
            }
        }
    }

    func chartTable(_ rows: [ReportModel.OwnerRow], _ out: inout HTMLWriter) {
        let used = rows.usedStates
        let states = used.map { Words.shortName(Funding.State.allCases[$0]) }
        table(
            say(Words.chart), [Words.owner, Words.total] + states + [Words.withStatus],
            numeric: Set(1...(states.count + 2)), &out
        ) { out in
            for row in rows {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { out in
                        out.element("abbr", ["title": row.owner.name.text], short(row.owner))
                    }
                    out.element("td", ["class": "number"], say.number(row.initiatives))
                    for index in used { out.element("td", ["class": "number"], say.number(row.states[index].count)) }
                    out.element("td", ["class": "number"], say.number(row.withStatus))
                }
            }
            out.element("tr", ["class": "sum"]) { out in
                out.element("th", ["scope": "row"], say(Words.total))
                out.element("td", ["class": "number"], say.number(rows.reduce(0) { $0 + $1.initiatives }))
                for index in used {
                    out.element("td", ["class": "number"], say.number(rows.reduce(0) { $0 + $1.states[index].count }))
                }
                out.element("td", ["class": "number"], say.number(rows.reduce(0) { $0 + $1.withStatus }))
            }
        }
    }

    /// Who has not reported; nothing where everyone has.
    func missing(_ missing: [ReportModel.Missing], on asOf: ReportModel.AsOf, _ out: inout HTMLWriter) {
        guard !missing.isEmpty else { return }
        out.element("h3", ["id": "missing"], say(Words.missing))
        table(
            say(Words.missingTable, asOf.referenceDateText),
            [Words.followUp, Words.deadline, Words.owner, Words.standing], &out
        ) { out in
            for group in missing.groups {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { phrase(group[0].followUpTitle, &$0) }
                    out.element("td", group[0].due)
                    out.element("td") { list(group.map(\.owner.name), &$0) }
                    out.element("td") { out in
                        out.write(group[0].text)
                        guard !group[0].names.isEmpty else { return }
                        out.element("span", ["class": "small"]) { list(group[0].names, &$0) }
                    }
                }
            }
        }
    }

    func unheard(
        _ unheard: ReportModel.UnheardPart, _ missing: [ReportModel.Missing], _ out: inout HTMLWriter
    ) {
        out.element("p", unheard.text)
        for line in missing.lines(say) { out.element("p", line) }
        for (title, notices) in [
            (Words.refusals, unheard.refusals), (Words.dangling, unheard.dangling),
            (Words.unreadable, unheard.unreadable),
        ] where !notices.isEmpty {
            out.element("h4", say(title))
            out.element("ul") { out in
                for notice in notices {
                    out.element("li") { out in
                        out.element("code", notice.record)
                        out.write(": \(notice.text)")
                    }
                }
            }
        }
    }

    func method(_ groups: [ReportModel.DefinitionGroup], _ out: inout HTMLWriter) {
        for group in groups {
            out.element("h4", group.title)
            out.element("dl", ["class": "definitions"]) { out in
                for entry in group.entries {
                    out.element("dt", entry.term)
                    out.element("dd", entry.meaning)
                }
            }
        }
    }

    func sources(
        _ documents: [ReportModel.DocumentPart], _ asOf: ReportModel.AsOf, _ out: inout HTMLWriter
    ) {
        table(say(Words.sources), [Words.document, Words.file, Words.linesColumn, Words.sha], &out) { out in
            for document in documents {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { phrase(document.title, &$0) }
                    out.element("td") { $0.element("code", document.file) }
                    out.element("td", document.lines)
                    out.element("td") { $0.element("code", document.sha256) }
                }
            }
        }
        out.element("dl", ["class": "definitions"]) { out in
            term(Words.ledgerPosition, &out) { $0.write(say.number(Int(asOf.position))) }
            term(Words.ledgerRoot, &out) { $0.element("code", asOf.root ?? "–") }
            term(Words.asOf, &out) { $0.write(asOf.referenceDateText) }
            term(Words.program, &out) { $0.write(asOf.program) }
            term(Words.language, &out) { $0.write(say(Words.languageName)) }
        }
    }
}
