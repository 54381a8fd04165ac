public import PolicyModel

/// What makes a record count as a fact.
public enum LedgerStanding: String, Codable, Sendable, CaseIterable {
    /// It repeats what a source document says.
    case document
    /// A hand-in of its publisher names it.
    case handedIn = "handed_in"
    /// Neither: shown as such, and counted nowhere.
    case notHandedIn = "not_handed_in"
}

/// A status with what it rests on.
public struct LedgerStatus: Sendable {
    /// The version that counts; the newest one where none does.
    public let version: LedgerVersion<StatusReport>
    public let standing: LedgerStanding
    /// Whether a newer version stands in the ledger that nobody has handed in.
    public let changedSince: Bool
    /// How far the version has come; nil for what a document says, which needs no approval, and for what nobody handed in.
    public let stage: Collecting.Stage?
    /// Whether an earlier version was approved, and this one is not.
    public let changedSinceApproval: Bool

    public var counts: Bool { standing != .notHandedIn }
}

/// Money as last said, with what it rests on.
public struct LedgerFunding: Sendable {
    public let version: LedgerVersion<Funding>
    public let standing: LedgerStanding
    /// As for a status; handed in by the officer's command, approved where an approval names it.
    public let stage: Collecting.Stage?
    public let changedSinceApproval: Bool

    public init(
        version: LedgerVersion<Funding>, standing: LedgerStanding, stage: Collecting.Stage?,
        changedSinceApproval: Bool
    ) {
        self.version = version
        self.standing = standing
        self.stage = stage
        self.changedSinceApproval = changedSinceApproval
    }
}

extension LedgerState {
    /// Whether a status counts: from the document when it is about the opening and cites a source; otherwise when it was
    /// handed in for its follow-up.
    public func standing(of status: LedgerVersion<StatusReport>) -> LedgerStanding {
        let body = status.body
        if body.source != nil, body.followUp == "\(body.policyID ?? "")/opening" { return .document }
        return handInMarks(of: status.name).contains { $0.followUp == body.followUp } ? .handedIn : .notHandedIn
    }

    /// Whether words on money count: they always do, since money belongs to no follow-up and drafts never reach the ledger.
    /// From the document when they cite one; otherwise said by the officer whose command brought them here.
    public func standing(of funding: LedgerVersion<Funding>) -> LedgerStanding {
        funding.body.source != nil || funding.body.state == .noRemark ? .document : .handedIn
    }

    /// What was said for one follow-up about one thing: for an initiative by its owner, for a goal or a question by each who
    /// owes input. Sorted by publisher.
    public func statuses(of about: String, followUp: String) -> [LedgerStatus] {
        statuses(of: about).filter { $0.current.body.followUp == followUp }
            .sorted { $0.publisher < $1.publisher }.map { judged($0) }
    }

    /// The status of an initiative that counts for a follow-up: its owner's, if several speak; nil where none counts.
    public func status(ofInitiative id: String, followUp: String) -> LedgerStatus? {
        let histories = statuses(of: id).filter { $0.current.body.followUp == followUp }
        return rightful(histories, initiative: id).map { judged($0) }.flatMap { $0.counts ? $0 : nil }
    }

    private func judged(_ history: LedgerHistory<StatusReport>) -> LedgerStatus {
        let newest = history.current
        for version in history.versions.reversed() {
            let standing = standing(of: version)
            guard standing != .notHandedIn else { continue }
            return LedgerStatus(
                version: version, standing: standing, changedSince: version.name != newest.name,
                stage: stage(of: version.name, standing),
                changedSinceApproval: isChangedSinceApproval(version, in: history))
        }
        return LedgerStatus(
            version: newest, standing: .notHandedIn, changedSince: false, stage: nil, changedSinceApproval: false)
    }

    /// How far a record has come; nil where it needs no approval, or nobody has handed it in.
    func stage(of record: RecordName, _ standing: LedgerStanding) -> Collecting.Stage? {
        standing == .handedIn ? collecting.mark(of: record)?.stage ?? .handedIn : nil
    }

    /// Whether what holds is not approved, while an earlier version of it was.
    func isChangedSinceApproval<Body>(_ version: LedgerVersion<Body>, in history: LedgerHistory<Body>) -> Bool {
        let earlier = history.versions.filter { $0.position < version.position }
        // Most were said once.
        guard !earlier.isEmpty else { return false }
        return switch collecting.mark(of: version.name)?.stage {
        case .approved, .accepted: false
        case .handedIn, .returned, nil: earlier.contains { collecting.wasApproved($0.name) }
        }
    }

    /// An initiative as its owner last described it; nil when nobody has.
    public func initiative(_ id: String) -> LedgerVersion<Initiative>? {
        rightful(initiatives[id], initiative: id)?.current
    }

    /// The initiatives of a policy, each once, in the order of the source: first line, then id.
    public func initiatives(ofPolicy policy: String) -> [LedgerVersion<Initiative>] {
        inSourceOrder.answer(policy) {
            let versions = initiativeIDs(ofPolicy: policy).compactMap { initiative($0) }
            let keys = versions.indices.map { place in
                (line: versions[place].body.source.lines.min()?.first ?? 0, id: versions[place].body.id, place: place)
            }
            return keys.sorted { ($0.line, $0.id) < ($1.line, $1.id) }.map { versions[$0.place] }
        }
    }

    /// What its owner last said of the money of an initiative, one for each state and beginning.
    public func fundingFacts(of id: String) -> [LedgerFunding] {
        let histories = funding(of: id)
        guard let speaker = rightful(histories, initiative: id)?.publisher else { return [] }
        return histories.filter { $0.publisher == speaker }.map { history in
            let counting = history.versions.last { standing(of: $0) != .notHandedIn } ?? history.current
            return LedgerFunding(
                version: counting, standing: standing(of: counting),
                stage: stage(of: counting.name, standing(of: counting)),
                changedSinceApproval: isChangedSinceApproval(counting, in: history))
        }
    }

    /// A policy as its plugin last published it.
    public func policy(_ id: String) -> LedgerVersion<Policy>? {
        let histories = policies[id]
        return (histories.first { $0.publisher == id } ?? histories.first)?.current
    }

    /// Of several publishers that speak of one initiative, the one whose it is by its id: the forvaltning named there, or the
    /// policy's plugin where that part names nobody with a node. Otherwise whoever spoke first.
    private func rightful<Body>(_ histories: [LedgerHistory<Body>], initiative id: String) -> LedgerHistory<Body>? {
        guard histories.count > 1, let owner = owner(ofInitiative: id) else { return histories.first }
        return histories.first { $0.publisher == owner } ?? histories.first
    }

    /// Whose an initiative is by its id: a forvaltning's code, or a policy's id; nil where it is no initiative's.
    func owner(ofInitiative id: String) -> String? {
        guard let parts = initiativeParts(id) else { return nil }
        return city?.forvaltninger.first { $0.slug == parts.owner }?.code ?? String(parts.policy)
    }
}
