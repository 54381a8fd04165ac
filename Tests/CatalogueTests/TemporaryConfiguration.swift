import Foundation
import PolicyModel

@testable import Catalogue

/// A configuration in a temporary folder, removed with the last reference. Begins as `Sample`; tests change one file of
/// it.
final class TemporaryConfiguration {
    let folder: URL
    var configuration: ConfigurationFolder { ConfigurationFolder(folder.path + "/Config") }

    init(_ changed: [String: String] = [:], without missing: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("pejling-\(UUID().uuidString)")
        for (path, text) in Sample.files.merging(changed, uniquingKeysWith: { $1 }) where !missing.contains(path) {
            try write(Data(text.utf8), to: "Config/\(path)")
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ data: Data, to path: String) throws {
        let url = folder.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    /// Reads everything, as a whole city would; the first reading that fails is the error.
    func readAll() throws(CatalogueError) {
        let city = try configuration.city()
        for id in city.policies { _ = try configuration.policy(id, in: city) }
        for forvaltning in city.forvaltninger { _ = try configuration.node(forvaltning, in: city) }
    }

    /// The problems of reading everything; empty when all is well.
    func problems() -> [CatalogueProblem] {
        do { try readAll() } catch { return error.problems }
        return []
    }
}

extension TemporaryConfiguration {
    /// Everything, with all that is wrong with it.
    func whole() -> WholeConfiguration { withExtendedLifetime(self) { configuration.whole() } }
}

/// The examples of Docs/configuration.md, put together to a city of two forvaltninger.
enum Sample {
    static let files = [
        "pejling.yaml": """
        name: {da: Københavns Kommune, en: City of Copenhagen}
        suppression_threshold: 5       # counts below are suppressed before they leave a node
        policies: [lgbti]
        """,
        "forvaltninger.yaml": """
        - {code: ØKF, key: OKF, committee: ØU, name: {da: Økonomiforvaltningen, en: Finance Administration}}
        - {code: BIF, key: BIF, committee: BIU, name: {da: BIF da, en: BIF en}}
        """,
        "bodies.yaml": """
        - {id: BIU, kind: committee, name: {da: BIU da, en: BIU en}}
        - {id: ØU, kind: committee, name: {da: ØU da, en: ØU en}}
        - {id: BR, kind: council, name: {da: BR da, en: BR en}}
        - {id: borgerraadgiveren, kind: outside_body, name: {da: Borgerrådgiveren, en: Citizens' Adviser}}
        """,
        "target-groups.yaml": "- {id: flygtninge, name: {da: Flygtninge, en: Refugees}}\n",
        "themes.yaml": "- {id: bolig, name: {da: Bolig, en: Housing}}\n",
        "measures.yaml": """
        - id: medarbejdere
          name: {da: Medarbejdere, en: Employees}
          population: {da: Alle, en: All}
          note: {da: Vores læsning, en: Our reading}
          budget_unit_dkk: "1000"
        """,
        "documents.yaml": """
        - id: lgbti-politik
          file: source.txt
          title: {da: Politikken, en: The policy}
          lines: 1-1157
          sha256: 2a8f6ad5228061707f1479bd7a99d9c7a62d7668cc78100acb85567c4f1f1b15
        """,
        "policies/lgbti.yaml": policy,
        "forvaltninger/BIF/lgbti.yaml": node,
        "forvaltninger/OKF/README.md": "Only *.yaml is read.\n",
    ]

    static let policy = """
        id: lgbti
        document: lgbti-politik
        lines: 1-1157
        title: {da: En ligeværdig del}
        period: {until: 2023-12-31, printed: udløber ved udgangen af 2023, lines: 1141}
        coordinator: OKF
        coordinator_basis: printed
        bodies: [ØU, BR]
        goals:
          - id: lgbti/vision
            kind: vision
            title: {da: Visionen, en: The vision}
            title_basis: printed
            forvaltninger: [BIF, ØKF]
            forvaltninger_basis: printed
            lines: 71-74
          - id: lgbti/maal
            kind: goal
            parent: lgbti/vision
            title: {da: Målet}
            title_basis: derived
            bodies: [BIU]
            forvaltninger_basis: not_named_in_source
            lines: 76
        follow_ups:
          - id: lgbti/opening
            kind: opening
            title: {da: Udgangspunktet}
            title_basis: derived
            owed_by: []
            owed_by_basis: not_named_in_source
            goes_to: []
            public: false
            lines: 1-1157
          - id: lgbti/2019
            kind: annual
            title: {da: Status 2019, en: Status 2019}
            title_basis: printed
            opens: {date: 2019-12, basis: derived}
            due: {date: 2019-12-31, basis: derived}
            recurrence: {da: Hvert år}
            owed_by: [BIF]
            owed_by_basis: derived
            goes_to: [ØU]
            public: true
            consulted: [{da: Organisationer}]
            condition: open
            note: {da: Udledt}
            lines: 1131-1139
        figures:
          - what: {da: Ansatte}
            value: "45000"
            printed: 45.000 ansatte
            lines: 20
        initiatives:
          - id: raadgivning
            owner: borgerraadgiveren
            kind: commitment
            mandate: decided
            title: {da: Rådgivning}
            title_basis: derived
            section: Borgerrådgiveren
            section_lines: 1000
            lines: 1001-1003
            purpose: {da: Råd til borgere.}
            goals: [lgbti/maal]
        """

    static let node = """
        policy: lgbti
        document: lgbti-politik
        initiatives:
          - id: tryg-indkvartering
            kind: marked
            mandate: proposed
            proposed_to: BIU
            proposal: {da: En del, en: A part}
            title: {da: Tryg indkvartering, en: Safe accommodation}
            title_basis: printed
            section: Flygtninge med LGBTI+ baggrund
            section_lines: 169
            lines: 173-177, 186-188
            purpose: {da: Vores ord, en: Our words}
            goals: [lgbti/maal]
            target_groups: [flygtninge]
            partners: [LGBT Danmark]
            places: [Valby]
            themes: [bolig]
            involved: [OKF]
            period: {from: 2018, until: 2018}
            figures:
              - what: {da: medarbejdere, en: employees}
                value: "2000"
                qualifier: ca.
                measure: medarbejdere
                period: 2018
                printed: ca. 2.000 medarbejdere
                lines: 651
            links:
              - {to: lgbti/okf/andet, kind: refers_to, evidence: {da: Teksten siger det}, lines: 186-188}
            funding:
              - state: requires_separate_funding
                from: 2019
                until: 2019-12
                printed: forudsætter særskilt finansiering
                lines: 232-233
            status:
              delivery: completed
              delivery_basis: derived
              done: {da: Gjort, en: Done}
              printed: har i 2018
              lines: 243-245
          - id: uden-penge
            kind: running_effort
            mandate: decided
            title: {da: no}
            title_basis: derived
            section: "1.0"
            section_lines: 300
            lines: 301
            purpose: {da: 2019, en: on}
        """
}
