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
        return (
            result, "\(count) is below \(threshold), the city's threshold: sent as “suppressed”, and the figure with it"
        )
    }

    /// The count that is too small to be told; nil when there is none.
    private func smallCount(in value: Value, _ unit: MeasureUnit) -> Decimal? {
        guard case .number(let text, let numerator, let denominator) = value else { return nil }
        func decimal(_ text: DecimalText?) -> Decimal? { text.flatMap { Decimal(string: $0.description) } }
        let counts: [Decimal?]
        switch unit {
        case .persons, .count: counts = [decimal(text)]
        case .percent:
            let share = decimal(text).flatMap { share in decimal(denominator).map { $0 * share / 100 } }
            // Rounded up: 0.4 of a person is somebody.
            counts = [decimal(numerator) ?? share.map(roundedUp), decimal(denominator)]
        case .percentagePoints, .dkk, .index: counts = [decimal(numerator), decimal(denominator)]
        }
        return counts.compactMap(\.self).first { $0 > 0 && $0 < Decimal(threshold) }
    }

    private func roundedUp(_ value: Decimal) -> Decimal {
        var value = value
        var result = Decimal()
        NSDecimalRound(&result, &value, 0, .up)
        return result
    }
}
