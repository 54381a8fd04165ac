/// Whether a process that says each second that it is at work has been silent for too long.
///
/// Silence is added up look by look, a look counting for `longestStep` at most: when the machine slept, or who looks was stopped or not
/// given the processor, the other was neither, and is given its time again.
public struct HangWatch: Sendable {
    /// What one look counts for at most.
    public static let longestStep: Duration = .seconds(2)
    /// So many times the bound is what it has until it is first at work: it opens a ledger, and may copy a damaged one.
    public static let patienceAtStart = 5
    /// Silence beyond this is a hang, of one that is at work.
    public let bound: Duration
    public private(set) var silence: Duration = .zero
    private var isAtWork = false

    public init(bound: Duration) { self.bound = bound }

    /// - Parameter isStarting: it says that it comes on with its start, and is not at work yet.
    public mutating func heard(isStarting: Bool = false) {
        if !isStarting { isAtWork = true }
        silence = .zero
    }

    /// What it may be silent for now.
    public var patience: Duration { isAtWork ? bound : bound * Self.patienceAtStart }

    /// Another look found nothing. Look at least each `longestStep`.
    ///
    /// - Parameter elapsed: since the look before, or since it was heard; of the first, since it was started.
    /// - Returns: true when it hangs.
    public mutating func waited(_ elapsed: Duration) -> Bool {
        silence += min(elapsed, Self.longestStep)
        return silence > patience
    }
}
