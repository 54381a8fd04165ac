import Foundation
import PolicyModel
import Testing

/// Two forvaltninger with nodes, one outside body without.
let city = City(
    name: LocalizedText(da: "Byen"), suppressionThreshold: 5,
    forvaltninger: [
        Forvaltning(code: "ØKF", key: "OKF", name: LocalizedText(da: "Økonomi"), committee: "ØU"),
        Forvaltning(code: "BIF", key: "BIF", name: LocalizedText(da: "Beskæftigelse"), committee: "BIU"),
    ],
    bodies: [Body(id: "borgerraadgiveren", kind: .outsideBody, name: LocalizedText(da: "Borgerrådgiveren"))],
    documents: [], targetGroups: [], policies: ["lgbti", "handicap"])

let source = Source(document: "a.txt", lines: [LineRange(first: 1, last: 2)].compactMap(\.self))

func makeInitiative(_ id: String, owner: String, policy: String = "lgbti") -> Initiative {
    Initiative(
        id: id, policy: policy, owner: owner, kind: .marked, mandate: .decided, title: LocalizedText(da: "Titel"),
        titleBasis: .printed, purpose: LocalizedText(da: "Formål"), section: "Afsnit", source: source)
}

func makePolicy() -> Policy {
    Policy(
        id: "lgbti", title: LocalizedText(da: "Politik"), period: Period(), coordinator: "ØKF",
        coordinatorBasis: .printed, bodies: [],
        goals: [
            Goal(
                id: "lgbti/vision", kind: .vision, title: LocalizedText(da: "V"), forvaltningerBasis: .printed,
                source: source),
            Goal(
                id: "lgbti/maal", kind: .goal, parent: "lgbti/vision", title: LocalizedText(da: "M"),
                forvaltningerBasis: .printed, source: source),
        ],
        followUps: [
            FollowUp(
                id: "lgbti/opening", kind: .opening, title: LocalizedText(da: "Åbning"), owedByBasis: .printed,
                source: source)
        ], source: source)
}

@Suite("Records")
struct RecordTests {
    /// A change of something sound, and the rule it breaks.
    struct Change<Subject>: Sendable, CustomTestStringConvertible {
        let rule: String
        let apply: @Sendable (inout Subject) -> Void
        var testDescription: String { rule }
    }

    @Test("sound records break no rule")
    func sound() {
        #expect(makePolicy().violation == nil)
        #expect(makeInitiative("lgbti/bif/x", owner: "BIF").violation == nil)
        #expect(Funding(initiative: "lgbti/bif/x", state: .noRemark).violation == nil)
        #expect(StatusReport(about: "lgbti/maal", followUp: "lgbti/2019", delivery: .onTrack).violation == nil)
    }

    @Test(
        "a policy's own rules",
        arguments: [
            Change<Policy>(rule: "policy.id") { $0.id = "LGBTI+" },
            Change<Policy>(rule: "goal.duplicate") { $0.goals.append($0.goals[0]) },
            Change<Policy>(rule: "goal.parent") { $0.goals[1].parent = "lgbti/andet" },
            Change<Policy>(rule: "follow_up.duplicate") { $0.followUps.append($0.followUps[0]) },
            Change<Policy>(rule: "follow_up.opening") { $0.followUps[0].id = "lgbti/2019" },
        ])
    func policies(change: Change<Policy>) {
        var policy = makePolicy()
        change.apply(&policy)
        #expect(policy.violation?.rule == change.rule)
    }

    @Test(
        "an initiative's own rules",
        arguments: [
            Change<Initiative>(rule: "initiative.id") { $0.id = "lgbti/bif" },
            Change<Initiative>(rule: "initiative.id") { $0.policy = "handicap" },
            Change<Initiative>(rule: "initiative.mandate") { $0.mandate = .proposed },
            Change<Initiative>(rule: "initiative.mandate") { $0.proposedTo = "BIU" },
            Change<Initiative>(rule: "initiative.title") { $0.title.da = "" },
        ])
    func initiatives(change: Change<Initiative>) {
        var initiative = makeInitiative("lgbti/bif/x", owner: "BIF")
        change.apply(&initiative)
        #expect(initiative.violation?.rule == change.rule)
    }

    @Test("money is not negative, and is given once for a year")
    func budgets() {
        func rule(_ budgets: [Budget]) -> String? {
            Funding(initiative: "lgbti/bif/x", state: .funded, budgets: budgets).violation?.rule
        }
        #expect(rule([Budget(year: 2020, plannedDKK: DecimalText("0")), Budget(year: 2021)]) == nil)
        #expect(rule([Budget(year: 2020, plannedDKK: DecimalText("-7"))]) == "funding.amount")
        #expect(rule([Budget(year: 2020, usedDKK: DecimalText("-0.5"))]) == "funding.amount")
        #expect(rule([Budget(year: 2020), Budget(year: 2020)]) == "funding.year")
    }

    @Test(
        "funding's own rules",
        arguments: [
            ("lgbti/bif/x", "2019", "2018", "funding.period"), ("lgbti/bif/x", "2019-06", "2019", nil),
            ("lgbti/bif/x", "2019-12-31", "2019", nil), ("lgbti/bif/x", "2020-01-01", "2019", "funding.period"),
            ("lgbti/bif", "2019", "2019", "funding.initiative"),
        ] as [(String, String, String, String?)])
    func funding(initiative: String, from: String, until: String, rule: String?) {
        let funding = Funding(
            initiative: initiative, state: .funded, from: PartialDate(from), until: PartialDate(until))
        #expect(funding.violation?.rule == rule)
    }

    @Test(
        "a status's own rules",
        arguments: [
            ("lgbti/bif/x", "lgbti/2019", nil), ("lgbti/maal", "lgbti/opening", nil),
            ("lgbti", "lgbti/2019", "status.about"), ("", "lgbti/2019", "status.about"),
            ("lgbti/bif/x", "handicap/2019", "status.follow_up"), ("lgbti/bif/x", "lgbti/", "status.follow_up"),
            ("lgbti/bif/x", "lgbti", "status.follow_up"),
        ] as [(String, String, String?)])
    func statuses(about: String, followUp: String, rule: String?) {
        #expect(StatusReport(about: about, followUp: followUp, delivery: .onTrack).violation?.rule == rule)
    }

    @Test("a hand-in names a follow-up and at least one record")
    func handIns() {
        let name = RecordName(publisher: "BIF", log: "0", seq: 1)
        func rule(_ followUp: String, _ records: [RecordName]) -> String? {
            HandIn(followUp: followUp, forvaltning: "BIF", records: records).violation?.rule
        }
        #expect(rule("lgbti/2019", [name]) == nil)
        #expect(rule("lgbti/2019", []) == "handin.empty")
        #expect(rule("lgbti", [name]) == "handin.follow_up")
        #expect(rule("lgbti/2019/x", [name]) == "handin.follow_up")
    }

    @Test(
        "what has a node is its node's to say, and what has none the policy plugin's",
        arguments: [
            ("lgbti/bif/x", "BIF", "BIF", Role.node, nil),
            ("lgbti/okf/x", "ØKF", "ØKF", .node, nil),
            ("lgbti/okf/x", "ØKF", "BIF", .node, "owner"),
            ("lgbti/bif/x", "BIF", "ØKF", .node, "owner"),
            ("lgbti/bif/x", "BIF", "lgbti", .policy, "owner"),
            ("lgbti/borgerraadgiveren/x", "borgerraadgiveren", "lgbti", .policy, nil),
            ("lgbti/borgerraadgiveren/x", "borgerraadgiveren", "handicap", .policy, "owner"),
            ("lgbti/borgerraadgiveren/x", "borgerraadgiveren", "BIF", .node, "owner"),
            ("lgbti/bif/x", "BIF", "BIF", .coordinator, "owner"),
            ("lgbti/bif/x", "BIF", "BIF", .broker, "owner"),
            ("lgbti/okf/x", "BIF", "BIF", .node, "initiative.id"),
            ("lgbti/bif/x", "ØKF", "BIF", .node, "initiative.id"),
            ("lgbti/bif/x", "borgerraadgiveren", "BIF", .node, "initiative.id"),
            ("lgbti/bif/x", "nobody", "BIF", .node, "initiative.id"),
        ] as [(String, String, String, Role, String?)])
    func owners(id: String, owner: String, publisher: String, role: Role, rule: String?) {
        let initiative = makeInitiative(id, owner: owner)
        #expect(initiative.ownerViolation(publisher: publisher, role: role, city: city)?.rule == rule)
        // Money and status carry no owner but the id's.
        guard rule != "initiative.id" else { return }
        let funding = Funding(initiative: id, state: .funded)
        #expect(funding.ownerViolation(publisher: publisher, role: role, city: city)?.rule == rule)
        let status = StatusReport(about: id, followUp: "lgbti/2019", delivery: .onTrack)
        #expect(status.ownerViolation(publisher: publisher, role: role, city: city)?.rule == rule)
    }

    @Test("a policy is its own plugin's, a goal's status anyone's who owes input, a hand-in the forvaltning's own")
    func otherOwners() {
        #expect(makePolicy().ownerViolation(publisher: "lgbti", role: .policy, city: city) == nil)
        let foreign = makePolicy().ownerViolation(publisher: "handicap", role: .policy, city: city)
        #expect(foreign?.rule == "policy.owner")
        let goal = StatusReport(about: "lgbti/maal", followUp: "lgbti/2019", delivery: .onTrack)
        #expect(goal.ownerViolation(publisher: "BIF", role: .node, city: city) == nil)
        let handIn = HandIn(followUp: "lgbti/2019", forvaltning: "BIF", records: [])
        #expect(handIn.ownerViolation(publisher: "BIF", role: .node, city: city) == nil)
        #expect(handIn.ownerViolation(publisher: "ØKF", role: .node, city: city)?.rule == "handin.owner")
    }

    @Test("an initiative without places and themes is the bytes it was before they were known, and is read from them")
    func placesAndThemes() throws {
        let plain = makeInitiative("lgbti/bif/x", owner: "BIF")
        let bytes = try JSONEncoder().encode(plain)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("places"))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("themes"))
        #expect(try JSONDecoder().decode(Initiative.self, from: Data(bytes)) == plain)
        var rich = plain
        (rich.places, rich.themes) = (["Tingbjerg"], ["bolig"])
        #expect(try JSONDecoder().decode(Initiative.self, from: Data(JSONEncoder().encode(rich))) == rich)
    }

    @Test("a city without themes and measures is the bytes it was before they were known")
    func themesOfCity() throws {
        let text = String(decoding: try JSONEncoder().encode(city), as: UTF8.self)
        #expect(!text.contains("themes") && !text.contains("measures") && !text.contains("dimensions"))
        var rich = city
        rich.themes = [Theme(id: "bolig", name: LocalizedText(da: "Bolig"))]
        rich.measures = [
            SharedMeasure(id: "m", name: LocalizedText(da: "M"), population: LocalizedText(da: "Alle"))
        ]
        #expect(try JSONDecoder().decode(City.self, from: Data(JSONEncoder().encode(rich))) == rich)
    }

    @Test("identities and policies stand in the envelope as the body has them")
    func identities() {
        let funding = Funding(initiative: "lgbti/bif/x", state: .expired, from: PartialDate("2018"))
        #expect(funding.identity == "lgbti/bif/x|expired|2018")
        #expect(funding.policyID == "lgbti")
        #expect(Funding(initiative: "lgbti/bif/x", state: .noRemark).identity == "lgbti/bif/x|no_remark|")
        let status = StatusReport(about: "lgbti/bif/x", followUp: "lgbti/2019", delivery: .onTrack)
        #expect(status.identity == "lgbti/bif/x|lgbti/2019")
        #expect(status.policyID == "lgbti")
        let handIn = HandIn(followUp: "lgbti/2019", forvaltning: "BIF", records: [])
        #expect(handIn.identity == "lgbti/2019|BIF")
        #expect(makeInitiative("lgbti/bif/x", owner: "BIF").policyID == "lgbti")
        #expect(makePolicy().openingID == "lgbti/opening")
        #expect(city.policyID == nil)
    }

    @Test("a forvaltning is found by code or key in any case, a name by either")
    func cityNames() {
        for text in ["ØKF", "økf", "OKF", "okf"] { #expect(city.forvaltning(text)?.code == "ØKF") }
        #expect(city.forvaltning("KF") == nil)
        #expect(city.slug(of: "ØKF") == "okf")
        #expect(city.slug(of: "borgerraadgiveren") == "borgerraadgiveren")
        #expect(city.slug(of: "nobody") == nil)
        #expect(city.name(of: "BIF").da == "Beskæftigelse")
        #expect(city.name(of: "borgerraadgiveren").da == "Borgerrådgiveren")
        #expect(city.name(of: "nobody").da == "nobody")
        #expect(Body(id: "ØU", kind: .committee, name: LocalizedText(da: "ØU")).slug == "ou")
    }
}
