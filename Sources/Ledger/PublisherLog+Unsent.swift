import GRDB

extension PublisherLog.Snapshot {
    /// Bytes of the lines that the broker has not said to be durable.
    public func unsentBytes() throws -> Int64 {
        try Int64.fetchOne(
            db, sql: "SELECT coalesce(sum(length(line)), 0) FROM line WHERE seq > (SELECT acked FROM meta)") ?? 0
    }
}
