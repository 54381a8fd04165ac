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
            (#"{"v":1,"type":"ping","seq":9.3e18}"#, "header.schema"),
            (#"{"v":1,"type":"ping","seq":1.5}"#, "header.schema"),
            (#"{"v":1,"type":"ping","final":1}"#, "header.schema"),
            (#"{"v":1,"type":"ping","token":7}"#, "header.schema"),
            (#"{"v":1,"type":"hello","versions":1}"#, "header.schema"),
            (#"{"v":1,"type":"follow","filter":{"kinds":"a"}}"#, "header.schema"),
        ])
    func bad(text: String, rule: String) {
        #expect(throws: Fault.self) { try Header.parse(Array(text.utf8)) }
        do { _ = try Header.parse(Array(text.utf8)) } catch { #expect(error.rule == rule) }
    }

    @Test("each field is written and read as Foundation writes and reads it: by name, escaped, null, as a fraction")
    func asFoundation() throws {
        var whole = Header(.welcome, token: "t\u{e5}\"\\\u{1}")
        (whole.versions, whole.publisher, whole.program, whole.signKey) = ([1, 2], "ØKF", "pejling-node-okf 1", "ab")
        (whole.incarnation, whole.log, whole.seq, whole.hash) = ("i", bifLog, .max, Hash(of: [1, 2, 3]))
        (whole.firstSeq, whole.count, whole.signature, whole.keyID) = (-3, 7, "cd", "k")
        (whole.refusals, whole.rule, whole.text) = (
            [RefusedLine(seq: 1, rule: "r", text: "nej 🙂\n")], "a.b", "linje\n2"
        )
        (whole.line, whole.final, whole.position, whole.after) = (2, false, .min, 0)
        (whole.synthetic, whole.ledger, whole.state, whole.unsent) = (true, "l", "ready", 9)
        (whole.filter, whole.credit) = (FeedFilter(policies: ["p"], kinds: [], concerning: "SUF"), 3)
        let bytes = try whole.encoded()
        #expect(String(decoding: bytes, as: UTF8.self) == String(decoding: try encodeBody(whole), as: UTF8.self))
        var controls = Header(.reject)
        controls.text = String(String.UnicodeScalarView((0...0x7f).compactMap(UnicodeScalar.init))) + "/\u{2028}é🙂"
        #expect(try controls.encoded() == encodeBody(controls))
        let fields = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        // A field that is added to the header and not to its reader stops here.
        #expect(fields.count == Mirror(reflecting: whole).children.count)
        var texts = [String(decoding: bytes, as: UTF8.self)]
        for (key, value) in fields where key != "v" && key != "type" {
            for given in [value, NSNull()] {
                let one = try JSONSerialization.data(withJSONObject: [
                    "v": 1, "type": "ping", key: given, "x-\(key)": [[1]],
                ])
                texts.append(String(decoding: one, as: UTF8.self))
            }
        }
        texts += [#"{"v":1.0,"type":"p\u0069ng","\u0073eq":1e3,"count":2.0}"#, #"{ "v" : 1 , "type" : "bye" }"#]
        for text in texts {
            let expected = try JSONDecoder().decode(Header.self, from: Data(text.utf8))
            #expect(try Header.parse(Array(text.utf8)) == expected, "\(text)")
        }
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
