import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

/// The view of what changed, as people and programs get it.
@Suite("What changed, in words")
struct ChangesTextTests {
    /// Two answers, money with a budget, a decision, a return, partners, a figure that became too small.
    static func sample() throws -> ChangesSample {
        var sample = try ChangesSample(policy: policy)
        try sample.maker.add("BIF", reading("12", on: "2019"))
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        let name = try sample.answer(
            "p/bif/a", "p/2020", .delayed, on: "2020-12-20",
            reason: "Renoveringen af huset trak ud længere end nogen kunne vide dengang")
        try sample.maker.add("BIF", Approval(followUp: "p/2020", forvaltning: "BIF", records: [name]))
        sample.maker.received = "2021-01-12T08:00:00.000Z"
        try sample.maker.add(
            "coordinator",
            Return(
                id: "p/2020|BIF|1", followUp: "p/2020", forvaltning: "BIF", about: "p/bif/a", records: [name],
                note: LocalizedText(da: "Hvornår åbner det?")))
        sample.maker.on("2021-02-01")
        try sample.maker.add(
            "BIF",
            Funding(
                initiative: "p/bif/b", state: .funded, until: PartialDate("2022"),
                budgets: [Budget(year: 2021, plannedDKK: DecimalText(600_000))], decision: "Budget 2021"))
        var initiative = Sample.initiative("p/bif/b", line: 20)
        initiative.partners = ["Red Barnet", "Mødrehjælpen"]
        try sample.maker.add("BIF", initiative)
        try sample.maker.add("BIF", reading(nil, on: "2019"))
        try sample.maker.add("BIF", reading("14", on: "2020"))
        return sample
    }

    private static var policy: Policy {
        var policy = Sample.policy(ChangesSample.followUps)
        policy.indicators = [
            Indicator(
                id: "p/antal", goal: "p/maal", title: LocalizedText(da: "Antal"), titleBasis: .printed, unit: .persons,
                population: LocalizedText(da: "Alle"), direction: .up, directionBasis: .printed, bodies: [],
                reporters: ["BIF"], reportersBasis: .printed,
                baselines: [Baseline(value: .missing, printed: "-", source: Sample.source)],
                target: Target(kind: .noneStated), source: Sample.source)
        ]
        return policy
    }

    private static func reading(_ value: String?, on year: String) -> Reading {
        let date = PartialDate(year)
        return Reading(
            about: "p/antal", unit: .persons, period: Period(from: date, until: date),
            value: value.flatMap { DecimalText($0) }.map { .number($0) } ?? .suppressed)
    }

    private func view() throws -> ChangesView { try Self.sample().view(.followUp("p/2019"), on: "2021-02-01") }

    @Test("in a terminal of 80 columns it reads as expected, and no line is longer")
    func danish() throws {
        let text = try view().text(width: 80)
        #expect(text == expectedDanish, "\(text)")
        for line in text.split(separator: "\n") { #expect(displayWidth(String(line)) <= 80, "\(line)") }
    }

    @Test("in English no Danish word of the interface is left")
    func english() throws {
        let text = try view().text(.english, width: 80)
        #expect(text == expectedEnglish, "\(text)")
    }

    @Test("one line where the same is compared for all policies; nothing changed is said in words")
    func scopes() throws {
        var maker = try Self.sample().maker
        var other = Sample.policy()
        other.id = "q"
        other.goals = []
        other.followUps = [Sample.followUp("q/opening", owedBy: [], kind: .opening)]
        try maker.add("q", other)
        let since = try maker.state.changes(since: .position(maker.state.position), on: day("2021-02-01"))
        #expect(
            since.text() == """
                Hvad er ændret, pr. 1. februar 2021

                p og q: alt efter registerets position 16.

                Intet er ændret.

                """)
        let last = try maker.state.changes(since: .last, on: day("2021-02-01"))
        #expect(last.text().contains("\nq: ingen har svaret på en opfølgning endnu; "))
        let day = try maker.state.changes(since: .day(day("2021-02-01")), on: day("2021-02-01"))
        #expect(day.text(.english).contains("\np and q: all received from 1 February 2021 on (UTC).\n"))
    }

    @Test("CSV has one line for each change, codes and numbers as programs want them")
    func csv() throws {
        let lines = try view().csv().components(separatedBy: "\r\n").dropLast()
        let head = try #require(lines.first).components(separatedBy: ",")
        #expect(lines.count == 1 + (try view().rows.count))
        func cells(_ start: String) throws -> [String: String] {
            let line = try #require(lines.first { $0.hasPrefix(start) }).components(separatedBy: ",")
            #expect(line.count == head.count)
            return Dictionary(zip(head, line)) { first, _ in first }
        }
        let status = try cells("attention,status,p,p/bif/a,")
        #expect(status["from"] == "on_track" && status["from_follow_up"] == "p/2019")
        #expect(status["to"] == "delayed" && status["to_follow_up"] == "p/2020")
        #expect(status["stage"] == "returned" && status["changed_since_approval"] == "false")
        let planned = try cells("news,funding,p,p/bif/b,")
        #expect(planned["to"] == "600000" && planned["unit"] == "dkk" && planned["part"] == "2021")
        let small = try cells("decided,reading,p,p/antal,")
        #expect(small["from"] == "withheld" && small["to"] == "suppressed" && small["to_period"] == "2019")
        #expect(small.values.allSatisfy { $0 != "12" })
    }

    @Test("JSON carries the same, codes beside, and not the number that was too small")
    func json() throws {
        let text = try view().json()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let rows = try #require(object["rows"] as? [[String: Any]])
        let status = try #require(rows.first { $0["kind"] as? String == "status" })
        #expect((status["from"] as? [String: Any])?["code"] as? String == "on_track")
        #expect((status["by"] as? [String: Any])?["person"] as? String == "p1")
        #expect(status["changed_since_approval"] as? Bool == false && status["to_follow_up"] as? String == "p/2020")
        let small = try #require(
            rows.first { $0["kind"] as? String == "reading" && $0["weight"] as? String == "decided" })
        #expect((small["from"] as? [String: Any])?.keys.sorted() == ["fact"])
        #expect(try Self.sample().view(.followUp("p/2019")).json() == Self.sample().view(.followUp("p/2019")).json())
    }
}

private let expectedDanish = """
    Hvad er ændret, pr. 1. februar 2021

    p: svarene på »Status p/2019« mod svarene på »Status p/2020«; desuden alt
    modtaget efter 31. december 2019.

    8 ændringer: 1 svar, 2 om penge, 2 målinger, 1 i beskrivelsen, 1 sendt tilbage,
    1 godkendelse.
    Efter hvem: BIF 7, coordinator 1.
    ! kræver opmærksomhed (2), # besluttet eller rettet (2), + bedre (1), * nyt (2),
    - øvrigt (1).
    Vigtigst først: det, der kræver opmærksomhed, så det, der er besluttet, det, der
    er bedre, det nye og resten; nyest først inden for hver.

    BIF · Titel p/bif/a [p/bif/a]
      ! Svar fra BIF: 1 post → sendt tilbage (p/2020)
          coordinator, sagsbehandler p1, 12. januar 2021 (indtastet 20. december
          2020)
          Hvorfor: Hvornår åbner det?
      ! Status: I gang efter planen (p/2019) → Forsinket (p/2020)
          BIF, sagsbehandler p1, 20. december 2020, sendt tilbage
          Hvorfor: Renoveringen af huset trak ud længere end nogen kunne vide
          dengang

    BIF · Antal [p/antal]
      # Måling: et tal, der ikke længere vises → for lille til at vises (2019)
          BIF, sagsbehandler p1, 1. februar 2021, indberettet
      * Måling: for lille til at vises (2019) → 14 personer (2020)
          BIF, sagsbehandler p1, 1. februar 2021, indberettet

    BIF · Titel p/bif/b [p/bif/b]
      # Samarbejdspartnere: − En forening; + Mødrehjælpen; + Red Barnet
          BIF, sagsbehandler p1, 1. februar 2021
      + Penge: intet → Finansieret til 2022
          BIF, sagsbehandler p1, 1. februar 2021, indberettet
          Besluttet: Budget 2021
      * Planlagt 2021: intet → 600.000 kr.
          BIF, sagsbehandler p1, 1. februar 2021, indberettet

    Status p/2020 [p/2020]
      - Svar fra BIF: 1 post → godkendt (p/2020)
          BIF, sagsbehandler p1, 20. december 2020

    """

private let expectedEnglish = """
    What has changed, as of 1 February 2021

    p: the answers to “Status p/2019” against those to “Status p/2020”; besides all
    received after 31 December 2019.

    8 changes: 1 answer, 2 of money, 2 readings, 1 of description, 1 returned, 1
    approval.
    By whom: BIF 7, coordinator 1.
    ! needs attention (2), # decided or corrected (2), + better (1), * new (2), -
    other (1).
    Most important first: what needs attention, then what was decided, what is
    better, what is new, and the rest; newest first within each.

    BIF · Titel p/bif/a [p/bif/a]
      ! Answer of BIF: 1 record → returned (p/2020)
          coordinator, officer p1, 12 January 2021 (entered 20 December 2020)
          Why: Hvornår åbner det?
      ! Status: On track (p/2019) → Delayed (p/2020)
          BIF, officer p1, 20 December 2020, returned
          Why: Renoveringen af huset trak ud længere end nogen kunne vide dengang

    BIF · Antal [p/antal]
      # Reading: a number no longer shown → too small to be shown (2019)
          BIF, officer p1, 1 February 2021, handed in
      * Reading: too small to be shown (2019) → 14 persons (2020)
          BIF, officer p1, 1 February 2021, handed in

    BIF · Titel p/bif/b [p/bif/b]
      # Partners: − En forening; + Mødrehjælpen; + Red Barnet
          BIF, officer p1, 1 February 2021
      + Money: nothing → Funded until 2022
          BIF, officer p1, 1 February 2021, handed in
          Decided: Budget 2021
      * Planned 2021: nothing → DKK 600,000
          BIF, officer p1, 1 February 2021, handed in

    Status p/2020 [p/2020]
      - Answer of BIF: 1 record → approved (p/2020)
          BIF, officer p1, 20 December 2020

    """
