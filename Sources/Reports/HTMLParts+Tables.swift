internal import PolicyModel

/// Lights, highlights, and tables of one shape each.
extension HTMLParts {
    func light(
        _ name: Bilingual, _ question: Bilingual, _ part: ReportModel.LightPart, _ out: inout HTMLWriter
    ) {
        out.element("div", ["class": "light \(part.light.rawValue)"]) { out in
            out.element(
                "svg",
                ["class": "sign", "viewBox": "0 0 40 40", "aria-hidden": "true", "xmlns": "http://www.w3.org/2000/svg"]
            ) { out in
                shape(part.light, &out)
            }
            out.element("div") { out in
                out.element("h3") { out in
                    out.write("\(say(name)): ")
                    out.element("strong", part.text)
                }
                out.element("p", ["class": "question"], say(question))
                out.element("p", part.reason)
            }
        }
    }

    /// Each light has a form of its own, so that it is known without colour.
    private func shape(_ light: Light, _ out: inout HTMLWriter) {
        switch light {
        case .green:
            out.void("circle", ["cx": "20", "cy": "20", "r": "18"])
            out.void("path", ["d": "M11 21l6 6 12-13", "class": "mark"])
        case .yellow:
            out.void("path", ["d": "M20 3L38 36H2Z"])
            out.void("path", ["d": "M20 14v11M20 30v1", "class": "mark"])
        case .red:
            out.void("rect", ["x": "3", "y": "3", "width": "34", "height": "34"])
            out.void("path", ["d": "M12 12l16 16M28 12l-16 16", "class": "mark"])
        case .grey:
            out.void("circle", ["cx": "20", "cy": "20", "r": "17", "class": "ring"])
            out.void("path", ["d": "M14 16a6 6 0 1 1 8 6q-2 1-2 4M20 30v1", "class": "mark"])
        }
    }

    func highlights(
        _ title: Bilingual, _ items: [ReportModel.Highlight], _ rule: String, _ none: Bilingual, _ kind: String,
        _ out: inout HTMLWriter
    ) {
        out.element("div", ["class": "block \(kind)"]) { out in
            out.element("h3", say(title))
            if items.isEmpty { out.element("p", say(none)) }
            if !items.isEmpty {
                out.element("ol") { out in
                    for item in items {
                        out.element("li") { out in
                            out.element("a", ["href": "#\(item.anchor)"]) { phrase(item.title, &$0) }
                            out.write(" ")
                            out.element("span", ["class": "owner", "title": item.owner.name.text], short(item.owner))
                            if let policy = item.policy { out.write(" \(policy):") }
                            out.write(" ")
                            out.element("strong", item.word + ".")
                            if let text = item.text {
                                out.write(" ")
                                phrase(text, &out)
                            }
                        }
                    }
                }
                out.element("p", ["class": "rule"], rule)
            }
        }
    }

    func figures(_ caption: String, _ figures: [ReportModel.FigurePart], _ out: inout HTMLWriter) {
        table(caption, [Words.figure, Words.value, Words.asPrinted, Words.source], numeric: [1], &out) { out in
            for figure in figures {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { phrase(figure.what, &$0) }
                    out.element("td", ["class": "number"], figure.valueText)
                    out.element("td") { quote(figure.printed, &$0) }
                    out.element("td") { source(figure.source, &$0) }
                }
            }
        }
    }

    func counts(
        _ caption: Bilingual, _ column: Bilingual, _ counts: [ReportModel.Count], _ out: inout HTMLWriter
    ) {
        table(say(caption), [column, Words.number], numeric: [1], &out) { out in
            for count in counts {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"], count.text)
                    out.element("td", ["class": "number"], say.number(count.count))
                }
            }
        }
    }
}
