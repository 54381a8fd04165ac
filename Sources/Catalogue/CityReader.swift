internal import PolicyModel

/// Reads what is common to all processes: `pejling.yaml` and the lists beside it. Two of them, `themes.yaml` and
/// `measures.yaml`, may be absent.
struct CityReader {
    /// The folder, without a `/` at its end.
    let folder: String
    let log: ProblemLog

    private func root(_ file: String) -> Item? { YAMLFile.root(of: "\(folder)/\(file)", named: "\(file)", log: log) }

    func city() -> City {
        let bodies = bodies()
        let forvaltninger = forvaltninger(bodies)
        let documents = documents().map(\.document)
        let groups = targetGroups()
        let themes = themes()
        let measures = measures()
        let fields = root("pejling.yaml")?.called("the city").fields(
            "name", "suppression_threshold", "dimensions", "policies", "max_unsent_mib")
        let policies = fields.map { fields in fields.distinct(fields.list("policies")) { $0.slug() } }
        return City(
            name: fields?.localized("name", englishToo: true) ?? LocalizedText(da: ""),
            suppressionThreshold: fields?["suppression_threshold"]?.number(in: 1...1_000) ?? 5,
            forvaltninger: forvaltninger, bodies: bodies.map(\.body), documents: documents, targetGroups: groups,
            dimensions: dimensions(fields), themes: themes, measures: measures, policies: policies ?? [],
            maxUnsentMiB: fields?["max_unsent_mib"]?.number(in: 1...1_048_576))
    }

    private func dimensions(_ fields: Fields?) -> [Dimension] {
        var places = FirstPlaces()
        return (fields?.optionalList("dimensions") ?? []).map { item in
            let fields = item.fields("id", "name", "categories")
            let id = fields.required("id")?.slug() ?? ""
            if let item = fields["id"] { places.add(id, "dimension", at: item) }
            let categories = fields["categories"].map { list in
                var places = FirstPlaces()
                return list.list().map { item in
                    let fields = item.fields("id", "name")
                    let id = fields.required("id")?.slug() ?? ""
                    if let item = fields["id"] { places.add(id, "category", at: item) }
                    return Dimension.Category(id: id, name: fields.localized("name", englishToo: true))
                }
            }
            if id == Breakdown.criterion {
                fields["id"]?.report("“\(id)” is for an indicator's own criteria", fix: "choose another id")
            }
            return Dimension(
                id: id, name: fields.localized("name", englishToo: true), categories: categories)
        }
    }

    private func bodies() -> [(body: Body, item: Item)] {
        var slugs = FirstPlaces()
        return (root("bodies.yaml")?.list() ?? []).map { item in
            let fields = item.fields("id", "kind", "name", "printed_as")
            let body = Body(
                id: fields.text("id"), kind: fields.choice("kind", else: .committee),
                name: fields.localized("name", englishToo: true))
            _ = fields.distinct(fields.optionalList("printed_as")) { $0.text() }
            if let id = fields["id"], !body.id.isEmpty {
                if !isSlug(body.slug) {
                    id.report(
                        "“\(body.id)” cannot stand in ids", fix: "use a-z, 0-9, ø and single hyphens, in any case")
                }
                slugs.add(body.slug, "body, in lower case,", at: id)
            }
            return (body, item)
        }
    }

    private func forvaltninger(_ bodies: [(body: Body, item: Item)]) -> [Forvaltning] {
        let committees = bodies.filter { $0.body.kind == .committee }.map(\.body.id)
        var codes = FirstPlaces()
        var keys = FirstPlaces()
        let bodySlugs = Dictionary(bodies.map { ($0.body.slug, $0.item.place) }) { first, _ in first }
        return (root("forvaltninger.yaml")?.list() ?? []).map { item in
            let fields = item.fields("code", "key", "committee", "name", "printed_as")
            let forvaltning = Forvaltning(
                code: fields.text("code"), key: fields.text("key"), name: fields.localized("name", englishToo: true),
                committee: (bodies.isEmpty
                    ? fields.required("committee")?.text()
                    : fields.required("committee")?.known("committee", among: committees)) ?? "")
            _ = fields.distinct(fields.optionalList("printed_as")) { $0.text() }
            if let code = fields["code"] { codes.add(forvaltning.code, "forvaltning", at: code) }
            if let key = fields["key"], !forvaltning.key.isEmpty {
                if !forvaltning.key.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) }) {
                    key.report("“\(forvaltning.key)” cannot name files", fix: "use A-Z and 0-9 (OKF for ØKF)")
                }
                keys.add(forvaltning.key, "key", at: key)
                if let place = bodySlugs[forvaltning.slug] {
                    key.report(
                        "“\(forvaltning.slug)” stands in ids for the body at \(place) too", fix: "choose another key")
                }
            }
            return forvaltning
        }
    }

    /// How documents print the names of forvaltninger and bodies otherwise than `name`, by code and id.
    func printedForms() -> [String: [String]] {
        var forms: [String: [String]] = [:]
        for (file, key) in [("forvaltninger.yaml", "code"), ("bodies.yaml", "id")] {
            for item in root(file)?.list() ?? [] {
                let words = item.node.mapping?["printed_as"]?.sequence?.compactMap { $0.scalar?.string.trimmed } ?? []
                if let name = item.peek(key) { forms[name] = words.filter { !$0.isEmpty } }
            }
        }
        return forms
    }

    /// The documents, each with where it stands.
    func documents() -> [(document: Document, place: Place)] {
        var places = FirstPlaces()
        return (root("documents.yaml")?.list() ?? []).compactMap { item in
            let fields = item.fields("id", "file", "title", "lines", "sha256")
            let id = fields.required("id")?.slug() ?? ""
            if let item = fields["id"] { places.add(id, "document", at: item) }
            let file = fields.text("file")
            if file.contains("/") || file.hasPrefix(".") {
                fields["file"]?.report(
                    "“\(file)” is not the name of a file", fix: "write the name only, without a folder")
            }
            let sha256 = fields.text("sha256")
            if !sha256.isEmpty, sha256.utf8.count != 64 || !sha256.allSatisfy("0123456789abcdef".contains) {
                fields["sha256"]?.report(
                    "is no SHA-256 (64 digits of 0-9 and a-f)",
                    fix: "write what `sed -n 'FIRST,LASTp' FILE | sha256sum` prints for these lines")
            }
            let ranges = fields.required("lines")?.ranges() ?? []
            if ranges.count > 1 {
                fields["lines"]?.report("a document is one stretch of lines", fix: "write first and last line: 1-1157")
            }
            let title = fields.localized("title", englishToo: true)
            guard let lines = ranges.first else { return nil }
            return (Document(id: id, file: file, title: title, lines: lines, sha256: sha256), item.place)
        }
    }

    /// The elements of a list in a file that a city may do without.
    private func optionalList(_ file: String) -> [Item] {
        YAMLFile.exists("\(folder)/\(file)") ? root(file)?.list() ?? [] : []
    }

    private func themes() -> [Theme] {
        var places = FirstPlaces()
        return optionalList("themes.yaml").map { item in
            let fields = item.fields("id", "name")
            let id = fields.required("id")?.slug() ?? ""
            if let item = fields["id"] { places.add(id, "theme", at: item) }
            return Theme(id: id, name: fields.localized("name", englishToo: true))
        }
    }

    private func measures() -> [SharedMeasure] {
        var places = FirstPlaces()
        return optionalList("measures.yaml").map { item in
            let fields = item.fields("id", "name", "population", "note", "budget_unit_dkk")
            let id = fields.required("id")?.slug() ?? ""
            if let item = fields["id"] { places.add(id, "measure", at: item) }
            return SharedMeasure(
                id: id, name: fields.localized("name", englishToo: true),
                population: fields.localized("population", englishToo: true),
                note: fields["note"]?.localized(englishToo: true), budgetUnitDKK: fields["budget_unit_dkk"]?.decimal())
        }
    }

    private func targetGroups() -> [TargetGroup] {
        var places = FirstPlaces()
        return (root("target-groups.yaml")?.list() ?? []).map { item in
            let fields = item.fields("id", "name")
            let id = fields.required("id")?.slug() ?? ""
            if let item = fields["id"] { places.add(id, "target group", at: item) }
            return TargetGroup(id: id, name: fields.localized("name", englishToo: true))
        }
    }
}
