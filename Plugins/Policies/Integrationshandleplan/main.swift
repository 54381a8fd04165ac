// The plugin of the integration action plan: what only it does. The plan itself stands in Config/policies/integrationshandleplan.yaml.
import PluginKit
import PolicyModel

/// The plan carries out the integration policy, and two of its targets are shares of what another target counts: such a
/// share without its base says nothing.
struct Rules: PolicyRules {
    let policy = "integrationshandleplan"

    func violation(of policy: Policy) -> Violation? {
        guard policy.implements == "integration" else {
            return Violation(
                rule: "handleplan.implements", message: "the plan implements the integration policy: say so")
        }
        let baseless = policy.annualTargets.first { $0.unit == .percent && $0.base == nil }
        return baseless.map {
            Violation(rule: "handleplan.base", message: "annual target \($0.id) is a percentage without its base")
        }
    }
}

PolicyPlugin(Rules()).main()
