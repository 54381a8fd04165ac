/// What happens again and again is said once, then once a minute with how often it was not said: who is turned away may send thousands of
/// messages a second, and a log lies on somebody's disk.
struct SeldomSaid {
    static let pause: Duration = .seconds(60)
    /// More kinds of it are not told apart.
    static let mostKinds = 10_000

    private var kinds: [String: (said: Duration, unsaid: Int)] = [:]

    /// - Parameters:
    ///   - kind: what is taken for the same.
    ///   - now: monotonic.
    /// - Returns: nil when it is not to be said; else how often it was not said since the last time.
    mutating func next(_ kind: String, now: Duration) -> Int? {
        if let (said, unsaid) = kinds[kind], now - said < Self.pause {
            kinds[kind] = (said, unsaid + 1)
            return nil
        }
        let unsaid = kinds[kind]?.unsaid ?? 0
        if kinds.count >= Self.mostKinds, kinds[kind] == nil { kinds = [:] }
        kinds[kind] = (now, 0)
        return unsaid
    }

    /// What stands behind a sentence that was not said so often.
    static func times(_ unsaid: Int) -> String {
        unsaid == 0 ? "" : " (and \(unsaid) more since the last line like it)"
    }
}
