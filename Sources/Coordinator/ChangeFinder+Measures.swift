internal import PluginKit
internal import PolicyModel

/// Targets, readings and judgements.
extension ChangeFinder {
    // MARK: Targets

    /// Each revision is a change of its own, with its reason and who decided. The first version is none where a follow-up is
    /// compared: the document states it.
    mutating func findTargets() {
        for scope in scopes {
            let policy = scope.policy
            for indicator in policy.indicators {
                revisions(of: indicator.id, first: indicator.target, indicator, scope)
            }
            for target in policy.annualTargets { revisions(of: target.id, first: nil, nil, scope, stated: target) }
        }
    }

    private mutating func revisions(
        of about: String, first: Target?, _ indicator: Indicator?, _ scope: ChangeScope, stated: AnnualTarget? = nil
    ) {
        var before: ChangeFact?
        func fact(_ body: TargetVersion) -> ChangeFact {
            if let annual = body.annualTarget { return .annualTarget(annual) }
            guard let target = body.target, let indicator else { return .absent }
            return .target(target, indicator.unit, indicator.direction)
        }
        var substance: TargetVersion?
        for version in state.targetVersions(of: about) {
            let body = version.body
            let isFirst = body.version == 1
            defer {
                before = fact(body)
                substance = body
            }
            guard !scope.isBefore(version), !(isFirst && scope.from != nil) else { continue }
            if let substance, isSameTarget(substance, body) { continue }
            // Where no first version was published, what the policy states stood before.
            let stands =
                first.flatMap { target in
                    indicator.map { ChangeFact.target(target, $0.unit, $0.direction) }
                } ?? stated.map { .annualTarget($0) }
            let from = before ?? (isFirst ? .absent : stands ?? .absent)
            var row = row(
                .target, isFirst ? .news : .decided, scope.policy.id, about, .target, from, fact(body), by: version)
            row.notes = [
                body.reason.map { .init(kind: .reason, text: $0) },
                body.decision.map { decision in
                    let decided = body.decided.map { ", \($0)" } ?? ""
                    return .init(kind: .decision, text: LocalizedText(da: decision + decided))
                },
            ].compactMap(\.self)
            add(row)
        }
    }

    private func isSameTarget(_ a: TargetVersion, _ b: TargetVersion) -> Bool {
        let (old, new) = (a.substance, b.substance)
        return old.target == new.target && old.annualTarget == new.annualTarget
    }

    // MARK: Readings

    private typealias Read = LedgerVersion<Reading>

    mutating func findReadings() {
        // By measure and breakdown: a new period is held against the one before it.
        struct Series: Hashable { let about: String, breakdown: Breakdown? }
        var histories: [Series: [LedgerHistory<Reading>]] = [:]
        var order: [Series] = []
        var reporters: [String: [String]] = [:]
        for history in state.readings.all {
            let body = history.current.body
            guard let scope = scope(body.policyID) else { continue }
            let known = reporters[body.about] ?? scope.policy.reporters(of: body.about, city: state.city) ?? []
            reporters[body.about] = known
            guard known.contains(history.publisher) else { continue }
            let series = Series(about: body.about, breakdown: body.breakdown)
            if histories[series] == nil { order.append(series) }
            histories[series, default: []].append(history)
        }
        for series in order {
            guard let all = histories[series], let scope = scope(all[0].current.body.policyID) else { continue }
            readings(all, scope)
        }
    }

    private mutating func readings(_ histories: [LedgerHistory<Reading>], _ scope: ChangeScope) {
        let holding = histories.filter { $0.withdrawal == nil && $0.newestRedacted == nil }.sorted {
            $0.current.body.isEarlier(than: $1.current.body, $0.current.position < $1.current.position)
        }
        var last: LedgerHistory<Reading>?
        for history in holding {
            defer { last = history }
            let now = history.current
            guard !scope.isBefore(now) else { continue }
            let before = held(history, scope)
            compare(before, now, after: last?.current, history, scope)
        }
        for history in histories {
            guard let word = history.withdrawal, !scope.isBefore(word), let before = held(history, scope) else {
                continue
            }
            var row = row(
                .withdrawal, .attention, scope.policy.id, before.body.about, .reading, shown(before.body, scope),
                .withdrawn,
                by: word)
            row.part = before.body.breakdown.map { LocalizedText(da: $0.description) }
            row.notes = [.init(kind: .reason, text: word.body.reason)]
            add(row)
        }
    }

    private mutating func compare(
        _ before: Read?, _ now: Read, after earlier: Read?, _ history: LedgerHistory<Reading>, _ scope: ChangeScope
    ) {
        let new = now.body
        var from: ChangeFact
        var to = shown(new, scope)
        if let old = before?.body {
            let isSameValue = old.value == new.value && old.reference == new.reference && old.unit == new.unit
            if isSameValue, old.comment == new.comment { return }
            from = isHidden(new.value) || isHidden(new.reference) ? withheld(old) : shown(old, scope)
            if isSameValue {
                from = old.comment.map { .words($0) } ?? .absent
                to = new.comment.map { .words($0) } ?? .absent
            }
        } else {
            from = nothing(history, scope, earlier.map { shown($0.body, scope) } ?? .absent)
        }
        var row = row(
            .reading, before == nil ? .news : .decided, scope.policy.id, new.about, .reading, from, to, by: now)
        row.part = new.breakdown.map { LocalizedText(da: $0.description) }
        if case .words = to {
            row.weight = .minor
        } else if let comment = new.comment {
            row.notes = [.init(kind: .reason, text: comment)]
        }
        // A figure counts as handed in when it is there; an approval can name it.
        row.stage = state.stage(of: now.name, .handedIn)
        row.changedSinceApproval = state.isChangedSinceApproval(now, in: history)
        add(row)
    }

    private func isHidden(_ value: Value?) -> Bool { value == .suppressed }

    private func withheld(_ reading: Reading) -> ChangeFact {
        reading.value.number == nil
            ? .reading(reading.value, reading.unit, reading.period, reference: nil) : .withheld
    }

    /// A reading; one that the rule of small counts would not let out today is not told again.
    private func shown(_ reading: Reading, _ scope: ChangeScope) -> ChangeFact {
        isTooSmall(reading, scope)
            ? .withheld
            : .reading(reading.value, reading.unit, reading.period, reference: reading.reference)
    }

    /// As a node decides it before a figure leaves.
    private func isTooSmall(_ reading: Reading, _ scope: ChangeScope) -> Bool {
        let disclosure =
            scope.policy.indicators.first { $0.id == reading.about }?.disclosure
            ?? scope.policy.annualTargets.first { $0.id == reading.about }?.disclosure
        let rule = Suppression(threshold: state.city?.suppressionThreshold ?? 5)
        return rule.applied(to: reading, disclosure: disclosure).why != nil
    }

    // MARK: Judgements

    /// With a follow-up, its judgement of each goal against that for the newest one; otherwise the judgement of all there is (the
    /// opening's, for which every reading counts) then and now.
    mutating func findAssessments() {
        for scope in scopes {
            for goal in scope.policy.goals {
                func said(_ followUp: String) -> LedgerHistory<Assessment>? {
                    state.assessments["\(goal.id)|\(followUp)"].first { $0.publisher == scope.policy.id }
                }
                let opening = said(scope.policy.openingID)
                guard let from = scope.from, from.id != scope.policy.openingID else {
                    guard let opening else { continue }
                    // Since the opening: from what was judged before there were figures.
                    let before = scope.from == nil ? held(opening, scope) : opening.versions.first
                    compare(before, opening.current, nil, scope)
                    continue
                }
                let then = said(from.id)
                let before = then.flatMap { held($0, scope) ?? $0.current }
                let later = scope.later.reversed().compactMap { said($0.id)?.current }.first
                guard let now = later ?? then?.current else { continue }
                compare(before, now, scope.from?.id, scope)
            }
        }
    }

    private mutating func compare(
        _ before: LedgerVersion<Assessment>?, _ now: LedgerVersion<Assessment>, _ followUp: String?,
        _ scope: ChangeScope
    ) {
        guard before?.name != now.name, scope.from != nil || !scope.isBefore(now) else { return }
        func add(
            _ subject: String, _ old: Attainment.Judgement?, _ new: Attainment.Judgement, _ arithmetic: LocalizedText
        ) {
            // That nothing is measured yet is no news.
            guard old != new, !(old == nil && (new == .noData || new == .cannotBeJudged)) else { return }
            var row = row(
                .assessment, weight(old, new), scope.policy.id, subject, .judgement,
                old.map { .judgement($0) } ?? .absent, .judgement(new), by: now)
            if let followUp {
                row.fromFollowUp = before?.body.followUp ?? followUp
                row.toFollowUp = now.body.followUp
            }
            row.notes = [.init(kind: .arithmetic, text: arithmetic)]
            self.add(row)
        }
        add(now.body.goal, before?.body.judgement, now.body.judgement, now.body.arithmetic)
        let old = Dictionary(
            (before?.body.measures ?? []).map { ($0.about, $0.judgement) }, uniquingKeysWith: { first, _ in first })
        for measure in now.body.measures {
            add(measure.about, old[measure.about], measure.judgement, measure.arithmetic)
        }
    }

    private func weight(_ from: Attainment.Judgement?, _ to: Attainment.Judgement) -> ChangesView.Weight {
        func rank(_ judgement: Attainment.Judgement?) -> Int? {
            switch judgement {
            case .behind: 0
            case .onCourse: 1
            case .ahead, .reached: 2
            case .noData, .cannotBeJudged, nil: nil
            }
        }
        guard let new = rank(to) else { return rank(from) == nil ? .minor : .attention }
        guard let old = rank(from) else { return new == 0 ? .attention : .news }
        return new < old ? .attention : new > old ? .better : .news
    }
}
