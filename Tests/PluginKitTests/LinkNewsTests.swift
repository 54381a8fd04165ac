import Logging
import Testing
import Wire

@testable import PluginKit

@Suite("What a link says of itself")
struct LinkNewsTests {
    private typealias Base = LinkStateMachineTests

    @Test("it pings each second, and says what is unsent and whether it is ready")
    func pings() {
        var (machine, _) = Base.live(head: 3)
        _ = machine.published(last: 3, bytes: 1, now: .zero)
        #expect(machine.tick(now: .milliseconds(999), jitter: 0).isEmpty)
        machine.isReady = false
        let ping = Base.sent(machine.tick(now: .seconds(1), jitter: 0), .ping)
        #expect((ping?.state, ping?.unsent, ping?.token) == ("starting", 3, "t"))
        #expect(machine.tick(now: .milliseconds(1500), jitter: 0).isEmpty)
        machine.isReady = true
        _ = machine.receive(Base.ack(2), [], now: .milliseconds(1500), jitter: 0)
        let next = Base.sent(machine.tick(now: .seconds(2), jitter: 0), .ping)
        #expect((next?.state, next?.unsent) == ("ready", 1))
    }

    @Test("what changes with each record is told ten times a second at most, and the last of it within that time")
    func pingsTogether() throws {
        var (machine, _) = Base.live(head: 50, follows: FeedFilter())
        _ = machine.published(last: 50, bytes: 1, now: .zero)
        _ = machine.receive(Base.ack(50), [], now: .milliseconds(1), jitter: 0)
        var pings: [(Duration, Header)] = []
        var end = Header(.end, token: "t")
        for millisecond in 2...300 {
            let now = Duration.milliseconds(millisecond)
            end.position = Int64(millisecond)
            let orders = machine.receive(end, [], now: now, jitter: 0) + machine.tick(now: now, jitter: 0)
            if let ping = Base.sent(orders, .ping) { pings.append((now, ping)) }
        }
        #expect(pings.map(\.0) == [.milliseconds(100), .milliseconds(200), .milliseconds(300)])
        #expect(pings.map(\.1.position) == [100, 200, 300] && pings.map(\.1.unsent) == [0, 0, 0])
        end.position = 301
        #expect(Base.sent(machine.receive(end, [], now: .milliseconds(301), jitter: 0), .ping) == nil)
        #expect(machine.patience(now: .milliseconds(301)) == .milliseconds(99))
        #expect(machine.tick(now: .milliseconds(399), jitter: 0).isEmpty)
        #expect(Base.sent(machine.tick(now: .milliseconds(400), jitter: 0), .ping)?.position == 301)
        #expect(machine.patience(now: .milliseconds(400)) == .seconds(1), "and then nothing is new")
    }

    @Test("on the broker's machine pings go out at whole seconds, whenever the one before was")
    func inStep() {
        for (inStep, next) in [(true, Duration.milliseconds(4_000)), (false, .milliseconds(4_350))] {
            var machine = LinkStateMachine(
                silenceLimit: .seconds(5), follows: nil, isSynthetic: false, head: 0, acked: 0, feedPosition: 0,
                pingsInStep: inStep)
            _ = machine.tick(now: .milliseconds(3_300), jitter: 0)
            _ = machine.receive(Base.welcome(seq: 0), [], now: .milliseconds(3_340), jitter: 0)
            #expect(Base.sent(machine.confirmed(0, isSame: true, now: .milliseconds(3_350)), .ping) != nil)
            #expect(machine.patience(now: .milliseconds(3_350)) == next - .milliseconds(3_350))
            #expect(machine.tick(now: next - .milliseconds(1), jitter: 0).isEmpty)
            #expect(Base.sent(machine.tick(now: next, jitter: 0), .ping) != nil)
        }
    }

    @Test("a plugin that nobody watches says each news of its connection once")
    func news() {
        var news = LinkNews(endpoint: "tcp://broker:1", silenceLimit: .seconds(15))
        var levels: [Logger.Level] = []
        func said(_ isLive: Bool, _ attempts: Int, refused: Bool = false, turnedAway: String? = nil) -> String? {
            let news = news.now(isLive: isLive, attempts: attempts, isRefused: refused, turnedAway: turnedAway)
            if let news { levels.append(news.level) }
            return news?.text
        }
        #expect(said(false, 0) == nil && said(false, 1) == nil)
        #expect(said(false, 2)?.hasPrefix("no answer from tcp://broker:1 within 15 s") == true)
        #expect(said(false, 3) == nil)
        #expect(said(false, 4, refused: true)?.contains("refuses this key") == true)
        #expect(said(false, 5, refused: true) == nil)
        #expect(said(true, 5) == "connected to tcp://broker:1")
        #expect(said(true, 5) == nil)
        #expect(said(false, 5)?.hasPrefix("no word from tcp://broker:1") == true)
        #expect(said(false, 9) == nil)
        #expect(said(true, 9) == "connected to tcp://broker:1")
        #expect(said(true, 9, turnedAway: "fuld")?.contains("turns records away: fuld. They are kept") == true)
        #expect(said(true, 9, turnedAway: "fuld") == nil)
        #expect(said(true, 9) == "tcp://broker:1 takes records again")
        #expect(said(false, 9, turnedAway: "vent")?.contains("does not hear us yet: vent. ") == true)
        #expect(news.connection == .held && said(false, 10, turnedAway: "vent") == nil)
        #expect(said(false, 11)?.hasPrefix("no word from tcp://broker:1") == true && news.connection == .lost)
        #expect(levels == [.warning, .error, .info, .warning, .info, .warning, .info, .warning, .warning])
    }

    @Test("why the broker takes nothing is known while it lasts, and no longer")
    func turnedAway() {
        var (machine, _) = Base.live(head: 10)
        _ = machine.published(last: 4, bytes: 1, now: .zero)
        _ = machine.receive(Base.nack("chain.gap", expected: 1), [], now: .zero, jitter: 0)
        #expect(machine.turnedAway == nil, "it goes back, and that is all")
        for rule in ["storage.full", "storage.damaged"] {
            _ = machine.receive(Base.nack(rule, expected: 1), [], now: .zero, jitter: 0)
            #expect(machine.turnedAway == "tekst [\(rule)]")
        }
        // What was durable before says nothing of what waits.
        _ = machine.receive(Base.ack(0), [], now: .zero, jitter: 0)
        #expect(machine.turnedAway != nil)
        _ = machine.published(last: 4, bytes: 1, now: .seconds(1))
        _ = machine.receive(Base.ack(4), [], now: .seconds(1), jitter: 0)
        #expect(machine.turnedAway == nil)
        _ = machine.receive(Base.nack("storage.full", expected: 5), [], now: .seconds(1), jitter: 0)
        _ = machine.tick(now: .seconds(7), jitter: 0)
        #expect(!machine.isLive && machine.turnedAway == nil, "a broker that is not heard says nothing")
    }

    @Test(
        "a broker that hears nobody before its operator's word has answered",
        arguments: [("log.pending", true), ("key.quarantined", true), ("session.unknown", false)])
    func held(rule: String, isHeld: Bool) {
        var reject = Header(.reject)
        (reject.rule, reject.text, reject.final) = (rule, "tekst", false)
        var machine = Base.makeMachine(head: 3)
        _ = machine.tick(now: .zero, jitter: 0)
        #expect(machine.receive(reject, [], now: .seconds(1), jitter: 0).isEmpty)
        #expect(machine.turnedAway == (isHeld ? "tekst [\(rule)]" : nil))
        #expect(machine.silence(now: .seconds(2)) == (isHeld ? .seconds(1) : nil))
        #expect(machine.tick(now: .seconds(2), jitter: 0) == [.reopen])
        #expect((machine.turnedAway != nil) == isHeld, "it stands until the next answer")
        _ = machine.receive(Base.welcome(), [], now: .seconds(3), jitter: 0)
        _ = machine.confirmed(0, isSame: true, now: .seconds(3))
        #expect(machine.turnedAway == nil)
    }
}
