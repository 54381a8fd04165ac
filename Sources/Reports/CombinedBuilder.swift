public import Coordinator
public import PolicyModel

extension CombinedReport {
    /// The report over every policy in the ledger.
    ///
    /// - Parameters:
    ///   - day: what deadlines and money are held against; the day of the last receipt when nil.
    ///   - program: name and version of the program, as it is to stand in the report.
    /// - Throws: a `ReportError` where there is nothing to report on.
    public init(
        _ state: LedgerState, on day: Day? = nil, language: Language = .danish, program: String
    ) throws(ReportError) {
        guard let lastDay = state.lastDay, let received = state.received else { throw .emptyLedger }
        guard !state.policies.histories.isEmpty else { throw .unknownPolicy("all", known: []) }
        let say = Wording(language: language, city: state.city)
        self = CombinedBuilder(state: state, day: day ?? lastDay, say: say).report(program: program, received: received)
    }
}

/// Builds the report over all policies from the builders of the reports on each, and from the views across them.
struct CombinedBuilder {
    /// How many items a list on the page has at most. All initiatives stand in the annexes whatever their number.
    enum Limit {
        static let changes = 12
        static let references = 60
        static let overlaps = 30
        static let links = 100
        static let contradictions = 60
        static let partners = 60
        static let calendar = 40
    }

    let state: LedgerState
    let day: Day
    let say: Wording
    /// In the city's order, then others by the alphabet.
    let builders: [ReportBuilder]
    private let builderOf: [String: ReportBuilder]
    let nameOf: [String: String]
    let goalIDs: Set<String>
    /// Of all policies, by policy.
    let cases: [ReportRules.Case]
    /// How many initiatives run on money that has expired.
    let expired: Int
    /// By policy.
    let due: [String: PolicyDue]
    let matrix: MatrixView
    // What takes long and needs nothing of the rest.
    let changesView: Beside<ChangesView>
    let overlaps: Beside<OverlapsView>
    private let contradictions: Beside<ContradictionsView>

    init(state: LedgerState, day: Day, say: Wording) {
        (self.state, self.day, self.say) = (state, day, say)
        let expected = state.city?.policies ?? []
        let known = state.policies.identities
        let ids = expected.filter(Set(known).contains) + known.filter { !expected.contains($0) }
        let reported = ids.compactMap { state.policy($0)?.body }.compactMap { policy in
            state.reportedFollowUp(of: policy, on: day).map { (policy: policy, followUp: $0) }
        }
        let reportedIDs = reported.map(\.policy.id)
        changesView = Beside { state.changesSinceLast(on: day, policies: reportedIDs) }
        overlaps = Beside { state.overlaps(on: day, limit: Limit.overlaps) }
        contradictions = Beside { state.contradictions(on: day) }
        let progress = state.progress(on: day, policies: ids)
        let shown = Dictionary(
            progress.goals.compactMap { goal in goal.assessment.map { (goal.id, $0.followUp) } },
            uniquingKeysWith: { first, _ in first })
        builders = reported.map {
            ReportBuilder(
                state: state, policy: $0.policy, followUp: $0.followUp, day: day, say: say, assessedFor: shown)
        }
        builderOf = Dictionary(builders.map { ($0.policy.id, $0) }, uniquingKeysWith: { first, _ in first })
        nameOf = Dictionary(
            builders.map { ($0.policy.id, say.shortName($0.policy.title)) }, uniquingKeysWith: { first, _ in first })
        cases = builders.flatMap(\.cases)
        expired = cases.count(where: \.funding.expired)
        goalIDs = Set(builders.flatMap { $0.policy.goals.map(\.id) })
        due = Dictionary(builders.map { ($0.policy.id, $0.due) }, uniquingKeysWith: { first, _ in first })
        matrix = state.matrix(on: day, known: due)
    }

    func report(program: String, received: String) -> CombinedReport {
        let missing = builders.flatMap { builder in
            builder.missing.map { item in
                var item = item
                item.followUpTitle.text = "\(name(builder.policy.id)): \(item.followUpTitle.text)"
                return item
            }
        }
        let unassessed = builders.flatMap(\.unassessed)
        let contradictions = contradictions.get()
        return CombinedReport(
            language: say.language, synthetic: state.isSynthetic,
            title: say(Words.combinedTitle, say.count(builders.count, Words.policyNoun)),
            city: say.phrase(state.city?.name ?? LocalizedText(da: "")),
            asOf: ReportModel.AsOf(
                referenceDate: day.description, referenceDateText: say.date(day), position: state.position,
                root: state.root, received: received, receivedText: say.time(received), program: program),
            policies: builders.map(policy), front: front(unassessed), changes: changes,
            proposal: proposal(contradictions), progress: builders.map(progress),
            solution: solution(contradictions), economy: economy, process: process(missing), owners: owners,
            unheard: unheard, decisions: decisions,
            method: say.definitions + [limits] + say.unassessedGroup(unassessed),
            sources: documents)
    }

    private func policy(_ builder: ReportBuilder) -> CombinedReport.PolicyPart {
        let policy = builder.policy
        return CombinedReport.PolicyPart(
            id: policy.id, title: say.phrase(policy.title), name: name(policy.id), period: say.period(policy.period),
            coordinator: builder.party(policy.coordinator), bodies: policy.bodies.map(builder.party),
            followUp: builder.followUp.id, followUpTitle: say.phrase(builder.followUp.title),
            report: report(on: builder), initiatives: builder.cases.count, delivery: builder.delivery,
            statuses: builder.statuses, attainment: builder.attainment, judgements: builder.judgementCounts,
            measures: builder.measureCounts)
    }

    func name(_ policy: String) -> String { nameOf[policy] ?? policy }

    func report(on builder: ReportBuilder) -> String { ReportModel.fileName(builder.followUp.id, say.language) }

    func builder(_ policy: String) -> ReportBuilder? { builderOf[policy] }

    func party(_ id: String) -> ReportModel.Party { ReportModel.Party(id: id, name: say.name(id)) }

    func source(_ source: Source) -> ReportModel.SourcePart {
        ReportModel.SourcePart(text: say.source(source), reference: source.reference)
    }

    /// The first so many, with a note on the rest.
    func listing<Item>(_ items: [Item], limit: Int, more: Int = 0, _ note: Bilingual) -> CombinedReport.Listing<Item> {
        let leftOut = max(0, items.count - limit) + more
        return CombinedReport.Listing(
            items: Array(items.prefix(limit)), leftOut: leftOut,
            note: leftOut == 0 ? nil : say(note, say.number(leftOut)))
    }

    // MARK: The first page

    private func front(_ unassessed: [ReportModel.UnassessedPart]) -> CombinedReport.Front {
        let all = cases
        return CombinedReport.Front(
            counts: counts, matrix: matrixPart,
            results: ReportRules.results(all, spread: \.initiative.policy).compactMap { item in
                builder(item.initiative.policy).map { highlight($0.result(item), item) }
            },
            resultsRule: say(Words.rule, say(Words.combinedResultsRule)),
            deviations: ReportRules.deviations(all, spread: \.initiative.policy).compactMap { item in
                builder(item.initiative.policy).map { highlight($0.deviation(item), item) }
            },
            deviationsRule: say(Words.rule, say(Words.combinedDeviationsRule)),
            asked: askedShort, money: moneyGap, silence: silence(unassessed),
            unassessed: unassessed)
    }

    private func highlight(_ part: ReportModel.Highlight, _ item: ReportRules.Case) -> ReportModel.Highlight {
        var part = part
        part.policy = name(item.initiative.policy)
        return part
    }

    private var counts: [String] {
        let all = cases
        let codes = Set((state.city?.forvaltninger ?? []).map(\.code))
        let inside = all.filter { codes.contains($0.initiative.owner) }
        let measures = builders.flatMap(\.measureCounts)
        let order = measures.reduce(into: [ReportModel.Count]()) { sums, count in
            if let place = sums.firstIndex(where: { $0.code == count.code }) {
                sums[place].count += count.count
            } else {
                sums.append(count)
            }
        }
        var lines = [
            say(
                Words.countInitiatives, say.count(all.count, Words.initiative),
                say.number(all.count { $0.initiative.kind == .marked }),
                say.count(Set(inside.map(\.initiative.owner)).count, Words.forvaltning), say.number(inside.count),
                say.number(all.count - inside.count))
        ]
        if !order.isEmpty {
            lines.append(
                say(
                    Words.countMeasures, say.count(order.reduce(0) { $0 + $1.count }, Words.measure), say.inline(order))
            )
        }
        return lines
    }

    /// The bodies that are asked: those the follow-ups go to, or else the policies'.
    private var bodies: [String] {
        var seen: Set<String> = []
        return builders.flatMap { builder in
            builder.followUp.goesTo.isEmpty ? builder.policy.bodies : builder.followUp.goesTo
        }.filter { seen.insert($0).inserted }
    }

    private var asked: String { say.list(bodies.map { say.name($0).text }) }

    /// The same where there is little room.
    private var askedShort: String {
        bodies.count > 4 ? say(Words.askedMany, say.number(bodies.count)) : say(Words.askedFollowUp, asked)
    }

    private var moneyGap: String {
        let totals = builders.map(\.totals.total)
        return say(
            Words.moneyGap, say.count(totals.reduce(0) { $0 + $1.requiringInAll }, Words.initiative),
            say.number(totals.reduce(0) { $0 + $1.requiringMarked }),
            say.count(expired, Words.initiative))
            + " " + say(Words.expiringCount, say.number(totals.reduce(0) { $0 + $1.expiringWithinYear }))
    }

    private func silence(_ unassessed: [ReportModel.UnassessedPart]) -> [String] {
        let unheard = state.unheard
        let names = unheard.forvaltninger + unheard.policies
        var lines = names.isEmpty ? [] : [say(Words.notHeard, say.list(names))]
        let silent = silentAnswers
        if silent > 0 { lines.append(say(Words.answersMissing, say.count(silent, Words.answer))) }
        if lines.isEmpty {
            lines.append(say(Words.allHeard, say.count(state.city?.forvaltninger.count ?? 0, Words.forvaltning)))
        }
        // A policy that was never heard is not one that is assessed.
        if unassessed.isEmpty, state.unheard.policies.isEmpty { lines.append(say(Words.allAssessed)) }
        return lines
    }

    /// Answers that are missing past their deadline, to any follow-up: as many as the annex lists.
    private var silentAnswers: Int { builders.reduce(0) { $0 + $1.missing.count } }

    private var matrixPart: CombinedReport.Matrix {
        let cells = Dictionary(grouping: matrix.cells, by: \.forvaltning)
        return CombinedReport.Matrix(
            columns: matrix.policies.map { id in
                let followUp = state.policy(id).flatMap { state.currentFollowUp(of: $0.body, on: day) }
                let left = followUp?.due.map { $0.date.lastDay.days(since: day) }
                return CombinedReport.Matrix.Column(
                    policy: id, name: name(id), followUp: followUp.map { say.phrase($0.title) },
                    kind: followUp.map { say(Words.name($0.kind)) }, due: followUp?.due.map { say.date($0.date) },
                    days: left.map { say($0 < 0 ? Words.daysAgo : Words.daysLeft, say.count(abs($0), Words.day)) })
            },
            rows: matrix.forvaltninger.map { code in
                CombinedReport.Matrix.Row(owner: party(code), cells: (cells[code] ?? []).map(cell))
            })
    }

    private func cell(_ cell: MatrixView.Cell) -> CombinedReport.Matrix.Cell {
        // The column says how long ago the deadline was; a cell says only what differs from that.
        let isLate = cell.state == .late || cell.exceptionUntil != nil
        let number = cell.days.map { say.count($0, Words.day) }
        let days = isLate ? number.map { cell.state == .due ? say(Words.daysLeft, $0) : $0 } : nil
        return CombinedReport.Matrix.Cell(
            state: ReportModel.Term(code: cell.state.rawValue, text: say(Words.cellName(cell.state))),
            sign: Words.sign(cell.state), days: days,
            statuses: cell.owed == 0 ? nil : "\(say.number(cell.counted))/\(say.number(cell.owed))")
    }

    // MARK: Indstilling

    private func proposal(_ contradictions: ContradictionsView) -> ReportModel.Proposal {
        let parts = builders.map { $0.proposal([]) }
        var points = parts.compactMap(\.points.first)
        let requiring = builders.reduce(0) { $0 + $1.totals.total.requiringInAll }
        if requiring + expired > 0 {
            points.append(
                say(
                    Words.noteMoney, say.count(requiring, Words.initiative), say.count(expired, Words.initiative)))
        }
        if silentAnswers > 0 { points.append(say(Words.noteAnswers, say.count(silentAnswers, Words.answer))) }
        if !contradictions.rows.isEmpty {
            points.append(say(Words.noteContradictions, say.number(contradictions.rows.count)))
        }
        var seen: Set<String> = []
        let coordinators = builders.map(\.policy.coordinator).filter { seen.insert($0).inserted }
        return ReportModel.Proposal(
            introduction: say(Words.proposes, say.list(coordinators.map { say.name($0).text }), asked), points: points,
            pending: parts.flatMap(\.pending), decisionsNeeded: parts.flatMap(\.decisionsNeeded))
    }

    // MARK: Problemstilling

    private func progress(_ builder: ReportBuilder) -> CombinedReport.ProgressPart {
        let efforts = builder.cases.compactMap { item -> CombinedReport.EffortPart? in
            builder.annualTargets(of: item.initiative.id).map {
                CombinedReport.EffortPart(initiative: builder.reference(item), targets: $0)
            }
        }
        return CombinedReport.ProgressPart(
            policy: builder.policy.id, name: name(builder.policy.id), text: builder.attainment.reason,
            problem: builder.problem, efforts: efforts)
    }
}
