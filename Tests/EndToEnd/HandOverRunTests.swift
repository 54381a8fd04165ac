import Foundation
import Glibc
import Testing

@Suite("Records by file, and backups, as an operator makes them", .serialized, .oneAtATime)
struct HandOverRunTests {
    private func handIn(_ town: Town, _ done: String, reason: String = "Nyt") throws {
        let said = try town.pejling(
            "status", RestoreTests.id, "--node", "okf", "--follow-up", "lgbti/2019", "--delivery", "on_track",
            "--reason", reason, "--done", done, "--hand-in")
        #expect(said.code == 0, "\(said.errors)")
    }

    @Test("what a node without a network handed over by file counts once when the network is there again")
    func byFile() throws {
        let town = try Town.made()
        let before = try town.verify().records
        try handIn(town, "Uden netværk")
        let export = try town.pejling("ledger", "export", "--node", "okf", "--out", "okf.lines")
        #expect(export.code == 0 && export.output.contains(#/ records of ØKF, 1 to \d+\./#), "\(export.errors)")
        #expect(try town.pejling("ledger", "export", "--node", "okf", "--out", "okf.lines").code == 1, "it is there")
        let first = try town.pejling("ledger", "import", "okf.lines")
        #expect(first.code == 0 && first.output.hasPrefix("2 records stored, "), "\(first.output)\(first.errors)")
        #expect(try town.verify().records == before + 2)
        let up = try town.up()
        // The policy's word that it has looked at them; of the node nothing twice.
        #expect(try town.verify().records == before + 3)
        let again = try town.pejling("ledger", "import", "okf.lines")
        #expect(again.code == 0 && again.output.hasPrefix("0 records stored, "), "\(again.output)\(again.errors)")
        try town.edit("okf.lines") { $0.replacingOccurrences(of: "Uden netværk", with: "Med netværk ") }
        let changed = try town.pejling("ledger", "import", "okf.lines")
        #expect(changed.code == 1 && changed.errors.contains("okf.lines:") && changed.errors.contains("[body.hash]"))
        #expect(try town.pejling("ledger", "import", "none.lines").code == 1)
        try Data().write(to: URL(fileURLWithPath: town.folder + "/empty.lines"))
        let empty = try town.pejling("ledger", "import", "empty.lines")
        #expect(empty.code == 1 && empty.errors.contains("empty.lines:1: it is empty"), "\(empty.errors)")
        let nothing = try town.pejling("ledger", "export", "--node", "okf", "--after", "99999", "--out", "no.lines")
        #expect(nothing.code == 1 && nothing.errors.contains("ØKF has nothing after 99999"), "\(nothing.errors)")
        #expect(!FileManager.default.fileExists(atPath: town.folder + "/no.lines"))
        #expect(try town.verify().records == before + 3)
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        // The ledger's own export: as many lines as records, and the hash of each with two commands.
        try #require(try town.pejling("ledger", "export", "--out", "all.lines").code == 0)
        let lines = try town.read("all.lines").split(separator: "\n")
        #expect(Int64(lines.count) == before + 3)
        let sum = try town.run(
            "/bin/sh", ["-c", "sed -n 2p all.lines | cut -f2 | tr -d '\\n' | sha256sum | cut -c1-64"])
        #expect(lines[1].contains("\"body_sha256\":\"\(sum.output.prefix(64))\""))
    }

    @Test("a backup made while all runs verifies, is for its owner only, and restores: all of it, the broker, a node")
    func backup() throws {
        let town = try Town.made()
        let up = try town.up()
        try handIn(town, "Før kopien")
        try eventually("it is in the ledger and judged", 10) {
            try town.pejling("show", RestoreTests.id).output.contains("Før kopien")
        }
        let made = try town.pejling("ledger", "backup", "--out", "copy")
        #expect(made.code == 0 && made.output.contains("the ledger in it verifies"), "\(made.errors)")
        #expect(try town.pejling("ledger", "backup", "--out", "copy").code == 1, "a backup is never written over")
        let node = try town.pejling("ledger", "backup", "--node", "okf", "--out", "okf-copy")
        #expect(node.code == 0, "\(node.errors)")
        let open = try town.run("/usr/bin/find", ["copy", "okf-copy", "-type", "f", "-perm", "/077"])
        #expect(Set(open.output.split(separator: "\n").map { $0.split(separator: "/").last }) == ["pejling.json"])
        let then = try town.pejling("ledger", "verify", "--data", "copy", "--format", "json")
        #expect(then.code == 0)
        try handIn(town, "Efter kopien", reason: "Mere")
        try eventually("it is judged too", 10) {
            try town.pejling("show", RestoreTests.id).output.contains("Efter kopien")
        }
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        let before = try town.verify()

        // The node's folder from its copy: the rest comes back from the ledger.
        try replace(town, "var/nodes/OKF", by: "okf-copy/nodes/OKF")
        let restored = try town.pejling("up", "--once")
        #expect(restored.code == 0, "\(restored.errors)")
        #expect(try town.verify() == before)

        // All of it from its copy, on another machine as it were: as it was then.
        try FileManager.default.moveItem(atPath: town.folder + "/var", toPath: town.folder + "/lost")
        try FileManager.default.moveItem(atPath: town.folder + "/copy", toPath: town.folder + "/var")
        let whole = try town.pejling("up", "--once")
        #expect(whole.code == 0, "\(whole.errors)")
        #expect(try town.pejling("show", RestoreTests.id).output.contains("Før kopien"))
        #expect(try !town.pejling("show", RestoreTests.id).output.contains("Efter kopien"))
        // And then the node's newer folder, which was not lost: what it said is there again.
        try replace(town, "var/nodes/OKF", by: "lost/nodes/OKF")
        try FileManager.default.removeItem(atPath: town.folder + "/var/nodes/OKF/replica.sqlite")
        let later = try town.pejling("up", "--once")
        #expect(later.code == 0, "\(later.errors)")
        #expect(try town.pejling("show", RestoreTests.id).output.contains("Efter kopien"))
        _ = try town.verify()
    }

    @Test(
        "a file that only the command sees, and only its user may read, is handed over to a running broker; nothing of it stays behind",
        .enabled(if: geteuid() == 0, "skipped: a mount of its own needs root"))
    func unseen() throws {
        let town = try Town.made()
        let up = try town.up()
        let before = try town.verify().records
        try handIn(town, "Fra en pind")
        try eventually("it is in the ledger and judged", 10) { try town.verify().records == before + 3 }
        try #require(try town.pejling("ledger", "export", "--node", "okf", "--out", "okf.lines").code == 0)
        try FileManager.default.createDirectory(atPath: town.folder + "/stick", withIntermediateDirectories: true)
        // As a memory stick that is mounted where the broker's unit sees nothing.
        let command =
            "mount -t tmpfs tmpfs stick && mv okf.lines stick && exec '\(town.executables)/pejling' ledger import stick/okf.lines"
        let said = try town.run("/usr/bin/unshare", ["--mount", "/bin/sh", "-c", command])
        #expect(said.code == 0 && said.output.hasPrefix("0 records stored, "), "\(said.output)\(said.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: town.folder + "/stick").isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: town.folder + "/var/broker/orders").isEmpty)
        // What a command leaves that is killed on the way goes by itself, without a restart.
        let left = town.folder + "/var/broker/orders/killed.lines"
        try Data("a secret".utf8).write(to: URL(fileURLWithPath: left))
        try eventually("it is gone", 10) { access(left, F_OK) != 0 }
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
    }

    private static let strace = ["/usr/bin/strace", "/bin/strace"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(
        "the name of a backup, and of an exported file, is on the disk before it is said to be there",
        .enabled(if: strace != nil, "skipped: strace is not there; `make test` installs it"))
    func synced() throws {
        let town = try Town.made()
        for (command, out) in [("backup", "copy"), ("export", "all.lines")] {
            let traced = try town.run(
                try #require(Self.strace),
                [
                    "-f", "-y", "-e", "trace=rename,fsync,write", "-e", "signal=none", "-o", "trace",
                    town.executables + "/pejling", "ledger", command, "--out", "\(town.folder)/\(out)",
                ])
            #expect(traced.code == 0, "\(traced.errors)")
            let calls = try town.read("trace").split(separator: "\n")
            let named = try #require(calls.firstIndex { $0.contains("rename(") && $0.contains("/\(out)\")") })
            let said = try #require(calls.lastIndex { $0.contains("write(1<") })
            #expect(
                calls[named..<said].contains { $0.contains("fsync(") && $0.contains("<\(town.folder)>)") },
                "\(command): \(calls[named...])")
        }
    }

    private func replace(_ town: Town, _ folder: String, by copy: String) throws {
        try FileManager.default.removeItem(atPath: "\(town.folder)/\(folder)")
        try FileManager.default.copyItem(atPath: "\(town.folder)/\(copy)", toPath: "\(town.folder)/\(folder)")
    }
}
