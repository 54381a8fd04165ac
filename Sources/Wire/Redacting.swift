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
    public func violation(of line: Line, by order: Envelope) -> Violation? {
        guard takes(line.envelope, by: order) else {
            return Violation(
                rule: "redaction.record",
                message: "\(record) is not what is described: its kind, id, policy or body_sha256 is another")
        }
        // What remains is taken for the record's own words: it is held against them while they are there.
        guard let remains, !line.isRedacted, remains != Remains(of: line) else { return nil }
        return Violation(
            rule: "redaction.remains", message: "what remains of \(record) is not what it says without its texts")
    }

    /// Whether what it says of the record is what the record's envelope says.
    public func describes(_ envelope: Envelope) -> Bool {
        record == RecordName(publisher: envelope.publisher, log: envelope.log, seq: envelope.seq)
            && redacted == envelope.kind && id == envelope.id && policy == envelope.policy
            && bodyHash == envelope.bodyHash.hex
    }
}

extension Redaction.Remains {
    /// What the record in `line` says without its texts; nil for a kind of which nothing remains, or where it cannot be read.
    public init?(of line: Line) {
        func read<Body: RecordBody>(_ make: (Body) -> Redaction.Remains) -> Redaction.Remains? {
            (try? line.decode(Body.self)).map { make($0).wordless }
        }
        let remains =
            switch line.kind {
            case .approval: read(Self.approval)
            case .return: read(Self.return)
            case .acceptance: read(Self.acceptance)
            case .exception: read(Self.exception)
            case .withdrawal: read(Self.withdrawal)
            default: Self?.none
            }
        guard let remains else { return nil }
        self = remains
    }

    /// Its JSON, keys sorted.
    public var bytes: [UInt8]? { try? encodeBody(self) }
}
