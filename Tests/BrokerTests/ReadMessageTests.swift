import PolicyModel
import Testing
import Wire

@testable import Broker

@Suite("Messages read before their turn comes")
struct ReadMessageTests {
    /// A publisher's batch with a line whose content is refused, as bytes.
    private static func message(_ sender: inout Sender) throws -> (header: Header, body: [UInt8]) {
        let lines = [
            try sender.line(), try sender.line(by: Author(role: "policy")), try sender.line(),
        ]
        return (try sender.publish(lines, token: "token 1"), Batch.body(of: lines))
    }

    @Test("what another thread reads is what the loop would have read", arguments: [2, 400])
    func sameAnywhere(count: Int) throws {
        var sender = Sender()
        let lines = try sender.lines(count)
        let header = try sender.publish(lines, token: "token 1").encoded()
        let body = Batch.body(of: lines)
        let who = Ingest.Sender(publisher: "BIF", role: .node, signKey: sender.signing.publicKey)
        let readings = (0..<8).map { _ in ReadAhead(header: header, body: body, from: who, city: testCity) }
        for reading in readings {
            let message = reading.wait()
            #expect(try message.header.get().encoded() == header)
            #expect(try message.batch.lines.get() == lines)
        }
    }

    @Test("a batch read under one key or role is judged anew under another")
    func judgedAnew() throws {
        var sender = Sender()
        let other = Sender()
        let (header, body) = try Self.message(&sender)
        let node = Ingest.Sender(publisher: "BIF", role: .node, signKey: sender.signing.publicKey)
        let batch = ReadBatch(body, header, from: node, city: testCity)
        #expect(batch.violations(from: 0, by: node, city: testCity).keys.sorted() == [1])
        #expect(batch.violations(from: 1, by: node, city: testCity).keys.sorted() == [0])
        #expect(batch.violations(from: 2, by: node, city: testCity).isEmpty)
        let policy = Ingest.Sender(publisher: "BIF", role: .policy, signKey: sender.signing.publicKey)
        #expect(batch.violations(from: 0, by: policy, city: testCity).keys.sorted() == [0, 1, 2])
        let unread = ReadBatch(body, header, from: nil, city: testCity)
        #expect(unread.violations(from: 0, by: node, city: testCity).keys.sorted() == [1])

        let (last, hash) = (try #require(header.seq), try #require(header.hash))
        let signature = try #require(header.signature)
        let statement = BatchStatement(publisher: "BIF", log: sender.log, seq: last, hash: hash)
        for read in [batch, unread] {
            #expect(read.isSigned(statement, signature, by: sender.signing.publicKey))
            #expect(!read.isSigned(statement, signature, by: other.signing.publicKey))
            let less = BatchStatement(publisher: "BIF", log: sender.log, seq: last - 1, hash: hash)
            #expect(!read.isSigned(less, signature, by: sender.signing.publicKey))
            let forged = try other.signing.sign(statement)
            #expect(!read.isSigned(statement, forged, by: sender.signing.publicKey))
        }
    }

    @Test("a batch that was read and cannot be is refused with its own rule")
    func unreadable() throws {
        var sender = Sender()
        var rig = IngestRig()
        rig.ingest.enrol(sender.enrolment)
        let welcome = try #require(try rig.take(sender, sender.hello()).headers.first)
        let lines = try sender.lines(2)
        let header = try sender.publish(lines, token: try #require(welcome.token))
        var body = Batch.body(of: lines)
        body[body.count - 1] = UInt8(ascii: "!")
        let answer = try rig.take(sender, header, body)
        #expect(answer.rule == "json.syntax" && answer.appends.isEmpty)
        #expect(answer.only?.line == 2)
    }
}
