import Foundation
public import Ledger
public import PolicyModel
import Wire

/// What a node has followed: definitions, and what was said to its answers, in the order of the ledger.
public struct NodeCopy: Sendable {
    public internal(set) var policies: [String: Policy] = [:]
    /// The newest version of each target, by measure.
    public internal(set) var targets: [String: TargetVersion] = [:]
    /// What the policies' plugins last judged, by goal and follow-up.
    public internal(set) var assessments: [String: Assessment] = [:]
    /// What bodies decided, by identity.
    public internal(set) var decisions: [String: Decision] = [:]
    var collecting = Collecting()
    /// When the broker had the node's own records, which it follows back.
    var received: [RecordName: (position: Int64, received: String)] = [:]

    public init() {}

    /// - Parameter publisher: The node's own name: of what it said itself only receipts and order are taken from here.
    public init(in replica: Replica, of publisher: String) throws {
        try replica.forEach { take($0, publisher) }
    }

    /// A body that cannot be read is the broker's to refuse and the coordinator's to show.
    mutating func take(_ delivered: DeliveredLine, _ publisher: String) {
        let line = delivered.line
        if line.envelope.publisher == publisher {
            received[line.name] = (delivered.position, delivered.received)
        }
        func body<Body: RecordBody>(_ type: Body.Type) -> Body? { try? line.decode(type) }
        let moment = Collecting.Moment(
            record: line.name, position: delivered.position, received: delivered.received, at: line.envelope.at,
            person: line.envelope.by.person)
        switch line.kind {
        case .policy: body(Policy.self).map { policies[$0.id] = $0 }
        case .target:
            guard let target = body(TargetVersion.self), target.version > targets[target.about]?.version ?? 0 else {
                return
            }
            targets[target.about] = target
        case .assessment: body(Assessment.self).map { assessments[$0.identity] = $0 }
        case .decision: body(Decision.self).map { decisions[$0.id] = $0 }
        case .handin: body(HandIn.self).map { collecting.take($0, moment) }
        case .approval: body(Approval.self).map { collecting.take($0, moment) }
        case .return: body(Return.self).map { collecting.take($0, moment) }
        case .acceptance: body(Acceptance.self).map { collecting.take($0, moment) }
        case .exception:
            body(Exception.self).map {
                exceptions[$0.id] = $0; collecting.take($0)
            }
        case .withdrawal:
            guard let word = body(Withdrawal.self), word.record.publisher != publisher else { return }
            if let exception = exceptions[word.id] { collecting.withdraw(exception) }
            decisions[word.id] = nil
        default: break
        }
    }

    private var exceptions: [String: Exception] = [:]
}

/// A node's own answers with what became of them: its log, its copy of what it follows, and what lies in its private store. All
/// of it is there without a network.
public struct NodeDesk {
    public let forvaltning: Forvaltning
    public let city: City
    public let copy: NodeCopy
    /// Own initiatives as last published, in the order of their ids; those withdrawn are gone.
    public let initiatives: [Initiative]
    public let drafts: [PrivateStore.Draft]
    /// How far what was handed in has come, the node's words that have not come back yet included.
    public let collecting: Collecting
    /// By kind and identity: what holds of the node's own lines, oldest first. What was withdrawn or refused is not there.
    private let lines: [String: [Line]]
    /// By follow-up: what its hand-ins in this log name.
    let handedIn: [String: Set<RecordName>]
    /// By kind and identity: the newest line, where it was redacted. What stood before it does not hold again.
    private let redacted: [String: Line]
    /// By policy, indicator or target: identities of readings.
    private let readingIDs: [String: [String]]
    /// By subject: its newest status for each follow-up, in the order of entry.
    private let statusLines: [String: [Line]]
    /// By follow-up and subject: the places in `drafts` of what waits on the thing as a whole.
    private let draftPlaces: [String: [Int]]
    private let acked: Int64

    /// - Parameters:
    ///   - log: The node's log inside a transaction.
    ///   - drafts: What lies in its private store.
    public init(
        _ forvaltning: Forvaltning, city: City, copy: NodeCopy, log: PublisherLog.Snapshot,
        drafts: [PrivateStore.Draft]
    ) throws {
        self.forvaltning = forvaltning
        self.city = city
        self.copy = copy
        self.drafts = drafts
        acked = try log.acked()
        let dead = try log.deadSeqs()
        var lines: [String: [Line]] = [:]
        var redacted: [String: Line] = [:]
        var collecting = copy.collecting
        var handedIn: [String: Set<RecordName>] = [:]
        for line in try log.lines(of: [
            .initiative, .funding, .status, .reading, .milestone, .handin, .approval, .withdrawal,
        ]) where !dead.contains(line.envelope.seq) {
            let moment = Self.moment(line, copy, acked)
            if line.kind == .handin, let body = try? line.decode(HandIn.self) {
                handedIn[body.followUp, default: []].formUnion(body.records)
            }
            switch line.kind {
            case .handin where copy.received[line.name] == nil:
                if let body = try? line.decode(HandIn.self) { collecting.take(body, moment) }
            case .approval where copy.received[line.name] == nil:
                if let body = try? line.decode(Approval.self) { collecting.take(body, moment) }
            case .withdrawal:
                guard let word = try? line.decode(Withdrawal.self) else { continue }
                let key = Self.key(RecordKind(word.withdrawn), word.id)
                if (redacted[key] ?? lines[key]?.last)?.name == word.record {
                    (lines[key], redacted[key]) = (nil, nil)
                }
            // An initiative is redacted only once it was published anew.
            case .initiative where line.saysNothing, .approval where line.saysNothing: continue
            default:
                let key = Self.key(line.kind, line.envelope.id)
                redacted[key] = line.saysNothing ? line : nil
                if line.saysNothing { lines[key] = nil } else { lines[key, default: []].append(line) }
            }
        }
        self.collecting = collecting
        self.handedIn = handedIn
        self.lines = lines
        self.redacted = redacted
        initiatives = lines.values.compactMap { versions in
            guard let newest = versions.last, newest.kind == .initiative else { return nil }
            return try? newest.decode(Initiative.self)
        }.sorted { $0.id < $1.id }
        readingIDs = Dictionary(
            grouping: lines.values.compactMap(\.last).filter { $0.kind == .reading }.map(\.envelope.id)
        ) { String($0.prefix { $0 != "|" }) }
        statusLines = Dictionary(
            grouping: lines.values.compactMap(\.last).filter { $0.kind == .status }.sorted {
                $0.envelope.seq < $1.envelope.seq
            }
        ) { String($0.envelope.id.prefix { $0 != "|" }) }
        draftPlaces = Dictionary(
            grouping: drafts.indices.filter { drafts[$0].kind == "status" || drafts[$0].id.hasSuffix("|") }
        ) { "\(drafts[$0].followUp) \(drafts[$0].id.prefix { $0 != "|" })" }
    }

    private static func key(_ kind: RecordKind, _ id: String) -> String { "\(kind.rawValue) \(id)" }

    /// What was acknowledged before the node followed itself back is taken to have been received when it was made.
    private static func moment(_ line: Line, _ copy: NodeCopy, _ acked: Int64) -> Collecting.Moment {
        let known = copy.received[line.name]
        return Collecting.Moment(
            record: line.name, position: known?.position,
            received: known?.received ?? (line.envelope.seq <= acked ? line.envelope.at : nil), at: line.envelope.at,
            person: line.envelope.by.person)
    }

    /// What holds of one kind and identity, oldest first; empty where nothing does.
    func versions(_ kind: RecordKind, _ id: String) -> [Line] { lines[Self.key(kind, id)] ?? [] }

    /// The newest line of each identity of one kind, in the order of entry.
    func newest(_ kind: RecordKind) -> [Line] {
        lines.values.compactMap(\.last).filter { $0.kind == kind }.sorted { $0.envelope.seq < $1.envelope.seq }
    }

    /// What was last said of a thing, for any follow-up: by entry. O(1).
    public func lastStatus(of about: String) -> StatusReport? {
        statusLines[about]?.last.flatMap { try? $0.decode(StatusReport.self) }
    }

    /// What was said of a thing: the newest for each follow-up, in the order of entry.
    public func statuses(of about: String) -> [StatusReport] {
        (statusLines[about] ?? []).compactMap { try? $0.decode(StatusReport.self) }
    }

    /// What was last said of a thing for one follow-up.
    public func status(of about: String, followUp: String) -> StatusReport? {
        versions(.status, "\(about)|\(followUp)").last.flatMap { try? $0.decode(StatusReport.self) }
    }

    /// What waits as a draft on a thing for a follow-up; of figures, the one of the whole.
    public func draft(of about: String, followUp: String) -> EntryLine? {
        let draft = draftPlaces["\(followUp) \(about)"]?.last.map { drafts[$0] }
        return draft.flatMap { try? JSONDecoder().decode(EntryLine.self, from: Data($0.entry)) }
    }

    /// What a measure is counted in; nil where the copy does not know it, or its target is words only.
    public func unit(of measure: String) -> MeasureUnit? {
        let policy = copy.policies[String(measure.prefix { $0 != "/" })]
        return policy?.indicators.first { $0.id == measure }?.unit
            ?? policy?.annualTargets.first { $0.id == measure }?.unit
    }

    /// Whether a measure is held against another figure, which is then given too.
    public func isParity(_ measure: String) -> Bool {
        copy.policies[String(measure.prefix { $0 != "/" })]?.indicators.first { $0.id == measure }?.target.kind
            == .parity
    }

    /// A milestone as last said.
    public func milestone(_ id: String) -> Milestone? {
        versions(.milestone, id).last.flatMap { try? $0.decode(Milestone.self) }
    }

    /// The figures of a measure as they left, by period and breakdown: the newest of each.
    public func readings(of about: String) -> [Reading] {
        (readingIDs[about] ?? []).compactMap { versions(.reading, $0).last }
            .sorted { $0.envelope.seq < $1.envelope.seq }.compactMap { try? $0.decode(Reading.self) }
    }

    /// What this forvaltning owes on `day`, drafts included.
    public func due(on day: Day, synthetic: Bool) -> DueList {
        let drafted = Set(drafts.map { "\($0.followUp) \($0.kind) \($0.id.prefix { $0 != "|" })" })
        let reckoning = DueReckoning(city: city, day: day, collecting: collecting) { obligation, followUp, _ in
            if let redacted = redacted(answering: obligation, followUp) {
                return DueReckoning.Answer(records: [Self.moment(redacted, copy, acked)], isRedacted: true)
            }
            let said = records(answering: obligation, followUp)
            return said.isEmpty
                ? nil : DueReckoning.Answer(records: said.map { Self.moment($0, copy, acked) })
        } hasDraft: { obligation, followUp in
            drafted.contains("\(followUp.id) \(obligation.kind.rawValue) \(obligation.about)")
        }
        var entries: [DueList.Entry] = []
        for policy in copy.policies.values.sorted(by: { $0.id < $1.id }) {
            for followUp in policy.followUps {
                let entry = reckoning.entry(
                    policy, followUp, of: forvaltning.code, initiatives: initiatives, target: currentTarget)
                if let entry { entries.append(entry) }
            }
        }
        let sorted = entries.enumerated().sorted {
            ($0.element.lastDay ?? "9999", $0.offset) < ($1.element.lastDay ?? "9999", $1.offset)
        }
        return DueList(on: day, synthetic: synthetic, entries: sorted.map(\.element))
    }

    /// What it owes for one follow-up; nil when nothing.
    public func due(_ followUp: String, on day: Day) -> DueList.Entry? {
        due(on: day, synthetic: false).entries.first { $0.followUp == followUp }
    }

    /// What an approval of a follow-up would cover.
    public struct Standing: Sendable {
        /// All that stands handed in, approved before or not.
        public var records: [RecordName] = []
        /// Those of them that nobody has approved.
        public var fresh: [RecordName] = []
        /// What `records` are about, in the same order.
        public var about: [String] = []
        /// What was returned and not handed in again.
        public var returned: [String] = []
    }

    /// What stands handed in for a follow-up: what is asked for first, then what was said beyond it.
    public func standing(for followUp: FollowUp) -> Standing {
        var standing = Standing()
        func add(_ line: Line, _ about: String, isFigure: Bool) {
            switch collecting.mark(of: line.name)?.stage {
            case .returned: return standing.returned.append(about)
            case nil where !isFigure: return
            case .handedIn, nil: standing.fresh.append(line.name)
            case .approved, .accepted: break
            }
            standing.records.append(line.name)
            standing.about.append(about)
        }
        let asked = obligations(for: followUp)
        for obligation in asked {
            guard let newest = records(answering: obligation, followUp).last else { continue }
            add(newest, obligation.about, isFigure: obligation.kind == .reading)
        }
        let known = Set(asked.map(\.about))
        for line in newest(.status) where line.envelope.id.hasSuffix("|\(followUp.id)") {
            let about = String(line.envelope.id.prefix { $0 != "|" })
            if !known.contains(about) { add(line, about, isFigure: false) }
        }
        for line in beside(asked, followUp) { add(line, line.envelope.id, isFigure: true) }
        return standing
    }

    /// What belongs to no follow-up and is approved with the policy's next one: the parts of the figures asked for, and what an
    /// officer said of the money and milestones of the policy's initiatives.
    private func beside(_ asked: [Obligation], _ followUp: FollowUp) -> [Line] {
        let parts = asked.filter { $0.kind == .reading }.flatMap { obligation in
            (readingIDs[obligation.about] ?? []).compactMap { versions(.reading, $0).last }.filter { line in
                guard let reading = try? line.decode(Reading.self), reading.breakdown != nil else { return false }
                return obligation.year.map { reading.endsOn.year == $0 } ?? true
            }
        }
        let policyID = String(followUp.id.prefix { $0 != "/" })
        let said = (newest(.funding) + newest(.milestone)).filter {
            $0.envelope.policy == policyID && $0.envelope.by.role == Author.officer
        }
        return parts + said
    }

    /// What this forvaltning owes for a follow-up.
    public func obligations(for followUp: FollowUp) -> [Obligation] {
        let policyID = String(followUp.id.prefix { $0 != "/" })
        return copy.policies[policyID]?.obligations(
            of: forvaltning.code, for: followUp, initiatives: initiatives, city: city, target: currentTarget) ?? []
    }

    /// A follow-up by its id; nil where the copy does not have it.
    public func followUp(_ id: String) -> FollowUp? {
        copy.policies[String(id.prefix { $0 != "/" })]?.followUps.first { $0.id == id }
    }

    func currentTarget(_ stated: AnnualTarget) -> AnnualTarget { copy.targets[stated.id]?.annualTarget ?? stated }

    /// The newest of the node's own words on an obligation, where it was redacted.
    private func redacted(answering obligation: Obligation, _ followUp: FollowUp) -> Line? {
        switch obligation.kind {
        case .status:
            let line = redacted[Self.key(.status, "\(obligation.about)|\(followUp.id)")]
            return line.flatMap { collecting.mark(of: $0.name) == nil ? nil : $0 }
        case .reading:
            let met = redacted.values.filter {
                $0.kind == .reading && obligation.isMet(byRedacted: $0.envelope.id)
            }
            return records(answering: obligation, followUp).isEmpty
                ? met.max { $0.envelope.seq < $1.envelope.seq } : nil
        }
    }

    /// Own lines that answer an obligation, oldest first.
    func records(answering obligation: Obligation, _ followUp: FollowUp) -> [Line] {
        switch obligation.kind {
        case .status:
            // Statuses enter the log when they are handed in; one that no hand-in names is nobody's answer.
            return versions(.status, "\(obligation.about)|\(followUp.id)").filter {
                collecting.mark(of: $0.name) != nil
            }
        case .reading:
            return (readingIDs[obligation.about] ?? []).flatMap { versions(.reading, $0) }.filter {
                (try? $0.decode(Reading.self)).map(obligation.isMet) ?? false
            }.sorted { $0.envelope.seq < $1.envelope.seq }
        }
    }
}
