import Foundation
import Glibc
import Ledger
import Testing
import Wire

@Suite("Logs restored, rebuilt, forked: as an operator meets them", .serialized, .oneAtATime)
struct RestoreTests {
    static let id = "lgbti/okf/mangfoldige-stillingsopslag"

    private func handIn(_ town: Town, _ done: String) throws {
        let said = try town.pejling(
            "status", Self.id, "--node", "okf", "--follow-up", "lgbti/2019", "--delivery", "on_track", "--reason",
            "Nyt", "--done", done, "--hand-in")
        #expect(said.code == 0, "\(said.errors)")
    }

    private func copy(_ town: Town, _ from: String, _ to: String) throws {
        let copied = try town.run("/bin/cp", ["-a", "var/\(from)", to])
        try #require(copied.code == 0, "\(copied.errors)")
    }

    private func replace(_ town: Town, _ folder: String, by copy: String) throws {
        try FileManager.default.removeItem(atPath: "\(town.folder)/var/\(folder)")
        try FileManager.default.copyItem(atPath: "\(town.folder)/\(copy)", toPath: "\(town.folder)/var/\(folder)")
    }

    private func lines(_ town: Town, _ folder: String) throws -> [Line] {
        try PublisherLog(
            folder: "\(town.folder)/var/\(folder)", publisher: "ØKF", synthetic: false, create: false
        ).look { try $0.lines(after: 0) }
    }

    @Test("a node restored from an old backup fetches its missing lines back, and goes on; nothing is lost or twice")
    func restored() throws {
        let town = try Town.made()
        try copy(town, "nodes/OKF", "old")
        try handIn(town, "Opslagene er ændret")
        // What the configuration says newly was said by the log that is lost: it must not be said again by the restored one.
        try town.edit("Config/forvaltninger/OKF/lgbti.yaml") {
            $0.replacingOccurrences(of: "    da: Mangfoldige", with: "    da: Meget mangfoldige")
        }
        try #require(try town.pejling("up", "--once").code == 0)
        let before = (ledger: try town.verify(), log: try lines(town, "nodes/OKF"))
        try replace(town, "nodes/OKF", by: "old")
        #expect(try lines(town, "nodes/OKF").count < before.log.count)
        let up = try town.pejling("up", "--once")
        #expect(up.code == 0, "\(up.errors)")
        #expect(try town.verify() == before.ledger, "nothing lost, nothing twice")
        #expect(try lines(town, "nodes/OKF") == before.log)
        try handIn(town, "Og mere")
        try #require(try town.pejling("up", "--once").code == 0)
        #expect(try town.verify().records == before.ledger.records + 3)
    }

    @Test(
        "a fork ends with \u{201C}diverged\u{201D}, is kept as evidence, and goes on with the right copy by an operator's word"
    )
    func fork() throws {
        let town = try Town.made()
        try copy(town, "nodes/OKF", "old")
        try handIn(town, "Det ene")
        try #require(try town.pejling("up", "--once").code == 0)
        try copy(town, "nodes/OKF", "right")
        let before = try town.verify().records
        try replace(town, "nodes/OKF", by: "old")
        try handIn(town, "Det andet")
        let forked = try lines(town, "nodes/OKF")
        let up = try town.pejling("up", "--once", "--patience", "10")
        #expect(up.code == 3)
        #expect(up.errors.contains("not heard: ØKF") && up.errors.contains("diverged"), "\(up.errors)")
        #expect(try town.verify().records == before + 1, "the evidence, and nothing else")
        #expect(try lines(town, "nodes/OKF") == forked, "nothing was overwritten")
        // The right copy alone does not do: the key is quarantined, and `plugin list` names the way out.
        try replace(town, "nodes/OKF", by: "right")
        let held = try town.pejling("up", "--once", "--patience", "10")
        #expect(held.code == 3 && held.errors.contains("key is quarantined"), "\(held.errors)")
        let log = try #require(try lines(town, "nodes/OKF").first?.envelope.log)
        #expect(try town.pejling("plugin", "list").output.contains("pejling ledger admit-log ØKF"))
        // With nothing running it is known who waited.
        try refusesUnknown(town, saying: "Waiting: ØKF with \(log)")
        let word = try town.pejling("ledger", "admit-log", "okf", log)
        #expect(word.code == 0 && word.output.contains("ØKF goes on with log \(log)"), "\(word.errors)")
        let again = try town.pejling("up", "--once")
        #expect(again.code == 0, "\(again.errors)")
        #expect(try town.verify().records == before + 2)
    }

    /// One wrong digit does not make a publisher wait that is well.
    private func refusesUnknown(_ town: Town, saying words: String) throws {
        let before = try town.verify()
        let said = try town.pejling("ledger", "admit-log", "BIF", "0123456789abcdef0123456789abcdef")
        #expect(said.code == 1 && said.errors.contains(words) && said.errors.contains("--yes"), "\(said.errors)")
        #expect(try town.verify() == before)
    }

    @Test(
        "a node rebuilt without its log is pending, not in a crash loop; admitted while all runs, it is heard within 10 s"
    )
    func rebuilt() throws {
        let town = try Town.made()
        try handIn(town, "Før disken gik")
        try #require(try town.pejling("up", "--once").code == 0)
        let before = try town.verify().records
        let first = try #require(try lines(town, "nodes/OKF").first?.envelope.log)
        for file in try FileManager.default.contentsOfDirectory(atPath: "\(town.folder)/var/nodes/OKF")
        where file.hasSuffix(".sqlite") || file.contains(".sqlite-") {
            try FileManager.default.removeItem(atPath: "\(town.folder)/var/nodes/OKF/\(file)")
        }
        let up = try town.up("--patience", "10")
        #expect(up.errors.contains("not heard: ØKF"), "\(up.errors)")
        let state = try #require(try town.state().plugins.first { $0.publisher == "ØKF" })
        #expect((state.condition, state.restarts) == ("pending", 0))
        let log = try #require(try lines(town, "nodes/OKF").first?.envelope.log)
        #expect(log != first)
        let list = try town.pejling("plugin", "list").output
        #expect(
            list.contains("pending: ØKF comes with another log") && list.contains("admit-log ØKF \(log)"), "\(list)")
        #expect(try town.verify().records == before)
        let wrong = try town.pejling("ledger", "admit-log", "ØKF", "9f2c")
        #expect(wrong.code == 1 && wrong.errors.contains("is no log"))
        #expect(try town.pejling("ledger", "admit-log", "KKF", log).errors.contains("no log of KKF"))
        try refusesUnknown(town, saying: "Waiting: ØKF with \(log)")
        let word = try town.pejling("ledger", "admit-log", "ØKF", log)
        #expect(word.code == 0 && word.output.contains("a new one"), "\(word.errors)")
        try eventually("ØKF is heard", 10) {
            let plugin = try town.state().plugins.first { $0.publisher == "ØKF" }
            return plugin?.heard == true && plugin?.restarts == 0
        }
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        let ledger = try town.pejling("ledger", "verify")
        #expect(ledger.code == 0, "\(ledger.errors)")
        #expect(try town.verify().records > before + 1)
        let shown = try town.pejling("show", Self.id)
        #expect(shown.output.contains("Før disken gik"), "nothing of the first log is lost")
    }

    private func sql(_ town: Town, _ file: String, _ text: String) throws -> [String] {
        let said = try town.run("/usr/bin/sqlite3", ["-cmd", ".timeout 5000", "var/\(file)", text])
        try #require(said.code == 0, "\(said.errors)")
        return said.output.split(separator: "\n").map(String.init)
    }

    /// What publishers said, by name and hash.
    private func said(_ town: Town) throws -> Set<String> {
        Set(
            try sql(
                town, "broker/ledger.sqlite",
                "SELECT publisher, log, seq, hex(hash) FROM record WHERE publisher <> 'broker'"))
    }

    /// Whether the coordinator's copy is one of the ledger: the root at its place is the ledger's.
    private func isCopy(_ town: Town) throws -> Bool {
        let copy = try Replica(folder: town.folder + "/var/coordinator", create: false, readOnly: true)
        let (position, root) = (try copy.position(), try copy.root())
        let held = try sql(
            town, "broker/ledger.sqlite", "SELECT lower(hex(root)) FROM record WHERE position = \(position)")
        return try position >= town.verify().records - 1 && held == [root?.hex ?? ""]
    }

    /// No copy of the feed has this record any more: none says what follows it.
    private func forget(_ town: Town, _ position: Int64) throws {
        for (group, file, table) in [("nodes", "replica", "line"), ("policies", "log", "feed_line")] {
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(town.folder)/var/\(group)") {
                _ = try sql(
                    town, "\(group)/\(name)/\(file).sqlite", "DELETE FROM \(table) WHERE position = \(position)")
            }
        }
        _ = try sql(town, "coordinator/replica.sqlite", "DELETE FROM line WHERE position = \(position)")
    }

    private func aside(_ town: Town, _ file: String) throws -> [String] {
        try sql(town, file, "SELECT name FROM sqlite_master WHERE name GLOB 'aside_*'")
    }

    @Test(
        "a ledger restored from a backup gets back what came after: from copies of the feed as it was, else by its publishers; copies that are ahead, or of the other history, are kept aside and read again",
        arguments: [true, false])
    func ledger(isInCopies: Bool) throws {
        let town = try Town.made()
        let backup = try town.pejling("ledger", "backup", "--out", "copy")
        try #require(backup.code == 0, "\(backup.errors)")
        let copied = try town.verify().records
        try handIn(town, "Efter kopien")
        let up = try town.up()
        let held = try town.pejling("ledger", "restore", "--from", "copy")
        #expect(held.code == 1 && held.errors.contains("is held by another broker (process "), "\(held.errors)")
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        let (before, logs, all) = (try town.verify().records, try lines(town, "nodes/OKF"), try said(town))
        let root = try town.verify().root
        try #require(before > copied)
        try copy(town, "coordinator/replica.sqlite", "ahead.sqlite")
        let restored = try town.pejling("ledger", "restore", "--from", "copy")
        #expect(restored.code == 0, "\(restored.errors)")
        for part in ["a ledger of \(copied) records", "(it held \(before) records) is kept in", "next: `pejling up`"] {
            #expect(restored.output.contains(part), "\(restored.output)")
        }
        #expect(try town.verify().records == copied)
        if !isInCopies { try forget(town, copied) }
        let again = try town.pejling("up", "--once")
        #expect(again.code == 0, "\(again.errors)")
        if isInCopies {
            #expect(again.errors.contains("the ledger was made anew, "), "\(again.errors)")
            #expect(try town.verify().root == root)
        }
        #expect(try said(town).isSuperset(of: all), "what the copy did not hold is handed in again")
        #expect(try lines(town, "nodes/OKF") == logs)
        #expect(try town.pejling("show", Self.id).output.contains("Efter kopien"))
        #expect(try isCopy(town))
        for file in ["coordinator/replica.sqlite", "nodes/OKF/replica.sqlite", "policies/lgbti/log.sqlite"] {
            #expect(try aside(town, file).count == (isInCopies ? 0 : 1), "\(file)")
        }
        if isInCopies { return }
        // A copy that comes back when the ledger has long passed its place: only the root tells.
        try handIn(town, "Og mere")
        try #require(try town.pejling("up", "--once").code == 0)
        try #require(try town.verify().records >= before)
        for end in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: "\(town.folder)/var/coordinator/replica.sqlite\(end)")
        }
        try replace(town, "coordinator/replica.sqlite", by: "ahead.sqlite")
        #expect(try !isCopy(town))
        let last = try town.pejling("up", "--once")
        #expect(last.code == 0, "\(last.errors)")
        #expect(try isCopy(town))
        #expect(try aside(town, "coordinator/replica.sqlite").count == 1)
        #expect(try town.state().plugins.allSatisfy { $0.restarts == 0 }, "in the same process")
    }

    @Test(
        "a ledger that is gone is restored by the guide's words, and what the coordinator said after the copy is in it again; a key revoked since stays so where a copy of the feed has it, else it is in force until it is revoked again",
        arguments: [true, false])
    func coordinatorsWord(isInCopies: Bool) throws {
        let town = try Town()
        let up = try town.up("--remote", "SOF")
        try #require(try town.pejling("ledger", "backup", "--out", "copy").code == 0)
        let copied = try town.verify().records
        for words in [
            ["exempt", "lgbti/2019", "SUF", "--as", "OKF", "--until", "2027-03-01", "--reason", "Flytning"],
            [
                "decide", "lgbti", "--as", "OKF", "--body", "BIU", "--date", "2026-11-20", "--item", "4", "--text",
                "Udvides",
            ],
        ] {
            let said = try town.pejling(words)
            #expect(said.code == 0, "\(said.output)\(said.errors)")
        }
        #expect(try town.pejling("keys", "revoke", "TMF", "--reason", "stjålet").code == 0)
        try eventually("all of it is in the ledger", 15) { try town.verify().records >= copied + 3 }
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        func words() throws -> [String] {
            try sql(
                town, "broker/ledger.sqlite",
                "SELECT publisher || ' ' || log || ' ' || seq || ' ' || hex(hash) FROM record WHERE publisher = 'coordinator' ORDER BY seq"
            )
        }
        let before = try words()
        for end in ["", "-wal", "-shm"] { unlink("\(town.folder)/var/broker/ledger.sqlite\(end)") }
        let lost = try town.pejling("up", "--once")
        #expect(lost.code == 1 && lost.errors.contains("is gone"), "\(lost.errors)")
        let restored = try town.pejling("ledger", "restore", "--from", "copy")
        #expect(restored.code == 0 && restored.output.contains("keys list"), "\(restored.errors)")
        #expect(try words().count == before.count - 2)
        if !isInCopies { try forget(town, copied) }
        let again = try town.pejling("up", "--once", "--remote", "SOF")
        #expect(again.code == (isInCopies ? 3 : 0), "TMF is not heard: \(again.errors)")
        #expect(try words() == before, "the same records, each once")
        let shown = try town.pejling("show", "lgbti/2019").output + town.pejling("show", "lgbti").output
        #expect(shown.contains("Flytning") && shown.contains("Udvides"), "\(shown)")
        let listed = try town.pejling("keys", "list")
        let keys = listed.output.split(separator: "\n").first { $0.hasPrefix("TMF") }
        #expect(keys?.contains("revoked") == isInCopies, "\(keys ?? "")")
        let isSaid = listed.errors.contains("had records of the ledger up to position")
        #expect(isSaid != isInCopies, "\(listed.errors)")
        if isInCopies {
            let tmf = try #require(try town.state().plugins.first { $0.publisher == "TMF" })
            #expect(tmf.restarts == 0 && tmf.cause?.contains("was revoked (stjålet)") == true, "\(tmf)")
        }
    }

    @Test("while a restore is interrupted, `ledger verify` and `up` say so and what helps")
    func interrupted() throws {
        let town = try Town.made()
        // As a kill leaves it: the marker, and the old ledger and keys moved aside.
        try Data("\(town.folder)/var/broker/replaced".utf8).write(
            to: URL(fileURLWithPath: town.folder + "/var/broker/restore.unfinished"))
        try FileManager.default.removeItem(atPath: town.folder + "/var/broker/sign.key")
        for command in [["ledger", "verify"], ["up", "--once"]] {
            let said = try town.pejling(command)
            #expect(
                said.code == 1 && said.errors.contains("was interrupted: run the same `pejling ledger restore` again"),
                "\(command): \(said.errors)")
        }
        // Whoever only looks at the keys makes none in the place of one that is gone.
        let shown = try town.pejling("keys", "show")
        #expect(shown.code == 1 && shown.errors.contains("sign.key is gone"), "\(shown)")
        #expect(!FileManager.default.fileExists(atPath: town.folder + "/var/broker/sign.key"))
    }

    @Test("one node's backup is put in place by a command, and the node goes on as one restored by hand does")
    func node() throws {
        let town = try Town.made()
        try #require(try town.pejling("ledger", "backup", "--node", "okf", "--out", "okf").code == 0)
        try handIn(town, "Efter kopien")
        try #require(try town.pejling("up", "--once").code == 0)
        let before = (ledger: try town.verify(), log: try lines(town, "nodes/OKF"))
        let restored = try town.pejling("ledger", "restore", "--node", "ØKF", "--from", "okf")
        #expect(restored.code == 0 && restored.output.contains("is kept in"), "\(restored.errors)")
        #expect(try lines(town, "nodes/OKF").count < before.log.count)
        let up = try town.pejling("up", "--once")
        #expect(up.code == 0, "\(up.errors)")
        #expect(try town.verify() == before.ledger, "nothing lost, nothing twice")
        #expect(try lines(town, "nodes/OKF") == before.log)
    }
}
