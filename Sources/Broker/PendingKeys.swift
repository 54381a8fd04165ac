import Foundation
import Ledger
import Wire

/// Keys that asked to connect and are not enrolled. Bounded: whoever makes up keys fills no memory, and pushes out what has been
/// silent longest.
struct PendingKeys {
    static let most = 100

    private(set) var byKey: [String: BrokerState.PendingKey] = [:]
    /// In which order they were last heard.
    private var heard: [String: Int] = [:]
    private var turn = 0

    /// - Parameters:
    ///   - now: by the system's clock.
    ///   - seconds: as `uptime`.
    /// - Returns: true when it is new, and no other had to go for it: so that logs stay bounded too.
    mutating func note(
        _ key: String, from address: String, at now: Date = Date(), seconds: Int64 = uptime()
    ) -> Bool {
        turn += 1
        heard[key] = turn
        if byKey[key] != nil {
            byKey[key]?.count += 1
            byKey[key]?.address = address
            byKey[key]?.last = seconds
            return false
        }
        let isFull = byKey.count >= Self.most
        if isFull, let silent = byKey.keys.min(by: { heard[$0] ?? 0 < heard[$1] ?? 0 }) {
            forget(silent)
        }
        byKey[key] = .init(key: key, count: 1, since: Timestamp.seconds(now), address: address, last: seconds)
        return !isFull
    }

    mutating func forget(_ key: String) {
        byKey[key] = nil
        heard[key] = nil
    }
}
