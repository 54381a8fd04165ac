/// Whether a process that says each second that it is at work has been silent for too long.
///
/// Silence is added up look by look, a look counting for `longestStep` at most: when the machine slept, or who looks was stopped or not
/// given the processor, the other was neither, and is given its time again.
public struct HangWatch: Sendable {
    /// What one look counts for at most.
    public static let longestStep: Duration = .seconds(2)
    /// Silence beyond this is a hang.
    public let bound: Duration
    public private(set) var silence: Duration = .zero
    /// Nothing counts before the first word: until then it starts, and may read a large ledger.
    private var hasSpoken = false

    public init(bound: Duration) { self.bound = bound }

    public mutating func heard() {
        hasSpoken = true
        silence = .zero
    }

    /// Another look found nothing. Look at least each `longestStep`.
    ///
    /// - Parameter elapsed: since the look before, or since it was heard.
    /// - Returns: true when it hangs.
    public mutating func waited(_ elapsed: Duration) -> Bool {
        guard hasSpoken else { return false }
        silence += min(elapsed, Self.longestStep)
        return silence > bound
    }
}
