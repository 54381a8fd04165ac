import ArgumentParser
import Broker
import Catalogue
import Foundation
import Ledger
import PluginKit
import PolicyModel
import Subprocess
import Wire

/// Whose words they are, and how they get there: always through the node's own executable, running or not.
struct NodeOptions: ParsableArguments {
    @Option(help: "The forvaltning that says it: BIF, ØKF or OKF …")
    var node: String

    @Option(help: "Your pseudonym, kept with the record; your name stays with your forvaltning.")
    var person: String?

    @Flag(help: "Check only; nothing is saved.")
    var dryRun = false
}

/// The way in to a node on this machine: what is entered goes through its executable, what is looked at is read from its folder.
struct NodeDoor {
    let data: DataFolder
    let city: City
    let forvaltning: Forvaltning
    private let config: String
    private let plugins: String

    /// - Throws: `Failure` without data, or when no forvaltning is called so.
    init(_ folders: Folders, _ plugins: PluginFolder, node code: String) throws {
        data = try folders.ownData()
        city = try ConfigurationFolder(folders.config).city()
        guard let forvaltning = city.forvaltning(code) else {
            throw Failure(
                description:
                    "--node “\(code)” is no forvaltning of \(folders.config): \(city.forvaltninger.map(\.code).joined(separator: ", "))"
            )
        }
        self.forvaltning = forvaltning
        config = folders.config
        self.plugins = plugins.plugins
    }

    /// The node's own folder.
    var folder: String { data.plugin(forvaltning.key, isNode: true) }

    /// The day it is at the node, in UTC.
    func today() throws -> Day {
        guard let day = Day(Timestamp.seconds(try data.clock.now())) else {
            throw Failure(description: "this machine's clock is off")
        }
        return day
    }

    /// What the node knows: its log, its copy, its drafts.
    func desk() throws -> NodeDesk {
        guard FileManager.default.fileExists(atPath: folder + "/log.sqlite") else {
            throw Failure(
                description:
                    "\(forvaltning.code) has no log in \(folder): run `pejling up` once, which makes it; on its own machine `pejling node run`"
            )
        }
        let log = try PublisherLog(
            folder: folder, publisher: forvaltning.code, synthetic: data.isSynthetic, create: false)
        let replica = try Replica(folder: folder, create: false, readOnly: true)
        try replica.hold(synthetic: data.isSynthetic)
        let copy = try NodeCopy(in: replica, of: forvaltning.code)
        let drafts = try PrivateStore(folder: folder).drafts(log)
        return try log.look { try NodeDesk(forvaltning, city: city, copy: copy, log: $0, drafts: drafts) }
    }

    /// The follow-up that was given, or one of those that `isWaiting`, as the person at the terminal says.
    func chosenFollowUp(
        _ given: String?, _ language: Language, where isWaiting: (NodeDesk, String) -> Bool
    ) throws -> String {
        if let given { return given }
        let desk = try desk()
        let waiting = desk.copy.policies.values.sorted { $0.id < $1.id }.flatMap(\.followUps).filter {
            isWaiting(desk, $0.id)
        }
        return try Asking(language).choice(
            nil, "the follow-up's id", LocalizedText(da: "Hvilken opfølgning", en: "Which follow-up"),
            waiting.map { ($0.id, "\($0.id)  \($0.title[language])") })
    }

    /// How far the node has followed the ledger.
    func position() throws -> Int64 { try Replica(folder: folder, create: false, readOnly: true).position() }

    /// Runs `<node> enter` with `lines`: all of them are taken or none.
    ///
    /// - Throws: `Failure` with the node's own words when it takes nothing.
    func enter(_ lines: [EntryLine], dryRun: Bool) async throws -> [EntryResult] {
        try await enter(lines.flatMap { try encodeBody($0) + [UInt8(ascii: "\n")] }, dryRun: dryRun)
    }

    /// The same with lines of JSON as they are.
    func enter(_ input: [UInt8], dryRun: Bool) async throws -> [EntryResult] {
        lines(try await run("enter", input, dryRun: dryRun))
    }

    /// Runs the node's own executable with `command` and `input`; what it printed.
    func run(_ command: String, _ input: [UInt8], dryRun: Bool) async throws -> String {
        let (found, broken) = PluginFinder.find(in: plugins, executables: executableFolder())
        guard let installation = found.first(where: { $0.manifest.publisher == forvaltning.code }) else {
            throw Failure(
                description: (["no node of \(forvaltning.code) is installed"] + broken.map(\.description)).joined(
                    separator: "\n"))
        }
        var arguments = [command, "--data", folder, "--config", config]
        if dryRun { arguments.append("--dry-run") }
        if data.isSynthetic { arguments.append("--synthetic") }
        let result = try await Subprocess.run(
            .path(.init(installation.executable)),
            arguments: Arguments(Array(installation.manifest.argv.dropFirst()) + arguments),
            input: .array(input), output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus == .exited(0) else {
            let said = result.standardError.trimmingCharacters(in: .newlines)
            throw Failure(
                description: "\(forvaltning.code) saved nothing. \(said)", refusals: lines(result.standardOutput))
        }
        return result.standardOutput
    }

    private func lines<Answer: Decodable>(_ output: String) -> [Answer] {
        output.split(separator: "\n").compactMap { try? JSONDecoder().decode(Answer.self, from: Data($0.utf8)) }
    }

    /// Says in sentences what came of an entry.
    func say(_ results: [EntryResult], dryRun: Bool) {
        let code = forvaltning.code
        for result in results {
            let thing = "\(result.kind) \(result.id)\(result.count.map { ", \($0) records" } ?? "")"
            if let name = result.record {
                standardOutput("\(code) saved \(thing) as record \(name)")
            } else if result.isDraft == true, !dryRun {
                standardOutput("\(code) keeps \(thing) as a draft: nobody else sees it until it is handed in")
            }
            if let note = result.note { standardOutput("note: \(note)") }
        }
        if dryRun {
            standardOutput("\(code): checked, nothing wrong, nothing saved")
        } else if results.contains(where: { $0.record != nil }) {
            guard FileManager.default.fileExists(atPath: data.broker) else {
                let isRunning = FolderLock.holder(of: folder) != nil
                return standardOutput(
                    "it counts from when the broker has it: \(isRunning ? "the node runs, and sends it when the broker answers" : "the node sends it while it runs (`pejling node run`)")"
                )
            }
            standardOutput(
                "it counts from when the broker has it\(FolderLock.holder(of: data.broker) != nil ? " (it runs: now)" : ": at the next `pejling up`")"
            )
        }
    }
}

/// Runs `<node> enter` with `lines`, and says in sentences what came of it.
func enter(_ lines: [EntryLine], _ folders: Folders, _ plugins: PluginFolder, _ node: NodeOptions) async throws {
    let door = try NodeDoor(folders, plugins, node: node.node)
    door.say(try await door.enter(lines, dryRun: node.dryRun), dryRun: node.dryRun)
}

/// Standard input, at most `limit` bytes.
func standardInput(limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let part = try FileHandle.standardInput.read(upToCount: 1 << 16), !part.isEmpty {
        bytes += part
        guard bytes.count <= limit else {
            throw Failure(description: "standard input: more than \(limit >> 20) MiB. Give less at once")
        }
    }
    return bytes
}
