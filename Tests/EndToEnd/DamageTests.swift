import Foundation
import Glibc
import Ledger
import Testing

@Suite("A ledger damaged in the middle", .serialized, .oneAtATime)
struct DamageTests {
    /// Changes the text of one record of BIF behind everybody's back, as a disk may; returns its position and what stood there.
    ///
    /// - Parameter isInCopies: whether the copies of the feed have it still.
    private func damage(_ town: Town, publisher: String = "BIF", offset: Int = 4, isInCopies: Bool = true) throws -> (
        position: String, line: String
    ) {
        let place =
            "(SELECT position FROM record WHERE publisher = '\(publisher)' ORDER BY position LIMIT 1 OFFSET \(offset))"
        let before = try sql(town, "SELECT position || ' ' || hex(line) FROM record WHERE position = \(place)")
        // First: a broker that runs looks there as soon as it finds the damage.
        if !isInCopies { try forget(town, String(before.prefix { $0 != " " })) }
        _ = try sql(
            town,
            "UPDATE record SET line = CAST(replace(CAST(line AS TEXT), '{', '[') AS BLOB) WHERE position = \(place)")
        let parts = before.split(separator: " ").map(String.init)
        try #require(parts.count == 2)
        return (parts[0], parts[1])
    }

    private func sql(_ town: Town, _ text: String, in file: String = "broker/ledger.sqlite") throws -> String {
        let said = try town.run("/usr/bin/sqlite3", ["-cmd", ".timeout 5000", "var/\(file)", text])
        try #require(said.code == 0, "\(said.errors)")
        return said.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func evidence(_ town: Town) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: town.folder + "/var/broker").filter {
            $0.hasPrefix("damaged-")
        }
    }

    /// No copy of the feed has this record any more.
    private func forget(_ town: Town, _ position: String) throws {
        for (group, file, table) in [("nodes", "replica", "line"), ("policies", "log", "feed_line")] {
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(town.folder)/var/\(group)") {
                _ = try sql(
                    town, "DELETE FROM \(table) WHERE position = \(position)", in: "\(group)/\(name)/\(file).sqlite")
            }
        }
        _ = try sql(town, "DELETE FROM line WHERE position = \(position)", in: "coordinator/replica.sqlite")
    }

    /// No copy of the feed has anything.
    private func forgetAll(_ town: Town) throws { try forget(town, "position") }

    /// Loses a page of rows, in the middle of them.
    private func losePage(_ town: Town) throws {
        let path = town.folder + "/var/broker/ledger.sqlite"
        let whole = try #require(FileManager.default.contents(atPath: path))
        let place = try #require(whole.range(of: Data("\"kind\":\"initiative\"".utf8))).lowerBound / 16_384
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: UInt64(place * 16_384))
        try file.write(contentsOf: Data(count: 16_384))
        try file.close()
    }

    @Test(
        "found at the start: it is put back, of the broker's own from a copy, else from a copy or by its publisher; the others are heard, the damaged file is kept, and it shows",
        arguments: [("broker", true), ("BIF", false)])
    func atStart(publisher: String, isInCopies: Bool) throws {
        let town = try Town.made()
        let before = try town.verify()
        let (position, line) = try damage(town, publisher: publisher, isInCopies: isInCopies)
        let broken = try town.pejling("ledger", "verify")
        #expect(broken.code != 0 && broken.errors.contains("position \(position)"), "\(broken.errors)")
        #expect(try town.pejling("up", "--verify-every", "0").code == 64)
        // Each 3.6 s: the mark goes with the second reading after.
        let up = try town.up("--verify-every", "0.001")
        try eventually("it is mended") {
            try sql(town, "SELECT hex(line) FROM record WHERE position = \(position)") == line
        }
        try eventually("stat says so") {
            try town.pejling("stat").output.contains("1 damaged records of the ledger were mended")
        }
        #expect(try town.pejling("stat", "--format", "prometheus").output.contains("pejling_ledger_mended_records 1"))
        try eventually("it is read again") { try town.read("var/broker/state.json").contains("\"read_again\"") }
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        #expect(up.errors.contains("is in no copy here: its publisher is asked") != isInCopies, "\(up.errors)")
        #expect(try town.verify() == before, "nothing lost, nothing twice")
        // The copy is the file as it was found.
        let kept = try #require(try evidence(town).first)
        let copy = try town.run(
            "/usr/bin/sqlite3",
            ["var/broker/\(kept)/ledger.sqlite", "SELECT hex(line) FROM record WHERE position = \(position)"])
        #expect(copy.code == 0 && copy.output.contains("5B") && !copy.output.hasPrefix(line), "\(copy.errors)")
        #expect(try evidence(town).count == 1)
    }

    @Test(
        "found while all runs, by reading again: it stops nobody else, and is mended",
        arguments: [("broker", true), ("BIF", false)])
    func whileRunning(publisher: String, isInCopies: Bool) throws {
        let town = try Town.made()
        let before = try town.verify()
        let broker = try town.start(
            town.executables + "/pejling", ["broker", "--verify-every", "0.0002", "--verbose"])
        try eventually("all are heard", 30) {
            try town.state().pid == broker.pid && town.state().plugins.allSatisfy(\.heard)
        }
        let (position, line) = try damage(town, publisher: publisher, isInCopies: isInCopies)
        try eventually("it is found and mended", 30) {
            try sql(town, "SELECT hex(line) FROM record WHERE position = \(position)") == line
        }
        #expect(
            broker.errors.contains("damaged:") && broker.errors.contains("mended: \(publisher)/"), "\(broker.errors)")
        #expect(broker.errors.contains("from var/coordinator/replica.sqlite") == isInCopies, "\(broker.errors)")
        try eventually("stat says so") {
            try town.pejling("stat", "--format", "prometheus").output.contains("pejling_ledger_mended_records 1")
        }
        let early = try town.pejling("ledger", "mend", "--from", "var/coordinator/replica.sqlite")
        #expect(early.code == 1 && early.errors.contains("is held by another broker"), "\(early.errors)")
        try eventually("it has been read again in whole, and is no mark any more") {
            try town.pejling("stat", "--check").code == 0
        }
        #expect(try town.state().plugins.allSatisfy { $0.restarts == 0 })
        // The node of BIF goes on: what it says anew is taken.
        let said = try town.pejling(
            "status", "lgbti/bif/tryg-indkvartering", "--node", "bif", "--follow-up", "lgbti/2019", "--delivery",
            "on_track", "--reason", "Nyt", "--done", "Der er en bolig", "--hand-in")
        #expect(said.code == 0, "\(said.errors)")
        try eventually("it is taken") { try town.state().position >= before.records + 2 }
        broker.interrupt()
        #expect(try broker.wait(10) == 0, "\(broker.errors)")
        _ = try town.verify()
        #expect(try evidence(town).count == 1)
    }

    @Test(
        "damage beside a line, a signature behind one that could be mended: it does not start, says what helps, and changes nothing"
    )
    func notMendable() throws {
        for change in [
            "UPDATE record SET received = '2030-01-01T00:00:00.000Z' WHERE position = 40",
            "UPDATE record SET line = x'00' WHERE publisher = 'BIF' AND seq = 2; UPDATE signature SET signature = '00' WHERE publisher = 'coordinator'; UPDATE last_signature SET signature = '00' WHERE publisher = 'coordinator'",
        ] {
            let town = try Town.made()
            try forgetAll(town)
            _ = try sql(town, change)
            // The rows: a start moves the write-ahead log into the file.
            let rows = try sql(town, "SELECT *, hex(line) FROM record")
            let broker = try town.run(town.executables + "/pejling", ["broker"], bound: 20)
            #expect(broker.code != 0 && broker.errors.contains("`pejling ledger restore`"), "\(broker.errors)")
            try refusesWords(town, "`pejling ledger restore`")
            #expect(try sql(town, "SELECT *, hex(line) FROM record") == rows)
        }
    }

    @Test(
        "a record of the broker's own that no copy here has: nothing is written, and `ledger mend` puts it back from a backup, from nothing else"
    )
    func ownLost() throws {
        let town = try Town.made()
        let before = try town.verify()
        try #require(try town.pejling("ledger", "backup", "--out", "backup").code == 0)
        let whole = try town.pejling("ledger", "mend", "--from", "backup")
        #expect(whole.code == 0 && whole.output.contains("nothing is damaged: all \(before.records) records verify"))
        let (position, line) = try damage(town, publisher: "broker", offset: 1, isInCopies: false)
        // A copy with another line of the same name in that place.
        try FileManager.default.copyItem(
            atPath: town.folder + "/backup/broker/ledger.sqlite", toPath: town.folder + "/other.sqlite")
        _ = try sql(
            town,
            "UPDATE record SET line = CAST(replace(CAST(line AS TEXT), '\"at\":\"2', '\"at\":\"1') AS BLOB) WHERE position = \(position)",
            in: "../other.sqlite")
        let rows = try sql(town, "SELECT *, hex(line) FROM record")
        let broker = try town.run(town.executables + "/pejling", ["broker"], bound: 20)
        #expect(broker.code != 0 && broker.errors.contains("no copy of the feed here has it"), "\(broker.errors)")
        #expect(broker.errors.contains("ledger mend --from COPY"), "\(broker.errors)")
        try refusesWords(town, "pejling ledger mend")
        for copy in ["other.sqlite", "var/nodes/BIF/replica.sqlite", "var"] {
            let said = try town.pejling("ledger", "mend", "--from", copy)
            #expect(said.code == 1 && said.errors.contains("Nothing was changed"), "\(copy): \(said.errors)")
        }
        let none = try town.pejling("ledger", "mend", "--from", "Config")
        #expect(none.code == 1 && none.errors.contains("Config is no copy of a ledger"), "\(none.errors)")
        #expect(try sql(town, "SELECT *, hex(line) FROM record") == rows)
        #expect(try evidence(town).isEmpty)
        let mended = try town.pejling("ledger", "mend", "--from", "backup")
        #expect(
            mended.code == 0
                && mended.output.contains("1 damaged records were put back: all \(before.records) records"),
            "\(mended.errors)")
        #expect(mended.errors.contains("from backup/broker/ledger.sqlite"), "\(mended.errors)")
        #expect(try sql(town, "SELECT hex(line) FROM record WHERE position = \(position)") == line)
        #expect(try town.verify() == before)
        #expect(try evidence(town).count == 1)
        #expect(try town.pejling("stat").output.contains("1 damaged records of the ledger were mended"))
        #expect(try town.pejling("up", "--once").code == 0)
        // What a file of its publisher's log mends counts as well.
        _ = try damage(town, isInCopies: false)
        try #require(try town.pejling("ledger", "export", "--node", "bif", "--out", "all.lines").code == 0)
        let taken = try town.pejling("ledger", "import", "all.lines")
        #expect(taken.code == 0 && taken.output.contains("1 damaged ones mended"), "\(taken.errors)")
        #expect(try town.pejling("stat", "--format", "prometheus").output.contains("pejling_ledger_mended_records 1"))
        #expect(try evidence(town).count == 2)
        #expect(try town.verify() == before)
    }

    @Test("two copies that hold one each of the broker's own: what one has is put back, and both together mend all")
    func twoCopies() throws {
        let town = try Town.made()
        let before = try town.verify()
        try #require(try town.pejling("ledger", "backup", "--out", "backup").code == 0)
        let (first, line) = try damage(town, publisher: "broker", offset: 1, isInCopies: false)
        let (second, _) = try damage(town, publisher: "broker", offset: 2, isInCopies: false)
        for (name, lacks) in [("one", second), ("two", first)] {
            try FileManager.default.copyItem(
                atPath: town.folder + "/backup/broker/ledger.sqlite", toPath: "\(town.folder)/\(name).sqlite")
            _ = try sql(town, "UPDATE record SET line = x'00' WHERE position = \(lacks)", in: "../\(name).sqlite")
        }
        let part = try town.pejling("ledger", "mend", "--from", "one.sqlite")
        #expect(part.code == 1 && part.errors.contains("1 records were mended, and nothing else"), "\(part.errors)")
        #expect(part.errors.contains("position \(second): "), "\(part.errors)")
        #expect(try sql(town, "SELECT hex(line) FROM record WHERE position = \(first)") == line)
        #expect(try evidence(town).count == 1)
        _ = try sql(town, "UPDATE record SET line = x'00' WHERE position = \(first)")
        let mended = try town.pejling("ledger", "mend", "--from", "one.sqlite", "--from", "two.sqlite")
        #expect(
            mended.code == 0 && mended.output.contains("2 damaged records were put back"),
            "\(mended.output)\(mended.errors)")
        #expect(try town.verify() == before)
        #expect(try town.pejling("up", "--once").code == 0)
    }

    @Test(
        "root's commands write nothing in the folder of the service's user and say how to; run so they do it; a backup is made as root too",
        .enabled(if: geteuid() == 0, "skipped: only root is led by another user's links"))
    func anothers() throws {
        let town = try Town.made()
        try #require(try town.pejling("ledger", "export", "--node", "bif", "--out", "bif.lines").code == 0)
        try #require(try town.run("/bin/chown", ["-R", "nobody:nogroup", "var"]).code == 0)
        try #require(try town.pejling("ledger", "backup", "--out", "backup").code == 0)
        func listing() throws -> String {
            try town.run("/usr/bin/find", ["var", "-printf", "%p %u %m %s\n"]).output.split(separator: "\n").sorted()
                .joined(separator: "\n")
        }
        let before = try listing()
        #expect(!before.contains(" root "), "\(before)")
        let elsewhere = ["--broker", "tcp://127.0.0.1:9", "--broker-key", String(repeating: "1", count: 64)]
        let commands = [
            ["ledger", "mend", "--from", "backup"], ["ledger", "import", "bif.lines"],
            ["ledger", "restore", "--from", "backup"], ["ledger", "restore", "--node", "bif", "--from", "backup"],
            ["ledger", "admit-log", "BIF", String(repeating: "a", count: 32), "--yes"], ["keys", "revoke", "TMF"],
            ["ledger", "export", "--node", "bif", "--out", "again.lines"], ["discard", "lgbti/2019", "--node", "bif"],
            ["refused"], ["up", "--once"], ["broker"], ["node", "run", "bif"] + elsewhere, ["coordinator"] + elsewhere,
        ]
        for words in commands {
            let said = try town.pejling(words)
            #expect(said.code == 1 && said.errors.contains("runuser -u nobody -- pejling"), "\(words): \(said.errors)")
        }
        #expect(try listing() == before)
        // An empty one, and of an example, likewise.
        try #require(try town.run("/usr/bin/install", ["-d", "-o", "nobody", "-m", "700", "empty"]).code == 0)
        for words in [["up", "--once"], ["node", "run", "bif"] + elsewhere, ["demo"]] {
            let said = try town.pejling(words + ["--data", "empty"])
            #expect(said.code == 1 && said.errors.contains("sudo -u nobody pejling"), "\(words): \(said.errors)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: town.folder + "/empty").isEmpty)
        // Where that user may run what was built.
        let asUser = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        let setpriv = "/usr/bin/setpriv"
        guard FileManager.default.isExecutableFile(atPath: setpriv),
            try town.run(setpriv, asUser + ["/usr/bin/test", "-x", town.executables + "/pejling"]).code == 0
        else { return }
        try #require(try town.run("/bin/chown", ["-R", "nobody:nogroup", "backup", "bif.lines"]).code == 0)
        for words in [commands[0], commands[1], commands[2]] {
            let said = try town.run(setpriv, asUser + [town.executables + "/pejling"] + words)
            #expect(said.code == 0, "\(words): \(said.errors)")
        }
        #expect(try !listing().contains(" root "))
    }

    /// What an operator says while no broker runs is written by the same rule.
    private func refusesWords(_ town: Town, _ why: String) throws {
        let log = try sql(town, "SELECT log FROM head WHERE publisher = 'BIF'")
        for words in [
            ["ledger", "admit-log", "BIF", log], ["ledger", "import", "bif.lines"], ["keys", "revoke", "TMF"],
        ] {
            if words[1] == "import", !FileManager.default.fileExists(atPath: town.folder + "/bif.lines") {
                try #require(try town.pejling("ledger", "export", "--node", "bif", "--out", "bif.lines").code == 0)
            }
            let said = try town.pejling(words)
            #expect(said.code == 1 && said.errors.contains(why), "\(words): \(said.output)\(said.errors)")
        }
    }

    @Test("a ledger that is shorter than it was is written to by nobody, and verify says it")
    func lostEnd() throws {
        let town = try Town.made()
        let broker = town.folder + "/var/broker"
        try FileManager.default.copyItem(atPath: broker + "/ledger.sqlite", toPath: town.folder + "/older")
        let said = try town.pejling(
            "status", "lgbti/bif/tryg-indkvartering", "--node", "bif", "--follow-up", "lgbti/2019", "--delivery",
            "on_track", "--reason", "Nyt", "--done", "Der er en bolig", "--hand-in")
        #expect(said.code == 0, "\(said.errors)")
        try #require(try town.pejling("up", "--once").code == 0)
        for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] { unlink("\(broker)/\(name)") }
        try FileManager.default.copyItem(atPath: town.folder + "/older", toPath: broker + "/ledger.sqlite")
        try forgetAll(town)
        let rows = try sql(town, "SELECT *, hex(line) FROM record")
        let verified = try town.pejling("ledger", "verify")
        #expect(verified.code == 1 && verified.errors.contains("its end is lost"), "\(verified.errors)")
        try refusesWords(town, "its end is lost")
        let keys = try town.pejling("keys", "list")
        #expect(keys.code == 0 && keys.errors.contains("are not in this list"), "\(keys)")
        #expect(try sql(town, "SELECT *, hex(line) FROM record") == rows)
    }

    @Test(
        "damage beside lines, with copies here: the ledger is made anew at the start or by the next word, is the one that it was, and the damaged file is kept",
        arguments: ["a page", "what stands beside a line", "the first page", "the last signatures", "the end"])
    func madeAnew(lost: String) throws {
        let town = try Town.made()
        let before = try town.verify()
        let file = town.folder + "/var/broker/ledger.sqlite"
        switch lost {
        case "a page": try losePage(town)
        case "the first page":
            let handle = try #require(FileHandle(forUpdatingAtPath: file))
            try handle.write(contentsOf: Data(count: 16_384))
            try handle.close()
        case "what stands beside a line":
            _ = try sql(town, "UPDATE record SET received = '2030-01-01T00:00:00.000Z' WHERE position = 40")
        case "the last signatures": _ = try sql(town, "DELETE FROM signature WHERE seq > 2")
        default: _ = try sql(town, "DELETE FROM record WHERE position > \(before.records - 3)")
        }
        #expect(try town.pejling("ledger", "verify").code != 0)
        let damaged = try #require(FileManager.default.contents(atPath: file))
        let up = try town.pejling("up", "--once")
        #expect(up.code == 0 && up.errors.contains("the ledger was made anew, "), "\(up.errors)")
        let stat = try town.pejling("stat")
        #expect(stat.output.contains("! the ledger was damaged, and made anew at the start: "), "\(stat)")
        // None of the copies of the feed had to begin anew, and nobody said anything again.
        #expect(try town.verify() == before)
        let kept = try evidence(town)
        #expect(kept.count == 1)
        // But for the first page, where SQLite counts who opened it.
        let copy = try #require(
            FileManager.default.contents(atPath: "\(town.folder)/var/broker/\(kept[0])/ledger.sqlite"))
        #expect(copy[16_384..<damaged.count] == damaged[16_384...])
    }

    @Test(
        "killed, and the write-ahead log is lost: what copies here were given of it is there again, a revocation included, and its publisher signs it anew",
        arguments: [true, false])
    func lostTail(isSaid: Bool) throws {
        let town = try Town.made()
        let broker = town.folder + "/var/broker"
        try FileManager.default.copyItem(atPath: broker + "/state.json", toPath: town.folder + "/state.json")
        let up = try town.up()
        let before = try town.state().position
        let said = try town.pejling(
            "status", "lgbti/bif/tryg-indkvartering", "--node", "bif", "--follow-up", "lgbti/2019", "--delivery",
            "on_track", "--reason", "Nyt", "--done", "Der er en bolig", "--hand-in")
        #expect(said.code == 0, "\(said.errors)")
        try eventually("it is taken, and the policy has looked at it") { try town.state().position >= before + 3 }
        try #require(try town.pejling("keys", "revoke", "KFF", "--reason", "Stjålet").code == 0)
        func given() throws -> Int64 {
            Int64(try sql(town, "SELECT max(position) FROM line", in: "coordinator/replica.sqlite")) ?? 0
        }
        try eventually("the coordinator has it") { try given() == town.state().position }
        let (position, pid) = (try given(), try town.state().pid)
        let root = try sql(town, "SELECT hex(root) FROM record WHERE position = \(position)")
        up.kill()
        kill(pid, SIGKILL)
        _ = try? up.wait(10)
        try eventually("all have ended", 20) {
            try town.run("/usr/bin/fuser", ["-s", "var/broker/ledger.sqlite"]).code != 0
        }
        for end in ["-wal", "-shm"] { unlink(broker + "/ledger.sqlite" + end) }
        if !isSaid {
            // What the broker last said of where it stands was not on the disk yet.
            unlink(broker + "/state.json")
            try FileManager.default.copyItem(atPath: town.folder + "/state.json", toPath: broker + "/state.json")
        }
        #expect(try sql(town, "SELECT count(*) FROM record") == "\(before)")
        let next = try town.start(town.executables + "/pejling", ["up"])
        try eventually("it is made anew", 30) { next.errors.contains("the ledger was made anew, ") }
        try eventually("BIF is heard again", 30) {
            try town.state().plugins.first { $0.publisher == "BIF" }?.heard == true
        }
        #expect(try sql(town, "SELECT hex(root) FROM record WHERE position = \(position)") == root)
        if isSaid {
            try eventually("that it had ended so is noted") {
                try town.pejling("stat").output.contains("- the broker had ended without a word")
            }
        }
        #expect(try town.pejling("keys", "list").output.contains(/KFF .*revoked/))
        #expect(try town.state().plugins.first { $0.publisher == "KFF" }?.heard == false)
        try eventually("its publishers have signed it again", 20) {
            try sql(town, "SELECT count(*) FROM unsigned_end") == "0"
        }
        next.interrupt()
        #expect(try next.wait(20) == 0, "\(next.errors)")
        _ = try town.verify()
        #expect(!next.errors.contains("restored from an older copy"), "\(next.errors)")
    }

    @Test(
        "damage beside a line that is found while all runs: the broker is started again and makes the ledger anew; it is said until it was read"
    )
    func madeAnewRunning() throws {
        let town = try Town.made()
        let before = try town.verify()
        // What one that was killed had begun does not stay: bodies may have to go one day.
        let left = town.folder + "/var/broker/.remaking"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: false)
        let up = try town.up("--verify-every", "0.0005")
        #expect(!FileManager.default.fileExists(atPath: left))
        _ = try sql(town, "UPDATE record SET received = '2030-01-01T00:00:00.000Z' WHERE position = 40")
        try eventually("it is made anew", 30) { up.errors.contains("the ledger was made anew, ") }
        try eventually("stat says so") {
            let said = try town.pejling("stat").output
            return said.contains("! the ledger was damaged, and made anew at the start: ")
                && said.contains("the broker stopped by itself, and was started again")
        }
        try eventually("all are heard again", 30) { try town.state().plugins.allSatisfy(\.heard) }
        let said = try town.pejling(
            "status", "lgbti/bif/tryg-indkvartering", "--node", "bif", "--follow-up", "lgbti/2019", "--delivery",
            "on_track", "--reason", "Nyt", "--done", "Der er en bolig", "--hand-in")
        #expect(said.code == 0, "\(said.errors)")
        try eventually("it is taken") { try town.state().position >= before.records + 2 }
        try eventually("it has been read again, and the damage is no mark any more") {
            try !town.pejling("stat").output.contains("made anew at the start")
        }
        up.interrupt()
        #expect(try up.wait(20) == 0, "\(up.errors)")
        _ = try town.verify()
        #expect(try evidence(town).count == 1)
    }

    @Test(
        "an index that leads elsewhere, by which nobody has asked yet, is found at the start, and all goes on"
    )
    func index() throws {
        let town = try Town.made()
        // An old copy of a node, which will fetch what it lacks: by name.
        try FileManager.default.copyItem(atPath: town.folder + "/var/nodes/BIF", toPath: town.folder + "/old")
        let said = try town.pejling(
            "status", "lgbti/bif/tryg-indkvartering", "--node", "bif", "--follow-up", "lgbti/2019", "--delivery",
            "on_track", "--reason", "Nyt", "--done", "Der er en bolig", "--hand-in")
        #expect(said.code == 0, "\(said.errors)")
        try #require(try town.pejling("up", "--once").code == 0)
        let before = try town.verify()
        let whole = "CREATE UNIQUE INDEX record_by_name ON record (publisher, log, seq)"
        func schema(_ text: String) -> String {
            "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = '\(text)' WHERE name = 'record_by_name'; PRAGMA writable_schema=RESET"
        }
        _ = try sql(town, schema(whole + " WHERE position < 400") + "; REINDEX record_by_name; " + schema(whole))
        #expect(try town.pejling("ledger", "verify").errors.contains("record_by_name"))
        try FileManager.default.removeItem(atPath: town.folder + "/var/nodes/BIF")
        try FileManager.default.moveItem(atPath: town.folder + "/old", toPath: town.folder + "/var/nodes/BIF")
        let up = try town.start(town.executables + "/pejling", ["up"])
        try eventually("it is made anew", 40) { up.errors.contains("the ledger was made anew, ") }
        try eventually("BIF is heard, and has all of its log again", 30) {
            let bif = try town.state().plugins.first { $0.publisher == "BIF" }
            let log = try PublisherLog(
                folder: town.folder + "/var/nodes/BIF", publisher: "BIF", synthetic: false, create: false)
            return try bif?.heard == true && log.head().seq == 59
        }
        up.interrupt()
        #expect(try up.wait(20) == 0, "\(up.errors)")
        #expect(try town.verify() == before)
        #expect(!up.errors.contains("the broker ended ("), "\(up.errors)")
    }

    @Test(
        "a page that is lost, and in no copy here: it does not start and says what helps, and with a backup all is there again"
    )
    func lostPage() throws {
        let town = try Town.made()
        let before = try town.verify()
        try #require(try town.pejling("ledger", "backup", "--out", "backup").code == 0)
        try losePage(town)
        try forgetAll(town)
        let refused = try town.pejling("up", "--once")
        #expect(refused.code == 1)
        #expect(refused.errors.contains("`pejling ledger mend --from COPY`"), "\(refused.errors)")
        let stat = try town.pejling("stat")
        #expect(stat.output.contains("! the broker does not start: "), "\(stat)")
        let doctor = try town.pejling("doctor")
        #expect(doctor.code == 1 && doctor.output.contains("the broker does not start: "), "\(doctor)")
        // In one command, or to look at it first.
        let mended = try town.pejling("ledger", "mend", "--from", "backup")
        #expect(mended.code == 0, "\(mended)")
        #expect(mended.output.contains("the ledger was made anew: all \(before.records) records verify"), "\(mended)")
        #expect(mended.errors.contains("the damaged one is kept in var/broker/damaged-"), "\(mended.errors)")
        #expect(try town.verify() == before)
        #expect(try town.pejling("stat").output.contains("! the ledger was damaged, and made anew at the start: "))
        try losePage(town)
        let alone = try town.pejling("ledger", "salvage", "--out", "salvaged")
        #expect(alone.code == 1 && alone.errors.contains(" of \(before.records) is neither to be read in"), "\(alone)")
        let salvaged = try town.pejling("ledger", "salvage", "--out", "salvaged", "--from", "backup")
        #expect(salvaged.code == 0, "\(salvaged)")
        #expect(salvaged.output.contains("a ledger of \(before.records) records"), "\(salvaged.output)")
        #expect(!salvaged.output.contains(", 0 of them from copies"), "\(salvaged.output)")
        #expect(try town.pejling("ledger", "salvage", "--out", "salvaged").errors.contains("is there already"))
        let restored = try town.pejling("ledger", "restore", "--from", "salvaged")
        #expect(restored.code == 0, "\(restored)")
        #expect(try town.verify() == before)
    }

    @Test("a record of a node's own log that is damaged is marked, though it is acknowledged and the node runs")
    func ownLog() throws {
        let town = try Town.made()
        #expect(try !town.pejling("stat").output.contains("is damaged"))
        _ = try sql(
            town, "UPDATE line SET line = CAST(replace(CAST(line AS TEXT), '{', '[') AS BLOB) WHERE seq = 3",
            in: "nodes/BIF/log.sqlite")
        let up = try town.up()
        for command in ["stat", "doctor"] {
            let said = try town.pejling(command)
            #expect(said.output.contains("nodes/BIF/log.sqlite: record BIF/3 is damaged"), "\(said)")
        }
        #expect(try town.pejling("stat", "--check").code == 1)
        up.interrupt()
        #expect(try up.wait(20) == 0)
    }
}
