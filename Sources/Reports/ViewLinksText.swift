public import Coordinator
public import PolicyModel

extension OverlapsView {
    /// A table for a terminal, the strongest first, and below it the rule; nil `width` for as wide as it is.
    public func text(_ language: Language = .danish, width: Int? = nil) -> String {
        let say = Wording(language: language, city: nil)
        var table = TextTable(columns: [
            .init(title: say(Words.strength), isNumber: true), .init(title: say(Words.state)),
            .init(title: say(Words.linkFrom), mayShrink: true), .init(title: say(Words.linkKind)),
            .init(title: say(Words.linkTo), mayShrink: true), .init(title: say(Words.evidence), mayShrink: true),
            .init(title: say(Words.places), mayShrink: true),
        ])
        for row in rows {
            table.rows.append(
                [
                    row.strength == 0 ? "–" : say.number(row.strength), say(Words.name(row.state)), row.from.id,
                    say(Words.name(row.kind)), row.to.id, row.evidenceText[language], places(row.sources),
                ].map(plain))
        }
        var foot = [say(Words.overlapRule, say.number(threshold))]
        if leftOut > 0 { foot.append(say(Words.overlapsLeftOut, say.number(leftOut))) }
        if rejected > 0, !rows.contains(where: { $0.state == .rejected }) {
            foot.append(say(Words.overlapsRejected, say.number(rejected)))
        }
        let body = rows.isEmpty ? say(Words.noOverlaps) + "\n" : table.text(width: width)
        return heading(Words.overlapsTitle, on, synthetic, say) + body + "\n" + wrapped(foot, width)
    }

    public func json() -> String { jsonText(self) }

    /// One line for each pair.
    public func csv() -> String {
        let head = [
            "from", "from_title", "from_source", "to", "to_title", "to_source", "kind", "state", "printed", "strength",
            "evidence", "reason", "decided_by", "synthetic",
        ]
        return csvText(
            [head]
                + rows.map { row in
                    [
                        row.from.id, row.from.title.da, row.from.source.reference, row.to.id, row.to.title.da,
                        row.to.source.reference, row.kind.rawValue, row.state.rawValue, String(row.printed),
                        String(row.strength), row.evidenceText.da, row.decision?.reason?.da ?? "",
                        row.decision?.forvaltning ?? "", String(synthetic),
                    ]
                })
    }
}

extension LinksView {
    public func text(_ language: Language = .danish, width: Int? = nil) -> String {
        let say = Wording(language: language, city: nil)
        var table = TextTable(columns: [
            .init(title: say(Words.state)), .init(title: say(Words.linkFrom), mayShrink: true),
            .init(title: say(Words.linkKind)), .init(title: say(Words.linkTo), mayShrink: true),
            .init(title: say(Words.evidence), mayShrink: true), .init(title: say(Words.places), mayShrink: true),
        ])
        for row in rows {
            table.rows.append(
                [
                    say(Words.name(row.state)), row.from, say(Words.name(row.kind)), row.to, row.evidence[language],
                    places(row.sources),
                ].map(plain))
        }
        let body = rows.isEmpty ? say(Words.noLinks) + "\n" : table.text(width: width)
        let foot = leftOut > 0 ? "\n" + say(Words.overlapsLeftOut, say.number(leftOut)) + "\n" : ""
        return heading(Words.linksTitle, on, synthetic, say) + body + foot
    }

    public func json() -> String { jsonText(self) }

    public func csv() -> String {
        let head = [
            "from", "to", "kind", "state", "printed", "evidence", "source", "reason", "decided_by", "synthetic",
        ]
        return csvText(
            [head]
                + rows.map { row in
                    [
                        row.from, row.to, row.kind.rawValue, row.state.rawValue, String(row.printed), row.evidence.da,
                        row.sources.map(\.reference).joined(separator: ";"), row.decision?.reason?.da ?? "",
                        row.decision?.forvaltning ?? "", String(synthetic),
                    ]
                })
    }
}

extension ContradictionsView {
    /// Each contradiction with its sides below it; nil `width` for as wide as it is.
    public func text(_ language: Language = .danish, width: Int? = nil) -> String {
        let say = Wording(language: language, city: nil)
        var text = heading(Words.contradictionsTitle, on, synthetic, say)
        if rows.isEmpty { text += say(Words.noContradictions) + "\n" }
        for row in rows {
            text += wrapped(
                [
                    "\(say(Words.name(row.kind))) (\(say(Words.severityColumn).lowercased()): \(say(Words.name(row.severity))))"
                ],
                width)
            text += wrapped([plain(row.words[language])], width, indent: "  ")
            for side in row.sides {
                let delivery = side.delivery.map { say(Words.name($0)) + ": " } ?? ""
                let place = [side.source.map { places([$0]) }, side.record?.description].compactMap(\.self)
                let says = plain("– \(side.id): \(delivery)\(side.says[language]) [\(place.joined(separator: ", "))]")
                text += wrapped([says], width, indent: "    ")
            }
            text += "\n"
        }
        let same = agreements.map { $0.name[language] }
        return text
            + wrapped(
                [
                    same.isEmpty
                        ? say(Words.noAgreements)
                        : say(Words.agreements, say.number(same.count), same.joined(separator: "; "))
                ], width)
    }

    public func json() -> String { jsonText(self) }

    /// One line for each side; the sides of one contradiction share its number.
    public func csv() -> String {
        let head = [
            "number", "kind", "severity", "words", "id", "what", "says", "value", "period", "source", "record",
            "synthetic",
        ]
        var lines = [head]
        for (number, row) in rows.enumerated() {
            for side in row.sides {
                let says = [side.delivery?.rawValue, side.says.da].compactMap(\.self).joined(separator: ": ")
                var cells = [String(number + 1), row.kind.rawValue, row.severity.rawValue, row.words.da]
                cells += [side.id, side.what.da, says, side.value?.description ?? "", side.period?.description ?? ""]
                cells += [side.source?.reference ?? "", side.record?.description ?? "", String(synthetic)]
                lines.append(cells)
            }
        }
        return csvText(lines)
    }
}

func heading(_ title: Bilingual, _ on: String, _ synthetic: Bool, _ say: Wording) -> String {
    banner(synthetic, say) + say(title, Day(on).map { say.date($0) } ?? on) + "\n\n"
}

/// `236-241; 4581-4592`: lines, each document's name in front where there are several.
private func places(_ sources: [Source]) -> String {
    let isOne = Set(sources.map(\.document)).count < 2
    return sources.map { source in
        let lines = source.lines.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
        return (isOne ? "" : source.document + ":") + lines.joined(separator: ",")
    }.joined(separator: "; ")
}

/// Paragraphs of at most `width` columns; nil for each on one line.
func wrapped(_ paragraphs: [String], _ width: Int?, indent: String = "") -> String {
    paragraphs.map { paragraph in
        guard let width else { return indent + paragraph + "\n" }
        var text = ""
        var line = indent
        for word in paragraph.split(separator: " ") {
            if line.count > indent.count, displayWidth(line) + displayWidth(String(word)) + 1 > width {
                text += line + "\n"
                line = indent
            }
            line += (line.count > indent.count ? " " : "") + word
        }
        return text + line + "\n"
    }.joined()
}
