import Foundation
import Glibc
import Wire

/// What was done with a ledger that was damaged beside its lines.
public struct Remaking: Sendable, Hashable, CustomStringConvertible {
    /// What did not hold, in words.
    public let fault: String
    /// How many records came from copies.
    public let fromCopies: Int64
    /// The folder where the damaged file lies.
    public let evidence: String

    public init(fault: String, fromCopies: Int64, evidence: String) {
        (self.fault, self.fromCopies, self.evidence) = (fault, fromCopies, evidence)
    }

    public var description: String {
        "\(fromCopies) records of it from copies; the damaged one is kept in \(evidence) (\(fault))"
    }
}

extension Salvage {
    /// Makes the ledger of a data folder anew in its own place: only where it is proved to be the one that the broker had said, by its
    /// root there. The damaged file is kept beside it.
    ///
    /// Order: make and verify all beside its place → give the damaged files a second name in the folder where they are kept → take the old
    /// write-ahead log away, which would be read as the new file's → give the new file the name of the old one. Ended before the last, the
    /// next start does it again, with what is kept as one more copy.
    ///
    /// - Parameters:
    ///   - data: hold its broker's lock, and have no ledger of it open.
    ///   - fault: what does not hold.
    ///   - copies: before those in the folder itself.
    ///   - trusted: believed as those in the folder are.
    ///   - standing: where the broker last said that the ledger stands.
    ///   - now: names the folder of the damaged file.
    ///   - progress: called with how many records are there.
    /// - Throws: as `make`; `StoreError.full` where there is no room. The ledger is as it was then.
    public static func inPlace(
        _ data: DataFolder, fault: String, key: SigningKey, copies: [LedgerCopy], trusted: [LedgerCopy] = [],
        standing: LedgerStanding, at now: Date,
        progress: (Int64) -> Void
    ) throws -> Remaking {
        try inPlace(
            data, fault: fault, key: key, copies: copies, trusted: trusted, standing: standing, at: now,
            progress: progress, step: {})
    }

    /// - Parameter step: called before each change of what is in place; what it throws ends it there.
    static func inPlace(
        _ data: DataFolder, fault: String, key: SigningKey, copies: [LedgerCopy], trusted: [LedgerCopy] = [],
        standing: LedgerStanding, at now: Date,
        progress: (Int64) -> Void, step: () throws -> Void
    ) throws -> Remaking {
        let (folder, path) = (scratch(data), data.broker + "/ledger.sqlite")
        tidy(data)
        defer { tidy(data) }
        try makeFolder(folder)
        let outcome = try make(
            from: data, in: folder, key: key, copies: copies, here: trusted + LedgerCopy.here(data), standing: standing,
            progress: progress)
        let made = folder + "/ledger.sqlite"
        guard !FileManager.default.fileExists(atPath: made + "-wal") else {
            throw StoreError(.held, "\(made) is open elsewhere. Try again")
        }
        try step()
        let evidence = try keep(path, at: now)
        for end in ["-wal", "-shm"] {
            try step()
            unlink(path + end)
        }
        try syncFolder(data.broker)
        try step()
        guard rename(made, path) == 0 else {
            throw StoreError(.failed, "\(made) cannot be moved to \(path): \(String(cString: strerror(errno)))")
        }
        try syncFolder(data.broker)
        return Remaking(fault: fault, fromCopies: outcome.fromCopies, evidence: evidence)
    }

    private static func scratch(_ data: DataFolder) -> String { data.broker + "/.remaking" }

    /// Takes away what one that was killed had begun: it holds bodies, which may have to go one day.
    public static func tidy(_ data: DataFolder) { try? FileManager.default.removeItem(atPath: scratch(data)) }

    /// Gives the files of a ledger a second name each, where they stay: that takes no room, and no time.
    private static func keep(_ path: String, at now: Date) throws -> String {
        let folder = LedgerStore.evidenceFolder(of: path, at: now)
        try makeFolder(folder)
        for end in ["", "-wal"] where FileManager.default.fileExists(atPath: path + end) {
            guard link(path + end, "\(folder)/ledger.sqlite\(end)") == 0 else {
                let why = String(cString: strerror(errno))
                try? FileManager.default.removeItem(atPath: folder)
                throw StoreError(.failed, "\(folder): \(path + end) cannot be kept there: \(why)")
            }
        }
        try syncFolder(folder)
        try syncFolder((folder as NSString).deletingLastPathComponent)
        return folder
    }
}
