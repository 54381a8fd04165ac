import Foundation
import PolicyModel
import Testing

@testable import Catalogue

/// One way to break a file of the sample: `old` becomes `new`, and the problem is expected in the line of `at`.
struct Breakage: Sendable, CustomTestStringConvertible {
    let file: String
    let old: String
    let new: String
    /// The text whose first line in the broken file has the problem; `new` if nil.
    let at: String?
    let message: String
    let fix: String
    /// How many problems it makes: one, but where another thing in the file hangs on the broken one.
    let count: Int

    init(
        _ file: String, _ old: String, _ new: String, at: String? = nil, _ message: String, fix: String = "",
        count: Int = 1
    ) {
        (self.file, self.old, self.new, self.at, self.message, self.fix) = (file, old, new, at, message, fix)
        self.count = count
    }

    var testDescription: String { "\(file): \(message)" }

    /// Breaks `files` so, and expects the problem in what `problems` finds (default: reading all, up to the first file
    /// that is broken).
    func expect(
        in files: [String: String], finding: (TemporaryConfiguration) -> [CatalogueProblem] = { $0.problems() }
    ) throws {
        let good = try #require(files[file])
        let text = good.replacing(old, with: new, maxReplacements: 1)
        #expect(text != good, "the sample no longer has “\(old)”")
        let mark = try #require(text.range(of: at ?? new))
        let line = text[..<mark.lowerBound].count(where: \.isNewline) + 1
        let sample = try TemporaryConfiguration(files.merging([file: text], uniquingKeysWith: { $1 }))
        let problems = finding(sample)
        let problem = try #require(problems.first { $0.message.contains(message) }, "\(problems)")
        #expect(problem.place == Place(file: "\(sample.configuration.path)/\(file)", line: line))
        #expect(fix.isEmpty || problem.remedy.contains(fix), "\(problem)")
        #expect(problems.count == count, "\(CatalogueError(problems: problems))")
    }
}

private let node = "forvaltninger/BIF/lgbti.yaml"
private let policy = "policies/lgbti.yaml"

struct BrokenConfigurationTests {
    static let yaml = [
        Breakage(
            node, "kind: marked", "knid: marked", "initiative `tryg-indkvartering`: unknown key `knid`", fix: "`kind`"),
        Breakage(
            node, "purpose:", "colour: red\n    purpose:", at: "colour: red", "unknown key `colour`",
            fix: "known keys"),
        Breakage(
            node, "    mandate: proposed\n", "    mandate: proposed\n    kind: pool\n", at: "kind: pool",
            "`kind` stands twice, first in line 5"),
        Breakage(node, "{from: 2018, until: 2018}", "{from: 2018, from: 2018}", "`from` stands twice"),
        Breakage(node, "    kind: marked\n", "", at: "id: tryg", "`kind` is missing", fix: "add `kind: …`"),
        Breakage(node, "{da: Tryg indkvartering,", "{", at: "title: { en", "`title`: `da` is missing"),
        Breakage(
            node, "section: Flygtninge med LGBTI+ baggrund", "section:", "`section`: is empty", fix: "write the text"),
        Breakage(node, "section: Flygtninge med LGBTI+ baggrund", "section: '  '", "`section`: is empty"),
        Breakage(
            node, "section: Flygtninge med LGBTI+ baggrund", "section: ~", "which means nothing",
            fix: "leave the key out"),
        Breakage(node, "title: {da: no}", "title: no", "`title`: is a text, where there should be keys and values"),
        Breakage(node, "partners: [LGBT Danmark]", "partners: LGBT Danmark", "is a text, where there should be a list"),
        Breakage(node, "partners: [LGBT Danmark]", "partners:", "`partners`: is empty, where there should be a list"),
        Breakage(node, "partners: [LGBT Danmark]", "partners: [A, A]", "`partners[2]`: “A” stands there already"),
        Breakage(node, "section: Flygtninge", "section: [Flygtninge", at: "section_lines", "broken YAML"),
        Breakage(node, "title: {da: no}", "title: {da: &x no, en: *x}", "`*x` refers to `&x`", fix: "write out"),
        Breakage(node, "    kind: marked", "\tkind: marked", "broken YAML", fix: "never tabs"),
        Breakage(
            node, "section: Flygtninge med", "section: Flygtninge: med", "mapping values are not allowed",
            fix: "quote"),
        Breakage(node, "LGBT Danmark", "LGBT\u{7}", "broken YAML: control characters are not allowed"),
        Breakage(node, "policy: lgbti", "---\npolicy: lgbti\n---", at: "---\ndocument", "found another document"),
    ]

    static let values = [
        Breakage(
            node, "kind: marked", "kind: makred", "“makred” is none of the words allowed: marked, commitment",
            fix: "`marked`"),
        Breakage(
            node, "title_basis: printed", "title_basis: configured", "none of the words allowed: printed, derived"),
        Breakage(
            node, "state: requires_separate_funding", "state: none",
            "funded, within_budget, requires_separate_funding"),
        Breakage(node, "id: uden-penge", "id: Uden penge", "“Uden penge” is no id", fix: "a-z, 0-9"),
        Breakage(node, "id: uden-penge", "id: uden--penge", "“uden--penge” is no id"),
        Breakage(
            node, "id: uden-penge", "id: tryg-indkvartering", at: "id: tryg-indkvartering\n    kind: running",
            "stands already at"),
        Breakage(node, "goals: [lgbti/maal]", "goals: [handicap/maal]", "does not begin with `lgbti/`"),
        Breakage(
            node, "target_groups: [flygtninge]", "target_groups: [flygtning]", "no target group known",
            fix: "`flygtninge`"),
        Breakage(node, "themes: [bolig]", "themes: [bolg]", "no theme known", fix: "`bolig`"),
        Breakage(node, "places: [Valby]", "places: [Valby, Valby]", "“Valby” stands there already"),
        Breakage(
            node, "measure: medarbejdere", "measure: medarbejder", "no measure known", fix: "`medarbejdere`"),
        Breakage(
            node, "        measure: medarbejdere\n", "", at: "period: 2018\n        printed",
            "`period` goes with `measure` only"),
        Breakage(node, "involved: [OKF]", "involved: [XYZ]", "“XYZ” is no forvaltning known", fix: "ØKF, BIF"),
        Breakage(node, "involved: [OKF]", "involved: [BIF]", "“BIF” owns the initiative"),
        Breakage(node, "proposed_to: BIU", "proposed_to: BR", "“BR” is no committee known", fix: "BIU, ØU"),
        Breakage(node, "    proposed_to: BIU\n", "", at: "mandate: proposed", "“proposed” without `proposed_to`"),
        Breakage(
            node, "mandate: proposed", "mandate: decided", at: "proposed_to", "goes with `mandate: proposed` only"),
        Breakage(
            node, "document: lgbti-politik", "document: lgbt-politik", "no document known", fix: "write `lgbti-politik`"
        ),
        Breakage(node, "policy: lgbti", "policy: handicap", "“handicap” is not the name of the file"),
        Breakage(node, "lines: 301", "lines: 10-5", "“10-5” is no lines of a document", fix: "158-167"),
        Breakage(node, "lines: 301", "lines: 301 til 302", "is no lines of a document"),
        Breakage(node, "lines: 301", "lines: 301,", "“” is no lines of a document"),
        Breakage(
            node, "lines: 301", "lines: 1150-1158", "lines 1150-1158 are not within document “lgbti-politik”, 1-1157"),
        Breakage(node, "value: \"2000\"", "value: mange", "`figures[1].value`: figure not a number: “mange”"),
        Breakage(node, "value: \"2000\"", "value: 2.000", "where it stands between thousands", fix: "write 2000"),
        Breakage(node, "{from: 2018, until: 2018}", "{from: 2018, until: 2018-13}", "“2018-13” is no date"),
        Breakage(node, "{from: 2018, until: 2018}", "{from: 2019-02, until: 2019-01}", "“2019-02” is after `until`"),
        Breakage(node, "from: 2019\n", "from: 2020\n", "is after `until`, “2019-12”"),
        Breakage(
            node, "        printed: forudsætter",
            "        printed: a\n        lines: 1\n      - state: requires_separate_funding\n        from: 2019\n"
                + "        printed: forudsætter",
            at: "state: requires_separate_funding\n        from: 2019\n        printed: forudsætter",
            "the same `state` and `from` stand already at"),
        Breakage(
            node, "- state: requires_separate_funding", "- state: no_remark", at: "printed: forudsætter",
            "has no printed words"),
        Breakage(node, "lgbti/okf/andet", "lgbti/bif/tryg-indkvartering", "links to itself"),
        Breakage(policy, "id: lgbti\n", "id: lgbt\n", "is not the name of the file", fix: "`lgbti`"),
        Breakage(
            policy, "owner: borgerraadgiveren", "owner: OKF", "is a forvaltning", fix: "forvaltninger/OKF/lgbti.yaml"),
        Breakage(
            policy, "owner: borgerraadgiveren", "owner: radgiver", "is no body known here", fix: "borgerraadgiveren"),
        Breakage(policy, "parent: lgbti/vision", "parent: lgbti/maal", "run in a circle: lgbti/maal → lgbti/maal"),
        Breakage(
            policy, "parent: lgbti/vision", "parent: lgbti/visionen", "is no goal known here", fix: "`lgbti/vision`"),
        Breakage(
            policy, "goals: [lgbti/maal]", "goals: [lgbti/mal]", "initiative `raadgivning`, `goals[1]`: “lgbti/mal”"),
        Breakage(
            policy, "id: lgbti/maal", "id: lgbti/vision", at: "id: lgbti/vision\n    kind: goal", "stands already at",
            count: 2),
        Breakage(
            policy, "id: lgbti/opening", "id: lgbti/start", at: "  - id: lgbti/start", "there is no `lgbti/opening`"),
        Breakage(policy, "kind: opening", "kind: annual", "is of kind “annual”", fix: "`opening`"),
        Breakage(policy, "id: lgbti/2019", "id: handicap/2019", "does not begin with `lgbti/`"),
        Breakage(
            policy, "id: lgbti/2019", "id: lgbti/opening", at: "- id: lgbti/opening\n    kind: annual",
            "follow-up “lgbti/opening” stands already", count: 2),
        Breakage(policy, "opens: {date: 2019-12,", "opens: {date: 2020,", "“2020” is after `due`"),
        Breakage(policy, "public: true", "public: yes", "none of the words allowed: true, false"),
        Breakage(
            policy, "owed_by_basis: derived", "owed_by_basis: not_named_in_source",
            at: "owed_by_basis: not_named_in_source\n    goes_to: [ØU]", "goes with no names"),
        Breakage(policy, "coordinator: OKF", "coordinator: BR", "is no forvaltning known here"),
        Breakage("pejling.yaml", "suppression_threshold: 5", "suppression_threshold: 0", "no whole number from 1"),
        Breakage("pejling.yaml", ", en: City of Copenhagen", "", at: "name:", "`en` is missing"),
        Breakage("pejling.yaml", "policies: [lgbti]", "policies: [LGBTI]", "“LGBTI” is no id"),
        Breakage("forvaltninger.yaml", "committee: BIU", "committee: BR", "no committee known", fix: "BIU, ØU"),
        Breakage("forvaltninger.yaml", "key: BIF", "key: ØKF", "cannot name files"),
        Breakage(
            "forvaltninger.yaml", "code: BIF", "code: ØKF", at: "code: ØKF, key: BIF",
            "the forvaltning “ØKF” stands already at"),
        Breakage("bodies.yaml", "id: BR", "id: B R", "cannot stand in ids"),
        Breakage(
            "bodies.yaml", "id: BR", "id: BIU", at: "id: BIU, kind: council",
            "the body, in lower case, “biu” stands already at"),
        Breakage("documents.yaml", "sha256: 2a", "sha256: 2A", "is no SHA-256", fix: "sha256sum"),
        Breakage("documents.yaml", "file: source.txt", "file: ../source.txt", "is not the name of a file"),
        Breakage("documents.yaml", "lines: 1-1157", "lines: 1-5, 7-9", "one stretch of lines"),
        Breakage("themes.yaml", "id: bolig", "id: Bolig", "“Bolig” is no id"),
        Breakage("measures.yaml", "population: {da: Alle, en: All}", "population: {da: Alle}", "`en` is missing"),
        Breakage("target-groups.yaml", "id: flygtninge", "id: Flygtninge", "“Flygtninge” is no id"),
    ]

    @Test("what is broken is named with its file, its line and the way out", arguments: yaml + values)
    func broken(_ breakage: Breakage) throws {
        try breakage.expect(in: Sample.files)
    }

    @Test("a description is file, line, message and remedy")
    func description() {
        let problem = CatalogueProblem(
            place: Place(file: "Config/a.yaml", line: 3), message: "it is so", remedy: "do this")
        #expect(problem.description == "Config/a.yaml:3: it is so. To fix: do this")
        #expect(CatalogueError(problems: [problem, problem]).description == "\(problem)\n\(problem)")
    }
}
