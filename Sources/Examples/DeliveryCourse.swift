import PolicyModel

/// How far an initiative has come, year by year: drawn from the seed, its owner's luck and its money.
struct DeliveryCourse {
    private var byYear: [Int: StatusReport.Delivery] = [:]
    private let first: StatusReport.Delivery

    /// - Parameter opening: what the document states; nil where it states nothing.
    init(
        _ seed: UInt64, _ initiative: Initiative, opening: StatusReport.Delivery?, _ money: MoneyCourse,
        _ temperament: Temperament, from: Int, until: Int
    ) {
        var current = opening ?? Self.beginning(initiative, money)
        first = current
        for year in from...until {
            guard let end = Day("\(year)-12-31") else { continue }
            var dice = Dice(seed, "delivery", initiative.id, "\(year)")
            current = Self.next(
                current, initiative, money, end: end, isFirst: year == from, temperament.luck, &dice)
            byYear[year] = current
        }
    }

    func delivery(in year: Int) -> StatusReport.Delivery { byYear[year] ?? first }

    private static func beginning(_ initiative: Initiative, _ money: MoneyCourse) -> StatusReport.Delivery {
        if initiative.mandate == .proposed || initiative.kind == .pool { return .awaitingDecision }
        if money.isRequired { return .awaitingFunding }
        return switch initiative.kind {
        case .runningEffort: .ongoingOperation
        case .survey: .notStarted
        default: .onTrack
        }
    }

    private static func next(
        _ now: StatusReport.Delivery, _ initiative: Initiative, _ money: MoneyCourse, end: Day, isFirst: Bool,
        _ luck: Int, _ dice: inout Dice
    ) -> StatusReport.Delivery {
        let isOver = initiative.period.until.map { $0.lastDay <= end } ?? false
        switch now {
        case .completed, .stopped: return now
        case .awaitingDecision: return dice.chance(40 + luck / 3) ? .onTrack : .awaitingDecision
        case .awaitingFunding:
            if money.isFound(on: end.adding(days: 1)) {
                return dice.weighted([(.onTrack, 55 + luck / 3), (.notStarted, 35)])
            }
            return dice.weighted([(.awaitingFunding, 85), (.paused, 8), (.onTrack, 7)])
        case .notStarted:
            if initiative.kind == .survey { return .completed }
            return dice.weighted([(.onTrack, 70), (.notStarted, 20), (.delayed, 10)])
        case .ongoingOperation:
            if money.hasEnded(by: end), dice.chance(50) { return dice.chance(60) ? .stopped : .paused }
            return dice.weighted([(.ongoingOperation, 60 + luck / 3), (.delayed, 8), (.paused, 4)])
        case .onTrack, .delayed, .paused:
            if isOver { return dice.chance(60 + luck / 3) ? .completed : .stopped }
            if money.hasEnded(by: end), dice.chance(45) { return .stopped }
            return switch now {
            case .onTrack:
                dice.weighted([
                    (.onTrack, 35 + luck / 3), (.delayed, 40 - luck / 3), (.completed, isFirst ? 0 : 14),
                    (.ongoingOperation, isFirst ? 0 : 10), (.paused, 3),
                ])
            case .delayed:
                dice.weighted([(.onTrack, 20 + luck / 2), (.delayed, 35), (.paused, 8), (.completed, 10)])
            default: dice.weighted([(.onTrack, 40), (.paused, 35), (.stopped, 15)])
            }
        }
    }
}
