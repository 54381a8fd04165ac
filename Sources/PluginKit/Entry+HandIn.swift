import Foundation
import Ledger
import PolicyModel
import Wire

/// What an officer does with what was said: handing in, approving, taking back.
extension Entry {
    /// Appends the drafts that wait for a follow-up, each checked as if it were entered now, and a hand-in that names the newest
    /// answer to each thing asked for. Where the follow-up's hand-ins name them all already, nothing is appended.
    func handIn(_ id: String, _ officer: Author, _ pass: inout Pass) throws {
        let followUp = try followUp(id, pass)
        let here = pass.place
        for draft in pass.waiting(for: id) {
            // A draft of this entry is handed in under its own line's number.
            if draft.number > 0 { pass.place = .draft(draft) }
            try say(draft, officer, &pass)
        }
        pass.place = here
        var records: [String: RecordName] = [:]
        var returned: [String] = []
        let said = pass.desk.newest(.status).filter { $0.envelope.id.hasSuffix("|\(id)") }
        for line in said + figures(for: followUp, pass) {
            // What was returned is handed in again when it was said anew, not by the way.
            if pass.desk.collecting.mark(of: line.name)?.stage == .returned {
                returned.append(String(line.envelope.id.prefix { $0 != "|" }))
            } else {
                records[line.envelope.id] = line.name
            }
        }
        for (offset, draft) in pass.outcome.drafts.enumerated() where isAnswer(draft, to: followUp, pass) {
            records[draft.id] = RecordName(
                publisher: pass.log.publisher, log: pass.log.logID, seq: pass.head + 1 + Int64(offset))
        }
        guard !records.isEmpty else {
            throw pass.refused(
                returned.isEmpty
                    ? "nothing has been said for \(id) yet: give a status first"
                    : "what was said for \(id) was returned (\(returned.sorted().joined(separator: ", "))): say it anew first"
            )
        }
        guard !pass.desk.handedIn[id, default: []].isSuperset(of: records.values) else {
            throw pass.refused(
                "all that was said for \(id) is handed in already"
                    + (returned.isEmpty
                        ? ": nothing is new"
                        : ", and some of it was returned (\(returned.sorted().joined(separator: ", "))): say that anew first")
            )
        }
        try append(
            HandIn(
                followUp: id, forvaltning: forvaltning.code, records: records.values.sorted { $0.seq < $1.seq }),
            officer, &pass)
    }

    /// One draft as a record, under the pseudonym of whoever entered it.
    private func say(_ draft: PrivateStore.Draft, _ officer: Author, _ pass: inout Pass) throws {
        var line = try JSONDecoder().decode(EntryLine.self, from: Data(draft.entry))
        (line.draft, line.followUp) = (nil, draft.followUp)
        let author = Author(forvaltning: officer.forvaltning, role: officer.role, person: line.person ?? officer.person)
        if let status = line.status { try take(status, line, author, &pass) }
        if let reading = line.reading { try take(reading, line, author, &pass) }
    }

    /// The newest figures in the log that the follow-up asks for.
    private func figures(for followUp: FollowUp, _ pass: Pass) -> [Line] {
        pass.desk.obligations(for: followUp).filter { $0.kind == .reading }.compactMap {
            pass.desk.records(answering: $0, followUp).last
        }
    }

    private func isAnswer(_ draft: PublisherLog.Draft, to followUp: FollowUp, _ pass: Pass) -> Bool {
        if draft.kind == .status { return draft.id.hasSuffix("|\(followUp.id)") }
        guard draft.kind == .reading, let reading = try? JSONDecoder().decode(Reading.self, from: Data(draft.body))
        else { return false }
        return pass.desk.obligations(for: followUp).contains { $0.isMet(by: reading) }
    }

    /// The forvaltning's word on all that stands handed in, returned things left out.
    func take(_ entered: EnteredApproval, _ approver: Author, _ pass: inout Pass) throws {
        let id = entered.followUp
        // What was handed in in time can be approved after the lock.
        let followUp = try followUp(id, isAnswering: false, pass)
        let standing = pass.desk.standing(for: followUp)
        if let seen = entered.records {
            let changed = Set(standing.records).symmetricDifference(seen)
            guard changed.isEmpty else {
                throw pass.refused(
                    "\(id) was changed since you looked: \(changed.sorted { $0.seq < $1.seq }.map { name in "\(name)\(seen.contains(name) ? " does not stand any more" : " is new")" }.joined(separator: ", ")). Look again, and approve what stands now"
                )
            }
        }
        guard !standing.fresh.isEmpty else {
            throw pass.refused(
                standing.records.isEmpty
                    ? "nothing is handed in for \(id)\(standing.returned.isEmpty ? "" : " but what was returned (\(standing.returned.joined(separator: ", ")))"): hand in first"
                    : "all that is handed in for \(id) is approved already")
        }
        try append(
            Approval(
                followUp: id, forvaltning: forvaltning.code, records: standing.records.sorted { $0.seq < $1.seq },
                comment: entered.comment), approver, &pass)
    }

    /// Takes back what was said: only the newest of its identity, and only what the node said itself.
    func take(_ entered: EnteredWithdrawal, _ officer: Author, _ pass: inout Pass) throws {
        try checkText([entered.reason.da, entered.reason.en ?? ""], pass)
        let line: Line
        if let name = entered.record {
            guard name.publisher == pass.log.publisher, name.log == pass.log.logID,
                let found = try pass.log.line(name.seq)
            else {
                throw pass.refused(
                    "\(forvaltning.code) has no record \(name) in its log: only what it said itself it can take back")
            }
            line = found
        } else {
            let kind = entered.kind.map { RecordKind($0) } ?? .status
            guard let id = entered.id, let found = pass.desk.versions(kind, id).last else {
                throw pass.refused("\(forvaltning.code) has said no \(kind) “\(entered.id ?? "")” that holds")
            }
            line = found
        }
        let newest = pass.desk.versions(line.kind, line.envelope.id).last
        guard Withdrawal.kinds.contains(line.kind) else {
            throw pass.refused("\(line.name) is a \(line.kind): it is not taken back")
        }
        guard line.envelope.by.role != "node" || line.kind == .initiative else {
            throw pass.refused(
                "\(line.name) is an opening fact, which a document states: say what holds now with `pejling \(line.kind == .funding ? "fund" : "status")`"
            )
        }
        guard newest?.name == line.name else {
            throw pass.refused(
                newest.map { "\(line.name) is superseded by \($0.name): take that back, or say anew what holds" }
                    ?? "\(line.name) was taken back or refused already")
        }
        try append(
            Withdrawal(
                record: line.name, withdrawn: line.kind, id: line.envelope.id, policy: line.envelope.policy,
                reason: entered.reason), officer, &pass)
    }
}
