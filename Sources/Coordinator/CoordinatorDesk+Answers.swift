public import PolicyModel

/// What is said about the answer of one forvaltning to one follow-up.
extension CoordinatorDesk {
    /// A return: of all that a forvaltning handed in for a follow-up, or of one thing. It names the newest handed-in record of
    /// each thing; what is returned already stays so, with its own note.
    ///
    /// - Parameter about: An initiative, goal, question, indicator or annual target; the follow-up itself. Nil for the whole.
    /// - Throws: `DeskRefusal` where nothing was handed in, the thing is not asked for, or all of it is returned already.
    public func returning(
        _ followUp: String, of forvaltning: String, about: String?, note: String
    ) throws -> Return {
        let entry = try entry(followUp, of: forvaltning)
        let note = try text(note, "--note")
        let given = handedIn(entry)
        if let about, given[about] == nil {
            let asked = entry.items.map(\.about)
            guard !asked.contains(about) else {
                throw DeskRefusal(
                    .nothing, "\(entry.forvaltning) has handed in nothing about \(about) for \(followUp)")
            }
            throw DeskRefusal(
                .unknown,
                "\(followUp) asks \(entry.forvaltning) for nothing called “\(about)”\(nearestIDs(to: about, among: asked + given.keys, count: 1).first.map { ": did you mean \($0)?" } ?? "; `pejling due --all --follow-up \(followUp) --forvaltning \(entry.forvaltning)` lists what it asks for")"
            )
        }
        guard !given.isEmpty else {
            throw DeskRefusal(.nothing, "\(entry.forvaltning) has handed in nothing for \(followUp)")
        }
        let chosen = about.map { name in given.filter { $0.key == name } } ?? given
        let open = chosen.values.filter { state.collecting.mark(of: $0)?.stage != .returned }
        guard !open.isEmpty else {
            let note = chosen.values.compactMap { state.collecting.mark(of: $0)?.note?.da }.first ?? ""
            throw DeskRefusal(
                .already,
                "\(about ?? "all of it") is returned already (“\(note)”), and nothing new has been handed in; nothing is saved"
            )
        }
        let prefix = "\(followUp)|\(entry.forvaltning)|"
        return try checked(
            Return(
                id: prefix + String(try number(after: prefix, state.returns)), followUp: followUp,
                forvaltning: entry.forvaltning, about: about,
                records: open.sorted { ($0.log, $0.seq) < ($1.log, $1.seq) },
                note: note))
    }

    /// The newest handed-in record of each thing a forvaltning has answered, asked for or not, by what it is about.
    private func handedIn(_ entry: DueList.Entry) -> [String: RecordName] {
        var given: [String: RecordName] = [:]
        for history in state.statuses.histories
        where history.publisher == entry.forvaltning && history.current.body.followUp == entry.followUp {
            given[history.current.body.about] = history.versions.last { state.standing(of: $0) == .handedIn }?.name
        }
        for item in entry.items { if let record = item.record { given[item.about] = record } }
        return given
    }

    /// An acceptance of the newest approval.
    ///
    /// - Parameter approval: The approval that was seen; nil for the newest, whatever it is.
    /// - Throws: `DeskRefusal` where nothing is approved, a newer approval came than the one seen, something was handed in or
    ///   returned since that the acceptance would not cover, or all of it is accepted already.
    public func accepting(
        _ followUp: String, of forvaltning: String, approval seen: String? = nil, comment: String? = nil
    ) throws -> Acceptance {
        let entry = try entry(followUp, of: forvaltning)
        let answer = state.collecting.answer(to: followUp, of: entry.forvaltning)
        guard let approval = answer.approval?.record else {
            throw DeskRefusal(
                .nothing,
                entry.answered == 0
                    ? "\(entry.forvaltning) has handed in nothing for \(followUp)"
                    : "\(entry.forvaltning) has handed in \(entry.answered) of \(entry.items.count) answers to \(followUp) and approved none: it approves first"
            )
        }
        if let seen, seen != approval.description { throw refusal(entry, seen: seen, newest: approval) }
        let open = entry.items.filter { $0.state == .handedIn || $0.state == .returned }
        guard open.isEmpty else {
            let names = open.map { item in
                let word = item.state == .returned ? "returned" : item.changedSinceApproval ? "changed" : "handed in"
                return "\(item.about) (\(word))"
            }
            throw DeskRefusal(
                .changed,
                "since \(entry.forvaltning) approved, its answers to \(followUp) are other than what it approved: \(names.joined(separator: ", ")). \(entry.forvaltning) approves again first"
            )
        }
        guard answer.approved.contains(where: { state.collecting.mark(of: $0)?.stage == .approved }) else {
            let on = (answer.acceptance?.received ?? answer.acceptance?.at).map { " since \($0.prefix(10))" } ?? ""
            throw DeskRefusal(
                .already,
                "what \(entry.forvaltning) approved for \(followUp) is accepted already\(on); nothing is saved")
        }
        let prefix = "\(followUp)|\(entry.forvaltning)|"
        return try checked(
            Acceptance(
                id: prefix + String(try number(after: prefix, state.acceptances)), followUp: followUp,
                forvaltning: entry.forvaltning, approval: approval,
                comment: try comment.map { try text($0, "--comment") }))
    }

    /// Another approval was seen than the one that holds: what differs between them.
    private func refusal(_ entry: DueList.Entry, seen: String, newest: RecordName) -> DeskRefusal {
        let versions =
            state.approvals["\(entry.followUp)|\(entry.forvaltning)"]
            .first { $0.publisher == entry.forvaltning }?.versions ?? []
        guard let before = versions.first(where: { $0.name.description == seen })?.body.records,
            let after = versions.first(where: { $0.name == newest })?.body.records
        else {
            return DeskRefusal(
                .unknown,
                "--approval \(seen) is no approval of \(entry.forvaltning) for \(entry.followUp); the newest is \(newest)"
            )
        }
        let subjects = state.subjects(of: Set(before).symmetricDifference(after), by: entry.forvaltning)
        let changed =
            subjects.isEmpty ? "it covers the same records" : "it differs in \(subjects.joined(separator: ", "))"
        return DeskRefusal(
            .changed,
            "\(entry.forvaltning) has approved anew since \(seen): \(newest), and \(changed). Look again, then name that one"
        )
    }

    /// More time for one forvaltning.
    ///
    /// - Throws: `DeskRefusal` where the follow-up has no deadline, the day is not after it, or as much time was given before.
    public func excepting(
        _ followUp: String, of forvaltning: String, until: PartialDate, reason: String
    ) throws -> Exception {
        let entry = try entry(followUp, of: forvaltning)
        let reason = try text(reason, "--reason")
        guard let due = entry.due else {
            throw DeskRefusal(.value, "\(followUp) has no deadline: nobody can be late, and no exception is needed")
        }
        guard until.lastDay > due.lastDay else {
            throw DeskRefusal(.value, "--until \(until) gives no more time: \(followUp) is due \(due)")
        }
        if let before = entry.exceptionUntil, before == until, entry.exceptionReason == reason {
            throw DeskRefusal(
                .already, "\(entry.forvaltning) has until \(until) already (“\(reason.da)”); nothing is saved")
        }
        let prefix = "\(followUp)|\(entry.forvaltning)|"
        return try checked(
            Exception(
                id: prefix + String(try number(after: prefix, state.exceptions)), followUp: followUp,
                forvaltning: entry.forvaltning, until: until, reason: reason))
    }
}

extension LedgerState {
    /// What these records of a publisher are about, each once, by the alphabet: statuses and readings. O(records).
    public func subjects(of records: Set<RecordName>, by publisher: String) -> [String] {
        var subjects: Set<String> = []
        for history in statuses.all
        where history.publisher == publisher && history.versions.contains(where: { records.contains($0.name) }) {
            subjects.insert(history.current.body.about)
        }
        for history in readings.all
        where history.publisher == publisher && history.versions.contains(where: { records.contains($0.name) }) {
            subjects.insert(history.current.body.about)
        }
        return subjects.sorted()
    }
}
