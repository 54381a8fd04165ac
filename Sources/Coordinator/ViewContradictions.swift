public import PolicyModel

/// What cannot all be true, or should not be: found in what the ledger holds, never made up. Each with both sides, their lines
/// or records, and why it came out.
public struct ContradictionsView: Hashable, Sendable, Codable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// Two publishers speak of one thing.
        case contested
        /// Figures of one measure for the same time differ.
        case figuresDiffer = "figures_differ"
        /// The money in the text is not the money in the budget.
        case textAndBudget = "text_and_budget"
        /// Said to be on track or running, and its deadline has passed.
        case greenButOverdue = "green_but_overdue"
        /// Said to be on track or running, on money that has expired and with none that holds.
        case expiredMoney = "expired_money"
        /// Done or on track, and the goal is behind or its indicator moves the wrong way.
        case doneButMovingAway = "done_but_moving_away"
        /// Goals that a person says are the same have different targets.
        case sameGoalOtherTarget = "same_goal_other_target"
        /// A person decided on a link, and one side has changed since.
        case decisionOutdated = "decision_outdated"
        /// Figures described in nearly the same words differ; whether they are of the same thing, nobody has said.
        case figuresMayDiffer = "figures_may_differ"
    }

    public enum Severity: String, Codable, Sendable, CaseIterable { case high, medium, low }

    /// What one place says.
    public struct Side: Hashable, Sendable, Codable {
        /// The policy, goal, initiative or indicator that it stands with.
        public var id: String
        /// Its title, or what the figure counts.
        public var what: LocalizedText
        /// What is said, in words.
        public var says: LocalizedText
        /// How far it has come, where that is what is said.
        public var delivery: StatusReport.Delivery?
        public var value: DecimalText?
        public var period: Period?
        /// The lines of the document, where one says it.
        public var source: Source?
        /// The record that says it, where a publisher does.
        public var record: RecordName?
    }

    public struct Row: Hashable, Sendable, Codable {
        public var kind: Kind
        public var severity: Severity
        /// What is wrong, in a sentence.
        public var words: LocalizedText
        /// At least two.
        public var sides: [Side]
    }

    /// Figures of one measure that were compared and say the same.
    public struct Agreement: Hashable, Sendable, Codable {
        public var measure: String
        public var name: LocalizedText
        public var sides: [Side]
    }

    public var on: String
    public var position: Int64
    public var synthetic: Bool
    /// By severity, then in the order of the kinds.
    public var rows: [Row]
    public var agreements: [Agreement]
}

extension LedgerState {
    /// What contradicts itself on `day`. `policies` keeps what touches one of them.
    public func contradictions(on day: Day, policies chosen: [String]? = nil) -> ContradictionsView {
        let figures = FigureComparison(self)
        let progress = ProgressContradictions(self, on: day)
        var rows = contestedRows + figures.rows + progress.rows + targetRows + outdatedRows
        var agreements = figures.agreements
        if let chosen {
            func touches(_ sides: [ContradictionsView.Side]) -> Bool {
                sides.contains { chosen.contains(String($0.id.prefix { $0 != "/" })) }
            }
            rows = rows.filter { touches($0.sides) }
            agreements = agreements.filter { touches($0.sides) }
        }
        let severities = ContradictionsView.Severity.allCases
        let kinds = ContradictionsView.Kind.allCases
        func rank(_ row: ContradictionsView.Row) -> (Int, Int, String) {
            (
                severities.firstIndex(of: row.severity) ?? 0, kinds.firstIndex(of: row.kind) ?? 0,
                row.sides.first?.id ?? ""
            )
        }
        return ContradictionsView(
            on: day.description, position: position, synthetic: isSynthetic,
            rows: rows.sorted { rank($0) < rank($1) }, agreements: agreements)
    }

    // MARK: Two publishers

    private var contestedRows: [ContradictionsView.Row] {
        contested(policies) + contested(initiatives) + contested(funding)
            + contested(statuses) { initiativeParts($0.about) != nil }
            + contested(readings, differing: { $0.value })
    }

    /// Things of which several publishers speak; with `differing`, only where they say different things.
    private func contested<Body>(
        _ table: LedgerTable<Body>, where isOne: (Body) -> Bool = { _ in true },
        differing: ((Body) -> Value)? = nil
    ) -> [ContradictionsView.Row] {
        table.contested.compactMap { identity in
            let versions = table[identity].map(\.current)
            guard let first = versions.first, isOne(first.body) else { return nil }
            if let differing, Set(versions.map { differing($0.body) }).count < 2 { return nil }
            let id = identity.split(separator: "|").first.map(String.init) ?? identity
            let names = versions.map(\.name.publisher)
            return ContradictionsView.Row(
                kind: .contested, severity: .high,
                words: LocalizedText(
                    da: "\(names.joined(separator: " og ")) taler begge om \(identity) (\(Body.kind))",
                    en: "\(names.joined(separator: " and ")) both speak of \(identity) (\(Body.kind))"),
                sides: versions.map { version in
                    ContradictionsView.Side(
                        id: id, what: LinkEnds(self).title(id) ?? LocalizedText(da: id),
                        says: LocalizedText(
                            da: "sagt af \(version.name.publisher)", en: "said by \(version.name.publisher)"),
                        record: version.name)
                })
        }
    }

    // MARK: What a person said of links

    private var personsWord: [LedgerVersion<LinkDecision>] {
        linkDecisions.histories.filter { $0.publisher == coordinatorName }.map(\.current)
    }

    /// Goals that are the same by a person's word: their indicators in one unit must have one target.
    private var targetRows: [ContradictionsView.Row] {
        let indicators = Dictionary(grouping: policies.histories.flatMap(\.current.body.indicators), by: \.goal)
        return personsWord.filter { $0.body.kind == .sameAs && $0.body.state == .accepted }.flatMap { said in
            (indicators[said.body.from] ?? []).flatMap { a in
                (indicators[said.body.to] ?? []).filter { $0.unit == a.unit }.compactMap { b in
                    let (first, second) = (currentTarget(of: a), currentTarget(of: b))
                    guard
                        first.kind != second.kind || first.value != second.value || first.of != second.of
                            || first.year != second.year
                    else { return nil }
                    return ContradictionsView.Row(
                        kind: .sameGoalOtherTarget, severity: .high,
                        words: LocalizedText(
                            da: "Målene \(said.body.from) og \(said.body.to) er det samme, men har hver sit måltal",
                            en:
                                "The goals \(said.body.from) and \(said.body.to) are the same, but have different targets"
                        ),
                        sides: [(a, first), (b, second)].map { indicator, target in
                            ContradictionsView.Side(
                                id: indicator.id, what: indicator.title, says: target.words, value: target.value,
                                source: target.source ?? indicator.source)
                        })
                }
            }
        }
    }

    private var outdatedRows: [ContradictionsView.Row] {
        personsWord.flatMap { said in
            [said.body.from, said.body.to].compactMap { id in
                guard let (fields, now, source) = changed(id, since: said.position) else { return nil }
                let names = fields.joined(separator: ", ")
                return ContradictionsView.Row(
                    kind: .decisionOutdated, severity: .low,
                    words: LocalizedText(
                        da:
                            "\(id) er ændret (\(names)), efter at nogen tog stilling til \(said.body.from) – \(said.body.to)",
                        en: "\(id) has changed (\(names)) since somebody decided on \(said.body.from) – \(said.body.to)"
                    ),
                    sides: [
                        ContradictionsView.Side(
                            id: said.body.from, what: LinkEnds(self).title(said.body.from) ?? LocalizedText(da: ""),
                            says: LocalizedText(
                                da: "nogen tog stilling \(said.received.prefix(10))",
                                en: "somebody decided \(said.received.prefix(10))"),
                            record: said.name),
                        ContradictionsView.Side(
                            id: id, what: LinkEnds(self).title(id) ?? LocalizedText(da: ""),
                            says: LocalizedText(da: "ændret siden: \(names)", en: "changed since: \(names)"),
                            source: source, record: now),
                    ])
            }
        }
    }

    /// What of a link's end is another than it was at a position: the fields that links rest on.
    private func changed(_ id: String, since position: Int64) -> (fields: [String], now: RecordName, source: Source)? {
        func before<B>(_ history: LedgerHistory<B>) -> B? { history.versions.last { $0.position < position }?.body }
        if let current = initiative(id) {
            guard let history = initiatives[id].first(where: { $0.publisher == current.name.publisher }),
                let old = before(history)
            else { return nil }
            let new = current.body
            let fields = [
                ("title", old.title != new.title), ("purpose", old.purpose != new.purpose),
                ("owner", old.owner != new.owner), ("target_groups", old.targetGroups != new.targetGroups),
                ("partners", old.partners != new.partners), ("places", old.places != new.places),
                ("themes", old.themes != new.themes),
            ].filter(\.1).map(\.0)
            return fields.isEmpty ? nil : (fields, current.name, new.source)
        }
        guard let policy = policy(String(id.prefix { $0 != "/" })),
            let history = policies[policy.body.id].first(where: { $0.publisher == policy.name.publisher }),
            let old = before(history)
        else { return nil }
        let (oldTitle, newTitle, source) =
            id == policy.body.id
            ? (old.title, policy.body.title, policy.body.source)
            : (
                old.goals.first { $0.id == id }?.title, policy.body.goals.first { $0.id == id }?.title,
                policy.body.goals.first { $0.id == id }?.source ?? policy.body.source
            )
        return oldTitle == newTitle ? nil : (["title"], policy.name, source)
    }
}

extension Target {
    /// Kind, value and year: `percentage_points 5, 2022`.
    fileprivate var words: LocalizedText {
        let parts = [kind.rawValue, value?.description, year.map(String.init)].compactMap(\.self)
        return LocalizedText(da: printed ?? parts.joined(separator: ", "), en: parts.joined(separator: ", "))
    }
}
