import Testing
import Wire

@testable import PluginKit

@Suite("The link's state machine, and what was refused")
struct LinkRefusalTests {
    private typealias Base = LinkStateMachineTests

    @Test("after an ack that was lost it asks which records were refused before its mark moves on, again and again")
    func lostAck() {
        var machine = Base.makeMachine(head: 9, acked: 2)
        _ = machine.tick(now: .zero, jitter: 0)
        _ = machine.receive(Base.welcome(seq: 6), [], now: .zero, jitter: 0)
        let orders = machine.confirmed(6, isSame: true, now: .zero)
        #expect(Base.sent(orders, .fetch)?.seq == 2)
        #expect(!orders.contains { if case .acknowledge = $0 { true } else { false } })
        #expect(Base.publishes(orders) == [6], "what is new does not wait for it")
        // What is acked meanwhile is kept, and the mark stays.
        let late = RefusedLine(seq: 8, rule: "owner", text: "")
        var ack = Base.ack(9)
        ack.refusals = [late]
        _ = machine.published(last: 9, bytes: 100, now: .zero)
        #expect(machine.receive(ack, [], now: .zero, jitter: 0).first == .acknowledge(seq: 2, refused: [late]))
        #expect(Base.sent(machine.tick(now: .seconds(2), jitter: 0), .fetch)?.seq == 2)
        var fetched = Header(.fetched, token: "t")
        (fetched.firstSeq, fetched.count, fetched.seq) = (5, 2, 6)
        #expect(
            machine.receive(fetched, [1], now: .seconds(2), jitter: 0).isEmpty,
            "to an older question: 3 and 4 lie before")
        (fetched.firstSeq, fetched.count, fetched.seq) = (3, 2, 4)
        #expect(machine.receive(fetched, [1], now: .seconds(2), jitter: 0) == [.learn(body: [1], count: 2)])
        let old = RefusedLine(seq: 3, rule: "owner", text: "")
        let more = machine.learned(to: 4, refused: [old], now: .seconds(2))
        #expect(more.first == .acknowledge(seq: 4, refused: [old]) && Base.sent(more, .fetch)?.seq == 4)
        #expect(machine.learned(to: 9, refused: [], now: .seconds(2)) == [.acknowledge(seq: 9, refused: [])])
        #expect(machine.receive(fetched, [1], now: .seconds(2), jitter: 0).isEmpty, "nothing is asked for now")
        #expect(Base.sent(machine.tick(now: .seconds(4), jitter: 0), .fetch) == nil)
    }

    @Test("an ack that says nothing of records before it is noticed: the one between was lost")
    func ackBetween() {
        var (machine, _) = Base.live(head: 20)
        _ = machine.published(last: 20, bytes: 100, now: .zero)
        var ack = Base.ack(5)
        ack.firstSeq = 1
        #expect(machine.receive(ack, [], now: .zero, jitter: 0).first == .acknowledge(seq: 5, refused: []))
        (ack.seq, ack.firstSeq) = (20, 11)
        let orders = machine.receive(ack, [], now: .zero, jitter: 0)
        #expect(Base.sent(orders, .fetch)?.seq == 5)
        #expect(!orders.contains { if case .acknowledge = $0 { true } else { false } })
        #expect(machine.acked == 20)
        // Said again, of nothing new.
        (machine, _) = Base.live(head: 20, broker: 20)
        ack.firstSeq = 21
        #expect(machine.receive(ack, [], now: .zero, jitter: 0).first == .acknowledge(seq: 20, refused: []))
    }

    @Test("an ack that has no room for more refusals is asked for the rest")
    func cutRefusals() {
        var (machine, _) = Base.live(head: 20)
        _ = machine.published(last: 20, bytes: 100, now: .zero)
        var ack = Base.ack(20)
        ack.refusals = (1...8).map { RefusedLine(seq: $0, rule: "owner", text: "") }
        let orders = machine.receive(ack, [], now: .zero, jitter: 0)
        #expect(orders.first == .acknowledge(seq: 0, refused: ack.refusals ?? []))
        #expect(Base.sent(orders, .fetch)?.seq == 0)
        let rest = (9...12).map { RefusedLine(seq: $0, rule: "owner", text: "") }
        #expect(machine.learned(to: 20, refused: rest, now: .zero) == [.acknowledge(seq: 20, refused: rest)])
    }
}
