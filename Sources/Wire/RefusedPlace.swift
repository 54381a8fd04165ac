import PolicyModel

/// The place in a publisher's chain of a line that the broker refused: the line itself is nowhere but in the publisher's log.
public struct RefusedPlace: Hashable, Sendable {
    public let name: RecordName
    /// Of the refused line's envelope: what the next line's `prev` names.
    public let hash: Hash
    public let rule: String
    /// Empty where the refusal was redacted.
    public let message: String
}

extension Line {
    /// What this record of the broker says of a refused line; nil for any other record. Where the refusal lost its body, the
    /// broker's own order says it.
    public var refusedPlace: RefusedPlace? {
        if kind == .refusal, let refusal = try? decode(Refusal.self), let hash = Hash(hex: refusal.hash) {
            return RefusedPlace(name: refusal.record, hash: hash, rule: refusal.rule, message: refusal.message)
        }
        guard let order = redaction, order.redacted == RecordKind.refusal.rawValue, let name = RecordName(order.id),
            let hash = order.refused.flatMap(Hash.init(hex:))
        else { return nil }
        return RefusedPlace(name: name, hash: hash, rule: "body.redacted", message: "")
    }
}
