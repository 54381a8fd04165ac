public import PolicyModel

extension ShownThing {
    /// One word of collecting: a milestone, an approval, a return, an acceptance, more time, a decision, a contribution, or that
    /// something was taken back. The newest version of each.
    public struct Word: Sendable, Codable {
        public var kind: String
        /// Its identity.
        public var id: String
        public var record: RecordName
        public var position: Int64
        public var received: String
        /// The forvaltning that said it, or that it was said for; its publisher where none is named.
        public var by: String
        /// Whose answer it is of; a code.
        public var forvaltning: String?
        public var followUp: String?
        /// Initiatives, goals, questions, measures it speaks of, or speaks of by the records it names.
        public var about: [String]
        /// A body that decided, an organisation that contributed.
        public var party: String?
        /// What is to be done, looked at, was decided or said; why more time was given, or something taken back.
        public var text: LocalizedText?
        /// When something is due, was decided or said; the end of more time.
        public var date: PartialDate?
        /// When a milestone was done, a decision followed up; nil where it is not.
        public var done: PartialDate?
        /// How a decision was followed up.
        public var outcome: LocalizedText?
        /// The records it names.
        public var records: [RecordName]
        /// Why it was taken back; nil where it holds.
        public var withdrawn: LocalizedText?

        enum CodingKeys: String, CodingKey {
            case kind, id, record, position, received, by, forvaltning, about, party, text, date, done, outcome, records
            case withdrawn
            case followUp = "follow_up"
        }
    }
}

extension ShownThing {
    /// One answer that was not given.
    public struct Lacking: Sendable, Codable {
        public var followUp: String
        /// Who owes it; a code.
        public var forvaltning: String
        /// Of a figure: its year.
        public var year: Int?
        public var state: DueList.State
        /// Days past the deadline; nil where it is not late.
        public var daysLate: Int?

        enum CodingKeys: String, CodingKey {
            case forvaltning, year, state
            case followUp = "follow_up"
            case daysLate = "days_late"
        }
    }
}

/// What is shown of one record of collecting, and whom it concerns.
private struct CollectingWord {
    var word: ShownThing.Word
    var versions: [ShownThing.Version]
}

extension LedgerState {
    /// Adds to an initiative, goal or measure what nobody has answered about it.
    func addLacking(to thing: inout ShownThing, on day: Day) {
        guard [.initiative, .goal, .indicator, .annualTarget].contains(thing.kind),
            let policy = policy(String(thing.id.prefix { $0 != "/" }))?.body
        else { return }
        let id = thing.id
        let lacking = due(of: policy, on: day).entries.filter(\.takesAnswersOrTook).flatMap { entry in
            entry.items.filter { $0.about == id && $0.isToBeSaid && $0.state != .returned }.map {
                ShownThing.Lacking(
                    followUp: entry.followUp, forvaltning: entry.forvaltning, year: $0.year, state: $0.state,
                    daysLate: $0.daysLate)
            }
        }
        if !lacking.isEmpty { thing.lacking = lacking }
    }

    /// Adds to `thing` all that collecting says of it, with the records that say it, and what was withdrawn.
    func addCollecting(to thing: inout ShownThing) {
        let id = thing.id
        let found = collectingWords().filter { item in
            let word = item.word
            switch thing.kind {
            case .record: return item.versions.contains { $0.record.description == id }
            case .forvaltning: return word.forvaltning == id
            case .body: return word.kind == RecordKind.decision.rawValue && word.party == id
            case .policy: return word.kind == RecordKind.decision.rawValue && word.id.hasPrefix("\(id)|")
            case .goal, .initiative, .followUp, .indicator, .annualTarget:
                return word.followUp == id || word.about.contains(id)
            }
        }
        guard !found.isEmpty else { return }
        thing.collecting = found.map(\.word).sorted { $0.position < $1.position }
        let known = Set(thing.versions.map(\.record))
        thing.versions = ordered(
            thing.versions + found.flatMap(\.versions).filter { !known.contains($0.record) })
    }

    /// Every record of collecting as `show` finds it by its name; those withdrawn too.
    func collectingVersions() -> [ShownThing.Version] {
        versions(milestones.all) + versions(approvals.all) + versions(returns.all) + versions(acceptances.all)
            + versions(exceptions.all) + versions(decisions.all) + versions(contributions.all)
            + versions(withdrawals.all)
    }

    private func collectingWords() -> [CollectingWord] {
        let subjectOf = subjectsOfRecords()
        func subjects(_ records: [RecordName]) -> [String] {
            var seen: Set<String> = []
            return records.compactMap { subjectOf[$0] }.filter { seen.insert($0).inserted }
        }
        func words<Body>(
            _ table: LedgerTable<Body>, _ fill: (Body, inout ShownThing.Word) -> Void
        ) -> [CollectingWord] {
            table.all.map { history in
                let version = history.current
                var word = ShownThing.Word(
                    kind: Body.kind.rawValue, id: history.identity, record: version.name, position: version.position,
                    received: version.received, by: version.by.forvaltning ?? history.publisher, about: [],
                    records: [], withdrawn: history.withdrawal?.body.reason)
                fill(version.body, &word)
                return CollectingWord(word: word, versions: versions([history]))
            }
        }
        let approvalOf = Dictionary(
            approvals.all.flatMap(\.versions).map { ($0.name, $0.body.records) },
            uniquingKeysWith: { first, _ in first })
        var all = words(milestones) { body, word in
            (word.about, word.text) = ([body.initiative, body.id], body.what)
            (word.date, word.done) = (body.due, body.done)
        }
        all += words(approvals) { body, word in
            (word.followUp, word.forvaltning) = (body.followUp, body.forvaltning)
            (word.records, word.about, word.text) = (body.records, subjects(body.records), body.comment)
        }
        all += words(returns) { body, word in
            (word.followUp, word.forvaltning) = (body.followUp, body.forvaltning)
            (word.records, word.text) = (body.records, body.note)
            word.about = body.about.map { [$0] } ?? subjects(body.records)
        }
        all += words(acceptances) { body, word in
            (word.followUp, word.forvaltning) = (body.followUp, body.forvaltning)
            (word.records, word.text) = ([body.approval], body.comment)
            word.about = subjects(approvalOf[body.approval] ?? [])
        }
        all += words(exceptions) { body, word in
            (word.followUp, word.forvaltning) = (body.followUp, body.forvaltning)
            (word.date, word.text) = (body.until, body.reason)
        }
        all += words(decisions) { body, word in
            (word.party, word.about, word.date, word.text) = (body.body, body.about, body.date, body.text)
            (word.done, word.outcome) = (body.followedUp?.date, body.followedUp?.text)
        }
        all += words(contributions) { body, word in
            (word.party, word.followUp, word.text) = (body.organisation, body.followUp, body.text)
            (word.about, word.date) = ([body.about].compactMap(\.self), body.date)
        }
        all += words(withdrawals) { body, word in
            // The subject, of a status its follow-up too: `p/bif/a|p/2019`.
            let parts = body.id.split(separator: "|").map(String.init)
            (word.text, word.records) = (body.reason, [body.record])
            word.about =
                parts.prefix(1) + parts.dropFirst().prefix(1).filter { $0.contains("/") && body.withdrawn == "status" }
            if body.record.publisher != coordinatorName { word.forvaltning = body.record.publisher }
        }
        return all
    }

    /// What the records that can be approved or returned are about.
    private func subjectsOfRecords() -> [RecordName: String] {
        var subjects: [RecordName: String] = [:]
        for version in statuses.all.flatMap(\.versions) { subjects[version.name] = version.body.about }
        for version in readings.all.flatMap(\.versions) { subjects[version.name] = version.body.about }
        for version in funding.all.flatMap(\.versions) { subjects[version.name] = version.body.initiative }
        for version in milestones.all.flatMap(\.versions) { subjects[version.name] = version.body.initiative }
        return subjects
    }
}

extension DueList.Entry {
    /// Whether answers are taken, or were until the lock.
    fileprivate var takesAnswersOrTook: Bool { phase != .notOpen && phase != .conditionOpen }
}
