import Ledger
import Logging
import PolicyModel

/// An operator's word on keys, from `pejling keys` to the ledger: by the broker that runs (`OperatorOrders`), or here.
public enum KeyOrders {
    /// - Parameter log: told of damage, where no broker runs.
    /// - Throws: `BrokerError` when it cannot stand, or when the broker does not answer; `StoreError`.
    public static func give(_ word: Enrolment, in data: DataFolder, log: Logger? = nil) async throws {
        if FolderLock.holder(of: data.broker) == nil {
            do { return try carryOut(word, in: data, log) } catch let error as StoreError where error.code == .held {
                // One has just started.
            }
        }
        try await OperatorOrders(data).give(.keys(word))
    }

    /// Writes the record, with no broker running.
    private static func carryOut(_ word: Enrolment, in data: DataFolder, _ log: Logger?) throws {
        try LedgerDoor.write(data, log: log) { ledger, keys in
            var ring = KeyRing()
            for known in try ledger.keyHistory() { ring.take(known.enrolment) }
            if let objection = ring.objection(to: word, brokerKey: keys.curve.publicKey.z85) {
                throw BrokerError(objection)
            }
            guard !ring.holds(word) else { return }
            try ledger.commit(at: data.clock.now()) { try $0.own(word) }
        }
    }
}
