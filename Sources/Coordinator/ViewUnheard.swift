internal import PolicyModel

/// Who is expected to publish and has not.
public struct UnheardView: Hashable, Sendable, Codable {
    /// Codes of forvaltninger without a record.
    public var forvaltninger: [String]
    /// Ids of policies whose plugin has published no policy.
    public var policies: [String]
    /// Whether the city's configuration itself is missing: then nobody can be expected.
    public var configuration: Bool

    public var isEmpty: Bool { forvaltninger.isEmpty && policies.isEmpty && !configuration }
}

extension LedgerState {
    /// Expected are every forvaltning of the city and every policy it lists.
    public var unheard: UnheardView {
        UnheardView(
            forvaltninger: (city?.forvaltninger ?? []).map(\.code).filter { publishers[$0] == nil },
            policies: (city?.policies ?? []).filter { !policies.contains($0) },
            configuration: city == nil)
    }
}
