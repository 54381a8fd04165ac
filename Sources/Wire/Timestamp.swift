import Foundation

/// Times as they stand in records: ISO 8601, UTC. Of fixed width, so that text order is time order.
public enum Timestamp {
    /// `2026-11-23T08:15:00Z`, for an envelope's `at`.
    public static func seconds(_ date: Date) -> String { date.formatted(Date.ISO8601FormatStyle()) }

    /// The time that `seconds` writes, and nothing else; nil where the text is no such time.
    public static func date(_ text: some StringProtocol) -> Date? {
        guard text.utf8.count == 20, let date = try? Date(String(text), strategy: Date.ISO8601FormatStyle()),
            seconds(date) == text
        else { return nil }
        return date
    }

    /// `2026-11-23T08:15:00.123Z`, for `received`.
    public static func milliseconds(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
