import Foundation
import Glibc
import Testing

@Suite("A node whose disk is full", .serialized, .oneAtATime)
struct FullDiskTests {
    /// A file system of 4 MiB in memory; nil when this process may not mount.
    private final class TinyDisk {
        let path: String
        private let ballast: String

        init?(_ path: String) throws {
            self.path = path
            ballast = path + "/ballast"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            guard mount("tmpfs", path, "tmpfs", 0, "size=4m") == 0 else { return nil }
        }

        deinit { umount2(path, CInt(MNT_DETACH)) }

        func fill() throws {
            let descriptor = open(ballast, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            defer { close(descriptor) }
            let block = [UInt8](repeating: 0, count: 4096)
            while write(descriptor, block, block.count) > 0 {}
            try #require(errno == ENOSPC)
        }

        func free() { unlink(ballast) }
    }

    private static let cannotMount: Bool = {
        let path = "/tmp/pejling-disk-\(UInt32.random(in: 0 ... .max))"
        defer { rmdir(path) }
        do { return try TinyDisk(path) == nil } catch { return true }
    }()

    @Test(
        "says what helps, waits longer and longer in one process, and goes on by itself when there is space",
        .disabled(if: cannotMount, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func waits() throws {
        let town = try Town()
        let disk = try #require(try TinyDisk(town.folder + "/far"))
        let run = [
            "node", "run", "OKF", "--broker", "tcp://127.0.0.1:9", "--broker-key", String(repeating: "5a", count: 32),
            "--data", "far/var",
        ]
        /// Whether it has come so far that it waits for entries and for the broker.
        func isAtWork(_ process: Running) throws -> Bool {
            let folder = "/proc/\(process.pid)/fd"
            return try FileManager.default.contentsOfDirectory(atPath: folder).contains {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)"))?.contains("inotify")
                    == true
            }
        }
        let first = try town.start(town.executables + "/pejling", run)
        try eventually("it is at work") { try isAtWork(first) }
        first.interrupt()
        #expect(try first.wait(10) == 0, "\(first.errors)")
        try disk.fill()
        let node = try town.start(town.executables + "/pejling", run)
        try eventually("it says so, and tries again") { node.errors.contains("Tried again in 2 s") || !node.isRunning }
        #expect(node.isRunning && node.errors.contains("no space left on the disk"), "\(node.errors)")
        #expect(try !isAtWork(node))
        disk.free()
        try eventually("it goes on by itself") { try isAtWork(node) }
        node.interrupt()
        #expect(try node.wait(10) == 0, "\(node.errors)")
    }
}
