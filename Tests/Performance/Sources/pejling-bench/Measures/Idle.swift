import Foundation

/// A town with nothing to do: its memory (shared pages counted in parts) and what it takes of a core.
struct IdleMeasure: Measure {
    let name = "idle"
    let title = "idle"
    let isShort = false

    func run(_ bench: Bench, _ results: inout Results) async throws {
        let town = try Town(bench, synthetic: true)
        defer { town.stop() }
        // The state file is written less often once nothing has changed for 5 s.
        try await Task.sleep(for: .seconds(6))
        let before = Dictionary(uniqueKeysWithValues: town.processes.map { ($0.pid, $0.cpu) })
        try await Task.sleep(for: .seconds(10))
        let processes = town.processes
        let cpu = processes.reduce(0) { $0 + $1.cpu - (before[$1.pid] ?? 0) }
        let memory = processes.map { (name: $0.name, kib: $0.proportionalKiB) }
        // The system cuts names at 15 bytes.
        let nodes = memory.filter { $0.name.hasPrefix("pejling-node") }.map(\.kib)
        guard !nodes.isEmpty else { throw Failure("no node among \(memory.map(\.name))") }
        results.add(
            "idle: \(processes.count) processes in all", .mebibytes, memory.reduce(0) { $0 + $1.kib } / 1024,
            floor: .atMost(200e6 / 1_048_576))
        results.add("idle: one node", .mebibytes, nodes.reduce(0, +) / Double(nodes.count) / 1024)
        results.add("idle: of a core, all processes", .percent, 10 * cpu, floor: .atMost(1))
    }
}
