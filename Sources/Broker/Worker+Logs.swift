import Foundation
import Ledger
import PolicyModel
import Wire

// What the loop does about logs: gives a publisher its own lines back, keeps evidence and checkpoints.

extension Worker {
    /// One message of own lines for each publisher that asked in this turn.
    func serveFetches(_ asked: [Ingest.Peer: Int64], _ sockets: Sockets) throws {
        for (peer, wanted) in asked {
            // Of a damaged log nothing is given out before it is mended: the peer asks again.
            guard let session = ingest.sessions[peer], ingest.damage[session.publisher] == nil else { continue }
            // Behind the end there is nothing, however far.
            let after = min(wanted, ledger.chainHead(of: session.publisher, log: session.log)?.seq ?? 0)
            let lines = try ledger.lines(of: session.publisher, log: session.log, after: after)
            var header = Header(.fetched, token: session.token)
            header.log = session.log
            header.firstSeq = after + 1
            header.count = lines.count
            header.seq = after + Int64(lines.count)
            header.hash =
                try ledger.chainHash(publisher: session.publisher, log: session.log, seq: after + Int64(lines.count))
                ?? .zero
            // A peer whose queue is full asks again.
            try send(header, Batch.body(of: lines), to: peer, sockets)
        }
    }

    /// Keeps evidence in the ledger; on a full disk it waits, and is tried again.
    func keepEvidence() throws {
        guard !evidence.isEmpty, now() >= evidenceRetry else { return }
        do {
            let all = evidence
            try ledger.commit(at: clock.now()) { transaction in for audit in all { try transaction.own(audit) } }
            evidence = []
        } catch let error as StoreError where error.code == .full {
            if evidenceRetry == .zero { log.error("\(error)") }
            evidenceRetry = now() + .seconds(1)
        }
    }

    /// A quiet ledger gets its checkpoint 60 s after the first record that none covers; a busy one with its commits.
    func checkpointWhenDue() throws {
        guard ledger.uncheckpointed > 0 else {
            checkpointWait = nil
            return
        }
        let since = checkpointWait ?? now()
        checkpointWait = since
        guard now() - since >= LedgerStore.checkpointPatience else { return }
        do {
            try ledger.checkpoint(at: clock.now())
            checkpointWait = nil
        } catch let error as StoreError where error.code == .full {
            // Tried again in a second.
            checkpointWait = now() - LedgerStore.checkpointPatience + .seconds(1)
        }
    }
}

extension LedgerStore {
    /// Carries out an operator's word on a log, and says what came of it.
    ///
    /// - Parameter waiting: by publisher, the log with which it waits for such a word.
    public func admit(_ word: OperatorOrder.Admission, waiting: [String: String], at now: Date) throws -> String {
        let logs = [publishers[word.publisher]?.log].compactMap(\.self) + (earlier[word.publisher] ?? [:]).keys.sorted()
        if let objection = word.objection(known: logs, waiting: waiting) { throw StoreError(.foreign, objection) }
        let log = word.log.lowercased()
        let before = publishers[word.publisher]
        let known = chainHead(of: word.publisher, log: log)
        try admit(log, of: word.publisher, at: now)
        guard before?.log != log else { return "\(word.publisher) goes on with log \(log), as before" }
        return
            "\(word.publisher) goes on with log \(log)\(known.map { ", of which the ledger has \($0.seq) records" } ?? ", a new one"); the \(before?.head.seq ?? 0) records of log \(before?.log ?? "") stay"
    }
}
