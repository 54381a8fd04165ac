import Foundation
import Ledger
import PolicyModel
import Wire

/// What a plugin makes of what it follows. Its answers are appended in the transaction that keeps the lines they answer, so
/// that after a crash either both are there or neither.
public protocol FeedDigest: AnyObject {
    /// Takes in a line, in ledger order; those already kept come again at each start.
    func take(_ delivered: DeliveredLine) throws
    /// What is to be said now, given the log as it is.
    func drafts(_ log: PublisherLog.Snapshot) throws -> [PublisherLog.Draft]
}

/// Follows the records of one policy and judges its goals: publishes an assessment when it differs from the one before, and
/// says up to which position it has judged.
final class Judge: FeedDigest {
    private let rules: any PolicyRules
    private let city: City
    private var assessor: Assessor
    /// The last record of the policy from another publisher.
    private var lastForeign: Int64 = 0
    /// By identity: what this plugin last said, as far as asked for.
    private var said: [String: Hash] = [:]

    init(_ policy: Policy, targets: [TargetVersion], city: City, rules: any PolicyRules) {
        self.rules = rules
        self.city = city
        assessor = Assessor(policy: policy, targets: Dictionary(grouping: targets, by: \.about))
    }

    func take(_ delivered: DeliveredLine) throws {
        let (line, policy) = (delivered.line, assessor.policy)
        guard line.envelope.policy == policy.id, line.envelope.publisher != policy.id else { return }
        lastForeign = delivered.position
        switch line.kind {
        case .initiative:
            // What cannot be read is the broker's to refuse, and the coordinator's to show.
            guard let initiative = try? line.decode(Initiative.self) else { return }
            assessor.goals[initiative.id] = initiative.goals
        case .reading where line.isRedacted:
            // What it superseded does not count again.
            let about = line.envelope.id.split(separator: "|").first.map(String.init) ?? ""
            if policy.reporters(of: about, city: city)?.contains(line.envelope.publisher) ?? false {
                assessor.remove(identity: line.envelope.id)
            }
        case .reading:
            guard let reading = try? line.decode(Reading.self),
                policy.reporters(of: reading.about, city: city)?.contains(line.envelope.publisher) ?? false
            else { return }
            assessor.add(NamedReading(name: line.name, position: delivered.position, reading: reading))
        case .redaction:
            if let order = line.redaction, order.redacted == RecordKind.reading.rawValue {
                assessor.remove(order.record)
            }
        default: break
        }
    }

    func drafts(_ log: PublisherLog.Snapshot) throws -> [PublisherLog.Draft] {
        let author = Author(role: Role.policy.rawValue)
        var drafts: [PublisherLog.Draft] = []
        for assessment in assessor.assessments(rules.attainment) {
            let draft = try PublisherLog.Draft(assessment, by: author)
            let before = try said[draft.id] ?? log.latest(.assessment, draft.id)?.envelope.bodyHash
            let now = Hash(of: draft.body)
            said[draft.id] = now
            if before != now { drafts.append(draft) }
        }
        guard lastForeign > 0 else { return drafts }
        let assessed = try PublisherLog.Draft(Assessed(policy: assessor.policy.id, upTo: lastForeign), by: author)
        if try log.latest(.assessed, assessed.id).map({ Array($0.body) }) != assessed.body { drafts.append(assessed) }
        return drafts
    }
}
