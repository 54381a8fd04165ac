import Foundation
public import PolicyModel
public import Wire

/// What goes by an order, and where else its words stand.
public struct RedactionPlan: Sendable {
    /// The record that was named, and behind it its other versions that go in the same go, oldest first.
    public let lines: [Line]
    /// Other records that hold some of its words, in the order in which they came; those that go too are among them.
    public let echoes: [RedactionEcho]
    private let others: [Line]

    /// - Parameters:
    ///   - line: The record that is to go.
    ///   - others: Records that were kept too, of anybody: of its publisher and kind, and those of which `RedactedWords` finds an
    ///     echo; more do no harm.
    ///   - allVersions: Whether all other versions that hold some of its words go too.
    public init(_ line: Line, among others: [Line], allVersions: Bool) {
        let words = RedactedWords(of: line)
        let found = others.compactMap { other in words.echo(in: other).map { (line: other, echo: $0) } }
        echoes = found.map { pair in
            var echo = pair.echo
            echo.goes = allVersions && echo.isVersion
            return echo
        }
        lines = [line] + (allVersions ? found.filter(\.echo.isVersion).map(\.line) : [])
        self.others = others
    }

    /// The records of the same publisher, log and kind that came after one of `lines` and stay, in order.
    public func later(than line: Line) -> [Line] {
        others.filter {
            Self.isLater($0, than: line) && !lines.contains($0)
        }
    }

    /// Whether a record may say anew what another says.
    public static func isLater(_ other: Line, than line: Line) -> Bool {
        let (envelope, first) = (other.envelope, line.envelope)
        return envelope.publisher == first.publisher && envelope.log == first.log && envelope.kind == first.kind
            && envelope.seq > first.seq
    }
}

/// The sentences of a record that is to go, to find them in others. A later version carries over what is not said anew, and one
/// record quotes another.
public struct RedactedWords: Sendable {
    private let line: Line
    private let sentences: [String]

    public init(of line: Line) {
        self.line = line
        var seen: Set<String> = []
        sentences = Redacting.leaves(of: line).flatMap { Self.sentences($0.text) }.filter { seen.insert($0).inserted }
    }

    /// What is said in two words or more: a code or a date is no sentence.
    private static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        func end() {
            let sentence = current.trimmingCharacters(in: .whitespacesAndNewlines)
            if words(sentence) > 1 { sentences.append(sentence) }
            current = ""
        }
        for character in text {
            if character.isNewline || (character.isWhitespace && current.last.map { ".!?".contains($0) } == true) {
                end()
            } else {
                current.append(character)
            }
        }
        end()
        return sentences
    }

    private static func words(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }

    /// Where `other` holds one of the sentences; nil where it does not, is the record itself, or has no body to lose. In what is not
    /// a version of the same only a sentence of three words or more is looked for: “Nyt år” is said by many.
    public func echo(in other: Line) -> RedactionEcho? {
        guard other.name != line.name, !other.isRedacted, Redaction.reasonToKeep(other.kind) == nil else { return nil }
        let (envelope, own) = (other.envelope, line.envelope)
        let isVersion =
            envelope.publisher == own.publisher && envelope.kind == own.kind && envelope.id == own.id
        let looked = isVersion ? sentences : sentences.filter { Self.words($0) > 2 }
        guard !looked.isEmpty else { return nil }
        let texts = Redacting.leaves(of: other).map(\.text)
        let shared = looked.filter { sentence in texts.contains { $0.contains(sentence) } }
        guard !shared.isEmpty else { return nil }
        return RedactionEcho(
            record: other.name, kind: envelope.kind, id: envelope.id, bodyHash: envelope.bodyHash.hex,
            isVersion: isVersion, words: shared.prefix(3).map { Redacting.beginning(of: $0) })
    }
}

/// Another record that holds some of the words of one that is to go.
public struct RedactionEcho: Codable, Hashable, Sendable {
    public var record: RecordName
    public var kind: String
    public var id: String
    /// SHA-256 of its body.
    public var bodyHash: String
    /// Whether it is a version of the same: of the same publisher, kind and id.
    public var isVersion: Bool
    /// How what both say begins; nil where nobody is to read it.
    public var words: [String]?
    /// Whether it loses its body by the same command.
    public var goes = false

    enum CodingKeys: String, CodingKey {
        case record, kind, id, words, goes
        case bodyHash = "body_sha256"
        case isVersion = "version"
    }
}
