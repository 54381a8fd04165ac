internal import Foundation
internal import Glibc
public import Logging
internal import Synchronization
internal import Wire

extension Logger {
    /// The log of a service: a `LogLine` for each, on standard error, whose reader may go (`surviveFailedWrites`) or stall (`LogOutput`).
    ///
    /// - Parameter process: as in `LogLine.process`.
    public static func ofService(_ process: String, level: Logger.Level = .info) -> Logger {
        surviveFailedWrites()
        let writer = LogOutput.ofStandardError {
            LogLine.now(.warning, process, "\($0) lines of this log were dropped: nobody read standard error").text
        }
        return Logger(label: process) { LogLineHandler(process: $0, level: level, write: writer.write) }
    }
}

/// Makes a write to a pipe without a reader an error of the write, where SIGPIPE would end the process. By a handler that does nothing:
/// unlike `SIG_IGN` it is not inherited by what the process starts.
public func surviveFailedWrites() {
    signal(SIGPIPE) { _ in }
    // A file as large as this process may make one is a full disk, and no reason to end (`StoreError.Code`).
    signal(SIGXFSZ) { _ in }
}

/// Writes each event as a `LogLine`.
public struct LogLineHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    public var logLevel: Logger.Level
    private let process: String
    private let write: @Sendable (String) -> Void

    /// - Parameter write: takes a line with its line break; called on the thread that logs.
    public init(process: String, level: Logger.Level, write: @escaping @Sendable (String) -> Void) {
        self.process = process
        self.write = write
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var fields = metadata
        for more in [metadataProvider?.get(), event.metadata] { fields.merge(more ?? [:]) { $1 } }
        write(LogLine.now(event.level, process, "\(event.message)", fields.mapValues { "\($0)" }).text + "\n")
    }
}

extension LogLine {
    fileprivate static func now(
        _ level: Logger.Level, _ process: String, _ message: String, _ fields: [String: String] = [:]
    ) -> LogLine {
        LogLine(
            time: Timestamp.milliseconds(Date()), level: level, process: process, message: message, fields: fields)
    }
}

extension LogOutput {
    private static let only = Mutex<LogOutput?>(nil)

    /// The one of this process; made at the first call. What it still has at the end is waited for, a second at most.
    public static func ofStandardError(_ sayDropped: @escaping @Sendable (_ lines: Int) -> String) -> LogOutput {
        only.withLock { only in
            if let only { return only }
            let writer = LogOutput(2, sayDropped: sayDropped)
            only = writer
            atexit { LogOutput.finishStandardError() }
            return writer
        }
    }

    /// Before this process becomes another (`execv`).
    public static func finishStandardError() { only.withLock { $0 }?.finish(milliseconds: 1000) }
}
