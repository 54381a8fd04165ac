import Foundation
import Glibc
import Ledger

/// The content of an operator's file, on its way to a running broker: a copy in the broker's folder that only its owner may read. Held by
/// the command that made it, and gone with it; one that a killed command left, nobody holds.
///
/// A file in the operator's home, or in a `/tmp` of his own, is not there for a broker that systemd shuts off from them, and one of 0600
/// is not for another user's process.
final class HandedFile {
    private let file: NewFile

    /// - Parameters:
    ///   - path: what the operator named.
    ///   - copy: where the broker looks for it; it is not there yet.
    ///   - folder: whose owner is to read it.
    /// - Throws: `StoreError`; nothing is left at `copy` then.
    init(_ path: String, at copy: String, in folder: String) throws {
        // A pipe that nobody writes would be waited for at its opening.
        let source = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard source >= 0 else {
            throw StoreError(.missing, "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(source) }
        var status = stat()
        guard fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.failed, "\(path) is no file. Name a file that `pejling ledger export` wrote")
        }
        do { file = try NewFile(for: copy, mode: 0o600, isOwners: true) } catch let error as StoreError {
            throw StoreError(error.code, "\(error.message). Give the order as the user that runs the broker")
        }
        // Held before it has its name.
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw file.failed("held")
        }
        try file.put()
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(source, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw StoreError(.failed, "\(path) cannot be read: \(String(cString: strerror(errno)))")
            }
            if count == 0 { return }
            var done = 0
            while done < count {
                let written = block[done..<count].withUnsafeBytes { write(file.descriptor, $0.baseAddress, $0.count) }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else {
                    throw StoreError(
                        StoreError.Code(ofWrite: errno),
                        "\(path) cannot be handed to the broker: \(folder): \(String(cString: strerror(errno))). Nothing was taken in"
                    )
                }
                done += written
            }
        }
    }

    deinit { file.remove() }

    /// Removes a copy that no command holds any more.
    static func removeIfLeft(_ copy: String) {
        let descriptor = open(copy, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { unlink(copy) }
    }
}
