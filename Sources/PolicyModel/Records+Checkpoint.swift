/// Where the ledger stood: body of a `checkpoint` record of the broker. The broker's signature over its own chain, which is kept
/// with each commit of its records, so covers the ledger's root and all before it.
public struct Checkpoint: RecordBody, Hashable {
    public static let kind = RecordKind.checkpoint
    /// Of the record before this one.
    public var position: Int64
    /// The ledger's root after that record, hex.
    public var root: String

    public init(position: Int64, root: String) {
        self.position = position
        self.root = root
    }

    public var identity: String { String(position) }
    public var policyID: String? { nil }
    public var violation: Violation? { nil }
}
