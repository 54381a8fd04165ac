/// What the broker has counted of one publisher since its start, and how far it is durable.
public struct Traffic: Codable, Hashable, Sendable {
    /// The log that the ledger has of it, and the last seq of it that is durable; 0 before the first.
    public var log = ""
    public var durable: Int64 = 0
    /// Lines stored since the start, and among them those in whose place a refusal was stored.
    public var records: Int64 = 0
    public var refused: Int64 = 0
    /// Batches that were durable already and acknowledged again.
    public var duplicates: Int64 = 0
    /// Batches that came before the one that is expected.
    public var gaps: Int64 = 0
    /// Batches refused whole: chain, signature, kind, form.
    public var nacks: Int64 = 0
    /// Batches turned away since the disk was full.
    public var storage: Int64 = 0

    public init() {}
}

extension Ingest {
    /// Counts what is sent back to a publisher.
    mutating func count(_ orders: [Order], of publisher: String) {
        for case .send(_, let header) in orders where header.type == .nack {
            let rule = header.rule ?? ""
            if rule == "chain.gap" {
                traffic[publisher, default: Traffic()].gaps += 1
            } else if rule.hasPrefix("storage.") {
                traffic[publisher, default: Traffic()].storage += 1
            } else {
                traffic[publisher, default: Traffic()].nacks += 1
            }
        }
    }
}
