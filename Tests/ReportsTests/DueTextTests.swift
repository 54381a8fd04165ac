import Coordinator
import Foundation
import Testing

@testable import PolicyModel
@testable import Reports

/// The list of what is owed, as people and programs get it.
@Suite("Due list as text")
struct DueTextTests {
    private func entry(
        _ forvaltning: String, _ items: [DueList.Item], followUp: String = "p/2019", phase: DueList.Phase = .overdue,
        due: String? = "2019-12-31"
    ) -> DueList.Entry {
        var entry = DueList.Entry(
            followUp: followUp, policy: "p", title: LocalizedText(da: "Årlig status 2019", en: "Annual status 2019"),
            forvaltning: forvaltning, phase: phase, opens: PartialDate("2019-12"), due: due.flatMap { PartialDate($0) },
            dueBasis: due == nil ? nil : .derived, items: items)
        entry.lastDay = due
        entry.daysLeft = due.flatMap { PartialDate($0) }.map { $0.lastDay.days(since: day("2020-01-15")) }
        return entry
    }

    private func item(
        _ about: String, _ state: DueList.State, late: Int? = nil, title: String = "Titel",
        _ change: (inout DueList.Item) -> Void = { _ in }
    ) -> DueList.Item {
        var item = DueList.Item(
            kind: .status, about: about, title: LocalizedText(da: title, en: "Title"), state: state, daysLate: late,
            changedSinceApproval: false, hasDraft: false)
        change(&item)
        return item
    }

    private var list: DueList {
        let returned = item("p/bif/b", .returned) {
            $0.note = LocalizedText(da: "Hvor mange?")
            $0.changedSinceApproval = true
        }
        let late = item("p/bif/c", .handedIn, late: 5) {
            $0.entered = "2019-12-30T12:00:00Z"
            $0.received = "2020-01-05T10:00:00.000Z"
            $0.hasDraft = true
        }
        let figure = item("p/andel", .approved, title: "Andel i job") {
            $0.kind = .reading
            $0.year = 2019
        }
        var more = entry("ØKF", [item("p/okf/x", .missing)], phase: .open)
        more.exceptionUntil = PartialDate("2020-02-15")
        more.exceptionReason = LocalizedText(da: "Flytning")
        more.lastDay = "2020-02-15"
        more.daysLeft = 31
        return DueList(
            on: day("2020-01-15"), synthetic: false,
            entries: [
                entry(
                    "BIF",
                    [item("p/bif/a", .missing, late: 15), returned, late, figure, item("p/bif/d", .accepted)]), more,
                entry("SOF", [item("p/meeting", .missing)], followUp: "p/meeting", phase: .open, due: nil),
            ])
    }

    @Test(
        "the whole list in 80 columns: who owes how much since when, dates, exception, each thing with its state in words"
    )
    func table() {
        #expect(
            list.text(width: 80) == """
                Hvad skyldes, pr. 15. januar 2020

                3 svar mangler fra 3 forvaltninger, heraf 1 efter fristen, det ældste siden 31.
                  december 2019 (15 dage). Sendt tilbage: 1, skal godkendes: 1, skal accepteres:
                  1.

                Ejer  Mangler  Tilbage  Godkendes  Accepteres  Mangler siden
                ----  -------  -------  ---------  ----------  -------------------
                BIF         1        1          1           1  2019-12-31, 15 dage
                ØKF         1        0          0           0  –
                SOF         1        0          0           0  –

                p/2019  Årlig status 2019
                  Åbner: december 2019 · Frist: 31. december 2019 (udledt af kilden) · Låses: –
                  BIF  over fristen · 4 af 5 indberettet
                    ✕ Ikke indberettet, 15 dage over fristen (1)
                      p/bif/a  Titel
                    ↩ Sendt tilbage (1)
                      p/bif/b  Titel
                        at se på: »Hvor mange?«
                        ændret siden godkendelsen
                    → Indberettet, 5 dage for sent (1)
                      p/bif/c  Titel
                        skrevet 30. december 2019, modtaget 5. januar 2020; fristen regnes fra
                          modtagelsen
                        en nyere kladde venter
                    ✓ Godkendt (1)
                      p/andel  Tal for 2019: Andel i job
                    ★ Accepteret (1)
                      p/bif/d  Titel
                  ØKF  åben, 31 dage tilbage · 0 af 1 indberettet · udsat til 15. februar 2020:
                    Flytning
                    ✕ Ikke indberettet (1)
                      p/okf/x  Titel

                p/meeting  Årlig status 2019
                  Åbner: december 2019 · Frist: – · Låses: –
                  SOF  åben · 0 af 1 indberettet
                    ✕ Ikke indberettet (1)
                      p/meeting  Titel

                """)
    }

    @Test("an id is never cut, a long title is, and no line is longer than the terminal")
    func narrow() {
        var long = list
        long.entries[0].items[0].about = "integrationshandleplan/bif/virksomhedsrettet-indsats-for-kvinder/mindst-400"
        long.entries[0].items[0].title = LocalizedText(da: String(repeating: "lang titel ", count: 20))
        let lines = long.text(width: 80, isPending: true).components(separatedBy: "\n")
        #expect(lines.allSatisfy { $0.count <= 81 })
        #expect(lines.contains { $0.hasSuffix(long.entries[0].items[0].about) })
        #expect(lines.contains { $0.hasPrefix("        lang titel") && $0.hasSuffix("…") })
        #expect(lines.suffix(3).joined().contains("--all"))
    }

    @Test("in English, and marked where it is example data; nothing owed is a sentence")
    func english() {
        var made = list
        made.synthetic = true
        let text = made.text(.english, width: nil)
        #expect(text.hasPrefix("*** EXAMPLE DATA"))
        for words in [
            "What is owed, as of 15 January 2020", "3 answers missing from 3 administrations",
            "✕ Not reported, 15 days past the deadline (1)", "→ Handed in, 5 days late (1)", "changed since approval",
            "more time until 15 February 2020: Flytning", "Figure for 2019: Title", "overdue · 4 of 5 handed in",
        ] { #expect(text.contains(words), "\(words)") }
        made.entries = []
        #expect(made.text(.english).contains("Nobody owes anything now."))
    }

    @Test("csv has a line for each thing and a cell for each fact; json is read back the same")
    func machine() throws {
        let lines = list.csv().components(separatedBy: "\r\n")
        #expect(lines.count == 9)
        let head = lines[0].components(separatedBy: ",")
        let row = Dictionary(uniqueKeysWithValues: zip(head, lines[3].components(separatedBy: ",")))
        #expect(row["about"] == "p/bif/c" && row["state"] == "handed_in" && row["days_late"] == "5")
        #expect(row["entered"] == "2019-12-30T12:00:00Z" && row["received"] == "2020-01-05T10:00:00.000Z")
        #expect(lines.dropLast().allSatisfy { $0.components(separatedBy: ",").count == head.count })
        #expect(try JSONDecoder().decode(DueList.self, from: Data(list.json().utf8)) == list)
    }

    @Test("pending leaves out what nobody must act on: not open, conditional, wholly accepted")
    func pending() {
        var list = list
        list.entries[0].items.removeAll { $0.state != .accepted }
        list.entries[1].phase = .notOpen
        #expect(list.pending.entries.map(\.forvaltning) == ["SOF"])
        list.entries[2].phase = .conditionOpen
        #expect(list.pending.entries.isEmpty)
        list.entries[2].phase = .open
        list.entries[2].opens = nil
        for (due, isAsked) in [("2020", true), ("2020-01", true), ("2020-02", false), ("2021", false)] {
            list.entries[2].due = PartialDate(due)
            #expect(list.pending.entries.count == (isAsked ? 1 : 0), "\(due): nobody is asked before that time")
        }
    }
}
