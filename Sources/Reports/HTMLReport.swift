internal import PolicyModel

extension ReportModel {
    /// The report as one HTML file: no scripts, nothing fetched, readable, printable, well-formed as XML.
    public func html() -> String {
        HTMLReport(model: self).render()
    }
}

/// Lays a report out as HTML.
struct HTMLReport {
    let model: ReportModel
    let say: Wording

    init(model: ReportModel) {
        self.model = model
        say = Wording(language: model.language, city: nil)
    }

    func render() -> String {
        var out = HTMLWriter()
        let heading = model.title + (model.synthetic ? " – \(say(Words.synthetic))" : "")
        out.element("html", ["lang": model.language.rawValue, "xmlns": "http://www.w3.org/1999/xhtml"]) { out in
            out.element("head") { out in
                out.void("meta", ["charset": "utf-8"])
                out.element("title", heading)
                out.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                out.void("meta", ["name": "generator", "content": model.asOf.program])
                out.element("style") { out in
                    out.raw(HTMLStyle.sheet)
                    if model.hasMeasures { out.raw(HTMLStyle.measures) }
                }
            }
            out.element("body", ["id": "top"]) { out in
                out.element("a", ["class": "skip", "href": "#content"], say(Words.skip))
                if model.synthetic {
                    out.element(
                        "aside", ["class": "synthetic", "aria-label": say(Words.syntheticName)], say(Words.synthetic))
                    out.element("div", ["class": "watermark", "aria-hidden": "true"], say(Words.synthetic))
                }
                header(&out)
                navigation(&out)
                out.element("main", ["id": "content"]) { out in
                    front(&out)
                    sections(&out)
                    annexes(&out)
                }
                out.element("footer") { out in
                    out.element("p", "\(model.title). \(stamp). \(model.asOf.program).")
                    if model.synthetic { out.element("p", say(Words.synthetic)) }
                    out.element("p") { $0.element("a", ["href": "#top"], say(Words.backToTop)) }
                }
            }
        }
        return "<!DOCTYPE html>\n" + out.text
    }

    private var stamp: String {
        "\(say(Words.asOf)) \(model.asOf.referenceDateText), "
            + say(Words.asOfLedger, say.number(Int(model.asOf.position)), model.asOf.receivedText)
    }

    private func header(_ out: inout HTMLWriter) {
        out.element("header") { out in
            out.element("p", ["class": "city"]) { phrase(model.policy.city, &$0) }
            out.element("h1", model.title)
            out.element("p", ["class": "subtitle"]) { phrase(model.policy.title, &$0) }
            out.element("ul", ["class": "meta"]) { out in
                particular(Words.followUp, &out) { phrase(model.followUp.title, &$0) }
                particular(Words.period, &out) { $0.write(model.policy.period) }
                particular(Words.coordinatedBy, &out) { out in
                    phrase(model.policy.coordinator.name, &out)
                    out.write(" (\(model.policy.coordinatorBasis))")
                }
                particular(Words.forBodies, &out) { out in list(model.policy.bodies.map(\.name), &out) }
                particular(Words.asOf, &out) { out in
                    out.write("\(model.asOf.referenceDateText) · ")
                    out.write(say(Words.asOfLedger, say.number(Int(model.asOf.position)), model.asOf.receivedText))
                }
            }
        }
    }

    private func navigation(_ out: inout HTMLWriter) {
        out.element("nav", ["aria-label": say(Words.contents)]) { out in
            out.element("ul") { out in
                func item(_ anchor: String, _ text: String, _ kind: String = "part") {
                    out.element("li", ["class": kind]) { $0.element("a", ["href": "#\(anchor)"], text) }
                }
                item("front", say(Words.front))
                for (anchor, title) in [
                    ("proposal", Words.proposal), ("problem", Words.problem), ("solution", Words.solution),
                    ("economy", Words.economy), ("process", Words.process), ("annexes", Words.annexes),
                ] { item(anchor, say(title)) }
                for owner in model.owners { item(owner.anchor, label(owner), "annex") }
                for (anchor, title) in [
                    ("unheard", Words.unheard), ("changes", Words.changes), ("method", Words.method),
                    ("sources", Words.sources),
                ] { item(anchor, say(title), "annex") }
            }
        }
    }

    /// A forvaltning by its code, a body by its name.
    private func label(_ owner: ReportModel.OwnerPart) -> String {
        owner.isForvaltning ? owner.owner.id : owner.owner.name.text
    }

    // MARK: Parts that all sections use

    /// A text of the content, with its language said where it is not the page's.
    func phrase(_ phrase: Phrase, _ out: inout HTMLWriter) {
        if phrase.lang == model.language {
            out.write(phrase.text)
        } else {
            out.element("span", ["lang": phrase.lang.rawValue], phrase.text)
        }
    }

    func quote(_ words: Phrase, _ out: inout HTMLWriter) {
        let quoted = Phrase(text: say.quoted(words.text), lang: words.lang)
        if words.lang == model.language {
            out.element("span", ["class": "quote"], quoted.text)
        } else {
            out.element("span", ["class": "quote", "lang": words.lang.rawValue], quoted.text)
        }
    }

    func source(_ source: ReportModel.SourcePart, _ out: inout HTMLWriter) {
        out.element("span", ["class": "source", "title": source.reference], source.text)
    }

    /// `A, B og C`, each in its language.
    func list(_ phrases: [Phrase], _ out: inout HTMLWriter) {
        for (index, item) in phrases.enumerated() {
            if index > 0 { out.write(index == phrases.count - 1 ? " \(say(Words.and)) " : ", ") }
            phrase(item, &out)
        }
    }

    /// A term with what belongs to it, inside a `dl`.
    func term(_ name: Bilingual, _ out: inout HTMLWriter, _ content: (inout HTMLWriter) -> Void) {
        out.element("dt", say(name))
        out.element("dd", [:], content)
    }

    /// One of the report's own particulars, under its title.
    private func particular(_ name: Bilingual, _ out: inout HTMLWriter, _ content: (inout HTMLWriter) -> Void) {
        out.element("li") { out in
            out.element("span", ["class": "small"], say(name))
            content(&out)
        }
    }

    func paragraphs(_ texts: [String], _ out: inout HTMLWriter) { for text in texts { out.element("p", text) } }

    /// A table that scrolls within itself where the page is narrow.
    func table(
        _ caption: String, _ columns: [Bilingual], numeric: Set<Int> = [], _ out: inout HTMLWriter,
        _ rows: (inout HTMLWriter) -> Void
    ) {
        out.element("div", ["class": "scroll", "role": "region", "tabindex": "0", "aria-label": caption]) { out in
            out.element("table") { out in
                out.element("caption", caption)
                out.element("thead") { out in
                    out.element("tr") { out in
                        for (index, column) in columns.enumerated() {
                            out.element(
                                "th", ["scope": "col", "class": numeric.contains(index) ? "number" : "words"],
                                say(column))
                        }
                    }
                }
                out.element("tbody", [:], rows)
            }
        }
    }

    /// A list of initiatives, each leading to its place in the annex.
    func references(_ items: [ReportModel.InitiativeReference], _ out: inout HTMLWriter) {
        guard !items.isEmpty else {
            out.element("p", say(Words.noneFound))
            return
        }
        out.element("ul", ["class": "references"]) { out in
            for item in items {
                out.element("li") { out in
                    out.element("a", ["href": "#\(item.anchor)"]) { phrase(item.title, &$0) }
                    out.write(" ")
                    out.element("span", ["class": "owner", "title": item.owner.name.text], short(item.owner))
                    if let note = item.note {
                        out.write(" ")
                        out.element("span", ["class": "note"]) { phrase(note, &$0) }
                    }
                    if let place = item.source {
                        out.write(" ")
                        source(place, &out)
                    }
                }
            }
        }
    }

    /// A forvaltning's code; the name of whoever has none.
    func short(_ party: ReportModel.Party) -> String {
        party.id.contains { $0.isLowercase } ? party.name.text : party.id
    }
}
