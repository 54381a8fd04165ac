import Foundation
import Glibc
import SimulatedDisk
import Synchronization
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

    @Test("a quota that is used up is a full disk, and no other error of a write is")
    func quota() throws {
        let disk = SimulatedDisk(folder.path)
        let log = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: true)
        let head = try log.head()
        for (failure, code) in [(SimulatedDisk.Failure.quota, StoreError.Code.full), (.inputOutput, .failed)] {
            disk.fail(.writes, at: 1, failure, lasting: true)
            let error = #expect(throws: StoreError.self) {
                try log.append(at: morning) { _ in [PublisherLogTests.draft("a")] }
            }
            #expect(disk.failed > 0 && error?.code == code, "\(error?.message ?? "")")
            let says = "no space left on the disk (Disk quota exceeded), nothing was saved"
            #expect(error?.message.contains(says) == (code == .full), "\(error?.message ?? "")")
            disk.heal()
            #expect(try log.head() == head)
        }
        _ = try log.append(at: morning) { _ in [PublisherLogTests.draft("a")] }
        #expect(try log.head().seq == head.seq + 1)
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

    @Test(
        "a reserved file is written again on a full disk, and by a process that starts on it; what has no room leaves it as it was",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func reserved() throws {
        let disk = try #require(try TinyDisk(folder.path, mebibytes: 1))
        let path = disk.path + "/state.json"
        func text(_ number: Int, _ size: Int) -> [UInt8] {
            Array("\(number) \(String(repeating: "x", count: size))".utf8)
        }
        func said() throws -> [UInt8] {
            let bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
            return Array(bytes.prefix { $0 != UInt8(ascii: "x") }) + bytes.filter { $0 == UInt8(ascii: "x") }
        }
        try ReservedFile(path).write(text(0, 20_000))
        try disk.fill()
        for number in 1...20 {
            let bytes = text(number, number.isMultiple(of: 2) ? 10 : 39_000)
            try ReservedFile(path).write(bytes)
            #expect(try said() == bytes)
            // No space was let go of either: somebody else would have it.
            try disk.fill()
        }
        let error = #expect(throws: StoreError.self) { try ReservedFile(path).write(text(21, 100_000)) }
        #expect(error?.code == .full)
        #expect(try said() == text(20, 10))
        try ReservedFile(path).write(text(22, 10))
        #expect(try said() == text(22, 10))
        disk.free()
        try ReservedFile(path).write(text(23, 100_000))
        try disk.fill()
        try ReservedFile(path).write(text(24, 150_000))
        #expect(try said() == text(24, 150_000))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: disk.path).sorted()
                == ["ballast", "state.json", "state.json.spare"])
    }

    @Test("who reads a reserved file while it is written gets all of one text or all of another")
    func whole() throws {
        let path = folder.path + "/state.json"
        let file = ReservedFile(path)
        func text(_ letter: String, _ size: Int) -> [UInt8] { Array(String(repeating: letter, count: size).utf8) }
        try file.write(text("a", 9))
        let isOver = Mutex(false)
        let reads = Mutex(0)
        let reader = Thread {
            while !isOver.withLock({ $0 }) {
                let bytes = FileManager.default.contents(atPath: path) ?? Data()
                let letters = Set(bytes.filter { $0 != UInt8(ascii: " ") })
                let count = bytes.count { $0 != UInt8(ascii: " ") }
                #expect(letters.count == 1 && (count == 9 || count == 30_000), "\(letters) \(count)")
                reads.withLock { $0 += 1 }
            }
        }
        reader.start()
        var written = 0
        while written < 200 || reads.withLock({ $0 }) < 200 {
            try file.write(text("b", 30_000))
            try file.write(text("a", 9))
            written += 2
        }
        isOver.withLock { $0 = true }
    }
}
