import PolicyModel
import Testing

@testable import Coordinator

/// What changed: since when, and of answers.
struct ChangesTests {
    @Test(
        "a follow-up, a position, a day or last; nothing else, and digits alone are never a year",
        arguments: [
            ("p/2019", ChangesSince.followUp("p/2019")), ("2019", .position(2019)), ("0", .position(0)),
            ("2019-12-31", .day(day("2019-12-31"))), ("last", .last), ("2019-12", nil), ("sidst", nil), ("", nil),
            ("2019-02-30", nil), ("-1", nil),
        ] as [(String, ChangesSince?)])
    func since(text: String, expected: ChangesSince?) {
        #expect(ChangesSince(text) == expected)
    }

    // MARK: A position, a day

    @Test(
        "a position counts from the record after it, a first answer from “not reported”, and the same said again is none"
    )
    func position() throws {
        var sample = try ChangesSample()
        let start = sample.maker.state.position
        #expect(try sample.lines(.position(start)).isEmpty)
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        let first = "news status p/bif/a delivery: not reported (p/2019) → on_track (p/2019)"
        #expect(try sample.lines(.position(start)) == [first])
        // It counts from the hand-in, the record after it.
        #expect(try sample.lines(.position(start + 1)) == [first])
        #expect(try sample.lines(.position(start + 2)).isEmpty)
        let answered = sample.maker.state.position
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-21")
        #expect(try sample.lines(.position(answered)).isEmpty, "the same content said again is no change")
        try sample.answer("p/bif/a", "p/2019", .delayed, on: "2019-12-22", reason: "Konkurs")
        #expect(
            try sample.lines(.position(answered)) == [
                "attention status p/bif/a delivery: on_track (p/2019) → delayed (p/2019)"
            ])
        let row = try #require(try sample.view(.position(answered)).rows.first)
        #expect(row.notes == [.init(kind: .reason, text: LocalizedText(da: "Konkurs"))])
        #expect(row.by == .init(publisher: "BIF", forvaltning: "BIF", role: "officer", person: "p1"))
        #expect(row.received == "2019-12-22T08:00:00.000Z" && row.entered == nil)
    }

    @Test("what nobody handed in is no change yet")
    func draft() throws {
        var sample = try ChangesSample()
        let start = sample.maker.state.position
        try sample.maker.add("BIF", Sample.status("p/bif/a", "p/2019", .delayed, printed: false))
        #expect(try sample.lines(.position(start)).isEmpty)
    }

    @Test("all since 0: initiatives are new, and documents' statuses go from “not reported”")
    func all() throws {
        var sample = try ChangesSample()
        try sample.maker.add("BIF", Sample.status("p/bif/a"))
        #expect(
            try sample.lines(.position(0)) == [
                "decided definition p/bif/a whole: – → Titel p/bif/a",
                "news status p/bif/a delivery: not reported (p/opening) → completed (p/opening)",
                "decided definition p/bif/b whole: – → Titel p/bif/b",
            ])
    }

    @Test("a day counts from its start, by receipt, and says when the entry was on another day")
    func dayStart() throws {
        var sample = try ChangesSample()
        sample.maker.received = "2020-01-31T23:59:59.999Z"
        let before = try sample.maker.add("BIF", Sample.status("p/bif/a", "p/2019", .onTrack, printed: false))
        sample.maker.received = "2020-02-01T00:00:00.000Z"
        let after = try sample.maker.add("BIF", Sample.status("p/bif/b", "p/2019", .onTrack, printed: false))
        sample.maker.received = "2020-01-31T23:59:59.999Z"
        try sample.maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [before]))
        sample.maker.received = "2020-02-01T00:00:00.000Z"
        try sample.maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [after]))
        let rows = try sample.view(.day(day("2020-02-01"))).rows
        #expect(rows.map(\.subject) == ["p/bif/b"])
        #expect(rows.map(\.entered) == ["2019-06-01T07:59:00Z"])
        #expect(try sample.lines(.day(day("2020-01-31"))).count == 2)
        #expect(try sample.lines(.day(day("2020-02-02"))).isEmpty)
    }

    @Test("other words for the same state are a change of those words; a decision asked for needs attention")
    func words() throws {
        var sample = try ChangesSample()
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        let answered = sample.maker.state.position
        sample.maker.on("2019-12-22")
        var status = Sample.status("p/bif/a", "p/2019", .onTrack, printed: false)
        status.done = LocalizedText(da: "Halvdelen.")
        status.decisionNeeded = LocalizedText(da: "Flere penge")
        let name = try sample.maker.add("BIF", status)
        try sample.maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [name]))
        #expect(
            try sample.lines(.position(answered)) == [
                "attention status p/bif/a decision_needed: – (p/2019) → Flere penge (p/2019)",
                "minor status p/bif/a done: Det er gjort. (p/2019) → Halvdelen. (p/2019)",
            ])
    }

    @Test("an answer to a later follow-up says what was last said before it")
    func lastTime() throws {
        var sample = try ChangesSample()
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        let answered = sample.maker.state.position
        try sample.answer("p/bif/a", "p/2020", .delayed, on: "2020-12-20")
        let row = try #require(try sample.view(.position(answered)).rows.first)
        #expect(row.line == "attention status p/bif/a delivery: not reported (p/2020) → delayed (p/2020)")
        #expect(row.lastTime == .init(followUp: "p/2019", delivery: .onTrack))
    }

    @Test("what was said and taken back in between is none; what was there before is withdrawn, with the reason")
    func withdrawn() throws {
        var sample = try ChangesSample()
        let start = sample.maker.state.position
        let name = try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        let answered = sample.maker.state.position
        try sample.maker.add(
            "BIF",
            Withdrawal(
                record: name, withdrawn: .status, id: "p/bif/a|p/2019", policy: "p", reason: LocalizedText(da: "Fejl")))
        #expect(try sample.lines(.position(start)).isEmpty)
        let rows = try sample.view(.position(answered)).rows
        #expect(
            rows.map(\.line) == ["attention withdrawal p/bif/a delivery: on_track (p/2019) → withdrawn (p/2019)"])
        #expect(rows.first?.notes.first?.text.da == "Fejl")
    }

    // MARK: A follow-up

    @Test("the answers to one follow-up are held against those to the newest after it that anybody answered")
    func followUp() throws {
        var sample = try ChangesSample()
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        try sample.answer("p/bif/b", "p/2019", .delayed, on: "2019-12-20")
        #expect(try sample.lines(.followUp("p/2019"), on: "2020-06-01").isEmpty)
        try sample.answer("p/bif/a", "p/2020", .delayed, on: "2020-12-20")
        try sample.answer("p/bif/b", "p/2020", .delayed, on: "2020-12-20")
        let expected = ["attention status p/bif/a delivery: on_track (p/2019) → delayed (p/2020)"]
        #expect(try sample.lines(.followUp("p/2019")) == expected)
        #expect(try sample.lines(.last) == expected, "the follow-up before the one reported on the day")
        let scope = try #require(try sample.view(.last).scopes.first)
        #expect(scope.from == "p/2019" && scope.to == "p/2020" && scope.receivedAfter == "2019-12-31")
        #expect(try sample.lines(.followUp("p/2020")).isEmpty)
    }

    @Test("an answer that came late is compared as it first came; one that was corrected since then has changed")
    func late() throws {
        var sample = try ChangesSample()
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2020-01-15")
        #expect(try sample.lines(.followUp("p/2019")).isEmpty)
        try sample.answer("p/bif/a", "p/2019", .stopped, on: "2020-02-01")
        #expect(
            try sample.lines(.followUp("p/2019")) == [
                "attention status p/bif/a delivery: on_track (p/2019) → stopped (p/2019)"
            ])
        try sample.answer("p/bif/a", "p/2020", .completed, on: "2020-12-15")
        #expect(
            try sample.lines(.followUp("p/2019")) == [
                "better status p/bif/a delivery: on_track (p/2019) → completed (p/2020)"
            ])
    }

    @Test("who answered before and not the newest is “not reported” once its time is over, an exception's too")
    func silence() throws {
        var sample = try ChangesSample()
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        try sample.answer("p/bif/b", "p/2020", .onTrack, on: "2020-12-20")
        let first = "news status p/bif/b delivery: not reported (p/2019) → on_track (p/2020)"
        #expect(try sample.lines(.followUp("p/2019"), on: "2020-12-31") == [first])
        let rows = try sample.view(.followUp("p/2019"), on: "2021-01-01").rows
        #expect(
            rows.map(\.line) == [
                "attention status p/bif/a delivery: on_track (p/2019) → not reported (p/2020)", first,
            ])
        #expect(rows.first?.by == nil && rows.first?.received == "2020-12-31" && rows.first?.owner == "BIF")
        sample.maker.on("2021-01-02")
        try sample.maker.add(
            "coordinator",
            Exception(
                id: "p/2020|BIF|1", followUp: "p/2020", forvaltning: "BIF", until: PartialDate("2021-01-31")!,
                reason: LocalizedText(da: "Brand")))
        #expect(
            try sample.lines(.followUp("p/2019"), on: "2021-01-10") == [
                "decided exception p/2020 due [BIF]: 2020-12-31 → 2021-01-31", first,
            ])
        #expect(try sample.lines(.followUp("p/2019"), on: "2021-02-01").count == 3)
    }

    @Test("what answered a follow-up in between and not the newest says so beside it")
    func between() throws {
        var sample = try ChangesSample()
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        try sample.answer("p/bif/a", "p/2020", .delayed, on: "2020-12-20")
        try sample.answer("p/bif/b", "p/2021", .onTrack, on: "2021-12-20")
        let row = try #require(try sample.view(.followUp("p/2019"), on: "2022-02-01").rows.first)
        #expect(row.line == "attention status p/bif/a delivery: on_track (p/2019) → not reported (p/2021)")
        #expect(row.lastTime == .init(followUp: "p/2020", delivery: .delayed))
        // On a day before 2021 opened, 2020 is the newest.
        #expect(
            try sample.lines(.followUp("p/2019"), on: "2021-06-01") == [
                "attention status p/bif/a delivery: on_track (p/2019) → delayed (p/2020)"
            ])
    }

    @Test("since the opening: from what the document says; with nothing later answered, nothing has changed")
    func opening() throws {
        var sample = try ChangesSample()
        try sample.maker.add("BIF", Sample.status("p/bif/a", "p/opening", .ongoingOperation))
        #expect(try sample.lines(.last).isEmpty)
        #expect(try sample.view(.last).scopes.map(\.to) == [nil])
        try sample.answer("p/bif/a", "p/2019", .paused, on: "2019-12-20")
        try sample.answer("p/bif/b", "p/2019", .onTrack, on: "2019-12-20")
        let expected = [
            "attention status p/bif/a delivery: ongoing_operation (p/opening) → paused (p/2019)",
            "news status p/bif/b delivery: not reported (p/opening) → on_track (p/2019)",
        ]
        #expect(try sample.lines(.followUp("p/opening")) == expected)
        #expect(try sample.lines(.last, on: "2020-03-01") == expected)
    }

    @Test("of a goal each forvaltning speaks for itself")
    func goals() throws {
        var sample = try ChangesSample()
        for (publisher, delivery) in [("BIF", StatusReport.Delivery.onTrack), ("ØKF", .delayed)] {
            for (followUp, date) in [("p/2019", "2019-12-20"), ("p/2020", "2020-12-20")] {
                sample.maker.on(date)
                let said = Sample.status(
                    "p/maal", followUp, followUp == "p/2019" ? .notStarted : delivery, printed: false)
                let name = try sample.maker.add(publisher, said)
                try sample.maker.add(publisher, HandIn(followUp: followUp, forvaltning: publisher, records: [name]))
            }
        }
        #expect(
            try sample.lines(.followUp("p/2019")).sorted() == [
                "attention status p/maal delivery: not_started (p/2019) → delayed (p/2020)",
                "better status p/maal delivery: not_started (p/2019) → on_track (p/2020)",
            ])
    }

    @Test("an answer says how far it has come, and that it changed since it was approved")
    func stages() throws {
        var sample = try ChangesSample()
        let name = try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        let start = sample.maker.state.position
        try sample.maker.add("BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: [name]))
        #expect(try sample.view(.position(0)).rows.first { $0.kind == .status }?.stage == .approved)
        try sample.answer("p/bif/a", "p/2019", .delayed, on: "2019-12-28")
        let row = try #require(try sample.view(.position(start)).rows.first)
        #expect(row.stage == .handedIn && row.changedSinceApproval)
    }

    // MARK: What cannot be asked

    @Test("what there is nothing to compare with is refused, with the way out")
    func refusals() throws {
        var followUps = ChangesSample.followUps
        followUps.append(Sample.followUp("p/moede", due: nil, kind: .meeting))
        var sample = try ChangesSample(policy: Sample.policy(followUps))
        func refusal(_ since: ChangesSince, _ policies: [String]? = nil) -> ChangesRefusal? {
            #expect(throws: ChangesRefusal.self) {
                try sample.maker.state.changes(since: since, on: day("2020-01-01"), policies: policies)
            }
        }
        #expect(refusal(.followUp("p/2091"))?.description == "no follow-up “p/2091”; like it: p/2019, p/2021, p/2020")
        #expect(refusal(.followUp("p/2019"), [])?.code == .otherPolicy)
        #expect(refusal(.position(5))?.code == .beyond)
        #expect(refusal(.followUp("p/moede"))?.code == .noTime)
        // Once somebody has answered it, it has a time.
        try sample.answer("p/moede", "p/moede", .completed, on: "2020-03-01")
        try sample.answer("p/bif/a", "p/2020", .onTrack, on: "2020-12-20")
        let view = try sample.view(.followUp("p/moede"))
        #expect(view.scopes.first?.receivedAfter == "2020-03-01" && view.scopes.first?.to == "p/2020")
        #expect(
            view.rows.map(\.line) == ["news status p/bif/a delivery: not reported (p/moede) → on_track (p/2020)"])
    }

    // MARK: The whole

    @Test("the gravest first, then the newest; the changes of one thing stand together; the summary adds up")
    func order() throws {
        var sample = try ChangesSample()
        let start = sample.maker.state.position
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        sample.maker.on("2019-12-22")
        try sample.maker.add("BIF", Funding(initiative: "p/bif/a", state: .requiresSeparateFunding))
        try sample.answer("p/bif/b", "p/2019", .delayed, on: "2019-12-23")
        let view = try sample.view(.position(start))
        #expect(
            view.rows.map(\.line) == [
                "attention status p/bif/b delivery: not reported (p/2019) → delayed (p/2019)",
                "attention funding p/bif/a money: – → requires_separate_funding",
                "news status p/bif/a delivery: not reported (p/2019) → on_track (p/2019)",
            ])
        #expect(view.byKind == [.init(name: "status", count: 2), .init(name: "funding", count: 1)])
        #expect(view.byWeight == [.init(name: "attention", count: 2), .init(name: "news", count: 1)])
        #expect(view.byForvaltning == [.init(name: "BIF", count: 3)])
    }
}
