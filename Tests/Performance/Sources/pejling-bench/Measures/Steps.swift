import Broker
import Foundation
import Ledger
import PolicyModel
import Wire

/// What one record costs the broker's thread, step by step: CPU time, so that a busy machine changes little. It says where a rate
/// comes from; steps overlap and do not add up to it.
struct StepsMeasure: Measure {
    let name = "steps"
    let title = "one record, step by step"
    let isShort = true

    func run(_ bench: Bench, _ results: inout Results) async throws {
        for content in Content.allCases { try measure(bench, content, &results) }
        let fixture = try bench.fixture(records: 100_000)
        let key = try BrokerKeys(folder: fixture.data.broker).signing
        let ledger = try LedgerStore(folder: fixture.data.broker, synthetic: true, key: key)
        try time("read for the feed", Int(fixture.records), &results) {
            var position: Int64 = 0
            while position < fixture.records { position = try ledger.read(after: position, filter: nil).upTo }
        }
    }

    private func measure(_ bench: Bench, _ content: Content, _ results: inout Results) throws {
        let supply = try bench.supplies(content)[0]
        let prepared = supply.batches.prefix(200)
        let count = prepared.reduce(0) { $0 + $1.lines.count }
        var batches: [[Line]] = []
        try time("\(content.rawValue), taken apart, JSON and hashes checked", count, &results) {
            batches = try prepared.map { try Batch.lines(of: $0.body, count: $0.lines.count) }
        }
        if content == .status {
            try time("\(content.rawValue), body decoded and its rules checked", count, &results) {
                for line in batches.joined() {
                    let body = try line.decode(StatusReport.self)
                    guard line.envelope.id == body.identity, line.envelope.policy == body.policyID,
                        body.violation == nil,
                        body.ownerViolation(publisher: supply.forvaltning.code, role: .node, city: bench.city) == nil
                    else { throw Failure("\(line.name) breaks a rule") }
                }
            }
        }
        let folder = try bench.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ledger = try LedgerStore(folder: folder, synthetic: true, key: SigningKey())
        try time("\(content.rawValue), appended, 800 a commit", count, &results) {
            for first in stride(from: 0, to: batches.count, by: Setting.window) {
                try ledger.commit(at: Date()) { transaction in
                    for line in batches[first..<min(first + Setting.window, batches.count)].joined() {
                        try transaction.append(line)
                    }
                }
            }
        }
    }

    private func time(_ step: String, _ records: Int, _ results: inout Results, _ body: () throws -> Void) rethrows {
        let start = threadTime()
        try body()
        results.add("one record: \(step)", .microseconds, Double(threadTime() - start) / 1e3 / Double(records))
    }

    /// This thread's CPU time in nanoseconds.
    private func threadTime() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
