/// What a message, a line and a name may be at most (Docs/protocol.md, "Limits"). Whoever sends more is refused.
public enum Limits {
    /// Bytes of a message's header.
    public static let header = 4 * 1024
    /// Bytes of one line, without its newline.
    public static let line = 256 * 1024
    /// Lines of one message.
    public static let batchLines = 1_000
    /// Bytes of one message's body.
    public static let batchBytes = 4 * 1024 * 1024
    /// Bytes of lines that the broker gives out in one message: one on its way is no silence on a line of 0.3 Mbit/s.
    public static let givenBytes = 512 * 1024
    /// Bytes of a name or an id.
    public static let name = 200
    /// How deep JSON may be nested.
    public static let depth = 64
    /// Messages with lines that may be in flight on one connection, one way.
    public static let window = 8
    /// The most refusals that an ack lists; the others stand in the ledger.
    public static let refusals = 8
    /// Bytes of lines that may be in flight on one connection, one way.
    public static let windowBytes = 8 * 1024 * 1024
    /// The protocol versions this program speaks.
    public static let versions = 1...1
}

/// A rule of the protocol that a message or a line breaks.
public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// For programs: `chain.prev`, `body.hash`; the whole list stands in Docs/protocol.md.
    public let rule: String
    /// For people.
    public let message: String
    /// Which line of the batch, from 0; nil when it is the message itself.
    public let line: Int?

    public init(rule: String, message: String, line: Int? = nil) {
        self.rule = rule
        self.message = message
        self.line = line
    }

    func at(_ line: Int) -> Fault { Fault(rule: rule, message: message, line: line) }

    public var description: String { "\(message)\(line.map { " (line \($0 + 1))" } ?? "") [\(rule)]" }
}
