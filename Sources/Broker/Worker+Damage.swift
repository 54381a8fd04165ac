import LogLines
import Foundation
import Ledger
import PolicyModel
import Wire

/// The ledger read again while the broker runs, a little at a time, so that damage is found before somebody needs the record.
struct LedgerWatch {
    /// Records looked at in one turn: some milliseconds at most.
    static let slice = 200
    /// From one slice to the next: with `slice`, 800 records a second and well under 1 % of a core.
    static let pause: Duration = .milliseconds(250)

    /// From the end of one reading to the start of the next. The start of the broker verified all.
    let interval: Duration
    var next: Duration
    /// The last position looked at in this reading.
    var position: Int64 = 0
    /// When the whole ledger was last found to hold, by the broker's clock (ISO 8601, UTC); nil: not since its start.
    var completed: String?
    /// How many readings have come to their end.
    var readings = 0
    /// Damaged records that were looked for in the copies of the feed; by position.
    var sought: Set<Int64> = []
    /// When to try again to copy the damaged ledger, or to mend it.
    var retry: Duration = .zero

    init(interval: Duration) {
        self.interval = interval
        next = interval
    }
}

extension Worker {
    /// A slice of the ledger, when one is due; what was found on the way to something else, at once.
    func watchLedger(_ sockets: Sockets) throws {
        if let suspect = ledger.suspect {
            ledger.suspect = nil
            try heed(try ledger.examine(after: suspect - 1, count: 1))
        }
        let now = now()
        if now >= watch.next {
            let found = try ledger.examine(after: watch.position, count: LedgerWatch.slice)
            try heed(found)
            watch.position = found.isAtEnd ? 0 : found.upTo
            watch.next = now + (found.isAtEnd ? watch.interval : LedgerWatch.pause)
            if found.isAtEnd {
                watch.completed = try Timestamp.seconds(clock.now())
                watch.readings += 1
                log.info("the ledger was read again up to position \(found.upTo)")
            }
        }
        try keepLostEnd()
        if !ingest.unsigned.isEmpty {
            for case .send(let peer, let header) in ingest.askForSignatures(now: now) {
                try send(header, to: peer, sockets)
            }
        }
        guard !ledger.damaged.isEmpty, try keepEvidenceOfDamage(now) else { return }
        try mendFromCopies(now)
        for case .send(let peer, let header) in ingest.askForDamaged(now: now) { try send(header, to: peer, sockets) }
    }

    /// Writes down what was heard: with a sync, so not for each who says it again, and further. A full disk stops nobody; it is tried again.
    private func keepLostEnd() throws {
        guard !ingest.lostEnd.positions.isEmpty, now() >= lostEndDue else { return }
        lostEndDue = now() + .seconds(5)
        let before = LostEnd.kept(in: data) ?? LostEnd()
        var kept = before
        for (publisher, position) in ingest.lostEnd.positions { kept.add(publisher, upTo: position) }
        if kept != before {
            kept.said = try Timestamp.seconds(clock.now())
            do { try kept.write(data) } catch {
                log.error("\(error)")
                return
            }
            log.critical("\(kept.text(in: data))")
        }
        ingest.lostEnd = LostEnd()
    }

    private func heed(_ found: Examination) throws {
        // No line mends that: the process ends, and says at its next start what helps.
        if let fault = found.fault { throw StoreError(.damaged, fault) }
        let before = ledger.damaged.count
        ledger.note(found.damaged)
        guard ledger.damaged.count > before else { return }
        for record in found.damaged {
            log.critical(
                "damaged: \(record.text) (\(record.name))",
                metadata: .about(record: record.name, position: record.position))
        }
        ingest.damaged(ledger.damaged)
    }

    /// What a copy of the feed on this machine has is there at once; for the rest its publisher is asked.
    private func mendFromCopies(_ now: Duration) throws {
        let new = ledger.damaged.map(\.position).filter { !watch.sought.contains($0) }
        guard !new.isEmpty, now >= watch.retry else { return }
        do {
            let mended = try ledger.mend(
                ledger.findDamaged(in: LedgerCopy.ofFeed(in: data), meanwhile: sayAlive), at: clock.now(), log, sayAlive
            )
            watch.sought.formUnion(new)
            if !mended.isEmpty { settle() }
        } catch let error as StoreError where error.code == .full {
            log.error("\(error)")
            watch.retry = now + .seconds(10)
            return
        }
        // Nobody can be asked for that: as above.
        if let lost = ledger.lostOwn([]) { throw StoreError(.damaged, lost) }
    }

    /// After something was mended: consumers that waited in front of it go on.
    private func settle() {
        ingest.damaged(ledger.damaged)
        watch.sought.formIntersection(ledger.damaged.map(\.position))
        pumped = -1
    }

    /// True when what is damaged lies in a copy: before that nothing is mended.
    private func keepEvidenceOfDamage(_ now: Duration) throws -> Bool {
        guard ledger.evidence == nil else { return true }
        guard now >= watch.retry else { return false }
        do {
            let folder = try ledger.keepEvidence(at: clock.now(), meanwhile: sayAlive)
            log.critical("the damaged ledger was copied to \(folder ?? ""): keep it")
            return true
        } catch let error as StoreError {
            log.error("\(error)")
            watch.retry = now + .seconds(10)
            return false
        }
    }

    /// Puts back what a publisher sent again.
    func mend(_ peer: [UInt8], _ lines: [Line], _ sockets: Sockets) throws {
        guard try keepEvidenceOfDamage(now()) else { return }
        do {
            for record in try ledger.mend(with: lines, at: clock.now(), meanwhile: sayAlive) {
                log.warning(
                    "mended: \(record.name), position \(record.position), from its publisher's log",
                    metadata: .about(record: record.name, position: record.position))
            }
        } catch let error as StoreError where error.code == .full {
            log.error("\(error)")
            return
        }
        settle()
        for case .send(let peer, let header) in ingest.mended(peer, now: now()) { try send(header, to: peer, sockets) }
    }
}
