import Foundation
import Testing
import Wire

@testable import Broker
@testable import Ledger

@Suite("An operator's word on a log")
struct AdmissionTests {
    let folder: TemporaryFolder
    let store: LedgerStore
    let now = Date(timeIntervalSince1970: 1_795_421_700)
    let held: String
    let other = String(repeating: "c", count: 32)

    init() throws {
        folder = try TemporaryFolder()
        store = try LedgerStore(folder: folder.path, synthetic: false, key: SigningKey())
        var bif = Sender()
        held = bif.log
        let (enrolment, lines) = (bif.enrolment, try bif.lines(2))
        try store.commit(at: now) { transaction in
            try transaction.own(enrolment)
            for line in lines { try transaction.append(line) }
        }
    }

    private func admit(_ log: String, isUnseen: Bool = false, waiting: [String: String] = [:]) throws -> String {
        try store.admit(
            OperatorOrder.Admission(publisher: "BIF", log: log, isUnseen: isUnseen), waiting: waiting, at: now)
    }

    @Test("that nobody has come with is refused, with those that wait and those that are known; nothing is written")
    func unknown() throws {
        let waiting = ["BUF": String(repeating: "d", count: 32), "KFF": other]
        let error = #expect(throws: StoreError.self) { try admit(other, waiting: waiting) }
        #expect(error?.code == .foreign)
        for words in [
            "BIF has not come with log \(other)", "Waiting: BUF with dddd", "KFF with \(other)",
            "The ledger has of BIF: \(held)", "--yes",
        ] { #expect(error?.message.contains(words) == true, "\(error?.message ?? "")") }
        #expect(#expect(throws: StoreError.self) { try admit(other) }?.message.contains("Waiting: nobody") == true)
        #expect(store.head.position == 3 && store.publishers["BIF"]?.log == held)
        #expect(throws: StoreError.self) { try admit(String(other.dropLast()), isUnseen: true) }
    }

    @Test("is taken when the publisher waits with it, the ledger knows it, or the operator says that it is right")
    func taken() throws {
        #expect(try admit(held.uppercased()) == "BIF goes on with log \(held), as before")
        #expect(try admit(other, waiting: ["BIF": other]).contains("a new one"))
        // The one before is known still.
        #expect(try admit(held).contains("of which the ledger has 2 records"))
        #expect(try admit(String(repeating: "e", count: 32), isUnseen: true).contains("a new one"))
    }

    @Test("a publisher that the ledger does not know has no log to go on from")
    func stranger() throws {
        let word = OperatorOrder.Admission(publisher: "KFF", log: other)
        let error = #expect(throws: StoreError.self) { try store.admit(word, waiting: [:], at: now) }
        #expect(error?.message.contains("no log of KFF") == true)
    }
}
