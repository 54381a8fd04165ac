import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger
@testable import PluginKit

/// Figures that an officer gives, until they may leave.
@Suite("Readings at entry")
struct ReadingEntryTests {
    let place: Workplace
    let entry: Entry

    struct Rules: NodeRules {
        let forvaltning = "BIF"
        func violation(of reading: Reading) -> Violation? {
            reading.breakdown?.dimension == "land"
                ? Violation(rule: "bif.land", message: "BIF registers no country of origin") : nil
        }
    }

    static let source = Source(document: "p.txt", lines: [])

    static func indicator(
        _ id: String, _ unit: MeasureUnit, reporters: [String] = ["BIF"], target: Target = Target(kind: .directionOnly),
        disclosure: Disclosure? = nil, criteria: [Indicator.Criterion]? = nil
    ) -> Indicator {
        Indicator(
            id: "plan/\(id)", goal: "plan/maal", title: LocalizedText(da: id), titleBasis: .derived, unit: unit,
            population: LocalizedText(da: "alle"), direction: .up, directionBasis: .derived, bodies: [],
            reporters: reporters, reportersBasis: .derived,
            baselines: [Baseline(value: .missing, printed: "måles", source: source)], target: target,
            disclosure: disclosure, criteria: criteria, source: source)
    }

    init() throws {
        place = try Workplace()
        let parity = Target(kind: .parity, parityWith: LocalizedText(da: "hele byen"))
        let criteria = Target(kind: .atLeastKOfN, value: DecimalText(3), of: DecimalText(5))
        let names = ["a", "b", "c", "d", "e"].map {
            Indicator.Criterion(id: $0, title: LocalizedText(da: $0), basis: .configured)
        }
        let policy = Policy(
            id: "plan", title: LocalizedText(da: "Plan"), period: Period(), coordinator: "BIF",
            coordinatorBasis: .printed, bodies: [], goals: [],
            indicators: [
                Self.indicator("personer", .persons), Self.indicator("andel", .percent),
                Self.indicator("andres", .persons, reporters: ["BUF"]),
                Self.indicator("omraader", .count, disclosure: .notPersonal),
                Self.indicator("ligestilling", .percent, target: parity),
                Self.indicator("unavngivne", .count, target: criteria, disclosure: .notPersonal),
                Self.indicator("navngivne", .count, target: criteria, disclosure: .notPersonal, criteria: names),
            ],
            annualTargets: [
                AnnualTarget(
                    id: "plan/bif/kursus/deltagere", initiative: "plan/bif/kursus",
                    what: LocalizedText(da: "Deltagere"),
                    comparator: .atLeast, value: DecimalText(30), unit: .persons, fromYear: 2019, toYear: 2020,
                    printed: "30", source: Self.source),
                AnnualTarget(
                    id: "plan/bif/kursus/ord", initiative: "plan/bif/kursus", what: LocalizedText(da: "Ord"),
                    comparator: .stated, printed: "ord", source: Self.source),
            ], followUps: [], source: Self.source)
        let bif = Forvaltning(code: "BIF", key: "BIF", name: LocalizedText(da: "BIF"), committee: "BIU")
        var definitions = NodeCopy()
        definitions.policies = ["plan": policy]
        entry = Entry(
            forvaltning: bif, rules: Rules(),
            city: City(
                name: LocalizedText(da: "Byen"), suppressionThreshold: 5, forvaltninger: [bif], bodies: [],
                documents: [], targetGroups: [],
                dimensions: [
                    Dimension(
                        id: "koen", name: LocalizedText(da: "Køn"),
                        categories: [.init(id: "kvinder", name: LocalizedText(da: "Kvinder"))]),
                    Dimension(id: "land", name: LocalizedText(da: "Land")),
                ], policies: ["plan"]),
            copy: definitions, at: morning)
    }

    static func reading(
        _ about: String, _ value: String? = nil, _ numerator: String? = nil, of denominator: String? = nil,
        period: String = "2019", by breakdown: Breakdown? = nil, _ change: (inout EnteredReading) -> Void = { _ in }
    ) -> EnteredReading {
        let date = PartialDate(period)
        var entered = EnteredReading(
            about: "plan/\(about)", period: Period(from: date, until: date), breakdown: breakdown,
            value: value.flatMap { DecimalText($0) }.map { .number($0) },
            numerator: numerator.flatMap { DecimalText($0) },
            denominator: denominator.flatMap { DecimalText($0) })
        change(&entered)
        return entered
    }

    /// What is appended, as bytes and as a reading.
    func enter(_ entered: EnteredReading) throws -> (line: Line, reading: Reading, note: String?) {
        var note: String?
        let lines = try place.log.append(at: morning) { snapshot in
            let drafts = try entry.drafts([EntryLine(reading: entered, person: "p1")], snapshot)
            note = drafts.notes[0]
            return drafts.drafts
        }
        let line = try #require(lines.first)
        return (line, try line.decode(Reading.self), note)
    }

    @Test("a figure is appended with its unit, under the officer's pseudonym")
    func said() throws {
        let (line, reading, note) = try enter(Self.reading("personer", "1500"))
        #expect(line.envelope.id == "plan/personer|2019|")
        #expect(line.envelope.policy == "plan")
        #expect(line.envelope.by == Author(forvaltning: "BIF", role: "officer", person: "p1"))
        #expect(reading.unit == .persons)
        #expect(reading.value == .number(DecimalText(1500)))
        #expect(note == nil)
    }

    @Test("a share given as numerator and denominator is reckoned to one decimal")
    func share() throws {
        let value = try enter(Self.reading("andel", nil, "310", of: "420")).reading.value
        let expected = try #require(DecimalText("73.8"))
        #expect(value == .number(expected, numerator: DecimalText(310), denominator: DecimalText(420)))
    }

    @Test(
        "below the threshold nothing of the figure leaves, numerator and denominator together",
        arguments: [
            reading("personer", "4"), reading("personer", "1"), reading("andel", nil, "4", of: "4000"),
            reading("andel", "50", nil, of: "6"), reading("andel", nil, "0", of: "3"),
            reading("andel", "100", "4", of: "4"),
            // Four tenths of a per cent of 700 are 2.8 persons: somebody.
            reading("andel", "0.4", nil, of: "700"),
            reading("kursus/deltagere", "3").under("plan/bif/kursus/deltagere"),
        ])
    func suppressed(entered: EnteredReading) throws {
        let (line, reading, note) = try enter(entered)
        #expect(reading.value == .suppressed)
        #expect(note?.contains("below 5") == true)
        let text = String(decoding: line.body, as: UTF8.self)
        #expect(text.contains(#""value":{"status":"suppressed"}"#), "\(text)")
        #expect(!text.contains("numerator") && !text.contains("denominator"))
    }

    @Test(
        "the threshold itself, zero, and what are no persons are told",
        arguments: [
            reading("personer", "5"), reading("personer", "0"), reading("andel", nil, "5", of: "5"),
            reading("andel", nil, "0", of: "5"), reading("omraader", "3"),
        ])
    func told(entered: EnteredReading) throws {
        let (_, reading, note) = try enter(entered)
        #expect(reading.value.number != nil)
        #expect(note == nil)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let reading: EnteredReading
        let words: String
        init(_ reading: EnteredReading, _ words: String) { (self.reading, self.words) = (reading, words) }
        var testDescription: String { words }
    }

    @Test(
        "what cannot stand is refused with the way out, and nothing is appended",
        arguments: [
            Bad(
                reading("persone", "9"),
                "plan has no indicator or annual target “plan/persone”; did you mean plan/personer?"),
            Bad(reading("andres", "9"), "plan/andres is reported by BUF, not by BIF"),
            Bad(reading("andel", "50"), "A percentage needs its denominator"),
            Bad(reading("andel", "101", nil, of: "100"), "101 per cent is outside 0 to 100"),
            Bad(reading("andel", "50", "10", of: "100"), "10 of 100 is not 50 per cent"),
            Bad(reading("andel", nil, "10", of: "0"), "a share of 0"),
            Bad(reading("andel", nil, "11", of: "10"), "outside 0 to 100"),
            Bad(reading("personer", "1.5"), "1.5 is no number of persons"),
            Bad(reading("personer", "-5"), "-5 is no number of persons"),
            Bad(reading("personer", "50", "5", of: "10"), "only a percentage has numerator and denominator"),
            Bad(reading("personer"), "no value; say missing or not_applicable"),
            Bad(reading("personer") { $0.value = .missing }, "no comment says why"),
            Bad(reading("personer") { $0.value = .suppressed }, "give the true figure"),
            Bad(reading("personer", "50", period: "2027"), "2027 has not begun"),
            Bad(reading("personer", "50", by: Breakdown(dimension: "alder", category: "ung")), "it knows koen, land"),
            Bad(
                reading("personer", "50", by: Breakdown(dimension: "koen", category: "Ål")), "is not dimension=category"
            ),
            Bad(reading("personer", "50", by: Breakdown(dimension: "land", category: "x")), "BIF registers no country"),
            Bad(reading("personer", "9", by: Breakdown(dimension: "criterion", category: "a")), "has no criteria"),
            Bad(reading("unavngivne", "1", by: Breakdown(dimension: "criterion", category: "a")), "named nowhere"),
            Bad(
                reading("navngivne", "1", by: Breakdown(dimension: "criterion", category: "x")), "it has a, b, c, d, e"),
            Bad(reading("navngivne", "2", by: Breakdown(dimension: "criterion", category: "a")), "met (1) or not (0)"),
            Bad(reading("ligestilling", "50", nil, of: "100"), "give it too, with reference (hele byen)"),
            Bad(
                reading("personer", "50") { $0.reference = .number(DecimalText(3)) },
                "held against no other figure: leave reference out"),
            Bad(
                reading("x", "50", period: "2021").under("plan/bif/kursus/deltagere"),
                "a target for each of the years 2019-2020: a figure for 2021 is none of them"),
            Bad(reading("x", "50").under("plan/bif/kursus/ord"), "a target in words: say how it goes with a status"),
            Bad(reading("x", "5").under("nowhere/x"), "the definition of policy “nowhere” has not come to BIF yet"),
            Bad(reading("personer", "50") { $0.comment = LocalizedText(da: "a\u{1}b") }, "holds a control character"),
        ])
    func refused(bad: Bad) throws {
        let head = try place.log.head()
        let error = #expect(throws: Entry.Refused.self) { try enter(bad.reading) }
        #expect(error?.description.contains(bad.words) == true, "\(error?.description ?? "")")
        #expect(try place.log.head() == head)
    }

    @Test("with parity a small reference is suppressed by itself")
    func reference() throws {
        let result = try enter(
            Self.reading("ligestilling", "50", nil, of: "100") {
                $0.reference = .number(DecimalText(50), denominator: DecimalText(4))
            }
        ).reading
        #expect(result.value.number == DecimalText(50))
        #expect(result.reference == .suppressed)
    }

    @Test("a revised annual target decides which years can be reported")
    func revised() throws {
        var target = try #require(entry.copy.policies["plan"]?.annualTargets.first)
        target.toYear = 2021
        var entry = entry
        entry.copy.targets[target.id] = TargetVersion(
            about: target.id, version: 2, annualTarget: target, reason: LocalizedText(da: "forlænget"), decision: "BIU",
            decided: PartialDate("2020-12-01"))
        let entered = Self.reading("x", "50", period: "2021").under(target.id)
        #expect(try place.log.look { try entry.drafts([EntryLine(reading: entered)], $0).drafts.count } == 1)
    }
}

extension EnteredReading {
    /// The same of another measure.
    fileprivate func under(_ about: String) -> EnteredReading {
        var other = self
        other.about = about
        return other
    }
}

/// Attempts to get a small count past the node.
extension ReadingEntryTests {
    @Test(
        "a rounded percentage that can stand for a small count is suppressed",
        arguments: [("1.0", "409"), ("1", "409"), ("0.9", "409"), ("0.0", "40000"), ("33.3", "12"), ("80", "5")])
    func implied(value: String, denominator: String) throws {
        let reading = try enter(Self.reading("andel", value, nil, of: denominator)).reading
        #expect(reading.value == .suppressed)
    }

    @Test(
        "a percentage that can only stand for larger counts, or for nobody, is told",
        arguments: [("1.3", "409"), ("1.2", "409"), ("50", "10"), ("0.0", "400"), ("0", "60")])
    func notImplied(value: String, denominator: String) throws {
        let reading = try enter(Self.reading("andel", value, nil, of: denominator)).reading
        #expect(reading.value.number != nil)
    }

    @Test(
        "a comment or data source that tells the small number is refused, and nothing is appended",
        arguments: ["kun 3 personer svarede", "Tre personer", "only four answered", "3/409"])
    func told(comment: String) throws {
        let head = try place.log.head()
        for change: (inout EnteredReading) -> Void in [
            { $0.comment = LocalizedText(da: comment) }, { $0.dataSource = comment },
        ] {
            let error = #expect(throws: Entry.Refused.self) { try enter(Self.reading("personer", "3") { change(&$0) }) }
            #expect(error?.description.contains("tells a small number: write it without") == true)
        }
        #expect(try place.log.head() == head)
        // Where nothing is suppressed a small number is just a number.
        #expect(try enter(Self.reading("personer", "300") { $0.comment = LocalizedText(da: comment) }).note == nil)
    }

    @Test("a count of more criteria than there are is refused")
    func tooMany() throws {
        let error = #expect(throws: Entry.Refused.self) { try enter(Self.reading("unavngivne", "6")) }
        #expect(error?.description.contains("counts how many of 5 are met: 6 is more") == true)
    }

    @Test("of a share, the parts count no more people than the whole does")
    func partsOfShare() throws {
        _ = try enter(Self.reading("andel", nil, "10", of: "20"))
        let women = Breakdown(dimension: "koen", category: "kvinder")
        let error = #expect(throws: Entry.Refused.self) {
            try enter(Self.reading("andel", nil, "11", of: "15", by: women))
        }
        #expect(error?.description.contains("the parts of koen add up to 11, the whole is 10") == true)
        _ = try enter(Self.reading("andel", nil, "9", of: "15", by: women))
    }
}
