public import Coordinator
public import PolicyModel

extension ChangesView {
    /// What is compared, a summary, then each thing with its changes below it; nil `width` for as wide as it is.
    public func text(_ language: Language = .danish, width: Int? = nil) -> String {
        let say = Wording(language: language, city: nil)
        var text = heading(Words.changesTitle, on, synthetic, say)
        text += wrapped(say.scopes(scopes) { $0 }.map(plain), width)
        text += "\n"
        guard !rows.isEmpty else { return text + say(Words.noChanges) + "\n" }
        let said = byForvaltning.map { "\(plain($0.name)) \(say.number($0.count))" }.joined(separator: ", ")
        let weights = byWeight.compactMap { item in
            Weight(rawValue: item.name).map {
                "\(Words.sign($0)) \(say(Words.name($0))) (\(say.number(item.count)))"
            }
        }
        text += wrapped(
            [
                "\(say.count(rows.count, Words.change)): \(say.kinds(byKind)).", say(Words.changesWhom, said),
                weights.joined(separator: ", ") + ".", say(Words.changesRule),
            ], width)
        var subject: String?
        for row in rows {
            if row.subject != subject {
                subject = row.subject
                let owner = row.owner.map { "\($0) · " } ?? ""
                text += "\n" + wrapped([plain("\(owner)\(row.title[language]) [\(row.subject)]")], width)
            }
            text += lines(row, say, width)
        }
        return text
    }

    private func lines(_ row: Row, _ say: Wording, _ width: Int?) -> String {
        let head = "\(Words.sign(row.weight)) \(say.field(row)): \(say.change(row))"
        var text = wrapped([plain(head)], width, indent: "  ")
        text += wrapped([plain(say.said(row))], width, indent: "      ")
        for note in row.notes {
            text += wrapped(
                ["\(say(Words.name(note.kind))): \(plain(note.text[say.language]))"], width, indent: "      ")
        }
        return text
    }

    public func json() -> String { jsonText(self) }

    /// One line for each change.
    public func csv() -> String {
        let head = [
            "weight", "kind", "policy", "subject", "title", "owner", "field", "part", "from", "from_follow_up",
            "from_period", "to", "to_follow_up", "to_period", "unit", "publisher", "forvaltning", "role", "person",
            "received", "entered", "position", "record", "why", "decision", "stage", "changed_since_approval",
            "synthetic",
        ]
        return csvText([head] + rows.map(cells))
    }

    private func cells(_ row: Row) -> [String] {
        func note(_ kinds: Note.Kind...) -> String {
            row.notes.filter { kinds.contains($0.kind) }.map(\.text.da).joined(separator: " ")
        }
        var cells = [
            row.weight.rawValue, row.kind.rawValue, row.policy, row.subject, row.title.da, row.owner ?? "",
            row.field.rawValue, row.part?.da ?? "", row.from.cell, row.fromFollowUp ?? "", row.from.period, row.to.cell,
            row.toFollowUp ?? "", row.to.period, row.to.unit ?? row.from.unit ?? "",
        ]
        cells += [
            row.by?.publisher ?? "", row.by?.forvaltning ?? "", row.by?.role ?? "", row.by?.person ?? "", row.received,
            row.entered ?? "", row.position == 0 ? "" : String(row.position), row.record?.description ?? "",
            note(.reason, .deviation, .arithmetic, .passed), note(.decision), row.stage?.rawValue ?? "",
            String(row.changedSinceApproval), String(synthetic),
        ]
        return cells
    }
}

extension ChangeFact {
    /// For programs: codes, ISO dates, numbers with a point.
    fileprivate var cell: String {
        switch self {
        case .notReported: "not_reported"
        case .absent: ""
        case .withdrawn: "withdrawn"
        case .redacted: "redacted"
        case .withheld: "withheld"
        case .delivery(let delivery): delivery.rawValue
        case .words(let text): text.da
        case .names(let names): names.joined(separator: ";")
        case .money(let state, _, _): state.rawValue
        case .amount(let amount, _): amount.description
        case .reading(let value, _, _, _): value.number?.description ?? value.status.rawValue
        case .target(let target, _, _):
            [target.kind.rawValue, target.value?.description].compactMap(\.self).joined(separator: " ")
        case .annualTarget(let target):
            [target.comparator.rawValue, target.value?.description].compactMap(\.self).joined(separator: " ")
        case .judgement(let judgement): judgement.rawValue
        case .date(let date): date.description
        case .period(let period): period.description
        case .figure(let value, _): value.description
        case .initiativeKind(let kind): kind.rawValue
        case .mandate(let mandate): mandate.rawValue
        case .condition(let condition): condition.rawValue
        case .direction(let direction): direction.rawValue
        case .unit(let unit): unit.rawValue
        case .link(let state): state.rawValue
        case .stage(let stage): stage.rawValue
        case .records(let count): String(count)
        }
    }

    /// The time it holds for; empty where it has none.
    fileprivate var period: String {
        switch self {
        case .money(_, let from, let until):
            from == nil && until == nil ? "" : Period(from: from, until: until).description
        case .reading(_, _, let period, _): period.description
        case .target(let target, _, _): target.year.map(String.init) ?? ""
        case .annualTarget(let target):
            [target.fromYear, target.toYear].compactMap { $0.map(String.init) }.joined(separator: "/")
        default: ""
        }
    }

    fileprivate var unit: String? {
        switch self {
        case .amount(_, let unit), .reading(_, let unit, _, _), .target(_, let unit, _): unit.rawValue
        case .annualTarget(let target): target.unit?.rawValue
        default: nil
        }
    }
}
