import Foundation
import Glibc
import Ledger
import Testing
import TortureKit

/// A broker that hangs as a process does: stopped, or waiting for ever for a disk.
@Suite("A broker that hangs", .serialized, .oneAtATime)
struct HangTests {
    struct Shown: Decodable {
        let is_running: Bool
        let is_silent: Bool
        let silent_seconds: Int64?
        let pid: Int32
        let publishers: [Publisher]

        struct Publisher: Decodable {
            let publisher: String
            let state: String?
        }
    }

    private func shown(_ town: Town, _ data: String = "var") throws -> Shown {
        let result = try town.pejling("stat", "--data", data, "--format", "json")
        return try JSONDecoder().decode(Shown.self, from: Data(result.output.utf8))
    }

    @Test(
        "every tool says that it says nothing, nobody counts as running, and `up` ends it and starts it again; one without work is well"
    )
    func stopped() throws {
        let idle = try Town()
        _ = try DataFolder(creating: idle.folder + "/var", synthetic: false)
        // Nobody speaks to this one: nothing changes in its state.
        try FileManager.default.createDirectory(atPath: idle.folder + "/none", withIntermediateDirectories: true)
        let alone = try idle.start(
            idle.executables + "/pejling", ["broker", "--plugins", "none", "--remote", "coordinator"])
        defer { alone.terminate() }
        // A node on a machine of its own, which is stopped too.
        let node = try idle.start(
            idle.executables + "/pejling",
            [
                "node", "run", "SOF", "--broker", "tcp://127.0.0.1:9", "--broker-key",
                String(repeating: "5a", count: 32), "--data", "far",
            ])
        try eventually("the node says how it is") {
            try idle.pejling("stat", "--data", "far").output.contains("running; connecting, tcp://127.0.0.1:9")
        }
        Glibc.kill(node.pid, SIGSTOP)

        let town = try Town.made()
        let up = try town.up("--hung-after", "40")
        defer { up.interrupt() }
        let pid = try town.state().pid
        Glibc.kill(pid, SIGSTOP)
        defer { Glibc.kill(pid, SIGCONT) }
        try eventually("it is said that it says nothing", 45) {
            let stat = try town.pejling("stat", "--check")
            return stat.code == 1 && stat.output.contains("! the broker has said nothing for ")
        }
        let stat = try town.pejling("stat").output
        #expect(stat.contains(#/\nBIF +unknown /#) && !stat.contains("running"), "\(stat)")
        let health = try shown(town)
        #expect(health.is_running && health.is_silent && (31..<60).contains(health.silent_seconds ?? 0))
        #expect(health.pid == pid && health.publishers.allSatisfy { ($0.state ?? "unknown") == "unknown" })
        let metrics = try town.pejling("stat", "--format", "prometheus").output
        #expect(metrics.contains("\npejling_broker_up 0\n") || metrics.hasPrefix("pejling_broker_up 0\n"), "\(metrics)")
        #expect(metrics.contains(/\npejling_broker_silent_seconds [345]\d\n/), "\(metrics)")
        #expect(metrics.contains("\npejling_publisher_up{publisher=\"BIF\"} 0\n"))
        let list = try town.pejling("plugin", "list")
        #expect(list.output.contains(/^broker: process \d+; it has said nothing for \d+ s\n/), "\(list.output)")
        #expect(list.output.contains(#/\nbif +BIF +unknown +- /#) && list.errors.contains("has said nothing"))
        let doctor = try town.pejling("doctor")
        #expect(doctor.code == 1 && doctor.output.contains("\nPROBLEM  the broker has said nothing for "))

        try eventually("another broker serves", 30) { try town.state().pid != pid && shown(town).is_silent == false }
        #expect(up.errors.contains("the broker (process \(pid)) has said nothing for 40 s: it hangs, and is killed"))
        try eventually("all is well again", 30) { try town.pejling("stat", "--check").code == 0 }
        let other = try shown(idle)
        #expect(other.is_running && !other.is_silent && (other.silent_seconds ?? 99) <= 30, "\(other)")
        #expect(alone.isRunning)
        let far = try idle.pejling("stat", "--data", "far", "--check")
        #expect(far.code == 1 && far.output.contains(#/! SOF has said nothing for \d+ s: it hangs/#), "\(far.output)")
    }

    @Test(
        "one that hangs before its first word is ended and started again; and `up` ends in bounded time, whatever it does"
    )
    func first() throws {
        let town = try Town.made()
        let before = try town.state().pid
        let up = try town.start(town.executables + "/pejling", ["up", "--hung-after", "3"])
        func child() -> pid_t? {
            let text = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(up.pid)/task").compactMap {
                try? String(contentsOfFile: "/proc/\(up.pid)/task/\($0)/children", encoding: .utf8)
            }.joined()
            // Before its exec it is still `up` itself, which waits for that.
            return text?.split(separator: " ").compactMap { pid_t($0) }.first {
                let words = try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8)
                return words?.contains("\u{0}broker\u{0}") ?? false
            }
        }
        var pid: pid_t = 0
        let end = ContinuousClock.now + .seconds(15)
        while pid == 0, ContinuousClock.now < end { pid = child() ?? 0 }
        try #require(pid > 0 && Glibc.kill(pid, SIGSTOP) == 0)
        defer { Glibc.kill(pid, SIGCONT) }
        try #require(try town.state().pid == before, "it was at work already")
        try eventually("another broker serves", 60) { try ![before, pid].contains(town.state().pid) }
        #expect(up.errors.contains("the broker (process \(pid)) has said nothing for 15 s: it hangs, and is killed"))

        up.interrupt()
        #expect(try up.wait(30) == 0, "\(up.errors)")

        let next = try town.up("--hung-after", "300")
        let other = try town.state().pid
        Glibc.kill(other, SIGSTOP)
        defer { Glibc.kill(other, SIGCONT) }
        next.terminate()
        #expect(try next.wait(40) == 0, "\(next.errors)")
        #expect(
            next.errors.contains("the broker (process \(other)) has not ended 15 s after it was asked to: it is killed")
        )
    }

    @Test(
        "a full disk is no hang: the broker writes how it stands on that very disk, and `up` leaves it alone",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func full() throws {
        let town = try Town()
        let disk = try #require(try TinyDisk(town.folder + "/disk", mebibytes: 64))
        let up = try town.up("--data", "disk/var", "--hung-after", "4")
        let pid = try shown(town, "disk/var").pid
        try disk.fill()
        // From one beat to the next: more than twice what `up` waits.
        var silent: [Int64] = []
        try eventually("it says how it stands, twice: ten seconds from one to the next", 40) {
            let seconds = try #require(try shown(town, "disk/var").silent_seconds)
            if let last = silent.last, seconds < last { silent.append(-1) }
            silent.append(seconds)
            return silent.count { $0 == -1 } == 2
        }
        let stat = try town.pejling("stat", "--data", "disk/var")
        #expect(stat.output.contains("! the disk of the data folder has 0 MB left"), "\(stat.output)")
        #expect(try shown(town, "disk/var").pid == pid && !up.errors.contains("it hangs"), "\(up.errors)")
        up.interrupt()
        #expect(try up.wait(30) == 0, "\(up.errors)")
    }
}
