public import PolicyModel

/// What a body decided, what an organisation said, and what is taken back.
extension CoordinatorDesk {
    /// A new decision of a body.
    ///
    /// - Parameters:
    ///   - body: A body's id, as in `Config/bodies.yaml`.
    ///   - item: The item of the agenda.
    ///   - about: Follow-ups, goals, initiatives, indicators of the policy; empty for the policy as a whole.
    public func deciding(
        _ policyID: String, body: String, date: PartialDate, item: String?, text: String, about: [String]
    ) throws -> Decision {
        let policy = try policy(policyID)
        let bodies = state.city?.bodies ?? []
        guard let found = bodies.first(where: { $0.id == body || $0.slug == body.lowercased() }) else {
            throw DeskRefusal(
                .unknown,
                unknown(
                    "body of the city", body, among: bodies.map(\.id), or: bodies.map(\.id).joined(separator: ", ")))
        }
        try past(date)
        let known = subjects(of: policy)
        for id in about where !known.contains(id) {
            throw DeskRefusal(
                .unknown,
                unknown("thing of \(policyID)", id, among: Array(known), or: "`pejling report \(policyID)` lists them"))
        }
        let words = try self.text(text, "--text")
        let item = try item.map { try self.text($0, "--item").da }
        let same = state.decisions.histories.map(\.current.body).first {
            $0.policy == policyID && $0.body == found.id && $0.date == date && $0.text == words
        }
        if let same {
            throw DeskRefusal(.already, "this is decision \(same.id) already; nothing is saved")
        }
        let prefix = "\(policyID)|\(date)|"
        return try checked(
            Decision(
                id: prefix + String(try number(after: prefix, state.decisions)), policy: policyID, body: found.id,
                date: date, item: item, text: words, about: about))
    }

    /// How an open decision was followed up: the rest of it stays as it was.
    public func followingUp(decision id: String, date: PartialDate, text: String) throws -> Decision {
        let said = state.decisions[id].first { $0.publisher == coordinatorName }?.current.body
        guard var decision = said else {
            let open = state.decisions.histories.map(\.current.body).filter(\.isOpen).map(\.id)
            throw DeskRefusal(
                .unknown,
                unknown(
                    "decision", id, among: open,
                    or: open.isEmpty ? "none is open" : "open are \(open.joined(separator: ", "))"))
        }
        _ = try policy(decision.policy)
        if let before = decision.followedUp {
            throw DeskRefusal(
                .already,
                "\(id) was followed up \(before.date) already (“\(before.text.da)”); nothing is saved")
        }
        try past(date)
        guard date.lastDay >= decision.date.firstDay else {
            throw DeskRefusal(.value, "--date \(date) is before the decision itself, of \(decision.date)")
        }
        decision.followedUp = Decision.FollowedUp(date: date, text: try self.text(text, "--text"))
        return try checked(decision)
    }

    /// What an outside organisation says in an evaluation.
    public func contributing(
        _ followUpID: String, organisation: String, text: String, about: String?, date: PartialDate?
    ) throws -> Contribution {
        let (policy, followUp) = try followUp(followUpID)
        guard followUp.condition != .notMet else {
            throw DeskRefusal(.notOwed, "\(followUpID) will not happen: nobody contributes to it")
        }
        if let about {
            let known = subjects(of: policy)
            guard known.contains(about) else {
                throw DeskRefusal(
                    .unknown,
                    unknown(
                        "goal, question or initiative of \(policy.id)", about, among: Array(known),
                        or: "`pejling report \(policy.id)` lists them"))
            }
        }
        if let date { try past(date) }
        let name = try self.text(organisation, "--organisation").da
        let words = try self.text(text, "--text")
        let same = state.contributions.histories.map(\.current.body).first {
            $0.followUp == followUpID && $0.organisation == name && $0.about == about && $0.text == words
        }
        if let same { throw DeskRefusal(.already, "this is contribution \(same.id) already; nothing is saved") }
        let prefix = "\(followUpID)|"
        return try checked(
            Contribution(
                id: prefix + String(try number(after: prefix, state.contributions)), followUp: followUpID,
                organisation: name, text: words, about: about, date: date))
    }

    /// Takes back an exception, a decision or a contribution.
    ///
    /// - Parameter name: The record (`coordinator/9f2c…/42`), or the id of what it says (`lgbti/2019|BIF|1`).
    public func withdrawing(_ name: String, reason: String) throws -> Withdrawal {
        let all = said(state.exceptions) + said(state.decisions) + said(state.contributions)
        guard let found = all.first(where: { $0.record.description == name || $0.id == name }) else {
            if all.contains(where: { $0.older.contains(name) }) {
                throw DeskRefusal(.changed, "\(name) is superseded: withdraw the newest version, by its id")
            }
            let other = name.split(separator: "/").first.map(String.init)
            let kinds = "an exception, a decision or a contribution"
            throw DeskRefusal(
                .unknown,
                other.map { state.city?.forvaltning($0) != nil && name.split(separator: "/").count == 3 } == true
                    ? "\(name) is not the coordinator's: `pejling withdraw --node` takes back what a forvaltning said"
                    : unknown(
                        "\(kinds) of the coordinator", name, among: all.map(\.id), or: "`pejling show` names them"))
        }
        guard !found.isWithdrawn else {
            throw DeskRefusal(.already, "\(found.id) is withdrawn already; nothing is saved")
        }
        _ = try policy(found.policy)
        return try checked(
            Withdrawal(
                record: found.record, withdrawn: found.kind, id: found.id, policy: found.policy,
                reason: try text(reason, "--reason")))
    }

    /// One thing the coordinator has said, by its newest record.
    private struct Said {
        let kind: RecordKind
        let id: String
        let policy: String
        let record: RecordName
        /// Records it superseded.
        let older: [String]
        let isWithdrawn: Bool
    }

    private func said<Body: RecordBody>(_ table: LedgerTable<Body>) -> [Said] {
        table.all.filter { $0.publisher == coordinatorName }.map { history in
            Said(
                kind: Body.kind, id: history.identity, policy: history.current.body.policyID ?? "",
                record: history.current.name, older: history.versions.dropLast().map(\.name.description),
                isWithdrawn: history.withdrawal != nil)
        }
    }

    /// What of a policy can be spoken about: goals, questions, follow-ups, measures, initiatives.
    private func subjects(of policy: Policy) -> Set<String> {
        Set(policy.subjectIDs + policy.followUps.map(\.id) + policy.measureIDs)
            .union(state.initiatives(ofPolicy: policy.id).map(\.body.id))
    }

    private func past(_ date: PartialDate) throws {
        guard date.firstDay <= today else {
            throw DeskRefusal(.value, "--date \(date) is still to come: what has not happened is not said here")
        }
    }
}
