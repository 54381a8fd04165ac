public import PolicyModel
public import Wire

/// One version of a fact, as one record said it. An object, so that handing one on does not copy a body of dozens of fields.
public final class LedgerVersion<Body: RecordBody>: Sendable {
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

    /// The same version with what remains of its body.
    fileprivate init(_ old: LedgerVersion, reworded body: Body) {
        self.body = body
        (name, position, received, at) = (old.name, old.position, old.received, old.at)
        (by, lineHash) = (old.by, old.lineHash)
    }
}

/// All that one publisher said of one identity, oldest first. The newest holds.
public struct LedgerHistory<Body: RecordBody>: Sendable {
    public let publisher: String
    public let identity: String
    /// In ledger order; never empty in what `LedgerTable` gives out. What was redacted is not among them.
    public fileprivate(set) var versions: [LedgerVersion<Body>] = []
    /// That the newest version was taken back: the fact is as if never said, until a later version says it anew.
    public fileprivate(set) var withdrawal: LedgerVersion<Withdrawal>?
    /// Records whose body was redacted, in ledger order.
    public private(set) var redacted: [LedgerRedacted] = []
    /// Whether the table knows its place under what it is about (`LedgerTable.insert`).
    fileprivate(set) var isListed = false

    public var current: LedgerVersion<Body> { versions[versions.count - 1] }

    /// The newest record, where it was redacted and not taken back: no earlier version holds in its place.
    public var newestRedacted: LedgerRedacted? {
        guard withdrawal == nil, let last = redacted.last, last.position > versions.last?.position ?? 0 else {
            return nil
        }
        return last
    }

    fileprivate init(publisher: String, identity: String) {
        self.publisher = publisher
        self.identity = identity
    }

    fileprivate mutating func supersede(with version: LedgerVersion<Body>) {
        versions.append(version)
        withdrawal = nil
    }

    fileprivate mutating func withdraw(_ word: LedgerVersion<Withdrawal>) {
        let newest = newestRedacted?.name ?? versions.last?.name
        if word.body.record == newest { withdrawal = word }
    }

    /// A record of it that came without its body, or loses it now.
    fileprivate mutating func redact(_ record: LedgerRedacted) {
        guard !redacted.contains(where: { $0.name == record.name }) else { return }
        let isNew = !versions.contains { $0.name == record.name }
        versions.removeAll { $0.name == record.name }
        redacted.append(record)
        redacted.sort { $0.position < $1.position }
        // Said after what was taken back, it would have said it anew.
        if isNew { withdrawal = nil }
    }
}

/// The records of one kind. A later record supersedes an earlier one only when publisher *and* identity are the same: two
/// publishers who speak of one thing stand side by side, and `contested` names them.
public struct LedgerTable<Body: RecordBody>: Sendable {
    private struct Key: Hashable { let publisher: String, identity: String }

    /// In the order in which their first records came.
    private var slots: [LedgerHistory<Body>] = []
    private var index: [Key: Int] = [:]
    private var byIdentity: [String: [Int]] = [:]
    /// How many do not hold.
    private var silent = 0
    /// Whether the version before one that was redacted holds in its place.
    private let fallsBack: Bool

    /// Those that hold, in the order in which their first records came. O(1) while nothing is withdrawn or redacted.
    public var histories: [LedgerHistory<Body>] { silent == 0 ? slots : slots.filter(holds) }

    /// All of which something can be read, those withdrawn too. O(identities).
    public var all: [LedgerHistory<Body>] { slots.filter { !$0.versions.isEmpty } }

    /// - Parameter fallsBack: Whether the version before one that was redacted holds in its place: of what others hang on.
    init(fallsBack: Bool = false) { self.fallsBack = fallsBack }

    private func holds(_ history: LedgerHistory<Body>) -> Bool {
        !history.versions.isEmpty && history.withdrawal == nil && (fallsBack || history.newestRedacted == nil)
    }

    /// O(1). Returns the place of a history that had no version before.
    @discardableResult
    mutating func insert(_ version: LedgerVersion<Body>) -> Int? {
        let place = place(Key(publisher: version.name.publisher, identity: version.body.identity))
        change(place) { $0.supersede(with: version) }
        guard !slots[place].isListed else { return nil }
        slots[place].isListed = true
        return place
    }

    /// Takes back the version that a withdrawal names, where it is the newest of its identity. O(1).
    mutating func withdraw(_ word: LedgerVersion<Withdrawal>) {
        guard let place = index[Key(publisher: word.name.publisher, identity: word.body.id)] else { return }
        change(place) { $0.withdraw(word) }
    }

    /// Takes in a record without its body; one that was folded with it loses it. O(versions of the identity).
    mutating func redact(_ record: LedgerRedacted) {
        change(place(Key(publisher: record.name.publisher, identity: record.id))) { $0.redact(record) }
    }

    /// What remains of a record takes the place of what it said; the version, where there is one. O(versions of the identity).
    mutating func reword(_ record: RecordName, _ identity: String, _ body: Body) -> LedgerVersion<Body>? {
        guard let place = index[Key(publisher: record.publisher, identity: identity)],
            let number = slots[place].versions.firstIndex(where: { $0.name == record })
        else { return nil }
        slots[place].versions[number] = LedgerVersion(slots[place].versions[number], reworded: body)
        return slots[place].versions[number]
    }

    private mutating func place(_ key: Key) -> Int {
        if let place = index[key] { return place }
        let place = slots.count
        slots.append(LedgerHistory(publisher: key.publisher, identity: key.identity))
        index[key] = place
        byIdentity[key.identity, default: []].append(place)
        silent += 1
        return place
    }

    private mutating func change(_ place: Int, _ body: (inout LedgerHistory<Body>) -> Void) {
        let held = holds(slots[place])
        body(&slots[place])
        let holds = holds(slots[place])
        if held != holds { silent += holds ? -1 : 1 }
    }

    /// The histories at these places that hold.
    func holding(_ places: [Int]?) -> [LedgerHistory<Body>] {
        (places ?? []).compactMap { holds(slots[$0]) ? slots[$0] : nil }
    }

    /// What each publisher said of `identity`, in the order in which they first spoke. O(1).
    public subscript(identity: String) -> [LedgerHistory<Body>] { holding(byIdentity[identity]) }

    /// The same, those withdrawn too, as far as something can be read. O(1).
    func everSaid(_ identity: String) -> [LedgerHistory<Body>] { everything(identity).filter { !$0.versions.isEmpty } }

    public func contains(_ identity: String) -> Bool {
        byIdentity[identity]?.contains { holds(slots[$0]) } ?? false
    }

    /// What was said of `identity` and redacted, where it is the newest of its publisher.
    func redacted(_ identity: String) -> [LedgerRedacted] {
        // What was redacted does not hold, but where the version before it does.
        guard silent > 0 || fallsBack else { return [] }
        return (byIdentity[identity] ?? []).compactMap { slots[$0].newestRedacted }
    }

    /// The newest record of each identity and publisher, where it was redacted and no earlier version holds in its place.
    public var silenced: [LedgerRedacted] { slots.compactMap(\.newestRedacted) }

    /// All that was said of `identity`, whether it holds or not: for the history of a thing.
    func everything(_ identity: String) -> [LedgerHistory<Body>] {
        (byIdentity[identity] ?? []).map { slots[$0] }
    }

    /// Every identity once, in the order of the alphabet of Unicode scalars.
    public var identities: [String] {
        (silent == 0 ? Array(byIdentity.keys) : byIdentity.keys.filter { contains($0) }).sorted()
    }

    /// Identities that more than one publisher speaks of.
    public var contested: [String] {
        byIdentity.filter { $0.value.count > 1 && holding($0.value).count > 1 }.keys.sorted()
    }
}
