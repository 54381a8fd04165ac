import Foundation
import Glibc
import Ledger
import PluginKit
import PolicyModel
import Testing
import TortureKit
import Wire

/// `stat`, `doctor` and `plugin list` on a node's own machine: no broker has its ledger there.
@Suite("How a node stands, on its own machine", .serialized, .oneAtATime)
struct NodeStatTests {
    struct Shown: Decodable {
        struct Publisher: Decodable {
            let publisher: String
            let state: String
            let pid: Int32?
            let connection: String?
            let seq: Int64
            let durable: Int64
            let unsent: Int64
            let unsent_bytes: Int64
            let max_unsent_bytes: Int64?
            let turned_away: String?
            let cause: String?
        }
        let publishers: [Publisher]
        let marks: [String]
    }

    @Test(
        "connected or not, what waits, and the room for it: as a table, JSON, metrics and exit code, with the node running or not"
    )
    func alone() throws {
        let lone = try LoneNode()
        let town = lone.stand.town
        try town.edit("Config/pejling.yaml") { $0 + "max_unsent_mib: 1\n" }
        func stat(_ arguments: String...) throws -> Town.Result {
            try town.pejling(["stat", "--data", lone.data.path] + arguments)
        }
        func shown() throws -> (node: Shown.Publisher, marks: [String]) {
            let shown = try JSONDecoder().decode(Shown.self, from: Data(try stat("--format", "json").output.utf8))
            return (try #require(shown.publishers.first), shown.marks)
        }
        var entered = try lone.enter(3)
        let still = try stat("--check")
        #expect(still.code == 1 && still.output.contains("! BIF does not run here: 3 records wait"), "\(still)")
        #expect(!FileManager.default.fileExists(atPath: lone.data.broker), "nothing of a broker is made")
        // An empty folder of that name is no broker either.
        try FileManager.default.createDirectory(atPath: lone.data.broker, withIntermediateDirectories: false)

        let node = try lone.start()
        try eventually("it is connected, and nothing waits") {
            let (it, marks) = try shown()
            return it.connection == "connected" && it.unsent == 0 && it.durable == it.seq && marks.isEmpty
        }
        let (calm, _) = try shown()
        #expect(calm.publisher == "BIF" && calm.state == "running" && calm.pid == node.pid && calm.seq > entered)
        #expect(calm.max_unsent_bytes == 1 << 20)
        #expect(try lone.log.head().seq == calm.seq)
        let table = try stat("--check")
        #expect(
            table.code == 0
                && table.output.contains(
                    "BIF: process \(node.pid), running; connected, \(lone.stand.endpoint), heard now"),
            "\(table.output)")
        #expect(table.output.contains("log \(lone.log.log): record \(calm.seq), durable \(calm.seq), unsent 0"))
        // Free space differs from one look to the next.
        func withoutDisk(_ text: String) -> [Substring] {
            text.split(separator: "\n").filter { !$0.hasPrefix("disk:") }
        }
        let list = try town.pejling("plugin", "list", "--data", lone.data.path).output
        #expect(withoutDisk(list) == withoutDisk(table.output), "\(list)")
        let doctor = try town.pejling("doctor", "--data", lone.data.path)
        #expect(doctor.code == 0 && doctor.output.contains("BIF: running as process \(node.pid)"), "\(doctor)")
        let keys = try town.pejling("keys", "list", "--data", lone.data.path)
        #expect(
            keys.code == 1 && keys.output.isEmpty
                && keys.errors.contains(
                    "is of BIF (broker \(lone.stand.endpoint)). Who is enrolled stands in the ledger"),
            "\(keys)")
        let metrics = try stat("--format", "prometheus").output
        for line in ["connected{publisher=\"BIF\"} 1", "publisher_up{publisher=\"BIF\"} 1", "marks 0"] {
            #expect(metrics.contains("\npejling_\(line)\n"), "\(line) in \(metrics)")
        }

        try lone.stand.killBroker()
        entered = try lone.enter(3000)
        try eventually("the broker is missed, and the room runs out") {
            let (it, marks) = try shown()
            return it.connection == "lost" && it.unsent == entered && marks.count == 2
        }
        let alone = try stat("--check")
        #expect(alone.code == 1, "\(alone.output)")
        #expect(
            alone.output.contains(#/! BIF has no word from ipc:\S+ for \d+ s: 3000 records wait/#), "\(alone.output)")
        #expect(alone.output.contains("at most 1 MiB may wait"), "\(alone.output)")
        let worried = try stat("--format", "prometheus").output
        for line in ["connected{publisher=\"BIF\"} 0", "unsent_records{publisher=\"BIF\"} 3000", "marks 2"] {
            #expect(worried.contains("\npejling_\(line)\n"), "\(line) in \(worried)")
        }
        #expect(try town.pejling("doctor", "--data", lone.data.path).output.contains("PROBLEM  BIF has no word from"))

        node.kill()
        _ = try node.wait(10)
        #expect(try stat().output.contains("! BIF does not run here: 3000 records wait"))
        try lone.stand.startBroker()
        let again = try lone.start()
        try eventually("all of it went out", 30) { try shown().node.unsent == 0 && shown().marks.isEmpty }
        again.interrupt()
        #expect(try again.wait(10) == 0)
        #expect(try stat().output.contains("! BIF does not run here: nothing waits in its log. Start its service"))
    }

    @Test(
        "while the disk of the broker is full, the machine of the node says so, and why; then no more",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func turnedAway() throws {
        let lone = try LoneNode(diskOf: 8)
        let town = lone.stand.town
        let disk = try #require(lone.stand.disk)
        func stat(_ arguments: String...) throws -> Town.Result {
            try town.pejling(["stat", "--data", lone.data.path] + arguments)
        }
        func shown() throws -> (node: Shown.Publisher, marks: [String]) {
            let shown = try JSONDecoder().decode(Shown.self, from: Data(try stat("--format", "json").output.utf8))
            return (try #require(shown.publishers.first), shown.marks)
        }
        let node = try lone.start()
        try eventually("it is connected, and nothing waits") {
            let (it, marks) = try shown()
            return it.connection == "connected" && it.unsent == 0 && marks.isEmpty
        }
        try disk.fill()
        // More than the page that the ledger may have left.
        let entered = try lone.enter(3000)
        try eventually("it says that it is turned away") { try shown().node.turned_away != nil }
        let (full, _) = try shown()
        #expect(
            full.connection == "connected" && full.unsent > 0 && full.turned_away?.contains("[storage.full]") == true)
        let marked = try stat("--check")
        #expect(marked.code == 1, "\(marked.output)")
        #expect(
            marked.output.contains(
                #/! ipc:\S+ turns the records of BIF away: .+ \[storage\.full\]\. \d+ records wait in its log/#),
            "\(marked.output)")
        #expect(
            try town.pejling("doctor", "--data", lone.data.path).output.contains(
                "PROBLEM  \(lone.stand.endpoint) turns"))
        #expect(try stat("--format", "prometheus").output.contains("\npejling_turned_away{publisher=\"BIF\"} 1\n"))
        disk.free()
        try eventually("they are taken, and nothing is said any more", 30) {
            let (it, marks) = try shown()
            return it.unsent == 0 && it.seq >= entered && it.turned_away == nil && marks.isEmpty
        }
        #expect(try stat("--check").code == 0)
        #expect(try stat("--format", "prometheus").output.contains("\npejling_turned_away{publisher=\"BIF\"} 0\n"))
        #expect(
            node.errors.contains("turns records away: ") && node.errors.contains("takes records again"),
            "\(node.errors)")
        node.interrupt()
        #expect(try node.wait(10) == 0)
    }

    @Test(
        "while the disk of a node is full it goes on and both machines say so; with room it keeps all that came, and no more is said",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func ownDiskFull() throws {
        let lone = try LoneNode(ownDiskOf: 8)
        let town = lone.stand.town
        let disk = try #require(lone.ownDisk)
        func stat(_ data: DataFolder) throws -> Town.Result { try town.pejling("stat", "--check", "--data", data.path) }
        func shown() throws -> NodeStatTests.Shown {
            try JSONDecoder().decode(
                Shown.self,
                from: Data(try town.pejling("stat", "--format", "json", "--data", lone.data.path).output.utf8))
        }
        let node = try lone.start()
        try eventually("it is connected, and nothing waits") {
            let it = try shown()
            return it.publishers.first?.connection == "connected" && it.publishers.first?.unsent == 0
        }
        try disk.fill()
        // What moves its place in the feed.
        let other = try #require(lone.stand.publishers.first { $0.code == "KFF" })
        other.start(.init(end: 40), seed: 1)
        try eventually("its own machine says so") { try shown().publishers.first?.cause != nil }
        let own = try stat(lone.data)
        #expect(own.code == 1, "\(own.output)")
        #expect(
            own.output.contains(
                #/! BIF cannot keep what comes from ipc:\S+, and goes on by itself when it can: \S+: no space left/#),
            "\(own.output)")
        try eventually("the broker's machine says so") {
            try stat(lone.stand.data).output.contains(
                #/! BIF cannot keep what comes, and goes on by itself when it can: \S+: no space left/#)
        }
        other.stop()
        try lone.stand.killBroker()
        try eventually("the broker is missed") { try shown().publishers.first?.connection == "lost" }
        try lone.stand.startBroker()
        try eventually("one that is started anew hears it, and that it is full", 30) {
            let marks = try stat(lone.stand.data).output
            return try marks.contains("! BIF cannot keep what comes")
                && shown().publishers.first?.connection == "connected"
        }
        #expect(node.isRunning && !node.errors.contains("Tried again in"), "\(node.errors)")
        #expect(throws: StoreError.self) { try lone.enter(3000) }
        disk.free()
        try eventually("nothing is said any more") {
            // That so small a disk has little left is said all the same.
            try ![lone.data, lone.stand.data].contains { try stat($0).output.contains("cannot keep what comes") }
        }
        let entered = try lone.enter(3)
        try eventually("what is entered then goes out") {
            let it = try shown().publishers.first
            return it?.unsent == 0 && it?.seq ?? 0 >= entered
        }
        #expect(node.errors.components(separatedBy: "waits in memory until there is room").count == 2, "\(node.errors)")
        #expect(node.errors.contains("there is room on the disk again"), "\(node.errors)")
        node.interrupt()
        #expect(try node.wait(10) == 0, "\(node.errors)")
        withExtendedLifetime(disk) {}
    }

    @Test("a node whose log waits for an operator's word says so, and not that it is not answered")
    func held() throws {
        let lone = try LoneNode()
        let town = lone.stand.town
        func stat(_ arguments: String...) throws -> Town.Result {
            try town.pejling(["stat", "--data", lone.data.path] + arguments)
        }
        var node = try lone.start()
        try eventually("the ledger has its log") {
            let said = try stat("--check")
            return said.code == 0 && said.output.contains(#/record [1-9]\d*, .+ unsent 0 /#)
        }
        node.interrupt()
        #expect(try node.wait(10) == 0)
        let folder = lone.folder(of: "BIF", .node)
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasPrefix("log.sqlite") {
            try FileManager.default.removeItem(atPath: "\(folder)/\(file)")
        }
        node = try lone.start()
        try eventually("it says what it waits for") { try stat().output.contains("does not hear BIF") }
        let said = try stat("--check")
        #expect(said.code == 1 && said.output.contains("running; held, "), "\(said.output)")
        let log = try #require(said.output.firstMatch(of: #/ledger admit-log BIF ([0-9a-f]{32}) \[log\.pending\]/#)).1
        #expect(node.errors.contains("does not hear us yet: ") && !node.errors.contains("no answer"), "\(node.errors)")
        let word = try town.pejling("ledger", "admit-log", "BIF", String(log))
        #expect(word.code == 0, "\(word.errors)")
        try eventually("it is heard, and nothing is said any more") { try stat("--check").code == 0 }
        node.interrupt()
        #expect(try node.wait(10) == 0)
    }

    @Test("what the broker refused is marked until somebody has looked at it; then no more, and the next one is")
    func refused() throws {
        let lone = try LoneNode()
        let town = lone.stand.town
        func pejling(_ words: String...) throws -> Town.Result {
            try town.pejling(words + ["--data", lone.data.path])
        }
        // Another's money.
        func enter() throws {
            _ = try lone.enter([
                PublisherLog.Draft(
                    kind: .funding, id: "lgbti/buf/normer|no_remark|", policy: "lgbti", by: Author(role: "officer"),
                    body: Array(#"{"initiative":"lgbti/buf/normer","state":"no_remark","budgets":[]}"#.utf8))
            ])
        }
        let node = try lone.start()
        try eventually("nothing is marked") { try pejling("stat", "--check").code == 0 }
        #expect(try pejling("refused").output.contains("nothing was refused that nobody has looked at"))
        for round in 1...2 {
            try enter()
            try eventually("it is marked") { try pejling("stat", "--check").code == 1 }
            let marked = try pejling("stat")
            #expect(
                marked.output.contains("! 1 records of BIF were refused for their content, and nobody has looked at"),
                "\(marked.output)")
            #expect(
                try pejling("stat", "--format", "prometheus").output.contains("new_dead_letters{publisher=\"BIF\"} 1\n")
            )
            let listed = try pejling("refused")
            let seq = try lone.log.head().seq
            #expect(
                listed.code == 0
                    && listed.output.contains("BIF/\(lone.log.log)/\(seq), funding lgbti/buf/normer|no_remark|: "),
                "\(listed.output)\(listed.errors)")
            #expect(listed.output.contains(" ["), "the rule: \(listed.output)")
            #expect(try pejling("stat", "--check").code == 0)
            #expect(try pejling("refused", "--all").output.matches(of: /funding lgbti/).count == round)
        }
        #expect(node.errors.contains("`pejling refused` says why"), "\(node.errors)")
        // A log that cannot be read hides none of another's, and is said.
        try enter()
        try eventually("it is marked") { try pejling("stat", "--check").code == 1 }
        let damaged = lone.data.path + "/nodes/AAA"
        try FileManager.default.createDirectory(atPath: damaged, withIntermediateDirectories: true)
        try String(repeating: "no database ", count: 1_000).write(
            toFile: damaged + "/log.sqlite", atomically: true, encoding: .utf8)
        let both = try pejling("refused", "--format", "json")
        let shown = try JSONSerialization.jsonObject(with: Data(both.output.utf8)) as? [[String: Any]]
        #expect(
            both.code == 1 && both.errors.contains(damaged) && shown?.map { $0["publisher"] as? String } == ["BIF"]
                && shown?.allSatisfy { $0["synthetic"] as? Bool == true } == true,
            "\(both.output)\(both.errors)")
        try FileManager.default.removeItem(atPath: damaged)
        #expect(try pejling("stat", "--check").code == 0)
        node.interrupt()
        #expect(try node.wait(10) == 0)
    }

    @Test(
        "a node that cannot write how it stands goes on and says why, and is marked when it has said nothing for minutes"
    )
    func speechless() throws {
        let lone = try LoneNode()
        let town = lone.stand.town
        let folder = lone.folder(of: "BIF", .node)
        let spare = folder + "/state.json.spare"
        try FileManager.default.createDirectory(atPath: spare, withIntermediateDirectories: false)
        let node = try lone.start()
        let entered = try lone.enter(3)
        try eventually("it does its work") { try lone.log.acked() >= entered }
        func stat(_ arguments: String...) throws -> Town.Result {
            try town.pejling(["stat", "--data", lone.data.path] + arguments)
        }
        let early = try stat("--check")
        #expect(early.code == 0 && early.output.contains("BIF: process \(node.pid), starting"), "\(early.output)")
        try eventually("it says why") { node.errors.contains("state.json cannot be written: Is a directory") }
        #expect(
            node.errors.contains("state.json.spare is no file") && node.errors.matches(of: /Is a directory/).count == 1)
        // As if it had held its folder for long.
        let lock = folder + "/lock"
        let text = try String(contentsOfFile: lock, encoding: .utf8)
        let late = text.replacing(#/, \d+ s after/#, with: ", \(uptime() - 400) s after")
        try #require(late != text)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: lock))
        try handle.write(contentsOf: Data((late + "   ").utf8))
        try handle.close()
        let marked = try stat("--check")
        #expect(
            marked.code == 1
                && marked.output.contains(
                    "! BIF has run for 6 min and has not said how it stands: it hangs at its start, or cannot write its state.json: "
                ), "\(marked.output)")
        #expect(marked.output.contains("state.json.spare is no file"), "\(marked.output)")
        rmdir(spare)
        try eventually("it says how it stands, and nothing is marked") {
            let said = try stat("--check")
            return said.code == 0 && said.output.contains("running; connected")
        }
        node.interrupt()
        #expect(try node.wait(10) == 0)
    }
}
