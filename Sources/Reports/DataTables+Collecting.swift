internal import Coordinator
internal import PolicyModel

/// What became of answers, and what was said around them: `approvals`, `decisions`, `returns`, `exceptions`, `milestones`,
/// `contributions`, `withdrawals`. Pseudonyms stay in the ledger.
extension DataTables {
    /// Every approval with the records it covers; beside it when it was accepted, and for whom.
    var approvals: DataTable {
        var table = DataTable(
            name: "approvals", title: "Approvals",
            fields: [
                DataField("follow_up"), DataField("forvaltning"), DataField("publisher"), DataField("records", .list),
                DataField("record"), DataField("received"), DataField("comment"), DataField("accepted"),
                DataField("accepted_by"), DataField("acceptance_comment"),
            ], primaryKey: ["record"])
        let accepted = Dictionary(
            state.acceptances.histories.map { ($0.current.body.approval, $0.current) },
            uniquingKeysWith: { first, _ in first })
        let versions = state.approvals.histories.flatMap(\.versions)
        table.rows = versions.sorted { $0.position < $1.position }.map { version in
            let (body, acceptance) = (version.body, accepted[version.name])
            return [
                body.followUp, body.forvaltning, version.name.publisher, joined(body.records.map(\.description)),
                version.name.description, version.received, body.comment?.da ?? "", acceptance?.received ?? "",
                acceptance?.by.forvaltning ?? "", acceptance?.body.comment?.da ?? "",
            ]
        }
        return table
    }

    var decisions: DataTable {
        var table = DataTable(
            name: "decisions", title: "Decisions",
            fields: [
                DataField("id"), DataField("body"), DataField("date", .date), DataField("item"), DataField("text"),
                DataField("policy"), DataField("about", .list), DataField("open", .boolean),
                DataField("followed_up", .date), DataField("follow_up_text"), DataField("received"),
            ], primaryKey: ["id"], foreignKeys: [("policy", "policies", "id")])
        table.rows = state.decisions.histories.map(\.current).sorted { $0.body.id < $1.body.id }.map { version in
            let body = version.body
            return [
                body.id, body.body, body.date.description, body.item ?? "", body.text.da, body.policy,
                joined(body.about), String(body.isOpen), body.followedUp?.date.description ?? "",
                body.followedUp?.text.da ?? "", version.received,
            ]
        }
        return table
    }

    /// What was sent back is about answers that do not stand: only with `all`.
    var returns: DataTable {
        var table = DataTable(
            name: "returns", title: "Returns",
            fields: [
                DataField("id"), DataField("follow_up"), DataField("forvaltning"), DataField("about"),
                DataField("records", .list), DataField("note"), DataField("received"),
            ], primaryKey: ["id"], foreignKeys: [("follow_up", "follow_ups", "id")])
        guard all else { return table }
        table.rows = state.returns.histories.map(\.current).sorted { $0.body.id < $1.body.id }.map { version in
            let body = version.body
            return [
                body.id, body.followUp, body.forvaltning, body.about ?? "", joined(body.records.map(\.description)),
                body.note.da, version.received,
            ]
        }
        return table
    }

    var exceptions: DataTable {
        var table = DataTable(
            name: "exceptions", title: "More time",
            fields: [
                DataField("id"), DataField("follow_up"), DataField("forvaltning"), DataField("until", .date),
                DataField("reason"), DataField("received"),
            ], primaryKey: ["id"], foreignKeys: [("follow_up", "follow_ups", "id")])
        table.rows = state.exceptions.histories.map(\.current).sorted { $0.body.id < $1.body.id }.map { version in
            let body = version.body
            return [
                body.id, body.followUp, body.forvaltning, body.until.description, body.reason.da, version.received,
            ]
        }
        return table
    }

    var milestones: DataTable {
        var table = DataTable(
            name: "milestones", title: "Milestones",
            fields: [
                DataField("id"), DataField("initiative"), DataField("what"), DataField("due", .date),
                DataField("done", .date), DataField("received"),
            ] + stageFields, primaryKey: ["id"], foreignKeys: [("initiative", "initiatives", "id")])
        table.rows = selection.milestones.map { fact in
            let body = fact.body
            return [
                body.id, body.initiative, body.what.da, body.due?.description ?? "", body.done?.description ?? "",
                fact.version.received,
            ] + stageCells(fact)
        }
        return table
    }

    var contributions: DataTable {
        var table = DataTable(
            name: "contributions", title: "What outside organisations say",
            fields: [
                DataField("id"), DataField("follow_up"), DataField("organisation"), DataField("about"),
                DataField("date", .date), DataField("text"), DataField("received"),
            ], primaryKey: ["id"], foreignKeys: [("follow_up", "follow_ups", "id")])
        table.rows = state.contributions.histories.map(\.current).sorted { $0.body.id < $1.body.id }.map { version in
            let body = version.body
            return [
                body.id, body.followUp, body.organisation, body.about ?? "", body.date?.description ?? "",
                body.text.da, version.received,
            ]
        }
        return table
    }

    /// What was taken back of what once was out: approved facts, documents' and the coordinator's own; with `all`, everything.
    var withdrawals: DataTable {
        var table = DataTable(
            name: "withdrawals", title: "Withdrawals",
            fields: [
                DataField("record"), DataField("kind"), DataField("id"), DataField("policy"), DataField("reason"),
                DataField("received"),
            ], primaryKey: ["record"])
        let words = state.withdrawals.histories.map(\.current).filter { word in
            all || state.collecting.wasApproved(word.body.record) || needsNoApproval(word.body)
        }
        table.rows = words.sorted { $0.position < $1.position }.map { word in
            let body = word.body
            return [
                body.record.description, body.withdrawn, body.id, body.policy ?? "", body.reason.da, word.received,
            ]
        }
        return table
    }

    private func needsNoApproval(_ word: Withdrawal) -> Bool {
        switch RecordKind(word.withdrawn) {
        case .initiative, .exception, .decision, .contribution: true
        default: false
        }
    }
}
