public import PolicyModel
public import Wire

/// What the ledger says: a fold of the feed, one record after the other.
///
/// Pure: no clock, no files. Each record costs O(1), so that millions of them can be folded; views are computed when asked
/// for. Apply the records in ledger order, each once; fold only up to a position to see the ledger as it stood there.
public struct LedgerState: Sendable {
    /// The last record's running number; 0 before the first.
    public private(set) var position: Int64 = 0
    /// The ledger's root after the last record, in hex; nil in an empty ledger, or where the feed is filtered.
    public private(set) var root: String?
    /// When the broker had the last record; nil in an empty ledger.
    public private(set) var received: String?
    /// Whether any record is marked as example data. A ledger is synthetic or real, never both.
    public private(set) var isSynthetic = false

    public internal(set) var configurations = LedgerTable<City>() { didSet { forgetOrder() } }
    public internal(set) var policies = LedgerTable<Policy>()
    public internal(set) var initiatives = LedgerTable<Initiative>(fallsBack: true) { didSet { forgetOrder() } }
    public internal(set) var funding = LedgerTable<Funding>()
    public internal(set) var statuses = LedgerTable<StatusReport>()
    public internal(set) var handIns = LedgerTable<HandIn>()
    /// Each version of a target under its own identity: targets are append-only.
    public internal(set) var targets = LedgerTable<TargetVersion>()
    public internal(set) var readings = LedgerTable<Reading>()
    public internal(set) var assessments = LedgerTable<Assessment>(fallsBack: true)
    public internal(set) var assessed = LedgerTable<Assessed>()
    /// What persons said of suggested links.
    public internal(set) var linkDecisions = LedgerTable<LinkDecision>()
    public internal(set) var milestones = LedgerTable<Milestone>()
    public internal(set) var approvals = LedgerTable<Approval>(fallsBack: true)
    public internal(set) var returns = LedgerTable<Return>(fallsBack: true)
    public internal(set) var acceptances = LedgerTable<Acceptance>(fallsBack: true)
    public internal(set) var exceptions = LedgerTable<Exception>(fallsBack: true)
    public internal(set) var decisions = LedgerTable<Decision>()
    public internal(set) var contributions = LedgerTable<Contribution>()
    public internal(set) var withdrawals = LedgerTable<Withdrawal>(fallsBack: true)
    /// Orders that took a body, by the name of the record that lost it.
    public internal(set) var redactions = LedgerTable<Redaction>()
    /// Records without a body.
    var redacted: [RecordName: LedgerRedacted] = [:]
    /// By measure: identities of readings of which one was redacted.
    var redactedReadingIDs: [String: Set<String>] = [:]
    /// Orders beyond the last position (`learn`).
    var laterOrders: [RecordName: LedgerVersion<Redaction>] = [:]
    /// How far each record that was handed in has come.
    public internal(set) var collecting = Collecting()
    public internal(set) var refusals = LedgerTable<Refusal>()
    public internal(set) var enrolments = LedgerTable<Enrolment>()
    /// Everyone who has published, by name.
    public private(set) var publishers: [String: LedgerPublisher] = [:]
    /// Records of a kind this program knows whose body it cannot read; kept so that a report can say so.
    public private(set) var unreadable: [LedgerUnreadable] = []
    /// How many records of each kind this program does not look into: a plugin's own (`x-…`), or of a later version.
    public private(set) var opaque: [String: Int] = [:]

    /// By policy: the ids of its initiatives, in the order in which they were first spoken of.
    private var initiativesOf: [String: [String]] = [:]
    /// By policy: what `initiatives(ofPolicy:)` answered since it last could have changed.
    private(set) var inSourceOrder = Remembered<[LedgerVersion<Initiative>]>()
    private var fundingOf: [String: [Int]] = [:]
    private var statusesOf: [String: [Int]] = [:]
    private var readingsOf: [String: [Int]] = [:]
    private var targetsOf: [String: [Int]] = [:]
    private var marks: [RecordName: [LedgerHandInMark]] = [:]
    /// By policy: the position of the last record of it that its own plugin did not make.
    private var lastForeign: [String: Int64] = [:]

    public init() {}

    /// Also where nothing was asked yet: a copy of this state shares the answers, and may still be asked.
    private mutating func forgetOrder() { inSourceOrder = Remembered() }

    /// Takes in the next record. What cannot be read is kept as `unreadable`, never dropped in silence.
    public mutating func apply(_ delivered: DeliveredLine) {
        let envelope = delivered.line.envelope
        position = delivered.position
        received = delivered.received
        root = delivered.root?.hex
        if envelope.synthetic { isSynthetic = true }
        if let policy = envelope.policy, policy != envelope.publisher { lastForeign[policy] = delivered.position }
        publishers[envelope.publisher, default: LedgerPublisher(name: envelope.publisher)].note(delivered)
        if delivered.line.isRedacted {
            guard !delivered.line.saysNothing else { return redact(LedgerRedacted(delivered)) }
            redacted[delivered.line.name] = LedgerRedacted(delivered)
        }
        do {
            try sort(delivered)
        } catch {
            unreadable.append(
                LedgerUnreadable(
                    name: delivered.line.name, kind: envelope.kind, id: envelope.id, position: delivered.position,
                    received: delivered.received, message: error.message))
        }
    }

    private mutating func sort(_ delivered: DeliveredLine) throws(Violation) {
        switch delivered.line.kind {
        case .configuration: configurations.insert(try read(delivered))
        case .policy: policies.insert(try read(delivered))
        case .initiative:
            let version: LedgerVersion<Initiative> = try read(delivered)
            let isNew = !initiatives.everything(version.body.id).contains(where: \.isListed)
            if initiatives.insert(version) != nil, isNew {
                initiativesOf[version.body.policy, default: []].append(version.body.id)
            }
        case .funding:
            let version: LedgerVersion<Funding> = try read(delivered)
            if let place = funding.insert(version) { fundingOf[version.body.initiative, default: []].append(place) }
        case .status:
            let version: LedgerVersion<StatusReport> = try read(delivered)
            if let place = statuses.insert(version) { statusesOf[version.body.about, default: []].append(place) }
        case .handin:
            let version: LedgerVersion<HandIn> = try read(delivered)
            handIns.insert(version)
            collecting.take(version.body, version.moment)
            // Handing in again adds to what was handed in: a fact once given is not taken back by a later hand-in.
            for record in version.body.records where record.publisher == version.name.publisher {
                marks[record, default: []].append(
                    LedgerHandInMark(
                        followUp: version.body.followUp, by: version.name, position: version.position,
                        received: version.received))
            }
        case .target:
            let version: LedgerVersion<TargetVersion> = try read(delivered)
            if let place = targets.insert(version) { targetsOf[version.body.about, default: []].append(place) }
        case .reading:
            let version: LedgerVersion<Reading> = try read(delivered)
            if let place = readings.insert(version) { readingsOf[version.body.about, default: []].append(place) }
        case .assessment: assessments.insert(try read(delivered))
        case .assessed: assessed.insert(try read(delivered))
        case .link: linkDecisions.insert(try read(delivered))
        case .milestone: milestones.insert(try read(delivered))
        case .approval:
            let version: LedgerVersion<Approval> = try read(delivered)
            approvals.insert(version)
            collecting.take(version.body, version.moment)
        case .return:
            let version: LedgerVersion<Return> = try read(delivered)
            returns.insert(version)
            collecting.take(version.body, version.moment)
        case .acceptance:
            let version: LedgerVersion<Acceptance> = try read(delivered)
            acceptances.insert(version)
            collecting.take(version.body, version.moment)
        case .exception:
            let version: LedgerVersion<Exception> = try read(delivered)
            exceptions.insert(version)
            collecting.take(version.body)
        case .decision: decisions.insert(try read(delivered))
        case .contribution: contributions.insert(try read(delivered))
        case .withdrawal:
            let version: LedgerVersion<Withdrawal> = try read(delivered)
            withdrawals.insert(version)
            withdraw(version)
        case .redaction:
            let version: LedgerVersion<Redaction> = try read(delivered)
            redactions.insert(version)
            // Read from a copy, the record has no body any more. It had one where the order came while the copy was read.
            redact(ordered: version.body)
        case .refusal: refusals.insert(try read(delivered))
        case .enrolment:
            let version: LedgerVersion<Enrolment> = try read(delivered)
            enrolments.insert(version)
            publishers[version.body.publisher]?.role = version.body.role
            if publishers[version.body.publisher] == nil { roles[version.body.publisher] = version.body.role }
        default: opaque[delivered.line.envelope.kind, default: 0] += 1
        }
        let publisher = delivered.line.envelope.publisher
        if publishers[publisher]?.role == nil, let role = roles[publisher] { publishers[publisher]?.role = role }
    }

    /// Only a publisher's own word takes back what it said; the broker holds it to that too.
    mutating func withdraw(_ word: LedgerVersion<Withdrawal>) {
        switch RecordKind(word.body.withdrawn) {
        case .initiative: initiatives.withdraw(word)
        case .funding: funding.withdraw(word)
        case .status: statuses.withdraw(word)
        case .milestone: milestones.withdraw(word)
        case .reading: readings.withdraw(word)
        case .decision: decisions.withdraw(word)
        case .contribution: contributions.withdraw(word)
        case .exception:
            let said = exceptions[word.body.id].first { $0.publisher == word.name.publisher }?.current
            exceptions.withdraw(word)
            if let said, said.name == word.body.record { collecting.withdraw(said.body) }
        default: break
        }
    }

    /// Roles of publishers that were enrolled before they said anything.
    private var roles: [String: Role] = [:]

    private func read<Body>(_ delivered: DeliveredLine) throws(Violation) -> LedgerVersion<Body> {
        LedgerVersion(try delivered.line.decode(Body.self), delivered)
    }
}

extension LedgerState {
    /// The city as last configured; nil before the coordinator has said it.
    public var city: City? { configurations.histories.max { $0.current.position < $1.current.position }?.current.body }

    /// The day of the last receipt: the reference date where none is given. Nil in an empty ledger.
    public var lastDay: Day? { received.flatMap { Day($0) } }

    /// The ids of a policy's initiatives, each once. Everyone who speaks of one gives it the policy its id begins with.
    func initiativeIDs(ofPolicy policy: String) -> [String] { initiativesOf[policy] ?? [] }

    /// What was said of the money of an initiative, by any publisher, in the order of the first records. O(states).
    public func funding(of initiative: String) -> [LedgerHistory<Funding>] {
        funding.holding(fundingOf[initiative])
    }

    /// What was said of how far an initiative, a goal or a question has come, for any follow-up.
    public func statuses(of about: String) -> [LedgerHistory<StatusReport>] {
        statuses.holding(statusesOf[about])
    }

    /// What was measured of an indicator or annual target, by any publisher, each period and breakdown a history of its own.
    public func readings(of about: String) -> [LedgerHistory<Reading>] {
        readings.holding(readingsOf[about])
    }

    /// The versions of a target, oldest first, each as first said: a later record of the same version changes nothing.
    public func targetVersions(of about: String) -> [LedgerVersion<TargetVersion>] {
        targets.holding(targetsOf[about]).filter { $0.publisher == $0.current.body.policyID }
            .map { $0.versions[0] }.sorted { $0.body.version < $1.body.version }
    }

    /// The position of the last record of a policy that its own plugin did not make; nil when there is none.
    public func lastForeignPosition(ofPolicy policy: String) -> Int64? { lastForeign[policy] }

    /// The hand-ins that name a record of the same publisher, in ledger order.
    public func handInMarks(of record: RecordName) -> [LedgerHandInMark] { marks[record] ?? [] }
}

/// That a record was handed in: by which hand-in, for what, and when the broker had it.
public struct LedgerHandInMark: Hashable, Sendable {
    public let followUp: String
    public let by: RecordName
    public let position: Int64
    public let received: String
}

/// A record of a known kind whose body this program cannot read.
public struct LedgerUnreadable: Hashable, Sendable {
    public let name: RecordName
    public let kind: String
    public let id: String
    public let position: Int64
    public let received: String
    /// What is wrong, with the field's name.
    public let message: String
}

/// What is known of one publisher.
public struct LedgerPublisher: Hashable, Sendable {
    public let name: String
    /// Nil until the broker's enrolment of it is in the ledger.
    public internal(set) var role: Role?
    /// Receipt of its first and last record.
    public private(set) var firstReceived = ""
    public private(set) var lastReceived = ""
    /// Records by kind.
    public private(set) var counts: [String: Int] = [:]
    /// The last seq in each of its logs.
    public private(set) var lastSeq: [String: Int64] = [:]
    /// The log its last record is of.
    public private(set) var log = ""

    public var total: Int { counts.values.reduce(0, +) }

    init(name: String) { self.name = name }

    mutating func note(_ delivered: DeliveredLine) {
        let envelope = delivered.line.envelope
        if counts.isEmpty { firstReceived = delivered.received }
        lastReceived = delivered.received
        counts[envelope.kind, default: 0] += 1
        log = envelope.log
        lastSeq[envelope.log] = max(lastSeq[envelope.log] ?? 0, envelope.seq)
    }
}
