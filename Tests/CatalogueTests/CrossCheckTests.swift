import Foundation
import Testing

@testable import Catalogue

private let plan = "policies/plan.yaml"
private let bif = "forvaltninger/BIF/plan.yaml"
private let okf = "forvaltninger/OKF/plan.yaml"

/// What one file says of another: ids, circles, sums, the policy's period.
struct CrossCheckTests {
    static let links = [
        Breakage(
            plan, "to: lgbti/maal", "to: lgbti/mal", "policy `plan`, `links[1].to`: “lgbti/mal” leads to nothing",
            fix: "write `lgbti/maal`"),
        Breakage(plan, "to: kommuneplan", "to: plan/nej", "“plan/nej” leads to nothing", fix: "that `plan` has"),
        Breakage(plan, "to: kommuneplan", "to: plan/okf/bidraget", "“plan/okf/bidraget” leads to nothing"),
        Breakage(
            plan, "initiative: plan/bif/indsats", "initiative: plan/maal", "`initiative`: “plan/maal” leads to nothing"),
        Breakage(plan, "parent: plan/maal", "parent: plan/målet", "no id", count: 2),
        Breakage(
            bif, "to: plan/bif/anden", "to: plan/bif/andet",
            "initiative `indsats`, `links[1].to`: “plan/bif/andet” leads",
            fix: "write `plan/bif/anden`"),
    ]

    static let circles = [
        Breakage(plan, "implements: lgbti", "implements: plan", "the policy implements itself"),
        Breakage(
            plan, "implements: lgbti", "implements: lgbtx", "“lgbtx” is no policy known here", fix: "write `lgbti`"),
        Breakage(
            plan, "- {to: kommuneplan, kind: refers_to", "- {to: plan, kind: continues", at: "to: plan, kind",
            "“plan” links to itself"),
        Breakage(
            bif, "purpose: {da: Mere hjælp}",
            "purpose: {da: Mere hjælp}\n    links: [{to: plan/bif/indsats, kind: continues, evidence: {da: x}, lines: 92}]",
            at: "to: plan/bif/anden",
            "the links run in a circle: plan/bif/indsats → plan/bif/anden → plan/bif/indsats", fix: "remove the one"),
    ]

    static let period = [
        Breakage(
            plan, "from_year: 2019", "from_year: 2018", "“2018” lies before the policy's period, which begins 2019"),
        Breakage(plan, "to_year: 2022", "to_year: 2102", "“2102” lies after the policy's period, which ends 2022"),
        Breakage(
            plan, "due: {date: 2020,", "due: {date: 2023-01,", at: "{date: 2023-01",
            "follow-up `plan/2020`, `due`: the date",
            fix: "correct the year"),
        Breakage(
            plan, "due: {date: 2020,", "opens: {date: 2018-12-31, basis: derived}\n    due: {date: 2020,",
            at: "{date: 2018", "“2018-12-31” lies before"),
        Breakage(plan, "- {year: 2020, planned", "- {year: 2002, planned", at: "2002", "“2002” lies before"),
        Breakage(
            plan, "[{year: 2019, planned_dkk: \"500000\"}]", "[{year: 2091, planned_dkk: \"500000\"}]", at: "2091",
            "initiative `hotline`, `funding[1].budgets[1].year`: the year “2091” lies after"),
    ]

    static let sums = [
        Breakage(
            plan, "- {year: 2019, planned_dkk: \"3000000\", printed: I alt 3.000",
            "- {year: 2019, planned_dkk: \"3001000\", printed: I alt 3.001", at: "{year: 2019",
            "the budgets of 2019 come to 3000000 DKK, and 3001000 is stated "
                + "(the policy's own file 500000, ØKF 500000, BIF 2000000)", fix: "correct the budget"),
        Breakage(
            plan, "  - {year: 2020, planned_dkk: \"2000000\", printed: I alt 2.000, lines: 51}\n", "",
            at: "- {year: 2019",
            "2020 has budgets, and no total is stated for it"),
        Breakage(
            plan, "- {year: 2020, planned_dkk: \"2000000\"", "- {year: 2019, planned_dkk: \"2000000\"",
            at: "2019, planned_dkk: \"2000000\", printed: I alt 2.000", "the year “2019” stands already at"),
    ]

    @Test("a link to nothing, a circle, a year outside the period, a sum: refused", arguments: links + circles + period)
    func refused(_ breakage: Breakage) throws { try breakage.expect(in: PlanSample.files) }

    @Test("a budget that does not add up to its stated total is refused", arguments: sums)
    func sum(_ breakage: Breakage) throws { try breakage.expect(in: PlanSample.files) }

    @Test("a budget in a node's file that breaks the sum is named at the total, with what each file has")
    func sumOfNodes() throws {
        let text = PlanSample.okf.replacing("500000", with: "400000").replacing("Bidrag 500", with: "Bidrag 400")
        let sample = try TemporaryConfiguration(PlanSample.files.merging([okf: text], uniquingKeysWith: { $1 }))
        let problem = try #require(sample.problems().first)
        #expect(problem.message.contains("come to 2900000 DKK, and 3000000 is stated"))
        #expect(problem.message.contains("ØKF 400000, BIF 2000000"))
        #expect(problem.place.file.hasSuffix(plan))
    }

    @Test(
        "sums are let be where a node's folder is on another machine, or its file is broken", arguments: [true, false])
    func sumUnseen(missing: Bool) throws {
        let broken = PlanSample.okf.replacing("500000", with: "400000").replacing(
            "kind: commitment", with: "kind: comm")
        let sample = try TemporaryConfiguration(
            PlanSample.files.merging([okf: broken], uniquingKeysWith: { $1 }),
            without: missing ? [okf, "forvaltninger/OKF/README.md"] : [])
        let city = try sample.configuration.city()
        #expect(throws: Never.self) { try sample.configuration.policy("plan", in: city) }
    }

    @Test("a year of a node's budget outside the policy's period is refused by the node")
    func nodePeriod() throws {
        let text = PlanSample.bif.replacing("{year: 2020", with: "{year: 2002")
        let sample = try TemporaryConfiguration(PlanSample.files.merging([bif: text], uniquingKeysWith: { $1 }))
        let city = try sample.configuration.city()
        let error = try #require(
            throws: CatalogueError.self
        ) { try sample.configuration.node(#require(city.forvaltning("BIF")), in: city) }
        #expect(error.problems.map(\.place.line) == [21])
        #expect(error.problems.first?.message.contains("“2002” lies before the policy's period") == true)
    }

    @Test("a period's open end holds nothing back")
    func openEnd() throws {
        let text = PlanSample.plan.replacing("until: 2022, printed", with: "printed")
            .replacing("due: {date: 2020,", with: "due: {date: 2031,")
        let sample = try TemporaryConfiguration(PlanSample.files.merging([plan: text], uniquingKeysWith: { $1 }))
        #expect(sample.problems() == [])
    }

    @Test("baselines before the period are history, and allowed")
    func history() throws {
        let text = PlanSample.plan.replacing("numerator: \"46\"", with: "period: 1999\n        numerator: \"46\"")
        let sample = try TemporaryConfiguration(PlanSample.files.merging([plan: text], uniquingKeysWith: { $1 }))
        #expect(sample.problems() == [])
    }

    @Test("a node's link to what another has is not the node's problem: it may yet come; the whole check names it")
    func dangling() throws {
        let text = PlanSample.bif.replacing("plan/okf/bidrag", with: "plan/okf/bidraget")
        let sample = try TemporaryConfiguration(PlanSample.files.merging([bif: text], uniquingKeysWith: { $1 }))
        #expect(sample.problems() == [])
        let problems = sample.whole().problems
        #expect(problems.map(\.place.line) == [16])
        #expect(problems.first?.message.contains("“plan/okf/bidraget” leads to nothing") == true)
    }

    @Test("a node's initiative for a goal that the policy does not have is named by the whole check")
    func goal() throws {
        let text = PlanSample.bif.replacing("goals: [plan/maal]", with: "goals: [plan/mål-1, plan/2020]")
            .replacing("plan/mål-1", with: "plan/maalet")
        let sample = try TemporaryConfiguration(PlanSample.files.merging([bif: text], uniquingKeysWith: { $1 }))
        #expect(
            sample.whole().problems.map(\.message) == [
                "initiative `indsats`, `goals[1]`: “plan/maalet” leads to nothing",
                "initiative `indsats`, `goals[2]`: “plan/2020” leads to nothing",
            ])
    }

    @Test("policies that carry out each other are a circle, named by each")
    func policyCircle() throws {
        let lgbti = Sample.policy.replacing("coordinator: OKF", with: "implements: plan\ncoordinator: OKF")
        let sample = try TemporaryConfiguration(
            PlanSample.files.merging(["policies/lgbti.yaml": lgbti], uniquingKeysWith: { $1 }))
        let city = try sample.configuration.city()
        for id in city.policies {
            let error = #expect(throws: CatalogueError.self) { try sample.configuration.policy(id, in: city) }
            #expect(error?.problems.first?.message.contains("run in a circle: \(id) → ") == true)
        }
    }

    @Test("one broken policy stops no other: each is read for itself, and the whole names the broken one")
    func oneBroken() throws {
        let broken = Sample.policy.replacing("kind: vision", with: "kind: visoin")
        let sample = try TemporaryConfiguration(
            PlanSample.files.merging(["policies/lgbti.yaml": broken], uniquingKeysWith: { $1 }))
        let city = try sample.configuration.city()
        #expect(throws: CatalogueError.self) { try sample.configuration.policy("lgbti", in: city) }
        #expect(throws: Never.self) { try sample.configuration.policy("plan", in: city) }
        for forvaltning in city.forvaltninger {
            #expect(throws: Never.self) { try sample.configuration.node(forvaltning, in: city) }
        }
        let whole = sample.whole()
        #expect(whole.policies.map(\.policy.id) == ["plan"])
        #expect(whole.nodes.count == 2)
        #expect(whole.problems.map(\.place.file) == ["\(sample.configuration.path)/policies/lgbti.yaml"])
    }

    @Test("the whole check names the problems of all files at once")
    func allProblems() throws {
        let sample = try TemporaryConfiguration(
            PlanSample.files.merging(
                [
                    "policies/lgbti.yaml": Sample.policy.replacing("kind: vision", with: "kind: visoin"),
                    bif: PlanSample.bif.replacing("kind: commitment", with: "kind: comm"),
                    okf: PlanSample.okf.replacing("lines: 93", with: "lines: 9300"),
                ], uniquingKeysWith: { $1 }))
        let files = sample.whole().problems.map { $0.place.file.split(separator: "/").suffix(2) }
        #expect(files.map { $0.joined(separator: "/") } == ["policies/lgbti.yaml", "OKF/plan.yaml", "BIF/plan.yaml"])
    }
}
