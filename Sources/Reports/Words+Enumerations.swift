internal import Coordinator
internal import PolicyModel

/// The words for what the domain enumerates, and what each means.
extension Words {
    static func name(_ state: StatusReport.Delivery) -> Bilingual {
        switch state {
        case .notStarted: Bilingual("Ikke begyndt", "Not started")
        case .awaitingDecision: Bilingual("Afventer beslutning", "Awaiting decision")
        case .awaitingFunding: Bilingual("Afventer finansiering", "Awaiting funding")
        case .onTrack: Bilingual("I gang efter planen", "On track")
        case .delayed: Bilingual("Forsinket", "Delayed")
        case .paused: Bilingual("Sat i bero", "Paused")
        case .ongoingOperation: Bilingual("I drift", "In operation")
        case .completed: Bilingual("Gennemført", "Completed")
        case .stopped: Bilingual("Stoppet", "Stopped")
        }
    }

    static func meaning(_ state: StatusReport.Delivery) -> Bilingual {
        switch state {
        case .notStarted: Bilingual("Arbejdet er ikke gået i gang.", "Work has not begun.")
        case .awaitingDecision:
            Bilingual("Et udvalg skal beslutte noget først.", "A committee must decide something first.")
        case .awaitingFunding:
            Bilingual("Der mangler penge til at gå i gang eller fortsætte.", "Money to begin or go on is lacking.")
        case .onTrack: Bilingual("Arbejdet er i gang og går som ventet.", "Work is under way and goes as expected.")
        case .delayed:
            Bilingual("Arbejdet er i gang, men senere end planlagt.", "Work is under way, but later than planned.")
        case .paused: Bilingual("Arbejdet er standset for en tid.", "Work has stopped for a time.")
        case .ongoingOperation:
            Bilingual("Det kører som en fast del af driften.", "It runs as a regular part of operations.")
        case .completed: Bilingual("Det, der skulle gøres, er gjort.", "What was to be done is done.")
        case .stopped: Bilingual("Det er opgivet.", "It has been given up.")
        }
    }

    /// A sign that stands beside the word, so that colour is never alone.
    static func sign(_ state: StatusReport.Delivery) -> String {
        switch state {
        case .completed: "✓"
        case .ongoingOperation: "↻"
        case .onTrack: "→"
        case .awaitingDecision, .awaitingFunding: "…"
        case .notStarted: "○"
        case .delayed: "!"
        case .paused: "‖"
        case .stopped: "×"
        }
    }

    static func name(_ state: Funding.State) -> Bilingual {
        switch state {
        case .funded: Bilingual("Finansieret", "Funded")
        case .withinBudget: Bilingual("Inden for budgettet", "Within budget")
        case .requiresSeparateFunding: Bilingual("Kræver særskilt finansiering", "Requires separate funding")
        case .expired: Bilingual("Finansiering udløbet", "Funding expired")
        case .noRemark: Bilingual("Ingen bemærkning", "No remark")
        }
    }

    /// Where there is little room.
    static func shortName(_ state: Funding.State) -> Bilingual {
        switch state {
        case .funded: Bilingual("Finan\u{AD}sieret", "Funded")
        case .withinBudget: Bilingual("I budgettet", "Within budget")
        case .requiresSeparateFunding: Bilingual("Kræver særskilt", "Requires separate")
        case .expired: Bilingual("Udløbet", "Expired")
        case .noRemark: Bilingual("Ingen bemærk\u{AD}ning", "No remark")
        }
    }

    static func meaning(_ state: Funding.State) -> Bilingual {
        switch state {
        case .funded: Bilingual("Der er sat penge af.", "Money has been set aside.")
        case .withinBudget:
            Bilingual("Det løses for de penge, forvaltningen har.", "It is done with the money the administration has.")
        case .requiresSeparateFunding:
            Bilingual(
                "Det kan kun gennemføres, hvis der gives penge til det.",
                "It can be carried out only if money is granted for it.")
        case .expired:
            Bilingual("Der har været penge, og de er brugt op eller udløbet.", "There was money, and it has run out.")
        case .noRemark: Bilingual("Kilden siger intet om penge her.", "The source says nothing of money here.")
        }
    }

    static func sign(_ state: Funding.State) -> String {
        switch state {
        case .funded: "✓"
        case .withinBudget: "="
        case .requiresSeparateFunding: "!"
        case .expired: "×"
        case .noRemark: "–"
        }
    }

    static func name(_ light: Light) -> Bilingual {
        switch light {
        case .green: Bilingual("Som planlagt", "As planned")
        case .yellow: Bilingual("Kræver opmærksomhed", "Needs attention")
        case .red: Bilingual("Bagud", "Behind")
        case .grey: Bilingual("Kan ikke vurderes", "Cannot be judged")
        }
    }

    static func name(_ kind: Initiative.Kind) -> Bilingual {
        switch kind {
        case .marked: Bilingual("Konkret initiativ", "Concrete initiative")
        case .commitment: Bilingual("Øvrigt tilsagn", "Other commitment")
        case .runningEffort: Bilingual("Løbende indsats", "Running effort")
        case .survey: Bilingual("Undersøgelse", "Survey")
        case .pool: Bilingual("Pulje", "Pool")
        }
    }

    static func meaning(_ kind: Initiative.Kind) -> Bilingual {
        switch kind {
        case .marked:
            Bilingual(
                "Kilden mærker det selv som et konkret initiativ.",
                "The source itself marks it as a concrete initiative.")
        case .commitment:
            Bilingual(
                "Noget, kommunen siger, at den vil, uden det mærke.",
                "Something the municipality says it will do, without that mark.")
        case .runningEffort: Bilingual("Noget, der allerede kører.", "Something that already runs.")
        case .survey: Bilingual("En undersøgelse.", "A survey.")
        case .pool: Bilingual("Penge, der kan søges.", "Money that can be applied for.")
        }
    }

    static func name(_ kind: Goal.Kind) -> Bilingual {
        switch kind {
        case .vision: Bilingual("Vision", "Vision")
        case .goal: Bilingual("Mål", "Goal")
        case .objective: Bilingual("Målsætning", "Objective")
        case .theme: Bilingual("Tema", "Theme")
        case .guidepost: Bilingual("Pejlemærke", "Guidepost")
        case .principle: Bilingual("Princip", "Principle")
        }
    }

    static func name(_ kind: FollowUp.Kind) -> Bilingual {
        switch kind {
        case .opening: Bilingual("Udgangspunkt", "Opening")
        case .annual: Bilingual("Årlig opfølgning", "Annual follow-up")
        case .midTerm: Bilingual("Midtvejsopfølgning", "Mid-term follow-up")
        case .final: Bilingual("Slutopfølgning", "Final follow-up")
        case .meeting: Bilingual("Møde", "Meeting")
        case .decision: Bilingual("Beslutning", "Decision")
        case .survey: Bilingual("Undersøgelse", "Survey")
        case .baselineReading: Bilingual("Måling af udgangspunkt", "Baseline reading")
        case .targetAdjustment: Bilingual("Justering af måltal", "Adjustment of targets")
        }
    }

    static func name(_ basis: Basis) -> Bilingual {
        switch basis {
        case .printed: Bilingual("trykt i kilden", "printed in the source")
        case .derived: Bilingual("udledt af kilden", "derived from the source")
        case .configured: Bilingual("fastsat af kommunen", "set by the municipality")
        case .notNamedInSource: Bilingual("ikke nævnt i kilden", "not named in the source")
        }
    }

    static func meaning(_ basis: Basis) -> Bilingual {
        switch basis {
        case .printed:
            Bilingual(
                "Det står i dokumentet, i de linjer der henvises til.", "It stands in the document, in the lines cited."
            )
        case .derived: Bilingual("Det følger af det trykte.", "It follows from what is printed.")
        case .configured:
            Bilingual(
                "Kommunens opsætning siger det; intet dokument gør.",
                "The municipality's configuration says so; no document does.")
        case .notNamedInSource: Bilingual("Kilden nævner ingen.", "The source names nobody.")
        }
    }

    static func name(_ standing: LedgerStanding) -> Bilingual {
        switch standing {
        case .document: Bilingual("fra dokumentet", "from the document")
        case .handedIn: Bilingual("indberettet", "handed in")
        case .notHandedIn: Bilingual("ikke indberettet, tæller ikke", "not handed in, does not count")
        }
    }

    static func name(_ kind: ShownThing.Kind) -> Bilingual {
        switch kind {
        case .policy: Bilingual("Politik", "Policy")
        case .goal: Bilingual("Mål", "Goal")
        case .initiative: Bilingual("Initiativ", "Initiative")
        case .forvaltning: Bilingual("Forvaltning", "Administration")
        case .body: Bilingual("Udvalg, råd eller andet organ", "Committee, council or other body")
        case .record: Bilingual("Post", "Record")
        case .followUp: Bilingual("Opfølgning", "Follow-up")
        case .indicator: Bilingual("Indikator", "Indicator")
        case .annualTarget: Bilingual("Årligt måltal", "Annual target")
        }
    }
}
