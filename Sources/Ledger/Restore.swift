import Foundation
import Glibc
import Wire

/// Puts a backup copy in its place. The copy is verified first, as it was brought here; what was there is moved aside, never
/// deleted; a marker says that it is under way, so that nothing opens half of it.
///
/// Order: copy and sync all beside its place → verify → marker → move aside what is there → put in place → take the marker away.
/// Ended before the marker, nothing has changed; ended after it, the same command ends it.
public enum Restore {
    /// What was put in place.
    public struct Outcome: Sendable, Hashable {
        /// What the restored ledger holds.
        public var ledger: Verification
        /// Where what was there lies now; nil where nothing was.
        public var aside: String?
        /// Folders of plugins that were not there, and come from the copy: `nodes/BIF`.
        public var missing: [String]
        /// What is missing in the copy, or does not hold in it: a line each, with the file.
        public var faults: [String]
    }

    /// In the folder while it is restored.
    static let marker = "restore.unfinished"
    private static let keyFiles = ["curve.key", "sign.key"]

    /// A broker's ledger and keys, and the folders of plugins that are not there at all. Those that are there stay: they are
    /// newer, and hand in again what the copy does not hold.
    ///
    /// - Parameters:
    ///   - copy: what `Backup.all` made.
    ///   - now: names the folder of what was there.
    ///   - progress: called with each part before it is copied.
    ///   - verifying: called with how many records of the copy are verified and how many there are.
    /// - Throws: `StoreError`: `.held` while a broker runs on either folder, `.damaged` when the copy does not verify,
    ///   `.foreign` when real and example data would meet; nothing was changed then.
    public static func all(
        from copy: DataFolder, to data: DataFolder, at now: Date, progress: (String) -> Void = { _ in },
        verifying: (Int64, Int64) -> Void = { _, _ in }
    ) throws -> Outcome {
        try all(from: copy, to: data, at: now, progress: progress, verifying: verifying) {}
    }

    /// - Parameter step: called before each change of what is in place; what it throws ends it there.
    static func all(
        from copy: DataFolder, to data: DataFolder, at now: Date, progress: (String) -> Void,
        verifying: (Int64, Int64) -> Void, step: () throws -> Void
    ) throws -> Outcome {
        try DataFolder.refuseRootInAnothers(data.path)
        let lock = try FolderLock(data.broker, what: "broker")
        defer { withExtendedLifetime(lock) {} }
        try refuseUnequal(copy, data)
        try refuseHeld(copy.broker, "broker")
        guard exists(copy.broker + "/ledger.sqlite") else {
            throw StoreError(
                .missing,
                "\(copy.path) holds no ledger. A copy of one node (`ledger backup --node`) is restored with --node")
        }
        for name in keyFiles where !exists("\(copy.broker)/\(name)") {
            throw StoreError(
                .missing,
                "\(copy.broker)/\(name) is not there: the ledger's own records are signed with the broker's keys, and nodes know it by them. Name a whole copy"
            )
        }
        let place = Place(data.broker, isThere: true)
        defer { place.clear() }
        progress("broker")
        try place.fetch(from: copy.broker, ["ledger.sqlite", "ledger.sqlite-wal"] + keyFiles)
        let check = try verified(place.staged, of: copy.broker, verifying)
        let parts = try missingParts(copy, data)
        defer { for part in parts { part.place.clear() } }
        var faults = Backup.note(in: copy)
        for part in parts {
            progress(part.name)
            let source = "\(copy.path)/\(part.name)"
            try part.place.fetchFolder(from: source)
            // Better than nothing, for the ledger has what it said; but it is told.
            guard exists(part.place.staged + "/log.sqlite"),
                !faults.contains(where: { $0.hasPrefix(part.name + "/log.") })
            else { continue }
            do { _ = try PublisherLog.verified(part.place.staged, of: source) } catch let error as StoreError {
                faults.append("\(part.name)/log.sqlite: \(error.message)")
            }
        }
        let clock = "/" + RecordClock.fileName
        if data.isSynthetic, !exists(data.path + clock), exists(copy.path + clock) {
            try writeFile(data.path + clock, try bytes(copy.path + clock), mode: 0o644)
        }
        // What the broker last said of itself is of the ledger that goes: the next start would miss records.
        let leaving = ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "state.json"] + keyFiles
        let aside = try place.exchange(leaving, at: now, step) {
            for part in parts {
                try step()
                try part.place.appear()
            }
        }
        return Outcome(ledger: check, aside: aside, missing: parts.map(\.name), faults: faults)
    }

    /// One plugin's folder, for a node on a machine of its own.
    ///
    /// - Parameter part: its path in the data folder: `nodes/BIF`.
    /// - Returns: how many records its log holds, where what was there lies now, and what is missing of it in the copy.
    /// - Throws: as `all`.
    public static func part(
        _ part: String, from copy: DataFolder, to data: DataFolder, at now: Date
    ) throws -> (records: Int64, aside: String?, faults: [String]) {
        let (source, target) = ("\(copy.path)/\(part)", "\(data.path)/\(part)")
        try DataFolder.refuseRootInAnothers(data.path)
        try makeFolder(target)
        let lock = try FolderLock(target, what: "process of this node")
        defer { withExtendedLifetime(lock) {} }
        try refuseUnequal(copy, data)
        try refuseHeld(source, "process of this node")
        guard exists(source + "/log.sqlite") else {
            throw StoreError(.missing, "\(source)/log.sqlite is not there: the copy holds no log of this node")
        }
        let place = Place(target, isThere: true)
        defer { place.clear() }
        try place.fetchFolder(from: source)
        let records: Int64
        do { records = try PublisherLog.verified(place.staged, of: source) } catch let error as StoreError {
            throw StoreError(error.code, "\(error.message). Take an older copy; nothing was changed")
        }
        let databases = ["log", "private", "replica"].map { $0 + ".sqlite" }
        let leaving =
            databases.flatMap { [$0, $0 + "-wal", $0 + "-shm"] } + keyFiles.map { "keys/" + $0 }
        let faults = Backup.note(in: copy).filter { $0.hasPrefix(part + "/") }
        return (records, try place.exchange(leaving, at: now, {}) {}, faults)
    }

    /// Refuses a folder in which half of a restored copy may lie.
    ///
    /// - Throws: `StoreError.held`.
    public static func refuseUnfinished(_ folder: String) throws {
        guard exists("\(folder)/\(marker)") else { return }
        throw StoreError(
            .held,
            "restoring \(folder) from a backup was interrupted: run the same `pejling ledger restore` again. Nothing is lost"
        )
    }

    private static func verified(
        _ staged: String, of source: String, _ progress: (Int64, Int64) -> Void
    ) throws -> Verification {
        guard let key = SigningKey(seed: try bytes(staged + "/sign.key")) else {
            throw StoreError(.damaged, "\(source)/sign.key is no Ed25519 key. Take another copy; nothing was changed")
        }
        let check: Verification
        do { check = try LedgerVerifier.verify(folder: staged, brokerKey: key.publicKey, progress: progress) } catch let
            error as StoreError
        { throw StoreError(error.code, error.message.replacingOccurrences(of: staged, with: source)) }
        if let fault = check.fault {
            throw StoreError(
                .damaged,
                "the copy does not verify: \(fault.replacingOccurrences(of: staged, with: source)). \(check.records) records before it hold. Take an older copy; nothing was changed"
            )
        }
        return check
    }

    private static func refuseUnequal(_ copy: DataFolder, _ data: DataFolder) throws {
        guard copy.isSynthetic == data.isSynthetic else {
            throw StoreError(
                .foreign,
                "\(copy.path) holds \(copy.isSynthetic ? "example (synthetic)" : "real") data and \(data.path) does not, and they never meet. Name another folder"
            )
        }
        var (from, to) = (stat(), stat())
        guard stat(copy.path, &from) == 0, stat(data.path, &to) == 0,
            from.st_ino != to.st_ino || from.st_dev != to.st_dev
        else { throw StoreError(.failed, "\(copy.path) is the data folder itself: name a copy of it") }
    }

    private static func refuseHeld(_ folder: String, _ what: String) throws {
        guard let holder = FolderLock.holder(of: folder) else { return }
        throw StoreError(
            .held, "a \(what) runs on the copy (\(folder), process \(holder)): it is no backup any more. Stop it first")
    }

    private static func missingParts(
        _ copy: DataFolder, _ data: DataFolder
    ) throws -> [(name: String, place: Place)] {
        var names: [String] = []
        for group in ["nodes", "policies"] {
            let found = (try? FileManager.default.contentsOfDirectory(atPath: "\(copy.path)/\(group)")) ?? []
            names += found.filter { !$0.hasPrefix(".") }.sorted().map { "\(group)/\($0)" }
        }
        names.append("coordinator")
        return names.filter { exists("\(copy.path)/\($0)") && !exists("\(data.path)/\($0)") }.map {
            ($0, Place("\(data.path)/\($0)", isThere: false))
        }
    }
}

/// A folder that gets what a copy holds.
private struct Place {
    let folder: String
    /// On the same file system as its place, so that putting it there is giving it another name.
    let staged: String

    /// - Parameter isThere: whether the folder stays, and gets other files; otherwise it appears whole.
    init(_ folder: String, isThere: Bool) {
        self.folder = folder
        let parts = folder as NSString
        staged =
            isThere
            ? folder + "/.restoring" : "\(parts.deletingLastPathComponent)/.\(parts.lastPathComponent).restoring"
    }

    /// Takes away what is only a copy of the copy.
    func clear() { try? FileManager.default.removeItem(atPath: staged) }

    /// Brings files here, synced; those that the copy does not have are left out.
    func fetch(from source: String, _ names: [String]) throws {
        clear()
        try makeFolder(staged)
        try fetchMore(from: source, names)
    }

    /// All that a backup holds of a plugin.
    func fetchFolder(from source: String) throws {
        let databases = ["log", "private", "replica"].map { $0 + ".sqlite" }
        try fetch(from: source, databases.flatMap { [$0, $0 + "-wal"] })
        guard exists(source + "/keys") else { return }
        try makeFolder(staged + "/keys")
        try fetchMore(from: source, ["keys/curve.key", "keys/sign.key"])
        try syncFolder(staged + "/keys")
    }

    private func fetchMore(from source: String, _ names: [String]) throws {
        for name in names where exists("\(source)/\(name)") {
            try copyFile("\(source)/\(name)", to: "\(staged)/\(name)")
        }
        try syncFolder(staged)
    }

    /// Puts the whole folder in a place where none is.
    func appear() throws {
        try makeFolder((folder as NSString).deletingLastPathComponent)
        try move(staged, folder)
        try syncFolder((folder as NSString).deletingLastPathComponent)
    }

    /// Moves `leaving` aside and puts what was fetched in its place.
    ///
    /// - Parameter more: what else belongs to it, done before the marker goes.
    /// - Returns: where what was there lies; nil where nothing was.
    func exchange(_ leaving: [String], at now: Date, _ step: () throws -> Void, _ more: () throws -> Void) throws
        -> String?
    {
        let marker = "\(folder)/\(Restore.marker)"
        let time = Timestamp.milliseconds(now).filter { $0.isNumber || $0 == "T" }
        // One that was interrupted goes on with its folder: what it had moved and what it had not lie together.
        let begun = exists(marker) ? String(decoding: try bytes(marker), as: UTF8.self) : nil
        let free = unused("\(folder)/replaced-\(time)")
        let aside = begun ?? free
        try step()
        if begun == nil { try writeFile(marker, Array(aside.utf8), mode: 0o600) }
        for name in leaving where exists("\(folder)/\(name)") {
            // What an interrupted one had put in place already is the copy's: it goes to a folder of its own.
            let target = exists("\(aside)/\(name)") ? free : aside
            if let slash = name.lastIndex(of: "/") { try makeFolder("\(target)/\(name[..<slash])") }
            try makeFolder(target)
            try step()
            try move("\(folder)/\(name)", "\(target)/\(name)")
            try syncFolder(target)
        }
        try syncFolder(folder)
        for name in leaving where exists("\(staged)/\(name)") && !name.hasSuffix("-shm") {
            if let slash = name.lastIndex(of: "/") { try makeFolder("\(folder)/\(name[..<slash])") }
            try step()
            try move("\(staged)/\(name)", "\(folder)/\(name)")
        }
        try syncFolder(folder)
        if exists(folder + "/keys") { try syncFolder(folder + "/keys") }
        try more()
        try step()
        unlink(marker)
        try syncFolder(folder)
        return exists(aside) ? aside : nil
    }
}

/// A name that nothing has yet: example data has a clock that may stand still.
func unused(_ path: String) -> String {
    var (free, number) = (path, 1)
    while FileManager.default.fileExists(atPath: free) {
        number += 1
        free = "\(path)-\(number)"
    }
    return free
}

private func bytes(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
        throw StoreError(.failed, "\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    return [UInt8](data)
}

private func move(_ from: String, _ to: String) throws {
    guard rename(from, to) == 0 else {
        throw StoreError(.failed, "\(from) cannot be moved to \(to): \(String(cString: strerror(errno)))")
    }
}

/// A file that no process has open as a database, byte for byte and synced, its owner's alone.
private func copyFile(_ from: String, to target: String) throws {
    func failed(_ path: String, _ what: String) -> StoreError {
        let code = errno
        return StoreError(
            StoreError.Code(ofWrite: code),
            "\(path) cannot be \(what): \(String(cString: strerror(code))). Nothing was changed")
    }
    let source = open(from, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw failed(from, "read") }
    defer { close(source) }
    let copy = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard copy >= 0 else { throw failed(target, "written") }
    defer { close(copy) }
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = read(source, &block, block.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw failed(from, "read") }
        if count == 0 { break }
        var done = 0
        while done < count {
            let written = block[done..<count].withUnsafeBytes { write(copy, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failed(target, "written") }
            done += written
        }
    }
    guard fsync(copy) == 0 else { throw failed(target, "synced") }
}
