import Foundation
import Ledger
import Logging
import Wire

extension BrokerState {
    /// Where the broker last said that the ledger stands; nil where it held nothing yet.
    public var standing: LedgerStanding? { position > 0 ? LedgerStanding(position: position, root: root) : nil }
}

/// The one way in for whoever writes the ledger of a data folder: the broker at its start, and an operator's command while none runs.
///
/// What is lost, short, other than the broker had said, or damaged beyond what can be mended, is not written to.
public enum LedgerDoor {
    /// Opens the ledger and verifies all of it. Hold the broker's lock, and `refuseLost` first: before keys are made where none are.
    ///
    /// - Throws: `StoreError`; nothing was changed then.
    static func open(_ data: DataFolder, key: SigningKey, log: Logger? = nil) throws -> LedgerStore {
        let ledger = try LedgerStore(folder: data.broker, synthetic: data.isSynthetic, key: key)
        let standing = BrokerState.read(data)?.state.standing
        let check = try ledger.verify(brokerKey: key.publicKey, from: standing) { done, total in
            log?.info("verifying the ledger: \(done) of \(total) records")
        }
        if let fault = check.fault {
            // Lines that their publishers have still stop those publishers only.
            let beyond = try ledger.assess()
            guard beyond == nil, !ledger.damaged.isEmpty else { throw unusable(beyond ?? fault, data) }
            for record in ledger.damaged {
                log?.critical("damaged: \(record.text) (\(record.name)); its publisher is asked for it")
            }
            // The first check ended at the first of them: what is beyond is checked as ever, signatures included.
            let other = try ledger.verify(brokerKey: key.publicKey, from: standing, excusing: ledger.damaged)
            if let fault = other.fault { throw unusable(fault, data) }
        }
        log?.info("ledger at position \(ledger.head.position), root \(ledger.head.root.hex.prefix(16))…, verified")
        return ledger
    }

    /// Writes to the ledger while no broker runs: under the broker's lock, after the same checks; what the broker had said of where the
    /// ledger stands is moved with it.
    ///
    /// - Throws: `StoreError`: `.held` while a broker runs; and what `body` throws.
    public static func write<T>(_ data: DataFolder, _ body: (LedgerStore, BrokerKeys) throws -> T) throws -> T {
        let lock = try FolderLock(data.broker, what: "broker")
        defer { withExtendedLifetime(lock) {} }
        try refuseLost(data)
        let keys = try BrokerKeys(folder: data.broker)
        let ledger = try open(data, key: keys.signing)
        let result = try body(ledger, keys)
        if var state = BrokerState.read(data)?.state {
            (state.position, state.root) = (ledger.head.position, ledger.head.root.hex)
            try state.write(data)
        }
        return result
    }

    /// A ledger that was there and is gone is not made anew in silence: reports would cite what no ledger holds.
    static func refuseLost(_ data: DataFolder) throws {
        let ledger = data.broker + "/ledger.sqlite"
        guard !FileManager.default.fileExists(atPath: ledger), let state = BrokerState.read(data)?.state,
            state.position > 0
        else { return }
        throw StoreError(
            .missing,
            "\(ledger) is gone, and it held \(state.position) records. Restore it from a backup. To begin a new ledger on purpose, move \(data.path) away whole"
        )
    }

    private static func unusable(_ fault: String, _ data: DataFolder) -> StoreError {
        StoreError(
            .damaged,
            "\(fault). Nothing was changed. Keep \(data.broker) as it is, and restore a backup: `pejling ledger restore` keeps what is there. To go on with what verifies (publishers send their records again), move \(BrokerState.path(in: data)) away"
        )
    }
}
