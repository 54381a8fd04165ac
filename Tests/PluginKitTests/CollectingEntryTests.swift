import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger
@testable import PluginKit

/// Drafts, handing in, approving and taking back, at a node with nobody to talk to.
@Suite("Collecting at entry")
struct CollectingEntryTests {
    let place: Workplace
    let store: PrivateStore
    var city: City
    var copy = NodeCopy()
    let bif = Forvaltning(code: "BIF", key: "BIF", name: LocalizedText(da: "BIF"), committee: "BIU")
    static let source = Source(document: "source.txt", lines: [])

    init() throws {
        place = try Workplace()
        _ = try place.start()
        store = try PrivateStore(folder: place.folder + "/BIF")
        city = City(
            name: LocalizedText(da: "Byen"), suppressionThreshold: 5, forvaltninger: [bif], bodies: [], documents: [],
            targetGroups: [],
            dimensions: [
                Dimension(
                    id: "koen", name: LocalizedText(da: "Køn"),
                    categories: ["kvinder", "maend"].map { .init(id: $0, name: LocalizedText(da: $0)) })
            ], policies: ["lgbti"])
        copy.policies = ["lgbti": Self.policy()]
    }

    static func policy(locked: String? = nil, condition: FollowUp.Condition? = nil) -> Policy {
        Policy(
            id: "lgbti", title: LocalizedText(da: "Politik"), period: Period(), coordinator: "ØKF",
            coordinatorBasis: .printed, bodies: [], goals: [],
            indicators: [
                Indicator(
                    id: "lgbti/tal", goal: "lgbti/maal", title: LocalizedText(da: "Tal"), titleBasis: .printed,
                    unit: .persons, population: LocalizedText(da: "Alle"), direction: .up, directionBasis: .printed,
                    bodies: [], reporters: ["BIF"], reportersBasis: .printed, baselines: [],
                    target: Target(kind: .directionOnly), source: source)
            ],
            followUps: [
                FollowUp(
                    id: "lgbti/2019", kind: .annual, title: LocalizedText(da: "Status 2019"),
                    due: PartialDate("2019").map { DatedFact(date: $0, basis: .derived) },
                    locked: locked.flatMap { PartialDate($0) }.map { DatedFact(date: $0, basis: .configured) },
                    owedBy: ["BIF"], owedByBasis: .printed, condition: condition, source: source)
            ], source: source)
    }

    func entry() -> Entry {
        Entry(forvaltning: bif, rules: Workplace.Rules(), city: city, copy: copy, at: morning)
    }

    /// What `enter` does, with the log at hand.
    @discardableResult
    func enter(_ lines: EntryLine..., crashing: Bool = false) throws -> [Line] {
        let log = place.log
        let shelf = Entry.Shelf(drafts: try store.drafts(log)) { id, head in
            try store.trueValue(of: id, log: log.log, upTo: head)
        }
        guard crashing else { return try entry().save(lines, log, store, shelf).saved }
        var outcome = Entry.Outcome()
        return try log.append(at: morning) { snapshot in
            outcome = try entry().drafts(lines, snapshot, shelf: shelf)
            try store.prepare(outcome.hidden, outcome.removed, log: log.log)
            return outcome.drafts
        }
    }

    func notes(_ line: EntryLine) throws -> [String] {
        let log = place.log
        let shelf = Entry.Shelf(drafts: try store.drafts(log)) { id, head in
            try store.trueValue(of: id, log: log.log, upTo: head)
        }
        let outcome = try log.look { try entry().drafts([line], $0, shelf: shelf) }
        return outcome.notes.sorted { $0.key < $1.key }.map(\.value) + outcome.kept.compactMap(\.note)
    }

    func desk() throws -> NodeDesk {
        let drafts = try store.drafts(place.log)
        return try place.log.look { try NodeDesk(bif, city: city, copy: copy, log: $0, drafts: drafts) }
    }

    func due() throws -> [String] {
        let day = try #require(Day("2020-01-10"))
        return try #require(try desk().due("lgbti/2019", on: day)).items.map {
            "\($0.about) \($0.state.rawValue)\($0.hasDraft ? "+" : "")\($0.changedSinceApproval ? "!" : "")"
        }
    }

    func status(_ name: String, _ delivery: StatusReport.Delivery = .paused, done: String = "Gjort") -> StatusReport {
        StatusReport(
            about: "lgbti/bif/\(name)", followUp: "lgbti/2019", delivery: delivery, done: LocalizedText(da: done),
            reason: LocalizedText(da: "Ventede"))
    }

    func figure(_ value: String, by category: String? = nil) -> EntryLine {
        let year = PartialDate("2019")
        return EntryLine(
            reading: EnteredReading(
                about: "lgbti/tal", period: Period(from: year, until: year),
                breakdown: category.map { Breakdown(dimension: "koen", category: $0) },
                value: DecimalText(value).map { .number($0) }), person: "p1")
    }

    func draft(_ line: EntryLine) -> EntryLine {
        var line = line
        (line.draft, line.followUp) = (true, line.reading == nil ? nil : "lgbti/2019")
        return line
    }

    func refusal(_ lines: EntryLine...) -> String {
        let error = #expect(throws: Entry.Refused.self) {
            let drafts = try store.drafts(place.log)
            _ = try place.log.look { try entry().drafts(lines, $0, shelf: Entry.Shelf(drafts: drafts)) }
        }
        return error?.description ?? ""
    }

    @Test(
        "a draft lies outside the log, under its officer, until it is handed in; a later one of the same thing replaces it"
    )
    func drafts() throws {
        let before = try place.log.head()
        try enter(draft(EntryLine(status: status("tryg"), person: "p1")))
        try enter(draft(EntryLine(status: status("tryg", done: "Rettet"), person: "p2")))
        try enter(draft(figure("12")))
        #expect(try place.log.head() == before, "nothing in the log")
        #expect(
            try due() == ["lgbti/bif/kampagne missing", "lgbti/bif/tryg draft+", "lgbti/tal draft+"])
        let lines = try enter(EntryLine(handIn: "lgbti/2019", person: "p3"))
        #expect(lines.map(\.envelope.kind) == ["status", "reading", "handin"])
        #expect(lines.map(\.envelope.by.person) == ["p2", "p1", "p3"])
        #expect(try lines[0].decode(StatusReport.self).done?.da == "Rettet")
        #expect(try lines[2].decode(HandIn.self).records == [lines[0].name, lines[1].name])
        #expect(try store.drafts(place.log).isEmpty)
        #expect(try due() == ["lgbti/bif/kampagne missing", "lgbti/bif/tryg handed_in", "lgbti/tal handed_in"])
    }

    @Test("a draft whose hand-in was cut off after the commit is handed in once; before it, it waits")
    func crash() throws {
        try enter(draft(EntryLine(status: status("tryg"))))
        try enter(EntryLine(handIn: "lgbti/2019"), crashing: true)
        #expect(try store.drafts(place.log).isEmpty, "its record is in the log")
        // Its hand-in went with it: once more is nothing new.
        let head = try place.log.head()
        #expect(throws: Entry.Refused.self) { try enter(EntryLine(handIn: "lgbti/2019")) }
        #expect(try place.log.head() == head)
        // The log's commit failed after the store's: the notes say seqs that other records get.
        try enter(draft(EntryLine(status: status("kampagne"))))
        let waiting = try store.drafts(place.log)
        try store.prepare(
            [], [PrivateStore.Leaving(draft: waiting[0], seq: try place.log.head().seq + 1)], log: place.log.log)
        #expect(try store.drafts(place.log) == waiting)
        try enter(EntryLine(status: status("tryg", done: "Andet")))
        #expect(try store.drafts(place.log) == waiting, "another record took the seq")
    }

    @Test("a draft that came with a record counts when the record is there, and not when the log's commit failed")
    func together() throws {
        let head = try place.log.head().seq
        let log = place.log
        let line = draft(EntryLine(status: status("tryg")))
        // As a full disk leaves it: the store's commit is there, the log's is not.
        struct Full: Error {}
        #expect(throws: Full.self) {
            try log.append(at: morning) { snapshot in
                let outcome = try entry().drafts([line, figure("12")], snapshot)
                try store.prepare(
                    [], [], arriving: outcome.kept.map(\.draft),
                    with: PrivateStore.Companion(
                        log: log.log, seq: head + 1, kind: outcome.drafts[0].kind.rawValue, id: outcome.drafts[0].id),
                    log: log.log)
                throw Full()
            }
        }
        #expect(try store.drafts(log).isEmpty)
        // Another record gets the seq: still nothing.
        try enter(EntryLine(funding: Funding(initiative: "lgbti/bif/kampagne", state: .funded)))
        #expect(try store.drafts(log).isEmpty)
        try enter(line, figure("12"))
        #expect(try store.drafts(log).map(\.id) == ["lgbti/bif/tryg|lgbti/2019"])
        #expect(try due().contains("lgbti/bif/tryg draft+"))
        #expect(try due().contains("lgbti/tal handed_in"))
    }

    @Test("a draft that cannot stand any more is refused by its name, and nothing is handed in")
    func staleDraft() throws {
        try enter(draft(EntryLine(status: status("tryg"))))
        try enter(draft(EntryLine(status: status("kampagne", .paused))))
        let before = try place.log.head()
        // Meanwhile the initiative is withdrawn.
        let initiative = try #require(try place.log.look { try $0.latest(.initiative, "lgbti/bif/kampagne") })
        let withdrawal = Withdrawal(
            record: initiative.name, withdrawn: .initiative, id: "lgbti/bif/kampagne", policy: "lgbti",
            reason: LocalizedText(da: "Udgået"))
        _ = try place.log.append(at: morning) { _ in [try PublisherLog.Draft(withdrawal, by: Author(role: "officer"))] }
        #expect(
            refusal(EntryLine(handIn: "lgbti/2019")).hasPrefix(
                "the draft of lgbti/bif/kampagne for lgbti/2019, entered 2026-11-23: BIF has no initiative"))
        #expect(try place.log.head().seq == before.seq + 1)
        try enter(EntryLine(discard: EnteredDiscard(followUp: "lgbti/2019", about: "lgbti/bif/kampagne")))
        #expect(try enter(EntryLine(handIn: "lgbti/2019")).count == 2)
        #expect(
            refusal(EntryLine(discard: EnteredDiscard(followUp: "lgbti/2019"))).contains("no draft of anything waits"))
    }

    @Test("after the lock nothing is taken without an exception; a follow-up whose condition was not met takes nothing")
    func locked() throws {
        var place = self
        place.copy.policies = ["lgbti": Self.policy(locked: "2020-01-31")]
        let said = place.refusal(EntryLine(status: status("tryg")))
        #expect(
            said == "line 1: lgbti/2019 has been locked since 2020-01-31: ask ØKF for an exception (`pejling exempt`)")
        place.copy.collecting.take(
            Exception(
                id: "lgbti/2019|BIF|1", followUp: "lgbti/2019", forvaltning: "BIF",
                until: try #require(PartialDate("2026-11-23")), reason: LocalizedText(da: "Flytning")))
        try place.enter(EntryLine(status: status("tryg"), handIn: "lgbti/2019"))
        place.copy.policies = ["lgbti": Self.policy(condition: .notMet)]
        #expect(place.refusal(EntryLine(status: status("tryg"))).contains("its condition was not met"))
    }

    @Test("an approval covers what stands handed in, and refuses what was changed since it was looked at")
    func approval() throws {
        func approve(_ seen: [RecordName]? = nil) -> EntryLine {
            EntryLine(approve: EnteredApproval(followUp: "lgbti/2019", records: seen), person: "chef")
        }
        #expect(refusal(approve()).contains("nothing is handed in for lgbti/2019: hand in first"))
        let first = try enter(EntryLine(status: status("tryg"), handIn: "lgbti/2019"))
        let seen = try desk().standing(for: Self.policy().followUps[0])
        #expect(seen.records == [first[0].name] && seen.fresh == seen.records && seen.about == ["lgbti/bif/tryg"])
        let second = try enter(EntryLine(status: status("kampagne"), handIn: "lgbti/2019"))
        #expect(refusal(approve(seen.records)).contains("\(second[0].name) is new"))
        let approved = try enter(approve([first[0].name, second[0].name]))
        #expect(approved[0].envelope.by == Author(forvaltning: "BIF", role: "approver", person: "chef"))
        #expect(try approved[0].decode(Approval.self).records == [first[0].name, second[0].name])
        #expect(refusal(approve()).contains("approved already"))
        #expect(try due().prefix(2) == ["lgbti/bif/kampagne approved", "lgbti/bif/tryg approved"])
        try enter(EntryLine(status: status("tryg", .onTrack), handIn: "lgbti/2019"))
        #expect(try due()[1] == "lgbti/bif/tryg handed_in!", "changed since approval")
    }

    @Test(
        "with a follow-up an approval covers the parts of its figures, and what was said of money and milestones until then"
    )
    func beside() throws {
        let money = Funding(initiative: "lgbti/bif/tryg", state: .withinBudget, from: PartialDate("2020"))
        let milestone = Milestone(
            id: "lgbti/bif/tryg/fem", initiative: "lgbti/bif/tryg", what: LocalizedText(da: "Fem boliger"))
        let said = try enter(
            EntryLine(funding: money), EntryLine(milestone: milestone), figure("30"), figure("12", by: "kvinder"),
            EntryLine(status: status("tryg"), handIn: "lgbti/2019"))
        let approval = try enter(EntryLine(approve: EnteredApproval(followUp: "lgbti/2019")))[0]
        #expect(try approval.decode(Approval.self).records == said.dropLast().map(\.name))
        #expect(refusal(EntryLine(approve: EnteredApproval(followUp: "lgbti/2019"))).contains("approved already"))
        try enter(EntryLine(funding: Funding(initiative: "lgbti/bif/tryg", state: .expired)))
        #expect(
            try desk().standing(for: Self.policy().followUps[0]).fresh.count == 1, "the opening's money is no officer's"
        )
    }

    @Test("what was returned is handed in again when it was said anew, and not by the way")
    func returned() throws {
        let said = try enter(
            EntryLine(status: status("tryg")), EntryLine(status: status("kampagne"), handIn: "lgbti/2019"))
        var returning = self
        returning.copy = try followed(
            said,
            then: Return(
                id: "lgbti/2019|BIF|1", followUp: "lgbti/2019", forvaltning: "BIF", about: "lgbti/bif/tryg",
                records: [said[0].name], note: LocalizedText(da: "Hvor mange?")))
        #expect(try returning.due().prefix(2) == ["lgbti/bif/kampagne handed_in", "lgbti/bif/tryg returned"])
        let refused = #expect(throws: Entry.Refused.self) { try returning.enter(EntryLine(handIn: "lgbti/2019")) }
        #expect(
            refused.map { "\($0)" }?.contains(
                "is handed in already, and some of it was returned (lgbti/bif/tryg): say that anew first") == true,
            "\(String(describing: refused))")
        let anew = try returning.enter(EntryLine(status: status("tryg", done: "Fem boliger"), handIn: "lgbti/2019"))
        #expect(try anew[1].decode(HandIn.self).records == [said[1].name, anew[0].name])
        #expect(try returning.due()[1] == "lgbti/bif/tryg handed_in")
    }

    /// The node's copy after its own records came back, and then one of the coordinator's.
    private func followed(_ own: [Line], then body: some RecordBody) throws -> NodeCopy {
        let folder = place.folder + "/copy-\(UInt32.random(in: 0 ... .max))"
        let replica = try Replica(folder: folder, create: true)
        let line = try ChainHead.empty.next(
            publisher: "coordinator", log: String(repeating: "c", count: 32), at: "2019-12-20T10:00:00Z",
            by: Author(forvaltning: "ØKF", role: "coordinator"), kind: type(of: body).kind, id: body.identity,
            policy: body.policyID, body: try encodeBody(body), synthetic: false)
        let policy = try ChainHead.empty.next(
            publisher: "lgbti", log: String(repeating: "a", count: 32), at: "2019-12-20T10:00:00Z",
            by: Author(role: "policy"), kind: .policy, id: "lgbti", policy: "lgbti",
            body: try encodeBody(Self.policy()), synthetic: false)
        let delivered = ([policy] + own + [line]).enumerated().map {
            DeliveredLine(
                position: Int64($0.offset) + 1, received: "2019-12-20T10:00:00.000Z", root: nil, line: $0.element)
        }
        try replica.store(delivered, upTo: Int64(delivered.count))
        return try NodeCopy(in: replica, of: "BIF")
    }

    @Test("the node is told of an exception, and of its end; of others' answers nothing")
    func exception() throws {
        let exception = Exception(
            id: "lgbti/2019|BIF|1", followUp: "lgbti/2019", forvaltning: "BIF",
            until: try #require(PartialDate("2020-02")), reason: LocalizedText(da: "Flytning"))
        let entry = try followed([], then: exception)
        #expect(entry.collecting.answer(to: "lgbti/2019", of: "BIF").exception == exception)
        let filter = Node(Workplace.Rules()).process().follows
        func admits(_ kind: RecordKind, _ id: String, by publisher: String = "coordinator") throws -> Bool {
            let line = try ChainHead.empty.next(
                publisher: publisher, log: String(repeating: "c", count: 32), at: "2019-12-20T10:00:00Z",
                by: Author(role: "coordinator"), kind: kind, id: id, policy: "lgbti", body: Array("{}".utf8),
                synthetic: false)
            return filter.admits(line.envelope)
        }
        #expect(try admits(.return, "lgbti/2019|BIF|1") && !admits(.return, "lgbti/2019|BUF|1"))
        #expect(try admits(.exception, "lgbti/2019|BIF|1") && !admits(.exception, "lgbti/2019|BIFX|1"))
        #expect(try admits(.handin, "lgbti/2019|BIF", by: "BIF") && !admits(.handin, "lgbti/2019|BUF", by: "BUF"))
        #expect(try admits(.status, "x|lgbti/2019", by: "BIF") && !admits(.status, "x|lgbti/2019", by: "BUF"))
        #expect(try admits(.decision, "lgbti|2020|1") && admits(.redaction, "BUF/c/1", by: "BUF"))
        #expect(try !admits(.contribution, "lgbti/2019|1") && !admits(.initiative, "lgbti/buf/x", by: "BUF"))
    }

    @Test("only the newest word on a thing is taken back, and only the node's own; an opening fact is not")
    func withdrawal() throws {
        func back(_ record: RecordName? = nil, _ kind: RecordKind? = nil, _ id: String? = nil) -> EntryLine {
            EntryLine(
                withdraw: EnteredWithdrawal(record: record, kind: kind, id: id, reason: LocalizedText(da: "Fejl")))
        }
        let first = try enter(EntryLine(status: status("kampagne"), handIn: "lgbti/2019"))[0]
        let second = try enter(EntryLine(status: status("kampagne", done: "Mere"), handIn: "lgbti/2019"))[0]
        #expect(refusal(back(first.name)).contains("is superseded by \(second.name)"))
        #expect(refusal(back(nil, .status, "lgbti/bif/tryg|lgbti/opening")).contains("an opening fact"))
        #expect(refusal(back(RecordName(publisher: "BUF", log: "0", seq: 1))).contains("has no record BUF/0/1"))
        let line = try enter(back(nil, .status, "lgbti/bif/kampagne|lgbti/2019"))[0]
        let body = try line.decode(Withdrawal.self)
        #expect(body.record == second.name && body.withdrawn == "status" && body.policy == "lgbti")
        #expect(try due()[0] == "lgbti/bif/kampagne missing")
        #expect(refusal(back(second.name)).contains("taken back or refused already"))
        #expect(refusal(EntryLine(handIn: "lgbti/2019")).contains("nothing has been said"))
    }

    @Test("the true value of what is suppressed stays in the private store, and a correction is held against it")
    func trueValue() throws {
        let line = try enter(figure("3"))[0]
        #expect(try line.decode(Reading.self).value == .suppressed)
        let raw = try Data(contentsOf: URL(fileURLWithPath: place.folder + "/BIF/log.sqlite"))
        #expect(
            !String(decoding: line.body, as: UTF8.self).contains("\"3\"")
                && raw.range(of: Data("\"value\":\"3\"".utf8)) == nil)
        let kept = try #require(
            try store.trueValue(of: "lgbti/tal|2019|", log: place.log.log, upTo: line.envelope.seq))
        #expect(kept.seq == line.envelope.seq)
        #expect(try JSONDecoder().decode(Reading.self, from: Data(kept.value)).value == .number(DecimalText(3)))
        #expect(
            try notes(figure("4"))
                == [
                    "4 is below 5, the city's threshold: sent as “suppressed”, and the figure with it; a correction: it was 3, now it is 4; others see “suppressed”"
                ])
        #expect(try notes(figure("9")) == ["a correction: it was 3, now it is 9"])
        var mode = stat()
        #expect(stat(place.folder + "/BIF/private.sqlite", &mode) == 0 && mode.st_mode & 0o777 == 0o600)
    }

    @Test("the parts of a whole never add up to more than it, the suppressed ones included")
    func parts() throws {
        try enter(figure("9"))
        try enter(figure("4", by: "kvinder"))
        #expect(throws: Never.self, "without the store the suppressed part is not known") {
            _ = try place.log.look { try entry().drafts([figure("6", by: "maend")], $0) }
        }
        let drafts = try store.drafts(place.log)
        let log = place.log
        let error = #expect(throws: Entry.Refused.self) {
            _ = try log.look {
                try entry().drafts(
                    [figure("6", by: "maend")], $0,
                    shelf: Entry.Shelf(drafts: drafts) { try store.trueValue(of: $0, log: log.log, upTo: $1) })
            }
        }
        #expect(error?.description.contains("the parts of koen add up to 10, the whole is 9") == true)
        try enter(figure("5", by: "maend"))
    }
}
