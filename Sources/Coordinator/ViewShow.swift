internal import Foundation
public import PolicyModel

/// One thing with all that the ledger says of it.
public struct ShownThing: Sendable, Codable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case policy, goal, initiative, forvaltning, body, record, indicator
        case followUp = "follow_up"
        case annualTarget = "annual_target"
    }

    /// One record that speaks of it.
    /// One field that a version changed.
    public struct Change: Sendable, Codable, Hashable {
        public var field: String
        /// JSON; nil where the field was not there.
        public var from: String?
        public var to: String?
    }

    public struct Version: Sendable, Codable {
        public var kind: String
        /// What the record is about: the envelope's `id`.
        public var id: String
        public var record: RecordName
        public var position: Int64
        /// When the broker had it, and when its publisher made it.
        public var received: String
        public var at: String
        /// Who said it: forvaltning, role, pseudonym, as far as given.
        public var by: String
        public var hash: String
        /// The fields of the body that differ from the version before; nil for the first.
        public var changed: [Change]?
        /// Whether a later version of the same publisher stands in its place.
        public var superseded: Bool
        /// Why its publisher took it back; nil, and absent in JSON, where it did not.
        public var withdrawn: LocalizedText?
    }

    public var kind: Kind
    public var id: String
    public var title: LocalizedText
    public var policy: Policy?
    public var goal: Goal?
    public var followUp: FollowUp?
    public var initiative: Initiative?
    public var forvaltning: Forvaltning?
    public var body: Body?
    public var indicator: Indicator?
    public var annualTarget: AnnualTarget?
    /// With a measure: baselines, versions of the target, latest reading and judgement, as of the reference date.
    public var progress: ProgressView.Row?
    /// Newest last, by period; what does not count is among them and says so.
    public var readings: [ShownReading]
    /// What policies' plugins judged of it, for each follow-up.
    public var assessments: [ShownAssessment]
    /// With a record: what a person said of a link.
    public var linkDecision: LinkDecision?
    /// Its money on the reference date; for an initiative.
    public var funding: FundingView.Row?
    /// Newest last, with the standing of each.
    public var statuses: [Status]
    /// How forvaltninger stand with it: for a follow-up; one forvaltning, for itself.
    public var cells: [MatrixView.Cell]
    /// Answers that follow-ups ask for about it and that were not given, where they can be given; nil, and absent in JSON, where
    /// nothing lacks.
    public var lacking: [Lacking]?
    /// What collecting says of it, in ledger order; nil, and absent in JSON, where it says nothing.
    public var collecting: [Word]?
    /// What was said of it and redacted; nil, and absent in JSON, where nothing was.
    public var redacted: [Redacted]?
    /// Ids of the initiatives that belong to it.
    public var initiatives: [String]
    public var sources: [Source]
    /// Every record that speaks of it, in ledger order.
    public var versions: [Version]

    public struct Status: Sendable, Codable {
        public var report: StatusReport
        public var publisher: String
        public var received: String
        public var standing: LedgerStanding
        /// How far it has come; nil for what a document says, and for what nobody handed in.
        public var stage: Collecting.Stage?
        /// Whether an earlier answer was approved, and this one is not.
        public var changedSinceApproval: Bool

        enum CodingKeys: String, CodingKey {
            case report, publisher, received, standing, stage
            case changedSinceApproval = "changed_since_approval"
        }
    }

    /// A record without its body: who said it and when is known, what is not.
    public struct Redacted: Sendable, Codable {
        public var kind: String
        public var id: String
        public var record: RecordName
        public var position: Int64
        public var received: String
        public var at: String
        public var by: String
        public var hash: String
        /// Why, who decided, and by which record; nil while that is not in the ledger.
        public var order: LedgerOrder?
    }

    public struct ShownReading: Sendable, Codable {
        public var reading: Reading
        public var record: RecordName
        public var received: String
        /// Whether its publisher is one that reports the measure.
        public var counts: Bool
        /// How many versions of it there are; the newest is shown.
        public var versions: Int
    }

    public struct ShownAssessment: Sendable, Codable {
        public var assessment: Assessment
        public var record: RecordName
        public var received: String
    }

    enum CodingKeys: String, CodingKey {
        case kind, id, title, policy, goal, initiative, forvaltning, body, indicator, progress, readings, assessments
        case funding, statuses, cells, lacking, collecting, redacted, initiatives, sources, versions
        case followUp = "follow_up"
        case annualTarget = "annual_target"
        case linkDecision = "link_decision"
    }
}

/// What `show` finds.
public enum ShowResult: Sendable {
    case found(ShownThing)
    /// Nothing has this id; ids most like it, nearest first.
    case unknown(nearest: [String])
}

extension LedgerState {
    /// One thing by its id: a policy, goal, follow-up, indicator, annual target, initiative, forvaltning (code or key), body,
    /// or a record by publisher/log/seq. O(records): for a person who asks, not for loops.
    public func show(_ id: String, on day: Day) -> ShowResult {
        guard case .found(var thing) = find(id, on: day) else {
            // Nothing but its envelope may be left of it.
            let left = redactedRecords().filter { $0.name.description == id || $0.hash == id || isAbout($0, id) }
            guard let first = left.first else { return find(id, on: day) }
            var thing = ShownThing(
                .record, id, LocalizedText(da: left.count == 1 ? "\(first.kind) \(first.id)" : id))
            thing.redacted = left.map(shown)
            return .found(thing)
        }
        addCollecting(to: &thing)
        addLacking(to: &thing, on: day)
        let own = Set(thing.versions.map(\.id))
        let left = redactedRecords().filter { isAbout($0, thing.id) || (thing.kind == .record && own.contains($0.id)) }
        if !left.isEmpty { thing.redacted = left.map(shown) }
        return .found(thing)
    }

    /// Whether a redacted record was about something: its identity begins with it, or names its follow-up.
    private func isAbout(_ record: LedgerRedacted, _ id: String) -> Bool {
        record.id == id || record.id.hasPrefix("\(id)|") || (record.kind == .status && record.id.hasSuffix("|\(id)"))
    }

    private func shown(_ record: LedgerRedacted) -> ShownThing.Redacted {
        ShownThing.Redacted(
            kind: record.kind.rawValue, id: record.id, record: record.name, position: record.position,
            received: record.received, at: record.at,
            by: [record.by.forvaltning, record.by.role, record.by.person].compactMap(\.self).joined(separator: " "),
            hash: record.hash, order: order(for: record.name))
    }

    private func find(_ id: String, on day: Day) -> ShowResult {
        if let initiative = initiative(id)?.body { return .found(show(initiative, on: day)) }
        if let policy = policy(id)?.body { return .found(show(policy, on: day)) }
        for history in policies.histories {
            let policy = history.current.body
            if let goal = policy.goals.first(where: { $0.id == id }) { return .found(show(goal, of: policy)) }
            let asking = policy.followUps.first { $0.id == id || ($0.questions ?? []).contains { $0.id == id } }
            if let followUp = asking {
                return .found(show(followUp, of: policy, on: day))
            }
            if let thing = show(measure: id, of: policy, on: day) { return .found(thing) }
        }
        if let forvaltning = city?.forvaltning(id) { return .found(show(forvaltning, on: day)) }
        if let body = city?.bodies.first(where: { $0.id == id || $0.slug == id.lowercased() }) {
            return .found(show(body))
        }
        if let thing = show(record: id, on: day) { return .found(thing) }
        // What was taken back is still to be seen.
        if let initiative = initiatives.all.first(where: { $0.identity == id })?.current.body {
            return .found(show(initiative, on: day))
        }
        return .unknown(nearest: nearestIDs(to: id, among: knownIDs))
    }

    /// Every id that `show` knows, but for records.
    public var knownIDs: [String] {
        let parts = policies.histories.map(\.current.body).flatMap {
            $0.subjectIDs + $0.followUps.map(\.id) + $0.measureIDs
        }
        let names = (city?.forvaltninger.map(\.code) ?? []) + (city?.bodies.map(\.id) ?? [])
        return policies.identities + parts + initiatives.identities + names
    }

    private func show(_ initiative: Initiative, on day: Day) -> ShownThing {
        let id = initiative.id
        var thing = ShownThing(.initiative, id, initiative.title)
        thing.initiative = initiative
        thing.funding = fundingRow(of: initiative, on: day)
        thing.statuses = shownStatuses(of: id)
        let money = funding(of: id)
        thing.versions = ordered(
            versions(initiatives.all.filter { $0.identity == id })
                + versions(funding.all.filter { $0.current.body.initiative == id })
                + versions(statuses.all.filter { $0.current.body.about == id }))
        thing.sources = unique(
            [initiative.source] + initiative.figures.map(\.source) + money.compactMap(\.current.body.source)
                + thing.statuses.compactMap(\.report.source))
        return thing
    }

    private func show(_ policy: Policy, on day: Day) -> ShownThing {
        var thing = ShownThing(.policy, policy.id, policy.title)
        thing.policy = policy
        thing.cells = matrix(on: day, policies: [policy.id]).cells
        thing.initiatives = initiatives(ofPolicy: policy.id).map(\.body.id)
        thing.sources = unique([policy.source])
        thing.versions = ordered(versions(policies[policy.id]))
        return thing
    }

    private func show(_ goal: Goal, of policy: Policy) -> ShownThing {
        var thing = ShownThing(.goal, goal.id, goal.title)
        thing.goal = goal
        thing.statuses = shownStatuses(of: goal.id)
        thing.initiatives = initiatives(ofPolicy: policy.id).filter { $0.body.goals.contains(goal.id) }.map(\.body.id)
        thing.sources = [goal.source]
        let judged = assessments.histories.filter { $0.current.body.goal == goal.id }
        thing.assessments = judged.map(shown)
        thing.versions = ordered(
            versions(policies[policy.id]) + versions(statuses.all.filter { $0.current.body.about == goal.id })
                + versions(judged))
        return thing
    }

    private func show(_ followUp: FollowUp, of policy: Policy, on day: Day) -> ShownThing {
        var thing = ShownThing(.followUp, followUp.id, followUp.title)
        thing.followUp = followUp
        thing.cells = matrix(on: day, policies: [policy.id], followUps: [policy.id: followUp.id]).cells
        thing.sources = [followUp.source]
        let answers = handIns.histories.filter { $0.current.body.followUp == followUp.id }
        let said = statuses.all.filter { $0.current.body.followUp == followUp.id }
        thing.statuses = statuses.histories.filter { $0.current.body.followUp == followUp.id }.map(shown)
        thing.versions = ordered(versions(policies[policy.id]) + versions(answers) + versions(said))
        return thing
    }

    private func show(_ forvaltning: Forvaltning, on day: Day) -> ShownThing {
        var thing = ShownThing(.forvaltning, forvaltning.code, forvaltning.name)
        thing.forvaltning = forvaltning
        thing.cells = matrix(on: day).cells.filter { $0.forvaltning == forvaltning.code }
        thing.initiatives = initiatives.identities.filter { initiative($0)?.body.owner == forvaltning.code }
        thing.versions = ordered(
            versions(handIns.histories.filter { $0.publisher == forvaltning.code })
                + versions(enrolments[forvaltning.code]))
        return thing
    }

    private func show(_ body: Body) -> ShownThing {
        var thing = ShownThing(.body, body.id, body.name)
        thing.body = body
        thing.initiatives = initiatives.identities.filter { initiative($0)?.body.owner == body.id }
        return thing
    }

    private func show(record name: String, on day: Day) -> ShownThing? {
        let all =
            versions(policies.histories) + versions(initiatives.all) + versions(funding.all)
            + versions(statuses.all) + versions(handIns.histories) + versions(configurations.histories)
            + versions(enrolments.histories) + versions(refusals.histories) + versions(targets.histories)
            + versions(readings.all) + versions(assessments.histories) + versions(assessed.histories)
            + versions(linkDecisions.histories) + versions(redactions.histories) + collectingVersions()
        let refused = RecordKind.refusal.rawValue
        let version = all.first { $0.record.description == name } ?? all.first { $0.kind == refused && $0.id == name }
        guard let version else { return nil }
        var thing = ShownThing(.record, name, LocalizedText(da: "\(version.kind) \(version.id)"))
        thing.versions = ordered(all.filter { $0.kind == version.kind && $0.id == version.id })
        let records = Set(thing.versions.map(\.record))
        if version.kind == RecordKind.initiative.rawValue { thing.initiative = initiative(version.id)?.body }
        if version.kind == RecordKind.policy.rawValue { thing.policy = policy(version.id)?.body }
        thing.statuses = statuses.histories.filter { records.contains($0.current.name) }.map(shown)
        func says<Body>(_ history: LedgerHistory<Body>) -> Bool {
            history.versions.contains { $0.name == version.record }
        }
        thing.readings = readings.histories.filter(says).map(shown)
        thing.assessments = assessments.histories.filter(says).map(shown)
        thing.linkDecision = linkDecisions.histories.first(where: says)?.current.body
        if let target = targets.histories.first(where: says)?.current.body {
            thing.progress = progressRow(of: target.about, on: day)
        }
        return thing
    }

    private func shownStatuses(of about: String) -> [ShownThing.Status] { statuses(of: about).map(shown) }

    private func shown(_ history: LedgerHistory<StatusReport>) -> ShownThing.Status {
        ShownThing.Status(
            report: history.current.body, publisher: history.publisher, received: history.current.received,
            standing: standing(of: history.current),
            stage: stage(of: history.current.name, standing(of: history.current)),
            changedSinceApproval: isChangedSinceApproval(history.current, in: history))
    }

    func ordered(_ versions: [ShownThing.Version]) -> [ShownThing.Version] {
        versions.sorted { $0.position < $1.position }
    }

    func versions<B>(_ histories: [LedgerHistory<B>]) -> [ShownThing.Version] {
        histories.flatMap { history in
            // A later record stands in its place though it was redacted; of what others hang on the earlier one holds.
            let isSuperseded =
                Redaction.rule(for: B.kind) == .always
                && history.redacted.last?.position ?? 0 > history.versions.last?.position ?? 0
            return history.versions.indices.map { index in
                let version = history.versions[index]
                return ShownThing.Version(
                    kind: B.kind.rawValue, id: history.identity, record: version.name, position: version.position,
                    received: version.received, at: version.at,
                    by: [version.by.forvaltning, version.by.role, version.by.person].compactMap(\.self).joined(
                        separator: " "),
                    hash: version.hash,
                    changed: index == 0 ? nil : changedFields(history.versions[index - 1].body, version.body),
                    superseded: index < history.versions.count - 1 || isSuperseded,
                    withdrawn: history.withdrawal.flatMap { $0.body.record == version.name ? $0.body.reason : nil })
            }
        }
    }
}

extension ShownThing {
    init(_ kind: Kind, _ id: String, _ title: LocalizedText) {
        self.init(
            kind: kind, id: id, title: title, readings: [], assessments: [], statuses: [], cells: [], initiatives: [],
            sources: [], versions: [])
    }
}

func unique(_ sources: [Source]) -> [Source] {
    var seen: Set<Source> = []
    return sources.filter { seen.insert($0).inserted }
}

/// The top-level fields in which two bodies differ, with what stood there before and after.
private func changedFields(_ old: some Encodable, _ new: some Encodable) -> [ShownThing.Change] {
    func fields(_ body: some Encodable) -> [String: Data] {
        guard let data = try? JSONEncoder().encode(body),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return [:] }
        // Values are compared as JSON with sorted keys, so that the order of keys never looks like a change.
        return object.compactMapValues {
            try? JSONSerialization.data(
                withJSONObject: $0, options: [.sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed])
        }
    }
    let (before, after) = (fields(old), fields(new))
    func text(_ data: Data?) -> String? { data.map { String(decoding: $0, as: UTF8.self) } }
    return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted().map {
        ShownThing.Change(field: $0, from: text(before[$0]), to: text(after[$0]))
    }
}
