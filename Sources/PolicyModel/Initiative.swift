/// What is done (*initiativ, indsats*). Body of an `initiative` record.
public struct Initiative: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The source marks it ("Konkret initiativ").
        case marked
        /// An undertaking without the mark.
        case commitment
        /// Something that already runs.
        case runningEffort = "running_effort"
        case survey, pool
    }
    public enum Mandate: String, Codable, Sendable, CaseIterable {
        case decided
        /// The forvaltning proposes it to a committee: `proposedTo`.
        case proposed
    }
    /// `lgbti/bif/tryg-indkvartering`: policy, owner, name.
    public var id: String
    public var policy: String
    /// A forvaltning's code, or the id of a body that has no node.
    public var owner: String
    /// Other forvaltninger that the source gives a part in it; codes.
    public var involved: [String]
    public var kind: Kind
    public var mandate: Mandate
    /// The committee it is proposed to; with `mandate: proposed`, never without.
    public var proposedTo: String?
    /// What of it is proposed, where not the whole is.
    public var proposal: LocalizedText?
    public var title: LocalizedText
    /// `printed` when the Danish title is the source's own wording.
    public var titleBasis: Basis
    /// What it is for, in our words.
    public var purpose: LocalizedText
    /// The heading it stands under.
    public var section: String
    public var goals: [String]
    /// Ids of `TargetGroup`s.
    public var targetGroups: [String]
    /// Outside organisations that take part, by the names the source uses.
    public var partners: [String]
    /// Places that the text names, as printed: `Tingbjerg`.
    public var places: [String]
    /// Ids of `Theme`s: our own classification, never the source's.
    public var themes: [String]
    public var period: Period
    public var figures: [Figure]
    public var links: [Link]
    public var source: Source

    enum CodingKeys: String, CodingKey {
        case id, policy, owner, involved, kind, mandate, proposal, title, purpose, section, goals, partners, places
        case themes, period, figures, links, source
        case proposedTo = "proposed_to"
        case titleBasis = "title_basis"
        case targetGroups = "target_groups"
    }

    public init(
        id: String, policy: String, owner: String, involved: [String] = [], kind: Kind, mandate: Mandate,
        proposedTo: String? = nil, proposal: LocalizedText? = nil, title: LocalizedText, titleBasis: Basis,
        purpose: LocalizedText, section: String, goals: [String] = [], targetGroups: [String] = [],
        partners: [String] = [], places: [String] = [], themes: [String] = [], period: Period = Period(),
        figures: [Figure] = [], links: [Link] = [], source: Source
    ) {
        self.id = id
        self.policy = policy
        self.owner = owner
        self.involved = involved
        self.kind = kind
        self.mandate = mandate
        self.proposedTo = proposedTo
        self.proposal = proposal
        self.title = title
        self.titleBasis = titleBasis
        self.purpose = purpose
        self.section = section
        self.goals = goals
        self.targetGroups = targetGroups
        self.partners = partners
        self.places = places
        self.themes = themes
        self.period = period
        self.figures = figures
        self.links = links
        self.source = source
    }

    /// Records made before places and themes were known are read as having none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        policy = try container.decode(String.self, forKey: .policy)
        owner = try container.decode(String.self, forKey: .owner)
        involved = try container.decode([String].self, forKey: .involved)
        kind = try container.decode(Kind.self, forKey: .kind)
        mandate = try container.decode(Mandate.self, forKey: .mandate)
        proposedTo = try container.decodeIfPresent(String.self, forKey: .proposedTo)
        proposal = try container.decodeIfPresent(LocalizedText.self, forKey: .proposal)
        title = try container.decode(LocalizedText.self, forKey: .title)
        titleBasis = try container.decode(Basis.self, forKey: .titleBasis)
        purpose = try container.decode(LocalizedText.self, forKey: .purpose)
        section = try container.decode(String.self, forKey: .section)
        goals = try container.decode([String].self, forKey: .goals)
        targetGroups = try container.decode([String].self, forKey: .targetGroups)
        partners = try container.decode([String].self, forKey: .partners)
        places = try container.decodeIfPresent([String].self, forKey: .places) ?? []
        themes = try container.decodeIfPresent([String].self, forKey: .themes) ?? []
        period = try container.decode(Period.self, forKey: .period)
        figures = try container.decode([Figure].self, forKey: .figures)
        links = try container.decode([Link].self, forKey: .links)
        source = try container.decode(Source.self, forKey: .source)
    }

    /// Places and themes are left out where there are none, so that such an initiative is the same bytes as before.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(policy, forKey: .policy)
        try container.encode(owner, forKey: .owner)
        try container.encode(involved, forKey: .involved)
        try container.encode(kind, forKey: .kind)
        try container.encode(mandate, forKey: .mandate)
        try container.encodeIfPresent(proposedTo, forKey: .proposedTo)
        try container.encodeIfPresent(proposal, forKey: .proposal)
        try container.encode(title, forKey: .title)
        try container.encode(titleBasis, forKey: .titleBasis)
        try container.encode(purpose, forKey: .purpose)
        try container.encode(section, forKey: .section)
        try container.encode(goals, forKey: .goals)
        try container.encode(targetGroups, forKey: .targetGroups)
        try container.encode(partners, forKey: .partners)
        if !places.isEmpty { try container.encode(places, forKey: .places) }
        if !themes.isEmpty { try container.encode(themes, forKey: .themes) }
        try container.encode(period, forKey: .period)
        try container.encode(figures, forKey: .figures)
        try container.encode(links, forKey: .links)
        try container.encode(source, forKey: .source)
    }
}

/// Money, its lack, or its end. Body of a `funding` record: a history, where expired and requires-separate can hold at once.
public struct Funding: Codable, Hashable, Sendable {
    public enum State: String, Codable, Sendable, CaseIterable {
        case funded
        case withinBudget = "within_budget"
        case requiresSeparateFunding = "requires_separate_funding"
        case expired
        /// The source says nothing of money here.
        case noRemark = "no_remark"
    }
    public var initiative: String
    public var state: State
    public var from: PartialDate?
    public var until: PartialDate?
    /// DKK per year, by year.
    public var budgets: [Budget]
    public var decision: String?
    /// The words as printed; absent with `no_remark`.
    public var printed: String?
    public var source: Source?

    public init(
        initiative: String, state: State, from: PartialDate? = nil, until: PartialDate? = nil, budgets: [Budget] = [],
        decision: String? = nil, printed: String? = nil, source: Source? = nil
    ) {
        self.initiative = initiative
        self.state = state
        self.from = from
        self.until = until
        self.budgets = budgets
        self.decision = decision
        self.printed = printed
        self.source = source
    }
}

/// Money of one year, in DKK.
public struct Budget: Codable, Hashable, Sendable {
    public var year: Int
    public var plannedDKK: DecimalText?
    public var usedDKK: DecimalText?

    enum CodingKeys: String, CodingKey {
        case year
        case plannedDKK = "planned_dkk"
        case usedDKK = "used_dkk"
    }

    public init(year: Int, plannedDKK: DecimalText? = nil, usedDKK: DecimalText? = nil) {
        self.year = year
        self.plannedDKK = plannedDKK
        self.usedDKK = usedDKK
    }
}

/// How far something has come, said by who answers for it. Body of a `status` record.
public struct StatusReport: Codable, Hashable, Sendable {
    public enum Delivery: String, Codable, Sendable, CaseIterable {
        case notStarted = "not_started"
        case awaitingDecision = "awaiting_decision"
        case awaitingFunding = "awaiting_funding"
        case onTrack = "on_track"
        case delayed, paused
        case ongoingOperation = "ongoing_operation"
        case completed, stopped
    }
    /// An initiative's, a goal's or a question's id.
    public var about: String
    /// `<policy>/opening` where the source itself states it.
    public var followUp: String
    public var delivery: Delivery
    /// What `delivery` rests on in a document; nil when the forvaltning itself says it.
    public var deliveryBasis: Basis?
    public var done: LocalizedText?
    public var deviation: LocalizedText?
    /// What is done about the deviation.
    public var action: LocalizedText?
    public var proposals: LocalizedText?
    public var decisionNeeded: LocalizedText?
    /// Why the state changed. Demanded when it differs from the one before.
    public var reason: LocalizedText?
    /// The words as printed; only where a document states it.
    public var printed: String?
    public var source: Source?

    enum CodingKeys: String, CodingKey {
        case about, delivery, done, deviation, action, proposals, reason, printed, source
        case followUp = "follow_up"
        case deliveryBasis = "delivery_basis"
        case decisionNeeded = "decision_needed"
    }

    public init(
        about: String, followUp: String, delivery: Delivery, deliveryBasis: Basis? = nil, done: LocalizedText? = nil,
        deviation: LocalizedText? = nil, action: LocalizedText? = nil, proposals: LocalizedText? = nil,
        decisionNeeded: LocalizedText? = nil, reason: LocalizedText? = nil, printed: String? = nil,
        source: Source? = nil
    ) {
        self.about = about
        self.followUp = followUp
        self.delivery = delivery
        self.deliveryBasis = deliveryBasis
        self.done = done
        self.deviation = deviation
        self.action = action
        self.proposals = proposals
        self.decisionNeeded = decisionNeeded
        self.reason = reason
        self.printed = printed
        self.source = source
    }
}

/// "These records are our answer": body of a `handin` record.
public struct HandIn: Codable, Hashable, Sendable {
    public var followUp: String
    /// The forvaltning's code.
    public var forvaltning: String
    /// What is handed in.
    @RecordRuns public var records: [RecordName]

    enum CodingKeys: String, CodingKey {
        case forvaltning, records
        case followUp = "follow_up"
    }

    public init(followUp: String, forvaltning: String, records: [RecordName]) {
        self.followUp = followUp
        self.forvaltning = forvaltning
        self.records = records
    }
}

/// The name of one record for good: publisher, log, seq.
public struct RecordName: Codable, Hashable, Sendable, CustomStringConvertible {
    public var publisher: String
    public var log: String
    public var seq: Int64

    public init(publisher: String, log: String, seq: Int64) {
        self.publisher = publisher
        self.log = log
        self.seq = seq
    }

    public var description: String { "\(publisher)/\(log)/\(seq)" }

    /// From `publisher/log/seq`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty, let seq = Int64(parts[2]), seq >= 1 else {
            return nil
        }
        self.init(publisher: String(parts[0]), log: String(parts[1]), seq: seq)
    }
}
