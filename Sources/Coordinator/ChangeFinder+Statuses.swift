internal import PolicyModel

/// Answers: how far initiatives have come, and what was said of goals and questions.
extension ChangeFinder {
    private typealias History = LedgerHistory<StatusReport>
    private typealias Version = LedgerVersion<StatusReport>

    mutating func findStatuses() {
        var subjects: [String: [History]] = [:]
        var order: [String] = []
        for history in state.statuses.all {
            let about = history.current.body.about
            guard scope(history.current.body.policyID) != nil else { continue }
            // An initiative has one speaker; of a goal or a question each forvaltning speaks for itself.
            let isInitiative = initiativeParts(about) != nil
            if isInitiative,
                !speaks(history.publisher, of: about, among: state.statuses.everSaid(history.identity).count)
            {
                continue
            }
            let key = isInitiative ? about : "\(about)|\(history.publisher)"
            if subjects[key] == nil { order.append(key) }
            subjects[key, default: []].append(history)
        }
        for key in order {
            guard let histories = subjects[key], let scope = scope(histories[0].current.body.policyID) else { continue }
            if let from = scope.from {
                acrossFollowUps(histories, from, scope)
            } else {
                for history in histories { sinceCut(history, histories, scope) }
            }
        }
    }

    // MARK: One answer, then and now

    /// An answer to one follow-up as it counted before against as it counts now.
    private mutating func sinceCut(_ history: History, _ all: [History], _ scope: ChangeScope) {
        let before = held(history, scope) { counts($0, by: scope) }
        let lastTime = previous(to: history.current.body.followUp, all, scope)
        compare(before, now(history), history, history, lastTime: lastTime, scope)
    }

    /// What counts for the follow-up before it, of the same thing.
    private func previous(to followUp: String, _ all: [History], _ scope: ChangeScope) -> ChangesView.LastTime? {
        guard let place = scope.order[followUp] else { return nil }
        let earlier = all.compactMap { history -> (place: Int, version: Version)? in
            guard let other = scope.order[history.current.body.followUp], other < place, let version = now(history)
            else { return nil }
            return (other, version)
        }
        return earlier.max { $0.place < $1.place }.map { lastTime($0.version) }
    }

    private func lastTime(_ version: Version) -> ChangesView.LastTime {
        ChangesView.LastTime(followUp: version.body.followUp, delivery: version.body.delivery)
    }

    // MARK: One follow-up against the next

    private mutating func acrossFollowUps(_ histories: [History], _ from: FollowUp, _ scope: ChangeScope) {
        let then = histories.first { $0.current.body.followUp == from.id }
        let before = then.flatMap { asFirstAnswered($0, scope) }
        let later = scope.later.reversed().compactMap { followUp in
            histories.first { $0.current.body.followUp == followUp.id }
        }
        let answered = later.compactMap { history in now(history).map { (history, $0) } }
        if let (history, newest) = answered.first {
            if newest.body.followUp == scope.to?.id || !isSilent(history, scope) {
                compare(before, newest, then, history, lastTime: nil, scope)
            } else {
                // It answered one in between, and not the newest.
                silence(
                    newest.body.about, before: before ?? newest, lastTime: before.map { _ in lastTime(newest) }, scope)
            }
        } else if let then {
            if isSilent(then, scope), let counted = now(then) {
                silence(counted.body.about, before: before ?? counted, lastTime: nil, scope)
            } else {
                compare(before, now(then), then, then, lastTime: nil, scope)
            }
        }
        // What has no place in time is compared with itself.
        for history in histories
        where scope.order[history.current.body.followUp] == nil && history.current.body.followUp != from.id {
            sinceCut(history, histories, scope)
        }
    }

    /// What first counted as the answer: the last that did by the cut; where none did in time, the first that ever did.
    private func asFirstAnswered(_ history: History, _ scope: ChangeScope) -> Version? {
        held(history, scope) { counts($0, by: scope) }
            ?? history.versions.first { counts($0, by: nil) && withdrawal(of: $0.name) == nil }
    }

    // MARK: Who has not answered

    /// Whether a forvaltning owes the newest follow-up an answer on this, and its time is over.
    private func isSilent(_ history: History, _ scope: ChangeScope) -> Bool {
        guard let newest = scope.to, newest.condition == nil || newest.condition == .met,
            owed["\(scope.policy.id)|\(history.publisher)"]?.contains(history.current.body.about) ?? false,
            // It did answer, and its words were removed by order.
            state.statuses.redacted("\(history.current.body.about)|\(newest.id)").isEmpty
        else { return false }
        return lastDay(of: newest, for: history.publisher).map { $0 < day } ?? false
    }

    /// The last day of a forvaltning's answer: the deadline, or the end of its exception.
    private func lastDay(of followUp: FollowUp, for forvaltning: String) -> Day? {
        let exception = state.collecting.answer(to: followUp.id, of: forvaltning).exception
        return [followUp.due?.date.lastDay, exception?.until.lastDay].compactMap(\.self).max()
    }

    /// An answer that was there before and is not there for the newest follow-up: nobody says so, it is missing. What was never
    /// answered is no change: the matrix and the due list show it.
    private mutating func silence(
        _ about: String, before said: Version, lastTime: ChangesView.LastTime?, _ scope: ChangeScope
    ) {
        guard let newest = scope.to else { return }
        var row = row(
            .status, .attention, scope.policy.id, about, .delivery, .delivery(said.body.delivery), .notReported,
            by: said)
        row.fromFollowUp = said.body.followUp
        row.toFollowUp = newest.id
        row.lastTime = lastTime
        row.by = nil
        row.record = nil
        row.position = 0
        row.entered = nil
        row.received = lastDay(of: newest, for: said.name.publisher).map(\.description) ?? ""
        row.owner = said.name.publisher
        add(row)
    }

    // MARK: What counts

    /// Whether a version counts; with a scope, whether it did so before its cut.
    private func counts(_ version: Version, by scope: ChangeScope?) -> Bool {
        switch state.standing(of: version) {
        case .document: true
        case .notHandedIn: false
        case .handedIn:
            scope.map { scope in
                handIn(of: version).map { scope.isBefore($0.position, $0.received) } ?? false
            } ?? true
        }
    }

    private func handIn(of version: Version) -> LedgerHandInMark? {
        state.handInMarks(of: version.name).first { $0.followUp == version.body.followUp }
    }

    private func now(_ history: History) -> Version? {
        history.withdrawal == nil && history.newestRedacted == nil
            ? history.versions.last { counts($0, by: nil) } : nil
    }

    // MARK: The rows

    /// - Parameters:
    ///   - then: where `before` is from; nil where nothing was answered.
    ///   - history: where `now` is from.
    private mutating func compare(
        _ before: Version?, _ now: Version?, _ then: History?, _ history: History, lastTime: ChangesView.LastTime?,
        _ scope: ChangeScope
    ) {
        guard let now else {
            if let before, let word = history.withdrawal { takenBack(before, word, scope) }
            return
        }
        guard before?.name != now.name else { return }
        let (old, new) = (before?.body, now.body)
        if old?.delivery != new.delivery {
            var row = answer(
                .delivery,
                old.map { .delivery($0.delivery) } ?? then.map { nothing($0, scope, .notReported) } ?? .notReported,
                .delivery(new.delivery), before, now,
                history, weight(old?.delivery, new.delivery), scope)
            row.lastTime = before == nil ? lastTime : nil
            row.notes = notes(new, isFirst: old == nil)
            return add(row)
        }
        let texts: [(ChangesView.Field, LocalizedText?, LocalizedText?)] = [
            (.done, old?.done, new.done), (.deviation, old?.deviation, new.deviation),
            (.action, old?.action, new.action),
            (.proposals, old?.proposals, new.proposals), (.decisionNeeded, old?.decisionNeeded, new.decisionNeeded),
        ]
        for (field, from, to) in texts where from != to {
            let isAsked = field == .decisionNeeded && to != nil
            var row = answer(
                field, from.map { .words($0) } ?? .absent, to.map { .words($0) } ?? .absent, before, now, history,
                isAsked ? .attention : .minor, scope)
            if let reason = new.reason { row.notes = [.init(kind: .reason, text: reason)] }
            add(row)
        }
    }

    private func answer(
        _ field: ChangesView.Field, _ from: ChangeFact, _ to: ChangeFact, _ before: Version?, _ now: Version,
        _ history: History, _ weight: ChangesView.Weight, _ scope: ChangeScope
    ) -> ChangesView.Row {
        var row = row(.status, weight, scope.policy.id, now.body.about, field, from, to, by: now)
        row.fromFollowUp = before?.body.followUp ?? scope.from?.id ?? now.body.followUp
        row.toFollowUp = now.body.followUp
        let standing = state.standing(of: now)
        row.stage = state.stage(of: now.name, standing)
        row.changedSinceApproval = state.isChangedSinceApproval(now, in: history)
        // What was handed in later than it was said counts from then.
        if standing == .handedIn, let mark = handIn(of: now), mark.position > now.position {
            row.position = mark.position
            row.received = mark.received
        }
        return row
    }

    private mutating func takenBack(_ before: Version, _ word: LedgerVersion<Withdrawal>, _ scope: ChangeScope) {
        guard !scope.isBefore(word) else { return }
        var row = row(
            .withdrawal, .attention, scope.policy.id, before.body.about, .delivery, .delivery(before.body.delivery),
            .withdrawn, by: word)
        row.fromFollowUp = before.body.followUp
        row.toFollowUp = before.body.followUp
        row.notes = [.init(kind: .reason, text: word.body.reason)]
        add(row)
    }

    private func notes(_ body: StatusReport, isFirst: Bool) -> [ChangesView.Note] {
        let all: [(ChangesView.Note.Kind, LocalizedText?)] = [
            (.reason, body.reason), (.deviation, body.deviation), (.action, body.action),
            (.decisionNeeded, body.decisionNeeded), (.done, isFirst ? body.done : nil),
        ]
        return all.compactMap { kind, text in text.map { .init(kind: kind, text: $0) } }
    }

    /// Stopped, delayed and paused are worse than waiting or not begun, and those than going well.
    private func weight(_ from: StatusReport.Delivery?, _ to: StatusReport.Delivery) -> ChangesView.Weight {
        func rank(_ delivery: StatusReport.Delivery) -> Int {
            switch delivery {
            case .stopped, .delayed, .paused: 0
            case .notStarted, .awaitingDecision, .awaitingFunding: 1
            case .onTrack, .ongoingOperation, .completed: 2
            }
        }
        guard let from else { return rank(to) == 0 ? .attention : .news }
        if rank(to) == rank(from) { return to == .completed ? .better : rank(to) == 0 ? .attention : .news }
        return rank(to) < rank(from) ? .attention : .better
    }
}
