import Coordinator
import Examples
import Foundation
import PolicyModel
import Testing
import Wire

@testable import PluginKit

/// Example years on the real policies, in one process (`Stage`): that they keep the rules shows in that they can be played.
///
/// One after the other: each takes a thread for seconds, and tests that wait for processes want theirs.
@Suite("Example years", .serialized)
struct ExampleYearsTests {
    /// Five years from the default seed, played once for all tests.
    private static let played = Result { try play(seed: ExampleYears.defaultSeed, 2019, 2023) }

    /// What came of it.
    private struct Played: Sendable {
        let lines: [DeliveredLine]
        let state: LedgerState
        let years: ExampleYears
    }

    private static func play(seed: UInt64, _ from: Int, _ until: Int) throws -> Played {
        let stage = try Stage(at: ExampleYears.firstMoment(of: from))
        let years = try #require(ExampleYears(seed: seed, from: from, until: until, stage.state))
        try stage.play(years)
        return Played(lines: stage.lines, state: stage.state, years: years)
    }

    private var stage: Played { get throws { try Self.played.get() } }
    private var state: LedgerState { get throws { try stage.state } }

    private func bodies<Body: RecordBody>(_ type: Body.Type, by role: String? = nil) throws -> [Body] {
        try stage.lines.filter { $0.line.kind == Body.kind && (role == nil || $0.line.envelope.by.role == role) }
            .map { try $0.line.decode(Body.self) }
    }

    @Test("every record is example data, everybody has spoken, and nothing is unreadable")
    func marked() throws {
        #expect(try stage.lines.allSatisfy { $0.line.envelope.synthetic })
        #expect(try state.isSynthetic)
        #expect(try state.unreadable.isEmpty)
        #expect(try state.unassessed().isEmpty)
        #expect(try state.publishers.count == 12)
        #expect(try stage.lines.count > 2_000)
    }

    @Test("turns come in order, between the first moment and the last day, at hours of work")
    func order() throws {
        let years = try stage.years
        #expect(years.turns.map(\.moment) == years.turns.map(\.moment).sorted())
        #expect(try #require(years.turns.first).moment > ExampleYears.firstMoment(of: 2019))
        #expect(try #require(years.turns.last).moment.day <= years.lastDay)
        #expect(years.lastDay.description == "2024-03-31")
        #expect(years.turns.allSatisfy { (8 * 60...16 * 60).contains($0.moment.minute) })
        #expect(years.lookBacks.map(\.day.description) == (2020...2024).map { "\($0)-02-01" })
    }

    @Test("every sentence says that it is an example, in both languages, and names nobody")
    func sentences() throws {
        var texts: [LocalizedText] = []
        for status in try bodies(StatusReport.self, by: "officer") {
            texts += [
                status.done, status.deviation, status.action, status.proposals, status.decisionNeeded, status.reason,
            ].compactMap(\.self)
        }
        texts += try bodies(Milestone.self).map(\.what) + bodies(Reading.self).compactMap(\.comment)
        texts += try bodies(Withdrawal.self).map(\.reason)
        #expect(texts.count > 500)
        for text in texts {
            #expect(text.da.hasPrefix("Eksempel: "), "\(text.da)")
            #expect(text.en?.hasPrefix("Example: ") == true, "\(text.da)")
        }
        // The coordinator's words are in one language.
        let words: [String] =
            try bodies(Return.self).map(\.note.da) + bodies(PolicyModel.Exception.self).map(\.reason.da)
            + bodies(Decision.self).flatMap {
                [$0.text.da, $0.item ?? "Eksempel", $0.followedUp?.text.da ?? "Eksempel"]
            }
            + bodies(Contribution.self).flatMap { [$0.text.da, $0.organisation] }
            + bodies(LinkDecision.self).compactMap(\.reason?.da)
            + bodies(Funding.self, by: "officer").compactMap(\.decision)
            + bodies(Reading.self).compactMap(\.dataSource)
        #expect(words.count > 200)
        for word in words { #expect(word.hasPrefix("Eksempel"), "\(word)") }
        let persons = try Set(stage.lines.compactMap(\.line.envelope.by.person))
        #expect(persons.count > 10 && persons.allSatisfy { $0.hasPrefix("eksempel-") })
    }

    @Test(
        "collecting: in time, late, never; partly; returned and given again; approved, accepted; more time; changed; taken back"
    )
    func collecting() throws {
        let entries = try state.due(on: #require(Day("2024-03-31"))).entries
        #expect(entries.contains { $0.items.allSatisfy { $0.state == .missing } })
        #expect(entries.contains { $0.answered > 0 && $0.count(.missing) > 0 })
        #expect(entries.contains { $0.daysLate == nil && $0.isDone })
        #expect(entries.contains { $0.items.contains { $0.state == .accepted && $0.daysLate ?? 0 > 14 } })
        #expect(entries.contains { $0.count(.handedIn) > 0 })
        #expect(entries.contains { $0.exceptionUntil != nil && $0.daysLate == nil && $0.answered > 0 })
        #expect(entries.contains { $0.changedSinceApproval > 0 })
        #expect(try bodies(Return.self).contains { $0.about == nil })
        #expect(try bodies(Return.self).contains { $0.about != nil })
        let again = try bodies(StatusReport.self).filter {
            $0.done?.da.contains("Uddybet efter tilbagesendelsen") == true
        }
        #expect(!again.isEmpty)
        let withdrawn = try bodies(Withdrawal.self)
        #expect(!withdrawn.isEmpty)
        // Most of what is taken back is said anew.
        #expect(
            try withdrawn.contains { word in
                try stage.lines.contains {
                    $0.line.envelope.kind == word.withdrawn && $0.line.envelope.id == word.id
                        && $0.line.name.seq > word.record.seq && $0.line.name.publisher == word.record.publisher
                }
            })
        // In each year some follow-up has everything from in time to never.
        for year in 2019...2023 {
            let states = try Set(
                state.matrix(
                    on: #require(Day("\(year + 1)-02-01")),
                    followUps: ["lgbti": year == 2023 ? "lgbti/slut-2023" : "lgbti/\(year)"]
                ).cells.map(\.state))
            #expect(states.count > 2, "\(year)")
        }
    }

    @Test("statuses go through all states, and no change is without a reason")
    func statuses() throws {
        let all = try bodies(StatusReport.self, by: "officer")
        #expect(
            Set(all.map(\.delivery)).isSuperset(of: [
                .awaitingFunding, .awaitingDecision, .onTrack, .delayed, .paused, .ongoingOperation, .completed,
                .stopped,
            ]))
        #expect(all.contains { $0.reason != nil } && all.contains { $0.deviation != nil && $0.action != nil })
        #expect(all.contains { $0.decisionNeeded != nil })
        // New efforts where a goal is behind, in the mid-term status.
        #expect(all.contains { $0.followUp == "integration/midtvejsstatus" && $0.proposals != nil })
    }

    @Test(
        "figures go towards their targets and away from them; some are missing, some too small to tell, some corrected")
    func figures() throws {
        let readings = try bodies(Reading.self)
        #expect(readings.contains { $0.value == .missing && $0.comment != nil })
        #expect(readings.contains { $0.value == .suppressed })
        #expect(readings.contains { $0.breakdown != nil })
        #expect(readings.contains { $0.reference != nil })
        #expect(
            try state.readings.all.contains {
                $0.versions.count > 1 && $0.versions[0].body.value != $0.current.body.value
            })
        let judged = try Set(state.assessments.histories.flatMap { $0.current.body.measures.map(\.judgement) })
        #expect(judged == Set(Attainment.Judgement.allCases))
        // The plan's own targets, which no follow-up asks for, and what its shares are of.
        let plan = readings.filter { $0.about.hasPrefix("integrationshandleplan/") }
        #expect(Set(plan.compactMap { $0.period.until?.year }).count > 2)
    }

    @Test("money ends, is renewed or not, is found where it was required, and what was used is told")
    func money() throws {
        let said = try bodies(Funding.self, by: "officer")
        #expect(said.contains { $0.state == .expired })
        #expect(said.contains { $0.state == .funded && $0.decision?.contains("budget") == true })
        #expect(said.contains { $0.state == .funded && $0.decision?.contains("runde") == true })
        #expect(said.contains { $0.state == .requiresSeparateFunding && $0.until != nil })
        #expect(said.contains { $0.budgets.contains { $0.usedDKK != nil } })
        let expired = try state.fundingView(on: #require(Day("2024-03-31"))).rows.filter(\.expired)
        #expect(!expired.isEmpty)
        #expect(try state.contradictions(on: #require(Day("2024-03-31"))).rows.count > 3)
    }

    @Test("milestones in time and late; decisions followed up and open; organisations heard; links judged")
    func others() throws {
        let milestones = try state.milestones.histories.map(\.current.body)
        func days(_ milestone: Milestone) -> Int? {
            milestone.done.flatMap { done in milestone.due.map { done.lastDay.days(since: $0.lastDay) } }
        }
        #expect(milestones.contains { days($0) ?? 0 > 9 } && milestones.contains { days($0) ?? 1 <= 0 })
        #expect(milestones.contains { $0.done == nil })
        let decisions = try state.decisions.histories.map(\.current.body)
        #expect(Set(decisions.map(\.date.year)).isSuperset(of: 2020...2024))
        #expect(decisions.contains(where: \.isOpen) && decisions.contains { !$0.isOpen })
        #expect(Set(decisions.map(\.body)).isSuperset(of: ["ØU", "BR", "BIU"]))
        #expect(try bodies(Contribution.self).contains { $0.followUp == "lgbti/slut-2023" })
        let links = try bodies(LinkDecision.self)
        #expect(links.contains { $0.state == .accepted } && links.contains { $0.state == .rejected })
    }

    @Test("the same seed says the same, record by record; another seed something else")
    func deterministic() throws {
        let first = try Self.play(seed: 7, 2020, 2020)
        let second = try Self.play(seed: 7, 2020, 2020)
        #expect(first.lines.count > 600)
        #expect(Self.comparable(first) == Self.comparable(second))
        let other = try Self.play(seed: 8, 2020, 2020)
        #expect(Self.comparable(first) != Self.comparable(other))
    }

    /// All that is not drawn at random with a log: logs' ids, and the hashes that hang on them.
    private static func comparable(_ stage: Played) -> [String] {
        stage.lines.map { delivered in
            let envelope = delivered.line.envelope
            let body = String(decoding: delivered.line.body, as: UTF8.self)
            return
                "\(delivered.position) \(delivered.received) \(envelope.publisher) \(envelope.seq) \(envelope.at) \(envelope.kind) \(envelope.id) \(envelope.by) \(body)"
                .replacing(/[0-9a-f]{32}/, with: "log")
        }
    }

    @Test("forvaltninger differ, in how prompt, careful and lucky they are")
    func temperaments() throws {
        let due = try state.due(on: #require(Day("2024-03-31"))).entries
        let late = Dictionary(grouping: due, by: \.forvaltning).mapValues { entries in
            entries.flatMap(\.items).count { $0.daysLate != nil }
        }
        #expect(late.count == 7 && Set(late.values).count > 4, "\(late)")
    }
}
