internal import PolicyModel

/// What collecting adds to the calendar: milestones, more time that was given, decisions that are not followed up.
extension LedgerState {
    func entry(of milestone: Milestone, on day: Day) -> CalendarView.Entry {
        let initiative = initiative(milestone.initiative)?.body
        var entry = CalendarView.Entry(
            .milestone, milestone.policyID ?? "", milestone.initiative, milestone.what, milestone.due,
            initiative?.source)
        entry.id = "\(CalendarView.Kind.milestone.rawValue):\(milestone.id)"
        entry.owedBy = [initiative?.owner].compactMap(\.self)
        entry.items = [milestone.id]
        entry.stand(on: day)
        entry.settle(answered: milestone.done.map { $0.firstDay <= day } ?? false)
        return entry
    }

    func exceptions(of policy: Policy, _ due: PolicyDue, on day: Day) -> [CalendarView.Entry] {
        due.entries.compactMap { owed in
            guard let until = owed.exceptionUntil else { return nil }
            var entry = CalendarView.Entry(.exception, policy.id, owed.followUp, owed.title, until, nil)
            entry.id += ":\(owed.forvaltning)"
            entry.owedBy = [owed.forvaltning]
            entry.note = owed.exceptionReason
            entry.stand(on: day)
            entry.settle(answered: owed.answered == owed.items.count)
            return entry
        }
    }

    func entry(of decision: Decision, _ policy: Policy, on day: Day) -> CalendarView.Entry {
        var entry = CalendarView.Entry(
            .decision, policy.id, decision.about.first ?? policy.id, decision.text, decision.date, nil)
        entry.id = "\(CalendarView.Kind.decision.rawValue):\(decision.id)"
        (entry.owedBy, entry.owedByBasis) = ([policy.coordinator], policy.coordinatorBasis)
        entry.goesTo = [decision.body]
        entry.items = [decision.id]
        entry.note = decision.item.map { LocalizedText(da: $0) }
        entry.stand(on: day)
        entry.state = .awaiting
        return entry
    }
}

extension DueList.Entry {
    /// Whether something is not handed in whose deadline is passed.
    var lacksLate: Bool { items.contains { ($0.state == .missing || $0.state == .draft) && $0.daysLate != nil } }
}
