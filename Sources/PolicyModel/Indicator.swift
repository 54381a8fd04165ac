/// How a goal is measured.
public struct Indicator: Codable, Hashable, Sendable {
    /// Which way is better.
    public enum Direction: String, Codable, Sendable, CaseIterable {
        case up, down
        /// The nearer to what it is held against, the better.
        case parity
    }
    /// `integration/…`; unique among the policy's goals, follow-ups and indicators.
    public var id: String
    public var goal: String
    public var title: LocalizedText
    public var titleBasis: Basis
    public var unit: MeasureUnit
    /// Of whom or of what: what 100 % is.
    public var population: LocalizedText
    public var direction: Direction
    public var directionBasis: Basis
    public var bodies: [String]
    /// Codes of the forvaltninger that report it.
    public var reporters: [String]
    public var reportersBasis: Basis
    /// At least one; what is yet to be measured is one with the value `missing`.
    public var baselines: [Baseline]
    /// Neither target nor actual.
    public var forecast: Forecast?
    public var target: Target
    /// What it covers, and what not.
    public var scope: LocalizedText?
    /// Breaks in comparability: nine areas became three.
    public var breaks: [Break]
    public var notes: [LocalizedText]
    /// Whether small values are suppressed before they leave a node; nil is `small_counts_suppressed`.
    public var disclosure: Disclosure?
    /// The n of "at least k of n", where they are named; a reading of each is broken down by `Breakdown.criterion`. The
    /// source may name none: then the list is empty until the city configures them.
    public var criteria: [Criterion]?
    public var source: Source

    public struct Criterion: Codable, Hashable, Sendable {
        /// `ledighed`: a-z, 0-9 and hyphen; the category of its readings.
        public var id: String
        public var title: LocalizedText
        public var basis: Basis

        public init(id: String, title: LocalizedText, basis: Basis) {
            self.id = id
            self.title = title
            self.basis = basis
        }
    }

    public struct Break: Codable, Hashable, Sendable {
        public var what: LocalizedText
        public var source: Source

        public init(what: LocalizedText, source: Source) {
            self.what = what
            self.source = source
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, goal, title, unit, population, direction, bodies, reporters, baselines, forecast, target, scope, breaks
        case notes, disclosure, criteria, source
        case titleBasis = "title_basis"
        case directionBasis = "direction_basis"
        case reportersBasis = "reporters_basis"
    }

    public init(
        id: String, goal: String, title: LocalizedText, titleBasis: Basis, unit: MeasureUnit, population: LocalizedText,
        direction: Direction, directionBasis: Basis, bodies: [String], reporters: [String], reportersBasis: Basis,
        baselines: [Baseline], forecast: Forecast? = nil, target: Target, scope: LocalizedText? = nil,
        breaks: [Break] = [], notes: [LocalizedText] = [], disclosure: Disclosure? = nil,
        criteria: [Criterion]? = nil, source: Source
    ) {
        self.id = id
        self.goal = goal
        self.title = title
        self.titleBasis = titleBasis
        self.unit = unit
        self.population = population
        self.direction = direction
        self.directionBasis = directionBasis
        self.bodies = bodies
        self.reporters = reporters
        self.reportersBasis = reportersBasis
        self.baselines = baselines
        self.forecast = forecast
        self.target = target
        self.scope = scope
        self.breaks = breaks
        self.notes = notes
        self.disclosure = disclosure
        self.criteria = criteria
        self.source = source
    }
}

/// What may be told of small values.
public enum Disclosure: String, Codable, Sendable, CaseIterable {
    /// Below the city's threshold they become suppressed, numerator and denominator together.
    case smallCountsSuppressed = "small_counts_suppressed"
    /// What is counted are not persons (areas, companies, criteria): shown as they are.
    case notPersonal = "not_personal"
}

/// Where it stood when the policy was decided.
public struct Baseline: Codable, Hashable, Sendable {
    public var value: Value
    /// Where it is counted in something else than the indicator: a share beside a number of persons. Such a baseline is
    /// shown, and never reckoned from.
    public var unit: MeasureUnit?
    /// The word that belongs to the number: "ca.", "godt".
    public var qualifier: String?
    /// Absent where the source does not print it.
    public var period: Period?
    /// What it really measures, where that is other than the indicator.
    public var measures: LocalizedText?
    /// With a missing value: when it is to be measured.
    public var due: PartialDate?
    /// As for a `Figure`: the shared measure that it is a value of.
    public var measure: String?
    public var printed: String
    public var source: Source

    public init(
        value: Value, unit: MeasureUnit? = nil, qualifier: String? = nil, period: Period? = nil,
        measures: LocalizedText? = nil, due: PartialDate? = nil, measure: String? = nil, printed: String,
        source: Source
    ) {
        self.value = value
        self.unit = unit
        self.qualifier = qualifier
        self.period = period
        self.measures = measures
        self.due = due
        self.measure = measure
        self.printed = printed
        self.source = source
    }
}

/// What somebody expects it to become: neither target nor actual.
public struct Forecast: Codable, Hashable, Sendable {
    public var value: DecimalText
    /// The word that belongs to the number: "ca.".
    public var qualifier: String?
    public var period: Period?
    public var printed: String
    public var source: Source

    public init(
        value: DecimalText, qualifier: String? = nil, period: Period? = nil, printed: String, source: Source
    ) {
        self.value = value
        self.qualifier = qualifier
        self.period = period
        self.printed = printed
        self.source = source
    }
}

/// Where an indicator is to come to.
public struct Target: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// Per cent of the baseline: "10 pct. færre" is −10.
        case relativeChange = "relative_change"
        /// Added to a share.
        case percentagePoints = "percentage_points"
        /// This value, reached from either side as the direction says.
        case level
        case atLeast = "at_least"
        case all
        /// `value` of `of` criteria met.
        case atLeastKOfN = "at_least_k_of_n"
        /// The same as another figure: `parityWith`.
        case parity
        /// Better than the baseline, by no stated amount.
        case directionOnly = "direction_only"
        case noneStated = "none_stated"
    }
    public var kind: Kind
    /// With relative change, percentage points, level, at least, and at least k of n (k).
    public var value: DecimalText?
    /// n of "at least k of n".
    public var of: DecimalText?
    public var parityWith: LocalizedText?
    public var baseYear: Int?
    public var year: Int?
    public var printed: String?
    public var source: Source?

    enum CodingKeys: String, CodingKey {
        case kind, value, of, year, printed, source
        case parityWith = "parity_with"
        case baseYear = "base_year"
    }

    public init(
        kind: Kind, value: DecimalText? = nil, of: DecimalText? = nil, parityWith: LocalizedText? = nil,
        baseYear: Int? = nil, year: Int? = nil, printed: String? = nil, source: Source? = nil
    ) {
        self.kind = kind
        self.value = value
        self.of = of
        self.parityWith = parityWith
        self.baseYear = baseYear
        self.year = year
        self.printed = printed
        self.source = source
    }
}

/// What an effort is to reach each year.
public struct AnnualTarget: Codable, Hashable, Sendable {
    public enum Comparator: String, Codable, Sendable, CaseIterable {
        case atLeast = "at_least"
        case all, stated
    }
    /// `<initiative id>/<name>`.
    public var id: String
    public var initiative: String
    /// What is counted.
    public var what: LocalizedText
    public var comparator: Comparator
    /// Nil where the target is text only.
    public var value: DecimalText?
    public var unit: MeasureUnit?
    /// Of whom; demanded with per cent.
    public var base: LocalizedText?
    public var exclusions: LocalizedText?
    public var fromYear: Int?
    public var toYear: Int?
    public var text: LocalizedText?
    /// As for an indicator.
    public var disclosure: Disclosure?
    public var printed: String
    public var source: Source

    enum CodingKeys: String, CodingKey {
        case id, initiative, what, comparator, value, unit, base, exclusions, text, disclosure, printed, source
        case fromYear = "from_year"
        case toYear = "to_year"
    }

    public init(
        id: String, initiative: String, what: LocalizedText, comparator: Comparator, value: DecimalText? = nil,
        unit: MeasureUnit? = nil, base: LocalizedText? = nil, exclusions: LocalizedText? = nil, fromYear: Int? = nil,
        toYear: Int? = nil, text: LocalizedText? = nil, disclosure: Disclosure? = nil, printed: String, source: Source
    ) {
        self.id = id
        self.initiative = initiative
        self.what = what
        self.comparator = comparator
        self.value = value
        self.unit = unit
        self.base = base
        self.exclusions = exclusions
        self.fromYear = fromYear
        self.toYear = toYear
        self.text = text
        self.disclosure = disclosure
        self.printed = printed
        self.source = source
    }
}
