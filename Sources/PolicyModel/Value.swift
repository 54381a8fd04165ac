/// What a measurement says. The four stay apart everywhere: a suppressed count is not a missing one.
public enum Value: Hashable, Sendable {
    /// With numerator and denominator where it is a share.
    case number(DecimalText, numerator: DecimalText? = nil, denominator: DecimalText? = nil)
    /// Too small to be told: numerator and denominator go with it.
    case suppressed
    /// To be measured.
    case missing
    case notApplicable

    public enum Status: String, Codable, Sendable, CaseIterable {
        case number, suppressed, missing
        case notApplicable = "not_applicable"
    }

    public var status: Status {
        switch self {
        case .number: .number
        case .suppressed: .suppressed
        case .missing: .missing
        case .notApplicable: .notApplicable
        }
    }

    /// The number; nil for the other three.
    public var number: DecimalText? { if case .number(let number, _, _) = self { number } else { nil } }
}

extension Value: Codable {
    enum CodingKeys: String, CodingKey { case status, value, numerator, denominator }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(Status.self, forKey: .status) {
        case .number:
            self = .number(
                try container.decode(DecimalText.self, forKey: .value),
                numerator: try container.decodeIfPresent(DecimalText.self, forKey: .numerator),
                denominator: try container.decodeIfPresent(DecimalText.self, forKey: .denominator))
        case .suppressed: self = .suppressed
        case .missing: self = .missing
        case .notApplicable: self = .notApplicable
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(status, forKey: .status)
        if case .number(let value, let numerator, let denominator) = self {
            try container.encode(value, forKey: .value)
            try container.encodeIfPresent(numerator, forKey: .numerator)
            try container.encodeIfPresent(denominator, forKey: .denominator)
        }
    }
}

/// What a figure is counted in.
public enum MeasureUnit: String, Codable, Sendable, CaseIterable {
    /// A share of a population, as printed: 85, not 0.85.
    case percent
    case percentagePoints = "percentage_points"
    case persons, dkk, count, index
}
