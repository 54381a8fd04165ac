import Foundation
import LogLines
import Logging
import Synchronization
import Testing

@Suite("Lines of a service's log")
struct LogLineTests {
    static let time = "2026-11-26T17:00:00.123Z"

    @Test("a line stands as it is documented")
    func text() {
        let line = LogLine(
            time: Self.time, level: .warning, process: "node", message: "no word from tcp://…: gemt",
            fields: ["publisher": "ØKF", "broker": "tcp://10.0.0.5:7415", "file": "a b=\"c\"", "rule": ""])
        #expect(
            line.text
                == #"time=2026-11-26T17:00:00.123Z level=warning process=node msg="no word from tcp://…: gemt" broker=tcp://10.0.0.5:7415 file="a b=\"c\"" publisher=ØKF rule="""#
        )
    }

    @Test("whatever it says, it is one line, and read back it is the same; JSON reads what is quoted")
    func roundTrip() throws {
        let all = String(String.UnicodeScalarView((0...0x2ff).compactMap(Unicode.Scalar.init)))
        for words in ["", " ", "\"", "\\", "a=b", "one\ntwo\r\n\tthree", "“æøå” 🏛", "\\u0041 \\n", all] {
            let line = LogLine(
                time: Self.time, level: .critical, process: "coordinator", message: words,
                fields: ["file": words, "a_1": "x"])
            #expect(!line.text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f })
            #expect(LogLine(parsing: line.text) == line, "\(words.debugDescription)")
            let head = LogLineHead(of: line.text, messageFrom: .critical)
            #expect(head?.level == .critical && head?.process == "coordinator" && head?.message == words)
            let quoted = try #require(line.text.firstMatch(of: /msg=("(?:[^"\\]|\\.)*")/)).1
            #expect(
                try JSONDecoder().decode(String.self, from: Data(quoted.utf8)).unicodeScalars.elementsEqual(
                    words.unicodeScalars))
        }
    }

    @Test("each cut of a line is no line, or one with fewer fields")
    func cuts() {
        let text = LogLine(
            time: Self.time, level: .info, process: "node", message: "a \"b\"\n\u{1}c",
            fields: ["log": "ab", "seq": "12"]
        ).text
        let whole = LogLine(parsing: text)
        for end in text.indices {
            let head = LogLineHead(of: String(text[..<end]), messageFrom: .warning)
            guard let part = LogLine(parsing: text[..<end]) else {
                #expect(head == nil)
                continue
            }
            // It was not asked for the message of an `info`.
            #expect(head?.process == "node" && head?.message == nil)
            #expect(part.message == whole?.message && part.fields.keys.allSatisfy { ["log", "seq"].contains($0) })
        }
    }

    @Test(
        "what is of another form is no line of a log",
        arguments: [
            "", "connected to tcp://broker:1", "time=\(time)", "time=\(time) level=info process=node",
            "time=yesterday level=info process=node msg=\"x\"", "time=\(time) level=loud process=node msg=\"x\"",
            "level=info time=\(time) process=node msg=\"x\"", "time=\(time) level=info process=node msg=\"x",
            "time=\(time) level=info process=node msg=\"x\" ", "time=\(time) level=info process=node msg=\"x\"seq=1",
            "time=\(time) level=info process=node msg=\"x\" seq=",
            "time=\(time) level=info process=node msg=\"x\" seq=1 seq=2",
            "time=\(time) level=info process=node msg=\"x\" Seq=1", "time=\(time)  level=info process=node msg=\"x\"",
            "time=\(time) level=info process=node msg=\"\\q\"", "time=\(time) level=info process=node msg=\"\\u00ff\"",
            " time=\(time) level=info process=node msg=\"x\"", "time=\(time)0 level=info process=node msg=\"x\"",
            "time=2026-11-26 17:00:00.123Z level=info process=node msg=\"x\"",
            "time=2026-11-26T17:00:0x.123Z level=info process=node msg=\"x\"",
            "time=\(time) level=info process=node msg=\"\\u+00a\"", "time=\(time) level=info process=node msg=\"\\u00",
        ])
    func refusals(text: String) {
        #expect(LogLine(parsing: text) == nil)
        // A host does not look whether a field stands twice.
        #expect(LogLineHead(of: text, messageFrom: .trace) == nil || text.hasSuffix("seq=1 seq=2"))
    }

    @Test("a logger writes its fields and those of the event, from its level on")
    func handler() throws {
        final class Keeper: Sendable { let text = Mutex("") }
        let keeper = Keeper()
        var log = Logger(label: "t") {
            _ in LogLineHandler(process: "node", level: .info) { line in keeper.text.withLock { $0 += line } }
        }
        log[metadataKey: "publisher"] = "SOF"
        log.debug("not said")
        log.warning("first\nsecond", metadata: .about(seq: 7, rule: "body.schema", file: "", line: nil))
        let text = keeper.text.withLock { $0 }
        #expect(text.hasSuffix("\n") && text.split(separator: "\n").count == 1)
        let line = try #require(LogLine(parsing: text.dropLast()))
        #expect(line.level == .warning && line.process == "node" && line.message == "first\nsecond")
        #expect(line.fields == ["publisher": "SOF", "seq": "7", "rule": "body.schema"])
    }
}
