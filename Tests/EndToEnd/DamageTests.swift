import Foundation
import Glibc
import Testing

@Suite("A ledger damaged in the middle", .serialized, .oneAtATime)
struct DamageTests {
    /// Changes the text of one record of BIF behind everybody's back, as a disk may; returns its position and what stood there.
    private func damage(_ town: Town, publisher: String = "BIF", offset: Int = 4) throws -> (
        position: String, line: String
    ) {
        let place =
            "(SELECT position FROM record WHERE publisher = '\(publisher)' ORDER BY position LIMIT 1 OFFSET \(offset))"
        let before = try sql(town, "SELECT position || ' ' || hex(line) FROM record WHERE position = \(place)")
        _ = try sql(
            town,
            "UPDATE record SET line = CAST(replace(CAST(line AS TEXT), '{', '[') AS BLOB) WHERE position = \(place)")
        let parts = before.split(separator: " ").map(String.init)
        try #require(parts.count == 2)
        return (parts[0], parts[1])
    }

    private func sql(_ town: Town, _ text: String) throws -> String {
        let said = try town.run("/usr/bin/sqlite3", ["-cmd", ".timeout 5000", "var/broker/ledger.sqlite", text])
        try #require(said.code == 0, "\(said.errors)")
        return said.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func evidence(_ town: Town) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: town.folder + "/var/broker").filter {
            $0.hasPrefix("damaged-")
        }
    }

    @Test(
        "found at the start: its publisher gives it back, the others are heard, the damaged file is kept, and it shows")
    func atStart() throws {
        let town = try Town()
        try #require(try town.pejling("up", "--once").code == 0)
        let before = try town.verify()
        let (position, line) = try damage(town)
        let broken = try town.pejling("ledger", "verify")
        #expect(broken.code != 0 && broken.errors.contains("position \(position)"), "\(broken.errors)")
        let up = try town.up()
        try eventually("it is mended") {
            try sql(town, "SELECT hex(line) FROM record WHERE position = \(position)") == line
        }
        try eventually("stat says so") {
            try town.pejling("stat").output.contains("1 damaged records of the ledger were mended")
        }
        #expect(try town.pejling("stat", "--format", "prometheus").output.contains("pejling_ledger_mended_records 1"))
        up.interrupt()
        #expect(try up.wait(10) == 0, "\(up.errors)")
        #expect(try town.verify() == before, "nothing lost, nothing twice")
        // The copy is the file as it was found.
        let kept = try #require(try evidence(town).first)
        let copy = try town.run(
            "/usr/bin/sqlite3",
            ["var/broker/\(kept)/ledger.sqlite", "SELECT hex(line) FROM record WHERE position = \(position)"])
        #expect(copy.code == 0 && copy.output.contains("5B") && !copy.output.hasPrefix(line), "\(copy.errors)")
        #expect(try evidence(town).count == 1)
    }

    @Test("found while all runs, by reading again: it stops nobody else, and is mended")
    func whileRunning() throws {
        let town = try Town()
        try #require(try town.pejling("up", "--once").code == 0)
        let before = try town.verify()
        let broker = try town.start(
            town.executables + "/pejling", ["broker", "--verify-every", "0.0002", "--verbose"])
        try eventually("all are heard", 30) {
            try town.state().pid == broker.pid && town.state().plugins.allSatisfy(\.heard)
        }
        let (position, line) = try damage(town)
        try eventually("it is found and mended", 30) {
            try sql(town, "SELECT hex(line) FROM record WHERE position = \(position)") == line
        }
        #expect(broker.errors.contains("damaged:") && broker.errors.contains("mended: BIF/"), "\(broker.errors)")
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
        "a record of the broker's own, damage beside a line, a signature behind one that could be mended: it does not start, says what helps, and changes nothing"
    )
    func notMendable() throws {
        for change in [
            "UPDATE record SET line = x'00' WHERE position = 2",
            "UPDATE record SET received = '2030-01-01T00:00:00.000Z' WHERE position = 40",
            "UPDATE record SET line = x'00' WHERE publisher = 'BIF' AND seq = 2; UPDATE signature SET signature = '00' WHERE publisher = 'coordinator'",
        ] {
            let town = try Town()
            try #require(try town.pejling("up", "--once").code == 0)
            _ = try sql(town, change)
            // The rows: a start moves the write-ahead log into the file.
            let rows = try sql(town, "SELECT *, hex(line) FROM record")
            let broker = try town.run(town.executables + "/pejling", ["broker"], bound: 20)
            #expect(broker.code != 0 && broker.errors.contains("restore a backup"), "\(broker.errors)")
            try refusesWords(town, "restore a backup")
            #expect(try sql(town, "SELECT *, hex(line) FROM record") == rows)
        }
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
        let town = try Town()
        try #require(try town.pejling("up", "--once").code == 0)
        let broker = town.folder + "/var/broker"
        try FileManager.default.copyItem(atPath: broker + "/ledger.sqlite", toPath: town.folder + "/older")
        let said = try town.pejling(
            "status", "lgbti/bif/tryg-indkvartering", "--node", "bif", "--follow-up", "lgbti/2019", "--delivery",
            "on_track", "--reason", "Nyt", "--done", "Der er en bolig", "--hand-in")
        #expect(said.code == 0, "\(said.errors)")
        try #require(try town.pejling("up", "--once").code == 0)
        for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] { unlink("\(broker)/\(name)") }
        try FileManager.default.copyItem(atPath: town.folder + "/older", toPath: broker + "/ledger.sqlite")
        let rows = try sql(town, "SELECT *, hex(line) FROM record")
        let verified = try town.pejling("ledger", "verify")
        #expect(verified.code == 1 && verified.errors.contains("its end is lost"), "\(verified.errors)")
        try refusesWords(town, "its end is lost")
        #expect(try sql(town, "SELECT *, hex(line) FROM record") == rows)
    }
}
