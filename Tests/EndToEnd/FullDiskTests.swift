import Foundation
import Glibc
import Testing
import TortureKit

@Suite("A node whose disk is full", .serialized, .oneAtATime)
struct FullDiskTests {
    @Test(
        "says what helps, waits longer and longer in one process, and goes on by itself when there is space",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func waits() throws {
        let town = try Town()
        let disk = try #require(try TinyDisk(town.folder + "/far", mebibytes: 4))
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
        let stat = try town.pejling("stat", "--check", "--data", "far/var")
        #expect(stat.code == 1, "\(stat.errors)")
        #expect(
            stat.output.contains(
                "! ØKF waits, and tries again within a minute: far/var/nodes/OKF/") && stat.output.contains("no space"),
            "\(stat.output)")
        disk.free()
        try eventually("it goes on by itself") { try isAtWork(node) }
        node.interrupt()
        #expect(try node.wait(10) == 0, "\(node.errors)")
    }
}
