public import PolicyModel

/// One initiative of the configuration, with what the documents say of its money and of how far it has come.
public struct CatalogueEntry: Hashable, Sendable {
    public let initiative: Initiative
    /// At least one; a single `noRemark` where the file says nothing of money.
    public let funding: [Funding]
    /// What the text itself states, about the policy's `opening`; nil where it states nothing.
    public let status: StatusReport?
    /// Where the heading `initiative.section` stands in the document.
    public let sectionSource: Source
    /// The line where the entry begins.
    public let place: Place
    /// The words of this entry that must stand in the documents: what `SourceCheck` checks.
    public let citations: [Citation]
}

/// `policies/<id>.yaml`: a policy, and the initiatives of owners without a node.
public struct PolicyCatalogue: Hashable, Sendable {
    public let policy: Policy
    /// Every version of the targets of indicators and annual targets: as the policy states them, and as revised since.
    public let targets: [TargetVersion]
    public let entries: [CatalogueEntry]
    /// The words of the policy and of its entries that must stand in the documents.
    public let citations: [Citation]
    /// What it says of other things, by id.
    var references: [Reference] = []
    /// How many names of forvaltninger and bodies the documents do not print: the file says from what they are derived.
    public internal(set) var derivedResponsibilities = 0
    /// The totals that the document prints for the money of all its initiatives.
    var statedBudgets: [StatedBudget] = []
}

/// `forvaltninger/<KEY>/*.yaml`: what one forvaltning answers for, across policies.
public struct NodeCatalogue: Hashable, Sendable {
    public let forvaltning: Forvaltning
    /// In the order of the file names, and of the lines in each.
    public let entries: [CatalogueEntry]
    /// What its initiatives say of other things, by id.
    let references: [Reference]
    /// How many names of forvaltninger and bodies the documents do not print: the file says from what they are derived.
    public let derivedResponsibilities: Int
    /// The words of the entries that must stand in the documents.
    public var citations: [Citation] { entries.flatMap(\.citations) }
}

/// Words of the configuration that are a document's own, and the lines where they are said to stand.
public struct Citation: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case figure, title, partner, place, section, funding, status
        /// A date (2018, 2018-12-31) that is to be meant by what the lines print; or words that print one.
        case date
        /// The years of a row of money, one after the other: the head of the table.
        case budget
        /// The name of a forvaltning or a body that has a part in something.
        case responsibility
    }
    public let kind: Kind
    /// What cites, for people: "initiative `tryg-indkvartering`, `figures[1].printed`".
    public let name: String
    /// As written in the configuration; blanks and line-end hyphens do not matter.
    public let words: String
    /// With a responsibility: the forvaltning's code or the body's id. Its other printed forms (`printed_as`) do as well
    /// as `words`.
    public let named: String?
    public let source: Source
    /// Where the words stand in the configuration.
    public let place: Place

    public init(kind: Kind, name: String, words: String, named: String? = nil, source: Source, place: Place) {
        self.kind = kind
        self.name = name
        self.words = words
        self.named = named
        self.source = source
        self.place = place
    }
}

/// A place in the configuration that names another thing by its id.
struct Reference: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case link(Link.Kind)
        /// The policy that a plan carries out.
        case policy
        /// A goal that an initiative is for.
        case goal
        /// The initiative of an annual target.
        case initiative
    }
    let kind: Kind
    let from: String
    let to: String
    /// What names it, for people.
    let label: String
    let place: Place
}

/// The money of one year, over all initiatives of a policy, as its document prints the sum.
struct StatedBudget: Hashable, Sendable {
    let year: Int
    let planned: DecimalText
    let label: String
    let place: Place
}
