import Coordinator
import PolicyModel

/// Two made-up policies that meet: `p` with readings (`Read.policy`), and `q`, which carries out one of its goals, is for the same
/// people, and counts the same thing otherwise. BIF answers for both; ØKF was never heard.
enum Across {
    static var other: Policy {
        var policy = Sample.policy([Sample.followUp("q/opening", owedBy: [], kind: .opening)])
        policy.id = "q"
        policy.title = LocalizedText(da: "Anden plan", en: "Another plan")
        policy.period = Period(from: PartialDate("2020"), until: PartialDate("2021-12-31"))
        policy.coordinator = "BIF"
        policy.bodies = ["BIU"]
        policy.goals = [
            Goal(
                id: "q/maal", kind: .goal, title: LocalizedText(da: "Flere i job"), forvaltninger: ["BIF"],
                forvaltningerBasis: .printed, source: Measured.line(70))
        ]
        policy.followUps.append(Sample.followUp("q/2021", due: "2021-03-31", owedBy: ["BIF"], kind: .final))
        policy.links = [
            Link(
                from: "q", to: "p/job", kind: .implements, state: .stated,
                evidence: LocalizedText(da: "Planen skal nå målet.", en: "The plan is to reach the goal."),
                source: Measured.line(71))
        ]
        return policy
    }

    static func initiative(_ id: String, _ title: String, owner: String = "BIF", line: Int) -> Initiative {
        var initiative = Sample.initiative(id, owner: owner, title: title, line: line, goals: ["q/maal"])
        initiative.policy = "q"
        return initiative
    }

    static func ledger(synthetic: Bool = false) throws -> LedgerState {
        var maker = LedgerMaker()
        maker.synthetic = synthetic
        maker.received = "2021-02-01T08:00:00.000Z"
        var city = Sample.city
        city.policies = ["p", "q"]
        try maker.add("coordinator", city)
        try maker.add("p", Read.policy)
        try maker.add("q", other)
        try maker.add("BIF", Sample.initiative("p/bif/kursus", title: "Kursus i dansk", goals: ["p/job"]))
        try maker.add("BIF", Sample.status("p/bif/kursus"))
        try maker.add("BIF", initiative("q/bif/kursus", "Kursus i dansk", line: 72))
        try maker.add("q", initiative("q/biu/tilskud", "Tilskud & <støtte>", owner: "BIU", line: 75))
        try maker.add(
            "BIF",
            Funding(
                initiative: "q/bif/kursus", state: .funded, until: PartialDate("2021-06-30"),
                budgets: [Budget(year: 2020, plannedDKK: DecimalText(600_000), usedDKK: DecimalText(550_000))],
                printed: "til midten af 2021", source: Measured.line(73)))
        try maker.add(
            "BIF",
            Funding(
                initiative: "p/bif/kursus", state: .requiresSeparateFunding, printed: "kræver penge",
                source: Sample.source))
        var assessor = Assessor(policy: Read.policy, goals: ["p/bif/kursus": ["p/job"]])
        for reading in [Read.readings[1], Read.readings[2]] {
            let name = try maker.add("BIF", reading)
            assessor.add(NamedReading(name: name, position: maker.state.position, reading: reading))
        }
        let last = maker.state.position
        for assessment in assessor.assessments() { try maker.add("p", assessment) }
        try maker.add("p", Assessed(policy: "p", upTo: last))
        return maker.state
    }
}
