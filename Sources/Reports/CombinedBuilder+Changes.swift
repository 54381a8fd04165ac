internal import Coordinator
internal import PolicyModel

/// What changed since last time, and what was decided before.
extension CombinedBuilder {
    var changes: CombinedReport.ChangesPart {
        let view = changesView.get()
        let shown = view.rows.filter { $0.weight != .minor }
        let said = view.byForvaltning.map { "\($0.name) \(say.number($0.count))" }.joined(separator: ", ")
        return CombinedReport.ChangesPart(
            compared: say.scopes(view.scopes, name: name),
            summary: view.rows.isEmpty
                ? [say(Words.noChanges)]
                : [
                    "\(say.count(view.rows.count, Words.change)): \(say.kinds(view.byKind)).",
                    say(Words.changesWhom, said),
                ],
            rule: say(Words.changesRule),
            list: listing(
                shown.prefix(Limit.changes).map(part), limit: Limit.changes,
                more: view.rows.count - min(shown.count, Limit.changes), Words.changesLeftOut))
    }

    private func part(_ row: ChangesView.Row) -> CombinedReport.ChangePart {
        CombinedReport.ChangePart(
            weight: ReportModel.Term(code: row.weight.rawValue, text: say(Words.name(row.weight))),
            subject: end(row.subject, row.title), owner: row.owner.map(party), what: say.field(row),
            change: say.change(row), said: say.said(row),
            notes: row.notes.map {
                ReportModel.StatusPart.Detail(name: say(Words.name($0.kind)), text: say.phrase($0.text))
            })
    }

    var decisions: [ReportModel.DecisionPart] { say.decisions(state, on: day) }
}

extension Wording {
    /// What bodies decided by the day, of all policies or one: what is open first, the oldest of it first; then what was followed
    /// up, the newest first.
    func decisions(_ state: LedgerState, of policy: String? = nil, on day: Day) -> [ReportModel.DecisionPart] {
        let all = state.decisions.histories.map(\.current.body).filter { decision in
            (policy.map { decision.policy == $0 } ?? true) && decision.date.firstDay <= day
        }
        func order(_ a: Decision, _ b: Decision) -> Bool {
            a.date.firstDay == b.date.firstDay ? a.id < b.id : a.date.firstDay < b.date.firstDay
        }
        let (open, done) = (all.filter(\.isOpen), all.filter { !$0.isOpen })
        return (open.sorted(by: order) + done.sorted { order($1, $0) }).map { part($0, state, on: day) }
    }

    private func part(_ decision: Decision, _ state: LedgerState, on day: Day) -> ReportModel.DecisionPart {
        let policy = state.policy(decision.policy)?.body
        let days = day.days(since: decision.date.lastDay)
        return ReportModel.DecisionPart(
            id: decision.id, policy: policy.map { shortName($0.title) } ?? decision.policy,
            body: ReportModel.Party(id: decision.body, name: name(decision.body)), date: date(decision.date),
            item: decision.item, text: phrase(decision.text),
            about: decision.about.map { phrase(title(of: $0, in: policy, state)) },
            isOpen: decision.isOpen,
            standing: decision.followedUp.map { self(Words.decisionFollowedUp, date($0.date)) }
                ?? (days > 0 ? self(Words.decisionOpenFor, count(days, Words.day)) : self(Words.decisionOpen)),
            followedUp: decision.followedUp.map { phrase($0.text) })
    }

    /// The title of an initiative, goal or follow-up; else its id.
    private func title(of id: String, in policy: Policy?, _ state: LedgerState) -> LocalizedText {
        state.initiative(id)?.body.title ?? policy?.goals.first { $0.id == id }?.title
            ?? policy?.followUps.first { $0.id == id }?.title ?? LocalizedText(da: id)
    }

    /// What outside organisations said of a policy and is not taken back, by the day; in order of the follow-up's deadline, then of
    /// what they say it about.
    func contributions(_ state: LedgerState, of policy: Policy, on day: Day) -> [ReportModel.ContributionPart] {
        let order = policy.followUps.map(\.id)
        func place(_ body: Contribution) -> Int { order.firstIndex(of: body.followUp) ?? order.count }
        return state.contributions.histories.map(\.current.body)
            .filter { body in body.policyID == policy.id && body.date.map { $0.firstDay <= day } ?? true }
            .sorted { (place($0), $0.about ?? "", $0.id) < (place($1), $1.about ?? "", $1.id) }
            .map { body in
                ReportModel.ContributionPart(
                    id: body.id, organisation: body.organisation, followUp: body.followUp, date: body.date.map(date),
                    about: body.about.map { phrase(title(of: $0, in: policy, state)) }, text: phrase(body.text))
            }
    }
}
