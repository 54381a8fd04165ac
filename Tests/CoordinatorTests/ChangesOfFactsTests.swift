import PolicyModel
import Testing

@testable import Coordinator

/// What changed: money, milestones, definitions and events.
struct ChangesOfFactsTests {
    private func withdraw(_ name: RecordName, _ kind: RecordKind, _ id: String) -> Withdrawal {
        Withdrawal(record: name, withdrawn: kind, id: id, policy: "p", reason: LocalizedText(da: "Fejl"))
    }

    // MARK: Money

    private func money(
        _ state: Funding.State = .funded, until: String? = "2021", from: String? = nil, budgets: [Budget] = [],
        decision: String? = nil, source: Source? = nil
    ) -> Funding {
        Funding(
            initiative: "p/bif/a", state: state, from: from.flatMap { PartialDate($0) },
            until: until.flatMap { PartialDate($0) }, budgets: budgets, decision: decision, source: source)
    }

    @Test("money state by state: what is new, lasts longer or shorter, is withdrawn; silence is no money")
    func states() throws {
        var sample = try ChangesSample()
        let start = sample.maker.state.position
        let first = try sample.maker.add("BIF", money(decision: "Budget 2020"))
        try sample.maker.add("BIF", money(.noRemark, until: nil))
        #expect(try sample.lines(.position(start)) == ["better funding p/bif/a money: – → funded until 2021"])
        #expect(try sample.view(.position(start)).rows.first?.notes.first?.text.da == "Budget 2020")
        let said = sample.maker.state.position
        try sample.maker.add("BIF", money(decision: "Budget 2020"))
        #expect(try sample.lines(.position(said)).isEmpty, "the same said again")
        try sample.maker.add("BIF", money(decision: "Overførsel"))
        #expect(
            try sample.lines(.position(said)) == ["decided funding p/bif/a decision: Budget 2020 → Overførsel"])
        for (until, weight) in [("2022", "better"), ("2020", "attention")] {
            try sample.maker.add("BIF", money(until: until))
            #expect(
                try sample.lines(.position(said), on: "2019-12-01") == [
                    "\(weight) funding p/bif/a money: funded until 2021 → funded until \(until)"
                ])
        }
        let last = try sample.maker.add("BIF", money(until: "2021"))
        try sample.maker.add("BIF", withdraw(first, .funding, "p/bif/a|funded|"))
        #expect(try sample.lines(.position(said), on: "2019-12-01").count == 1, "only the newest is taken back")
        try sample.maker.add("BIF", withdraw(last, .funding, "p/bif/a|funded|"))
        #expect(
            try sample.lines(.position(said)) == ["attention withdrawal p/bif/a money: funded until 2021 → withdrawn"])
        #expect(try sample.lines(.position(start)).isEmpty)
    }

    @Test("budgets year by year, planned and used; a number written otherwise is the same number")
    func budgets() throws {
        var sample = try ChangesSample()
        try sample.maker.add(
            "BIF",
            money(budgets: [
                Budget(year: 2020, plannedDKK: DecimalText("600000")), Budget(year: 2021, plannedDKK: DecimalText(1)),
            ]))
        let said = sample.maker.state.position
        try sample.maker.add(
            "BIF",
            money(budgets: [
                Budget(year: 2020, plannedDKK: DecimalText("600000.0"), usedDKK: DecimalText(550_000)),
                Budget(year: 2022, plannedDKK: DecimalText(2)),
            ]))
        #expect(
            try sample.lines(.position(said)) == [
                "news funding p/bif/a used [2020]: – → 550000 dkk", "news funding p/bif/a planned [2021]: 1 dkk → –",
                "news funding p/bif/a planned [2022]: – → 2 dkk",
            ])
    }

    @Test("money that ended by itself is a change that nobody said; what documents say was there from the beginning")
    func ended() throws {
        var sample = try ChangesSample()
        try sample.maker.add("BIF", money(until: "2020", source: Sample.source))
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2020-01-15")
        #expect(try sample.lines(.followUp("p/2019"), on: "2020-12-31").isEmpty)
        let rows = try sample.view(.followUp("p/2019"), on: "2021-01-01").rows
        #expect(
            rows.map(\.line) == ["attention funding p/bif/a money: funded until 2020 → expired until 2020"])
        #expect(rows.first?.by == nil && rows.first?.received == "2020-12-31")
        sample.maker.on("2020-11-01")
        try sample.maker.add("BIF", money(until: "2022"))
        #expect(
            try sample.lines(.followUp("p/2019"), on: "2021-01-01") == [
                "better funding p/bif/a money: funded until 2020 → funded until 2022"
            ])
    }

    @Test("money of a follow-up counts since its deadline's day")
    func sinceDeadline() throws {
        var sample = try ChangesSample()
        sample.maker.received = "2019-12-31T23:59:59.999Z"
        try sample.maker.add("BIF", money())
        sample.maker.received = "2020-01-01T00:00:00.000Z"
        try sample.maker.add("BIF", money(.requiresSeparateFunding, until: nil))
        #expect(
            try sample.lines(.followUp("p/2019")) == [
                "attention funding p/bif/a money: – → requires_separate_funding"
            ])
    }

    // MARK: Milestones

    @Test("a milestone is new, put off, reached and taken back")
    func milestones() throws {
        var sample = try ChangesSample()
        func milestone(_ due: String, done: String? = nil) -> Milestone {
            Milestone(
                id: "p/bif/a/start", initiative: "p/bif/a", what: LocalizedText(da: "Start"), due: PartialDate(due),
                done: done.flatMap { PartialDate($0) })
        }
        let start = sample.maker.state.position
        try sample.maker.add("BIF", milestone("2020-03"))
        #expect(try sample.lines(.position(start)) == ["news milestone p/bif/a due [Start]: – → 2020-03"])
        let said = sample.maker.state.position
        try sample.maker.add("BIF", milestone("2020-06"))
        #expect(try sample.lines(.position(said)) == ["attention milestone p/bif/a due [Start]: 2020-03 → 2020-06"])
        let last = try sample.maker.add("BIF", milestone("2020-03", done: "2020-03-14"))
        #expect(try sample.lines(.position(said)) == ["better milestone p/bif/a done [Start]: – → 2020-03-14"])
        try sample.maker.add("BIF", withdraw(last, .milestone, "p/bif/a/start"))
        #expect(try sample.lines(.position(said)) == ["attention withdrawal p/bif/a due [Start]: 2020-03 → withdrawn"])
    }

    // MARK: Definitions

    @Test("an initiative field by field, figures by what they count; other lines of the document are no change")
    func initiative() throws {
        var sample = try ChangesSample()
        func figure(_ value: String, _ qualifier: String? = nil) -> Figure {
            Figure(
                what: LocalizedText(da: "Pladser"), value: DecimalText(value)!, qualifier: qualifier, printed: value,
                source: Sample.source)
        }
        var initiative = Sample.initiative("p/bif/a", figures: [figure("10")])
        try sample.maker.add("BIF", initiative)
        let said = sample.maker.state.position
        initiative.source = Sample.source
        try sample.maker.add("BIF", initiative)
        #expect(try sample.lines(.position(said)).isEmpty)
        initiative.title = LocalizedText(da: "Nyt navn")
        initiative.period = Period(from: PartialDate("2020"), until: PartialDate("2022"))
        initiative.partners = ["Red Barnet", "En forening"]
        initiative.figures = [figure("12", "ca. ")]
        try sample.maker.add("BIF", initiative)
        #expect(
            try sample.lines(.position(said)) == [
                "decided definition p/bif/a title: Titel p/bif/a → Nyt navn",
                "decided definition p/bif/a period: .. → 2020/2022",
                "decided definition p/bif/a partners: En forening → En forening+Red Barnet",
                "decided definition p/bif/a figure [Pladser]: 10 → ca. 12",
            ])
        #expect(try sample.view(.position(said)).rows.first?.title.da == "Nyt navn")
    }

    @Test(
        "since a follow-up an initiative is new when its node had described others on an earlier day, not when it is late"
    )
    func newInitiatives() throws {
        var sample = try ChangesSample()
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        sample.maker.on("2020-05-01")
        // ØKF is heard for the first time; BIF adds one.
        try sample.maker.add("ØKF", Sample.initiative("p/okf/c", owner: "ØKF"))
        try sample.maker.add("BIF", Sample.initiative("p/bif/ny"))
        #expect(
            try sample.lines(.followUp("p/2019")) == ["decided definition p/bif/ny whole: – → Titel p/bif/ny"])
        #expect(try sample.lines(.day(day("2020-05-01"))).count == 2)
    }

    @Test("a policy field by field: its goals, follow-ups and indicators that came, went or are another")
    func policy() throws {
        var sample = try ChangesSample()
        let said = sample.maker.state.position
        var policy = Sample.policy(Array(ChangesSample.followUps.dropLast()))
        try sample.maker.add("p", Sample.policy(ChangesSample.followUps))
        #expect(try sample.lines(.position(said)).isEmpty)
        policy.title = LocalizedText(da: "Ny titel")
        policy.goals.append(
            Goal(
                id: "p/nyt", kind: .goal, title: LocalizedText(da: "Nyt mål"), forvaltningerBasis: .printed,
                source: Sample.source))
        policy.followUps[1].due = DatedFact(date: PartialDate("2020-01-31")!, basis: .configured)
        policy.followUps[2].condition = .open
        try sample.maker.add("p", policy)
        #expect(
            try sample.lines(.position(said)).sorted() == [
                "decided definition p title: Prøve politik: En prøve → Ny titel",
                "decided definition p/2019 due: 2019-12-31 → 2020-01-31",
                "decided definition p/2020 condition: – → open",
                "decided definition p/2021 follow_up: Status p/2021 → –",
                "decided definition p/nyt goal: – → Nyt mål",
            ])
    }

    // MARK: Events

    @Test("returns, approvals, acceptances, more time, decisions, contributions and links, each with who and why")
    func events() throws {
        var sample = try ChangesSample()
        let name = try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        let said = sample.maker.state.position
        func say(_ text: String) -> LocalizedText { LocalizedText(da: text) }
        let coordinator = "coordinator"
        try sample.maker.add(
            coordinator,
            Return(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", about: "p/bif/a", records: [name],
                note: say("Se igen")))
        let approval = try sample.maker.add("BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: [name]))
        try sample.maker.add(
            coordinator,
            Acceptance(id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", approval: approval))
        var decision = Decision(
            id: "p|2020-02-01|1", policy: "p", body: "ØU", date: PartialDate("2020-02-01")!, item: "Punkt 4",
            text: say("Flere pladser"), about: ["p/bif/a"])
        try sample.maker.add(coordinator, decision)
        try sample.maker.add(
            coordinator,
            Contribution(
                id: "p/2019|1", followUp: "p/2019", organisation: "En forening", text: say("Det går for langsomt")))
        try sample.maker.add(
            coordinator,
            LinkDecision(
                from: "p/bif/a", to: "p/bif/b", kind: .sameAs, state: .accepted, reason: say("Samme"),
                evidence: say("-"),
                sources: []))
        let rows = try sample.view(.position(said)).rows
        #expect(
            rows.map(\.line) == [
                "decided link p/bif/a link [same_as p/bif/b]: suggested → accepted",
                "decided decision p/bif/a decision [p|2020-02-01|1]: – → Flere pladser",
                "minor returned p/bif/a answer [BIF]: 1 records → returned (p/2019)",
                "news contribution p/2019 answer [En forening]: – → Det går for langsomt (p/2019)",
                "minor acceptance p/2019 answer [BIF]: 1 records → accepted (p/2019)",
                "minor approval p/2019 answer [BIF]: 1 records → approved (p/2019)",
            ])
        #expect(
            rows[2].notes.map(\.text.da) == ["Se igen"] && rows[1].notes.map(\.text.da) == ["ØU, 2020-02-01, Punkt 4"])
        let decided = sample.maker.state.position
        decision.followedUp = .init(date: PartialDate("2020-05")!, text: say("De er oprettet"))
        try sample.maker.add(coordinator, decision)
        #expect(
            try sample.lines(.position(decided)) == [
                "better decision p/bif/a followed_up [p|2020-02-01|1]: – → De er oprettet"
            ])
    }

    @Test("what was removed by order is named by its record, without what it said")
    func redacted() throws {
        var sample = try ChangesSample()
        let name = try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20", done: "Anna Hansen")
        let said = sample.maker.state.position
        try sample.maker.add(
            "BIF",
            Redaction(
                record: name, redacted: .status, id: "p/bif/a|p/2019", policy: "p",
                bodyHash: String(repeating: "0", count: 64), reason: LocalizedText(da: "En persons navn"),
                decision: "DPO 2020/4"))
        let rows = try sample.view(.position(said)).rows
        #expect(
            rows.map(\.line) == [
                "decided redaction p/bif/a whole [status]: \(name) → redacted (p/2019)"
            ])
        #expect(rows.first?.notes.map(\.text.da) == ["En persons navn", "DPO 2020/4"])
        // It did answer the newest follow-up: it is not “not reported”.
        try sample.answer("p/bif/b", "p/2019", .onTrack, on: "2019-12-21")
        #expect(
            try !sample.lines(.followUp("p/opening"), on: "2020-06-01").contains {
                $0.contains("not reported (p/2019)") && $0.contains("p/bif/a")
            })
        let removed = sample.maker.state.position
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-22", done: "Uden navn")
        #expect(
            try sample.lines(.position(removed)) == [
                "news status p/bif/a delivery: redacted (p/2019) → on_track (p/2019)"
            ])
    }
}

@Suite("What was sent back, among the changes")
struct ReturnedAmongChangesTests {
    @Test("a return needs attention until what it names is said anew and handed in; what is only said is no answer")
    func answered() throws {
        var sample = try ChangesSample()
        let name = try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        let said = sample.maker.state.position
        try sample.maker.add(
            "coordinator",
            Return(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", about: "p/bif/a", records: [name],
                note: LocalizedText(da: "Se igen")))
        func weight() throws -> ChangesView.Weight? {
            try sample.view(.position(said)).rows.first { $0.kind == .returned }?.weight
        }
        #expect(try weight() == .attention)
        sample.maker.on("2020-01-10")
        var status = Sample.status("p/bif/a", "p/2019", .onTrack, printed: false)
        status.done = LocalizedText(da: "Nu med tal.")
        let anew = try sample.maker.add("BIF", status)
        #expect(try weight() == .attention)
        try sample.maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [anew]))
        #expect(try weight() == .minor)
    }
}
