import Foundation

/// What never changes in the first 100 bytes of a ledger's file (sqlite.org/fileformat.html, 1.3). SQLite believes most of it: one wrong
/// bit, and it takes the ledger for another program's, for a newer one's, for an empty one or for one that must not be written.
enum FileHeader {
    private struct Field {
        let name: String
        let offset: Int
        let size: Int
        let isRight: @Sendable (Int) -> Bool

        /// Big-endian.
        func value(in header: Data) -> Int { header[offset..<offset + size].reduce(0) { $0 << 8 | Int($1) } }
    }

    private static let fields = [
        Field(name: "write version", offset: 18, size: 1) { (1...2).contains($0) },
        Field(name: "read version", offset: 19, size: 1) { (1...2).contains($0) },
        Field(name: "reserved space", offset: 20, size: 1) { $0 == 0 },
        Field(name: "largest payload fraction", offset: 21, size: 1) { $0 == 64 },
        Field(name: "smallest payload fraction", offset: 22, size: 1) { $0 == 32 },
        Field(name: "leaf payload fraction", offset: 23, size: 1) { $0 == 32 },
        Field(name: "schema format", offset: 44, size: 4) { $0 == 4 },
        Field(name: "largest root page", offset: 52, size: 4) { $0 == 0 },
        Field(name: "text encoding", offset: 56, size: 4) { $0 == 1 },
        // A larger one may be a newer program's.
        Field(name: "format", offset: 60, size: 4) { $0 > 0 },
        Field(name: "incremental vacuum", offset: 64, size: 4) { $0 == 0 },
        Field(name: "application", offset: 68, size: 4) { $0 == Int(Database.Kind.ledger.rawValue) },
    ]
    private static let magic = Data("SQLite format 3\0".utf8)

    /// Whether the file begins as one of SQLite's does; one that cannot be opened may.
    static func isDatabase(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return true }
        defer { try? file.close() }
        return (try? file.read(upToCount: magic.count)) == magic
    }

    /// What is wrong there, in words; nil: nothing, or the file is too short to tell, is no file of SQLite's at all (which SQLite says), or
    /// all of it is still in the write-ahead log.
    ///
    /// Ask before this process opens it: to close it would give up SQLite's locks on it (fcntl(2)).
    static func fault(of path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let header = try? file.read(upToCount: 100), header.count == 100, header.prefix(16) == magic else {
            return nil
        }
        // What the file says of itself is in the write-ahead log.
        let isYoung = header[60..<72].allSatisfy { $0 == 0 }
        guard !isYoung, let wrong = fields.first(where: { !$0.isRight($0.value(in: header)) }) else { return nil }
        return
            "\(path): its first page is damaged (byte \(wrong.offset), \(wrong.name): \(wrong.value(in: header)))"
    }
}
