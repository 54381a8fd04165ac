internal import Coordinator
internal import PolicyModel

/// Texts of what was redacted.
extension Words {
    static let redacted = Bilingual("Redigeret", "Redacted")
    static let redactedText = Bilingual(
        "Redigeret: teksten er fjernet efter ordre", "Redacted: the text was removed by order")
    static let redactedShort = Bilingual("redigeret", "redacted")
    static let redactedReading = Bilingual(
        "redigeret: tallet er fjernet efter ordre", "redacted: the figure was removed by order")
    static let progressRedacted = Bilingual("Redigeret: {1}.", "Redacted: {1}.")
    static let redactedBecause = Bilingual("{1} (besluttet: {2})", "{1} (decided: {2})")
    static let redactedPending = Bilingual(
        "ordren er endnu ikke nået til hovedbogen", "the order has not come to the ledger yet")
    static let orderedBy = Bilingual("Ordre", "Order")
}

extension Wording {
    /// Why something is not there, and who decided.
    func order(_ order: LedgerOrder?) -> String {
        order.map { self(Words.redactedBecause, phrase($0.reason).text, $0.decision) } ?? self(Words.redactedPending)
    }
}
