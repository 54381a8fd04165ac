import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("Verifying a ledger")
struct VerificationTests {
    @Test("a sound ledger verifies: records, publishers, signatures, root")
    func sound() throws {
        let ledger = try SmallLedger()
        var progress = 0
        let check = try ledger.store.verify(brokerKey: ledger.key.publicKey) { _, _ in progress += 1 }
        #expect(check.fault == nil)
        #expect(check.records == 9)
        #expect(check.publishers == 3)
        #expect(check.signatures == 4)
        #expect(check.root == ledger.store.head.root)
        #expect(progress == 0)
        #expect(try ledger.verify() == check)
        #expect(try LedgerVerifier.verify(folder: ledger.folder.path, brokerKey: nil).signatures == 3)
    }

    @Test("a ledger goes on from where it is said to have stood: with all of that, and the same")
    func standing() throws {
        let ledger = try SmallLedger()
        func fault(_ position: Int64, _ root: String) throws -> String? {
            try ledger.store.verify(
                brokerKey: ledger.key.publicKey, from: LedgerStanding(position: position, root: root)
            ).fault
        }
        let head = ledger.store.head
        let before = try #require(try ledger.store.root(at: 5))
        #expect(try fault(head.position, head.root.hex) == nil)
        #expect(try fault(5, before.hex) == nil)
        #expect(try fault(head.position + 1, head.root.hex)?.contains("it held 10 records: its end is lost") == true)
        let other = try #require(try fault(5, head.root.hex))
        #expect(other.contains("position 5") && other.contains("the broker had said \(head.root.hex.prefix(16))"))
    }

    @Test(
        "whatever is changed behind its back is found, and the place said",
        arguments: [
            // A body, an envelope, and a whole line put in another's place.
            (
                "UPDATE record SET line = CAST(replace(CAST(line AS TEXT), 'text', 'tekt') AS BLOB) WHERE position = 5",
                "position 5: record BIF/3: the body is not"
            ),
            (
                "UPDATE record SET line = CAST(replace(CAST(line AS TEXT), '08:15:00Z', '08:16:00Z') AS BLOB) "
                    + "WHERE position = 4", "position 4"
            ),
            ("UPDATE record SET line = (SELECT line FROM record WHERE position = 4) WHERE position = 5", "position 5"),
            ("UPDATE record SET line = x'00' WHERE position = 9", "position 9"),
            // Times, roots, hashes and index columns.
            ("UPDATE record SET received = '2026-11-23T08:15:01.001Z' WHERE position = 4", "position 4: the root"),
            ("UPDATE record SET received = '2026-11-23T08:15:00.000Z' WHERE position = 9", "position 9: received"),
            ("UPDATE record SET root = zeroblob(32) WHERE position = 6", "position 6: the root"),
            // The same bytes as another type: one bit of the file.
            ("UPDATE record SET received = CAST(received AS BLOB) WHERE position = 4", "position 4: received"),
            ("UPDATE record SET root = CAST(root AS TEXT) WHERE position = 6", "position 6: the root"),
            ("UPDATE record SET hash = CAST(hash AS TEXT) WHERE position = 6", "position 6: the index columns"),
            (
                "UPDATE record SET publisher = CAST(publisher AS BLOB) WHERE position = 7",
                "position 7: the index columns"
            ),
            ("UPDATE record SET line = CAST(line AS TEXT) WHERE position = 7", "position 7"),
            ("UPDATE record SET root = x'00' WHERE position = 9", "position 9: the root"),
            ("UPDATE record SET hash = zeroblob(32) WHERE position = 6", "position 6: the index columns"),
            ("UPDATE record SET publisher = 'KFF' WHERE position = 8", "position 8: the index columns"),
            ("UPDATE record SET seq = 99 WHERE position = 7", "position 7: the index columns"),
            ("UPDATE record SET log = 'x' WHERE position = 7", "position 7: the index columns"),
            // Rows taken out, at the beginning, in the middle, at the end; swapped; put in again.
            ("DELETE FROM record WHERE position = 1", "position 1 is missing"),
            ("DELETE FROM record WHERE position = 5", "position 5 is missing"),
            ("DELETE FROM record WHERE position = 9", "the head kept for BUF"),
            ("DELETE FROM record", "the head kept for"),
            (
                "UPDATE record SET position = -1 WHERE position = 4; UPDATE record SET position = 4 WHERE position = 5; "
                    + "UPDATE record SET position = 5 WHERE position = -1", "position 4"
            ),
            ("UPDATE record SET position = 10 WHERE position = 9", "position 9 is missing"),
            (
                "INSERT INTO record SELECT 10, received, publisher, log, 77, hash, root, line FROM record "
                    + "WHERE position = 9", "position 10"
            ),
            // Signatures.
            (
                "UPDATE signature SET signature = replace(signature, substr(signature, 1, 2), 'zz') WHERE seq = 5",
                "the signature of BIF/5"
            ),
            (
                "UPDATE signature SET signature = (SELECT signature FROM signature WHERE publisher = 'BUF') "
                    + "WHERE publisher = 'BIF' AND seq = 3", "the signature of BIF/3"
            ),
            ("UPDATE signature SET key_id = '0000000000000000' WHERE publisher = 'BUF'", "the signature of BUF/2"),
            ("DELETE FROM signature WHERE publisher = 'BIF' AND seq = 5", "the last record of BIF (5)"),
            ("UPDATE signature SET signature = '' WHERE publisher = 'broker'", "the signature of broker/2"),
            // Heads.
            ("UPDATE head SET seq = 4 WHERE publisher = 'BIF'", "the head kept for BIF"),
            ("UPDATE head SET hash = zeroblob(32) WHERE publisher = 'BUF'", "the head kept for BUF"),
            ("UPDATE head SET log = 'x' WHERE publisher = 'BUF'", "the head kept for BUF"),
            ("INSERT INTO head VALUES ('KFF', 'x', 1, zeroblob(32))", "the head kept for KFF"),
            ("DELETE FROM head WHERE publisher = 'BIF'", "no head is kept for BIF"),
            // Values of a type that never stood there.
            ("UPDATE record SET line = 5 WHERE position = 4", "position 4"),
            ("UPDATE record SET hash = 5 WHERE position = 4", "position 4"),
            ("UPDATE record SET root = 5.5 WHERE position = 4", "position 4"),
            ("UPDATE record SET seq = 'x' WHERE position = 4", "position 4"),
            ("UPDATE head SET hash = 5 WHERE publisher = 'BIF'", "the head kept for BIF"),
        ])
    func found(sql: String, place: String) throws {
        let ledger = try SmallLedger()
        try alter(ledger.path, sql)
        let fault = try ledger.verify().fault
        #expect(fault?.contains(place) == true, "\(fault ?? "nothing was found")")
        #expect(fault?.contains(ledger.path) == true)
    }

    @Test("rows are taken apart many at a time, and what is said is still the first thing that does not hold")
    func many() throws {
        let ledger = try SmallLedger()
        var bif = ledger.bif
        for _ in 0..<13 {
            let lines = try bif.lines(100)
            try ledger.store.commit(at: morning + 9) { try bif.append(lines, to: $0) }
        }
        var check = try ledger.verify()
        #expect(check.fault == nil && check.records == 1309 && check.root == ledger.store.head.root)
        // From behind, so that each new one comes before those that are there: parsing, roots and chains are checked apart.
        let places = [
            (1301, "line", "x'00'"), (1101, "root", "zeroblob(32)"), (1001, "root", "x'00'"),
            (700, "line", "x'2B09'"), (501, "root", "zeroblob(32)"), (500, "line", "x'00'"), (10, "hash", "x'00'"),
        ]
        for (position, column, value) in places {
            try alter(ledger.path, "UPDATE record SET \(column) = \(value) WHERE position = \(position)")
            check = try ledger.verify()
            #expect(check.fault?.contains("position \(position): ") == true, "\(check.fault ?? "nothing was found")")
            #expect(check.records == position - 1)
        }
    }

    @Test("a signature is good only by a key enrolled before it, and stays good when the key is changed")
    func keys() throws {
        let ledger = try SmallLedger()
        var renewed = try Publisher("BIF", seed: 9)
        renewed.head = ledger.bif.head
        // Of the same log, by the new key.
        var same = ledger.bif
        let lines = try same.lines(1)
        let statement = BatchStatement(publisher: "BIF", log: same.log, seq: 6, hash: lines[0].hash)
        try ledger.store.commit(at: morning + 9) { transaction in
            try transaction.own(renewed.enrolment)
            try transaction.append(lines[0])
            try transaction.keep(
                signature: try renewed.key.sign(statement), keyID: String(renewed.key.publicKey.hex.prefix(16)),
                for: statement)
        }
        #expect(try ledger.verify().fault == nil)
        let stranger = try Publisher("KFF", seed: 8)
        var kff = stranger
        let more = try kff.lines(1)
        try ledger.store.commit(at: morning + 9) { try kff.append(more, to: $0) }
        #expect(try ledger.verify().fault?.contains("the signature of KFF/1 is not by a key enrolled") == true)
    }

    @Test("what comes after a revocation is not good by the key that was revoked; enrolled again it is")
    func revoked() throws {
        let ledger = try SmallLedger()
        var (bif, word) = (ledger.bif, ledger.bif.enrolment)
        word.revoked = .init(by: "operator")
        let lines = try bif.lines(1)
        try ledger.store.commit(at: morning + 9) { try $0.own(word) }
        #expect(try ledger.verify().fault == nil, "what it signed before stays good")
        #expect(try LedgerStore.keyHistory(folder: ledger.folder.path).last?.enrolment == word)
        let copy = try TemporaryFolder()
        for file in try FileManager.default.contentsOfDirectory(atPath: ledger.folder.path) {
            try FileManager.default.copyItem(
                atPath: "\(ledger.folder.path)/\(file)", toPath: "\(copy.path)/\(file)")
        }
        try ledger.store.commit(at: morning + 9) { transaction in try bif.append(lines, to: transaction) }
        #expect(try ledger.verify().fault?.contains("the signature of BIF/6 is not by a key enrolled") == true)
        let other = try LedgerStore(folder: copy.path, synthetic: false, key: ledger.key)
        try other.commit(at: morning + 9) { transaction in
            try transaction.own(ledger.bif.enrolment)
            try bif.append(lines, to: transaction)
        }
        #expect(try other.verify(brokerKey: ledger.key.publicKey).fault == nil)
    }

    @Test("another broker's key does not verify this ledger")
    func otherBroker() throws {
        let ledger = try SmallLedger()
        let check = try LedgerVerifier.verify(folder: ledger.folder.path, brokerKey: SigningKey().publicKey)
        #expect(check.fault?.contains("the signature of broker/2") == true)
    }

    @Test("a ledger that is not there is missing, and none is made")
    func missing() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: StoreError.self) {
            try LedgerVerifier.verify(folder: folder.path, brokerKey: nil)
        }
        #expect(error?.code == .missing)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
