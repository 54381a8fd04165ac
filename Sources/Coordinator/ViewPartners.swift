public import PolicyModel

/// Who outside the administrations takes part, across policies: organisations that initiatives name, groups and bodies that
/// follow-ups consult or are put before.
public struct PartnersView: Hashable, Sendable, Codable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// An organisation that takes part in an initiative.
        case partner
        /// A group that a follow-up consults and no initiative names.
        case consulted
        /// A user council or an outside body of the city's list: it receives, is consulted, or does its own part.
        case body
    }

    /// An initiative it takes part in, or a body's own.
    public struct Part: Hashable, Sendable, Codable {
        public var policy: String
        public var initiative: String
        public var title: LocalizedText
        /// A forvaltning's code, or a body's id.
        public var owner: String
        /// Its name, as this initiative prints it; nil where the initiative is its own.
        public var printed: String?
        public var source: Source
    }

    /// A follow-up that consults it, or is put before it.
    public struct Hearing: Hashable, Sendable, Codable {
        public var policy: String
        public var followUp: String
        public var title: LocalizedText
        /// As named in the source; nil where the follow-up is only put before it.
        public var printed: LocalizedText?
        public var receives: Bool
        public var source: Source
    }

    public struct Row: Hashable, Sendable, Codable {
        public var kind: Kind
        /// What the spellings have in common: see `partnerKey`.
        public var key: String
        /// The name printed most often, then the first; a body's name as the city has it.
        public var name: LocalizedText
        /// Every spelling, in the order of the alphabet.
        public var printed: [String]
        /// A body's id.
        public var body: String?
        /// Ids of the policies it stands in.
        public var policies: [String]
        /// Codes of the forvaltninger, and ids of the bodies, whose initiatives it takes part in.
        public var owners: [String]
        /// By policy, then in the order of the source.
        public var initiatives: [Part]
        public var followUps: [Hearing]
    }

    /// The reference date. What takes part does not depend on it; it is what the reader asked for.
    public var on: String
    public var position: Int64
    public var synthetic: Bool
    /// Partners, then bodies, then groups, each by name.
    public var rows: [Row]
}

/// A name without case, blanks, hyphens and soft hyphens, and with `&` read as `og`: two spellings with one key are one name.
/// Nothing else is folded, so that two organisations are never taken for one.
public func partnerKey(_ name: String) -> String {
    let dropped: Set<Unicode.Scalar> = ["-", "\u{AD}", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2212}"]
    var key = ""
    for scalar in name.replacing("&", with: "og").lowercased().unicodeScalars
    where !scalar.properties.isWhitespace && !dropped.contains(scalar) {
        key.unicodeScalars.append(scalar)
    }
    return key
}

extension LedgerState {
    /// The partners of `policies` (nil: all) at this position.
    public func partners(on day: Day, policies chosen: [String]? = nil) -> PartnersView {
        let ids = chosen ?? Set(policies.identities + initiatives.histories.map(\.current.body.policy)).sorted()
        var found = PartnersFound(
            bodies: (city?.bodies ?? []).filter { $0.kind == .userCouncil || $0.kind == .outsideBody })
        for id in ids {
            for initiative in initiatives(ofPolicy: id).map(\.body) { found.add(initiative) }
            for followUp in policy(id)?.body.followUps ?? [] { found.add(followUp, policy: id) }
        }
        return PartnersView(
            on: day.description, position: position, synthetic: isSynthetic, rows: found.rows)
    }
}

/// What is found while the policies are walked through.
private struct PartnersFound {
    private var rowsByKey: [String: PartnersView.Row] = [:]
    private var spellings: [String: [String: Int]] = [:]
    private var keyOfBody: [String: String] = [:]

    init(bodies: [Body]) {
        for body in bodies {
            let key = partnerKey(body.name.da)
            keyOfBody[body.id] = key
            rowsByKey[key] = PartnersView.Row(
                kind: .body, key: key, name: body.name, printed: [], body: body.id, policies: [], owners: [],
                initiatives: [], followUps: [])
        }
    }

    mutating func add(_ initiative: Initiative) {
        func part(_ printed: String?) -> PartnersView.Part {
            PartnersView.Part(
                policy: initiative.policy, initiative: initiative.id, title: initiative.title, owner: initiative.owner,
                printed: printed, source: initiative.source)
        }
        for name in initiative.partners {
            let key = partnerKey(name)
            guard !key.isEmpty else { continue }
            open(key, .partner, LocalizedText(da: name))
            spellings[key, default: [:]][name, default: 0] += 1
            change(key, initiative.policy) {
                $0.initiatives.append(part(name))
                if !$0.owners.contains(initiative.owner) { $0.owners.append(initiative.owner) }
            }
        }
        if let key = keyOfBody[initiative.owner] {
            change(key, initiative.policy) { $0.initiatives.append(part(nil)) }
        }
    }

    mutating func add(_ followUp: FollowUp, policy: String) {
        func hearing(_ printed: LocalizedText?, receives: Bool) -> PartnersView.Hearing {
            PartnersView.Hearing(
                policy: policy, followUp: followUp.id, title: followUp.title, printed: printed, receives: receives,
                source: followUp.source)
        }
        let receiving = Set(followUp.goesTo.compactMap { keyOfBody[$0] })
        var consulted: Set<String> = []
        for name in followUp.consulted {
            let key = partnerKey(name.da)
            guard !key.isEmpty, consulted.insert(key).inserted else { continue }
            open(key, .consulted, name)
            spellings[key, default: [:]][name.da, default: 0] += 1
            change(key, policy) { $0.followUps.append(hearing(name, receives: receiving.contains(key))) }
        }
        for key in receiving.subtracting(consulted) {
            change(key, policy) { $0.followUps.append(hearing(nil, receives: true)) }
        }
    }

    /// By kind, then by name.
    var rows: [PartnersView.Row] {
        rowsByKey.values.filter { !$0.initiatives.isEmpty || !$0.followUps.isEmpty }.map { row in
            var row = row
            let counts = spellings[row.key] ?? [:]
            row.printed = counts.keys.sorted()
            let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
            if row.kind == .partner, let best { row.name = LocalizedText(da: best) }
            return row
        }.sorted { ($0.rank, $0.key) < ($1.rank, $1.key) }
    }

    /// A group that an initiative names too is a partner.
    private mutating func open(_ key: String, _ kind: PartnersView.Kind, _ name: LocalizedText) {
        guard let row = rowsByKey[key] else {
            rowsByKey[key] = PartnersView.Row(
                kind: kind, key: key, name: name, printed: [], policies: [], owners: [], initiatives: [], followUps: [])
            return
        }
        if row.kind == .consulted, kind == .partner { rowsByKey[key]?.kind = .partner }
    }

    private mutating func change(_ key: String, _ policy: String, _ change: (inout PartnersView.Row) -> Void) {
        guard var row = rowsByKey[key] else { return }
        if !row.policies.contains(policy) { row.policies.append(policy) }
        change(&row)
        rowsByKey[key] = row
    }
}

extension PartnersView.Row {
    fileprivate var rank: Int {
        switch kind {
        case .partner: 0
        case .body: 1
        case .consulted: 2
        }
    }
}
