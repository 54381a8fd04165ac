import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("The clock of records")
struct RecordClockTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func time(_ text: String) throws -> Date { try #require(Timestamp.date(text)) }

    private func error(_ body: () throws -> Void) -> StoreError? {
        do {
            try body()
            return nil
        } catch { return error as? StoreError }
    }

    @Test("real data goes by the system's clock, and a folder of it that has a clock is refused by every way in")
    func real() throws {
        let data = try DataFolder(creating: folder.path, synthetic: false)
        #expect(data.clock == .system)
        let said = error { try data.setClock(to: try time("2019-01-02T09:00:00Z")) }
        #expect(said?.code == .foreign)
        #expect(said?.message.contains("holds real data: its clock is the system's") == true)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/clock"))

        try Data("2019-01-02T09:00:00Z\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/clock"))
        // Whatever lies there, who has the folder open goes on with the real time.
        #expect(abs(try data.clock.now().timeIntervalSinceNow) < 60)
        for body in [
            { _ = try DataFolder(existing: folder.path) },
            { _ = try DataFolder(creating: folder.path, synthetic: false) },
            { _ = try RecordClock(around: folder.path + "/nodes/BIF") },
        ] as [() throws -> Void] {
            let refused = error(body)
            #expect(refused?.code == .foreign)
            #expect(refused?.message.contains("\(folder.path)/clock sets a clock") == true, "\(refused?.message ?? "")")
            #expect(refused?.message.contains("Remove the file") == true)
        }
    }

    @Test("example data goes by the system's clock until its own is set; then it stands still, for every process")
    func set() throws {
        let data = try DataFolder(creating: folder.path, synthetic: true)
        #expect(try data.clock.set == nil)
        #expect(abs(try data.clock.now().timeIntervalSinceNow) < 60)
        let wanted = try time("2019-01-02T09:00:00Z")
        try data.setClock(to: wanted)
        #expect(try data.clock.now() == wanted)
        #expect(try DataFolder(existing: folder.path).clock.now() == wanted)
        for inside in ["/nodes/BIF", "/policies/lgbti", "/coordinator", "/nodes/BIF/"] {
            #expect(try RecordClock(around: folder.path + inside).now() == wanted, "\(inside)")
        }
        #expect(try RecordClock(around: "/tmp/none/nodes/BIF") == .system)
        #expect(try shell("cat '\(folder.path)/clock'") == "2019-01-02T09:00:00Z\n")
    }

    @Test("it goes forward and never back, and says why")
    func forward() throws {
        let data = try DataFolder(creating: folder.path, synthetic: true)
        try data.setClock(to: try time("2019-12-31T09:00:00Z"))
        let said = error { try data.setClock(to: try time("2019-12-31T08:59:59Z")) }
        #expect(said?.code == .failed)
        #expect(
            said?.message.contains("stands at 2019-12-31T09:00:00Z and cannot go back to 2019-12-31T08:59:59Z") == true)
        try data.setClock(to: try time("2019-12-31T09:00:00Z"))
        try data.setClock(to: try time("2020-01-01T00:00:00Z"))
        #expect(try data.clock.now() == time("2020-01-01T00:00:00Z"))
    }

    @Test("it is not set to a time before a record, in the ledger or in a log, though the clock's file is not there")
    func behindRecords() throws {
        let data = try DataFolder(creating: folder.path, synthetic: true)
        let log = try PublisherLog(
            folder: data.plugin("BIF", isNode: true), publisher: "BIF", synthetic: true, create: true)
        _ = try log.append(at: try time("2020-05-05T10:00:00Z")) { _ in
            [
                PublisherLog.Draft(
                    kind: RecordKind("x-note"), id: "n", policy: nil, by: Author(role: "node"), body: Array("{}".utf8))
            ]
        }
        let node = error { try data.setClock(to: try time("2020-05-05T09:59:59Z")) }
        #expect(node?.message.contains("nodes/BIF/log.sqlite holds a record of 2020-05-05T10:00:00Z") == true)
        try data.setClock(to: try time("2020-05-05T10:00:00Z"))

        let key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
        let ledger = try LedgerStore(folder: data.broker, synthetic: true, key: key)
        try ledger.commit(at: try time("2021-01-01T00:00:00Z")) {
            try $0.own(Enrolment(publisher: "BIF", role: .node, curveKey: "c", signKey: "s", admittedBy: "test"))
        }
        let broker = error { try data.setClock(to: try time("2020-12-31T00:00:00Z")) }
        #expect(broker?.message.contains("ledger.sqlite holds a record of 2021-01-01T00:00:00.000Z") == true)
        try data.setClock(to: try time("2021-01-01T00:00:00Z"))
    }

    @Test("one process at a time sets it")
    func held() throws {
        let data = try DataFolder(creating: folder.path, synthetic: true)
        let hand = try ClockHand(data)
        try hand.set(to: try time("2019-01-02T07:00:00Z"))
        let other = error { try data.setClock(to: try time("2020-01-02T07:00:00Z")) }
        #expect(other?.code == .held)
        #expect(
            other?.message.contains("held by another process that sets its clock") == true, "\(other?.message ?? "")")
        try hand.set(to: try time("2019-06-02T07:00:00Z"))
        #expect(try data.clock.now() == time("2019-06-02T07:00:00Z"))
    }

    @Test(
        "a file that holds no time is damaged, never a guess",
        arguments: [
            "", "2019-12-31", "2019-12-31T09:00:00Z", "2019-13-31T09:00:00Z\n", "2019-12-31T09:00:00+01:00\n", "x\n",
        ])
    func damaged(text: String) throws {
        let data = try DataFolder(creating: folder.path, synthetic: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/clock"))
        #expect(error { _ = try data.clock.now() }?.code == .damaged)
        #expect(error { try data.setClock(to: Date()) }?.code == .damaged)
    }
}
