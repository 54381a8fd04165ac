// The plugin of the LGBTI+ policy: what only it does. The policy itself stands in Config/policies/lgbti.yaml.
import PluginKit
import PolicyModel

/// The policy asks for a status at each year's end and, at its own end, for an evaluation that involves interest
/// organisations (lines 1131-1151): a definition without a final follow-up that consults someone has lost it.
struct Rules: PolicyRules {
    let policy = "lgbti"

    func violation(of policy: Policy) -> Violation? {
        let final = policy.followUps.first { $0.kind == .final }
        guard let final, !final.consulted.isEmpty else {
            return Violation(
                rule: "lgbti.final", message: "the final follow-up, which consults interest organisations, is missing")
        }
        return nil
    }
}

PolicyPlugin(Rules()).main()
