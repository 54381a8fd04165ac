import Foundation
import Testing

@testable import PolicyModel

@Suite("Names of records as runs")
struct RecordRunsTests {
    private func name(_ seq: Int64, _ log: String = "a", _ publisher: String = "BIF") -> RecordName {
        RecordName(publisher: publisher, log: log, seq: seq)
    }

    private func handIn(_ records: [RecordName]) -> HandIn {
        HandIn(followUp: "p/2019", forvaltning: "BIF", records: records)
    }

    private func decoded(_ records: String) throws -> [RecordName] {
        try JSONDecoder().decode(
            HandIn.self, from: Data(#"{"follow_up":"p/2019","forvaltning":"BIF","records":\#(records)}"#.utf8)
        ).records
    }

    @Test("what is written reads back, name by name, in its order", arguments: [0, 1, 2, 3])
    func roundTrip(of sample: Int) throws {
        let samples = [
            [name(4)], (1...10_000).map { name($0) }, [name(5), name(4), name(5), name(6, "b"), name(7, "b", "SOF")],
            [name(1), name(2), name(4), name(Int64.max - 1), name(Int64.max)],
        ]
        let data = try JSONEncoder().encode(handIn(samples[sample]))
        #expect(try JSONDecoder().decode(HandIn.self, from: data).records == samples[sample])
    }

    @Test("one record is named as it always was; what follows one another takes one place")
    func form() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        func records(_ names: [RecordName]) throws -> String {
            let text = String(decoding: try encoder.encode(handIn(names)), as: UTF8.self)
            return String(text[try #require(text.range(of: "\"records\":")).upperBound...].dropLast())
        }
        #expect(try records([name(4)]) == #"[{"log":"a","publisher":"BIF","seq":4}]"#)
        #expect(
            try records([name(4), name(5), name(6), name(8)])
                == #"[{"log":"a","publisher":"BIF","seq":4,"through":6},{"log":"a","publisher":"BIF","seq":8}]"#)
    }

    @Test(
        "a list that runs backwards, or names more than 20,000 records, is refused and never expanded",
        arguments: [
            #"[{"publisher":"BIF","log":"a","seq":4,"through":3}]"#,
            #"[{"publisher":"BIF","log":"a","seq":1,"through":20001}]"#,
            #"[{"publisher":"BIF","log":"a","seq":1,"through":9223372036854775807}]"#,
            #"[{"publisher":"BIF","log":"a","seq":-9223372036854775808,"through":9223372036854775807}]"#,
            #"[{"publisher":"BIF","log":"a","seq":1,"through":20000},{"publisher":"BIF","log":"a","seq":1}]"#,
        ])
    func refused(records: String) throws {
        #expect(throws: DecodingError.self) { try decoded(records) }
    }

    @Test("as many as a list may name are read")
    func most() throws {
        #expect(try decoded(#"[{"publisher":"BIF","log":"a","seq":1,"through":20000}]"#).count == 20_000)
    }
}
