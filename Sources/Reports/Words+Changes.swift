internal import Coordinator
internal import PolicyModel

/// Texts of what changed.
extension Words {
    static let changesTitle = Bilingual("Hvad er ændret, pr. {1}", "What has changed, as of {1}")
    static let change = Noun(one: Bilingual("ændring", "change"), many: Bilingual("ændringer", "changes"))
    static let noChanges = Bilingual("Intet er ændret.", "Nothing has changed.")
    static let changesAfterPosition = Bilingual(
        "{1}: alt efter registerets position {2}.", "{1}: all after ledger position {2}.")
    static let changesFromDay = Bilingual(
        "{1}: alt modtaget fra {2} (UTC).", "{1}: all received from {2} on (UTC).")
    static let changesAgainst = Bilingual(
        "{1}: svarene på »{2}« mod svarene på »{3}«; {4}.", "{1}: the answers to “{2}” against those to “{3}”; {4}.")
    static let changesUnanswered = Bilingual(
        "{1}: siden »{2}«, og ingen har svaret på en senere opfølgning; {3}.",
        "{1}: since “{2}”, and nobody has answered a later follow-up; {3}.")
    static let changesOnlyOpening = Bilingual(
        "{1}: ingen har svaret på en opfølgning endnu; alt, der ikke står i dokumenterne.",
        "{1}: nobody has answered a follow-up yet; all that does not stand in the documents.")
    static let changesReceivedAfter = Bilingual(
        "desuden alt modtaget efter {1}", "besides all received after {1}")
    static let changesAfterDocuments = Bilingual(
        "desuden alt, der ikke står i dokumenterne", "besides all that does not stand in the documents")
    static let changesLeftOut = Bilingual(
        "{1} flere er udeladt her; pejling view changes viser dem alle, og --since holder op imod andet end sidst.",
        "{1} more are left out here; pejling view changes shows them all, and --since compares with other than last time."
    )
    static let changeColumn = Bilingual("Fra → til", "From → to")
    static let saidColumn = Bilingual("Hvem og hvornår", "Who and when")
    static let whyColumn = Bilingual("Hvorfor", "Why")
    static let decisionsHeading = Bilingual("Tidligere beslutninger", "Earlier decisions")
    static let contributionsHeading = Bilingual("Bidrag udefra", "Contributions from outside")
    static let organisationColumn = Bilingual("Organisation", "Organisation")
    static let contributionColumn = Bilingual("Bidrag", "Contribution")
    static let decisionsNone = Bilingual(
        "Ingen beslutninger er registreret.", "No decisions are registered.")
    static let decisionsCounts = Bilingual(
        "{1}: {2} er ikke fulgt op. De åbne står først, den ældste øverst.",
        "{1}: {2} not followed up. The open ones stand first, the oldest at the top.")
    static let decisionNoun = Noun(
        one: Bilingual("beslutning", "decision"), many: Bilingual("beslutninger", "decisions"))
    static let decisionColumn = Bilingual("Beslutning", "Decision")
    static let decidedByColumn = Bilingual("Hvem og hvornår", "By whom and when")
    static let followedUpColumn = Bilingual("Sådan er den fulgt op", "How it was followed up")
    static let decisionOpen = Bilingual("Åben", "Open")
    static let decisionOpenFor = Bilingual("Åben i {1}", "Open for {1}")
    static let decisionFollowedUp = Bilingual("Fulgt op {1}", "Followed up {1}")
    static let changesWhom = Bilingual("Efter hvem: {1}.", "By whom: {1}.")
    static let changesRule = Bilingual(
        "Vigtigst først: det, der kræver opmærksomhed, så det, der er besluttet, det, der er bedre, det nye og resten; nyest først inden for hver.",
        "Most important first: what needs attention, then what was decided, what is better, what is new, and the rest; newest first within each."
    )
    static let enteredOn = Bilingual("indtastet {1}", "entered {1}")
    static let nobodySaid = Bilingual("ingen har sagt det", "nobody has said it")
    static let lastTimeFor = Bilingual("sidst: {1} ({2})", "last time: {1} ({2})")
    static let changedAfterApproval = Bilingual("ændret efter godkendelse", "changed after approval")
    static let factAbsent = Bilingual("intet", "nothing")
    static let factWithheld = Bilingual("et tal, der ikke længere vises", "a number no longer shown")
    static let factSuppressed = Bilingual("for lille til at vises", "too small to be shown")
    static let answerFrom = Bilingual("Svar fra {1}", "Answer of {1}")
    static let deadlineFor = Bilingual("Frist for {1}", "Deadline of {1}")
    static let factRedacted = Bilingual("fjernet efter ordre", "removed by order")
    static let factWithdrawn = Bilingual("trukket tilbage", "withdrawn")
    static let notMeasured = Bilingual("ikke målt", "not measured")
    static let record = Noun(one: Bilingual("post", "record"), many: Bilingual("poster", "records"))
    static let broker = Bilingual("registeret", "the ledger")

    static func word(_ stage: Collecting.Stage) -> Bilingual {
        switch stage {
        case .handedIn: Bilingual("indberettet", "handed in")
        case .returned: Bilingual("sendt tilbage", "returned")
        case .approved: Bilingual("godkendt", "approved")
        case .accepted: Bilingual("accepteret", "accepted")
        }
    }

    /// Who somebody is: the role of a record's author; the word itself where it is none of ours.
    static func role(_ role: String) -> Bilingual {
        switch role {
        case "officer": Bilingual("sagsbehandler", "officer")
        case "approver": Bilingual("godkender", "approver")
        case "node": Bilingual("forvaltningens node", "the administration's node")
        case "policy": Bilingual("politikkens plugin", "the policy's plugin")
        case "coordinator": Bilingual("koordinator", "coordinator")
        case "broker": broker
        default: Bilingual(role, role)
        }
    }

    static func name(_ weight: ChangesView.Weight) -> Bilingual {
        switch weight {
        case .attention: Bilingual("kræver opmærksomhed", "needs attention")
        case .decided: Bilingual("besluttet eller rettet", "decided or corrected")
        case .better: Bilingual("bedre", "better")
        case .news: Bilingual("nyt", "new")
        case .minor: Bilingual("øvrigt", "other")
        }
    }

    /// A sign that stands beside the word.
    static func sign(_ weight: ChangesView.Weight) -> String {
        switch weight {
        case .attention: "!"
        case .decided: "#"
        case .better: "+"
        case .news: "*"
        case .minor: "-"
        }
    }

    /// Behind a number: `8 svar`.
    static func noun(_ kind: ChangesView.Kind) -> Noun {
        switch kind {
        case .status: Noun(one: Bilingual("svar", "answer"), many: Bilingual("svar", "answers"))
        case .funding: Noun(one: Bilingual("om penge", "of money"), many: Bilingual("om penge", "of money"))
        case .target: Noun(one: Bilingual("måltal", "target"), many: Bilingual("måltal", "targets"))
        case .assessment:
            Noun(one: Bilingual("vurdering", "judgement"), many: Bilingual("vurderinger", "judgements"))
        case .reading: Noun(one: Bilingual("måling", "reading"), many: Bilingual("målinger", "readings"))
        case .milestone: Noun(one: Bilingual("milepæl", "milestone"), many: Bilingual("milepæle", "milestones"))
        case .definition:
            Noun(
                one: Bilingual("i beskrivelsen", "of description"), many: Bilingual("i beskrivelser", "of descriptions")
            )
        case .returned: Noun(one: Bilingual("sendt tilbage", "returned"), many: Bilingual("sendt tilbage", "returned"))
        case .withdrawal:
            Noun(one: Bilingual("trukket tilbage", "withdrawn"), many: Bilingual("trukket tilbage", "withdrawn"))
        case .redaction: Noun(one: factRedacted, many: factRedacted)
        case .exception: Noun(one: Bilingual("udsættelse", "extension"), many: Bilingual("udsættelser", "extensions"))
        case .decision: Noun(one: Bilingual("beslutning", "decision"), many: Bilingual("beslutninger", "decisions"))
        case .link: Noun(one: Bilingual("forbindelse", "link"), many: Bilingual("forbindelser", "links"))
        case .contribution:
            Noun(
                one: Bilingual("bidrag udefra", "outside contribution"),
                many: Bilingual("bidrag udefra", "outside contributions"))
        case .approval: Noun(one: Bilingual("godkendelse", "approval"), many: Bilingual("godkendelser", "approvals"))
        case .acceptance: Noun(one: Bilingual("accept", "acceptance"), many: Bilingual("accepter", "acceptances"))
        }
    }

    static func name(_ field: ChangesView.Field) -> Bilingual {
        switch field {
        case .delivery: status
        case .done: Bilingual("Gjort", "Done")
        case .deviation: Bilingual("Afvigelse", "Deviation")
        case .action: Bilingual("Hvad der gøres ved det", "What is done about it")
        case .proposals: Bilingual("Forslag", "Proposals")
        case .decisionNeeded: Bilingual("Beslutning, der bedes om", "Decision asked for")
        case .money: money
        case .planned: planned
        case .used: used
        case .decision: Bilingual("Beslutning", "Decision")
        case .target: target
        case .judgement: judgement
        case .reading: Bilingual("Måling", "Reading")
        case .due: deadline
        case .whole: Bilingual("Det hele", "The whole")
        case .title: Bilingual("Titel", "Title")
        case .purpose: Bilingual("Formål", "Purpose")
        case .kind: kind
        case .mandate: mandate
        case .proposedTo: Bilingual("Foreslået", "Proposed to")
        case .proposal: Bilingual("Hvad der foreslås", "What is proposed")
        case .period: period
        case .involved: Bilingual("Andre forvaltninger", "Other administrations")
        case .goals: Bilingual("Mål", "Goals")
        case .targetGroups: Bilingual("Målgrupper", "Target groups")
        case .partners: Bilingual("Samarbejdspartnere", "Partners")
        case .places: Bilingual("Steder", "Places")
        case .themes: Bilingual("Temaer", "Themes")
        case .figure: Bilingual("Tal", "Figure")
        case .coordinator: coordinatedBy
        case .bodies: Bilingual("Udvalg og råd", "Committees and councils")
        case .goal: goal
        case .indicator: Bilingual("Indikator", "Indicator")
        case .condition: Bilingual("Betingelse", "Condition")
        case .opens: opens
        case .locked: Bilingual("Låses", "Locked")
        case .direction: direction
        case .unit: unit
        case .reporters: reporters
        case .baseline: baseline
        case .population: population
        case .questions: questions
        case .answer: Bilingual("Svar", "Answer")
        case .link: linkKind
        case .followUp: followUp
        case .owedBy: Bilingual("Ansvarlige", "Answering for it")
        case .followedUp: Bilingual("Fulgt op", "Followed up")
        }
    }

    static func name(_ note: ChangesView.Note.Kind) -> Bilingual {
        switch note {
        case .reason: Bilingual("Hvorfor", "Why")
        case .deviation: name(ChangesView.Field.deviation)
        case .action: name(ChangesView.Field.action)
        case .done: name(ChangesView.Field.done)
        case .decisionNeeded: name(ChangesView.Field.decisionNeeded)
        case .decision: Bilingual("Besluttet", "Decided")
        case .arithmetic: Bilingual("Regnet sådan", "Reckoned so")
        case .passed: Bilingual("Hvorfor", "Why")
        }
    }

    static func name(_ condition: FollowUp.Condition) -> Bilingual {
        switch condition {
        case .open: Bilingual("ikke afgjort", "undecided")
        case .met: Bilingual("opfyldt", "met")
        case .notMet: Bilingual("ikke opfyldt", "not met")
        }
    }

    static func name(_ mandate: Initiative.Mandate) -> Bilingual {
        switch mandate {
        case .decided: Bilingual("besluttet", "decided")
        case .proposed: Bilingual("foreslået", "proposed")
        }
    }
}
