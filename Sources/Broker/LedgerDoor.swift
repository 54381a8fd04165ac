import Foundation
import Ledger
import Logging
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
    /// their publishers' wait for these (`LedgerStore.damaged`). Hold the broker's lock, and `refuseLost` first: before keys are made
    /// where none are.
    ///
    /// - Parameters:
    ///   - copies: where lines are looked for, before the copies of the feed in the folder itself.
    ///   - beat: called each time that it came on: a large ledger is read for minutes.
    /// - Throws: `StoreError`; nothing was changed then, or what was put back is said.
    static func open(
        _ data: DataFolder, key: SigningKey, copies: [LedgerCopy] = [], log: Logger? = nil,
        beat: () -> Void = {}
    ) throws -> LedgerStore {
        beat()
        let ledger = try LedgerStore(folder: data.broker, synthetic: data.isSynthetic, key: key)
        let standing = BrokerState.read(data)?.state.standing
        let check = try ledger.verify(brokerKey: key.publicKey, from: standing) { done, total in
            beat()
            log?.info("verifying the ledger: \(done) of \(total) records")
        }
        if let fault = check.fault {
            beat()
            if let beyond = try ledger.assess() { throw unusable(beyond, data, ledger) }
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
        let found = ledger.findDamaged(in: copies)
        if let lost = ledger.lostOwn(found) { throw unusable(lost, data, ledger, isInCopies: true) }
        // The first check ended at the first of them: what is beyond is checked as ever, signatures included, before anything is written.
        let beyond = try ledger.verify(
            brokerKey: key.publicKey, from: standing, excusing: ledger.damaged, with: found
        ) { _, _ in beat() }
        if let fault = beyond.fault { throw unusable(fault, data, ledger) }
        let mended = try ledger.mend(found, at: data.clock.now(), log)
        if let lost = ledger.lostOwn([]) { throw unusable(lost, data, ledger, isInCopies: true) }
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
    /// - Parameter copies: as of `open`.
    /// - Throws: `StoreError`: `.held` while a broker runs; and what `body` throws.
    public static func write<T>(
        _ data: DataFolder, copies: [LedgerCopy] = [], log: Logger? = nil,
        _ body: (LedgerStore, BrokerKeys) throws -> T
    ) throws -> T {
        let lock = try FolderLock(data.broker, what: "broker")
        defer { withExtendedLifetime(lock) {} }
        try refuseLost(data)
        let keys = try BrokerKeys(folder: data.broker)
        let ledger = try open(data, key: keys.signing, copies: copies, log: log)
        // What was put back shows, whatever comes of the rest.
        defer { say(ledger, data) }
        return try body(ledger, keys)
    }

    /// A state that cannot be written is an older one: the ledger goes on from there too.
    private static func say(_ ledger: LedgerStore, _ data: DataFolder) {
        guard var state = BrokerState.read(data)?.state else { return }
        (state.position, state.root) = (ledger.head.position, ledger.head.root.hex)
        state.mended = (state.mended ?? 0) + ledger.mendedCount
        if ledger.mendedCount > 0 { state.mendedUnread = true }
        state.damage = ledger.damaged.map(\.text)
        state.damageKept = ledger.evidence
        try? state.write(data)
    }

    /// A ledger that was there and is gone is not made anew in silence: reports would cite what no ledger holds.
    static func refuseLost(_ data: DataFolder) throws {
        let ledger = data.broker + "/ledger.sqlite"
        guard !FileManager.default.fileExists(atPath: ledger), let state = BrokerState.read(data)?.state,
            state.position > 0
        else { return }
        throw StoreError(
            .missing,
            "\(ledger) is gone, and it held \(state.position) records. Restore it from a backup. To begin a new ledger on purpose, move \(data.path) away whole"
        )
    }

    /// - Parameters:
    ///   - isInCopies: whether a line of it is all that is needed, and may be elsewhere.
    ///   - isOnlyLost: whether what is there verifies, and only is not what the broker had said.
    private static func unusable(
        _ fault: String, _ data: DataFolder, _ ledger: LedgerStore, isInCopies: Bool = false, isOnlyLost: Bool = false
    ) -> StoreError {
        let changed =
            ledger.mendedCount == 0
            ? "Nothing was changed" : "\(ledger.mendedCount) records were mended, and nothing else was changed"
        let copy =
            isInCopies
            ? "`pejling ledger mend --from COPY` puts it back from a backup or from a copy of the feed that was elsewhere. Otherwise: "
            : ""
        // Elsewhere it would not help, and take away what sees a lost end.
        let without =
            isOnlyLost
            ? ". To go on with what verifies (publishers send their records again), move \(BrokerState.path(in: data)) away"
            : ""
        return StoreError(
            .damaged,
            "\(fault). \(changed). \(copy)Keep \(data.broker) as it is, and restore a backup: `pejling ledger restore` keeps what is there\(without)"
        )
    }
}

extension LedgerStore {
    /// A damaged record of the broker's own that is not among what was found, in words; nil when there is none. No publisher can be
    /// asked for it.
    func lostOwn(_ found: [FoundLine]) -> String? {
        let positions = Set(found.map(\.record.position))
        return damaged.first { $0.isOwn && !positions.contains($0.position) }.map {
            "\($0.text); it is a record of the broker's own (\($0.name)), which no publisher has, and no copy of the feed here has it"
        }
    }

    /// Puts back what was found in copies, and says so.
    func mend(_ found: [FoundLine], at now: Date, _ log: Logger?) throws -> [DamagedRecord] {
        guard !found.isEmpty else { return [] }
        if let folder = try keepEvidence(at: now) {
            log?.critical("the damaged ledger was copied to \(folder): keep it")
        }
        let mended = try mend(with: found.map(\.line), at: now)
        let paths = found.reduce(into: [:]) { $0[$1.record.position] = $1.path }
        for record in mended {
            log?.warning(
                "mended: \(record.name), position \(record.position), from \(paths[record.position] ?? "a copy")")
        }
        return mended
    }
}
