import Foundation
import GRDB
import Glibc
import PolicyModel
import Wire

/// Makes a ledger anew, where the file is damaged beside its lines: a page of it that is lost takes dozens of rows, or the way to thousands.
///
/// What can be read of the file is taken, and the rest from copies of the feed and of the ledger. The roots say of each record whether
/// it is the one that stood there; the whole is verified as at a start, signatures included, and against where the broker had said that
/// the ledger stands. The damaged file is only read.
///
/// A copy of the feed has no signatures. What lies up to where the broker had said that the ledger stands, or was given out to a consumer
/// here, is proved by its root: there the broker signs its own records again, and of a publisher it is kept that it has to
/// (`UnsignedEnd`).
public enum Salvage {
    public struct Outcome: Sendable, Hashable {
        /// The new ledger.
        public var ledger: Verification
        /// How many of its records were not to be read in the damaged file.
        public var fromCopies: Int64
        /// Whether it was known where the broker last said that the ledger stood.
        public var isToStanding: Bool
    }

    /// Records read, and written, at a time.
    private static let piece = 2_000

    /// - Parameters:
    ///   - data: hold its broker's lock.
    ///   - folder: where the new ledger is made; it is there, and holds none.
    ///   - key: the broker's.
    ///   - copies: that an operator names; the first that has a record counts, before those in `here`.
    ///   - here: those of the data folder itself, and such as are believed as these are: what they were given was in the ledger.
    ///   - standing: where the broker last said that the ledger stands; nil: as far as it can be read.
    ///   - progress: called with how many records are there.
    /// - Throws: `StoreError.damaged`, with the first position that nothing has, or what does not verify.
    public static func make(
        from data: DataFolder, in folder: String, key: SigningKey, copies: [LedgerCopy], here: [LedgerCopy],
        standing: LedgerStanding?, progress: (Int64) -> Void = { _ in }
    ) throws -> Outcome {
        let path = data.broker + "/ledger.sqlite"
        // The file itself is a source like the others, the first.
        let own =
            (FileHeader.fault(of: path) == nil ? SalvageSource(LedgerCopy(path)) : nil)
            ?? SalvageSource(withoutFirstPage: path, in: folder)
        // Of one that was restored from a backup the tables begin elsewhere.
        let other =
            own?.isWithoutFirstPage == true ? SalvageSource(withoutFirstPage: path, in: folder, vacuumed: true) : nil
        // Of two that go on from the same record the longer counts: the other has not been told of since.
        let found = here.compactMap { SalvageSource($0) }.map { (source: $0, end: $0.end) }.sorted { $0.end > $1.end }
            .map(\.source)
        let sources =
            [own, other].compactMap(\.self) + copies.compactMap { SalvageSource($0) } + found
        guard !sources.isEmpty else {
            throw StoreError(.damaged, "neither \(path) nor a copy can be read", remedy: "Restore a backup")
        }
        let database = try Database(
            path: folder + "/ledger.sqlite", kind: .ledger, schema: LedgerStore.schema, create: true)
        // As in any new ledger, before its records: each begins on the same page.
        try database.write { try LedgerStore.makeLogTables($0) }
        var made = SalvagedChain()
        // What was stored after the broker last said so counts as well.
        let goal = max(standing?.position ?? 0, own?.lastPosition ?? 0)
        while true {
            let records = made.next(piece, from: sources, own: own?.path, judgedUpTo: standing?.position ?? .max)
            try database.write { db in
                for record in records { try made.insert(record, db) }
            }
            progress(made.position)
            if records.count < piece { break }
        }
        let way = "Name a backup or a copy of the feed that was elsewhere with --from. Nothing was changed"
        if made.position < goal {
            throw StoreError(
                .damaged, "position \(made.position + 1) of \(goal) is neither to be read in \(path) nor in a copy",
                remedy: way)
        }
        if let missing = [own, other].compactMap(\.self).compactMap({ made.firstMissing(of: $0.ends) }).first {
            throw StoreError(
                .damaged, "\(missing) stood in \(path), and is neither to be read there nor in a copy", remedy: way)
        }
        try database.write { db in
            try made.keepHeads(db, isSynthetic: data.isSynthetic)
            for source in sources { try source.copySignatures(made, brokerKey: key.publicKey, to: db) }
            let proved = try max(standing?.position ?? 0, found.map { try $0.given(of: db) }.max() ?? 0)
            // The root says that these are the broker's: its own word over them may be given again.
            if let end = made.ownEnd, end.position <= proved {
                try LedgerStore.keep(
                    try key.sign(end.statement), String(key.publicKey.hex.prefix(16)), for: end.statement, db)
            }
            try LedgerStore.keepLastSignatures(db)
            for end in try made.unsigned(upTo: proved, db) { try LedgerStore.keep(unsigned: end, db) }
            try LedgerStore.findOrders(db, path: database.path)
            for source in sources { try source.copyAwaited(to: db) }
            try made.awaitOrders(db, path: database.path)
        }
        // Bodies that an order takes and a copy still had go here.
        let store = try LedgerStore(folder: folder, synthetic: data.isSynthetic, key: key)
        let check = try store.verify(brokerKey: key.publicKey, from: standing) { done, _ in progress(done) }
        try store.scrub()
        if let fault = check.fault {
            throw StoreError(
                .damaged, "what can be read, put together, does not verify: \(fault)",
                remedy: "Nothing was changed; restore a backup")
        }
        return Outcome(ledger: check, fromCopies: made.fromCopies, isToStanding: standing != nil)
    }
}

/// What has been put together so far.
private struct SalvagedChain {
    private(set) var position: Int64 = 0
    private var root = Hash.zero
    private(set) var fromCopies: Int64 = 0
    /// By publisher and log: where it ends. One that an operator admitted is there before its first record.
    private(set) var logs: [String: [String: ChainHead]] = [:]
    /// By publisher: every key that was ever enrolled.
    private(set) var keys: [String: [VerifyingKey]] = [:]
    /// By publisher: the log that goes on. The first is taken by itself, another by an operator's word.
    private var current: [String: String] = [:]
    /// By publisher and log: the position of its last record.
    private var ends: [String: [String: Int64]] = [:]
    /// Records of which nothing has the body.
    private var bodyless: [RecordName] = []
    /// The last record of the broker's own.
    private(set) var ownEnd: (position: Int64, statement: BatchStatement)?

    /// - Parameter judged: the end proves what comes up to here. Behind it a copy of a filtered feed, which has no roots, proves nothing.
    mutating func next(
        _ count: Int, from sources: [SalvageSource], own: String?, judgedUpTo judged: Int64
    ) -> [DeliveredLine] {
        var records: [DeliveredLine] = []
        // Most of it lies in one piece in the first.
        var ahead = sources.first?.read(after: position, count: count) ?? [:]
        while records.count < count {
            let next = position + 1
            var found: [(record: DeliveredLine, source: SalvageSource, isProved: Bool)] = []
            for source in sources {
                let row =
                    source.path == sources.first?.path
                    ? ahead.removeValue(forKey: next) ?? source.row(next) : source.row(next)
                guard let row, let record = accepts(row) else { continue }
                found.append((record, source, row.root != nil))
                if row.root != nil, !record.line.isRedacted { break }
            }
            // One with a root is the one that stood there; one without may be of another history.
            let proved = found.first(where: \.isProved)?.record.root
            let same = found.filter { proved == nil ? next <= judged : $0.record.root == proved }
            // A body that an order takes goes again; without an order none may be missing.
            guard let (record, source, _) = same.first(where: { !$0.record.line.isRedacted }) ?? same.first else {
                return records
            }
            if source.path != own { fromCopies += 1 }
            advance(over: record)
            records.append(record)
        }
        return records
    }

    /// Nil where the row is not what follows: its root does not say so, or what stands beside its line is of another line.
    private func accepts(_ row: SalvageSource.Found) -> DeliveredLine? {
        guard let line = try? Line(parsing: row.line), row.hash.map({ $0 == line.hash }) ?? true else { return nil }
        let next = root.root(position: position + 1, received: row.received, record: line.hash)
        guard row.root.map({ $0 == next }) ?? true else { return nil }
        return DeliveredLine(position: position + 1, received: row.received, root: next, line: line)
    }

    func insert(_ record: DeliveredLine, _ db: GRDB.Database) throws {
        let line = record.line
        try db.execute(
            sql: "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                record.position, record.received, line.envelope.publisher, line.envelope.log, line.envelope.seq,
                Data(line.hash.bytes), Data((record.root ?? .zero).bytes), Data(line.bytes),
            ])
    }

    private mutating func advance(over record: DeliveredLine) {
        (position, root) = (record.position, record.root ?? root)
        let line = record.line
        if line.isRedacted { bodyless.append(line.name) }
        moved(line.envelope.publisher, line.envelope.log, ChainHead(seq: line.envelope.seq, hash: line.hash))
        if let place = line.refusedPlace {
            moved(place.name.publisher, place.name.log, ChainHead(seq: place.name.seq, hash: place.hash))
        }
        guard line.envelope.publisher == LedgerStore.ownName else { return }
        ownEnd = (
            position,
            BatchStatement(
                publisher: LedgerStore.ownName, log: line.envelope.log, seq: line.envelope.seq, hash: line.hash)
        )
        if line.kind == .enrolment, let enrolment = try? line.decode(Enrolment.self), enrolment.revoked == nil,
            let key = VerifyingKey(hex: enrolment.signKey)
        {
            keys[enrolment.publisher, default: []].append(key)
        }
        guard line.kind == .audit, let audit = try? line.decode(Audit.self), audit.event == .admitted else { return }
        current[audit.publisher] = audit.log.log
        moved(audit.publisher, audit.log.log, .empty)
    }

    private mutating func moved(_ publisher: String, _ log: String, _ head: ChainHead) {
        current[publisher] = current[publisher] ?? log
        guard logs[publisher]?[log].map({ head.seq > $0.seq }) ?? true else { return }
        logs[publisher, default: [:]][log] = head
        ends[publisher, default: [:]][log] = position
    }

    /// The ends of publishers' logs that lie up to `proved` and have no signature.
    func unsigned(upTo proved: Int64, _ db: GRDB.Database) throws -> [RecordName] {
        var names: [RecordName] = []
        for (publisher, all) in logs where publisher != LedgerStore.ownName {
            for (log, head) in all where head.seq > 0 && ends[publisher]?[log] ?? .max <= proved {
                let isSigned = try Bool.fetchOne(
                    db, sql: "SELECT EXISTS (SELECT * FROM signature WHERE publisher = ? AND log = ? AND seq = ?)",
                    arguments: [publisher, log, head.seq])
                if isSigned != true { names.append(RecordName(publisher: publisher, log: log, seq: head.seq)) }
            }
        }
        return names
    }

    /// Notes of each record without a body whose order is not here that it is to come: a copy of the feed carries out an order before its
    /// publisher has handed it in.
    func awaitOrders(_ db: GRDB.Database, path: String) throws {
        for name in bodyless {
            guard let held = try LedgerStore.line(name, db, path: path),
                try LedgerStore.order(for: held.line, db, path: path) == nil,
                try !LedgerStore.cameBodyless(name, db)
            else { continue }
            try LedgerStore.note(name, orderedAt: nil, db)
        }
    }

    /// The first record that is missing of what a file says of the ends of the logs.
    func firstMissing(of ends: [String: [String: (seq: Int64, places: Int)]]) -> RecordName? {
        for (publisher, all) in ends.sorted(by: { $0.key < $1.key }) {
            for (log, (seq, places)) in all.sorted(by: { $0.key < $1.key }) {
                // A log that one place alone knows never was: its name is damaged there.
                guard logs[publisher]?[log] != nil || places > 1 else { continue }
                let head = logs[publisher]?[log]?.seq ?? 0
                if head < seq { return RecordName(publisher: publisher, log: log, seq: head + 1) }
            }
        }
        return nil
    }

    func keepHeads(_ db: GRDB.Database, isSynthetic: Bool) throws {
        for (publisher, all) in logs {
            for (log, head) in all {
                let table = log == current[publisher] ? "head" : "earlier_head"
                try db.execute(
                    sql: "INSERT INTO \(table) VALUES (?, ?, ?, ?)",
                    arguments: [publisher, log, head.seq, Data(head.hash.bytes)])
            }
        }
        guard let own = current[LedgerStore.ownName] else {
            throw StoreError(
                .damaged, "nothing of what can be read is a record of the broker's own", remedy: "Restore a backup")
        }
        try db.execute(sql: "INSERT INTO meta VALUES (?, ?)", arguments: [isSynthetic, own])
    }
}

/// A file that has records by position. Whatever of it cannot be read is not there.
private final class SalvageSource {
    struct Found {
        let received: String
        let line: [UInt8]
        /// Nil where it has none.
        let root: Hash?
        let hash: Hash?
    }

    /// Of the file that it stands for.
    let path: String
    private let database: Database
    private let table: String
    /// A copy that this reads.
    private let scratch: String?
    var isWithoutFirstPage: Bool { scratch != nil }
    private var isLedger: Bool { table == "record" }

    init?(_ copy: LedgerCopy) {
        for (kind, table) in LedgerCopy.tables {
            guard
                let database = try? Database(path: copy.path, kind: kind, schema: "", create: false, readOnly: true),
                (try? database.read { try $0.has(table: table) }) ?? false
            else { continue }
            (path, self.database, self.table, scratch) = (copy.path, database, table, nil)
            return
        }
        return nil
    }

    /// A ledger whose first page is lost, which leads to all others: read through a copy of it that has the first page of a new one. The
    /// tables begin on the same pages there, for they are made in the same order; what is read is judged like all else.
    ///
    /// - Parameters:
    ///   - folder: where the copy is made. It is taken away when this goes.
    ///   - vacuumed: the tables lie as `VACUUM INTO` lays them, by which a backup is made.
    init?(withoutFirstPage path: String, in folder: String, vacuumed: Bool = false) {
        let name = vacuumed ? "vacuumed" : "headed"
        let (copy, model, vacuum) = (
            "\(folder)/\(name).sqlite", folder + "/model.sqlite", folder + "/model-vacuumed.sqlite"
        )
        func clear(_ file: String) { for end in ["", "-wal", "-shm"] { unlink(file + end) } }
        defer {
            clear(model)
            clear(vacuum)
        }
        do {
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            if FileManager.default.fileExists(atPath: path + "-wal") {
                try FileManager.default.copyItem(atPath: path + "-wal", toPath: copy + "-wal")
            }
            do {
                let made = try Database(path: model, kind: .ledger, schema: LedgerStore.schema, create: true)
                try made.write { try LedgerStore.makeLogTables($0) }
                _ = try made.scrub(patience: 0)
                if vacuumed { try made.queue.vacuum(into: vacuum) }
            }
            let size = Database.Kind.ledger.pageSize
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: copy))
            let pages = try file.seekToEnd() / UInt64(size)
            guard var page = FileManager.default.contents(atPath: vacuumed ? vacuum : model)?.prefix(size),
                page.count == size
            else {
                clear(copy)
                return nil
            }
            // How many pages the file has (sqlite.org/fileformat2.html, 1.3.8).
            for byte in 0..<4 { page[28 + byte] = UInt8(truncatingIfNeeded: pages >> (24 - 8 * UInt64(byte))) }
            try file.seek(toOffset: 0)
            try file.write(contentsOf: page)
            try file.close()
            database = try Database(path: copy, kind: .ledger, schema: "", create: false, readOnly: true)
        } catch {
            clear(copy)
            return nil
        }
        (self.path, table, scratch) = (path, "record", copy)
    }

    private var columns: String { "position, received, root, line" + (isLedger ? ", hash" : "") }

    private func found(_ row: Row) -> Found {
        Found(
            received: row.text("received"), line: [UInt8](row.data("line")), root: Hash(bytes: row.data("root")),
            hash: isLedger ? Hash(bytes: row.data("hash")) : nil)
    }

    /// Those of the next `count` that can be read in one go.
    func read(after position: Int64, count: Int) -> [Int64: Found] {
        var rows: [Int64: Found] = [:]
        try? database.read { db in
            let cursor = try Row.fetchCursor(
                db, sql: "SELECT \(columns) FROM \(table) WHERE position > ? AND position <= ? ORDER BY position",
                arguments: [position, position + Int64(count)])
            while let row = try cursor.next() { rows[row.int("position")] = found(row) }
        }
        return rows
    }

    func row(_ position: Int64) -> Found? {
        try? database.read { db in
            try Row.fetchOne(db, sql: "SELECT \(columns) FROM \(table) WHERE position = ?", arguments: [position]).map(
                found)
        }
    }

    /// The last position that it has; 0: none.
    var end: Int64 { (try? database.read { try Int64.fetchOne($0, sql: "SELECT max(position) FROM \(table)") }) ?? 0 }

    /// How far a consumer of the feed was given what stands in this ledger: the last position of both at which their roots agree, looked for
    /// at the end of the shorter; 0: it is no copy of the feed, or of another history.
    func given(of ledger: GRDB.Database) throws -> Int64 {
        guard !isLedger else { return 0 }
        let last = try Int64.fetchOne(ledger, sql: "SELECT max(position) FROM record") ?? 0
        let found = try? database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT position, root FROM \(table) WHERE position <= ? ORDER BY position DESC LIMIT 1",
                arguments: [last]
            ).map { (position: $0.int("position"), root: $0.data("root")) }
        }
        guard let found else { return 0 }
        let root = try Data.fetchOne(
            ledger, sql: "SELECT root FROM record WHERE position = ?", arguments: [found.position])
        return root == found.root ? found.position : 0
    }

    /// The last record that is one: a damaged page may hold anything.
    var lastPosition: Int64? {
        try? database.read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT position, hash, line FROM record ORDER BY position DESC LIMIT 100")
            while let row = try rows.next() {
                let line = try? Line(parsing: [UInt8](row.data("line")))
                if let line, line.hash == Hash(bytes: row.data("hash")) { return row.int("position") }
            }
            return nil
        }
    }

    /// How far each log went, by what this file says beside the records: by two places of it that agree, for one alone may be damaged;
    /// where only one can be read, by that.
    var ends: [String: [String: (seq: Int64, places: Int)]] {
        var said: [String: [String: [Int64]]] = [:]
        for query in [
            "SELECT publisher, log, seq FROM head", "SELECT publisher, log, seq FROM earlier_head",
            "SELECT publisher, log, seq FROM last_signature",
            "SELECT publisher, log, max(seq) AS seq FROM signature GROUP BY publisher, log",
            // Of the index alone: the records themselves may be what cannot be read.
            "SELECT publisher, log, max(seq) AS seq FROM record INDEXED BY record_by_name GROUP BY publisher, log",
        ] {
            try? database.read { db in
                let cursor = try Row.fetchCursor(db, sql: query)
                while let row = try cursor.next() {
                    said[row.text("publisher"), default: [:]][row.text("log"), default: []].append(row.int("seq"))
                }
            }
        }
        return said.mapValues { logs in
            logs.mapValues { seqs in
                let sorted = seqs.sorted(by: >)
                return (sorted.count > 1 ? sorted[1] : sorted[0], sorted.count)
            }
        }
    }

    /// From both ends of each log: a page that is lost hides no more than what lies on it.
    ///
    /// One that does not hold takes no other's place: another source may have the right one.
    func copySignatures(_ made: SalvagedChain, brokerKey: VerifyingKey, to db: GRDB.Database) throws {
        guard isLedger else { return }
        for (publisher, all) in made.logs {
            let keys = publisher == LedgerStore.ownName ? [brokerKey] : made.keys[publisher] ?? []
            for (log, head) in all {
                func holds(_ row: Row) throws -> Bool {
                    let seq = row.int("seq")
                    let stored = try Data.fetchOne(
                        db, sql: "SELECT hash FROM record WHERE publisher = ? AND log = ? AND seq = ?",
                        arguments: [publisher, log, seq])
                    guard let hash = stored.flatMap({ Hash(bytes: $0) }) ?? (seq == head.seq ? head.hash : nil) else {
                        // Over one that was refused: what follows it is signed too.
                        return seq < head.seq
                    }
                    let statement = BatchStatement(publisher: publisher, log: log, seq: seq, hash: hash)
                    return keys.contains {
                        $0.hex.prefix(16) == row.text("key_id") && $0.isValid(row.text("signature"), for: statement)
                    }
                }
                for rows in [
                    "signature WHERE publisher = ? AND log = ? ORDER BY seq ASC",
                    "signature WHERE publisher = ? AND log = ? ORDER BY seq DESC",
                    "last_signature WHERE publisher = ? AND log = ?",
                ] {
                    try copy(
                        "SELECT * FROM \(rows)", [publisher, log],
                        "INSERT OR IGNORE INTO signature VALUES (?, ?, ?, ?, ?)",
                        ["publisher", "log", "seq", "key_id", "signature"], db, where: holds)
                }
            }
        }
    }

    /// Lines that came without their body, before the order that took it.
    func copyAwaited(to db: GRDB.Database) throws {
        guard isLedger else { return }
        try copy(
            "SELECT * FROM redaction WHERE position IS NULL", [],
            "INSERT INTO redaction SELECT ?1, ?2, ?3, NULL WHERE NOT EXISTS (SELECT * FROM redaction WHERE publisher = ?1 AND log = ?2 AND seq = ?3)",
            ["publisher", "log", "seq"], db)
    }

    /// What cannot be read ends it; what cannot be written is thrown.
    private func copy(
        _ query: String, _ arguments: StatementArguments, _ insertion: String, _ columns: [String],
        _ target: GRDB.Database, where holds: (Row) throws -> Bool = { _ in true }
    ) throws {
        var failure: (any Error)?
        try? database.read { db in
            let cursor = try Row.fetchCursor(db, sql: query, arguments: arguments)
            while failure == nil, let row = try cursor.next() {
                do {
                    guard try holds(row) else { continue }
                    try target.execute(sql: insertion, arguments: StatementArguments(columns.map { row.value($0) }))
                } catch { failure = error }
            }
        }
        if let failure { throw failure }
    }

    deinit {
        guard let scratch else { return }
        for end in ["", "-wal", "-shm"] { unlink(scratch + end) }
    }
}
