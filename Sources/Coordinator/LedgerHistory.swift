public import PolicyModel
public import Wire

/// One version of a fact, as one record said it.
public struct LedgerVersion<Body: RecordBody>: Sendable {
    public let body: Body
    /// The record's name for good: publisher, log, seq.
    public let name: RecordName
    /// Its running number in the ledger.
    public let position: Int64
    /// When the broker had it: ISO 8601, UTC. Lateness counts from here.
    public let received: String
    /// When its publisher made it, by the publisher's clock.
    public let at: String
    public let by: Author
    let lineHash: Hash

    /// SHA-256 of the record's envelope, 64 lower-case hexadecimal digits.
    public var hash: String { lineHash.hex }

    init(_ body: Body, _ delivered: DeliveredLine) {
        self.body = body
        name = delivered.line.name
        position = delivered.position
        received = delivered.received
        at = delivered.line.envelope.at
        by = delivered.line.envelope.by
        lineHash = delivered.line.hash
    }
}

/// All that one publisher said of one identity, oldest first. The newest holds.
public struct LedgerHistory<Body: RecordBody>: Sendable {
    public let publisher: String
    public let identity: String
    /// In ledger order; never empty.
    public private(set) var versions: [LedgerVersion<Body>]

    public var current: LedgerVersion<Body> { versions[versions.count - 1] }

    init(first: LedgerVersion<Body>) {
        publisher = first.name.publisher
        identity = first.body.identity
        versions = [first]
    }

    mutating func supersede(with version: LedgerVersion<Body>) { versions.append(version) }
}

/// The records of one kind. A later record supersedes an earlier one only when publisher *and* identity are the same: two
/// publishers who speak of one thing stand side by side, and `contested` names them.
public struct LedgerTable<Body: RecordBody>: Sendable {
    private struct Key: Hashable { let publisher: String, identity: String }

    /// In the order in which their first records came. O(1) to extend.
    public private(set) var histories: [LedgerHistory<Body>] = []
    private var index: [Key: Int] = [:]
    private var byIdentity: [String: [Int]] = [:]

    public init() {}

    /// O(1). Returns the place of a history that was not there before.
    @discardableResult
    mutating func insert(_ version: LedgerVersion<Body>) -> Int? {
        let identity = version.body.identity
        let key = Key(publisher: version.name.publisher, identity: identity)
        if let place = index[key] {
            histories[place].supersede(with: version)
            return nil
        }
        let place = histories.count
        histories.append(LedgerHistory(first: version))
        index[key] = place
        byIdentity[identity, default: []].append(place)
        return place
    }

    /// What each publisher said of `identity`, in the order in which they first spoke. O(1).
    public subscript(identity: String) -> [LedgerHistory<Body>] { (byIdentity[identity] ?? []).map { histories[$0] } }

    public func contains(_ identity: String) -> Bool { byIdentity[identity] != nil }

    /// Every identity once, in the order of the alphabet of Unicode scalars.
    public var identities: [String] { byIdentity.keys.sorted() }

    /// Identities that more than one publisher speaks of.
    public var contested: [String] { byIdentity.filter { $0.value.count > 1 }.keys.sorted() }
}
