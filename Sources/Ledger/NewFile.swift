import Glibc

/// A file on its way to its name: made under a name that nobody foresees, and never through a link, in a folder that was opened once.
/// A command that root runs makes files where another user may write: what that user puts in its way is not touched.
public final class NewFile {
    /// O_PATH, which the header shows to GNU sources only: a folder that one may write and not read is opened too.
    private static let pathOnly: CInt = 0o10_000_000
    private let folder: CInt
    private let temporary: String
    private let path: String
    private let name: String
    /// Open for reading and writing; closed with this.
    public let descriptor: CInt

    /// - Parameters:
    ///   - path: the name it gets in `put`.
    ///   - isOwners: whether what root makes in another user's folder is that user's.
    /// - Throws: `StoreError`; nothing is left then.
    public init(for path: String, mode: mode_t, isOwners: Bool = false) throws {
        self.path = path
        name = path.split(separator: "/").last.map(String.init) ?? ""
        temporary = "\(name).\(String(UInt64.random(in: .min ... .max), radix: 36)).new"
        folder = open(Ledger.folder(of: path), Self.pathOnly | O_DIRECTORY | O_CLOEXEC)
        descriptor =
            folder < 0 ? -1 : openat(folder, temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failed("written") }
        var status = stat()
        guard isOwners, geteuid() == 0 else { return }
        // Whose the folder is that the file lies in, and the file itself: by descriptor, whatever their names mean by now.
        guard fstat(folder, &status) == 0,
            status.st_uid == 0 || fchown(descriptor, status.st_uid, status.st_gid) == 0
        else { throw failed("given to its owner") }
    }

    /// Gives it its name, in place of what has it.
    public func put() throws {
        guard renameat(folder, temporary, folder, name) == 0 else { throw failed("put in place") }
    }

    /// Takes away what has its name.
    public func remove() { unlinkat(folder, name, 0) }

    /// What `errno` says of it; the draft goes.
    public func failed(_ what: String) -> StoreError {
        let code = errno
        if descriptor >= 0 { unlinkat(folder, temporary, 0) }
        let kind = StoreError.Code(ofWrite: code)
        return StoreError(
            kind, "\(path) cannot be \(what): \(String(cString: strerror(code)))",
            remedy: kind == .full ? "Free some space and try again" : nil)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if folder >= 0 { close(folder) }
    }
}

/// Writes a whole file or nothing: to a temporary name beside it, synced, then renamed.
///
/// - Parameter isOwners: as of `NewFile`.
public func writeFile(_ path: String, _ bytes: [UInt8], mode: mode_t, isOwners: Bool = false) throws {
    let file = try NewFile(for: path, mode: mode, isOwners: isOwners)
    var offset = 0
    while offset < bytes.count {
        let written = bytes.withUnsafeBytes {
            write(file.descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset)
        }
        if written < 0 {
            if errno == EINTR { continue }
            throw file.failed("written")
        }
        offset += written
    }
    guard fsync(file.descriptor) == 0 else { throw file.failed("synced") }
    try file.put()
    try syncFolder(folder(of: path))
}
