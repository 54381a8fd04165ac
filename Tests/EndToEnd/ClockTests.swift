import Foundation
import Ledger
import Testing

/// The clock of example data, through real processes.
@Suite("The clock of example data", .serialized, .oneAtATime)
struct ClockTests {
    @Test("every process puts the time of the clock into its records, while it runs and when it has stopped")
    func everyProcess() throws {
        let town = try Town()
        let up = try town.up("--synthetic", "--clock", "2019-01-02T07:00:00Z")
        let start = try records(in: town)
        #expect(start.count > 400)
        #expect(Set(start.map(\.at)) == ["2019-01-02T07:00:00Z"])
        #expect(Set(start.map(\.received)) == ["2019-01-02T07:00:00.000Z"])
        // Nodes, policies' plugins, coordinator and broker.
        #expect(Set(start.map(\.publisher)).count == 13)

        let set = try town.pejling("clock", "2019-12-05T09:30:00Z", "--data", "var")
        #expect(
            set.output.hasPrefix("2019-12-05T09:30:00Z  the clock of var, example (synthetic) data"), "\(set.errors)")
        func read(_ year: String) throws {
            let said = try town.pejling(
                "reading", "integration/beskaeftigelsesfrekvens", "--node", "BIF", "--period", year, "--value", "57",
                "--denominator", "41000")
            #expect(said.code == 0, "\(said.errors)")
        }
        try read("2019")
        // A node, and the plugin that judges what it said.
        try eventually("the goal is judged") {
            try records(in: town).contains { $0.publisher == "integration" && $0.at == "2019-12-05T09:30:00Z" }
        }
        let later = try records(in: town).dropFirst(start.count)
        #expect(later.contains { $0.publisher == "BIF" })
        #expect(Set(later.map(\.received)) == ["2019-12-05T09:30:00.000Z"])
        // 2020 has not begun, by this clock.
        let early = try town.pejling(
            "reading", "integration/beskaeftigelsesfrekvens", "--node", "BIF", "--period", "2020", "--value", "57",
            "--denominator", "41000")
        #expect(early.errors.contains("2020 has not begun"), "\(early.errors)")

        let back = try town.pejling("clock", "2019-12-05")
        #expect(back.code == 1)
        #expect(back.errors.contains("stands at 2019-12-05T09:30:00Z and cannot go back to 2019-12-05T00:00:00Z"))
        up.interrupt()
        #expect(try up.wait(10) == 0)
        #expect(try town.pejling("clock", "2020-12-01").code == 0)
        try read("2020")
        #expect(try town.pejling("up", "--synthetic", "--once").code == 0)
        #expect(try records(in: town).last { $0.publisher == "BIF" }?.at == "2020-12-01T00:00:00Z")
        _ = try town.verify()
    }

    @Test("real data has no such clock: it cannot be set, and a folder where one lies is not used")
    func real() throws {
        let town = try Town()
        let wrong = try town.pejling("up", "--clock", "2019-01-02", "--once")
        #expect(wrong.code == 64)
        #expect(wrong.errors.contains("real data goes by the system's clock. Add --synthetic"), "\(wrong.errors)")
        try #require(try town.pejling("up", "--once").code == 0)
        let shown = try town.pejling("clock")
        #expect(shown.output.contains("the system's clock: var holds real data"))
        let set = try town.pejling("clock", "2031-01-01")
        #expect(set.code == 1)
        #expect(set.errors.contains("var holds real data: its clock is the system's"))
        try "2019-01-02T07:00:00Z\n".write(toFile: town.folder + "/var/clock", atomically: true, encoding: .utf8)
        for command in [["up", "--once"], ["view", "matrix"], ["ledger", "verify"], ["clock"]] {
            let refused = try town.pejling(command)
            #expect(refused.code == 1)
            #expect(refused.errors.contains("var/clock sets a clock, and var holds real data"), "\(refused.errors)")
        }
    }

    private func records(in town: Town) throws -> [(publisher: String, at: String, received: String)] {
        var found: [(publisher: String, at: String, received: String)] = []
        try Replica(folder: town.folder + "/var/coordinator", create: false, readOnly: true).forEach {
            found.append(($0.line.envelope.publisher, $0.line.envelope.at, $0.received))
        }
        return found
    }
}
