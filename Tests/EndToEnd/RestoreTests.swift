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
        let town = try Town()
        try #require(try town.pejling("up", "--once").code == 0)
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
        let town = try Town()
        try #require(try town.pejling("up", "--once").code == 0)
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
        let word = try town.pejling("ledger", "admit-log", "okf", log)
        #expect(word.code == 0 && word.output.contains("ØKF goes on with log \(log)"), "\(word.errors)")
        let again = try town.pejling("up", "--once")
        #expect(again.code == 0, "\(again.errors)")
        #expect(try town.verify().records == before + 2)
    }

    @Test(
        "a node rebuilt without its log is pending, not in a crash loop; admitted while all runs, it is heard within 10 s"
    )
    func rebuilt() throws {
        let town = try Town()
        try #require(try town.pejling("up", "--once").code == 0)
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
        #expect(list.contains("pending: ØKF comes with a log") && list.contains("admit-log ØKF \(log)"), "\(list)")
        #expect(try town.verify().records == before)
        let wrong = try town.pejling("ledger", "admit-log", "ØKF", "9f2c")
        #expect(wrong.code == 1 && wrong.errors.contains("is no log"))
        #expect(try town.pejling("ledger", "admit-log", "KKF", log).errors.contains("no log of KKF"))
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
}
