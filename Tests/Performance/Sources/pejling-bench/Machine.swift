import Foundation
import ZeroMQ

/// Where and when it was measured.
struct Machine {
    let time: String
    /// Processes that wanted a core, over 1, 5 and 15 minutes.
    let load: String

    static func now() -> Machine {
        Machine(
            time: Date().formatted(Date.ISO8601FormatStyle()),
            load: text("/proc/loadavg").split(separator: " ").prefix(3).joined(separator: " "))
    }

    /// Processor, cores, memory, kernel, disk, libraries.
    static func description(folder: String) -> String {
        let processor = value(in: text("/proc/cpuinfo"), of: "model name", separator: ":")
        let memory = value(in: text("/proc/meminfo"), of: "MemTotal", separator: ":")
        let gibibytes = (Double(memory.split(separator: " ").first ?? "0") ?? 0) / 1_048_576
        return [
            "\(processor), \(ProcessInfo.processInfo.activeProcessorCount) cores, \(String(format: "%.0f", gibibytes)) GiB",
            "Linux \(text("/proc/sys/kernel/osrelease").trimmingCharacters(in: .newlines))",
            "ledgers on \(fileSystem(of: folder))", "libzmq \(zeroMQVersion())",
            Redis.executable.map { output(of: $0, "--version") }.map {
                "Redis \($0.split(separator: " ").first { $0.hasPrefix("v=") }?.dropFirst(2) ?? "?")"
            } ?? "no redis-server",
        ].joined(separator: ", ")
    }

    /// The commit measured, with a mark where files differ from it.
    static var commit: String {
        let commit = output(of: "/usr/bin/git", "rev-parse", "--short=10", "HEAD")
        let changed = output(of: "/usr/bin/git", "status", "--porcelain", "--untracked-files=no")
        return commit.isEmpty ? "unknown" : commit + (changed.isEmpty ? "" : " with changes")
    }

    private static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    private static func value(in text: String, of key: String, separator: Character) -> String {
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) } ?? ""
        return line.split(separator: separator, maxSplits: 1).last.map {
            $0.trimmingCharacters(in: .whitespaces)
        } ?? "?"
    }

    private static func fileSystem(of folder: String) -> String {
        output(of: "/usr/bin/df", "--output=fstype", folder).split(separator: "\n").last.map(String.init) ?? "?"
    }

    private static func output(of executable: String, _ arguments: String...) -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return "" }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
