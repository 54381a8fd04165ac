import Foundation
import Testing

@testable import Wire

@Suite("Headers")
struct HeaderTests {
    @Test("a header is read back as it was written")
    func roundTrip() throws {
        var header = Header(.publish, token: "t")
        (header.log, header.firstSeq, header.seq, header.count, header.hash) = (bifLog, 3, 4, 2, .zero)
        (header.signature, header.keyID) = ("ab", "cd")
        header.filter = FeedFilter(policies: ["lgbti"], kinds: nil, without: ["BIF"])
        header.refusals = [RefusedLine(seq: 1, rule: "owner", text: "nej")]
        #expect(try Header.parse(header.encoded()) == header)
    }

    @Test(
        "what is no header is refused by rule",
        arguments: [
            ("", "json.object"), ("{}", "header.schema"), (#"{"v":1}"#, "header.schema"),
            (#"{"v":1,"type":"shout"}"#, "header.schema"), (#"{"v":"1","type":"ping"}"#, "header.schema"),
            (#"{"v":1,"type":"ping","seq":"x"}"#, "header.schema"),
            (#"{"v":1,"type":"ping","hash":"x"}"#, "header.schema"),
            (#"{"v":1,"type":"ping","type":"bye"}"#, "json.duplicate_key"),
            (#"{"v":1,"type":"ping","x":"\#(String(repeating: "x", count: 4096))"}"#, "header.size"),
            (#"{"v":1,"type":"ping","seq":92233720368547758080}"#, "header.schema"),
        ])
    func bad(text: String, rule: String) {
        #expect(throws: Fault.self) { try Header.parse(Array(text.utf8)) }
        do { _ = try Header.parse(Array(text.utf8)) } catch { #expect(error.rule == rule) }
    }

    @Test("a filter admits what it names")
    func filters() throws {
        let envelope = try Line(parsing: Array(foreignLine.utf8)).envelope
        #expect(FeedFilter().admits(envelope))
        #expect(FeedFilter().isOpen)
        #expect(FeedFilter(policies: ["lgbti"], kinds: ["x-note"], without: ["BUF"]).admits(envelope))
        #expect(!FeedFilter(policies: ["handicap"]).admits(envelope))
        #expect(!FeedFilter(kinds: ["status"]).admits(envelope))
        #expect(!FeedFilter(without: ["BIF"]).admits(envelope))
        #expect(!FeedFilter(policies: []).admits(envelope))
        #expect(!FeedFilter(policies: []).isOpen)
    }

    @Test("times are of fixed width, in UTC")
    func times() {
        let date = Date(timeIntervalSince1970: 1_795_421_700.5)
        #expect(Timestamp.seconds(date) == "2026-11-23T08:15:00Z")
        #expect(Timestamp.milliseconds(date) == "2026-11-23T08:15:00.500Z")
        #expect(Timestamp.milliseconds(Date(timeIntervalSince1970: 1_795_421_700)) == "2026-11-23T08:15:00.000Z")
    }
}
