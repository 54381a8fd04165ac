import Foundation
import Glibc

/// The folder where a machine's data lies (`var`): its version, whether it is example data, and who holds it.
public struct DataFolder: Sendable, Hashable {
    /// The layout this program knows; `pejling.json` in the folder says which it has.
    public static let format = 1

    public let path: String
    /// Example data, made as such and never mixed with real.
    public let isSynthetic: Bool

    private struct Marker: Codable {
        var format: Int
        var synthetic: Bool
    }

    /// An existing folder.
    ///
    /// - Throws: `StoreError`: `.missing` without data, `.newerVersion`, `.foreign` (also for real data with a settable clock).
    public init(existing path: String) throws {
        let marker = path + "/pejling.json"
        guard let data = FileManager.default.contents(atPath: marker) else {
            if access(marker, R_OK) != 0, errno == EACCES {
                throw StoreError(.failed, "\(marker) may not be read: permission denied. Run as the owner of \(path)")
            }
            throw StoreError(
                .missing,
                "\(path) holds no data of Pejling (there is no \(marker)). Run `pejling up`, or name the folder with --data"
            )
        }
        let parsed: Marker
        do { parsed = try JSONDecoder().decode(Marker.self, from: data) } catch {
            throw StoreError(
                .foreign,
                "\(marker) is not a marker of Pejling. Restore it from a backup, or name another --data folder")
        }
        guard parsed.format <= Self.format else {
            throw StoreError(
                .newerVersion,
                "\(path) has data format \(parsed.format), this program knows \(Self.format). Install the newer Pejling that wrote it"
            )
        }
        let clock = "\(path)/\(RecordClock.fileName)"
        guard parsed.synthetic || !FileManager.default.fileExists(atPath: clock) else {
            throw StoreError(
                .foreign,
                "\(clock) sets a clock, and \(path) holds real data, which goes by the system's clock only. Remove the file; only example data has a clock that can be set"
            )
        }
        self.init(path: path, isSynthetic: parsed.synthetic)
    }

    /// The folder, made when it is not there. Whether it is synthetic is decided when it is made.
    public init(creating path: String, synthetic: Bool) throws {
        let marker = path + "/pejling.json"
        if FileManager.default.fileExists(atPath: marker) {
            try self.init(existing: path)
            guard isSynthetic == synthetic else {
                throw StoreError(
                    .foreign,
                    "\(path) holds \(isSynthetic ? "example (synthetic)" : "real") data, and real and example data never meet. Name another --data folder"
                )
            }
            return
        }
        if let found = try? FileManager.default.contentsOfDirectory(atPath: path), !found.isEmpty {
            throw StoreError(.foreign, "\(path) is not empty and holds no data of Pejling. Name another --data folder")
        }
        try makeFolder(path)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try writeFile(
            marker, [UInt8](try encoder.encode(Marker(format: Self.format, synthetic: synthetic))), mode: 0o644)
        self.init(path: path, isSynthetic: synthetic)
    }

    private init(path: String, isSynthetic: Bool) {
        self.path = path
        self.isSynthetic = isSynthetic
    }

    public var broker: String { path + "/broker" }
    public var coordinator: String { path + "/coordinator" }
    /// Where a plugin keeps keys, log and copy: `nodes/BIF`, `policies/lgbti`.
    public func plugin(_ name: String, isNode: Bool) -> String { path + (isNode ? "/nodes/" : "/policies/") + name }
}

/// Makes a folder that only its owner may enter (0700), with the ones above it.
public func makeFolder(_ path: String) throws {
    // The nearest that is there, and so holds the first new name.
    var holder = path
    while !FileManager.default.fileExists(atPath: holder) { holder = folder(of: holder) }
    do {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
        throw StoreError(.failed, "the folder \(path) cannot be made: \(String(cString: strerror(errno)))")
    }
    var made = path
    while made != holder {
        made = folder(of: made)
        try syncFolder(made)
    }
}

/// The folder that holds what `path` names.
func folder(of path: String) -> String {
    guard let slash = path.dropLast(path.hasSuffix("/") ? 1 : 0).lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Brings the names in a folder to the disk: a synced file whose name is not there after a power loss is lost.
public func syncFolder(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
        // A folder that one may write and not read: nobody keeps a ledger there.
        if errno == EACCES { return }
        throw StoreError(.failed, "the folder \(path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    // Some file systems sync no folder, and say that it is no valid request.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
        throw StoreError(.failed, "the folder \(path) cannot be synced: \(String(cString: strerror(errno)))")
    }
}

/// A secret of its own folder, 0600: read, or made by `make` when it is not there.
///
/// - Throws: `StoreError` when the file may be read by others: a key that leaked is no key.
public func secretFile(_ path: String, make: () throws -> [UInt8]) throws -> [UInt8] {
    var status = stat()
    if stat(path, &status) == 0 {
        guard status.st_mode & 0o077 == 0 else {
            throw StoreError(
                .exposed, "\(path) may be read by others. Make new keys, or `chmod 600 \(path)` if nobody has seen it")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StoreError(.failed, "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        return [UInt8](data)
    }
    let secret = try make()
    try writeFile(path, secret, mode: 0o600)
    return secret
}

/// The right to write a folder's files, held by one process at a time.
public final class FolderLock: Sendable {
    private let descriptor: CInt

    /// - Throws: `StoreError.held`, which names the process that has it.
    public init(_ folder: String, what: String) throws {
        try makeFolder(folder)
        let path = folder + "/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.failed, "\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard Self.take(descriptor) else {
            var text = [UInt8](repeating: 0, count: 200)
            let count = max(0, read(descriptor, &text, text.count))
            close(descriptor)
            let holder = String(decoding: text.prefix(count), as: UTF8.self)
            throw StoreError(
                .held, "\(folder) is held by another \(what) (\(holder)). Stop it first, or name another --data folder")
        }
        let since = ISO8601DateFormatter().string(from: Date())
        let holder = Array("process \(getpid()) since \(since), \(uptime()) s after the machine's start".utf8)
        // Over what stands there, which a full disk does not hinder; the rest is cut off behind it.
        _ = holder.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, holder.count, 0) }
        ftruncate(descriptor, off_t(holder.count))
        self.descriptor = descriptor
    }

    /// Takes the lock, trying for up to 300 ms: somebody who only asks (`holder`) shares it for an instant.
    private static func take(_ descriptor: CInt) -> Bool {
        for _ in 0..<30 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            poll(nil, 0, 10)
        }
        return false
    }

    /// The process that holds the folder now, 0 when it could not write down which it is; nil when none does. Asking takes a
    /// shared lock, so that two who ask do not take each other for the holder.
    public static func holder(of folder: String) -> pid_t? { held(folder)?.process }

    /// The same, with when it took it (`uptime`); nil where it is a program of before, which does not say.
    public static func held(_ folder: String) -> (process: pid_t, since: Int64?)? {
        let descriptor = open(folder + "/lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return nil }
        var text = [UInt8](repeating: 0, count: 200)
        let count = max(0, read(descriptor, &text, text.count))
        let words = String(decoding: text.prefix(count), as: UTF8.self).split(separator: " ")
        // “process 7 since 2026-11-26T08:00:00Z, 120 s after …”
        return (
            words.count > 1 ? pid_t(words[1]) ?? 0 : 0, words.count > 5 && words[5] == "s" ? Int64(words[4]) : nil
        )
    }

    /// Gives it up before the last reference goes; what comes after may be another's.
    public func release() { flock(descriptor, LOCK_UN) }

    deinit { close(descriptor) }
}
