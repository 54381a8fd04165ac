import Foundation
import GRDB
import Wire

/// The time that goes into records: `at` of an envelope, `received` of the ledger, "today" of an entry.
///
/// For real data it is the system's, whatever lies in the folder. Example data may have a clock of its own: a file `clock` in the
/// data folder, one line with a time in ISO 8601, UTC (`2019-12-31T09:00:00Z`). It stands still until it is set, so that what is
/// said at one time has one time; it never goes backwards. Without the file, example data takes the system's time too.
///
/// Liveness, back-off and time-outs never ask it: they have monotonic clocks.
public struct RecordClock: Sendable, Hashable {
    /// The clock's file; nil for the system's clock.
    public let path: String?

    /// What real data goes by.
    public static let system = RecordClock(path: nil)

    /// The file's name in a data folder.
    public static let fileName = "clock"

    public init(path: String?) { self.path = path }

    /// Of the data folder that a plugin's own folder lies in (`var/nodes/BIF`), for a process that was not told: the system's where
    /// none of the three folders above is one.
    ///
    /// - Throws: as `DataFolder(existing:)`: a real folder with a clock is refused.
    public init(around folder: String) throws {
        var url = URL(fileURLWithPath: folder).standardizedFileURL
        for _ in 0..<3 {
            url.deleteLastPathComponent()
            guard FileManager.default.fileExists(atPath: url.path + "/pejling.json") else { continue }
            self = try DataFolder(existing: url.path).clock
            return
        }
        self = .system
    }

    /// What time it is, for records.
    ///
    /// - Throws: `StoreError` when the file cannot be read or holds no time.
    public func now() throws -> Date { try set ?? Date() }

    /// The time the clock was set to; nil where it is the system's.
    public var set: Date? {
        get throws {
            guard let path else { return nil }
            guard let data = FileManager.default.contents(atPath: path) else {
                guard access(path, F_OK) != 0 else {
                    throw StoreError(.failed, "\(path) cannot be read: \(String(cString: strerror(errno)))")
                }
                return nil
            }
            let text = String(decoding: data, as: UTF8.self)
            guard text.hasSuffix("Z\n"), let time = Timestamp.date(text.dropLast()) else {
                throw StoreError(
                    .damaged,
                    "\(path) holds no time such as 2019-12-31T09:00:00Z: set it again with `pejling clock TIME`, or remove the file"
                )
            }
            return time
        }
    }
}

extension DataFolder {
    /// What time it is for records of this folder.
    public var clock: RecordClock { isSynthetic ? RecordClock(path: path + "/" + RecordClock.fileName) : .system }

    /// Sets the clock of example data. It goes forward only: to a time no record of the folder is behind.
    ///
    /// - Throws: `StoreError`: `.foreign` for real data; `.failed` for a time before the clock or before a record; `.held` while
    ///   another process sets it.
    public func setClock(to time: Date) throws { try ClockHand(self).set(to: time) }

    /// The newest time in the ledger and the logs of this folder; nil when there is no record.
    fileprivate func newestRecord() throws -> (time: String, file: String)? {
        let ledger = broker + "/ledger.sqlite"
        var found: [(time: String, file: String)] = []
        if FileManager.default.fileExists(atPath: ledger) {
            let received = try Database(path: ledger, kind: .ledger, schema: "", create: false, readOnly: true).read {
                try Row.fetchOne($0, sql: "SELECT received FROM record ORDER BY position DESC LIMIT 1")?.text(
                    "received")
            }
            if let received { found.append((received, ledger)) }
        }
        for folder in [coordinator] + folders(in: path + "/nodes") + folders(in: path + "/policies") {
            let file = folder + "/log.sqlite"
            guard FileManager.default.fileExists(atPath: file) else { continue }
            let line = try Database(path: file, kind: .log, schema: "", create: false, readOnly: true).read {
                try Row.fetchOne($0, sql: "SELECT line FROM line ORDER BY seq DESC LIMIT 1")?.data("line")
            }
            if let line { found.append((try Line(parsing: [UInt8](line)).envelope.at, file)) }
        }
        return found.max { $0.time < $1.time }
    }

    private func folders(in path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted().map { "\(path)/\($0)" }
    }
}

/// The right to set a folder's clock, held by one process at a time. Not `Sendable`: one thread at a time.
public final class ClockHand {
    private let data: DataFolder
    private let lock: FolderLock
    /// The newest time of any record when the right was taken: those that come later take theirs from the clock.
    private let newest: (time: String, file: String)?

    /// - Throws: `StoreError`: `.foreign` for real data, `.held` while another process has the right.
    public init(_ data: DataFolder) throws {
        guard data.isSynthetic else {
            throw StoreError(
                .foreign,
                "\(data.path) holds real data: its clock is the system's. Only a folder made as example data (`pejling up --synthetic`) has one that can be set"
            )
        }
        self.data = data
        lock = try FolderLock(data.path, what: "process that sets its clock")
        newest = try data.newestRecord()
    }

    /// - Throws: `StoreError.failed` for a time before the clock or before a record.
    public func set(to time: Date) throws {
        defer { withExtendedLifetime(lock) {} }
        let wanted = Timestamp.seconds(time)
        if let before = try data.clock.set, time < before {
            throw StoreError(
                .failed,
                "the clock of \(data.path) stands at \(Timestamp.seconds(before)) and cannot go back to \(wanted): records of the later time would come before earlier ones. For other years make another folder"
            )
        }
        if let newest, newest.time.prefix(19) > wanted.prefix(19) {
            throw StoreError(
                .failed,
                "\(newest.file) holds a record of \(newest.time), and the clock cannot be set to \(wanted) before it: time never runs backwards in a ledger. For other years make another folder"
            )
        }
        try writeFile("\(data.path)/\(RecordClock.fileName)", Array((wanted + "\n").utf8), mode: 0o644)
    }
}
