/// One administration (*forvaltning*) of the city.
public struct Forvaltning: Codable, Hashable, Sendable {
    /// For people and in data: `BIF`, `ØKF`.
    public var code: String
    /// ASCII, for file, target and key names: `BIF`, `OKF`. In ids it stands in lower case (`lgbti/okf/…`).
    public var key: String
    public var name: LocalizedText
    /// The committee it answers to: a `Body.id`.
    public var committee: String

    public init(code: String, key: String, name: LocalizedText, committee: String) {
        self.code = code
        self.key = key
        self.name = name
        self.committee = committee
    }

    /// As it stands in ids.
    public var slug: String { key.lowercased() }
}

/// A committee (*udvalg*), council (*råd*) or outside body: whoever decides, is heard, or does its own part, and has no node.
public struct Body: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case committee, council
        case userCouncil = "user_council"
        case outsideBody = "outside_body"
        /// The municipality as a whole, where a text gives a task to all of it.
        case municipality
    }
    /// `BIU`, `BR`, `borgerraadgiveren`.
    public var id: String
    public var kind: Kind
    public var name: LocalizedText

    public init(id: String, kind: Kind, name: LocalizedText) {
        self.id = id
        self.kind = kind
        self.name = name
    }

    /// As it stands in ids: lower case, `ø` as `o`.
    public var slug: String { id.lowercased().replacing("ø", with: "o") }
}

/// A source document: some lines of a stored text file.
public struct Document: Codable, Hashable, Sendable {
    /// Short name: `lgbti-politik`.
    public var id: String
    public var file: String
    public var title: LocalizedText
    public var lines: LineRange
    /// SHA-256 of exactly these lines, each with its newline; lower-case hex.
    public var sha256: String

    public init(id: String, file: String, title: LocalizedText, lines: LineRange, sha256: String) {
        self.id = id
        self.file = file
        self.title = title
        self.lines = lines
        self.sha256 = sha256
    }
}

/// A group of people that a policy or an initiative is for, by one name across policies.
public struct TargetGroup: Codable, Hashable, Sendable {
    public var id: String
    public var name: LocalizedText

    public init(id: String, name: LocalizedText) {
        self.id = id
        self.name = name
    }
}

/// What an initiative is about, by one name across policies: the city's own classification.
public struct Theme: Codable, Hashable, Sendable {
    public var id: String
    public var name: LocalizedText

    public init(id: String, name: LocalizedText) {
        self.id = id
        self.name = name
    }
}

/// Something that more than one document gives a figure for. That two figures are of one measure is our reading of the
/// documents: the same thing, counted the same way, of the same people. Figures that only look alike share none.
public struct SharedMeasure: Codable, Hashable, Sendable {
    public var id: String
    /// What is measured, with its unit.
    public var name: LocalizedText
    /// Of whom or of what.
    public var population: LocalizedText
    /// How we read the figures as the same, and what may speak against it.
    public var note: LocalizedText?
    /// Where the measure is the money planned each year for what carries the figure: how many DKK one of its units is. Such a
    /// figure is held against the budget of each year.
    public var budgetUnitDKK: DecimalText?

    enum CodingKeys: String, CodingKey {
        case id, name, population, note
        case budgetUnitDKK = "budget_unit_dkk"
    }

    public init(
        id: String, name: LocalizedText, population: LocalizedText, note: LocalizedText? = nil,
        budgetUnitDKK: DecimalText? = nil
    ) {
        self.id = id
        self.name = name
        self.population = population
        self.note = note
        self.budgetUnitDKK = budgetUnitDKK
    }
}

/// What the city is: the part of `Config/` that is common to all processes, and the body of a `configuration` record.
public struct City: Codable, Hashable, Sendable {
    public var name: LocalizedText
    /// Counts from 1 up to and not including this are suppressed before they leave a node. Default 5.
    public var suppressionThreshold: Int
    public var forvaltninger: [Forvaltning]
    public var bodies: [Body]
    public var documents: [Document]
    public var targetGroups: [TargetGroup]
    /// How figures may be broken down.
    public var dimensions: [Dimension]
    /// How initiatives are classified.
    public var themes: [Theme]
    /// What several documents give figures for.
    public var measures: [SharedMeasure]
    /// The policies whose plugins are expected to publish.
    public var policies: [String]
    /// How much a node's log may hold that the broker does not have yet, in MiB; nil: `defaultMaxUnsentMiB`.
    public var maxUnsentMiB: Int?
    /// A million answers of a kilobyte: centuries of an officer's work, and far below what fills a disk.
    public static let defaultMaxUnsentMiB = 1024

    enum CodingKeys: String, CodingKey {
        case name, forvaltninger, bodies, documents, dimensions, themes, measures, policies
        case suppressionThreshold = "suppression_threshold"
        case targetGroups = "target_groups"
        case maxUnsentMiB = "max_unsent_mib"
    }

    public init(
        name: LocalizedText, suppressionThreshold: Int, forvaltninger: [Forvaltning], bodies: [Body],
        documents: [Document], targetGroups: [TargetGroup], dimensions: [Dimension] = [], themes: [Theme] = [],
        measures: [SharedMeasure] = [], policies: [String],
        maxUnsentMiB: Int? = nil
    ) {
        self.name = name
        self.suppressionThreshold = suppressionThreshold
        self.forvaltninger = forvaltninger
        self.bodies = bodies
        self.documents = documents
        self.targetGroups = targetGroups
        self.dimensions = dimensions
        self.themes = themes
        self.measures = measures
        self.policies = policies
        self.maxUnsentMiB = maxUnsentMiB
    }

    /// Records made before dimensions, themes and measures were known are read as having none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(LocalizedText.self, forKey: .name),
            suppressionThreshold: try container.decode(Int.self, forKey: .suppressionThreshold),
            forvaltninger: try container.decode([Forvaltning].self, forKey: .forvaltninger),
            bodies: try container.decode([Body].self, forKey: .bodies),
            documents: try container.decode([Document].self, forKey: .documents),
            targetGroups: try container.decode([TargetGroup].self, forKey: .targetGroups),
            dimensions: try container.decodeIfPresent([Dimension].self, forKey: .dimensions) ?? [],
            themes: try container.decodeIfPresent([Theme].self, forKey: .themes) ?? [],
            measures: try container.decodeIfPresent([SharedMeasure].self, forKey: .measures) ?? [],
            policies: try container.decode([String].self, forKey: .policies),
            maxUnsentMiB: try container.decodeIfPresent(Int.self, forKey: .maxUnsentMiB))
    }

    /// Lists that records once did not know are left out where they are empty, so that such a city is the same bytes as before.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(suppressionThreshold, forKey: .suppressionThreshold)
        try container.encode(forvaltninger, forKey: .forvaltninger)
        try container.encode(bodies, forKey: .bodies)
        try container.encode(documents, forKey: .documents)
        try container.encode(targetGroups, forKey: .targetGroups)
        if !dimensions.isEmpty { try container.encode(dimensions, forKey: .dimensions) }
        if !themes.isEmpty { try container.encode(themes, forKey: .themes) }
        if !measures.isEmpty { try container.encode(measures, forKey: .measures) }
        try container.encode(policies, forKey: .policies)
        try container.encodeIfPresent(maxUnsentMiB, forKey: .maxUnsentMiB)
    }

    /// The forvaltning meant by `text`: its code or its key, in any case (`ØKF`, `OKF`, `økf`, `okf`).
    public func forvaltning(_ text: String) -> Forvaltning? {
        let wanted = text.lowercased()
        return forvaltninger.first { $0.code.lowercased() == wanted || $0.slug == wanted }
    }

    public func body(_ id: String) -> Body? { bodies.first { $0.id == id } }

    /// The name people read of a forvaltning's code or a body's id; the text itself where neither is known.
    public func name(of owner: String) -> LocalizedText {
        forvaltninger.first { $0.code == owner }?.name ?? body(owner)?.name ?? LocalizedText(da: owner)
    }

    /// How `owner` (a forvaltning's code or a body's id) stands in ids.
    public func slug(of owner: String) -> String? {
        forvaltninger.first { $0.code == owner }?.slug ?? body(owner)?.slug
    }
}
