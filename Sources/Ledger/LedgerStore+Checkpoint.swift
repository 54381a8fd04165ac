import Foundation
import GRDB
import PolicyModel
import Wire

// Signed checkpoints: a record of the broker that holds position and root of the one before it.

extension LedgerStore {
    /// A checkpoint is due after so many records.
    public static let checkpointRecords: Int64 = 1_000
    /// Or so long after the first record that none covers.
    public static let checkpointPatience: Duration = .seconds(60)

    /// Where the last checkpoint stands; position 0 when there is none.
    public struct CheckpointPlace: Sendable, Hashable {
        public var position: Int64 = 0
        /// When it was stored, as `received` of a record; empty when there is none.
        public var received = ""

        public init(position: Int64 = 0, received: String = "") {
            (self.position, self.received) = (position, received)
        }
    }

    /// Records that no checkpoint covers yet.
    public var uncheckpointed: Int64 { head.position - checkpointed.position }

    static func lastCheckpoint(_ db: GRDB.Database, ownLog: String) throws -> CheckpointPlace {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT position, received FROM record WHERE publisher = ? AND log = ? AND instr(line, CAST(? AS BLOB)) > 0
                ORDER BY seq DESC LIMIT 1
                """, arguments: [ownName, ownLog, "\"kind\":\"\(RecordKind.checkpoint)\""])
        return row.map { CheckpointPlace(position: $0.int("position"), received: $0.text("received")) }
            ?? CheckpointPlace()
    }

    /// Signs where the ledger stands, in a commit of its own.
    public func checkpoint(at now: Date) throws {
        guard uncheckpointed > 0 else { return }
        try commit(at: now) { try $0.checkpoint() }
    }
}

extension LedgerStore.Transaction {
    /// Appends a checkpoint of where this transaction stands now.
    public func checkpoint() throws {
        try own(Checkpoint(position: head.position, root: head.root.hex))
        checkpointed = .init(position: head.position, received: received)
    }

    /// The same, when that many records wait for one.
    public func checkpointWhenDue() throws {
        if head.position - checkpointed.position >= LedgerStore.checkpointRecords { try checkpoint() }
    }
}
