import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

/// What goes out as open data, and what waits for an approval.
@Suite("What the Data Package lets out")
struct ApprovedDataTests {
    private func package(_ sample: ChangesSample, all: Bool = false) -> DataPackage {
        DataPackage(sample.maker.state, on: day("2021-06-01"), all: all, program: "pejling 0")
    }

    /// The rows of a file as dictionaries by column; the files here have no commas in their cells.
    private func rows(_ package: DataPackage, _ file: String) throws -> [[String: String]] {
        let text = String(decoding: try #require(package.files["\(file).csv"]), as: UTF8.self)
        let lines = text.components(separatedBy: "\r\n").dropLast().map { $0.components(separatedBy: ",") }
        return lines.dropFirst().map { Dictionary(zip(lines[0], $0)) { first, _ in first } }
    }

    private func approve(_ sample: inout ChangesSample, _ records: [RecordName], for followUp: String = "p/2019") throws
    {
        try sample.maker.add("BIF", Approval(followUp: followUp, forvaltning: "BIF", records: records))
    }

    @Test("a status goes out once it is approved; what a document says does at once; a draft with --all only")
    func statuses() throws {
        var sample = try ChangesSample()
        try sample.maker.add("BIF", Sample.status("p/bif/b"))
        try sample.maker.add("BIF", Sample.status("p/bif/b", "p/2019", .delayed, printed: false))
        let name = try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        func said(all: Bool = false) throws -> [String] {
            try rows(package(sample, all: all), "statuses").map { row in
                ["about", "follow_up", "delivery", "standing", "stage", "changed_since_approval"].map { row[$0] ?? "?" }
                    .joined(separator: " ")
            }
        }
        let document = "p/bif/b p/opening completed document  false"
        #expect(try said() == [document])
        #expect(package(sample).leftOut.map { "\($0.table) \($0.count)" } == ["statuses 2"])
        #expect(package(sample, all: true).leftOut.isEmpty)
        try approve(&sample, [name])
        #expect(try said() == ["p/bif/a p/2019 on_track handed_in approved false", document])
        // Changed since: the approved one stays out there, and says so.
        let changed = try sample.answer("p/bif/a", "p/2019", .stopped, on: "2019-12-28")
        #expect(try said() == ["p/bif/a p/2019 on_track handed_in approved true", document])
        #expect(
            try said(all: true) == [
                "p/bif/a p/2019 stopped handed_in handed_in true", "p/bif/b p/2019 delayed not_handed_in  false",
                document,
            ])
        try approve(&sample, [changed])
        #expect(try said().first == "p/bif/a p/2019 stopped handed_in approved false")
        try sample.maker.add(
            "coordinator",
            Return(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", about: "p/bif/a", records: [name, changed],
                note: LocalizedText(da: "Se igen")))
        #expect(try said() == [document], "what was returned is not out")
    }

    private func measures() throws -> ChangesSample {
        var policy = Sample.policy(ChangesSample.followUps)
        policy.indicators = [
            Indicator(
                id: "p/antal", goal: "p/maal", title: LocalizedText(da: "Antal"), titleBasis: .printed, unit: .persons,
                population: LocalizedText(da: "Alle"), direction: .up, directionBasis: .printed, bodies: [],
                reporters: ["BIF"], reportersBasis: .printed,
                baselines: [Baseline(value: .missing, printed: "-", source: Sample.source)],
                target: Target(kind: .noneStated), source: Sample.source)
        ]
        return try ChangesSample(policy: policy)
    }

    private func reading(_ value: Int, _ breakdown: Breakdown? = nil, year: String = "2019") -> Reading {
        let date = PartialDate(year)
        return Reading(
            about: "p/antal", unit: .persons, period: Period(from: date, until: date), breakdown: breakdown,
            value: .number(DecimalText(value)))
    }

    @Test(
        "a figure goes out when an approval names it; its breakdowns go with it; judgements where all their figures do")
    func readings() throws {
        var sample = try measures()
        let women = Breakdown(dimension: "koen", category: "kvinder")
        let whole = try sample.maker.add("BIF", reading(40))
        try sample.maker.add("BIF", reading(22, women))
        try sample.maker.add("BIF", reading(19, women, year: "2020"))
        try sample.maker.add("ØKF", reading(99))
        let judged = LocalizedText(da: "Fra 30 til 40")
        try sample.maker.add(
            "p",
            Assessment(
                goal: "p/maal", followUp: "p/opening", judgement: .ahead, arithmetic: judged,
                measures: [.init(about: "p/antal", judgement: .ahead, arithmetic: judged, reading: whole)]))
        #expect(try rows(package(sample), "readings").isEmpty && rows(package(sample), "assessments").isEmpty)
        #expect(
            package(sample).leftOut.map { "\($0.table) \($0.count)" } == ["readings 3", "assessments 1"],
            "who does not report the figure is heard with --all only")
        try approve(&sample, [whole])
        let out = try rows(package(sample), "readings")
        #expect(
            out.map { "\($0["value"] ?? "") \($0["category"] ?? "") \($0["stage"] ?? "")" } == [
                "40  approved", "22 kvinder handed_in",
            ])
        #expect(try rows(package(sample), "assessments").map { $0["attainment"] } == ["ahead"])
        // A correction that is not approved: the approved figure stays, and says so.
        try sample.maker.add("BIF", reading(41))
        let corrected = try rows(package(sample), "readings")
        #expect(corrected.map { $0["value"] } == ["40", "22"] && corrected[0]["changed_since_approval"] == "true")
        let all = try rows(package(sample, all: true), "readings")
        #expect(Set(all.map { $0["value"] }) == ["41", "22", "19", "99"])
    }

    @Test("an officer's money and milestones go out when approved; the initiative's sum is of what goes out")
    func money() throws {
        var sample = try ChangesSample()
        try sample.maker.add(
            "BIF", Funding(initiative: "p/bif/a", state: .requiresSeparateFunding, printed: "x", source: Sample.source))
        let money = try sample.maker.add(
            "BIF",
            Funding(
                initiative: "p/bif/a", state: .funded, until: PartialDate("2023"),
                budgets: [Budget(year: 2021, plannedDKK: DecimalText(5))]))
        let milestone = try sample.maker.add(
            "BIF", Milestone(id: "p/bif/a/start", initiative: "p/bif/a", what: LocalizedText(da: "Start")))
        func state(all: Bool = false) throws -> [String?] {
            let package = package(sample, all: all)
            return [
                try rows(package, "initiatives").first { $0["id"] == "p/bif/a" }?["funding_state"],
                String(try rows(package, "funding").count), String(try rows(package, "budgets").count),
                String(try rows(package, "milestones").count),
            ]
        }
        #expect(try state() == ["requires_separate_funding", "1", "0", "0"])
        #expect(try state(all: true) == ["funded", "2", "1", "1"])
        try approve(&sample, [money, milestone])
        #expect(try state() == ["funded", "2", "1", "1"])
        #expect(try rows(package(sample), "milestones").map { $0["stage"] } == ["approved"])
    }

    @Test("approvals with their acceptance, decisions, more time, contributions, withdrawals; returns with --all only")
    func collecting() throws {
        var sample = try ChangesSample()
        func say(_ text: String) -> LocalizedText { LocalizedText(da: text) }
        let a = try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2019-12-20")
        let b = try sample.answer("p/bif/b", "p/2019", .onTrack, on: "2019-12-20")
        let approval = try sample.maker.add("BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: [a]))
        try sample.maker.add(
            "coordinator",
            Acceptance(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", approval: approval, comment: say("Fint")))
        try sample.maker.add(
            "coordinator",
            Return(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", about: "p/bif/b", records: [b],
                note: say("Se igen")))
        try sample.maker.add(
            "coordinator",
            Exception(
                id: "p/2019|BIF|1", followUp: "p/2019", forvaltning: "BIF", until: PartialDate("2020-01-31")!,
                reason: say("Brand")))
        try sample.maker.add(
            "coordinator",
            Decision(
                id: "p|2020-02-01|1", policy: "p", body: "ØU", date: PartialDate("2020-02-01")!, text: say("Flere"),
                about: ["p/bif/a", "p/bif/b"], followedUp: .init(date: PartialDate("2020-05")!, text: say("Sket"))))
        try sample.maker.add(
            "coordinator", Contribution(id: "p/2019|1", followUp: "p/2019", organisation: "Forening", text: say("Godt"))
        )
        for (record, about) in [(a, "p/bif/a"), (b, "p/bif/b")] {
            try sample.maker.add(
                "BIF",
                Withdrawal(record: record, withdrawn: .status, id: "\(about)|p/2019", policy: "p", reason: say("Fejl")))
        }
        let open = package(sample)
        let approvals = try rows(open, "approvals")
        #expect(approvals.map { $0["records"] } == [a.description] && approvals[0]["record"] == approval.description)
        #expect(approvals[0]["accepted"]?.isEmpty == false && approvals[0]["accepted_by"] == "coordinator")
        #expect(approvals[0]["acceptance_comment"] == "Fint")
        #expect(try rows(open, "exceptions").map { $0["until"] } == ["2020-01-31"])
        let decision = try #require(try rows(open, "decisions").first)
        #expect(decision["about"] == "p/bif/a;p/bif/b" && decision["open"] == "false")
        #expect(decision["followed_up"] == "2020-05" && decision["follow_up_text"] == "Sket")
        #expect(try rows(open, "contributions").map { $0["organisation"] } == ["Forening"])
        #expect(try rows(open, "withdrawals").map { $0["record"] } == [a.description], "b was never approved")
        #expect(try rows(open, "returns").isEmpty)
        let all = package(sample, all: true)
        #expect(try rows(all, "returns").map { $0["note"] } == ["Se igen"] && rows(all, "withdrawals").count == 2)
        for bytes in all.files.values { #expect(!String(decoding: bytes, as: UTF8.self).contains("p1"), "a pseudonym") }
    }

    @Test("Docs/open-data.md has every file with its columns, and no other")
    func document() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../Docs/open-data.md")
        let text = try String(contentsOf: path, encoding: .utf8)
        let listed = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let files = package(try ChangesSample()).files.filter { $0.key.hasSuffix(".csv") }
        let written = files.map { name, bytes in
            let head = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")[0]
            return "`\(name.dropLast(4))` \(head.replacing(",", with: ", "))"
        }
        #expect(listed.map { $0.joined(separator: " ") }.sorted() == written.sorted())
    }
}
