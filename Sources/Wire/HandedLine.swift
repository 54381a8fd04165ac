/// A record as it stands in a file: envelope, tab, body, and behind a second tab the signature where it is the last of a signed
/// batch. `cut -f1` gives the envelope, `cut -f2` the body; more columns may follow, which an export of a ledger uses.
public struct HandedLine: Hashable, Sendable {
    public struct Signature: Hashable, Sendable {
        public let keyID: String
        public let text: String

        public init(keyID: String, text: String) {
            self.keyID = keyID
            self.text = text
        }
    }

    public let line: Line
    /// Over the publisher's chain up to this line.
    public let signature: Signature?
    /// Further columns.
    public let more: [String]

    public init(_ line: Line, signature: Signature?, more: [String] = []) {
        self.line = line
        self.signature = signature
        self.more = more
    }

    /// Without the newline.
    public var bytes: [UInt8] {
        guard signature != nil || !more.isEmpty else { return line.bytes }
        let columns = [signature.map { "\($0.keyID):\($0.text)" } ?? "-"] + more
        return line.bytes + columns.flatMap { [UInt8(ascii: "\t")] + Array($0.utf8) }
    }

    /// - Throws: a `Fault`: that of the line, or `line.tab` where the third column is no signature.
    public init(parsing bytes: [UInt8]) throws(Fault) {
        let columns = bytes.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        guard columns.count >= 2 else {
            throw Fault(rule: "line.tab", message: "a line without the tab between envelope and body")
        }
        line = try Line(parsing: Array(bytes[..<columns[1].endIndex]))
        more = columns.dropFirst(3).map { String(decoding: $0, as: UTF8.self) }
        let text = columns.count > 2 ? String(decoding: columns[2], as: UTF8.self) : "-"
        guard text != "-" else {
            signature = nil
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 16, parts[1].utf8.count == 128 else {
            throw Fault(
                rule: "line.tab", message: "the third column is no signature (key id, colon, 128 digits), nor “-”")
        }
        signature = Signature(keyID: String(parts[0]), text: String(parts[1]))
    }
}
