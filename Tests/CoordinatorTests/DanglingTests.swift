import PolicyModel
import Testing
import Wire

@testable import Coordinator

@Suite("What dangles")
struct DanglingTests {
    typealias Step = (inout LedgerMaker) throws -> Void

    /// What dangles after the steps, in the order given.
    private func problems(_ steps: [Step]) throws -> [String] {
        var maker = LedgerMaker()
        for step in steps { try step(&maker) }
        return maker.state.dangling.entries.map { "\($0.kind) \($0.problem.rawValue) \($0.names)" }
    }

    /// The first side dangles alone, and neither order leaves anything when the other has come.
    private func heals(_ one: @escaping Step, _ other: @escaping Step, alone: [String]) throws {
        #expect(try problems([one]) == alone)
        #expect(try problems([one, other]) == [])
        #expect(try problems([other, one]) == [])
    }

    private let policy: Step = { maker in
        try maker.add("coordinator", Sample.city)
        try maker.add("p", MeasureSample().policy)
    }

    @Test("a reading of an unknown indicator dangles until its policy comes")
    func reading() throws {
        try heals(
            { try $0.add("BIF", MeasureSample.reading(MeasureSample.number("51"), "2019")) }, policy,
            alone: ["reading measure p/andel"])
    }

    @Test("a target of an unknown measure dangles until its policy comes")
    func target() throws {
        let version = TargetVersion(about: "p/andel", version: 1, target: Target(kind: .noneStated))
        try heals({ try $0.add("p", version) }, policy, alone: ["target measure p/andel"])
    }

    @Test("an assessment of an unknown goal dangles until its policy comes")
    func assessment() throws {
        try heals(
            { try $0.add("p", MeasureSample.assessment(.behind, "p/2019")) }, policy,
            alone: ["assessment goal p/maal", "assessment follow_up p/2019", "assessment measure p/andel"])
    }

    @Test("a reading from a forvaltning that does not report the measure is pointed out, with who does")
    func reporter() throws {
        let reading: Step = { try $0.add("ØKF", MeasureSample.reading(MeasureSample.number("51"), "2019")) }
        #expect(try problems([policy, reading]) == ["reading reporter BIF"])
        #expect(try problems([reading, policy]) == ["reading reporter BIF"])
    }

    @Test("a reading of an effort's target is nobody's fault before the city says whose the effort is")
    func noCity() throws {
        let reading = MeasureSample.reading(
            MeasureSample.number("31"), "2019", about: "p/bif/kursus/deltagere", unit: .persons)
        let steps: [Step] = [{ try $0.add("p", MeasureSample().policy) }, { try $0.add("BIF", reading) }]
        #expect(try problems(steps) == [])
        #expect(try problems(steps + [{ try $0.add("coordinator", Sample.city) }]) == [])
    }

    private static func link(_ to: String) -> Link {
        Link(
            from: "p/bif/a", to: to, kind: .refersTo, state: .stated, evidence: LocalizedText(da: "Det står der"),
            source: Sample.source)
    }

    private static func initiative(linkedTo: String) -> Initiative {
        var initiative = Sample.initiative("p/bif/a")
        initiative.links = [link(linkedTo)]
        return initiative
    }

    @Test(
        "a printed link dangles until what it names comes",
        arguments: ["p/andel", "p/2019", "p/bif/kursus/deltagere", "p"])
    func printedLink(to: String) throws {
        let city: Step = { try $0.add("coordinator", Sample.city) }
        let linked: Step = { try $0.add("BIF", Self.initiative(linkedTo: to)) }
        let policy: Step = { try $0.add("p", MeasureSample().policy) }
        #expect(try problems([city, linked]).contains("initiative link \(to)"))
        #expect(try problems([city, linked, policy]) == [])
        #expect(try problems([policy, linked, city]) == [])
    }

    @Test("a policy's printed link to an initiative heals when its owner has said it")
    func policyLink() throws {
        var policy = MeasureSample().policy
        policy.links = [
            Link(
                from: "p", to: "p/bif/a", kind: .strengthens, state: .stated, evidence: LocalizedText(da: "Ja"),
                source: Sample.source)
        ]
        try heals(
            { [policy] in try $0.add("p", policy) }, { try $0.add("BIF", Sample.initiative("p/bif/a")) },
            alone: ["policy link p/bif/a"])
    }

    @Test("a document that the city does not follow is outside, not lost; part of one that nobody knows is lost")
    func outside() throws {
        let known: [Step] = [policy]
        #expect(try problems(known + [{ try $0.add("BIF", Self.initiative(linkedTo: "kommuneplan")) }]) == [])
        #expect(
            try problems(known + [{ try $0.add("BIF", Self.initiative(linkedTo: "kommuneplan/maal")) }])
                == ["initiative link kommuneplan/maal"])
    }

    @Test("a person's word on a link dangles while an end of it is not there")
    func linkDecision() throws {
        let decision = LinkDecision(
            from: "p/bif/a", to: "p/bif/b", kind: .sameAs, state: .accepted, evidence: LocalizedText(da: "Ens"),
            sources: [Sample.source])
        let said: Step = { try $0.add("coordinator", decision) }
        let initiatives: Step = { maker in
            for id in ["p/bif/a", "p/bif/b"] { try maker.add("BIF", Sample.initiative(id)) }
        }
        #expect(try problems([policy, said]) == ["link link p/bif/a", "link link p/bif/b"])
        #expect(try problems([policy, said, initiatives]) == [])
        #expect(try problems([initiatives, said, policy]) == [])
    }
}
