import PolicyModel
import Testing
import Wire

@testable import Coordinator

@Suite("The matrix")
struct MatrixTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var why: String
        var on = "2020-01-11"
        var handedIn: String?
        var opens: String? = "2019-12"
        var due: String? = "2019-12-31"
        var condition: FollowUp.Condition?
        var owedBy = ["BIF"]
        var heard = true
        var state: MatrixView.State
        var days: Int?
        var testDescription: String { why }
    }

    @Test(
        "a cell says how a forvaltning stands",
        arguments: [
            Case(why: "before it opens", on: "2019-11-30", state: .notDue, days: 31),
            Case(why: "on the day it opens", on: "2019-12-01", state: .due, days: 30),
            Case(why: "on the last day", on: "2019-12-31", state: .due, days: 0),
            Case(why: "one day after", on: "2020-01-01", state: .missing, days: 1),
            Case(why: "eleven days after", state: .missing, days: 11),
            Case(
                why: "a deadline given as a year ends with it", on: "2020-01-01", due: "2019", state: .missing, days: 1),
            Case(why: "handed in on the last day", handedIn: "2019-12-31T23:59:59.999Z", state: .onTime),
            Case(
                why: "handed in late counts from receipt", handedIn: "2020-01-03T00:00:00.000Z", state: .late, days: 3),
            Case(why: "what is open is never late", condition: .open, state: .conditionOpen),
            Case(
                why: "what was open when it came was not late", handedIn: "2020-01-03T00:00:00.000Z", condition: .open,
                state: .onTime),
            Case(why: "a condition that is met binds", condition: .met, state: .missing, days: 11),
            Case(why: "a condition that is not met frees", condition: .notMet, state: .owesNothing),
            Case(why: "not among those who owe", owedBy: ["ØKF"], state: .owesNothing),
            Case(why: "no deadline known", due: nil, state: .due),
            Case(
                why: "without an opening date it is open at once", on: "2019-01-01", opens: nil, state: .due, days: 364),
            Case(why: "never heard, overdue", heard: false, state: .notHeard, days: 11),
            Case(why: "never heard, not due", on: "2019-12-01", heard: false, state: .notHeard),
        ])
    func cell(_ item: Case) throws {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        let followUp = Sample.followUp(
            "p/2019", opens: item.opens, due: item.due, owedBy: item.owedBy, condition: item.condition)
        try maker.add("p", Sample.policy([Sample.followUp("p/opening", owedBy: [], kind: .opening), followUp]))
        if item.heard {
            try maker.add("BIF", Sample.initiative("p/bif/a"))
            if let handedIn = item.handedIn {
                maker.received = handedIn
                let name = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", printed: false))
                try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [name]))
            }
        }
        let view = maker.state.matrix(on: day(item.on), followUps: ["p": "p/2019"])
        let cell = try #require(view.cell("BIF", "p"))
        #expect(cell.state == item.state)
        #expect(cell.days == item.days)
        #expect(cell.initiatives == (item.heard ? 1 : 0))
    }

    @Test("with two things asked for: partly, sent back, changed, approved, accepted, each with its count and names")
    func course() throws {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", Sample.policy())
        try maker.add("BIF", Sample.initiative("p/bif/a", title: "Kursus"))
        try maker.add("BIF", Sample.initiative("p/bif/b", title: "Kampagne", line: 20))
        func cell() throws -> MatrixView.Cell {
            try #require(maker.state.matrix(on: day("2020-01-11")).cell("BIF", "p"))
        }
        func handIn(_ id: String) throws -> RecordName {
            let name = try maker.add("BIF", Sample.status(id, "p/2019", printed: false))
            try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [name]))
            return name
        }
        func approve(_ records: [RecordName]) throws -> RecordName {
            try maker.add("BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: records))
        }
        let a = try handIn("p/bif/a")
        var now = try cell()
        #expect(now.state == .partly && now.days == 11 && now.answered == 1 && now.owed == 2 && now.statuses == 1)
        #expect(now.open.map(\.title.da) == ["Kampagne"] && now.open[0].daysLate == 11)
        maker.on("2020-01-04")
        let b = try handIn("p/bif/b")
        now = try cell()
        #expect(now.state == .late && now.days == 4 && now.late == 1 && now.open.isEmpty)
        _ = try approve([a, b])
        #expect(try cell().state == .approved)
        try maker.add(
            "coordinator",
            Return(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", records: [b],
                note: LocalizedText(da: "Hvor mange?")))
        now = try cell()
        #expect(now.state == .returned && now.returned == 1 && now.approved == 1)
        #expect(now.open.map(\.note?.da) == ["Hvor mange?"])
        let again = try handIn("p/bif/b")
        now = try cell()
        #expect(now.state == .changed && now.changed == 1 && now.open.map(\.about) == ["p/bif/b"])
        let approval = try approve([a, again])
        try maker.add(
            "coordinator",
            Acceptance(id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", approval: approval))
        now = try cell()
        #expect(now.state == .accepted && now.accepted == 2 && now.approved == 2 && now.late == 1)
    }

    @Test("any follow-up can be looked at; of a year each policy's annual one, else the mid-term one, and so on")
    func chosen() throws {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        let followUps = [
            Sample.followUp("p/opening", owedBy: [], kind: .opening),
            Sample.followUp("p/moede", due: "2019-05", kind: .meeting),
            Sample.followUp("p/midtvejs", due: "2019-06", kind: .midTerm), Sample.followUp("p/2019", due: "2019"),
            Sample.followUp("p/slut", due: "2020", kind: .final),
            Sample.followUp("p/pulje", due: "2021", owedBy: [], kind: .decision),
        ]
        try maker.add("p", Sample.policy(followUps))
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        let state = maker.state
        func seen(_ view: MatrixView) -> String? { view.cell("BIF", "p")?.followUp }
        #expect(seen(state.matrix(on: day("2021-06-01"), followUps: ["p": "p/moede"])) == "p/moede")
        #expect(seen(state.matrix(on: day("2021-06-01"), year: 2019)) == "p/2019")
        #expect(seen(state.matrix(on: day("2021-06-01"), year: 2020)) == "p/slut")
        let none = state.matrix(on: day("2021-06-01"), year: 2021)
        #expect(seen(none) == nil && none.cell("BIF", "p")?.state == .owesNothing)
        #expect(state.matrix(on: day("2021-06-01"), year: 2019).titles.keys.sorted() == ["p/2019"])
    }

    @Test("more time moves the deadline of one forvaltning only")
    func moreTime() throws {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", Sample.policy())
        for code in ["BIF", "ØKF"] {
            try maker.add(code, Sample.initiative("p/\(code == "BIF" ? "bif" : "okf")/a", owner: code))
        }
        try maker.add(
            "coordinator",
            Exception(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", until: PartialDate("2020-02-15")!,
                reason: LocalizedText(da: "Flytning")))
        let view = maker.state.matrix(on: day("2020-01-15"))
        #expect(view.cell("BIF", "p")?.state == .due && view.cell("BIF", "p")?.days == 31)
        #expect(view.cell("BIF", "p")?.exceptionUntil == PartialDate("2020-02-15"))
        #expect(view.cell("ØKF", "p")?.state == .missing && view.cell("ØKF", "p")?.days == 15)
    }

    @Test("every forvaltning stands against every expected policy, also one never published")
    func all() throws {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        let view = maker.state.matrix(on: day("2020-01-01"))
        #expect(view.cells.map(\.state) == [.policyNotHeard, .notHeard])
        #expect(view.forvaltninger == ["BIF", "ØKF"] && view.policies == ["p"])
    }

    @Test(
        "without a choice the latest deadline passed counts, before the first the next",
        arguments: [
            ("2018-01-01", "p/2019"), ("2019-12-31", "p/2019"), ("2020-12-30", "p/2019"), ("2021-05-05", "p/2020"),
        ])
    func current(on: String, id: String) {
        let policy = Sample.policy([
            Sample.followUp("p/opening", owedBy: [], kind: .opening), Sample.followUp("p/2020", due: "2020-12-31"),
            Sample.followUp("p/2019", due: "2019-12-31"),
            Sample.followUp("p/betinget", due: "2019-06-01", condition: .open),
            Sample.followUp("p/beslutning", due: "2019", owedBy: [], kind: .decision),
        ])
        #expect(LedgerState().currentFollowUp(of: policy, on: day(on))?.id == id)
    }
}

@Suite("The money")
struct FundingTests {
    private func row(_ facts: [Funding], on text: String, handIn: Bool = true) throws -> FundingView.Row {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        let names = try facts.map { try maker.add("BIF", $0) }
        if handIn, !names.isEmpty {
            try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: names))
        }
        return try #require(maker.state.fundingView(on: day(text)).rows.first)
    }

    @Test(
        "money ends with its last day",
        arguments: [
            ("2018-12-31", Funding.State.funded, true), ("2019-01-01", .expired, false), ("2018-01-01", .funded, true),
            ("2017-12-30", .funded, false),
        ])
    func expiry(on: String, state: Funding.State, soon: Bool) throws {
        for said in [Funding.State.funded, .expired] {
            let row = try row([Funding(initiative: "p/bif/a", state: said, until: PartialDate("2018"))], on: on)
            #expect(row.mainState == state, "said as \(said)")
            #expect(row.expiresWithinYear == soon)
            #expect(row.fundedUntil == PartialDate("2018"))
            #expect(row.expired == (state == .expired))
        }
    }

    @Test("money that ended is not hidden by a budget beside it; a budget that took over is what holds")
    func expiredBesideBudget() throws {
        let funded = Funding(
            initiative: "p/bif/a", state: .funded, from: PartialDate("2019"), until: PartialDate("2022"))
        let beside = Funding(initiative: "p/bif/a", state: .withinBudget)
        let after = Funding(initiative: "p/bif/a", state: .withinBudget, from: PartialDate("2023"))
        #expect(try row([funded, beside], on: "2020-06-01").mainState == .funded)
        let ended = try row([funded, beside], on: "2026-11-24")
        #expect(ended.mainState == .expired && ended.fundedUntil == PartialDate("2022"))
        #expect(try row([funded, after], on: "2026-11-24").mainState == .withinBudget)
    }

    @Test("expired and requiring separate funding hold at once")
    func both() throws {
        let facts = [
            Funding(initiative: "p/bif/a", state: .expired, until: PartialDate("2018-12-31")),
            Funding(initiative: "p/bif/a", state: .requiresSeparateFunding),
        ]
        let row = try row(facts, on: "2019-06-01")
        #expect(row.mainState == .expired && row.requiresSeparateFunding && row.expired)
        let later = Funding(
            initiative: "p/bif/a", state: .funded, from: PartialDate("2020"), until: PartialDate("2021"))
        #expect(try self.row(facts + [later], on: "2020-06-01").mainState == .funded)
        #expect(
            try self.row(facts + [later], on: "2019-06-01").mainState == .expired, "what begins later does not hold yet"
        )
    }

    @Test("an officer's words on money count from the ledger on: they belong to no follow-up")
    func officersWords() throws {
        let fact = Funding(
            initiative: "p/bif/a", state: .funded, budgets: [Budget(year: 2020, plannedDKK: DecimalText(5))])
        let row = try row([fact], on: "2019-06-01", handIn: false)
        #expect(row.mainState == .funded && row.entries.map(\.standing) == [.handedIn])
    }

    @Test("money per year adds up exactly, and nothing said stays nothing")
    func budgets() throws {
        var maker = LedgerMaker()
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        let budgets = [("0.1", nil), ("0.2", "3")].map { planned, used in
            Budget(year: 2020, plannedDKK: DecimalText(planned), usedDKK: used.flatMap { DecimalText($0) })
        }
        let fact = Funding(
            initiative: "p/bif/a", state: .funded, budgets: budgets + [Budget(year: 2021, plannedDKK: DecimalText(7))],
            source: Sample.source)
        try maker.add("BIF", fact)
        let sums = maker.state.fundingView(on: day("2020-01-01")).budgets
        #expect(sums.map { $0.plannedDKK?.description } == ["0.3", "7"])
        #expect(sums.map { $0.usedDKK?.description } == ["3", nil])
    }

    @Test("every forvaltning has its totals, also with no initiative, and states add up")
    func totals() throws {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        try maker.add("p", Sample.initiative("p/biu/b", owner: "BIU", kind: .commitment))
        let view = maker.state.fundingView(on: day("2020-01-01"))
        #expect(view.totals.map(\.owner) == ["BIF", "ØKF", "BIU"])
        #expect(view.totals.map(\.initiatives) == [1, 0, 1])
        #expect(Funding.State.allCases.map { view.total[$0] }.reduce(0, +) == view.total.initiatives)
    }
}

@Suite("One thing")
struct ShowTests {
    private func maker() throws -> LedgerMaker {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", Sample.policy())
        try maker.add("BIF", Sample.initiative("p/bif/oplysningskampagne", title: "Før"))
        try maker.add("BIF", Sample.initiative("p/bif/oplysningskampagne", title: "Efter"))
        try maker.add("BIF", Sample.status("p/bif/oplysningskampagne"))
        return maker
    }

    @Test(
        "each kind of thing is found by its id",
        arguments: [
            ("p", ShownThing.Kind.policy), ("p/maal", .goal), ("p/2019", .followUp),
            ("p/bif/oplysningskampagne", .initiative),
            ("BIF", .forvaltning), ("okf", .forvaltning), ("BIU", .body),
            ("BIF/00000000000000000000000000000000/2", .record),
        ])
    func found(id: String, kind: ShownThing.Kind) throws {
        guard case .found(let thing) = try maker().state.show(id, on: day("2020-01-01")) else {
            Issue.record("\(id) is not found")
            return
        }
        #expect(thing.kind == kind)
    }

    @Test("an initiative shows all its versions and the fields that changed")
    func versions() throws {
        guard case .found(let thing) = try maker().state.show("p/bif/oplysningskampagne", on: day("2020-01-01")) else {
            Issue.record("not found")
            return
        }
        #expect(thing.versions.map(\.kind) == ["initiative", "initiative", "status"])
        #expect(thing.versions.map { $0.changed?.map(\.field) } == [nil, ["title"], nil])
        #expect(thing.versions.map(\.superseded) == [true, false, false])
        #expect(thing.statuses.map(\.standing) == [.document])
        #expect(thing.sources.count == 2)
    }

    @Test(
        "an unknown id suggests the nearest",
        arguments: ["p/bif/oplysningskampange", "oplysningskampagnen", "kampagne"])
    func unknown(id: String) throws {
        guard case .unknown(let nearest) = try maker().state.show(id, on: day("2020-01-01")) else {
            Issue.record("\(id) is found")
            return
        }
        #expect(nearest == ["p/bif/oplysningskampagne"])
    }
}
