public import Coordinator
public import PolicyModel

extension CalendarView {
    /// A line for each obligation, by date; two where the line is shorter than 150.
    public func text(_ language: Language = .danish, width: Int? = nil) -> String {
        let say = Wording(language: language, city: nil)
        let isWide = width.map { $0 >= 150 } ?? true
        var table = TextTable(columns: [
            .init(title: say(Words.dateColumn)), .init(title: say(Words.kind)),
            .init(title: say(Words.whoColumn), mayShrink: true), .init(title: say(Words.toColumn), mayShrink: true),
            .init(title: say(Words.standing), mayShrink: true),
        ])
        if isWide { table.columns.insert(.init(title: say(Words.whatColumn), mayShrink: true), at: 2) }
        for entry in entries {
            let date = entry.date.map { "\($0)\(entry.basis.map { " " + say(Words.letter($0)) } ?? "")" }
            let what = "\(entry.words(say)) [\(entry.about)]"
            let cells = [
                date ?? say(Words.noDate), entry.kindWords(say), entry.owedBy.joined(separator: " "),
                entry.goesTo.joined(separator: " "), entry.standing(say),
            ]
            let row = isWide ? cells[..<2] + [what] + cells[2...] : cells[...]
            table.rows.append(row.map(plain))
            if !isWide { table.rows.append(["    " + plain(what)]) }
        }
        let heading = Day(on).map { say.date($0) } ?? on
        let body =
            entries.isEmpty
            ? say(Words.calendarNone) + "\n" : table.text(width: width) + "\n" + say(Words.calendarNotes) + "\n"
        return banner(synthetic, say) + say(Words.calendarTitle, heading) + "\n\n" + body
    }

    public func json() -> String { jsonText(self) }

    public func csv() -> String {
        let head = [
            "date", "precision", "basis", "day", "days", "kind", "policy", "about", "title", "recurrence", "owed_by",
            "owed_by_basis", "missing", "goes_to", "state", "items", "id", "source", "synthetic",
        ]
        return csvText(
            [head]
                + entries.map { entry in
                    [
                        entry.date?.description ?? "", entry.precision?.rawValue ?? "", entry.basis?.rawValue ?? "",
                        entry.day ?? "", entry.days.map(String.init) ?? "", entry.kind.rawValue, entry.policy,
                        entry.about, entry.title.da, entry.recurrence?.da ?? "", entry.owedBy.joined(separator: ";"),
                        entry.owedByBasis?.rawValue ?? "", entry.missing.joined(separator: ";"),
                        entry.goesTo.joined(separator: ";"), entry.state.rawValue, entry.items.joined(separator: ";"),
                        entry.id, entry.sources.map(\.reference).joined(separator: ";"), String(synthetic),
                    ]
                })
    }

    /// iCalendar (RFC 5545): an all-day event on the day each date is held against, so a year is its last day and says so. What
    /// has no date is a to-do. The same ledger position, day and language give the same bytes.
    public func ics(_ language: Language = .danish) -> String {
        let say = Wording(language: language, city: nil)
        var out = ICalendarText()
        out.line("BEGIN", "VCALENDAR")
        out.line("VERSION", "2.0")
        out.line("PRODID", "-//Pejling//Pejling//\(language.rawValue.uppercased())")
        out.line("CALSCALE", "GREGORIAN")
        let name = say(Words.calendarName, city?[language] ?? "").trimmed
        out.text("X-WR-CALNAME", synthetic ? "\(name) (\(say(Words.synthetic)))" : name)
        for entry in entries { write(entry, to: &out, say) }
        out.line("END", "VCALENDAR")
        return out.text
    }

    private func write(_ entry: Entry, to out: inout ICalendarText, _ say: Wording) {
        let component = entry.day == nil ? "VTODO" : "VEVENT"
        out.line("BEGIN", component)
        // Unique among cities, and the same for the same obligation at every position.
        out.text("UID", "\(entry.id)@\(domain).pejling")
        out.line("DTSTAMP", stamp)
        if let day = entry.day {
            out.line("DTSTART;VALUE=DATE", day.replacing("-", with: ""))
            // Exclusive: the day after.
            out.line("DTEND;VALUE=DATE", Self.dayAfter(day).replacing("-", with: ""))
            out.line("TRANSP", "TRANSPARENT")
        }
        out.text("SUMMARY;LANGUAGE=\(say.language.rawValue)", entry.summary(say, synthetic: synthetic))
        out.text("DESCRIPTION", entry.description(say))
        out.line("CATEGORIES", [entry.kindWords(say), entry.policy].map(ICalendarText.escaped).joined(separator: ","))
        if let status = entry.status { out.line("STATUS", status) }
        out.line("END", component)
    }

    /// The city's name in ASCII: `koebenhavnskommune`.
    private var domain: String {
        let folded = (city?.da ?? "").lowercased().replacing("æ", with: "ae").replacing("ø", with: "oe").replacing(
            "å", with: "aa")
        return String(folded.unicodeScalars.filter { isSlug(String($0)) }.map(Character.init))
    }

    /// When the broker had the last record, so that nothing depends on when the file is made.
    private var stamp: String {
        guard let received, received.utf8.count >= 19 else { return "19700101T000000Z" }
        return received.prefix(19).replacing("-", with: "").replacing(":", with: "") + "Z"
    }

    private static func dayAfter(_ day: String) -> String {
        guard let date = PartialDate(day), let month = date.month, let number = date.day else { return day }
        func text(_ year: Int, _ month: Int, _ day: Int) -> String {
            "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
        }
        if number < Day.length(ofMonth: month, year: date.year) { return text(date.year, month, number + 1) }
        return month < 12 ? text(date.year, month + 1, 1) : text(date.year + 1, 1, 1)
    }
}

extension CalendarView.Entry {
    /// `Frist`, `Penge udløber`; of a follow-up that is no deadline (a meeting, a decision, one without a date) what it is.
    func kindWords(_ say: Wording) -> String {
        guard kind == .due, let followUpKind, date == nil || [.meeting, .decision].contains(followUpKind) else {
            return say(Words.name(kind))
        }
        return say(Words.name(followUpKind))
    }

    func words(_ say: Wording) -> String {
        var text = title[say.language]
        if items.count > 1 { text = say(Words.targetsCounted, text, say.number(items.count)) }
        if let recurrence { text += " · \(recurrence[say.language])" }
        return text
    }

    func standing(_ say: Wording) -> String {
        let number = days.map { say.count(abs($0), Words.day) } ?? ""
        switch state {
        case .upcoming: return days == 0 ? say(Words.today) : say(Words.inDays, number)
        case .late: return say(Words.calendarLate, number, missing.joined(separator: " "))
        case .awaiting: return say(Words.calendarAwaiting, number)
        case .passed, .answered, .conditionOpen, .willNotHappen, .undated: return say(Words.name(state))
        }
    }

    /// `Årlig status 2019 – frist (LGBTI+)`, with what a day does not say: the year or month, the condition, made-up data.
    fileprivate func summary(_ say: Wording, synthetic: Bool) -> String {
        var text = "\(kindWords(say)): \(title[say.language])"
        if let date, date.precision != .day { text += " (\(say(Words.during, say.date(date))))" }
        if state == .conditionOpen { text += " (\(say(Words.condition)))" }
        if state == .willNotHappen { text += " (\(say(Words.willNotHappen)))" }
        return synthetic ? "[\(say(Words.synthetic))] \(text)" : text
    }

    fileprivate func description(_ say: Wording) -> String {
        var lines = ["\(say(Words.policy)): \(policy)", about]
        if let recurrence { lines.append(recurrence[say.language]) }
        if !owedBy.isEmpty { lines.append("\(say(Words.whoColumn)): \(say.list(owedBy))") }
        if !goesTo.isEmpty { lines.append("\(say(Words.goesTo)): \(say.list(goesTo))") }
        if !consulted.isEmpty { lines.append(say(Words.consulted, say.list(consulted.map { $0[say.language] }))) }
        if let basis { lines.append("\(say(Words.basis)): \(say(Words.name(basis)))") }
        if let note { lines.append(note[say.language]) }
        if !sources.isEmpty {
            lines.append("\(say(Words.source)): \(sources.map(\.reference).joined(separator: "; "))")
        }
        return lines.joined(separator: "\n")
    }

    fileprivate var status: String? {
        switch (state, day) {
        case (.willNotHappen, _): "CANCELLED"
        case (_, nil): nil
        case (.conditionOpen, _): "TENTATIVE"
        default: "CONFIRMED"
        }
    }
}

/// Lines of iCalendar: escaped, folded at 75 octets, ended by CR LF (RFC 5545, 3.1 and 3.3.11).
struct ICalendarText {
    private(set) var text = ""

    /// A value that is no text: a date, a word of the standard.
    mutating func line(_ name: String, _ value: String) { fold("\(name):\(value)") }

    mutating func text(_ name: String, _ value: String) { fold("\(name):\(Self.escaped(value))") }

    /// Text with `\`, `;`, `,` and line ends escaped; other control characters, which may not stand there, are left out.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
            switch scalar {
            case "\\", ";", ",": out += "\\\(scalar)"
            case "\n": out += "\\n"
            case "\t": out += "\t"
            default: if scalar.properties.generalCategory != .control { out.unicodeScalars.append(scalar) }
            }
        }
        return out
    }

    /// At most 75 octets to a line, the blank that begins a continuation among them; never inside a character's bytes.
    private mutating func fold(_ line: String) {
        var room = 75
        for scalar in line.unicodeScalars {
            let size = UTF8.width(scalar)
            if size > room {
                text += "\r\n "
                room = 74
            }
            text.unicodeScalars.append(scalar)
            room -= size
        }
        text += "\r\n"
    }
}

extension String {
    /// Without a colon and blanks at its end.
    fileprivate var trimmed: String {
        var text = self
        while let last = text.last, last == " " || last == ":" { text.removeLast() }
        return text
    }
}
