import PolicyModel
import Testing
import Wire

@testable import Coordinator

@Suite("Partners")
struct PartnersTests {
    private func view(
        _ partners: [(String, [String])], followUps: [FollowUp]? = nil, bodies: [Body] = []
    ) throws -> PartnersView {
        var city = Sample.city
        city.bodies += bodies
        var maker = LedgerMaker()
        try maker.add("coordinator", city)
        try maker.add("p", Sample.policy(followUps))
        for (index, (owner, names)) in partners.enumerated() {
            let slug = try #require(city.slug(of: owner))
            var initiative = Sample.initiative("p/\(slug)/i\(index)", owner: owner, line: 10 + index)
            initiative.partners = names
            try maker.add(city.forvaltning(owner)?.code ?? "p", initiative)
        }
        return maker.state.partners(on: day("2020-01-01"))
    }

    private let council = Body(
        id: "raadet", kind: .userCouncil, name: LocalizedText(da: "Brugerrådet", en: "User Council"))

    @Test(
        "spellings that differ in case, blanks, hyphens or & for og are one name",
        arguments: ["Sex & Samfund", "SEX OG SAMFUND", "Sex  og Samfund", "Sex og Sam\u{AD}fund", "Sex-og-Samfund"])
    func folded(spelling: String) throws {
        let view = try view([("BIF", ["Sex og Samfund"]), ("ØKF", [spelling]), ("BIF", ["Sex og Samfund"])])
        #expect(view.rows.map(\.name.da) == ["Sex og Samfund"], "the name printed most often")
        #expect(Set(view.rows.flatMap(\.printed)) == ["Sex og Samfund", spelling])
        #expect(view.rows.first?.owners == ["BIF", "ØKF"])
        #expect(view.rows.first?.initiatives.map(\.printed) == ["Sex og Samfund", spelling, "Sex og Samfund"])
    }

    @Test(
        "names that differ in a letter are two organisations",
        arguments: [("LGBT Danmark", "LGBT+ Danmark"), ("LGBT Ungdom", "LGBT Ungdommen"), ("A", "B")])
    func apart(one: String, other: String) throws {
        #expect(try view([("BIF", [one]), ("BIF", [other])]).rows.count == 2)
    }

    @Test(
        "a follow-up's consulted groups stand apart from the partners of initiatives, and an organisation that is both once"
    )
    func consulted() throws {
        var followUp = Sample.followUp("p/moede")
        followUp.consulted = [LocalizedText(da: "Borgere", en: "Citizens"), LocalizedText(da: "en-forening")]
        let view = try view(
            [("BIF", ["En Forening"])], followUps: [Sample.followUp("p/opening", kind: .opening), followUp])
        #expect(view.rows.map(\.kind) == [.partner, .consulted])
        #expect(view.rows.map { $0.followUps.map(\.followUp) } == [["p/moede"], ["p/moede"]])
        #expect(view.rows.map(\.name.en) == [nil, "Citizens"])
    }

    @Test("a council is a body, whether it receives, is consulted, or an initiative names it; committees are not there")
    func body() throws {
        var followUp = Sample.followUp("p/status")
        followUp.goesTo = ["raadet", "ØU"]
        let view = try view(
            [("BIF", ["Brugerrådet"]), ("raadet", [])],
            followUps: [Sample.followUp("p/opening", kind: .opening), followUp], bodies: [council])
        let row = try #require(view.rows.first)
        #expect(view.rows.count == 1 && row.kind == .body && row.body == "raadet")
        #expect(row.initiatives.map(\.initiative) == ["p/bif/i0", "p/raadet/i1"])
        #expect(row.followUps.map(\.receives) == [true] && row.followUps.first?.printed == nil)
    }

    @Test("every part carries its lines")
    func sources() throws {
        #expect(try view([("BIF", ["X"])]).rows.first?.initiatives.first?.source.reference == "kilde.txt:10-12")
    }
}
