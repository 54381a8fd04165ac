import Foundation
import SimulatedDisk
import Testing
import TortureKit
import Wire

@testable import Ledger

extension SimulatedDiskTorture {
    /// What fails, how, and what a caller is then to be told.
    struct Fault: Sendable {
        let operations: SimulatedDisk.Operations
        let name: String
        let failure: SimulatedDisk.Failure
        /// It stays so, or it is one operation.
        let lasts: Bool
        let code: StoreError.Code
        var text: String { "\(name), \(failure.rawValue)\(lasts ? ", and each after it" : "")" }

        init(
            _ operations: SimulatedDisk.Operations, _ name: String, _ failure: SimulatedDisk.Failure, lasts: Bool,
            _ code: StoreError.Code
        ) {
            (self.operations, self.name, self.failure, self.lasts, self.code) = (operations, name, failure, lasts, code)
        }
    }

    static let faults: [Fault] = [false, true].flatMap { lasts in
        [
            Fault(.writes, "write", .inputOutput, lasts: lasts, .failed),
            Fault(.writes, "write", .noSpace, lasts: lasts, .full),
            Fault(.writes, "write", .shortWrite, lasts: lasts, .full),
            // Also where the sync finds no space: what it did not write is not known, so the process ends.
            Fault(.syncs, "sync", .inputOutput, lasts: lasts, .failed),
            Fault(.truncations, "truncate", .inputOutput, lasts: lasts, .failed),
            Fault(.deletions, "delete", .inputOutput, lasts: lasts, .failed),
            Fault(.openings, "open", .inputOutput, lasts: lasts, .missing),
            Fault(.reads, "read", .inputOutput, lasts: lasts, .failed),
            Fault(.shared, "shared memory", .noSpace, lasts: lasts, .full),
        ]
    }

    /// Fails the 1st, 2nd, 3rd … operation of a run until it completes. After each the run has said what it was to say, and what it
    /// had said was saved is there when the process was killed or the power went.
    ///
    /// - Parameters:
    ///   - run: gives its error, and whether anything was saved.
    /// - Returns: how many operations failed in turn.
    private func countOff(
        _ fault: Fault, _ run: (inout Fate, inout (any Error)?) -> Bool, _ check: (String) throws -> Void
    ) throws
        -> Int
    {
        // There are hundreds of writes and reads; the quick set takes one in seven.
        let isOften = !fault.operations.isDisjoint(with: [.writes, .reads])
        let step = Torture.count(quick: isOften ? 7 : 1, torture: 1, long: 1)
        var failed = 0
        for n in stride(from: 1, to: 100_000, by: step) {
            let disk = SimulatedDisk(folder.path)
            var fate = Fate(disk: disk, numbers: SeededNumbers(seed: 5))
            disk.fail(fault.operations, at: Int64(n), fault.failure, lasting: fault.lasts)
            var problem: (any Error)?
            let saved = run(&fate, &problem)
            guard disk.failed > 0 else { break }
            failed += 1
            // Nothing, where SQLite passes over it: what it was about is done at the next occasion.
            if let problem {
                let said = problem as? StoreError
                #expect(said?.code == fault.code, "\(fault.text) \(n): \(problem)")
            }
            if n.isMultiple(of: 2) { disk.endProcess() } else { disk.restart(seed: UInt64(n)) }
            // SQLite makes a file anew when each sync of making it fails, and a power loss may then leave half of its first page. That
            // opens no more, and nothing was ever in it.
            if fault.operations == .syncs, fault.lasts, !saved { continue }
            try check("\(fault.text) \(n)")
        }
        return failed
    }

    @Test("the ledger is whole after each operation that fails, and says so")
    func ledgerFaults() throws {
        let started = ContinuousClock.now
        var said: [DeliveredLine] = []
        var failed = 0
        for fault in Self.faults {
            failed += try countOff(
                fault,
                { fate, problem in
                    said = []
                    do { try run(&fate, &said) } catch { problem = error }
                    return !said.isEmpty
                }, { place in try checkLedger(&said, place) })
        }
        Torture.report("ledger, faults counted off", "\(failed) operations failed, one at a time", since: started)
    }

    @Test("the log is whole after each operation that fails, and says so")
    func logFaults() throws {
        let started = ContinuousClock.now
        let delivered = try SmallLedger().store.read(after: 0, filter: nil).lines
        var said = Said()
        var failed = 0
        for fault in Self.faults {
            failed += try countOff(
                fault,
                { fate, problem in
                    said = Said()
                    do { try run(&fate, &said, delivered) } catch { problem = error }
                    return !said.lines.isEmpty
                }, { place in try check(&said, delivered, place) })
        }
        Torture.report(
            "publisher's log, faults counted off", "\(failed) operations failed, one at a time", since: started)
    }

    @Test("what a start reads after a kill in the midst of a commit is there after a power loss")
    func readIsDurable() throws {
        var told = 0
        for n in 1...Int64(1000) {
            for seed in UInt64(0)..<4 {
                let disk = SimulatedDisk(folder.path)
                let log = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: true)
                disk.cutPower(at: n)
                do {
                    _ = try log.append(at: morning) { _ in [PublisherLogTests.draft("a")] }
                    #expect(told > 0, "no kill left a commit that was not synced")
                    return
                } catch {}
                disk.endProcess()
                let next = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: true)
                let head = try next.head()
                if head.seq == 1 { told += 1 }
                disk.restart(seed: seed)
                let last = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: true)
                #expect(try last.head() == head, "kill at operation \(n), power loss \(seed)")
            }
        }
        Issue.record("the commit did not complete")
    }
}
