import PolicyModel
import Wire
import ZeroMQ

/// Whose key is whose: made from the enrolment records of the ledger, in their order. Pure.
public struct KeyRing: Sendable {
    public enum Standing: Sendable, Hashable {
        case enrolled(Enrolment)
        /// It spoke for a publisher once, and does not any more; the text says why.
        case revoked(String)
        case unknown
    }

    /// By CURVE key: those in force.
    private var inForce: [String: Enrolment] = [:]
    /// By CURVE key: those that were taken back, or whose publisher has another key now.
    private var retired: [String: Enrolment] = [:]
    /// By publisher: the last word on its keys; it may be a revocation.
    public private(set) var newest: [String: Enrolment] = [:]

    public init() {}

    public mutating func take(_ word: Enrolment) {
        // What was taken back from one may be another's since.
        if let before = newest[word.publisher],
            (inForce[before.curveKey]?.publisher ?? word.publisher) == word.publisher
        {
            inForce[before.curveKey] = nil
            retired[before.curveKey] = before
        }
        newest[word.publisher] = word
        inForce[word.curveKey] = word.revoked == nil ? word : nil
        retired[word.curveKey] = word.revoked == nil ? nil : word
    }

    public func standing(of curveKey: String) -> Standing {
        if let enrolment = inForce[curveKey] { return .enrolled(enrolment) }
        guard let old = retired[curveKey] else { return .unknown }
        guard let revoked = old.revoked else {
            return .revoked("another key was enrolled for \(old.publisher): this one speaks for it no more")
        }
        let reason = revoked.reason.map { " (\(said($0, bytes: 300)))" } ?? ""
        return .revoked(
            "the key of \(old.publisher) was revoked\(reason). `pejling keys enrol` at the broker admits it again, or another"
        )
    }

    /// Who speaks for the publisher now; nil when nobody may.
    public func enrolment(of publisher: String) -> Enrolment? {
        newest[publisher].flatMap { $0.revoked == nil ? $0 : nil }
    }

    /// Whether the word changes nothing.
    public func holds(_ word: Enrolment) -> Bool {
        guard let known = newest[word.publisher], known.hasKeys(of: word) else { return false }
        guard word.revoked == nil else { return known.revoked != nil }
        // Another publisher's since, it is in force for this one no more, whatever was said last.
        return known.revoked == nil && inForce[word.curveKey]?.publisher == word.publisher
    }

    /// Why an operator's word on keys cannot stand, with the way out; nil when it can.
    ///
    /// - Parameter brokerKey: the broker's own CURVE key, which speaks for nobody else.
    public func objection(to word: Enrolment, brokerKey: String) -> String? {
        let name = word.publisher
        guard !name.isEmpty, name.utf8.count <= Limits.name, name != "broker", word.role != .broker else {
            return "“\(name.prefix(80))” is no publisher that keys are enrolled for"
        }
        guard CurvePublicKey(z85: word.curveKey) != nil, VerifyingKey(hex: word.signKey) != nil else {
            return "these are no keys: paste the line that `pejling node run` or `pejling keys show` prints at \(name)"
        }
        if word.revoked != nil {
            guard enrolment(of: name) != nil else {
                return "\(name) has no key in force: `pejling keys list` shows who has"
            }
            return nil
        }
        guard word.curveKey != brokerKey else {
            return "this is the broker's own key: paste what `pejling node run` prints at \(name)"
        }
        let other = inForce.values.first {
            $0.publisher != name && ($0.curveKey == word.curveKey || $0.signKey == word.signKey)
        }
        return other.map {
            "these are the keys of \($0.publisher). Each publisher has its own: revoke that one first, or paste the line of \(name)"
        }
    }
}
