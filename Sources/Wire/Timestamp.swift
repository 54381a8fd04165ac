import Foundation

/// Times as they stand in records: ISO 8601, UTC. Of fixed width, so that text order is time order.
public enum Timestamp {
    /// `2026-11-23T08:15:00Z`, for an envelope's `at`.
    public static func seconds(_ date: Date) -> String { date.formatted(Date.ISO8601FormatStyle()) }

    /// `2026-11-23T08:15:00.123Z`, for `received`.
    public static func milliseconds(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
