internal import PolicyModel

/// Suggestions for a misspelt word.

/// The word of `known` that `text` most probably means; nil where none is near.
///
/// Near is: at most a third of its letters differ, and always one may. Case does not count.
func nearest(to text: String, among known: [String]) -> String? {
    let wanted = Array(text.lowercased().prefix(80))
    let ranked = known.map { (editDistance(wanted, Array($0.lowercased())), $0) }
    guard let best = ranked.min(by: { $0.0 < $1.0 }), best.0 <= max(1, best.1.count / 3) else { return nil }
    return best.1
}

/// The words for a message: `a, b, c`; of more than 12 the first 12 and how many more there are.
func listed(_ words: [String]) -> String {
    let shown = words.prefix(12).joined(separator: ", ")
    return words.count > 12 ? "\(shown) and \(words.count - 12) more" : shown
}
