internal import Coordinator
internal import PolicyModel

/// Texts of the views `progress`, `calendar`, `partners`, and of money by year.
extension Words {
    // MARK: Progress
    static let progressTitle = Bilingual("Fremdrift, pr. {1}", "Progress, as of {1}")
    static let measure = Noun(one: Bilingual("måltal", "measure"), many: Bilingual("måltal", "measures"))
    static let progressCounts = Bilingual(
        "{1}: {2} målt, {3} skal måles, {4} for små til at vise, {5} ikke relevante.",
        "{1}: {2} measured, {3} to be measured, {4} too small to show, {5} not applicable.")
    static let judgedCounts = Bilingual(
        "Vurderet: {1}; kan ikke vurderes endnu: {2}; ikke vurderet: {3}.",
        "Judged: {1}; cannot be judged yet: {2}; not assessed: {3}."
    )
    static let progressBehind = Bilingual(
        "Vurderingen mangler: politikkens plugin har set registeret til position {1}; sidste post om politikken er {2}.",
        "The assessment is incomplete: the policy's plugin has seen the ledger up to position {1}; the last record of the policy is {2}."
    )
    static let progressNone = Bilingual("Ingen måltal.", "No measures.")
    static let noGoalKnown = Bilingual("Uden kendt mål", "Without a known goal")
    static let inThisYear = Bilingual("I {1}", "In {1}")
    static let latestShort = Bilingual("Seneste", "Latest")
    static let trend = Bilingual("Udvikling", "Trend")
    static let finalTarget = Bilingual("Slutmål", "Final target")
    static let judgement = Bilingual("Vurdering", "Judgement")
    static let notAssessed = Bilingual("ikke vurderet", "not assessed")
    static let onOther = Bilingual("{1} (på {2})", "{1} (on {2})")
    static let noReadingYet = Bilingual("ingen måling", "no reading")
    static let revised = Bilingual("{1} (ændret, før: {2})", "{1} (revised, before: {2})")
    static let revisionLine = Bilingual(
        "Mål ændret (version {1}): {2} → {3}.", "Target revised (version {1}): {2} → {3}.")
    static let forecastLine = Bilingual(
        "Forventning, hverken mål eller måling: {1}", "Forecast, neither target nor reading: {1}")
    static let measuredIn = Bilingual("måles i {1}", "measured {1}")
    static let inWords = Bilingual("i ord", "in words")
    static let progressNotes = Bilingual(
        "* måler noget andet; der regnes ikke fra det.\n~ regnet på en ret linje fra udgangspunkt til slutmål; ingen har sat det.",
        "* measures something else; nothing is reckoned from it.\n~ reckoned on a straight line from baseline to final target; nobody has set it."
    )

    static func name(_ trend: ProgressView.Trend) -> Bilingual {
        switch trend {
        case .better: Bilingual("bedre", "better")
        case .worse: Bilingual("dårligere", "worse")
        case .same: Bilingual("uændret", "unchanged")
        }
    }

    static func shortName(_ judgement: Attainment.Judgement) -> Bilingual {
        switch judgement {
        case .ahead: Bilingual("foran", "ahead")
        case .onCourse: Bilingual("på kurs", "on course")
        case .behind: Bilingual("bagud", "behind")
        case .reached: Bilingual("nået", "reached")
        case .noData: Bilingual("ingen tal", "no data")
        case .cannotBeJudged: Bilingual("kan ikke vurderes", "cannot be judged")
        }
    }

    // MARK: Calendar
    static let calendarTitle = Bilingual("Kalender, pr. {1}", "Calendar, as of {1}")
    static let calendarName = Bilingual("Pejling: {1}", "Pejling: {1}")
    static let dateColumn = Bilingual("Dato", "Date")
    static let whatColumn = Bilingual("Hvad", "What")
    static let whoColumn = Bilingual("Hvem", "Who")
    static let toColumn = Bilingual("Til", "To")
    static let noDate = Bilingual("uden dato", "no date")
    static let during = Bilingual("i løbet af {1}", "during {1}")
    static let calendarLate = Bilingual("{1} over; mangler {2}", "{1} past; missing {2}")
    static let calendarAwaiting = Bilingual("ikke fulgt op, {1}", "not followed up, {1}")
    static let calendarNone = Bilingual("Intet i kalenderen.", "Nothing in the calendar.")
    static let calendarNotes = Bilingual(
        "t: trykt i kilden, u: udledt af kilden, f: fastsat af kommunen.\nEr kun et år eller en måned kendt, regnes fra den sidste dag.",
        "t: printed in the source, u: derived from it, f: set by the municipality.\nWhere only a year or a month is known, it counts from the last day."
    )
    static let condition = Bilingual("betinget", "conditional")
    static let targetsCounted = Bilingual("{1} ({2} måltal)", "{1} ({2} measures)")

    static func name(_ kind: CalendarView.Kind) -> Bilingual {
        switch kind {
        case .opens: Bilingual("Åbner", "Opens")
        case .due: Bilingual("Frist", "Due")
        case .locked: Bilingual("Låses", "Locked")
        case .fundingEnds: Bilingual("Penge udløber", "Money ends")
        case .baselineDue: Bilingual("Udgangspunkt", "Baseline due")
        case .annualTargets: Bilingual("Årets måltal", "Annual targets")
        case .targetDue: Bilingual("Slutmål", "Final target")
        case .policyEnds: Bilingual("Politik udløber", "Policy ends")
        case .milestone: Bilingual("Milepæl", "Milestone")
        case .exception: Bilingual("Udsat til", "More time until")
        case .decision: Bilingual("Beslutning", "Decision")
        }
    }

    static func name(_ state: CalendarView.State) -> Bilingual {
        switch state {
        case .upcoming: Bilingual("kommer", "to come")
        case .passed: Bilingual("passeret", "passed")
        case .answered: Bilingual("besvaret", "answered")
        case .late: Bilingual("mangler", "missing")
        case .conditionOpen: Bilingual("betinget, ikke afgjort", "conditional, undecided")
        case .willNotHappen: willNotHappen
        case .undated: Bilingual("uden dato", "no date")
        case .awaiting: Bilingual("ikke fulgt op", "not followed up")
        }
    }

    /// A letter for what a date rests on; the note under the table explains them.
    static func letter(_ basis: Basis) -> Bilingual {
        switch basis {
        case .printed: Bilingual("t", "t")
        case .derived: Bilingual("u", "u")
        case .configured: Bilingual("f", "f")
        case .notNamedInSource: Bilingual("?", "?")
        }
    }

    // MARK: Partners
    static let partnersTitle = Bilingual(
        "Hvem uden for forvaltningerne, pr. {1}", "Who outside the administrations, as of {1}")
    static let partnersCounts = Bilingual(
        "{1} organisationer, heraf {2} hos flere ejere og {3} i flere politikker.",
        "{1} organisations, of which {2} with several owners and {3} in several policies.")
    static let nameColumn = Bilingual("Navn", "Name")
    static let withColumn = Bilingual("Hos", "With")
    static let policiesColumn = Bilingual("Politikker", "Policies")
    static let isConsulted = Bilingual("inddrages", "consulted")
    static let receives = Bilingual("får forelagt", "receives")
    static let alsoPrinted = Bilingual("{1} (også: {2})", "{1} (also: {2})")
    static let partnersNone = Bilingual("Ingen er nævnt.", "None are named.")

    static func name(_ kind: PartnersView.Kind) -> Bilingual {
        switch kind {
        case .partner: Bilingual("Samarbejder om initiativer", "Take part in initiatives")
        case .body: Bilingual("Råd og organer", "Councils and bodies")
        case .consulted: Bilingual("Inddrages i opfølgninger", "Consulted in follow-ups")
        }
    }

    // MARK: Money by year
    static let budgetsTitle = Bilingual(
        "Penge pr. år, forvaltning og politik, kr., pr. {1}", "Money by year, administration and policy, DKK, as of {1}"
    )
    static let budgetSum = Bilingual("{1} {2}, planlagt {3} kr.:", "{1} {2}, planned DKK {3}:")
    static let budgetUsed = Bilingual("{1} {2}, brugt {3} kr.:", "{1} {2}, used DKK {3}:")

    // MARK: One measure
    static let goal = Bilingual("Mål", "Goal")
    static let criterion = Bilingual("Kriterium", "Criterion")
    static let reckonsFrom = Bilingual("herfra regnes", "reckoned from here")
    static let countsNot = Bilingual("tæller ikke: kommer fra {1}", "does not count: it comes from {1}")
    static let targetVersion = Bilingual("Version {1}", "Version {1}")
    static let readings = Bilingual("Målinger", "Readings")
    static let assessments = Bilingual("Vurderinger", "Assessments")
    static let breakdown = Bilingual("fordelt på {1}", "broken down by {1}")
    static let againstReference = Bilingual("over for {1}", "against {1}")
    static let versionsOf = Bilingual("{1} versioner", "{1} versions")
    static let dataFrom = Bilingual("fra {1}", "from {1}")
    static let decision = Bilingual("besluttet: {1}", "decided: {1}")
}
