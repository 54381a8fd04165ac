import ArgumentParser
import Catalogue
import Ledger
import LogLines
import PolicyModel
import Subprocess

/// What `up` writes when all are heard: the reports, and who has published what. A process of its own: `up` then waits, maybe for weeks,
/// without what a report takes in memory.
struct StartReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start-report", abstract: "What `pejling up` writes when all are heard; it calls this.",
        shouldDisplay: false)

    @OptionGroup var folders: Folders
    @Option var out = "reports"
    @Option var lang: Lang = .da

    func run() throws {
        // As `up` itself: a reader that is gone leaves no report unwritten.
        surviveFailedWrites()
        try orFail {
            let city = try ConfigurationFolder(folders.config).city()
            let state = try assessedState(try folders.existingData())
            warnOfUnassessed(state)
            if !state.policies.identities.isEmpty {
                for path in try writeAllReports(state, out: out, language: lang.language) {
                    standardOutput("report: \(path)")
                }
            }
            standardOutput(state.isSynthetic ? "\n\(exampleBanner)\n" : "")
            standardOutput(publisherTable(state, city))
            standardOutput(
                "\nledger: \(state.position) records, root \(state.root?.prefix(16) ?? "-")…; ", terminator: "")
        }
    }

    /// Runs it to its end, its output on this one's.
    ///
    /// - Throws: `Failure` with its words and its exit code.
    static func run(config: String, data: DataFolder, out: String, lang: Lang) async throws {
        let result = try await Subprocess.run(
            .path(.init(executableFolder() + "/pejling")),
            arguments: [
                "start-report", "--config", config, "--data", data.path, "--out", out, "--lang", lang.rawValue,
            ],
            output: .currentStandardOutput, error: .string(limit: 1 << 20))
        let words = result.standardError.trimmingCharacters(in: .newlines)
        switch result.terminationStatus {
        case .exited(0): if !words.isEmpty { standardError(words) }
        case .exited(let code):
            throw Failure(
                description: words.hasPrefix("pejling: ") ? String(words.dropFirst("pejling: ".count)) : words,
                code: code)
        case .signaled(let signal):
            throw Failure(
                description: "the reports were not written: their process ended by signal \(signal). \(words)")
        }
    }
}
