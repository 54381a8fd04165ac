internal import Foundation
internal import PolicyModel

/// What one forvaltning's file for one policy says.
struct NodePart {
    let file: String
    let entries: [CatalogueEntry]
    let references: [Reference]
    let derivedResponsibilities: Int
}

/// The files of a configuration beside the one that is read, each read when first asked for and never twice.
///
/// Answers nil for what cannot be seen: a file that is missing or broken, which is reported where it is read for itself;
/// a forvaltning whose folder is on another machine. What cannot be seen is never held against anybody.
final class Lookup {
    let folder: String
    let city: City
    private var definitions: [String: PolicyCatalogue?] = [:]
    private var parts: [String: NodePart?] = [:]

    init(folder: String, city: City) {
        self.folder = folder
        self.city = city
    }

    /// Takes over what has been read, so that it is not read again.
    func know(_ policy: String, _ catalogue: PolicyCatalogue?) { definitions[policy] = .some(catalogue) }
    func know(_ forvaltning: Forvaltning, _ policy: String, _ part: NodePart?) {
        parts["\(forvaltning.key)/\(policy)"] = .some(part)
    }

    /// The policy, if its file is there and whole.
    func definition(_ policy: String) -> PolicyCatalogue? {
        if let known = definitions[policy] { return known }
        var catalogue: PolicyCatalogue?
        if city.policies.contains(policy), isSlug(policy) {
            let log = ProblemLog()
            let root = YAMLFile.root(of: "\(folder)/policies/\(policy).yaml", named: "policy `\(policy)`", log: log)
            let read = root.map { PolicyReader(root: $0, id: policy, city: city).catalogue() }
            catalogue = log.problems.isEmpty ? read : nil
        }
        know(policy, catalogue)
        return catalogue
    }

    /// What `forvaltning` says of the policy; nothing at all where its folder has no file for it.
    func part(_ forvaltning: Forvaltning, _ policy: String) -> NodePart? {
        if let known = parts["\(forvaltning.key)/\(policy)"] { return known }
        let log = ProblemLog()
        let read = Self.read(forvaltning, policy, in: city, folder: folder, log: log)
        let part = log.problems.isEmpty ? read : nil
        know(forvaltning, policy, part)
        return part
    }

    /// All parts of a policy, by forvaltning; nil where one cannot be seen.
    func allParts(_ policy: String) -> [(forvaltning: Forvaltning, part: NodePart)]? {
        var all: [(Forvaltning, NodePart)] = []
        for forvaltning in city.forvaltninger {
            guard let part = part(forvaltning, policy) else { return nil }
            all.append((forvaltning, part))
        }
        return all
    }

    /// Reads one file of a forvaltning's folder; nil where the folder, or the root of the file, is missing.
    static func read(
        _ forvaltning: Forvaltning, _ policy: String, in city: City, folder: String, log: ProblemLog
    ) -> NodePart? {
        let own = "\(folder)/forvaltninger/\(forvaltning.key)"
        let file = "\(own)/\(policy).yaml"
        guard FileManager.default.fileExists(atPath: own) else { return nil }
        guard FileManager.default.fileExists(atPath: file) else {
            return NodePart(file: file, entries: [], references: [], derivedResponsibilities: 0)
        }
        guard let root = YAMLFile.root(of: file, named: "the file", log: log) else { return nil }
        return NodeReader(root: root, policy: policy, forvaltning: forvaltning, city: city, folder: folder).part(file)
    }
}

/// Reads `forvaltninger/<KEY>/<policy>.yaml`.
struct NodeReader {
    let root: Item
    /// The policy that the file's name says.
    let policy: String
    let forvaltning: Forvaltning
    let city: City
    let folder: String

    func part(_ file: String) -> NodePart {
        let fields = root.fields("policy", "document", "initiatives", "derivations", "owner_basis", "owner_lines")
        if let item = fields.required("policy") {
            let written = item.text()
            if !written.isEmpty, written != policy {
                item.report("“\(written)” is not the name of the file", fix: "write `\(policy)`, or rename the file")
            }
            if written == policy, !city.policies.contains(policy) {
                city.reportUnknown(policy, at: item.place, root.log)
            }
        }
        var scope = Scope(city: city, policy: policy, document: Scope.document(fields, in: city))
        scope.period = YAMLFile.period(of: "\(folder)/policies/\(policy).yaml")
        scope.common = CommonEvidence.read(fields, scope)
        let entries = EntryReader(scope: scope, forvaltning: forvaltning, goals: nil).entries(
            fields.list("initiatives"))
        return NodePart(
            file: file, entries: entries, references: scope.references.all,
            derivedResponsibilities: scope.references.derived)
    }
}

extension City {
    func reportUnknown(_ policy: String, at place: Place, _ log: ProblemLog) {
        let meant = nearest(to: policy, among: policies).map { "write `\($0)`, or " } ?? ""
        log.add(
            place, "“\(policy)” is no policy known here; known are: \(listed(policies))",
            fix: "\(meant)add `\(policy)` to `policies` of pejling.yaml")
    }
}

extension YAMLFile {
    /// The `period` at the top of a policy's file, without reading the rest of it: a node reads no more of a policy.
    /// Nil where the file cannot be seen, or says no period that can be read.
    static func period(of path: String) -> Period? {
        guard let data = FileManager.default.contents(atPath: path), data.count <= sizeLimit,
            let text = String(validating: data, as: UTF8.self)
        else { return nil }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard let first = lines.firstIndex(where: { $0.hasPrefix("period:") }) else { return nil }
        let rest = lines[(first + 1)...].prefix { $0.isEmpty || $0.first == " " || $0.first == "#" }
        let log = ProblemLog()
        let block = ([lines[first]] + rest).joined(separator: "\n")
        let root = YAMLFile(path: path, log: log).parse(block, named: "period")
        let period = root?.fields("period")["period"]?.fields(Scope.periodKeys).period()
        return log.problems.isEmpty ? period : nil
    }
}
