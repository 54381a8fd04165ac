import Foundation
import PolicyModel
import Testing
import Wire

@testable import Broker
@testable import Ledger

let testCity = City(
    name: LocalizedText(da: "Byen"), suppressionThreshold: 5,
    forvaltninger: ["BIF", "BUF"].map {
        Forvaltning(code: $0, key: $0, name: LocalizedText(da: $0), committee: "BIU")
    },
    bodies: [], documents: [], targetGroups: [], policies: ["lgbti"])

/// One publisher's side of the protocol, without a socket: keys, chain, messages.
struct Sender {
    let publisher: String
    let role: Role
    let log: String
    let curveKey: String
    let signing: SigningKey
    var head = ChainHead.empty
    var isSynthetic = false

    init(_ publisher: String = "BIF", role: Role = .node, log: String = String(repeating: "a", count: 32)) {
        (self.publisher, self.role, self.log) = (publisher, role, log)
        curveKey = "curve key of \(publisher)"
        signing = SigningKey()
    }

    /// The same publisher with the same keys, and another log.
    init(like other: Sender, log: String) {
        (publisher, role, curveKey, signing, self.log) = (
            other.publisher, other.role, other.curveKey, other.signing, log
        )
    }

    var enrolment: Enrolment {
        Enrolment(
            publisher: publisher, role: role, curveKey: curveKey, signKey: signing.publicKey.hex, admittedBy: "test")
    }

    func hello(_ change: (inout Header) -> Void = { _ in }) -> Header {
        var hello = Header(.hello)
        (hello.versions, hello.publisher, hello.log) = ([1, 1], publisher, log)
        (hello.seq, hello.hash) = (head.seq, head.hash)
        change(&hello)
        return hello
    }

    /// The next line; funding of an initiative of ours unless told otherwise.
    mutating func line(
        kind: RecordKind = .funding, id: String? = nil, body: String? = nil, publisher: String? = nil,
        by: Author? = nil, at: String = "2026-11-23T08:15:00Z"
    ) throws -> Line {
        let subject = "lgbti/\(self.publisher.lowercased())/n\(head.seq + 1)"
        let line = try head.next(
            publisher: publisher ?? self.publisher, log: log, at: at,
            by: by ?? Author(role: "node"), kind: kind, id: id ?? "\(subject)|no_remark|", policy: "lgbti",
            body: Array((body ?? "{\"initiative\":\"\(subject)\",\"state\":\"no_remark\",\"budgets\":[]}").utf8),
            synthetic: isSynthetic)
        head.advance(over: line)
        return line
    }

    mutating func lines(_ count: Int) throws -> [Line] { try (0..<count).map { _ in try line() } }

    /// A signed message of `lines`.
    func publish(_ lines: [Line], token: String, _ change: (inout Header) -> Void = { _ in }) throws -> Header {
        let (first, last) = (try #require(lines.first), try #require(lines.last))
        let statement = BatchStatement(
            publisher: publisher, log: log, seq: last.envelope.seq, hash: last.hash)
        var header = Header(.publish, token: token)
        (header.log, header.firstSeq, header.count) = (log, first.envelope.seq, lines.count)
        (header.seq, header.hash) = (last.envelope.seq, last.hash)
        (header.signature, header.keyID) = (try signing.sign(statement), String(signing.publicKey.hex.prefix(16)))
        change(&header)
        return header
    }
}

/// `Ingest` with a ledger made of facts alone: what it orders is carried out as the loop does.
struct IngestRig {
    var ingest: Ingest
    var durable: [String: LedgerStore.PublisherHead] = [:]
    var position: Int64 = 0
    var isSynthetic = false
    /// An hour after what `Sender` writes into its lines.
    var clock = Date(timeIntervalSince1970: 1_795_425_300)
    var stored: [Line] = []
    var refused: [Int64: String] = [:]
    private var hashes: [RecordName: Hash] = [:]
    /// By position: the ledger's root after it.
    var roots: [Int64: Hash] = [:]

    init() {
        var tokens = 0
        ingest = Ingest(city: testCity, heads: [:]) {
            tokens += 1
            return "token \(tokens)"
        }
    }

    /// What the broker says and what it would append.
    struct Answer {
        var headers: [Header] = []
        var appends: [Ingest.Append] = []
        /// Own lines are to be read after this seq.
        var fetch: Int64?
        var kept: [Audit] = []
        var mended: [Line] = []
        var rule: String? { headers.first?.rule }
        var only: Header? { headers.count == 1 && appends.isEmpty && fetch == nil ? headers[0] : nil }
    }

    mutating func take(
        _ sender: Sender, _ header: Header, _ body: [UInt8] = [], peer: [UInt8] = [1], key: String? = nil
    ) throws -> Answer {
        try take(bytes: header.encoded(), body, peer: peer, key: key ?? sender.curveKey)
    }

    mutating func take(bytes: [UInt8], _ body: [UInt8] = [], peer: [UInt8] = [1], key: String?) throws -> Answer {
        var answer = Answer()
        let orders = ingest.receive(
            peer: peer, userID: key, header: bytes, body: body, now: .zero,
            ledger: .init(
                position: position, isSynthetic: isSynthetic, id: "l", durable: durable, hash: hash,
                root: { [roots] in roots[$0] }))
        for order in orders {
            switch order {
            case .send(_, let header): answer.headers.append(header)
            case .append(let append): answer.appends.append(append)
            case .fetch(_, let after): answer.fetch = after
            case .keep(let audit): answer.kept.append(audit)
            case .mend(_, let lines): answer.mended += lines
            }
        }
        return answer
    }

    /// As a ledger says it: of what is durable, refused lines too.
    private func hash(_ publisher: String, _ log: String, _ seq: Int64) -> Hash? {
        if seq == 0 { return .zero }
        guard durable[publisher]?.log == log else { return nil }
        return hashes[RecordName(publisher: publisher, log: log, seq: seq)]
    }

    /// Hello; the token of the welcome.
    mutating func greet(_ sender: Sender, peer: [UInt8] = [1]) throws -> String {
        let welcome = try #require(try take(sender, sender.hello(), peer: peer).only)
        #expect(welcome.type == .welcome, "\(welcome.text ?? "")")
        return try #require(welcome.token)
    }

    /// The commit goes well.
    mutating func commit(_ appends: [Ingest.Append]) throws {
        for append in appends {
            for (index, line) in append.lines.enumerated() {
                if let violation = append.refused[index] {
                    refused[line.envelope.seq] = violation.rule
                } else {
                    stored.append(line)
                }
                position += 1
                hashes[line.name] = line.hash
                durable[line.envelope.publisher] = .init(
                    log: line.envelope.log, head: ChainHead(seq: line.envelope.seq, hash: line.hash))
            }
        }
        ingest.committed(appends, at: clock, now: .zero)
    }

    /// The acks that are due, taken as sent.
    mutating func acks() -> [Header] {
        ingest.dueAcks(durable: durable).map { peer, header in
            ingest.ackSent(peer)
            return header
        }
    }
}
