import Foundation
import Glibc
import LogLines
import Synchronization
import Testing

@Suite("The writer of a service's log")
struct LogOutputTests {
    private final class Flag: Sendable {
        private let value = Mutex(false)
        var isSet: Bool { value.withLock { $0 } }
        func set() { value.withLock { $0 = true } }
    }

    /// Writes on a thread of its own: a writer that waits for its reader is then seen to wait, and holds up no test.
    private func write(_ lines: [String], to writer: LogOutput) throws {
        let done = Flag()
        Thread.detachNewThread {
            for line in lines { writer.write(line + "\n") }
            done.set()
        }
        for _ in 0..<1000 where !done.isSet { poll(nil, 0, 10) }
        try #require(done.isSet, "it waits for a reader")
    }

    /// All lines that come, up to `last`; ten seconds at most.
    private func lines(_ reader: Int32, to last: String) throws -> [String] {
        let end = ContinuousClock.now + .seconds(10)
        var (bytes, buffer): ([UInt8], [UInt8]) = ([], .init(repeating: 0, count: 65_536))
        while !bytes.suffix(last.utf8.count + 2).contains(last.utf8), ContinuousClock.now < end {
            var one = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
            guard poll(&one, 1, 100) > 0 else { continue }
            let count = read(reader, &buffer, buffer.count)
            bytes += buffer.prefix(max(0, count))
        }
        bytes.removeAll { $0 == UInt8(ascii: "\r") }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func writer(_ pipe: Pipe) -> LogOutput {
        LogOutput(pipe.fileHandleForWriting.fileDescriptor) { "\($0) dropped" }
    }

    @Test("a reader that stalls holds nothing up, and gets each line in its order when it reads again")
    func stalled() throws {
        let pipe = Pipe()
        let writer = writer(pipe)
        // More than the pipe takes (64 KiB), one line longer than what a pipe takes whole, no more than what may wait.
        var said = (0..<2_000).map { "line \($0) " + String(repeating: "x", count: 80) }
        said[1_000] += String(repeating: "y", count: 20_000)
        try write(said, to: writer)
        #expect(try lines(pipe.fileHandleForReading.fileDescriptor, to: said[1_999]) == said)
    }

    @Test("a terminal that nobody reads, and a socket, hold nothing up")
    func terminal() throws {
        // As `posix_openpt` and its like do it (pts(4)): Glibc's module has none of them.
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
        var (locked, name): (Int32, Int32) = (0, 0)
        try #require(ioctl(terminal, unlock, &locked) == 0 && ioctl(terminal, number, &name) == 0)
        let end = open("/dev/pts/\(name)", O_RDWR | O_NOCTTY)
        try #require(end >= 0)
        var pair: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        // Of lengths that fill what there is to the last byte.
        let said = (0..<3_000).map { "line \($0) " + String(repeating: "x", count: $0 % 97) }
        for (descriptor, reader) in [(end, terminal), (pair[0], pair[1])] {
            let writer = LogOutput(descriptor) { "\($0) dropped" }
            try write(said, to: writer)
            #expect(try lines(reader, to: said[2_999]) == said)
        }
        for descriptor in [terminal, end] + pair { close(descriptor) }
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
        }
        let read = try lines(pipe.fileHandleForReading.fileDescriptor, to: "after")
        let kept = read.count - 2
        #expect(Array(read.prefix(kept)) == Array(said.prefix(kept)))
        #expect(read.suffix(2) == ["\(said.count - kept) dropped", "after"])
        #expect(kept * 90 > LogOutput.room && kept < said.count)
    }

    @Test("a reader that is gone, and a full disk, end nothing")
    func gone() throws {
        surviveFailedWrites()
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
        try write(["a", "b"], to: LogOutput(full) { "\($0) dropped" })
    }
}
