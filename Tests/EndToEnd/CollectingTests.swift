import Foundation
import Ledger
import PolicyModel
import Testing
import Wire

/// Collecting from the officer to the acceptance, through real processes.
@Suite("Collecting, as its users do it", .serialized, .oneAtATime)
struct CollectingTests {
    private let policy = "lgbti/2019"

    private func items(_ town: Town, _ arguments: String...) throws -> [String: String] {
        let result = try town.pejling(
            ["due", "--all", "--follow-up", "lgbti/2019", "--on", "2020-01-15", "--format", "json"] + arguments)
        try #require(result.code == 0, "\(result.errors)")
        let list = try JSONDecoder().decode(DueList.self, from: Data(result.output.utf8))
        var states: [String: String] = [:]
        for entry in list.entries where entry.forvaltning == "TMF" {
            for item in entry.items {
                states[item.about] = item.state.rawValue + (item.changedSinceApproval ? "!" : "")
            }
        }
        return states
    }

    private func status(_ town: Town, _ id: String, _ delivery: String = "on_track", _ more: String...) throws {
        let result = try town.pejling(
            ["status", id, "--node", "TMF", "--follow-up", policy, "--delivery", delivery, "--done", "Gjort"] + more)
        #expect(result.code == 0, "\(result.errors)")
    }

    @Test(
        "drafts, hand-in, return of one thing, approval, acceptance, and what is changed after it; node and coordinator agree"
    )
    func course() throws {
        let town = try Town.made()
        let ids = try items(town, "--node", "TMF").keys.sorted()
        #expect(ids.count == 3)
        // Offline: drafts are seen at the node only.
        for id in ids { try status(town, id, "on_track", "--reason", "Nyt år") }
        #expect(try Set(items(town, "--node", "TMF").values) == ["draft"])
        #expect(try Set(items(town).values) == ["missing"])
        #expect(try town.pejling("approve", policy, "--node", "TMF").errors.contains("hand in first"))
        #expect(try town.pejling("hand-in", policy, "--node", "TMF", "--person", "p9").code == 0)
        #expect(try Set(items(town, "--node", "TMF").values) == ["handed_in"])
        #expect(try Set(items(town).values) == ["missing"], "the broker has not got it yet")
        let up = try town.up()
        func agree(_ states: [String: String]) throws {
            try eventually("both see \(states)", 10) { try items(town) == states }
            try eventually("the node sees \(states)", 10) { try items(town, "--node", "TMF") == states }
        }
        try agree(Dictionary(uniqueKeysWithValues: ids.map { ($0, "handed_in") }))
        // The coordinating forvaltning sends one thing back; nobody else may.
        let foreign = try town.pejling("return", policy, "TMF", "--as", "BIF", "--note", "Nej")
        #expect(foreign.code == 1 && foreign.errors.contains("ØKF"), "\(foreign.errors)")
        let back = try town.pejling(
            "return", policy, "TMF", "--as", "OKF", "--about", ids[0], "--note", "Hvor mange pladser?")
        #expect(back.code == 0, "\(back.errors)")
        try agree([ids[0]: "returned", ids[1]: "handed_in", ids[2]: "handed_in"])
        let list = try town.pejling("due", "--node", "TMF", "--follow-up", policy)
        #expect(list.output.contains("Hvor mange pladser?"), "\(list.output)")
        #expect(try town.pejling("accept", policy, "TMF", "--as", "OKF").code == 1, "nothing is approved")
        try status(town, ids[0], "on_track", "--hand-in")
        #expect(try town.pejling("approve", policy, "--node", "TMF", "--person", "chef").code == 0)
        try agree(Dictionary(uniqueKeysWithValues: ids.map { ($0, "approved") }))
        let accepted = try town.pejling("accept", policy, "TMF", "--as", "ØKF")
        #expect(accepted.code == 0, "\(accepted.errors)")
        try agree(Dictionary(uniqueKeysWithValues: ids.map { ($0, "accepted") }))
        // A correction after it is changed since approval, for both.
        try status(town, ids[1], "delayed", "--reason", "Sygdom", "--hand-in")
        try agree([ids[0]: "accepted", ids[1]: "handed_in!", ids[2]: "accepted"])
        // And taken back, it is as if never said.
        let gone = try town.pejling("withdraw", ids[2], "--follow-up", policy, "--node", "TMF", "--reason", "Forkert")
        #expect(gone.code == 0, "\(gone.errors)")
        try agree([ids[0]: "accepted", ids[1]: "handed_in!", ids[2]: "missing"])
        up.interrupt()
        #expect(try up.wait(10) == 0)
        _ = try town.verify()
    }

    @Test(
        "a node that was away shows the right list soon after it is back: what was returned, and that it has more time")
    func away() throws {
        let town = try Town.made()
        let ids = try items(town, "--node", "TMF").keys.sorted()
        for id in ids { try status(town, id, "on_track", "--reason", "Nyt år") }
        try #require(try town.pejling("hand-in", policy, "--node", "TMF").code == 0)
        try #require(try town.pejling("up", "--once").code == 0)
        // TMF's machine is off for a week; the others go on.
        let manifest = town.folder + "/Plugins/Forvaltninger/TMF"
        try FileManager.default.moveItem(atPath: manifest, toPath: town.folder + "/TMF-away")
        var up = try town.up()
        let others = try town.run(
            "/bin/sh",
            [
                "-c",
                "for i in $(seq 400); do echo '{\"status\":{\"about\":\"lgbti/bif/tryg-indkvartering\",\"follow_up\":\"lgbti/2019\",\"delivery\":\"on_track\"}}'; done | \(town.executables)/pejling enter --node BIF",
            ])
        #expect(others.code == 0, "\(others.errors)")
        #expect(try town.pejling("return", policy, "TMF", "--as", "OKF", "--note", "Se igen på alle tre").code == 0)
        let exempt = try town.pejling(
            "exempt", policy, "TMF", "--as", "OKF", "--until", "2020-02", "--reason", "Flytning")
        #expect(exempt.code == 0, "\(exempt.errors)")
        try eventually("the coordinator has it", 20) {
            try Set(items(town).values) == ["returned"]
                && town.pejling("due", "--follow-up", policy, "--on", "2020-01-15").output.contains("Flytning")
        }
        up.interrupt()
        #expect(try up.wait(10) == 0)
        #expect(try Set(items(town, "--node", "TMF").values) == ["handed_in"], "it knows nothing of it yet")
        try FileManager.default.moveItem(atPath: town.folder + "/TMF-away", toPath: manifest)
        up = try town.up()
        try eventually("the node's list is right", 5) { try Set(items(town, "--node", "TMF").values) == ["returned"] }
        let list = try town.pejling("due", "--node", "TMF", "--follow-up", policy, "--on", "2020-01-15")
        #expect(list.output.contains("Flytning") && list.output.contains("Se igen på alle tre"), "\(list.output)")
        up.interrupt()
        #expect(try up.wait(10) == 0)
    }

    @Test("two officers at once: both are in the log, one after the other, and the chain holds")
    func atOnce() throws {
        let town = try Town.made()
        let ids = try items(town, "--node", "TMF").keys.sorted()
        for round in 1...3 {
            let officers = try ids.enumerated().map { index, id in
                try Running(
                    town.executables + "/pejling",
                    [
                        "status", id, "--node", "TMF", "--follow-up", policy, "--delivery", "on_track", "--reason", "x",
                        "--done", "\(round)", "--hand-in", "--person", "p\(index)",
                    ], in: town.folder)
            }
            for officer in officers { #expect(try officer.wait(60) == 0, "\(officer.errors)") }
        }
        try #require(try town.pejling("up", "--once").code == 0)
        _ = try town.verify()
        let log = try PublisherLog(
            folder: town.folder + "/var/nodes/TMF", publisher: "TMF", synthetic: false, create: false)
        let said = try log.look { try $0.lines(of: [.status]) }.filter { $0.envelope.id.hasSuffix("|\(policy)") }
        #expect(said.count == 9)
        #expect(try Set(items(town).values) == ["handed_in"])
    }

    @Test(
        "a disk that is full at the node is said, and neither draft nor record is half there",
        .enabled(if: getuid() == 0, "skipped: only root may mount a small disk"))
    func fullDisk() throws {
        let town = try Town.made()
        let id = try #require(try items(town, "--node", "TMF").keys.sorted().first)
        let folder = town.folder + "/var/nodes/TMF"
        let moved = town.folder + "/moved"
        try FileManager.default.moveItem(atPath: folder, toPath: moved)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let mount = try town.run("/bin/mount", ["-t", "tmpfs", "-o", "size=2m", "none", folder])
        try #require(mount.code == 0, "\(mount.errors)")
        defer { _ = try? town.run("/bin/umount", [folder]) }
        _ = try town.run("/bin/sh", ["-c", "cp -a \(moved)/. \(folder)/"])
        let fill = try town.run("/bin/sh", ["-c", "dd if=/dev/zero of=\(folder)/filler bs=1k 2>/dev/null; true"])
        #expect(fill.code == 0)
        let long = String(repeating: "Langt svar. ", count: 4000)
        let said = try town.pejling(
            "status", id, "--node", "TMF", "--follow-up", policy, "--delivery", "on_track", "--reason", "x", "--done",
            long,
            "--hand-in")
        #expect(said.code == 1 && said.errors.contains("saved nothing"), "\(said.output) \(said.errors)")
        try FileManager.default.removeItem(atPath: folder + "/filler")
        #expect(try items(town, "--node", "TMF")[id] == "missing")
        try status(town, id, "on_track", "--reason", "x", "--hand-in")
        #expect(try items(town, "--node", "TMF")[id] == "handed_in")
    }
}
