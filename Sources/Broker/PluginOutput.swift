import Foundation
import Ledger
import Synchronization

/// What a plugin prints: kept line by line in a log file of its own, capped, so that a flood fills neither disk nor memory.
final class PluginOutput: Sendable {
    enum Stream: Sendable { case output, error }

    /// Bytes of a line that are kept.
    static let longestLine = 4096
    /// Bytes of a log file; the one before is kept beside it as `.1`.
    static let largestFile = 1 << 20

    private struct State {
        var partial: [Stream: [UInt8]] = [:]
        var errors: [String] = []
        var written: Int
    }
    private let path: String
    private let state: Mutex<State>

    init(path: String) {
        self.path = path
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        state = Mutex(State(written: size))
    }

    /// The whole lines that `bytes` completes.
    func lines(_ bytes: [UInt8], from stream: Stream) -> [String] {
        state.withLock { state in
            var lines: [String] = []
            var partial = state.partial[stream] ?? []
            for byte in bytes {
                if byte == UInt8(ascii: "\n") {
                    lines.append(String(decoding: partial, as: UTF8.self))
                    partial.removeAll(keepingCapacity: true)
                } else if partial.count < Self.longestLine {
                    partial.append(byte)
                }
            }
            state.partial[stream] = partial
            if stream == .error { state.errors = Array((state.errors + lines).suffix(20)) }
            keep(lines, &state)
            return lines
        }
    }

    /// The last words on standard error, to be put behind a cause; empty when there were none.
    var lastErrors: String {
        let errors = state.withLock { $0.errors }.filter { !$0.isEmpty }
        return errors.isEmpty ? "" : ": " + errors.joined(separator: "\n")
    }

    private func keep(_ lines: [String], _ state: inout State) {
        guard !lines.isEmpty else { return }
        let text = lines.map { $0 + "\n" }.joined()
        if state.written + text.utf8.count > Self.largestFile {
            _ = try? FileManager.default.removeItem(atPath: path + ".1")
            _ = try? FileManager.default.moveItem(atPath: path, toPath: path + ".1")
            state.written = 0
        }
        // A log that cannot be written (a full disk) must not end the plugin.
        guard let file = fopen(path, "ae") else { return }
        fputs(text, file)
        fclose(file)
        state.written += text.utf8.count
    }
}
