/// A date as exact as its source: a year, a month or a day, in ISO 8601 (`2019`, `2019-12`, `2019-12-31`).
///
/// Bounds: years 1900 to 2199; months and days as the proleptic Gregorian calendar has them.
public struct PartialDate: Hashable, Sendable, Codable {
    public let year: Int
    public let month: Int?
    public let day: Int?

    public enum Precision: String, Codable, Sendable { case year, month, day }
    public var precision: Precision { day != nil ? .day : month != nil ? .month : .year }

    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let lengths = [4, 2, 2]
        guard (1...3).contains(parts.count) else { return nil }
        var numbers: [Int] = []
        for (part, length) in zip(parts, lengths) {
            guard part.utf8.count == length, part.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(part)
            else { return nil }
            numbers.append(number)
        }
        guard (1900...2199).contains(numbers[0]) else { return nil }
        year = numbers[0]
        month = numbers.count > 1 ? numbers[1] : nil
        day = numbers.count > 2 ? numbers[2] : nil
        if let month { guard (1...12).contains(month) else { return nil } }
        if let month, let day { guard (1...Day.length(ofMonth: month, year: year)).contains(day) else { return nil } }
    }

    /// The first day it may mean.
    public var firstDay: Day { Day(year: year, month: month ?? 1, day: day ?? 1) }

    /// The last day it may mean: what a deadline given as a year is held against.
    public var lastDay: Day {
        let month = month ?? 12
        return Day(year: year, month: month, day: day ?? Day.length(ofMonth: month, year: year))
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let date = PartialDate(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "“\(text)” is not a date such as 2019, 2019-12 or 2019-12-31"))
        }
        self = date
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension PartialDate: CustomStringConvertible {
    public var description: String {
        [padded(year, 4), month.map { padded($0, 2) }, day.map { padded($0, 2) }].compactMap(\.self).joined(
            separator: "-")
    }
}

/// One day of the proleptic Gregorian calendar, without a time zone.
public struct Day: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let year: Int
    public let month: Int
    public let day: Int

    /// The parts must name a day that exists; `PartialDate` and `init?(_:)` check it.
    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// From `2026-11-23`, or the day part of a timestamp (`2026-11-23T08:15:00Z`).
    public init?(_ text: some StringProtocol) {
        guard let date = PartialDate(text.prefix(10)), date.precision == .day else { return nil }
        self = date.firstDay
    }

    /// Days since 1970-01-01. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    public var ordinal: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The day so many days later; earlier for a negative number. The reverse of `ordinal` (Hinnant, `civil_from_days`).
    public func adding(days: Int) -> Day {
        let shifted = ordinal + days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return Day(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    public func days(since other: Day) -> Int { ordinal - other.ordinal }

    public static func < (a: Day, b: Day) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }

    public var description: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

    /// How many days a month (1 to 12) has.
    public static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// A span of time; either end may be unknown, because the source does not print it.
public struct Period: Hashable, Sendable, Codable {
    public var from: PartialDate?
    public var until: PartialDate?

    public init(from: PartialDate? = nil, until: PartialDate? = nil) {
        self.from = from
        self.until = until
    }
}

/// A date with what it rests on.
public struct DatedFact: Hashable, Sendable, Codable {
    public var date: PartialDate
    public var basis: Basis

    public init(date: PartialDate, basis: Basis) {
        self.date = date
        self.basis = basis
    }
}
