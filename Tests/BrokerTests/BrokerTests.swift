import Foundation
import Glibc
import PolicyModel
import Synchronization
import Testing
import Wire
import ZeroMQ

@testable import Broker
@testable import Ledger

@Suite("A whole broker on real sockets", .serialized)
struct BrokerTests {
    @Test("hello, publish, ack, follow, deliver, credit, end", arguments: ["ipc", "tcp"])
    func exchange(kind: String) async throws {
        let rig = try BrokerRig()
        try await rig.run([], listen: kind == "tcp" ? ["tcp://127.0.0.1:*"] : []) { broker in
            let state = await broker.state()
            let endpoint = try #require(state.endpoints.first { $0.hasPrefix(kind) })
            let keys = try CurveKeyPair.generate()
            let sender = Sender("BIF")
            broker.enrol(
                Enrolment(
                    publisher: "BIF", role: .node, curveKey: keys.publicKey.z85, signKey: sender.signing.publicKey.hex,
                    admittedBy: "test"))
            let key = state.key
            try await onThread { () throws in
                var sender = sender
                let client = try TinyClient(endpoint, keys: keys, server: key)
                try client.send(sender.hello())
                #expect(try client.expect(.welcome).header.position == 1)
                // Three batches of two: acknowledged up to the sixth record, each ack durable.
                var lines: [Line] = []
                for _ in 0..<3 {
                    let batch = try sender.lines(2)
                    lines += batch
                    try client.send(try sender.publish(batch, token: ""), Batch.body(of: batch))
                }
                var acked: Int64 = 0
                while acked < 6 {
                    let ack = try client.expect(.ack).header
                    #expect(try #require(ack.seq) > acked)
                    acked = try #require(ack.seq)
                    #expect(ack.hash == lines[Int(acked) - 1].hash)
                }
                // One credit: one delivery, then nothing more although more comes.
                var follow = Header(.follow)
                (follow.position, follow.credit) = (0, 1)
                try client.send(follow)
                let (delivered, body) = try client.expect(.deliver)
                #expect((delivered.position, delivered.count) == (7, 7))
                var root = Hash.zero
                for part in body.split(separator: 10) {
                    let line = try DeliveredLine(parsing: part)
                    root = root.root(position: line.position, received: line.received, record: line.line.hash)
                    #expect(line.root == root)
                    if line.position > 1 { #expect(line.line == lines[Int(line.position) - 2]) }
                }
                #expect(try client.expect(.end).header.position == 7)
                let more = try sender.lines(1)
                try client.send(try sender.publish(more, token: ""), Batch.body(of: more))
                #expect(try client.expect(.ack).header.seq == 7)
                #expect(try client.receive(0.3)?.header == nil)
                var credit = Header(.credit)
                credit.credit = 1
                try client.send(credit)
                #expect(try client.expect(.deliver).header.position == 8)
                #expect(try client.expect(.end).header.position == 8)
                // Through a filter nothing of this comes, and no root.
                (follow.position, follow.credit) = (0, 4)
                follow.filter = FeedFilter(kinds: ["enrolment"])
                try client.send(follow)
                let (filtered, one) = try client.expect(.deliver)
                #expect(filtered.count == 1)
                #expect(try DeliveredLine(parsing: one[...]).root == nil)
                #expect(try client.expect(.end).header.position == 8)
                try client.send(Header(.bye))
                try client.send(Header(.ping))
                #expect(try client.expect(.reject).header.rule == "session.unknown")
            }
        }
        // After the end the ledger is whole, and the state file says that nobody runs.
        let keys = try BrokerKeys(folder: rig.data.broker)
        let check = try LedgerVerifier.verify(folder: rig.data.broker, brokerKey: keys.signing.publicKey)
        #expect(check.fault == nil)
        #expect(check.records == 8)
        #expect(BrokerState.read(rig.data)?.state.position == 8)
        try #require(await eventually { BrokerState.read(rig.data)?.isRunning == false })
    }

    @Test(
        "an order in a message takes a body from the ledger while the broker runs; one that describes another is refused"
    )
    func redaction() async throws {
        let rig = try BrokerRig()
        let secret = "Jens-Hansen-Vej-7-Nakskov"
        try await rig.run([]) { broker in
            let state = await broker.state()
            let endpoint = try #require(state.endpoints.first)
            let keys = try CurveKeyPair.generate()
            let sender = Sender("BIF")
            broker.enrol(
                Enrolment(
                    publisher: "BIF", role: .node, curveKey: keys.publicKey.z85, signKey: sender.signing.publicKey.hex,
                    admittedBy: "test"))
            let (key, folder) = (state.key, rig.data.broker)
            try await onThread { () throws in
                var sender = sender
                let client = try TinyClient(endpoint, keys: keys, server: key)
                try client.send(sender.hello())
                _ = try client.expect(.welcome)
                var follow = Header(.follow)
                (follow.position, follow.credit, follow.filter) = (1, 8, FeedFilter(kinds: ["funding"]))
                try client.send(follow)
                func publish(_ lines: [Line]) throws -> Header {
                    try client.send(try sender.publish(lines, token: ""), Batch.body(of: lines))
                    while true {
                        let message = try #require(try client.receive()).header
                        if message.type == .ack { return message }
                    }
                }
                func order(on line: Line, id: String? = nil) throws -> Line {
                    let order = Redaction(
                        record: line.name, redacted: line.kind, id: id ?? line.envelope.id, policy: "lgbti",
                        bodyHash: line.envelope.bodyHash.hex, reason: LocalizedText(da: "Et navn"), decision: "DPO")
                    return try sender.line(
                        kind: .redaction, id: order.identity, body: String(decoding: encodeBody(order), as: UTF8.self))
                }
                let subject = "lgbti/bif/n1"
                let slip = try sender.line(
                    id: "\(subject)|no_remark|",
                    body:
                        "{\"initiative\":\"\(subject)\",\"state\":\"no_remark\",\"budgets\":[],\"decision\":\"\(secret)\"}"
                )
                #expect(try publish([slip]).refusals == nil)
                // One message with a good order and one that describes another record.
                let ack = try publish([try order(on: slip, id: "lgbti/bif/n2|no_remark|"), try order(on: slip)])
                #expect(ack.refusals?.map(\.rule) == ["redaction.record"])
                #expect(ack.seq == 3)
                // Whatever kinds a consumer chose, it gets the order; who comes later gets the line without its body.
                (follow.position, follow.filter) = (1, FeedFilter(kinds: ["funding"]))
                try client.send(follow)
                var delivered: [DeliveredLine] = []
                // The order comes on the feed of before, too.
                while delivered.count < 2 {
                    let (header, body) = try #require(try client.receive())
                    guard header.type == .deliver, header.position ?? 0 >= 4 else { continue }
                    delivered = try body.split(separator: 10).map { try DeliveredLine(parsing: $0) }
                }
                #expect(delivered.map(\.line.isRedacted) == [true, false])
                #expect(delivered[0].line == slip.redacted)
                for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
                    let bytes = FileManager.default.contents(atPath: folder + "/" + file) ?? Data()
                    #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(file)")
                }
            }
        }
        let keys = try BrokerKeys(folder: rig.data.broker)
        let check = try LedgerVerifier.verify(folder: rig.data.broker, brokerKey: keys.signing.publicKey)
        #expect(check.fault == nil && check.redacted == 1)
    }

    @Test("an unknown key is shown as pending, gets nothing, and is served once enrolled")
    func pending() async throws {
        let rig = try BrokerRig()
        try await rig.run { broker in
            let state = await broker.state()
            let keys = try CurveKeyPair.generate()
            let sender = Sender("BIF")
            let enrolment = Enrolment(
                publisher: "BIF", role: .node, curveKey: keys.publicKey.z85, signKey: sender.signing.publicKey.hex,
                admittedBy: "test")
            let (endpoint, key) = (try #require(state.endpoints.first), state.key)
            let served = Mutex(false)
            async let client: Void = onThread { () throws in
                let client = try TinyClient(endpoint, keys: keys, server: key)
                try client.send(sender.hello())
                _ = try client.expect(.welcome)
                served.withLock { $0 = true }
            }
            try #require(await eventually { await broker.state().pendingKeys[keys.publicKey.z85] ?? 0 > 0 })
            #expect(!served.withLock { $0 })
            broker.enrol(enrolment)
            try await client
            #expect(await eventually { await broker.state().pendingKeys.isEmpty })
        }
        // The enrolment is in the ledger: the next broker knows the key by itself.
        try #require(await eventually { BrokerState.read(rig.data)?.isRunning == false })
        try await rig.run { broker in #expect(await broker.state().position == 1) }
    }

    /// The words of the error with which a broker does not start.
    static func refusal(_ rig: BrokerRig, listen: [String] = []) async throws -> String {
        do {
            let broker = try await rig.start(listen: listen)
            await broker.stop()
            return ""
        } catch { return "\(error)" }
    }

    @Test("a second broker on the same folder is refused, and told who holds it")
    func second() async throws {
        let rig = try BrokerRig()
        try await rig.run { broker in
            let said = try await Self.refusal(rig)
            #expect(said.contains("\(rig.data.broker) is held by another broker (process \(getpid()) since "))
            #expect(said.contains("Stop it first, or name another --data folder"))
            #expect(broker.failure == nil)
        }
    }

    @Test("a tcp port in use is said with its address and the way out")
    func portInUse() async throws {
        let context = try Context()
        let port = try await onThread { () throws in
            let socket = try Socket(context, kind: .router)
            try socket.bind("tcp://127.0.0.1:*")
            let endpoint = try socket.lastEndpoint()
            let rig = try BrokerRig()
            let said = Mutex<String?>(nil)
            Task {
                let text = try await Self.refusal(rig, listen: [endpoint]); said.withLock { $0 = text }
            }
            let end = ContinuousClock.now + .seconds(20)
            while said.withLock({ $0 == nil }), ContinuousClock.now < end { poll(nil, 0, 10) }
            let text = said.withLock { $0 } ?? ""
            return (endpoint, text)
        }
        #expect(
            port.1.contains("\(port.0) is in use by another process. Stop it, or choose another address with --listen"))
    }

    @Test("an address that cannot be listened on is said with the way out", arguments: ["tcp://192.0.2.1:7000", "x"])
    func badAddress(endpoint: String) async throws {
        let said = try await Self.refusal(try BrokerRig(), listen: [endpoint])
        #expect(said.contains("the broker cannot listen on \(endpoint)"), "\(said)")
        #expect(said.contains("--listen tcp://ADDRESS:PORT"))
    }

    @Test("a folder too deep for a socket is said with both lengths")
    func longPath() throws {
        let folder = try TemporaryFolder()
        let deep = folder.path + "/" + String(repeating: "d", count: 90)
        let data = try DataFolder(creating: deep, synthetic: false)
        let error = #expect(throws: BrokerError.self) { try Broker.localEndpoint(data) }
        let path = deep + "/broker/socket"
        #expect(
            error?.description
                == "the socket path \(path) is \(path.utf8.count) bytes, and the system takes at most 107: choose a shorter --data folder"
        )
    }

    @Test("what stands in the socket's way is kept, and said")
    func inTheWay() async throws {
        let rig = try BrokerRig()
        try makeFolder(rig.data.broker)
        let path = rig.data.broker + "/socket"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        let said = try await Self.refusal(rig)
        #expect(said.contains("\(path) is in the way: it is no socket"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }

    @Test("a socket in use by another is not stolen; one left behind is taken over")
    func socketInUse() async throws {
        let rig = try BrokerRig()
        try makeFolder(rig.data.broker)
        let path = rig.data.broker + "/socket"
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(listener, 4) == 0)
        let said = try await Self.refusal(rig)
        #expect(said.contains("the socket \(path) is in use by another process"))
        close(listener)
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(try await Self.refusal(rig) == "")
    }

    @Test("a damaged ledger stops the broker at its start, and nothing is changed")
    func damaged() async throws {
        let rig = try BrokerRig()
        try await rig.run { broker in
            broker.enrol(Sender("BIF"), keys: try CurveKeyPair.generate())
            try #require(await eventually { await broker.state().position == 1 })
        }
        try #require(await eventually { BrokerState.read(rig.data)?.isRunning == false })
        let path = rig.data.broker + "/ledger.sqlite"
        func sqlite(_ command: String) throws -> String {
            let (process, output) = (Process(), Pipe())
            process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
            process.arguments = [path, command]
            process.standardOutput = output
            try process.run()
            defer { process.waitUntilExit() }
            return String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        }
        _ = try sqlite("UPDATE record SET root = zeroblob(32)")
        let before = try sqlite(".dump")
        let said = try await Self.refusal(rig)
        #expect(said.contains("position 1"), "\(said)")
        #expect(said.contains("Nothing was changed"), "\(said)")
        #expect(try sqlite(".dump") == before)
        #expect(before.contains("INSERT INTO record VALUES(1,"))
    }
}
