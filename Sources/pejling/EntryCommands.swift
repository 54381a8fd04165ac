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

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says how far an initiative, a goal or a question is, and hands it in.",
        discussion: """
            pejling status lgbti/bif/tryg-indkvartering --node BIF --follow-up lgbti/2019 \\
                --delivery delayed --done "Aftale med fem boliger" --reason "Renovering trak ud" --hand-in

            The node need not run, and no network is needed: it is sent when the broker is there. A change of state demands \
            a reason. Nothing is overwritten: a later status supersedes, and history keeps both.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var node: NodeOptions
    @Argument(help: "The id of an initiative, or of a goal or question the follow-up asks about.") var initiative:
        String
    @Option(help: "The follow-up it is for, such as lgbti/2019.") var followUp: String
    @Option(
        help: "\(StatusReport.Delivery.allCases.map(\.rawValue).joined(separator: ", ")).")
    var delivery: String
    @Option(help: "What was done.") var done: String?
    @Option(help: "What went otherwise than planned, and why.") var deviation: String?
    @Option(help: "What is done about the deviation.") var action: String?
    @Option(help: "Efforts you propose.") var proposals: String?
    @Option(help: "What somebody must decide.") var decisionNeeded: String?
    @Option(help: "Why the state changed; demanded when it does.") var reason: String?
    @Flag(help: "Hand in all that has been said for this follow-up.") var handIn = false

    func run() async throws {
        try await orFail {
            guard let delivery = StatusReport.Delivery(rawValue: delivery) else {
                throw Failure(
                    description:
                        "--delivery “\(delivery)” is none of \(StatusReport.Delivery.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            guard handIn || node.dryRun else {
                throw Failure(
                    description: "a status is saved when it is handed in: add --hand-in, or --dry-run to check it only")
            }
            func text(_ given: String?) -> LocalizedText? { given.map { LocalizedText(da: $0) } }
            let status = StatusReport(
                about: initiative, followUp: followUp, delivery: delivery, done: text(done), deviation: text(deviation),
                action: text(action), proposals: text(proposals), decisionNeeded: text(decisionNeeded),
                reason: text(reason))
            try await enter(
                [EntryLine(status: status, handIn: handIn ? followUp : nil, person: node.person)], folders, plugins,
                node)
        }
    }
}

struct Fund: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what happened to an initiative's money.",
        discussion: """
            pejling fund lgbti/bif/oplysningskampagne --node BIF --state funded --from 2020 --until 2021-12-31 \\
                --decision "Budget 2020"

            It counts as soon as the broker has it; money belongs to no follow-up, so nothing is handed in. What was said \
            before stays in history. When separate funding is no longer required, say until when it was: --state \
            requires_separate_funding --until 2019-12-31.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var node: NodeOptions
    @Argument(help: "The initiative's id.") var initiative: String
    @Option(help: "\(Funding.State.allCases.map(\.rawValue).joined(separator: ", ")).") var state: String
    @Option(help: "From when: a year, month or day (2020, 2020-01, 2020-01-31).") var from: String?
    @Option(help: "Until when.") var until: String?
    @Option(help: "The decision it rests on.") var decision: String?

    func run() async throws {
        try await orFail {
            guard let state = Funding.State(rawValue: state) else {
                throw Failure(
                    description:
                        "--state “\(state)” is none of \(Funding.State.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            let funding = Funding(
                initiative: initiative, state: state, from: try date(from, "--from"), until: try date(until, "--until"),
                decision: decision)
            try await enter([EntryLine(funding: funding, person: node.person)], folders, plugins, node)
        }
    }
}

/// Runs `<node> enter` with `lines`, and says in a sentence what came of it.
func enter(
    _ lines: [EntryLine], _ folders: Folders, _ plugins: PluginFolder, _ node: NodeOptions
) async throws {
    let data = try DataFolder(existing: folders.data)
    let city = try ConfigurationFolder(folders.config).city()
    guard let forvaltning = city.forvaltning(node.node) else {
        throw Failure(
            description:
                "--node “\(node.node)” is no forvaltning of \(folders.config): \(city.forvaltninger.map(\.code).joined(separator: ", "))"
        )
    }
    let (found, broken) = PluginFinder.find(in: plugins.plugins, executables: executableFolder())
    guard let installation = found.first(where: { $0.manifest.publisher == forvaltning.code }) else {
        throw Failure(
            description: (["no node of \(forvaltning.code) is installed"] + broken.map(\.description)).joined(
                separator: "\n"))
    }
    let input = try lines.flatMap { try encodeBody($0) + [UInt8(ascii: "\n")] }
    var arguments = ["enter", "--data", data.plugin(forvaltning.key, isNode: true), "--config", folders.config]
    if node.dryRun { arguments.append("--dry-run") }
    if data.isSynthetic { arguments.append("--synthetic") }
    let result = try await Subprocess.run(
        .path(.init(installation.executable)),
        arguments: Arguments(Array(installation.manifest.argv.dropFirst()) + arguments),
        input: .array(input), output: .string(limit: 4 << 20), error: .string(limit: 1 << 20))
    guard result.terminationStatus == .exited(0) else {
        let said = result.standardError.trimmingCharacters(in: .newlines)
        throw Failure(description: "\(forvaltning.code) saved nothing. \(said)")
    }
    let records = result.standardOutput.split(separator: "\n").compactMap {
        try? JSONDecoder().decode(EntryResult.self, from: Data($0.utf8))
    }
    for record in records {
        if let name = record.record {
            standardOutput("\(forvaltning.code) saved \(record.kind) \(record.id) as record \(name)")
        }
        if let note = record.note { standardOutput("note: \(note)") }
    }
    if node.dryRun {
        standardOutput("\(forvaltning.code): checked, nothing wrong, nothing saved")
        return
    }
    standardOutput(
        "it counts from when the broker has it\(FolderLock.holder(of: data.broker) != nil ? " (it runs: now)" : ": at the next `pejling up`")"
    )
}
