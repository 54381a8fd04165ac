/// How goals are measured, what efforts are to reach each year, and money by year.
extension ReportModel {
    /// One indicator, under its goal.
    public struct IndicatorPart: Hashable, Sendable, Codable {
        public var id: String
        public var anchor: String
        public var title: Phrase
        public var titleBasis: Term
        public var unit: Term
        /// Of whom or of what: what 100 % is.
        public var population: Phrase
        /// Which way is better.
        public var direction: Term
        public var directionBasis: Term
        public var bodies: [Party]
        public var reporters: [Party]
        public var reportersBasis: Term
        public var baselines: [BaselinePart]
        /// The reading that stands in for a baseline that is not printed.
        public var measuredBaseline: ReadingPart?
        /// Neither target nor actual.
        public var forecast: ForecastPart?
        public var target: TargetPart
        /// The newest reading of the whole; nil where nobody has reported one, or none is left.
        public var latest: ReadingPart?
        /// The period of a newer reading, or of the only one, that was redacted, and why; nil, and absent in JSON, where none was.
        public var redacted: RedactedPart?
        /// The readings before it, newest first; `older` more are left out.
        public var earlier: [ReadingPart]
        public var older: Int
        /// The newest reading of each part of the population.
        public var breakdowns: [BreakdownPart]
        /// What the policy's own plugin says of it; nil where it has said nothing for this follow-up.
        public var judgement: JudgementPart?
        public var chart: ChartPart
        /// What it covers, and what not.
        public var scope: Phrase?
        public var breaks: [BreakPart]
        public var notes: [Phrase]
        public var source: SourcePart
    }

    public struct BaselinePart: Hashable, Sendable, Codable {
        /// `number`, `suppressed`, `missing` or `not_applicable`; never one for the other.
        public var status: Term
        /// Decimal text; nil for all but `number`.
        public var value: String?
        public var numerator: String?
        public var denominator: String?
        /// With its unit, or why there is none: `53 pct.`, `mangler: skal måles i 2019`.
        public var text: String
        public var qualifier: Phrase?
        public var period: String?
        /// What it really measures, where that is other than the indicator.
        public var measures: Phrase?
        public var printed: Phrase
        public var source: SourcePart
    }

    public struct ForecastPart: Hashable, Sendable, Codable {
        public var value: String
        public var text: String
        public var period: String?
        public var printed: Phrase
        public var source: SourcePart
    }

    public struct TargetPart: Hashable, Sendable, Codable {
        public var kind: Term
        /// Decimal text, with the kinds that have one; `of` is n of "at least k of n".
        public var value: String?
        public var of: String?
        public var baseYear: Int?
        public var year: Int?
        /// In words: `10 pct. færre i 2022 end i 2017`. With parity it ends before what `parityWith` names.
        public var text: String
        public var parityWith: Phrase?
        /// The end it comes to, reckoned from the baseline: `53 + 5 = 58 pct.`; nil where nothing can be reckoned.
        public var reckoning: String?
        public var printed: Phrase?
        public var source: SourcePart?
        /// The changes that led to it, oldest first; empty where it stands as the policy first stated it.
        public var revisions: [RevisionPart]
    }

    /// One figure that a forvaltning has reported.
    public struct ReadingPart: Hashable, Sendable, Codable {
        /// `number`, `suppressed`, `missing` or `not_applicable`; never one for the other.
        public var status: Term
        /// Decimal text; nil for all but `number`.
        public var value: String?
        public var numerator: String?
        public var denominator: String?
        /// With its unit, or why there is none; with parity also what it is held against.
        public var text: String
        public var period: String
        public var reporter: Party
        /// When the broker had it: as it is written, and in words.
        public var received: String
        public var receivedText: String
        /// The register or survey it comes from, with the day it was drawn.
        public var dataSource: String?
        public var comment: Phrase?
        /// The ledger's name of the record.
        public var record: String
    }

    /// That a figure was reported and redacted.
    public struct RedactedPart: Hashable, Sendable, Codable {
        public var period: String
        /// `2020: redigeret: tallet er fjernet efter ordre`, and why.
        public var text: String
        public var record: String
    }

    /// A reading of a part of the population, or of one of an indicator's criteria.
    public struct BreakdownPart: Hashable, Sendable, Codable {
        public var dimension: Phrase
        public var category: Phrase
        public var reading: ReadingPart
    }

    /// What the policy's plugin judged. The report repeats it, and judges nothing.
    public struct JudgementPart: Hashable, Sendable, Codable {
        public var judgement: Term
        public var light: Light
        /// How it follows, in words.
        public var arithmetic: Phrase
        /// That it is of another reading, or held against an earlier target, than the ones shown.
        public var note: String?
        public var record: String
    }

    /// A target that took the place of another one.
    public struct RevisionPart: Hashable, Sendable, Codable {
        /// The new one's, from 2.
        public var version: Int
        public var before: String
        public var after: String
        public var reason: Phrase?
        public var decision: String?
        public var record: String
    }

    public struct BreakPart: Hashable, Sendable, Codable {
        public var what: Phrase
        public var source: SourcePart
    }

    /// What the small picture of an indicator shows. The table beside it says the same.
    public struct ChartPart: Hashable, Sendable, Codable {
        public enum Slope: String, Sendable, Codable, CaseIterable { case up, down, level }
        /// How an end of the line is drawn.
        public enum Mark: String, Sendable, Codable, CaseIterable {
            /// A known number.
            case known
            /// No number: to be measured, too small to show, or measuring something else.
            case open
            /// Nothing to come to: the source states no target.
            case absent
        }
        public enum Side: String, Sendable, Codable, CaseIterable { case better, same, worse }
        /// Which way it is to go.
        public var slope: Slope
        public var from: Mark
        public var fromText: String
        public var to: Mark
        public var toText: String
        /// Where the latest reading is on the way, in thousandths from baseline to target; nil where it has no place on it: no
        /// number, or an end of the way is open.
        public var latest: Int?
        /// Where the latest reading has no place on the way, but a number to be held against the baseline: on which side of it.
        public var latestSide: Side?
        /// The latest reading in few words; nil without one.
        public var latestText: String?
        /// The whole picture in one sentence.
        public var text: String
    }

    /// What an effort is to reach each year.
    public struct AnnualTargetPart: Hashable, Sendable, Codable {
        public var id: String
        /// What is counted.
        public var what: Phrase
        public var comparator: Term
        public var value: String?
        public var unit: Term?
        /// Comparator, value and unit in words; nil where the target is text only.
        public var words: String?
        /// Of whom.
        public var base: Phrase?
        public var exclusions: Phrase?
        public var fromYear: Int?
        public var toYear: Int?
        public var years: String
        public var text: Phrase?
        public var printed: Phrase
        public var source: SourcePart
        public var revisions: [RevisionPart]
        /// Year by year up to the reference date, once there is a reading; empty until then.
        public var results: [YearPart]
    }

    /// One year of an annual target.
    public struct YearPart: Hashable, Sendable, Codable {
        public var year: Int
        public var target: String
        /// The year's newest reading; nil where nobody has reported one, or none is left.
        public var reading: ReadingPart?
        /// Where none is left: that one was redacted.
        public var redacted: RedactedPart?
        public var judgement: JudgementPart?
    }

    /// Planned money, initiative by year, in DKK. `sums` are over the rows, one for each year and one for all.
    public struct BudgetTable: Hashable, Sendable, Codable {
        public var years: [Int]
        public var rows: [Row]
        public var sums: [String]

        public struct Row: Hashable, Sendable, Codable {
            public var initiative: InitiativeReference
            /// As people write it, one for each year; nil where nothing is said of the year.
            public var amounts: [String?]
            public var sum: String
        }
    }
}

extension ReportModel {
    /// Whether anything of this file is in the report: then the page needs its styles.
    var hasMeasures: Bool { problem.isTree || economy.budgetTable != nil || owners.contains { $0.hasAnnualTargets } }
}

extension ReportModel.OwnerPart {
    fileprivate var hasAnnualTargets: Bool { initiatives.contains { $0.annualTargets != nil } }
}

extension ReportModel.Economy {
    /// Whether the sums by year say something that `budgetTable` does not: money used.
    var showsBudgets: Bool { budgets.contains { $0.used != nil } }
}

extension ReportModel.Problem {
    /// Whether the goals are more than a vision with its goals: then they are shown as a tree, with principles apart.
    var isTree: Bool {
        let plain: Set<String> = ["vision", "goal"]
        return goals.contains { !plain.contains($0.kind.code) || $0.indicators != nil }
    }

    /// The goals, principles left out, each before what stands under it, with its depth from 0.
    var tree: [(goal: ReportModel.GoalPart, depth: Int)] { walk(goals.filter { $0.kind.code != "principle" }) }

    var principles: [(goal: ReportModel.GoalPart, depth: Int)] { walk(goals.filter { $0.kind.code == "principle" }) }

    /// Those with indicators, in the order of the tree.
    var measured: [ReportModel.GoalPart] { (tree + principles).map(\.goal).filter { $0.indicators != nil } }

    /// A goal whose parent is not among `goals` stands at the top; one in a ring of parents stands there too, once.
    private func walk(_ goals: [ReportModel.GoalPart]) -> [(goal: ReportModel.GoalPart, depth: Int)] {
        let known = Set(goals.map(\.id))
        let children = Dictionary(grouping: goals) { $0.parent.flatMap { known.contains($0) ? $0 : nil } }
        var seen: Set<String> = []
        var walked: [(goal: ReportModel.GoalPart, depth: Int)] = []
        func visit(_ goal: ReportModel.GoalPart, _ depth: Int) {
            guard seen.insert(goal.id).inserted else { return }
            walked.append((goal, depth))
            for child in children[goal.id] ?? [] { visit(child, depth + 1) }
        }
        for goal in children[nil] ?? [] { visit(goal, 0) }
        for goal in goals { visit(goal, 0) }
        return walked
    }
}
