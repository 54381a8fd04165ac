import Foundation
import PolicyModel
import Testing

@testable import Catalogue

private let plan = "policies/plan.yaml"
private let lgbti = "policies/lgbti.yaml"
private let okf = "forvaltninger/OKF/plan.yaml"

/// Titles and responsibilities: printed in the lines cited, or derived and from what.
struct EvidenceTests {
    static let breakages = [
        Breakage(
            plan, "    title_basis: derived\n", "", at: "id: plan/maal", "goal `plan/maal`: `title_basis` is missing"),
        Breakage(
            lgbti, "title: {da: Status 2019, en: Status 2019}\n    title_basis: printed\n",
            "title: {da: Status 2019, en: Status 2019}\n", at: "id: lgbti/2019",
            "follow-up `lgbti/2019`: `title_basis` is missing"),
        Breakage(
            plan, "forvaltninger_basis: not_named_in_source", "forvaltninger_basis: printed",
            "goal `plan/delmaal`, `forvaltninger_basis`: “printed”, and `forvaltninger` names nobody",
            fix: "not_named_in_source"),
        Breakage(
            plan, "    forvaltninger: []\n    forvaltninger_basis: not_named_in_source\n", "", at: "id: plan/delmaal",
            "goal `plan/delmaal`: `forvaltninger_basis` is missing"),
        Breakage(
            plan, "reporters_basis: not_named_in_source", "reporters_basis: configured", "`reporters` names nobody"),
        Breakage(
            plan, "owed_by_basis: not_named_in_source", "owed_by_basis: derived", "`owed_by` names nobody"),
        Breakage(
            plan, "    derivation: {da: Følger af kapitlet}\n", "", at: "derived\n    forvaltninger: [BIF]",
            "goal `plan/maal`, `bodies_basis`: `bodies` is derived, and nothing says from what",
            fix: "add `derivation: {da: …}` here", count: 2),
        Breakage(
            plan, "    derivation: {da: Følger af målet}\n", "", at: "derived\n    baselines",
            "`reporters` is derived, and nothing says from what", fix: "under `derivations`"),
        Breakage(
            plan, "    note: {da: Udledt af målet}\n", "", at: "derived\n    public: false\n    lines: 70",
            "follow-up `plan/2020`, `goes_to_basis`: `goes_to` is derived", fix: "`note: {da: …}` here", count: 2),
        Breakage(
            plan, "  coordinator: {da: Udvalget er nævnt}", "  owed_by: {da: Udvalget er nævnt}",
            at: "derived\nbodies", "policy `plan`, `coordinator_basis`: `coordinator` is derived",
            fix: "add `coordinator: {da: …}` under"),
        Breakage(plan, "  coordinator: {da: Udv", "  koordinator: {da: Udv", "unknown key `koordinator`", count: 2),
        Breakage(
            plan, "coordinator_basis: derived", "coordinator_basis: not_named_in_source",
            "“not_named_in_source” is none of the words allowed"),
        Breakage(
            okf, "derivations:\n  owner: {da: Planen nævner ingen}\n", "", at: "id: bidrag",
            "initiative `bidrag`: `owner` is derived, and nothing says from what"),
        Breakage(
            "bodies.yaml", "name: {da: BR da, en: BR en}", "printed_as: BR, name: {da: BR da, en: BR en}",
            at: "BR, name",
            "printed_as`: is a text, where there should be a list"),
    ]

    @Test("what says neither that it is printed nor from what it is derived is refused", arguments: breakages)
    func refused(_ breakage: Breakage) throws { try breakage.expect(in: PlanSample.files) }

    /// The citations of responsibilities in the first policy and its node, by what they name.
    private func citations(_ changed: [String: String] = [:]) throws -> [Citation] {
        try TemporaryConfiguration(PlanSample.files.merging(changed, uniquingKeysWith: { $1 })).whole()
            .citations.filter { $0.kind == .responsibility }
    }

    @Test("a responsibility that is derived, configured or of nobody cites nothing")
    func derived() throws {
        #expect(try citations().filter { $0.place.file.hasSuffix(okf) }.isEmpty)
        let inPlan = try citations().filter { $0.place.file.hasSuffix(plan) }
        #expect(inPlan.compactMap(\.named) == ["BIU", "borgerraadgiveren"])
        let whole = try TemporaryConfiguration(PlanSample.files).whole()
        // In the plan: coordinator, a goal's body and forvaltning, a reporter, a follow-up's two; an owner; and in the
        // first policy who owes a status.
        #expect(whole.derivedResponsibilities == 8)
        let configured = Sample.policy.replacing("coordinator_basis: printed", with: "coordinator_basis: configured")
        let places = try citations([lgbti: configured]).map(\.name)
        #expect(!places.contains("policy `lgbti`, `coordinator`"))
        #expect(try citations().map(\.name).contains("policy `lgbti`, `coordinator`"))
    }

    @Test("an owner stands in its own lines, else where the file says, else in the entry's")
    func ownerLines() throws {
        func owner(_ text: String) throws -> [String] {
            try citations([okf: text]).filter { $0.place.file.hasSuffix(okf) }.map(\.source.reference)
        }
        let plain = PlanSample.okf.replacing(
            "owner_basis: derived\nderivations:\n  owner: {da: Planen nævner ingen}\n", with: "")
        #expect(try owner(plain) == ["source.txt:93-93"])
        let file = plain.replacing("initiatives:", with: "owner_lines: 80\ninitiatives:")
        #expect(try owner(file) == ["source.txt:80-80"])
        #expect(try owner(file.replacing("lines: 93", with: "lines: 93\n    owner_lines: 7")) == ["source.txt:7-7"])
        #expect(
            try owner(file.replacing("lines: 93", with: "lines: 93\n    owner_basis: printed")) == ["source.txt:93-93"])
    }

    static let text = """
        Det siger Økonomiforvaltningen og Børne
        og Ungdomsforvaltningen i
        • flere kommer i job. Kommunen

        """

    /// What is said of `words` in `lines` of that text, with the forms of a configuration.
    private func problems(
        _ kind: Citation.Kind, _ words: String, named: String? = nil, _ lines: Int, forms: String = ""
    ) throws -> [CatalogueProblem] {
        let sample = try TemporaryConfiguration(
            forms.isEmpty
                ? [:]
                : [
                    "forvaltninger.yaml": Sample.files["forvaltninger.yaml", default: ""].replacing(
                        "key: BIF,", with: "key: BIF, printed_as: [\(forms)],")
                ])
        try sample.write(Data(Self.text.utf8), to: "sources/source.txt")
        var city = try sample.configuration.city()
        city.documents = []
        let range = try #require(LineRange(first: 1, last: lines))
        city.documents = [
            Document(
                id: "d", file: "source.txt", title: LocalizedText(da: "D"), lines: range,
                sha256: sha256(Data(Self.text.utf8)))
        ]
        let citation = Citation(
            kind: kind, name: "x", words: words, named: named, source: Source(document: "source.txt", lines: [range]),
            place: Place(file: "Config/x.yaml", line: 7))
        let check = SourceCheck(
            city: city, configuration: sample.configuration, sources: sample.folder.path + "/sources", sha256: sha256)
        let result = check.run([citation])
        #expect(result.checked == [kind: 1])
        return result.problems.filter { $0.place.line == 7 }
    }

    @Test("a name is looked up in the lines, and so are its other printed forms")
    func forms() throws {
        #expect(try problems(.responsibility, "Økonomiforvaltningen", named: "ØKF", 1) == [])
        #expect(try problems(.responsibility, "BIF da", named: "BIF", 2).count == 1)
        #expect(try problems(.responsibility, "BIF da", named: "BIF", 2, forms: "Børne og Ungdomsforvaltningen") == [])
        #expect(
            try problems(.responsibility, "BIF da", named: "ØKF", 2, forms: "Børne og Ungdomsforvaltningen").count == 1)
    }

    @Test("a name that does not stand there is told how it may be true after all")
    func remedy() throws {
        let problem = try #require(try problems(.responsibility, "Socialforvaltningen", named: "ØKF", 1).first)
        #expect(problem.message.contains("“Socialforvaltningen” does not stand in lines 1-1"))
        #expect(problem.remedy.contains("derived, and from what"))
        #expect(problem.remedy.contains("`printed_as`"))
    }

    @Test("a title may begin with a capital that a list does not have; no other letter may differ")
    func titles() throws {
        #expect(try problems(.title, "Flere kommer i job", 3) == [])
        #expect(try problems(.title, "Flere Kommer i job", 3).count == 1)
        #expect(try problems(.figure, "Flere kommer i job", 3).count == 1)
    }
}
