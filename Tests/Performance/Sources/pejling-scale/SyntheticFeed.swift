import Ledger
import PolicyModel
import Wire

/// A city's feed made from a seed: every record is `synthetic`, chained and rooted as a broker would. The same counts and seed
/// give the same bytes.
struct SyntheticFeed {
    var policies = 20
    var initiatives = 10_000
    var indicators = 1_000
    private var random: SplitMix64
    private var heads: [String: ChainHead] = [:]
    private var root = Hash.zero
    private var pending: [DeliveredLine] = []
    private(set) var records: Int64 = 0
    private let replica: Replica

    private static let forvaltninger = (1...7).map { number in
        Forvaltning(
            code: "F\(number)", key: "F\(number)",
            name: LocalizedText(da: "Forvaltning \(number)", en: "Administration \(number)"), committee: "U\(number)")
    }
    private static let verbs = ["Styrke", "Udvikle", "Afprøve", "Udbrede", "Samle", "Evaluere", "Sikre", "Forny"]
    private static let things = [
        "rådgivning", "fritidstilbud", "kompetenceforløb", "samarbejde", "kampagne", "netværk", "screening",
        "partnerskab",
        "mentorordning", "bolig", "tilgængelighed", "undervisning", "brobygning", "vejledning",
    ]
    private static let whom = [
        "unge", "ældre", "nyankomne", "familier", "ledige", "studerende", "borgere med handicap", "frivillige",
        "ansatte",
    ]
    private static let source = Source(
        document: "synthetic.txt", lines: [LineRange(first: 1, last: 9)].compactMap(\.self))

    /// SplitMix64 (Steele, Lea, Flood 2014): enough for examples.
    struct SplitMix64: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    init(seed: UInt64, into replica: Replica) {
        random = SplitMix64(state: seed)
        self.replica = replica
    }

    private mutating func add(_ publisher: String, _ role: String, _ body: some RecordBody) throws -> RecordName {
        let line = try (heads[publisher] ?? .empty).next(
            publisher: publisher, log: String(repeating: "0", count: 32), at: "2023-12-01T08:00:00Z",
            by: Author(role: role), kind: type(of: body).kind, id: body.identity, policy: body.policyID,
            body: encodeBody(body), synthetic: true)
        heads[publisher, default: .empty].advance(over: line)
        records += 1
        let received = "2023-12-01T08:00:00.000Z"
        root = root.root(position: records, received: received, record: line.hash)
        pending.append(DeliveredLine(position: records, received: received, root: root, line: line))
        if pending.count == 1_000 { try flush() }
        return line.name
    }

    private mutating func flush() throws {
        try replica.store(pending, upTo: records)
        pending = []
    }

    private mutating func pick<T>(_ all: [T]) -> T { all[Int.random(in: 0..<all.count, using: &random)] }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    /// Writes the whole feed to the copy.
    mutating func write() throws {
        let bodies = Self.forvaltninger.map {
            Body(id: $0.committee, kind: .committee, name: LocalizedText(da: "Udvalg \($0.committee)"))
        }
        let groups = (1...30).map { TargetGroup(id: "gruppe-\($0)", name: LocalizedText(da: "Gruppe \($0)")) }
        let ids = (1...policies).map { "p\($0)" }
        _ = try add(
            "coordinator", "coordinator",
            City(
                name: LocalizedText(da: "Prøveby"), suppressionThreshold: 5, forvaltninger: Self.forvaltninger,
                bodies: bodies, documents: [], targetGroups: groups, policies: ids))
        for (index, id) in ids.enumerated() { try writePolicy(id, share(indicators, index), share(initiatives, index)) }
        try flush()
    }

    /// The part of `total` that falls to a policy.
    private func share(_ total: Int, _ index: Int) -> Int { total / policies + (index < total % policies ? 1 : 0) }

    private mutating func writePolicy(_ id: String, _ indicatorCount: Int, _ initiativeCount: Int) throws {
        let goals = (0..<max(1, indicatorCount / 5)).map { number in
            Goal(
                id: "\(id)/maal-\(number)", kind: .goal, title: LocalizedText(da: "Mål \(number) i \(id)"),
                forvaltninger: ["F\(number % 7 + 1)"], forvaltningerBasis: .derived, source: Self.source)
        }
        let indicators = (0..<indicatorCount).map { number in
            Indicator(
                id: "\(id)/indikator-\(number)", goal: goals[number % goals.count].id,
                title: LocalizedText(da: "Andel \(number)"), titleBasis: .derived, unit: .percent,
                population: LocalizedText(da: "Alle"), direction: number % 3 == 0 ? .down : .up,
                directionBasis: .derived,
                bodies: [], reporters: ["F\(number % 7 + 1)"], reportersBasis: .derived,
                baselines: [
                    Baseline(
                        value: .number(DecimalText(50)),
                        period: Period(from: PartialDate("2018"), until: PartialDate("2018")), printed: "50",
                        source: Self.source)
                ],
                target: Target(
                    kind: .percentagePoints, value: DecimalText(number % 3 == 0 ? "-5" : "5"), year: 2024, printed: "5",
                    source: Self.source), source: Self.source)
        }
        let due = PartialDate("2023-11").map { DatedFact(date: $0, basis: .derived) }
        let codes = Self.forvaltninger.map(\.code)
        let policy = Policy(
            id: id, title: LocalizedText(da: "Politik \(id)"),
            period: Period(from: PartialDate("2019"), until: PartialDate("2024")), coordinator: "F1",
            coordinatorBasis: .derived, bodies: ["U1"], goals: goals, indicators: indicators,
            followUps: [
                FollowUp(
                    id: "\(id)/opening", kind: .opening, title: LocalizedText(da: "Udgangspunkt"),
                    owedByBasis: .derived, source: Self.source),
                FollowUp(
                    id: "\(id)/2023", kind: .annual, title: LocalizedText(da: "Årlig status"), due: due, owedBy: codes,
                    owedByBasis: .derived, goesTo: ["U1"], isPublic: true, source: Self.source),
            ], source: Self.source)
        _ = try add(id, "policy", policy)
        var handedIn: [String: [RecordName]] = [:]
        for number in 0..<initiativeCount {
            let owner = pick(Self.forvaltninger)
            let initiative = Initiative(
                id: "\(id)/\(owner.slug)/initiativ-\(number)", policy: id, owner: owner.code, kind: .marked,
                mandate: .decided,
                title: LocalizedText(
                    da: "\(pick(Self.verbs)) \(pick(Self.things)) for \(pick(Self.whom)) \(number % 97)"),
                titleBasis: .derived, purpose: LocalizedText(da: "Opdigtet til måling."), section: "Afsnit",
                goals: [pick(goals).id], targetGroups: ["gruppe-\(Int.random(in: 1...30, using: &random))"],
                partners: chance(20) ? ["Forening \(Int.random(in: 1...400, using: &random))"] : [], source: Self.source
            )
            _ = try add(owner.code, "node", initiative)
            let state: Funding.State = pick([.funded, .withinBudget, .requiresSeparateFunding, .noRemark])
            _ = try add(
                owner.code, "node",
                Funding(
                    initiative: initiative.id, state: state,
                    until: state == .funded ? PartialDate("\(Int.random(in: 2022...2026, using: &random))") : nil,
                    budgets: state == .funded ? [Budget(year: 2023, plannedDKK: DecimalText(number * 1_000))] : []))
            guard chance(60) else { continue }
            let delivery = pick(StatusReport.Delivery.allCases)
            handedIn[owner.code, default: []].append(
                try add(
                    owner.code, "officer",
                    StatusReport(
                        about: initiative.id, followUp: "\(id)/2023", delivery: delivery,
                        done: LocalizedText(da: "Opdigtet status."),
                        deviation: delivery == .delayed ? LocalizedText(da: "Opdigtet afvigelse.") : nil)))
        }
        for (code, records) in handedIn.sorted(by: { $0.key < $1.key }) {
            // A hand-in names at most so many that its line stays within the limit.
            for start in stride(from: 0, to: records.count, by: 500) {
                let part = Array(records[start..<min(start + 500, records.count)])
                _ = try add(code, "officer", HandIn(followUp: "\(id)/2023", forvaltning: code, records: part))
            }
        }
        try measure(policy)
    }

    private mutating func measure(_ policy: Policy) throws {
        var assessor = Assessor(policy: policy)
        for indicator in policy.indicators {
            for year in [2021, 2022] {
                let date = PartialDate("\(year)")
                let value = Int.random(in: 40...60, using: &random)
                let reading = Reading(
                    about: indicator.id, unit: .percent, period: Period(from: date, until: date),
                    value: .number(DecimalText(value), denominator: DecimalText(5_000)))
                let name = try add(indicator.reporters[0], "officer", reading)
                assessor.add(NamedReading(name: name, position: records, reading: reading))
            }
        }
        let last = records
        for assessment in assessor.assessments() { _ = try add(policy.id, "policy", assessment) }
        _ = try add(policy.id, "policy", Assessed(policy: policy.id, upTo: last))
    }
}
