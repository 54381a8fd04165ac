internal import PolicyModel

/// What a text stands for: words of an enumeration, dates, numbers, lines, names.
extension Item {
    /// One of `words` (default: all cases), by its raw value; `standIn` after reporting that it is none.
    func choice<Word: RawRepresentable & CaseIterable>(
        _ words: [Word] = Array(Word.allCases), else standIn: Word
    ) -> Word where Word.RawValue == String {
        let text = text()
        guard !text.isEmpty else { return standIn }
        if let word = words.first(where: { $0.rawValue == text }) { return word }
        let allowed = words.map(\.rawValue)
        report(
            "“\(text)” is none of the words allowed: \(allowed.joined(separator: ", "))",
            fix: nearest(to: text, among: allowed).map { "write `\($0)`" } ?? "write one of them")
        return standIn
    }

    func flag() -> Bool {
        let text = text()
        if !text.isEmpty, text != "true", text != "false" {
            report("“\(text)” is none of the words allowed: true, false", fix: "write one of them")
        }
        return text == "true"
    }

    /// A whole number within `bounds`; its lower end as stand-in.
    func number(in bounds: ClosedRange<Int>) -> Int {
        let text = text()
        guard !text.isEmpty else { return bounds.lowerBound }
        if let number = Int(text), bounds.contains(number) { return number }
        report(
            "“\(text)” is no whole number from \(bounds.lowerBound) to \(bounds.upperBound)",
            fix: "write one, in digits only")
        return bounds.lowerBound
    }

    func decimal() -> DecimalText {
        let text = text()
        if let value = DecimalText(text) { return value }
        if !text.isEmpty {
            report(
                "figure not a number: “\(text)”",
                fix: "write digits, with a point before decimals and nothing between thousands (2000, 15.3)")
        }
        return DecimalText(0)
    }

    /// Danish, and English where it is given or `englishToo`.
    func localized(englishToo: Bool = false) -> LocalizedText {
        let fields = fields("da", "en")
        let danish = fields.text("da")
        return LocalizedText(da: danish, en: (englishToo ? fields.required("en") : fields["en"])?.text())
    }

    func date() -> PartialDate? {
        let text = text()
        guard !text.isEmpty else { return nil }
        let date = PartialDate(text)
        if date == nil {
            report("“\(text)” is no date of 1900 to 2199", fix: "write 2019, 2019-12 or 2019-12-31")
        }
        return date
    }

    /// A date, or `{from: …, until: …}`.
    func dateOrPeriod() -> Period {
        if node.mapping != nil { return fields("from", "until").period() }
        let date = self.date()
        return Period(from: date, until: date)
    }

    /// `{date: 2019-12, basis: derived}`; where it is printed, `printed` may say by which words.
    func datedFact() -> DatedFact? {
        let fields = fields("date", "basis", "printed")
        _ = fields["printed"]?.text()
        let date = fields.required("date")?.date()
        let basis = fields.basis("basis")
        return date.map { DatedFact(date: $0, basis: basis) }
    }

    /// `158-167`, `158`, or several joined by commas.
    func ranges() -> [LineRange] {
        let text = text()
        guard !text.isEmpty else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).compactMap { part in
            let part = String(part).trimmed
            if part.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 }), let range = LineRange(parsing: part) {
                return range
            }
            report(
                "“\(part)” is no lines of a document",
                fix: "write first and last line (158-167), one (158), or several (158-167, 186-188)")
            return nil
        }
    }

    /// A name in lower case: `a-z`, digits, single hyphens between them; at most 200 bytes.
    func slug() -> String {
        let text = text()
        if !text.isEmpty, !isSlug(text) {
            report(
                "“\(text)” is no id", fix: "use a-z, 0-9 and single hyphens between them, such as tryg-indkvartering")
        }
        return text
    }

    /// Slugs joined by `/`; with `prefix`, the first is that one and at least one follows (`lgbti/vision`).
    func identifier(below prefix: String? = nil) -> String {
        let text = text()
        guard !text.isEmpty else { return text }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard text.utf8.count <= 200, parts.allSatisfy(isSlug) else {
            report(
                "“\(text)” is no id",
                fix: "use a-z, 0-9, single hyphens and `/`, such as \(prefix ?? "lgbti")/tryg-indkvartering")
            return text
        }
        if let prefix, !prefix.isEmpty, parts.count < 2 || parts[0] != prefix {
            report("the id “\(text)” does not begin with `\(prefix)/`", fix: "write `\(prefix)/…`")
        }
        return text
    }

    /// A word that must be one of `known`; `what` says what they are.
    func known(_ what: String, among known: [String]) -> String {
        let text = text()
        if !text.isEmpty, !known.contains(text) { reportUnknown(text, what, among: known) }
        return text
    }

    func reportUnknown(_ text: String, _ what: String, among known: [String]) {
        let meant = nearest(to: text, among: known).map { "write `\($0)`, or one of: " } ?? "write one of: "
        report("“\(text)” is no \(what) known here", fix: meant + (known.isEmpty ? "(there are none)" : listed(known)))
    }
}

extension Fields {
    /// `printed`, `derived` or `configured`; for responsibilities also `not_named_in_source`.
    func basis(_ key: String, responsibility: Bool = false) -> Basis {
        let words: [Basis] = [.printed, .derived, .configured] + (responsibility ? [.notNamedInSource] : [])
        return required(key)?.choice(words, else: .printed) ?? .printed
    }

    func localized(_ key: String, englishToo: Bool = false) -> LocalizedText {
        required(key)?.localized(englishToo: englishToo) ?? LocalizedText(da: "")
    }

    func choice<Word: RawRepresentable & CaseIterable>(_ key: String, else standIn: Word) -> Word
    where Word.RawValue == String {
        required(key)?.choice(else: standIn) ?? standIn
    }

    /// `printed` or `derived`: whether a title is the document's own.
    func titleBasis() -> Basis { required("title_basis")?.choice([.printed, .derived], else: .printed) ?? .printed }

    /// The dates under `from` and `until` of this mapping, in that order.
    func period() -> Period {
        let period = Period(from: self["from"]?.date(), until: self["until"]?.date())
        if let from = period.from, let until = period.until, from.firstDay > until.lastDay {
            (self["from"] ?? item).report(
                "“\(from)” is after `until`, “\(until)”", fix: "put the earlier date in `from`")
        }
        return period
    }
}

/// Where each id first stood, to report the second.
struct FirstPlaces {
    private var places: [String: Place] = [:]

    /// Reports at `item` that `id` stands twice, and names the other place.
    mutating func add(_ id: String, _ what: String, at item: Item) {
        guard !id.isEmpty else { return }
        if let first = places[id] {
            item.report("the \(what) “\(id)” stands already at \(first)", fix: "give one of the two another name")
        } else {
            places[id] = item.place
        }
    }
}
