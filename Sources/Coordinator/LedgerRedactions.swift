public import PolicyModel
public import Wire

/// A record whose body was redacted: what its envelope still says.
public struct LedgerRedacted: Hashable, Sendable {
    public let name: RecordName
    public let kind: RecordKind
    /// The identity: the envelope's `id`.
    public let id: String
    public let policy: String?
    /// Its running number in the ledger.
    public let position: Int64
    /// When the broker had it.
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

    init(_ delivered: DeliveredLine) {
        let envelope = delivered.line.envelope
        name = delivered.line.name
        kind = delivered.line.kind
        (id, policy) = (envelope.id, envelope.policy)
        (position, received) = (delivered.position, delivered.received)
        (at, by) = (envelope.at, envelope.by)
        lineHash = delivered.line.hash
    }

    /// What was read with its body before the order came.
    init<Body>(_ version: LedgerVersion<Body>, _ order: Redaction) {
        name = version.name
        kind = Body.kind
        (id, policy) = (order.id, order.policy)
        (position, received) = (version.position, version.received)
        (at, by) = (version.at, version.by)
        lineHash = version.lineHash
    }
}

/// By whose order a body went.
public struct LedgerOrder: Hashable, Sendable, Codable {
    /// Why, without what went.
    public var reason: LocalizedText
    /// Who decided, and where.
    public var decision: String
    /// The record that gives the order, its publisher, and when the broker had it.
    public var record: RecordName
    public var received: String
}

extension LedgerState {
    /// The order by which a record lost its body; nil where it is not in the ledger yet.
    public func order(for record: RecordName) -> LedgerOrder? {
        let given = redactions[record.description].map(\.current) + [laterOrders[record]].compactMap(\.self)
        return given.first.map {
            LedgerOrder(
                reason: $0.body.reason, decision: $0.body.decision, record: $0.name, received: $0.received)
        }
    }

    /// Takes note of an order that stands beyond the position looked at, so that it can be said why a body is missing there: what
    /// went is gone at every position.
    public mutating func learn(_ delivered: DeliveredLine) {
        guard let order = delivered.line.redaction, laterOrders[order.record] == nil else { return }
        laterOrders[order.record] = LedgerVersion(order, delivered)
    }

    /// The records of a policy (nil: of all) whose body was redacted, in ledger order.
    public func redactedRecords(ofPolicy policy: String? = nil) -> [LedgerRedacted] {
        redacted.values.filter { policy == nil || $0.policy == policy }.sorted { $0.position < $1.position }
    }

    /// What was said of something for one follow-up, handed in, and then redacted: it stands where the status would. Sorted by
    /// publisher; empty where nothing was, and where a status holds.
    public func redactedStatuses(of about: String, followUp: String) -> [LedgerRedacted] {
        statuses.redacted("\(about)|\(followUp)").filter { record in
            handInMarks(of: record.name).contains { $0.followUp == followUp }
        }.sorted { $0.name.publisher < $1.name.publisher }
    }

    /// The redacted status of an initiative: its owner's, if several were; nil where none was, or one holds.
    public func redactedStatus(ofInitiative id: String, followUp: String) -> LedgerRedacted? {
        let found = redactedStatuses(of: id, followUp: followUp)
        guard !found.isEmpty, status(ofInitiative: id, followUp: followUp) == nil else { return nil }
        return found.first { $0.name.publisher == owner(ofInitiative: id) } ?? found.first
    }

    /// The newest redacted readings of a measure, by identity (`<about>|<period>|<breakdown>`), of those who report it.
    public func redactedReadings(of about: String) -> [LedgerRedacted] {
        guard let ids = redactedReadingIDs[about] else { return [] }
        let reporters = reporters(of: about) ?? []
        return ids.flatMap { readings.redacted($0) }
            .filter { reporters.contains($0.name.publisher) }.sorted { $0.position < $1.position }
    }

    /// The redacted readings of the whole of a measure that end by `day`, with their periods, the earliest end first: of periods
    /// that no reading of a reporter holds for.
    public func redactedWholes(of about: String, upTo day: Day) -> [(record: LedgerRedacted, period: Period)] {
        let read = Set(counted(about).map(\.body.period))
        return redactedReadings(of: about).compactMap { record in
            let parts = record.id.split(separator: "|", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].isEmpty, let period = Period(parts[1]), period.endsOn <= day,
                !read.contains(period)
            else { return nil }
            return (record, period)
        }.sorted { ($0.period.endsOn, $0.record.position) < ($1.period.endsOn, $1.record.position) }
    }
}

extension LedgerState {
    /// Takes in a record that has no body, or has none any more.
    mutating func redact(_ record: LedgerRedacted) {
        redacted[record.name] = record
        switch record.kind {
        case .initiative: initiatives.redact(record)
        case .funding: funding.redact(record)
        case .status: statuses.redact(record)
        case .milestone: milestones.redact(record)
        case .reading:
            readings.redact(record)
            redactedReadingIDs[String(record.id.prefix { $0 != "|" }), default: []].insert(record.id)
        case .link: linkDecisions.redact(record)
        case .decision: decisions.redact(record)
        case .contribution: contributions.redact(record)
        case .assessment: assessments.redact(record)
        case .approval: approvals.redact(record)
        case .return: returns.redact(record)
        case .acceptance: acceptances.redact(record)
        case .exception: exceptions.redact(record)
        case .withdrawal: withdrawals.redact(record)
        default: break
        }
    }

    /// An order came for a record that was read with its body: the copy it is read from has dropped it meanwhile.
    mutating func redact(ordered order: Redaction) {
        if let remains = order.remains { return reword(remains, order) }
        func found<Body>(in table: LedgerTable<Body>) -> LedgerRedacted? {
            table.everything(order.id).lazy.flatMap(\.versions).first { $0.name == order.record }.map {
                LedgerRedacted($0, order)
            }
        }
        let record: LedgerRedacted? =
            switch RecordKind(order.redacted) {
            case .initiative: found(in: initiatives)
            case .funding: found(in: funding)
            case .status: found(in: statuses)
            case .milestone: found(in: milestones)
            case .reading: found(in: readings)
            case .link: found(in: linkDecisions)
            case .decision: found(in: decisions)
            case .contribution: found(in: contributions)
            case .assessment: found(in: assessments)
            case .approval: found(in: approvals)
            case .return: found(in: returns)
            case .acceptance: found(in: acceptances)
            case .exception: found(in: exceptions)
            case .withdrawal: found(in: withdrawals)
            default: nil
            }
        if let record { redact(record) }
    }

    /// What remains takes the place of what was read.
    private mutating func reword(_ remains: Redaction.Remains, _ order: Redaction) {
        func put<Body>(_ body: Body, in table: inout LedgerTable<Body>) -> LedgerRedacted? {
            table.reword(order.record, order.id, body).map { LedgerRedacted($0, order) }
        }
        let record =
            switch remains {
            case .approval(let body): put(body, in: &approvals)
            case .return(let body): put(body, in: &returns)
            case .acceptance(let body): put(body, in: &acceptances)
            case .exception(let body): put(body, in: &exceptions)
            case .withdrawal(let body): put(body, in: &withdrawals)
            }
        redacted[order.record] = record ?? redacted[order.record]
        collecting.reword(remains, of: order.record)
        // What it took back says why.
        for word in withdrawals.everything(order.id).flatMap(\.versions) where word.name == order.record {
            withdraw(word)
        }
    }
}
