import Synchronization

/// Wakes all that look at something from time to time at once: one timer, however many plugins there are.
final class Beat: Sendable {
    /// What the broker's host looks by.
    static let halfSecond = Beat(every: .milliseconds(500))

    private let interval: Duration
    /// Who waits; a timer runs while somebody does.
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

    init(every interval: Duration) { self.interval = interval }

    /// Returns at the next beat, after at most the interval. Is not cut short when the task is cancelled.
    func next() async {
        await withCheckedContinuation { continuation in
            let isFirst = waiting.withLock { waiting in
                waiting.append(continuation)
                return waiting.count == 1
            }
            guard isFirst else { return }
            Task {
                try? await Task.sleep(for: interval)
                let all = waiting.withLock { waiting in
                    defer { waiting = [] }
                    return waiting
                }
                for one in all { one.resume() }
            }
        }
    }
}
