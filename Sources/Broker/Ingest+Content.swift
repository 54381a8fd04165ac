import PolicyModel
import Wire

// What a line says, held against the rules of its kind: the broker stores a refusal in the place of what breaks one.

extension Ingest {
    /// Who says a line: what its rules and its signature ask of the publisher.
    struct Sender: Hashable, Sendable {
        let publisher: String
        let role: Role
        let signKey: VerifyingKey
    }

    /// The first rule that a line's content breaks when `sender` says it; nil when none. Pure: any thread may ask.
    static func contentViolation(_ line: Line, _ sender: Sender, _ city: City) -> Violation? {
        let by = line.envelope.by
        if sender.role == .node, let forvaltning = by.forvaltning, forvaltning != sender.publisher {
            return Violation(
                rule: "by.forvaltning", message: "\(line.name): said by \(forvaltning), sent by \(sender.publisher)")
        }
        let isOwnRole =
            by.role == sender.role.rawValue
            || (sender.role == .node && (by.role == Author.officer || by.role == Author.approver))
        guard isOwnRole else {
            return Violation(
                rule: "by.role", message: "\(line.name): said as “\(by.role)”, which \(sender.publisher) is not")
        }
        if line.isRedacted {
            // It says nothing, so there is nothing to check; but what nothing stands without does not come like this.
            return Redaction.reasonToKeep(line.kind).map {
                Violation(
                    rule: "redaction.kind", message: "\(line.name) has no body, and a \(line.kind) needs one: \($0)")
            }
        }
        // A plugin's own kind is none of those below: it is not held against each of them.
        if line.kind.isOpaque { return nil }
        func check<Body: RecordBody>(_ type: Body.Type) -> Violation? {
            let body: Body
            do { body = try line.decode(type) } catch { return error }
            guard line.envelope.id == body.identity, line.envelope.policy == body.policyID else {
                return Violation(
                    rule: "envelope.identity",
                    message: "\(line.name): the envelope says \(line.envelope.id), the body \(body.identity)")
            }
            return body.violation ?? body.ownerViolation(publisher: sender.publisher, role: sender.role, city: city)
        }
        switch line.kind {
        case .policy: return check(Policy.self)
        case .initiative: return check(Initiative.self)
        case .funding: return check(Funding.self)
        case .status: return check(StatusReport.self)
        case .handin: return check(HandIn.self)
        case .reading: return check(Reading.self)
        case .target: return check(TargetVersion.self)
        case .assessment: return check(Assessment.self)
        case .assessed: return check(Assessed.self)
        case .link: return check(LinkDecision.self)
        case .configuration: return check(City.self)
        case .milestone: return check(Milestone.self)
        case .approval: return check(Approval.self)
        case .return: return check(Return.self)
        case .acceptance: return check(Acceptance.self)
        case .exception: return check(Exception.self)
        case .decision: return check(Decision.self)
        case .contribution: return check(Contribution.self)
        case .withdrawal: return check(Withdrawal.self)
        case .redaction: return check(Redaction.self)
        default: return nil
        }
    }
}
