import Foundation
import Glibc

/// A small file that is written again and again, on a full disk too: a view that is needed just then.
///
/// Two files of the same size keep the room, the one that is read and `<path>.spare`. What is new is written over the spare, in place, filled
/// up with spaces; then the two change places. So who reads gets all of one or all of the other, and no space is asked for, unless what
/// is to be said has outgrown the room: that is twice what was said last, and 32 KiB at least. A file system that copies what it
/// overwrites (btrfs, ZFS) asks for space all the same, and one that cannot exchange two names (NFS) lets go of the room each time.
public struct ReservedFile: Sendable {
    public let path: String
    private var spare: String { path + ".spare" }
    private static let least = 32 * 1024
    private static let step = 4096

    public init(_ path: String) { self.path = path }

    /// Replaces what the file says; whole or not at all, after a power loss too. The file is made where there is none (0600).
    ///
    /// - Parameter bytes: of a format that does not mind spaces at its end.
    /// - Throws: `StoreError`; `.full` when it needs space that is not there. The file then says what it said.
    public func write(_ bytes: [UInt8]) throws {
        let room = max(Self.least, (2 * bytes.count + Self.step - 1) / Self.step * Self.step)
        try overwriteSpare(bytes, room: room)
        if !Self.exchange(spare, path) {
            // There is none yet, or the file system cannot.
            guard rename(spare, path) == 0 else { throw failed("put in place", errno) }
        }
        try syncFolder(folder(of: path))
        // For the next time, while there may be space; without it the next time shows.
        try? reserveSpare(room)
    }

    /// rename(2) with RENAME_EXCHANGE. Looked up by name: the header shows `renameat2` to GNU sources only.
    private static func exchange(_ one: String, _ other: String) -> Bool {
        typealias RenameAt2 =
            @convention(c) (
                CInt, UnsafePointer<CChar>, CInt, UnsafePointer<CChar>, CUnsignedInt
            ) -> CInt
        guard let found = dlsym(nil, "renameat2") else { return false }
        let exchanges: CUnsignedInt = 2
        return unsafeBitCast(found, to: RenameAt2.self)(AT_FDCWD, one, AT_FDCWD, other, exchanges) == 0
    }

    private func overwriteSpare(_ bytes: [UInt8], room: Int) throws {
        let (descriptor, size) = try openSpare()
        defer { close(descriptor) }
        let wanted = size >= bytes.count ? size : room
        try put(bytes + [UInt8](repeating: UInt8(ascii: " "), count: wanted - bytes.count), at: 0, descriptor)
        guard fsync(descriptor) == 0 else { throw failed("synced", errno) }
    }

    private func reserveSpare(_ room: Int) throws {
        let (descriptor, size) = try openSpare()
        defer { close(descriptor) }
        guard size < room else { return }
        try put([UInt8](repeating: UInt8(ascii: " "), count: room - size), at: size, descriptor)
    }

    private func openSpare() throws -> (descriptor: CInt, size: Int) {
        let how = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        var descriptor = open(spare, how, 0o600)
        // What another user, root, has put there: the folder is ours, and it holds nothing that is needed.
        if descriptor < 0, errno == EACCES, unlink(spare) == 0 { descriptor = open(spare, how, 0o600) }
        guard descriptor >= 0 else { throw failed("written", errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw failed("written", code)
        }
        return (descriptor, Int(status.st_size))
    }

    private func put(_ bytes: [UInt8], at start: Int, _ descriptor: CInt) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done, off_t(start + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failed("written", errno) }
            done += count
        }
    }

    /// Why the process `pid` cannot write the file, as far as it can be seen from outside; nil where nothing is to be seen.
    public func obstacle(to pid: pid_t) -> String? {
        let place = folder(of: path)
        var (status, disk) = (stat(), statvfs())
        guard stat(place, &status) == 0 else {
            return "\(place) cannot be looked at: \(String(cString: strerror(errno)))"
        }
        if statvfs(place, &disk) == 0, disk.f_flag & UInt(ST_RDONLY) != 0 { return "\(place) is mounted read-only" }
        for name in [path, spare] where lstat(name, &status) == 0 && status.st_mode & S_IFMT != S_IFREG {
            return "\(name) is no file"
        }
        guard let user = Self.user(of: pid), user != 0, stat(place, &status) == 0 else { return nil }
        guard status.st_uid == user else {
            return
                "\(place) is the folder of user \(userName(status.st_uid)), and process \(pid) runs as user \(userName(user)): chown -R \(userName(user)) \(place)"
        }
        let needed: mode_t = 0o300
        return status.st_mode & needed == needed
            ? nil : "\(place) lets its own user \(userName(user)) write nothing: chmod 700 \(place)"
    }

    /// The effective user of a process (proc(5)); nil when it is gone.
    private static func user(of pid: pid_t) -> uid_t? {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("Uid:") }
        let words = line?.split(whereSeparator: \.isWhitespace) ?? []
        return words.count > 2 ? uid_t(words[2]) : nil
    }

    private func failed(_ what: String, _ code: CInt) -> StoreError {
        StoreError(
            StoreError.Code(ofWrite: code), "\(path) cannot be \(what): \(String(cString: strerror(code)))")
    }
}

/// Seconds since this machine was started, without those it slept: the same for all its processes, and nobody sets it.
public func uptime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec)
}
