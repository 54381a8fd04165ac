import Foundation
import Glibc
import Synchronization
import Testing

@testable import ZeroMQ

/// Runs `body` on a thread of its own: sockets stay on one thread, and waiting holds up nobody else's tests.
func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        _ = SocketThread { continuation.resume(with: Result { try body() }) }
    }
}

/// The text of a message's frame.
func text(_ frame: [UInt8]) -> String { String(decoding: frame, as: UTF8.self) }

/// A listening ROUTER with its authenticator, answering on the thread it was made on.
final class Listener {
    let context: Context
    let router: Socket
    let authenticator: Authenticator
    let keys: CurveKeyPair
    let endpoint: String
    var enrolled: Set<CurvePublicKey> = []
    var revoked: Set<CurvePublicKey> = []
    var attempts: [Authenticator.Attempt] = []
    var messages: [ReceivedMessage] = []
    private var poller = Poller()

    init(_ endpoint: String) throws {
        let context = try Context()
        let keys = try CurveKeyPair.generate()
        let authenticator = try Authenticator(context, domain: "test")
        let router = try Socket(context, kind: .router)
        try router.setLimits(maxMessageBytes: 1 << 20, local: endpoint.hasPrefix("ipc:"))
        try router.set(ZMQ_ROUTER_MANDATORY_OPTION, 1 as CInt, "ZMQ_ROUTER_MANDATORY")
        try router.serveCurve(keys, domain: "test")
        try router.bind(endpoint)
        self.endpoint = try router.lastEndpoint()
        _ = poller.watch(router)
        _ = authenticator.watch(in: &poller)
        (self.context, self.keys) = (context, keys)
        self.authenticator = authenticator
        self.router = router
    }

    deinit { if endpoint.hasPrefix("ipc://") { unlink(String(endpoint.dropFirst(6))) } }

    /// A client; `keys` nil: without CURVE.
    func makeClient(_ keys: CurveKeyPair?) throws -> Socket {
        let client = try Socket(context, kind: .dealer)
        try client.setLimits(maxMessageBytes: 1 << 20, local: endpoint.hasPrefix("ipc:"))
        if let keys { try client.useCurve(keys, server: self.keys.publicKey) }
        try client.connect(endpoint)
        return client
    }

    /// One turn: answer who may connect, take what has arrived.
    func turn(milliseconds: Int = 10) throws {
        _ = try poller.wait(milliseconds: milliseconds)
        attempts += try authenticator.answer { key in
            revoked.contains(key) ? .revoked : enrolled.contains(key) ? .admit : .unknown
        }
        while let message = try router.receive() { messages.append(message) }
    }

    /// Turns until `condition` holds; false when it does not within `seconds`.
    func turn(until seconds: Double, _ condition: () throws -> Bool) throws -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while try !condition() {
            if ContinuousClock.now > end { return false }
            try turn()
        }
        return true
    }
}

/// A path short enough for a socket.
func temporaryPath() -> String { "/tmp/pejling-zmq-\(UInt32.random(in: 0 ... .max))" }
