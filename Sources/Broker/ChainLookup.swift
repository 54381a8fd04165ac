import Ledger
import Wire

/// Answers `Ingest`, which is pure and cannot fail, what the ledger holds in a chain. Not `Sendable`: the loop's thread owns it.
///
/// A read that fails is no "not there": it is kept, and `check` throws it before anything is sent on the strength of it.
final class ChainLookup {
    private let ledger: LedgerStore
    private var failure: (any Error)?

    init(_ ledger: LedgerStore) { self.ledger = ledger }

    /// The hash of a record in a publisher's chain; nil where the chain is not that long, and where the ledger cannot be read.
    func hash(publisher: String, log: String, seq: Int64) -> Hash? {
        do { return try ledger.chainHash(publisher: publisher, log: log, seq: seq) } catch {
            failure = failure ?? error
            return nil
        }
    }

    /// The ledger's root after a position; nil where it does not reach so far, and where the ledger cannot be read.
    func root(at position: Int64) -> Hash? {
        do { return try ledger.root(at: position) } catch {
            failure = failure ?? error
            return nil
        }
    }

    /// - Throws: what a read since the last call failed with, once.
    func check() throws {
        guard let failure else { return }
        self.failure = nil
        throw failure
    }
}
