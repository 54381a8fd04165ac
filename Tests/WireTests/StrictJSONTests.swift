import Testing

@testable import Wire

@Suite("Strict JSON")
struct StrictJSONTests {
    static func rule(_ bytes: [UInt8]) -> String? {
        do {
            try StrictJSON.checkObject(bytes)
            return nil
        } catch { return error.rule }
    }

    @Test(
        "what RFC 8259 allows is taken",
        arguments: [
            "{}", "{ }", #"{"a":1}"#, #"{ "a" : 1 , "b" : [ ] }"#, #"{"a":[1,2,[3,{}]]}"#, #"{"":0}"#,
            #"{"a":-0}"#, #"{"a":0.5e-10}"#, #"{"a":1E+2}"#, #"{"a":-12.25}"#, #"{"a":true,"b":false,"c":null}"#,
            #"{"a":"\"\\\/\b\f\n\r\t\u00e9\u0000"}"#, #"{"a":"\ud83d\ude00"}"#, #"{"a":"\uD83D\uDE00"}"#,
            "{\"a\":\"ø€😀\u{7F}\u{10FFFF}\u{FFFF}\"}", #"{"a":1,"A":2}"#, #"{"a":{"b":1},"c":{"b":2}}"#,
            // The same letter composed and decomposed: two keys, raw or escaped.
            #"{"\#u{E9}":1,"e\#u{301}":2}"#, #"{"\u00e9":1,"e\u0301":2}"#,
        ])
    func valid(text: String) {
        #expect(Self.rule(Array(text.utf8)) == nil)
    }

    @Test(
        "what is no JSON object, or not one text, is refused",
        arguments: [
            ("", "json.object"), ("[]", "json.object"), ("1", "json.object"), (" {}", "json.object"),
            ("\u{FEFF}{}", "json.object"), ("{} ", "json.trailing"), ("{}{}", "json.trailing"),
            ("{}\n", "json.trailing"), ("{}\u{0}", "json.trailing"),
            ("{", "json.syntax"), (#"{"a""#, "json.syntax"), (#"{"a":"#, "json.syntax"), (#"{"a":1"#, "json.syntax"),
            (#"{"a":1,}"#, "json.syntax"), (#"{,"a":1}"#, "json.syntax"), (#"{"a" 1}"#, "json.syntax"),
            (#"{"a"::1}"#, "json.syntax"), (#"{a:1}"#, "json.syntax"), (#"{'a':1}"#, "json.syntax"),
            (#"{1:1}"#, "json.syntax"), (#"{"a":[1,]}"#, "json.syntax"), (#"{"a":[1 2]}"#, "json.syntax"),
            (#"{"a":[}"#, "json.syntax"), (#"{"a":]}"#, "json.syntax"), (#"{"a":"b}"#, "json.syntax"),
            (#"{"a":tru}"#, "json.syntax"), (#"{"a":TRUE}"#, "json.syntax"), (#"{"a":nulll}"#, "json.syntax"),
            (#"{"a":NaN}"#, "json.syntax"), (#"{"a":Infinity}"#, "json.syntax"), (#"{"a":/**/1}"#, "json.syntax"),
            ("{\"a\":\t1}", "json.syntax"), ("{\n}", "json.syntax"), ("{\"a\":1\r}", "json.syntax"),
            ("{\u{A0}}", "json.syntax"),
        ])
    func invalid(text: String, rule: String) {
        #expect(Self.rule(Array(text.utf8)) == rule)
    }

    @Test(
        "a number has RFC 8259's form, and at most 40 characters",
        arguments: [
            ("0", true), ("10", true), ("-1", true), ("1.0", true), ("1e1", true), ("1E-1", true),
            (String(repeating: "1", count: 40), true),
            ("", false), ("-", false), ("+1", false), ("01", false), ("-01", false), (".5", false), ("1.", false),
            ("1.e1", false), ("1e", false), ("1e+", false), ("0x1", false), ("1_0", false), ("--1", false),
            ("1.2.3", false), ("٣", false), (String(repeating: "1", count: 41), false),
        ])
    func numbers(text: String, isOne: Bool) {
        #expect(Self.rule(Array("{\"a\":\(text)}".utf8)) == (isOne ? nil : "json.syntax"))
    }

    @Test("no control character stands raw in a string", arguments: UInt8(0)...0x1F)
    func control(byte: UInt8) {
        #expect(Self.rule(Array(#"{"a":""#.utf8) + [byte] + Array(#""}"#.utf8)) == "json.control")
        #expect(Self.rule(Array(#"{""#.utf8) + [byte] + Array(#"":1}"#.utf8)) == "json.control")
    }

    @Test(
        "an escape is one of the known, and surrogates come in pairs",
        arguments: [
            (#"\x"#, "json.syntax"), (#"\u12"#, "json.syntax"), (#"\u12g4"#, "json.syntax"),
            (#"\U0041"#, "json.syntax"),
            (#"\"#, "json.syntax"), (#"\u"#, "json.syntax"), (#"\ud83d"#, "json.syntax"), (#"\ud83dx"#, "json.syntax"),
            (#"\ud83d\n"#, "json.syntax"), (#"\ud83d\u0041"#, "json.surrogate"), (#"\ude00"#, "json.surrogate"),
            (#"\ud83d\ud83d"#, "json.surrogate"), (#"\ude00\ud83d"#, "json.surrogate"),
        ])
    func escapes(text: String, rule: String) {
        #expect(Self.rule(Array("{\"a\":\"\(text)\"}".utf8)) == rule)
    }

    @Test(
        "bytes that are no UTF-8 are refused, each kind of them",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC2], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE1, 0x80], [0xE1, 0x41, 0x80], [0xE1, 0x80, 0x41], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF1, 0x80, 0x80],
            [0xF1, 0x80, 0x80, 0x41], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80],
            [0xFE], [0xFF],
        ] as [[UInt8]])
    func utf8(bytes: [UInt8]) {
        #expect(Self.rule(Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8)) == "json.utf8")
        #expect(Self.rule(Array(#"{""#.utf8) + bytes + Array(#"":1}"#.utf8)) == "json.utf8")
        #expect(Self.rule(Array(#"{"a":""#.utf8) + bytes) != nil, "at the end of the text")
    }

    @Test(
        "no key stands twice in an object, however it is written",
        arguments: [
            #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":3}"#, #"{"a":1,"\u0061":2}"#, #"{"\u0061":1,"a":2}"#,
            #"{"\u0061":1,"\u0061":2}"#, #"{"/":1,"\/":2}"#, #"{"\n":1,"\u000a":2}"#, #"{"\u000A":1,"\u000a":2}"#,
            #"{"😀":1,"\ud83d\ude00":2}"#, #"{"":1,"":2}"#, #"{"x":{"a":1,"a":2}}"#, #"{"x":[{"a":1,"a":2}]}"#,
        ])
    func duplicates(text: String) {
        #expect(Self.rule(Array(text.utf8)) == "json.duplicate_key")
    }

    @Test("the same holds beyond the 32 keys that are compared one by one", arguments: [1, 31, 32, 33, 34, 100])
    func manyKeys(count: Int) {
        func object(_ last: String) -> [UInt8] {
            Array(("{" + ((0..<count).map { "\"k\($0)\":0" } + ["\"\(last)\":0"]).joined(separator: ",") + "}").utf8)
        }
        #expect(Self.rule(object("k\(count)")) == nil)
        #expect(Self.rule(object("k0")) == "json.duplicate_key")
        #expect(Self.rule(object("\\u006b\(count - 1)")) == "json.duplicate_key")
    }

    @Test("JSON is at most 64 deep", arguments: ["[", "{\"a\":"])
    func depth(opening: String) {
        func nested(_ depth: Int) -> [UInt8] {
            let inner = String(repeating: opening, count: depth - 1)
            let close = String(repeating: opening == "[" ? "]" : "}", count: depth - 1)
            return Array("{\"a\":\(inner)1\(close)}".utf8)
        }
        #expect(Self.rule(nested(64)) == nil)
        #expect(Self.rule(nested(65)) == "json.depth")
        #expect(Self.rule(nested(100_000)) == "json.depth")
    }

    @Test("a byte that needs a look is seen wherever in a string it stands", arguments: 0..<40)
    func places(place: Int) {
        func text(_ special: [UInt8]) -> [UInt8] {
            let plain = [UInt8](repeating: UInt8(ascii: "~"), count: 40)
            return Array("{\"k\":\"".utf8) + plain[..<place] + special + plain[place...] + Array("\"}".utf8)
        }
        for byte in UInt8.min...UInt8.max {
            let wanted: String? =
                switch byte {
                case 0..<0x20: "json.control"
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): "json.syntax"
                case 0x80...: "json.utf8"
                default: nil
                }
            #expect(Self.rule(text([byte])) == wanted, "\(byte)")
        }
        #expect(Self.rule(text(Array("\\n".utf8))) == nil)
        #expect(Self.rule(text(Array("ø€😀".utf8))) == nil)
    }

    @Test("objects of few keys, each with an escape, cost what as many plain ones do, and not the square of it")
    func escapedKeys() throws {
        func line(_ key: (Int) -> String) -> [UInt8] {
            let object = "{" + (0..<32).map { "\"\(key($0))\":0" }.joined(separator: ",") + "}"
            return Array("{\"a\":[\((0..<500).map { _ in object }.joined(separator: ","))]}".utf8)
        }
        let (plain, escaped) = (line { "kk\($0 + 10)" }, line { "\\n\($0 + 10)" })
        #expect(plain.count == escaped.count)
        func time(_ bytes: [UInt8]) throws -> Duration {
            try (0..<5).map { _ in
                let start = ContinuousClock.now
                try StrictJSON.checkObject(bytes)
                return ContinuousClock.now - start
            }.min() ?? .zero
        }
        let (one, other) = (try time(plain), try time(escaped))
        // As it was: 50 to 70 times.
        #expect(other / one < 25, "plain \(one), escaped \(other)")
        // What they say counts, wherever the first escape stands.
        for keys in [
            [#"a"#, #"\u0061"#], [#"\u0061"#, #"a"#], [#"\n"#, #"b"#, #"\u000a"#], [#"b"#, #"\n"#, #"\u0062"#],
        ] {
            let object = "{" + keys.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
            let fault = #expect(throws: Fault.self) { try StrictJSON.checkObject(Array(object.utf8)) }
            #expect(fault?.rule == "json.duplicate_key", "\(object)")
        }
    }

    @Test("the text of a string is what its escapes mean")
    func text() throws {
        let bytes = Array(#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00ø""#.utf8)
        let text = try JSONScanner.scan(bytes, in: bytes.indices) { (scanner) throws(Fault) in
            scanner.text(try scanner.skipString())
        }
        #expect(text == "a\"\\/\u{8}\u{C}\n\r\té😀ø")
    }
}
