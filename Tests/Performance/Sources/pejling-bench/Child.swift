import Foundation

/// A process of ours: standard input is its lifeline, the first line of its standard output says that it is ready.
final class Child {
    private let process = Process()
    private let lifeline = Pipe()
    private let output = Pipe()
    private let errors: String

    /// - Parameter folder: where its standard error is kept.
    init(_ executable: String, _ arguments: [String], folder: String) throws {
        errors = folder + "/stderr-\(UInt32.random(in: 0 ... .max))"
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.standardInput = lifeline
        process.standardOutput = output
        _ = FileManager.default.createFile(atPath: errors, contents: nil)
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        try process.run()
        // Ours is the writing end only, or the end of the lifeline never reaches it.
        try? lifeline.fileHandleForReading.close()
        try? output.fileHandleForWriting.close()
    }

    /// This program again, in another part.
    static func own(_ arguments: [String], folder: String) throws -> Child {
        try Child(
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"), arguments, folder: folder)
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var said: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

    /// The first line it prints.
    func firstLine() throws -> String {
        var line = Data()
        while !line.contains(10) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else {
                process.waitUntilExit()
                throw Failure("\(process.executableURL?.lastPathComponent ?? "a process") ended: \(said)")
            }
            line += more
        }
        return String(decoding: line.prefix { $0 != 10 }, as: UTF8.self)
    }

    /// All it prints until it ends, and its exit code.
    func wholeOutput() -> (text: String, code: Int32) {
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }

    /// Ends its lifeline and waits for it.
    func end() {
        try? lifeline.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func interrupt() {
        process.interrupt()
        process.waitUntilExit()
    }

    func kill() {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }
}

/// Waits for a condition, within a bound in seconds; looks every 2 ms.
func eventually(_ what: String, _ bound: Double, _ condition: () throws -> Bool) throws {
    let end = monotonic() + Int64(bound * 1e9)
    while try !condition() {
        guard monotonic() < end else { throw Failure("\(what): not within \(bound) s") }
        usleep(2_000)
    }
}
