public import PolicyModel

/// Where the money is, where it is lacking, and where it ends, as of a reference date.
public struct FundingView: Hashable, Sendable, Codable {
    /// One state that was said to hold.
    public struct Entry: Hashable, Sendable, Codable {
        /// As said.
        public var state: Funding.State
        /// As it is on the reference date: money whose end is passed has `expired`; what was said to expire is `funded` until then.
        public var effective: Funding.State
        /// Whether it holds on the reference date: begun, and not ended (an expiry holds from its day on).
        public var holds: Bool
        public var from: PartialDate?
        public var until: PartialDate?
        public var budgets: [Budget]
        public var decision: String?
        /// The words as printed, where a document says it.
        public var printed: String?
        public var source: Source?
        public var standing: LedgerStanding
    }

    public struct Row: Hashable, Sendable, Codable {
        public var initiative: String
        public var policy: String
        /// A forvaltning's code, or the id of a body that has no node.
        public var owner: String
        public var title: LocalizedText
        public var kind: Initiative.Kind
        /// The one state that sums it up: funding that holds, then money that has expired, then a budget that goes on beside it,
        /// then money required, then no remark; a budget that took over after the expiry comes before it.
        /// `requiresSeparateFunding` stands beside it, since both can hold.
        public var mainState: Funding.State
        /// The last day of the money `mainState` speaks of; nil where none is printed.
        public var fundedUntil: PartialDate?
        public var requiresSeparateFunding: Bool
        public var expired: Bool
        /// Money that holds and ends within 365 days of the reference date.
        public var expiresWithinYear: Bool
        public var entries: [Entry]

        enum CodingKeys: String, CodingKey {
            case initiative, policy, owner, title, kind, expired, entries
            case mainState = "main_state"
            case fundedUntil = "funded_until"
            case requiresSeparateFunding = "requires_separate_funding"
            case expiresWithinYear = "expires_within_year"
        }
    }

    /// Counts of initiatives. The five states add up to `initiatives`; the three after them count across.
    public struct Totals: Hashable, Sendable, Codable {
        /// Nil in the grand total.
        public var owner: String?
        public var initiatives = 0
        public var funded = 0
        public var withinBudget = 0
        public var requiresSeparateFunding = 0
        public var expired = 0
        public var noRemark = 0
        /// All that require separate funding, those whose money has expired among them.
        public var requiringInAll = 0
        /// Those of them that the source marks as initiatives.
        public var requiringMarked = 0
        public var expiringWithinYear = 0

        enum CodingKeys: String, CodingKey {
            case owner, initiatives, funded, expired
            case withinBudget = "within_budget"
            case requiresSeparateFunding = "requires_separate_funding"
            case noRemark = "no_remark"
            case requiringInAll = "requiring_in_all"
            case requiringMarked = "requiring_marked"
            case expiringWithinYear = "expiring_within_year"
        }

        /// How many initiatives have `state` as their main state.
        public subscript(state: Funding.State) -> Int {
            switch state {
            case .funded: funded
            case .withinBudget: withinBudget
            case .requiresSeparateFunding: requiresSeparateFunding
            case .expired: expired
            case .noRemark: noRemark
            }
        }

        mutating func add(_ row: Row) {
            initiatives += 1
            switch row.mainState {
            case .funded: funded += 1
            case .withinBudget: withinBudget += 1
            case .requiresSeparateFunding: requiresSeparateFunding += 1
            case .expired: expired += 1
            case .noRemark: noRemark += 1
            }
            if row.requiresSeparateFunding { requiringInAll += 1 }
            if row.requiresSeparateFunding, row.kind == .marked { requiringMarked += 1 }
            if row.expiresWithinYear { expiringWithinYear += 1 }
        }
    }

    /// The reference date.
    public var on: String
    public var position: Int64
    public var synthetic: Bool
    /// By policy, then in the order of the source.
    public var rows: [Row]
    /// Forvaltninger in the city's order (each, also with no initiative), then other owners by name.
    public var totals: [Totals]
    public var total: Totals
    /// Money per year, summed over the counted states that carry budgets; empty where nothing is printed.
    public var budgets: [Budget]
    /// The same money by year, policy and owner: with its terms, so that each sum can be followed.
    public var budgetRows: [BudgetRow]
    /// The sums of `budgetRows` by year and policy.
    public var budgetTotals: [BudgetTotal]

    enum CodingKeys: String, CodingKey {
        case on, position, synthetic, rows, totals, total, budgets
        case budgetRows = "budget_rows"
        case budgetTotals = "budget_totals"
    }
}

extension LedgerState {
    /// The money of the initiatives of `policies` (nil: all) on `day`. What is not from a document and not handed in is listed
    /// with its standing and counted nowhere.
    public func fundingView(on day: Day, policies chosen: [String]? = nil) -> FundingView {
        let policyIDs = chosen ?? Set(initiatives.histories.map(\.current.body.policy)).sorted()
        let rows = policyIDs.flatMap { initiatives(ofPolicy: $0) }.map { fundingRow(of: $0.body, on: day) }
        var byOwner: [String: FundingView.Totals] = [:]
        var total = FundingView.Totals()
        var sums = BudgetSums()
        for row in rows {
            byOwner[row.owner, default: FundingView.Totals(owner: row.owner)].add(row)
            total.add(row)
            for entry in row.entries where entry.standing != .notHandedIn { sums.add(entry.budgets) }
        }
        let codes = city?.forvaltninger.map(\.code) ?? []
        let owners = codes + byOwner.keys.filter { !codes.contains($0) }.sorted()
        return FundingView(
            on: day.description, position: position, synthetic: isSynthetic, rows: rows,
            totals: owners.map { byOwner[$0] ?? FundingView.Totals(owner: $0) }, total: total, budgets: sums.budgets,
            budgetRows: budgetRows(rows, owners: owners), budgetTotals: budgetTotals(rows))
    }

    /// The money of one initiative on `day`.
    public func fundingRow(of initiative: Initiative, on day: Day) -> FundingView.Row {
        fundingRow(of: initiative, facts: fundingFacts(of: initiative.id), on: day)
    }

    /// The money of one initiative on `day`, by these facts.
    public func fundingRow(of initiative: Initiative, facts: [LedgerFunding], on day: Day) -> FundingView.Row {
        let entries = facts.map { FundingView.Entry($0, on: day) }
        let holding = entries.filter { $0.holds && $0.standing != .notHandedIn }
        // From the state that says most of what there is to say to the one that says least. What ended before the budget took
        // over is history; what ended beside it is what must be known.
        let ended = holding.filter { $0.effective == .expired }.compactMap(\.until?.lastDay).max()
        let tookOver = holding.contains { entry in
            guard entry.effective == .withinBudget, let from = entry.from?.firstDay, let ended else { return false }
            return from > ended
        }
        let ranks: [Funding.State] =
            tookOver
            ? [.funded, .withinBudget, .expired, .requiresSeparateFunding]
            : [.funded, .expired, .withinBudget, .requiresSeparateFunding]
        let main = ranks.lazy.compactMap { state in
            holding.filter { $0.effective == state }.max {
                ($0.until?.lastDay.ordinal ?? .max) < ($1.until?.lastDay.ordinal ?? .max)
            }
        }.first
        let money = holding.filter { $0.effective == .funded || $0.effective == .withinBudget }
        return FundingView.Row(
            initiative: initiative.id, policy: initiative.policy, owner: initiative.owner, title: initiative.title,
            kind: initiative.kind, mainState: main?.effective ?? .noRemark,
            fundedUntil: main?.effective == .requiresSeparateFunding ? nil : main?.until,
            requiresSeparateFunding: holding.contains { $0.effective == .requiresSeparateFunding },
            expired: holding.contains { $0.effective == .expired },
            expiresWithinYear: money.contains { $0.until.map { $0.lastDay.days(since: day) <= 365 } ?? false },
            entries: entries)
    }
}

extension FundingView.Entry {
    init(_ fact: LedgerFunding, on day: Day) {
        let body = fact.version.body
        let begun = body.from.map { $0.firstDay <= day } ?? true
        let ended = body.until.map { $0.lastDay < day } ?? false
        let effective: Funding.State
        let holds: Bool
        switch body.state {
        case .funded, .withinBudget:
            effective = ended ? .expired : body.state
            holds = begun
        case .expired:
            // An expiry with a day still to come says: funded until then.
            effective = body.until == nil || ended ? .expired : .funded
            holds = begun
        case .requiresSeparateFunding, .noRemark:
            effective = body.state
            holds = begun && !ended
        }
        self.init(
            state: body.state, effective: effective, holds: holds, from: body.from, until: body.until,
            budgets: body.budgets, decision: body.decision, printed: body.printed, source: body.source,
            standing: fact.standing)
    }
}
