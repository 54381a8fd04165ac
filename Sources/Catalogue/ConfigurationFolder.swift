internal import Foundation
public import PolicyModel

/// The folder `Config/`: what the city is, and what its documents say, as people edit it (Docs/configuration.md).
///
/// Reads files when asked and keeps nothing, so that an edit is seen at the next call. Each call reports every problem
/// of every file it reads. A process reads the city and its own part only: a node, its initiatives; a policy's plugin,
/// the policy. So what one part says of another (a goal in a node's file) is checked for its form only.
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
            reportPolicy(id, at: Place(file: "\(path)/pejling.yaml", line: 1), city, log)
            try log.throwIfAny()
            throw CatalogueError(problems: log.problems)
        }
        let root = YAMLFile.root(of: "\(path)/policies/\(id).yaml", named: "policy `\(id)`", log: log)
        let catalogue = root.map { PolicyReader(root: $0, id: id, city: city).catalogue() }
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
        var entries: [CatalogueEntry] = []
        for name in names {
            if name.hasSuffix(".yaml") {
                entries += self.entries("\(folder)/\(name)", policy: String(name.dropLast(5)), forvaltning, city, log)
            } else if name.lowercased().hasSuffix(".yml") || name.lowercased().hasSuffix(".yaml") {
                log.add(
                    Place(file: "\(folder)/\(name)", line: 1), "a file with this ending is not read",
                    fix: "rename it to <policy>.yaml")
            }
        }
        try log.throwIfAny()
        return NodeCatalogue(forvaltning: forvaltning, entries: entries)
    }

    /// The documents' lines in `documents.yaml`, by document id; for messages about a document.
    ///
    /// - Throws: all problems of that file.
    func documentPlaces() throws(CatalogueError) -> [String: Place] {
        let log = ProblemLog()
        let documents = CityReader(folder: path, log: log).documents()
        try log.throwIfAny()
        return Dictionary(documents.map { ($0.document.id, $0.place) }) { first, _ in first }
    }

    private func entries(
        _ file: String, policy: String, _ forvaltning: Forvaltning, _ city: City, _ log: ProblemLog
    ) -> [CatalogueEntry] {
        guard let root = YAMLFile.root(of: file, named: "the file", log: log) else { return [] }
        let fields = root.fields("policy", "document", "initiatives")
        if let item = fields.required("policy") {
            let written = item.text()
            if !written.isEmpty, written != policy {
                item.report("“\(written)” is not the name of the file", fix: "write `\(policy)`, or rename the file")
            }
            if written == policy, !city.policies.contains(policy) { reportPolicy(policy, at: item.place, city, log) }
        }
        let scope = Scope(city: city, policy: policy, document: Scope.document(fields, in: city))
        return EntryReader(scope: scope, forvaltning: forvaltning, goals: nil).entries(fields.list("initiatives"))
    }

    private func reportPolicy(_ id: String, at place: Place, _ city: City, _ log: ProblemLog) {
        let meant = nearest(to: id, among: city.policies).map { "write `\($0)`, or " } ?? ""
        log.add(
            place, "“\(id)” is no policy known here; known are: \(listed(city.policies))",
            fix: "\(meant)add `\(id)` to `policies` of pejling.yaml")
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
