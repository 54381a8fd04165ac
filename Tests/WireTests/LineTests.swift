import Foundation
import PolicyModel
import Testing

@testable import Wire

let bifLog = "9f2c0000000000000000000000000000"

/// A line as another program may write it: the fields in another order than ours, not escaped.
let foreignLine =
    #"{"publisher":"BIF","log":"9f2c0000000000000000000000000000","seq":1,"prev":"0000000000000000000000000000000000000000000000000000000000000000","at":"2026-11-23T08:15:00Z","kind":"x-note","policy":"lgbti","id":"a","by":{"forvaltning":"BIF","role":"officer","person":"p17"},"body_sha256":"10980669399f5a7331e5d6fe6f49c0d2a12ea92c0c339953904c76c61839aaf9"}"#
    + "\t" + #"{"text":"Blåbærgrød"}"#

/// A chain of `count` lines of one publisher.
func makeLines(_ count: Int, publisher: String = "BIF", log: String = bifLog, text: String = "tekst") throws -> [Line] {
    var head = ChainHead.empty
    return try (0..<count).map { index in
        let line = try head.next(
            publisher: publisher, log: log, at: "2026-11-23T08:15:00Z", by: Author(role: "node"),
            kind: RecordKind("x-note"), id: "n\(index)", policy: nil, body: Array("{\"t\":\"\(text)\(index)\"}".utf8),
            synthetic: false)
        head.advance(over: line)
        return line
    }
}

@Suite("Lines")
struct LineTests {
    static func rule(_ bytes: [UInt8]) -> String? {
        do {
            _ = try Line(parsing: bytes)
            return nil
        } catch { return error.rule }
    }

    @Test("a line of another program is read, and its hash is sha256sum's of the bytes before the tab")
    func foreign() throws {
        let line = try Line(parsing: Array(foreignLine.utf8))
        #expect(line.hash.hex == "ed545e2c99904d3f8fc760a2ea16aa1314dde24a43618aa51aeeb55eccf98a28")
        #expect(line.envelope.by == Author(forvaltning: "BIF", role: "officer", person: "p17"))
        #expect(line.envelope.prev == .zero)
        #expect(!line.envelope.synthetic)
        #expect(line.name.description == "BIF/\(bifLog)/1")
        #expect(String(decoding: line.body, as: UTF8.self) == #"{"text":"Blåbærgrød"}"#)
        #expect(line.bytes == Array(foreignLine.utf8))
    }

    @Test("the command of the design gives a record's hash: cut -f1 | tr -d '\\n' | sha256sum")
    func shell() throws {
        for text in [foreignLine, String(decoding: try makeLines(2)[1].bytes, as: UTF8.self)] {
            let process = Process()
            let input = Pipe(), output = Pipe()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "cut -f1 | tr -d '\\n' | sha256sum"]
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            input.fileHandleForWriting.write(Data((text + "\n").utf8))
            try input.fileHandleForWriting.close()
            let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(said.prefix(64) == (try Line(parsing: Array(text.utf8)).hash.hex))
        }
    }

    @Test("what we write is read back as the same line")
    func roundTrip() throws {
        for line in try makeLines(3) { #expect(try Line(parsing: line.bytes) == line) }
        let synthetic = try ChainHead.empty.next(
            publisher: "ØKF", log: bifLog, at: "2026-11-23T08:15:00Z", by: Author(role: "node"),
            kind: .status, id: "a/b", policy: "lgbti", body: Array("{}".utf8), synthetic: true)
        #expect(try Line(parsing: synthetic.bytes).envelope.synthetic)
        #expect(!String(decoding: synthetic.bytes, as: UTF8.self).contains("\\/"))
    }

    @Test("a line needs its tab, its body's hash and a size within the limit")
    func form() throws {
        #expect(Self.rule(Array(foreignLine.split(separator: "\t")[0].utf8)) == "line.tab")
        #expect(Self.rule(Array(foreignLine.replacing("Blåbærgrød", with: "Blåbærgrod").utf8)) == "body.hash")
        #expect(Self.rule(Array((foreignLine + " ").utf8)) == "json.trailing")
        #expect(Self.rule(Array((foreignLine + "\t").utf8)) == "json.trailing")
        #expect(Self.rule(Array(foreignLine.replacing("\t", with: "\t\t").utf8)) == "json.object")
        #expect(Self.rule([]) == "line.tab")

        let envelope = try makeLines(1)[0].bytes.count - 13
        func line(of size: Int) throws -> [UInt8] {
            let text = String(repeating: "x", count: size - envelope - 15)
            return try makeLines(1, text: text)[0].bytes
        }
        let fits = try line(of: Limits.line)
        #expect(try fits.count == line(of: Limits.line - 1).count + 1)
        let most = fits.count
        let exact = try line(of: Limits.line + Limits.line - most)
        #expect(exact.count == Limits.line)
        #expect(Self.rule(exact) == nil)
        #expect(Self.rule(try line(of: Limits.line + Limits.line - most + 1)) == "line.size")
    }

    /// Replaces `old` in the envelope; the hash of the body stays right.
    static func changed(_ old: String, _ new: String) -> [UInt8] {
        precondition(foreignLine.contains(old), "the sample has no \(old)")
        return Array(foreignLine.replacing(old, with: new).utf8)
    }

    @Test(
        "each field of the envelope that is missing is named",
        arguments: [
            #""publisher":"BIF","#, #""log":"9f2c0000000000000000000000000000","#, #""seq":1,"#,
            #""prev":"0000000000000000000000000000000000000000000000000000000000000000","#,
            #""at":"2026-11-23T08:15:00Z","#, #""kind":"x-note","#, #""id":"a","#,
            #""by":{"forvaltning":"BIF","role":"officer","person":"p17"},"#,
            #","body_sha256":"10980669399f5a7331e5d6fe6f49c0d2a12ea92c0c339953904c76c61839aaf9""#,
            #""role":"officer","#,
        ])
    func missing(field: String) throws {
        let name = try #require(field.split(separator: "\"").first { $0.first?.isLetter == true })
        let error = #expect(throws: Fault.self) { try Line(parsing: Self.changed(field, "")) }
        #expect(error?.rule == "envelope.field")
        #expect(error?.message.contains("“\(name)”") == true, "\(error?.message ?? "")")
    }

    @Test(
        "a field of the wrong kind, too long, unknown or twice is refused",
        arguments: [
            (#""publisher":"BIF""#, #""publisher":1"#, "envelope.type"),
            (#""publisher":"BIF""#, #""publisher":null"#, "envelope.type"),
            (#""publisher":"BIF""#, #""publisher":"""#, "envelope.name"),
            (#""id":"a""#, #""id":"\#(String(repeating: "a", count: 201))""#, "envelope.name"),
            (#""kind":"x-note""#, #""kind":"x-\#(String(repeating: "ø", count: 100))""#, "envelope.name"),
            (#""kind":"x-note""#, #""kind":["x"]"#, "envelope.type"),
            (#""policy":"lgbti""#, #""policy":null"#, "envelope.type"),
            (#""log":"9f2c0000000000000000000000000000""#, #""log":"9f2c""#, "envelope.log"),
            (
                #""log":"9f2c0000000000000000000000000000""#, #""log":"9g2c0000000000000000000000000000""#,
                "envelope.log"
            ),
            (#""seq":1,"#, #""seq":"1","#, "json.syntax"), (#""seq":1,"#, #""seq":0,"#, "envelope.type"),
            (#""seq":1,"#, #""seq":-1,"#, "envelope.type"), (#""seq":1,"#, #""seq":1.0,"#, "envelope.type"),
            (#""seq":1,"#, #""seq":1e0,"#, "envelope.type"),
            (#""seq":1,"#, #""seq":9223372036854775808,"#, "envelope.type"),
            (#""prev":"00"#, #""prev":"0"#, "envelope.hash"), (#""prev":"0"#, #""prev":"G"#, "envelope.hash"),
            (#""body_sha256":"10980669399f"#, #""body_sha256":"10980669399F"#, "envelope.hash"),
            (#""at":"2026-11-23T08:15:00Z""#, #""at":"2026-11-23 08:15:00Z""#, "envelope.at"),
            (#""at":"2026-11-23T08:15:00Z""#, #""at":"2026-11-23T08:15:00+01:00""#, "envelope.at"),
            (#""at":"2026-11-23T08:15:00Z""#, #""at":1795421700"#, "envelope.type"),
            (#""by":{"#, #""by":"x","x":{"#, "envelope.type"), (#""role":"officer""#, #""role":"""#, "envelope.name"),
            (#""role":"officer""#, #""role":{}"#, "envelope.type"),
            (#""role":"officer""#, #""role":"officer","age":4"#, "envelope.field"),
            (#""role":"officer""#, #""role":"officer","role":"x""#, "json.duplicate_key"),
            (#""id":"a""#, #""id":"a","extra":1"#, "envelope.field"),
            (#""id":"a""#, #""id":"a","ID":"a""#, "envelope.field"),
            (#""id":"a""#, #""id":"a","id":"b""#, "json.duplicate_key"),
            (#""id":"a""#, #""id":"a","\u0069d":"b""#, "json.duplicate_key"),
            (#""id":"a""#, #""id":"a","synthetic":1"#, "envelope.type"),
            (#""id":"a""#, #""id":"a","synthetic":"true""#, "envelope.type"),
            (#""id":"a""#, #""id":"a","synthetic":true,"synthetic":true"#, "json.duplicate_key"),
            ("}\t", "} \t", "json.trailing"), ("}\t", "}x\t", "json.trailing"),
        ])
    func wrong(old: String, new: String, rule: String) {
        #expect(Self.rule(Self.changed(old, new)) == rule)
    }

    @Test("fractions of a second, an escaped name and blanks are well-formed")
    func allowed() throws {
        #expect(Self.rule(Self.changed("08:15:00Z", "08:15:00.123Z")) == nil)
        let escaped = try Line(parsing: Self.changed(#""publisher":"BIF""#, #" "publisher" : "\u0042IF" "#))
        #expect(escaped.envelope.publisher == "BIF")
        #expect(Self.rule(Self.changed(#""id":"a""#, #""id":"\#(String(repeating: "a", count: 200))""#)) == nil)
    }

    @Test("a body is decoded, and what it lacks is named")
    func bodies() throws {
        func line(_ body: String) throws -> Line {
            try ChainHead.empty.next(
                publisher: "BIF", log: bifLog, at: "2026-11-23T08:15:00Z", by: Author(role: "node"), kind: .funding,
                id: "f", policy: nil, body: Array(body.utf8), synthetic: false)
        }
        let funding = try line(#"{"initiative":"a/b/c","state":"expired","budgets":[]}"#).decode(Funding.self)
        #expect(funding == Funding(initiative: "a/b/c", state: .expired))
        for (body, word) in [
            (#"{"initiative":"a/b/c","budgets":[]}"#, "lacks “state”"), (#"{"initiative":1}"#, "initiative"),
            (#"{"initiative":"a","state":"expired","budgets":[{"year":"x"}]}"#, "budgets.[0].year"),
        ] {
            let violation = #expect(throws: Violation.self) { try line(body).decode(Funding.self) }
            #expect(violation?.rule == "body.schema")
            #expect(violation?.message.contains(word) == true, "\(violation?.message ?? "")")
        }
    }
}
