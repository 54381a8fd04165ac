/// JSON as this protocol takes it: RFC 8259, and besides: no key twice in an object (readers disagree on which counts), at
/// most `Limits.depth` deep, no raw control characters, valid UTF-8.
///
/// Foundation's decoder takes the first of two equal keys without a word, so every text from outside passes here first.
public enum StrictJSON {
    /// Checks one JSON object that fills `range` of `bytes`.
    public static func checkObject(_ bytes: [UInt8], in range: Range<Int>) throws(Fault) {
        try JSONScanner.scan(bytes, in: range) { (scanner) throws(Fault) in
            guard scanner.peek() == UInt8(ascii: "{") else {
                throw Fault(rule: "json.object", message: "a JSON object must stand here")
            }
            try scanner.skipValue(depth: 1)
            guard scanner.isAtEnd else {
                throw Fault(rule: "json.trailing", message: "something follows the JSON object")
            }
        }
    }

    public static func checkObject(_ bytes: [UInt8]) throws(Fault) { try checkObject(bytes, in: 0..<bytes.count) }
}

/// A string of a JSON text.
struct JSONText {
    /// Where its bytes lie, without the quotes.
    let range: Range<Int>
    /// Whether it has no escape: then it says what its bytes say.
    let isPlain: Bool
}

/// One pass over JSON text. White space outside strings is allowed but for newline and tab, which separate lines and parts.
///
/// It reads bytes that it does not own, so that a step costs no reference count; each read is held against `end`.
struct JSONScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let end: Int
    private(set) var index: Int

    /// Calls `body` with a scanner over `range` of `bytes`, which is good until `body` returns.
    static func scan<Result>(
        _ bytes: [UInt8], in range: Range<Int>, _ body: (inout JSONScanner) throws(Fault) -> Result
    ) throws(Fault) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "JSON is looked for beyond its bytes")
        return try bytes.withUnsafeBufferPointer { (bytes) throws(Fault) in
            var scanner = JSONScanner(bytes: bytes, end: range.upperBound, index: range.lowerBound)
            return try body(&scanner)
        }
    }

    var isAtEnd: Bool { index == end }

    /// The byte at `place`; 0 beyond the end.
    private func byte(at place: Int) -> UInt8 { place < end ? bytes[place] : 0 }

    func peek() -> UInt8 { byte(at: index) }

    mutating func skipSpaces() { while peek() == UInt8(ascii: " ") { index += 1 } }

    @inline(__always)
    mutating func expect(_ byte: UInt8) throws(Fault) {
        guard index < end, bytes[index] == byte else { throw expected(byte) }
        index += 1
    }

    private func expected(_ byte: UInt8) -> Fault {
        Fault(
            rule: "json.syntax",
            message: "“\(Character(UnicodeScalar(byte)))” expected at byte \(index) of the JSON text")
    }

    /// Past one value.
    mutating func skipValue(depth: Int) throws(Fault) {
        switch peek() {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            // Objects and arrays are what is counted: what stands in the innermost is no deeper than it.
            guard depth <= Limits.depth else {
                throw Fault(rule: "json.depth", message: "JSON nested deeper than \(Limits.depth)")
            }
            if peek() == UInt8(ascii: "{") { try skipObject(depth: depth) } else { try skipArray(depth: depth) }
        case UInt8(ascii: "\""): _ = try skipString()
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        default: try skipNumber()
        }
    }

    private mutating func skipObject(depth: Int) throws(Fault) {
        // Few plain keys are compared one by one; many (a line holds up to 40,000), and those with escapes, by a set of what they say: or one
        // line stalls the reader.
        var few = InlineArray<32, JSONText>(repeating: JSONText(range: 0..<0, isPlain: true))
        var many: Set<[UInt8]> = []
        var count = 0
        var next = try firstKey()
        while let key = next {
            var isNew = true
            if count < few.count, key.isPlain, many.isEmpty {
                for place in 0..<count where sameKey(few[place], key) { isNew = false }
                few[count] = key
            } else {
                if many.isEmpty { for place in 0..<count { many.insert(Array(text(few[place]).utf8)) } }
                isNew = many.insert(Array(text(key).utf8)).inserted
            }
            guard isNew else {
                throw Fault(rule: "json.duplicate_key", message: "key “\(written(key.range))” stands twice")
            }
            count += 1
            try skipValue(depth: depth + 1)
            next = try nextKey()
        }
    }

    /// Into an object and to the value of its first key; nil where it has none, which is then passed.
    mutating func firstKey() throws(Fault) -> JSONText? {
        try expect(UInt8(ascii: "{"))
        skipSpaces()
        if peek() == UInt8(ascii: "}") {
            index += 1
            return nil
        }
        return try key()
    }

    /// From behind a value to that of the next key; nil past the end of the object.
    mutating func nextKey() throws(Fault) -> JSONText? {
        skipSpaces()
        if peek() == UInt8(ascii: ",") {
            index += 1
            return try key()
        }
        try expect(UInt8(ascii: "}"))
        return nil
    }

    private mutating func key() throws(Fault) -> JSONText {
        skipSpaces()
        let key = try skipString()
        skipSpaces()
        try expect(UInt8(ascii: ":"))
        skipSpaces()
        return key
    }

    private mutating func skipArray(depth: Int) throws(Fault) {
        try expect(UInt8(ascii: "["))
        skipSpaces()
        if peek() == UInt8(ascii: "]") {
            index += 1
            return
        }
        while true {
            skipSpaces()
            try skipValue(depth: depth + 1)
            skipSpaces()
            if peek() == UInt8(ascii: ",") {
                index += 1
                continue
            }
            try expect(UInt8(ascii: "]"))
            return
        }
    }

    private mutating func skipWord(_ word: StaticString) throws(Fault) {
        for offset in 0..<word.utf8CodeUnitCount { try expect(word.utf8Start[offset]) }
    }

    private mutating func digits() -> Int {
        let start = index
        while (48...57).contains(peek()) { index += 1 }
        return index - start
    }

    mutating func skipNumber() throws(Fault) {
        let start = index
        if peek() == UInt8(ascii: "-") { index += 1 }
        let leading = peek()
        let whole = digits()
        var valid = whole > 0 && (leading != UInt8(ascii: "0") || whole == 1)
        if valid, peek() == UInt8(ascii: ".") {
            index += 1
            valid = digits() > 0
        }
        if valid, peek() | 0x20 == UInt8(ascii: "e") {
            index += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { index += 1 }
            valid = digits() > 0
        }
        guard valid, index - start <= 40 else {
            throw Fault(rule: "json.syntax", message: "no JSON value at byte \(start)")
        }
    }

    /// Past one string.
    mutating func skipString() throws(Fault) -> JSONText {
        try expect(UInt8(ascii: "\""))
        let start = index
        var isPlain = true
        while index < end {
            skipPlain()
            guard index < end else { break }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return JSONText(range: start..<(index - 1), isPlain: isPlain)
            case UInt8(ascii: "\\"):
                isPlain = false
                try skipEscape()
            case 0..<0x20:
                throw Fault(
                    rule: "json.control", message: "a raw control character stands in a string at byte \(index)")
            case 0x20..<0x80: index += 1
            default: try skipScalar()
            }
        }
        throw Fault(rule: "json.syntax", message: "a string that begins at byte \(start) does not end")
    }

    /// Past bytes that need no look, eight at a time: ASCII from the space on, but for the quote and the backslash.
    private mutating func skipPlain() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let raw = UnsafeRawBufferPointer(bytes)
        while index + 8 <= end {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            // The top bit of a byte is set where it stops us. A borrow may set it in bytes above the first such, never below.
            let found = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) | word
            let stops = found & tops
            guard stops == 0 else {
                index += stops.trailingZeroBitCount >> 3
                return
            }
            index += 8
        }
    }

    private mutating func skipEscape() throws(Fault) {
        index += 1
        switch peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 1
        case UInt8(ascii: "u"):
            index += 1
            let unit = try hexUnit()
            // Surrogates come in pairs, or no decoder agrees with another on what they mean.
            if (0xD800..<0xDC00).contains(unit) {
                try expect(UInt8(ascii: "\\"))
                try expect(UInt8(ascii: "u"))
                guard (0xDC00..<0xE000).contains(try hexUnit()) else {
                    throw Fault(rule: "json.surrogate", message: "half a surrogate pair before byte \(index)")
                }
            } else if (0xDC00..<0xE000).contains(unit) {
                throw Fault(rule: "json.surrogate", message: "half a surrogate pair before byte \(index)")
            }
        default: throw Fault(rule: "json.syntax", message: "unknown escape at byte \(index)")
        }
    }

    private mutating func hexUnit() throws(Fault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = hexValue(peek()) else {
                throw Fault(rule: "json.syntax", message: "four hexadecimal digits expected at byte \(index)")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    /// Past one non-ASCII scalar of well-formed UTF-8 (RFC 3629, section 4).
    private mutating func skipScalar() throws(Fault) {
        let first = peek()
        let second = byte(at: index + 1)
        let length: Int
        let secondBounds: ClosedRange<UInt8>
        switch first {
        case 0xC2...0xDF: (length, secondBounds) = (2, 0x80...0xBF)
        case 0xE0: (length, secondBounds) = (3, 0xA0...0xBF)
        case 0xE1...0xEC, 0xEE...0xEF: (length, secondBounds) = (3, 0x80...0xBF)
        case 0xED: (length, secondBounds) = (3, 0x80...0x9F)
        case 0xF0: (length, secondBounds) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, secondBounds) = (4, 0x80...0xBF)
        case 0xF4: (length, secondBounds) = (4, 0x80...0x8F)
        default: throw notUTF8
        }
        guard index + length <= end, secondBounds.contains(second) else { throw notUTF8 }
        for offset in 2..<max(2, length) where byte(at: index + offset) & 0xC0 != 0x80 { throw notUTF8 }
        index += length
    }

    private var notUTF8: Fault { Fault(rule: "json.utf8", message: "no UTF-8 at byte \(index)") }

    // MARK: Values

    /// What `range` says as it is written.
    func written(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range.clamped(to: 0..<end)]), as: UTF8.self)
    }

    /// The text of a string, escapes resolved.
    func text(_ string: JSONText) -> String {
        guard !string.isPlain else { return written(string.range) }
        var units: [UInt16] = []
        var position = string.range.lowerBound
        var plain = position
        func flush(_ upTo: Int) { units += Array(written(plain..<upTo).utf16) }
        while position < string.range.upperBound {
            guard byte(at: position) == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            flush(position)
            let code = byte(at: position + 1)
            position += 2
            switch code {
            case UInt8(ascii: "n"): units.append(10)
            case UInt8(ascii: "t"): units.append(9)
            case UInt8(ascii: "r"): units.append(13)
            case UInt8(ascii: "b"): units.append(8)
            case UInt8(ascii: "f"): units.append(12)
            case UInt8(ascii: "u"):
                units.append(
                    (position..<(position + 4)).reduce(0) { $0 << 4 | UInt16(hexValue(byte(at: $1)) ?? 0) })
                position += 4
            default: units.append(UInt16(code))
            }
            plain = position
        }
        flush(string.range.upperBound)
        return String(decoding: units, as: UTF16.self)
    }

    /// A SHA-256 in `range`, if it is one.
    func hash(_ range: Range<Int>) -> Hash? {
        Hash(hex: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[range.clamped(to: 0..<end)]))
    }

    /// Whether `key` is `name`, which is plain ASCII; escapes resolved.
    @inline(__always)
    func isKey(_ key: JSONText, _ name: StaticString) -> Bool {
        guard key.isPlain else {
            return text(key).utf8.elementsEqual(
                UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        }
        guard key.range.count == name.utf8CodeUnitCount else { return false }
        for offset in 0..<name.utf8CodeUnitCount
        where byte(at: key.range.lowerBound + offset) != name.utf8Start[offset] { return false }
        return true
    }

    /// Of two plain ones. By bytes: `==` on strings would also hold composed and decomposed letters for one.
    private func sameKey(_ a: JSONText, _ b: JSONText) -> Bool {
        return a.range.count == b.range.count && bytes[a.range].elementsEqual(bytes[b.range])
    }
}

func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 97...102: byte - 87
    case 65...70: byte - 55
    default: nil
    }
}
