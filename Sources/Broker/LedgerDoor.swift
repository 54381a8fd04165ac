import Foundation
import Glibc
import Ledger
import LogLines
import Logging
import PolicyModel
import Wire

extension BrokerState {
    /// Where the broker last said that the ledger stands; nil where it held nothing yet.
    public var standing: LedgerStanding? { position > 0 ? LedgerStanding(position: position, root: root) : nil }
}

/// The one way in for whoever writes the ledger of a data folder: the broker at its start, and an operator's command while none runs.
///
/// What is lost, short, other than the broker had said, or damaged beyond what can be mended, is not written to.
public enum LedgerDoor {
    /// Opens the ledger and verifies all of it. Lines that do not hold are put back from copies, where one has them; those that are
    /// their publishers' wait for these (`LedgerStore.damaged`). What a consumer here was given beyond its end is put back too: it was
    /// acknowledged, and a write-ahead log that was cut leaves a ledger that verifies. Hold the broker's lock, and `refuseLost` first: before keys are made
    /// where none are.
    ///
    /// - Parameters:
    ///   - copies: where lines are looked for, before the copies of the feed in the folder itself.
    ///   - trusts: whether what `copies` have beyond the end of the ledger is believed to have been in it, as that of the folder's own is: an
    ///     operator's word, for nothing else proves it.
    ///   - beat: called each time that it came on: a large ledger is read for minutes.
    /// - Throws: `StoreError`; nothing was changed then, or what was put back is said.
    static func open(
        _ data: DataFolder, key: SigningKey, copies: [LedgerCopy] = [], trusts: Bool = false, log: Logger? = nil,
        beat: () -> Void = {}
    ) throws -> LedgerStore {
        beat()
        try keepUnreadableState(data, log)
        Salvage.tidy(data)
        let (damage, standing): (StoreError, LedgerStanding?)
        do {
            if let damage = LedgerStore.headerFault(in: data.broker) { throw damage }
            let ledger = try verified(data, key, copies, log, beat)
            let believed = (trusts ? copies : []) + LedgerCopy.ofFeed(in: data)
            guard let lost = ledger.lostEnd(in: believed) else {
                if let unproved = ledger.unprovedEnd(in: copies) { throw unproved }
                return ledger
            }
            (damage, standing) = (lost, LedgerStanding(position: ledger.head.position, root: ledger.head.root.hex))
        } catch let error as StoreError where error.code == .damaged {
            (damage, standing) = (error, BrokerState.read(data)?.state.standing)
        }
        let made = try remake(data, key, copies, trusts, after: damage, from: standing, log, beat)
        let ledger = try verified(data, key, copies, log, beat)
        try LostEnd.settle(data, upTo: ledger.head.position)
        ledger.wasRemade(made)
        return ledger
    }

    /// Makes the ledger anew where no line can mend it. Only what is proved to be all that the broker had said is put in its place: the
    /// rest is a person's to say.
    private static func remake(
        _ data: DataFolder, _ key: SigningKey, _ copies: [LedgerCopy], _ trusts: Bool, after damage: StoreError,
        from standing: LedgerStanding?, _ log: Logger?, _ beat: () -> Void
    ) throws -> Remaking {
        func failed(_ why: String, _ code: StoreError.Code = .damaged) -> StoreError {
            StoreError(
                code,
                "\(damage.fault). It is not made anew from what can be read and the copies here: \(why)",
                remedy: code == .full
                    ? nil : damage.remedy == LedgerStore.remedy ? "Nothing was changed. \(ways)" : damage.remedy)
        }
        guard let standing else {
            throw StoreError(
                .damaged,
                "\(damage.fault). It is not made anew: \(BrokerState.path(in: data)), which says how far it went, is not there",
                remedy:
                    "Nothing was changed. What helps: `pejling ledger salvage --out FOLDER`, which goes as far as can be read (with --from COPY: a backup or a copy of the feed that was elsewhere), then `pejling ledger restore --from FOLDER`"
            )
        }
        log?.critical("\(damage.fault). What can be read and what copies have is put together now, to make it anew")
        beat()
        do {
            let made = try Salvage.inPlace(
                data, fault: damage.fault, key: key, copies: trusts ? [] : copies, trusted: trusts ? copies : [],
                standing: standing, at: data.clock.now()
            ) { _ in beat() }
            log?.critical(
                "the ledger was made anew, \(made.fromCopies) records of it from copies; the damaged one is kept in \(made.evidence). Look at the disk"
            )
            return made
        } catch let error as StoreError { throw failed(error.fault, error.code) }
    }

    private static func verified(
        _ data: DataFolder, _ key: SigningKey, _ copies: [LedgerCopy], _ log: Logger?, _ beat: () -> Void
    ) throws -> LedgerStore {
        let ledger = try LedgerStore(folder: data.broker, synthetic: data.isSynthetic, key: key)
        let standing = BrokerState.read(data)?.state.standing
        let check = try ledger.verify(brokerKey: key.publicKey, from: standing) { done, total in
            beat()
            log?.info("verifying the ledger: \(done) of \(total) records")
        }
        // What stopped the one before may lie where the records say nothing of it; so may what an operator would mend.
        if check.fault == nil, !copies.isEmpty || BrokerState.read(data)?.state.failure != nil {
            beat()
            if let fault = try ledger.integrityFault() { throw unusable(fault, data, ledger) }
        }
        if let fault = check.fault {
            beat()
            if let beyond = try ledger.assess(meanwhile: beat) { throw unusable(beyond, data, ledger) }
            guard !ledger.damaged.isEmpty else {
                let holds =
                    try ledger.verify(brokerKey: key.publicKey, from: nil, progress: { _, _ in beat() }).fault == nil
                throw unusable(fault, data, ledger, isOnlyLost: holds)
            }
            takeUpEvidence(ledger, data)
            try mend(ledger, data, key, standing, copies + LedgerCopy.ofFeed(in: data), log, beat)
        }
        log?.info("ledger at position \(ledger.head.position), root \(ledger.head.root.hex.prefix(16))…, verified")
        return ledger
    }

    /// A state that says nothing any more is kept: without it nobody sees a lost end, or another ledger in this one's place. It would be
    /// written over at once.
    private static func keepUnreadableState(_ data: DataFolder, _ log: Logger?) throws {
        let path = BrokerState.path(in: data)
        guard BrokerState.isUnreadable(in: data) else { return }
        let time = Timestamp.milliseconds(try data.clock.now()).filter { $0.isNumber || $0 == "T" }
        let kept = BrokerState.unreadable(in: data, at: time)
        guard rename(path, kept) == 0 else {
            throw StoreError(
                .failed, "\(path) cannot be read, nor kept as \(kept): \(String(cString: strerror(errno)))")
        }
        try syncFolder(data.broker)
        log?.critical(
            "\(path) cannot be read, and is kept as \(kept): whether the ledger is all that the broker last said of it cannot be checked. What is there is verified by itself. Hold its last position against the coordinator's (`pejling stat`), and look at the disk"
        )
    }

    /// What is still damaged as the broker last said is kept already: it is not copied at each start.
    private static func takeUpEvidence(_ ledger: LedgerStore, _ data: DataFolder) {
        guard let state = BrokerState.read(data)?.state, let kept = state.damageKept,
            Set(ledger.damaged.map(\.text)).isSubset(of: state.damage ?? [])
        else { return }
        ledger.takeUpEvidence(in: kept)
    }

    private static func mend(
        _ ledger: LedgerStore, _ data: DataFolder, _ key: SigningKey, _ standing: LedgerStanding?,
        _ copies: [LedgerCopy],
        _ log: Logger?, _ beat: () -> Void
    ) throws {
        beat()
        for record in ledger.damaged {
            log?.critical(
                "damaged: \(record.text) (\(record.name))",
                metadata: .about(record: record.name, position: record.position))
        }
        let found = ledger.findDamaged(in: copies, meanwhile: beat)
        if let lost = ledger.lostOwn(found) {
            // It cannot be opened without these. What was found is put back all the same, where it is the ledger that it was: its line is
            // proved by the hash that the roots confirm, and the rest may be in a copy that comes later.
            if !found.isEmpty, try standing.map({ try ledger.root(at: $0.position)?.hex == $0.root }) ?? true {
                defer { sayDamage(ledger, data) }
                _ = try ledger.mend(found, at: data.clock.now(), log, beat)
            }
            throw unusable(ledger.lostOwn([]) ?? lost, data, ledger)
        }
        // The first check ended at the first of them: what is beyond is checked as ever, signatures included, before anything is written.
        let beyond = try ledger.verify(
            brokerKey: key.publicKey, from: standing, excusing: ledger.damaged, with: found
        ) { _, _ in beat() }
        if let fault = beyond.fault { throw unusable(fault, data, ledger) }
        let mended = try ledger.mend(found, at: data.clock.now(), log, beat)
        if let lost = ledger.lostOwn([]) { throw unusable(lost, data, ledger) }
        // Bodies that are away are looked at only where nothing is damaged.
        if !mended.isEmpty, ledger.damaged.isEmpty,
            let fault = try ledger.verify(brokerKey: key.publicKey, from: standing, progress: { _, _ in beat() }).fault
        {
            throw unusable(fault, data, ledger)
        }
        for record in ledger.damaged {
            log?.critical(
                "\(record.name) is in no copy here: its publisher is asked for it",
                metadata: .about(record: record.name, position: record.position))
        }
    }

    /// Writes to the ledger while no broker runs: under the broker's lock, after the same checks; what the broker had said of where the
    /// ledger stands is moved with it.
    ///
    /// - Parameters:
    ///   - copies: as of `open`.
    ///   - trusts: as of `open`.
    /// - Throws: `StoreError`: `.held` while a broker runs; and what `body` throws.
    public static func write<T>(
        _ data: DataFolder, copies: [LedgerCopy] = [], trusts: Bool = false, log: Logger? = nil,
        _ body: (LedgerStore, BrokerKeys) throws -> T
    ) throws -> T {
        try DataFolder.refuseRootInAnothers(data.path)
        let lock = try FolderLock(data.broker, what: "broker")
        defer { withExtendedLifetime(lock) {} }
        try refuseLost(data)
        let keys = try BrokerKeys(folder: data.broker)
        let ledger = try open(data, key: keys.signing, copies: copies, trusts: trusts, log: log)
        // What was put back shows, whatever comes of the rest.
        defer { say(ledger, data) }
        return try body(ledger, keys)
    }

    /// Makes a whole ledger of a damaged one in a folder of its own, which `Restore` puts in place.
    ///
    /// - Parameters:
    ///   - out: must not be there.
    ///   - copies: before those of the feed in the folder itself.
    /// - Throws: `StoreError`: `.held` while a broker runs; nothing was made then.
    public static func salvage(
        _ data: DataFolder, to out: String, copies: [LedgerCopy], progress: (Int64) -> Void
    ) throws -> Salvage.Outcome {
        try DataFolder.refuseRootInAnothers(data.path)
        let lock = try FolderLock(data.broker, what: "broker")
        defer { withExtendedLifetime(lock) {} }
        guard !FileManager.default.fileExists(atPath: out) else {
            throw StoreError(.failed, "\(out) is there already. Name a new folder with --out")
        }
        let target = "\(out).\(getpid()).new"
        do {
            let made = try DataFolder(creating: target, synthetic: data.isSynthetic)
            try makeFolder(made.broker)
            for name in ["curve.key", "sign.key"] {
                let path = "\(data.broker)/\(name)"
                guard let bytes = FileManager.default.contents(atPath: path) else {
                    throw StoreError(.missing, "\(path) cannot be read: the ledger's own records are signed with it")
                }
                try writeFile("\(made.broker)/\(name)", [UInt8](bytes), mode: 0o600)
            }
            let outcome = try Salvage.make(
                from: data, in: made.broker, key: try BrokerKeys(folder: made.broker).signing,
                copies: copies, here: LedgerCopy.here(data), standing: BrokerState.read(data)?.state.standing,
                progress: progress)
            guard rename(target, out) == 0 else {
                throw StoreError(.failed, "\(out) cannot be made: \(String(cString: strerror(errno)))")
            }
            let above = (out as NSString).deletingLastPathComponent
            try syncFolder(above.isEmpty ? "." : above)
            return outcome
        } catch {
            try? FileManager.default.removeItem(atPath: target)
            throw error
        }
    }

    /// A state that cannot be written is an older one: the ledger goes on from there too.
    private static func say(_ ledger: LedgerStore, _ data: DataFolder) {
        guard var state = BrokerState.read(data)?.state else { return }
        (state.position, state.root) = (ledger.head.position, ledger.head.root.hex)
        state.startFailure = nil
        try? state.write(data)
        sayDamage(ledger, data)
    }

    /// What was put back, and where the file lies as it was, shows though the ledger cannot be opened; what is kept is not kept again.
    private static func sayDamage(_ ledger: LedgerStore, _ data: DataFolder) {
        guard var state = BrokerState.read(data)?.state else { return }
        state.mended = (state.mended ?? 0) + ledger.mendedCount
        if ledger.mendedCount > 0 || ledger.remaking != nil { state.mendedUnread = true }
        if let made = ledger.remaking { state.remade = "\(made)" }
        state.damage = ledger.damaged.map(\.text)
        state.damageKept = ledger.evidence
        try? state.write(data)
    }

    /// A ledger that was there and is gone is not made anew in silence: reports would cite what no ledger holds. Nor is the key that signs
    /// its own records.
    static func refuseLost(_ data: DataFolder) throws {
        let ledger = data.broker + "/ledger.sqlite"
        let isGone = !FileManager.default.fileExists(atPath: ledger)
        guard !isGone || !BrokerState.isUnreadable(in: data) else {
            throw StoreError(
                .missing,
                "\(ledger) is gone, and \(BrokerState.path(in: data)), which says what it held, cannot be read. Restore a backup. To begin a new ledger on purpose, move \(data.path) away whole"
            )
        }
        let key = data.broker + "/sign.key"
        // An empty file is a ledger that is still to be made.
        var status = stat()
        if stat(ledger, &status) == 0, status.st_size > 0, !FileManager.default.fileExists(atPath: key) {
            try Restore.refuseUnfinished(data.broker)
            throw StoreError(
                .missing,
                "\(key) is gone, and the ledger's own records are signed with it. Restore it from a backup (`broker/sign.key`). Only where there is none: put a new one there (`head -c 32 /dev/urandom`, mode 600), and the next start signs these records with that"
            )
        }
        guard isGone, let state = BrokerState.read(data)?.state,
            state.position > 0
        else { return }
        throw StoreError(
            .missing,
            "\(ledger) is gone, and it held \(state.position) records. Restore it from a backup. To begin a new ledger on purpose, move \(data.path) away whole"
        )
    }

    private static let ways =
        "What helps: `pejling ledger mend --from COPY`, with a backup or a copy of the feed that was elsewhere; `pejling ledger restore`, which keeps what is there"

    /// - Parameters:
    ///   - isOnlyLost: whether what is there verifies, and only is not what the broker had said.
    private static func unusable(
        _ fault: String, _ data: DataFolder, _ ledger: LedgerStore, isOnlyLost: Bool = false
    ) -> StoreError {
        let changed =
            ledger.mendedCount == 0
            ? "Nothing was changed"
            : "\(ledger.mendedCount) records were mended, and nothing else was changed\(ledger.evidence.map { "; the file as it was is kept in \($0)" } ?? "")"
        // Elsewhere it would not help, and take away what sees a lost end.
        let without =
            isOnlyLost
            ? "; to go on with what verifies, move \(BrokerState.path(in: data)) away: publishers send their records again, and what the broker alone had said (keys enrolled or revoked, logs admitted) is to be said again"
            : ""
        return StoreError(
            .damaged, fault,
            remedy:
                "\(changed). \(ways)\(without)"
        )
    }
}

extension LedgerStore {
    /// That a copy goes on from where this ledger ends: it was given more than there is. Nil: none does.
    func lostEnd(in copies: [LedgerCopy]) -> StoreError? {
        guard let (copy, end) = longest(copies) else { return nil }
        let path = copy.path
        return StoreError(
            .damaged,
            "the ledger ends at position \(head.position), and \(path) was given \(end) records of it: its end is lost",
            remedy:
                "Nothing was changed. What helps: `pejling ledger mend --from COPY`, with a backup or a copy of the feed that was elsewhere. To go on without these records, move all copies that have them away (the first is \(path)): they are fetched anew"
        )
    }

    /// Of copies that go on from where this ledger ends the one that goes furthest.
    private func longest(_ copies: [LedgerCopy]) -> (copy: LedgerCopy, end: Int64)? {
        copies.map { (copy: $0, end: $0.end(beyond: head)) }.filter { $0.end > head.position }.max { $0.end < $1.end }
    }

    /// That a named copy goes on from where this ledger ends, and nothing here says that it was so. The broker's own words in it would be in
    /// force.
    func unprovedEnd(in copies: [LedgerCopy]) -> StoreError? {
        guard let (copy, _) = longest(copies) else { return nil }
        let found = copy.records(beyond: head)
        let words = found.own.compactMap(Self.word)
        let own =
            words.isEmpty
            ? "none of the broker's own words" : "of the broker's own words: \(words.joined(separator: "; "))"
        return StoreError(
            .failed,
            "the ledger ends at position \(head.position) and verifies, and \(copy.path) has \(found.count) records behind it, \(own). Nothing here proves that they were in it",
            remedy:
                "Nothing of it was put back. Where that copy comes from a machine that you trust, and these words were given: the same command with --yes puts them back"
        )
    }

    /// What one of the broker's own records put in force; nil: nothing.
    private static func word(_ line: Line) -> String? {
        if line.kind == .enrolment, let keys = try? line.decode(Enrolment.self) {
            return
                "\(keys.publisher) \(keys.revoked.map { "revoked (\($0.reason ?? "no reason given"))" } ?? "enrolled as \(keys.role.rawValue) with the key \(keys.signKey.prefix(16))…")"
        }
        guard line.kind == .audit, let audit = try? line.decode(Audit.self), audit.event == .admitted else {
            return nil
        }
        return "log \(audit.log.log) of \(audit.publisher) admitted"
    }

    /// A damaged record of the broker's own that is not among what was found, in words; nil when there is none. No publisher can be
    /// asked for it.
    func lostOwn(_ found: [FoundLine]) -> String? {
        let positions = Set(found.map(\.record.position))
        let lost = damaged.filter { $0.isOwn && !positions.contains($0.position) }
        return lost.first.map { first in
            let more = lost.count > 1 ? ", nor those at \(Array(lost.dropFirst()).places)" : ""
            return
                "\(first.text); it is a record of the broker's own (\(first.name)), which no publisher has, and no copy of the feed here has it\(more)"
        }
    }

    /// Puts back what was found in copies, and says so.
    func mend(_ found: [FoundLine], at now: Date, _ log: Logger?, _ meanwhile: () -> Void) throws -> [DamagedRecord] {
        guard !found.isEmpty else { return [] }
        if let folder = try keepEvidence(at: now, meanwhile: meanwhile) {
            log?.critical("the damaged ledger was copied to \(folder): keep it")
        }
        let mended = try mend(with: found.map(\.line), at: now, meanwhile: meanwhile)
        let paths = found.reduce(into: [:]) { $0[$1.record.position] = $1.path }
        for record in mended {
            log?.warning(
                "mended: \(record.name), position \(record.position), from \(paths[record.position] ?? "a copy")")
        }
        return mended
    }
}

extension [DamagedRecord] {
    /// Their positions in words: the first twenty, and how many more there are.
    public var places: String {
        let shown = prefix(20).map { String($0.position) }.joined(separator: ", ")
        return (count == 1 ? "position " : "positions ") + shown + (count > 20 ? " and \(count - 20) more" : "")
    }
}
