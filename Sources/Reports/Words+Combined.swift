internal import Coordinator
internal import PolicyModel

/// Texts of the report over all policies.
extension Words {
    static let policyNoun = Noun(one: Bilingual("politik", "policy"), many: Bilingual("politikker", "policies"))
    static let answer = Noun(one: Bilingual("besvarelse", "answer"), many: Bilingual("besvarelser", "answers"))
    static let combinedTitle = Bilingual("Samlet opfølgning på {1}", "Combined follow-up of {1}")
    static let policiesTable = Bilingual("Politikkerne", "The policies")
    static let policiesIn = Bilingual("Politikker", "Policies")
    static let openReport = Bilingual("Rapporten om politikken", "The report on the policy")
    static let reportOf = Bilingual("Hele rapporten: {1}", "The whole report: {1}")
    static let matrixCaption = Bilingual(
        "Hvem har svaret: forvaltning mod politik, pr. {1}",
        "Who has answered: administration against policy, as of {1}")
    static let matrixHeading = Bilingual("Hvem har svaret", "Who has answered")
    static let dueOn = Bilingual("frist {1}", "due {1}")
    static let daysAgo = Bilingual("for {1} siden", "{1} ago")
    static let combinedResultsRule = Bilingual(
        "gennemførte først, så dem i drift, så dem i gang efter planen; konkrete initiativer før øvrige; ét pr. politik, så længe det rækker.",
        "completed first, then in operation, then on track; concrete initiatives before others; one of each policy while there are enough."
    )
    static let combinedDeviationsRule = Bilingual(
        "stoppede, forsinkede og satte i bero først, så udløbne penge, så dem, der afventer finansiering, så beslutning, så dem, der kræver særskilt finansiering; ét pr. politik, så længe det rækker.",
        "stopped, delayed and paused first, then expired money, then those awaiting funding, then a decision, then those that require separate funding; one of each policy while there are enough."
    )
    static let askedMany = Bilingual(
        "De {1} udvalg og råd, der står under Indstilling, tager status til efterretning.",
        "The {1} committees and councils named under the recommendation take note of the status.")
    static let expiringCount = Bilingual("Udløber inden for et år: {1}.", "Expiring within a year: {1}.")
    static let answersMissing = Bilingual(
        "{1} mangler efter fristen; se, hvem der har svaret.",
        "{1} are missing after the deadline; see who has answered.")
    static let staleOpening = Bilingual(
        "Fristen er passeret, og {1} mangler. Det, dokumentet selv siger, er fra dets egen tid: {2}.",
        "The deadline has passed, and {1} are missing. What the document itself says is of its own time: {2}.")
    static let silentOpening = Bilingual(
        "Fristen er passeret, og {1} mangler. Dokumentet selv siger ikke, hvor langt noget er.",
        "The deadline has passed, and {1} are missing. The document itself does not say how far anything is.")
    static let allAssessed = Bilingual(
        "Alle politikker er vurderet til deres sidste post.", "Every policy is assessed up to its last record.")
    static let missingHeading = Bilingual("Hvad mangler", "What is missing")
    static let noteAnswers = Bilingual(
        "tager til efterretning, at {1} mangler efter fristen", "takes note that {1} are missing after the deadline")
    static let noteContradictions = Bilingual(
        "tager til efterretning, at {1} steder ikke kan passe sammen",
        "takes note that things cannot agree in {1} places")

    // MARK: Problemstilling, Løsning
    static let progressHeading = Bilingual("Hvor langt er målene", "How far the goals have come")
    static let measuresOf = Bilingual("{1}: sådan måles målene", "{1}: how the goals are measured")
    static let effortsHeading = Bilingual("Indsatsernes årlige måltal", "Annual targets of the efforts")
    static let combinedSolution = Bilingual(
        "{1} i {2}. Hvert af dem står i bilagene med politik, status og penge, og i politikkens egen rapport med formål og kilde.",
        "{1} in {2}. Each of them stands in the annexes with policy, status and money, and in the policy's own report with purpose and source."
    )
    static let statusByPolicy = Bilingual(
        "Initiativer efter status, pr. politik", "Initiatives by status, for each policy")
    static let notStated = Bilingual("Ikke oplyst", "Not stated")
    static let linksHeading = Bilingual(
        "Hvad hører sammen ifølge dokumenterne", "What belongs together, say the documents")
    static let linksEmpty = Bilingual("Dokumenterne nævner ingen forbindelser.", "The documents name no links.")
    static let overlapsHeading = Bilingual("Hvor politikkerne mødes", "Where the policies meet")
    static let overlapsText = Bilingual(
        "{1} par er foreslået og venter på, at en person tager stilling; {2} er godtaget, {3} afvist.",
        "{1} pairs are suggested and wait for a person to decide; {2} are accepted, {3} rejected.")
    static let contradictionsHeading = Bilingual("Hvad der ikke kan passe sammen", "What cannot agree")
    static let contradictionsText = Bilingual(
        "{1} steder siger to ting, der ikke kan passe sammen, eller som ikke bør stå sådan. Hver med begge sider.",
        "In {1} places two things are said that cannot agree, or should not stand like that. Each with both sides.")
    static let partnersHeading = Bilingual(
        "Hvem uden for forvaltningerne er med", "Who outside the administrations takes part")
    static let initiativesAndHearings = Bilingual("Initiativer / opfølgninger", "Initiatives / follow-ups")

    // MARK: Økonomi, Videre proces
    static let economyText = Bilingual(
        "Pengene er holdt op imod {1}. Et initiativ kan både have udløbne penge og kræve nye.",
        "The money is held against {1}. An initiative can both have expired money and require new.")
    static let budgetGrid = Bilingual(
        "Penge pr. politik, ejer og år, kr.", "Money by policy, owner and year, DKK")
    static let what = Bilingual("Hvad", "What")
    static let coming = Bilingual("Det næste", "What comes next")
    static let comingNone = Bilingual("Intet kommende har en dato.", "Nothing to come has a date.")
    static let lateHeading = Bilingual("Målinger og andet over datoen", "Readings and other things past their date")
    static let undatedHeading = Bilingual("Uden dato", "Without a date")
    static let calendarRest = Bilingual(
        "{1} andre datoer er passeret, besvaret eller bortfaldet, eller står i tabellen over, hvem der ikke har indberettet.",
        "{1} other dates are passed, answered or will not happen, or stand in the table of who has not reported.")
    static let calendarFile = Bilingual(
        "Hele kalenderen som fil til et kalenderprogram: pejling view calendar --format ics",
        "The whole calendar as a file for a calendar program: pejling view calendar --format ics")

    // MARK: Annexes
    static let combinedOwnerSummary = Bilingual(
        "{1} i {2}. Status oplyst: {3}. Kræver særskilt finansiering: {4}.",
        "{1} in {2}. Status stated: {3}. Requiring separate funding: {4}.")
    static let annexCaption = Bilingual("{1}: initiativer på tværs af politikker", "{1}: initiatives across policies")
    static let groupCombined = Bilingual("Sådan er den samlede rapport lavet", "How the combined report is made")
    static let followUpTerm = Bilingual("Hvilken opfølgning", "Which follow-up")
    static let followUpRule = Bilingual(
        "Leverance er fra den opfølgning, der gælder på dagen, hvis nogen har svaret på den; ellers den seneste, der er svaret på; ellers udgangspunktet. Målinger er alle til og med dagen.",
        "Delivery is of the follow-up that matters on the day, if anybody has answered it; otherwise the last one answered; otherwise the opening. Readings are all up to the day."
    )
    static let listsTerm = Bilingual("Lange lister", "Long lists")
    static let listsRule = Bilingual(
        "Ændringer har højst {1} linjer, lister over penge højst {2} pr. slags, overlap højst {3} forslag, kalenderen højst {4} linjer pr. slags; under hver står, hvor mange der er udeladt. Alle initiativer står i bilagene.",
        "Changes have at most {1} lines, lists of money at most {2} of each sort, overlaps at most {3} suggestions, the calendar at most {4} lines of each sort; below each stands how many are left out. Every initiative stands in the annexes."
    )
    static let referencesLeftOut = Bilingual(
        "{1} flere er udeladt her; de står i bilagene og i politikkernes egne rapporter.",
        "{1} more are left out here; they stand in the annexes and in the policies' own reports.")
    static let linksLeftOut = Bilingual(
        "{1} flere er udeladt her; pejling view links viser dem alle.",
        "{1} more are left out here; pejling view links shows them all.")
    static let overlapsMore = Bilingual(
        "{1} svagere forslag er udeladt her; pejling view overlaps viser dem.",
        "{1} weaker suggestions are left out here; pejling view overlaps shows them.")
    static let contradictionsLeftOut = Bilingual(
        "{1} flere er udeladt her; pejling view contradictions viser dem alle.",
        "{1} more are left out here; pejling view contradictions shows them all.")
    static let partnersLeftOut = Bilingual(
        "{1} flere er udeladt her; pejling view partners viser dem alle.",
        "{1} more are left out here; pejling view partners shows them all.")
    static let calendarLeftOut = Bilingual(
        "{1} flere er udeladt her; pejling view calendar viser dem alle.",
        "{1} more are left out here; pejling view calendar shows them all.")

    static func sign(_ light: Light) -> String {
        switch light {
        case .green: "✓"
        case .yellow: "▲"
        case .red: "✕"
        case .grey: "?"
        }
    }
}
