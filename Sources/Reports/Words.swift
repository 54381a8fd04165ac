internal import PolicyModel

/// Every text of the interface, in both languages: the one place to correct a word. `{1}`, `{2}` … are filled in.
enum Words {
    static let months = [
        Bilingual("januar", "January"), Bilingual("februar", "February"), Bilingual("marts", "March"),
        Bilingual("april", "April"), Bilingual("maj", "May"), Bilingual("juni", "June"), Bilingual("juli", "July"),
        Bilingual("august", "August"), Bilingual("september", "September"), Bilingual("oktober", "October"),
        Bilingual("november", "November"), Bilingual("december", "December"),
    ]
    static let and = Bilingual("og", "and")
    static let from = Bilingual("fra", "from")
    static let until = Bilingual("til", "until")
    static let line = Bilingual("linje", "line")
    static let lines = Bilingual("linje", "lines")
    static let periodUnknown = Bilingual("ikke trykt i kilden", "not printed in the source")
    static let yes = Bilingual("ja", "yes")
    static let no = Bilingual("nej", "no")
    static let noneFound = Bilingual("Ingen.", "None.")

    static let initiative = Noun(
        one: Bilingual("initiativ", "initiative"), many: Bilingual("initiativer", "initiatives"))
    static let forvaltning = Noun(
        one: Bilingual("forvaltning", "administration"), many: Bilingual("forvaltninger", "administrations"))
    static let day = Noun(one: Bilingual("dag", "day"), many: Bilingual("dage", "days"))
    static let other = Noun(one: Bilingual("anden", "other"), many: Bilingual("andre", "others"))

    // MARK: Title and first page
    static let reportOn = Bilingual("Opfølgning på {1}", "Follow-up of {1}")
    static let skip = Bilingual("Spring til indholdet", "Skip to the content")
    static let contents = Bilingual("Indhold", "Contents")
    static let front = Bilingual("På én side", "On one page")
    static let period = Bilingual("Periode", "Period")
    static let followUp = Bilingual("Opfølgning", "Follow-up")
    static let coordinatedBy = Bilingual("Samles af", "Collected by")
    static let forBodies = Bilingual("Til", "For")
    static let asOf = Bilingual("Opgjort pr.", "As of")
    static let asOfLedger = Bilingual("registerets position {1}, modtaget {2}", "ledger position {1}, received {2}")
    static let syntheticName = Bilingual("Om oplysningerne", "About the data")
    static let synthetic = Bilingual(
        "EKSEMPELDATA – ikke virkelige oplysninger", "EXAMPLE DATA – not real information")
    static let delivery = Bilingual("Leverance", "Delivery")
    static let attainment = Bilingual("Målopfyldelse", "Attainment")
    static let deliveryQuestion = Bilingual("Bliver det gjort, der skulle gøres?", "Is what was to be done being done?")
    static let attainmentQuestion = Bilingual("Virker det?", "Does it work?")
    static let inNumbers = Bilingual("I tal", "In numbers")
    static let results = Bilingual("Tre resultater", "Three results")
    static let deviations = Bilingual("Tre afvigelser", "Three deviations")
    static let asked = Bilingual("Det bedes udvalget om", "What the committee is asked")
    static let money = Bilingual("Penge", "Money")
    static let silence = Bilingual("Hvem mangler", "Who is missing")
    static let rule = Bilingual("Sådan er de valgt: {1}", "How they were chosen: {1}")
    static let noResults = Bilingual(
        "Ingen initiativer har en status, der er et resultat.", "No initiative has a status that is a result.")
    static let noDeviations = Bilingual("Ingen afvigelser er oplyst.", "No deviations are stated.")

    static let greyOpening = Bilingual(
        "Politikken siger kun for {1} af {2}, hvor langt de er. Det er for få til en samlet dom.",
        "The policy says how far they have come for only {1} of {2}. That is too few for a judgement of the whole.")
    static let greyFollowUp = Bilingual(
        "Der er indberettet status for {1} af {2}. Det er for få til en samlet dom.",
        "A status has been handed in for {1} of {2}. That is too few for a judgement of the whole.")
    static let judged = Bilingual(
        "{1} af de {2} oplyste statusser er gennemført, i drift eller i gang efter planen ({3} i alt).",
        "{1} of the {2} stated statuses are completed, in operation or on track ({3} in all).")
    static let noReadingsOpening = Bilingual(
        "Det er udgangspunktet: der er endnu ingen målinger at vurdere efter.",
        "This is the opening: there are no readings yet to judge by.")
    static let noReadings = Bilingual(
        "Der er ingen målinger at vurdere efter.", "There are no readings to judge by.")

    static let countInitiatives = Bilingual(
        "{1}. Mærket som konkrete i kilden: {2}. Hos {3}: {4}; hos andre: {5}.",
        "{1}. Marked as concrete in the source: {2}. With {3}: {4}; with others: {5}.")
    static let countStatuses = Bilingual(
        "Status er oplyst for {1}: {2}. For {3} er intet oplyst.",
        "Status is stated for {1}: {2}. Nothing is stated for {3}.")
    static let countNoStatuses = Bilingual(
        "Der er ikke oplyst status for nogen af de {1} initiativer.",
        "No status is stated for any of the {1} initiatives.")
    static let countMoney = Bilingual("Penge: {1}.", "Money: {1}.")
    static let countTwice = Bilingual("Et initiativ kan stå to steder.", "An initiative can stand in two places.")
    static let resultsRule = Bilingual(
        "gennemførte først, så dem i drift, så dem i gang efter planen; konkrete initiativer før øvrige; ét pr. ejer, så længe det rækker.",
        "completed first, then in operation, then on track; concrete initiatives before others; one of each owner while there are enough."
    )
    static let deviationsRule = Bilingual(
        "stoppede, forsinkede og satte i bero først, så udløbne penge, så dem, der afventer finansiering, så beslutning, så dem, der kræver særskilt finansiering; ét pr. ejer, så længe det rækker.",
        "stopped, delayed and paused first, then expired money, then those awaiting funding, then a decision, then those that require separate funding; one of each owner while there are enough."
    )
    static let askedOpening = Bilingual(
        "{1} tager udgangspunktet til efterretning.", "{1} takes note of the opening.")
    static let askedFollowUp = Bilingual("{1} tager status til efterretning.", "{1} takes note of the status.")
    static let moneyGap = Bilingual(
        "Kræver særskilt finansiering: {1}, heraf mærket som konkrete: {2}. Finansieringen er udløbet: {3}.",
        "Requiring separate funding: {1}, of these marked as concrete: {2}. Funding expired: {3}.")
    static let allHeard = Bilingual(
        "Alle {1} har meldt sig, og ingen frist er overskredet.", "All {1} have been heard, and no deadline is passed.")
    static let notHeard = Bilingual("Ikke hørt: {1}.", "Not heard: {1}.")
    static let notReported = Bilingual(
        "Ikke indberettet til {1}: {2}. Fristen var {3}, for {4} siden.",
        "Not reported for {1}: {2}. The deadline was {3}, {4} ago.")

    // MARK: The committee's headings
    static let proposal = Bilingual("Indstilling", "Recommendation")
    static let problem = Bilingual("Problemstilling", "The issue")
    static let solution = Bilingual("Løsning", "Solution")
    static let economy = Bilingual("Økonomi", "Finances")
    static let process = Bilingual("Videre proces", "Next steps")
    static let annexes = Bilingual("Bilag", "Annexes")
    static let annex = Bilingual("Bilag {1}: {2}", "Annex {1}: {2}")

    static let proposes = Bilingual("{1} indstiller, at {2}", "{1} recommends that {2}")
    static let noteOpening = Bilingual(
        "tager udgangspunktet for {1} til efterretning", "takes note of the opening of {1}")
    static let noteFollowUp = Bilingual("tager {2} for {1} til efterretning", "takes note of {2} of {1}")
    static let noteMoney = Bilingual(
        "tager til efterretning, at {1} kræver særskilt finansiering, og at finansieringen af {2} er udløbet",
        "takes note that {1} require separate funding, and that the funding of {2} has expired")
    static let noteMissing = Bilingual(
        "tager til efterretning, at {1} ikke har indberettet til {2}", "takes note that {1} have not reported for {2}")
    static let pending = Bilingual(
        "Foreslået et udvalg og ikke besluttet endnu", "Proposed to a committee and not yet decided")
    static let decisionsNeeded = Bilingual("Beslutninger, der bedes om", "Decisions asked for")

    static let problemPeriod = Bilingual("Politikkens periode: {1}.", "The policy's period: {1}.")
    static let problemOpening = Bilingual(
        "Rapporten viser, hvad politikken selv siger: hvad der skal gøres, af hvem, for hvilke penge, og hvor langt det er. Den er det, som senere opfølgninger holdes op imod.",
        "The report shows what the policy itself says: what is to be done, by whom, with which money, and how far it has come. Later follow-ups are held against it."
    )
    static let problemFollowUp = Bilingual(
        "Rapporten viser, hvad forvaltningerne har indberettet til {1}, holdt op imod det, politikken sagde fra begyndelsen.",
        "The report shows what the administrations have handed in for {1}, held against what the policy said at the opening."
    )
    static let goals = Bilingual("Hvad politikken vil", "What the policy wants")
    static let goalOwnersUnnamed = Bilingual("forvaltning {1}", "administration {1}")
    static let policyFigures = Bilingual("Tal, som politikken bygger på", "Figures the policy rests on")
    static let solutionText = Bilingual(
        "{1} er fordelt på {2} ejere. Hvert af dem står i bilagene med formål, penge, status og kilde.",
        "{1} are spread over {2} owners. Each of them stands in the annexes with purpose, money, status and source.")
    static let chart = Bilingual("Initiativer efter penge, pr. ejer", "Initiatives by money, for each owner")
    static let stripName = Bilingual("Alle initiativer efter penge", "All initiatives by money")
    static let chartNote = Bilingual(
        "Et initiativ tæller ét sted i figuren. Er pengene udløbet, og kræver fortsættelsen nye, står det som udløbet; med dem kræver {1} særskilt finansiering.",
        "An initiative counts once in the chart. Where its money has expired and going on requires new money, it stands as expired; with those, {1} require separate funding."
    )
    static let chartText = Bilingual(
        "Søjler med antal initiativer. De samme tal står i tabellen.",
        "Bars with numbers of initiatives. The table holds the same numbers.")
    static let owner = Bilingual("Ejer", "Owner")
    static let total = Bilingual("I\u{00A0}alt", "Total")
    static let withStatus = Bilingual("Status oplyst", "Status stated")
    static let statusTable = Bilingual("Initiativer efter status", "Initiatives by status")
    static let kindTable = Bilingual("Initiativer efter art", "Initiatives by kind")
    static let status = Bilingual("Status", "Status")
    static let kind = Bilingual("Art", "Kind")
    static let number = Bilingual("Antal", "Number")
    static let statusUnknownOpening = Bilingual(
        "Kilden siger ikke, hvor langt det er", "The source does not say how far it has come")
    static let requiring = Bilingual("Kræver særskilt finansiering", "Requires separate funding")
    static let expired = Bilingual("Finansieringen er udløbet", "Funding has expired")
    static let expiring = Bilingual("Finansieringen udløber inden for et år", "Funding expires within a year")
    static let budgets = Bilingual("Penge pr. år, kr.", "Money per year, DKK")
    static let year = Bilingual("År", "Year")
    static let planned = Bilingual("Planlagt", "Planned")
    static let used = Bilingual("Brugt", "Used")
    static let noBudgets = Bilingual(
        "Kilden trykker ingen beløb for initiativerne, så der er intet at lægge sammen.",
        "The source prints no amounts for the initiatives, so there is nothing to add up.")
    static let calendar = Bilingual("Opfølgninger", "Follow-ups")
    static let calendarText = Bilingual(
        "Fristerne nedenfor er holdt op imod {1}. Hver linje siger, om datoen er trykt i kilden eller udledt af den.",
        "The deadlines below are held against {1}. Each line says whether the date is printed in the source or derived from it."
    )
    static let opens = Bilingual("Åbner", "Opens")
    static let deadline = Bilingual("Frist", "Deadline")
    static let basis = Bilingual("Grundlag", "Basis")
    static let standing = Bilingual("Status nu", "Standing")
    static let owedBy = Bilingual("Skal indberettes af", "Owed by")
    static let goesTo = Bilingual("Forelægges", "Goes to")
    static let all = Bilingual("alle {1}", "all {1}")
    static let nobody = Bilingual("ingen", "nobody")
    static let noDeadline = Bilingual("ingen frist", "no deadline")
    static let questions = Bilingual("Spørgsmål", "Questions")
    static let duty = Bilingual("Pligt", "Duty")
    static let effortsWhereBehind = Bilingual(
        "Hvor et mål er bagud, skal nye indsatser beskrives.", "Where a goal is behind, new efforts must be described.")
    static let consulted = Bilingual("Inddrages: {1}.", "Consulted: {1}.")
    static let publicly = Bilingual("Offentlig", "Public")
    static let inDays = Bilingual("om {1}", "in {1}")
    static let passedDays = Bilingual("overskredet for {1} siden", "passed {1} ago")
    static let answered = Bilingual("alle har indberettet", "all have reported")
    static let today = Bilingual("i dag", "today")
    static let conditional = Bilingual(
        "betinget og ikke afgjort; kan ikke være for sen", "conditional and undecided; it cannot be late")
    static let willNotHappen = Bilingual("bortfaldet", "will not happen")
    static let datePassed = Bilingual("dato passeret for {1} siden", "date passed {1} ago")
    static let missing = Bilingual("Ikke indberettet", "Not reported")
    static let missingTable = Bilingual("Hvem har ikke indberettet, pr. {1}", "Who has not reported, as of {1}")
    static let missingRow = Bilingual("{1} over fristen", "{1} past the deadline")
    static let missingPart = Bilingual("{1} mangler, {2} over fristen", "{1} missing, {2} past the deadline")
    static let missingNeverHeard = Bilingual(
        "{1} over fristen; aldrig hørt", "{1} past the deadline; never heard")
    static let nothingMissing = Bilingual("Ingen frist er overskredet.", "No deadline is passed.")
}
