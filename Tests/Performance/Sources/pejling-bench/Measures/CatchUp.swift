import Foundation
import Ledger
import Wire
import ZeroMQ

/// A consumer that joins late: it follows from the beginning and keeps a durable copy, as the coordinator does.
struct CatchUpMeasure: Measure {
    let name = "catch-up"
    let title = "feed catch-up"
    let isShort = true

    func run(_ bench: Bench, _ results: inout Results) async throws {
        let fixture = try bench.fixture(records: 100_000)
        let server = try Server.broker(fixture.folder, bench, listen: "tcp://127.0.0.1:*")
        defer { server.child.end() }
        let folder = try bench.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try Load.together(1, lines: Int(fixture.records)) {
            [follower = Follower(fixture), endpoint = try server.endpoint(.ipc), key = server.key] _, gate in
            try follower.run(endpoint, key, folder, gate)
        }
        results.add("feed catch-up: replayed over ipc into a durable copy", .perSecond, result.rate)
    }
}

private struct Follower: Sendable {
    let name: String
    let curve: CurveKeyPair
    let upTo: Int64

    init(_ fixture: LedgerFixture) {
        (name, curve, upTo) = (fixture.follower, fixture.followerCurve, fixture.records)
    }

    func run(_ endpoint: String, _ server: CurvePublicKey, _ folder: String, _ gate: Gate) throws -> [Int64] {
        let context = try Context()
        defer { context.terminate() }
        return try follow(context, endpoint, server, folder, gate)
    }

    private func follow(
        _ context: Context, _ endpoint: String, _ server: CurvePublicKey, _ folder: String, _ gate: Gate
    ) throws -> [Int64] {
        let replica = try Replica(folder: folder, create: true)
        let socket = try Socket(context, kind: .dealer)
        try socket.setLimits(
            maxMessageBytes: Int64(Limits.batchBytes + Limits.batchLines * 128 + Limits.header), local: true)
        try socket.useCurve(curve, server: server)
        try socket.connect(endpoint)
        var hello = Header(.hello)
        hello.versions = [1, 1]
        hello.publisher = name
        hello.log = String(repeating: "f", count: 32)
        hello.seq = 0
        hello.hash = .zero
        _ = try socket.send([try hello.encoded(), []])
        var poller = Poller()
        _ = poller.watch(socket)
        var position: Int64 = 0
        while position < upTo {
            guard !(try poller.wait(milliseconds: 20_000)).isEmpty else { throw Failure("the feed is silent for 20 s") }
            while let message = try socket.receive() {
                let header = try Header.parse(message.frames[0])
                var answer: Header?
                switch header.type {
                case .welcome:
                    gate.pass()
                    answer = Header(.follow, token: header.token)
                    answer?.position = 0
                    answer?.credit = Limits.window
                case .deliver:
                    let lines = try message.frames[1].split(separator: 10).map { try DeliveredLine(parsing: $0) }
                    position = header.position ?? position
                    try replica.store(lines, upTo: position)
                    answer = Header(.credit, token: header.token)
                    answer?.credit = 1
                case .reject: throw Failure("\(header.text ?? "?") [\(header.rule ?? "")]")
                default: break
                }
                if let answer { _ = try socket.send([try answer.encoded(), []]) }
            }
        }
        return []
    }
}
