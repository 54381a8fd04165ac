internal import Coordinator
internal import PolicyModel

/// Texts of the matrix of answers.
extension Words {
    static let matrixTitle = Bilingual("Hvem har indberettet, pr. {1}", "Who has reported, as of {1}")
    static let matrixNote = Bilingual(
        "»3/8«: 3 af de 8 svar, opfølgningen beder om, er indberettet; ved sendt tilbage og ændret: er det.",
        "“3/8”: 3 of the 8 answers asked for are handed in; with sent back and changed: are that.")
    static let matrixKey = Bilingual(
        "3/8: 3 af de 8 svar, der bedes om, er indberettet (ved »tilbage« og »ændret«: er sendt tilbage, er ændret). Et tal alene: dem alle.",
        "3/8: 3 of the 8 answers asked for are handed in (with “sent back” and “changed”: are sent back, are changed). One number: all of them."
    )
    static let answersOf = Bilingual("{1} af {2}", "{1} of {2}")
    static let lacking = Bilingual("Hvem mangler hvad, og siden hvornår", "Who lacks what, and since when")
    static let lackingNone = Bilingual(
        "Intet mangler efter en frist, er sendt tilbage eller ændret siden godkendelsen.",
        "Nothing is missing past a deadline, sent back, or changed since it was approved.")
    static let lackingAll = Bilingual(
        "{1} mangler alle {2}, {3} over fristen", "{1} lacks all {2}, {3} past the deadline")
    static let lackingSome = Bilingual(
        "{1} mangler {2} af {3}, {4} over fristen", "{1} lacks {2} of {3}, {4} past the deadline")
    static let lackingReturned = Bilingual("{1} har {2} sendt tilbage", "{1} has {2} sent back")
    static let lackingRedacted = Bilingual(
        "{1} har {2} redigeret, der siges på ny", "{1} has {2} redacted, to be said anew")
    static let lackingChanged = Bilingual(
        "{1} har {2} ændret siden godkendelsen", "{1} has {2} changed since approval")
    static let neverHeard = Bilingual("aldrig hørt", "never heard")
    static let noFollowUp = Bilingual("ingen opfølgning", "no follow-up")
    static let dueShort = Bilingual("frist {1}", "due {1}")
    static let daysOverShort = Bilingual("{1} over", "{1} over")
    static let daysLateShort = Bilingual("{1} for sent", "{1} late")
    static let extendedShort = Bilingual("til {1}", "until {1}")

    static func name(_ state: MatrixView.State) -> Bilingual {
        switch state {
        case .notHeard: Bilingual("Ikke hørt", "Not heard")
        case .policyNotHeard: Bilingual("Politikken er ikke hørt", "Policy not heard")
        case .owesNothing: Bilingual("Skylder intet", "Owes nothing")
        case .conditionOpen: Bilingual("Betinget, ikke afgjort", "Conditional, undecided")
        case .notDue: Bilingual("Endnu ikke åben", "Not due yet")
        case .due: Bilingual("Skal indberettes", "Due")
        case .onTime: Bilingual("Til tiden", "On time")
        case .late: Bilingual("For sent", "Late")
        case .missing: missing
        case .partly: Bilingual("Delvist indberettet", "Partly reported")
        case .returned: Bilingual("Sendt tilbage", "Sent back")
        case .changed: Bilingual("Ændret siden godkendelsen", "Changed since approval")
        case .approved: Bilingual("Godkendt", "Approved")
        case .accepted: Bilingual("Accepteret", "Accepted")
        }
    }

    /// For a cell of a page: at most 20 letters.
    static func cellName(_ state: MatrixView.State) -> Bilingual {
        switch state {
        case .changed: Bilingual("Ændret", "Changed")
        case .conditionOpen: Bilingual("Betinget", "Conditional")
        case .policyNotHeard: Bilingual("Ikke hørt", "Not heard")
        default: name(state)
        }
    }

    /// Where there is little room: at most 12 letters.
    static func shortName(_ state: MatrixView.State) -> Bilingual {
        switch state {
        case .notHeard: Bilingual("ikke hørt", "not heard")
        case .policyNotHeard: Bilingual("ikke hørt", "not heard")
        case .owesNothing: Bilingual("skylder intet", "owes nothing")
        case .conditionOpen: Bilingual("betinget", "conditional")
        case .notDue: Bilingual("ikke åben", "not open")
        case .due: Bilingual("åben", "open")
        case .onTime: Bilingual("til tiden", "on time")
        case .late: Bilingual("for sent", "late")
        case .missing: Bilingual("mangler", "missing")
        case .partly: Bilingual("delvist", "partly")
        case .returned: Bilingual("tilbage", "sent back")
        case .changed: Bilingual("ændret", "changed")
        case .approved: Bilingual("godkendt", "approved")
        case .accepted: Bilingual("accepteret", "accepted")
        }
    }

    /// A sign beside the state of an answer, so that colour never speaks alone; none where nothing is asked now.
    static func sign(_ state: MatrixView.State) -> String {
        switch state {
        case .onTime: "→"
        case .late: "▲"
        case .missing, .notHeard: "✕"
        case .due: "○"
        case .partly: "◐"
        case .returned: sign(DueList.State.returned)
        case .changed: "≠"
        case .approved: sign(DueList.State.approved)
        case .accepted: sign(DueList.State.accepted)
        case .conditionOpen, .notDue, .owesNothing, .policyNotHeard: ""
        }
    }
}
