import Foundation
import Synchronization
import ZeroMQ

/// SIGINT and SIGTERM, and the end of standard input where that is the lifeline, as something to await.
final class Stop: Sendable {
    private struct State {
        var isAsked = false
        var next = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }
    private let state = Mutex(State())

    /// - Parameter lifeline: whether end of file on standard input means stop.
    init(lifeline: Bool = false) throws {
        let signal = try StopSignal()
        _ = SocketThread { [self] in
            var poller = Poller()
            let signalIndex = poller.watch(signal)
            let lifelineIndex = lifeline ? poller.watch(descriptor: 0) : nil
            while true {
                // A poll that fails is no reason to go on unstoppable: stop.
                guard let ready = try? poller.wait(milliseconds: -1) else { break }
                if ready.contains(signalIndex) { break }
                if let lifelineIndex, ready.contains(lifelineIndex), Self.hasEnded() { break }
            }
            let waiters = state.withLock { state in
                state.isAsked = true
                defer { state.waiters = [:] }
                return state.waiters
            }
            for waiter in waiters.values { waiter.resume() }
        }
    }

    /// Nothing is ever sent on the lifeline; what comes is read and dropped.
    private static func hasEnded() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(0, &bytes, bytes.count)
        return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)
    }

    /// Returns when somebody asks to stop, or the task is cancelled. Any number may wait, one after another too.
    func wait() async {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isAsked || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}
