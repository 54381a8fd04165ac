import Foundation
import Ledger
import PolicyModel
import Synchronization
import Testing
import Wire
import ZeroMQ

@testable import PluginKit

/// What each version of the protocol really said, recorded once between a real broker and real plugins (`Captures/protocol-<n>`),
/// against the code of today: a plugin of that release and this broker, this plugin and a broker of that release, and its files.
///
/// With a new version of the protocol its capture is added beside the others, by `PEJLING_CAPTURE=1 swift test --filter
/// CaptureTests/record`; those that are there stay as they are.
@Suite("Recorded captures of each version", .serialized, .oneAtATime)
struct CaptureTests {
    private static let folder = Town.root + "/Tests/EndToEnd/Captures"
    static let versions: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix("protocol-") }.sorted()
    }()
    private static let others: [(publisher: String, role: Role)] = [
        ("coordinator", .coordinator), ("integration", .policy),
    ]

    /// Who spoke, and with which keys they sign.
    private struct Cast: Codable {
        struct Part: Codable {
            var publisher: String
            var role: Role
            var signKey: String
        }
        var parts: [Part]
    }

    private struct Capture {
        let folder: String

        init(_ version: String) { folder = "\(CaptureTests.folder)/\(version)" }

        func cast() throws -> Cast { try JSONDecoder().decode(Cast.self, from: data("cast.json")) }

        func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")) }

        func messages(_ publisher: String) throws -> [WireTap.Message] {
            try data("\(publisher).jsonl").split(separator: UInt8(ascii: "\n")).map {
                try JSONDecoder().decode(WireTap.Message.self, from: $0)
            }
        }

        /// A broker of today that knows the keys they sign with; and CURVE keys for each.
        func stand() throws -> (LoadStand, [String: CurveKeyPair]) {
            var curve: [String: CurveKeyPair] = [:]
            let stand = try LoadStand(
                admitting: try cast().parts.map { part in
                    let pair = try CurveKeyPair.generate()
                    curve[part.publisher] = pair
                    return Enrolment(
                        publisher: part.publisher, role: part.role, curveKey: pair.publicKey.z85, signKey: part.signKey,
                        admittedBy: "test")
                })
            try stand.startBroker()
            try stand.greet()
            return (stand, curve)
        }
    }

    @Test("there is a capture of each version that this code speaks")
    func all() { for version in Limits.versions { #expect(Self.versions.contains("protocol-\(version)")) } }

    // MARK: A plugin of then, a broker of now

    @Test("what plugins of that release said is answered as it was then", arguments: versions)
    func plugins(version: String) throws {
        let capture = Capture(version)
        let (stand, curve) = try capture.stand()
        defer { stand.stop() }
        for publisher in ["BIF", "coordinator"] {
            let recorded = try capture.messages(publisher)
            let answers = try replay(recorded, on: stand, try #require(curve[publisher]))
            let (then, now) = (
                try Said(recorded.filter { $0.from == "broker" }, of: publisher), try Said(answers, of: publisher)
            )
            #expect(now.acked == then.acked, "\(publisher)")
            #expect(now.refusals == then.refusals, "\(publisher)")
            #expect(now.delivered == then.delivered, "\(publisher)")
            #expect(now.faults == [] && then.faults == [], "\(publisher)")
            #expect(then.acked > 0 && !then.delivered.isEmpty, "\(publisher): the capture is empty")
        }
        #expect(try Said(capture.messages("BIF"), of: "BIF").refusals.map(\.rule) == ["owner"])
        stand.stop()
        #expect(try stand.verify().fault == nil)
    }

    /// What a broker said that must be the same whenever it is said.
    private struct Said {
        var acked: Int64 = 0
        var refusals: [RefusedLine] = []
        /// The publisher's own lines that came back.
        var delivered: [[UInt8]] = []
        var faults: [String] = []

        init(_ messages: [WireTap.Message], of publisher: String) throws {
            for message in messages {
                let header = try message.parsed
                switch header.type {
                case .ack:
                    acked = max(acked, header.seq ?? 0)
                    refusals += (header.refusals ?? []).filter { !refusals.contains($0) }
                case .deliver:
                    let lines = try message.bytes.split(separator: UInt8(ascii: "\n")).map {
                        try DeliveredLine(parsing: $0)
                    }
                    delivered += lines.map(\.line).filter { $0.envelope.publisher == publisher }.map(\.bytes)
                case .nack, .reject: faults.append(header.text ?? "")
                default: break
                }
            }
        }
    }

    /// Says what a plugin said, with the tokens of this session; waits where it must have waited. All that is answered.
    private func replay(
        _ recorded: [WireTap.Message], on stand: LoadStand, _ keys: CurveKeyPair
    ) throws -> [WireTap.Message] {
        let result = Mutex<Result<[WireTap.Message], any Error>>(.success([]))
        let (endpoint, server) = (stand.endpoint, stand.brokerKey)
        SocketThread {
            let outcome = Result { try self.converse(recorded, endpoint, server, keys) }
            result.withLock { $0 = outcome }
        }.join()
        return try result.withLock { $0 }.get()
    }

    private func converse(
        _ recorded: [WireTap.Message], _ endpoint: String, _ server: CurvePublicKey, _ keys: CurveKeyPair
    ) throws -> [WireTap.Message] {
        let context = try Context()
        defer { context.terminate() }
        return try converse(recorded, context, endpoint, server, keys)
    }

    private func converse(
        _ recorded: [WireTap.Message], _ context: Context, _ endpoint: String, _ server: CurvePublicKey,
        _ keys: CurveKeyPair
    ) throws -> [WireTap.Message] {
        let socket = try Socket(context, kind: .dealer)
        try socket.setLimits(maxMessageBytes: 8 << 20, local: true)
        try socket.useCurve(keys, server: server)
        try socket.connect(endpoint)
        var poller = Poller()
        _ = poller.watch(socket)
        var answers: [WireTap.Message] = []
        var token: String?
        func take() throws {
            _ = try poller.wait(milliseconds: 20)
            while let message = try socket.receive() {
                let header = try Header.parse(message.frames[0])
                if header.type == .welcome { token = header.token }
                answers.append(
                    WireTap.Message(
                        from: "broker", header: String(decoding: message.frames[0], as: UTF8.self),
                        body: String(decoding: message.frames[1], as: UTF8.self)))
            }
        }
        func headers() throws -> [Header] { try answers.map { try $0.parsed } }
        let expected = try recorded.filter { $0.from == "broker" }.map { try $0.parsed }
        for message in recorded where message.from == "plugin" {
            // The recorded bytes but for the token, which each session draws anew.
            let header = try message.parsed
            let bytes = header.token.map { message.header.replacing($0, with: token ?? "") } ?? message.header
            guard header.type != .bye else { break }
            #expect(try socket.send([Array(bytes.utf8), message.bytes]) == .sent)
            switch header.type {
            case .hello:
                try eventually("it is welcome") {
                    try take(); return token != nil
                }
            case .ping:
                let pings = try headers().count { $0.type == .pong }
                try eventually("the ping is answered") {
                    try take(); return try headers().count { $0.type == .pong } > pings
                }
            case .publish:
                try eventually("\(header.seq ?? 0) is acknowledged") {
                    try take()
                    return try headers().contains {
                        $0.type == .ack && $0.seq ?? 0 >= header.seq ?? 0 || $0.type == .nack
                    }
                }
            default: break
            }
        }
        if expected.contains(where: { $0.type == .deliver }) {
            try eventually("the feed has no more to say") {
                try take(); return try headers().last { [.end, .deliver].contains($0.type) }?.type == .end
            }
        }
        return answers
    }

    // MARK: A broker of then, a plugin of now

    @Test(
        "what the broker of that release said is taken as it was then: acknowledged, refused, kept", arguments: versions
    )
    func brokers(version: String) throws {
        let capture = Capture(version)
        for publisher in ["BIF", "coordinator"] {
            let folder = "/tmp/pejling-capture-\(UInt32.random(in: 0 ... .max))"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let messages = try capture.messages(publisher)
            let head =
                try messages.compactMap { try $0.parsed }.filter { $0.type == .publish }.compactMap(\.seq).max() ?? 0
            let replica = try Replica(folder: folder, create: true)
            var machine = LinkStateMachine(
                silenceLimit: .seconds(5), follows: FeedFilter(), isSynthetic: true, head: head, acked: 0,
                feedPosition: 0)
            #expect(machine.tick(now: .zero, jitter: 0) == [.reopen])
            var refused: [RefusedLine] = []
            var kept = 0
            for message in messages where message.from == "broker" {
                var orders = machine.receive(try message.parsed, message.bytes, now: .zero, jitter: 0)[...]
                while let order = orders.popFirst() {
                    switch order {
                    case .compare(let seq, _, _): orders += machine.confirmed(seq, isSame: true, now: .zero)
                    case .publish: orders += machine.published(last: head, bytes: 1000, now: .zero)
                    case .acknowledge(_, let lines): refused += lines
                    case .store(let body, _, let upTo, let root):
                        let lines = try body.split(separator: UInt8(ascii: "\n")).map { try DeliveredLine(parsing: $0) }
                        kept += lines.count
                        try replica.store(lines, upTo: upTo, root: root)
                    case .fail(let text): Issue.record("\(publisher): \(text)")
                    default: break
                    }
                }
            }
            let then = try Said(messages.filter { $0.from == "broker" }, of: publisher)
            #expect(machine.acked == then.acked && machine.isLive, "\(publisher)")
            #expect(refused == then.refusals)
            #expect(kept > 0)
            let last = try messages.filter { $0.from == "broker" }.map { try $0.parsed }.last {
                [.end, .deliver].contains($0.type)
            }
            #expect(try replica.position() == last?.position)
        }
    }

    // MARK: Its files

    @Test(
        "the ledger's export of that release is read here, line by line, and its root is what its lines give",
        arguments: versions)
    func exported(version: String) throws {
        let capture = Capture(version)
        let text = try capture.data("ledger.lines")
        let rows = text.split(separator: UInt8(ascii: "\n"))
        #expect(rows.count > 30)
        var root = Hash.zero
        for (index, row) in rows.enumerated() {
            let columns = row.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            try #require(columns.count == 6)
            let line = try Line(parsing: Array(columns[0]) + [UInt8(ascii: "\t")] + columns[1])
            let text = columns[3...].map { String(decoding: $0, as: UTF8.self) }
            root = root.root(position: Int64(index) + 1, received: text[1], record: line.hash)
            try #require(text[0] == "\(index + 1)" && text[2] == root.hex, "position \(index + 1)")
        }
    }

    @Test("what a node of that release handed over by file is taken in as if it had been sent", arguments: versions)
    func handedOver(version: String) throws {
        let capture = Capture(version)
        let (stand, _) = try capture.stand()
        defer { stand.stop() }
        let text = try capture.data("BIF.lines")
        try text.write(to: URL(fileURLWithPath: stand.town.folder + "/then.lines"))
        let taken = try stand.town.pejling("ledger", "import", "then.lines")
        // One of them is refused here too, which is said.
        #expect(
            taken.code == 0 && taken.output.contains("1 of the stored refused"), "\(taken.output)\(taken.errors)")
        let lines = text.split(separator: UInt8(ascii: "\n")).map { row in
            Array(row.split(separator: UInt8(ascii: "\t"))[0...1].joined(separator: [UInt8(ascii: "\t")]))
        }
        let refused = lines.filter { String(decoding: $0, as: UTF8.self).contains("lgbti/buf/normer") }
        #expect(refused.count == 1)
        #expect(try stand.ledgerLines(of: "BIF").map(\.line) == lines.filter { $0 != refused.first })
    }

    // MARK: Recording

    @Test(
        "record", .enabled(if: ProcessInfo.processInfo.environment["PEJLING_CAPTURE"] != nil, "records a capture anew"))
    func record() throws {
        let scene = try LoneNode(with: Self.others)
        defer { scene.stand.stop() }
        var taps: [String: WireTap] = [:]
        defer { for tap in taps.values { tap.stop() } }
        var cast = Cast(parts: [])
        for (publisher, role) in [("BIF", Role.node)] + Self.others {
            let keys = try PluginKeys(folder: scene.folder(of: publisher, role))
            cast.parts.append(.init(publisher: publisher, role: role, signKey: keys.signing.publicKey.hex))
            taps[publisher] = try WireTap(.broker(scene.stand.endpoint, scene.stand.brokerKey, plugin: keys.curve))
        }
        let (bif, all) = (try #require(taps["BIF"]), try #require(taps["coordinator"]))
        let processes = [
            try scene.start("coordinator", .coordinator, "pejling", ["coordinator"], through: all),
            try scene.start("integration", .policy, "pejling-policy-integration"), try scene.start(through: bif),
        ]
        func settled() throws -> Bool {
            let copy = try Replica(folder: scene.stand.data.coordinator, create: false, readOnly: true)
            return try scene.log.acked() == scene.log.head().seq && scene.log.head().seq > 0
                && copy.position() == Int64(scene.stand.ledgerLines().count)
        }
        try eventually("all is said", 30, settled)
        let officer = Author(forvaltning: "BIF", role: Author.officer, person: "p1")
        let year = PartialDate("2019")
        for (value, unit) in [(57, MeasureUnit.percent), (58, .percent)] {
            _ = try scene.enter([
                try PublisherLog.Draft(
                    Reading(
                        about: "integration/beskaeftigelsesfrekvens", unit: unit,
                        period: Period(from: year, until: year),
                        value: .number(DecimalText(value), denominator: DecimalText(41_000))), by: officer)
            ])
            try eventually("it is said", 30, settled)
        }
        // Another's money: refused in its place.
        _ = try scene.enter([
            PublisherLog.Draft(
                kind: .funding, id: "lgbti/buf/normer|no_remark|", policy: "lgbti", by: officer,
                body: Array(#"{"initiative":"lgbti/buf/normer","state":"no_remark","budgets":[]}"#.utf8))
        ])
        _ = try scene.enter(3)
        try eventually("it is said", 30) { try settled() && scene.log.deadLetters().count == 1 }
        processes[2].interrupt()
        for process in processes {
            process.closeInput()
            try #require(try process.wait(10) == 0, "\(process.errors)")
        }
        try eventually("the last word has gone through", 10) {
            try bif.messages.last { $0.from == "plugin" }?.parsed.type == .bye
        }
        try #require(taps.values.allSatisfy { $0.failure == nil })
        let out = "\(Self.folder)/protocol-\(Limits.versions.upperBound)"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(cast).write(to: URL(fileURLWithPath: out + "/cast.json"))
        for (name, tap) in [("BIF", bif), ("coordinator", all)] {
            let lines = try tap.messages.map { try encoder.encode($0) + Data("\n".utf8) }
            try Data(lines.joined()).write(to: URL(fileURLWithPath: "\(out)/\(name).jsonl"))
        }
        for (name, of) in [
            ("ledger.lines", ["--data", scene.stand.data.path]),
            ("BIF.lines", ["--node", "BIF", "--data", scene.data.path]),
        ] {
            try? FileManager.default.removeItem(atPath: "\(out)/\(name)")
            let export = try scene.stand.town.pejling(["ledger", "export", "--out", "\(out)/\(name)"] + of)
            try #require(export.code == 0, "\(export.errors)")
        }
    }
}
