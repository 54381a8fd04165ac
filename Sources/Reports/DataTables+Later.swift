/// Files that today's records cannot fill: their columns are settled, so that readers need not change when rows come.
extension DataTables {
    private static func table(_ name: String, _ title: String, _ fields: [DataField], key: [String] = []) -> DataTable {
        DataTable(name: name, title: title, fields: fields, primaryKey: key)
    }

    private static func strings(_ names: String...) -> [DataField] { names.map { DataField($0) } }

    /// `readings`, `assessments`, `approvals`, `decisions`.
    static var later: [DataTable] {
        [
            table(
                "readings", "Readings",
                strings("subject", "period", "dimension", "category", "publisher") + [
                    DataField("value", .number),
                    DataField("status", .words(["number", "missing", "suppressed", "not_applicable"])),
                    DataField("numerator", .number), DataField("denominator", .number), DataField("data_date", .date),
                    DataField("source", .list),
                ]),
            table(
                "assessments", "Assessments",
                strings("goal", "follow_up") + [
                    DataField(
                        "attainment",
                        .words(["ahead", "on_course", "behind", "reached", "no_data", "cannot_be_judged"])),
                    DataField("arithmetic"),
                ]),
            table(
                "approvals", "Approvals",
                strings("follow_up", "forvaltning", "publisher") + [DataField("records", .list)]),
            table(
                "decisions", "Decisions",
                strings("id", "body") + [DataField("date", .date), DataField("item"), DataField("text")], key: ["id"]),
        ]
    }
}
