internal import Coordinator
internal import PolicyModel

/// The rows of the Data Package. Column names and their order are the design's (section 11): others rely on them.
struct DataTables {
    let state: LedgerState
    let day: Day
    let all: Bool
    let selection: DataSelection

    init(state: LedgerState, day: Day, all: Bool) {
        (self.state, self.day, self.all) = (state, day, all)
        selection = DataSelection(state, all: all)
    }

    var tables: [DataTable] {
        [
            documents, policies, goals, indicators, baselines, initiatives, figures, funding, budgets, annualTargets,
            followUps, links, statuses, readings, assessments, approvals, decisions, returns, exceptions, milestones,
            contributions, withdrawals,
        ]
    }

    var policyBodies: [Policy] { state.policies.identities.compactMap { state.policy($0)?.body } }
    /// By policy, then in the order of the source.
    private var initiativeBodies: [Initiative] {
        Set(state.initiatives.histories.map(\.current.body.policy)).sorted()
            .flatMap { state.initiatives(ofPolicy: $0).map(\.body) }
    }

    func joined(_ items: [String]) -> String { items.joined(separator: ";") }

    private var documents: DataTable {
        var table = DataTable(
            name: "documents", title: "Source documents",
            fields: [
                DataField("file"), DataField("title"), DataField("first_line", .integer),
                DataField("last_line", .integer), DataField("sha256"),
            ],
            primaryKey: ["file", "first_line"])
        table.rows = (state.city?.documents ?? []).map {
            [$0.file, $0.title.da, String($0.lines.first), String($0.lines.last), $0.sha256]
        }
        return table
    }

    private var policies: DataTable {
        var table = DataTable(
            name: "policies", title: "Policies and action plans",
            fields: [
                DataField("id"), DataField("title"), DataField("period_start", .date), DataField("period_end", .date),
                DataField("implements"), DataField("coordinator"), DataField("bodies", .list),
                DataField("source", .list),
            ], primaryKey: ["id"], foreignKeys: [("implements", "policies", "id")])
        table.rows = policyBodies.map { policy in
            [
                policy.id, policy.title.da, policy.period.from?.description ?? "",
                policy.period.until?.description ?? "",
                policy.implements ?? "", policy.coordinator, joined(policy.bodies), policy.source.reference,
            ]
        }
        return table
    }

    private var goals: DataTable {
        var table = DataTable(
            name: "goals", title: "Goals",
            fields: [
                DataField("id"), DataField("policy"), .words("kind", Goal.Kind.self), DataField("parent"),
                DataField("title"),
                DataField("bodies", .list), DataField("forvaltninger", .list),
                .words("forvaltninger_basis", Basis.self),
                DataField("source", .list),
            ], primaryKey: ["id"], foreignKeys: [("policy", "policies", "id"), ("parent", "goals", "id")])
        table.rows = policyBodies.flatMap { policy in
            policy.goals.map { goal in
                [
                    goal.id, policy.id, goal.kind.rawValue, goal.parent ?? "", goal.title.da, joined(goal.bodies),
                    joined(goal.forvaltninger), goal.forvaltningerBasis.rawValue, goal.source.reference,
                ]
            }
        }
        return table
    }

    private var initiatives: DataTable {
        var table = DataTable(
            name: "initiatives", title: "Initiatives",
            fields: [
                DataField("id"), DataField("policy"), DataField("owner"), .words("kind", Initiative.Kind.self),
                .words("mandate", Initiative.Mandate.self), DataField("proposed_to"), DataField("title"),
                DataField("section"),
                .words("funding_state", Funding.State.self), DataField("funded_until", .date),
                DataField("requires_separate_funding", .boolean), DataField("involved", .list),
                DataField("partners", .list),
                DataField("target_groups", .list), DataField("goals", .list), DataField("source", .list),
            ], primaryKey: ["id"], foreignKeys: [("policy", "policies", "id")])
        table.rows = initiativeBodies.map { initiative in
            let row = selection.fundingRow(of: initiative, on: day)
            return [
                initiative.id, initiative.policy, initiative.owner, initiative.kind.rawValue,
                initiative.mandate.rawValue,
                initiative.proposedTo ?? "", initiative.title.da, initiative.section, row.mainState.rawValue,
                row.fundedUntil?.description ?? "", String(row.requiresSeparateFunding), joined(initiative.involved),
                joined(initiative.partners), joined(initiative.targetGroups), joined(initiative.goals),
                initiative.source.reference,
            ]
        }
        return table
    }

    private var figures: DataTable {
        var table = DataTable(
            name: "figures", title: "Figures as printed",
            fields: [
                DataField("subject"), DataField("what"), DataField("value", .number), DataField("qualifier"),
                DataField("printed"), DataField("source", .list),
            ])
        let all =
            policyBodies.flatMap { policy in policy.figures.map { (policy.id, $0) } }
            + initiativeBodies.flatMap { initiative in initiative.figures.map { (initiative.id, $0) } }
        table.rows = all.map { subject, figure in
            [
                subject, figure.what.da, figure.value.description, figure.qualifier ?? "", figure.printed,
                figure.source.reference,
            ]
        }
        return table
    }

    private var funding: DataTable {
        var table = DataTable(
            name: "funding", title: "Funding",
            fields: [
                DataField("initiative"), .words("state", Funding.State.self), DataField("from", .date),
                DataField("until", .date), DataField("decision"), DataField("source", .list),
            ], foreignKeys: [("initiative", "initiatives", "id")])
        table.rows = initiativeBodies.flatMap { selection.funding(of: $0.id) }.map { fact in
            let body = fact.body
            return [
                body.initiative, body.state.rawValue, body.from?.description ?? "", body.until?.description ?? "",
                body.decision ?? "", body.source?.reference ?? "",
            ]
        }
        return table
    }

    private var budgets: DataTable {
        var table = DataTable(
            name: "budgets", title: "Money per year",
            fields: [
                DataField("initiative"), DataField("policy"), DataField("year", .year),
                DataField("planned_dkk", .number),
                DataField("used_dkk", .number), DataField("source", .list),
            ], foreignKeys: [("initiative", "initiatives", "id"), ("policy", "policies", "id")])
        table.rows = initiativeBodies.flatMap { initiative in
            selection.funding(of: initiative.id).map(\.body).flatMap { funding in
                funding.budgets.sorted { $0.year < $1.year }.map {
                    [
                        initiative.id, initiative.policy, String($0.year), $0.plannedDKK?.description ?? "",
                        $0.usedDKK?.description ?? "", funding.source?.reference ?? "",
                    ]
                }
            }
        }
        return table
    }

    private var followUps: DataTable {
        var table = DataTable(
            name: "follow_ups", title: "Follow-ups",
            fields: [
                DataField("id"), DataField("policy"), .words("kind", FollowUp.Kind.self), DataField("opens", .date),
                DataField("due", .date), DataField("locked", .date), DataField("recurrence"),
                DataField("owed_by", .list),
                DataField("goes_to", .list), DataField("public", .boolean), DataField("consulted", .list),
                .words("condition", FollowUp.Condition.self), DataField("source", .list),
            ], primaryKey: ["id"], foreignKeys: [("policy", "policies", "id")])
        table.rows = policyBodies.flatMap { policy in
            policy.followUps.map { item in
                [
                    item.id, policy.id, item.kind.rawValue, item.opens?.date.description ?? "",
                    item.due?.date.description ?? "", item.locked?.date.description ?? "", item.recurrence?.da ?? "",
                    joined(item.owedBy), joined(item.goesTo), String(item.isPublic), joined(item.consulted.map(\.da)),
                    item.condition?.rawValue ?? "", item.source.reference,
                ]
            }
        }
        return table
    }

    private var links: DataTable {
        var table = DataTable(
            name: "links", title: "Links between policies and initiatives",
            fields: [
                DataField("from"), DataField("to"), .words("kind", Link.Kind.self), .words("state", Link.State.self),
                DataField("evidence"), DataField("source", .list),
            ])
        table.rows = state.links(on: day).rows.map {
            [
                // What is printed stays printed, whatever a person says of it.
                $0.from, $0.to, $0.kind.rawValue, ($0.printed ? Link.State.stated : $0.state).rawValue, $0.evidence.da,
                joined($0.sources.map(\.reference)),
            ]
        }
        return table
    }
}
