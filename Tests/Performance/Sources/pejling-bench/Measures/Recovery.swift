import Broker
import Foundation
import Ledger

/// What a start does before anybody is let in: opens the ledger and checks each line, chain, root, body and signature.
struct RecoveryMeasure: Measure {
    let records: Int

    var name: String { "recovery-\(records)" }
    var title: String { "recovery of \(Unit.perSecond.text(Double(records))) records" }
    var isShort: Bool { records <= 100_000 }

    func run(_ bench: Bench, _ results: inout Results) async throws {
        let fixture = try bench.fixture(records: records)
        let keys = try BrokerKeys(folder: fixture.data.broker)
        let start = monotonic()
        let ledger = try LedgerStore(folder: fixture.data.broker, synthetic: true, key: keys.signing)
        let found = try ledger.verify(brokerKey: keys.signing.publicKey)
        let seconds = Double(monotonic() - start) / 1e9
        guard found.fault == nil, found.records == fixture.records else {
            throw Failure("the ledger does not verify: \(found.fault ?? "\(found.records) records")")
        }
        results.add(
            "\(title), opened and the whole chain checked", .seconds, seconds,
            floor: records == 1_000_000 ? .atMost(5) : nil)
    }
}
