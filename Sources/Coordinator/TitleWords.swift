/// The words of a Danish title, without small words and endings, in order: what titles are compared by.
struct TitleWords {
    /// Stems in order, grammatical words left out.
    let words: [String]
    private let stems: Set<String>

    init(_ title: String) {
        words = Self.parts(title).filter { !Self.small.contains($0) && $0.count > 1 }.map(Self.stem)
        stems = Set(words)
    }

    /// The stems that tell something: without the words that stand in titles of every kind.
    var telling: Set<String> { stems.subtracting(Self.commonplace) }

    /// Whether at least four of five words of both are the same, in any order.
    func isSame(as other: TitleWords) -> Bool {
        guard !words.isEmpty, !other.words.isEmpty else { return false }
        return stems.intersection(other.stems).count * 5 >= stems.union(other.stems).count * 4
    }

    /// Whether one begins with all of the other, in its order, and that is two words or more.
    func beginsLike(_ other: TitleWords) -> Bool {
        let (short, long) = words.count <= other.words.count ? (words, other.words) : (other.words, words)
        return short.count >= 2 && long.prefix(short.count).elementsEqual(short)
    }

    /// The word of `text`, as it stands there in lower case, that has this stem.
    static func printed(_ stem: String, in text: String) -> String? { parts(text).first { self.stem($0) == stem } }

    private static func parts(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// Without the longest ending that leaves four letters: articles, plurals, genitives, the forms of adjectives.
    private static func stem(_ word: String) -> String {
        let length = word.count
        for ending in endings where length >= ending.utf8.count + 4 && word.hasSuffix(ending) {
            return String(word.dropLast(ending.utf8.count))
        }
        return word
    }

    /// ASCII: as many letters as bytes.
    private static let endings = [
        "ernes", "erne", "enes", "ene", "ers", "ets", "ens", "er", "en", "et", "es", "e", "s", "t",
    ]

    private static let small = Set(
        """
        af at de den der det en er et for fra i med mod mv og om på sig som til ved vil skal kan blandt uden ikke eller the of \
        and for to in on with
        """.split(separator: " ").map(String.init))

    private static let commonplace = Set(
        """
        andre arbejde bedre borgere børn børns del deltagelse egne etablering flere fokus indsats indsatser initiativ initiativer inklusion mere nye samarbejde \
        støtte særlig tilbud udvalgte udvikling unge ældre
        """.split(separator: " ").map { stem(String($0)) })
}
