internal import PolicyModel

/// Reads initiatives with their opening funding and status, in a node's file or in a policy's.
struct EntryReader {
    let scope: Scope
    /// The forvaltning whose file it is; nil in a policy's file, where each initiative names a body as `owner`.
    let forvaltning: Forvaltning?
    /// The goals an initiative may name; nil in a node's file, which does not read the policy.
    let goals: Set<String>?

    func entries(_ items: [Item]) -> [CatalogueEntry] {
        var places = FirstPlaces()
        return items.map { item in
            let item = item.called(item.peek("id").map { "initiative `\($0)`" } ?? item.label)
            let (entry, id) = entry(item)
            if let id { places.add(entry.initiative.id, "initiative", at: id) }
            return entry
        }
    }

    private static let keys = [
        "id", "kind", "mandate", "proposed_to", "proposal", "title", "title_basis", "section", "section_lines", "lines",
        "purpose", "goals", "target_groups", "partners", "places", "themes", "involved", "period", "figures", "links",
        "period_basis", "funding", "status", "owner_basis", "owner_lines", "involved_basis", "derivation",
    ]

    /// The entry, and the item its id stands at if it is whole.
    private func entry(_ item: Item) -> (CatalogueEntry, id: Item?) {
        let fields = item.fields(forvaltning == nil ? Self.keys + ["owner"] : Self.keys)
        let owner = owner(fields)
        let name = fields.required("id")?.slug() ?? ""
        let id = "\(scope.policy)/\(scope.city.slug(of: owner) ?? "")/\(name)"
        if id.utf8.count > 200 { fields["id"]?.report("the id “\(id)” is longer than 200 bytes", fix: "shorten it") }
        let source = scope.source(fields)
        let sectionSource = scope.source(fields, "section_lines")
        let (figures, figureCitations) = scope.figures(fields.optionalList("figures"))
        let partners = fields.optionalList("partners")
        let ownerCitations = ownerEvidence(fields, owner, source)
        let involved = involved(fields, owner, source)
        _ = fields["derivation"]?.localized()
        let proposedTo = fields["proposed_to"].map(scope.committee)
        let places = fields.optionalList("places")
        let initiative = Initiative(
            id: id, policy: scope.policy, owner: owner, involved: involved.names,
            kind: fields.choice("kind", else: .marked), mandate: mandate(fields),
            proposedTo: proposedTo,
            proposal: fields["proposal"]?.localized(), title: fields.localized("title"),
            titleBasis: fields.titleBasis(),
            purpose: fields.localized("purpose"), section: fields.text("section"),
            goals: fields.distinct(fields.optionalList("goals")) { goal($0, of: id) },
            targetGroups: fields.distinct(fields.optionalList("target_groups"), scope.targetGroup),
            partners: fields.distinct(partners) { $0.text() }, places: fields.distinct(places) { $0.text() },
            themes: fields.distinct(fields.optionalList("themes"), scope.theme),
            period: fields["period"]?.fields("from", "until").period() ?? Period(), figures: figures,
            links: scope.links(fields.optionalList("links"), from: id), source: source)
        let (funding, fundingCitations) = funding(fields, initiative)
        let (status, statusCitations) = status(fields, initiative)
        var citations = scope.citation(.section, fields["section"], initiative.section, sectionSource)
        if initiative.titleBasis == .printed {
            citations += scope.citation(.title, fields["title"], initiative.title.da, source)
        }
        for (item, partner) in zip(partners, initiative.partners) {
            citations += scope.citation(.partner, item, partner, source)
        }
        for (item, name) in zip(places, initiative.places) {
            citations += scope.citation(.place, item, name, source)
        }
        citations += scope.dates(fields, "period", in: source)
        citations += figureCitations + fundingCitations + statusCitations + ownerCitations + involved.citations
        if let name = proposedTo, !name.isEmpty {
            let words = scope.city.name(of: name).da
            citations += scope.citation(.responsibility, fields["proposed_to"], words, named: name, source)
        }
        let entry = CatalogueEntry(
            initiative: initiative, funding: funding, status: status, sectionSource: sectionSource, place: item.place,
            citations: citations)
        return (entry, id: name.isEmpty || owner.isEmpty ? nil : fields["id"])
    }

    private func owner(_ fields: Fields) -> String {
        if let forvaltning { return forvaltning.code }
        guard let item = fields.required("owner") else { return "" }
        let text = item.text()
        if !text.isEmpty, scope.city.body(text) == nil, let forvaltning = scope.city.forvaltning(text) {
            item.report(
                "“\(text)” is a forvaltning, and its initiatives are its own node's",
                fix: "move the initiative to forvaltninger/\(forvaltning.key)/\(scope.policy).yaml")
            return ""
        }
        return text.isEmpty ? text : scope.body(item)
    }

    /// The owner's name stands in `owner_lines`, else where the file says its owner stands, else in the entry's lines;
    /// or the entry, or the file, says from what the owner is derived.
    private func ownerEvidence(_ fields: Fields, _ owner: String, _ source: Source) -> [Citation] {
        let own = fields["owner_lines"] == nil ? nil : scope.source(fields, "owner_lines")
        let written = fields["owner_basis"]?.choice([.printed, .derived, .configured], else: Basis.printed)
        let basis = written ?? (own == nil ? scope.common.ownerBasis : nil) ?? .printed
        guard !owner.isEmpty else { return [] }
        let item = fields["owner"] ?? fields["owner_lines"] ?? fields["id"] ?? fields.item
        return scope.evidence(
            fields, "owner", [item], [owner], basis, fields["owner_basis"],
            in: own ?? (written == nil ? scope.common.ownerSource : nil) ?? source, note: "derivation"
        ).citations
    }

    private func involved(_ fields: Fields, _ owner: String, _ source: Source) -> Responsible {
        scope.named(fields, "involved", in: source) { item in
            let code = scope.forvaltning(item)
            if code == owner, !code.isEmpty {
                item.report("“\(code)” owns the initiative", fix: "name the other forvaltninger only")
            }
            return code
        }
    }

    private func mandate(_ fields: Fields) -> Initiative.Mandate {
        guard let item = fields.required("mandate") else { return .decided }
        let known = fields.item.log.problems.count
        let mandate = item.choice(else: Initiative.Mandate.decided)
        guard fields.item.log.problems.count == known else { return mandate }
        if mandate == .proposed, fields["proposed_to"] == nil {
            item.report("“proposed” without `proposed_to`", fix: "add `proposed_to:` with the committee")
        }
        if mandate == .decided, let item = fields["proposed_to"] ?? fields["proposal"] {
            item.report("goes with `mandate: proposed` only", fix: "remove it, or write `mandate: proposed`")
        }
        return mandate
    }

    private func goal(_ item: Item, of initiative: String) -> String {
        let id = item.identifier(below: scope.policy)
        scope.references.add(.goal, from: initiative, to: id, at: item)
        if let goals, !id.isEmpty, !goals.contains(id) { item.reportUnknown(id, "goal", among: goals.sorted()) }
        return id
    }

    private func funding(_ fields: Fields, _ initiative: Initiative) -> ([Funding], [Citation]) {
        let items = fields.optionalList("funding")
        if items.isEmpty {
            return ([Funding(initiative: initiative.id, state: .noRemark, source: initiative.source)], [])
        }
        struct Key: Hashable { let state: Funding.State, from: PartialDate? }
        var seen: [Key: Place] = [:]
        var citations: [Citation] = []
        let funding = items.map { item in
            let fields = item.fields(
                "state", "from", "from_basis", "until", "until_basis", "budgets", "budgets_basis", "printed", "lines")
            let state = fields.choice("state", else: Funding.State.funded)
            let period = fields.period()
            if let first = seen[Key(state: state, from: period.from)] {
                item.report(
                    "the same `state` and `from` stand already at \(first)",
                    fix: "remove one, or tell them apart by `from`")
            } else if fields["state"] != nil {
                seen[Key(state: state, from: period.from)] = item.place
            }
            if state == .noRemark {
                fields["printed"]?.report("“no_remark” has no printed words", fix: "remove them, or write their state")
                let source = fields["lines"] == nil ? initiative.source : scope.source(fields)
                return Funding(
                    initiative: initiative.id, state: state, from: period.from, until: period.until, source: source)
            }
            let source = scope.source(fields)
            let (budgets, written) = budgets(fields)
            let funding = Funding(
                initiative: initiative.id, state: state, from: period.from, until: period.until,
                budgets: budgets, printed: fields.text("printed"), source: source)
            citations += scope.citation(.funding, fields["printed"], funding.printed ?? "", source)
            citations += scope.money(fields, written, source)
            return funding
        }
        return (funding, citations)
    }

    /// DKK by year, each year once, within the funding's own period.
    private func budgets(_ fields: Fields) -> ([Budget], [WrittenBudget]) {
        var years: [Int: Place] = [:]
        var written: [WrittenBudget] = []
        let budgets = fields.optionalList("budgets").map { item in
            let inner = item.fields("year", "planned_dkk")
            let year = inner.required("year")?.number(in: 1900...2199) ?? 1900
            if let first = years[year] {
                item.report("the year \(year) stands already at \(first)", fix: "remove one of them")
            }
            years[year] = item.place
            scope.checkPeriod(year: inner["year"] == nil ? nil : year, "the year", at: inner["year"])
            let planned = inner.required("planned_dkk")?.decimal() ?? DecimalText(0)
            // A table prints a dash for the years without money: that is a zero, within the period or not.
            let outside = [("from", fields["from"]), ("until", fields["until"])].contains { key, limit in
                guard let date = limit?.node.scalar.flatMap({ PartialDate($0.string) }) else { return false }
                return key == "from" ? year < date.year : year > date.year
            }
            if outside, planned != DecimalText(0) {
                item.report("the year \(year) lies outside `from` and `until`", fix: "correct the year, or the period")
            }
            if let amount = inner["planned_dkk"] {
                written.append(WrittenBudget(year: year, amount: planned, item: amount))
            }
            return Budget(year: year, plannedDKK: planned)
        }
        return (budgets, written)
    }

    private func status(_ fields: Fields, _ initiative: Initiative) -> (StatusReport?, [Citation]) {
        guard let item = fields["status"] else { return (nil, []) }
        let fields = item.fields("delivery", "delivery_basis", "done", "printed", "lines")
        let source = scope.source(fields)
        let status = StatusReport(
            about: initiative.id, followUp: "\(scope.policy)/opening",
            delivery: fields.choice("delivery", else: .notStarted),
            deliveryBasis: fields.basis("delivery_basis"), done: fields.localized("done"),
            printed: fields.text("printed"),
            source: source)
        return (status, scope.citation(.status, fields["printed"], status.printed ?? "", source))
    }
}
