/// The `count` names most like `text`: first those that contain it, then by edit distance (Levenshtein, over characters,
/// upper and lower case alike), then by the alphabet. What differs in more than half of its letters is left out.
func nearestIDs(to text: String, among names: [String], count: Int = 3) -> [String] {
    let wanted = Array(text.lowercased())
    guard !wanted.isEmpty else { return [] }
    var scored: [(score: Int, name: String)] = []
    for name in Set(names) {
        let candidate = name.lowercased()
        if candidate.contains(text.lowercased()) {
            scored.append((0, name))
            continue
        }
        // Ids are long and share their beginnings, so the last part is tried alone too.
        let last = candidate.split(separator: "/").last.map(Array.init) ?? []
        let distance = min(editDistance(wanted, Array(candidate)), editDistance(wanted, last) + 1)
        if distance <= max(2, wanted.count / 2) { scored.append((distance, name)) }
    }
    return scored.sorted { ($0.score, $0.name) < ($1.score, $1.name) }.prefix(count).map(\.name)
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    // A difference in length alone is a lower bound: skips most of a long list.
    if abs(a.count - b.count) > max(2, a.count / 2) { return .max - 1 }
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, right) in b.enumerated() {
            let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (left == right ? 0 : 1))
            diagonal = row[j + 1]
            row[j + 1] = next
        }
    }
    return row[b.count]
}
