internal import Coordinator
internal import PolicyModel

/// Texts of the annexes, the command line's tables and the records.
extension Words {
    static let ownerSummary = Bilingual(
        "{1}. Mærket som konkrete: {2}. Status oplyst: {3}. Kræver særskilt finansiering: {4}.",
        "{1}. Marked as concrete: {2}. Status stated: {3}. Requiring separate funding: {4}.")
    static let ownerNotHeard = Bilingual(
        "Forvaltningen har ikke meldt sig endnu.", "The administration has not been heard yet.")
    static let noInitiatives = Bilingual("Ingen initiativer.", "No initiatives.")
    static let mandate = Bilingual("Mandat", "Mandate")
    static let decided = Bilingual("Besluttet med politikken", "Decided with the policy")
    static let proposedWhole = Bilingual("Foreslået {1}", "Proposed to {1}")
    static let proposedPart = Bilingual("Delvis foreslået {1}", "Proposed in part to {1}")
    static let section = Bilingual("Afsnit", "Section")
    static let purpose = Bilingual("Formål", "Purpose")
    static let partners = Bilingual("Samarbejder med", "Works with")
    static let targetGroups = Bilingual("For", "For")
    static let involved = Bilingual("Inddrager", "Involves")
    static let figures = Bilingual("Tal", "Figures")
    static let figure = Bilingual("Hvad", "What")
    static let value = Bilingual("Værdi", "Value")
    static let asPrinted = Bilingual("Som trykt", "As printed")
    static let source = Bilingual("Kilde", "Source")
    static let title = Bilingual("Titel", "Title")
    static let derivedTitle = Bilingual("titlen er vores", "the title is ours")
    static let notReportedYet = Bilingual("Ikke indberettet", "Not reported")
    static let notReportedDays = Bilingual("Ikke indberettet, {1} over fristen", "Not reported, {1} past the deadline")
    static let notReportedNotAsked = Bilingual(
        "Ikke indberettet; opfølgningen beder ikke om det", "Not reported; the follow-up does not ask for it")
    static let returnedOn = Bilingual("sendt tilbage {1}", "sent back {1}")
    static let answersHeading = Bilingual("Hvad forvaltningerne svarer", "What the administrations answer")
    static let answersCaption = Bilingual(
        "Svar på mål, spørgsmål og opfølgningen selv", "Answers on goals, questions and the follow-up itself")
    static let answerAbout = Bilingual("Mål eller spørgsmål", "Goal or question")
    static let lastKnown = Bilingual("Senest oplyst", "Last stated")
    static let handedIn = Bilingual("Indberettet, modtaget {1}", "Handed in, received {1}")
    static let changedSince = Bilingual(
        "En nyere tekst ligger i registeret og er ikke indberettet.",
        "A newer text is in the ledger and has not been handed in.")
    static let notCounting = Bilingual("ikke indberettet, tæller ikke", "not handed in, does not count")
    static let done = Bilingual("Hvad er gjort", "What was done")
    static let deviation = Bilingual("Afvigelse", "Deviation")
    static let action = Bilingual("Hvad gøres ved det", "What is done about it")
    static let proposals = Bilingual("Forslag", "Proposals")
    static let decisionNeeded = Bilingual("Beslutning, der bedes om", "Decision asked for")
    static let reason = Bilingual("Begrundelse", "Reason")

    static let others = Bilingual("Hvad andre gør", "What others do")
    static let unheard = Bilingual("Hvem er ikke hørt, og hvad mangler", "Who was not heard, and what is missing")
    static let everyoneHeard = Bilingual(
        "Alle forvaltninger og politikker, der ventes, har meldt sig.",
        "Every administration and policy expected has been heard.")
    static let unheardText = Bilingual("Ikke hørt endnu: {1}.", "Not heard yet: {1}.")
    static let refusals = Bilingual("Afviste poster", "Refused records")
    static let dangling = Bilingual("Poster, der ikke passer sammen", "Records that do not fit together")
    static let unreadable = Bilingual("Poster, der ikke kan læses", "Records that cannot be read")
    static let changes = Bilingual("Hvad er ændret siden sidst", "What has changed since last time")
    static let changesOpening = Bilingual(
        "Udgangspunktet er det første. Der er intet før det at sammenligne med.",
        "The opening comes first. There is nothing before it to compare with.")
    static let changesNone = Bilingual("Ingen initiativer har skiftet status.", "No initiative has changed its status.")
    static let changesSome = Bilingual("{1} har skiftet status.", "{1} have changed their status.")
    static let changeFromTo = Bilingual("{1} → {2}", "{1} → {2}")
    static let method = Bilingual("Metode og definitioner", "Method and definitions")
    static let sources = Bilingual("Kilder og sporbarhed", "Sources and traceability")
    static let document = Bilingual("Dokument", "Document")
    static let file = Bilingual("Fil", "File")
    static let linesColumn = Bilingual("Linjer", "Lines")
    static let sha = Bilingual("SHA-256 af linjerne", "SHA-256 of the lines")
    static let ledgerPosition = Bilingual("Registerets position", "Ledger position")
    static let ledgerRoot = Bilingual("Registerets rod", "Ledger root")
    static let program = Bilingual("Program", "Program")
    static let language = Bilingual("Sprog", "Language")
    static let languageName = Bilingual("dansk", "English")
    static let backToTop = Bilingual("Til toppen", "Back to the top")

    static let groupLights = Bilingual("De to lys", "The two lights")
    static let groupStatus = Bilingual("Status", "Status")
    static let groupFunding = Bilingual("Penge", "Money")
    static let groupKinds = Bilingual("Arter af initiativer", "Kinds of initiatives")
    static let groupBasis = Bilingual("Hvad en oplysning bygger på", "What a fact rests on")
    static let groupCounting = Bilingual("Sådan er der talt", "How things were counted")
    static let deliveryRule = Bilingual(
        "Leverance vurderes, når mindst halvdelen af initiativerne har en status. Som planlagt: mindst 80 % er gennemført, i drift eller i gang efter planen, og intet er stoppet. Kræver opmærksomhed: mindst 50 %. Ellers bagud.",
        "Delivery is judged when at least half of the initiatives have a status. As planned: at least 80 % are completed, in operation or on track, and none is stopped. Needs attention: at least 50 %. Otherwise behind."
    )
    static let attainmentRule = Bilingual(
        "Målopfyldelse samles af det, politikkens plugin har vurderet hvert mål til, når mindst halvdelen kunne vurderes. Som planlagt: mindst 80 % af dem er nået, foran eller på kurs. Kræver opmærksomhed: mindst 50 %. Ellers bagud. Uden målinger kan den ikke vurderes.",
        "Attainment is put together from what the policy's plugin judged each goal to be, when at least half could be judged. As planned: at least 80 % of them are reached, ahead or on course. Needs attention: at least 50 %. Otherwise behind. Without readings it cannot be judged."
    )
    static let countedTerm = Bilingual("Hvad tæller", "What counts")
    static let countedRule = Bilingual(
        "Kun det, som kilden selv siger, eller som en forvaltning har indberettet.",
        "Only what the source itself says, or what an administration has handed in.")
    static let latenessTerm = Bilingual("For sent", "Late")
    static let latenessRule = Bilingual(
        "Regnes fra modtagelsen. Det, der afhænger af noget uafgjort, er aldrig for sent.",
        "Counted from receipt. What depends on something undecided is never late.")
    static let textsTerm = Bilingual("Tekster", "Texts")
    static let textsRule = Bilingual(
        "Formål og »hvad er gjort« er skrevet kort med egne ord. Ord i anførselstegn er kildens egne.",
        "Purpose and “what was done” are written briefly in our own words. Words in quotation marks are the source's own, in Danish."
    )

    static let danglingPolicy = Bilingual(
        "{1} nævner politikken {2}, som ikke er i registeret", "{1} names the policy {2}, which is not in the ledger")
    static let danglingGoal = Bilingual(
        "{1} nævner målet {2}, som ikke er i registeret", "{1} names the goal {2}, which is not in the ledger")
    static let danglingInitiative = Bilingual(
        "{1} nævner initiativet {2}, som ikke er i registeret",
        "{1} names the initiative {2}, which is not in the ledger")
    static let danglingRecord = Bilingual(
        "{1} nævner posten {2}, som ikke er i registeret", "{1} names the record {2}, which is not in the ledger")
    static let danglingOwner = Bilingual(
        "{1} har ejeren {2}, som kommunen ikke kender", "{1} has the owner {2}, whom the city does not know")
    static let danglingFollowUp = Bilingual(
        "{1} nævner opfølgningen {2}, som ikke er i registeret",
        "{1} names the follow-up {2}, which is not in the ledger")
    static let danglingSubject = Bilingual(
        "{1} handler om {2}, som ikke er i registeret", "{1} is about {2}, which is not in the ledger")
    static let danglingMeasure = Bilingual(
        "{1} handler om {2}, som ingen politik måler på", "{1} is about {2}, which no policy measures")
    static let danglingReporter = Bilingual(
        "{1} kommer ikke fra dem, der indberetter tallet: {2}", "{1} is not from those who report the figure: {2}")
    static let danglingLink = Bilingual(
        "{1} henviser til {2}, som ikke er i registeret", "{1} links to {2}, which is not in the ledger")
    static let danglingContested = Bilingual("{1} omtales også af {2}", "{1} is spoken of by {2} too")

    static let danglingCoordinator = Bilingual(
        "{1} er sagt for en anden forvaltning end {2}, som samler op på politikken",
        "{1} is said for another administration than {2}, which coordinates the policy")

    static func sentence(_ problem: DanglingView.Problem) -> Bilingual {
        switch problem {
        case .policy: danglingPolicy
        case .goal: danglingGoal
        case .initiative: danglingInitiative
        case .record: danglingRecord
        case .owner: danglingOwner
        case .followUp: danglingFollowUp
        case .subject: danglingSubject
        case .contested: danglingContested
        case .measure: danglingMeasure
        case .reporter: danglingReporter
        case .link: danglingLink
        case .coordinator: danglingCoordinator
        }
    }

    // MARK: Tables of the command line
    static let fundingTitle = Bilingual("Penge, pr. {1}", "Money, as of {1}")
    static let policy = Bilingual("Politik", "Policy")
    static let days = Bilingual("Dage", "Days")
    static let initiatives = Bilingual("Initiativer", "Initiatives")
    static let statuses = Bilingual("Statusser", "Statuses")
    static let received = Bilingual("Modtaget", "Received")
    static let daysLeft = Bilingual("{1} tilbage", "{1} left")
    static let daysOver = Bilingual("{1} over fristen", "{1} past the deadline")
    static let initiativeColumn = Bilingual("Initiativ", "Initiative")
    static let state = Bilingual("Tilstand", "State")
    static let untilColumn = Bilingual("Til", "Until")
    static let requiresColumn = Bilingual("Særskilt", "Separate")
    static let soon = Bilingual("udløber inden for et år", "expires within a year")
    static let versions = Bilingual("Poster, ældste først", "Records, oldest first")
    static let changedFields = Bilingual("ændret: {1}", "changed: {1}")
    static let superseded = Bilingual("afløst", "superseded")
    static let unknownThing = Bilingual("Intet har id'et `{1}`.", "Nothing has the id `{1}`.")
    static let didYouMean = Bilingual("Mente du {1}?", "Did you mean {1}?")
    static let parent = Bilingual("Hører under", "Belongs under")
    static let committee = Bilingual("Udvalg", "Committee")
}
