/// How many letters to insert, remove, replace, or swap with their neighbour (optimal string alignment).
public func editDistance(_ a: [Character], _ b: [Character]) -> Int {
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

/// The `count` names most like `text`: first those that contain it, then by `editDistance` (over characters,
/// upper and lower case alike) of what follows their common beginning, then by the alphabet. What differs in more than a
/// third of its letters (but two always may) is left out.
public func nearestIDs(to text: String, among names: [String], count: Int = 3) -> [String] {
    let wanted = text.lowercased()
    guard !wanted.isEmpty else { return [] }
    var scored: [(score: Int, name: String)] = []
    for name in Set(names) {
        let candidate = name.lowercased()
        if candidate.contains(wanted) {
            scored.append((0, name))
            continue
        }
        // Ids begin alike (`lgbti/bif/…`), which says nothing: only the rest is compared. A bare name is compared with the
        // last part.
        let rest: (Substring, Substring)
        if wanted.contains("/") {
            let shared = sharedParts(wanted, candidate)
            rest = (wanted.dropFirst(shared), candidate.dropFirst(shared))
        } else {
            rest = (wanted[...], candidate.split(separator: "/").last ?? "")
        }
        let limit = max(2, rest.0.count / 3)
        guard abs(rest.0.count - rest.1.count) <= limit else { continue }
        let distance = editDistance(Array(rest.0), Array(rest.1))
        if distance <= limit { scored.append((distance, name)) }
    }
    return scored.sorted { ($0.score, $0.name) < ($1.score, $1.name) }.prefix(count).map(\.name)
}

/// How many characters both begin with, up to and including their last common slash.
private func sharedParts(_ a: String, _ b: String) -> Int {
    var shared = 0
    for (index, (left, right)) in zip(a, b).enumerated() {
        if left != right { break }
        if left == "/" { shared = index + 1 }
    }
    return shared
}
