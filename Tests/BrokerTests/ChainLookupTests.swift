import Foundation
import GRDB
import Ledger
import PolicyModel
import Testing
import Wire

@testable import Broker

@Suite("What the ledger holds in a chain, asked by what cannot fail")
struct ChainLookupTests {
    @Test("not there is nil and no failure; a ledger that cannot be read is a failure, thrown once")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        let ledger = try LedgerStore(folder: folder.path, synthetic: false, key: SigningKey())
        let chain = ChainLookup(ledger)
        try ledger.commit(at: Date()) { transaction in
            for seq in 1...3 {
                try transaction.own(
                    Refusal(
                        record: RecordName(publisher: "BIF", log: String(repeating: "b", count: 32), seq: Int64(seq)),
                        hash: Hash.zero.hex, rule: "x", message: "y"))
            }
        }
        let log = try #require(ledger.publishers["broker"]).log
        #expect(chain.hash(publisher: "broker", log: log, seq: 2) != nil)
        #expect(chain.hash(publisher: "broker", log: log, seq: 9) == nil)
        try chain.check()
        // Another hand takes the table away.
        try DatabaseQueue(path: folder.path + "/ledger.sqlite").write { try $0.execute(sql: "DROP TABLE record") }
        #expect(chain.hash(publisher: "broker", log: log, seq: 2) == nil)
        #expect(throws: StoreError.self) { try chain.check() }
        try chain.check()
    }
}
