internal import Foundation
internal import PolicyModel

/// Holds what is said of how far things have come against deadlines, money, assessments and readings.
///
/// What a document said when the policy was decided is held only against what the document itself says: that a deadline has
/// passed since is no contradiction, but silence, and `matrix` shows that.
struct ProgressContradictions {
    private let state: LedgerState
    private let day: Day
    private(set) var rows: [ContradictionsView.Row] = []

    init(_ state: LedgerState, on day: Day) {
        self.state = state
        self.day = day
        var wellByGoal: [String: [(Initiative, LedgerStatus)]] = [:]
        for id in state.initiatives.identities {
            guard let initiative = state.initiative(id)?.body, let status = newestStatus(of: id) else { continue }
            let delivery = status.version.body.delivery
            let runs = delivery == .onTrack || delivery == .ongoingOperation
            if runs { overdue(initiative, status) }
            if runs { expired(initiative, status) }
            guard runs || delivery == .completed, status.standing == .handedIn else { continue }
            for goal in initiative.goals { wellByGoal[goal, default: []].append((initiative, status)) }
        }
        for (goal, initiatives) in wellByGoal.sorted(by: { $0.key < $1.key }) { movingAway(goal, initiatives) }
    }

    /// What was last said of an initiative, for any follow-up, that counts.
    private func newestStatus(of id: String) -> LedgerStatus? {
        Set(state.statuses(of: id).map(\.current.body.followUp)).compactMap {
            state.status(ofInitiative: id, followUp: $0)
        }.max { $0.version.position < $1.version.position }
    }

    private func side(_ initiative: Initiative, _ status: LedgerStatus) -> ContradictionsView.Side {
        let body = status.version.body
        return ContradictionsView.Side(
            id: initiative.id, what: initiative.title,
            says: LocalizedText(
                da: "\(body.followUp), modtaget \(status.version.received.prefix(10))\(stage(status).da)",
                en: "\(body.followUp), received \(status.version.received.prefix(10))\(stage(status)[.english])"),
            delivery: body.delivery,
            source: body.source, record: status.version.name)
    }

    /// What is more to know than that it was handed in.
    private func stage(_ status: LedgerStatus) -> LocalizedText {
        if status.changedSinceApproval {
            return LocalizedText(da: ", ændret efter godkendelse", en: ", changed after approval")
        }
        return switch status.stage {
        case .returned: LocalizedText(da: ", sendt tilbage", en: ", returned")
        case .approved: LocalizedText(da: ", godkendt", en: ", approved")
        case .accepted: LocalizedText(da: ", accepteret", en: ", accepted")
        case .handedIn, nil: LocalizedText(da: "", en: "")
        }
    }

    private mutating func overdue(_ initiative: Initiative, _ status: LedgerStatus) {
        let policy = state.policy(initiative.policy)?.body
        guard status.standing == .handedIn,
            let deadline = initiative.period.until ?? policy?.period.until, deadline.lastDay < day
        else { return }
        let days = day.days(since: deadline.lastDay)
        let isOwn = initiative.period.until != nil
        rows.append(
            .init(
                kind: .greenButOverdue, severity: status.version.body.delivery == .onTrack ? .high : .medium,
                words: LocalizedText(
                    da:
                        "\(initiative.title.da): sagt at gå som planlagt, men fristen (\(deadline)) er \(days) dage gammel",
                    en:
                        "\(initiative.title[.english]): said to go as planned, but its deadline (\(deadline)) passed \(days) days ago"
                ),
                sides: [
                    side(initiative, status),
                    .init(
                        id: isOwn ? initiative.id : initiative.policy,
                        what: isOwn ? initiative.title : policy?.title ?? initiative.title,
                        says: LocalizedText(da: "slutter \(deadline)", en: "ends \(deadline)"),
                        source: isOwn ? initiative.source : policy?.source),
                ]))
    }

    private mutating func expired(_ initiative: Initiative, _ status: LedgerStatus) {
        let row = state.fundingRow(of: initiative, on: day)
        let counted = row.entries.filter { $0.holds && $0.standing != .notHandedIn }
        guard !counted.contains(where: { $0.effective == .funded || $0.effective == .withinBudget }) else { return }
        // A document's own words: only what it says of money that had ended then.
        let ended = counted.filter { status.standing == .document ? $0.state == .expired : $0.effective == .expired }
        guard let money = ended.max(by: { ($0.until?.lastDay.ordinal ?? 0) < ($1.until?.lastDay.ordinal ?? 0) }) else {
            return
        }
        let until = money.until.map { " \($0)" } ?? ""
        rows.append(
            .init(
                kind: .expiredMoney, severity: .high,
                words: LocalizedText(
                    da: "\(initiative.title.da): kører, men pengene er udløbet\(until), og ingen andre er givet",
                    en:
                        "\(initiative.title[.english]): running, but its money has expired\(until) and none else is given"
                ),
                sides: [
                    side(initiative, status),
                    .init(
                        id: initiative.id, what: initiative.title,
                        says: LocalizedText(
                            da: money.printed ?? "finansiering til\(until)", en: money.printed ?? "funded until\(until)"
                        ),
                        source: money.source),
                ]))
    }

    // MARK: Goals and indicators

    private mutating func movingAway(_ goal: String, _ initiatives: [(Initiative, LedgerStatus)]) {
        guard let policy = state.policy(String(goal.prefix { $0 != "/" }))?.body,
            let found = policy.goals.first(where: { $0.id == goal })
        else { return }
        var against: [ContradictionsView.Side] = []
        let assessments = policy.followUps.compactMap { state.assessment(of: goal, followUp: $0.id) }
        if let newest = assessments.max(by: { $0.position < $1.position }) {
            guard newest.body.judgement == .behind else { return }
            against.append(
                .init(
                    id: goal, what: found.title, says: newest.body.arithmetic, source: found.source, record: newest.name
                ))
        } else {
            against = policy.indicators.filter { $0.goal == goal }.compactMap(wrongWay)
        }
        guard !against.isEmpty else { return }
        let isDone = initiatives.contains { $0.1.version.body.delivery == .completed }
        rows.append(
            .init(
                kind: .doneButMovingAway, severity: isDone ? .high : .medium,
                words: LocalizedText(
                    da:
                        "\(found.title.da): \(initiatives.count) indsatser er gjort eller på vej, men målet kommer ikke nærmere",
                    en:
                        "\(found.title[.english]): \(initiatives.count) initiatives are done or on track, but the goal does not come nearer"
                ),
                sides: against + initiatives.map { side($0.0, $0.1) }))
    }

    /// The newest figure of an indicator, where it is worse than the one before it (or the baseline); nil where it is not, or
    /// where one of the two is no number.
    private func wrongWay(_ indicator: Indicator) -> ContradictionsView.Side? {
        let readings = state.counted(indicator.id)
        guard indicator.direction != .parity, let newest = readings.last, let now = number(newest.body.value) else {
            return nil
        }
        let baseline = indicator.reckonedFrom(state.currentTarget(of: indicator))?.value
        guard let before = number(readings.dropLast().last?.body.value ?? baseline ?? .missing) else { return nil }
        guard indicator.direction == .up ? now < before : now > before else { return nil }
        return ContradictionsView.Side(
            id: indicator.id, what: indicator.title,
            says: LocalizedText(da: "fra \(before) til \(now)", en: "from \(before) to \(now)"),
            value: newest.body.value.number, period: newest.body.period, source: indicator.source, record: newest.name)
    }

    private func number(_ value: Value) -> Decimal? { value.number.flatMap { Decimal(string: $0.description) } }
}
