internal import PolicyModel

/// Texts on indicators, targets, annual targets and money by year.
extension Words {
    static let indicator = Noun(one: Bilingual("indikator", "indicator"), many: Bilingual("indikatorer", "indicators"))
    static let principles = Bilingual("Principper", "Principles")
    static let indicators = Bilingual("Sådan måles målene", "How the goals are measured")
    static let indicatorsText = Bilingual(
        "Hver tegning går fra udgangspunkt til mål, op hvor højere er bedre, ned hvor lavere er bedre. En åben ring er et tal, der mangler, eller som måler noget andet. Firkanten er den seneste måling; er den åben, kan den ikke sættes på vejen. Tabellen ved siden af siger det samme.",
        "Each drawing goes from baseline to target, up where higher is better, down where lower is better. An open ring is a number that is lacking, or that measures something else. The square is the latest reading; where it is open, it has no place on the way. The table beside it says the same."
    )
    static let baseline = Bilingual("Udgangspunkt", "Baseline")
    static let forecast = Bilingual("Forventning", "Forecast")
    static let forecastNote = Bilingual("Hverken mål eller måling", "Neither target nor reading")
    static let target = Bilingual("Mål", "Target")
    static let latest = Bilingual("Seneste måling", "Latest reading")
    static let reckoned = Bilingual("Regnet fra udgangspunktet: {1}", "Reckoned from the baseline: {1}")
    static let reallyMeasures = Bilingual("Måler i virkeligheden", "Really measures")
    static let unit = Bilingual("Enhed", "Unit")
    static let population = Bilingual("Af hvem eller hvad", "Of whom or what")
    static let direction = Bilingual("Bedst", "Better")
    static let reporters = Bilingual("Indberettes af", "Reported by")
    static let bodiesOf = Bilingual("Udvalg", "Committees")
    static let scope = Bilingual("Dækker", "Covers")
    static let breaks = Bilingual("Brud i tallene", "Breaks in the figures")
    static let notes = Bilingual("Noter", "Notes")

    // MARK: Values
    static let dueInYear = Bilingual("skal måles i {1}", "to be measured in {1}")
    static let dueOnDay = Bilingual("skal måles senest {1}", "to be measured by {1}")
    static let dueSometime = Bilingual("skal måles", "to be measured")
    static let missingValue = Bilingual("mangler: {1}", "missing: {1}")
    static let suppressedValue = Bilingual("vises ikke: tallet er for lille", "not shown: the number is too small")
    static let suppressedShort = Bilingual("vises ikke", "not shown")
    static let shareOf = Bilingual("{1} af {2}", "{1} of {2}")
    static let percentOf = Bilingual("{1} pct.", "{1} per cent")
    static let pointsOf = Bilingual("{1} procentpoint", "{1} percentage points")
    static let pointOf = Bilingual("{1} procentpoint", "{1} percentage point")
    static let personsOf = Bilingual("{1} personer", "{1} persons")
    static let personOf = Bilingual("{1} person", "{1} person")
    static let moneyOf = Bilingual("{1} kr.", "DKK {1}")
    static let indexOf = Bilingual("indeks {1}", "index {1}")

    // MARK: Targets
    static let fewer = Bilingual("{1} færre", "{1} fewer")
    static let more = Bilingual("{1} flere", "{1} more")
    static let lower = Bilingual("{1} lavere", "{1} lower")
    static let higher = Bilingual("{1} højere", "{1} higher")
    static let atLeast = Bilingual("mindst {1}", "at least {1}")
    static let allOf = Bilingual("alle", "all")
    static let allPercent = Bilingual("alle (100 pct.)", "all (100 per cent)")
    static let kOfN = Bilingual("mindst {1} af {2} opfyldt", "at least {1} of {2} met")
    static let parityWith = Bilingual("samme niveau som:", "the same level as:")
    static let sameLevel = Bilingual("samme niveau", "the same level")
    static let higherOnly = Bilingual("højere", "higher")
    static let lowerOnly = Bilingual("lavere", "lower")
    static let nearerOnly = Bilingual("tættere på det, der sammenlignes med", "nearer to what it is held against")
    static let byNoAmount = Bilingual(
        "{1}; kilden siger ikke hvor meget", "{1}; the source does not say by how much")
    static let noTarget = Bilingual("kilden sætter intet mål", "the source states no target")
    static let inYear = Bilingual("{1} i {2}", "{1} in {2}")
    static let inYearParity = Bilingual("i {2} {1}", "in {2} {1}")
    static let thanIn = Bilingual("{1} end i {2}", "{1} than in {2}")
    static let countedFrom = Bilingual("{1} (regnet fra {2})", "{1} (counted from {2})")

    // MARK: The small picture
    static let chartSentence = Bilingual(
        "Udgangspunkt: {1}. Mål: {2}. {3}. Seneste måling: {4}.",
        "Baseline: {1}. Target: {2}. {3}. Latest reading: {4}.")
    static let measuresOther = Bilingual("{1}, måler noget andet", "{1}, measures something else")

    // MARK: Annual targets, money by year
    static let annualTargets = Bilingual("Mål for hvert år", "Targets for each year")
    static let ofWhom = Bilingual("af", "of")
    static let exclusions = Bilingual("ikke medregnet", "not counted")
    static let everyYear = Bilingual("hvert år", "each year")
    static let yearsFromTo = Bilingual("hvert år {1}–{2}", "each year {1}–{2}")
    static let yearsFrom = Bilingual("hvert år fra {1}", "each year from {1}")
    static let yearsUntil = Bilingual("hvert år til {1}", "each year until {1}")
    static let budgetTable = Bilingual("Planlagte penge pr. år, kr.", "Money planned per year, DKK")

    // MARK: First page
    static let noReadingsIndicators = Bilingual(
        "{1}: {2} har et udgangspunkt, {3} skal stadig måles første gang. Intet kan vurderes, før der kommer målinger.",
        "{1}: {2} have a baseline, {3} are still to be measured for the first time. Nothing can be judged before readings come."
    )
    static let indicatorsHidden = Bilingual(
        "For {1} er udgangspunktet ikke et tal, der kan vises.",
        "For {1} the baseline is not a number that can be shown.")
    static let indicatorsOther = Bilingual(
        "For {1} måler udgangspunktet noget andet end indikatoren.",
        "For {1} the baseline measures something other than the indicator.")

    static func name(_ unit: MeasureUnit) -> Bilingual {
        switch unit {
        case .percent: Bilingual("procent", "per cent")
        case .percentagePoints: Bilingual("procentpoint", "percentage points")
        case .persons: Bilingual("personer", "persons")
        case .dkk: Bilingual("kroner", "Danish kroner")
        case .count: Bilingual("antal", "number")
        case .index: Bilingual("indeks", "index")
        }
    }

    static func name(_ direction: Indicator.Direction) -> Bilingual {
        switch direction {
        case .up: Bilingual("højere er bedre", "higher is better")
        case .down: Bilingual("lavere er bedre", "lower is better")
        case .parity: Bilingual("jo tættere på hinanden, jo bedre", "the nearer to each other, the better")
        }
    }

    /// A sign that stands beside the word.
    static func sign(_ direction: Indicator.Direction) -> String {
        switch direction {
        case .up: "↑"
        case .down: "↓"
        case .parity: "="
        }
    }

    static func name(_ status: Value.Status) -> Bilingual {
        switch status {
        case .number: Bilingual("tal", "number")
        case .suppressed: suppressedValue
        case .missing: Bilingual("mangler", "missing")
        case .notApplicable: Bilingual("ikke relevant", "not applicable")
        }
    }

    static func name(_ kind: Target.Kind) -> Bilingual {
        switch kind {
        case .relativeChange: Bilingual("ændring i pct. af udgangspunktet", "change in per cent of the baseline")
        case .percentagePoints: Bilingual("ændring i procentpoint", "change in percentage points")
        case .level: Bilingual("et bestemt niveau", "a certain level")
        case .atLeast: Bilingual("mindst", "at least")
        case .all: allOf
        case .atLeastKOfN: Bilingual("mindst så mange af", "at least so many of")
        case .parity: sameLevel
        case .directionOnly: Bilingual("kun retning", "direction only")
        case .noneStated: Bilingual("intet mål", "no target")
        }
    }

    static func name(_ comparator: AnnualTarget.Comparator) -> Bilingual {
        switch comparator {
        case .atLeast: Bilingual("mindst", "at least")
        case .all: allOf
        case .stated: Bilingual("som angivet", "as stated")
        }
    }
}
