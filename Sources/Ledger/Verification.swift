import Foundation
import GRDB
import PolicyModel
import Wire

/// What a full check of a ledger found.
public struct Verification: Sendable, Hashable {
    public var records: Int64 = 0
    public var publishers = 0
    public var signatures = 0
    /// Signed checkpoints, and the position of the last one (0: none).
    public var checkpoints = 0
    public var lastCheckpoint: Int64 = 0
    /// Lines whose body is missing by an order in the ledger.
    public var redacted = 0
    /// Lines that came without their body, and whose order has not come yet: their publisher has it.
    public var awaitingOrder: [RecordName] = []
    /// The last records of logs that no signature covers since the ledger was made anew: their publishers have yet to sign them.
    public var awaitingSignature: [RecordName] = []
    public var root = Hash.zero
    /// When the last record that holds was received; empty when there is none.
    public var received = ""
    /// The first thing that does not hold, in words; nil when all holds.
    public var fault: String?

    public init() {}
}

/// Where a ledger stood once, as its broker said: a ledger that has less, or something else there, is not that one any more. A
/// write-ahead log that was cut or taken away leaves one that verifies and is short; what is written to it then makes it another.
public struct LedgerStanding: Sendable, Hashable {
    /// How many records it held.
    public var position: Int64
    /// Its root after them, hexadecimal.
    public var root: String

    public init(position: Int64, root: String) { (self.position, self.root) = (position, root) }
}

/// Checks a ledger from its first record: positions without holes, times that never run back, each publisher's chain (a
/// refused line's place is held by its refusal), every body against its hash, the root, and every signature by enrolled keys. A
/// body may only be missing where a redaction takes it, and where one does it must be.
public enum LedgerVerifier {
    /// - Parameters:
    ///   - brokerKey: the broker's verifying key, for its own signatures.
    ///   - standing: what it must go on from; nil: whatever it is.
    ///   - progress: called every 10,000 records with how many are done and how many there are.
    public static func verify(
        folder: String, brokerKey: VerifyingKey?, from standing: LedgerStanding? = nil,
        progress: (Int64, Int64) -> Void = { _, _ in }
    ) throws -> Verification {
        if let damage = LedgerStore.headerFault(in: folder) { throw damage }
        let database = try Database(
            path: folder + "/ledger.sqlite", kind: .ledger, schema: LedgerStore.schema, create: false, readOnly: true)
        var result = try verify(database, brokerKey: brokerKey, from: standing, progress: progress)
        if result.fault == nil { result.fault = try integrityFault(database) }
        return result
    }

    /// What SQLite finds amiss between its tables and indexes, of which the check of the records sees nothing.
    static func integrityFault(_ database: Database) throws -> String? {
        let found = try database.read { try String.fetchOne($0, sql: "PRAGMA integrity_check(1)") } ?? "nothing"
        return found == "ok" ? nil : "\(database.path): \(found.replacing("\n", with: " "))"
    }

    /// - Parameter excused: records known to be damaged, whose hash the roots confirm (`LedgerStore.assess`): the line that was found
    ///   for one stands for it, else the hash does. Whether bodies are away by right cannot be said before they are mended, and is
    ///   not looked at.
    static func verify(
        _ database: Database, brokerKey: VerifyingKey?, from standing: LedgerStanding? = nil,
        excusing excused: [DamagedRecord] = [], with found: [FoundLine] = [], progress: (Int64, Int64) -> Void
    ) throws -> Verification {
        try database.snapshot { db in
            var check = Check(path: database.path, brokerKey: brokerKey, standing: standing)
            for record in excused { check.excused[record.position] = record }
            for found in found { check.found[found.record.position] = found.line }
            let total = try Int64.fetchOne(db, sql: "SELECT count(*) FROM record") ?? 0
            let signatures = try Signatures(db)
            do {
                try StoredRecord.forEach(db) { record in
                    try check.next(record, signatures, db)
                    if check.result.records.isMultiple(of: 10_000) { progress(check.result.records, total) }
                }
                try check.finish(db, signatures)
            } catch let broken as Broken {
                check.result.fault = broken.text
            }
            check.result.publishers = check.heads.count
            return check.result
        }
    }

    private struct Broken: Error { let text: String }

    private struct Signatures {
        struct Entry { let keyID: String, signature: String }
        /// By publisher, log and seq.
        private var entries: [String: [String: [Int64: Entry]]] = [:]

        init(_ db: GRDB.Database) throws {
            for row in try Row.fetchAll(db, sql: "SELECT * FROM signature") {
                entries[row.text("publisher"), default: [:]][row.text("log"), default: [:]][row.int("seq")] = Entry(
                    keyID: row.text("key_id"), signature: row.text("signature"))
            }
        }

        func at(_ publisher: String, _ log: String, _ seq: Int64) -> Entry? { entries[publisher]?[log]?[seq] }

        /// The first over a record that is not there.
        func beyond(_ heads: [String: [String: ChainHead]]) -> RecordName? {
            for (publisher, logs) in entries.sorted(by: { $0.key < $1.key }) {
                for (log, signed) in logs.sorted(by: { $0.key < $1.key }) {
                    let end = heads[publisher]?[log]?.seq ?? 0
                    if let seq = signed.keys.filter({ $0 > end }).min() {
                        return RecordName(publisher: publisher, log: log, seq: seq)
                    }
                }
            }
            return nil
        }
    }

    private struct Check {
        let path: String
        let brokerKey: VerifyingKey?
        let standing: LedgerStanding?
        var result = Verification()
        /// By publisher and log: its head.
        var heads: [String: [String: ChainHead]] = [:]
        /// By publisher: the log that goes on.
        var current: [String: String] = [:]
        /// Every key ever enrolled, by the first 16 digits: an older signature stays good when the key is changed.
        var keys: [String: [String: VerifyingKey]] = [:]
        /// Lines without a body, and the orders that have been read.
        var bodyless: [(position: Int64, envelope: Envelope)] = []
        var orders: [RecordName: [(order: Redaction, envelope: Envelope)]] = [:]
        /// By position.
        var excused: [Int64: DamagedRecord] = [:]
        var found: [Int64: Line] = [:]
        var names = NameIndex()

        init(path: String, brokerKey: VerifyingKey?, standing: LedgerStanding?) {
            (self.path, self.standing) = (path, standing)
            self.brokerKey = brokerKey
            if let brokerKey { keys[LedgerStore.ownName] = [String(brokerKey.hex.prefix(16)): brokerKey] }
        }

        mutating func next(_ record: StoredRecord, _ signatures: Signatures, _ db: GRDB.Database) throws {
            let (path, position) = (path, record.position)
            func broken(_ text: String) -> Broken { Broken(text: "\(path), position \(position): \(text)") }
            guard position == result.records + 1 else { throw broken("position \(result.records + 1) is missing") }
            let line: Line
            switch record.line {
            case .success(let taken): line = taken
            case .failure(let unreadable):
                guard let damaged = excused[position] else { throw broken(unreadable.text) }
                guard let whole = found[position] else { return try pass(damaged, record, signatures, broken) }
                line = whole
            }
            let envelope = line.envelope
            try moveTime(record, broken)
            let before = result.root
            // From the one stored before it, which is `before`: or the check had ended there.
            guard record.rootFollows || found[position] != nil, let root = record.root else {
                throw broken("the root does not follow (\(line.name))")
            }
            try moveRoot(to: root, position, broken)
            var head = try chainHead(of: envelope.publisher, log: envelope.log, broken)
            do { try head.accepts(line, publisher: envelope.publisher, log: envelope.log) } catch {
                throw broken("\(error)")
            }
            head.advance(over: line)
            move(envelope.publisher, envelope.log, to: head)
            result.records += 1
            names.take(envelope.publisher, envelope.log, envelope.seq, at: position)
            try checkSignature(envelope.publisher, envelope.log, head, signatures, broken)
            if line.isRedacted { bodyless.append((position, envelope)) }
            if let order = line.redaction { orders[order.record, default: []].append((order, envelope)) }
            guard envelope.publisher == LedgerStore.ownName else { return }
            try readOwn(line, signatures, db, broken)
            guard line.kind == .checkpoint else { return }
            guard let checkpoint = try? line.decode(Checkpoint.self), checkpoint.position == position - 1,
                checkpoint.root == before.hex
            else { throw broken("the checkpoint is not of the record before it") }
            result.checkpoints += 1
            result.lastCheckpoint = position
        }

        private mutating func moveRoot(to root: Hash, _ position: Int64, _ broken: (String) -> Broken) throws {
            if let standing, standing.position == position, standing.root != root.hex {
                throw broken(
                    "the root is \(root.hex.prefix(16))…, and the broker had said \(standing.root.prefix(16))…: another record stands here or before than once did"
                )
            }
            result.root = root
        }

        private mutating func moveTime(_ record: StoredRecord, _ broken: (String) -> Broken) throws {
            let (time, last) = (record.received, result.received)
            guard time >= last else { throw broken("received \(time) after \(last): time ran back") }
            result.received = time
        }

        /// Goes past a damaged line by the hash that its row holds: the line behind it names that hash, and the signature is over it.
        private mutating func pass(
            _ damaged: DamagedRecord, _ record: StoredRecord, _ signatures: Signatures, _ broken: (String) -> Broken
        ) throws {
            try moveTime(record, broken)
            let name = damaged.name
            let before = try chainHead(of: name.publisher, log: name.log, broken)
            guard before.seq + 1 == name.seq, let root = record.root else {
                throw broken("\(name) is not in its place: \(before.seq) comes before it")
            }
            try moveRoot(to: root, record.position, broken)
            let head = ChainHead(seq: name.seq, hash: damaged.hash)
            move(name.publisher, name.log, to: head)
            result.records += 1
            try checkSignature(name.publisher, name.log, head, signatures, broken)
        }

        /// Where this log of a publisher is; the first log is taken by itself, another by an operator's word before it.
        private func chainHead(of publisher: String, log: String, _ broken: (String) -> Broken) throws -> ChainHead {
            guard let logs = heads[publisher] else { return .empty }
            guard let head = logs[log] else {
                throw broken("log \(log) of \(publisher) was admitted by no operator's word before it")
            }
            return head
        }

        private mutating func move(_ publisher: String, _ log: String, to head: ChainHead) {
            if current[publisher] == nil { current[publisher] = log }
            heads[publisher, default: [:]][log] = head
        }

        private mutating func readAudit(_ line: Line, _ broken: (String) -> Broken) throws {
            guard let audit = try? line.decode(Audit.self) else { throw broken("an unreadable audit record") }
            guard audit.event == .admitted else { return }
            func isThere(_ end: Audit.End) -> Bool {
                let head = heads[audit.publisher]?[end.log] ?? .empty
                return head.seq == end.seq && head.hash.hex == end.hash
            }
            guard let before = audit.before, before.log == current[audit.publisher], isThere(before), isThere(audit.log)
            else {
                throw broken(
                    "log \(audit.log.log) of \(audit.publisher) is admitted, and not where that says the logs ended")
            }
            heads[audit.publisher, default: [:]][audit.log.log] = heads[audit.publisher]?[audit.log.log] ?? .empty
            current[audit.publisher] = audit.log.log
        }

        private mutating func readOwn(
            _ line: Line, _ signatures: Signatures, _ db: GRDB.Database, _ broken: (String) -> Broken
        ) throws {
            if line.kind == .enrolment, let enrolment = try? line.decode(Enrolment.self),
                let key = VerifyingKey(hex: enrolment.signKey)
            {
                // What comes after a revocation is not signed by what was revoked.
                keys[enrolment.publisher, default: [:]][String(enrolment.signKey.prefix(16))] =
                    enrolment.revoked == nil ? key : nil
            }
            if line.kind == .audit { try readAudit(line, broken) }
            guard line.kind == .refusal else { return }
            guard let (refused, hash) = try refusedLine(line, db) else { throw broken("an unreadable refusal") }
            let before = try chainHead(of: refused.publisher, log: refused.log, broken)
            guard before.seq + 1 == refused.seq else {
                throw broken("the refusal of \(refused) is not in its place: \(before.seq) comes before it")
            }
            let head = ChainHead(seq: refused.seq, hash: hash)
            move(refused.publisher, refused.log, to: head)
            try checkSignature(refused.publisher, refused.log, head, signatures, broken)
        }

        /// Name and hash of the line that a refusal is about; where it was redacted, as its envelope and its order say.
        private func refusedLine(_ line: Line, _ db: GRDB.Database) throws -> (RecordName, Hash)? {
            if let refusal = try? line.decode(Refusal.self) {
                return Hash(hex: refusal.hash).map { (refusal.record, $0) }
            }
            let order = try LedgerStore.order(for: line, db, path: path)?.redaction
            guard line.isRedacted, let name = RecordName(line.envelope.id),
                let hash = order?.refused.flatMap(Hash.init(hex:))
            else { return nil }
            return (name, hash)
        }

        private mutating func checkSignature(
            _ name: String, _ log: String, _ head: ChainHead, _ signatures: Signatures, _ broken: (String) -> Broken
        ) throws {
            guard let entry = signatures.at(name, log, head.seq) else { return }
            if name == LedgerStore.ownName, brokerKey == nil { return }
            let statement = BatchStatement(publisher: name, log: log, seq: head.seq, hash: head.hash)
            guard let key = keys[name]?[entry.keyID], key.isValid(entry.signature, for: statement) else {
                throw broken("the signature of \(name)/\(head.seq) is not by a key enrolled before it")
            }
            result.signatures += 1
        }

        mutating func finish(_ db: GRDB.Database, _ signatures: Signatures) throws {
            if let standing, standing.position > result.records {
                throw Broken(
                    text:
                        "\(path) ends at position \(result.records), and it held \(standing.position) records: its end is lost"
                )
            }
            if excused.isEmpty {
                try checkIndexes(db)
                try checkBodies(db)
            }
            var unkept = heads
            let unsigned = try LedgerStore.readUnsigned(db).map(\.name)
            if let lost = unsigned.first(where: { heads[$0.publisher]?[$0.log].map(\.seq) ?? 0 < $0.seq }) {
                throw Broken(text: "\(path): \(lost) was there, and is not: an end is lost")
            }
            for (table, isCurrent) in [("head", true), ("earlier_head", false)] where try db.has(table: table) {
                for row in try Row.fetchAll(db, sql: "SELECT * FROM \(table)") {
                    let (name, log) = (row.text("publisher"), row.text("log"))
                    guard let head = unkept[name]?.removeValue(forKey: log), (current[name] == log) == isCurrent,
                        head.seq == row.int("seq"), head.hash == Hash(bytes: row.data("hash"))
                    else { throw Broken(text: "\(path): the head kept for \(name) is not the end of its chain") }
                    if head.seq == 0 || signatures.at(name, log, head.seq) != nil { continue }
                    let end = RecordName(publisher: name, log: log, seq: head.seq)
                    guard name != LedgerStore.ownName, unsigned.contains(end) else {
                        throw Broken(
                            text: "\(path): the last record of \(name) (\(head.seq)) is covered by no signature")
                    }
                    result.awaitingSignature.append(end)
                }
            }
            if let name = unkept.filter({ !$0.value.isEmpty }).keys.min() {
                throw Broken(text: "\(path): no head is kept for \(name)")
            }
            try checkLastSignatures(db, signatures)
            if let lost = signatures.beyond(heads) {
                throw Broken(text: "\(path): \(lost) was signed, and is not there: an end is lost")
            }
        }

        /// A program that did not know of them may have written since.
        private func checkLastSignatures(_ db: GRDB.Database, _ signatures: Signatures) throws {
            guard try db.has(table: "last_signature") else { return }
            for row in try Row.fetchAll(db, sql: "SELECT * FROM last_signature") {
                let (name, log, seq) = (row.text("publisher"), row.text("log"), row.int("seq"))
                guard let entry = signatures.at(name, log, seq), entry.keyID == row.text("key_id"),
                    entry.signature == row.text("signature")
                else {
                    throw Broken(text: "\(path): the signature kept twice for \(name)/\(seq) is not the same twice")
                }
            }
        }

        private func checkIndexes(_ db: GRDB.Database) throws {
            guard try names.holds(db) else {
                throw Broken(text: "\(path): its index record_by_name does not lead to the records that are there")
            }
            // Of the large ones what the first page says their columns hold: what is written is stored by it.
            for (table, types) in LedgerStore.columnTypes {
                let said = try Row.fetchAll(db, sql: "PRAGMA table_info(\(table))").map { $0.text("type") }
                guard said == types else {
                    throw Broken(text: "\(path): its first page does not say of \(table) what its columns hold")
                }
            }
            // Those that lead to all else, or have few rows: SQLite's own check of them takes no time.
            for table in [
                "sqlite_schema", "meta", "head", "earlier_head", "last_signature", "unsigned_end", "redaction",
            ]
            where try db.has(table: table) || table == "sqlite_schema" {
                guard let found = try String.fetchOne(db, sql: "PRAGMA integrity_check(\(table))"), found != "ok" else {
                    continue
                }
                throw Broken(text: "\(path): \(found.replacing("\n", with: " "))")
            }
        }

        private mutating func checkBodies(_ db: GRDB.Database) throws {
            for (position, envelope) in bodyless {
                let name = RecordName(publisher: envelope.publisher, log: envelope.log, seq: envelope.seq)
                if orders[name]?.contains(where: { $0.order.takes(envelope, by: $0.envelope) }) ?? false {
                    result.redacted += 1
                } else if try LedgerStore.cameBodyless(name, db) {
                    result.awaitingOrder.append(name)
                } else {
                    throw Broken(
                        text: "\(path), position \(position): the body of \(name) is missing, and no redaction takes it"
                    )
                }
            }
            for (name, given) in orders.sorted(by: { $0.key.description < $1.key.description }) {
                guard let held = try LedgerStore.line(name, db, path: path), !held.line.isRedacted,
                    let order = given.first(where: { $0.order.takes(held.line.envelope, by: $0.envelope) })
                else { continue }
                throw Broken(
                    text:
                        "\(path), position \(held.position): \(order.envelope.publisher)/\(order.envelope.seq) takes the body of \(name), and it is still there"
                )
            }
        }
    }
}

extension LedgerStore {
    /// The same check on the open ledger; done at each start of the broker.
    ///
    /// - Parameters:
    ///   - standing: what it must go on from; nil: whatever it is.
    ///   - damaged: lines that are known not to hold (`damaged`): all else is checked past them.
    ///   - found: what stands for some of these, as it would when they are put back.
    public func verify(
        brokerKey: VerifyingKey, from standing: LedgerStanding? = nil, excusing damaged: [DamagedRecord] = [],
        with found: [FoundLine] = [], progress: (Int64, Int64) -> Void = { _, _ in }
    ) throws -> Verification {
        let result = try LedgerVerifier.verify(
            database, brokerKey: brokerKey, from: standing, excusing: damaged, with: found, progress: progress)
        guard result.fault != nil || (result.records == head.position && result.root == head.root) else {
            throw StoreError(.damaged, "\(database.path): the ledger changed while it was verified")
        }
        return result
    }

    /// What SQLite finds amiss between its tables and indexes, in words; nil: nothing. Some seconds for a million records.
    public func integrityFault() throws -> String? { try LedgerVerifier.integrityFault(database) }
}
