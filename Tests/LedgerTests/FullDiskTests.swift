import Foundation
import Glibc
import Testing
import TortureKit
import Wire

@testable import Ledger

@Suite("A full disk")
struct FullDiskTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "the ledger stores nothing, says the disk is full, and goes on when there is space",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func ledger() throws {
        let disk = try #require(try TinyDisk(folder.path, mebibytes: 1))
        let key = SigningKey()
        let store = try LedgerStore(folder: disk.path, synthetic: false, key: key)
        var bif = try Publisher("BIF", seed: 2)
        let first = try bif.lines(3)
        try store.commit(at: morning) { transaction in
            try transaction.own(bif.enrolment)
            try bif.append(first, to: transaction)
        }
        let head = store.head
        try disk.fill()
        let more = try bif.lines(50, text: String(repeating: "x", count: 2000))
        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) {
                try store.commit(at: morning) { try bif.append(more, to: $0) }
            }
            #expect(error?.code == .full, "\(error?.message ?? "")")
            #expect(error?.message.contains("no space left on the disk, nothing was saved") == true)
            #expect(store.head == head)
            #expect(store.publishers["BIF"]?.head.seq == 3)
        }
        // Reading goes on.
        #expect(try store.read(after: 0, filter: nil).lines.count == 4)
        disk.free()
        try store.commit(at: morning) { try bif.append(more, to: $0) }
        #expect(store.head.position == 54)
        #expect(try store.verify(brokerKey: key.publicKey).fault == nil)
        #expect(try LedgerStore(folder: disk.path, synthetic: false, key: key).head == store.head)
    }

    @Test(
        "a publisher's log stores nothing, says the disk is full, and goes on when there is space",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func log() throws {
        let disk = try #require(try TinyDisk(folder.path, mebibytes: 1))
        let log = try PublisherLog(folder: disk.path, publisher: "BIF", synthetic: false, create: true)
        _ = try log.append(at: morning) { _ in [PublisherLogTests.draft("a")] }
        let head = try log.head()
        try disk.fill()
        let drafts = (0..<50).map { PublisherLogTests.draft("n\($0)", text: String(repeating: "x", count: 2000)) }
        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) { try log.append(at: morning) { _ in drafts } }
            #expect(error?.code == .full, "\(error?.message ?? "")")
            #expect(try log.head() == head)
        }
        disk.free()
        _ = try log.append(at: morning) { _ in drafts }
        let again = try PublisherLog(folder: disk.path, publisher: "BIF", synthetic: false, create: false)
        #expect(try again.head().seq == 51)
        #expect(try again.lines(after: 0).count == 51)
    }

    @Test(
        "a small file is written whole or not at all on a full disk",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func file() throws {
        let disk = try #require(try TinyDisk(folder.path, mebibytes: 1))
        let path = disk.path + "/state.json"
        try writeFile(path, Array("old".utf8), mode: 0o600)
        try disk.fill()
        let error = #expect(throws: StoreError.self) {
            try writeFile(path, [UInt8](repeating: 65, count: 9000), mode: 0o600)
        }
        #expect(error?.code == .full)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: disk.path).sorted() == ["ballast", "state.json"])
    }
}
