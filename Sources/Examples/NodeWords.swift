import Coordinator
import PluginKit
import PolicyModel

/// What is said at a node in a turn.
extension ExampleYears {
    func entries(_ turn: ExampleTurn, _ code: String, _ state: LedgerState) -> [EntryLine] {
        var dice = Dice(seed, "words", code, turn.moment.description)
        let person = person(code, &dice)
        func signed(_ lines: [EntryLine]) -> [EntryLine] {
            lines.map { line in
                var line = line
                line.person = person
                return line
            }
        }
        switch turn.occasion {
        case .draft(let id): return signed(drafts(id, code, turn, state))
        case .handIn(let id, let part): return signed(answer(id, part, code, turn, state))
        case .approve(let id):
            let due = state.due(id, of: code, on: turn.moment.day)
            guard due?.items.contains(where: { $0.state == .handedIn }) ?? false else { return [] }
            return signed([EntryLine(approve: EnteredApproval(followUp: id))])
        case .withdraw(let id): return signed(withdrawal(id, code, turn, state, &dice))
        case .money(let funding): return signed(funding.map { EntryLine(funding: $0) })
        case .used(let year): return signed(used(in: year, code, state))
        case .milestones(let year): return signed(milestones(year, code, turn.moment.day, state))
        case .figures(let policy, let year): return signed(figures(policy, year, code, state))
        case .giveBack, .accept, .exempt, .decide, .followUp, .contribute, .link: return []
        }
    }

    // MARK: Answers

    private func isLeftOut(_ item: DueList.Item, _ followUp: String, _ code: String) -> Bool {
        var dice = Dice(seed, "left out", followUp, code, item.about)
        return dice.chance(3 + (100 - Temperament(seed, code).care) / 3)
    }

    private func isForgotten(_ item: DueList.Item, _ followUp: String, _ code: String) -> Bool {
        var dice = Dice(seed, "forgotten", followUp, code, item.about)
        return dice.chance(30)
    }

    private func drafts(_ id: String, _ code: String, _ turn: ExampleTurn, _ state: LedgerState) -> [EntryLine] {
        guard let due = state.due(id, of: code, on: turn.moment.day), due.takesAnswers else { return [] }
        return due.items.filter { $0.kind == .status && $0.state == .missing }.prefix(2).map { item in
            EntryLine(status: status(item.about, id, code, turn, state), draft: true)
        }
    }

    private func answer(
        _ id: String, _ part: Occasion.Part, _ code: String, _ turn: ExampleTurn, _ state: LedgerState
    ) -> [EntryLine] {
        guard let due = state.due(id, of: code, on: turn.moment.day), due.takesAnswers else { return [] }
        let items: [DueList.Item]
        switch part {
        case .first: items = due.items.filter { $0.state == .missing && !isLeftOut($0, id, code) }
        case .rest: items = due.items.filter { $0.state == .missing && !isForgotten($0, id, code) }
        case .again: items = due.items.filter { $0.state == .returned }
        case .correction:
            let done = due.items.filter { $0.state == .approved || $0.state == .accepted }
            guard !done.isEmpty else { return [] }
            var dice = Dice(seed, "correction", id, code)
            items = [dice.pick(done)]
        }
        let lines = items.flatMap { said($0, id, part, code, turn, state) }
        // What a follow-up asks for may have been said for another already: then it is only handed in.
        let isAnswered = due.items.contains { $0.state != .missing }
        guard !lines.isEmpty || (part == .first && isAnswered) else { return [] }
        return lines + [EntryLine(handIn: id)]
    }

    private func said(
        _ item: DueList.Item, _ id: String, _ part: Occasion.Part, _ code: String, _ turn: ExampleTurn,
        _ state: LedgerState
    ) -> [EntryLine] {
        switch item.kind {
        case .status:
            let addition: [Phrases.Pair] =
                switch part {
                case .again: Phrases.elaborations
                case .correction: Phrases.corrections
                case .first, .rest: []
                }
            return [EntryLine(status: status(item.about, id, code, turn, state, adding: addition))]
        case .reading:
            guard let year = item.year ?? followUp(id)?.due?.date.year, let policy = policy(of: id) else { return [] }
            let retold = part == .first || part == .rest ? 0 : part == .again ? 1 : 2
            let temperament = Temperament(seed, code)
            if let indicator = policy.indicators.first(where: { $0.id == item.about }) {
                return figures.readings(indicator, year: year, temperament, retold: retold).map {
                    EntryLine(reading: $0)
                }
            }
            guard let target = policy.annualTargets.first(where: { $0.id == item.about }) else { return [] }
            let all = policy.annualTargets.filter { $0.initiative == target.initiative }
            return figures.readings(of: all, year: year, temperament, retold: retold)
                .filter { $0.about == item.about }.map { EntryLine(reading: $0) }
        }
    }

    /// A status of an initiative, a goal, a question, or the follow-up itself.
    private func status(
        _ about: String, _ id: String, _ code: String, _ turn: ExampleTurn, _ state: LedgerState,
        adding addition: [Phrases.Pair] = []
    ) -> StatusReport {
        var dice = Dice(seed, "status", about, id, code, addition.first?.da ?? "")
        let year = followUp(id)?.due?.date.year ?? turn.moment.day.year
        let judged =
            state.assessment(of: about, followUp: id)
            ?? policy(of: id).flatMap {
                state.assessment(of: about, followUp: $0.openingID)
            }
        let isBehind = judged?.body.judgement == .behind
        let delivery: StatusReport.Delivery
        var status: StatusReport
        if let course = courses[about] {
            delivery = course.delivery.delivery(in: year)
            status = StatusReport(about: about, followUp: id, delivery: delivery)
            let isSurvey = course.initiative.kind == .survey && delivery == .completed
            status.done = Phrases.pick(isSurvey ? Phrases.words(on: .survey) : Phrases.done(delivery), &dice)
            explain(&status, Temperament(seed, code), &dice)
        } else if about == id {
            delivery = .completed
            status = StatusReport(about: about, followUp: id, delivery: delivery)
            status.done = Phrases.pick(Phrases.words(on: followUp(id)?.kind ?? .annual), &dice)
        } else {
            delivery = isBehind ? .delayed : .onTrack
            status = StatusReport(about: about, followUp: id, delivery: delivery)
            status.done = Phrases.pick(Phrases.answers, &dice)
        }
        if isBehind { status.proposals = Phrases.pick(Phrases.proposals, &dice) }
        if let before = lastDelivery(about, code, state), before != delivery {
            status.reason = Phrases.pick(Phrases.reasons(from: before, to: delivery), &dice)
        }
        if let pair = addition.isEmpty ? nil : dice.pick(addition), let done = status.done {
            status.done = LocalizedText(da: "\(done.da) \(pair.da)", en: "\(done[.english]) \(pair.en)")
        }
        return status
    }

    private func explain(_ status: inout StatusReport, _ temperament: Temperament, _ dice: inout Dice) {
        switch status.delivery {
        case .delayed, .paused, .stopped:
            guard dice.chance(temperament.care) else { return }
            status.deviation = Phrases.pick(Phrases.deviations, &dice)
            if status.delivery != .stopped, dice.chance(75) { status.action = Phrases.pick(Phrases.actions, &dice) }
            if status.delivery != .delayed, dice.chance(40) {
                status.decisionNeeded = Phrases.example(Phrases.decisionsNeeded[0])
            }
        case .awaitingFunding:
            if dice.chance(35) { status.decisionNeeded = Phrases.example(Phrases.decisionsNeeded[1]) }
        case .notStarted, .awaitingDecision, .onTrack, .ongoingOperation, .completed: break
        }
    }

    /// What the node said last of how far something is, for whatever follow-up.
    private func lastDelivery(_ about: String, _ code: String, _ state: LedgerState) -> StatusReport.Delivery? {
        state.statuses(of: about).filter { $0.publisher == code }.map(\.current).max { $0.position < $1.position }?
            .body.delivery
    }

    private func withdrawal(
        _ id: String, _ code: String, _ turn: ExampleTurn, _ state: LedgerState, _ dice: inout Dice
    ) -> [EntryLine] {
        let given = state.due(id, of: code, on: turn.moment.day)?.items.filter { $0.state == .handedIn } ?? []
        guard !given.isEmpty else { return [] }
        let item = dice.pick(given)
        let reason = Phrases.pick(Phrases.withdrawals, &dice)
        switch item.kind {
        case .status:
            return [
                EntryLine(withdraw: EnteredWithdrawal(kind: .status, id: "\(item.about)|\(id)", reason: reason))
            ]
        case .reading:
            let said = state.readings(of: item.about).first { $0.current.name == item.record }
            return said.map {
                [EntryLine(withdraw: EnteredWithdrawal(kind: .reading, id: $0.identity, reason: reason))]
            } ?? []
        }
    }

    // MARK: Money, milestones, figures

    /// What was used of a year's money, in words on the same money.
    private func used(in year: Int, _ code: String, _ state: LedgerState) -> [EntryLine] {
        courses.values.filter { $0.initiative.owner == code }.sorted { $0.initiative.id < $1.initiative.id }
            .flatMap { course in
                state.fundingFacts(of: course.initiative.id).compactMap { fact -> EntryLine? in
                    var funding = fact.version.body
                    guard funding.state == .funded, let place = funding.budgets.firstIndex(where: { $0.year == year }),
                        funding.budgets[place].usedDKK == nil,
                        let planned = funding.budgets[place].plannedDKK.flatMap({ Int($0.description) }), planned > 0
                    else { return nil }
                    var dice = Dice(seed, "used", course.initiative.id, funding.identity, "\(year)")
                    // Some never say it.
                    guard dice.chance(85) else { return nil }
                    funding.budgets[place].usedDKK = DecimalText(planned / 1_000 * dice.whole(78...106) / 100 * 1_000)
                    (funding.printed, funding.source) = (nil, nil)
                    return EntryLine(funding: funding)
                }
            }
    }

    /// Some initiatives have milestones: said when they begin, and again when they are done, late now and then.
    private func milestones(_ year: Int, _ code: String, _ day: Day, _ state: LedgerState) -> [EntryLine] {
        courses.values.filter { $0.initiative.owner == code }.map(\.initiative).sorted { $0.id < $1.id }
            .flatMap { initiative -> [EntryLine] in
                var dice = Dice(seed, "milestone", initiative.id)
                guard dice.chance(20) else { return [] }
                return Phrases.milestones.prefix(dice.whole(1...3)).compactMap { name, what in
                    let due = Self.day(dice.whole(from...until), dice.whole(2...12), 28)
                    let isLate = dice.chance(45)
                    let done = due.adding(days: isLate ? dice.whole(10...150) : -dice.whole(0...40))
                    let isNever = dice.chance(15)
                    let id = "\(initiative.id)/\(name)"
                    let known = state.milestones[id].first { $0.publisher == code }?.current.body
                    var milestone = Milestone(
                        id: id, initiative: initiative.id, what: Phrases.example(what), due: PartialDate("\(due)"))
                    if !isNever, done <= day { milestone.done = PartialDate("\(done)") }
                    // It is first spoken of in the year it is due, or the year before.
                    guard known == nil ? year >= due.year - 1 : known?.done == nil && milestone.done != nil else {
                        return nil
                    }
                    return EntryLine(milestone: milestone)
                }
            }
    }

    private func figures(_ policyID: String, _ year: Int, _ code: String, _ state: LedgerState) -> [EntryLine] {
        guard let policy = policies.first(where: { $0.id == policyID }) else { return [] }
        let own = policy.annualTargets.filter { courses[$0.initiative]?.initiative.owner == code }
        let temperament = Temperament(seed, code)
        return Dictionary(grouping: own, by: \.initiative).sorted { $0.key < $1.key }.flatMap { initiative, targets in
            var dice = Dice(seed, "counted", initiative, "\(year)")
            // What has stopped is not counted any more.
            let delivery = courses[initiative]?.delivery.delivery(in: year)
            guard delivery != .stopped, delivery != .awaitingDecision, dice.chance(92) else { return [EntryLine]() }
            return figures.readings(of: targets, year: year, temperament).map { EntryLine(reading: $0) }
        }
    }
}
