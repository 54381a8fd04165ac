public import PolicyModel

/// The report over all policies: one page first, then what no single policy can show, with links to the report on each.
///
/// A function of ledger position, reference date, language and program version. Everything that stands in it is here, in reading
/// order and in words; renderers lay it out and add nothing but headings. Long lists are cut by printed limits, and each says how
/// many are left out and where they stand.
public struct CombinedReport: Hashable, Sendable, Codable {
    /// Name and version of this form, for whoever reads the JSON.
    public var format = "pejling-combined/1"
    public var language: Language
    /// Made from example data: every page and file says so.
    public var synthetic: Bool
    public var title: String
    public var city: Phrase
    public var asOf: ReportModel.AsOf
    public var policies: [PolicyPart]
    public var front: Front
    public var changes: ChangesPart
    public var proposal: ReportModel.Proposal
    /// How far the goals have come, by policy.
    public var progress: [ProgressPart]
    public var solution: Solution
    public var economy: Economy
    public var process: Process
    /// Each forvaltning, then each other owner, across policies.
    public var owners: [OwnerPart]
    public var unheard: ReportModel.UnheardPart
    /// What was decided before, open decisions first.
    public var decisions: [ReportModel.DecisionPart]
    public var method: [ReportModel.DefinitionGroup]
    public var sources: [ReportModel.DocumentPart]

    /// What its files are called, before the ending: `all-2021-02-01`, with `.en` in English.
    public var fileName: String { "all-\(asOf.referenceDate)" + language.fileSuffix }
}

extension CombinedReport {
    /// One policy as it stands.
    public struct PolicyPart: Hashable, Sendable, Codable {
        public var id: String
        public var title: Phrase
        /// As it is called in a sentence.
        public var name: String
        public var period: String
        public var coordinator: ReportModel.Party
        public var bodies: [ReportModel.Party]
        /// The follow-up that its statuses are of: the one that matters on the reference date where anybody has answered it, the last
        /// answered one before it otherwise, or the opening.
        public var followUp: String
        public var followUpTitle: Phrase
        /// What the files of the report on it are called, before the ending.
        public var report: String
        public var initiatives: Int
        public var delivery: ReportModel.LightPart
        public var statuses: [ReportModel.Count]
        public var attainment: ReportModel.LightPart
        public var judgements: [ReportModel.Count]
        public var measures: [ReportModel.Count]
    }

    public struct Front: Hashable, Sendable, Codable {
        /// One line each.
        public var counts: [String]
        public var matrix: Matrix
        public var results: [ReportModel.Highlight]
        public var resultsRule: String
        public var deviations: [ReportModel.Highlight]
        public var deviationsRule: String
        public var asked: String
        public var money: String
        /// Who was never heard, and what is not assessed; one reassuring line where nothing is.
        public var silence: [String]
        public var unassessed: [ReportModel.UnassessedPart]
    }

    /// Who has answered: every forvaltning against every policy, each for the follow-up that matters on the reference date.
    public struct Matrix: Hashable, Sendable, Codable {
        public var columns: [Column]
        public var rows: [Row]

        public struct Column: Hashable, Sendable, Codable {
            public var policy: String
            public var name: String
            /// Nil where the policy is not heard.
            public var followUp: Phrase?
            /// What sort of follow-up it is, in a word or two.
            public var kind: String?
            public var due: String?
            /// How many days are left, or have passed.
            public var days: String?
        }

        public struct Row: Hashable, Sendable, Codable {
            public var owner: ReportModel.Party
            public var cells: [Cell]
        }

        public struct Cell: Hashable, Sendable, Codable {
            /// As in `MatrixView.State`.
            public var state: ReportModel.Term
            /// Stands beside the state's word; empty where nothing is asked now.
            public var sign: String
            /// How many days past its deadline an answer came; with more time than others, how many are left or passed.
            public var days: String?
            /// Answers handed in of those asked for (sent back, changed: those): `3/8`; nil where nothing is asked.
            public var statuses: String?
        }
    }

    public struct ProgressPart: Hashable, Sendable, Codable {
        public var policy: String
        public var name: String
        public var text: String
        /// The goals with their indicators.
        public var problem: ReportModel.Problem
        /// What efforts are to reach each year.
        public var efforts: [EffortPart]
    }

    public struct EffortPart: Hashable, Sendable, Codable {
        public var initiative: ReportModel.InitiativeReference
        public var targets: [ReportModel.AnnualTargetPart]
    }

    /// A list of which at most so many stand here.
    public struct Listing<Item: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
        public var items: [Item]
        public var leftOut: Int
        /// How many are left out and where they stand; nil where none is.
        public var note: String?
    }

    public struct Solution: Hashable, Sendable, Codable {
        public var text: String
        /// Policies by status; every row in the order of the model, `not_stated` last.
        public var statuses: [StatusRow]
        public var chart: [ReportModel.OwnerRow]
        public var chartNote: String
        /// What the documents themselves say of what carries out, strengthens or continues what.
        public var links: Listing<LinkPart>
        /// What a person accepted, then what was found.
        public var overlaps: Listing<LinkPart>
        public var overlapsText: String
        public var overlapsRule: String
        public var contradictions: Listing<ContradictionPart>
        public var contradictionsText: String
        public var agreements: String
        public var partners: Listing<PartnerPart>
        public var partnersText: String
    }

    public struct StatusRow: Hashable, Sendable, Codable {
        public var policy: String
        public var name: String
        public var counts: [ReportModel.Count]
    }

    /// One end of a link.
    public struct EndPart: Hashable, Sendable, Codable {
        public var id: String
        /// The id where the ledger does not know the thing.
        public var title: Phrase
        /// The policy's name; nil where the thing is the policy itself, or is not known.
        public var policy: String?
        /// Where it stands on the page; nil where it does not.
        public var anchor: String?
    }

    public struct LinkPart: Hashable, Sendable, Codable {
        public var from: EndPart
        public var to: EndPart
        public var kind: ReportModel.Term
        public var state: ReportModel.Term
        public var printed: Bool
        public var evidence: Phrase
        /// Points of what was found; nil where a document says it.
        public var strength: Int?
        /// Of the person who decided.
        public var reason: Phrase?
        /// The lines of both sides, as far as they are known.
        public var sources: [ReportModel.SourcePart]
    }

    public struct ContradictionPart: Hashable, Sendable, Codable {
        public var kind: ReportModel.Term
        public var severity: ReportModel.Term
        public var text: Phrase
        public var sides: [Side]

        public struct Side: Hashable, Sendable, Codable {
            public var id: String
            public var what: Phrase
            public var says: Phrase
            public var source: ReportModel.SourcePart?
            public var record: String?
        }
    }

    public struct PartnerPart: Hashable, Sendable, Codable {
        public var name: Phrase
        public var kind: ReportModel.Term
        public var policies: [String]
        public var owners: [ReportModel.Party]
        public var initiatives: Int
        /// Follow-ups that consult it, or that it receives.
        public var hearings: Int
    }

    public struct Economy: Hashable, Sendable, Codable {
        public var text: String
        public var requiring: Listing<ReportModel.InitiativeReference>
        public var expired: Listing<ReportModel.InitiativeReference>
        public var expiring: Listing<ReportModel.InitiativeReference>
        /// Nil, and absent in JSON, where no amounts are known.
        public var budgets: BudgetGrid?
    }

    /// Money by policy, owner and year, in DKK as people write it.
    public struct BudgetGrid: Hashable, Sendable, Codable {
        public var years: [Int]
        public var rows: [Row]

        public struct Row: Hashable, Sendable, Codable {
            /// The policy's name.
            public var policy: String
            /// Nil in the policy's sum.
            public var owner: ReportModel.Party?
            /// Planned or used.
            public var what: String
            public var amounts: [String?]
            public var sum: String
        }
    }

    public struct Process: Hashable, Sendable, Codable {
        public var text: String
        public var coming: Listing<CalendarPart>
        public var late: Listing<CalendarPart>
        public var undated: Listing<CalendarPart>
        /// How many dates are passed or answered.
        public var rest: String
        /// How to get it into a calendar.
        public var calendarFile: String
        public var missing: [ReportModel.Missing]
    }

    public struct CalendarPart: Hashable, Sendable, Codable {
        public var id: String
        /// As exact as its source; in words.
        public var date: String?
        public var basis: String?
        public var kind: ReportModel.Term
        public var what: Phrase
        public var policy: String
        public var owedBy: [ReportModel.Party]
        public var goesTo: [ReportModel.Party]
        public var standing: String
    }

    public struct OwnerPart: Hashable, Sendable, Codable {
        public var owner: ReportModel.Party
        public var anchor: String
        public var isForvaltning: Bool
        public var summary: String
        public var initiatives: [InitiativeRow]
    }

    public struct InitiativeRow: Hashable, Sendable, Codable {
        public var id: String
        public var anchor: String
        public var title: Phrase
        public var policy: String
        /// The file and place of it in the report on its policy.
        public var report: String
        /// Nil where nothing is stated or handed in.
        public var delivery: ReportModel.Term?
        /// How far what was handed in has come; nil where a document says it, and where nothing is stated.
        public var stage: ReportModel.Term?
        /// The status in words; never empty.
        public var status: String
        public var money: ReportModel.Term
        /// Its state with its end, and that more is required.
        public var moneyText: String
    }
}

extension Wording {
    /// `Slutopfølgning, frist 31. december 2023, for 12 dage siden`.
    func deadline(_ column: CombinedReport.Matrix.Column) -> String {
        let due = column.due.map { self(Words.dueOn, $0) }
        let parts = [column.kind, due, column.days].compactMap(\.self)
        return parts.isEmpty ? "–" : parts.joined(separator: ", ")
    }
}

extension Language {
    /// What a file's name says of the language: nothing in Danish.
    var fileSuffix: String { self == .danish ? "" : ".\(rawValue)" }
}

extension ReportModel {
    /// What its files are called, before the ending: `lgbti-opening`, with `.en` in English.
    public var fileName: String { Self.fileName(followUp.id, language) }

    static func fileName(_ followUp: String, _ language: Language) -> String {
        followUp.replacing("/", with: "-") + language.fileSuffix
    }
}
