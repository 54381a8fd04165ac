public import Coordinator
public import PolicyModel

extension ReportModel {
    /// The report on a policy.
    ///
    /// - Parameters:
    ///   - followUp: an id such as `lgbti/2019`; the policy's opening when nil.
    ///   - day: what deadlines and money are held against; the day of the last receipt when nil.
    ///   - program: name and version of the program, as it is to stand in the report.
    /// - Throws: a `ReportError` that names what there is instead.
    public init(
        _ state: LedgerState, policy id: String, followUp: String? = nil, on day: Day? = nil,
        language: Language = .danish,
        program: String
    ) throws(ReportError) {
        guard let lastDay = state.lastDay, let received = state.received else { throw .emptyLedger }
        guard let policy = state.policy(id)?.body else { throw .unknownPolicy(id, known: state.policies.identities) }
        let wanted = followUp ?? policy.openingID
        guard let chosen = policy.followUps.first(where: { $0.id == wanted }) else {
            throw .unknownFollowUp(wanted, policy: id, known: policy.followUps.map(\.id))
        }
        let builder = ReportBuilder(
            state: state, policy: policy, followUp: chosen, day: day ?? lastDay,
            say: Wording(language: language, city: state.city))
        self = builder.report(program: program, received: received)
    }
}

/// Builds one report. The parts are made by extensions of it, in the order in which they stand.
///
/// An object: it holds a whole ledger's state, and is handed on for each initiative and goal.
final class ReportBuilder {
    let state: LedgerState
    let policy: Policy
    let followUp: FollowUp
    let day: Day
    let say: Wording
    let cases: [ReportRules.Case]
    let totals: FundingView
    let isOpening: Bool
    /// Readings of periods that end later are not in the report.
    let lookedTo: Day
    let judgements: ReportJudgements
    let indicatorsOf: [String: [Indicator]]
    let annualTargetsOf: [String: [AnnualTarget]]
    /// Titles of indicators and annual targets.
    let titleOf: [String: LocalizedText]
    /// What every follow-up of the policy asks of every forvaltning, and how far that is.
    let due: PolicyDue
    /// What the report's own follow-up asks of its initiatives, by their ids.
    let asked: [String: DueList.Item]
    /// What is stated of the initiatives that have a status.
    let stated: [StatusReport.Delivery]
    /// As `countMeasures` says.
    private(set) var measureCounts: [ReportModel.Count] = []
    /// As `findMissing` says.
    private(set) var missing: [ReportModel.Missing] = []

    /// - Parameter assessedFor: in a report across policies, the follow-up whose assessment of a goal is shown, and readings are
    ///   shown up to the day; nil for what was assessed for, and read by the deadline of, the report's own.
    init(
        state: LedgerState, policy: Policy, followUp: FollowUp, day: Day, say: Wording,
        assessedFor: [String: String]? = nil
    ) {
        (self.state, self.policy, self.followUp, self.day, self.say) = (state, policy, followUp, day, say)
        isOpening = followUp.id == policy.openingID
        // As an assessment does: at a follow-up, what ends by its deadline; at the opening, all there is.
        lookedTo = isOpening || assessedFor != nil ? day : min(day, followUp.due?.date.lastDay ?? day)
        judgements = ReportJudgements(state, policy) { goal in
            assessedFor.map { $0[goal] } ?? followUp.id
        }
        indicatorsOf = Dictionary(grouping: policy.indicators, by: \.goal)
        annualTargetsOf = Dictionary(grouping: policy.annualTargets, by: \.initiative)
        titleOf = Dictionary(
            policy.indicators.map { ($0.id, $0.title) } + policy.annualTargets.map { ($0.id, $0.what) },
            uniquingKeysWith: { first, _ in first })
        let due = state.due(of: policy, on: day)
        self.due = due
        asked = Dictionary(
            due.entries.filter { $0.followUp == followUp.id }.flatMap { $0.items.map { ($0.about, $0) } },
            uniquingKeysWith: { first, _ in first })
        let view = state.fundingView(on: day, policies: [policy.id])
        totals = view
        cases = zip(state.initiatives(ofPolicy: policy.id), view.rows).map { version, row in
            ReportRules.Case(
                initiative: version.body, funding: row,
                status: state.status(ofInitiative: version.body.id, followUp: followUp.id))
        }
        stated = cases.compactMap(\.delivery)
        measureCounts = countMeasures()
        missing = findMissing()
    }

    func report(program: String, received: String) -> ReportModel {
        let missing = missing
        return ReportModel(
            language: say.language, synthetic: state.isSynthetic,
            title: say(Words.reportOn, say.shortName(policy.title)),
            asOf: ReportModel.AsOf(
                referenceDate: day.description, referenceDateText: say.date(day), position: state.position,
                root: state.root, received: received, receivedText: say.time(received), program: program),
            policy: ReportModel.PolicyPart(
                id: policy.id, title: say.phrase(policy.title),
                city: say.phrase(state.city?.name ?? LocalizedText(da: "")), period: say.period(policy.period),
                coordinator: party(policy.coordinator), coordinatorBasis: say(Words.name(policy.coordinatorBasis)),
                bodies: policy.bodies.map(party), source: source(policy.source)),
            followUp: part(followUp), front: front(missing), proposal: proposal(missing), problem: problem,
            answers: answers, solution: solution, economy: economy, process: process(missing), owners: owners,
            unheard: unheard(), changes: changes,
            contributions: contributions, decisions: say.decisions(state, of: policy.id, on: day),
            method: say.definitions + say.unassessedGroup(unassessed),
            sources: documents)
    }

    private var contributions: [ReportModel.ContributionPart]? {
        let found = say.contributions(state, of: policy, on: day)
        return found.isEmpty ? nil : found
    }

    // MARK: Small parts
    func party(_ id: String) -> ReportModel.Party { ReportModel.Party(id: id, name: say.name(id)) }

    func source(_ source: Source) -> ReportModel.SourcePart {
        ReportModel.SourcePart(text: say.source(source), reference: source.reference)
    }

    func figure(_ figure: Figure) -> ReportModel.FigurePart {
        ReportModel.FigurePart(
            what: say.phrase(figure.what), value: figure.value.description, valueText: say.number(figure.value),
            qualifier: figure.qualifier.map(say.danish), printed: say.danish(figure.printed),
            source: source(figure.source))
    }

    func reference(_ item: ReportRules.Case, note: Phrase? = nil, at place: Source? = nil)
        -> ReportModel.InitiativeReference
    {
        ReportModel.InitiativeReference(
            initiative: item.initiative.id, anchor: anchor(item.initiative.id),
            title: say.phrase(item.initiative.title),
            owner: party(item.initiative.owner), note: note, source: place.map(source))
    }

    /// The bodies that are asked: those the follow-up goes to, or else the policy's.
    var askedBodies: String {
        let bodies = followUp.goesTo.isEmpty ? policy.bodies : followUp.goesTo
        return say.list(bodies.map { say.name($0).text })
    }

    /// The initiatives with a counted status, by status in the order of the model.
    var statusCounts: [ReportModel.Count] {
        let stated = stated
        return StatusReport.Delivery.allCases.compactMap { delivery in
            let count = stated.filter { $0 == delivery }.count
            return count == 0
                ? nil
                : ReportModel.Count(code: delivery.rawValue, text: say(Words.name(delivery)), count: count)
        }
    }

    func stateCounts(_ totals: FundingView.Totals) -> [ReportModel.Count] {
        Funding.State.allCases.map {
            ReportModel.Count(code: $0.rawValue, text: say(Words.name($0)), count: totals[$0])
        }
    }
}

/// Where an initiative stands in the page: `i-lgbti-bif-tryg-indkvartering`.
func anchor(_ id: String) -> String {
    var text = "i-"
    for scalar in id.unicodeScalars {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": text.unicodeScalars.append(scalar)
        default: text.append("-")
        }
    }
    return text
}
