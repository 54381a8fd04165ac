internal import Coordinator
internal import PolicyModel

/// The words of links, overlaps and contradictions.
extension Words {
    static let strength = Bilingual("Styrke", "Strength")
    static let linkKind = Bilingual("Forbindelse", "Link")
    static let linkFrom = Bilingual("Den ene", "One")
    static let linkTo = Bilingual("Den anden", "The other")
    static let evidence = Bilingual("Hvorfor", "Why")
    static let places = Bilingual("Hvor det står", "Where it stands")
    static let severityColumn = Bilingual("Alvor", "Severity")
    static let contradictionColumn = Bilingual("Modsigelse", "Contradiction")
    static let overlapsTitle = Bilingual("Hvor politikkerne mødes, {1}", "Where the policies meet, {1}")
    static let linksTitle = Bilingual("Forbindelser, {1}", "Links, {1}")
    static let contradictionsTitle = Bilingual("Modsigelser, {1}", "Contradictions, {1}")
    static let noOverlaps = Bilingual("Ingen par er fundet.", "No pairs are found.")
    static let noLinks = Bilingual("Ingen forbindelser.", "No links.")
    static let noContradictions = Bilingual("Ingen modsigelser er fundet.", "No contradictions are found.")
    static let overlapRule = Bilingual(
        """
        Reglen: en fælles partner eller et fælles sted giver 90 point, en målgruppe 60, et tema (vores inddeling) 54, et ord i \
        titel eller overskrift 24. Det gælder fuldt, når kun de to har det; hver fordobling af, hvor mange der har det, deler \
        én gang mere. Næsten samme titel giver 150, eller 100, hvor den ene politik fører den anden ud i livet. Et par er med \
        fra {1} point. Intet lægges sammen af sig selv: en person tager stilling med pejling link accept eller reject.
        """,
        """
        The rule: a shared partner or place gives 90 points, a target group 60, a theme (our classification) 54, a word in \
        title or heading 24. In full where only the two have it; each doubling of how many have it divides once more. A \
        near-same title gives 150, or 100 where one policy carries out the other. A pair is listed from {1} points on. Nothing \
        is merged by itself: a person decides with pejling link accept or reject.
        """)
    static let overlapsLeftOut = Bilingual(
        "{1} svagere forslag er ikke vist.", "{1} weaker suggestions are not shown.")
    static let overlapsRejected = Bilingual(
        "{1} afvist par er ikke vist: --rejected viser dem.", "{1} rejected pairs are not shown: --rejected shows them."
    )
    static let agreements = Bilingual(
        "Sammenlignet og ens i flere dokumenter: {1} ({2}).",
        "Compared and the same in several documents: {1} ({2}).")
    static let noAgreements = Bilingual(
        "Ingen andre tal er sammenlignet.", "No other figures were compared.")

    static func name(_ kind: Link.Kind) -> Bilingual {
        switch kind {
        case .sameAs: Bilingual("det samme som", "the same as")
        case .continues: Bilingual("fortsætter", "continues")
        case .implements: Bilingual("fører ud i livet", "carries out")
        case .strengthens: Bilingual("styrker", "strengthens")
        case .refersTo: Bilingual("henviser til", "refers to")
        case .dependsOn: Bilingual("bygger på", "depends on")
        case .shares: Bilingual("deler noget med", "shares with")
        }
    }

    static func name(_ state: Link.State) -> Bilingual {
        switch state {
        case .stated: Bilingual("Trykt", "Printed")
        case .suggested: Bilingual("Foreslået", "Suggested")
        case .accepted: Bilingual("Godtaget", "Accepted")
        case .rejected: Bilingual("Afvist", "Rejected")
        }
    }

    static func name(_ kind: ContradictionsView.Kind) -> Bilingual {
        switch kind {
        case .contested: Bilingual("To taler om det samme", "Two speak of one thing")
        case .figuresDiffer: Bilingual("To tal for det samme", "Two figures for one thing")
        case .textAndBudget: Bilingual("Tekst og budget er uenige", "Text and budget disagree")
        case .greenButOverdue: Bilingual("Grøn, men over fristen", "Green but overdue")
        case .expiredMoney: Bilingual("Kører på udløbne penge", "Running on expired money")
        case .doneButMovingAway: Bilingual("Gjort, men målet fjerner sig", "Done, but the goal moves away")
        case .sameGoalOtherTarget: Bilingual("Samme mål, andet måltal", "Same goal, other target")
        case .decisionOutdated: Bilingual("Ændret siden stillingtagen", "Changed since the decision")
        case .figuresMayDiffer: Bilingual("Måske to tal for det samme", "Maybe two figures for one thing")
        }
    }

    static func name(_ severity: ContradictionsView.Severity) -> Bilingual {
        switch severity {
        case .high: Bilingual("høj", "high")
        case .medium: Bilingual("middel", "medium")
        case .low: Bilingual("lav", "low")
        }
    }
}
