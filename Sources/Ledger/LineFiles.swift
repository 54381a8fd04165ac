import Foundation
import GRDB
import Glibc
import Wire

/// Writes lines to a file: whole, or not at all. 0600: what is in a ledger is not for everybody on the machine.
public final class LineWriter {
    private let path: String
    private let temporary: String
    private let descriptor: CInt
    private var buffer: [UInt8] = []
    private var isFinished = false

    /// - Throws: `StoreError` when the file is there already, or cannot be made.
    public init(_ path: String) throws {
        self.path = path
        guard access(path, F_OK) != 0 else {
            throw StoreError(.failed, "\(path) is there already. Name another --out file, or move that one away")
        }
        temporary = "\(path).\(getpid()).new"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.failed, "\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    public func write(_ line: HandedLine) throws {
        buffer += line.bytes
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count > 1 << 20 { try flush() }
    }

    private func flush() throws {
        var offset = 0
        while offset < buffer.count {
            let count = buffer.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + offset }, buffer.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failed() }
            offset += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func failed() -> StoreError {
        let code = errno
        return StoreError(
            StoreError.Code(ofWrite: code),
            "\(path) cannot be written: \(String(cString: strerror(code))). Nothing was left there")
    }

    /// Syncs it and puts it in its place: on return its name is on the disk too.
    public func finish() throws {
        try flush()
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw failed() }
        isFinished = true
        let above = (path as NSString).deletingLastPathComponent
        try syncFolder(above.isEmpty ? "." : above)
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(temporary) }
    }
}

/// Reads a file of lines, one after the other; each is known by its number.
public final class LineReader {
    /// How it is called in what is said of it.
    public let path: String
    /// Of the line read last, from 1.
    public private(set) var number = 0
    public private(set) var bytesRead: Int64 = 0
    public let size: Int64
    private let file: UnsafeMutablePointer<FILE>
    private var buffer: UnsafeMutablePointer<CChar>?
    private var capacity = 0

    /// - Parameter name: how it is called; nil: as its path.
    public init(_ path: String, called name: String? = nil) throws {
        self.path = name ?? path
        guard let file = fopen(path, "re") else {
            throw StoreError(.missing, "\(self.path) cannot be read: \(String(cString: strerror(errno)))")
        }
        self.file = file
        var status = stat()
        fstat(fileno(file), &status)
        size = Int64(status.st_size)
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.failed, "\(self.path) is no file. Name a file that `pejling ledger export` wrote")
        }
    }

    /// The next line without its newline; nil at the end.
    ///
    /// - Throws: `StoreError.damaged` where a line is longer than any may be.
    public func next() throws -> [UInt8]? {
        var bytes: [UInt8] = []
        number += 1
        // Bounded: a file of one endless line fills no memory.
        while true {
            let byte = getc_unlocked(file)
            if byte == EOF {
                if bytes.isEmpty { return nil }
                throw StoreError(
                    .damaged, "\(path):\(number): the last line has no end: the file was cut off. Copy it again")
            }
            bytesRead += 1
            if byte == 10 { return bytes }
            bytes.append(UInt8(truncatingIfNeeded: byte))
            guard bytes.count <= Limits.line + 1024 else {
                throw StoreError(
                    .damaged, "\(path):\(number): longer than any line may be (\(Limits.line) bytes): no file of lines")
            }
        }
    }

    deinit { fclose(file) }
}

/// Reads a ledger beside its broker.
public enum LedgerExport {
    /// Every record of the ledger in `folder`, in ledger order, as of one moment. Behind the signature stand position, received and
    /// root.
    ///
    /// - Parameter progress: called every 10,000 records with how many are done and how many there are.
    /// - Returns: how many there were.
    public static func write(
        folder: String, to writer: LineWriter, progress: (Int64, Int64) -> Void = { _, _ in }
    ) throws -> Int64 {
        let database = try Database(
            path: folder + "/ledger.sqlite", kind: .ledger, schema: LedgerStore.schema, create: false, readOnly: true)
        return try database.snapshot { db in
            let total = try Int64.fetchOne(db, sql: "SELECT count(*) FROM record") ?? 0
            let rows = try Row.fetchCursor(
                db, sql: "SELECT position, received, root, line FROM record ORDER BY position")
            let signatures = try db.makeStatement(
                sql: "SELECT key_id, signature FROM signature WHERE publisher = ? AND log = ? AND seq = ?")
            var done: Int64 = 0
            while let row = try rows.next() {
                let delivered = try Replica.line(row, path: database.path, remedy: LedgerStore.remedy)
                let name = delivered.line.name
                let signature = try Row.fetchOne(signatures, arguments: [name.publisher, name.log, name.seq])
                try writer.write(
                    HandedLine(
                        delivered.line,
                        signature: signature.map { .init(keyID: $0.text("key_id"), text: $0.text("signature")) },
                        more: [String(delivered.position), delivered.received, delivered.root?.hex ?? "-"]))
                done += 1
                if done.isMultiple(of: 10_000) { progress(done, total) }
            }
            return done
        }
    }
}

extension PublisherLog {
    /// All lines of this log after `seq`, in batches signed by `key`: to be handed over by file.
    ///
    /// - Returns: how many there were, and from which on: a line that came back from the ledger as a refusal is not here, and
    ///   the ledger has all before it.
    public func export(
        after seq: Int64, key: SigningKey, to writer: LineWriter, progress: (Int64) -> Void = { _ in }
    ) throws -> (count: Int64, first: Int64) {
        let lost = try database.read { db in
            try Int64.fetchOne(db, sql: "SELECT max(seq) FROM refused_place") ?? 0
        }
        let start = max(seq, lost)
        var last = start
        while true {
            let batch = try lines(after: last)
            guard let end = batch.last else { return (last - start, start + 1) }
            let statement = BatchStatement(publisher: publisher, log: log, seq: end.envelope.seq, hash: end.hash)
            let signature = HandedLine.Signature(
                keyID: String(key.publicKey.hex.prefix(16)), text: try key.sign(statement))
            for line in batch {
                try writer.write(HandedLine(line, signature: line.envelope.seq == end.envelope.seq ? signature : nil))
            }
            last = end.envelope.seq
            progress(last - start)
        }
    }
}
