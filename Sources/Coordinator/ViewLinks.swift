public import PolicyModel

/// Every link between two things, wherever it comes from: printed, found, or decided by a person. What strengthens what, what
/// carries out what.
public struct LinksView: Hashable, Sendable, Codable {
    public struct Row: Hashable, Sendable, Codable {
        public var from: String
        public var to: String
        public var kind: Link.Kind
        public var state: Link.State
        /// Whether a document says it, whatever a person said since.
        public var printed: Bool
        /// Nil where the ledger does not know the thing: a plan of former years.
        public var fromTitle: LocalizedText?
        public var toTitle: LocalizedText?
        public var evidence: LocalizedText
        /// The lines of both sides, as far as they are known.
        public var sources: [Source]
        /// The points of what was found; nil where a document says it.
        public var strength: Int?
        public var decision: OverlapsView.Decision?

        enum CodingKeys: String, CodingKey {
            case from, to, kind, state, printed, evidence, sources, strength, decision
            case fromTitle = "from_title"
            case toTitle = "to_title"
        }
    }

    /// The reference date; nothing here depends on it.
    public var on: String
    public var position: Int64
    public var synthetic: Bool
    /// As printed, in the order of policies and sources; then what was accepted, suggested, rejected.
    public var rows: [Row]
    /// How many more suggestions there are than are listed.
    public var leftOut: Int

    enum CodingKeys: String, CodingKey {
        case on, position, synthetic, rows
        case leftOut = "left_out"
    }
}

extension LedgerState {
    /// All links that touch one of `policies` (nil: all); at most `limit` suggestions.
    public func links(on day: Day, policies chosen: [String]? = nil, limit: Int = 1_000) -> LinksView {
        let decided = decidedLinks
        let ends = LinkEnds(self)
        var rows = statedLinks()
        var seen = Set(rows.map { "\($0.from)|\($0.kind.rawValue)|\($0.to)" })
        let overlaps = overlaps(on: day, includingRejected: true, limit: limit)
        let order: [Link.State] = [.accepted, .suggested, .rejected]
        for state in order {
            for row in overlaps.rows where row.state == state {
                guard seen.insert("\(row.from.id)|\(row.kind.rawValue)|\(row.to.id)").inserted else { continue }
                rows.append(
                    LinksView.Row(
                        from: row.from.id, to: row.to.id, kind: row.kind, state: state, printed: row.printed,
                        fromTitle: row.from.title, toTitle: row.to.title, evidence: row.evidenceText,
                        sources: row.sources, strength: row.strength, decision: row.decision))
            }
        }
        // What a person said stays, also of things that are no longer alike, or no longer there.
        for (identity, said) in decided.sorted(by: { $0.key < $1.key }) where seen.insert(identity).inserted {
            let body = said.body
            rows.append(
                LinksView.Row(
                    from: body.from, to: body.to, kind: body.kind, state: body.state, printed: false,
                    fromTitle: ends.title(body.from), toTitle: ends.title(body.to), evidence: body.evidence,
                    sources: body.sources, decision: OverlapsView.Decision(said)))
        }
        if let chosen {
            rows = rows.filter { row in
                [row.from, row.to].contains { id in chosen.contains(String(id.prefix { $0 != "/" })) }
            }
        }
        return LinksView(
            on: day.description, position: position, synthetic: isSynthetic, rows: rows, leftOut: overlaps.leftOut)
    }

    /// Those that documents print, in the order of policies and sources, each with what a person said of it since. O(n) in the
    /// links: nothing is looked for.
    public func statedLinks() -> [LinksView.Row] {
        let decided = decidedLinks
        let ends = LinkEnds(self)
        var seen: Set<String> = []
        return printedLinks.compactMap { link in
            let identity = "\(link.from)|\(link.kind.rawValue)|\(link.to)"
            guard seen.insert(identity).inserted else { return nil }
            let said = decided[identity]
            return LinksView.Row(
                from: link.from, to: link.to, kind: link.kind, state: said?.body.state ?? link.state, printed: true,
                fromTitle: ends.title(link.from), toTitle: ends.title(link.to), evidence: link.evidence,
                sources: [link.source] + [ends.source(link.to)].compactMap(\.self).filter { $0 != link.source },
                decision: said.map(OverlapsView.Decision.init))
        }
    }

    /// What persons said, by the link's identity.
    private var decidedLinks: [String: LedgerVersion<LinkDecision>] {
        Dictionary(
            linkDecisions.histories.filter { $0.publisher == coordinatorName }.map { ($0.identity, $0.current) }
        ) { first, _ in first }
    }

    /// What the documents print, by policy: its own links, then its initiatives' in the order of the source.
    var printedLinks: [Link] {
        policies.identities.compactMap { policy($0)?.body }.flatMap(\.links)
            + Set(initiatives.histories.map(\.current.body.policy)).sorted().flatMap { initiatives(ofPolicy: $0) }
            .flatMap(\.body.links)
    }
}

extension OverlapsView.Decision {
    init(_ said: LedgerVersion<LinkDecision>) {
        self.init(
            state: said.body.state, kind: said.body.kind, reason: said.body.reason, record: said.name,
            received: said.received, forvaltning: said.by.forvaltning)
    }
}

/// What can stand at the end of a link: policies, goals and initiatives, with title and lines.
struct LinkEnds {
    private let state: LedgerState
    private var goals: [String: Goal] = [:]

    init(_ state: LedgerState) {
        self.state = state
        for history in state.policies.histories {
            for goal in history.current.body.goals { goals[goal.id] = goal }
        }
    }

    func title(_ id: String) -> LocalizedText? {
        state.initiative(id)?.body.title ?? goals[id]?.title ?? state.policy(id)?.body.title
    }

    func source(_ id: String) -> Source? {
        state.initiative(id)?.body.source ?? goals[id]?.source ?? state.policy(id)?.body.source
    }

    var ids: [String] { state.policies.identities + goals.keys.sorted() + state.initiatives.identities }
}
