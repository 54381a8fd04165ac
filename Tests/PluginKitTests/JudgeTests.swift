import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger
@testable import PluginKit

/// A policy plugin's judging, on a real log with its copy of the feed in the same file.
@Suite("Judging")
final class JudgeTests {
    let folder = "/tmp/pejling-judge-\(UInt32.random(in: 0 ... .max))"
    let log: PublisherLog
    let replica: Replica
    private var position: Int64 = 0
    private var heads: [String: ChainHead] = [:]

    struct Rules: PolicyRules {
        let policy = "plan"
        var attainment: Attainment?
        func attainment(_ facts: MeasureFacts) -> Attainment { attainment ?? facts.general }
    }

    static let city = City(
        name: LocalizedText(da: "Byen"), suppressionThreshold: 5,
        forvaltninger: [Forvaltning(code: "BIF", key: "BIF", name: LocalizedText(da: "BIF"), committee: "BIU")],
        bodies: [], documents: [], targetGroups: [], policies: ["plan"])

    static func policy(target: String = "60") -> Policy {
        let source = Source(document: "p.txt", lines: [])
        let goal = Goal(
            id: "plan/maal", kind: .goal, title: LocalizedText(da: "Mål"), forvaltningerBasis: .notNamedInSource,
            source: source)
        let indicator = Indicator(
            id: "plan/andel", goal: "plan/maal", title: LocalizedText(da: "Andel"), titleBasis: .derived,
            unit: .percent,
            population: LocalizedText(da: "alle"), direction: .up, directionBasis: .derived, bodies: [],
            reporters: ["BIF"], reportersBasis: .derived,
            baselines: [
                Baseline(
                    value: .number(DecimalText(50)),
                    period: Period(from: PartialDate("2018"), until: PartialDate("2018")), printed: "50", source: source
                )
            ], target: Target(kind: .level, value: DecimalText(target[...]), year: 2022, printed: target),
            source: source)
        return Policy(
            id: "plan", title: LocalizedText(da: "Plan"), period: Period(), coordinator: "BIF",
            coordinatorBasis: .printed, bodies: [], goals: [goal], indicators: [indicator],
            followUps: [
                FollowUp(
                    id: "plan/opening", kind: .opening, title: LocalizedText(da: "Åbning"), owedByBasis: .derived,
                    source: source)
            ], source: source)
    }

    init() throws {
        log = try PublisherLog(folder: folder, publisher: "plan", synthetic: false, create: true)
        replica = try Replica(in: log)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func judge(_ rules: Rules = Rules()) -> Judge {
        let policy = Self.policy()
        return Judge(policy, targets: policy.statedTargets, city: Self.city, rules: rules)
    }

    /// The next line of the feed.
    func delivered(
        _ value: Value, year: String = "2020", by publisher: String = "BIF", about: String = "plan/andel"
    ) throws -> DeliveredLine {
        let date = PartialDate(year)
        let reading = Reading(about: about, unit: .percent, period: Period(from: date, until: date), value: value)
        let head = heads[publisher] ?? .empty
        let line = try head.next(
            publisher: publisher, log: String(repeating: "b", count: 32), at: "2026-11-23T08:15:00Z",
            by: Author(role: "officer"), kind: .reading, id: reading.identity, policy: reading.policyID,
            body: try encodeBody(reading), synthetic: false)
        heads[publisher, default: .empty].advance(over: line)
        position += 1
        return DeliveredLine(position: position, received: "2026-11-23T08:15:00.000Z", root: nil, line: line)
    }

    /// As `Link` does it: kept and answered in one transaction.
    @discardableResult
    func answer(_ lines: DeliveredLine..., with judge: Judge) throws -> [Line] {
        try log.append(at: morning, keeping: lines, upTo: position, in: replica) { snapshot in
            for line in lines { try judge.take(line) }
            return try judge.drafts(snapshot)
        }
    }

    static func said(_ lines: [Line]) throws -> [String] {
        try lines.map { line in
            switch line.kind {
            case .assessment: try line.decode(Assessment.self).judgement.rawValue
            default: "\(try line.decode(Assessed.self).upTo)"
            }
        }
    }

    static func share(_ value: Int) -> Value { .number(DecimalText(value), denominator: DecimalText(900)) }

    @Test("a reading changes the assessment, and what has been judged is said in the same breath")
    func changes() throws {
        let judge = judge()
        #expect(try Self.said(answer(with: judge)) == ["no_data"])
        #expect(try Self.said(answer(delivered(Self.share(61)), with: judge)) == ["reached", "1"])
        // The same judgement with other arithmetic is another assessment.
        #expect(try Self.said(answer(delivered(Self.share(62)), with: judge)) == ["reached", "2"])
        let last = try #require(try log.look { try $0.latest(.assessment, "plan/maal|plan/opening") })
        let measure = try #require(try last.decode(Assessment.self).measures.first)
        #expect(measure.reading?.seq == 2)
        #expect(measure.value?.number == DecimalText(62))
    }

    @Test("a record that changes nothing moves only the mark")
    func unchanged() throws {
        let judge = judge()
        try answer(delivered(Self.share(61)), with: judge)
        #expect(try Self.said(answer(delivered(Self.share(61), year: "2019"), with: judge)) == ["2"])
        #expect(try answer(with: judge).isEmpty)
    }

    @Test("a figure from somebody who does not report it is passed over, and the mark moves past it")
    func stranger() throws {
        let judge = judge()
        try answer(delivered(Self.share(61)), with: judge)
        #expect(try Self.said(answer(delivered(Self.share(10), by: "BUF"), with: judge)) == ["2"])
    }

    @Test("after a restart nothing is said twice, and the judging goes on from what is kept")
    func restart() throws {
        try answer(delivered(Self.share(61)), with: judge())
        let again = judge()
        try Replica(in: log).forEach { try again.take($0) }
        #expect(try log.append(at: morning) { try again.drafts($0) }.isEmpty)
        #expect(try Self.said(answer(delivered(Self.share(40)), with: again)) == ["behind", "2"])
    }

    @Test("when the answer cannot be written, the place in the feed does not move either")
    func together() throws {
        let judge = judge()
        try answer(delivered(Self.share(61)), with: judge)
        let head = try log.head()
        struct Broken: Error {}
        let line = try delivered(Self.share(40))
        #expect(throws: Broken.self) {
            _ = try log.append(at: morning, keeping: [line], upTo: 2, in: replica) { _ in throw Broken() }
        }
        #expect(try replica.position() == 1)
        #expect(try log.head() == head)
        var kept: [Int64] = []
        try replica.forEach { kept.append($0.position) }
        #expect(kept == [1])
    }

    @Test("a policy's own rule has the last word")
    func ownRule() throws {
        let own = Attainment(.cannotBeJudged, LocalizedText(da: "vores regel", en: "our rule"))
        let judge = judge(Rules(attainment: own))
        let lines = try answer(delivered(Self.share(61)), with: judge)
        #expect(try lines[0].decode(Assessment.self).measures.first?.arithmetic == own.arithmetic)
    }

    @Test("a copy in another file than the log is never taken for one transaction")
    func anotherFile() async {
        await #expect(processExitsWith: .failure) {
            let folder = "/tmp/pejling-judge-\(UInt32.random(in: 0 ... .max))"
            let log = try PublisherLog(folder: folder, publisher: "plan", synthetic: false, create: true)
            _ = try log.append(
                at: morning, keeping: [], upTo: 0, in: try Replica(folder: folder, create: true)
            ) { _ in [] }
        }
    }

    // MARK: Targets

    private func open(_ policy: Policy, _ targets: [TargetVersion]) throws -> [Line] {
        try log.append(at: morning) { snapshot in
            try Opening(policy: policy, targets: targets, entries: [], author: Author(role: "policy")).drafts(snapshot)
                .drafts
        }
    }

    @Test("targets are published once, a revision beside the one before")
    func targets() throws {
        let policy = Self.policy()
        #expect(try open(policy, policy.statedTargets).map(\.envelope.id) == ["plan/andel|1", "plan"])
        let revision = TargetVersion(
            about: "plan/andel", version: 2, target: Target(kind: .level, value: DecimalText(55), year: 2022),
            reason: LocalizedText(da: "Lavere tilgang"), decision: "BIU", decided: PartialDate("2020-12-01"))
        #expect(try open(policy, policy.statedTargets + [revision]).map(\.envelope.id) == ["plan/andel|2"])
        #expect(try open(policy, policy.statedTargets + [revision]).isEmpty)
    }

    @Test("an edited or removed target is an error with the way out, and nothing is published")
    func appendOnly() throws {
        let policy = Self.policy()
        _ = try open(policy, policy.statedTargets)
        let head = try log.head()
        let edited = Self.policy(target: "55")
        let error = #expect(throws: Opening.EditedFact.self) { try open(edited, edited.statedTargets) }
        #expect(error?.description.contains("plan/andel (version 1) was edited. Targets are append-only") == true)
        #expect(error?.description.contains("`revisions`") == false)
        #expect(error?.description.contains("`target_revisions`") == true)
        let removed = #expect(throws: Opening.EditedFact.self) { try open(policy, []) }
        #expect(removed?.description.contains("plan/andel|1 was published and is not in the configuration") == true)
        #expect(try log.head() == head)
    }

    @Test("the citation of a target may be mended without touching the target")
    func citation() throws {
        var policy = Self.policy()
        _ = try open(policy, policy.statedTargets)
        policy.indicators[0].target.printed = "60 pct."
        #expect(try open(policy, policy.statedTargets).map(\.envelope.id) == ["plan"])
    }
}
