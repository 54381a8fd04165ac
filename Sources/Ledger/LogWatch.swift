import Glibc

/// Wakes a waiting process when a file in its folder is written, so that what another process (`enter`) appends to its log is on its
/// way at once: inotify(7).
///
/// It wakes too often, for the owner's own files too, and where the system has no more of such watches there is none: who uses it
/// looks for itself what is new, and from time to time without it.
public final class LogWatch {
    /// Readable when something was written since `drain`.
    public let descriptor: CInt

    /// Nil where the system gives no watch (`fs.inotify.max_user_instances`) or the folder is not there.
    public init?(folder: String) {
        let descriptor = inotify_init1(CInt(IN_NONBLOCK) | CInt(IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        // The folder, not the file: SQLite makes and removes the file that new lines go to (`log.sqlite-wal`).
        guard inotify_add_watch(descriptor, folder, UInt32(IN_MODIFY | IN_CREATE)) >= 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    /// Takes what was reported.
    public func drain() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }

    deinit { close(descriptor) }
}
