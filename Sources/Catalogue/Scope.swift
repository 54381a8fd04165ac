internal import PolicyModel

/// What one file's names are looked up in: the city, the policy, and the document whose lines it counts.
struct Scope {
    let city: City
    let policy: String
    /// Nil after the file named a document that is not known: its lines are then read, but held against nothing.
    let document: Document?

    /// The code of a forvaltning, given by code or key.
    func forvaltning(_ item: Item) -> String {
        let text = item.text()
        guard !text.isEmpty else { return text }
        if let known = city.forvaltning(text) { return known.code }
        item.reportUnknown(text, "forvaltning", among: city.forvaltninger.map(\.code))
        return text
    }

    func body(_ item: Item) -> String { item.known("body", among: city.bodies.map(\.id)) }

    /// A body that is a committee.
    func committee(_ item: Item) -> String {
        item.known("committee", among: city.bodies.filter { $0.kind == .committee }.map(\.id))
    }

    func targetGroup(_ item: Item) -> String { item.known("target group", among: city.targetGroups.map(\.id)) }

    /// The document named by the key `document`.
    static func document(_ fields: Fields, in city: City) -> Document? {
        guard let item = fields.required("document") else { return nil }
        let id = item.known("document", among: city.documents.map(\.id))
        return city.documents.first { $0.id == id }
    }

    /// The lines under `key`, which must lie within the document.
    func source(_ fields: Fields, _ key: String = "lines") -> Source {
        guard let item = fields.required(key) else { return Source(document: document?.file ?? "", lines: []) }
        let ranges = item.ranges()
        if let document {
            for range in ranges where !document.lines.contains(range) {
                item.report(
                    "lines \(range) are not within document “\(document.id)”, \(document.lines)",
                    fix: "give lines of that document, counted in \(document.file) from its first line")
            }
        }
        return Source(document: document?.file ?? "", lines: ranges)
    }

    /// Forvaltninger and the basis they are named on; a basis that says nobody is named does not go with a name.
    func responsible(_ fields: Fields, _ key: String, required: Bool) -> (codes: [String], basis: Basis) {
        let items = required ? fields.list(key) : fields.optionalList(key)
        let codes = fields.distinct(items, forvaltning)
        let basis = fields.basis("\(key)_basis", responsibility: true)
        if basis == .notNamedInSource, !codes.isEmpty {
            fields["\(key)_basis"]?.report(
                "“not_named_in_source” goes with no names, and `\(key)` has \(listed(codes))",
                fix: "write what the names rest on: printed, derived or configured")
        }
        return (codes, basis)
    }

    /// Figures, and the words of theirs that must stand in the document.
    func figures(_ items: [Item]) -> (figures: [Figure], citations: [Citation]) {
        var citations: [Citation] = []
        let figures = items.map { item in
            let fields = item.fields("what", "value", "qualifier", "printed", "lines")
            let figure = Figure(
                what: fields.localized("what"), value: fields.required("value")?.decimal() ?? DecimalText(0),
                qualifier: fields["qualifier"]?.text(), printed: fields.text("printed"), source: source(fields))
            let value = figure.value.description
            if figure.printed.contains(value), value.split(separator: ".").count == 2, value.suffix(4).first == "." {
                fields["value"]?.report(
                    "“\(value)” has the point of the printed text, where it stands between thousands",
                    fix: "write \(value.replacing(".", with: ""))")
            }
            citations += citation(.figure, fields["printed"], figure.printed, figure.source)
            return figure
        }
        return (figures, citations)
    }

    func links(_ items: [Item], from: String) -> [Link] {
        items.map { item in
            let fields = item.fields("to", "kind", "evidence", "lines")
            let target = fields.required("to")?.identifier() ?? ""
            if target == from, !from.isEmpty {
                fields["to"]?.report("“\(target)” links to itself", fix: "name the other end, or remove the link")
            }
            return Link(
                from: from, to: target, kind: fields.choice("kind", else: .refersTo), state: .stated,
                evidence: fields.localized("evidence"), source: source(fields))
        }
    }

    /// One citation for the words at `item`; none where there are no words.
    func citation(_ kind: Citation.Kind, _ item: Item?, _ words: String, _ source: Source) -> [Citation] {
        guard let item, !words.isEmpty else { return [] }
        return [Citation(kind: kind, name: item.label, words: words, source: source, place: item.place)]
    }
}
