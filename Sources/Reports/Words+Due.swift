internal import PolicyModel

/// Texts of the list of what is owed.
extension Words {
    static let dueTitle = Bilingual("Hvad skyldes, pr. {1}", "What is owed, as of {1}")
    static let dueItem = Noun(one: Bilingual("svar", "answer"), many: Bilingual("svar", "answers"))
    static let dueNone = Bilingual("Ingen skylder noget nu.", "Nobody owes anything now.")
    static let dueNoneMissing = Bilingual("Intet svar mangler.", "No answer is missing.")
    static let dueMissing = Bilingual("{1} mangler fra {2}", "{1} missing from {2}")
    static let dueLate = Bilingual(
        "heraf {1} efter fristen, det ældste siden {2} ({3})",
        "{1} of them past the deadline, the oldest since {2} ({3})")
    static let dueReturned = Bilingual("sendt tilbage: {1}", "sent back: {1}")
    static let dueRedacted = Bilingual("redigeret: {1}", "redacted: {1}")
    static let dueToApprove = Bilingual("skal godkendes: {1}", "to be approved: {1}")
    static let dueToAccept = Bilingual("skal accepteres: {1}", "to be accepted: {1}")
    static let dueHidden = Bilingual(
        "Det, der ikke er åbent endnu, er betinget eller helt accepteret, vises med --all.",
        "What is not open yet, depends on something undecided or is wholly accepted is shown with --all.")
    static let missingColumn = Bilingual("Mangler", "Missing")
    static let returnedColumn = Bilingual("Tilbage", "Returned")
    static let toApproveColumn = Bilingual("Godkendes", "To approve")
    static let toAcceptColumn = Bilingual("Accepteres", "To accept")
    static let sinceColumn = Bilingual("Mangler siden", "Missing since")
    static let handedInOf = Bilingual("{1} af {2} indberettet", "{1} of {2} handed in")
    static let exceptionUntil = Bilingual("udsat til {1}: {2}", "more time until {1}: {2}")
    static let approvedOn = Bilingual("godkendt {1}", "approved {1}")
    static let acceptedOn = Bilingual("accepteret {1}", "accepted {1}")
    static let figureFor = Bilingual("Tal for {1}: {2}", "Figure for {1}: {2}")
    static let figureOf = Bilingual("Tal: {1}", "Figure: {1}")
    static let cameLate = Bilingual("{1}, {2} for sent", "{1}, {2} late")
    static let enteredReceived = Bilingual("skrevet {1}, modtaget {2}", "entered {1}, received {2}")
    static let latenessFromReceipt = Bilingual("; fristen regnes fra modtagelsen", "; lateness counts from receipt")
    static let returnNote = Bilingual("at se på: {1}", "to look at: {1}")
    static let changedSinceApproval = Bilingual("ændret siden godkendelsen", "changed since approval")
    static let draftWaits = Bilingual("en nyere kladde venter", "a newer draft waits")

    static func name(_ phase: DueList.Phase) -> Bilingual {
        switch phase {
        case .conditionOpen: Bilingual("betinget, ikke afgjort; aldrig for sent", "conditional, undecided; never late")
        case .notOpen: Bilingual("ikke åben endnu", "not open yet")
        case .open: Bilingual("åben", "open")
        case .overdue: Bilingual("over fristen", "overdue")
        case .locked: Bilingual("låst", "locked")
        }
    }

    static func name(_ state: DueList.State) -> Bilingual {
        switch state {
        case .missing: missing
        case .draft: Bilingual("Kladde, ikke indberettet", "Draft, not reported")
        case .handedIn: Bilingual("Indberettet", "Handed in")
        case .returned: Bilingual("Sendt tilbage", "Sent back")
        case .redacted: Bilingual("Redigeret, siges på ny", "Redacted, to be said anew")
        case .approved: Bilingual("Godkendt", "Approved")
        case .accepted: Bilingual("Accepteret", "Accepted")
        }
    }

    static func name(_ stage: Collecting.Stage) -> Bilingual {
        switch stage {
        case .handedIn: name(DueList.State.handedIn)
        case .returned: name(DueList.State.returned)
        case .approved: name(DueList.State.approved)
        case .accepted: name(DueList.State.accepted)
        }
    }

    static func sign(_ stage: Collecting.Stage) -> String {
        switch stage {
        case .handedIn: sign(DueList.State.handedIn)
        case .returned: sign(DueList.State.returned)
        case .approved: sign(DueList.State.approved)
        case .accepted: sign(DueList.State.accepted)
        }
    }

    /// A sign that stands beside the word, so that colour is never alone.
    static func sign(_ state: DueList.State) -> String {
        switch state {
        case .missing: "✕"
        case .draft: "…"
        case .handedIn: "→"
        case .returned: "↩"
        case .redacted: "■"
        case .approved: "✓"
        case .accepted: "★"
        }
    }
}
