internal import Foundation
internal import PolicyModel

/// A document's text without what line breaks and PDF extraction put into it, so that words can be compared.
///
/// The documents break words with a hyphen at the line end ("under-⏎støtter"), with stray blanks ("LG⏎BTI+") and with
/// hyphens on lines of their own. So all white space and all soft hyphens are dropped, and a hyphen before a line end
/// becomes `lineEndHyphen`, which matches a hyphen or nothing: "Beskæftigelses-⏎forvaltningen" is found written with
/// its hyphen and without. Text is compared as UTF-8 in canonical composition (NFC), case and all.
struct FoldedText {
    /// Stands for a hyphen at a line end. A control character, so it is never a letter of the text.
    private static let lineEndHyphen: UInt8 = 0x1F
    private var bytes: [UInt8] = []
    /// For each byte, whether it stood right behind the one before it, with no white space between.
    private var joined: [Bool] = []
    /// Where each line begins in `bytes`, and at last where the text ends.
    private var starts = [0]

    /// `lines` without their newlines, in order.
    init(lines: some Sequence<some StringProtocol>) {
        for line in lines {
            append(line)
            starts.append(bytes.count)
        }
    }

    private init(parts: [(ArraySlice<UInt8>, ArraySlice<Bool>)]) {
        for (bytes, joined) in parts {
            self.bytes += bytes
            self.joined += joined
        }
    }

    /// `words` as `find` wants them.
    static func folded(_ words: String) -> [UInt8] {
        var text = FoldedText(lines: EmptyCollection<String>())
        text.append(words)
        if text.bytes.last == lineEndHyphen { text.bytes[text.bytes.count - 1] = UInt8(ascii: "-") }
        return text.bytes
    }

    private mutating func append(_ line: some StringProtocol) {
        var isJoined = false
        for scalar in line.precomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar {
            case "\u{AD}", "\u{200B}", "\u{FEFF}": continue
            case _ where scalar.value <= 0x20 || scalar.properties.isWhitespace: isJoined = false
            default:
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                    bytes.append(byte)
                    joined.append(isJoined)
                    isJoined = true
                }
            }
        }
        if bytes.last == UInt8(ascii: "-"), bytes.count > starts[starts.count - 1] {
            bytes[bytes.count - 1] = Self.lineEndHyphen
        }
    }

    /// The lines of `ranges` only, one after the other. Ranges outside the text are cut to it.
    func lines(_ ranges: [LineRange]) -> FoldedText {
        let count = starts.count - 1
        return FoldedText(
            parts: ranges.compactMap { range in
                guard range.first <= count else { return nil }
                let part = starts[range.first - 1]..<starts[min(range.last, count)]
                return (bytes[part], joined[part])
            })
    }

    /// Whether `words`, folded, stand in the text. A number is not found within a longer one that ends in it
    /// (2.000 in 12.000); behind it a footnote mark may stick, so its end is not looked at.
    func contains(_ words: [UInt8]) -> Bool { find(words, in: bytes.indices) != nil }

    /// The line in which `words` first begin within `lines`, to the one they end in. Not for a text made by
    /// `lines(_:)`.
    func place(of words: [UInt8], in lines: LineRange) -> LineRange? {
        let count = starts.count - 1
        guard lines.first <= count else { return nil }
        guard let found = find(words, in: starts[lines.first - 1]..<starts[min(lines.last, count)]) else { return nil }
        return LineRange(first: line(at: found.lowerBound), last: line(at: found.upperBound - 1))
    }

    private func line(at offset: Int) -> Int { (starts.firstIndex { $0 > offset } ?? starts.count - 1) }

    private func find(_ words: [UInt8], in range: Range<Int>) -> Range<Int>? {
        guard let first = words.first else { return nil }
        return bytes.withUnsafeBufferPointer { text in
            words.withUnsafeBufferPointer { words in
                for start in range where text[start] == first || text[start] == Self.lineEndHyphen {
                    if text[start] == Self.lineEndHyphen, first != UInt8(ascii: "-") { continue }
                    guard !continuesNumber(start) else { continue }
                    var next = start
                    var matched = 0
                    while matched < words.count, next < range.upperBound {
                        if text[next] == words[matched] || (text[next] == Self.lineEndHyphen && words[matched] == 0x2D)
                        {
                            matched += 1
                        } else if text[next] != Self.lineEndHyphen {
                            break
                        }
                        next += 1
                    }
                    if matched == words.count { return start..<next }
                }
                return nil
            }
        }
    }

    /// Whether the digit at `start` goes on a number: `500` in `1.500`, `1500` or `1,500`.
    private func continuesNumber(_ start: Int) -> Bool {
        func isDigit(_ index: Int) -> Bool { (48...57).contains(bytes[index]) }
        guard start > 0, isDigit(start), joined[start] else { return false }
        if isDigit(start - 1) { return true }
        let point = bytes[start - 1] == UInt8(ascii: ".") || bytes[start - 1] == UInt8(ascii: ",")
        return point && start > 1 && joined[start - 1] && isDigit(start - 2)
    }
}
