internal import PolicyModel

/// Reads what was decided about targets after the policy: each revision a version of its own, beside the one before.
struct TargetRevisionReader {
    let reader: IndicatorReader
    let policy: Policy

    /// The targets as the policy states them, and their revisions, numbered in the order written.
    func versions(_ items: [Item]) -> [TargetVersion] {
        var versions = policy.statedTargets
        for item in items {
            let item = item.called(item.peek("about").map { "revision of `\($0)`" } ?? item.label)
            let fields = item.fields(
                "about", "target", "comparator", "value", "unit", "base", "exclusions", "from_year", "to_year", "text",
                "reason", "decision", "decided")
            let about = fields.text("about")
            let before = versions.last { $0.about == about }
            var version = TargetVersion(
                about: about, version: (before?.version ?? 0) + 1, reason: fields.localized("reason"),
                decision: fields.text("decision"), decided: fields.required("decided")?.date())
            guard let before else {
                fields["about"]?.reportUnknown(about, "indicator or annual target", among: policy.measureIDs)
                continue
            }
            if let annual = before.annualTarget {
                version.annualTarget = revised(annual, fields)
                fields["target"]?.report(
                    "“\(about)” is an annual target", fix: "write value, unit, from_year … themselves, without `target`"
                )
            } else if let indicator = policy.indicators.first(where: { $0.id == about }) {
                var citations: [Citation] = []
                version.target = reader.target(fields, indicator.unit, &citations, direction: indicator.direction)
            }
            if let last = versions.last(where: { $0.about == about }),
                last.substance.isSameTarget(as: version.substance)
            {
                item.report("changes nothing of version \(last.version)", fix: "write what was decided, or remove it")
            }
            versions.append(version)
        }
        return versions
    }

    private func revised(_ before: AnnualTarget, _ fields: Fields) -> AnnualTarget {
        var target = before
        target.printed = ""
        if let item = fields["comparator"] { target.comparator = item.choice(else: before.comparator) }
        if let item = fields["value"] { target.value = item.decimal() }
        if let item = fields["unit"] { target.unit = item.choice(else: before.unit ?? .count) }
        if let item = fields["base"] { target.base = item.localized() }
        if let item = fields["exclusions"] { target.exclusions = item.localized() }
        if let item = fields["from_year"] { target.fromYear = item.number(in: 1900...2199) }
        if let item = fields["to_year"] { target.toYear = item.number(in: 1900...2199) }
        if fields["from_year"] != nil {
            reader.scope.checkPeriod(year: target.fromYear, "the year", at: fields["from_year"])
        }
        if fields["to_year"] != nil {
            reader.scope.checkPeriod(year: target.toYear, "the year", at: fields["to_year"])
        }
        if let value = target.value, let unit = target.unit { fields["value"]?.checkValue(value, in: unit) }
        if let item = fields["text"] { target.text = item.localized() }
        if target.unit == .percent, target.base == nil {
            fields["unit"]?.report("a percentage without `base`", fix: "add `base:` with of whom it is a share")
        }
        return target
    }
}

extension TargetVersion {
    fileprivate func isSameTarget(as other: TargetVersion) -> Bool {
        target == other.target && annualTarget == other.annualTarget
    }
}
