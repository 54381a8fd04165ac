public import Logging

/// One line of the log of a service (broker, node, policy plugin, coordinator), in the one form that all of them write (logfmt):
///
///     time=2026-11-26T17:00:00.123Z level=warning process=node msg="no word from tcp://…" broker=tcp://10.0.0.5:7415 publisher=SOF
///
/// First when, how grave, who and what; then what it is about, by name. A value with anything but plain characters stands in quotes, as
/// JSON writes a string: a line has no line break in it, whatever it quotes.
public struct LogLine: Hashable, Sendable {
    /// `2026-11-26T17:00:00.123Z`.
    public var time: String
    public var level: Logger.Level
    /// Which of the services: `broker`, `node`, `policy`, `coordinator`; `plugin` for what a plugin printed that is no such line.
    public var process: String
    /// For people.
    public var message: String
    /// For programs: what it is about. Names are of `a`–`z`, `0`–`9` and `_`.
    public var fields: [String: String]

    public init(time: String, level: Logger.Level, process: String, message: String, fields: [String: String] = [:]) {
        self.time = time
        self.level = level
        self.process = process
        self.message = message
        self.fields = fields
    }

    /// The line, without its line break.
    public var text: String {
        let about = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.written($0.value))" }
        return
            "time=\(Self.written(time)) level=\(level.rawValue) process=\(Self.written(process)) msg=\(Self.quoted(message))"
            + about.joined()
    }

    /// - Returns: nil for what is no line of this form.
    public init?(parsing text: some StringProtocol) {
        // What most lines of others lack: looked at first, as a plugin may print thousands a second.
        guard text.hasPrefix("time=") else { return nil }
        var scanner = PairScanner(bytes: Array(text.utf8))
        var pairs: [(name: String, value: String)] = []
        while let pair = scanner.next() { pairs.append(pair) }
        guard scanner.isAtEnd, pairs.prefix(4).map(\.name) == ["time", "level", "process", "msg"],
            pairs[0].value.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil,
            let level = Logger.Level(rawValue: pairs[1].value)
        else { return nil }
        var fields: [String: String] = [:]
        for (name, value) in pairs.dropFirst(4) where fields.updateValue(value, forKey: name) != nil { return nil }
        self.init(
            time: pairs[0].value, level: level, process: pairs[2].value, message: pairs[3].value, fields: fields)
    }

    /// What a value without quotes has none of, besides blanks and control characters.
    fileprivate static let beyondPlain = Array("\"\\=".utf8)

    private static func written(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && !beyondPlain.contains($0) }
        return isPlain && !value.isEmpty ? value : quoted(value)
    }

    private static func quoted(_ value: String) -> String {
        var bytes = [UInt8(ascii: "\"")]
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 10: bytes += "\\n".utf8
            case 13: bytes += "\\r".utf8
            case 9: bytes += "\\t".utf8
            case ..<0x20, 0x7f: bytes += "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Takes `name=value` after `name=value` off a line, with one blank between two.
private struct PairScanner {
    private let bytes: [UInt8]
    private var place = 0
    /// Whether all of it was taken, and all was of the form.
    var isAtEnd: Bool { place == bytes.count }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Nil at the end, and where it goes on in another form.
    mutating func next() -> (name: String, value: String)? {
        var at = place
        if at > 0 {
            guard at < bytes.count, bytes[at] == UInt8(ascii: " ") else { return nil }
            at += 1
        }
        let nameStart = at
        while at < bytes.count, Self.isOfName(bytes[at]) { at += 1 }
        guard at > nameStart, at < bytes.count, bytes[at] == UInt8(ascii: "=") else { return nil }
        let name = String(decoding: bytes[nameStart..<at], as: UTF8.self)
        at += 1
        guard let value = at < bytes.count && bytes[at] == UInt8(ascii: "\"") ? quoted(&at) : plain(&at) else {
            return nil
        }
        place = at
        return (name, value)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private func plain(_ at: inout Int) -> String? {
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: " ") {
            guard bytes[at] > 0x20, bytes[at] != 0x7f, !LogLine.beyondPlain.contains(bytes[at]) else { return nil }
            at += 1
        }
        return at > start ? String(decoding: bytes[start..<at], as: UTF8.self) : nil
    }

    private func quoted(_ at: inout Int) -> String? {
        var value: [UInt8] = []
        at += 1
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let meant = escaped(&at) else { return nil }
                value.append(meant)
            case ..<0x20, 0x7f: return nil
            default: value.append(byte)
            }
        }
        return nil
    }

    /// What stands behind a backslash; of `\u` the control characters, which alone are written so.
    private func escaped(_ at: inout Int) -> UInt8? {
        guard at < bytes.count else { return nil }
        defer { at += 1 }
        switch bytes[at] {
        case UInt8(ascii: "\""): return UInt8(ascii: "\"")
        case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "u"):
            guard at + 4 < bytes.count else { return nil }
            let digits = String(decoding: bytes[(at + 1)...(at + 4)], as: UTF8.self)
            at += 4
            return UInt8(digits, radix: 16).flatMap { $0 < 0x80 ? $0 : nil }
        default: return nil
        }
    }
}
