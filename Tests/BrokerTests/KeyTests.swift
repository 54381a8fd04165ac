import Foundation
import PolicyModel
import Synchronization
import Testing
import Wire
import ZeroMQ

@testable import Broker
@testable import Ledger

@Suite("Whose key is whose")
struct KeyRingTests {
    let bif: Enrolment
    let broker: String
    var ring = KeyRing()

    init() throws {
        bif = try Self.word("BIF")
        broker = try CurveKeyPair.generate().publicKey.z85
        ring.take(bif)
    }

    static func word(_ publisher: String, role: Role = .node) throws -> Enrolment {
        Enrolment(
            publisher: publisher, role: role, curveKey: try CurveKeyPair.generate().publicKey.z85,
            signKey: SigningKey().publicKey.hex, admittedBy: "test")
    }

    func revoked(_ word: Enrolment, _ reason: String? = nil) -> Enrolment {
        var word = word
        word.revoked = .init(by: "operator", reason: reason)
        return word
    }

    func isRevoked(_ key: String, saying text: String = "") -> Bool {
        if case .revoked(let said) = ring.standing(of: key) { said.contains(text) } else { false }
    }

    @Test("a key speaks for its publisher until it is revoked, and again when it is enrolled again")
    mutating func revocation() throws {
        #expect(ring.standing(of: bif.curveKey) == .enrolled(bif))
        #expect(ring.standing(of: broker) == .unknown)
        ring.take(revoked(bif, "stjålet"))
        #expect(isRevoked(bif.curveKey, saying: "stjålet"))
        #expect(ring.enrolment(of: "BIF") == nil)
        #expect(ring.objection(to: revoked(bif), brokerKey: broker)?.contains("no key in force") == true)
        ring.take(bif)
        #expect(ring.standing(of: bif.curveKey) == .enrolled(bif))
    }

    @Test("another key of the same publisher takes its place, and the one before is refused for good")
    mutating func superseded() throws {
        let new = try Self.word("BIF")
        ring.take(new)
        #expect(ring.enrolment(of: "BIF") == new)
        #expect(isRevoked(bif.curveKey, saying: "another key"))
        #expect(ring.holds(new) && !ring.holds(bif))
        // Whoever admitted it, the keys are the same.
        var again = new
        again.admittedBy = "operator"
        #expect(ring.holds(again) && !ring.holds(revoked(new)))
    }

    @Test("a key that was taken back from one may be another's, and stays so when the first gets a new one")
    mutating func moved() throws {
        ring.take(revoked(bif))
        var buf = bif
        buf.publisher = "BUF"
        ring.take(buf)
        ring.take(try Self.word("BIF"))
        #expect(ring.standing(of: bif.curveKey) == .enrolled(buf))
    }

    @Test("an enrolment that another publisher's has overtaken is no more than the word before: said again, it counts")
    mutating func overtaken() throws {
        var buf = bif
        buf.publisher = "BUF"
        ring.take(buf)
        #expect(!ring.holds(bif) && ring.holds(buf))
        ring.take(revoked(buf))
        #expect(ring.holds(revoked(buf)) && !ring.holds(bif))
        ring.take(bif)
        #expect(ring.holds(bif) && ring.standing(of: bif.curveKey) == .enrolled(bif))
    }

    @Test("what an operator may not say is refused with the way out")
    func objections() throws {
        var foreign = try Self.word("BUF")
        #expect(ring.objection(to: foreign, brokerKey: broker) == nil)
        #expect(ring.objection(to: foreign, brokerKey: foreign.curveKey)?.contains("the broker's own") == true)
        foreign.signKey = bif.signKey
        #expect(ring.objection(to: foreign, brokerKey: broker)?.contains("the keys of BIF") == true)
        foreign.curveKey = "nonsense"
        #expect(ring.objection(to: foreign, brokerKey: broker)?.contains("no keys") == true)
        for name in ["", "broker", String(repeating: "x", count: 201)] {
            let word = try Self.word(name)
            #expect(ring.objection(to: word, brokerKey: broker)?.contains("no publisher") == true, "\(name)")
        }
        #expect(ring.objection(to: revoked(try Self.word("BUF")), brokerKey: broker) != nil)
    }

    private func history(_ words: [Enrolment]) -> [LedgerStore.KeyWord] {
        words.enumerated().map { LedgerStore.KeyWord(enrolment: $1, received: "2026-11-2\($0)T08:00:00.000Z") }
    }

    @Test("every pair of keys is listed with what became of it: in force, revoked, replaced, enrolled again")
    func standings() throws {
        let (new, buf) = (try Self.word("BIF"), try Self.word("BUF"))
        let words = history([bif, buf, revoked(bif, "stjålet"), new])
        let listed = KeyHistory.standings(words)
        #expect(listed.map(\.keys.curveKey) == [new, bif, buf].map(\.curveKey))
        #expect(listed.map(\.state) == [.enrolled, .revoked, .enrolled])
        #expect(
            listed[1].since == "2026-11-22T08:00:00Z" && listed[1].by == "operator" && listed[1].reason == "stjålet")
        // The stolen one again: it takes the place of the new one, and what was said of it stays.
        let again = KeyHistory.standings(history([bif, buf, revoked(bif, "stjålet"), new, bif]))
        #expect(again.map(\.keys.curveKey) == [bif, new, buf].map(\.curveKey))
        #expect(again.map(\.state) == [.enrolled, .replaced, .enrolled])
        #expect(again[0].before?.text == "revoked 2026-11-22T08:00:00Z by operator: stjålet")
        #expect(again[1].since == "2026-11-24T08:00:00Z" && again[1].before == nil)
    }

    @Test("keys that were taken back are known by either of them, by whomever they come again, until they are in force")
    func takenBack() throws {
        let words = history([bif, revoked(bif, "stjålet"), try Self.word("BIF")])
        #expect(KeyHistory.takenBack(bif, in: words)?.word.reason == "stjålet")
        #expect(KeyHistory.takenBack(bif, in: words)?.word.since == "2026-11-21T08:00:00Z")
        var buf = try Self.word("BUF")
        #expect(KeyHistory.takenBack(buf, in: words) == nil)
        buf.signKey = bif.signKey
        #expect(KeyHistory.takenBack(buf, in: words)?.publisher == "BIF")
        #expect(KeyHistory.takenBack(bif, in: history([bif, revoked(bif), bif])) == nil)
        #expect(KeyHistory.takenBack(bif, in: history([bif, try Self.word("BIF")])) == nil, "replaced, not revoked")
    }

    @Test("of keys that ask and are not enrolled at most 100 are kept, those heard last")
    func pending() {
        var pending = PendingKeys()
        var isNews = [pending.note("first", from: "10.0.0.1")]
        for number in 1..<PendingKeys.most { isNews.append(pending.note("k\(number)", from: "")) }
        #expect(isNews.allSatisfy { $0 })
        isNews = [pending.note("first", from: "10.0.0.2"), pending.note("one more", from: "")]
        #expect(isNews == [false, false], "a log would grow with each key that somebody makes up")
        #expect(pending.byKey.count == PendingKeys.most)
        #expect(pending.byKey["k1"] == nil)
        #expect(pending.byKey["first"]?.count == 2 && pending.byKey["first"]?.address == "10.0.0.2")
        pending.forget("first")
        #expect(pending.byKey["first"] == nil)
    }
}

@Suite("Orders about keys", .serialized)
struct KeyOrderTests {
    struct Client {
        let curve: CurveKeyPair
        var sender: Sender

        init(_ publisher: String = "BIF") throws {
            curve = try CurveKeyPair.generate()
            sender = Sender(publisher)
        }

        var word: Enrolment {
            Enrolment(
                publisher: sender.publisher, role: .node, curveKey: curve.publicKey.z85,
                signKey: sender.signing.publicKey.hex, admittedBy: "operator")
        }
    }

    @Test("a key is admitted within 5 s while the broker runs; revoked while connected, its next message is refused")
    func running() async throws {
        let rig = try BrokerRig()
        let client = try Client()
        try await rig.run(listen: ["tcp://127.0.0.1:*"]) { broker in
            let state = await broker.state()
            let (key, endpoint) = (state.key, try #require(state.endpoints.first { $0.hasPrefix("tcp") }))
            let greeted = Mutex<ContinuousClock.Instant?>(nil)
            let revoked = Mutex(false)
            async let talk: Header = onThread { () throws in
                let tiny = try TinyClient(endpoint, keys: client.curve, server: key)
                try tiny.send(client.sender.hello())
                _ = try tiny.expect(.welcome)
                greeted.withLock { $0 = .now }
                // It goes on as before until the word is in the ledger.
                let end = ContinuousClock.now + .seconds(20)
                while !revoked.withLock({ $0 }), ContinuousClock.now < end { poll(nil, 0, 10) }
                try tiny.send(Header(.ping))
                return try tiny.expect(.reject).header
            }
            let curve = client.curve.publicKey.z85
            try #require(await eventually { await broker.state().pending?.contains { $0.key == curve } == true })
            let pending = try #require(await broker.state().pending?.first)
            #expect(pending.count > 0 && pending.since.hasSuffix("Z") && pending.address == "127.0.0.1")
            let asked = ContinuousClock.now
            try await KeyOrders.give(client.word, in: rig.data)
            #expect(await eventually { greeted.withLock { $0 } != nil })
            #expect(try #require(greeted.withLock { $0 }) - asked < .seconds(5))
            #expect(await broker.state().pending == [])
            // The same word again changes nothing.
            let position = await broker.state().position
            try await KeyOrders.give(client.word, in: rig.data)
            #expect(await broker.state().position == position)
            var word = client.word
            word.revoked = .init(by: "operator", reason: "stjålet")
            try await KeyOrders.give(word, in: rig.data)
            revoked.withLock { $0 = true }
            let reject = try await talk
            #expect(reject.rule == "key.revoked" && reject.final == true)
            #expect(reject.text?.contains("stjålet") == true)
            // Nothing of the orders is left, and a revoked key that asks is not pending.
            #expect(try FileManager.default.contentsOfDirectory(atPath: rig.data.broker + "/orders") == [])
            try await onThread { () throws in
                let tiny = try TinyClient(endpoint, keys: client.curve, server: key)
                try tiny.send(client.sender.hello())
                #expect(try tiny.receive(1)?.header == nil)
            }
            #expect(await broker.state().pending == [])
        }
        let keys = try BrokerKeys(folder: rig.data.broker)
        #expect(try LedgerVerifier.verify(folder: rig.data.broker, brokerKey: keys.signing.publicKey).fault == nil)
    }

    @Test("the broker's objection comes back, in its words")
    func refused() async throws {
        let rig = try BrokerRig()
        let (bif, buf) = (try Client(), try Client("BUF"))
        try await rig.run { _ in
            try await KeyOrders.give(bif.word, in: rig.data)
            var thief = bif.word
            thief.publisher = "BUF"
            let error = await #expect(throws: BrokerError.self) { try await KeyOrders.give(thief, in: rig.data) }
            #expect(error?.description.contains("the keys of BIF") == true)
            // What nobody can read is answered too.
            let path = rig.data.broker + "/orders/x"
            try writeFile(path + ".order", Array("{}".utf8), mode: 0o600)
            #expect(
                await eventually {
                    FileManager.default.contents(atPath: path + ".answer").flatMap {
                        try? JSONDecoder().decode(OperatorAnswer.self, from: $0)
                    }?.state == .refused
                })
            try await KeyOrders.give(buf.word, in: rig.data)
        }
        let history = try LedgerStore.keyHistory(folder: rig.data.broker).map(\.enrolment)
        #expect(history == [bif.word, buf.word])
    }

    @Test("keys that were copied with a data folder are not enrolled for a second publisher, and the first is served")
    func copied() async throws {
        let rig = try BrokerRig()
        let bif = try Client()
        // The host says it of a plugin, and the loop does what it is told by nobody else.
        let copy = try rig.script("copy", #"echo "$first"; cat >/dev/null"#, publisher: "BUF", keys: bif.curve)
        try await rig.run { broker in
            broker.enrol(bif.word)
            var thief = bif.word
            thief.publisher = "BUF"
            broker.enrol(thief)
            let (key, endpoint) = (await broker.state().key, try #require(await broker.state().endpoints.first))
            try await onThread { () throws in
                let tiny = try TinyClient(endpoint, keys: bif.curve, server: key)
                try tiny.send(bif.sender.hello())
                _ = try tiny.expect(.welcome)
            }
        }
        try #require(await eventually { FolderLock.holder(of: rig.data.broker) == nil })
        try await rig.run([copy]) { broker in
            #expect(
                await eventually {
                    await broker.state().plugins.first?.cause?.contains("its keys are those of BIF") == true
                })
        }
        #expect(try LedgerStore.keyHistory(folder: rig.data.broker).map(\.enrolment) == [bif.word])
    }

    @Test("while no broker runs the word goes into the ledger at once, and the next broker goes by it")
    func offline() async throws {
        let rig = try BrokerRig()
        let client = try Client()
        try await KeyOrders.give(client.word, in: rig.data)
        try await KeyOrders.give(client.word, in: rig.data)
        #expect(try LedgerStore.keyHistory(folder: rig.data.broker).map(\.enrolment) == [client.word])
        var word = client.word
        word.revoked = .init(by: "operator")
        try await rig.run { broker in
            let state = await broker.state()
            let (key, endpoint) = (state.key, try #require(state.endpoints.first))
            try await onThread { () throws in
                let tiny = try TinyClient(endpoint, keys: client.curve, server: key)
                try tiny.send(client.sender.hello())
                _ = try tiny.expect(.welcome)
            }
        }
        try #require(await eventually { FolderLock.holder(of: rig.data.broker) == nil })
        try await KeyOrders.give(word, in: rig.data)
        try await rig.run { broker in
            let state = await broker.state()
            let (key, endpoint) = (state.key, try #require(state.endpoints.first))
            try await onThread { () throws in
                let tiny = try TinyClient(endpoint, keys: client.curve, server: key)
                try tiny.send(client.sender.hello())
                #expect(try tiny.receive(1)?.header == nil)
            }
            #expect(state.position == 2)
        }
    }

    @Test("orders that a run before left: those not claimed are carried out, the others are not")
    func left() async throws {
        let rig = try BrokerRig()
        let (bif, buf) = (try Client(), try Client("BUF"))
        let folder = rig.data.broker + "/orders"
        try makeFolder(folder)
        for (name, word) in [("a.order", bif.word), ("b.taken", buf.word)] {
            try writeFile(
                "\(folder)/\(name)", [UInt8](try JSONEncoder().encode(OperatorOrder.keys(word))), mode: 0o600)
        }
        try await rig.run { broker in
            // What was taken goes after the answer is there.
            #expect(
                await eventually { (try? FileManager.default.contentsOfDirectory(atPath: folder)) == ["a.answer"] })
            #expect(await eventually { await broker.state().position == 1 })
        }
        #expect(try LedgerStore.keyHistory(folder: rig.data.broker).map(\.enrolment) == [bif.word])
    }
}
