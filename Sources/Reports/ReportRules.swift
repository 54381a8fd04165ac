internal import Coordinator
internal import PolicyModel

/// The rules by which a report judges and chooses. Their words stand in the report itself (`Words.deliveryRule` and the
/// rules under results and deviations): change both together.
enum ReportRules {
    /// An initiative with what counts about it at the follow-up.
    ///
    /// A class: there are thousands, they go from list to list, and are large.
    final class Case: Sendable {
        let initiative: Initiative
        let funding: FundingView.Row
        let status: LedgerStatus?

        init(initiative: Initiative, funding: FundingView.Row, status: LedgerStatus?) {
            (self.initiative, self.funding, self.status) = (initiative, funding, status)
        }

        var delivery: StatusReport.Delivery? { status?.version.body.delivery }
    }

    /// How delivery goes as a whole.
    ///
    /// Grey where fewer than half of the initiatives have a status: a judgement on the rest would be a guess. Otherwise by the
    /// share of statuses that are completed, in operation or on track: green from 80 % (with none stopped), yellow from 50 %, red below.
    static func delivery(_ deliveries: [StatusReport.Delivery], of initiatives: Int) -> Light {
        guard !deliveries.isEmpty, deliveries.count * 2 >= initiatives else { return .grey }
        let light = share(deliveries.filter(isGood).count, of: deliveries.count)
        return light == .green && deliveries.contains(.stopped) ? .yellow : light
    }

    /// How attainment goes as a whole, from what the policy's plugin judged of each goal.
    ///
    /// Grey where fewer than half of the goals could be judged. Otherwise by the share of them that are reached, ahead or on
    /// course: green from 80 %, yellow from 50 %, red below.
    static func attainment(_ judgements: [Attainment.Judgement]) -> Light {
        let lights = judgements.map(light).filter { $0 != .grey }
        guard !lights.isEmpty, lights.count * 2 >= judgements.count else { return .grey }
        return share(lights.count { $0 == .green }, of: lights.count)
    }

    private static func share(_ good: Int, of all: Int) -> Light {
        if good * 100 >= all * 80 { return .green }
        return good * 2 >= all ? .yellow : .red
    }

    /// The colour of one judgement.
    static func light(_ judgement: Attainment.Judgement) -> Light {
        switch judgement {
        case .ahead, .onCourse, .reached: .green
        case .behind: .red
        case .noData, .cannotBeJudged: .grey
        }
    }

    static func isGood(_ delivery: StatusReport.Delivery) -> Bool {
        switch delivery {
        case .completed, .ongoingOperation, .onTrack: true
        case .notStarted, .awaitingDecision, .awaitingFunding, .delayed, .paused, .stopped: false
        }
    }

    /// At most three results: completed, then in operation, then on track; marked initiatives before others; one of each
    /// owner while there are enough; then in the order of the source.
    static func results(_ cases: [Case], spread: (Case) -> String = \.initiative.owner) -> [Case] {
        let order: [StatusReport.Delivery] = [.completed, .ongoingOperation, .onTrack]
        return pick(cases, spread) { item in item.delivery.flatMap { order.firstIndex(of: $0) } }
    }

    /// At most three deviations: stopped, delayed or paused, then funding expired, then awaiting funding, then awaiting
    /// decision, then requiring separate funding; otherwise as `results`.
    static func deviations(_ cases: [Case], spread: (Case) -> String = \.initiative.owner) -> [Case] {
        pick(cases, spread) { item in
            switch item.delivery {
            case .stopped, .delayed, .paused: return 0
            default: break
            }
            if item.funding.expired { return 1 }
            if item.delivery == .awaitingFunding { return 2 }
            if item.delivery == .awaitingDecision { return 3 }
            return item.funding.requiresSeparateFunding ? 4 : nil
        }
    }

    /// `cases` are in the order of the source, and the sort keeps it among equals; one of each `spread` while there are enough.
    private static func pick(_ cases: [Case], _ spread: (Case) -> String, by rank: (Case) -> Int?) -> [Case] {
        // Places and no cases: thousands of them are ranked, and three are shown.
        let ranked = cases.indices.compactMap { index in
            rank(cases[index]).map { (rank: $0, marked: cases[index].initiative.kind == .marked ? 0 : 1, index: index) }
        }.sorted { $0 < $1 }
        var seen: Set<String> = []
        var chosen: [Int] = []
        var rest: [Int] = []
        for (_, _, index) in ranked where chosen.count < 3 {
            if seen.insert(spread(cases[index])).inserted {
                chosen.append(index)
            } else if rest.count < 3 {
                rest.append(index)
            }
        }
        return (chosen + rest).prefix(3).map { cases[$0] }
    }
}
