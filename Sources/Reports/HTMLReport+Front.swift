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
                strip(model.solution.chart, &out)
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
                    paragraphs(front.silence + front.unassessed.map(\.text), &out)
                }
            }
        }
    }
}
