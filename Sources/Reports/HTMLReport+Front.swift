internal import PolicyModel

/// The first page: what a reader with one minute needs.
extension HTMLReport {
    func front(_ out: inout HTMLWriter) {
        let front = model.front
        out.element("section", ["id": "front", "aria-labelledby": "front-title"]) { out in
            out.element("h2", ["id": "front-title"], say(Words.front))
            out.element("div", ["class": "lights"]) { out in
                light(Words.delivery, Words.deliveryQuestion, front.delivery, &out)
                light(Words.attainment, Words.attainmentQuestion, front.attainment, &out)
            }
            out.element("div", ["class": "block"]) { out in
                out.element("h3", say(Words.inNumbers))
                out.element("ul", ["class": "plain"]) { out in for line in front.counts { out.element("li", line) } }
                strip(&out)
            }
            out.element("div", ["class": "pair"]) { out in
                highlights(Words.results, front.results, front.resultsRule, Words.noResults, "good", &out)
                highlights(Words.deviations, front.deviations, front.deviationsRule, Words.noDeviations, "bad", &out)
            }
            out.element("div", ["class": "trio"]) { out in
                out.element("div", ["class": "block"]) { out in
                    out.element("h3", say(Words.asked))
                    out.element("p", front.asked)
                }
                out.element("div", ["class": "block"]) { out in
                    out.element("h3", say(Words.money))
                    out.element("p", front.money)
                }
                out.element("div", ["class": "block"]) { out in
                    out.element("h3", say(Words.silence))
                    paragraphs(front.silence, &out)
                }
            }
        }
    }

    private func light(
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

    private func highlights(
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
}
