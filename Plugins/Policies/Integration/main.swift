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

    func attainment(_ facts: MeasureFacts) -> Attainment {
        guard case .indicator(let indicator) = facts.measure, indicator.target.kind == .atLeastKOfN,
            let count = facts.actual?.reading.value.number
        else { return facts.general }
        let criteria = indicator.criteria ?? []
        guard !criteria.isEmpty else {
            return facts.general.adding(
                da:
                    "De fem kriterier er ikke navngivet i kilden og ikke sat op: tallet kan ikke holdes mod hvert af dem.",
                en:
                    "The source does not name the five criteria and none are configured: the count cannot be held against each."
            )
        }
        let met = criteria.map {
            facts.companion(indicator.id, breakdown: Breakdown(dimension: Breakdown.criterion, category: $0.id))?
                .value.number
        }
        if let missing = zip(criteria, met).first(where: { $0.1 == nil })?.0 {
            return Attainment(
                .cannotBeJudged,
                LocalizedText(
                    da: "\(count) er opgivet, men kriteriet “\(missing.title.da)” er ikke målt for samme periode.",
                    en:
                        "\(count) is reported, but the criterion “\(missing.title[.english])” is not measured for the same period."
                ))
        }
        let counted = met.count { $0 == DecimalText(1) }
        guard count == DecimalText(counted) else {
            return Attainment(
                .cannotBeJudged,
                LocalizedText(
                    da: "\(count) er opgivet, men efter de enkelte kriterier er \(counted) opfyldt.",
                    en: "\(count) is reported, but by the single criteria \(counted) are met."))
        }
        let names = zip(criteria, met).filter { $0.1 == DecimalText(1) }.map(\.0.title)
        return facts.general.adding(
            da: "Opfyldt: \(names.map(\.da).joined(separator: ", ")).",
            en: "Met: \(names.map { $0[.english] }.joined(separator: ", ")).")
    }
}

PolicyPlugin(Rules()).main()
