import Foundation
import PolicyModel
import Testing

@testable import Coordinator
@testable import Reports

/// What was redacted is said to be so wherever it would stand: it was reported, and nobody owes it as if it was not.
@Suite("What was redacted, in reports, progress and open data")
struct RedactedReportTests {
    private static let followUp = "p/2019"
    private static let cause = LocalizedText(da: "En borgers navn stod der", en: "A citizen's name stood there")

    /// A status, the only reading of an indicator, the newest of another, and one of an annual target: redacted by ØKF.
    private struct Case {
        var maker = LedgerMaker()
        var gone: [RecordName] = []

        init() throws {
            maker.on("2021-02-01")
            try maker.add("coordinator", Sample.city)
            try maker.add("p", Read.policy)
            for target in Read.policy.statedTargets { try maker.add("p", target) }
            try maker.add("BIF", Sample.initiative("p/bif/kursus", title: "Kursus", goals: ["p/job"]))
            var status = Sample.status("p/bif/kursus", RedactedReportTests.followUp, .onTrack, printed: false)
            status.done = LocalizedText(da: "Aftale med Jens Hansen")
            let said = try maker.add("BIF", status)
            try maker.add("BIF", HandIn(followUp: RedactedReportTests.followUp, forvaltning: "BIF", records: [said]))
            try maker.add("BIF", Read.reading("niveau", 2018, .suppressed))
            gone = [
                said, try maker.add("BIF", Read.reading("andel", 2019, Read.share("54.7", 547, 1000))),
                try maker.add("BIF", Read.reading("niveau", 2019, Read.share("76.3", 763, 1000))),
                try maker.add("BIF", Read.reading("bif/kursus/fuldfoert", 2019, Read.share("88.1", 881, 1000))),
            ]
        }

        mutating func redact() throws {
            for name in gone {
                let line = try #require(maker.lines.first { $0.name == name })
                try maker.add(
                    "coordinator",
                    Redaction(
                        record: name, redacted: line.kind, id: line.envelope.id, policy: line.envelope.policy,
                        bodyHash: line.envelope.bodyHash.hex, reason: RedactedReportTests.cause, decision: "DPO 7"))
            }
        }
    }

    @Test(
        "a report says of a redacted status and of redacted figures that they are, and why",
        arguments: Language.allCases)
    func report(language: Language) throws {
        func texts(_ state: LedgerState) throws -> (model: ReportModel, texts: [String]) {
            let model = try ReportModel(
                state, policy: "p", followUp: Self.followUp, on: day("2021-02-01"), language: language,
                program: "pejling 0")
            return (model, [model.markdown(), model.html()])
        }
        var sample = try Case()
        let secrets = ["Jens Hansen", "54.7", "76.3", "88.1"].map { $0 == "Jens Hansen" ? $0 : say(language, $0) }
        for text in try texts(sample.maker.state).texts {
            for secret in secrets { #expect(text.contains(secret), "\(secret)") }
            #expect(!text.contains(Words.redactedReading[language]) && !text.contains(Words.redactedText[language]))
        }
        try sample.redact()
        let (model, written) = try texts(sample.maker.state)
        for text in written {
            for secret in secrets { #expect(!text.contains(secret), "\(secret)") }
            #expect(text.contains(Words.redactedText[language]) && text.contains(Self.cause[language]))
            #expect(text.components(separatedBy: "2019: \(Words.redactedReading[language])").count >= 4)
            #expect(text.contains("DPO 7"))
        }
        let parts = model.problem.goals.compactMap(\.indicators).flatMap(\.self)
        let share = try #require(parts.first { $0.id == "p/andel" })
        #expect(share.latest == nil && share.redacted?.record == sample.gone[1].description)
        #expect(share.chart.text.contains(Words.redactedShort[language]))
        let level = try #require(parts.first { $0.id == "p/niveau" })
        #expect(level.latest?.status.code == "suppressed" && level.redacted?.record == sample.gone[2].description)
        #expect(parts.first { $0.id == "p/alle" }?.redacted == nil)
        #expect(
            model.front.measures.map { "\($0.count) \($0.code)" } == ["1 suppressed", "2 redacted", "4 not_reported"])
        let years = try #require(model.solution(of: "p/bif/kursus")?.annualTargets?.first?.results)
        #expect(years.last?.year == 2019 && years.last?.reading == nil)
        #expect(years.last?.redacted?.record == sample.gone[3].description)
    }

    private func say(_ language: Language, _ number: String) -> String {
        Wording(language: language, city: nil).amount(DecimalText(number)!, .percent)
    }

    @Test("progress says redacted, not that there is no reading; an older reading stands beside it")
    func progress() throws {
        var sample = try Case()
        try sample.redact()
        let state = sample.maker.state
        let view = state.progress(on: day("2021-02-01"))
        let rows = Dictionary(view.rows.map { ($0.id, $0) }) { first, _ in first }
        #expect(rows["p/andel"]?.state == .redacted && rows["p/andel"]?.redacted == Read.year(2019))
        #expect(rows["p/niveau"]?.state == .suppressed && rows["p/niveau"]?.redacted == Read.year(2019))
        #expect(rows["p/alle"]?.state == .toBeMeasured && rows["p/alle"]?.redacted == nil)
        let counts = try #require(view.policies.first?.counts)
        #expect(counts.redacted == 2 && counts.suppressed == 1 && counts.toBeMeasured == 4 && counts.measures == 7)
        let text = view.text(.danish)
        #expect(text.contains("Redigeret: 2.") && text.contains("2019: redigeret: tallet er fjernet efter ordre"))
        let line = try #require(view.csv().split(separator: "\r\n").first { $0.contains("p/andel,") })
        #expect(line.contains(",redacted,"))
        // Not yet on the day before it ended; and said anew, it is a reading again.
        #expect(state.progress(on: day("2019-06-01")).rows.allSatisfy { $0.redacted == nil })
        try sample.maker.add("BIF", Read.reading("andel", 2019, Read.share("55", 55, 100)))
        let anew = try #require(sample.maker.state.progressRow(of: "p/andel", on: day("2021-02-01")))
        #expect(anew.state == .measured && anew.redacted == nil)
    }

    @Test("open data has no row for what was redacted, and says which records those are")
    func export() throws {
        var sample = try Case()
        func package(all: Bool) -> DataPackage {
            DataPackage(sample.maker.state, on: day("2021-02-01"), all: all, program: "pejling 0")
        }
        #expect(package(all: true).redacted.isEmpty)
        try sample.redact()
        for all in [false, true] {
            let package = package(all: all)
            #expect(package.redacted.map(\.table) == ["statuses", "readings"])
            #expect(package.redacted.flatMap(\.records).map(\.name) == sample.gone)
            #expect(package.leftOut.map { "\($0.table) \($0.count)" } == (all ? [] : ["readings 1"]))
            for bytes in package.files.values {
                #expect(!String(decoding: bytes, as: UTF8.self).contains("Jens Hansen"))
            }
        }
        #expect(
            String(decoding: try #require(package(all: true).files["readings.csv"]), as: UTF8.self).contains("2018"))
    }
}

extension ReportModel {
    fileprivate func solution(of initiative: String) -> InitiativePart? {
        owners.flatMap(\.initiatives).first { $0.id == initiative }
    }
}
