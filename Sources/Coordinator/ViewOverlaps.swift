public import PolicyModel

/// Where policies meet: two things of different policies that share something, each pair once, with the evidence.
///
/// **The rule.** What two initiatives share counts in points: a partner or a named place 90, a target group 60, a theme (our
/// own classification) 54, a word of their titles or headings 24. A thing that exactly these two have counts in full; each
/// doubling of how many have it divides once more, so that of a target group that three or four initiatives have, a half is
/// left, and of one that 33 to 64 have, a sixth. A near-same title counts 150, or 100 where one policy carries out the other
/// and the same words are expected. A pair is listed from 36 points on. An initiative that is for the people another policy
/// is about is held against that policy as a whole, not against each of its initiatives. Goals come out for near-same titles.
///
/// Nothing is ever merged: what is found is a suggestion, and a person accepts or rejects it (`pejling link`).
public struct OverlapsView: Hashable, Sendable, Codable {
    /// One of the two things.
    public struct Side: Hashable, Sendable, Codable {
        public enum Kind: String, Codable, Sendable, CaseIterable { case initiative, goal, policy }
        public var kind: Kind
        public var id: String
        public var policy: String
        /// A forvaltning's code or a body's id; of an initiative only.
        public var owner: String?
        public var title: LocalizedText
        public var source: Source
    }

    /// One thing that speaks for the pair.
    public struct Evidence: Hashable, Sendable, Codable {
        public enum Kind: String, Codable, Sendable, CaseIterable {
            /// A document links the two.
            case printed
            /// Near-same titles.
            case title
            case partner, place
            case targetGroup = "target_group"
            case theme
            /// A word of titles or headings.
            case word
        }
        public var kind: Kind
        /// The shared thing: an id of the configuration, a name, or a word.
        public var what: String
        /// How many initiatives have it; nil where that says nothing.
        public var holders: Int?
        public var points: Int
        public var text: LocalizedText
        /// The lines of the printed link.
        public var source: Source?
    }

    /// A person's word on the pair.
    public struct Decision: Hashable, Sendable, Codable {
        public var state: Link.State
        public var kind: Link.Kind
        public var reason: LocalizedText?
        public var record: RecordName
        public var received: String
        /// The coordinating forvaltning that decided.
        public var forvaltning: String?
    }

    public struct Row: Hashable, Sendable, Codable {
        public var from: Side
        public var to: Side
        /// As printed or decided; else `same_as` where titles are near-same and nothing speaks against it, `shares` otherwise.
        public var kind: Link.Kind
        public var state: Link.State
        /// Whether a document links the two, whatever a person said since.
        public var printed: Bool
        /// The points of the evidence; what is printed adds none.
        public var strength: Int
        public var evidence: [Evidence]
        public var decision: Decision?

        /// The evidence as one text, in the order of its points.
        public var evidenceText: LocalizedText {
            LocalizedText(
                da: evidence.map(\.text.da).joined(separator: "; "),
                en: evidence.map { $0.text.en ?? $0.text.da }.joined(separator: "; "))
        }

        /// The lines of both sides, and of the printed link.
        public var sources: [Source] {
            var seen: Set<Source> = []
            return ([from.source, to.source] + evidence.compactMap(\.source)).filter { seen.insert($0).inserted }
        }
    }

    /// The reference date; nothing here depends on it.
    public var on: String
    public var position: Int64
    public var synthetic: Bool
    /// Suggestions by strength; then what was accepted, what is printed, and (where asked for) what was rejected.
    public var rows: [Row]
    /// How many more suggestions there are than are listed.
    public var leftOut: Int
    /// How many pairs a person has rejected; listed only where asked for.
    public var rejected: Int
    /// The points from which on a pair is suggested.
    public var threshold: Int

    enum CodingKeys: String, CodingKey {
        case on, position, synthetic, rows, rejected, threshold
        case leftOut = "left_out"
    }
}

extension LedgerState {
    /// What policies share. `policies` keeps the pairs with at least one side in one of them; how rare a thing is, is counted
    /// over all. At most `limit` suggestions. O(n) in the initiatives but for what few of them share.
    public func overlaps(
        on day: Day, policies chosen: [String]? = nil, includingRejected: Bool = false, limit: Int = 200
    ) -> OverlapsView {
        let finder = OverlapFinder(self)
        let decided = Dictionary(grouping: linkDecisions.histories.filter { $0.publisher == coordinatorName }) {
            PairKey($0.current.body.from, $0.current.body.to)
        }
        let stated = Dictionary(grouping: finder.printedLinks) { PairKey($0.from, $0.to) }
        func isChosen(_ a: OverlapsView.Side, _ b: OverlapsView.Side) -> Bool {
            chosen.map { $0.contains(a.policy) || $0.contains(b.policy) } ?? true
        }
        var rows: [OverlapsView.Row] = []
        for key in Set(stated.keys).union(decided.keys) {
            let links = stated[key] ?? []
            let said = (decided[key] ?? []).map(\.current).sorted { $0.position < $1.position }
            guard let row = finder.row(key, links: links, decisions: said), row.from.policy != row.to.policy,
                isChosen(row.from, row.to)
            else { continue }
            rows.append(row)
        }
        let found = finder.found { stated[$0] == nil && decided[$0] == nil }
            .filter { chosen == nil || isChosen(finder.side($0.a), finder.side($0.b)) }
        for pair in found.prefix(limit) { rows.append(finder.row(pair)) }
        let rejected = rows.count { $0.state == .rejected }
        if !includingRejected { rows.removeAll { $0.state == .rejected } }
        rows.sort {
            ($0.state.rank, -$0.strength, $0.from.id, $0.to.id) < ($1.state.rank, -$1.strength, $1.from.id, $1.to.id)
        }
        return OverlapsView(
            on: day.description, position: position, synthetic: isSynthetic, rows: rows,
            leftOut: max(0, found.count - limit), rejected: rejected, threshold: OverlapFinder.threshold)
    }
}

/// Who publishes what persons said of links.
let coordinatorName = CoordinatorProcess.publisher

/// Two ids in either order.
struct PairKey: Hashable {
    let first: String, second: String

    init(_ a: String, _ b: String) { (first, second) = a < b ? (a, b) : (b, a) }
}

extension Link.State {
    /// The order of a list: what waits for a person first.
    fileprivate var rank: Int {
        switch self {
        case .suggested: 0
        case .accepted: 1
        case .stated: 2
        case .rejected: 3
        }
    }
}
