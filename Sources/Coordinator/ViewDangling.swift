public import PolicyModel

/// A record that speaks of something that is not in the ledger, or a thing of which two publishers speak.
public struct DanglingView: Hashable, Sendable, Codable {
    public enum Problem: String, Codable, Sendable, CaseIterable {
        case policy, goal, initiative, record, owner
        case followUp = "follow_up"
        /// The status is about something that is neither an initiative nor a goal.
        case subject
        /// More than one publisher speaks of it.
        case contested
    }

    public struct Entry: Hashable, Sendable, Codable {
        /// Publisher, log and seq of the record that speaks.
        public var record: RecordName
        public var kind: String
        /// What the record is about.
        public var id: String
        public var problem: Problem
        /// What is not there (or, where contested, who else speaks).
        public var names: String
    }

    public var entries: [Entry]
}

extension LedgerState {
    /// What dangles, by kind of record and in ledger order. The broker accepts such records: what they name may still come.
    public var dangling: DanglingView {
        var entries: [DanglingView.Entry] = []
        func report(
            _ record: RecordName, _ kind: RecordKind, _ id: String, _ problem: DanglingView.Problem, _ names: String
        ) {
            entries.append(
                DanglingView.Entry(record: record, kind: kind.rawValue, id: id, problem: problem, names: names))
        }
        let goals = Set(policies.histories.flatMap { $0.current.body.goals.map(\.id) })
        let followUps = Set(policies.histories.flatMap { $0.current.body.followUps.map(\.id) })
        for history in initiatives.histories {
            let (body, name) = (history.current.body, history.current.name)
            if !policies.contains(body.policy) { report(name, .initiative, body.id, .policy, body.policy) }
            for goal in body.goals where !goals.contains(goal) { report(name, .initiative, body.id, .goal, goal) }
            if let city, city.slug(of: body.owner) == nil { report(name, .initiative, body.id, .owner, body.owner) }
        }
        for history in funding.histories where !initiatives.contains(history.current.body.initiative) {
            report(history.current.name, .funding, history.identity, .initiative, history.current.body.initiative)
        }
        for history in statuses.histories {
            let (body, name) = (history.current.body, history.current.name)
            if !initiatives.contains(body.about), !goals.contains(body.about), !followUps.contains(body.about) {
                report(
                    name, .status, history.identity, initiativeParts(body.about) == nil ? .subject : .initiative,
                    body.about)
            }
            if !followUps.contains(body.followUp) { report(name, .status, history.identity, .followUp, body.followUp) }
        }
        for history in handIns.histories {
            let (body, name) = (history.current.body, history.current.name)
            if !followUps.contains(body.followUp) { report(name, .handin, history.identity, .followUp, body.followUp) }
            for record in body.records where record.seq > (publishers[record.publisher]?.lastSeq[record.log] ?? 0) {
                report(name, .handin, history.identity, .record, record.description)
            }
        }
        contested(policies, report)
        contested(initiatives, report)
        contested(funding, report)
        return DanglingView(entries: entries)
    }

    private func contested<Body>(
        _ table: LedgerTable<Body>, _ report: (RecordName, RecordKind, String, DanglingView.Problem, String) -> Void
    ) {
        for id in table.contested {
            let histories = table[id]
            for history in histories {
                let others = histories.map(\.publisher).filter { $0 != history.publisher }
                report(history.current.name, Body.kind, id, .contested, others.joined(separator: ", "))
            }
        }
    }
}
