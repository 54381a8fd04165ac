internal import Coordinator
internal import PolicyModel

/// What was measured and judged; and files that today's records cannot fill, whose columns are settled, so that readers need
/// not change when rows come.
extension DataTables {
    private func table(_ name: String, _ title: String, _ fields: [DataField], key: [String] = []) -> DataTable {
        DataTable(name: name, title: title, fields: fields, primaryKey: key)
    }

    private func strings(_ names: String...) -> [DataField] { names.map { DataField($0) } }

    /// `readings`, `assessments`, `approvals`, `decisions`.
    var later: [DataTable] {
        [
            readings, assessments,
            table(
                "approvals", "Approvals",
                strings("follow_up", "forvaltning", "publisher") + [DataField("records", .list)]),
            table(
                "decisions", "Decisions",
                strings("id", "body") + [DataField("date", .date), DataField("item"), DataField("text")], key: ["id"]),
        ]
    }

    /// What the forvaltninger that report a measure have said; with `all`, what others said too. By subject, period, breakdown.
    private var readings: DataTable {
        var table = table(
            "readings", "Readings",
            strings("subject", "period", "dimension", "category", "publisher") + [
                DataField("value", .number), .words("status", Value.Status.self), DataField("numerator", .number),
                DataField("denominator", .number), DataField("reference", .number), DataField("data_date", .date),
                DataField("source", .list),
            ])
        let histories = state.readings.histories.sorted { ($0.identity, $0.publisher) < ($1.identity, $1.publisher) }
        var reportersOf: [String: [String]] = [:]
        for history in histories {
            let reading = history.current.body
            let reporters = reportersOf[reading.about] ?? state.reporters(of: reading.about) ?? []
            reportersOf[reading.about] = reporters
            guard all || reporters.contains(history.publisher) else { continue }
            var parts = ["", ""]
            if case .number(_, let numerator, let denominator) = reading.value {
                parts = [numerator?.description ?? "", denominator?.description ?? ""]
            }
            table.rows.append(
                [
                    reading.about, reading.period.description, reading.breakdown?.dimension ?? "",
                    reading.breakdown?.category ?? "", history.publisher, reading.value.number?.description ?? "",
                    reading.value.status.rawValue,
                ] + parts + [
                    reading.reference?.number?.description ?? "", reading.dataDate?.description ?? "",
                    reading.dataSource ?? "",
                ])
        }
        return table
    }

    /// What each policy's own plugin last judged.
    private var assessments: DataTable {
        var table = table(
            "assessments", "Assessments",
            strings("goal", "follow_up") + [
                .words("attainment", Attainment.Judgement.self), DataField("arithmetic"),
            ], key: ["goal", "follow_up"])
        let own = state.assessments.histories.filter { $0.publisher == $0.current.body.policyID }
        table.rows = own.sorted { $0.identity < $1.identity }.map {
            let body = $0.current.body
            return [body.goal, body.followUp, body.judgement.rawValue, body.arithmetic.da]
        }
        return table
    }
}
