/// Files that today's records cannot fill: their columns are settled, so that readers need not change when rows come.
extension DataTables {
    private static func table(_ name: String, _ title: String, _ fields: [DataField], key: [String] = []) -> DataTable {
        DataTable(name: name, title: title, fields: fields, primaryKey: key)
    }

    private static func strings(_ names: String...) -> [DataField] { names.map { DataField($0) } }

    /// `indicators` and `baselines`.
    static var measures: [DataTable] {
        [
            table(
                "indicators", "Indicators",
                strings("id", "goal", "title", "unit", "population") + [
                    DataField("direction", .words(["up", "down", "parity"])), DataField("direction_basis"),
                    DataField("target_kind"), DataField("target_value", .number), DataField("base_year", .year),
                    DataField("target_year", .year), DataField("reporter"), DataField("scope"),
                    DataField("source", .list),
                ], key: ["id"]),
            table(
                "baselines", "Baselines",
                strings("indicator", "measures") + [
                    DataField("value", .number),
                    DataField("status", .words(["number", "missing", "suppressed", "not_applicable"])),
                    DataField("numerator", .number), DataField("denominator", .number), DataField("period"),
                    DataField("source", .list),
                ]),
        ]
    }

    static var annualTargets: DataTable {
        table(
            "annual_targets", "Annual targets",
            strings("id", "initiative", "title") + [
                DataField("comparator", .words(["at_least", "all", "stated"])), DataField("value", .number),
                DataField("unit"), DataField("base"), DataField("from_year", .year), DataField("to_year", .year),
                DataField("source", .list),
            ], key: ["id"])
    }

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
