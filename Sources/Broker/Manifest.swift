import Foundation
import PolicyModel
import Wire

/// How a plugin is found and started: `plugin.json` in a folder of the search path.
public struct Manifest: Codable, Sendable, Hashable {
    /// `^[a-z0-9][a-z0-9._-]{0,62}$`; names the plugin in lists and logs.
    public var name: String
    public var role: Role
    /// Whom it speaks for: a forvaltning's code, or a policy's id.
    public var publisher: String
    /// The executable and its arguments. A bare name is looked for beside `pejling`, then beside the manifest.
    public var argv: [String]
    /// The protocol versions it speaks, oldest and newest.
    public var protocolVersions: [Int]
    /// The kinds it publishes: a subset of what its role may.
    public var kinds: [String]
    /// Seconds until its `hello` must be there. Default 30.
    public var startTimeout: Double?
    /// MiB of memory that it and all it started may have resident; beyond, it is killed. Default 1024.
    public var maxMemory: Int?
    /// Files and sockets it may have open at once; beyond, it is killed. Default 1024.
    public var maxDescriptors: Int?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, role, publisher, argv, kinds
        case protocolVersions = "protocol"
        case startTimeout = "start_timeout_s"
        case maxMemory = "max_memory_mib"
        case maxDescriptors = "max_descriptors"
    }

    public init(
        name: String, role: Role, publisher: String, argv: [String], kinds: [String], startTimeout: Double? = nil,
        maxMemory: Int? = nil, maxDescriptors: Int? = nil
    ) {
        self.name = name
        self.role = role
        self.publisher = publisher
        self.argv = argv
        protocolVersions = [Limits.versions.lowerBound, Limits.versions.upperBound]
        self.kinds = kinds
        self.startTimeout = startTimeout
        self.maxMemory = maxMemory
        self.maxDescriptors = maxDescriptors
    }
}

/// A manifest with what was found on this machine: ready to start.
public struct Installation: Sendable, Hashable {
    public var manifest: Manifest
    /// Path of the manifest, for messages.
    public var place: String
    /// Absolute path of the executable.
    public var executable: String

    public init(manifest: Manifest, place: String, executable: String) {
        self.manifest = manifest
        self.place = place
        self.executable = executable
    }
}

/// A manifest that cannot be used: which, why, and the way out.
public struct ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}

/// Finds the plugins of a machine.
public enum PluginFinder {
    /// All manifests below `folder`, in order of name.
    ///
    /// - Parameter executables: the folder of `pejling` itself.
    /// - Returns: what can be started, and an error for each that cannot: one bad manifest stops no other plugin.
    public static func find(
        in folder: String, executables: String
    ) -> (found: [Installation], broken: [ManifestError]) {
        // On Linux the enumerator of a folder that is not there is empty, not nil; and so is that of a symbolic link to one.
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue,
            let walker = FileManager.default.enumerator(
                atPath: URL(fileURLWithPath: folder).resolvingSymlinksInPath().path)
        else {
            return ([], [ManifestError(description: "\(folder) is no folder: name the plugins' folder with --plugins")])
        }
        var found: [Installation] = []
        var broken: [ManifestError] = []
        let places = walker.compactMap { $0 as? String }.filter { ($0 as NSString).lastPathComponent == "plugin.json" }
        for place in places.sorted() {
            do {
                found.append(try read(folder + "/" + place, executables: executables))
            } catch {
                broken.append(error)
            }
        }
        if found.isEmpty, broken.isEmpty {
            broken.append(
                ManifestError(description: "\(folder) holds no plugin.json: name the plugins' folder with --plugins"))
        }
        // Each name and each publisher once: state, log file and session hang on them. The first in order of path stays.
        var names: [String: String] = [:]
        var publishers: [String: String] = [:]
        found.removeAll { plugin in
            let manifest = plugin.manifest
            if let first = publishers[manifest.publisher] {
                let text =
                    "\(plugin.place): \(manifest.publisher) is spoken for by \(first) already. Remove one of them"
                broken.append(ManifestError(description: text))
                return true
            }
            if let first = names[manifest.name] {
                let text = "\(plugin.place): the name \(manifest.name) is taken by \(first). Give it another"
                broken.append(ManifestError(description: text))
                return true
            }
            publishers[manifest.publisher] = plugin.place
            names[manifest.name] = plugin.place
            return false
        }
        return (found.sorted { $0.manifest.name < $1.manifest.name }, broken)
    }

    static func read(_ path: String, executables: String) throws(ManifestError) -> Installation {
        func bad(_ text: String) -> ManifestError { ManifestError(description: "\(path): \(text)") }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 64 * 1024 else {
            throw bad("cannot be read, or is larger than 64 KiB")
        }
        let manifest: Manifest
        do {
            try StrictJSON.checkObject([UInt8](data.filter { $0 != 10 && $0 != 13 && $0 != 9 }))
            let known = Set(Manifest.CodingKeys.allCases.map(\.rawValue))
            let keys = (try JSONSerialization.jsonObject(with: data) as? [String: Any])?.keys.sorted() ?? []
            if let unknown = keys.first(where: { !known.contains($0) }) {
                throw bad("unknown key “\(unknown)”; known are \(known.sorted().joined(separator: ", "))")
            }
            manifest = try JSONDecoder().decode(Manifest.self, from: data)
        } catch let error as ManifestError {
            throw error
        } catch let error as DecodingError {
            throw bad("is no plugin manifest (\(error.inWords)). Docs/plugin-guide.md shows one")
        } catch {
            throw bad("is no JSON (\(error)). Docs/plugin-guide.md shows one")
        }
        guard manifest.name.wholeMatch(of: /[a-z0-9][a-z0-9._-]{0,62}/) != nil else {
            throw bad("name “\(manifest.name)” is not a-z, 0-9, dot, underscore or hyphen, at most 63")
        }
        guard manifest.role == .node || manifest.role == .policy else {
            throw bad("role “\(manifest.role.rawValue)” cannot be a plugin's: node or policy")
        }
        guard manifest.protocolVersions.count == 2, manifest.protocolVersions[0] <= manifest.protocolVersions[1],
            Limits.versions.overlaps(manifest.protocolVersions[0]...manifest.protocolVersions[1])
        else {
            throw bad(
                "plugin \(manifest.name) speaks protocol \(manifest.protocolVersions), this broker \(Limits.versions.lowerBound) to \(Limits.versions.upperBound): rebuild it with the PluginKit of this release"
            )
        }
        if let foreign = manifest.kinds.first(where: { !manifest.role.mayPublish(RecordKind($0)) }) {
            throw bad("kind “\(foreign)” is not a \(manifest.role.rawValue)'s to publish")
        }
        if let seconds = manifest.startTimeout, !(0.1...3600).contains(seconds) {
            throw bad("start_timeout_s \(seconds) is not from 0.1 to 3600")
        }
        if let mebibytes = manifest.maxMemory, !(16...1_048_576).contains(mebibytes) {
            throw bad("max_memory_mib \(mebibytes) is not from 16 to 1048576")
        }
        if let count = manifest.maxDescriptors, !(16...1_048_576).contains(count) {
            throw bad("max_descriptors \(count) is not from 16 to 1048576")
        }
        guard !manifest.publisher.isEmpty, manifest.publisher.utf8.count <= Limits.name,
            !manifest.publisher.contains("/"), manifest.publisher != ".", manifest.publisher != ".."
        else { throw bad("publisher “\(manifest.publisher)” is no forvaltning's code and no policy's id") }
        guard let name = manifest.argv.first, !name.isEmpty else { throw bad("argv is empty: name the executable") }
        let beside = (path as NSString).deletingLastPathComponent
        let candidates =
            name.hasPrefix("/")
            ? [name] : name.contains("/") ? ["\(beside)/\(name)"] : ["\(executables)/\(name)", "\(beside)/\(name)"]
        guard let executable = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw bad(
                "its executable “\(name)” is not there (looked for \(candidates.joined(separator: " and "))). Build it: swift build"
            )
        }
        return Installation(manifest: manifest, place: path, executable: absolute(executable))
    }
}

func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
}
