import Foundation
import Ledger
import PolicyModel
import Wire

/// Checks what an officer says against the node's own rules, log and copy, and appends it: all of it or nothing.
///
/// It is the one way in for commands, spreadsheets and forms, whether the node runs or not, and with no network.
struct Entry {
    /// What is wrong with lines: which, and the way out.
    struct Refused: Error, CustomStringConvertible {
        let refusals: [EntryRefusal]
        var description: String { refusals.map(\.description).joined(separator: "\n") }

        init(_ refusals: [EntryRefusal]) { self.refusals = refusals }
        init(line: Int, _ text: String) { refusals = [EntryRefusal(line: line, refused: text)] }
        init(draft: PrivateStore.Draft, _ text: String) {
            let name =
                "the draft of \(draft.id.prefix { $0 != "|" }) for \(draft.followUp), entered \(draft.at.prefix(10))"
            refusals = [EntryRefusal(refused: "\(name): \(text)")]
        }
    }

    /// After so many refusals the rest of the lines is not looked at.
    static let mostRefusals = 1000

    let forvaltning: Forvaltning
    let rules: any NodeRules
    let city: City
    /// What the node has followed.
    var copy: NodeCopy
    /// When it is said.
    var now: Date
    /// In UTC.
    var today: Day? { Day(Timestamp.seconds(now)) }

    init(forvaltning: Forvaltning, rules: any NodeRules, city: City, copy: NodeCopy, at now: Date) {
        self.forvaltning = forvaltning
        self.rules = rules
        self.city = city
        self.copy = copy
        self.now = now
    }

    /// What lies in the node's private store.
    struct Shelf {
        let drafts: [PrivateStore.Draft]
        /// The true value of a reading (by identity) that left as suppressed, in the log up to a seq.
        let trueValue: (_ id: String, _ upTo: Int64) throws -> PrivateStore.TrueValue?
        fileprivate let byThing: [String: [PrivateStore.Draft]]

        init(
            drafts: [PrivateStore.Draft] = [],
            trueValue: @escaping (_ id: String, _ upTo: Int64) throws -> PrivateStore.TrueValue? = { _, _ in nil }
        ) {
            self.drafts = drafts
            self.trueValue = trueValue
            byThing = Dictionary(grouping: drafts, by: \.thing)
        }
    }

    /// A draft to be kept, and what the officer must know of it.
    struct Kept {
        var draft: PrivateStore.Draft
        var note: String?
    }

    /// What is to be done: records appended, and in the private store drafts kept or removed and true values kept.
    struct Outcome {
        var drafts: [PublisherLog.Draft] = []
        /// What the officer must know, by index in `drafts`.
        var notes: [Int: String] = [:]
        /// True values of what is suppressed, with the seqs their records get.
        var hidden: [PrivateStore.TrueValue] = []
        var removed: [PrivateStore.Leaving] = []
        /// Of each thing and follow-up the newest draft, in the order in which the things were first spoken of.
        var kept: [Kept] { slots.compactMap(\.self) }
        private var slots: [Kept?] = []
        private var places: [String: [String: Int]] = [:]

        /// A later draft of the same thing for the same follow-up takes the earlier one's place.
        mutating func keep(_ kept: Kept) {
            if let place = places[kept.draft.thing]?[kept.draft.followUp] {
                slots[place] = kept
            } else {
                places[kept.draft.thing, default: [:]][kept.draft.followUp] = slots.count
                slots.append(kept)
            }
        }

        /// Drops what is kept of a thing, for one follow-up or all.
        mutating func drop(_ thing: String, followUp: String? = nil) {
            for (of, place) in places[thing] ?? [:] where followUp == nil || followUp == of {
                slots[place] = nil
                places[thing]?[of] = nil
            }
        }
    }

    /// One pass over the lines of an entry.
    struct Pass {
        let log: PublisherLog.Snapshot
        let desk: NodeDesk
        let shelf: Shelf
        let head: Int64
        var outcome = Outcome()
        /// Where the pass is: said in refusals.
        var place: Place
        /// What this entry said so far: by subject the newest state, by identity the newest figure.
        var delivered: [String: StatusReport.Delivery] = [:]
        var figures: [String: Reading] = [:]

        enum Place {
            case line(Int)
            case draft(PrivateStore.Draft)
        }

        func refused(_ text: String) -> Refused {
            switch place {
            case .line(let number): Refused(line: number, text)
            case .draft(let draft): Refused(draft: draft, text)
            }
        }

        /// The seq that the next record gets.
        var nextSeq: Int64 { head + 1 + Int64(outcome.drafts.count) }

        /// The drafts that wait for a follow-up, those of this entry included: the newest of each thing, in the order of entry.
        func waiting(for followUp: String) -> [PrivateStore.Draft] {
            var newest: [PrivateStore.Draft] = []
            var places: [String: Int] = [:]
            let gone = Set(outcome.removed.map(\.draft.number))
            for draft in shelf.drafts + outcome.kept.map(\.draft)
            where draft.followUp == followUp && !gone.contains(draft.number) {
                if let place = places[draft.thing] {
                    newest[place] = draft
                } else {
                    places[draft.thing] = newest.count
                    newest.append(draft)
                }
            }
            return newest
        }
    }

    /// What `lines` come to, given the log under its lock.
    func drafts(_ lines: [EntryLine], _ log: PublisherLog.Snapshot, shelf: Shelf = Shelf()) throws -> Outcome {
        let desk = try NodeDesk(forvaltning, city: city, copy: copy, log: log, drafts: shelf.drafts)
        var pass = Pass(log: log, desk: desk, shelf: shelf, head: try log.head().seq, place: .line(1))
        // All that is wrong is said at once: who mends a sheet of rows should not meet its mistakes one by one.
        var wrong: [EntryRefusal] = []
        for (index, line) in lines.enumerated() where wrong.count < Self.mostRefusals {
            pass.place = .line(index + 1)
            do { try take(line, isAfterRefusal: !wrong.isEmpty, &pass) } catch let refused as Refused {
                wrong += refused.refusals
            }
        }
        guard wrong.isEmpty else { throw Refused(wrong) }
        return pass.outcome
    }

    /// - Parameter isAfterRefusal: Whether a line before was refused: what hands in or approves then lacks that line by no fault of
    ///   its own, and is not looked at.
    private func take(_ line: EntryLine, isAfterRefusal: Bool, _ pass: inout Pass) throws {
        guard !line.isEmpty else {
            throw pass.refused(
                "nothing is said: give status, funding, reading, milestone, withdraw, hand_in, approve or discard")
        }
        let officer = Author(forvaltning: forvaltning.code, role: Author.officer, person: line.person)
        if let status = line.status { try take(status, line, officer, &pass) }
        if let funding = line.funding { try take(funding, officer, &pass) }
        if let reading = line.reading { try take(reading, line, officer, &pass) }
        if let milestone = line.milestone { try take(milestone, officer, &pass) }
        if let withdrawal = line.withdraw { try take(withdrawal, officer, &pass) }
        if let discard = line.discard { try take(discard, &pass) }
        guard !isAfterRefusal else { return }
        if let followUp = line.handIn { try handIn(followUp, officer, &pass) }
        if let approval = line.approve {
            let approver = Author(forvaltning: forvaltning.code, role: Author.approver, person: line.person)
            try take(approval, approver, &pass)
        }
    }

    func take(_ status: StatusReport, _ line: EntryLine, _ officer: Author, _ pass: inout Pass) throws {
        try check(status, pass)
        if line.draft == true {
            var bare = EntryLine(status: status, person: line.person)
            bare.draft = true
            return try keep(bare, followUp: status.followUp, kind: .status, id: status.identity, note: nil, &pass)
        }
        pass.delivered[status.about] = status.delivery
        try append(status, officer, replacing: status.followUp, &pass)
    }

    private func take(_ funding: Funding, _ officer: Author, _ pass: inout Pass) throws {
        try checkInitiative(funding.initiative, pass)
        if let violation = funding.violation { throw pass.refused(violation.description) }
        try checkText([funding.decision].compactMap(\.self), pass)
        if let today, let budget = funding.budgets.first(where: { $0.usedDKK != nil && $0.year > today.year }) {
            throw pass.refused("\(funding.initiative): money used in \(budget.year)? That year has not come")
        }
        guard funding.source == nil, funding.printed == nil else {
            throw pass.refused("an officer's word on money cites no document: leave printed and source out")
        }
        try append(funding, officer, &pass)
    }

    private func take(_ milestone: Milestone, _ officer: Author, _ pass: inout Pass) throws {
        try checkInitiative(milestone.initiative, pass)
        if let violation = milestone.violation { throw pass.refused(violation.description) }
        try checkText([milestone.what.da, milestone.what.en ?? ""], pass)
        if let done = milestone.done, let today, done.firstDay > today {
            throw pass.refused("\(milestone.id): done on \(done)? That day has not come")
        }
        try append(milestone, officer, &pass)
    }

    func take(_ entered: EnteredReading, _ line: EntryLine, _ officer: Author, _ pass: inout Pass) throws {
        let checked = try checked(entered, pass)
        if line.draft == true {
            guard let id = line.followUp else {
                throw pass.refused("a figure that is a draft names the follow-up it will be handed in with: follow_up")
            }
            _ = try followUp(id, pass)
            guard id.hasPrefix("\(checked.reading.policyID ?? "")/") else {
                throw pass.refused("\(entered.about) is not of the policy of \(id)")
            }
            var bare = EntryLine(reading: entered, person: line.person)
            (bare.draft, bare.followUp) = (true, id)
            return try keep(
                bare, followUp: id, kind: .reading, id: checked.reading.identity, note: checked.note, &pass)
        }
        pass.outcome.notes[pass.outcome.drafts.count] = checked.note
        if checked.reading != checked.asGiven {
            pass.outcome.hidden.append(
                PrivateStore.TrueValue(
                    seq: pass.nextSeq, id: checked.reading.identity, value: try encodeBody(checked.asGiven)))
        }
        pass.figures[checked.reading.identity] = checked.asGiven
        try append(checked.reading, officer, replacing: line.followUp, &pass)
    }

    /// A record to be; what waits as a draft of the same thing is no longer wanted.
    func append(
        _ body: some RecordBody, _ author: Author, replacing followUp: String? = nil, _ pass: inout Pass
    ) throws {
        let draft = try PublisherLog.Draft(body, by: author)
        pass.outcome.drafts.append(draft)
        let thing = "\(draft.kind.rawValue) \(draft.id)"
        pass.outcome.drop(thing, followUp: followUp)
        for waiting in pass.shelf.byThing[thing] ?? [] where followUp == nil || followUp == waiting.followUp {
            pass.outcome.removed.append(PrivateStore.Leaving(draft: waiting, seq: pass.nextSeq - 1))
        }
    }

    private func keep(
        _ line: EntryLine, followUp: String, kind: RecordKind, id: String, note: String?, _ pass: inout Pass
    ) throws {
        let draft = PrivateStore.Draft(
            number: 0, followUp: followUp, kind: kind.rawValue, id: id, at: Timestamp.seconds(now),
            entry: try encodeBody(line))
        pass.outcome.keep(Kept(draft: draft, note: note))
    }

    private func take(_ discard: EnteredDiscard, _ pass: inout Pass) throws {
        let found = pass.waiting(for: discard.followUp).filter { draft in
            discard.about.map { draft.id == $0 || draft.id.hasPrefix("\($0)|") } ?? true
        }
        guard !found.isEmpty else {
            throw pass.refused("no draft of \(discard.about ?? "anything") waits for \(discard.followUp)")
        }
        pass.outcome.removed += found.filter { $0.number > 0 }.map { PrivateStore.Leaving(draft: $0, seq: nil) }
        for draft in found { pass.outcome.drop(draft.thing, followUp: discard.followUp) }
    }

    private func checkInitiative(_ id: String, _ pass: Pass) throws {
        guard pass.desk.versions(.initiative, id).isEmpty else { return }
        let own = pass.desk.initiatives.map(\.id)
        let nearest = nearestIDs(to: id, among: own, count: 1).first
        let hint =
            own.isEmpty
            ? "it has published none yet: run `pejling up` once"
            : nearest.map { "did you mean \($0)?" } ?? "`pejling show \(forvaltning.code)` lists them"
        throw pass.refused("\(forvaltning.code) has no initiative “\(id)”; \(hint)")
    }

    func policy(_ id: String, _ pass: Pass) throws -> Policy {
        if let policy = copy.policies[id] { return policy }
        throw pass.refused(
            "the definition of policy “\(id)” has not come to \(forvaltning.code) yet\(copy.policies.isEmpty ? "" : " (here are \(copy.policies.keys.sorted().joined(separator: ", ")))"): run `pejling up` once with a connection"
        )
    }

    /// The follow-up, where this forvaltning may answer it now.
    func followUp(_ id: String, isAnswering: Bool = true, _ pass: Pass) throws -> FollowUp {
        let policyID = id.split(separator: "/").first.map(String.init) ?? ""
        let policy = try policy(policyID, pass)
        guard let followUp = policy.followUps.first(where: { $0.id == id }) else {
            throw pass.refused(
                "\(policyID) has no follow-up “\(id)”; it has \(policy.followUps.map(\.id).joined(separator: ", "))")
        }
        guard followUp.kind != .opening else {
            throw pass.refused("\(id) is what the policy itself states: choose one of its other follow-ups")
        }
        guard followUp.owedBy.contains(forvaltning.code) else {
            throw pass.refused(
                "\(forvaltning.code) owes nothing for \(id)\(followUp.owedBy.isEmpty ? "" : " (\(followUp.owedBy.joined(separator: ", ")) do)")"
            )
        }
        guard followUp.condition != .notMet else {
            throw pass.refused("\(id) does not take place: its condition was not met")
        }
        let until = pass.desk.collecting.answer(to: id, of: forvaltning.code).exception?.until.lastDay
        if isAnswering, let locked = followUp.locked?.date, let today, locked.lastDay < today,
            until.map({ $0 < today }) ?? true
        {
            throw pass.refused(
                "\(id) has been locked since \(locked)\(until.map { " (the exception ended \($0))" } ?? ""): ask \(copy.policies[policyID]?.coordinator ?? "the coordinator") for an exception (`pejling exempt`)"
            )
        }
        return followUp
    }

    func checkText(_ texts: [String], _ pass: Pass) throws {
        let control = texts.first { $0.unicodeScalars.contains { $0.value < 32 && $0 != "\n" && $0 != "\t" } }
        guard let control else { return }
        throw pass.refused(
            "the text “\(control.filter { $0 >= " " }.prefix(40))…” holds a control character: take it out")
    }

    func check(_ status: StatusReport, _ pass: Pass) throws {
        if let violation = status.violation { throw pass.refused(violation.description) }
        let texts = [
            status.done, status.deviation, status.action, status.proposals, status.decisionNeeded, status.reason,
        ].compactMap(\.self).flatMap { [$0.da, $0.en ?? ""] }
        try checkText(texts, pass)
        let followUp = try followUp(status.followUp, pass)
        if initiativeParts(status.about) == nil {
            try checkSubject(status, followUp, pass)
        } else {
            try checkInitiative(status.about, pass)
        }
        guard status.printed == nil, status.source == nil, status.deliveryBasis == nil else {
            throw pass.refused("an officer's status cites no document: leave printed, source and delivery_basis out")
        }
        let last = pass.delivered[status.about] ?? pass.desk.lastStatus(of: status.about)?.delivery
        if let last, last != status.delivery,
            status.reason?.da.isEmpty ?? true
        {
            throw pass.refused(
                "\(status.about) goes from \(last.rawValue) to \(status.delivery.rawValue): say why with --reason")
        }
        if let violation = rules.violation(of: status) { throw pass.refused(violation.description) }
    }

    /// A status on a goal, or on a question of the follow-up, which every forvaltning that owes input may give.
    private func checkSubject(_ status: StatusReport, _ followUp: FollowUp, _ pass: Pass) throws {
        let policy = try policy(status.policyID ?? "", pass)
        let questions = followUp.questions?.map(\.id) ?? []
        let isKnown =
            policy.goals.contains { $0.id == status.about } || questions.contains(status.about)
            || status.about == followUp.id
        guard isKnown else {
            let nearest = nearestIDs(to: status.about, among: policy.subjectIDs, count: 1).first
            throw pass.refused(
                "\(policy.id) has no goal and \(followUp.id) no question “\(status.about)”; \(nearest.map { "did you mean \($0)?" } ?? "`pejling show \(followUp.id)` lists its questions")"
            )
        }
        guard followUp.effortsWhereBehind == true, status.proposals?.da.isEmpty ?? true else { return }
        let judged =
            copy.assessments["\(status.about)|\(followUp.id)"]
            ?? copy.assessments["\(status.about)|\(policy.openingID)"]
        guard let judged, judged.judgement == .behind else { return }
        throw pass.refused(
            "\(status.about) is judged behind (\(judged.arithmetic.da)): for \(followUp.id) the new efforts must be described, with --proposals"
        )
    }

}

extension PrivateStore.Draft {
    /// Kind and identity of the record it will be.
    fileprivate var thing: String { "\(kind) \(id)" }
}

extension Entry {
    /// Takes `lines` in: all of them or nothing, also where some are records and some are drafts, which lie in two files.
    func save(
        _ lines: [EntryLine], _ log: PublisherLog, _ store: PrivateStore, _ shelf: Shelf
    ) throws -> (outcome: Outcome, saved: [Line]) {
        var outcome = Outcome()
        var companion: PrivateStore.Companion?
        // The private store goes first: a record that says “suppressed” is never without the value it hides, and a draft that came
        // with records counts when they are there.
        let saved = try log.append(at: now) { snapshot in
            outcome = try drafts(lines, snapshot, shelf: shelf)
            try checkRoom(for: outcome, snapshot)
            companion = try outcome.drafts.last.map { last in
                PrivateStore.Companion(
                    log: log.log, seq: try snapshot.head().seq + Int64(outcome.drafts.count), kind: last.kind.rawValue,
                    id: last.id)
            }
            try store.prepare(
                outcome.hidden, outcome.removed, arriving: companion == nil ? [] : outcome.kept.map(\.draft),
                with: companion, log: log.log)
            return outcome.drafts
        }
        guard let companion else {
            try store.keep(outcome.kept.map(\.draft), removing: outcome.removed)
            return (outcome, saved)
        }
        // All is said. What cannot be tidied now, for want of space, counts for nothing.
        if !outcome.kept.isEmpty { try? store.settle(with: companion) }
        try? store.remove(outcome.removed.filter { $0.seq != nil })
        let unwanted = outcome.removed.filter { $0.seq == nil }
        do { try store.remove(unwanted) } catch let error as StoreError {
            let drafts = unwanted.map { "\($0.draft.id.prefix { $0 != "|" }) for \($0.draft.followUp)" }
            throw StoreError(
                error.code,
                "\(saved.count) records are saved: do not enter them again. Not discarded is the draft of \(drafts.joined(separator: ", ")), since \(store.path) could not be written. Discard it again when that is mended (the space on its disk?)"
            )
        }
        return (outcome, saved)
    }
}
