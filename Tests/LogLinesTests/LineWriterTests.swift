import Foundation
import Glibc
import LogLines
import Synchronization
import Testing

@Suite("The writer of a service's log")
struct LineWriterTests {
    private final class Flag: Sendable {
        private let value = Mutex(false)
        var isSet: Bool { value.withLock { $0 } }
        func set() { value.withLock { $0 = true } }
    }

    /// Writes on a thread of its own: a writer that waits for its reader is then seen to wait, and holds up no test.
    private func write(_ lines: [String], to writer: LineWriter) throws {
        let done = Flag()
        Thread.detachNewThread {
            for line in lines { writer.write(line + "\n") }
            done.set()
        }
        for _ in 0..<1000 where !done.isSet { poll(nil, 0, 10) }
        try #require(done.isSet, "it waits for a reader")
    }

    /// All that comes until the writing end is closed.
    private func lines(_ pipe: Pipe) throws -> [Substring] {
        let bytes = try #require(try pipe.fileHandleForReading.readToEnd())
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }

    private func writer(_ pipe: Pipe) -> LineWriter {
        LineWriter(pipe.fileHandleForWriting.fileDescriptor) { "\($0) dropped" }
    }

    @Test("a reader that stalls holds nothing up, and gets each line in its order when it reads again")
    func stalled() throws {
        let pipe = Pipe()
        let writer = writer(pipe)
        // More than the pipe takes (64 KiB), one line longer than what a pipe takes whole, no more than what may wait.
        var said = (0..<2_000).map { "line \($0) " + String(repeating: "x", count: 80) }
        said[1_000] += String(repeating: "y", count: 20_000)
        try write(said, to: writer)
        writer.finish(milliseconds: 50)
        Thread.detachNewThread {
            writer.finish(milliseconds: 10_000)
            try? pipe.fileHandleForWriting.close()
        }
        #expect(try lines(pipe).map(String.init) == said)
    }

    @Test("what is more than may wait is dropped, and how much that was stands in its place")
    func dropped() throws {
        let pipe = Pipe()
        let writer = writer(pipe)
        let said = (0..<10_000).map { "line \($0) " + String(repeating: "x", count: 80) }
        try write(said, to: writer)
        Thread.detachNewThread {
            writer.finish(milliseconds: 10_000)
            writer.write("after\n")
            try? pipe.fileHandleForWriting.close()
        }
        let read = try lines(pipe).map(String.init)
        let kept = read.count - 2
        #expect(Array(read.prefix(kept)) == Array(said.prefix(kept)))
        #expect(read.suffix(2) == ["\(said.count - kept) dropped", "after"])
        #expect(kept * 90 > LineWriter.room && kept < said.count)
    }

    @Test("a reader that is gone, and a full disk, end nothing")
    func gone() throws {
        surviveBrokenPipes()
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        try write(["a", "b"], to: writer(pipe))
        // Gone while lines wait for it.
        let stalled = Pipe()
        let waiting = writer(stalled)
        try write((0..<1_000).map { "\($0) " + String(repeating: "x", count: 200) }, to: waiting)
        try stalled.fileHandleForReading.close()
        waiting.finish(milliseconds: 10_000)
        try write(["c"], to: waiting)
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        try write(["a", "b"], to: LineWriter(full) { "\($0) dropped" })
    }
}
