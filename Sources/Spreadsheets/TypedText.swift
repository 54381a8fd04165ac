/// What a text can be read as, where a number or a date belongs. A text that can be two is never decided here.
public enum TextReading: Hashable, Sendable {
    /// The only reading: decimal text with a point (`-1000.5`), or `2019`, `2019-09`, `2019-09-30`.
    case one(String)
    /// It can be any of these, and only who wrote it knows.
    case several([String])
    case none
}

/// What a text is as a number.
///
/// `57,3` and `57.3` are one number; `1.000` and `1,000` can be a thousand or one, and are two; `0,125`, `1.234,5`, `1 000` and
/// `1.234.567` can be one only. A percent sign at its end is told apart.
///
/// - Returns: The readings, without zeros that say nothing, and whether a percent sign stands behind.
public func numberReading(_ text: String) -> (reading: TextReading, isPercent: Bool) {
    var rest = Substring(String(text.map { $0.isWhitespace ? " " : $0 })).trimmingBlanks
    let isPercent = rest.last == "%"
    if isPercent { rest = rest.dropLast().trimmingBlanks }
    var sign = ""
    if let first = rest.first, "+-−".contains(first) {
        sign = first == "+" ? "" : "-"
        rest = rest.dropFirst()
    }
    guard rest.first?.isASCIIDigit == true, rest.last?.isASCIIDigit == true,
        rest.allSatisfy({ $0.isASCIIDigit || " .,".contains($0) })
    else { return (.none, isPercent) }
    let marks = rest.filter { ".,".contains($0) }
    guard let last = marks.last else { return (TextReading(whole: grouped(rest, " "), "", sign), isPercent) }
    // Two kinds: the last is the decimal mark, the other stands between thousands.
    if let other = marks.first, other != last {
        guard marks.filter({ $0 == last }).count == 1, !rest.contains(" ") else { return (.none, isPercent) }
        let parts = rest.split(separator: last)
        return (TextReading(whole: grouped(parts[0], other), parts[1], sign), isPercent)
    }
    if marks.count > 1 { return (TextReading(whole: grouped(rest, last), "", sign), isPercent) }
    let parts = rest.split(separator: last)
    guard parts[1].allSatisfy(\.isASCIIDigit) else { return (.none, isPercent) }
    let decimal = TextReading(whole: grouped(parts[0], " "), parts[1], sign)
    if !parts[0].contains(" "), parts[0].first != "0", let thousands = grouped(rest, last) {
        return (.several([decimal, TextReading(whole: thousands, "", sign)].compactMap(\.only)), isPercent)
    }
    return (decimal, isPercent)
}

/// What a text is as a date of a year, a month or a day.
///
/// - Parameter isDayFirst: ``ReadWorkbook/isDayFirst``: then `03-04-2019` and `03.04.2019` are the third of April. Otherwise they are
///   two dates, and `31-12-2019` is one; `03/04/2019` is always two.
public func dateReading(_ text: String, isDayFirst: Bool = false) -> TextReading {
    let text = Substring(text).trimmingBlanks
    let parts = text.split(omittingEmptySubsequences: false) { "-./".contains($0) }
    guard (1...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }),
        let year = [parts.first, parts.last].compactMap(\.self).first(where: { $0.count == 4 })
    else { return .none }
    func two(_ text: Substring) -> String { text.count == 1 ? "0\(text)" : String(text) }
    func date(_ month: Substring, _ day: Substring? = nil) -> String? {
        guard month.count <= 2, (1...12).contains(Int(month) ?? 0) else { return nil }
        guard let day else { return "\(year)-\(two(month))" }
        guard day.count <= 2, (1...days(Int(year) ?? 0, Int(month) ?? 0)).contains(Int(day) ?? 0) else { return nil }
        return "\(year)-\(two(month))-\(two(day))"
    }
    let marks = Set(text.filter { "-./".contains($0) })
    guard marks.count <= 1 else { return .none }
    if parts.count == 1 { return .one(String(year)) }
    if parts[0].count == 4 {
        guard marks == ["-"], let only = date(parts[1], parts.count == 3 ? parts[2] : nil) else { return .none }
        return .one(only)
    }
    if parts.count == 2 { return date(parts[0]).map { .one($0) } ?? .none }
    let readings = [date(parts[1], parts[0]), date(parts[0], parts[1])]
    if isDayFirst, marks != ["/"] { return readings[0].map { .one($0) } ?? .none }
    let found = readings.compactMap(\.self)
    if Set(found).count == 2 { return .several(found) }
    return found.first.map { .one($0) } ?? .none
}

private func days(_ year: Int, _ month: Int) -> Int {
    let leap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
}

/// The digits of `text` where `mark` stands between thousands as it should, or nowhere; nil otherwise.
private func grouped(_ text: Substring, _ mark: Character) -> Substring? {
    let groups = text.split(separator: mark, omittingEmptySubsequences: false)
    guard groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }) else { return nil }
    guard groups.count > 1 else { return groups[0] }
    guard groups[0].count <= 3, groups.dropFirst().allSatisfy({ $0.count == 3 }) else { return nil }
    return Substring(groups.joined())
}

extension TextReading {
    fileprivate init(whole: Substring?, _ decimals: Substring, _ sign: String) {
        guard let whole else {
            self = .none
            return
        }
        let digits = whole.drop { $0 == "0" }
        var places = decimals
        while places.last == "0" { places.removeLast() }
        let number = (digits.isEmpty ? "0" : String(digits)) + (places.isEmpty ? "" : ".\(places)")
        self = .one(number == "0" ? number : sign + number)
    }

    /// The reading, where there is one only.
    public var only: String? {
        guard case .one(let text) = self else { return nil }
        return text
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) && utf8.count == 1 }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}
