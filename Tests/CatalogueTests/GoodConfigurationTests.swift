import PolicyModel
import Testing

@testable import Catalogue

/// The examples of Docs/configuration.md, read to exactly the values they say.
struct GoodConfigurationTests {
    private func source(_ lines: String...) -> Source {
        Source(document: "source.txt", lines: lines.compactMap { LineRange(parsing: $0) })
    }

    @Test("the common files make the city")
    func city() throws {
        let sample = try TemporaryConfiguration()
        let city = try sample.configuration.city()
        #expect(city.name == LocalizedText(da: "Københavns Kommune", en: "City of Copenhagen"))
        #expect(city.suppressionThreshold == 5)
        #expect(city.policies == ["lgbti"])
        #expect(
            city.forvaltninger.first
                == Forvaltning(
                    code: "ØKF", key: "OKF",
                    name: LocalizedText(da: "Økonomiforvaltningen", en: "Finance Administration"),
                    committee: "ØU"))
        #expect(city.bodies.map(\.id) == ["BIU", "ØU", "BR", "borgerraadgiveren"])
        #expect(city.bodies.map(\.kind) == [.committee, .committee, .council, .outsideBody])
        #expect(
            city.targetGroups == [TargetGroup(id: "flygtninge", name: LocalizedText(da: "Flygtninge", en: "Refugees"))])
        #expect(city.themes == [Theme(id: "bolig", name: LocalizedText(da: "Bolig", en: "Housing"))])
        #expect(
            city.measures == [
                SharedMeasure(
                    id: "medarbejdere", name: LocalizedText(da: "Medarbejdere", en: "Employees"),
                    population: LocalizedText(da: "Alle", en: "All"),
                    note: LocalizedText(da: "Vores læsning", en: "Our reading"), budgetUnitDKK: DecimalText(1000))
            ])
        #expect(city.documents.map(\.lines) == [LineRange(first: 1, last: 1157)])
    }

    @Test("a city may do without themes and measures")
    func withoutThemes() throws {
        let sample = try TemporaryConfiguration(
            ["forvaltninger/BIF/lgbti.yaml": "policy: lgbti\ndocument: lgbti-politik\ninitiatives: []\n"],
            without: ["themes.yaml", "measures.yaml"])
        #expect(sample.problems().isEmpty)
        #expect(try sample.configuration.city().themes.isEmpty)
    }

    @Test("an initiative is read with every field")
    func initiative() throws {
        let sample = try TemporaryConfiguration()
        let city = try sample.configuration.city()
        let node = try sample.configuration.node(#require(city.forvaltning("BIF")), in: city)
        let entry = try #require(node.entries.first)
        let id = "lgbti/bif/tryg-indkvartering"
        #expect(
            entry.initiative
                == Initiative(
                    id: id, policy: "lgbti", owner: "BIF", involved: ["ØKF"], kind: .marked, mandate: .proposed,
                    proposedTo: "BIU", proposal: LocalizedText(da: "En del", en: "A part"),
                    title: LocalizedText(da: "Tryg indkvartering", en: "Safe accommodation"), titleBasis: .printed,
                    purpose: LocalizedText(da: "Vores ord", en: "Our words"), section: "Flygtninge med LGBTI+ baggrund",
                    goals: ["lgbti/maal"], targetGroups: ["flygtninge"], partners: ["LGBT Danmark"],
                    places: ["Valby"], themes: ["bolig"],
                    period: Period(from: PartialDate("2018"), until: PartialDate("2018")),
                    figures: [
                        Figure(
                            what: LocalizedText(da: "medarbejdere", en: "employees"), value: DecimalText(2000),
                            qualifier: "ca.", measure: "medarbejdere",
                            period: Period(from: PartialDate("2018"), until: PartialDate("2018")),
                            printed: "ca. 2.000 medarbejdere", source: source("651"))
                    ],
                    links: [
                        Link(
                            from: id, to: "lgbti/okf/andet", kind: .refersTo, state: .stated,
                            evidence: LocalizedText(da: "Teksten siger det"), source: source("186-188"))
                    ],
                    source: source("173-177", "186-188")))
        #expect(
            entry.funding == [
                Funding(
                    initiative: id, state: .requiresSeparateFunding, from: PartialDate("2019"),
                    until: PartialDate("2019-12"), printed: "forudsætter særskilt finansiering",
                    source: source("232-233"))
            ])
        #expect(
            entry.status
                == StatusReport(
                    about: id, followUp: "lgbti/opening", delivery: .completed, deliveryBasis: .derived,
                    done: LocalizedText(da: "Gjort", en: "Done"), printed: "har i 2018", source: source("243-245")))
        #expect(entry.sectionSource == source("169"))
        #expect(entry.place.line == 4)
        #expect(entry.place.file.hasSuffix("/Config/forvaltninger/BIF/lgbti.yaml"))
        #expect(
            entry.citations.map(\.kind) == [
                .section, .title, .partner, .place, .date, .date, .figure, .date, .funding, .date, .date, .status,
                .responsibility, .responsibility,
                .responsibility,
            ])
        #expect(entry.citations.map(\.place.line) == [11, 9, 17, 18, 21, 21, 28, 27, 36, 34, 35, 42, 4, 20, 7])
        #expect(entry.citations.compactMap(\.named) == ["BIF", "ØKF", "BIU"])
    }

    @Test("`no`, `on`, `2019` and `1.0` are texts; money not mentioned is no remark at the initiative's own lines")
    func scalarsAreText() throws {
        let sample = try TemporaryConfiguration()
        let city = try sample.configuration.city()
        let node = try sample.configuration.node(#require(city.forvaltning("BIF")), in: city)
        let entry = try #require(node.entries.last)
        #expect(entry.initiative.title == LocalizedText(da: "no"))
        #expect(entry.initiative.section == "1.0")
        #expect(entry.initiative.purpose == LocalizedText(da: "2019", en: "on"))
        let noRemark = Funding(initiative: "lgbti/bif/uden-penge", state: .noRemark, source: source("301"))
        #expect(entry.funding == [noRemark])
        #expect(entry.status == nil)
        #expect(entry.citations.map(\.kind) == [.section, .responsibility])
    }

    @Test("a policy is read with goals, follow-ups, figures and the initiatives of bodies")
    func policy() throws {
        let sample = try TemporaryConfiguration()
        let catalogue = try sample.configuration.policy("lgbti", in: sample.configuration.city())
        let policy = catalogue.policy
        #expect(policy.coordinator == "ØKF")
        #expect(policy.period == Period(until: PartialDate("2023-12-31")))
        #expect(policy.bodies == ["ØU", "BR"])
        #expect(policy.source == source("1-1157"))
        #expect(policy.goals.map(\.id) == ["lgbti/vision", "lgbti/maal"])
        #expect(
            policy.goals.last
                == Goal(
                    id: "lgbti/maal", kind: .goal, parent: "lgbti/vision", title: LocalizedText(da: "Målet"),
                    bodies: ["BIU"], forvaltningerBasis: .notNamedInSource, source: source("76")))
        #expect(
            policy.followUps.last
                == FollowUp(
                    id: "lgbti/2019", kind: .annual, title: LocalizedText(da: "Status 2019", en: "Status 2019"),
                    opens: PartialDate("2019-12").map { DatedFact(date: $0, basis: .derived) },
                    due: PartialDate("2019-12-31").map { DatedFact(date: $0, basis: .derived) },
                    recurrence: LocalizedText(da: "Hvert år"), owedBy: ["BIF"], owedByBasis: .derived, goesTo: ["ØU"],
                    isPublic: true, consulted: [LocalizedText(da: "Organisationer")], condition: .open,
                    note: LocalizedText(da: "Udledt"), source: source("1131-1139")))
        #expect(policy.figures.map(\.value) == [DecimalText(45000)])
        #expect(catalogue.entries.map(\.initiative.id) == ["lgbti/borgerraadgiveren/raadgivning"])
        #expect(catalogue.entries.map(\.initiative.owner) == ["borgerraadgiveren"])
        #expect(
            catalogue.citations.filter { $0.named == nil }.map(\.kind) == [.date, .figure, .title, .title, .section])
        #expect(
            catalogue.citations.compactMap(\.named)
                == ["BIF", "ØKF", "BIU", "ØU", "ØKF", "ØU", "BR", "borgerraadgiveren"])
    }

    @Test("a forvaltning's folder may be empty")
    func emptyFolder() throws {
        let sample = try TemporaryConfiguration()
        let city = try sample.configuration.city()
        #expect(try sample.configuration.node(#require(city.forvaltning("ØKF")), in: city).entries.isEmpty)
    }

    @Test("several expired and required grants stand side by side")
    func severalFundings() throws {
        let more = """
                  - {state: expired, until: 2018-12-31, printed: ophørte, lines: 234}
                  - {state: requires_separate_funding, from: 2020, printed: forudsætter, lines: 235}
                status:
            """
        let text = Sample.node.replacing("    status:", with: more)
        let sample = try TemporaryConfiguration(["forvaltninger/BIF/lgbti.yaml": text])
        let city = try sample.configuration.city()
        let entries = try sample.configuration.node(#require(city.forvaltning("BIF")), in: city).entries
        #expect(entries[0].funding.map(\.state) == [.requiresSeparateFunding, .expired, .requiresSeparateFunding])
    }
}
