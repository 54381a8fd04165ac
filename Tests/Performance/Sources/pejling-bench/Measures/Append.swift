import Broker
import Foundation
import Ledger
import PolicyModel
import Wire

/// The same lines into a ledger without any socket, eight batches a commit: what storing alone takes.
struct AppendMeasure: Measure {
    let name = "append"
    let title = "append alone"
    let isShort = true

    func run(_ bench: Bench, _ results: inout Results) async throws {
        let supplies = try bench.supplies(.opaque)
        let share = supplies.map(\.batches.count).min() ?? 0
        let batches = try supplies.map { supply in
            try supply.batches.prefix(share).map { (try Batch.lines(of: $0.body, count: $0.lines.count), $0.header) }
        }
        let folder = try bench.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ledger = try LedgerStore(folder: folder, synthetic: true, key: SigningKey())
        let start = monotonic()
        for first in stride(from: 0, to: share, by: Setting.window) {
            for (supply, own) in zip(supplies, batches) {
                try ledger.commit(at: Date()) { transaction in
                    for (lines, header) in own[first..<min(first + Setting.window, share)] {
                        for line in lines { try transaction.append(line) }
                        try transaction.keep(
                            signature: header.signature ?? "", keyID: header.keyID ?? "",
                            for: BatchStatement(
                                publisher: supply.forvaltning.code, log: supply.log, seq: header.seq ?? 0,
                                hash: header.hash ?? .zero))
                    }
                }
            }
        }
        let seconds = Double(monotonic() - start) / 1e9
        let records = supplies.count * share * Supply.linesPerBatch
        results.add("append alone, 800 records a commit, no socket", .perSecond, Double(records) / seconds)
    }
}
