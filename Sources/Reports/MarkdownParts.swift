internal import PolicyModel

/// What Markdown is written with: the small parts that every report uses, whatever it is on.
protocol MarkdownParts {
    var say: Wording { get }
    var out: String { get set }
}

extension MarkdownParts {
    mutating func line(_ text: String) { out += text + "\n\n" }
    mutating func heading(_ level: Int, _ text: String) {
        line(String(repeating: "#", count: level) + " " + md(text))
    }
    mutating func bullets(_ items: [String]) {
        guard !items.isEmpty else { return line(say(Words.noneFound)) }
        line(items.map { "- \($0)" }.joined(separator: "\n"))
    }
    mutating func numbered(_ items: [String]) {
        line(items.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n"))
    }
    mutating func table(_ columns: [String], _ rows: [[String]]) {
        let head = [columns, columns.map { _ in "---" }] + rows
        line(head.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n"))
    }

    func reference(_ item: ReportModel.InitiativeReference) -> String {
        var text = "\(md(item.title.text)) (\(md(short(item.owner))))"
        if let policy = item.policy { text += " \(md(policy))" }
        if let note = item.note { text += ": \(md(note.text))" }
        if let source = item.source { text += " [\(md(source.text))]" }
        return text
    }

    func evidence(_ printed: Phrase?, _ source: ReportModel.SourcePart?) -> String {
        (printed.map { " *\(md(say.quoted($0.text)))*" } ?? "") + (source.map { " [\(md($0.text))]" } ?? "")
    }

    func short(_ party: ReportModel.Party) -> String {
        party.id.contains { $0.isLowercase } ? party.name.text : party.id
    }

    mutating func highlights(
        _ title: Bilingual, _ items: [ReportModel.Highlight], _ rule: String, _ none: Bilingual
    ) {
        heading(3, say(title))
        guard !items.isEmpty else { return line(say(none)) }
        numbered(
            items.map { item in
                let text = item.text.map { " \(md($0.text))" } ?? ""
                let policy = item.policy.map { " \(md($0)):" } ?? ""
                return "\(md(item.title.text)) (\(md(short(item.owner))))\(policy) **\(item.word).**\(text)"
            })
        line(md(rule))
    }
}

/// `text` so that Markdown shows it as it is.
func md(_ text: String) -> String {
    var escaped = ""
    for character in text {
        switch character {
        case "\\", "`", "*", "_", "[", "]", "|", "#": escaped += "\\\(character)"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        case "&": escaped += "&amp;"
        case let other where other.isNewline: escaped += " "
        default: escaped.append(character)
        }
    }
    return escaped
}
