internal import Foundation
internal import Glibc
public import Logging
internal import Wire

extension Logger {
    /// The log of a service: a `LogLine` for each, on standard error, whose reader may go (`surviveBrokenPipes`).
    ///
    /// - Parameter process: as in `LogLine.process`.
    public static func ofService(_ process: String, level: Logger.Level = .info) -> Logger {
        surviveBrokenPipes()
        return Logger(label: process) { LogLineHandler(process: $0, level: level, write: writeToStandardError) }
    }
}

/// Makes a write to a pipe without a reader an error of the write, where SIGPIPE would end the process. By a handler that does nothing:
/// unlike `SIG_IGN` it is not inherited by what the process starts.
public func surviveBrokenPipes() { signal(SIGPIPE) { _ in } }

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
        let line = LogLine(
            time: Timestamp.milliseconds(Date()), level: event.level, process: process, message: "\(event.message)",
            fields: fields.mapValues { "\($0)" })
        write(line.text + "\n")
    }
}

/// In one write, so that lines of several processes on one pipe stay whole. What cannot be written (a full disk, a reader that is gone)
/// is dropped: a log ends no service.
@Sendable private func writeToStandardError(_ text: String) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
        let count = bytes[done...].withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        done += count
    }
}
