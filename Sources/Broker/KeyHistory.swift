import Ledger
import PolicyModel

/// What became of keys that were ever enrolled, from the words on them in ledger order. Pure.
public enum KeyHistory {
    /// How one publisher's pair of keys stands.
    public struct Standing: Sendable, Hashable {
        public enum State: String, Sendable, Codable {
            /// They speak for the publisher.
            case enrolled
            case revoked
            /// Others of the same publisher were enrolled since.
            case replaced
        }

        public var keys: Enrolment
        public var state: State
        /// When the word was received that made it so (ISO 8601, UTC).
        public var since: String
        public var by: String
        /// Why they were revoked, where somebody said it.
        public var reason: String?
        /// Of keys that were enrolled again: their last revocation.
        public var before: TakenBack?
    }

    /// A revocation.
    public struct TakenBack: Sendable, Hashable, Codable {
        public var since: String
        public var by: String
        public var reason: String?

        /// In words.
        public var text: String { "revoked \(since) by \(by)" + (reason.map { ": \($0)" } ?? "") }
    }

    /// All pairs, by publisher: the one in force first, then the others, the newest word first.
    public static func standings(_ words: [LedgerStore.KeyWord]) -> [Standing] {
        var all: [Standing] = []
        for word in words {
            let (keys, since) = (word.enrolment, String(word.received.prefix(19)) + "Z")
            if keys.revoked == nil {
                for place in all.indices
                where all[place].keys.publisher == keys.publisher && all[place].state == .enrolled {
                    (all[place].state, all[place].since, all[place].by) = (.replaced, since, keys.admittedBy)
                }
            }
            let known = all.firstIndex { $0.keys.publisher == keys.publisher && $0.keys.hasKeys(of: keys) }
            var before = known.flatMap { all[$0].before }
            if let known, all[known].state == .revoked {
                before = TakenBack(since: all[known].since, by: all[known].by, reason: all[known].reason)
            }
            if let known { all.remove(at: known) }
            all.append(
                Standing(
                    keys: keys, state: keys.revoked == nil ? .enrolled : .revoked, since: since,
                    by: keys.revoked?.by ?? keys.admittedBy, reason: keys.revoked?.reason, before: before))
        }
        // `all` is in the order of the last word on each, but for those that were replaced.
        return all.enumerated().sorted { first, second in
            let (a, b) = (first.element, second.element)
            if a.keys.publisher != b.keys.publisher { return a.keys.publisher < b.keys.publisher }
            if (a.state == .enrolled) != (b.state == .enrolled) { return a.state == .enrolled }
            return a.since != b.since ? a.since > b.since : first.offset > second.offset
        }.map(\.element)
    }

    /// The last revocation of these keys, or of one of the two, from whomever they were taken; nil when there is none, or they speak
    /// for the publisher already.
    public static func takenBack(_ keys: Enrolment, in words: [LedgerStore.KeyWord]) -> (
        publisher: String, word: TakenBack
    )? {
        let isInForce = standings(words).contains {
            $0.state == .enrolled && $0.keys.publisher == keys.publisher && $0.keys.hasKeys(of: keys)
        }
        guard !isInForce else { return nil }
        let last = words.last {
            $0.enrolment.revoked != nil
                && ($0.enrolment.curveKey == keys.curveKey || $0.enrolment.signKey == keys.signKey)
        }
        guard let last, let revoked = last.enrolment.revoked else { return nil }
        return (
            last.enrolment.publisher,
            TakenBack(since: String(last.received.prefix(19)) + "Z", by: revoked.by, reason: revoked.reason)
        )
    }
}
