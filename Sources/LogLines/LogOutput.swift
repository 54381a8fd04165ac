internal import Foundation
internal import Glibc
internal import Synchronization

/// Writes the lines of a log to a descriptor and never waits for who reads there: a terminal halted with Ctrl-S, a pager, a stuck pipe
/// must not hold up a service. What cannot be written at once waits in memory, in its order, and goes out on a thread of its own as it is
/// read. What cannot be written at all (a full disk, a reader that is gone) is dropped: a log ends no service.
public final class LogOutput: Sendable {
    /// Bytes that wait at most; what comes on top is dropped, and how much that was is said when there is room.
    public static let room = 256 * 1024

    private struct State {
        var waiting: [UInt8] = []
        /// Lines that were dropped, not yet said.
        var dropped = 0
        /// Whether the thread runs that writes what waits: till it is done, nothing else writes.
        var isDraining = false
    }

    private let descriptor: Int32
    private let way: Way
    private let sayDropped: @Sendable (Int) -> String
    private let state = Mutex(State())

    /// What makes a write return at once. Not `O_NONBLOCK` on the descriptor itself: all who share it would have it too.
    private enum Way {
        /// A file; else what is only asked (poll(2)) whether it has room for something.
        case asItIs
        case socket
        /// The same pipe or terminal, opened once more for this.
        case ownDescriptor(Int32)

        init(_ descriptor: Int32) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else {
                self = .asItIs
                return
            }
            switch status.st_mode & S_IFMT {
            case S_IFSOCK: self = .socket
            case S_IFIFO, S_IFCHR:
                let own = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
                self = own < 0 ? .asItIs : .ownDescriptor(own)
            default: self = .asItIs
            }
        }
    }

    /// - Parameters:
    ///   - descriptor: left open.
    ///   - sayDropped: the line, without its line break, that stands in the place of so many dropped ones.
    public init(_ descriptor: Int32, sayDropped: @escaping @Sendable (_ lines: Int) -> String) {
        self.descriptor = descriptor
        way = Way(descriptor)
        self.sayDropped = sayDropped
    }

    deinit { if case .ownDescriptor(let own) = way { close(own) } }

    /// Takes a line with its line break. In one write where that is possible, so that the lines of several processes on one pipe stay whole.
    public func write(_ line: String) {
        state.withLock { state in
            var rest = Array(line.utf8)[...]
            // A pipe that can be written takes this much without waiting.
            while !state.isDraining, !rest.isEmpty {
                guard let count = put(rest.prefix(Int(PIPE_BUF))) else { return }
                rest = rest.dropFirst(count)
                if count == 0 {
                    state.isDraining = true
                    Thread.detachNewThread { [self] in drain() }
                }
            }
            guard !rest.isEmpty else { return }
            // Nothing behind what is missing, until that is said.
            if state.dropped == 0, state.waiting.count + rest.count <= Self.room {
                state.waiting += rest
            } else {
                state.dropped += 1
            }
        }
    }

    /// Waits until nothing waits any more, so long at most: for the last words of a process.
    public func finish(milliseconds: Int32) {
        for _ in 0..<max(1, milliseconds / 10) where state.withLock({ $0.isDraining }) { poll(nil, 0, 10) }
    }

    /// Whether there is room for something; also where a write fails at once.
    private func hasRoom(within milliseconds: Int32) -> Bool {
        var one = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&one, 1, milliseconds) > 0
    }

    /// Writes what waits, waiting for its reader.
    private func drain() {
        while var rest = next() {
            while !rest.isEmpty, let count = put(rest) {
                rest = rest.dropFirst(count)
                if count == 0 { _ = hasRoom(within: 1000) }
            }
        }
    }

    private func next() -> ArraySlice<UInt8>? {
        state.withLock { state in
            if state.waiting.isEmpty, state.dropped > 0 {
                state.waiting = Array((sayDropped(state.dropped) + "\n").utf8)
                state.dropped = 0
            }
            guard !state.waiting.isEmpty else {
                state.isDraining = false
                return nil
            }
            let first = state.waiting.prefix(Int(PIPE_BUF))
            state.waiting.removeFirst(first.count)
            return first
        }
    }

    /// - Returns: how many bytes were written: 0 where it would wait; nil where it cannot be done.
    private func put(_ bytes: ArraySlice<UInt8>) -> Int? {
        while true {
            let count = bytes.withUnsafeBytes { bytes in
                switch way {
                case .asItIs: hasRoom(within: 0) ? Glibc.write(descriptor, bytes.baseAddress, bytes.count) : 0
                case .socket: send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
                case .ownDescriptor(let own): Glibc.write(own, bytes.baseAddress, bytes.count)
                }
            }
            if count >= 0 { return count }
            guard errno == EINTR || errno == EAGAIN else { return nil }
            if errno == EAGAIN { return 0 }
        }
    }
}
