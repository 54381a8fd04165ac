/// Lines of a document, counted from 1 by newline, both ends included.
public struct LineRange: Hashable, Sendable, Codable, Comparable {
    public let first: Int
    public let last: Int

    /// Nil unless 1 ≤ first ≤ last.
    public init?(first: Int, last: Int) {
        guard first >= 1, first <= last else { return nil }
        self.first = first
        self.last = last
    }

    /// From `"158-167"` or `"158"`; nil for anything else.
    public init?(parsing text: some StringProtocol) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        // Digits only: `Int` would read “+5” too.
        guard (1...2).contains(ends.count), ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let first = Int(ends[0]), let last = Int(ends[ends.count - 1])
        else { return nil }
        self.init(first: first, last: last)
    }

    public static func < (a: LineRange, b: LineRange) -> Bool { (a.first, a.last) < (b.first, b.last) }

    public func contains(_ other: LineRange) -> Bool { first <= other.first && other.last <= last }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let range = LineRange(parsing: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "“\(text)” is not lines such as 158-167"))
        }
        self = range
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension LineRange: CustomStringConvertible {
    /// `158-167`; one line is written as a range too (`12-12`), as the Data Package wants it.
    public var description: String { "\(first)-\(last)" }
}

/// Where a fact stands: a document and its lines.
public struct Source: Hashable, Sendable, Codable {
    /// The file name of the document, as in `documents.yaml`.
    public var document: String
    /// At least one range.
    public var lines: [LineRange]

    public init(document: String, lines: [LineRange]) {
        self.document = document
        self.lines = lines
    }

    /// `file:first-last`, several joined by `;`: the form of the Data Package.
    public var reference: String { lines.map { "\(document):\($0)" }.joined(separator: ";") }
}
