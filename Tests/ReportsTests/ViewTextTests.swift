import Coordinator
import Foundation
import PolicyModel
import Testing
import Wire

@testable import Reports

/// `Measured`, with readings, a revised target and a judgement; the opening year's effort has partners.
private func measured(_ more: (inout LedgerMaker) throws -> Void = { _ in }) throws -> LedgerState {
    var maker = LedgerMaker()
    maker.synthetic = true
    try maker.add("coordinator", Sample.city)
    try maker.add("p", Measured.policy)
    try maker.add("BIF", Sample.initiative("p/bif/kursus", title: "Kursus, første; del", goals: ["p/job"]))
    func reading(_ about: String, _ value: Value, _ period: String, _ unit: MeasureUnit = .percent) -> Reading {
        let date = PartialDate(period)
        return Reading(
            about: about, unit: unit, period: Period(from: date, until: date), value: value,
            comment: value.number == nil ? LocalizedText(da: "Derfor.") : nil)
    }
    try maker.add("BIF", reading("p/andel", Measured.number("54"), "2018"))
    try maker.add(
        "BIF",
        reading(
            "p/andel", .number(DecimalText("55.5")!, numerator: DecimalText(111), denominator: DecimalText(200)), "2019"
        ))
    try maker.add("BIF", reading("p/niveau", .suppressed, "2019"))
    try maker.add("BIF", reading("p/alle", .notApplicable, "2019"))
    try maker.add("BIF", reading("p/faerre", .missing, "2019", .persons))
    try maker.add("ØKF", reading("p/andel", Measured.number("99"), "2019"))
    try maker.add(
        "p",
        TargetVersion(
            about: "p/andel", version: 2, target: Measured.target(.percentagePoints, "4", base: 2017, year: 2022),
            reason: LocalizedText(da: "Færre penge"), decision: "BIU 3. marts 2020"))
    try maker.add(
        "p",
        Assessment(
            goal: "p/job", followUp: "p/opening", judgement: .ahead, arithmetic: LocalizedText(da: "Regnet."),
            measures: [
                .init(
                    about: "p/andel", judgement: .ahead, arithmetic: LocalizedText(da: "Regnet, ja."), targetVersion: 2)
            ]))
    try more(&maker)
    return maker.state
}

private func rows(_ csv: String) -> [[String]] {
    csv.components(separatedBy: "\r\n").dropLast().map { $0.components(separatedBy: ",") }
}

/// The first line as names, the line whose `key` is `value` as cells.
private func cells(_ csv: String, _ key: String, _ value: String) throws -> [String: String] {
    let lines = rows(csv)
    let index = try #require(lines[0].firstIndex(of: key))
    let line = try #require(lines.first { $0.count > index && $0[index] == value })
    return Dictionary(zip(lines[0], line)) { first, _ in first }
}

@Suite("Progress as text")
struct ProgressTextTests {
    @Test("a measure shows baseline, target this year, latest, trend, revised target and judgement")
    func table() throws {
        let text = try measured().progress(on: day("2020-06-01")).text()
        let lines = text.components(separatedBy: "\n")
        let index = try #require(lines.firstIndex { $0.contains("[p/andel]") })
        let cells = lines[index + 1].split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(
            cells.filter { !$0.isEmpty } == [
                "53 pct.", "~ 55,4 pct.", "55,5 pct. 2019", "bedre", "4 procentpoint højere i 2022", "foran",
            ])
        #expect(lines[index + 2].contains("5 procentpoint højere i 2022 → 4 procentpoint højere i 2022"))
        #expect(lines[index].hasPrefix("  ↑ "))
        #expect(text.hasPrefix("*** EKSEMPELDATA"))
    }

    @Test("missing, suppressed, not applicable and not read are four different words")
    func states() throws {
        let text = try measured().progress(on: day("2020-06-01")).text()
        let lines = text.components(separatedBy: "\n")
        func latest(_ id: String) throws -> String {
            lines[try #require(lines.firstIndex { $0.contains("[\(id)]") }) + 1]
        }
        #expect(try latest("p/faerre").contains("mangler 2019"))
        #expect(try latest("p/niveau").contains("vises ikke 2019"))
        #expect(try latest("p/alle").contains("ikke relevant 2019"))
        #expect(try latest("p/mindst").contains("ingen måling"))
        #expect(text.contains("12 måltal: 1 målt, 9 skal måles, 1 for små til at vise, 1 ikke relevante."))
        #expect(text.contains("Vurderet: 1; kan ikke vurderes endnu: 0; ikke vurderet: 11."))
        #expect(text.contains("plugin har set registeret til position 0; sidste post om politikken er 9."))
    }

    @Test("what measures something else is marked, and a forecast stands apart")
    func marks() throws {
        let text = try measured().progress(on: day("2020-06-01")).text()
        #expect(text.contains("57.000* (+1)"))
        #expect(text.contains("Forventning, hverken mål eller måling: 15.000 personer (fra 2019)"))
    }

    @Test("no line is wider than the terminal, at 80 and at 120", arguments: [80, 120], Language.allCases)
    func width(width: Int, language: Language) throws {
        let state = try measured()
        let on = day("2020-06-01")
        let texts = [
            state.progress(on: on).text(language, width: width), state.calendar(on: on).text(language, width: width),
            state.partners(on: on).text(language, width: width),
            state.fundingView(on: on).budgetText(language, width: width),
        ]
        for text in texts {
            // Sentences are the terminal's to wrap; tables are ours.
            for line in text.split(separator: "\n") where line.contains("   ") || line.hasPrefix("#") {
                #expect(displayWidth(String(line)) <= width, "\(line)")
            }
        }
    }

    @Test("CSV has one line for each measure, with status beside value, numerator and denominator")
    func csv() throws {
        let csv = try measured().progress(on: day("2020-06-01")).csv()
        #expect(rows(csv).count == 13)
        let share = try cells(csv, "id", "p/andel")
        #expect(share["latest"] == "55.5" && share["latest_numerator"] == "111" && share["latest_denominator"] == "200")
        #expect(share["due_value"] == "55.4" && share["due_basis"] == "interpolated" && share["target_end"] == "57")
        #expect(share["target_version"] == "2" && share["target_before"] == "5" && share["attainment"] == "ahead")
        let hidden = try cells(csv, "id", "p/niveau")
        #expect(hidden["latest"] == "" && hidden["latest_status"] == "suppressed")
        let unread = try cells(csv, "id", "p/mindst")
        #expect(unread["latest_status"] == "" && unread["attainment"] == "" && unread["synthetic"] == "true")
    }

    @Test("English has no Danish word of ours")
    func english() throws {
        let state = try measured()
        let on = day("2020-06-01")
        let text =
            state.progress(on: on).text(.english) + state.calendar(on: on).text(.english)
            + state.partners(on: on).text(.english) + state.fundingView(on: on).budgetText(.english)
        for danish in [
            "Udgangspunkt", "måltal", "Vurder", "Frist", "Hvem", "udløber", "inddrages", "Planlagt", "i ord",
        ] {
            #expect(!text.contains(danish), "\(danish)")
        }
    }
}

@Suite("iCalendar")
struct CalendarFileTests {
    private func ics(_ more: (inout LedgerMaker) throws -> Void = { _ in }) throws -> String {
        try measured(more).calendar(on: day("2020-06-01")).ics()
    }

    private func unfolded(_ text: String) -> [String] {
        text.replacing("\r\n ", with: "").components(separatedBy: "\r\n")
    }

    @Test("lines end in CR LF and have at most 75 octets, whole characters all of them")
    func folding() throws {
        let long = String(repeating: "Æblegrød på øen ", count: 30)
        let text = try ics {
            try $0.add(
                "BIF",
                Funding(initiative: "p/bif/kursus", state: .funded, until: PartialDate("2021"), source: Sample.source));
            try $0.add("BIF", Sample.initiative("p/bif/kursus", title: long))
        }
        let octets = Array(text.utf8)
        #expect(octets.indices.allSatisfy { octets[$0] != 10 || octets[$0 - 1] == 13 })
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 75 } && lines.contains { $0.utf8.count == 75 })
        #expect(!text.contains("\u{FFFD}"))
        #expect(unfolded(text).contains { $0.contains(long.trimmingCharacters(in: .whitespaces)) })
    }

    @Test("text is escaped, and control characters are left out")
    func escaping() {
        #expect(ICalendarText.escaped("a\\b;c,d\ne\r\nf\u{7}") == "a\\\\b\\;c\\,d\\ne\\nf")
    }

    @Test("an event is all day on the last day its date may mean, ends the day after, and says the year or month")
    func events() throws {
        let lines = unfolded(
            try ics {
                try $0.add(
                    "BIF",
                    Funding(
                        initiative: "p/bif/kursus", state: .funded, until: PartialDate("2020-02"), source: Sample.source
                    ))
            })
        let index = try #require(
            lines.firstIndex { $0.hasPrefix("UID:funding_ends:p/bif/kursus:funded@proeveby.pejling") })
        #expect(
            Array(lines[(index + 1)...(index + 5)]) == [
                "DTSTAMP:20190601T080000Z", "DTSTART;VALUE=DATE:20200229", "DTEND;VALUE=DATE:20200301",
                "TRANSP:TRANSPARENT",
                "SUMMARY;LANGUAGE=da:[EKSEMPELDATA – ikke virkelige oplysninger] Penge udløber: Kursus\\, første\\; del (i løbet af februar 2020)",
            ])
        #expect(lines.contains("DTEND;VALUE=DATE:20230101"), "the day after 31 December")
    }

    @Test("a condition is marked as tentative, what has no date is a to-do, and each id stands once")
    func components() throws {
        var policy = Measured.policy
        policy.followUps += [
            Sample.followUp("p/maaske", due: "2020", condition: .open), Sample.followUp("p/udato"),
        ]
        let lines = unfolded(try ics { try $0.add("p", policy) })
        let tentative = try #require(lines.firstIndex(of: "UID:due:p/maaske@proeveby.pejling"))
        #expect(lines[tentative...].prefix(10).contains("STATUS:TENTATIVE"))
        #expect(lines[tentative...].prefix(6).contains { $0.hasSuffix("(betinget)") })
        let todo = try #require(lines.firstIndex(of: "UID:due:p/udato@proeveby.pejling"))
        #expect(lines[todo - 1] == "BEGIN:VTODO")
        let ids = lines.filter { $0.hasPrefix("UID:") }
        #expect(Set(ids).count == ids.count && ids.count > 5)
    }

    @Test("the same ledger gives the same bytes; a record more changes the stamp and no id")
    func stable() throws {
        let (one, two) = (try ics(), try ics())
        #expect(one == two)
        let later = try ics { maker in
            maker.received = "2019-07-01T09:30:15.250Z"
            try maker.add("BIF", Sample.status("p/bif/kursus"))
        }
        #expect(later.contains("DTSTAMP:20190701T093015Z"))
        func ids(_ text: String) -> [String] { unfolded(text).filter { $0.hasPrefix("UID:") } }
        #expect(ids(one) == ids(later))
    }
}

@Suite("Partners, money and measures as tables")
struct OtherViewTextTests {
    @Test("partners' CSV has one line for each part, with its relation and lines")
    func partners() throws {
        let csv = try measured().partners(on: day("2020-06-01")).csv()
        #expect(
            csv.hasSuffix(
                "partner,enforening,En forening,En forening,p,initiative,p/bif/kursus,\"Kursus, første; del\",BIF,kilde.txt:10-12,true\r\n"
            ))
    }

    @Test("money by year says each sum with its terms, in the table and in CSV")
    func budgets() throws {
        let view = try Measured.ledger().fundingView(on: day("2020-01-01"))
        let text = view.budgetText()
        #expect(text.contains("p 2019, planlagt 1.600.000 kr.:\n    600.000  kursus\n  1.000.000  pulje\n"))
        #expect(text.contains("p        I\u{A0}alt  Planlagt  1.600.000  2.400.000"))
        let row = try cells(view.budgetCSV(), "year", "2019")
        #expect(row["planned_dkk"] == "1600000" && row["used_dkk"] == "")
        #expect(row["planned_terms"] == "p/bif/kursus=600000;p/bif/pulje=1000000")
        #expect(view.text().contains("I\u{A0}alt  Planlagt"))
    }

    @Test(
        "a measure is shown with definition, versions of its target with reason, readings that count and do not, judgements"
    )
    func show() throws {
        let state = try measured()
        let text = state.show("p/andel", on: day("2020-06-01")).text(id: "p/andel", city: state.city, synthetic: true)
        for part in [
            "Indikator p/andel", "Bedst: højere er bedre", "53 pct., 2017 (herfra regnes)",
            "Version 1: 5 procentpoint højere i 2022",
            "Version 2: 4 procentpoint højere i 2022; Færre penge; besluttet: BIU 3. marts 2020",
            "2019: 55,5 pct. (111 af 200) (BIF)", "2019: 99 pct. (tæller ikke: kommer fra ØKF)",
            "p/opening: foran (version 2). Regnet, ja.",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test(
        "the export has approved readings of rightful reporters only, unless all is asked for, and what plugins judged")
    func export() throws {
        let state = try measured { maker in
            let said = maker.state.readings.histories.map(\.current.name).filter { $0.publisher == "BIF" }
            try maker.add("BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: said))
        }
        func lines(_ file: String, all: Bool) throws -> [String] {
            let package = DataPackage(state, on: day("2020-06-01"), all: all, program: "pejling 0")
            return String(decoding: try #require(package.files[file]), as: UTF8.self).components(separatedBy: "\r\n")
                .dropLast()
        }
        try #require(try lines("readings.csv", all: false).count == 6)
        #expect(try lines("readings.csv", all: true).count == 7)
        let received = "2019-06-01T08:00:00.000Z"
        #expect(
            try lines("readings.csv", all: false)[3]
                == "p/andel,2019,,,BIF,55.5,number,111,200,,,,percent,,\(received),approved,false,true")
        #expect(
            try lines("readings.csv", all: false).last
                == "p/niveau,2019,,,BIF,,suppressed,,,,,,percent,Derfor.,\(received),approved,false,true")
        #expect(try lines("assessments.csv", all: false).last == "p/job,p/opening,ahead,Regnet.,\(received),true")
        #expect(try lines("indicators.csv", all: false)[1].contains(",percentage_points,4,2017,2022,"))
    }
}
