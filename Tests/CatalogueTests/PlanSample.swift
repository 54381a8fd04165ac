/// A second policy beside `Sample`'s: a plan that carries it out, with indicators, annual targets and money, over two
/// nodes and a body.
enum PlanSample {
    static let files = Sample.files.merging(
        [
            "pejling.yaml": Sample.files["pejling.yaml", default: ""].replacing("[lgbti]", with: "[lgbti, plan]"),
            "policies/plan.yaml": plan,
            "forvaltninger/BIF/plan.yaml": bif,
            "forvaltninger/OKF/plan.yaml": okf,
            // The first sample's node links to what another node may yet publish.
            "forvaltninger/BIF/lgbti.yaml": Sample.node.replacing("lgbti/okf/andet", with: "lgbti/maal"),
        ], uniquingKeysWith: { $1 })

    /// With what was decided about two targets later.
    static let revised = files.merging(
        ["policies/plan.yaml": plan.replacing("follow_ups:", with: revisions + "\nfollow_ups:")],
        uniquingKeysWith: { $1 })

    private static let revisions = """
        target_revisions:
          - about: plan/bif/indsats/deltagere
            value: "300"
            from_year: 2021
            reason: {da: Erfaringen}
            decision: BIU
            decided: 2020-12-01
          - about: plan/andel
            target: {kind: percentage_points, value: "-2", printed: falder 2 procentpoint, lines: 23}
            reason: {da: Erfaringen}
            decision: BIU
            decided: 2020-12-01
        """

    static let plan = """
        id: plan
        document: lgbti-politik
        lines: 1-1157
        title: {da: Planen}
        period: {from: 2019, until: 2022, printed: Planen 2019-22, lines: 2}
        implements: lgbti
        coordinator: BIF
        coordinator_basis: derived
        bodies: [BIU]
        derivations:
          coordinator: {da: Udvalget er nævnt}
        goals:
          - id: plan/maal
            kind: goal
            title: {da: Målet}
            title_basis: derived
            bodies: [BIU]
            bodies_basis: derived
            forvaltninger: [BIF]
            forvaltninger_basis: derived
            derivation: {da: Følger af kapitlet}
            lines: 10
          - id: plan/delmaal
            kind: goal
            parent: plan/maal
            title: {da: Delmålet}
            title_basis: derived
            forvaltninger: []
            forvaltninger_basis: not_named_in_source
            lines: 11
        indicators:
          - id: plan/andel
            goal: plan/maal
            title: {da: Andelen}
            title_basis: derived
            unit: percent
            population: {da: Alle børn}
            direction: down
            direction_basis: derived
            reporters: [BIF]
            reporters_basis: derived
            derivation: {da: Følger af målet}
            baselines:
              - value: "82"
                numerator: "46"
                denominator: "56"
                printed: 82 pct. (46 af 56)
                lines: 20
            target:
              kind: percentage_points
              value: "-3"
              base_year: 2018
              year: 2022
              printed: faldet med 3 procentpoint
              lines: 21
            lines: 19-22
          - id: plan/kriterier
            goal: plan/maal
            title: {da: Opfyldte kriterier}
            title_basis: derived
            unit: count
            population: {da: De fem kriterier}
            direction: up
            direction_basis: derived
            reporters: []
            reporters_basis: not_named_in_source
            baselines: [{status: missing, due: 2019, printed: måles i 2019, lines: 30}]
            target: {kind: at_least_k_of_n, value: "3", of: "5", printed: mindst tre af de fem, lines: 31}
            lines: 30-31
        annual_targets:
          - id: deltagere
            initiative: plan/bif/indsats
            what: {da: Ledige i indsatsen}
            comparator: at_least
            value: "350"
            unit: persons
            from_year: 2019
            to_year: 2022
            printed: mindst 350 ledige
            lines: 40
          - id: i-job
            initiative: plan/bif/indsats
            what: {da: Deltagere i job}
            comparator: stated
            value: "40"
            unit: percent
            base: {da: Deltagerne}
            printed: 40 pct.
            lines: 41
        follow_ups:
          - id: plan/opening
            kind: opening
            title: {da: Udgangspunktet}
            title_basis: derived
            owed_by: []
            owed_by_basis: not_named_in_source
            goes_to: []
            public: false
            lines: 1-1157
          - id: plan/2020
            kind: annual
            title: {da: Status}
            title_basis: derived
            due: {date: 2020, basis: printed}
            owed_by: [BIF]
            owed_by_basis: derived
            goes_to: [BIU]
            goes_to_basis: derived
            public: false
            note: {da: Udledt af målet}
            lines: 70
        stated_budgets:
          - {year: 2019, planned_dkk: "3000000", printed: I alt 3.000, lines: 50}
          - {year: 2020, planned_dkk: "2000000", printed: I alt 2.000, lines: 51}
        links:
          - {to: lgbti/maal, kind: implements, evidence: {da: Teksten siger det}, lines: 60}
          - {to: kommuneplan, kind: refers_to, evidence: {da: Teksten siger det}, lines: 61}
        initiatives:
          - id: hotline
            owner: borgerraadgiveren
            kind: commitment
            mandate: decided
            title: {da: Hotline}
            title_basis: derived
            section: Indsatser
            section_lines: 80
            lines: 81
            purpose: {da: Råd}
            goals: [plan/maal]
            funding:
              - state: funded
                budgets: [{year: 2019, planned_dkk: "500000"}]
                printed: Hotline 500
                lines: 82
        """

    static let bif = """
        policy: plan
        document: lgbti-politik
        initiatives:
          - id: indsats
            kind: commitment
            mandate: decided
            title: {da: Indsats}
            title_basis: derived
            section: Indsatser
            section_lines: 80
            lines: 90
            purpose: {da: Hjælp}
            goals: [plan/maal]
            links:
              - {to: plan/bif/anden, kind: depends_on, evidence: {da: Teksten siger det}, lines: 90}
              - {to: plan/okf/bidrag, kind: refers_to, evidence: {da: Teksten siger det}, lines: 90}
            funding:
              - state: funded
                budgets:
                  - {year: 2019, planned_dkk: "2000000"}
                  - {year: 2020, planned_dkk: "2000000"}
                printed: Indsats 2.000 2.000
                lines: 91
          - id: anden
            kind: running_effort
            mandate: decided
            title: {da: Anden}
            title_basis: derived
            section: Indsatser
            section_lines: 80
            lines: 92
            purpose: {da: Mere hjælp}
        """

    static let okf = """
        policy: plan
        document: lgbti-politik
        owner_basis: derived
        derivations:
          owner: {da: Planen nævner ingen}
        initiatives:
          - id: bidrag
            kind: commitment
            mandate: decided
            title: {da: Bidrag}
            title_basis: derived
            section: Indsatser
            section_lines: 80
            lines: 93
            purpose: {da: Penge}
            funding:
              - state: funded
                budgets: [{year: 2019, planned_dkk: "500000"}]
                printed: Bidrag 500
                lines: 94
        """
}
