import Foundation
import Ledger
import PluginKit
import PolicyModel
import Testing
import TortureKit
import Wire

/// Figures of BIF stream into the ledger while whoever makes views and assessments of them is killed. What is left must be what a run
/// without a kill gives.
@Suite("The coordinator and a policy's plugin, killed while records stream", .serialized, .oneAtATime)
struct CoordinatorKillTorture {
    private static let policy = "integration"
    private static let others: [(publisher: String, role: Role)] = [("coordinator", .coordinator), (policy, .policy)]
    private static let view = ["view", "progress", "--policy", policy, "--on", "2022-12-31", "--format", "csv"]

    @Test(
        "killed at any moment: views and assessments are those of an undisturbed run, nothing is missing, nothing twice"
    )
    func killed() throws {
        let started = ContinuousClock.now
        let cycles = Torture.count(quick: 12, torture: 500, long: 5_000)
        var dice = SeededNumbers(seed: 13)
        let scene = try LoneNode(with: Self.others)
        defer { scene.stand.stop() }
        let node = try scene.start()
        var coordinator = try start("coordinator", in: scene)
        var judge = try start(Self.policy, in: scene)
        try eventually("the policy is in the coordinator's copy", 20) { try isComplete(scene) }
        var kills = 0
        for cycle in 0..<cycles {
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                _ = try scene.enter((0..<Int.random(in: 1...3, using: &dice)).map { _ in try reading(&dice) })
            }
            // One in four before anything of it has arrived.
            if Int.random(in: 0..<4, using: &dice) > 0 {
                let before = try scene.log.acked()
                try eventually("the figures go out (cycle \(cycle))", 20) {
                    try scene.log.acked() > before || scene.log.acked() == scene.log.head().seq
                }
            }
            poll(nil, 0, Int32.random(in: 0...30, using: &dice))
            let which = Int.random(in: 0..<3, using: &dice)
            if which != 0 {
                coordinator.kill()
                _ = try coordinator.wait(10)
                coordinator = try start("coordinator", in: scene)
                kills += 1
            }
            if which != 1 {
                judge.kill()
                _ = try judge.wait(10)
                judge = try start(Self.policy, in: scene)
                kills += 1
            }
            // One in three as soon as it is back: most of its life is then its start.
            guard Int.random(in: 0..<3, using: &dice) > 0 else { continue }
            try eventually("all is followed and judged (cycle \(cycle))", 30) {
                try isComplete(scene) || !(node.isRunning && coordinator.isRunning && judge.isRunning)
            }
            try #require(
                node.isRunning && coordinator.isRunning && judge.isRunning,
                "\(node.errors)\(coordinator.errors)\(judge.errors)")
        }
        _ = try scene.enter([try reading(&dice)])
        try eventually("all is followed and judged", 30) { try isComplete(scene) }
        let records = try compareCopy(scene)
        let table = try scene.stand.town.pejling(Self.view)
        try #require(table.code == 0, "\(table.errors)")
        let said = try assessments(scene)
        try #require(said.count > 10)
        node.interrupt()
        for process in [node, coordinator, judge] {
            process.closeInput()
            #expect(try process.wait(10) == 0, "\(process.errors)")
        }
        scene.stand.stop()
        #expect(try scene.stand.verify().fault == nil)

        // The same log of BIF, before others who are left in peace.
        let calm = try LoneNode(with: Self.others, as: scene)
        defer { calm.stand.stop() }
        let undisturbed = [try calm.start(), try start("coordinator", in: calm), try start(Self.policy, in: calm)]
        try eventually("all is followed and judged", 60) {
            try calm.stand.ledgerLines(of: "BIF").count == scene.stand.ledgerLines(of: "BIF").count
                && isComplete(calm)
        }
        let expected = try assessments(calm)
        let differing = said.keys.filter { said[$0] != expected[$0] }.sorted()
        try #require(
            said.count == expected.count && differing.isEmpty, "assessments differ from an undisturbed run's")
        let calmTable = try calm.stand.town.pejling(Self.view)
        try #require(
            calmTable.output == table.output, "the view differs from an undisturbed run's \(calmTable.errors)")
        for process in undisturbed { process.kill() }
        Torture.report(
            "coordinator and a policy's plugin killed while records stream and assessments are published",
            "\(cycles) cycles, \(kills) kills, \(records) records: the copy is the ledger, \(said.count) assessments and the view as undisturbed, none twice",
            since: started)
    }

    private func start(_ publisher: String, in scene: LoneNode) throws -> Running {
        publisher == "coordinator"
            ? try scene.start(publisher, .coordinator, "pejling", ["coordinator"])
            : try scene.start(publisher, .policy, "pejling-policy-\(publisher)")
    }

    /// A figure for one of four indicators and years: most take the place of an earlier one.
    private func reading(_ dice: inout SeededNumbers) throws -> PublisherLog.Draft {
        let (about, unit) = [
            ("midlertidig-offentlig-forsoergelse", MeasureUnit.persons), ("beskaeftigelsesfrekvens", .percent),
            ("uddannelseshjaelp", .persons), ("oplevet-diskrimination", .percent),
        ][Int.random(in: 0..<4, using: &dice)]
        let year = PartialDate("\(Int.random(in: 2018...2022, using: &dice))")
        let value: Value =
            unit == .percent
            ? .number(DecimalText(Int.random(in: 1...99, using: &dice)), denominator: DecimalText(41_000))
            : .number(DecimalText(Int.random(in: 1_000...20_000, using: &dice)))
        return try PublisherLog.Draft(
            Reading(
                about: "\(Self.policy)/\(about)", unit: unit, period: Period(from: year, until: year), value: value),
            by: Author(forvaltning: "BIF", role: Author.officer, person: "p1"))
    }

    /// Whether the coordinator has all of the ledger, and the policy's plugin has judged all there is of its policy.
    private func isComplete(_ scene: LoneNode) throws -> Bool {
        guard try scene.log.acked() == scene.log.head().seq, try judged(scene) else { return false }
        let copy = try Replica(folder: scene.stand.data.coordinator, create: false, readOnly: true)
        return try copy.position() == Int64(scene.stand.ledgerLines().count)
    }

    private func judged(_ scene: LoneNode) throws -> Bool {
        let lines = try scene.stand.ledgerLines().map { try Line(parsing: $0.line) }
        let last = lines.lastIndex { $0.envelope.policy == Self.policy && $0.envelope.publisher != Self.policy }
        guard let last else { return true }
        guard let said = lines.last(where: { $0.kind == .assessed }) else { return false }
        return try said.decode(Assessed.self).upTo == Int64(last) + 1
    }

    /// The coordinator's copy against the ledger, byte for byte; how many records.
    private func compareCopy(_ scene: LoneNode) throws -> Int {
        let ledger = try scene.stand.ledgerLines()
        var place = 0
        try Replica(folder: scene.stand.data.coordinator, create: false, readOnly: true).forEach { line in
            try #require(line.position == Int64(place) + 1 && place < ledger.count, "at \(line.position)")
            try #require(line.line.bytes == ledger[place].line, "the copy differs from the ledger at \(line.position)")
            place += 1
        }
        #expect(place == ledger.count, "the copy has \(place) of \(ledger.count) records")
        return ledger.count
    }

    /// The last word on each goal. On the way there nothing was said twice, and what was said to be judged never went back.
    private func assessments(_ scene: LoneNode) throws -> [String: String] {
        var said: [String: String] = [:]
        var upTo: Int64 = 0
        for (index, entry) in try scene.stand.ledgerLines(of: Self.policy).enumerated() {
            try #require(entry.seq == Int64(index) + 1)
            let line = try Line(parsing: entry.line)
            if line.kind == .assessed {
                let next = try line.decode(Assessed.self).upTo
                try #require(next > upTo, "judged up to \(next) after \(upTo)")
                upTo = next
            }
            guard line.kind == .assessment else { continue }
            let body = String(decoding: line.body, as: UTF8.self)
            try #require(said[line.envelope.id] != body, "record \(entry.seq), \(line.envelope.id), is said twice")
            said[line.envelope.id] = body
        }
        return said
    }
}
