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
        let line = LogLineHead.contiguous(text) { bytes -> LogLine? in
            guard let head = LogLineHead.Parts(bytes) else { return nil }
            var scanner = head.rest
            var fields: [String: String] = [:]
            while let (name, value) = scanner.next() {
                guard fields.updateValue(value.decoded(bytes), forKey: name.decoded(bytes)) == nil else { return nil }
            }
            guard scanner.isAtEnd else { return nil }
            return LogLine(
                time: head.time.decoded(bytes), level: head.level, process: head.process.decoded(bytes),
                message: head.message.decoded(bytes), fields: fields)
        }
        guard let line else { return nil }
        self = line
    }

    /// What may stand in a value without quotes: no blank, no control character, and none of the form's own.
    fileprivate static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            && byte != UInt8(ascii: "=")
    }

    private static func written(_ value: String) -> String {
        !value.isEmpty && value.utf8.allSatisfy(isPlain) ? value : quoted(value)
    }

    private static func quoted(_ value: String) -> String {
        let isAsItStands = value.utf8.allSatisfy {
            $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        if isAsItStands { return "\"\(value)\"" }
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

/// What a host looks at in a line that a plugin has printed, and it may print thousands a second: that all of it has the form, and how
/// grave it is, from whom. Nothing is made of the fields: that one stands twice is not seen.
public struct LogLineHead: Equatable, Sendable {
    public let level: Logger.Level
    public let process: String
    /// Nil where it was not asked for.
    public let message: String?

    /// - Parameter gravest: from this level on the message is wanted.
    /// - Returns: nil for what is no line of the form.
    public init?(of text: String, messageFrom gravest: Logger.Level) {
        let head = Self.contiguous(text) { bytes -> LogLineHead? in
            guard let head = Parts(bytes) else { return nil }
            var scanner = head.rest
            while scanner.next() != nil {}
            guard scanner.isAtEnd else { return nil }
            return LogLineHead(
                level: head.level, process: head.process.decoded(bytes),
                message: head.level >= gravest ? head.message.decoded(bytes) : nil)
        }
        guard let head else { return nil }
        self = head
    }

    private init(level: Logger.Level, process: String, message: String?) {
        (self.level, self.process, self.message) = (level, process, message)
    }

    /// The four that each line begins with, as they stand in it, and what follows on them.
    fileprivate struct Parts {
        let time: PairScanner.Part
        let level: Logger.Level
        let process: PairScanner.Part
        let message: PairScanner.Part
        let rest: PairScanner

        init?(_ bytes: UnsafeBufferPointer<UInt8>) {
            var scanner = PairScanner(bytes: bytes)
            guard let time = scanner.next("time"), isTime(bytes[time.range]), let name = scanner.next("level"),
                let level = Logger.Level(rawValue: name.decoded(bytes)), let process = scanner.next("process"),
                let message = scanner.next("msg")
            else { return nil }
            (self.time, self.level, self.process, self.message, rest) = (time, level, process, message, scanner)
        }
    }

    fileprivate static func contiguous<Result>(
        _ text: some StringProtocol, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        text.utf8.withContiguousStorageIfAvailable(body) ?? Array(text.utf8).withUnsafeBufferPointer(body)
    }

    /// Whether it is as `2026-11-26T17:00:00.123Z`.
    fileprivate static func isTime(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let form: StaticString = "0000-00-00T00:00:00.000Z"
        guard bytes.count == form.utf8CodeUnitCount else { return false }
        for place in 0..<bytes.count {
            let (byte, like) = (bytes[bytes.startIndex + place], form.utf8Start[place])
            let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
            guard like == UInt8(ascii: "0") ? isDigit : byte == like else { return false }
        }
        return true
    }
}

/// Takes `name=value` after `name=value` off a line, with one blank between two. Looks at each byte once and makes nothing of it.
private struct PairScanner {
    /// A name or a value, as it stands in the line: of one in quotes, what is between them.
    struct Part {
        let range: Range<Int>
        var hasEscapes = false

        func decoded(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
            guard hasEscapes else {
                return String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
            }
            var value: [UInt8] = []
            var at = range.lowerBound
            while at < range.upperBound {
                let byte = bytes[at]
                at += 1
                value.append(byte == UInt8(ascii: "\\") ? PairScanner.escaped(bytes, &at) ?? byte : byte)
            }
            return String(decoding: value, as: UTF8.self)
        }
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0
    /// Whether all of it was taken, and all was of the form.
    var isAtEnd: Bool { place == bytes.count }

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The value of the next pair; nil where that has another name.
    mutating func next(_ name: StaticString) -> Part? {
        guard let (found, value) = next(), found.range.count == name.utf8CodeUnitCount else { return nil }
        for place in 0..<found.range.count
        where bytes[found.range.lowerBound + place] != name.utf8Start[place] { return nil }
        return value
    }

    /// Nil at the end, and where it goes on in another form.
    mutating func next() -> (name: Part, value: Part)? {
        var at = place
        if at > 0 {
            guard at < bytes.count, bytes[at] == UInt8(ascii: " ") else { return nil }
            at += 1
        }
        let nameStart = at
        while at < bytes.count, Self.isOfName(bytes[at]) { at += 1 }
        guard at > nameStart, at < bytes.count, bytes[at] == UInt8(ascii: "=") else { return nil }
        let name = Part(range: nameStart..<at)
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

    private func plain(_ at: inout Int) -> Part? {
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: " ") {
            guard LogLine.isPlain(bytes[at]) else { return nil }
            at += 1
        }
        return at > start ? Part(range: start..<at) : nil
    }

    private func quoted(_ at: inout Int) -> Part? {
        at += 1
        let start = at
        var hasEscapes = false
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\"") { return Part(range: start..<(at - 1), hasEscapes: hasEscapes) }
            if byte == UInt8(ascii: "\\") {
                guard Self.escaped(bytes, &at) != nil else { return nil }
                hasEscapes = true
            } else if byte < 0x20 || byte == 0x7f {
                return nil
            }
        }
        return nil
    }

    /// What stands behind a backslash; of `\u` the control characters, which alone are written so.
    private static func escaped(_ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> UInt8? {
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
            var value = 0
            for _ in 0..<4 {
                at += 1
                guard let digit = digit(bytes[at]) else { return nil }
                value = value << 4 + digit
            }
            return value < 0x80 ? UInt8(value) : nil
        default: return nil
        }
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
