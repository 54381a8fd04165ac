import Foundation
import GRDB
import Synchronization
import Wire

/// One row of the ledger, with what can be said of it by itself and from the root before it.
struct StoredRecord: Sendable {
    /// Why a row cannot be taken, in words.
    struct Unreadable: Error { let text: String }

    let position: Int64
    let received: String
    /// The line, checked by itself, where the index columns say the same of it.
    let line: Result<Line, Unreadable>
    /// As stored.
    let root: Hash?
    /// Whether `root` is that of the row before (zero before the first) with this record.
    let rootFollows: Bool

    /// Calls `body` with all rows by position. Rows are read here and taken apart on all cores, some stretches ahead; `body` is
    /// called here, in order.
    static func forEach(_ db: GRDB.Database, _ body: (StoredRecord) throws -> Void) throws {
        let ahead = ProcessInfo.processInfo.activeProcessorCount + 2
        var reader = try Reader(db)
        var waiting: [Stretch] = []
        var failure: (any Error)?
        var isAtEnd = false
        while true {
            while !isAtEnd, waiting.count < ahead {
                do {
                    if let stretch = try reader.next() {
                        stretch.start()
                        waiting.append(stretch)
                    }
                    isAtEnd = reader.isAtEnd
                } catch {
                    // What was read before a page that cannot be read is looked at first.
                    (failure, isAtEnd) = (error, true)
                }
            }
            guard !waiting.isEmpty else { break }
            for record in waiting.removeFirst().wait() { try body(record) }
        }
        if let failure { throw failure }
    }
}

/// As it stands in the file.
private struct StoredRow: Sendable {
    let position: Int64
    let received: String, publisher: String, log: String
    let seq: Int64
    let hash: Hash?, root: Hash?
    let rootBefore: Hash?
    let bytes: [UInt8]

    func takenApart() -> StoredRecord {
        let line: Result<Line, StoredRecord.Unreadable>
        var rootFollows = false
        do throws(Fault) {
            let taken = try Line(parsing: bytes)
            let envelope = taken.envelope
            if envelope.publisher == publisher, envelope.log == log, envelope.seq == seq, hash == taken.hash {
                line = .success(taken)
            } else {
                line = .failure(.init(text: "the index columns do not say what the line says (\(taken.name))"))
            }
            if let root, let rootBefore {
                rootFollows = rootBefore.root(position: position, received: received, record: taken.hash) == root
            }
        } catch {
            line = .failure(.init(text: "\(error)"))
        }
        return StoredRecord(position: position, received: received, line: line, root: root, rootFollows: rootFollows)
    }
}

/// Some rows that lie one behind the other, and what comes of them.
private final class Stretch: Sendable {
    private let rows: [StoredRow]
    private let records = Mutex<[StoredRecord]>([])
    private let done = DispatchSemaphore(value: 0)

    init(_ rows: [StoredRow]) { self.rows = rows }

    func start() {
        DispatchQueue.global().async { [self] in
            let taken = rows.map { $0.takenApart() }
            records.withLock { $0 = taken }
            done.signal()
        }
    }

    /// Call it once.
    func wait() -> [StoredRecord] {
        done.wait()
        return records.withLock { $0 }
    }
}

private struct Reader {
    /// Of one stretch: enough that handing it over costs nothing, and little memory.
    private static let rows = 500
    private static let bytes = 2 << 20

    private let source: PlainRows
    private(set) var isAtEnd = false
    private var root: Hash? = .zero
    private var last = (received: "", publisher: "", log: "")
    /// Read before an error that has yet to be said.
    private var failure: (any Error)?

    init(_ db: GRDB.Database) throws {
        source = try PlainRows(
            db, sql: "SELECT position, received, publisher, log, seq, hash, root, line FROM record ORDER BY position")
    }

    /// The next stretch; nil at the end. An error comes after the rows in front of it.
    mutating func next() throws -> Stretch? {
        if let failure { throw failure }
        var rows: [StoredRow] = []
        rows.reserveCapacity(Self.rows)
        var bytes = 0
        do {
            while rows.count < Self.rows, bytes < Self.bytes {
                guard try source.next() else {
                    isAtEnd = true
                    break
                }
                let row = take()
                bytes += row.bytes.count
                rows.append(row)
            }
        } catch {
            guard !rows.isEmpty else { throw error }
            failure = error
        }
        return rows.isEmpty ? nil : Stretch(rows)
    }

    private mutating func take() -> StoredRow {
        last = (
            source.text(1, last: last.received), source.text(2, last: last.publisher), source.text(3, last: last.log)
        )
        let before = root
        root = source.hash(6)
        return StoredRow(
            position: source.int(0), received: last.received, publisher: last.publisher, log: last.log,
            seq: source.int(4), hash: source.hash(5), root: root, rootBefore: before, bytes: source.bytes(7))
    }
}
