public import Coordinator
public import PolicyModel

extension MatrixView {
    /// For a terminal: the matrix, as many policies beside each other as fit, then who lacks what since when. At most `width`
    /// columns where words allow; nil for as wide as it is.
    ///
    /// - Parameter isColoured: whether the terminal shows colours (ECMA-48); each has its sign and word beside it.
    public func text(_ language: Language = .danish, width: Int? = nil, isColoured: Bool = false) -> String {
        let say = Wording(language: language, city: nil)
        let heading = Day(on).map { say.date($0) } ?? on
        var text = banner(synthetic, say) + say(Words.matrixTitle, heading) + "\n"
        let code = max(3, forvaltninger.map(displayWidth).max() ?? 0)
        let fitting = width.map { max(1, ($0 - code) / (MatrixText.column + 2)) } ?? max(1, policies.count)
        for start in stride(from: 0, to: policies.count, by: fitting) {
            let chosen = Array(policies[start..<min(start + fitting, policies.count)])
            text += "\n" + MatrixText(view: self, say: say, code: code, isColoured: isColoured).grid(chosen)
        }
        text += "\n" + wrapped(say(Words.matrixKey), to: width) + "\n\n\(say(Words.lacking))\n"
        let lines = lacking(say)
        if lines.isEmpty { text += wrapped("  " + say(Words.lackingNone), to: width) + "\n" }
        for line in lines { text += wrapped(line, to: width) + "\n" }
        return text
    }

    /// Below the name of each follow-up: each forvaltning that lacks something past its deadline, or has something sent back or
    /// changed since approval, with the names.
    private func lacking(_ say: Wording) -> [String] {
        policies.flatMap { policy -> [String] in
            let own = forvaltninger.compactMap { cell($0, policy) }
            let lines = own.flatMap { $0.lacking(say).map { "    " + plain($0) } }
            guard !lines.isEmpty, let first = own.first, let id = first.followUp else { return [] }
            let title = titles[id].map { say.phrase($0).text } ?? ""
            let due = first.due.map { ", " + say(Words.dueShort, say.date($0)) } ?? ""
            return ["  \(plain(id))  \(plain(title))\(due)"] + lines
        }
    }

    public func json() -> String { jsonText(self) }

    /// One line for each forvaltning and policy.
    public func csv() -> String {
        let head = [
            "policy", "forvaltning", "follow_up", "state", "due", "due_basis", "days", "received", "initiatives",
            "statuses", "owed", "answered", "approved", "accepted", "returned", "changed", "late", "exception_until",
            "missing", "synthetic",
        ]
        return csvText(
            [head]
                + cells.map { cell in
                    let missing = cell.open.filter { $0.state == .missing || $0.state == .draft }
                    let counts = [
                        cell.initiatives, cell.statuses, cell.owed, cell.answered, cell.approved, cell.accepted,
                        cell.returned, cell.changed, cell.late,
                    ]
                    return [
                        cell.policy, cell.forvaltning, cell.followUp ?? "", cell.state.rawValue,
                        cell.due?.description ?? "", cell.dueBasis?.rawValue ?? "", cell.days.map(String.init) ?? "",
                        cell.received ?? "",
                    ] + counts.map(String.init) + [
                        cell.exceptionUntil?.description ?? "", missing.map(\.about).joined(separator: ";"),
                        String(synthetic),
                    ]
                })
    }
}

extension MatrixView.Cell {
    /// How many of the things asked for the state is of: those sent back, those changed, otherwise those handed in.
    var counted: Int {
        switch state {
        case .returned: returned
        case .changed: changed
        default: answered
        }
    }

    /// `Ikke indberettet, 1.058 dage`; `Delvist indberettet, 3 af 8`.
    func words(_ say: Wording) -> String {
        var parts = [say(Words.name(state))]
        if owed > 0, counted > 0 || state == .due {
            parts.append(say(Words.answersOf, say.number(counted), say.number(owed)))
        }
        if let days {
            let number = say.count(days, Words.day)
            switch state {
            case .due, .notDue: parts.append(say(Words.daysLeft, number))
            case .notHeard, .partly, .returned, .changed: parts.append(say(Words.daysOver, number))
            // "For sent, 3 dage", "Ikke indberettet, 1.058 dage": the word says what the days count.
            default: parts.append(number)
            }
        }
        return parts.joined(separator: ", ")
    }

    /// `BIF mangler 2 af 6, 15 dage over fristen: Tryg indkvartering; Slottet`, and what was sent back or changed.
    func lacking(_ say: Wording) -> [String] {
        func names(_ things: [MatrixView.Thing]) -> String {
            things.map { thing in
                let title = say.asked(thing.kind, thing.title, thing.year)
                return title
                    + (thing.note.map { " (\(say(Words.returnNote, say.quoted(say.phrase($0).text))))" } ?? "")
            }.joined(separator: "; ")
        }
        var lines: [String] = []
        let late = open.filter { $0.daysLate != nil }
        if let days = late.compactMap(\.daysLate).max() {
            let number = say.count(days, Words.day)
            let head =
                late.count == owed
                ? say(Words.lackingAll, forvaltning, say.number(owed), number)
                : say(Words.lackingSome, forvaltning, say.number(late.count), say.number(owed), number)
            let never = state == .notHeard ? " (\(say(Words.neverHeard)))" : ""
            lines.append("\(head)\(never): \(names(late))")
        }
        let back = open.filter { $0.state == .returned }
        if !back.isEmpty {
            lines.append("\(say(Words.lackingReturned, forvaltning, say.number(back.count))): \(names(back))")
        }
        let redacted = open.filter { $0.state == .redacted }
        if !redacted.isEmpty {
            lines.append(
                "\(say(Words.lackingRedacted, forvaltning, say.number(redacted.count))): \(names(redacted))")
        }
        let changed = open.filter { $0.changedSinceApproval && $0.state != .returned }
        if !changed.isEmpty {
            lines.append("\(say(Words.lackingChanged, forvaltning, say.number(changed.count))): \(names(changed))")
        }
        return lines
    }
}

/// Lays out the matrix for a terminal: a column for each policy, two lines for each forvaltning.
private struct MatrixText {
    /// Columns of the terminal for one policy: `★ accepteret 12/12`, and four of them in 80 beside the codes.
    static let column = 17

    let view: MatrixView
    let say: Wording
    /// Columns for the forvaltninger's codes.
    let code: Int
    let isColoured: Bool

    func grid(_ policies: [String]) -> String {
        let first = policies.map { view.cell(view.forvaltninger.first ?? "", $0) }
        let rule =
            [String(repeating: "-", count: code)] + policies.map { _ in String(repeating: "-", count: Self.column) }
        var text = line("", policies)
        text += line(
            "",
            first.map { cell in
                cell?.followUp.map { id in String(id.split(separator: "/").last ?? "") }
                    ?? (cell?.state == .policyNotHeard ? "–" : say(Words.noFollowUp))
            })
        text += line("", first.map { $0?.due.map { say(Words.dueShort, $0.description) } ?? "" })
        text += rule.joined(separator: "  ") + "\n"
        for forvaltning in view.forvaltninger {
            let cells = policies.map { view.cell(forvaltning, $0) }
            text += line(
                forvaltning, cells.map { $0.map(state) ?? "" }, colours: cells.map { $0.flatMap { colour($0.state) } })
            let notes = cells.map { $0.map(days) ?? "" }
            if notes.contains(where: { !$0.isEmpty }) { text += line("", notes) }
        }
        return text
    }

    private func state(_ cell: MatrixView.Cell) -> String {
        let sign = Words.sign(cell.state)
        let number = cell.counted
        let count = cell.owed == 0 ? "" : number == cell.owed ? " \(number)" : " \(number)/\(cell.owed)"
        return (sign.isEmpty ? "" : sign + " ") + say(Words.shortName(cell.state)) + count
    }

    private func days(_ cell: MatrixView.Cell) -> String {
        if let until = cell.exceptionUntil, cell.state == .due || cell.state == .notDue {
            return say(Words.extendedShort, until.description)
        }
        guard let days = cell.days else { return "" }
        let number = say.count(days, Words.day)
        switch cell.state {
        case .due, .notDue: return say(Words.daysLeft, number)
        case .late: return say(Words.daysLateShort, number)
        default: return say(Words.daysOverShort, number)
        }
    }

    private func line(_ head: String, _ cells: [String], colours: [String?] = []) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - displayWidth(text)))
        }
        let row = cells.enumerated().map { index, cell in
            let text = padded(shortened(plain(cell), to: Self.column), Self.column)
            guard isColoured, let colour = colours[safely: index].flatMap(\.self) else { return text }
            return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
        }
        let line = ([padded(plain(head), code)] + row).joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }

    /// Parameters of "select graphic rendition": red, yellow, green.
    private func colour(_ state: MatrixView.State) -> String? {
        switch state {
        case .missing, .notHeard, .returned: "31"
        case .late, .partly, .changed: "33"
        case .onTime, .approved, .accepted: "32"
        case .policyNotHeard, .owesNothing, .conditionOpen, .notDue, .due: nil
        }
    }
}
