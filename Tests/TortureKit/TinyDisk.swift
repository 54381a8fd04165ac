import Foundation
import Glibc

/// A file system in memory that can be filled; unmounted when it is let go.
public final class TinyDisk {
    public let path: String
    private let ballast: String

    /// What the disk, or the call on it, says instead of what is expected.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Mounts it at `path`, a folder that is made where it is not there.
    ///
    /// - Parameter mebibytes: its size.
    /// - Returns: nil when this process may not mount (it needs root with CAP_SYS_ADMIN).
    public init?(_ path: String, mebibytes: Int) throws {
        self.path = path
        ballast = path + "/ballast"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else { return nil }
    }

    deinit { umount2(path, CInt(MNT_DETACH)) }

    /// Whether this process may mount one.
    public static let isAllowed: Bool = {
        let path = "/tmp/pejling-disk-\(UInt32.random(in: 0 ... .max))"
        defer { rmdir(path) }
        do { return try TinyDisk(path, mebibytes: 1) != nil } catch { return false }
    }()

    /// Takes all the space that is left, but for `room` bytes.
    public func fill(leaving room: Int = 0) throws {
        let descriptor = open(ballast, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        let block = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, block, block.count) > 0 {}
        guard errno == ENOSPC else { throw Failure(description: "\(path): \(String(cString: strerror(errno)))") }
        guard room > 0 else { return }
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= room, ftruncate(descriptor, size - room) == 0 else {
            throw Failure(description: "\(path) has no \(room) bytes to leave")
        }
    }

    /// Gives it back.
    public func free() { unlink(ballast) }
}
