internal import Foundation
internal import PolicyModel

/// Money, state by state and year by year, and milestones.
extension ChangeFinder {
    mutating func findMoney() {
        for history in state.funding.all {
            let last = history.current.body
            guard let scope = scope(last.policyID),
                speaks(history.publisher, of: last.initiative, among: speakers(ofMoney: last.initiative))
            else { continue }
            let before = moneyBefore(history, scope)
            if let word = history.withdrawal {
                if let before, !scope.isBefore(word) { takenBack(before, word, scope) }
                continue
            }
            // What was removed by order says so itself.
            guard history.newestRedacted == nil else { continue }
            let now = history.current
            if before?.name != now.name { compare(before, now, history, scope) }
            ended(now, unless: before, history, scope)
        }
    }

    private func speakers(ofMoney initiative: String) -> Int {
        Set(state.funding(of: initiative).map(\.publisher)).count
    }

    /// What held before; with a follow-up, what a document says was there from the beginning.
    private func moneyBefore(
        _ history: LedgerHistory<Funding>, _ scope: ChangeScope
    ) -> LedgerVersion<Funding>? {
        if let held = held(history, scope) { return held }
        guard scope.from != nil, nothing(history, scope) == .absent, let first = history.versions.first,
            state.standing(of: first) == .document,
            withdrawal(of: first.name).map({ !scope.isBefore($0) }) ?? true
        else { return nil }
        return first
    }

    private func fact(_ funding: Funding) -> ChangeFact {
        .money(funding.state, from: funding.from, until: funding.until)
    }

    private mutating func compare(
        _ before: LedgerVersion<Funding>?, _ now: LedgerVersion<Funding>, _ history: LedgerHistory<Funding>,
        _ scope: ChangeScope
    ) {
        let (old, new) = (before?.body, now.body)
        // That a source is silent is no money and no lack of it.
        if old == nil, new.state == .noRemark { return }
        func add(
            _ field: ChangesView.Field, _ from: ChangeFact, _ to: ChangeFact, _ weight: ChangesView.Weight,
            year: Int? = nil
        ) {
            var row = row(.funding, weight, scope.policy.id, new.initiative, field, from, to, by: now)
            row.part = year.map { LocalizedText(da: String($0)) }
            if field == .money, let decision = new.decision {
                row.notes = [.init(kind: .decision, text: LocalizedText(da: decision))]
            }
            row.stage = state.stage(of: now.name, state.standing(of: now))
            row.changedSinceApproval = state.isChangedSinceApproval(now, in: history)
            self.add(row)
        }
        if old?.until != new.until || old == nil {
            add(.money, old.map(fact) ?? nothing(history, scope), fact(new), weight(old, new))
        } else if old?.decision != new.decision {
            let facts = [old?.decision, new.decision].map { text -> ChangeFact in
                text.map { .words(LocalizedText(da: $0)) } ?? .absent
            }
            add(.decision, facts[0], facts[1], .decided)
        }
        for year in Set((old?.budgets ?? []).map(\.year)).union(new.budgets.map(\.year)).sorted() {
            let (then, said) = (old?.budgets.first { $0.year == year }, new.budgets.first { $0.year == year })
            for (field, from, to) in [
                (ChangesView.Field.planned, then?.plannedDKK, said?.plannedDKK), (.used, then?.usedDKK, said?.usedDKK),
            ] where !isSame(from, to) {
                add(
                    field, from.map { .amount($0, .dkk) } ?? .absent, to.map { .amount($0, .dkk) } ?? .absent, .news,
                    year: year)
            }
        }
    }

    private func weight(_ old: Funding?, _ new: Funding) -> ChangesView.Weight {
        switch new.state {
        case .expired, .requiresSeparateFunding: return .attention
        case .noRemark: return .news
        case .funded, .withinBudget:
            guard let end = new.until?.lastDay else { return .better }
            guard let old else { return end < day ? .attention : .better }
            return old.until.map { $0.lastDay < end } ?? false ? .better : .attention
        }
    }

    /// Money that ended by itself since then: nobody says so, the day passed.
    private mutating func ended(
        _ now: LedgerVersion<Funding>, unless before: LedgerVersion<Funding>?, _ history: LedgerHistory<Funding>,
        _ scope: ChangeScope
    ) {
        let body = now.body
        guard let from = scope.fromDay, let end = body.until?.lastDay, from <= end, end < day,
            body.state != .requiresSeparateFunding, body.state != .noRemark,
            // Said anew with another end, it is a change of its own.
            before.map({ $0.body.until == body.until }) ?? false
        else { return }
        var row = row(
            .funding, .attention, scope.policy.id, body.initiative, .money,
            .money(.funded, from: body.from, until: body.until), .money(.expired, from: nil, until: body.until),
            by: now)
        row.by = nil
        row.record = nil
        row.position = 0
        row.entered = nil
        row.received = end.description
        row.notes = [
            .init(
                kind: .passed,
                text: LocalizedText(
                    da: "Den sidste dag er gået; ingen har sagt andet.",
                    en: "Its last day has passed; nobody has said otherwise."))
        ]
        row.stage = state.stage(of: now.name, state.standing(of: now))
        row.changedSinceApproval = state.isChangedSinceApproval(now, in: history)
        add(row)
    }

    private mutating func takenBack(
        _ before: LedgerVersion<Funding>, _ word: LedgerVersion<Withdrawal>, _ scope: ChangeScope
    ) {
        var row = row(
            .withdrawal, .attention, scope.policy.id, before.body.initiative, .money, fact(before.body), .withdrawn,
            by: word)
        row.notes = [.init(kind: .reason, text: word.body.reason)]
        add(row)
    }

    // MARK: Milestones

    mutating func findMilestones() {
        for history in state.milestones.all {
            guard let scope = scope(history.current.body.policyID) else { continue }
            let before = held(history, scope)
            if let word = history.withdrawal {
                guard let before, !scope.isBefore(word) else { continue }
                var row = row(
                    .withdrawal, .attention, scope.policy.id, before.body.initiative, .due,
                    before.body.due.map { .date($0) } ?? .absent, .withdrawn, by: word)
                row.part = before.body.what
                row.notes = [.init(kind: .reason, text: word.body.reason)]
                add(row)
                continue
            }
            let now = history.current
            guard before?.name != now.name, history.newestRedacted == nil else { continue }
            compare(before, now, scope)
        }
    }

    private mutating func compare(
        _ before: LedgerVersion<Milestone>?, _ now: LedgerVersion<Milestone>, _ scope: ChangeScope
    ) {
        let (old, new) = (before?.body, now.body)
        func fact(_ date: PartialDate?) -> ChangeFact { date.map { .date($0) } ?? .absent }
        func add(_ field: ChangesView.Field, _ from: ChangeFact, _ to: ChangeFact, _ weight: ChangesView.Weight) {
            var row = row(.milestone, weight, scope.policy.id, new.initiative, field, from, to, by: now)
            row.part = new.what
            self.add(row)
        }
        if old == nil, new.done == nil {
            return add(.due, .absent, new.due.map { .date($0) } ?? .words(new.what), .news)
        }
        if let old, old.what != new.what { add(.title, .words(old.what), .words(new.what), .minor) }
        if let old, old.due != new.due {
            let isLater = old.due.map { $0.lastDay < (new.due?.lastDay ?? $0.lastDay) } ?? false
            add(.due, fact(old.due), fact(new.due), isLater ? .attention : .news)
        }
        if old?.done != new.done {
            add(.done, fact(old?.done), fact(new.done), new.done == nil ? .attention : .better)
        }
    }
}

/// Whether two amounts are the same number, however they are written.
func isSame(_ a: DecimalText?, _ b: DecimalText?) -> Bool {
    a == b || (a.flatMap { Decimal(string: $0.description) } == b.flatMap { Decimal(string: $0.description) })
}
