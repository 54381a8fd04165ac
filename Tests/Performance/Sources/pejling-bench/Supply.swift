import Foundation
import Ledger
import PolicyModel
import Wire
import ZeroMQ

/// What the records say.
enum Content: String, CaseIterable {
    /// A kind under a plugin's prefix: the broker checks the form of the JSON and the hashes, and looks no further.
    case opaque = "opaque"
    /// A `status`: the broker decodes the body and checks who may say it.
    case status = "status"

    /// A record of about 600 bytes in all.
    func draft(_ number: Int, of forvaltning: Forvaltning) throws -> PublisherLog.Draft {
        let words = "Der er holdt to møder med beboerne, og en pjece er trykt på fem sprog. "
        switch self {
        case .opaque:
            return PublisherLog.Draft(
                kind: RecordKind("x-bench"), id: "bench/\(number)", policy: nil, by: Author(role: "node"),
                body: Array("{\"text\":\"\(filled(words, 252))\"}".utf8))
        case .status:
            // A policy that no plugin judges: what is measured is the broker, the copies and the views.
            return try PublisherLog.Draft(
                StatusReport(
                    about: "bench/\(forvaltning.slug)/indsats-\(number)", followUp: "bench/2019", delivery: .onTrack,
                    done: LocalizedText(da: filled(words, 90))),
                by: Author(forvaltning: forvaltning.code, role: Author.officer, person: "p1"))
        }
    }

    private func filled(_ words: String, _ bytes: Int) -> String {
        var text = ""
        while text.utf8.count < bytes { text += words }
        while text.utf8.count > bytes { text.removeLast() }
        return text
    }
}

/// A message as PluginKit's link sends it, but for the session's token.
struct PreparedBatch: Sendable {
    var header: Header
    let body: [UInt8]
    let last: Int64
    /// The same lines for a peer that takes them one by one.
    let lines: [Range<Int>]
}

/// One forvaltning's keys, and its log cut into signed batches.
struct Supply: Sendable {
    static let linesPerBatch = 100

    let forvaltning: Forvaltning
    let curve: CurveKeyPair
    let signing: SigningKey
    let log: String
    let batches: [PreparedBatch]
    /// The first lines of the same log again, each a batch of its own.
    let singles: [PreparedBatch]

    /// Appends `records` to a real log in `folder`, and reads them back as PluginKit does.
    init(_ forvaltning: Forvaltning, _ content: Content, records: Int, folder: String) throws {
        let curve = try CurveKeyPair.generate()
        let signing = SigningKey()
        let log = try PublisherLog(folder: folder, publisher: forvaltning.code, synthetic: true, create: true)
        for first in stride(from: 0, to: records, by: 5_000) {
            _ = try log.append(at: Date()) { _ in
                try (first..<min(first + 5_000, records)).map { try content.draft($0, of: forvaltning) }
            }
        }
        var batches: [PreparedBatch] = []
        var singles: [PreparedBatch] = []
        var sent: Int64 = 0
        while sent < records {
            let lines = try log.lines(after: sent)
            for first in stride(from: 0, to: lines.count, by: Self.linesPerBatch) {
                let part = lines[first..<min(first + Self.linesPerBatch, lines.count)]
                batches.append(try Self.batch(part, log, signing))
                if singles.count < 2_000 { singles += try part.map { try Self.batch([$0], log, signing) } }
            }
            sent += Int64(lines.count)
        }
        (self.forvaltning, self.curve, self.signing, self.log) = (forvaltning, curve, signing, log.log)
        (self.batches, self.singles) = (batches, singles)
    }

    private static func batch(
        _ lines: ArraySlice<Line>, _ log: PublisherLog, _ signing: SigningKey
    ) throws -> PreparedBatch {
        guard let first = lines.first, let last = lines.last else { throw Failure("an empty batch") }
        var header = Header(.publish)
        header.log = log.log
        header.firstSeq = first.envelope.seq
        header.count = lines.count
        header.seq = last.envelope.seq
        header.hash = last.hash
        header.signature = try signing.sign(
            BatchStatement(publisher: log.publisher, log: log.log, seq: last.envelope.seq, hash: last.hash))
        header.keyID = String(signing.publicKey.hex.prefix(16))
        var places: [Range<Int>] = []
        for line in lines {
            let start = places.last.map { $0.upperBound + 1 } ?? 0
            places.append(start..<(start + line.bytes.count))
        }
        return PreparedBatch(
            header: header, body: Batch.body(of: Array(lines)), last: last.envelope.seq, lines: places)
    }

    /// What admits this forvaltning at a broker.
    var enrolment: Enrolment {
        Enrolment(
            publisher: forvaltning.code, role: .node, curveKey: curve.publicKey.z85, signKey: signing.publicKey.hex,
            admittedBy: "bench")
    }
}
