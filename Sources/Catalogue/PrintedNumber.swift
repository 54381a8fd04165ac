internal import Foundation
internal import PolicyModel

/// The numbers that a Danish text prints: in digits (1.500; 15,3; 30-40.000) and in words (syv, sjette, hver tredje,
/// halvdelen, dobbelt, 4 ud af 10).
///
/// For one question: is this value in these words? So it finds rather too much than too little; what it does not find, a
/// person has to call `derived`.
struct PrintedNumbers {
    private var found: Set<Decimal> = []
    private let words: [Substring]

    init(_ text: String) {
        words = text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "." && $0 != "," && $0 != "-" }
        for word in words { readDigits(word) }
        for word in words.flatMap({ $0.split { !$0.isLetter } }) { readWord(String(word)) }
        readShares()
    }

    func contains(_ value: DecimalText) -> Bool {
        let wanted = abs(value.exact)
        // A share is written with two decimals at most: 0.33 for a third.
        return found.contains(wanted) || found.contains { Self.rounded($0) == wanted && $0 < 1 }
    }

    private static func rounded(_ value: Decimal) -> Decimal {
        var (value, result) = (value, Decimal())
        NSDecimalRound(&result, &value, 2, .plain)
        return result
    }

    /// `30-40.000` is 30.000 and 40.000.
    private mutating func readDigits(_ word: Substring) {
        let parts = word.split(separator: "-")
        for part in parts {
            let digits = part.prefix { $0.isNumber || $0 == "." || $0 == "," }
            guard let number = Self.number(digits) else { continue }
            found.insert(number)
            if parts.count > 1, let last = parts.last, last.hasSuffix(".000") { found.insert(number * 1000) }
        }
    }

    /// A point stands between thousands, a comma before decimals. A point or comma at the end is the sentence's.
    private static func number(_ digits: Substring) -> Decimal? {
        let digits = String(digits.reversed().drop { !$0.isNumber }.reversed())
        guard !digits.isEmpty, digits.first?.isNumber == true else { return nil }
        return Decimal(string: digits.replacing(".", with: "").replacing(",", with: "."))
    }

    private static let cardinals = ["en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti"]
    private static let ordinals = [
        "første", "anden", "tredje", "fjerde", "femte", "sjette", "syvende", "ottende", "niende", "tiende",
    ]

    private static func cardinal(_ word: String) -> Int? {
        let word = ["én", "et", "ét"].contains(word) ? "en" : word
        return cardinals.firstIndex(of: word).map { $0 + 1 }
    }

    private mutating func readWord(_ word: String) {
        if let number = Self.cardinal(word) { found.insert(Decimal(number)) }
        if let index = Self.ordinals.firstIndex(where: { word == $0 || word == $0 + "del" }) {
            found.insert(Decimal(index + 1))
            if index > 0 { found.insert(1 / Decimal(index + 1)) }
        }
        // fireårige
        for (index, cardinal) in Self.cardinals.enumerated() where word.hasPrefix(cardinal + "år") {
            found.insert(Decimal(index + 1))
        }
        if word.hasPrefix("halv") { found.formUnion([50, Decimal(sign: .plus, exponent: -1, significand: 5)]) }
        if word.hasPrefix("dobbelt") { found.insert(2) }
    }

    /// `3 ud af 4`, `to ud af fem`.
    private mutating func readShares() {
        for index in words.indices.dropFirst().dropLast(2) where words[index] == "ud" && words[index + 1] == "af" {
            func number(_ word: Substring) -> Decimal? {
                Self.number(word) ?? Self.cardinal(String(word)).map { Decimal($0) }
            }
            if let part = number(words[index - 1]), let whole = number(words[index + 2]), whole > 0 {
                found.insert(part / whole)
            }
        }
    }
}

extension Fields {
    /// Reports a `value` that `printed` does not print; `value_basis: derived` says that it is reckoned from it.
    func checkPrinted(_ key: String = "value") {
        if key == "value" { checkQualifier() }
        guard !isDerived(key), let item = self[key], let printed = self["printed"]?.node.scalar?.string,
            let value = item.node.scalar.flatMap({ DecimalText($0.string.trimmed) }),
            !PrintedNumbers(printed).contains(value)
        else { return }
        item.report(
            "“\(value)” does not stand in the printed words “\(printed.trimmed)”",
            fix: "correct the value, or the words; or write `\(key)_basis: derived` where it is reckoned from them")
    }

    /// Reports a `qualifier` that does not stand in `printed`. Of a range (15-24) the ends are “fra” and “til”.
    func checkQualifier() {
        guard !isDerived("qualifier"), let item = self["qualifier"], let words = item.node.scalar?.string.trimmed,
            let printed = self["printed"]?.node.scalar?.string
        else { return }
        let isRange = printed.contains(#/[0-9.]\s*[-–]\s*[0-9]/#) && ["fra", "til"].contains(words)
        if isRange || printed.hasWords(words) { return }
        item.report(
            "“\(words)” does not stand in the printed words “\(printed.trimmed)”",
            fix: "write the words that belong to the number as printed; or `qualifier_basis: derived`")
    }

    /// Reports an annual target's `comparator` that the printed words do not bear out.
    func checkComparator(_ comparator: AnnualTarget.Comparator) {
        guard !isDerived("comparator"), let item = self["comparator"],
            let printed = self["printed"]?.node.scalar?.string.trimmed
        else { return }
        let least = ["minimum", "min", "mindst", "ikke mindre end", "ikke færre end", "eller derover", "eller flere"]
        let isLeast = least.contains { printed.hasWords($0) }
        let problem =
            switch comparator {
            case .atLeast where !isLeast: "no word for “at least” (Minimum, Min., mindst)"
            case .all where !printed.hasWords("alle"): "no “alle”"
            case .stated where isLeast: "a word for “at least” (Minimum, Min., mindst)"
            case .stated where printed.lowercased().hasPrefix("alle"): "“Alle” at the front"
            default: ""
            }
        if problem.isEmpty { return }
        item.report(
            "“\(comparator.rawValue)”, and the printed words have \(problem): “\(printed)”",
            fix: "write what they say; or `comparator_basis: derived` where it is not in them")
    }
}

extension String {
    /// Whether `words` stand in this text, whole and in this order; case and blanks do not matter.
    fileprivate func hasWords(_ words: String) -> Bool {
        func split(_ text: String) -> [Substring] {
            text.lowercased().split { !$0.isLetter && !$0.isNumber }
        }
        let wanted = split(words)
        return !wanted.isEmpty && split(self).contains(wanted)
    }
}
