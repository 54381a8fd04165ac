internal import PolicyModel

/// What happened to answers and around them: returns, approvals, acceptances, more time, decisions, contributions, links, and what
/// was removed by order.
extension ChangeFinder {
    mutating func findEvents() {
        findReturns()
        findApprovals()
        findExceptions()
        findDecisions()
        findContributions()
        findLinks()
        findRedactions()
    }

    /// Each version of each history that came later, with the one before it.
    private func later<Body>(
        _ table: LedgerTable<Body>, _ body: (LedgerVersion<Body>, LedgerVersion<Body>?, ChangeScope) -> Void
    ) {
        for history in table.all {
            guard let scope = scope(history.current.body.policyID) else { continue }
            for (place, version) in history.versions.enumerated() where !scope.isBefore(version) {
                body(version, place > 0 ? history.versions[place - 1] : nil, scope)
            }
        }
    }

    /// What was sent back needs attention until it is answered: said anew and handed in, or approved as it was.
    private mutating func findReturns() {
        var found: [ChangesView.Row] = []
        let open = standingReturned
        later(state.returns) { version, _, scope in
            let order = version.body
            var row = row(
                .returned, order.records.contains(where: open.contains) ? .attention : .minor, scope.policy.id,
                order.about ?? order.followUp, .answer,
                .records(order.records.count), .stage(.returned), by: version)
            row.part = LocalizedText(da: order.forvaltning)
            row.toFollowUp = order.followUp
            row.notes = [.init(kind: .reason, text: order.note)]
            found.append(row)
        }
        found.forEach { add($0) }
    }

    /// Records that were sent back and still are the newest word on what they are about.
    private var standingReturned: Set<RecordName> {
        var found: Set<RecordName> = []
        func look<Body>(_ table: LedgerTable<Body>, _ counts: (LedgerVersion<Body>) -> Bool) {
            for history in table.histories {
                let name = (history.versions.last(where: counts) ?? history.current).name
                if state.collecting.mark(of: name)?.stage == .returned { found.insert(name) }
            }
        }
        look(state.statuses) { state.standing(of: $0) != .notHandedIn }
        look(state.readings) { _ in true }
        look(state.funding) { _ in true }
        look(state.milestones) { _ in true }
        return found
    }

    private mutating func findApprovals() {
        var found: [ChangesView.Row] = []
        func row(
            _ kind: ChangesView.Kind, _ followUp: String, _ forvaltning: String, _ count: Int, _ to: Collecting.Stage,
            _ comment: LocalizedText?, by version: LedgerVersion<some RecordBody>, _ scope: ChangeScope
        ) {
            var row = self.row(
                kind, .minor, scope.policy.id, followUp, .answer, .records(count), .stage(to), by: version)
            row.part = LocalizedText(da: forvaltning)
            row.toFollowUp = followUp
            row.notes = comment.map { [.init(kind: .reason, text: $0)] } ?? []
            found.append(row)
        }
        var covered: [RecordName: Int] = [:]
        for version in state.approvals.all.flatMap(\.versions) { covered[version.name] = version.body.records.count }
        later(state.approvals) { version, _, scope in
            let word = version.body
            row(
                .approval, word.followUp, word.forvaltning, word.records.count, .approved, word.comment, by: version,
                scope)
        }
        later(state.acceptances) { version, _, scope in
            let word = version.body
            row(
                .acceptance, word.followUp, word.forvaltning, covered[word.approval] ?? 0, .accepted, word.comment,
                by: version, scope)
        }
        found.forEach { add($0) }
    }

    private mutating func findExceptions() {
        for history in state.exceptions.all {
            guard let scope = scope(history.current.body.policyID) else { continue }
            let before = held(history, scope)
            let now = history.withdrawal == nil ? history.current : nil
            let body = history.current.body
            if let word = history.withdrawal {
                guard let before, !scope.isBefore(word) else { continue }
                var row = row(
                    .withdrawal, .attention, scope.policy.id, body.followUp, .due, .date(before.body.until), .withdrawn,
                    by: word)
                row.part = LocalizedText(da: body.forvaltning)
                row.notes = [.init(kind: .reason, text: word.body.reason)]
                add(row)
            } else if let now, before?.name != now.name, before?.body.until != now.body.until {
                let due = scope.policy.followUps.first { $0.id == body.followUp }?.due?.date
                var row = row(
                    .exception, .decided, scope.policy.id, body.followUp, .due,
                    (before?.body.until ?? due).map { .date($0) } ?? .absent, .date(now.body.until), by: now)
                row.part = LocalizedText(da: body.forvaltning)
                row.notes = [.init(kind: .reason, text: body.reason)]
                add(row)
            }
        }
    }

    private mutating func findDecisions() {
        for history in state.decisions.all {
            guard let scope = scope(history.current.body.policyID) else { continue }
            let before = held(history, scope)
            let body = (history.withdrawal == nil ? history.current : before ?? history.current).body
            let subject = body.about.count == 1 ? body.about[0] : body.policy
            func add(
                _ kind: ChangesView.Kind, _ field: ChangesView.Field, _ weight: ChangesView.Weight, _ from: ChangeFact,
                _ to: ChangeFact, by version: LedgerVersion<some RecordBody>, _ notes: [ChangesView.Note]
            ) {
                var row = row(kind, weight, scope.policy.id, subject, field, from, to, by: version)
                row.part = LocalizedText(da: body.id)
                row.notes = notes
                self.add(row)
            }
            if let word = history.withdrawal {
                guard let before, !scope.isBefore(word) else { continue }
                add(
                    .withdrawal, .decision, .attention, .words(before.body.text), .withdrawn, by: word,
                    [.init(kind: .reason, text: word.body.reason)])
                continue
            }
            let now = history.current
            guard before?.name != now.name, history.newestRedacted == nil else { continue }
            let place = [body.body, body.date.description, body.item].compactMap(\.self).joined(separator: ", ")
            let decided = [ChangesView.Note(kind: .decision, text: LocalizedText(da: place))]
            if before?.body.text != body.text {
                add(
                    .decision, .decision, .decided, before.map { .words($0.body.text) } ?? .absent, .words(body.text),
                    by: now, decided)
            }
            if let done = body.followedUp, before?.body.followedUp != done {
                add(
                    .decision, .followedUp, .better, before?.body.followedUp.map { .words($0.text) } ?? .absent,
                    .words(done.text), by: now, decided)
            }
        }
    }

    private mutating func findContributions() {
        for history in state.contributions.all {
            guard let scope = scope(history.current.body.policyID) else { continue }
            let before = held(history, scope)
            let body = history.current.body
            let subject = body.about ?? body.followUp
            if let word = history.withdrawal {
                guard let before, !scope.isBefore(word) else { continue }
                var row = row(
                    .withdrawal, .attention, scope.policy.id, subject, .answer, .words(before.body.text), .withdrawn,
                    by: word)
                row.part = LocalizedText(da: body.organisation)
                row.notes = [.init(kind: .reason, text: word.body.reason)]
                add(row)
                continue
            }
            guard before?.name != history.current.name, before?.body.text != body.text, history.newestRedacted == nil
            else { continue }
            var row = row(
                .contribution, .news, scope.policy.id, subject, .answer,
                before.map { .words($0.body.text) } ?? .absent, .words(body.text), by: history.current)
            row.part = LocalizedText(da: body.organisation)
            row.toFollowUp = body.followUp
            add(row)
        }
    }

    /// A person's word on a link, in the first of the scopes that one of its ends is of.
    private mutating func findLinks() {
        for history in state.linkDecisions.all where history.publisher == coordinatorName {
            let body = history.current.body
            let policies = [body.from, body.to].map { String($0.prefix { $0 != "/" }) }
            guard let scope = policies.compactMap({ scope($0) }).first else { continue }
            let before = held(history, scope)
            guard !scope.isBefore(history.current), before?.body.state != body.state else { continue }
            var row = row(
                .link, .decided, scope.policy.id, body.from, .link, .link(before?.body.state ?? .suggested),
                .link(body.state), by: history.current)
            row.part = LocalizedText(da: "\(body.kind.rawValue) \(body.to)")
            row.notes = body.reason.map { [.init(kind: .reason, text: $0)] } ?? []
            add(row)
        }
    }

    /// The record is named, and what it was about; what it said is gone.
    private mutating func findRedactions() {
        var found: [ChangesView.Row] = []
        later(state.redactions) { version, _, scope in
            let order = version.body
            let parts = order.id.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            let isOfAnswers = RecordKind.concerningOne.contains(RecordKind(order.redacted))
            var row = row(
                .redaction, .decided, scope.policy.id, parts.first ?? order.id, .whole,
                .words(LocalizedText(da: order.record.description)), .redacted, by: version)
            row.part = LocalizedText(da: order.redacted)
            row.toFollowUp = RecordKind(order.redacted) == .status ? parts.last : isOfAnswers ? parts.first : nil
            row.notes = [
                .init(kind: .reason, text: order.reason),
                .init(kind: .decision, text: LocalizedText(da: order.decision)),
            ]
            found.append(row)
        }
        found.forEach { add($0) }
    }
}
