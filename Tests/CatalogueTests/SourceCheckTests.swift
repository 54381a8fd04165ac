import Foundation
import PolicyModel
import Testing

@testable import Catalogue

/// The check of words against a small document that has what PDF extraction does to text.
struct SourceCheckTests {
    static let text = """
        Overskrift for af\u{AD}snittet
        Forvaltningen under-
        støtter foreninger i hele LG
        BTI+ miljøet og Beskæftigelses-
        og Integrationsområdet.
        Der er ca. 12.000 med-
        -
        arbejdere i kom
        munen, heraf 8 pct.5 i 2018.

        """

    static let document = Document(
        id: "d", file: "source.txt", title: LocalizedText(da: "D"), lines: LineRange(first: 1, last: 9) ?? .one,
        sha256: sha256(Data(text.utf8)))

    private func run(
        _ words: String, _ lines: String, text: String? = text, document: Document = document
    ) throws -> SourceCheck.Result {
        let sample = try TemporaryConfiguration()
        if let text { try sample.write(Data(text.utf8), to: "sources/source.txt") }
        var city = try sample.configuration.city()
        city.documents = [document]
        let ranges = lines.split(separator: ",").compactMap { LineRange(parsing: $0) }
        let citation = Citation(
            kind: .figure, name: "figure", words: words, source: Source(document: document.file, lines: ranges),
            place: Place(file: "Config/x.yaml", line: 7))
        return SourceCheck(
            city: city, configuration: sample.configuration, sources: sample.folder.path + "/sources", sha256: sha256
        ).run([citation])
    }

    @Test(
        "words are found across line ends, hyphens, soft hyphens and stray blanks",
        arguments: [
            ("Overskrift for afsnittet", "1"), ("Forvaltningen understøtter", "2-3"), ("LGBTI+ miljøet", "3-4"),
            ("under-\nstøtter", "2-3"), ("Beskæftigelses- og Integrationsområdet", "4-5"),
            ("Beskæftigelsesog", "4-5"), ("understøtter foreninger i hele LGBTI+ miljøet og Beskæftigelses- og", "2-5"),
            ("ca. 12.000 medarbejdere i kommunen", "6-9"), ("12.000 med", "6"), ("8 pct.", "9"), ("miljøet", "1,4"),
            ("afsnittet BTI+ miljøet", "1,4"), ("støtter", "3"), ("støtter fore\u{AD}ninger", "3"),
        ])
    func found(words: String, lines: String) throws {
        let result = try run(words, lines)
        #expect(result.problems.isEmpty)
        #expect(result.figures == 1)
        #expect(result.documents == 1)
    }

    @Test("a letter composed of two is the same letter")
    func composition() throws {
        #expect(try run("ba\u{30A}t", "1", text: "en båt\n").problems.filter { $0.place.line == 7 }.isEmpty)
    }

    @Test(
        "what does not stand in the lines cited is a problem",
        arguments: [
            ("ca. 13.000", "6"), ("2.000 med", "6"), ("000 med", "6"), ("Forvaltningen", "1"), ("forvaltningen", "2"),
            ("støttende", "3"), ("- -", "6"), ("hele", "12-14"), ("\u{AD} ", "1"),
        ])
    func notFound(words: String, lines: String) throws {
        let result = try run(words, lines)
        #expect(result.problems.map(\.place) == [Place(file: "Config/x.yaml", line: 7)])
        #expect(result.figures == 1)
    }

    @Test("a wrong line is answered with the right one")
    func wrongLine() throws {
        let problem = try #require(try run("ca. 12.000 medarbejdere", "2-3").problems.first)
        #expect(problem.message == "figure: “ca. 12.000 medarbejdere” does not stand in lines 2-3 of source.txt")
        #expect(
            problem.remedy == "cite lines 6-8, where the words stand; or correct the words: "
                + "the lines say “Forvaltningen under- støtter foreninger i hele LG”")
    }

    @Test("a wrong figure is answered with what stands there, in at most 120 characters")
    func wrongFigure() throws {
        #expect(
            try run("13.000", "6").problems.first?.remedy == "correct the words: the lines say “Der er ca. 12.000 med-”"
        )
        let remedy = try run("13.000", "1-9").problems.first?.remedy ?? ""
        #expect(remedy.hasSuffix("…”"))
        #expect(remedy.count == "correct the words: the lines say “”".count + 120)
    }

    @Test("a changed document is reported where documents.yaml describes it, and its words are still checked")
    func changedDocument() throws {
        var document = Self.document
        document.id = "lgbti-politik"
        let result = try run("ca. 13.000", "6", text: Self.text.replacing("12.000", with: "13.000"), document: document)
        let problem = try #require(result.problems.first)
        #expect(result.problems.count == 1)
        #expect(problem.place.file.hasSuffix("Config/documents.yaml"))
        #expect(problem.message.hasPrefix("document `lgbti-politik`: lines 1-9 of source.txt have changed"))
    }

    @Test("a document that is missing or shorter than its lines is reported")
    func missingDocument() throws {
        let missing = try run("hele", "3", text: nil)
        #expect(missing.problems.map(\.message).allSatisfy { $0.hasSuffix("source.txt does not exist") })
        #expect(missing.problems.count == 1)
        #expect(missing.documents == 0)
        #expect(missing.figures == 0)
        let short = try run("Overskrift", "1", text: "Overskrift\n")
        #expect(short.problems.map(\.message) == ["document `d`: ends at line 9, and source.txt has 1"])
    }

    @Test("carriage returns and a missing newline at the end do not matter to words")
    func carriageReturns() throws {
        let text = "a\r\nunder-\r\nstøtter"
        let lines = LineRange(first: 1, last: 3) ?? .one
        let document = Document(
            id: "d", file: "source.txt", title: LocalizedText(da: "D"), lines: lines, sha256: sha256(Data(text.utf8)))
        #expect(try run("understøtter", "2-3", text: text, document: document).problems.isEmpty)
    }

    @Test("the SHA-256 of these tests is the known one")
    func knownHash() {
        #expect(sha256(Data("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let long = Data(repeating: UInt8(ascii: "a"), count: 119)
        #expect(sha256(long) == "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb")
    }
}

extension LineRange {
    fileprivate static var one: LineRange { LineRange(first: 1, last: 1)! }
}

/// SHA-256 (FIPS 180-4), for the tests only: the module takes it as a closure.
@Sendable func sha256(_ data: Data) -> String {
    func root(_ number: UInt64, _ power: Int) -> UInt32 {
        let value = power == 2 ? Double(number).squareRoot() : cbrt(Double(number))
        return UInt32((value - value.rounded(.down)) * 4_294_967_296)
    }
    let primes = (2...UInt64(311)).filter { n in !(2..<n).contains { n % $0 == 0 } }
    let k = primes.map { root($0, 3) }
    var hash = primes.prefix(8).map { root($0, 2) }
    var message = [UInt8](data) + [0x80]
    message += [UInt8](repeating: 0, count: (120 - message.count % 64) % 64)
    message += (0..<8).map { UInt8(truncatingIfNeeded: UInt64(data.count * 8) >> (56 - 8 * UInt64($0))) }
    func turned(_ x: UInt32, _ by: UInt32) -> UInt32 { x >> by | x << (32 - by) }
    for block in stride(from: 0, to: message.count, by: 64) {
        var w = (0..<16).map { i in (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(message[block + i * 4 + $1]) } }
        for i in 16..<64 {
            let s0 = turned(w[i - 15], 7) ^ turned(w[i - 15], 18) ^ w[i - 15] >> 3
            let s1 = turned(w[i - 2], 17) ^ turned(w[i - 2], 19) ^ w[i - 2] >> 10
            w.append(w[i - 16] &+ s0 &+ w[i - 7] &+ s1)
        }
        var v = hash
        for i in 0..<64 {
            let s1 = turned(v[4], 6) ^ turned(v[4], 11) ^ turned(v[4], 25)
            let t1 = v[7] &+ s1 &+ (v[4] & v[5] ^ ~v[4] & v[6]) &+ k[i] &+ w[i]
            let s0 = turned(v[0], 2) ^ turned(v[0], 13) ^ turned(v[0], 22)
            let t2 = s0 &+ (v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2])
            v = [t1 &+ t2, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
        }
        hash = zip(hash, v).map { $0 &+ $1 }
    }
    return hash.map { String(String($0 | 0, radix: 16).reversed()).padding(toLength: 8, withPad: "0", startingAt: 0) }
        .map { String($0.reversed()) }.joined()
}
