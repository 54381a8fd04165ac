import Foundation
import SimulatedDisk
import Synchronization
import Testing
import TortureKit
import Wire

@testable import Ledger

/// Files that were changed by no program of ours: cut short, or a bit flipped.
@Suite("A damaged ledger")
struct DamageTorture {
    /// A ledger of so many records, closed: one file, without a write-ahead log.
    private struct Original {
        let key: SigningKey
        let file: [UInt8]
        let id: String
        let content: [DeliveredLine]

        init(records: Int) throws {
            key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
            let folder = try TemporaryFolder()
            let disk = SimulatedDisk(folder.path)
            var bif = try Publisher("BIF", seed: 2)
            do {
                let store = try LedgerStore(folder: folder.path, synthetic: false, key: key)
                id = store.id
                try store.commit(at: morning) { try $0.own(bif.enrolment) }
                while store.head.position < records {
                    let lines = try bif.lines(min(records - Int(store.head.position), 50))
                    try store.commit(at: morning + Double(store.head.position)) { try bif.append(lines, to: $0) }
                }
                content = try Self.content(store)
            }
            file = try #require(disk["ledger.sqlite"])
            try #require(disk["ledger.sqlite-wal"] == nil && content.count == records)
        }

        static func content(_ store: LedgerStore) throws -> [DeliveredLine] {
            var all: [DeliveredLine] = []
            while true {
                let (lines, upTo) = try store.read(after: Int64(all.count), filter: nil)
                all += lines
                if upTo == store.head.position || lines.isEmpty { return all }
            }
        }

        /// How a start takes `bytes`: true when it stops and says why, false when all records are as they were.
        ///
        /// - Throws: when neither is so.
        func isRefused(_ bytes: [UInt8], _ folder: String) throws -> Bool {
            let disk = SimulatedDisk(folder)
            disk["ledger.sqlite"] = bytes
            do {
                let store = try LedgerStore(folder: folder, synthetic: false, key: key)
                guard try store.verify(brokerKey: key.publicKey).fault == nil else { return true }
                let there = try Self.content(store)
                guard there == content, store.id == id else {
                    throw Silent(description: "\(there.count) of \(content.count) records, and no word of it")
                }
                return false
            } catch is StoreError { return true }
        }
    }

    struct Silent: Error, CustomStringConvertible { let description: String }

    /// Tries each case on all cores; the names of those that changed a record and said nothing, and how many were refused.
    private func tryAll(
        _ original: Original, _ cases: [Int], _ change: @Sendable (Int, inout [UInt8]) -> String
    ) throws -> (silent: [String], refused: Int) {
        let workers = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let folders = try (0..<workers).map { _ in try TemporaryFolder() }
        defer { withExtendedLifetime(folders) {} }
        let paths = folders.map(\.path)
        let results = Mutex<(silent: [String], refused: Int)>(([], 0))
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            var refused = 0
            for index in stride(from: worker, to: cases.count, by: workers) {
                var bytes = original.file
                let name = change(cases[index], &bytes)
                do { if try original.isRefused(bytes, paths[worker]) { refused += 1 } } catch {
                    results.withLock { $0.silent.append("\(name): \(error)") }
                }
            }
            results.withLock { $0.refused += refused }
        }
        return results.withLock { $0 }
    }

    /// All of `range` in the long runs, a sample of the seed otherwise.
    private func sample(_ range: Range<Int>, quick: Int, torture: Int) -> [Int] {
        let count = Torture.count(quick: quick, torture: torture, long: .max)
        guard count < range.count else { return Array(range) }
        var numbers = SeededNumbers(seed: 1)
        return (0..<count).map { _ in Int.random(in: range, using: &numbers) }
    }

    @Test("a ledger that is cut at any byte is refused")
    func cut() throws {
        let started = ContinuousClock.now
        let original = try Original(records: 1000)
        let cases = sample(0..<original.file.count, quick: 400, torture: .max)
        // An empty file is a ledger that was never there: who has followed it says so.
        let (silent, refused) = try tryAll(original, cases.filter { $0 > 0 }) { size, bytes in
            bytes.removeLast(bytes.count - size)
            return "cut at byte \(size)"
        }
        #expect(silent.isEmpty, "\(silent.count) of \(cases.count): \(silent.prefix(5))")
        Torture.report(
            "ledger of 1,000 records cut at a byte",
            "\(cases.count) of \(original.file.count) bytes, \(refused) refused, \(silent.count) unnoticed",
            since: started)
    }

    @Test("a ledger with any bit flipped is refused, or all its records are as they were")
    func flipped() throws {
        let started = ContinuousClock.now
        let original = try Original(records: 200)
        var cases = sample(0..<original.file.count * 8, quick: 100, torture: 100_000)
        // Where the ledger keeps its own id no record stands, and every consumer goes by it.
        let id = try #require(Data(original.file).range(of: Data(original.id.utf8)))
        if cases.count < original.file.count * 8 { cases += (0..<8).map { id.lowerBound * 8 + $0 } }
        // And the names of columns, in the file's own description of its tables.
        for column in ["key_id", "signature", "publisher", "received", "synthetic"] {
            let name = try #require(Data(original.file).range(of: Data(column.utf8)))
            cases += (0..<8).map { name.lowerBound * 8 + $0 }
        }
        let (silent, refused) = try tryAll(original, cases) { bit, bytes in
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            return "bit \(bit % 8) of byte \(bit / 8)"
        }
        #expect(silent.isEmpty, "\(silent.count) of \(cases.count): \(silent.prefix(5))")
        Torture.report(
            "ledger of 200 records with a bit flipped",
            "\(cases.count) of \(original.file.count * 8) bits, \(refused) refused, \(silent.count) unnoticed",
            since: started)
    }
}
