import Foundation
import PolicyModel
import Testing

@testable import Wire

@Suite("Redacted lines and orders")
struct RedactionTests {
    @Test("a redacted line is the envelope, the tab and nothing: name, hash and chain as before, and nothing to read")
    func redacted() throws {
        let lines = try makeLines(3)
        let bare = lines[1].redacted
        #expect(bare.isRedacted && !lines[1].isRedacted)
        #expect(bare.bytes.last == 9 && bare.body.isEmpty)
        #expect(bare.hash == lines[1].hash)
        #expect(bare.envelope == lines[1].envelope)
        #expect(try Line(parsing: bare.bytes) == bare)
        #expect(bare.redacted == bare)
        let error = #expect(throws: Violation.self) { try bare.decode(StatusReport.self) }
        #expect(error?.rule == "body.redacted")
        var head = ChainHead.empty
        for line in [lines[0], bare, lines[2]] {
            try head.accepts(line, publisher: "BIF", log: bifLog)
            head.advance(over: line)
        }
        #expect(head.hash == lines[2].hash)
    }

    @Test("it goes through batches and deliveries like any other")
    func carried() throws {
        let lines = try makeLines(3)
        let some = [lines[0].redacted, lines[1], lines[2].redacted]
        #expect(try Batch.lines(of: Batch.body(of: some), count: 3) == some)
        let delivered = DeliveredLine(position: 7, received: "t", root: .zero, line: some[2])
        #expect(try DeliveredLine(parsing: delivered.bytes[...]) == delivered)
    }

    @Test("the envelope alone gives the hash: cut -f1 | tr -d '\\n' | sha256sum")
    func shell() throws {
        let process = Process()
        let input = Pipe(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "cut -f1 | tr -d '\\n' | sha256sum"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = try Line(parsing: Array(foreignLine.utf8))
        input.fileHandleForWriting.write(Data(line.redacted.bytes + [10]))
        try input.fileHandleForWriting.close()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said.prefix(64) == line.hash.hex)
    }

    /// A record of `publisher`, and an order on it.
    static func record(_ kind: RecordKind = .status, publisher: String = "BIF") throws -> Line {
        try ChainHead.empty.next(
            publisher: publisher, log: bifLog, at: "2026-11-23T08:15:00Z", by: Author(role: "officer"), kind: kind,
            id: "lgbti/bif/x|lgbti/2019", policy: "lgbti", body: Array("{\"navn\":\"Jens\"}".utf8), synthetic: false)
    }

    static func order(_ line: Line) -> Redaction {
        Redaction(
            record: line.name, redacted: line.kind, id: line.envelope.id, policy: line.envelope.policy,
            bodyHash: line.envelope.bodyHash.hex, reason: LocalizedText(da: "Et navn"), decision: "DPO")
    }

    static func envelope(_ publisher: String, role: Role) throws -> Envelope {
        try ChainHead.empty.next(
            publisher: publisher, log: bifLog, at: "2026-11-23T08:15:00Z", by: Author(role: role.rawValue),
            kind: .redaction, id: "r", policy: nil, body: Array("{}".utf8), synthetic: false
        ).envelope
    }

    @Test("an order takes the record it describes, by who published it or the coordinator, and no other")
    func takes() throws {
        let line = try Self.record()
        let order = Self.order(line)
        #expect(order.takes(line.envelope, by: try Self.envelope("BIF", role: .node)))
        #expect(order.takes(line.envelope, by: try Self.envelope("coordinator", role: .coordinator)))
        #expect(!order.takes(line.envelope, by: try Self.envelope("BUF", role: .node)))
        #expect(!order.takes(line.envelope, by: try Self.envelope("lgbti", role: .policy)))
        let by = try Self.envelope("BIF", role: .node)
        #expect(order.violation(of: line, by: by) == nil)
        let changes: [(inout Redaction) -> Void] = [
            { $0.record.seq = 2 }, { $0.record.log = String(repeating: "0", count: 32) }, { $0.redacted = "reading" },
            { $0.id = "lgbti/bif/y|lgbti/2019" }, { $0.policy = nil },
            { $0.bodyHash = String(repeating: "0", count: 64) },
        ]
        for (index, change) in changes.enumerated() {
            var other = order
            change(&other)
            #expect(!other.takes(line.envelope, by: by), "change \(index)")
            #expect(other.violation(of: line, by: by)?.rule == "redaction.record")
        }
        #expect(try Self.record(.redaction).redaction == nil, "a body that is no order is none")
        #expect(line.redaction == nil)
    }

    @Test("what nothing stands without is never taken; a refusal by the broker alone, with the hash the chain needs")
    func never() throws {
        let coordinator = try Self.envelope("coordinator", role: .coordinator)
        let kinds = Set(Role.allCases.flatMap(\.kinds))
        for kind in kinds {
            let line = try Self.record(kind)
            let isTaken = Self.order(line).takes(line.envelope, by: coordinator)
            #expect(isTaken == (Redaction.rule(for: kind) != .never), "\(kind)")
            #expect((Redaction.reasonToKeep(kind) == nil) == isTaken, "\(kind)")
            #expect((Self.order(line).violation?.rule == "redaction.kind") == !isTaken, "\(kind)")
        }
        #expect(Redaction.rule(for: RecordKind("x-note")) == .always)
        #expect(Redaction.rule(for: RecordKind("of a later version")) == .never)

        let refusal = try Self.record(.refusal, publisher: "broker")
        var order = Self.order(refusal)
        let broker = try Self.envelope("broker", role: .broker)
        #expect(!order.takes(refusal.envelope, by: broker))
        order.refused = String(repeating: "0", count: 64)
        #expect(order.takes(refusal.envelope, by: broker))
        #expect(!order.takes(refusal.envelope, by: coordinator))
    }

    @Test("of what others are reckoned from the order says what remains: all but its texts, and nothing else is taken")
    func remains() throws {
        let record = RecordName(publisher: "BIF", log: bifLog, seq: 1)
        let text = LocalizedText(da: "Jens Hansen")
        let bodies: [any RecordBody] = [
            Approval(followUp: "p/2019", forvaltning: "BIF", records: [record], comment: text),
            Return(id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", records: [record], note: text),
            Acceptance(id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", approval: record, comment: text),
            PolicyModel.Exception(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", until: try #require(PartialDate("2020")),
                reason: text),
            Withdrawal(record: record, withdrawn: .status, id: "p/bif/a|p/2019", policy: "p", reason: text),
        ]
        for body in bodies {
            let kind = type(of: body).kind
            let line = try ChainHead.empty.next(
                publisher: "BIF", log: bifLog, at: "2026-11-23T08:15:00Z", by: Author(role: "officer"), kind: kind,
                id: body.identity, policy: body.policyID, body: try encodeBody(body), synthetic: false)
            let remains = try #require(Redaction.Remains(of: line))
            #expect(remains.kind == kind && Redaction.rule(for: kind) == .remaining)
            #expect(remains.body.violation == nil)
            var order = Self.order(line)
            order.remains = remains
            #expect(order.violation == nil)
            let by = try Self.envelope("coordinator", role: .coordinator)
            #expect(order.violation(of: line, by: by) == nil)
            let written = try encodeBody(order)
            #expect(!String(decoding: written, as: UTF8.self).contains("Jens"))
            #expect(try JSONDecoder().decode(Redaction.self, from: Data(written)) == order)
            // A redacted line reads as what remains; any other as it is.
            let left = line.redacted.leaving(remains.bytes)
            #expect(left.isRedacted && !left.saysNothing && left.bytes == line.redacted.bytes)
            #expect(Redaction.Remains(of: left) == remains)
            #expect(line.redacted.saysNothing && line.leaving(remains.bytes) == line)
        }
        // Other records, or words: refused, by itself or beside the record.
        let line = try ChainHead.empty.next(
            publisher: "BIF", log: bifLog, at: "2026-11-23T08:15:00Z", by: Author(role: "officer"), kind: .approval,
            id: "p/2019|BIF", policy: "p", body: try encodeBody(bodies[0]), synthetic: false)
        var order = Self.order(line)
        order.remains = .approval(Approval(followUp: "p/2019", forvaltning: "BIF", records: [record], comment: text))
        #expect(order.violation?.rule == "redaction.remains")
        let other = RecordName(publisher: "BIF", log: bifLog, seq: 2)
        order.remains = .approval(Approval(followUp: "p/2019", forvaltning: "BIF", records: [record, other]))
        #expect(order.violation == nil)
        let by = try Self.envelope("BIF", role: .node)
        #expect(order.violation(of: line, by: by)?.rule == "redaction.remains")
        order.redacted = "return"
        #expect(order.violation?.rule == "redaction.remains")
    }

    @Test("no choice of kinds leaves orders out; of another policy they are another's concern")
    func followed() throws {
        var order = try Self.envelope("coordinator", role: .coordinator)
        order.policy = "lgbti"
        #expect(FeedFilter(kinds: ["funding"]).admits(order))
        #expect(FeedFilter(policies: ["lgbti"], kinds: [], without: ["lgbti"], concerning: "BIF").admits(order))
        #expect(!FeedFilter(policies: ["handicap"]).admits(order))
        #expect(!FeedFilter(kinds: ["funding"]).admits(try Self.record().envelope))
    }
}
