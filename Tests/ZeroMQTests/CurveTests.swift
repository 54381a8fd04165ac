import CZeroMQ
import Foundation
import Testing

@testable import ZeroMQ

@Suite("CURVE and who may connect")
struct CurveTests {
    /// An ipc endpoint on a free path, or a tcp one on a free port.
    static func endpoint(_ kind: String) -> String { kind == "ipc" ? "ipc://\(temporaryPath())" : "tcp://127.0.0.1:*" }

    @Test("this libzmq has CURVE")
    func available() {
        #expect(curveIsAvailable())
        #expect(zeroMQVersion().split(separator: ".").count == 3)
    }

    @Test("an enrolled key is served, both ways, and its message carries it", arguments: ["ipc", "tcp"])
    func enrolled(kind: String) async throws {
        try await onThread { () throws in
            let listener = try Listener(Self.endpoint(kind))
            let keys = try CurveKeyPair.generate()
            listener.enrolled = [keys.publicKey]
            let client = try listener.makeClient(keys)
            #expect(try client.isCurve())
            #expect(try client.send(["one".bytes, "two".bytes]) == .sent)
            try #require(try listener.turn(until: 10) { !listener.messages.isEmpty })
            let message = listener.messages[0]
            #expect(message.frames.dropFirst().map(text) == ["one", "two"])
            #expect(message.userID == keys.publicKey.z85)
            #expect(!message.isTruncated)
            #expect(try listener.router.send([message.frames[0], "three".bytes]) == .sent)
            var answer: ReceivedMessage?
            try #require(
                try listener.turn(until: 10) {
                    if answer == nil { answer = try client.receive() }
                    return answer != nil
                })
            #expect(answer?.frames.map(text) == ["three"])
            #expect(listener.attempts.map(\.key) == [keys.publicKey])
        }
    }

    @Test("an unknown key gets nothing, and is served once enrolled, without a restart", arguments: ["ipc", "tcp"])
    func unknown(kind: String) async throws {
        try await onThread { () throws in
            let listener = try Listener(Self.endpoint(kind))
            let keys = try CurveKeyPair.generate()
            let client = try listener.makeClient(keys)
            _ = try client.send(["hello".bytes])
            // Two refusals: it asks again by itself, and nothing came through.
            try #require(try listener.turn(until: 15) { listener.attempts.count >= 2 })
            #expect(listener.attempts.allSatisfy { $0.verdict == .unknown && $0.key == keys.publicKey })
            #expect(listener.messages.isEmpty)
            listener.enrolled = [keys.publicKey]
            try #require(try listener.turn(until: 10) { !listener.messages.isEmpty })
            #expect(listener.messages[0].userID == keys.publicKey.z85)
            #expect(listener.messages[0].frames.dropFirst().map(text) == ["hello"])
        }
    }

    @Test("a key is the same in Z85 and in hex, and what is none is refused")
    func hex() throws {
        let key = try CurveKeyPair.generate().publicKey
        #expect(CurvePublicKey(hex: key.hex) == key && key.hex.count == 64)
        for wrong in ["", String(key.hex.dropLast()), key.hex + "0", String(repeating: "+1", count: 32), key.z85] {
            #expect(CurvePublicKey(hex: wrong) == nil, "\(wrong)")
        }
    }

    @Test("a monitor says that a revoked key was turned down, and nothing of one that is unknown")
    func monitor() async throws {
        try await onThread { () throws in
            let listener = try Listener(Self.endpoint("tcp"))
            let (revoked, unknown) = (try CurveKeyPair.generate(), try CurveKeyPair.generate())
            listener.revoked = [revoked.publicKey]
            func client(_ keys: CurveKeyPair, _ name: String) throws -> (socket: Box, monitor: Box) {
                let socket = try Socket(listener.context, kind: .dealer)
                try socket.setLimits(maxMessageBytes: 1 << 20, local: false)
                let monitor = try socket.monitorRefusals(listener.context, name: name)
                try socket.useCurve(keys, server: listener.keys.publicKey)
                try socket.connect(listener.endpoint)
                return (Box(socket), Box(monitor))
            }
            let other = try client(unknown, "unknown")
            let refused = try client(revoked, "revoked")
            var status: Int?
            try #require(
                try listener.turn(until: 10) {
                    status = try status ?? refused.monitor.socket.refusal()
                    return status != nil && listener.attempts.contains { $0.verdict == .unknown }
                })
            #expect(status == 400)
            #expect(try other.monitor.socket.refusal() == nil)
            for socket in [other.socket, refused.socket] { socket.socket.endMonitor() }
        }
    }

    @Test("a monitor that would miss what has happened by then is refused")
    func lateMonitor() throws {
        let context = try Context()
        let listener = try Socket(context, kind: .router)
        try listener.bind("tcp://127.0.0.1:*")
        let client = try Socket(context, kind: .dealer)
        try client.connect(try listener.lastEndpoint())
        let late = ZeroMQError(call: "zmq_socket_monitor", subject: "inproc://late", errno: EISCONN)
        #expect(throws: late) { _ = try client.monitorRefusals(context, name: "late") }
        #expect(throws: late) { _ = try listener.monitorConnections(context, name: "late") }
    }

    private final class Box {
        let socket: Socket
        init(_ socket: consuming Socket) { self.socket = socket }
    }

    @Test("who is refused gets nothing: a revoked key, no CURVE, another server's key", arguments: ["ipc", "tcp"])
    func refused(kind: String) async throws {
        try await onThread { () throws in
            let listener = try Listener(Self.endpoint(kind))
            let good = try CurveKeyPair.generate()
            let revoked = try CurveKeyPair.generate()
            let misled = try CurveKeyPair.generate()
            listener.enrolled = [good.publicKey, revoked.publicKey, misled.publicKey]
            listener.revoked = [revoked.publicKey]
            let plain = try listener.makeClient(nil)
            let refused = try listener.makeClient(revoked)
            let wrong = try Socket(listener.context, kind: .dealer)
            try wrong.useCurve(misled, server: try CurveKeyPair.generate().publicKey)
            try wrong.connect(listener.endpoint)
            _ = try plain.send(["plain".bytes])
            _ = try refused.send(["revoked".bytes])
            _ = try wrong.send(["misled".bytes])
            try #require(try listener.turn(until: 10) { listener.attempts.contains { $0.verdict == .revoked } })
            // A good client that comes later is served, twenty times: so there was time for the others.
            let client = try listener.makeClient(good)
            for round in 0..<20 {
                _ = try client.send(["\(round)".bytes])
                try #require(try listener.turn(until: 10) { listener.messages.count > round })
            }
            #expect(listener.messages.allSatisfy { $0.userID == good.publicKey.z85 })
            #expect(listener.attempts.allSatisfy { $0.key == good.publicKey || $0.key == revoked.publicKey })
        }
    }

    @Test("what the authenticator cannot read, or is no CURVE of this domain, it refuses")
    func garbage() async throws {
        try await onThread { () throws in
            let context = try Context()
            let authenticator = try Authenticator(context, domain: "test")
            let key = [UInt8](1...32)
            let good = ["1.0".bytes, "7".bytes, "test".bytes, "127.0.0.1".bytes, [], "CURVE".bytes, key]
            func changed(_ index: Int, _ frame: [UInt8]) -> [[UInt8]] {
                var frames = good
                frames[index] = frame
                return frames
            }
            let requests: [(frames: [[UInt8]], status: String)] = [
                (good, "200"), (changed(0, "1.1".bytes), "400"), (changed(2, "other".bytes), "400"),
                (changed(2, []), "400"), (changed(5, "NULL".bytes), "400"), (changed(5, "PLAIN".bytes), "400"),
                (changed(5, []), "400"), (changed(6, Array(key.dropLast())), "400"), (changed(6, key + [0]), "400"),
                (changed(6, []), "400"), (Array(good.dropLast()), "400"), (good + ["more".bytes], "400"),
                (good + good + good, "400"), ([[]], "400"), (["1.0".bytes], "400"), ([[], []], "400"),
            ]
            // A REQ of our own, spoken by a DEALER: an empty frame stands in front.
            let client = try Socket(context, kind: .dealer)
            try client.connect(Authenticator.endpoint)
            for (frames, status) in requests {
                #expect(try client.send([[]] + frames) == .sent)
                let end = ContinuousClock.now + .seconds(5)
                var attempts: [Authenticator.Attempt] = []
                while attempts.isEmpty, ContinuousClock.now < end {
                    attempts = try authenticator.answer { _ in .admit }
                }
                var reply: ReceivedMessage?
                while reply == nil, ContinuousClock.now < end { reply = try client.receive() }
                let parts = try #require(reply).frames
                #expect(parts.count == 7)
                #expect(text(parts[3]) == status, "\(frames.map(text))")
                #expect(text(parts[5]).isEmpty == (status != "200"), "no User-Id without a verdict")
                #expect(attempts.first?.verdict == (status == "200" ? .admit : .revoked))
            }
        }
    }

    @Test("ZAP_ENFORCE_DOMAIN (option 93) is set and reads 1 on the listening side, 0 elsewhere")
    func enforced() async throws {
        try await onThread { () throws in
            let listener = try Listener("tcp://127.0.0.1:*")
            #expect(try listener.router.int(93, "ZMQ_ZAP_ENFORCE_DOMAIN") == 1)
            #expect(try listener.router.isCurve())
            let bare = try Socket(listener.context, kind: .router)
            #expect(try bare.int(93, "ZMQ_ZAP_ENFORCE_DOMAIN") == 0)
            #expect(try !bare.isCurve())
            #expect(try bare.int(ZMQ_LINGER, "ZMQ_LINGER") == 0)
        }
    }

    @Test("without its authenticator a listener lets nobody in, enrolled or not")
    func failsClosed() async throws {
        try await onThread { () throws in
            let context = try Context()
            let server = try CurveKeyPair.generate()
            let router = try Socket(context, kind: .router)
            try router.serveCurve(server, domain: "test")
            try router.bind("tcp://127.0.0.1:*")
            let client = try Socket(context, kind: .dealer)
            try client.useCurve(try CurveKeyPair.generate(), server: server.publicKey)
            try client.connect(try router.lastEndpoint())
            _ = try client.send(["hello".bytes])
            var poller = Poller()
            _ = poller.watch(router)
            // Served connections take some milliseconds (test `enrolled`).
            #expect(try poller.wait(milliseconds: 500).isEmpty)
            #expect(try router.receive()?.frames == nil)
        }
    }

    @Test("a key pair comes back from its secret, and texts that are no keys are refused")
    func keys() throws {
        let pair = try CurveKeyPair.generate()
        #expect(CurveKeyPair(secret: pair.secret)?.publicKey == pair.publicKey)
        #expect(CurvePublicKey(z85: pair.publicKey.z85) == pair.publicKey)
        #expect(try CurveKeyPair.generate().secret != pair.secret)
        for bad in ["", "abc", String(repeating: "a", count: 39), String(repeating: "a", count: 41)] {
            #expect(CurvePublicKey(z85: bad) == nil)
            #expect(CurveKeyPair(secret: bad) == nil)
        }
        #expect(CurvePublicKey(z85: String(repeating: "\"", count: 40)) == nil)
    }
}
