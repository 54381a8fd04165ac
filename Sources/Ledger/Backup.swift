import Foundation
import Glibc
import Wire

/// A copy of a data folder, or of one plugin's folder, made while others write: each file as of one moment, 0600, synced, verified.
/// The copy is a data folder of its own; `Restore` puts it in its place.
///
/// What plugins hold is copied before the ledger, so that no copy of the feed is ahead of it. A log that is behind the ledger then
/// is completed from it, one that is ahead publishes what the ledger lacks.
///
/// A file that cannot be read, or that does not verify, keeps nothing else from being copied. What it is decides where the copy goes:
/// one without a whole ledger would take the place of a good one in a rotation, and never gets its name.
public enum Backup {
    /// What was copied.
    public struct Contents: Sendable, Hashable {
        public var databases = 0
        public var keys = 0
        public var bytes: Int64 = 0
        /// What the ledger in it holds; nil where none lies here.
        public var ledger: Verification?
        /// What is missing in it, or is in it and does not hold; `noteName` in the copy says the same.
        public var faults: [Fault] = []
        /// What backups that were killed had left beside it, with the keys in it.
        public var leftovers: [Leftover] = []

        /// Nothing was there to copy.
        var isEmpty: Bool { databases + keys == 0 && faults.isEmpty }
    }

    /// A file that is not in the copy as it should be.
    public struct Fault: Sendable, Hashable, CustomStringConvertible {
        /// Its path in the data folder: `nodes/TMF/log.sqlite`.
        public var path: String
        public var cause: String
        /// Whether it is in the copy, as it is.
        public var isCopied: Bool

        public var description: String {
            "\(path): \(isCopied ? "copied as it is, and does not hold" : "not in the copy"): \(cause)"
        }
    }

    /// A folder `<name>.<pid>.new` of a process that is no more.
    public struct Leftover: Sendable, Hashable {
        public var path: String
        public var isRemoved: Bool
    }

    /// The file in a copy that says what is missing or damaged in it, a line each behind the first.
    static let noteName = "incomplete.txt"

    /// All that lies on this machine: `to` is then a data folder.
    ///
    /// - Parameters:
    ///   - standing: where the broker last said that the ledger stands, read before: a copy of one that lost its end verifies too.
    ///   - progress: called with each folder before it is copied.
    ///   - verifying: called with how many records of the copy are verified and how many there are.
    /// - Throws: `StoreError`; nothing stands at `to` then. Where the ledger or a key of the broker does not hold, the text says where
    ///   the rest is kept; likewise for a log where no ledger is.
    public static func all(
        of data: DataFolder, to: String, from standing: LedgerStanding? = nil, progress: (String) -> Void = { _ in },
        verifying: (Int64, Int64) -> Void = { _, _ in }
    ) throws -> Contents {
        // A node's own machine has none; a folder of it may be there all the same.
        let hasBroker =
            standing != nil || ["ledger.sqlite", "curve.key", "sign.key"].contains { exists("\(data.broker)/\($0)") }
            || (exists(data.broker) && access(data.broker, R_OK | X_OK) != 0)
        return try whole(
            of: data, to,
            isVital: { $0.hasPrefix("broker") || (!hasBroker && isLog($0)) }
        ) { copying in
            for group in ["nodes", "policies"] {
                for name in try copying.folders(in: group) { try copying.part("\(group)/\(name)", progress) }
            }
            try copying.part("coordinator", progress)
            // Last: see above.
            guard hasBroker else { return }
            try copying.part("broker", progress)
            try copying.verifyLedger(from: standing, verifying)
        }
    }

    /// One plugin's folder, in a data folder of its own: for a node on another machine.
    ///
    /// - Parameter part: its path in the data folder: `nodes/BIF`.
    /// - Throws: `StoreError`; nothing stands at `to` then, for a damaged log too.
    public static func part(
        _ part: String, of data: DataFolder, to: String, progress: (String) -> Void = { _ in }
    ) throws -> Contents {
        guard exists(data.path + "/" + part) else {
            throw StoreError(.missing, "\(data.path)/\(part) is not there. See --node and --data")
        }
        return try whole(of: data, to, isVital: isLog) {
            try $0.part(part, progress)
        }
    }

    /// Whether the path is of a log, or of a folder with one.
    private static func isLog(_ path: String) -> Bool { path.hasSuffix("/log.sqlite") || !path.contains(".") }

    /// Makes `to` whole or not at all.
    private static func whole(
        of data: DataFolder, _ to: String, isVital: (String) -> Bool, _ body: (inout BackupCopying) throws -> Void
    ) throws -> Contents {
        let out = try place(to, outside: data)
        let leftovers = tidy(beside: out)
        let target = "\(out).\(getpid()).new"
        try makeFolder(target)
        var copying = BackupCopying(data, target, named: out)
        do {
            // Whoever finds the folder later sees by it whether it is still being made.
            let lock = try FolderLock(target, what: "backup")
            defer { withExtendedLifetime(lock) {} }
            try body(&copying)
            guard !copying.contents.isEmpty else {
                throw StoreError(.missing, "\(data.path) holds nothing to copy yet: no ledger, no node. See --data")
            }
            try copying.finish()
            let vital = copying.contents.faults.filter { isVital($0.path) }
            guard vital.isEmpty else { throw try copying.notWhole(vital) }
            try copying.move(to: out)
        } catch {
            try? FileManager.default.removeItem(atPath: target)
            throw error
        }
        copying.contents.leftovers = leftovers
        return copying.contents
    }

    /// Where the copy is to be, without slashes at its end.
    private static func place(_ to: String, outside data: DataFolder) throws -> String {
        var out = to
        while out.count > 1, out.hasSuffix("/") { out.removeLast() }
        guard !exists(out) else {
            throw StoreError(
                .failed, "\(out) is there already. Name a new folder with --out: a backup is never written over")
        }
        // The folders above it may not be there yet.
        var above = (out as NSString).deletingLastPathComponent
        while !above.isEmpty, !exists(above) { above = (above as NSString).deletingLastPathComponent }
        guard let inside = real(above.isEmpty ? "." : above), let whole = real(data.path) else {
            throw StoreError(.failed, "\(out) cannot be made: \(String(cString: strerror(errno)))")
        }
        guard inside != whole, !inside.hasPrefix(whole + "/") else {
            throw StoreError(
                .failed,
                "\(out) lies in \(data.path), which it is to be a copy of: it would go with it. Name a folder elsewhere, on another disk, with --out"
            )
        }
        return out
    }

    private static func real(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// Removes what backups that were killed left beside `out`: a folder with the number of a process in its name and in its lock, that
    /// nobody holds.
    private static func tidy(beside out: String) -> [Leftover] {
        let above = (out as NSString).deletingLastPathComponent
        let folder = above.isEmpty ? "." : above
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().compactMap { name in
            let parts = name.split(separator: ".")
            guard parts.count >= 3, parts.last == "new", let process = pid_t(parts[parts.count - 2]) else { return nil }
            let path = "\(folder)/\(name)"
            guard let held = FileManager.default.contents(atPath: path + "/lock"),
                String(decoding: held.prefix(200), as: UTF8.self).hasPrefix("process \(process) since "),
                FolderLock.holder(of: path) == nil
            else { return nil }
            return Leftover(path: path, isRemoved: (try? remove(path)) != nil)
        }
    }

    /// Its lock last: killed meanwhile, what is left is still known by it.
    private static func remove(_ path: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name != "lock" {
            try FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
        try FileManager.default.removeItem(atPath: path)
    }

    /// What a copy says is not as it should be in it.
    static func note(in copy: DataFolder) -> [String] {
        guard let bytes = FileManager.default.contents(atPath: "\(copy.path)/\(noteName)") else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map(String.init)
    }
}

func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
