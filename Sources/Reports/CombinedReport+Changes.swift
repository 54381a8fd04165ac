extension CombinedReport {
    /// What changed since last time: for each policy, since the follow-up answered before the one it is shown at.
    public struct ChangesPart: Hashable, Sendable, Codable {
        /// What is compared, one line for each policy.
        public var compared: [String]
        /// How many of each kind, and by whom; or that there are none.
        public var summary: [String]
        /// In what order they stand.
        public var rule: String
        /// The gravest first; what is least, such as approvals, is left out.
        public var list: Listing<ChangePart>
    }

    public struct ChangePart: Hashable, Sendable, Codable {
        /// As in `ChangesView.Weight`.
        public var weight: ReportModel.Term
        public var subject: EndPart
        public var owner: ReportModel.Party?
        /// What of it: `Status`, `Planlagt 2021`.
        public var what: String
        /// From what to what.
        public var change: String
        /// Who said it, when, and how far it has come.
        public var said: String
        /// Why, and what else goes with it.
        public var notes: [ReportModel.StatusPart.Detail]
    }
}

extension ReportModel {
    /// What a body decided, and how it was followed up.
    public struct DecisionPart: Hashable, Sendable, Codable {
        public var id: String
        public var policy: String
        public var body: Party
        public var date: String
        /// The item of the agenda.
        public var item: String?
        public var text: Phrase
        /// Titles of what it is about; empty for the policy as a whole.
        public var about: [Phrase]
        public var isOpen: Bool
        /// `Åben, for 398 dage siden`, or when it was followed up.
        public var standing: String
        /// How it was followed up; nil while it is open.
        public var followedUp: Phrase?
    }

    /// What an outside organisation said.
    public struct ContributionPart: Hashable, Sendable, Codable {
        public var id: String
        /// By its own name.
        public var organisation: String
        public var followUp: String
        public var date: String?
        /// Title of the goal, question or initiative it is about; nil for the follow-up as a whole.
        public var about: Phrase?
        public var text: Phrase
    }
}
