public import Coordinator
public import PolicyModel

/// Plays example years: who says what on which day, for demonstrations and tests.
///
/// Pure: the seed and what the policies ask for give the turns; a turn and the ledger as it then stands give the words. What is
/// due drives it: most answers come in time, some late, some never; some are returned, corrected or taken back. The same seed, the
/// same program and the same configuration give the same words. Every sentence says that it is an example; that every *record* is
/// marked as example data is the ledger's part.
///
/// Knows no city: another configuration plays as well.
public struct ExampleYears: Sendable {
    /// A seed under which everything happens that can, on the policies of the first city: whoever looks at one run sees it all.
    public static let defaultSeed: UInt64 = 4

    public let seed: UInt64
    /// The first and the last year played.
    public let from: Int
    public let until: Int
    /// In the order in which they are to be taken.
    public private(set) var turns: [ExampleTurn] = []

    let city: City
    let policies: [Policy]
    /// What each initiative with a node is and becomes.
    var courses: [String: InitiativeCourse] = [:]
    let figures: FigureCourse

    struct InitiativeCourse: Sendable {
        let initiative: Initiative
        let money: MoneyCourse
        let delivery: DeliveryCourse
    }

    /// When the last year's answers have been looked at: the end of March of the year after. Nothing is said later.
    public var lastDay: Day { Self.day(until + 1, 3, 31) }
    /// Before anything is said: when all is started, the clock stands here.
    public static func firstMoment(of year: Int) -> ExampleMoment {
        ExampleMoment(day: day(year, 1, 2), minute: 7 * 60)
    }

    /// For each year, the day on which it is looked back at.
    public var lookBacks: [(year: Int, day: Day)] { (from...until).map { ($0, Self.day($0 + 1, 2, 1)) } }

    /// - Parameters:
    ///   - state: The ledger once everybody has said what stands in the configuration, and nothing more.
    ///   - from, until: The first and the last year; `from` is not after `until`.
    /// - Returns: nil while nobody has published what the city is.
    public init?(seed: UInt64, from: Int, until: Int, _ state: LedgerState) {
        guard let city = state.city, from <= until else { return nil }
        self.seed = seed
        self.from = from
        self.until = until
        self.city = city
        policies = city.policies.compactMap { state.policy($0)?.body }
        figures = FigureCourse(seed: seed, city: city, from: from)
        for policy in policies {
            for initiative in state.initiatives(ofPolicy: policy.id).map(\.body) {
                guard city.forvaltninger.contains(where: { $0.code == initiative.owner }) else { continue }
                let money = MoneyCourse(
                    seed, initiative, state.fundingFacts(of: initiative.id).map(\.version.body), from: from,
                    until: until)
                let opening = state.status(ofInitiative: initiative.id, followUp: policy.openingID)
                courses[initiative.id] = InitiativeCourse(
                    initiative: initiative, money: money,
                    delivery: DeliveryCourse(
                        seed, initiative, opening: opening?.version.body.delivery, money,
                        Temperament(seed, initiative.owner), from: from, until: until))
            }
        }
        turns = agenda()
    }

    /// What is said in a turn, given the ledger as it stands then; nil where there is nothing to say: the answer that would be
    /// accepted never came.
    public func words(in turn: ExampleTurn, _ state: LedgerState) -> ExampleWords? {
        switch turn.speaker {
        case .node(let code):
            let entries = entries(turn, code, state)
            return entries.isEmpty ? nil : .entries(entries)
        case .coordinator: return word(turn, state).map { .word($0) }
        }
    }

    // MARK: What the parts share

    static func day(_ year: Int, _ month: Int, _ day: Int) -> Day {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        guard let day = Day("\(year)-\(two(month))-\(two(day))") else {
            preconditionFailure("\(year)-\(month)-\(day) is no day: a bug of the agenda")
        }
        return day
    }

    func policy(of followUp: String) -> Policy? {
        policies.first { $0.id == String(followUp.prefix { $0 != "/" }) }
    }

    func followUp(_ id: String) -> FollowUp? { policy(of: id)?.followUps.first { $0.id == id } }

    /// The pseudonym of somebody in a forvaltning: two or three who take turns.
    func person(_ code: String, _ dice: inout Dice) -> String {
        "eksempel-\(city.forvaltning(code)?.slug ?? "x")-\(dice.whole(1...3))"
    }
}
