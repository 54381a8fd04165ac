import Ledger
import PolicyModel

extension Entry {
    /// What an envelope adds to a body, at least.
    private static let envelope = 400

    /// Holds what is to be said against what the log may hold that the broker does not have (`max_unsent_mib`). Nothing is ever
    /// dropped to make room: what is new is refused. Drafts are no part of the log; they stay, and may still be kept.
    ///
    /// - Throws: `Violation` with the way out.
    func checkRoom(for outcome: Outcome, _ snapshot: PublisherLog.Snapshot) throws {
        guard !outcome.drafts.isEmpty else { return }
        let most = city.maxUnsentMiB ?? City.defaultMaxUnsentMiB
        let unsent = try snapshot.unsentBytes()
        let new = outcome.drafts.reduce(0) { $0 + $1.body.count + Self.envelope }
        guard unsent + Int64(new) > Int64(most) << 20 else { return }
        throw Violation(
            rule: "log.limit",
            message:
                "the log of \(forvaltning.code) holds \(mebibytes(unsent)) MiB that the broker does not have yet, and at most \(most) MiB may wait: nothing was saved, and nothing of what is there was dropped. Keep drafts until the node has reached the broker (`pejling node run`, `pejling plugin list`), or raise max_unsent_mib in pejling.yaml"
        )
    }
}

/// Bytes in MiB, to a tenth.
public func mebibytes(_ bytes: Int64) -> Double { (Double(bytes) / 1_048_576 * 10).rounded() / 10 }
