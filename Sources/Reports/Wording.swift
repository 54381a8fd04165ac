internal import Coordinator
public import PolicyModel

/// A text of the interface in both languages. That both are given is held by the type.
public struct Bilingual: Hashable, Sendable {
    public let da: String
    public let en: String

    init(_ da: String, _ en: String) {
        self.da = da
        self.en = en
    }

    subscript(language: Language) -> String { language == .danish ? da : en }
}

/// A text of the content, with the language it is really in: Danish where no English is given.
public struct Phrase: Hashable, Sendable, Codable {
    public var text: String
    public var lang: Language
}

/// How things are said in one language: numbers, dates, lists and places. No locale of the machine is asked, so the same
/// input gives the same bytes everywhere.
struct Wording: Sendable {
    let language: Language
    let city: City?

    func callAsFunction(_ words: Bilingual) -> String { words[language] }

    /// A sentence with its places (`{1}`, `{2}` …) filled, in one pass: what is filled in is not looked at again.
    func callAsFunction(_ sentence: Bilingual, _ parts: String...) -> String {
        var text = ""
        var rest = sentence[language][...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text += rest[..<open]
            let place = Int(rest[rest.index(after: open)..<close]) ?? 0
            text += parts[safely: place - 1] ?? ""
            rest = rest[rest.index(after: close)...]
        }
        return text + rest
    }

    func phrase(_ text: LocalizedText) -> Phrase {
        let (text, language) = text.text(in: language)
        return Phrase(text: text, lang: language)
    }

    /// Words of a document, which are Danish.
    func danish(_ text: String) -> Phrase { Phrase(text: text, lang: .danish) }

    /// `600.000` and `15,3` in Danish, `600,000` and `15.3` in English.
    func number(_ value: DecimalText) -> String { value.text(in: language) }

    func number(_ value: Int) -> String { number(DecimalText(value)) }

    /// `1 initiativ`, `2 initiativer`.
    func count(_ number: Int, _ noun: Noun) -> String {
        "\(self.number(number)) \(self(number == 1 ? noun.one : noun.many))"
    }

    /// `31. december 2019`, `december 2019`, `2019`; `31 December 2019` in English.
    func date(_ date: PartialDate) -> String {
        guard let month = date.month, let name = Words.months[safely: month - 1] else { return String(date.year) }
        guard let day = date.day else { return "\(self(name)) \(date.year)" }
        return "\(day)\(language == .danish ? "." : "") \(self(name)) \(date.year)"
    }

    func date(_ day: Day) -> String { PartialDate(day.description).map { date($0) } ?? day.description }

    /// `23. november 2026 kl. 08.15 UTC`, from a timestamp of the ledger; the text itself where it is none.
    func time(_ stamp: String) -> String {
        guard let day = Day(stamp), stamp.utf8.count >= 16 else { return stamp }
        let clock = stamp.dropFirst(11).prefix(5)
        return language == .danish
            ? "\(date(day)) kl. \(clock.replacing(":", with: ".")) UTC" : "\(date(day)) at \(clock) UTC"
    }

    /// `A, B og C`.
    func list(_ items: [String]) -> String {
        guard let last = items.last else { return "" }
        return items.count == 1 ? last : items.dropLast().joined(separator: ", ") + " \(self(Words.and)) " + last
    }

    func period(_ period: Period) -> String {
        switch (period.from, period.until) {
        case (nil, nil): self(Words.periodUnknown)
        case (let from?, nil): "\(self(Words.from)) \(date(from))"
        case (nil, let until?): "\(self(Words.until)) \(date(until))"
        case (let from?, let until?) where from == until: date(from)
        case (let from?, let until?): "\(date(from)) – \(date(until))"
        }
    }

    /// One state of money with its dates: `Finansiering udløbet 31. december 2018`, `Finansieret til 31. december 2020`.
    func money(_ entry: FundingView.Entry) -> String {
        var text = self(Words.name(entry.effective))
        if let from = entry.from, entry.effective != .expired { text += " \(self(Words.from)) \(date(from))" }
        guard let until = entry.until else { return text }
        return text + (entry.effective == .expired ? " \(date(until))" : " \(self(Words.until)) \(date(until))")
    }

    /// `6 gennemført, 10 i drift`.
    func inline(_ counts: [ReportModel.Count]) -> String {
        counts.map { "\(number($0.count)) \($0.text.prefix(1).lowercased() + $0.text.dropFirst())" }.joined(
            separator: ", ")
    }

    func quoted(_ words: String) -> String { language == .danish ? "»\(words)«" : "“\(words)”" }

    /// The name of a forvaltning or a body.
    func name(_ owner: String) -> Phrase { phrase(city?.name(of: owner) ?? LocalizedText(da: owner)) }

    /// A place in words: `LGBTI+-politikken, linje 186-188 og 190-197`.
    func source(_ source: Source) -> String {
        let document = city?.documents.first { document in
            document.file == source.document && source.lines.allSatisfy(document.lines.contains)
        }
        let name = document.map { shortName($0.title) } ?? source.document
        let lines = source.lines.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
        let several = source.lines.count > 1 || source.lines.contains { $0.first != $0.last }
        return "\(name), \(self(several ? Words.lines : Words.line)) \(list(lines))"
    }

    /// What a document is called in a sentence: its title up to the colon, and in Danish in the definite form.
    func shortName(_ title: LocalizedText) -> String {
        let full = title[language]
        let name = full.split(separator: ":").first.map(String.init) ?? full
        guard title.text(in: language).language == .danish else { return name }
        if name.hasSuffix(" politik") { return "\(name.dropLast(8))-politikken" }
        if name.hasSuffix("politik") { return name + "ken" }
        return name.hasSuffix("plan") ? name + "en" : name
    }
}

extension Array {
    /// The element there; nil outside the bounds.
    subscript(safely index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

/// Sentences one after the other, each with a point where it has none of its own; the last as it is unless `isEnded`.
func sentences(_ texts: [String], isEnded: Bool = false) -> String {
    texts.enumerated().map { index, text in
        let isOpen = !(text.last.map { ".!?".contains($0) } ?? true) && (isEnded || index < texts.count - 1)
        return isOpen ? text + "." : text
    }.joined(separator: " ")
}

/// A noun in both numbers and both languages.
struct Noun: Sendable {
    let one: Bilingual
    let many: Bilingual
}
