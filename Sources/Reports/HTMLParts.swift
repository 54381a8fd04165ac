internal import PolicyModel

/// What pages are laid out with: the small parts that every report uses, whatever it is on.
protocol HTMLParts {
    var say: Wording { get }
}

/// What a page says of itself.
struct HTMLFrame {
    var title: String
    var program: String
    var synthetic: Bool
    /// As of which day and ledger position.
    var stamp: String
    /// Whether the page needs the styles of indicators, and of views across policies.
    var hasMeasures: Bool
    var hasViews = false
}

extension HTMLParts {
    /// A whole page: no scripts, nothing fetched, readable, printable, well-formed as XML.
    func page(
        _ frame: HTMLFrame, header: (inout HTMLWriter) -> Void, navigation: [HTMLLink],
        content: (inout HTMLWriter) -> Void
    ) -> String {
        var out = HTMLWriter()
        let heading = frame.title + (frame.synthetic ? " – \(say(Words.synthetic))" : "")
        out.element("html", ["lang": say.language.rawValue, "xmlns": "http://www.w3.org/1999/xhtml"]) { out in
            out.element("head") { out in
                out.void("meta", ["charset": "utf-8"])
                out.element("title", heading)
                out.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                out.void("meta", ["name": "generator", "content": frame.program])
                out.element("style") { out in
                    out.raw(HTMLStyle.sheet)
                    if frame.hasMeasures { out.raw(HTMLStyle.measures) }
                    if frame.hasViews { out.raw(HTMLStyle.views) }
                }
            }
            out.element("body", ["id": "top"]) { out in
                out.element("a", ["class": "skip", "href": "#content"], say(Words.skip))
                if frame.synthetic {
                    out.element(
                        "aside", ["class": "synthetic", "aria-label": say(Words.syntheticName)], say(Words.synthetic))
                    out.element("div", ["class": "watermark", "aria-hidden": "true"], say(Words.synthetic))
                }
                out.element("header", [:], header)
                out.element("nav", ["aria-label": say(Words.contents)]) { out in
                    out.element("ul") { out in
                        for link in navigation {
                            out.element("li", ["class": link.kind]) {
                                $0.element("a", ["href": "#\(link.anchor)"], link.text)
                            }
                        }
                    }
                }
                out.element("main", ["id": "content"], content)
                out.element("footer") { out in
                    out.element("p", "\(frame.title). \(frame.stamp). \(frame.program).")
                    if frame.synthetic { out.element("p", say(Words.synthetic)) }
                    out.element("p") { $0.element("a", ["href": "#top"], say(Words.backToTop)) }
                }
            }
        }
        return "<!DOCTYPE html>\n" + out.text
    }

    /// `Opgjort pr. 10. januar 2020, registerets position 6, modtaget …`.
    func stamp(_ asOf: ReportModel.AsOf) -> String {
        "\(say(Words.asOf)) \(asOf.referenceDateText), "
            + say(Words.asOfLedger, say.number(Int(asOf.position)), asOf.receivedText)
    }

    func section(
        _ anchor: String, _ title: Bilingual, _ out: inout HTMLWriter, _ content: (inout HTMLWriter) -> Void
    ) {
        out.element("section", ["id": anchor, "aria-labelledby": "\(anchor)-title"]) { out in
            out.element("h2", ["id": "\(anchor)-title"], say(title))
            content(&out)
        }
    }

    // MARK: Texts

    /// A text of the content, with its language said where it is not the page's.
    func phrase(_ phrase: Phrase, _ out: inout HTMLWriter) {
        if phrase.lang == say.language {
            out.write(phrase.text)
        } else {
            out.element("span", ["lang": phrase.lang.rawValue], phrase.text)
        }
    }

    func quote(_ words: Phrase, _ out: inout HTMLWriter) {
        let quoted = Phrase(text: say.quoted(words.text), lang: words.lang)
        if words.lang == say.language {
            out.element("span", ["class": "quote"], quoted.text)
        } else {
            out.element("span", ["class": "quote", "lang": words.lang.rawValue], quoted.text)
        }
    }

    func chip(_ kind: String, _ sign: String, _ text: String, _ out: inout HTMLWriter) {
        out.write(" ")
        out.element("span", ["class": "chip \(kind)"]) { out in
            out.element("span", ["aria-hidden": "true", "class": "glyph"], sign)
            out.write(" \(text)")
        }
    }

    func evidence(_ printed: Phrase?, _ place: ReportModel.SourcePart?, _ out: inout HTMLWriter) {
        if let printed {
            out.write(" ")
            quote(printed, &out)
        }
        if let place {
            out.write(" ")
            source(place, &out)
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
    func particular(_ name: Bilingual, _ out: inout HTMLWriter, _ content: (inout HTMLWriter) -> Void) {
        out.element("li") { out in
            out.element("span", ["class": "small"], say(name))
            content(&out)
        }
    }

    func paragraphs(_ texts: [String], _ out: inout HTMLWriter) { for text in texts { out.element("p", text) } }

    /// A table that scrolls within itself where the page is narrow.
    func table(
        _ caption: String, _ columns: [Bilingual], numeric: Set<Int> = [], kind: String? = nil, _ out: inout HTMLWriter,
        _ rows: (inout HTMLWriter) -> Void
    ) {
        out.element(
            "div",
            [
                "class": kind.map { "scroll \($0)" } ?? "scroll", "role": "region", "tabindex": "0",
                "aria-label": caption,
            ]
        ) { out in
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
                    if let policy = item.policy { out.write(" \(policy)") }
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

/// One line of the contents.
struct HTMLLink {
    var anchor: String
    var text: String
    /// `part`, or `annex` where it stands further in.
    var kind = "part"
}
