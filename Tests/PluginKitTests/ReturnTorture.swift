import Testing
import TortureKit
import Wire
import ZeroMQ

@testable import PluginKit

@Suite("A thousand plugins and a broker that returns")
struct ReturnTorture {
    /// When libzmq tries to connect a socket, from its opening on: after what was drawn for the socket, then twice as long each time up to
    /// 5 s, and at random up to what was drawn more (`ZMQ_RECONNECT_IVL`, `ZMQ_RECONNECT_IVL_MAX`; zmq 4.3.4,
    /// `stream_connecter_base.cpp`). The first that is not before `back`.
    private static func attempt(of socket: Duration, notBefore back: Duration, _ numbers: inout SeededNumbers)
        -> Duration
    {
        let drawn = Int(CInt.random(in: Socket.reconnectMilliseconds, using: &numbers))
        var (time, pause) = (socket, drawn)
        while time < back {
            time += .milliseconds(pause + Int.random(in: 0..<drawn, using: &numbers))
            pause = min(pause * 2, 5000)
        }
        return time
    }

    /// The most connections made in the same 100 ms, and when the last plugin was there, after a broker that was gone for
    /// `outage`.
    private static func run(seed: UInt64, outage: Duration) throws -> (most: Int, last: Duration) {
        var numbers = SeededNumbers(seed: seed)
        // The broker goes at 1 s; each heard it last at another moment of the second before.
        let gone = Duration.seconds(1)
        let back = gone + outage
        var made: [Int: Int] = [:]
        var last = Duration.zero
        func connects(_ time: Duration) {
            made[Int(time / .milliseconds(100)), default: 0] += 1
            last = max(last, time - back)
        }
        for _ in 0..<1000 {
            var plugin = LinkStateMachineTests.makeMachine()
            _ = plugin.tick(now: .zero, jitter: 0)
            _ = plugin.receive(LinkStateMachineTests.welcome(), [], now: .zero, jitter: 0)
            _ = plugin.confirmed(0, isSame: true, now: .zero)
            let heard = Duration.milliseconds(Int.random(in: 0..<1000, using: &numbers))
            _ = plugin.receive(Header(.pong, token: "t"), [], now: heard, jitter: 0)
            // The socket it has: libzmq tries it again and again until the plugin gives it up for a fresh one.
            var connection = attempt(of: gone, notBefore: back, &numbers)
            var now = gone
            while true {
                now += plugin.patience(now: now)
                guard now < back + .seconds(60) else { throw Late() }
                let jitter = Double.random(in: 0...1, using: &numbers)
                if now >= connection {
                    // What comes wakes it before its next tick.
                    now = connection
                    connects(connection)
                    // Its queue holds a hello, or pings of a session that nobody knows any more: then a fresh socket.
                    if plugin.isLive {
                        var reject = Header(.reject)
                        (reject.rule, reject.final) = ("session.unknown", false)
                        _ = plugin.receive(reject, [], now: now, jitter: jitter)
                        connection = .seconds(3600)
                        continue
                    }
                    break
                }
                let wasLive = plugin.isLive
                let orders = plugin.tick(now: now, jitter: jitter)
                if orders.contains(.reopen) { connection = attempt(of: now, notBefore: back, &numbers) }
                if wasLive, !plugin.isLive { connection = .seconds(3600) }
            }
        }
        return (made.values.max() ?? 0, last)
    }

    private struct Late: Error {}

    @Test("they return spread over time, none later than a pause of libzmq's or of ours")
    func spread() throws {
        let started = ContinuousClock.now
        var (most, later, last) = (0, 0, Duration.zero)
        for seed in Torture.seeds(quick: 4, torture: 1000, long: 10_000) {
            var numbers = SeededNumbers(seed: seed)
            let isLong = seed % 2 == 1
            let outage = Duration.milliseconds(
                Int.random(in: isLong ? 45_000...90_000 : 1000...15_000, using: &numbers))
            let run = try Self.run(seed: seed, outage: outage)
            if isLong { later = max(later, run.most) } else { most = max(most, run.most) }
            last = max(last, run.last)
            #expect(run.most <= (isLong ? 220 : 300), "seed \(seed): \(run.most) in the same 100 ms after \(outage)")
            #expect(run.last <= .seconds(8.1), "seed \(seed): the last after \(run.last)")
        }
        Torture.report(
            "1,000 plugins return to a broker",
            "at most \(most) in the same 100 ms, \(later) after 45 s and more; all within \(last / .seconds(1)) s",
            since: started)
    }
}
