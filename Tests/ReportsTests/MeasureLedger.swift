import Coordinator
import PolicyModel

/// A made-up policy with each kind of target and each state of a value, an effort with annual targets and money by
/// year.
enum Measured {
    static func line(_ number: Int) -> Source {
        Source(document: "kilde.txt", lines: [LineRange(first: number, last: number)!])
    }

    static func baseline(
        _ value: Value, _ printed: String, period: String? = nil, qualifier: String? = nil,
        measures: LocalizedText? = nil, due: String? = nil
    ) -> Baseline {
        let date = period.flatMap { PartialDate($0) }
        return Baseline(
            value: value, qualifier: qualifier, period: date.map { Period(from: $0, until: $0) }, measures: measures,
            due: due.flatMap { PartialDate($0) }, printed: printed, source: line(40))
    }

    static func number(_ text: String) -> Value { .number(DecimalText(text)!) }

    static func indicator(
        _ name: String, goal: String = "p/job", unit: MeasureUnit = .percent,
        direction: Indicator.Direction = .up, _ baselines: [Baseline], _ target: Target
    ) -> Indicator {
        Indicator(
            id: "p/\(name)", goal: goal, title: LocalizedText(da: "Måling \(name)", en: "Measure \(name)"),
            titleBasis: .derived, unit: unit, population: LocalizedText(da: "Borgere", en: "Citizens"),
            direction: direction, directionBasis: .derived, bodies: ["BIU"], reporters: ["BIF"],
            reportersBasis: .derived, baselines: baselines, target: target, source: line(41))
    }

    static func target(
        _ kind: Target.Kind, _ value: String? = nil, of: String? = nil, with: LocalizedText? = nil, base: Int? = nil,
        year: Int? = nil
    ) -> Target {
        Target(
            kind: kind, value: value.flatMap { DecimalText($0) }, of: of.flatMap { DecimalText($0) }, parityWith: with,
            baseYear: base, year: year, printed: kind == .noneStated ? nil : "ordene",
            source: kind == .noneStated ? nil : line(42))
    }

    static var indicators: [Indicator] {
        var camp = indicator(
            "lejr", unit: .persons,
            [
                baseline(
                    number("57000"), "var 57.000", period: "2017",
                    measures: LocalizedText(da: "Syv områder", en: "Seven areas")),
                baseline(number("15.3"), "15,3 pct.", measures: LocalizedText(da: "En andel")),
            ], target(.directionOnly, base: 2017, year: 2022))
        camp.forecast = Forecast(
            value: DecimalText("15000")!, period: Period(from: PartialDate("2019")), printed: "forventes",
            source: line(43))
        camp.scope = LocalizedText(da: "Tre områder")
        camp.breaks = [.init(what: LocalizedText(da: "Ni blev til tre", en: "Nine became three"), source: line(44))]
        camp.notes = [LocalizedText(da: "Oprindelse registreres ikke")]
        var unnamed = indicator("uden", [baseline(.missing, "måles")], target(.noneStated))
        unnamed.reporters = []
        unnamed.reportersBasis = .notNamedInSource
        return [
            indicator(
                "andel", [baseline(number("53"), "53 pct.", period: "2017")],
                target(.percentagePoints, "5", base: 2017, year: 2022)),
            indicator(
                "faerre", unit: .persons, direction: .down,
                [baseline(number("853"), "ca. 853", period: "2017", qualifier: "ca.")],
                target(.relativeChange, "-10", base: 2017, year: 2022)),
            indicator("niveau", direction: .down, [baseline(.suppressed, "få")], target(.level, "12.5")),
            indicator(
                "mindst",
                [
                    baseline(
                        .number(DecimalText(80), numerator: DecimalText(12), denominator: DecimalText(15)), "12 af 15")
                ],
                target(.atLeast, "90", year: 2022)),
            indicator("alle", goal: "p/bolig", [baseline(.notApplicable, "–")], target(.all)),
            indicator(
                "kriterier", goal: "p/bolig", unit: .count, direction: .down,
                [baseline(.missing, "måles i 2019", due: "2019")], target(.atLeastKOfN, "3", of: "5")),
            indicator(
                "lige", goal: "p/bolig", direction: .parity, [baseline(number("14.4"), "14,4 pct.")],
                target(.parity, with: LocalizedText(da: "arbejdsstyrken", en: "the workforce"), year: 2022)),
            camp, unnamed,
        ]
    }

    static var policy: Policy {
        var policy = Sample.policy()
        policy.goals = [
            Goal(
                id: "p/sammen", kind: .principle, title: LocalizedText(da: "Sammen"),
                forvaltningerBasis: .notNamedInSource, source: line(30)),
            // A goal may stand before the guidepost it belongs under.
            Goal(
                id: "p/job", kind: .goal, parent: "p/pejl", title: LocalizedText(da: "Flere i job"), bodies: ["BIU"],
                forvaltninger: ["BIF"], forvaltningerBasis: .derived, source: line(31)),
            Goal(
                id: "p/pejl", kind: .guidepost, title: LocalizedText(da: "Job & bolig"), forvaltninger: ["BIF"],
                forvaltningerBasis: .printed, source: line(32)),
            Goal(
                id: "p/bolig", kind: .goal, parent: "p/pejl", title: LocalizedText(da: "Bolig til alle"),
                forvaltningerBasis: .notNamedInSource, source: line(33)),
        ]
        policy.indicators = indicators
        policy.annualTargets = [
            AnnualTarget(
                id: "p/bif/kursus/fuldfoert", initiative: "p/bif/kursus",
                what: LocalizedText(da: "Kursister, der fuldfører", en: "Participants who complete"),
                comparator: .atLeast, value: DecimalText(75), unit: .percent, base: LocalizedText(da: "Kursisterne"),
                exclusions: LocalizedText(da: "Syge"), fromYear: 2019, toYear: 2022, printed: "mindst 75 pct.",
                source: line(50)),
            AnnualTarget(
                id: "p/bif/kursus/alle", initiative: "p/bif/kursus", what: LocalizedText(da: "Samtaler"),
                comparator: .all, text: LocalizedText(da: "Alle får en."), printed: "alle", source: line(51)),
            AnnualTarget(
                id: "p/bif/kursus/ord", initiative: "p/bif/kursus", what: LocalizedText(da: "Kortlægning"),
                comparator: .stated, fromYear: 2019, toYear: 2019, text: LocalizedText(da: "Den er lavet."),
                printed: "laves", source: line(52)),
        ]
        return policy
    }

    static func ledger() throws -> LedgerState {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", policy)
        for (name, amounts) in [("kursus", [600_000, 2_400_000]), ("pulje", [1_000_000])] {
            try maker.add("BIF", Sample.initiative("p/bif/\(name)", title: name, goals: ["p/job"]))
            try maker.add(
                "BIF",
                Funding(
                    initiative: "p/bif/\(name)", state: .funded,
                    budgets: amounts.enumerated().map {
                        Budget(year: 2019 + $0.offset, plannedDKK: DecimalText($0.element))
                    }, printed: "rækken", source: line(60)))
        }
        return maker.state
    }
}
