import Crypto

/// A SHA-256: of an envelope's bytes, of a body's bytes, or a ledger's root.
public struct Hash: Hashable, Sendable, CustomStringConvertible {
    private let a: UInt64, b: UInt64, c: UInt64, d: UInt64

    /// What stands as `prev` in a publisher's first record, and as the root of an empty ledger.
    public static let zero = Hash(0, 0, 0, 0)

    private init(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) { (self.a, self.b, self.c, self.d) = (a, b, c, d) }

    public init(of bytes: some ContiguousBytesLike) {
        self = bytes.withRaw { Hash(raw: $0) }
    }

    private init(raw bytes: UnsafeRawBufferPointer) {
        var function = SHA256()
        function.update(bufferPointer: bytes)
        self.init(digest: function.finalize())
    }

    private init(digest: SHA256.Digest) {
        self = digest.withUnsafeBytes { raw in
            func word(_ index: Int) -> UInt64 {
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
            return Hash(word(0), word(1), word(2), word(3))
        }
    }

    /// From 64 lower-case hexadecimal digits; nil for anything else.
    public init?(hex: String) {
        var hex = hex
        guard let hash = hex.withUTF8({ Hash(hex: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = hash
    }

    init?(hex digits: UnsafeRawBufferPointer) {
        guard digits.count == 64 else { return nil }
        func word(_ place: Int) -> UInt64? {
            guard let high = Self.half(of: digits, at: place), let low = Self.half(of: digits, at: place + 8) else {
                return nil
            }
            return high << 32 | low
        }
        guard let a = word(0), let b = word(16), let c = word(32), let d = word(48) else { return nil }
        self.init(a, b, c, d)
    }

    /// What eight digits from `place` on say: 32 bits; nil where they are none.
    private static func half(of digits: UnsafeRawBufferPointer, at place: Int) -> UInt64? {
        let text = UInt64(bigEndian: digits.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        // Of a letter, bit 6 is set, and its low half counts from 1.
        let letters = (text >> 6) & 0x0101_0101_0101_0101
        var value = (text & 0x0F0F_0F0F_0F0F_0F0F) &+ letters &* 9
        value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
        value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
        value = (value | value >> 16) & 0xFFFF_FFFF
        // Whatever is no digit is not what its value is written as.
        return Self.digits(of: value) == text ? value : nil
    }

    /// The eight digits that say `half`, 32 bits, the first in the highest byte.
    private static func digits(of half: UInt64) -> UInt64 {
        // One in each byte: 0 to 15, then 10 and more moved on to the letters.
        var value = (half << 16 | half) & 0x0000_FFFF_0000_FFFF
        value = (value << 8 | value) & 0x00FF_00FF_00FF_00FF
        value = (value << 4 | value) & 0x0F0F_0F0F_0F0F_0F0F
        let letters = ((value &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        return value &+ 0x3030_3030_3030_3030 &+ letters &* 39
    }

    /// 64 lower-case hexadecimal digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 64) {
            writeHex(UnsafeMutableRawBufferPointer($0))
            return 64
        }
    }

    /// Writes the 64 digits to the front of `digits`.
    private func writeHex(_ digits: UnsafeMutableRawBufferPointer) {
        var place = 0
        for word in [a, b, c, d] {
            for half in [word >> 32, word & 0xFFFF_FFFF] {
                digits.storeBytes(of: Self.digits(of: half).bigEndian, toByteOffset: place, as: UInt64.self)
                place += 8
            }
        }
    }

    /// 32 bytes, as stored.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)) { Array($0) }
    }

    /// Calls `body` with the same 32 bytes, without an array around them.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try withUnsafeBytes(of: (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian), body)
    }

    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        let words = bytes.withContiguousStorageIfAvailable { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            func word(_ index: Int) -> UInt64 {
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
            return (word(0), word(1), word(2), word(3))
        }
        guard let words else {
            self.init(bytes: Array(bytes))
            return
        }
        self.init(words.0, words.1, words.2, words.3)
    }

    public var description: String { hex }

    /// The ledger's root after one more record: SHA-256 of the text `<root before>\n<position>\n<received>\n<record hash>\n`.
    public func root(position: Int64, received: String, record: Hash) -> Hash {
        // Once a record: the text is put together on the stack.
        let time = received.utf8
        let number = String(position).utf8
        let newline = UInt8(ascii: "\n")
        return withUnsafeTemporaryAllocation(byteCount: 64 + number.count + time.count + 64 + 4, alignment: 1) { text in
            writeHex(text)
            var place = 64
            func put(_ bytes: some Sequence<UInt8>) {
                for byte in bytes {
                    text[place] = byte
                    place += 1
                }
            }
            put(CollectionOfOne(newline))
            put(number)
            put(CollectionOfOne(newline))
            put(time)
            put(CollectionOfOne(newline))
            record.writeHex(UnsafeMutableRawBufferPointer(rebasing: text[place...]))
            text[place + 64] = newline
            return Hash(raw: UnsafeRawBufferPointer(text))
        }
    }
}

/// Bytes that lie side by side: an array or a slice of one.
public protocol ContiguousBytesLike {
    func withRaw<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R
}

extension Array: ContiguousBytesLike where Element == UInt8 {
    public func withRaw<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R { withUnsafeBytes(body) }
}

extension ArraySlice: ContiguousBytesLike where Element == UInt8 {
    public func withRaw<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R { withUnsafeBytes(body) }
}

private let hexDigits = Array("0123456789abcdef".utf8)

/// Lower-case hexadecimal digits of `bytes`.
public func hexText(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
        text.append(hexDigits[Int(byte >> 4)])
        text.append(hexDigits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// The bytes that `hex` writes; nil when it is no even number of hexadecimal digits.
public func hexBytes(_ hex: String) -> [UInt8]? {
    let digits = Array(hex.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
        guard let high = hexValue(digits[index]), let low = hexValue(digits[index + 1]) else { return nil }
        bytes.append(high << 4 | low)
    }
    return bytes
}
