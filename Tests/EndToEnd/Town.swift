import Foundation
import Glibc
import Synchronization
import Testing

/// A whole Pejling in a temporary folder of its own: the real executables, the real configuration (a copy), ended and
/// removed with the test.
final class Town {
    let folder: String
    let executables: String
    private var running: [Running] = []

    /// Where this package lies.
    static let root = (#filePath as NSString).deletingLastPathComponent.appending("/../..")

    init() throws {
        // Short: a socket's path has at most 107 bytes.
        folder = "/tmp/pejling-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Self.root + "/Config", toPath: folder + "/Config")
        try FileManager.default.copyItem(atPath: Self.root + "/Plugins", toPath: folder + "/Plugins")
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let candidates = [(own as NSString).deletingLastPathComponent, Self.root + "/.build/debug"]
        let found = candidates.first { FileManager.default.isExecutableFile(atPath: $0 + "/pejling") }
        executables = try #require(found, "the executables are not built: swift build --build-tests")
    }

    deinit {
        for process in running { process.kill() }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// One in which these commands have ended with 0, and nothing runs. They are run once, and what they left is copied: most tests
    /// begin there, and it takes longer than many of them. How all is made is for `LifeTests`.
    static func made(by commands: [[String]] = [["up", "--once"]]) throws -> Town {
        let model = try models.withLock { models in
            if let model = models[commands] { return model.folder }
            let model = try Town()
            for command in commands {
                let made = try model.pejling(command)
                try #require(made.code == 0, "\(command): \(made.errors)")
            }
            if models.isEmpty { atexit { Town.models.withLock { $0 = [:] } } }
            models[commands] = model
            return model.folder
        }
        let town = try Town()
        let names = try FileManager.default.contentsOfDirectory(atPath: model).filter {
            !$0.hasPrefix("said-") && !["Config", "Plugins"].contains($0)
        }
        // With its owner, rights and times.
        let copied = try town.run("/bin/cp", ["-a"] + names.map { "\(model)/\($0)" } + ["."])
        try #require(copied.code == 0, "\(copied.errors)")
        return town
    }

    private static let models = Mutex<[[[String]]: Town]>([:])

    struct Result {
        let code: Int32
        let output: String
        let errors: String
    }

    /// Runs `pejling` to its end, in the folder.
    @discardableResult
    func pejling(_ arguments: String..., bound: Double = 60) throws -> Result { try pejling(arguments, bound: bound) }

    func pejling(_ arguments: [String], bound: Double = 60) throws -> Result {
        try run(executables + "/pejling", arguments, bound: bound)
    }

    func run(_ executable: String, _ arguments: [String], bound: Double = 60) throws -> Result {
        let running = try Running(executable, arguments, in: folder)
        let code = try running.wait(bound)
        return Result(code: code, output: running.output, errors: running.errors)
    }

    /// Starts a process that is killed with the test, should it still run then.
    ///
    /// - Parameter first: what its standard input says, which then stays open; nil for an empty one.
    func start(_ executable: String, _ arguments: [String], saying first: [UInt8]? = nil) throws -> Running {
        // What has ended lets go of its files: thousands are started here.
        running.removeAll { !$0.isRunning }
        let process = try Running(executable, arguments, in: folder, saying: first)
        running.append(process)
        return process
    }

    /// Starts `pejling up` and waits until it has written its report.
    func up(_ arguments: String...) throws -> Running { try up(arguments) }

    func up(_ arguments: [String]) throws -> Running {
        let process = try Running(executables + "/pejling", ["up"] + arguments, in: folder)
        running.append(process)
        try eventually("up is ready", 40) { process.errors.contains("running; Ctrl-C") || !process.isRunning }
        try #require(process.isRunning, "up ended: \(process.errors)")
        return process
    }

    func edit(_ file: String, _ change: (String) -> String) throws {
        let path = folder + "/" + file
        let before = try String(contentsOfFile: path, encoding: .utf8)
        let after = change(before)
        try #require(after != before, "the edit of \(file) changed nothing")
        try after.write(toFile: path, atomically: true, encoding: .utf8)
    }

    func read(_ file: String) throws -> String { try String(contentsOfFile: folder + "/" + file, encoding: .utf8) }

    struct State: Decodable {
        struct Plugin: Decodable {
            let publisher: String
            let condition: String
            let pid: Int32?
            let heard: Bool
            let restarts: Int
            let cause: String?
        }
        let pid: Int32
        let position: Int64
        let key: String
        let endpoints: [String]
        let plugins: [Plugin]
        let pending_keys: [String: Int]
        let remote: [Plugin]?
    }

    func state() throws -> State {
        try JSONDecoder().decode(State.self, from: Data(try read("var/broker/state.json").utf8))
    }

    func verify() throws -> (records: Int64, root: String) {
        struct Verified: Decodable {
            let records: Int64
            let root: String
            let fault: String?
        }
        let result = try pejling("ledger", "verify", "--format", "json")
        let verified = try JSONDecoder().decode(Verified.self, from: Data(result.output.utf8))
        #expect(verified.fault == nil, "\(result.errors)")
        return (verified.records, verified.root)
    }
}

/// A process of the test. What it prints goes to files, so it never blocks and all of it is there when it has ended.
final class Running {
    private let process = Process()
    private let folder: String
    private let input: Pipe?

    init(_ executable: String, _ arguments: [String], in current: String, saying first: [UInt8]? = nil) throws {
        folder = current + "/said-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: current)
        input = first == nil ? nil : Pipe()
        process.standardInput = input ?? FileHandle.nullDevice as Any
        func file(_ name: String) throws -> FileHandle {
            _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil)
            return try FileHandle(forWritingTo: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        process.standardOutput = try file("output")
        process.standardError = try file("errors")
        try process.run()
        if let first { try input?.fileHandleForWriting.write(contentsOf: Data(first)) }
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var output: String { (try? String(contentsOfFile: folder + "/output", encoding: .utf8)) ?? "" }
    var errors: String { (try? String(contentsOfFile: folder + "/errors", encoding: .utf8)) ?? "" }

    func interrupt() { process.interrupt() }

    func terminate() { Glibc.kill(process.processIdentifier, SIGTERM) }

    /// Ends what `saying:` left open, as a host does that wants a plugin to end.
    func closeInput() { try? input?.fileHandleForWriting.close() }

    func kill() { if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) } }

    /// The exit code.
    func wait(_ bound: Double) throws -> Int32 {
        do { try eventually("the process ends", bound) { !process.isRunning } } catch {
            kill()
            throw error
        }
        process.waitUntilExit()
        return process.terminationStatus
    }
}

struct NotInTime: Error, CustomStringConvertible { let description: String }

/// Waits for a condition, within a bound; looks again after as long as the look took, so that looking leaves half a core to what is
/// waited for, and after 5 ms at least.
func eventually(_ what: String, _ bound: Double = 15, _ condition: () throws -> Bool) throws {
    let end = ContinuousClock.now + .milliseconds(Int(bound * 1000))
    while true {
        let begun = ContinuousClock.now
        if (try? condition()) == true { return }
        let looked = ContinuousClock.now
        guard looked < end else { throw NotInTime(description: "\(what): not within \(bound) s") }
        poll(nil, 0, Int32(min(max((looked - begun) / .milliseconds(1), 5), 500)))
    }
}

/// Whether a process is there and not just waiting to be reaped.
func isAlive(_ pid: Int32) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
        let close = stat.lastIndex(of: ")")
    else { return false }
    return stat[close...].dropFirst(2).first != "Z"
}
