import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

@Suite("Overlaps, links and contradictions as people see them")
struct LinkViewTests {
    private func state(decided: Link.State? = nil) throws -> LedgerState {
        var maker = LedgerMaker()
        maker.synthetic = true
        var city = Sample.city
        city.measures = [
            SharedMeasure(
                id: "ansatte", name: LocalizedText(da: "Ansatte, pct.", en: "Employees, per cent"),
                population: LocalizedText(da: "Alle"), note: LocalizedText(da: "Måske.", en: "Perhaps."))
        ]
        try maker.add("coordinator", city)
        for (id, value) in [("p", "15.3"), ("q", "16.1")] {
            var policy = Sample.policy([Sample.followUp("\(id)/opening", owedBy: [], kind: .opening)])
            policy.id = id
            policy.goals = []
            policy.figures = [
                Figure(
                    what: LocalizedText(da: "Ansatte"), value: DecimalText(value)!, measure: "ansatte",
                    printed: "\(value) pct.", source: Sample.source)
            ]
            try maker.add(id, policy)
        }
        try maker.add("BIF", Sample.initiative("p/bif/a", title: "Kursus"))
        var other = Sample.initiative("q/bif/b", title: "Prøve", line: 40)
        other.policy = "q"
        other.links = [
            Link(
                from: "q/bif/b", to: "r-2015", kind: .continues, state: .stated,
                evidence: LocalizedText(da: "Fortsætter r"),
                source: Sample.source)
        ]
        try maker.add("BIF", other)
        if let decided {
            let decision = try maker.state.linkDecision(
                decided, from: "p/bif/a", to: "q/bif/b", by: "ØKF", reason: "Derfor, \"sagt\"")
            try maker.add("coordinator", decision)
        }
        return maker.state
    }

    @Test("the table of overlaps has the pair, its evidence and lines, and the rule in its foot")
    func overlaps() throws {
        let text = try state().overlaps(on: day("2020-01-10")).text()
        let lines = text.components(separatedBy: "\n")
        #expect(lines[0] == "*** EKSEMPELDATA – ikke virkelige oplysninger ***")
        #expect(lines[2] == "Hvor politikkerne mødes, 10. januar 2020")
        #expect(
            lines[6]
                == "   174  Foreslået  p/bif/a  deler noget med  q/bif/b    Samme partner: En forening (2 har det); "
                + "Samme målgruppe: Unge (2 har det); Samme ord i titel eller overskrift: afsnittet (2 har det)  "
                + "10-12; 40-42", "\(lines[6])")
        #expect(text.contains("Et par er med fra 36 point."))
        #expect(text.contains("pejling link accept"))
    }

    @Test("no line of a table is wider than the terminal")
    func narrow() throws {
        let state = try state()
        for language in Language.allCases {
            let texts = [
                state.overlaps(on: day("2020-01-10")).text(language, width: 130),
                state.contradictions(on: day("2020-01-10")).text(language, width: 130),
                state.links(on: day("2020-01-10")).text(language, width: 130),
            ]
            for line in texts.joined().components(separatedBy: "\n") { #expect(displayWidth(line) <= 130, "\(line)") }
        }
    }

    @Test("a rejected pair is counted in the foot, and its line says who and why where it is shown")
    func rejected() throws {
        let state = try state(decided: .rejected)
        let text = state.overlaps(on: day("2020-01-10")).text(.english)
        #expect(text.contains("No pairs are found."))
        #expect(text.contains("1 rejected pairs are not shown: --rejected shows them."))
        let csv = state.overlaps(on: day("2020-01-10"), includingRejected: true).csv()
        #expect(csv.components(separatedBy: "\r\n")[1].hasSuffix(",\"Derfor, \"\"sagt\"\"\",coordinator,true"))
    }

    @Test("contradictions stand with both sides, the caveat, and what was compared and agrees")
    func contradictions() throws {
        let view = try state().contradictions(on: day("2020-01-10"))
        let text = view.text()
        #expect(text.contains("To tal for det samme (alvor: middel)"))
        #expect(text.contains("  Ansatte, pct.: 15,3 og 16,1, hvor den ene ikke nævner et årstal. Måske."))
        #expect(text.contains("    – q: 16,1 (uden årstal): “16.1 pct.” [5-7]"))
        #expect(text.contains("Ingen andre tal er sammenlignet."))
        #expect(
            view.text(.english).contains("Employees, per cent: 15.3 and 16.1, one of which names no year. Perhaps."))
        let csv = view.csv().components(separatedBy: "\r\n")
        #expect(csv[0].hasPrefix("number,kind,severity,words,id,what,says,value,period,source,record"))
        #expect(csv.count == 4)
        #expect(csv[2].contains("1,figures_differ,medium") && csv[2].contains("q,Ansatte"))
    }

    @Test("each view is the same JSON for the same ledger, and says that the data is made up")
    func json() throws {
        let state = try state()
        func texts() -> [String] {
            [
                state.overlaps(on: day("2020-01-10")).json(), state.links(on: day("2020-01-10")).json(),
                state.contradictions(on: day("2020-01-10")).json(),
            ]
        }
        #expect(texts() == texts())
        for text in texts() {
            let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            #expect(json["synthetic"] as? Bool == true)
            #expect((json["rows"] as? [Any])?.isEmpty == false)
        }
    }

    @Test("the export's links are what is printed, found and decided, with the lines of both sides")
    func export() throws {
        for (decided, state) in [(nil, "suggested"), (.accepted, "accepted"), (.rejected, "rejected")]
            as [(Link.State?, String)]
        {
            let ledger = try self.state(decided: decided)
            let package = DataPackage(ledger, on: day("2020-01-10"), all: false, program: "pejling 0")
            let lines = String(decoding: try #require(package.files["links.csv"]), as: UTF8.self)
                .components(separatedBy: "\r\n")
            #expect(lines[1] == "q/bif/b,r-2015,continues,stated,Fortsætter r,kilde.txt:5-7,true")
            #expect(lines[2].hasPrefix("p/bif/a,q/bif/b,shares,\(state),Samme partner: En forening (2 har det); "))
            #expect(lines[2].hasSuffix(",kilde.txt:10-12;kilde.txt:40-42,true"))
        }
    }

    @Test("every word of links and contradictions is given in both languages, and differs between kinds")
    func words() {
        let kinds = ContradictionsView.Kind.allCases.map { Words.name($0) }
        #expect(Set(kinds.map(\.da)).count == kinds.count && Set(kinds.map(\.en)).count == kinds.count)
        let links = Link.Kind.allCases.map { Words.name($0) }
        #expect(Set(links.map(\.da)).count == links.count && Set(links.map(\.en)).count == links.count)
        let states = Link.State.allCases.map { Words.name($0) }
        #expect(Set(states.map(\.da)).count == states.count)
    }
}
