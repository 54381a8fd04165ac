internal import PolicyModel
internal import Yams

/// One YAML value, where it stands, and what people call it.
///
/// The functions that read it report what is wrong and answer with a stand-in (`ProblemLog`).
struct Item {
    let node: Node
    /// The thing: "initiative `tryg-indkvartering`".
    let name: String
    /// The field in it: `figures[1].lines`; empty for the thing itself.
    let path: String
    let file: String
    let log: ProblemLog

    var place: Place { Place(file: file, line: node.mark?.line ?? 1) }
    /// Thing and field, as messages begin.
    var label: String { path.isEmpty ? name : "\(name), `\(path)`" }

    /// The same value as a thing of its own.
    func called(_ name: String) -> Item { Item(node: node, name: name, path: "", file: file, log: log) }

    func report(_ message: String, fix: String) { log.add(place, "\(label): \(message)", fix: fix) }

    private var kindOfNode: String {
        switch node {
        case .scalar(let scalar): scalar.string.isEmpty ? "empty" : "a text"
        case .mapping: "keys and values"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    private func reportKind(_ wanted: String, fix: String) {
        report(
            node.scalar?.string.isEmpty == true
                ? "is empty, where there should be \(wanted)" : "is \(kindOfNode), where there should be \(wanted)",
            fix: fix)
    }

    /// The text as written, without blanks at its ends; never empty but as a stand-in.
    ///
    /// `2019`, `no` and `1.0` are texts. An unquoted `null` or `~` means nothing is given, and is refused as empty text
    /// is.
    func text() -> String {
        guard let scalar = node.scalar else {
            reportKind("a text", fix: "write one text")
            return ""
        }
        if scalar.style == .plain, ["~", "null", "Null", "NULL"].contains(scalar.string) {
            report(
                "is “\(scalar.string)”, which means nothing", fix: "leave the key out, or quote it if the word is meant"
            )
            return ""
        }
        let trimmed = scalar.string.trimmed
        if trimmed.isEmpty { report("is empty", fix: "write the text, or leave the key out if it is optional") }
        return trimmed
    }

    /// The elements of a list, each called by the field and its number from 1.
    func list() -> [Item] {
        guard let sequence = node.sequence else {
            reportKind("a list", fix: "write `[]` for none, `[a, b]`, or one `- ` per line")
            return []
        }
        return sequence.enumerated().map { index, node in
            Item(node: node, name: name, path: "\(path)[\(index + 1)]", file: file, log: log)
        }
    }

    /// Keys and values. What is not in `keys` is reported, with the nearest of them.
    func fields(_ keys: String...) -> Fields { fields(keys) }

    func fields(_ keys: [String]) -> Fields {
        guard let mapping = node.mapping else {
            reportKind("keys and values", fix: "write \(keys.map { "`\($0): …`" }.prefix(3).joined(separator: ", ")) …")
            return Fields(item: self, values: nil, suggested: [])
        }
        var values: [String: Item] = [:]
        var suggested: Set<String> = []
        for (key, value) in mapping {
            guard let word = key.scalar?.string, keys.contains(word) else {
                let word = key.scalar?.string ?? "…"
                let meant = nearest(to: word, among: keys.filter { mapping[$0] == nil })
                if let meant { suggested.insert(meant) }
                log.add(
                    Place(file: file, line: key.mark?.line ?? place.line), "\(label): unknown key `\(word)`",
                    fix: meant.map { "write `\($0)`" } ?? "remove it; known keys are \(keys.joined(separator: ", "))")
                continue
            }
            values[word] = Item(
                node: value, name: name, path: path.isEmpty ? word : "\(path).\(word)", file: file, log: log)
        }
        return Fields(item: self, values: values, suggested: suggested)
    }
}

/// The keys and values of one mapping.
struct Fields {
    let item: Item
    /// Nil where the value was no mapping at all: its keys are then not reported as missing.
    let values: [String: Item]?
    /// Keys that a misspelt key was reported to mean: they are not reported as missing too.
    let suggested: Set<String>

    /// The value, if it is there.
    subscript(_ key: String) -> Item? { values?[key] }

    /// The value that must be there; nil after reporting that it is not.
    func required(_ key: String) -> Item? {
        guard let values else { return nil }
        if values[key] == nil, !suggested.contains(key) { item.report("`\(key)` is missing", fix: "add `\(key): …`") }
        return values[key]
    }

    func text(_ key: String) -> String { required(key)?.text() ?? "" }
    func list(_ key: String) -> [Item] { required(key)?.list() ?? [] }
    func optionalList(_ key: String) -> [Item] { self[key]?.list() ?? [] }

    /// The elements of a list, each read by `read`. An element that stands there before is reported.
    func distinct(_ items: [Item], _ read: (Item) -> String) -> [String] {
        var seen: Set<String> = []
        return items.map { item in
            let value = read(item)
            if !value.isEmpty, !seen.insert(value).inserted {
                item.report("“\(value)” stands there already", fix: "remove one of them")
            }
            return value
        }
    }
}

extension String {
    /// Without white space at its ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else {
            return ""
        }
        return String(self[first...last])
    }
}
