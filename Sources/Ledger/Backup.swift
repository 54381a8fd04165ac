import Foundation
import GRDB
import Glibc
import Wire

/// A copy of a data folder, or of one plugin's folder, made while others write: each file as of one moment, 0600, synced. The copy
/// is a data folder of its own; `Restore` puts it in its place.
///
/// What plugins hold is copied before the ledger, so that no copy of the feed is ahead of it. A log that is behind the ledger then
/// is completed from it, one that is ahead publishes what the ledger lacks.
public enum Backup {
    /// What was copied.
    public struct Contents: Sendable, Hashable {
        public var databases = 0
        public var keys = 0
        public var bytes: Int64 = 0
    }

    /// Files of SQLite that are ours, by name.
    private static let databases: [(name: String, kind: Database.Kind)] = [
        ("log.sqlite", .log), ("private.sqlite", .privateStore), ("replica.sqlite", .replica),
        ("ledger.sqlite", .ledger),
    ]
    private static let keyFiles = ["curve.key", "sign.key", "keys/curve.key", "keys/sign.key"]

    /// All that lies on this machine: `to` is then a data folder.
    ///
    /// - Parameter progress: called with each folder before it is copied.
    /// - Throws: `StoreError`; nothing stands at `to` then.
    public static func all(
        of data: DataFolder, to: String, progress: (String) -> Void = { _ in }
    ) throws -> Contents {
        try whole(to) { target in
            var contents = Contents()
            for group in ["nodes", "policies"] {
                let folders = (try? FileManager.default.contentsOfDirectory(atPath: data.path + "/" + group)) ?? []
                // What an interrupted restore left has a name with a dot in front.
                for name in folders.sorted() where !name.hasPrefix(".") {
                    try part("\(group)/\(name)", data, target, &contents, progress)
                }
            }
            try part("coordinator", data, target, &contents, progress)
            // Last: see above.
            try part("broker", data, target, &contents, progress)
            try marker(data, target)
            return contents
        }
    }

    /// One plugin's folder, in a data folder of its own: for a node on another machine.
    ///
    /// - Parameter part: its path in the data folder: `nodes/BIF`.
    public static func part(
        _ part: String, of data: DataFolder, to: String, progress: (String) -> Void = { _ in }
    ) throws -> Contents {
        guard FileManager.default.fileExists(atPath: data.path + "/" + part) else {
            throw StoreError(.missing, "\(data.path)/\(part) is not there. See --node and --data")
        }
        return try whole(to) { target in
            var contents = Contents()
            try Backup.part(part, data, target, &contents, progress)
            try marker(data, target)
            return contents
        }
    }

    /// Makes `to` whole or not at all.
    private static func whole(_ to: String, _ body: (String) throws -> Contents) throws -> Contents {
        guard access(to, F_OK) != 0 else {
            throw StoreError(
                .failed, "\(to) is there already. Name a new folder with --out: a backup is never written over")
        }
        let target = "\(to).\(getpid()).new"
        try makeFolder(target)
        do {
            let contents = try body(target)
            guard rename(target, to) == 0 else {
                throw StoreError(.failed, "\(to) cannot be made: \(String(cString: strerror(errno)))")
            }
            return contents
        } catch {
            try? FileManager.default.removeItem(atPath: target)
            throw error
        }
    }

    private static func marker(_ data: DataFolder, _ target: String) throws {
        for name in ["pejling.json"] + (data.isSynthetic ? [RecordClock.fileName] : []) {
            guard let bytes = FileManager.default.contents(atPath: data.path + "/" + name) else { continue }
            try writeFile(target + "/" + name, [UInt8](bytes), mode: 0o644)
        }
    }

    private static func part(
        _ part: String, _ data: DataFolder, _ target: String, _ contents: inout Contents, _ progress: (String) -> Void
    ) throws {
        let source = data.path + "/" + part
        guard FileManager.default.fileExists(atPath: source) else { return }
        progress(part)
        try makeFolder(target + "/" + part)
        for (name, kind) in databases where FileManager.default.fileExists(atPath: source + "/" + name) {
            contents.bytes += try copy(source + "/" + name, kind, to: "\(target)/\(part)/\(name)")
            contents.databases += 1
        }
        for name in keyFiles {
            guard let bytes = FileManager.default.contents(atPath: source + "/" + name) else { continue }
            if name.hasPrefix("keys/") { try makeFolder("\(target)/\(part)/keys") }
            try writeFile("\(target)/\(part)/\(name)", [UInt8](bytes), mode: 0o600)
            contents.keys += 1
        }
    }

    /// As of one moment; without what was deleted. Its size in bytes.
    private static func copy(_ source: String, _ kind: Database.Kind, to target: String) throws -> Int64 {
        let database = try Database(path: source, kind: kind, schema: "", create: false, readOnly: true)
        // Made before SQLite does, so that nobody else may read it for an instant.
        try writeFile(target, [], mode: 0o600)
        try database.read { db in try db.execute(sql: "VACUUM INTO ?", arguments: [target]) }
        let descriptor = open(target, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var status = stat()
        guard descriptor >= 0, fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else {
            throw StoreError(.failed, "\(target) cannot be synced: \(String(cString: strerror(errno)))")
        }
        return Int64(status.st_size)
    }
}
