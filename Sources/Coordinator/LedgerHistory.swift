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

    /// When it was said and received, for `Collecting`.
    var moment: Collecting.Moment {
        Collecting.Moment(record: name, position: position, received: received, at: at, person: by.person)
    }

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
    /// That the newest version was taken back: the fact is as if never said, until a later version says it anew.
    public private(set) var withdrawal: LedgerVersion<Withdrawal>?

    public var current: LedgerVersion<Body> { versions[versions.count - 1] }

    init(first: LedgerVersion<Body>) {
        publisher = first.name.publisher
        identity = first.body.identity
        versions = [first]
    }

    mutating func supersede(with version: LedgerVersion<Body>) {
        versions.append(version)
        withdrawal = nil
    }

    mutating func withdraw(_ word: LedgerVersion<Withdrawal>) {
        if word.body.record == current.name { withdrawal = word }
    }
}

/// The records of one kind. A later record supersedes an earlier one only when publisher *and* identity are the same: two
/// publishers who speak of one thing stand side by side, and `contested` names them.
public struct LedgerTable<Body: RecordBody>: Sendable {
    private struct Key: Hashable { let publisher: String, identity: String }

    /// All, those withdrawn too, in the order in which their first records came. O(1) to extend.
    public private(set) var all: [LedgerHistory<Body>] = []
    private var index: [Key: Int] = [:]
    private var byIdentity: [String: [Int]] = [:]
    private var withdrawn = 0

    /// Those that hold, in that order. O(1) while nothing is withdrawn.
    public var histories: [LedgerHistory<Body>] {
        withdrawn == 0 ? all : all.filter { $0.withdrawal == nil }
    }

    public init() {}

    /// O(1). Returns the place of a history that was not there before.
    @discardableResult
    mutating func insert(_ version: LedgerVersion<Body>) -> Int? {
        let identity = version.body.identity
        let key = Key(publisher: version.name.publisher, identity: identity)
        if let place = index[key] {
            if all[place].withdrawal != nil { withdrawn -= 1 }
            all[place].supersede(with: version)
            return nil
        }
        let place = all.count
        all.append(LedgerHistory(first: version))
        index[key] = place
        byIdentity[identity, default: []].append(place)
        return place
    }

    /// Takes back the version that a withdrawal names, where it is the newest of its identity. O(1).
    mutating func withdraw(_ word: LedgerVersion<Withdrawal>) {
        guard let place = index[Key(publisher: word.name.publisher, identity: word.body.id)] else { return }
        let before = all[place].withdrawal != nil
        all[place].withdraw(word)
        if !before, all[place].withdrawal != nil { withdrawn += 1 }
    }

    /// The histories at these places that hold.
    func holding(_ places: [Int]?) -> [LedgerHistory<Body>] {
        (places ?? []).map { all[$0] }.filter { $0.withdrawal == nil }
    }

    /// What each publisher said of `identity`, in the order in which they first spoke. O(1).
    public subscript(identity: String) -> [LedgerHistory<Body>] { holding(byIdentity[identity]) }

    /// The same, those withdrawn too. O(1).
    func everSaid(_ identity: String) -> [LedgerHistory<Body>] { (byIdentity[identity] ?? []).map { all[$0] } }

    public func contains(_ identity: String) -> Bool { !self[identity].isEmpty }

    /// Whether nobody ever spoke of it, withdrawn or not. O(1).
    func isNew(_ identity: String) -> Bool { byIdentity[identity] == nil }

    /// Every identity once, in the order of the alphabet of Unicode scalars.
    public var identities: [String] {
        (withdrawn == 0 ? Array(byIdentity.keys) : byIdentity.keys.filter { contains($0) }).sorted()
    }

    /// Identities that more than one publisher speaks of.
    public var contested: [String] { byIdentity.filter { holding($0.value).count > 1 }.keys.sorted() }
}
