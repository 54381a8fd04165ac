/// What stands in the annexes.
extension ReportModel {
    public struct OwnerPart: Hashable, Sendable, Codable {
        public var owner: Party
        public var anchor: String
        public var isForvaltning: Bool
        public var heard: Bool
        public var summary: String
        public var initiatives: [InitiativePart]
    }

    public struct InitiativePart: Hashable, Sendable, Codable {
        public var id: String
        public var anchor: String
        public var title: Phrase
        public var titleBasis: String
        public var kind: Term
        public var mandate: Term
        /// What of it is proposed, where not the whole is.
        public var proposal: Phrase?
        public var section: Phrase
        public var purpose: Phrase
        public var goals: [Phrase]
        public var targetGroups: [Phrase]
        public var partners: [Phrase]
        public var involved: [Party]
        public var period: String?
        public var figures: [FigurePart]
        /// What it is to reach each year; nil, and absent in JSON, where nothing is said.
        public var annualTargets: [AnnualTargetPart]?
        public var funding: FundingPart
        public var status: StatusPart
        public var source: SourcePart
        /// Ledger's name of the record that describes it.
        public var record: String
    }

    public struct FundingPart: Hashable, Sendable, Codable {
        public var main: Term
        public var requiresSeparateFunding: Bool
        public var expired: Bool
        public var until: String?
        /// One for each state said: in words, and as printed.
        public var lines: [Line]

        public struct Line: Hashable, Sendable, Codable {
            public var text: String
            public var printed: Phrase?
            public var source: SourcePart?
            /// False where nobody has handed it in: shown, and counted nowhere.
            public var counts: Bool
        }
    }

    public struct StatusPart: Hashable, Sendable, Codable {
        /// Nil where nothing is stated or handed in.
        public var delivery: Term?
        /// The status in words; never empty.
        public var text: String
        public var basis: String?
        public var standing: String?
        /// How far what was handed in has come: handed in, sent back, approved, accepted; nil where a document says it, and where
        /// nothing counts.
        public var stage: Term?
        /// Whether an earlier answer was approved, and this one is not.
        public var changedSinceApproval = false
        /// What was done, deviation, action, proposals, decision needed, reason: those given, each with its name.
        public var details: [Detail]
        public var printed: Phrase?
        public var source: SourcePart?
        public var received: String?

        public struct Detail: Hashable, Sendable, Codable {
            public var name: String
            public var text: Phrase
        }
    }

    /// What one forvaltning answered on one goal, question, or the follow-up itself.
    public struct AnswerPart: Hashable, Sendable, Codable {
        public var about: String
        public var title: Phrase
        public var owner: Party
        public var status: StatusPart
    }

    public struct UnheardPart: Hashable, Sendable, Codable {
        public var parties: [Party]
        public var policies: [String]
        public var text: String
        public var refusals: [Notice]
        public var dangling: [Notice]
        public var unreadable: [Notice]
    }

    /// A record that needs a look.
    public struct Notice: Hashable, Sendable, Codable {
        public var record: String
        public var text: String
    }

    public struct Changes: Hashable, Sendable, Codable {
        public var text: String
        public var items: [InitiativeReference]
    }

    public struct DefinitionGroup: Hashable, Sendable, Codable {
        public var title: String
        public var entries: [Entry]

        public struct Entry: Hashable, Sendable, Codable {
            public var term: String
            public var meaning: String
        }
    }

    public struct DocumentPart: Hashable, Sendable, Codable {
        public var title: Phrase
        public var file: String
        public var lines: String
        public var sha256: String
    }
}
