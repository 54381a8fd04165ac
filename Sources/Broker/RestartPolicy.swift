import Wire

/// When a plugin that ended is started again. Pure: time comes in.
///
/// Back-off 0.5 s doubling to 60 s, with up to a quarter of jitter; reset after 60 healthy seconds. More than 5 restarts
/// within 5 minutes: quarantined, one attempt each 15 minutes. What its disk does to it (exit code 75) does not count for that:
/// it is to go on soon after there is space.
struct RestartPolicy: Sendable {
    enum Decision: Equatable, Sendable {
        case after(Duration)
        /// One attempt after this, with the plugin shown as quarantined until then.
        case quarantine(Duration)
        /// Exit code 78: a person must mend something first.
        case never
    }

    private var delay: Duration = .milliseconds(500)
    private var restarts: [Duration] = []
    /// Until it has run healthily, each further end costs 15 minutes.
    private var isQuarantined = false

    /// - Parameters:
    ///   - now: time on a monotonic clock.
    ///   - healthy: how long it ran after its hello; nil when it never said hello.
    ///   - jitter: 0 to 1, drawn by the caller.
    mutating func ended(exitCode: Int32?, healthy: Duration?, now: Duration, jitter: Double) -> Decision {
        if exitCode == ExitCode.configuration { return .never }
        if let healthy, healthy >= .seconds(60) {
            delay = .milliseconds(500)
            isQuarantined = false
        }
        if exitCode == ExitCode.storage { return .after(pause(jitter)) }
        restarts = restarts.filter { now - $0 < .seconds(300) }
        restarts.append(now)
        if restarts.count > 5 { isQuarantined = true }
        if isQuarantined { return .quarantine(.seconds(900)) }
        return .after(pause(jitter))
    }

    private mutating func pause(_ jitter: Double) -> Duration {
        defer { delay = min(delay * 2, .seconds(60)) }
        return delay * (1 + jitter / 4)
    }
}
