import ArgumentParser
import Catalogue
import Foundation
import Ledger
import Logging
import PluginKit

@main
struct Pejling: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pejling",
        abstract: "Follows up public policies: who promised what, how far it is, what it costs, and who said so.",
        discussion: """
            Start here:  pejling up            all of it on this machine; Ctrl-C ends it
                         pejling report lgbti  the report on a policy, from what is in the ledger

            Exit codes: 0 done; 1 something is wrong, said on standard error; 3 somebody was not heard (up --once);
            64 the command line is wrong; 74 what was asked for could not be written; 78, of a node: a person must mend something.
            """,
        version: pluginKitVersion,
        subcommands: [
            Up.self, BrokerCommand.self, CoordinatorCommand.self, Status.self, ReadingCommand.self,
            Fund.self, MilestoneCommand.self, WithdrawCommand.self, DiscardCommand.self, HandInCommand.self,
            ApproveCommand.self, EnterCommand.self, TemplateCommand.self, ImportCommand.self, Show.self,
            ReportCommand.self,
            View.self, Due.self, LinkCommand.self, Export.self, LedgerCommand.self, PluginCommand.self, Doctor.self,
            ClockCommand.self, Demo.self,
            ReturnCommand.self, AcceptCommand.self, ExemptCommand.self, DecideCommand.self, ContributeCommand.self,
            RedactCommand.self, KeysCommand.self, NodeCommand.self, StatCommand.self,
            RefusedCommand.self, StartReport.self,
        ])

    static func main() async { await answer() }

    /// As `AsyncParsableCommand.main`, but for this: the help of each command ends with exit codes, its own, where it says them, else
    /// those that all have. Not on the main thread, where a `main` of our own would be: a service waits on the thread that it is given.
    private nonisolated static func answer() async {
        do {
            let command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = command
                try command.run()
            }
        } catch {
            let help = fullMessage(for: error)
            // One that says all of them itself is as it is.
            guard exitCode(for: error) == .success, help.contains("USAGE:"), !help.contains("74 ") else {
                exit(withError: error)
            }
            let codes =
                help.contains("xit code")
                ? """
                Exit codes of all commands: 64 the command line is wrong; 74 what was asked for could not be written.
                """
                : """
                Exit codes: 0 done; 1 not done, or something is wrong: said on standard error; 64 the command line is wrong; 74 what
                was asked for could not be written.
                """
            standardOutput(help.trimmingCharacters(in: .newlines) + "\n\n" + codes)
        }
    }
}

/// Where things are; the same for every command.
struct Folders: ParsableArguments {
    @Option(help: "The configuration folder.")
    var config = "Config"

    @Option(help: "The data folder: ledger, logs, keys.")
    var data = "var"

    /// - Throws: `Failure` when there is no data.
    ///
    /// - Parameter log: of a service, as for `orFail`.
    func existingData(_ log: Logger? = nil) throws -> DataFolder { try orFail(log) { try DataFolder(existing: data) } }

    /// The same for what writes there by itself, and not through a running broker.
    ///
    /// - Throws: `Failure` also for root in another user's folder.
    func ownData(_ log: Logger? = nil) throws -> DataFolder {
        try orFail(log) { try DataFolder.refuseRootInAnothers(data) }
        return try existingData(log)
    }

    /// The same, made where it is not there: for what serves.
    ///
    /// - Throws: `StoreError`, also for root in another user's folder.
    func madeData(synthetic: Bool) throws -> DataFolder {
        try DataFolder.refuseRootInAnothers(data)
        return try DataFolder(creating: data, synthetic: synthetic)
    }
}

/// Where the plugins' manifests are.
struct PluginFolder: ParsableArguments {
    @Option(help: "The folder in which plugins are looked for (plugin.json).")
    var plugins = "Plugins"
}

/// Ends the command with a sentence on standard error and an exit code.
struct Failure: Error, CustomStringConvertible {
    let description: String
    var code: Int32 = 1
    /// Where a node took nothing: why, line by line.
    var refusals: [EntryRefusal] = []
}

/// Runs `body`; what it throws becomes one clear message on standard error and exit code 1.
///
/// - Parameter log: of a service: there it goes where no person watches standard error.
func orFail<T>(_ log: Logger? = nil, _ body: () throws -> T) throws -> T {
    do { return try body() } catch { throw report(error, log) }
}

func orFail<T>(
    _ log: Logger? = nil, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> T
) async throws -> T {
    do { return try await body() } catch { throw report(error, log) }
}

private func report(_ error: any Error, _ log: Logger?) -> any Error {
    if error is ExitCode || error is ValidationError || error is CleanExit { return error }
    if let log, !isWatched { log.giveUp(error) } else { standardError("pejling: \(error)") }
    return ExitCode((error as? Failure)?.code ?? 1)
}

/// Said in front of what a terminal shows of example data, where no view of `Reports` does.
let exampleBanner = "*** EXAMPLE DATA (synthetic) – not real information ***"

/// What cannot be said there (a full disk) ends no command.
func standardError(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }

/// What a command was asked for. Where it cannot be written the command ends here, with 74 (EX_IOERR): half of it is not taken for all.
/// Without a reader (`| head`) it ends by SIGPIPE, as commands do.
func standardOutput(_ text: String, terminator: String = "\n") {
    do { try writeOutput(text + terminator) } catch {
        standardError("pejling: \(error)")
        exit(error.code)
    }
}

/// - Throws: where it cannot be written; not for want of a reader, in a command that lives on then (`surviveFailedWrites`).
func writeOutput(_ text: String) throws(Failure) {
    do { try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) } catch {
        let cause = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError).flatMap {
            $0.domain == NSPOSIXErrorDomain ? Int32($0.code) : nil
        }
        if cause == EPIPE { return }
        let why = cause.map { String(cString: strerror($0)) } ?? "\(error)"
        throw Failure(description: "standard output cannot be written: \(why)", code: EX_IOERR)
    }
}

/// Whether a person watches standard error: then long work shows how far it is.
let isWatched = isatty(2) == 1

/// The folder of this executable, where the plugins' executables are too.
func executableFolder() -> String {
    let path =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    return (path as NSString).deletingLastPathComponent
}
