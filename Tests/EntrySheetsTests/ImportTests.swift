import Foundation
import Testing

@testable import EntrySheets
@testable import PluginKit
@testable import PolicyModel
@testable import Spreadsheets

@Suite("A filled-in template")
struct ImportTests {
    @Test("says exactly what was changed, from what to what")
    func change() throws {
        var filled = Filled()
        filled["lgbti/bif/tryg", "Stade"] = .text("Forsinket")
        filled["lgbti/bif/tryg", "Hvad er gjort"] = .text("Aftale med fem boliger")
        filled["lgbti/bif/tryg", "Hvorfor nyt stade"] = .text("Renovering trak ud")
        filled["lgbti/bif/kladde", "Hvorfor nyt stade"] = .empty
        filled["lgbti/personer", "Tal"] = .number("1500")
        let plan = filled.imported()
        #expect(plan.problems == [])
        #expect(plan.changes.map(\.about) == ["lgbti/bif/tryg", "lgbti/bif/kladde", "lgbti/personer"])
        #expect(plan.unchanged == 5)
        let texts = plan.changes.map { change in
            change.fields.map { "\($0.field): \($0.from ?? "–") → \($0.to ?? "–")" }
        }
        #expect(
            texts == [
                ["delivery: – → delayed", "done: – → Aftale med fem boliger", "reason: – → Renovering trak ud"],
                ["reason: - renovering → –"], ["value: – → 1500"],
            ])
        #expect(plan.changes[0].place.description == "Status, row 4")
        let lines = plan.lines(handingIn: false)
        #expect(lines.count == 3)
        #expect(lines[0].draft == true)
        #expect(lines[0].person == "p17")
        #expect(lines[0].status?.done?.da == "Aftale med fem boliger")
        // The English of a text that stays stays.
        #expect(lines[1].status?.done?.en == "two lines")
        #expect(lines[2].draft == nil)
        #expect(lines[2].followUp == "lgbti/2019")
        #expect(lines[2].reading?.value == .number(DecimalText(1500)))
    }

    @Test("is handed in follow-up by follow-up, where there is something new")
    func handIn() {
        var filled = Filled()
        // A draft waits for it already.
        #expect(filled.imported(asDraft: false).lines(handingIn: true).map(\.handIn) == ["lgbti/2019"])
        let none = Sample.list { $0.followUps[0].things.remove(at: 1) }
        #expect(Filled(none).imported(into: none, asDraft: false).lines(handingIn: true).isEmpty)
        filled["lgbti/bif/tryg", "Stade"] = .text("I gang efter planen")
        let lines = filled.imported(asDraft: false).lines(handingIn: true, person: "p17")
        #expect(lines.map { $0.status?.about ?? $0.handIn } == ["lgbti/bif/tryg", "lgbti/2019"])
        #expect(lines[0].draft == nil)
    }

    @Test("a column is found by its title, wherever it stands, in any case")
    func moved() {
        var filled = Filled()
        filled["lgbti/bif/tryg", "Stade"] = .text("gennemført")
        filled["lgbti/personer", "Tal"] = .number("7")
        let before = filled.imported()
        filled.reorder { $0.reversed() }
        filled.rename("Stade", to: "STADE")
        let after = filled.imported()
        #expect(after.problems == [])
        #expect(after.changes.map(\.fields).map { $0.map(\.to) } == before.changes.map(\.fields).map { $0.map(\.to) })
        #expect(after.changes.count == 2)
    }

    @Test("a cell nobody touched does not bring back what was corrected meanwhile")
    func lostUpdate() throws {
        var filled = Filled()
        // Meanwhile somebody says of the same thing that it is done, and corrects the figure.
        let now = Sample.list {
            $0.followUps[0].things[1].status?.delivery = .completed
            $0.followUps[0].things[1].status?.done = LocalizedText(da: "Færdig")
            $0.followUps[0].things[4].reading?.value = .number(DecimalText("60")!, denominator: DecimalText("41000")!)
        }
        #expect(filled.imported(into: now).changes.isEmpty)
        filled["lgbti/bif/kladde", "Nødvendig beslutning"] = .text("Ingen")
        let plan = filled.imported(into: now)
        #expect(plan.changes.map { $0.fields.map(\.field) } == [["decisionNeeded"]])
        #expect(plan.changes[0].line.status?.delivery == .completed)
        #expect(plan.changes[0].isContested == false)
        // Both changed the same cell: what was typed holds, and it is said.
        filled["lgbti/bif/kladde", "Hvad er gjort"] = .text("Noget andet")
        let contested = filled.imported(into: now)
        #expect(contested.changes[0].fields.map(\.from) == ["Færdig", "'hvem betaler'"])
        #expect(contested.changes[0].isContested)
        #expect(contested.notes.contains { $0.contains("was answered since the template was made") })
    }

    @Test("taken in twice changes nothing the second time")
    func twice() throws {
        var filled = Filled()
        filled["lgbti/bif/tryg", "Stade"] = .text("Forsinket")
        let said = try #require(filled.imported().changes.first?.line.status)
        let now = Sample.list { $0.followUps[0].things[0].status = said }
        let again = filled.imported(into: now)
        #expect(again.changes.isEmpty)
        #expect(again.problems == [])
    }

    @Test("rows that were taken out stay as they are, and it is said")
    func fewer() {
        var filled = Filled()
        filled.book.sheets[0].rows.removeLast(2)
        let plan = filled.imported()
        #expect(plan.problems == [])
        #expect(plan.notes == ["the template had 8 rows, and 6 were found: what is not there stays as it is"])
    }

    @Test("a row without a mark, of a file made by hand, is held against what stands")
    func noMark() {
        var filled = Filled(Sample.list(), csv: true)
        for about in ["lgbti/bif/tryg", "lgbti/bif/kladde"] { filled[about, "Mærke"] = .empty }
        filled["lgbti/bif/tryg", "Stade"] = .text("stopped")
        let plan = filled.imported()
        #expect(plan.problems == [])
        #expect(plan.changes.map(\.about) == ["lgbti/bif/tryg"])
    }

    @Test(
        "a figure is read as it is meant",
        arguments: [
            (Cell.number("0.573", isPercent: true), "57.3"), (.text("57,3 %"), "57.3"), (.text("57,3"), "57.3"),
            (.number("57.3"), "57.3"), (.number("-0.005", isPercent: true), "-0.5"),
            (.number("1", isPercent: true), "100"),
            (.text("1.234,5"), "1234.5"),
        ])
    func numbers(cell: Cell, value: String) {
        var filled = Filled()
        filled["lgbti/andel", "Tal"] = cell
        let plan = filled.imported()
        #expect(plan.problems == [])
        #expect(plan.changes.first?.fields.first?.to == value)
    }

    @Test(
        "dates are read as what they are",
        arguments: [
            (Cell.date("2020-01-15"), false, "2020-01-15"), (.text("2020-01"), false, "2020-01"),
            (.number("2020"), false, "2020"),
            (.text("31-12-2020"), false, "2020-12-31"), (.text("03-04-2020"), true, "2020-04-03"),
            (.date("2020-01-15T00:00:00"), false, "2020-01-15"),
        ])
    func dates(cell: Cell, isDayFirst: Bool, date: String) {
        var filled = Filled()
        filled.book.isDayFirst = isDayFirst
        filled["lgbti/andel", "Data trukket"] = cell
        #expect(filled.imported().changes.first?.fields.first?.to == date)
    }

    @Test("no figure, and why; parity with what it is held against; numerator and denominator alone")
    func figures() {
        var filled = Filled()
        filled["lgbti/personer", "Intet tal"] = .text("Ikke målt")
        filled["lgbti/personer", "Bemærkning"] = .text("Aflyst")
        filled["lgbti/andel", "Tal"] = .empty
        filled["lgbti/andel", "Tæller"] = .number("23000")
        filled["lgbti/lige", "Tal"] = .number("12")
        filled["lgbti/lige", "Nævner"] = .number("400")
        filled["lgbti/lige", "Holdes op imod"] = .number("14")
        filled["lgbti/lige", "Nævner af det"] = .number("500")
        filled["lgbti/lige", "Periode"] = .text("2018-08/2019-06")
        let plan = filled.imported()
        #expect(plan.problems == [])
        let readings = plan.changes.compactMap(\.line.reading)
        #expect(readings.map(\.value) == [.missing, nil, .number(DecimalText(12))])
        #expect(readings[1].numerator == DecimalText(23000))
        #expect(readings[2].reference == .number(DecimalText(14), denominator: DecimalText(500)))
        #expect(readings[2].period.description == "2018-08/2019-06")
    }

    @Test("what the node refuses is said at its row, and at the column that its option is")
    func refused() {
        var filled = Filled()
        filled["lgbti/bif/tryg", "Stade"] = .text("Forsinket")
        filled["lgbti/personer", "Tal"] = .number("-3")
        var plan = filled.imported()
        plan.refused(line: 1, "lgbti/bif/tryg goes from on_track to delayed: say why with --reason")
        plan.refused(line: 2, "a count of persons is not negative")
        plan.refused(line: 0, "the draft of lgbti/x for lgbti/2019, entered 2019-01-01: too late")
        #expect(
            plan.problems.map(\.description) == [
                "Status!J4 “Hvorfor nyt stade”: lgbti/bif/tryg goes from on_track to delayed: say why in “Hvorfor nyt stade” [node]",
                "Tal, row 4: a count of persons is not negative [node]",
                "the draft of lgbti/x for lgbti/2019, entered 2019-01-01: too late [node]",
            ])
    }
}
