import Foundation
import GRDB
import Glibc
import PolicyModel
import Wire

/// A record whose line does not hold any more, while what stands beside it says what it was: the hash in its row, which the root
/// confirms. The publisher's log has the line still, and so may a copy of the ledger.
public struct DamagedRecord: Hashable, Sendable {
    public let position: Int64
    public let name: RecordName
    /// Of the line that stood there.
    public let hash: Hash
    /// What does not hold, in words.
    public let text: String

    /// Of the broker's own: no publisher can be asked for it.
    public var isOwn: Bool { name.publisher == LedgerStore.ownName }
}

/// What was found in a stretch of the ledger, each record looked at by itself and by the root before it.
public struct Examination: Hashable, Sendable {
    /// The last position looked at.
    public var upTo: Int64
    public var isAtEnd = false
    public var damaged: [DamagedRecord] = []
    /// Damage that no line can mend: it lies beside one. Nil when there is none; the examination ends with it.
    public var fault: String?
}

extension LedgerStore {
    /// Looks at up to `count` records after `position`: line, hash, index columns, root, and whether the index leads to it.
    public func examine(after position: Int64, count: Int) throws -> Examination {
        try database.read { db in
            var found = Examination(upTo: position)
            var root = Hash.zero
            if position > 0 {
                let stored = try Data.fetchOne(
                    db, sql: "SELECT root FROM record WHERE position = ?", arguments: [position])
                guard let before = stored.flatMap({ Hash(bytes: $0) }) else {
                    found.fault = "\(database.path), position \(position): it is missing, or has no root"
                    return found
                }
                root = before
            }
            var seen = 0
            let rows = try Row.fetchCursor(
                db,
                sql:
                    "SELECT position, received, publisher, log, seq, hash, root, line FROM record WHERE position > ? ORDER BY position LIMIT ?",
                arguments: [position, count])
            let byName = try db.cachedStatement(
                sql:
                    "SELECT position FROM record INDEXED BY record_by_name WHERE publisher = ? AND log = ? AND seq = ?")
            while let row = try rows.next() {
                seen += 1
                let place = "\(database.path), position \(row.int("position"))"
                guard row.int("position") == found.upTo + 1 else {
                    found.fault = "\(database.path): position \(found.upTo + 1) is missing"
                    return found
                }
                guard let hash = Hash(bytes: row.data("hash")), let stored = Hash(bytes: row.data("root")),
                    root.root(position: row.int("position"), received: row.text("received"), record: hash) == stored
                else {
                    found.fault = "\(place): the root does not follow: what stands beside the line is damaged"
                    return found
                }
                root = stored
                found.upTo += 1
                let name = RecordName(publisher: row.text("publisher"), log: row.text("log"), seq: row.int("seq"))
                let led = try Int64.fetchOne(byName, arguments: [name.publisher, name.log, name.seq])
                guard led == found.upTo else {
                    found.fault = "\(place): the index record_by_name does not lead to \(name), which is there"
                    return found
                }
                do throws(Fault) {
                    let line = try Line(parsing: [UInt8](row.data("line")))
                    guard line.hash == hash else {
                        throw Fault(rule: "damaged", message: "the line has another hash than its row says")
                    }
                    guard line.name == name else {
                        found.fault = "\(place): the index columns do not say what the line says (\(line.name))"
                        return found
                    }
                } catch {
                    found.damaged.append(
                        DamagedRecord(position: found.upTo, name: name, hash: hash, text: "\(place): \(error)"))
                }
            }
            found.isAtEnd = seen < count
            return found
        }
    }

    /// Looks at all of it, and remembers what can be mended (`damaged`).
    ///
    /// - Parameter meanwhile: called again and again while it comes on.
    /// - Returns: damage that no line can mend; nil when there is none.
    public func assess(meanwhile: () -> Void = {}) throws -> String? {
        var position: Int64 = 0
        while true {
            let found = try examine(after: position, count: 5_000)
            if let fault = found.fault { return fault }
            note(found.damaged)
            position = found.upTo
            if found.isAtEnd { return nil }
            meanwhile()
        }
    }

    /// Remembers damage; what is known already stays as it is.
    public func note(_ records: [DamagedRecord]) {
        let known = Set(damaged.map(\.position))
        damaged += records.filter { !known.contains($0.position) }
        damaged.sort { $0.position < $1.position }
    }

    /// The damaged record that this is the line of: the one whose hash it has. Whoever brings it proves nothing, and need not.
    func damagedRecord(of line: Line) -> DamagedRecord? {
        damaged.first { $0.hash == line.hash && $0.name == line.name }
    }

    /// Puts the lines among these that are the damaged ones in their places: those whose hash is the one that the ledger holds. The
    /// damaged file is kept first (`keepEvidence`).
    ///
    /// - Parameter meanwhile: called again and again while it comes on.
    /// - Returns: what was mended.
    /// - Throws: `StoreError`; also where there is no room for the copy of the damaged file, and then nothing is mended.
    public func mend(with lines: [Line], at now: Date, meanwhile: () -> Void = {}) throws -> [DamagedRecord] {
        let useful = lines.filter { damagedRecord(of: $0) != nil }
        guard !useful.isEmpty else { return [] }
        _ = try keepEvidence(at: now, meanwhile: meanwhile)
        var mended: [DamagedRecord] = []
        // Again while it helps: an order on one of them may be another of them, and is needed first.
        while true {
            let more = try useful.compactMap { line in
                defer { meanwhile() }
                return try putBack(line, at: now)
            }
            mended += more
            if more.isEmpty || damaged.isEmpty { break }
        }
        mendedCount += mended.count
        if suspect.map({ position in mended.contains { $0.position == position } }) ?? false { suspect = nil }
        if mended.contains(where: \.isOwn) { try findCheckpoint() }
        if damaged.isEmpty { evidence = nil }
        return mended
    }

    private func putBack(_ line: Line, at now: Date) throws -> DamagedRecord? {
        guard let record = damagedRecord(of: line) else { return nil }
        let isWhole: Bool
        do {
            isWhole = try commit(at: now) { transaction in
                // A body that an order takes stays away, whoever still has it; and one that none takes must come.
                let isOrdered = try Self.order(for: line, transaction.db, path: database.path) != nil
                guard try isOrdered || !line.isRedacted || Self.cameBodyless(line.name, transaction.db) else {
                    return false
                }
                try transaction.db.execute(
                    sql: "UPDATE record SET line = ? WHERE position = ?",
                    arguments: [Data((isOrdered ? line.redacted : line).bytes), record.position])
                if isOrdered { transaction.hasRedacted = true }
                return true
            }
        } catch let error as StoreError where error.code == .damaged {
            // An order on it is damaged too: that one first.
            return nil
        }
        guard isWhole else { return nil }
        damaged.removeAll { $0.position == record.position }
        return record
    }

    /// It is one that `Salvage` put in place just now.
    public func wasRemade(_ remaking: Remaking) {
        self.remaking = remaking
        mendedCount += Int(remaking.fromCopies)
    }

    /// Copies the damaged file, once for all that is found until all of it is mended; and again where bytes changed since.
    ///
    /// - Parameter meanwhile: called again and again while it is copied.
    /// - Returns: the folder of the copy, where it was made now.
    /// - Throws: as `keepAsEvidence`.
    public func keepEvidence(at now: Date, meanwhile: () -> Void = {}) throws -> String? {
        if let evidence, holdsDamage(evidence) { return nil }
        evidence = try keepAsEvidence(at: now, meanwhile: meanwhile)
        return evidence
    }

    /// The copy in `folder`, where it is still there, is of what is damaged now: no other is made.
    public func takeUpEvidence(in folder: String) {
        if evidence == nil, FileManager.default.fileExists(atPath: folder + "/ledger.sqlite") { evidence = folder }
    }

    /// Whether a copy has what stands now in the places of the damaged records: those bytes are what is overwritten.
    private func holdsDamage(_ folder: String) -> Bool {
        // A page that can be read in neither is in the copy of the file all the same.
        func bytes(_ database: Database) -> [Data?]? {
            try? database.read { db in
                damaged.map { record in
                    let row = try? Row.fetchOne(
                        db, sql: "SELECT line FROM record WHERE position = ?", arguments: [record.position])
                    return row?.data("line")
                }
            }
        }
        guard
            let copy = try? Database(
                path: folder + "/ledger.sqlite", kind: .ledger, schema: "", create: false, readOnly: true),
            let kept = bytes(copy)
        else { return false }
        return kept == bytes(database)
    }

    /// Copies a file of an open database, in processes of their own: a process that opens such a file besides SQLite and closes it loses
    /// all its locks on it (fcntl(2)), and the next to leave takes the write-ahead log away (sqlite.org/howtocorrupt.html, 2.2).
    ///
    /// Piece by piece, each synced before the next: a process that only waited could not tell a long copy from a disk that hangs, and one
    /// sync at the end of all of it would be as long a silence.
    private func copyElsewhere(_ source: String, to target: String, meanwhile: () -> Void) throws {
        var status = stat()
        guard stat(source, &status) == 0 else { throw CocoaError(.fileReadUnknown) }
        let copy = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard copy >= 0 else { throw CocoaError(.fileWriteUnknown) }
        close(copy)
        for piece in 0..<((Int(status.st_size) + evidencePiece - 1) / evidencePiece) {
            let copying = Process()
            copying.executableURL = URL(fileURLWithPath: "/bin/dd")
            copying.arguments = [
                "if=\(source)", "of=\(target)", "bs=\(evidencePiece)", "count=1", "skip=\(piece)", "seek=\(piece)",
                "iflag=fullblock", "conv=notrunc,fsync",
            ]
            copying.standardInput = FileHandle.nullDevice
            copying.standardOutput = FileHandle.nullDevice
            copying.standardError = FileHandle.nullDevice
            try copying.run()
            copying.waitUntilExit()
            guard copying.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
            meanwhile()
        }
        var copied = stat()
        guard stat(target, &copied) == 0, copied.st_size == status.st_size else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    static let evidencePrefix = "damaged-"

    /// Where a damaged ledger is kept: beside it, in a folder that is not there yet.
    static func evidenceFolder(of path: String, at now: Date) -> String {
        let name = Timestamp.milliseconds(now).filter { $0.isNumber || $0 == "T" }
        return unused("\((path as NSString).deletingLastPathComponent)/\(evidencePrefix)\(name)")
    }

    /// That a copy of the file has no room beside it, in words; nil: it has.
    private func lackOfRoom() -> String? {
        let needed = ["", "-wal"].reduce(UInt64(0)) { sum, end in
            var file = stat()
            return stat(database.path + end, &file) == 0 ? sum + UInt64(file.st_size) : sum
        }
        var disk = statvfs()
        guard statvfs((database.path as NSString).deletingLastPathComponent, &disk) == 0 else { return nil }
        let free = UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
        return free < needed
            ? "no space left on the disk: it takes \(needed >> 10) KiB, and \(free >> 10) are free" : nil
    }

    /// Copies the file as it is, with what is not yet moved into it: what is damaged is kept, whatever is mended later.
    ///
    /// - Parameter meanwhile: called again and again while it is copied.
    /// - Returns: the folder of the copy.
    /// - Throws: `StoreError`; no half copy stays.
    func keepAsEvidence(at now: Date, meanwhile: () -> Void = {}) throws -> String {
        let folder = Self.evidenceFolder(of: database.path, at: now)
        let target = folder + ".new"
        do {
            try makeFolder(target)
            for end in ["", "-wal"] where FileManager.default.fileExists(atPath: database.path + end) {
                try copyElsewhere(database.path + end, to: target + "/ledger.sqlite" + end, meanwhile: meanwhile)
            }
            try syncFolder(target)
            guard rename(target, folder) == 0 else { throw CocoaError(.fileWriteUnknown) }
            try syncFolder((folder as NSString).deletingLastPathComponent)
            return folder
        } catch {
            try? FileManager.default.removeItem(atPath: target)
            throw StoreError(
                .full, "\(folder): the damaged ledger cannot be copied there (\(lackOfRoom() ?? "\(error)"))",
                remedy: "Nothing is mended before it is. Free some space, or look at the disk; it is tried again"
            )
        }
    }
}
