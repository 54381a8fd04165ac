import Foundation
import GRDB
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("Refused places, asked for")
struct RefusalTests {
    /// Of BIF and BUF by turns; of BIF all but each tenth line is refused.
    private static let count = 1_200

    private func made() throws -> (SmallLedger, bif: [Line]) {
        let ledger = try SmallLedger()
        let owner = Violation(rule: "owner", message: "nej")
        var lines: [Line] = []
        for _ in 0..<Self.count / 100 {
            let (bif, buf) = (try ledger.bif.lines(100), try ledger.buf.lines(100))
            lines += bif
            try ledger.store.commit(at: morning + 60) { transaction in
                for (mine, others) in zip(bif, buf) {
                    if mine.envelope.seq.isMultiple(of: 10) {
                        try transaction.append(mine)
                    } else {
                        try transaction.refuse(mine, owner)
                    }
                    try transaction.refuse(others, owner)
                }
                try ledger.bif.sign(bif[99], in: transaction)
            }
        }
        return (ledger, lines)
    }

    @Test(
        "from each place on, they and the lines between them are given in order; one that was redacted by the order on it"
    )
    func places() throws {
        var (ledger, lines) = try made()
        let taken = lines[700]
        let order = try ledger.bif.order(on: taken)
        try ledger.store.commit(at: morning + 61) { try ledger.bif.append([order], to: $0) }
        lines.append(order)
        for after in [0, 5, 6, 100, 699, 704, 705, 1_100, 1_204, 1_205] {
            let given = try ledger.store.lines(of: "BIF", log: ledger.bif.log, after: Int64(after))
            let wanted = lines.filter { $0.envelope.seq > after }.prefix(1_000)
            let first = after < 5 ? 5 - after : 0
            #expect(given.count == min(1_000, wanted.count + first), "after \(after)")
            for (line, meant) in zip(given.dropFirst(first), wanted) {
                guard let place = line.refusedPlace else {
                    #expect(line.bytes == meant.bytes)
                    continue
                }
                #expect(place.name == meant.name && place.hash == meant.hash)
                #expect(place.rule == (meant.name == taken.name ? "body.redacted" : "owner"))
            }
        }
    }

    @Test("what asking for some costs does not grow with how many there are")
    func cost() throws {
        let (ledger, _) = try made()
        let store = ledger.store
        let all = try steps(store.database) {
            let none = try store.database.read { try store.redactedRefusals(of: "BIF", log: ledger.bif.log, $0) }
            #expect(none.isEmpty)
        }
        for after in [5, 600, 1_195] as [Int64] {
            let some = try steps(store.database) {
                let found = try store.database.read {
                    try store.refusals(of: "BIF", log: ledger.bif.log, in: after + 1...after + 9, $0)
                }
                #expect(found.count == 8 || found.count == 9, "after \(after)")
            }
            #expect(some * 4 < all, "after \(after): \(some) thousand steps, and \(all) for going over all")
        }
    }
}
