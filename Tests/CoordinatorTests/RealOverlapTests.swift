import PolicyModel
import Testing

@testable import Coordinator

/// What the four documents of the first city hold, read by a person line by line, against what the views find.
@Suite("Overlaps of the real policies")
struct RealOverlapTests {
    let view: OverlapsView

    init() throws { view = try RealLedger.state().overlaps(on: day("2019-06-01")) }

    private func pair(_ a: String, _ b: String) -> OverlapsView.Row? {
        view.rows.first { PairKey($0.from.id, $0.to.id) == PairKey(a, b) }
    }

    /// One effort, described in two documents.
    static let same = [
        ("lgbti/bif/et-trygt-natteliv", "integrationshandleplan/bif/trygt-natteliv-uden-diskrimination"),
        ("integration/kff/feriecamp", "integrationshandleplan/kff/feriecamp"),
        ("integration/kff/fritidsguiderne", "integrationshandleplan/kff/fritidsguide"),
        ("integration/kommunen/fritidsjob-til-unge", "integrationshandleplan/bif/fritidsjob-til-unge"),
        (
            "integration/kommunen/forebyggelse-af-social-kontrol",
            "integrationshandleplan/bif/forebyggelse-af-social-kontrol"
        ),
    ]

    @Test("an effort described in two documents comes out as perhaps the same, with the lines of both", arguments: same)
    func sameEffort(a: String, b: String) throws {
        let row = try #require(pair(a, b), "\(a) – \(b) is not found")
        #expect(row.kind == .sameAs)
        #expect(row.state == .suggested)
        #expect(!row.from.source.lines.isEmpty && !row.to.source.lines.isEmpty)
        #expect(row.sources.count == 2)
    }

    @Test("nothing else is taken for the same")
    func onlyThese() {
        #expect(view.rows.count { $0.kind == .sameAs } == Self.same.count)
    }

    @Test("the nightlife effort, told by two policies that name each other nowhere, stands on top")
    func top() throws {
        let first = try #require(view.rows.first)
        #expect(PairKey(first.from.id, first.to.id) == PairKey(Self.same[0].0, Self.same[0].1))
        #expect(first.evidence.first?.kind == .title)
        #expect(first.from.source.lines.map(\.description) == ["4559-4563", "4581-4592"])
        #expect(first.to.source.lines.map(\.description) == ["236-241"])
    }

    @Test(
        "what two policies share comes out with its evidence",
        arguments: [
            ("lgbti/bif/oplysningskampagne", "integrationshandleplan/bif/trygt-natteliv-uden-diskrimination"),
            (
                "lgbti/suf/forebyggelse-af-ensomhed",
                "integrationshandleplan/suf/forebyggelse-af-funktionstab-og-ensomhed"
            ),
            (
                "lgbti/kff/tilbud-til-lgbti-seniorer",
                "integrationshandleplan/suf/forebyggelse-af-funktionstab-og-ensomhed"
            ),
            ("lgbti/suf/slottet", "integrationshandleplan/suf/plejehjem-med-mangfoldighedsprofil"),
            ("lgbti/suf/slottet", "handicap/kommunen/plejecenter-for-aeldre-med-synshandicap"),
            ("lgbti/tmf/koensneutrale-offentlige-toiletter", "handicap/kommunen/ramper-og-handicapvenlige-toiletter"),
            ("lgbti/bif/charter-for-demokratiske-vaerdier", "integration/kommunen/oplysning-om-demokrati"),
            (
                "lgbti/bif/coaching-og-workshops-til-virksomheder",
                "integrationshandleplan/bif/indsats-mod-ubevidst-diskrimination"
            ),
            (
                "lgbti/bif/coaching-og-workshops-til-virksomheder",
                "integration/kommunen/mod-diskrimination-paa-arbejdsmarkedet"
            ),
            ("lgbti/okf/mangfoldige-stillingsopslag", "integration/kommunen/mangfoldig-arbejdsgiver"),
            ("lgbti/kff/idraetsdeltagelse", "integration/kff/sociale-partnerskaber-med-foreninger"),
            ("lgbti/suf/ung-i-forandring", "integration/kommunen/trivsel-paa-ungdomsuddannelserne"),
            (
                "lgbti/bif/tryg-indkvartering",
                "integrationshandleplan/sof/stoette-til-civilsamfundet-for-traumatiserede-flygtninge"
            ),
            ("integration/kommunen/dobbeltminoriteter", "lgbti"),
            ("lgbti/sof/kaerlighed-og-seksualitet", "handicap"), ("lgbti/sof/pjece-om-seksualvejledning", "handicap"),
            ("lgbti/sof/deltagelse-ved-koebenhavnerfesten", "handicap"),
            (
                "handicap/kommunen/puljen-for-frivilligt-socialt-arbejde",
                "integration/kommunen/foreningsliv-og-frivillige"
            ),
            ("handicap/kommunen/stoerre-tilskud-til-foreninger-og-aftenskoler", "lgbti/kff/lokaler-til-foreninger"),
            (
                "handicap/kommunen/udviklingspuljen-for-boern-og-unge",
                "integration/kff/sociale-partnerskaber-med-foreninger"
            ),
            (
                "integration/kommunen/virksomhedsrettet-indsats",
                "integrationshandleplan/bif/virksomhedsindsats-for-ledige"
            ),
            (
                "integration/kommunen/virksomhedsrettet-indsats",
                "integrationshandleplan/bif/virksomhedsindsats-for-kvinder"
            ),
            (
                "integration/kommunen/mod-diskrimination-paa-arbejdsmarkedet",
                "integrationshandleplan/bif/indsats-mod-ubevidst-diskrimination"
            ),
            (
                "integration/kommunen/laerepladser-praktik-og-loentilskud",
                "integrationshandleplan/bif/flere-laere-og-elevpladser"
            ),
            ("integration/kommunen/bedre-udskoling", "integrationshandleplan/buf/erhvervsplaymaker"),
            ("integration/kommunen/flere-i-igu", "integrationshandleplan/bif/barselsgrupper"),
            ("integration/kommunen/tryghedspartnerskaber", "integrationshandleplan/bif/fritidsjob-til-unge"),
            ("integration/kommunen/forebyggelse-af-social-kontrol", "integrationshandleplan/sof/etnisk-konsulentteam"),
            (
                "integration/kommunen/forebyggelse-af-social-kontrol",
                "integrationshandleplan/bif/stoette-til-civile-aktoerer-mod-social-kontrol"
            ),
            (
                "integration/kommunen/kendskab-til-sundhedstilbud",
                "integrationshandleplan/suf/forebyggelse-af-funktionstab-og-ensomhed"
            ),
        ])
    func shares(a: String, b: String) throws {
        let row = try #require(pair(a, b), "\(a) – \(b) is not found")
        #expect(row.kind == .shares)
        #expect(!row.evidence.isEmpty)
        #expect(row.strength >= view.threshold)
        #expect(row.evidence.allSatisfy { $0.text.en != nil && !$0.text.da.isEmpty })
    }

    @Test(
        "what only looks alike is never taken for the same",
        arguments: [
            // Three care homes.
            ("lgbti/suf/slottet", "integrationshandleplan/suf/plejehjem-med-mangfoldighedsprofil"),
            ("lgbti/suf/slottet", "handicap/kommunen/plejecenter-for-aeldre-med-synshandicap"),
            (
                "integrationshandleplan/suf/plejehjem-med-mangfoldighedsprofil",
                "handicap/kommunen/plejecenter-for-aeldre-med-synshandicap"
            ),
            // Culture for children, and jobs for the unemployed, in the same areas.
            (
                "integration/kff/indsatser-i-udsatte-byomraader",
                "integrationshandleplan/bif/beskaeftigelsesindsatser-i-udsatte-byomraader"
            ),
            // A mentor of another forvaltning for those who have a job already.
            ("integration/kommunen/fritidsjob-til-unge", "integrationshandleplan/sof/mentor-til-unge-i-fritidsjob"),
            ("integration/kommunen/fritidsjob-til-unge", "integrationshandleplan/bif/eksisterende-fritidsjobindsats"),
            // Efforts through companies for different people.
            (
                "handicap/kommunen/virksomhedsrettet-beskaeftigelsesindsats",
                "integration/kommunen/virksomhedsrettet-indsats"
            ),
            (
                "handicap/kommunen/virksomhedsrettet-beskaeftigelsesindsats",
                "integrationshandleplan/bif/virksomhedsindsats-for-ledige"
            ),
            (
                "lgbti/suf/forebyggelse-af-ensomhed",
                "integrationshandleplan/suf/forebyggelse-af-funktionstab-og-ensomhed"
            ),
            ("lgbti/tmf/koensneutrale-offentlige-toiletter", "handicap/kommunen/ramper-og-handicapvenlige-toiletter"),
            ("lgbti/kff/indledende-borgerundersoegelse", "integrationshandleplan/bif/spoergeskemaundersoegelse"),
            ("handicap/kommunen/taettere-paa-familien", "integrationshandleplan/bif/helhedsorienteret-familieindsats"),
            (
                "integration/kommunen/forebyggelse-af-social-kontrol",
                "integrationshandleplan/bif/stoette-til-civile-aktoerer-mod-social-kontrol"
            ),
            // Care home and youth community: Nørrebro and its inner part are printed as two places.
            ("lgbti/suf/slottet", "integrationshandleplan/tmf/ungefaellesskab-paa-noerrebro"),
        ])
    func lookAlike(a: String, b: String) {
        #expect(pair(a, b)?.kind != .sameAs)
        #expect(pair(a, b)?.evidence.contains { $0.kind == .title || $0.kind == .place } != true)
    }

    @Test("the plan's goals are the policy's as printed: each on the lines of the plan's own goal")
    func goals() throws {
        for (plan, policy) in [
            ("arbejdsmarked", "maal-1"), ("igu", "maal-2"), ("ungdomsuddannelse", "maal-6"), ("inklusion", "maal-8"),
        ] {
            let row = try #require(pair("integrationshandleplan/\(plan)", "integration/\(policy)"))
            #expect(row.state == .stated && row.kind == .implements && row.printed)
            #expect(row.from.id == "integrationshandleplan/\(plan)")
        }
        // Refugees here, everybody with a minority background there: other words.
        #expect(pair("integrationshandleplan/igu", "integration/maal-2")?.strength == 0)
    }

    @Test("each pair stands once, across policies, strongest first, and few enough to look at")
    func each() {
        let keys = view.rows.map { PairKey($0.from.id, $0.to.id) }
        #expect(Set(keys).count == keys.count)
        #expect(view.rows.allSatisfy { $0.from.policy != $0.to.policy })
        let suggested = view.rows.filter { $0.state == .suggested }.map(\.strength)
        #expect(suggested == suggested.sorted(by: >))
        #expect((40...120).contains(suggested.count), "\(suggested.count) suggestions")
        #expect(view.leftOut == 0)
    }

    @Test("a chosen policy keeps the pairs it is in, and their strength")
    func chosen() throws {
        let lgbti = try RealLedger.state().overlaps(on: day("2019-06-01"), policies: ["lgbti"])
        #expect(lgbti.rows == view.rows.filter { $0.from.policy == "lgbti" || $0.to.policy == "lgbti" })
        #expect(!lgbti.rows.isEmpty)
    }

    @Test("the list of links has what is printed, former plans too, and what is found, with lines")
    func links() throws {
        let links = try RealLedger.state().links(on: day("2019-06-01"))
        let stated = links.rows.filter { $0.state == .stated }
        #expect(stated.count { $0.kind == .strengthens } == 2)
        #expect(stated.count { $0.kind == .implements } == 5)
        #expect(stated.contains { $0.to == "integrationshandleplan-2017-2018" && $0.toTitle == nil })
        #expect(links.rows.allSatisfy { !$0.sources.isEmpty && !$0.evidence.da.isEmpty })
        #expect(links.rows.count { $0.state == .suggested } == view.rows.count { $0.state == .suggested })
        let ids = links.rows.map { "\($0.from)|\($0.kind.rawValue)|\($0.to)" }
        #expect(Set(ids).count == ids.count)
    }
}

@Suite("Contradictions of the real policies")
struct RealContradictionTests {
    let view: ContradictionsView

    init() throws { view = try RealLedger.state().contradictions(on: day("2019-06-01")) }

    @Test("employment: two documents, two figures, both sides with their lines")
    func employment() throws {
        let rows = view.rows.filter { $0.kind == .figuresDiffer }
        #expect(rows.count == 2)
        #expect(rows.map { $0.sides.map { $0.value?.description } } == [["56", "56", "53"], ["79", "77"]])
        #expect(
            rows[0].sides.map { $0.source?.lines.map(\.description) } == [
                ["1898-1901"], ["3144-3147"], ["3398-3399", "3455-3455"],
            ])
        #expect(rows[1].sides.map { $0.source?.lines.first?.description } == ["1901-1903", "3400-3401"])
        // The plan names no year: that is said, and the figure is held against the newest, not against 2012's 77.
        #expect(rows.allSatisfy { $0.severity == .medium && $0.words.da.contains("ikke nævner et årstal") })
        #expect(rows[1].sides.map(\.period) == [Period(from: PartialDate("2016"), until: PartialDate("2016")), nil])
    }

    @Test("the women's effort: 2.5 million a year in the text, 2.9 in the table's 2020")
    func money() throws {
        let rows = view.rows.filter { $0.kind == .textAndBudget }
        #expect(rows.map { $0.sides[0].id } == ["integrationshandleplan/bif/virksomhedsindsats-for-kvinder"])
        #expect(rows[0].words.da == "Teksten siger 2.500.000 kr. om året; budgettet siger 2020: 2.900.000 kr.")
        #expect(rows[0].sides.map { $0.source?.lines.first?.description } == ["3870-3871", "4640-4641"])
    }

    @Test("nothing else comes out, on no day: what documents said of their time does not grow old")
    func nothingElse() throws {
        #expect(view.rows.count == 3)
        let later = try RealLedger.state().contradictions(on: day("2026-11-24"))
        #expect(later.rows == view.rows)
    }

    @Test("the same number of different things is neither a contradiction nor an agreement")
    func sameNumbers() {
        // 85, 29, 3.1 and 1,500 each stand for several things; 15 and 15.3 per cent are not known to be one figure.
        let compared = view.rows.flatMap(\.sides) + view.agreements.flatMap(\.sides)
        let values = Set(compared.compactMap { $0.value?.description })
        #expect(values.isDisjoint(with: ["85", "29", "3.1", "1500", "15.3", "84", "31", "21"]))
        let fifteen = compared.filter { $0.value?.description == "15" }
        #expect(
            Set(fifteen.map(\.id)) == ["integration", "integrationshandleplan/bif/virksomhedsindsats-for-ledige"])
    }

    @Test("figures that several documents print alike are compared and agree")
    func agreements() {
        #expect(
            Set(view.agreements.map(\.measure)) == [
                "midlertidig-forsoergelse-minoritetsbaggrund", "midlertidig-forsoergelse-dansk-baggrund",
                "borgere-med-minoritetsbaggrund", "borgere-i-koebenhavn", "unge-uden-ungdomsuddannelse",
                "vaelger-ikke-selv-partner", "feriecamp-omraader", "forvaltninger-i-kommunen",
            ])
    }
}
