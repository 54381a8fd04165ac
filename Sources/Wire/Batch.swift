import Foundation

/// The lines of one message.
public enum Batch {
    /// Splits a message's body at its newlines (the last line ends with none).
    ///
    /// - Throws: a `Fault` of `batch.…` when it is larger than allowed, otherwise that of the first bad line.
    public static func lines(of body: [UInt8], count: Int) throws(Fault) -> [Line] {
        guard body.count <= Limits.batchBytes, count <= Limits.batchLines else {
            throw Fault(
                rule: "batch.size",
                message:
                    "a batch of \(count) lines and \(body.count) bytes: at most \(Limits.batchLines) and \(Limits.batchBytes)"
            )
        }
        var ends: [Int] = []
        var place = 0
        while let end = firstIndex(of: UInt8(ascii: "\n"), in: body, from: place) {
            ends.append(end)
            place = end + 1
        }
        ends.append(body.count)
        guard ends.count == count, count >= 1 else {
            throw Fault(rule: "batch.count", message: "\(ends.count) lines where the header says \(count)")
        }
        var lines: [Line] = []
        lines.reserveCapacity(count)
        place = 0
        for (index, end) in ends.enumerated() {
            do { lines.append(try Line(parsing: Array(body[place..<end]))) } catch { throw error.at(index) }
            place = end + 1
        }
        return lines
    }

    public static func body(of lines: [Line]) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(lines.reduce(0) { $0 + $1.bytes.count + 1 })
        for (index, line) in lines.enumerated() {
            if index > 0 { body.append(UInt8(ascii: "\n")) }
            body += line.bytes
        }
        return body
    }
}

/// A record as the ledger gives it out: a line with its place.
public struct DeliveredLine: Hashable, Sendable {
    /// The running number in the ledger, from 1.
    public let position: Int64
    /// When the broker had it: ISO 8601, UTC, never before the one in front.
    public let received: String
    /// The ledger's root after it; nil where the feed is filtered.
    public let root: Hash?
    public let line: Line

    public init(position: Int64, received: String, root: Hash?, line: Line) {
        self.position = position
        self.received = received
        self.root = root
        self.line = line
    }

    /// With what remains of a redacted line.
    public func leaving(_ remains: [UInt8]?) -> DeliveredLine {
        DeliveredLine(position: position, received: received, root: root, line: line.leaving(remains))
    }

    /// On the wire: position, received, root (or `-`), then the line, with tabs between.
    public var bytes: [UInt8] { Array("\(position)\t\(received)\t\(root?.hex ?? "-")\t".utf8) + line.bytes }

    public init(parsing bytes: ArraySlice<UInt8>) throws(Fault) {
        let parts = bytes.split(separator: UInt8(ascii: "\t"), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let position = Int64(String(decoding: parts[0], as: UTF8.self)) else {
            throw Fault(rule: "deliver.form", message: "a delivered line without position, time and root")
        }
        let rootText = String(decoding: parts[2], as: UTF8.self)
        let root = Hash(hex: rootText)
        guard root != nil || rootText == "-" else {
            throw Fault(rule: "deliver.form", message: "position \(position): no root in hex")
        }
        self.init(
            position: position, received: String(decoding: parts[1], as: UTF8.self), root: root,
            line: try Line(parsing: Array(parts[3])))
    }
}

/// Where `byte` stands first from `start` on; nil where it does not.
func firstIndex(of byte: UInt8, in bytes: [UInt8], from start: Int = 0) -> Int? {
    bytes.withUnsafeBytes { bytes in
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, CInt(byte), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
