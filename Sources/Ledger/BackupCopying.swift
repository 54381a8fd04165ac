import Foundation
import GRDB
import Glibc
import Wire

/// A backup under way: copies what can be copied, and keeps what could not.
struct BackupCopying {
    private let data: DataFolder
    /// Where it is made, and how it will be called.
    private let target: String
    private let name: String
    var contents = Backup.Contents()

    /// Files of SQLite that are ours, by name.
    private static let databases: [(name: String, kind: Database.Kind)] = [
        ("log.sqlite", .log), ("private.sqlite", .privateStore), ("replica.sqlite", .replica),
        ("ledger.sqlite", .ledger),
    ]

    init(_ data: DataFolder, _ target: String, named name: String) {
        (self.data, self.target, self.name) = (data, target, name)
    }

    private mutating func missing(_ path: String, _ cause: String, isCopied: Bool = false) {
        let text = cause.replacingOccurrences(of: target, with: data.path).replacingOccurrences(of: "\n", with: " ")
        contents.faults.append(Backup.Fault(path: path, cause: text, isCopied: isCopied))
    }

    /// The folders of plugins in `group`, by name.
    mutating func folders(in group: String) throws -> [String] {
        let folder = "\(data.path)/\(group)"
        guard exists(folder) else { return [] }
        do {
            // What an interrupted restore left has a name with a dot in front.
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            missing(group, "the folder cannot be read: \(String(cString: strerror(errno)))")
            return []
        }
    }

    /// Copies one folder: its databases, its keys.
    ///
    /// - Throws: where the copy cannot be written: no other file would do better.
    mutating func part(_ part: String, _ progress: (String) -> Void) throws {
        let source = "\(data.path)/\(part)"
        guard exists(source) else { return }
        progress(part)
        guard access(source, R_OK | X_OK) == 0 else {
            return missing(part, "the folder cannot be read: \(String(cString: strerror(errno)))")
        }
        do { try Restore.refuseUnfinished(source) } catch { return missing(part, "\(error)") }
        let isBroker = part == "broker"
        let files = Self.databases.filter { exists("\(source)/\($0.name)") }
        let keys = (isBroker ? "" : "keys/")
        // A folder in which nothing was ever said, or what a node that moved away has left.
        guard isBroker || !files.isEmpty || exists("\(source)/keys") else { return }
        try makeFolder("\(target)/\(part)")
        for (name, kind) in files { try copy("\(part)/\(name)", kind) }
        let main = isBroker ? "ledger.sqlite" : "log.sqlite"
        if isBroker || !files.isEmpty, !exists("\(source)/\(main)") {
            missing("\(part)/\(main)", "it is not there, and other files of it are")
        }
        for key in ["curve.key", "sign.key"] {
            try copyKey("\(part)/\(keys)\(key)", isNeeded: isBroker || !files.isEmpty)
        }
        guard !isBroker, exists("\(target)/\(part)/log.sqlite") else { return }
        do { _ = try PublisherLog.verified("\(target)/\(part)", of: source) } catch let error as StoreError {
            missing("\(part)/log.sqlite", error.message, isCopied: true)
        }
    }

    /// Whether a file is for the data folder's user to read; one that only root may read is none of it, whatever link leads there.
    private mutating func isOurs(_ path: String) -> Bool {
        guard geteuid() == 0 else { return true }
        var (folder, file) = (stat(), stat())
        guard stat(data.path, &folder) == 0, folder.st_uid != 0, stat("\(data.path)/\(path)", &file) == 0,
            file.st_uid != folder.st_uid
        else { return true }
        missing(path, "it is not of the user who has \(data.path) (a link?), and root copies nothing else from there")
        return false
    }

    /// As of one moment; without what was deleted.
    private mutating func copy(_ path: String, _ kind: Database.Kind) throws {
        guard isOurs(path) else { return }
        let (source, copy) = ("\(data.path)/\(path)", "\(target)/\(path)")
        do {
            let database = try Database(path: source, kind: kind, schema: "", create: false, readOnly: true)
            // Made before SQLite does, so that nobody else may read it for an instant.
            try writeFile(copy, [], mode: 0o600)
            try database.read { db in try db.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
        } catch let error as StoreError {
            unlink(copy)
            guard error.code == .full else { return missing(path, error.message) }
            // What is read needs no space but its `-shm`, which says so itself.
            guard error.message.hasPrefix("\(source):") else { throw error }
            throw StoreError(
                .full,
                "\(name): no space left on the disk. No copy was made: free some, or name another place with --out")
        }
        let descriptor = open(copy, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var status = stat()
        guard descriptor >= 0, fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else {
            throw StoreError(.failed, "\(copy) cannot be synced: \(String(cString: strerror(errno))). No copy was made")
        }
        contents.bytes += Int64(status.st_size)
        contents.databases += 1
    }

    /// - Parameter isNeeded: whether the rest is of no use without it.
    private mutating func copyKey(_ path: String, isNeeded: Bool) throws {
        guard isOurs(path) else { return }
        guard let bytes = FileManager.default.contents(atPath: "\(data.path)/\(path)").map({ [UInt8]($0) }) else {
            let code = errno
            if isNeeded || access("\(data.path)/\(path)", F_OK) == 0 {
                missing(path, "the key cannot be read: \(String(cString: strerror(code)))")
            }
            return
        }
        try makeFolder(("\(target)/\(path)" as NSString).deletingLastPathComponent)
        try writeFile("\(target)/\(path)", bytes, mode: 0o600)
        contents.keys += 1
        // A secret of CURVE is 40 printable characters (Z85), one of Ed25519 a seed.
        let holds =
            path.hasSuffix("sign.key")
            ? SigningKey(seed: bytes) != nil : bytes.count == 40 && bytes.allSatisfy { (0x21...0x7E).contains($0) }
        if !holds { missing(path, "it is no key", isCopied: true) }
    }

    mutating func verifyLedger(from standing: LedgerStanding?, _ progress: (Int64, Int64) -> Void) throws {
        let folder = target + "/broker"
        guard exists(folder + "/ledger.sqlite") else { return }
        let seed = FileManager.default.contents(atPath: folder + "/sign.key")
        // Without it the ledger is not whole anyway; chains and roots say what they can.
        let key = seed.flatMap { SigningKey(seed: [UInt8]($0)) }?.publicKey
        do {
            let check = try LedgerVerifier.verify(folder: folder, brokerKey: key, from: standing, progress: progress)
            contents.ledger = check
            if let fault = check.fault { missing("broker/ledger.sqlite", fault, isCopied: true) }
        } catch let error as StoreError { missing("broker/ledger.sqlite", error.message, isCopied: true) }
    }

    /// What is missing, and the mark of a data folder.
    mutating func finish() throws {
        if !contents.faults.isEmpty {
            let lines = ["This copy of \(data.path) is not whole:"] + contents.faults.map(\.description)
            try writeFile(
                "\(target)/\(Backup.noteName)", Array((lines.joined(separator: "\n") + "\n").utf8), mode: 0o600)
        }
        for name in (data.isSynthetic ? [RecordClock.fileName] : []) + ["pejling.json"] {
            guard let bytes = FileManager.default.contents(atPath: data.path + "/" + name) else { continue }
            try writeFile(target + "/" + name, [UInt8](bytes), mode: 0o644)
        }
    }

    /// Keeps what could be copied under a name that no rotation takes for a backup, and says so.
    func notWhole(_ vital: [Backup.Fault]) throws -> StoreError {
        let first = vital.map(\.description).joined(separator: "; ")
        guard contents.databases + contents.keys > 0 else {
            return StoreError(.damaged, "no copy was made: \(first)")
        }
        var (kept, number) = ("\(name).incomplete", 1)
        while exists(kept) {
            number += 1
            kept = "\(name).incomplete-\(number)"
        }
        try move(to: kept)
        return StoreError(
            .damaged,
            "no copy was made: \(first). What could be copied (\(contents.databases) files of data, \(contents.keys) keys) is kept in \(kept), and \(Backup.noteName) in it names what is wrong: keep it and the backups before it"
        )
    }

    /// Gives it its name; on return the name is on the disk.
    func move(to place: String) throws {
        guard rename(target, place) == 0 else {
            throw StoreError(.failed, "\(place) cannot be made: \(String(cString: strerror(errno))). No copy was made")
        }
        unlink(place + "/lock")
        try syncFolder(place)
        let above = (place as NSString).deletingLastPathComponent
        try syncFolder(above.isEmpty ? "." : above)
    }
}
