public import PolicyModel

/// What became different, for each initiative, goal, target and all money: from what to what, who said so, when and why.
///
/// Only what is really another is a change: the same content said again is none. What was suppressed stays so, and no difference
/// is reckoned.
public struct ChangesView: Hashable, Sendable, Encodable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// How far something has come, or the words of an answer.
        case status
        case funding, target, assessment, reading, milestone
        /// What an initiative or a policy is: title, period, partners, figures.
        case definition
        case returned, withdrawal, redaction, exception, decision, link, contribution, approval, acceptance
    }

    /// How much a change asks of the reader; the first comes first.
    public enum Weight: String, Codable, Sendable, CaseIterable {
        /// For the worse, not reported, returned, withdrawn.
        case attention
        /// Somebody decided otherwise: targets, definitions, decisions, more time.
        case decided
        case better
        /// First answers, figures, money by year.
        case news
        /// Other words for the same state; approvals and acceptances.
        case minor
    }

    /// What of the thing changed.
    public enum Field: String, Codable, Sendable, CaseIterable {
        case delivery, done, deviation, action, proposals
        case decisionNeeded = "decision_needed"
        case money, planned, used, decision
        case target, judgement, reading
        case due, whole, title, purpose, kind, mandate, proposal, period, involved, goals, partners, places, themes
        case figure, coordinator, bodies, goal, indicator, condition, opens, locked, direction, unit, reporters,
            baseline
        case population, questions, answer, link
        case proposedTo = "proposed_to"
        case targetGroups = "target_groups"
        case followUp = "follow_up"
        case owedBy = "owed_by"
        case followedUp = "followed_up"
    }

    /// Words that go with a change.
    public struct Note: Hashable, Sendable, Encodable {
        public enum Kind: String, Codable, Sendable, CaseIterable {
            /// Why; of a reading without a value its comment.
            case reason
            case deviation, action, done
            case decisionNeeded = "decision_needed"
            /// Who decided, and where.
            case decision
            /// How a judgement follows.
            case arithmetic
            /// Nobody said it: time passed.
            case passed
        }
        public var kind: Kind
        public var text: LocalizedText
    }

    public struct Who: Hashable, Sendable, Encodable {
        /// Whose record it is.
        public var publisher: String
        /// A code; nil where the record names none.
        public var forvaltning: String?
        public var role: String
        /// A pseudonym.
        public var person: String?
    }

    /// What was last said of the thing for another follow-up.
    public struct LastTime: Hashable, Sendable, Encodable {
        public var followUp: String
        public var delivery: StatusReport.Delivery

        enum CodingKeys: String, CodingKey {
            case delivery
            case followUp = "follow_up"
        }
    }

    public struct Row: Hashable, Sendable, Encodable {
        public var kind: Kind
        public var weight: Weight
        /// The policy; empty for a link, which can be of two.
        public var policy: String
        /// What it is about: an initiative, goal, indicator, annual target, question, follow-up or policy, by its id.
        public var subject: String
        public var title: LocalizedText
        /// Whose it is: of an initiative its owner, of a measure the first that reports it; nil where nobody's in particular.
        public var owner: String?
        public var field: Field
        /// Which of several: a year of a budget, a figure, a goal of a policy.
        public var part: LocalizedText?
        public var from: ChangeFact
        public var to: ChangeFact
        /// With an answer: the follow-ups it is for.
        public var fromFollowUp: String?
        public var toFollowUp: String?
        public var lastTime: LastTime?
        /// Nil where nobody has said it: an answer that is missing, money that ended by itself.
        public var by: Who?
        /// When the broker had it; of what nobody said, the day.
        public var received: String
        /// When it was entered, where that was another day.
        public var entered: String?
        /// The running number of the record; 0 where there is none.
        public var position: Int64
        public var record: RecordName?
        public var notes: [Note]
        /// Of an answer, a figure or money: how far it has come.
        public var stage: Collecting.Stage?
        /// Whether an earlier version of it was approved, and this one is not.
        public var changedSinceApproval: Bool

        enum CodingKeys: String, CodingKey {
            case kind, weight, policy, subject, title, owner, field, part, from, to, by, received, entered, position
            case record, notes, stage
            case fromFollowUp = "from_follow_up"
            case toFollowUp = "to_follow_up"
            case lastTime = "last_time"
            case changedSinceApproval = "changed_since_approval"
        }
    }

    /// What is compared, for one policy.
    public struct Scope: Hashable, Sendable, Encodable {
        public var policy: String
        public var title: LocalizedText
        /// Answers to it are compared with those to `to`; nil with a position or a day.
        public var from: String?
        public var fromTitle: LocalizedText?
        /// The newest follow-up that anybody has answered; nil where none is after `from`.
        public var to: String?
        public var toTitle: LocalizedText?
        /// What came after this position is later.
        public var afterPosition: Int64?
        /// What was received from the start of this day on, in UTC.
        public var receivedFrom: String?
        /// What was received after the end of this day. None of the three: all but what documents say.
        public var receivedAfter: String?

        enum CodingKeys: String, CodingKey {
            case policy, title, from, to
            case fromTitle = "from_title"
            case toTitle = "to_title"
            case afterPosition = "after_position"
            case receivedFrom = "received_from"
            case receivedAfter = "received_after"
        }
    }

    public struct Count: Hashable, Sendable, Encodable {
        /// A kind, a weight, or who said it.
        public var name: String
        public var count: Int
    }

    /// The reference date.
    public var on: String
    public var position: Int64
    public var synthetic: Bool
    public var scopes: [Scope]
    /// Kinds in their order, weights in theirs, forvaltninger in the city's, then other publishers; those with none left out.
    public var byKind: [Count]
    public var byWeight: [Count]
    public var byForvaltning: [Count]
    /// By thing: the thing whose gravest change is graver first, then the one that changed last; so too within a thing.
    public var rows: [Row]

    enum CodingKeys: String, CodingKey {
        case on, position, synthetic, scopes, rows
        case byKind = "by_kind"
        case byWeight = "by_weight"
        case byForvaltning = "by_forvaltning"
    }
}
