import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

/// A publisher's log beside a ledger that holds all of it: BIF/1 … BIF/6, of which 4 was refused and 2 was redacted by BIF/6. The
/// ledger's position 1 is the enrolment.
final class RestoredLog {
    let folder: TemporaryFolder
    let store: LedgerStore
    let log: PublisherLog
    let key = SigningKey()
    let brokerKey = SigningKey()
    var backup: String { folder.path + "/backup" }

    /// - Parameter copied: after how many records the folder was copied.
    init(copied: Int) throws {
        folder = try TemporaryFolder()
        store = try LedgerStore(folder: folder.path + "/broker", synthetic: false, key: brokerKey)
        log = try PublisherLog(folder: folder.path + "/log", publisher: "BIF", synthetic: false, create: true)
        let enrolment = Enrolment(
            publisher: "BIF", role: .node, curveKey: "c", signKey: key.publicKey.hex, admittedBy: "test")
        try store.commit(at: morning) { try $0.own(enrolment) }
        for seq in 1...6 {
            if seq - 1 == copied { try copy() }
            let line = try log.append(at: morning) { snapshot in
                guard seq == 6, let redacted = try snapshot.line(2) else {
                    return [PublisherLogTests.draft("n\(seq)", text: "tekst \(seq)")]
                }
                let order = Redaction(
                    record: redacted.name, redacted: RecordKind("x-note"), id: redacted.envelope.id, policy: nil,
                    bodyHash: redacted.envelope.bodyHash.hex, reason: LocalizedText(da: "navn"), decision: "sag 1")
                return [try PublisherLog.Draft(order, by: Author(role: "node"))]
            }[0]
            try publish(line)
        }
        if copied == 6 { try copy() }
    }

    func copy() throws { try shell("cp -r '\(folder.path)/log' '\(backup)'") }

    func publish(_ line: Line) throws {
        try store.commit(at: morning) { transaction in
            if line.envelope.seq == 4 {
                try transaction.refuse(line, Violation(rule: "owner", message: "ikke din"))
            } else {
                try transaction.append(line)
            }
            let statement = BatchStatement(
                publisher: "BIF", log: log.log, seq: line.envelope.seq, hash: line.hash)
            try transaction.keep(
                signature: try key.sign(statement), keyID: String(key.publicKey.hex.prefix(16)), for: statement)
        }
    }

    func restored() throws -> PublisherLog {
        try PublisherLog(folder: backup, publisher: "BIF", synthetic: false, create: false)
    }
}

@Suite("A log restored from a backup")
struct LogRestoreTests {
    @Test(
        "it takes back from the ledger what it lacks, byte for byte, wherever it was copied; then it goes on",
        arguments: 1...6)
    func restore(copied: Int) throws {
        let rig = try RestoredLog(copied: copied)
        let old = try rig.restored()
        let goal = try #require(rig.store.publishers["BIF"]?.head)
        try old.isBehind(goal)
        if copied < 6 {
            let error = #expect(throws: StoreError.self) {
                try old.append(at: morning) { _ in [PublisherLogTests.draft("ny")] }
            }
            #expect(error?.code == .held)
            #expect(error?.message.contains("Nothing was saved") == true)
        }
        let lines = try rig.store.lines(of: "BIF", log: rig.log.log, after: Int64(copied))
        #expect(lines.count == 6 - copied)
        #expect(try old.restore(lines) == goal)
        #expect(try old.head() == (try rig.log.head()))
        // A line that the ledger refused is nowhere but in the log that was lost; all others are as they were.
        let isLost = copied < 4
        let all = try rig.log.look { try $0.lines(after: 0) }
        #expect(try old.look { try $0.lines(after: 0) } == all.filter { !isLost || $0.envelope.seq != 4 })
        #expect(try old.look { try $0.line(2) }?.isRedacted == true)
        #expect(try old.hash(of: 4) == all[3].hash)
        if isLost { #expect(try old.deadLetters() == [RefusedLine(seq: 4, rule: "owner", text: "ikke din")]) }
        let next = try #require(try old.append(at: morning) { _ in [PublisherLogTests.draft("ny")] }.first)
        #expect(next.envelope.seq == 7)
        try rig.publish(next)
        #expect(
            try LedgerVerifier.verify(folder: rig.folder.path + "/broker", brokerKey: rig.brokerKey.publicKey).fault
                == nil)
        let again = try rig.restored()
        #expect(try again.head().seq == 7)
        #expect(try again.lines(after: 4).map(\.envelope.seq) == [5, 6, 7])
    }

    @Test("lines that do not follow are refused whole, and the log stays as it was")
    func diverged() throws {
        let rig = try RestoredLog(copied: 2)
        let old = try rig.restored()
        let lines = try rig.store.lines(of: "BIF", log: rig.log.log, after: 2)
        func refuses(_ given: [Line], _ why: Comment) throws {
            let before = try old.head()
            let error = #expect(throws: StoreError.self, why) { try old.restore(given) }
            #expect(error?.message.hasPrefix("diverged: ") == true, why)
            #expect(error?.message.contains("Nothing was overwritten") == true, why)
            #expect(try old.head() == before, why)
        }
        try refuses(Array(lines.dropFirst()), "a hole")
        try refuses([lines[0], lines[2]], "a hole where the refused one was")
        try refuses([lines[0], lines[0]], "twice")
        try refuses([lines[1]], "the refused one first")
        try refuses([try #require(try rig.store.read(after: 0, filter: nil).lines.first?.line)], "another's")
        try old.isBehind(ChainHead(seq: 6, hash: .zero))
        try refuses(lines, "another end than was said")
        // Written to since it was restored, by a program that did not know.
        try old.isComplete()
        _ = try old.append(at: morning) { _ in [PublisherLogTests.draft("gaffel")] }
        try refuses(lines, "a fork")
    }

    @Test("a log that the ledger has nothing more of is complete, and one whose lost line is asked for says so")
    func complete() throws {
        let rig = try RestoredLog(copied: 3)
        let old = try rig.restored()
        try old.isBehind(ChainHead(seq: 9, hash: .zero))
        try old.isComplete()
        _ = try old.append(at: morning) { _ in [PublisherLogTests.draft("ny")] }
        #expect(try old.head().seq == 4)
        let rebuilt = try RestoredLog(copied: 3)
        let log = try rebuilt.restored()
        _ = try log.restore(try rebuilt.store.lines(of: "BIF", log: rebuilt.log.log, after: 3))
        #expect(try log.lines(after: 2).map(\.envelope.seq) == [3], "a batch has no holes")
        let lost = #expect(throws: StoreError.self) { try log.lines(after: 3) }
        #expect(lost?.message.contains("record 4 of") == true)
    }
}

@Suite("Several logs of one publisher")
struct ManyLogsTests {
    @Test("the hash of every record of a chain is known, also of refused ones, one behind the other")
    func hashes() throws {
        let ledger = try SmallLedger()
        var bif = ledger.bif
        let lines = try bif.lines(5)
        try ledger.store.commit(at: morning + 9) { transaction in
            for line in lines[..<4] { try transaction.refuse(line, Violation(rule: "owner", message: "nej")) }
            try transaction.append(lines[4])
            try bif.sign(lines[4], in: transaction)
        }
        for line in lines {
            #expect(
                try ledger.store.chainHash(publisher: "BIF", log: bif.log, seq: line.envelope.seq) == line.hash)
        }
        #expect(try ledger.store.chainHash(publisher: "BIF", log: bif.log, seq: 0) == .zero)
        #expect(try ledger.store.chainHash(publisher: "BIF", log: bif.log, seq: 11) == nil)
        #expect(try ledger.store.chainHash(publisher: "BIF", log: "x", seq: 1) == nil)
        let held = try ledger.store.lines(of: "BIF", log: bif.log, after: 4)
        #expect(
            held.map(\.kind) == [RecordKind("x-note")] + Array(repeating: .refusal, count: 4) + [RecordKind("x-note")])
    }

    @Test("own lines come at most 1,000 and 4 MiB at once, and whoever goes on gets each once")
    func bounded() throws {
        let ledger = try SmallLedger()
        var bif = ledger.bif
        let many = try bif.lines(2_100)
        let long = try bif.lines(40, text: String(repeating: "x", count: 200_000))
        try ledger.store.commit(at: morning + 9) { try bif.append(many + long, to: $0) }
        var seqs: [Int64] = []
        while true {
            let lines = try ledger.store.lines(of: "BIF", log: bif.log, after: seqs.last ?? 0)
            #expect(lines.count <= Limits.batchLines)
            #expect(Batch.body(of: lines).count <= Limits.batchBytes)
            if lines.isEmpty { break }
            seqs += lines.map(\.envelope.seq)
        }
        #expect(seqs == Array(1...2_145))
    }

    /// BIF again, rebuilt without its log.
    private func rebuilt() throws -> Publisher {
        try Publisher("BIF", seed: 2, log: String(repeating: "ee", count: 16))
    }

    @Test("an admitted log goes on beside the one before, the older can still be handed in, and all of it verifies")
    func admitted() throws {
        let ledger = try SmallLedger()
        var (old, new) = (ledger.bif, try rebuilt())
        try ledger.store.admit(new.log, of: "BIF", at: morning + 9)
        #expect(ledger.store.publishers["BIF"] == .init(log: new.log, head: .empty))
        #expect(ledger.store.chainHead(of: "BIF", log: old.log)?.seq == 5)
        #expect(try ledger.verify().fault == nil, "nothing of the new one yet")
        let lines = try new.lines(3)
        let late = try old.lines(2)
        try ledger.store.commit(at: morning + 10) { transaction in
            try new.append(lines, to: transaction)
            try old.append(late, to: transaction)
        }
        let again = try ledger.reopened()
        #expect(again.publishers["BIF"] == .init(log: new.log, head: new.head))
        #expect(again.chainHead(of: "BIF", log: old.log) == old.head)
        #expect(again.earlier == ledger.store.earlier)
        #expect(try again.hash(publisher: "BIF", log: old.log, seq: 5) == ledger.bif.head.hash)
        #expect(try again.hash(publisher: "BIF", log: new.log, seq: 3) == new.head.hash)
        #expect(try ledger.verify().fault == nil)
        // And back.
        try again.admit(old.log, of: "BIF", at: morning + 11)
        #expect(again.publishers["BIF"]?.log == old.log)
        #expect(again.chainHead(of: "BIF", log: new.log) == new.head)
        #expect(try ledger.verify().fault == nil)
    }

    @Test(
        "a log that no operator admitted does not verify, nor a word that says what is not so, nor a head that is gone")
    func notAdmitted() throws {
        let ledger = try SmallLedger()
        var new = try rebuilt()
        let lines = try new.lines(1)
        try ledger.store.commit(at: morning + 9) { try new.append(lines, to: $0) }
        #expect(try ledger.verify().fault?.contains("was admitted by no operator's word") == true)

        let other = try SmallLedger()
        try other.store.commit(at: morning + 9) { transaction in
            try transaction.own(
                Audit(
                    .admitted, of: "BIF", log: .init(log: new.log, seq: 0, hash: Hash.zero.hex),
                    before: .init(log: other.bif.log, seq: 4, hash: other.bif.head.hash.hex)))
        }
        #expect(try other.verify().fault?.contains("not where that says the logs ended") == true)

        let third = try SmallLedger()
        try third.store.admit(new.log, of: "BIF", at: morning + 9)
        try alter(third.path, "DELETE FROM earlier_head")
        #expect(try third.verify().fault?.contains("no head is kept for BIF") == true)
    }

    @Test("a fork stands open until an operator's word, also after opening again")
    func forks() throws {
        let ledger = try SmallLedger()
        let fork = Audit(
            .fork, of: "BIF", log: .init(log: ledger.bif.log, seq: 3, hash: Hash.zero.hex),
            held: ledger.bif.head.hash.hex, curveKey: "c")
        try ledger.store.commit(at: morning + 9) { try $0.own(fork) }
        #expect(try ledger.reopened().openForks() == ["BIF": fork])
        try ledger.store.admit(ledger.bif.log, of: "BIF", at: morning + 10)
        #expect(try ledger.reopened().openForks().isEmpty)
        #expect(try ledger.verify().fault == nil)
        let error = #expect(throws: StoreError.self) { try ledger.store.admit(ledger.bif.log, of: "KFF", at: morning) }
        #expect(error?.message.contains("Known: BIF, BUF") == true)
    }
}
