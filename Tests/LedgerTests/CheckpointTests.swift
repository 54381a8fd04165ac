import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("Checkpoints")
struct CheckpointTests {
    @Test("a checkpoint holds position and root of the record before it, is signed, and is found again")
    func made() throws {
        let ledger = try SmallLedger()
        let (position, root) = (ledger.store.head.position, ledger.store.head.root)
        #expect(ledger.store.uncheckpointed == 9)
        try ledger.store.checkpoint(at: morning + 9)
        let line = try #require(try ledger.store.read(after: 9, filter: nil).lines.first?.line)
        #expect(try line.decode(Checkpoint.self) == Checkpoint(position: position, root: root.hex))
        #expect(ledger.store.uncheckpointed == 0)
        try ledger.store.checkpoint(at: morning + 10)
        #expect(ledger.store.head.position == 10, "a ledger with nothing new gets no other")
        let check = try ledger.verify()
        #expect(check.fault == nil)
        #expect((check.checkpoints, check.lastCheckpoint, check.signatures) == (1, 10, 5))
        let again = try ledger.reopened()
        #expect(again.uncheckpointed == 0)
        var bif = ledger.bif
        let lines = try bif.lines(2)
        try again.commit(at: morning + 11) { try bif.append(lines, to: $0) }
        #expect(again.uncheckpointed == 2)
        #expect(try ledger.reopened().uncheckpointed == 2)
    }

    @Test("one is due with the commit that brings 1,000 records, and not before")
    func due() throws {
        let ledger = try SmallLedger()
        var bif = ledger.bif
        func append(_ count: Int) throws {
            let lines = try bif.lines(count)
            try ledger.store.commit(at: morning + 9) {
                try bif.append(lines, to: $0)
                try $0.checkpointWhenDue()
            }
        }
        try append(990)
        #expect(try ledger.verify().checkpoints == 0)
        try append(1)
        #expect(try ledger.verify().checkpoints == 1)
        #expect(ledger.store.head.position == 1_001)
        try append(999)
        #expect(try ledger.verify().checkpoints == 1)
        try append(2_500)
        let check = try ledger.verify()
        #expect((check.checkpoints, check.lastCheckpoint) == (2, ledger.store.head.position))
        #expect(check.fault == nil)
    }

    @Test(
        "a checkpoint that says other than the ledger does not verify, nor one of another record",
        arguments: [true, false])
    func wrong(isRoot: Bool) throws {
        let ledger = try SmallLedger()
        let head = ledger.store.head
        try ledger.store.commit(at: morning + 9) {
            try $0.own(
                Checkpoint(
                    position: isRoot ? head.position : head.position - 1, root: isRoot ? Hash.zero.hex : head.root.hex))
        }
        #expect(
            try ledger.verify().fault?.contains("position 10: the checkpoint is not of the record before it") == true)
    }
}
