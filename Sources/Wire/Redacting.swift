import PolicyModel

extension Line {
    /// The order that this record gives; nil when it is no redaction, or cannot be read.
    public var redaction: Redaction? { kind == .redaction ? try? decode(Redaction.self) : nil }
}

extension Redaction {
    /// Whether this order takes the body of the record with `envelope`: it describes that record, a record of this kind may go,
    /// and whoever gives the order may.
    ///
    /// Everyone who keeps lines asks this before a body goes: the ledger, a publisher's log, a consumer's copy, and whoever
    /// verifies that a missing body is missing by right.
    ///
    /// - Parameter order: the envelope of the redaction record. The broker holds `by.role` to the publisher's own.
    public func takes(_ envelope: Envelope, by order: Envelope) -> Bool {
        guard describes(envelope) else { return false }
        if envelope.kind == RecordKind.refusal.rawValue {
            // The broker's own, which quoted what was redacted: the chain needs the hash that went with it.
            return order.publisher == envelope.publisher && refused.flatMap(Hash.init(hex:)) != nil
        }
        guard Self.rule(for: RecordKind(envelope.kind)) != .never else { return false }
        return order.publisher == envelope.publisher || order.by.role == Role.coordinator.rawValue
    }

    /// Why this order cannot be taken, where the record it names is there; nil when it takes its body.
    public func violation(of envelope: Envelope, by order: Envelope) -> Violation? {
        takes(envelope, by: order)
            ? nil
            : Violation(
                rule: "redaction.record",
                message: "\(record) is not what is described: its kind, id, policy or body_sha256 is another")
    }

    /// Whether what it says of the record is what the record's envelope says.
    public func describes(_ envelope: Envelope) -> Bool {
        record == RecordName(publisher: envelope.publisher, log: envelope.log, seq: envelope.seq)
            && redacted == envelope.kind && id == envelope.id && policy == envelope.policy
            && bodyHash == envelope.bodyHash.hex
    }
}
