/// Writes HTML that is well-formed XML too: every tag closed, every attribute quoted, every text escaped. There is no way to
/// write a text unescaped but `raw`, which only our own style sheet uses.
struct HTMLWriter {
    private(set) var text = ""

    typealias Attributes = KeyValuePairs<String, String>

    /// Elements after whose end a line begins, so that people can read the file and tools can compare it.
    private static let blocks: Set<String> = [
        "aside", "html", "head", "body", "title", "style", "meta", "header", "nav", "main", "footer", "section",
        "article",
        "div", "h1",
        "h2", "h3", "h4", "p", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr",
        "th",
        "td", "figure", "figcaption", "svg", "g", "rect", "defs", "pattern", "path",
    ]

    mutating func element(
        _ tag: String, _ attributes: Attributes = [:], _ content: (inout HTMLWriter) -> Void
    ) {
        open(tag, attributes)
        text += ">"
        content(&self)
        text += "</\(tag)>"
        if Self.blocks.contains(tag) { text += "\n" }
    }

    mutating func element(_ tag: String, _ attributes: Attributes, _ content: String) {
        element(tag, attributes) { $0.write(content) }
    }

    mutating func element(_ tag: String, _ content: String) { element(tag, [:], content) }

    mutating func void(_ tag: String, _ attributes: Attributes) {
        open(tag, attributes)
        text += "/>"
        if Self.blocks.contains(tag) { text += "\n" }
    }

    private mutating func open(_ tag: String, _ attributes: Attributes) {
        text += "<\(tag)"
        for (name, value) in attributes {
            text += " \(name)=\""
            write(value)
            text += "\""
        }
    }

    mutating func raw(_ source: StaticString) { text += source.description }

    mutating func write(_ content: String) {
        // Most texts need nothing done to them: look at the bytes first.
        guard
            content.utf8.contains(where: {
                $0 < 0x20 || $0 == 0x22 || $0 == 0x26 || $0 == 0x3C || $0 == 0x3E || $0 == 0xEF
            })
        else {
            text += content
            return
        }
        for scalar in content.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "\t", "\n", "\r": text += " "
            // XML 1.0 has no way to write these.
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
