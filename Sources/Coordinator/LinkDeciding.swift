public import PolicyModel

/// Why a person's word on a link cannot be taken, with the way out.
public struct LinkRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String
        /// One end is no policy, goal or initiative of the ledger.
        public static let unknownEnd = Code(name: "link.end")
        /// Nothing links the two: neither a document nor what they share.
        public static let notListed = Code(name: "link.not_listed")
        /// The forvaltning coordinates neither side's policy.
        public static let notCoordinator = Code(name: "link.coordinator")
        /// The same was said before.
        public static let already = Code(name: "link.already")
        /// A reason is demanded.
        public static let reason = Code(name: "link.reason")
    }
    public let code: Code
    public let description: String
}

extension LedgerState {
    /// The record of a person's word on the link of `from` and `to`, checked against the ledger, with the evidence and the
    /// lines of both sides as they stand.
    ///
    /// - Parameters:
    ///   - state: `accepted` or `rejected`.
    ///   - kind: Nil for the kind in the list (`overlaps`, `links`). Of `same_as` and `shares` the two ends have no order: they
    ///     are written as in the list.
    ///   - code: The forvaltning that decides, by code or key: it must coordinate the policy of one side.
    ///   - earlier: What was said last under this identity and is not in the ledger yet; nil where nothing was.
    /// - Throws: `LinkRefusal`.
    public func linkDecision(
        _ word: Link.State, from: String, to: String, kind: Link.Kind? = nil, by code: String, reason: String?,
        earlier: (String) throws -> LinkDecision? = { _ in nil }
    ) throws -> LinkDecision {
        let ends = LinkEnds(self)
        for id in [from, to] where ends.title(id) == nil {
            let nearest = nearestIDs(to: id, among: ends.ids, count: 1).first
            throw LinkRefusal(
                code: .unknownEnd,
                description: "the ledger has no policy, goal or initiative “\(id)”"
                    + (nearest.map { ": did you mean \($0)?" } ?? "; `pejling view overlaps` lists them"))
        }
        // Both ends are there, so the ledger is not empty.
        let rows = lastDay.map { links(on: $0, limit: .max).rows } ?? []
        let listed = rows.filter { PairKey($0.from, $0.to) == PairKey(from, to) }
        guard let row = listed.first(where: { $0.kind == kind }) ?? listed.first else {
            let others = rows.filter { $0.from == from || $0.to == from }.prefix(3).map {
                $0.from == from ? $0.to : $0.from
            }
            throw LinkRefusal(
                code: .notListed,
                description: "nothing links \(from) and \(to): no document says so, and they share too little"
                    + (others.isEmpty
                        ? "; `pejling view overlaps` lists what does"
                        : ". \(from) is listed with \(others.joined(separator: ", "))"))
        }
        let policies = [from, to].map { String($0.prefix { $0 != "/" }) }
        let coordinators = policies.compactMap { policy($0)?.body.coordinator }
        guard let forvaltning = city?.forvaltning(code)?.code, coordinators.contains(forvaltning) else {
            let names = zip(policies, coordinators).map { "\($1) (\($0))" }
            throw LinkRefusal(
                code: .notCoordinator,
                description:
                    "“\(code)” coordinates neither policy: \(Set(names).sorted().joined(separator: " or ")) decides")
        }
        let kind = kind ?? row.kind
        let hasOrder = kind != .sameAs && kind != .shares
        let (first, second) = hasOrder && row.kind != kind ? (from, to) : (row.from, row.to)
        var decision = LinkDecision(
            from: first, to: second, kind: kind, state: word, reason: reason.map { LocalizedText(da: $0) },
            evidence: row.evidence, sources: row.sources)
        if row.kind != kind, !row.printed, let shared = listed.first(where: { !$0.evidence.da.isEmpty }) {
            (decision.evidence, decision.sources) = (shared.evidence, shared.sources)
        }
        let inLedger = linkDecisions[decision.identity].first { $0.publisher == coordinatorName }?.current.body
        if let before = try earlier(decision.identity) ?? inLedger {
            guard before.state != word else {
                throw LinkRefusal(
                    code: .already,
                    description: "\(first) \(kind.rawValue) \(second) is \(word.rawValue) already"
                        + (before.reason.map { ": “\($0.da)”" } ?? "") + "; nothing is saved")
            }
            guard reason?.isEmpty == false else {
                throw LinkRefusal(
                    code: .reason,
                    description:
                        "it was \(before.state.rawValue) before: say with --reason why it is \(word.rawValue) now")
            }
        }
        return decision
    }
}
