import PolicyModel
import Testing
import Wire

@testable import Coordinator

@Suite("One measure")
struct ShowMeasureTests {
    private func show(_ id: String) throws -> ShownThing {
        let state = try MeasureSample().ledger { maker in
            try maker.add("ØKF", MeasureSample.reading(MeasureSample.number("70"), "2019"))
            try maker.add("BIF", MeasureSample.reading(MeasureSample.number("51"), "2019"))
            let reading = try maker.add("BIF", MeasureSample.reading(MeasureSample.number("52"), "2019"))
            try maker.add("p", MeasureSample.assessment(.behind, "p/2019", reading: reading))
            try maker.add(
                "p",
                TargetVersion(
                    about: "p/bif/kursus/deltagere", version: 1, annualTarget: MeasureSample().annual))
            try maker.add(
                "coordinator",
                LinkDecision(
                    from: "p/bif/kursus", to: "p/maal", kind: .implements, state: .rejected,
                    evidence: LocalizedText(da: "Ens"), sources: []))
        }
        guard case .found(let thing) = state.show(id, on: day("2020-06-01")) else {
            throw Violation(rule: "test", message: "\(id) is not found")
        }
        return thing
    }

    @Test("an indicator shows its definition, readings with who counts, versions of a reading, and judgements")
    func indicator() throws {
        let thing = try show("p/andel")
        #expect(thing.kind == .indicator && thing.indicator?.population.da == "Borgere")
        #expect(thing.progress?.latest?.value == MeasureSample.number("52"))
        #expect(thing.readings.map(\.counts) == [false, true] && thing.readings.map(\.versions) == [1, 2])
        #expect(thing.assessments.map(\.assessment.followUp) == ["p/2019"])
        #expect(thing.versions.map(\.kind) == ["policy", "reading", "reading", "reading", "assessment"])
        #expect(thing.versions.map(\.superseded) == [false, false, true, false, false])
    }

    @Test("an annual target shows its effort and its versions")
    func annual() throws {
        let thing = try show("p/bif/kursus/deltagere")
        #expect(thing.kind == .annualTarget && thing.initiatives == ["p/bif/kursus"])
        #expect(thing.progress?.targets.map(\.record?.seq) == [3])
        #expect(thing.versions.map(\.kind) == ["policy", "target"])
    }

    @Test("a goal shows how it was judged")
    func goal() throws {
        #expect(try show("p/maal").assessments.map(\.assessment.judgement) == [.behind])
    }

    @Test(
        "a record of a kind that measures, judges or links is found by its name",
        arguments: [("BIF", 3, "reading"), ("p", 2, "assessment"), ("p", 3, "target"), ("coordinator", 2, "link")])
    func record(publisher: String, seq: Int, kind: String) throws {
        let thing = try show("\(publisher)/\(String(repeating: "0", count: 32))/\(seq)")
        #expect(thing.kind == .record && thing.versions.last?.kind == kind)
        switch kind {
        case "reading": #expect(thing.readings.map(\.reading.about) == ["p/andel"])
        case "assessment": #expect(thing.assessments.count == 1)
        case "target": #expect(thing.progress?.id == "p/bif/kursus/deltagere")
        default: #expect(thing.linkDecision?.state == .rejected)
        }
    }

    @Test("an id nearly that of a measure suggests it")
    func nearest() throws {
        guard case .unknown(let nearest) = try MeasureSample().ledger().show("p/andle", on: day("2020-06-01")) else {
            Issue.record("it is found")
            return
        }
        #expect(nearest.contains("p/andel"))
    }
}
