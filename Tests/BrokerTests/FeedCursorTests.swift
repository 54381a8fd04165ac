import PolicyModel
import Testing
import Wire

@testable import Broker

@Suite("A consumer's place in the feed")
struct FeedCursorTests {
    private var cursor = FeedCursor(position: 0, filter: nil, credit: 8)
    /// Only what stands at 3 and 7 concerns it.
    private let lines: [DeliveredLine]

    init() throws {
        var bif = Sender()
        lines = try [3, 7].map {
            DeliveredLine(position: $0, received: "2026-11-23T08:15:01.000Z", root: nil, line: try bif.line())
        }
    }

    /// The types and positions of what is said at `milliseconds` when the ledger ends at `head`.
    private mutating func advance(to head: Int64, at milliseconds: Int, taken: Bool = true) -> [String] {
        var said: [String] = []
        let lines = lines
        let wasTaken = cursor.advance(
            to: head, now: .milliseconds(milliseconds), token: "t",
            read: { after, _ in (lines.filter { $0.position > after && $0.position <= head }, head) },
            root: { _ in nil }
        ) { header, _ in
            said.append("\(header.type) \(header.position ?? -1) after \(header.after ?? -1)")
            return taken
        }
        #expect(wasTaken || !taken)
        return said
    }

    @Test(
        "it is told that it has caught up at once, then ten times a second at most, and the last time for good; what concerns it does not wait"
    )
    mutating func endPause() {
        #expect(advance(to: 2, at: 0) == ["end 2 after 0"])
        #expect(cursor.isDone(at: 2) && cursor.endDue(at: 2) == nil)
        #expect(advance(to: 3, at: 1) == ["deliver 3 after 2"])
        for head in 4...6 { #expect(advance(to: Int64(head), at: head).isEmpty) }
        #expect(!cursor.isDone(at: 6) && cursor.endDue(at: 6) == .milliseconds(100))
        #expect(advance(to: 7, at: 8) == ["deliver 7 after 3"])
        #expect(advance(to: 8, at: 99).isEmpty)
        #expect(advance(to: 8, at: 100) == ["end 8 after 7"])
        #expect(cursor.isDone(at: 8) && cursor.endDue(at: 8) == nil)
        #expect(advance(to: 9, at: 5_000) == ["end 9 after 8"], "long quiet: at once")
    }

    @Test("what its queue did not take is said again")
    mutating func notTaken() {
        #expect(advance(to: 2, at: 0, taken: false) == ["end 2 after 0"])
        #expect(!cursor.isDone(at: 2))
        #expect(advance(to: 2, at: 1) == ["end 2 after 0"])
        #expect(advance(to: 3, at: 2, taken: false) == ["deliver 3 after 2"])
        #expect(advance(to: 4, at: 101) == ["deliver 4 after 2", "end 4 after 4"])
    }
}
