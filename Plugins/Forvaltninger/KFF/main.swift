// The node of Kultur- og Fritidsforvaltningen: what only it does. Its initiatives stand in Config/forvaltninger/KFF.
import PluginKit
import PolicyModel

/// KFF does not register the country of origin of those who take part (integration policy, footnote 7), so it can state
/// no figure broken down by it.
struct Rules: NodeRules {
    let forvaltning = "KFF"

    func violation(of initiative: Initiative) -> Violation? {
        let figure = initiative.figures.first { $0.what.da.lowercased().contains("oprindelse") }
        return figure.map {
            Violation(
                rule: "kff.country_of_origin",
                message:
                    "\(initiative.id): “\($0.what.da)”: KFF does not register country of origin, and can state no figure by it"
            )
        }
    }

    func violation(of reading: Reading) -> Violation? {
        guard let dimension = reading.breakdown?.dimension, ["oprindelsesland", "herkomst"].contains(dimension) else {
            return nil
        }
        return Violation(
            rule: "kff.country_of_origin",
            message:
                "\(reading.about) by \(dimension): KFF does not register country of origin (integration policy, footnote 7), so it has no such figure. Report the whole, without a breakdown"
        )
    }
}

Node(Rules()).main()
