import PolicyModel

/// The sentences that are said: ours, in plain words, and each says that it is an example. None names a person, a place or an
/// organisation, so that none can be taken for somebody's own word.
enum Phrases {
    typealias Pair = (da: String, en: String)

    static func example(_ pair: Pair) -> LocalizedText {
        LocalizedText(da: "Eksempel: \(pair.da)", en: "Example: \(pair.en)")
    }

    static func pick(_ all: [Pair], _ dice: inout Dice) -> LocalizedText { example(dice.pick(all)) }

    static func done(_ delivery: StatusReport.Delivery) -> [Pair] {
        switch delivery {
        case .onTrack:
            [
                (
                    "Arbejdet følger planen, og de første aktiviteter er holdt.",
                    "Work follows the plan, and the first activities have been held."
                ),
                (
                    "Medarbejderne har været på kursus, og materialet er taget i brug.",
                    "Staff have been on a course, and the material is in use."
                ),
                (
                    "Samarbejdet er aftalt, og en arbejdsgruppe mødes hver måned.",
                    "The cooperation is agreed, and a working group meets each month."
                ),
                (
                    "Forløbet er begyndt flere steder, og tilbagemeldingerne samles.",
                    "The course has begun in several places, and feedback is being gathered."
                ),
                (
                    "Halvdelen af aktiviteterne er gennemført, resten er lagt fast.",
                    "Half of the activities are carried out, the rest are scheduled."
                ),
            ]
        case .ongoingOperation:
            [
                ("Tilbuddet er i drift og bruges som ventet.", "The service runs and is used as expected."),
                (
                    "Indsatsen er en del af hverdagen med faste møder.",
                    "The effort is part of daily work, with regular meetings."
                ),
                (
                    "Tilbuddet er åbent hele året, og lidt flere bruger det end sidste år.",
                    "The service is open all year, and a few more use it than last year."
                ),
                (
                    "Retningslinjerne bruges, og nye medarbejdere får dem gennemgået.",
                    "The guidelines are in use, and new staff are taken through them."
                ),
            ]
        case .completed:
            [
                (
                    "Det aftalte er gennemført, og erfaringerne er skrevet ned.",
                    "What was agreed is carried out, and the experience is written down."
                ),
                ("Materialet er færdigt og frit til brug.", "The material is finished and free to use."),
                ("Alle enheder har været igennem forløbet.", "All units have been through the course."),
            ]
        case .delayed:
            [
                (
                    "Forberedelsen er færdig, men aktiviteterne er ikke begyndt.",
                    "Preparation is done, but activities have not begun."
                ),
                (
                    "Nogle af aktiviteterne er holdt; resten er udskudt.",
                    "Some activities were held; the rest are put off."
                ),
                (
                    "Der er lavet et udkast, som endnu ikke er sendt i høring.",
                    "There is a draft, which has not been sent out for comments yet."
                ),
            ]
        case .paused:
            [
                ("Arbejdet ligger stille for tiden.", "Work is at a standstill for the time being."),
                ("Der er ikke holdt aktiviteter siden sommeren.", "No activities have been held since summer."),
            ]
        case .stopped:
            [
                (
                    "Indsatsen er afsluttet, uden at alt er gennemført.",
                    "The effort has ended without all of it carried out."
                ),
                ("Indsatsen føres ikke videre.", "The effort is not carried on."),
            ]
        case .notStarted:
            [
                ("Arbejdet er ikke begyndt.", "Work has not begun."),
                ("Indsatsen begynder til næste år.", "The effort begins next year."),
            ]
        case .awaitingDecision:
            [
                ("Sagen ligger til beslutning.", "The matter awaits a decision."),
                ("Forslaget er sendt til udvalget.", "The proposal has been sent to the committee."),
            ]
        case .awaitingFunding:
            [
                ("Der er ikke fundet penge til indsatsen endnu.", "No money has been found for the effort yet."),
                ("Indsatsen er beskrevet og venter på penge.", "The effort is described and waits for money."),
            ]
        }
    }

    static let deviations: [Pair] = [
        (
            "Det tog længere tid end ventet at finde en projektleder.",
            "It took longer than expected to find a project manager."
        ),
        ("Aktiviteter, hvor man mødes, måtte udskydes.", "Activities where people meet had to be put off."),
        ("Lokalerne blev ikke klar til tiden.", "The rooms were not ready in time."),
        ("For få havde meldt sig til at holde forløbet.", "Too few had signed up to hold the course."),
        ("Udbuddet måtte gå om.", "The tender had to be done again."),
        ("Aftalen med samarbejdspartnerne faldt sent på plads.", "The agreement with the partners came late."),
    ]

    static let actions: [Pair] = [
        (
            "Der er lavet en ny tidsplan, og møderne er flyttet til efteråret.",
            "There is a new schedule, and the meetings are moved to autumn."
        ),
        ("En kollega har overtaget opgaven.", "A colleague has taken over the task."),
        ("Forløbet slås sammen med et andet tilbud.", "The course is merged with another service."),
        ("Der følges op hver måned, til det er indhentet.", "It is followed up each month until it has caught up."),
    ]

    static let proposals: [Pair] = [
        (
            "Et nyt forløb sammen med boligområderne begynder efter sommer.",
            "A new course together with the housing areas begins after summer."
        ),
        (
            "De, der er længst fra målet, får en fast kontaktperson.",
            "Those furthest from the goal get a contact person."
        ),
        (
            "Indsatsen samles på færre steder med flere medarbejdere.",
            "The effort is gathered in fewer places with more staff."
        ),
    ]

    static let decisionsNeeded: [Pair] = [
        (
            "Udvalget bedes tage stilling til, om indsatsen skal føres videre.",
            "The committee is asked whether the effort is to be carried on."
        ),
        (
            "Udvalget bedes tage stilling til, hvordan indsatsen skal betales.",
            "The committee is asked how the effort is to be paid for."
        ),
    ]

    /// Why a state changed: by what it is now, and where that matters by what it was.
    static func reasons(from before: StatusReport.Delivery, to now: StatusReport.Delivery) -> [Pair] {
        switch (before, now) {
        case (.awaitingFunding, .onTrack), (.awaitingFunding, .ongoingOperation):
            [("Der er fundet penge til indsatsen.", "Money has been found for the effort.")]
        case (.awaitingDecision, .onTrack):
            [("Udvalget har godkendt indsatsen.", "The committee has approved the effort.")]
        case (.paused, .onTrack): [("Arbejdet er taget op igen.", "Work has been taken up again.")]
        case (_, .onTrack):
            [
                ("Det, der holdt arbejdet tilbage, er løst.", "What held work back has been solved."),
                ("Arbejdet er kommet i gang igen.", "Work has got going again."),
            ]
        case (_, .delayed):
            [
                ("Tidsplanen kunne ikke holdes.", "The schedule could not be kept."),
                ("Andre opgaver måtte gå forud.", "Other tasks had to come first."),
            ]
        case (_, .paused): [("Medarbejderne blev sat til andre opgaver.", "Staff were given other tasks.")]
        case (_, .completed): [("Alt det aftalte er gennemført.", "All that was agreed is carried out.")]
        case (_, .stopped):
            [
                (
                    "Pengene er brugt, og indsatsen føres ikke videre.",
                    "The money is spent, and the effort is not carried on."
                ),
                ("Indsatsen gav ikke det, der var ventet.", "The effort did not give what was expected."),
            ]
        case (_, .ongoingOperation):
            [("Indsatsen er gået over i almindelig drift.", "The effort has become part of daily work.")]
        case (_, .awaitingFunding):
            [
                (
                    "Pengene er udløbet, og der er ikke fundet nye.",
                    "The money has ended, and no new money has been found."
                )
            ]
        case (_, .awaitingDecision):
            [("Sagen er sendt tilbage til udvalget.", "The matter has been sent back to the committee.")]
        case (_, .notStarted): [("Begyndelsen er udskudt.", "The beginning is put off.")]
        }
    }

    /// Answers to a question, and on a goal.
    static let answers: [Pair] = [
        (
            "De fleste dele er i gang; enkelte er først lige begyndt.",
            "Most parts are under way; a few have only just begun."
        ),
        (
            "Samarbejdet på tværs er blevet bedre med faste møder, men ansvaret er delt på mange.",
            "Cooperation across has got better with regular meetings, but responsibility is shared by many."
        ),
        ("Vi er nået længst, hvor der er afsat tid til det.", "We have come furthest where time is set aside for it."),
    ]

    /// A word on a follow-up that asks for nothing in particular.
    static func words(on kind: FollowUp.Kind) -> [Pair] {
        switch kind {
        case .meeting:
            [("Mødet er holdt, og referatet er sendt ud.", "The meeting was held, and the minutes are sent out.")]
        case .targetAdjustment:
            [
                (
                    "Måltallene er set efter; de foreslås uændret.",
                    "The target figures have been looked at; no change is proposed."
                )
            ]
        case .survey: [("Undersøgelsen er gennemført.", "The survey is carried out.")]
        default:
            [
                (
                    "Der er fulgt op; der er intet særligt at melde.",
                    "It is followed up; there is nothing particular to report."
                )
            ]
        }
    }

    /// Added to an answer that was returned.
    static let elaborations: [Pair] = [
        (
            "Uddybet efter tilbagesendelsen: det ventes indhentet inden sommer.",
            "Elaborated after the return: it is expected to have caught up before summer."
        ),
        (
            "Uddybet efter tilbagesendelsen: årsag og ny tidsplan er skrevet til.",
            "Elaborated after the return: cause and new schedule are added."
        ),
    ]

    static let corrections: [Pair] = [
        (
            "Rettet efter godkendelsen: oplysningen var ikke ajour.",
            "Corrected after approval: the information was not up to date."
        )
    ]

    static let returnNotes: [Pair] = [
        (
            "Skriv, hvad forsinkelsen skyldes, og hvornår det ventes færdigt.",
            "Say what the delay is due to, and when it is expected to be finished."
        ),
        (
            "Det er ikke til at se, hvad der er gjort i år; skriv det kort.",
            "What was done this year cannot be seen; say it briefly."
        ),
        ("Se efter, om det er opgjort for det rigtige år.", "See whether it is reckoned for the right year."),
    ]

    static let exceptions: [Pair] = [
        (
            "Forvaltningen skifter fagsystem og får tallene senere.",
            "The administration changes its system and gets the figures later."
        ),
        ("Den ansvarlige er på orlov hen over fristen.", "The person responsible is on leave over the deadline."),
    ]

    static let withdrawals: [Pair] = [
        ("Det var skrevet under den forkerte indsats.", "It was written under the wrong effort."),
        ("Det byggede på en foreløbig opgørelse.", "It was based on a preliminary count."),
    ]

    static let decisions: [Pair] = [
        ("Status tages til efterretning.", "The status is noted."),
        (
            "Status tages til efterretning, og forvaltningen bedes vende tilbage med en plan for det, der er forsinket.",
            "The status is noted, and the administration is asked to come back with a plan for what is delayed."
        ),
        (
            "Udvalget ønsker en kort orientering om det, der mangler penge.",
            "The committee wants a short briefing on what lacks money."
        ),
    ]

    static let nextSteps: [Pair] = [
        (
            "Arbejdet føres videre, og forvaltningerne bedes lave et oplæg til, hvad der skal følge efter.",
            "The work is carried on, and the administrations are asked for a proposal on what is to follow."
        )
    ]

    static let followedUp: [Pair] = [
        ("Planen blev forelagt på et senere møde.", "The plan was presented at a later meeting."),
        ("Orienteringen er sendt ud.", "The briefing has been sent out."),
    ]

    static let contributions: [Pair] = [
        (
            "Vi mærker, at de ansatte ved mere, men ventetiden er stadig for lang.",
            "We notice that staff know more, but the wait is still too long."
        ),
        (
            "Samtalerne er blevet bedre, og vi vil gerne høres tidligere næste gang.",
            "The talks have got better, and we want to be heard earlier next time."
        ),
        (
            "Tilbuddene er gode, hvor de findes; mange kender dem ikke.",
            "The services are good where they exist; many do not know of them."
        ),
        (
            "Der mangler tal for, hvordan det går dem, politikken er til for.",
            "There are no figures on how those the policy is for are doing."
        ),
    ]

    static let missing: [Pair] = [
        ("Undersøgelsen blev ikke gennemført i år.", "The survey was not carried out this year."),
        ("Registeret var ikke klar ved fristen.", "The register was not ready by the deadline."),
    ]

    static let linkAccepted: Pair = ("Det samme arbejde er beskrevet i begge.", "The same work is described in both.")
    static let linkRejected: Pair = (
        "Ligner hinanden, men er hver sin indsats.", "They look alike, but are two efforts."
    )

    static let milestones: [(name: String, what: Pair)] = [
        ("eksempel-plan", ("Planen er vedtaget.", "The plan is adopted.")),
        ("eksempel-forloeb", ("De første forløb er gennemført.", "The first courses are carried out.")),
        ("eksempel-evaluering", ("Indsatsen er evalueret.", "The effort is evaluated.")),
    ]

    static let source = "Eksempelregister"
    static func organisation(_ number: Int) -> String { "Eksempelforening \(number)" }
    static func item(_ number: Int) -> String { "Eksempel, punkt \(number)" }
    static func round(_ when: String) -> String { "Eksempel: puljens runde \(when)" }
    static func budget(_ year: Int) -> String { "Eksempel: budget \(year)" }
}
