/// A policy or an action plan: what the city has decided to follow up. Body of a `policy` record.
public struct Policy: Codable, Hashable, Sendable {
    public var id: String
    public var title: LocalizedText
    public var period: Period
    /// The policy that this action plan carries out.
    public var implements: String?
    /// The forvaltning that collects and reports; its code.
    public var coordinator: String
    public var coordinatorBasis: Basis
    /// Ids of the bodies it goes to.
    public var bodies: [String]
    public var goals: [Goal]
    public var indicators: [Indicator]
    /// What efforts are to reach each year.
    public var annualTargets: [AnnualTarget]
    public var followUps: [FollowUp]
    /// Figures that belong to the policy as a whole.
    public var figures: [Figure]
    /// Links to other policies or initiatives, as printed.
    public var links: [Link]
    public var source: Source

    enum CodingKeys: String, CodingKey {
        case id, title, period, implements, coordinator, bodies, goals, indicators, figures, links, source
        case annualTargets = "annual_targets"
        case coordinatorBasis = "coordinator_basis"
        case followUps = "follow_ups"
    }

    public init(
        id: String, title: LocalizedText, period: Period, implements: String? = nil, coordinator: String,
        coordinatorBasis: Basis, bodies: [String], goals: [Goal], indicators: [Indicator] = [],
        annualTargets: [AnnualTarget] = [], followUps: [FollowUp], figures: [Figure] = [], links: [Link] = [],
        source: Source
    ) {
        self.id = id
        self.title = title
        self.period = period
        self.implements = implements
        self.coordinator = coordinator
        self.coordinatorBasis = coordinatorBasis
        self.bodies = bodies
        self.goals = goals
        self.indicators = indicators
        self.annualTargets = annualTargets
        self.followUps = followUps
        self.figures = figures
        self.links = links
        self.source = source
    }

    /// Records made before a list was known to the schema are read as having none of it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        title = try container.decode(LocalizedText.self, forKey: .title)
        period = try container.decode(Period.self, forKey: .period)
        implements = try container.decodeIfPresent(String.self, forKey: .implements)
        coordinator = try container.decode(String.self, forKey: .coordinator)
        coordinatorBasis = try container.decode(Basis.self, forKey: .coordinatorBasis)
        bodies = try container.decode([String].self, forKey: .bodies)
        goals = try container.decode([Goal].self, forKey: .goals)
        indicators = try container.decodeIfPresent([Indicator].self, forKey: .indicators) ?? []
        annualTargets = try container.decodeIfPresent([AnnualTarget].self, forKey: .annualTargets) ?? []
        followUps = try container.decode([FollowUp].self, forKey: .followUps)
        figures = try container.decode([Figure].self, forKey: .figures)
        links = try container.decode([Link].self, forKey: .links)
        source = try container.decode(Source.self, forKey: .source)
    }

    /// Lists that are empty are left out, so that a policy without indicators is the same bytes as before they were known.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(title, forKey: .title)
        try container.encode(period, forKey: .period)
        try container.encodeIfPresent(implements, forKey: .implements)
        try container.encode(coordinator, forKey: .coordinator)
        try container.encode(coordinatorBasis, forKey: .coordinatorBasis)
        try container.encode(bodies, forKey: .bodies)
        try container.encode(goals, forKey: .goals)
        if !indicators.isEmpty { try container.encode(indicators, forKey: .indicators) }
        if !annualTargets.isEmpty { try container.encode(annualTargets, forKey: .annualTargets) }
        try container.encode(followUps, forKey: .followUps)
        try container.encode(figures, forKey: .figures)
        try container.encode(links, forKey: .links)
        try container.encode(source, forKey: .source)
    }

    /// What the policy itself sets out: the follow-up a report is on when none is named.
    public var openingID: String { "\(id)/opening" }
}

/// What a policy wants: a tree; `kind` says what the source calls it.
public struct Goal: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case vision, goal, objective, theme, guidepost, principle
    }
    public var id: String
    public var kind: Kind
    public var parent: String?
    public var title: LocalizedText
    public var bodies: [String]
    /// Codes of the forvaltninger that answer for it.
    public var forvaltninger: [String]
    public var forvaltningerBasis: Basis
    public var source: Source

    enum CodingKeys: String, CodingKey {
        case id, kind, parent, title, bodies, forvaltninger, source
        case forvaltningerBasis = "forvaltninger_basis"
    }

    public init(
        id: String, kind: Kind, parent: String? = nil, title: LocalizedText, bodies: [String] = [],
        forvaltninger: [String] = [], forvaltningerBasis: Basis, source: Source
    ) {
        self.id = id
        self.kind = kind
        self.parent = parent
        self.title = title
        self.bodies = bodies
        self.forvaltninger = forvaltninger
        self.forvaltningerBasis = forvaltningerBasis
        self.source = source
    }
}

/// An obligation in time to say how it goes.
public struct FollowUp: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case opening, annual, final, meeting, decision, survey
        case midTerm = "mid_term"
        case baselineReading = "baseline_reading"
        case targetAdjustment = "target_adjustment"
    }
    /// Whether it happens at all, where the source makes that depend on something. What is open is never late.
    public enum Condition: String, Codable, Sendable, CaseIterable {
        case open, met
        case notMet = "not_met"
    }
    /// `lgbti/2019`, `lgbti/opening`.
    public var id: String
    public var kind: Kind
    public var title: LocalizedText
    public var opens: DatedFact?
    public var due: DatedFact?
    public var locked: DatedFact?
    /// In words, where it recurs.
    public var recurrence: LocalizedText?
    /// Codes of the forvaltninger that owe input.
    public var owedBy: [String]
    public var owedByBasis: Basis
    /// Ids of the bodies it is put before.
    public var goesTo: [String]
    public var isPublic: Bool
    /// Who is consulted, as named in the source.
    public var consulted: [LocalizedText]
    public var condition: Condition?
    /// What is asked, where the source prints it: each can be answered with a status of its own.
    public var questions: [Question]?
    /// Whether an answer on a goal that is judged behind must say which new efforts are proposed.
    public var effortsWhereBehind: Bool?
    /// How derived parts were derived.
    public var note: LocalizedText?
    public var source: Source

    /// One question of a follow-up.
    public struct Question: Codable, Hashable, Sendable {
        /// `<policy>/…`; unique among the policy's goals, follow-ups and indicators.
        public var id: String
        public var text: LocalizedText
        public var source: Source

        public init(id: String, text: LocalizedText, source: Source) {
            self.id = id
            self.text = text
            self.source = source
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, kind, title, opens, due, locked, recurrence, consulted, condition, questions, note, source
        case effortsWhereBehind = "efforts_where_behind"
        case owedBy = "owed_by"
        case owedByBasis = "owed_by_basis"
        case goesTo = "goes_to"
        case isPublic = "public"
    }

    public init(
        id: String, kind: Kind, title: LocalizedText, opens: DatedFact? = nil, due: DatedFact? = nil,
        locked: DatedFact? = nil, recurrence: LocalizedText? = nil, owedBy: [String] = [], owedByBasis: Basis,
        goesTo: [String] = [], isPublic: Bool = false, consulted: [LocalizedText] = [], condition: Condition? = nil,
        questions: [Question]? = nil, effortsWhereBehind: Bool? = nil, note: LocalizedText? = nil, source: Source
    ) {
        self.id = id
        self.kind = kind
        self.title = title
        self.opens = opens
        self.due = due
        self.locked = locked
        self.recurrence = recurrence
        self.owedBy = owedBy
        self.owedByBasis = owedByBasis
        self.goesTo = goesTo
        self.isPublic = isPublic
        self.consulted = consulted
        self.condition = condition
        self.questions = questions
        self.effortsWhereBehind = effortsWhereBehind
        self.note = note
        self.source = source
    }
}

/// A number that the source prints, with the words around it.
public struct Figure: Codable, Hashable, Sendable {
    /// What is counted or measured, unit included.
    public var what: LocalizedText
    public var value: DecimalText
    /// The word that belongs to the number: "ca.", "godt", "omkring", "cirka halvdelen", "fra", "til".
    public var qualifier: String?
    /// The id of the `SharedMeasure` that it is a value of, in our reading: other figures of that measure say the same thing.
    public var measure: String?
    /// With a measure: the time it holds for, where that is printed.
    public var period: Period?
    /// The words as printed.
    public var printed: String
    public var source: Source

    public init(
        what: LocalizedText, value: DecimalText, qualifier: String? = nil, measure: String? = nil,
        period: Period? = nil, printed: String, source: Source
    ) {
        self.what = what
        self.value = value
        self.qualifier = qualifier
        self.measure = measure
        self.period = period
        self.printed = printed
        self.source = source
    }
}

/// A relation between two things, as printed in a document.
public struct Link: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case sameAs = "same_as"
        case continues, implements, strengthens
        case refersTo = "refers_to"
        case dependsOn = "depends_on"
        case shares
    }
    public enum State: String, Codable, Sendable, CaseIterable { case stated, suggested, accepted, rejected }
    public var from: String
    public var to: String
    public var kind: Kind
    public var state: State
    public var evidence: LocalizedText
    public var source: Source

    public init(from: String, to: String, kind: Kind, state: State, evidence: LocalizedText, source: Source) {
        self.from = from
        self.to = to
        self.kind = kind
        self.state = state
        self.evidence = evidence
        self.source = source
    }
}
