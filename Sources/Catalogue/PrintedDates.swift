internal import PolicyModel

/// The dates that a Danish text prints: years (2018, 2019-22, 2016/17), months (juli, 4. kvartal), days (31. december),
/// and the ends of a year (udgangen af 2018).
///
/// For one question, as `PrintedNumbers`: may this date be meant by these words?
struct PrintedDates {
    private(set) var years: Set<Int> = []
    private var months: Set<Int> = []
    private var days: Set<Int> = []

    private static let monthNames = [
        "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
        "december",
    ]

    init(_ text: String) {
        let text = text.lowercased()
        readYears(Array(text.utf8))
        let words = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        for (index, word) in words.enumerated() {
            let before = index > 0 ? Int(words[index - 1]) : nil
            if let month = Self.monthNames.firstIndex(of: word) {
                months.insert(month + 1)
                if let before, (1...31).contains(before) { days.insert(before) }
            }
            if word == "kvartal", let before, (1...4).contains(before) {
                months.formUnion(before * 3 - 2...before * 3)
            }
            if ["udgangen", "ultimo", "slutningen"].contains(word) {
                months.insert(12)
                days.insert(31)
            }
            if ["begyndelsen", "primo", "starten"].contains(word) {
                months.insert(1)
                days.insert(1)
            }
        }
    }

    func contains(_ date: PartialDate) -> Bool {
        let isMonth = date.month.map { months.contains($0) } ?? true
        return years.contains(date.year) && isMonth && (date.day.map { days.contains($0) } ?? true)
    }

    /// Four digits on their own; two more behind a hyphen or a stroke are a year of the same century.
    private mutating func readYears(_ text: [UInt8]) {
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= text.count, text[range].allSatisfy({ (48...57).contains($0) }) else { return nil }
            return text[range].reduce(0) { $0 * 10 + Int($1) - 48 }
        }
        func isDigit(_ index: Int) -> Bool { text.indices.contains(index) && (48...57).contains(text[index]) }
        for start in text.indices where !isDigit(start - 1) && !isDigit(start + 4) {
            guard let year = number(start..<start + 4), (1900...2199).contains(year) else { continue }
            years.insert(year)
            var next = start + 4
            // An en dash is three bytes.
            if text[next...].starts(with: "–".utf8) { next += 3 } else { next += 1 }
            let isJoined = next > start + 5 || (next <= text.count && [45, 47].contains(text[next - 1]))
            guard isJoined, !isDigit(next + 2), let short = number(next..<next + 2) else { continue }
            years.insert(year / 100 * 100 + short)
        }
    }
}

extension Scope {
    /// Each date under `keys` (a year, a date, or `from` and `until`) is printed or says `<key>_basis: derived`.
    ///
    /// Where `printed` prints years, the date's is one of them. What of the date it does not print (all, or the
    /// month) is to stand in the lines: a citation.
    func dates(_ fields: Fields, _ keys: String..., in source: Source?) -> [Citation] {
        let words = fields["printed"]?.node.scalar?.string.trimmed ?? ""
        let printed = PrintedDates(words)
        var citations: [Citation] = []
        for key in keys {
            guard let item = fields[key], !fields.isDerived(key) else { continue }
            for item in item.ends {
                guard let date = item.node.scalar.flatMap({ PartialDate($0.string.trimmed) }) else { continue }
                if printed.contains(date) { continue }
                if !printed.years.isEmpty, !printed.years.contains(date.year) {
                    item.report(
                        "“\(date)” does not stand in the printed words “\(words)”",
                        fix: "correct the date, or the words; or write `\(key)_basis: derived` where they do not say it"
                    )
                } else if let source {
                    citations += citation(.date, item, date.description, source)
                }
            }
        }
        return citations
    }

    /// A date of a follow-up that is printed: it stands in the lines, or in words of theirs that `printed` picks out.
    func printedDate(_ item: Item, _ source: Source) -> [Citation] {
        func field(_ key: String) -> Item? {
            item.node.mapping?[key].map {
                Item(node: $0, name: item.name, path: "\(item.path).\(key)", file: item.file, log: item.log)
            }
        }
        guard let date = field("date"), let written = date.node.scalar.flatMap({ PartialDate($0.string.trimmed) })
        else { return [] }
        guard let printed = field("printed"), let words = printed.node.scalar?.string.trimmed else {
            return citation(.date, date, written.description, source)
        }
        if !PrintedDates(words).contains(written) {
            date.report(
                "“\(written)” does not stand in the printed words “\(words)”",
                fix: "correct the date, or the words; or write `basis: derived` where they do not say it")
        }
        return citation(.date, printed, words, source)
    }

    /// The period of a policy: each end that is not derived stands in `printed`, and those words in `lines`.
    func policyPeriod(_ fields: Fields) -> [Citation] {
        guard ["from", "until"].contains(where: { fields[$0] != nil && !fields.isDerived($0) }) else { return [] }
        let source = source(fields)
        let words = fields.text("printed")
        if !words.isEmpty, PrintedDates(words).years.isEmpty {
            fields["printed"]?.report("prints no year", fix: "write the words that say when the policy begins or ends")
        }
        return citation(.date, fields["printed"], words, source) + dates(fields, "from", "until", in: nil)
    }

    static let periodKeys = ["from", "until", "from_basis", "until_basis", "printed", "lines"]
}

extension Fields {
    /// Whether `<key>_basis` says that what stands under `key` is derived.
    func isDerived(_ key: String) -> Bool {
        self["\(key)_basis"]?.choice([.printed, .derived], else: Basis.printed) == .derived
    }
}

extension Item {
    /// The dates of `{from: …, until: …}`, or the one date that this is.
    fileprivate var ends: [Item] {
        guard let mapping = node.mapping else { return [self] }
        return ["from", "until"].compactMap { key in
            mapping[key].map { Item(node: $0, name: name, path: "\(path).\(key)", file: file, log: log) }
        }
    }
}
