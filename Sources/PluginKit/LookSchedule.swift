/// When a log is looked at again after its folder was written. Pure.
///
/// SQLite writes a commit, syncs it, and only then makes it visible, and the system tells of the writing alone: whoever looks at once
/// sees nothing new. So it is looked again at growing pauses, until any sync is done that this waits for.
struct LookSchedule {
    private static let first: Duration = .milliseconds(2)
    private static let last: Duration = .milliseconds(256)

    /// Until the next look; nil when none is due.
    private(set) var pause: Duration?

    /// The folder was written.
    mutating func written() { pause = Self.first }

    /// The log was looked at, and nothing was written meanwhile.
    mutating func looked() { pause = pause.flatMap { $0 < Self.last ? $0 * 2 : nil } }
}
