/// Something of a data folder that needs a person. Programs go by its kind, people read its text; as JSON it is its text.
public struct Mark: Hashable, Sendable, Encodable {
    public enum Kind: Hashable, Sendable {
        /// The broker stopped by itself; does not run, or does not say how it stands.
        case failure, silence
        /// Of the ledger: records that do not hold, and such as were mended.
        case damage, mended
        /// Consumers were given records that the ledger does not hold.
        case lostEnd
        /// A log that waits for an operator's word, or a key that is quarantined.
        case waitingLog
        /// Somebody was cut off.
        case offence
        case brokenPlugin
        /// A publisher is not at work: its state says it too.
        case condition
        /// A consumer stands still, cannot keep what comes, or is far behind.
        case lag
        /// A publisher's messages were turned away, came twice, out of order, or with odd times.
        case traffic
        /// Records of a publisher were refused, and nobody has looked at them.
        case deadLetters
        /// The log of a publisher on this machine is damaged.
        case log
        case pendingKeys, dropped, refusedStarts
        /// The broker's clock was ahead.
        case clock
        /// Room on the disk, and open files.
        case disk, descriptors
    }
    public var kind: Kind
    /// What it is, and the way out.
    public var text: String

    public init(_ kind: Kind, _ text: String) { (self.kind, self.text) = (kind, text) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
