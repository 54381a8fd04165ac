/// What was measured: the value of an indicator or an annual target in a period. Body of a `reading` record.
public struct Reading: Codable, Hashable, Sendable {
    /// An indicator's id (`integration/…`) or an annual target's (`<initiative id>/<name>`).
    public var about: String
    /// What the value is counted in: the indicator's or the target's, repeated so that the record says it by itself.
    public var unit: MeasureUnit
    /// The time it holds for; its end is always there.
    public var period: Period
    /// The part of the population it is of; nil is the whole.
    public var breakdown: Breakdown?
    /// A number in per cent carries its denominator: a share without its base says nothing.
    public var value: Value
    /// With parity: the figure it is held against, at the same time.
    public var reference: Value?
    /// Where the figure comes from: a register, a survey.
    public var dataSource: String?
    /// The day the data was drawn.
    public var dataDate: PartialDate?
    /// Demanded where there is no value: why.
    public var comment: LocalizedText?

    enum CodingKeys: String, CodingKey {
        case about, unit, period, breakdown, value, reference, comment
        case dataSource = "data_source"
        case dataDate = "data_date"
    }

    public init(
        about: String, unit: MeasureUnit, period: Period, breakdown: Breakdown? = nil, value: Value,
        reference: Value? = nil, dataSource: String? = nil, dataDate: PartialDate? = nil, comment: LocalizedText? = nil
    ) {
        self.about = about
        self.unit = unit
        self.period = period
        self.breakdown = breakdown
        self.value = value
        self.reference = reference
        self.dataSource = dataSource
        self.dataDate = dataDate
        self.comment = comment
    }
}

/// One part of a population: one category of one dimension, as `Dimension` names them.
public struct Breakdown: Codable, Hashable, Sendable, CustomStringConvertible {
    /// A `Dimension.id` of the city, or `criterion` for an indicator's criteria.
    public var dimension: String
    /// `kvinder`, `18-29`: a-z, 0-9 and hyphen.
    public var category: String

    public init(dimension: String, category: String) {
        self.dimension = dimension
        self.category = category
    }

    public var description: String { "\(dimension)=\(category)" }

    /// The dimension under which an indicator's own criteria are reported.
    public static let criterion = "criterion"
}

/// A way to break figures down, by one name across policies.
public struct Dimension: Codable, Hashable, Sendable {
    /// `koen`, `oprindelsesland`.
    public var id: String
    public var name: LocalizedText
    /// The categories it has; nil where any may be named (countries). A closed list keeps one dimension from standing in for
    /// another that a node refuses.
    public var categories: [Category]?

    public struct Category: Codable, Hashable, Sendable {
        public var id: String
        public var name: LocalizedText

        public init(id: String, name: LocalizedText) {
            self.id = id
            self.name = name
        }
    }

    public init(id: String, name: LocalizedText, categories: [Category]? = nil) {
        self.id = id
        self.name = name
        self.categories = categories
    }
}

extension Period: CustomStringConvertible {
    /// What `description` gives; nil where the text is no such period.
    public init?(_ text: some StringProtocol) {
        let ends = text.split(separator: "/", omittingEmptySubsequences: false).map { end in
            (date: PartialDate(end), isOpen: end == "..")
        }
        guard (1...2).contains(ends.count), ends.allSatisfy({ $0.date != nil || $0.isOpen }) else { return nil }
        self.init(from: ends[0].date, until: ends[ends.count - 1].date)
    }

    /// The last day of it.
    public var endsOn: Day { (until ?? from)?.lastDay ?? Day(year: 1900, month: 1, day: 1) }

    /// `2019`, or `2018-07/2018-09`; `..` for an end that is not known (ISO 8601-2).
    public var description: String {
        let ends = [from, until].map { $0?.description ?? ".." }
        return ends[0] == ends[1] ? ends[0] : ends.joined(separator: "/")
    }
}

/// A target as it was set or revised: body of a `target` record. Targets are append-only: a revision is a new version beside
/// the old one, and says why and who decided.
public struct TargetVersion: Codable, Hashable, Sendable {
    /// An indicator's or an annual target's id.
    public var about: String
    /// From 1, as the policy first states it.
    public var version: Int
    /// Of an indicator.
    public var target: Target?
    /// Of an effort.
    public var annualTarget: AnnualTarget?
    /// Why it was changed; demanded from version 2.
    public var reason: LocalizedText?
    /// The body that decided, and where: demanded from version 2.
    public var decision: String?
    /// When it was decided; demanded from version 2. Follow-ups whose deadline had passed then keep the version before.
    public var decided: PartialDate?

    enum CodingKeys: String, CodingKey {
        case about, version, target, reason, decision, decided
        case annualTarget = "annual_target"
    }

    public init(
        about: String, version: Int, target: Target? = nil, annualTarget: AnnualTarget? = nil,
        reason: LocalizedText? = nil, decision: String? = nil, decided: PartialDate? = nil
    ) {
        self.about = about
        self.version = version
        self.target = target
        self.annualTarget = annualTarget
        self.reason = reason
        self.decision = decision
        self.decided = decided
    }
}

extension TargetVersion {
    /// The target with why and who decided, without the words and lines it is cited by.
    public var substance: TargetVersion {
        var bare = TargetVersion(
            about: about, version: version, target: target, annualTarget: annualTarget, reason: reason,
            decision: decision, decided: decided)
        bare.target?.printed = nil
        bare.target?.source = nil
        bare.annualTarget?.printed = ""
        bare.annualTarget?.source = Source(document: "", lines: [])
        bare.annualTarget?.disclosure = nil
        return bare
    }
}

extension Policy {
    /// The targets of its indicators and efforts as it states them: version 1 of each.
    public var statedTargets: [TargetVersion] {
        indicators.map { TargetVersion(about: $0.id, version: 1, target: $0.target) }
            + annualTargets.map { TargetVersion(about: $0.id, version: 1, annualTarget: $0) }
    }
}

/// Attainment of a goal, apart from delivery: body of an `assessment` record.
public struct Assessment: Codable, Hashable, Sendable {
    public var goal: String
    /// The follow-up it is for: only readings of periods that end by its deadline count. For the opening: all.
    public var followUp: String
    public var judgement: Attainment.Judgement
    /// How the judgement follows from the measures.
    public var arithmetic: LocalizedText
    /// What was judged, one for each indicator and annual target of the goal.
    public var measures: [Measure]

    public struct Measure: Codable, Hashable, Sendable {
        /// The indicator's or annual target's id.
        public var about: String
        public var judgement: Attainment.Judgement
        public var arithmetic: LocalizedText
        /// The reading judged; nil where there is none.
        public var reading: RecordName?
        public var period: Period?
        public var value: Value?
        /// The version of the target it was held against.
        public var targetVersion: Int

        enum CodingKeys: String, CodingKey {
            case about, judgement, arithmetic, reading, period, value
            case targetVersion = "target_version"
        }

        public init(
            about: String, judgement: Attainment.Judgement, arithmetic: LocalizedText, reading: RecordName? = nil,
            period: Period? = nil, value: Value? = nil, targetVersion: Int = 1
        ) {
            self.about = about
            self.judgement = judgement
            self.arithmetic = arithmetic
            self.reading = reading
            self.period = period
            self.value = value
            self.targetVersion = targetVersion
        }
    }

    enum CodingKeys: String, CodingKey {
        case goal, judgement, arithmetic, measures
        case followUp = "follow_up"
    }

    public init(
        goal: String, followUp: String, judgement: Attainment.Judgement, arithmetic: LocalizedText, measures: [Measure]
    ) {
        self.goal = goal
        self.followUp = followUp
        self.judgement = judgement
        self.arithmetic = arithmetic
        self.measures = measures
    }
}

/// "Everything of my policy up to there is in my assessments": body of an `assessed` record.
public struct Assessed: Codable, Hashable, Sendable {
    public var policy: String
    /// Ledger position of the last record of the policy from another publisher.
    public var upTo: Int64

    enum CodingKeys: String, CodingKey {
        case policy
        case upTo = "up_to"
    }

    public init(policy: String, upTo: Int64) {
        self.policy = policy
        self.upTo = upTo
    }
}

/// A person's word on a suggested link: body of a `link` record of the coordinator.
public struct LinkDecision: Codable, Hashable, Sendable {
    public var from: String
    public var to: String
    public var kind: Link.Kind
    /// `accepted` or `rejected`.
    public var state: Link.State
    public var reason: LocalizedText?
    /// Why the two were suggested, as it stood when the person decided.
    public var evidence: LocalizedText
    /// The lines of both sides.
    public var sources: [Source]

    public init(
        from: String, to: String, kind: Link.Kind, state: Link.State, reason: LocalizedText? = nil,
        evidence: LocalizedText, sources: [Source]
    ) {
        self.from = from
        self.to = to
        self.kind = kind
        self.state = state
        self.reason = reason
        self.evidence = evidence
        self.sources = sources
    }
}

extension Reading {
    /// The last day it holds for.
    public var endsOn: Day { period.endsOn }
}

extension Reading {
    /// Whether it comes before `other` in time: by the end of its period, then the shorter period, so that a year comes after its
    /// last month; `isOlder` decides between two of the same period.
    public func isEarlier(than other: Reading, _ isOlder: Bool) -> Bool {
        if endsOn != other.endsOn { return endsOn < other.endsOn }
        let (begins, otherBegins) = (period.from?.firstDay ?? endsOn, other.period.from?.firstDay ?? other.endsOn)
        return begins == otherBegins ? isOlder : begins > otherBegins
    }
}

extension Period {
    /// Whether it runs from the first day of the year it ends in.
    public var beginsWithYear: Bool {
        guard let year = until?.year, let first = from?.firstDay else {
            return from == nil && until?.precision == .year
        }
        return first == Day(year: year, month: 1, day: 1)
    }
}

extension Policy {
    /// The ids that a status can be about, besides initiatives: goals, and questions of follow-ups.
    public var subjectIDs: [String] { goals.map(\.id) + followUps.flatMap { $0.questions ?? [] }.map(\.id) }

    /// What can be read: the ids of its indicators and annual targets.
    public var measureIDs: [String] { indicators.map(\.id) + annualTargets.map(\.id) }

    /// Codes of the forvaltninger that report an indicator or annual target: those configured for an indicator, the owner of
    /// the effort for its target. Nil where the policy has neither of this id.
    public func reporters(of about: String, city: City?) -> [String]? {
        if let indicator = indicators.first(where: { $0.id == about }) { return indicator.reporters }
        guard let target = annualTargets.first(where: { $0.id == about }) else { return nil }
        guard let parts = initiativeParts(target.initiative) else { return [] }
        return city?.forvaltninger.filter { $0.slug == parts.owner }.map(\.code) ?? []
    }
}
