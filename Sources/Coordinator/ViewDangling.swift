public import PolicyModel

/// A record that speaks of something that is not in the ledger, or a thing of which two publishers speak.
public struct DanglingView: Hashable, Sendable, Codable {
    public enum Problem: String, Codable, Sendable, CaseIterable {
        case policy, goal, initiative, record, owner
        case followUp = "follow_up"
        /// The status is about something that is neither an initiative nor a goal.
        case subject
        /// A reading, a target or an assessment of something that is neither an indicator nor an annual target.
        case measure
        /// A reading by a forvaltning that does not report the measure; `names` says who does.
        case reporter
        /// One end of a link.
        case link
        /// More than one publisher speaks of it.
        case contested
        /// A return, acceptance, exception, decision or contribution said for another forvaltning than the one that coordinates
        /// the policy; `names` is the latter.
        case coordinator
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
        let subjects = Set(policies.histories.flatMap(\.current.body.subjectIDs))
        let followUps = Set(policies.histories.flatMap { $0.current.body.followUps.map(\.id) })
        let city = city
        let heard = Set(policies.identities)
        for version in initiatives.histories.map(\.current) {
            // Field by field: a body is large, and there are thousands.
            let (name, id, owner) = (version.name, version.body.id, version.body.owner)
            if !heard.contains(version.body.policy) { report(name, .initiative, id, .policy, version.body.policy) }
            for goal in version.body.goals where !goals.contains(goal) { report(name, .initiative, id, .goal, goal) }
            if let city, city.slug(of: owner) == nil { report(name, .initiative, id, .owner, owner) }
        }
        for history in funding.histories where !initiatives.contains(history.current.body.initiative) {
            report(history.current.name, .funding, history.identity, .initiative, history.current.body.initiative)
        }
        for history in statuses.histories {
            let version = history.current
            let (name, about, followUp) = (version.name, version.body.about, version.body.followUp)
            if !initiatives.contains(about), !subjects.contains(about), !followUps.contains(about) {
                report(
                    name, .status, history.identity, initiativeParts(about) == nil ? .subject : .initiative, about)
            }
            if !followUps.contains(followUp) { report(name, .status, history.identity, .followUp, followUp) }
        }
        for history in handIns.histories {
            let (body, name) = (history.current.body, history.current.name)
            if !followUps.contains(body.followUp) { report(name, .handin, history.identity, .followUp, body.followUp) }
            for record in body.records where record.seq > (publishers[record.publisher]?.lastSeq[record.log] ?? 0) {
                report(name, .handin, history.identity, .record, record.description)
            }
        }
        danglingMeasures(report)
        danglingLinks(report)
        danglingCollecting(report, followUps: followUps, subjects: subjects)
        contested(policies, report)
        contested(initiatives, report)
        contested(funding, report)
        return DanglingView(entries: entries)
    }

    typealias Report = (RecordName, RecordKind, String, DanglingView.Problem, String) -> Void

    /// Readings, targets and assessments against what the policies define.
    private func danglingMeasures(_ report: Report) {
        let published = policies.identities.compactMap { policy($0)?.body }
        let measures = Set(published.flatMap(\.measureIDs))
        let goals = Set(published.flatMap { $0.goals.map(\.id) })
        let followUps = Set(published.flatMap { $0.followUps.map(\.id) })
        // Before the city is configured nobody knows whose an effort is.
        let reportersOf =
            city == nil ? [:] : Dictionary(measures.map { ($0, reporters(of: $0) ?? []) }) { first, _ in first }
        for history in readings.histories {
            let (about, name) = (history.current.body.about, history.current.name)
            if !measures.contains(about) { report(name, .reading, history.identity, .measure, about) }
            if let reporters = reportersOf[about], !reporters.contains(history.publisher) {
                report(name, .reading, history.identity, .reporter, reporters.joined(separator: ", "))
            }
        }
        for history in targets.histories where !measures.contains(history.current.body.about) {
            report(history.current.name, .target, history.identity, .measure, history.current.body.about)
        }
        for history in assessments.histories {
            let (body, name) = (history.current.body, history.current.name)
            if !goals.contains(body.goal) { report(name, .assessment, history.identity, .goal, body.goal) }
            if !followUps.contains(body.followUp) {
                report(name, .assessment, history.identity, .followUp, body.followUp)
            }
            for measure in body.measures where !measures.contains(measure.about) {
                report(name, .assessment, history.identity, .measure, measure.about)
            }
        }
    }

    /// Links as printed, and what persons said of links, whose ends are not there.
    private func danglingLinks(_ report: Report) {
        let published = policies.identities.compactMap { policy($0)?.body }
        var known = Set(published.flatMap { [$0.id] + $0.measureIDs + $0.goals.map(\.id) + $0.followUps.map(\.id) })
        for history in initiatives.histories { known.insert(history.identity) }
        let expected = Set(city?.policies ?? [])
        // A policy that the city does not expect is a document outside: the text names it, and nobody will publish it.
        func isLost(_ end: String) -> Bool { !known.contains(end) && (end.contains("/") || expected.contains(end)) }
        for history in policies.histories {
            for link in history.current.body.links {
                for end in [link.from, link.to] where isLost(end) {
                    report(history.current.name, .policy, history.identity, .link, end)
                }
            }
        }
        for history in initiatives.histories {
            for link in history.current.body.links {
                for end in [link.from, link.to] where isLost(end) {
                    report(history.current.name, .initiative, history.identity, .link, end)
                }
            }
        }
        for history in linkDecisions.histories {
            let body = history.current.body
            for end in [body.from, body.to] where !known.contains(end) {
                report(history.current.name, .link, history.identity, .link, end)
            }
        }
    }

    private func contested<Body>(_ table: LedgerTable<Body>, _ report: Report) {
        for id in table.contested {
            let histories = table[id]
            for history in histories {
                let others = histories.map(\.publisher).filter { $0 != history.publisher }
                report(history.current.name, Body.kind, id, .contested, others.joined(separator: ", "))
            }
        }
    }
}
