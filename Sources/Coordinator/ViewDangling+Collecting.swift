internal import PolicyModel

extension LedgerState {
    /// What is said of collecting against what it names, and against who may say it.
    ///
    /// - Parameters:
    ///   - followUps: ids of all that were published.
    ///   - subjects: ids of all goals and questions that were published.
    func danglingCollecting(_ report: Report, followUps: Set<String>, subjects: Set<String>) {
        func isKnown(_ record: RecordName) -> Bool {
            record.seq <= publishers[record.publisher]?.lastSeq[record.log] ?? 0
        }
        func check<Body: RecordBody>(
            _ table: LedgerTable<Body>, followUp: (Body) -> String?, records: (Body) -> [RecordName] = { _ in [] },
            about: (Body) -> [String] = { _ in [] }
        ) {
            for history in table.histories {
                let (body, name) = (history.current.body, history.current.name)
                if let id = followUp(body), !followUps.contains(id) {
                    report(name, Body.kind, history.identity, .followUp, id)
                }
                for record in records(body) where !isKnown(record) {
                    report(name, Body.kind, history.identity, .record, record.description)
                }
                for id in about(body)
                where !subjects.contains(id) && !followUps.contains(id) && !initiatives.contains(id) && !isMeasure(id) {
                    report(name, Body.kind, history.identity, .subject, id)
                }
            }
        }
        for history in milestones.histories where !initiatives.contains(history.current.body.initiative) {
            report(
                history.current.name, .milestone, history.identity, .initiative, history.current.body.initiative)
        }
        check(approvals, followUp: \.followUp, records: \.records)
        check(returns, followUp: \.followUp, records: \.records, about: { [$0.about].compactMap(\.self) })
        check(acceptances, followUp: \.followUp, records: { [$0.approval] })
        check(exceptions, followUp: \.followUp)
        check(decisions, followUp: { _ in nil }, about: \.about)
        check(contributions, followUp: \.followUp, about: { [$0.about].compactMap(\.self) })
        check(withdrawals, followUp: { _ in nil }, records: { [$0.record] })
        spokenFor(returns, report)
        spokenFor(acceptances, report)
        spokenFor(exceptions, report)
        spokenFor(decisions, report)
        spokenFor(contributions, report)
    }

    private func isMeasure(_ id: String) -> Bool { reporters(of: id) != nil }

    /// What was said for a forvaltning that does not coordinate the policy.
    private func spokenFor<Body: RecordBody>(_ table: LedgerTable<Body>, _ report: Report) {
        for history in table.histories {
            guard let policy = history.current.body.policyID.flatMap({ policy($0) })?.body else { continue }
            let speaker = history.current.by.forvaltning
            if speaker != policy.coordinator {
                report(history.current.name, Body.kind, history.identity, .coordinator, policy.coordinator)
            }
        }
    }
}
