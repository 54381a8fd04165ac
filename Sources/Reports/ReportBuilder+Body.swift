internal import Coordinator
internal import PolicyModel

/// Problemstilling, Løsning, Økonomi and Videre proces.
extension ReportBuilder {
    var problem: ReportModel.Problem {
        let goals = policy.goals.map { goal in
            ReportModel.GoalPart(
                id: goal.id, kind: ReportModel.Term(code: goal.kind.rawValue, text: say(Words.name(goal.kind))),
                title: say.phrase(goal.title), parent: goal.parent, owners: "",
                indicators: indicators(ofGoal: goal.id), judgement: judgement(ofGoal: goal.id),
                source: source(goal.source))
        }
        var problem = ReportModel.Problem(
            paragraphs: [
                say(Words.problemPeriod, say.period(policy.period)),
                isOpening ? say(Words.problemOpening) : say(Words.problemFollowUp, say.phrase(followUp.title).text),
            ], goals: goals, figures: policy.figures.map(figure))
        // A tree has room for names; the short list says codes.
        let named = problem.isTree
        for (index, goal) in policy.goals.enumerated() { problem.goals[index].owners = owners(of: goal, named: named) }
        return problem
    }

    /// Who answers for a goal, and what that rests on.
    private func owners(of goal: Goal, named: Bool) -> String {
        let bodies = goal.bodies.map { say.name($0).text }
        let basis = say(Words.name(goal.forvaltningerBasis))
        let codes = named ? goal.forvaltninger.map { say.name($0).text } : goal.forvaltninger
        let owners = codes.isEmpty ? say(Words.goalOwnersUnnamed, basis) : "\(say.list(codes)) (\(basis))"
        return bodies.isEmpty ? owners : "\(say.list(bodies)); \(owners)"
    }

    /// The chart's rows: forvaltninger also without initiatives, others with some.
    var ownerRows: [ReportModel.OwnerRow] {
        let stated = Dictionary(grouping: cases.filter { $0.delivery != nil }, by: \.initiative.owner).mapValues(
            \.count)
        let rows = totals.totals.filter { $0.initiatives > 0 || state.city?.forvaltning($0.owner ?? "") != nil }
        return rows.map { row in
            let owner = row.owner ?? ""
            return ReportModel.OwnerRow(
                owner: party(owner), initiatives: row.initiatives, states: stateCounts(row),
                withStatus: stated[owner] ?? 0)
        }
    }

    /// The initiatives by status; `redacted` and `not_stated` last.
    var statuses: [ReportModel.Count] {
        let redacted = cases.count {
            state.redactedStatus(ofInitiative: $0.initiative.id, followUp: followUp.id) != nil
        }
        let silent = cases.count - stated.count - redacted
        let text = isOpening ? Words.statusUnknownOpening : Words.notReportedYet
        let without = [
            ReportModel.Count(code: "redacted", text: say(Words.redacted), count: redacted),
            ReportModel.Count(code: "not_stated", text: say(text), count: silent),
        ]
        return statusCounts + without.filter { $0.count > 0 }
    }

    var solution: ReportModel.Solution {
        let rows = ownerRows
        let owners = rows.filter { $0.initiatives > 0 }.count
        return ReportModel.Solution(
            paragraphs: [say(Words.solutionText, say.count(cases.count, Words.initiative), say.number(owners))],
            chart: rows, chartNote: say(Words.chartNote, say.count(totals.total.requiringInAll, Words.initiative)),
            statuses: statuses,
            kinds: Initiative.Kind.allCases.compactMap { kind in
                let count = cases.filter { $0.initiative.kind == kind }.count
                return count == 0
                    ? nil
                    : ReportModel.Count(code: kind.rawValue, text: say(Words.name(kind)), count: count)
            })
    }

    var economy: ReportModel.Economy {
        func references(_ effective: Funding.State, where included: (FundingView.Row) -> Bool) -> [ReportModel
            .InitiativeReference]
        {
            cases.filter { included($0.funding) }.map { item in
                let entry = item.funding.entries.first { $0.effective == effective && $0.holds }
                let until = entry?.until.map { "\(say(Words.until)) \(say.date($0))" }
                let note =
                    entry?.printed.map { say.danish(say.quoted($0)) }
                    ?? until.map { Phrase(text: $0, lang: say.language) }
                return reference(item, note: note, at: entry?.source)
            }
        }
        let budgets = totals.budgets.map { budget in
            ReportModel.BudgetPart(
                year: budget.year, planned: budget.plannedDKK.map(say.number), used: budget.usedDKK.map(say.number))
        }
        return ReportModel.Economy(
            paragraphs: [counts(of: totals.total)] + (budgets.isEmpty ? [say(Words.noBudgets)] : []),
            requiring: references(.requiresSeparateFunding, where: \.requiresSeparateFunding),
            expired: references(.expired, where: \.expired),
            expiring: references(.funded, where: \.expiresWithinYear), budgets: budgets,
            budgetTable: budgetTable)
    }

    private func counts(of total: FundingView.Totals) -> String {
        say(
            Words.moneyGap, say.count(total.requiringInAll, Words.initiative), say.number(total.requiringMarked),
            say.count(cases.filter(\.funding.expired).count, Words.initiative))
    }

    // MARK: Videre proces

    /// Every answer that is owed past its deadline: by deadline, then in the city's order of forvaltninger.
    func findMissing() -> [ReportModel.Missing] {
        policy.followUps.compactMap { followUp in followUp.due.map { (followUp, $0.date) } }
            .sorted { ($0.1.lastDay, $0.0.id) < ($1.1.lastDay, $1.0.id) }
            .flatMap { followUp, date in
                (state.city?.forvaltninger ?? []).compactMap { forvaltning in
                    due[followUp.id, forvaltning.code].flatMap { missing($0, followUp, date) }
                }
            }
    }

    /// What one forvaltning lacks past its deadline; nil where nothing.
    private func missing(_ entry: DueList.Entry, _ followUp: FollowUp, _ date: PartialDate) -> ReportModel.Missing? {
        let late = entry.items.filter { $0.state == .missing && $0.daysLate != nil }
        guard let days = late.compactMap(\.daysLate).max() else { return nil }
        let never = state.publishers[entry.forvaltning] == nil
        let number = say.count(days, Words.day)
        let isAll = late.count == entry.items.count
        let count = say(Words.answersOf, say.number(late.count), say.number(entry.items.count))
        return ReportModel.Missing(
            owner: party(entry.forvaltning), followUp: followUp.id, followUpTitle: say.phrase(followUp.title),
            due: say.date(entry.exceptionUntil.flatMap { $0.lastDay > date.lastDay ? $0 : nil } ?? date),
            days: days, neverHeard: never, missing: late.count, owed: entry.items.count,
            names: isAll ? [] : late.map { Phrase(text: $0.what(say), lang: $0.title.text(in: say.language).language) },
            label: isAll ? entry.forvaltning : "\(entry.forvaltning) (\(count))",
            text: never
                ? say(Words.missingNeverHeard, number)
                : isAll ? say(Words.missingRow, number) : say(Words.missingPart, count, number))
    }

    func process(_ missing: [ReportModel.Missing]) -> ReportModel.Process {
        ReportModel.Process(
            paragraphs: [say(Words.calendarText, say.date(day))]
                + (missing.isEmpty ? [say(Words.nothingMissing)] : []),
            calendar: policy.followUps.filter { $0.id != policy.openingID }.map(part), missing: missing)
    }

    func part(_ followUp: FollowUp) -> ReportModel.FollowUpPart {
        ReportModel.FollowUpPart(
            id: followUp.id, kind: ReportModel.Term(code: followUp.kind.rawValue, text: say(Words.name(followUp.kind))),
            title: say.phrase(followUp.title), opens: followUp.opens.map { say.date($0.date) },
            due: followUp.due.map { say.date($0.date) }, dueDate: followUp.due?.date.lastDay.description,
            basis: followUp.due.map { say(Words.name($0.basis)) }, standing: standing(of: followUp),
            recurrence: followUp.recurrence.map(say.phrase), owedBy: followUp.owedBy.map(party),
            owedByBasis: say(Words.name(followUp.owedByBasis)), goesTo: followUp.goesTo.map(party),
            consulted: followUp.consulted.map(say.phrase), isPublic: followUp.isPublic,
            note: note(of: followUp).map(say.phrase), source: source(followUp.source))
    }

    /// What it asks, numbered, and how derived parts were derived.
    private func note(of followUp: FollowUp) -> LocalizedText? {
        func text(_ language: Language) -> String {
            let asked = (followUp.questions ?? []).enumerated().map { "\($0 + 1). \($1.text[language])" }
            let questions = asked.isEmpty ? nil : "\(Words.questions[language]): \(asked.joined(separator: " "))"
            let duty = followUp.effortsWhereBehind == true ? Words.effortsWhereBehind[language] : nil
            return [questions, duty, followUp.note?[language]].compactMap(\.self).joined(separator: " ")
        }
        let note = LocalizedText(da: text(.danish), en: text(.english))
        return note.da.isEmpty ? nil : note
    }

    private func standing(of followUp: FollowUp) -> String {
        switch followUp.condition {
        case .open: return say(Words.conditional)
        case .notMet: return say(Words.willNotHappen)
        case .met, nil: break
        }
        guard let deadline = followUp.due?.date.lastDay else { return say(Words.noDeadline) }
        let left = deadline.days(since: day)
        if left > 0 { return say(Words.inDays, say.count(left, Words.day)) }
        if left == 0 { return say(Words.today) }
        // Without anyone who owes input, a date passes, but nobody is late.
        guard !followUp.owedBy.isEmpty else { return say(Words.datePassed, say.count(-left, Words.day)) }
        let owed = followUp.owedBy.compactMap { due[followUp.id, $0] }
        if !owed.isEmpty, owed.allSatisfy({ $0.answered == $0.items.count }) { return say(Words.answered) }
        return say(Words.passedDays, say.count(-left, Words.day))
    }
}
