import PolicyModel
import Testing
import Wire

@testable import Coordinator

@Suite("The fold of the feed")
struct LedgerStateTests {
    @Test("an empty ledger says nothing and knows no day")
    func empty() {
        let state = LedgerState()
        #expect(state.position == 0 && state.root == nil && state.lastDay == nil && state.city == nil)
        #expect(state.unheard.configuration)
    }

    @Test("a later record of the same publisher supersedes, and history keeps the earlier with name, place and hash")
    func supersede() throws {
        var maker = LedgerMaker()
        try maker.add("BIF", Sample.initiative("p/bif/a", title: "Før"))
        let second = try maker.add("BIF", Sample.initiative("p/bif/a", title: "Efter"))
        let history = try #require(maker.state.initiatives["p/bif/a"].first)
        #expect(history.versions.map(\.body.title.da) == ["Før", "Efter"])
        #expect(history.current.name == second && history.current.position == 2)
        #expect(history.versions[0].hash.count == 64 && history.versions[0].hash != history.versions[1].hash)
        #expect(history.current.by == Author(forvaltning: "BIF", role: "officer", person: "p1"))
        #expect(maker.state.initiative("p/bif/a")?.body.title.da == "Efter")
    }

    @Test("two publishers who speak of one identity stand side by side; the rightful one counts and both are named")
    func twoPublishers() throws {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", Sample.policy())
        try maker.add("p", Sample.initiative("p/bif/a", title: "Politikkens"))
        try maker.add("BIF", Sample.initiative("p/bif/a", title: "Forvaltningens"))
        #expect(maker.state.initiatives["p/bif/a"].count == 2)
        #expect(maker.state.initiative("p/bif/a")?.body.title.da == "Forvaltningens")
        #expect(maker.state.initiatives(ofPolicy: "p").count == 1)
        let contested = maker.state.dangling.entries.filter { $0.problem == .contested }
        #expect(contested.map(\.names) == ["BIF", "p"])
    }

    @Test("the initiatives of a policy are those of now, whatever was asked of it or of a copy before")
    func rememberedOrder() throws {
        var maker = LedgerMaker()
        func titles(_ state: LedgerState) -> [String] { state.initiatives(ofPolicy: "p").map(\.body.title.da) }
        try maker.add("p", Sample.initiative("p/bif/b", title: "B", line: 20))
        let unasked = maker.state
        try maker.add("BIF", Sample.initiative("p/bif/a", title: "A", line: 10))
        #expect(titles(unasked) == ["B"])
        #expect(titles(maker.state) == ["A", "B"])
        let asked = maker.state
        try maker.add("BIF", Sample.initiative("p/bif/a", title: "A2", line: 30))
        #expect(titles(maker.state) == ["B", "A2"])
        try maker.add("BIF", Sample.initiative("p/bif/b", title: "B2", line: 20))
        #expect(titles(maker.state) == ["B", "A2"], "nobody knows yet whose it is")
        try maker.add("coordinator", Sample.city)
        #expect(titles(maker.state) == ["B2", "A2"])
        #expect(titles(asked) == ["A", "B"])
        #expect(titles(unasked) == ["B"])
    }

    @Test("a body that cannot be read is kept as unreadable, with the field named")
    func unreadable() throws {
        var maker = LedgerMaker()
        try maker.add("BIF", kind: .initiative, id: "p/bif/a", policy: "p", json: Array(#"{"id":"p/bif/a"}"#.utf8))
        #expect(maker.state.initiatives.histories.isEmpty)
        let entry = try #require(maker.state.unreadable.first)
        #expect(entry.id == "p/bif/a" && entry.position == 1 && entry.message.contains("lacks"))
        #expect(maker.state.position == 1)
    }

    @Test("kinds of plugins' own are counted and not looked into")
    func opaque() throws {
        var maker = LedgerMaker()
        for _ in 1...3 { try maker.add("BIF", kind: RecordKind("x-bif"), id: "a", json: Array("{}".utf8)) }
        #expect(maker.state.opaque == ["x-bif": 3])
        #expect(maker.state.unreadable.isEmpty)
    }

    @Test(
        "a publisher's role is known whether its enrolment comes before or after its records", arguments: [true, false])
    func roles(enrolledFirst: Bool) throws {
        var maker = LedgerMaker()
        let enrolment = Enrolment(publisher: "BIF", role: .node, curveKey: "", signKey: "", admittedBy: "up")
        if enrolledFirst { try maker.add("broker", enrolment) }
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        try maker.add("BIF", Sample.initiative("p/bif/b"))
        if !enrolledFirst { try maker.add("broker", enrolment) }
        let publisher = try #require(maker.state.publishers["BIF"])
        #expect(publisher.role == .node && publisher.counts == ["initiative": 2])
        #expect(publisher.lastSeq.values.map { $0 } == [2])
    }

    @Test(
        "an opening status with a source counts; another only when a hand-in of its publisher for its follow-up names it"
    )
    func standing() throws {
        var maker = LedgerMaker()
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        try maker.add("BIF", Sample.status("p/bif/a"))
        #expect(maker.state.status(ofInitiative: "p/bif/a", followUp: "p/opening")?.standing == .document)
        let name = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .delayed, printed: false))
        #expect(maker.state.status(ofInitiative: "p/bif/a", followUp: "p/2019") == nil)
        try maker.add("ØKF", HandIn(followUp: "p/2019", forvaltning: "ØKF", records: [name]))
        try maker.add("BIF", HandIn(followUp: "p/2020", forvaltning: "BIF", records: [name]))
        #expect(
            maker.state.status(ofInitiative: "p/bif/a", followUp: "p/2019") == nil,
            "another's, and for another follow-up")
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [name]))
        #expect(maker.state.status(ofInitiative: "p/bif/a", followUp: "p/2019")?.standing == .handedIn)
        try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .completed, printed: false))
        let status = try #require(maker.state.status(ofInitiative: "p/bif/a", followUp: "p/2019"))
        #expect(status.version.body.delivery == .delayed && status.changedSince)
    }

    @Test("what names something absent is listed, and nothing else")
    func dangling() throws {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", Sample.policy())
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        #expect(maker.state.dangling.entries.isEmpty)
        try maker.add("BIF", Sample.initiative("p/bif/b", goals: ["p/andet"]))
        try maker.add("BIF", Funding(initiative: "p/bif/x", state: .noRemark))
        try maker.add("BIF", Sample.status("p/bif/y"))
        try maker.add("BIF", Sample.status("p/bif/a", "p/1999"))
        try maker.add(
            "BIF",
            HandIn(followUp: "p/2019", forvaltning: "BIF", records: [RecordName(publisher: "BIF", log: "f", seq: 99)]))
        #expect(maker.state.dangling.entries.map(\.problem) == [.goal, .initiative, .initiative, .followUp, .record])
        #expect(maker.state.dangling.entries.map(\.names) == ["p/andet", "p/bif/x", "p/bif/y", "p/1999", "BIF/f/99"])
    }

    @Test("who was never heard is named: forvaltninger and policies")
    func unheard() throws {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        #expect(
            maker.state.unheard == UnheardView(forvaltninger: ["BIF", "ØKF"], policies: ["p"], configuration: false))
        try maker.add("p", Sample.policy())
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        #expect(maker.state.unheard == UnheardView(forvaltninger: ["ØKF"], policies: [], configuration: false))
    }

    @Test("two thousand versions of one initiative all stand in its history")
    func folding() throws {
        var maker = LedgerMaker()
        for index in 0..<2_000 { try maker.add("BIF", Sample.initiative("p/bif/a", title: "\(index)")) }
        #expect(maker.state.initiatives["p/bif/a"].first?.versions.count == 2_000)
    }
}
