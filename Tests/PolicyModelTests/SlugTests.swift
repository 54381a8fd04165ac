import Testing

@testable import PolicyModel

/// Ids are read byte by byte; these hold it to the plain way of saying the same.
@Suite("Slugs")
struct SlugTests {
    private static func isPlainSlug(_ text: some StringProtocol) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 200, text.first != "-", text.last != "-", !text.contains("--") else {
            return false
        }
        return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }

    private static func plainCount(_ id: String) -> Int? {
        let parts = id.split(separator: "/", omittingEmptySubsequences: false)
        return parts.allSatisfy(isPlainSlug) ? parts.count : nil
    }

    private static func same(_ id: String) -> Bool {
        isSlug(id) == isPlainSlug(id) && slugCount(id) == plainCount(id)
            && firstPart(id) == id.split(separator: "/").first.map(String.init)
    }

    @Test("all ids of up to seven bytes of a few that matter are read as the plain way reads them")
    func short() {
        let letters: [Character] = ["a", "-", "/", "A", "ø"]
        var ids = [""]
        for _ in 0..<7 {
            ids = ids.flatMap { id in letters.map { id + String($0) } }
            let wrong = ids.filter { !Self.same($0) }
            #expect(wrong.isEmpty, "\(wrong.prefix(5))")
        }
    }

    @Test("so are long parts, each other byte, and marks that join what stands before them")
    func others() {
        for length in 198...202 {
            let long = String(repeating: "a", count: length)
            for id in [long, long + "/b", "b/" + long, "b/\(long)/c"] {
                #expect(Self.same(id), "\(length) \(id.prefix(4))")
            }
        }
        for value in UInt8.min...UInt8.max {
            let one = String(UnicodeScalar(value))
            for id in [one, "a" + one, one + "a", "a/\(one)", "\(one)/a"] { #expect(Self.same(id), "\(value)") }
        }
        for id in ["a/\u{301}b/c", "/\u{301}", "a\u{301}/b", "a-\u{301}/b", "a\r\n/b", "//a//b", "///", "a/b\u{338}/c"]
        {
            #expect(Self.same(id), "\(id)")
        }
    }
}
