import Foundation
import PolicyModel

/// Keeps small counts of persons from leaving a node: below the city's threshold a value becomes *suppressed*, numerator and
/// denominator together. Zero is told: it is nobody's figure.
public struct Suppression: Sendable {
    /// Counts from 1 up to and not including this are suppressed.
    public let threshold: Int

    public init(threshold: Int) { self.threshold = threshold }

    /// The reading as it may leave, and why where something was suppressed.
    ///
    /// - Parameter disclosure: the measure's own; where it says nothing, what is counted are taken to be persons.
    public func applied(to reading: Reading, disclosure: Disclosure?) -> (reading: Reading, why: String?) {
        guard disclosure != .notPersonal else { return (reading, nil) }
        var result = reading
        let small = [reading.value, reading.reference].compactMap(\.self).compactMap {
            smallCount(in: $0, reading.unit)
        }
        guard let count = small.first else { return (reading, nil) }
        if smallCount(in: reading.value, reading.unit) != nil { result.value = .suppressed }
        if let reference = reading.reference, smallCount(in: reference, reading.unit) != nil {
            result.reference = .suppressed
        }
        let why =
            if count.isImplied {
                "its percentage of so many may stand for \(count.number), which is below \(threshold), the city's threshold: sent as “suppressed”; if it is nobody, give the numerator 0"
            } else {
                "\(count.number) is below \(threshold), the city's threshold: sent as “suppressed”, and the figure with it"
            }
        return (result, why)
    }

    /// Whether `text` tells a number that is too small to be told: as digits, or as a Danish or English word.
    public func tells(_ text: String) -> Bool {
        let words = ["to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"]
        let english = ["two", "three", "four", "five", "six", "seven", "eight", "nine"]
        return text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).contains { token in
            let number =
                Int(token)
                ?? (words.firstIndex(of: String(token)) ?? english.firstIndex(of: String(token))).map { $0 + 2 }
            return number.map { $0 > 0 && $0 < threshold } ?? false
        }
    }

    /// The count that is too small to be told, and whether it only follows from a percentage; nil when there is none.
    private func smallCount(in value: Value, _ unit: MeasureUnit) -> (number: Decimal, isImplied: Bool)? {
        guard case .number(let text, let numerator, let denominator) = value else { return nil }
        func decimal(_ text: DecimalText?) -> Decimal? { text.flatMap { Decimal(string: $0.description) } }
        var implied: Decimal?
        let counts: [Decimal?]
        switch unit {
        case .persons, .count: counts = [decimal(text)]
        case .percent:
            if numerator == nil { implied = impliedCount(text, of: decimal(denominator)) }
            counts = [decimal(numerator), decimal(denominator)]
        case .percentagePoints, .dkk, .index: counts = [decimal(numerator), decimal(denominator)]
        }
        func isSmall(_ count: Decimal) -> Bool { count > 0 && count < Decimal(threshold) }
        if let implied, isSmall(implied) { return (implied, true) }
        return counts.compactMap(\.self).first(where: isSmall).map { ($0, false) }
    }

    /// The smallest number of persons that a rounded percentage can stand for: 1.0 per cent of 409 is 0.95 to 1.05 per cent,
    /// which is 4 and nothing else. Where no whole number fits, what is told is wrong by itself, and the share is taken as it is.
    private func impliedCount(_ percentage: DecimalText, of denominator: Decimal?) -> Decimal? {
        guard let denominator, let share = Decimal(string: percentage.description) else { return nil }
        let digits = percentage.description.split(separator: ".").dropFirst().first?.count ?? 0
        // Exact, and without a division: `Decimal` takes its time for one.
        let half = Decimal(sign: .plus, exponent: -digits - 1, significand: 5)
        let onePercent = denominator * Decimal(sign: .plus, exponent: -2, significand: 1)
        let least = rounded(max(0, share - half) * onePercent, .up)
        guard least <= (share + half) * onePercent else { return rounded(share * onePercent, .down) }
        // 0.0 per cent may be nobody, or somebody: who says it with a denominator means nobody only when nobody else fits.
        let most = rounded((share + half) * onePercent, .down)
        return least == 0 && most > 0 ? min(1, most) : least
    }

    private func rounded(_ value: Decimal, _ mode: NSDecimalNumber.RoundingMode) -> Decimal {
        var value = value
        var result = Decimal()
        NSDecimalRound(&result, &value, 0, mode)
        return result
    }
}
