/// An exact decimal number as text (`15.3`, `1500`, `-2`): money, shares and counts travel so, never as binary fractions.
///
/// At most 30 digits, no exponent, no leading zeros but for a single one before the point.
public struct DecimalText: Hashable, Sendable, Codable, CustomStringConvertible {
    public let description: String

    public init?(_ text: some StringProtocol) {
        var body = Substring(text)
        if body.first == "-" { body = body.dropFirst() }
        let parts = body.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            parts.reduce(0, { $0 + $1.utf8.count }) <= 30, parts[0] == "0" || parts[0].first != "0"
        else { return nil }
        description = String(text)
    }

    public init(_ number: Int) { description = String(number) }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = DecimalText(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath, debugDescription: "“\(text)” is not a decimal number such as 15.3"))
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension DecimalText {
    /// As people write it: `1.234,5` in Danish, `1,234.5` in English, with a minus sign.
    public func text(in language: Language) -> String {
        let (separator, point) = language == .danish ? (".", ",") : (",", ".")
        let isNegative = description.hasPrefix("-")
        let parts = description.drop { $0 == "-" }.split(separator: ".")
        let digits = Array(parts.first ?? "0")
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { grouped += separator }
            grouped.append(digit)
        }
        return (isNegative ? "−" : "") + grouped + (parts.count > 1 ? point + parts[1] : "")
    }
}
