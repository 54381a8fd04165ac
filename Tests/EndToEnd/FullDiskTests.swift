import Foundation
import Glibc
import Ledger
import PolicyModel
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

    /// The folder with all that lies in it, on a disk of its own.
    private func disk(_ folder: String) throws -> TinyDisk {
        try FileManager.default.moveItem(atPath: folder, toPath: folder + ".aside")
        let disk = try #require(try TinyDisk(folder, mebibytes: 8))
        chmod(folder, 0o700)
        let copied = try #require(
            try? Process.run(URL(fileURLWithPath: "/bin/cp"), arguments: ["-a", folder + ".aside/.", folder]))
        copied.waitUntilExit()
        try #require(copied.terminationStatus == 0)
        return disk
    }

    @Test(
        "`up` goes on without a report where the disk of the reports, or of the coordinator, is full; no file is half written",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"),
        arguments: ["reports", "var/coordinator"])
    func withoutReport(at place: String) throws {
        let town = try Town.made()
        let disk = try disk("\(town.folder)/\(place)")
        let reports = try FileManager.default.contentsOfDirectory(atPath: town.folder + "/reports").sorted()
        try disk.fill()
        let up = try town.up("--patience", "3")
        #expect(up.errors.contains("All else goes on; `pejling report all` writes them later"), "\(up.errors)")
        #expect(up.errors.contains(place == "reports" ? "No space left" : "no space left on the disk"), "\(up.errors)")
        let entered = try town.pejling("fund", Self.about, "--node", "BIF", "--state", "funded", "--from", "2020")
        #expect(entered.code == 0, "\(entered.errors)")
        try eventually("the others go on") {
            try town.state().plugins.allSatisfy { $0.heard || $0.publisher == "coordinator" }
        }
        if place == "reports" {
            let refused = try town.pejling("report", "all")
            #expect(refused.code == 1 && refused.errors.contains("No space left"), "\(refused)")
        }
        let now = try FileManager.default.contentsOfDirectory(atPath: town.folder + "/reports").sorted()
        #expect(now.filter { $0 != "ballast" } == reports)
        disk.free()
        try eventually("the coordinator has all of it", 75) {
            let state = try town.state()
            return try state.plugins.allSatisfy(\.heard)
                && Replica(folder: town.folder + "/var/coordinator", create: false, readOnly: true).position()
                    == state.position
        }
        let written = try town.pejling("report", "all")
        #expect(written.code == 0, "\(written.errors)")
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        withExtendedLifetime(disk) {}
    }

    @Test(
        "`up` makes no report from an old copy: where the coordinator is heard and its disk is full, it says how far that is, and why",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func noReportOfOldCopy() throws {
        let town = try Town.made()
        for end in ["", "-wal", "-shm"] { unlink("\(town.folder)/var/coordinator/replica.sqlite\(end)") }
        let disk = try disk("\(town.folder)/var/coordinator")
        try disk.fill(leaving: 240 * 1024)
        try FileManager.default.removeItem(atPath: town.folder + "/reports")
        let up = try town.pejling("up", "--once", "--patience", "5")
        let words = up.errors.split(separator: "\n").filter { !$0.hasPrefix("time=") }
        #expect(up.code == 3)
        let cause = try #require(words.first { $0.hasPrefix("behind: coordinator: ") }, "\(up.errors)")
        #expect(cause.contains("no space left on the disk"), "\(cause)")
        let copy = try Replica(folder: town.folder + "/var/coordinator", create: false, readOnly: true).position()
        let ledger = try town.verify().records
        #expect(copy < ledger)
        #expect(
            words.contains { $0.contains("no report: the coordinator has \(copy) of the ledger's \(ledger) records") },
            "\(up.errors)")
        #expect((try? FileManager.default.contentsOfDirectory(atPath: town.folder + "/reports")) ?? [] == [])
        disk.free()
        let again = try town.pejling("up", "--once")
        #expect(again.code == 0, "\(again.errors)")
        withExtendedLifetime(disk) {}
    }

    static let about = "lgbti/bif/tryg-indkvartering"

    /// What BIF has said and what waits to be handed in.
    private func held(_ folder: String) throws -> [String] {
        let log = try PublisherLog(folder: folder, publisher: "BIF", synthetic: false, create: false)
        let drafts = try PrivateStore(folder: folder).drafts(log)
        return ["head \(try log.head().seq)"] + drafts.map { "\($0.kind) \($0.id)" }
    }

    @Test(
        "under a broker: the officer is told at once, nothing is half saved, the node goes on, and has all of it when there is room",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func goesOn() throws {
        let town = try Town.made()
        let folder = town.folder + "/var/nodes/BIF"
        let disk = try disk(folder)
        let up = try town.up()
        func bif() throws -> Town.State.Plugin {
            try #require(try town.state().plugins.first { $0.publisher == "BIF" })
        }
        func said() throws -> String { try town.read("var/broker/log/bif.log") }
        let (before, node) = (try held(folder), try bif())
        // Longer than what SQLite may have left over in its files.
        let text = String(repeating: "Boligerne er fundet. ", count: 4_000)
        let status = [
            "status", Self.about, "--node", "BIF", "--follow-up", "lgbti/2019", "--delivery", "on_track", "--reason",
            "Nyt år", "--done", text,
        ]
        let funding = [
            "fund", Self.about, "--node", "BIF", "--state", "funded", "--from", "2020", "--until", "2021-12-31",
            "--decision", text,
        ]
        try disk.fill()
        let filled = ContinuousClock.now
        for entry in [status, status + ["--hand-in"], funding] {
            let entered = try town.pejling(entry, bound: 5)
            #expect(entered.code == 1 && entered.output.isEmpty, "\(entered)")
            #expect(
                entered.errors.contains("BIF saved nothing.")
                    && entered.errors.contains("no space left on the disk, nothing was saved"), "\(entered.errors)")
        }
        // Meanwhile the ledger goes on, and the coordinator says a word to it.
        for word in [
            ["fund", "lgbti/tmf/bemandede-legepladser", "--node", "TMF"]
                + ["--state", "funded", "--from", "2020", "--until", "2030-12-31", "--decision", "Budget 2020"],
            ["exempt", "lgbti/2019", "BIF", "--as", "OKF", "--until", "2020-02-15", "--reason", "Flytning"],
        ] {
            let spoken = try town.pejling(word)
            #expect(spoken.code == 0, "\(spoken.errors)")
        }
        try eventually("the node says what waits") { try said().contains("waits in memory until there is room") }
        // Longer than a plugin may be silent.
        try eventually("time has passed", 20) { ContinuousClock.now - filled > .seconds(7) }
        let full = try bif()
        #expect(full.pid == node.pid && full.restarts == 0 && full.condition == "running", "\(full)")
        #expect(try said().components(separatedBy: "no space").count == 2, "it says it once")
        let stat = try town.pejling("stat", "--check")
        #expect(stat.code == 1 && stat.output.contains("! BIF cannot keep what comes, and goes on"), "\(stat.output)")
        disk.free()
        #expect(try held(folder) == before, "nothing was half saved")
        for entry in [status + ["--hand-in"], funding] {
            let entered = try town.pejling(entry)
            #expect(entered.code == 0, "\(entered.errors)")
        }
        try eventually("all is sent, and all that came meanwhile is kept") {
            let copy = try Replica(folder: folder, create: false, readOnly: true)
            let (plugin, state) = (try bif(), try town.state())
            return try plugin.heard && copy.position() == state.position && said().contains("there is room on the disk")
        }
        #expect(try bif().pid == node.pid)
        var kept: [String: Int] = [:]
        try Replica(folder: folder, create: false, readOnly: true).forEach {
            kept[$0.line.envelope.kind, default: 0] += 1
        }
        #expect(kept["exception"] == 1, "\(kept)")
        var times = 0
        try Replica(folder: town.folder + "/var/coordinator", create: false, readOnly: true).forEach {
            if $0.line.kind == .status, String(decoding: $0.line.body, as: UTF8.self).contains("Boligerne er fundet") {
                times += 1
            }
        }
        #expect(times == 1)
        try eventually("nothing needs attention") { try town.pejling("stat", "--check").code == 0 }
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        withExtendedLifetime(disk) {}
    }

    @Test(
        "a policy's plugin goes on too: what it makes of what comes waits with it, and is said once when there is room",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func policyGoesOn() throws {
        let town = try Town.made()
        let folder = town.folder + "/var/policies/integration"
        let disk = try disk(folder)
        let up = try town.up()
        func plugin() throws -> Town.State.Plugin {
            try #require(try town.state().plugins.first { $0.publisher == "integration" })
        }
        func said() throws -> String { try town.read("var/broker/log/integration.log") }
        /// Up to where it says that it has judged, in the order in which it said so.
        func judged() throws -> [Int64] {
            var all: [Int64] = []
            try Replica(folder: town.folder + "/var/coordinator", create: false, readOnly: true).forEach {
                if $0.line.kind == .assessed, $0.line.envelope.publisher == "integration" {
                    all.append(try $0.line.decode(Assessed.self).upTo)
                }
            }
            return all
        }
        let indicator = "integration/beskaeftigelsesfrekvens"
        /// What it says of the goal that the readings are about.
        func judgements() throws -> [String] {
            var all: [String] = []
            try Replica(folder: town.folder + "/var/coordinator", create: false, readOnly: true).forEach {
                if $0.line.kind == .assessment, $0.line.envelope.id.hasPrefix("integration/maal-1|") {
                    all.append(String(decoding: $0.line.body, as: UTF8.self))
                }
            }
            return all
        }
        let (before, process) = (try judged(), try plugin())
        try disk.fill()
        let filled = ContinuousClock.now
        // What it judges, and more than SQLite may have left over in its files.
        for (value, text) in [("57", "x"), ("58", "y"), ("59", "z")] {
            let spoken = try town.pejling(
                "reading", indicator, "--node", "BIF", "--period", "2019", "--value", value, "--denominator", "41000",
                "--data-date", "2020-01-01", "--comment", String(repeating: text, count: 60_000))
            #expect(spoken.code == 0, "\(spoken.errors)")
            try eventually("it says what waits") { try said().contains("waits in memory until there is room") }
        }
        // Longer than a plugin may be silent.
        try eventually("time has passed", 20) { ContinuousClock.now - filled > .seconds(7) }
        let full = try plugin()
        #expect(full.pid == process.pid && full.restarts == 0 && full.condition == "running", "\(full)")
        let stat = try town.pejling("stat", "--check")
        #expect(
            stat.code == 1 && stat.output.contains("! integration cannot keep what comes, and goes on"),
            "\(stat.output)")
        #expect(try judged() == before)
        disk.free()
        var last: Int64 = 0
        try Replica(folder: town.folder + "/var/coordinator", create: false, readOnly: true).forEach {
            if $0.line.envelope.publisher == "BIF" { last = $0.position }
        }
        try eventually("it has judged all of it") { try judged().last == last }
        // What it had made of the first when there was no room is said too, as without a full disk.
        let words = try judgements()
        #expect(words.contains { $0.contains("Fra 56 til 57") } && words.last?.contains("Fra 56 til 59") == true)
        try eventually("nothing needs attention") { try town.pejling("stat", "--check").code == 0 }
        let after = try judged()
        #expect(after == after.sorted() && Set(after).count == after.count && after.starts(with: before), "\(after)")
        #expect(try plugin().pid == process.pid)
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        // Nor does the next one say anything of it again.
        let records = try town.verify().records
        let again = try town.pejling("up", "--once")
        #expect(again.code == 0, "\(again.errors)")
        #expect(try town.verify().records == records)
        withExtendedLifetime(disk) {}
    }
}
