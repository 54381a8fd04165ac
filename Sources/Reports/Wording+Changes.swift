internal import Coordinator
internal import PolicyModel

/// How changes are said: the same in the terminal as in the report.
extension Wording {
    /// `I gang efter planen (lgbti/2019) → Forsinket (lgbti/2020)`; of names, those that came and those that went.
    func change(_ row: ChangesView.Row) -> String {
        if case .names(let before) = row.from, case .names(let now) = row.to {
            let gone = before.filter { !now.contains($0) }.map { "− \($0)" }
            let new = now.filter { !before.contains($0) }.map { "+ \($0)" }
            return (gone + new).joined(separator: "; ")
        }
        let isOther = row.fromFollowUp != row.toFollowUp
        func side(_ fact: ChangeFact, _ followUp: String?) -> String {
            let text = self.fact(fact, row.field)
            return isOther ? followUp.map { "\(text) (\($0))" } ?? text : text
        }
        let text = "\(side(row.from, row.fromFollowUp)) → \(side(row.to, row.toFollowUp))"
        guard !isOther, let followUp = row.toFollowUp, row.subject != followUp else {
            return text
        }
        return "\(text) (\(followUp))"
    }

    /// What of the thing it is: `Status`, `Planlagt 2020`, `Måling (koen=kvinder)`.
    func field(_ row: ChangesView.Row) -> String {
        let name = self(Words.name(row.field))
        switch row.kind {
        case .funding:
            return row.part.map { "\(name) \($0[language])" } ?? name
        case .milestone, .definition, .reading, .link, .contribution, .decision:
            return row.part.map { "\(name) (\($0[language]))" } ?? name
        case .returned, .approval, .acceptance:
            return row.part.map { self(Words.answerFrom, $0[language]) } ?? name
        case .exception: return row.part.map { self(Words.deadlineFor, $0[language]) } ?? name
        case .withdrawal, .status, .target, .assessment, .redaction:
            return row.part.map { "\(name) (\($0[language]))" } ?? name
        }
    }

    /// Who said it, when, and how far it has come.
    func said(_ row: ChangesView.Row) -> String {
        var parts = [who(row)]
        parts.append(Day(row.received).map { date($0) } ?? row.received)
        if let entered = row.entered.flatMap({ Day($0) }) {
            parts[1] += " (\(self(Words.enteredOn, date(entered))))"
        }
        if let last = row.lastTime {
            parts.append(self(Words.lastTimeFor, self(Words.name(last.delivery)), last.followUp))
        }
        parts += standing(row)
        return parts.joined(separator: ", ")
    }

    /// `BIF, sagsbehandler p17`.
    func who(_ row: ChangesView.Row) -> String {
        guard let by = row.by else { return self(Words.nobodySaid) }
        let role = [self(Words.role(by.role)), by.person].compactMap(\.self).joined(separator: " ")
        return "\(by.forvaltning ?? by.publisher), \(role)"
    }

    /// How far it has come, and that it changed after it was approved.
    func standing(_ row: ChangesView.Row) -> [String] {
        [row.stage.map { self(Words.word($0)) }, row.changedSinceApproval ? self(Words.changedAfterApproval) : nil]
            .compactMap(\.self)
    }

    /// One side of a change.
    func fact(_ fact: ChangeFact, _ field: ChangesView.Field) -> String {
        switch fact {
        case .notReported: return self(Words.missing)
        case .absent: return self(field == .reading ? Words.notMeasured : Words.factAbsent)
        case .withdrawn: return self(Words.factWithdrawn)
        case .redacted: return self(Words.factRedacted)
        case .withheld: return self(Words.factWithheld)
        case .delivery(let delivery): return self(Words.name(delivery))
        case .words(let text): return quoted(text[language])
        case .names(let names): return names.isEmpty ? self(Words.factAbsent) : list(names)
        case .money(let state, let from, let until): return money(state, from, until)
        case .amount(let amount, let unit): return self.amount(amount, unit)
        case .reading(let value, let unit, let period, let reference):
            let against = reference.map { " " + self(Words.againstReference, measured($0, unit)) } ?? ""
            return "\(measured(value, unit))\(against) (\(self.period(period)))"
        case .target(let target, let unit, let direction): return self.target(target, unit, direction)
        case .annualTarget(let target):
            let words = annual(target) ?? target.text?[language] ?? self(Words.inWords)
            return "\(words) \(years(from: target.fromYear, until: target.toYear))"
        case .judgement(let judgement): return self(Words.shortName(judgement))
        case .date(let date): return self.date(date)
        case .period(let period): return self.period(period)
        case .figure(let value, let qualifier):
            return [qualifier, number(value)].compactMap(\.self).joined(separator: " ")
        case .initiativeKind(let kind): return self(Words.name(kind))
        case .mandate(let mandate): return self(Words.name(mandate))
        case .condition(let condition): return self(Words.name(condition))
        case .direction(let direction): return self(Words.name(direction))
        case .unit(let unit): return self(Words.name(unit))
        case .link(let state): return self(Words.name(state))
        case .stage(let stage): return self(Words.word(stage))
        case .records(let count): return self.count(count, Words.record)
        }
    }

    private func measured(_ value: Value, _ unit: MeasureUnit) -> String {
        switch value {
        case .suppressed: self(Words.factSuppressed)
        case .missing: self(Words.name(Value.Status.missing))
        case .number, .notApplicable: self.value(value, unit)
        }
    }

    private func money(_ state: Funding.State, _ from: PartialDate?, _ until: PartialDate?) -> String {
        var text = self(Words.name(state))
        if let from, state != .expired { text += " \(self(Words.from)) \(date(from))" }
        guard let until else { return text }
        return text + (state == .expired ? " \(date(until))" : " \(self(Words.until)) \(date(until))")
    }

    /// What is compared, for one policy.
    private func scope(_ scope: ChangesView.Scope, name: String) -> String {
        if let position = scope.afterPosition {
            return self(Words.changesAfterPosition, name, number(Int(position)))
        }
        if let day = scope.receivedFrom { return self(Words.changesFromDay, name, Day(day).map { date($0) } ?? day) }
        if isOnlyOpening(scope) { return self(Words.changesOnlyOpening, name) }
        let rest =
            scope.receivedAfter.map { self(Words.changesReceivedAfter, Day($0).map { date($0) } ?? $0) }
            ?? self(Words.changesAfterDocuments)
        let from = scope.fromTitle?[language] ?? scope.from ?? "–"
        return scope.toTitle.map { self(Words.changesAgainst, name, from, $0[language], rest) }
            ?? self(Words.changesUnanswered, name, from, rest)
    }

    /// One line for each policy; where the same is compared for several, one line for them.
    func scopes(_ scopes: [ChangesView.Scope], name: (String) -> String) -> [String] {
        var lines: [(scope: ChangesView.Scope, policies: [String])] = []
        func isSame(_ a: ChangesView.Scope, _ b: ChangesView.Scope) -> Bool {
            if a.from == nil {
                return (a.afterPosition, a.receivedFrom) == (b.afterPosition, b.receivedFrom) && b.from == nil
            }
            return isOnlyOpening(a) && isOnlyOpening(b)
        }
        for scope in scopes {
            if let place = lines.firstIndex(where: { isSame($0.scope, scope) }) {
                lines[place].policies.append(name(scope.policy))
            } else {
                lines.append((scope, [name(scope.policy)]))
            }
        }
        return lines.map { scope($0.scope, name: list($0.policies)) }
    }

    private func isOnlyOpening(_ scope: ChangesView.Scope) -> Bool {
        scope.from != nil && scope.to == nil && scope.receivedAfter == nil
    }

    /// `8 svar, 5 om penge`.
    func kinds(_ counts: [ChangesView.Count]) -> String {
        counts.map { item in
            guard let kind = ChangesView.Kind(rawValue: item.name) else { return "\(number(item.count)) \(item.name)" }
            return count(item.count, Words.noun(kind))
        }.joined(separator: ", ")
    }
}
