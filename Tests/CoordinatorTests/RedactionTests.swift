@testable import PluginKit
import PolicyModel
import Testing
import Wire

@testable import Coordinator

@Suite("What was redacted, in the fold and the views")
struct RedactionTests {
    /// Positions: 1 city, 2 policy, 3 initiative; then two statuses of BIF for p/2019 and a hand-in of both.
    var maker = LedgerMaker()
    let first: RecordName
    let second: RecordName

    init() throws {
        try maker.add("coordinator", Sample.city)
        try maker.add("p", Sample.policy())
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        first = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .onTrack, printed: false))
        second = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .delayed, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [first, second]))
    }

    func line(_ name: RecordName) throws -> Line { try #require(maker.lines.first { $0.name == name }) }

    func order(_ name: RecordName) throws -> Redaction {
        let line = try line(name)
        return Redaction(
            record: name, redacted: line.kind, id: line.envelope.id, policy: line.envelope.policy,
            bodyHash: line.envelope.bodyHash.hex, reason: LocalizedText(da: "Et navn"), decision: "DPO 7")
    }

    /// The ledger folded from a copy in which `gone` have no body; up to a position.
    func fold(without gone: Set<RecordName>, upTo limit: Int = .max) -> LedgerState {
        var state = LedgerState()
        for (index, line) in maker.lines.enumerated() {
            let delivered = DeliveredLine(
                position: Int64(index + 1), received: "2019-12-20T08:00:00.000Z", root: nil,
                line: gone.contains(line.name) ? line.redacted : line)
            if index < limit { state.apply(delivered) } else { state.learn(delivered) }
        }
        return state
    }

    @Test("the newest redacted: neither the earlier word nor nothing; with the order, at any position")
    mutating func newest() throws {
        let position = maker.lines.count
        try maker.add("BIF", try order(second))
        for state in [fold(without: [second]), fold(without: [second], upTo: position), maker.state] {
            #expect(state.status(ofInitiative: "p/bif/a", followUp: "p/2019") == nil)
            let redacted = try #require(state.redactedStatus(ofInitiative: "p/bif/a", followUp: "p/2019"))
            #expect(redacted.name == second)
            let order = try #require(state.order(for: second))
            #expect(order.reason.da == "Et navn" && order.decision == "DPO 7")
            #expect(state.unreadable.isEmpty)
            let due = try #require(state.due("p/2019", of: "BIF", on: day("2020-01-15")))
            #expect(due.items.first { $0.about == "p/bif/a" }?.state == .redacted)
            #expect(due.answered == 0)
            guard case .found(let thing) = state.show("p/bif/a", on: day("2020-01-15")) else {
                Issue.record("not found")
                return
            }
            #expect(thing.redacted?.map(\.record) == [second])
            #expect(thing.redacted?.first?.order?.decision == "DPO 7")
        }
        // Said anew and handed in, it holds again.
        let third = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .completed, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [third]))
        for state in [fold(without: [second]), maker.state] {
            #expect(state.status(ofInitiative: "p/bif/a", followUp: "p/2019")?.version.name == third)
            #expect(state.redactedStatus(ofInitiative: "p/bif/a", followUp: "p/2019") == nil)
        }
    }

    @Test("an older word redacted changes nothing but history; without its order it waits for it")
    func older() throws {
        let state = fold(without: [first])
        #expect(state.status(ofInitiative: "p/bif/a", followUp: "p/2019")?.version.name == second)
        #expect(state.statuses["p/bif/a|p/2019"].first?.versions.map(\.name) == [second])
        #expect(state.redactedRecords(ofPolicy: "p").map(\.name) == [first])
        #expect(state.order(for: first) == nil)
    }

    @Test("whatever lacks its body, no view ends, and an initiative falls back to its version before")
    mutating func anything() throws {
        try maker.add("BIF", Sample.initiative("p/bif/a", title: "Nyt"))
        for line in maker.lines {
            let state = fold(without: [line.name])
            _ = state.matrix(on: day("2020-01-15"))
            _ = state.progress(on: day("2020-01-15"))
            _ = state.due(on: day("2020-01-15"))
            _ = state.show("p/bif/a", on: day("2020-01-15"))
            _ = state.show(line.name.description, on: day("2020-01-15"))
            #expect(state.unreadable.isEmpty)
        }
        let newest = try #require(maker.lines.last).name
        #expect(fold(without: [newest]).initiative("p/bif/a")?.body.title.da == "Titel p/bif/a")
        #expect(fold(without: Set(maker.lines.map(\.name))).policies.identities == [])
    }

    @Test(
        "the forvaltning that coordinates the policy gives the order, and no other; reason and decision repeat nothing")
    func desk() throws {
        let line = try line(second)
        func desk(_ code: String) -> CoordinatorDesk {
            CoordinatorDesk(maker.state, as: code, today: day("2020-01-15")) { _ in [] }
        }
        let order = try desk("OKF").redacting(line, later: [], reason: "Et navn", decision: "DPO 7")
        #expect(order == (try self.order(second)))
        #expect(throws: DeskRefusal.self) {
            try desk("BIF").redacting(line, later: [], reason: "Et navn", decision: "DPO 7")
        }
        for (reason, decision) in [("", "DPO"), ("Et navn", " ")] {
            #expect(throws: DeskRefusal.self) {
                try desk("OKF").redacting(line, later: [], reason: reason, decision: decision)
            }
        }
        #expect(throws: RedactionRefused.self) {
            try desk("OKF").redacting(line.redacted, later: [], reason: "Et navn", decision: "DPO 7")
        }
        let handIn = try #require(maker.lines.last)
        #expect(throws: RedactionRefused.self) {
            try desk("OKF").redacting(handIn, later: [], reason: "Et navn", decision: "DPO 7")
        }
        let named = try ChainHead.empty.next(
            publisher: "BIF", log: String(repeating: "0", count: 32), at: "2019-06-01T07:59:00Z",
            by: Author(role: "officer"), kind: .status, id: "p/bif/a|p/2019", policy: "p",
            body: Array("{\"done\":{\"da\":\"Aftale med Jens Hansen\"}}".utf8), synthetic: false)
        let repeating = #expect(throws: RedactionRefused.self) {
            try desk("OKF").redacting(named, later: [], reason: "Navnet Hansens stod der", decision: "DPO")
        }
        #expect(repeating?.description.contains("“Hansens”") == true)
    }

    @Test("what others are reckoned from goes only once it was said anew")
    mutating func replaced() throws {
        let name = try maker.add("BIF", Sample.initiative("p/bif/b"))
        let before = try line(name)
        #expect(throws: RedactionRefused.self) {
            try Redacting.order(on: before, later: [], reason: LocalizedText(da: "Et navn"), decision: "DPO")
        }
        let otherName = try maker.add("BIF", Sample.initiative("p/bif/c"))
        let other = try line(otherName)
        let afterName = try maker.add("BIF", Sample.initiative("p/bif/b", title: "Nyt"))
        let after = try line(afterName)
        #expect(throws: RedactionRefused.self) {
            try Redacting.order(on: before, later: [other], reason: LocalizedText(da: "Et navn"), decision: "DPO")
        }
        _ = try Redacting.order(on: before, later: [after], reason: LocalizedText(da: "Et navn"), decision: "DPO")
        func returned(_ number: Int, _ records: [RecordName]) throws -> Line {
            let name = try maker.add(
                "coordinator",
                Return(
                    id: "p/2019|BIF|\(number)", followUp: "p/2019", forvaltning: "BIF", records: records,
                    note: LocalizedText(da: "Se igen")))
            return try line(name)
        }
        let (both, one, again) = (
            try returned(1, [first, second]), try returned(2, [first]), try returned(3, [first, second])
        )
        #expect(!Redacting.replaces(both, one))
        #expect(Redacting.replaces(both, again))
    }

    @Test("a record is named by its hash, or by publisher, log as far as given, and seq")
    func names() throws {
        let line = try line(second)
        let log = String(repeating: "0", count: 32)
        for good in [line.hash.hex, "BIF/\(log)/3", "BIF/000/3", "BIF/000…/3", "BIF/3"] {
            #expect(Redacting.names(good, second, hash: line.hash), "\(good)")
        }
        for bad in ["BIF/4", "BUF/3", "BIF/1/3", "3", "", "BIF//3", "BIF/…/3"] {
            #expect(!Redacting.names(bad, second, hash: line.hash), "\(bad)")
        }
    }
}
