internal import PolicyModel

/// Reads a policy's indicators with baselines and targets, and the annual targets of its efforts.
struct IndicatorReader {
    let scope: Scope
    let goals: [Goal]

    func indicators(_ items: [Item]) -> ([Indicator], [Citation]) {
        var places = FirstPlaces()
        var citations: [Citation] = []
        let indicators = items.map { item in
            let (indicator, cited) = indicator(item.called(item.peek("id").map { "indicator `\($0)`" } ?? item.label))
            places.add(indicator.id, "indicator", at: item)
            citations += cited
            return indicator
        }
        return (indicators, citations)
    }

    private func indicator(_ item: Item) -> (Indicator, [Citation]) {
        let fields = item.fields(
            "bodies_basis", "derivation",
            "id", "goal", "title", "title_basis", "unit", "population", "direction", "direction_basis", "bodies",
            "reporters", "reporters_basis", "baselines", "forecast", "target", "scope", "breaks", "notes", "disclosure",
            "criteria", "lines")
        let source = scope.source(fields)
        let goal = fields.required("goal")?.identifier(below: scope.policy) ?? ""
        if !goal.isEmpty, !goals.contains(where: { $0.id == goal }) {
            fields["goal"]?.reportUnknown(goal, "goal", among: goals.map(\.id))
        }
        let unit = fields.choice("unit", else: MeasureUnit.percent)
        let direction = fields.choice("direction", else: Indicator.Direction.up)
        let reporters = scope.responsible(fields, "reporters", required: true, in: source)
        let bodies = scope.named(fields, "bodies", in: source, read: scope.body)
        _ = fields["derivation"]?.localized()
        scope.checkCommittees(of: reporters, "reporters", fields, among: bodies.names)
        var citations = bodies.citations + reporters.citations
        let baselines = fields.list("baselines").map { item in
            item.checkBaseline(unit)
            return baseline(item, &citations)
        }
        if fields["baselines"]?.node.sequence?.isEmpty == true {
            fields["baselines"]?.report(
                "has no baseline", fix: "write one; what is to be measured has `status: missing`")
        }
        let target = target(fields, unit, &citations)
        let titleBasis = fields.titleBasis()
        let title = fields.localized("title")
        if titleBasis == .printed { citations += scope.citation(.title, fields["title"], title.da, source) }
        let indicator = Indicator(
            id: fields.required("id")?.identifier(below: scope.policy) ?? "", goal: goal, title: title,
            titleBasis: titleBasis, unit: unit, population: population(fields, unit), direction: direction,
            directionBasis: fields.basis("direction_basis"), bodies: bodies.names, reporters: reporters.names,
            reportersBasis: reporters.basis, baselines: baselines, forecast: forecast(fields, &citations),
            target: target, scope: fields["scope"]?.localized(),
            breaks: fields.optionalList("breaks").map { item in
                let fields = item.fields("what", "lines")
                return Indicator.Break(what: fields.localized("what"), source: scope.source(fields))
            }, notes: fields.optionalList("notes").map { $0.localized() },
            disclosure: disclosure(fields, unit),
            criteria: fields["criteria"].map { criteria($0, of: target) }, source: source)
        return (indicator, citations)
    }

    /// Persons are persons, whatever is said of them.
    private func disclosure(_ fields: Fields, _ unit: MeasureUnit?) -> Disclosure? {
        let disclosure = fields["disclosure"]?.choice(else: Disclosure.smallCountsSuppressed)
        if disclosure == .notPersonal, unit == .persons {
            fields["disclosure"]?.report(
                "“not_personal”, and the unit is persons", fix: "remove it, so that small counts are suppressed")
        }
        return disclosure
    }

    /// The criteria of "at least k of n", all of them or none.
    private func criteria(_ item: Item, of target: Target) -> [Indicator.Criterion] {
        var places = FirstPlaces()
        let criteria = item.list().map { item in
            let fields = item.fields("id", "title", "basis")
            let id = fields.required("id")?.slug() ?? ""
            if let item = fields["id"] { places.add(id, "criterion", at: item) }
            return Indicator.Criterion(id: id, title: fields.localized("title"), basis: fields.basis("basis"))
        }
        if target.kind != .atLeastKOfN || target.of != DecimalText(criteria.count) {
            item.report(
                "names \(criteria.count) criteria, and the target is not of that many",
                fix: "name as many as `of` says, or leave `criteria` out")
        }
        return criteria
    }

    private func baseline(_ item: Item, _ citations: inout [Citation]) -> Baseline {
        let fields = item.fields(
            "value_basis",
            "value", "numerator", "denominator", "status", "unit", "qualifier", "period", "measures", "due", "measure",
            "period_basis", "due_basis", "qualifier_basis", "printed", "lines")
        let source = scope.source(fields)
        let value: Value
        if let status = fields["status"] {
            fields["value"]?.report("stands beside `status`", fix: "write one of the two")
            switch status.choice([.missing, .suppressed, .notApplicable], else: Value.Status.missing) {
            case .suppressed: value = .suppressed
            case .notApplicable: value = .notApplicable
            case .missing, .number: value = .missing
            }
        } else {
            value = .number(
                fields.required("value")?.decimal() ?? DecimalText(0), numerator: fields["numerator"]?.decimal(),
                denominator: fields["denominator"]?.decimal())
        }
        for key in ["value", "numerator", "denominator"] { fields.checkPrinted(key) }
        let baseline = Baseline(
            value: value, unit: fields["unit"]?.choice(else: .percent), qualifier: fields["qualifier"]?.text(),
            period: fields["period"]?.dateOrPeriod(),
            measures: fields["measures"]?.localized(), due: fields["due"]?.date(), measure: scope.measure(fields),
            printed: fields.text("printed"), source: source)
        citations += scope.citation(.figure, fields["printed"], baseline.printed, source)
        citations += scope.dates(fields, "period", "due", in: source)
        return baseline
    }

    private func forecast(_ fields: Fields, _ citations: inout [Citation]) -> Forecast? {
        guard let item = fields["forecast"] else { return nil }
        let fields = item.fields(
            "value", "value_basis", "qualifier", "qualifier_basis", "period", "period_basis", "printed", "lines")
        fields.checkPrinted()
        let forecast = Forecast(
            value: fields.required("value")?.decimal() ?? DecimalText(0), qualifier: fields["qualifier"]?.text(),
            period: fields["period"]?.dateOrPeriod(), printed: fields.text("printed"), source: scope.source(fields))
        citations += scope.citation(.figure, fields["printed"], forecast.printed, forecast.source)
        citations += scope.dates(fields, "period", in: forecast.source)
        return forecast
    }

    /// `direction`: the indicator's, where `outer` is not the indicator itself.
    func target(
        _ outer: Fields, _ unit: MeasureUnit, _ citations: inout [Citation], direction: Indicator.Direction? = nil
    ) -> Target {
        guard let item = outer.required("target") else { return Target(kind: .noneStated) }
        let fields = item.fields(
            "kind", "value", "value_basis", "of", "of_basis", "parity_with", "base_year", "base_year_basis", "year",
            "year_basis", "printed", "lines")
        let kind = fields.choice("kind", else: Target.Kind.noneStated)
        let direction =
            direction ?? outer["direction"]?.node.scalar.flatMap { Indicator.Direction(rawValue: $0.string.trimmed) }
        TargetRules(fields: fields, kind: kind, unit: unit, direction: direction).check()
        fields.checkPrinted()
        fields.checkPrinted("of")
        func year(_ key: String) -> Int? { fields[key]?.number(in: 1900...2199) }
        let isSaid = kind != .noneStated
        let target = Target(
            kind: kind, value: fields["value"]?.decimal(), of: fields["of"]?.decimal(),
            parityWith: fields["parity_with"]?.localized(), baseYear: year("base_year"), year: year("year"),
            printed: isSaid ? fields.text("printed") : fields["printed"]?.text(),
            source: isSaid || fields["lines"] != nil ? scope.source(fields) : nil)
        if let source = target.source {
            citations += scope.citation(.figure, fields["printed"], target.printed ?? "", source)
        }
        citations += scope.dates(fields, "base_year", "year", in: target.source)
        return target
    }

    // MARK: Annual targets

    func annualTargets(_ items: [Item]) -> ([AnnualTarget], [Citation]) {
        var places = FirstPlaces()
        var citations: [Citation] = []
        let targets = items.map { item in
            let item = item.called(item.peek("id").map { "annual target `\($0)`" } ?? item.label)
            let fields = item.fields(
                "value_basis",
                "id", "initiative", "what", "comparator", "value", "unit", "base", "exclusions", "from_year", "to_year",
                "comparator_basis", "from_year_basis", "to_year_basis", "text", "disclosure", "printed", "lines")
            let source = scope.source(fields)
            let initiative = fields.required("initiative")?.identifier(below: scope.policy) ?? ""
            let unit = fields["unit"]?.choice(else: MeasureUnit.count)
            if fields["value"] == nil { _ = fields.required("text") }
            if fields["value"] != nil, fields["unit"] == nil { _ = fields.required("unit") }
            if unit == .percent, fields["base"] == nil {
                item.report("a percentage without `base`", fix: "add `base:` with of whom it is a share")
            }
            let comparator = fields.choice("comparator", else: AnnualTarget.Comparator.stated)
            checkAmount(fields, comparator, unit)
            fields.checkComparator(comparator)
            fields.checkPrinted()
            if let item = fields["initiative"] {
                scope.references.add(.initiative, from: initiative, to: initiative, at: item)
            }
            let from = fields["from_year"]?.number(in: 1900...2199)
            let until = fields["to_year"]?.number(in: 1900...2199)
            if let from, let until, from > until {
                fields["from_year"]?.report(
                    "“\(from)” is after `to_year`, “\(until)”", fix: "put the earlier year first")
            }
            scope.checkPeriod(year: from, "the year", at: fields["from_year"])
            scope.checkPeriod(year: until, "the year", at: fields["to_year"])
            let target = AnnualTarget(
                id: "\(initiative)/\(fields.required("id")?.slug() ?? "")", initiative: initiative,
                what: fields.localized("what"), comparator: comparator,
                value: fields["value"]?.decimal(), unit: unit, base: fields["base"]?.localized(),
                exclusions: fields["exclusions"]?.localized(), fromYear: from, toYear: until,
                text: fields["text"]?.localized(),
                disclosure: disclosure(fields, unit), printed: fields.text("printed"),
                source: source)
            places.add(target.id, "annual target", at: item)
            citations += scope.citation(.figure, fields["printed"], target.printed, source)
            citations += scope.dates(fields, "from_year", "to_year", in: source)
            return target
        }
        return (targets, citations)
    }

    /// Of whom: without it, nobody can know what a percentage is a share of.
    private func population(_ fields: Fields, _ unit: MeasureUnit) -> LocalizedText {
        if unit == .percent, fields.values != nil, fields["population"] == nil,
            !fields.suggested.contains("population")
        {
            fields.item.report(
                "a percentage without `population`", fix: "add `population:` with of whom it is a share")
            return LocalizedText(da: "")
        }
        return fields.localized("population")
    }

    /// The value goes with the comparator, and can be counted in the unit.
    private func checkAmount(_ fields: Fields, _ comparator: AnnualTarget.Comparator, _ unit: MeasureUnit?) {
        let value = fields["value"]
        if let unit, let value, let number = value.node.scalar.flatMap({ DecimalText($0.string.trimmed) }) {
            value.checkValue(number, in: unit)
        }
        switch comparator {
        case .atLeast where value == nil:
            fields["comparator"]?.report("“at_least” without `value`", fix: "add `value:`, or write `stated`")
        case .all where value != nil:
            value?.report("“all” has no value", fix: "remove it, or choose another comparator")
        case .all where unit != nil && unit != .percent:
            fields["unit"]?.report("“all” is a share", fix: "write `unit: percent`, or leave it out")
        default: break
        }
    }
}
