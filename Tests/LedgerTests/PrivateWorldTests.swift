import Foundation
import Testing

@testable import Ledger

@Suite("A private store belongs to real or to example data")
struct PrivateWorldTests {
    @Test("from its first use on, whichever comes first", arguments: [true, false])
    func bound(synthetic: Bool) throws {
        let folder = try TemporaryFolder()
        func log(_ synthetic: Bool) throws -> PublisherLog {
            try PublisherLog(
                folder: "\(folder.path)/\(synthetic)", publisher: "BIF", synthetic: synthetic, create: true)
        }
        let store = try PrivateStore(folder: folder.path)
        try store.keep([
            PrivateStore.Draft(
                followUp: "p/2019", kind: "status", id: "p/bif/a|p/2019", at: "2019-12-01T09:00:00Z", entry: [])
        ])
        #expect(try store.drafts(log(synthetic)).count == 1)
        #expect(try PrivateStore(folder: folder.path).drafts(log(synthetic)).count == 1)
        let error = #expect(throws: StoreError.self) { try PrivateStore(folder: folder.path).drafts(log(!synthetic)) }
        #expect(error?.code == .foreign)
        #expect(error?.message.contains(synthetic ? "of example (synthetic) data in" : "of real data in") == true)
        #expect(try store.drafts(log(synthetic)).count == 1)
    }
}
