// The plugin of the integration policy: what only it does. The policy itself stands in Config/policies/integration.yaml.
import PluginKit
import PolicyModel

/// Goal 10 is met when at least half of five criteria are; the source does not name the five, so none may be made up here.
struct Rules: PolicyRules {
    let policy = "integration"

    func violation(of policy: Policy) -> Violation? {
        let criteria = policy.indicators.first { $0.target.kind == .atLeastKOfN }
        guard let criteria, criteria.target.of == DecimalText(5) else {
            return Violation(
                rule: "integration.criteria",
                message: "goal 10 counts how many of its five criteria are met: that indicator is missing")
        }
        return nil
    }
}

PolicyPlugin(Rules()).main()
