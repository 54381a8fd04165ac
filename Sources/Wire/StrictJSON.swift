/// JSON as this protocol takes it: RFC 8259, and besides: no key twice in an object (readers disagree on which counts), at
/// most `Limits.depth` deep, no raw control characters, valid UTF-8.
///
/// Foundation's decoder takes the first of two equal keys without a word, so every text from outside passes here first.
public enum StrictJSON {
    /// Checks one JSON object that fills `range` of `bytes`.
    public static func checkObject(_ bytes: [UInt8], in range: Range<Int>) throws(Fault) {
        var scanner = JSONScanner(bytes, range)
        guard scanner.peek() == UInt8(ascii: "{") else {
            throw Fault(rule: "json.object", message: "a JSON object must stand here")
        }
        try scanner.skipValue(depth: 1)
        guard scanner.index == range.upperBound else {
            throw Fault(rule: "json.trailing", message: "something follows the JSON object")
        }
    }

    public static func checkObject(_ bytes: [UInt8]) throws(Fault) { try checkObject(bytes, in: 0..<bytes.count) }
}

/// One pass over JSON text. White space outside strings is allowed but for newline and tab, which separate lines and parts.
struct JSONScanner {
    let bytes: [UInt8]
    let end: Int
    var index: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
    }

    func peek() -> UInt8 { index < end ? bytes[index] : 0 }

    mutating func skipSpaces() { while index < end, bytes[index] == 0x20 { index += 1 } }

    mutating func expect(_ byte: UInt8) throws(Fault) {
        guard index < end, bytes[index] == byte else {
            throw Fault(
                rule: "json.syntax",
                message: "“\(Character(UnicodeScalar(byte)))” expected at byte \(index) of the JSON text")
        }
        index += 1
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
        // Few keys are compared one by one; many (a line holds up to 40,000) by a set, or one object stalls the reader.
        var keys: [Range<Int>] = []
        var many: Set<[UInt8]> = []
        try forEachKey { (scanner, key) throws(Fault) in
            let isNew: Bool
            if keys.count < 32 {
                isNew = !keys.contains { scanner.sameKey($0, key) }
                keys.append(key)
            } else {
                if many.isEmpty { for old in keys { many.insert(Array(scanner.text(old).utf8)) } }
                isNew = many.insert(Array(scanner.text(key).utf8)).inserted
            }
            guard isNew else {
                throw Fault(
                    rule: "json.duplicate_key",
                    message: "key “\(String(decoding: scanner.bytes[key], as: UTF8.self))” stands twice")
            }
            try scanner.skipValue(depth: depth + 1)
        }
    }

    /// Calls `body` at each value of an object, with the bytes of its key (without quotes, escapes as written).
    mutating func forEachKey(_ body: (inout JSONScanner, Range<Int>) throws(Fault) -> Void) throws(Fault) {
        try expect(UInt8(ascii: "{"))
        skipSpaces()
        if peek() == UInt8(ascii: "}") {
            index += 1
            return
        }
        while true {
            skipSpaces()
            let key = try skipString()
            skipSpaces()
            try expect(UInt8(ascii: ":"))
            skipSpaces()
            try body(&self, key)
            skipSpaces()
            if peek() == UInt8(ascii: ",") {
                index += 1
                continue
            }
            try expect(UInt8(ascii: "}"))
            return
        }
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
        while index < end, bytes[index] >= 48, bytes[index] <= 57 { index += 1 }
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

    /// Past one string; the bytes between its quotes.
    mutating func skipString() throws(Fault) -> Range<Int> {
        try expect(UInt8(ascii: "\""))
        let start = index
        while index < end {
            skipPlain()
            guard index < end else { break }
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return start..<(index - 1)
            case UInt8(ascii: "\\"): try skipEscape()
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
        index = bytes.withUnsafeBytes { [index, end] raw in
            let ones: UInt64 = 0x0101_0101_0101_0101
            let tops: UInt64 = 0x8080_8080_8080_8080
            var place = index
            while place + 8 <= end {
                let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                let quote = word ^ (ones &* 0x22)
                let backslash = word ^ (ones &* 0x5C)
                // The top bit of a byte is set where it stops us. A borrow may set it in bytes above the first such, never below.
                let found = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) | word
                let stops = found & tops
                guard stops == 0 else {
                    place += stops.trailingZeroBitCount >> 3
                    break
                }
                place += 8
            }
            return place
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
            guard index < end, let digit = hexValue(bytes[index]) else {
                throw Fault(rule: "json.syntax", message: "four hexadecimal digits expected at byte \(index)")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    /// Past one non-ASCII scalar of well-formed UTF-8 (RFC 3629, section 4).
    private mutating func skipScalar() throws(Fault) {
        let first = bytes[index]
        let second = index + 1 < end ? bytes[index + 1] : 0
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
        for offset in 2..<max(2, length) where bytes[index + offset] & 0xC0 != 0x80 { throw notUTF8 }
        index += length
    }

    private var notUTF8: Fault { Fault(rule: "json.utf8", message: "no UTF-8 at byte \(index)") }

    // MARK: Values

    /// The text of a string whose raw bytes are `range`.
    func text(_ range: Range<Int>) -> String {
        guard bytes[range].contains(UInt8(ascii: "\\")) else { return String(decoding: bytes[range], as: UTF8.self) }
        var units: [UInt16] = []
        var position = range.lowerBound
        var plain = position
        func flush(_ upTo: Int) { units += Array(String(decoding: bytes[plain..<upTo], as: UTF8.self).utf16) }
        while position < range.upperBound {
            guard bytes[position] == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            flush(position)
            let code = bytes[position + 1]
            position += 2
            switch code {
            case UInt8(ascii: "n"): units.append(10)
            case UInt8(ascii: "t"): units.append(9)
            case UInt8(ascii: "r"): units.append(13)
            case UInt8(ascii: "b"): units.append(8)
            case UInt8(ascii: "f"): units.append(12)
            case UInt8(ascii: "u"):
                units.append(bytes[position..<(position + 4)].reduce(0) { $0 << 4 | UInt16(hexValue($1) ?? 0) })
                position += 4
            default: units.append(UInt16(code))
            }
            plain = position
        }
        flush(range.upperBound)
        return String(decoding: units, as: UTF16.self)
    }

    /// Whether the key whose raw bytes are `range` is `name`, which is plain ASCII; escapes resolved.
    func isKey(_ range: Range<Int>, _ name: StaticString) -> Bool {
        if range.count == name.utf8CodeUnitCount {
            // An escape is longer than what it stands for: of equal length, they are the same bytes.
            return bytes.withUnsafeBufferPointer { bytes in
                for offset in 0..<range.count where bytes[range.lowerBound + offset] != name.utf8Start[offset] {
                    return false
                }
                return true
            }
        }
        return range.count > name.utf8CodeUnitCount && bytes[range].contains(UInt8(ascii: "\\"))
            && text(range).utf8.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    func sameKey(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
        if a.count == b.count, bytes[a].elementsEqual(bytes[b]) { return true }
        guard bytes[a].contains(UInt8(ascii: "\\")) || bytes[b].contains(UInt8(ascii: "\\")) else { return false }
        // By bytes: `==` on strings would also hold composed and decomposed letters for one.
        return text(a).utf8.elementsEqual(text(b).utf8)
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
