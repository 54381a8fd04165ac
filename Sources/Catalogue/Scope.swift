internal import PolicyModel

/// What one file's names are looked up in: the city, the policy, and the document whose lines it counts.
struct Scope {
    let city: City
    let policy: String
    /// Nil after the file named a document that is not known: its lines are then read, but held against nothing.
    let document: Document?
    /// The policy's printed period; nil where the file that says it cannot be seen.
    var period: Period?
    /// What the file says once for all its parts.
    var common = CommonEvidence()
    /// What the file says of other things, gathered while it is read.
    let references = References()

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

    func theme(_ item: Item) -> String { item.known("theme", among: city.themes.map(\.id)) }

    /// The measure under `measure`; nil where none is named.
    func measure(_ fields: Fields) -> String? {
        fields["measure"]?.known("measure", among: city.measures.map(\.id))
    }

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

    /// Figures, and the words of theirs that must stand in the document.
    func figures(_ items: [Item]) -> (figures: [Figure], citations: [Citation]) {
        var citations: [Citation] = []
        let figures = items.map { item in
            let fields = item.fields(
                "what", "value", "value_basis", "qualifier", "qualifier_basis", "measure", "period", "period_basis",
                "printed", "lines")
            let figure = Figure(
                what: fields.localized("what"), value: fields.required("value")?.decimal() ?? DecimalText(0),
                qualifier: fields["qualifier"]?.text(), measure: measure(fields),
                period: fields["period"]?.dateOrPeriod(), printed: fields.text("printed"), source: source(fields))
            if figure.period != nil, figure.measure == nil {
                fields["period"]?.report("`period` goes with `measure` only", fix: "name the measure, or remove it")
            }
            let value = figure.value.description
            if figure.printed.contains(value), value.split(separator: ".").count == 2, value.suffix(4).first == "." {
                fields["value"]?.report(
                    "“\(value)” has the point of the printed text, where it stands between thousands",
                    fix: "write \(value.replacing(".", with: ""))")
            } else {
                fields.checkPrinted()
            }
            citations += citation(.figure, fields["printed"], figure.printed, figure.source)
            citations += dates(fields, "period", in: figure.source)
            return figure
        }
        return (figures, citations)
    }

    /// Totals by year, each year once; whether the initiatives' budgets come to them, `CrossCheck` says.
    func statedBudgets(_ items: [Item]) -> [Citation] {
        var places = FirstPlaces()
        var citations: [Citation] = []
        struct Row: Hashable { let words: String, source: Source }
        var rows: [Row: (item: Item, budgets: [WrittenBudget])] = [:]
        references.statedBudgets = items.map { item in
            let fields = item.fields("year", "planned_dkk", "planned_dkk_basis", "printed", "lines")
            let year = fields.required("year")?.number(in: 1900...2199) ?? 1900
            if let item = fields["year"] { places.add(String(year), "year", at: item) }
            checkPeriod(year: fields["year"] == nil ? nil : year, "the year", at: fields["year"])
            let planned = fields.required("planned_dkk")?.decimal() ?? DecimalText(0)
            let row = Row(words: fields.text("printed"), source: source(fields))
            citations += citation(.figure, fields["printed"], row.words, row.source)
            if !fields.isDerived("planned_dkk"), !row.words.isEmpty, let amount = fields["planned_dkk"] {
                rows[row, default: (item, [])].budgets.append(WrittenBudget(year: year, amount: planned, item: amount))
            }
            return StatedBudget(year: year, planned: planned, label: item.label, place: item.place)
        }
        for (row, written) in rows.sorted(by: { $0.value.item.place.line < $1.value.item.place.line }) {
            citations += budgets(
                written.budgets, printed: row.words, at: written.item, in: row.source, "planned_dkk_basis")
        }
        return citations
    }

    func links(_ items: [Item], from: String) -> [Link] {
        items.map { item in
            let fields = item.fields("to", "kind", "evidence", "lines")
            let target = fields.required("to")?.identifier() ?? ""
            if target == from, !from.isEmpty {
                fields["to"]?.report("“\(target)” links to itself", fix: "name the other end, or remove the link")
            }
            let kind = fields.choice("kind", else: Link.Kind.refersTo)
            if let item = fields["to"] { references.add(.link(kind), from: from, to: target, at: item) }
            return Link(
                from: from, to: target, kind: kind, state: .stated,
                evidence: fields.localized("evidence"), source: source(fields))
        }
    }

    /// One citation for the words at `item`; none where there are no words.
    func citation(
        _ kind: Citation.Kind, _ item: Item?, _ words: String, named: String? = nil, _ source: Source
    ) -> [Citation] {
        guard let item, !words.isEmpty else { return [] }
        return [
            Citation(kind: kind, name: item.label, words: words, named: named, source: source, place: item.place)
        ]
    }
}

/// Gathers what a file says of other things.
final class References {
    private(set) var all: [Reference] = []
    /// How many names of responsible people rest on a derivation, not on printed words.
    var derived = 0
    /// The totals of others' budgets that a policy states.
    var statedBudgets: [StatedBudget] = []

    func add(_ kind: Reference.Kind, from: String, to: String, at item: Item) {
        guard !to.isEmpty else { return }
        all.append(Reference(kind: kind, from: from, to: to, label: item.label, place: item.place))
    }
}
