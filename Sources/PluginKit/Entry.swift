import Foundation
import Ledger
import PolicyModel
import Wire

/// One thing an officer says, as a JSON line on the standard input of `<node> enter`.
public struct EntryLine: Codable, Sendable {
    /// A status, for the follow-up it names.
    public var status: StatusReport?
    /// A change of money.
    public var funding: Funding?
    /// A figure.
    public var reading: EnteredReading?
    /// Hand in what has been said for this follow-up, the lines before included.
    public var handIn: String?
    /// The officer's pseudonym.
    public var person: String?

    enum CodingKeys: String, CodingKey {
        case status, funding, reading, person
        case handIn = "hand_in"
    }

    public init(
        status: StatusReport? = nil, funding: Funding? = nil, reading: EnteredReading? = nil, handIn: String? = nil,
        person: String? = nil
    ) {
        self.status = status
        self.funding = funding
        self.reading = reading
        self.handIn = handIn
        self.person = person
    }
}

/// What came of an entry: one JSON line on standard output each.
public struct EntryResult: Codable, Sendable {
    /// `BIF/9f2c…/43`; nil when it was only checked.
    public var record: String?
    public var kind: String
    public var id: String
    /// What the officer must know of it: that a figure was suppressed, and why.
    public var note: String?
}

/// Checks what an officer says against the node's own rules, log and copy, and appends it: all of it or nothing.
///
/// It is the one way in for commands, spreadsheets and forms, whether the node runs or not, and with no network.
struct Entry {
    /// What is wrong with a line: which, and the way out.
    struct Refused: Error, CustomStringConvertible {
        let description: String
        init(line: Int, _ text: String) { description = "line \(line): \(text)" }
    }

    let forvaltning: Forvaltning
    let rules: any NodeRules
    let city: City
    /// Policies as this node's copy has them, by id.
    let policies: [String: Policy]
    /// The newest version of each target in this node's copy, by measure.
    var targets: [String: TargetVersion] = [:]
    /// What the policies' plugins last judged, by goal and follow-up.
    var assessments: [String: Assessment] = [:]
    /// In UTC.
    var today: Day?

    init(
        forvaltning: Forvaltning, rules: any NodeRules, city: City, definitions: Definitions, at now: Date = Date()
    ) {
        self.forvaltning = forvaltning
        self.rules = rules
        self.city = city
        policies = definitions.policies
        targets = definitions.targets
        assessments = definitions.assessments
        today = Day(Timestamp.seconds(now))
    }

    /// The definitions that a node has followed.
    struct Definitions {
        var policies: [String: Policy] = [:]
        var targets: [String: TargetVersion] = [:]
        var assessments: [String: Assessment] = [:]

        init() {}

        init(in replica: Replica) throws {
            try replica.forEach { delivered in
                switch delivered.line.kind {
                case .policy:
                    guard let policy = try? delivered.line.decode(Policy.self) else { return }
                    policies[policy.id] = policy
                case .target:
                    guard let target = try? delivered.line.decode(TargetVersion.self),
                        target.version > targets[target.about]?.version ?? 0
                    else { return }
                    targets[target.about] = target
                case .assessment:
                    guard let assessment = try? delivered.line.decode(Assessment.self) else { return }
                    assessments[assessment.identity] = assessment
                default: break
                }
            }
        }
    }

    /// What is to be appended, with what the officer must know of each.
    struct Drafts {
        var drafts: [PublisherLog.Draft] = []
        /// By index in `drafts`.
        var notes: [Int: String] = [:]
    }

    /// Drafts for `lines`, given the log under its lock.
    func drafts(_ lines: [EntryLine], _ log: PublisherLog.Snapshot) throws -> Drafts {
        var result = Drafts()
        let head = try log.head().seq
        for (index, line) in lines.enumerated() {
            let number = index + 1
            let author = Author(forvaltning: forvaltning.code, role: "officer", person: line.person)
            if let status = line.status {
                try check(status, number, log, result.drafts)
                result.drafts.append(try PublisherLog.Draft(status, by: author))
            }
            if let funding = line.funding {
                try checkInitiative(funding.initiative, number, log)
                if let violation = funding.violation { throw Refused(line: number, violation.description) }
                result.drafts.append(try PublisherLog.Draft(funding, by: author))
            }
            if let entered = line.reading {
                let (reading, note) = try checked(entered, number)
                result.notes[result.drafts.count] = note
                result.drafts.append(try PublisherLog.Draft(reading, by: author))
            }
            if let followUp = line.handIn {
                let handIn = try handIn(followUp, number, log, result.drafts, head)
                result.drafts.append(try PublisherLog.Draft(handIn, by: author))
            }
            if line.status == nil, line.funding == nil, line.reading == nil, line.handIn == nil {
                throw Refused(line: number, "nothing is said: give status, funding, reading or hand_in")
            }
        }
        return result
    }

    private func checkInitiative(_ id: String, _ number: Int, _ log: PublisherLog.Snapshot) throws {
        guard try log.latest(.initiative, id) == nil else { return }
        let own = try log.all(.initiative).map(\.envelope.id)
        let nearest = nearestIDs(to: id, among: own, count: 1).first
        let hint =
            own.isEmpty
            ? "it has published none yet: run `pejling up` once"
            : nearest.map { "did you mean \($0)?" } ?? "`pejling show \(forvaltning.code)` lists them"
        throw Refused(line: number, "\(forvaltning.code) has no initiative “\(id)”; \(hint)")
    }

    func policy(_ id: String, _ number: Int) throws -> Policy {
        if let policy = policies[id] { return policy }
        throw Refused(
            line: number,
            "the definition of policy “\(id)” has not come to \(forvaltning.code) yet\(policies.isEmpty ? "" : " (here are \(policies.keys.sorted().joined(separator: ", ")))"): run `pejling up` once with a connection"
        )
    }

    private func followUp(_ id: String, _ number: Int) throws -> FollowUp {
        let policyID = id.split(separator: "/").first.map(String.init) ?? ""
        let policy = try policy(policyID, number)
        guard let followUp = policy.followUps.first(where: { $0.id == id }) else {
            throw Refused(
                line: number,
                "\(policyID) has no follow-up “\(id)”; it has \(policy.followUps.map(\.id).joined(separator: ", "))")
        }
        guard followUp.kind != .opening else {
            throw Refused(line: number, "\(id) is what the policy itself states: choose one of its other follow-ups")
        }
        guard followUp.owedBy.contains(forvaltning.code) else {
            throw Refused(
                line: number,
                "\(forvaltning.code) owes nothing for \(id)\(followUp.owedBy.isEmpty ? "" : " (\(followUp.owedBy.joined(separator: ", ")) do)")"
            )
        }
        return followUp
    }

    func checkText(_ texts: [String], _ number: Int) throws {
        let control = texts.first { $0.unicodeScalars.contains { $0.value < 32 && $0 != "\n" && $0 != "\t" } }
        guard let control else { return }
        throw Refused(
            line: number,
            "the text “\(control.filter { $0 >= " " }.prefix(40))…” holds a control character: take it out")
    }

    private func check(
        _ status: StatusReport, _ number: Int, _ log: PublisherLog.Snapshot, _ earlier: [PublisherLog.Draft]
    ) throws {
        if let violation = status.violation { throw Refused(line: number, violation.description) }
        let texts = [
            status.done, status.deviation, status.action, status.proposals, status.decisionNeeded, status.reason,
        ].compactMap(\.self).flatMap { [$0.da, $0.en ?? ""] }
        try checkText(texts, number)
        let followUp = try followUp(status.followUp, number)
        if initiativeParts(status.about) == nil {
            try checkSubject(status, followUp, number)
        } else {
            try checkInitiative(status.about, number, log)
        }
        guard status.printed == nil, status.source == nil, status.deliveryBasis == nil else {
            throw Refused(
                line: number, "an officer's status cites no document: leave printed, source and delivery_basis out")
        }
        if let last = try lastDelivery(of: status.about, log, earlier), last != status.delivery,
            status.reason?.da.isEmpty ?? true
        {
            throw Refused(
                line: number,
                "\(status.about) goes from \(last.rawValue) to \(status.delivery.rawValue): say why with --reason")
        }
        if let violation = rules.violation(of: status) { throw Refused(line: number, violation.description) }
    }

    /// A status on a goal, or on a question of the follow-up, which every forvaltning that owes input may give.
    private func checkSubject(_ status: StatusReport, _ followUp: FollowUp, _ number: Int) throws {
        let policy = try policy(status.policyID ?? "", number)
        let questions = followUp.questions?.map(\.id) ?? []
        guard policy.goals.contains(where: { $0.id == status.about }) || questions.contains(status.about) else {
            let nearest = nearestIDs(to: status.about, among: policy.subjectIDs, count: 1).first
            throw Refused(
                line: number,
                "\(policy.id) has no goal and \(followUp.id) no question “\(status.about)”; \(nearest.map { "did you mean \($0)?" } ?? "`pejling show \(followUp.id)` lists its questions")"
            )
        }
        guard followUp.effortsWhereBehind == true, status.proposals?.da.isEmpty ?? true else { return }
        let judged = assessments["\(status.about)|\(followUp.id)"] ?? assessments["\(status.about)|\(policy.openingID)"]
        guard let judged, judged.judgement == .behind else { return }
        throw Refused(
            line: number,
            "\(status.about) is judged behind (\(judged.arithmetic.da)): for \(followUp.id) the new efforts must be described, with --proposals"
        )
    }

    private func lastDelivery(
        of id: String, _ log: PublisherLog.Snapshot, _ earlier: [PublisherLog.Draft]
    ) throws -> StatusReport.Delivery? {
        let decoder = JSONDecoder()
        for draft in earlier.reversed() where draft.kind == .status {
            let status = try decoder.decode(StatusReport.self, from: Data(draft.body))
            if status.about == id { return status.delivery }
        }
        let dead = try log.deadSeqs()
        let newest = try log.all(.status).filter {
            $0.envelope.id.hasPrefix("\(id)|") && !dead.contains($0.envelope.seq)
        }.max {
            $0.envelope.seq < $1.envelope.seq
        }
        return try newest.map { try $0.decode(StatusReport.self).delivery }
    }

    /// Names the newest status of each subject for this follow-up, those being written now included.
    private func handIn(
        _ id: String, _ number: Int, _ log: PublisherLog.Snapshot, _ earlier: [PublisherLog.Draft], _ head: Int64
    ) throws -> HandIn {
        _ = try followUp(id, number)
        var seqs: [String: Int64] = [:]
        let dead = try log.deadSeqs()
        for line in try log.all(.status)
        where line.envelope.id.hasSuffix("|\(id)") && !dead.contains(line.envelope.seq) {
            seqs[line.envelope.id] = line.envelope.seq
        }
        for (offset, draft) in earlier.enumerated() where draft.kind == .status && draft.id.hasSuffix("|\(id)") {
            seqs[draft.id] = head + 1 + Int64(offset)
        }
        guard !seqs.isEmpty else {
            throw Refused(line: number, "nothing has been said for \(id) yet: give a status first")
        }
        return HandIn(
            followUp: id, forvaltning: forvaltning.code,
            records: seqs.values.sorted().map { RecordName(publisher: log.publisher, log: log.logID, seq: $0) })
    }
}
