import Foundation
import Ledger
import Synchronization
import Wire

// What others are shown of the loop: how it stands, at one moment.

extension Worker {
    func publishSnapshot(to shared: borrowing Mutex<BrokerLoop.Snapshot>, now: Duration) {
        var snapshot = BrokerLoop.Snapshot()
        snapshot.position = ledger.head.position
        snapshot.root = ledger.head.root.hex
        snapshot.received = ledger.head.received
        if now - clockBehind.looked >= .seconds(1), let time = try? clock.now() {
            let isBehind = ledger.head.received > Timestamp.milliseconds(time + Health.clockTolerance)
            clockBehind = (isBehind ? clockBehind.since ?? origin + now.components.seconds : nil, now)
        }
        snapshot.clockBehindSince = clockBehind.since
        snapshot.pending = pending.byKey
        snapshot.keys = ingest.keys.newest
        snapshot.heard = ingest.heard
        for (publisher, pending) in ingest.pendingLogs {
            snapshot.waiting[publisher] = .init(
                log: pending.log, seq: pending.seq, isQuarantined: false, incarnation: pending.incarnation,
                silence: now - pending.lastAsked)
        }
        for (publisher, held) in ingest.quarantines {
            snapshot.waiting[publisher] = .init(
                log: held.log, seq: held.seq, isQuarantined: true, rule: held.rule, incarnation: held.incarnation,
                silence: now - held.lastAsked)
        }
        snapshot.traffic = ingest.traffic
        for (publisher, all) in ingest.happenings {
            let lately = all.compactMap { what, tally in tally.shown(from: origin).map { (what.rawValue, $0) } }
            snapshot.traffic[publisher, default: Traffic()].lately = Dictionary(uniqueKeysWithValues: lately)
        }
        snapshot.damage = ledger.damaged.map(\.text)
        snapshot.damageKept = ledger.evidence
        snapshot.mended = ledger.mendedCount
        // The reading under way may have passed the place.
        let mending = ledger.mendedCount + (ledger.remaking == nil ? 0 : 1)
        if mending > mended.count { mended = (mending, watch.readings + 2) }
        snapshot.remade = ledger.remaking?.description
        snapshot.isMendedUnread = watch.readings < mended.until
        snapshot.checkpointed = ledger.checkpointed
        snapshot.readAgain = watch.completed
        snapshot.dropped = ingest.dropped
        snapshot.droppedLast = ingest.droppedLast.shown(from: origin)
        snapshot.refusedStarts = refusedStarts.shown(from: origin)
        snapshot.strays = ingest.strays
        snapshot.offences = offences.all
        for (publisher, durable) in ledger.publishers {
            snapshot.traffic[publisher, default: Traffic()].log = durable.log
            snapshot.traffic[publisher]?.durable = durable.head.seq
        }
        for session in ingest.sessions.values {
            let isStanding =
                session.feed != nil && session.stored ?? 0 < ledger.head.position
                && now - session.storedAt >= Self.standstill
            snapshot.sessions[session.publisher] = .init(
                incarnation: session.incarnation, state: session.state, unsent: session.unsent,
                trouble: session.trouble, stored: session.stored,
                stalledSince: isStanding ? origin + session.storedAt.components.seconds : nil,
                silence: now - session.lastHeard)
        }
        shared.withLock { $0 = snapshot }
    }
}
