import Foundation
import PolicyModel
import Testing
import Wire

@testable import Broker
@testable import Ledger

/// Carries out the orders of `Ingest` on a real ledger as `BrokerLoop` does, one turn a message.
final class Replay {
    typealias Answer = (header: Header, body: [UInt8])

    let store: LedgerStore
    private var ingest: Ingest
    /// A message comes each second.
    private var now: Duration = .zero
    private var clock = Date(timeIntervalSince1970: 1_795_421_700)
    private let enrolment: Enrolment
    private let key: SigningKey
    private let token: String
    private let enrolledLog: String
    private let peer: [UInt8] = [0, 1, 2, 3, 4]
    private var isEnrolled = false
    var answers: [Answer] = []

    init(_ document: ProtocolDocument, folder: String) throws {
        let brokerKey = try document.key("seed of the broker's signing key")
        // The log's id is drawn at random when the file is made: the printed one is put in its place.
        let log = try document.value("the broker's log")
        try LedgerStore(folder: folder, synthetic: false, key: brokerKey).database.write { db in
            try db.execute(sql: "UPDATE meta SET log = ?", arguments: [log])
        }
        store = try LedgerStore(folder: folder, synthetic: false, key: brokerKey)
        key = try document.key("seed of BIF's signing key")
        enrolment = Enrolment(
            publisher: "BIF", role: .node, curveKey: try document.value("BIF's public CURVE key"),
            signKey: key.publicKey.hex, admittedBy: "up")
        func forvaltning(_ code: String, _ key: String) -> Forvaltning {
            Forvaltning(code: code, key: key, name: LocalizedText(da: code), committee: "BR")
        }
        let city = City(
            name: LocalizedText(da: "By"), suppressionThreshold: 5,
            forvaltninger: [forvaltning("BIF", "BIF"), forvaltning("BUF", "BUF"), forvaltning("ØKF", "OKF")],
            bodies: [],
            documents: [], targetGroups: [], policies: ["lgbti"])
        let token = try document.value("the token the broker draws")
        self.token = token
        enrolledLog = try document.value("BIF's log")
        ingest = Ingest(city: city, heads: store.publishers) { token }
        ingest.expect(
            try document.value("the incarnation in BIF's start order"), of: "BIF",
            kinds: Role.node.kinds.map(\.rawValue))
    }

    func setClock(_ time: String) throws {
        clock = try Date(time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        try enrol()
    }

    /// As the loop does on the host's word, at the first time printed.
    private func enrol() throws {
        guard !isEnrolled else { return }
        isEnrolled = true
        try store.commit(at: clock) { transaction in try transaction.own(enrolment) }
        ingest.enrol(enrolment)
    }

    func take(_ message: ProtocolDocument.Message) throws { try take(bytes: message.header, message.body) }

    func take(_ header: Header, _ body: [UInt8] = []) throws {
        var header = header
        if header.type == .hello { header.incarnation = String(repeating: "2", count: 32) }
        try take(bytes: try header.encoded(), body)
    }

    private func take(bytes: [UInt8], _ body: [UInt8]) throws {
        try enrol()
        now += .seconds(1)
        let orders = ingest.receive(
            peer: peer, userID: enrolment.curveKey, header: bytes, body: body, now: now,
            ledger: .init(
                position: store.head.position, isSynthetic: store.isSynthetic,
                id: "22222222222222222222222222222222", durable: store.publishers,
                hash: { [store] in try? store.chainHash(publisher: $0, log: $1, seq: $2) },
                root: { [store] in try? store.root(at: $0) }))
        var appends: [Ingest.Append] = []
        for order in orders {
            switch order {
            case .send(_, let header): answers.append((header, []))
            case .append(let append): appends.append(append)
            case .keep(let audit): try store.commit(at: clock) { try $0.own(audit) }
            case .mend: Issue.record("nothing is damaged here")
            case .fetch(_, let after):
                let lines = try store.lines(of: "BIF", log: enrolledLog, after: after)
                var header = Header(.fetched, token: token)
                (header.log, header.firstSeq, header.count) = (enrolledLog, after + 1, lines.count)
                header.seq = after + Int64(lines.count)
                header.hash = try store.chainHash(publisher: "BIF", log: enrolledLog, seq: after + Int64(lines.count))
                answers.append((header, Batch.body(of: lines)))
            }
        }
        if !appends.isEmpty { try commit(appends) }
        for (peer, ack) in ingest.dueAcks(durable: store.publishers) {
            answers.append((ack, []))
            ingest.ackSent(peer)
        }
        try pumpFeed()
    }

    private func commit(_ appends: [Ingest.Append]) throws {
        try store.commit(at: clock) { transaction in
            for append in appends {
                for (index, line) in append.lines.enumerated() {
                    if let violation = append.refused[index] {
                        try transaction.refuse(line, violation)
                    } else {
                        try transaction.append(line)
                    }
                }
                try transaction.keep(signature: append.signature, keyID: append.keyID, for: append.statement)
            }
        }
        ingest.committed(appends, at: clock, now: .zero)
    }

    private func pumpFeed() throws {
        let head = store.head.position
        for session in ingest.sessions.values {
            guard var feed = session.feed else { continue }
            _ = try feed.advance(
                to: head, now: now, token: session.token, read: store.feed, root: store.root
            ) {
                answers.append(($0, $1))
                return true
            }
            ingest.moved(session.peer, feed)
        }
    }

    /// A message with `lines`, signed.
    func publish(_ lines: [Line]) throws -> Header {
        let first = try #require(lines.first), last = try #require(lines.last)
        let statement = BatchStatement(
            publisher: "BIF", log: last.envelope.log, seq: last.envelope.seq, hash: last.hash)
        var header = Header(.publish, token: token)
        (header.log, header.firstSeq, header.count) = (last.envelope.log, first.envelope.seq, lines.count)
        (header.seq, header.hash) = (last.envelope.seq, last.hash)
        (header.signature, header.keyID) = (try key.sign(statement), String(key.publicKey.hex.prefix(16)))
        return header
    }
}
