import Foundation
import Testing
import TortureKit
import Wire

@testable import Broker
@testable import Ledger

@Suite("One wrong bit in what leads to all else of a ledger's file")
struct FirstPageTorture {
    let folder: TemporaryFolder
    let data: DataFolder
    let key = SigningKey()
    let file: String
    /// Of the ledger as it was.
    let whole: [UInt8]
    let head: LedgerStore.Head
    /// Bytes of a page.
    let page = 16_384

    /// Some records of BIF, the coordinator's copy of them, and what the broker last said.
    init() throws {
        folder = try TemporaryFolder()
        data = try DataFolder(creating: folder.path + "/var", synthetic: false)
        file = data.broker + "/ledger.sqlite"
        var bif = Sender()
        let lines = try bif.lines(3)
        let statement = BatchStatement(publisher: "BIF", log: bif.log, seq: 3, hash: lines[2].hash)
        do {
            let store = try LedgerStore(folder: data.broker, synthetic: false, key: key)
            let (enrolment, signing) = (bif.enrolment, bif.signing)
            try store.commit(at: Date(timeIntervalSince1970: 1_795_421_700)) { transaction in
                try transaction.own(enrolment)
                for line in lines { try transaction.append(line) }
                try transaction.keep(
                    signature: try signing.sign(statement), keyID: String(signing.publicKey.hex.prefix(16)),
                    for: statement)
            }
            let copy = try Replica(folder: data.coordinator, create: true)
            try copy.store(try store.read(after: 0, filter: nil).lines, upTo: store.head.position)
            head = store.head
            #expect(try store.database.scrub(patience: 0))
        }
        whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
        try BrokerState(
            pid: 1, started: "2026-11-26T00:00:00Z", endpoints: [], key: "", signKey: "", synthetic: false,
            position: head.position, root: head.root.hex, plugins: [], broken: [], pendingKeys: [:]
        ).write(data)
    }

    /// Starts with this bit wrong; returns what was said, nil where the ledger is as it was.
    private func opened(_ byte: Int, bit: Int) throws -> StoreError? {
        for name in try FileManager.default.contentsOfDirectory(atPath: data.broker)
        where name.hasPrefix("ledger.sqlite") || name.hasPrefix("damaged-") {
            try FileManager.default.removeItem(atPath: "\(data.broker)/\(name)")
        }
        var bytes = whole
        bytes[byte] ^= 1 << UInt8(bit)
        try writeFile(file, bytes, mode: 0o600)
        do {
            let store = try LedgerDoor.open(data, key: key)
            #expect(store.head == head, "byte \(byte), bit \(bit)")
        } catch let error as StoreError { return error }
        let check: Verification
        do { check = try LedgerVerifier.verify(folder: data.broker, brokerKey: key.publicKey) } catch let error
            as StoreError
        {
            Issue.record("byte \(byte), bit \(bit): it was opened, and \(error)")
            return nil
        }
        #expect(check.fault == nil && check.root == head.root, "byte \(byte), bit \(bit): \(check)")
        return nil
    }

    @Test(
        "each bit of the header: the ledger is what it was after a start; but a format may be a newer program's, and then salvage is named"
    )
    func header() throws {
        let started = ContinuousClock.now
        // All bits of the last byte of what a ledger's header always holds, and one of each other.
        let fixed = Set(Array(18..<24) + [47, 55, 59, 63, 67, 71])
        var count = 0
        for byte in 0..<100 {
            for bit in fixed.contains(byte) || Torture.amount != .quick ? Array(0..<8) : [byte % 8] {
                count += 1
                guard let error = try opened(byte, bit: bit) else { continue }
                // 2 is written there now.
                let isLarger = (60..<64).contains(byte) && !(byte == 63 && bit == 1)
                #expect(
                    isLarger && error.code == .newerVersion && error.message.contains("pejling ledger salvage --help"),
                    "byte \(byte), bit \(bit): \(error)")
            }
        }
        Torture.report(
            "a ledger with a wrong bit in its header", "\(count) bits, all mended or a newer format", since: started)
    }

    @Test("a bit of each byte of what stands on the first page, and of the row that says what the ledger is")
    func schema() throws {
        let started = ContinuousClock.now
        // The table `meta` is the first, on the page behind.
        let bytes = (100..<2 * page).filter { whole[$0] != 0 }
        // How many entries there are, where they lie, in which order, and what type a column has.
        let seen = Set([105, 106, 110, 118, 126] + (0..<10).map { page + $0 })
        let type = try #require(Data(whole).range(of: Data("key_id TEXT".utf8)))
        let tried = bytes.enumerated().filter {
            Torture.amount != .quick || $0.offset.isMultiple(of: 41) || seen.contains($0.element)
                || type.contains($0.element)
        }.map(\.element)
        for byte in tried {
            if let error = try opened(byte, bit: byte % 8) { Issue.record("byte \(byte), bit \(byte % 8): \(error)") }
        }
        Torture.report(
            "a ledger with a wrong bit in the description of its tables",
            "\(tried.count) of \(bytes.count) bytes, all mended", since: started)
    }
}
