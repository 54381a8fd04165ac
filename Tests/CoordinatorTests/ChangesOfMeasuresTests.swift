import PolicyModel
import Testing

@testable import Coordinator

/// What changed: targets, readings and judgements.
struct ChangesOfMeasuresTests {
    private func start(_ change: (inout MeasureSample) -> Void = { _ in }) throws -> ChangesSample {
        var measures = MeasureSample()
        measures.followUps = ChangesSample.followUps
        change(&measures)
        var sample = try ChangesSample(policy: measures.policy)
        try sample.maker.add("BIF", Sample.initiative("p/bif/kursus"))
        try sample.maker.add("p", TargetVersion(about: "p/andel", version: 1, target: measures.indicator.target))
        return sample
    }

    private func share(_ value: String, _ numerator: Int, _ denominator: Int, _ period: String) -> Reading {
        MeasureSample.reading(
            .number(
                DecimalText(value)!, numerator: DecimalText(numerator), denominator: DecimalText(denominator)), period)
    }

    // MARK: Targets

    @Test("each revision of a target is a change with its reason and who decided; the old value stays beside the new")
    func targets() throws {
        var sample = try start()
        let said = sample.maker.state.position
        for (version, value) in [(2, "58"), (3, "55")] {
            sample.maker.on("2020-0\(version)-01")
            try sample.maker.add(
                "p",
                TargetVersion(
                    about: "p/andel", version: version,
                    target: Target(kind: .level, value: DecimalText(value), year: 2022),
                    reason: LocalizedText(da: "Grund \(version)"), decision: "ØU",
                    decided: PartialDate("2020-01-2\(version)")
                ))
        }
        var annual = MeasureSample().annual
        annual.value = DecimalText("20")
        try sample.maker.add(
            "p",
            TargetVersion(
                about: annual.id, version: 2, annualTarget: annual, reason: LocalizedText(da: "Færre"), decision: "BIU",
                decided: PartialDate("2020")))
        let rows = try sample.view(.position(said)).rows
        #expect(
            rows.map(\.line) == [
                "decided target p/bif/kursus/deltagere target: 30 from 2019 → 20 from 2019",
                "decided target p/andel target: level 58 → level 55",
                "decided target p/andel target: level 60 → level 58",
            ])
        #expect(rows[1].notes.map(\.text.da) == ["Grund 3", "ØU, 2020-01-23"])
        #expect(rows[1].title.da == "Andelen" && rows[1].owner == "BIF")
        // The first statement is no change since a follow-up, and one since all.
        #expect(try sample.lines(.followUp("p/opening")).count == 3)
        #expect(try sample.lines(.position(0)).contains("news target p/andel target: – → level 60"))
    }

    // MARK: Readings

    @Test("a reading is held against the period before it; a correction against what was said; others' count nowhere")
    func readings() throws {
        var sample = try start()
        let start = sample.maker.state.position
        try sample.maker.add("BIF", share("50", 100, 200, "2019"))
        try sample.maker.add("ØKF", share("10", 20, 200, "2020"))
        #expect(try sample.lines(.position(start)) == ["news reading p/andel reading: – → 50 @2019"])
        let said = sample.maker.state.position
        try sample.maker.add("BIF", share("50", 100, 200, "2019"))
        #expect(try sample.lines(.position(said)).isEmpty, "the same said again")
        try sample.maker.add("BIF", share("55", 110, 200, "2020"))
        try sample.maker.add("BIF", share("60", 120, 200, "2021"))
        #expect(
            try sample.lines(.position(said)) == [
                "news reading p/andel reading: 55 @2020 → 60 @2021",
                "news reading p/andel reading: 50 @2019 → 55 @2020",
            ])
        let read = sample.maker.state.position
        let corrected = try sample.maker.add("BIF", share("54", 108, 200, "2020"))
        #expect(try sample.lines(.position(read)) == ["decided reading p/andel reading: 55 @2020 → 54 @2020"])
        try sample.maker.add(
            "BIF",
            Withdrawal(
                record: corrected, withdrawn: .reading, id: "p/andel|2020|", policy: "p",
                reason: LocalizedText(da: "Forkert register")))
        #expect(
            try sample.lines(.position(read)) == ["attention withdrawal p/andel reading: 55 @2020 → withdrawn"])
    }

    @Test("a small count is told on neither side: not when it was corrected away, not when it was taken back")
    func small() throws {
        var sample = try start()
        try sample.maker.add("BIF", share("1.5", 3, 200, "2019"))
        let said = sample.maker.state.position
        try sample.maker.add("BIF", MeasureSample.reading(.suppressed, "2019"))
        #expect(try sample.lines(.position(said)) == ["decided reading p/andel reading: withheld → suppressed @2019"])
        #expect(try sample.lines(.position(0)).contains("news reading p/andel reading: – → suppressed @2019"))
        try sample.maker.add("BIF", share("10", 20, 200, "2020"))
        #expect(
            try sample.lines(.position(said)).last == "news reading p/andel reading: suppressed @2019 → 10 @2020")
        // A number above the threshold that is suppressed now is not told either.
        try sample.maker.add("BIF", share("40", 80, 200, "2021"))
        let told = sample.maker.state.position
        try sample.maker.add("BIF", MeasureSample.reading(.suppressed, "2021"))
        #expect(try sample.lines(.position(told)) == ["decided reading p/andel reading: withheld → suppressed @2021"])
        var other = try start()
        let small = try other.maker.add("BIF", share("1.5", 3, 200, "2019"))
        let then = other.maker.state.position
        try other.maker.add(
            "BIF",
            Withdrawal(
                record: small, withdrawn: .reading, id: "p/andel|2019|", policy: "p", reason: LocalizedText(da: "Fejl"))
        )
        #expect(try other.lines(.position(then)) == ["attention withdrawal p/andel reading: withheld → withdrawn"])
    }

    @Test("what is not personal is told whatever its size")
    func notPersonal() throws {
        var sample = try start { $0.indicator.disclosure = .notPersonal }
        try sample.maker.add("BIF", share("1.5", 3, 200, "2019"))
        let said = sample.maker.state.position
        try sample.maker.add("BIF", share("2", 4, 200, "2019"))
        #expect(try sample.lines(.position(said)) == ["decided reading p/andel reading: 1.5 @2019 → 2 @2019"])
    }

    @Test("a figure says whether it was approved, and whether it changed since")
    func approved() throws {
        var sample = try start()
        let name = try sample.maker.add("BIF", share("50", 100, 200, "2019"))
        func row() throws -> ChangesView.Row? { try sample.view(.position(0)).rows.first { $0.kind == .reading } }
        #expect(try row()?.stage == .handedIn)
        try sample.maker.add("BIF", Approval(followUp: "p/2019", forvaltning: "BIF", records: [name]))
        #expect(try row()?.stage == .approved)
        try sample.maker.add("BIF", share("51", 102, 200, "2019"))
        #expect(try row()?.stage == .handedIn)
        #expect(try row()?.changedSinceApproval == true)
        let latest = sample.maker.state.progressRow(of: "p/andel", on: day("2021-06-01"))?.latest
        #expect(latest?.stage == .handedIn && latest?.changedSinceApproval == true, "the view of progress says so too")
    }

    // MARK: Judgements

    @Test("a judgement from one follow-up to the next, of the goal and of each measure, with the arithmetic")
    func judgements() throws {
        var sample = try start()
        sample.maker.on("2020-01-10")
        try sample.maker.add("p", MeasureSample.assessment(.onCourse, "p/2019"))
        try sample.answer("p/bif/a", "p/2019", .onTrack, on: "2020-01-15")
        try sample.answer("p/bif/a", "p/2020", .onTrack, on: "2020-12-15")
        let lines = try sample.lines(.followUp("p/2019"))
        #expect(lines.isEmpty, "nothing is judged for the newest")
        sample.maker.on("2021-01-10")
        try sample.maker.add("p", MeasureSample.assessment(.behind, "p/2020"))
        let rows = try sample.view(.followUp("p/2019")).rows
        #expect(
            rows.map(\.line).sorted() == [
                "attention assessment p/andel judgement: on_course (p/2019) → behind (p/2020)",
                "attention assessment p/maal judgement: on_course (p/2019) → behind (p/2020)",
            ])
        #expect(rows.first?.notes == [.init(kind: .arithmetic, text: LocalizedText(da: "Sådan."))])
    }

    @Test("since a position the judgement of all there is, once, whatever follow-ups were judged beside it")
    func judgedSincePosition() throws {
        var sample = try start()
        for followUp in ["p/opening", "p/2020", "p/2021"] {
            try sample.maker.add("p", MeasureSample.assessment(.noData, followUp))
        }
        let said = sample.maker.state.position
        #expect(try sample.lines(.position(0)).filter { $0.contains("assessment") }.isEmpty, "no data is no news")
        for followUp in ["p/opening", "p/2020", "p/2021"] {
            try sample.maker.add("p", MeasureSample.assessment(.reached, followUp))
        }
        #expect(
            try sample.lines(.position(said)).sorted() == [
                "news assessment p/andel judgement: no_data → reached",
                "news assessment p/maal judgement: no_data → reached",
            ])
        #expect(try sample.lines(.followUp("p/opening")).count == 2)
    }
}
