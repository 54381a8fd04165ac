internal import Coordinator
internal import PolicyModel

/// What goes into the open data: what is from a document, and what a forvaltning has approved; or with `all` whatever was said.
///
/// Of each thing the newest version that qualifies. A part of a figure (a breakdown) goes with the whole of its period, which is
/// what a follow-up asks for and an approval names. Definitions, targets and the coordinator's own words need no approval.
struct DataSelection {
    /// One fact, with how far it has come.
    struct Fact<Body: RecordBody> {
        let version: LedgerVersion<Body>
        let standing: LedgerStanding
        /// Nil for what a document says, and for what nobody handed in.
        let stage: Collecting.Stage?
        /// Whether a newer version stands in the ledger, or an earlier one was approved and this one is not.
        let changedSinceApproval: Bool

        var body: Body { version.body }
    }

    let state: LedgerState
    let all: Bool
    let statuses: [Fact<StatusReport>]
    let readings: [Fact<Reading>]
    let milestones: [Fact<Milestone>]
    let assessments: [LedgerVersion<Assessment>]
    /// How many facts are left out, by table: what is said and neither from a document nor approved.
    let leftOut: [(table: String, count: Int)]
    /// Facts whose newest version was redacted, by table: nothing stands for them.
    let redacted: [(table: String, records: [LedgerRedacted])]
    private let money: [String: [Fact<Funding>]]

    init(_ state: LedgerState, all: Bool) {
        (self.state, self.all) = (state, all)
        let gate = Gate(state: state, all: all)
        statuses = gate.statuses
        readings = gate.readings
        milestones = state.milestones.histories.sorted { $0.identity < $1.identity }
            .compactMap { gate.fact($0) { _ in .handedIn } }
        var money: [String: [Fact<Funding>]] = [:]
        var said = 0
        for id in state.initiatives.identities {
            let speaker = state.fundingFacts(of: id).first?.version.name.publisher
            let histories = state.funding(of: id).filter { $0.publisher == speaker }
            said += histories.count
            let facts = histories.compactMap { gate.fact($0, standing: state.standing(of:)) }
            if !facts.isEmpty { money[id] = facts }
        }
        self.money = money
        let own = state.assessments.histories.filter { $0.publisher == $0.current.body.policyID }
            .sorted { $0.identity < $1.identity }.map(\.current)
        // A judgement tells the figures it rests on.
        let told = Set(readings.map(\.version.name))
        assessments = own.filter { judged in
            all || judged.body.measures.allSatisfy { $0.reading.map(told.contains) ?? true }
        }
        leftOut = [
            ("statuses", gate.saidStatuses - statuses.count), ("readings", gate.saidReadings - readings.count),
            ("funding", said - money.values.reduce(0) { $0 + $1.count }),
            ("milestones", state.milestones.histories.count - milestones.count),
            ("assessments", own.count - assessments.count),
        ].filter { $0.1 > 0 }
        redacted = [
            ("statuses", Self.silenced(state.statuses)), ("readings", Self.silenced(state.readings)),
            ("funding", Self.silenced(state.funding)), ("milestones", Self.silenced(state.milestones)),
            ("decisions", Self.silenced(state.decisions)), ("contributions", Self.silenced(state.contributions)),
        ].filter { !$0.1.isEmpty }
    }

    /// Those of `table` that nothing of the same identity stands for.
    private static func silenced<Body>(_ table: LedgerTable<Body>) -> [LedgerRedacted] {
        table.silenced.sorted { $0.position < $1.position }
    }

    func funding(of initiative: String) -> [Fact<Funding>] { money[initiative] ?? [] }

    /// The state of an initiative's money, by what goes out of it.
    func fundingRow(of initiative: Initiative, on day: Day) -> FundingView.Row {
        let facts = funding(of: initiative.id).map { fact in
            LedgerFunding(
                version: fact.version, standing: fact.standing, stage: fact.stage,
                changedSinceApproval: fact.changedSinceApproval)
        }
        return state.fundingRow(of: initiative, facts: facts, on: day)
    }
}

/// Decides what goes out.
private struct Gate {
    let state: LedgerState
    let all: Bool

    /// What goes out of a history; nil where nothing does.
    func fact<Body>(
        _ history: LedgerHistory<Body>, standing: (LedgerVersion<Body>) -> LedgerStanding
    ) -> DataSelection.Fact<Body>? {
        let chosen =
            all
            ? history.versions.last { standing($0) != .notHandedIn } ?? history.current
            : history.versions.last { standing($0) == .document || isApproved($0.name) }
        return chosen.map { fact($0, history, standing($0)) }
    }

    func fact<Body>(
        _ version: LedgerVersion<Body>, _ history: LedgerHistory<Body>, _ standing: LedgerStanding
    ) -> DataSelection.Fact<Body> {
        let stage = standing == .handedIn ? state.collecting.mark(of: version.name)?.stage ?? .handedIn : nil
        let approved = isApproved(version.name)
        let changed =
            approved
            ? history.current.name != version.name
            : history.versions.contains {
                $0.position < version.position && state.collecting.wasApproved($0.name)
            }
        return DataSelection.Fact(version: version, standing: standing, stage: stage, changedSinceApproval: changed)
    }

    func isApproved(_ record: RecordName) -> Bool {
        switch state.collecting.mark(of: record)?.stage {
        case .approved, .accepted: true
        case .handedIn, .returned, nil: false
        }
    }

    // MARK: Statuses

    private var statusHistories: [LedgerHistory<StatusReport>] {
        state.statuses.histories.sorted {
            let (a, b) = ($0.current.body, $1.current.body)
            return (a.about, a.followUp, $0.publisher) < (b.about, b.followUp, $1.publisher)
        }
    }

    var statuses: [DataSelection.Fact<StatusReport>] {
        statusHistories.compactMap { fact($0, standing: state.standing(of:)) }
    }

    var saidStatuses: Int { state.statuses.histories.count }

    // MARK: Readings

    /// What those who report a measure have said; with `all`, what others said too. By subject, period, breakdown.
    private var readingHistories: [LedgerHistory<Reading>] {
        var reportersOf: [String: [String]] = [:]
        return state.readings.histories.filter { history in
            let about = history.current.body.about
            let reporters = reportersOf[about] ?? state.reporters(of: about) ?? []
            reportersOf[about] = reporters
            return all || reporters.contains(history.publisher)
        }.sorted { ($0.identity, $0.publisher) < ($1.identity, $1.publisher) }
    }

    var saidReadings: Int { readingHistories.count }

    var readings: [DataSelection.Fact<Reading>] {
        let histories = readingHistories
        guard !all else { return histories.compactMap { fact($0) { _ in .handedIn } } }
        struct Whole: Hashable { let about: String, publisher: String, period: Period }
        var wholes: Set<Whole> = []
        func whole(_ history: LedgerHistory<Reading>) -> Whole {
            Whole(about: history.current.body.about, publisher: history.publisher, period: history.current.body.period)
        }
        for history in histories where history.current.body.breakdown == nil {
            if history.versions.contains(where: { isApproved($0.name) }) { wholes.insert(whole(history)) }
        }
        return histories.compactMap { history in
            if let approved = fact(history, standing: { _ in .handedIn }) { return approved }
            guard history.current.body.breakdown != nil, wholes.contains(whole(history)),
                state.collecting.mark(of: history.current.name)?.stage != .returned
            else { return nil }
            return fact(history.current, history, .handedIn)
        }
    }
}
