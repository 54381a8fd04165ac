public import PolicyModel

extension LedgerState {
    /// What changed since a position, a day or a follow-up, as it counts now.
    ///
    /// - A position or a day: each thing as it stood then against as it stands now.
    /// - A follow-up: what first counted as its answer (by its deadline; where nothing came in time, the first that came) against
    ///   what counts for the newest follow-up after it that anybody has answered; and all that belongs to no follow-up (money,
    ///   targets, figures, definitions, decisions) since the end of its deadline day, or where it has none since the day on which
    ///   the last forvaltning first answered it. What documents say was there from the beginning.
    /// - `last`: that, for each policy, from the follow-up answered before the one reported on the day.
    ///
    /// O(records of the kinds looked at).
    ///
    /// - Parameters:
    ///   - day: the reference date: what is missing after its deadline, and which money has ended, is held against it.
    ///   - policies: which; nil for all. With a follow-up only its own policy is looked at.
    /// - Throws: `ChangesRefusal`.
    public func changes(
        since: ChangesSince, on day: Day, policies chosen: [String]? = nil
    ) throws(ChangesRefusal) -> ChangesView {
        changes(try changeScopes(since: since, on: day, policies: chosen), on: day)
    }

    /// `changes(since: .last)`, to which there is always something to hold against.
    public func changesSinceLast(on day: Day, policies chosen: [String]? = nil) -> ChangesView {
        let wanted = (chosen ?? policies.identities).compactMap { policy($0)?.body }
        return changes(scopesSinceLast(of: wanted, on: day), on: day)
    }

    private func changes(_ scopes: [ChangeScope], on day: Day) -> ChangesView {
        var finder = ChangeFinder(self, scopes, on: day)
        finder.findStatuses()
        finder.findMoney()
        finder.findMilestones()
        finder.findTargets()
        finder.findReadings()
        finder.findAssessments()
        finder.findDefinitions()
        finder.findEvents()
        return finder.view
    }
}

/// Finds what changed: each part walks the records of its kinds once.
struct ChangeFinder {
    let state: LedgerState
    let day: Day
    let scopes: [ChangeScope]
    private let scopeOf: [String: ChangeScope]
    private(set) var rows: [ChangesView.Row] = []
    /// Titles of goals, questions, follow-ups and measures, with whose they are.
    private let known: [String: (title: LocalizedText, owner: String?)]
    /// What the newest follow-up asks a status of, by `<policy>|<forvaltning>`.
    let owed: [String: Set<String>]

    init(_ state: LedgerState, _ scopes: [ChangeScope], on day: Day) {
        (self.state, self.scopes, self.day) = (state, scopes, day)
        scopeOf = Dictionary(scopes.map { ($0.policy.id, $0) }, uniquingKeysWith: { first, _ in first })
        var known: [String: (title: LocalizedText, owner: String?)] = [:]
        for policy in scopes.map(\.policy) {
            known[policy.id] = (policy.title, nil)
            for goal in policy.goals { known[goal.id] = (goal.title, nil) }
            for item in policy.followUps {
                known[item.id] = (item.title, nil)
                for question in item.questions ?? [] { known[question.id] = (question.text, nil) }
            }
            for indicator in policy.indicators { known[indicator.id] = (indicator.title, indicator.reporters.first) }
            for target in policy.annualTargets {
                known[target.id] = (target.what, policy.reporters(of: target.id, city: state.city)?.first)
            }
        }
        self.known = known
        owed = Self.owed(state, scopes)
    }

    private static func owed(_ state: LedgerState, _ scopes: [ChangeScope]) -> [String: Set<String>] {
        guard let city = state.city else { return [:] }
        var owed: [String: Set<String>] = [:]
        for scope in scopes {
            guard let newest = scope.to else { continue }
            let own = Dictionary(grouping: state.initiatives(ofPolicy: scope.policy.id).map(\.body), by: \.owner)
            for code in newest.owedBy {
                let asked = scope.policy.obligations(of: code, for: newest, initiatives: own[code] ?? [], city: city)
                owed["\(scope.policy.id)|\(code)"] = Set(asked.filter { $0.kind == .status }.map(\.about))
            }
        }
        return owed
    }

    func scope(_ policy: String?) -> ChangeScope? { policy.flatMap { scopeOf[$0] } }

    /// Title and owner of a thing; its id where the ledger does not know it.
    func thing(_ id: String) -> (title: LocalizedText, owner: String?) {
        if let known = known[id] { return known }
        if let initiative = state.initiative(id)?.body { return (initiative.title, initiative.owner) }
        // Withdrawn: as it was last described.
        if let last = state.initiatives.everSaid(id).last?.current.body { return (last.title, last.owner) }
        return (LocalizedText(da: id), nil)
    }

    // MARK: What held before

    /// The version that held before the scope's cut, among those that counted then; nil where none did, it was taken back, or its
    /// words were removed by order.
    func held<Body>(
        _ history: LedgerHistory<Body>, _ scope: ChangeScope, counting: (LedgerVersion<Body>) -> Bool = { _ in true }
    ) -> LedgerVersion<Body>? {
        let before = history.versions.prefix { scope.isBefore($0) }
        guard let newest = before.last, wordlessBefore(history, scope) == nil else { return nil }
        if let word = withdrawal(of: newest.name), scope.isBefore(word) { return nil }
        return before.last(where: counting)
    }

    /// What stood there before, where it was a record whose words are gone now: no earlier version holds in its place.
    private func wordlessBefore<Body>(_ history: LedgerHistory<Body>, _ scope: ChangeScope) -> LedgerRedacted? {
        guard let gone = history.redacted.last(where: { scope.isBefore($0.position, $0.received) }),
            gone.position > history.versions.last(where: { scope.isBefore($0) })?.position ?? 0,
            withdrawal(of: gone.name).map({ !scope.isBefore($0) }) ?? true
        else { return nil }
        return gone
    }

    /// The side of a change where nothing is known to have held: `none`, or that its words were removed.
    func nothing<Body>(_ history: LedgerHistory<Body>, _ scope: ChangeScope, _ none: ChangeFact = .absent) -> ChangeFact
    {
        wordlessBefore(history, scope) == nil ? none : .redacted
    }

    func withdrawal(of record: RecordName) -> LedgerVersion<Withdrawal>? {
        state.withdrawals[record.description].first { $0.publisher == record.publisher }?.current
    }

    /// Whether a publisher is the one whose word on an initiative counts, where several speak.
    func speaks(_ publisher: String, of initiative: String, among count: Int) -> Bool {
        guard count > 1, let parts = initiativeParts(initiative) else { return true }
        let owner = state.city?.forvaltninger.first { $0.slug == parts.owner }?.code ?? String(parts.policy)
        return publisher == owner
    }

    // MARK: Rows

    /// A row on a thing, from the record that says how it is now.
    func row<Body>(
        _ kind: ChangesView.Kind, _ weight: ChangesView.Weight, _ policy: String, _ subject: String,
        _ field: ChangesView.Field, _ from: ChangeFact, _ to: ChangeFact, by version: LedgerVersion<Body>
    ) -> ChangesView.Row {
        let thing = thing(subject)
        let by = ChangesView.Who(
            publisher: version.name.publisher, forvaltning: version.by.forvaltning, role: version.by.role,
            person: version.by.person)
        return ChangesView.Row(
            kind: kind, weight: weight, policy: policy, subject: subject, title: thing.title, owner: thing.owner,
            field: field, from: from, to: to, by: by, received: version.received,
            entered: version.at.prefix(10) == version.received.prefix(10) ? nil : version.at,
            position: version.position, record: version.name, notes: [], changedSinceApproval: false)
    }

    mutating func add(_ row: ChangesView.Row) { rows.append(row) }

    // MARK: The whole

    var view: ChangesView {
        let ordered = ordered
        let codes = state.city?.forvaltninger.map(\.code) ?? []
        func counts(_ names: [String], _ order: [String]) -> [ChangesView.Count] {
            let counted = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
            return (order + counted.keys.filter { !order.contains($0) }.sorted()).compactMap { name in
                counted[name].map { ChangesView.Count(name: name, count: $0) }
            }
        }
        return ChangesView(
            on: day.description, position: state.position, synthetic: state.isSynthetic, scopes: scopes.map(\.part),
            byKind: counts(ordered.map(\.kind.rawValue), ChangesView.Kind.allCases.map(\.rawValue)),
            byWeight: counts(ordered.map(\.weight.rawValue), ChangesView.Weight.allCases.map(\.rawValue)),
            byForvaltning: counts(
                ordered.compactMap { row in row.by.map { $0.forvaltning ?? $0.publisher } ?? row.owner }, codes),
            rows: ordered)
    }

    private var ordered: [ChangesView.Row] {
        let weights = Dictionary(
            ChangesView.Weight.allCases.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        struct Key {
            var weight: Int
            var position: Int64
        }
        var best: [String: Key] = [:]
        for place in rows.indices {
            let weight = weights[rows[place].weight] ?? 0
            let position = rows[place].position
            var key = best[rows[place].subject] ?? Key(weight: weight, position: position)
            key.weight = min(key.weight, weight)
            key.position = max(key.position, position)
            best[rows[place].subject] = key
        }
        // Places and keys, not the rows themselves: they are large, and there can be thousands.
        let keys = rows.indices.map { place in
            let subject = rows[place].subject
            let thing = best[subject] ?? Key(weight: 0, position: 0)
            return (
                thing: (thing.weight, -thing.position, subject),
                own: (weights[rows[place].weight] ?? 0, -rows[place].position), place: place
            )
        }
        return keys.sorted { a, b in
            if a.thing != b.thing { return a.thing < b.thing }
            return a.own == b.own ? a.place < b.place : a.own < b.own
        }.map { rows[$0.place] }
    }
}

extension ChangeScope {
    fileprivate var part: ChangesView.Scope {
        var part = ChangesView.Scope(
            policy: policy.id, title: policy.title, from: from?.id, fromTitle: from?.title, to: to?.id,
            toTitle: to?.title)
        switch cut {
        case .position(let position): part.afterPosition = position
        case .before(let day): part.receivedFrom = day
        case .through(let day): part.receivedAfter = day
        case .opening: break
        }
        return part
    }
}
