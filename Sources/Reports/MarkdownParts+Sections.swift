internal import PolicyModel

/// Sections that reports on one policy and on all have alike.
extension MarkdownParts {
    mutating func proposal(_ proposal: ReportModel.Proposal) {
        heading(2, say(Words.proposal))
        line(md(proposal.introduction))
        numbered(proposal.points.map(md))
        if !proposal.decisionsNeeded.isEmpty {
            heading(3, say(Words.decisionsNeeded))
            bullets(proposal.decisionsNeeded.map(reference))
        }
        if !proposal.pending.isEmpty {
            heading(3, say(Words.pending))
            bullets(proposal.pending.map(reference))
        }
    }

    /// The chart's numbers.
    mutating func chart(_ rows: [ReportModel.OwnerRow]) {
        heading(3, say(Words.chart))
        let used = rows.usedStates
        let states = used.map { say(Words.name(Funding.State.allCases[$0])) }
        table(
            [say(Words.owner), say(Words.total)] + states + [say(Words.withStatus)],
            rows.map { row in
                [md(short(row.owner)), say.number(row.initiatives)] + used.map { say.number(row.states[$0].count) }
                    + [say.number(row.withStatus)]
            })
    }

    mutating func missing(_ missing: [ReportModel.Missing]) {
        guard !missing.isEmpty else { return }
        heading(3, say(Words.missing))
        table(
            [Words.followUp, Words.deadline, Words.owner, Words.standing].map { say($0) },
            missing.groups.map { group in
                [
                    md(group[0].followUpTitle.text), group[0].due, md(say.list(group.map(\.owner.name.text))),
                    md(([group[0].text] + group[0].names.map(\.text)).joined(separator: "; ")),
                ]
            })
    }

    mutating func plainGoals(_ problem: ReportModel.Problem) {
        bullets(
            problem.goals.map {
                "\($0.kind.text): \(md($0.title.text)) – \(md($0.owners)) [\(md($0.source.text))]\(judged($0.judgement))"
            })
    }

    mutating func unheard(_ unheard: ReportModel.UnheardPart, _ missing: [ReportModel.Missing]) {
        line(md(unheard.text))
        for text in missing.lines(say) { line(md(text)) }
        for (name, notices) in [
            (Words.refusals, unheard.refusals), (Words.dangling, unheard.dangling),
            (Words.unreadable, unheard.unreadable),
        ] where !notices.isEmpty {
            heading(4, say(name))
            bullets(notices.map { "`\($0.record)`: \(md($0.text))" })
        }
    }

    mutating func method(_ groups: [ReportModel.DefinitionGroup]) {
        for group in groups {
            heading(4, group.title)
            bullets(group.entries.map { "**\($0.term)**: \(md($0.meaning))" })
        }
    }

    mutating func sources(_ documents: [ReportModel.DocumentPart], _ asOf: ReportModel.AsOf) {
        table(
            [Words.document, Words.file, Words.linesColumn, Words.sha].map { say($0) },
            documents.map { [md($0.title.text), "`\($0.file)`", $0.lines, "`\($0.sha256)`"] })
        bullets([
            "\(say(Words.ledgerPosition)): \(say.number(Int(asOf.position)))",
            "\(say(Words.ledgerRoot)): `\(asOf.root ?? "–")`",
            "\(say(Words.asOf)): \(asOf.referenceDateText)",
            "\(say(Words.program)): \(md(asOf.program))", "\(say(Words.language)): \(say(Words.languageName))",
        ])
    }
}
