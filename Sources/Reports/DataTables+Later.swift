internal import Coordinator
internal import PolicyModel

/// What was said, measured and judged: `statuses`, `readings`, `assessments`.
extension DataTables {
    var statuses: DataTable {
        var table = DataTable(
            name: "statuses", title: "Statuses",
            fields: [
                DataField("about"), DataField("follow_up"), DataField("publisher"),
                .words("delivery", StatusReport.Delivery.self), .words("delivery_basis", Basis.self), DataField("done"),
                DataField("deviation"), DataField("action"), DataField("proposals"), DataField("decision_needed"),
                DataField("reason"), DataField("printed"), .words("standing", LedgerStanding.self),
                DataField("received"), DataField("source", .list),
            ] + stageFields, primaryKey: ["about", "follow_up", "publisher"])
        table.rows = selection.statuses.map { fact in
            let body = fact.body
            let texts = [
                body.done, body.deviation, body.action, body.proposals, body.decisionNeeded, body.reason,
            ].map { $0?.da ?? "" }
            let who = [body.about, body.followUp, fact.version.name.publisher]
            return who + [body.delivery.rawValue, body.deliveryBasis?.rawValue ?? ""] + texts + [
                body.printed ?? "", fact.standing.rawValue, fact.version.received, body.source?.reference ?? "",
            ] + stageCells(fact)
        }
        return table
    }

    var readings: DataTable {
        var table = DataTable(
            name: "readings", title: "Readings",
            fields: [
                DataField("subject"), DataField("period"), DataField("dimension"), DataField("category"),
                DataField("publisher"), DataField("value", .number), .words("status", Value.Status.self),
                DataField("numerator", .number), DataField("denominator", .number), DataField("reference", .number),
                DataField("data_date", .date), DataField("source", .list), .words("unit", MeasureUnit.self),
                DataField("comment"), DataField("received"),
            ] + stageFields, primaryKey: ["subject", "period", "dimension", "category", "publisher"])
        table.rows = selection.readings.map { fact in
            let reading = fact.body
            var parts = ["", ""]
            if case .number(_, let numerator, let denominator) = reading.value {
                parts = [numerator?.description ?? "", denominator?.description ?? ""]
            }
            let key = [
                reading.about, reading.period.description, reading.breakdown?.dimension ?? "",
                reading.breakdown?.category ?? "", fact.version.name.publisher,
            ]
            let value = [reading.value.number?.description ?? "", reading.value.status.rawValue]
            return key + value + parts + [
                reading.reference?.number?.description ?? "", reading.dataDate?.description ?? "",
                reading.dataSource ?? "", reading.unit.rawValue, reading.comment?.da ?? "", fact.version.received,
            ] + stageCells(fact)
        }
        return table
    }

    /// What each policy's own plugin last judged, where the figures it rests on go out too.
    var assessments: DataTable {
        var table = DataTable(
            name: "assessments", title: "Assessments",
            fields: [
                DataField("goal"), DataField("follow_up"), .words("attainment", Attainment.Judgement.self),
                DataField("arithmetic"), DataField("received"),
            ], primaryKey: ["goal", "follow_up"])
        table.rows = selection.assessments.map {
            [$0.body.goal, $0.body.followUp, $0.body.judgement.rawValue, $0.body.arithmetic.da, $0.received]
        }
        return table
    }

    // MARK: How far a fact has come

    var stageFields: [DataField] {
        [.words("stage", Collecting.Stage.self), DataField("changed_since_approval", .boolean)]
    }

    /// Empty for what a document says, which needs no approval, and for what nobody handed in.
    func stageCells<Body>(_ fact: DataSelection.Fact<Body>) -> [String] {
        [fact.stage?.rawValue ?? "", String(fact.changedSinceApproval)]
    }
}
