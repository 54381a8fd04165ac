import Foundation
import Glibc
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("Waking when a log grows")
struct LogWatchTests {
    /// Whether the descriptor is readable within a second.
    private func isReadable(_ watch: LogWatch, within milliseconds: CInt = 1_000) -> Bool {
        var entry = pollfd(fd: watch.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) == 1
    }

    @Test("what another appends to the log wakes, each time; once taken, it is quiet")
    func wakes() throws {
        let folder = try TemporaryFolder()
        let running = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: true)
        let watch = try #require(LogWatch(folder: folder.path))
        watch.drain()
        #expect(!isReadable(watch, within: 0))
        for round in 1...3 {
            // As `enter`: opened, appended, closed.
            let other = try PublisherLog(folder: folder.path, publisher: "BIF", synthetic: false, create: false)
            _ = try other.append(at: morning) { _ in
                [
                    PublisherLog.Draft(
                        kind: RecordKind("x-note"), id: "n", policy: nil, by: Author(role: "node"),
                        body: Array("{}".utf8))
                ]
            }
            #expect(isReadable(watch), "round \(round)")
            #expect(try running.head().seq == Int64(round))
            watch.drain()
            #expect(!isReadable(watch, within: 0))
        }
    }

    @Test("without the folder there is no watch")
    func missing() throws { #expect(LogWatch(folder: "/tmp/none/\(UInt32.random(in: 0 ... .max))") == nil) }
}
