internal import PolicyModel

/// What a file says once for all its parts: from what derived responsibilities follow, and where owners are printed.
struct CommonEvidence {
    /// The responsibilities for which the file says at its top from what they are derived, by key.
    var derivations: Set<String> = []
    /// Of initiatives that do not say it themselves.
    var ownerBasis: Basis?
    /// Where the owner's name stands, for initiatives that do not say it themselves: the heading of a chapter.
    var ownerSource: Source?

    /// The keys under which a file may say from what something is derived.
    static let keys = [
        "coordinator", "bodies", "forvaltninger", "reporters", "owed_by", "goes_to", "owner", "involved",
    ]
    /// From the keys at the top of a file.
    static func read(_ fields: Fields, _ scope: Scope) -> CommonEvidence {
        var common = CommonEvidence()
        if let item = fields["derivations"] {
            let inner = item.fields(Self.keys)
            for key in Self.keys where inner[key] != nil {
                _ = inner.localized(key)
                common.derivations.insert(key)
            }
        }
        common.ownerBasis = fields["owner_basis"]?.choice([.printed, .derived, .configured], else: .printed)
        if fields["owner_lines"] != nil { common.ownerSource = scope.source(fields, "owner_lines") }
        return common
    }
}

/// Who has a part in something, and what that rests on.
struct Responsible {
    /// Codes of forvaltninger, or ids of bodies.
    var names: [String] = []
    var basis: Basis = .printed
    /// One for each name that is said to be printed.
    var citations: [Citation] = []
}

extension Scope {
    /// Forvaltninger under `key`, with the basis that must stand under `<key>_basis`.
    ///
    /// `source`: where the names stand if they are printed. `note`: another key that may say from what they are derived.
    func responsible(
        _ fields: Fields, _ key: String, required: Bool, in source: Source, note: String = "derivation"
    ) -> Responsible {
        let items = required ? fields.list(key) : fields.optionalList(key)
        let names = fields.distinct(items, forvaltning)
        let basis = fields.basis("\(key)_basis", responsibility: true)
        let basisItem = fields["\(key)_basis"]
        if basis == .notNamedInSource, !names.isEmpty {
            basisItem?.report(
                "“not_named_in_source” goes with no names, and `\(key)` has \(listed(names))",
                fix: "write what the names rest on: printed, derived or configured")
        }
        if basis != .notNamedInSource, let basisItem, names.isEmpty, !required || fields[key]?.node.sequence != nil {
            basisItem.report(
                "“\(basis.rawValue)”, and `\(key)` names nobody",
                fix: "name them, or write `\(key)_basis: not_named_in_source`")
        }
        return evidence(fields, key, items, names, basis, basisItem, in: source, note: note)
    }

    /// A derived forvaltning is one whose committee stands among the thing's bodies, where committees stand there.
    func checkCommittees(of responsible: Responsible, _ key: String, _ fields: Fields, among bodies: [String]) {
        let committees = bodies.filter { city.body($0)?.kind == .committee }
        guard responsible.basis == .derived, !committees.isEmpty, fields[key]?.node.sequence != nil else { return }
        for (item, name) in zip(fields.optionalList(key), responsible.names) {
            guard let committee = city.forvaltning(name)?.committee, !committees.contains(committee) else { continue }
            item.report(
                "“\(name)” is derived, and its committee, “\(committee)”, is not among `bodies` "
                    + "(\(listed(committees)))",
                fix: "name the forvaltning of a committee that stands there, or correct `bodies`; "
                    + "or write `\(key)_basis: configured` where we chose it")
        }
    }

    /// Bodies or forvaltninger under `key`. `<key>_basis` may be left out, which says that they are printed.
    func named(
        _ fields: Fields, _ key: String, required: Bool = false, in source: Source, note: String? = "derivation",
        read: (Item) -> String
    ) -> Responsible {
        let items = required ? fields.list(key) : fields.optionalList(key)
        let names = fields.distinct(items, read)
        let basisItem = fields["\(key)_basis"]
        let basis = basisItem?.choice([.printed, .derived, .configured], else: Basis.printed) ?? .printed
        return evidence(fields, key, items, names, basis, basisItem, in: source, note: note)
    }

    /// The forvaltning that collects and reports; it stands in `coordinator_lines`, else somewhere in the policy.
    func coordinator(_ fields: Fields, _ source: Source) -> Responsible {
        let item = fields.required("coordinator")
        let names = [item.map(forvaltning) ?? ""].filter { !$0.isEmpty }
        let basis = fields.basis("coordinator_basis")
        let lines = fields["coordinator_lines"] == nil ? source : self.source(fields, "coordinator_lines")
        return evidence(
            fields, "coordinator", item.map { [$0] } ?? [], names, basis, fields["coordinator_basis"], in: lines,
            note: nil)
    }

    /// What is derived says from what; each name that is printed is looked up in `source`.
    func evidence(
        _ fields: Fields, _ key: String, _ items: [Item], _ names: [String], _ basis: Basis, _ basisItem: Item?,
        in source: Source, note: String?
    ) -> Responsible {
        var result = Responsible(names: names, basis: basis)
        switch basis {
        case .derived:
            references.derived += names.count
            if !names.isEmpty, note.flatMap({ fields[$0] }) == nil, !common.derivations.contains(key) {
                let here = note.map { "`\($0): {da: …}` here, or " } ?? ""
                (basisItem ?? fields.item).report(
                    "`\(key)` is derived, and nothing says from what",
                    fix: "add \(here)`\(key): {da: …}` under `derivations` at the top of the file")
            }
        case .printed:
            for (item, name) in zip(items, names) where city.slug(of: name) != nil {
                result.citations += citation(.responsibility, item, city.name(of: name).da, named: name, source)
            }
        case .configured, .notNamedInSource: break
        }
        return result
    }
}
