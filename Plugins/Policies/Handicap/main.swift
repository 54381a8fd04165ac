// The plugin of the disability policy: what only it does. The policy itself stands in Config/policies/handicap.yaml.
import PluginKit
import PolicyModel

/// The policy names nobody who answers for its objectives: whoever is named here would be our invention, unless derived and
/// marked so (sources: lines 1434-1690).
struct Rules: PolicyRules {
    let policy = "handicap"

    func violation(of policy: Policy) -> Violation? {
        let named = policy.goals.first { $0.kind == .objective && $0.forvaltningerBasis == .printed }
        return named.map {
            Violation(
                rule: "handicap.owner",
                message: "objective \($0.id): the source names no forvaltning that answers for it")
        }
    }
}

PolicyPlugin(Rules()).main()
