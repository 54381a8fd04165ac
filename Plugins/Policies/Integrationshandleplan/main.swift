// The plugin of the integration action plan: what only it does. The plan itself stands in Config/policies/integrationshandleplan.yaml.
import PluginKit
import PolicyModel

/// The plan carries out the integration policy, and two of its targets are shares of those that another target counts: the
/// 40 per cent in work or education are of those who have been in a course, not of all who take part (lines 3707-3712), and
/// the half with a private employer are of those matched with a spare-time job (4234-4236). Such a share is held against the
/// figure it is a share of.
struct Rules: PolicyRules {
    let policy = "integrationshandleplan"

    /// By the share's id: what its denominator must be the numerator of.
    private let bases = [
        "integrationshandleplan/bif/virksomhedsindsats-for-ledige/job-eller-uddannelse":
            "integrationshandleplan/bif/virksomhedsindsats-for-ledige/i-forloeb",
        "integrationshandleplan/bif/fritidsjob-til-unge/private-arbejdsgivere":
            "integrationshandleplan/bif/fritidsjob-til-unge/matchet-med-fritidsjob",
    ]

    func violation(of policy: Policy) -> Violation? {
        guard policy.implements == "integration" else {
            return Violation(
                rule: "handleplan.implements", message: "the plan implements the integration policy: say so")
        }
        let known = Set(policy.annualTargets.map(\.id))
        if let lost = bases.flatMap({ [$0.key, $0.value] }).sorted().first(where: { !known.contains($0) }) {
            return Violation(
                rule: "handleplan.share", message: "the annual target \(lost), which a share hangs on, is missing")
        }
        let baseless = policy.annualTargets.first { $0.unit == .percent && $0.base == nil }
        return baseless.map {
            Violation(rule: "handleplan.base", message: "annual target \($0.id) is a percentage without its base")
        }
    }

    func attainment(_ facts: MeasureFacts) -> Attainment {
        guard let base = bases[facts.id],
            case .number(_, let part?, let whole?) = facts.actual?.reading.value
        else { return facts.general }
        switch facts.companion(base)?.value {
        case .number(let share, let over?, let under?):
            guard over == whole else {
                return Attainment(
                    .cannotBeJudged,
                    LocalizedText(
                        da:
                            "\(part.text(in: .danish)) af \(whole.text(in: .danish)), men \(base) tæller \(over.text(in: .danish)): andelen er af noget andet.",
                        en:
                            "\(part.text(in: .english)) of \(whole.text(in: .english)), but \(base) counts \(over.text(in: .english)): the share is of something else."
                    ))
            }
            return facts.general.adding(
                da:
                    "De \(whole.text(in: .danish)) er \(share.text(in: .danish)) pct. af \(under.text(in: .danish)); de \(part.text(in: .danish)) er altså en andel af en andel.",
                en:
                    "The \(whole.text(in: .english)) are \(share.text(in: .english)) per cent of \(under.text(in: .english)); the \(part.text(in: .english)) are thus a share of a share."
            )
        case .suppressed:
            return Attainment(
                .cannotBeJudged,
                LocalizedText(
                    da: "Det, andelen er af (\(base)), er for lille til at blive vist.",
                    en: "What the share is of (\(base)) is too small to be shown."))
        default:
            return facts.general.adding(
                da: "Det, andelen er af (\(base)), er ikke opgivet for samme periode; nævneren er ikke efterset.",
                en:
                    "What the share is of (\(base)) is not reported for the same period; the denominator is not checked."
            )
        }
    }
}

PolicyPlugin(Rules()).main()
