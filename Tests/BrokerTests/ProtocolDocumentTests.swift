import Foundation
import PolicyModel
import Testing
import Wire

@testable import Broker
@testable import Ledger

/// Holds `Docs/protocol.md` against the code: its printed exchange is replayed on the real state machine and a real ledger,
/// and every rule, limit, field and word of the protocol must stand in it.
@Suite("The protocol document")
struct ProtocolDocumentTests {
    let document: ProtocolDocument

    init() throws { document = try ProtocolDocument() }

    // MARK: The exchange

    @Test("the printed exchange is what the broker says, byte for byte")
    func replay() throws {
        let folder = NSTemporaryDirectory() + "pejling-protocol-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let replay = try Replay(document, folder: folder)
        var messages = 0
        for step in try document.exchange() {
            switch step {
            case .clock(let time): try replay.setClock(time)
            case .message(let message) where message.isToBroker:
                #expect(replay.answers.isEmpty, "before \(message.place): the broker said more than is printed")
                try replay.take(message)
            case .message(let message):
                let answer = try #require(
                    replay.answers.isEmpty ? nil : replay.answers.removeFirst(), "\(message.place): no answer")
                #expect(try JSON(answer.header.encoded()) == JSON(message.header), "\(message.place)")
                #expect(
                    String(decoding: answer.body, as: UTF8.self) == String(decoding: message.body, as: UTF8.self),
                    "\(message.place)")
            }
            messages += 1
        }
        #expect(replay.answers.isEmpty, "the broker said more than is printed")
        #expect(messages > 25)
        let check = try replay.store.verify(brokerKey: try document.key("seed of the broker's signing key").publicKey)
        #expect(check.fault == nil)
        #expect(check.records == 6)
    }

    @Test("the printed hashes, roots, keys and signatures are what the printed lines give")
    func values() throws {
        let key = try document.key("seed of BIF's signing key")
        #expect(key.publicKey.hex == (try document.value("BIF's public signing key")))
        let brokerKey = try document.key("seed of the broker's signing key")
        #expect(brokerKey.publicKey.hex == (try document.value("the broker's public signing key")))
        var published = 0
        var delivered = 0
        for case .message(let message) in try document.exchange() {
            let header = try Header.parse(message.header)
            if header.type == .publish {
                let lines = try Batch.lines(of: message.body, count: try #require(header.count))
                for line in lines {
                    #expect(line.hash.hex == (try document.value("BIF/\(line.envelope.seq)")))
                }
                let statement = BatchStatement(
                    publisher: "BIF", log: try #require(header.log), seq: try #require(header.seq),
                    hash: try #require(header.hash))
                if published == 0 { #expect(document.blocks("statement") == [statement.text]) }
                // Deterministic with swift-crypto on Linux (RFC 8032).
                #expect(try key.sign(statement) == header.signature, "\(message.place)")
                #expect(key.publicKey.isValid(try #require(header.signature), for: statement), "\(message.place)")
                #expect(header.keyID == String(key.publicKey.hex.prefix(16)))
                published += 1
            }
            guard header.type == .deliver else { continue }
            var root = Hash.zero
            for part in message.body.split(separator: UInt8(ascii: "\n")) {
                let line = try DeliveredLine(parsing: part)
                guard let claimed = line.root else { continue }
                root = root.root(position: line.position, received: line.received, record: line.line.hash)
                #expect(claimed == root)
                #expect(
                    document.text.contains(
                        "| \(line.position) | \(line.line.envelope.publisher)/\(line.line.envelope.seq) | `\(root)` |"))
                delivered += 1
            }
        }
        #expect(published == 5)
        #expect(delivered == 6)
    }

    // MARK: What the code has, the document has

    @Test("every rule a nack, reject or refusal can carry stands in the table, and no other")
    func rules() throws {
        var inCode: Set<String> = []
        for module in ["Wire", "Broker", "PolicyModel"] {
            let folder = document.root + "/Sources/" + module
            for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".swift") {
                let source = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
                for match in source.matches(of: /rule: "([a-z0-9_.]+)"/) { inCode.insert(String(match.1)) }
                guard file.hasPrefix("Ingest") else { continue }
                for match in source.matches(of: /"([a-z0-9_]+\.[a-z0-9_]+)"/) { inCode.insert(String(match.1)) }
                // The loop catches one code of StoreError; any other ends the broker.
                guard file == "Ingest+Outcome.swift" else { continue }
                #expect(source.contains(#""storage.\(error.code.rawValue)""#))
                inCode.insert("storage.\(StoreError.Code.full.rawValue)")
            }
        }
        #expect(inCode.count > 60)
        let inDocument = Set(
            document.rows(of: "Rules").compactMap { $0.first }.filter { $0.hasPrefix("`") }.map(unquoted))
        #expect(inCode.subtracting(inDocument).sorted() == [], "missing in Docs/protocol.md, “Rules”")
        #expect(inDocument.subtracting(inCode).sorted() == [], "in Docs/protocol.md, “Rules”, and not in the code")
    }

    @Test("every message type and header field stands in the document")
    func headerFields() throws {
        var header = Header(.hello, token: "t")
        header.versions = [1, 1]
        (header.publisher, header.program, header.signKey, header.incarnation) = ("p", "p", "s", "i")
        (header.log, header.seq, header.hash, header.firstSeq, header.count) = ("l", 1, .zero, 1, 1)
        (header.signature, header.keyID, header.refusals) = ("s", "k", [RefusedLine(seq: 1, rule: "r", text: "t")])
        (header.rule, header.text, header.line, header.final) = ("r", "t", 1, true)
        (header.position, header.synthetic, header.state, header.unsent) = (1, true, "ready", 0)
        header.after = 0
        header.ledger = "l"
        (header.filter, header.credit) = (FeedFilter(policies: ["a"], kinds: ["b"], without: ["c"], concerning: "d"), 1)
        for child in Mirror(reflecting: header).children {
            #expect(!isEmpty(child.value), "a new field of Header, \(child.label ?? ""): set it above")
        }
        let section = document.section("Messages")
        for key in try keys(header.encoded()) + ["policies", "kinds", "without", "concerning"] {
            #expect(section.contains("`\(key)`"), "header field \(key)")
        }
        let types = document.rows(of: "Messages").compactMap { $0.first }
        for kind in Header.Kind.allCases {
            #expect(types.contains("`\(kind.rawValue)`"), "message type \(kind.rawValue)")
        }
    }

    @Test("the printed fingerprint is that of the printed keys")
    func fingerprint() throws {
        let key = try document.key("seed of BIF's signing key").publicKey.hex
        let found = KeyFingerprint(curveKey: try document.value("BIF's public CURVE key"), signKey: key)
        #expect(document.section("Transport").contains("`\(found)`"), "\(found)")
    }

    @Test("every field of envelope, start order and key announcement stands in the document")
    func otherFields() throws {
        let envelope = Envelope(
            publisher: "BIF", log: "0", seq: 1, prev: .zero, at: "", kind: "k", policy: "p", id: "i",
            by: Author(forvaltning: "BIF", role: "officer", person: "p"), bodyHash: .zero, synthetic: true)
        let section = document.section("Lines")
        for key in try keys(encodeBody(envelope)) + keys(encodeBody(envelope.by)) {
            #expect(section.contains("`\(key)`"), "envelope field \(key)")
        }
        func same<T: Codable>(_ type: T.Type, _ block: String) throws {
            let printed = Array(try #require(document.blocks(block).first).utf8)
            let start = document.section("How a hosted plugin starts")
            #expect(try JSON(encodeBody(JSONDecoder().decode(type, from: Data(printed)))) == JSON(printed))
            for key in try keys(printed) { #expect(start.contains("`\(key)`"), "\(block) field \(key)") }
        }
        try same(StartOrder.self, "start-order")
        let order = StartOrder(
            endpoint: "", brokerKey: "", data: "", config: "", incarnation: "", synthetic: true, clock: "/var/clock")
        for key in try keys(encodeBody(order)) {
            #expect(document.section("How a hosted plugin starts").contains("`\(key)`"), "start order field \(key)")
        }
        try same(KeyAnnouncement.self, "key-announcement")
        #expect(document.section("How a hosted plugin starts").contains("| \(ExitCode.configuration) |"))
    }

    @Test("the limits are those of the code")
    func limits() {
        let limits = Dictionary(
            document.rows(of: "Limits").filter { $0.count == 2 }.map { ($0[0], $0[1].prefix { $0.isNumber }) }
        ) { first, _ in first }
        let inCode = [
            "header": Limits.header, "line, without newline": Limits.line, "lines of a batch": Limits.batchLines,
            "body of a `publish`": Limits.batchBytes, "name": Limits.name, "JSON depth": Limits.depth,
            "batches in flight": Limits.window, "bytes in flight": Limits.windowBytes,
            "line of standard output that is kept": PluginOutput.longestLine,
        ]
        for (what, value) in inCode { #expect(limits[what] == String(value)[...], "\(what)") }
        #expect(Limits.versions == 1...1)
        #expect(document.text.contains("| \(Limits.batchBytes + Limits.batchLines * 128 + Limits.header) ("))
    }

    // MARK: Record kinds

    @Test("every kind has an example that shows all its fields and keeps all its rules")
    func examples() throws {
        try example(Policy.self)
        try example(Initiative.self)
        try example(Funding.self)
        try example(StatusReport.self)
        try example(HandIn.self)
        try example(Reading.self)
        try example(TargetVersion.self)
        try example(Assessment.self)
        try example(Assessed.self)
        try example(LinkDecision.self)
        try example(City.self)
        try example(Enrolment.self)
        try example(Refusal.self)
        try example(Audit.self)
        try example(Checkpoint.self)
        try example(Milestone.self)
        try example(Approval.self)
        try example(Return.self)
        try example(Acceptance.self)
        try example(PolicyModel.Exception.self)
        try example(Decision.self)
        try example(Contribution.self)
        try example(Withdrawal.self)
        try example(Redaction.self)
    }

    private func example<Body: RecordBody>(_ type: Body.Type) throws {
        let kind = Body.kind.rawValue
        let examples = document.blocks("example-\(kind)").map { Array($0.utf8) }
        #expect(!examples.isEmpty, "\(kind) has no example")
        var shown: [String: Bool] = [:]
        for printed in examples {
            let body = try JSONDecoder().decode(type, from: Data(printed))
            #expect(body.violation == nil)
            #expect(try JSON(encodeBody(body)) == JSON(printed), "\(kind): the example has a field that nobody reads")
            note(body, &shown)
        }
        #expect(shown.filter { !$0.value }.keys.sorted() == [], "\(kind): fields the example does not show")
    }

    @Test("every word of an enumeration, kind and role stands under the record kinds")
    func words() {
        let section = document.section("Record kinds")
        func all<E: CaseIterable & RawRepresentable>(_ type: E.Type) where E.RawValue == String {
            for value in type.allCases {
                #expect(section.contains("`\(value.rawValue)`"), "\(type): \(value.rawValue)")
            }
        }
        all(Basis.self)
        all(Initiative.Kind.self)
        all(Initiative.Mandate.self)
        all(Funding.State.self)
        all(StatusReport.Delivery.self)
        all(Goal.Kind.self)
        all(FollowUp.Kind.self)
        all(FollowUp.Condition.self)
        all(Link.Kind.self)
        all(Link.State.self)
        all(Body.Kind.self)
        all(Value.Status.self)
        all(MeasureUnit.self)
        all(Target.Kind.self)
        all(Attainment.Judgement.self)
        all(AnnualTarget.Comparator.self)
        all(Disclosure.self)
        all(Role.self)
        all(Audit.Event.self)
        let known = Set(Role.allCases.flatMap(\.kinds).map(\.rawValue))
        let table = document.rows(of: "Record kinds").prefix { $0.count == 4 }.dropFirst(2).map { unquoted($0[0]) }
        #expect(Set(table) == known.union(["x-…"]))
    }

    // MARK: The plugin guide

    @Test("the plugin guide shows the real files, and every key of a manifest")
    func guide() throws {
        let guide = try ProtocolDocument(name: "plugin-guide.md")
        for plugin in ["Forvaltninger/KFF", "Policies/LGBTI"] {
            let source = try String(contentsOfFile: guide.root + "/Plugins/\(plugin)/main.swift", encoding: .utf8)
            let code = source.drop { $0 != "\n" }.dropFirst()  // the first line says what the file is
            let isShown = guide.text.contains("```swift\n\(code)```")
            #expect(isShown, "Plugins/\(plugin)/main.swift is not what the guide shows")
        }
        let keys = guide.rows(of: "plugin.json").compactMap { $0.first }
        for key in Manifest.CodingKeys.allCases { #expect(keys.contains("`\(key.rawValue)`"), "\(key.rawValue)") }
    }

    // MARK: What a hostile or broken plugin sends

    @Test("what the broker quotes from outside always fits a header")
    func quotes() throws {
        let folder = NSTemporaryDirectory() + "pejling-protocol-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let replay = try Replay(document, folder: folder)
        func hello(_ publisher: String, log: String) -> Header {
            var hello = Header(.hello)
            (hello.versions, hello.publisher, hello.log, hello.seq, hello.hash) = ([1, 1], publisher, log, 0, .zero)
            return hello
        }
        let log = try document.value("BIF's log")
        for (hello, rule) in [
            (hello(String(repeating: "\u{1}", count: 600), log: log), "hello.publisher"),
            (hello(String(repeating: "\"", count: 1900), log: log), "hello.publisher"),
            (hello("BIF", log: String(repeating: "f", count: 3800)), "hello.fields"), (hello("BIF", log: log), nil),
        ] {
            try replay.take(hello)
            let answer = try #require(replay.answers.popLast()?.header)
            #expect(answer.rule == rule)
            #expect(try answer.encoded().count <= Limits.header)
        }
        // A record refused for an id of a quarter of a megabyte; its refusal must be a line the ledger can read again.
        let long = String(repeating: "😀", count: 65_000)
        let body = Array(#"{"initiative":"\#(long)","state":"no_remark","budgets":[]}"#.utf8)
        var head = ChainHead.empty
        var lines: [Line] = []
        for _ in 0..<9 {
            let line = try head.next(
                publisher: "BIF", log: log, at: "2026-11-23T08:15:00Z", by: Author(role: "node"), kind: .funding,
                id: "x",
                policy: nil, body: body, synthetic: false)
            head.advance(over: line)
            lines.append(line)
        }
        try replay.take(try replay.publish(lines), Batch.body(of: lines))
        let ack = try #require(replay.answers.popLast()?.header)
        #expect(ack.type == .ack)
        #expect(ack.seq == 9)
        #expect(ack.refusals?.count == 8)
        #expect(try ack.encoded().count <= Limits.header)
        #expect(
            try replay.store.verify(brokerKey: try document.key("seed of the broker's signing key").publicKey).fault
                == nil)
    }

    @Test("numbers that overflow are a fault of the message, not the end of the broker")
    func overflow() throws {
        let folder = NSTemporaryDirectory() + "pejling-protocol-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let replay = try Replay(document, folder: folder)
        for case .message(let message) in try document.exchange().prefix(2) { try replay.take(message) }
        for (first, count, last) in [
            (Int64.max, 2, Int64.max), (.max, .max, 1), (.min, 1, .min), (0, 1, 0), (1, .max, .max),
        ] {
            replay.answers = []
            var publish = Header(.publish, token: try document.value("the token the broker draws"))
            (publish.log, publish.firstSeq, publish.count, publish.seq) = (
                try document.value("BIF's log"), first, count, last
            )
            (publish.hash, publish.signature, publish.keyID) = (.zero, "", "")
            try replay.take(publish)
            #expect(
                ["publish.fields", "batch.size"].contains(replay.answers.first?.header.rule),
                "\(first) \(count) \(last)")
        }
    }

    @Test("an object of many keys is read in one pass, and its last key may still not stand twice")
    func manyKeys() {
        func object(_ keys: [String]) -> [UInt8] {
            Array(("{" + keys.map { "\"\($0)\":0" }.joined(separator: ",") + "}").utf8)
        }
        let keys = (0..<20_000).map(String.init)
        #expect(throws: Never.self) { try StrictJSON.checkObject(object(keys)) }
        #expect(throws: Fault.self) { try StrictJSON.checkObject(object(keys + ["0"])) }
        #expect(throws: Fault.self) { try StrictJSON.checkObject(object(keys + ["\\u0031\\u0039"])) }
    }
}

private func keys(_ bytes: [UInt8]) throws -> [String] {
    guard case .object(let object) = try JSON(bytes) else { return [] }
    return object.keys.sorted()
}

private func unquoted(_ cell: String) -> String { cell.trimmingCharacters(in: CharacterSet(charactersIn: "`")) }

private func isEmpty(_ value: Any) -> Bool {
    let mirror = Mirror(reflecting: value)
    return (mirror.displayStyle == .optional || mirror.displayStyle == .collection) && mirror.children.isEmpty
}

/// Notes for each field of `value` and what it holds whether something stands in it somewhere.
private func note(_ value: Any, _ shown: inout [String: Bool]) {
    if value is PartialDate || value is DecimalText || value is LineRange || value is LocalizedText { return }
    let mirror = Mirror(reflecting: value)
    for child in mirror.children {
        if mirror.displayStyle == .struct, let label = child.label {
            let field = "\(mirror.subjectType).\(label)"
            shown[field] = (shown[field] ?? false) || !isEmpty(child.value)
        }
        note(child.value, &shown)
    }
}
