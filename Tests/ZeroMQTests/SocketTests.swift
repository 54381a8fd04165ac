import CZeroMQ
import Foundation
import Glibc
import Synchronization
import Testing

@testable import ZeroMQ

@Suite("Sockets, poll and threads")
struct SocketTests {
    @Test("a tcp port in use is said to be in use, with call and endpoint")
    func portInUse() async throws {
        try await onThread { () throws in
            let context = try Context()
            let first = try Socket(context, kind: .router)
            try first.bind("tcp://127.0.0.1:*")
            let endpoint = try first.lastEndpoint()
            let second = try Socket(context, kind: .router)
            let error = #expect(throws: ZeroMQError.self) { try second.bind(endpoint) }
            #expect(error?.isAddressInUse == true)
            #expect(error?.call == "zmq_bind")
            #expect(error?.subject == endpoint)
            #expect(error?.description.contains("zmq_bind \(endpoint): Address already in use") == true)
        }
    }

    @Test("an ipc path is at most 107 bytes long")
    func longPath() async throws {
        try await onThread { () throws in
            let context = try Context()
            let base = temporaryPath()
            defer { unlink(base + String(repeating: "x", count: Socket.longestPath - base.utf8.count)) }
            let longest = base + String(repeating: "x", count: Socket.longestPath - base.utf8.count)
            let socket = try Socket(context, kind: .router)
            try socket.bind("ipc://" + longest)
            let error = #expect(throws: ZeroMQError.self) { try socket.bind("ipc://\(longest)x") }
            #expect(error?.errno == ENAMETOOLONG)
        }
    }

    @Test(
        "an endpoint that cannot be bound is an error",
        arguments: [
            "nonsense", "tcp://", "tcp://127.0.0.1:99999", "tcp://nosuchinterface:*", "tcp://192.0.2.1:7000",
            "ipc:///nosuchfolder/socket",
        ])
    func badEndpoint(endpoint: String) async throws {
        try await onThread { () throws in
            let socket = try Socket(try Context(), kind: .router)
            let error = #expect(throws: ZeroMQError.self) { try socket.bind(endpoint) }
            #expect(error?.isAddressInUse == false)
            #expect(error?.subject == endpoint)
        }
    }

    @Test("a message with too many frames is read to its end and marked")
    func manyFrames() async throws {
        try await onThread { () throws in
            let (context, endpoint) = (try Context(), "inproc://frames")
            let router = try Socket(context, kind: .router)
            try router.bind(endpoint)
            let client = try Socket(context, kind: .dealer)
            try client.connect(endpoint)
            #expect(try client.send((0..<20).map { [UInt8($0)] }) == .sent)
            #expect(try client.send([[], [1, 2]]) == .sent)
            var messages: [ReceivedMessage] = []
            let end = ContinuousClock.now + .seconds(5)
            while messages.count < 2, ContinuousClock.now < end {
                if let message = try router.receive(maxFrames: 4) { messages.append(message) }
            }
            try #require(messages.count == 2)
            #expect(messages[0].isTruncated)
            #expect(Array(messages[0].frames.dropFirst()) == [[0], [1], [2]])
            #expect(!messages[1].isTruncated)
            #expect(Array(messages[1].frames.dropFirst()) == [[], [1, 2]])
            #expect(messages[0].userID == nil)
        }
    }

    @Test("a peer that is not there is unreachable, a full queue would block, and neither takes a part")
    func sendResults() async throws {
        try await onThread { () throws in
            let context = try Context()
            let router = try Socket(context, kind: .router)
            try router.set(ZMQ_ROUTER_MANDATORY_OPTION, 1 as CInt, "ZMQ_ROUTER_MANDATORY")
            try router.bind("inproc://nobody")
            #expect(try router.send([[1, 2, 3], [4]]) == .unreachable)
            let client = try Socket(context, kind: .dealer)
            try client.set(ZMQ_SNDHWM, 4 as CInt, "ZMQ_SNDHWM")
            try client.connect("tcp://127.0.0.1:9")
            var sent = 0
            while try client.send([[1], [2]]) == .sent, sent < 1000 { sent += 1 }
            #expect(sent == 4)
            #expect(try client.send([[1], [2]]) == .wouldBlock)
        }
    }

    @Test("an option that libzmq refuses is an error that names it")
    func badOption() async throws {
        try await onThread { () throws in
            let socket = try Socket(try Context(), kind: .dealer)
            let error = #expect(throws: ZeroMQError.self) { try socket.set(ZMQ_SNDHWM, -5 as CInt, "ZMQ_SNDHWM") }
            #expect(error?.errno == EINVAL)
            #expect(error?.description.contains("ZMQ_SNDHWM") == true)
        }
    }

    @Test("a doorbell wakes a poll from another thread, and is silent once cleared")
    func doorbell() async throws {
        let bell = try Doorbell()
        try await onThread { () throws in
            var poller = Poller()
            let index = poller.watch(bell)
            #expect(try poller.wait(milliseconds: 0).isEmpty)
            let ringer = SocketThread { bell.ring() }
            #expect(try poller.wait(milliseconds: 10_000) == [index])
            ringer.join()
            bell.ring()
            #expect(try poller.wait(milliseconds: 0) == [index])
            bell.clear()
            #expect(try poller.wait(milliseconds: 0).isEmpty)
        }
    }

    @Test("poll says which of several is ready")
    func pollIndices() async throws {
        try await onThread { () throws in
            let bells = try (0..<3).map { _ in try Doorbell() }
            var poller = Poller()
            let indices = bells.map { poller.watch($0) }
            bells[2].ring()
            bells[0].ring()
            #expect(try poller.wait(milliseconds: 1000) == [indices[0], indices[2]])
        }
    }

    @Test("all who join a thread go on when it has ended")
    func join() async throws {
        let count = Mutex(0)
        let thread = SocketThread { count.withLock { $0 += 1 } }
        try await onThread { thread.join() }
        try await onThread { thread.join() }
        #expect(count.withLock { $0 } == 1)
    }

    @Test("a context ends when its sockets are closed, with messages nobody took", .timeLimit(.minutes(1)))
    func terminate() async throws {
        try await onThread { () throws in
            let context = try Context()
            do {
                let client = try Socket(context, kind: .dealer)
                try client.connect("tcp://127.0.0.1:9")
                _ = try client.send([[1]])
            }
            // LINGER would hold this up for ever; the test's own time limit is the bound.
            context.terminate()
        }
    }
}
