import Foundation
import Logging
import PolicyModel
import Synchronization
import Testing
import Wire
import ZeroMQ

@testable import Broker
@testable import Ledger

/// Keeps what is logged.
final class LogKeeper: Sendable {
    let lines = Mutex<[(message: String, fields: [String: String])]>([])

    struct Handler: LogHandler {
        let keeper: LogKeeper
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .info
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).mapValues { "\($0)" }
            keeper.lines.withLock { $0.append(("\(event.message)", fields)) }
        }
    }

    var log: Logger { Logger(label: "test") { _ in Handler(keeper: self) } }

    /// Fields of the first line that says this, as soon as there is one.
    func fields(_ text: String) async -> [String: String]? {
        _ = await eventually { lines.withLock { $0.contains { $0.message.contains(text) } } }
        return lines.withLock { $0.first { $0.message.contains(text) }?.fields }
    }
}

@Suite("The broker's log, for programs", .serialized)
struct LogFieldTests {
    @Test("a line says beside its sentence which publisher, log, record, rule, key or plugin it is about")
    func fields() async throws {
        let (rig, keeper) = (try BrokerRig(), LogKeeper())
        let keys = try CurveKeyPair.generate()
        let stranger = try CurveKeyPair.generate()
        let given = Sender("BIF")
        // Of a publisher that nobody speaks for by himself here.
        let plugin = try rig.script("buf", "exit 3", publisher: "BUF")
        let broker = try await Broker.start(
            Broker.Options(data: rig.data, config: repository + "/Config", installations: [plugin]), log: keeper.log)
        broker.enrol(given, keys: keys)
        let state = await broker.state()
        let endpoint = try #require(state.endpoints.first)
        try await onThread {
            var sender = given
            let client = try TinyClient(endpoint, keys: keys, server: state.key)
            try client.send(sender.hello())
            _ = try client.expect(.welcome)
            let refused = [try sender.line(body: #"{"initiative":"lgbti/bif/x"}"#)]
            try client.send(try sender.publish(refused, token: ""), Batch.body(of: refused))
            _ = try client.expect(.ack)
            let lines = try sender.lines(1)
            let forged = try sender.publish(lines, token: "") { $0.signature = String(repeating: "0", count: 128) }
            try client.send(forged, Batch.body(of: lines))
            _ = try client.expect(.nack)
            let other = try TinyClient(endpoint, keys: stranger, server: state.key)
            try other.send(sender.hello())
            _ = try other.receive(0.5)
        }
        #expect(
            await keeper.fields("refused: BIF/") == [
                "publisher": "BIF", "log": given.log, "seq": "1", "rule": "body.schema",
            ])
        let batch = await keeper.fields("refused a batch of BIF")
        #expect(
            batch?["publisher"] == "BIF" && batch?["seq"] == "2" && batch?["rule"] == "signature", "\(batch ?? [:])")
        let unknown = await keeper.fields("is not enrolled")
        #expect(unknown?["key"] == stranger.publicKey.z85, "\(unknown ?? [:])")
        #expect(await keeper.fields("buf: it ended with exit code 3") == ["publisher": "BUF", "plugin": "buf"])
        #expect(await keeper.fields("enrolled BIF") == ["publisher": "BIF", "key": keys.publicKey.z85])
        await broker.stop()
    }

    @Test("who is turned away again and again fills no log: the first is said, in a minute no second like it")
    func again() async throws {
        let (rig, keeper) = (try BrokerRig(), LogKeeper())
        let keys = try CurveKeyPair.generate()
        let given = Sender("BIF")
        let broker = try await Broker.start(
            Broker.Options(data: rig.data, config: repository + "/Config", installations: []), log: keeper.log)
        broker.enrol(given, keys: keys)
        let state = await broker.state()
        let endpoint = try #require(state.endpoints.first)
        try await onThread {
            let client = try TinyClient(endpoint, keys: keys, server: state.key)
            try client.send(given.hello())
            _ = try client.expect(.welcome)
            for _ in 1...50 {
                try client.send(Header(.publish, token: ""))
                _ = try client.expect(.nack)
            }
        }
        let said = keeper.lines.withLock { $0.map(\.message).filter { $0.contains("refused a batch of BIF") } }
        #expect(said.count == 1, "\(said)")
        await broker.stop()
    }
}
