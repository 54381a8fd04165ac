import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

/// What `show` says of collecting: of the things, of whoever said it, of the records themselves.
@Suite("One thing, and what was said of its answers")
struct ShowCollectingTests {
    private func ledger() throws -> LedgerMaker {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", Sample.policy())
        try maker.add("BIF", Sample.initiative("p/bif/a", title: "Kursus"))
        maker.on("2020-01-03")
        let a = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .delayed, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [a]))
        try maker.add(
            "BIF",
            Milestone(
                id: "p/bif/a/hold-1", initiative: "p/bif/a", what: LocalizedText(da: "Første hold", en: "First class"),
                due: PartialDate("2020-06")))
        try maker.add(
            "coordinator",
            Return(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", about: "p/bif/a", records: [a],
                note: LocalizedText(da: "Hvor mange?")), by: "ØKF")
        let b = try maker.add("BIF", Sample.status("p/bif/a", "p/2019", .onTrack, printed: false))
        try maker.add("BIF", HandIn(followUp: "p/2019", forvaltning: "BIF", records: [b]))
        let approval = try maker.add("BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: [b]))
        try maker.add(
            "coordinator",
            Acceptance(id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", approval: approval), by: "ØKF")
        let more = try maker.add(
            "coordinator",
            Exception(
                id: "p/2019|ØKF|1", followUp: "p/2019", forvaltning: "ØKF", until: PartialDate("2020-02-15")!,
                reason: LocalizedText(da: "Flytning")), by: "ØKF")
        try maker.add(
            "coordinator",
            Withdrawal(
                record: more, withdrawn: .exception, id: "p/2019|ØKF|1", policy: "p",
                reason: LocalizedText(da: "Ikke nødvendigt")), by: "ØKF")
        try maker.add(
            "coordinator",
            Decision(
                id: "p|2020-01-20|1", policy: "p", body: "ØU", date: PartialDate("2020-01-20")!,
                text: LocalizedText(da: "Vend tilbage"), about: ["p/bif/a"]), by: "ØKF")
        try maker.add(
            "coordinator",
            Contribution(
                id: "p/2019|1", followUp: "p/2019", organisation: "En forening", text: LocalizedText(da: "Fortsæt"),
                about: "p/maal", date: PartialDate("2020-01")), by: "ØKF")
        return maker
    }

    private func text(_ maker: LedgerMaker, _ id: String, _ language: Language = .danish) -> String {
        maker.state.show(id, on: day("2020-02-01")).text(
            id: id, city: maker.state.city, synthetic: false, language: language)
    }

    private func kinds(_ maker: LedgerMaker, _ id: String) -> [String] {
        guard case .found(let thing) = maker.state.show(id, on: day("2020-02-01")) else { return ["not found"] }
        return (thing.collecting ?? []).map(\.kind)
    }

    @Test(
        "each thing shows what was said of it, and nothing of others",
        arguments: [
            ("p/bif/a", ["milestone", "return", "approval", "acceptance", "decision"]),
            ("p/2019", ["return", "approval", "acceptance", "exception", "withdrawal", "contribution"]),
            ("p/maal", ["contribution"]), ("p", ["decision"]), ("ØU", ["decision"]),
            ("BIF", ["return", "approval", "acceptance"]), ("okf", ["exception"]), ("BIU", []),
        ])
    func things(id: String, expected: [String]) throws {
        #expect(try kinds(ledger(), id) == expected)
    }

    @Test("in words, with who said it and by which record; what was taken back says why", arguments: Language.allCases)
    func words(language: Language) throws {
        let maker = try ledger()
        let isDanish = language == .danish
        let followUp = text(maker, "p/2019", language)
        for words in isDanish
            ? [
                "Sendt tilbage til BIF for p/2019, 3. januar 2020; 1 post; »Hvor mange?« [ØKF, p/2019|BIF|1, coordinator/",
                "Accepteret: det, BIF godkendte for p/2019", "trukket tilbage: Ikke nødvendigt",
                "Bidrag fra En forening, januar 2020; »Fortsæt«",
            ]
            : [
                "Sent back to BIF for p/2019, 3 January 2020; 1 record; “Hvor mange?” [ØKF, p/2019|BIF|1, coordinator/",
                "Accepted: what BIF approved for p/2019", "taken back: Ikke nødvendigt",
                "Contribution of En forening, January 2020; “Fortsæt”",
            ]
        { #expect(followUp.contains(words), "\(words)\n\(followUp)") }
        let initiative = text(maker, "p/bif/a", language)
        #expect(
            initiative.contains(
                isDanish
                    ? "Milepæl: Første hold; frist juni 2020, ikke gjort"
                    : "Milestone: First class; due June 2020, not done"), "\(initiative)")
        #expect(
            initiative.contains(
                isDanish
                    ? "ØU besluttede 20. januar 2020; »Vend tilbage«; ikke fulgt op"
                    : "ØU decided 20 January 2020; “Vend tilbage”; not followed up"))
        #expect(initiative.contains(isDanish ? "(BIF, accepteret)" : "(BIF, accepted)"))
    }

    @Test("each record is found by its name, also one that was taken back, and so is a thing that was")
    func records() throws {
        var maker = try ledger()
        for line in maker.lines
        where ["return", "acceptance", "exception", "decision", "milestone", "withdrawal", "contribution", "approval"]
            .contains(line.envelope.kind)
        {
            let id = line.name.description
            guard case .found(let thing) = maker.state.show(id, on: day("2020-02-01")) else {
                Issue.record("\(line.envelope.kind) \(id) is not found")
                continue
            }
            #expect(thing.collecting?.map(\.kind) == [line.envelope.kind], "\(line.envelope.kind)")
            #expect(thing.versions.contains { $0.record == line.name })
        }
        let own = try #require(maker.state.initiative("p/bif/a")).name
        try maker.add(
            "BIF",
            Withdrawal(
                record: own, withdrawn: .initiative, id: "p/bif/a", policy: "p", reason: LocalizedText(da: "Opgivet")))
        #expect(text(maker, "p/bif/a").contains("trukket tilbage: Opgivet"))
        #expect(kinds(maker, "p/bif/a").contains("withdrawal"))
    }

    @Test(
        "an initiative nobody has answered about says so, with the days; one that is answered, or not asked for yet, does not"
    )
    func lacking() throws {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        try maker.add("p", Sample.policy())
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        #expect(
            text(maker, "p/bif/a").contains(
                "Ikke indberettet\n  p/2019 · BIF: ✕ Ikke indberettet, 32 dage over fristen"))
        guard case .found(let early) = maker.state.show("p/bif/a", on: day("2019-11-30")) else { return }
        #expect(early.lacking == nil)
        #expect(try !text(ledger(), "p/bif/a").contains("Ikke indberettet"))
    }

    @Test("json holds the same, and nothing where nothing was said")
    func json() throws {
        let maker = try ledger()
        let found = maker.state.show("p/2019", on: day("2020-02-01")).json(synthetic: false)
        #expect(found.contains("\"collecting\" : [") && found.contains("\"withdrawn\" : {"))
        #expect(!maker.state.show("BIU", on: day("2020-02-01")).json(synthetic: false).contains("collecting"))
    }
}
