import Foundation
import Testing
import TortureKit
import Wire
import ZeroMQ

@Suite("A consumer that joins late", .serialized, .oneAtATime)
struct LateJoinTorture {
    @Test(
        "replay while records are written: any join, from the start or from where it was, equals a consumer from the start"
    )
    func joins() throws {
        let started = ContinuousClock.now
        let joins = Torture.count(quick: 8, torture: 200, long: 5_000)
        let rate = Double(Torture.count(quick: 1_000, torture: 5_000, long: 5_000))
        var dice = SeededNumbers(seed: 11)
        var (done, delivered, records) = (0, 0, 0)
        // A new ledger from time to time: a replay from the start grows with it.
        while done < joins {
            let stand = try LoadStand()
            defer { stand.stop() }
            try stand.startBroker()
            try stand.greet()
            let pace = LoadPublisher.Pace(window: 16, lines: 15, pause: 8 * Double(stand.publishers.count) / rate)
            for (place, publisher) in stand.publishers.enumerated() { publisher.start(pace, seed: UInt64(place)) }
            try eventually("records are written", 20) { stand.publishers.allSatisfy { $0.acked > 20 } }
            var seen: [(after: Int64, upTo: Int64, hash: Hash)] = []
            for _ in 0..<min(20, joins - done) {
                let written = Int64(stand.publishers.map(\.acked).reduce(0, +))
                let after = Bool.random(using: &dice) ? 0 : Int64.random(in: 0...written, using: &dice)
                // Beyond what is written now: it catches up and goes on with what comes.
                let beyond = written + Int64.random(in: 1...400, using: &dice)
                let credit = Int.random(in: 1...Limits.window, using: &dice)
                let result = try follow(stand, after: after, until: beyond, credit: credit)
                seen.append((after, result.upTo, result.hash))
                delivered += result.lines
                done += 1
            }
            for publisher in stand.publishers { publisher.stop() }
            try #require(stand.publishers.flatMap(\.faults).isEmpty)
            let all = try stand.ledgerLines()
            records += all.count
            for join in seen {
                var hash = Hash.zero
                for line in all[Int(join.after)..<Int(join.upTo)] { hash = Hash(of: hash.bytes + line.line) }
                try #require(hash == join.hash, "joined after \(join.after), read up to \(join.upTo)")
            }
        }
        Torture.report(
            "late joiner: replay while \(Int(rate)) records/s are written",
            "\(done) joins over \(records) records, \(delivered) lines delivered: each equals a consumer from the start",
            since: started)
    }

    private struct Followed {
        var upTo: Int64
        var lines = 0
        var hash = Hash.zero
    }

    /// Follows the feed after a position until it has come past another: positions without a hole, and a hash over all lines.
    private func follow(
        _ stand: LoadStand, after: Int64, until: Int64, credit: Int
    ) throws -> Followed {
        let context = try Context()
        defer { context.terminate() }
        return try follow(context, stand, after, until, credit)
    }

    private func follow(
        _ context: Context, _ stand: LoadStand, _ after: Int64, _ until: Int64, _ credit: Int
    ) throws -> Followed {
        let socket = try Socket(context, kind: .dealer)
        try socket.setLimits(
            maxMessageBytes: Int64(Limits.batchBytes + Limits.batchLines * 128 + Limits.header), local: true)
        try socket.useCurve(stand.followerKeys, server: stand.brokerKey)
        try socket.connect(stand.endpoint)
        var hello = Header(.hello)
        hello.versions = [1, 1]
        hello.publisher = LoadStand.follower
        (hello.log, hello.seq, hello.hash) = (String(repeating: "f", count: 32), 0, .zero)
        _ = try socket.send([try hello.encoded(), []])
        var poller = Poller()
        _ = poller.watch(socket)
        var result = Followed(upTo: after)
        while result.upTo < until {
            guard !(try poller.wait(milliseconds: 20_000)).isEmpty else {
                throw NotInTime(description: "the feed is silent for 20 s at \(result.upTo) of \(until)")
            }
            while let message = try socket.receive() {
                let header = try Header.parse(message.frames[0])
                var answer: Header?
                switch header.type {
                case .welcome:
                    answer = Header(.follow, token: header.token)
                    answer?.position = after
                    answer?.credit = credit
                case .deliver:
                    let lines = try message.frames[1].split(separator: 10).map { try DeliveredLine(parsing: $0) }
                    for line in lines {
                        try #require(line.position == result.upTo + 1, "a hole in the feed")
                        result.upTo = line.position
                        result.hash = Hash(of: result.hash.bytes + line.line.bytes)
                    }
                    result.lines += lines.count
                    answer = Header(.credit, token: header.token)
                    answer?.credit = 1
                case .reject: throw NotInTime(description: "\(header.text ?? "?") [\(header.rule ?? "")]")
                default: break
                }
                if let answer { _ = try socket.send([try answer.encoded(), []]) }
            }
        }
        return result
    }
}
