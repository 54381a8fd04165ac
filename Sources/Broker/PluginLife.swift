import Synchronization

/// What is known of one life of a plugin.
final class Life: Sendable {
    let ended = Ended()
    private let state = Mutex<(verdict: String?, hello: ContinuousClock.Instant?)>((nil, nil))
    private let open = Mutex(2)
    private let budget = Mutex(OutputBudget())
    private let born = ContinuousClock.now

    /// Why the host killed it; the first reason stands.
    var verdict: String? { state.withLock { $0.verdict } }
    /// When it said hello; nil when it never did.
    var hello: ContinuousClock.Instant? { state.withLock { $0.hello } }

    func condemn(_ cause: String) { state.withLock { $0.verdict = $0.verdict ?? cause } }
    func greeted() { state.withLock { $0.hello = .now } }

    /// Whether it may print this too; both its streams count.
    func mayPrint(_ bytes: Int, lines: Int) -> Bool {
        let now = ContinuousClock.now - born
        return budget.withLock { $0.takes(bytes, lines: lines, now: now) }
    }

    /// One of its two output streams is at its end. With both it counts as ended; with one only it may well be alive, and
    /// must still be watched and killed.
    func streamEnded() {
        let left = open.withLock { count in
            count -= 1
            return count
        }
        if left == 0 { ended.mark() }
    }
}

/// A flag that others wait for, within a bound.
final class Ended: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock { $0 } }
    func mark() { state.withLock { $0 = true } }

    /// True when it is set, false after `bound`; looks every `step`.
    func wait(_ bound: Duration, step: Duration = .milliseconds(25)) async -> Bool {
        let deadline = ContinuousClock.now + bound
        while !isSet {
            let left = deadline - .now
            if left <= .zero { return false }
            try? await Task.sleep(for: min(left, step))
        }
        return true
    }
}
