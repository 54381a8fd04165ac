public import PolicyModel

/// A report on one policy at one follow-up: everything that stands in it, in reading order, already in words of one language
/// and with the codes beside them. Renderers lay it out and add nothing but headings.
///
/// A function of ledger position, reference date, language and program version.
public struct ReportModel: Hashable, Sendable, Codable {
    /// Name and version of this form, for whoever reads the JSON.
    public var format = "pejling-report/1"
    public var language: Language
    /// Made from example data: every page and file says so.
    public var synthetic: Bool
    public var title: String
    public var asOf: AsOf
    public var policy: PolicyPart
    public var followUp: FollowUpPart
    public var front: Front
    /// What is asked of the committee, one sentence each.
    public var proposal: Proposal
    public var problem: Problem
    /// What was answered on goals, questions and the follow-up itself; nil, and absent in JSON, where nothing of it is asked or said.
    public var answers: [AnswerPart]?
    public var solution: Solution
    public var economy: Economy
    public var process: Process
    /// The annexes: each forvaltning, then each other owner.
    public var owners: [OwnerPart]
    public var unheard: UnheardPart
    public var changes: Changes
    /// What outside organisations said by the day; nil, and absent in JSON, where nobody did.
    public var contributions: [ContributionPart]?
    /// What bodies decided on the policy by the day.
    public var decisions: [DecisionPart]
    public var method: [DefinitionGroup]
    public var sources: [DocumentPart]
}

extension ReportModel {
    public struct AsOf: Hashable, Sendable, Codable {
        /// `2026-11-23`: what deadlines and money are held against.
        public var referenceDate: String
        public var referenceDateText: String
        /// The ledger's running number, and its root there in hex (nil where the feed is filtered).
        public var position: Int64
        public var root: String?
        /// Receipt of the last record.
        public var received: String
        public var receivedText: String
        /// Name and version of the program that made the report.
        public var program: String
    }

    /// A forvaltning or a body.
    public struct Party: Hashable, Sendable, Codable {
        public var id: String
        public var name: Phrase
    }

    public struct PolicyPart: Hashable, Sendable, Codable {
        public var id: String
        public var title: Phrase
        public var city: Phrase
        public var period: String
        public var coordinator: Party
        public var coordinatorBasis: String
        public var bodies: [Party]
        public var source: SourcePart
    }

    /// Where it stands, in words and as `file:first-last`.
    public struct SourcePart: Hashable, Sendable, Codable {
        public var text: String
        public var reference: String
    }

    /// A coded value with its word.
    public struct Term: Hashable, Sendable, Codable {
        public var code: String
        public var text: String
    }

    public struct Front: Hashable, Sendable, Codable {
        public var delivery: LightPart
        public var attainment: LightPart
        /// Judged goals by judgement.
        public var judgements: [Count]
        /// Indicators and annual targets by what is known of each: the four states of a value, and `not_reported`.
        public var measures: [Count]
        /// One line each.
        public var counts: [String]
        public var results: [Highlight]
        public var resultsRule: String
        public var deviations: [Highlight]
        public var deviationsRule: String
        public var asked: String
        public var money: String
        /// Who has not answered, one line each; one reassuring line where everyone has.
        public var silence: [String]
        /// How far the policies' plugins have judged; empty where they have judged everything.
        public var unassessed: [UnassessedPart]
    }

    /// A policy with records that its plugin has not judged yet.
    public struct UnassessedPart: Hashable, Sendable, Codable {
        public var policy: String
        /// Ledger positions: where its plugin has come to (0: it has said nothing), and the last record of the policy.
        public var assessedUpTo: Int64
        public var lastRecord: Int64
        public var text: String
    }

    public struct LightPart: Hashable, Sendable, Codable {
        public var light: Light
        public var text: String
        /// Why, in a sentence or two.
        public var reason: String
    }

    /// One initiative on the first page.
    public struct Highlight: Hashable, Sendable, Codable {
        public var initiative: String
        public var anchor: String
        public var title: Phrase
        public var owner: Party
        public var word: String
        public var text: Phrase?
        /// The policy's name, where a page is on several; nil, and absent in JSON, otherwise.
        public var policy: String?
    }

    public struct Proposal: Hashable, Sendable, Codable {
        public var introduction: String
        public var points: [String]
        /// Initiatives that a forvaltning proposes to a committee.
        public var pending: [InitiativeReference]
        public var decisionsNeeded: [InitiativeReference]
    }

    public struct Problem: Hashable, Sendable, Codable {
        public var paragraphs: [String]
        public var goals: [GoalPart]
        public var figures: [FigurePart]
    }

    public struct GoalPart: Hashable, Sendable, Codable {
        public var id: String
        public var kind: Term
        public var title: Phrase
        public var parent: String?
        public var owners: String
        /// How it is measured; nil, and absent in JSON, where it has no indicators.
        public var indicators: [IndicatorPart]?
        /// Attainment as the policy's plugin judged it for this follow-up; nil, and absent in JSON, where it has not.
        public var judgement: JudgementPart?
        public var source: SourcePart
    }

    public struct FigurePart: Hashable, Sendable, Codable {
        public var what: Phrase
        /// Decimal text, and as people write it.
        public var value: String
        public var valueText: String
        public var qualifier: Phrase?
        public var printed: Phrase
        public var source: SourcePart
    }

    public struct Solution: Hashable, Sendable, Codable {
        public var paragraphs: [String]
        public var chart: [OwnerRow]
        public var chartNote: String
        public var statuses: [Count]
        public var kinds: [Count]
    }

    /// A row of the chart and of the table beside it; the five states add up to `initiatives`.
    public struct OwnerRow: Hashable, Sendable, Codable {
        public var owner: Party
        public var initiatives: Int
        public var states: [Count]
        /// How many have a stated status.
        public var withStatus: Int
    }

    public struct Count: Hashable, Sendable, Codable {
        public var code: String
        public var text: String
        public var count: Int
    }

    public struct Economy: Hashable, Sendable, Codable {
        public var paragraphs: [String]
        public var requiring: [InitiativeReference]
        public var expired: [InitiativeReference]
        public var expiring: [InitiativeReference]
        public var budgets: [BudgetPart]
        /// Nil, and absent in JSON, where no amounts are printed.
        public var budgetTable: BudgetTable?
    }

    public struct BudgetPart: Hashable, Sendable, Codable {
        public var year: Int
        public var planned: String?
        public var used: String?
    }

    /// A line about an initiative, which leads to its place in the annex.
    public struct InitiativeReference: Hashable, Sendable, Codable {
        public var initiative: String
        public var anchor: String
        public var title: Phrase
        public var owner: Party
        public var note: Phrase?
        public var source: SourcePart?
        /// As in `Highlight`.
        public var policy: String?
    }

    public struct Process: Hashable, Sendable, Codable {
        public var paragraphs: [String]
        public var calendar: [FollowUpPart]
        public var missing: [Missing]
    }

    public struct FollowUpPart: Hashable, Sendable, Codable {
        public var id: String
        public var kind: Term
        public var title: Phrase
        public var opens: String?
        public var due: String?
        /// `2019-12-31`: the last day the deadline may mean.
        public var dueDate: String?
        public var basis: String?
        /// Where it stands on the reference date: `frist om 12 dage`.
        public var standing: String
        public var recurrence: Phrase?
        public var owedBy: [Party]
        public var owedByBasis: String
        public var goesTo: [Party]
        public var consulted: [Phrase]
        public var isPublic: Bool
        public var note: Phrase?
        public var source: SourcePart
    }

    /// A forvaltning that owes an answer past its deadline.
    public struct Missing: Hashable, Sendable, Codable {
        public var owner: Party
        public var followUp: String
        public var followUpTitle: Phrase
        public var due: String
        /// Days past the deadline on the reference date.
        public var days: Int
        /// Whether its node has published nothing at all.
        public var neverHeard: Bool
        /// How many of the things asked for are missing past the deadline, and how many are asked for.
        public var missing: Int
        public var owed: Int
        /// What is missing, where something else was handed in; empty where all is missing.
        public var names: [Phrase]
        /// The code, with how many are missing where not all are: `BIF (2 af 6)`.
        public var label: String
        public var text: String
    }
}

/// How something goes, as one of four lights; never shown by colour alone.
public enum Light: String, Codable, Sendable, CaseIterable {
    case green, yellow, red
    /// Cannot be judged.
    case grey
}

/// Why there is no report.
public enum ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The policy is not in the ledger; those that are.
    case unknownPolicy(String, known: [String])
    /// The policy has no such follow-up; those that it has.
    case unknownFollowUp(String, policy: String, known: [String])
    /// The ledger holds no record, so there is no date either.
    case emptyLedger

    public var description: String {
        switch self {
        case .unknownPolicy(let id, let known) where known.isEmpty:
            "policy `\(id)` is not in the ledger, and no other is; start its plugin with `pejling up`"
        case .unknownPolicy(let id, let known):
            "policy `\(id)` is not in the ledger; name one of these: \(known.joined(separator: ", "))"
        case .unknownFollowUp(let id, let policy, let known):
            "policy `\(policy)` has no follow-up `\(id)`; name one of these: \(known.joined(separator: ", "))"
        case .emptyLedger: "the ledger is empty; start the nodes with `pejling up`"
        }
    }
}
