import PolicyModel
import Testing
import Wire

@testable import Coordinator

/// What the coordinating forvaltning may say of answers, and what it may not.
@Suite("The coordinator's desk")
struct DeskTests {
    /// Two initiatives of BIF, both handed in for `p/2019`; ØKF coordinates.
    private struct Case {
        var maker = LedgerMaker()
        var a: RecordName
        var b: RecordName
        var taken: [String] = []

        init() throws {
            try maker.add("coordinator", Sample.city)
            try maker.add("p", Sample.policy())
            try maker.add("BIF", Sample.initiative("p/bif/a"))
            try maker.add("BIF", Sample.initiative("p/bif/b", line: 20))
            a = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .delayed, printed: false))
            b = try maker.add("BIF", Sample.status("p/bif/b", "p/2019", .onTrack, printed: false))
            try handIn([a, b])
        }

        mutating func handIn(_ records: [RecordName]) throws {
            try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: records))
        }

        @discardableResult
        mutating func approve(_ records: [RecordName]) throws -> RecordName {
            try maker.add("BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: records))
        }

        mutating func say(_ make: (CoordinatorDesk) throws -> some RecordBody) throws {
            try maker.add("coordinator", make(desk()), by: "ØKF")
        }

        func desk(_ code: String = "OKF") -> CoordinatorDesk {
            CoordinatorDesk(maker.state, as: code, today: day("2020-03-01")) { _ in taken }
        }
    }

    private func refusal(_ words: String, _ code: DeskRefusal.Code, _ body: () throws -> some RecordBody) {
        let error = #expect(throws: DeskRefusal.self) { _ = try body() }
        #expect(error?.code == code)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    // MARK: Return

    @Test("the whole: the newest handed-in record of each thing; what is returned keeps its note")
    func whole() throws {
        var ledger = try Case()
        try ledger.say { try $0.returning("p/2019", of: "BIF", about: "p/bif/a", note: " Hvor mange? ") }
        let order = try ledger.desk().returning("p/2019", of: "BIF", about: nil, note: "Alt")
        #expect(order.records == [ledger.b] && order.id == "p/2019|BIF|2" && order.about == nil)
        let draft = try ledger.maker.add("BIF", Sample.status("p/bif/a", "p/2019", .onTrack, printed: false))
        #expect(
            try ledger.desk().returning("p/2019", of: "BIF", about: nil, note: "Alt").records == [ledger.b],
            "what nobody handed in is not returned")
        try ledger.handIn([draft])
        #expect(
            try ledger.desk().returning("p/2019", of: "BIF", about: nil, note: "Alt").records == [ledger.b, draft])
    }

    @Test(
        "nothing handed in, an unknown thing, returned already, an empty note, a foreign policy: refused with the way out"
    )
    func returnRefused() throws {
        var ledger = try Case()
        let desk = ledger.desk()
        refusal("has handed in nothing for p/2019", .nothing) {
            try desk.returning("p/2019", of: "ØKF", about: nil, note: "x")
        }
        refusal("did you mean p/bif/a?", .unknown) {
            try desk.returning("p/2019", of: "BIF", about: "p/bif/aa", note: "x")
        }
        refusal("“XYZ” is no forvaltning", .unknown) { try desk.returning("p/2019", of: "XYZ", about: nil, note: "x") }
        refusal("did you mean p/2019?", .unknown) { try desk.returning("p/2018", of: "BIF", about: nil, note: "x") }
        refusal("there is no follow-up", .unknown) { try desk.returning("q/2018", of: "BIF", about: nil, note: "x") }
        refusal("owes nothing for p/opening", .notOwed) {
            try desk.returning("p/opening", of: "BIF", about: nil, note: "x")
        }
        refusal("--note is empty", .value) { try desk.returning("p/2019", of: "BIF", about: nil, note: " \n") }
        refusal("control character", .value) {
            try desk.returning("p/2019", of: "BIF", about: nil, note: "a\u{1B}[31m")
        }
        refusal("BIF does not coordinate p: only ØKF", .notCoordinator) {
            try ledger.desk("BIF").returning("p/2019", of: "BIF", about: nil, note: "x")
        }
        refusal("“nobody” is no forvaltning", .notCoordinator) {
            try ledger.desk("nobody").returning("p/2019", of: "BIF", about: nil, note: "x")
        }
        try ledger.say { try $0.returning("p/2019", of: "BIF", about: nil, note: "Hvor mange?") }
        refusal("is returned already (“Hvor mange?”)", .already) {
            try ledger.desk().returning("p/2019", of: "BIF", about: "p/bif/a", note: "x")
        }
    }

    @Test("a figure is returned too, though nobody owes it a hand-in")
    func figure() throws {
        var ledger = try Case()
        var policy = Sample.policy()
        policy.indicators = [
            Indicator(
                id: "p/tal", goal: "p/maal", title: LocalizedText(da: "Tal"), titleBasis: .printed, unit: .persons,
                population: LocalizedText(da: "Alle"), direction: .up, directionBasis: .printed, bodies: [],
                reporters: ["BIF"], reportersBasis: .printed, baselines: [], target: Target(kind: .noneStated),
                source: Sample.source)
        ]
        try ledger.maker.add("p", policy)
        let year = PartialDate("2019")
        let reading = try ledger.maker.add(
            "BIF",
            Reading(
                about: "p/tal", unit: .persons, period: Period(from: year, until: year), value: .number(DecimalText(7)))
        )
        let order = try ledger.desk().returning("p/2019", of: "BIF", about: "p/tal", note: "Hele året?")
        #expect(order.records == [reading])
        try ledger.maker.add("coordinator", order, by: "ØKF")
        let item = ledger.maker.state.due("p/2019", of: "BIF", on: day("2020-03-01"))?.items.last
        #expect(item?.about == "p/tal" && item?.state == .returned && item?.note?.da == "Hele året?")
    }

    // MARK: Accept

    @Test("only what is approved is accepted, and only once")
    func accept() throws {
        var ledger = try Case()
        refusal("handed in 2 of 2 answers to p/2019 and approved none", .nothing) {
            try ledger.desk().accepting("p/2019", of: "BIF")
        }
        let approval = try ledger.approve([ledger.a, ledger.b])
        let acceptance = try ledger.desk().accepting("p/2019", of: "BIF", comment: "Tak")
        #expect(acceptance.approval == approval && acceptance.id == "p/2019|BIF|1" && acceptance.comment?.da == "Tak")
        refusal("BIF does not coordinate p", .notCoordinator) { try ledger.desk("BIF").accepting("p/2019", of: "BIF") }
        try ledger.say { try $0.accepting("p/2019", of: "BIF") }
        #expect(ledger.maker.state.due("p/2019", of: "BIF", on: day("2020-03-01"))?.count(.accepted) == 2)
        refusal("is accepted already", .already) { try ledger.desk().accepting("p/2019", of: "BIF") }
    }

    @Test("what was returned, changed or handed in since the approval is named, and nothing accepted")
    func acceptChanged() throws {
        var ledger = try Case()
        try ledger.approve([ledger.a])
        refusal("p/bif/b (handed in)", .changed) { try ledger.desk().accepting("p/2019", of: "BIF") }
        try ledger.approve([ledger.a, ledger.b])
        try ledger.say { try $0.returning("p/2019", of: "BIF", about: "p/bif/b", note: "Igen") }
        refusal("p/bif/b (returned)", .changed) { try ledger.desk().accepting("p/2019", of: "BIF") }
        let again = try ledger.maker.add("BIF", Sample.status("p/bif/b", "p/2019", .completed, printed: false))
        try ledger.handIn([again])
        refusal("p/bif/b (changed)", .changed) { try ledger.desk().accepting("p/2019", of: "BIF") }
        try ledger.approve([ledger.a, again])
        #expect(try ledger.desk().accepting("p/2019", of: "BIF").violation == nil)
    }

    @Test("exactly the approval that was seen: a newer one is refused with what differs")
    func acceptSeen() throws {
        var ledger = try Case()
        let first = try ledger.approve([ledger.a, ledger.b])
        let again = try ledger.maker.add("BIF", Sample.status("p/bif/b", "p/2019", .completed, printed: false))
        try ledger.handIn([again])
        let second = try ledger.approve([ledger.a, again])
        refusal("it differs in p/bif/b", .changed) {
            try ledger.desk().accepting("p/2019", of: "BIF", approval: first.description)
        }
        #expect(
            try ledger.desk().accepting("p/2019", of: "BIF", approval: second.description).approval == second)
        refusal("is no approval of BIF for p/2019; the newest is \(second)", .unknown) {
            try ledger.desk().accepting("p/2019", of: "BIF", approval: "BIF/0/99")
        }
    }

    // MARK: Exceptions

    @Test("more time: after the deadline, with a reason; the number is never used twice")
    func exempt() throws {
        var ledger = try Case()
        let until = try #require(PartialDate("2020-02"))
        refusal("gives no more time: p/2019 is due 2019-12-31", .value) {
            try ledger.desk().excepting("p/2019", of: "BIF", until: PartialDate("2019-12-31")!, reason: "x")
        }
        refusal("--reason is empty", .value) {
            try ledger.desk().excepting("p/2019", of: "BIF", until: until, reason: "")
        }
        ledger.taken = ["p/2019|BIF|4", "p/2019|ØKF|9"]
        let exception = try ledger.desk().excepting("p/2019", of: "BIF", until: until, reason: "Flytning")
        #expect(exception.id == "p/2019|BIF|5", "the log holds number 4, refused by the broker")
        try ledger.maker.add("coordinator", exception, by: "ØKF")
        refusal("has until 2020-02 already (“Flytning”)", .already) {
            try ledger.desk().excepting("p/2019", of: "BIF", until: until, reason: "Flytning")
        }
        try ledger.say { try $0.withdrawing("p/2019|BIF|5", reason: "Fejl") }
        #expect(ledger.maker.state.collecting.answer(to: "p/2019", of: "BIF").exception == nil)
        ledger.taken = []
        #expect(
            try ledger.desk().excepting("p/2019", of: "BIF", until: until, reason: "Flytning").id == "p/2019|BIF|6",
            "a withdrawn one keeps its number")
    }

    // MARK: Decisions, contributions, what is taken back

    @Test("a decision of a body of the city, about things of the policy; it is open until it is followed up")
    func decide() throws {
        var ledger = try Case()
        let date = try #require(PartialDate("2020-01-20"))
        func decide(
            _ ledger: Case, body: String = "ou", date: PartialDate? = nil, about: [String] = ["p/2019", "p/bif/a"]
        ) throws -> Decision {
            try ledger.desk().deciding(
                "p", body: body, date: date ?? PartialDate("2020-01-20")!, item: "7", text: "Vend tilbage", about: about
            )
        }
        let decision = try decide(ledger)
        #expect(decision.id == "p|2020-01-20|1" && decision.body == "ØU" && decision.isOpen)
        refusal("there is no body of the city “XX”", .unknown) { try decide(ledger, body: "XX") }
        refusal("did you mean p/bif/a?", .unknown) { try decide(ledger, about: ["p/bif/aa"]) }
        refusal("is still to come", .value) { try decide(ledger, date: PartialDate("2021")) }
        try ledger.maker.add("coordinator", decision, by: "ØKF")
        refusal("this is decision p|2020-01-20|1 already", .already) { try decide(ledger) }
        refusal("before the decision itself", .value) {
            try ledger.desk().followingUp(decision: decision.id, date: PartialDate("2019")!, text: "x")
        }
        refusal("did you mean p|2020-01-20|1?", .unknown) {
            try ledger.desk().followingUp(decision: "p|2020-01-20|2", date: date, text: "x")
        }
        let closed = try ledger.desk().followingUp(decision: decision.id, date: PartialDate("2020-02")!, text: "Gjort")
        #expect(closed.followedUp?.text.da == "Gjort" && closed.text == decision.text && closed.about == decision.about)
        try ledger.maker.add("coordinator", closed, by: "ØKF")
        refusal("was followed up 2020-02 already", .already) {
            try ledger.desk().followingUp(decision: decision.id, date: date, text: "x")
        }
    }

    @Test("a contribution, and taking back by id or record; a forvaltning's own word is not the coordinator's")
    func contributeAndWithdraw() throws {
        var ledger = try Case()
        let said = try ledger.desk().contributing(
            "p/2019", organisation: "En forening", text: "Godt", about: "p/bif/a", date: nil)
        #expect(said.id == "p/2019|1" && said.violation == nil)
        refusal("did you mean p/bif/a?", .unknown) {
            try ledger.desk().contributing("p/2019", organisation: "X", text: "y", about: "p/bif/aa", date: nil)
        }
        refusal("--organisation is empty", .value) {
            try ledger.desk().contributing("p/2019", organisation: "", text: "y", about: nil, date: nil)
        }
        let record = try ledger.maker.add("coordinator", said, by: "ØKF")
        refusal("this is contribution p/2019|1 already", .already) {
            try ledger.desk().contributing(
                "p/2019", organisation: "En forening", text: "Godt", about: "p/bif/a", date: nil)
        }
        let word = try ledger.desk().withdrawing(record.description, reason: "To gange")
        #expect(word.record == record && word.id == "p/2019|1" && word.withdrawn == "contribution")
        refusal("pejling withdraw --node", .unknown) {
            try ledger.desk().withdrawing(ledger.a.description, reason: "x")
        }
        refusal("does not coordinate", .notCoordinator) {
            try ledger.desk("BIF").withdrawing("p/2019|1", reason: "x")
        }
        try ledger.maker.add("coordinator", word, by: "ØKF")
        refusal("is withdrawn already", .already) { try ledger.desk().withdrawing("p/2019|1", reason: "x") }
    }

    @Test("what was said while the broker was away is seen by the next word")
    func ahead() throws {
        let ledger = try Case()
        var other = ledger
        try other.say { try $0.returning("p/2019", of: "BIF", about: nil, note: "Hvor mange?") }
        let order = try #require(other.maker.lines.last)
        let ahead = ledger.maker.state.ahead(with: [order], at: "2020-03-01T08:00:00.000Z")
        #expect(ahead.position == ledger.maker.state.position + 1)
        #expect(ahead.collecting.mark(of: ledger.a)?.stage == .returned)
        #expect(
            ahead.ahead(with: [order], at: "2020-03-01T08:00:00.000Z").position == ahead.position,
            "what the ledger has is not taken twice")
    }

    @Test("what is said for a forvaltning that does not coordinate the policy, or names nothing, is shown")
    func dangling() throws {
        var ledger = try Case()
        let approval = try ledger.approve([ledger.a, ledger.b])
        try ledger.maker.add(
            "coordinator",
            Acceptance(id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", approval: approval), by: "BIF")
        let nowhere = RecordName(publisher: "BIF", log: "0", seq: 99)
        try ledger.maker.add(
            "coordinator",
            Acceptance(id: "p/2018|BIF|1", followUp: "p/2018", forvaltning: "BIF", approval: nowhere), by: "ØKF")
        try ledger.maker.add(
            "BIF", Milestone(id: "p/bif/x/m", initiative: "p/bif/x", what: LocalizedText(da: "Noget")))
        try ledger.maker.add(
            "coordinator",
            Decision(
                id: "p|2020|1", policy: "p", body: "ØU", date: PartialDate("2020")!, text: LocalizedText(da: "x"),
                about: ["p/nothing"]), by: "ØKF")
        let seen = ledger.maker.state.dangling.entries.map { "\($0.kind) \($0.id) \($0.problem.rawValue) \($0.names)" }
        #expect(
            seen == [
                "milestone p/bif/x/m initiative p/bif/x", "acceptance p/2018|BIF|1 follow_up p/2018",
                "acceptance p/2018|BIF|1 record BIF/0/99", "decision p|2020|1 subject p/nothing",
                "acceptance p/2019|BIF|1 coordinator ØKF",
            ])
    }
}
