import PolicyModel
import Testing

@testable import Coordinator

/// What is owed, from the ledger.
struct DueTests {
    private func start() throws -> LedgerMaker {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", Sample.policy())
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        try maker.add("BIF", Sample.initiative("p/bif/b", line: 20))
        return maker
    }

    private func states(_ maker: LedgerMaker, on date: String = "2020-06-01") -> [String] {
        maker.state.due("p/2019", of: "BIF", on: day(date))?.items.map { "\($0.about) \($0.state.rawValue)" } ?? []
    }

    @Test("each thing from missing to accepted, and one that is returned")
    func course() throws {
        var maker = try start()
        #expect(states(maker) == ["p/bif/a missing", "p/bif/b missing"])
        let a = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .delayed, printed: false))
        #expect(states(maker) == ["p/bif/a missing", "p/bif/b missing"], "nobody has handed it in")
        let b = try maker.add("BIF", Sample.status("p/bif/b", "p/2019", .onTrack, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [a, b]))
        #expect(states(maker) == ["p/bif/a handed_in", "p/bif/b handed_in"])
        try maker.add(
            "coordinator",
            Return(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", about: "p/bif/b", records: [b],
                note: LocalizedText(da: "Se igen")))
        let approval = try maker.add("BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: [a]))
        #expect(states(maker) == ["p/bif/a approved", "p/bif/b returned"])
        try maker.add(
            "coordinator",
            Acceptance(id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", approval: approval))
        #expect(states(maker) == ["p/bif/a accepted", "p/bif/b returned"])
        let later = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .onTrack, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [later]))
        let item = try #require(maker.state.due("p/2019", of: "BIF", on: day("2020-06-01"))?.items.first)
        #expect(item.state == .handedIn && item.changedSinceApproval)
    }

    @Test("a status and money carry how far they have come, and that they changed since they were approved")
    func stages() throws {
        var maker = try start()
        func stages(_ maker: LedgerMaker) -> [String] {
            let status = maker.state.status(ofInitiative: "p/bif/a", followUp: "p/2019")
            let money = maker.state.fundingFacts(of: "p/bif/a").first
            return [(status?.stage, status?.changedSinceApproval), (money?.stage, money?.changedSinceApproval)].map {
                "\($0?.rawValue ?? "–")\($1 == true ? ", changed" : "")"
            }
        }
        func money(_ until: String) -> Funding {
            Funding(initiative: "p/bif/a", state: .funded, until: PartialDate(until))
        }
        var names = [try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .delayed, printed: false))]
        #expect(stages(maker) == ["–", "–"], "nobody has handed it in")
        names.append(try maker.add("BIF", money("2019")))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [names[0]]))
        #expect(stages(maker) == ["handed_in", "handed_in"], "money said by an officer counts as handed in")
        let approval = try maker.add("BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: names))
        #expect(stages(maker) == ["approved", "approved"])
        try maker.add(
            "coordinator",
            Acceptance(id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", approval: approval))
        names.append(try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .onTrack, printed: false)))
        #expect(stages(maker) == ["accepted", "accepted"], "what nobody handed in does not count yet")
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [names[2]]))
        try maker.add("BIF", money("2020"))
        #expect(stages(maker) == ["handed_in, changed", "handed_in, changed"])
        #expect(try start().state.fundingFacts(of: "p/bif/a").isEmpty)
        try maker.add("BIF", Sample.status("p/bif/a", "p/opening"))
        let opening = try #require(maker.state.status(ofInitiative: "p/bif/a", followUp: "p/opening"))
        #expect(opening.standing == .document && opening.stage == nil, "what a document says needs no approval")
    }

    @Test(
        "the list is of everyone who owes, by deadline; a forvaltning without initiatives owes a word on the follow-up")
    func everyone() throws {
        let list = try start().state.due(on: day("2020-06-01"))
        #expect(
            list.entries.map { "\($0.followUp) \($0.forvaltning) \($0.items.count)" } == [
                "p/2019 BIF 2", "p/2019 ØKF 1",
            ])
        #expect(list.entries[1].items[0].about == "p/2019")
        #expect(try start().state.due(on: day("2020-06-01"), forvaltninger: ["ØKF"]).entries.count == 1)
        #expect(try start().state.due("p/2019", of: "XXX", on: day("2020-06-01")) == nil)
    }

    @Test("what its publisher withdraws is as if never said, until it is said anew; nobody withdraws another's")
    func withdrawal() throws {
        var maker = try start()
        let a = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .delayed, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [a]))
        func withdrawal(_ record: RecordName, _ kind: RecordKind, _ id: String) -> Withdrawal {
            Withdrawal(record: record, withdrawn: kind, id: id, policy: "p", reason: LocalizedText(da: "Fejl"))
        }
        try maker.add("ØKF", withdrawal(a, .status, "p/bif/a|p/2019"))
        #expect(states(maker)[0] == "p/bif/a handed_in")
        try maker.add("BIF", withdrawal(a, .status, "p/bif/a|p/2019"))
        #expect(states(maker)[0] == "p/bif/a missing")
        #expect(maker.state.status(ofInitiative: "p/bif/a", followUp: "p/2019") == nil)
        #expect(maker.state.statuses.all.last?.withdrawal?.body.reason.da == "Fejl", "history keeps all")
        let again = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .onTrack, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [again]))
        #expect(states(maker)[0] == "p/bif/a handed_in")
        let initiative = try #require(maker.state.initiative("p/bif/b"))
        try maker.add("BIF", withdrawal(initiative.name, .initiative, "p/bif/b"))
        #expect(states(maker) == ["p/bif/a handed_in"], "an initiative that was withdrawn owes nothing")
        #expect(maker.state.initiatives(ofPolicy: "p").map(\.body.id) == ["p/bif/a"])
    }

    @Test("in the matrix what was sent back does not hide how long the rest is overdue")
    func matrix() throws {
        var maker = try start()
        let a = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .delayed, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [a]))
        try maker.add(
            "coordinator",
            Return(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", records: [a],
                note: LocalizedText(da: "Se igen")))
        let cell = try #require(maker.state.matrix(on: day("2020-06-01")).cell("BIF", "p"))
        #expect(cell.state == .returned && cell.days == 153 && cell.answered == 1 && cell.returned == 1)
        let before = try #require(maker.state.matrix(on: day("2019-12-20")).cell("BIF", "p"))
        #expect(before.state == .returned && before.days == nil)
    }
}
