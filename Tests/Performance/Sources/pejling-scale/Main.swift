import Coordinator
import Foundation
import Ledger
import PolicyModel
import Reports

// What the coordinator's fold, the views and the combined report cost, and how that grows: synthetic cities of 20 policies with
// 10,000 initiatives and 1,000 indicators, and 10 and 100 times as many of all. Each size runs in a process of its own, so that its
// memory is its own: peak resident size (VmHWM of /proc/self/status). Without arguments: 1 and 10 times; `--times 1,10,100`.

struct Measured: Codable {
    var times: Int
    var records: Int64
    var steps: [Step]
    /// Peak resident size, MiB.
    var peak: Int

    struct Step: Codable {
        var name: String
        var seconds: Double
        /// MiB resident when it was done.
        var resident: Int
        var bytes: Int?
    }
}

func memory(_ field: String) -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(field + ":") } ?? ""
    return (line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0) / 1024
}

func measure(times: Int) throws -> Measured {
    let folder = NSTemporaryDirectory() + "pejling-scale-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let replica = try Replica(folder: folder, create: true)
    var feed = SyntheticFeed(seed: 1, into: replica)
    // Policies too: the definition of one is one line, and a line has at most 256 KiB.
    feed.policies *= times
    feed.initiatives *= times
    feed.indicators *= times
    try feed.write()
    var steps: [Measured.Step] = []
    func step<T>(_ name: String, _ body: () throws -> T, bytes: (T) -> Int? = { _ in nil }) rethrows -> T {
        let start = ContinuousClock.now
        let result = try body()
        let took = ContinuousClock.now - start
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        steps.append(
            Measured.Step(name: name, seconds: seconds, resident: memory("VmRSS"), bytes: bytes(result)))
        return result
    }
    let state = try step("feed read and folded") {
        var state = LedgerState()
        try replica.forEach { state.apply($0) }
        return state
    }
    guard state.unreadable.isEmpty, let day = Day("2023-12-15") else {
        throw CocoaError(.coderInvalidValue)
    }
    let due = step("due") { state.due(on: day) }
    guard due.entries.reduce(0, { $0 + $1.items.count }) >= times * 10_000 else { throw CocoaError(.coderInvalidValue) }
    _ = step("due as text", { due.pending.text(width: 80) }, bytes: \.utf8.count)
    _ = step("due as CSV", { due.csv() }, bytes: \.utf8.count)
    _ = step("view matrix") { state.matrix(on: day) }
    _ = step("view funding") { state.fundingView(on: day) }
    _ = step("view overlaps") { state.overlaps(on: day) }
    _ = step("view contradictions") { state.contradictions(on: day) }
    _ = step("view changes") { state.changesSinceLast(on: day) }
    let report = try step("combined report built") {
        try CombinedReport(state, on: day, program: "pejling-scale")
    }
    _ = step("combined report as HTML", { report.html() }, bytes: \.utf8.count)
    _ = step("combined report as Markdown", { report.markdown() }, bytes: \.utf8.count)
    _ = step("combined report as JSON", { report.json() }, bytes: \.utf8.count)
    return Measured(times: times, records: feed.records, steps: steps, peak: memory("VmHWM"))
}

@main
struct Scale {
    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[1] == "one", let times = Int(arguments[2]) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            print(String(decoding: try encoder.encode(measure(times: times)), as: UTF8.self))
            return
        }
        let wanted = arguments.count == 3 && arguments[1] == "--times" ? arguments[2] : "1,10"
        let results = try wanted.split(separator: ",").compactMap { Int($0) }.map(child)
        print("| step |" + results.map { " \($0.times * 10_000) initiatives, \($0.records) records |" }.joined())
        print("|---|" + results.map { _ in "--:|" }.joined())
        for (index, step) in (results.first?.steps ?? []).enumerated() {
            let cells = results.map { result in
                let step = result.steps[index]
                var words = String(format: "%.3f s", step.seconds)
                if index == 0 { words += ", \(Int(Double(result.records) / step.seconds)) records/s" }
                if let bytes = step.bytes { words += ", \(bytes / 1_000) kB" }
                return " \(words), \(step.resident) MiB |"
            }
            print("| \(step.name) |" + cells.joined())
        }
        print("| peak memory |" + results.map { " \($0.peak) MiB |" }.joined())
    }

    /// The same program, for one size.
    static func child(_ times: Int) throws -> Measured {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments = ["one", String(times)]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode(Measured.self, from: data)
    }
}
