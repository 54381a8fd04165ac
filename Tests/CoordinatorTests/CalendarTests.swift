import PolicyModel
import Testing
import Wire

@testable import Coordinator

@Suite("The calendar")
struct CalendarTests {
    private func entries(
        _ sample: MeasureSample = MeasureSample(), on text: String = "2020-06-01",
        _ more: (inout LedgerMaker) throws -> Void = { _ in }
    ) throws -> [CalendarView.Entry] {
        try sample.ledger(more).calendar(on: day(text)).entries
    }

    @Test("every kind of date stands there once, by date")
    func all() throws {
        var sample = MeasureSample()
        sample.indicator.baselines = [MeasureSample.baseline(.missing, due: "2019")]
        sample.followUps[1].locked = DatedFact(date: PartialDate("2020-02-15")!, basis: .configured)
        let entries = try entries(sample) { maker in
            try maker.add(
                "BIF",
                Funding(
                    initiative: "p/bif/kursus", state: .funded, until: PartialDate("2020-03"), source: Sample.source))
        }
        #expect(
            entries.map { "\($0.day ?? "–") \($0.id)" } == [
                "2019-12-01 opens:p/2019", "2019-12-31 due:p/2019", "2019-12-31 baseline_due:p/andel",
                "2019-12-31 annual_targets:p/bif/kursus:2019", "2020-02-15 locked:p/2019",
                "2020-03-31 funding_ends:p/bif/kursus:funded", "2020-12-31 annual_targets:p/bif/kursus:2020",
                "2022-12-31 target_due:p/andel", "2022-12-31 policy_ends:p",
            ])
        #expect(entries.map(\.basis).prefix(6) == [.derived, .printed, .printed, nil, .configured, .printed])
        #expect(entries.allSatisfy { !$0.sources.isEmpty && $0.policy == "p" })
    }

    @Test(
        "a date counts from the last day it may mean, an opening from the first",
        arguments: [
            ("2019", "2019-01-01", "2019-12-31"), ("2019-02", "2019-02-01", "2019-02-28"),
            ("2019-02-03", "2019-02-03", "2019-02-03"),
        ])
    func precision(date: String, opens: String, due: String) throws {
        var sample = MeasureSample()
        sample.followUps[1] = Sample.followUp("p/2019", opens: date, due: date)
        let entries = try entries(sample).filter { $0.about == "p/2019" }
        #expect(entries.first { $0.kind == .opens }?.day == opens)
        #expect(entries.first { $0.kind == .due }?.day == due)
        #expect(entries.allSatisfy { $0.date == PartialDate(date) && $0.precision == PartialDate(date)?.precision })
    }

    @Test(
        "a follow-up is late when its date is behind and somebody has not answered, and names them",
        arguments: [
            ("2019-12-31", nil, CalendarView.State.upcoming, []),
            ("2020-01-01", nil, .late, ["BIF", "ØKF"]),
            ("2020-01-01", FollowUp.Condition.open, .conditionOpen, []),
            ("2020-01-01", .met, .late, ["BIF", "ØKF"]),
            ("2020-01-01", .notMet, .willNotHappen, []),
        ])
    func late(on: String, condition: FollowUp.Condition?, state: CalendarView.State, missing: [String]) throws {
        var sample = MeasureSample()
        sample.followUps[1].condition = condition
        let entry = try #require(try entries(sample, on: on).first { $0.id == "due:p/2019" })
        #expect(entry.state == state && entry.missing == missing)
    }

    @Test("what one has answered is missed from the other only, and what all have answered is answered")
    func answered() throws {
        for all in [false, true] {
            let entry = try entries { maker in
                for code in all ? ["BIF", "ØKF"] : ["BIF"] { try maker.answerAll("p/2019", of: code) }
            }.first { $0.id == "due:p/2019" }
            #expect(entry?.state == (all ? .answered : .late))
            #expect(entry?.missing == (all ? [] : ["ØKF"]))
        }
    }

    @Test("half an answer is not one, and who was given more time is not late yet")
    func partly() throws {
        let half = try entries { maker in
            let name = try maker.add("BIF", Sample.status("p/bif/kursus", "p/2019", printed: false))
            try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [name]))
        }.first { $0.id == "due:p/2019" }
        #expect(half?.state == .late && half?.missing == ["BIF", "ØKF"])
        func more(_ code: String) -> (inout LedgerMaker) throws -> Void {
            { maker in
                try maker.add(
                    "coordinator",
                    Exception(
                        id: "p/2019|\(code)|1", followUp: "p/2019", forvaltning: code, until: PartialDate("2020-07")!,
                        reason: LocalizedText(da: "Flytning")))
            }
        }
        let given = try entries([more("BIF")]) { try $0.answerAll("p/2019", of: "ØKF") }
        #expect(given.first { $0.id == "due:p/2019" }?.state == .passed)
        let entry = try #require(given.first { $0.kind == .exception })
        #expect(entry.id == "exception:p/2019:BIF" && entry.day == "2020-07-31" && entry.state == .upcoming)
        #expect(entry.owedBy == ["BIF"] && entry.note?.da == "Flytning")
        let late = try entries([more("BIF")], on: "2020-08-01") { try $0.answerAll("p/2019", of: "ØKF") }
        #expect(late.first { $0.kind == .exception }?.state == .late)
        #expect(late.first { $0.id == "due:p/2019" }?.missing == ["BIF"])
        let answered = try entries([more("BIF")]) { try $0.answerAll("p/2019", of: "BIF") }
        #expect(answered.first { $0.kind == .exception }?.state == .answered)
    }

    private func entries(
        _ before: [(inout LedgerMaker) throws -> Void], on text: String = "2020-06-01",
        _ more: @escaping (inout LedgerMaker) throws -> Void
    ) throws -> [CalendarView.Entry] {
        try entries(on: text) { maker in
            for step in before { try step(&maker) }
            try more(&maker)
        }
    }

    @Test(
        "a milestone is to come, late or done; without a date it stands last",
        arguments: [
            ("2020-09", nil, CalendarView.State.upcoming), ("2020-05", nil, .late),
            ("2020-05", "2020-04-02", .answered),
            (nil, nil, .undated), (nil, "2020-04-02", .answered),
        ] as [(String?, String?, CalendarView.State)])
    func milestone(due: String?, done: String?, state: CalendarView.State) throws {
        let milestone = Milestone(
            id: "p/bif/kursus/hold-1", initiative: "p/bif/kursus", what: LocalizedText(da: "Første hold"),
            due: due.flatMap { PartialDate($0) }, done: done.flatMap { PartialDate($0) })
        let entry = try #require(try entries { try $0.add("BIF", milestone) }.first { $0.kind == .milestone })
        #expect(entry.state == state && entry.about == "p/bif/kursus" && entry.items == ["p/bif/kursus/hold-1"])
        #expect(entry.owedBy == ["BIF"] && entry.missing == (state == .late ? ["BIF"] : []))
    }

    @Test("a decision stands there until it is followed up or taken back")
    func decision() throws {
        let decision = Decision(
            id: "p|2020-02-03|1", policy: "p", body: "ØU", date: PartialDate("2020-02-03")!, item: "7",
            text: LocalizedText(da: "Vend tilbage med finansiering"), about: ["p/bif/kursus"])
        var closed = decision
        closed.followedUp = .init(date: PartialDate("2020-03")!, text: LocalizedText(da: "Gjort"))
        let open = try #require(try entries { try $0.add("coordinator", decision) }.first { $0.kind == .decision })
        #expect(open.state == .awaiting && open.goesTo == ["ØU"] && open.owedBy == ["ØKF"] && open.days == -119)
        let none = try entries { maker in
            try maker.add("coordinator", decision)
            try maker.add("coordinator", closed)
        }
        #expect(!none.contains { $0.kind == .decision })
    }

    @Test("a date that nobody owes anything for passes, and is not late")
    func passed() throws {
        var sample = MeasureSample()
        sample.followUps[1].owedBy = []
        #expect(try entries(sample).first { $0.id == "due:p/2019" }?.state == .passed)
    }

    @Test("what has no date stands last and is not dropped, with and without recurrence")
    func undated() throws {
        var sample = MeasureSample()
        for name in ["p/aarligt", "p/moede"] {
            var followUp = Sample.followUp(name)
            followUp.recurrence = name == "p/aarligt" ? LocalizedText(da: "Hvert år") : nil
            sample.followUps.append(followUp)
        }
        let entries = try entries(sample)
        #expect(entries.suffix(2).map(\.about) == ["p/aarligt", "p/moede"])
        #expect(entries.suffix(2).map { $0.recurrence?.da } == ["Hvert år", nil])
        #expect(entries.suffix(2).allSatisfy { $0.state == .undated && $0.date == nil && $0.days == nil })
        #expect(!entries.contains { $0.about == "p/opening" }, "the opening is no obligation")
    }

    @Test("a baseline that has been measured, also one too small to be told, is answered; a missing one is late")
    func baseline() throws {
        var sample = MeasureSample()
        sample.indicator.baselines = [MeasureSample.baseline(.missing, due: "2019")]
        for (value, state) in [(Value.suppressed, CalendarView.State.answered), (.missing, .late)] {
            let entry = try entries(sample) { try $0.add("BIF", MeasureSample.reading(value, "2019")) }
                .first { $0.kind == .baselineDue }
            #expect(entry?.state == state)
            #expect(entry?.missing == (state == .late ? ["BIF"] : []))
        }
    }

    @Test("a year's annual targets are answered by readings of that year")
    func annual() throws {
        let entries = try entries(on: "2021-06-01") { maker in
            try maker.add(
                "BIF",
                MeasureSample.reading(
                    MeasureSample.number("31"), "2019", about: "p/bif/kursus/deltagere", unit: .persons))
        }.filter { $0.kind == .annualTargets }
        #expect(entries.map(\.state) == [.answered, .late])
        #expect(entries.map(\.items) == [["p/bif/kursus/deltagere"], ["p/bif/kursus/deltagere"]])
    }

    @Test("only the policies asked for are in it")
    func chosen() throws {
        #expect(try MeasureSample().ledger().calendar(on: day("2020-06-01"), policies: ["q"]).entries.isEmpty)
    }
}
