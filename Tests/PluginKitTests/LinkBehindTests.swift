import Testing
import Wire

@testable import PluginKit

@Suite("The link's state machine, when a backup was restored")
struct LinkBehindTests {
    typealias Order = LinkStateMachine.Order
    typealias Base = LinkStateMachineTests

    /// A machine at `head` that the broker, at 9, has just welcomed; and what it ordered then.
    static func behind(head: Int64 = 4) -> (LinkStateMachine, [Order]) {
        var machine = Base.makeMachine(head: head, acked: head, follows: FeedFilter())
        _ = machine.tick(now: .zero, jitter: 0)
        let orders = machine.receive(Base.welcome(seq: 9), [], now: .zero, jitter: 0)
        return (machine, orders)
    }

    static func fetched(_ count: Int) -> Header {
        var header = Header(.fetched, token: "t")
        header.count = count
        return header
    }

    /// The seqs after which it asks for its lines.
    static func fetches(_ orders: [Order]) -> [Int64] {
        orders.compactMap { if case .send(let header) = $0, header.type == .fetch { header.seq } else { nil } }
    }

    @Test("it notes how far the ledger is, fetches until it is there, and only then follows and publishes")
    func fetching() {
        var (machine, orders) = Self.behind()
        let goal = ChainHead(seq: 9, hash: .zero)
        #expect(orders.first == .lag(behind: goal, ledger: nil))
        #expect(Self.fetches(orders) == [4])
        #expect(Base.sent(orders, .ping) != nil, "the host must not take it for hung")
        #expect(Base.sent(orders, .follow) == nil)
        #expect(machine.isFetching && !machine.isLive)
        #expect(machine.grew(to: 4, now: .zero).isEmpty)
        #expect(machine.receive(Self.fetched(3), [1], now: .zero, jitter: 0) == [.restore(body: [1], count: 3)])
        orders = machine.restored(to: ChainHead(seq: 7, hash: .zero), now: .zero)
        #expect(Self.fetches(orders) == [7])
        #expect(machine.receive(Self.fetched(2), [2], now: .zero, jitter: 0) == [.restore(body: [2], count: 2)])
        orders = machine.restored(to: goal, now: .zero)
        #expect(machine.isLive)
        #expect(orders.first == .acknowledge(seq: 9, refused: []))
        #expect(Base.sent(orders, .follow) != nil)
        #expect(Base.publishes(orders).isEmpty, "all of it is there already")
        #expect(Base.publishes(machine.grew(to: 10, now: .zero)) == [9])
    }

    @Test("what it asked for and did not get is asked for again after 2 s; what does not help changes nothing")
    func again() {
        var (machine, _) = Self.behind()
        #expect(machine.receive(Self.fetched(0), [], now: .zero, jitter: 0).isEmpty)
        #expect(machine.restored(to: ChainHead(seq: 4, hash: .zero), now: .zero).isEmpty)
        #expect(Self.fetches(machine.tick(now: .milliseconds(1999), jitter: 0)).isEmpty)
        #expect(Self.fetches(machine.tick(now: .seconds(2), jitter: 0)) == [4])
        #expect(Self.fetches(machine.tick(now: .seconds(3), jitter: 0)).isEmpty)
        #expect(Self.fetches(machine.tick(now: .seconds(4), jitter: 0)) == [4])
        // Lines that nobody asked for, outside of it.
        var (live, _) = Base.live(head: 3)
        #expect(live.receive(Self.fetched(3), [1], now: .zero, jitter: 0).isEmpty)
    }

    @Test("asked for twice, since the answer took long, it comes twice: what is there by now is no divergence")
    func twice() {
        var (machine, _) = Self.behind()
        #expect(Self.fetches(machine.tick(now: .seconds(2), jitter: 0)) == [4])
        var answer = Self.fetched(3)
        (answer.firstSeq, answer.seq) = (5, 7)
        #expect(machine.receive(answer, [1], now: .seconds(2), jitter: 0) == [.restore(body: [1], count: 3)])
        #expect(Self.fetches(machine.restored(to: ChainHead(seq: 7, hash: .zero), now: .seconds(2))) == [7])
        #expect(machine.receive(answer, [1], now: .seconds(2), jitter: 0).isEmpty)
        (answer.firstSeq, answer.seq) = (8, 10)
        #expect(machine.receive(answer, [2], now: .seconds(2), jitter: 0) == [.restore(body: [2], count: 3)])
    }

    @Test("an ack beyond what it has, since a file brought it to the ledger, makes it ask for what it lacks")
    func byFile() {
        var (machine, _) = Base.live(head: 4, broker: 4)
        #expect(machine.receive(Base.ack(9), [], now: .zero, jitter: 0).isEmpty)
        #expect(machine.tick(now: .seconds(1), jitter: 0) == [.reopen])
        let orders = machine.receive(Base.welcome(seq: 9, token: "u"), [], now: .seconds(1), jitter: 0)
        #expect(Self.fetches(orders) == [4])
    }

    @Test("a connection that is lost in between goes on where the log is then")
    func lost() {
        var (machine, _) = Self.behind()
        _ = machine.restored(to: ChainHead(seq: 6, hash: .zero), now: .zero)
        #expect(machine.tick(now: .milliseconds(5001), jitter: 0).isEmpty)
        #expect(!machine.isFetching)
        #expect(machine.tick(now: .seconds(6), jitter: 0) == [.reopen])
        let orders = machine.receive(Base.welcome(seq: 9, token: "u"), [], now: .seconds(6), jitter: 0)
        #expect(Self.fetches(orders) == [6])
    }

    @Test("an end other than the ledger's is no success")
    func otherEnd() {
        var (machine, _) = Self.behind()
        let other = ChainHead(seq: 9, hash: Hash(of: [1]))
        #expect(machine.restored(to: other, now: .zero) == [.prove(9)])
        #expect(!machine.isLive)
    }

    @Test(
        "it says \u{201C}starting\u{201D} until all it has to say at its start is in its log, and \u{201C}ready\u{201D} at once then"
    )
    func ready() {
        var machine = Base.makeMachine(head: 2)
        machine.isReady = false
        _ = machine.tick(now: .zero, jitter: 0)
        _ = machine.receive(Base.welcome(seq: 2), [], now: .zero, jitter: 0)
        #expect(Base.sent(machine.confirmed(2, isSame: true, now: .zero), .ping)?.state == "starting")
        #expect(Base.publishes(machine.grew(to: 3, now: .zero)) == [2])
        let ping = Base.sent(machine.becameReady(now: .zero), .ping)
        #expect((ping?.state, ping?.unsent) == ("ready", 1))
        #expect(machine.becameReady(now: .zero).isEmpty)
    }

    // MARK: The ledger is the one that was restored

    private static func reject(_ rule: String) -> Header {
        var reject = Header(.reject)
        (reject.rule, reject.text, reject.final) = (rule, "den er erstattet", true)
        return reject
    }

    private static func deliver(_ position: Int64, _ kind: Header.Kind, root: Hash?) -> Header {
        var header = Header(kind, token: "t")
        (header.position, header.count, header.hash) = (position, kind == .deliver ? 1 : nil, root)
        return header
    }

    /// What it says when it follows in the session after one that was lost.
    private static func follow(_ machine: inout LinkStateMachine) -> Header? {
        _ = machine.tick(now: .seconds(20), jitter: 0)
        _ = machine.tick(now: .seconds(30), jitter: 0)
        _ = machine.receive(Base.welcome(token: "u"), [], now: .seconds(30), jitter: 0)
        return Base.sent(machine.confirmed(0, isSame: true, now: .seconds(30)), .follow)
    }

    @Test("it follows on the root that came with its place, and on none where none came")
    func root() {
        let (one, two) = (Hash(of: [1]), Hash(of: [2]))
        var (machine, orders) = Base.live(follows: FeedFilter())
        #expect(Base.sent(orders, .follow)?.hash == nil)
        orders = machine.receive(Self.deliver(3, .deliver, root: one), [1], now: .zero, jitter: 0)
        #expect(orders.first == .store(body: [1], count: 1, upTo: 3, root: one))
        // One that is older than what it has changes nothing.
        _ = machine.receive(Self.deliver(2, .end, root: two), [], now: .zero, jitter: 0)
        var other = machine
        var follow = Self.follow(&other)
        #expect(follow?.position == 3 && follow?.hash == one)
        orders = machine.receive(Self.deliver(4, .end, root: two), [], now: .zero, jitter: 0)
        #expect(orders.first == .store(body: [], count: 0, upTo: 4, root: two))
        other = machine
        follow = Self.follow(&other)
        #expect(follow?.position == 4 && follow?.hash == two)
        _ = machine.receive(Self.deliver(5, .end, root: nil), [], now: .zero, jitter: 0)
        follow = Self.follow(&machine)
        #expect(follow?.position == 5 && follow?.hash == nil)
    }

    @Test("where the ledger has another history at its place it begins again; with no place, or another rule, it ends")
    func beginsAgain() {
        var (machine, _) = Base.live(follows: FeedFilter())
        _ = machine.receive(Self.deliver(3, .end, root: nil), [], now: .zero, jitter: 0)
        var other = machine
        #expect(
            machine.receive(Self.reject("follow.position"), [], now: .zero, jitter: 0)
                == [.beginAgain("den er erstattet")])
        #expect(Base.failure(other.receive(Self.reject("hello.version"), [], now: .zero, jitter: 0)) != nil)
        var (empty, _) = Base.live(follows: FeedFilter())
        #expect(Base.failure(empty.receive(Self.reject("follow.position"), [], now: .zero, jitter: 0)) != nil)
    }

    @Test("what the ledger has not any more is unsent again")
    func unsent() {
        var machine = Base.makeMachine(head: 7, acked: 7)
        _ = machine.tick(now: .zero, jitter: 0)
        _ = machine.receive(Base.welcome(seq: 4), [], now: .zero, jitter: 0)
        let orders = machine.confirmed(4, isSame: true, now: .zero)
        #expect(Base.sent(orders, .ping)?.unsent == 3)
        #expect(Base.publishes(orders) == [4])
        #expect(machine.acked == 4)
    }
}
