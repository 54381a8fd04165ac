import Crypto

/// A SHA-256: of an envelope's bytes, of a body's bytes, or a ledger's root.
public struct Hash: Hashable, Sendable, CustomStringConvertible {
    private let a: UInt64, b: UInt64, c: UInt64, d: UInt64

    /// What stands as `prev` in a publisher's first record, and as the root of an empty ledger.
    public static let zero = Hash(0, 0, 0, 0)

    private init(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) { (self.a, self.b, self.c, self.d) = (a, b, c, d) }

    public init(of bytes: some ContiguousBytesLike) {
        var function = SHA256()
        bytes.withRaw { function.update(bufferPointer: $0) }
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
        let digits = Array(hex.utf8)
        self.init(hex: digits, in: 0..<digits.count)
    }

    init?(hex digits: [UInt8], in range: Range<Int>) {
        guard range.count == 64 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (offset, index) in range.enumerated() {
            let byte = digits[index]
            guard let value = hexValue(byte), !(65...70).contains(byte) else { return nil }
            switch offset >> 4 {
            case 0: words.0 = words.0 << 4 | UInt64(value)
            case 1: words.1 = words.1 << 4 | UInt64(value)
            case 2: words.2 = words.2 << 4 | UInt64(value)
            default: words.3 = words.3 << 4 | UInt64(value)
            }
        }
        self.init(words.0, words.1, words.2, words.3)
    }

    /// 64 lower-case hexadecimal digits.
    public var hex: String {
        hexText(withUnsafeBytes(of: (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)) { Array($0) })
    }

    /// 32 bytes, as stored.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)) { Array($0) }
    }

    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words: [UInt64] = []
        var iterator = bytes.makeIterator()
        for _ in 0..<4 { words.append((0..<8).reduce(0) { word, _ in word << 8 | UInt64(iterator.next() ?? 0) }) }
        self.init(words[0], words[1], words[2], words[3])
    }

    public var description: String { hex }

    /// The ledger's root after one more record: SHA-256 of the text `<root before>\n<position>\n<received>\n<record hash>\n`.
    public func root(position: Int64, received: String, record: Hash) -> Hash {
        Hash(of: Array("\(hex)\n\(position)\n\(received)\n\(record.hex)\n".utf8))
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
