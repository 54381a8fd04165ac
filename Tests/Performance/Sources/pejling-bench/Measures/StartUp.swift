import Foundation

/// `pejling up --once` on an empty folder: thirteen processes, all heard, the reports written.
struct StartUpMeasure: Measure {
    let name = "start-up"
    let title = "start-up"
    let isShort = true

    func run(_ bench: Bench, _ results: inout Results) async throws {
        let folder = try bench.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let start = monotonic()
        let child = try Child(
            try bench.pejling(), Town.arguments(bench, folder) + ["--once"], folder: folder)
        let (text, code) = child.wholeOutput()
        let seconds = Double(monotonic() - start) / 1e9
        guard code == 0, let found = text.firstMatch(of: /ready after ([0-9.]+) s/), let ready = Double(found.1) else {
            throw Failure("`pejling up --once` ended with \(code): \(child.said)")
        }
        results.add(
            "start-up: `pejling up --once`, all heard and the reports written", .seconds, ready, floor: .atMost(3))
        results.add("start-up: the same until every process has ended", .seconds, seconds)
    }
}
