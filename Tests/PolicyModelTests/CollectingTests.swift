import PolicyModel
import Testing

/// What became of answers, and what is still owed.
@Suite("Collecting")
struct CollectingTests {
    private let followUp = "lgbti/2019"
    private func record(_ seq: Int64) -> RecordName { RecordName(publisher: "BIF", log: "0", seq: seq) }
    private func moment(_ seq: Int64, _ day: String = "2019-12-20") -> Collecting.Moment {
        Collecting.Moment(record: record(seq), position: seq, received: "\(day)T10:00:00.000Z", at: "\(day)T09:00:00Z")
    }
    private func handIn(_ seqs: [Int64]) -> HandIn {
        HandIn(followUp: followUp, forvaltning: "BIF", records: seqs.map(record))
    }
    private func approval(_ seqs: [Int64]) -> Approval {
        Approval(followUp: followUp, forvaltning: "BIF", records: seqs.map(record))
    }
    private func returned(_ seqs: [Int64], about: String? = nil) -> Return {
        Return(
            id: "\(followUp)|BIF|1", followUp: followUp, forvaltning: "BIF", about: about, records: seqs.map(record),
            note: LocalizedText(da: "Hvor mange?"))
    }
    private func accepted(_ seq: Int64) -> Acceptance {
        Acceptance(id: "\(followUp)|BIF|1", followUp: followUp, forvaltning: "BIF", approval: record(seq))
    }
    private func stages(_ collecting: Collecting, _ seqs: ClosedRange<Int64>) -> [Collecting.Stage?] {
        seqs.map { collecting.mark(of: record($0))?.stage }
    }

    @Test(
        "handed in, approved, accepted; a return reopens only what it names, and an acceptance takes only what stands")
    func course() {
        var collecting = Collecting()
        collecting.take(handIn([1, 2]), moment(3))
        #expect(stages(collecting, 1...2) == [.handedIn, .handedIn])
        collecting.take(returned([2], about: "lgbti/bif/b"), moment(4))
        #expect(stages(collecting, 1...2) == [.handedIn, .returned])
        #expect(collecting.mark(of: record(2))?.note?.da == "Hvor mange?")
        collecting.take(handIn([1, 5]), moment(6))
        collecting.take(approval([1, 5]), moment(7))
        #expect(stages(collecting, 1...2) == [.approved, .returned])
        collecting.take(returned([5]), moment(8))
        collecting.take(accepted(7), moment(9))
        #expect([1, 5].map { collecting.mark(of: record($0))?.stage } == [.accepted, .returned])
        #expect(collecting.answer(to: followUp, of: "BIF").firstHandIn?.record == record(3))
        #expect(collecting.answer(to: followUp, of: "BIF").lastHandIn?.record == record(6))
        #expect(collecting.answer(to: followUp, of: "ØKF") == Collecting.Answer())
    }

    @Test("handing in again takes neither an approval nor a return back: what was returned is said anew")
    func again() {
        var collecting = Collecting()
        collecting.take(handIn([1, 2]), moment(3))
        collecting.take(approval([1]), moment(4))
        collecting.take(returned([2]), moment(5))
        collecting.take(handIn([1, 2]), moment(6))
        #expect(stages(collecting, 1...2) == [.approved, .returned])
        collecting.take(approval([1, 2]), moment(7))
        collecting.take(accepted(7), moment(8))
        collecting.take(approval([1, 2]), moment(9))
        #expect(stages(collecting, 1...2) == [.accepted, .accepted], "an approval takes no acceptance back")
    }

    @Test("nobody speaks for another's records")
    func foreign() {
        var collecting = Collecting()
        let other = Collecting.Moment(record: RecordName(publisher: "ØKF", log: "0", seq: 9), at: "")
        collecting.take(handIn([1]), other)
        collecting.take(approval([1]), other)
        #expect(collecting.mark(of: record(1)) == nil)
    }

    // MARK: What is owed

    private func policy(
        _ kind: FollowUp.Kind = .annual, condition: FollowUp.Condition? = nil, opens: String? = "2019-12",
        due: String? = "2019-12-31", locked: String? = nil, efforts: Bool = false, questions: [String] = []
    ) -> Policy {
        func dated(_ text: String?) -> DatedFact? {
            text.flatMap { PartialDate($0) }.map { DatedFact(date: $0, basis: .derived) }
        }
        var policy = makePolicy()
        policy.goals[1].forvaltninger = ["BIF"]
        policy.followUps.append(
            FollowUp(
                id: followUp, kind: kind, title: LocalizedText(da: "Status 2019"), opens: dated(opens), due: dated(due),
                locked: dated(locked), owedBy: ["BIF"], owedByBasis: .printed, condition: condition,
                questions: questions.map {
                    FollowUp.Question(id: $0, text: LocalizedText(da: $0), source: source)
                }, effortsWhereBehind: efforts ? true : nil, source: source))
        return policy
    }
    private let initiatives = [
        makeInitiative("lgbti/bif/a", owner: "BIF"), makeInitiative("lgbti/okf/b", owner: "ØKF"),
    ]

    private func owed(_ policy: Policy, _ forvaltning: String = "BIF", _ own: [Initiative]? = nil) -> [String] {
        policy.obligations(of: forvaltning, for: policy.followUps[1], initiatives: own ?? initiatives, city: city).map {
            "\($0.kind.rawValue) \($0.about)" + ($0.year.map { " \($0)" } ?? "")
        }
    }

    @Test("what a follow-up asks for: own initiatives, its questions, goals where efforts are due, figures of the year")
    func obligations() {
        #expect(owed(policy()) == ["status lgbti/bif/a"])
        #expect(owed(policy(), "ØKF") == [], "who does not owe the follow-up owes nothing")
        #expect(owed(policy(questions: ["lgbti/q"])) == ["status lgbti/bif/a", "status lgbti/q"])
        #expect(owed(policy(.midTerm, efforts: true)) == ["status lgbti/bif/a", "status lgbti/maal"])
        #expect(owed(policy(.meeting)) == ["status lgbti/2019"], "a word on the follow-up itself")
        var figures = policy()
        figures.indicators = [
            Indicator(
                id: "lgbti/tal", goal: "lgbti/maal", title: LocalizedText(da: "Tal"), titleBasis: .printed,
                unit: .persons, population: LocalizedText(da: "Alle"), direction: .up, directionBasis: .printed,
                bodies: [], reporters: ["BIF"], reportersBasis: .printed,
                baselines: [Baseline(value: .missing, printed: "måles i 2019", source: source)],
                target: Target(kind: .noneStated), source: source)
        ]
        figures.annualTargets = [2019, 2020].map { (year: Int) in
            AnnualTarget(
                id: "lgbti/bif/a/mindst-\(year)", initiative: "lgbti/bif/a", what: LocalizedText(da: "Deltagere"),
                comparator: .atLeast, value: DecimalText(10), unit: .persons, fromYear: year, toYear: year,
                printed: "10", source: source)
        }
        #expect(
            owed(figures) == [
                "status lgbti/bif/a", "status lgbti/maal", "reading lgbti/tal 2019",
                "reading lgbti/bif/a/mindst-2019 2019",
            ], "a goal that is measured is followed up each time")
        figures.followUps[1].kind = .baselineReading
        #expect(owed(figures) == ["reading lgbti/tal 2019"])
        figures.indicators[0].baselines[0].value = .number(DecimalText(3))
        #expect(owed(figures) == ["status lgbti/2019"], "nothing was to be measured")
    }

    @Test("where the source marks some initiatives as concrete, a status of them is owed; otherwise of each")
    func marked() {
        var own = ["lgbti/bif/a", "lgbti/bif/b", "lgbti/bif/c"].map { makeInitiative($0, owner: "BIF") }
        own[1].kind = .commitment
        own[2].kind = .runningEffort
        own[0].kind = .runningEffort
        #expect(owed(policy(), "BIF", own).count == 3)
        own[0].kind = .marked
        #expect(owed(policy(), "BIF", own) == ["status lgbti/bif/a"])
    }

    private func entry(
        _ policy: Policy, on date: String, _ collecting: Collecting = Collecting(), records: [Collecting.Moment] = [],
        draft: Bool = false
    ) -> DueList.Entry? {
        DueReckoning(city: city, day: Day(date)!, collecting: collecting) { obligation, _, _ in
            records.isEmpty || obligation.about != "lgbti/bif/a" ? nil : DueReckoning.Answer(records: records)
        } hasDraft: { _, _ in
            draft
        }.entry(policy, policy.followUps[1], of: "BIF", initiatives: initiatives)
    }

    @Test(
        "three dates, each of which may be absent",
        arguments: [
            ("2019-11-30", DueList.Phase.notOpen, nil), ("2019-12-01", .open, nil), ("2019-12-31", .open, nil),
            ("2020-01-10", .overdue, 10), ("2020-02-01", .locked, 32),
        ] as [(String, DueList.Phase, Int?)])
    func phases(date: String, phase: DueList.Phase, late: Int?) throws {
        let entry = try #require(self.entry(policy(locked: "2020-01-31"), on: date))
        #expect(entry.phase == phase)
        #expect(entry.items.map(\.state) == [.missing])
        #expect(entry.items[0].daysLate == late)
        let open = try #require(self.entry(policy(opens: nil, due: nil), on: date))
        #expect(open.phase == .open && open.daysLate == nil && open.daysLeft == nil)
    }

    @Test("a condition that is open is never late; one that is not met owes nothing")
    func conditions() throws {
        let entry = try #require(self.entry(policy(condition: .open), on: "2021-01-01"))
        #expect(entry.phase == .conditionOpen && entry.daysLate == nil)
        #expect(self.entry(policy(condition: .notMet), on: "2021-01-01") == nil)
    }

    @Test("an exception moves deadline and lock for one forvaltning, with its reason, until it is taken back")
    func exception() throws {
        let exception = Exception(
            id: "\(followUp)|BIF|1", followUp: followUp, forvaltning: "BIF",
            until: try #require(PartialDate("2020-03")),
            reason: LocalizedText(da: "Flytning"))
        #expect(exception.violation == nil)
        var collecting = Collecting()
        collecting.take(exception)
        let policy = policy(locked: "2020-01-31")
        let more = try #require(entry(policy, on: "2020-03-31", collecting))
        #expect(more.phase == .open && more.daysLate == nil && more.lastDay == "2020-03-31")
        #expect(more.exceptionReason?.da == "Flytning")
        let after = try #require(entry(policy, on: "2020-04-02", collecting))
        #expect(after.phase == .locked && after.daysLate == 2)
        collecting.withdraw(exception)
        #expect(try #require(entry(policy, on: "2020-03-31", collecting)).phase == .locked)
    }

    @Test("lateness counts from receipt, entry stands beside it, and a draft is seen where it lies")
    func lateness() throws {
        var late = moment(1, "2020-01-05")
        late.at = "2019-12-30T12:00:00Z"
        var collecting = Collecting()
        collecting.take(handIn([1]), moment(2, "2020-01-05"))
        let item = try #require(entry(policy(), on: "2020-06-01", collecting, records: [late])).items[0]
        #expect(item.state == .handedIn && item.daysLate == 5)
        #expect(item.entered == "2019-12-30T12:00:00Z" && item.received == "2020-01-05T10:00:00.000Z")
        #expect(try #require(entry(policy(), on: "2019-12-20", draft: true)).items[0].state == .draft)
        let both = try #require(entry(policy(), on: "2020-06-01", collecting, records: [late], draft: true)).items[0]
        #expect(both.state == .handedIn && both.hasDraft)
    }

    @Test("what comes after an approval is changed since approval, until it is approved itself")
    func changed() throws {
        var collecting = Collecting()
        collecting.take(handIn([1]), moment(2))
        collecting.take(approval([1]), moment(3))
        let approved = try #require(entry(policy(), on: "2020-01-01", collecting, records: [moment(1)]))
        #expect(approved.isDone && approved.changedSinceApproval == 0)
        collecting.take(handIn([4]), moment(5))
        let versions = [moment(1), moment(4)]
        let changed = try #require(entry(policy(), on: "2020-01-01", collecting, records: versions))
        #expect(!changed.isDone && changed.changedSinceApproval == 1 && changed.items[0].state == .handedIn)
        collecting.take(approval([4]), moment(6))
        #expect(try #require(entry(policy(), on: "2020-01-01", collecting, records: versions)).isDone)
    }
}
