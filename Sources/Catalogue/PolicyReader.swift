internal import PolicyModel

/// Reads the definition of a policy: `policies/<id>.yaml` but for the initiatives, which are `EntryReader`'s.
struct PolicyReader {
    let root: Item
    let id: String
    let city: City

    func catalogue() -> PolicyCatalogue {
        let root = root.called("policy `\(id)`")
        let fields = root.fields(
            "coordinator_lines", "bodies_basis", "stated_budgets", "derivations", "owner_basis", "owner_lines",
            "id", "document", "lines", "title", "period", "implements", "coordinator", "coordinator_basis", "bodies",
            "goals", "indicators", "annual_targets", "target_revisions", "follow_ups", "figures", "links", "initiatives"
        )
        if let item = fields.required("id") {
            let written = item.slug()
            if !written.isEmpty, written != id {
                item.report("“\(written)” is not the name of the file", fix: "write `\(id)`, or rename the file")
            }
        }
        var scope = Scope(city: city, policy: id, document: Scope.document(fields, in: city))
        let period = fields.required("period")?.fields(Scope.periodKeys)
        scope.period = period?.period()
        scope.common = CommonEvidence.read(fields, scope)
        var catalogue = catalogue(fields, scope, citing: period.map(scope.policyPeriod) ?? [])
        catalogue.references = scope.references.all
        catalogue.derivedResponsibilities = scope.references.derived
        catalogue.statedBudgets = scope.references.statedBudgets
        return catalogue
    }

    private func catalogue(_ fields: Fields, _ scope: Scope, citing period: [Citation]) -> PolicyCatalogue {
        let source = scope.source(fields)
        let (goals, goalCitations) = goals(fields.list("goals"), scope)
        let (figures, figureCitations) = scope.figures(fields.optionalList("figures"))
        let reader = IndicatorReader(scope: scope, goals: goals)
        let (indicators, indicatorCitations) = reader.indicators(fields.optionalList("indicators"))
        let (annualTargets, annualCitations) = reader.annualTargets(fields.optionalList("annual_targets"))
        let statedCitations = scope.statedBudgets(fields.optionalList("stated_budgets"))
        let (followUps, followUpCitations) = followUps(fields, scope)
        let coordinator = scope.coordinator(fields, source)
        let bodies = scope.named(fields, "bodies", required: true, in: source, note: nil, read: scope.body)
        let citations =
            period + figureCitations + indicatorCitations + annualCitations + goalCitations + followUpCitations
            + statedCitations + coordinator.citations + bodies.citations
        let implements = fields["implements"]?.slug()
        if implements == id {
            fields["implements"]?.report(
                "the policy implements itself", fix: "name the policy that this plan carries out")
        } else if let implements, let item = fields["implements"] {
            if !city.policies.contains(implements) {
                item.reportUnknown(implements, "policy", among: city.policies.filter { $0 != id })
            }
            scope.references.add(.policy, from: id, to: implements, at: item)
        }
        let policy = Policy(
            id: id, title: fields.localized("title"),
            period: scope.period ?? Period(), implements: implements, coordinator: coordinator.names.first ?? "",
            coordinatorBasis: coordinator.basis, bodies: bodies.names, goals: goals,
            indicators: indicators, annualTargets: annualTargets, followUps: followUps, figures: figures,
            links: scope.links(fields.optionalList("links"), from: id), source: source)
        let entries = EntryReader(scope: scope, forvaltning: nil, goals: Set(goals.map(\.id)))
            .entries(fields.optionalList("initiatives"))
        let targets = TargetRevisionReader(reader: reader, policy: policy)
            .versions(fields.optionalList("target_revisions"))
        return PolicyCatalogue(
            policy: policy, targets: targets, entries: entries, citations: citations + entries.flatMap(\.citations))
    }

    private func goals(_ items: [Item], _ scope: Scope) -> ([Goal], [Citation]) {
        var places = FirstPlaces()
        var citations: [Citation] = []
        var parents: [String: Item] = [:]
        let goals = items.map { item in
            let id = item.peek("id")
            let fields = item.called(id.map { "goal `\($0)`" } ?? item.label).fields(
                "id", "kind", "parent", "title", "title_basis", "bodies", "bodies_basis", "forvaltninger",
                "forvaltninger_basis", "derivation", "lines")
            let source = scope.source(fields)
            let bodies = scope.named(fields, "bodies", in: source, read: scope.body)
            let responsible = scope.responsible(fields, "forvaltninger", required: false, in: source)
            _ = fields["derivation"]?.localized()
            scope.checkCommittees(of: responsible, "forvaltninger", fields, among: bodies.names)
            let goal = Goal(
                id: fields.required("id")?.identifier(below: scope.policy) ?? "",
                kind: fields.choice("kind", else: .goal), parent: fields["parent"]?.identifier(below: scope.policy),
                title: fields.localized("title"), bodies: bodies.names, forvaltninger: responsible.names,
                forvaltningerBasis: responsible.basis, source: source)
            if fields.titleBasis() == .printed {
                citations += scope.citation(.title, fields["title"], goal.title.da, source)
            }
            citations += bodies.citations + responsible.citations
            if let item = fields["id"] { places.add(goal.id, "goal", at: item) }
            parents[goal.id] = fields["parent"]
            return goal
        }
        checkParents(of: goals, parents)
        return (goals, citations)
    }

    /// Every parent is a goal, and following parents never comes back.
    private func checkParents(of goals: [Goal], _ items: [String: Item]) {
        let parent = Dictionary(goals.map { ($0.id, $0.parent) }) { first, _ in first }
        var safe: Set<String> = []
        for goal in goals {
            if let wanted = goal.parent, !wanted.isEmpty, parent[wanted] == nil {
                items[goal.id]?.reportUnknown(wanted, "goal", among: goals.map(\.id))
            }
            var trail: [String] = []
            var next: String? = goal.id
            while let id = next, !safe.contains(id), !trail.contains(id) {
                trail.append(id)
                next = parent[id] ?? nil
            }
            if let id = next, let start = trail.firstIndex(of: id) {
                items[id]?.report(
                    "the parents run in a circle: \((trail[start...] + [id]).joined(separator: " → "))",
                    fix: "leave out the `parent` of the uppermost goal")
            }
            safe.formUnion(trail)
        }
    }

    private func followUps(_ fields: Fields, _ scope: Scope) -> ([FollowUp], [Citation]) {
        guard let list = fields.required("follow_ups") else { return ([], []) }
        var places = FirstPlaces()
        var citations: [Citation] = []
        let followUps = list.list().map { item in
            let (followUp, cited) = followUp(item, scope)
            citations += cited
            places.add(followUp.id, "follow-up", at: item)
            return followUp
        }
        if !followUps.contains(where: { $0.id == "\(id)/opening" }), list.node.sequence != nil {
            list.report(
                "there is no `\(id)/opening`, which what the policy itself states is reported under",
                fix: "add a follow-up with that id and `kind: opening`")
        }
        return (followUps, citations)
    }

    private func questions(_ item: Item, _ scope: Scope) -> [FollowUp.Question] {
        var places = FirstPlaces()
        return item.list().map { item in
            let fields = item.fields("id", "text", "lines")
            let id = fields.required("id")?.identifier(below: scope.policy) ?? ""
            if let item = fields["id"] { places.add(id, "question", at: item) }
            return FollowUp.Question(id: id, text: fields.localized("text"), source: scope.source(fields))
        }
    }

    private func followUp(_ item: Item, _ scope: Scope) -> (FollowUp, [Citation]) {
        let fields = item.called(item.peek("id").map { "follow-up `\($0)`" } ?? item.label).fields(
            "id", "kind", "title", "title_basis", "opens", "due", "locked", "recurrence", "owed_by", "owed_by_basis",
            "goes_to", "goes_to_basis", "public", "consulted", "condition", "questions", "efforts_where_behind", "note",
            "lines")
        let source = scope.source(fields)
        let responsible = scope.responsible(fields, "owed_by", required: true, in: source, note: "note")
        let goesTo = scope.named(fields, "goes_to", required: true, in: source, note: "note", read: scope.body)
        let followUp = FollowUp(
            id: fields.required("id")?.identifier(below: scope.policy) ?? "",
            kind: fields.choice("kind", else: .annual), title: fields.localized("title"),
            opens: fields["opens"]?.datedFact(), due: fields["due"]?.datedFact(), locked: fields["locked"]?.datedFact(),
            recurrence: fields["recurrence"]?.localized(), owedBy: responsible.names, owedByBasis: responsible.basis,
            goesTo: goesTo.names,
            isPublic: fields.required("public")?.flag() ?? false,
            consulted: fields.optionalList("consulted").map { $0.localized() },
            condition: fields["condition"]?.choice(else: .open),
            questions: fields["questions"].map { questions($0, scope) },
            effortsWhereBehind: fields["efforts_where_behind"]?.flag(), note: fields["note"]?.localized(),
            source: source)
        if followUp.id == "\(scope.policy)/opening", followUp.kind != .opening {
            fields["kind"]?.report("`\(followUp.id)` is of kind “\(followUp.kind.rawValue)”", fix: "write `opening`")
        }
        let dates = [("opens", followUp.opens), ("due", followUp.due), ("locked", followUp.locked)]
        for (key, fact) in dates { scope.checkPeriod(fact?.date, "the date", at: fields[key]) }
        let given = dates.compactMap { key, fact in fact.map { (key, $0.date) } }
        for (earlier, later) in zip(given, given.dropFirst()) where earlier.1.firstDay > later.1.lastDay {
            fields[earlier.0]?.report(
                "“\(earlier.1)” is after `\(later.0)`, “\(later.1)”", fix: "order the dates: opens, due, locked")
        }
        var citations = responsible.citations + goesTo.citations
        for (key, fact) in dates where fact?.basis == .printed {
            citations += fields[key].map { scope.printedDate($0, source) } ?? []
        }
        if fields.titleBasis() == .printed {
            citations += scope.citation(.title, fields["title"], followUp.title.da, source)
        }
        return (followUp, citations)
    }
}

extension Item {
    /// The text under `key`, to call the thing by before it is read; reports nothing.
    func peek(_ key: String) -> String? {
        guard let text = node.mapping?[key]?.scalar?.string.trimmed, !text.isEmpty, text.utf8.count <= 200 else {
            return nil
        }
        return text
    }
}
