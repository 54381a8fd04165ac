internal import Coordinator
internal import PolicyModel

/// How goals are measured: `indicators`, `baselines`, `annual_targets`.
extension DataTables {
    var indicators: DataTable {
        var table = DataTable(
            name: "indicators", title: "Indicators",
            fields: [
                DataField("id"), DataField("goal"), DataField("title"), .words("unit", MeasureUnit.self),
                DataField("population"), .words("direction", Indicator.Direction.self),
                .words("direction_basis", Basis.self), .words("target_kind", Target.Kind.self),
                DataField("target_value", .number), DataField("base_year", .year), DataField("target_year", .year),
                DataField("reporter", .list), DataField("scope"), DataField("source", .list),
            ], primaryKey: ["id"], foreignKeys: [("goal", "goals", "id")])
        table.rows = policyBodies.flatMap(\.indicators).map { indicator in
            let target = state.currentTarget(of: indicator)
            return [
                indicator.id, indicator.goal, indicator.title.da, indicator.unit.rawValue, indicator.population.da,
                indicator.direction.rawValue, indicator.directionBasis.rawValue, target.kind.rawValue,
                target.value?.description ?? "", target.baseYear.map(String.init) ?? "",
                target.year.map(String.init) ?? "", joined(indicator.reporters), indicator.scope?.da ?? "",
                indicator.source.reference,
            ]
        }
        return table
    }

    var baselines: DataTable {
        var table = DataTable(
            name: "baselines", title: "Baselines",
            fields: [
                DataField("indicator"), DataField("measures"), DataField("value", .number),
                .words("status", Value.Status.self), DataField("numerator", .number), DataField("denominator", .number),
                DataField("period"), DataField("source", .list),
            ], foreignKeys: [("indicator", "indicators", "id")])
        table.rows = policyBodies.flatMap(\.indicators).flatMap { indicator in
            indicator.baselines.map { baseline in
                var parts = ["", ""]
                if case .number(_, let numerator, let denominator) = baseline.value {
                    parts = [numerator?.description ?? "", denominator?.description ?? ""]
                }
                return [
                    indicator.id, baseline.measures?.da ?? "", baseline.value.number?.description ?? "",
                    baseline.value.status.rawValue,
                ] + parts + [text(baseline.period), baseline.source.reference]
            }
        }
        return table
    }

    var annualTargets: DataTable {
        var table = DataTable(
            name: "annual_targets", title: "Annual targets",
            fields: [
                DataField("id"), DataField("initiative"), DataField("title"),
                .words("comparator", AnnualTarget.Comparator.self), DataField("value", .number),
                .words("unit", MeasureUnit.self), DataField("base"), DataField("from_year", .year),
                DataField("to_year", .year), DataField("source", .list),
            ], primaryKey: ["id"], foreignKeys: [("initiative", "initiatives", "id")])
        table.rows = policyBodies.flatMap(\.annualTargets).map { stated -> [String] in
            let target = state.currentTarget(of: stated)
            return [
                target.id, target.initiative, target.value == nil ? target.text?.da ?? target.what.da : target.what.da,
                target.comparator.rawValue, target.value?.description ?? "", target.unit?.rawValue ?? "",
                target.base?.da ?? "", target.fromYear.map(String.init) ?? "", target.toYear.map(String.init) ?? "",
                target.source.reference,
            ]
        }
        return table
    }

    /// `2017`, or `2016/2017` (ISO 8601); empty where nothing is printed.
    private func text(_ period: Period?) -> String {
        guard let period else { return "" }
        let ends = [period.from, period.until].map { $0?.description ?? ".." }
        return ends[0] == ends[1] ? ends[0] : ends.joined(separator: "/")
    }
}
