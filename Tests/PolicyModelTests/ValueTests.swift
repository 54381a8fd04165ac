import Foundation
import PolicyModel
import Testing

@Suite("Texts that carry values")
struct ValueTests {
    @Test(
        "lines are read as one or as a range",
        arguments: [("158-167", 158, 167), ("158", 158, 158), ("1", 1, 1), ("12-12", 12, 12)])
    func lines(text: String, first: Int, last: Int) throws {
        let range = try #require(LineRange(parsing: text))
        #expect(range.first == first)
        #expect(range.last == last)
        #expect(range.description == "\(first)-\(last)")
    }

    @Test(
        "what is no range of lines is refused",
        arguments: [
            "", "0", "0-5", "-5", "5-", "-", "7-6", "1-2-3", " 5", "5 ", "a", "1-b", "1–2", "+5", "+1-+2",
            "99999999999999999999",
        ])
    func noLines(text: String) {
        #expect(LineRange(parsing: text) == nil)
    }

    @Test("ranges are in order of their first line, and know what lies in them")
    func ranges() throws {
        let outer = try #require(LineRange(first: 10, last: 20))
        #expect(outer.contains(try #require(LineRange(first: 10, last: 20))))
        #expect(!outer.contains(try #require(LineRange(first: 9, last: 12))))
        #expect(!outer.contains(try #require(LineRange(first: 19, last: 21))))
        #expect(try #require(LineRange(first: 9, last: 99)) < outer)
        #expect(outer < (try #require(LineRange(first: 10, last: 21))))
        #expect(Source(document: "a.txt", lines: [outer, outer]).reference == "a.txt:10-20;a.txt:10-20")
    }

    @Test(
        "a decimal number is kept as it is written",
        arguments: [
            "0", "-0", "1", "-2", "15.3", "0.5", "-0.05", "1500", "45000.00", String(repeating: "9", count: 30),
            "-" + String(repeating: "9", count: 28) + ".25",
        ])
    func decimals(text: String) throws {
        #expect(DecimalText(text)?.description == text)
        let json = try JSONEncoder().encode([try #require(DecimalText(text))])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
    }

    @Test(
        "what is no decimal number is refused",
        arguments: [
            "", "-", ".", "1.", ".5", "00", "01", "-01", "00.5", "1e3", "+1", "1,5", "1.2.3", " 1", "1 ", "--1",
            "1-", "٣", "NaN", String(repeating: "9", count: 31), "0." + String(repeating: "1", count: 30),
        ])
    func noDecimals(text: String) {
        #expect(DecimalText(text) == nil)
    }

    @Test(
        "an id's part is lower-case letters, digits and single hyphens",
        arguments: [
            ("a", true), ("tryg-indkvartering", true), ("2019", true), ("a-1-b", true),
            (String(repeating: "a", count: 200), true),
            ("", false), ("-a", false), ("a-", false), ("a--b", false), ("A", false), ("ø", false), ("a b", false),
            ("a/b", false), ("a_b", false), ("a\u{301}", false), (String(repeating: "a", count: 201), false),
        ])
    func slugs(text: String, isOne: Bool) {
        #expect(isSlug(text) == isOne)
    }

    @Test(
        "an initiative's id has a policy, an owner and a name",
        arguments: [
            ("lgbti/bif/tryg", true), ("lgbti/bif", false), ("lgbti/bif/tryg/mere", false), ("lgbti//tryg", false),
            ("/bif/tryg", false), ("lgbti/BIF/tryg", false), ("lgbti/bif/", false), ("", false),
        ])
    func ids(text: String, isOne: Bool) {
        #expect((initiativeParts(text) != nil) == isOne)
        guard let parts = initiativeParts(text) else { return }
        #expect("\(parts.policy)/\(parts.owner)/\(parts.name)" == text)
    }

    @Test("Danish stands in for missing English, and says so")
    func languages() {
        let both = LocalizedText(da: "Ja", en: "Yes")
        let danish = LocalizedText(da: "Ja")
        #expect(both[.danish] == "Ja")
        #expect(both.text(in: .english) == ("Yes", .english))
        #expect(danish.text(in: .english) == ("Ja", .danish))
        #expect(danish.text(in: .danish) == ("Ja", .danish))
    }

    @Test("each role publishes its kinds and no other")
    func roles() {
        let table: [Role: Set<String>] = [
            .node: ["initiative", "funding", "status", "handin"],
            .policy: ["policy", "initiative", "funding", "status"],
            .coordinator: ["configuration"], .broker: ["enrolment", "refusal"],
        ]
        let all = Set(table.values.joined())
        for role in Role.allCases {
            for kind in all.union(["x-own", "", "nonsense"]) {
                let may = table[role]?.contains(kind) == true || (kind == "x-own" && (role == .node || role == .policy))
                #expect(role.mayPublish(RecordKind(kind)) == may, "\(role.rawValue) \(kind)")
            }
        }
    }
}
