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
    }

    /// The ledger folded with what remains of `gone`, as a copy gives it.
    func fold(leaving gone: Set<RecordName>, upTo limit: Int = .max) -> LedgerState {
        var state = LedgerState()
        for (index, line) in maker.lines.enumerated().prefix(limit) {
            let bare = gone.contains(line.name) ? line.redacted.leaving(Redaction.Remains(of: line)?.bytes) : line
            state.apply(
                DeliveredLine(
                    position: Int64(index + 1), received: maker.receipts[index], root: nil, line: bare))
        }
        return state
    }

    @Test(
        "when the text of a return, approval, acceptance, exception or withdrawal goes, what they did stays, and since when"
    )
    mutating func remaining() throws {
        let text = LocalizedText(da: "Ring til Jens Hansen")
        let removed = Redaction.removed
        func handIn(_ records: RecordName...) throws {
            try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: records))
        }
        try maker.add("BIF", Sample.initiative("p/bif/b", line: 20))
        try maker.add("BIF", Sample.initiative("p/bif/c", line: 30))
        let b = try maker.add("BIF", Sample.status("p/bif/b", "p/2019", .onTrack, printed: false))
        let c = try maker.add("BIF", Sample.status("p/bif/c", "p/2019", .onTrack, printed: false))
        try handIn(b, c)
        maker.on("2019-07-01")
        var gone: [RecordName] = []
        func back(_ number: Int, _ about: String, _ record: RecordName) throws {
            gone.append(
                try maker.add(
                    "coordinator",
                    Return(
                        id: "p/2019|BIF|\(number)", followUp: "p/2019", forvaltning: "BIF", about: about,
                        records: [record], note: text)))
        }
        try back(1, "p/bif/a", second)
        maker.on("2019-08-01")
        let third = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .completed, printed: false))
        try handIn(third)
        let approval = try maker.add(
            "BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: [third, b], comment: text))
        gone.append(approval)
        maker.on("2019-09-01")
        gone.append(
            try maker.add(
                "coordinator",
                Acceptance(
                    id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", approval: approval, comment: text)))
        gone.append(
            try maker.add(
                "coordinator",
                PolicyModel.Exception(
                    id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF",
                    until: try #require(PartialDate("2020-03-01")), reason: text)))
        // What came meanwhile: changed after it was accepted, returned after it was handed in, taken back.
        maker.on("2019-10-01")
        try handIn(try maker.add("BIF", Sample.status("p/bif/b", "p/2019", .delayed, printed: false)))
        try back(2, "p/bif/c", c)
        gone.append(
            try maker.add(
                "BIF",
                Withdrawal(record: third, withdrawn: .status, id: "p/bif/a|p/2019", policy: "p", reason: text)))
        let before = maker.state
        let position = maker.lines.count
        maker.on("2020-02-01")
        for name in gone {
            let line = try line(name)
            let order = try Redacting.order(
                on: line, later: [], reason: LocalizedText(da: "Et navn"), decision: "DPO 7")
            #expect(order.remains != nil)
            try maker.add("coordinator", order)
        }

        /// What is owed, with each note left out: only words may differ.
        func due(_ state: LedgerState) throws -> DueList.Entry {
            var entry = try #require(state.due("p/2019", of: "BIF", on: day("2020-02-15")))
            for index in entry.items.indices {
                if let note = entry.items[index].note { #expect(note == text || note == removed) }
                entry.items[index].note = nil
            }
            #expect(entry.exceptionReason == text || entry.exceptionReason == removed)
            entry.exceptionReason = nil
            return entry
        }
        let expected = try due(before)
        #expect(expected.items.map(\.state) == [.missing, .handedIn, .returned])
        #expect(expected.items[1].changedSinceApproval && expected.approved?.prefix(10) == "2019-08-01")
        // As it is read from a copy, at the end and at an older position; and folded while the orders came.
        for state in [fold(leaving: Set(gone)), fold(leaving: Set(gone), upTo: position), maker.state] {
            #expect(try due(state) == expected)
            #expect(state.unreadable.isEmpty)
            let notes = state.due("p/2019", of: "BIF", on: day("2020-02-15"))?.items.compactMap(\.note)
            #expect(notes == [removed])
            #expect(state.exceptions["p/2019|BIF|1"].first?.current.body.reason == removed)
            #expect(state.statuses.all.compactMap(\.withdrawal?.body.reason) == [removed])
            #expect(state.redactedRecords(ofPolicy: "p").map(\.name) == gone)
            guard case .found(let thing) = state.show("p/bif/a", on: day("2020-02-15")) else {
                Issue.record("not found")
                return
            }
            let words = thing.collecting?.compactMap(\.text) ?? []
            #expect(words.contains(removed) && !words.contains(text))
        }
        // Without an order that says what remains, as before: as if it was never said.
        let unsaid = fold(without: Set(gone)).due("p/2019", of: "BIF", on: day("2020-02-15"))
        #expect(unsaid?.items.map(\.state) == [.handedIn, .handedIn, .handedIn] && unsaid?.exceptionUntil == nil)
    }

    @Test("the older version of what was redacted is shown as superseded; of what others hang on it holds")
    mutating func superseded() throws {
        func isSuperseded(_ id: String, without gone: RecordName) throws -> [Bool] {
            guard case .found(let thing) = fold(without: [gone]).show(id, on: day("2020-01-15")) else { return [] }
            return thing.versions.filter { $0.kind == "status" || $0.kind == "initiative" }.map(\.superseded)
        }
        #expect(try isSuperseded("p/bif/a", without: second) == [false, true], "the initiative, and its first status")
        #expect(try isSuperseded("p/bif/a", without: first) == [false, false])
        let newest = try maker.add("BIF", Sample.initiative("p/bif/a", title: "Nyt"))
        #expect(try isSuperseded("p/bif/a", without: newest) == [false, true, false])
    }

    @Test("versions that carried the words over are found, and what quotes them; they go with it, if it is wished")
    mutating func echoes() throws {
        func milestone(_ what: String, done: String? = nil) throws -> Line {
            let name = try maker.add(
                "BIF",
                Milestone(
                    id: "p/bif/a/x", initiative: "p/bif/a", what: LocalizedText(da: what),
                    done: done.flatMap { PartialDate($0) }))
            return try line(name)
        }
        let what = "Møde i udvalget. Aftale med Jens Hansen\nNyt år"
        let (first, carried) = (try milestone(what), try milestone(what, done: "2020"))
        let mended = try milestone("Aftale med en borger. Nyt år")
        let apart = try milestone("Et andet møde")
        let note = "BIF skriver »Aftale med Jens Hansen«: er det rigtigt?"
        let quote = try maker.add(
            "coordinator",
            Return(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", records: [second],
                note: LocalizedText(da: note)))
        try maker.add("BIF", Milestone(id: "p/bif/a/y", initiative: "p/bif/a", what: LocalizedText(da: "Nyt år")))
        let plan = RedactionPlan(first, among: maker.lines, allVersions: false)
        #expect(plan.lines == [first])
        #expect(plan.echoes.map(\.record) == [carried.name, mended.name, quote])
        #expect(plan.echoes.map(\.isVersion) == [true, true, false])
        #expect(plan.echoes.map(\.goes) == [false, false, false])
        #expect(plan.echoes[1].words == ["Nyt år"], "a person sees which words, and decides")
        #expect(plan.echoes[2].words == ["Aftale med Jens Hansen"])
        let all = RedactionPlan(first, among: maker.lines, allVersions: true)
        #expect(all.lines == [first, carried, mended] && all.echoes.map(\.goes) == [true, true, false])
        #expect(RedactedWords(of: first).echo(in: apart) == nil && RedactedWords(of: first).echo(in: first) == nil)
        #expect(RedactedWords(of: first).echo(in: carried.redacted) == nil)
        // What must be said anew is not said anew by what goes too.
        let again = try maker.add("BIF", Sample.initiative("p/bif/a"))
        let initiative = try line(again)
        let opened = try #require(maker.lines.first { $0.kind == .initiative })
        let both = RedactionPlan(opened, among: maker.lines, allVersions: true)
        #expect(both.lines == [opened, initiative] && both.later(than: opened).isEmpty)
        #expect(throws: RedactionRefused.self) {
            try Redacting.order(
                on: opened, later: both.later(than: opened), reason: LocalizedText(da: "Et navn"), decision: "DPO")
        }
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
