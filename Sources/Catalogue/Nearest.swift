/// Suggestions for a misspelt word.

/// The word of `known` that `text` most probably means; nil where none is near.
///
/// Near is: at most a third of its letters differ, and always one may. Case does not count.
func nearest(to text: String, among known: [String]) -> String? {
    let wanted = Array(text.lowercased().prefix(80))
    let ranked = known.map { (distance(wanted, Array($0.lowercased())), $0) }
    guard let best = ranked.min(by: { $0.0 < $1.0 }), best.0 <= max(1, best.1.count / 3) else { return nil }
    return best.1
}

/// How many letters to insert, remove, replace, or swap with their neighbour (optimal string alignment).
private func distance(_ a: [Character], _ b: [Character]) -> Int {
    var before: [Int] = []
    var above = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var cost = min(above[j] + (a[i] == b[j] ? 0 : 1), above[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
            row.append(cost)
        }
        (before, above) = (above, row)
    }
    return above[b.count]
}

/// The words for a message: `a, b, c`; of more than 12 the first 12 and how many more there are.
func listed(_ words: [String]) -> String {
    let shown = words.prefix(12).joined(separator: ", ")
    return words.count > 12 ? "\(shown) and \(words.count - 12) more" : shown
}
