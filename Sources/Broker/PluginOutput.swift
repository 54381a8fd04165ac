import Foundation
import Glibc
import Ledger
import LogLines
import Logging
import Synchronization
import Wire

/// What a plugin prints, and what became of it: kept line by line in a log file of its own, capped, so that a flood fills neither disk
/// nor memory. All of it are `LogLine`s: those that the plugin wrote itself as they are, what else it printed as its words
/// (`process=plugin`), and what the broker says of it (`process=broker`).
final class PluginOutput: Sendable {
    enum Stream: Sendable { case output, error }

    /// Bytes of a line that are kept.
    static let longestLine = 4096
    /// Characters of a line of standard error in the cause of its end.
    private static let longestWord = 400
    /// Lines of standard error that are kept for the cause of its end.
    static let lastLines = 20
    /// Bytes of a log file; the one before is kept beside it as `.1`.
    static let largestFile = 1 << 20

    private struct State {
        var partial: [Stream: [UInt8]] = [:]
        var errors: ArraySlice<String> = []
        var written: Int
    }
    private static let ofBroker = "broker"
    private let plugin: String
    private let path: String
    private let state: Mutex<State>
    private let now: @Sendable () -> Date

    /// - Parameter plugin: its name.
    init(_ plugin: String, path: String, now: @escaping @Sendable () -> Date = { Date() }) {
        (self.plugin, self.path, self.now) = (plugin, path, now)
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        state = Mutex(State(written: size))
    }

    /// The whole lines that `bytes` completes.
    func lines(_ bytes: [UInt8], from stream: Stream) -> [String] {
        state.withLock { state in
            var lines: [String] = []
            var partial = state.partial[stream] ?? []
            bytes.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while let start = rest.baseAddress(in: bytes), !rest.isEmpty {
                    // By the library's search: a flood of one line costs the broker next to nothing.
                    let newline = memchr(start, CInt(UInt8(ascii: "\n")), rest.count).map { start.distance(to: $0) }
                    let end = newline ?? rest.count
                    partial += rest.prefix(min(end, Self.longestLine - partial.count))
                    guard newline != nil else { break }
                    lines.append(String(decoding: partial, as: UTF8.self))
                    partial.removeAll(keepingCapacity: true)
                    rest = rest.dropFirst(end + 1)
                }
            }
            state.partial[stream] = partial
            keep(lines, from: stream, &state)
            return lines
        }
    }

    /// The plugin has ended: last words without a line break are a line, too.
    func ended() {
        state.withLock { state in
            for stream in [Stream.output, .error] {
                guard let rest = state.partial.removeValue(forKey: stream), !rest.isEmpty else { continue }
                keep([String(decoding: rest, as: UTF8.self)], from: stream, &state)
            }
        }
    }

    private func keep(_ lines: [String], from stream: Stream, _ state: inout State) {
        guard !lines.isEmpty else { return }
        let time = Timestamp.milliseconds(now())
        var grave: [String] = []
        let texts = lines.map { line in
            // In the broker's name speaks the broker only.
            if let own = LogLineHead(of: line, messageFrom: .warning), own.process != Self.ofBroker {
                own.message.map { grave.append($0) }
                return line
            }
            grave.append(line)
            return LogLine(
                time: time, level: stream == .error ? .warning : .info, process: "plugin", message: line,
                fields: ["plugin": plugin]
            ).text
        }
        if stream == .error { state.errors = (state.errors + grave.suffix(Self.lastLines)).suffix(Self.lastLines) }
        keep(texts, &state)
    }

    /// What the broker says of the plugin.
    func note(_ text: String) {
        let line = LogLine(
            time: Timestamp.milliseconds(now()), level: .notice, process: Self.ofBroker, message: text,
            fields: ["plugin": plugin])
        state.withLock { keep([line.text], &$0) }
    }

    /// The last words on standard error, to be put behind a cause, a line for each; empty when there were none. They are somebody
    /// else's, so they are made fit for a terminal: a blank for each control character.
    var lastErrors: String {
        let errors = state.withLock { $0.errors }.map {
            shortened(withoutControls($0).trimmingCharacters(in: .whitespaces))
        }
        .filter { !$0.isEmpty }
        return errors.isEmpty ? "" : ": " + errors.joined(separator: "\n")
    }

    /// What fits a cause: all of it is in the log.
    private func shortened(_ line: String) -> String {
        line.count <= Self.longestWord ? line : line.prefix(Self.longestWord) + "…"
    }

    private func keep(_ lines: [String], _ state: inout State) {
        var text = ""
        for line in lines {
            if state.written + text.utf8.count + line.utf8.count + 1 > Self.largestFile {
                write(text, &state)
                text = ""
                _ = try? FileManager.default.removeItem(atPath: path + ".1")
                _ = try? FileManager.default.moveItem(atPath: path, toPath: path + ".1")
                state.written = 0
            }
            text += line + "\n"
        }
        write(text, &state)
    }

    private func write(_ text: String, _ state: inout State) {
        // A log that cannot be written (a full disk) must not end the plugin.
        guard !text.isEmpty, let file = fopen(path, "ae") else { return }
        fputs(text, file)
        fclose(file)
        state.written += text.utf8.count
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate func baseAddress(in whole: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        whole.baseAddress.map { $0 + startIndex }
    }
}

/// How much a plugin may print: 16 MiB at once, and 1 MiB a second for good. Pure: time comes in. What is beyond is no log any more,
/// and reading it would cost the broker what the others need.
struct OutputBudget: Sendable {
    static let burst = 16 << 20
    static let perSecond = 1 << 20
    /// What a line counts at least: a short one costs more than its bytes.
    static let leastOfLine = 256
    static let cause =
        "it floods its output: more than 16 MiB or 65,536 lines at once, or 1 MiB or 4,096 lines a second for long"

    private var used = 0.0
    private var last: Duration = .zero

    /// Whether `bytes` more with so many `lines` are within it.
    ///
    /// - Parameter now: time on a monotonic clock.
    mutating func takes(_ bytes: Int, lines: Int, now: Duration) -> Bool {
        used =
            max(0, used - (now - last) / .seconds(1) * Double(Self.perSecond))
            + Double(max(bytes, lines * Self.leastOfLine))
        last = now
        return used <= Double(Self.burst)
    }
}
