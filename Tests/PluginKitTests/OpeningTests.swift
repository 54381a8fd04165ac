import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger
@testable import PluginKit

@Suite("What a node says at its start")
struct OpeningTests {
    let place: Workplace

    init() throws { place = try Workplace() }

    static func names(_ lines: [Line]) -> [String] { lines.map { "\($0.envelope.kind) \($0.envelope.id)" } }

    @Test("the first start publishes all, the second nothing")
    func starts() throws {
        let first = try place.start()
        #expect(
            Self.names(first.lines) == [
                "initiative lgbti/bif/tryg", "funding lgbti/bif/tryg|requires_separate_funding|2019",
                "status lgbti/bif/tryg|lgbti/opening", "initiative lgbti/bif/kampagne",
                "funding lgbti/bif/kampagne|no_remark|",
            ])
        #expect(first.lines.allSatisfy { $0.envelope.by == Author(forvaltning: "BIF", role: "node") })
        let second = try place.start()
        #expect(second.lines.isEmpty)
        #expect(second.warnings.isEmpty)
    }

    @Test("an edited initiative is one new version, and the old stays")
    func edited() throws {
        let first = try place.start().lines
        try place.edit("da: Vores ord", "da: Andre ord")
        let lines = try place.start().lines
        #expect(Self.names(lines) == ["initiative lgbti/bif/tryg"])
        #expect(try lines[0].decode(Initiative.self).purpose.da == "Andre ord")
        #expect(try place.log.lines(after: 0) == first + lines)
        #expect(try place.start().lines.isEmpty)
        // And back again: a version of its own, for history goes forward.
        try place.edit("da: Andre ord", "da: Vores ord")
        #expect(Self.names(try place.start().lines) == ["initiative lgbti/bif/tryg"])
    }

    @Test(
        "an opening fact that was edited, added or removed is an error that names place and command",
        arguments: [
            ("printed: forudsætter særskilt", "printed: kræver særskilt", "funding", "was edited here", "pejling fund"),
            ("from: 2019", "from: 2020", "funding", "was removed or changed its key here", "pejling fund"),
            ("from: 2019", "from: 2020", "funding", "was added here", "pejling fund"),
            ("done: {da: Gjort}", "done: {da: Slet ikke gjort}", "status", "was edited here", "pejling status"),
            ("delivery: completed", "delivery: paused", "status", "was edited here", "pejling status"),
        ])
    func facts(old: String, new: String, kind: String, what: String, command: String) throws {
        _ = try place.start()
        try place.edit(old, new)
        // The same goes for an initiative edited beside it: nothing at all is published.
        try place.edit("da: Oplysning", "da: Mere oplysning")
        let head = try place.log.head()
        let error = #expect(throws: Opening.EditedFact.self) { try place.start() }
        let said = try #require(error?.description.split(separator: "\n").first { $0.contains(what) })
        #expect(said.hasPrefix("\(place.config)/forvaltninger/BIF/lgbti.yaml:4: \(kind) of lgbti/bif/tryg \(what)"))
        #expect(said.contains("put the file back, and say what changed with `\(command) lgbti/bif/tryg`"))
        #expect(try place.log.head() == head)
        try place.edit(new, old)
        #expect(Self.names(try place.start().lines) == ["initiative lgbti/bif/kampagne"])
    }

    @Test("a status added where none stood, and one taken away, are errors too")
    func statusKeys() throws {
        _ = try place.start()
        let status = """
                status:
                  delivery: paused
                  delivery_basis: derived
                  done: {da: Holdt}
                  printed: har
                  lines: 181

            """
        try place.edit("    purpose: {da: Oplysning}\n", "    purpose: {da: Oplysning}\n" + status)
        let added = #expect(throws: Opening.EditedFact.self) { try place.start() }
        #expect(added?.description.contains("status of lgbti/bif/kampagne was added here") == true)
        try place.edit(status, "")
        let old = """
                status:
                  delivery: completed
                  delivery_basis: derived
                  done: {da: Gjort}
                  printed: har i 2018
                  lines: 243-245

            """
        try place.edit(old, "")
        let removed = #expect(throws: Opening.EditedFact.self) { try place.start() }
        #expect(removed?.description.contains("status of lgbti/bif/tryg was removed or changed its key here") == true)
    }

    @Test("what an officer said since is no edit of the opening")
    func officers() throws {
        _ = try place.start()
        let officer = Author(forvaltning: "BIF", role: "officer")
        let funding = Funding(initiative: "lgbti/bif/tryg", state: .funded, from: PartialDate("2027"))
        let status = StatusReport(about: "lgbti/bif/tryg", followUp: "lgbti/2019", delivery: .paused)
        // The officer also says anew what the opening said: the first words stay the opening's.
        let again = Funding(initiative: "lgbti/bif/kampagne", state: .noRemark, printed: "nu med ord")
        _ = try place.log.append(at: morning) { _ in
            [
                try PublisherLog.Draft(funding, by: officer), try PublisherLog.Draft(status, by: officer),
                try PublisherLog.Draft(again, by: officer),
            ]
        }
        #expect(try place.start().lines.isEmpty)
    }

    @Test("a removed entry is warned of, and nothing is withdrawn")
    func removed() throws {
        _ = try place.start()
        let text = try #require(Workplace.files[place.bif])
        let cut = try #require(text.range(of: "  - id: kampagne"))
        try place.write(String(text[..<cut.lowerBound]), to: place.bif)
        let (lines, warnings) = try place.start()
        #expect(lines.isEmpty)
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("lgbti/bif/kampagne is not in the configuration any more") == true)
    }

    @Test("a configuration that is broken publishes nothing, and names file and line")
    func broken() throws {
        try place.edit("kind: marked", "kind: unmarked")
        do {
            _ = try place.start()
            Issue.record("a broken file was published")
        } catch { #expect("\(error)".contains("lgbti.yaml:5")) }
        #expect(try place.log.head().seq == 0)
    }
}
