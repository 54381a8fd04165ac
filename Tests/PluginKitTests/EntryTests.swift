import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger
@testable import PluginKit

@Suite("Entry")
struct EntryTests {
    let place: Workplace
    let entry: Entry

    init() throws {
        place = try Workplace()
        _ = try place.start()
        let source = Source(document: "source.txt", lines: [])
        func followUp(_ id: String, _ kind: FollowUp.Kind, _ owedBy: [String]) -> FollowUp {
            FollowUp(
                id: id, kind: kind, title: LocalizedText(da: id), owedBy: owedBy, owedByBasis: .printed, source: source)
        }
        let policy = Policy(
            id: "lgbti", title: LocalizedText(da: "Politik"), period: Period(), coordinator: "ØKF",
            coordinatorBasis: .printed, bodies: [],
            goals: [
                Goal(
                    id: "lgbti/maal", kind: .goal, title: LocalizedText(da: "Mål"), forvaltningerBasis: .derived,
                    source: source)
            ],
            followUps: [
                FollowUp(
                    id: "lgbti/midtvejs", kind: .midTerm, title: LocalizedText(da: "Midtvejs"), owedBy: ["BIF"],
                    owedByBasis: .printed,
                    questions: [
                        .init(id: "lgbti/hvor-langt", text: LocalizedText(da: "Hvor langt?"), source: source)
                    ], effortsWhereBehind: true, source: source),
                followUp("lgbti/opening", .opening, []), followUp("lgbti/2019", .annual, ["BIF", "BUF"]),
                followUp("lgbti/2020", .annual, ["BUF"]), followUp("lgbti/2021", .annual, []),
            ], source: source)
        var definitions = NodeCopy()
        definitions.policies = ["lgbti": policy]
        let bif = Forvaltning(code: "BIF", key: "BIF", name: LocalizedText(da: "BIF"), committee: "BIU")
        entry = Entry(
            forvaltning: bif, rules: Workplace.Rules(),
            city: City(
                name: LocalizedText(da: "Byen"), suppressionThreshold: 5, forvaltninger: [bif], bodies: [],
                documents: [],
                targetGroups: [], policies: ["lgbti"]), copy: definitions, at: morning)
    }

    static func status(
        _ id: String = "lgbti/bif/tryg", _ followUp: String = "lgbti/2019", _ delivery: StatusReport.Delivery = .paused,
        reason: String? = "Ventede", done: String? = nil
    ) -> StatusReport {
        StatusReport(
            about: id, followUp: followUp, delivery: delivery, done: done.map { LocalizedText(da: $0) },
            reason: reason.map { LocalizedText(da: $0) })
    }

    /// Appends what the officer says.
    func enter(_ lines: EntryLine...) throws -> [Line] {
        try place.log.append(at: morning) { try entry.drafts(lines, $0).drafts }
    }

    @Test("a status is appended under the officer's pseudonym")
    func said() throws {
        let line = try #require(try enter(EntryLine(status: Self.status(), person: "p17")).first)
        #expect(line.envelope.by == Author(forvaltning: "BIF", role: "officer", person: "p17"))
        #expect(line.envelope.id == "lgbti/bif/tryg|lgbti/2019")
        #expect(try line.decode(StatusReport.self) == Self.status())
        #expect(line.envelope.seq == 6)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let line: EntryLine
        let words: String
        var testDescription: String { words }
    }

    @Test(
        "what cannot stand is refused with the way out, and nothing of the whole entry is appended",
        arguments: [
            Bad(
                line: EntryLine(status: status("lgbti/bif/trygg")),
                words: "BIF has no initiative “lgbti/bif/trygg”; did you mean lgbti/bif/tryg?"),
            Bad(
                line: EntryLine(funding: Funding(initiative: "lgbti/bif/kampange", state: .funded)),
                words: "did you mean lgbti/bif/kampagne?"),
            Bad(
                line: EntryLine(status: status("lgbti/bif/tryg", "lgbti/2018")),
                words:
                    "lgbti has no follow-up “lgbti/2018”; it has lgbti/midtvejs, lgbti/opening, lgbti/2019, lgbti/2020, lgbti/2021"
            ),
            Bad(
                line: EntryLine(status: status("lgbti/bif/tryg", "lgbti/opening")),
                words: "lgbti/opening is what the policy itself states"),
            Bad(
                line: EntryLine(status: status("lgbti/bif/tryg", "lgbti/2020")),
                words: "BIF owes nothing for lgbti/2020 (BUF do)"),
            Bad(
                line: EntryLine(status: status("lgbti/bif/tryg", "lgbti/2021")),
                words: "BIF owes nothing for lgbti/2021"),
            Bad(
                line: EntryLine(status: status("lgbti/bif/tryg", "handicap/2019")),
                words: "“handicap/2019” is no follow-up of lgbti"),
            Bad(
                line: EntryLine(handIn: "handicap/2019"),
                words: "the definition of policy “handicap” has not come to BIF yet (here are lgbti)"),
            Bad(line: EntryLine(handIn: "lgbti/opening"), words: "choose one of its other follow-ups"),
            Bad(line: EntryLine(handIn: "lgbti/2020"), words: "owes nothing for lgbti/2020"),
            Bad(line: EntryLine(handIn: "nonsense"), words: "the definition of policy “nonsense” has not come"),
            Bad(
                line: EntryLine(status: status(reason: nil)),
                words: "lgbti/bif/tryg goes from completed to paused: say why with --reason"),
            Bad(line: EntryLine(status: status(reason: "")), words: "say why with --reason"),
            Bad(line: EntryLine(status: status(done: "forbudt")), words: "det siger BIF ikke [bif.forbudt]"),
            Bad(
                line: EntryLine(
                    funding: Funding(
                        initiative: "lgbti/bif/tryg", state: .funded, from: PartialDate("2020"),
                        until: PartialDate("2019"))),
                words: "ends (2019) before it begins (2020)"),
            Bad(line: EntryLine(), words: "nothing is said: give status, funding, reading, milestone"),
            Bad(line: EntryLine(person: "p17"), words: "nothing is said"),
        ])
    func refused(bad: Bad) throws {
        let head = try place.log.head()
        let good = EntryLine(funding: Funding(initiative: "lgbti/bif/kampagne", state: .funded))
        let error = #expect(throws: Entry.Refused.self) { try enter(good, good, bad.line, good) }
        #expect(error?.description.hasPrefix("line 3: ") == true)
        #expect(error?.description.contains(bad.words) == true, "\(error?.description ?? "")")
        #expect(try place.log.head() == head)
    }

    @Test("all lines that are wrong are told at once; a hand-in after them is not blamed")
    func severalRefused() throws {
        let head = try place.log.head()
        let good = EntryLine(funding: Funding(initiative: "lgbti/bif/kampagne", state: .funded))
        let error = #expect(throws: Entry.Refused.self) {
            try enter(
                EntryLine(status: Self.status(reason: nil)), good, EntryLine(),
                EntryLine(status: Self.status("lgbti/bif/ukendt")), EntryLine(handIn: "lgbti/2019"))
        }
        #expect(error?.refusals.map(\.line) == [1, 3, 4])
        #expect(error?.description.split(separator: "\n").map { $0.prefix(7) } == ["line 1:", "line 3:", "line 4:"])
        #expect(try place.log.head() == head)
    }

    private func judged(_ judgement: Attainment.Judgement) -> Entry {
        var entry = entry
        let assessment = Assessment(
            goal: "lgbti/maal", followUp: "lgbti/opening", judgement: judgement,
            arithmetic: LocalizedText(da: "1 af 1 kan bedømmes."), measures: [])
        entry.copy.assessments[assessment.identity] = assessment
        return entry
    }

    @Test("a status may be about a goal or a question of the follow-up, and about nothing else")
    func subjects() throws {
        let lines = try enter(
            EntryLine(status: Self.status("lgbti/maal", reason: nil)),
            EntryLine(status: Self.status("lgbti/hvor-langt", "lgbti/midtvejs", reason: nil), handIn: "lgbti/midtvejs"))
        #expect(lines.map(\.envelope.kind) == ["status", "status", "handin"])
        // The question belongs to another follow-up.
        let other = #expect(throws: Entry.Refused.self) {
            try enter(EntryLine(status: Self.status("lgbti/hvor-langt")))
        }
        #expect(other?.description.contains("no goal and lgbti/2019 no question “lgbti/hvor-langt”") == true)
        let unknown = #expect(throws: Entry.Refused.self) { try enter(EntryLine(status: Self.status("lgbti/mål"))) }
        #expect(unknown != nil)
        let near = #expect(throws: Entry.Refused.self) { try enter(EntryLine(status: Self.status("lgbti/maall"))) }
        #expect(near?.description.contains("did you mean lgbti/maal?") == true)
    }

    @Test("where a goal is judged behind, a follow-up that demands it gets no answer without new efforts")
    func efforts() throws {
        let bare = Self.status("lgbti/maal", "lgbti/midtvejs", reason: nil)
        var proposing = bare
        proposing.proposals = LocalizedText(da: "Flere mentorer")
        func drafts(_ status: StatusReport, _ entry: Entry) throws -> Int {
            try place.log.look { try entry.drafts([EntryLine(status: status)], $0).drafts.count }
        }
        let refused = #expect(throws: Entry.Refused.self) { try drafts(bare, judged(.behind)) }
        #expect(
            refused?.description
                == "line 1: lgbti/maal is judged behind (1 af 1 kan bedømmes.): for lgbti/midtvejs the new efforts must be described, with --proposals"
        )
        #expect(try drafts(proposing, judged(.behind)) == 1)
        #expect(try drafts(bare, judged(.onCourse)) == 1)
        var yearly = bare
        yearly.followUp = "lgbti/2019"
        #expect(try drafts(yearly, judged(.behind)) == 1)
    }

    @Test("an officer's status cites no document")
    func documents() throws {
        for change in [
            { $0.printed = "ord" }, { $0.deliveryBasis = .printed }, { $0.source = Source(document: "a", lines: []) },
        ] as [(inout StatusReport) -> Void] {
            var status = Self.status()
            change(&status)
            let error = #expect(throws: Entry.Refused.self) { try enter(EntryLine(status: status)) }
            #expect(error?.description.contains("cites no document") == true)
        }
    }

    @Test("the same state again, and the first state of all, need no reason")
    func reasons() throws {
        _ = try enter(EntryLine(status: Self.status("lgbti/bif/kampagne", reason: nil)))
        _ = try enter(EntryLine(status: Self.status("lgbti/bif/tryg", "lgbti/2019", .completed, reason: nil)))
        // A change within one entry is a change.
        let first = EntryLine(status: Self.status("lgbti/bif/kampagne", reason: nil))
        let second = EntryLine(status: Self.status("lgbti/bif/kampagne", "lgbti/2019", .onTrack, reason: nil))
        let error = #expect(throws: Entry.Refused.self) { try enter(first, second) }
        #expect(error?.description == "line 2: lgbti/bif/kampagne goes from paused to on_track: say why with --reason")
    }

    @Test("a hand-in names the newest status of each subject for its follow-up, those of the same entry included")
    func handIn() throws {
        func records(_ line: Line) throws -> [Int64] { try line.decode(HandIn.self).records.map(\.seq) }
        let nothing = #expect(throws: Entry.Refused.self) { try enter(EntryLine(handIn: "lgbti/2019")) }
        #expect(nothing?.description == "line 1: nothing has been said for lgbti/2019 yet: give a status first")
        _ = try enter(EntryLine(status: Self.status()))  // 6
        let one = try enter(EntryLine(handIn: "lgbti/2019"))  // 7
        #expect(one[0].envelope.id == "lgbti/2019|BIF")
        #expect(try records(one[0]) == [6])
        #expect(try one[0].decode(HandIn.self).records[0] == RecordName(publisher: "BIF", log: place.log.log, seq: 6))
        let funding = Funding(initiative: "lgbti/bif/tryg", state: .funded)
        let lines = try enter(
            EntryLine(status: Self.status(done: "Mere"), funding: funding),  // 8, 9
            EntryLine(status: Self.status("lgbti/bif/kampagne", reason: nil), handIn: "lgbti/2019"))  // 10, 11
        #expect(lines.map(\.envelope.kind) == ["status", "funding", "status", "handin"])
        #expect(try records(lines[3]) == [8, 10])
        #expect(lines.map(\.envelope.seq) == [8, 9, 10, 11])
    }

    @Test("what another process appended meanwhile is seen: the hand-in's numbers are right")
    func meanwhile() throws {
        let other = try PublisherLog(
            folder: place.folder + "/BIF", publisher: "BIF", synthetic: false, create: false)
        let draft = try PublisherLog.Draft(
            Funding(initiative: "lgbti/bif/tryg", state: .funded), by: Author(role: "node"))
        _ = try other.append(at: morning) { _ in [draft, draft] }
        let lines = try enter(EntryLine(status: Self.status(), handIn: "lgbti/2019"))
        #expect(try lines[1].decode(HandIn.self).records.map(\.seq) == [lines[0].envelope.seq])
        #expect(lines[0].envelope.seq == 8)
    }

    @Test("a node that has heard no policy and published nothing says what to do")
    func early() throws {
        let empty = try PublisherLog(folder: place.folder + "/new", publisher: "BIF", synthetic: false, create: true)
        let error = #expect(throws: Entry.Refused.self) {
            try empty.append(at: morning) { try entry.drafts([EntryLine(status: Self.status())], $0).drafts }
        }
        #expect(error?.description.contains("it has published none yet: run `pejling up` once") == true)
        let deaf = Entry(
            forvaltning: entry.forvaltning, rules: entry.rules, city: entry.city, copy: NodeCopy(), at: morning)
        let unheard = #expect(throws: Entry.Refused.self) {
            try place.log.look { try deaf.drafts([EntryLine(status: Self.status())], $0) }
        }
        #expect(
            unheard?.description.contains("has not come to BIF yet: run `pejling up` once with a connection") == true)
    }

    @Test(
        "with as much unsent as the city allows nothing new is taken and nothing is dropped; drafts are; after an ack it goes on"
    )
    func logLimit() throws {
        var city = entry.city
        city.maxUnsentMiB = 1
        let entry = Entry(
            forvaltning: entry.forvaltning, rules: entry.rules, city: city, copy: entry.copy, at: morning)
        let store = try PrivateStore(folder: place.folder + "/BIF")
        func save(draft: Bool) throws -> [Line] {
            var line = EntryLine(status: Self.status())
            line.draft = draft
            return try entry.save([line], place.log, store, .init(drafts: try store.drafts(place.log))).saved
        }
        #expect(try save(draft: false).count == 1)
        let body = Array("{\"text\":\"\(String(repeating: "x", count: 200_000))\"}".utf8)
        _ = try place.log.append(at: morning) { _ in
            (0..<5).map { number in
                PublisherLog.Draft(
                    kind: RecordKind("x-note"), id: "n\(number)", policy: nil, by: Author(role: "node"), body: body)
            }
        }
        let head = try place.log.head()
        // There is room for 48,576 bytes more, and one answer is less.
        #expect(try save(draft: false).count == 1)
        _ = try place.log.append(at: morning) { _ in
            [
                PublisherLog.Draft(
                    kind: RecordKind("x-note"), id: "n", policy: nil, by: Author(role: "node"),
                    body: Array("{\"text\":\"\(String(repeating: "x", count: 48_000))\"}".utf8))
            ]
        }
        let full = try place.log.head()
        let refused = #expect(throws: Violation.self) { try save(draft: false) }
        #expect(refused?.rule == "log.limit")
        #expect(refused?.message.contains("nothing was saved") == true)
        #expect(refused?.message.contains("max_unsent_mib") == true)
        #expect(try place.log.head() == full)
        #expect(try save(draft: true).isEmpty)
        #expect(try store.drafts(place.log).count == 1)
        // Without the city's own number there is room for a thousand times as much.
        #expect(throws: Never.self) {
            try place.log.look { try self.entry.checkRoom(for: self.entry.drafts([], $0), $0) }
        }
        try place.log.acknowledge(head.seq, refused: [])
        #expect(try save(draft: false).count == 1)
    }

    @Test(
        "where a draft cannot be discarded, what is said to be saved is, and what is not is not: alone, with a draft, with records"
    )
    func notDiscarded() throws {
        let store = try PrivateStore(folder: place.folder + "/BIF")
        func save(_ lines: [EntryLine]) throws -> [Line] {
            try entry.save(lines, place.log, store, .init(drafts: try store.drafts(place.log))).saved
        }
        var draft = EntryLine(status: Self.status())
        draft.draft = true
        _ = try save([draft])
        let before = try store.drafts(place.log)
        try #require(before.count == 1)
        let discard = EntryLine(discard: EnteredDiscard(followUp: before[0].followUp))
        try store.database.write { db in
            try db.execute(
                sql: "CREATE TRIGGER full BEFORE DELETE ON draft BEGIN SELECT RAISE(ABORT, 'no space'); END")
        }
        let head = try place.log.head()
        #expect(throws: StoreError.self) { try save([discard]) }
        // A draft beside it is not kept either: then it was all or nothing.
        draft.person = "p1"
        #expect(throws: StoreError.self) { try save([discard, draft]) }
        #expect(try store.drafts(place.log) == before && place.log.head() == head)
        let funding = EntryLine(funding: Funding(initiative: Self.status().about, state: .noRemark))
        let error = #expect(throws: StoreError.self) { try save([discard, funding]) }
        #expect(
            error?.message.hasPrefix("1 records are saved: do not enter them again") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains(before[0].followUp) == true, "\(error?.message ?? "")")
        #expect(try place.log.head().seq == head.seq + 1 && store.drafts(place.log) == before)
    }

    @Test("policies come from the copy, the newest of each")
    func policies() throws {
        let replica = try Replica(folder: place.folder + "/copy", create: true)
        let policy = try #require(entry.copy.policies["lgbti"])
        var newer = policy
        newer.title.da = "Ny"
        var head = ChainHead.empty
        for (index, body) in [policy, newer].enumerated() {
            let line = try head.next(
                publisher: "lgbti", log: String(repeating: "a", count: 32), at: "2026-11-23T08:15:00Z",
                by: Author(role: "policy"), kind: .policy, id: "lgbti", policy: "lgbti", body: try encodeBody(body),
                synthetic: false)
            head.advance(over: line)
            try replica.store(
                [DeliveredLine(position: Int64(index) + 1, received: "2026", root: nil, line: line)],
                upTo: Int64(index) + 1)
        }
        #expect(try NodeCopy(in: replica, of: "BIF").policies == ["lgbti": newer])
    }
}
