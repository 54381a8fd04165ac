import PolicyModel
import Testing
import Wire

@testable import Coordinator

/// Each kind of contradiction on a small ledger, and what must not be taken for one.
struct ContradictionTests {
    private static func text(_ da: String) -> LocalizedText { LocalizedText(da: da, en: da) }

    private func figure(_ value: String, measure: String?, period: String? = nil, qualifier: String? = nil) -> Figure {
        let date = period.flatMap { PartialDate($0) }
        return Figure(
            what: Self.text("Unge i byen, der cykler til skole"), value: DecimalText(value)!, qualifier: qualifier,
            measure: measure, period: date.map { Period(from: $0, until: $0) }, printed: "\(value) pct.",
            source: Sample.source)
    }

    private func ledger(_ p: [Figure] = [], _ q: [Figure] = []) throws -> LedgerMaker {
        var maker = LedgerMaker()
        var city = Sample.city
        city.measures = [
            SharedMeasure(id: "cykler", name: Self.text("Unge, der cykler"), population: Self.text("Unge")),
            SharedMeasure(
                id: "afsat", name: Self.text("Afsat"), population: Self.text("Indsatsen"),
                budgetUnitDKK: DecimalText(1_000_000)),
        ]
        try maker.add("coordinator", city)
        for (id, figures) in [("p", p), ("q", q)] {
            var policy = Sample.policy([
                Sample.followUp("\(id)/opening", owedBy: [], kind: .opening),
                Sample.followUp("\(id)/2019", due: "2019-12-31"),
            ])
            policy.id = id
            policy.figures = figures
            policy.goals = [
                Goal(
                    id: "\(id)/maal", kind: .goal, title: Self.text("Målet for \(id)"), forvaltninger: ["BIF"],
                    forvaltningerBasis: .printed, source: Sample.source)
            ]
            policy.indicators = [indicator("\(id)/cykler", goal: "\(id)/maal", target: id == "p" ? "60" : "70")]
            try maker.add(id, policy)
        }
        return maker
    }

    private func indicator(_ id: String, goal: String, target: String) -> Indicator {
        Indicator(
            id: id, goal: goal, title: Self.text("Unge, der cykler"), titleBasis: .printed, unit: .percent,
            population: Self.text("Unge"), direction: .up, directionBasis: .derived, bodies: [], reporters: ["BIF"],
            reportersBasis: .derived,
            baselines: [Baseline(value: .number(DecimalText(50)), printed: "50 pct.", source: Sample.source)],
            target: Target(kind: .atLeast, value: DecimalText(target), year: 2022, printed: "mindst \(target)"),
            source: Sample.source)
    }

    private func rows(_ maker: LedgerMaker, on date: String = "2020-06-01") -> [ContradictionsView.Row] {
        maker.state.contradictions(on: day(date)).rows
    }

    // MARK: Figures

    @Test(
        "figures of one measure for one time differ, or are the same",
        arguments: [
            ("56", "2016", nil, "53", "2016", ContradictionsView.Severity.high, "both dated"),
            ("56", "2016", nil, "53", nil, .medium, "one names no year"),
            ("56", nil, nil, "53", nil, .medium, "none names a year"),
            ("56", "2016", nil, "53", "2012", nil, "of two times"),
            ("56", "2016", nil, "56", nil, nil, "the same"), ("15", nil, nil, "15.3", nil, nil, "rounded"),
            ("15.2", nil, nil, "15.3", nil, .medium, "not rounded"), ("600", nil, "godt", "622", nil, nil, "about"),
            ("500", nil, "godt", "622", nil, .medium, "not even about"),
        ] as [(String, String?, String?, String, String?, ContradictionsView.Severity?, String)])
    func figures(
        a: String, aYear: String?, qualifier: String?, b: String, bYear: String?,
        severity: ContradictionsView.Severity?, why: String
    ) throws {
        let maker = try ledger(
            [figure(a, measure: "cykler", period: aYear, qualifier: qualifier)],
            [figure(b, measure: "cykler", period: bYear)])
        let found = rows(maker)
        #expect(found.map(\.kind) == (severity == nil ? [] : [.figuresDiffer]), "\(why)")
        #expect(found.map(\.severity) == (severity.map { [$0] } ?? []), "\(why)")
    }

    @Test("a figure without a year is held against the newest of the other document")
    func newest() throws {
        let maker = try ledger(
            [figure("77", measure: "cykler", period: "2012"), figure("79", measure: "cykler", period: "2016")],
            [figure("77", measure: "cykler")])
        #expect(rows(maker).map { $0.sides.map { $0.value?.description } } == [["79", "77"]])
    }

    @Test("figures without a measure, described alike and different, are a question of the lowest severity")
    func maybe() throws {
        let found = rows(try ledger([figure("56", measure: nil)], [figure("53", measure: nil)]))
        #expect(found.map(\.kind) == [.figuresMayDiffer])
        #expect(found.map(\.severity) == [.low])
        #expect(rows(try ledger([figure("56", measure: nil)], [figure("56", measure: nil)])).isEmpty)
        #expect(rows(try ledger([figure("56", measure: nil), figure("53", measure: nil)])).isEmpty, "one document")
    }

    @Test("the money of the text is held against each year of the budget, within the time the initiative lasts")
    func budget() throws {
        var maker = try ledger()
        var initiative = Sample.initiative("p/bif/a", figures: [figure("2.5", measure: "afsat")])
        initiative.period = Period(from: PartialDate("2019"), until: PartialDate("2020"))
        try maker.add("BIF", initiative)
        func budget(_ year: Int, _ dkk: Int) -> Budget { Budget(year: year, plannedDKK: DecimalText(dkk)) }
        let money = [budget(2019, 2_500_000), budget(2020, 2_900_000), budget(2021, 0)]
        try maker.add("BIF", Funding(initiative: "p/bif/a", state: .funded, budgets: money, source: Sample.source))
        let found = rows(maker)
        #expect(found.map(\.kind) == [.textAndBudget])
        #expect(found.first?.words.da == "Teksten siger 2.500.000 kr. om året; budgettet siger 2020: 2.900.000 kr.")
    }

    // MARK: Progress

    private func started(
        _ delivery: StatusReport.Delivery, until: String? = "2019-12-31", funding: [Funding] = [], handIn: Bool = true
    ) throws -> LedgerMaker {
        var maker = try ledger()
        var initiative = Sample.initiative("p/bif/a")
        initiative.period = Period(until: until.flatMap { PartialDate($0) })
        try maker.add("BIF", initiative)
        for money in funding { try maker.add("BIF", money) }
        let status = Sample.status("p/bif/a", handIn ? "p/2019" : "p/opening", delivery, printed: !handIn)
        let name = try maker.add("BIF", status)
        if handIn { try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [name])) }
        return maker
    }

    @Test(
        "on track or running with the deadline passed is green but overdue",
        arguments: [
            (StatusReport.Delivery.onTrack, "2020-06-01", true), (.ongoingOperation, "2020-06-01", true),
            (.onTrack, "2019-12-31", false), (.delayed, "2020-06-01", false), (.completed, "2020-06-01", false),
        ])
    func overdue(delivery: StatusReport.Delivery, on date: String, isFound: Bool) throws {
        let found = rows(try started(delivery), on: date)
        #expect(found.map(\.kind) == (isFound ? [.greenButOverdue] : []))
        if isFound { #expect(found[0].words.da.contains("153 dage")) }
    }

    @Test("what a document said of its own time does not grow overdue")
    func documentsDoNotAge() throws {
        #expect(rows(try started(.onTrack, handIn: false), on: "2026-01-01").isEmpty)
    }

    @Test("running on money that has expired, with none that holds")
    func expired() throws {
        let old = Funding(initiative: "p/bif/a", state: .funded, until: PartialDate("2019"), source: Sample.source)
        let new = Funding(initiative: "p/bif/a", state: .withinBudget, from: PartialDate("2020"), source: Sample.source)
        #expect(rows(try started(.onTrack, until: nil, funding: [old])).map(\.kind) == [.expiredMoney])
        #expect(rows(try started(.onTrack, until: nil, funding: [old, new])).isEmpty)
        #expect(rows(try started(.paused, until: nil, funding: [old])).isEmpty)
        #expect(rows(try started(.onTrack, until: nil, funding: [old]), on: "2019-12-31").isEmpty)
        // In a document: only money that it says itself has ended.
        let said = Funding(initiative: "p/bif/a", state: .expired, until: PartialDate("2018"), source: Sample.source)
        #expect(rows(try started(.ongoingOperation, until: nil, funding: [old], handIn: false)).isEmpty)
        #expect(
            rows(try started(.ongoingOperation, until: nil, funding: [said], handIn: false)).map(\.kind)
                == [.expiredMoney])
    }

    @Test("done, and the indicator moves away; not where it moves the right way, or the figure is suppressed")
    func movingAway() throws {
        func reading(_ year: String, _ value: Value) -> Reading {
            Reading(
                about: "p/cykler", unit: .percent, period: Period(from: PartialDate(year), until: PartialDate(year)),
                value: value)
        }
        func share(_ value: Int) -> Value { .number(DecimalText(value), denominator: DecimalText(1000)) }
        for (readings, isFound, why) in [
            ([reading("2019", share(45))], true, "below the baseline"),
            ([reading("2018", share(60)), reading("2019", share(55))], true, "below the one before"),
            ([reading("2019", share(55))], false, "up is better"),
            ([reading("2019", .suppressed)], false, "suppressed"),
        ] {
            var maker = try started(.completed)
            for reading in readings { try maker.add("BIF", reading) }
            #expect(rows(maker).map(\.kind) == (isFound ? [.doneButMovingAway] : []), "\(why)")
            var slow = try started(.delayed)
            for reading in readings { try slow.add("BIF", reading) }
            #expect(rows(slow).isEmpty, "nobody said it goes well")
        }
    }

    @Test("a baseline that measures something else is nothing to move away from")
    func foreignBaseline() throws {
        var maker = try started(.completed)
        var policy = try #require(maker.state.policy("p")?.body)
        policy.indicators[0].baselines[0].measures = Self.text("En sum over flere år")
        try maker.add("p", policy)
        let year = PartialDate("2019")
        try maker.add(
            "BIF",
            Reading(
                about: "p/cykler", unit: .percent, period: Period(from: year, until: year),
                value: .number(DecimalText(45), denominator: DecimalText(1000))))
        #expect(rows(maker).isEmpty)
    }

    @Test("the policy plugin's own judgement stands before the readings")
    func assessed() throws {
        for (judgement, isFound) in [(Attainment.Judgement.behind, true), (.onCourse, false)] {
            var maker = try started(.completed)
            try maker.add(
                "p",
                Assessment(
                    goal: "p/maal", followUp: "p/2019", judgement: judgement, arithmetic: Self.text("50 + 5 = 55"),
                    measures: []))
            let found = rows(maker)
            #expect(found.map(\.kind) == (isFound ? [.doneButMovingAway] : []))
            #expect(found.first?.sides.first?.says.da == (isFound ? "50 + 5 = 55" : nil))
        }
    }

    // MARK: Publishers and persons

    @Test("two publishers that speak of one thing contradict each other; two figures only where they differ")
    func contested() throws {
        var maker = try ledger()
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        #expect(rows(maker).isEmpty)
        try maker.add("q", Sample.initiative("p/bif/a", title: "Noget andet"))
        let found = rows(maker)
        #expect(found.map(\.kind) == [.contested])
        #expect(found[0].sides.compactMap { $0.record?.publisher } == ["BIF", "q"])
    }

    private func accepted(_ from: String, _ to: String, _ kind: Link.Kind) -> LinkDecision {
        LinkDecision(
            from: from, to: to, kind: kind, state: .accepted, reason: Self.text("Derfor"),
            evidence: Self.text("Samme titel"), sources: [Sample.source])
    }

    @Test("goals that are the same by a person's word, with different targets")
    func otherTarget() throws {
        var maker = try ledger()
        #expect(rows(maker).isEmpty)
        try maker.add("coordinator", accepted("p/maal", "q/maal", .sameAs))
        let found = rows(maker)
        #expect(found.map(\.kind) == [.sameGoalOtherTarget])
        #expect(found[0].sides.map { $0.value?.description } == ["60", "70"])
    }

    @Test("a decision is out of date when what it rests on has changed, and only then")
    func outdated() throws {
        var maker = try ledger()
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        try maker.add("BIF", Sample.initiative("p/bif/b"))
        try maker.add("coordinator", accepted("p/bif/a", "p/bif/b", .shares))
        var other = Sample.initiative("p/bif/b")
        other.section = "Et andet afsnit"
        try maker.add("BIF", other)
        #expect(rows(maker).isEmpty)
        other.targetGroups = ["aeldre"]
        try maker.add("BIF", other)
        let found = rows(maker)
        #expect(found.map(\.kind) == [.decisionOutdated])
        #expect(found[0].words.da.contains("p/bif/b er ændret (target_groups)"))
    }

    @Test("a chosen policy keeps what touches it")
    func chosen() throws {
        let state = try ledger([figure("56", measure: "cykler")], [figure("53", measure: "cykler")]).state
        #expect(state.contradictions(on: day("2020-06-01"), policies: ["q"]).rows.count == 1)
        #expect(state.contradictions(on: day("2020-06-01"), policies: ["r"]).rows.isEmpty)
    }
}
