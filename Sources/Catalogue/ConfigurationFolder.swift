internal import Foundation
public import PolicyModel

/// The folder `Config/`: what the city is, and what its documents say, as people edit it (Docs/configuration.md).
///
/// Reads files when asked and keeps nothing, so that an edit is seen at the next call. Each call reports every problem
/// of every file it reads. A process reads the city and its own part only: a node, its initiatives; a policy's plugin,
/// the policy. What one part says of another is checked against what lies beside it in the folder, as far as it can be
/// seen (`CrossCheck`); a broken file of another is never a problem of this one. `whole()` checks everything.
public struct ConfigurationFolder: Hashable, Sendable {
    /// As given, without a `/` at its end: the beginning of every `Place.file`.
    public let path: String

    public init(_ path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// What is common to all: `pejling.yaml`, `forvaltninger.yaml`, `bodies.yaml`, `documents.yaml`,
    /// `target-groups.yaml`.
    ///
    /// - Throws: all problems of the five files.
    public func city() throws(CatalogueError) -> City {
        let log = ProblemLog()
        try checkFolder(path, log)
        let city = CityReader(folder: path, log: log).city()
        try log.throwIfAny()
        return city
    }

    /// The policy `id`, from `policies/<id>.yaml`, with the initiatives of owners that have no node.
    ///
    /// - Throws: all problems of the file; also when the city does not list `id` among its policies.
    public func policy(_ id: String, in city: City) throws(CatalogueError) -> PolicyCatalogue {
        let log = ProblemLog()
        guard city.policies.contains(id), isSlug(id) else {
            city.reportUnknown(id, at: Place(file: "\(path)/pejling.yaml", line: 1), log)
            try log.throwIfAny()
            throw CatalogueError(problems: log.problems)
        }
        let catalogue = definition(id, in: city, log)
        try log.throwIfAny()
        if let catalogue { check(catalogue, Lookup(folder: path, city: city), log) }
        try log.throwIfAny()
        guard let catalogue else { throw CatalogueError(problems: log.problems) }
        return catalogue
    }

    /// What `forvaltning` answers for: every `*.yaml` of `forvaltninger/<KEY>/`, by name. An empty folder is an empty
    /// catalogue.
    ///
    /// - Throws: all problems of all its files; also when the folder is missing.
    public func node(_ forvaltning: Forvaltning, in city: City) throws(CatalogueError) -> NodeCatalogue {
        let log = ProblemLog()
        let folder = "\(path)/forvaltninger/\(forvaltning.key)"
        try checkFolder(folder, log)
        var names: [String] = []
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            log.add(
                Place(file: folder, line: 1), "the folder cannot be read (\(error.localizedDescription))",
                fix: "give this user the right to read it")
        }
        var parts: [NodePart] = []
        for name in names {
            if name.hasSuffix(".yaml") {
                let policy = String(name.dropLast(5))
                if let part = Lookup.read(forvaltning, policy, in: city, folder: path, log: log) { parts.append(part) }
            } else if name.lowercased().hasSuffix(".yml") || name.lowercased().hasSuffix(".yaml") {
                log.add(
                    Place(file: "\(folder)/\(name)", line: 1), "a file with this ending is not read",
                    fix: "rename it to <policy>.yaml")
            }
        }
        try log.throwIfAny()
        let catalogue = NodeCatalogue(
            forvaltning: forvaltning, entries: parts.flatMap(\.entries), references: parts.flatMap(\.references),
            derivedResponsibilities: parts.reduce(0) { $0 + $1.derivedResponsibilities })
        check(catalogue, city, log)
        try log.throwIfAny()
        return catalogue
    }

    /// Everything, with all that is wrong with it; what is not broken is there in spite of what is.
    public func whole() -> WholeConfiguration {
        var whole = WholeConfiguration()
        let city: City
        do { city = try self.city() } catch {
            whole.problems = error.problems
            return whole
        }
        whole.city = city
        let lookup = Lookup(folder: path, city: city)
        for id in city.policies {
            do { whole.policies.append(try policy(id, in: city)) } catch { whole.problems += error.problems }
        }
        for forvaltning in city.forvaltninger {
            do { whole.nodes.append(try node(forvaltning, in: city)) } catch { whole.problems += error.problems }
        }
        for catalogue in whole.policies { lookup.know(catalogue.policy.id, catalogue) }
        let references = whole.policies.flatMap(\.references) + whole.nodes.flatMap(\.references)
        let log = ProblemLog()
        let cross = CrossCheck(lookup: lookup, log: log)
        cross.check(references)
        cross.checkCircles(references, among: [])
        // A part that failed has said so itself; what it says of others is found here a second time.
        whole.problems += log.problems.filter { !whole.problems.contains($0) }
        whole.leadingOut = Set(references.map { String($0.to.prefix { $0 != "/" }) })
            .subtracting(city.policies).sorted()
        return whole
    }

    private func definition(_ id: String, in city: City, _ log: ProblemLog) -> PolicyCatalogue? {
        YAMLFile.root(of: "\(path)/policies/\(id).yaml", named: "policy `\(id)`", log: log)
            .map { PolicyReader(root: $0, id: id, city: city).catalogue() }
    }

    /// What the policy's own file says of others, and the sums it states.
    private func check(_ catalogue: PolicyCatalogue, _ lookup: Lookup, _ log: ProblemLog) {
        lookup.know(catalogue.policy.id, catalogue)
        let cross = CrossCheck(lookup: lookup, log: log)
        cross.check(catalogue.references)
        let reached = cross.reached(from: catalogue.references, of: catalogue.policy.id)
        cross.checkCircles(catalogue.references, among: reached)
        cross.checkSums(catalogue)
    }

    /// What the forvaltning's files say of its own initiatives. What they say of others' dangles between publishers
    /// until the other side arrives; only `whole()` tells.
    private func check(_ catalogue: NodeCatalogue, _ city: City, _ log: ProblemLog) {
        let own = Set(catalogue.entries.map(\.initiative.id))
        for reference in catalogue.references where reference.isLink && !own.contains(reference.to) {
            let parts = reference.to.split(separator: "/")
            guard parts.count == 3, city.policies.contains(String(parts[0])),
                parts[1] == catalogue.forvaltning.slug
            else { continue }
            log.add(
                reference.place, "\(reference.label): “\(reference.to)” leads to nothing",
                fix: nearest(to: reference.to, among: own.sorted()).map { "write `\($0)`" }
                    ?? "name an initiative that is there, or remove the link")
        }
        CrossCheck(lookup: Lookup(folder: path, city: city), log: log)
            .checkCircles(catalogue.references, among: [])
    }

    /// How documents print the names of forvaltninger and bodies otherwise than `name`, by code and id; nothing where
    /// the files cannot be read.
    func printedForms() -> [String: [String]] { CityReader(folder: path, log: ProblemLog()).printedForms() }

    /// The documents' lines in `documents.yaml`, by document id; for messages about a document.
    ///
    /// - Throws: all problems of that file.
    func documentPlaces() throws(CatalogueError) -> [String: Place] {
        let log = ProblemLog()
        let documents = CityReader(folder: path, log: log).documents()
        try log.throwIfAny()
        return Dictionary(documents.map { ($0.document.id, $0.place) }) { first, _ in first }
    }

    private func checkFolder(_ folder: String, _ log: ProblemLog) throws(CatalogueError) {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        if exists, isFolder.boolValue { return }
        log.add(
            Place(file: folder, line: 1), exists ? "this is not a folder" : "the folder does not exist",
            fix: "create it, or name the right folder with --config")
        try log.throwIfAny()
    }
}

/// A whole configuration as far as it can be read, and everything that is wrong with it.
public struct WholeConfiguration: Sendable {
    /// Nil where one of the common files is broken; nothing else is read then.
    public internal(set) var city: City?
    /// Those that can be read, in the order of `pejling.yaml`.
    public internal(set) var policies: [PolicyCatalogue] = []
    /// Those that can be read, in the order of `forvaltninger.yaml`.
    public internal(set) var nodes: [NodeCatalogue] = []
    public internal(set) var problems: [CatalogueProblem] = []
    /// What links lead to that is no policy of this city: they dangle on purpose.
    public internal(set) var leadingOut: [String] = []
    /// How many names of forvaltninger and bodies rest on a derivation that the configuration gives.
    public var derivedResponsibilities: Int {
        policies.reduce(0) { $0 + $1.derivedResponsibilities } + nodes.reduce(0) { $0 + $1.derivedResponsibilities }
    }
    /// The words that must stand in the documents.
    public var citations: [Citation] { policies.flatMap(\.citations) + nodes.flatMap(\.citations) }
}

extension Reference {
    fileprivate var isLink: Bool { if case .link = kind { true } else { false } }
}
