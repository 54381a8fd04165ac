internal import PolicyModel

/// Texts on readings, judgements and revised targets.
extension Words {
    // MARK: Readings
    /// Where nobody has reported a reading: neither missing nor suppressed.
    static let notReportedReading = Bilingual("ikke indberettet", "not reported")
    static let measuredBaseline = Bilingual("Udgangspunkt, målt", "Baseline, measured")
    static let measuredBaselineNote = Bilingual(
        "Træder i stedet for et trykt udgangspunkt", "Stands in for a printed baseline")
    static let receivedOn = Bilingual("modtaget {1}", "received {1}")
    static let reading = Bilingual("Måling", "Reading")
    static let dataSource = Bilingual("Datakilde: {1}", "Data source: {1}")
    static let comment = Bilingual("Bemærkning", "Comment")
    static let earlierReadings = Bilingual("Tidligere målinger", "Earlier readings")
    static let earlierOf = Bilingual("{1}: tidligere målinger", "{1}: earlier readings")
    static let olderLeftOut = Bilingual(
        "{1} ældre målinger er udeladt her; de står i dataudtrækket.",
        "{1} older readings are left out here; they are in the data export.")
    static let breakdownsOf = Bilingual("{1}: fordelt", "{1}: broken down")
    static let brokenDown = Bilingual("Fordelt", "Broken down")
    static let part = Bilingual("Del", "Part")
    static let reporterColumn = Bilingual("Indberettet af", "Reported by")
    static let countMeasures = Bilingual("{1}: {2}.", "{1}: {2}.")
    static let measuresNotReported = Bilingual("ikke indberettet", "not reported")

    static func count(of status: Value.Status) -> Bilingual {
        switch status {
        case .number: Bilingual("målt", "measured")
        case .suppressed: Bilingual("vises ikke", "not shown")
        case .missing: Bilingual("mangler et tal", "without a figure")
        case .notApplicable: Bilingual("ikke relevant", "not applicable")
        }
    }

    // MARK: Judgements
    static let judgedGoals = Bilingual("Vurderede mål: {1}: {2}.", "Judged goals: {1}: {2}.")
    static let judgedOn = Bilingual("vurderet på målingen for {1}", "judged on the reading for {1}")
    static let judgedOnNone = Bilingual("vurderet, før der var en måling", "judged before there was a reading")
    static let judgedAgainst = Bilingual(
        "holdt op imod målets version {1}", "held against version {1} of the target")
    static let assessedUpTo = Bilingual(
        "{1} er vurderet til registerets position {2}; den sidste post om politikken er {3}. Vurderingerne kan være ældre end tallene.",
        "{1} is assessed up to ledger position {2}; the last record of the policy is {3}. The judgements may be older than the figures."
    )
    static let neverAssessed = Bilingual(
        "{1} er ikke vurderet endnu; den sidste post om politikken er position {2}.",
        "{1} has not been assessed yet; the last record of the policy is position {2}.")
    static let groupAssessed = Bilingual("Hvad er ikke vurderet", "What is not assessed")
    static let groupJudgements = Bilingual("Vurdering af mål", "Judgement of goals")
    static let readingsTerm = Bilingual("Målinger", "Readings")
    static let readingsRule = Bilingual(
        "Kun fra den forvaltning, der indberetter tallet. »For lille til at vise«, »mangler«, »ikke relevant« og »ikke indberettet« er fire forskellige ting.",
        "Only from the administration that reports the figure. “Too small to show”, “missing”, “not applicable” and “not reported” are four different things."
    )

    static func sign(_ judgement: Attainment.Judgement) -> String {
        switch judgement {
        case .ahead: "▲"
        case .onCourse: "●"
        case .reached: "✓"
        case .behind: "▼"
        case .noData: "–"
        case .cannotBeJudged: "?"
        }
    }

    static func meaning(_ judgement: Attainment.Judgement) -> Bilingual {
        switch judgement {
        case .ahead:
            Bilingual(
                "Mindst en tiendedel af hele vejen foran den tid, der er gået.",
                "At least a tenth of the whole way in front of the time that has passed.")
        case .onCourse:
            Bilingual(
                "Lige så langt som den tid, der er gået, eller den rigtige vej.",
                "As far as the time that has passed, or going the right way.")
        case .behind:
            Bilingual("Kortere end den tid, der er gået.", "Less far than the time that has passed.")
        case .reached: Bilingual("Målet er nået.", "The target is reached.")
        case .noData: Bilingual("Der er ingen måling at vurdere.", "There is no reading to judge.")
        case .cannotBeJudged:
            Bilingual(
                "Der er noget at se på, men ikke noget at regne på.",
                "There is something to look at, but nothing to reckon with.")
        }
    }

    // MARK: Revised targets
    static let revisedTarget = Bilingual("Målet er ændret: {1} → {2}", "The target was revised: {1} → {2}")
    static let becauseOf = Bilingual("Begrundelse:", "Reason:")
    static let decidedBy = Bilingual("Besluttet: {1}", "Decided: {1}")
}
