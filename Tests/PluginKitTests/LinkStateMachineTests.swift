import Testing
import Wire

@testable import PluginKit

@Suite("The link's state machine")
struct LinkStateMachineTests {
    typealias Order = LinkStateMachine.Order

    static func makeMachine(
        head: Int64 = 0, acked: Int64 = 0, follows: FeedFilter? = nil, silence: Duration = .seconds(5)
    ) -> LinkStateMachine {
        var machine = LinkStateMachine(
            silenceLimit: silence, follows: follows, isSynthetic: false, head: head, acked: acked, feedPosition: 0)
        machine.isReady = true
        return machine
    }

    static func welcome(seq: Int64 = 0, token: String = "t", synthetic: Bool = false) -> Header {
        var welcome = Header(.welcome, token: token)
        (welcome.seq, welcome.hash, welcome.synthetic, welcome.position) = (seq, .zero, synthetic, 9)
        return welcome
    }

    static func ack(_ seq: Int64, token: String = "t") -> Header {
        var ack = Header(.ack, token: token)
        ack.seq = seq
        return ack
    }

    static func nack(_ rule: String, expected: Int64?, token: String = "t") -> Header {
        var nack = Header(.nack, token: token)
        (nack.rule, nack.seq, nack.text, nack.line) = (rule, expected, "tekst", 3)
        return nack
    }

    /// A machine that has just become live with the broker at `seq`; and what it ordered then.
    static func live(
        head: Int64 = 0, broker seq: Int64 = 0, follows: FeedFilter? = nil
    ) -> (LinkStateMachine, [Order]) {
        var machine = makeMachine(head: head, acked: seq, follows: follows)
        #expect(machine.tick(now: .zero, jitter: 0) == [.reopen])
        #expect(
            machine.receive(welcome(seq: seq), [], now: .zero, jitter: 0) == [
                .compare(seq: seq, hash: .zero, ledger: nil)
            ])
        let orders = machine.confirmed(seq, isSame: true, now: .zero)
        return (machine, orders)
    }

    /// The seqs after which it wants to publish.
    static func publishes(_ orders: [Order]) -> [Int64] {
        orders.compactMap { if case .publish(let seq) = $0 { seq } else { nil } }
    }

    static func sent(_ orders: [Order], _ kind: Header.Kind) -> Header? {
        for case .send(let header) in orders where header.type == kind { return header }
        return nil
    }

    static func failure(_ orders: [Order]) -> String? {
        for case .fail(let text) in orders { return text }
        return nil
    }

    @Test("it opens, compares, then follows, pings and publishes from where the broker is")
    func handshake() {
        let (machine, orders) = Self.live(head: 5, broker: 2, follows: FeedFilter(kinds: ["policy"]))
        #expect(machine.isLive)
        #expect(machine.token == "t")
        #expect(orders.first == .acknowledge(seq: 2, refused: []))
        let follow = Self.sent(orders, .follow)
        #expect((follow?.position, follow?.credit, follow?.token) == (0, Limits.window, "t"))
        #expect(follow?.filter == FeedFilter(kinds: ["policy"]))
        let ping = Self.sent(orders, .ping)
        #expect((ping?.state, ping?.unsent, ping?.position) == ("ready", 3, 0))
        #expect(orders.last == .publish(after: 2))
        #expect(Self.sent(Self.live(follows: FeedFilter()).1, .follow)?.filter == nil)
        #expect(Self.sent(Self.live().1, .follow) == nil)
    }

    @Test("with nothing to send it sleeps until the next ping, and never past the moment it counts as lost")
    func patience() {
        var (machine, _) = Self.live()
        #expect(machine.patience(now: .milliseconds(300)) == .milliseconds(700))
        #expect(machine.tick(now: .milliseconds(999), jitter: 0).isEmpty)
        #expect(Self.sent(machine.tick(now: .seconds(1), jitter: 0), .ping) != nil)
        #expect(machine.patience(now: .seconds(1)) == .seconds(1))
        // Pings go out and nobody answers: 5 s after the last word it is lost.
        for second in 2...4 { _ = machine.tick(now: .seconds(second), jitter: 0) }
        #expect(machine.patience(now: .milliseconds(4500)) == .milliseconds(500))
        _ = machine.tick(now: .milliseconds(5000), jitter: 0)
        #expect(machine.patience(now: .milliseconds(5000)) == .milliseconds(1))
        _ = machine.tick(now: .milliseconds(5001), jitter: 0)
        #expect(!machine.isLive && machine.patience(now: .seconds(6)) == .milliseconds(50))
        // What waits to be sent, or for its ack, is looked at more often.
        (machine, _) = Self.live(head: 1)
        #expect(machine.patience(now: .zero) == .milliseconds(250))
    }

    @Test("nothing is published while it compares, and a second welcome changes nothing")
    func comparing() {
        var machine = Self.makeMachine(head: 5)
        _ = machine.tick(now: .zero, jitter: 0)
        _ = machine.receive(Self.welcome(), [], now: .zero, jitter: 0)
        #expect(machine.tick(now: .seconds(60), jitter: 0).isEmpty)
        #expect(machine.grew(to: 6, now: .zero).isEmpty)
        #expect(machine.receive(Self.ack(3), [], now: .zero, jitter: 0).isEmpty)
        #expect(machine.receive(Self.welcome(token: "u"), [], now: .zero, jitter: 0).isEmpty)
        #expect(Self.publishes(machine.confirmed(0, isSame: true, now: .zero)) == [0])
    }

    @Test("another history fails with \u{201C}diverged\u{201D}, another kind of data too")
    func fails() {
        var machine = Self.makeMachine(head: 5)
        _ = machine.tick(now: .zero, jitter: 0)
        _ = machine.receive(Self.welcome(seq: 5), [], now: .zero, jitter: 0)
        #expect(machine.confirmed(5, isSame: false, now: .zero) == [.prove(5)], "the broker gets to see ours")
        #expect(machine.tick(now: .seconds(5), jitter: 0).isEmpty)
        var silent = machine
        #expect(Self.failure(silent.tick(now: .milliseconds(5001), jitter: 0))?.hasPrefix("diverged: ") == true)
        let diverged = Self.failure(
            machine.receive(Self.nack("chain.fork", expected: 6), [], now: .seconds(1), jitter: 0))
        #expect(diverged?.hasPrefix("diverged: ") == true)
        #expect(diverged?.contains("Nothing was overwritten") == true)
        #expect(!machine.isLive)
        var other = Self.makeMachine()
        _ = other.tick(now: .zero, jitter: 0)
        let orders = other.receive(Self.welcome(synthetic: true), [], now: .zero, jitter: 0)
        #expect(Self.failure(orders)?.contains("real and example data never meet") == true)
    }

    @Test("at most 8 batches are in flight, and a cumulative ack frees all that it covers")
    func window() {
        var (machine, orders) = Self.live(head: 100)
        for batch in 1...8 {
            #expect(Self.publishes(orders) == [Int64(batch - 1) * 2])
            orders = machine.published(last: Int64(batch) * 2, bytes: 100, now: .zero)
        }
        #expect(orders.isEmpty)
        #expect(machine.tick(now: .milliseconds(10), jitter: 0).isEmpty)
        #expect(Self.publishes(machine.receive(Self.ack(1), [], now: .zero, jitter: 0)) == [], "a part frees nothing")
        let freed = machine.receive(Self.ack(6), [], now: .zero, jitter: 0)
        #expect(freed == [.acknowledge(seq: 6, refused: []), .publish(after: 16)])
        #expect(machine.published(last: 18, bytes: 1, now: .zero) == [.publish(after: 18)])
        #expect(machine.published(last: 20, bytes: 1, now: .zero) == [.publish(after: 20)])
        #expect(machine.published(last: 22, bytes: 1, now: .zero).isEmpty)
        #expect(machine.acked == 6)
    }

    @Test("at most 8 MiB are in flight")
    func windowBytes() {
        var (machine, _) = Self.live(head: 100)
        #expect(machine.published(last: 1, bytes: Limits.batchBytes, now: .zero) == [.publish(after: 1)])
        #expect(machine.published(last: 2, bytes: Limits.batchBytes, now: .zero).isEmpty)
        #expect(Self.publishes(machine.receive(Self.ack(1), [], now: .zero, jitter: 0)) == [2])
    }

    @Test("what the socket did not take is published again at the next tick")
    func wouldBlock() {
        var (machine, orders) = Self.live(head: 3)
        #expect(Self.publishes(orders) == [0])
        orders = machine.published(last: 3, bytes: nil, now: .zero)
        #expect(orders.isEmpty)
        #expect(Self.publishes(machine.tick(now: .milliseconds(50), jitter: 0)) == [0])
    }

    @Test("when all is acknowledged it says so at once, and dead letters are kept")
    func allAcked() {
        var (machine, _) = Self.live(head: 3)
        _ = machine.published(last: 3, bytes: 1, now: .zero)
        var ack = Self.ack(3)
        ack.refusals = [RefusedLine(seq: 2, rule: "owner", text: "nej")]
        let orders = machine.receive(ack, [], now: .milliseconds(100), jitter: 0)
        #expect(orders.first == .acknowledge(seq: 3, refused: ack.refusals ?? []))
        #expect(Self.sent(orders, .ping)?.unsent == 0)
        #expect(Self.publishes(orders).isEmpty)
        #expect(Self.publishes(machine.grew(to: 4, now: .zero)) == [3])
        #expect(machine.receive(Self.ack(2), [], now: .zero, jitter: 0).first == .acknowledge(seq: 3, refused: []))
        // What it never sent is no success: a new hello clears it up.
        #expect(machine.receive(Self.ack(5), [], now: .zero, jitter: 0).isEmpty)
        #expect(!machine.isLive && machine.acked == 3)
    }

    @Test("what was appended while a batch was read is sent with it, and its ack is no surprise")
    func grownMeanwhile() {
        var (machine, _) = Self.live(head: 3)
        // Asked for what follows 0, the log gave 5 lines: another process had appended two.
        #expect(machine.published(last: 5, bytes: 1, now: .zero).isEmpty)
        #expect(machine.receive(Self.ack(5), [], now: .zero, jitter: 0).first == .acknowledge(seq: 5, refused: []))
        #expect(machine.acked == 5)
    }

    @Test("what does not get through before the connection is lost is sent in smaller pieces, and in larger ones again")
    func slowLine() {
        var (machine, _) = Self.live(head: 100)
        var now = Duration.zero
        var sizes: [Int] = []
        for token in 1...8 {
            sizes.append(machine.batchBytes)
            _ = machine.published(last: 50, bytes: machine.batchBytes, now: now)
            now += .milliseconds(5001)
            _ = machine.tick(now: now, jitter: 0)
            #expect(!machine.isLive)
            now += .seconds(3)
            #expect(machine.tick(now: now, jitter: 0) == [.reopen])
            _ = machine.receive(Self.welcome(token: "\(token)"), [], now: now, jitter: 0)
            _ = machine.confirmed(0, isSame: true, now: now)
        }
        #expect(sizes == [4096, 2048, 1024, 512, 256, 128, 64, 64].map { $0 * 1024 })
        _ = machine.published(last: 50, bytes: 1, now: now)
        _ = machine.receive(Self.ack(50, token: "8"), [], now: now, jitter: 0)
        #expect(machine.batchBytes == 128 * 1024)
        // Lost after something got through, or with nothing on its way: that says nothing of the line.
        _ = machine.published(last: 60, bytes: 1, now: now)
        _ = machine.tick(now: now + .milliseconds(5001), jitter: 0)
        #expect(!machine.isLive && machine.batchBytes == 128 * 1024)
    }

    @Test("a gap goes back to the seq the broker expects")
    func gap() {
        var (machine, _) = Self.live(head: 10)
        for last in [2, 4, 6] as [Int64] { _ = machine.published(last: last, bytes: 1, now: .zero) }
        #expect(machine.receive(Self.nack("chain.gap", expected: 3), [], now: .zero, jitter: 0) == [.publish(after: 2)])
        #expect(machine.published(last: 10, bytes: 1, now: .zero).isEmpty)
    }

    @Test("a full disk at the broker pauses for a second, then goes on where it was")
    func storage() {
        var (machine, _) = Self.live(head: 10)
        _ = machine.published(last: 4, bytes: 1, now: .zero)
        let nack = Self.nack("storage.full", expected: 1)
        #expect(machine.receive(nack, [], now: .milliseconds(500), jitter: 0).isEmpty)
        #expect(Self.publishes(machine.tick(now: .milliseconds(1499), jitter: 0)).isEmpty)
        // The gap that follows for the batches behind it does not shorten the pause.
        #expect(machine.receive(Self.nack("chain.gap", expected: 1), [], now: .seconds(1), jitter: 0).isEmpty)
        #expect(machine.grew(to: 11, now: .seconds(1)).isEmpty)
        #expect(Self.publishes(machine.tick(now: .milliseconds(1500), jitter: 0)) == [0])
    }

    @Test(
        "any other nack is a fault of ours, and ends the process with its words",
        arguments: ["chain.prev", "signature", "kind.foreign", "body.hash", "chain.fork"])
    func otherNacks(rule: String) {
        var (machine, _) = Self.live(head: 3)
        let text = Self.failure(machine.receive(Self.nack(rule, expected: 1), [], now: .zero, jitter: 0))
        #expect(text == "the broker refuses this log: tekst (line 3 of the batch) [\(rule)]")
        #expect(Self.failure(machine.receive(Self.nack("chain.gap", expected: nil), [], now: .zero, jitter: 0)) != nil)
        #expect(Self.failure(machine.receive(Self.nack("chain.gap", expected: 0), [], now: .zero, jitter: 0)) != nil)
    }

    @Test("a broker silent for 5 s is lost: the socket is opened afresh, with pauses doubling to 2 s")
    func silence() {
        var (machine, _) = Self.live(head: 3)
        #expect(!Self.publishes(machine.tick(now: .seconds(5), jitter: 0)).isEmpty)
        #expect(machine.tick(now: .milliseconds(5001), jitter: 0.5).isEmpty)
        #expect(!machine.isLive)
        #expect(machine.token == nil)
        var now = Duration.milliseconds(5001)
        for pause in [100, 200, 400, 800, 1600, 2000, 2000] {
            #expect(machine.tick(now: now + .milliseconds(pause - 1), jitter: 0.5).isEmpty, "\(pause)")
            now += .milliseconds(pause)
            #expect(machine.tick(now: now, jitter: 0.5) == [.reopen], "\(pause)")
            #expect(machine.tick(now: now + .seconds(5), jitter: 0.5).isEmpty)
            now += .milliseconds(5001)
            #expect(machine.tick(now: now, jitter: 0.5).isEmpty)
        }
    }

    @Test("jitter spreads reconnections from half to one and a half of the pause", arguments: [(0, 50), (1, 150)])
    func jitter(jitter: Double, milliseconds: Int) {
        var (machine, _) = Self.live()
        #expect(machine.tick(now: .seconds(6), jitter: jitter).isEmpty)
        let back = Duration.seconds(6) + .milliseconds(milliseconds)
        #expect(machine.tick(now: back - .milliseconds(1), jitter: 0).isEmpty)
        #expect(machine.tick(now: back, jitter: 0) == [.reopen])
    }

    @Test("turned down before there is a session it opens afresh after a pause; within one it does not heed it")
    func turnedDown() {
        var machine = Self.makeMachine()
        _ = machine.tick(now: .zero, jitter: 0)
        #expect(machine.turnedDown(now: .zero, jitter: 0.5).isEmpty)
        #expect(machine.tick(now: .milliseconds(99), jitter: 0.5).isEmpty)
        #expect(machine.tick(now: .milliseconds(100), jitter: 0.5) == [.reopen])
        var (live, _) = Self.live()
        #expect(live.turnedDown(now: .zero, jitter: 0).isEmpty)
        #expect(live.isLive)
    }

    @Test("any word of the session counts as a sign of life, one of an old session does not")
    func signsOfLife() {
        var (machine, _) = Self.live()
        _ = machine.receive(Header(.pong, token: "t"), [], now: .seconds(4), jitter: 0)
        _ = machine.tick(now: .seconds(9), jitter: 0)
        #expect(machine.isLive)
        _ = machine.receive(Header(.pong, token: "old"), [], now: .seconds(9), jitter: 0)
        _ = machine.tick(now: .milliseconds(9001), jitter: 0)
        #expect(!machine.isLive)
    }

    @Test("after a reconnect it publishes from the new welcome, whatever was in flight")
    func reconnected() {
        var (machine, _) = Self.live(head: 10)
        for last in [2, 4] as [Int64] { _ = machine.published(last: last, bytes: 1, now: .zero) }
        _ = machine.tick(now: .seconds(6), jitter: 0)
        #expect(machine.tick(now: .seconds(7), jitter: 0) == [.reopen])
        _ = machine.receive(Self.welcome(seq: 2, token: "u"), [], now: .seconds(7), jitter: 0)
        let orders = machine.confirmed(2, isSame: true, now: .seconds(7))
        #expect(Self.publishes(orders) == [2])
        #expect(machine.receive(Self.ack(4), [], now: .seconds(7), jitter: 0).isEmpty, "of the old session")
        #expect(machine.acked == 2)
    }

    @Test("a final reject ends the process with its words, another is tried again later")
    func rejects() {
        var reject = Header(.reject)
        (reject.rule, reject.text, reject.final) = ("hello.version", "install the same release", true)
        var machine = Self.makeMachine()
        _ = machine.tick(now: .zero, jitter: 0)
        let final = machine.receive(reject, [], now: .zero, jitter: 0)
        #expect(final == [.fail("install the same release [hello.version]")])
        reject.final = false
        var (patient, _) = Self.live(head: 3)
        #expect(patient.receive(reject, [], now: .zero, jitter: 0.5).isEmpty)
        #expect(!patient.isLive)
        #expect(patient.tick(now: .milliseconds(99), jitter: 0).isEmpty)
        #expect(patient.tick(now: .milliseconds(100), jitter: 0) == [.reopen])
    }

    @Test("a delivery is stored, then one more is asked for; an end moves the place and is told")
    func feed() {
        var (machine, _) = Self.live(follows: FeedFilter())
        var deliver = Header(.deliver, token: "t")
        (deliver.position, deliver.count) = (7, 2)
        let orders = machine.receive(deliver, [1, 2], now: .zero, jitter: 0)
        #expect(orders.first == .store(body: [1, 2], count: 2, upTo: 7, root: nil))
        #expect(Self.sent(orders, .credit)?.credit == 1)
        var end = Header(.end, token: "t")
        end.position = 7
        #expect(machine.receive(end, [], now: .zero, jitter: 0).isEmpty, "nothing new to store")
        end.position = 9
        let last = machine.receive(end, [], now: .milliseconds(100), jitter: 0)
        #expect(last.first == .store(body: [], count: 0, upTo: 9, root: nil))
        #expect(Self.sent(last, .ping)?.position == 9)
    }

    @Test(
        "without room for what comes it says so and asks for no more, in a new session neither; with room the feed goes on"
    )
    func full() {
        var (machine, _) = Self.live(head: 3, follows: FeedFilter())
        var deliver = Header(.deliver, token: "t")
        (deliver.position, deliver.count) = (7, 2)
        _ = machine.receive(deliver, [1, 2], now: .zero, jitter: 0)
        let said = Self.sent(machine.becameFull("no space", kept: 4, now: .seconds(1)), .ping)
        #expect((said?.position, said?.text) == (4, "no space"))
        #expect(machine.becameFull("no space", kept: 4, now: .seconds(1)).isEmpty, "once")
        deliver.position = 9
        let more = machine.receive(deliver, [3, 4], now: .seconds(1), jitter: 0)
        #expect(more == [.store(body: [3, 4], count: 2, upTo: 9, root: nil)])
        #expect(Self.publishes(machine.grew(to: 4, now: .seconds(1))) == [0], "what the log has goes out")
        var pong = Header(.pong, token: "t")
        pong.position = 12
        for second in 2...200 {
            _ = machine.receive(pong, [], now: .seconds(second), jitter: 0)
            let orders = machine.tick(now: .seconds(second), jitter: 0)
            let isSaid = Self.sent(orders, .follow) == nil && Self.sent(orders, .ping)?.text == "no space"
            #expect(isSaid, "second \(second): \(orders)")
            guard isSaid else { break }
        }
        _ = machine.tick(now: .seconds(300), jitter: 0)
        #expect(machine.tick(now: .seconds(301), jitter: 0) == [.reopen])
        _ = machine.receive(Self.welcome(token: "u"), [], now: .seconds(301), jitter: 0)
        let again = machine.confirmed(0, isSame: true, now: .seconds(301))
        #expect(Self.sent(again, .follow) == nil && Self.sent(again, .ping)?.text == "no space")
        let room = machine.hasRoom(now: .seconds(302))
        let follow = Self.sent(room, .follow)
        #expect((follow?.position, follow?.credit) == (9, Limits.window))
        let calm = Self.sent(room, .ping)
        #expect(calm?.position == 9 && calm?.text == nil)
        #expect(machine.hasRoom(now: .seconds(303)).isEmpty)
    }

    @Test(
        "what follows on a message that did not come is not stored: the session is lost, and starts again at its place")
    func gapInFeed() {
        for kind in [Header.Kind.deliver, .end] {
            var (machine, _) = Self.live(follows: FeedFilter(kinds: ["policy"]))
            var message = Header(kind, token: "t")
            (message.after, message.position, message.count) = (4, 7, 1)
            #expect(machine.receive(message, [1], now: .zero, jitter: 0).isEmpty)
            #expect(!machine.isLive)
            #expect(machine.tick(now: .seconds(1), jitter: 0) == [.reopen])
        }
    }

    @Test(
        "batches whose ack does not come while pings are answered were lost: a new session; an ack that moves is time won"
    )
    func lostBatch() {
        var (machine, orders) = Self.live(head: 1)
        #expect(Self.publishes(orders) == [0])
        _ = machine.published(last: 1, bytes: 100, now: .zero)
        let pong = Header(.pong, token: "t")
        for second in 1...5 {
            _ = machine.receive(pong, [], now: .seconds(second), jitter: 0)
            _ = machine.tick(now: .seconds(second), jitter: 0)
        }
        #expect(machine.isLive)
        var moved = machine
        _ = machine.tick(now: .milliseconds(5001), jitter: 0)
        #expect(!machine.isLive)
        _ = moved.receive(Self.ack(1), [], now: .seconds(5), jitter: 0)
        orders = moved.tick(now: .seconds(9), jitter: 0)
        #expect(moved.isLive && Self.sent(orders, .ping) != nil)
    }

    @Test(
        "a feed that says nothing for a minute though the ledger is further is asked again, each time after twice as long"
    )
    func silentFeed() {
        var (machine, _) = Self.live(follows: FeedFilter())
        var pong = Header(.pong, token: "t")
        pong.position = 9
        var asked: [Int] = []
        for second in 1...200 {
            _ = machine.receive(pong, [], now: .seconds(second), jitter: 0)
            if Self.sent(machine.tick(now: .seconds(second), jitter: 0), .follow) != nil { asked.append(second) }
        }
        #expect(asked == [61, 182])
        // At the ledger's end there is nothing to ask for.
        pong.position = 0
        (machine, _) = Self.live(follows: FeedFilter())
        for second in 1...200 {
            _ = machine.receive(pong, [], now: .seconds(second), jitter: 0)
            #expect(Self.sent(machine.tick(now: .seconds(second), jitter: 0), .follow) == nil)
        }
    }
}
