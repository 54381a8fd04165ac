internal import PolicyModel

/// What initiatives and policies are, field by field. That other lines of a document are cited is no change.
extension ChangeFinder {
    private typealias Pair = (field: ChangesView.Field, from: ChangeFact, to: ChangeFact)

    mutating func findDefinitions() {
        findInitiatives()
        for scope in scopes {
            guard let history = state.policies[scope.policy.id].first(where: { $0.publisher == scope.policy.id }) else {
                continue
            }
            // With a follow-up, what its plugin first said was there from the beginning.
            let before = held(history, scope) ?? (scope.from == nil ? nil : history.versions.first)
            guard let before, before.name != history.current.name else { continue }
            compare(before.body, history.current, scope)
        }
    }

    // MARK: Initiatives

    private mutating func findInitiatives() {
        let firstDays = firstDays
        for history in state.initiatives.all {
            let now = history.current
            guard let scope = scope(now.body.policy),
                speaks(history.publisher, of: now.body.id, among: state.initiatives.everSaid(now.body.id).count)
            else { continue }
            var before = held(history, scope)
            if before == nil, scope.from != nil, nothing(history, scope) == .absent, let first = history.versions.first,
                first.received.prefix(10) == firstDays["\(history.publisher)|\(now.body.policy)"] ?? "",
                withdrawal(of: first.name).map({ !scope.isBefore($0) }) ?? true
            {
                before = first
            }
            if let word = history.withdrawal {
                guard let before, !scope.isBefore(word) else { continue }
                var row = row(
                    .withdrawal, .attention, scope.policy.id, now.body.id, .whole, .words(before.body.title),
                    .withdrawn,
                    by: word)
                row.notes = [.init(kind: .reason, text: word.body.reason)]
                add(row)
                continue
            }
            guard before?.name != now.name, history.newestRedacted == nil else { continue }
            guard let old = before?.body else {
                add(
                    row(
                        .definition, .decided, scope.policy.id, now.body.id, .whole, nothing(history, scope),
                        .words(now.body.title), by: now))
                continue
            }
            for pair in fields(old, now.body) + links(old.links, now.body.links) where pair.from != pair.to {
                add(row(.definition, .decided, scope.policy.id, now.body.id, pair.field, pair.from, pair.to, by: now))
            }
            figures(old.figures, now.body.figures, now.body.id, by: now, scope)
        }
    }

    /// The day on which each publisher first described initiatives of a policy: what it described then was there from the
    /// beginning, whenever its node was first heard.
    private var firstDays: [String: String] {
        var days: [String: String] = [:]
        for history in state.initiatives.all {
            guard let first = history.versions.first else { continue }
            let key = "\(history.publisher)|\(first.body.policy)"
            days[key] = min(days[key] ?? "~", String(first.received.prefix(10)))
        }
        return days
    }

    private func fields(_ old: Initiative, _ new: Initiative) -> [Pair] {
        func words(_ text: LocalizedText?) -> ChangeFact { text.map { .words($0) } ?? .absent }
        func names(_ names: [String]) -> ChangeFact { .names(names.sorted()) }
        return [
            (.title, words(old.title), words(new.title)),
            (.purpose, words(old.purpose), words(new.purpose)),
            (.kind, .initiativeKind(old.kind), .initiativeKind(new.kind)),
            (.mandate, .mandate(old.mandate), .mandate(new.mandate)),
            (.proposedTo, names([old.proposedTo].compactMap(\.self)), names([new.proposedTo].compactMap(\.self))),
            (.proposal, words(old.proposal), words(new.proposal)),
            (.period, .period(old.period), .period(new.period)),
            (.involved, names(old.involved), names(new.involved)),
            (.goals, names(old.goals), names(new.goals)),
            (.targetGroups, names(old.targetGroups), names(new.targetGroups)),
            (.partners, names(old.partners), names(new.partners)),
            (.places, names(old.places), names(new.places)),
            (.themes, names(old.themes), names(new.themes)),
        ]
    }

    private func links(_ old: [Link], _ new: [Link]) -> [Pair] {
        func names(_ links: [Link]) -> [String] { links.map { "\($0.kind.rawValue) \($0.to)" }.sorted() }
        return [(.link, .names(names(old)), .names(names(new)))]
    }

    private mutating func figures<Body>(
        _ old: [Figure], _ new: [Figure], _ subject: String, by version: LedgerVersion<Body>, _ scope: ChangeScope
    ) {
        func keyed(_ figures: [Figure]) -> [LocalizedText: ChangeFact] {
            Dictionary(
                figures.map { ($0.what, .figure($0.value, qualifier: $0.qualifier)) },
                uniquingKeysWith: { first, _ in first })
        }
        let (before, now) = (keyed(old), keyed(new))
        var seen: Set<LocalizedText> = []
        for what in (old + new).map(\.what) where seen.insert(what).inserted && before[what] != now[what] {
            var row = row(
                .definition, .decided, scope.policy.id, subject, .figure, before[what] ?? .absent, now[what] ?? .absent,
                by: version)
            row.part = what
            add(row)
        }
    }

    // MARK: Policies

    private mutating func compare(_ old: Policy, _ version: LedgerVersion<Policy>, _ scope: ChangeScope) {
        let new = version.body
        func add(_ subject: String, _ pairs: [Pair]) {
            for pair in pairs where pair.from != pair.to {
                self.add(row(.definition, .decided, new.id, subject, pair.field, pair.from, pair.to, by: version))
            }
        }
        add(
            new.id,
            [
                (.title, .words(old.title), .words(new.title)), (.period, .period(old.period), .period(new.period)),
                (.coordinator, .names([old.coordinator]), .names([new.coordinator])),
                (.bodies, .names(old.bodies.sorted()), .names(new.bodies.sorted())),
            ] + links(old.links, new.links))
        figures(old.figures, new.figures, new.id, by: version, scope)
        each(old.goals, new.goals, \.id, .goal, \.title, by: version) { before, now in
            [
                (.title, .words(before.title), .words(now.title)),
                (.owedBy, .names(before.forvaltninger.sorted()), .names(now.forvaltninger.sorted())),
                (.bodies, .names(before.bodies.sorted()), .names(now.bodies.sorted())),
            ]
        }
        each(old.followUps, new.followUps, \.id, .followUp, \.title, by: version) { before, now in
            func date(_ fact: DatedFact?) -> ChangeFact { fact.map { .date($0.date) } ?? .absent }
            func condition(_ item: FollowUp) -> ChangeFact { item.condition.map { .condition($0) } ?? .absent }
            func asked(_ item: FollowUp) -> [String] { (item.questions ?? []).map(\.text.da) }
            return [
                (.title, .words(before.title), .words(now.title)),
                (.opens, date(before.opens), date(now.opens)), (.due, date(before.due), date(now.due)),
                (.locked, date(before.locked), date(now.locked)), (.condition, condition(before), condition(now)),
                (.owedBy, .names(before.owedBy.sorted()), .names(now.owedBy.sorted())),
                (.bodies, .names(before.goesTo.sorted()), .names(now.goesTo.sorted())),
                (.questions, .names(asked(before)), .names(asked(now))),
            ]
        }
        each(old.indicators, new.indicators, \.id, .indicator, \.title, by: version) { before, now in
            func baselines(_ indicator: Indicator) -> [String] { indicator.baselines.map(\.printed) }
            return [
                (.title, .words(before.title), .words(now.title)), (.unit, .unit(before.unit), .unit(now.unit)),
                (.direction, .direction(before.direction), .direction(now.direction)),
                (.population, .words(before.population), .words(now.population)),
                (.reporters, .names(before.reporters.sorted()), .names(now.reporters.sorted())),
                (.baseline, .names(baselines(before)), .names(baselines(now))),
            ]
        }
    }

    /// What is new, what is gone, and what of the rest is another.
    private mutating func each<Item>(
        _ old: [Item], _ new: [Item], _ id: (Item) -> String, _ field: ChangesView.Field,
        _ title: (Item) -> LocalizedText, by version: LedgerVersion<Policy>, _ pairs: (Item, Item) -> [Pair]
    ) {
        let before = Dictionary(old.map { (id($0), $0) }, uniquingKeysWith: { first, _ in first })
        let now = Set(new.map(id))
        let policy = version.body.id
        for item in new {
            guard let then = before[id(item)] else {
                add(row(.definition, .decided, policy, id(item), field, .absent, .words(title(item)), by: version))
                continue
            }
            for pair in pairs(then, item) where pair.from != pair.to {
                add(row(.definition, .decided, policy, id(item), pair.field, pair.from, pair.to, by: version))
            }
        }
        for item in old where !now.contains(id(item)) {
            var row = row(.definition, .decided, policy, id(item), field, .words(title(item)), .absent, by: version)
            row.title = title(item)
            add(row)
        }
    }
}
