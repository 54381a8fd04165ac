internal import Coordinator
internal import PolicyModel

extension Wording {
    /// One word of collecting in a sentence: `Sendt tilbage til BIF for lgbti/2019, 9. januar 2020: »Hvor mange?« [ØKF, coordinator/…]`.
    func sentence(_ word: ShownThing.Word) -> String {
        let day = Day(word.received).map { date($0) } ?? word.received
        let text = word.text.map { phrase($0).text } ?? ""
        let forvaltning = word.forvaltning ?? "–"
        let followUp = word.followUp ?? "–"
        let number = count(word.records.count, Words.recordNoun)
        var parts: [String]
        switch RecordKind(word.kind) {
        case .milestone:
            let due = word.date.map { self(Words.dueOn, date($0)) }
            let done = word.done.map { self(Words.doneOn, date($0)) } ?? self(Words.notDone)
            parts = [self(Words.milestoneSentence, text), [due, done].compactMap(\.self).joined(separator: ", ")]
        case .approval:
            parts = [self(Words.approvalSentence, forvaltning, followUp, day), number]
            if !text.isEmpty { parts.append(quoted(text)) }
        case .return:
            parts = [self(Words.returnSentence, forvaltning, followUp, day), number, quoted(text)]
        case .acceptance:
            parts = [self(Words.acceptanceSentence, forvaltning, followUp, day)]
            if !text.isEmpty { parts.append(quoted(text)) }
        case .exception:
            parts = [
                self(Words.exceptionSentence, forvaltning, followUp, word.date.map { date($0) } ?? "–"), quoted(text),
            ]
        case .decision:
            let done = word.done.map { self(Words.followedUpOn, date($0)) } ?? self(Words.notFollowedUp)
            parts = [
                self(Words.decisionSentence, word.party ?? "–", word.date.map { date($0) } ?? "–"), quoted(text),
                word.outcome.map { "\(done): \(quoted(phrase($0).text))" } ?? done,
            ]
        case .contribution:
            parts = [
                self(Words.contributionSentence, word.party ?? "–", word.date.map { date($0) } ?? day), quoted(text),
            ]
        default: parts = [self(Words.withdrawalSentence, word.about.joined(separator: ", "), day), quoted(text)]
        }
        if let reason = word.withdrawn { parts.append(self(Words.takenBack, phrase(reason).text)) }
        return "\(parts.joined(separator: "; ")) [\(word.by), \(word.id), \(word.record)]"
    }
}

/// Texts of what collecting says of one thing.
extension Words {
    static let collecting = Bilingual("Indsamling", "Collecting")
    static let recordNoun = Noun(one: Bilingual("post", "record"), many: Bilingual("poster", "records"))
    static let milestoneSentence = Bilingual("Milepæl: {1}", "Milestone: {1}")
    static let doneOn = Bilingual("gjort {1}", "done {1}")
    static let notDone = Bilingual("ikke gjort", "not done")
    static let approvalSentence = Bilingual("Godkendt af {1} for {2}, {3}", "Approved by {1} for {2}, {3}")
    static let returnSentence = Bilingual("Sendt tilbage til {1} for {2}, {3}", "Sent back to {1} for {2}, {3}")
    static let acceptanceSentence = Bilingual(
        "Accepteret: det, {1} godkendte for {2}, {3}", "Accepted: what {1} approved for {2}, {3}")
    static let exceptionSentence = Bilingual(
        "Mere tid til {1} for {2}, til {3}", "More time for {1} for {2}, until {3}")
    static let decisionSentence = Bilingual("{1} besluttede {2}", "{1} decided {2}")
    static let followedUpOn = Bilingual("fulgt op {1}", "followed up {1}")
    static let notFollowedUp = Bilingual("ikke fulgt op", "not followed up")
    static let contributionSentence = Bilingual("Bidrag fra {1}, {2}", "Contribution of {1}, {2}")
    static let withdrawalSentence = Bilingual("Trukket tilbage: {1}, {2}", "Taken back: {1}, {2}")
    static let takenBack = Bilingual("trukket tilbage: {1}", "taken back: {1}")
}
