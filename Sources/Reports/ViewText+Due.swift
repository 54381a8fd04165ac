internal import Coordinator
public import PolicyModel

extension DueList {
    /// For a terminal: who owes how much since when, then each follow-up with its dates, and below it each forvaltning with the
    /// things asked for, by how far they have come. At most `width` columns where words and ids allow; nil for as wide as it is.
    ///
    /// - Parameter isPending: whether `pending` chose what stands here: then a note says what is left out.
    public func text(_ language: Language = .danish, width: Int? = nil, isPending: Bool = false) -> String {
        let say = Wording(language: language, city: nil)
        let heading = Day(on).map { say.date($0) } ?? on
        var out = DueText(say: say, width: width)
        out.text = banner(synthetic, say) + say(Words.dueTitle, heading) + "\n\n"
        out.summary(debts)
        var order: [String] = []
        let byFollowUp = Dictionary(grouping: entries, by: \.followUp)
        var seen: Set<String> = []
        for entry in entries where seen.insert(entry.followUp).inserted { order.append(entry.followUp) }
        for id in order { out.followUp(byFollowUp[id] ?? []) }
        if isPending {
            out.text += "\n"
            out.line(say(Words.dueHidden))
        }
        return out.text
    }

    public func json() -> String { jsonText(self) }

    /// One line for each thing asked for.
    public func csv() -> String {
        let head = [
            "follow_up", "policy", "follow_up_title", "forvaltning", "phase", "opens", "due", "due_basis", "locked",
            "exception_until", "exception_reason", "last_day", "days_left", "kind", "about", "title", "year", "state",
            "days_late", "record", "entered", "received", "note", "changed_since_approval", "has_draft", "handed_in",
            "approved", "accepted", "synthetic",
        ]
        var rows = [head]
        for entry in entries {
            let start = [
                entry.followUp, entry.policy, entry.title.da, entry.forvaltning, entry.phase.rawValue,
                entry.opens?.description ?? "", entry.due?.description ?? "", entry.dueBasis?.rawValue ?? "",
                entry.locked?.description ?? "", entry.exceptionUntil?.description ?? "",
                entry.exceptionReason?.da ?? "", entry.lastDay ?? "", entry.daysLeft.map(String.init) ?? "",
            ]
            let end = [entry.handedIn ?? "", entry.approved ?? "", entry.accepted ?? "", String(synthetic)]
            for item in entry.items {
                let own = [
                    item.kind.rawValue, item.about, item.title.da, item.year.map(String.init) ?? "",
                    item.state.rawValue, item.daysLate.map(String.init) ?? "", item.record?.description ?? "",
                    item.entered ?? "", item.received ?? "", item.note?.da ?? "", String(item.changedSinceApproval),
                    String(item.hasDraft),
                ]
                rows.append(start + own + end)
            }
        }
        return csvText(rows)
    }
}

extension DueList.Item {
    /// `✕ Ikke indberettet, 15 dage over fristen`; `→ Indberettet, 5 dage for sent`.
    func words(_ say: Wording) -> String {
        let word = "\(Words.sign(state)) \(say(Words.name(state)))"
        guard let daysLate else { return word }
        let days = say.count(daysLate, Words.day)
        return state == .missing || state == .draft
            ? "\(word), \(say(Words.daysOver, days))" : say(Words.cameLate, word, days)
    }

    /// What is asked for: the title, of a figure with its year.
    func what(_ say: Wording) -> String { say.asked(kind, title, year) }

    /// What must be known besides: what to look at again, that it was changed, when it was entered.
    func notes(_ say: Wording) -> [String] {
        var notes: [String] = []
        if let note, state == .returned || state == .draft {
            notes.append(say(Words.returnNote, say.quoted(say.phrase(note).text)))
        }
        if changedSinceApproval { notes.append(say(Words.changedSinceApproval)) }
        if let entered = entered.flatMap({ Day($0) }), let received = received.flatMap({ Day($0) }),
            entered != received
        {
            let both = say(Words.enteredReceived, say.date(entered), say.date(received))
            notes.append(daysLate == nil ? both : both + say(Words.latenessFromReceipt))
        }
        if hasDraft, state != .draft { notes.append(say(Words.draftWaits)) }
        return notes
    }
}

extension Wording {
    /// What is asked for: the title, of a figure with its year.
    func asked(_ kind: Obligation.Kind, _ title: LocalizedText, _ year: Int?) -> String {
        let title = phrase(title).text
        guard kind == .reading else { return title }
        return year.map { self(Words.figureFor, String($0), title) } ?? self(Words.figureOf, title)
    }
}

/// Lays the list out in lines.
private struct DueText {
    let say: Wording
    let width: Int?
    var text = ""

    mutating func line(_ content: String) { text += wrapped(plain(content), to: width) + "\n" }

    mutating func summary(_ debts: [DueList.Debt]) {
        let open = debts.filter(\.isOpen)
        guard !open.isEmpty else { return line(say(Words.dueNone)) }
        let owing = open.filter { $0.missing > 0 }
        var sentence = say(Words.dueNoneMissing)
        if !owing.isEmpty {
            sentence = say(
                Words.dueMissing, say.count(owing.reduce(0) { $0 + $1.missing }, Words.dueItem),
                owing.count == 1 ? owing[0].forvaltning : say.count(owing.count, Words.forvaltning))
            let late = owing.reduce(0) { $0 + $1.late }
            if let oldest = owing.max(by: { $0.days ?? 0 < $1.days ?? 0 }), let days = oldest.days {
                sentence +=
                    ", "
                    + say(
                        Words.dueLate, say.number(late), oldest.since.flatMap { Day($0) }.map { say.date($0) } ?? "",
                        say.count(days, Words.day))
            }
            sentence += "."
        }
        let rest: [(Bilingual, Int)] = [
            (Words.dueReturned, open.reduce(0) { $0 + $1.returned }),
            (Words.dueRedacted, open.reduce(0) { $0 + $1.redacted }),
            (Words.dueToApprove, open.reduce(0) { $0 + $1.toApprove }),
            (Words.dueToAccept, open.reduce(0) { $0 + $1.toAccept }),
        ]
        let said = rest.filter { $0.1 > 0 }.map { say($0.0, say.number($0.1)) }.joined(separator: ", ")
        line(said.isEmpty ? sentence : "\(sentence) \(said.prefix(1).uppercased())\(said.dropFirst()).")
        guard open.count > 1 else { return }
        var table = TextTable(columns: [
            .init(title: say(Words.owner)), .init(title: say(Words.missingColumn), isNumber: true),
            .init(title: say(Words.returnedColumn), isNumber: true),
            .init(title: say(Words.toApproveColumn), isNumber: true),
            .init(title: say(Words.toAcceptColumn), isNumber: true),
            .init(title: say(Words.sinceColumn), mayShrink: true),
        ])
        for debt in open {
            let since = debt.since.map { "\($0), \(say.count(debt.days ?? 0, Words.day))" }
            table.rows.append(
                [plain(debt.forvaltning)]
                    + [debt.missing, debt.returned, debt.toApprove, debt.toAccept].map { say.number($0) }
                    + [since ?? "–"])
        }
        text += "\n" + table.text(width: width)
    }

    /// All entries of one follow-up.
    mutating func followUp(_ entries: [DueList.Entry]) {
        guard let first = entries.first else { return }
        text += "\n"
        line("\(first.followUp)  \(say.phrase(first.title).text)")
        let basis = first.dueBasis.map { " (\(say(Words.name($0))))" } ?? ""
        let dates = [
            "\(say(Words.opens)): \(first.opens.map { say.date($0) } ?? "–")",
            "\(say(Words.deadline)): \(first.due.map { say.date($0) + basis } ?? "–")",
            "\(say(Words.name(CalendarView.Kind.locked))): \(first.locked.map { say.date($0) } ?? "–")",
        ]
        line("  " + dates.joined(separator: " · "))
        for entry in entries { self.entry(entry) }
    }

    private mutating func entry(_ entry: DueList.Entry) {
        var parts = [
            say(Words.name(entry.phase)),
            say(Words.handedInOf, say.number(entry.answered), say.number(entry.items.count)),
        ]
        if let left = entry.daysLeft, left >= 0, entry.phase == .open {
            parts[0] += ", " + (left == 0 ? say(Words.today) : say(Words.daysLeft, say.count(left, Words.day)))
        }
        if entry.count(.approved) + entry.count(.accepted) + entry.changedSinceApproval > 0,
            let approved = entry.approved.flatMap({ Day($0) })
        {
            parts.append(say(Words.approvedOn, say.date(approved)))
        }
        if entry.count(.accepted) > 0, let accepted = entry.accepted.flatMap({ Day($0) }) {
            parts.append(say(Words.acceptedOn, say.date(accepted)))
        }
        if let until = entry.exceptionUntil {
            parts.append(
                say(
                    Words.exceptionUntil, say.date(until),
                    entry.exceptionReason.map { say.phrase($0).text } ?? "–"))
        }
        line("  \(entry.forvaltning)  \(parts.joined(separator: " · "))")
        let order: [DueList.State] = [.missing, .returned, .redacted, .draft, .handedIn, .approved, .accepted]
        let byState = Dictionary(grouping: entry.items, by: \.state)
        for state in order {
            let byLateness = Dictionary(grouping: byState[state] ?? [], by: { $0.daysLate ?? 0 })
            for late in byLateness.keys.sorted(by: >) { group(byLateness[late] ?? []) }
        }
    }

    /// Things that stand alike: what they are in a line, then each in one of its own, the id whole since a command needs it.
    private mutating func group(_ items: [DueList.Item]) {
        guard let first = items.first else { return }
        line("    \(first.words(say)) (\(say.number(items.count)))")
        let indent = 6
        let widest = items.map { displayWidth($0.about) }.max() ?? 0
        let column = width.map { min(widest, max(0, $0 - indent - 2 - 24)) } ?? widest
        for item in items {
            let own = displayWidth(item.about)
            let room = width.map { $0 - indent - 2 - max(own, column) }
            let title = plain(item.what(say))
            text += String(repeating: " ", count: indent) + plain(item.about)
            if let room, room < 16 {
                text += "\n" + String(repeating: " ", count: indent + 2)
                text += shortened(title, to: max(16, (width ?? 80) - indent - 2))
            } else {
                text += String(repeating: " ", count: max(0, column - own) + 2)
                text += room.map { shortened(title, to: $0) } ?? title
            }
            text += "\n"
            for note in item.notes(say) { line(String(repeating: " ", count: indent + 2) + note) }
        }
    }
}
