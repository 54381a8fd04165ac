import Foundation
import Glibc
import Synchronization
import Wire
import ZeroMQ

/// Listens in a broker's place, to one plugin: hands everything on to the broker and back and keeps what it saw, or answers by itself.
/// The keys at both ends are the plugin's and its own, so that either end sees what it would see of the other.
final class WireTap: Sendable {
    /// One message, as it went over the wire.
    struct Message: Codable, Sendable {
        /// `plugin` or `broker`.
        var from: String
        var header: String
        var body: String

        var parsed: Header { get throws { try Header.parse(Array(header.utf8)) } }
        var bytes: [UInt8] { Array(body.utf8) }
    }

    enum Behind: Sendable {
        /// The broker that the plugin is meant for.
        case broker(String, CurvePublicKey, plugin: CurveKeyPair)
        /// What is said to each message.
        case answers(@Sendable (Header) -> Header?)
    }

    let endpoint: String
    let key: CurvePublicKey
    private let keys: CurveKeyPair
    private let seen = Mutex<[Message]>([])
    private let isOver = Atomic<Bool>(false)
    private let thread = Mutex<SocketThread?>(nil)
    private let fault = Mutex<String?>(nil)

    init(_ behind: Behind) throws {
        keys = try CurveKeyPair.generate()
        key = keys.publicKey
        endpoint = "ipc:///tmp/pejling-tap-\(UInt32.random(in: 0 ... .max))"
        thread.withLock { thread in
            thread = SocketThread { [self] in
                do { try listen(behind) } catch { fault.withLock { $0 = "\(error)" } }
            }
        }
    }

    var messages: [Message] { seen.withLock { $0 } }
    /// Why it does not listen any more; nil while it does.
    var failure: String? { fault.withLock { $0 } }

    func stop() {
        isOver.store(true, ordering: .sequentiallyConsistent)
        thread.withLock { $0 }?.join()
        unlink(String(endpoint.dropFirst("ipc://".count)))
    }

    private func listen(_ behind: Behind) throws {
        let context = try Context()
        defer { context.terminate() }
        try listen(behind, context)
    }

    private func listen(_ behind: Behind, _ context: Context) throws {
        let authenticator = try Authenticator(context, domain: "tap")
        let router = try Socket(context, kind: .router)
        try router.setLimits(maxMessageBytes: 8 << 20, local: true)
        try router.serveCurve(keys, domain: "tap")
        try router.bind(endpoint)
        let onward = try Socket(context, kind: .dealer)
        try onward.setLimits(maxMessageBytes: 8 << 20, local: true)
        if case .broker(let endpoint, let server, let plugin) = behind {
            try onward.useCurve(plugin, server: server)
            try onward.connect(endpoint)
        }
        var poller = Poller()
        _ = poller.watch(router)
        _ = poller.watch(onward)
        _ = authenticator.watch(in: &poller)
        var peer: [UInt8]?
        while !isOver.load(ordering: .sequentiallyConsistent) {
            _ = try poller.wait(milliseconds: 20)
            _ = try authenticator.answer { _ in .admit }
            while let message = try router.receive() {
                guard message.frames.count == 3 else { continue }
                peer = message.frames[0]
                keep("plugin", message.frames[1], message.frames[2])
                switch behind {
                case .broker: _ = try onward.send([message.frames[1], message.frames[2]])
                case .answers(let answer):
                    guard let said = answer(try Header.parse(message.frames[1])) else { continue }
                    keep("broker", try said.encoded(), [])
                    _ = try router.send([message.frames[0], try said.encoded(), []])
                }
            }
            while let message = try onward.receive() {
                guard message.frames.count == 2, let peer else { continue }
                keep("broker", message.frames[0], message.frames[1])
                _ = try router.send([peer, message.frames[0], message.frames[1]])
            }
        }
    }

    private func keep(_ from: String, _ header: [UInt8], _ body: [UInt8]) {
        let message = Message(
            from: from, header: String(decoding: header, as: UTF8.self), body: String(decoding: body, as: UTF8.self))
        seen.withLock { $0.append(message) }
    }
}
